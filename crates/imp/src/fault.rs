//! What breaks and heals, besides the hosts that stop and start as a whole.

use imp1822::{GoingDown, HostAddress};

use crate::port::{Mishap, Toward};

/// Something breaks or heals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum Fault {
    /// The line between two neighbouring IMPs stops to carry anything.
    LineFails { between: [u8; 2] },
    /// The line carries again.
    LineHeals { between: [u8; 2] },
    /// The line gets one bit in so many wrong; with `None`, none.
    LineErrs { between: [u8; 2], one_in: Option<u64> },
    /// The IMP stops.
    ImpCrashes { imp: u8 },
    /// The IMP comes up.
    ImpRestarts { imp: u8 },
    /// The IMP tells its hosts that it goes down, and does so.
    ImpGoesDown { imp: u8, going: GoingDown },
    /// The host's cable is pulled out.
    CablePulled { host: HostAddress },
    /// The host's cable is plugged in again.
    CablePlugged { host: HostAddress },
    /// The host's interface stands still.
    HostHangs { host: HostAddress },
    /// The host's interface goes on.
    HostGoesOn { host: HostAddress },
    /// Something happens to the next message on the host's cable in one direction.
    Mishap { host: HostAddress, toward: Toward, mishap: Mishap },
}
