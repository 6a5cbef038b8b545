//! Message numbers between a pair of IMPs, at the source (RFC 442).
//!
//! There is one sequence of numbers from each IMP to each other one, whatever the hosts and links. At most four
//! numbers, one after the other, are in use at a time.

use imp1822::{HostAddress, Link};
use machine::{Instant, Span};

use crate::ids::Life;
use crate::packet::{Message, Stamp};
use crate::ring::Ring;

/// How many messages may be outstanding between a pair of IMPs.
const WINDOW: u32 = 4;

/// Of how many messages it is known whether an ALL(8) arrived for them.
const MEMORY: usize = 16;

/// How long a source IMP waits for an answer before it asks what has become of the message (RFC 442, page 2).
const PATIENCE: Span = Span::from_secs(30);

/// How long an allocation is kept for a message that may come (RFC 442, page 3).
pub(crate) const KEPT: Span = Span::from_millis(125);

/// A message that has not been answered.
#[derive(Debug, Clone)]
pub(crate) struct Outstanding {
    /// For a priority message, its place among these.
    order: Option<u32>,
    /// The destination's life, as far as it was known.
    their_life: Option<Life>,
    /// The host that sent it.
    pub(crate) from: HostAddress,
    /// How often that host's cable had been cleared.
    pub(crate) cuts: u32,
    /// Whether it was no host, but a program of the IMP itself.
    pub(crate) own: bool,
    /// The host that it is for.
    pub(crate) to: HostAddress,
    pub(crate) link: Link,
    /// When the destination was last told, or asked, about it.
    pub(crate) since: Instant,
    pub(crate) stage: Stage,
    /// Whether an ALL(8) was used for it.
    pub(crate) spent: bool,
}

/// How far a message has come at its source.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// A single packet is on its way. The copy is kept until the answer.
    Single(Message),
    /// Room has been asked for, or the packets are on their way as they come from the host.
    Coming,
    /// All packets are on their way.
    Gone,
    /// The host did not bring it to an end, and has been told: only the number is still in use.
    Withdrawn,
}

/// The source's end of the message numbers to one IMP.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outbound {
    oldest: u32,
    next: u32,
    next_order: u32,
    outstanding: Ring<Outstanding, { WINDOW as usize }>,
    /// How many ALL(8) are in hand, and since when the first of them could be given back.
    allocations: u8,
    kept_since: Instant,
    /// Whether it is planned to give them back.
    pub(crate) give_back_planned: bool,
    /// How many have been given back.
    returned: u32,
    /// The messages with whose RFNM an ALL(8) came, and those that asked for one and got it: one that comes twice
    /// counts once.
    along: Ring<(), MEMORY>,
    asked: Ring<(), MEMORY>,
}

/// How an ALL(8) came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    /// It came along with an RFNM.
    Along,
    /// It was asked for.
    Asked,
}

impl Outbound {
    /// Whether one more message may be sent.
    pub(crate) fn is_open(&self) -> bool {
        self.next - self.oldest < WINDOW
    }

    /// Enters the next message. Returns its number.
    pub(crate) fn enter(
        &mut self,
        now: Instant,
        cuts: u32,
        message: &Message,
        link: Link,
        their_life: Option<Life>,
    ) -> u32 {
        debug_assert!(self.is_open());
        let number = self.next;
        let order = message.priority.then_some(self.next_order);
        self.next_order += u32::from(message.priority);
        self.next += 1;
        let stage = if message.packets() == 1 { Stage::Single(message.clone()) } else { Stage::Coming };
        let Message { from, to, own, .. } = *message;
        let since = now;
        let outstanding =
            Outstanding { order, their_life, from, cuts, own, to, link, since, stage, spent: false };
        self.outstanding.put(number, outstanding);
        number
    }

    /// An unanswered message.
    pub(crate) fn get(&mut self, number: u32) -> Option<&mut Outstanding> {
        self.outstanding.get_mut(number)
    }

    /// All unanswered messages.
    pub(crate) fn unanswered(&self) -> impl Iterator<Item = &Outstanding> {
        self.outstanding.values()
    }

    /// How many ALL(8) are in hand.
    pub(crate) fn in_hand(&self) -> usize {
        usize::from(self.allocations)
    }

    /// All packets of a message are on their way.
    pub(crate) fn has_left(&mut self, now: Instant, number: u32) {
        if let Some(Outstanding { stage: stage @ Stage::Coming, since, .. }) = self.get(number) {
            *stage = Stage::Gone;
            *since = now;
        }
    }

    /// How packets about a message are stamped.
    pub(crate) fn stamp(&self, life: Life, number: u32) -> Stamp {
        let known = self.outstanding.get(number);
        let order = known.and_then(|one| one.order);
        let their_life = known.and_then(|one| one.their_life);
        let orders = self.outstanding.values().filter_map(|one| one.order);
        let oldest_order = orders.min().unwrap_or(self.next_order);
        Stamp { life, their_life, number, order, oldest: self.oldest, oldest_order }
    }

    /// How packets that are about no message are stamped.
    pub(crate) fn stamp_of_none(&self, life: Life) -> Stamp {
        self.stamp(life, self.next)
    }

    /// A message was answered or is given up. `None`: it had been before.
    pub(crate) fn settle(&mut self, number: u32) -> Option<Outstanding> {
        let settled = self.outstanding.take(number)?;
        while self.oldest != self.next && self.outstanding.get(self.oldest).is_none() {
            self.oldest += 1;
        }
        Some(settled)
    }

    /// The messages about which the destination must be asked now. They count as asked about.
    pub(crate) fn take_overdue(&mut self, now: Instant) -> [Option<u32>; WINDOW as usize] {
        self.outstanding.numbers_where(|outstanding| {
            let waits = match outstanding.stage {
                Stage::Single(_) | Stage::Gone | Stage::Withdrawn => true,
                // The port has a patience of its own.
                Stage::Coming => false,
            };
            let due = waits && now.since(outstanding.since) >= PATIENCE;
            if due {
                outstanding.since = now;
            }
            due
        })
    }

    /// Whether nothing is outstanding and nothing in hand.
    pub(crate) fn is_idle(&self) -> bool {
        self.oldest == self.next && self.allocations == 0
    }

    /// An ALL(8) has arrived for a message. Returns whether it is news.
    pub(crate) fn allocated(&mut self, now: Instant, number: u32, grant: Grant) -> bool {
        let known = match grant {
            Grant::Along => &mut self.along,
            Grant::Asked => &mut self.asked,
        };
        let news = known.get(number).is_none();
        if news {
            known.put(number, ());
            if self.allocations == 0 {
                self.kept_since = now;
            }
            self.allocations += 1;
        }
        news
    }

    /// Uses an ALL(8), if one is in hand.
    pub(crate) fn use_allocation(&mut self, now: Instant) -> bool {
        let used = self.allocations > 0;
        self.allocations -= u8::from(used);
        // The time of the next one begins when it is the first.
        self.kept_since = now;
        used
    }

    /// Uses an ALL(8), if one is in hand, for a message.
    pub(crate) fn spend_on(&mut self, now: Instant, number: u32) -> bool {
        let used = self.use_allocation(now);
        if used && let Some(outstanding) = self.get(number) {
            outstanding.spent = true;
        }
        used
    }

    /// An ALL(8) that was used for a message is in hand again: nothing of the message has left.
    pub(crate) fn unspend(&mut self, now: Instant) {
        if self.allocations == 0 {
            self.kept_since = now;
        }
        self.allocations += 1;
    }

    /// Gives the first ALL(8) in hand back, if there is one. Returns how many that makes.
    pub(crate) fn give_back(&mut self, now: Instant) -> Option<u32> {
        self.use_allocation(now).then(|| {
            self.returned += 1;
            self.returned
        })
    }

    /// When the first ALL(8) in hand is to be given back.
    pub(crate) fn kept_until(&self) -> Option<Instant> {
        (self.allocations > 0).then_some(self.kept_since + KEPT)
    }

    /// Forgets all allocations: the destination is out of reach.
    pub(crate) fn forget_allocations(&mut self) {
        self.allocations = 0;
    }
}
