//! One IMP: its hosts, the messages that begin or end at it, and the relay that passes packets on.
//!
//! An IMP knows of the rest of the world what its lines and cables bring, and nothing else. Its parts do not know each
//! other: here stands what each of them must do when something happens at another.

use imp1822::{FromImp, HostAddress, Incomplete};
use machine::Instant;

use crate::agenda::Event;
use crate::cable::HostLine;
use crate::destination::Destinations;
use crate::ids::{IMPS, ImpNumber, Numbered, TrunkId};
use crate::incoming::{Course, Taking};
use crate::net::Reports;
use crate::outbound::Grant;
use crate::outlet::Delivery;
use crate::output::Notice;
use crate::packet::{Body, Errand, Frame, Message, PROCESSING, Packet, Reply, Stamp};
use crate::port::{Cleared, Given, Port, Wish};
use crate::relay::{Arrival, Relay};
use crate::reporter::Reporter;
use crate::routing::TICK;
use crate::source::{Outcome, Settled, Sources, Step};
use crate::tally::HostTally;
use crate::wires::Wires;

/// An IMP.
#[derive(Debug, Clone)]
pub(crate) struct Imp {
    up: bool,
    /// When its slow clock first ticked in this life. The IMPs do not tick together.
    clock: Instant,
    /// Its hosts, by their number on it.
    ports: [Option<Port>; 4],
    /// Whether one of them may have to wait with a message.
    holds: bool,
    /// What passes packets on.
    pub(crate) relay: Relay,
    /// Messages from here.
    sources: Sources,
    /// Messages to here.
    destinations: Destinations,
    /// Its program that reports to the control center, if the net has one.
    pub(crate) reporter: Option<Reporter>,
}

impl Imp {
    /// An IMP that is up, without lines or hosts.
    pub(crate) fn new(number: ImpNumber, reports: Option<Reports>) -> Self {
        Imp {
            up: true,
            clock: Instant::from_micros(u64::from(number.get()) * TICK.as_micros() / IMPS as u64),
            ports: Default::default(),
            holds: false,
            relay: Relay::new(number),
            sources: Sources::default(),
            destinations: Destinations::default(),
            reporter: reports.and_then(|reports| Reporter::new(number, reports)),
        }
    }

    /// Whether it is up.
    pub(crate) fn is_up(&self) -> bool {
        self.up
    }

    /// When its slow clock first ticked in this life.
    pub(crate) fn clock(&self) -> Instant {
        self.clock
    }

    /// Whether nothing goes on but the exchange of routing messages.
    pub(crate) fn is_idle(&self) -> bool {
        !self.up
            || self.relay.is_idle()
                && self.ports.iter().flatten().all(Port::is_idle)
                && self.sources.is_idle()
                && self.destinations.is_idle()
    }

    /// Messages from here.
    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Messages to here.
    pub(crate) fn destinations(&self) -> &Destinations {
        &self.destinations
    }

    /// The addresses of its hosts.
    pub(crate) fn hosts(&self) -> [Option<HostAddress>; 4] {
        self.ports.each_ref().map(|port| port.as_ref().map(|port| port.host.address()))
    }

    /// A host is attached to the IMP.
    pub(crate) fn attach(&mut self, port: Port) {
        let place = &mut self.ports[usize::from(port.host.address().host())];
        *place = Some(port);
    }

    /// The ports of its hosts.
    pub(crate) fn ports(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().flatten()
    }

    /// The ports of its hosts, to be changed.
    pub(crate) fn ports_mut(&mut self) -> impl Iterator<Item = &mut Port> {
        self.ports.iter_mut().flatten()
    }

    /// A host's port, if there is such a host.
    pub(crate) fn port(&self, host: HostAddress) -> Option<&Port> {
        self.ports[usize::from(host.host())].as_ref()
    }

    /// A host's port, to be changed.
    pub(crate) fn port_mut(&mut self, host: HostAddress) -> Option<&mut Port> {
        self.ports[usize::from(host.host())].as_mut()
    }

    /// A host's port, if the IMP is up and the host's ready line, too.
    pub(crate) fn connected(&mut self, host: HostAddress) -> Option<&mut Port> {
        let up = self.up;
        self.port_mut(host).filter(|port| up && port.host.is_connected())
    }

    /// Whether messages for a host are delivered.
    fn is_alive(&mut self, host: HostAddress) -> bool {
        self.connected(host).is_some_and(|port| port.host.line() == HostLine::Up)
    }

    /// The IMP stops, and forgets everything but which ready lines it sees.
    pub(crate) fn stop(&mut self, wires: &mut Wires) {
        self.up = false;
        self.sources.clear();
        self.destinations.clear();
        for port in self.ports_mut() {
            port.clear();
            port.tally = HostTally::default();
        }
        self.relay.stop(wires);
    }

    /// The IMP starts anew. It has heard of no other IMP.
    pub(crate) fn start(&mut self, wires: &mut Wires) {
        self.up = true;
        self.clock = wires.now;
        self.relay.start();
        if let Some(reporter) = &mut self.reporter {
            reporter.begin_anew(wires.now);
        }
        let (imp, life) = (self.relay.me(), self.relay.life());
        wires.agenda.plan(wires.now, Event::Tick { imp, life });
    }

    /// Buffers have become free: what waits for them goes on.
    #[inline]
    pub(crate) fn buffers_freed(&mut self, wires: &mut Wires) {
        // Hardly ever does anything.
        if self.relay.has_unsaid() {
            self.relay.flush(wires);
        }
        if self.destinations.has_waiters() {
            self.destinations.serve(&mut self.relay, wires);
        }
        if self.holds {
            self.resume_held(wires);
        }
    }
}

/// What comes from hosts.
impl Imp {
    /// Begins to take the next message from a host, if it may send.
    pub(crate) fn begin_next(&mut self, host: HostAddress, wires: &mut Wires) {
        if let Some(port) = self.connected(host) {
            port.begin_next(wires.now, wires);
        }
    }

    /// The packet that was on the cable from a host is in the IMP, which has looked at it.
    pub(crate) fn packet_taken(&mut self, host: HostAddress, wires: &mut Wires) {
        if self.connected(host).is_some_and(Port::taken) {
            // The cable has been at work while the IMP looked at what had come.
            self.go_on(host, wires.now, wires.now - PROCESSING, wires);
        }
    }

    /// All hosts that had to wait go on as far as possible, first come, first served.
    fn resume_held(&mut self, wires: &mut Wires) {
        let held = |port: &Option<Port>| {
            port.as_ref().and_then(|port| Some((port.held_since()?, port.host.address())))
        };
        let mut held = self.ports.each_ref().map(held);
        let hosts = held.iter().flatten().count();
        self.holds = hosts > 0;
        if hosts > 1 {
            held.sort_unstable();
        }
        for (_, host) in held.into_iter().flatten() {
            self.resume(host, wires);
        }
    }

    /// Goes on with a message that had to wait, as far as possible.
    fn resume(&mut self, host: HostAddress, wires: &mut Wires) {
        if let Some(since) = self.connected(host).and_then(Port::look_again) {
            self.go_on(host, since, wires.now, wires);
        }
    }

    /// Goes on with the message that comes from a host as far as possible. `since`: when it began to wait, if it does. The
    /// cable has been free since `free_since`.
    fn go_on(&mut self, host: HostAddress, since: Instant, free_since: Instant, wires: &mut Wires) {
        let Some(port) = self.port_mut(host) else { return };
        if let Some(Taking { course: Course::Unread, .. }) = port.coming() {
            match port.read_leader(wires) {
                Wish::Send | Wish::Nothing => {}
                Wish::GoDown => self.host_is_dead(host, Reply::HostDead, wires),
            }
        }
        let Some(port) = self.ports[usize::from(host.host())].as_mut() else { return };
        let cuts = port.host.cuts();
        let Some(taking) = port.coming() else { return };
        match self.sources.advance(taking, cuts, &mut self.relay, wires) {
            Step::On => port.has_sent(),
            Step::Held => {
                self.holds = true;
                return port.hold(since);
            }
            Step::Refused(told) => port.tell(told, wires),
        }
        port.go_on(since, free_since, wires);
    }

    /// The host of a message is told that it is answered: what is still to come of it is thrown away.
    fn throw_away_rest(&mut self, host: HostAddress, message: Numbered, wires: &mut Wires) {
        let Some(course) = self.connected(host).and_then(|port| port.spend(message)) else { return };
        if course.has_unused_room() {
            self.sources.unspend(message.to, &self.relay, wires);
        }
        if let Some(port) = self.connected(host) {
            port.throw_away_held(wires);
        }
    }

    /// A host that has kept the IMP waiting with a message, or was kept waiting by it, for too long gives way.
    pub(crate) fn lose_patience_with_input(&mut self, host: HostAddress, wires: &mut Wires) {
        let Some(given_up) = self.connected(host).and_then(|port| port.give_up_slow(wires.now)) else {
            return;
        };
        self.withdraw(given_up.numbered, wires);
        let Some(port) = self.connected(host) else { return };
        if let Some(told) = given_up.told {
            port.tell(told, wires);
        }
        port.throw_away_held(wires);
    }

    /// A message that was coming in will not be brought to an end. If it has a number its destination is told.
    fn withdraw(&mut self, message: Option<Numbered>, wires: &mut Wires) {
        if let Some(message) = message {
            self.sources.withdraw(message, &mut self.relay, wires);
        }
    }
}

/// What the IMP's own program sends.
impl Imp {
    /// Sends a message of one packet, as if a host had brought it. Returns whether it has left: if not, it may be tried again
    /// later.
    pub(crate) fn send_own(&mut self, message: Message, wires: &mut Wires) -> bool {
        let mut taking = Taking::of_program(message, wires.now);
        match self.sources.advance(&mut taking, 0, &mut self.relay, wires) {
            Step::On => true,
            Step::Held | Step::Refused(_) => false,
        }
    }
}

/// What comes over lines.
impl Imp {
    /// A frame has arrived on a trunk.
    pub(crate) fn frame_arrived(&mut self, trunk: TrunkId, frame: Frame, wires: &mut Wires) {
        match self.relay.frame_arrived(trunk, frame, wires) {
            Arrival::Ignored => {}
            Arrival::LineDied => self.buffers_freed(wires),
            Arrival::Taken { here, freed } => {
                if let Some(packet) = here {
                    self.packet_arrived(packet, wires);
                }
                if freed {
                    self.buffers_freed(wires);
                }
                self.relay.pump(trunk, wires);
            }
        }
    }

    /// Packets on a line may have to be sent again.
    pub(crate) fn retransmit(&mut self, trunk: TrunkId, wires: &mut Wires) {
        if self.relay.retransmit(trunk, wires) {
            self.buffers_freed(wires);
        }
    }

    /// A packet for this IMP is here.
    pub(crate) fn packet_arrived(&mut self, packet: Packet, wires: &mut Wires) {
        let Packet { from, body, .. } = packet;
        match body {
            Body::Errand(errand) => self.errand_arrived(from, &errand.0, &errand.1, wires),
            // A reply to a message of an earlier life says nothing about one of this life.
            Body::Reply { life, .. } if life != self.relay.life() => {}
            Body::Reply { number, reply, .. } => {
                self.reply_arrived(Numbered { to: from, number }, reply, wires);
            }
            Body::Void => {}
        }
    }

    /// A source IMP has something for this one.
    fn errand_arrived(&mut self, source: ImpNumber, stamp: &Stamp, errand: &Errand, wires: &mut Wires) {
        let alive = errand.host().is_some_and(|host| self.is_alive(host));
        if self.destinations.errand_arrived(source, stamp, errand, alive, &mut self.relay, wires) {
            self.deliver(source, wires);
            self.buffers_freed(wires);
        }
    }

    /// The destination has said something about a message.
    fn reply_arrived(&mut self, message: Numbered, reply: Reply, wires: &mut Wires) {
        match reply {
            Reply::AllocateOne => self.sources.send_again(message, &mut self.relay, wires),
            Reply::AllocateEight => self.allocated(message, Grant::Asked, wires),
            Reply::Rfnm { allocate } => {
                if allocate {
                    self.allocated(message, Grant::Along, wires);
                }
                self.settle(message, Outcome::Arrived, wires);
            }
            Reply::HostDead => self.settle(message, Outcome::HostDead, wires),
            Reply::HostTardy => self.settle(message, Outcome::Incomplete(Incomplete::HostTardy), wires),
            Reply::Incomplete => self.settle(message, Outcome::Incomplete(Incomplete::Lost), wires),
        }
    }

    /// An ALL(8) has arrived for a message.
    fn allocated(&mut self, message: Numbered, grant: Grant, wires: &mut Wires) {
        if self.sources.allocated(message, grant, &self.relay, wires) {
            // The message that asked for it goes first: no other will come for it.
            let asks = self.ports.iter().flatten().find(|port| port.holds(message));
            if let Some(host) = asks.map(|port| port.host.address()) {
                self.resume(host, wires);
            }
            self.resume_held(wires);
        }
    }

    /// A message is answered: its host is told, unless it has been or its cable was cleared since, and its number and
    /// its buffer are free.
    fn settle(&mut self, message: Numbered, outcome: Outcome, wires: &mut Wires) {
        let settled = self.sources.settle(message, outcome, &mut self.relay);
        let Some(Settled { from, cuts, told, unfinished }) = settled else { return };
        if unfinished {
            self.throw_away_rest(from, message, wires);
        }
        if let Some(told) = told
            && let Some(port) = self.connected(from)
            && port.host.cuts() == cuts
        {
            port.tell(told, wires);
        }
        self.buffers_freed(wires);
    }

    /// Asks about messages that have waited too long for their answer, and gives them up if their IMP is out of reach:
    /// it is not known whether they have arrived.
    pub(crate) fn lose_patience_with_answers(&mut self, wires: &mut Wires) {
        let mut last = None;
        while let Some(to) = self.sources.next_busy(last) {
            let reached = self.relay.reaches(to);
            for message in self.sources.take_overdue(to, reached, wires.now) {
                if reached {
                    self.sources.inquire(message, &mut self.relay, wires);
                } else {
                    self.settle(message, Outcome::Incomplete(Incomplete::Lost), wires);
                }
            }
            last = Some(to);
        }
    }

    /// An allocation may have to be given back to an IMP.
    pub(crate) fn give_back(&mut self, to: ImpNumber, wires: &mut Wires) {
        self.sources.give_back(to, &mut self.relay, wires);
    }
}

/// What hosts get.
impl Imp {
    /// Gives to their hosts the messages from one IMP whose turn has come.
    fn deliver(&mut self, source: ImpNumber, wires: &mut Wires) {
        while let Some((id, message)) = self.destinations.next_delivery(source) {
            if let Some(port) = self.connected(message.to) {
                port.give(message.text, Some(id), wires);
            }
        }
    }

    /// Tells a host something that has no text.
    pub(crate) fn tell(&mut self, host: HostAddress, what: FromImp, wires: &mut Wires) {
        if let Some(port) = self.connected(host) {
            port.tell(what, wires);
        }
    }

    /// The packet that was on the cable to a host is there.
    pub(crate) fn packet_given(&mut self, host: HostAddress, wires: &mut Wires) {
        let Some(given) = self.connected(host).and_then(|port| port.given(wires)) else { return };
        let Given { part, cut_short } = given;
        self.withdraw(cut_short, wires);
        if let Some(part) = part {
            let is_local = part.message.source == self.relay.me();
            if let Some(port) = self.port_mut(host) {
                port.tally.received(&part, is_local);
            }
            if self.destinations.part_given(part, &mut self.relay, wires) {
                self.deliver(part.message.source, wires);
            }
            self.buffers_freed(wires);
        }
        // It may have been held up because too much waited for it.
        self.begin_next(host, wires);
    }

    /// A host is dead: all messages that are here for it, whole or in part, go back with this answer. What is answered
    /// to its own it gets.
    fn host_is_dead(&mut self, host: HostAddress, reply: Reply, wires: &mut Wires) {
        if let Some(port) = self.port_mut(host) {
            let output = port.take_back(wires);
            self.discard(host, output, reply, wires);
        }
    }

    /// Replies to all messages for a host that were to be given to it, are not whole or wait for their turn.
    fn discard(
        &mut self,
        host: HostAddress,
        output: impl IntoIterator<Item = Delivery>,
        reply: Reply,
        wires: &mut Wires,
    ) {
        for delivery in output {
            self.destinations.not_given(&delivery, reply, &mut self.relay, wires);
        }
        let mut last = None;
        while let Some(source) = self.destinations.next_source(last) {
            self.destinations.refuse_all(source, host, reply, &mut self.relay, wires);
            // Messages for other hosts may have waited for one of these.
            self.deliver(source, wires);
            last = Some(source);
        }
        self.buffers_freed(wires);
    }

    /// What was on a host's cable, or waited for it, is lost: it is answered so, in both directions.
    pub(crate) fn lose(&mut self, host: HostAddress, cleared: Cleared, reply: Reply, wires: &mut Wires) {
        self.withdraw(cleared.cut_short, wires);
        self.discard(host, cleared.output, reply, wires);
    }

    /// A host that has not taken a packet for too long is dead until it says something, and its interface is reset
    /// (RFC 394).
    pub(crate) fn lose_patience_with_output(&mut self, host: HostAddress, wires: &mut Wires) {
        let me = self.relay.me();
        let Some(port) = self.connected(host).filter(|port| port.is_tardy(wires.now)) else { return };
        wires.notice(me, Notice::HostTardy(host));
        let cleared = port.reset(wires);
        self.lose(host, cleared, Reply::HostTardy, wires);
    }

    /// Forgets what source IMPs have not come back to for too long.
    pub(crate) fn lose_patience_with_sources(&mut self, wires: &mut Wires) {
        let mut last = None;
        while let Some(source) = self.destinations.next_busy(last) {
            self.destinations.lose_patience(source, &mut self.relay, wires);
            self.deliver(source, wires);
            last = Some(source);
        }
    }
}
