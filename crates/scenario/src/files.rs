//! Files, as hosts have them and steps name them: their paths and sizes.

use std::sync::Arc;

use host::disk::from_disk;
use host::{ListTarget, Naming, PathError, PathName, Right, Who};

use super::ast::{FolderPlan, QuotaPlan, RightPlan};
use super::errors::Diagnostic;
use super::heading::{Nets, NoNet};
use super::quantity::number;
use super::words::{Word, Words};

/// The longest file that the simulator makes up: longer than any disk pack of the period.
pub(super) const LONGEST_FILE: u64 = 1 << 28;

/// Reads the path of a file, as a host names its files: it must say in which directory the file is, because nobody is
/// logged in whose directory could be meant.
pub(super) fn path<'a>(words: &mut Words<'a>, naming: Naming) -> Result<(Word<'a>, PathName), Diagnostic> {
    let word = words.quotable("the path of the file")?;
    let [_, example] = naming.examples();
    let wrong = |error: PathError| {
        let label = error.to_string();
        let diagnostic = Diagnostic::new(word.at(), format!("`{}` is no path name there", word.text), label);
        diagnostic.help(match (error, naming) {
            (PathError::NoDirectory, Naming::Tenex | Naming::Plain) => {
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
            (_, Naming::Tenex | Naming::Plain) => {
                "write `<DIRECTORY>NAME.EXT`; a user's directory has the user's name".to_owned()
            }
            (_, Naming::Multics | Naming::Os360) => format!("write `{example}` for a file of the user Smith"),
            (_, Naming::Its) => {
                format!("write \"{example}\", in quotation marks, for a file of the user SMITH")
            }
        })
    };
    word.ascii()?;
    let path = naming.parse(word.text, None).map_err(wrong)?;
    Ok((word, path))
}

/// Reads who may do something with a file, or with those of a directory, behind `rights`.
pub(super) fn right(words: &mut Words<'_>, naming: Naming) -> Result<RightPlan, Diagnostic> {
    let target = words.quotable("the path of a file, or a directory")?;
    let [directory, file] = naming.examples();
    naming.parse_target(target.ascii()?, None).map_err(|error| {
        let message = format!("`{}` is neither a file nor a directory there", target.text);
        Diagnostic::new(target.at(), message, error.to_string())
            .help(format!("write `{directory}` for the files of the user SMITH, or `{file}` for one of them"))
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

/// Reads a system, by which a host names its files, behind `system`.
pub(super) fn system(words: &mut Words<'_>) -> Result<Naming, Diagnostic> {
    let word = words.word("the system of the host")?;
    let found = Naming::ALL.into_iter().find(|naming| word.is(naming.name()));
    found.ok_or_else(|| word.is_none_of("system", &Naming::ALL.map(Naming::name)))
}

/// Reads how much room a directory has, behind `quota`.
pub(super) fn quota(words: &mut Words<'_>, naming: Naming) -> Result<QuotaPlan, Diagnostic> {
    let word = words.quotable("a directory")?;
    let [directory, _] = naming.examples();
    naming.parse_directory(word.ascii()?).map_err(|error| {
        let message = format!("`{}` is no directory there", word.text);
        Diagnostic::new(word.at(), message, error.to_string())
            .help(format!("write `{directory}` for that of the user SMITH"))
    })?;
    words.keyword("of")?;
    Ok(QuotaPlan { directory: word.text.to_owned(), bytes: bytes(words)? })
}

/// The files in a folder beside the scenario.
pub(super) fn folder(name: Word<'_>, naming: Naming, nets: &dyn Nets) -> Result<FolderPlan, Diagnostic> {
    let unreadable = |why: &str| {
        Diagnostic::new(name.at(), format!("the folder `{}` cannot be read", name.text), why.to_owned())
    };
    let found = nets.folder(name.text).map_err(|why| match why {
        NoNet::Unknown => {
            let message = format!("there is no folder `{}`", name.text);
            Diagnostic::new(name.at(), message, "not beside the scenario")
                .help("give its name, or its path from the folder in which the scenario is")
        }
        NoNet::Unreadable(why) => unreadable(&why),
    })?;
    let files = from_disk(found, naming).map_err(|why| {
        let [_, example] = naming.examples();
        let help = match naming {
            Naming::Multics => "`udd/Smith/notes.txt` in the folder",
            Naming::Tenex | Naming::Its | Naming::Os360 | Naming::Plain => {
                "a file in a folder `SMITH` within it"
            }
        };
        unreadable(&why.to_string()).help(format!("{help} is like `{example}` there"))
    })?;
    Ok(FolderPlan { name: name.text.to_owned(), files: Arc::new(files) })
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
