//! Reads what is said of a host's server of files beside its edition.

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
