//! What a host hands out.

use imp1822::Signal;

use crate::Note;

/// What a host hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Onto the cable to the IMP.
    ToImp(Signal),
    /// Something that no cable shows.
    Note(Note),
}
