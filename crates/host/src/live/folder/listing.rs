//! Which files there are in a folder, and what becomes of one that is deleted.

use std::collections::BTreeMap;
use std::io;

use cap_std::fs::Dir;

use super::lookup::{ENTRY, Folder};
use super::versions::{Spellings, Versions};
use crate::disk::{self, Entry};
use crate::files::MAX_VERSION;
use crate::{Deleted, DirEntry, FileError, MAX_LISTED, PathName, Renamed};

impl Folder {
    /// The files of a directory, all that a path name means.
    pub(super) fn list_directory(&self, name: &str) -> Result<Vec<DirEntry>, FileError> {
        let asked = format!("<{name}>");
        let directory = self.directory(name, &asked)?.ok_or(FileError::NotFound)?;
        let mut listed = Vec::new();
        for (path, versions) in self.found(&directory, name)?.into_values().flat_map(Spellings::files) {
            for (number, entry) in versions.all() {
                let path = self.numbered(&path, &versions, number);
                // What has gone since it was looked at is not there.
                listed.extend(self.listed(&directory, entry, path)?);
            }
        }
        listed.sort();
        Ok(listed)
    }

    /// What is in a directory, by the names of the files in one case of letters.
    fn found(&self, directory: &Dir, name: &str) -> Result<BTreeMap<String, Spellings>, FileError> {
        let failed = |error| self.failed(&format_args!("<{name}>"), &error);
        let (mut files, mut count) = (BTreeMap::<String, Spellings>::new(), 0);
        for entry in directory.entries().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(entry_name) = entry.file_name().into_string() else { continue };
            let Some((path, older)) = disk::file(&entry_name, name, self.naming) else { continue };
            if !entry.file_type().map_err(failed)?.is_file() {
                continue;
            }
            count += 1;
            if count > MAX_LISTED {
                return Err(FileError::TooMany);
            }
            files.entry(path.file().to_ascii_uppercase()).or_default().add(path, older, entry_name);
        }
        Ok(files)
    }

    /// A file, in the version that is named or the highest.
    pub(super) fn list_file(&self, path: &PathName) -> Result<DirEntry, FileError> {
        let directory = self.directory(path.directory(), path)?.ok_or(FileError::NotFound)?;
        let versions = self.versions(&directory, path)?;
        let (number, name) = versions.find(path.version()).ok_or(FileError::NotFound)?;
        let path = self.numbered(path, &versions, number);
        self.listed(&directory, name, path)?.ok_or(FileError::NotFound)
    }

    /// An entry as a list has it, if it is an ordinary file still.
    fn listed(&self, directory: &Dir, entry: &str, path: PathName) -> Result<Option<DirEntry>, FileError> {
        match directory.symlink_metadata(entry) {
            Ok(metadata) if metadata.is_file() => Ok(Some(DirEntry { path, bytes: metadata.len() as usize })),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(&path, &error)),
        }
    }

    /// A path name with the number of a version, if there are or could be others. (The number after the highest that
    /// there can be is not said: no user could type it.)
    pub(super) fn numbered(&self, path: &PathName, versions: &Versions, number: u32) -> PathName {
        let alone = !path.has_versions() || (self.retained(path) == Some(1) && versions.older.is_empty());
        versions.named(path).of_version(Some(number).filter(|number| !alone && *number <= MAX_VERSION))
    }

    /// Deletes a file, in the version that is named or the highest.
    pub(super) fn delete_file(&self, path: &PathName) -> Result<Deleted, FileError> {
        self.is_for_writing()?;
        let failed = |error| self.failed(path, &error);
        let directory = self.directory(path.directory(), path)?.ok_or(FileError::NotFound)?;
        let versions = self.versions(&directory, path)?;
        let (number, name) = versions.find(path.version()).ok_or(FileError::NotFound)?;
        self.no_stranger(&versions, path)?;
        keep_number(&directory, &versions, number).map_err(failed)?;
        let bytes = directory.symlink_metadata(name).map_or(0, |metadata| metadata.len());
        directory.remove_file(name).map_err(failed)?;
        Ok(Deleted { path: self.numbered(path, &versions, number), freed: bytes as usize + ENTRY })
    }

    /// Gives a file, in the version that is named or the highest, a name that none has.
    pub(super) fn rename_file(&self, from: &PathName, to: &PathName) -> Result<Renamed, FileError> {
        self.is_for_writing()?;
        let source = self.directory(from.directory(), from)?.ok_or(FileError::NotFound)?;
        let versions = self.versions(&source, from)?;
        let (number, name) = versions.find(from.version()).ok_or(FileError::NotFound)?;
        self.no_stranger(&versions, from)?;
        let failed = |error| self.failed(to, &error);
        let target = self.directory_or_new(to)?;
        let taken = self.versions(&target, to)?;
        self.no_stranger(&taken, to)?;
        if taken.newest().is_some() {
            return Err(FileError::Taken);
        }
        if to.version().is_some_and(|version| version != taken.next()) {
            return Err(FileError::Version);
        }
        keep_number(&source, &versions, number).map_err(failed)?;
        source.rename(name, &target, Entry::of_file(to).name()).map_err(failed)?;
        Ok(Renamed {
            from: self.numbered(from, &versions, number),
            to: self.numbered(to, &taken, taken.next()),
        })
    }
}

/// Sees to it that the highest version has the same number when another has gone: the plain name says its number by the
/// version before it, and that may be the one to go.
fn keep_number(directory: &Dir, versions: &Versions, going: u32) -> io::Result<()> {
    let highest = versions.plain_number();
    match versions.plain.as_deref() {
        Some(plain) if going + 1 == highest && highest <= MAX_VERSION => {
            directory.rename(plain, directory, disk::older(plain, highest))
        }
        Some(_) | None => Ok(()),
    }
}
