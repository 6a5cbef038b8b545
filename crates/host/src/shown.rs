//! What the programs of a host show of their state, while somebody looks.

use std::collections::BTreeMap;

/// One thing that a program shows: what it is about, and rows of a name and a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// What it is about: `FTP server for SITE3`.
    pub title: String,
    /// What there is to know of it, in the order in which it is to stand.
    pub rows: Vec<(&'static str, String)>,
}

/// All that the programs of a watched host show, in the order in which they began to.
#[derive(Debug, Default)]
pub(crate) struct Boards {
    shown: BTreeMap<u64, Shown>,
    next: u64,
}

impl Boards {
    /// A program begins to show something. Returns the number of its place.
    pub(crate) fn begin(&mut self, mut shown: Shown) -> u64 {
        // Two of one name must be told apart.
        let name = shown.title.clone();
        let mut count = 1;
        while self.shown.values().any(|other| other.title == shown.title) {
            count += 1;
            shown.title = format!("{name} ({count})");
        }
        let number = self.next;
        self.next += 1;
        self.shown.insert(number, shown);
        number
    }

    /// What is shown at a place, unless a crash has taken it away.
    pub(crate) fn at(&mut self, number: u64) -> Option<&mut Shown> {
        self.shown.get_mut(&number)
    }

    /// Nothing more is shown at a place.
    pub(crate) fn end(&mut self, number: u64) {
        self.shown.remove(&number);
    }

    /// Forgets what was shown. No number is given twice, so that what is still held of it changes nothing.
    pub(crate) fn forget(&mut self) {
        self.shown.clear();
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Shown> {
        self.shown.values().filter(|shown| !shown.rows.is_empty())
    }
}
