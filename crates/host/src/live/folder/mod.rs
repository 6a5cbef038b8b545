//! The files of a host in a folder of this machine.
//!
//! What they are called there says [`disk`](crate::disk), but that whatever is there already keeps the case of its letters.
//!
//! A new version moves the one before aside. What is deleted leaves the numbers of all others as they are: if it was the highest, the
//! one before is the highest now, under the name that it has; if it was the one before the highest, the highest, whose
//! number would be one less now, is renamed to the number that it had.
//!
//! The case of letters makes no difference to any host: teletypes shout, and not every disk could tell. But where two files differ
//! in nothing else, each is listed as it is spelled, and is meant when it is typed so.
//!
//! **Nothing outside the folder is reached.** No part of a path name leads anywhere, as `/`, `..` and the like are written
//! in hexadecimal; links are not followed, and only ordinary files are opened. `cap-std` keeps to the folder even if
//! a link is put in the way between two looks. What no path name means is in no list. (Of systems
//! on which a name like `NUL` means a device nothing is known.)
//!
//! **No file is ever half written.** A new content is written under no name, or under one of its own, and takes the name
//! of the file when all of it is on the disk.

mod listing;
mod lookup;
mod reading;
#[cfg(test)]
mod tests;
mod versions;
mod writing;

use std::io;
use std::sync::Arc;

use crate::{
    Deleted, DirEntry, FileError, Form, Limits, ListTarget, PathName, Renamed, Store, WriteMode, Written,
};

pub use lookup::{Access, Folder};

use lookup::ENTRY;
use reading::LONGEST;

impl Store for Folder {
    fn limits(&self) -> Limits {
        Limits { longest: LONGEST, entry: ENTRY }
    }

    fn read(&self, path: &PathName, form: Form) -> Result<Arc<Vec<u8>>, FileError> {
        let directory = self.directory(path.directory(), path)?.ok_or(FileError::NotFound)?;
        let versions = self.versions(&directory, path)?;
        let (_, name) = versions.find(path.version()).ok_or(FileError::NotFound)?;
        self.readings.shared(&directory, name, form).map_err(|error| match error.kind() {
            // It has gone since it was looked at.
            io::ErrorKind::NotFound => FileError::NotFound,
            io::ErrorKind::FileTooLarge => {
                (self.tell)(&format!("{path}: {error}"));
                FileError::TooLong
            }
            _ => self.failed(path, &error),
        })
    }

    fn writable(&self, path: &PathName, mode: WriteMode) -> Result<(), FileError> {
        self.is_writable(path, mode)
    }

    fn write(
        &mut self,
        path: &PathName,
        content: Vec<u8>,
        mode: WriteMode,
        form: Form,
    ) -> Result<Written, FileError> {
        self.write_file(path, content, mode, form)
    }

    fn list(&self, target: &ListTarget) -> Result<Vec<DirEntry>, FileError> {
        match target {
            ListTarget::Directory(name) => self.list_directory(name),
            ListTarget::File(path) => self.list_file(path).map(|file| vec![file]),
        }
    }

    fn delete(&mut self, path: &PathName) -> Result<Deleted, FileError> {
        self.delete_file(path)
    }

    fn rename(&mut self, from: &PathName, to: &PathName) -> Result<Renamed, FileError> {
        self.rename_file(from, to)
    }
}
