//! What parts of a subnet are called by: numbers that cannot be taken for each other.
//!
//! Outside of this crate an IMP's number is a `u8`, as in a host's address.

use std::num::{NonZeroU16, NonZeroU32};

use imp1822::HostAddress;

/// How many IMP numbers there are: they have six bits.
pub(crate) const IMPS: usize = 64;

/// The number of an IMP, below [`IMPS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ImpNumber(u8);

impl ImpNumber {
    /// The lowest one.
    pub(crate) const ZERO: ImpNumber = ImpNumber(0);

    /// `None`: there is no such number.
    pub(crate) fn new(number: u8) -> Option<Self> {
        (usize::from(number) < IMPS).then_some(ImpNumber(number))
    }

    /// The IMP that a host is on.
    pub(crate) fn of(host: HostAddress) -> Self {
        ImpNumber(host.imp())
    }

    /// The place in a table that has one for each IMP.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The number itself.
    pub(crate) fn get(self) -> u8 {
        self.0
    }
}

/// How often an IMP was started, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Life(NonZeroU32);

impl Life {
    /// The life in which an IMP is at the start of the subnet.
    pub(crate) const FIRST: Life = Life(NonZeroU32::MIN);

    /// The life after this one.
    pub(crate) fn next(self) -> Self {
        Life(self.0.saturating_add(1))
    }

    /// Its number: the first is 1.
    pub(crate) fn number(self) -> u32 {
        self.0.get()
    }

    /// The life of this number, unless that is 0.
    pub(crate) fn with(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Life)
    }
}

/// One direction of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineId(usize);

impl LineId {
    /// The two directions of line `index` of a net: there and back.
    pub(crate) fn both(index: usize) -> [Self; 2] {
        [LineId(2 * index), LineId(2 * index + 1)]
    }

    /// The other direction of the same line.
    pub(crate) fn back(self) -> Self {
        LineId(self.0 ^ 1)
    }

    /// The place in the list of all directions, in which those of one line are next to each other.
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

/// One of an IMP's ends of lines, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TrunkId(NonZeroU16);

impl TrunkId {
    /// The trunk at this place of its IMP's list.
    pub(crate) fn new(index: usize) -> Self {
        TrunkId(NonZeroU16::MIN.saturating_add(u16::try_from(index).unwrap_or(u16::MAX)))
    }

    /// Its number: the first is 1.
    pub(crate) fn number(self) -> u16 {
        self.0.get()
    }

    /// The trunk of this number, unless that is 0.
    pub(crate) fn with(number: u16) -> Option<Self> {
        NonZeroU16::new(number).map(TrunkId)
    }

    /// Its place in the list.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0.get()) - 1
    }
}

/// Names a message wherever its destination speaks of it: its number counts in one life of its source IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MessageId {
    /// The IMP that it came from.
    pub(crate) source: ImpNumber,
    /// The life in which the source numbered it.
    pub(crate) life: Life,
    /// The message number.
    pub(crate) number: u32,
}

/// Names a message at its source IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// The IMP that it goes to.
    pub(crate) to: ImpNumber,
    /// The message number, which counts in the present life of the source.
    pub(crate) number: u32,
}
