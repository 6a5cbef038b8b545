//! What a subnet is asked to show, and what comes out of it.

use imp1822::{HostAddress, Signal};
use machine::{Bits, Rate};

use crate::cable::{Mishap, Toward};
use crate::crossing::Crossing;

/// What may differ from subnet to subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The speed of the host cables, in each direction, where the net does not say it.
    pub cable: Rate,
    /// Which frames to hand out as they begin to cross a line.
    pub watch: Watch,
    /// From which the errors of lines are drawn, a stream for each.
    pub seed: u64,
}

/// Which frames a watcher of the lines wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// None.
    Nothing,
    /// All but routing messages.
    NoRouting,
    /// All, as long as something goes on. The routing messages that a subnet at rest would exchange say nothing new, and
    /// are left out.
    Frames,
}

impl Default for Settings {
    /// Cables at 100 kb/s (RFC 594), and no watcher of the lines.
    fn default() -> Self {
        Settings { cable: Rate::kilobits(100), watch: Watch::Nothing, seed: 0 }
    }
}

/// What comes out of the subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To the host at this address: its IMP's ready line has changed, or the last bit of a message has
    /// arrived at this moment.
    Host(HostAddress, Signal),
    /// A frame begins to cross a line. Only if [`Settings::watch`] asks for it.
    Frame(Crossing),
    /// Something happens to a message on a host's cable, as a fault has announced. Of one that still gets there the host or
    /// the IMP hears afterwards.
    Struck {
        /// Whose cable.
        host: HostAddress,
        /// On its way to which end.
        toward: Toward,
        /// What happens.
        mishap: Mishap,
        /// To which message: as its sender has put it on the cable.
        message: Bits,
    },
    /// An IMP has found out something that no host's cable shows.
    Notice {
        /// The IMP.
        imp: u8,
        /// What it has found out.
        notice: Notice,
    },
}

/// Something that an IMP finds out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Nothing comes from a neighbour any more: the line to it is dead.
    LineDead(u8),
    /// A neighbour is heard, and hears: the line to it is alive.
    LineAlive(u8),
    /// A host has not taken its messages for 30 seconds: it is dead, and its interface is reset.
    HostTardy(HostAddress),
}
