//! How many packets a capture holds, and why some are left out.

use std::collections::BTreeMap;
use std::fmt;

use super::packet::{Carried, Outside};

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
    /// How many carry no UDP datagram, by what they carry.
    pub others: BTreeMap<Carried, u64>,
    /// How many carry a UDP datagram that is of no cable.
    pub strange: u64,
    /// How many are of lines between two IMPs.
    pub of_lines: u64,
    /// How many are of more cables than are read.
    pub of_more_cables: u64,
    /// How many datagrams of cables are in the capture once more, as when two interfaces saw them.
    pub doubles: u64,
    /// How many datagrams of cables are not whole in the capture.
    pub snapped: u64,
    /// How many datagrams of cables have no time.
    pub untimed: u64,
    /// How many are of a link type that is not understood here, by its number.
    pub link_types: BTreeMap<u16, u64>,
}

impl PacketCounts {
    /// Counts a packet in which there is no UDP datagram to be read.
    pub(super) fn note(&mut self, outside: Outside) {
        match outside {
            Outside::Other(carried) => *self.others.entry(carried).or_default() += 1,
            Outside::Fragment => self.fragments += 1,
            Outside::CutOff => self.cut_off += 1,
            Outside::LinkType(number) => *self.link_types.entry(number).or_default() += 1,
        }
    }
}

/// Link types (the registry of tcpdump.org) that people capture beside the ones that are understood.
const LINK_NAMES: [(u16, &str); 14] = [
    (6, "token ring"),
    (8, "SLIP"),
    (9, "PPP"),
    (50, "PPP over HDLC"),
    (51, "PPPoE"),
    (104, "Cisco HDLC"),
    (105, "IEEE 802.11"),
    (109, "OpenBSD encapsulation"),
    (117, "OpenBSD pflog"),
    (127, "IEEE 802.11 with radiotap"),
    (189, "USB"),
    (220, "USB"),
    (253, "netlink"),
    (272, "pktap"),
];

/// What packets of a link type are.
fn link_name(number: u16) -> String {
    match LINK_NAMES.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => format!(" ({name})"),
        None if (147..=162).contains(&number) => format!(" (user {})", number - 147),
        None => String::new(),
    }
}

impl fmt::Display for PacketCounts {
    /// Line by line what was left out and why; nothing if nothing was.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (link_type, count) in &self.link_types {
            let name = link_name(*link_type);
            writeln!(
                f,
                "{count} packets have link type {link_type}{name}, which is not known here: left out"
            )?;
        }
        let counted = [
            (self.of_lines, "are of lines between two IMPs, or of another use of H316: left out"),
            (self.of_more_cables, "are of more cables than are read: left out"),
            (self.doubles, "are in the capture once more, as when two interfaces saw them: read once"),
            (self.fragments, "are fragments of UDP datagrams, which are not put together: left out"),
            (self.cut_off, "end within their headers: left out"),
            (self.snapped, "were not captured whole: capture with a snapshot length of 0"),
            (self.untimed, "have no time, as in simple packet blocks: their times are not known"),
        ];
        for (count, what) in counted.into_iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{count} packets {what}")?;
        }
        let mut others: Vec<String> =
            self.others.iter().map(|(carried, count)| format!("{count} {carried}")).collect();
        if self.strange > 0 {
            others.push(format!("{} UDP that does not begin with H316", self.strange));
        }
        if !others.is_empty() {
            // Whatever is on the network may be there: the rarest is not what matters.
            let more = others.len().saturating_sub(MOST_NAMED);
            others.truncate(MOST_NAMED);
            let more = if more > 0 { format!(", {more} more kinds") } else { String::new() };
            writeln!(f, "left out, as of no cable: {}{more}", others.join(", "))?;
        }
        Ok(())
    }
}

/// So many kinds of other packets are named.
const MOST_NAMED: usize = 12;
