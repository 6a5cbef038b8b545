//! Message numbers between a pair of IMPs, at the destination: putting together, order, and what was answered
//! (RFC 442).

use std::ops::Range;

use imp1822::HostAddress;
use machine::{Instant, Span};

use crate::buffers::Buffers;
use crate::ids::Life;
use crate::packet::{MOST_PACKETS, Message, Reply, Stamp};
use crate::ring::Ring;
use crate::slot::{Claim, Slot};

/// How many message numbers are remembered. Four may be unanswered; those before may be on their way into their host,
/// which the source has been told when the first packet was there.
const MEMORY: u32 = 16;

/// After this time allocations that were not used, and messages that were not completed, are forgotten
/// (RFC 442, page 2).
const PATIENCE: Span = Span::from_secs(120);

/// What becomes of a packet that has arrived.
#[derive(Debug, Clone)]
pub(crate) enum Taken {
    /// Nothing more has to be done.
    Nothing,
    /// The message is whole: it can be given to its host when its turn comes.
    Whole,
    /// There is no room: the message is to wait in the queue of requests.
    NoRoom,
}

/// The destination's end of the message numbers from one IMP.
#[derive(Debug, Clone)]
pub(crate) struct Inbound {
    /// The life of the source IMP that gives these numbers.
    pub(crate) life: Life,
    /// The lowest number that is not settled.
    next: u32,
    /// Above all numbers of which anything but that they are settled has been known.
    end: u32,
    /// The place of the next priority message.
    next_order: u32,
    /// Which places after that are served already: a bit for each, the next one's first.
    served_orders: u32,
    slots: [Slot; MEMORY as usize],
    /// What was answered to the last messages.
    replies: Ring<Reply, { MEMORY as usize }>,
    /// How many ALL(8) the source has in hand.
    promises: u8,
    /// When it got the last, or a single packet was promised a buffer.
    promised: Instant,
    /// How many ALL(8) it has given back, if that is known.
    returned: Option<u32>,
    /// The messages for which an ALL(8) was used: that is counted once, whether they are wanted or not.
    spent: Ring<(), { MEMORY as usize }>,
}

impl Inbound {
    /// The numbers of a source IMP from which nothing was heard in this life.
    pub(crate) fn new(stamp: &Stamp) -> Self {
        Inbound {
            life: stamp.life,
            next: stamp.oldest,
            end: stamp.oldest,
            next_order: stamp.oldest_order,
            served_orders: 0,
            slots: Default::default(),
            replies: Default::default(),
            promises: 0,
            promised: Instant::START,
            // A source that has had no answer yet cannot have given anything back.
            returned: (stamp.oldest == 0).then_some(0),
            spent: Default::default(),
        }
    }

    /// Whether nothing is under way and nothing promised.
    pub(crate) fn is_idle(&self) -> bool {
        self.promises == 0 && self.heard_of().all(|number| self.slots[place(number)].is_idle())
    }

    /// How many messages are under way or promised, with the ALL(8) that the source has in hand.
    pub(crate) fn under_way(&self) -> usize {
        usize::from(self.promises) + self.slots.iter().filter(|slot| !slot.is_idle()).count()
    }

    /// The numbers of messages that may be under way.
    fn heard_of(&self) -> Range<u32> {
        self.next..self.end.min(self.next + MEMORY)
    }

    /// Nothing below the source's oldest message is expected any more.
    pub(crate) fn keep_up(&mut self, stamp: &Stamp, buffers: &mut Buffers) {
        // The place of a message that is `MEMORY` numbers back is needed. Nothing is known of it; or its host is slow to
        // take the rest of it, while priority messages for another host go by.
        while self.next + MEMORY <= stamp.number {
            self.clear(self.next, Slot::Settled, buffers);
            self.advance();
        }
        for number in self.next..stamp.oldest {
            // What is on its way into the host has been answered.
            if self.slots[place(number)].is_open() {
                self.clear(number, Slot::Settled, buffers);
            }
        }
        self.advance();
        while self.next_order < stamp.oldest_order {
            self.served(self.next_order);
        }
    }

    /// A priority message is on its way into the host, or will not be.
    fn served(&mut self, order: u32) {
        let place = order.checked_sub(self.next_order).and_then(|ahead| 1_u32.checked_shl(ahead));
        self.served_orders |= place.unwrap_or(0);
        while self.served_orders & 1 == 1 {
            self.served_orders >>= 1;
            self.next_order += 1;
        }
    }

    /// Takes a single packet, if a buffer is kept for it, or if there is one and no other message waits for buffers.
    pub(crate) fn take_single(
        &mut self,
        now: Instant,
        stamp: &Stamp,
        message: &Message,
        others_wait: bool,
        buffers: &mut Buffers,
    ) -> Taken {
        let in_turn = match stamp.order {
            Some(order) => order == self.next_order,
            None => stamp.number == self.next,
        };
        let Some(slot) = self.slot(stamp.number) else { return Taken::Nothing };
        let room = match slot {
            Slot::Promised(_) => true,
            // The messages that wait for room have come before.
            Slot::Empty | Slot::Wanted(_) if others_wait => false,
            Slot::Empty | Slot::Wanted(_) if in_turn => buffers.reserve(1),
            Slot::Empty | Slot::Wanted(_) => buffers.reserve_out_of_turn(),
            // Nothing of it is needed any more.
            Slot::Granted(_) | Slot::Partial { .. } | Slot::Whole { .. } | Slot::Giving | Slot::Settled => {
                return Taken::Nothing;
            }
        };
        if room {
            *slot = Slot::Whole { message: message.clone(), order: stamp.order, since: now };
            Taken::Whole
        } else if let Slot::Wanted(_) = slot {
            Taken::Nothing
        } else {
            *slot = Slot::Wanted(Claim { to: message.to, order: stamp.order, since: now });
            Taken::NoRoom
        }
    }

    /// Takes a packet of several, for which an ALL(8) was given. If that was forgotten, takes it as if one had been given,
    /// if there is room.
    pub(crate) fn take_part(
        &mut self,
        now: Instant,
        stamp: &Stamp,
        message: &Message,
        index: u8,
        buffers: &mut Buffers,
    ) -> Taken {
        let promised = self.promises > 0;
        let Some(slot) = self.slot(stamp.number) else {
            self.spent_in_vain(stamp.number, buffers);
            return Taken::Nothing;
        };
        let had = match slot {
            Slot::Partial { have, .. } => *have,
            Slot::Empty | Slot::Wanted(_) | Slot::Promised(_) | Slot::Granted(_) => {
                if !promised && !buffers.reserve(MOST_PACKETS) {
                    return Taken::Nothing;
                }
                0
            }
            // Nothing of it is needed any more.
            Slot::Whole { .. } | Slot::Giving | Slot::Settled => {
                self.spent_in_vain(stamp.number, buffers);
                return Taken::Nothing;
            }
        };
        let have = had | 1 << index;
        let packets = message.packets();
        let whole = have.count_ones() == u32::from(packets);
        if whole {
            buffers.release(MOST_PACKETS - packets);
            *slot = Slot::Whole { message: message.clone(), order: stamp.order, since: now };
        } else if let Slot::Partial { have: known, since, .. } = slot {
            (*known, *since) = (have, now);
        } else {
            *slot = Slot::Partial { message: message.clone(), order: stamp.order, have, since: now };
        }
        if had == 0 {
            self.spends(stamp.number);
            self.promises -= u8::from(promised);
        }
        if whole { Taken::Whole } else { Taken::Nothing }
    }

    /// A message of several packets asks for room. Returns whether it has to be queued.
    pub(crate) fn wants_room(&mut self, now: Instant, stamp: &Stamp, to: HostAddress) -> bool {
        if let Some(slot @ Slot::Empty) = self.slot(stamp.number) {
            *slot = Slot::Wanted(Claim { to, order: stamp.order, since: now });
            true
        } else {
            false
        }
    }

    /// Whether a message still waits for room.
    pub(crate) fn still_wants(&self, number: u32) -> bool {
        self.has(number) && matches!(self.slots[place(number)], Slot::Wanted(_))
    }

    /// Whether room may be given to a message: all before it must have been served, so that it does not wait for
    /// one that has no room (RFC 626).
    pub(crate) fn may_serve(&self, number: u32) -> bool {
        (self.next..number).all(|earlier| self.slots[place(earlier)].is_served())
    }

    /// Whether a buffer is kept for a single packet, or holds it.
    pub(crate) fn holds(&self, number: u32) -> bool {
        self.has(number) && self.slots[place(number)].holds_buffer()
    }

    /// Whether it is a message's turn to be delivered.
    pub(crate) fn is_next(&self, number: u32) -> bool {
        number == self.next
    }

    /// A single packet may come again: its buffer is kept.
    pub(crate) fn promise_one(&mut self, now: Instant, number: u32) {
        if let Some(slot) = self.slot(number)
            && let Slot::Wanted(claim) = *slot
        {
            *slot = Slot::Promised(claim);
            self.promised = now;
        }
    }

    /// The source gets an ALL(8). If it asked by a message, that is what the message waited for.
    pub(crate) fn promise_eight(&mut self, now: Instant, asked: Option<u32>) {
        self.promises += 1;
        self.promised = now;
        if let Some(slot) = asked.and_then(|number| self.slot(number)) {
            let Slot::Wanted(claim) = *slot else { return };
            *slot = Slot::Granted(claim);
        }
    }

    /// The source gives an ALL(8) back. `returned` is a running total: this catches up with give-backs that were lost or
    /// overtaken.
    pub(crate) fn returned(&mut self, returned: u32, buffers: &mut Buffers) {
        // Of what was given back before this IMP was started nothing is known.
        let before = self.returned.unwrap_or(returned.saturating_sub(1));
        for _ in before..returned {
            if !self.given_back(buffers) {
                break;
            }
        }
        self.returned = Some(before.max(returned));
    }

    /// An ALL(8) of the source counts no more. Returns whether it had one.
    fn given_back(&mut self, buffers: &mut Buffers) -> bool {
        let had = self.promises > 0;
        if had {
            self.promises -= 1;
            buffers.release(MOST_PACKETS);
        }
        had
    }

    /// The source has used an ALL(8) for a message that is refused, or was before.
    pub(crate) fn spent_in_vain(&mut self, number: u32, buffers: &mut Buffers) {
        if self.spends(number) {
            self.given_back(buffers);
        }
    }

    /// The source has used an ALL(8) for a message. Returns whether that is news.
    fn spends(&mut self, number: u32) -> bool {
        let news = self.spent.in_place_of(number).is_none_or(|known| known < number);
        if news {
            self.spent.put(number, ());
        }
        news
    }

    /// Forgets what the source has not come back to for too long. Returns the numbers of the messages that come to nothing.
    pub(crate) fn forget(&mut self, now: Instant, buffers: &mut Buffers) -> Vec<u32> {
        let stale = now.since(self.promised) >= PATIENCE;
        if stale {
            while self.given_back(buffers) {}
        }
        self.refuse_where(Reply::Incomplete, buffers, |slot| match slot {
            Slot::Promised(_) | Slot::Granted(_) => stale,
            Slot::Wanted(Claim { since, .. }) | Slot::Partial { since, .. } | Slot::Whole { since, .. } => {
                now.since(*since) >= PATIENCE
            }
            Slot::Empty | Slot::Giving | Slot::Settled => false,
        })
    }

    /// Refuses a message. Returns whether that is news.
    pub(crate) fn refuse(&mut self, stamp: &Stamp, reply: Reply, buffers: &mut Buffers) -> bool {
        let news = self.slot(stamp.number).is_some_and(|slot| slot.is_open());
        if news {
            self.clear(stamp.number, Slot::Settled, buffers);
            self.replies.put(stamp.number, reply);
            stamp.order.into_iter().for_each(|order| self.served(order));
            self.advance();
        }
        news
    }

    /// Refuses all messages that are here, or have asked for room, for a host, but for what is on its way into it. Returns
    /// their numbers.
    pub(crate) fn refuse_all(&mut self, host: HostAddress, reply: Reply, buffers: &mut Buffers) -> Vec<u32> {
        self.refuse_where(reply, buffers, |slot| slot.claim().is_some_and(|claim| claim.to == host))
    }

    fn refuse_where(
        &mut self,
        reply: Reply,
        buffers: &mut Buffers,
        which: impl Fn(&Slot) -> bool,
    ) -> Vec<u32> {
        let mut dropped = Vec::new();
        for number in self.heard_of() {
            if which(&self.slots[place(number)]) {
                let claim = self.slots[place(number)].claim();
                claim.and_then(|claim| claim.order).into_iter().for_each(|order| self.served(order));
                self.clear(number, Slot::Settled, buffers);
                self.replies.put(number, reply);
                dropped.push(number);
            }
        }
        self.advance();
        dropped
    }

    /// What was answered to a message, if it was.
    pub(crate) fn replied(&self, number: u32) -> Option<Reply> {
        self.replies.get(number).copied()
    }

    /// What the destination can say of a message that its source asks about.
    pub(crate) fn inquire(&mut self, now: Instant, number: u32) -> Inquired {
        if let Some(reply) = self.replied(number) {
            return Inquired::Replied(reply);
        }
        match self.slot(number) {
            Some(Slot::Empty | Slot::Granted(_) | Slot::Partial { .. }) => Inquired::Missing,
            Some(Slot::Promised(_)) => Inquired::Promised,
            // It waits for room, and its source for it.
            Some(Slot::Wanted(claim)) => {
                claim.since = now;
                Inquired::Pending
            }
            // It is here: it will be answered.
            Some(Slot::Whole { .. } | Slot::Giving | Slot::Settled) | None => Inquired::Pending,
        }
    }

    /// A message is answered with RFNM: its first packet is in the host.
    pub(crate) fn arrived(&mut self, number: u32) {
        self.replies.put(number, Reply::Rfnm { allocate: false });
    }

    /// A message is in its host, or the host did not take it.
    pub(crate) fn given(&mut self, number: u32) {
        if self.has(number) {
            self.slots[place(number)] = Slot::Settled;
            self.advance();
        }
    }

    /// A message that was on its way into the host did not get there.
    pub(crate) fn not_given(&mut self, number: u32, reply: Reply) {
        self.replies.put(number, reply);
        self.given(number);
    }

    /// The next message whose turn it is: priority messages in their own order, the others in the order of all
    /// (RFC 442, page 4). It is on its way into the host from now on.
    pub(crate) fn next_to_give(&mut self) -> Option<(u32, Message)> {
        for number in self.heard_of() {
            let (is_next, next_order) = (number == self.next, self.next_order);
            let slot = &mut self.slots[place(number)];
            if !slot.has_turn(is_next, next_order) {
                continue;
            }
            if let Slot::Whole { message, order, .. } = std::mem::replace(slot, Slot::Giving) {
                order.into_iter().for_each(|order| self.served(order));
                return Some((number, message));
            }
        }
        None
    }

    /// Gives back all that is taken or promised: the source has begun anew. What is on its way into a host goes on.
    pub(crate) fn give_up(&mut self, buffers: &mut Buffers) {
        while self.given_back(buffers) {}
        for number in self.heard_of() {
            self.clear(number, Slot::Settled, buffers);
        }
    }

    /// Puts something else in the place of what is known of a message, and gives back its buffers.
    fn clear(&mut self, number: u32, then: Slot, buffers: &mut Buffers) {
        let before = std::mem::replace(&mut self.slots[place(number)], then);
        buffers.release(before.buffers());
    }

    /// Goes on to the lowest number that is not settled.
    fn advance(&mut self) {
        while let Slot::Settled = self.slots[place(self.next)] {
            self.slots[place(self.next)] = Slot::Empty;
            self.next += 1;
        }
    }

    fn has(&self, number: u32) -> bool {
        number.checked_sub(self.next).is_some_and(|ahead| ahead < MEMORY)
    }

    /// The place of a message whose number is in use.
    fn slot(&mut self, number: u32) -> Option<&mut Slot> {
        if !self.has(number) {
            return None;
        }
        self.end = self.end.max(number + 1);
        Some(&mut self.slots[place(number)])
    }
}

/// What can be said of a message that its source asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inquired {
    /// It was answered so.
    Replied(Reply),
    /// It is not here, or not all of it.
    Missing,
    /// It was told to come again, and has not.
    Promised,
    /// It will be answered.
    Pending,
}

fn place(number: u32) -> usize {
    (number % MEMORY) as usize
}

#[cfg(test)]
mod tests;
