//! Where the monitor listens to each cable, and what can be known from there.

use std::sync::Arc;

use imp1822::HostAddress;
use imp1822::h316::Trouble;

use super::rule::{Evidence, Rule};

/// Where a host's cable is listened to.
///
/// A cable of datagrams may lose some. Their sequence numbers show the loss to the receiver and to taps downstream of
/// it; the sender and taps upstream never learn of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TapPoint {
    /// A simulated cable: everything on it is seen from the beginning, and nothing gets lost.
    Lossless,
    /// Datagrams, seen at the IMP: what the IMP says may get lost behind the tap.
    AtImp,
    /// Datagrams, seen at the host from its start: what the host says may get lost behind the tap.
    AtHost,
    /// Datagrams, seen on their way from some moment on, as by a capture.
    InTransit,
    /// The cable is not seen: what the host says is known only from where it arrives.
    Absent,
}

impl TapPoint {
    /// Whether what is recorded as received has reached the host, or the host knows that it has not.
    pub(super) fn sees_host_end(self) -> bool {
        match self {
            TapPoint::Lossless | TapPoint::AtHost => true,
            TapPoint::AtImp | TapPoint::InTransit | TapPoint::Absent => false,
        }
    }

    /// Whether what is recorded as sent has reached the IMP.
    pub(super) fn sees_imp_end(self) -> bool {
        match self {
            TapPoint::Lossless | TapPoint::AtImp => true,
            TapPoint::AtHost | TapPoint::InTransit | TapPoint::Absent => false,
        }
    }

    /// Whether the host is known to begin without connections. Otherwise it may have any, until it says by an RST or
    /// RRP that it has none.
    pub(super) fn is_from_the_start(self) -> bool {
        match self {
            TapPoint::Lossless | TapPoint::AtHost => true,
            TapPoint::AtImp | TapPoint::InTransit | TapPoint::Absent => false,
        }
    }

    /// Whether it can be known from here that the host has broken a rule.
    pub(super) fn proves(self, rule: Rule) -> bool {
        match rule.evidence() {
            Evidence::Form | Evidence::Course | Evidence::Question => true,
            Evidence::Hearing => self.sees_host_end(),
            Evidence::OwnWords => self != TapPoint::Absent,
        }
    }
}

/// Whether this trouble on a cable of datagrams may mean that a message is missing.
pub(super) fn may_hide_a_message(trouble: Trouble) -> bool {
    match trouble {
        Trouble::Lost { .. }
        | Trouble::Cut { .. }
        | Trouble::TooLong
        | Trouble::NotReady { .. }
        | Trouble::WithoutBits
        | Trouble::OwnLineDown => true,
        // Datagrams that are dropped here were already counted as lost, or will be. A restart shows at the ready line.
        Trouble::Malformed(_)
        | Trouble::Old { .. }
        | Trouble::PeerRestarted
        | Trouble::EmptyLast
        | Trouble::OverLimit { .. } => false,
    }
}

/// Where each host's cable is listened to.
#[derive(Debug, Clone)]
pub(super) struct TapPoints(Arc<[TapPoint; HOSTS]>);

/// So many numbers hosts can have.
const HOSTS: usize = 256;

impl TapPoints {
    /// The same tap for all hosts, but for some.
    pub(super) fn new(all: TapPoint, but: impl IntoIterator<Item = (HostAddress, TapPoint)>) -> Self {
        let mut taps = [all; HOSTS];
        for (host, tap) in but {
            taps[usize::from(host.number())] = tap;
        }
        TapPoints(Arc::new(taps))
    }

    /// The tap at the cable of a host.
    pub(super) fn of(&self, host: HostAddress) -> TapPoint {
        self.0[usize::from(host.number())]
    }
}
