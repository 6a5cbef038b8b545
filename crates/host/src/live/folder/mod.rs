//! The files of a host in a folder of this machine.
//!
//! | path name | in the folder |
//! |---|---|
//! | `<SMITH>NOTES.TXT` | `SMITH/NOTES.TXT`, or `smith/notes.txt` if that is there |
//! | `<SMITH>DATA.` | `SMITH/DATA` |
//! | `<SMITH>NOTES.TXT;2`, if it is the highest version | `SMITH/NOTES.TXT` |
//! | `<SMITH>NOTES.TXT;1`, an older one | `SMITH/NOTES.TXT.~1~` |
//! | `<SMITH>A/B.C` | `SMITH/A%2FB.C` |
//!
//! So the highest version has the plain name, and its number is one more than that of the version before. A new version
//! moves the one before aside. What is deleted leaves the numbers of all others as they are: if it was the highest, the
//! one before is the highest now, under the name that it has; if it was the one before the highest, the highest, whose
//! number would be one less now, is renamed to the number that it had. Hosts that name their files otherwise than TENEX
//! have no versions. The case of letters makes no difference to any host: teletypes shout, and not every disk could tell.
//!
//! **Nothing outside the folder is reached.** No part of a path name leads anywhere, as `/`, `..` and the like are written
//! in hexadecimal; links are not followed, and only ordinary files are opened. `cap-std` keeps to the folder even if
//! somebody at this machine puts a link in the way between two looks. What no path name means is in no list. (Of systems
//! on which a name like `NUL` means a device nothing is known.)
//!
//! **No file is ever half written.** A new content is written under no name, or under one of its own, and takes the name
//! of the file when all of it is on the disk.

mod entry;
mod listing;
mod reading;
#[cfg(test)]
mod tests;
mod text;
mod versions;
mod writing;

use std::cell::RefCell;
use std::fmt;
use std::fs::TryLockError;
use std::io;
use std::num::NonZeroU32;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use cap_fs_ext::DirExt;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use cap_tempfile::TempFile;

use crate::{Deleted, FileError, Filed, Files, How, Limits, Listed, Naming, PathName, Store, Wanted};

pub use text::to_network;

use entry::Entry;
use reading::Reading;
use versions::Versions;

/// The longest file that is sent or kept, in bytes of the network: it is in memory while it is.
const LONGEST: usize = 32_000_000;

/// How many bytes a file counts beside those that it holds: nobody fills a disk with empty ones.
const ENTRY: usize = 512;

/// What may be done in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Files are read.
    Read,
    /// Files are also written.
    Write {
        /// How many versions of a file are kept; all of them if nothing is said.
        versions: Option<NonZeroU32>,
        /// How many bytes may be added in all.
        room: usize,
    },
}

/// A folder of this machine, with the files of a host.
pub struct Folder {
    root: Dir,
    naming: Naming,
    access: Access,
    /// Who gets to know what the disk does not do, and why.
    tell: Box<dyn Fn(&str)>,
    /// Held for as long as files may be written: no other host writes them.
    _lock: Option<std::fs::File>,
    /// What somebody is reading: whoever else reads it shares it.
    reading: RefCell<Vec<Reading>>,
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folder")
            .field("root", &self.root)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl Folder {
    /// Opens a folder, for as long as it is there: if another takes its place, that is not noticed. `tell` gets to know
    /// why the disk fails, when it does.
    pub fn open(path: &Path, naming: Naming, access: Access, tell: Box<dyn Fn(&str)>) -> io::Result<Self> {
        let root = Dir::open_ambient_dir(path, ambient_authority())?;
        root.entries()?;
        let lock = match access {
            Access::Read => None,
            Access::Write { .. } => {
                // It goes away at once; but it says whether others could be made.
                TempFile::new_anonymous(&root)?;
                lock(path)?
            }
        };
        Ok(Folder { root, naming, access, tell, _lock: lock, reading: RefCell::default() })
    }

    /// The folder as the files of a host.
    pub fn files(self) -> Files {
        let room = match self.access {
            Access::Read => 0,
            Access::Write { room, .. } => room,
        };
        Files::elsewhere(self.naming, Rc::new(RefCell::new(self)), room)
    }

    /// How many versions are kept, if any but the last.
    fn retained(&self) -> Option<u32> {
        match (self.naming, self.access) {
            (Naming::Plain, Access::Read | Access::Write { .. }) => Some(1),
            // What cannot be written has no other version but those that are there.
            (Naming::Tenex, Access::Read) => Some(1),
            (Naming::Tenex, Access::Write { versions, .. }) => versions.map(NonZeroU32::get),
        }
    }

    fn is_for_writing(&self) -> Result<(), FileError> {
        match self.access {
            Access::Read => Err(FileError::Denied),
            Access::Write { .. } => Ok(()),
        }
    }

    /// What the host is told of an error of the disk. The reason is for whoever runs it.
    fn failed(&self, asked: &dyn fmt::Display, error: &io::Error) -> FileError {
        let kind = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FileError::Denied,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                FileError::Full
            }
            _ => FileError::Trouble,
        };
        (self.tell)(&format!("{asked}: {error}"));
        kind
    }

    /// The directory of this name, if it is there. Something in it is asked for, or all of it.
    fn directory(&self, name: &str, asked: &dyn fmt::Display) -> Result<Option<Dir>, FileError> {
        self.look_for(name, asked).map(|(directory, _)| directory)
    }

    /// The directory of a file, if it is there. Nothing else may be in its place.
    fn directory_to_change(&self, path: &PathName) -> Result<Option<Dir>, FileError> {
        match self.look_for(path.directory(), path)? {
            (None, Some(stranger)) => {
                (self.tell)(&format!("{path} cannot be there: {stranger} is no directory"));
                Err(FileError::Denied)
            }
            (directory, _) => Ok(directory),
        }
    }

    /// The directory of this name, and what has that name and is none.
    fn look_for(
        &self,
        name: &str,
        asked: &dyn fmt::Display,
    ) -> Result<(Option<Dir>, Option<String>), FileError> {
        let failed = |error| self.failed(asked, &error);
        let wanted = Entry::of_directory(name);
        let (mut found, mut stranger) = (None, None);
        for entry in self.root.entries().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !wanted.is(&name) {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                self.only(asked, &mut found, name)?;
            } else {
                stranger = Some(name);
            }
        }
        let directory = found.map(|name| self.root.open_dir_nofollow(name).map_err(failed)).transpose()?;
        Ok((directory, stranger))
    }

    /// The versions of a file in its directory.
    fn versions(&self, directory: &Dir, path: &PathName) -> Result<Versions, FileError> {
        let failed = |error| self.failed(path, &error);
        let wanted = Entry::of_file(path, self.naming);
        let mut found = Versions::default();
        for entry in directory.entries().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let older = match self.naming {
                Naming::Tenex => wanted.older(&name).map(|(version, _)| version),
                Naming::Plain => None,
            };
            if !(older.is_some() || wanted.is(&name)) {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_file() {
                self.keep(path, &mut found, older, name)?;
            } else {
                found.stranger = Some(name);
            }
        }
        Ok(found)
    }

    /// Takes note of a version of a file.
    fn keep(
        &self,
        path: &PathName,
        versions: &mut Versions,
        older: Option<u32>,
        name: String,
    ) -> Result<(), FileError> {
        let Some(version) = older else { return self.only(path, &mut versions.plain, name) };
        let mut same = versions.older.remove(&version);
        self.only(path, &mut same, name)?;
        versions.older.extend(same.map(|name| (version, name)));
        Ok(())
    }

    /// Two entries for one file: nobody could say which is meant.
    fn only(
        &self,
        asked: &dyn fmt::Display,
        found: &mut Option<String>,
        name: String,
    ) -> Result<(), FileError> {
        match found {
            Some(other) => {
                (self.tell)(&format!("{asked} could be {other} or {name}: rename one of them"));
                Err(FileError::Trouble)
            }
            None => {
                *found = Some(name);
                Ok(())
            }
        }
    }

    /// Something is called like a version of the file and is none, a link for instance: it was put there by somebody who
    /// may want to keep it.
    fn no_stranger(&self, versions: &Versions, path: &PathName) -> Result<(), FileError> {
        let Some(stranger) = &versions.stranger else { return Ok(()) };
        (self.tell)(&format!("{path} is left as it is: {stranger} is no ordinary file"));
        Err(FileError::Denied)
    }
}

/// Sees to it that only one host writes into a folder.
fn lock(path: &Path) -> io::Result<Option<std::fs::File>> {
    // Not every system opens a folder, and not every disk locks one.
    let Ok(folder) = std::fs::File::open(path) else { return Ok(None) };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::other("another host writes into this folder: one of the two can be --read-only"))
        }
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

impl Store for Folder {
    fn limits(&self) -> Limits {
        Limits { longest: LONGEST, entry: ENTRY }
    }

    fn read(&self, path: &PathName) -> Result<Arc<Vec<u8>>, FileError> {
        let directory = self.directory(path.directory(), path)?.ok_or(FileError::NotFound)?;
        let versions = self.versions(&directory, path)?;
        let (_, name) = versions.find(path.version()).ok_or(FileError::NotFound)?;
        self.shared(&directory, name).map_err(|error| match error.kind() {
            // It has gone since it was looked at.
            io::ErrorKind::NotFound => FileError::NotFound,
            io::ErrorKind::FileTooLarge => {
                (self.tell)(&format!("{path}: {error}"));
                FileError::TooLong
            }
            _ => self.failed(path, &error),
        })
    }

    fn writable(&self, path: &PathName, how: How) -> Result<(), FileError> {
        self.is_writable(path, how)
    }

    fn write(&mut self, path: &PathName, content: Vec<u8>, how: How) -> Result<Filed, FileError> {
        self.write_file(path, content, how)
    }

    fn list(&self, wanted: &Wanted) -> Result<Vec<Listed>, FileError> {
        match wanted {
            Wanted::Directory(name) => self.list_directory(name),
            Wanted::File(path) => self.list_file(path).map(|file| vec![file]),
        }
    }

    fn delete(&mut self, path: &PathName) -> Result<Deleted, FileError> {
        self.delete_file(path)
    }
}
