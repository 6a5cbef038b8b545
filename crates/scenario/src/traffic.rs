//! Traffic: hosts of the net that the scenario does not declare send messages at random.

use std::sync::Arc;

use imp::HostSite;
use imp1822::HostAddress;

use super::ast::{Generator, Size, Traffic};
use super::context::Context;
use super::errors::Diagnostic;
use super::lists::{WrittenSize, list, sizes};
use super::quantity::{mean_gap, small_number};
use super::words::Words;

/// Reads what follows `traffic`.
pub(super) fn traffic(context: &Context<'_>, words: &mut Words<'_>) -> Result<Traffic, Diagnostic> {
    if words.take("stops") {
        words.end()?;
        return Ok(Traffic::Stops);
    }
    let first = words.word("how many messages, or `stops`")?;
    let unit = words.word("`messages/s`")?;
    let gap = mean_gap(first, unit)?;
    words.keyword("from")?;
    let from = if every_host(words)? {
        every_sender(context)
    } else {
        let mut from = Vec::new();
        for word in list(words, "a host")? {
            let host = context.traffic_host(word)?;
            if context.names.site(word)?.is_some() && context.measuring.contains(&host) {
                let message = format!("host `{}` measures", word.text);
                return Err(Diagnostic::new(word.at(), message, "its cable must be free of other messages")
                    .help("a host that measures sends no traffic; it may be a destination of it"));
            }
            from.push(host);
        }
        from
    };
    words.keyword("to")?;
    let to: Vec<HostAddress> = if every_host(words)? {
        context.undeclared_sites().map(|site| site.address).collect()
    } else {
        list(words, "a host")?.into_iter().map(|word| context.traffic_host(word)).collect::<Result<_, _>>()?
    };
    if context.names.net().is_some() && from.iter().all(|from| to.iter().all(|to| to == from)) {
        let message = "this traffic goes nowhere";
        return Err(Diagnostic::new(first.at(), message, "nobody has another host to send to")
            .help("name other hosts; a host does not send to itself"));
    }
    words.keyword("sizes")?;
    let sizes = shares(words)?;
    words.end()?;
    Ok(Traffic::Begins(Arc::new(Generator { gap, from, to, sizes })))
}

/// The hosts that `every host` is which sends traffic.
pub(super) fn every_sender(context: &Context<'_>) -> Vec<HostAddress> {
    let measuring = |site: &&HostSite| context.measuring.contains(&site.address);
    context.undeclared_sites().filter(|site| !measuring(site)).map(|site| site.address).collect()
}

/// Takes `every host` if it is next.
fn every_host(words: &mut Words<'_>) -> Result<bool, Diagnostic> {
    let every = words.take("every");
    if every {
        words.keyword("host")?;
    }
    Ok(every)
}

/// Reads sizes of which each has its share, or all the same.
fn shares(words: &mut Words<'_>) -> Result<Vec<Size>, Diagnostic> {
    const HELP: &str = "give each size its share, all of them 100% together, or none: \
                        `80% 100 bits, 20% 8000 bits`";
    let said = sizes(words)?;
    let all = said.iter().all(|size| size.share.is_some());
    if let Some(without) = said.iter().find(|size| size.share.is_none())
        && said.iter().any(|size| size.share.is_some())
    {
        return Err(
            Diagnostic::new(without.word.at(), "this size has no share", "but others have").help(HELP)
        );
    }
    let mut sum = 0;
    let mut sizes = Vec::new();
    for WrittenSize { share, bits, .. } in &said {
        let share = share.map_or(Ok(1), |share| small_number(share, "a share", 1..=100))?;
        sum += u32::from(share);
        sizes.push(Size { bits: *bits, share });
    }
    match (said.first(), said.last()) {
        (Some(first), Some(last)) if all && sum != 100 => {
            let at = first.share.unwrap_or(first.word).at().start..last.word.at().end;
            Err(Diagnostic::new(at, format!("the shares are {sum}% together"), "not 100%").help(HELP))
        }
        _ => Ok(sizes),
    }
}
