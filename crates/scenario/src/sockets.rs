//! Sockets, byte sizes and other small numbers, as steps write them: by their digits, or by a name.

use ncp::{ByteSize, Gender, Socket};

use super::ast::Number;
use super::context::Context;
use super::errors::Diagnostic;
use super::texts::number_or_name;
use super::words::{Word, Words};

/// A socket.
pub(super) fn socket(context: &Context<'_>, word: Word<'_>) -> Result<Number<Socket>, Diagnostic> {
    let number = number_or_name(context, word, "the number of a socket", 0..=u64::from(u32::MAX))?;
    // The number keeps to the range.
    Ok(number.map(|number| Socket::from(number as u32)))
}

/// Reads a socket that sends or receives, as the verb demands.
pub(super) fn of_gender(
    context: &Context<'_>,
    words: &mut Words<'_>,
    gender: Gender,
) -> Result<Number<Socket>, Diagnostic> {
    gendered(context, words.word("a socket")?, gender)
}

fn gendered(context: &Context<'_>, word: Word<'_>, gender: Gender) -> Result<Number<Socket>, Diagnostic> {
    match socket(context, word)? {
        Number::Known(socket) if socket.gender() != gender => {
            let message = format!("socket {} is a {} socket", word.text, socket.gender());
            Err(Diagnostic::new(word.at(), message, format!("a {gender} socket belongs here"))
                .help("even sockets receive, odd ones send"))
        }
        socket => Ok(socket),
    }
}

/// Reads the contact socket of a server, before a comma.
pub(super) fn contact(context: &Context<'_>, words: &mut Words<'_>) -> Result<Number<Socket>, Diagnostic> {
    let word = words.word("the server's contact socket")?;
    gendered(context, word.before(",").unwrap_or(word), Gender::Send)
}

/// Reads the receive socket with which those of one side of the initial connection protocol begin; the last of them lies
/// so far behind it.
pub(super) fn base(
    context: &Context<'_>,
    words: &mut Words<'_>,
    last: u32,
) -> Result<Number<Socket>, Diagnostic> {
    let word = words.word("a receive socket")?;
    match gendered(context, word, Gender::Receive)? {
        Number::Known(socket) if socket.number().checked_add(last).is_none() => {
            let message = format!("no socket lies {last} behind {}", word.text);
            Err(Diagnostic::new(word.at(), message, "too large").help(format!("{} at most", u32::MAX - last)))
        }
        socket => Ok(socket),
    }
}

/// Two sockets that can be connected: one sends, the other receives (NIC 8246, Communication Concepts).
pub(super) fn mates(
    context: &Context<'_>,
    local: Word<'_>,
    foreign: Word<'_>,
) -> Result<(Number<Socket>, Number<Socket>), Diagnostic> {
    let (here, there) = (socket(context, local)?, socket(context, foreign)?);
    if let (Number::Known(one), Number::Known(other)) = (&here, &there)
        && one.gender() == other.gender()
    {
        let message = format!("sockets {} and {} cannot be connected", local.text, foreign.text);
        return Err(Diagnostic::new(foreign.at(), message, format!("both are {} sockets", one.gender()))
            .help("even sockets receive, odd ones send; a connection has one of each"));
    }
    Ok((here, there))
}

/// Reads a byte size, if there is one.
pub(super) fn size(
    context: &Context<'_>,
    words: &mut Words<'_>,
) -> Result<Option<Number<ByteSize>>, Diagnostic> {
    if !words.take("size") {
        return Ok(None);
    }
    match number_or_name(context, words.word("a byte size")?, "a byte size", 1..=255)? {
        Number::Named(term) => Ok(Some(Number::Named(term))),
        // The number keeps to the range.
        Number::Known(bits) => Ok(ByteSize::new(bits as u8).map(Number::Known)),
    }
}

/// A number that fits in a byte.
pub(super) fn byte(context: &Context<'_>, word: Word<'_>, what: &str) -> Result<Number<u8>, Diagnostic> {
    // The number keeps to the range.
    Ok(number_or_name(context, word, what, 0..=255)?.map(|number| number as u8))
}
