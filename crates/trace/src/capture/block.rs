//! What is inside a block of a pcapng file.

use std::net::Ipv4Addr;

use imp::visible::visible;

use super::clock::{Clock, Order, array};
use super::file_error::FileError;
use super::pcapng::{NAME_OF_IPV4, option};

/// No more is kept of a name, a description or a comment, in bytes.
const LONGEST_TEXT: usize = 1000;

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
    pub(super) clock: Clock,
    /// No more bytes of a packet than these were captured; 0 if there is no limit.
    pub(super) longest: u32,
}

impl Interface {
    /// The only interface of a pcap file.
    pub(super) fn of_pcap(link_type: u16, clock: Clock) -> Self {
        Interface { link_type, name: None, description: None, comment: None, clock, longest: 0 }
    }
}

/// What is inside a block.
pub(super) struct Body<'a> {
    pub(super) bytes: &'a [u8],
    /// Where it begins in the file.
    pub(super) at: u64,
    pub(super) order: Order,
}

impl<'a> Body<'a> {
    pub(super) fn u16(&self, at: usize) -> Result<u16, FileError> {
        array(self.bytes, at).map(|bytes| self.order.u16(bytes)).ok_or(self.short())
    }

    pub(super) fn u32(&self, at: usize) -> Result<u32, FileError> {
        array(self.bytes, at).map(|bytes| self.order.u32(bytes)).ok_or(self.short())
    }

    pub(super) fn data(&self, at: usize, length: u32) -> Result<&'a [u8], FileError> {
        let end = at.checked_add(length as usize);
        let error = FileError::Length { at: self.at, what: "the packet of this block", length };
        end.and_then(|end| self.bytes.get(at..end)).ok_or(error)
    }

    /// The packet of a simple packet block: it says how long the packet was, and the interface, how much of it is kept.
    pub(super) fn simple_packet(&self, interface: &Interface) -> Result<&'a [u8], FileError> {
        let length = self.u32(0)?;
        let kept = if interface.longest == 0 { length } else { length.min(interface.longest) };
        self.data(4, kept.min((self.bytes.len() - 4) as u32))
    }

    /// A block is too small for what it must hold.
    fn short(&self) -> FileError {
        FileError::Length { at: self.at, what: "this block", length: self.bytes.len() as u32 }
    }

    pub(super) fn interface(&self) -> Result<Interface, FileError> {
        let mut interface =
            Interface { longest: self.u32(4)?, ..Interface::of_pcap(self.u16(0)?, Clock::MICROS) };
        for (code, value) in self.options(8) {
            let text = || {
                let value = &value[..value.len().min(LONGEST_TEXT)];
                Some(visible(String::from_utf8_lossy(value).trim_end_matches('\0')).into_owned())
            };
            match code {
                option::COMMENT => interface.comment = text(),
                option::INTERFACE_NAME => interface.name = text(),
                option::INTERFACE_DESCRIPTION => interface.description = text(),
                option::INTERFACE_RESOLUTION if value.len() == 1 => {
                    interface.clock = interface.clock.with_resolution(value[0]);
                }
                option::INTERFACE_OFFSET => {
                    if let Some(bytes) = array::<8>(value, 0) {
                        interface.clock.offset = self.order.i64(bytes);
                    }
                }
                _ => {}
            }
        }
        Ok(interface)
    }

    /// The IPv4 addresses in a block of names, each with its first name.
    pub(super) fn names(&self) -> Vec<(Ipv4Addr, String)> {
        let records = self.options(0).take_while(|(kind, _)| *kind != option::END);
        let names = records.filter(|(kind, _)| *kind == NAME_OF_IPV4).filter_map(|(_, value)| {
            let (address, names) = value.split_first_chunk::<4>()?;
            let name = names.split(|byte| *byte == 0).next()?;
            let name = &name[..name.len().min(LONGEST_TEXT)];
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
