//! A connection as this host sees it: its states and what it owns in each.
//!
//! An edge has what happens, and behind a colon what is sent in answer. What is not drawn ends in `Gone` from
//! everywhere: a reset, a dead partner, a complaint, the own IMP down, and patience that ends. The whole table of states and
//! inputs is a snapshot of the tests (`states`).
//!
//! ```text
//!      listen              init: RTS or STR
//!        |                        |
//!        v                        v
//!    Listening                Requested ---- CLS: CLS -----------------------+
//!        |                    |       |                                      |
//!    STR: RTS, or        STR or RTS   +------- close: CLS -------+           |
//!    RTS: STR                 |                                  |           |
//!        |                    v                                  v           v
//!        +-----------------> Open ---- receiver closes: CLS -> Closing-CLS->Gone
//!                            | | |                               ^           ^ ^
//!                            | | +-- sender closes -> Flushing --+           | |
//!                            | |                      |   all arrived: CLS   | |
//!                            | |                     CLS                     | |
//!                            | |                      v                      | |
//!                            | +-- CLS to a sender -> Answering - RFNM: CLS -+ |
//!                            |                                                 |
//!                            +-- CLS to a receiver: CLS -----------------------+
//! ```

use std::fmt;

use imp1822::{Dead, HostAddress, Link};
use machine::Instant;

use crate::flow::{Receiver, Sender};
use crate::{ByteSize, Command, ErrorCode, ForeignSocket, Socket};

/// The name by which a local program knows a connection. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub(crate) u64);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whose request a listening program takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {
    /// Whoever asks.
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

/// Why a connection is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// Both sides closed it.
    Closed,
    /// The partner, or the byte size, did not let it come about.
    Refused,
    /// The partner's host or IMP is dead.
    Dead(Dead),
    /// One of the two hosts asked the other to forget all connections.
    Reset,
    /// It was broken off because text may be missing.
    Lost,
    /// The partner says that it knows nothing of it, so that text may be missing.
    Forgotten,
    /// The partner says that our request was illegal.
    Illegal(ErrorCode),
    /// The partner did not answer the CLS in time.
    Unanswered,
    /// This host's IMP went down.
    ImpDown,
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gone::Closed => f.write_str("closed"),
            Gone::Refused => f.write_str("refused"),
            Gone::Dead(why) => why.fmt(f),
            Gone::Reset => f.write_str("reset"),
            Gone::Lost => f.write_str("broken off, text may be missing"),
            Gone::Forgotten => f.write_str("forgotten by the other host, text may be missing"),
            Gone::Illegal(code) => write!(f, "called illegal by the other host: {code}"),
            Gone::Unanswered => f.write_str("closed without an answer"),
            Gone::ImpDown => f.write_str("own IMP down"),
        }
    }
}

/// Whether a local program still holds the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Program,
    Nobody,
}

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// A program waits for a request; nothing has been sent.
    Listening { from: Partner },
    /// Our request has been sent, the partner's has not come. A receiver has assigned a link.
    Requested { foreign: ForeignSocket, link: Option<Link> },
    /// Both requests have been exchanged.
    Open { foreign: ForeignSocket, link: Link },
    /// A sender's program has closed; our CLS follows when all text has arrived, or at `until` if the text
    /// gets no further.
    Flushing { foreign: ForeignSocket, link: Link, until: Instant },
    /// A sender has the partner's CLS; ours follows when the message in transit is answered, or at `until`.
    Answering { foreign: ForeignSocket, link: Link, until: Instant },
    /// Our CLS has been sent; the partner's is awaited until `until`.
    Closing { foreign: ForeignSocket, link: Option<Link>, why: Gone, until: Instant },
    /// Nothing is left on the wire. Text may be left to read.
    Gone { foreign: Option<ForeignSocket>, why: Gone },
}

impl Phase {
    pub(crate) fn foreign(self) -> Option<ForeignSocket> {
        match self {
            Phase::Listening { .. } => None,
            Phase::Requested { foreign, .. }
            | Phase::Open { foreign, .. }
            | Phase::Flushing { foreign, .. }
            | Phase::Answering { foreign, .. }
            | Phase::Closing { foreign, .. } => Some(foreign),
            Phase::Gone { foreign, .. } => foreign,
        }
    }

    pub(crate) fn link(self) -> Option<Link> {
        match self {
            Phase::Listening { .. } | Phase::Gone { .. } => None,
            Phase::Open { link, .. } | Phase::Flushing { link, .. } | Phase::Answering { link, .. } => {
                Some(link)
            }
            Phase::Requested { link, .. } | Phase::Closing { link, .. } => link,
        }
    }

    /// When patience ends.
    pub(crate) fn until(self) -> Option<Instant> {
        match self {
            Phase::Flushing { until, .. } | Phase::Answering { until, .. } | Phase::Closing { until, .. } => {
                Some(until)
            }
            Phase::Listening { .. } | Phase::Requested { .. } | Phase::Open { .. } | Phase::Gone { .. } => {
                None
            }
        }
    }
}

/// Which way text flows, and how much of it.
#[derive(Debug)]
pub(crate) enum Flow {
    Receive(Receiver),
    Send(Sender),
}

/// Whether the partner has shown that it knows of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Not yet: it has only requested or granted it.
    Missing,
    /// It has sent text, or said something about the link. What this host has since said about the link last is what
    /// the partner may complain of.
    Used { said: Option<Command> },
}

/// An entry in the NCP's table.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) local: Socket,
    pub(crate) holder: Holder,
    /// The byte size: what the program asked for, then what was agreed.
    pub(crate) size: Option<ByteSize>,
    pub(crate) phase: Phase,
    pub(crate) flow: Flow,
    pub(crate) proof: Proof,
}

impl Connection {
    /// Whether a request with this byte size suits the program.
    pub(crate) fn suits(&self, size: Option<ByteSize>) -> bool {
        self.size.is_none() || size.is_none() || self.size == size
    }

    /// The agreed byte size; a sender that was not told otherwise sends bytes of eight bits.
    pub(crate) fn byte_size(&self) -> ByteSize {
        self.size.unwrap_or(ByteSize::EIGHT)
    }
}
