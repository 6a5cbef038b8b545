//! Why a step could not be taken or did not hold.

use scenario::Note;

use crate::failure::FailureKind;

/// Why a step could not be taken or did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StepError {
    /// It cannot be taken. A sentence says why.
    Impossible(String),
    /// It could not be taken, or something is not as it says it should be; its label says what is there instead.
    Problem(Box<Problem>),
    /// What the step waits for does not come about, because of this.
    Timeout(WaitEnd, Box<Problem>),
}

/// What is said of a step that cannot be taken.
pub(crate) const IMPOSSIBLE: &str = "this cannot be done";

/// What is wrong, for a [`Failure`](crate::Failure).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Who has not done what, in a sentence.
    pub(crate) found: String,
    /// What was found instead, in a few words.
    pub(crate) label: String,
    pub(crate) evidence: Evidence,
}

/// What helps to find out why something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) help: Option<String>,
    pub(crate) notes: Vec<Note>,
}

/// Why something is not waited for any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaitEnd {
    /// The step has waited as long as it may.
    Within,
    /// The run has reached its limit.
    Limit,
    /// Nothing more would ever happen.
    Idle,
    /// The run was stopped.
    Stopped,
}

impl WaitEnd {
    pub(crate) fn kind(self) -> FailureKind {
        match self {
            WaitEnd::Within => FailureKind::TimedOut,
            WaitEnd::Limit => FailureKind::Limit,
            WaitEnd::Idle => FailureKind::Idle,
            WaitEnd::Stopped => FailureKind::Stopped,
        }
    }
}

impl Problem {
    pub(crate) fn new(found: impl Into<String>, label: impl Into<String>) -> Self {
        Problem { found: found.into(), label: label.into(), evidence: Evidence::default() }
    }
}

impl Evidence {
    /// Only a note.
    pub(crate) fn note(about: String) -> Self {
        Evidence { help: None, notes: vec![Note::new(about)] }
    }
}

impl From<Problem> for StepError {
    fn from(problem: Problem) -> Self {
        StepError::Problem(Box::new(problem))
    }
}

impl StepError {
    /// A step cannot be taken, and this is what to do about it.
    pub(crate) fn impossible(found: impl Into<String>, help: Option<String>) -> Self {
        let mut problem = Problem::new(found, IMPOSSIBLE);
        problem.evidence.help = help;
        problem.into()
    }

    /// What was waited for did not come about.
    pub(crate) fn timeout(end: WaitEnd, found: impl Into<String>) -> Self {
        StepError::Timeout(end, Box::new(Problem::new(found, "")))
    }

    /// The same error, if a step cannot be taken: nothing is as it says.
    pub(crate) fn into_problem(self) -> Self {
        match self {
            StepError::Impossible(found) => Problem::new(found, "this cannot be looked for").into(),
            StepError::Problem(_) | StepError::Timeout(..) => self,
        }
    }

    /// The same error, if something was waited for: it was this that did not come about.
    pub(crate) fn about(mut self, found: String) -> Self {
        if let StepError::Timeout(_, problem) = &mut self {
            problem.found = found;
        }
        self
    }

    /// The same error, if something was waited for, with a note on how far it has come.
    pub(crate) fn with_note(self, note: impl FnOnce() -> String) -> Self {
        self.with_evidence(|| Evidence::note(note()))
    }

    /// The same error, if something was waited for, with what helps to find out why it did not come about.
    pub(crate) fn with_evidence(mut self, evidence: impl FnOnce() -> Evidence) -> Self {
        if let StepError::Timeout(_, problem) = &mut self {
            problem.evidence = evidence();
        }
        self
    }
}
