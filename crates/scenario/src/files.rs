//! Files, as hosts have them and steps name them: their paths and sizes.

use host::{Naming, PathError, PathName};

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
