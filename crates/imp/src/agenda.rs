//! What will happen when: the subnet's own events, in the order of time and, within one moment, of origin.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use imp1822::HostAddress;
use machine::{Instant, Span};

use crate::packet::Packet;

/// How long a source IMP waits for the answer to the oldest message that it sent to an IMP (RFC 442, page 2).
pub(crate) const PATIENCE: Span = Span::from_secs(30);

/// Something that is due. Each carries what it moves, and how often its cable or line had been cut when it
/// was planned: one that was cut since delivers nothing.
#[derive(Debug)]
pub(crate) enum Event {
    /// The last bit of a message from a host is in the IMP.
    FromHost { host: HostAddress, cuts: u32 },
    /// The last bit of a message's first packet is in the host, and more of it follows.
    FirstToHost { host: HostAddress, cuts: u32 },
    /// The last bit of a message is in the host.
    ToHost { host: HostAddress, cuts: u32 },
    /// A line has sent what it was sending, and packets wait.
    LineFree { line: usize, cuts: u32 },
    /// The last bit of a packet has arrived at the other end of a line.
    Arrived { line: usize, cuts: u32, packet: Packet },
    /// A packet is for the very IMP where it began.
    Local { packet: Packet },
}

/// A source IMP loses patience with the oldest message to a destination IMP, unless it was answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    at: Instant,
    /// Tells this wait from all others.
    pub(crate) serial: u64,
    /// The source IMP.
    pub(crate) imp: u8,
    /// The destination IMP.
    pub(crate) to: u8,
}

/// What is due next.
#[derive(Debug)]
pub(crate) enum Due {
    Event(Event),
    Patience(Patience),
}

#[derive(Debug)]
struct Planned {
    at: Instant,
    serial: u64,
    event: Event,
}

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        self.serial == other.serial
    }
}

impl Eq for Planned {}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Planned {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.serial).cmp(&(other.at, other.serial))
    }
}

/// The events to come.
///
/// Waits for answers all last as long, so that they are kept in a queue of their own, in the order in which
/// they began. Most are answered early; [`forget`](Agenda::forget) drops these, lest a subnet at rest keep
/// a deadline.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    planned: BinaryHeap<Reverse<Planned>>,
    waits: VecDeque<Patience>,
    serial: u64,
}

impl Agenda {
    /// Plans an event.
    pub(crate) fn plan(&mut self, at: Instant, event: Event) {
        let serial = self.next_serial();
        self.planned.push(Reverse(Planned { at, serial, event }));
    }

    /// Begins to wait for the answer to the oldest message from an IMP to another. Answers the serial number
    /// of the wait.
    pub(crate) fn wait(&mut self, now: Instant, imp: u8, to: u8) -> u64 {
        let serial = self.next_serial();
        self.waits.push_back(Patience { at: now + PATIENCE, serial, imp, to });
        serial
    }

    /// Forgets the oldest waits as long as `over` says so.
    pub(crate) fn forget(&mut self, over: impl Fn(&Patience) -> bool) {
        while self.waits.front().is_some_and(&over) {
            self.waits.pop_front();
        }
    }

    /// When the next event is due.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let planned = self.planned.peek().map(|Reverse(planned)| planned.at);
        let wait = self.waits.front().map(|wait| wait.at);
        [planned, wait].into_iter().flatten().min()
    }

    /// Takes the next event, if it is due.
    pub(crate) fn due(&mut self, now: Instant) -> Option<(Instant, Due)> {
        let planned = self.planned.peek().map(|Reverse(planned)| (planned.at, planned.serial));
        let wait = self.waits.front().map(|wait| (wait.at, wait.serial));
        let first = [planned, wait].into_iter().flatten().min().filter(|(at, _)| *at <= now)?;
        if planned == Some(first) {
            self.planned.pop().map(|Reverse(planned)| (planned.at, Due::Event(planned.event)))
        } else {
            self.waits.pop_front().map(|wait| (wait.at, Due::Patience(wait)))
        }
    }

    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}
