//! From the host into the network: how an IMP takes a message from its host, packet by packet, and what becomes
//! of it there.

use imp1822::{
    Dead, FromImp, HostAddress, Incomplete, LEADER_BITS, Leader, LeaderError, Link, MAX_MESSAGE_BITS, ToImp,
};
use machine::Instant;

use crate::agenda::Event;
use crate::buffers::Room;
use crate::cable::HostLine;
use crate::ids::ImpNumber;
use crate::imp::Imp;
use crate::outbound::{Grant, Outstanding, Stage};
use crate::packet::{Body, Errand, MAX_PACKET_BITS, MOST_PACKETS, Message, PROCESSING, Reply};
use crate::port::{Course, Flop, Incoming, Intake, Leave, Port, Quiet, SLOW, Taking};
use crate::wires::Wires;

/// Whether an IMP can go on with a message that is coming in.
enum Progress {
    /// It can: the host may send the next packet.
    On,
    /// It cannot: the host must wait.
    Held,
}

/// The cable from a host.
impl Imp {
    /// A host puts a message on its cable.
    pub(crate) fn offered(&mut self, host: HostAddress, incoming: Incoming, wires: &mut Wires) {
        let Some(port) = self.connected(host) else { return };
        port.input.push_back(incoming);
        self.next_message(host, wires.now, wires);
    }

    /// Begins to take the next message from a host, unless the IMP is busy with one or the host may not send.
    pub(crate) fn next_message(&mut self, host: HostAddress, cable_free_since: Instant, wires: &mut Wires) {
        let Some(port) = self.connected(host) else { return };
        match &port.intake {
            Intake::Taking(_) | Intake::Held { .. } => return,
            Intake::Idle if !port.may_begin() => return,
            Intake::Idle => {}
        }
        let Some(Incoming { bits, flop }) = port.input.pop_front() else { return };
        match port.line {
            HostLine::Down | HostLine::Up => {}
            // Its first bit says that it is alive (RFC 271, RFC 394).
            HostLine::Silent => port.comes_alive(cable_free_since),
        }
        if let Quiet::First { until } = port.quiet {
            port.quiet = Quiet::Until(until);
        }
        let taking = Taking { bits, flop, at: 0, began: cable_free_since, course: Course::Unread };
        port.take_next(cable_free_since, taking, wires);
    }

    /// The next packet of a message is in the IMP.
    pub(crate) fn packet_taken(&mut self, host: HostAddress, turns: u32, wires: &mut Wires) {
        let Some(port) = self.connected(host).filter(|port| port.turns == turns) else { return };
        match std::mem::replace(&mut port.intake, Intake::Idle) {
            Intake::Taking(mut taking) => {
                taking.at = taking.next_end();
                // The cable has been at work while the IMP looked at what had come.
                let free_since = wires.now - PROCESSING;
                self.go_on(host, taking, wires.now, free_since, wires);
            }
            other @ (Intake::Idle | Intake::Held { .. }) => port.intake = other,
        }
    }

    /// Whoever had to wait goes on as far as possible, first come, first served.
    pub(crate) fn resume_held(&mut self, wires: &mut Wires) {
        let mut held: [Option<(Instant, HostAddress)>; 4] = [None; 4];
        for (place, port) in held.iter_mut().zip(&self.ports) {
            if let Some(Port { intake: Intake::Held { since, .. }, address, .. }) = port {
                *place = Some((*since, *address));
            }
        }
        held.sort_unstable();
        for (_, host) in held.into_iter().flatten() {
            self.resume(host, wires);
        }
    }

    /// Goes on with a message that had to wait, as far as possible.
    fn resume(&mut self, host: HostAddress, wires: &mut Wires) {
        let Some(port) = self.connected(host) else { return };
        match std::mem::replace(&mut port.intake, Intake::Idle) {
            Intake::Held { taking, since } => self.go_on(host, taking, since, wires.now, wires),
            other @ (Intake::Idle | Intake::Taking(_)) => port.intake = other,
        }
    }

    /// Goes on with a message as far as possible. `since`: when it began to wait, if it does. The cable has been
    /// free since `free_since`.
    fn go_on(
        &mut self,
        host: HostAddress,
        mut taking: Taking,
        since: Instant,
        free_since: Instant,
        wires: &mut Wires,
    ) {
        let progress = match taking.course {
            Course::Unread => self.read_leader(host, &mut taking, wires),
            Course::Bound { .. } => self.send_on(host, &mut taking, wires),
            Course::Spent => Progress::On,
        };
        // What it says may have reset the interface: then all is over with this message.
        let Some(port) = self.connected(host) else { return };
        match progress {
            Progress::Held => port.intake = Intake::Held { taking, since },
            Progress::On if taking.is_whole() => self.next_message(host, free_since, wires),
            Progress::On => {
                // The host is not to blame for what the IMP made it wait.
                taking.began += wires.now.since(since);
                port.take_next(free_since, taking, wires);
            }
        }
    }

    /// Looks at the leader of a message, when its first packet is here.
    fn read_leader(&mut self, host: HostAddress, taking: &mut Taking, wires: &mut Wires) -> Progress {
        let Some(port) = self.connected(host) else { return Progress::On };
        if taking.flop == Flop::SetOnLeader || port.reset {
            // What cannot be identified is answered when all of it is here (RFC 381, types 1 and 10).
            if taking.is_whole() {
                port.reset = false;
                let (why, link) = (LeaderError::Garbled, Link::CONTROL);
                self.tell(host, FromImp::ErrorInLeader { why, link }, wires);
            }
            return Progress::On;
        }
        taking.course = Course::Spent;
        let Ok(leader) = Leader::parse(&mut taking.bits.reader()) else {
            // Less than a leader names no link that could be echoed.
            let (why, link) = (LeaderError::TooShort, Link::CONTROL);
            self.tell(host, FromImp::ErrorInLeader { why, link }, wires);
            return Progress::On;
        };
        match ToImp::from(leader) {
            // To a program inside an IMP itself, of which there are none here.
            ToImp::Regular { to, link, .. } if leader.for_imp => {
                self.tell(host, FromImp::DestinationDead { to, link, why: Dead::Host }, wires);
            }
            // A regular message sets out, as soon as it may.
            ToImp::Regular { link, .. } => {
                let message = Message::take(host, leader, &taking.bits);
                taking.course = Course::Bound { message, link, leave: Leave::Unnumbered };
                return self.send_on(host, taking, wires);
            }
            // The host is dead to the network until it says something else (RFC 271).
            ToImp::GoingDown => {
                port.line = HostLine::Silent;
                self.host_is_dead(host, Reply::HostDead, wires);
            }
            // These end at the IMP.
            ToImp::Nop | ToImp::ErrorWithoutId | ToImp::ErrorWithId { .. } => {}
            // No host may send this.
            ToImp::Unknown(Leader { link, .. }) => {
                let why = LeaderError::IllegalType;
                self.tell(host, FromImp::ErrorInLeader { why, link }, wires);
            }
        }
        Progress::On
    }

    /// Sends what is here of a regular message, as far as it may leave.
    ///
    /// It needs a message number, of which four are in use at most. A single packet needs a buffer, in which its copy
    /// stays until it is answered. A longer message needs to know that there is room for it at the destination,
    /// and a buffer for each packet (RFC 442).
    fn send_on(&mut self, host: HostAddress, taking: &mut Taking, wires: &mut Wires) -> Progress {
        let whole = taking.is_whole();
        let Taking { bits, flop, course, .. } = taking;
        let Course::Bound { message, link, leave } = course else { return Progress::On };
        let (to, link, damaged) = (message.to, *link, whole && *flop == Flop::SetOnData);
        let too_long = bits.len() > MAX_MESSAGE_BITS;
        let here = packets_here(taking.at, whole, message);
        if *leave == Leave::Unnumbered {
            let refusal = if damaged {
                Some(FromImp::ErrorInData { to, link })
            } else if !self.relay.reaches(ImpNumber::of(to)) {
                Some(FromImp::DestinationDead { to, link, why: Dead::Imp })
            } else {
                None
            };
            if let Some(refusal) = refusal {
                *course = Course::Spent;
                self.tell(host, refusal, wires);
                return Progress::On;
            }
            match self.number(host, message, link, wires) {
                Some(next) => *leave = next,
                None => return Progress::Held,
            }
        }
        if let Leave::Asking(number) = *leave {
            // Nothing of it has left, and nobody is there any more to answer the request.
            if !self.relay.reaches(ImpNumber::of(to)) {
                *course = Course::Spent;
                self.withdraw(ImpNumber::of(to), number, wires);
                self.tell(host, FromImp::DestinationDead { to, link, why: Dead::Imp }, wires);
                return Progress::On;
            }
            let outbound = self.outbound.get_mut(&ImpNumber::of(to));
            if !outbound.is_some_and(|outbound| outbound.spend_on(wires.now, number)) {
                return Progress::Held;
            }
            *leave = Leave::Sending { number, sent: 0 };
        }
        let Leave::Sending { number, sent } = leave else { return Progress::On };
        if too_long && here == MOST_PACKETS || damaged && message.packets() > 1 {
            let why = Incomplete::TooLong;
            let told = if damaged {
                FromImp::ErrorInData { to, link }
            } else {
                FromImp::Incomplete { to, link, why }
            };
            let number = *number;
            *course = Course::Spent;
            self.withdraw(ImpNumber::of(to), number, wires);
            self.tell(host, told, wires);
            return Progress::On;
        }
        while *sent < here {
            if !self.relay.has_room_to(ImpNumber::of(to))
                || !self.relay.buffers.take_for_host(Room::Forwarding)
            {
                return Progress::Held;
            }
            let stamp = self.outbound.entry(ImpNumber::of(to)).or_default().stamp(self.relay.life(), *number);
            let errand = Errand::Data { message: message.clone(), index: *sent };
            *sent += 1;
            self.relay.send(ImpNumber::of(to), stamp, errand, Room::Forwarding, wires);
        }
        if whole {
            let outstanding =
                self.outbound.get_mut(&ImpNumber::of(to)).and_then(|outbound| outbound.get(*number));
            if let Some(outstanding) = outstanding.filter(|one| matches!(one.stage, Stage::Coming)) {
                outstanding.stage = Stage::Gone;
                outstanding.since = wires.now;
            }
        }
        Progress::On
    }

    /// Gives a message its number, and sends what goes with that: the message itself, or the request for room.
    /// `None`: not now.
    fn number(
        &mut self,
        host: HostAddress,
        message: &Message,
        link: Link,
        wires: &mut Wires,
    ) -> Option<Leave> {
        let (to, single) = (message.to, message.packets() == 1);
        let cuts = self.ports[usize::from(host.host())].as_ref().map_or(0, |port| port.cuts);
        let open = self.outbound.get(&ImpNumber::of(to)).is_none_or(|outbound| outbound.is_open());
        let room = !single || self.relay.has_room_to(ImpNumber::of(to));
        if !open || !room || single && !self.relay.buffers.take_for_host(Room::Copy) {
            return None;
        }
        let (life, their_life) = (self.relay.life(), self.relay.life_of(ImpNumber::of(to)));
        let outbound = self.outbound.entry(ImpNumber::of(to)).or_default();
        let number = outbound.enter(wires.now, host, cuts, message, link, their_life);
        let stamp = outbound.stamp(life, number);
        if single {
            let errand = Errand::Data { message: message.clone(), index: 0 };
            self.relay.send(ImpNumber::of(to), stamp, errand, Room::Copy, wires);
            Some(Leave::Sending { number, sent: 1 })
        } else if outbound.spend_on(wires.now, number) {
            Some(Leave::Sending { number, sent: 0 })
        } else {
            self.relay.say(ImpNumber::of(to), Body::Errand(stamp, Errand::Request { to }), wires);
            Some(Leave::Asking(number))
        }
    }

    /// A message that has a number, and was answered, will not be brought to an end.
    pub(crate) fn withdraw(&mut self, to: ImpNumber, number: u32, wires: &mut Wires) {
        let life = self.relay.life();
        let Some(outbound) = self.outbound.get_mut(&to) else { return };
        let stamp = outbound.stamp(life, number);
        let Some(outstanding) = outbound.get(number) else { return };
        outstanding.stage = Stage::Withdrawn;
        outstanding.since = wires.now;
        let spent = outstanding.spent;
        self.relay.say(to, Body::Errand(stamp, Errand::Withdrawal { spent }), wires);
    }

    /// Whoever has kept the IMP waiting, or was kept waiting by it, for too long gives way.
    pub(crate) fn lose_patience_with_input(&mut self, host: HostAddress, wires: &mut Wires) {
        let Some(port) = self.connected(host) else { return };
        let why = match &port.intake {
            Intake::Held { since, .. } if wires.now.since(*since) >= SLOW => Incomplete::NoResources,
            Intake::Taking(taking) if wires.now.since(taking.began) >= SLOW => Incomplete::TooSlow,
            Intake::Idle | Intake::Taking(_) | Intake::Held { .. } => return,
        };
        let (Intake::Taking(taking) | Intake::Held { taking, .. }) = &mut port.intake else { return };
        let numbered = taking.numbered();
        let told = match std::mem::replace(&mut taking.course, Course::Spent) {
            Course::Bound { message, link, .. } => Some(FromImp::Incomplete { to: message.to, link, why }),
            // The leader is not looked at before the first packet is whole, but it is here.
            Course::Unread => match ToImp::parse(&taking.bits) {
                Ok(ToImp::Regular { to, link, .. }) => Some(FromImp::Incomplete { to, link, why }),
                Ok(_) | Err(_) => None,
            },
            Course::Spent => None,
        };
        if let Some((to, number)) = numbered {
            self.withdraw(to, number, wires);
        }
        if let Some(told) = told {
            self.tell(host, told, wires);
        }
        self.resume(host, wires);
    }
}

/// What comes back.
impl Imp {
    /// The destination has said something about a message.
    pub(crate) fn reply_arrived(&mut self, from: ImpNumber, number: u32, reply: Reply, wires: &mut Wires) {
        let incomplete = |why| move |to, link| FromImp::Incomplete { to, link, why };
        match reply {
            Reply::AllocateOne => self.send_again(from, number, wires),
            Reply::AllocateEight => self.allocated(from, number, Grant::Asked, wires),
            Reply::Rfnm { allocate } => {
                if allocate {
                    self.allocated(from, number, Grant::Along, wires);
                }
                self.settle(from, number, |to, link| FromImp::Rfnm { to, link }, wires);
            }
            Reply::HostDead => {
                let dead = |to, link| FromImp::DestinationDead { to, link, why: Dead::Host };
                self.settle(from, number, dead, wires);
            }
            Reply::HostTardy => self.settle(from, number, incomplete(Incomplete::HostTardy), wires),
            Reply::Incomplete => self.settle(from, number, incomplete(Incomplete::Lost), wires),
        }
    }

    /// There is room now for a single packet for which there was none.
    fn send_again(&mut self, to: ImpNumber, number: u32, wires: &mut Wires) {
        let life = self.relay.life();
        let Some(outbound) = self.outbound.get_mut(&to) else { return };
        let stamp = outbound.stamp(life, number);
        let Some(Outstanding { stage: Stage::Single(message), since, .. }) = outbound.get(number) else {
            return;
        };
        *since = wires.now;
        let errand = Errand::Data { message: message.clone(), index: 0 };
        self.relay.say_again(to, stamp, errand, wires);
    }

    /// An ALL(8) has come: it is for whoever needs one next, or goes back after a while.
    fn allocated(&mut self, to: ImpNumber, number: u32, grant: Grant, wires: &mut Wires) {
        if self.outbound.entry(to).or_default().allocated(wires.now, number, grant) {
            self.watch_allocations(to, wires);
            // Who asked for it goes first: no other will come for him.
            let asks = |port: &&Port| match &port.intake {
                Intake::Held { taking, .. } => taking.numbered() == Some((to, number)),
                Intake::Idle | Intake::Taking(_) => false,
            };
            if let Some(host) = self.ports.iter().flatten().find(asks).map(|port| port.address) {
                self.resume(host, wires);
            }
            self.resume_held(wires);
        }
    }

    fn watch_allocations(&mut self, to: ImpNumber, wires: &mut Wires) {
        let (imp, life) = (self.relay.me(), self.relay.life());
        let Some(outbound) = self.outbound.get_mut(&to) else { return };
        if let Some(until) = outbound.kept_until()
            && !std::mem::replace(&mut outbound.give_back_planned, true)
        {
            wires.agenda.plan(until, Event::GiveBack { imp, life, to });
        }
    }

    /// A look at allocations that may have been kept for too long (RFC 442, page 3).
    pub(crate) fn give_back(&mut self, to: ImpNumber, wires: &mut Wires) {
        let life = self.relay.life();
        let Some(outbound) = self.outbound.get_mut(&to) else { return };
        outbound.give_back_planned = false;
        if outbound.kept_until().is_some_and(|until| until <= wires.now)
            && let Some(returned) = outbound.give_back(wires.now)
        {
            let stamp = outbound.stamp_of_none(life);
            self.relay.say(to, Body::Errand(stamp, Errand::GiveBack(returned)), wires);
        }
        self.watch_allocations(to, wires);
    }

    /// A message is answered: its host is told, unless it has been or its cable was cleared since, and its number and
    /// its buffer are free.
    pub(crate) fn settle(
        &mut self,
        to: ImpNumber,
        number: u32,
        told: impl FnOnce(HostAddress, Link) -> FromImp,
        wires: &mut Wires,
    ) {
        let settled = self.outbound.get_mut(&to).and_then(|outbound| outbound.settle(number));
        // It was answered before.
        let Some(Outstanding { from, cuts, to: host, link, stage, .. }) = settled else { return };
        let tell = match stage {
            Stage::Single(_) => {
                self.relay.buffers.drop_copy();
                true
            }
            // The rest of it need not come.
            Stage::Coming => {
                self.spend(from, (to, number), wires);
                true
            }
            Stage::Gone => true,
            Stage::Withdrawn => false,
        };
        if tell && self.port_since(from, cuts).is_some() {
            self.tell(from, told(host, link), wires);
        }
        self.buffers_freed(wires);
    }

    /// What is still to come of a message from its host is thrown away.
    fn spend(&mut self, host: HostAddress, numbered: (ImpNumber, u32), wires: &mut Wires) {
        let Some(port) = self.connected(host) else { return };
        if let Intake::Taking(taking) | Intake::Held { taking, .. } = &mut port.intake
            && taking.numbered() == Some(numbered)
        {
            let course = std::mem::replace(&mut taking.course, Course::Spent);
            if let Course::Bound { leave: Leave::Sending { sent: 0, .. }, message, .. } = course
                && message.packets() > 1
                && let Some(outbound) = self.outbound.get_mut(&numbered.0)
            {
                outbound.unspend(wires.now);
                self.watch_allocations(numbered.0, wires);
            }
            self.resume(host, wires);
        }
    }

    /// Asks about messages that have waited too long for their answer, and gives them up if their IMP is out of reach:
    /// nobody knows whether they have arrived.
    pub(crate) fn lose_patience_with_answers(&mut self, to: ImpNumber, wires: &mut Wires) {
        let (life, reached) = (self.relay.life(), self.relay.reaches(to));
        let Some(outbound) = self.outbound.get_mut(&to) else { return };
        if !reached {
            outbound.forget_allocations();
        }
        for number in outbound.overdue(wires.now).into_iter().flatten() {
            if reached {
                let Some(outbound) = self.outbound.get_mut(&to) else { return };
                let stamp = outbound.stamp(life, number);
                let spent = outbound.get(number).is_some_and(|outstanding| outstanding.spent);
                self.relay.say(to, Body::Errand(stamp, Errand::Inquiry { spent }), wires);
            } else {
                let lost = |to, link| FromImp::Incomplete { to, link, why: Incomplete::Lost };
                self.settle(to, number, lost, wires);
            }
        }
    }
}

/// How many packets of a message are in the IMP when `at` bits of it are.
fn packets_here(at: usize, whole: bool, message: &Message) -> u8 {
    // The last packet may hold nothing but the padding.
    if whole { message.packets() } else { (at.saturating_sub(LEADER_BITS) / MAX_PACKET_BITS) as u8 }
}
