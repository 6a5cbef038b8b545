//! What a row of the table of commands says beside the command's name and its argument.

use super::argument::Form;
use crate::Edition;

/// A row of the table.
pub(super) struct Row {
    /// As it is sent, in capitals.
    pub(super) name: &'static str,
    /// What the argument looks like.
    pub(super) form: Form,
    /// What the argument should be, for error messages.
    pub(super) wants: &'static str,
    /// The editions that have the command.
    pub(super) editions: &'static [Edition],
    /// Where HELP names it.
    pub(super) help: Help,
    /// What it asks of the server, in plain words.
    pub(super) meaning: &'static str,
    /// Where each document has it, the oldest first.
    pub(super) source: &'static str,
}

/// All editions.
pub(super) const EVERY: &[Edition] = &Edition::ALL;

/// The editions with a listening server of RFC 438.
pub(super) const WITH_LSTN: &[Edition] = &[Edition::Rfc438, Edition::Rfc454];

/// The editions with a passive server of RFC 478.
pub(super) const WITH_PASV: &[Edition] = &[Edition::Rfc478, Edition::Rfc542];

/// RFC 454 and what came after it.
pub(super) const SINCE_454: &[Edition] = &[Edition::Rfc454, Edition::Rfc478, Edition::Rfc542];

/// What RFC 454 has brought and RFC 542 has dropped.
pub(super) const OF_454: &[Edition] = &[Edition::Rfc454, Edition::Rfc478];

/// All before RFC 542, which leaves mail to other documents.
pub(super) const WITH_MAIL: &[Edition] =
    &[Edition::Rfc354, Edition::Rfc438, Edition::Rfc454, Edition::Rfc478];

/// RFC 542.
pub(super) const ONLY_542: &[Edition] = &[Edition::Rfc542];

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
