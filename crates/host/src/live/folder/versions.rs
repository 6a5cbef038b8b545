//! The versions of a file.

use std::collections::BTreeMap;

use crate::PathName;

/// The versions of a file that there are, each with the name of its entry.
#[derive(Debug, Default)]
pub(super) struct Versions {
    /// The one with the plain name.
    pub(super) plain: Option<String>,
    pub(super) older: BTreeMap<u32, String>,
    /// Something that is called like one of them, and is no ordinary file.
    pub(super) stranger: Option<String>,
    /// The name of the file in its own letters, if those of another differ from them in nothing but their case.
    pub(super) letters: Option<String>,
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

    /// The path name of the file, so that it leads back to it.
    pub(super) fn named(&self, path: &PathName) -> PathName {
        self.letters.as_deref().map_or_else(|| path.clone(), |letters| path.in_letters(letters))
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

/// What there is of a name in all cases of its letters, by the letters: the path name in them, and the versions.
#[derive(Debug, Default)]
pub(super) struct Spellings(BTreeMap<String, (PathName, Versions)>);

impl Spellings {
    /// Adds an entry: the file that it is, in its letters, and its number if it is an older version.
    pub(super) fn add(&mut self, path: PathName, older: Option<u32>, entry: String) {
        let letters = path.typed().to_owned();
        let (_, versions) = self.0.entry(letters).or_insert_with(|| (path, Versions::default()));
        // Two entries that differ in the case of hexadecimal digits only have one name, which means the one with capitals.
        match older {
            Some(number) => {
                let entry = versions.older.remove(&number).into_iter().fold(entry, String::min);
                versions.older.insert(number, entry);
            }
            None => versions.plain = Some(versions.plain.take().into_iter().fold(entry, String::min)),
        }
    }

    /// The files that they are, one for each spelling.
    pub(super) fn files(self) -> Vec<(PathName, Versions)> {
        let mut files: Vec<(PathName, Versions)> = self.0.into_values().collect();
        if files.len() > 1 {
            for (path, versions) in &mut files {
                versions.letters = Some(path.typed().to_owned());
            }
        }
        files
    }
}
