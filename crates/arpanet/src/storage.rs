//! The files and accounts of a live host, which are kept on this machine.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use host::disk::to_network;
use host::live::{Access, Clock, Folder, Hash};
use host::{Accounts, Files, Naming};
use imp::visible::visible;
use miette::Diagnostic;

use crate::accounts::{self, AccountsError};
use crate::live::rate_limiter::RateLimiter;
use crate::shell_path::for_shell;
use crate::storage_args::StorageArgs;
use crate::system::words;
use crate::terminal::Terminal;

/// Why an option about files or accounts cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum StorageError {
    #[error("--file {text}: {why}")]
    #[diagnostic(help("write '<SMITH>NOTES.TXT=notes.txt'; SMITH may write it"))]
    File { text: String, why: NoFile },
    #[error("--folder {}: {why}", .folder.display())]
    #[diagnostic(help("{}", .why.help(.folder)))]
    Folder { folder: PathBuf, why: NoFolder },
    #[error("--versions {versions}: the system of this host has no versions of files")]
    #[diagnostic(help("leave it out"))]
    NoVersions { versions: u32 },
    #[error("--folder {}: nobody can get at it", .folder.display())]
    #[diagnostic(help("serve it with --serve-ftp, or use it yourself with --run ftp"))]
    Unused { folder: PathBuf },
    #[error("--accounts {0}")]
    #[diagnostic(forward(0))]
    Accounts(AccountsError),
    #[error("--account {text}: no account")]
    #[diagnostic(help("write SMITH:BLUE"))]
    NoAccount { text: String },
}

/// Why a folder cannot hold the files of a host.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoFolder {
    #[error("it is not there")]
    Missing,
    #[error("that is a file, and no folder")]
    File,
    #[error("nothing can be written into it: {}", words(.0))]
    NotWritable(io::Error),
    #[error("{}", words(.0))]
    Unreadable(io::Error),
}

impl NoFolder {
    /// What to do.
    fn help(&self, folder: &Path) -> String {
        let folder = for_shell(folder);
        match self {
            NoFolder::Missing => format!("make it: mkdir -p {folder}"),
            NoFolder::File => "give the folder in which the directories of the users are".to_owned(),
            NoFolder::NotWritable(_) => {
                format!(
                    "give it to the user who runs this: chown USER {folder}; or let others only read: --read-only"
                )
            }
            NoFolder::Unreadable(_) => {
                "whoever runs this must be able to list it and to use it alone".to_owned()
            }
        }
    }
}

/// Why a text file cannot be put on the disk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoFile {
    #[error("no = in it")]
    NoSource,
    #[error(transparent)]
    Path(#[from] host::PathError),
    #[error("{path}: {}", words(.error))]
    Unreadable { path: String, error: io::Error },
}

impl StorageArgs {
    /// The disk. What is wrong with the options is added to `errors`; what goes wrong later on the folder's own disk is
    /// shown at the terminal, with the time of the `clock`.
    pub(crate) fn files<E: From<StorageError>>(
        &self,
        naming: Naming,
        clock: Clock,
        terminal: Terminal,
        errors: &mut Vec<E>,
    ) -> Files {
        if let Some(folder) = &self.folder {
            return self.open_folder(folder, naming, clock, terminal).unwrap_or_else(|error| {
                errors.push(error.into());
                Files::default()
            });
        }
        let mut files = Files::new(naming, self.quota);
        for text in &self.file {
            match read_file(text, naming) {
                Ok((path, content)) => files.put(path, to_network(content)),
                Err(why) => {
                    let text = text.to_string_lossy().into_owned();
                    errors.push(StorageError::File { text, why }.into());
                }
            }
        }
        files
    }

    /// What becomes of stored files, in a line for the user. `serves`: whether others may store some.
    pub(crate) fn storage_note(&self, naming: Naming, serves: bool) -> Option<String> {
        let Some(folder) = self.folder.as_ref().map(|folder| folder.display()) else {
            let note = "files in memory: what is stored is gone when the host is down; --folder keeps it\n";
            return serves.then(|| note.to_owned());
        };
        let what = match (naming, self.versions) {
            _ if self.read_only => "only read".to_owned(),
            (naming, _) if !naming.has_versions() => {
                "this system has no versions: what is stored replaces".to_owned()
            }
            (_, None) => "all versions are kept".to_owned(),
            (_, Some(1)) => "one version is kept: what is stored replaces".to_owned(),
            (_, Some(many)) => format!("{many} versions of each are kept"),
        };
        Some(format!("files in {folder}: {what}\n"))
    }

    /// The option that has no effect at a host without a program, if it is given.
    pub(crate) fn unused_option(&self) -> Option<StorageError> {
        self.folder.clone().map(|folder| StorageError::Unused { folder })
    }

    fn open_folder(
        &self,
        folder: &Path,
        naming: Naming,
        clock: Clock,
        terminal: Terminal,
    ) -> Result<Files, StorageError> {
        if let Some(versions) = self.versions.filter(|_| !naming.has_versions()) {
            return Err(StorageError::NoVersions { versions });
        }
        let access = match self.read_only {
            true => Access::Read,
            false => Access::Write { versions: self.versions.and_then(NonZeroU32::new), room: self.quota },
        };
        // Any user of the host can cause complaints about the disk at will.
        let limiter = RefCell::new(RateLimiter::default());
        let tell = Box::new(move |line: &str| {
            let now = clock.now();
            if limiter.borrow_mut().allows(now) {
                terminal.tell(&format!("{now:>11}  folder: {}\n", visible(line)));
            }
        });
        let opened = Folder::open(folder, naming, access, tell);
        let opened = opened.map_err(|error| StorageError::Folder {
            folder: folder.to_owned(),
            why: why_not(folder, error),
        })?;
        Ok(opened.files())
    }

    /// The users who may log in. What is wrong with the options is added to `errors`.
    pub(crate) fn accounts<E: From<StorageError>>(&self, errors: &mut Vec<E>) -> Accounts {
        let mut accounts = Accounts::default();
        if let Some(path) = &self.accounts {
            match accounts::read(path) {
                Ok(all) => all.into_iter().for_each(|(name, hash)| accounts.add_hashed(&name, hash)),
                Err(error) => errors.push(StorageError::Accounts(error).into()),
            }
        }
        for text in &self.account {
            match text.split_once(':') {
                // A password that is not hashed would be compared at once: the time would tell which names there are.
                Some((name, password)) if !name.is_empty() && !password.is_empty() => {
                    accounts.add_hashed(name, Hash::of(password));
                }
                Some(_) | None => errors.push(StorageError::NoAccount { text: text.clone() }.into()),
            }
        }
        accounts
    }
}

/// Why a folder could not be opened. If it could be read, the error is about writing.
fn why_not(folder: &Path, error: io::Error) -> NoFolder {
    match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => NoFolder::Missing,
        Ok(metadata) if !metadata.is_dir() => NoFolder::File,
        Ok(_) if is_about_writing(&error) && fs::read_dir(folder).is_ok() => NoFolder::NotWritable(error),
        Ok(_) | Err(_) => NoFolder::Unreadable(error),
    }
}

/// Whether an error is one of those by which a system refuses to write. Some have no files that can be made, as /proc.
fn is_about_writing(error: &io::Error) -> bool {
    use io::ErrorKind::{
        NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull, Unsupported,
    };
    let kinds = [NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull, Unsupported];
    kinds.contains(&error.kind())
}

/// Reads `PATH=TEXTFILE`. Returns the path at the host, and what the file contains.
fn read_file(text: &OsStr, naming: Naming) -> Result<(host::PathName, Vec<u8>), NoFile> {
    let (path, file) = halves(text).ok_or(NoFile::NoSource)?;
    let path = naming.parse(&path.to_string_lossy(), None)?;
    let mut content = Vec::new();
    let read = File::open(file).and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut content));
    let unreadable = |error| NoFile::Unreadable { path: file.to_string_lossy().into_owned(), error };
    match read.map_err(unreadable)? {
        length if length as u64 > LONGEST_FILE => {
            let error = io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 32 million bytes");
            Err(unreadable(error))
        }
        _ => Ok((path, content)),
    }
}

/// The longest file that is put on a disk in memory, in bytes: that of a folder is not longer.
const LONGEST_FILE: u64 = 32_000_000;

/// What stands before the first `=`, and behind it.
pub(crate) fn halves(text: &OsStr) -> Option<(&OsStr, &OsStr)> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let bytes = text.as_bytes();
        let at = bytes.iter().position(|byte| *byte == b'=')?;
        Some((OsStr::from_bytes(&bytes[..at]), OsStr::from_bytes(&bytes[at + 1..])))
    }
    #[cfg(not(unix))]
    {
        let (before, behind) = text.to_str()?.split_once('=')?;
        Some((OsStr::new(before), OsStr::new(behind)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage_args::DEFAULT_QUOTA;

    #[test]
    fn nobody_learns_by_the_clock_which_names_there_are() {
        let args = StorageArgs {
            folder: None,
            read_only: false,
            versions: None,
            quota: DEFAULT_QUOTA,
            file: Vec::new(),
            accounts: None,
            account: vec!["SMITH:BLUE".to_owned()],
        };
        let mut errors: Vec<StorageError> = Vec::new();
        let accounts = args.accounts(&mut errors);
        assert!(errors.is_empty(), "{errors:?}");
        assert!(accounts.admits("smith", "blue") && !accounts.admits("smith", "green"));
        let kept = format!("{accounts:?}");
        assert!(kept.contains("SMITH") && !kept.contains("BLUE"), "only a hash takes its time: {kept}");
    }
}
