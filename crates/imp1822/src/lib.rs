//! Level 1 as a host sees it: the interface between a host and its IMP, as BBN Report 1822 gave it and
//! RFC 381, RFC 394 and RFC 406 amended it by January 1973.
//!
//! What crosses a host's cable, in either direction, is a [`Signal`]: the ready line going up or down, or a
//! message. A message is a bit string of 32 to 8095 bits. Its first 32 bits are the [`Leader`]; what the
//! leader means depends on the direction, so that there is a [`ToImp`] and a [`FromImp`]. [`h316`] carries a cable
//! over UDP, as the emulated machines of today do.

mod address;
pub mod h316;
mod interface;
mod leader;
mod message;

pub use address::{HostAddress, Link};
pub use interface::{Interface, News, Outage, Signal};
pub use leader::Leader;
pub use message::{Dead, FromImp, GoingDown, Incomplete, LeaderError, Reason, ToImp};

/// The length of a leader in bits.
pub const LEADER_BITS: usize = 32;

/// The longest message in bits, its leader included (RFC 381, type 9 subtype 1).
pub const MAX_MESSAGE_BITS: usize = 8095;

/// How many data bits, after the leader, fit in the longest message.
pub const MAX_DATA_BITS: usize = MAX_MESSAGE_BITS - LEADER_BITS;
