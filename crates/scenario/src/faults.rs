//! What breaks and heals: lines, IMPs, the cables of hosts and their interfaces.

use imp::{Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::Span;

use super::errors::Slip;
use super::quantity::{number, span};
use super::steps::Stage;
use super::words::{Word, Words};
use imp::Fault;

/// With what the statements of this file begin.
pub(super) const PARTS: [&str; 3] = ["line", "imp", "cable"];

/// The unit of the times in an IMP's notice that it goes down, and how many of them its fields hold (RFC 381).
const UNIT: Span = Span::from_secs(300);
const SOONEST_TO_LATEST: u64 = 15;
const LONGEST: u64 = 1023;

/// More than a line carries in a year.
const MOST_BITS: u64 = 1_000_000_000_000;

/// What can happen to a line, to an IMP, to a cable.
const OF_LINES: [&str; 3] = ["fails", "heals", "flips"];
const OF_IMPS: [&str; 3] = ["crashes", "restarts", "goes down"];
const OF_CABLES: [&str; 6] = ["is pulled", "is plugged in", "loses", "delays", "repeats", "garbles"];

impl Stage<'_> {
    /// Reads what happens to a line, an IMP or a cable.
    pub(super) fn fault(&self, part: Word<'_>, words: &mut Words<'_>) -> Result<Fault, Slip> {
        let fault = if part.is("line") {
            self.line(words)?
        } else if part.is("imp") {
            self.imp(words)?
        } else {
            self.cable(words)?
        };
        words.end()?;
        Ok(fault)
    }

    fn line(&self, words: &mut Words<'_>) -> Result<Fault, Slip> {
        let a = words.word("an IMP")?;
        words.keyword("to")?;
        let b = words.word("an IMP")?;
        let verb = words.word("`fails`, `heals` or `flips`")?;
        let between = self.names.line(a, b)?;
        if verb.is("fails") {
            Ok(Fault::LineFails { between })
        } else if verb.is("heals") {
            Ok(Fault::LineHeals { between })
        } else if verb.is("flips") {
            Ok(Fault::LineErrs { between, one_in: one_in(words)? })
        } else {
            Err(verb.is_none_of("verb", &OF_LINES))
        }
    }

    fn imp(&self, words: &mut Words<'_>) -> Result<Fault, Slip> {
        let imp = self.names.imp(words.word("an IMP")?)?;
        let verb = words.word("`crashes`, `restarts` or `goes down`")?;
        if verb.is("crashes") {
            Ok(Fault::ImpCrashes { imp })
        } else if verb.is("restarts") {
            Ok(Fault::ImpRestarts { imp })
        } else if verb.is("goes") {
            words.keyword("down")?;
            Ok(Fault::ImpGoesDown { imp, going: going_down(words)? })
        } else {
            Err(verb.is_none_of("verb", &OF_IMPS))
        }
    }

    fn cable(&self, words: &mut Words<'_>) -> Result<Fault, Slip> {
        words.keyword("of")?;
        let host = self.declared(words.word("a host")?)?;
        let verb = words.word("what happens to the cable")?;
        if verb.is("is") {
            let how = words.word("`pulled` or `plugged in`")?;
            if how.is("pulled") {
                return Ok(Fault::CablePulled { host });
            }
            if how.is("plugged") {
                words.keyword("in")?;
                return Ok(Fault::CablePlugged { host });
            }
            return Err(how.is_none_of("state of a cable", &["pulled", "plugged in"]));
        }
        mishap(host, verb, words)
    }
}

/// Reads `one bit in N`, or `no bits`.
fn one_in(words: &mut Words<'_>) -> Result<Option<u64>, Slip> {
    let how_many = words.word("`one bit in` and a number, or `no bits`")?;
    if how_many.is("no") {
        words.keyword("bits")?;
        return Ok(None);
    }
    if !how_many.is("one") {
        let slip = Slip::new(
            how_many.at(),
            format!("expected `one` or `no`, found `{}`", how_many.text),
            "how many?",
        );
        return Err(slip.help("write `flips one bit in 100000`, or `flips no bits`"));
    }
    words.keyword("bit")?;
    words.keyword("in")?;
    number(words.word("a number")?, "the number of bits", 2..=MOST_BITS).map(Some)
}

/// Reads when an IMP goes down, for how long, and for what, in any order. What is not said is zero in the notice: in 30
/// seconds, and nobody knows for how long or why (RFC 381).
fn going_down(words: &mut Words<'_>) -> Result<GoingDown, Slip> {
    let (mut soon, mut long, mut reason) = (None, None, None);
    while let Some(clause) = words.next() {
        if clause.is("in") {
            let word = words.word("how soon, in multiples of 5min")?;
            set(&mut soon, units(word, "how soon an IMP goes down", SOONEST_TO_LATEST)?, clause)?;
        } else if clause.is("for") {
            let word = words.word("for how long, or for what")?;
            if word.text.starts_with(|first: char| first.is_ascii_digit()) {
                set(&mut long, units(word, "how long an IMP is down", LONGEST)?, clause)?;
            } else {
                set(&mut reason, self::reason(word)?, clause)?;
            }
        } else {
            let slip =
                Slip::new(clause.at(), format!("unexpected `{}`", clause.text), "neither `in` nor `for`");
            return Err(slip.help("write `goes down in 10min for 30min for maintenance`, or a part of it"));
        }
    }
    // `units` keeps both in their fields.
    let (how_soon, how_long) = (soon.unwrap_or(0) as u8, long.unwrap_or(0) as u16);
    Ok(GoingDown { reason: reason.unwrap_or(Reason::Unsaid), how_soon, how_long })
}

fn set<T>(place: &mut Option<T>, value: T, clause: Word<'_>) -> Result<(), Slip> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Slip::new(clause.at(), "this is said a second time", "said before")),
    }
}

/// Reads a span that an IMP can put into its notice.
fn units(word: Word<'_>, what: &str, most: u64) -> Result<u64, Slip> {
    let micros = span(word)?.as_micros();
    let units = micros / UNIT.as_micros();
    if !micros.is_multiple_of(UNIT.as_micros()) || units == 0 {
        let slip = Slip::new(word.at(), format!("{what} cannot be {}", word.text), "no multiple of 5min");
        return Err(slip.help("an IMP counts in units of five minutes (RFC 381): `5min`, `10min`, and so on"));
    }
    if units > most {
        let slip = Slip::new(word.at(), format!("{what} cannot be {}", word.text), "too long for the notice");
        return Err(slip.help(format!("{most} units of five minutes at most (RFC 381): `{}min`", most * 5)));
    }
    Ok(units)
}

fn reason(word: Word<'_>) -> Result<Reason, Slip> {
    const REASONS: [(&str, Reason); 3] =
        [("maintenance", Reason::Maintenance), ("reload", Reason::Reload), ("emergency", Reason::Emergency)];
    let found = REASONS.iter().find(|(name, _)| word.is(name));
    found.map(|(_, reason)| *reason).ok_or_else(|| word.is_none_of("reason", &REASONS.map(|(name, _)| name)))
}

/// Reads what happens to one message.
fn mishap(host: HostAddress, verb: Word<'_>, words: &mut Words<'_>) -> Result<Fault, Slip> {
    if verb.is("garbles") {
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
        return match next_message(words)? {
            Toward::Imp => Ok(Fault::Mishap { host, toward: Toward::Imp, mishap }),
            Toward::Host => {
                let word = before.peek().unwrap_or(verb);
                let message = "only a message to the imp can be garbled";
                let label = "comes from the IMP";
                Err(Slip::new(word.at(), message, label)
                    .help("it is the IMP that has an error flip-flop, and says so to its host (RFC 381)"))
            }
        };
    }
    if !OF_CABLES.iter().any(|known| verb.is(known)) {
        return Err(verb.is_none_of("verb", &OF_CABLES));
    }
    let toward = next_message(words)?;
    let mishap = if verb.is("loses") {
        Mishap::Lost
    } else if verb.is("repeats") {
        Mishap::Twice
    } else {
        words.keyword("by")?;
        Mishap::Late(span(words.word("how much later")?)?)
    };
    Ok(Fault::Mishap { host, toward, mishap })
}

/// Reads `the next message to the imp`. The articles may be missing.
fn next_message(words: &mut Words<'_>) -> Result<Toward, Slip> {
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
