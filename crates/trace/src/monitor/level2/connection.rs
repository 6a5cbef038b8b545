//! A connection between two hosts as one of them must see it: its requests, its closing, its allocation.

use std::cmp::Ordering;
use std::collections::VecDeque;

use imp1822::Link;
use machine::Instant;
use ncp::Socket;

use crate::monitor::rule::Rule;

/// How many GVBs may wait for an answer before it is no longer known what they asked for.
const MAX_OWED: usize = 32;

/// A connection by its two sockets, as one of the hosts sees them. In the order of the local one, then of the foreign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) local: Socket,
    pub(super) foreign: Socket,
}

impl Ends {
    /// The same connection as the other host sees it.
    pub(super) fn of_partner(self) -> Ends {
        Ends { local: self.foreign, foreign: self.local }
    }

    /// Both as one number: two connections are compared often.
    fn order(self) -> u64 {
        u64::from(self.local.number()) << 32 | u64::from(self.foreign.number())
    }
}

impl Ord for Ends {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for Ends {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A request for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    /// The receiver's, which names the link.
    Rts(Link),
    /// The sender's, which names the byte size in bits.
    Str(u8),
}

/// The two counters of a sender (NIC 8246, III, Flow Control).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counters {
    pub(super) messages: u64,
    pub(super) bits: u64,
}

/// What a sender has to give back for one GVB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct GiveBack {
    asked: Instant,
    /// The fractions of messages and bits, in 128ths.
    fractions: (u8, u8),
    /// What they came to when the GVB arrived.
    least: Counters,
}

/// Whether the host must still know of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    Sure,
    /// It may have forgotten: a ready line dropped, the partner died, or a control message got lost.
    Doubtful,
}

/// A connection, requested by at least one of the two hosts.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) memory: Memory,
    /// The request that this host has sent.
    pub(super) sent: Option<Request>,
    /// The request that it has received.
    pub(super) received: Option<Request>,
    /// Whether that request may not be for this connection: it has not reached this host, or not yet; or it did before this
    /// host sent its own, and may have been forgotten since.
    pub(super) is_unsure: bool,
    /// How often that request has come once more, because of a fault.
    pub(super) heard_again: u32,
    /// When this host has sent its CLS.
    pub(super) cls_sent_at: Option<Instant>,
    pub(super) cls_received: Option<Instant>,
    /// What the partner requested after its CLS, which this host has yet to answer.
    pub(super) next: Option<Request>,
    /// Of a sender: what it may send. Of a receiver: what it has allocated and has not received.
    counters: Counters,
    /// Of a sender: the allocation that the text under way has taken.
    in_transit: Counters,
    /// Of a sender: the allocation of text that did not arrive. The text may be sent again, or something else.
    spare: Counters,
    /// Of a sender: the GVBs that it has not answered.
    owed: VecDeque<GiveBack>,
}

impl Connection {
    /// A connection before the first request.
    pub(super) fn new() -> Self {
        Connection {
            memory: Memory::Sure,
            sent: None,
            received: None,
            is_unsure: false,
            heard_again: 0,
            cls_sent_at: None,
            cls_received: None,
            next: None,
            counters: Counters::default(),
            in_transit: Counters::default(),
            spare: Counters::default(),
            owed: VecDeque::new(),
        }
    }

    /// Whether this host has sent its CLS.
    pub(super) fn cls_sent(&self) -> bool {
        self.cls_sent_at.is_some()
    }

    /// Whether requests were exchanged, and this host has not closed.
    pub(super) fn is_open(&self) -> bool {
        self.sent.is_some() && self.received.is_some() && !self.cls_sent()
    }

    /// Whether the partner has requested it, and nothing has been said about it since.
    pub(super) fn is_only_asked_for(&self) -> bool {
        self.sent.is_none() && self.received.is_some() && self.cls_received.is_none()
    }

    /// Whether this host has sent its request, and waits for its partner's, as far as is known.
    pub(super) fn is_half(&self) -> bool {
        self.sent.is_some() && (self.received.is_none() || self.is_unsure)
    }

    /// The link: the receiver's RTS named it.
    pub(super) fn link(&self) -> Option<Link> {
        [self.sent, self.received].into_iter().flatten().find_map(|request| match request {
            Request::Rts(link) => Some(link),
            Request::Str(_) => None,
        })
    }

    /// The byte size: the sender's STR named it.
    pub(super) fn size(&self) -> Option<u8> {
        [self.sent, self.received].into_iter().flatten().find_map(|request| match request {
            Request::Rts(_) => None,
            Request::Str(size) => Some(size),
        })
    }

    /// This host sends a message with this many bits of text. Returns whether it has allocation for it.
    pub(super) fn sends_text(&mut self, bits: u64) -> bool {
        let used = Counters { messages: 1, bits };
        let Some(left) = self.counters.plus(self.spare).minus(used) else { return false };
        (self.counters, self.spare, self.in_transit) = (left, Counters::default(), used);
        true
    }

    /// The IMP has answered for a message of this host. One that has not arrived costs no allocation.
    pub(super) fn text_is_answered(&mut self, may_have_arrived: bool) {
        let text = std::mem::take(&mut self.in_transit);
        if !may_have_arrived {
            self.spare = self.spare.plus(text);
        }
    }

    /// A message with this many bits of text reaches this host.
    pub(super) fn gets_text(&mut self, bits: u64) {
        self.counters = self.counters.minus_at_most(Counters { messages: 1, bits });
    }

    /// This host, the receiver, sends an ALL. Returns the rule that it breaks.
    pub(super) fn sends_all(&mut self, more: Counters) -> Option<Rule> {
        self.counters = self.counters.plus(more);
        let Counters { messages, bits } = self.counters;
        (messages > u16::MAX.into() || bits > u32::MAX.into()).then_some(Rule::CounterOverflow)
    }

    /// An ALL reaches this host, the sender.
    pub(super) fn gets_all(&mut self, more: Counters) {
        let Counters { messages, bits } = self.counters.plus(more);
        self.counters = Counters { messages: messages.min(u16::MAX.into()), bits: bits.min(u32::MAX.into()) };
    }

    /// A GVB reaches this host, the sender. `fractions`: of messages and bits, in 128ths. When too many wait, any RET
    /// will do for the latest.
    pub(super) fn gets_gvb(&mut self, asked: Instant, fractions: (u8, u8)) {
        let mut left = self.counters;
        for owed in &self.owed {
            left = left.minus_at_most(owed.least);
        }
        let mut least = left.part(fractions);
        if self.owed.len() >= MAX_OWED {
            least = Counters::default();
            self.owed.pop_front();
        }
        self.owed.push_back(GiveBack { asked, fractions, least });
    }

    /// This host, the sender, sends a RET. Returns the rule that it breaks.
    pub(super) fn sends_ret(&mut self, back: Counters) -> Option<Rule> {
        let asked = self.owed.pop_front();
        let now = self.counters.part(asked.map_or((0, 0), |asked| asked.fractions));
        let has_it = self.take_back(back);
        // The sender may reckon with what it had when the GVB came or with what it has now.
        match asked.map(|asked| asked.least) {
            None => Some(Rule::ReturnUnasked),
            Some(_) if !has_it => Some(Rule::ReturnTooMuch),
            Some(least) => {
                let is_little =
                    back.messages < least.messages.min(now.messages) || back.bits < least.bits.min(now.bits);
                is_little.then_some(Rule::ReturnTooLittle)
            }
        }
    }

    /// A RET reaches this host, the receiver.
    pub(super) fn gets_ret(&mut self, back: Counters) {
        self.counters = self.counters.minus_at_most(back);
    }

    /// Since when the first GVB waits that this host has not answered.
    pub(super) fn owes_since(&self) -> Option<Instant> {
        self.owed.front().map(|owed| owed.asked)
    }

    /// This host need not answer the GVBs that it has received.
    pub(super) fn excuse(&mut self) {
        self.owed.clear();
    }

    /// Takes allocation away, from what is spare last. Returns whether there was as much.
    fn take_back(&mut self, back: Counters) -> bool {
        let all = self.counters.plus(self.spare);
        let left = all.minus_at_most(back);
        self.counters = self.counters.minus_at_most(back);
        self.spare = left.minus_at_most(self.counters);
        all.minus(back).is_some()
    }
}

impl Counters {
    fn plus(self, other: Counters) -> Counters {
        Counters { messages: self.messages + other.messages, bits: self.bits + other.bits }
    }

    fn minus(self, other: Counters) -> Option<Counters> {
        let messages = self.messages.checked_sub(other.messages)?;
        Some(Counters { messages, bits: self.bits.checked_sub(other.bits)? })
    }

    /// Of each as much as there is.
    fn minus_at_most(self, other: Counters) -> Counters {
        let messages = self.messages.saturating_sub(other.messages);
        Counters { messages, bits: self.bits.saturating_sub(other.bits) }
    }

    /// At least these 128ths, rounded up (NIC 8246, III, Flow Control).
    fn part(self, (messages, bits): (u8, u8)) -> Counters {
        let part = |of: u64, fraction: u8| (of * u64::from(fraction.min(128))).div_ceil(128);
        Counters { messages: part(self.messages, messages), bits: part(self.bits, bits) }
    }
}
