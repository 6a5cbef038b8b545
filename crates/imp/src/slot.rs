//! What a destination IMP knows of one message.

use imp1822::HostAddress;
use machine::Instant;

use crate::packet::Message;

/// What is known of a message.
#[derive(Debug, Default)]
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
}
