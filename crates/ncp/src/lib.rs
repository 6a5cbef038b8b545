//! Level 2: the Host/Host protocol of NIC 8246 (January 1972; reprinted as RFC 6529), and the arithmetic of
//! the initial connection protocol (RFC 165).
//!
//! A host's network control program is an [`Ncp`]: a machine without I/O that is handed what the
//! interface to the IMP hears and what local programs ask for. It couples local [`Socket`]s with sockets of
//! other hosts, moves text over links under the partner's allocation, and tells the local programs what
//! happened by [`Event`]s. What travels on the wire can be read without it: [`text`] takes a message
//! apart, and [`Commands`] reads the text of a control message.
//!
//! What a partner can make an NCP remember is bounded ([`Tables`]), and so is what one input costs. What each
//! document requires, where it is kept and which test shows it is listed in `clauses.toml`.
//!
//! The commands that RFC 467 proposes (February 1973) to put allocations in step again are not of this protocol:
//! they are illegal opcodes here. Tables that may differ are put in step by RST.

mod bitqueue;
mod command;
mod company;
mod complaint;
mod connection;
mod control;
mod flow;
mod header;
pub mod icp;
mod level1;
mod local;
mod ncp;
mod partner;
mod patience;
mod policy;
mod socket;
mod status;

pub use command::{Command, CommandError, Commands, ErrorCode, MAX_CONTROL_BYTES};
pub use connection::{ConnectionId, Gone, Partner};
pub use header::{Filler, HEADER_BITS, Header, HeaderError, filler, text};
pub use local::{OpenError, SendError};
pub use ncp::{Event, Input, Ncp, Output};
pub use policy::{Allocation, Policy, QueuePolicy};
pub use socket::{BadByteSize, ByteSize, ForeignSocket, Gender, Socket};
pub use status::{Offer, QueuedRequest, State, Status, Tables};
