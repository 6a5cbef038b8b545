//! Net files.
//!
//! ```text
//! net     1973-01  The ARPA network in January 1973
//! source  RFC 432 (logical map)
//! imp     5  BBN
//! imp     9  HARV
//! line    BBN to HARV  50kb/s  3km
//! host    BBN-TENEX  69  TENEX  aka BBN
//! ```
//!
//! In the place of a length a line may have its delay: `delay 260ms`. The statements may come in any order.

use imp::{HostSite, ImpSite, LineSite, Net};
use imp1822::HostAddress;

use super::errors::{Errors, Slip, Slips};
use super::names::imp_of;
use super::quantity::{rate, small_number, span, way};
use super::words::{Statement, Word, Words, statements};

const STATEMENTS: [&str; 5] = ["net", "source", "imp", "line", "host"];

/// Reads a net.
///
/// # Errors
/// Everything that is wrong with it.
pub fn net(source_name: &str, text: &str) -> Result<Net, Errors> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut slips = Slips::new(source_name, text);
    let mut net = Net::default();
    let mut named = false;
    let mut lines = Vec::new();
    let mut hosts = Vec::new();
    for Statement { line, below } in statements(text, &mut slips) {
        for line in below {
            slips.add(Slip::new(line.at(), "unexpected indented line", "nothing of a net is indented"));
        }
        let mut words = line.words();
        let Some(verb) = words.next() else { continue };
        let read = match verb {
            _ if verb.is("net") && named => Err(twice(verb)),
            _ if verb.is("net") => {
                named = true;
                heading(&mut words, &mut net)
            }
            _ if verb.is("source") => words.some_text("a source").map(|_| ()),
            _ if verb.is("imp") => imp(&mut words, &mut net),
            // IMPs may be declared below the lines and hosts that name them.
            _ if verb.is("line") => {
                lines.push(words);
                Ok(())
            }
            _ if verb.is("host") => {
                hosts.push(words);
                Ok(())
            }
            _ => Err(verb.is_none_of("statement", &STATEMENTS)),
        };
        slips.keep(read);
    }
    for mut words in lines {
        let read = line(&mut words, &mut net);
        slips.keep(read);
    }
    for mut words in hosts {
        let read = host(&mut words, &mut net);
        slips.keep(read);
    }
    if !named {
        slips.add(
            Slip::new(0..0, "the net has no name", "a net begins with its name")
                .help("say `net NAME TITLE` in the first line"),
        );
    }
    slips.settle(Some(net))
}

fn twice(word: Word<'_>) -> Slip {
    Slip::new(word.at(), format!("a second `{}`", word.text), "said above")
}

fn heading(words: &mut Words<'_>, net: &mut Net) -> Result<(), Slip> {
    net.name = words.word("the name of the net")?.text.to_owned();
    net.title = words.some_text("a title")?.to_owned();
    Ok(())
}

fn imp(words: &mut Words<'_>, net: &mut Net) -> Result<(), Slip> {
    let number_word = words.word("the number of the IMP")?;
    let number = small_number(number_word, "the number of an IMP", 1..=63)?;
    let name = words.word("the name of the IMP")?;
    words.end()?;
    if let Some(same) = net.imps.iter().find(|imp| imp.number == number) {
        let message = format!("a second IMP {number}");
        return Err(Slip::new(number_word.at(), message, format!("already `{}`", same.name)));
    }
    if let Some(same) = net.imp_named(name.text) {
        let message = format!("a second IMP `{}`", name.text);
        return Err(Slip::new(name.at(), message, format!("already IMP {}", same.number)));
    }
    net.imps.push(ImpSite { number, name: name.text.to_owned() });
    Ok(())
}

fn line(words: &mut Words<'_>, net: &mut Net) -> Result<(), Slip> {
    let from = words.word("an IMP")?;
    words.keyword("to")?;
    let to = words.word("an IMP")?;
    let rate = rate(words.word("the speed of the line")?)?;
    let delay = if words.take("delay") {
        span(words.word("the delay of the line")?)?
    } else {
        way(words.word("the length of the line")?)?
    };
    words.end()?;
    let between = [imp_of(net, from)?, imp_of(net, to)?];
    let both = from.at().start..to.at().end;
    if between[0] == between[1] {
        return Err(Slip::new(both, "a line from an IMP to itself", "must be two IMPs"));
    }
    let again =
        net.lines.iter().any(|line| line.between == between || line.between == [between[1], between[0]]);
    if again {
        return Err(Slip::new(
            both,
            format!("a second line from {} to {}", from.text, to.text),
            "joined above",
        ));
    }
    net.lines.push(LineSite { between, rate, delay });
    Ok(())
}

fn host(words: &mut Words<'_>, net: &mut Net) -> Result<(), Slip> {
    let name = words.word("the name of the host")?;
    let number = words.word("the address of the host")?;
    let address = HostAddress::from(small_number(number, "the address of a host", 0..=255)?);
    let system = words.word("the system of the host")?;
    let mut names = vec![name];
    if words.take("aka") {
        names.push(words.word("another name of the host")?);
        names.extend(std::iter::from_fn(|| words.next()));
    }
    words.end()?;
    if !net.imps.iter().any(|imp| imp.number == address.imp()) {
        let label = format!("host {} on IMP {}", address.host(), address.imp());
        return Err(Slip::new(number.at(), format!("there is no IMP {}", address.imp()), label)
            .help("an address is 64 times the number of the host on its IMP, and the number of the IMP"));
    }
    if let Some(same) = net.host_at(address) {
        let message = format!("a second host at address {address}");
        return Err(Slip::new(number.at(), message, format!("already `{}`", same.name)));
    }
    for (index, name) in names.iter().enumerate() {
        let taken = net.host_named(name.text).map(|host| host.name.as_str());
        let repeated = names[..index].iter().any(|earlier| earlier.is(name.text));
        if let Some(owner) = taken.or(repeated.then_some("the same host")) {
            let message = format!("a second host name `{}`", name.text);
            return Err(Slip::new(name.at(), message, format!("already {owner}")));
        }
    }
    net.hosts.push(HostSite {
        name: name.text.to_owned(),
        address,
        aliases: names[1..].iter().map(|name| name.text.to_owned()).collect(),
        system: system.text.to_owned(),
    });
    Ok(())
}
