//! The blocks of a pcapng file (draft-ietf-opsawg-pcapng), each written with its fields named; big-endian.

use std::io::{self, Write};

/// What a block is, by its first four bytes. The section header's reads the same in both byte orders.
pub(super) mod kind {
    pub(in super::super) const SECTION: u32 = 0x0a0d_0d0a;
    pub(in super::super) const INTERFACE: u32 = 1;
    /// An older form, before the enhanced packet block.
    pub(in super::super) const OLD_PACKET: u32 = 2;
    pub(in super::super) const SIMPLE_PACKET: u32 = 3;
    pub(in super::super) const NAMES: u32 = 4;
    pub(in super::super) const PACKET: u32 = 6;
}

/// What an option is, by its first two bytes.
pub(super) mod option {
    pub(in super::super) const END: u16 = 0;
    pub(in super::super) const COMMENT: u16 = 1;
    pub(super) const SECTION_APPLICATION: u16 = 4;
    pub(in super::super) const INTERFACE_NAME: u16 = 2;
    pub(in super::super) const INTERFACE_DESCRIPTION: u16 = 3;
    pub(in super::super) const INTERFACE_RESOLUTION: u16 = 9;
    pub(in super::super) const INTERFACE_OFFSET: u16 = 14;
    pub(super) const PACKET_FLAGS: u16 = 2;
}

/// Reads as 0x4d3c2b1a if the section was written in the other byte order.
pub(super) const BYTE_ORDER: u32 = 0x1a2b_3c4d;

/// Packets begin with an IP header (LINKTYPE_RAW).
const RAW: u16 = 101;

/// A record in a block of names: an IPv4 address and a name.
pub(super) const NAME_OF_IPV4: u16 = 1;

/// Which way a packet went, as its flags say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Inbound,
    Outbound,
}

/// Writes the blocks of one section.
#[derive(Debug)]
pub(super) struct Blocks<W> {
    out: W,
    body: Vec<u8>,
}

impl<W: Write> Blocks<W> {
    /// Begins a section, of unknown length.
    pub(super) fn section(out: W, application: &str) -> io::Result<Self> {
        let mut blocks = Blocks { out, body: Vec::new() };
        blocks.put32(BYTE_ORDER);
        blocks.put16(1); // major version
        blocks.put16(0); // minor version
        blocks.put32(u32::MAX); // section length, upper half: -1, not known
        blocks.put32(u32::MAX); // and lower half
        blocks.option(option::SECTION_APPLICATION, application.as_bytes());
        blocks.option(option::END, &[]);
        blocks.finish(kind::SECTION)?;
        Ok(blocks)
    }

    /// The next interface; the first is number 0. Its packets have times in microseconds.
    pub(super) fn interface(&mut self, name: &str, description: &str, comment: &str) -> io::Result<()> {
        self.put16(RAW);
        self.put16(0); // reserved
        self.put32(0); // longest packet: no limit
        self.option(option::COMMENT, comment.as_bytes());
        self.option(option::INTERFACE_NAME, name.as_bytes());
        self.option(option::INTERFACE_DESCRIPTION, description.as_bytes());
        self.option(option::INTERFACE_RESOLUTION, &[6]); // 10 to the -6 seconds
        self.option(option::END, &[]);
        self.finish(kind::INTERFACE)
    }

    /// Names for IPv4 addresses.
    pub(super) fn names<'a>(
        &mut self,
        names: impl IntoIterator<Item = ([u8; 4], &'a str)>,
    ) -> io::Result<()> {
        for (address, name) in names {
            let value = [&address[..], name.as_bytes(), &[0]].concat();
            self.option(NAME_OF_IPV4, &value); // records have the form of options
        }
        self.option(option::END, &[]); // end of records
        self.finish(kind::NAMES)
    }

    /// A packet. `micros`: after the beginning of 1970.
    pub(super) fn packet(&mut self, interface: u32, micros: u64, way: Way, data: &[u8]) -> io::Result<()> {
        let length = data.len() as u32;
        self.put32(interface);
        self.put32((micros >> 32) as u32); // time, upper half
        self.put32(micros as u32); // time, lower half
        self.put32(length); // captured
        self.put32(length); // on the wire
        self.body.extend_from_slice(data);
        self.pad();
        let direction: u32 = match way {
            Way::Inbound => 1,
            Way::Outbound => 2,
        };
        self.option(option::PACKET_FLAGS, &direction.to_be_bytes());
        self.option(option::END, &[]);
        self.finish(kind::PACKET)
    }

    /// Flushes the writer.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// The writer, once everything is in it.
    pub(super) fn into_inner(self) -> W {
        self.out
    }

    fn put16(&mut self, value: u16) {
        self.body.extend_from_slice(&value.to_be_bytes());
    }

    fn put32(&mut self, value: u32) {
        self.body.extend_from_slice(&value.to_be_bytes());
    }

    /// Fills the body up to a multiple of four bytes, as every field of variable length is.
    fn pad(&mut self) {
        self.body.resize(self.body.len().next_multiple_of(4), 0);
    }

    fn option(&mut self, code: u16, value: &[u8]) {
        self.put16(code);
        self.put16(value.len() as u16);
        self.body.extend_from_slice(value);
        self.pad();
    }

    /// Writes the block around its body: its kind, and its length before and behind.
    fn finish(&mut self, kind: u32) -> io::Result<()> {
        let length = (self.body.len() as u32 + 12).to_be_bytes();
        self.out.write_all(&kind.to_be_bytes())?;
        self.out.write_all(&length)?;
        self.out.write_all(&self.body)?;
        self.out.write_all(&length)?;
        self.body.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_on_literal_bytes() {
        let mut blocks = Blocks::section(Vec::new(), "us").expect("a vector has room");
        let section = [
            &[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 40, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0][..],
            &[0xff; 8],
            &[0, 4, 0, 2, b'u', b's', 0, 0, 0, 0, 0, 0, 0, 0, 0, 40],
        ]
        .concat();
        assert_eq!(blocks.out, section);
        blocks.out.clear();
        blocks.interface("A", "B", "C").expect("a vector has room");
        let interface = [
            &[0, 0, 0, 1, 0, 0, 0, 56, 0, 101, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, b'C', 0, 0, 0][..],
            &[0, 2, 0, 1, b'A', 0, 0, 0, 0, 3, 0, 1, b'B', 0, 0, 0],
            &[0, 9, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 56],
        ]
        .concat();
        assert_eq!(blocks.out, interface);
        blocks.out.clear();
        blocks.packet(1, 0x1_0000_0002, Way::Outbound, &[7; 5]).expect("a vector has room");
        let packet = [
            &[0, 0, 0, 6, 0, 0, 0, 52, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 5][..],
            &[7, 7, 7, 7, 7, 0, 0, 0, 0, 2, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 52],
        ]
        .concat();
        assert_eq!(blocks.out, packet);
    }
}
