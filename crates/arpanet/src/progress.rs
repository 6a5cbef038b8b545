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
    /// When the line is due.
    #[expect(clippy::disallowed_types, reason = "how long a person waits is real time")]
    due: std::time::Instant,
    name: String,
    can_clear: bool,
    is_shown: bool,
}

impl Progress {
    /// The replay of the scenario `name` begins. `can_clear`: whether standard error is a terminal that obeys escapes.
    pub(crate) fn new(name: &str, can_clear: bool) -> Self {
        #[expect(clippy::disallowed_types, reason = "how long a person waits is real time")]
        let due = std::time::Instant::now() + QUIET_FOR;
        Progress { due, name: visible(name).into_owned(), can_clear, is_shown: false }
    }

    /// The replay has come to this moment of virtual time.
    pub(crate) fn tell(&mut self, now: Instant) {
        self.say(|| format!("{now} s of virtual time"));
    }

    /// It has come so far.
    pub(crate) fn say(&mut self, how_far: impl FnOnce() -> String) {
        if !self.can_clear || !self.due.elapsed().gt(&Duration::ZERO) {
            return;
        }
        self.due += self.due.elapsed() + INTERVAL;
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
