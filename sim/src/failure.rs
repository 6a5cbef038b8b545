//! What went wrong in a run, and at which step.

use std::fmt::{self, Write};

use machine::Instant;

/// A step that did not hold or could not be taken, or a rule of the protocols that was broken.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line of the scenario, the first being 1.
    pub line: usize,
    /// The statement as it was written.
    pub statement: String,
    /// When.
    pub at: Instant,
    /// What was found instead.
    pub found: String,
    /// What the hosts were waiting for, if the run was stuck; or where to look, and what may help.
    pub waiting: Vec<String>,
}

impl Failure {
    /// Whether what went wrong is put into these words, here or in a note below it.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.found.contains(text) || self.waiting.iter().any(|line| line.contains(text))
    }

    /// The failure as a compiler would tell it: what was found, the place in the file `source`, the statement there,
    /// and the notes. With `color`, in a terminal's colours.
    pub fn render(&self, source: &str, color: bool) -> String {
        let (bad, strong, plain) = if color { ("\x1b[1;31m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
        let Failure { line, statement, at, found, waiting } = self;
        let gutter = line.to_string().len();
        let mut text = format!("{bad}failed{plain}{strong}: {}{plain}\n", found.replace('\n', "\n  "));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:gutter$}--> {source}:{line}, at {at} s", "");
        let _ = writeln!(text, "{:gutter$} |\n{line} | {statement}\n{:gutter$} |", "", "");
        waiting.iter().for_each(|line| {
            let _ = writeln!(text, "{:gutter$} = {line}", "");
        });
        text
    }
}

impl fmt::Display for Failure {
    /// In one line: what was found, where, and when.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { line, statement, at, found, waiting: _ } = self;
        write!(f, "line {line}, `{statement}`, at {at} s: {}", found.replace('\n', "; "))
    }
}

impl fmt::Debug for Failure {
    /// As [`render`](Failure::render) tells it: it is what a test shows that compares verdicts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render("text", false))
    }
}

impl std::error::Error for Failure {}
