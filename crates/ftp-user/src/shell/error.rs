//! What is wrong with a line that was typed, or with what came of it.

use ftp::Reply;
use host::{FileError, PathError};

use crate::ControlError;
use crate::data::DataError;
use crate::ending;
use crate::line::LineError;

/// What is wrong with a line, or with what came of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum UserError {
    #[error("{0}")]
    Line(#[from] LineError),
    #[error("THERE IS NO HOST {0}")]
    NoHost(String),
    #[error("{site}: {why}")]
    NoDialogue { site: String, why: ControlError },
    #[error("{}", ending::NOT_CONNECTED.words())]
    NotConnected,
    #[error("STILL CONNECTED: BYE FIRST")]
    StillConnected,
    #[error("NO TRANSFER IS UNDER WAY")]
    NothingToAbort,
    /// The server refuses a command that was quoted: its answer, with what it said before.
    #[error("{0}")]
    Quoted(String),
    /// The server refuses, and this is about which of its files.
    #[error("{}", refusal(.reply, .about))]
    Refused { reply: Reply, about: String },
    /// The file of this host cannot be read or written.
    #[error("{}", ending::FILE_HERE.with(&[&format!("{path}: {why}")]))]
    Here { path: String, why: FileError },
    #[error("{}", ending::FILE_HERE.with(&[&format!("{path}: {why}")]))]
    Path { path: String, why: PathError },
    /// The person wants a file to stay.
    #[error("{}", ending::NOT_REPLACED.with(&[.0]))]
    NotReplaced(String),
    /// This program cannot do that with a transfer.
    #[error("{what} {value}: THIS PROGRAM KNOWS {known} ONLY")]
    Setting { what: &'static str, value: String, known: &'static str },
    /// Of many files some were not done.
    #[error("{done} OF {all} FILES; WHY NOT THE OTHERS IS SAID ABOVE")]
    Several { done: usize, all: usize },
    #[error("NO FILE IS LIKE {0}")]
    NoneLike(String),
    /// The person wants no further file.
    #[error("STOPPED: {done} OF {all} FILES ARE DONE")]
    Left { done: usize, all: usize },
    #[error("NO ACCOUNT IS NAMED")]
    NoAccount,
    #[error("NOTHING IS DELETED")]
    NothingDeleted,
    #[error("{0}")]
    Control(#[from] ControlError),
    #[error("{0}")]
    Data(#[from] DataError),
}

/// A refusal, and which file it is about, if the server does not say so itself.
fn refusal(reply: &Reply, about: &str) -> String {
    let said = reply.to_string();
    let is_named =
        |word: &str| word.trim_matches(['"', '\'', '(', ')', ',', ':']).eq_ignore_ascii_case(about);
    if about.is_empty() || said.split_whitespace().any(is_named) {
        return said;
    }
    format!("{said} ({about})")
}

/// An error that says which file of the server a refusal is about.
pub(super) fn about_file(error: UserError, about: &str) -> UserError {
    match error {
        UserError::Control(ControlError::Refused(reply))
        | UserError::Data(DataError::Control(ControlError::Refused(reply))) => {
            UserError::Refused { reply, about: about.to_owned() }
        }
        error => error,
    }
}

/// Whether nothing more can be done over a control connection on which this has happened: it is gone, or its replies cannot be
/// told apart any more.
pub(super) fn is_useless(error: &UserError) -> bool {
    match error {
        UserError::Control(cause) | UserError::Data(DataError::Control(cause)) => !matches!(
            cause,
            ControlError::Refused(_)
                | ControlError::Missed
                | ControlError::Unfit(_)
                | ControlError::InMail
                | ControlError::Unsendable(_)
        ),
        UserError::Data(DataError::RefusedAndOpen(_) | DataError::GivenUp) => true,
        _ => false,
    }
}
