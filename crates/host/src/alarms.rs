//! The alarms that programs have set.

use std::task::Waker;

use machine::{Instant, Sorted};

/// The alarm clock of a host: which program is to be woken when.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    waiting: Sorted<Key, Waker>,
    next: u64,
}

/// When an alarm rings, and its number: of two that ring together, the one that was set first does so first.
pub(crate) type Key = (Instant, u64);

impl Alarms {
    /// Sets an alarm that wakes `waker`. The key is for [`is_waiting`](Alarms::is_waiting) and [`clear`](Alarms::clear).
    pub(crate) fn set(&mut self, at: Instant, waker: &Waker) -> Key {
        let key = (at, self.next);
        self.next += 1;
        self.waiting.insert(key, waker.clone());
        key
    }

    /// Whether an alarm has not rung yet; if so, it will wake `waker`.
    pub(crate) fn is_waiting(&mut self, key: Key, waker: &Waker) -> bool {
        self.waiting.get_mut(&key).map(|known| known.clone_from(waker)).is_some()
    }

    /// Takes an alarm back.
    pub(crate) fn clear(&mut self, key: Key) {
        self.waiting.remove(&key);
    }

    /// When the next alarm rings.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.waiting.first_key().map(|(at, _)| *at)
    }

    /// How many are set.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Wakes every program whose time has come. Returns whether an alarm rang.
    pub(crate) fn ring(&mut self, now: Instant) -> bool {
        let mut rang = false;
        while self.deadline().is_some_and(|at| at <= now) {
            rang = true;
            self.waiting.pop_first().into_iter().for_each(|(_, waker)| waker.wake());
        }
        rang
    }
}
