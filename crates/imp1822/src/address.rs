//! Host addresses and link numbers.

use std::fmt;
use std::ops::RangeInclusive;

/// The address of a host: which IMP (6 bits), and which of the up to four hosts on that IMP (2 bits).
///
/// Printed in decimal, as the period's host tables and FTP's SOCK command have it: host 1 on IMP 5 is 69.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostAddress(u8);

impl HostAddress {
    /// Host `host` (0 to 3) on IMP `imp` (0 to 63), or `None` if one of them does not fit its field.
    pub const fn new(host: u8, imp: u8) -> Option<Self> {
        if host < 4 && imp < 64 { Some(HostAddress(host << 6 | imp)) } else { None }
    }

    /// The number of the IMP.
    pub const fn imp(self) -> u8 {
        self.0 & 0o77
    }

    /// The number of the host on its IMP.
    pub const fn host(self) -> u8 {
        self.0 >> 6
    }

    /// The address as it stands in a leader and in the period's tables.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl From<u8> for HostAddress {
    fn from(number: u8) -> Self {
        HostAddress(number)
    }
}

impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A link number: which of the conversations between two hosts a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(u8);

impl Link {
    /// The control link (NIC 8246, Link Assignment).
    pub const CONTROL: Link = Link(0);

    /// The links that are set aside for measuring the net (RFC 317, III).
    pub const MEASUREMENT: RangeInclusive<u8> = 159..=191;

    /// How many links there are for measuring.
    pub const MEASUREMENT_COUNT: u8 = *Link::MEASUREMENT.end() - *Link::MEASUREMENT.start() + 1;

    /// The link's number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl From<u8> for Link {
    fn from(number: u8) -> Self {
        Link(number)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_bbn_tenex_is_69() {
        let bbn = HostAddress::new(1, 5).expect("both fit");
        assert_eq!(bbn.to_string(), "69");
        assert_eq!((bbn.host(), bbn.imp()), (1, 5));
        assert_eq!(HostAddress::from(69), bbn);
    }

    #[test]
    fn what_does_not_fit_its_field_is_no_address() {
        assert_eq!(HostAddress::new(4, 5), None);
        assert_eq!(HostAddress::new(0, 64), None);
    }
}
