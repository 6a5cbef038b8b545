//! The names of files.

use std::fmt;

/// How a host names its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// As TENEX does: `DSK:<DIRECTORY>NAME.EXTENSION;VERSION`, in upper case; device, directory and version are
    /// optional.
    #[default]
    Tenex,
    /// As no host in particular does: any printable text is a name, kept as it is, and a directory may stand
    /// before it as TENEX writes it. There are no versions.
    Plain,
}

impl Naming {
    /// How hosts of an operating system name their files, by the system's name in a net file.
    pub fn of_system(system: &str) -> Naming {
        if system.eq_ignore_ascii_case("TENEX") { Naming::Tenex } else { Naming::Plain }
    }
}

/// The full name of a file, in the form that its host prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathName {
    directory: String,
    file: String,
    version: Option<u32>,
}

impl PathName {
    /// The name of the directory.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// The name of the file in its directory, without a version.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The version; if none is said, the highest is meant.
    pub fn version(&self) -> Option<u32> {
        self.version
    }

    /// The same file in this version.
    #[must_use]
    pub fn of_version(&self, version: Option<u32>) -> Self {
        PathName { version, ..self.clone() }
    }
}

impl fmt::Display for PathName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>{}", self.directory, self.file)?;
        self.version.map_or(Ok(()), |version| write!(f, ";{version}"))
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

/// Some of the files in a directory, as TENEX lets a user ask for them: `*` stands for any name, extension or version, or for
/// any part of a name or an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    directory: String,
    /// The name and the extension, in capitals.
    parts: [String; 2],
    version: Versions,
}

/// Which versions of a file are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Versions {
    All,
    One(u32),
}

impl Pattern {
    /// The name of the directory.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// Whether a file of this name is one of them. A name without a version is the only one.
    pub fn fits(&self, path: &PathName) -> bool {
        let (name, extension) = path.file().split_once('.').unwrap_or((path.file(), ""));
        let [wanted_name, wanted_extension] = &self.parts;
        let is_version = match self.version {
            Versions::All => true,
            Versions::One(wanted) => path.version().unwrap_or(1) == wanted,
        };
        path.directory() == self.directory
            && is_version
            && matches(wanted_name, name)
            && matches(wanted_extension, extension)
    }
}

/// Whether a text is what the pattern says, in which `*` stands for any number of characters. Goes through either once, but
/// for the part behind the last star that has been tried.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, from)) = star {
            // The star stands for one character more.
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
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
    /// A device other than the disk.
    #[error("no device {0}:")]
    NoDevice(String),
    /// What stands behind the semicolon is no version.
    #[error("a version is a number from 1 to {MAX_VERSION}")]
    Version,
    /// A character that cannot stand in a name.
    #[error("{0:?} cannot stand in a file name")]
    Character(char),
    /// A part of the name is too long.
    #[error("a name is at most {MAX_PART} characters long")]
    TooLong,
}

/// The longest part of a TENEX path name, in characters.
const MAX_PART: usize = 39;

/// The highest version of a file: what half a word holds beside its sign.
pub(crate) const MAX_VERSION: u32 = 131_071;

impl Naming {
    /// Reads which files are to be listed: a path name, or a directory as `<DIRECTORY>`; `directory` is used where none is
    /// given, and is meant by an empty text.
    pub fn parse_target(self, text: &str, directory: Option<&str>) -> Result<ListTarget, PathError> {
        let text = text.trim();
        let named = match self {
            Naming::Tenex => without_device(text)?,
            Naming::Plain => text,
        };
        let (directory, file) = split(named, directory)?;
        if file.is_empty() {
            part(directory, |c| self.allows(c))?;
            Ok(ListTarget::Directory(directory.to_ascii_uppercase()))
        } else {
            self.parse(text, Some(directory)).map(ListTarget::File)
        }
    }

    /// Reads a text in which stars stand for names, if that is what it is and the system has them; `directory` is used where
    /// none is given. A version that is not said is any, as in TENEX's DIRECTORY.
    pub fn parse_pattern(self, text: &str, directory: Option<&str>) -> Result<Option<Pattern>, PathError> {
        let text = text.trim();
        if self != Naming::Tenex || !text.contains('*') {
            return Ok(None);
        }
        let (directory, file) = split(without_device(text)?, directory)?;
        part(directory, |c| self.allows(c))?;
        let (file, version) = match file.split_once(';') {
            Some((file, "*")) => (file, Versions::All),
            Some((file, version)) => (file, Versions::One(number(version)?)),
            None => (file, Versions::All),
        };
        let (name, extension) = file.split_once('.').unwrap_or((file, ""));
        let allowed = |c| c == '*' || self.allows(c);
        part(name, allowed)?;
        if !extension.is_empty() {
            part(extension, allowed)?;
        }
        Ok(Some(Pattern {
            directory: directory.to_ascii_uppercase(),
            parts: [name, extension].map(str::to_ascii_uppercase),
            version,
        }))
    }

    /// Whether a character can stand in a part of a name.
    fn allows(self, c: char) -> bool {
        match self {
            Naming::Tenex => c.is_ascii_alphanumeric() || "-_$%&#@!+/".contains(c),
            Naming::Plain => c.is_ascii_graphic() || c == ' ',
        }
    }

    /// Reads a path name; `directory` is used where none is given.
    pub fn parse(self, text: &str, directory: Option<&str>) -> Result<PathName, PathError> {
        let text = text.trim();
        match self {
            Naming::Tenex => tenex(text, directory),
            Naming::Plain => {
                let (directory, file) = split(text, directory)?;
                part(directory, |c| self.allows(c))?;
                part(file, |c| self.allows(c))?;
                let directory = directory.to_ascii_uppercase();
                Ok(PathName { directory, file: file.to_owned(), version: None })
            }
        }
    }
}

fn tenex(text: &str, directory: Option<&str>) -> Result<PathName, PathError> {
    let (directory, file) = split(without_device(text)?, directory)?;
    let (file, version) = match file.split_once(';') {
        Some((file, version)) => (file, Some(number(version)?)),
        None => (file, None),
    };
    let allowed = |c| Naming::Tenex.allows(c);
    part(directory, allowed)?;
    let (name, extension) = file.split_once('.').unwrap_or((file, ""));
    part(name, allowed)?;
    if !extension.is_empty() {
        part(extension, allowed)?;
    }
    // TENEX gives every name its dot.
    let mut file = [name, ".", extension].concat();
    file.make_ascii_uppercase();
    Ok(PathName { directory: directory.to_ascii_uppercase(), file, version })
}

/// Takes the device from in front of a name.
fn without_device(text: &str) -> Result<&str, PathError> {
    match text.split_once(':') {
        Some((device, rest)) if !device.contains('<') => {
            if device.eq_ignore_ascii_case("DSK") {
                Ok(rest)
            } else {
                Err(PathError::NoDevice(device.to_ascii_uppercase()))
            }
        }
        Some(_) | None => Ok(text),
    }
}

fn number(version: &str) -> Result<u32, PathError> {
    let digits = version.bytes().all(|byte| byte.is_ascii_digit());
    let number = version.parse().ok().filter(|number| digits && (1..=MAX_VERSION).contains(number));
    number.ok_or(PathError::Version)
}

/// Takes the directory from in front of a name, or the one that is known.
fn split<'a>(text: &'a str, directory: Option<&'a str>) -> Result<(&'a str, &'a str), PathError> {
    let (directory, file) = match text.strip_prefix('<') {
        Some(rest) => rest.split_once('>').ok_or(PathError::BadDirectory)?,
        None => (directory.ok_or(PathError::NoDirectory)?, text),
    };
    if directory.is_empty() { Err(PathError::BadDirectory) } else { Ok((directory, file)) }
}

fn part(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), PathError> {
    if text.is_empty() {
        return Err(PathError::NoName);
    }
    if let Some(wrong) = text.chars().find(|c| !allowed(*c)) {
        return Err(PathError::Character(wrong));
    }
    if text.len() > MAX_PART { Err(PathError::TooLong) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Result<String, PathError> {
        Naming::Tenex.parse(text, Some("smith")).map(|path| path.to_string())
    }

    #[test]
    fn tenex_names_are_completed_and_shouted() {
        assert_eq!(path("prog1.pl1").as_deref(), Ok("<SMITH>PROG1.PL1"));
        assert_eq!(path("<Thomas>DATA.NEW").as_deref(), Ok("<THOMAS>DATA.NEW"));
        assert_eq!(path("DSK:<THOMAS>DATA").as_deref(), Ok("<THOMAS>DATA."));
    }

    #[test]
    fn a_tenex_name_may_end_in_a_version() {
        assert_eq!(path("a.b;3").as_deref(), Ok("<SMITH>A.B;3"));
        assert_eq!(path("a;131071").as_deref(), Ok("<SMITH>A.;131071"));
        assert_eq!(path("a.b;007").as_deref(), Ok("<SMITH>A.B;7"));
    }

    #[test]
    fn what_is_no_path_name_is_told_why() {
        assert_eq!(path(""), Err(PathError::NoName));
        assert_eq!(path("<THOMAS"), Err(PathError::BadDirectory));
        assert_eq!(path("<>A.B"), Err(PathError::BadDirectory));
        assert_eq!(path("LPT:A.B"), Err(PathError::NoDevice("LPT".to_owned())));
        for version in ["", "0", "+1", "-1", "131072", "P777752", "1;2"] {
            assert_eq!(path(&format!("A.B;{version}")), Err(PathError::Version));
        }
        assert_eq!(path("A*.B"), Err(PathError::Character('*')));
        assert_eq!(path("A.B.C"), Err(PathError::Character('.')));
        assert_eq!(path(&"A".repeat(40)), Err(PathError::TooLong));
        assert_eq!(Naming::Tenex.parse("A.B", None), Err(PathError::NoDirectory));
    }

    #[test]
    fn a_list_is_asked_of_a_directory_or_of_a_file() {
        let wanted = |naming: Naming, text| naming.parse_target(text, Some("smith"));
        for naming in [Naming::Tenex, Naming::Plain] {
            for (text, directory) in [("", "SMITH"), ("  ", "SMITH"), ("<Jones>", "JONES"), (" <a> ", "A")] {
                assert_eq!(wanted(naming, text), Ok(ListTarget::Directory(directory.to_owned())), "{text:?}");
            }
            for text in ["a.b", "<jones>a.b"] {
                assert_eq!(
                    wanted(naming, text),
                    naming.parse(text, Some("smith")).map(ListTarget::File),
                    "{text}"
                );
            }
            assert_eq!(wanted(naming, "<>"), Err(PathError::BadDirectory));
            assert_eq!(wanted(naming, "<jones"), Err(PathError::BadDirectory));
            assert_eq!(wanted(naming, "<a\tb>"), Err(PathError::Character('\t')));
            assert_eq!(naming.parse_target("", None), Err(PathError::NoDirectory));
        }
        assert_eq!(wanted(Naming::Tenex, "DSK:<JONES>"), Ok(ListTarget::Directory("JONES".to_owned())));
        assert_eq!(wanted(Naming::Tenex, "dsk:"), Ok(ListTarget::Directory("SMITH".to_owned())));
        assert_eq!(wanted(Naming::Tenex, "LPT:"), Err(PathError::NoDevice("LPT".to_owned())));
        assert_eq!(wanted(Naming::Tenex, "<A B>"), Err(PathError::Character(' ')));
    }

    #[test]
    fn a_star_stands_for_any_name_at_a_tenex() {
        let fits = |pattern: &str, path: &str| {
            let read = Naming::Tenex.parse_pattern(pattern, Some("smith"));
            let pattern = read.expect("it can be read").expect("there is a star in it");
            pattern.fits(&Naming::Tenex.parse(path, Some("smith")).expect("a path name"))
        };
        for (pattern, path, expected) in [
            ("*.txt", "NOTES.TXT", true),
            ("*.txt", "NOTES.TX", false),
            ("*.*", "NOTES.TXT;3", true),
            ("*.*;2", "NOTES.TXT;3", false),
            ("notes.*;*", "NOTES.TXT;3", true),
            ("*", "DATA", true),
            ("*", "NOTES.TXT", false),
            ("n*s.t*", "NOTES.TXT", true),
            ("n*s*t.t*", "NOTES.TXT", false),
            ("*ab*ab.*", "ABABAB.X", true),
            ("*ab*ac.*", "ABABAB.X", false),
            ("<jones>*.*", "NOTES.TXT", false),
            ("dsk:<jones>*.*", "<JONES>A.B", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
        let read = |naming: Naming, text| naming.parse_pattern(text, Some("smith"));
        assert_eq!(read(Naming::Tenex, "NOTES.TXT"), Ok(None));
        assert_eq!(read(Naming::Plain, "*.TXT"), Ok(None), "there a star is a character like others");
        assert_eq!(read(Naming::Tenex, "<A*>B"), Err(PathError::Character('*')));
        assert_eq!(read(Naming::Tenex, "A.*;X"), Err(PathError::Version));
    }

    #[test]
    fn a_host_that_is_no_tenex_keeps_names_as_they_are_each_in_its_users_directory() {
        let plain = |text| Naming::Plain.parse(text, Some("smith")).map(|path| path.to_string());
        assert_eq!(plain("my data").as_deref(), Ok("<SMITH>my data"));
        assert_eq!(plain("<jones>x/y").as_deref(), Ok("<JONES>x/y"));
        assert_eq!(plain("tab\there"), Err(PathError::Character('\t')));
        assert_eq!(plain("<a\tb>c"), Err(PathError::Character('\t')));
        assert_eq!(plain("a;3").as_deref(), Ok("<SMITH>a;3"), "there are no versions");
    }
}
