//! Tells a capture from its beginning, record by record: however long it is, only what is open is kept.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Read;
use std::net::SocketAddr;

use host::Directory;
use imp1822::HostAddress;
use imp1822::h316::{Datagram, Heard, Speaker};
use machine::Instant;

use super::cable::Cable;
use super::datagrams::{Datagrams, Seen};
use super::ears::{Hearing, Listeners};
use super::file_error::FileError;
use super::flow::Flow;
use super::pair::Pair;
use super::proof::Proof;
use super::reader::packets;
use super::seen::Doubles;
use super::sent::sent_by_another;
use super::survey::{Introduced, MOST_CABLES};
use super::timeline::Timeline;
use super::told::Told;
use crate::monitor::{Monitor, TapPoint, Violation};
use crate::record::{Record, What};

/// So many datagrams of a cable that appears late are kept until it is clear which end is the IMP.
const UNCLEAR: usize = 64;

/// If more bytes of them than this are kept, the next one is told as it stands.
const MOST_UNCLEAR_BYTES: usize = 1 << 24;

/// A capture that is being told.
#[derive(Debug)]
pub struct Telling<R> {
    known: Introduced,
    flow: Flow<R>,
    timeline: Timeline,
    begins: Option<u64>,
    listeners: Listeners,
    doubles: Doubles,
    /// Cables that appear late: which end is the IMP is not clear yet.
    late: BTreeMap<[SocketAddr; 2], Late>,
    /// How many bytes are kept of them.
    late_bytes: usize,
    monitor: Monitor,
    proof: Proof,
    /// Whether times are known, so that what depends on them can be judged.
    judges_times: bool,
    at: Instant,
    told: VecDeque<Told>,
    /// What was not done until the end that should have been; once the end is there.
    undone: Option<Vec<Violation>>,
}

#[derive(Debug)]
struct Late {
    pair: Pair,
    seen: Vec<Seen>,
}

impl Late {
    /// How many bytes are kept.
    fn bytes(&self) -> usize {
        self.seen.iter().map(|seen| seen.payload.len()).sum()
    }
}

impl Introduced {
    /// Tells the capture from its beginning.
    ///
    /// # Errors
    /// If it is no capture.
    pub fn tell<R: Read>(self, file: R) -> Result<Telling<R>, FileError> {
        Ok(Telling::new(self, Datagrams::new(packets(file)?)))
    }
}

impl<R: Read> Telling<R> {
    pub(super) fn new(known: Introduced, datagrams: Datagrams<R>) -> Self {
        let begins = known.begins();
        let is_timed = known.survey.is_timed();
        let mut listeners = Listeners::default();
        known.survey.pairs.iter().for_each(|pair| listeners.add(pair, is_timed));
        Telling {
            flow: Flow::new(datagrams, known.survey.is_unordered),
            timeline: Timeline::default(),
            begins,
            listeners,
            doubles: known.survey.doubles.anew(),
            late: BTreeMap::new(),
            late_bytes: 0,
            monitor: monitor(known.cables()),
            proof: Proof::default(),
            judges_times: is_timed,
            at: Instant::START,
            told: VecDeque::new(),
            undone: None,
            known,
        }
    }

    /// The names of the hosts, as far as they are known.
    pub fn directory(&self) -> &Directory {
        &self.known.directory
    }

    /// The cables, with what was counted of their datagrams so far.
    pub fn cables(&self) -> Vec<Cable> {
        let mut cables = self.known.cables.clone();
        self.listeners.count(&mut cables);
        let of_cables = cables.into_iter().zip(&self.known.of_lines).filter(|(_, is_line)| !**is_line);
        of_cables.map(|(cable, _)| cable).collect()
    }

    /// Where the capture is broken, if that has been reached.
    pub fn error(&self) -> Option<&FileError> {
        self.flow.datagrams.error.as_ref()
    }

    /// How many packets have been read.
    pub fn packets(&self) -> u64 {
        self.flow.datagrams.counts.packets
    }

    /// Whether rules that depend on times are judged: all times are known so far.
    pub fn judges_times(&self) -> bool {
        self.judges_times
    }

    /// When all is told: what was not done that should have been.
    pub fn undone(&self) -> &[Violation] {
        self.undone.as_deref().unwrap_or_default()
    }

    /// Takes the next datagram.
    fn take(&mut self, seen: Seen) {
        match self.known.survey.numbers.get(&seen.ends).copied() {
            Some(number) if !self.is_repeat(number, &seen) => {
                self.pass_time(seen.micros);
                self.hear(number, &seen);
            }
            Some(_) => {}
            None if self.known.survey.goes_on => self.take_late(seen),
            None => {}
        }
    }

    /// Whether the capture has this datagram once more.
    fn is_repeat(&mut self, number: usize, seen: &Seen) -> bool {
        let end = (number, seen.from);
        let is_repeat = self.doubles.is_repeat(end, seen.micros.unwrap_or(0), &seen.payload);
        // What is known of the whole is better than what is known so far.
        let goes_on = self.known.survey.goes_on;
        let judge = if goes_on { &self.doubles } else { &self.known.survey.doubles };
        is_repeat && judge.are_of_the_capture(end)
    }

    fn pass_time(&mut self, micros: Option<u64>) {
        self.judges_times &= micros.is_some();
        let (micros, jump) = self.timeline.place(micros);
        let begins = *self.begins.get_or_insert(micros);
        let now = self.at.max(Instant::from_micros(micros.saturating_sub(begins)));
        while let Some(due) = self.listeners.due(now) {
            self.at = self.at.max(due.at);
            self.understand(due, self.judges_times);
        }
        self.at = now;
        let Some(jump) = jump else { return };
        // Nobody knows how long it was, so nothing that was due is missed.
        self.told.push_back(Told::Clock { at: self.at, jump });
        self.proof.doubt_all();
        for host in self.known.present.clone() {
            [Speaker::Host, Speaker::Imp]
                .into_iter()
                .for_each(|speaker| self.monitor.end_gap(self.at, host, speaker));
        }
    }

    /// Hears what a datagram says on a cable.
    fn hear(&mut self, number: usize, seen: &Seen) {
        let speaker = self.known.cables[number].speaker(seen.from);
        let hearing = self.listeners.hear(self.at, number, speaker, &seen.payload);
        self.understand(hearing, seen.micros.is_some());
    }

    /// Tells what was heard. `is_timed`: whether it is known when.
    fn understand(&mut self, hearing: Hearing, is_timed: bool) {
        let Hearing { at: _, cable, speaker, heard, goes_on, may_miss, is_first } = hearing;
        let (host, tap) = (self.known.cables[cable].address, self.known.cables[cable].tap);
        if goes_on {
            self.proof.hear((host, speaker), may_miss, &mut self.told);
        }
        // A tap at one end misses what that end misses, and no earlier.
        if is_first && tap == TapPoint::InTransit {
            self.monitor.end_gap(self.at, host, speaker);
        }
        for heard in heard {
            let what = match (heard, speaker) {
                (Heard::Trouble(trouble), speaker) => What::Cable { host, speaker, trouble },
                (Heard::Signal(signal), Speaker::Host) => What::Sent { host, signal },
                (Heard::Signal(signal), Speaker::Imp) => {
                    let sent = sent_by_another(host, &signal);
                    let sent = sent.filter(|(from, _)| !self.known.present.contains(from));
                    if let Some((from, signal)) = sent {
                        self.tell(What::Sent { host: from, signal }, is_timed, (host, speaker));
                    }
                    What::Received { host, signal }
                }
            };
            self.tell(what, is_timed, (host, speaker));
        }
    }

    fn tell(&mut self, what: What, is_timed: bool, heard_of: (HostAddress, Speaker)) {
        let record = Record { at: self.at, cause: None, what };
        let mut found = self.monitor.take(&record);
        if !self.judges_times {
            found.retain(|violation| violation.rule.is_of_form());
        }
        let cables = &self.known.cables;
        let misses =
            |host| cables.iter().any(|cable| cable.address == host && cable.tap == TapPoint::InTransit);
        let told = Told::Happened { record, is_timed, violations: Vec::new() };
        self.proof.add(told, found, heard_of, misses, &mut self.told);
    }

    /// Takes a datagram of ends of which nothing was known.
    fn take_late(&mut self, seen: Seen) {
        if !self.late.contains_key(&seen.ends) {
            let is_one_too_many = self.late.len() + self.known.cables.len() >= MOST_CABLES;
            if !Datagram::begins(&seen.payload) || is_one_too_many {
                return;
            }
            let interface = self.flow.datagrams.interface(seen.interface).clone();
            self.late.insert(seen.ends, Late { pair: Pair::new(seen.ends, interface), seen: Vec::new() });
        }
        let Some(late) = self.late.get_mut(&seen.ends) else { return };
        // A line between IMPs, which has been looked at.
        if late.seen.is_empty() && late.pair.packets > 0 {
            return;
        }
        let ends = seen.ends;
        late.pair.packets += 1;
        late.pair.take(seen.from, &seen.payload);
        self.late_bytes += seen.payload.len();
        late.seen.push(seen);
        let is_clear = late.pair.cable(&self.known.hints).is_clear;
        let is_enough = late.seen.len() >= UNCLEAR || self.late_bytes > MOST_UNCLEAR_BYTES;
        if is_enough && late.pair.is_line() {
            self.late_bytes -= late.bytes();
            late.seen.clear();
        } else if is_clear || is_enough {
            self.admit(ends);
        }
    }

    /// Tells of a cable that appeared late, and of what has crossed it since.
    fn admit(&mut self, ends: [SocketAddr; 2]) {
        let Some(late) = self.late.remove(&ends) else { return };
        self.late_bytes -= late.bytes();
        let Late { pair, seen } = late;
        if pair.is_line() || seen.is_empty() {
            return;
        }
        let Introduced { survey, cables, of_lines, present, directory, acquaintance, hints } =
            &mut self.known;
        let mut cable = pair.cable(hints);
        acquaintance.introduce_late(&pair, hints, &mut cable, directory);
        // The monitor was told where it listens when it began.
        cable.tap = TapPoint::Absent;
        present.insert(cable.address);
        cables.push(cable.clone());
        of_lines.push(false);
        survey.numbers.insert(ends, cables.len() - 1);
        self.listeners.add(&pair, self.judges_times);
        self.told.push_back(Told::NewCable { at: self.at, cable: Box::new(cable) });
        // It is told now; its times are over.
        let number = self.known.cables.len() - 1;
        for seen in seen {
            if !self.is_repeat(number, &seen) {
                self.hear(number, &seen);
            }
        }
    }

    /// All has been read.
    fn finish(&mut self) {
        let late: BTreeSet<_> = self.late.keys().copied().collect();
        late.into_iter().for_each(|ends| self.admit(ends));
        while let Some(last) = self.listeners.last(self.at) {
            self.understand(last, self.judges_times);
        }
        self.proof.doubt_all();
        // No later number tells of what is missing at the end.
        for cable in self.known.cables.iter().filter(|cable| cable.tap == TapPoint::InTransit) {
            [Speaker::Host, Speaker::Imp]
                .into_iter()
                .for_each(|speaker| self.monitor.begin_gap(cable.address, speaker));
        }
        let mut undone = self.monitor.finish(self.at, false);
        if !self.judges_times {
            undone.retain(|violation| violation.rule.is_of_form());
        }
        self.undone = Some(undone);
    }
}

impl<R: Read> Iterator for Telling<R> {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        loop {
            if self.proof.is_proved() {
                if let Some(told) = self.told.pop_front() {
                    self.proof.went();
                    return Some(told);
                }
                if self.undone.is_some() {
                    return None;
                }
            }
            match self.flow.next() {
                Some(seen) => self.take(seen),
                None => self.finish(),
            }
        }
    }
}

fn monitor<'a>(cables: impl Iterator<Item = &'a Cable>) -> Monitor {
    let mut taps = BTreeMap::new();
    for cable in cables {
        let tap = if cable.is_clear { cable.tap } else { TapPoint::Absent };
        taps.entry(cable.address).and_modify(|tap| *tap = TapPoint::Absent).or_insert(tap);
    }
    Monitor::new(TapPoint::Absent, taps)
}
