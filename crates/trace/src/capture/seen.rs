//! Which datagrams a capture holds more than once.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;

use xxhash_rust::xxh3::xxh3_128;

/// At most so many microseconds lie between what one interface saw and what the other one saw of the same datagram.
const WITHIN: u64 = 100_000;

/// No more datagrams are remembered at once.
const REMEMBERED: usize = 4096;

/// An end of a cable: the place of its pair, and where it is.
pub(super) type End = (usize, SocketAddr);

/// A datagram: its end, its length, and a hash of what it carries.
type Key = (End, usize, u128);

/// How many different datagrams of an end were seen, and how many of them more than once.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    all: u64,
    doubled: u64,
    /// How many came in vain.
    repeats: u64,
}

impl Count {
    fn is_the_capture(self) -> bool {
        2 * self.doubled > self.all
    }
}

/// What was seen of one datagram.
#[derive(Debug, Clone, Copy)]
struct Copies {
    /// When the first came, in microseconds after the beginning of 1970.
    first: u64,
    /// Whether another has come since.
    came_again: bool,
}

/// Knows each datagram once where a capture of several interfaces holds it more than once.
///
/// A datagram carries its sequence number, so that one which comes again was not sent again. But a single one may have
/// been doubled by the network, which the other end sees, too: only if most of an end's datagrams come again is it
/// the capture.
#[derive(Debug, Default)]
pub(super) struct Doubles {
    recent: BTreeMap<Key, Copies>,
    /// The same, in the order in which they came.
    order: VecDeque<(u64, Key)>,
    counts: BTreeMap<End, Count>,
}

impl Doubles {
    /// Takes the next datagram of an end, and says whether it is there once more.
    pub(super) fn is_repeat(&mut self, end: End, micros: u64, payload: &[u8]) -> bool {
        let key = (end, payload.len(), xxh3_128(payload));
        // One of long ago is another: the numbers begin anew.
        let is_over = |first: u64| micros.abs_diff(first) > WITHIN;
        while self.order.front().is_some_and(|(first, _)| is_over(*first)) || self.order.len() > REMEMBERED {
            let Some((first, old)) = self.order.pop_front() else { break };
            if self.recent.get(&old).is_some_and(|copies| copies.first == first) {
                self.recent.remove(&old);
            }
        }
        let count = self.counts.entry(end).or_default();
        match self.recent.get_mut(&key).filter(|copies| !is_over(copies.first)) {
            Some(copies) => {
                count.doubled += u64::from(!std::mem::replace(&mut copies.came_again, true));
                count.repeats += 1;
                true
            }
            None => {
                count.all += 1;
                self.recent.insert(key, Copies { first: micros, came_again: false });
                self.order.push_back((micros, key));
                false
            }
        }
    }

    /// Whether it is the capture that holds this end's datagrams more than once, as far as is known.
    pub(super) fn are_of_the_capture(&self, end: End) -> bool {
        self.counts.get(&end).is_some_and(|count| count.is_the_capture())
    }

    /// How many datagrams are left out.
    pub(super) fn left_out(&self) -> u64 {
        self.counts.values().filter(|count| count.is_the_capture()).map(|count| count.repeats).sum()
    }

    /// The same counts, and no datagram remembered: to read the capture again.
    pub(super) fn anew(&self) -> Self {
        Doubles { counts: self.counts.clone(), ..Doubles::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many are left of datagrams of one end, each with its time in milliseconds and its number.
    fn left(datagrams: &[(u64, u8)]) -> usize {
        let end = (0, "10.0.0.1:1822".parse().expect("it is one"));
        let mut doubles = Doubles::default();
        for (at, number) in datagrams {
            doubles.is_repeat(end, at * 1000, &[*number]);
        }
        let mut again = doubles.anew();
        let are_left = datagrams.iter().filter(|(at, number)| {
            !(again.is_repeat(end, at * 1000, &[*number]) && doubles.are_of_the_capture(end))
        });
        let left = are_left.count();
        assert_eq!(left + doubles.left_out() as usize, datagrams.len(), "each is kept or counted");
        left
    }

    #[test]
    fn where_most_come_again_the_capture_is_the_reason() {
        assert_eq!(left(&[(0, 0), (0, 0), (3, 1), (4, 1), (5, 2), (6, 2)]), 3, "two interfaces");
        assert_eq!(left(&[(0, 0), (3, 1), (4, 0), (5, 2), (6, 1), (7, 2)]), 3, "in another order");
        assert_eq!(left(&[(0, 0), (0, 0), (0, 0), (5, 1), (5, 1), (5, 1)]), 2, "three interfaces");
        assert_eq!(left(&[(0, 0), (3, 1), (4, 1), (5, 2), (6, 2)]), 3, "one began a little later");
    }

    #[test]
    fn one_that_comes_again_among_many_was_doubled_by_the_network() {
        assert_eq!(left(&[(0, 0), (3, 1), (4, 1), (5, 2)]), 4);
    }

    #[test]
    fn numbers_that_begin_anew_are_no_doubles() {
        assert_eq!(left(&[(0, 0), (1, 1), (2, 2), (200, 0), (201, 1), (202, 2)]), 6, "a peer has restarted");
    }

    #[test]
    fn however_many_datagrams_there_are_only_some_are_remembered() {
        let end = (0, "10.0.0.1:1822".parse().expect("it is one"));
        let mut doubles = Doubles::default();
        for number in 0..100_000_u32 {
            assert!(!doubles.is_repeat(end, 0, &number.to_be_bytes()));
        }
        assert!(doubles.order.len() <= REMEMBERED + 1 && doubles.recent.len() <= REMEMBERED + 1);
    }
}
