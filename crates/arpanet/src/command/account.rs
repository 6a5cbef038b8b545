//! `arpanet account`: who may log in, kept in a file.

mod book;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use host::live::Hash;

use super::{HELD, Terminal};
use crate::live::hidden_line;

/// Let somebody log in to a live host, or change his password, or let him in no more.
///
/// Asks for the password, or reads it from standard input if that is no terminal. The file holds a hash of it, from which
/// it cannot be told; `host --accounts FILE` uses it.
#[derive(Debug, Args)]
#[command(after_long_help = STATUS)]
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

const STATUS: &str = "\
EXIT STATUS
  0  the file is changed    2  nothing is changed";

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
    let name = book::account_name(name).ok_or_else(|| {
        let longest = book::LONGEST;
        format!("{name:?} cannot log in\n  help: a name is at most {longest} letters, digits, - or _")
    })?;
    let path = file.display();
    if *remove {
        return match book::change(file, &name, None)? {
            true => Ok(format!("{name} can log in no more\n")),
            false => Err(format!("{path}: there is no account {name}")),
        };
    }
    // What is wrong with the file is told before anybody types. It may be another one when he has.
    if file.exists() {
        accounts(file)?;
    }
    let hash = Hash::of(&password(&name)?);
    let what = match book::change(file, &name, Some(&hash))? {
        true => "has another password now",
        false => "can log in now",
    };
    Ok(format!("{name} {what}, where a host is started with --accounts {path}\n"))
}

/// The accounts of a file, or what is wrong with it and where.
pub(super) fn accounts(path: &Path) -> Result<BTreeMap<String, Hash>, String> {
    book::read(path)
}

/// Asks for a password, twice if somebody might mistype it unseen.
fn password(name: &str) -> Result<String, String> {
    let asks = io::stdin().is_terminal();
    let ask = |prompt: &str| {
        let line = hidden_line(|| {
            if asks {
                // Nobody is left to be asked if standard error is gone.
                let _ = write!(io::stderr(), "{prompt}").and_then(|()| io::stderr().flush());
            }
        });
        if asks {
            let _ = writeln!(io::stderr());
        }
        let line = line.map_err(|error| format!("standard input: {error}"))?;
        line.ok_or_else(|| "stopped; nothing is changed".to_owned())
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
