//! How many packets a capture holds, and why some are left out.

use std::collections::BTreeMap;
use std::fmt;

use super::packet::Outside;

/// How many packets a capture holds, and why some are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PacketCounts {
    /// How many packets there are in all.
    pub packets: u64,
    /// How many of them belong to cables.
    pub of_cables: u64,
    /// How many are fragments of UDP datagrams, which are not put together.
    pub fragments: u64,
    /// How many end within a header.
    pub cut_off: u64,
    /// How many carry no UDP datagram.
    pub no_udp: u64,
    /// How many datagrams of cables are in the capture once more, as when two interfaces saw them.
    pub doubles: u64,
    /// How many datagrams of cables are not whole in the capture.
    pub snapped: u64,
    /// How many are of a link type that is not understood here, by its number.
    pub link_types: BTreeMap<u16, u64>,
}

impl PacketCounts {
    /// Counts a packet in which there is no UDP datagram to be read.
    pub(super) fn note(&mut self, outside: Outside) {
        match outside {
            Outside::Other => self.no_udp += 1,
            Outside::Fragment => self.fragments += 1,
            Outside::CutOff => self.cut_off += 1,
            Outside::LinkType(number) => *self.link_types.entry(number).or_default() += 1,
        }
    }
}

impl fmt::Display for PacketCounts {
    /// Line by line what was left out and why; nothing if nothing was. What else crosses a network goes without saying,
    /// unless there is nothing but that.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (link_type, count) in &self.link_types {
            writeln!(f, "{count} packets have link type {link_type}, which is not known here: left out")?;
        }
        let left_out =
            [self.no_udp, self.fragments, self.cut_off].into_iter().chain(self.link_types.values().copied());
        let strange = self.packets - left_out.sum::<u64>() - self.of_cables;
        let counted = [
            (if self.of_cables == 0 { self.no_udp } else { 0 }, "carry no UDP datagram over IP"),
            (if self.of_cables == 0 { strange } else { 0 }, "are UDP datagrams, but do not begin with H316"),
            (self.doubles, "are in the capture once more, as when two interfaces saw them: read once"),
            (self.fragments, "are fragments of UDP datagrams, which are not put together: left out"),
            (self.cut_off, "end within their headers: left out"),
            (self.snapped, "were not captured whole: capture with a snapshot length of 0"),
        ];
        for (count, what) in counted.into_iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{count} packets {what}")?;
        }
        Ok(())
    }
}
