//! A bound on the loops of tests: what never comes makes a test fail, and not hang.

/// More rounds than any loop of a test needs.
const MOST: u32 = 200_000;

/// Counts how often a loop of a test driver goes round. What the loop waits for may never come: a machine that has lost a
/// deadline, a wake-up or a message is what the test is there to find.
///
/// ```
/// use machine::Rounds;
///
/// let mut outputs = vec![1, 2, 3];
/// let mut rounds = Rounds::until("the machine has nothing more to say");
/// while outputs.pop().is_some() {
///     rounds.count();
/// }
/// ```
#[derive(Debug)]
pub struct Rounds {
    what: &'static str,
    left: u32,
}

impl Rounds {
    /// A loop that goes round until something comes about, which these words say.
    pub fn until(what: &'static str) -> Self {
        Rounds { what, left: MOST }
    }

    /// Counts a round.
    ///
    /// # Panics
    /// After 200,000 rounds.
    #[track_caller]
    pub fn count(&mut self) {
        assert!(self.left > 0, "not after {MOST} rounds: {}", self.what);
        self.left -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "not after 200000 rounds: it comes")]
    fn what_never_comes_is_told() {
        let mut rounds = Rounds::until("it comes");
        loop {
            rounds.count();
        }
    }
}
