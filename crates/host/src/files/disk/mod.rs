//! How the files of a host are called on a disk of today: in a folder that a live host serves, and in those beside a scenario. No
//! disk is touched here.
//!
//! | path name | in the folder |
//! |---|---|
//! | `<SMITH>NOTES.TXT` | `SMITH/NOTES.TXT` |
//! | `<SMITH>DATA.` | `SMITH/DATA` |
//! | `<SMITH>NOTES.TXT;2`, if it is the highest version | `SMITH/NOTES.TXT` |
//! | `<SMITH>NOTES.TXT;1`, an older one | `SMITH/NOTES.TXT.~1~` |
//! | `<SMITH>A/B.C` | `SMITH/A%2FB.C` |
//! | `>udd>Cnet>Smith>notes`, at a Multics | `udd/Cnet/Smith/notes` |
//!
//! So the highest version has the plain name, and its number is one more than that of the version before.

mod entry;
mod text;

use std::collections::BTreeMap;

use crate::{Naming, PathName};

#[cfg(feature = "live")]
pub(crate) use entry::{Entry, directories, file, older};
#[cfg(feature = "live")]
pub(crate) use text::append_to_disk;
pub use text::{to_disk, to_network};

/// A file on a disk of today, as text of the machine there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskFile {
    /// The directory that it is in, of which each part but the last has another within it.
    pub directory: Vec<String>,
    /// What it is called there.
    pub entry: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// Why what is in a folder are not the files of a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoHostFile {
    /// No path name means it.
    #[error("`{0}` is no file of a host with this system")]
    NoName(String),
    /// Another means the same file.
    #[error("`{0}` and another are the same file")]
    Twice(String),
}

/// The files of a host that these are, each in its version.
pub fn from_disk(found: Vec<DiskFile>, naming: Naming) -> Result<Vec<(PathName, Vec<u8>)>, NoHostFile> {
    // By the number, and of the highest version, which has none, behind all others.
    let mut files: BTreeMap<PathName, BTreeMap<u32, Vec<u8>>> = BTreeMap::new();
    for DiskFile { directory, entry, content } in found {
        let shown = || directory.iter().chain([&entry]).cloned().collect::<Vec<_>>().join("/");
        let name = entry::directory(&directory, naming);
        let read = name.and_then(|name| entry::file(&entry, &name, naming));
        let (path, older) = read.ok_or_else(|| NoHostFile::NoName(shown()))?;
        let versions = files.entry(path).or_default();
        if versions.insert(older.unwrap_or(u32::MAX), to_network(content)).is_some() {
            return Err(NoHostFile::Twice(shown()));
        }
    }
    let numbered = files.into_iter().flat_map(|(path, versions)| {
        let mut before = 0;
        versions.into_iter().map(move |(number, content)| {
            before = if number == u32::MAX { before + 1 } else { number };
            (path.of_version(path.has_versions().then_some(before)), content)
        })
    });
    Ok(numbered.collect())
}

/// What becomes of the files of a host on a disk, which are in the order of their names and versions.
pub fn onto_disk(files: Vec<(PathName, Vec<u8>)>) -> Vec<DiskFile> {
    let mut before: Option<PathName> = None;
    let mut placed = Vec::new();
    let mut files = files.into_iter().peekable();
    while let Some((path, content)) = files.next() {
        let is_next = |file: &PathName| file.of_version(None) == path.of_version(None);
        let last = before.as_ref().filter(|before| is_next(before)).and_then(PathName::version).unwrap_or(0);
        let is_highest = !files.peek().is_some_and(|(next, _)| is_next(next));
        let plain = entry::Entry::of_file(&path);
        // Without the version before it, the number of the highest would be told by nothing.
        let entry = match path.version() {
            Some(version) if !is_highest || version != last + 1 => entry::older(plain.name(), version),
            Some(_) | None => plain.name().to_owned(),
        };
        let directory = entry::directories(path.directory(), path.naming());
        let directory = directory.iter().map(|part| part.name().to_owned()).collect();
        placed.push(DiskFile { directory, entry, content: to_disk(content) });
        before = Some(path);
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(naming: Naming, files: &[(&str, &str)]) -> Vec<(PathName, Vec<u8>)> {
        let path = |text| naming.parse(text, None).expect("it is whole");
        files.iter().map(|(text, content)| (path(text), content.as_bytes().to_vec())).collect()
    }

    fn shown(placed: &[DiskFile]) -> Vec<String> {
        placed.iter().map(|file| [file.directory.join("/"), file.entry.clone()].join("/")).collect()
    }

    #[test]
    fn what_is_written_onto_a_disk_comes_back_from_it() {
        for (naming, of_host, on_disk) in [
            (
                Naming::Tenex,
                &[
                    ("<JONES>DATA.;2", "x\ry"),
                    ("<SMITH>A.B;1", "one\r\n"),
                    ("<SMITH>A.B;2", "two\r\n"),
                    ("<SMITH>A.B;5", ""),
                    ("<SMITH>X/Y.Z;1", "1"),
                ][..],
                &["JONES/DATA.~2~", "SMITH/A.B.~1~", "SMITH/A.B.~2~", "SMITH/A.B.~5~", "SMITH/X%2FY.Z"][..],
            ),
            (Naming::Tenex, &[("<S>A.B;1", "1"), ("<S>A.B;2", "2")], &["S/A.B.~1~", "S/A.B"]),
            (
                Naming::Multics,
                &[(">at_root", ""), (">udd>Cnet>Smith>notes.txt", "x"), (">udd>Cnet>Smith>Notes.txt", "y")],
                &["/at_root", "udd/Cnet/Smith/notes.txt", "udd/Cnet/Smith/Notes.txt"],
            ),
            (Naming::Its, &[("S; A 1", ""), ("S; A TXT", "")], &["S/A", "S/A TXT"]),
            (Naming::Os360, &[("'S.A.TEXT(M)'", "")], &["S/A.TEXT(M)"]),
            (Naming::Plain, &[("<S>..", ""), ("<S>my  data", "")], &["S/%2E%2E", "S/my  data"]),
        ] {
            let of_host = files(naming, of_host);
            let placed = onto_disk(of_host.clone());
            assert_eq!(shown(&placed), on_disk, "{naming:?}");
            let mut back = from_disk(placed, naming).expect("they are files of such a host");
            let mut expected = of_host;
            back.sort();
            expected.sort();
            assert_eq!(back, expected, "{naming:?}");
        }
    }

    #[test]
    fn what_is_no_file_of_a_host_is_told() {
        let one = |directory: &[&str], entry: &str| DiskFile {
            directory: directory.iter().map(|part| (*part).to_owned()).collect(),
            entry: entry.to_owned(),
            content: b"a\n".to_vec(),
        };
        for (naming, directory, entry, shown) in [
            (Naming::Tenex, &[][..], "README", "README"),
            (Naming::Tenex, &["smith", "sub"], "A.B", "smith/sub/A.B"),
            (Naming::Tenex, &["smith"], "two words", "smith/two words"),
            (Naming::Tenex, &["a b"], "A", "a b/A"),
            (Naming::Os360, &["smith"], "a_b", "smith/a_b"),
        ] {
            let read = from_disk(vec![one(directory, entry)], naming);
            assert_eq!(read, Err(NoHostFile::NoName(shown.to_owned())));
        }
        let twice = from_disk(vec![one(&["S"], "a.b"), one(&["S"], "A.B")], Naming::Tenex);
        assert_eq!(twice, Err(NoHostFile::Twice("S/A.B".to_owned())), "teletypes shout");
        let read = from_disk(vec![one(&["smith"], "a.b"), one(&["smith"], "a.b.~3~")], Naming::Tenex);
        let expected = files(Naming::Tenex, &[("<SMITH>A.B;3", "a\r\n"), ("<SMITH>A.B;4", "a\r\n")]);
        assert_eq!(read, Ok(expected));
    }
}
