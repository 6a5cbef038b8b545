//! Bit strings of any length, bit 1 first, as they travel over a cable.
//!
//! Bits are packed into bytes with the first bit in the high-order position; the unused low-order bits of
//! the last byte are zero, so that two equal bit strings have equal bytes. A [`Bits`] is immutable and its
//! clones share one allocation: a message is written once and then only handed on.

use std::fmt;
use std::sync::Arc;

/// An immutable bit string. Cloning shares the bits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bits {
    bytes: Arc<[u8]>,
    len: usize,
}

impl Bits {
    /// A bit string that holds all eight bits of each byte.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Bits { bytes: Arc::from(bytes), len: bytes.len() * 8 }
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bits packed into bytes, first bit high; the last byte is filled up with zeros.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads from the first bit on.
    pub fn reader(&self) -> BitReader<'_> {
        BitReader { bytes: &self.bytes, at: 0, end: self.len }
    }
}

impl Default for Bits {
    fn default() -> Self {
        Bits::from_bytes(&[])
    }
}

impl fmt::Debug for Bits {
    /// Length in bits, then the bytes in hexadecimal: `Bits(36: 0f00450000)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bits({}: ", self.len)?;
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// The error of reading past the end: at bit `at` (the first is 0), `wanted` bits were asked for and `had` were left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// Where the read began, counted from 0.
    pub at: usize,
    /// How many bits were asked for.
    pub wanted: usize,
    /// How many were left.
    pub had: usize,
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bits end early: {} wanted at bit {}, {} left", self.wanted, self.at, self.had)
    }
}

impl std::error::Error for Short {}

/// Reads a bit string from front to back.
#[derive(Debug, Clone)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> BitReader<'a> {
    /// Reads all eight bits of each byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        BitReader { bytes, at: 0, end: bytes.len() * 8 }
    }

    /// The number of the next bit, counted from 0.
    pub fn at(&self) -> usize {
        self.at
    }

    /// How many bits are left.
    pub fn left(&self) -> usize {
        self.end - self.at
    }

    /// Ends the reading after `bits` more bits; does nothing if fewer are left.
    pub fn limit(&mut self, bits: usize) {
        self.end = self.end.min(self.at + bits);
    }

    /// Takes `width` bits as an unsigned number, most significant bit first.
    ///
    /// # Panics
    /// If `width` is more than 64: that is checked in debug builds only, as widths are constants.
    pub fn take(&mut self, width: usize) -> Result<u64, Short> {
        debug_assert!(width <= 64, "a number of {width} bits");
        self.require(width)?;
        let mut value = 0;
        let mut wanted = width;
        while wanted > 0 {
            let offset = self.at % 8;
            let some = wanted.min(8 - offset);
            let byte = u64::from(self.bytes[self.at / 8]);
            let part = (byte >> (8 - offset - some)) & ((1 << some) - 1);
            value = (value << some) | part;
            self.at += some;
            wanted -= some;
        }
        Ok(value)
    }

    /// Takes eight bits.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, Short> {
        self.array().map(|[byte]| byte)
    }

    /// Takes the bits of `N` bytes: most numbers are such, and most of them lie on byte boundaries.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Short> {
        self.require(N * 8)?;
        if self.at.is_multiple_of(8)
            && let Some(bytes) = self.bytes[self.at / 8..].first_chunk()
        {
            self.at += N * 8;
            return Ok(*bytes);
        }
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        Ok(bytes)
    }

    /// Takes as many bits as `into` has room for, or all that are left if they are fewer. Where bits are missing, `into` is
    /// filled up with zeros.
    pub fn fill(&mut self, into: &mut [u8]) {
        for byte in into {
            let some = self.left().min(8);
            *byte = self.take(some).map_or(0, |value| (value << (8 - some)) as u8);
        }
    }

    /// Takes `bits` bits as a reader of their own.
    pub fn split(&mut self, bits: usize) -> Result<BitReader<'a>, Short> {
        self.require(bits)?;
        let part = BitReader { bytes: self.bytes, at: self.at, end: self.at + bits };
        self.at += bits;
        Ok(part)
    }

    /// What is left, as bytes, if it begins on a byte boundary and is whole bytes; nothing is taken.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        (self.at.is_multiple_of(8) && self.end.is_multiple_of(8))
            .then(|| &self.bytes[self.at / 8..self.end / 8])
    }

    /// Appends all that is left to `into`, as bytes, first bit high, the last byte filled up with zeros.
    pub fn drain_into(&mut self, into: &mut Vec<u8>) {
        if self.at.is_multiple_of(8) {
            let whole = self.left() / 8;
            into.extend_from_slice(&self.bytes[self.at / 8..self.at / 8 + whole]);
            self.at += whole * 8;
        }
        while self.left() > 0 {
            let some = self.left().min(8);
            if let Ok(part) = self.take(some) {
                into.push((part as u8) << (8 - some));
            }
        }
    }

    fn require(&self, wanted: usize) -> Result<(), Short> {
        if wanted <= self.left() { Ok(()) } else { Err(Short { at: self.at, wanted, had: self.left() }) }
    }
}

/// Writes a bit string of a known length, front to back, into its one allocation.
#[derive(Debug)]
pub struct BitWriter {
    bytes: Arc<[u8]>,
    at: usize,
}

impl BitWriter {
    /// A writer with room for exactly `bits` bits.
    pub fn new(bits: usize) -> Self {
        BitWriter { bytes: std::iter::repeat_n(0, bits.div_ceil(8)).collect(), at: 0 }
    }

    /// How many bits have been written.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Writes the low-order `width` bits of `value`, most significant first.
    ///
    /// # Panics
    /// If the writer has no room left: its maker counted wrongly. If `width` is more than 64: that is checked in debug
    /// builds only, as widths are constants.
    #[inline]
    pub fn put(&mut self, value: u64, width: usize) {
        debug_assert!(width <= 64, "a number of {width} bits");
        if self.at.is_multiple_of(8) && width.is_multiple_of(8) {
            let start = self.at / 8;
            let bytes = value.to_be_bytes();
            self.room()[start..][..width / 8].copy_from_slice(&bytes[bytes.len() - width / 8..]);
            self.at += width;
        } else {
            self.put_across(value, width);
        }
    }

    /// Writes bits on byte boundaries or not.
    fn put_across(&mut self, value: u64, width: usize) {
        let mut left = width;
        let mut at = self.at;
        let bytes = self.room();
        while left > 0 {
            let offset = at % 8;
            let some = left.min(8 - offset);
            let part = (value >> (left - some)) & ((1 << some) - 1);
            bytes[at / 8] |= (part as u8) << (8 - offset - some);
            at += some;
            left -= some;
        }
        self.at = at;
    }

    /// Writes whole bytes.
    ///
    /// # Panics
    /// If the writer has no room left: its maker counted wrongly.
    pub fn put_bytes(&mut self, from: &[u8]) {
        if self.at.is_multiple_of(8) {
            let start = self.at / 8;
            self.room()[start..start + from.len()].copy_from_slice(from);
            self.at += from.len() * 8;
        } else {
            from.iter().for_each(|byte| self.put(u64::from(*byte), 8));
        }
    }

    /// Writes everything that is left in `from`.
    ///
    /// # Panics
    /// If the writer has no room left: its maker counted wrongly.
    pub fn put_bits(&mut self, mut from: BitReader<'_>) {
        if let Some(bytes) = from.as_bytes() {
            return self.put_bytes(bytes);
        }
        while from.left() > 0 {
            let some = from.left().min(64);
            if let Ok(value) = from.take(some) {
                self.put(value, some);
            }
        }
    }

    /// The bits written so far. Room that was not used costs one more copy.
    pub fn finish(self) -> Bits {
        let used = self.at.div_ceil(8);
        let bytes = if used == self.bytes.len() { self.bytes } else { Arc::from(&self.bytes[..used]) };
        Bits { bytes, len: self.at }
    }

    fn room(&mut self) -> &mut [u8] {
        Arc::get_mut(&mut self.bytes).expect("the bits are not shared before they are finished")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cross_byte_boundaries_and_come_back() {
        let mut writer = BitWriter::new(4 + 36 + 1 + 64);
        writer.put(0b1010, 4);
        writer.put(0o123456_654321, 36);
        writer.put(1, 1);
        writer.put(u64::MAX, 64);
        let bits = writer.finish();
        assert_eq!(bits.len(), 105);

        let mut reader = bits.reader();
        assert_eq!(reader.take(4), Ok(0b1010));
        assert_eq!(reader.take(36), Ok(0o123456_654321));
        assert_eq!(reader.take(1), Ok(1));
        assert_eq!(reader.take(64), Ok(u64::MAX));
        assert_eq!(reader.left(), 0);
    }

    #[test]
    fn reading_past_the_end_says_where_and_takes_nothing() {
        let bits = Bits::from_bytes(&[0xff]);
        let mut reader = bits.reader();
        assert_eq!(reader.take(5), Ok(0b11111));
        assert_eq!(reader.take(4), Err(Short { at: 5, wanted: 4, had: 3 }));
        assert_eq!(reader.take(3), Ok(0b111), "a refused read leaves the bits where they were");
    }

    #[test]
    fn a_part_that_does_not_begin_on_a_byte_is_shifted() {
        let bits = Bits::from_bytes(&[0b1111_0000, 0b1010_0101]);
        let mut reader = bits.reader();
        reader.take(4).expect("there are 16 bits");
        let part = reader.split(10).expect("12 are left");
        assert_eq!(part.as_bytes(), None);

        let mut bytes = Vec::new();
        part.clone().drain_into(&mut bytes);
        assert_eq!(bytes, [0b0000_1010, 0b0100_0000], "ten bits, filled up with zeros");

        let mut writer = BitWriter::new(10);
        writer.put_bits(part);
        assert_eq!(writer.finish().bytes(), [0b0000_1010, 0b0100_0000]);
    }

    #[test]
    fn bytes_are_filled_with_what_is_left_and_then_with_zeros() {
        let bits = Bits::from_bytes(&[0b1111_0000, 0b1010_0101]);
        let mut reader = bits.reader();
        reader.take(4).expect("there are 16 bits");
        let mut bytes = [0xff; 3];
        reader.fill(&mut bytes);
        assert_eq!((bytes, reader.left()), ([0b0000_1010, 0b0101_0000, 0], 0));
    }

    #[test]
    fn whole_bytes_are_lent_not_copied() {
        let bits = Bits::from_bytes(b"LEADERTEXT");
        let mut reader = bits.reader();
        reader.split(48).expect("there are ten bytes");
        assert_eq!(reader.as_bytes(), Some(&b"TEXT"[..]));
    }

    #[test]
    fn a_clone_shares_the_bits() {
        let bits = Bits::from_bytes(b"once");
        assert!(std::ptr::eq(bits.bytes(), bits.clone().bytes()));
    }
}
