//! What bare hosts do: `traffic` and `measure`. They are hosts of the net that the scenario does not declare.

use std::ops::RangeInclusive;
use std::sync::Arc;

use imp::HostSite;
use imp1822::{HostAddress, Link, MAX_DATA_BITS};
use machine::Span;

use super::ast::{Generator, Measurement, Size, Target, Traffic};
use super::errors::Slip;
use super::names::{NOBODY, Names};
use super::quantity::{mean_gap, number, small_number, span};
use super::steps::{Stage, behind_time};
use super::words::{Statement, Word, Words};

/// How long a measurement of round trips waits before each message, unless the scenario says.
const PAUSE: RangeInclusive<Span> = Span::from_millis(100)..=Span::from_millis(300);

/// How long a measurement of throughput sends before it counts, unless the scenario says.
const WARM_UP: Span = Span::from_secs(2);

/// How many lines are shown, unless the scenario says.
const BUSIEST: usize = 10;

/// The most messages of a size to a host whose round trip may be measured.
const MOST_MESSAGES: u64 = 10_000;

/// The hosts that measure in these statements. What cannot be read is complained about elsewhere.
pub(super) fn measuring(statements: &[&Statement<'_>], names: Names<'_>) -> Vec<HostAddress> {
    let mut hosts = Vec::new();
    for statement in statements {
        let mut words = statement.line.words();
        if !behind_time(&mut words).is_some_and(|first| first.is("measure")) {
            continue;
        }
        while let Some(word) = words.next() {
            let host =
                words.clone().next().filter(|_| word.is("from")).and_then(|host| names.host(host).ok());
            hosts.extend(host);
        }
    }
    hosts
}

/// Whether a statement needs no host that is declared.
pub(super) fn needs_no_host(statement: &Statement<'_>) -> bool {
    let first = behind_time(&mut statement.line.words());
    first.is_some_and(|first| ["traffic", "measure", "line", "imp"].iter().any(|known| first.is(known)))
}

/// The clauses of a measurement, in whatever order they are said.
#[derive(Debug, Default)]
struct Clauses {
    from: Option<HostAddress>,
    to: Option<Vec<Target>>,
    sizes: Option<Vec<u16>>,
    links: Option<Vec<u8>>,
    messages: Option<u32>,
    pause: Option<RangeInclusive<Span>>,
    span: Option<Span>,
    warm_up: Option<Span>,
    busiest: Option<usize>,
}

impl Stage<'_> {
    /// Reads what follows `traffic`.
    pub(super) fn traffic(&self, words: &mut Words<'_>) -> Result<Traffic, Slip> {
        if words.take("stops") {
            words.end()?;
            return Ok(Traffic::Stops);
        }
        let first = words.word("how many messages, or `stops`")?;
        let unit = words.word("`messages/s`")?;
        let gap = mean_gap(first, unit)?;
        words.keyword("from")?;
        let from = if every_host(words)? {
            let measuring = |site: &&HostSite| self.measuring.contains(&site.address);
            self.bare_sites().filter(|site| !measuring(site)).map(|site| site.address).collect()
        } else {
            let mut from = Vec::new();
            for word in list(words, "a host")? {
                let host = self.bare(word)?;
                if self.names.site(word)?.is_some() && self.measuring.contains(&host) {
                    let message = format!("host `{}` measures", word.text);
                    return Err(Slip::new(word.at(), message, "its cable must be free of other messages")
                        .help("a host that measures sends no traffic; it may be a destination of it"));
                }
                from.push(host);
            }
            from
        };
        words.keyword("to")?;
        let to: Vec<HostAddress> = if every_host(words)? {
            self.bare_sites().map(|site| site.address).collect()
        } else {
            list(words, "a host")?.into_iter().map(|word| self.bare(word)).collect::<Result<_, _>>()?
        };
        if self.names.net().is_some() && from.iter().all(|from| to.iter().all(|to| to == from)) {
            let message = "this traffic goes nowhere";
            return Err(Slip::new(first.at(), message, "nobody has another host to send to")
                .help("name other hosts; a host does not send to itself"));
        }
        words.keyword("sizes")?;
        let sizes = shares(words)?;
        words.end()?;
        Ok(Traffic::Begins(Arc::new(Generator { gap, from, to, sizes })))
    }

    /// Reads what follows `measure`.
    pub(super) fn measurement(&self, words: &mut Words<'_>) -> Result<Measurement, Slip> {
        let what = words.word("what is to be measured")?;
        if what.is("round") {
            words.keyword("trip")?;
            let mut said = self.clauses(words, &["from", "to", "sizes", "pauses"], true)?;
            Ok(Measurement::RoundTrip {
                from: said.from.ok_or_else(|| words.wanting("`from HOST`"))?,
                to: said.to.take().ok_or_else(|| words.wanting("`to one host at each distance`"))?,
                sizes: said.sizes.take().ok_or_else(|| words.wanting("`sizes N bits`"))?,
                messages: said.messages.ok_or_else(|| words.wanting("`N messages each`"))?,
                pause: said.pause.unwrap_or(PAUSE),
            })
        } else if what.is("throughput") {
            let mut said = self.clauses(words, &["from", "to", "links", "sizes", "for", "after"], false)?;
            Ok(Measurement::Throughput {
                from: said.from.ok_or_else(|| words.wanting("`from HOST`"))?,
                to: said.to.take().ok_or_else(|| words.wanting("`to one host at each distance`"))?,
                links: said.links.take().ok_or_else(|| words.wanting("`links N`"))?,
                sizes: said.sizes.take().ok_or_else(|| words.wanting("`sizes N bits`"))?,
                span: said.span.ok_or_else(|| words.wanting("`for SPAN each`"))?,
                warm_up: said.warm_up.unwrap_or(WARM_UP),
            })
        } else if what.is("lines") {
            let said = self.clauses(words, &["for", "busiest"], false)?;
            Ok(Measurement::Lines { span: said.span, busiest: said.busiest.unwrap_or(BUSIEST) })
        } else {
            Err(what.is_none_of("measurement", &["round trip", "throughput", "lines"]))
        }
    }

    /// Reads clauses that begin with these words, each at most once, and `N messages each` if `counts`.
    fn clauses(&self, words: &mut Words<'_>, known: &[&str], counts: bool) -> Result<Clauses, Slip> {
        let mut said = Clauses::default();
        let mut to = None;
        while let Some(word) = words.next() {
            let counts = counts && word.text.starts_with(|first: char| first.is_ascii_digit());
            if !counts && !known.iter().any(|known| word.is(known)) {
                return Err(word.is_none_of("clause", known));
            }
            let new = if counts {
                let messages = number(word, "the number of messages", 1..=MOST_MESSAGES)?;
                words.keyword("messages")?;
                words.keyword("each")?;
                said.messages.replace(messages as u32).is_none()
            } else if word.is("from") {
                said.from.replace(self.bare(words.word("a host")?)?).is_none()
            } else if word.is("to") {
                // How far it is shows only when the source is known.
                let named = if words.take("one") {
                    ["host", "at", "each", "distance"].iter().try_for_each(|word| words.keyword(word))?;
                    Vec::new()
                } else if let Some(every) = words.peek().filter(|word| word.is("every")) {
                    let message = "measurements do not go to every host";
                    return Err(Slip::new(every.at(), message, "to which?")
                        .help("name the hosts, or say `one host at each distance`"));
                } else {
                    list(words, "a host, or `one host at each distance`")?
                };
                to.replace(named).is_none()
            } else if word.is("sizes") {
                said.sizes.replace(plain_sizes(words)?).is_none()
            } else if word.is("links") {
                let mut links = Vec::new();
                for word in list(words, "a number of links")? {
                    add(
                        &mut links,
                        small_number(word, "the number of links", 1..=Link::MEASUREMENT_COUNT)?,
                        word,
                    )?;
                }
                said.links.replace(links).is_none()
            } else if word.is("pauses") {
                let least = some_time(words.word("a duration")?)?;
                let most = if words.take("to") { longer(words.word("a duration")?, least)? } else { least };
                said.pause.replace(least..=most).is_none()
            } else if word.is("for") {
                let new = said.span.replace(some_time(words.word("a duration")?)?).is_none();
                words.take("each");
                new
            } else if word.is("after") {
                said.warm_up.replace(span(words.word("a duration")?)?).is_none()
            } else {
                let busiest = number(words.word("how many lines")?, "the number of lines", 1..=1_000)?;
                said.busiest.replace(busiest as usize).is_none()
            };
            if !new {
                return Err(Slip::new(word.at(), format!("a second `{}`", word.text), "said before"));
            }
        }
        if let (Some(from), Some(named)) = (said.from, to) {
            said.to = Some(self.targets(from, &named)?);
        }
        Ok(said)
    }

    /// The named destinations, or if none is named, one at each distance.
    fn targets(&self, from: HostAddress, named: &[Word<'_>]) -> Result<Vec<Target>, Slip> {
        if named.is_empty() {
            return Ok(self.one_at_each_distance(from));
        }
        let mut targets: Vec<Target> = Vec::new();
        for word in named {
            let host = self.bare(*word)?;
            let hops = match self.names.net() {
                Some(net) => net.hops(from.imp(), host.imp()),
                None => Some(0),
            };
            let problem = match hops {
                None => Some("no line leads there"),
                Some(_) if self.names.net().is_some() && host == from => Some("it sends the messages"),
                Some(_) if targets.iter().any(|target| target.host == host && host != NOBODY) => {
                    Some("named before")
                }
                Some(hops) => {
                    targets.push(Target { host, hops });
                    None
                }
            };
            if let Some(problem) = problem {
                let message = format!("host `{}` cannot be measured to", word.text);
                return Err(Slip::new(word.at(), message, problem));
            }
        }
        Ok(targets)
    }

    /// Of the hosts at each distance the one with the lowest number on the IMP with the lowest number.
    fn one_at_each_distance(&self, from: HostAddress) -> Vec<Target> {
        let Some(net) = self.names.net() else { return Vec::new() };
        let mut targets: Vec<Target> = Vec::new();
        for site in self.bare_sites().filter(|site| site.address != from) {
            let host = site.address;
            let Some(hops) = net.hops(from.imp(), host.imp()) else { continue };
            let order = |host: HostAddress| (host.imp(), host.host());
            match targets.iter_mut().find(|target| target.hops == hops) {
                Some(target) if order(host) < order(target.host) => target.host = host,
                Some(_) => {}
                None => targets.push(Target { host, hops }),
            }
        }
        targets.sort_by_key(|target| target.hops);
        targets
    }

    /// All hosts of the net that are not declared.
    fn bare_sites(&self) -> impl Iterator<Item = &HostSite> {
        let sites = self.names.net().into_iter().flat_map(|net| &net.hosts);
        sites.filter(|site| !self.is_declared(site.address))
    }

    fn is_declared(&self, host: HostAddress) -> bool {
        self.hosts.iter().any(|plan| plan.address == host)
    }

    /// A host of the net that must not be declared.
    fn bare(&self, word: Word<'_>) -> Result<HostAddress, Slip> {
        match self.names.site(word)? {
            Some(site) if self.is_declared(site.address) => {
                let message = format!("host `{}` is declared", word.text);
                let label = "has an NCP, which owns its cable and knows no such messages";
                Err(Slip::new(word.at(), message, label)
                    .help("traffic and measurements are between hosts that the scenario does not declare"))
            }
            site => Ok(site.map_or(NOBODY, |site| site.address)),
        }
    }
}

/// Takes `every host` if it is next.
fn every_host(words: &mut Words<'_>) -> Result<bool, Slip> {
    let every = words.take("every");
    if every {
        words.keyword("host")?;
    }
    Ok(every)
}

/// Reads words with commas between them.
fn list<'a>(words: &mut Words<'a>, what: &str) -> Result<Vec<Word<'a>>, Slip> {
    let mut items = Vec::new();
    loop {
        let word = words.word(what)?;
        match word.before(",") {
            Some(item) => items.push(apart(item)?),
            None => {
                items.push(apart(word)?);
                return Ok(items);
            }
        }
    }
}

/// What stands between the commas of a list is a word of its own.
fn apart(word: Word<'_>) -> Result<Word<'_>, Slip> {
    if word.text.contains(',') {
        return Err(Slip::new(word.at(), "no blank behind a comma", "more than one thing")
            .help(format!("write `{}`", word.text.replace(',', ", "))));
    }
    Ok(word)
}

/// Adds what has not been said before. Measured twice, it would only be in the way of itself.
fn add<T: PartialEq>(items: &mut Vec<T>, item: T, word: Word<'_>) -> Result<(), Slip> {
    if items.contains(&item) {
        let message = format!("`{}` is named twice", word.text.trim_end_matches(','));
        return Err(Slip::new(word.at(), message, "said before"));
    }
    items.push(item);
    Ok(())
}

/// A size of messages as it is written, perhaps with its share in front.
struct Sized<'a> {
    share: Option<Word<'a>>,
    word: Word<'a>,
    bits: u16,
}

/// Reads sizes with commas between them, in data bits: `16, 1000 bits`, or `80% 100 bits, 20% 8000 bits`.
fn sizes<'a>(words: &mut Words<'a>) -> Result<Vec<Sized<'a>>, Slip> {
    let mut sizes = Vec::new();
    loop {
        let mut word = words.word("a size in bits")?;
        let share = word.before("%");
        if share.is_some() {
            word = words.word("a size in bits")?;
        }
        let more = word.before(",");
        let bits = number(apart(more.unwrap_or(word))?, "a size", 0..=MAX_DATA_BITS as u64)? as u16;
        sizes.push(Sized { share, word, bits });
        if more.is_some() {
            continue;
        }
        let unit = words.word("`bits`")?;
        if unit.is("bits") {
            return Ok(sizes);
        } else if !unit.is("bits,") {
            let message = format!("expected `bits`, found `{}`", unit.text);
            return Err(Slip::new(unit.at(), message, "the unit belongs here").help("sizes are in `bits`"));
        }
    }
}

/// Reads sizes that all get the same treatment.
fn plain_sizes(words: &mut Words<'_>) -> Result<Vec<u16>, Slip> {
    let sizes = sizes(words)?;
    let mut plain = Vec::new();
    for Sized { share, word, bits } in sizes {
        if let Some(share) = share {
            let label = "is measured as often as others";
            return Err(Slip::new(share.at(), "these sizes have no shares", label)
                .help("leave the shares out: `sizes 16, 1000 bits`"));
        }
        add(&mut plain, bits, word)?;
    }
    Ok(plain)
}

/// Reads sizes of which each has its share, or all the same.
fn shares(words: &mut Words<'_>) -> Result<Vec<Size>, Slip> {
    const HELP: &str = "give each size its share, all of them 100% together, or none: \
                        `80% 100 bits, 20% 8000 bits`";
    let said = sizes(words)?;
    let all = said.iter().all(|size| size.share.is_some());
    if let Some(bare) = said.iter().find(|size| size.share.is_none())
        && said.iter().any(|size| size.share.is_some())
    {
        return Err(Slip::new(bare.word.at(), "this size has no share", "but others have").help(HELP));
    }
    let mut sum = 0;
    let mut sizes = Vec::new();
    for Sized { share, bits, .. } in &said {
        let share = share.map_or(Ok(1), |share| small_number(share, "a share", 1..=100))?;
        sum += u32::from(share);
        sizes.push(Size { bits: *bits, share });
    }
    match (said.first(), said.last()) {
        (Some(first), Some(last)) if all && sum != 100 => {
            let at = first.share.unwrap_or(first.word).at().start..last.word.at().end;
            Err(Slip::new(at, format!("the shares are {sum}% together"), "not 100%").help(HELP))
        }
        _ => Ok(sizes),
    }
}

/// A span that is not zero.
fn some_time(word: Word<'_>) -> Result<Span, Slip> {
    match span(word)? {
        Span::ZERO => Err(Slip::new(word.at(), "no time at all", "must be longer")),
        span => Ok(span),
    }
}

/// A span that is at least as long as another.
fn longer(word: Word<'_>, least: Span) -> Result<Span, Slip> {
    match span(word)? {
        most if most < least => {
            Err(Slip::new(word.at(), format!("the longest pause is shorter than {least}"), "too short"))
        }
        most => Ok(most),
    }
}
