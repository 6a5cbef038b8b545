//! What must be known of a capture before it is told: which cables there are, which end of each is the IMP, whose host
//! it is, and whether packets stand there twice or out of order.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr};

use host::Directory;
use imp1822::h316::{Datagram, Heard};
use imp1822::{HostAddress, Signal};
use machine::Instant;

use super::addresses::Acquaintance;
use super::cable::Cable;
use super::counts::PacketCounts;
use super::datagrams::{Datagrams, Seen};
use super::ears::{Hearing, Listeners};
use super::file_error::FileError;
use super::flow::Flow;
use super::hint::Hint;
use super::pair::Pair;
use super::reader::packets;
use super::remark::{Remark, described_host};
use super::seen::Doubles;
use super::timeline::Timeline;

/// More cables are not read: no IMP of 1973 has more than four, and no net more than 256.
pub(super) const MOST_CABLES: usize = 1024;

/// Packets are out of order by no more than this, in microseconds, unless a clock was set.
const SLIGHTLY: u64 = 1_000_000;

/// So much of a capture that comes through a pipe is read before it is told, in microseconds of its own time.
pub const BEGINNING_MICROS: u64 = 10_000_000;

/// So much of it is read in any case: cables seldom all speak at once.
const LEAST_BEGINNING_MICROS: u64 = 1_000_000;

/// And not more than so many packets of it.
pub const BEGINNING_PACKETS: u64 = 20_000;

/// And not more than so many bytes.
pub const BEGINNING_BYTES: u64 = 1 << 25;

/// What is known of a capture, or of its beginning.
#[derive(Debug, Default)]
pub struct Survey {
    /// The cables, in the order in which they appear.
    pub(super) pairs: Vec<Pair>,
    /// Which is which.
    pub(super) numbers: BTreeMap<[SocketAddr; 2], usize>,
    pub(super) doubles: Doubles,
    pub(super) names: BTreeMap<Ipv4Addr, String>,
    /// When the first packet of a cable was captured, in microseconds after the beginning of 1970.
    first: Option<u64>,
    newest: u64,
    /// Whether packets of several interfaces are slightly out of order.
    pub(super) is_unordered: bool,
    counts: PacketCounts,
    error: Option<FileError>,
    /// Of how many hosts' cables the capture says that it has them.
    described: usize,
    /// Whether the capture goes on behind what was surveyed.
    pub(super) goes_on: bool,
}

impl Survey {
    /// Surveys a whole capture. If it is broken, what precedes the error is read, and [`Survey::error`] returns it.
    ///
    /// # Errors
    /// If it is no capture.
    pub fn of(file: impl Read) -> Result<Self, FileError> {
        Survey::until(file, |_, _, _| false)
    }

    /// Surveys the beginning of a capture that cannot be read twice: [`BEGINNING_MICROS`] of it, or
    /// [`BEGINNING_PACKETS`], or [`BEGINNING_BYTES`], or a second,
    /// if of each cable everything is known by then. It ends between two packets; what was
    /// read until then must be kept by the caller, to be told with all that follows.
    ///
    /// # Errors
    /// If it is no capture.
    pub fn of_beginning(file: impl Read, hints: &[Hint]) -> Result<Self, FileError> {
        Survey::until(file, |survey, newest, bytes| {
            let is_known = |pair: &Pair| {
                let cable = pair.cable(hints);
                let is_given =
                    hints.iter().any(|hint| matches!(hint, Hint::Host(place, _) if place.holds(cable.host)));
                cable.is_clear && (is_given || described_host(&pair.interface).is_some())
            };
            let spent = newest.saturating_sub(survey.first.unwrap_or(newest));
            let are_known = !survey.pairs.is_empty()
                && survey.pairs.len() >= survey.described
                && survey.pairs.iter().all(is_known);
            spent > BEGINNING_MICROS
                || (are_known && spent > LEAST_BEGINNING_MICROS)
                || survey.counts.packets >= BEGINNING_PACKETS
                || bytes >= BEGINNING_BYTES
        })
    }

    /// Surveys a capture until it is enough for the caller, who is told what is known, the time of the last
    /// datagram, and how many bytes have been read.
    fn until(file: impl Read, is_enough: impl Fn(&Survey, u64, u64) -> bool) -> Result<Self, FileError> {
        let mut datagrams = Datagrams::new(packets(file)?);
        let mut survey = Survey::default();
        while let Some(seen) = datagrams.next() {
            survey.take(&seen, &datagrams);
            survey.counts.packets = datagrams.counts.packets;
            if is_enough(&survey, seen.micros.unwrap_or(0), datagrams.packets().position()) {
                survey.goes_on = true;
                break;
            }
        }
        let of_others = std::mem::take(&mut datagrams.counts);
        let of_lines = survey.pairs.iter().filter(|pair| pair.is_line()).map(|pair| pair.packets).sum();
        survey.counts = PacketCounts {
            of_cables: survey.counts.of_cables - of_lines,
            of_lines,
            doubles: survey.doubles.left_out(),
            snapped: survey.counts.snapped,
            untimed: survey.counts.untimed,
            strange: survey.counts.strange,
            of_more_cables: survey.counts.of_more_cables,
            ..of_others
        };
        survey.names = datagrams.packets().names().clone();
        survey.error = datagrams.error;
        // A line between IMPs is no cable; nobody must take it for one again.
        survey.leave_out_lines();
        Ok(survey)
    }

    fn take<R: Read>(&mut self, seen: &Seen, datagrams: &Datagrams<R>) {
        let known = self.numbers.get(&seen.ends).copied();
        let number = match known {
            Some(number) => number,
            // A broken one may be of anything.
            None if !Datagram::begins(&seen.payload) => {
                self.counts.strange += 1;
                return;
            }
            None if self.pairs.len() == MOST_CABLES => {
                self.counts.of_more_cables += 1;
                return;
            }
            None => {
                let interfaces = datagrams.packets().interfaces();
                self.described = interfaces.iter().filter(|one| described_host(one).is_some()).count();
                self.pairs.push(Pair::new(seen.ends, datagrams.interface(seen.interface).clone()));
                self.numbers.insert(seen.ends, self.pairs.len() - 1);
                self.pairs.len() - 1
            }
        };
        self.counts.of_cables += 1;
        self.counts.snapped += u64::from(seen.is_snapped);
        self.counts.untimed += u64::from(seen.micros.is_none());
        if let Some(micros) = seen.micros {
            let first = self.first.get_or_insert(micros);
            if *first - micros.min(*first) <= SLIGHTLY {
                *first = micros.min(*first);
            }
            self.is_unordered |= micros < self.newest && self.newest - micros <= SLIGHTLY;
            self.newest = micros;
        }
        let pair = &mut self.pairs[number];
        pair.packets += 1;
        if !self.doubles.is_repeat((number, seen.from), seen.micros.unwrap_or(0), &seen.payload) {
            pair.take(seen.from, &seen.payload);
        }
    }

    fn leave_out_lines(&mut self) {
        if self.pairs.iter().any(Pair::is_line) {
            // Doubles are counted by the places of pairs, so that these stay as they are.
            let is_line = |number: &usize| self.pairs[*number].is_line();
            self.numbers.retain(|_, number| !is_line(number));
        }
    }

    /// Where the capture is broken, if it is.
    pub fn error(&self) -> Option<&FileError> {
        self.error.as_ref()
    }

    /// How many packets the capture holds, and why some are left out.
    pub fn counts(&self) -> &PacketCounts {
        &self.counts
    }

    /// Whether of all packets that are known it is known when they were captured.
    pub(super) fn is_timed(&self) -> bool {
        self.counts.untimed == 0
    }

    /// From when times are counted, in microseconds after the beginning of 1970: from the first datagram, or from when
    /// the clock of a run showed zero, if all cables say when that was.
    pub(super) fn begins(&self) -> u64 {
        let first = self.first.unwrap_or(0);
        let pairs = self.numbers.values().map(|number| &self.pairs[*number]);
        let epochs: Option<Vec<u64>> = pairs.map(|pair| Some(Remark::on(&pair.interface)?.epoch)).collect();
        let epoch = epochs.and_then(|epochs| epochs.into_iter().min());
        epoch.filter(|epoch| *epoch <= first).unwrap_or(first)
    }

    /// Learns from a capture, or the same beginning of it, who is who. `directory`: names that are known beforehand.
    ///
    /// # Errors
    /// If it is no capture.
    pub fn introduce(
        self,
        file: impl Read,
        hints: &[Hint],
        mut directory: Directory,
    ) -> Result<Introduced, FileError> {
        let mut cables: Vec<Cable> = self.pairs.iter().map(|pair| pair.cable(hints)).collect();
        let mut listeners = Listeners::default();
        self.pairs.iter().for_each(|pair| listeners.add(pair, self.is_timed()));
        let mut doubles = self.doubles.anew();
        let mut acquaintance = Acquaintance::default();
        let mut meet = |Hearing { cable, speaker, heard, .. }| {
            for heard in heard {
                if let Heard::Signal(Signal::Message(bits)) = heard {
                    acquaintance.hear(cable, speaker, &bits);
                }
            }
        };
        let (mut timeline, mut now) = (Timeline::default(), Instant::START);
        for seen in Flow::new(Datagrams::new(packets(file)?), self.is_unordered) {
            let Some(number) = self.numbers.get(&seen.ends).copied() else { continue };
            let is_repeat = doubles.is_repeat((number, seen.from), seen.micros.unwrap_or(0), &seen.payload);
            if is_repeat && self.doubles.are_of_the_capture((number, seen.from)) {
                continue;
            }
            now = Instant::from_micros(timeline.place(seen.micros).0);
            std::iter::from_fn(|| listeners.due(now)).for_each(&mut meet);
            meet(listeners.hear(now, number, cables[number].speaker(seen.from), &seen.payload));
        }
        std::iter::from_fn(|| listeners.last(now)).for_each(&mut meet);
        acquaintance.introduce(&self.pairs, &self.names, hints, &mut cables, &mut directory);
        listeners.count(&mut cables);
        let of_lines: Vec<bool> = self.pairs.iter().map(Pair::is_line).collect();
        let present = cables.iter().zip(&of_lines).filter(|(_, is_line)| !**is_line);
        let present: BTreeSet<HostAddress> = present.map(|(cable, _)| cable.address).collect();
        Ok(Introduced {
            survey: self,
            cables,
            of_lines,
            present,
            directory,
            acquaintance,
            hints: hints.to_vec(),
        })
    }
}

/// What is known of a capture: everything that can be known before it is told.
#[derive(Debug)]
pub struct Introduced {
    pub(super) survey: Survey,
    /// In the places of the pairs.
    pub(super) cables: Vec<Cable>,
    /// Which of these are lines between IMPs.
    pub(super) of_lines: Vec<bool>,
    pub(super) present: BTreeSet<HostAddress>,
    pub(super) directory: Directory,
    pub(super) acquaintance: Acquaintance,
    pub(super) hints: Vec<Hint>,
}

impl Introduced {
    /// What was counted.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// The cables, in the order in which they appear. Of a capture that was surveyed as a whole, what was counted of their
    /// datagrams, too.
    pub fn cables(&self) -> impl Iterator<Item = &Cable> {
        self.cables.iter().zip(&self.of_lines).filter(|(_, is_line)| !**is_line).map(|(cable, _)| cable)
    }

    /// The names of the hosts.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The hosts that talk, or whose cables there are.
    pub fn hosts(&self) -> impl Iterator<Item = HostAddress> {
        self.acquaintance.talking().union(&self.present).copied()
    }

    /// When times begin, in microseconds after the beginning of 1970. `None` if no packet of a cable says when it was.
    pub fn begins(&self) -> Option<u64> {
        self.survey.first.map(|_| self.survey.begins())
    }

    /// Whether the capture was surveyed as a whole, and not only its beginning.
    pub fn is_whole(&self) -> bool {
        !self.survey.goes_on
    }
}
