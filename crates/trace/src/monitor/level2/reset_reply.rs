//! Whether a host waits for the answer to its RST: until that has come, what its partner asks for may come to nothing.

use machine::{Instant, Span};

/// What is to be done "quickly" (NIC 8246 gives no time) is late after a minute: the shortest of the periods after
/// which hosts give each other up (III, Connection Termination, p. 17).
pub(super) const QUICKLY: Span = Span::from_secs(60);

/// A host may count from when it has given a command to be sent. One that is slow puts that on its cable a moment later.
pub(super) const A_MOMENT: Span = Span::from_millis(500);

/// Whether a host waits for the answer to its RST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum ResetReply {
    /// It does not.
    #[default]
    No,
    /// It does.
    Awaited,
    /// A fault may have taken the RST or its answer. The host waits for that until it goes on by itself.
    Perhaps { since: Instant },
}

impl ResetReply {
    /// Whether what the partner asks for now may come to nothing, because it comes before the RRP.
    pub(super) fn may_be_awaited(self, now: Instant) -> bool {
        match self {
            ResetReply::No => false,
            ResetReply::Awaited => true,
            ResetReply::Perhaps { since } => now.since(since) <= QUICKLY,
        }
    }

    /// A fault may have taken the RST or its answer.
    pub(super) fn strike(&mut self, now: Instant) {
        if *self == ResetReply::Awaited {
            *self = ResetReply::Perhaps { since: now };
        }
    }

    /// Who has forgotten its connections does not wait; but it may, where a fault has struck.
    pub(super) fn doubt(&mut self) {
        if *self == ResetReply::Awaited {
            *self = ResetReply::No;
        }
    }

    /// The host goes on: it asks for a connection itself.
    pub(super) fn goes_on(&mut self) {
        if *self != ResetReply::Awaited {
            *self = ResetReply::No;
        }
    }
}
