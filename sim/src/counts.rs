//! How much has happened.

/// How much has happened in a run: figures that are the same on every machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events taken from the agenda, those of the subnet's own agenda included.
    pub events: u64,
    /// Messages that hosts put on their cables.
    pub sent: u64,
    /// Messages that reached hosts.
    pub received: u64,
}
