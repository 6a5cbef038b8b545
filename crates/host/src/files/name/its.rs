//! ITS: `DSK: DIRECTORY; NAME1 NAME2`, in any order but that of the two names, each of six characters of sixbit. A second name that
//! is a number is a version; `>` stands for the highest when a file is read, and for the next when one is written, and so does
//! a second name that is left out. (The ITS file system, in the ITS manual of L. Brinkhoff.) Its `<`, the oldest version, is not
//! here, nor are there stars.

use std::fmt;

use super::grammar::{Form, Grammar, PathError, Read, Version, Written, number, part};

pub(super) const GRAMMAR: Grammar = Grammar {
    name: "its",
    systems: &["ITS"],
    examples: ["SMITH;", "SMITH; NOTES TXT"],
    shouts: true,
    nests: false,
    read,
    print,
    home,
    has_versions,
    stars: None,
};

/// The longest name, in characters.
const MAX_PART: usize = 6;

fn read(text: &str, directory: Option<&str>, _: Form) -> Result<Read, PathError> {
    let (mut said, mut names, mut begun) = (None, Vec::new(), String::new());
    for c in text.chars().chain([' ']) {
        match c {
            ':' if begun.eq_ignore_ascii_case("DSK") => begun.clear(),
            ':' => return Err(PathError::NoDevice(begun.to_ascii_uppercase())),
            ';' if begun.is_empty() => return Err(PathError::Gap(';')),
            ';' => said = Some(std::mem::take(&mut begun)),
            ' ' if begun.is_empty() => {}
            ' ' => names.push(std::mem::take(&mut begun)),
            c => begun.push(c),
        }
    }
    let directory = said.as_deref().or(directory).ok_or(PathError::NoDirectory)?;
    part(directory, MAX_PART, allows)?;
    let directory = directory.to_ascii_uppercase();
    let (file, version) = match names.as_slice() {
        [] => (String::new(), Version::Unsaid),
        [name] => (name.clone(), Version::Unsaid),
        [name, second] if second == ">" => (name.clone(), Version::Unsaid),
        [name, second] if second.bytes().all(|byte| byte.is_ascii_digit()) || second == "<" => {
            (name.clone(), Version::One(number(second)?))
        }
        [name, second] => {
            part(second, MAX_PART, allows)?;
            (format!("{name} {second}"), Version::Unsaid)
        }
        [_, _, ..] => return Err(PathError::ThirdName),
    };
    if let Some(name) = names.first() {
        part(name, MAX_PART, allows)?;
    }
    Ok(Read { directory, file, version })
}

/// Whether sixbit has a character, and it parts no names.
fn allows(c: char) -> bool {
    c.is_ascii_graphic() && c.to_ascii_uppercase() <= '_' && !":;<>".contains(c)
}

fn has_versions(file: &str) -> bool {
    !file.contains(' ')
}

fn print(path: Written<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}; {}", path.directory, path.file)?;
    match path.version {
        Some(version) => write!(f, " {version}"),
        None if has_versions(path.file) => f.write_str(" >"),
        None => Ok(()),
    }
}

/// A user whose name is longer has the directory of its first letters.
fn home(user: &str) -> String {
    user.chars().take(MAX_PART).collect::<String>().to_ascii_uppercase()
}
