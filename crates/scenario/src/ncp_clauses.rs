//! Reads the values of what is said of a host's NCP.

use std::ops::RangeInclusive;

use machine::Span;
use ncp::Allocation;

use super::ast::Requests;
use super::errors::Diagnostic;
use super::quantity::{number, small_number, span};
use super::words::Words;

/// Reads how long requests are queued, and how many of them, behind `queues`.
pub(super) fn queues(words: &mut Words<'_>) -> Result<Requests, Diagnostic> {
    words.keyword("requests")?;
    words.keyword("for")?;
    let patience = span(words.word("how long")?)?;
    let most = if words.take("most") {
        Some(number(words.word("how many")?, "the number of requests", 1..=1000)? as usize)
    } else {
        None
    };
    Ok(Requests::Queue(patience, most))
}

/// Reads what each sender is kept supplied with, behind `allocates`.
pub(super) fn allocates(words: &mut Words<'_>) -> Result<Allocation, Diagnostic> {
    let messages = words.word("how many messages")?;
    let messages = number(messages, "the number of messages", 1..=u64::from(u16::MAX))? as u16;
    words.keyword("messages")?;
    let bits = number(words.word("how many bits")?, "the number of bits", 1..=u64::from(u32::MAX))?;
    words.keyword("bits")?;
    Ok(Allocation { messages, bits: bits as u32 })
}

/// Reads how long a host may say nothing that keeps a program waiting, behind `asks`.
pub(super) fn asks(words: &mut Words<'_>) -> Result<Span, Diagnostic> {
    words.keyword("silent")?;
    words.keyword("hosts")?;
    after(words)
}

/// Reads how long an answer of another host is waited for, behind `after`.
pub(super) fn after(words: &mut Words<'_>) -> Result<Span, Diagnostic> {
    words.keyword("after")?;
    let word = words.word("how long")?;
    let patience = span(word)?;
    if patience < Span::from_secs(1) {
        let diagnostic = Diagnostic::new(word.at(), "too little patience", "at least 1s");
        return Err(diagnostic.help("a message and its answer take as long on the way"));
    }
    Ok(patience)
}

/// Reads the links that a host assigns, behind `assigns`.
pub(super) fn assigns(words: &mut Words<'_>) -> Result<RangeInclusive<u8>, Diagnostic> {
    words.keyword("links")?;
    let first = words.word("a link")?;
    let low = small_number(first, "a link for text", 2..=255)?;
    words.keyword("to")?;
    let last = words.word("a link")?;
    let high = small_number(last, "a link for text", 2..=255)?;
    if low > high {
        let message = format!("no links are from {} to {}", first.text, last.text);
        return Err(Diagnostic::new(first.at().start..last.at().end, message, "the lower one comes first"));
    }
    Ok(low..=high)
}

/// The longest that a host may take to look at what has arrived: one that says nothing for longer counts as dead.
const LONGEST_ANSWER: Span = Span::from_secs(20);

/// Reads how long a host takes at most before it looks at what has arrived.
pub(super) fn answer_time(words: &mut Words<'_>) -> Result<Span, Diagnostic> {
    let word = words.word("how long a host takes at most")?;
    let most = span(word)?;
    if most > LONGEST_ANSWER {
        let message = format!("no host takes {} to look at a message", word.text);
        return Err(Diagnostic::new(word.at(), message, format!("{LONGEST_ANSWER} at most"))
            .help("one that takes nothing for longer hangs: `HOST hangs` is a step"));
    }
    Ok(most)
}
