//! What has reached a host that is slow to look at it.

use std::collections::VecDeque;

use imp1822::Signal;
use machine::{Instant, Span};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The signals that have reached a host, and at which it has not looked yet. Each waits for a time that is drawn at random;
/// their order is kept.
pub(crate) struct Inbox {
    within: Span,
    random: ChaCha8Rng,
    waiting: VecDeque<Waiting>,
}

/// A signal that waits.
struct Waiting {
    until: Instant,
    /// The number of the record of its arrival.
    number: u64,
    signal: Signal,
}

impl Inbox {
    /// That of the host of this name, which looks at what arrives within this time. It draws from a stream of its own.
    pub(crate) fn new(host: &str, within: Span, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(host::stream(&format!("inbox of {host}")));
        Inbox { within, random, waiting: VecDeque::new() }
    }

    /// A signal arrives now.
    pub(crate) fn put(&mut self, now: Instant, number: u64, signal: Signal) {
        let drawn = self.random.random_range(0..=self.within.as_micros());
        let after = self.waiting.back().map_or(Instant::START, |last| last.until);
        let until = after.max(now + Span::from_micros(drawn));
        self.waiting.push_back(Waiting { until, number, signal });
    }

    /// When the host looks at the next signal.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.waiting.front().map(|next| next.until)
    }

    /// The next signal, if its time has come, and the number of its record.
    pub(crate) fn take(&mut self, now: Instant) -> Option<(u64, Signal)> {
        if self.deadline()? > now {
            return None;
        }
        self.waiting.pop_front().map(|next| (next.number, next.signal))
    }

    /// The next signal, whatever its time, and the number of its record.
    pub(crate) fn take_at_once(&mut self) -> Option<(u64, Signal)> {
        self.waiting.pop_front().map(|next| (next.number, next.signal))
    }

    /// The host has stopped: the messages that it has not looked at are lost. It will find out how its cable is.
    pub(crate) fn lose_messages(&mut self) {
        self.waiting.retain(|waiting| !matches!(waiting.signal, Signal::Message(_)));
    }
}
