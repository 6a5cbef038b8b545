//! What breaks and heals: lines, IMPs, the cables of hosts and their interfaces.

use imp::{Fault, Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::Span;

use super::choice::{Choice, any_of, choose};
use super::context::Context;
use super::errors::Diagnostic;
use super::quantity::{number, span};
use super::slips::Place;
use super::words::{Word, Words};

/// The unit of the times in an IMP's notice that it goes down, and how many of them its fields hold (RFC 381).
const UNIT: Span = Span::from_secs(300);
const SOONEST_TO_LATEST: u64 = 15;
const LONGEST: u64 = 1023;

/// More than a line carries in a year.
const MOST_BITS: u64 = 1_000_000_000_000;

/// Reads what happens to a part of the net, behind the verb.
type Reader<T> = fn(T, &mut Words<'_>) -> Result<Fault, Diagnostic>;

/// What can happen to a line.
pub(super) const OF_LINES: &[Choice<Reader<[u8; 2]>>] = &[
    Choice {
        phrase: "fails",
        forms: &["line IMP to IMP fails"],
        read: |between, _| Ok(Fault::LineFails { between }),
    },
    Choice {
        phrase: "heals",
        forms: &["line IMP to IMP heals"],
        read: |between, _| Ok(Fault::LineHeals { between }),
    },
    Choice {
        phrase: "flips",
        forms: &["line IMP to IMP flips one bit in N", "line IMP to IMP flips no bits"],
        read: |between, words| Ok(Fault::LineErrs { between, one_in: one_in(words)? }),
    },
];

/// What can happen to an IMP.
pub(super) const OF_IMPS: &[Choice<Reader<u8>>] = &[
    Choice { phrase: "crashes", forms: &["imp IMP crashes"], read: |imp, _| Ok(Fault::ImpCrashes { imp }) },
    Choice {
        phrase: "restarts",
        forms: &["imp IMP restarts"],
        read: |imp, _| Ok(Fault::ImpRestarts { imp }),
    },
    Choice {
        phrase: "goes down",
        forms: &["imp IMP goes down [in SPAN] [for SPAN] [for maintenance|reload|emergency]"],
        read: |imp, words| {
            words.keyword("down")?;
            Ok(Fault::ImpGoesDown { imp, going: going_down(words)? })
        },
    },
];

/// What can happen to the cable of a host.
pub(super) const OF_CABLES: &[Choice<Reader<HostAddress>>] = &[
    Choice { phrase: "is pulled", forms: &["cable of HOST is pulled"], read: is_pulled_or_plugged_in },
    Choice {
        phrase: "is plugged in",
        forms: &["cable of HOST is plugged in"],
        read: is_pulled_or_plugged_in,
    },
    Choice {
        phrase: "loses",
        forms: &["cable of HOST loses the next message to|from the imp"],
        read: |host, words| Ok(Fault::Mishap { host, toward: next_message(words)?, mishap: Mishap::Lost }),
    },
    Choice {
        phrase: "delays",
        forms: &["cable of HOST delays the next message to|from the imp by SPAN"],
        read: |host, words| {
            let toward = next_message(words)?;
            words.keyword("by")?;
            let mishap = Mishap::Late(span(words.word("how much later")?)?);
            Ok(Fault::Mishap { host, toward, mishap })
        },
    },
    Choice {
        phrase: "repeats",
        forms: &["cable of HOST repeats the next message to|from the imp"],
        read: |host, words| Ok(Fault::Mishap { host, toward: next_message(words)?, mishap: Mishap::Twice }),
    },
    Choice {
        phrase: "garbles",
        forms: &["cable of HOST garbles the leader|data of the next message to the imp"],
        read: garbles,
    },
];

/// Reads what happens to a line, behind `line`.
pub(super) fn line(context: &Context<'_>, words: &mut Words<'_>) -> Result<Fault, Diagnostic> {
    let wanting = |mistake: Diagnostic| mistake.form(OF_LINES[0].forms);
    let a = words.word("an IMP").map_err(wanting)?;
    in_one_word(context, a)?;
    words.keyword("to").map_err(wanting)?;
    let b = words.word("an IMP").map_err(wanting)?;
    let verb = words.next().ok_or_else(|| words.wanting(&any_of(OF_LINES)))?;
    let between = context.names.line(a, b)?;
    let choice = choose(OF_LINES, Place::OfLine, verb)?;
    whole(words, |words| (choice.read)(between, words)).map_err(|mistake| mistake.form(choice.forms))
}

/// Refuses two IMPs with a dash between them, as maps and tables write lines.
fn in_one_word(context: &Context<'_>, word: Word<'_>) -> Result<(), Diagnostic> {
    let Some(net) = context.names.net() else { return Ok(()) };
    let is_imp = |name: &str| net.imp(name).is_ok();
    let mut dashes = word.text.match_indices('-').map(|(at, _)| (&word.text[..at], &word.text[at + 1..]));
    let ends = dashes.find(|(a, b)| is_imp(a) && is_imp(b.trim_start_matches('>')));
    match ends {
        Some((a, b)) if !is_imp(word.text) => {
            let message = format!("expected `to` between two IMPs, found `{}`", word.text);
            let help = format!("write `line {a} to {}`", b.trim_start_matches('>'));
            Err(Diagnostic::new(word.at(), message, "more than one thing").help(help))
        }
        Some(_) | None => Ok(()),
    }
}

/// Reads what happens to an IMP, behind `imp`.
pub(super) fn imp(context: &Context<'_>, words: &mut Words<'_>) -> Result<Fault, Diagnostic> {
    let imp = context.names.imp(words.word("an IMP")?)?;
    let verb = words.next().ok_or_else(|| words.wanting(&any_of(OF_IMPS)))?;
    let choice = choose(OF_IMPS, Place::OfImp, verb)?;
    whole(words, |words| (choice.read)(imp, words)).map_err(|mistake| mistake.form(choice.forms))
}

/// Reads what happens to the cable of a host, behind `cable`.
pub(super) fn cable(context: &Context<'_>, words: &mut Words<'_>) -> Result<Fault, Diagnostic> {
    let wanting = |mistake: Diagnostic| mistake.form(OF_CABLES[0].forms);
    words.keyword("of").map_err(wanting)?;
    let host = context.declared(words.word("a host").map_err(wanting)?)?;
    let verb = words.next().ok_or_else(|| words.wanting(&any_of(OF_CABLES)))?;
    let choice = choose(OF_CABLES, Place::OfCable, verb)?;
    whole(words, |words| (choice.read)(host, words)).map_err(|mistake| mistake.form(choice.forms))
}

/// Reads what happens, behind which the line is over.
fn whole<'a>(
    words: &mut Words<'a>,
    read: impl FnOnce(&mut Words<'a>) -> Result<Fault, Diagnostic>,
) -> Result<Fault, Diagnostic> {
    let fault = read(words)?;
    words.end()?;
    Ok(fault)
}

/// Reads `pulled` or `plugged in`, behind `is`.
fn is_pulled_or_plugged_in(host: HostAddress, words: &mut Words<'_>) -> Result<Fault, Diagnostic> {
    let how = words.word("`pulled` or `plugged in`")?;
    if how.is("pulled") {
        return Ok(Fault::CablePulled { host });
    }
    if how.is("plugged") {
        words.keyword("in").map_err(|mistake| mistake.form(&["cable of HOST is plugged in"]))?;
        return Ok(Fault::CablePlugged { host });
    }
    Err(how.is_none_of("state of a cable", &["pulled", "plugged in"]))
}

/// Reads `one bit in N`, or `no bits`.
fn one_in(words: &mut Words<'_>) -> Result<Option<u64>, Diagnostic> {
    let how_many = words.word("`one bit in` and a number, or `no bits`")?;
    if how_many.is("no") {
        words.keyword("bits")?;
        return Ok(None);
    }
    if !how_many.is("one") {
        let diagnostic = Diagnostic::new(
            how_many.at(),
            format!("expected `one` or `no`, found `{}`", how_many.text),
            "how many?",
        );
        return Err(diagnostic.help("write `flips one bit in 100000`, or `flips no bits`"));
    }
    words.keyword("bit")?;
    words.keyword("in")?;
    number(words.word("a number")?, "the number of bits", 2..=MOST_BITS).map(Some)
}

/// Reads when an IMP goes down, for how long, and for what, in any order. What is not said is zero in the notice: in 30
/// seconds, for how long and why is not known (RFC 381).
fn going_down(words: &mut Words<'_>) -> Result<GoingDown, Diagnostic> {
    let (mut soon, mut long, mut reason) = (None, None, None);
    while let Some(clause) = words.next() {
        if clause.is("in") {
            let word = words.word("how soon, in multiples of 5min")?;
            set(&mut soon, units(word, "how soon an IMP goes down", SOONEST_TO_LATEST)?, clause)?;
        } else if clause.is("for") {
            let word = words.word("for how long, or for what")?;
            if word.begins_with_digit() {
                set(&mut long, units(word, "how long an IMP is down", LONGEST)?, clause)?;
            } else {
                set(&mut reason, self::reason(word)?, clause)?;
            }
        } else {
            let diagnostic = Diagnostic::new(
                clause.at(),
                format!("unexpected `{}`", clause.text),
                "neither `in` nor `for`",
            );
            return Err(
                diagnostic.help("write `goes down in 10min for 30min for maintenance`, or a part of it")
            );
        }
    }
    let (how_soon, how_long) = (soon.unwrap_or(0) as u8, long.unwrap_or(0) as u16);
    let going = GoingDown::new(reason.unwrap_or(Reason::Unsaid), how_soon, how_long);
    Ok(going.expect("`units` keeps both in their fields"))
}

fn set<T>(place: &mut Option<T>, value: T, clause: Word<'_>) -> Result<(), Diagnostic> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Diagnostic::new(clause.at(), "this is said a second time", "said before")),
    }
}

/// Reads a span that an IMP can put into its notice.
fn units(word: Word<'_>, what: &str, most: u64) -> Result<u64, Diagnostic> {
    let micros = span(word)?.as_micros();
    let units = micros / UNIT.as_micros();
    if !micros.is_multiple_of(UNIT.as_micros()) || units == 0 {
        let diagnostic =
            Diagnostic::new(word.at(), format!("{what} cannot be {}", word.text), "no multiple of 5min");
        return Err(
            diagnostic.help("an IMP counts in units of five minutes (RFC 381): `5min`, `10min`, and so on")
        );
    }
    if units > most {
        let diagnostic =
            Diagnostic::new(word.at(), format!("{what} cannot be {}", word.text), "too long for the notice");
        return Err(
            diagnostic.help(format!("{most} units of five minutes at most (RFC 381): `{}min`", most * 5))
        );
    }
    Ok(units)
}

fn reason(word: Word<'_>) -> Result<Reason, Diagnostic> {
    const REASONS: [(&str, Reason); 3] =
        [("maintenance", Reason::Maintenance), ("reload", Reason::Reload), ("emergency", Reason::Emergency)];
    let found = REASONS.iter().find(|(name, _)| word.is(name));
    found.map(|(_, reason)| *reason).ok_or_else(|| word.is_none_of("reason", &REASONS.map(|(name, _)| name)))
}

/// Reads which part of the next message is garbled, behind `garbles`.
fn garbles(host: HostAddress, words: &mut Words<'_>) -> Result<Fault, Diagnostic> {
    words.take("the");
    let part = words.word("`leader` or `data`")?;
    let mishap = if part.is("leader") {
        Mishap::LeaderError
    } else if part.is("data") {
        Mishap::DataError
    } else {
        return Err(part.is_none_of("part of a message", &["leader", "data"]));
    };
    words.keyword("of")?;
    let before = words.clone();
    match next_message(words)? {
        Toward::Imp => Ok(Fault::Mishap { host, toward: Toward::Imp, mishap }),
        Toward::Host => {
            let word = before.peek().unwrap_or(part);
            let message = "only a message to the imp can be garbled";
            let label = "comes from the IMP";
            Err(Diagnostic::new(word.at(), message, label)
                .help("it is the IMP that has an error flip-flop, and says so to its host (RFC 381)"))
        }
    }
}

/// Reads `the next message to the imp`. The articles may be missing.
fn next_message(words: &mut Words<'_>) -> Result<Toward, Diagnostic> {
    words.take("the");
    words.keyword("next")?;
    words.keyword("message")?;
    let way = words.word("`to the imp` or `from the imp`")?;
    let toward = if way.is("to") {
        Toward::Imp
    } else if way.is("from") {
        Toward::Host
    } else {
        return Err(way.is_none_of("direction", &["to", "from"]));
    };
    words.take("the");
    words.keyword("imp")?;
    Ok(toward)
}
