//! What happens to a message, from the host that sends it to the answer that the host gets.

use imp1822::{
    Dead, FromImp, HostAddress, Incomplete, LEADER_BITS, Leader, LeaderError, Link, MAX_MESSAGE_BITS, Signal,
    ToImp,
};
use machine::{Bits, Instant};

use crate::agenda::{Event, Patience};
use crate::flow::Outstanding;
use crate::imp::Imp;
use crate::line::Offered;
use crate::packet::{Answer, Body, MAX_PACKET_BITS, Message, Packet};
use crate::port::{Delivery, HostLine, Intake, Port, Receipt};
use crate::subnet::{Output, Subnet};

/// How much of a message is in the host when its first packet is.
const FIRST_PACKET_BITS: usize = LEADER_BITS + MAX_PACKET_BITS;

/// The cable from a host to its IMP.
impl Subnet {
    /// A host raises its ready line, and its IMP shows that it is ready too.
    pub(crate) fn host_rises(&mut self, address: HostAddress) {
        let Some(imp) = self.imp(address.imp()) else { return };
        let up = imp.up;
        let Some(port) = &mut imp.ports[usize::from(address.host())] else { return };
        port.line = HostLine::Up;
        if up {
            self.out.push_back(Output::Host(address, Signal::Ready(true)));
        }
    }

    /// A host's ready line drops: all that is here for it, whole or in part, goes back as dead.
    pub(crate) fn host_drops(&mut self, now: Instant, address: HostAddress) {
        let Some(imp) = self.imp(address.imp()) else { return };
        let Some(port) = &mut imp.ports[usize::from(address.host())] else { return };
        port.line = HostLine::Down;
        let discarded = port.clear();
        let mut dead: Vec<Receipt> = discarded.iter().filter_map(|delivery| delivery.receipt).collect();
        for (source, inbound) in &mut imp.inbound {
            let (source, life) = (*source, inbound.life);
            let numbers = inbound.refuse_all(address).into_iter();
            dead.extend(numbers.map(|number| Receipt { source, life, number }));
        }
        let sources: Vec<u8> = imp.inbound.keys().copied().collect();
        for receipt in dead {
            self.answer(now, address.imp(), receipt, Answer::HostDead);
        }
        // Messages for other hosts may have waited for one of these.
        for source in sources {
            self.deliver_in_order(now, address.imp(), source);
        }
    }

    /// Begins to take the next message from a host, unless the IMP is busy with one.
    pub(crate) fn resume_intake(&mut self, now: Instant, address: HostAddress) {
        let cable = self.settings.cable;
        let Some(port) = self.imp(address.imp()).and_then(|imp| imp.live_port(address)) else { return };
        match (&port.intake, port.input.front()) {
            (Intake::Idle, Some(bits)) => {
                let event = Event::FromHost { host: address, cuts: port.cuts };
                let at = now + cable.time_for(bits.len() as u64);
                port.intake = Intake::Taking;
                self.agenda.plan(at, event);
            }
            (Intake::Idle, None) | (Intake::Taking | Intake::Held(..), _) => {}
        }
    }

    /// The last bit of a message from a host is in the IMP (RFC 381 for what may be wrong with it).
    pub(crate) fn message_taken(&mut self, now: Instant, address: HostAddress, cuts: u32) {
        let Some(port) = self.port_since(address, cuts) else { return };
        port.intake = Intake::Idle;
        let Some(bits) = port.input.pop_front() else { return };
        let leader = Leader::parse(&mut bits.reader());
        match leader.map(|leader| (leader, ToImp::from(leader))) {
            // Less than a leader names no link that could be echoed.
            Err(_) => {
                let (why, link) = (LeaderError::TooShort, Link::CONTROL);
                self.tell(now, address, FromImp::ErrorInLeader { why, link });
            }
            // A regular message that is too long is refused as a whole.
            Ok((_, ToImp::Regular { to, link, .. })) if bits.len() > MAX_MESSAGE_BITS => {
                self.tell(now, address, FromImp::Incomplete { to, link, why: Incomplete::TooLong });
            }
            // A regular message sets out, as soon as it may.
            Ok((leader, ToImp::Regular { link, .. })) => {
                self.send_or_hold(now, Message::take(address, leader, &bits), link);
            }
            // The host will be dead once its ready line drops; until then it lives.
            Ok((_, ToImp::GoingDown)) => port.line = HostLine::Leaving,
            // These end at the IMP.
            Ok((_, ToImp::Nop | ToImp::ErrorWithoutId | ToImp::ErrorWithId { .. })) => {}
            // No host may send this.
            Ok((Leader { link, .. }, ToImp::Unknown(_))) => {
                self.tell(now, address, FromImp::ErrorInLeader { why: LeaderError::IllegalType, link });
            }
        }
        self.resume_intake(now, address);
    }

    /// Sends a message, or holds it while four others are outstanding to the same IMP.
    fn send_or_hold(&mut self, now: Instant, message: Message, link: Link) {
        let Some(imp) = self.imp(message.from.imp()) else { return };
        let to = message.to.imp();
        if imp.reaches(to) {
            let outbound = imp.outbound.entry(to).or_default();
            if !outbound.is_open()
                && let Some(port) = &mut imp.ports[usize::from(message.from.host())]
            {
                outbound.waiting.push_back((message.from, port.cuts));
                port.intake = Intake::Held(message, link);
                return;
            }
        }
        self.send(now, message, link);
    }

    /// Lets held messages to an IMP go, as many as may, or all if that IMP is out of reach.
    pub(crate) fn release_held(&mut self, now: Instant, imp: u8, to: u8) {
        loop {
            let Some(here) = self.imp(imp) else { return };
            let reached = here.reaches(to);
            let Some(outbound) = here.outbound.get_mut(&to) else { return };
            if reached && !outbound.is_open() {
                return;
            }
            let Some((address, cuts)) = outbound.waiting.pop_front() else { return };
            let held = self.port_since(address, cuts).and_then(Port::take_held);
            if let Some((message, link)) = held {
                self.send(now, message, link);
                self.resume_intake(now, address);
            }
        }
    }

    /// Sends a message for which there is a number, or answers that its IMP is out of reach.
    fn send(&mut self, now: Instant, message: Message, link: Link) {
        let (from, to) = (message.from, message.to);
        let Some(Some(imp)) = self.imps.get_mut(usize::from(from.imp())) else { return };
        if !imp.reaches(to.imp()) {
            return self.tell(now, from, FromImp::DestinationDead { to, link, why: Dead::Imp });
        }
        let cuts = imp.ports[usize::from(from.host())].as_ref().map_or(0, |port| port.cuts);
        let outbound = imp.outbound.entry(to.imp()).or_default();
        let number = outbound.next();
        outbound.enter(Outstanding { number, from, cuts, to, link });
        let (oldest, life) = (outbound.oldest(), imp.life);
        self.wait_for_oldest(now, from.imp(), to.imp());
        for index in 0..message.packets() {
            let body = Body::Data { message: message.clone(), index, oldest };
            self.forward(now, from.imp(), Packet { from: from.imp(), to: to.imp(), life, number, body });
        }
    }

    /// The answer to a message has come back.
    fn answered(&mut self, now: Instant, imp: u8, from: u8, number: u8, answer: Answer) {
        let outbound = self.imp(imp).and_then(|imp| imp.outbound.get_mut(&from));
        // Too late: the host has been told that the message is lost.
        let Some(settled) = outbound.and_then(|outbound| outbound.settle(number)) else { return };
        let Outstanding { to, link, .. } = settled;
        let told = match answer {
            Answer::Rfnm => FromImp::Rfnm { to, link },
            Answer::HostDead => FromImp::DestinationDead { to, link, why: Dead::Host },
        };
        self.settled(now, settled, told);
    }

    /// Begins to wait for the oldest message from an IMP to another, unless it does already.
    fn wait_for_oldest(&mut self, now: Instant, imp: u8, to: u8) {
        let Some(Some(here)) = self.imps.get_mut(usize::from(imp)) else { return };
        let outbound = here.outbound.get_mut(&to);
        if let Some(outbound) = outbound.filter(|outbound| outbound.has_yet_to_wait()) {
            outbound.begin_wait(self.agenda.wait(now, imp, to));
        }
    }

    /// No answer to the oldest message came in time: it counts as lost, and its number must not hold others
    /// back. Those behind it may have arrived and wait for it only, so that they are given their own time.
    pub(crate) fn lose_patience(&mut self, now: Instant, wait: Patience) {
        let Some(imp) = self.imp(wait.imp) else { return };
        let life = imp.life;
        let outbound = imp.outbound.get_mut(&wait.to);
        let Some(outbound) = outbound.filter(|outbound| outbound.waits_for(wait.serial)) else { return };
        let Some(settled) = outbound.settle(outbound.oldest()) else { return };
        let Outstanding { number, to, link, .. } = settled;
        self.forward(now, wait.imp, Packet { from: wait.imp, to: wait.to, life, number, body: Body::GiveUp });
        self.settled(now, settled, FromImp::Incomplete { to, link, why: Incomplete::Lost });
    }

    /// Tells the host how a message ended, unless its ready line has dropped since, and makes use of the
    /// number that is free now.
    fn settled(&mut self, now: Instant, settled: Outstanding, told: FromImp) {
        self.wait_for_oldest(now, settled.from.imp(), settled.to.imp());
        Self::forget_waits(&mut self.agenda, &self.imps);
        if self.port_since(settled.from, settled.cuts).is_some() {
            self.tell(now, settled.from, told);
        }
        self.release_held(now, settled.from.imp(), settled.to.imp());
    }

    /// A host's port, if its cable was not cleared since it had been `cuts` times.
    fn port_since(&mut self, address: HostAddress, cuts: u32) -> Option<&mut Port> {
        self.imp(address.imp())?.live_port(address).filter(|port| port.cuts == cuts)
    }
}

/// From IMP to IMP.
impl Subnet {
    /// Sends a packet on its way from an IMP. Without a way it is lost.
    pub(crate) fn forward(&mut self, now: Instant, imp: u8, packet: Packet) {
        if packet.to == imp {
            return self.agenda.plan(now, Event::Local { packet });
        }
        let route = self.imp(imp).and_then(|imp| imp.routes[usize::from(packet.to)]);
        let Some(index) = route else { return };
        let line = &mut self.lines[index];
        match line.offer(now, packet) {
            Offered::Send(packet) => {
                self.transmit(now, index, packet);
            }
            Offered::LookAt(at) => {
                let cuts = line.cuts;
                self.agenda.plan(at, Event::LineFree { line: index, cuts });
            }
            Offered::Waits => {}
        }
    }

    /// A line is free for the next packet that waits.
    pub(crate) fn line_free(&mut self, now: Instant, index: usize, cuts: u32) {
        let line = &mut self.lines[index];
        if line.cuts != cuts {
            return;
        }
        let Some(packet) = line.next(now) else { return };
        let more = !line.is_empty();
        let free_at = self.transmit(now, index, packet);
        if more {
            self.agenda.plan(free_at, Event::LineFree { line: index, cuts });
        }
    }

    /// Puts a packet on a free line. Answers when the line is free again.
    fn transmit(&mut self, now: Instant, index: usize, packet: Packet) -> Instant {
        let line = &mut self.lines[index];
        let (free_at, arrives) = line.send(now, packet.bits());
        if self.settings.watch {
            self.out.push_back(Output::Packet(packet.crossing(line.from, line.to)));
        }
        let cuts = line.cuts;
        self.agenda.plan(arrives, Event::Arrived { line: index, cuts, packet });
        free_at
    }

    /// A packet has arrived at an IMP.
    pub(crate) fn arrive(&mut self, now: Instant, number: u8, packet: Packet) {
        if packet.to != number {
            return self.forward(now, number, packet);
        }
        let Some(imp) = self.imp(number).filter(|imp| imp.up) else { return };
        let Packet { from, life, number: message_number, body, .. } = packet;
        match body {
            Body::Data { message, index, oldest } => {
                let receipt = Receipt { source: from, life, number: message_number };
                self.data_arrived(now, number, receipt, message, index, oldest);
            }
            // An answer to a message of an earlier life says nothing about one of this life.
            Body::Answer(_) if imp.life != life => {}
            Body::Answer(answer) => self.answered(now, number, from, message_number, answer),
            Body::GiveUp => {
                // Even if nothing was heard from there: the message may be late, and is not wanted any more.
                if imp.inbound_since(from, life, message_number.wrapping_add(1)).is_some() {
                    self.deliver_in_order(now, number, from);
                }
            }
        }
    }

    /// Sends the answer to a message back to the IMP that it came from.
    fn answer(&mut self, now: Instant, imp: u8, receipt: Receipt, answer: Answer) {
        let Receipt { source, life, number } = receipt;
        let body = Body::Answer(answer);
        self.forward(now, imp, Packet { from: imp, to: source, life, number, body });
    }
}

/// From the destination IMP into the host.
impl Subnet {
    /// A packet of a message has arrived at the message's destination.
    fn data_arrived(
        &mut self,
        now: Instant,
        number: u8,
        receipt: Receipt,
        message: Message,
        index: u8,
        oldest: u8,
    ) {
        let Some(imp) = self.imp(number) else { return };
        let alive = imp.live_port(message.to).is_some();
        let Receipt { source, life, number: message_number } = receipt;
        let Some(inbound) = imp.inbound_since(source, life, oldest) else { return };
        if !alive {
            if inbound.refuse(message_number) {
                self.answer(now, number, receipt, Answer::HostDead);
            }
        } else if let Some(message) = inbound.take(message_number, message, index) {
            self.give(now, message.to, message.text, Some(receipt));
        }
        self.deliver_in_order(now, number, source);
    }

    /// Hands to their hosts the messages from one IMP whose turn has come.
    fn deliver_in_order(&mut self, now: Instant, imp: u8, source: u8) {
        let next = |imp: &mut Imp| {
            let inbound = imp.inbound.get_mut(&source)?;
            inbound.next_in_order().map(|(number, message)| (inbound.life, number, message))
        };
        while let Some((life, number, message)) = self.imp(imp).and_then(next) {
            let receipt = Receipt { source, life, number };
            self.give(now, message.to, message.text, Some(receipt));
        }
    }

    /// Tells a host something that has no text.
    fn tell(&mut self, now: Instant, address: HostAddress, what: FromImp) {
        self.give(now, address, what.bits(), None);
    }

    /// Puts a message on a host's cable, behind those that wait. A dead host gets nothing.
    pub(crate) fn give(&mut self, now: Instant, address: HostAddress, text: Bits, receipt: Option<Receipt>) {
        let Some(port) = self.imp(address.imp()).and_then(|imp| imp.live_port(address)) else { return };
        port.output.push_back(Delivery { text, receipt });
        if port.output.len() == 1 {
            self.give_next(now, address);
        }
    }

    /// Begins to give a host the first message that waits for it.
    fn give_next(&mut self, now: Instant, address: HostAddress) {
        let cable = self.settings.cable;
        let Some(port) = self.imp(address.imp()).and_then(|imp| imp.live_port(address)) else { return };
        let Some(Delivery { text, receipt }) = port.output.front() else { return };
        let (bits, cuts) = (text.len(), port.cuts);
        if receipt.is_some() && bits > FIRST_PACKET_BITS {
            let at = now + cable.time_for(FIRST_PACKET_BITS as u64);
            self.agenda.plan(at, Event::FirstToHost { host: address, cuts });
        }
        self.agenda.plan(now + cable.time_for(bits as u64), Event::ToHost { host: address, cuts });
    }

    /// The first packet of a long message is in the host: the RFNM need not wait for the others (RFC 594).
    pub(crate) fn first_packet_given(&mut self, now: Instant, address: HostAddress, cuts: u32) {
        let port = self.port_since(address, cuts);
        let receipt = port.and_then(|port| port.output.front_mut()).and_then(|front| front.receipt.take());
        if let Some(receipt) = receipt {
            self.answer(now, address.imp(), receipt, Answer::Rfnm);
        }
    }

    /// A message is in the host.
    pub(crate) fn message_given(&mut self, now: Instant, address: HostAddress, cuts: u32) {
        let Some(delivery) = self.port_since(address, cuts).and_then(|port| port.output.pop_front()) else {
            return;
        };
        if let Some(receipt) = delivery.receipt {
            self.answer(now, address.imp(), receipt, Answer::Rfnm);
        }
        self.out.push_back(Output::Host(address, Signal::Message(delivery.text)));
        self.give_next(now, address);
    }
}
