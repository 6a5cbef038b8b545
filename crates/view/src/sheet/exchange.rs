//! Which command of an FTP dialogue a reply answers, by the tables of `ftp`.

use ftp::{CommandName, Exchange, Meaning, Outcome, Reply, ReplyCode, UserSession};

/// The commands of one dialogue that have reached the server, and what they wait for.
#[derive(Debug, Default)]
pub(super) struct Outstanding {
    session: UserSession,
    /// Each command by the number that the session gives it: the record in which it was sent, and which it is; `None` if it is no
    /// command of any edition.
    commands: Vec<(u64, Option<CommandName>)>,
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
    /// A user's line, sent in this record, has reached the server.
    pub(super) fn line(&mut self, record: u64, line: &str) {
        let name = command_name(line);
        // What stands in a transcript may be cut, or masked; the word is not.
        let word = name.map_or(line, |name| name.as_str());
        if self.session.sent_line(word).is_some() {
            self.commands.push((record, name));
        }
    }

    /// What a reply answers, or is news of (RFC 354, V.C); `None` if that is no command.
    pub(super) fn reply(&mut self, code: ReplyCode) -> Option<Answer> {
        let is_under_way = self.session.transfers() || self.session.waits_to_begin();
        let meaning = self.session.reply(&Reply::new(code, ""));
        let answered = self.session.answered().and_then(|number| usize::try_from(number).ok());
        let (command, name) = match answered {
            Some(number) => *self.commands.get(number)?,
            // The socket and the markers of a transfer, and the second word to a logout.
            None => match code {
                ReplyCode::DATA_SOCKET | ReplyCode::RESTART_MARKER if is_under_way => {
                    self.last(is_transfer)?
                }
                ReplyCode::LOGGED_OUT => self.last(|name| name == CommandName::Bye)?,
                _ => return None,
            },
        };
        let is_last =
            matches!(meaning, Meaning::Secondary(_) | Meaning::Unasked | Meaning::Primary(Outcome::Failure));
        // A second one that is refused ends nothing.
        let ends_transfer = is_last && name.is_some_and(is_transfer) && !self.session.transfers();
        Some(Answer { command, name, ends_transfer })
    }

    fn last(&self, is_it: impl Fn(CommandName) -> bool) -> Option<(u64, Option<CommandName>)> {
        self.commands.iter().rev().copied().find(|(_, name)| name.is_some_and(&is_it))
    }
}

/// Whether a command has a file, a list or a letter sent.
pub(super) fn is_transfer(name: CommandName) -> bool {
    matches!(name.exchange(), Exchange::Transfer | Exchange::Mail)
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
                    waiting.line(number, line);
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
