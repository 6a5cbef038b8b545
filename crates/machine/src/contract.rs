//! The contract of a machine without I/O.

use crate::Instant;

/// A protocol engine that does no I/O and owns no clock.
///
/// There are four methods, and a driver calls them in this order:
///
/// 1. [`handle`](Machine::handle) with one input, or [`alarm`](Machine::alarm) when the deadline has come.
///    Both are told the time. A machine may offer further methods that a local user calls (open, send,
///    close); these count as inputs.
/// 2. [`poll`](Machine::poll) again and again until it returns `None`, or [`drain`](Machine::drain), which does that.
///    Outputs leave in the order in which they came about.
/// 3. [`deadline`](Machine::deadline), to learn when to call `alarm` if nothing arrives before. An input may move it,
///    and so may a `poll`, because what leaves may have to be answered in time: a driver asks when it has drained.
///
/// Time never goes back: each `now` is at or after the one before. After `alarm(now)` has been called and
/// drained, the deadline lies after `now` or is `None`, so that a driver cannot spin.
///
/// What a peer sends never makes a machine panic: a panic is a bug of ours.
///
/// ```
/// use machine::{Instant, Machine, Span};
///
/// /// Returns every number, and says 0 when none has come for a second.
/// #[derive(Default)]
/// struct Echo {
///     heard: Vec<u32>,
///     deadline: Option<Instant>,
/// }
///
/// impl Machine for Echo {
///     type Input = u32;
///     type Output = u32;
///
///     fn handle(&mut self, now: Instant, number: u32) {
///         self.heard.push(number);
///         self.deadline = Some(now + Span::from_secs(1));
///     }
///
///     fn poll(&mut self) -> Option<u32> {
///         self.heard.pop()
///     }
///
///     fn deadline(&self) -> Option<Instant> {
///         self.deadline
///     }
///
///     fn alarm(&mut self, now: Instant) {
///         if self.deadline.is_some_and(|at| at <= now) {
///             self.heard.push(0);
///             self.deadline = None;
///         }
///     }
/// }
///
/// let mut echo = Echo::default();
/// echo.handle(Instant::START, 7);
/// assert!(echo.drain().eq([7]));
/// let deadline = echo.deadline().expect("a second is not over");
/// echo.alarm(deadline);
/// assert!(echo.drain().eq([0]));
/// assert_eq!(echo.deadline(), None);
/// ```
pub trait Machine {
    /// What is handed to the machine: for most, a message from a wire.
    type Input;
    /// What the machine hands out: messages for a wire, and news for its local user.
    type Output;

    /// Takes one input that arrives at `now`.
    fn handle(&mut self, now: Instant, input: Self::Input);

    /// Hands out the next output, or `None` when everything that came of the last input has been taken.
    fn poll(&mut self) -> Option<Self::Output>;

    /// Hands out all outputs, in order: polls until there is none.
    fn drain(&mut self) -> impl Iterator<Item = Self::Output>
    where
        Self: Sized,
    {
        std::iter::from_fn(|| self.poll())
    }

    /// When [`alarm`](Machine::alarm) wants to be called, if at all.
    fn deadline(&self) -> Option<Instant>;

    /// Tells the machine that its deadline has come. A call before the deadline does nothing.
    fn alarm(&mut self, now: Instant);
}
