//! What an end tells the one who runs it.

use machine::Span;

use crate::secrecy::Stranger;
use crate::{Id, Name};

/// What an end tells the one who runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The two ends are connected.
    Connected {
        /// By this connection.
        id: Id,
        /// How long they were not, if they have been before.
        cut_for: Option<Span>,
        /// How many datagrams wait here to be carried now.
        waiting: usize,
        /// How many were dropped here in the meantime, because there was no room or they waited for too long.
        dropped: u64,
        /// How many were written before the other end began anew: they may have arrived or not, and are not written again.
        uncertain: u64,
    },
    /// The two ends are not connected any more. What arrives waits.
    Cut(Failure),
    /// A connection has come to nothing. Nothing else has changed.
    Failed(Id, Failure),
    /// So much waits that there is no room for more: what arrives is dropped, until there is.
    Full,
    /// The cut has lasted too long: what waits is dropped, this many, and so is what arrives.
    Unplugged(u64),
}

/// Why a connection is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It was not made, or nothing was heard for too long.
    Silent,
    /// It was closed, or broke.
    Closed,
    /// The other end is taken down.
    TakenDown,
    /// The other end has begun a new connection.
    Replaced,
    /// Who is there speaks something else.
    NoBridge,
    /// Who is there has another key.
    OtherKey,
    /// What is said is changed on its way, or makes no sense.
    Garbled,
    /// The other end has another version of the protocol.
    OtherVersion(u8),
    /// The listening end is connected to somebody else.
    Busy,
    /// The two ends do not have the same cables.
    OtherCables {
        /// Those that the other end does not have.
        only_here: Vec<Name>,
        /// Those that this end does not have.
        only_there: Vec<Name>,
    },
}

impl From<Stranger> for Failure {
    fn from(stranger: Stranger) -> Failure {
        match stranger {
            Stranger::NoBridge => Failure::NoBridge,
            Stranger::OtherKey | Stranger::Refuses => Failure::OtherKey,
            Stranger::Garbled => Failure::Garbled,
        }
    }
}
