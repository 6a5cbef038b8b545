//! What is typed at a live host, as it may be shown: lines of standard input stand on standard output too, which people keep.

use ftp::Password;
use host::{Note, Prompt};

/// Masks the passwords that are typed for all to see.
#[derive(Debug, Default)]
pub(crate) struct MaskedLines {
    /// Whether the next line may be the password for the LOGIN before it, which has not asked for it: it was refused before,
    /// and a script types on.
    may_be_password: bool,
    /// The first word of the last line, if that was taken for a password: the program says that it knows no such command.
    hidden: Option<String>,
}

/// What is typed to the programs beside the verbs of the user's FTP, and is no password.
const COMMANDS: [&str; 5] = ["COPY", "SUMMARY", "TRAFFIC", "ACK", "PASS"];

impl MaskedLines {
    /// The next note, without the password that stands in it.
    pub(crate) fn next(&mut self, note: Note) -> Note {
        match note {
            Note::Typed { prompt, line: Some(line) } => {
                let shown = self.typed(&prompt, &line);
                Note::Typed { prompt, line: Some(shown) }
            }
            Note::Typed { line: None, .. } => {
                *self = MaskedLines::default();
                note
            }
            Note::Printed(line) => Note::Printed(match &self.hidden {
                Some(word) if !word.is_empty() && line.starts_with(word.as_str()) => {
                    format!("{}{}", Password::MASK, &line[word.len()..])
                }
                Some(_) | None => line,
            }),
            other => other,
        }
    }

    fn typed(&mut self, prompt: &str, line: &str) -> String {
        let may_be_password = std::mem::take(&mut self.may_be_password);
        self.hidden = None;
        let words: Vec<String> = line.split_whitespace().map(str::to_ascii_uppercase).collect();
        let Some(verb) = words.first() else { return line.to_owned() };
        let is_command = Prompt { text: prompt.to_owned(), hidden: false }.is_ready_sign();
        let is_known = COMMANDS.contains(&verb.as_str()) || ftp_user::is_verb(verb);
        if may_be_password && is_command && !is_known {
            self.hidden = Some(verb.clone());
            return Password::MASK.to_owned();
        }
        let shown = trace::masked_line(line);
        self.may_be_password = is_command && is_login(verb) && shown == line;
        shown.into_owned()
    }
}

/// Whether a word, in capitals, is LOGIN or the beginning of it.
fn is_login(word: &str) -> bool {
    !word.is_empty() && "LOGIN".starts_with(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_nobody_has_asked_for_is_hidden_and_what_the_program_says_of_it() {
        let mut lines = MaskedLines::default();
        let mut shown = |line: &str, printed: &str| {
            let typed = Note::Typed { prompt: "*".to_owned(), line: Some(line.to_owned()) };
            let notes = [lines.next(typed), lines.next(Note::Printed(printed.to_owned()))];
            notes.map(|note| match note {
                Note::Typed { line: Some(line), .. } | Note::Printed(line) => line,
                other => panic!("{other:?}"),
            })
        };
        assert_eq!(shown("HELO", "HELO? TYPE HELP"), ["HELO", "HELO? TYPE HELP"]);
        // The author of the script thinks that he is connected.
        assert_eq!(shown("LOGIN SMITH", "CONNECT FIRST"), ["LOGIN SMITH", "CONNECT FIRST"]);
        assert_eq!(shown("blue sky", "BLUE? TYPE HELP"), ["XXXX", "XXXX? TYPE HELP"]);
        assert_eq!(shown("BLUE", "BLUE? TYPE HELP"), ["BLUE", "BLUE? TYPE HELP"], "that is something else");
        assert_eq!(shown("LOGIN SMITH", "CONNECT FIRST")[1], "CONNECT FIRST");
        assert_eq!(shown("LIST", "CONNECT FIRST"), ["LIST", "CONNECT FIRST"]);
        assert_eq!(shown("LOGIN SMITH BLUE", "CONNECT FIRST"), ["LOGIN SMITH XXXX", "CONNECT FIRST"]);
        assert_eq!(shown("HUH", "HUH? TYPE HELP"), ["HUH", "HUH? TYPE HELP"]);
    }
}
