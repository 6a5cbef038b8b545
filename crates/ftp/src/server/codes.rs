//! Which code says to the user that something failed: each edition has its own tables (RFC 354, V.C with RFC 385, 12; RFC 454,
//! V.C; RFC 542).

use super::actions::Failure;
use crate::{CommandName, Edition, ReplyCode};

/// When something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Before anything else was said of the command: its primary reply.
    AtOnce,
    /// After a 250: the secondary reply of a transfer.
    Midway,
}

/// The code that tells the user why a command failed.
pub(super) fn of_failure(why: &Failure, edition: Edition, name: CommandName, when: When) -> ReplyCode {
    let is_later = edition == Edition::Rfc478;
    if when == When::Midway {
        // Of files that arrive alone is said that there is no room; all else is that the file is not complete.
        let arrives = matches!(name, CommandName::Stor | CommandName::Appe | CommandName::Mlfl);
        return match why {
            Failure::NoStorage if arrives => ReplyCode::NO_STORAGE,
            _ => ReplyCode::CONNECTION_CLOSED,
        };
    }
    match why {
        // The tables of these leave out 450: nothing needs to be there.
        Failure::NotFound | Failure::NoDirectory if matches!(name, CommandName::Stor | CommandName::Appe) => {
            ReplyCode::ACCESS_DENIED
        }
        Failure::NotFound | Failure::NoDirectory => ReplyCode::NOT_FOUND,
        Failure::AccessDenied => ReplyCode::ACCESS_DENIED,
        Failure::NameTaken if is_later => ReplyCode::NAME_TAKEN,
        // What is wrong with the argument, where no code is for pathnames.
        Failure::BadPathname(_) | Failure::Version => match name {
            CommandName::Nlst => ReplyCode::SYNTAX,
            _ if is_later => ReplyCode::BAD_PATHNAME,
            _ => ReplyCode::SYNTAX,
        },
        Failure::CannotConnect(_)
        | Failure::ConnectionClosed
        | Failure::BrokenOff
        | Failure::ConnectionBroken(_)
        | Failure::Stalled
        | Failure::NothingCame => ReplyCode::CANNOT_CONNECT,
        Failure::FileSystem | Failure::TooManyFiles | Failure::TooLong | Failure::NoStorage if is_later => {
            ReplyCode::FILE_SYSTEM
        }
        Failure::FileSystem
        | Failure::TooManyFiles
        | Failure::TooLong
        | Failure::NoStorage
        | Failure::NameTaken => ReplyCode::NOT_NOW,
    }
}
