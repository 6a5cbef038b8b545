//! A bridge: a tunnel through which cables reach from one place to another.
//!
//! Hosts' cables and the modem lines of emulated IMPs are UDP datagrams today, and nothing in what they carry brings back
//! one that is lost: the wires of 1973 lost nothing. Between two places on the Internet some are. A bridge carries the
//! datagrams of any number of cables through one connection that loses none (TCP), keeps those that have not arrived
//! while the connection is cut, and brings each to the other side once, in order. What is in a datagram, it does not look at.
//!
//! An [`End`] is one of the two: a machine without I/O. Its driver has sockets and a clock, opens and closes the connections
//! of which each has an [`Id`], and hands over what arrives. The bytes are unpredictable, because each connection draws secrets
//! from the machine's random numbers; what happens is not.
//!
//! - **Who may plug in.** Both ends have the same [`Key`]. Each connection begins with a handshake of the Noise protocol, and
//!   what follows cannot be read, changed or said again by others. A connection counts only when something has come by it that
//!   the handshake protects. Who has no key can take up 32 connections for 5 seconds each, and drives away those
//!   from his own address or network first.
//! - **Cuts.** Something is said at least every second; a connection by which nothing comes for 4 seconds is dead, and the
//!   calling end calls again, at most a second after the last call. What arrives meanwhile waits, up to 4 MiB and for as long as
//!   [`Settings::keep`] says. When there is no room, what comes last is dropped; when the time is over, all is, as
//!   by a cable that was pulled out.
//! - **Once, and in order.** Datagrams are numbered, and the other end says which it has taken; after a cut it is sent those
//!   that it has not. Only if an end begins anew, those are uncertain that were under way: they are not sent again.
//! - **Not too fast.** Whoever is plugged in has little room for what comes at once, and nobody is told when there was none: what
//!   waited leaves by each cable in a burst of 64 datagrams, and then one in each millisecond. Until all
//!   [have left](End::takes_more), nothing more is to be read.
//! - **Who is served.** A listening end has one partner at a time. The same one may connect anew at any time; another one is
//!   told that the end is busy, until the first is cut off.

mod call;
mod connection;
mod end;
mod frame;
mod handed;
mod key;
mod name;
mod news;
mod origin;
mod outlet;
mod records;
mod secrecy;
mod session;

use machine::Span;

pub use end::End;
pub use handed::{Counts, Input, Output};
pub use key::{BadKey, Key, MAX_KEY_FILE};
pub use name::{BadName, Name};
pub use news::{Failure, News};

/// A connection, by a number that its driver gives it at the listening end, and the end itself when it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub u64);

/// What an end does to be connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It waits for the other end.
    Listens,
    /// It calls the other end, again and again.
    Calls,
}

/// What an end is told when it begins.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What it does to be connected.
    pub role: Role,
    /// The key that it shares with the other end.
    pub key: Key,
    /// The cables, which the other end calls by the same names; at most [`MAX_CABLES`].
    pub cables: Vec<Name>,
    /// A random number, so that the other end knows one that has begun anew.
    pub seed: u64,
    /// How long datagrams wait while the ends are cut off from each other.
    pub keep: Span,
}

/// The most cables of a bridge.
pub const MAX_CABLES: usize = 256;
