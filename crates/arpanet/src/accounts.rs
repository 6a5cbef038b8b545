//! The file of accounts: on each line a name, a colon, and the hash of a password.
//!
//! Several processes may change it at once, and a host may read it meanwhile. A process that changes it holds a lock on
//! it and puts a new file in its place, so that it is never seen half written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use host::live::{BadHash, Hash};
use miette::Diagnostic;
use tempfile::NamedTempFile;

use crate::shell_path::for_shell;
use crate::system::words;
use crate::utf8::{self, SAVE_AS_UTF8};

/// The longest name of an account, in characters: that of a directory.
pub(crate) const MAX_NAME: usize = 39;

/// What stands at the beginning of the file.
const HEADING: &str =
    "# Who may log in: a name, and the hash of a password. `account NAME --file FILE` changes it.\n";

/// Why a file of accounts cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum AccountsError {
    /// It cannot be read or written.
    #[error("{}: {}", .path.display(), words(.error))]
    Io {
        path: PathBuf,
        error: io::Error,
        #[help]
        help: Option<String>,
    },
    /// It is not in UTF-8.
    #[error("{}: {error}", .path.display())]
    #[diagnostic(help("{SAVE_AS_UTF8}"))]
    NoText { path: PathBuf, error: io::Error },
    /// A line is wrong.
    #[error("{}:{line}: {why}", .path.display())]
    #[diagnostic(help("`account NAME --file {}` writes such a line", for_shell(.path)))]
    Line { path: PathBuf, line: usize, why: BadLine },
}

/// Why a line of the file is wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadLine {
    #[error("a line is a name, a colon, and a hash")]
    NoColon,
    #[error("{0:?} is no name of an account")]
    Name(String),
    #[error(transparent)]
    Hash(#[from] BadHash),
    #[error("{0} has an account above")]
    Twice(String),
}

/// A name in the form in which it is kept, if it can be one.
pub(crate) fn account_name(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_name = !text.is_empty() && text.len() <= MAX_NAME && text.chars().all(allowed);
    is_name.then(|| text.to_ascii_uppercase())
}

/// The accounts of a file.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, Hash>, AccountsError> {
    let text = is_regular(path).and_then(|()| utf8::read(path)).map_err(|error| unreadable(path, error))?;
    parse(path, &text)
}

/// Gives an account the password with this hash, or without one takes the account away. Returns whether it was there
/// before.
pub(crate) fn change(path: &Path, name: &str, hash: Option<&Hash>) -> Result<bool, AccountsError> {
    let failed = |error| unreadable(path, error);
    let mut locked = LockedFile::open(path, hash.is_some()).map_err(failed)?;
    let text = utf8::read_from(&mut locked.file).map_err(failed)?;
    let was_there = parse(path, &text)?.contains_key(name);
    if was_there || hash.is_some() {
        locked.replace(&changed(&text, name, hash)).map_err(failed)?;
    }
    Ok(was_there)
}

/// Makes sure that nothing but an ordinary file is opened: another may have no end, or wait for a writer for ever.
fn is_regular(path: &Path) -> io::Result<()> {
    match fs::metadata(path)? {
        file if file.is_file() => Ok(()),
        folder if folder.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no ordinary file")),
    }
}

fn unreadable(path: &Path, error: io::Error) -> AccountsError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::InvalidData => AccountsError::NoText { path, error },
        _ => AccountsError::Io { help: help(&path, &error), path, error },
    }
}

/// What to do about a file that cannot be used.
fn help(path: &Path, error: &io::Error) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match error.kind() {
        io::ErrorKind::NotFound => Some(match folder.filter(|folder| !folder.exists()) {
            Some(folder) => format!("make the folder first: mkdir -p {}", for_shell(folder)),
            None => format!("`account NAME --file {}` makes it", for_shell(path)),
        }),
        io::ErrorKind::IsADirectory | io::ErrorKind::InvalidInput => {
            Some("give the file that `account NAME --file FILE` has written".to_owned())
        }
        io::ErrorKind::PermissionDenied => {
            Some(format!("give it to the user who runs this: chown USER {}", for_shell(path)))
        }
        _ => None,
    }
}

/// The file, locked: no other process changes it meanwhile.
struct LockedFile {
    file: File,
    /// Its path with all links resolved, so that replacing the file keeps the links.
    path: PathBuf,
}

impl LockedFile {
    /// Opens the file, and with `make` creates it if it is not there. Waits for the lock.
    fn open(path: &Path, make: bool) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create(make).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        loop {
            match is_regular(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
            let file = options.open(path)?;
            file.lock()?;
            let path = fs::canonicalize(path)?;
            // The process that had the lock before may have put another file in its place.
            if is_at(&file, &path)? {
                return Ok(LockedFile { file, path });
            }
        }
    }

    /// Puts a new file in its place, all at once, for the same owner. No user can read the new file who could not read the
    /// old one.
    fn replace(self, text: &str) -> io::Result<()> {
        let LockedFile { file, path } = self;
        let folder = path.parent().unwrap_or(&path);
        let mut new = NamedTempFile::new_in(folder)?;
        new.write_all(text.as_bytes())?;
        #[cfg(unix)]
        resemble(new.as_file(), &file)?;
        new.as_file().sync_all()?;
        // Elsewhere nothing can take the place of a file that is open.
        #[cfg(not(unix))]
        drop(file);
        new.persist(&path)?;
        #[cfg(unix)]
        drop(file);
        Ok(())
    }
}

/// Gives a new file the owner and the group of the old one, if this process may, and the permissions of the old one for
/// owner and group; others cannot read it.
#[cfg(unix)]
fn resemble(new: &File, old: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let old = old.metadata()?;
    let _ = fchown(new, Some(old.uid()), Some(old.gid()));
    new.set_permissions(fs::Permissions::from_mode(old.mode() & 0o640))
}

/// Whether an open file is the one with this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (open, there) = (file.metadata()?, fs::metadata(path)?);
    Ok((open.dev(), open.ino()) == (there.dev(), there.ino()))
}

/// Whether an open file is the one with this path: it cannot be told here.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// The text with another line for this account, or without one. Everything else stays as it is.
fn changed(text: &str, name: &str, hash: Option<&Hash>) -> String {
    let line = hash.map(|hash| format!("{name}:{hash}\n")).unwrap_or_default();
    let is_of_account = |old: &str| {
        let named = old.trim().split_once(':').and_then(|(name, _)| account_name(name));
        named.as_deref() == Some(name)
    };
    let mut new = String::new();
    let mut was_there = false;
    for old in text.split_inclusive('\n') {
        if is_of_account(old) {
            was_there = true;
            new.push_str(&line);
        } else {
            new.push_str(old);
        }
    }
    if !was_there {
        if text.is_empty() {
            new.push_str(HEADING);
        } else if !text.ends_with('\n') {
            new.push('\n');
        }
        new.push_str(&line);
    }
    new
}

/// Reads lines of names and hashes.
fn parse(path: &Path, text: &str) -> Result<BTreeMap<String, Hash>, AccountsError> {
    let mut accounts = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let added = account(line).and_then(|(name, hash)| match accounts.insert(name.clone(), hash) {
            Some(_) => Err(BadLine::Twice(name)),
            None => Ok(()),
        });
        added.map_err(|why| AccountsError::Line { path: path.to_owned(), line: number, why })?;
    }
    Ok(accounts)
}

fn account(line: &str) -> Result<(String, Hash), BadLine> {
    let (name, hash) = line.split_once(':').ok_or(BadLine::NoColon)?;
    let name = account_name(name).ok_or_else(|| BadLine::Name(name.to_owned()))?;
    Ok((name, Hash::parse(hash)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("there is room for tests")
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path).expect("it is there")
    }

    #[test]
    fn what_is_written_is_read_and_admits_who_knows_the_password() {
        let folder = folder();
        let path = folder.path().join("accounts");
        assert!(change(&path, "SMITH", None).is_err(), "nobody is taken out of a file that is not there");
        assert!(!path.exists(), "nor is it made for that");
        let (blue, green, x) = (Hash::of("BLUE"), Hash::of("GREEN"), Hash::of("x"));
        let changes = |name: &str, hash: Option<&Hash>| change(&path, name, hash).expect("it can be changed");
        assert!(!changes("SMITH", Some(&blue)));
        assert!(!changes("A-1", Some(&x)));
        assert!(changes("SMITH", Some(&green)), "it has another password now");
        let all = read(&path).expect("it is sound");
        assert_eq!(all, BTreeMap::from([("SMITH".to_owned(), green), ("A-1".to_owned(), x)]));
        assert!(!text(&path).contains("GREEN"), "{}", text(&path));
        assert!(changes("A-1", None));
        assert!(!changes("A-1", None), "it was taken away");
        assert_eq!(read(&path).expect("it is sound").len(), 1);
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing is left over");
    }

    #[test]
    fn only_the_line_of_the_account_changes() {
        let [old, new] = ["BLUE", "GREEN"].map(Hash::of);
        let before =
            format!("# operators\nzeno:{old}\n\n# SMITH:who calls from Utah\r\nsmith:{old}\n  jones:{old}");
        let after = changed(&before, "SMITH", Some(&new));
        assert_eq!(after, before.replace(&format!("smith:{old}"), &format!("SMITH:{new}")));
        assert_eq!(changed(&before, "SMITH", None), before.replace(&format!("smith:{old}\n"), ""));
        assert_eq!(changed(&before, "ADAMS", Some(&new)), format!("{before}\nADAMS:{new}\n"));
        assert_eq!(changed("", "ADAMS", Some(&new)), format!("{HEADING}ADAMS:{new}\n"));
    }

    #[test]
    fn what_is_wrong_with_a_file_of_accounts_is_told_with_its_line() {
        let hash = Hash::of("BLUE").to_string();
        let parse = |text: &str| parse(Path::new("file"), text);
        let wrong = |text: &str| {
            let error = parse(text).expect_err("it is wrong");
            format!("{error}\n  help: {}", error.help().expect("there is some"))
        };
        assert_eq!(parse(&format!("# all\n\n smith:{hash}\n")).expect("it is sound").len(), 1);
        assert!(wrong("SMITH").starts_with("file:1: a line is a name, a colon, and a hash\n  help: "));
        assert!(wrong("\n<A>:x").starts_with("file:2: \"<A>\" is no name of an account"));
        assert!(wrong("SMITH:BLUE").contains("no hash of a password"));
        assert!(wrong(&format!("A:{hash}\na:{hash}")).starts_with("file:2: A has an account above"));
    }

    #[test]
    fn of_several_who_change_it_at_once_nobody_is_lost() {
        let folder = folder();
        let path = folder.path().join("accounts");
        let hash = Hash::of("BLUE");
        std::thread::scope(|scope| {
            for one in 0..8 {
                let (path, hash) = (&path, &hash);
                scope.spawn(move || {
                    for another in 0..8 {
                        let was_there = change(path, &format!("A-{one}-{another}"), Some(hash));
                        assert!(!was_there.expect("it can be changed"));
                    }
                });
            }
        });
        assert_eq!(read(&path).expect("it is sound").len(), 64);
    }

    #[test]
    #[cfg(unix)]
    fn nothing_that_lies_in_wait_is_written_to_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = folder();
        let [path, link, trap, prey] =
            ["accounts", "link", "accounts.new", "prey"].map(|name| folder.path().join(name));
        fs::write(&prey, "PREY").and_then(|()| symlink("prey", &trap)).expect("it is new");
        symlink("accounts", &link).expect("it is new");
        fs::write(&path, "# all\n").expect("it is new");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("it is ours");
        assert!(!change(&link, "SMITH", Some(&Hash::of("BLUE"))).expect("it can be changed"));
        assert_eq!(text(&prey), "PREY");
        assert!(link.is_symlink() && text(&path).starts_with("# all\nSMITH:$"), "{}", text(&path));
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "not everybody reads the hashes, and nobody else writes them");
        assert!(change(folder.path(), "SMITH", Some(&Hash::of("BLUE"))).is_err(), "that is no file");
    }
}
