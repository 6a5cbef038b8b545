//! Files in the memory of their host.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::name::{ListTarget, PathName};
use super::store::{Deleted, DirEntry, FileError, MAX_LISTED, Renamed, WriteMode, Written};

/// The only version of which a file in memory is.
const ONLY: u32 = 1;

/// Files in memory, by their names without a version: none but the last is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    content: BTreeMap<PathName, Arc<Vec<u8>>>,
}

impl Memory {
    /// How many bytes there are.
    pub(super) fn bytes(&self) -> usize {
        self.content.values().map(|content| content.len()).sum()
    }

    /// Puts a file there, and returns the length of the one that it replaces.
    pub(super) fn put(&mut self, path: PathName, content: Vec<u8>) -> usize {
        self.content.insert(path.of_version(None), Arc::new(content)).map_or(0, |old| old.len())
    }

    pub(super) fn read(&self, path: &PathName) -> Result<Arc<Vec<u8>>, FileError> {
        if path.version().is_some_and(|version| version != ONLY) {
            return Err(FileError::NotFound);
        }
        self.content.get(&path.of_version(None)).cloned().ok_or(FileError::NotFound)
    }

    /// Every file, in the order of the names.
    pub(super) fn all(&self) -> impl Iterator<Item = DirEntry> {
        self.content.iter().map(|(path, content)| DirEntry { path: path.clone(), bytes: content.len() })
    }

    pub(super) fn list(&self, target: &ListTarget) -> Result<Vec<DirEntry>, FileError> {
        let directory = match target {
            ListTarget::Directory(directory) => directory,
            ListTarget::File(path) => {
                let bytes = self.read(path)?.len();
                return Ok(vec![DirEntry { path: path.of_version(None), bytes }]);
            }
        };
        let files = self.content.iter().skip_while(|(path, _)| path.directory() < directory.as_str());
        let files = files.take_while(|(path, _)| path.directory() == directory);
        let files = files.map(|(path, content)| DirEntry { path: path.clone(), bytes: content.len() });
        let listed: Vec<DirEntry> = files.take(MAX_LISTED + 1).collect();
        match listed.len() {
            0 => Err(FileError::NotFound),
            1..=MAX_LISTED => Ok(listed),
            _ => Err(FileError::TooMany),
        }
    }

    pub(super) fn delete(&mut self, path: &PathName) -> Result<Deleted, FileError> {
        self.read(path)?;
        let path = path.of_version(None);
        let freed = self.content.remove(&path).map_or(0, |content| content.len());
        Ok(Deleted { path, freed })
    }

    pub(super) fn rename(&mut self, from: &PathName, to: &PathName) -> Result<Renamed, FileError> {
        self.read(from)?;
        self.writable(to)?;
        let (from, to) = (from.of_version(None), to.of_version(None));
        if self.content.contains_key(&to) {
            return Err(FileError::Taken);
        }
        if let Some(content) = self.content.remove(&from) {
            self.content.insert(to.clone(), content);
        }
        Ok(Renamed { from, to })
    }

    pub(super) fn writable(&self, path: &PathName) -> Result<(), FileError> {
        if path.version().is_none_or(|version| version == ONLY) { Ok(()) } else { Err(FileError::Version) }
    }

    pub(super) fn write(
        &mut self,
        path: &PathName,
        content: Vec<u8>,
        mode: WriteMode,
    ) -> Result<Written, FileError> {
        self.writable(path)?;
        let path = path.of_version(None);
        let new = content.len();
        let (bytes, kept, freed) = match (mode, self.content.get_mut(&path)) {
            (WriteMode::Append, Some(old)) => {
                let kept = old.len();
                Arc::make_mut(old).extend_from_slice(&content);
                (kept + new, kept, 0)
            }
            (WriteMode::Append | WriteMode::Replace, _) => (new, 0, self.put(path.clone(), content)),
        };
        Ok(Written { path, bytes, kept, taken: new, freed })
    }
}
