//! Messages on their way to hosts, held back until somebody says which of them arrives next.
//!
//! What the network promises is kept. Between two IMPs messages keep their order, whatever their hosts and links: each has
//! a number, and the destination IMP hands them out in the order of these; those with priority have numbers of their own
//! (RFC 442, Message Ordering). On one link to one host, no host sends before it has the RFNM for the message before, and
//! that comes only when the message has reached its host (RFC 442, case 1; NIC 8246, Link Assignment): the answer to a
//! message that is held back is held back with it, and arrives right behind it.
//!
//! What is not promised is open: nothing orders messages from different IMPs, or to different ones.
//!
//! Somebody chooses only when nothing else is on its way, so that he has all that may be next before him. Meanwhile no
//! clock of a host strikes: a message never takes longer than anybody's patience, and where only orders differ, nothing
//! else does. Two things a real network could do besides are left out: an answer (RFNM) that dawdles, while other messages
//! overtake it, and a fifth message between two IMPs that keeps its host from sending to all others.

use std::collections::{BTreeMap, VecDeque};

use imp1822::{FromImp, HostAddress, Link, Signal};
use machine::Bits;

use super::history::History;

/// A message that has crossed the network, and may arrive at its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Delivery {
    /// The host that has sent it.
    pub from: HostAddress,
    /// The host that it is for.
    pub to: HostAddress,
    /// The link.
    pub link: Link,
    /// Whether it may overtake others from that IMP.
    pub priority: bool,
    /// Which of those from that host to this one it is since messages are held back, the first being 1.
    pub number: u32,
}

/// A way on which messages keep their order.
pub(super) type Lane = (u8, u8, bool);

impl Delivery {
    /// The way on which it has come: from which IMP, to which, and whether with priority.
    fn lane(&self) -> Lane {
        (self.from.imp(), self.to.imp(), self.priority)
    }
}

/// What arrives next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// The message of this index.
    Of(usize),
    /// None of them, before something else has happened.
    Later,
    /// The run need not go on.
    Stop,
}

/// Says in which order messages arrive.
pub(crate) trait ArrivalOrder {
    /// Which of these arrives next: the first from each IMP to each, in the order in which they came there; there is one at
    /// least. `state` is a number that two runs share only if each host has seen and done the same in both since messages
    /// are held back, in the same order, so that they go on in the same way.
    fn choose(&mut self, waiting: &[Delivery], state: u64) -> Arrival;

    /// A message arrives.
    fn arrives(&mut self, _delivery: &Delivery, _message: &Bits) {}
}

/// What is held back.
pub(super) struct InFlight {
    pub(super) history: History,
    order: Box<dyn ArrivalOrder>,
    lanes: BTreeMap<Lane, VecDeque<Held>>,
    /// How many messages have come from one host for another.
    numbers: BTreeMap<(HostAddress, HostAddress), u32>,
    came: u64,
    /// The first of each lane, as they are shown to who chooses.
    first: Vec<(u64, Delivery)>,
    shown: Vec<Delivery>,
}

/// A message that is held back.
pub(super) struct Held {
    pub(super) delivery: Delivery,
    pub(super) message: Signal,
    /// Its place among all that have come.
    came: u64,
    /// What its sender is to be told of it.
    pub(super) answer: Option<Signal>,
}

impl InFlight {
    pub(super) fn new(order: Box<dyn ArrivalOrder>) -> Self {
        let (first, shown) = (Vec::new(), Vec::new());
        InFlight {
            history: History::default(),
            order,
            lanes: BTreeMap::new(),
            numbers: BTreeMap::new(),
            came: 0,
            first,
            shown,
        }
    }

    /// Whether nothing is held back.
    pub(super) fn is_empty(&self) -> bool {
        self.lanes.values().all(VecDeque::is_empty)
    }

    /// Holds a signal to a host back, unless it is to reach it now.
    pub(super) fn hold_back(&mut self, host: HostAddress, signal: Signal) -> Option<Signal> {
        let Signal::Message(message) = &signal else { return Some(signal) };
        match FromImp::parse(message) {
            Ok(FromImp::Regular { from, link, priority }) => {
                let number = self.numbers.entry((from, host)).or_default();
                *number += 1;
                let delivery = Delivery { from, to: host, link, priority, number: *number };
                self.came += 1;
                let held = Held { delivery, message: signal, came: self.came, answer: None };
                self.lanes.entry(delivery.lane()).or_default().push_back(held);
                None
            }
            Ok(
                FromImp::Rfnm { to, link }
                | FromImp::DestinationDead { to, link, .. }
                | FromImp::Incomplete { to, link, .. },
            ) => {
                let lanes = [false, true].map(|priority| (host.imp(), to.imp(), priority));
                let is_it = |held: &&mut Held| {
                    let Delivery { from, to: theirs, link: on, .. } = held.delivery;
                    (from, theirs, on) == (host, to, link) && held.answer.is_none()
                };
                let mut ways = self.lanes.iter_mut().filter(|(lane, _)| lanes.contains(lane));
                match ways.find_map(|(_, lane)| lane.iter_mut().find(is_it)) {
                    Some(held) => {
                        held.answer = Some(signal);
                        None
                    }
                    None => Some(signal),
                }
            }
            Ok(_) | Err(_) => Some(signal),
        }
    }

    /// How many messages have come from one host for another.
    pub(super) fn came(&self, from: HostAddress, to: HostAddress) -> u32 {
        self.numbers.get(&(from, to)).copied().unwrap_or_default()
    }

    /// The messages that are held back.
    pub(super) fn held_back(&self) -> impl Iterator<Item = Delivery> {
        self.lanes.values().flatten().map(|held| held.delivery)
    }

    /// Takes the message that arrives next.
    pub(super) fn next(&mut self) -> Result<Held, Arrival> {
        self.first.clear();
        self.first
            .extend(self.lanes.values().filter_map(VecDeque::front).map(|held| (held.came, held.delivery)));
        if self.first.is_empty() {
            return Err(Arrival::Later);
        }
        self.first.sort_unstable();
        self.shown.clear();
        self.shown.extend(self.first.iter().map(|(_, delivery)| *delivery));
        let index = match self.order.choose(&self.shown, self.history.state()) {
            Arrival::Of(index) => index,
            none @ (Arrival::Later | Arrival::Stop) => return Err(none),
        };
        let chosen = *self.shown.get(index).ok_or(Arrival::Later)?;
        let lane = self.lanes.get_mut(&chosen.lane());
        let held = lane.and_then(VecDeque::pop_front).ok_or(Arrival::Later)?;
        if let Signal::Message(message) = &held.message {
            self.order.arrives(&chosen, message);
        }
        Ok(held)
    }
}
