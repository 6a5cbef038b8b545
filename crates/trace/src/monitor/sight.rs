//! What a monitor sees of the cables, and what can be known from there.

use std::sync::Arc;

use imp1822::HostAddress;
use imp1822::h316::Trouble;

use super::Rule;
use super::rule::Evidence;

/// How a host's cable is listened to.
///
/// A cable of datagrams may lose some. Their numbers tell whoever they are for, and whoever listens behind the place where
/// they get lost; nobody else ever learns of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything on it is seen from the beginning, and nothing gets lost: a simulated cable.
    Whole,
    /// Datagrams, heard at their IMP: what the IMP says may get lost behind the monitor's back.
    AtImp,
    /// Datagrams, heard at their host from its start: what the host says may get lost behind the monitor's back.
    AtHost,
    /// Datagrams, heard on their way and from some moment on, as by a capture.
    Between,
    /// Nothing is seen of it: what the host says is heard where it arrives.
    Unseen,
}

impl Sight {
    /// Whether what is on record as received has reached the host, or the host knows that it has not.
    pub(super) fn host_hears(self) -> bool {
        match self {
            Sight::Whole | Sight::AtHost => true,
            Sight::AtImp | Sight::Between | Sight::Unseen => false,
        }
    }

    /// Whether what is on record as sent has reached the IMP.
    pub(super) fn imp_hears(self) -> bool {
        match self {
            Sight::Whole | Sight::AtImp => true,
            Sight::AtHost | Sight::Between | Sight::Unseen => false,
        }
    }

    /// Whether the host is known to have had no connections before. Otherwise it may have any, until it says that it
    /// has none.
    pub(super) fn is_from_the_start(self) -> bool {
        match self {
            Sight::Whole | Sight::AtHost => true,
            Sight::AtImp | Sight::Between | Sight::Unseen => false,
        }
    }

    /// Whether it can be known that a host has broken a rule.
    pub(super) fn shows(self, rule: Rule) -> bool {
        match rule.evidence() {
            Evidence::Form | Evidence::Course | Evidence::Question => true,
            Evidence::Hearing => self.host_hears(),
            Evidence::OwnWords => self != Sight::Unseen,
        }
    }
}

/// Whether a message may be missing because of this trouble.
pub(super) fn is_gap(trouble: Trouble) -> bool {
    match trouble {
        Trouble::Lost { .. }
        | Trouble::Cut { .. }
        | Trouble::TooLong
        | Trouble::NotReady { .. }
        | Trouble::Unsent { .. } => true,
        // What is dropped was given up before, or will be missed; a restart is told by the ready line.
        Trouble::Malformed(_)
        | Trouble::Old { .. }
        | Trouble::PeerRestarted
        | Trouble::EmptyLast
        | Trouble::OverLimit { .. } => false,
    }
}

/// How each host's cable is listened to.
#[derive(Debug, Clone)]
pub(super) struct Sights(Arc<[Sight]>);

impl Sights {
    pub(super) fn new(all: Sight, but: impl IntoIterator<Item = (HostAddress, Sight)>) -> Self {
        let mut sights = vec![all; 256];
        for (host, sight) in but {
            sights[usize::from(host.number())] = sight;
        }
        Sights(sights.into())
    }

    pub(super) fn of(&self, host: HostAddress) -> Sight {
        self.0[usize::from(host.number())]
    }
}
