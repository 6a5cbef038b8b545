//! Two ends between which the datagrams of a cable were seen.

use std::net::SocketAddr;

use imp1822::HostAddress;
use imp1822::h316::{Datagram, Statistics};

use super::block::Interface;
use super::cable::{AddressSource, Cable};
use super::ends::EndEvidence;
use super::hint::Hint;
use crate::monitor::TapPoint;

/// Two ends between which datagrams were seen.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) ends: [SocketAddr; 2],
    /// What the datagrams of each end tell of it.
    evidence: [EndEvidence; 2],
    /// Whether the first datagram of one of the ends in the capture is not the first that it sent.
    pub(super) begins_late: bool,
    /// Where they were seen first.
    pub(super) interface: Interface,
    /// How many packets there were.
    pub(super) packets: u64,
}

impl Pair {
    pub(super) fn new(ends: [SocketAddr; 2], interface: Interface) -> Self {
        Pair { ends, evidence: Default::default(), begins_late: false, interface, packets: 0 }
    }

    /// Takes the next datagram between the two.
    pub(super) fn take(&mut self, from: SocketAddr, payload: &[u8]) {
        if let Ok(datagram) = Datagram::parse(payload) {
            let evidence = &mut self.evidence[usize::from(from != self.ends[0])];
            self.begins_late |= evidence.is_new() && datagram.sequence != 0;
            evidence.take(&datagram);
        }
    }

    /// Whether it is a line between two IMPs, which has datagrams of the same form.
    pub(super) fn is_line(&self) -> bool {
        let [one, other] = &self.evidence;
        one.is_of_a_line_with(other)
    }

    /// A cable with each end in its place, and nothing else known of it.
    pub(super) fn cable(&self, hints: &[Hint]) -> Cable {
        let ends = self.ends;
        let given = ends.map(|end| {
            hints.iter().find_map(|hint| match hint {
                Hint::Imp(place) => place.holds(end).then_some(true),
                Hint::Host(place, _) => place.holds(end).then_some(false),
            })
        });
        let [one, other] = &self.evidence;
        let lean = one.against(other);
        let (first_is_imp, is_clear) = match given {
            [Some(first), None] => (first, true),
            [None, Some(second)] => (!second, true),
            // Hints may hold for both ends and say that they are the same: then only the evidence tells.
            [Some(first), Some(second)] if first != second => (first, true),
            [Some(_), Some(_)] | [None, None] => (lean > 0, lean != 0),
        };
        let [imp, host] = if first_is_imp { ends } else { [ends[1], ends[0]] };
        Cable {
            host,
            imp,
            is_clear,
            address: HostAddress::from(0),
            address_source: AddressSource::Invented,
            tap: TapPoint::InTransit,
            from_host: Statistics::default(),
            from_imp: Statistics::default(),
        }
    }
}
