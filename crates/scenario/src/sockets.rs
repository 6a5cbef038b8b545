//! Sockets and byte sizes, as steps name them.

use ncp::{ByteSize, Gender, Socket};

use super::errors::Diagnostic;
use super::quantity::{number, small_number};
use super::words::{Word, Words};

/// A socket by its number.
pub(super) fn socket(word: Word<'_>) -> Result<Socket, Diagnostic> {
    let number = number(word, "the number of a socket", 0..=u64::from(u32::MAX))?;
    // `number` keeps to the range.
    Ok(Socket::from(number as u32))
}

/// Reads a socket that sends or receives, as the verb demands.
pub(super) fn of_gender(words: &mut Words<'_>, gender: Gender) -> Result<Socket, Diagnostic> {
    let word = words.word("a socket")?;
    let socket = socket(word)?;
    if socket.gender() == gender {
        return Ok(socket);
    }
    let message = format!("socket {} is a {} socket", word.text, socket.gender());
    Err(Diagnostic::new(word.at(), message, format!("a {gender} socket belongs here"))
        .help("even sockets receive, odd ones send"))
}

/// Two sockets that can be connected: one sends, the other receives (NIC 8246, Communication Concepts).
pub(super) fn mates(local: Word<'_>, foreign: Word<'_>) -> Result<(Socket, Socket), Diagnostic> {
    let (here, there) = (socket(local)?, socket(foreign)?);
    let both = match (here.gender(), there.gender()) {
        (Gender::Send, Gender::Receive) | (Gender::Receive, Gender::Send) => return Ok((here, there)),
        (Gender::Send, Gender::Send) => "send",
        (Gender::Receive, Gender::Receive) => "receive",
    };
    let message = format!("sockets {} and {} cannot be connected", local.text, foreign.text);
    Err(Diagnostic::new(foreign.at(), message, format!("both are {both} sockets"))
        .help("even sockets receive, odd ones send; a connection has one of each"))
}

/// Reads a byte size, if there is one.
pub(super) fn size(words: &mut Words<'_>) -> Result<Option<ByteSize>, Diagnostic> {
    if !words.take("size") {
        return Ok(None);
    }
    let bits = small_number(words.word("a byte size")?, "a byte size", 1..=255)?;
    Ok(ByteSize::new(bits))
}
