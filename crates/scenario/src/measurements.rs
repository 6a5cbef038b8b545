//! Measurements: what is measured, between which hosts.

use std::ops::RangeInclusive;

use imp1822::{HostAddress, Link};
use machine::Span;

use super::ast::{Measurement, Target};
use super::choice::{Choice, choose};
use super::context::Context;
use super::errors::Diagnostic;
use super::lists::{WrittenSize, add, list, sizes};
use super::names::{NOBODY, Names};
use super::quantity::{number, small_number, span};
use super::slips::Place;
use super::timing::skip_timing;
use super::words::{Statement, Word, Words};

/// How long a measurement of round trips waits before each message, unless the scenario says.
pub(super) const PAUSE: RangeInclusive<Span> = Span::from_millis(100)..=Span::from_millis(300);

/// How long a measurement of throughput sends before it counts, unless the scenario says.
pub(super) const WARM_UP: Span = Span::from_secs(2);

/// How many lines are shown, unless the scenario says.
pub(super) const BUSIEST: usize = 10;

/// The most messages of a size to a host whose round trip may be measured.
const MOST_MESSAGES: u64 = 10_000;

/// The hosts that measure in these statements. What cannot be read is complained about elsewhere.
pub(super) fn measuring(statements: &[&Statement<'_>], names: Names<'_>) -> Vec<HostAddress> {
    let mut hosts = Vec::new();
    for statement in statements {
        let mut words = statement.line.words();
        if !skip_timing(&mut words).is_some_and(|first| first.is("measure")) {
            continue;
        }
        while let Some(word) = words.next() {
            let host =
                words.clone().next().filter(|_| word.is("from")).and_then(|host| names.host(host).ok());
            hosts.extend(host.filter(|host| !hosts.contains(host)));
        }
    }
    hosts
}

/// The clauses of a measurement, in whatever order they are said.
#[derive(Debug, Default)]
struct Said<'a> {
    from: Option<HostAddress>,
    /// The named destinations; none is named for one at each distance.
    to: Option<Vec<Word<'a>>>,
    sizes: Option<Vec<u16>>,
    links: Option<Vec<u8>>,
    messages: Option<u32>,
    pause: Option<RangeInclusive<Span>>,
    span: Option<Span>,
    warm_up: Option<Span>,
    busiest: Option<usize>,
}

/// Reads the clauses of a measurement.
type Reader = fn(&Context<'_>, &mut Words<'_>) -> Result<Measurement, Diagnostic>;

/// What can be measured.
pub(super) const MEASUREMENTS: &[Choice<Reader>] = &[
    Choice {
        phrase: "round trip",
        forms: &[
            "measure round trip from HOST to PLACES sizes SIZES N messages each [pauses SPAN [to SPAN]]",
        ],
        read: round_trip,
    },
    Choice {
        phrase: "throughput",
        forms: &[
            "measure throughput from HOST to PLACES links NUMBERS sizes SIZES for SPAN each [after SPAN]",
        ],
        read: throughput,
    },
    Choice {
        phrase: "lines",
        forms: &["measure lines [for SPAN] [busiest N]"],
        read: |context, words| {
            let said = clauses(context, words, &["for", "busiest"], false)?;
            Ok(Measurement::Lines { span: said.span, busiest: said.busiest.unwrap_or(BUSIEST) })
        },
    },
];

/// Reads what follows `measure`.
pub(super) fn measurement(context: &Context<'_>, words: &mut Words<'_>) -> Result<Measurement, Diagnostic> {
    let what = words.word("what is to be measured")?;
    let choice = choose(MEASUREMENTS, Place::Measurement, what)?;
    (choice.read)(context, words).map_err(|mistake| mistake.form(choice.forms))
}

fn round_trip(context: &Context<'_>, words: &mut Words<'_>) -> Result<Measurement, Diagnostic> {
    words.keyword("trip")?;
    let mut said = clauses(context, words, &["from", "to", "sizes", "pauses"], true)?;
    let (from, to) = ends(context, &said, words)?;
    Ok(Measurement::RoundTrip {
        from,
        to,
        sizes: said.sizes.take().ok_or_else(|| words.wanting("`sizes N bits`"))?,
        messages: said.messages.ok_or_else(|| words.wanting("`N messages each`"))?,
        pause: said.pause.unwrap_or(PAUSE),
    })
}

fn throughput(context: &Context<'_>, words: &mut Words<'_>) -> Result<Measurement, Diagnostic> {
    let mut said = clauses(context, words, &["from", "to", "links", "sizes", "for", "after"], false)?;
    let (from, to) = ends(context, &said, words)?;
    Ok(Measurement::Throughput {
        from,
        to,
        links: said.links.take().ok_or_else(|| words.wanting("`links N`"))?,
        sizes: said.sizes.take().ok_or_else(|| words.wanting("`sizes N bits`"))?,
        span: said.span.ok_or_else(|| words.wanting("`for SPAN each`"))?,
        warm_up: said.warm_up.unwrap_or(WARM_UP),
    })
}

/// Between which hosts is measured, and how many lines lie between them.
fn ends(
    context: &Context<'_>,
    said: &Said<'_>,
    words: &Words<'_>,
) -> Result<(HostAddress, Vec<Target>), Diagnostic> {
    let from = said.from.ok_or_else(|| words.wanting("`from HOST`"))?;
    let to = said.to.as_deref().ok_or_else(|| words.wanting("`to one host at each distance`"))?;
    Ok((from, targets(context, from, to)?))
}

/// Reads a clause, and says whether it is the first of its kind.
type ClauseReader = for<'a> fn(&Context<'_>, &mut Said<'a>, &mut Words<'a>) -> Result<bool, Diagnostic>;

/// What may be said of a measurement. Which of these, depends on what is measured.
const CLAUSES: &[Choice<ClauseReader>] = &[
    Choice {
        phrase: "from",
        forms: &[],
        read: |context, said, words| {
            Ok(said.from.replace(context.traffic_host(words.word("a host")?)?).is_none())
        },
    },
    Choice {
        phrase: "to",
        forms: &[],
        read: |_, said, words| Ok(said.to.replace(destinations(words)?).is_none()),
    },
    Choice {
        phrase: "sizes",
        forms: &[],
        read: |_, said, words| Ok(said.sizes.replace(plain_sizes(words)?).is_none()),
    },
    Choice {
        phrase: "links",
        forms: &[],
        read: |_, said, words| {
            let mut links = Vec::new();
            for word in list(words, "a number of links")? {
                let most = Link::MEASUREMENT_COUNT;
                add(&mut links, small_number(word, "the number of links", 1..=most)?, word)?;
            }
            Ok(said.links.replace(links).is_none())
        },
    },
    Choice {
        phrase: "pauses",
        forms: &[],
        read: |_, said, words| {
            let least = some_time(words.word("a duration")?)?;
            let most = if words.take("to") { longer(words.word("a duration")?, least)? } else { least };
            Ok(said.pause.replace(least..=most).is_none())
        },
    },
    Choice {
        phrase: "for",
        forms: &[],
        read: |_, said, words| {
            let new = said.span.replace(some_time(words.word("a duration")?)?).is_none();
            words.take("each");
            Ok(new)
        },
    },
    Choice {
        phrase: "after",
        forms: &[],
        read: |_, said, words| Ok(said.warm_up.replace(span(words.word("a duration")?)?).is_none()),
    },
    Choice {
        phrase: "busiest",
        forms: &[],
        read: |_, said, words| {
            let busiest = number(words.word("how many lines")?, "the number of lines", 1..=1_000)?;
            Ok(said.busiest.replace(busiest as usize).is_none())
        },
    },
];

/// Reads clauses that begin with these words, each at most once, and `N messages each` if `counts`.
fn clauses<'a>(
    context: &Context<'_>,
    words: &mut Words<'a>,
    known: &[&str],
    counts: bool,
) -> Result<Said<'a>, Diagnostic> {
    let mut said = Said::default();
    while let Some(word) = words.next() {
        let new = if counts && word.begins_with_digit() {
            let messages = number(word, "the number of messages", 1..=MOST_MESSAGES)?;
            words.keyword("messages")?;
            words.keyword("each")?;
            said.messages.replace(messages as u32).is_none()
        } else if known.iter().any(|known| word.is(known)) {
            (choose(CLAUSES, Place::OfMeasurement, word)?.read)(context, &mut said, words)?
        } else {
            // A host stands behind `from`, the destinations behind `to`.
            return Err(match () {
                () if !context.names.knows(word) => word.is_none_of("clause", known),
                () if said.from.is_none() => word.instead_of("from"),
                () if said.to.is_none() => word.instead_of("to"),
                () => word.is_none_of("clause", known),
            });
        };
        if !new {
            return Err(Diagnostic::new(word.at(), format!("a second `{}`", word.text), "said before"));
        }
    }
    Ok(said)
}

/// Reads the destinations of a measurement, behind `to`: none for one at each distance.
fn destinations<'a>(words: &mut Words<'a>) -> Result<Vec<Word<'a>>, Diagnostic> {
    if words.take("one") {
        ["host", "at", "each", "distance"].iter().try_for_each(|word| words.keyword(word))?;
        Ok(Vec::new())
    } else if let Some(every) = words.peek().filter(|word| word.is("every")) {
        let message = "measurements do not go to every host";
        Err(Diagnostic::new(every.at(), message, "to which?")
            .help("name the hosts, or say `one host at each distance`"))
    } else {
        list(words, "a host, or `one host at each distance`")
    }
}

/// The named destinations, or if none is named, one at each distance.
fn targets(context: &Context<'_>, from: HostAddress, named: &[Word<'_>]) -> Result<Vec<Target>, Diagnostic> {
    if named.is_empty() {
        return Ok(one_at_each_distance(context, from));
    }
    let mut targets: Vec<Target> = Vec::new();
    for word in named {
        let host = context.traffic_host(*word)?;
        let hops = match context.names.net() {
            Some(net) => net.hops(from.imp(), host.imp()),
            None => Some(0),
        };
        let problem = match hops {
            None => Some("no line leads there"),
            Some(_) if context.names.net().is_some() && host == from => Some("it sends the messages"),
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
            return Err(Diagnostic::new(word.at(), message, problem));
        }
    }
    Ok(targets)
}

/// Of the hosts at each distance the one with the lowest number on the IMP with the lowest number.
pub(super) fn one_at_each_distance(context: &Context<'_>, from: HostAddress) -> Vec<Target> {
    let Some(net) = context.names.net() else { return Vec::new() };
    let mut targets: Vec<Target> = Vec::new();
    for site in context.undeclared_sites().filter(|site| site.address != from) {
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

/// Reads sizes that all get the same treatment.
fn plain_sizes(words: &mut Words<'_>) -> Result<Vec<u16>, Diagnostic> {
    let sizes = sizes(words)?;
    let mut plain = Vec::new();
    for WrittenSize { share, word, bits } in sizes {
        if let Some(share) = share {
            let label = "is measured as often as others";
            return Err(Diagnostic::new(share.at(), "these sizes have no shares", label)
                .help("leave the shares out: `sizes 16, 1000 bits`"));
        }
        add(&mut plain, bits, word)?;
    }
    Ok(plain)
}

/// A span that is not zero.
fn some_time(word: Word<'_>) -> Result<Span, Diagnostic> {
    match span(word)? {
        Span::ZERO => Err(Diagnostic::new(word.at(), "no time at all", "must be longer")),
        span => Ok(span),
    }
}

/// A span that is at least as long as another.
fn longer(word: Word<'_>, least: Span) -> Result<Span, Diagnostic> {
    match span(word)? {
        most if most < least => {
            Err(Diagnostic::new(word.at(), format!("the longest pause is shorter than {least}"), "too short"))
        }
        most => Ok(most),
    }
}
