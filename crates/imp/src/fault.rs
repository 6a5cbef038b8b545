//! What breaks and heals, besides the hosts that stop and start as a whole.

use imp1822::{GoingDown, HostAddress};

use crate::cable::{Mishap, Toward};

/// Something breaks or heals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum Fault {
    /// The line between two neighbouring IMPs carries nothing any more. What is on it is lost; its ends find out when
    /// they miss each other's routing messages.
    LineFails { between: [u8; 2] },
    /// The line carries again.
    LineHeals { between: [u8; 2] },
    /// The line gets one bit in `one_in` wrong, in either direction; with `None`, none.
    LineErrs { between: [u8; 2], one_in: Option<u64> },
    /// The IMP stops without notice. What is in it, and on its way from it, is lost; its hosts see its ready line go
    /// down. The other IMPs find out when they miss its routing messages.
    ImpCrashes { imp: u8 },
    /// The IMP, which had stopped, starts anew, and has heard of no other. Hosts whose ready lines are up see its ready
    /// line go up, and get three NOPs and an interface reset (RFC 394).
    ImpRestarts { imp: u8 },
    /// The IMP announces to its hosts that it goes down, and why, and for how long, and does so: it warns them again
    /// 30 seconds before (RFC 381, RFC 406). It comes back after the time that it has announced; if it has announced none,
    /// not by itself.
    ImpGoesDown { imp: u8, going: GoingDown },
    /// The host's cable is pulled out: neither end sees the other's ready line any more, and what is on the cable is
    /// lost.
    CablePulled { host: HostAddress },
    /// The host's cable is plugged in again.
    CablePlugged { host: HostAddress },
    /// The host's interface stands still: it takes nothing, and brings nothing to an end.
    HostHangs { host: HostAddress },
    /// The host's interface goes on.
    HostGoesOn { host: HostAddress },
    /// Something happens to the next message on the host's cable in one direction.
    Mishap { host: HostAddress, toward: Toward, mishap: Mishap },
}

/// A fault meets nothing: the subnet has no such part, or the part is in that state already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeetsNothing {
    /// No line connects these IMPs.
    #[error("no line between IMP {} and IMP {}", .0[0], .0[1])]
    NoLine([u8; 2]),
    /// The line has failed already.
    #[error("the line between IMP {} and IMP {} has failed already", .0[0], .0[1])]
    LineDown([u8; 2]),
    /// The line carries: nothing heals.
    #[error("the line between IMP {} and IMP {} is up already", .0[0], .0[1])]
    LineUp([u8; 2]),
    /// The line errs as often already, or as seldom.
    #[error("the line between IMP {} and IMP {} flips as many bits already", .0[0], .0[1])]
    LineErrs([u8; 2]),
    /// There is no such IMP, or it is down already.
    #[error("no IMP {0} that is up")]
    ImpDown(u8),
    /// There is no such IMP, or it is up already.
    #[error("no IMP {0} that is down")]
    ImpUp(u8),
    /// There is no host at this address.
    #[error("no host at {0}")]
    NoHost(HostAddress),
    /// The host's cable is pulled out already.
    #[error("the cable of host {0} is pulled already")]
    CablePulled(HostAddress),
    /// The host's cable is plugged in.
    #[error("the cable of host {0} is plugged in already")]
    CablePlugged(HostAddress),
    /// The host's interface stands still already.
    #[error("host {0} hangs already")]
    HostHangs(HostAddress),
    /// The host's interface does not stand still: nothing goes on.
    #[error("host {0} does not hang")]
    HostGoesOn(HostAddress),
}
