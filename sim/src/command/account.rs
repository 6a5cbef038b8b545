//! `arpanet account`: who may log in, kept in a file.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use host::live::Hash;

use super::{HELD, Terminal};
use crate::live::Hidden;

/// Let somebody log in to a live host, or change his password, or let him in no more.
///
/// Asks for the password, or reads it from standard input if that is no terminal. The file holds a hash of it, from which
/// it cannot be told; `host --accounts FILE` uses it.
#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    /// The name with which he logs in, and of the directory in which he may write.
    name: String,

    /// The file with the accounts; it is made if it is not there.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,

    /// Take the account away.
    #[arg(long)]
    remove: bool,
}

/// The longest name of an account, in characters: that of a directory.
const LONGEST: usize = 39;

/// What stands at the beginning of the file.
const HEADING: &str =
    "# Who may log in: a name, and the hash of a password. `account NAME --file FILE` changes it.\n";

/// Changes the file, and answers the exit status.
pub(super) fn change(args: &AccountArgs) -> u8 {
    let terminal = Terminal::new();
    match changed(args) {
        Ok(said) => {
            terminal.print(&said);
            HELD
        }
        Err(error) => terminal.complain(&format!("error: {error}\n")),
    }
}

fn changed(args: &AccountArgs) -> Result<String, String> {
    let AccountArgs { name, file, remove } = args;
    let name = account_name(name).ok_or_else(|| {
        format!("{name:?} cannot log in\n  help: a name is at most {LONGEST} letters, digits, - or _")
    })?;
    let mut accounts = if file.exists() { read(file)? } else { BTreeMap::new() };
    let said = if *remove {
        accounts.remove(&name).ok_or_else(|| format!("{}: there is no account {name}", file.display()))?;
        format!("{name} can log in no more\n")
    } else {
        let hash = Hash::of(&password(&name)?);
        let before = accounts.insert(name.clone(), hash);
        let what = before.map_or("can log in now", |_| "has another password now");
        format!("{name} {what}, where a host is started with --accounts {}\n", file.display())
    };
    write(file, &accounts).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(said)
}

/// A name as it is kept, if it is one.
fn account_name(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_name = !text.is_empty() && text.len() <= LONGEST && text.chars().all(allowed);
    is_name.then(|| text.to_ascii_uppercase())
}

/// The accounts of a file, or what is wrong with it and where.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, Hash>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text).map_err(|(line, error)| {
        format!(
            "{}:{line}: {error}\n  help: `account NAME --file {}` writes such a line",
            path.display(),
            path.display()
        )
    })
}

/// Reads lines of names and hashes.
fn parse(text: &str) -> Result<BTreeMap<String, Hash>, (usize, String)> {
    let mut accounts = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let failed = |error: String| (number, error);
        let (name, hash) =
            line.split_once(':').ok_or_else(|| failed("a line is a name, a colon, and a hash".to_owned()))?;
        let name = account_name(name).ok_or_else(|| failed(format!("{name:?} is no name of an account")))?;
        let hash = Hash::parse(hash).map_err(|error| failed(error.to_string()))?;
        if accounts.insert(name.clone(), hash).is_some() {
            return Err(failed(format!("{name} has an account above")));
        }
    }
    Ok(accounts)
}

/// Writes the file anew, all at once; nobody but its owner reads it.
fn write(path: &Path, accounts: &BTreeMap<String, Hash>) -> io::Result<()> {
    let mut new = path.to_owned().into_os_string();
    new.push(".new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(HEADING.as_bytes())?;
    for (name, hash) in accounts {
        writeln!(file, "{name}:{hash}")?;
    }
    file.sync_all()?;
    fs::rename(&new, path)
}

/// Asks for a password, twice if somebody might mistype it unseen.
fn password(name: &str) -> Result<String, String> {
    let asks = io::stdin().is_terminal();
    let ask = |prompt: &str| {
        let hidden = asks.then(|| {
            let _ = write!(io::stderr(), "{prompt}").and_then(|()| io::stderr().flush());
            Hidden::new()
        });
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(|error| format!("standard input: {error}"))?;
        if hidden.is_some() {
            let _ = writeln!(io::stderr());
        }
        Ok::<_, String>(line.trim_end_matches(['\r', '\n']).to_owned())
    };
    let password = ask(&format!("password of {name}: "))?;
    let is_printable = password.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if password.is_empty() || password != password.trim() || !is_printable {
        return Err("a password is some printing characters, with no blank at either end".to_owned());
    }
    if asks && ask("once more: ")? != password {
        return Err("these were two different passwords; nothing is changed".to_owned());
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_admits_who_knows_the_password() {
        let folder = tempfile::tempdir().expect("there is room for tests");
        let path = folder.path().join("accounts");
        let accounts =
            BTreeMap::from([("SMITH".to_owned(), Hash::of("BLUE")), ("A-1".to_owned(), Hash::of("x"))]);
        write(&path, &accounts).expect("it can be written");
        assert_eq!(read(&path), Ok(accounts));
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(!text.contains("BLUE"), "{text}");
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing is left over");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_of_accounts_is_told_with_its_line() {
        let hash = Hash::of("BLUE").to_string();
        let wrong = |text: &str| parse(text).expect_err("it is wrong");
        assert_eq!(parse(&format!("# all\n\n smith:{hash}\n")).map(|accounts| accounts.len()), Ok(1));
        assert_eq!(wrong("SMITH"), (1, "a line is a name, a colon, and a hash".to_owned()));
        assert_eq!(wrong("\n<A>:x"), (2, "\"<A>\" is no name of an account".to_owned()));
        assert!(wrong("SMITH:BLUE").1.contains("no hash of a password"));
        assert_eq!(wrong(&format!("A:{hash}\na:{hash}")), (2, "A has an account above".to_owned()));
    }
}
