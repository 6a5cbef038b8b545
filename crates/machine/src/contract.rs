//! The contract of a machine without I/O.

use crate::Instant;

/// A protocol engine that does no I/O and owns no clock.
///
/// There are four methods, and a driver calls them in this order:
///
/// 1. [`handle`](Machine::handle) with one input, or [`alarm`](Machine::alarm) when the deadline has come.
///    Both are told the time. A machine may offer further methods that a local user calls (open, send,
///    close); these count as inputs.
/// 2. [`poll`](Machine::poll) again and again until it answers `None`. Outputs leave in the order in which
///    they came about.
/// 3. [`deadline`](Machine::deadline), to learn when to call `alarm` if nothing arrives before. It may have
///    changed with any input, and only then.
///
/// Time never goes back: each `now` is at or after the one before. After `alarm(now)` has been called and
/// drained, the deadline lies after `now` or is `None`, so that a driver cannot spin.
///
/// What a peer sends never makes a machine panic: a panic is a bug of ours.
pub trait Machine {
    /// What is handed to the machine: for most, a message from a wire.
    type Input;
    /// What the machine hands out: messages for a wire, and news for its local user.
    type Output;

    /// Takes one input that arrives at `now`.
    fn handle(&mut self, now: Instant, input: Self::Input);

    /// Hands out the next output, or `None` when everything that came of the last input has been taken.
    fn poll(&mut self) -> Option<Self::Output>;

    /// When [`alarm`](Machine::alarm) wants to be called, if at all.
    fn deadline(&self) -> Option<Instant>;

    /// Tells the machine that its deadline has come. A call before the deadline does nothing.
    fn alarm(&mut self, now: Instant);
}
