//! Lines that are no command, and how the user is told.

use crate::{Edition, Reply, ReplyCode};

/// Why a line is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no such command.
    #[error("{name} is not a command")]
    Unknown {
        /// What stands where the command should, cut to a readable length and made printable.
        name: String,
    },
    /// The argument cannot be read.
    #[error("{name} wants {wants}")]
    Syntax {
        /// The command.
        name: &'static str,
        /// What the argument should be.
        wants: &'static str,
    },
    /// The argument is missing.
    #[error("{name} wants {wants}, and there is nothing")]
    Missing {
        /// The command.
        name: &'static str,
        /// What the argument should be.
        wants: &'static str,
    },
    /// The edition has such a value, and nothing here knows what to do with it.
    #[error("{name} of that kind is not implemented here")]
    Value {
        /// The command.
        name: &'static str,
        /// The edition spoken here.
        edition: Edition,
    },
    /// A command that sites may try out, and that this one does not.
    #[error("{name} is an experiment that is not made here")]
    Experimental {
        /// The command, in capitals.
        name: String,
    },
    /// The command belongs to another edition.
    #[error("{name} is not a command of {edition}")]
    NotOfEdition {
        /// The command.
        name: &'static str,
        /// The edition spoken here.
        edition: Edition,
    },
}

impl CommandError {
    /// The code that says so to the user (RFC 354, IV.B; 402 from RFC 542).
    pub fn code(&self) -> ReplyCode {
        match self {
            CommandError::Unknown { .. } => ReplyCode::UNRECOGNIZED,
            CommandError::Syntax { .. } => ReplyCode::SYNTAX,
            CommandError::Missing { .. } => ReplyCode::MISSING,
            CommandError::Value { edition: Edition::Rfc542, .. } => ReplyCode::NOT_THAT_VALUE,
            CommandError::Value { .. }
            | CommandError::Experimental { .. }
            | CommandError::NotOfEdition { .. } => ReplyCode::NOT_IMPLEMENTED,
        }
    }
}

impl From<&CommandError> for Reply {
    fn from(error: &CommandError) -> Self {
        Reply::new(error.code(), error.to_string())
    }
}
