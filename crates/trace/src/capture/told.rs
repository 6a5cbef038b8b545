//! What a capture tells.

use machine::Instant;

use super::cable::Cable;
use super::timeline::ClockJump;
use crate::monitor::Violation;
use crate::record::Record;

/// Something that a capture tells.
#[derive(Debug)]
pub enum Told {
    /// Something happened on a cable.
    Happened {
        /// What. Times count from the first datagram, or from when the clock of a run showed zero.
        record: Record,
        /// Whether the capture says when. Otherwise the time is that of what was told before.
        is_timed: bool,
        /// The rules that it shows to be broken. Those are left out that what came before the capture, or what is
        /// missing in it, could explain. A cable is not judged if it is not clear which end is the IMP, or if its host
        /// has two. Where times are not known, only the form of messages is judged.
        violations: Vec<Violation>,
    },
    /// The clock of the capture was set, or so it seems. What the monitor knows of answers that are due, it forgets.
    Clock {
        /// When, on the clock that never runs backwards.
        at: Instant,
        /// What it did.
        jump: ClockJump,
    },
    /// A cable appears of which the beginning of the capture did not tell. It is not judged.
    NewCable {
        /// When.
        at: Instant,
        /// The cable.
        cable: Box<Cable>,
    },
}
