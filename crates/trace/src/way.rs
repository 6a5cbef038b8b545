//! From which host to which, and on which link: by these is kept what is known of the links of a net. Each is one number, for
//! they are looked up and compared with every message.

use std::ops::RangeInclusive;

use imp1822::{HostAddress, Link};

/// From which host to which, in the order of the first, then of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Way(u16);

/// A link by its sender, its receiver and its number, in the order of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LinkId(u32);

impl Way {
    /// From a host to another.
    pub(crate) fn new(from: HostAddress, to: HostAddress) -> Self {
        Way(u16::from_be_bytes([from.number(), to.number()]))
    }

    /// From where.
    pub(crate) fn from(self) -> HostAddress {
        let [from, _] = self.0.to_be_bytes();
        HostAddress::from(from)
    }

    /// Where to.
    pub(crate) fn to(self) -> HostAddress {
        let [_, to] = self.0.to_be_bytes();
        HostAddress::from(to)
    }

    /// From a host to all others.
    pub(crate) fn all_from(host: HostAddress) -> RangeInclusive<Self> {
        Way::new(host, HostAddress::from(0))..=Way::new(host, HostAddress::from(u8::MAX))
    }
}

impl LinkId {
    /// The link of this number from a host to another.
    pub(crate) fn new(from: HostAddress, to: HostAddress, link: Link) -> Self {
        LinkId(u32::from_be_bytes([0, from.number(), to.number(), link.number()]))
    }

    /// The sender.
    pub(crate) fn from(self) -> HostAddress {
        let [_, from, _, _] = self.0.to_be_bytes();
        HostAddress::from(from)
    }

    /// The receiver.
    pub(crate) fn to(self) -> HostAddress {
        let [_, _, to, _] = self.0.to_be_bytes();
        HostAddress::from(to)
    }

    /// The number of the link.
    pub(crate) fn link(self) -> Link {
        let [_, _, _, link] = self.0.to_be_bytes();
        Link::from(link)
    }
}
