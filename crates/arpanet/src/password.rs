//! Asks for the password of an account.

use std::io::{self, IsTerminal};

use miette::Diagnostic;

use crate::no_echo::hidden_line;
use crate::system::words;
use crate::terminal::Terminal;

/// The longest password, in bytes: it must fit into a command of the file transfer protocol.
const LONGEST: usize = 100;

/// Why there is no password.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum PasswordError {
    #[error("standard input: {}", words(.0))]
    Unreadable(io::Error),
    #[error("stopped; nothing is changed")]
    Interrupted,
    #[error("a password is some printing characters, {LONGEST} at most, with no blank at either end")]
    NoPassword,
    #[error("these were two different passwords; nothing is changed")]
    Different,
}

/// Asks for the password of this account, twice if standard input is a terminal: what is typed there is not shown.
pub(crate) fn password(name: &str, terminal: Terminal) -> Result<String, PasswordError> {
    let asks = io::stdin().is_terminal();
    let ask = |prompt: &str| {
        let line = hidden_line(LONGEST + 1, || {
            if asks {
                terminal.tell(prompt);
            }
        });
        if asks {
            terminal.tell("\n");
        }
        line.map_err(PasswordError::Unreadable)?.ok_or(PasswordError::Interrupted)
    };
    let password = ask(&format!("password of {name}: "))?;
    let is_printable = password.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if password.is_empty() || password.len() > LONGEST || password != password.trim() || !is_printable {
        return Err(PasswordError::NoPassword);
    }
    if asks && ask("once more: ")? != password {
        return Err(PasswordError::Different);
    }
    Ok(password)
}
