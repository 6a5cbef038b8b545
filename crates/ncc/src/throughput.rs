//! The throughput report.

use crate::trouble::{HOSTS, LINES};

/// How much an IMP has carried since the throughput report before, or since it began: the recovered program takes each count and
/// leaves zero. (So it was seen on the wire; that the counters count on is said elsewhere.) Counts of a host, and all words,
/// stay at 100000 (octal) once they have come so far; packets of a line begin at zero again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ThroughputReport {
    /// The lines, line 1 first.
    pub lines: [LineCount; LINES],
    /// The hosts, host 0 first.
    pub hosts: [HostCount; HOSTS],
}

/// What a line has carried away from the IMP: packets that the neighbour has acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineCount {
    /// Packets.
    pub packets: u16,
    /// Words of 16 bits, the headers of the packets included.
    pub words: u16,
}

/// What a host has sent and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HostCount {
    /// Messages to hosts at other IMPs.
    pub messages_to_net: u16,
    /// Messages from there.
    pub messages_from_net: u16,
    /// Packets to hosts at other IMPs.
    pub packets_to_net: u16,
    /// Packets from there.
    pub packets_from_net: u16,
    /// Messages to a host of the same IMP.
    pub messages_to_local: u16,
    /// Messages from one.
    pub messages_from_local: u16,
    /// Packets to a host of the same IMP.
    pub packets_to_local: u16,
    /// Packets from one.
    pub packets_from_local: u16,
    /// Words from the host.
    pub words_from_host: u16,
    /// Words to the host. On an emulated IMP it is no such number: 100000 (octal) after the first packet, and nine less for each
    /// further one, however long.
    pub words_to_host: u16,
}

impl HostCount {
    fn words(self) -> [u16; 10] {
        [
            self.messages_to_net,
            self.messages_from_net,
            self.packets_to_net,
            self.packets_from_net,
            self.messages_to_local,
            self.messages_from_local,
            self.packets_to_local,
            self.packets_from_local,
            self.words_from_host,
            self.words_to_host,
        ]
    }
}

impl ThroughputReport {
    /// How many words there are, code and checksum included.
    pub const WORDS: usize = 52;

    pub(crate) fn of(words: &[u16]) -> Self {
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        ThroughputReport {
            lines: std::array::from_fn(|line| LineCount {
                packets: word(1 + 2 * line),
                words: word(2 + 2 * line),
            }),
            hosts: std::array::from_fn(|host| {
                let word = |at: usize| word(11 + 10 * host + at);
                HostCount {
                    messages_to_net: word(0),
                    messages_from_net: word(1),
                    packets_to_net: word(2),
                    packets_from_net: word(3),
                    messages_to_local: word(4),
                    messages_from_local: word(5),
                    packets_to_local: word(6),
                    packets_from_local: word(7),
                    words_from_host: word(8),
                    words_to_host: word(9),
                }
            }),
        }
    }

    pub(crate) fn words(&self, code: u16) -> Vec<u16> {
        let mut words = vec![code];
        words.extend(self.lines.iter().flat_map(|line| [line.packets, line.words]));
        words.extend(self.hosts.iter().flat_map(|host| host.words()));
        words
    }
}
