//! Datagrams that are ahead of their turn.

use machine::Instant;

use super::{Datagram, MAX_MESSAGE_WORDS};

/// At most this many datagrams wait for their turn.
pub(super) const MAX_HELD: usize = 64;

/// At most this many words wait in them: no peer that sends no longer messages than there are comes near.
const MAX_HELD_WORDS: usize = MAX_HELD * MAX_MESSAGE_WORDS;

/// Datagrams of one speaker that are ahead of their turn, in the order of their numbers. All are less than half of all
/// numbers ahead of the one that is expected.
#[derive(Debug, Default)]
pub(super) struct Held {
    waiting: Vec<Waiting>,
    words: usize,
}

/// One of them, and how long it waits.
#[derive(Debug)]
struct Waiting {
    datagram: Datagram,
    until: Instant,
}

impl Held {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether there is room for a datagram of this many words. One that is longer than all room finds it if it is alone.
    pub(super) fn has_room(&self, words: usize) -> bool {
        self.is_empty() || self.waiting.len() < MAX_HELD && self.words + words <= MAX_HELD_WORDS
    }

    /// Keeps a datagram, and says whether it had not been kept already.
    pub(super) fn keep(&mut self, expected: u32, datagram: Datagram, until: Instant) -> bool {
        let ahead = |sequence: u32| sequence.wrapping_sub(expected);
        let place = self
            .waiting
            .binary_search_by_key(&ahead(datagram.sequence), |waiting| ahead(waiting.datagram.sequence));
        let Err(place) = place else { return false };
        self.words += datagram.words().len();
        self.waiting.insert(place, Waiting { datagram, until });
        true
    }

    /// The number of the first.
    pub(super) fn first(&self) -> Option<u32> {
        self.waiting.first().map(|waiting| waiting.datagram.sequence)
    }

    /// The datagram with this number, if it is the first.
    pub(super) fn take(&mut self, sequence: u32) -> Option<Datagram> {
        if self.first() != Some(sequence) {
            return None;
        }
        let Waiting { datagram, .. } = self.waiting.remove(0);
        self.words -= datagram.words().len();
        Some(datagram)
    }

    /// When the first one has waited long enough.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.waiting.iter().map(|waiting| waiting.until).min()
    }
}
