//! Files in the memory of their host.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::name::{ListTarget, MAX_VERSION, Naming, PathName};
use super::store::{Deleted, DirEntry, FileError, MAX_LISTED, Renamed, WriteMode, Written};

/// Files in memory, by their names: with the version, if such a file has one, and without otherwise.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    content: BTreeMap<PathName, Arc<Vec<u8>>>,
}

impl Memory {
    /// How many bytes there are.
    pub(super) fn bytes(&self) -> usize {
        self.content.values().map(|content| content.len()).sum()
    }

    /// How many bytes there are in a directory.
    pub(super) fn bytes_in(&self, directory: &str, naming: Naming) -> usize {
        self.of_directory(directory, naming).map(|(_, content)| content.len()).sum()
    }

    /// Puts a file there, and returns the length of the one that it replaces: that of the same version, or of the highest.
    pub(super) fn put(&mut self, path: &PathName, content: Vec<u8>) -> usize {
        let path = match (path.version(), self.find(path)) {
            (None, Some((found, _))) => found.clone(),
            (None, None) => path.of_version(path.has_versions().then_some(1)),
            (Some(_), _) => path.clone(),
        };
        self.content.insert(path, Arc::new(content)).map_or(0, |old| old.len())
    }

    /// The file of that version, or of the highest there is.
    fn find(&self, path: &PathName) -> Option<(&PathName, &Arc<Vec<u8>>)> {
        match path.version() {
            Some(_) => self.content.get_key_value(path),
            None => self.versions(path).next_back(),
        }
    }

    /// All versions of a file.
    fn versions(&self, path: &PathName) -> impl DoubleEndedIterator<Item = (&PathName, &Arc<Vec<u8>>)> {
        self.content.range(path.of_version(None)..=path.of_version(Some(u32::MAX)))
    }

    /// The files of a directory, in the order of their names and versions.
    fn of_directory(
        &self,
        directory: &str,
        naming: Naming,
    ) -> impl Iterator<Item = (&PathName, &Arc<Vec<u8>>)> {
        let files = self.content.range(PathName::first_of(directory, naming)..);
        files.take_while(move |(path, _)| path.directory() == directory)
    }

    /// Whether there is a file in this directory.
    pub(super) fn has_directory(&self, directory: &str, naming: Naming) -> bool {
        self.of_directory(directory, naming).next().is_some()
    }

    /// The name as it is shown. At a TENEX, the only version that a file ever had is not numbered: there is nothing to tell it
    /// apart from. The second name of an ITS file cannot be left out.
    fn shown(&self, path: &PathName) -> PathName {
        let is_only = path.naming() == Naming::Tenex
            && path.version() == Some(1)
            && self.versions(path).nth(1).is_none();
        if is_only { path.of_version(None) } else { path.clone() }
    }

    fn entry(&self, (path, content): (&PathName, &Arc<Vec<u8>>)) -> DirEntry {
        DirEntry { path: self.shown(path), bytes: content.len() }
    }

    pub(super) fn read(&self, path: &PathName) -> Result<Arc<Vec<u8>>, FileError> {
        self.find(path).map(|(_, content)| content.clone()).ok_or(FileError::NotFound)
    }

    /// Every file, in the order of the names.
    pub(super) fn all(&self) -> impl Iterator<Item = DirEntry> {
        self.content.iter().map(|file| self.entry(file))
    }

    pub(super) fn list(&self, target: &ListTarget, naming: Naming) -> Result<Vec<DirEntry>, FileError> {
        let directory = match target {
            ListTarget::Directory(directory) => directory,
            ListTarget::File(path) => {
                return self.find(path).map(|file| vec![self.entry(file)]).ok_or(FileError::NotFound);
            }
        };
        let files = self.of_directory(directory, naming).map(|file| self.entry(file));
        let listed: Vec<DirEntry> = files.take(MAX_LISTED + 1).collect();
        match listed.len() {
            0 => Err(FileError::NotFound),
            1..=MAX_LISTED => Ok(listed),
            _ => Err(FileError::TooMany),
        }
    }

    pub(super) fn delete(&mut self, path: &PathName) -> Result<Deleted, FileError> {
        let found = self.find(path).map(|(found, _)| found.clone()).ok_or(FileError::NotFound)?;
        let path = self.shown(&found);
        let freed = self.content.remove(&found).map_or(0, |content| content.len());
        Ok(Deleted { path, freed })
    }

    pub(super) fn rename(&mut self, from: &PathName, to: &PathName) -> Result<Renamed, FileError> {
        let old = self.find(from).map(|(found, _)| found.clone()).ok_or(FileError::NotFound)?;
        // A version that is none yet is complained about before a file that is there already.
        let new = self.place(to, WriteMode::Replace)?;
        if self.versions(to).next().is_some() {
            return Err(FileError::Taken);
        }
        let from = self.shown(&old);
        if let Some(content) = self.content.remove(&old) {
            self.content.insert(new.clone(), content);
        }
        Ok(Renamed { from, to: self.shown(&new) })
    }

    pub(super) fn writable(&self, path: &PathName, mode: WriteMode) -> Result<(), FileError> {
        self.place(path, mode).map(drop)
    }

    /// Whether there is a file that a new content would take the place of.
    pub(super) fn would_replace(&self, path: &PathName) -> bool {
        self.place(path, WriteMode::Replace).is_ok_and(|place| self.content.contains_key(&place))
    }

    /// Where a content goes: to a version that is named, if there is one, and to the next one if that is named; what is appended
    /// goes to the highest; and what would replace a file becomes its next version, where files have versions.
    fn place(&self, path: &PathName, mode: WriteMode) -> Result<PathName, FileError> {
        let highest = self.versions(path).next_back().map(|(highest, _)| highest);
        let next = highest.and_then(PathName::version).map_or(1, |version| version + 1);
        match (path.version(), mode, highest) {
            (Some(_), _, _) if self.content.contains_key(path) => Ok(path.clone()),
            (None, WriteMode::Append, Some(highest)) => Ok(highest.clone()),
            (None, WriteMode::Replace, Some(highest)) if !path.has_versions() => Ok(highest.clone()),
            (Some(version), _, _) if version != next => Err(FileError::Version),
            (Some(_) | None, _, _) if next > MAX_VERSION => Err(FileError::Full),
            (Some(_) | None, WriteMode::Append | WriteMode::Replace, _) => {
                Ok(path.of_version(path.has_versions().then_some(next)))
            }
        }
    }

    pub(super) fn write(
        &mut self,
        path: &PathName,
        content: Vec<u8>,
        mode: WriteMode,
    ) -> Result<Written, FileError> {
        let path = self.place(path, mode)?;
        let new = content.len();
        let (kept, freed) = match (mode, self.content.get_mut(&path)) {
            (WriteMode::Append, Some(old)) => {
                let kept = old.len();
                Arc::make_mut(old).extend_from_slice(&content);
                (kept, 0)
            }
            (WriteMode::Append | WriteMode::Replace, _) => {
                (0, self.content.insert(path.clone(), Arc::new(content)).map_or(0, |old| old.len()))
            }
        };
        Ok(Written { path: self.shown(&path), bytes: kept + new, kept, taken: new, freed })
    }
}
