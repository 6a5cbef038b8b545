//! The two speakers on a cable.

/// The speaker in one direction of a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// The host.
    Host,
    /// The IMP.
    Imp,
}
