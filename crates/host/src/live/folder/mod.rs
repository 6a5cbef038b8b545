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
//! somebody at this machine puts a link in the way between two looks. What no path name means is in no list.
//!
//! **No file is ever half written.** A new content is written under no name, or under one of its own, and takes the name
//! of the file when all of it is on the disk.

mod entry;
mod listing;
#[cfg(test)]
mod tests;
mod text;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::num::NonZeroU32;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Weak};

use cap_fs_ext::{DirExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, Metadata, OpenOptions};
use cap_tempfile::TempFile;

use crate::files::{DISK, HIGHEST};
use crate::{Deleted, FileError, Filed, Files, How, Listed, Naming, PathName, Store, Wanted};

pub use text::to_network;

use entry::Entry;

/// The longest file that is sent or kept, in bytes: one that would fill a disk in memory.
const LONGEST: usize = DISK;

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

/// The content of a file as somebody reads it.
struct Reading {
    stamp: Stamp,
    content: Weak<Vec<u8>>,
}

/// What tells the content of a file from any other: its device and number, its length, and when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp(u64, u64, u64, Option<cap_std::time::SystemTime>);

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Stamp(metadata.dev(), metadata.ino(), metadata.len(), metadata.modified().ok())
    }
}

/// The versions of a file that there are, each with the name of its entry.
#[derive(Debug, Default)]
struct Versions {
    /// The one with the plain name.
    plain: Option<String>,
    older: BTreeMap<u32, String>,
    /// Something that is called like one of them, and is no ordinary file.
    stranger: Option<String>,
}

impl Versions {
    /// The number that the plain name has, or would have.
    fn plain_number(&self) -> u32 {
        self.older.last_key_value().map_or(1, |(highest, _)| highest + 1)
    }

    /// The highest version.
    fn newest(&self) -> Option<(u32, &str)> {
        match &self.plain {
            Some(plain) => Some((self.plain_number(), plain)),
            None => self.older.last_key_value().map(|(number, name)| (*number, name.as_str())),
        }
    }

    /// The version of that number, or the highest.
    fn find(&self, version: Option<u32>) -> Option<(u32, &str)> {
        let newest = self.newest()?;
        match version {
            None => Some(newest),
            Some(version) if version == newest.0 => Some(newest),
            Some(version) => self.older.get(&version).map(|name| (version, name.as_str())),
        }
    }

    /// All of them.
    fn all(&self) -> impl Iterator<Item = (u32, &str)> {
        let older = self.older.iter().map(|(number, name)| (*number, name.as_str()));
        older.chain(self.plain.as_deref().map(|plain| (self.plain_number(), plain)))
    }

    /// The number of a version that is yet to come.
    fn next(&self) -> u32 {
        self.newest().map_or(1, |(newest, _)| newest + 1)
    }
}

/// Where a new content goes.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// To this entry, which is that version.
    Taken(String, u32),
    /// To the plain name, as a version that is new.
    Next,
}

impl Folder {
    /// Opens a folder. `tell` gets to know why the disk fails, when it does.
    pub fn open(path: &Path, naming: Naming, access: Access, tell: Box<dyn Fn(&str)>) -> io::Result<Self> {
        let root = Dir::open_ambient_dir(path, ambient_authority())?;
        Ok(Folder { root, naming, access, tell, reading: RefCell::default() })
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
            (Naming::Plain, _) | (_, Access::Read) => Some(1),
            (Naming::Tenex, Access::Write { versions, .. }) => versions.map(NonZeroU32::get),
        }
    }

    /// What the host is told of an error of the disk. The reason is for whoever runs it.
    fn failed(&self, asked: &dyn fmt::Display, error: &io::Error) -> FileError {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => return FileError::NotFound,
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
        let failed = |error| self.failed(asked, &error);
        let wanted = Entry::of_directory(name);
        let mut found = None;
        for entry in self.root.entries().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if wanted.is(&name) && entry.file_type().map_err(failed)?.is_dir() {
                self.only(asked, &mut found, name)?;
            }
        }
        found.map(|name| self.root.open_dir_nofollow(name).map_err(failed)).transpose()
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

    /// Opens an ordinary file. What became something else since it was looked at is not waited for.
    fn open_entry(directory: &Dir, name: &str) -> io::Result<(File, Metadata)> {
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        let file = directory.open_with(name, &options)?;
        let metadata = file.metadata()?;
        if metadata.is_file() { Ok((file, metadata)) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    /// The content of an entry, as the network has it.
    fn content(&self, directory: &Dir, name: &str) -> io::Result<Arc<Vec<u8>>> {
        let (file, metadata) = Folder::open_entry(directory, name)?;
        let stamp = Stamp::of(&metadata);
        let mut reading = self.reading.borrow_mut();
        reading.retain(|reading| reading.content.strong_count() > 0);
        let shared = reading.iter().find(|reading| reading.stamp == stamp);
        if let Some(content) = shared.and_then(|reading| reading.content.upgrade()) {
            return Ok(content);
        }
        let mut content = Vec::new();
        file.take(LONGEST as u64 + 1).read_to_end(&mut content)?;
        if content.len() > LONGEST {
            return Err(io::Error::other(format!(
                "longer than {LONGEST} bytes, which is the most there can be"
            )));
        }
        let content = Arc::new(text::to_network(content));
        reading.push(Reading { stamp, content: Arc::downgrade(&content) });
        Ok(content)
    }

    /// Something is called like a version of the file and is none, a link for instance: it was put there by somebody who
    /// may want to keep it.
    fn no_stranger(&self, versions: &Versions, path: &PathName) -> Result<(), FileError> {
        let Some(stranger) = &versions.stranger else { return Ok(()) };
        (self.tell)(&format!("{path} is left as it is: {stranger} is no ordinary file"));
        Err(FileError::Denied)
    }

    /// Where a content would go.
    fn place(&self, versions: &Versions, path: &PathName, how: How) -> Result<Place, FileError> {
        self.no_stranger(versions, path)?;
        let taken = versions.find(path.version()).map(|(number, name)| Place::Taken(name.to_owned(), number));
        match (path.version(), how, taken) {
            // A version that is named is changed if it is there.
            (Some(_), _, Some(taken)) => Ok(taken),
            (Some(version), _, None) if version != versions.next() => Err(FileError::Version),
            // What is appended goes to the highest version, and what replaces a file is a new one.
            (None, How::Append, Some(taken)) => Ok(taken),
            (None, How::Replace, Some(taken)) if self.retained() == Some(1) => Ok(taken),
            (Some(_) | None, How::Append | How::Replace, _) if versions.next() > HIGHEST => {
                Err(FileError::Full)
            }
            (Some(_) | None, How::Append | How::Replace, _) => Ok(Place::Next),
        }
    }

    /// Deletes what is not to be kept, and answers how many bytes that were.
    fn forget(&self, directory: &Dir, path: &PathName) -> Result<usize, FileError> {
        let Some(retained) = self.retained() else { return Ok(0) };
        let versions = self.versions(directory, path)?;
        let all = versions.older.len() + usize::from(versions.plain.is_some());
        let too_many = all.saturating_sub(retained as usize);
        let mut freed = 0;
        for name in versions.older.values().take(too_many) {
            let bytes = directory.symlink_metadata(name).map_or(0, |metadata| metadata.len());
            match directory.remove_file(name) {
                Ok(()) => freed += bytes as usize,
                Err(error) => drop(self.failed(path, &error)),
            }
        }
        Ok(freed)
    }

    /// Puts a content at its place, all at once, and answers how many bytes it takes.
    fn put(&self, directory: &Dir, to: &Target<'_>, content: Vec<u8>) -> io::Result<usize> {
        let mut new = TempFile::new(directory)?;
        let content = text::to_disk(content);
        new.write_all(&content)?;
        if let Some(old) = to.instead_of {
            // Whoever might read the old one may read the new one.
            new.as_file().set_permissions(directory.symlink_metadata(old)?.permissions())?;
        }
        new.as_file().sync_all()?;
        let aside = to.aside.as_ref().map(|aside| (to.name, aside));
        if let Some((name, aside)) = aside {
            directory.rename(name, directory, aside)?;
        }
        new.replace(to.name).inspect_err(|_| {
            // As it was. If even that fails, the version that was moved aside is the highest still.
            if let Some((name, aside)) = aside {
                let _ = directory.rename(aside, directory, name);
            }
        })?;
        Ok(content.len())
    }
}

/// The entry that a content becomes.
struct Target<'a> {
    name: &'a str,
    /// The entry whose place it takes, one way or the other.
    instead_of: Option<&'a str>,
    /// What the entry of that name is called before.
    aside: Option<String>,
}

impl Store for Folder {
    fn read(&self, path: &PathName) -> Result<Arc<Vec<u8>>, FileError> {
        let directory = self.directory(path.directory(), path)?.ok_or(FileError::NotFound)?;
        let versions = self.versions(&directory, path)?;
        let (_, name) = versions.find(path.version()).ok_or(FileError::NotFound)?;
        self.content(&directory, name).map_err(|error| self.failed(path, &error))
    }

    fn writable(&self, path: &PathName) -> Result<(), FileError> {
        if self.access == Access::Read {
            return Err(FileError::Denied);
        }
        let versions = match self.directory(path.directory(), path)? {
            Some(directory) => self.versions(&directory, path)?,
            None => Versions::default(),
        };
        self.place(&versions, path, How::Append).map(drop)
    }

    fn write(&mut self, path: &PathName, mut content: Vec<u8>, how: How) -> Result<Filed, FileError> {
        if self.access == Access::Read {
            return Err(FileError::Denied);
        }
        let failed = |error| self.failed(path, &error);
        let directory = match self.directory(path.directory(), path)? {
            Some(directory) => directory,
            None => {
                let wanted = Entry::of_directory(path.directory());
                self.root.create_dir(wanted.name()).map_err(failed)?;
                self.root.open_dir_nofollow(wanted.name()).map_err(failed)?
            }
        };
        let versions = self.versions(&directory, path)?;
        let place = self.place(&versions, path, how)?;
        let sent = content.len();
        let mut kept = 0;
        if let (How::Append, Place::Taken(name, _)) = (how, &place) {
            let old = self.content(&directory, name).map_err(failed)?;
            kept = old.len();
            content.splice(0..0, old.iter().copied());
        }
        let bytes = content.len();
        if bytes > LONGEST {
            return Err(FileError::Full);
        }
        let wanted = Entry::of_file(path, self.naming);
        let newest = versions.newest();
        let (version, target, replaced) = match &place {
            Place::Taken(name, version) => {
                let old = directory.symlink_metadata(name).map_err(failed)?.len() as usize;
                let target = Target { name, instead_of: Some(name), aside: None };
                (*version, target, old)
            }
            Place::Next => {
                // A file keeps the letters that its versions have had.
                let plain = versions.plain.as_deref();
                let spelled = plain.or_else(|| newest.and_then(|(_, name)| Some(wanted.older(name)?.1)));
                let target = Target {
                    name: spelled.unwrap_or(wanted.name()),
                    instead_of: newest.map(|(_, name)| name),
                    aside: plain.map(|plain| entry::older(plain, versions.plain_number())),
                };
                (versions.next(), target, 0)
            }
        };
        let stored = self.put(&directory, &target, content).map_err(failed)?;
        let freed = (sent + replaced).saturating_sub(stored) + self.forget(&directory, path)?;
        let version = Some(version).filter(|_| self.retained() != Some(1));
        Ok(Filed { path: path.of_version(version), bytes, kept, freed })
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
