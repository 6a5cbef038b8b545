//! The message header: what follows the leader of every message between two NCPs.

use imp1822::{HostAddress, LEADER_BITS, Leader, Link, ToImp};
use machine::{BitReader, BitWriter, Bits, Short};

use crate::command::beginning;

/// How many bits of header follow the leader: M1, S, C and M2 (NIC 8246, Message Format).
pub const HEADER_BITS: usize = 40;

/// Bits 33 to 72 of a message (NIC 8246, Message Format): the size and number of the bytes of text.
///
/// The fields M1 (bits 33-40) and M2 (bits 65-72) are written as zeros and not looked at; [`filler`] reads
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// S, bits 41-48: the byte size. It survives even if it is 0, which is no byte size.
    pub size: u8,
    /// C, bits 49-64: how many bytes of text follow.
    pub count: u16,
}

/// Why a message has no text that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The message ends within its first 72 bits.
    #[error("the message header is cut off: {0}")]
    Header(Short),
    /// The message has fewer bits of text than its header says.
    #[error("{} bytes of {} bits do not fit: {short}", .header.count, .header.size)]
    Text {
        /// The header.
        header: Header,
        /// What was asked for and what was there.
        short: Short,
    },
}

/// The fields of a header that must be zero (NIC 8246, Message Format) and, in this message, are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filler {
    /// Bits 33-40.
    pub m1: u8,
    /// Bits 65-72.
    pub m2: u8,
}

impl Header {
    /// The length of the text in bits: the text length of NIC 8246, Flow Control.
    pub fn text_bits(self) -> usize {
        usize::from(self.size) * usize::from(self.count)
    }

    /// Takes a whole message, its leader included, apart into its header and exactly its text. What comes after
    /// the text (M3 and padding) is not looked at.
    pub fn split(message: &Bits) -> Result<(Self, BitReader<'_>), HeaderError> {
        let mut reader = message.reader();
        reader.split(LEADER_BITS).map_err(HeaderError::Header)?;
        let header = Header::parse(&mut reader).map_err(HeaderError::Header)?;
        match reader.split(header.text_bits()) {
            Ok(text) => Ok((header, text)),
            Err(short) => Err(HeaderError::Text { header, short }),
        }
    }

    /// Reads the 40 bits that follow the leader.
    pub fn parse(from: &mut BitReader<'_>) -> Result<Self, Short> {
        // All of it or nothing: a header that is cut off is one error, not one for each field.
        let [_m1, size, high, low, _m2] = from.array()?;
        Ok(Header { size, count: u16::from_be_bytes([high, low]) })
    }

    /// Writes the 40 bits.
    pub fn emit(self, into: &mut BitWriter) {
        into.put_bytes(&self.bytes());
    }

    fn bytes(self) -> [u8; HEADER_BITS / 8] {
        let [high, low] = self.count.to_be_bytes();
        [0, self.size, high, low, 0]
    }
}

/// A message for a host with room for the text that the header announces; the text is yet to be written.
pub(crate) fn message_to(host: HostAddress, link: Link, header: Header) -> BitWriter {
    let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + header.text_bits());
    let leader = Leader::from(ToImp::Regular { to: host, link, priority: false }).bytes();
    let mut bytes = [0; (LEADER_BITS + HEADER_BITS) / 8];
    bytes[..leader.len()].copy_from_slice(&leader);
    bytes[leader.len()..].copy_from_slice(&header.bytes());
    writer.put_bytes(&bytes);
    writer
}

/// A message as the data of an ERR: its leader and header, and the first eight bits of its text (NIC 8246, Control
/// Commands, ERR 5; the same for ERR 0, where the choice is ours).
pub(crate) fn complaint_of(message: &Bits) -> [u8; 10] {
    let text_bits = Header::split(message).map_or(8, |(header, _)| header.text_bits().min(8));
    let mut reader: BitReader<'_> = message.reader();
    reader.limit(LEADER_BITS + HEADER_BITS + text_bits);
    beginning(reader)
}

/// The data of an ERR about a message of ours, as its receiver has it: there the leader names the sender.
pub(crate) fn complaint_of_ours(from: HostAddress, message: &Bits) -> [u8; 10] {
    let mut data = complaint_of(message);
    data[1] = from.number();
    data
}

/// The filler fields of a message, if it has a header and they are not both zero. Nothing depends on them,
/// but an explanation of a message can point them out.
pub fn filler(message: &Bits) -> Option<Filler> {
    let mut reader = message.reader();
    reader.split(LEADER_BITS).ok()?;
    let m1 = reader.byte().ok()?;
    reader.split(24).ok()?;
    let m2 = reader.byte().ok()?;
    (m1 != 0 || m2 != 0).then_some(Filler { m1, m2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(after_leader: &[u8]) -> Bits {
        Bits::from_bytes(&[&[0, 69, 2, 0], after_leader].concat())
    }

    #[test]
    fn three_bytes_of_eight_bits_and_what_follows_is_padding() {
        let bits = message(&[0, 8, 0, 3, 0, b'S', b'R', b'I', 0x80, 0]);
        let (header, text) = Header::split(&bits).expect("it is whole");
        assert_eq!(header, Header { size: 8, count: 3 });
        assert_eq!(text.as_bytes(), Some(&b"SRI"[..]), "M3 and padding are no text");
        assert_eq!(filler(&bits), None);
    }

    #[test]
    fn two_bytes_of_36_bits_are_72_bits_of_text() {
        let bits = message(&[0, 36, 0, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let (header, text) = Header::split(&bits).expect("it is whole");
        assert_eq!((header.text_bits(), text.left()), (72, 72));
    }

    #[test]
    fn a_message_without_text_is_allowed() {
        let bits = message(&[0, 8, 0, 0, 0]);
        assert_eq!(Header::split(&bits).map(|(_, text)| text.left()), Ok(0));
    }

    #[test]
    fn a_header_survives_a_round_trip() {
        for header in [Header { size: 0, count: 0 }, Header { size: 255, count: 0xffff }] {
            let mut writer = BitWriter::new(HEADER_BITS);
            header.emit(&mut writer);
            assert_eq!(Header::parse(&mut writer.finish().reader()), Ok(header));
        }
    }

    #[test]
    fn the_filler_of_a_header_is_written_as_zeros() {
        let mut writer = BitWriter::new(HEADER_BITS);
        Header { size: 255, count: 0xffff }.emit(&mut writer);
        assert_eq!(writer.finish().bytes(), [0, 0xff, 0xff, 0xff, 0], "M1 and M2 are zero");
    }

    #[test]
    fn what_is_missing_is_named() {
        let short = Short { at: 32, wanted: 40, had: 32 };
        assert_eq!(
            Header::split(&message(&[0, 8, 0, 0])).err(),
            Some(HeaderError::Header(short)),
            "M2 is missing"
        );

        let bits = message(&[0, 8, 0, 3, 0, b'S', b'R']);
        let error = Header::split(&bits).expect_err("a byte is missing");
        let short = Short { at: 72, wanted: 24, had: 16 };
        assert_eq!(error, HeaderError::Text { header: Header { size: 8, count: 3 }, short });
        assert!(Header::split(&Bits::from_bytes(&[5])).is_err(), "not even a leader");
    }

    #[test]
    fn filler_that_is_not_zero_is_reported_and_does_no_harm() {
        let bits = message(&[1, 8, 0, 1, 2, b'X']);
        assert_eq!(filler(&bits), Some(Filler { m1: 1, m2: 2 }));
        assert!(Header::split(&bits).is_ok());
    }
}
