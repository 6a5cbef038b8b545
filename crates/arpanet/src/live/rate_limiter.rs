//! Limits how many lines are printed of what happens again and again.

use machine::{Instant, Span};

/// Lets at most [`BURST`] lines through in each [`WINDOW`].
#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    /// When the present window began.
    since: Instant,
    /// How many lines were wanted in it.
    wanted: u32,
}

/// At most this many lines in each [`WINDOW`].
const BURST: u32 = 5;

/// How long a window is. The first line after its end begins the next one.
const WINDOW: Span = Span::from_secs(10);

impl RateLimiter {
    /// Whether one more line may be printed now.
    pub(crate) fn allows(&mut self, now: Instant) -> bool {
        if now.since(self.since) >= WINDOW {
            *self = RateLimiter { since: now, wanted: 0 };
        }
        self.wanted += 1;
        self.wanted <= BURST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_things_are_told_in_a_while() {
        let mut limiter = RateLimiter::default();
        let told = (0..1000).filter(|_| limiter.allows(Instant::START)).count();
        assert_eq!(told, BURST as usize);
        assert!(limiter.allows(Instant::START + WINDOW), "a new window has begun");
    }
}
