//! Sockets, their gender, and byte sizes.

use std::fmt;
use std::num::NonZeroU8;

use imp1822::HostAddress;

/// One end of a connection: a 32-bit number within a host (NIC 8246, Communication Concepts).
///
/// Printed in decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Socket(u32);

/// The direction of a socket, which is its low-order bit (NIC 8246, Communication Concepts).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Even: text arrives here.
    Receive,
    /// Odd: text leaves here.
    Send,
}

impl Socket {
    /// The socket with this number.
    pub const fn new(number: u32) -> Self {
        Socket(number)
    }

    /// The socket's number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Whether text arrives or leaves here.
    pub const fn gender(self) -> Gender {
        if self.0.is_multiple_of(2) { Gender::Receive } else { Gender::Send }
    }

    /// Whether the number is one of those that are set aside for services, network-wide or of a host (RFC 349).
    pub const fn is_well_known(self) -> bool {
        self.0 < 256
    }

    /// The socket `n` further on; the numbers wrap.
    pub const fn offset(self, n: u32) -> Socket {
        Socket(self.0.wrapping_add(n))
    }
}

impl From<u32> for Socket {
    fn from(number: u32) -> Self {
        Socket(number)
    }
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Gender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Gender::Receive => "receive",
            Gender::Send => "send",
        })
    }
}

/// A socket of another host, or of one's own seen from outside: the 40-bit socket of RFC 165.
///
/// Printed as `host,socket`, both in decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignSocket {
    /// The host that the socket belongs to.
    pub host: HostAddress,
    /// The socket in that host.
    pub socket: Socket,
}

impl fmt::Display for ForeignSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.host, self.socket)
    }
}

/// The byte size of a connection: 1 to 255 bits. The sender chooses it with its STR (NIC 8246, Connection
/// Establishment).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(NonZeroU8);

/// Zero is no byte size (NIC 8246, Connection Establishment).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a byte has 1 to 255 bits, not 0")]
pub struct BadByteSize;

impl ByteSize {
    /// The size of Telnet's and of control messages' bytes.
    pub const EIGHT: ByteSize = ByteSize(NonZeroU8::MIN.saturating_add(7));

    /// The size in which the initial connection protocol sends its socket number (RFC 165).
    pub const THIRTY_TWO: ByteSize = ByteSize(NonZeroU8::MIN.saturating_add(31));

    /// A byte size of 1 to 255 bits; `None` for 0.
    pub const fn new(bits: u8) -> Option<Self> {
        match NonZeroU8::new(bits) {
            Some(bits) => Some(ByteSize(bits)),
            None => None,
        }
    }

    /// How many bits a byte has.
    pub const fn bits(self) -> u8 {
        self.0.get()
    }
}

impl TryFrom<u8> for ByteSize {
    type Error = BadByteSize;

    fn try_from(bits: u8) -> Result<Self, BadByteSize> {
        ByteSize::new(bits).ok_or(BadByteSize)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_low_bit_is_the_gender() {
        assert_eq!(Socket::from(1).gender(), Gender::Send, "the logger sends");
        assert_eq!(Socket::from(65536).gender(), Gender::Receive);
        assert_eq!(Socket::from(65536).offset(3).gender(), Gender::Send);
        assert_eq!(Socket::from(u32::MAX).offset(1), Socket::from(0), "socket numbers wrap");
    }

    #[test]
    fn a_foreign_socket_prints_host_and_socket() {
        let logger = ForeignSocket { host: HostAddress::from(69), socket: Socket::from(1) };
        assert_eq!(logger.to_string(), "69,1");
    }

    #[test]
    fn zero_is_no_byte_size_and_every_other_number_is() {
        assert_eq!(ByteSize::try_from(0), Err(BadByteSize));
        for bits in 1..=255 {
            assert_eq!(ByteSize::try_from(bits).map(ByteSize::bits), Ok(bits));
        }
        assert_eq!((ByteSize::EIGHT.bits(), ByteSize::THIRTY_TWO.bits()), (8, 32));
    }
}
