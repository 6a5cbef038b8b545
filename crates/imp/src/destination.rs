//! The destination side of an IMP: putting messages for its hosts together, giving them out in their order, and answering
//! them (RFC 442).
//!
//! It knows message numbers and buffers, and replies by the relay. Which message a host gets next it returns.

use imp1822::HostAddress;
use machine::{Instant, Span};

use crate::buffers::Buffers;
use crate::by_imp::ByImp;
use crate::ids::{ImpNumber, MessageId};
use crate::inbound::{Inbound, Inquired, Taken};
use crate::outlet::{Delivery, Part};
use crate::packet::{Errand, MOST_PACKETS, Message, Reply, Stamp};
use crate::queue::Queue;
use crate::relay::Relay;
use crate::wires::Wires;

/// How long the RFNM of a long message is held back for room for the next one (RFC 619).
const HELD_BACK: Span = Span::from_secs(1);

/// All messages to an IMP's hosts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Destinations {
    /// By the IMP that they come from.
    from: ByImp<Inbound>,
    /// Messages that wait for buffers, first come, first served.
    waiting: Queue<Waiter>,
    /// The single packet that has the buffer which is set aside for one whose turn it is.
    spare: Option<MessageId>,
}

/// A message that waits for buffers.
#[derive(Debug, Clone, Copy)]
struct Waiter {
    message: MessageId,
    wants: Wants,
}

/// What a message waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// A single packet that had no room asks to come again.
    One,
    /// A message of several packets asks to come.
    Eight,
    /// A message of several packets has come, and is answered when there is room for the next; but not later than this.
    Next { until: Instant },
}

impl Destinations {
    /// Whether nothing is under way, promised or waited for.
    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.from.values().all(|inbound| inbound.is_idle())
    }

    /// How many messages are under way or promised, and how many wait for room.
    pub(crate) fn held(&self) -> (usize, usize) {
        (self.from.values().map(|inbound| inbound.under_way()).sum(), self.waiting.len())
    }

    /// Forgets all messages: the IMP stops.
    pub(crate) fn clear(&mut self) {
        *self = Destinations::default();
    }

    /// The next IMP after `last` from which something is under way.
    pub(crate) fn next_busy(&self, last: Option<ImpNumber>) -> Option<ImpNumber> {
        self.from.after(last).find(|(_, inbound)| !inbound.is_idle()).map(|(source, _)| source)
    }

    /// The next IMP after `last` from which anything has come.
    pub(crate) fn next_source(&self, last: Option<ImpNumber>) -> Option<ImpNumber> {
        self.from.after(last).next().map(|(source, _)| source)
    }

    /// The numbers to which a message belongs, if its source has not begun anew.
    fn numbers(&mut self, message: MessageId) -> Option<&mut Inbound> {
        let inbound = self.from.get_mut(message.source)?;
        (inbound.life == message.life).then_some(inbound)
    }
}

/// What source IMPs ask for.
impl Destinations {
    /// A source IMP has something for this one. `alive`: whether the host is alive for which it is, if it is for one.
    /// Returns whether it counts: then messages may be ready, and buffers free.
    pub(crate) fn errand_arrived(
        &mut self,
        source: ImpNumber,
        stamp: &Stamp,
        errand: &Errand,
        alive: bool,
        relay: &mut Relay,
        wires: &mut Wires,
    ) -> bool {
        let id = stamp.id(source);
        // Of what was numbered before this IMP was started again it is not known whether it was delivered: it is not
        // delivered again.
        if stamp.their_life.is_some_and(|life| life < relay.life()) {
            relay.reply(id, Reply::Incomplete, wires);
            return false;
        }
        let Destinations { from, waiting, .. } = self;
        let Some(inbound) = numbers_since(from, source, stamp, &mut relay.buffers) else { return false };
        match *errand {
            Errand::Data { ref message, index: _ } if !alive => {
                let spent = message.packets() > 1;
                refuse(inbound, id, stamp, Reply::HostDead, spent, relay, wires);
            }
            Errand::Data { ref message, index } => {
                let buffers = &mut relay.buffers;
                let taken = if message.packets() == 1 {
                    inbound.take_single(wires.now, stamp, message, !waiting.is_empty(), buffers)
                } else {
                    inbound.take_part(wires.now, stamp, message, index, buffers)
                };
                match taken {
                    Taken::Nothing | Taken::Whole => {}
                    Taken::NoRoom => waiting.push_back(Waiter { message: id, wants: Wants::One }),
                }
            }
            Errand::Request { to } => {
                if inbound.wants_room(wires.now, stamp, to) {
                    if alive {
                        waiting.push_back(Waiter { message: id, wants: Wants::Eight });
                    } else {
                        refuse(inbound, id, stamp, Reply::HostDead, false, relay, wires);
                    }
                }
            }
            Errand::Inquiry { spent } => match inbound.inquire(wires.now, stamp.number) {
                Inquired::Replied(reply) => relay.reply(id, reply, wires),
                Inquired::Promised => relay.reply(id, Reply::AllocateOne, wires),
                // The source stopped waiting: so does this IMP.
                Inquired::Missing => refuse(inbound, id, stamp, Reply::Incomplete, spent, relay, wires),
                Inquired::Pending => {}
            },
            Errand::Withdrawal { spent } => {
                refuse(inbound, id, stamp, Reply::Incomplete, spent, relay, wires);
            }
            Errand::GiveBack(returned) => inbound.returned(returned, &mut relay.buffers),
        }
        true
    }

    /// Whether a message waits for buffers.
    pub(crate) fn has_waiters(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Gives buffers to the messages that wait for them, first come, first served; but to messages from one IMP in their
    /// order (RFC 626).
    pub(crate) fn serve(&mut self, relay: &mut Relay, wires: &mut Wires) {
        let mut at = 0;
        // A request that does not fit blocks those behind it: otherwise it could starve. But it does not block a single
        // packet whose turn it is, for which a buffer is set aside.
        let mut blocked = false;
        while let Some(&Waiter { message, wants }) = self.waiting.get(at) {
            let spare_is_free = self.spare_is_free();
            let Destinations { from, waiting, spare } = self;
            let inbound = from.get_mut(message.source).filter(|inbound| inbound.life == message.life);
            let Some(inbound) = inbound else {
                waiting.remove(at);
                continue;
            };
            let (number, buffers) = (message.number, &mut relay.buffers);
            let reply = match wants {
                Wants::One | Wants::Eight if !inbound.still_wants(number) => {
                    waiting.remove(at);
                    continue;
                }
                Wants::One | Wants::Eight if !inbound.may_serve(number) => {
                    at += 1;
                    continue;
                }
                Wants::One => {
                    let room = !blocked && buffers.reserve(1);
                    let aside =
                        !room && spare_is_free && inbound.is_next(number) && buffers.reserve_in_turn();
                    if aside {
                        *spare = Some(message);
                    }
                    (room || aside).then(|| {
                        inbound.promise_one(wires.now, number);
                        Reply::AllocateOne
                    })
                }
                Wants::Eight => (!blocked && buffers.reserve(MOST_PACKETS)).then(|| {
                    inbound.promise_eight(wires.now, Some(number));
                    Reply::AllocateEight
                }),
                Wants::Next { until } => {
                    let room = !blocked && buffers.reserve(MOST_PACKETS);
                    if room {
                        inbound.promise_eight(wires.now, None);
                    }
                    (room || until <= wires.now).then_some(Reply::Rfnm { allocate: room })
                }
            };
            match reply {
                Some(reply) => {
                    waiting.remove(at);
                    relay.reply(message, reply, wires);
                }
                None => {
                    blocked = true;
                    at += 1;
                }
            }
        }
    }

    /// Whether the buffer that is set aside for a single packet whose turn it is has none.
    fn spare_is_free(&self) -> bool {
        let holds = |spare: &MessageId| {
            let inbound = self.from.get(spare.source).filter(|inbound| inbound.life == spare.life);
            inbound.is_some_and(|inbound| inbound.holds(spare.number))
        };
        !self.spare.as_ref().is_some_and(holds)
    }

    /// Forgets allocations that a source has not used for two minutes, and its messages that were not completed.
    pub(crate) fn lose_patience(&mut self, source: ImpNumber, relay: &mut Relay, wires: &mut Wires) {
        let Some(inbound) = self.from.get_mut(source) else { return };
        let life = inbound.life;
        for number in inbound.forget(wires.now, &mut relay.buffers) {
            relay.reply(MessageId { source, life, number }, Reply::Incomplete, wires);
        }
    }
}

/// What the hosts get.
impl Destinations {
    /// The next message from one IMP whose turn has come, which is on its way into its host from now on. A message whose
    /// turn it is holds up those behind it, also if they are for another host (RFC 442, page 4).
    pub(crate) fn next_delivery(&mut self, source: ImpNumber) -> Option<(MessageId, Message)> {
        let inbound = self.from.get_mut(source)?;
        let life = inbound.life;
        inbound.next_to_give().map(|(number, message)| (MessageId { source, life, number }, message))
    }

    /// A part of a message is in its host. If that was the first one the message has arrived (RFC 594): it is answered. The
    /// answer to a long one takes an allocation for the next along, for which it may have to wait. Returns whether the
    /// message is done with, so that the next one's turn may have come.
    pub(crate) fn part_given(&mut self, part: Part, relay: &mut Relay, wires: &mut Wires) -> bool {
        let Part { message, freed, first, last, long, .. } = part;
        relay.buffers.release(freed);
        let Some(inbound) = self.numbers(message) else { return false };
        if first {
            inbound.arrived(message.number);
        }
        if last {
            inbound.given(message.number);
        }
        if first && long {
            let wants = Wants::Next { until: wires.now + HELD_BACK };
            self.waiting.push_back(Waiter { message, wants });
        } else if first {
            relay.reply(message, Reply::Rfnm { allocate: false }, wires);
        }
        last
    }

    /// A message, or the rest of one, will not be given to its host. It is answered so, unless it was answered when its first
    /// packet was in the host.
    pub(crate) fn not_given(
        &mut self,
        delivery: &Delivery,
        reply: Reply,
        relay: &mut Relay,
        wires: &mut Wires,
    ) {
        let Some(message) = delivery.message else { return };
        relay.buffers.release(delivery.buffers());
        let Some(inbound) = self.numbers(message) else { return };
        if delivery.has_begun() {
            inbound.given(message.number);
        } else {
            inbound.not_given(message.number, reply);
            relay.reply(message, reply, wires);
        }
    }

    /// A host is dead: messages for it from one IMP that are not whole, or wait for their turn, go back with this answer.
    pub(crate) fn refuse_all(
        &mut self,
        source: ImpNumber,
        host: HostAddress,
        reply: Reply,
        relay: &mut Relay,
        wires: &mut Wires,
    ) {
        let Some(inbound) = self.from.get_mut(source) else { return };
        let life = inbound.life;
        for number in inbound.refuse_all(host, reply, &mut relay.buffers) {
            relay.reply(MessageId { source, life, number }, reply, wires);
        }
    }
}

/// The numbers from a source IMP, in the life of the stamp. `None`: it has been started again since.
fn numbers_since<'a>(
    from: &'a mut ByImp<Inbound>,
    source: ImpNumber,
    stamp: &Stamp,
    buffers: &mut Buffers,
) -> Option<&'a mut Inbound> {
    let inbound = from.get_or_insert_with(source, || Inbound::new(stamp));
    if stamp.life < inbound.life {
        return None;
    }
    if stamp.life > inbound.life {
        inbound.give_up(buffers);
        *inbound = Inbound::new(stamp);
    }
    inbound.keep_up(stamp, buffers);
    Some(inbound)
}

/// Refuses a message, or says again what was answered to it: that answer may have been lost. `spent`: an ALL(8) was used
/// for the message.
fn refuse(
    inbound: &mut Inbound,
    id: MessageId,
    stamp: &Stamp,
    reply: Reply,
    spent: bool,
    relay: &mut Relay,
    wires: &mut Wires,
) {
    if spent {
        inbound.spent_in_vain(stamp.number, &mut relay.buffers);
    }
    inbound.refuse(stamp, reply, &mut relay.buffers);
    if let Some(reply) = inbound.replied(stamp.number) {
        relay.reply(id, reply, wires);
    }
}
