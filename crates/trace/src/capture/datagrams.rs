//! The UDP datagrams of a capture, and between which ends there are cables.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use imp1822::h316::Datagram;

use super::counts::PacketCounts;
use super::ends::EndEvidence;
use super::packet::udp;
use super::reader::{FileError, Interface, packets};
use super::seen::{Seen, drop_doubles};

/// Two ends between which datagrams were seen.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) ends: [SocketAddr; 2],
    /// What the datagrams of each end tell of it.
    pub(super) evidence: [EndEvidence; 2],
    /// Whether the first datagram of one of the ends in the capture is not the first that it sent.
    pub(super) begins_late: bool,
    /// Where they were seen first.
    interface: usize,
    /// Whether a datagram begins as those of cables do. A broken one may be of a cable of which nothing else was
    /// captured.
    pub(super) is_cable: bool,
}

/// The datagrams of a capture.
#[derive(Debug)]
pub(super) struct Datagrams<'a> {
    /// Those of cables, in the order of time, each once.
    pub(super) seen: Vec<Seen<'a>>,
    pub(super) pairs: Vec<Pair>,
    interfaces: Vec<Interface>,
    /// The names of IPv4 addresses.
    pub(super) names: Vec<(Ipv4Addr, String)>,
    pub(super) counts: PacketCounts,
    /// Where the capture is broken, if it is: what precedes the error was read.
    pub(super) error: Option<FileError>,
}

impl<'a> Datagrams<'a> {
    /// Reads the datagrams of a capture file.
    pub(super) fn read(file: &'a [u8]) -> Result<Self, FileError> {
        let mut packets = packets(file)?;
        let mut seen = Vec::new();
        let mut pairs: Vec<Pair> = Vec::new();
        let mut counts = PacketCounts::default();
        let mut error = None;
        let mut numbers: BTreeMap<[SocketAddr; 2], usize> = BTreeMap::new();
        let mut snapped = Vec::new();
        while let Some(packet) = packets.next() {
            let packet = match packet {
                Ok(packet) => packet,
                Err(broken) => {
                    error = Some(broken);
                    break;
                }
            };
            counts.packets += 1;
            let link_type = packets.interfaces()[packet.interface].link_type;
            let udp = match udp(link_type, packet.data) {
                Ok(udp) => udp,
                Err(outside) => {
                    counts.note(outside);
                    continue;
                }
            };
            let ends = [udp.from.min(udp.to), udp.from.max(udp.to)];
            let pair = *numbers.entry(ends).or_insert_with(|| {
                pairs.push(Pair::new(ends, packet.interface));
                pairs.len() - 1
            });
            if udp.missing > 0 {
                snapped.push(pair);
            }
            pairs[pair].is_cable |= Datagram::begins(udp.payload);
            seen.push(Seen { micros: packet.micros, from: udp.from, pair, payload: udp.payload });
        }
        seen.retain(|seen| pairs[seen.pair].is_cable);
        // Captures of several interfaces may be slightly out of order.
        seen.sort_by_key(|seen| seen.micros);
        counts.of_cables = seen.len() as u64;
        counts.snapped = snapped.iter().filter(|pair| pairs[**pair].is_cable).count() as u64;
        counts.doubles = drop_doubles(&mut seen);
        for Seen { from, pair, payload, .. } in &seen {
            pairs[*pair].take(*from, payload);
        }
        let (interfaces, names) = (packets.interfaces().to_vec(), packets.names().to_vec());
        Ok(Datagrams { seen, pairs, interfaces, names, counts, error })
    }

    /// The pairs that are cables, each with its place among all.
    pub(super) fn cables(&self) -> impl Iterator<Item = (usize, &Pair)> {
        self.pairs.iter().enumerate().filter(|(_, pair)| pair.is_cable)
    }

    /// The interface at which a pair was seen first.
    pub(super) fn interface_of(&self, pair: &Pair) -> &Interface {
        &self.interfaces[pair.interface]
    }
}

impl Pair {
    fn new(ends: [SocketAddr; 2], interface: usize) -> Self {
        Pair { ends, evidence: Default::default(), begins_late: false, interface, is_cable: false }
    }

    /// Takes the next datagram between the two.
    fn take(&mut self, from: SocketAddr, payload: &[u8]) {
        if let Ok(datagram) = Datagram::parse(payload) {
            let evidence = &mut self.evidence[usize::from(from != self.ends[0])];
            self.begins_late |= evidence.is_new() && datagram.sequence != 0;
            evidence.take(&datagram);
        }
    }
}
