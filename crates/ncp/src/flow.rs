//! Flow control on both sides of a connection (NIC 8246, Flow Control).

use machine::{BitReader, Bits};

use crate::bitqueue::{Unread, Unsent};
use crate::{Allocation, ByteSize};

/// What the sender of a connection is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Supply {
    /// This much, renewed as the reader takes text.
    Renewed(Allocation),
    /// This much and never more.
    Once(Allocation),
}

/// The receiving side: what waits to be read, and what the sender may still send.
#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) unread: Unread,
    /// What the sender may still send, by the same rules as the sender counts.
    pub(crate) granted: Allocation,
    pub(crate) supply: Supply,
    /// How many GVBs have not been answered by a RET.
    pub(crate) give_backs: u32,
}

/// A message used more than its sender was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overrun;

impl Receiver {
    pub(crate) fn new(supply: Allocation) -> Self {
        Receiver {
            unread: Unread::default(),
            granted: Allocation::default(),
            supply: Supply::Renewed(supply),
            give_backs: 0,
        }
    }

    /// Counts a message that arrived and keeps its text.
    pub(crate) fn arrive(&mut self, message: &Bits, text: &BitReader<'_>) -> Result<(), Overrun> {
        let messages = self.granted.messages.checked_sub(1).ok_or(Overrun)?;
        let bits = u32::try_from(text.left()).ok().and_then(|bits| self.granted.bits.checked_sub(bits));
        self.granted = Allocation { messages, bits: bits.ok_or(Overrun)? };
        self.unread.push(message, text);
        Ok(())
    }

    /// What the sender is to be given when the connection opens.
    pub(crate) fn first_grant(&mut self, size: ByteSize) -> Option<Allocation> {
        let (Supply::Renewed(full) | Supply::Once(full)) = self.supply;
        self.granted = match self.supply {
            Supply::Renewed(_) => at_least_one_byte(full, size),
            Supply::Once(_) => full,
        };
        (self.granted != Allocation::default()).then_some(self.granted)
    }

    /// What the sender is to be given now, if it is worth an ALL: at least half of the full allocation has
    /// been sent and read, or everything has been read and the sender still could not send.
    pub(crate) fn grant(&mut self, size: ByteSize) -> Option<Allocation> {
        let Supply::Renewed(full) = self.supply else { return None };
        let full = at_least_one_byte(full, size);
        let unread = u32::try_from(self.unread.bits()).unwrap_or(u32::MAX);
        let waiting = u16::try_from(self.unread.messages()).unwrap_or(u16::MAX);
        let more = Allocation {
            messages: full.messages.saturating_sub(self.granted.messages).saturating_sub(waiting),
            bits: full.bits.saturating_sub(self.granted.bits).saturating_sub(unread),
        };
        let half =
            more.messages >= full.messages.div_ceil(2).max(1) || more.bits >= full.bits.div_ceil(2).max(1);
        let stuck = self.granted.messages == 0 || self.granted.bits < u32::from(size.bits());
        if half || stuck && unread == 0 && more != Allocation::default() {
            self.granted.messages += more.messages;
            self.granted.bits += more.bits;
            Some(more)
        } else {
            None
        }
    }

    /// Takes a RET, if a GVB asked for one. What a sender has is never more than what is counted here, so
    /// that it cannot give back more; a RET that does changes nothing.
    pub(crate) fn take_ret(&mut self, back: Allocation) -> Result<(), TooMuch> {
        let Some(left) = self.give_backs.checked_sub(1) else { return Ok(()) };
        self.give_backs = left;
        let messages = self.granted.messages.checked_sub(back.messages).ok_or(TooMuch)?;
        let bits = self.granted.bits.checked_sub(back.bits).ok_or(TooMuch)?;
        self.granted = Allocation { messages, bits };
        Ok(())
    }
}

fn at_least_one_byte(full: Allocation, size: ByteSize) -> Allocation {
    Allocation { messages: full.messages.max(1), bits: full.bits.max(size.bits().into()) }
}

/// The sending side: what waits to be sent, and what the receiver has room for.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    pub(crate) unsent: Unsent,
    /// What may be sent: NIC 8246's message counter and bit counter.
    pub(crate) allowed: Allocation,
    /// Whether the program was refused room and waits to be told of it.
    pub(crate) starved: bool,
}

/// An ALL or a RET would carry a counter beyond its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMuch;

impl Sender {
    /// How many bits of whole bytes the buffer can take.
    pub(crate) fn room(&self, buffer_bits: usize, size: ByteSize) -> usize {
        let size = usize::from(size.bits());
        let room = buffer_bits.max(size).saturating_sub(self.unsent.len());
        room - room % size
    }

    /// Takes an ALL; neither counter may go beyond its end.
    pub(crate) fn allow(&mut self, more: Allocation) -> Result<(), TooMuch> {
        let messages = self.allowed.messages.checked_add(more.messages).ok_or(TooMuch)?;
        let bits = self.allowed.bits.checked_add(more.bits).ok_or(TooMuch)?;
        self.allowed = Allocation { messages, bits };
        Ok(())
    }

    /// Takes a GVB: gives back at least these 128ths of both counters. Returns how much that is.
    pub(crate) fn give_back(&mut self, messages: u8, bits: u8) -> Allocation {
        let part = |of: u64, fraction: u8| (of * u64::from(fraction.min(128))).div_ceil(128);
        let back = Allocation {
            messages: part(self.allowed.messages.into(), messages) as u16,
            bits: part(self.allowed.bits.into(), bits) as u32,
        };
        self.allowed.messages -= back.messages;
        self.allowed.bits -= back.bits;
        back
    }

    /// How many bits the next message carries of those that are `waiting`, which the allocation has lost now; `None` if
    /// nothing may or need be sent. The caller takes the bits from where they wait.
    pub(crate) fn begin_message(&mut self, waiting: usize, largest: usize, size: ByteSize) -> Option<usize> {
        let size = usize::from(size.bits());
        let allowed = usize::try_from(self.allowed.bits).unwrap_or(usize::MAX);
        let bits = waiting.min(allowed).min(largest.max(size)).min(size * usize::from(u16::MAX));
        let bits = bits - bits % size;
        if bits == 0 || self.allowed.messages == 0 {
            return None;
        }
        self.allowed.messages -= 1;
        self.allowed.bits -= bits as u32;
        Some(bits)
    }
}

#[cfg(test)]
mod tests;
