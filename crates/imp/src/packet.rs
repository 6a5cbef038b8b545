//! Messages on their way through the subnet, and the packets that carry them.

use std::fmt;

use imp1822::{HostAddress, LEADER_BITS, Leader};
use machine::{BitWriter, Bits};

/// The most data bits that one packet carries.
pub const MAX_PACKET_BITS: usize = 1008;

/// What a line adds to the data bits of a packet: 96 bits of header, 48 of control octets and a check of 24
/// (RFC 635).
pub const FRAMING_BITS: usize = 168;

/// The IMP works with words of this many bits.
const WORD_BITS: usize = 16;

/// A regular message as the source IMP has taken it from its host. Clones share the text.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The text as the destination host will get it: the leader names the source, and the padding follows.
    pub(crate) text: Bits,
    /// The source host.
    pub(crate) from: HostAddress,
    /// The destination host.
    pub(crate) to: HostAddress,
    /// Whether it may overtake others.
    pub(crate) priority: bool,
}

impl Message {
    /// Takes a message from the host at `from`. The interface adds a one and then zeros up to the next word
    /// (RFC 635), and the leader's address turns from the destination into the source. This is the only
    /// time that the text is copied.
    pub(crate) fn take(from: HostAddress, leader: Leader, raw: &Bits) -> Self {
        let mut data = raw.reader();
        // The leader has been parsed from these very bits.
        let _ = data.split(LEADER_BITS);
        let padding = WORD_BITS - data.left() % WORD_BITS;
        let mut writer = BitWriter::new(LEADER_BITS + data.left() + padding);
        Leader { address: from, ..leader }.emit(&mut writer);
        writer.put_bits(data);
        writer.put(1, 1);
        writer.put(0, padding - 1);
        Message { text: writer.finish(), from, to: leader.address, priority: leader.priority }
    }

    /// How many packets it takes: 1 to 8.
    pub(crate) fn packets(&self) -> u8 {
        self.data_bits().div_ceil(MAX_PACKET_BITS) as u8
    }

    /// How many data bits travel in packet `index`, counted from 0.
    fn bits_of(&self, index: u8) -> usize {
        self.data_bits().saturating_sub(usize::from(index) * MAX_PACKET_BITS).min(MAX_PACKET_BITS)
    }

    fn data_bits(&self) -> usize {
        self.text.len() - LEADER_BITS
    }
}

/// What travels from one IMP to another.
#[derive(Debug)]
pub(crate) struct Packet {
    /// The number of the IMP that it comes from.
    pub(crate) from: u8,
    /// The number of the IMP that it is for.
    pub(crate) to: u8,
    /// How often the IMP that numbered the message had been started: numbers of another life mean nothing.
    pub(crate) life: u32,
    /// The message number.
    pub(crate) number: u8,
    /// What it carries.
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    /// A part of a message.
    Data {
        /// The whole message, shared by its packets.
        message: Message,
        /// Which part, counted from 0.
        index: u8,
        /// The lowest message number that the source still waited for: no lower one is of use any more.
        oldest: u8,
    },
    /// The destination's answer to a message.
    Answer(Answer),
    /// The source no longer waits for this message, nor for any before it (the first half of RFC 442's
    /// question about an incomplete transmission).
    GiveUp,
}

/// What the destination IMP answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Rfnm,
    HostDead,
}

impl Packet {
    /// How many bits it has on a line.
    pub(crate) fn bits(&self) -> usize {
        match &self.body {
            Body::Data { message, index, .. } => FRAMING_BITS + message.bits_of(*index),
            Body::Answer(_) | Body::GiveUp => FRAMING_BITS,
        }
    }

    /// Whether it goes before others on a line. What IMPs tell each other does, as do priority messages.
    pub(crate) fn hurries(&self) -> bool {
        match &self.body {
            Body::Data { message, .. } => message.priority,
            Body::Answer(_) | Body::GiveUp => true,
        }
    }

    /// What a watcher of the line from one IMP to the next sees.
    pub(crate) fn crossing(&self, from_imp: u8, to_imp: u8) -> Crossing {
        let number = self.number;
        let what = match &self.body {
            Body::Data { message, index, .. } => Carried::Data {
                number,
                packet: index + 1,
                last: index + 1 == message.packets(),
                from: message.from,
                to: message.to,
                priority: message.priority,
            },
            Body::Answer(Answer::Rfnm) => Carried::Rfnm { number },
            Body::Answer(Answer::HostDead) => Carried::HostDead { number },
            Body::GiveUp => Carried::GiveUp { number },
        };
        Crossing { from_imp, to_imp, source: self.from, destination: self.to, what, bits: self.bits() }
    }
}

/// A packet begins to cross a line.
///
/// Printed as `5>30 message 12 packet 1 (last), host 69 to 134, 216 bits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// The IMP that the packet leaves.
    pub from_imp: u8,
    /// The IMP at the other end of the line.
    pub to_imp: u8,
    /// The IMP where the packet began.
    pub source: u8,
    /// The IMP where it will end.
    pub destination: u8,
    /// What it carries.
    pub what: Carried,
    /// How many bits it has on the line, framing included.
    pub bits: usize,
}

/// What a packet carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// A part of a message.
    Data {
        /// The message number, which counts per pair of IMPs.
        number: u8,
        /// Which packet of the message, counted from 1.
        packet: u8,
        /// Whether it is the last one.
        last: bool,
        /// The source host.
        from: HostAddress,
        /// The destination host.
        to: HostAddress,
        /// Whether the message may overtake others.
        priority: bool,
    },
    /// The message reached its host.
    Rfnm {
        /// The message number.
        number: u8,
    },
    /// The message's host is dead.
    HostDead {
        /// The message number.
        number: u8,
    },
    /// The source no longer waits for the message, nor for any before it.
    GiveUp {
        /// The message number.
        number: u8,
    },
}

impl fmt::Display for Crossing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Crossing { from_imp, to_imp, source, destination, what, bits } = self;
        write!(f, "{from_imp}>{to_imp} ")?;
        match what {
            Carried::Data { number, packet, last, from, to, priority } => {
                let priority = if *priority { "priority " } else { "" };
                let last = if *last { " (last)" } else { "" };
                write!(f, "{priority}message {number} packet {packet}{last}, host {from} to {to}")?;
            }
            Carried::Rfnm { number } => write!(f, "RFNM {number}, IMP {source} to {destination}")?,
            Carried::HostDead { number } => write!(f, "host dead {number}, IMP {source} to {destination}")?,
            Carried::GiveUp { number } => write!(f, "give up {number}, IMP {source} to {destination}")?,
        }
        write!(f, ", {bits} bits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imp1822::ToImp;

    fn message(data: usize) -> Message {
        let leader = Leader::from(ToImp::Regular {
            to: HostAddress::from(69),
            link: imp1822::Link::from(7),
            priority: false,
        });
        let mut writer = BitWriter::new(LEADER_BITS + data);
        leader.emit(&mut writer);
        (0..data).for_each(|_| writer.put(1, 1));
        Message::take(HostAddress::from(13), leader, &writer.finish())
    }

    #[test]
    fn the_text_gets_a_one_and_zeros_and_its_leader_names_the_source() {
        assert_eq!(message(4).text.bytes(), [0, 13, 7, 0, 0b1111_1000, 0]);
        assert_eq!(message(15).text.bytes(), [0, 13, 7, 0, 0xff, 0xff], "the one alone fills the word");
        assert_eq!(message(16).text.bytes(), [0, 13, 7, 0, 0xff, 0xff, 0x80, 0], "a full word needs another");
        assert_eq!(message(0).text.bytes(), [0, 13, 7, 0, 0x80, 0], "no data are padded too");
    }

    #[test]
    fn a_message_is_cut_into_one_to_eight_packets() {
        let cut = |data| {
            let message = message(data);
            (0..message.packets()).map(|index| message.bits_of(index)).collect::<Vec<_>>()
        };
        assert_eq!(cut(0), [16]);
        assert_eq!(cut(1007), [1008], "with its padding it just fits");
        assert_eq!(cut(1008), [1008, 16], "the padding alone makes a second packet");
        assert_eq!(cut(imp1822::MAX_DATA_BITS), [1008; 8], "the longest message fills eight packets");
    }
}
