//! A message that comes in from a host: how much of it is in the IMP, and what becomes of it.

use imp1822::Link;
use machine::{Bits, Instant};

use crate::ids::{ImpNumber, Numbered};
use crate::packet::{Message, end_of_next_packet};

/// The IMP's error flip-flop for a message from its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flop {
    Clear,
    SetOnLeader,
    SetOnData,
}

/// A message that a host has put on its cable.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) bits: Bits,
    pub(crate) flop: Flop,
}

/// A message that is coming in.
#[derive(Debug, Clone)]
pub(crate) struct Taking {
    pub(crate) bits: Bits,
    pub(crate) flop: Flop,
    /// How many bits of it are in the IMP.
    pub(crate) at: usize,
    /// When its first bit came; later by as much as the IMP made the host wait.
    pub(crate) began: Instant,
    pub(crate) course: Course,
}

/// What becomes of a message that is coming in.
#[derive(Debug, Clone)]
pub(crate) enum Course {
    /// Its leader is not here yet, or is not read before all of it is.
    Unread,
    /// It goes to another host.
    Bound { message: Message, link: Link, clearance: Clearance },
    /// It was answered; the rest of it is thrown away.
    Spent,
}

/// How far a message to another host is on its way out: it needs a number, then room at its destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clearance {
    /// It has no number yet.
    Unnumbered,
    /// It has this number, and has asked for room at its destination.
    Asking(u32),
    /// It has this number, and there is room. `sent` of its packets have been sent.
    Sending { number: u32, sent: u8 },
}

impl Course {
    /// Whether an ALL(8) was used for the message, and nothing of it has left.
    pub(crate) fn has_unused_room(&self) -> bool {
        match self {
            Course::Bound { message, clearance: Clearance::Sending { sent: 0, .. }, .. } => {
                message.packets() > 1
            }
            Course::Bound { .. } | Course::Unread | Course::Spent => false,
        }
    }
}

impl Clearance {
    /// Its number, if it has one.
    pub(crate) fn number(self) -> Option<u32> {
        match self {
            Clearance::Unnumbered => None,
            Clearance::Asking(number) | Clearance::Sending { number, .. } => Some(number),
        }
    }
}

impl Taking {
    /// A message of which nothing is here yet.
    pub(crate) fn new(Incoming { bits, flop }: Incoming, began: Instant) -> Self {
        Taking { bits, flop, at: 0, began, course: Course::Unread }
    }

    /// A message of a program of this IMP, which is all here.
    pub(crate) fn of_program(message: Message, began: Instant) -> Self {
        let (bits, flop) = (message.text.clone(), Flop::Clear);
        let (at, link) = (bits.len(), Link::CONTROL);
        let course = Course::Bound { message, link, clearance: Clearance::Unnumbered };
        Taking { bits, flop, at, began, course }
    }

    /// What the message is called at this IMP, if it has a number.
    pub(crate) fn numbered(&self) -> Option<Numbered> {
        match &self.course {
            Course::Bound { message, clearance, .. } => {
                let to = ImpNumber::of(message.to);
                clearance.number().map(|number| Numbered { to, number })
            }
            Course::Unread | Course::Spent => None,
        }
    }

    /// A message that goes to another host has got this of what it needs.
    pub(crate) fn clear_for(&mut self, next: Clearance) {
        if let Course::Bound { clearance, .. } = &mut self.course {
            *clearance = next;
        }
    }

    /// How many bits of the message are in the IMP when its next packet is.
    pub(crate) fn next_end(&self) -> usize {
        end_of_next_packet(self.at, self.bits.len())
    }

    /// Whether all of it is in the IMP.
    pub(crate) fn is_whole(&self) -> bool {
        self.at == self.bits.len()
    }
}
