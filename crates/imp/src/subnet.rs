//! The whole subnet as one machine.

use std::collections::VecDeque;

use imp1822::{FromImp, HostAddress, Signal};
use machine::{Bits, Instant, Machine};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::agenda::{Agenda, Event};
use crate::cable::{HostLine, Mishap, Toward};
use crate::ids::{IMPS, ImpNumber, Life, LineId, TrunkId};
use crate::imp::Imp;
use crate::line::{Line, LineFigures, Lines};
use crate::net::Net;
use crate::output::{Output, Settings};
use crate::packet::Reply;
use crate::port::{Flop, Incoming, Intake, Port, Quiet};
use crate::routing::TICK;
use crate::trunk::{Trunk, TrunkSite};
use crate::wires::Wires;

/// All IMPs, all lines and all host cables of a network.
///
/// Its input is what a host puts on its cable, at the moment when it begins to; several messages may be put
/// there at once, and leave one after the other. What a host sends while its ready line or its IMP is down
/// is lost.
///
/// At the start the network has been running for long: all IMPs and lines are up, every IMP knows its ways, and a
/// host that raises its ready line at the very start has been up for long, too.
///
/// Routing messages cross every line all the time. While nothing else happens, each says what the one before said:
/// the subnet then rests, without a deadline, and takes the exchange up again, in step, with the next input. So
/// a subnet at rest costs nothing.
#[derive(Debug)]
pub struct Subnet {
    /// By number.
    pub(crate) imps: Vec<Option<Imp>>,
    pub(crate) wires: Wires,
    pub(crate) resting: bool,
}

impl Subnet {
    /// A subnet in which all IMPs and lines are up, and all hosts down.
    ///
    /// # Panics
    /// If [`Net::check`] finds an error.
    pub fn new(net: &Net, settings: Settings) -> Self {
        let errors = net.check();
        assert!(errors.is_empty(), "no net: {errors:?}");
        let mut imps: Vec<Option<Imp>> = (0..IMPS).map(|_| None).collect();
        for site in &net.imps {
            if let Some(number) = ImpNumber::new(site.number) {
                imps[number.index()] = Some(Imp::new(number));
            }
        }
        for host in &net.hosts {
            if let Some(imp) = &mut imps[ImpNumber::of(host.address).index()] {
                let port = Port::new(host.address, host.cable.unwrap_or(settings.cable));
                imp.ports[usize::from(host.address.host())] = Some(port);
            }
        }
        let lines = net.lines.iter().filter_map(|site| {
            let [a, b] = site.between.map(ImpNumber::new);
            let (a, b) = (a?, b?);
            Some([[a, b], [b, a]].map(|ends| {
                let [from, to] = ends.map(|end| u64::from(end.get()));
                let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
                // Streams of hosts are numbered by addresses, or by few characters: these lie beyond.
                random.set_stream(1 << 32 | from << 8 | to);
                Line::new(ends, site.rate, site.delay, random)
            }))
        });
        let wires = Wires {
            watch: settings.watch,
            now: Instant::START,
            agenda: Agenda::default(),
            lines: Lines::new(lines),
            out: VecDeque::new(),
            last_activity: Instant::START,
        };
        let mut subnet = Subnet { imps, wires, resting: true };
        subnet.connect();
        subnet.find_ways();
        subnet
    }

    /// Gives every IMP its ends of lines.
    fn connect(&mut self) {
        let Subnet { imps, wires, .. } = self;
        for Imp { relay, .. } in imps.iter_mut().flatten() {
            let theirs = wires.lines.with_ids().filter(|(_, line)| line.from == relay.me());
            let mut theirs: Vec<(ImpNumber, LineId)> = theirs.map(|(id, line)| (line.to, id)).collect();
            theirs.sort_unstable();
            for (index, (neighbour, line)) in theirs.into_iter().enumerate() {
                let id = TrunkId(index);
                wires.lines[line].trunk = id;
                let round_trip = wires.lines[line].round_trip();
                let site = TrunkSite { imp: relay.me(), id, line, neighbour, round_trip };
                relay.trunks.push(Trunk::already_up(site, relay.life()));
            }
        }
    }

    /// Lets the IMPs exchange routing messages, in no time, until they know their ways.
    fn find_ways(&mut self) {
        let Subnet { imps, wires, .. } = self;
        let mut changed = true;
        while changed {
            for Imp { relay, .. } in imps.iter_mut().flatten() {
                for trunk in &relay.trunks {
                    wires.lines[trunk.site.line].table.clone_from(&relay.table);
                }
            }
            changed = false;
            for Imp { relay, .. } in imps.iter_mut().flatten() {
                for trunk in &mut relay.trunks {
                    trunk.table.clone_from(&wires.lines[trunk.site.line.back()].table);
                }
                changed |= relay.find_routes();
            }
        }
    }

    /// What its IMP knows of a host, or `None` if there is no host at that address.
    pub fn host_line(&self, address: HostAddress) -> Option<HostLine> {
        let imp = self.imps[ImpNumber::of(address).index()].as_ref()?;
        imp.ports[usize::from(address.host())].as_ref().map(|port| port.line)
    }

    /// Whether there is such an IMP, and it is up.
    pub fn imp_is_up(&self, number: u8) -> bool {
        self.imps.get(usize::from(number)).and_then(Option::as_ref).is_some_and(|imp| imp.up)
    }

    /// Whether IMP `from` knows a way to IMP `to`.
    pub fn reaches(&self, from: u8, to: u8) -> bool {
        let imp = self.imps.get(usize::from(from)).and_then(Option::as_ref);
        imp.zip(ImpNumber::new(to)).is_some_and(|(imp, to)| imp.up && imp.relay.reaches(to))
    }

    /// How much each line has carried since the start, in each direction.
    pub fn line_figures(&self) -> impl Iterator<Item = LineFigures> {
        self.wires.lines.iter().map(|line| line.figures)
    }

    /// Whether nothing goes on but the exchange of routing messages.
    pub fn is_quiet(&self) -> bool {
        self.wires.agenda.is_routine() && self.imps.iter().flatten().all(Imp::is_quiet)
    }

    /// How many events there have been that are more than the exchange of routing messages.
    pub fn stirs(&self) -> u64 {
        self.wires.agenda.taken()
    }

    pub(crate) fn parts(&mut self, number: ImpNumber) -> Option<(&mut Imp, &mut Wires)> {
        let imp = self.imps[number.index()].as_mut()?;
        Some((imp, &mut self.wires))
    }

    /// A host's port and what it is connected to.
    pub(crate) fn port(&mut self, host: HostAddress) -> Option<(&mut Port, &mut Wires)> {
        let (imp, wires) = self.parts(ImpNumber::of(host))?;
        imp.ports[usize::from(host.host())].as_mut().map(|port| (port, wires))
    }

    fn happen(&mut self, now: Instant, event: Event) {
        match event {
            Event::FromHost { host, turns } => {
                if let Some((imp, wires)) = self.parts(ImpNumber::of(host)) {
                    imp.packet_taken(host, turns, wires);
                }
            }
            Event::ToHost { host, turns } => {
                if let Some((imp, wires)) = self.parts(ImpNumber::of(host)) {
                    imp.packet_given(host, turns, wires);
                }
            }
            Event::LineFree { line } => {
                let Line { from, trunk, calls, .. } = &mut self.wires.lines[line];
                let (from, trunk) = (*from, *trunk);
                *calls = false;
                if let Some((imp, wires)) = self.parts(from).filter(|(imp, _)| imp.up) {
                    imp.relay.pump(trunk, wires);
                }
            }
            Event::Arrived { line, cuts, frame } => {
                let Line { to, cuts: cuts_now, .. } = self.wires.lines[line];
                // The other direction of a line begins where this one ends.
                let trunk = self.wires.lines[line.back()].trunk;
                if cuts == cuts_now
                    && let Some((imp, wires)) = self.parts(to).filter(|(imp, _)| imp.up)
                {
                    imp.frame_arrived(trunk, frame, wires);
                }
            }
            Event::Local { imp, life, packet } => {
                if let Some((imp, wires)) = self.alive(imp, life) {
                    imp.packet_arrived(packet, wires);
                }
            }
            Event::Retransmit { imp, life, trunk } => {
                if let Some((imp, wires)) = self.alive(imp, life) {
                    imp.retransmit(trunk, wires);
                }
            }
            Event::GiveBack { imp, life, to } => {
                if let Some((imp, wires)) = self.alive(imp, life) {
                    imp.give_back(to, wires);
                }
            }
            Event::Tick { imp, life } => {
                if let Some((imp, wires)) = self.alive(imp, life) {
                    wires.agenda.plan(now + TICK, Event::Tick { imp: imp.relay.me(), life });
                    imp.tick(wires);
                    self.rest_if_quiet(now);
                }
            }
            Event::Raise { host, cuts } => {
                if let Some((imp, wires)) = self.parts(ImpNumber::of(host))
                    && imp.ports[usize::from(host.host())].as_ref().is_some_and(|port| port.cuts == cuts)
                {
                    imp.raise_ready(host, wires);
                }
            }
            Event::Late { host, cuts, toward, bits } => {
                let there = self.port(host).is_some_and(|(port, _)| port.cuts == cuts);
                match toward {
                    Toward::Host if there => self.wires.signal(host, Signal::Message(bits)),
                    Toward::Imp if there => self.offer(host, bits, Flop::Clear),
                    // The cable was cleared meanwhile.
                    Toward::Host | Toward::Imp => {}
                }
            }
            Event::LastWarning { imp, life } => {
                if let Some((imp, wires)) = self.alive(imp, life) {
                    imp.warn(wires);
                }
            }
            Event::Outage { imp, life, span } => {
                if let Some((imp, wires)) = self.alive(imp, life) {
                    imp.begin_outage(span, wires);
                }
            }
            Event::OutageOver { imp, life } => {
                // Nobody has started it meanwhile.
                if let Some((imp, wires)) = self.parts(imp)
                    && imp.relay.life() == life
                    && !imp.up
                {
                    imp.restart(wires);
                }
            }
        }
    }

    /// An IMP, if it is up and has not been started since.
    pub(crate) fn alive(&mut self, number: ImpNumber, life: Life) -> Option<(&mut Imp, &mut Wires)> {
        self.parts(number).filter(|(imp, _)| imp.up && imp.relay.life() == life)
    }

    /// A host's message enters its cable.
    fn offer(&mut self, host: HostAddress, bits: Bits, flop: Flop) {
        if let Some((imp, wires)) = self.parts(ImpNumber::of(host)) {
            imp.offered(host, Incoming { bits, flop }, wires);
        }
    }

    /// A host's message enters its cable, unless something happens to it there.
    fn put_on_cable(&mut self, host: HostAddress, bits: Bits) {
        let Some((port, wires)) = self.port(host) else { return };
        let mishap = if port.is_connected() { port.mishaps.to_imp.pop_front() } else { None };
        match mishap {
            None => self.offer(host, bits, Flop::Clear),
            Some(Mishap::Lost) => {}
            Some(Mishap::Late(span)) => {
                let cuts = port.cuts;
                wires.agenda.plan(wires.now + span, Event::Late { host, cuts, toward: Toward::Imp, bits });
            }
            Some(Mishap::Twice) => {
                self.offer(host, bits.clone(), Flop::Clear);
                self.offer(host, bits, Flop::Clear);
            }
            Some(Mishap::LeaderError) => self.offer(host, bits, Flop::SetOnLeader),
            Some(Mishap::DataError) => self.offer(host, bits, Flop::SetOnData),
        }
    }
}

impl Machine for Subnet {
    type Input = (HostAddress, Signal);
    type Output = Output;

    fn handle(&mut self, now: Instant, (address, signal): (HostAddress, Signal)) {
        self.wake(now);
        match signal {
            Signal::Ready(ready) => self.host_shows(now, address, ready),
            Signal::Message(bits) => self.put_on_cable(address, bits),
        }
    }

    fn poll(&mut self) -> Option<Output> {
        self.wires.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        self.wires.agenda.deadline()
    }

    fn alarm(&mut self, now: Instant) {
        while let Some((at, event)) = self.wires.agenda.due(now) {
            self.wires.now = at;
            self.happen(at, event);
        }
    }
}

/// Ready lines.
impl Subnet {
    /// A host's own ready line goes up or down.
    fn host_shows(&mut self, now: Instant, host: HostAddress, ready: bool) {
        let up = self.imp_is_up(host.imp());
        let Some((port, wires)) = self.port(host) else { return };
        let news = std::mem::replace(&mut port.host_ready, ready) != ready;
        if !news {
            // Who shows again that it is ready is told again that its IMP is.
            if port.is_connected() && !port.pulled && up {
                wires.signal(host, Signal::Ready(true));
            }
        } else if !port.pulled {
            self.imp_sees(now, host, ready);
        }
    }

    /// A host's ready line, as far as its IMP sees it, goes up or down.
    pub(crate) fn imp_sees(&mut self, now: Instant, host: HostAddress, ready: bool) {
        let Some((imp, wires)) = self.parts(ImpNumber::of(host)) else { return };
        let up = imp.up;
        let Some(port) = &mut imp.ports[usize::from(host.host())] else { return };
        if ready {
            port.comes_alive(now);
            // What is up at the very start has been up for long.
            if now == Instant::START {
                port.quiet = Quiet::No;
            }
            if up {
                wires.signal(host, Signal::Ready(true));
            }
            return;
        }
        port.line = HostLine::Down;
        let (output, taking) = port.clear();
        if let Some((to, number)) = taking.and_then(|taking| taking.numbered()) {
            imp.withdraw(to, number, wires);
        }
        imp.discard(host, output, Reply::HostDead, wires);
    }

    /// A host's interface stands still, or goes on. What is on the cable begins anew, a packet in each direction.
    pub(crate) fn set_stuck(&mut self, now: Instant, host: HostAddress, stuck: bool) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.parts(ImpNumber::of(host)) else { return false };
        let Some(port) = &mut imp.ports[usize::from(host.host())] else { return false };
        if port.stuck == stuck {
            return true;
        }
        port.stuck = stuck;
        port.turns += 1;
        if !stuck {
            if !port.output.is_empty() {
                port.give_next(wires);
            }
            match std::mem::replace(&mut port.intake, Intake::Idle) {
                Intake::Taking(taking) => port.take_next(now, taking, wires),
                other @ (Intake::Idle | Intake::Held { .. }) => port.intake = other,
            }
            imp.next_message(host, wires.now, wires);
        }
        true
    }
}

impl Subnet {
    /// Something is to happen to the next message on a host's cable in one direction. Answers whether there is such
    /// a host.
    pub fn mishap(&mut self, host: HostAddress, toward: Toward, mishap: Mishap) -> bool {
        let Some((port, _)) = self.port(host) else { return false };
        match toward {
            Toward::Imp => port.mishaps.to_imp.push_back(mishap),
            Toward::Host => port.mishaps.to_host.push_back(mishap),
        }
        true
    }
}

/// For hosts that are outside of the simulation. The emulated IMPs of today were measured to treat their hosts so.
impl Subnet {
    /// How many messages a host has put on its cable that its IMP has not begun to take.
    pub fn waiting_at(&self, host: HostAddress) -> usize {
        let imp = self.imps[ImpNumber::of(host).index()].as_ref();
        let port = imp.and_then(|imp| imp.ports[usize::from(host.host())].as_ref());
        port.map_or(0, |port| port.input.len())
    }

    /// The network has heard that a host is alive, for which RFC 271 gives it half a minute: its messages are taken.
    pub fn is_heard_of(&mut self, now: Instant, host: HostAddress) {
        self.wires.now = now;
        let Some((imp, wires)) = self.parts(ImpNumber::of(host)) else { return };
        let Some(port) = &mut imp.ports[usize::from(host.host())] else { return };
        port.quiet = Quiet::No;
        imp.next_message(host, wires.now, wires);
    }

    /// An IMP greets a host that has raised its ready line, as it does after a reset: three NOPs and its notice.
    pub fn greet(&mut self, now: Instant, host: HostAddress) {
        self.wires.now = now;
        let Some((imp, wires)) = self.parts(ImpNumber::of(host)) else { return };
        if imp.up && imp.ports[usize::from(host.host())].as_ref().is_some_and(Port::is_connected) {
            (0..3).for_each(|_| imp.tell(host, FromImp::Nop, wires));
            imp.tell(host, FromImp::InterfaceReset, wires);
        }
    }
}
