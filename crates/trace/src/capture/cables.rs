//! Finds the cables in a capture, and makes records of what crossed them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use host::Directory;
use imp1822::h316::{Datagram, Heard, Receiver, Speaker, Statistics, Trouble};
use imp1822::{HostAddress, Leader, Signal};
use machine::{Bits, Instant};

use super::ends::{Manners, Matching, said_by_another};
use super::file::{FileError, Interface, packets};
use super::packet::{Outside, udp};
use super::wiretap::host_at;
use super::{CABLE_OF, Remark};
use crate::{Monitor, Record, TapPoint, Violation, What};

/// What the reader of a capture knows beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// An IMP is there.
    Imp(Place),
    /// This host is there.
    Host(Place, HostAddress),
}

/// An IP address, and perhaps a port: `127.0.0.1`, `127.0.0.1:11141`, `[::1]:11141`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    ip: IpAddr,
    port: Option<u16>,
}

/// This is no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no IP address, nor one with a port")]
pub struct NoPlace(String);

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let with_port = text.parse().map(|end: SocketAddr| Place { ip: end.ip(), port: Some(end.port()) });
        with_port
            .or_else(|_| text.parse().map(|ip| Place { ip, port: None }))
            .map_err(|_| NoPlace(text.to_owned()))
    }
}

impl Place {
    fn holds(self, end: SocketAddr) -> bool {
        self.ip == end.ip() && self.port.is_none_or(|port| port == end.port())
    }
}

/// A UDP datagram of the capture.
#[derive(Debug, Clone, Copy)]
struct Seen<'a> {
    micros: u64,
    from: SocketAddr,
    pair: usize,
    payload: &'a [u8],
}

/// Two ends between which datagrams were seen.
#[derive(Debug)]
struct Pair {
    ends: [SocketAddr; 2],
    manners: [Manners; 2],
    /// Whether what is captured of one of the ends begins after its beginning.
    begins_late: bool,
    /// Where they were seen first.
    interface: usize,
    is_cable: bool,
}

/// What a capture holds beside cables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rest {
    /// How many packets there are in all.
    pub packets: u64,
    /// How many of them belong to cables.
    pub of_cables: u64,
    /// How many are fragments of UDP datagrams, which are not put together.
    pub fragments: u64,
    /// How many end within a header.
    pub cut_off: u64,
    /// How many datagrams of cables are not whole in the capture.
    pub snapped: u64,
    /// How many are of a link type that nobody here knows, by its number.
    pub link_types: BTreeMap<u16, u64>,
}

/// The cables in a capture.
#[derive(Debug)]
pub struct Cables<'a> {
    seen: Vec<Seen<'a>>,
    pairs: Vec<Pair>,
    interfaces: Vec<Interface>,
    names: Vec<(Ipv4Addr, String)>,
    rest: Rest,
    error: Option<FileError>,
}

/// How the address of a host was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The reader said it.
    Said,
    /// The capture says it, as ours do.
    Described,
    /// Its messages were recognised where they arrived.
    Recognised,
    /// It was not: the number is one that nobody in the capture has.
    MadeUp,
}

/// A cable in a capture.
#[derive(Debug, Clone)]
pub struct Cable {
    /// Where the host is.
    pub host: SocketAddr,
    /// Where its IMP is.
    pub imp: SocketAddr,
    /// Whether it is clear which of the two is the IMP.
    pub is_clear: bool,
    /// The host's address.
    pub address: HostAddress,
    /// How that is known.
    pub known: Known,
    /// How the cable was listened to.
    pub sight: TapPoint,
    /// What was counted of the host's datagrams.
    pub from_host: Statistics,
    /// What was counted of the IMP's.
    pub from_imp: Statistics,
}

/// What was read of the cables of a capture.
#[derive(Debug)]
pub struct Reading {
    /// The names of the hosts.
    pub directory: Directory,
    /// The cables, in the order in which they appear.
    pub cables: Vec<Cable>,
    /// What crossed them, its times counted from the first datagram, or as the clock counted that wrote the capture.
    pub records: Vec<Record>,
    /// When those times begin, in microseconds after the beginning of 1970.
    pub begins: u64,
    /// Between which records something may be missing that only later numbers tell of, in order.
    gaps: Vec<(HostAddress, Gap)>,
}

/// An end of a time in which something that a speaker said may be missing.
#[derive(Debug, Clone, Copy)]
struct Gap {
    /// Before what is said then.
    before: usize,
    cable: usize,
    speaker: Speaker,
    edge: Edge,
}

/// Which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Begins,
    Ends,
}

impl Reading {
    /// What is wrong with what crossed the cables. Nothing is held against anybody that may be explained by what was
    /// before, or is missing. A cable of which it is not sure which end is the IMP's, or whose host has two, is not judged.
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
        let mut heard = BTreeMap::new();
        for cable in &self.cables {
            let sight = if cable.is_clear { cable.sight } else { TapPoint::Absent };
            heard.entry(cable.address).and_modify(|sight| *sight = TapPoint::Absent).or_insert(sight);
        }
        Monitor::new(TapPoint::Absent, heard)
    }
}

impl<'a> Cables<'a> {
    /// Looks for cables in a capture file. If it is broken, what precedes the error is read, and [`Cables::error`]
    /// tells it.
    pub fn find(file: &'a [u8]) -> Result<Self, FileError> {
        let mut packets = packets(file)?;
        let mut cables = Cables {
            seen: Vec::new(),
            pairs: Vec::new(),
            interfaces: Vec::new(),
            names: Vec::new(),
            rest: Rest::default(),
            error: None,
        };
        let mut numbers: BTreeMap<[SocketAddr; 2], usize> = BTreeMap::new();
        let mut snapped = Vec::new();
        while let Some(packet) = packets.next() {
            let packet = match packet {
                Ok(packet) => packet,
                Err(error) => {
                    cables.error = Some(error);
                    break;
                }
            };
            cables.rest.packets += 1;
            let link_type = packets.interfaces()[packet.interface].link_type;
            let udp = match udp(link_type, packet.data) {
                Ok(udp) => udp,
                Err(outside) => {
                    cables.rest.note(outside);
                    continue;
                }
            };
            let ends = [udp.from.min(udp.to), udp.from.max(udp.to)];
            let pair = *numbers.entry(ends).or_insert_with(|| {
                let interface = packet.interface;
                cables.pairs.push(Pair {
                    ends,
                    manners: Default::default(),
                    begins_late: false,
                    interface,
                    is_cable: false,
                });
                cables.pairs.len() - 1
            });
            if udp.missing > 0 {
                snapped.push(pair);
            }
            cables.pairs[pair].take(udp.from, udp.payload);
            cables.seen.push(Seen { micros: packet.micros, from: udp.from, pair, payload: udp.payload });
        }
        cables.interfaces = packets.interfaces().to_vec();
        cables.names = packets.names().to_vec();
        let Cables { seen, pairs, rest, .. } = &mut cables;
        seen.retain(|seen| pairs[seen.pair].is_cable);
        // Captures of several interfaces may be slightly out of order.
        seen.sort_by_key(|seen| seen.micros);
        rest.of_cables = seen.len() as u64;
        rest.snapped = snapped.iter().filter(|pair| pairs[**pair].is_cable).count() as u64;
        Ok(cables)
    }

    /// Where the capture is broken, if it is.
    pub fn error(&self) -> Option<&FileError> {
        self.error.as_ref()
    }

    /// What else the capture holds.
    pub fn rest(&self) -> &Rest {
        &self.rest
    }

    /// Puts together what crossed the cables. A host whose own cable is not in the capture is heard where its
    /// messages arrive: what it sent is put on record just before.
    pub fn read(&self, hints: &[Hint], mut directory: Directory) -> Reading {
        let first = self.seen.first().map_or(0, |seen| seen.micros);
        // Ours say when their clock showed zero.
        let of_cables = self.pairs.iter().filter(|pair| pair.is_cable);
        let remarks = of_cables.map(|pair| Remark::read(self.interfaces[pair.interface].comment.as_ref()?));
        let zero: Option<Vec<u64>> = remarks.map(|remark| Some(remark?.epoch)).collect();
        let zero = zero.and_then(|zeros| zeros.into_iter().min());
        let begins = zero.filter(|zero| *zero <= first).unwrap_or(first);
        let (mut cables, of_pairs) = self.cables(hints);
        let (heard, missing) = self.heard(&of_pairs, &mut cables);
        let mut missing = missing.into_iter().peekable();
        let mut gaps = Vec::new();
        self.find_addresses(hints, &heard, &of_pairs, &mut cables, &mut directory);
        let present: BTreeSet<HostAddress> = cables.iter().map(|cable| cable.address).collect();
        let mut records = Vec::new();
        for (number, Said { micros, cable, speaker, heard }) in heard.into_iter().enumerate() {
            while let Some(gap) = missing.next_if(|gap| gap.before <= number) {
                let Cable { address, sight, .. } = cables[gap.cable];
                // Who listens at one end misses what that end misses, and no sooner.
                if sight == TapPoint::InTransit {
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
                    let said = said_by_another(host, &signal).filter(|(from, _)| !present.contains(from));
                    if let Some((from, signal)) = said {
                        put(What::Sent { host: from, signal });
                    }
                    put(What::Received { host, signal });
                }
            }
        }
        Reading { directory, cables, records, begins, gaps }
    }

    /// The cables, each end in its place, and which of them a pair is.
    fn cables(&self, hints: &[Hint]) -> (Vec<Cable>, Vec<Option<usize>>) {
        let mut cables = Vec::new();
        let mut of_pairs = vec![None; self.pairs.len()];
        for (pair, number) in self.pairs.iter().zip(&mut of_pairs).filter(|(pair, _)| pair.is_cable) {
            let ends = pair.ends;
            let said = ends.map(|end| {
                hints.iter().find_map(|hint| match hint {
                    Hint::Imp(place) => place.holds(end).then_some(true),
                    Hint::Host(place, _) => place.holds(end).then_some(false),
                })
            });
            let [one, other] = &pair.manners;
            let lean = one.against(other);
            let (first_is_imp, is_clear) = match said {
                [Some(first), None] => (first, true),
                [None, Some(second)] => (!second, true),
                // Who says both may say that they are the same: then only their manners tell.
                [Some(first), Some(second)] if first != second => (first, true),
                [Some(_), Some(_)] | [None, None] => (lean > 0, lean != 0),
            };
            let [imp, host] = if first_is_imp { ends } else { [ends[1], ends[0]] };
            *number = Some(cables.len());
            cables.push(Cable {
                host,
                imp,
                is_clear,
                address: HostAddress::from(0),
                known: Known::MadeUp,
                sight: TapPoint::InTransit,
                from_host: Statistics::default(),
                from_imp: Statistics::default(),
            });
        }
        (cables, of_pairs)
    }

    /// Everything that was said on the cables, in order, and where something is missing; counts it.
    fn heard(&self, of_pairs: &[Option<usize>], cables: &mut [Cable]) -> (Vec<Said>, Vec<Gap>) {
        let both = || (Receiver::new(Speaker::Host), Receiver::new(Speaker::Imp));
        let mut receivers: Vec<(Receiver, Receiver)> = cables.iter().map(|_| both()).collect();
        let mut was_up = vec![false; cables.len()];
        let mut all = Vec::new();
        let mut gaps = Vec::new();
        let mut last = vec![[None, None]; cables.len()];
        for seen in &self.seen {
            let Some(cable) = of_pairs[seen.pair] else { continue };
            let (of_host, of_imp) = &mut receivers[cable];
            let (receiver, speaker, last) = if seen.from == cables[cable].host {
                (of_host, Speaker::Host, &mut last[cable][0])
            } else {
                (&mut *of_imp, Speaker::Imp, &mut last[cable][1])
            };
            receiver.receive(seen.payload);
            let heard: Vec<Heard> = std::iter::from_fn(|| receiver.poll()).collect();
            // A host that comes up again is told of its IMP's line anew.
            if speaker == Speaker::Host && heard.contains(&Heard::Signal(Signal::Ready(true))) {
                if was_up[cable] {
                    of_imp.forget_ready();
                }
                was_up[cable] = true;
            }
            // It may have got lost as soon as the one before was heard; and before the first anything may have.
            let is_lost = heard.iter().any(|heard| matches!(heard, Heard::Trouble(Trouble::Lost { .. })));
            if is_lost || last.is_none() {
                let gap = |before, edge| Gap { before, cable, speaker, edge };
                gaps.extend([gap(last.unwrap_or(0), Edge::Begins), gap(all.len(), Edge::Ends)]);
            }
            all.extend(heard.into_iter().map(|heard| Said { micros: seen.micros, cable, speaker, heard }));
            *last = Some(all.len());
        }
        // Of what is missing at the end no number tells.
        for (cable, [host, imp]) in last.into_iter().enumerate() {
            let gap = |before: Option<usize>, speaker| Gap {
                before: before.unwrap_or(0),
                cable,
                speaker,
                edge: Edge::Begins,
            };
            gaps.extend([gap(host, Speaker::Host), gap(imp, Speaker::Imp)]);
        }
        gaps.sort_by_key(|gap| gap.before);
        for (cable, (of_host, of_imp)) in cables.iter_mut().zip(receivers) {
            cable.from_host = of_host.statistics();
            cable.from_imp = of_imp.statistics();
        }
        (all, gaps)
    }

    /// Finds out which hosts the cables belong to, and gives names to those of which nothing is known.
    fn find_addresses(
        &self,
        hints: &[Hint],
        heard: &[Said],
        of_pairs: &[Option<usize>],
        cables: &mut [Cable],
        directory: &mut Directory,
    ) {
        let mut matching = Matching::default();
        let mut mentioned = BTreeSet::new();
        for Said { cable, speaker, heard, .. } in heard {
            let Heard::Signal(Signal::Message(bits)) = heard else { continue };
            match speaker {
                Speaker::Host => matching.sent(*cable, bits),
                Speaker::Imp => matching.received(*cable, bits),
            }
            mentioned.extend(mentions(bits));
        }
        for (number, cable) in cables.iter_mut().enumerate() {
            let said = hints.iter().find_map(|hint| match hint {
                Hint::Host(place, address) => place.holds(cable.host).then_some(*address),
                Hint::Imp(_) => None,
            });
            let pair = of_pairs.iter().position(|of| *of == Some(number));
            let interface = pair.map(|pair| &self.interfaces[self.pairs[pair].interface]);
            let described = interface.and_then(described);
            let known = [
                (said, Known::Said),
                (described, Known::Described),
                (matching.address(number), Known::Recognised),
            ];
            if let Some((address, how)) = known.into_iter().find_map(|(found, how)| Some((found?, how))) {
                (cable.address, cable.known) = (address, how);
                mentioned.insert(address);
            }
            let remark = interface.and_then(|interface| Remark::read(interface.comment.as_ref()?));
            let late = pair.is_none_or(|pair| self.pairs[pair].begins_late);
            if let (Known::Described, Some(remark), false) = (cable.known, remark, late) {
                cable.sight = remark.reader();
            }
            if let (Known::Described, Some(name)) = (cable.known, interface.and_then(|i| i.name.as_ref())) {
                directory.add(name, cable.address);
            }
        }
        // What is named in a capture of somebody else's may be no host of the ARPANET.
        let mut of_cables = self.pairs.iter().filter(|pair| pair.is_cable);
        if of_cables.any(|pair| described(&self.interfaces[pair.interface]).is_some()) {
            for (ip, name) in &self.names {
                let Some(address) = host_at(ip.octets()) else { continue };
                directory.add(name, address);
                mentioned.insert(address);
            }
        }
        let mut free = (0..=255).rev().map(HostAddress::from).filter(|address| !mentioned.contains(address));
        for cable in cables.iter_mut().filter(|cable| cable.known == Known::MadeUp) {
            cable.address = free.next().unwrap_or(HostAddress::from(255));
            directory.add(&cable.host.to_string(), cable.address);
        }
    }
}

/// Whose cable a capture of ours says that an interface is.
fn described(interface: &Interface) -> Option<HostAddress> {
    let number = interface.description.as_ref()?.strip_prefix(CABLE_OF)?;
    number.parse::<u8>().ok().map(HostAddress::from)
}

/// Whom a message names in its leader.
fn mentions(bits: &Bits) -> Option<HostAddress> {
    Leader::parse(&mut bits.reader()).ok().map(|leader| leader.address)
}

/// Something said on a cable.
#[derive(Debug)]
struct Said {
    micros: u64,
    cable: usize,
    speaker: Speaker,
    heard: Heard,
}

impl Pair {
    /// Takes the next datagram between the two.
    fn take(&mut self, from: SocketAddr, payload: &[u8]) {
        if let Ok(datagram) = Datagram::parse(payload) {
            self.is_cable = true;
            let manners = &mut self.manners[usize::from(from != self.ends[0])];
            self.begins_late |= manners.is_new() && datagram.sequence != 0;
            manners.take(&datagram);
        } else {
            // What is broken may still be of a cable, of which nothing else was captured.
            self.is_cable |= Datagram::begins(payload);
        }
    }
}

impl Rest {
    fn note(&mut self, outside: Outside) {
        match outside {
            Outside::Other => {}
            Outside::Fragment => self.fragments += 1,
            Outside::CutOff => self.cut_off += 1,
            Outside::LinkType(number) => *self.link_types.entry(number).or_default() += 1,
        }
    }
}

impl fmt::Display for Rest {
    /// Line by line what was left out and why; nothing if nothing was.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (link_type, count) in &self.link_types {
            writeln!(f, "{count} packets have link type {link_type}, which is not known here: left out")?;
        }
        let counted = [
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
