//! The deadlines of an NCP.

use std::collections::VecDeque;

use imp1822::HostAddress;
use machine::{Instant, Sorted};

use crate::partner::Refusal;
use crate::{ConnectionId, Socket};

/// What happens at a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Patience with a connection that flushes, answers or closes ends.
    Connection(ConnectionId),
    /// A queued request has waited long enough and is refused.
    Request(Socket, u64),
    /// The CLS that answers a refusal has not come; the refusal is forgotten.
    Refusal(HostAddress, Refusal),
    /// The RRP has not come; commands flow again.
    Reset(HostAddress),
    /// The ERP has not come; the next ECO may go.
    Echo(HostAddress),
    /// A partner for which a program waits has said nothing for a while.
    Inquiry(HostAddress),
}

/// When each timer rings. A timer is set or stopped without knowledge of when it would have rung.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    at: Sorted<Timer, Instant>,
    /// All of them by time. A queue keeps its room, and a new deadline mostly belongs at its end.
    order: VecDeque<(Instant, Timer)>,
}

impl Timers {
    /// Sets a timer. If it is set already, it rings at the new time only.
    pub(crate) fn set(&mut self, timer: Timer, at: Instant) {
        if let Some(before) = self.at.insert(timer, at) {
            self.strike(before, timer);
        }
        let new = (at, timer);
        match self.order.back() {
            Some(last) if new < *last => {
                let place = self.order.partition_point(|entry| *entry < new);
                self.order.insert(place, new);
            }
            Some(_) | None => self.order.push_back(new),
        }
    }

    /// Stops a timer, if it is set.
    pub(crate) fn stop(&mut self, timer: Timer) {
        if let Some(at) = self.at.remove(&timer) {
            self.strike(at, timer);
        }
    }

    fn strike(&mut self, at: Instant, timer: Timer) {
        if let Ok(place) = self.order.binary_search(&(at, timer)) {
            self.order.remove(place);
        }
    }

    /// When a timer rings, if it is set.
    pub(crate) fn get(&self, timer: Timer) -> Option<Instant> {
        self.at.get(&timer).copied()
    }

    /// When the first of them rings.
    pub(crate) fn first(&self) -> Option<Instant> {
        self.order.front().map(|(at, _)| *at)
    }

    /// Takes the first timer that rings at or before `now`: those of one moment in the order of their type.
    pub(crate) fn pop_due(&mut self, now: Instant) -> Option<Timer> {
        if self.first().is_none_or(|at| at > now) {
            return None;
        }
        let (_, timer) = self.order.pop_front()?;
        self.at.remove(&timer);
        Some(timer)
    }

    /// All timers that are set.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Timer> {
        self.at.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.at.len()
    }

    pub(crate) fn clear(&mut self) {
        *self = Timers::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: u64) -> Instant {
        Instant::from_micros(micros)
    }

    fn reset(host: u8) -> Timer {
        Timer::Reset(HostAddress::from(host))
    }

    #[test]
    fn timers_ring_in_the_order_of_their_deadlines_and_none_too_early() {
        let mut timers = Timers::default();
        timers.set(reset(1), at(30));
        timers.set(reset(2), at(10));
        timers.set(Timer::Connection(ConnectionId(9)), at(30));
        assert_eq!((timers.first(), timers.len()), (Some(at(10)), 3));
        assert_eq!(timers.pop_due(at(9)), None);
        assert_eq!(timers.pop_due(at(30)), Some(reset(2)));
        assert_eq!(
            timers.pop_due(at(30)),
            Some(Timer::Connection(ConnectionId(9))),
            "connections come first"
        );
        assert_eq!(timers.pop_due(at(30)), Some(reset(1)));
        assert_eq!((timers.first(), timers.len()), (None, 0));
    }

    #[test]
    fn a_timer_that_is_set_again_rings_once_and_one_that_is_stopped_never() {
        let mut timers = Timers::default();
        timers.set(reset(1), at(10));
        timers.set(reset(2), at(10));
        timers.set(reset(1), at(20));
        timers.stop(reset(2));
        timers.stop(reset(3));
        assert_eq!((timers.get(reset(1)), timers.get(reset(2))), (Some(at(20)), None));
        assert_eq!(timers.pop_due(at(99)), Some(reset(1)));
        assert_eq!(timers.pop_due(at(99)), None);
    }
}
