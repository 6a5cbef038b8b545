//! Which code says to the user that something failed. Each edition has its own tables ([`CommandName::answers`]), and what one has a
//! code for, another says with a more general one.

use super::actions::Failure;
use crate::{Answers, CommandName, Edition, ReplyCode};

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
    let wanted: &[ReplyCode] = match (when, why) {
        (When::Midway, Failure::NoStorage) => &[ReplyCode::NO_STORAGE, ReplyCode::CONNECTION_CLOSED],
        (When::Midway, _) => &[ReplyCode::CONNECTION_CLOSED],
        (When::AtOnce, why) => match why {
            Failure::NotFound | Failure::NoDirectory => &[ReplyCode::NOT_FOUND, ReplyCode::ACCESS_DENIED],
            Failure::AccessDenied | Failure::LoggedOut => &[ReplyCode::ACCESS_DENIED],
            Failure::NameTaken => &[ReplyCode::NAME_TAKEN],
            Failure::BadPathname(_) | Failure::Version => &[ReplyCode::BAD_PATHNAME, ReplyCode::SYNTAX],
            Failure::CannotConnect(_)
            | Failure::ConnectionClosed
            | Failure::BrokenOff
            | Failure::ConnectionBroken(_)
            | Failure::Stalled
            | Failure::NothingCame => &[ReplyCode::CANNOT_CONNECT],
            Failure::FileSystem | Failure::TooManyFiles | Failure::TooLong | Failure::NoStorage => {
                &[ReplyCode::FILE_SYSTEM]
            }
        },
    };
    first_of(wanted, edition, name, when)
}

/// The code that says that a command, or one with such a value, is not implemented here.
pub(super) fn of_what_is_not_here(edition: Edition, name: CommandName) -> ReplyCode {
    first_of(&[ReplyCode::NOT_THAT_VALUE, ReplyCode::NOT_IMPLEMENTED], edition, name, When::AtOnce)
}

/// The code that says that an account must be named before this command.
pub(super) fn of_a_missing_account(edition: Edition, name: CommandName) -> ReplyCode {
    first_of(&[ReplyCode::NO_ACCOUNT], edition, name, When::AtOnce)
}

/// The first of these codes that the edition's table has for the command; if it has none of them, that this is not possible at this
/// time, which all tables have for all commands.
fn first_of(wanted: &[ReplyCode], edition: Edition, name: CommandName, when: When) -> ReplyCode {
    let of_table = |Answers { refused, broken, .. }: Answers| match when {
        When::AtOnce => refused,
        When::Midway => broken,
    };
    let codes = name.answers(edition).map(of_table);
    let has = |code: &ReplyCode| codes.is_some_and(|codes| codes.contains(*code));
    wanted.iter().copied().find(has).unwrap_or(ReplyCode::NOT_NOW)
}
