//! What runs reach: each state of a connection with each input, reply code, last word, rule that is broken, and answer of an IMP.
//! A sweep that reaches nothing proves nothing; so all that can be reached is listed, and what none of many runs has reached can be
//! told.
//!
//! ```
//! use sim::lab::reached::{Family, Mark, Tally};
//!
//! let tally = Tally::default();
//! assert!(tally.never().any(|mark| mark.to_string() == "reply 252"));
//! assert_eq!(Mark::all().filter(|mark| mark.family == Family::Rsexec).count(), rsexec::ENDINGS.len());
//! ```

use std::fmt;
use std::sync::LazyLock;

use ftp::ReplyCode;
use host::{Host, Note};
use imp1822::{Dead, FromImp, Incomplete, LeaderError, Signal};
use ncp::Cell;
use trace::{Record, Replies, Rule, What};

/// What kind of thing is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// A state of a connection that has met an input: [`ncp::Cell`].
    Ncp,
    /// A code with which an FTP server has replied: [`ftp::ReplyCode`].
    Reply,
    /// The last word of RSEXEC: [`rsexec::ENDINGS`].
    Rsexec,
    /// The last word of the user's FTP: [`ftp_user::ENDINGS`].
    FtpUser,
    /// A rule that was broken, or advice that was not followed: [`trace::Rule`].
    Rule,
    /// What an IMP has said to its host: [`imp1822::FromImp`], each subtype for itself.
    Imp,
}

impl Family {
    /// All families, in order.
    pub const ALL: [Family; 6] =
        [Family::Ncp, Family::Reply, Family::Rsexec, Family::FtpUser, Family::Rule, Family::Imp];

    /// A short name, which does not change.
    pub const fn name(self) -> &'static str {
        match self {
            Family::Ncp => "ncp",
            Family::Reply => "reply",
            Family::Rsexec => "rsexec",
            Family::FtpUser => "ftp-user",
            Family::Rule => "rule",
            Family::Imp => "imp",
        }
    }

    /// What its marks are, as a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Family::Ncp => "states of connections, and what they met",
            Family::Reply => "reply codes of FTP servers",
            Family::Rsexec => "last words of RSEXEC",
            Family::FtpUser => "last words of the user's FTP",
            Family::Rule => "rules that were broken",
            Family::Imp => "what IMPs say to hosts",
        }
    }
}

/// Something that a run can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its kind.
    pub family: Family,
    /// Its name within the family, which does not change.
    pub name: String,
    number: usize,
}

/// As `imp rfnm` or `ncp open-send cls`.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.family.name(), self.name)
    }
}

/// What an IMP says, by name, in the order of [`answer`].
const ANSWERS: [&str; 19] = [
    "regular",
    "fake-host",
    "leader-garbled",
    "leader-too-short",
    "leader-illegal-type",
    "going-down",
    "nop",
    "rfnm",
    "imp-dead",
    "host-dead",
    "fake-host-dead",
    "error-in-data",
    "host-tardy",
    "too-long",
    "too-slow",
    "lost",
    "no-resources",
    "interface-reset",
    "unknown",
];

/// The place of what an IMP says among [`ANSWERS`].
fn answer(message: FromImp) -> usize {
    match message {
        FromImp::Regular { .. } => 0,
        FromImp::FakeHost { .. } => 1,
        FromImp::ErrorInLeader { why: LeaderError::Garbled, .. } => 2,
        FromImp::ErrorInLeader { why: LeaderError::TooShort, .. } => 3,
        FromImp::ErrorInLeader { why: LeaderError::IllegalType, .. } => 4,
        FromImp::GoingDown(_) => 5,
        FromImp::Nop => 6,
        FromImp::Rfnm { .. } => 7,
        FromImp::DestinationDead { why: Dead::Imp, .. } => 8,
        FromImp::DestinationDead { why: Dead::Host, .. } => 9,
        FromImp::FakeHostDead { .. } => 10,
        FromImp::ErrorInData { .. } => 11,
        FromImp::Incomplete { why: Incomplete::HostTardy, .. } => 12,
        FromImp::Incomplete { why: Incomplete::TooLong, .. } => 13,
        FromImp::Incomplete { why: Incomplete::TooSlow, .. } => 14,
        FromImp::Incomplete { why: Incomplete::Lost, .. } => 15,
        FromImp::Incomplete { why: Incomplete::NoResources, .. } => 16,
        FromImp::InterfaceReset => 17,
        FromImp::ErrorInLeader { why: LeaderError::Unknown(_), .. }
        | FromImp::Incomplete { why: Incomplete::Unknown(_), .. }
        | FromImp::Unknown(_) => 18,
    }
}

/// The name of a rule, in the words of the code: `rfnm-too-early`.
fn rule_name(rule: Rule) -> String {
    let mut name = String::new();
    for letter in format!("{rule:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// All marks, in the order of the families, and where the marks of each family begin.
struct Register {
    marks: Vec<Mark>,
    first: [usize; Family::ALL.len()],
}

static REGISTER: LazyLock<Register> = LazyLock::new(|| {
    let mut register = Register { marks: Vec::new(), first: [0; Family::ALL.len()] };
    for family in Family::ALL {
        let first = register.marks.len();
        register.first[family as usize] = first;
        let names = family.names().into_iter().zip(first..);
        register.marks.extend(names.map(|(name, number)| Mark { family, name, number }));
    }
    register
});

impl Family {
    /// The names of its marks, in order.
    fn names(self) -> Vec<String> {
        match self {
            Family::Ncp => Cell::all().map(|cell| cell.to_string()).collect(),
            Family::Reply => ReplyCode::ALL.iter().map(ToString::to_string).collect(),
            Family::Rsexec => rsexec::ENDINGS.iter().map(|ending| ending.name().to_owned()).collect(),
            Family::FtpUser => ftp_user::ENDINGS.iter().map(|ending| ending.name().to_owned()).collect(),
            Family::Rule => Rule::ALL.iter().map(|rule| rule_name(*rule)).collect(),
            Family::Imp => ANSWERS.map(str::to_owned).into(),
        }
    }
}

impl Mark {
    /// Everything that can be reached, by family.
    pub fn all() -> impl Iterator<Item = &'static Mark> {
        REGISTER.marks.iter()
    }

    /// The mark of that name.
    pub fn named(family: Family, name: &str) -> Option<&'static Mark> {
        Mark::all().find(|mark| mark.family == family && mark.name == name)
    }
}

/// Room for all marks.
const WORDS: usize = 8;

/// What one run, or several, have reached: a set of marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached([u64; WORDS]);

impl Reached {
    /// Adds the mark that has this place in its family.
    fn set(&mut self, family: Family, place: usize) {
        let number = REGISTER.first[family as usize] + place;
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Whether the mark was reached that has this place in its family.
    fn at(&self, family: Family, place: usize) -> bool {
        let number = REGISTER.first[family as usize] + place;
        self.0[number / 64] & 1 << (number % 64) != 0
    }

    /// Whether this was reached.
    pub fn has(&self, mark: &Mark) -> bool {
        self.0[mark.number / 64] & 1 << (mark.number % 64) != 0
    }

    /// What was reached, in the order of [`Mark::all`].
    pub fn marks(&self) -> impl Iterator<Item = &'static Mark> + '_ {
        Mark::all().filter(|mark| self.has(mark))
    }

    /// Adds a mark.
    pub fn add(&mut self, mark: &Mark) {
        self.0[mark.number / 64] |= 1 << (mark.number % 64);
    }

    /// Adds what others have reached.
    pub fn merge(&mut self, other: &Reached) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }
}

/// By how many runs each mark was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// How many runs there were.
    pub runs: u64,
    by_mark: Vec<u64>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { runs: 0, by_mark: vec![0; REGISTER.marks.len()] }
    }
}

impl Tally {
    /// Counts a run.
    pub fn add(&mut self, reached: &Reached) {
        self.runs += 1;
        reached.marks().for_each(|mark| self.by_mark[mark.number] += 1);
    }

    /// Counts the runs of another tally.
    pub fn merge(&mut self, other: &Tally) {
        self.runs += other.runs;
        self.by_mark.iter_mut().zip(&other.by_mark).for_each(|(count, other)| *count += other);
    }

    /// Says that so many runs have reached a mark, as a file of an earlier sweep does.
    pub fn set(&mut self, mark: &Mark, runs: u64) {
        self.by_mark[mark.number] = runs;
    }

    /// How many runs have reached a mark.
    pub fn of(&self, mark: &Mark) -> u64 {
        self.by_mark[mark.number]
    }

    /// All marks with the number of runs, in the order of [`Mark::all`].
    pub fn rows(&self) -> impl Iterator<Item = (&'static Mark, u64)> + '_ {
        Mark::all().zip(self.by_mark.iter().copied())
    }

    /// What no run has reached.
    pub fn never(&self) -> impl Iterator<Item = &'static Mark> + '_ {
        self.rows().filter(|(_, runs)| *runs == 0).map(|(mark, _)| mark)
    }
}

/// Finds out what a run reaches, from its records.
#[derive(Debug, Clone, Default)]
pub struct Collector {
    replies: Replies,
    reached: Reached,
    sessions: Sessions,
}

/// How many users FTP servers have greeted, and to how many they have said goodbye.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sessions {
    /// So many were greeted.
    pub greeted: usize,
    /// So many have said BYE and were answered.
    pub left: usize,
}

impl Collector {
    /// Takes the next record.
    pub fn take(&mut self, record: &Record) {
        let Collector { replies, reached, sessions } = self;
        match &record.what {
            What::Sent { host, signal } => replies.sent(*host, signal, |code| {
                sessions.greeted += usize::from(code == ReplyCode::GREETING);
                sessions.left += usize::from(code == ReplyCode::LOGGED_OUT);
                // One that no document assigns has no mark.
                if let Ok(place) = ReplyCode::ALL.binary_search(&code) {
                    reached.set(Family::Reply, place);
                }
            }),
            What::Received { signal: Signal::Message(bits), .. } => {
                if let Ok(message) = FromImp::parse(bits) {
                    reached.set(Family::Imp, answer(message));
                }
            }
            What::Note { note: Note::Printed(line), .. } => {
                let families = [(Family::Rsexec, &rsexec::ENDINGS[..]), (Family::FtpUser, ftp_user::ENDINGS)];
                for (family, endings) in families {
                    let place = endings.iter().position(|ending| ending.says(line));
                    place.into_iter().for_each(|place| reached.set(family, place));
                }
            }
            What::Note { .. } | What::Received { .. } | What::Cable { .. } | What::Packet(_) => {}
            What::Fault(_) | What::Struck { .. } | What::Notice { .. } | What::Step { .. } => {}
            What::Measured(_) => {}
        }
    }

    /// How users of FTP servers came and went.
    pub fn sessions(&self) -> Sessions {
        self.sessions
    }

    /// Whether an IMP has thrown a message away because a host or the net was too slow for it.
    pub fn has_met_slowness(&self) -> bool {
        met_slowness(&self.reached)
    }

    /// The run is over: what it has reached. `broken`: the rules that were broken, and the advice that was not followed.
    pub fn finish<'a>(
        self,
        hosts: impl IntoIterator<Item = &'a Host>,
        broken: impl IntoIterator<Item = Rule>,
    ) -> Reached {
        let mut reached = self.reached;
        let mut cells = ncp::Reached::default();
        hosts.into_iter().for_each(|host| cells.add(&host.reached()));
        for (place, _) in Cell::all().enumerate().filter(|(_, cell)| cells.has(*cell)) {
            reached.set(Family::Ncp, place);
        }
        broken.into_iter().for_each(|rule| reached.set(Family::Rule, rule as usize));
        reached
    }
}

/// Whether a host or the net was too slow for what it was to carry: IMPs have thrown messages away.
pub(super) fn met_slowness(reached: &Reached) -> bool {
    let mut slow = ["host-tardy", "too-slow", "no-resources"].into_iter();
    slow.any(|name| has_said(reached, name))
}

/// Whether an IMP was out of reach of another: lines over which too little came were taken for dead.
pub(super) fn was_cut_off(reached: &Reached) -> bool {
    has_said(reached, "imp-dead")
}

/// Whether an IMP has said this to a host.
fn has_said(reached: &Reached, name: &str) -> bool {
    ANSWERS.iter().position(|answer| *answer == name).is_some_and(|place| reached.at(Family::Imp, place))
}

#[cfg(test)]
mod tests;
