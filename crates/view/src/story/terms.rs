//! The words that nobody knows from TCP/IP: each is explained where it is first met.

use crate::glossary::{Entry, called};

/// The words without which the rest cannot be read, by the names of their entries in the glossary.
const NEEDED: [&str; 20] = [
    "IMP",
    "TIP",
    "TENEX",
    "NCP",
    "RSEXEC",
    "ICP",
    "socket",
    "link",
    "control link",
    "RTS",
    "STR",
    "ALL",
    "CLS",
    "allocation",
    "RFNM",
    "ready line",
    "leader",
    "padding",
    "packet",
    "routing",
];

/// At most so many are explained at one step: the others wait for the next one that has them.
const AT_ONCE: usize = 2;

/// What has been explained.
#[derive(Debug, Default)]
pub(super) struct Terms {
    met: Vec<&'static str>,
}

impl Terms {
    /// The entries of the words that this text has, and that no text before it had.
    pub(super) fn first_met(&mut self, text: &str) -> Vec<&'static Entry> {
        let new = NEEDED.into_iter().filter(|term| !self.met.contains(term) && has(text, term));
        let new: Vec<&str> = new.take(AT_ONCE).collect();
        self.met.extend(&new);
        new.into_iter().filter_map(|term| called(term).into_iter().find(|entry| entry.name == term)).collect()
    }
}

/// Whether a text has a word, or several of it.
fn has(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let behind = &text[at + word.len()..];
        let behind = behind.strip_prefix('s').unwrap_or(behind);
        let is_letter = |c: char| c.is_alphanumeric();
        !text[..at].ends_with(is_letter) && !behind.starts_with(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_needed_has_its_entry_and_is_explained_once() {
        let text = NEEDED.join(", ");
        let mut terms = Terms::default();
        let mut met = Vec::new();
        for _ in 0..NEEDED.len() {
            met.extend(terms.first_met(&text).into_iter().map(|entry| entry.name.as_ref()));
        }
        assert_eq!(met, NEEDED);
    }

    #[test]
    fn a_word_within_another_is_not_met() {
        assert!(has("two links of IMP 3's", "link") && has("the IMPs", "IMP"));
        assert!(!has("a blink, SIMPLE", "link") && !has("SIMPLE", "IMP") && !has("linked", "link"));
    }
}
