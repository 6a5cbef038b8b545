//! The alarms that programs have set.

use std::collections::BTreeMap;
use std::task::Waker;

use machine::Instant;

/// The alarm clock of a host: which program is to be woken when.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    waiting: BTreeMap<(Instant, u64), Option<Waker>>,
    next: u64,
}

impl Alarms {
    /// Sets an alarm. The key is for [`is_waiting`](Alarms::is_waiting) and [`clear`](Alarms::clear).
    pub(crate) fn set(&mut self, at: Instant) -> (Instant, u64) {
        let key = (at, self.next);
        self.next += 1;
        self.waiting.insert(key, None);
        key
    }

    /// Whether an alarm has not rung yet; if so, it will wake `waker`.
    pub(crate) fn is_waiting(&mut self, key: (Instant, u64), waker: &Waker) -> bool {
        let waiting = self.waiting.get_mut(&key);
        waiting.map(|known| *known = Some(waker.clone())).is_some()
    }

    /// Takes an alarm back.
    pub(crate) fn clear(&mut self, key: (Instant, u64)) {
        self.waiting.remove(&key);
    }

    /// When the next alarm rings.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|((at, _), _)| *at)
    }

    /// How many are set.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Wakes every program whose time has come. Returns whether an alarm rang.
    pub(crate) fn ring(&mut self, now: Instant) -> bool {
        let mut rang = false;
        while let Some(entry) = self.waiting.first_entry().filter(|entry| entry.key().0 <= now) {
            rang = true;
            if let Some(waker) = entry.remove() {
                waker.wake();
            }
        }
        rang
    }
}
