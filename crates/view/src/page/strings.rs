//! Texts that occur often stand in a page once.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_128;

/// Texts by their numbers.
#[derive(Default)]
pub(super) struct Strings {
    /// By a hash of the text, which is compared faster than long texts are.
    numbers: BTreeMap<u128, usize>,
    all: Vec<String>,
}

impl Strings {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> usize {
        let all = &mut self.all;
        *self.numbers.entry(xxh3_128(text.as_bytes())).or_insert_with(|| {
            all.push(text.to_owned());
            all.len() - 1
        })
    }

    /// All of them, each in the place of its number.
    pub(super) fn into_all(self) -> Vec<String> {
        self.all
    }
}
