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
//! document requires, where it is kept and which test shows it is listed in `clauses.toml`, which [`clauses`] reads.
//!
//! ```
//! use imp1822::HostAddress;
//! use machine::{Instant, Machine};
//! use ncp::{ByteSize, Commands, ForeignSocket, Header, Input, Ncp, Output, Policy, Socket, Start, icp};
//!
//! let now = Instant::START;
//! let mut ncp = Ncp::new(HostAddress::from(22), Policy::default(), Start::Cold);
//! ncp.handle(now, Input::Up);
//! // A Telnet user makes contact with the logger of host 69.
//! let logger = ForeignSocket { host: HostAddress::from(69), socket: icp::TELNET_CONTACT };
//! ncp.init(now, Socket::new(65536), logger, Some(ByteSize::THIRTY_TWO))?;
//! let Some(Output::Send(message)) = ncp.poll() else { panic!("a control message leaves") };
//! let (_, text) = Header::split(&message)?;
//! let commands: Vec<String> = Commands::new(text).flatten().map(|command| command.to_string()).collect();
//! assert_eq!(commands, ["RTS 65536 from 1 link 2"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to read about what
//!
//! Each file imports only from those above it.
//!
//! | files | subject |
//! |---|---|
//! | `socket`, `command`, `error_code`, `header`, [`icp`] | what travels on the wire, and how it is read and written |
//! | `policy`, `start`, `event`, `request`, `error` | what an NCP is told, and what it tells |
//! | `reached` | which states have met which inputs |
//! | `bitqueue`, `flow` | text that waits, and the two counters of flow control |
//! | `partner`, `transit`, `timers`, `shared` | other hosts, messages that the IMP has not answered for, deadlines; and all of these together, which every connection may use |
//! | `phase`, `receiving`, `sending`, `connection`, `connections` | the connections: their phases (a diagram is in `connection`) and what happens in each |
//! | `requests` | requests that wait or are refused |
//! | `tables` | the [`Ncp`], which owns all of it |
//! | `reset`, `inquiry`, `complaint`, `control`, `level1`, `local`, `contact` | what it does when a partner resets, says nothing, complains, sends commands or text, when the IMP answers for a message, and when a local program asks, of a contact socket for one |
//! | `status`, `held`, `ncp` | what it looks like from outside, and the machine on top |
//! | [`clauses`] | what the documents require, as `clauses.toml` lists it |
//!
//! An RTS, say, arrives in `ncp` (`handle`), is read in `control`, and finds its connection in `connections`; `sending` says
//! what it means in the phase that it finds; the STR that grants it waits in `partner` until `shared` packs it into a control
//! message, which `transit` keeps until `level1` hears the RFNM.
//!
//! The commands that RFC 467 proposes (February 1973) to put allocations in step again are not of this protocol:
//! they are illegal opcodes here. Tables that may differ are put in step by RST.

mod bitqueue;
pub mod clauses;
mod command;
mod complaint;
mod connection;
mod connections;
mod contact;
mod control;
mod error;
mod error_code;
mod event;
mod flow;
mod header;
mod held;
mod host_set;
pub mod icp;
mod inquiry;
mod level1;
mod local;
mod ncp;
mod partner;
mod phase;
mod policy;
mod reached;
mod receiving;
mod request;
mod requests;
mod reset;
mod sending;
mod shared;
mod socket;
mod start;
mod status;
mod tables;
mod timers;
mod transit;
mod writing;

pub use command::{Command, CommandError, Commands, MAX_CONTROL_BYTES};
pub use error::{OpenError, SendError};
pub use error_code::ErrorCode;
pub use event::{CloseReason, ConnectionId, Event, Input, Loss, Output};
pub use header::{Filler, HEADER_BITS, Header, HeaderError, filler};
pub use held::{Held, Stray};
pub use policy::{Allocation, Inquiry, Policy, QueuePolicy};
pub use reached::{Cell, Happening, Reached, Row};
pub use request::{Offer, Partner};
pub use socket::{BadByteSize, ByteSize, ForeignSocket, Gender, Socket};
pub use start::Start;
pub use status::{QueuedRequest, State, Status, Tables};
pub use tables::Ncp;
pub use transit::MOST_TRIES;
