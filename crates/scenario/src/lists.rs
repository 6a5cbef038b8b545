//! Lists with commas between their items: of hosts, of numbers, of sizes.

use imp1822::MAX_DATA_BITS;

use super::errors::Diagnostic;
use super::quantity::number;
use super::words::{Word, Words};

/// Reads words with commas between them.
pub(super) fn list<'a>(words: &mut Words<'a>, what: &str) -> Result<Vec<Word<'a>>, Diagnostic> {
    let mut items = Vec::new();
    loop {
        let word = words.word(what)?;
        match word.before(",") {
            Some(item) => items.push(apart(item)?),
            None => {
                items.push(apart(word)?);
                return Ok(items);
            }
        }
    }
}

/// What stands between the commas of a list is a word of its own.
fn apart(word: Word<'_>) -> Result<Word<'_>, Diagnostic> {
    if word.text.contains(',') {
        return Err(Diagnostic::new(word.at(), "no blank behind a comma", "more than one thing")
            .help(format!("write `{}`", word.text.replace(',', ", "))));
    }
    Ok(word)
}

/// Adds what has not been said before. Measured twice, it would only be in the way of itself.
pub(super) fn add<T: PartialEq>(items: &mut Vec<T>, item: T, word: Word<'_>) -> Result<(), Diagnostic> {
    if items.contains(&item) {
        let message = format!("`{}` is named twice", word.text.trim_end_matches(','));
        return Err(Diagnostic::new(word.at(), message, "said before"));
    }
    items.push(item);
    Ok(())
}

/// A size of messages as it is written, perhaps with its share in front.
pub(super) struct WrittenSize<'a> {
    pub(super) share: Option<Word<'a>>,
    pub(super) word: Word<'a>,
    pub(super) bits: u16,
}

/// Reads sizes with commas between them, in data bits: `16, 1000 bits`, or `80% 100 bits, 20% 8000 bits`.
pub(super) fn sizes<'a>(words: &mut Words<'a>) -> Result<Vec<WrittenSize<'a>>, Diagnostic> {
    let mut sizes = Vec::new();
    loop {
        let mut word = words.word("a size in bits")?;
        let share = word.before("%");
        if share.is_some() {
            word = words.word("a size in bits")?;
        }
        let more = word.before(",");
        let bits = number(apart(more.unwrap_or(word))?, "a size", 0..=MAX_DATA_BITS as u64)? as u16;
        sizes.push(WrittenSize { share, word, bits });
        if more.is_some() {
            continue;
        }
        let unit = words.word("`bits`")?;
        if unit.is("bits") {
            return Ok(sizes);
        } else if !unit.is("bits,") {
            let message = format!("expected `bits`, found `{}`", unit.text);
            return Err(
                Diagnostic::new(unit.at(), message, "the unit belongs here").help("sizes are in `bits`")
            );
        }
    }
}
