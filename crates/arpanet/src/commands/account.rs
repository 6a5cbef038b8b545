//! `arpanet account`: changes the file of users who may log in.

use host::live::Hash;

use super::account_args::AccountArgs;
use crate::accounts;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::password::password;
use crate::shell_path::for_shell;
use crate::terminal::Terminal;

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
    let path = for_shell(file);
    terminal.say(&format!("{name} {what}, where a host is started with --accounts {path}\n"))?;
    Ok(Exit::Held)
}
