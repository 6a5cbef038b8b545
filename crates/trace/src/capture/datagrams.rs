//! The UDP datagrams of a capture.

use std::io::Read;
use std::net::SocketAddr;

use super::block::Interface;
use super::counts::PacketCounts;
use super::file_error::FileError;
use super::packet::udp;
use super::reader::Packets;

/// A UDP datagram of a capture.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// When, in microseconds after the beginning of 1970, if the file says it.
    pub(super) micros: Option<u64>,
    pub(super) from: SocketAddr,
    /// Both ends, the lower one first.
    pub(super) ends: [SocketAddr; 2],
    /// The number of the interface.
    pub(super) interface: usize,
    pub(super) payload: Vec<u8>,
    /// Whether a part of it is not in the capture.
    pub(super) is_snapped: bool,
}

/// The UDP datagrams of a capture, in the order of the file.
#[derive(Debug)]
pub(super) struct Datagrams<R> {
    packets: Packets<R>,
    /// Of packets alone, and of what else is no datagram.
    pub(super) counts: PacketCounts,
    /// Where the capture is broken, if it is: what precedes the error was read.
    pub(super) error: Option<FileError>,
}

impl<R: Read> Datagrams<R> {
    pub(super) fn new(packets: Packets<R>) -> Self {
        Datagrams { packets, counts: PacketCounts::default(), error: None }
    }

    /// The interface of that number, which a datagram is from.
    pub(super) fn interface(&self, number: usize) -> &Interface {
        &self.packets.interfaces()[number]
    }

    /// The packets, for what else the file says.
    pub(super) fn packets(&self) -> &Packets<R> {
        &self.packets
    }
}

impl<R: Read> Iterator for Datagrams<R> {
    type Item = Seen;

    fn next(&mut self) -> Option<Seen> {
        loop {
            let packet = match self.packets.next()? {
                Ok(packet) => packet,
                Err(broken) => {
                    self.error = Some(broken);
                    return None;
                }
            };
            self.counts.packets += 1;
            let link_type = self.interface(packet.interface).link_type;
            match udp(link_type, &packet.data) {
                Ok(udp) => {
                    return Some(Seen {
                        micros: packet.is_timed.then_some(packet.micros),
                        from: udp.from,
                        ends: [udp.from.min(udp.to), udp.from.max(udp.to)],
                        interface: packet.interface,
                        payload: udp.payload.to_vec(),
                        is_snapped: udp.missing > 0,
                    });
                }
                Err(outside) => self.counts.note(outside),
            }
        }
    }
}
