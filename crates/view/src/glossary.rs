//! The glossary: what each word, command, code and rule that a transcript can show means, for somebody who knows the networks of
//! today and not that of 1973.
//!
//! [`entries`] are plain data. [`find`] looks one up by what it is called, or by a line in which it stands; [`met_in`] says
//! which of them stand in a line of a transcript, so that each can be explained where it is first met; [`readings`] says what a
//! number may be. What a table of the program says already, as of FTP's commands and the monitor's rules, is taken from there.

mod center;
mod entry;
mod language;
mod level1;
mod level2;
mod net_terms;
mod numbers;
mod pattern;
mod programs;
mod replies;
mod states;
mod systems;
mod transfer;
mod user_program;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use trace::Lens;

pub use entry::{Entry, Kind, Shown, Text};
pub use numbers::{Number, Reading, number, readings};

use pattern::{begins, first_word, fits};

/// All entries, kind by kind, each kind in the order of the alphabet.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let by_hand = [
        net_terms::ROWS,
        level2::TERMS,
        transfer::TERMS,
        programs::TERMS,
        center::TERMS,
        language::TERMS,
        level1::TO_IMP,
        level1::FROM_IMP,
        level1::BETWEEN,
        level2::COMMANDS,
        programs::TYPED,
        user_program::TYPED,
        center::CENTER,
        center::COLUMNS,
        systems::SYSTEMS,
        systems::POLICIES,
    ];
    let mut entries: Vec<Entry> = by_hand.into_iter().flatten().map(Entry::from).collect();
    entries.extend(states::entries());
    entries.extend(transfer::commands());
    entries.extend(replies::replies());
    entries.extend(transfer::parameters());
    entries.extend(programs::printed());
    entries.extend(language::words());
    entries.extend(language::lenses());
    entries.extend(language::rules());
    entries.sort_by_cached_key(|entry| (entry.kind, entry.name.to_lowercase()));
    entries
});

/// By which words they are found in a line.
static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(&ENTRIES));

/// What stands behind a name that another entry has, too, and what is not said with it.
const ASIDES: [&str; 8] = [
    " at a teletype",
    " of an NCP",
    " of an IMP",
    " (column)",
    " (lens)",
    " (system)",
    " (rule)",
    " (advice)",
];

/// All entries.
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The entries that a term means: those that are [`called`] so, else those that stand in it, if it is a line of a
/// transcript. Nothing if there is none.
pub fn find(term: &str) -> Vec<&'static Entry> {
    let found = called(term);
    let term = term.trim();
    if !found.is_empty() || !term.contains(' ') {
        return found;
    }
    let (who, what) = term.split_once("  ").unwrap_or(("", term));
    met(None, who, what)
}

/// The entries that are called so, in capitals or not, one of them or several; else those whose words with holes the term
/// fits.
pub fn called(term: &str) -> Vec<&'static Entry> {
    let key = key(term);
    let found = named(&key);
    if !found.is_empty() {
        return found;
    }
    let one = key.strip_suffix('s').map(named).unwrap_or_default();
    if !one.is_empty() {
        return one;
    }
    let term = term.trim();
    let is_in = |words: &str| words.contains(['#', '*']) && words.len() > 2 && fits(words, term);
    let fitting: Vec<&Entry> = ENTRIES.iter().filter(|entry| entry.signs().any(is_in)).collect();
    // What any text fits is told only if nothing else is.
    let closest = fitting.iter().map(|entry| entry.name.len()).max();
    fitting.into_iter().filter(|entry| Some(entry.name.len()) == closest).collect()
}

/// The entries that stand in a line of a transcript which this lens shows, from left to right.
pub fn met_in(lens: Lens, who: &str, what: &str) -> Vec<&'static Entry> {
    met(Some(lens), who, what.lines().next().unwrap_or_default())
}

/// The names by which entries can be asked for, those of kinds among them.
pub fn names() -> impl Iterator<Item = &'static str> {
    let of_entries = ENTRIES.iter().flat_map(|entry| entry.signs());
    of_entries.chain(Kind::ALL.iter().map(|kind| kind.all()))
}

/// The kind of which all entries are asked for by this word.
pub fn kind(word: &str) -> Option<Kind> {
    let word = key(word);
    Kind::ALL.iter().copied().find(|kind| kind.all() == word)
}

/// The entries of one kind.
pub fn of_kind(kind: Kind) -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().filter(move |entry| entry.kind == kind)
}

/// The entries that have this [`key`] among their names. There are few enough to look at each.
fn named(key: &str) -> Vec<&'static Entry> {
    let is_it = |name: &str| letters(name).eq(key.chars());
    // `NOT DONE: *` is asked for as `NOT DONE`.
    let without_hole = |sign: &str| {
        sign.ends_with(['*', '#', ' ', ':'])
            && is_it(sign.trim_end_matches(['*', '#', ' ']).trim_end_matches(':'))
    };
    let is_named =
        |entry: &&Entry| is_it(&entry.name) || entry.signs().any(|sign| is_it(sign) || without_hole(sign));
    ENTRIES.iter().filter(is_named).collect()
}

impl Entry {
    /// What it is called, without what tells it from another of that name, and what else.
    pub fn signs(&self) -> impl Iterator<Item = &str> {
        std::iter::once(bare(&self.name)).chain(self.others.iter().map(|other| bare(other)))
    }

    /// The name without what tells it from another of that name.
    pub fn bare_name(&self) -> &str {
        bare(&self.name)
    }
}

/// A name without what tells it from another of that name.
fn bare(name: &str) -> &str {
    ASIDES.iter().find_map(|aside| name.strip_suffix(aside)).unwrap_or(name)
}

/// A term as it is looked up: in small letters, with single blanks, without quotation marks around it.
fn key(term: &str) -> String {
    letters(term).collect()
}

/// The letters of a term as it is looked up.
fn letters(term: &str) -> impl Iterator<Item = char> {
    let term = term.trim().trim_matches(['`', '\'']);
    let unquoted = term.strip_prefix('"').and_then(|term| term.strip_suffix('"')).unwrap_or(term);
    let words = unquoted.split_whitespace().enumerate();
    words.flat_map(|(place, word)| {
        let blank = (place > 0).then_some(' ');
        blank.into_iter().chain(word.chars().flat_map(char::to_lowercase))
    })
}

/// A sign of an entry, and the place of that.
type Sign = (usize, &'static str);

/// What entries are found by in a line.
struct Index {
    /// The first word of each sign, as it is written, with the signs that begin with it.
    words: BTreeMap<&'static str, Vec<Sign>>,
    /// Signs that begin with a hole.
    open: Vec<Sign>,
}

impl Index {
    fn of(entries: &'static [Entry]) -> Self {
        let mut index = Index { words: BTreeMap::new(), open: Vec::new() };
        for (place, entry) in entries.iter().enumerate() {
            for sign in entry.signs() {
                match first_word(sign) {
                    "" => index.open.push((place, sign)),
                    word => index.words.entry(word).or_default().push((place, sign)),
                }
            }
        }
        index
    }
}

/// The entries that stand in a line `who  what`, which this lens shows; or any, if it is not known which one does.
fn met(lens: Option<Lens>, who: &str, what: &str) -> Vec<&'static Entry> {
    // Further lines of a reply are indented.
    let goes_on = lens == Some(Lens::Ftp) && what.starts_with(' ');
    let (who, what) = (who.trim(), what.trim_start());
    let place = Place { lens, is_typed: who.ends_with(" types") };
    let mut found = Vec::new();
    let mut take = |at: usize, index: usize, end: usize| {
        if !found.iter().any(|(_, known, _)| *known == index) {
            found.push((at, index, end));
        }
    };
    for (part, is_what) in [(who, false), (what, true)] {
        let behind_quote = if is_what { place.command(part) } else { 0 };
        for (at, _) in word_starts(part) {
            let text = &part[at..];
            let signs = INDEX.words.get(first_word(text)).into_iter().flatten();
            for (index, sign) in signs {
                let spot = match at {
                    _ if !is_what => Spot::Who,
                    0 if !goes_on => Spot::First,
                    at if at == behind_quote => Spot::Quoted,
                    _ => Spot::Within,
                };
                if place.has(&ENTRIES[*index], spot, text) && begins(sign, text) {
                    take(usize::from(is_what) * 1_000 + at, *index, sign.len());
                }
            }
        }
        for (index, sign) in INDEX.open.iter().filter(|_| is_what) {
            if place.has(&ENTRIES[*index], Spot::First, part) && sign.len() > 2 && fits(sign, part) {
                take(1_000, *index, sign.len());
            }
        }
    }
    // From left to right, and of those that begin together the longest first.
    found.sort_by_key(|(at, _, length)| (*at, usize::MAX - length));
    found.into_iter().filter_map(|(_, index, _)| ENTRIES.get(index)).collect()
}

/// Where a line stands, as far as that decides what its words mean.
#[derive(Clone, Copy)]
struct Place {
    lens: Option<Lens>,
    is_typed: bool,
}

impl Place {
    /// Where the command of the protocol begins that is quoted to a server, or the answer of a server that a program quotes.
    fn command(self, what: &str) -> usize {
        let quoted = what.strip_prefix("QUOTE ").filter(|_| self.is_typed || self.lens.is_none());
        let rest = quoted.or_else(|| what.strip_prefix('[')?.split_once("] ").map(|(_, rest)| rest));
        rest.map_or(0, |rest| what.len() - rest.len())
    }

    /// Whether this can stand at this spot, where this text begins.
    fn has(self, entry: &Entry, spot: Spot, text: &str) -> bool {
        let kind = entry.kind;
        // A number at the beginning of a row of a table has more than one blank behind it.
        let is_row = kind == Kind::FtpReply && text.get(3..5) == Some("  ");
        let Some(lens) = self.lens else { return kind != Kind::Rule && !is_row };
        let is_what = spot != Spot::Who;
        let (typed, seen) =
            (lens == Lens::Teletype && self.is_typed, lens == Lens::Teletype && !self.is_typed);
        match kind {
            Kind::Term => true,
            Kind::Ncp => lens == Lens::Ncp && spot == Spot::First,
            Kind::FtpCommand => lens == Lens::Ftp && spot == Spot::First || typed && spot == Spot::Quoted,
            Kind::FtpReply if is_row => false,
            Kind::FtpReply => {
                lens == Lens::Ftp && spot == Spot::First || seen && matches!(spot, Spot::First | Spot::Quoted)
            }
            Kind::FtpParameter => is_what && (lens == Lens::Ftp || lens == Lens::Teletype),
            Kind::State => is_what && (lens == Lens::Ftp || seen),
            Kind::Typed => typed && spot == Spot::First,
            // What a program quotes, it may say in small letters itself at the beginning of a line.
            Kind::Printed => {
                let is_loud = text.starts_with(|first: char| first.is_ascii_uppercase());
                seen && is_what && (spot == Spot::First || is_loud)
            }
            Kind::Center => is_what && (lens == Lens::Data || seen),
            Kind::Column => is_what && (lens == Lens::Measured || seen),
            Kind::ToImp => lens == Lens::Imp && spot == Spot::First,
            Kind::FromImp => is_what && (seen || matches!(lens, Lens::Imp | Lens::Trouble | Lens::Traffic)),
            Kind::ImpToImp => is_what && matches!(lens, Lens::Packets | Lens::Lines | Lens::Trouble),
            Kind::Language => match lens {
                Lens::Teletype | Lens::Host => !is_what,
                Lens::Trouble | Lens::Imp => true,
                _ => false,
            },
            Kind::Rule | Kind::System | Kind::Policy | Kind::Lens => false,
        }
    }
}

/// Where in a line a word begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// In who did it.
    Who,
    /// At the beginning of what happened.
    First,
    /// At the beginning of what is quoted there: to a server, or of one.
    Quoted,
    /// Elsewhere in what happened.
    Within,
}

/// Where the words of a text begin, and their first letters.
fn word_starts(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut before = ' ';
    text.char_indices().filter(move |(_, letter)| {
        let begins = !before.is_alphanumeric() && !letter.is_whitespace();
        before = *letter;
        begins
    })
}

#[cfg(test)]
mod tests;
