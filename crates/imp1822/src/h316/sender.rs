//! The speaking half of an end: datagrams out of signals.

use machine::Bits;

use super::{Datagram, FIRST_WORDS, Flags, MAX_MESSAGE_WORDS, PACKET_WORDS, Statistics, Trouble, WORD_BITS};
use crate::{LEADER_BITS, Leader};

/// How many words of text, behind the two of the leader, the emulated IMPs were measured to take, which is less than the
/// network allows: seven packets of 63. Whatever the sender's policy, 442 are refused (type 9, subtype 1).
pub(super) const EMULATED_TEXT_WORDS: usize = 441;

/// How a message becomes datagrams.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cut {
    /// As hosts do: whole, or in parts of `words` words; the last part says that it is.
    Parts { words: usize, limit: Option<usize> },
    /// As IMPs do: a regular message packet by packet, and then an empty datagram that ends it; others whole.
    Packets,
}

/// Makes datagrams of signals.
#[derive(Debug)]
pub(super) struct Sender {
    cut: Cut,
    sequence: u32,
    ready: bool,
}

impl Sender {
    /// A sender that begins at 0, its ready line down.
    pub(super) fn new(cut: Cut) -> Self {
        Sender { cut, sequence: 0, ready: false }
    }

    /// Whether the ready line is up.
    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    /// Skips `datagrams` sequence numbers, as if that many datagrams had been sent and lost.
    pub(super) fn pass_over(&mut self, datagrams: u32) {
        self.sequence = self.sequence.wrapping_add(datagrams);
    }

    /// The next datagram has number 0, so that the receiver takes it whatever it has heard before.
    pub(super) fn begin_again(&mut self) {
        self.sequence = 0;
    }

    /// Raises or drops the ready line: an empty datagram.
    pub(super) fn ready(&mut self, ready: bool, statistics: &mut Statistics) -> Vec<u8> {
        self.ready = ready;
        self.datagram(Flags::LAST, Vec::new(), statistics)
    }

    /// Sends a message: hands its datagrams to `send`, in order, or says why nothing or too much is sent.
    pub(super) fn message(
        &mut self,
        bits: &Bits,
        statistics: &mut Statistics,
        mut send: impl FnMut(Vec<u8>),
    ) -> Option<Trouble> {
        if !self.ready || bits.is_empty() {
            let trouble = if self.ready { Trouble::WithoutBits } else { Trouble::OwnLineDown };
            statistics.note(trouble);
            return Some(trouble);
        }
        statistics.messages_out += 1;
        let words = words(bits);
        match self.cut {
            Cut::Parts { words: most, limit } => {
                self.parts(&words, most, statistics, send);
                let text = words.len().saturating_sub(LEADER_BITS / WORD_BITS);
                match limit {
                    Some(limit) if text > limit => {
                        let trouble = Trouble::OverLimit { words: text, limit };
                        statistics.note(trouble);
                        Some(trouble)
                    }
                    Some(_) | None => None,
                }
            }
            Cut::Packets if is_regular(bits) => {
                let (first, rest) = words.split_at(words.len().min(FIRST_WORDS));
                for part in [first].into_iter().chain(rest.chunks(PACKET_WORDS)) {
                    send(self.datagram(Flags::default(), part.to_vec(), statistics));
                }
                send(self.datagram(Flags::LAST, Vec::new(), statistics));
                None
            }
            Cut::Packets => {
                self.parts(&words, MAX_MESSAGE_WORDS, statistics, send);
                None
            }
        }
    }

    /// Sends words, the end on the last of them.
    fn parts(
        &mut self,
        words: &[u16],
        most: usize,
        statistics: &mut Statistics,
        mut send: impl FnMut(Vec<u8>),
    ) {
        let mut parts = words.chunks(most.clamp(1, MAX_MESSAGE_WORDS)).peekable();
        while let Some(part) = parts.next() {
            let last = if parts.peek().is_none() { Flags::LAST } else { Flags::default() };
            send(self.datagram(last, part.to_vec(), statistics));
        }
    }

    /// The next datagram. That the ready line is up stands on each one.
    fn datagram(&mut self, flags: Flags, words: Vec<u16>, statistics: &mut Statistics) -> Vec<u8> {
        let flags = if self.ready { flags.with(Flags::READY) } else { flags };
        let datagram = Datagram::new(self.sequence, flags, words).expect("no part is longer than a message");
        self.sequence = self.sequence.wrapping_add(1);
        statistics.datagrams_out += 1;
        datagram.emit()
    }
}

fn is_regular(bits: &Bits) -> bool {
    Leader::parse(&mut bits.reader()).is_ok_and(|leader| leader.kind == 0)
}

/// The bits as whole words, the last filled up with zeros.
fn words(bits: &Bits) -> Vec<u16> {
    let mut reader = bits.reader();
    let mut words = Vec::with_capacity(reader.left().div_ceil(WORD_BITS));
    while reader.left() > 0 {
        let some = reader.left().min(WORD_BITS);
        if let Ok(word) = reader.take(some) {
            words.push((word << (WORD_BITS - some)) as u16);
        }
    }
    words
}
