//! Level 2: the Host/Host protocol of NIC 8246 (January 1972; reprinted as RFC 6529), and the arithmetic of
//! the initial connection protocol (RFC 165).
//!
//! A host's network control program is an [`Ncp`]: a machine without I/O that is handed what the
//! interface to the IMP hears and what local programs ask for. It couples local [`Socket`]s with sockets of
//! other hosts, moves text over links under the partner's allocation, and tells the local programs what
//! happened by [`Event`]s. What travels on the wire can be read without it: [`Header::split`] takes a message
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
mod connections;
mod control;
mod error;
mod error_code;
mod event;
mod flow;
mod header;
pub mod icp;
mod level1;
mod local;
mod ncp;
mod partner;
mod phase;
mod policy;
mod receiving;
mod request;
mod requests;
mod reset;
mod sending;
mod shared;
mod socket;
mod status;
mod tables;
mod timers;
mod transit;

pub use command::{Command, CommandError, Commands, MAX_CONTROL_BYTES};
pub use company::Start;
pub use error::{OpenError, SendError};
pub use error_code::ErrorCode;
pub use event::{CloseReason, ConnectionId, Event, Input, Output};
pub use header::{Filler, HEADER_BITS, Header, HeaderError, filler};
pub use policy::{Allocation, Policy, QueuePolicy};
pub use request::{Offer, Partner};
pub use socket::{BadByteSize, ByteSize, ForeignSocket, Gender, Socket};
pub use status::{QueuedRequest, State, Status, Tables};
pub use tables::Ncp;
