//! What is said of a record: plain data.

use imp1822::HostAddress;

/// What there is to say of one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explanation {
    /// What happens: one paragraph for each thing that the [moment](crate::sheet::Moment) says, in the same order; at least one,
    /// if there is anything to say.
    pub said: Vec<String>,
    /// Why it happens now. May be empty.
    pub why: String,
    /// Whether it has waited for its turn, so that it is not as it mostly is.
    pub has_waited: bool,
    /// What is in the tables afterwards that was not before: of the host where it happens; and of a message, of the host that
    /// it reaches, when it has.
    pub after: Vec<Belief>,
    /// Where that is written.
    pub sources: Vec<Source>,
}

/// What a host believes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belief {
    /// The host.
    pub host: HostAddress,
    /// From which record on.
    pub since: u64,
    /// What, in plain words.
    pub what: String,
    /// Whether it is how much may be sent, or has not been read or not arrived: the arithmetic of the NCPs, which each message
    /// of text changes.
    pub is_count: bool,
}

/// Where something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Document, section or page.
    pub at: &'static str,
    /// The row of the registry of clauses that says it in our words, if one does: its name, and what it says.
    pub clause: Option<(&'static str, &'static str)>,
}
