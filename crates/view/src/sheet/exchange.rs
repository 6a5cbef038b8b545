//! Which command of an FTP dialogue a reply answers.

use std::collections::VecDeque;

use ftp::{Class, CommandName, Dialogue, ReplyCode};

/// The commands of one dialogue that have reached the server and are not answered to the end, in order.
#[derive(Debug, Default)]
pub(super) struct Exchange(VecDeque<Asked>);

/// A command that is not answered to the end.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// The record in which it was sent.
    command: u64,
    /// `None` if it is no command of any edition.
    name: Option<CommandName>,
    /// Whether it has been answered, but not to the end.
    is_begun: bool,
}

/// What a reply answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// The record in which the command was sent.
    pub(super) command: u64,
    /// Which command.
    pub(super) name: Option<CommandName>,
    /// Whether it is the last word on a transfer.
    pub(super) ends_transfer: bool,
}

impl Exchange {
    /// A command, sent in this record, has reached the server.
    pub(super) fn command(&mut self, command: u64, name: Option<CommandName>) {
        self.0.push_back(Asked { command, name, is_begun: false });
    }

    /// What a reply answers: the oldest command that it can answer (RFC 354, V.C); `None` if it is news.
    pub(super) fn reply(&mut self, code: ReplyCode) -> Option<Answer> {
        if is_news(code) {
            return None;
        }
        // A status has a last word only where RFC 414 has its way: what answers something else has ended it.
        let place = self.0.iter().position(|asked| asked.can_have(code))?;
        let asked = self.0[place];
        let is_over = asked.ends_with(code);
        match asked.dialogue() {
            // An abort is answered in the place of all that was asked before it.
            Some(Dialogue::Abort) => drop(self.0.drain(..=place)),
            _ if is_over => drop(self.0.remove(place)),
            _ => self.0[place].is_begun = true,
        }
        let is_transfer = asked.name.is_some_and(is_transfer);
        // A second one that is refused ends nothing.
        let goes_on = self.0.iter().any(|other| other.is_begun && other.name.is_some_and(self::is_transfer));
        let ends_transfer = is_transfer && is_over && !goes_on;
        Some(Answer { command: asked.command, name: asked.name, ends_transfer })
    }
}

impl Asked {
    fn dialogue(self) -> Option<Dialogue> {
        self.name.map(CommandName::dialogue)
    }

    /// Whether the code may be a reply to this command.
    fn can_have(self, code: ReplyCode) -> bool {
        let is_refusal = matches!(code.class(), Class::Failure | Class::Ignored);
        let Some(dialogue) = self.dialogue() else { return is_refusal };
        match dialogue {
            // What has begun is understood, and cannot be refused any more.
            Dialogue::Transfer | Dialogue::Mail if self.is_begun => {
                code.class() == Class::Failure || is_of_transfer(code)
            }
            Dialogue::Transfer | Dialogue::Mail => is_refusal || is_of_transfer(code),
            Dialogue::Question => {
                matches!(code.class(), Class::News | Class::Status)
                    || code == ReplyCode::OK
                    || is_refusal && !self.is_begun
            }
            Dialogue::Abort => {
                is_refusal || matches!(code, ReplyCode::ABORTED | ReplyCode::NOTHING_TO_ABORT | ReplyCode::OK)
            }
            Dialogue::Socket => is_refusal || matches!(code, ReplyCode::DATA_SOCKET | ReplyCode::OK),
            Dialogue::Plain(codes) => {
                is_refusal || codes.contains(&code) || code == ReplyCode::OK || is_logout(self.name, code)
            }
        }
    }

    /// Whether nothing more comes of it behind this code.
    fn ends_with(self, code: ReplyCode) -> bool {
        match self.dialogue() {
            Some(Dialogue::Transfer | Dialogue::Mail) => !matches!(
                code,
                ReplyCode::TRANSFER_STARTED
                    | ReplyCode::RESTART_MARKER
                    | ReplyCode::DATA_SOCKET
                    | ReplyCode::MAIL_WANTED
            ),
            Some(Dialogue::Question) => !matches!(code.class(), Class::News | Class::Status),
            // The second word comes when the transfer is over.
            Some(Dialogue::Plain(_)) => code != ReplyCode::LOGOUT_NOTED,
            Some(Dialogue::Socket | Dialogue::Abort) | None => true,
        }
    }
}

/// Whether a command has a file, a list or a letter sent.
pub(super) fn is_transfer(name: CommandName) -> bool {
    matches!(name.dialogue(), Dialogue::Transfer | Dialogue::Mail)
}

fn is_logout(name: Option<CommandName>, code: ReplyCode) -> bool {
    name == Some(CommandName::Bye) && matches!(code, ReplyCode::LOGGED_OUT | ReplyCode::LOGOUT_NOTED)
}

/// Whether a code tells how a transfer fares, and nothing else.
fn is_of_transfer(code: ReplyCode) -> bool {
    matches!(
        code,
        ReplyCode::TRANSFER_STARTED
            | ReplyCode::RESTART_MARKER
            | ReplyCode::TRANSFER_DONE
            | ReplyCode::DATA_SOCKET
            | ReplyCode::MAIL_WANTED
            | ReplyCode::MAIL_DONE
    )
}

/// Whether a code is said whatever was asked (RFC 354, V.C).
fn is_news(code: ReplyCode) -> bool {
    matches!(
        code,
        ReplyCode::GREETING
            | ReplyCode::UNFINISHED
            | ReplyCode::NO_USERS
            | ReplyCode::FORCED_BY_OPERATOR
            | ReplyCode::FORCED_BY_SYSTEM
            | ReplyCode::SHUTTING_DOWN
    )
}

/// The command that a user's line begins with.
pub(crate) fn command_name(line: &str) -> Option<CommandName> {
    CommandName::from_word(line.trim_start().split([' ', '␍', '…']).next().unwrap_or_default())
}

/// The code that a server's line begins with.
pub(crate) fn reply_code(line: &str) -> Option<ReplyCode> {
    let digits = line.get(..3)?;
    let is_code = digits.bytes().all(|byte| byte.is_ascii_digit());
    let ends = !line[3..].starts_with(|next: char| next.is_ascii_alphanumeric());
    if is_code && ends { digits.parse().ok().and_then(ReplyCode::new) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays a dialogue: what the user says, numbered from 1, and what the server replies; and which command each reply
    /// answers, 0 for none, with a full stop where it is the last word on a transfer.
    fn answers(lines: &str) -> String {
        let (mut exchange, mut number) = (Exchange::default(), 0);
        let mut told = Vec::new();
        for line in lines.split(", ") {
            match reply_code(line) {
                None => {
                    number += 1;
                    exchange.command(number, command_name(line));
                }
                Some(code) => told.push(match exchange.reply(code) {
                    Some(Answer { command, ends_transfer, .. }) => {
                        format!("{command}{}", if ends_transfer { "." } else { "" })
                    }
                    None => "0".to_owned(),
                }),
            }
        }
        told.join(" ")
    }

    #[test]
    fn each_reply_answers_the_command_that_it_can_answer() {
        for (lines, expected) in [
            ("300, USER A, 330, PASS B, 230, BYE, 231", "0 1 2 3"),
            ("USER A, PASS B, TYPE A, 330, 230, 200", "1 2 3"),
            ("RETR A, 255, 250, NOOP, 200, 252", "1 1 2 1."),
            ("RETR A, 250, XYZ, 500, RETR B, 504, 452", "1 2 3 1."),
            ("RETR A, 250, BYE, 232, 252, 231", "1 2 1. 2"),
            ("RETR A, 250, NOOP, ABOR, 201, STAT, 100, 100, 200", "1 3 4 4 4"),
            ("STAT, 100, RETR A, 450", "1 2."),
            ("SOCK 3, LSTN R, 255, 255", "1 2"),
            ("LIST, 436, 000, 250, 252, 252", "0 0 1 1. 0"),
            ("MAIL A, 350, 256", "1 1."),
            ("FOO, 500, 500", "1 0"),
        ] {
            assert_eq!(answers(lines), expected, "{lines}");
        }
    }
}
