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

#[derive(Debug)]
pub(super) enum Login {
    Out,
    Named(String),
    In(String),
}

/// What the program has been asked and not answered.
#[derive(Debug)]
pub(super) enum Question {
    Password { user: String },
    SocketToListen(Gender),
    SocketFor(ForeignSocket),
    Deletion,
    Description,
}

/// How far the transfer is.
#[derive(Debug)]
pub(super) enum Progress {
    Idle,
    /// The program opens the file and the data connection.
    Starting {
        verb: Verb,
        connect: Connect,
    },
    /// Data flow, perhaps over a socket that was promised in a 255 reply.
    Moving {
        verb: Verb,
        promised: Option<Socket>,
    },
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
