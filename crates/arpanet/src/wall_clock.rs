//! What the clock of this machine shows: no other file asks it for the date.

use std::time::{Duration, UNIX_EPOCH};

use machine::Span;

/// How long ago 1970 began, in UTC; `None` of a clock that is set before that.
pub(crate) fn since_1970() -> Option<Duration> {
    #[expect(clippy::disallowed_types, reason = "only the clock of the machine knows the date")]
    let now = std::time::SystemTime::now();
    now.duration_since(UNIX_EPOCH).ok()
}

/// How much of today, in UTC, is over.
pub(crate) fn time_of_day() -> Span {
    // A clock that is set before 1970 knows no time of day either.
    let since = since_1970().unwrap_or_default().as_secs();
    Span::from_secs(since % (24 * 60 * 60))
}
