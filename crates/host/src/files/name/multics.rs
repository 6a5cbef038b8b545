//! Multics: `>udd>PROJECT>PERSON>NAME`, of which RFC 354, V.D.2 has an example. What may be in a name, what `<` means, and what the
//! stars of a list stand for: the information segments of Multics, `pathname.gi.info`, `entryname.gi.info` and
//! `starname.gi.info`.

use std::fmt;

use super::grammar::{Form, Grammar, PathError, Read, Version, Written, part};
use super::stars::matches;

pub(super) const GRAMMAR: Grammar = Grammar {
    name: "multics",
    systems: &["MULTICS"],
    examples: [">udd>Smith", ">udd>Smith>notes.txt"],
    shouts: false,
    nests: true,
    read,
    print,
    home,
    has_versions: |_| false,
    stars: Some((&['*', '?'], fits)),
};

/// The longest name of an entry, in characters.
const MAX_ENTRY: usize = 32;

/// The longest path name, in characters.
const MAX_PATH: usize = 168;

/// What stands between the names, and is the root itself.
const ROOT: &str = ">";

fn read(text: &str, directory: Option<&str>, form: Form) -> Result<Read, PathError> {
    if text.len() > MAX_PATH {
        return Err(PathError::TooLong(MAX_PATH));
    }
    let (mut names, behind) = match text.strip_prefix('>') {
        Some(behind) => (Vec::new(), behind),
        None => {
            let working = directory.ok_or(PathError::NoDirectory)?;
            let mut names: Vec<&str> = working.split('>').filter(|name| !name.is_empty()).collect();
            let behind = text.trim_start_matches('<');
            for _ in behind.len()..text.len() {
                names.pop().ok_or(PathError::AboveRoot)?;
            }
            (names, behind)
        }
    };
    // What ends with the sign between the names is a directory.
    let (above, file) = behind.rsplit_once('>').map_or((None, behind), |(above, file)| (Some(above), file));
    names.extend(above.into_iter().flat_map(|above| above.split('>')));
    if !file.is_empty() {
        entry(file, |c| allows(c) || (form == Form::Pattern && is_star(c)))?;
    }
    names.iter().try_for_each(|name| entry(name, allows))?;
    let directory = [ROOT, &names.join(ROOT)].concat();
    if directory.len() + file.len() >= MAX_PATH {
        return Err(PathError::TooLong(MAX_PATH));
    }
    Ok(Read { directory, file: file.to_owned(), version: Version::Unsaid })
}

/// Whether a text can be the name of an entry.
fn entry(name: &str, allowed: impl Fn(char) -> bool) -> Result<(), PathError> {
    match part(name, MAX_ENTRY, allowed) {
        Err(PathError::NoName) => Err(PathError::Gap('>')),
        other => other,
    }
}

fn allows(c: char) -> bool {
    c.is_ascii_graphic() && !"<>".contains(c) && !is_star(c)
}

fn is_star(c: char) -> bool {
    "*?".contains(c)
}

fn print(path: Written<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let between = if path.directory == ROOT { "" } else { ROOT };
    write!(f, "{}{between}{}", path.directory, path.file)
}

/// A user who logs in as `Smith.Cnet` is Smith of the project Cnet; one whose project is not said has his directory beside those of
/// the projects.
fn home(user: &str) -> String {
    match user.split_once('.') {
        Some((person, project)) => format!(">udd>{project}>{person}"),
        None => format!(">udd>{user}"),
    }
}

/// Whether the components of a name, between its periods, are like those of a pattern: `*` stands for any characters within one,
/// `?` for one character, and `**` for any number of components.
fn fits(pattern: &str, file: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('.').collect();
    let file: Vec<&str> = file.split('.').collect();
    // Whether the components of the file from each place on are like those of the pattern that are left.
    let mut ends: Vec<bool> = (0..=file.len()).map(|at| at == file.len()).collect();
    for wanted in pattern.iter().rev() {
        let mut before = vec![false; ends.len()];
        for at in (0..ends.len()).rev() {
            before[at] = match (*wanted, file.get(at)) {
                ("**", None) => ends[at],
                ("**", Some(_)) => ends[at] || before[at + 1],
                (wanted, Some(found)) => ends[at + 1] && matches(wanted, found, Some(b'?')),
                (_, None) => false,
            };
        }
        ends = before;
    }
    ends[0]
}
