//! Numbers, and numbers with a unit. Decimals are exact: they become whole microseconds, or bits a second,
//! or are refused.

use std::ops::RangeInclusive;

use imp::NoNumber;
use machine::{Rate, Span};
use winnow::Parser;
use winnow::ascii::digit1;
use winnow::combinator::{opt, preceded};
use winnow::token::rest;

use super::errors::Diagnostic;
use super::words::{Word, Words};

/// The longest span: a year. No scenario is longer, and no sum of them overflows.
const LONGEST_SPAN: u128 = 366 * 24 * 3600 * 1_000_000;

/// How long a signal takes for a kilometre: at two thirds of the speed of light, 5 us.
///
/// Light needs 3.3 us. The carrier systems that 50 kb/s circuits were cut from, coaxial cable and microwave relays,
/// were a little slower than that, and their routes longer than the way of the crow, which is all that a net file
/// states: two thirds allow for both. A satellite's line states its delay instead.
const MICROS_PER_KM: u128 = 5;

/// A decimal number and what is written behind it.
struct Quantity<'a> {
    /// The number without its point.
    digits: u128,
    /// Ten to the number of digits behind the point.
    scale: u128,
    unit: &'a str,
}

/// A decimal number, without a sign: its digits as a whole number, and what to divide that by. Of numbers that have
/// more digits than anything needs, the most there is.
pub(super) fn decimal(text: &str) -> Option<(u128, u128)> {
    match quantity.parse_next(&mut &*text) {
        Ok(Quantity { digits, scale, unit: "" }) => Some((digits, scale)),
        Ok(Quantity { .. }) | Err(_) => None,
    }
}

fn quantity<'a>(input: &mut &'a str) -> winnow::Result<Quantity<'a>> {
    let (whole, fraction, unit): (&str, Option<&str>, &str) =
        (digit1, opt(preceded('.', digit1)), rest).parse_next(input)?;
    let fraction = fraction.unwrap_or("");
    // 24 digits times the largest unit fit in 128 bits; a longer number is refused as too large.
    let fits = whole.len() + fraction.len() <= 24;
    let digits = whole.bytes().chain(fraction.bytes());
    let digits =
        if fits { digits.fold(0, |so_far, digit| so_far * 10 + u128::from(digit - b'0')) } else { u128::MAX };
    let scale = if fits { 10_u128.pow(fraction.len() as u32) } else { 1 };
    Ok(Quantity { digits, scale, unit })
}

/// A whole number within a range: decimal, octal behind `0o`, or hexadecimal behind `0x`.
pub(super) fn number(word: Word<'_>, what: &str, range: RangeInclusive<u64>) -> Result<u64, Diagnostic> {
    let none = || {
        Diagnostic::new(word.at(), format!("`{}` is not a number", word.text), format!("{what} belongs here"))
    };
    let reaches = format!("{} to {}", range.start(), range.end());
    match imp::number(word.text) {
        Ok(number) if range.contains(&number) => Ok(number),
        Ok(_) | Err(NoNumber::TooLarge) => {
            Err(Diagnostic::new(word.at(), format!("{what} cannot be {}", word.text), reaches))
        }
        Err(NoNumber::Signed) => {
            let message = format!("{what} cannot be {}", word.text);
            Err(Diagnostic::new(word.at(), message, reaches).help("numbers have no sign"))
        }
        Err(NoNumber::NotWrittenLikeOne) => Err(match word.slip(|bare| imp::number(bare).is_ok()) {
            Some(slip) => none().help(slip),
            None => none().help(
                "numbers are decimal, such as `17`, octal, such as `0o21`, or hexadecimal, such as `0x11`",
            ),
        }),
    }
}

/// A number that fits in a byte.
pub(super) fn small_number(word: Word<'_>, what: &str, range: RangeInclusive<u8>) -> Result<u8, Diagnostic> {
    let number = number(word, what, u64::from(*range.start())..=u64::from(*range.end()))?;
    // `number` keeps to the range.
    Ok(number as u8)
}

/// The units of a quantity.
struct Units {
    /// What it is, with its article.
    what: &'static str,
    /// How one is written.
    example: &'static str,
    /// The units, and what they are worth.
    known: &'static [(&'static str, u128)],
    /// How else people write units: the unit that is meant, and how many of them that is.
    other: &'static [(&'static [&'static str], &'static str, u128)],
}

impl Units {
    /// The unit that somebody means who writes it so, and how many of them it is.
    fn meant(&self, written: &str) -> Option<(&'static str, u128)> {
        let written = written.trim_end_matches([',', '.', ':', ';']);
        let is = |name: &&str| name.eq_ignore_ascii_case(written);
        let known = self.known.iter().find(|(name, _)| is(name)).map(|(name, _)| (*name, 1));
        let other = || self.other.iter().find(|(names, ..)| names.iter().any(is));
        known.or_else(|| other().map(|(_, unit, times)| (*unit, *times)))
    }

    /// The known units, as suggestions list them.
    fn listed(&self) -> String {
        self.known.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

/// How often a number counts that is written in front of a unit, in digits.
fn times(digits: &str, times: u128) -> Option<String> {
    if times == 1 {
        Some(digits.to_owned())
    } else {
        Some(digits.parse::<u128>().ok()?.checked_mul(times)?.to_string())
    }
}

/// Reads a quantity in one of these units; the result is in the unit whose factor is 1.
fn in_units(word: Word<'_>, units: &Units) -> Result<u128, Diagnostic> {
    let Units { what, example, known, .. } = units;
    let said = quantity.parse_next(&mut &*word.text).map_err(|_| {
        let diagnostic = Diagnostic::new(
            word.at(),
            format!("`{}` is not {what}", word.text),
            format!("{what} belongs here"),
        );
        diagnostic.help(match word.text.strip_prefix(['-', '+']) {
            Some(bare) if quantity.parse_next(&mut &*bare).is_ok() => format!("{what} has no sign: `{bare}`"),
            Some(_) | None => format!("write {what} like `{example}`"),
        })
    })?;
    let digits = &word.text[..word.text.len() - said.unit.len()];
    let written = |(unit, factor)| Some(format!("write `{}{unit}`", times(digits, factor)?));
    if said.unit.is_empty() {
        let next = word.behind.split_whitespace().next();
        let meant = next.and_then(|next| units.meant(next)).and_then(written);
        let first = known[0].0;
        let others = || format!("write `{digits}{first}`, or another of the units {}", units.listed());
        let meant = meant.map(|meant| format!("{meant}, without a blank"));
        return Err(Diagnostic::new(word.at(), format!("{what} without a unit"), "in what unit?")
            .help(meant.unwrap_or_else(others)));
    }
    let Some((_, factor)) = known.iter().find(|(name, _)| said.unit.eq_ignore_ascii_case(name)) else {
        let at = word.at().end - said.unit.len()..word.at().end;
        let meant = units.meant(said.unit).and_then(written);
        return Err(Diagnostic::new(at, format!("unknown unit `{}`", said.unit), "no unit")
            .help(meant.unwrap_or_else(|| format!("the units are {}", units.listed()))));
    };
    let too_large = || Diagnostic::new(word.at(), format!("{what} cannot be {}", word.text), "too large");
    let scaled = said.digits.checked_mul(*factor).ok_or_else(too_large)?;
    if !scaled.is_multiple_of(said.scale) {
        return Err(Diagnostic::new(
            word.at(),
            format!("`{}` is too fine", word.text),
            "has too many digits",
        )
        .help(format!("{} is the smallest unit", smallest(known))));
    }
    Ok(scaled / said.scale)
}

fn smallest<'a>(units: &[(&'a str, u128)]) -> &'a str {
    units.iter().min_by_key(|(_, factor)| *factor).map_or("", |(name, _)| name)
}

/// The mean gap between messages, by how many come in a second or minute: `2.5` and `messages/s`.
pub(super) fn mean_gap(number: Word<'_>, unit: Word<'_>) -> Result<Span, Diagnostic> {
    const UNITS: [(&str, u128); 4] = [
        ("messages/s", 1_000_000),
        ("message/s", 1_000_000),
        ("messages/min", 60_000_000),
        ("message/min", 60_000_000),
    ];
    let said = quantity.parse_next(&mut &*number.text).ok().filter(|said| said.unit.is_empty());
    let Some(Quantity { digits, scale, .. }) = said else {
        let message = format!("`{}` is not a number of messages", number.text);
        return Err(Diagnostic::new(number.at(), message, "how many messages?")
            .help("write a rate like `20 messages/s` or `0.5 messages/s`"));
    };
    let Some((_, time)) = UNITS.iter().find(|(name, _)| unit.is(name)) else {
        let message = format!("unknown unit `{}`", unit.text);
        return Err(Diagnostic::new(unit.at(), message, "how often?")
            .help("the units are `messages/s`, `messages/min`"));
    };
    match time.checked_mul(scale).and_then(|time| time.checked_div(digits)) {
        Some(gap @ FASTEST..=SLOWEST) => Ok(Span::from_micros(gap as u64)),
        Some(_) | None => {
            let label = "1 message/min to 10000 messages/s";
            Err(Diagnostic::new(
                number.at(),
                format!("a rate cannot be {} {}", number.text, unit.text),
                label,
            ))
        }
    }
}

/// The mean gaps in microseconds between which those of traffic must be.
const FASTEST: u128 = 100;
const SLOWEST: u128 = 60_000_000;

/// Reads a length of time as scenarios have it, of an option of a command: `20us`, `125ms`, `1.5s`, `2min`.
///
/// # Errors
/// It is none: what is wrong with it, and what to write.
pub fn read_span(text: &str) -> Result<Span, String> {
    span(Word::alone(text)).map_err(Diagnostic::alone)
}

/// A length of time: `20us`, `125ms`, `1.5s`, `2min`.
pub(super) fn span(word: Word<'_>) -> Result<Span, Diagnostic> {
    const SPANS: Units = Units {
        what: "a duration",
        example: "1.5s",
        known: &[("s", 1_000_000), ("ms", 1_000), ("us", 1), ("min", 60_000_000)],
        other: &[
            (&["second", "seconds", "sec", "secs"], "s", 1),
            (&["minute", "minutes", "mins", "m"], "min", 1),
            (&["hour", "hours", "h", "hr", "hrs"], "min", 60),
            (&["day", "days", "d"], "min", 24 * 60),
            (&["millisecond", "milliseconds", "msec", "msecs"], "ms", 1),
            (&["microsecond", "microseconds", "usec", "usecs", "\u{b5}s", "\u{3bc}s"], "us", 1),
        ],
    };
    match in_units(word, &SPANS)? {
        micros @ 0..=LONGEST_SPAN => Ok(Span::from_micros(micros as u64)),
        _ => Err(Diagnostic::new(
            word.at(),
            format!("a duration cannot be {}", word.text),
            "longer than a year",
        )),
    }
}

/// A range of lengths of time, or one: `1s to 10min`, `5s`.
pub(super) fn spans(words: &mut Words<'_>, what: &str) -> Result<RangeInclusive<Span>, Diagnostic> {
    let least = span(words.word(what)?)?;
    if !words.take("to") {
        return Ok(least..=least);
    }
    let word = words.word(what)?;
    let most = span(word)?;
    if most < least {
        let message = format!("no duration is from {least} to {}", word.text);
        return Err(Diagnostic::new(word.at(), message, "the shorter one comes first"));
    }
    Ok(least..=most)
}

/// The speed of a line: `50kb/s`, `230.4kb/s`, `9600b/s`.
pub(super) fn rate(word: Word<'_>) -> Result<Rate, Diagnostic> {
    const SPEEDS: Units = Units {
        what: "a speed",
        example: "50kb/s",
        known: &[("kb/s", 1_000), ("b/s", 1)],
        other: &[
            (&["kbps", "kbit/s", "kbits/s", "kb", "kbaud"], "kb/s", 1),
            (&["bps", "bit/s", "bits/s", "b", "baud"], "b/s", 1),
            (&["mb/s", "mbps", "mbit/s"], "kb/s", 1_000),
        ],
    };
    const FASTEST: u128 = 1_000_000_000;
    match in_units(word, &SPEEDS)? {
        bits @ 0..=FASTEST => Rate::from_bits_per_second(bits as u64).ok_or_else(|| {
            Diagnostic::new(word.at(), format!("a speed cannot be {}", word.text), "never delivers anything")
        }),
        _ => Err(Diagnostic::new(word.at(), format!("a speed cannot be {}", word.text), "too fast")),
    }
}

/// How long a signal takes for a way, given by its length: `10km`, `6miles`.
pub(super) fn way(word: Word<'_>) -> Result<Span, Diagnostic> {
    // In millimetres. Of a mile there are 1,609,344.
    const LENGTHS: Units = Units {
        what: "a length",
        example: "10km",
        known: &[("km", 1_000_000), ("miles", 1_609_344), ("mile", 1_609_344), ("m", 1_000), ("mm", 1)],
        other: &[
            (&["kilometre", "kilometres", "kilometer", "kilometers", "kms"], "km", 1),
            (&["metre", "metres", "meter", "meters"], "m", 1),
            (&["mi"], "miles", 1),
        ],
    };
    const LONGEST: u128 = 1_000_000 * 1_000_000;
    match in_units(word, &LENGTHS)? {
        length @ 0..=LONGEST => {
            let micros = (length * MICROS_PER_KM + 500_000) / 1_000_000;
            Ok(Span::from_micros(micros as u64))
        }
        _ => Err(Diagnostic::new(
            word.at(),
            format!("a length cannot be {}", word.text),
            "a million km at most",
        )),
    }
}
