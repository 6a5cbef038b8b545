//! Names with holes: a `#` stands for a number, and a `*` for any text, also for none.

use super::entry::{ANYTHING, NUMBER};

/// Whether a text is in these words, in capitals or not.
pub(super) fn fits(words: &str, text: &str) -> bool {
    let (words, text) = (words.to_lowercase(), text.to_lowercase());
    matches(&words, &text, &str::is_empty)
}

/// Whether a text begins in these words, as they are written, and goes on with another word, if at all.
pub(super) fn begins(words: &str, text: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    let ends_in_a_word = words.ends_with(char::is_alphanumeric);
    matches(words, text, &|rest| !ends_in_a_word || is_end(rest))
}

/// Whether a text is in these words, and what is left is an end. No words have more than a few holes.
fn matches(words: &str, text: &str, is_end: &dyn Fn(&str) -> bool) -> bool {
    let Some(hole) = words.find([NUMBER, ANYTHING]) else {
        return text.strip_prefix(words).is_some_and(is_end);
    };
    let (before, rest) = words.split_at(hole);
    let Some(text) = text.strip_prefix(before) else { return false };
    let after = &rest[1..];
    if rest.starts_with(NUMBER) {
        // Columns of numbers have blanks in front.
        let text = text.trim_start_matches(' ');
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        return digits > 0 && matches(after, &text[digits..], is_end);
    }
    if after.is_empty() {
        return true;
    }
    text.char_indices()
        .map(|(end, _)| end)
        .chain([text.len()])
        .any(|end| matches(after, &text[end..], is_end))
}

/// The first word of a text: letters and digits, up to a hole or anything else. Empty if it begins with something else.
pub(super) fn first_word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}
