//! The 32-bit leader.

use machine::{BitReader, BitWriter, Short};

use crate::{HostAddress, Link};

/// The first 32 bits of every message between a host and its IMP, field by field. Every bit survives a
/// round trip, also where January 1973 gave it no meaning.
///
/// | bits | field |
/// |---|---|
/// | 1 | priority |
/// | 2 | for, or from, the IMP itself |
/// | 3 | trace |
/// | 4 | octal |
/// | 5-8 | message type |
/// | 9-16 | host address: destination towards the IMP, source from it |
/// | 17-24 | link |
/// | 25-28 | unused |
/// | 29-32 | subtype (RFC 381 uses the last two bits, RFC 394 the last three) |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leader {
    /// Bit 1: the message may overtake others.
    pub priority: bool,
    /// Bit 2: for, or from, the IMP itself.
    pub for_imp: bool,
    /// Bit 3: the IMPs are to report the message's way.
    pub trace: bool,
    /// Bit 4: the IMP is to print the message in octal.
    pub octal: bool,
    /// Bits 5-8: the message type.
    pub kind: u8,
    /// Bits 9-16: the other host.
    pub address: HostAddress,
    /// Bits 17-24: the link.
    pub link: Link,
    /// Bits 25-28.
    pub unused: u8,
    /// Bits 29-32: the subtype.
    pub subtype: u8,
}

impl Leader {
    /// A leader of the given type, all else zero.
    pub fn of_kind(kind: u8) -> Self {
        Leader {
            priority: false,
            for_imp: false,
            trace: false,
            octal: false,
            kind,
            address: HostAddress::from(0),
            link: Link::CONTROL,
            unused: 0,
            subtype: 0,
        }
    }

    /// Reads a leader, or says how many bits there were.
    #[inline]
    pub fn parse(from: &mut BitReader<'_>) -> Result<Self, Short> {
        // All 32 bits or none: a short leader is one error, not one for each field.
        let leader = u32::from_be_bytes(from.array()?);
        let flag = |bit: u32| leader >> (32 - bit) & 1 == 1;
        let field = |last_bit: u32, width: u32| (leader >> (32 - last_bit) & ((1 << width) - 1)) as u8;
        Ok(Leader {
            priority: flag(1),
            for_imp: flag(2),
            trace: flag(3),
            octal: flag(4),
            kind: field(8, 4),
            address: HostAddress::from(field(16, 8)),
            link: Link::from(field(24, 8)),
            unused: field(28, 4),
            subtype: field(32, 4),
        })
    }

    /// Writes the leader.
    #[inline]
    pub fn emit(&self, into: &mut BitWriter) {
        into.put_bytes(&self.bytes());
    }

    /// The leader as four bytes.
    #[inline]
    pub fn bytes(&self) -> [u8; crate::LEADER_BITS / 8] {
        let flag = |bit: u32, is_set: bool| u32::from(is_set) << (32 - bit);
        let field =
            |last_bit: u32, value: u8, width: u32| (u32::from(value) & ((1 << width) - 1)) << (32 - last_bit);
        let leader = flag(1, self.priority)
            | flag(2, self.for_imp)
            | flag(3, self.trace)
            | flag(4, self.octal)
            | field(8, self.kind, 4)
            | field(16, self.address.number(), 8)
            | field(24, self.link.number(), 8)
            | field(28, self.unused, 4)
            | field(32, self.subtype, 4);
        leader.to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use machine::Bits;

    #[test]
    fn a_regular_message_to_bbn_tenex_on_link_42() {
        let bits = Bits::from_bytes(&[0x00, 69, 42, 0x00]);
        let leader = Leader::parse(&mut bits.reader()).expect("32 bits");
        let expected = Leader { address: HostAddress::from(69), link: Link::from(42), ..Leader::of_kind(0) };
        assert_eq!(leader, expected);
    }

    #[test]
    fn every_bit_of_a_leader_survives_a_round_trip() {
        for bit in 0..32 {
            let bytes = (1_u32 << bit).to_be_bytes();
            let leader = Leader::parse(&mut BitReader::new(&bytes)).expect("32 bits");
            let mut writer = BitWriter::new(32);
            leader.emit(&mut writer);
            assert_eq!(writer.finish().bytes(), bytes, "bit {}", 32 - bit);
        }
    }

    #[test]
    fn a_short_leader_says_what_was_there() {
        let error = Leader::parse(&mut BitReader::new(&[0, 69])).expect_err("16 bits are no leader");
        assert_eq!(error, Short { at: 0, wanted: 32, had: 16 });
    }
}
