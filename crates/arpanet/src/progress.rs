//! Shows the user of a terminal how far a long replay has come.

use std::io::{self, Write};
use std::time::Duration;

use imp::visible::visible;
use machine::Instant;

/// A replay that takes less real time than this shows nothing.
const QUIET_FOR: Duration = Duration::from_secs(2);

/// How often the line is written anew.
const INTERVAL: Duration = Duration::from_millis(100);

/// Shows on a terminal how far a replay has come, once it takes longer than two seconds. Prints nothing where there
/// is no terminal that can clear a line, and leaves nothing behind.
pub(crate) struct Progress {
    /// When it began.
    #[expect(clippy::disallowed_types, reason = "how long a person waits is real time")]
    began: std::time::Instant,
    /// When the line is due, counted from then.
    due: Duration,
    name: String,
    can_clear: bool,
    is_shown: bool,
}

impl Progress {
    /// The replay of the scenario `name` begins. `can_clear`: whether standard error is a terminal that obeys escapes.
    pub(crate) fn new(name: &str, can_clear: bool) -> Self {
        #[expect(clippy::disallowed_types, reason = "how long a person waits is real time")]
        let began = std::time::Instant::now();
        Progress { began, due: QUIET_FOR, name: visible(name).into_owned(), can_clear, is_shown: false }
    }

    /// The replay has come to this moment of virtual time.
    pub(crate) fn tell(&mut self, now: Instant) {
        self.say(|| format!("{now} s of virtual time"));
    }

    /// Of many replays that take about as long as each other, so many are done.
    #[cfg(feature = "full")]
    pub(crate) fn count(&mut self, done: u64, of: u64) {
        let so_far = self.began.elapsed();
        self.say(|| format!("{done} of {of} seeds, {}", pace(done, of, so_far)));
    }

    /// It has come so far.
    pub(crate) fn say(&mut self, how_far: impl FnOnce() -> String) {
        if !self.can_clear {
            return;
        }
        let so_far = self.began.elapsed();
        if so_far < self.due {
            return;
        }
        self.due = so_far + INTERVAL;
        self.is_shown = true;
        // If the terminal is gone, nobody waits.
        let _ = write!(io::stderr(), "\r{}: {}\x1b[K", self.name, how_far());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// How many of them are done in a second, and when all will be.
#[cfg(feature = "full")]
fn pace(done: u64, of: u64, so_far: Duration) -> String {
    let millis = so_far.as_millis().max(1);
    let rate = u128::from(done) * 1000 / millis;
    let left = u128::from(of.saturating_sub(done)) * millis / u128::from(done.max(1));
    format!("{rate} a second, {} s left", left.div_ceil(1000))
}

#[cfg(all(test, feature = "full"))]
mod tests {
    use super::*;

    #[test]
    fn the_pace_so_far_says_how_long_the_others_take() {
        assert_eq!(pace(1000, 4000, Duration::from_secs(2)), "500 a second, 6 s left");
        assert_eq!(pace(1, 3, Duration::from_secs(10)), "0 a second, 20 s left", "few that are long");
        assert_eq!(pace(4000, 4000, Duration::from_secs(8)), "500 a second, 0 s left", "all are done");
        assert_eq!(pace(0, 5, Duration::ZERO), "0 a second, 1 s left", "nothing has been done");
    }
}
