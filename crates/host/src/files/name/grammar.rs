//! What there is to say of how a system names its files, and what several of them have in common.

use std::fmt;

/// Whether the name of a file fits a pattern.
type Fits = fn(pattern: &str, file: &str) -> bool;

/// How one system names its files.
pub(super) struct Grammar {
    /// What scenarios call it.
    pub(super) name: &'static str,
    /// What net files call the systems that name their files so.
    pub(super) systems: &'static [&'static str],
    /// A directory and a file of the user SMITH, in full.
    pub(super) examples: [&'static str; 2],
    /// Whether it knows files by capitals only.
    pub(super) shouts: bool,
    /// Whether directories lie within others, parted by `>`, so that a directory is written as a file is.
    pub(super) nests: bool,
    /// Reads a text without blanks around it, in the directory that is known. A pattern may have stars.
    pub(super) read: fn(text: &str, directory: Option<&str>, form: Form) -> Result<Read, PathError>,
    /// Writes a path name in full.
    pub(super) print: fn(Written<'_>, &mut fmt::Formatter<'_>) -> fmt::Result,
    /// The directory of a user.
    pub(super) home: fn(user: &str) -> String,
    /// Whether a file of this name has versions.
    pub(super) has_versions: fn(file: &str) -> bool,
    /// The characters that stand for others in a list, and whether a file's name fits a pattern with them.
    pub(super) stars: Option<(&'static [char], Fits)>,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The name of one file, or of a directory.
    Name,
    /// A text in which stars stand for names.
    Pattern,
}

/// What a text says.
pub(super) struct Read {
    /// The directory, as the system prints it.
    pub(super) directory: String,
    /// The name of the file; empty if only a directory is named.
    pub(super) file: String,
    pub(super) version: Version,
}

/// A path name as it is to be written.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) directory: &'a str,
    pub(super) file: &'a str,
    pub(super) version: Option<u32>,
}

/// Which version of a file is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// None is said.
    Unsaid,
    One(u32),
    All,
}

/// Why a text is not a path name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There is no file name in it.
    #[error("no file name")]
    NoName,
    /// The directory has no closing bracket, or no name.
    #[error("the directory is not written <NAME>")]
    BadDirectory,
    /// No directory was given, and none is known.
    #[error("no directory")]
    NoDirectory,
    /// There is nothing where a name should be, between the signs that part the names.
    #[error("a name is missing beside a {0}")]
    Gap(char),
    /// It begins higher than there are directories.
    #[error("that begins above the root")]
    AboveRoot,
    /// There is one quote, and there should be two.
    #[error("a full name stands between two quotes")]
    Quote,
    /// There are more names than a file has.
    #[error("a file has two names")]
    ThirdName,
    /// A device other than the disk.
    #[error("no device {0}:")]
    NoDevice(String),
    /// What stands where a version does is none.
    #[error("a version is a number from 1 to {MAX_VERSION}")]
    Version,
    /// A character that cannot stand in a name, or not there.
    #[error("{0:?} cannot stand in a file name")]
    Character(char),
    /// A part of the name is too long.
    #[error("a name is at most {0} characters long")]
    TooLong(usize),
}

/// The highest version of a file: what half a word holds beside its sign.
pub(crate) const MAX_VERSION: u32 = 131_071;

/// Reads the number of a version.
pub(super) fn number(version: &str) -> Result<u32, PathError> {
    let digits = version.bytes().all(|byte| byte.is_ascii_digit());
    let number = version.parse().ok().filter(|number| digits && (1..=MAX_VERSION).contains(number));
    number.ok_or(PathError::Version)
}

/// Takes a device from in front of a name. All files are on the disk.
pub(super) fn without_device(text: &str) -> Result<&str, PathError> {
    match text.split_once(':') {
        Some((device, rest)) if !device.contains('<') => {
            if device.trim().eq_ignore_ascii_case("DSK") {
                Ok(rest)
            } else {
                Err(PathError::NoDevice(device.to_ascii_uppercase()))
            }
        }
        Some(_) | None => Ok(text),
    }
}

/// Takes the directory in brackets from in front of a name, or the one that is known.
pub(super) fn split<'a>(text: &'a str, directory: Option<&'a str>) -> Result<(&'a str, &'a str), PathError> {
    let (directory, file) = match text.strip_prefix('<') {
        Some(rest) => rest.split_once('>').ok_or(PathError::BadDirectory)?,
        None => (directory.ok_or(PathError::NoDirectory)?, text),
    };
    if directory.is_empty() { Err(PathError::BadDirectory) } else { Ok((directory, file)) }
}

/// Writes a directory in brackets, and a name behind it.
pub(super) fn print_in_brackets(path: Written<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "<{}>{}", path.directory, path.file)?;
    path.version.map_or(Ok(()), |version| write!(f, ";{version}"))
}

/// Whether a text can be a part of a name: it has these characters only, and not too many of them.
pub(super) fn part(text: &str, longest: usize, allowed: impl Fn(char) -> bool) -> Result<(), PathError> {
    if text.is_empty() {
        return Err(PathError::NoName);
    }
    if let Some(wrong) = text.chars().find(|c| !allowed(*c)) {
        return Err(PathError::Character(wrong));
    }
    if text.len() > longest { Err(PathError::TooLong(longest)) } else { Ok(()) }
}
