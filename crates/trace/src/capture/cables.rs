//! Finds the cables in a capture, and makes records of what crossed them.

use std::collections::BTreeSet;

use host::Directory;
use imp1822::HostAddress;
use imp1822::h316::{Heard, Speaker, Statistics};
use machine::Instant;

use super::addresses;
use super::cable::{AddressSource, Cable};
use super::counts::PacketCounts;
use super::datagrams::{Datagrams, Pair};
use super::hint::Hint;
use super::listen::{Gap, Said, listen};
use super::reader::FileError;
use super::reading::Reading;
use super::remark::Remark;
use super::sent::sent_by_another;
use crate::monitor::TapPoint;
use crate::record::{Record, What};

/// The cables in a capture.
#[derive(Debug)]
pub struct Cables<'a>(Datagrams<'a>);

impl<'a> Cables<'a> {
    /// Looks for cables in a capture file. If it is broken, what precedes the error is read, and [`Cables::error`]
    /// returns it.
    pub fn find(file: &'a [u8]) -> Result<Self, FileError> {
        Datagrams::read(file).map(Cables)
    }

    /// Where the capture is broken, if it is.
    pub fn error(&self) -> Option<&FileError> {
        self.0.error.as_ref()
    }

    /// How many packets the capture holds, and why some are left out.
    pub fn counts(&self) -> &PacketCounts {
        &self.0.counts
    }

    /// Makes records of what crossed the cables. `directory`: names that are known beforehand. If a host's own cable is
    /// not in the capture, what it sent is put on record just before it arrives.
    pub fn read(&self, hints: &[Hint], mut directory: Directory) -> Reading {
        let datagrams = &self.0;
        let begins = begins(datagrams);
        let (mut cables, of_pairs) = cables(datagrams, hints);
        let (said, missing) = listen(datagrams, &of_pairs, &mut cables);
        addresses::find(datagrams, hints, &said, &of_pairs, &mut cables, &mut directory);
        let present: BTreeSet<HostAddress> = cables.iter().map(|cable| cable.address).collect();
        let mut missing = missing.into_iter().peekable();
        let mut gaps = Vec::new();
        let mut records = Vec::new();
        for (number, Said { micros, cable, speaker, heard }) in said.into_iter().enumerate() {
            while let Some(gap) = missing.next_if(|gap| gap.before <= number) {
                let Cable { address, tap, .. } = cables[gap.cable];
                // A tap at one end misses what that end misses, and no earlier.
                if tap == TapPoint::InTransit {
                    gaps.push((address, Gap { before: records.len(), ..gap }));
                }
            }
            let host = cables[cable].address;
            let at = Instant::from_micros(micros.saturating_sub(begins));
            let mut put = |what| records.push(Record { at, cause: None, what });
            match (heard, speaker) {
                (Heard::Trouble(trouble), speaker) => put(What::Cable { host, speaker, trouble }),
                (Heard::Signal(signal), Speaker::Host) => put(What::Sent { host, signal }),
                (Heard::Signal(signal), Speaker::Imp) => {
                    let sent = sent_by_another(host, &signal).filter(|(from, _)| !present.contains(from));
                    if let Some((from, signal)) = sent {
                        put(What::Sent { host: from, signal });
                    }
                    put(What::Received { host, signal });
                }
            }
        }
        Reading { directory, cables, records, begins, gaps }
    }
}

/// From when times are counted: from the first datagram, or from when the clock of a run showed zero, if all cables say
/// when that was.
fn begins(datagrams: &Datagrams<'_>) -> u64 {
    let first = datagrams.seen.first().map_or(0, |seen| seen.micros);
    let epochs = datagrams.cables().map(|(_, pair)| Some(Remark::on(datagrams.interface_of(pair))?.epoch));
    let epochs: Option<Vec<u64>> = epochs.collect();
    let epoch = epochs.and_then(|epochs| epochs.into_iter().min());
    epoch.filter(|epoch| *epoch <= first).unwrap_or(first)
}

/// The cables, and which of them a pair is, by its place.
fn cables(datagrams: &Datagrams<'_>, hints: &[Hint]) -> (Vec<Cable>, Vec<Option<usize>>) {
    let mut cables = Vec::new();
    let mut of_pairs = vec![None; datagrams.pairs.len()];
    for (number, pair) in datagrams.cables() {
        of_pairs[number] = Some(cables.len());
        cables.push(cable(pair, hints));
    }
    (cables, of_pairs)
}

/// A cable with each end in its place, and nothing else known of it.
fn cable(pair: &Pair, hints: &[Hint]) -> Cable {
    let ends = pair.ends;
    let given = ends.map(|end| {
        hints.iter().find_map(|hint| match hint {
            Hint::Imp(place) => place.holds(end).then_some(true),
            Hint::Host(place, _) => place.holds(end).then_some(false),
        })
    });
    let [one, other] = &pair.evidence;
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
