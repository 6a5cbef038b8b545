//! The file of accounts: on each line a name, a colon, and the hash of a password.
//!
//! Several may change it at once, and a host may read it meanwhile. Whoever changes it holds a lock on it and puts a new
//! file in its place, so that it is never seen half written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use host::live::Hash;
use tempfile::NamedTempFile;

/// The longest name of an account, in characters: that of a directory.
pub(super) const LONGEST: usize = 39;

/// What stands at the beginning of the file.
const HEADING: &str =
    "# Who may log in: a name, and the hash of a password. `account NAME --file FILE` changes it.\n";

/// A name as it is kept, if it is one.
pub(super) fn account_name(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_name = !text.is_empty() && text.len() <= LONGEST && text.chars().all(allowed);
    is_name.then(|| text.to_ascii_uppercase())
}

/// The accounts of a file, or what is wrong with it and where.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, Hash>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(path, &text)
}

/// Gives an account this password, or takes the account away if there is none. Answers whether it was there before.
pub(super) fn change(path: &Path, name: &str, hash: Option<&Hash>) -> Result<bool, String> {
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    let mut book = Book::open(path, hash.is_some()).map_err(failed)?;
    let mut text = String::new();
    book.file.read_to_string(&mut text).map_err(failed)?;
    let was_there = parse(path, &text)?.contains_key(name);
    if was_there || hash.is_some() {
        book.replace(&changed(&text, name, hash)).map_err(failed)?;
    }
    Ok(was_there)
}

/// The file, which nobody else changes meanwhile.
struct Book {
    file: File,
    /// Where it is, without links: these stay.
    path: PathBuf,
}

impl Book {
    fn open(path: &Path, make: bool) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create(make).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        loop {
            let file = options.open(path)?;
            if !file.metadata()?.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no ordinary file"));
            }
            file.lock()?;
            let path = fs::canonicalize(path)?;
            // Whoever had the lock before may have put another file in its place.
            if is_at(&file, &path)? {
                return Ok(Book { file, path });
            }
        }
    }

    /// Puts a new file in its place, all at once, for the same owner. Whoever else could not read a file that has just been
    /// made reads it only if he could before.
    fn replace(self, text: &str) -> io::Result<()> {
        let Book { file, path } = self;
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

/// Gives a new file the owner and the group of the old one, if this process may, and lets those read it who could before,
/// but not everybody.
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

/// The text with another line for this account, or without one. Everything else is left as somebody wrote it.
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
fn parse(path: &Path, text: &str) -> Result<BTreeMap<String, Hash>, String> {
    let mut accounts = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let added = account(line).and_then(|(name, hash)| match accounts.insert(name.clone(), hash) {
            Some(_) => Err(format!("{name} has an account above")),
            None => Ok(()),
        });
        let path = path.display();
        added.map_err(|error| {
            format!("{path}:{number}: {error}\n  help: `account NAME --file {path}` writes such a line")
        })?;
    }
    Ok(accounts)
}

fn account(line: &str) -> Result<(String, Hash), String> {
    let (name, hash) = line.split_once(':').ok_or("a line is a name, a colon, and a hash")?;
    let name = account_name(name).ok_or_else(|| format!("{name:?} is no name of an account"))?;
    let hash = Hash::parse(hash).map_err(|error| error.to_string())?;
    Ok((name, hash))
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
        assert_eq!(change(&path, "SMITH", Some(&blue)), Ok(false));
        assert_eq!(change(&path, "A-1", Some(&x)), Ok(false));
        assert_eq!(change(&path, "SMITH", Some(&green)), Ok(true), "it has another password now");
        assert_eq!(read(&path), Ok(BTreeMap::from([("SMITH".to_owned(), green), ("A-1".to_owned(), x)])));
        assert!(!text(&path).contains("GREEN"), "{}", text(&path));
        assert_eq!(change(&path, "A-1", None), Ok(true));
        assert_eq!(change(&path, "A-1", None), Ok(false), "it was taken away");
        assert_eq!(read(&path).map(|accounts| accounts.len()), Ok(1));
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
        let wrong = |text: &str| parse(text).expect_err("it is wrong");
        assert_eq!(parse(&format!("# all\n\n smith:{hash}\n")).map(|accounts| accounts.len()), Ok(1));
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
                        assert_eq!(change(path, &format!("A-{one}-{another}"), Some(hash)), Ok(false));
                    }
                });
            }
        });
        assert_eq!(read(&path).map(|accounts| accounts.len()), Ok(64));
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
        assert_eq!(change(&link, "SMITH", Some(&Hash::of("BLUE"))), Ok(false));
        assert_eq!(text(&prey), "PREY");
        assert!(link.is_symlink() && text(&path).starts_with("# all\nSMITH:$"), "{}", text(&path));
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "not everybody reads the hashes, and nobody else writes them");
        assert!(change(folder.path(), "SMITH", Some(&Hash::of("BLUE"))).is_err(), "that is no file");
    }
}
