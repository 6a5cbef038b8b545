//! What level 1 tells level 2: which regular messages were sent, delivered and answered.

use imp1822::{HostAddress, Link};
use machine::Bits;

/// What a signal on a host's cable means for level 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level1Event<'a> {
    /// The host sends a regular message.
    Sent { to: HostAddress, link: Link, message: &'a Bits },
    /// A regular message that the host has just sent gets lost on its cable, or is late there, or cannot be read.
    Struck { to: HostAddress, link: Link, message: &'a Bits },
    /// A regular message has reached the host.
    Delivered { from: HostAddress, link: Link, message: &'a Bits },
    /// A regular message has reached the host once more, or out of order, because of a fault on a cable.
    DeliveredIrregularly { from: HostAddress, link: Link, message: &'a Bits },
    /// A regular message for the host has been delivered by its IMP, and gets lost on its cable, or is late there.
    Missed { from: HostAddress, link: Link, message: &'a Bits },
    /// A regular message has reached the host from one whose cable is not seen: it counts as sent now.
    SentAndDelivered { from: HostAddress, link: Link, message: &'a Bits },
    /// The IMP has answered a message of the host.
    Answered { to: HostAddress, link: Link, outcome: Outcome },
    /// The IMP has answered a message of the host, and the answer gets lost on its cable, or is late there.
    AnswerMissed { to: HostAddress, link: Link },
    /// The IMP has said that a destination is dead to which the host has sent nothing: it may take any of its partners for
    /// dead.
    DiedAtLarge,
    /// A ready line dropped, or the interface was reset: the host may have forgotten its connections.
    Cut,
    /// The IMP did not take what the host said, which no rule forbids.
    NotTaken,
}

/// What the IMP's answer tells of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has arrived.
    Arrived,
    /// The other host is dead.
    Dead,
    /// It has certainly not arrived.
    NotArrived,
    /// It may have arrived.
    Unknown,
}

/// The second bit of the leader: the message is for one of an IMP's own hosts, or from one.
pub(super) fn is_for_imp(message: &Bits) -> bool {
    message.bytes().first().is_some_and(|byte| byte & 0x40 != 0)
}

impl Level1Event<'_> {
    /// Whether it is about a message of an IMP's own host or for one. What these say is no business of level 2.
    pub(super) fn is_of_imp(&self) -> bool {
        match self {
            Level1Event::Sent { message, .. }
            | Level1Event::Struck { message, .. }
            | Level1Event::Delivered { message, .. }
            | Level1Event::DeliveredIrregularly { message, .. }
            | Level1Event::Missed { message, .. }
            | Level1Event::SentAndDelivered { message, .. } => is_for_imp(message),
            Level1Event::Answered { .. }
            | Level1Event::AnswerMissed { .. }
            | Level1Event::DiedAtLarge
            | Level1Event::Cut
            | Level1Event::NotTaken => false,
        }
    }
}
