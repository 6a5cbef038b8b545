//! The datagrams of a capture in the order in which they are told.

use std::io::Read;

use super::datagrams::{Datagrams, Seen};
use super::timeline::Sorter;

/// The datagrams of a capture; those of several interfaces are put into the order of time.
#[derive(Debug)]
pub(super) struct Flow<R> {
    pub(super) datagrams: Datagrams<R>,
    sorter: Sorter<Seen>,
    /// Comes when all that wait have gone.
    held: Option<Seen>,
    has_ended: bool,
}

impl<R: Read> Flow<R> {
    pub(super) fn new(datagrams: Datagrams<R>, is_unordered: bool) -> Self {
        Flow { datagrams, sorter: Sorter::new(is_unordered), held: None, has_ended: false }
    }
}

impl<R: Read> Iterator for Flow<R> {
    type Item = Seen;

    fn next(&mut self) -> Option<Seen> {
        loop {
            if let Some(due) = self.sorter.pop() {
                return Some(due);
            }
            if let Some(held) = self.held.take() {
                if let Some(waiting) = self.sorter.pop_any() {
                    self.held = Some(held);
                    return Some(waiting);
                }
                self.sorter.push(held.micros, held.payload.len(), held);
            } else if self.has_ended {
                return self.sorter.pop_any();
            } else {
                match self.datagrams.next() {
                    None => self.has_ended = true,
                    Some(seen) if self.sorter.is_far(seen.micros) => self.held = Some(seen),
                    Some(seen) => self.sorter.push(seen.micros, seen.payload.len(), seen),
                }
            }
        }
    }
}
