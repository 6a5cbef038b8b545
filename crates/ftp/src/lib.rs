//! The file transfer protocol of January 1973, pure: RFC 354 as amended by RFC 385, RFC 414 and, in the
//! edition of record, RFC 438; and the editions of the same year that came of it ([`Edition`]).
//!
//! A user's program sends [`Command`]s over a Telnet connection and is answered with [`Reply`]s; files go
//! over a data connection of their own. [`ServerSession`] is the server's side of one such dialogue and
//! [`UserSession`] the user's; neither does any I/O. What RFC 354 leaves open is taken from RFC 454, its
//! revision of a month later, and said so.
//!
//! Each command is one row of the table in `command.rs`: name, argument, editions, place in HELP, meaning and
//! source. Which replies may come to it stands in `grammar.rs`, by edition. Server, user, RSEXEC and the decoder of traces ask the row ([`CommandName`]); the same holds for the codes of
//! replies ([`ReplyCode`]).
//!
//! What the documents require, where it is kept and which test shows it is listed in `clauses.toml` ([`CLAUSES`]).

mod command;
mod edition;
mod grammar;
mod parameters;
mod reply;
mod server;
mod user;

pub use command::{
    Allocation, Command, CommandError, CommandName, Form, Help, Marker, NamedSocket, Password,
};
pub use edition::{Edition, UnknownEdition};
pub use grammar::{Answers, Codes, Exchange};
pub use parameters::{Format, IllegalCombination, Mode, Parameters, Structure, Type};
pub use reply::{Class, CodeRow, Heard, Reply, ReplyCode, ReplyError, ReplyReader};
pub use server::{
    Action, Admission, Connect, Description, Failure, NoConnection, Reach, ServerSession, Transfer, Verb,
};
pub use user::{Meaning, Outcome, UserSession};

/// What the documents require of a file transfer, in the form that `ncp::clauses` reads.
pub const CLAUSES: &str = include_str!("../clauses.toml");

#[cfg(test)]
mod tests;
