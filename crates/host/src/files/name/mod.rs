//! The names of files, as the systems of the time write them. Each system is a `Grammar` in a file of its own, which says from
//! where its rules are.

mod grammar;
mod its;
mod multics;
mod os360;
mod plain;
mod stars;
mod tenex;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

pub(crate) use grammar::MAX_VERSION;
pub use grammar::PathError;

use grammar::{Form, Grammar, Read, Version, Written};

/// How a host names its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Naming {
    /// As TENEX does: `DSK:<DIRECTORY>NAME.EXTENSION;VERSION`, in capitals; device, directory and version are
    /// optional.
    #[default]
    Tenex,
    /// As Multics does: `>udd>PROJECT>PERSON>NAME`, in which capitals and small letters differ; what does not begin at the root
    /// `>` begins in the user's directory, and each `<` in front of it one directory higher.
    Multics,
    /// As ITS does: `DSK: DIRECTORY; NAME1 NAME2`, in capitals, six letters each. A second name that is a number is a version,
    /// `>` is the highest or the next, and so is none.
    Its,
    /// As OS/360 does under TSO: `'INDEX.NAME.NAME(MEMBER)'`, in capitals; without the quotes, the user's own index stands before
    /// it.
    Os360,
    /// As no host in particular does: any printable text is a name, kept as it is, and a directory may stand
    /// before it as TENEX writes it. There are no versions.
    Plain,
}

impl Naming {
    /// All of them.
    pub const ALL: [Naming; 5] = [Naming::Tenex, Naming::Multics, Naming::Its, Naming::Os360, Naming::Plain];

    /// How hosts of an operating system name their files, by the system's name in a net file.
    pub fn of_system(system: &str) -> Naming {
        let is_of =
            |naming: &Naming| naming.grammar().systems.iter().any(|known| known.eq_ignore_ascii_case(system));
        Naming::ALL.into_iter().find(is_of).unwrap_or(Naming::Plain)
    }

    /// What scenarios call it: `tenex`, `multics`, `its`, `os/360` or `plain`.
    pub fn name(self) -> &'static str {
        self.grammar().name
    }

    /// A directory, and a file in it, as they are written in full.
    pub fn examples(self) -> [&'static str; 2] {
        self.grammar().examples
    }

    fn grammar(self) -> &'static Grammar {
        match self {
            Naming::Tenex => &tenex::GRAMMAR,
            Naming::Multics => &multics::GRAMMAR,
            Naming::Its => &its::GRAMMAR,
            Naming::Os360 => &os360::GRAMMAR,
            Naming::Plain => &plain::GRAMMAR,
        }
    }

    /// The directory of a user. Only at a Multics the case of his name makes a difference.
    pub fn home(self, user: &str) -> String {
        (self.grammar().home)(user)
    }

    /// Whether a directory belongs to a user: it is his own or, where there are directories within others, within his own.
    pub fn is_of(self, directory: &str, user: &str) -> bool {
        directory
            .strip_prefix(&self.home(user))
            .is_some_and(|within| within.is_empty() || (self.grammar().nests && within.starts_with('>')))
    }

    /// Whether any file has versions.
    pub fn has_versions(self) -> bool {
        (self.grammar().has_versions)("")
    }

    /// Reads which files are to be listed: a path name, or a directory; `directory` is used where none is given, and is meant by
    /// an empty text. Where a directory is written as a file is, it is read as a file: [`Files::target`](crate::Files::target)
    /// knows what there is.
    pub fn parse_target(self, text: &str, directory: Option<&str>) -> Result<ListTarget, PathError> {
        let read = (self.grammar().read)(text.trim(), directory, Form::Name)?;
        if read.file.is_empty() {
            Ok(ListTarget::Directory(read.directory))
        } else {
            self.path(read).map(ListTarget::File)
        }
    }

    /// Reads a directory, in full.
    pub fn parse_directory(self, text: &str) -> Result<String, PathError> {
        match self.parse_target(text, None)? {
            ListTarget::Directory(directory) => Ok(directory),
            ListTarget::File(path) => path.as_directory().ok_or(PathError::NoDirectory),
        }
    }

    /// Reads a text in which stars stand for names, if that is what it is and the system has them; `directory` is used where
    /// none is given. A version that is not said is any, as in TENEX's DIRECTORY.
    pub fn parse_pattern(self, text: &str, directory: Option<&str>) -> Result<Option<Pattern>, PathError> {
        match self.grammar().stars {
            Some((stars, _)) if text.contains(stars) => {
                let read = (self.grammar().read)(text.trim(), directory, Form::Pattern)?;
                if read.file.is_empty() { Err(PathError::NoName) } else { Ok(Some(Pattern::new(self, read))) }
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Reads a path name; `directory` is used where none is given.
    pub fn parse(self, text: &str, directory: Option<&str>) -> Result<PathName, PathError> {
        self.path((self.grammar().read)(text.trim(), directory, Form::Name)?)
    }

    /// Reads the name of a file in a directory, which the text may not leave.
    pub(crate) fn parse_in(self, directory: &str, file: &str) -> Result<PathName, PathError> {
        let path = self.parse(&PathName::unread(directory, file, self).to_string(), None)?;
        if path.directory == directory { Ok(path) } else { Err(PathError::NoDirectory) }
    }

    fn path(self, read: Read) -> Result<PathName, PathError> {
        let Read { directory, file, version } = read;
        let version = match version {
            Version::Unsaid => None,
            Version::One(version) => Some(version),
            Version::All => return Err(PathError::Version),
        };
        if file.is_empty() {
            return Err(PathError::NoName);
        }
        let shouted = if self.grammar().shouts { file.to_ascii_uppercase() } else { file.clone() };
        let typed = Typed((shouted != file).then(|| file.into_boxed_str()));
        Ok(PathName { directory, file: shouted, version, naming: self, typed })
    }
}

/// The full name of a file, in the form that its host prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathName {
    directory: String,
    file: String,
    version: Option<u32>,
    naming: Naming,
    typed: Typed,
}

/// The name of a file as it was typed, if that has other letters. They make no difference to a host that shouts; but a folder of
/// a machine of today may have two files of which it knows nothing else apart.
#[derive(Debug, Clone)]
struct Typed(Option<Box<str>>);

impl PartialEq for Typed {
    fn eq(&self, _: &Typed) -> bool {
        true
    }
}

impl Eq for Typed {}

impl PartialOrd for Typed {
    fn partial_cmp(&self, other: &Typed) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Typed {
    fn cmp(&self, _: &Typed) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for Typed {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl PathName {
    /// The first name that a file of this directory could have, in the order of names.
    pub(super) fn first_of(directory: &str, naming: Naming) -> Self {
        PathName::unread(directory, "", naming)
    }

    fn unread(directory: &str, file: &str, naming: Naming) -> Self {
        let [directory, file] = [directory, file].map(str::to_owned);
        PathName { directory, file, version: None, naming, typed: Typed(None) }
    }

    /// The name of the directory.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// The name of the file in its directory, without a version.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The same with the letters that were typed.
    pub fn typed(&self) -> &str {
        self.typed.0.as_deref().unwrap_or(&self.file)
    }

    /// The version; if none is said, the highest is meant.
    pub fn version(&self) -> Option<u32> {
        self.version
    }

    /// How it is written.
    pub fn naming(&self) -> Naming {
        self.naming
    }

    /// Whether such a file has versions.
    pub fn has_versions(&self) -> bool {
        (self.naming.grammar().has_versions)(&self.file)
    }

    /// The same file in this version.
    #[must_use]
    pub fn of_version(&self, version: Option<u32>) -> Self {
        PathName { version, ..self.clone() }
    }

    /// The same file with these letters, though its host would shout them: another has the same name but for that.
    #[must_use]
    #[cfg(feature = "live")]
    pub(crate) fn in_letters(&self, file: &str) -> Self {
        PathName { file: file.to_owned(), typed: Typed(None), ..self.clone() }
    }

    /// The directory that would be written as this file is, where one can be.
    pub(super) fn as_directory(&self) -> Option<String> {
        self.naming.grammar().nests.then(|| self.to_string())
    }
}

impl fmt::Display for PathName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PathName { directory, file, version, naming, .. } = self;
        (naming.grammar().print)(Written { directory, file, version: *version }, f)
    }
}

/// Which files are to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListTarget {
    /// The files in the directory of this name.
    Directory(String),
    /// One file.
    File(PathName),
}

/// Some of the files in a directory, as a system lets a user ask for them that has stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    naming: Naming,
    directory: String,
    file: String,
    version: Option<u32>,
}

impl Pattern {
    fn new(naming: Naming, read: Read) -> Self {
        let Read { directory, file, version } = read;
        let version = match version {
            Version::One(version) => Some(version),
            Version::Unsaid | Version::All => None,
        };
        Pattern { naming, directory, file, version }
    }

    /// The name of the directory.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// Whether a file of this name is one of them. A name without a version is the only one.
    pub fn fits(&self, path: &PathName) -> bool {
        let is_like = self.naming.grammar().stars.is_some_and(|(_, fits)| fits(&self.file, path.file()));
        let is_version = self.version.is_none_or(|wanted| path.version().unwrap_or(1) == wanted);
        is_like && is_version && path.directory() == self.directory
    }
}
