//! What level 1 makes known to level 2.

use imp1822::{HostAddress, Link};

/// A regular message, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// Nothing that concerns level 2.
    Nothing,
    /// The host sends text.
    Sent { to: HostAddress, link: Link },
    /// The host sends text that gets lost on its cable.
    SentInVain { to: HostAddress, link: Link },
    /// Text has reached the host.
    Got { from: HostAddress, link: Link },
    /// Text has reached the host once more, or after its turn, because of what happened on a cable.
    GotOddly { from: HostAddress, link: Link },
    /// Text has reached the host from one that is not seen: only now it is heard.
    Heard { from: HostAddress, link: Link },
    /// A message to a host was answered.
    Answered { to: HostAddress, link: Link, reply: Settled },
    /// A ready line dropped, or the interface was reset: perhaps the host has forgotten its connections.
    Cut,
    /// What the host said was not taken, for which nobody is to blame.
    Missed,
}

/// What an answer means for level 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    Arrived,
    /// The other host is dead.
    Dead,
    /// The message has certainly not arrived.
    NotArrived,
    /// It may have arrived.
    Lost,
}
