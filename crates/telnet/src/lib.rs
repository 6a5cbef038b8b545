//! The Telnet of 1971-72 (RFC 318, which gathers RFC 137, RFC 139 and RFC 158): what a control connection
//! carries.
//!
//! A Telnet connection is a stream of 8-bit bytes. Bytes below 128 are ASCII text for the network virtual
//! terminal; bytes from 128 on are [`Signal`]s, which may stand anywhere in the stream. A line ends with
//! CR LF. [`Lines`] turns such a stream into lines and signals and back.

mod lines;
mod signal;

pub use lines::{DEFAULT_LIMIT, Lines, LinesError, Received};
pub use signal::Signal;
