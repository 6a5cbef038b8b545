//! Records: what happened, when, and because of what.

use host::Note;
use imp::{Crossing, Fault, Mishap, Notice, Toward};
use imp1822::h316::{Speaker, Trouble};
use imp1822::{HostAddress, Signal};
use machine::{Bits, Instant};

use crate::figures::Figures;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// When.
    pub at: Instant,
    /// The record that caused it, by its number, where one did.
    pub cause: Option<u64>,
    /// What.
    pub what: What,
}

/// What a record is about. Messages are kept as their bits, and decoded again when they are shown.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A host puts a signal on its cable.
    Sent {
        /// The host.
        host: HostAddress,
        /// The signal.
        signal: Signal,
    },
    /// The last bit of a signal has reached a host.
    Received {
        /// The host.
        host: HostAddress,
        /// The signal.
        signal: Signal,
    },
    /// Something is wrong with the datagrams that carry a cable.
    Cable {
        /// Whose cable.
        host: HostAddress,
        /// Whose datagrams.
        speaker: Speaker,
        /// What is wrong.
        trouble: Trouble,
    },
    /// A packet begins to cross a line between two IMPs.
    Packet(Crossing),
    /// An IMP has found something out.
    Notice {
        /// The IMP.
        imp: u8,
        /// What it has found out.
        notice: Notice,
    },
    /// Something happened inside a host.
    Note {
        /// The host.
        host: HostAddress,
        /// What it was.
        note: Note,
    },
    /// A fault begins or ends: of a line, an IMP, a cable, or a host's side of its cable.
    Fault(Fault),
    /// A fault that was announced happens to a message on a host's cable. One that is on its way to the IMP was sent in
    /// the same moment, just before; one that is on its way to the host is received afterwards, if at all.
    Struck {
        /// Whose cable.
        host: HostAddress,
        /// On its way to which end.
        toward: Toward,
        /// What happens to it.
        mishap: Mishap,
        /// The message, as it was put on the cable.
        message: Bits,
    },
    /// A step of the scenario was taken.
    Step {
        /// The line of the scenario.
        line: usize,
        /// The statement as it was written.
        statement: String,
    },
    /// Something was measured.
    Measured(Figures),
}
