//! What may differ from seed to seed when a scenario is swept: what breaks, when, on which net, and how hosts are set up.

use std::ops::RangeInclusive;

use imp::Net;
use imp1822::HostAddress;
use machine::{Instant, Span};

/// What a scenario says of its sweep. What it does not say is left to the laboratory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepPlan {
    /// What may break.
    pub faults: Option<FaultsPlan>,
    /// Between which times of the run something breaks. Both may be drawn.
    pub between: Option<RangeInclusive<Instant>>,
    /// The nets on which it is played, each seed on one of them. Each has all hosts, IMPs and lines that the scenario names.
    /// Empty: its own.
    pub nets: Vec<NamedNet>,
    /// What differs from seed to seed even if nothing breaks.
    pub varies: Option<Varies>,
    /// The line of the file that begins it, the first being 1.
    pub line: usize,
}

/// A net, and how scenarios name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedNet {
    /// Its name, or its path beside the scenario, as it stands behind `net`.
    pub name: String,
    /// The net.
    pub net: Net,
}

/// What may break, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultsPlan {
    /// How many faults a run has. Nothing breaks if the most is zero.
    pub count: RangeInclusive<u32>,
    /// The kinds, each as often as any other. Empty: those of the laboratory.
    pub kinds: Vec<FaultKind>,
}

/// A kind of fault. `of` is the part that breaks; without one, any part of this kind. `lasts` is after which time it heals;
/// without one, when nothing else breaks any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above says what the fields are")]
pub enum FaultKind {
    /// A host crashes, and if it lasts only so long, restarts.
    HostCrashes { of: Option<HostAddress>, lasts: Option<RangeInclusive<Span>> },
    /// A host's interface stands still.
    HostHangs { of: Option<HostAddress>, lasts: Option<RangeInclusive<Span>> },
    /// A line fails.
    LineFails { of: Option<[u8; 2]>, lasts: Option<RangeInclusive<Span>> },
    /// A line gets bits wrong. How many is drawn.
    LineErrs { of: Option<[u8; 2]>, lasts: Option<RangeInclusive<Span>> },
    /// An IMP crashes.
    ImpCrashes { of: Option<u8>, lasts: Option<RangeInclusive<Span>> },
    /// The cable of a host is pulled.
    CablePulled { of: Option<HostAddress>, lasts: Option<RangeInclusive<Span>> },
    /// A message on the cable of a host does not arrive. Which way it goes is drawn.
    CableLoses { of: Option<HostAddress> },
    /// A message arrives twice.
    CableRepeats { of: Option<HostAddress> },
    /// A message arrives later, by a time in this range; without one, as the laboratory has it.
    CableDelays { of: Option<HostAddress>, by: Option<RangeInclusive<Span>> },
    /// The leader or the data of a message to the IMP are garbled. Which of them is drawn.
    CableGarbles { of: Option<HostAddress> },
}

/// What differs from seed to seed even if nothing breaks. What is not said here does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Varies {
    /// How large the files of hosts are, in bytes.
    pub file_sizes: Option<RangeInclusive<u64>>,
    /// What hosts keep their senders supplied with.
    pub allocations: bool,
    /// Whether hosts queue or refuse unmatched requests, for how long, and how many.
    pub queue_policies: bool,
    /// The edition of the FTP that each server serves.
    pub editions: bool,
    /// How long a host takes at most before it looks at what has arrived.
    pub answers: Option<Span>,
    /// Whether some disks have little room beside the files that are there.
    pub disks: bool,
}
