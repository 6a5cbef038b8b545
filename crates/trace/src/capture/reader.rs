//! Reads capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), in both byte
//! orders, packet by packet: of a file without an end no more than one packet is kept.
//!
//! By hand: pcapng is written here anyway, so that its numbers stand in one place, and the crates there are
//! cannot say at which byte a file is broken.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::Ipv4Addr;

use super::block::{Body, Interface};
use super::clock::{Clock, Order, array};
use super::file_error::FileError;
use super::pcapng::{BYTE_ORDER, kind};

/// A captured packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// When, in microseconds after the beginning of 1970; 0 if the file does not say.
    pub micros: u64,
    /// Whether the file says when.
    pub is_timed: bool,
    /// The number of the interface among all of the file, in the order of [`Packets::interfaces`].
    pub interface: usize,
    /// The bytes that were captured.
    pub data: Vec<u8>,
}

/// The form of a file.
#[derive(Debug, Clone, Copy)]
enum Form {
    Pcap(Order),
    Pcapng {
        order: Order,
        /// Where the interfaces of the section begin among all of the file.
        first_interface: usize,
    },
}

/// The packets of a capture, in the order of the file. After an error there are no more.
#[derive(Debug)]
pub struct Packets<R> {
    source: R,
    /// Where what is in the buffer begins.
    at: u64,
    /// The packet or block that is being read.
    buffer: Vec<u8>,
    form: Form,
    interfaces: Vec<Interface>,
    names: BTreeMap<Ipv4Addr, String>,
    broken: bool,
}

/// The beginnings of pcap files: microseconds and nanoseconds.
const PCAP_MICROS: u32 = 0xa1b2_c3d4;
const PCAP_NANOS: u32 = 0xa1b2_3c4d;

/// How long headers are that do not vary.
const PCAP_HEADER: usize = 24;
const PCAP_PACKET_HEADER: usize = 16;
/// The kind and the two lengths of a block.
const BLOCK_AROUND: usize = 12;

/// No packet and no block is longer, in bytes. No tool captures packets of a sixteenth of it.
const LONGEST: u32 = 1 << 24;

/// More interfaces, and names of addresses, are not kept.
const MOST_INTERFACES: usize = 1 << 16;
const MOST_NAMES: usize = 1 << 16;

/// Reads a capture file. Many small pieces are read: of a disk, hand it in with a buffer.
///
/// # Errors
/// If it is no capture, or cannot be read.
pub fn packets<R: Read>(file: R) -> Result<Packets<R>, FileError> {
    let form = Form::Pcapng { order: Order::Big, first_interface: 0 };
    let mut packets = Packets {
        source: file,
        at: 0,
        buffer: Vec::new(),
        form,
        interfaces: Vec::new(),
        names: BTreeMap::new(),
        broken: false,
    };
    packets.fill(4)?;
    let magic = array::<4>(&packets.buffer, 0);
    let magic = magic.ok_or_else(|| FileError::NoCapture(packets.buffer.clone()))?;
    if u32::from_be_bytes(magic) == kind::SECTION {
        return Ok(packets);
    }
    let by_order = [Order::Big, Order::Little].into_iter().find_map(|order| match order.u32(magic) {
        PCAP_MICROS => Some((order, Clock::MICROS)),
        PCAP_NANOS => Some((order, Clock::NANOS)),
        _ => None,
    });
    let (order, clock) = by_order.ok_or(FileError::NoCapture(magic.to_vec()))?;
    packets.fill(PCAP_HEADER)?;
    let link_type =
        array(&packets.buffer, PCAP_HEADER - 4).ok_or(FileError::Short { at: 0, what: "the file header" })?;
    // The upper half says how many bytes of checksum there are.
    let link_type = order.u32(link_type) as u16;
    packets.interfaces.push(Interface::of_pcap(link_type, clock));
    packets.form = Form::Pcap(order);
    packets.done();
    Ok(packets)
}

impl<R: Read> Packets<R> {
    /// The interfaces that have been described so far.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// The names that have been given to IPv4 addresses so far.
    pub fn names(&self) -> &BTreeMap<Ipv4Addr, String> {
        &self.names
    }

    /// How many bytes have been read.
    pub fn position(&self) -> u64 {
        self.at + self.buffer.len() as u64
    }

    /// Reads on until so many bytes of the packet or block are there, or the file ends.
    fn fill(&mut self, length: usize) -> Result<(), FileError> {
        let missing = length.saturating_sub(self.buffer.len());
        // What a length promises takes no memory before it is there.
        let read = (&mut self.source).take(missing as u64).read_to_end(&mut self.buffer);
        read.map(drop).map_err(|error| {
            let at = self.at + self.buffer.len() as u64;
            FileError::Unreadable { at, why: error.to_string() }
        })
    }

    /// What is in the buffer has been read.
    fn done(&mut self) {
        self.at += self.buffer.len() as u64;
        self.buffer.clear();
    }

    fn next_packet(&mut self) -> Result<Option<Captured>, FileError> {
        loop {
            self.fill(4)?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            let found = match self.form {
                Form::Pcap(order) => Some(self.pcap_packet(order)?),
                Form::Pcapng { .. } => self.block()?,
            };
            self.done();
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    fn pcap_packet(&mut self, order: Order) -> Result<Captured, FileError> {
        let at = self.at;
        let short = |what| FileError::Short { at, what };
        self.fill(PCAP_PACKET_HEADER)?;
        let field = |n: usize| array(&self.buffer, n * 4).map(|bytes| order.u32(bytes));
        let [Some(seconds), Some(fraction), Some(length), Some(_)] = [0, 1, 2, 3].map(field) else {
            return Err(short("a packet's header"));
        };
        if length > LONGEST {
            return Err(FileError::Length { at, what: "a packet", length });
        }
        let end = PCAP_PACKET_HEADER + length as usize;
        self.fill(end)?;
        let data = self.buffer.get(PCAP_PACKET_HEADER..end).ok_or(short("a packet"))?;
        let per_second = self.interfaces[0].clock.per_second.unwrap_or(1);
        let units = u128::from(seconds) * per_second + u128::from(fraction);
        let micros = u64::try_from(units * 1_000_000 / per_second).unwrap_or(u64::MAX);
        Ok(Captured { micros, is_timed: true, interface: 0, data: data.to_vec() })
    }

    /// Reads the next block; only some hold packets.
    fn block(&mut self) -> Result<Option<Captured>, FileError> {
        let at = self.at;
        let short = FileError::Short { at, what: "a block" };
        self.fill(BLOCK_AROUND)?;
        let head: [u8; BLOCK_AROUND] = array(&self.buffer, 0).ok_or(short.clone())?;
        let [first, second, third] = [0, 4, 8].map(|at| array(&head, at).unwrap_or_default());
        if u32::from_be_bytes(first) == kind::SECTION {
            // Its byte order must be known before its length.
            let orders = [Order::Big, Order::Little];
            let found = orders.into_iter().find(|order| order.u32(third) == BYTE_ORDER);
            let order = found.ok_or(FileError::ByteOrder { at: at + 8, found: u32::from_be_bytes(third) })?;
            self.form = Form::Pcapng { order, first_interface: self.interfaces.len() };
        }
        let Form::Pcapng { order, first_interface } = self.form else { return Ok(None) };
        let (block_kind, before) = (order.u32(first), order.u32(second));
        let length = before as usize;
        if length < BLOCK_AROUND || !length.is_multiple_of(4) || before > LONGEST {
            return Err(FileError::Length { at, what: "a block", length: before });
        }
        self.fill(length)?;
        let after = array(&self.buffer, length - 4).map(|bytes| order.u32(bytes)).ok_or(short)?;
        if before != after {
            return Err(FileError::Lengths { at, before, after });
        }
        let body = Body { bytes: &self.buffer[8..length - 4], at: at + 8, order };
        match block_kind {
            kind::INTERFACE if self.interfaces.len() == MOST_INTERFACES => {
                Err(FileError::Interfaces { at, most: MOST_INTERFACES })
            }
            kind::INTERFACE => {
                self.interfaces.push(body.interface()?);
                Ok(None)
            }
            kind::PACKET | kind::OLD_PACKET => {
                let number = match block_kind {
                    kind::PACKET => body.u32(0)?,
                    // The other half of the word counts dropped packets.
                    _ => u32::from(body.u16(0)?),
                };
                let index = self.interface(at, first_interface, number)?;
                let units = u64::from(body.u32(4)?) << 32 | u64::from(body.u32(8)?);
                let data = body.data(20, body.u32(12)?)?.to_vec();
                let micros = self.interfaces[index].clock.micros(units);
                Ok(Some(Captured { micros, is_timed: true, interface: index, data }))
            }
            kind::SIMPLE_PACKET => {
                let index = self.interface(at, first_interface, 0)?;
                let data = body.simple_packet(&self.interfaces[index])?.to_vec();
                Ok(Some(Captured { micros: 0, is_timed: false, interface: index, data }))
            }
            kind::NAMES => {
                let room = MOST_NAMES - self.names.len();
                let names = body.names();
                names.into_iter().take(room).for_each(|(address, name)| {
                    self.names.entry(address).or_insert(name);
                });
                Ok(None)
            }
            // Statistics, and what others have invented.
            _ => Ok(None),
        }
    }

    /// The place among all interfaces of one that a packet of the section is from.
    fn interface(&self, at: u64, first: usize, number: u32) -> Result<usize, FileError> {
        let index = first.saturating_add(number as usize);
        let is_known = index < self.interfaces.len();
        is_known.then_some(index).ok_or(FileError::NoInterface { at, interface: number })
    }
}

impl<R: Read> Iterator for Packets<R> {
    type Item = Result<Captured, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        let next = self.next_packet().transpose();
        self.broken = matches!(next, Some(Err(_)));
        next
    }
}
