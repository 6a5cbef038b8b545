//! What is said of the whole run: what breaks meanwhile, and what must hold whatever happens.

use machine::Instant;

use super::action::{Action, Expectation};

/// Something that breaks or heals at a time of the run, whatever the steps wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile {
    /// When. What has the same time happens in the order of the file; the order of times is free.
    pub at: Instant,
    /// A fault, or a host that crashes or restarts.
    pub action: Action,
    /// Its line in the file, the first being 1.
    pub line: usize,
    /// The line as written, trimmed.
    pub source: String,
}

/// What must hold of the whole run. It gives no names to numbers and uses none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// When it must hold.
    pub when: ConditionWhen,
    /// What must hold.
    pub what: ConditionWhat,
    /// Its line in the file, the first being 1.
    pub line: usize,
    /// The line as written, trimmed.
    pub source: String,
}

/// When a condition must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionWhen {
    /// At each moment of the run.
    Always,
    /// At no moment of the run.
    Never,
    /// When the run is over: every step is done, and everything has come to rest.
    AtTheEnd,
    /// At some moment of some run of a sweep. A single run may do without.
    Sometimes,
}

/// What a condition is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionWhat {
    /// What may be expected of a moment.
    Expectation(Expectation),
    /// What users were told agrees with the files. At the end only.
    ToldTheTruth,
    /// No host and no IMP holds what nobody owns. At the end only.
    NothingLeft,
    /// Every program has ended, or waits for its user. At the end only.
    EveryProgramDone,
    /// If the scenario breaks nothing, nothing has gone wrong between hosts. At the end only.
    NothingByItself,
}
