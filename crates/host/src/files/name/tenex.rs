//! TENEX: `DSK:<DIRECTORY>NAME.EXTENSION;VERSION` (R. Thomas, "A resource sharing executive for the ARPANET", NCC 1973). In a list
//! `*` stands for any name, extension or version, or for any part of a name or an extension.

use super::grammar::{
    Form, Grammar, PathError, Read, Version, number, part, print_in_brackets, split, without_device,
};
use super::stars::matches;

pub(super) const GRAMMAR: Grammar = Grammar {
    name: "tenex",
    systems: &["TENEX"],
    examples: ["<SMITH>", "<SMITH>NOTES.TXT"],
    shouts: true,
    nests: false,
    read,
    print: print_in_brackets,
    home: str::to_ascii_uppercase,
    has_versions: |_| true,
    stars: Some((&['*'], fits)),
};

/// The longest part of a path name, in characters.
const MAX_PART: usize = 39;

fn read(text: &str, directory: Option<&str>, form: Form) -> Result<Read, PathError> {
    let is_pattern = form == Form::Pattern;
    let (directory, file) = split(without_device(text)?, directory)?;
    part(directory, MAX_PART, allows)?;
    let directory = directory.to_ascii_uppercase();
    if file.is_empty() {
        return Ok(Read { directory, file: String::new(), version: Version::Unsaid });
    }
    let (file, version) = match file.split_once(';') {
        Some((file, "*")) if is_pattern => (file, Version::All),
        Some((file, version)) => (file, Version::One(number(version)?)),
        None => (file, Version::Unsaid),
    };
    let allowed = |c| allows(c) || (is_pattern && c == '*');
    let (name, extension) = file.split_once('.').unwrap_or((file, ""));
    part(name, MAX_PART, allowed)?;
    if !extension.is_empty() {
        part(extension, MAX_PART, allowed)?;
    }
    // TENEX gives every name its dot.
    Ok(Read { directory, file: [name, ".", extension].concat(), version })
}

/// Whether a character can stand in a part of a name.
fn allows(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_$%&#@!+/".contains(c)
}

fn fits(pattern: &str, file: &str) -> bool {
    let parts = |text: &str| {
        let (name, extension) = text.split_once('.').unwrap_or((text, ""));
        [name, extension].map(str::to_ascii_uppercase)
    };
    let (wanted, found) = (parts(pattern), parts(file));
    wanted.iter().zip(&found).all(|(wanted, found)| matches(wanted, found, None))
}
