//! The versions of a file.

use std::collections::BTreeMap;

/// The versions of a file that there are, each with the name of its entry.
#[derive(Debug, Default)]
pub(super) struct Versions {
    /// The one with the plain name.
    pub(super) plain: Option<String>,
    pub(super) older: BTreeMap<u32, String>,
    /// Something that is called like one of them, and is no ordinary file.
    pub(super) stranger: Option<String>,
}

impl Versions {
    /// The number that the plain name has, or would have.
    pub(super) fn plain_number(&self) -> u32 {
        self.older.last_key_value().map_or(1, |(highest, _)| highest + 1)
    }

    /// The highest version.
    pub(super) fn newest(&self) -> Option<(u32, &str)> {
        match &self.plain {
            Some(plain) => Some((self.plain_number(), plain)),
            None => self.older.last_key_value().map(|(number, name)| (*number, name.as_str())),
        }
    }

    /// The version of that number, or the highest.
    pub(super) fn find(&self, version: Option<u32>) -> Option<(u32, &str)> {
        let newest = self.newest()?;
        match version {
            None => Some(newest),
            Some(version) if version == newest.0 => Some(newest),
            Some(version) => self.older.get(&version).map(|name| (version, name.as_str())),
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &str)> {
        let older = self.older.iter().map(|(number, name)| (*number, name.as_str()));
        older.chain(self.plain.as_deref().map(|plain| (self.plain_number(), plain)))
    }

    /// The number of a version that is yet to come.
    pub(super) fn next(&self) -> u32 {
        self.newest().map_or(1, |(newest, _)| newest + 1)
    }
}
