//! A host's cable, as far as the monitor knows its ends, and the form of what an IMP says on it.

use std::collections::VecDeque;

use imp::{Mishap, Toward};
use imp1822::{FromImp, Leader};
use machine::{Bits, Instant};

use super::sight::Sight;

/// How many NOPs come before an interface reset (RFC 394).
pub(super) const NOPS: u8 = 3;

/// The host's end of a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostEnd {
    /// It was not listened to.
    Unheard,
    Down,
    /// The ready line is up; a NOP must come first.
    Silent,
    /// It says NOPs, though its ready line has not dropped.
    Greeting,
    Speaking,
}

/// The IMP's end of a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImpEnd {
    Down,
    /// The ready line has risen, and only so many NOPs have come since.
    Risen {
        nops: u8,
    },
    Speaking,
}

/// A host's cable.
#[derive(Debug, Clone)]
pub(super) struct Cable {
    pub(super) host: HostEnd,
    pub(super) imp: ImpEnd,
    /// How often a ready line has dropped, and when it last did.
    pub(super) cuts: u32,
    pub(super) cut_at: Option<Instant>,
    /// Until when the IMP may answer what was not heard.
    pub(super) unclear_until: Option<Instant>,
    /// How many NOPs the IMP has sent one after the other.
    pub(super) nops: u8,
    /// How many short messages and illegal types the IMP may still complain of.
    pub(super) short: u32,
    pub(super) illegal: u32,
    /// Whether the host's interface stands still.
    pub(super) hangs: bool,
    /// What happens to the next messages from the host.
    pub(super) mishaps: VecDeque<Mishap>,
    pub(super) excuses: Excuses,
    /// The last message for the host, while one is to be repeated.
    pub(super) last: Option<(Instant, Bits)>,
}

impl Cable {
    /// Something happens to the next message in one direction, for which no host and no IMP is to blame.
    pub(super) fn mishap(&mut self, toward: Toward, mishap: Mishap) {
        let Excuses { not_reached, reached_late, not_told, repeated } = &mut self.excuses;
        match (toward, mishap) {
            (Toward::Imp, mishap) => self.mishaps.push_back(mishap),
            (Toward::Host, Mishap::Lost) => {
                *not_reached += 1;
                *not_told += 1;
            }
            (Toward::Host, Mishap::Late(_)) => {
                *not_reached += 1;
                *reached_late += 1;
                *not_told += 1;
            }
            (Toward::Host, Mishap::Twice) => *repeated += 1,
            // Only an IMP notices.
            (Toward::Host, Mishap::LeaderError | Mishap::DataError) => {}
        }
    }

    /// A cable on which nothing has been heard yet.
    pub(super) fn new(sight: Sight) -> Self {
        let is_whole = sight == Sight::Whole;
        Cable {
            host: if is_whole { HostEnd::Down } else { HostEnd::Unheard },
            imp: ImpEnd::Down,
            cuts: 0,
            cut_at: None,
            unclear_until: None,
            nops: if is_whole { 0 } else { NOPS },
            short: 0,
            illegal: 0,
            hangs: false,
            mishaps: VecDeque::new(),
            excuses: Excuses::default(),
            last: None,
        }
    }
}

/// What may still be odd at a host because of what happened to messages for it. Which ones these were, only the cable
/// knows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Excuses {
    /// RFNMs to others for messages that have not reached the host.
    pub(super) not_reached: u32,
    /// Messages that reach it after their turn.
    pub(super) reached_late: u32,
    /// Answers that the host never gets.
    pub(super) not_told: u32,
    /// Signals that reach it twice, one right behind the other.
    pub(super) repeated: u32,
}

/// Uses up one of so many.
pub(super) fn use_up(left: &mut u32) -> bool {
    let some = *left > 0;
    *left -= u32::from(some);
    some
}

/// Whether an IMP's leader has zeros where it should, and a subtype that is defined. A regular message keeps the
/// leader of its sender, which is compared elsewhere.
pub(super) fn is_well_formed(leader: Leader, message: FromImp) -> bool {
    let subtypes = match message {
        // The sender's; or no type at all.
        FromImp::Regular { .. } | FromImp::Unknown(_) => return true,
        // The last sixteen bits say when and for how long.
        FromImp::GoingDown(_) => return is_plain(leader),
        FromImp::Nop | FromImp::Rfnm { .. } | FromImp::ErrorInData { .. } | FromImp::InterfaceReset => 0,
        FromImp::ErrorInLeader { .. } => 2,
        FromImp::DestinationDead { .. } => 1,
        FromImp::Incomplete { .. } => 4,
    };
    is_plain(leader) && leader.unused == 0 && leader.subtype <= subtypes
}

/// Whether the first four bits, which only mean something in messages with text, are zero.
fn is_plain(leader: Leader) -> bool {
    !(leader.priority || leader.for_imp || leader.trace || leader.octal)
}
