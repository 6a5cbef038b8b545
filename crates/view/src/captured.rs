//! What stands above the transcript of a capture: when it begins, and which cables it has.

use std::fmt::Write as _;

use imp1822::h316::Statistics;
use trace::capture::{AddressSource, Cable, Reading};

/// The hosts and IMPs at the ends of the cables, and how well their datagrams came through.
pub fn summary(reading: &Reading) -> String {
    let mut text = format!("times count from {} UTC\n\n", date(reading.begins));
    for cable in &reading.cables {
        let Cable { host, imp, address, .. } = cable;
        let name = match cable.address_source {
            AddressSource::Given | AddressSource::Described | AddressSource::Recognised => {
                reading.directory.name(*address)
            }
            AddressSource::Invented => "a host".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name} at {host}: {}", counted(&cable.from_host));
        let _ = writeln!(text, "  its IMP at {imp}: {}", counted(&cable.from_imp));
        if !cable.is_clear {
            let _ = writeln!(text, "  which of the two is the IMP cannot be seen: say it with --imp");
        }
        if cable.address_source == AddressSource::Invented {
            let _ = writeln!(text, "  which host that is cannot be seen: say it with --host {host}=NUMBER");
        }
    }
    text.push('\n');
    text
}

/// What was counted of the datagrams of one end.
fn counted(statistics: &Statistics) -> String {
    let Statistics { datagrams_in, messages_in, .. } = statistics;
    let troubles = statistics.troubles();
    let comma = if troubles.is_empty() { "" } else { "; " };
    format!("{datagrams_in} datagrams, {messages_in} messages{comma}{troubles}")
}

/// A time in microseconds after the beginning of 1970 as `1973-01-24 00:00:00.000000`.
fn date(micros: u64) -> String {
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
    fn times_are_dates() {
        assert_eq!(date(0), "1970-01-01 00:00:00.000000");
        assert_eq!(date(trace::capture::EPOCH_MICROS), "1973-01-24 00:00:00.000000");
        assert_eq!(date(951_782_400_000_000 + 86_399_999_999), "2000-02-29 23:59:59.999999");
        assert_eq!(date(1_785_542_399_000_001), "2026-07-31 23:59:59.000001");
    }
}
