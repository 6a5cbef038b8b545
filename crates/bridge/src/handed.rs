//! What an end is handed, and what it hands out.

use std::net::IpAddr;

use crate::Id;
use crate::news::News;

/// What an end is handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// At the listening end: somebody has connected, from this address. At the calling end: the connection that was asked
    /// for is there.
    Opened(Id, Option<IpAddr>),
    /// Bytes have arrived by a connection.
    Bytes(Id, Vec<u8>),
    /// This many of the bytes that were to be sent are written.
    Written(Id, usize),
    /// A connection is over, or could not be made.
    Closed(Id),
    /// A datagram has arrived at this end of a cable, by its place among the [cables](crate::End::cables).
    Datagram(usize, Vec<u8>),
    /// The end is taken down.
    Down,
}

/// What an end hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// At the calling end: the other end is to be called.
    Call(Id),
    /// Bytes to be sent by a connection.
    Send(Id, Vec<u8>),
    /// A connection is to be closed, when all that was to be sent is written. No more is heard or said by it.
    Close(Id),
    /// A datagram for whoever is at this end of a cable.
    Datagram(usize, Vec<u8>),
    /// To be told.
    News(News),
}

/// What was counted of a cable at one end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Datagrams that arrived at this end.
    pub here: u64,
    /// Datagrams of the other end that were handed out.
    pub there: u64,
    /// Datagrams that arrived here and were dropped.
    pub dropped: u64,
}
