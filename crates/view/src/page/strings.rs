//! Texts that occur often stand in a page once.

use std::collections::BTreeMap;

/// Texts by their numbers.
#[derive(Default)]
pub(super) struct Strings {
    numbers: BTreeMap<String, usize>,
    all: Vec<String>,
}

impl Strings {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.all.len();
        self.numbers.insert(text.to_owned(), number);
        self.all.push(text.to_owned());
        number
    }

    /// All of them, each in the place of its number.
    pub(super) fn into_all(self) -> Vec<String> {
        self.all
    }
}
