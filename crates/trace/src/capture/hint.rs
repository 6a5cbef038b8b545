//! What the user of a capture knows about it beforehand.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use imp1822::HostAddress;

/// What the user of a capture says about it, which cannot be seen in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// An IMP is there.
    Imp(Place),
    /// This host is there.
    Host(Place, HostAddress),
}

/// An IP address, and perhaps a port: `127.0.0.1`, `127.0.0.1:11141`, `[::1]:11141`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    ip: IpAddr,
    port: Option<u16>,
}

/// This is no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no IP address, nor one with a port")]
pub struct NoPlace(String);

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let with_port = text.parse().map(|end: SocketAddr| Place { ip: end.ip(), port: Some(end.port()) });
        with_port
            .or_else(|_| text.parse().map(|ip| Place { ip, port: None }))
            .map_err(|_| NoPlace(text.to_owned()))
    }
}

impl Place {
    /// Whether an end of a UDP conversation is there.
    pub(super) fn holds(self, end: SocketAddr) -> bool {
        self.ip == end.ip() && self.port.is_none_or(|port| port == end.port())
    }
}
