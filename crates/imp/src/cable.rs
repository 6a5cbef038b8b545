//! A host's cable: what its IMP knows of the host, and what may happen to a message on it.

use machine::Span;

/// What the IMP knows of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostLine {
    /// Its ready line is down: the host is dead.
    Down,
    /// Its ready line is up, and the host is alive.
    Up,
    /// Its ready line is up, but the host is dead to the network until its next bit: it has said that it goes down
    /// (RFC 271), or has not taken its messages (RFC 394).
    Silent,
}

impl HostLine {
    /// Whether the ready line is up.
    pub fn is_ready(self) -> bool {
        match self {
            HostLine::Down => false,
            HostLine::Up | HostLine::Silent => true,
        }
    }
}

/// What happens to one message on a host's cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It does not arrive.
    Lost,
    /// It arrives this much later.
    Late(Span),
    /// It arrives twice.
    Twice,
    /// Its leader sets the IMP's error flip-flop. Towards the IMP only: towards the host it is as if nothing had happened.
    LeaderError,
    /// Its data set the IMP's error flip-flop. Towards the IMP only: towards the host it is as if nothing had happened.
    DataError,
}

/// A direction of a host's cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// From the host to the IMP.
    Imp,
    /// From the IMP to the host.
    Host,
}
