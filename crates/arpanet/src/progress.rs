//! Shows the user of a terminal how far a long replay has come.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use machine::Instant;

/// A replay that takes less real time than this shows nothing.
const QUIET_FOR: Duration = Duration::from_secs(2);

/// Shows on a terminal how far a replay has come, once it takes longer than two seconds. Prints nothing where there
/// is no terminal, and leaves nothing behind.
pub(crate) struct Progress {
    #[expect(clippy::disallowed_types, reason = "how long a person waits is real time")]
    begun: std::time::Instant,
    bar: Option<ProgressBar>,
    name: String,
}

impl Progress {
    /// The replay of the scenario `name` begins.
    pub(crate) fn new(name: &str) -> Self {
        #[expect(clippy::disallowed_types, reason = "how long a person waits is real time")]
        let begun = std::time::Instant::now();
        Progress { begun, bar: None, name: name.to_owned() }
    }

    /// The replay has come to this moment of virtual time.
    pub(crate) fn tell(&mut self, now: Instant) {
        if self.begun.elapsed() < QUIET_FOR {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            // A template that is wrong would be ours to mend; the plain style does as well.
            let style = ProgressStyle::with_template("{spinner} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            bar.with_style(style)
        });
        bar.set_message(format!("{}: {now} s of virtual time", self.name));
        bar.tick();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
