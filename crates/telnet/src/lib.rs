//! The Telnet of 1971-72 (RFC 318, which gathers RFC 137, RFC 139 and RFC 158): what a control connection
//! carries.
//!
//! A Telnet connection is a stream of 8-bit bytes. Bytes below 128 are ASCII text for the network virtual
//! terminal; bytes from 128 on are [`Signal`]s, which may stand anywhere in the stream. A line ends with
//! CR LF. [`Lines`] turns such a stream into lines and signals and back.
//!
//! ```
//! use telnet::{Lines, Received, Signal};
//! use tokio_util::{bytes::BytesMut, codec::Decoder};
//!
//! let mut lines = Lines::default();
//! let mut heard = BytesMut::from(&b"USER \x81SMITH\r\nPA"[..]);
//! assert_eq!(lines.decode(&mut heard)?, Some(Received::Signal(Signal::Break)));
//! assert_eq!(lines.decode(&mut heard)?, Some(Received::Line("USER SMITH".into())));
//! assert_eq!(lines.decode(&mut heard)?, None);
//! # Ok::<(), telnet::LinesError>(())
//! ```

mod lines;
mod signal;

pub use lines::{DEFAULT_LIMIT, Discarded, Lines, LinesError, READ_ROOM, Received};
pub use signal::{Signal, UnnamedCode};

/// What RFC 318 requires, where it is kept and which test shows it, in the form that `ncp::clauses` reads.
pub const CLAUSES: &str = include_str!("../clauses.toml");
