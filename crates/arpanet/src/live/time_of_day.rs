//! The time of day.

use std::time::Duration;

use machine::Span;

/// How much of today, in UTC, is over.
pub(crate) fn time_of_day() -> Span {
    #[expect(clippy::disallowed_types, reason = "only the clock of the machine knows the time of day")]
    let since = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    // A clock that is set before 1970 knows no time of day either.
    let since = since.unwrap_or(Duration::ZERO).as_secs();
    Span::from_secs(since % (24 * 60 * 60))
}
