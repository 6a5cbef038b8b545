//! When the hosts of a world do something by themselves.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use machine::Instant;

/// The deadlines of hosts, by their places. Each has at most one entry that counts, so that an idle host costs nothing.
#[derive(Debug, Default)]
pub(crate) struct HostAgenda {
    entries: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
    /// By the places of the hosts: the time of the entry that counts, if there is one.
    scheduled: Vec<Option<Instant>>,
}

/// Of one moment, what was entered first comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Instant,
    sequence: u64,
    host: usize,
}

impl HostAgenda {
    /// When the next deadline comes, if there is any.
    pub(crate) fn next(&mut self) -> Option<Instant> {
        // Entries that no longer count are removed on the way.
        while let Some(Reverse(Entry { at, host, .. })) = self.entries.peek() {
            if self.scheduled[*host] == Some(*at) {
                return Some(*at);
            }
            self.entries.pop();
        }
        None
    }

    /// Takes the next deadline, and returns whose it is.
    pub(crate) fn take(&mut self) -> Option<usize> {
        self.next()?;
        let Reverse(Entry { host, .. }) = self.entries.pop()?;
        self.scheduled[host] = None;
        Some(host)
    }

    /// Enters the deadline of a host in the place of the one before.
    pub(crate) fn enter(&mut self, host: usize, deadline: Option<Instant>) {
        if host >= self.scheduled.len() {
            self.scheduled.resize(host + 1, None);
        }
        if self.scheduled[host] != deadline {
            self.scheduled[host] = deadline;
            if let Some(at) = deadline {
                self.entries.push(Reverse(Entry { at, sequence: self.sequence, host }));
                self.sequence += 1;
            }
        }
    }
}
