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
    /// Nothing more is said.
    Over,
}

/// Who has logged in.
#[derive(Debug)]
pub(super) enum Login {
    /// No user has been named, or the last one not accepted.
    Out,
    /// USER named this one, and PASS is to follow at once.
    Named(String),
    /// The password of this one was right.
    In(String),
}

/// What the program has been asked and not answered. Until it answers, no command is obeyed.
#[derive(Debug)]
pub(super) enum Question {
    /// Whether the password of this user is right.
    Password { user: String },
    /// LSTN: which socket of this gender listens.
    SocketToListen(Gender),
    /// SOCK, in the edition of RFC 438: which socket connects to this one.
    SocketFor(ForeignSocket),
    /// DELE: whether the file is deleted.
    Deletion,
    /// STAT: which files there are.
    Description,
}

/// How far the transfer is.
#[derive(Debug)]
pub(super) enum Progress {
    /// There is none.
    Idle,
    /// The program opens the file and the data connection.
    Starting { verb: Verb, connect: Connect },
    /// Data flow, perhaps over a socket that was promised in a 255 reply.
    Moving { verb: Verb, promised: Option<Socket> },
}

impl Progress {
    /// Which of the server's sockets is at work.
    pub(super) fn gender(&self) -> Option<Gender> {
        match self {
            Progress::Idle => None,
            Progress::Starting { verb, .. } | Progress::Moving { verb, .. } => Some(verb.gender()),
        }
    }
}
