//! What NIC 8246 leaves to each NCP.

use std::ops::RangeInclusive;

use imp1822::{Link, MAX_DATA_BITS};
use machine::Span;

use crate::HEADER_BITS;

/// How much a sender may send: the two counters of NIC 8246, Flow Control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allocation {
    /// Messages.
    pub messages: u16,
    /// Bits of text.
    pub bits: u32,
}

/// What becomes of a request for a socket that no program has asked for (NIC 8246, Queueing
/// Considerations).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueuePolicy {
    /// It waits for a program.
    Queue {
        /// How many requests may wait altogether; one more is refused.
        most: usize,
        /// How many requests of one partner may wait.
        for_each_partner: usize,
        /// How long one waits before it is refused.
        patience: Span,
    },
    /// It is refused at once.
    Refuse,
}

impl QueuePolicy {
    /// How requests wait for a program that takes them one after the other: it has asked for them, and their turn comes. They
    /// have as much room as others, or as much as at a TENEX where others have none, and never less patience than there.
    pub(crate) fn queueing(self) -> Self {
        match self {
            QueuePolicy::Queue { most, for_each_partner, patience } => {
                QueuePolicy::Queue { most, for_each_partner, patience: patience.max(PATIENCE) }
            }
            QueuePolicy::Refuse => Policy::default().queue,
        }
    }
}

/// The patience of a TENEX (RFC 689, states PNDG and its like): with a request that no program takes, and with a CLS.
const PATIENCE: Span = Span::from_secs(120);

/// How many bits a host may add to a message of its own to fill up its last word: those of a PDP-10 have 36.
const LONGEST_PADDING: usize = 36;

/// How an NCP finds out that a partner is gone of which the IMP says nothing: by ECO (NIC 8246, Test Inquiry).
///
/// A partner is asked while a program of this host waits for it and it says nothing: a request or a CLS is unanswered, text
/// cannot leave or has not arrived, or the program [says](crate::Ncp::expect) that text is due. A connection that is merely
/// open asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inquiry {
    /// How long the partner may say nothing before it is asked. It is asked no more often than this.
    pub silence: Span,
    /// How long it may go on saying nothing then. Everything with it is over afterwards, but not before a host can have
    /// been heard that has only just come up: it, or this one (RFC 271).
    pub patience: Span,
}

impl Default for Inquiry {
    /// Its user waits for half a minute at most, and a path that stands still for 20 seconds costs nothing.
    fn default() -> Self {
        Inquiry { silence: Span::from_secs(6), patience: Span::from_secs(22) }
    }
}

/// How an NCP does what NIC 8246 leaves open.
///
/// The default is a TENEX: it queues requests, and its patience is two minutes (RFC 689, states PNDG and
/// CLSW).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What becomes of unexpected requests.
    pub queue: QueuePolicy,
    /// What each sender to this host is kept supplied with, as far as the cables permit.
    pub allocation: Allocation,
    /// The longest text that is sent in one message, in bits. At least one byte is sent, and never more
    /// than fits in a message.
    pub largest_text_bits: usize,
    /// How many bits the IMPs of this network take behind the leader of a message, if that is less than what every host
    /// knows: [`MAX_DATA_BITS`]. No message of this host is longer then. And since a sender may put all that it is
    /// allowed into one message, no sender is ever allowed more text than such a message holds.
    pub message_limit_bits: Option<usize>,
    /// How many bits a connection's send buffer holds. There is always room for one byte.
    pub send_buffer_bits: usize,
    /// How long a CLS may stay unanswered, and a closing sender may be unable to send.
    pub close_patience: Span,
    /// Whether each control message carries one command only.
    pub plain: bool,
    /// The links that this host assigns (NIC 8246, Link Assignment; RFC 317). Those that are reserved are
    /// passed over. Only a host whose links reach into 192 to 255, which are for private experiments, also
    /// accepts such a link from a partner.
    pub links: RangeInclusive<u8>,
    /// The links among them that this host does not assign, for partners that cannot live with them.
    pub avoided_links: Vec<u8>,
    /// Whether and how partners are asked that keep a program waiting. NIC 8246 does not demand it.
    pub inquiry: Option<Inquiry>,
    /// How many connections there may be at a time, listening ones included.
    pub connections: usize,
}

impl Policy {
    /// The longest text that is sent in one message, in bits.
    pub(crate) fn longest_text(&self) -> usize {
        let fits = self.message_limit_bits.unwrap_or(MAX_DATA_BITS).min(MAX_DATA_BITS);
        self.largest_text_bits.min(fits.saturating_sub(HEADER_BITS))
    }

    /// What each sender is kept supplied with: no more bits, renewals included, than it may send in one message. A limit
    /// of the cables is one that the sender's host need not know of, nor count its padding against.
    pub(crate) fn supply(&self) -> Allocation {
        let Some(limit) = self.message_limit_bits else { return self.allocation };
        let fits = limit.min(MAX_DATA_BITS).saturating_sub(HEADER_BITS + LONGEST_PADDING);
        let fits = u32::try_from(fits).unwrap_or(u32::MAX);
        // Whole bytes of most connections: what is left of one is of use to nobody.
        Allocation { bits: self.allocation.bits.min(fits - fits % 8), ..self.allocation }
    }

    /// Whether a link may be assigned to a connection, by this host or by a partner.
    pub(crate) fn assignable(&self, link: Link) -> bool {
        match link.number() {
            // Everybody's.
            2..=71 => true,
            // For private experiments, between hosts that have agreed on one.
            192.. => self.links.contains(&link.number()),
            // The control link, what is reserved, and what is for measurements.
            0 | 1 | 72..=191 => false,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            queue: QueuePolicy::Queue { most: 64, for_each_partner: 16, patience: PATIENCE },
            allocation: Allocation { messages: 16, bits: 32_000 },
            largest_text_bits: MAX_DATA_BITS - HEADER_BITS,
            message_limit_bits: None,
            send_buffer_bits: 16_000,
            close_patience: PATIENCE,
            plain: false,
            links: 2..=71,
            avoided_links: Vec::new(),
            inquiry: None,
            connections: 512,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_text_fills_the_longest_message() {
        assert_eq!(Policy::default().largest_text_bits, 8023, "8063 data bits less the 40 of the header");
        assert_eq!(Policy::default().longest_text(), 8023);
    }

    #[test]
    fn one_limit_of_the_cables_bounds_what_is_sent_and_what_is_allowed() {
        let policy = Policy { message_limit_bits: Some(441 * 16), ..Policy::default() };
        assert_eq!(policy.longest_text(), 7016, "all of it but the header");
        assert_eq!(policy.supply(), Allocation { messages: 16, bits: 6976 }, "a PDP-10 fills up a word");
        let small = Policy { allocation: Allocation { messages: 1, bits: 1000 }, ..policy.clone() };
        assert_eq!(small.supply(), small.allocation, "less is allowed as before");
        let short = Policy { largest_text_bits: 800, ..policy };
        assert_eq!(short.longest_text(), 800, "less is sent as before");
        assert_eq!(
            Policy::default().supply(),
            Policy::default().allocation,
            "without a limit nothing changes"
        );
        let none = Policy { message_limit_bits: Some(0), ..Policy::default() };
        assert_eq!((none.longest_text(), none.supply().bits), (0, 0), "one byte goes all the same: see flow");
    }
}
