//! OS/360 with TSO: the name of a data set is qualified by names of eight characters with periods between, of which the first, its
//! index, is the directory here; a member of one that is partitioned stands behind it in parentheses. Between quotes it is said in
//! full, and otherwise the user's own index is put before it (IBM, OS/360 TSO Command Language Reference, GC28-6732, data set
//! naming conventions). RFC 430 has the names of CCN's data sets as parts of path names. There are no versions and no stars.

use std::fmt;

use super::grammar::{Form, Grammar, PathError, Read, Version, Written, part};

pub(super) const GRAMMAR: Grammar = Grammar {
    name: "os/360",
    systems: &["OS/360", "360/91"],
    examples: ["'SMITH'", "'SMITH.NOTES.TEXT'"],
    shouts: true,
    nests: false,
    read,
    print,
    home: str::to_ascii_uppercase,
    has_versions: |_| false,
    stars: None,
};

/// The longest of the names with periods between, in characters.
const MAX_PART: usize = 8;

/// The longest name of a data set, in characters.
const MAX_NAME: usize = 44;

fn read(text: &str, directory: Option<&str>, _: Form) -> Result<Read, PathError> {
    let (index, file) = match text.strip_prefix('\'') {
        Some(rest) => {
            let full = rest.strip_suffix('\'').ok_or(PathError::Quote)?;
            full.split_once('.').unwrap_or((full, ""))
        }
        None => (directory.ok_or(PathError::NoDirectory)?, text),
    };
    qualifier(index)?;
    let (name, member) = match file.split_once('(') {
        Some((name, member)) => (name, Some(member.strip_suffix(')').ok_or(PathError::Character('('))?)),
        None => (file, None),
    };
    if !file.is_empty() {
        name.split('.').chain(member).try_for_each(qualifier)?;
    }
    if index.len() + 1 + name.len() > MAX_NAME {
        return Err(PathError::TooLong(MAX_NAME));
    }
    Ok(Read { directory: index.to_ascii_uppercase(), file: file.to_owned(), version: Version::Unsaid })
}

/// Whether a text can be one of the names.
fn qualifier(name: &str) -> Result<(), PathError> {
    let is_letter = |c: char| c.is_ascii_alphabetic() || "@#$".contains(c);
    match part(name, MAX_PART, |c| is_letter(c) || c.is_ascii_digit() || c == '-') {
        Err(PathError::NoName) => Err(PathError::Gap('.')),
        Err(other) => Err(other),
        Ok(()) => match name.chars().next().filter(|first| !is_letter(*first)) {
            Some(first) => Err(PathError::Character(first)),
            None => Ok(()),
        },
    }
}

fn print(path: Written<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "'{}.{}'", path.directory, path.file)
}
