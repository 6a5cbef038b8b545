//! Files of a folder as they are written.

use std::io::{self, Write};

use cap_fs_ext::DirExt;
use cap_std::fs::{Dir, File, Metadata};
use cap_tempfile::TempFile;

use super::lookup::{ENTRY, Folder};
use super::reading::{self, LONGEST};
use super::versions::Versions;
use crate::disk::{self, Entry};
use crate::files::MAX_VERSION;
use crate::{FileError, Form, PathName, WriteMode, Written};

/// Where a new content goes.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// To this entry, which is that version.
    Taken(String, u32),
    /// To the plain name, as a version that is new.
    Next,
}

/// The entry that a content becomes.
struct Target<'a> {
    name: &'a str,
    /// The entry whose place it takes, one way or the other.
    instead_of: Option<&'a str>,
    /// What the entry of that name is called afterwards.
    aside: Option<String>,
}

impl Folder {
    /// Whether a file could be written.
    pub(super) fn is_writable(&self, path: &PathName, mode: WriteMode) -> Result<(), FileError> {
        self.is_for_writing()?;
        let versions = match self.directory_to_change(path)? {
            Some(directory) => self.versions(&directory, path)?,
            None => Versions::default(),
        };
        self.place(&versions, path, mode).map(drop)
    }

    /// The directory of a file that will be there.
    pub(super) fn directory_or_new(&self, path: &PathName) -> Result<Dir, FileError> {
        let failed = |error| self.failed(path, &error);
        let mut at = self.root.try_clone().map_err(failed)?;
        for wanted in disk::directories(path.directory(), self.naming) {
            at = match self.look_in(&at, &wanted, path)? {
                (Some(found), _) => found,
                (None, Some(stranger)) => return Err(self.no_directory(path, &stranger)),
                (None, None) => {
                    at.create_dir(wanted.name()).map_err(failed)?;
                    at.open_dir_nofollow(wanted.name()).map_err(failed)?
                }
            };
        }
        Ok(at)
    }

    /// Writes a file.
    pub(super) fn write_file(
        &self,
        path: &PathName,
        content: Vec<u8>,
        mode: WriteMode,
        form: Form,
    ) -> Result<Written, FileError> {
        self.is_for_writing()?;
        let failed = |error| self.failed(path, &error);
        let directory = self.directory_or_new(path)?;
        let versions = self.versions(&directory, path)?;
        let place = self.place(&versions, path, mode)?;
        let new = content.len();
        let (content, kept) = match (mode, &place) {
            (WriteMode::Append, Place::Taken(name, _)) => {
                let (mut old, kept) = reading::own(&directory, name).map_err(failed)?;
                match form {
                    Form::Text => disk::append_to_disk(&mut old, content),
                    Form::Image => old.extend_from_slice(&content),
                }
                (old, kept)
            }
            (WriteMode::Append, Place::Next) | (WriteMode::Replace, Place::Taken(..) | Place::Next) => {
                match form {
                    Form::Text => (disk::to_disk(content), 0),
                    Form::Image => (content, 0),
                }
            }
        };
        let bytes = kept + new;
        if bytes > LONGEST {
            return Err(FileError::Full);
        }
        let wanted = Entry::of_file(path);
        let newest = versions.newest();
        let (version, target, taken, replaced) = match &place {
            Place::Taken(name, version) => {
                let old = directory.symlink_metadata(name).map_err(failed)?.len() as usize;
                (*version, Target { name, instead_of: Some(name), aside: None }, 0, old)
            }
            Place::Next => {
                // A file keeps the letters that its versions have had.
                let plain = versions.plain.as_deref();
                let spelled = plain.or_else(|| newest.and_then(|(_, name)| Some(wanted.older(name)?.1)));
                let target = Target {
                    name: spelled.unwrap_or(wanted.name()),
                    instead_of: newest.map(|(_, name)| name),
                    aside: plain.map(|plain| disk::older(plain, versions.plain_number())),
                };
                (versions.next(), target, ENTRY, 0)
            }
        };
        let stored = put(&directory, &target, content).map_err(failed)?;
        // The file is written, whatever becomes of others.
        let forgotten = self.forget(&directory, path, version).unwrap_or(0);
        let version = Some(version).filter(|_| self.retained(path) != Some(1));
        let path = versions.named(path).of_version(version);
        Ok(Written { path, bytes, kept, taken: stored + taken, freed: replaced + forgotten })
    }

    /// Where a content would go.
    fn place(&self, versions: &Versions, path: &PathName, mode: WriteMode) -> Result<Place, FileError> {
        self.no_stranger(versions, path)?;
        let taken = versions.find(path.version()).map(|(number, name)| Place::Taken(name.to_owned(), number));
        match (path.version(), mode, taken) {
            // A version that is named is changed if it is there.
            (Some(_), WriteMode::Append | WriteMode::Replace, Some(taken)) => Ok(taken),
            // What is appended goes to the highest version, and what replaces a file is a new one, if there are others.
            (None, WriteMode::Append, Some(taken)) => Ok(taken),
            (None, WriteMode::Replace, Some(taken)) if self.retained(path) == Some(1) => Ok(taken),
            (Some(version), WriteMode::Append | WriteMode::Replace, None) if version != versions.next() => {
                Err(FileError::Version)
            }
            (Some(_), WriteMode::Append | WriteMode::Replace, None)
            | (None, WriteMode::Append | WriteMode::Replace, _) => {
                if versions.next() > MAX_VERSION {
                    Err(FileError::Full)
                } else {
                    Ok(Place::Next)
                }
            }
        }
    }

    /// Deletes the lowest versions, if they are too many, but not the one that was just written. Returns how many bytes
    /// that were.
    fn forget(&self, directory: &Dir, path: &PathName, written: u32) -> Result<usize, FileError> {
        let Some(retained) = self.retained(path) else { return Ok(0) };
        let versions = self.versions(directory, path)?;
        let all = versions.older.len() + usize::from(versions.plain.is_some());
        let too_many = all.saturating_sub(retained as usize);
        let mut freed = 0;
        for (_, name) in versions.older.iter().take(too_many).filter(|(version, _)| **version != written) {
            let bytes = directory.symlink_metadata(name).map_or(0, |metadata| metadata.len());
            match directory.remove_file(name) {
                Ok(()) => freed += bytes as usize + ENTRY,
                Err(error) => drop(self.failed(path, &error)),
            }
        }
        Ok(freed)
    }
}

/// Puts a content at its place as it is, all at once. Returns how many bytes it takes.
fn put(directory: &Dir, to: &Target<'_>, content: Vec<u8>) -> io::Result<usize> {
    let mut new = TempFile::new(directory)?;
    new.write_all(&content)?;
    if let Some(old) = to.instead_of {
        resemble(new.as_file(), &directory.symlink_metadata(old)?)?;
    }
    new.as_file().sync_all()?;
    match &to.aside {
        None => new.replace(to.name)?,
        Some(aside) => {
            let is_link = keep(directory, to.name, aside)?;
            new.replace(to.name).inspect_err(|_| {
                // A file that has only another name now is the highest version still, with the same number.
                if is_link {
                    let _ = directory.remove_file(aside);
                }
            })?;
        }
    }
    // The names are on the disk, too. Not every system can see to that.
    let _ = directory.open(".").and_then(|directory| directory.sync_all());
    Ok(content.len())
}

/// Gives a file another name; says whether it also has the one that it had. What has that other name already is not lost.
pub(super) fn keep(directory: &Dir, name: &str, aside: &str) -> io::Result<bool> {
    match directory.hard_link(name, directory, aside) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Not every disk knows two names for a file.
        Err(_) => directory.rename(name, directory, aside).map(|()| false),
    }
}

/// Gives the new file the owner, group and permissions of the old one, if this process may, but no set-user-ID bit.
#[cfg(unix)]
fn resemble(new: &File, old: &Metadata) -> io::Result<()> {
    use cap_std::fs::{MetadataExt, Permissions, PermissionsExt};
    let _ = std::os::unix::fs::fchown(new, Some(old.uid()), Some(old.gid()));
    new.set_permissions(Permissions::from_mode(old.mode() & 0o777))
}

#[cfg(not(unix))]
fn resemble(new: &File, old: &Metadata) -> io::Result<()> {
    new.set_permissions(old.permissions())
}
