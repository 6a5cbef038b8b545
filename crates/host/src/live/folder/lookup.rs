//! A folder that is open, and where in it the entries of a path name are.

use std::cell::RefCell;
use std::fmt;
use std::fs::TryLockError;
use std::io;
use std::num::NonZeroU32;
use std::path::Path;
use std::rc::Rc;

use cap_fs_ext::DirExt;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use cap_tempfile::TempFile;

use super::reading::Readings;
use super::versions::{Spellings, Versions};
use crate::disk::{self, Entry};
use crate::{FileError, Files, Naming, PathName};

/// How many bytes a file counts beside those that it holds, so that empty ones cannot fill the disk.
pub(super) const ENTRY: usize = 512;

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
    pub(super) root: Dir,
    pub(super) naming: Naming,
    access: Access,
    /// Is told what the disk does not do, and why.
    pub(super) tell: Box<dyn Fn(&str)>,
    /// Held for as long as files may be written: no other host writes them.
    _lock: Option<std::fs::File>,
    pub(super) readings: Readings,
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
    /// Opens a folder, for as long as it is there: if another takes its place, that is not noticed. `tell` is told
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
        Ok(Folder { root, naming, access, tell, _lock: lock, readings: Readings::default() })
    }

    /// The folder as the files of a host.
    pub fn files(self) -> Files {
        let room = match self.access {
            Access::Read => 0,
            Access::Write { room, .. } => room,
        };
        Files::with_store(self.naming, Rc::new(RefCell::new(self)), room)
    }

    /// How many versions of a file are kept, if any but the last.
    pub(super) fn retained(&self, path: &PathName) -> Option<u32> {
        match self.access {
            Access::Write { versions, .. } if path.has_versions() => versions.map(NonZeroU32::get),
            // What cannot be written has no other version but those that are there.
            Access::Read | Access::Write { .. } => Some(1),
        }
    }

    pub(super) fn is_for_writing(&self) -> Result<(), FileError> {
        match self.access {
            Access::Read => Err(FileError::Denied),
            Access::Write { .. } => Ok(()),
        }
    }

    /// What the host is told of an error of the disk. The reason is told to the one who runs the host.
    pub(super) fn failed(&self, asked: &dyn fmt::Display, error: &io::Error) -> FileError {
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
    pub(super) fn directory(&self, name: &str, asked: &dyn fmt::Display) -> Result<Option<Dir>, FileError> {
        self.look_for(name, asked).map(|(directory, _)| directory)
    }

    /// The directory of a file, if it is there. Nothing else may be in its place.
    pub(super) fn directory_to_change(&self, path: &PathName) -> Result<Option<Dir>, FileError> {
        match self.look_for(path.directory(), path)? {
            (None, Some(stranger)) => Err(self.no_directory(path, &stranger)),
            (directory, _) => Ok(directory),
        }
    }

    /// Something is called like a directory, and is none.
    pub(super) fn no_directory(&self, path: &PathName, stranger: &str) -> FileError {
        (self.tell)(&format!("{path} cannot be there: {stranger} is no directory"));
        FileError::Denied
    }

    /// The directory of this name, and what has that name, or that of one above it, and is none.
    fn look_for(
        &self,
        name: &str,
        asked: &dyn fmt::Display,
    ) -> Result<(Option<Dir>, Option<String>), FileError> {
        let mut at = self.root.try_clone().map_err(|error| self.failed(asked, &error))?;
        for wanted in disk::directories(name, self.naming) {
            at = match self.look_in(&at, &wanted, asked)? {
                (Some(found), _) => found,
                (None, stranger) => return Ok((None, stranger)),
            };
        }
        Ok((Some(at), None))
    }

    /// The directory of this name within another, and what has that name and is none.
    pub(super) fn look_in(
        &self,
        above: &Dir,
        wanted: &Entry,
        asked: &dyn fmt::Display,
    ) -> Result<(Option<Dir>, Option<String>), FileError> {
        let failed = |error| self.failed(asked, &error);
        let (mut found, mut stranger) = (None, None);
        for entry in above.entries().map_err(failed)? {
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
        let directory = found.map(|name| above.open_dir_nofollow(name).map_err(failed)).transpose()?;
        Ok((directory, stranger))
    }

    /// The versions of a file in its directory. If there are several files whose names differ in the case of their letters only,
    /// those of the one that is spelled as was typed.
    pub(super) fn versions(&self, directory: &Dir, path: &PathName) -> Result<Versions, FileError> {
        let failed = |error| self.failed(path, &error);
        let wanted = Entry::of_file(path);
        let (mut found, mut stranger) = (Spellings::default(), None);
        for entry in directory.entries().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !(wanted.is(&name) || (path.has_versions() && wanted.older(&name).is_some())) {
                continue;
            }
            if !entry.file_type().map_err(failed)?.is_file() {
                stranger = Some(name);
            } else if let Some((file, older)) = disk::file(&name, path.directory(), self.naming) {
                found.add(file, older, name);
            }
        }
        let mut files = found.files();
        let meant = match files.len() {
            0 | 1 => files.pop(),
            _ => Some(self.spelled(files, path)?),
        };
        let versions = meant.map(|(_, versions)| versions).unwrap_or_default();
        Ok(Versions { stranger, ..versions })
    }

    /// The file of several that is spelled as was typed. If none is, either could be meant.
    fn spelled(
        &self,
        files: Vec<(PathName, Versions)>,
        path: &PathName,
    ) -> Result<(PathName, Versions), FileError> {
        let spellings: Vec<String> = files.iter().map(|(file, _)| file.typed().to_owned()).collect();
        files.into_iter().find(|(file, _)| file.typed() == path.typed()).ok_or_else(|| {
            let spellings = spellings.join(" or ");
            (self.tell)(&format!("{path} could be {spellings}: one of them is to be typed as it is spelled"));
            FileError::Doubtful
        })
    }

    /// Two directories of one name are an error: either could be meant.
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

    /// Something is called like a version of the file and is none, a link for instance: the owner of the
    /// folder may want to keep it.
    pub(super) fn no_stranger(&self, versions: &Versions, path: &PathName) -> Result<(), FileError> {
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
