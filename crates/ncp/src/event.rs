//! What an NCP is handed and what it hands out.

use std::fmt;

use imp1822::{Dead, FromImp, HostAddress, Incomplete, Outage};
use machine::Bits;

use crate::{ByteSize, ErrorCode, ForeignSocket};

/// The name by which a local program knows a connection. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub(crate) u64);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a connection is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// Both sides closed it.
    Closed,
    /// The partner, or the byte size, did not let it come about.
    Refused,
    /// The partner's host or IMP is dead.
    Dead(Dead),
    /// One of the two hosts asked the other to forget all connections.
    Reset,
    /// This host asked the other to forget all connections, since commands to it may be lost.
    OutOfStep(Loss),
    /// It was broken off because text may be missing.
    Lost,
    /// The same, and this became of the text.
    Undelivered(Loss),
    /// The partner says that it knows nothing of it, so that text may be missing.
    Forgotten,
    /// The partner says that our request was illegal.
    Illegal(ErrorCode),
    /// The partner did not answer the CLS in time.
    Unanswered,
    /// The partner was asked whether it is there, and has said nothing for too long.
    Silent,
    /// The same, and the IMP has not answered for the question either, nor said anything else: it, the cable to it, or the
    /// interface of the other host may stand still.
    ImpSilent,
    /// Something happened between this host and its IMP.
    Outage(Outage),
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CloseReason::Closed => f.write_str("closed"),
            CloseReason::Refused => f.write_str("refused"),
            CloseReason::Dead(why) => why.fmt(f),
            CloseReason::Reset => f.write_str("reset"),
            CloseReason::OutOfStep(loss) => write!(f, "reset, because {loss}"),
            CloseReason::Lost => f.write_str("broken off, text may be missing"),
            CloseReason::Undelivered(loss) => write!(f, "broken off, because {loss}"),
            CloseReason::Forgotten => f.write_str("forgotten by the other host, text may be missing"),
            CloseReason::Illegal(code) => write!(f, "called illegal by the other host: {code}"),
            CloseReason::Unanswered => f.write_str("closed without an answer"),
            CloseReason::Silent => f.write_str("the other host does not answer"),
            CloseReason::ImpSilent => f.write_str("the other host does not answer, nor does the IMP for it"),
            CloseReason::Outage(outage) => outage.fmt(f),
        }
    }
}

/// What became of a message that was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// The IMP says so (type 9).
    Incomplete(Incomplete),
    /// The IMP says, each time, that it was damaged on its way into it (type 8).
    Damaged,
    /// The IMP has not said anything.
    Unanswered,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Loss::Incomplete(Incomplete::HostTardy) => {
                "the other host did not take a message for half a minute"
            }
            Loss::Incomplete(Incomplete::TooLong) => "a message was too long for the IMP",
            Loss::Incomplete(Incomplete::TooSlow) => "a message went into the IMP too slowly, several times",
            Loss::Incomplete(Incomplete::Lost) => "a message was lost in the subnet",
            Loss::Incomplete(Incomplete::NoResources) => {
                "the net is too busy: several times the IMP had no room for a message"
            }
            Loss::Incomplete(Incomplete::Unknown(_)) => "a message did not arrive",
            Loss::Damaged => "a message was damaged on its way into the IMP, several times",
            Loss::Unanswered => "the IMP did not say what became of a message",
        })
    }
}

/// What an NCP is handed: what its interface to the IMP hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The IMP takes messages.
    Up,
    /// The IMP no longer takes messages, or something that was on its way is lost. If the IMP takes messages all the same,
    /// `Up` follows.
    Down(Outage),
    /// The host's own interface stands still: it takes nothing more. What was handed to it before stays in it.
    Stuck,
    /// The host's own interface goes on.
    GoesOn,
    /// A message from the IMP; its leader has been read.
    Message(FromImp, Bits),
}

/// What an NCP hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A whole message for the IMP, leader included.
    Send(Bits),
    /// News for the local programs.
    Event(Event),
}

/// News for the local programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The connection is established.
    Opened {
        /// Which.
        id: ConnectionId,
        /// The partner's socket.
        foreign: ForeignSocket,
        /// The byte size that both agree on.
        size: ByteSize,
    },
    /// Text has arrived.
    Readable {
        /// Where.
        id: ConnectionId,
    },
    /// There is room again after a `send` that could not take all, or everything has arrived.
    Writable {
        /// Where.
        id: ConnectionId,
    },
    /// The partner sent INR or INS.
    Interrupted {
        /// On which connection.
        id: ConnectionId,
    },
    /// The partner has closed. To a receiver no more text will come; what a sender has not sent is dropped.
    Ending {
        /// Which.
        id: ConnectionId,
    },
    /// The connection is over and its socket free. No other event follows; text may be left to read.
    Closed {
        /// Which.
        id: ConnectionId,
        /// Why.
        reason: CloseReason,
    },
    /// A partner answered an ECO.
    Echoed {
        /// Which host.
        host: HostAddress,
        /// What it sent back.
        data: u8,
    },
    /// A partner asked to forget all connections with it.
    PartnerReset {
        /// Which host.
        host: HostAddress,
    },
    /// A partner complains.
    ErrReceived {
        /// Which host.
        host: HostAddress,
        /// About what.
        code: ErrorCode,
        /// The details.
        data: [u8; 10],
    },
}
