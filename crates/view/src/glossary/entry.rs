//! An entry of the glossary: what a word is, what it means, and where it is seen.

use std::borrow::Cow;
use std::fmt;

use trace::Lens;

/// Text that stands in the program, or was put together from one of its tables.
pub type Text = Cow<'static, str>;

/// What stands for a number in a name: `SOCKET #: refused`.
pub(super) const NUMBER: char = '#';

/// What stands for any text in a name, also for none: `NOT DONE: *`.
pub(super) const ANYTHING: char = '*';

/// Something that a transcript can show, explained to somebody who knows the networks of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called, as a transcript has it where it has it. A `#` stands for a number, and a `*` for any text.
    pub name: Text,
    /// What else it is called.
    pub others: Vec<Text>,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What it means, in one sentence to four.
    pub says: Text,
    /// Document, and section or page; in what is no protocol, who says so.
    pub source: Text,
    /// What it looks like in a transcript, if there is something to see: who, two blanks, and what.
    pub looks: &'static str,
    /// A scenario of the library whose transcript has this line, and the lens that shows it.
    pub shown: Option<Shown>,
    /// The names of other entries.
    pub related: &'static [&'static str],
}

/// Where something is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The name of the scenario.
    pub scenario: &'static str,
    /// The lens that shows it.
    pub lens: Lens,
}

/// Makes the kinds of entries of rows: the word for one, the word for all of them, and the heading.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $one:literal, $all:literal, $heading:literal;)+) => {
        /// What kind of thing an entry is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[doc = $doc])* $kind,)+
        }

        impl Kind {
            /// Every kind, in the order in which they are listed.
            pub const ALL: &[Kind] = &[$(Kind::$kind),+];

            /// The word for one entry of this kind.
            pub const fn one(self) -> &'static str {
                match self { $(Kind::$kind => $one,)+ }
            }

            /// The word by which all entries of this kind are asked for.
            pub const fn all(self) -> &'static str {
                match self { $(Kind::$kind => $all,)+ }
            }

            /// What stands above all entries of this kind.
            pub const fn heading(self) -> &'static str {
                match self { $(Kind::$kind => $heading,)+ }
            }
        }
    };
}

kinds! {
    /// What the parts of the network are called, and how they do what they do.
    Term = "term", "terms", "TERMS";
    /// What a host says to its IMP.
    ToImp = "message of a host to its IMP", "to-imp", "WHAT A HOST SAYS TO ITS IMP";
    /// What an IMP says to its host.
    FromImp = "message of an IMP to its host", "from-imp", "WHAT AN IMP SAYS TO ITS HOST";
    /// What crosses the lines between the IMPs.
    ImpToImp = "message of an IMP to an IMP", "imp-to-imp", "WHAT CROSSES THE LINES BETWEEN THE IMPS";
    /// A control command of level 2.
    Ncp = "control command of an NCP", "ncp", "CONTROL COMMANDS BETWEEN NCPS";
    /// How a connection stands, and why it is over.
    State = "state of a connection, or its end", "states", "HOW A CONNECTION STANDS, AND WHY IT IS OVER";
    /// A command of the file transfer protocol.
    FtpCommand = "FTP command", "ftp", "COMMANDS OF FTP";
    /// What an FTP server answers.
    FtpReply = "FTP reply", "replies", "REPLIES OF FTP";
    /// A parameter of a transfer, or an edition of the protocol.
    FtpParameter = "parameter of FTP", "parameters", "PARAMETERS AND EDITIONS OF FTP";
    /// What a person types.
    Typed = "command at a teletype", "typed", "WHAT IS TYPED";
    /// What a program prints.
    Printed = "what a program prints", "printed", "WHAT PROGRAMS PRINT";
    /// What the control center prints, and what IMPs report to it.
    Center = "word of the control center", "center", "REPORTS, AND WHAT THE CONTROL CENTER PRINTS";
    /// A heading of a table.
    Column = "heading of a table", "columns", "HEADINGS OF TABLES";
    /// A rule or an advice of the monitor.
    Rule = "rule of the monitor", "rules", "WHAT THE MONITOR JUDGES BY";
    /// What runs on a host.
    System = "system of a host", "systems", "SYSTEMS OF HOSTS";
    /// How an NCP does what is left to it.
    Policy = "policy of an NCP", "policies", "POLICIES OF AN NCP";
    /// Which part of what happened is shown.
    Lens = "lens", "lenses", "LENSES";
    /// A word of the scenario language.
    Language = "word of the scenario language", "language", "WORDS OF THE SCENARIO LANGUAGE";
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.one())
    }
}

/// A row: an entry that is written by hand.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub name: &'static str,
    pub others: &'static [&'static str],
    pub kind: Kind,
    pub says: &'static str,
    pub source: &'static str,
    pub looks: &'static str,
    pub shown: Option<Shown>,
    pub related: &'static [&'static str],
}

impl From<&Row> for Entry {
    fn from(row: &Row) -> Entry {
        let Row { name, others, kind, says, source, looks, shown, related } = *row;
        let others = others.iter().map(|other| Cow::Borrowed(*other)).collect();
        Entry {
            name: name.into(),
            others,
            kind,
            says: says.into(),
            source: source.into(),
            looks,
            shown,
            related,
        }
    }
}

/// A meaning as a sentence: tables have it without a capital and without a full stop.
pub(super) fn sentence(meaning: &str) -> String {
    let mut letters = meaning.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

/// Makes rows of one kind: name, other names, what it means, its source; a line of a transcript, and which scenario shows
/// it through which lens; related entries.
macro_rules! rows {
    ($kind:ident: $(
        $name:literal [$($other:literal),*] $says:literal, $source:literal
        $(, $looks:literal $(in $scenario:literal $lens:ident)?)?
        $(; see $($see:literal),+)?;
    )+) => {
        &[$($crate::glossary::entry::Row {
            name: $name,
            others: &[$($other),*],
            kind: $crate::glossary::entry::Kind::$kind,
            says: $says,
            source: $source,
            looks: rows!(looks $($looks)?),
            shown: rows!(shown $($($scenario $lens)?)?),
            related: &[$($($see),+)?],
        }),+]
    };
    (looks) => { "" };
    (looks $looks:literal) => { $looks };
    (shown) => { None };
    (shown $scenario:literal $lens:ident) => {
        Some($crate::glossary::entry::Shown { scenario: $scenario, lens: trace::Lens::$lens })
    };
}

pub(super) use rows;
