//! The messages that have reached a host that is slow to look at them. How its IMP's ready line is, every interface shows
//! at once.

use std::collections::VecDeque;

use machine::{Bits, Instant, Span};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The messages that have reached a host, and at which it has not looked yet. Each waits for a time that is drawn at
/// random; their order is kept.
pub(crate) struct Inbox {
    within: Span,
    random: ChaCha8Rng,
    waiting: VecDeque<Waiting>,
}

/// A message that waits.
struct Waiting {
    until: Instant,
    /// The number of the record of its arrival.
    number: u64,
    message: Bits,
}

impl Inbox {
    /// That of the host of this name, which looks at what arrives within this time. It draws from a stream of its own.
    pub(crate) fn new(host: &str, within: Span, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(host::stream(&format!("inbox of {host}")));
        Inbox { within, random, waiting: VecDeque::new() }
    }

    /// A message arrives now.
    pub(crate) fn put(&mut self, now: Instant, number: u64, message: Bits) {
        let drawn = self.random.random_range(0..=self.within.as_micros());
        let after = self.waiting.back().map_or(Instant::START, |last| last.until);
        let until = after.max(now + Span::from_micros(drawn));
        self.waiting.push_back(Waiting { until, number, message });
    }

    /// When the host looks at the next message.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.waiting.front().map(|next| next.until)
    }

    /// The next message, if its time has come, and the number of its record.
    pub(crate) fn take(&mut self, now: Instant) -> Option<(u64, Bits)> {
        if self.deadline()? > now {
            return None;
        }
        self.waiting.pop_front().map(|next| (next.number, next.message))
    }

    /// The next signal, whatever its time, and the number of its record.
    pub(crate) fn take_at_once(&mut self) -> Option<(u64, Bits)> {
        self.waiting.pop_front().map(|next| (next.number, next.message))
    }

    /// The host has stopped, or its IMP has: the messages at which it has not looked are lost.
    pub(crate) fn lose_messages(&mut self) {
        self.waiting.clear();
    }
}
