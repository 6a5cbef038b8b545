//! The files of a host. They outlive a crash.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// How a host names its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// As TENEX does: `DSK:<DIRECTORY>NAME.EXTENSION`, device and directory optional, in upper case.
    #[default]
    Tenex,
    /// As no host in particular does: any printable text is a name, kept as it is, and a directory may stand
    /// before it as TENEX writes it.
    Plain,
}

/// The full name of a file, in the form that its host prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathName {
    directory: String,
    file: String,
}

impl fmt::Display for PathName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>{}", self.directory, self.file)
    }
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
    /// Versions are not kept here.
    #[error("this file system keeps no versions")]
    Version,
    /// A character that cannot stand in a name.
    #[error("{0:?} cannot stand in a file name")]
    Character(char),
    /// A part of the name is too long.
    #[error("a name is at most {LONGEST} characters long")]
    TooLong,
}

/// The longest part of a TENEX path name, in characters.
const LONGEST: usize = 39;

impl Naming {
    /// Reads a path name; `directory` is used where none is given.
    pub fn parse(self, text: &str, directory: Option<&str>) -> Result<PathName, PathError> {
        let text = text.trim();
        match self {
            Naming::Tenex => tenex(text, directory),
            Naming::Plain => {
                let (directory, file) = split(text, directory)?;
                part(file, |c| c.is_ascii_graphic() || c == ' ')?;
                Ok(PathName { directory: directory.to_ascii_uppercase(), file: file.to_owned() })
            }
        }
    }
}

fn tenex(text: &str, directory: Option<&str>) -> Result<PathName, PathError> {
    let text = match text.split_once(':') {
        Some((device, rest)) if !device.contains('<') => {
            if !device.eq_ignore_ascii_case("DSK") {
                return Err(PathError::NoDevice(device.to_ascii_uppercase()));
            }
            rest
        }
        _ => text,
    };
    let (directory, file) = split(text, directory)?;
    if file.contains(';') {
        return Err(PathError::Version);
    }
    part(directory, is_tenex)?;
    let (name, extension) = file.split_once('.').unwrap_or((file, ""));
    part(name, is_tenex)?;
    if !extension.is_empty() {
        part(extension, is_tenex)?;
    }
    // TENEX gives every name its dot.
    let file = format!("{name}.{extension}").to_ascii_uppercase();
    Ok(PathName { directory: directory.to_ascii_uppercase(), file })
}

/// Takes the directory from in front of a name, or the one that is known.
fn split<'a>(text: &'a str, directory: Option<&'a str>) -> Result<(&'a str, &'a str), PathError> {
    let (directory, file) = match text.strip_prefix('<') {
        Some(rest) => rest.split_once('>').ok_or(PathError::BadDirectory)?,
        None => (directory.ok_or(PathError::NoDirectory)?, text),
    };
    if directory.is_empty() { Err(PathError::BadDirectory) } else { Ok((directory, file)) }
}

fn is_tenex(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_$%&#@!+/".contains(c)
}

fn part(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), PathError> {
    if text.is_empty() {
        return Err(PathError::NoName);
    }
    if let Some(wrong) = text.chars().find(|c| !allowed(*c)) {
        return Err(PathError::Character(wrong));
    }
    if text.len() > LONGEST { Err(PathError::TooLong) } else { Ok(()) }
}

/// Why a file cannot be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("file not found")]
    NotFound,
    /// The user may not do that with this file.
    #[error("access denied")]
    Denied,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
}

/// The files of a host, on a disk of a limited size. A clone has a disk of its own.
#[derive(Debug)]
pub struct Files {
    naming: Naming,
    content: BTreeMap<PathName, Arc<Vec<u8>>>,
    disk: Rc<Disk>,
}

#[derive(Debug)]
struct Disk {
    size: usize,
    used: Cell<usize>,
}

/// The size of a disk if nothing else is said: 32 million bytes, a little less than an RP02 pack's worth of
/// 36-bit words for each of two drives.
const DISK: usize = 32_000_000;

impl Clone for Files {
    fn clone(&self) -> Self {
        let used = Cell::new(self.content.values().map(|content| content.len()).sum());
        let disk = Rc::new(Disk { size: self.disk.size, used });
        Files { naming: self.naming, content: self.content.clone(), disk }
    }
}

impl Default for Files {
    fn default() -> Self {
        Files::new(Naming::default(), DISK)
    }
}

impl Files {
    /// An empty disk of `size` bytes.
    pub fn new(naming: Naming, size: usize) -> Self {
        Files { naming, content: BTreeMap::new(), disk: Rc::new(Disk { size, used: Cell::new(0) }) }
    }

    /// How files are named here.
    pub fn naming(&self) -> Naming {
        self.naming
    }

    /// Puts a file on the disk, or replaces it. Not for programs: they write a [`Draft`].
    pub fn put(&mut self, path: PathName, content: Vec<u8>) {
        let old = self.content.get(&path).map_or(0, |old| old.len());
        self.disk.used.set(self.disk.used.get() - old + content.len());
        self.content.insert(path, Arc::new(content));
    }

    /// The content of a file. It stays as it is, whatever is written later.
    pub fn read(&self, path: &PathName) -> Result<Arc<Vec<u8>>, FileError> {
        self.content.get(path).cloned().ok_or(FileError::NotFound)
    }

    /// Whether a user may write a file: in his own directory, as TENEX protects files by default. Reading is
    /// open to everybody who is logged in.
    pub fn may_write(&self, user: &str, path: &PathName) -> Result<(), FileError> {
        if path.directory.eq_ignore_ascii_case(user) { Ok(()) } else { Err(FileError::Denied) }
    }

    /// Begins to write a file. Nobody sees what is written until the draft is filed; a draft that is dropped
    /// leaves the file as it was.
    pub fn draft(&self, path: PathName, append: bool) -> Draft {
        Draft { path, append, content: Vec::new(), disk: self.disk.clone() }
    }

    /// The path names of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &PathName> {
        self.content.keys()
    }

    /// Makes a draft the content, or the end, of its file; answers how many bytes the file holds now and how
    /// many of them it held before.
    pub(crate) fn file(&mut self, mut draft: Draft) -> (usize, usize) {
        let new = std::mem::take(&mut draft.content);
        let used = &self.disk.used;
        match self.content.get_mut(&draft.path) {
            Some(old) if draft.append => {
                let kept = old.len();
                Arc::make_mut(old).extend_from_slice(&new);
                (old.len(), kept)
            }
            old => {
                used.set(used.get() - old.map_or(0, |old| old.len()));
                let bytes = new.len();
                self.content.insert(draft.path.clone(), Arc::new(new));
                (bytes, 0)
            }
        }
    }
}

/// What will be a file, or the end of one.
#[derive(Debug)]
pub struct Draft {
    path: PathName,
    append: bool,
    content: Vec<u8>,
    disk: Rc<Disk>,
}

impl Draft {
    /// The name of the file.
    pub fn path(&self) -> &PathName {
        &self.path
    }

    /// How many bytes have been written.
    pub fn len(&self) -> usize {
        self.content.len()
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// Writes bytes, as long as the disk has room for them beside the file that they may be going to replace.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let used = self.disk.used.get() + bytes.len();
        if used > self.disk.size {
            return Err(FileError::Full);
        }
        self.disk.used.set(used);
        self.content.extend_from_slice(bytes);
        Ok(())
    }
}

impl Drop for Draft {
    /// What was not filed takes no room. (What was filed has left the draft.)
    fn drop(&mut self) {
        self.disk.used.set(self.disk.used.get() - self.content.len());
    }
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
    fn what_is_no_path_name_is_told_why() {
        assert_eq!(path(""), Err(PathError::NoName));
        assert_eq!(path("<THOMAS"), Err(PathError::BadDirectory));
        assert_eq!(path("<>A.B"), Err(PathError::BadDirectory));
        assert_eq!(path("LPT:A.B"), Err(PathError::NoDevice("LPT".to_owned())));
        assert_eq!(path("A.B;3"), Err(PathError::Version));
        assert_eq!(path("A*.B"), Err(PathError::Character('*')));
        assert_eq!(path("A.B.C"), Err(PathError::Character('.')));
        assert_eq!(path(&"A".repeat(40)), Err(PathError::TooLong));
        assert_eq!(Naming::Tenex.parse("A.B", None), Err(PathError::NoDirectory));
    }

    #[test]
    fn a_host_that_is_no_tenex_keeps_names_as_they_are_each_in_its_users_directory() {
        let plain = |text| Naming::Plain.parse(text, Some("smith")).map(|path| path.to_string());
        assert_eq!(plain("my data").as_deref(), Ok("<SMITH>my data"));
        assert_eq!(plain("<jones>x/y").as_deref(), Ok("<JONES>x/y"));
        assert_eq!(plain("tab\there"), Err(PathError::Character('\t')));
    }

    fn name(text: &str) -> PathName {
        Naming::Tenex.parse(text, Some("SMITH")).expect("a path name")
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_the_file_and_the_disk_as_they_were() {
        let mut files = Files::new(Naming::Tenex, 10);
        files.put(name("A.B"), b"old".to_vec());
        let mut draft = files.draft(name("A.B"), false);
        draft.write(b"newest").expect("nine bytes fit");
        assert_eq!(draft.write(b"!!"), Err(FileError::Full), "the draft takes room, too");
        drop(draft);
        assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"old");
        let mut draft = files.draft(name("C.D"), false);
        assert_eq!(draft.write(b"seven b"), Ok(()), "the dropped draft gave its room back");
        assert_eq!(files.file(draft), (7, 0));
    }

    #[test]
    fn two_appends_at_once_lose_nothing() {
        let mut files = Files::default();
        let (mut one, mut two) = (files.draft(name("A.B"), true), files.draft(name("A.B"), true));
        one.write(b"one").expect("there is room");
        two.write(b"two").expect("there is room");
        assert_eq!(files.file(one), (3, 0));
        assert_eq!(files.file(two), (6, 3));
        assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"onetwo");
    }

    #[test]
    fn a_user_writes_in_his_own_directory_only() {
        let files = Files::default();
        assert_eq!(files.may_write("smith", &name("A.B")), Ok(()));
        assert_eq!(files.may_write("smith", &name("<THOMAS>A.B")), Err(FileError::Denied));
    }
}
