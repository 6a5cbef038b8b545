//! Which command of an FTP dialogue a reply answers.

use std::collections::VecDeque;

use ftp::{Class, CommandName, Edition, Exchange, ReplyCode};

/// The commands of one dialogue that have reached the server and are not answered to the end, in order.
#[derive(Debug, Default)]
pub(super) struct Outstanding(VecDeque<Asked>);

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

impl Outstanding {
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
        match asked.exchange() {
            // An abort is answered in the place of all that was asked before it.
            Some(Exchange::Abort) => drop(self.0.drain(..=place)),
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
    fn exchange(self) -> Option<Exchange> {
        self.name.map(CommandName::exchange)
    }

    /// Whether the code may be a reply to this command, in whichever edition.
    fn can_have(self, code: ReplyCode) -> bool {
        let is_refusal = matches!(code.class(), Class::Failure | Class::Ignored);
        let Some(name) = self.name else { return is_refusal };
        let is_of_it = is_own(name, code);
        match name.exchange() {
            // What has begun is understood, and cannot be refused any more.
            Exchange::Transfer | Exchange::Mail if self.is_begun => {
                code.class() == Class::Failure || is_of_it && code.class() != Class::Ignored
            }
            Exchange::Question if self.is_begun => is_of_it && !is_refusal,
            _ => is_of_it || is_refusal,
        }
    }

    /// Whether nothing more comes of it behind this code.
    fn ends_with(self, code: ReplyCode) -> bool {
        match self.exchange() {
            Some(Exchange::Transfer | Exchange::Mail) => !matches!(
                code,
                ReplyCode::TRANSFER_STARTED
                    | ReplyCode::RESTART_MARKER
                    | ReplyCode::DATA_SOCKET
                    | ReplyCode::MAIL_WANTED
            ),
            Some(Exchange::Question) => !matches!(code.class(), Class::News | Class::Status),
            // The second word comes when the transfer is over.
            Some(Exchange::Plain) => code != ReplyCode::LOGOUT_NOTED,
            Some(Exchange::Abort) | None => true,
        }
    }
}

/// Whether a command has a file, a list or a letter sent.
pub(super) fn is_transfer(name: CommandName) -> bool {
    matches!(name.exchange(), Exchange::Transfer | Exchange::Mail)
}

/// Whether the tables of the documents have the code for this command.
fn is_own(name: CommandName, code: ReplyCode) -> bool {
    let mut answers = Edition::ALL.into_iter().filter_map(|edition| name.answers(edition));
    answers.any(|answers| answers.have(code))
        || code == ReplyCode::DATA_SOCKET && (name.arranges_socket() || is_transfer(name))
        || code == ReplyCode::RESTART_MARKER && is_transfer(name)
}

/// Whether a code is said whatever was asked. The other spontaneous ones have their commands, or belong to a transfer.
fn is_news(code: ReplyCode) -> bool {
    matches!(code, ReplyCode::GREETING | ReplyCode::UNFINISHED)
        || code.is_farewell() && code != ReplyCode::TOO_MANY_TRIES
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
        let (mut waiting, mut number) = (Outstanding::default(), 0);
        let mut told = Vec::new();
        for line in lines.split(", ") {
            match reply_code(line) {
                None => {
                    number += 1;
                    waiting.command(number, command_name(line));
                }
                Some(code) => told.push(match waiting.reply(code) {
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
            ("LIST, 030, 250, HELP, 030, 100, 200, 252", "0 1 2 2 2 1."),
            ("LIST, 250, 257", "1 1."),
        ] {
            assert_eq!(answers(lines), expected, "{lines}");
        }
    }
}
