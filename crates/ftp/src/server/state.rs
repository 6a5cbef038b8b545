//! What a session remembers of its dialogue.

use ncp::{ForeignSocket, Gender, Socket};

use super::actions::{Connect, Verb};

/// How far the dialogue is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    /// Commands are obeyed.
    Open,
    /// BYE came during a transfer: hang up when that is over.
    Leaving,
    /// REIN came during a transfer: greet anew when that is over.
    Reinitializing,
    /// Nothing more is said.
    Over,
}

impl Stage {
    pub(super) fn is_over(self) -> bool {
        matches!(self, Stage::Over)
    }
}

/// Who has logged in.
#[derive(Debug)]
pub(super) enum Login {
    /// No user has been named, or the last one not accepted.
    Out,
    /// USER named this one, and PASS is to follow at once.
    Named(String),
    /// The password of this one was right, and ACCT is to follow.
    Owing(String),
    /// This one is logged in.
    In(String),
}

/// What the program has been asked and not answered. Until it answers, no command is obeyed.
#[derive(Debug)]
pub(super) enum Question {
    /// Whether the password of this user is right.
    Password { user: String },
    /// Whether the user may charge this account.
    Account,
    /// LSTN: which socket of this gender listens.
    SocketToListen(Gender),
    /// SOCK, in the edition of RFC 438: which socket connects to this one.
    SocketFor(ForeignSocket),
    /// PASV: whether the program listens on the data sockets.
    Passive,
    /// ALLO: whether there is room for so many bytes.
    Room(u64),
    /// DELE: whether the file is deleted.
    Deletion,
    /// RNFR: whether this file may be renamed.
    Renaming,
    /// RNTO: whether the file has its new name.
    NewName,
    /// STAT: which files there are.
    Description,
}

/// A transfer that is under way.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) verb: Verb,
    pub(super) connect: Connect,
    pub(super) progress: Progress,
    /// What ALLO has said of it.
    pub(super) announced: u64,
    /// A socket that is needed as long as the transfer lasts, and not any more for the next.
    pub(super) held: Option<Socket>,
}

/// How far a transfer is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Progress {
    /// The program opens the file and the data connection.
    Starting,
    /// Data flow between these, and so many bytes have passed so far.
    Moving { local: Socket, foreign: ForeignSocket, bytes: u64 },
}

/// The transfers that are under way: at most one in each direction (RFC 354, III.A), by the gender of the server's socket.
#[derive(Debug, Default)]
pub(super) struct Works {
    send: Option<Work>,
    receive: Option<Work>,
}

impl Works {
    pub(super) fn get_mut(&mut self, gender: Gender) -> &mut Option<Work> {
        match gender {
            Gender::Send => &mut self.send,
            Gender::Receive => &mut self.receive,
        }
    }

    /// Whether a transfer is using the server's data socket of that gender.
    pub(super) fn uses(&self, gender: Gender) -> bool {
        match gender {
            Gender::Send => self.send.is_some(),
            Gender::Receive => self.receive.is_some(),
        }
    }

    pub(super) fn are_none(&self) -> bool {
        self.iter().next().is_none()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Work> {
        self.send.iter().chain(&self.receive)
    }
}
