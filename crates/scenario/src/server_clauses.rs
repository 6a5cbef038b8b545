//! Reads what is said of a host's server of files beside its edition.

use host::Terms;

use super::ast::Account;
use super::errors::Diagnostic;
use super::quantity::number;
use super::words::Words;

/// The most sockets of which a server may be told to set them aside.
const MOST_SOCKETS: u64 = 1000;

/// Reads how many sockets it sets aside at most, behind `sets`.
pub(super) fn sets_aside(words: &mut Words<'_>) -> Result<usize, Diagnostic> {
    for word in ["aside", "at", "most"] {
        words.keyword(word)?;
    }
    let most = number(words.word("how many sockets")?, "the number of sockets", 0..=MOST_SOCKETS)?;
    words.keyword("data")?;
    words.keyword("sockets")?;
    Ok(most as usize)
}

/// Reads that it connects to any socket, behind `connects`.
pub(super) fn connects(words: &mut Words<'_>) -> Result<bool, Diagnostic> {
    for word in ["to", "any", "socket"] {
        words.keyword(word)?;
    }
    Ok(true)
}

/// Reads the name of somebody who may log in, and says on what terms he has files transferred.
fn on_terms(
    words: &mut Words<'_>,
    accounts: &mut [Account],
    read: impl FnOnce(&mut Words<'_>) -> Result<Terms, Diagnostic>,
) -> Result<(), Diagnostic> {
    let user = words.word("the name of an account")?;
    let terms = read(words)?;
    let Some(account) = accounts.iter_mut().find(|account| account.name.eq_ignore_ascii_case(user.text))
    else {
        let message = format!("nobody logs in as `{}`", user.text);
        return Err(Diagnostic::new(user.at(), message, "no account of that name above"));
    };
    if account.terms != Terms::Free {
        let message = format!("a second word about `{}`", user.text);
        return Err(Diagnostic::new(user.at(), message, "given above"));
    }
    account.terms = terms;
    Ok(())
}

/// Reads whom the server asks for an account to charge, behind `charges`.
pub(super) fn charges(words: &mut Words<'_>, accounts: &mut [Account]) -> Result<(), Diagnostic> {
    on_terms(words, accounts, charged)
}

/// Reads who has no files transferred, behind `bars`.
pub(super) fn bars(words: &mut Words<'_>, accounts: &mut [Account]) -> Result<(), Diagnostic> {
    on_terms(words, accounts, |words| {
        words.keyword("from")?;
        words.keyword("files")?;
        Ok(Terms::NotForFiles)
    })
}

/// Reads which account is charged, and when it has to be named.
fn charged(words: &mut Words<'_>) -> Result<Terms, Diagnostic> {
    let account = words.plain("the account that is charged")?.to_owned();
    let when = words.word("when it is asked for")?;
    if when.is("at") {
        words.keyword("login")?;
        return Ok(Terms::AtLogin(account));
    }
    if !when.is("for") {
        return Err(when.is_none_of("time", &["at login", "for files"]));
    }
    words.keyword("files")?;
    Ok(Terms::ForFiles(account))
}
