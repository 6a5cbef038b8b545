//! Requests for connection that an NCP has refused.

use std::collections::BTreeSet;

use imp1822::HostAddress;
use machine::Bits;
use ncp::{Command, Commands, Header, Socket};

use crate::world::Delivery;

/// A request: who asks, from which socket, whom, and for which.
type Request = (HostAddress, Socket, HostAddress, Socket);

/// Counts the requests for connection that are answered by CLS before anybody has agreed (NIC 8246, Connection
/// Establishment).
#[derive(Debug, Default)]
pub(super) struct Refusals {
    /// Requests that have arrived, and that nobody has answered.
    open: BTreeSet<Request>,
    refused: usize,
}

impl Refusals {
    /// How many there were.
    pub(super) fn count(&self) -> usize {
        self.refused
    }

    /// A message arrives on the control link.
    pub(super) fn take(&mut self, delivery: &Delivery, message: &Bits) {
        let Ok((_, text)) = Header::split(message) else { return };
        let (from, to) = (delivery.from, delivery.to);
        for command in Commands::new(text).map_while(Result::ok) {
            let asks = match command {
                Command::Rts { receive, send, .. } => Some((receive, send)),
                Command::Str { send, receive, .. } => Some((send, receive)),
                _ => None,
            };
            if let Some((mine, theirs)) = asks {
                // Who answers a request by one of his own agrees.
                if !self.open.remove(&(to, theirs, from, mine)) {
                    self.open.insert((from, mine, to, theirs));
                }
            } else if let Command::Cls { mine, yours } = command {
                self.refused += usize::from(self.open.remove(&(to, yours, from, mine)));
                // Or who has asked thinks better of it.
                self.open.remove(&(from, mine, to, yours));
            }
        }
    }
}
