//! Texts that occur often stand in a page once.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// Texts by their numbers.
#[derive(Default)]
pub(super) struct Strings {
    /// The numbers, by hashes of the texts.
    numbers: HashTable<usize>,
    all: Vec<String>,
}

impl Strings {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> usize {
        let hash = |text: &str| xxh3_64(text.as_bytes());
        let all = &mut self.all;
        if let Some(number) = self.numbers.find(hash(text), |number| all[*number] == text) {
            return *number;
        }
        let number = all.len();
        all.push(text.to_owned());
        self.numbers.insert_unique(hash(text), number, |number| hash(&all[*number]));
        number
    }

    /// All of them, each in the place of its number.
    pub(super) fn into_all(self) -> Vec<String> {
        self.all
    }
}
