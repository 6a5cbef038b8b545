//! A cable in a capture: its two ends, and what is known of them.

use std::net::SocketAddr;

use imp1822::HostAddress;
use imp1822::h316::{Speaker, Statistics};

use crate::monitor::TapPoint;

/// How the address of a host was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressSource {
    /// The user gave it.
    Given,
    /// The capture says it, as those written here do.
    Described,
    /// Its messages were recognised where they arrived.
    Recognised,
    /// It was not found: the number is one that no host in the capture has.
    Invented,
}

/// A cable in a capture.
#[derive(Debug, Clone)]
pub struct Cable {
    /// Where the host is.
    pub host: SocketAddr,
    /// Where its IMP is.
    pub imp: SocketAddr,
    /// Whether it is clear which of the two is the IMP.
    pub is_clear: bool,
    /// The host's address.
    pub address: HostAddress,
    /// How the address was found.
    pub address_source: AddressSource,
    /// Where the cable was listened to.
    pub tap: TapPoint,
    /// What was counted of the host's datagrams.
    pub from_host: Statistics,
    /// What was counted of the IMP's.
    pub from_imp: Statistics,
}

impl Cable {
    /// Who sends from this end.
    pub(super) fn speaker(&self, from: SocketAddr) -> Speaker {
        if from == self.host { Speaker::Host } else { Speaker::Imp }
    }
}
