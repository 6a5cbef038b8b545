//! What makes a world live: a real clock, the cables of remote hosts, and a way to stop.

use imp1822::HostAddress;
use machine::Instant;

/// Drives a world in real time. A world without a driver is simulated: its time never waits.
pub trait Driver {
    /// Waits until the clock shows `until`, or until something else happens. Datagrams of the hosts in `paused` are left
    /// where they are: too many of their messages wait at their IMPs.
    fn wait(&mut self, until: Instant, paused: &[HostAddress]) -> Wake;

    /// Sends a datagram to a remote host.
    fn send(&mut self, host: HostAddress, datagram: Vec<u8>);
}

/// Why a driver has stopped waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// The clock shows the time.
    Due,
    /// A datagram has arrived from a host, at this time.
    Datagram(Instant, HostAddress, Vec<u8>),
    /// The run is to end.
    Stopped,
}
