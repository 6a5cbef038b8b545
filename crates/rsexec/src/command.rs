//! The command language. Words in parentheses are noise, and may be left out.

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
    /// A parenthesis of this line is not closed, or not opened.
    #[error("A PARENTHESIS OF {0:?} HAS NO PARTNER")]
    Parenthesis(String),
    /// This is no file of the network.
    #[error("{0:?} IS NOT [SITE]<DIR>NAME.EXT")]
    File(String),
}

impl Command {
    /// Reads a line; `None` if there is nothing on it.
    ///
    /// # Errors
    /// It is no command.
    pub fn parse(line: &str) -> Result<Option<Self>, SyntaxError> {
        let line = without_noise(line)?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((verb, words)) = words.split_first() else { return Ok(None) };
        let verb = verb.to_ascii_uppercase();
        let command = match (verb.as_str(), words) {
            ("HELP", _) => Command::Help,
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
            ("LOGIN", [_, _, _, word, ..]) | ("APPEND" | "COPY", [_, _, word, ..]) => {
                return Err(SyntaxError::TooMuch(verb, (*word).to_owned()));
            }
            ("LOGIN" | "APPEND" | "COPY", _) => return Err(SyntaxError::Incomplete(verb)),
            _ => return Err(SyntaxError::Unknown(verb)),
        };
        Ok(Some(command))
    }
}

/// The line without what stands in parentheses.
fn without_noise(line: &str) -> Result<String, SyntaxError> {
    let mut rest = line;
    let mut kept = String::new();
    let unpaired = || SyntaxError::Parenthesis(line.to_owned());
    while let Some((before, after)) = rest.split_once('(') {
        let (_, after) = after.split_once(')').ok_or_else(unpaired)?;
        kept.push_str(before);
        kept.push(' ');
        rest = after;
    }
    kept.push_str(rest);
    if kept.contains(')') { Err(unpaired()) } else { Ok(kept) }
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
            "  APPEND(FILE)[CASE-10]<THOMAS>DATA.NEW(TO FILE)[BBN-TENEX]<BOBT>DATA.OLD  ",
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
