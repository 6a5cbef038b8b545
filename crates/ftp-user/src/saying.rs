//! What a program says at last to a command about a file, and what that claims of the file. A program prints what stands in
//! a row, so that whoever compares the files with what users were told reads the same words.

use std::fmt::Display;

/// What a user is told of the file that a command was to make, to replace or to append to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// All of it is there: what was sent, neither less nor more.
    Whole,
    /// Something is there, and it is not what was sent.
    NotWhole,
    /// Nothing has been changed.
    Untouched,
    /// Anything may be there.
    Unknown,
}

/// One row: words with holes, and what they claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saying {
    name: &'static str,
    words: &'static str,
    claim: Claim,
}

/// Stands in the words of a row for a number: one digit or more.
const NUMBER: char = '#';

/// Stands in the words of a row for any text, also for none.
const TEXT: char = '*';

impl Saying {
    /// A row: a short name for tables, the words as they are printed, with `#` for a number and `*` for any text, and the
    /// claim.
    pub const fn new(name: &'static str, words: &'static str, claim: Claim) -> Self {
        Saying { name, words, claim }
    }

    /// The short name, in small letters with hyphens. It does not change when the words do.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The words, with `#` where a number stands and `*` where any text does.
    pub const fn words(&self) -> &'static str {
        self.words
    }

    /// What the words claim.
    pub const fn claim(&self) -> Claim {
        self.claim
    }

    /// The words as they are printed, with what fills their holes, in order.
    pub fn with(&self, parts: &[&dyn Display]) -> String {
        let mut parts = parts.iter();
        let fill = |said: String, letter| match letter {
            NUMBER | TEXT => parts.next().map_or(said.clone(), |part| format!("{said}{part}")),
            letter => said + letter.encode_utf8(&mut [0; 4]),
        };
        self.words.chars().fold(String::new(), fill)
    }

    /// Whether a line is in these words.
    pub fn says(&self, line: &str) -> bool {
        fits(self.words, line)
    }
}

/// Whether a line is in the words of a row. No words have more than a few holes.
fn fits(words: &str, line: &str) -> bool {
    let Some(hole) = words.find([NUMBER, TEXT]) else { return words == line };
    let (before, rest) = words.split_at(hole);
    let Some(line) = line.strip_prefix(before) else { return false };
    let after = &rest[1..];
    if rest.starts_with(NUMBER) {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        return digits > 0 && fits(after, &line[digits..]);
    }
    line.char_indices().map(|(end, _)| end).chain([line.len()]).any(|end| fits(after, &line[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_its_words_whatever_fills_the_holes() {
        let row = Saying::new("x", "# BYTES OF * LEFT", Claim::Unknown);
        assert!(row.says(&row.with(&[&17, &"[SITE2]C.D"])));
        assert!(row.says("0 BYTES OF  LEFT"), "no text is a text");
        for other in ["BYTES OF A LEFT", "x1 BYTES OF A LEFT", "1 BYTES OF A LEFT.", " 1 BYTES OF A LEFT", ""]
        {
            assert!(!row.says(other), "{other:?}");
        }
        let plain = Saying::new("y", "APPENDED", Claim::Whole);
        assert!(plain.says("APPENDED") && !plain.says("NOT APPENDED") && !plain.says("APPENDED?"));
    }
}
