//! The options of a live host about its files and accounts, and what they mean.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::numbers;

/// How many bytes may be added to a disk if nothing else is said.
pub(crate) const DEFAULT_QUOTA: usize = 100_000_000;

/// Options of a live host about its files and accounts.
#[derive(Debug, Args)]
pub(crate) struct StorageArgs {
    /// Keep the host's files in a folder of this machine: <SMITH>NOTES.TXT is SMITH/NOTES.TXT; see below.
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "file")]
    pub(crate) folder: Option<PathBuf>,

    /// Let nobody write into the folder.
    #[arg(long, requires = "folder", conflicts_with_all = ["versions", "quota"])]
    pub(crate) read_only: bool,

    /// Keep so many versions of each file of the folder; otherwise all of them.
    #[arg(long, value_name = "N", requires = "folder", value_parser = numbers::versions, allow_negative_numbers = true)]
    pub(crate) versions: Option<u32>,

    /// Let so many bytes be added to the disk in all, each time that the host is started; a hundred million if
    /// nothing is said. Each file of a folder counts 512 bytes beside its own.
    #[arg(long = "room", value_name = "BYTES", value_parser = numbers::room, allow_negative_numbers = true, default_value_t = DEFAULT_QUOTA, hide_default_value = true)]
    pub(crate) quota: usize,

    /// Put a text file on a disk in memory; any number of them.
    #[arg(long, value_name = "<NAME>PATH=TEXTFILE")]
    pub(crate) file: Vec<OsString>,

    /// Let those log in whose accounts are in this file, with their passwords hashed; `account` writes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) accounts: Option<PathBuf>,

    /// Let this user log in; any number of them. The password is visible in the process list.
    #[arg(long, value_name = "NAME:PASSWORD")]
    pub(crate) account: Vec<String>,
}

/// What the options of [`StorageArgs`] mean, for the help of commands that have them.
pub(crate) const FOLDER: &str = "\
FILES
  Without --folder what others store is in memory, and lives as long as the
  host. With it:

    <SMITH>NOTES.TXT       SMITH/NOTES.TXT, or smith/notes.txt if that is there
    <SMITH>NOTES.TXT;1     SMITH/NOTES.TXT.~1~, once there is a higher version
    <SMITH>A/B.C           SMITH/A%2FB.C: no name leads anywhere else

  The highest version has the plain name. A file that is stored becomes a new
  version, and what is appended goes to the highest. Only a TENEX and an ITS have
  versions: elsewhere it replaces the old one. Names that differ in case only are
  listed as they are spelled, and are to be typed so. A file is at most
  32 million bytes long. Everybody who is logged in sees which files there are,
  and reads; writing and deleting are for the directory of one's own name;
  --rights says otherwise.
  Whoever types here, with --run, is at home: he writes into every directory.
  What is deleted is gone: the highest version, if none is named. Links are not
  followed. Lines end with LF here and with CR LF on the network.

  `account SMITH --file accounts` asks for a password and keeps its hash for
  --accounts; a change counts when the host is started again. A server that
  nobody can log in to, accounts that others on this machine can read or change,
  and directories that cannot be written are told when it starts.

  Passwords cross the network as they are, as they did then: IMPs on the way can
  read them, and a capture (--pcapng) holds them. What is printed does not: XXXX
  stands for what follows PASS on a connection, and LOGIN at a program that is
  not typed to at a terminal. Let nobody use one that is worth something
  elsewhere.";
