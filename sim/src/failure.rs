//! What went wrong in a run: at which step, when, and what was found instead.

use std::fmt;
use std::fmt::Write;

use machine::Instant;
use scenario::{Look, Note, Report};

/// So many failures are told in full; of the others it is told what they are.
pub(crate) const IN_FULL: usize = 20;

/// So many more are listed in a line each.
const LISTED: usize = 100;

/// A step that did not hold or could not be taken, a rule of the protocols that was broken, or a promise of the heading
/// that was not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The line of the scenario, the first being 1.
    pub line: usize,
    /// The statement as it was written.
    pub statement: String,
    /// When.
    pub at: Instant,
    /// Who has not done what, in a sentence.
    pub found: String,
    /// What was found instead, or why it was not waited for any longer, in a few words.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What else one wants to know: what a teletype printed last, what the hosts wait for.
    pub notes: Vec<Note>,
}

/// The kinds of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// An expectation did not hold. The run went on.
    Expectation,
    /// A step could not be taken. This and all below end the steps, but for a broken rule.
    Step,
    /// A step waited as long as it may.
    TimedOut,
    /// The run reached its limit.
    Limit,
    /// A step waited for something, and nothing more would ever have happened.
    Idle,
    /// The run was stopped from outside.
    Stopped,
    /// A rule of the protocols was broken.
    Rule,
    /// The heading says that something goes wrong which did not.
    Heading,
}

impl Failure {
    /// Whether it says this: what went wrong, the label, or a note. What notes quote are not its own words.
    pub(crate) fn says(&self, text: &str) -> bool {
        let notes = self.notes.iter().map(|note| note.about.as_str());
        [self.found.as_str(), self.label.as_str()].into_iter().chain(notes).any(|words| words.contains(text))
    }

    /// The failure as it is shown, at its line of this file.
    pub fn report(&self, file: &str) -> Report {
        let Failure { kind: _, line, statement, at, found, label, help, notes } = self;
        Report {
            message: found.clone(),
            file: file.to_owned(),
            line: *line,
            statement: statement.clone(),
            label: format!("at {at} s: {label}"),
            help: help.clone(),
            notes: notes.clone(),
        }
    }
}

impl fmt::Display for Failure {
    /// In one line: what was found, where, and when.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { line, statement, at, found, label, .. } = self;
        write!(f, "line {line}, `{statement}`, at {at} s: {found}: {label}")
    }
}

impl fmt::Debug for Failure {
    /// As it is reported: it is what a test shows that compares failures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Look::PLAIN.report(&self.report("text")))
    }
}

impl std::error::Error for Failure {}

/// All that went wrong in a run, in the order in which it did: at least one failure.
#[derive(Clone, PartialEq, Eq)]
pub struct Failures {
    /// What the text is called in which they are.
    source: String,
    failures: Vec<Failure>,
}

impl Failures {
    /// All right, unless there are failures in the text of this name.
    pub(crate) fn none_of(source: impl fmt::Display, failures: Vec<Failure>) -> Result<(), Failures> {
        if failures.is_empty() { Ok(()) } else { Err(Failures { source: source.to_string(), failures }) }
    }

    /// The first failure. What broke a rule is likely to be why a later step did not hold.
    pub fn first(&self) -> &Failure {
        &self.failures[0]
    }

    /// All failures, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter()
    }

    /// How many there are. Never zero.
    pub fn count(&self) -> usize {
        self.failures.len()
    }

    /// All failures with their lines of the file of this name, and how many there are. Of very many, the first are told in
    /// full, and some more in a line each.
    pub fn render(&self, file: &str, look: Look) -> String {
        let (full, others) = self.failures.split_at(self.failures.len().min(IN_FULL));
        let mut text = String::new();
        for failure in full {
            text.push_str(&look.report(&failure.report(file)));
            text.push('\n');
        }
        let listed = others.iter().take(LISTED).map(ToString::to_string);
        if !others.is_empty() {
            text.push_str(&look.note(&Note::new("these failed, too").quotes(listed)));
            if others.len() > LISTED {
                text.push_str(&look.note(&Note::new(format!("and {} more", others.len() - LISTED))));
            }
            text.push('\n');
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", counted(self.count()));
        text
    }
}

fn counted(failures: usize) -> String {
    if failures == 1 { "1 failure".to_owned() } else { format!("{failures} failures") }
}

impl fmt::Display for Failures {
    /// As [`render`](Failures::render) tells them, without colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&self.source, Look::PLAIN))
    }
}

impl fmt::Debug for Failures {
    /// As they are displayed: it is what a test shows that unwraps a verdict.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Failures {}
