//! `arpanet account`: changes the file of users who may log in.

use std::path::PathBuf;

use clap::Args;
use host::live::Hash;

use crate::accounts;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::password::password;
use crate::terminal::Terminal;

/// Let somebody log in to a live host, or change his password, or let him in no more.
///
/// Asks for the password, or reads it from standard input if that is no terminal. The file holds a hash of it, from which
/// it cannot be told; `host --accounts FILE` uses it.
#[derive(Debug, Args)]
#[command(after_long_help = STATUS)]
pub(crate) struct AccountArgs {
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

/// Changes the file.
pub(crate) fn run(args: &AccountArgs, terminal: Terminal) -> Result<Exit, CommandError> {
    let AccountArgs { name, file, remove } = args;
    let name = accounts::account_name(name).ok_or_else(|| CommandError::AccountName(name.clone()))?;
    if *remove {
        if !accounts::change(file, &name, None)? {
            return Err(CommandError::NoAccount { path: file.clone(), name });
        }
        terminal.print(&format!("{name} can log in no more\n"))?;
        return Ok(Exit::Held);
    }
    // What is wrong with the file is told before the user types a password. It may have changed when that is done.
    if file.exists() {
        accounts::read(file)?;
    }
    let hash = Hash::of(&password(&name, terminal)?);
    let what = match accounts::change(file, &name, Some(&hash))? {
        true => "has another password now",
        false => "can log in now",
    };
    let path = file.display();
    terminal.print(&format!("{name} {what}, where a host is started with --accounts {path}\n"))?;
    Ok(Exit::Held)
}
