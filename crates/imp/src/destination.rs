//! From the network into the host: how an IMP puts a message together, gives it to its host packet by packet, and
//! answers it.

use std::collections::VecDeque;

use imp1822::{FromImp, HostAddress, LEADER_BITS, Signal};
use machine::{Bits, Instant, Span};

use crate::agenda::Event;
use crate::cable::HostLine;
use crate::ids::{ImpNumber, MessageId};
use crate::imp::Imp;
use crate::inbound::{Dropped, Inquired, Taken};
use crate::output::Notice;
use crate::packet::{Errand, MAX_PACKET_BITS, MOST_PACKETS, Message, Reply, Stamp};
use crate::port::{Delivery, TARDY};
use crate::relay::Relay;
use crate::wires::Wires;

/// How long the RFNM of a long message is held back for room for the next one (RFC 619).
const HELD_BACK: Span = Span::from_secs(1);

/// How long an IMP's ready line stays down when it resets the interface (RFC 271).
const READY_DROP: Span = Span::from_millis(250);

/// How much of a message is in the host when its first packet is.
const FIRST_PACKET_BITS: usize = LEADER_BITS + MAX_PACKET_BITS;

/// Somebody who waits for buffers.
#[derive(Debug)]
pub(crate) struct Request {
    receipt: MessageId,
    what: Wish,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// A single packet that had no room asks to come again.
    One,
    /// A message of several packets asks to come.
    Eight,
    /// One has come, and is answered when there is room for the next; but not later than this.
    Next { until: Instant },
}

/// What source IMPs ask for.
impl Imp {
    /// A source IMP has something for this one.
    pub(crate) fn errand_arrived(
        &mut self,
        source: ImpNumber,
        stamp: Stamp,
        errand: Errand,
        wires: &mut Wires,
    ) {
        let receipt = stamp.id(source);
        // Of what was numbered before this IMP was started again nobody knows whether it was delivered: it is not
        // delivered again.
        if stamp.their_life.is_some_and(|life| life < self.relay.life()) {
            return self.relay.reply(receipt, Reply::Incomplete, wires);
        }
        let Some(inbound) = self.inbound_since(source, &stamp) else { return };
        match errand {
            Errand::Data { message, index } => self.data_arrived(receipt, &stamp, message, index, wires),
            Errand::Request { to } => {
                if inbound.wants_room(wires.now, &stamp, to) {
                    if self.is_alive(to) {
                        self.requests.push_back(Request { receipt, what: Wish::Eight });
                    } else {
                        self.refuse(receipt, &stamp, Reply::HostDead, wires);
                    }
                }
            }
            Errand::Inquiry { spent } => match inbound.inquire(wires.now, stamp.number) {
                Inquired::Replied(reply) => self.relay.reply(receipt, reply, wires),
                Inquired::Promised => self.relay.reply(receipt, Reply::AllocateOne, wires),
                // The source stopped waiting: so does this IMP.
                Inquired::Missing => {
                    if let Some(inbound) = self.inbound.get_mut(&source).filter(|_| spent) {
                        inbound.spent_in_vain(stamp.number, &mut self.relay.buffers);
                    }
                    self.refuse(receipt, &stamp, Reply::Incomplete, wires);
                }
                Inquired::Pending => {}
            },
            Errand::Withdrawal { spent } => {
                if let Some(inbound) = self.inbound.get_mut(&source).filter(|_| spent) {
                    inbound.spent_in_vain(stamp.number, &mut self.relay.buffers);
                }
                self.refuse(receipt, &stamp, Reply::Incomplete, wires);
            }
            Errand::GiveBack(returned) => {
                let Imp { inbound, relay: Relay { buffers, .. }, .. } = self;
                if let Some(inbound) = inbound.get_mut(&source) {
                    inbound.returned(returned, buffers);
                }
            }
        }
        self.deliver_in_order(source, wires);
        self.buffers_freed(wires);
    }

    /// A packet of a message has arrived at the message's destination.
    fn data_arrived(
        &mut self,
        receipt: MessageId,
        stamp: &Stamp,
        message: Message,
        index: u8,
        wires: &mut Wires,
    ) {
        if !self.is_alive(message.to) {
            let Imp { inbound, relay: Relay { buffers, .. }, .. } = self;
            if let Some(inbound) = inbound.get_mut(&receipt.source).filter(|_| message.packets() > 1) {
                inbound.spent_in_vain(stamp.number, buffers);
            }
            return self.refuse(receipt, stamp, Reply::HostDead, wires);
        }
        let Imp { inbound, requests, relay: Relay { buffers, .. }, .. } = self;
        let Some(inbound) = inbound.get_mut(&receipt.source) else { return };
        let taken = if message.packets() == 1 {
            inbound.take_single(wires.now, stamp, message, !requests.is_empty(), buffers)
        } else {
            inbound.take_part(wires.now, stamp, message, index, buffers)
        };
        match taken {
            Taken::Nothing | Taken::Whole => {}
            Taken::NoRoom => self.requests.push_back(Request { receipt, what: Wish::One }),
        }
    }

    /// Refuses a message, unless it was answered before.
    fn refuse(&mut self, receipt: MessageId, stamp: &Stamp, reply: Reply, wires: &mut Wires) {
        let Imp { inbound, relay: Relay { buffers, .. }, .. } = self;
        let Some(inbound) = inbound.get_mut(&receipt.source) else { return };
        if inbound.refuse(stamp, reply, buffers) {
            self.relay.reply(receipt, reply, wires);
        } else if let Some(reply) = inbound.replied(stamp.number) {
            // The answer may have been lost.
            self.relay.reply(receipt, reply, wires);
        }
    }

    /// Gives buffers to those who wait for them, first come, first served; but to messages from one IMP in their
    /// order (RFC 626).
    pub(crate) fn serve_requests(&mut self, wires: &mut Wires) {
        let mut at = 0;
        // Who waits for more than there is holds up those behind him, lest he wait for ever; but not a single packet
        // whose turn it is, for which a buffer is set aside.
        let mut held_up = false;
        while let Some(Request { receipt, what }) = self.requests.get(at) {
            let (receipt, what) = (*receipt, *what);
            let spare_is_free = self.spare_is_free();
            let Imp { inbound, requests, spare, relay: Relay { buffers, .. }, .. } = self;
            let inbound = inbound.get_mut(&receipt.source).filter(|inbound| inbound.life == receipt.life);
            let Some(inbound) = inbound else {
                requests.remove(at);
                continue;
            };
            let number = receipt.number;
            let reply = match what {
                Wish::One | Wish::Eight if !inbound.still_wants(number) => {
                    requests.remove(at);
                    continue;
                }
                Wish::One | Wish::Eight if !inbound.may_serve(number) => {
                    at += 1;
                    continue;
                }
                Wish::One => {
                    let room = !held_up && buffers.reserve(1);
                    let aside =
                        !room && spare_is_free && inbound.is_next(number) && buffers.reserve_in_turn();
                    if aside {
                        *spare = Some(receipt);
                    }
                    (room || aside).then(|| {
                        inbound.promise_one(wires.now, number);
                        Reply::AllocateOne
                    })
                }
                Wish::Eight => (!held_up && buffers.reserve(MOST_PACKETS)).then(|| {
                    inbound.promise_eight(wires.now, Some(number));
                    Reply::AllocateEight
                }),
                Wish::Next { until } => {
                    let room = !held_up && buffers.reserve(MOST_PACKETS);
                    if room {
                        inbound.promise_eight(wires.now, None);
                    }
                    (room || until <= wires.now).then_some(Reply::Rfnm { allocate: room })
                }
            };
            match reply {
                Some(reply) => {
                    requests.remove(at);
                    self.relay.reply(receipt, reply, wires);
                }
                None => {
                    held_up = true;
                    at += 1;
                }
            }
        }
    }

    /// Whether the buffer that is set aside for a single packet whose turn it is has none.
    fn spare_is_free(&self) -> bool {
        let holds = |spare: &MessageId| {
            let inbound = self.inbound.get(&spare.source).filter(|inbound| inbound.life == spare.life);
            inbound.is_some_and(|inbound| inbound.holds(spare.number))
        };
        !self.spare.as_ref().is_some_and(holds)
    }

    /// Forgets allocations that nobody has used for two minutes, and messages that were not completed.
    pub(crate) fn lose_patience_with_sources(&mut self, source: ImpNumber, wires: &mut Wires) {
        let Imp { inbound, relay: Relay { buffers, .. }, .. } = self;
        let Some(inbound) = inbound.get_mut(&source) else { return };
        if inbound.is_quiet() {
            return;
        }
        let life = inbound.life;
        let dropped = inbound.forget(wires.now, buffers);
        for Dropped { number } in dropped {
            self.relay.reply(MessageId { source, life, number }, Reply::Incomplete, wires);
        }
        self.deliver_in_order(source, wires);
    }
}

/// The cable to a host.
impl Imp {
    /// Whether messages for a host are delivered.
    fn is_alive(&mut self, host: HostAddress) -> bool {
        self.connected(host).is_some_and(|port| port.line == HostLine::Up)
    }

    /// Gives to their hosts the messages from one IMP whose turn has come. A message whose turn it is holds up those
    /// behind it, also if they are for another host (RFC 442, page 4).
    pub(crate) fn deliver_in_order(&mut self, source: ImpNumber, wires: &mut Wires) {
        loop {
            let Some(inbound) = self.inbound.get_mut(&source) else { return };
            let life = inbound.life;
            let Some((number, message)) = inbound.next_to_give() else { return };
            let receipt = MessageId { source, life, number };
            self.give(message.to, message.text, Some(receipt), wires);
        }
    }

    /// Tells a host something that has no text.
    pub(crate) fn tell(&mut self, host: HostAddress, what: FromImp, wires: &mut Wires) {
        self.give(host, what.bits(), None, wires);
    }

    /// Puts a message on a host's cable, behind those that wait.
    fn give(&mut self, host: HostAddress, text: Bits, receipt: Option<MessageId>, wires: &mut Wires) {
        let Some(port) = self.connected(host) else { return };
        port.output.push_back(Delivery { text, receipt, at: 0 });
        if port.output.len() == 1 {
            port.give_next(wires);
        }
    }

    /// The next packet of a message is in the host.
    pub(crate) fn packet_given(&mut self, host: HostAddress, turns: u32, wires: &mut Wires) {
        let Some(port) = self.connected(host).filter(|port| port.turns == turns) else { return };
        let Some(delivery) = port.output.front_mut() else { return };
        let (first, receipt) = (delivery.at == 0, delivery.receipt);
        let before = delivery.buffers();
        delivery.at = delivery.next_end();
        let freed = before - delivery.buffers();
        let long = delivery.text.len() > FIRST_PACKET_BITS;
        let whole = delivery.at == delivery.text.len();
        let text = whole.then(|| port.output.pop_front()).flatten().map(|delivery| delivery.text);
        // What the host has said before it learns of a reset is lost to both.
        let reset = text.as_ref().filter(|text| FromImp::parse(text) == Ok(FromImp::InterfaceReset));
        let cut_short = reset.and_then(|_| port.begin_again());
        if !port.output.is_empty() {
            port.give_next(wires);
        }
        if let Some(text) = text {
            port.hand_over(text, wires);
        }
        if let Some((to, number)) = cut_short.and_then(|taking| taking.numbered()) {
            self.withdraw(to, number, wires);
        }
        if let Some(receipt) = receipt {
            self.relay.buffers.release(freed);
            if first {
                self.first_packet_given(receipt, long, wires);
            }
            if whole && let Some(inbound) = self.numbered(receipt) {
                inbound.given(receipt.number);
                self.deliver_in_order(receipt.source, wires);
            }
            self.buffers_freed(wires);
        }
        // It may have been held up because too much waited for it.
        self.next_message(host, wires.now, wires);
    }

    /// The first packet of a message is in the host: it has arrived (RFC 594). The answer to a long one takes an
    /// allocation for the next along, for which it may have to wait.
    fn first_packet_given(&mut self, receipt: MessageId, long: bool, wires: &mut Wires) {
        let Some(inbound) = self.numbered(receipt) else { return };
        inbound.arrived(receipt.number);
        if long {
            let what = Wish::Next { until: wires.now + HELD_BACK };
            self.requests.push_back(Request { receipt, what });
        } else {
            self.relay.reply(receipt, Reply::Rfnm { allocate: false }, wires);
        }
    }

    /// The numbers to which a message belongs, if its source has not begun anew.
    fn numbered(&mut self, receipt: MessageId) -> Option<&mut crate::inbound::Inbound> {
        self.inbound.get_mut(&receipt.source).filter(|inbound| inbound.life == receipt.life)
    }

    /// A host is dead: all messages that are here for it, whole or in part, go back with this answer. What is answered
    /// to its own it gets.
    pub(crate) fn host_is_dead(&mut self, host: HostAddress, reply: Reply, wires: &mut Wires) {
        let Some(port) = &mut self.ports[usize::from(host.host())] else { return };
        let stays = port.output.front().is_none_or(|first| first.receipt.is_none());
        let (output, answers): (VecDeque<Delivery>, _) =
            std::mem::take(&mut port.output).into_iter().partition(|delivery| delivery.receipt.is_some());
        port.output = answers;
        if !stays {
            port.turns += 1;
            port.give_next(wires);
        }
        self.discard(host, output, reply, wires);
    }

    /// Answers what was to be given to a host, and what of it is not whole or waits for its turn.
    pub(crate) fn discard(
        &mut self,
        host: HostAddress,
        output: impl IntoIterator<Item = Delivery>,
        reply: Reply,
        wires: &mut Wires,
    ) {
        for delivery in output {
            let Some(receipt) = delivery.receipt else { continue };
            self.relay.buffers.release(delivery.buffers());
            let answered = delivery.at > 0;
            let Some(inbound) = self.numbered(receipt) else { continue };
            if answered {
                inbound.given(receipt.number);
            } else {
                inbound.not_given(receipt.number, reply);
                self.relay.reply(receipt, reply, wires);
            }
        }
        // An IMP hears from few others: the list is short, and hosts seldom die.
        let sources: Vec<ImpNumber> = self.inbound.keys().copied().collect();
        for source in sources {
            let Imp { inbound, relay: Relay { buffers, .. }, .. } = self;
            let Some(inbound) = inbound.get_mut(&source) else { continue };
            let life = inbound.life;
            for Dropped { number } in inbound.refuse_all(host, reply, buffers) {
                self.relay.reply(MessageId { source, life, number }, reply, wires);
            }
            // Messages for other hosts may have waited for one of these.
            self.deliver_in_order(source, wires);
        }
        self.buffers_freed(wires);
    }

    /// A host that has not taken a packet for too long is dead until it says something, and its interface is reset
    /// (RFC 394).
    pub(crate) fn lose_patience_with_output(&mut self, host: HostAddress, wires: &mut Wires) {
        let Some(port) = self.connected(host) else { return };
        if port.output.is_empty() || port.line != HostLine::Up || wires.now.since(port.giving_since) < TARDY {
            return;
        }
        wires.notice(self.relay.me(), Notice::HostTardy(host));
        self.reset_interface(host, Reply::HostTardy, wires);
    }

    /// Drops the ready line to a host for a moment, throwing away what was held for it.
    fn reset_interface(&mut self, host: HostAddress, reply: Reply, wires: &mut Wires) {
        let Some(port) = &mut self.ports[usize::from(host.host())] else { return };
        let (output, taking) = port.clear();
        port.line = HostLine::Down;
        let cuts = port.cuts;
        if !port.pulled {
            wires.signal(host, Signal::Ready(false));
        }
        wires.agenda.plan(wires.now + READY_DROP, Event::Raise { host, cuts });
        if let Some((to, number)) = taking.and_then(|taking| taking.numbered()) {
            self.withdraw(to, number, wires);
        }
        self.discard(host, output, reply, wires);
    }

    /// Raises the ready line again: three NOPs and the notice of the reset follow (RFC 394), and the next message of
    /// the host is answered with an error (RFC 381).
    pub(crate) fn raise_ready(&mut self, host: HostAddress, wires: &mut Wires) {
        let up = self.up;
        let Some(port) = &mut self.ports[usize::from(host.host())] else { return };
        if !up || port.pulled || !port.host_ready {
            return;
        }
        port.line = HostLine::Silent;
        port.reset = true;
        wires.signal(host, Signal::Ready(true));
        (0..3).for_each(|_| self.tell(host, FromImp::Nop, wires));
        self.tell(host, FromImp::InterfaceReset, wires);
    }
}
