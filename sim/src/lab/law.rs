//! The laws of the laboratory.

/// What must hold of every run, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Nothing panics.
    NoPanic,
    /// What users were told of files agrees with the files.
    Truth,
    /// The monitor has seen nothing that no fault explains.
    Monitor,
    /// What the scenario itself demands.
    Demand,
    /// Every program is done, or waits for its user.
    Done,
    /// Nothing is left that nobody owns.
    NothingLeft,
    /// Where nothing is broken, nothing goes wrong between hosts.
    NothingByItself,
    /// What nothing disturbs is done.
    Undisturbed,
    /// The same seed gives the same run.
    SameAgain,
}
