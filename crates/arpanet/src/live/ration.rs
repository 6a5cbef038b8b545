//! How much is told of what goes wrong again and again.

use machine::{Instant, Span};

/// Lets a few things through in a while.
#[derive(Debug, Default)]
pub(crate) struct Ration {
    since: Instant,
    told: u32,
}

/// So many in each [`WHILE`].
const MOST: u32 = 5;

/// See [`MOST`].
const WHILE: Span = Span::from_secs(10);

impl Ration {
    /// Whether one more thing may be told now.
    pub(crate) fn allows(&mut self, now: Instant) -> bool {
        if now.since(self.since) >= WHILE {
            *self = Ration { since: now, told: 0 };
        }
        self.told += 1;
        self.told <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_things_are_told_in_a_while() {
        let mut ration = Ration::default();
        let told = (0..1000).filter(|_| ration.allows(Instant::START)).count();
        assert_eq!(told, MOST as usize);
        assert!(ration.allows(Instant::START + WHILE), "a new while has begun");
    }
}
