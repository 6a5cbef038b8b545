//! What a server session asks of its program.

use std::borrow::Cow;
use std::fmt;

use machine::Span;
use ncp::{CloseReason, ForeignSocket, Gender, Socket};

use crate::{CommandName, Parameters, Password, Reply};

/// Something for the server's program to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send this reply to the user.
    Reply(Reply),
    /// See whether the password is right, then call [`logged_in`](crate::ServerSession::logged_in).
    CheckPassword {
        /// The user.
        user: String,
        /// The password.
        password: Password,
    },
    /// See whether the user may charge this account, then call [`charged`](crate::ServerSession::charged).
    CheckAccount {
        /// The user.
        user: String,
        /// The account.
        account: String,
    },
    /// The user who was logged in is not any more.
    LoggedOut,
    /// Set a fresh socket of this gender aside, then call [`allocated`](crate::ServerSession::allocated).
    AllocateSocket(Gender),
    /// A socket from [`AllocateSocket`](Action::AllocateSocket) is no longer needed. Its connection may
    /// still have to be closed.
    ReleaseSocket(Socket),
    /// Listen on each of these sockets from now on, for the partner that is named or for anyone, and on no other that was
    /// listened on so; then call [`listens`](crate::ServerSession::listens). The transfer that connects by the same
    /// [`Connect::Listen`] has what has come there. Nothing in the list: do not listen any more.
    Listen(Vec<Connect>),
    /// Transfer a file, or a list of files. Call [`transfer_started`](crate::ServerSession::transfer_started) when the data
    /// connection is open, and [`transfer_done`](crate::ServerSession::transfer_done) or
    /// [`transfer_failed`](crate::ServerSession::transfer_failed) at the end. There may be two at a time, one in each direction
    /// (RFC 354, III.A): which one is meant is said by the gender of the server's socket.
    Transfer(Transfer),
    /// See how many bytes the user can still store, then call [`room`](crate::ServerSession::room).
    CheckRoom,
    /// Delete the file of this pathname, as the user wrote it, then call
    /// [`deleted`](crate::ServerSession::deleted).
    Delete(String),
    /// See whether the file of this pathname, as the user wrote it, can be renamed, then call
    /// [`may_rename`](crate::ServerSession::may_rename).
    MayRename(String),
    /// Rename a file, then call [`renamed`](crate::ServerSession::renamed).
    Rename {
        /// The file, as RNFR named it.
        from: String,
        /// Its new name, as RNTO has it.
        to: String,
    },
    /// See which files this pathname means, as the user wrote it, then call
    /// [`described`](crate::ServerSession::described).
    Describe(String),
    /// Stop the transfer over the server's socket of this gender, close its data connection, and report nothing more about it.
    AbortTransfer(Gender),
    /// Close the Telnet connections once everything has been sent. No action follows.
    Bye,
}

/// What becomes of a user who has given a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// There is no such user, or he has another password.
    Refused,
    /// He is a user of the host, and may not transfer files (432 of RFC 354, IV.B).
    NotForFiles,
    /// He is logged in as soon as he has named an account (331 of RFC 414, 10).
    AccountFirst,
    /// He is logged in, and must name an account before he does something with a file (433 of RFC 414, 10).
    AccountForFiles,
    /// He is logged in.
    Free,
}

/// A transfer to be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// What is to be done.
    pub verb: Verb,
    /// How to come by the data connection.
    pub connect: Connect,
    /// How it travels.
    pub parameters: Parameters,
    /// How many bytes at most the user has announced by ALLO, for which room is to be kept from the beginning. One who announces
    /// some does not mean to store nothing: in stream mode a connection that ends before its first byte ends as an empty file does.
    pub announced: u64,
}

/// What is transferred. Pathnames are as the user wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// RETR: this file is sent.
    Retrieve(String),
    /// STOR: this file is replaced by what arrives.
    Store(String),
    /// APPE: what arrives is put behind this file.
    Append(String),
    /// LIST: what there is to know of this file, or of the files in this directory, is sent; without a
    /// pathname, of those in the user's own (RFC 354, IV.A.3; RFC 414, 4).
    List(Option<String>),
    /// NLST: the same of their names alone, each on a line (RFC 414, 5).
    Names(Option<String>),
}

impl Verb {
    /// The command that asked for it.
    pub const fn command(&self) -> CommandName {
        match self {
            Verb::Retrieve(_) => CommandName::Retr,
            Verb::Store(_) => CommandName::Stor,
            Verb::Append(_) => CommandName::Appe,
            Verb::List(_) => CommandName::List,
            Verb::Names(_) => CommandName::Nlst,
        }
    }

    /// The pathname, if there is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Verb::Retrieve(path) | Verb::Store(path) | Verb::Append(path) => Some(path),
            Verb::List(path) | Verb::Names(path) => path.as_deref(),
        }
    }

    /// The command as it was sent, in printing ASCII and no longer than fits into a line that says more of it.
    pub(super) fn as_sent(&self) -> String {
        const MOST: usize = 100;
        let name = self.command().as_str();
        let Some(path) = self.path() else { return name.to_owned() };
        let mut shown: String = path.chars().take(MOST).flat_map(char::escape_default).collect();
        if path.len() > MOST {
            shown += "...";
        }
        format!("{name} {shown}")
    }

    /// The gender of the server's end of the data connection.
    pub const fn gender(&self) -> Gender {
        match self {
            Verb::Retrieve(_) | Verb::List(_) | Verb::Names(_) => Gender::Send,
            Verb::Store(_) | Verb::Append(_) => Gender::Receive,
        }
    }
}

/// The verb alone: pathnames may hold anything.
impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verb::Retrieve(_) => "retrieve",
            Verb::Store(_) => "store",
            Verb::Append(_) => "append",
            Verb::List(_) => "list",
            Verb::Names(_) => "list names",
        })
    }
}

/// What there is to know of files, in printing ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Description {
    /// A file.
    File(String),
    /// The files of a directory, a line for each.
    Directory(Vec<String>),
}

/// How a server comes by a data connection.
///
/// Usually it initiates: from a socket of its own to the one that SOCK named, or by default to U+4 or U+5
/// (RFC 354, III.A and IV.A.2). After LSTN it listens (RFC 438, b).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connect {
    /// Send the request for connection.
    Init {
        /// The socket that SOCK's 255 reply promised, or the one that is the same for the whole dialogue; `None` to take any
        /// fresh one.
        local: Option<Socket>,
        /// The socket at the other end.
        to: ForeignSocket,
    },
    /// Wait for the request for connection.
    Listen {
        /// The socket that LSTN's 255 reply promised, or that PASV opened.
        local: Socket,
        /// The only acceptable partner, if SOCK named one (RFC 438, c). Requests of others are refused.
        from: Option<ForeignSocket>,
    },
}

impl fmt::Display for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Connect::Init { local: None, to } => write!(f, "connect to {to}"),
            Connect::Init { local: Some(local), to } => write!(f, "connect socket {local} to {to}"),
            Connect::Listen { local, from: None } => write!(f, "listen on socket {local}"),
            Connect::Listen { local, from: Some(from) } => write!(f, "listen on socket {local} for {from}"),
        }
    }
}

/// Why a transfer failed, or what else was to be done with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is no such file.
    NotFound,
    /// There is no such directory.
    NoDirectory,
    /// The user may not do that to the file.
    AccessDenied,
    /// There is a file of that name already.
    NameTaken,
    /// The other side closed the data connection before the file was complete.
    ConnectionClosed,
    /// The other side has broken off the data connection: it says itself that there was more to come.
    BrokenOff,
    /// The data connection broke before the file was complete, for this reason.
    ConnectionBroken(CloseReason),
    /// Nothing has moved over it for too long, and the server has closed it.
    Stalled,
    /// The data connection closed, and nothing had come over it though something should have, or for so long that it was not
    /// an empty file.
    NothingCame,
    /// The operator has logged out the user whose transfer it was.
    LoggedOut,
    /// The file does not fit.
    NoStorage,
    /// The data connection did not come about.
    CannotConnect(NoConnection),
    /// Any other trouble of the file system.
    FileSystem,
    /// More files are to be listed than fit into one list.
    TooManyFiles,
    /// The file is longer than any that is sent.
    TooLong,
    /// That is not a pathname of this site, and why.
    BadPathname(String),
    /// The file would have a version that is neither there nor the next.
    Version,
}

/// Why there is no data connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoConnection {
    /// The partner, or the network, did not let it come about.
    Failed(CloseReason),
    /// Nobody has answered, or nobody has come, for so long.
    Late(Span),
    /// This host has no room for one.
    NoRoom,
}

/// A data connection that broke.
impl From<CloseReason> for Failure {
    fn from(why: CloseReason) -> Self {
        match why {
            CloseReason::Closed => Failure::ConnectionClosed,
            CloseReason::Lost => Failure::BrokenOff,
            why => Failure::ConnectionBroken(why),
        }
    }
}

impl Failure {
    pub(super) fn text(&self, connect: Option<&Connect>) -> Cow<'_, str> {
        let text = match self {
            Failure::ConnectionBroken(why) => return format!("data connection: {why}").into(),
            Failure::CannotConnect(why) => return why.text(connect).into(),
            Failure::NotFound => "there is no such file",
            Failure::NoDirectory => "there is no such directory",
            Failure::AccessDenied => "you have no access to that file",
            Failure::NameTaken => "there is a file of that name",
            Failure::ConnectionClosed => "the other side closed the data connection too early",
            Failure::BrokenOff => "the other side broke off the data connection before its end",
            Failure::Stalled => {
                "nothing has moved over the data connection for too long, and it was closed here"
            }
            Failure::NothingCame => {
                "nothing came, too late for an empty file or less than ALLO said: no file was changed"
            }
            Failure::LoggedOut => "the operator has logged out the user whose transfer this was",
            Failure::NoStorage => "there is not enough room for the file",
            Failure::FileSystem => "the file system is in trouble",
            Failure::TooManyFiles => "there are more files than fit into a list",
            Failure::TooLong => "the file is too long to be sent from here",
            Failure::BadPathname(why) => why,
            Failure::Version => "that would leave out a version",
        };
        text.into()
    }
}

impl NoConnection {
    /// Whether the partner refused, is dead or did not come in time: who has to do something about it learns it here alone.
    fn text(self, connect: Option<&Connect>) -> String {
        let (partner, here) = match connect {
            Some(Connect::Init { to, .. }) => (to.to_string(), String::new()),
            Some(Connect::Listen { local, from: Some(from) }) => {
                (from.to_string(), format!(" for socket {local}"))
            }
            Some(Connect::Listen { local, from: None }) => {
                ("anybody".to_owned(), format!(" for socket {local}"))
            }
            None => ("the data socket".to_owned(), String::new()),
        };
        match (self, connect) {
            (NoConnection::NoRoom, _) => "there is no room here for a data connection".to_owned(),
            (NoConnection::Late(patience), Some(Connect::Listen { from: None, .. })) => {
                format!("nobody has asked{here} within {patience}")
            }
            (NoConnection::Late(patience), Some(Connect::Listen { .. })) => {
                format!("{partner} has not asked{here} within {patience}")
            }
            (NoConnection::Late(patience), _) => format!("{partner} has not answered within {patience}"),
            (NoConnection::Failed(CloseReason::Refused), _) => {
                format!("{partner} refuses the data connection")
            }
            (NoConnection::Failed(why), _) => format!("no data connection with {partner}: {why}"),
        }
    }
}
