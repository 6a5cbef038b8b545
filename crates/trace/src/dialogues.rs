//! Dialogues of FTP, read as they pass by the tables of `ftp`: which reply answers a command, and which nobody has asked for.

use std::collections::BTreeMap;

use ftp::{Class, CommandName, Heard, Meaning, Reply, ReplyReader, UserSession};

use crate::flows::Speaker;

/// The dialogues that pass, by their sessions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dialogues {
    open: BTreeMap<u64, Dialogue>,
    /// Of this session and those before nothing is kept any more.
    forgotten: Option<u64>,
}

/// So many dialogues are followed at once; of more, the first ones are not followed further.
const AT_ONCE: usize = 64;

/// So many bytes of a line are kept: more than any line has of which something is to be said.
const LONGEST_LINE: usize = 600;

/// The signal of Telnet that ends a SYNCH (RFC 318).
const DATA_MARK: u8 = 128;

/// So many lines of a reply belong together.
const LONGEST_REPLY: usize = 1000;

/// A reply, as its line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// What it means.
    pub(crate) meaning: Meaning,
    /// The reply, if it is none to anything that was asked, and nothing is under way: whatever the server counts.
    pub(crate) stray: Option<String>,
}

#[derive(Debug, Clone)]
struct Dialogue {
    session: UserSession,
    /// Whether it is certain how many replies are due. It is not behind a line that a server may have thrown away, or that it
    /// answers as it likes; nor behind an abort or a goodbye, which documents have answered in more ways than one.
    is_plain: bool,
    reader: ReplyReader,
    /// The line that each side has begun.
    user: Vec<u8>,
    server: Vec<u8>,
}

impl Dialogues {
    /// Takes what one side of a session says. Returns for each line that ends there the reply that is whole by it.
    pub(crate) fn hear(&mut self, session: u64, speaker: Speaker, bytes: &[u8]) -> Vec<Option<Answer>> {
        let Some(dialogue) = self.dialogue(session) else { return Vec::new() };
        let mut answers = Vec::new();
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            answers.extend(dialogue.add(speaker, part));
        }
        answers
    }

    /// From now on it is not certain which replies are due in a session.
    pub(crate) fn muddle(&mut self, session: u64) {
        if let Some(dialogue) = self.dialogue(session) {
            dialogue.is_plain = false;
        }
    }

    fn dialogue(&mut self, session: u64) -> Option<&mut Dialogue> {
        if self.forgotten.is_some_and(|last| session <= last) {
            return None;
        }
        if !self.open.contains_key(&session) && self.open.len() == AT_ONCE {
            self.forgotten = self.open.pop_first().map(|(first, _)| first).max(self.forgotten);
        }
        Some(self.open.entry(session).or_insert_with(Dialogue::new))
    }
}

impl Dialogue {
    fn new() -> Self {
        Dialogue {
            session: UserSession::new(),
            is_plain: true,
            reader: ReplyReader::new(LONGEST_REPLY),
            user: Vec::new(),
            server: Vec::new(),
        }
    }

    /// Adds a part of a line. If the line ends with it: the reply that is whole by it, if one is.
    fn add(&mut self, speaker: Speaker, part: &[u8]) -> Option<Option<Answer>> {
        let line = match speaker {
            Speaker::User => &mut self.user,
            Speaker::Server => &mut self.server,
        };
        // A server that finds a mark and its INS throws away what stands before it (RFC 318, SYNCH).
        let part = match part.iter().rposition(|byte| *byte == DATA_MARK) {
            Some(mark) => {
                self.is_plain = false;
                line.clear();
                &part[mark + 1..]
            }
            None => part,
        };
        // NUL and what is above 127 are no text (RFC 318).
        let text = part.iter().copied().filter(|byte| byte.is_ascii() && *byte != 0);
        line.extend(text.take(LONGEST_LINE.saturating_sub(line.len())));
        if !part.ends_with(b"\n") {
            return None;
        }
        let line = std::mem::take(line);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        match speaker {
            Speaker::User => {
                let is_mail = self.session.takes_mail();
                self.session.sent_line(text);
                self.is_plain &= is_mail || has_plain_replies(text);
                Some(None)
            }
            Speaker::Server => match self.reader.line(text) {
                Ok(Some(Heard::Reply(reply))) => Some(Some(self.answer(&reply))),
                Ok(Some(Heard::More(_)) | None) | Err(_) => Some(None),
            },
        }
    }

    fn answer(&mut self, reply: &Reply) -> Answer {
        let meaning = self.session.reply(reply);
        let nothing_is_due = self.is_plain && !self.session.waits() && !self.session.transfers();
        // What is reserved is for experiments.
        let is_stray =
            meaning == Meaning::Unasked && nothing_is_due && reply.code().class() != Class::Reserved;
        Answer { meaning, stray: is_stray.then(|| reply.to_string()) }
    }
}

/// Whether all documents agree how many replies a line has.
fn has_plain_replies(line: &str) -> bool {
    let word = line.trim_start_matches(' ').split(' ').next().unwrap_or_default();
    !matches!(CommandName::from_word(word), None | Some(CommandName::Abor | CommandName::Bye))
}

#[cfg(test)]
mod tests {
    use ftp::Outcome;

    use super::*;

    fn meanings(answers: Vec<Option<Answer>>) -> Vec<Option<Meaning>> {
        answers.into_iter().map(|answer| answer.map(|answer| answer.meaning)).collect()
    }

    #[test]
    fn a_reply_is_known_however_its_line_and_that_of_its_command_are_cut() {
        let mut dialogues = Dialogues::default();
        let mut said = Vec::new();
        for (speaker, text) in [
            (Speaker::Server, "MULTICS\r\n300 GO\r\n"),
            (Speaker::User, "DE"),
            (Speaker::User, "LE X\r\n"),
            (Speaker::Server, "200 BY THE"),
            (Speaker::Server, " WAY\r\n451 NO\r\n"),
        ] {
            said.extend(meanings(dialogues.hear(1, speaker, text.as_bytes())));
        }
        let no = Some(Meaning::Primary(Outcome::Failure));
        assert_eq!(said, [None, Some(Meaning::Spontaneous), None, Some(Meaning::Unasked), no]);
    }

    #[test]
    fn what_stands_before_a_mark_is_no_part_of_the_line_behind_it() {
        let mut dialogues = Dialogues::default();
        dialogues.hear(1, Speaker::User, b"DELE LONG");
        dialogues.hear(1, Speaker::User, b"\x80STAT\r\n");
        let said = dialogues.hear(1, Speaker::Server, b"100 STATUS\r\n");
        assert_eq!(meanings(said), [Some(Meaning::Partial)]);
    }

    #[test]
    fn neither_many_sessions_nor_long_lines_fill_the_memory_and_what_was_forgotten_is_not_judged() {
        let mut dialogues = Dialogues::default();
        for session in 0..3 * AT_ONCE as u64 {
            dialogues.hear(session, Speaker::User, &[b'X'; 5000]);
        }
        assert_eq!(dialogues.open.len(), AT_ONCE);
        assert!(dialogues.open.values().all(|dialogue| dialogue.user.len() == LONGEST_LINE));
        assert_eq!(dialogues.hear(0, Speaker::Server, b"200 OK\r\n"), []);
        assert_eq!(meanings(dialogues.hear(1000, Speaker::Server, b"200 OK\r\n")), [Some(Meaning::Unasked)]);
    }
}
