//! Datagrams on their way out of an end.

use std::collections::VecDeque;

use machine::{Instant, Span};

/// This many datagrams may leave by a cable at once, and then one in each interval: who takes them has room for some two
/// hundred where nobody has given it more, and those that come while there is none are lost without a word. What waited
/// during a cut would be too many. No interface of 1973 is faster.
const BURST: u64 = 64;
const INTERVAL: Span = Span::from_millis(1);

/// Datagrams that leave an end, in the order in which they came.
pub(crate) struct Outlet {
    waiting: VecDeque<(usize, Vec<u8>)>,
    /// Of each cable, when all that has left would have left if there were no bursts.
    left: Vec<Instant>,
}

impl Outlet {
    pub(crate) fn new(cables: usize) -> Self {
        Outlet { waiting: VecDeque::new(), left: vec![Instant::START; cables] }
    }

    pub(crate) fn push(&mut self, cable: usize, datagram: Vec<u8>) {
        self.waiting.push_back((cable, datagram));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When the first of those that wait may leave.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let (cable, _) = self.waiting.front()?;
        let burst = BURST * INTERVAL.as_micros();
        self.left.get(*cable).map(|left| Instant::from_micros(left.as_micros().saturating_sub(burst)))
    }

    /// The next that leaves now, and its cable.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(usize, Vec<u8>)> {
        if self.deadline()? > now {
            return None;
        }
        let (cable, datagram) = self.waiting.pop_front()?;
        if let Some(left) = self.left.get_mut(cable) {
            *left = (*left).max(now) + INTERVAL;
        }
        Some((cable, datagram))
    }

    /// All that wait, whoever has room for them.
    pub(crate) fn take_all(&mut self) -> VecDeque<(usize, Vec<u8>)> {
        std::mem::take(&mut self.waiting)
    }
}
