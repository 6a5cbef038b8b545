//! Folders on this machine: the one from which a host of a scenario has its files, and the one into which a run's are written. What
//! the files are called there says [`host::disk`].

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use host::disk::DiskFile;

use crate::output_file::OutputError;

/// The most files that a folder may have, and the most bytes in all of them: as much as a scenario's host has room for.
const MOST_FILES: usize = 5000;
const MOST_BYTES: u64 = 1_000_000_000;

/// How many directories may lie one within the other.
const DEEPEST: usize = 16;

/// All files in a folder, in the order of their names. What begins with a dot is left out, as are links and what is no file.
pub(crate) fn read(folder: &Path) -> io::Result<Vec<DiskFile>> {
    let mut reading = Reading { files: Vec::new(), left: MOST_BYTES };
    reading.folder(folder, &mut Vec::new())?;
    Ok(reading.files)
}

struct Reading {
    files: Vec<DiskFile>,
    left: u64,
}

impl Reading {
    fn folder(&mut self, folder: &Path, above: &mut Vec<String>) -> io::Result<()> {
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type()?;
            let name = name(&entry.file_name())?;
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                if above.len() == DEEPEST {
                    return Err(io::Error::other(format!(
                        "more than {DEEPEST} directories lie within each other"
                    )));
                }
                above.push(name);
                self.folder(&entry.path(), above)?;
                above.pop();
            } else if kind.is_file() {
                let content = self.content(&entry.path())?;
                self.files.push(DiskFile { directory: above.clone(), entry: name, content });
                if self.files.len() > MOST_FILES {
                    return Err(io::Error::other(format!("more than {MOST_FILES} files")));
                }
            }
        }
        Ok(())
    }

    fn content(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        let read = File::open(path)?.take(self.left + 1).read_to_end(&mut content)? as u64;
        self.left =
            self.left.checked_sub(read).ok_or_else(|| io::Error::other("more than a billion bytes"))?;
        Ok(content)
    }
}

/// A name that a file of a host can have is in ASCII.
fn name(found: &OsStr) -> io::Result<String> {
    let name = found.to_str().map(str::to_owned);
    name.ok_or_else(|| io::Error::other(format!("no file of a host is called {}", found.to_string_lossy())))
}

/// A folder in which there is nothing yet.
#[derive(Debug)]
pub(crate) struct NewFolder {
    option: &'static str,
    path: PathBuf,
}

impl NewFolder {
    /// Makes sure that nothing is in the folder, and changes nothing yet. `option` is what names it.
    pub(crate) fn prepare(option: &'static str, path: &Path) -> Result<Self, OutputError> {
        let path = path.to_owned();
        match fs::read_dir(&path).map(|mut entries| entries.next().is_some()) {
            Ok(true) => Err(OutputError::NotEmpty { option, path }),
            Ok(false) => Ok(NewFolder { option, path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(NewFolder { option, path }),
            Err(error) => Err(OutputError::Io { option, path, error }),
        }
    }

    /// Writes files into it. Nothing that is there is written over, whoever has put it there meanwhile.
    pub(crate) fn write(self, files: impl Iterator<Item = DiskFile>) -> Result<(), OutputError> {
        let NewFolder { option, path } = self;
        let failed = |path: &Path, error| OutputError::Io { option, path: path.to_owned(), error };
        fs::create_dir_all(&path).map_err(|error| failed(&path, error))?;
        for DiskFile { directory, entry, content } in files {
            let folder = directory.iter().fold(path.clone(), |folder, part| folder.join(part));
            fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
            let file = folder.join(entry);
            let written = File::create_new(&file).and_then(|mut new| new.write_all(&content));
            written.map_err(|error| failed(&file, error))?;
        }
        Ok(())
    }
}
