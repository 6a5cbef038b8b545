//! The time of day in the log.

use machine::{Instant, Span};

/// The time of day, to the second: `14:03:27`. `began` is the time of day at which the host's clock was zero.
pub fn time_of_day(at: Instant, began: Span) -> String {
    let seconds = (at + began).as_micros() / 1_000_000;
    format!("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}
