//! What was read of the cables of a capture, and which rules were broken there.

use std::collections::BTreeMap;

use host::Directory;
use imp1822::HostAddress;

use super::cable::Cable;
use super::listen::{Edge, Gap};
use crate::monitor::{Monitor, TapPoint, Violation};
use crate::record::Record;

/// What was read of the cables of a capture.
#[derive(Debug)]
pub struct Reading {
    /// The names of the hosts.
    pub directory: Directory,
    /// The cables, in the order in which they appear.
    pub cables: Vec<Cable>,
    /// What crossed them. Times count from the first datagram, or from when the clock of a run showed zero.
    pub records: Vec<Record>,
    /// When those times begin, in microseconds after the beginning of 1970.
    pub begins: u64,
    /// The gaps between records that only later sequence numbers show, in order, each with the host of its cable.
    pub(super) gaps: Vec<(HostAddress, Gap)>,
}

impl Reading {
    /// The violations in what crossed the cables. Those are left out that what came before the capture, or what is
    /// missing in it, could explain. A cable is not judged if it is not clear which end is the IMP, or if its host has
    /// two.
    pub fn violations(&self) -> Vec<Violation> {
        let mut monitor = self.monitor();
        let mut gaps = self.gaps.iter().peekable();
        let mut found = Vec::new();
        for (number, record) in self.records.iter().enumerate() {
            while let Some((host, gap)) = gaps.next_if(|(_, gap)| gap.before <= number) {
                match gap.edge {
                    Edge::Begins => monitor.begin_gap(*host, gap.speaker),
                    Edge::Ends => monitor.end_gap(record.at, *host, gap.speaker),
                }
            }
            found.extend(monitor.take(record));
        }
        if let Some(last) = self.records.last() {
            found.extend(monitor.finish(last.at, false));
        }
        found
    }

    fn monitor(&self) -> Monitor {
        let mut taps = BTreeMap::new();
        for cable in &self.cables {
            let tap = if cable.is_clear { cable.tap } else { TapPoint::Absent };
            taps.entry(cable.address).and_modify(|tap| *tap = TapPoint::Absent).or_insert(tap);
        }
        Monitor::new(TapPoint::Absent, taps)
    }
}
