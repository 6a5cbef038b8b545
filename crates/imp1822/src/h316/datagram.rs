//! One datagram.

use std::fmt;

use super::WORD_BITS;

/// What every datagram begins with.
pub const MAGIC: [u8; 4] = *b"H316";

/// The most words of a message that one datagram has room for: N counts the flags, too.
pub const MAX_WORDS: usize = u16::MAX as usize - 1;

/// Where the fields stand, in bytes from the beginning.
mod field {
    use std::ops::Range;

    pub(super) const MAGIC: Range<usize> = 0..4;
    pub(super) const SEQUENCE: Range<usize> = 4..8;
    pub(super) const COUNT: Range<usize> = 8..10;
    pub(super) const FLAGS: Range<usize> = 10..12;
}

/// How many bytes precede those that the count counts.
const COUNTED_FROM: usize = field::FLAGS.start;

/// Bytes in a word.
const WORD_BYTES: usize = WORD_BITS / 8;

/// The flags of a datagram. Bits without a meaning survive.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// The message ends with this datagram.
    pub const LAST: Flags = Flags(0x0001);
    /// The sender's ready line is up.
    pub const READY: Flags = Flags(0x0002);

    /// Whether the message ends with this datagram.
    pub const fn last(self) -> bool {
        self.0 & Flags::LAST.0 != 0
    }

    /// Whether the sender's ready line is up.
    pub const fn ready(self) -> bool {
        self.0 & Flags::READY.0 != 0
    }

    /// These flags and those.
    #[must_use]
    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

impl From<u16> for Flags {
    fn from(bits: u16) -> Self {
        Flags(bits)
    }
}

impl From<Flags> for u16 {
    fn from(flags: Flags) -> u16 {
        flags.0
    }
}

impl fmt::Display for Flags {
    /// `READY LAST`; what has no name stands behind as a number; `-` is none at all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = self.0 & !(Flags::LAST.0 | Flags::READY.0);
        let names = [(self.ready(), "READY"), (self.last(), "LAST")];
        let mut words: Vec<String> =
            names.into_iter().filter(|(set, _)| *set).map(|(_, name)| name.to_owned()).collect();
        if unknown != 0 {
            words.push(format!("{unknown:#06x}"));
        }
        f.write_str(if words.is_empty() { "-" } else { "" })?;
        f.write_str(&words.join(" "))
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A datagram of the cable.
///
/// Printed with its flags and the number of its words: `#17 READY LAST, 2 words`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// Its number among those of its sender, which begin at 0.
    pub sequence: u32,
    /// What it says beside the words.
    pub flags: Flags,
    words: Vec<u16>,
}

/// A field of a datagram, for complaints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Bytes 0 to 3.
    Magic,
    /// Bytes 4 to 7.
    Sequence,
    /// Bytes 8 and 9.
    Count,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Field::Magic => "the magic at byte 0",
            Field::Sequence => "the sequence number at byte 4",
            Field::Count => "the count at byte 8",
        })
    }
}

/// Why bytes are no datagram of the cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DatagramError {
    /// The bytes end before or within a field.
    #[error("{field} is cut off: there are {had} bytes")]
    Short {
        /// The first field that is not whole.
        field: Field,
        /// How many bytes there are.
        had: usize,
    },
    /// It does not begin with `H316`.
    #[error("{} is {found:02x?}, not H316", Field::Magic)]
    Magic {
        /// What it begins with.
        found: [u8; 4],
    },
    /// The count is 0, so that it does not even have flags.
    #[error("{} is 0, which leaves out the flags", Field::Count)]
    NoFlags,
    /// The length is not what the count says.
    #[error("{} is {count}: {} bytes, but there are {had}", Field::Count, length(*.count))]
    Length {
        /// N.
        count: u16,
        /// How many bytes there are.
        had: usize,
    },
}

/// How long a datagram with this count is.
fn length(count: u16) -> usize {
    COUNTED_FROM + usize::from(count) * WORD_BYTES
}

impl Datagram {
    /// A datagram, or `None` if there are more than [`MAX_WORDS`] words.
    pub fn new(sequence: u32, flags: Flags, words: Vec<u16>) -> Option<Self> {
        (words.len() <= MAX_WORDS).then_some(Datagram { sequence, flags, words })
    }

    /// The words of the message that it carries.
    pub fn words(&self) -> &[u16] {
        &self.words
    }

    /// Whether bytes begin as a datagram does.
    pub fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// Reads a datagram. Its length must be exactly what its count says.
    pub fn parse(bytes: &[u8]) -> Result<Self, DatagramError> {
        let had = bytes.len();
        let short = |field| DatagramError::Short { field, had };
        let found: [u8; 4] = array(bytes, field::MAGIC).ok_or(short(Field::Magic))?;
        if found != MAGIC {
            return Err(DatagramError::Magic { found });
        }
        let sequence = array(bytes, field::SEQUENCE).ok_or(short(Field::Sequence))?;
        let count = u16::from_be_bytes(array(bytes, field::COUNT).ok_or(short(Field::Count))?);
        if had != length(count) {
            return Err(DatagramError::Length { count, had });
        }
        let flags = array(bytes, field::FLAGS).ok_or(DatagramError::NoFlags)?;
        let words = bytes[field::FLAGS.end..].chunks_exact(WORD_BYTES);
        Ok(Datagram {
            sequence: u32::from_be_bytes(sequence),
            flags: Flags(u16::from_be_bytes(flags)),
            words: words.map(|word| u16::from_be_bytes([word[0], word[1]])).collect(),
        })
    }

    /// Writes the datagram.
    pub fn emit(&self) -> Vec<u8> {
        // There are never more than MAX_WORDS.
        let count = self.words.len() as u16 + 1;
        let mut bytes = Vec::with_capacity(length(count));
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&count.to_be_bytes());
        bytes.extend_from_slice(&self.flags.0.to_be_bytes());
        bytes.extend(self.words.iter().flat_map(|word| word.to_be_bytes()));
        bytes
    }
}

fn array<const N: usize>(bytes: &[u8], range: std::ops::Range<usize>) -> Option<[u8; N]> {
    bytes.get(range)?.try_into().ok()
}

impl fmt::Display for Datagram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.words.len();
        write!(f, "#{} {}, {words} {}", self.sequence, self.flags, if words == 1 { "word" } else { "words" })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A NOP from an IMP that is ready: one datagram, flags 3.
    const NOP: [u8; 16] = [b'H', b'3', b'1', b'6', 0, 0, 1, 2, 0, 3, 0, 3, 4, 0, 0, 0];

    #[test]
    fn a_nop_on_literal_bytes() {
        let nop = Datagram::parse(&NOP).expect("it is whole");
        assert_eq!((nop.sequence, nop.words()), (0x0102, &[0x0400, 0][..]));
        assert!(nop.flags.last() && nop.flags.ready());
        assert_eq!(nop.to_string(), "#258 READY LAST, 2 words");
        assert_eq!(nop.emit(), NOP);
    }

    #[test]
    fn the_empty_datagram_that_ends_a_regular_message() {
        let last = Datagram::parse(b"H316\0\0\0\x05\0\x01\0\x03").expect("N = 1 counts the flags");
        assert_eq!(last, Datagram { sequence: 5, flags: Flags(3), words: Vec::new() });
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let told = |bytes: &[u8]| Datagram::parse(bytes).expect_err("it is broken").to_string();
        assert_eq!(told(b""), "the magic at byte 0 is cut off: there are 0 bytes");
        assert_eq!(told(b"H31"), "the magic at byte 0 is cut off: there are 3 bytes");
        assert_eq!(told(b"H317\0"), "the magic at byte 0 is [48, 33, 31, 37], not H316");
        assert_eq!(told(b"H316\0\0\0"), "the sequence number at byte 4 is cut off: there are 7 bytes");
        assert_eq!(told(b"H316\0\0\0\0\0"), "the count at byte 8 is cut off: there are 9 bytes");
        assert_eq!(told(b"H316\0\0\0\0\0\0"), "the count at byte 8 is 0, which leaves out the flags");
        assert_eq!(told(b"H316\0\0\0\0\0\x01\0"), "the count at byte 8 is 1: 12 bytes, but there are 11");
        assert_eq!(told(&NOP[..15]), "the count at byte 8 is 3: 16 bytes, but there are 15");
        let longer = [&NOP[..], &[0]].concat();
        assert_eq!(told(&longer), "the count at byte 8 is 3: 16 bytes, but there are 17");
    }

    #[test]
    fn flags_without_a_name_are_shown_and_survive() {
        let flags = Flags::from(0x8002);
        assert_eq!((flags.to_string(), u16::from(flags)), ("READY 0x8000".to_owned(), 0x8002));
        assert_eq!(Flags::default().to_string(), "-");
    }

    #[test]
    fn more_words_than_can_be_counted_are_no_datagram() {
        let most = Datagram::new(0, Flags::LAST, vec![7; MAX_WORDS]).expect("N is 65535");
        assert_eq!(Datagram::parse(&most.emit()), Ok(most));
        assert_eq!(Datagram::new(0, Flags::LAST, vec![7; MAX_WORDS + 1]), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            sequence: u32,
            flags: u16,
            words in prop::collection::vec(any::<u16>(), 0..600),
        ) {
            let datagram = Datagram { sequence, flags: Flags(flags), words };
            prop_assert_eq!(Datagram::parse(&datagram.emit()), Ok(datagram));
        }

        #[test]
        fn what_is_read_is_written_again(mut bytes in prop::collection::vec(any::<u8>(), 0..40), whole: bool) {
            if whole && bytes.len() >= 12 {
                bytes.truncate(bytes.len() / 2 * 2);
                bytes[..4].copy_from_slice(&MAGIC);
                let count = ((bytes.len() - COUNTED_FROM) / WORD_BYTES) as u16;
                bytes[8..10].copy_from_slice(&count.to_be_bytes());
            }
            let read = Datagram::parse(&bytes);
            prop_assert!(read.is_ok() || !whole || bytes.len() < 12);
            if let Ok(datagram) = read {
                prop_assert_eq!(datagram.emit(), bytes);
            }
        }
    }
}
