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
