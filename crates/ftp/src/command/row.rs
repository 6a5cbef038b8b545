//! What a row of the table of commands says beside the command's name and its argument.

use super::argument::Form;
use crate::{Edition, ReplyCode};

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

/// Which replies a command has if it succeeds, and which of them ends it (RFC 354, V.C). Any of 4xx and 5xx ends every
/// command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialogue {
    /// One reply, with one of these codes.
    Plain(&'static [ReplyCode]),
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

/// Done as asked.
pub(super) const DONE: Dialogue = Dialogue::Plain(&[ReplyCode::OK]);

/// USER: logged in, or a password is wanted.
pub(super) const NAMING: Dialogue = Dialogue::Plain(&[ReplyCode::LOGGED_IN, ReplyCode::PASSWORD_WANTED]);

/// PASS: logged in, or an account is wanted (RFC 414, 10).
pub(super) const PASSWORD: Dialogue = Dialogue::Plain(&[ReplyCode::LOGGED_IN, ReplyCode::ACCOUNT_WANTED]);

/// ACCT: logged in.
pub(super) const ACCOUNT: Dialogue = Dialogue::Plain(&[ReplyCode::LOGGED_IN]);

/// BYE: logged out, or noted for the end of the transfer.
pub(super) const LOGOUT: Dialogue = Dialogue::Plain(&[ReplyCode::LOGGED_OUT, ReplyCode::LOGOUT_NOTED]);

/// RNTO: renamed.
pub(super) const RENAMED: Dialogue = Dialogue::Plain(&[ReplyCode::RENAMED]);

/// DELE: deleted.
pub(super) const DELETED: Dialogue = Dialogue::Plain(&[ReplyCode::DELETED]);

impl Dialogue {
    /// The codes that say in this edition that all goes well, in the order in which they come where there are several
    /// replies. The 255 that comes with a transfer is none of them, since it belongs to no command.
    pub fn success(self, edition: Edition) -> &'static [ReplyCode] {
        match self {
            Dialogue::Plain(codes) => codes,
            // RFC 438, a and d.1; before it and after it a 200 is enough (RFC 354, V.C; RFC 478).
            Dialogue::Socket if WITH_LSTN.contains(&edition) => &[ReplyCode::DATA_SOCKET],
            Dialogue::Socket => &[ReplyCode::OK],
            Dialogue::Transfer => &[ReplyCode::TRANSFER_STARTED, ReplyCode::TRANSFER_DONE],
            Dialogue::Mail => &[ReplyCode::MAIL_WANTED, ReplyCode::MAIL_DONE],
            Dialogue::Question => {
                &[ReplyCode::STATUS, ReplyCode::FILE_STATUS, ReplyCode::DIRECTORY, ReplyCode::OK]
            }
            Dialogue::Abort => &[ReplyCode::ABORTED, ReplyCode::NOTHING_TO_ABORT],
        }
    }
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
