//! Names as no system in particular has them.

use super::grammar::{Form, Grammar, PathError, Read, Version, part, print_in_brackets, split};

pub(super) const GRAMMAR: Grammar = Grammar {
    name: "plain",
    systems: &[],
    examples: ["<SMITH>", "<SMITH>NOTES.TXT"],
    shouts: false,
    nests: false,
    read,
    print: print_in_brackets,
    home: str::to_ascii_uppercase,
    has_versions: |_| false,
    stars: None,
};

/// The longest name, in characters.
const MAX_PART: usize = 39;

fn read(text: &str, directory: Option<&str>, _: Form) -> Result<Read, PathError> {
    let (directory, file) = split(text, directory)?;
    let allowed = |c: char| c.is_ascii_graphic() || c == ' ';
    part(directory, MAX_PART, allowed)?;
    if !file.is_empty() {
        part(file, MAX_PART, allowed)?;
    }
    Ok(Read { directory: directory.to_ascii_uppercase(), file: file.to_owned(), version: Version::Unsaid })
}
