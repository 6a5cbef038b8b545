//! The order in which packets are told, and when: clocks jump, and captures of several interfaces are not quite in order.

use std::collections::BTreeMap;

use machine::Span;

/// Packets of several interfaces are out of order by no more than this, in microseconds. What is earlier by more was
/// stamped by a clock that has been set back.
const SLIGHTLY: u64 = 1_000_000;

/// So long without a packet, in microseconds, and it is said: nobody can know whether it was silence.
const LONG: u64 = 60 * 60 * 1_000_000;

/// No more packets wait to be put in order.
const MOST: usize = 4096;

/// No more bytes of them.
const MOST_BYTES: usize = 1 << 24;

/// Something that a clock did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockJump {
    /// It was set back by so much. Times go on from where they were.
    Back(Span),
    /// So much after it had been set back, it was set ahead again. Times go on from where they were.
    AheadAgain(Span),
    /// It shows so much more than at the packet before: either nothing was captured for so long, or it was set ahead.
    Ahead(Span),
}

/// Makes times that never run backwards of those in a capture.
#[derive(Debug, Clone, Default)]
pub(super) struct Timeline {
    newest: Option<u64>,
    /// How much the clock has been set back in all, in microseconds.
    back: u64,
}

impl Timeline {
    /// When a packet is told that has this time, in microseconds after the beginning of 1970; and what the clock did. A
    /// packet without a time has that of the one before.
    pub(super) fn place(&mut self, micros: Option<u64>) -> (u64, Option<ClockJump>) {
        let Some(newest) = self.newest else {
            self.newest = micros;
            return (micros.unwrap_or(0), None);
        };
        let Some(micros) = micros else { return (newest, None) };
        let shown = micros.saturating_add(self.back);
        let (at, jump) = if newest.saturating_sub(shown) > SLIGHTLY {
            self.back = self.back.saturating_add(newest - shown);
            (newest, Some(ClockJump::Back(Span::from_micros(newest - shown))))
        } else if shown > newest && shown - newest > LONG {
            let ahead = shown - newest;
            // What had been set back is set right.
            let again = self.back.min(ahead);
            self.back -= again;
            let rest = ahead - again;
            match again {
                0 => (shown, Some(ClockJump::Ahead(Span::from_micros(ahead)))),
                _ => (newest + rest, Some(ClockJump::AheadAgain(Span::from_micros(again)))),
            }
        } else {
            (shown.max(newest), None)
        };
        self.newest = Some(at);
        (at, jump)
    }
}

/// Puts packets of several interfaces into the order of time.
#[derive(Debug)]
pub(super) struct Sorter<T> {
    /// By time, and in the order in which they came.
    waiting: BTreeMap<(u64, u64), (T, usize)>,
    bytes: usize,
    newest: u64,
    number: u64,
    /// Whether anything is to be sorted.
    sorts: bool,
}

impl<T> Sorter<T> {
    /// One that sorts, or one that hands on what it gets.
    pub(super) fn new(sorts: bool) -> Self {
        Sorter { waiting: BTreeMap::new(), bytes: 0, newest: 0, number: 0, sorts }
    }

    /// Takes the next packet, with its time in microseconds if it has one, and its length in bytes.
    pub(super) fn push(&mut self, micros: Option<u64>, length: usize, packet: T) {
        let micros = match micros {
            Some(micros) if self.sorts && self.newest.saturating_sub(micros) <= SLIGHTLY => micros,
            Some(_) | None => self.newest,
        };
        self.newest = self.newest.max(micros);
        self.waiting.insert((micros, self.number), (packet, length));
        self.number += 1;
        self.bytes += length;
    }

    /// Whether a packet of this time comes after all that wait: a clock has been set back, or a long time is over.
    pub(super) fn is_far(&self, micros: Option<u64>) -> bool {
        micros.is_some_and(|micros| self.newest.abs_diff(micros) > SLIGHTLY)
    }

    /// The next packet, if none that is still to come can be before it.
    pub(super) fn pop(&mut self) -> Option<T> {
        let ((first, _), _) = self.waiting.first_key_value()?;
        let is_due = !self.sorts || self.newest - first > SLIGHTLY;
        (is_due || self.waiting.len() > MOST || self.bytes > MOST_BYTES).then(|| self.pop_any())?
    }

    /// The next packet, as no other comes.
    pub(super) fn pop_any(&mut self) -> Option<T> {
        let (_, (packet, length)) = self.waiting.pop_first()?;
        self.bytes -= length;
        if self.waiting.is_empty() {
            self.newest = 0;
        }
        Some(packet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    #[test]
    fn whatever_the_clock_does_times_do_not_run_backwards_and_it_is_said() {
        let mut timeline = Timeline::default();
        let hour = 3600 * SECOND;
        let told: Vec<_> =
            [10 * hour, 10 * hour + SECOND, 8 * hour, 8 * hour + SECOND, 10 * hour + 9 * SECOND]
                .map(|micros| timeline.place(Some(micros)))
                .to_vec();
        let back = Span::from_micros(2 * hour + SECOND);
        assert_eq!(told[0], (10 * hour, None));
        assert_eq!(told[2], (10 * hour + SECOND, Some(ClockJump::Back(back))), "it goes on from there");
        assert_eq!(told[3], (10 * hour + 2 * SECOND, None));
        assert_eq!(told[4], (10 * hour + 9 * SECOND, Some(ClockJump::AheadAgain(back))), "set right");
        assert_eq!(timeline.place(None), (10 * hour + 9 * SECOND, None), "a packet without a time");
        let ahead = ClockJump::Ahead(Span::from_micros(3 * hour));
        assert_eq!(timeline.place(Some(13 * hour + 9 * SECOND)), (13 * hour + 9 * SECOND, Some(ahead)));
        assert_eq!(timeline.place(Some(u64::MAX)).0, u64::MAX);
        assert_eq!(timeline.place(Some(0)).0, u64::MAX, "nor over the end of all numbers");
        assert_eq!(timeline.place(Some(5)).0, u64::MAX);
    }

    #[test]
    fn what_is_slightly_out_of_order_is_sorted_and_never_much_waits() {
        let mut sorter = Sorter::new(true);
        let mut sorted = Vec::new();
        for micros in [3, 1, 2, 2_000_000, 1_500_000, 4_000_000] {
            sorter.push(Some(micros), 1, micros);
            sorted.extend(std::iter::from_fn(|| sorter.pop()));
        }
        sorted.extend(std::iter::from_fn(|| sorter.pop_any()));
        assert_eq!(sorted, [1, 2, 3, 1_500_000, 2_000_000, 4_000_000]);
        for micros in 0..10_000 {
            sorter.push(Some(micros), 1, micros);
            while sorter.pop().is_some() {}
            assert!(sorter.waiting.len() <= MOST);
        }
    }
}
