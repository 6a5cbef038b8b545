//! What stands above and below the transcript of a capture: when it begins, which cables it has, what a clock did.

use std::fmt::Write as _;

use host::Directory;
use imp1822::h316::Statistics;
use machine::Span;
use trace::capture::{AddressSource, Cable, ClockJump, Introduced};

/// The hosts and IMPs at the ends of the cables, and how well their datagrams came through if that is known by now.
pub fn summary(capture: &Introduced) -> String {
    let mut text = match capture.begins() {
        Some(micros) => format!("times count from {} UTC\n", date(micros)),
        None if capture.cables().next().is_some() => {
            "no packet has a time: of the rules only those on the form of messages are judged\n".to_owned()
        }
        None => String::new(),
    };
    if !capture.is_whole() {
        text.push_str("more comes; so far these cables are known:\n");
    }
    text.push('\n');
    for cable in capture.cables() {
        push_cable(cable, capture.directory(), capture.is_whole(), &mut text);
    }
    text.push('\n');
    text
}

/// How well the datagrams of the cables came through, behind what was told of them.
pub fn counts<'c>(cables: impl IntoIterator<Item = &'c Cable>, directory: &Directory) -> String {
    let mut text = String::new();
    cables.into_iter().for_each(|cable| push_cable(cable, directory, true, &mut text));
    text
}

/// A cable that appears late, in a line.
pub fn new_cable(cable: &Cable, directory: &Directory) -> String {
    let name = directory.name(cable.address);
    let doubt = if cable.is_clear { "" } else { ", if that is not the IMP" };
    format!("a cable appears: {name} at {}, its IMP at {}{doubt}", cable.host, cable.imp)
}

/// What a clock did: what, meaning.
pub fn jump_words(jump: ClockJump) -> (String, &'static str) {
    match jump {
        ClockJump::Back(by) => {
            (format!("the clock is set back by {}", duration(by)), "times go on from where they were")
        }
        ClockJump::AheadAgain(by) => {
            (format!("the clock is set ahead by {} again", duration(by)), "times go on from where they were")
        }
        ClockJump::Ahead(by) => {
            (format!("nothing for {}", duration(by)), "silence, or the clock is set ahead")
        }
    }
}

/// A long time as `2:30:05`: hours, minutes, seconds.
fn duration(span: Span) -> String {
    let seconds = span.as_micros() / 1_000_000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn push_cable(cable: &Cable, directory: &Directory, is_counted: bool, text: &mut String) {
    let Cable { host, imp, address, .. } = cable;
    let name = match cable.address_source {
        AddressSource::Given | AddressSource::Described | AddressSource::Recognised => {
            directory.name(*address)
        }
        AddressSource::Invented => "a host".to_owned(),
    };
    let counted = |statistics| if is_counted { format!(": {}", counted(statistics)) } else { String::new() };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{name} at {host}{}", counted(&cable.from_host));
    let _ = writeln!(text, "  its IMP at {imp}{}", counted(&cable.from_imp));
    if !cable.is_clear {
        let _ = writeln!(text, "  which of the two is the IMP cannot be seen: say it with --imp");
    }
    if cable.address_source == AddressSource::Invented {
        let _ = writeln!(text, "  which host that is cannot be seen: say it with --host {host}=NUMBER");
    }
}

/// What was counted of the datagrams of one end.
fn counted(statistics: &Statistics) -> String {
    let Statistics { datagrams_in, messages_in, .. } = statistics;
    let troubles = statistics.troubles();
    let comma = if troubles.is_empty() { "" } else { "; " };
    format!("{datagrams_in} datagrams, {messages_in} messages{comma}{troubles}")
}

/// A time in microseconds after the beginning of 1970 as `1973-01-24 00:00:00.000000`.
pub(crate) fn date(micros: u64) -> String {
    const DAY: u64 = 24 * 60 * 60 * 1_000_000;
    let (mut days, rest) = (micros / DAY, micros % DAY);
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days_of = |year| if is_leap(year) { 366 } else { 365 };
    let mut year = 1970;
    while days >= days_of(year) {
        days -= days_of(year);
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let seconds = rest / 1_000_000;
    format!(
        "{year}-{month:02}-{:02} {:02}:{:02}:{:02}.{:06}",
        days + 1,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        rest % 1_000_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_clock_did_is_told_with_the_time_in_hours() {
        let two = Span::from_secs(2 * 3600 + 5);
        assert_eq!(jump_words(ClockJump::Back(two)).0, "the clock is set back by 2:00:05");
        assert_eq!(jump_words(ClockJump::Ahead(two)).0, "nothing for 2:00:05");
    }

    #[test]
    fn times_are_dates() {
        assert_eq!(date(0), "1970-01-01 00:00:00.000000");
        assert_eq!(date(trace::capture::EPOCH_MICROS), "1973-01-24 00:00:00.000000");
        assert_eq!(date(951_782_400_000_000 + 86_399_999_999), "2000-02-29 23:59:59.999999");
        assert_eq!(date(1_785_542_399_000_001), "2026-07-31 23:59:59.000001");
    }
}
