//! The command language. Words in parentheses are noise, and may be left out.

use host::typed::{between_noise, first_word};

/// What RSEXEC knows how to do.
pub(crate) const HELP: &str = "\
APPEND (FILE) [SITE]<DIR>NAME.EXT (TO FILE) [SITE]<DIR>NAME.EXT
COPY (FILE) [SITE]<DIR>NAME.EXT (TO FILE) [SITE]<DIR>NAME.EXT
LOGIN (AT) SITE (USER) NAME";

/// A line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum Command {
    /// To tell what there is to type.
    Help,
    /// To note an account at a site. A password that is missing is asked for.
    Login { site: String, name: String, password: Option<String> },
    /// To move a file from one site to another.
    Move { operation: Operation, from: File, to: File },
}

/// What happens to the file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// It grows.
    Append,
    /// It is replaced.
    Copy,
}

/// A file of the network: `[SITE]<DIR>NAME.EXT`. Without a site it is at this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The site, as it was typed.
    pub site: Option<String>,
    /// The path name, in the site's own form.
    pub path: String,
}

/// Why a line is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// No command begins with this word.
    #[error("{0}? TYPE HELP")]
    Unknown(String),
    /// Something is missing behind this word.
    #[error("{0} WHAT? TYPE HELP")]
    Incomplete(String),
    /// Behind this word stands more than it takes.
    #[error("{0}: WHAT IS {1}? TYPE HELP")]
    TooMuch(String, String),
    /// A parenthesis of this line is not closed, or not opened. Of a line that may have a password in it, it is the first word.
    #[error("A PARENTHESIS OF {0:?} HAS NO PARTNER")]
    Parenthesis(String),
    /// This is no file of the network.
    #[error("{0:?} IS NOT [SITE]<DIR>NAME.EXT")]
    File(String),
}

impl Command {
    /// Whether a word, of either case, begins a command.
    pub(crate) fn is_verb(word: &str) -> bool {
        ["APPEND", "COPY", "HELP", "LOGIN"].iter().any(|verb| verb.eq_ignore_ascii_case(word))
    }

    /// Reads a line; `None` if there is nothing on it.
    ///
    /// # Errors
    /// It is no command.
    pub fn parse(line: &str) -> Result<Option<Self>, SyntaxError> {
        let (verb, rest) = first_word(line.trim());
        if verb.is_empty() && rest.is_empty() {
            return Ok(None);
        }
        let verb = verb.to_ascii_uppercase();
        // A parenthesis in the middle of a word is part of a name.
        let words: Vec<&str> = between_noise(rest).into_iter().flat_map(str::split_whitespace).collect();
        if !words.iter().all(|word| is_paired(word)) {
            let shown = if matches!(verb.as_str(), "APPEND" | "COPY") { line } else { &verb };
            return Err(SyntaxError::Parenthesis(shown.to_owned()));
        }
        let command = match (verb.as_str(), words.as_slice()) {
            ("HELP", _) => Command::Help,
            // It may be a part of a password, which nothing prints.
            ("LOGIN", [_, _, _, _, ..]) => return Err(SyntaxError::Incomplete(verb)),
            ("LOGIN", [site, ..]) if site.contains('(') => return Err(SyntaxError::Incomplete(verb)),
            ("LOGIN", [site, name]) => {
                Command::Login { site: (*site).to_owned(), name: (*name).to_owned(), password: None }
            }
            // The password may also stand on the paper.
            ("LOGIN", [site, name, password]) => Command::Login {
                site: (*site).to_owned(),
                name: (*name).to_owned(),
                password: Some((*password).to_owned()),
            },
            ("APPEND", [from, to]) => {
                Command::Move { operation: Operation::Append, from: file(from)?, to: file(to)? }
            }
            ("COPY", [from, to]) => {
                Command::Move { operation: Operation::Copy, from: file(from)?, to: file(to)? }
            }
            ("APPEND" | "COPY", [_, _, word, ..]) => {
                return Err(SyntaxError::TooMuch(verb, (*word).to_owned()));
            }
            ("LOGIN" | "APPEND" | "COPY", _) => return Err(SyntaxError::Incomplete(verb)),
            _ => return Err(SyntaxError::Unknown(verb)),
        };
        Ok(Some(command))
    }
}

/// Whether each parenthesis of a word has its partner there.
fn is_paired(word: &str) -> bool {
    let step = |open: usize, c| match c {
        '(' => Some(open + 1),
        ')' => open.checked_sub(1),
        _ => Some(open),
    };
    word.chars().try_fold(0, step) == Some(0)
}

fn file(text: &str) -> Result<File, SyntaxError> {
    let wrong = || SyntaxError::File(text.to_owned());
    let (site, path) = match text.strip_prefix('[') {
        Some(rest) => {
            let (site, path) = rest.split_once(']').ok_or_else(wrong)?;
            (Some(site.to_owned()), path)
        }
        None => (None, text),
    };
    if path.is_empty() || site.as_deref() == Some("") {
        return Err(wrong());
    }
    Ok(File { site, path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(from: (&str, &str), to: (&str, &str)) -> Command {
        let file = |(site, path): (&str, &str)| File { site: Some(site.to_owned()), path: path.to_owned() };
        Command::Move { operation: Operation::Append, from: file(from), to: file(to) }
    }

    #[test]
    fn noise_words_may_be_left_out() {
        let expected = append(("CASE-10", "<THOMAS>DATA.NEW"), ("BBN-TENEX", "<BOBT>DATA.OLD"));
        for line in [
            "APPEND (FILE) [CASE-10]<THOMAS>DATA.NEW (TO FILE) [BBN-TENEX]<BOBT>DATA.OLD",
            "append [CASE-10]<THOMAS>DATA.NEW [BBN-TENEX]<BOBT>DATA.OLD",
            "  APPEND(FILE)[CASE-10]<THOMAS>DATA.NEW (TO FILE)[BBN-TENEX]<BOBT>DATA.OLD  ",
        ] {
            assert_eq!(Command::parse(line), Ok(Some(expected.clone())), "{line}");
        }
    }

    #[test]
    fn a_file_without_a_site_is_here() {
        let Ok(Some(Command::Move { from, to, .. })) = Command::parse("COPY A.B [SITE2]C.D") else {
            panic!("a good line")
        };
        assert_eq!((from.site, to.site.as_deref()), (None, Some("SITE2")));
    }

    #[test]
    fn a_parenthesis_in_the_middle_of_a_word_is_part_of_a_name() {
        for (line, names) in [
            ("COPY [SITE1]A.TXT [SITE2]C.TXT(1)", Some(("A.TXT", "C.TXT(1)"))),
            ("COPY [SITE1]A(1).TXT (TO FILE) [SITE2]C(2)(3)", Some(("A(1).TXT", "C(2)(3)"))),
            // No file is taken for another one than was named.
            ("COPY [SITE1]A.TXT(TO FILE)[SITE2]C.TXT", None),
            ("COPY [SITE1]A.TXT(1)[SITE2]C.TXT", None),
            ("COPY [SITE1]A.TXT [SITE2]C.TXT(1", None),
            ("COPY [SITE1]A.TXT [SITE2]C)1(", None),
        ] {
            let read = Command::parse(line).ok().flatten();
            let read = read.as_ref().map(|command| match command {
                Command::Move { from, to, .. } => (from.path.as_str(), to.path.as_str()),
                other => panic!("{line} is {other:?}"),
            });
            assert_eq!(read, names, "{line}");
        }
    }

    #[test]
    fn no_complaint_repeats_what_may_be_a_password() {
        for line in [
            "LOGIN (AT SITE1 SMITH BLUE",
            "LOGIN SITE1 SMITH BLUE)",
            "LOGIN SITE1 SMITH MY BLUE",
            "LOGIN (AT) SITE1 (USER) SMITH (PASSWORD) MY BLUE SKY",
            "LOGIN SITE1(USER)SMITH(PASSWORD)BLUE X",
            "LOGIN(AT)SITE1(USER)SMITH(PASSWORD)BLUE",
            "LOGON SITE1 (USER SMITH BLUE",
            "LOGON SITE1 SMITH BLUE",
            "(LOGIN SITE1 SMITH BLUE",
            ") LOGIN SITE1 SMITH BLUE",
        ] {
            let said = Command::parse(line).expect_err(line).to_string();
            assert!(!said.contains("BLUE"), "{line} is answered by {said}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let said = |line| Command::parse(line).expect_err(line).to_string();
        assert_eq!(said("DANCE"), "DANCE? TYPE HELP");
        assert_eq!(said("APPEND A.B"), "APPEND WHAT? TYPE HELP");
        assert_eq!(said("APPEND (FILE A.B C.D"), "A PARENTHESIS OF \"APPEND (FILE A.B C.D\" HAS NO PARTNER");
        assert_eq!(said("APPEND [SITE1 C.D"), "\"[SITE1\" IS NOT [SITE]<DIR>NAME.EXT");
        assert_eq!(said("COPY []A.B C.D"), "\"[]A.B\" IS NOT [SITE]<DIR>NAME.EXT");
        assert_eq!(said("COPY A.B C.D E.F"), "COPY: WHAT IS E.F? TYPE HELP");
        assert_eq!(said("LOGIN SITE1"), "LOGIN WHAT? TYPE HELP");
        assert_eq!(Command::parse("   "), Ok(None));
    }
}
