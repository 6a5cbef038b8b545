//! Reads capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), in both byte
//! orders.
//!
//! By hand: pcapng is written here anyway, so that its numbers stand in one place, and the crates there are
//! cannot say at which byte a file is broken.

use std::net::Ipv4Addr;

use imp::visible::visible;

use super::pcapng::{BYTE_ORDER, NAME_OF_IPV4, kind, option};

/// Where packets were captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The number of the link type, which says what packets begin with.
    pub link_type: u16,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its description, if it has one.
    pub description: Option<String>,
    /// A comment, if there is one.
    pub comment: Option<String>,
    /// Units of its times.
    clock: Clock,
}

/// A captured packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Captured<'a> {
    /// When, in microseconds after the beginning of 1970; 0 if the file does not say.
    pub micros: u64,
    /// The number of the interface among all of the file, in the order of [`Packets::interfaces`].
    pub interface: usize,
    /// The bytes that were captured.
    pub data: &'a [u8],
}

/// What is wrong with a capture file, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is neither pcap nor pcapng.
    #[error("this is no capture: {}", beginning(.0))]
    NoCapture(Vec<u8>),
    /// It ends too early.
    #[error("byte {at}: the file ends within {what}")]
    Short {
        /// Where that begins.
        at: usize,
        /// What it ends within.
        what: &'static str,
    },
    /// A length cannot be right.
    #[error("byte {at}: {what} cannot have a length of {length}")]
    Length {
        /// Where that begins.
        at: usize,
        /// What has the length.
        what: &'static str,
        /// The length.
        length: u32,
    },
    /// The two lengths of a block are not the same.
    #[error("byte {at}: the block has the length {before} at its beginning and {after} at its end")]
    Lengths {
        /// Where the block begins.
        at: usize,
        /// The length at its beginning.
        before: u32,
        /// The length at its end.
        after: u32,
    },
    /// A packet names an interface that was not described.
    #[error("byte {at}: the packet is from interface {interface}, of which the section has not told")]
    NoInterface {
        /// Where the block begins.
        at: usize,
        /// The interface's number in its section.
        interface: u32,
    },
    /// A section does not say in which byte order it is.
    #[error("byte {at}: the section's byte order is {found:#010x}, which is neither")]
    ByteOrder {
        /// Where it stands.
        at: usize,
        /// What is there.
        found: u32,
    },
}

/// How a file begins that is no capture: quoted if it is text.
fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "it is empty".to_owned();
    }
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return format!("it begins with \"{}\"", String::from_utf8_lossy(bytes));
    }
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
    format!("it begins with {}", bytes.join(" "))
}

/// How an interface counts time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    /// Units in a second; none if they are too many to be counted.
    per_second: Option<u128>,
    /// Seconds to be added.
    offset: i64,
}

impl Clock {
    const MICROS: Clock = Clock { per_second: Some(1_000_000), offset: 0 };
    const NANOS: Clock = Clock { per_second: Some(1_000_000_000), offset: 0 };

    /// The resolution as pcapng has it: a power of ten, or of two if the first bit is set.
    fn with_resolution(self, resolution: u8) -> Clock {
        let base: u128 = if resolution & 0x80 == 0 { 10 } else { 2 };
        Clock { per_second: base.checked_pow(u32::from(resolution & 0x7f)), ..self }
    }

    fn micros(self, units: u64) -> u64 {
        let micros = self.per_second.map_or(0, |per_second| u128::from(units) * 1_000_000 / per_second);
        let micros = i128::try_from(micros).unwrap_or(i128::MAX) + i128::from(self.offset) * 1_000_000;
        u64::try_from(micros.max(0)).unwrap_or(u64::MAX)
    }
}

/// The order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Big,
    Little,
}

impl Order {
    fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Order::Big => u16::from_be_bytes(bytes),
            Order::Little => u16::from_le_bytes(bytes),
        }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Order::Big => u32::from_be_bytes(bytes),
            Order::Little => u32::from_le_bytes(bytes),
        }
    }
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
pub struct Packets<'a> {
    file: &'a [u8],
    at: usize,
    form: Form,
    interfaces: Vec<Interface>,
    names: Vec<(Ipv4Addr, String)>,
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

/// Reads a capture file.
pub fn packets(file: &[u8]) -> Result<Packets<'_>, FileError> {
    let magic = array::<4>(file, 0).ok_or_else(|| FileError::NoCapture(file.to_vec()))?;
    if u32::from_be_bytes(magic) == kind::SECTION {
        let form = Form::Pcapng { order: Order::Big, first_interface: 0 };
        return Ok(Packets::new(file, 0, form, Vec::new()));
    }
    let by_order = [Order::Big, Order::Little].into_iter().find_map(|order| match order.u32(magic) {
        PCAP_MICROS => Some((order, Clock::MICROS)),
        PCAP_NANOS => Some((order, Clock::NANOS)),
        _ => None,
    });
    let (order, clock) = by_order.ok_or(FileError::NoCapture(magic.to_vec()))?;
    let link_type =
        array(file, PCAP_HEADER - 4).ok_or(FileError::Short { at: 0, what: "the file header" })?;
    // The upper half says how many bytes of checksum there are.
    let link_type = order.u32(link_type) as u16;
    let interface = Interface { link_type, name: None, description: None, comment: None, clock };
    Ok(Packets::new(file, PCAP_HEADER, Form::Pcap(order), vec![interface]))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

impl<'a> Packets<'a> {
    fn new(file: &'a [u8], at: usize, form: Form, interfaces: Vec<Interface>) -> Self {
        Packets { file, at, form, interfaces, names: Vec::new(), broken: false }
    }

    /// The interfaces that have been described so far.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// The names that have been given to IPv4 addresses so far.
    pub fn names(&self) -> &[(Ipv4Addr, String)] {
        &self.names
    }

    fn next_packet(&mut self) -> Result<Option<Captured<'a>>, FileError> {
        while self.at < self.file.len() {
            let found = match self.form {
                Form::Pcap(order) => Some(self.pcap_packet(order)?),
                Form::Pcapng { .. } => self.block()?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn pcap_packet(&mut self, order: Order) -> Result<Captured<'a>, FileError> {
        let at = self.at;
        let short = |what| FileError::Short { at, what };
        let field = |n: usize| array(self.file, at + n * 4).map(|bytes| order.u32(bytes));
        let [Some(seconds), Some(fraction), Some(length), Some(_)] = [0, 1, 2, 3].map(field) else {
            return Err(short("a packet's header"));
        };
        let start = at + PCAP_PACKET_HEADER;
        let end = start.checked_add(length as usize);
        let data = end.and_then(|end| self.file.get(start..end)).ok_or(short("a packet"))?;
        self.at = start + data.len();
        let per_second = self.interfaces[0].clock.per_second.unwrap_or(1);
        let units = u128::from(seconds) * per_second + u128::from(fraction);
        let micros = units * 1_000_000 / per_second;
        Ok(Captured { micros: u64::try_from(micros).unwrap_or(u64::MAX), interface: 0, data })
    }

    /// Reads the next block; only some hold packets.
    fn block(&mut self) -> Result<Option<Captured<'a>>, FileError> {
        let at = self.at;
        let short = FileError::Short { at, what: "a block" };
        let is_section = array(self.file, at).map(u32::from_be_bytes) == Some(kind::SECTION);
        if is_section {
            // Its byte order must be known before its length.
            let bytes = array(self.file, at + 8).ok_or(short.clone())?;
            let orders = [Order::Big, Order::Little];
            let found = orders.into_iter().find(|order| order.u32(bytes) == BYTE_ORDER);
            let order = found.ok_or(FileError::ByteOrder { at: at + 8, found: u32::from_be_bytes(bytes) })?;
            self.form = Form::Pcapng { order, first_interface: self.interfaces.len() };
        }
        let Form::Pcapng { order, first_interface } = self.form else { return Ok(None) };
        let number = |at| array(self.file, at).map(|bytes| order.u32(bytes)).ok_or(short.clone());
        let (block_kind, before) = (number(at)?, number(at + 4)?);
        let length = before as usize;
        if length < BLOCK_AROUND || !length.is_multiple_of(4) {
            return Err(FileError::Length { at, what: "a block", length: before });
        }
        let end = at.checked_add(length).ok_or(short.clone())?;
        let after = number(end - 4)?;
        if before != after {
            return Err(FileError::Lengths { at, before, after });
        }
        let body = Body { bytes: &self.file[at + 8..end - 4], at: at + 8, order };
        self.at = end;
        match block_kind {
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
                let (interface, clock) = self.interface(at, first_interface, number)?;
                let units = u64::from(body.u32(4)?) << 32 | u64::from(body.u32(8)?);
                let data = body.data(20, body.u32(12)?)?;
                Ok(Some(Captured { micros: clock.micros(units), interface, data }))
            }
            kind::SIMPLE_PACKET => {
                let (interface, _) = self.interface(at, first_interface, 0)?;
                // The length on the wire; the capture may hold less.
                let length = body.u32(0)?.min((body.bytes.len() - 4) as u32);
                Ok(Some(Captured { micros: 0, interface, data: body.data(4, length)? }))
            }
            kind::NAMES => {
                self.names.extend(body.names());
                Ok(None)
            }
            // Statistics, and what others have invented.
            _ => Ok(None),
        }
    }

    fn interface(&self, at: usize, first: usize, number: u32) -> Result<(usize, Clock), FileError> {
        let index = first.saturating_add(number as usize);
        match self.interfaces.get(index) {
            Some(interface) => Ok((index, interface.clock)),
            None => Err(FileError::NoInterface { at, interface: number }),
        }
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<Captured<'a>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        let next = self.next_packet().transpose();
        self.broken = matches!(next, Some(Err(_)));
        next
    }
}

/// What is inside a block.
struct Body<'a> {
    bytes: &'a [u8],
    /// Where it begins in the file.
    at: usize,
    order: Order,
}

impl<'a> Body<'a> {
    fn u16(&self, at: usize) -> Result<u16, FileError> {
        array(self.bytes, at).map(|bytes| self.order.u16(bytes)).ok_or(self.short())
    }

    fn u32(&self, at: usize) -> Result<u32, FileError> {
        array(self.bytes, at).map(|bytes| self.order.u32(bytes)).ok_or(self.short())
    }

    fn data(&self, at: usize, length: u32) -> Result<&'a [u8], FileError> {
        let end = at.checked_add(length as usize);
        let error = FileError::Length { at: self.at, what: "the packet of this block", length };
        end.and_then(|end| self.bytes.get(at..end)).ok_or(error)
    }

    /// A block is too small for what it must hold.
    fn short(&self) -> FileError {
        FileError::Length { at: self.at, what: "this block", length: self.bytes.len() as u32 }
    }

    fn interface(&self) -> Result<Interface, FileError> {
        let link_type = self.u16(0)?;
        let mut interface =
            Interface { link_type, name: None, description: None, comment: None, clock: Clock::MICROS };
        for (code, value) in self.options(8) {
            let text = || Some(visible(String::from_utf8_lossy(value).trim_end_matches('\0')).into_owned());
            match code {
                option::COMMENT => interface.comment = text(),
                option::INTERFACE_NAME => interface.name = text(),
                option::INTERFACE_DESCRIPTION => interface.description = text(),
                option::INTERFACE_RESOLUTION if value.len() == 1 => {
                    interface.clock = interface.clock.with_resolution(value[0]);
                }
                option::INTERFACE_OFFSET => {
                    if let Some(bytes) = array::<8>(value, 0) {
                        interface.clock.offset = match self.order {
                            Order::Big => i64::from_be_bytes(bytes),
                            Order::Little => i64::from_le_bytes(bytes),
                        };
                    }
                }
                _ => {}
            }
        }
        Ok(interface)
    }

    /// The IPv4 addresses in a block of names, each with its first name.
    fn names(&self) -> Vec<(Ipv4Addr, String)> {
        let records = self.options(0).take_while(|(kind, _)| *kind != option::END);
        let names = records.filter(|(kind, _)| *kind == NAME_OF_IPV4).filter_map(|(_, value)| {
            let (address, names) = value.split_first_chunk::<4>()?;
            let name = names.split(|byte| *byte == 0).next()?;
            Some((Ipv4Addr::from(*address), visible(&String::from_utf8_lossy(name)).into_owned()))
        });
        names.filter(|(_, name)| !name.is_empty()).collect()
    }

    /// The options from there on, and whatever has the form of options. What is cut off says nothing; the packets do not
    /// depend on it.
    fn options(&self, mut at: usize) -> impl Iterator<Item = (u16, &'a [u8])> {
        let (bytes, order) = (self.bytes, self.order);
        std::iter::from_fn(move || {
            let [code, length] = [at, at + 2].map(|at| array(bytes, at).map(|bytes| order.u16(bytes)));
            let (code, length) = (code?, usize::from(length?));
            let value = bytes.get(at + 4..at + 4 + length)?;
            at += 4 + length.next_multiple_of(4);
            Some((code, value))
        })
    }
}
