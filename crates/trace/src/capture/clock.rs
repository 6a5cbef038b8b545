//! How an interface counts time, and the order of the bytes of its numbers.

/// How an interface counts time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Units in a second; none if they are too many to be counted.
    pub(super) per_second: Option<u128>,
    /// Seconds to be added.
    pub(super) offset: i64,
}

impl Clock {
    pub(super) const MICROS: Clock = Clock { per_second: Some(1_000_000), offset: 0 };
    pub(super) const NANOS: Clock = Clock { per_second: Some(1_000_000_000), offset: 0 };

    /// The resolution as pcapng has it: a power of ten, or of two if the first bit is set.
    pub(super) fn with_resolution(self, resolution: u8) -> Clock {
        let base: u128 = if resolution & 0x80 == 0 { 10 } else { 2 };
        Clock { per_second: base.checked_pow(u32::from(resolution & 0x7f)), ..self }
    }

    /// Units as microseconds after the beginning of 1970.
    pub(super) fn micros(self, units: u64) -> u64 {
        let micros = self.per_second.map_or(0, |per_second| u128::from(units) * 1_000_000 / per_second);
        let micros = i128::try_from(micros).unwrap_or(i128::MAX) + i128::from(self.offset) * 1_000_000;
        u64::try_from(micros.max(0)).unwrap_or(u64::MAX)
    }
}

/// The order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Big,
    Little,
}

impl Order {
    pub(super) fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Order::Big => u16::from_be_bytes(bytes),
            Order::Little => u16::from_le_bytes(bytes),
        }
    }

    pub(super) fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Order::Big => u32::from_be_bytes(bytes),
            Order::Little => u32::from_le_bytes(bytes),
        }
    }

    pub(super) fn i64(self, bytes: [u8; 8]) -> i64 {
        match self {
            Order::Big => i64::from_be_bytes(bytes),
            Order::Little => i64::from_le_bytes(bytes),
        }
    }
}

/// So many bytes from there on, if there are as many.
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}
