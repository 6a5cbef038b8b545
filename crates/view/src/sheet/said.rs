//! One thing that a record says, as a line of a transcript has it.

use trace::{Lens, Party};

/// One thing that a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The lens that shows it.
    pub lens: Lens,
    /// Its subject: `SITE1 types`, or sender and receiver.
    pub who: String,
    /// The host, IMP or program that sends, if something is sent.
    pub from: Option<Party>,
    /// The one that receives.
    pub to: Option<Party>,
    /// What, in the notation of the scenario language.
    pub what: String,
    /// What it means, in plain words. May be empty.
    pub meaning: String,
}
