//! Why what a local program asks for is not done.

use crate::CloseReason;

/// Why a connection cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Both sockets receive, or both send.
    #[error("both sockets have the same gender")]
    SameGender,
    /// The local socket belongs to a connection that is not over.
    #[error("the local socket is in use")]
    SocketInUse,
    /// The NCP's table is full.
    #[error("too many connections")]
    TooManyConnections,
    /// Every link on which the partner could send is in use.
    #[error("no link is free")]
    NoLinks,
}

/// Why text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// No connection has this id, or it was released.
    #[error("no such connection")]
    NoSuchConnection,
    /// The local socket receives.
    #[error("not a send socket")]
    NotASender,
    /// The partner has not agreed yet.
    #[error("not open yet")]
    NotOpen,
    /// It was closed on this side or the other; or this side breaks it off, for this reason.
    #[error("{0}")]
    Closed(CloseReason),
}
