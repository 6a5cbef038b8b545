//! Files, as hosts have them and steps name them: their paths and sizes.

use host::{ListTarget, Naming, PathError, PathName, Right, Who};

use super::ast::RightPlan;
use super::errors::Diagnostic;
use super::quantity::number;
use super::words::{Word, Words};

/// The longest file that the simulator makes up: longer than any disk pack of the period.
pub(super) const LONGEST_FILE: u64 = 1 << 28;

/// Reads the path of a file, as a host names its files: it must say in which directory the file is, because nobody is
/// logged in whose directory could be meant.
pub(super) fn path<'a>(words: &mut Words<'a>, naming: Naming) -> Result<(Word<'a>, PathName), Diagnostic> {
    let word = words.word("the path of the file")?;
    let wrong = |error: PathError| {
        let label = error.to_string();
        let diagnostic = Diagnostic::new(word.at(), format!("`{}` is no path name there", word.text), label);
        diagnostic.help(match error {
            PathError::NoDirectory => {
                // As other systems write paths, it has its directory.
                match word.text.trim_start_matches(['/', '\\']).rsplit_once(['/', '\\', ':']) {
                    Some((directory, name)) if is_plain(directory) && is_plain(name) => {
                        format!("a directory stands in angle brackets: write `<{directory}>{name}`")
                    }
                    Some(_) => "write `<DIRECTORY>NAME.EXT`; a directory has none within it".to_owned(),
                    None => {
                        let path = word.text;
                        format!("write `<SMITH>{path}` for the file of a user who logs in as SMITH")
                    }
                }
            }
            PathError::NoName
            | PathError::BadDirectory
            | PathError::NoDevice(_)
            | PathError::Version
            | PathError::Character(_)
            | PathError::TooLong => {
                "write `<DIRECTORY>NAME.EXT`; a user's directory has the user's name".to_owned()
            }
        })
    };
    word.ascii()?;
    let path = naming.parse(word.text, None).map_err(wrong)?;
    Ok((word, path))
}

/// Reads who may do something with a file, or with those of a directory, behind `rights`.
pub(super) fn right(words: &mut Words<'_>, naming: Naming) -> Result<RightPlan, Diagnostic> {
    let target = words.word("the path of a file, or a directory")?;
    naming.parse_target(target.ascii()?, None).map_err(|error| {
        let message = format!("`{}` is neither a file nor a directory there", target.text);
        Diagnostic::new(target.at(), message, error.to_string())
            .help("write `<SMITH>` for the files of the user SMITH, or `<SMITH>NAME.EXT` for one of them")
    })?;
    let verb = words.word("what may be done")?;
    let right = match verb {
        _ if verb.is("read") => Right::Read,
        _ if verb.is("listed") => Right::List,
        _ if verb.is("written") => Right::Write,
        _ => return Err(verb.is_none_of("right", &["read", "listed", "written"])),
    };
    words.keyword("by")?;
    let name = words.plain("who may")?;
    let who = match name {
        _ if name.eq_ignore_ascii_case("all") => Who::All,
        _ if name.eq_ignore_ascii_case("nobody") => Who::Nobody,
        _ => Who::User(name.to_owned()),
    };
    Ok(RightPlan { target: target.text.to_owned(), right, who })
}

/// Reads who may do something with which files as scenarios have it, of an option of a command: `<SMITH> read by nobody`.
///
/// # Errors
/// That is not what it says: what is wrong, and what to write.
pub fn read_right(text: &str, naming: Naming) -> Result<(ListTarget, Right, Who), String> {
    let mut words = Word::alone(text).words();
    let plan =
        right(&mut words, naming).and_then(|plan| words.end().map(|()| plan)).map_err(Diagnostic::alone)?;
    let target = naming.parse_target(&plan.target, None).map_err(|error| error.to_string())?;
    Ok((target, plan.right, plan.who))
}

/// Whether it can stand within a path as it is.
fn is_plain(part: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-';
    !part.is_empty() && part.chars().all(is_part)
}

/// Reads the size of a file: `N bytes`.
pub(super) fn bytes(words: &mut Words<'_>) -> Result<u64, Diagnostic> {
    let bytes = number(words.word("the size of the file")?, "the size of a file", 0..=LONGEST_FILE)?;
    words.keyword("bytes")?;
    Ok(bytes)
}
