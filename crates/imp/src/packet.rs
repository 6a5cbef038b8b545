//! Messages on their way through the subnet, the packets that carry them, and the frames that carry packets
//! over a line.

use std::sync::Arc;

use imp1822::{HostAddress, LEADER_BITS, Leader, MAX_DATA_BITS};
use machine::{BitWriter, Bits, Span};

use crate::crossing::{Carried, Crossing};
use crate::ids::{ImpNumber, Life, MessageId};

/// The most data bits that one packet carries.
pub const MAX_PACKET_BITS: usize = 1008;

/// What a line adds to the data bits of a packet: 96 bits of header, 48 of control octets and a check of 24
/// (RFC 635).
pub const FRAMING_BITS: usize = 168;

/// The length of a routing message on a line, framing included (RFC 528, RFC 635).
pub const ROUTING_BITS: usize = 1160;

/// How long an IMP needs for a packet that arrives on a line or from a host, before it passes it on. An IMP of 1973
/// forwards about a million bits a second in packets of full length (RFC 528), that is, one packet in a
/// millisecond; the work is the same for a short one. All lines and cables of an IMP together bring less than that,
/// so that packets do not queue for the processor.
pub(crate) const PROCESSING: Span = Span::from_millis(1);

/// The most packets in a message.
pub(crate) const MOST_PACKETS: u8 = 8;

/// The IMP works with words of this many bits.
pub(crate) const WORD_BITS: usize = 16;

/// How many of them the header of a packet takes, where throughput reports count it.
const HEADER_WORDS: usize = 5;

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
    /// Whether a program of the source IMP itself has sent it, and no host: nobody waits for the answer.
    pub(crate) own: bool,
}

impl Message {
    /// Takes a message from the host at `from`. The interface adds a one and then zeros up to the next word
    /// (RFC 635), and the leader's address turns from the destination into the source. This is the only
    /// time that the text is copied. Of a message that is too long only the longest allowed part is kept.
    pub(crate) fn take(from: HostAddress, leader: Leader, raw: &Bits) -> Self {
        let mut data = raw.reader();
        // The leader has been parsed from these very bits.
        let _ = data.split(LEADER_BITS);
        data.limit(MAX_DATA_BITS);
        let padding = WORD_BITS - data.left() % WORD_BITS;
        let mut writer = BitWriter::new(LEADER_BITS + data.left() + padding);
        Leader { address: from, ..leader }.emit(&mut writer);
        writer.put_bits(data);
        writer.put(1 << (padding - 1), padding);
        Message { text: writer.finish(), from, to: leader.address, priority: leader.priority, own: false }
    }

    /// A message of the IMP's own program at `from`: the text in `raw`, whose leader names the destination.
    pub(crate) fn of_program(from: HostAddress, leader: Leader, raw: &Bits) -> Self {
        Message { own: true, ..Message::take(from, leader, raw) }
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

/// Of a message of `bits` bits, with its leader, `at` bits have crossed a host's cable: how many have when its next packet
/// has.
pub(crate) fn end_of_next_packet(at: usize, bits: usize) -> usize {
    let packets = at.saturating_sub(LEADER_BITS) / MAX_PACKET_BITS + 1;
    bits.min(LEADER_BITS + packets * MAX_PACKET_BITS)
}

/// Places a message among all that its source IMP sends to its destination IMP.
///
/// On the line the message number had eight bits and the order among priority messages two (RFC 442). Here both go
/// on counting, so that a straggler of an earlier round cannot pass for a message of this one; they are shown
/// as they were on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// How often the source IMP had been started: numbers of another life mean nothing.
    pub(crate) life: Life,
    /// In which life of the destination IMP the message was numbered, as far as the source knew: a message of an earlier
    /// life may have been delivered in it.
    pub(crate) their_life: Option<Life>,
    /// The message number.
    pub(crate) number: u32,
    /// For a priority message, its place among these.
    pub(crate) order: Option<u32>,
    /// The lowest message number that the source still waited for: messages with lower ones are not needed any more.
    pub(crate) oldest: u32,
    /// The place of the lowest priority message that the source still waited for, or of the next.
    pub(crate) oldest_order: u32,
}

impl Stamp {
    /// How the destination names the message, which came from this IMP.
    pub(crate) fn id(&self, source: ImpNumber) -> MessageId {
        MessageId { source, life: self.life, number: self.number }
    }
}

/// What travels from one IMP to another. Small, as it is moved often: clones share what it carries.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    /// The number of the IMP that it comes from.
    pub(crate) from: ImpNumber,
    /// The number of the IMP that it is for.
    pub(crate) to: ImpNumber,
    /// How many lines it has crossed.
    pub(crate) crossed: u8,
    /// What it carries.
    pub(crate) body: Body,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// From the source of a message to its destination.
    Errand(Arc<(Stamp, Errand)>),
    /// From the destination back: about the source's message of this number, in this life of the source.
    Reply { life: Life, number: u32, reply: Reply },
    /// Nothing: it takes the place of a packet that the next IMP would not take for too long.
    Void,
}

/// What a source IMP has for a destination IMP.
#[derive(Debug, Clone)]
pub(crate) enum Errand {
    /// A part of a message. A message of one packet that comes without allocation is a request for one, too.
    Data {
        /// The whole message, shared by its packets.
        message: Message,
        /// Which part, counted from 0.
        index: u8,
    },
    /// REQ(8): a message of several packets for this host wants room.
    Request { to: HostAddress },
    /// INC?: was it lost? And whether an ALL(8) was used for it.
    Inquiry { spent: bool },
    /// The source's host has not brought the message to an end: none of it is wanted. And whether an ALL(8) was used
    /// for it.
    Withdrawal { spent: bool },
    /// GVB(8): room that was allocated is not needed. This is how many have been given back by now: so one that comes
    /// twice counts once.
    GiveBack(u32),
}

/// What a destination IMP answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The message has arrived. With ALL(8), room for another long one is kept.
    Rfnm { allocate: bool },
    /// The message's host is dead.
    HostDead,
    /// The message's host did not take it.
    HostTardy,
    /// INC!: the message did not arrive.
    Incomplete,
    /// ALL(1): a single packet may be sent again.
    AllocateOne,
    /// ALL(8): a message of several packets may be sent.
    AllocateEight,
}

impl Body {
    /// What goes from the source of a message to its destination.
    pub(crate) fn errand(stamp: Stamp, errand: Errand) -> Self {
        Body::Errand(Arc::new((stamp, errand)))
    }
}

impl Errand {
    /// The message of which it carries a part, and which part, if it does.
    fn data(&self) -> Option<(&Message, u8)> {
        match self {
            Errand::Data { message, index } => Some((message, *index)),
            Errand::Request { .. }
            | Errand::Inquiry { .. }
            | Errand::Withdrawal { .. }
            | Errand::GiveBack(_) => None,
        }
    }

    fn carried(&self, stamp: &Stamp) -> Carried {
        let number = shown(stamp.number);
        match self {
            Errand::Data { message, index } => Carried::Data {
                number,
                packet: index + 1,
                last: index + 1 == message.packets(),
                from: message.from,
                to: message.to,
                // Two bits, as on the line.
                order: stamp.order.map(|order| (order & 3) as u8),
            },
            Errand::Request { .. } => Carried::Request { number },
            Errand::Inquiry { .. } => Carried::Inquiry { number },
            Errand::Withdrawal { .. } => Carried::Withdrawal { number },
            Errand::GiveBack(_) => Carried::GiveBack,
        }
    }

    /// The host that must be alive for it.
    pub(crate) fn host(&self) -> Option<HostAddress> {
        match self {
            Errand::Data { message, .. } => Some(message.to),
            Errand::Request { to } => Some(*to),
            Errand::Inquiry { .. } | Errand::Withdrawal { .. } | Errand::GiveBack(_) => None,
        }
    }
}

impl Packet {
    /// The message of which it carries a part, and which part, if it does.
    fn data(&self) -> Option<(&Message, u8)> {
        match &self.body {
            Body::Errand(errand) => errand.1.data(),
            Body::Reply { .. } | Body::Void => None,
        }
    }

    /// How many bits it has on a line.
    fn bits(&self) -> usize {
        FRAMING_BITS + self.data().map_or(0, |(message, index)| message.bits_of(index))
    }

    /// How many words of 16 bits the machine handles: five of header, as an emulated IMP counts them, and the data.
    pub(crate) fn words(&self) -> usize {
        HEADER_WORDS + (self.bits() - FRAMING_BITS).div_ceil(WORD_BITS)
    }

    /// Whether it goes before others on a line. What IMPs tell each other does, as do priority messages.
    pub(crate) fn hurries(&self) -> bool {
        self.data().is_none_or(|(message, _)| message.priority)
    }

    fn carried(&self) -> Carried {
        match &self.body {
            Body::Errand(errand) => errand.1.carried(&errand.0),
            Body::Reply { number, reply, .. } => {
                let number = shown(*number);
                match reply {
                    Reply::Rfnm { allocate } => Carried::Rfnm { number, allocate: *allocate },
                    Reply::HostDead => Carried::HostDead { number },
                    Reply::HostTardy => Carried::HostTardy { number },
                    Reply::Incomplete => Carried::Incomplete { number },
                    Reply::AllocateOne => Carried::AllocateOne { number },
                    Reply::AllocateEight => Carried::AllocateEight,
                }
            }
            Body::Void => Carried::Void,
        }
    }
}

/// A message number as it was on the line.
fn shown(number: u32) -> u8 {
    number as u8
}

/// What crosses a line in one go: acknowledgements for the other direction, and something else.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// For each of the eight channels of the other direction, the odd/even bit of the last packet taken.
    pub(crate) acks: u8,
    pub(crate) load: Load,
}

#[derive(Debug, Clone)]
pub(crate) enum Load {
    /// Only the acknowledgements.
    Nothing,
    /// A packet, its channel, and the channel's odd/even bit.
    Packet { channel: u8, odd: bool, packet: Packet },
    /// A routing message: what the sender hears of the line. The table that goes with it is kept with the line.
    Routing(Hello),
}

/// What the two ends of a line tell each other to find out that both hear. An end that begins anew calls itself by
/// another session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hello {
    /// The sender's session.
    pub(crate) session: Session,
    /// The receiver's session, if the sender hears it.
    pub(crate) heard: Option<Session>,
}

/// What an end of a line calls itself from one loss of contact to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session {
    /// The life of its IMP.
    pub(crate) life: Life,
    /// How often contact was lost in this life.
    pub(crate) count: u32,
}

impl Frame {
    /// How many bits it has on a line.
    pub(crate) fn bits(&self) -> usize {
        match &self.load {
            Load::Nothing => FRAMING_BITS,
            Load::Packet { packet, .. } => packet.bits(),
            Load::Routing(_) => ROUTING_BITS,
        }
    }

    /// Whether this belongs to the exchange of routing messages.
    pub(crate) fn is_routine(&self) -> bool {
        match self.load {
            Load::Routing(_) => true,
            Load::Nothing | Load::Packet { .. } => false,
        }
    }

    /// What a watcher of the line from one IMP to the next sees.
    pub(crate) fn crossing(&self, from: ImpNumber, to: ImpNumber, again: bool) -> Crossing {
        let (source, destination, what) = match &self.load {
            Load::Nothing => (from, to, Carried::Acknowledgements),
            Load::Packet { packet, .. } => (packet.from, packet.to, packet.carried()),
            Load::Routing(_) => (from, to, Carried::Routing),
        };
        let [from_imp, to_imp, source, destination] = [from, to, source, destination].map(ImpNumber::get);
        Crossing { from_imp, to_imp, source, destination, what, again, bits: self.bits() }
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
        assert_eq!(cut(MAX_DATA_BITS), [1008; 8], "the longest message fills eight packets");
        assert_eq!(cut(MAX_DATA_BITS + 5000), [1008; 8], "what is too long is not kept");
    }
}
