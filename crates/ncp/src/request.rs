//! A partner's request for a connection, and whose request a listening program takes.

use imp1822::{HostAddress, Link};

use crate::{ByteSize, ForeignSocket, Socket};

/// Whose request a listening program takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {
    /// Any host's.
    Anyone,
    /// Any socket of this host.
    Host(HostAddress),
    /// This socket and no other.
    Exactly(ForeignSocket),
}

impl Partner {
    pub(crate) fn fits(self, foreign: ForeignSocket) -> bool {
        match self {
            Partner::Anyone => true,
            Partner::Host(host) => host == foreign.host,
            Partner::Exactly(socket) => socket == foreign,
        }
    }
}

/// What a request says beside its sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// An RTS: the link on which its sender wants to receive.
    Link(Link),
    /// An STR: the size of the bytes that its sender will send.
    Size(ByteSize),
}

impl Offer {
    /// Whether the offer suits a program that wants bytes of this size: only an STR names one.
    pub(crate) fn suits(self, wanted: Option<ByteSize>) -> bool {
        match self {
            Offer::Link(_) => true,
            Offer::Size(size) => wanted.is_none_or(|wanted| wanted == size),
        }
    }

    /// What is offered to a receive socket: the byte size. Only an STR may name one, and requests between sockets of
    /// other genders are never taken.
    pub(crate) fn to_receiver(self) -> ByteSize {
        match self {
            Offer::Size(size) => size,
            Offer::Link(link) => unreachable!("an RTS with link {link} for a receive socket was taken"),
        }
    }

    /// What is offered to a send socket: the link. Only an RTS may name one, and requests between sockets of other
    /// genders are never taken.
    pub(crate) fn to_sender(self) -> Link {
        match self {
            Offer::Link(link) => link,
            Offer::Size(size) => unreachable!("an STR of size {size} for a send socket was taken"),
        }
    }
}

/// A request of a partner, by RTS or STR. Its offer is a size if `local` receives, and a link if it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    /// The socket that it asks for.
    pub(crate) local: Socket,
    /// The socket that asks.
    pub(crate) foreign: ForeignSocket,
    pub(crate) offer: Offer,
}
