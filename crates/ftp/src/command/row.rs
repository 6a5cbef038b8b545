//! What a row of the table of commands says beside the command's name and its argument.

use crate::Edition;

/// A row of the table.
pub(super) struct Row {
    /// As it is sent, in capitals.
    pub(super) name: &'static str,
    /// What the argument should be, for error messages.
    pub(super) wants: &'static str,
    /// The editions that have the command.
    pub(super) editions: &'static [Edition],
    /// Which replies it has.
    pub(super) dialogue: Dialogue,
    /// Where HELP names it.
    pub(super) help: Help,
    /// What it asks of the server, in plain words.
    pub(super) meaning: &'static str,
    /// Document and section.
    pub(super) source: &'static str,
}

/// All editions.
pub(super) const EVERY: &[Edition] = &Edition::ALL;

/// The editions with a listening server of RFC 438.
pub(super) const WITH_LSTN: &[Edition] = &[Edition::Rfc438];

/// The editions with a passive server of RFC 478.
pub(super) const WITH_PASV: &[Edition] = &[Edition::Rfc478];

/// Which replies a command has, and which of them ends it (RFC 354, V.C). Any of 4xx and 5xx ends every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialogue {
    /// One reply.
    Plain,
    /// One reply: a 255 with the server's data socket, or a 200.
    Socket,
    /// A 250 when the transfer begins, and a second reply when it is over; a 255 may come before or between.
    Transfer,
    /// A 350 that asks for the text of the mail, and a second reply when that is delivered.
    Mail,
    /// Any number of 1xx, then a 200 (RFC 414, 2 and 5).
    Question,
    /// One reply, in the place of all that are still due to the commands sent before.
    Abort,
}

/// Where the HELP of [`ServerSession`](crate::ServerSession) names a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Help {
    /// On the first line of commands: logging in, data sockets, files.
    Files,
    /// On the second line of commands: the others.
    Others,
    /// Among the parameters, with the only value that the server takes.
    Only(&'static str),
    /// Nowhere: the server answers 506.
    Absent,
}
