//! The alarms that programs have set.

use std::collections::VecDeque;
use std::task::Waker;

use machine::Instant;

/// The alarm clock of a host: which program is to be woken when.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    /// In the order of their keys: a new alarm mostly belongs at the end.
    waiting: VecDeque<(Key, Waker)>,
    next: u64,
}

/// When an alarm rings, and its number: of two that ring together, the one that was set first does so first.
pub(crate) type Key = (Instant, u64);

impl Alarms {
    /// Sets an alarm that wakes `waker`. The key is for [`is_waiting`](Alarms::is_waiting) and [`clear`](Alarms::clear).
    pub(crate) fn set(&mut self, at: Instant, waker: &Waker) -> Key {
        let key = (at, self.next);
        self.next += 1;
        let place = self.waiting.partition_point(|(other, _)| *other < key);
        self.waiting.insert(place, (key, waker.clone()));
        key
    }

    /// Whether an alarm has not rung yet; if so, it will wake `waker`.
    pub(crate) fn is_waiting(&mut self, key: Key, waker: &Waker) -> bool {
        let Ok(place) = self.place(key) else { return false };
        self.waiting[place].1.clone_from(waker);
        true
    }

    /// Takes an alarm back.
    pub(crate) fn clear(&mut self, key: Key) {
        if let Ok(place) = self.place(key) {
            self.waiting.remove(place);
        }
    }

    fn place(&self, key: Key) -> Result<usize, usize> {
        self.waiting.binary_search_by_key(&key, |(key, _)| *key)
    }

    /// When the next alarm rings.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.waiting.front().map(|((at, _), _)| *at)
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
            self.waiting.pop_front().into_iter().for_each(|(_, waker)| waker.wake());
        }
        rang
    }
}
