//! The host's cable as UDP datagrams: the form in which emulated machines of today carry the 1822 interface.
//!
//! The SIMH H316, which runs the recovered IMP program, and the machines around it put what would cross a
//! host's cable into datagrams. No document of 1973 knows the form; it was measured on the wire against such an IMP.
//! All fields are big-endian; each direction has a sequence of its own.
//!
//! | bytes | field |
//! |---|---|
//! | 0-3 | `H316` |
//! | 4-7 | sequence number, the first is 0 |
//! | 8-9 | N, how many 16-bit words follow |
//! | 10-11 | flags: 1, the message ends here; 2, the sender's ready line is up |
//! | 12 on | N-1 words of the message |
//!
//! A [`Datagram`] is one of them. A [`HostEnd`] and an [`ImpEnd`] are the two ends of a cable, machines without
//! I/O: a driver hands them the datagrams that arrive and the [`Signal`](crate::Signal)s that are to be sent, and
//! they hand out the datagrams to send and the signals that arrived. A [`Receiver`] is the listening half, for
//! those who only read along.
//!
//! # Bits and words
//!
//! Messages have bits, the cable carries words. A message is sent as whole words, the last filled up with zeros,
//! and arrives as whole words. No end takes padding away, because none could: an IMP of 1973 marks the end
//! of the text by a one and zeros, today's IMPs pass on what the sender had in its last word. A message
//! between two NCPs says in its header how many bits of text it has, and nothing behind them counts. Only of a host's
//! longest message, 506 words, is the last bit dropped: a message has at most 8095 bits, so that it is padding.

mod assembly;
mod datagram;
mod ends;
mod held;
mod receiver;
mod sender;
mod speaker;
mod statistics;

#[cfg(test)]
mod tests;

pub use datagram::{Datagram, DatagramError, Field, Flags, MAGIC, MAX_WORDS};
pub use ends::{HostEnd, HostSettings, ImpEnd, Input, Output};
pub use receiver::{Heard, Receiver};
pub use speaker::Speaker;
pub use statistics::{Statistics, Trouble};

/// How many bits a word of the cable has.
pub const WORD_BITS: usize = 16;

/// How many words the longest message has, its leader and padding included.
pub const MAX_MESSAGE_WORDS: usize = crate::MAX_MESSAGE_BITS.div_ceil(WORD_BITS);

/// How many words of a message an IMP puts into its first datagram: the leader, and a packet of the subnet.
const FIRST_WORDS: usize = crate::LEADER_BITS / WORD_BITS + PACKET_WORDS;

/// How many words of a message an IMP puts into each further datagram: a packet of the subnet has 1008 bits.
const PACKET_WORDS: usize = 63;
