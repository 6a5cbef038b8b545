//! What an IMP counts for its reports to the control center, from one report to the next.

use ncc::{HostCount, LineCount};

use crate::outlet::Part;
use crate::packet::{Message, Packet, WORD_BITS};

/// The counts of hosts, and all words, go no further than this.
const RAN_OVER: u16 = 0o100000;

/// What is counted at an end of a line.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineTally {
    /// What the neighbour has acknowledged.
    pub(crate) count: LineCount,
    /// Routing messages sent.
    pub(crate) sent: u16,
    /// Ticks before which none had come since the one before.
    pub(crate) missed: u16,
}

impl LineTally {
    /// A tick: a routing message is sent. `missed`: none has come since the tick before.
    pub(crate) fn ticked(&mut self, missed: bool) {
        self.sent = self.sent.saturating_add(1);
        self.missed = self.missed.saturating_add(u16::from(missed));
    }

    /// The routing messages have been reported.
    pub(crate) fn forget_routing(&mut self) {
        (self.sent, self.missed) = (0, 0);
    }

    /// The packets have been reported.
    pub(crate) fn forget_packets(&mut self) {
        self.count = LineCount::default();
    }

    /// The neighbour has taken a packet.
    pub(crate) fn carried(&mut self, packet: &Packet) {
        self.count.packets = self.count.packets.wrapping_add(1);
        add(&mut self.count.words, packet.words());
    }
}

/// What is counted at a host's cable.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HostTally(pub(crate) HostCount);

impl HostTally {
    /// All of a message of the host is on its way.
    pub(crate) fn sent(&mut self, message: &Message) {
        let HostTally(count) = self;
        let (messages, packets) = if message.from.imp() == message.to.imp() {
            (&mut count.messages_to_local, &mut count.packets_to_local)
        } else {
            (&mut count.messages_to_net, &mut count.packets_to_net)
        };
        add(messages, 1);
        add(packets, message.packets().into());
        add(&mut count.words_from_host, message.text.len() / WORD_BITS);
    }

    /// A packet is in the host. `is_local`: it came from a host of the same IMP.
    pub(crate) fn received(&mut self, part: &Part, is_local: bool) {
        let HostTally(count) = self;
        let (messages, packets) = if is_local {
            (&mut count.messages_from_local, &mut count.packets_from_local)
        } else {
            (&mut count.messages_from_net, &mut count.packets_from_net)
        };
        add(messages, part.last.into());
        add(packets, 1);
        add(&mut count.words_to_host, part.bits / WORD_BITS);
    }
}

fn add(count: &mut u16, more: usize) {
    *count = usize::from(*count).saturating_add(more).min(RAN_OVER.into()) as u16;
}
