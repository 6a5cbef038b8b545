//! What a live host has at this machine: its files, and who may log in.

use std::cell::RefCell;
use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::RangedU64ValueParser;
use host::live::{Access, Clock, Folder, Hash, to_network};
use host::{Accounts, Files, Naming};

use super::{account, live::eprintln};
use crate::live::Ration;

/// How many bytes may be added to a disk if nothing else is said.
const ROOM: usize = 100_000_000;

/// Options of a host on a real cable that say what it has.
#[derive(Debug, Args)]
pub(super) struct Belongings {
    /// Keep the host's files in a folder of this machine: <SMITH>NOTES.TXT is SMITH/NOTES.TXT; see below.
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "file")]
    folder: Option<PathBuf>,

    /// Let nobody write into the folder.
    #[arg(long, requires = "folder", conflicts_with_all = ["versions", "room"])]
    read_only: bool,

    /// Keep so many versions of each file of the folder; otherwise all of them.
    #[arg(long, value_name = "N", requires = "folder", value_parser = RangedU64ValueParser::<u32>::new().range(1..))]
    versions: Option<u32>,

    /// Let so many bytes be added to the disk in all, each time that the host is started; a hundred million if
    /// nothing is said. Each file of a folder counts 512 bytes beside its own.
    #[arg(long, value_name = "BYTES", default_value_t = ROOM, hide_default_value = true)]
    room: usize,

    /// Put a text file on a disk in memory; any number of them.
    #[arg(long, value_name = "<NAME>PATH=TEXTFILE")]
    file: Vec<String>,

    /// Let those log in whose accounts are in this file, with their passwords hashed; `account` writes it.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,

    /// Let this user log in; any number of them. Whoever lists what this machine runs sees the password.
    #[arg(long, value_name = "NAME:PASSWORD")]
    account: Vec<String>,
}

/// What the options of [`Belongings`] mean, for their help.
pub(super) const FOLDER: &str = "\
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

impl Belongings {
    /// The disk.
    pub(super) fn files(&self, naming: Naming, clock: Clock, keep: &mut impl FnMut(String)) -> Files {
        if let Some(folder) = &self.folder {
            return self.served(folder, naming, clock).unwrap_or_else(|error| {
                keep(error);
                Files::default()
            });
        }
        let mut files = Files::new(naming, self.room);
        for text in &self.file {
            let read = || {
                let (path, source) = text.split_once('=').ok_or_else(|| "no = in it".to_owned())?;
                let path = naming.parse(path, None).map_err(|error| error.to_string())?;
                let content = fs::read(source).map_err(|error| format!("{source}: {error}"))?;
                Ok::<_, String>((path, content))
            };
            match read() {
                Ok((path, content)) => files.put(path, to_network(content)),
                Err(error) => {
                    keep(format!(
                        "--file {text}: {error}\n  help: write '<SMITH>NOTES.TXT=notes.txt'; SMITH may write it"
                    ));
                }
            }
        }
        files
    }

    /// What becomes of files, for the operator.
    pub(super) fn told(&self, naming: Naming) -> Option<String> {
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

    /// What is in vain on a host without a program.
    pub(super) fn in_vain(&self) -> Option<String> {
        let folder = self.folder.as_ref()?.display();
        Some(format!(
            "--folder {folder}: nobody can get at it\n  help: serve it with --serve-ftp, or use it yourself with --run ftp"
        ))
    }

    fn served(&self, folder: &Path, naming: Naming, clock: Clock) -> Result<Files, String> {
        if let (Some(versions), Naming::Plain) = (self.versions, naming) {
            return Err(format!(
                "--versions {versions}: this host is no TENEX, and has no versions of files\n  help: leave it out"
            ));
        }
        let access = match self.read_only {
            true => Access::Read,
            false => Access::Write { versions: self.versions.and_then(NonZeroU32::new), room: self.room },
        };
        // Any user can make the disk complain as often as he likes.
        let ration = RefCell::new(Ration::default());
        let tell = Box::new(move |line: &str| {
            let now = clock.now();
            if ration.borrow_mut().allows(now) {
                eprintln(&format!("{now:>11}  folder: {line}"));
            }
        });
        let folder = Folder::open(folder, naming, access, tell)
            .map_err(|error| format!("--folder {}: {error}", folder.display()))?;
        Ok(folder.files())
    }

    /// Who may log in.
    pub(super) fn accounts(&self, keep: &mut impl FnMut(String)) -> Accounts {
        let mut accounts = Accounts::default();
        if let Some(path) = &self.accounts {
            match account::accounts(path) {
                Ok(all) => all.into_iter().for_each(|(name, hash)| accounts.add_hashed(&name, hash)),
                Err(error) => keep(format!("--accounts {error}")),
            }
        }
        for text in &self.account {
            match text.split_once(':') {
                // A password that is not hashed would be compared at once, and so tell which names there are.
                Some((name, password)) if !name.is_empty() && !password.is_empty() => {
                    accounts.add_hashed(name, Hash::of(password));
                }
                Some(_) | None => keep(format!("--account {text}: no account\n  help: write SMITH:BLUE")),
            }
        }
        accounts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_learns_by_the_clock_which_names_there_are() {
        let belongings = Belongings {
            folder: None,
            read_only: false,
            versions: None,
            room: ROOM,
            file: Vec::new(),
            accounts: None,
            account: vec!["SMITH:BLUE".to_owned()],
        };
        let accounts = belongings.accounts(&mut |error| panic!("{error}"));
        assert!(accounts.admits("smith", "blue") && !accounts.admits("smith", "green"));
        let kept = format!("{accounts:?}");
        assert!(kept.contains("SMITH") && !kept.contains("BLUE"), "only a hash takes its time: {kept}");
    }
}
