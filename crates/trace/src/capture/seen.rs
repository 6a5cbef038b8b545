//! A datagram of a capture, and which of them the capture holds more than once.

use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A UDP datagram of the capture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// When, in microseconds after the beginning of 1970.
    pub(super) micros: u64,
    pub(super) from: SocketAddr,
    /// Its place among the pairs.
    pub(super) pair: usize,
    pub(super) payload: &'a [u8],
}

/// At most so many microseconds lie between what one interface saw and what the other one saw of the same datagram.
const WITHIN: u64 = 100_000;

/// An end of a cable: the place of its pair, and where it is.
type End = (usize, SocketAddr);

/// How many different datagrams of an end were seen, and how many of them more than once.
#[derive(Debug, Default)]
struct Count {
    all: u64,
    doubled: u64,
}

/// What was seen of one datagram.
#[derive(Debug)]
struct Copies {
    /// When the first came, in microseconds after the beginning of 1970.
    first: u64,
    /// Whether another has come since.
    came_again: bool,
}

/// Keeps each datagram once where a capture of several interfaces holds it more than once, and returns how many are left
/// out. They must be in the order of time.
///
/// A datagram carries its sequence number, so that one which comes again was not sent again. But a single one may have
/// been doubled by the network, which the other end sees, too: only if most of an end's datagrams come again is it
/// the capture.
pub(super) fn drop_doubles(seen: &mut Vec<Seen<'_>>) -> u64 {
    let mut last: BTreeMap<(End, &[u8]), Copies> = BTreeMap::new();
    let mut counts: BTreeMap<End, Count> = BTreeMap::new();
    let mut is_double = Vec::with_capacity(seen.len());
    for Seen { micros, from, pair, payload } in &*seen {
        let end = (*pair, *from);
        let count = counts.entry(end).or_default();
        let first_copy = Copies { first: *micros, came_again: false };
        // One of long ago is another: the numbers begin anew.
        let is_the_same =
            |before: &&mut Copies| micros.checked_sub(before.first).is_some_and(|since| since <= WITHIN);
        let before = last.get_mut(&(end, *payload)).filter(is_the_same);
        let double = before.is_some();
        if let Some(before) = before {
            count.doubled += u64::from(!std::mem::replace(&mut before.came_again, true));
        } else {
            last.insert((end, payload), first_copy);
            count.all += 1;
        }
        is_double.push(double);
    }
    let mut is_double = is_double.into_iter();
    let before = seen.len();
    seen.retain(|Seen { from, pair, .. }| {
        let count = &counts[&(*pair, *from)];
        !(is_double.next() == Some(true) && 2 * count.doubled > count.all)
    });
    (before - seen.len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many are left of datagrams of one end, each with its time in milliseconds and its number.
    fn left(datagrams: &[(u64, u8)]) -> usize {
        let payloads: Vec<[u8; 1]> = datagrams.iter().map(|(_, number)| [*number]).collect();
        let from = "10.0.0.1:1822".parse().expect("it is one");
        let seen = datagrams.iter().zip(&payloads);
        let mut seen: Vec<_> =
            seen.map(|((at, _), payload)| Seen { micros: at * 1000, from, pair: 0, payload }).collect();
        let before = seen.len();
        let dropped = drop_doubles(&mut seen);
        assert_eq!(seen.len() + dropped as usize, before, "each is kept or counted");
        seen.len()
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
}
