//! The files and accounts of a live host, which are kept on this machine.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::RangedU64ValueParser;
use host::live::{Access, Clock, Folder, Hash, to_network};
use host::{Accounts, Files, Naming};
use miette::Diagnostic;

use crate::accounts::{self, AccountsError};
use crate::live::rate_limiter::RateLimiter;
use crate::terminal::Terminal;

/// How many bytes may be added to a disk if nothing else is said.
const DEFAULT_QUOTA: usize = 100_000_000;

/// Options of a live host about its files and accounts.
#[derive(Debug, Args)]
pub(crate) struct StorageArgs {
    /// Keep the host's files in a folder of this machine: <SMITH>NOTES.TXT is SMITH/NOTES.TXT; see below.
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "file")]
    folder: Option<PathBuf>,

    /// Let nobody write into the folder.
    #[arg(long, requires = "folder", conflicts_with_all = ["versions", "quota"])]
    read_only: bool,

    /// Keep so many versions of each file of the folder; otherwise all of them.
    #[arg(long, value_name = "N", requires = "folder", value_parser = RangedU64ValueParser::<u32>::new().range(1..))]
    versions: Option<u32>,

    /// Let so many bytes be added to the disk in all, each time that the host is started; a hundred million if
    /// nothing is said. Each file of a folder counts 512 bytes beside its own.
    #[arg(long = "room", value_name = "BYTES", default_value_t = DEFAULT_QUOTA, hide_default_value = true)]
    quota: usize,

    /// Put a text file on a disk in memory; any number of them.
    #[arg(long, value_name = "<NAME>PATH=TEXTFILE")]
    file: Vec<String>,

    /// Let those log in whose accounts are in this file, with their passwords hashed; `account` writes it.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,

    /// Let this user log in; any number of them. The password is visible in the process list.
    #[arg(long, value_name = "NAME:PASSWORD")]
    account: Vec<String>,
}

/// What the options of [`StorageArgs`] mean, for the help of commands that have them.
pub(crate) const FOLDER: &str = "\
FILES
  Without --folder what others store is in memory, and lives as long as the host. With it:

    <SMITH>NOTES.TXT       SMITH/NOTES.TXT, or smith/notes.txt if that is there
    <SMITH>NOTES.TXT;1     SMITH/NOTES.TXT.~1~, once there is a higher version
    <SMITH>A/B.C           SMITH/A%2FB.C: no name leads anywhere else

  The highest version has the plain name. A file that is stored becomes a new version, and what is
  appended goes to the highest. Hosts that the net does not call TENEX have no versions: there it
  replaces the old one. A file is at most 32 million bytes long. Everybody who is logged in
  sees which files there are, and reads; writing and deleting are for the directory of one's own
  name. Whoever types here, with --run, is at home: he writes into every directory. What is deleted
  is gone: the highest version, if none is named. Links are not followed. Lines end with LF here and
  with CR LF on the network.

  `account SMITH --file accounts` asks for a password and keeps its hash for --accounts; a change
  counts when the host is started again. Passwords cross the network as they are, as they did then:
  IMPs on the way can read them, and what is shown or recorded of a live host or net holds them. Let
  nobody use one that is worth something elsewhere.";

/// Why an option about files or accounts cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum StorageError {
    #[error("--file {text}: {why}")]
    #[diagnostic(help("write '<SMITH>NOTES.TXT=notes.txt'; SMITH may write it"))]
    File { text: String, why: NoFile },
    #[error("--folder {}: {error}", .folder.display())]
    Folder { folder: PathBuf, error: io::Error },
    #[error("--versions {versions}: this host is no TENEX, and has no versions of files")]
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

/// Why a text file cannot be put on the disk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoFile {
    #[error("no = in it")]
    NoSource,
    #[error(transparent)]
    Path(#[from] host::PathError),
    #[error("{path}: {error}")]
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
                Err(why) => errors.push(StorageError::File { text: text.clone(), why }.into()),
            }
        }
        files
    }

    /// What becomes of stored files, in a line for the user.
    pub(crate) fn storage_note(&self, naming: Naming) -> Option<String> {
        let folder = self.folder.as_ref()?.display();
        let what = match (naming, self.versions) {
            _ if self.read_only => "only read".to_owned(),
            (Naming::Plain, _) => {
                "no versions, as on no host but a TENEX: what is stored replaces".to_owned()
            }
            (Naming::Tenex, None) => "all versions are kept".to_owned(),
            (Naming::Tenex, Some(1)) => "one version is kept: what is stored replaces".to_owned(),
            (Naming::Tenex, Some(many)) => format!("{many} versions of each are kept"),
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
        if let (Some(versions), Naming::Plain) = (self.versions, naming) {
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
                terminal.tell(&format!("{now:>11}  folder: {line}\n"));
            }
        });
        let opened = Folder::open(folder, naming, access, tell);
        let opened = opened.map_err(|error| StorageError::Folder { folder: folder.to_owned(), error })?;
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

/// Reads `PATH=TEXTFILE`. Returns the path at the host, and what the file contains.
fn read_file(text: &str, naming: Naming) -> Result<(host::PathName, Vec<u8>), NoFile> {
    let (path, file) = text.split_once('=').ok_or(NoFile::NoSource)?;
    let path = naming.parse(path, None)?;
    let content = fs::read(file).map_err(|error| NoFile::Unreadable { path: file.to_owned(), error })?;
    Ok((path, content))
}

#[cfg(test)]
mod tests {
    use super::*;

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
