//! What a destination IMP knows of one message.

use imp1822::HostAddress;
use machine::Instant;

use crate::packet::{MOST_PACKETS, Message};

/// What is known of a message.
#[derive(Debug, Clone, Default)]
pub(crate) enum Slot {
    /// Nothing of it is here.
    #[default]
    Empty,
    /// It has asked for room.
    Wanted(Claim),
    /// A single packet has been told to come again: a buffer is kept.
    Promised(Claim),
    /// A message of several packets has been told to come.
    Granted(Claim),
    /// Some of several packets are here: a bit for each. Eight buffers are taken.
    Partial { message: Message, order: Option<u32>, have: u8, since: Instant },
    /// It is whole, and waits for its turn.
    Whole { message: Message, order: Option<u32>, since: Instant },
    /// It is on its way into the host.
    Giving,
    /// It is in its host, or was refused.
    Settled,
}

/// Whose room it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The host that the message is for.
    pub(crate) to: HostAddress,
    /// For a priority message, its place among these.
    pub(crate) order: Option<u32>,
    /// When its source last spoke of it, as long as it waits for room.
    pub(crate) since: Instant,
}

impl Slot {
    /// Whose room it is, or will be, as long as the message has not begun to enter its host.
    pub(crate) fn claim(&self) -> Option<Claim> {
        match self {
            Slot::Wanted(claim) | Slot::Promised(claim) | Slot::Granted(claim) => Some(*claim),
            Slot::Partial { message, order, since, .. } | Slot::Whole { message, order, since } => {
                Some(Claim { to: message.to, order: *order, since: *since })
            }
            Slot::Empty | Slot::Giving | Slot::Settled => None,
        }
    }

    /// Whether nothing is under way or promised.
    pub(crate) fn is_idle(&self) -> bool {
        match self {
            Slot::Empty | Slot::Settled => true,
            Slot::Wanted(_)
            | Slot::Promised(_)
            | Slot::Granted(_)
            | Slot::Partial { .. }
            | Slot::Whole { .. }
            | Slot::Giving => false,
        }
    }

    /// Whether the message can still be refused: it has not begun to enter its host, and was not refused before.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Slot::Empty
            | Slot::Wanted(_)
            | Slot::Promised(_)
            | Slot::Granted(_)
            | Slot::Partial { .. }
            | Slot::Whole { .. } => true,
            Slot::Giving | Slot::Settled => false,
        }
    }

    /// Whether the message has got room, or needs none any more.
    pub(crate) fn is_served(&self) -> bool {
        match self {
            Slot::Empty | Slot::Wanted(_) => false,
            Slot::Promised(_)
            | Slot::Granted(_)
            | Slot::Partial { .. }
            | Slot::Whole { .. }
            | Slot::Giving
            | Slot::Settled => true,
        }
    }

    /// Whether the buffer of a single packet is kept for it, or holds it.
    pub(crate) fn holds_buffer(&self) -> bool {
        match self {
            Slot::Promised(_) | Slot::Whole { .. } | Slot::Giving => true,
            Slot::Empty | Slot::Wanted(_) | Slot::Granted(_) | Slot::Partial { .. } | Slot::Settled => false,
        }
    }

    /// Whether the message is whole, and it is its turn to be given to its host. Priority messages have an order of their
    /// own, of which `next_order` is next; for the others it counts whether their number `is_next`.
    pub(crate) fn has_turn(&self, is_next: bool, next_order: u32) -> bool {
        match self {
            Slot::Whole { order: Some(order), .. } => *order == next_order,
            Slot::Whole { order: None, .. } => is_next,
            Slot::Empty
            | Slot::Wanted(_)
            | Slot::Promised(_)
            | Slot::Granted(_)
            | Slot::Partial { .. }
            | Slot::Giving
            | Slot::Settled => false,
        }
    }

    /// How many buffers are to be released when the message is given up.
    pub(crate) fn buffers(&self) -> u8 {
        match self {
            Slot::Empty | Slot::Wanted(_) | Slot::Settled => 0,
            // What was promised is counted with the source.
            Slot::Granted(_) => 0,
            // Its buffers are released as its packets enter the host.
            Slot::Giving => 0,
            Slot::Promised(_) => 1,
            Slot::Partial { .. } => MOST_PACKETS,
            Slot::Whole { message, .. } => message.packets(),
        }
    }
}
