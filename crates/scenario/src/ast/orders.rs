//! In which order messages arrive.

use imp1822::HostAddress;

/// What a scenario says of the order in which messages arrive from a step on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Orders {
    /// Whoever asks for them gets all. A replay takes the messages as they come.
    All,
    /// Messages arrive in the order in which they come, but that some wait for others.
    This(Vec<Waiting>),
}

/// That a message does not arrive before another one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiting {
    /// The one that waits.
    pub message: Crossing,
    /// The one that it waits for.
    pub waits_for: Crossing,
}

/// A message, by its place among those from one host to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossing {
    /// The host that sends it.
    pub from: HostAddress,
    /// The host that it is for.
    pub to: HostAddress,
    /// Which of those it is that arrive there from the step on, the first being 1.
    pub number: u32,
}

impl Crossing {
    /// Whether it is that message, or comes behind it between the same two hosts.
    pub fn is_or_follows(self, other: Crossing) -> bool {
        (self.from, self.to) == (other.from, other.to) && self.number >= other.number
    }
}
