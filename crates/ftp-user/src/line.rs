//! The lines that a person types: a verb, which may be shortened, and what stands behind it. Words in parentheses are noise.

use host::INTERRUPT;
use host::typed::{between_noise, first_word, without_leading_noise};

use crate::ending;
use crate::verb::Verb;

/// Ends a line that asks how it may go on, as `?` does: on the paper of a teletype it is a dollar sign.
const ESC: char = '\u{1b}';

/// A line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum Line {
    /// There is nothing on it.
    Nothing,
    /// It asks for help: these are its lines.
    Help(String),
    /// To begin a dialogue with the server at a site.
    Connect { site: String },
    /// To log in. What is missing is asked for.
    LogIn { name: String, password: Option<String>, account: Option<String> },
    /// To name an account. Without one, it is asked for.
    Account(Option<String>),
    /// To bring a file from there.
    Get { theirs: String, mine: String },
    /// To send a file there, or to the end of one.
    Send { mine: String, theirs: String, appends: bool },
    /// To do the same with many files.
    Multiple(Group),
    /// To give a file there another name.
    Rename { theirs: String, name: String },
    /// To delete a file there.
    Delete { theirs: String },
    /// To show what files there are there, or only their names.
    List { theirs: Option<String>, names_only: bool },
    /// To have another directory there meant where none is named.
    Cwd { theirs: String },
    /// To show what files there are here.
    Files { mine: Option<String> },
    /// To choose a representation, byte size, mode or structure.
    Set { what: Setting, value: String },
    /// To say how things stand, or what a file there is.
    Status { theirs: Option<String> },
    /// To stop a transfer.
    Abort,
    /// To send a command of the protocol as it is.
    Quote(String),
    /// To log out and end the dialogue.
    Bye,
}

/// What is to be done with many files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// To bring those there.
    Get(String),
    /// To send those here.
    Send(String),
    /// To delete those there.
    Delete(String),
}

/// What of a transfer can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are called as the commands are that choose them")]
pub enum Setting {
    Type,
    Byte,
    Mode,
    Structure,
}

/// Why a line is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// No command begins with this word.
    #[error("{0}? TYPE HELP")]
    Unknown(String),
    /// More than one command begins with this word.
    #[error("{0} COULD BE {1}")]
    Ambiguous(String, String),
    /// Something is missing behind this word.
    #[error("{}", ending::INCOMPLETE.with(&[.0]))]
    Incomplete(&'static str),
    /// The last word is missing behind these.
    #[error("{}", ending::INCOMPLETE.with(&[.0]))]
    HalfDone(String),
    /// Behind this word stands more than it takes.
    #[error("{}", ending::TOO_MUCH.with(&[.0, .1]))]
    TooMuch(&'static str, String),
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// It is no command.
    pub fn parse(line: &str) -> Result<Line, LineError> {
        let line = line.trim();
        if line == INTERRUPT {
            return Ok(Line::Abort);
        }
        if let Some(start) = line.strip_suffix(ESC) {
            return asked(start.trim_end());
        }
        let (word, rest) = first_word(line);
        if word.is_empty() {
            return Ok(Line::Nothing);
        }
        if let Some(start) = word.strip_suffix('?') {
            return asked(start);
        }
        let verb = meant(word)?;
        // What is quoted is none of our business.
        if let (Verb::Quote, false) = (verb, rest.is_empty() || rest == "?") {
            let text = without_leading_noise(rest);
            // No command begins so: a noise word has no end, and behind it may stand a password, which would be shown on its way.
            let is_open = text.is_empty() || text.starts_with('(');
            return if is_open {
                Err(LineError::Incomplete(verb.name()))
            } else {
                Ok(Line::Quote(text.to_owned()))
            };
        }
        if let Some("?") = rest.split_whitespace().next_back() {
            return Ok(Line::Help(verb.help()));
        }
        read(verb, rest)
    }

    /// Whether a line is meant for a program that is busy with a transfer: a question how far it is, or to stop it.
    pub(crate) fn is_meant_meanwhile(line: &str) -> bool {
        match Line::parse(line) {
            Ok(Line::Status { theirs: None } | Line::Abort | Line::Help(_)) => true,
            Ok(Line::Quote(text)) => ["STAT", "ABOR"].iter().any(|word| text.eq_ignore_ascii_case(word)),
            Ok(_) | Err(_) => false,
        }
    }

    /// Whether a line stops what is under way.
    pub(crate) fn is_abort(line: &str) -> bool {
        matches!(Line::parse(line).map(Line::unquoted), Ok(Line::Abort))
    }

    /// The same line in words that say it in full, where what is quoted says the same as a verb.
    pub(crate) fn unquoted(self) -> Line {
        match self {
            Line::Quote(text) if text.eq_ignore_ascii_case("ABOR") => Line::Abort,
            Line::Quote(text) if text.eq_ignore_ascii_case("STAT") => Line::Status { theirs: None },
            line => line,
        }
    }
}

/// Whether a word, of either case, is one of the program's verbs, not shortened.
pub fn is_verb(word: &str) -> bool {
    Verb::ALL.iter().any(|verb| verb.name().eq_ignore_ascii_case(word))
}

/// Whether a line that was typed where a name is asked for is one: a single word, and none of a program's commands. Anything
/// else is meant for the program, and may have a password in it.
pub fn is_one_name(line: &str, is_command: impl Fn(&str) -> bool) -> bool {
    let line = line.trim();
    let begins = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !line.is_empty() && !line.contains(char::is_whitespace) && !is_command(begins)
}

/// The verb of a line, whatever stands behind it.
pub(crate) fn verb_of(line: &str) -> Option<Verb> {
    let (word, _) = first_word(line.trim());
    Verb::meant(word).ok().filter(|_| !word.is_empty())
}

/// Help with a line that goes only so far.
fn asked(start: &str) -> Result<Line, LineError> {
    let (word, _) = first_word(start);
    if word.is_empty() {
        return Ok(Line::Help(crate::verb::help()));
    }
    match Verb::meant(word) {
        Ok(verb) => Ok(Line::Help(verb.help())),
        Err(verbs) if verbs.is_empty() => Err(LineError::Unknown(shown(word))),
        Err(verbs) => Ok(Line::Help(crate::verb::help_with(&verbs))),
    }
}

fn meant(word: &str) -> Result<Verb, LineError> {
    Verb::meant(word).map_err(|verbs| match verbs.as_slice() {
        [] => LineError::Unknown(shown(word)),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(|verb| verb.name()).collect();
            LineError::Ambiguous(shown(word), format!("{} OR {}", all.join(", "), last.name()))
        }
    })
}

/// A word that is not known, as it is told.
fn shown(word: &str) -> String {
    word.to_ascii_uppercase()
}

fn read(verb: Verb, rest: &str) -> Result<Line, LineError> {
    let words = || Words::of(verb, rest);
    let to_the_end = || Some(without_leading_noise(rest)).filter(|rest| !rest.is_empty()).map(str::to_owned);
    let needed = || to_the_end().ok_or(LineError::Incomplete(verb.name()));
    let set = |what| words().one().map(|value| Line::Set { what, value });
    match verb {
        Verb::Connect => words().one().map(|site| Line::Connect { site }),
        Verb::Login => {
            words().up_to_three().map(|(name, password, account)| Line::LogIn { name, password, account })
        }
        Verb::Account => Ok(Line::Account(to_the_end())),
        Verb::Get => words().two().map(|(theirs, mine)| Line::Get { theirs, mine }),
        Verb::Send => words().two().map(|(mine, theirs)| Line::Send { mine, theirs, appends: false }),
        Verb::Append => words().two().map(|(mine, theirs)| Line::Send { mine, theirs, appends: true }),
        Verb::Multiple => multiple(rest),
        Verb::Rename => words().two().map(|(theirs, name)| Line::Rename { theirs, name }),
        // A name that ends the line may have blanks in it.
        Verb::Delete => needed().map(|theirs| Line::Delete { theirs }),
        Verb::List => Ok(Line::List { theirs: to_the_end(), names_only: false }),
        Verb::Directory => Ok(Line::List { theirs: to_the_end(), names_only: true }),
        Verb::Cwd => needed().map(|theirs| Line::Cwd { theirs }),
        Verb::Files => Ok(Line::Files { mine: to_the_end() }),
        Verb::Type => set(Setting::Type),
        Verb::Byte => set(Setting::Byte),
        Verb::Mode => set(Setting::Mode),
        Verb::Structure => set(Setting::Structure),
        Verb::Status => Ok(Line::Status { theirs: to_the_end() }),
        Verb::Abort => Ok(Line::Abort),
        Verb::Quote => needed().map(Line::Quote),
        Verb::Help => match to_the_end() {
            Some(word) => asked(&word),
            None => Ok(Line::Help(crate::verb::help())),
        },
        Verb::Bye | Verb::Quit => Ok(Line::Bye),
    }
}

fn multiple(rest: &str) -> Result<Line, LineError> {
    let (word, files) = first_word(without_leading_noise(rest));
    let files = without_leading_noise(files);
    let (verb, group): (Verb, fn(String) -> Group) = match Verb::meant(word) {
        Ok(verb @ Verb::Get) => (verb, Group::Get),
        Ok(verb @ Verb::Send) => (verb, Group::Send),
        Ok(verb @ Verb::Delete) => (verb, Group::Delete),
        Ok(_) | Err(_) => return Err(LineError::Incomplete(Verb::Multiple.name())),
    };
    if files.is_empty() {
        return Err(LineError::HalfDone(format!("{} {}", Verb::Multiple.name(), verb.name())));
    }
    Ok(Line::Multiple(group(files.to_owned())))
}

/// What stands behind a verb, in words. Noise words come between them; where they do, a name may have blanks in it.
struct Words {
    verb: Verb,
    words: std::vec::IntoIter<String>,
}

impl Words {
    fn of(verb: Verb, rest: &str) -> Words {
        let parts = between_noise(rest);
        let words: Vec<String> = match parts.as_slice() {
            [one] => one.split_whitespace().map(str::to_owned).collect(),
            parts => parts.iter().map(|part| (*part).to_owned()).collect(),
        };
        Words { verb, words: words.into_iter() }
    }

    fn next(&mut self) -> Result<String, LineError> {
        self.words.next().ok_or(LineError::Incomplete(self.verb.name()))
    }

    fn nothing_more(&mut self) -> Result<(), LineError> {
        self.words.next().map_or(Ok(()), |word| Err(LineError::TooMuch(self.verb.name(), word)))
    }

    fn one(mut self) -> Result<String, LineError> {
        let one = self.next()?;
        self.nothing_more()?;
        Ok(one)
    }

    fn two(mut self) -> Result<(String, String), LineError> {
        let first = self.next()?;
        let Some(second) = self.words.next() else {
            return Err(LineError::HalfDone(self.verb.with_one(&first)));
        };
        self.nothing_more()?;
        Ok((first, second))
    }

    fn up_to_three(mut self) -> Result<(String, Option<String>, Option<String>), LineError> {
        let three = (self.next()?, self.words.next(), self.words.next());
        // It may be a part of a password, which nothing prints.
        self.nothing_more().map_err(|_| LineError::Incomplete(self.verb.name()))?;
        Ok(three)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(theirs: &str, mine: &str) -> Result<Line, LineError> {
        Ok(Line::Get { theirs: theirs.to_owned(), mine: mine.to_owned() })
    }

    #[test]
    fn a_verb_may_be_shortened_and_noise_left_out() {
        for line in [
            "GET A.B C.D",
            "  g A.B   C.D ",
            "GET (FILE) A.B (TO FILE) C.D",
            "get(FILE) A.B C.D",
            "ge A.B (TO FILE) C.D",
        ] {
            assert_eq!(Line::parse(line), get("A.B", "C.D"), "{line}");
        }
        assert_eq!(Line::parse("GET (FILE) my data (TO FILE) my  copy"), get("my data", "my  copy"));
        assert_eq!(Line::parse("GET a(1).b c(2"), get("a(1).b", "c(2"), "no noise stands in a word");
    }

    #[test]
    fn a_name_that_ends_the_line_may_have_blanks_in_it() {
        let listed = |theirs: &str| Ok(Line::List { theirs: Some(theirs.to_owned()), names_only: false });
        assert_eq!(Line::parse("LIST my  data "), listed("my  data"));
        assert_eq!(Line::parse("list (FILES) my (old) data"), listed("my (old) data"));
        let deleted = Line::Delete { theirs: "my  data".to_owned() };
        assert_eq!(Line::parse("DELETE (FILE) my  data"), Ok(deleted));
    }

    #[test]
    fn what_is_quoted_is_sent_as_it_is() {
        for (line, text) in [
            ("QUOTE STOR (A) B?", "STOR (A) B?"),
            ("QUOTE HELP ?", "HELP ?"),
            ("quot  STAT", "STAT"),
            ("QUOTE (TEXT) RETR (A)", "RETR (A)"),
        ] {
            assert_eq!(Line::parse(line), Ok(Line::Quote(text.to_owned())), "{line}");
        }
        for line in ["QUOTE", "QUOTE (TEXT PASS BLUE", "QUOTE (TEXT)"] {
            assert_eq!(Line::parse(line), Err(LineError::Incomplete("QUOTE")), "{line}");
        }
    }

    #[test]
    fn a_question_mark_or_an_escape_says_how_a_line_may_go_on() {
        let help = |line: &str| match Line::parse(line) {
            Ok(Line::Help(text)) => text,
            other => panic!("{line:?} is {other:?}"),
        };
        for line in ["GET ?", "GET A ?", "G?", "GE\u{1b}", "GET A\u{1b}", "HELP GET", "HELP G", "HELP GET ?"]
        {
            let wanted = if line == "HELP GET ?" { Verb::Help } else { Verb::Get };
            assert_eq!(help(line), wanted.help(), "{line:?}");
        }
        for line in ["?", "HELP", "\u{1b}", "help ( WITH )"] {
            assert_eq!(help(line), crate::verb::help(), "{line:?}");
        }
        assert_eq!(help("L?"), crate::verb::help_with(&[Verb::Login, Verb::List]));
        assert_eq!(help("QUOTE ?"), Verb::Quote.help());
        assert_eq!(Line::parse("X?"), Err(LineError::Unknown("X".to_owned())));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let said = |line| Line::parse(line).expect_err(line).to_string();
        assert_eq!(said("DANCE"), "DANCE? TYPE HELP");
        assert_eq!(said("B"), "B COULD BE BYTE OR BYE");
        assert_eq!(said("GET A.B"), "GET A.B (TO FILE) WHAT? TYPE HELP");
        assert_eq!(said("ren A.B"), "RENAME A.B (TO BE) WHAT? TYPE HELP");
        assert_eq!(said("SEND"), "SEND WHAT? TYPE HELP");
        assert_eq!(said("GET A B C D"), "GET: WHAT IS C? TYPE HELP");
        assert_eq!(said("MULTIPLE DANCE *"), "MULTIPLE WHAT? TYPE HELP");
        assert_eq!(said("MULTIPLE"), "MULTIPLE WHAT? TYPE HELP");
        assert_eq!(said("MULTIPLE GET"), "MULTIPLE GET WHAT? TYPE HELP");
        assert_eq!(said("LOGIN SMITH BLUE SKY BIRD"), "LOGIN WHAT? TYPE HELP", "it may be a password");
        assert_eq!(Line::parse("   "), Ok(Line::Nothing));
    }

    #[test]
    fn only_what_asks_for_the_transfer_or_stops_it_is_meant_meanwhile() {
        for line in ["STATUS", "stat", "ABORT", "QUOTE ABOR", "quote stat", "?", "ABO", INTERRUPT] {
            assert!(Line::is_meant_meanwhile(line), "{line}");
        }
        for line in ["STATUS A.B", "GET A B", "QUOTE NOOP", "QUOTE STAT A", "BYE", "", "DANCE"] {
            assert!(!Line::is_meant_meanwhile(line), "{line}");
        }
    }

    #[test]
    fn whatever_is_typed_nothing_panics() {
        let pieces = ["(", ")", " ", "GET", "?", "\u{1b}", "\u{e9}", "A", "QUOTE", "MULTIPLE", "<"];
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    for four in pieces {
                        let line = [one, two, three, four].concat();
                        let _ = (Line::parse(&line), Line::is_meant_meanwhile(&line), is_verb(&line));
                    }
                }
            }
        }
    }
}
