//! The whole subnet as one machine.

use imp1822::{HostAddress, Signal};
use machine::{Instant, Machine, Rate};

use crate::agenda::{Agenda, Event, Guard};
use crate::cable::{HostLine, Toward};
use crate::fault::{Fault, MeetsNothing};
use crate::ids::{ImpNumber, LineId, TrunkId};
use crate::imp::Imp;
use crate::incoming::{Flop, Incoming};
use crate::line::{Line, LineFigures, Lines};
use crate::net::Net;
use crate::output::{Output, Settings, Watch};
use crate::port::Port;
use crate::queue::Queue;
use crate::rest::{Rest, is_idle};
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
/// a subnet at rest costs nothing. One whose IMPs report to a control center never rests.
#[derive(Debug, Clone)]
pub struct Subnet {
    /// By number, up to the highest that there is: most nets have few of all that there can be.
    imps: Vec<Option<Box<Imp>>>,
    wires: Wires,
    rest: Rest,
    /// Whether it was found quiet, and nothing has happened since.
    found_quiet: bool,
}

impl Subnet {
    /// A subnet in which all IMPs and lines are up, and all hosts down.
    ///
    /// # Panics
    /// If [`Net::check`] finds an error.
    pub fn new(net: &Net, settings: Settings) -> Self {
        let Settings { cable, watch, seed } = settings;
        Prototype::new(net, cable).into_subnet(watch, seed)
    }

    /// The same with everything that differs from run to run.
    fn begin(mut self, watch: Watch, seed: u64) -> Self {
        self.wires.watch = watch;
        self.wires.agenda = Agenda::with_room();
        self.wires.lines.draw_from(seed);
        if self.imps.iter().flatten().any(|imp| imp.reporter.is_some()) {
            self.rest.wake(Instant::START, &mut self.imps, &mut self.wires);
        }
        self
    }
}

/// A net at its start: what all its subnets have in common. Making one costs what it costs the IMPs to find their ways;
/// making a subnet of it is a copy.
#[derive(Debug, Clone)]
pub struct Prototype(Subnet);

impl Prototype {
    /// The start of a net in which all IMPs and lines are up, and all hosts down. Hosts whose site does not say how fast
    /// their cable is have `cable`.
    ///
    /// # Panics
    /// If [`Net::check`] finds an error.
    pub fn new(net: &Net, cable: Rate) -> Self {
        let errors = net.check();
        assert!(errors.is_empty(), "no net: {errors:?}");
        let numbers = net.imps.iter().filter_map(|site| ImpNumber::new(site.number));
        let places = numbers.map(|number| number.index() + 1).max().unwrap_or_default();
        let mut imps: Vec<Option<Box<Imp>>> = (0..places).map(|_| None).collect();
        for site in &net.imps {
            if let Some(number) = ImpNumber::new(site.number) {
                imps[number.index()] = Some(Box::new(Imp::new(number, net.reports)));
            }
        }
        for host in &net.hosts {
            if let Some(Some(imp)) = imps.get_mut(ImpNumber::of(host.address).index()) {
                let port = Port::new(host.address, host.cable.unwrap_or(cable));
                imp.attach(port);
            }
        }
        let lines = net.lines.iter().filter_map(|site| {
            let [a, b] = site.between.map(ImpNumber::new);
            let (a, b) = (a?, b?);
            Some([[a, b], [b, a]].map(|ends| Line::new(ends, site.rate, site.delay)))
        });
        let wires = Wires {
            watch: Watch::Nothing,
            now: Instant::START,
            agenda: Agenda::default(),
            lines: Lines::new(lines),
            out: Queue::default(),
            last_activity: Instant::START,
        };
        let mut subnet = Subnet { imps, wires, rest: Rest::Resting, found_quiet: false };
        subnet.connect();
        subnet.find_ways();
        Prototype(subnet)
    }

    /// A subnet of it. The log gets the frames that `watch` says; the errors of lines are drawn from `seed`.
    pub fn subnet(&self, watch: Watch, seed: u64) -> Subnet {
        self.0.clone().begin(watch, seed)
    }

    /// The same, if no other is to be made.
    pub fn into_subnet(self, watch: Watch, seed: u64) -> Subnet {
        self.0.begin(watch, seed)
    }
}

impl Subnet {
    /// Gives every IMP its ends of lines.
    fn connect(&mut self) {
        let Subnet { imps, wires, .. } = self;
        for imp in imps.iter_mut().flatten() {
            let relay = &mut imp.relay;
            let theirs = wires.lines.with_ids().filter(|(_, line)| line.from == relay.me());
            let mut theirs: Vec<(ImpNumber, LineId)> = theirs.map(|(id, line)| (line.to, id)).collect();
            theirs.sort_unstable();
            for (index, (neighbour, line)) in theirs.into_iter().enumerate() {
                let id = TrunkId::new(index);
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
            for imp in imps.iter_mut().flatten() {
                let relay = &mut imp.relay;
                for trunk in &relay.trunks {
                    wires.lines[trunk.site.line].table.clone_from(&relay.table);
                }
            }
            changed = false;
            for imp in imps.iter_mut().flatten() {
                let relay = &mut imp.relay;
                for trunk in &mut relay.trunks {
                    trunk.hear(&wires.lines[trunk.site.line.back()].table);
                }
                changed |= relay.find_routes();
            }
        }
    }

    /// The IMP of a number, if there is one.
    fn imp(&self, number: ImpNumber) -> Option<&Imp> {
        self.imps.get(number.index())?.as_deref()
    }

    /// Its IMPs, by number.
    pub(crate) fn imps(&self) -> impl Iterator<Item = &Imp> {
        self.imps.iter().flatten().map(|imp| &**imp)
    }

    /// What its IMP knows of a host, or `None` if there is no host at that address.
    pub fn host_line(&self, address: HostAddress) -> Option<HostLine> {
        self.port(address).map(|port| port.host.line())
    }

    /// Whether there is such an IMP, and it is up.
    pub fn imp_is_up(&self, number: u8) -> bool {
        ImpNumber::new(number).and_then(|number| self.imp(number)).is_some_and(Imp::is_up)
    }

    /// Whether IMP `from` knows a way to IMP `to`.
    pub fn reaches(&self, from: u8, to: u8) -> bool {
        let imp = ImpNumber::new(from).and_then(|from| self.imp(from));
        imp.zip(ImpNumber::new(to)).is_some_and(|(imp, to)| imp.is_up() && imp.relay.reaches(to))
    }

    /// How much each line has carried since the start, in each direction.
    pub fn line_figures(&self) -> impl Iterator<Item = LineFigures> {
        self.wires.lines.iter().map(|line| line.figures)
    }

    /// Whether nothing goes on but the exchange of routing messages.
    pub fn is_quiet(&self) -> bool {
        let is_quiet = || is_idle(&self.imps, &self.wires);
        debug_assert!(!self.found_quiet || is_quiet(), "something has happened, and nobody has noted it");
        self.found_quiet || is_quiet()
    }

    /// The same, remembered until something happens: whoever asks again and again has it looked for only once.
    pub fn find_quiet(&mut self) -> bool {
        self.found_quiet = self.is_quiet();
        self.found_quiet
    }

    /// How many events there have been that are more than the exchange of routing messages.
    pub fn stirs(&self) -> u64 {
        self.wires.agenda.taken()
    }

    fn parts(&mut self, number: ImpNumber) -> Option<(&mut Imp, &mut Wires)> {
        let imp = self.imps.get_mut(number.index())?.as_mut()?;
        Some((imp, &mut self.wires))
    }

    /// A host's IMP, if there is such a host.
    fn imp_of(&mut self, host: HostAddress) -> Option<(&mut Imp, &mut Wires)> {
        self.parts(ImpNumber::of(host)).filter(|(imp, _)| imp.port(host).is_some())
    }

    /// A host's port, if there is such a host.
    pub(crate) fn port(&self, host: HostAddress) -> Option<&Port> {
        self.imp(ImpNumber::of(host))?.port(host)
    }

    /// An IMP, if it is up.
    fn up(&mut self, number: ImpNumber) -> Option<(&mut Imp, &mut Wires)> {
        self.parts(number).filter(|(imp, _)| imp.is_up())
    }

    /// Whether an event still means something.
    fn holds(&self, guard: Guard) -> bool {
        let imp = |number| self.imp(number);
        let port = |host| self.port(host);
        match guard {
            Guard::Always => true,
            Guard::Port { host, turns } => port(host).is_some_and(|port| port.host.turns() == turns),
            Guard::Cable { host, cuts } => port(host).is_some_and(|port| port.host.cuts() == cuts),
            Guard::Line { line, cuts } => self.wires.lines[line].cuts == cuts,
            Guard::Up { imp: number, life } => {
                imp(number).is_some_and(|imp| imp.is_up() && imp.relay.life() == life)
            }
            Guard::Down { imp: number, life } => {
                imp(number).is_some_and(|imp| !imp.is_up() && imp.relay.life() == life)
            }
        }
    }

    /// What is next happens, at this moment.
    #[inline]
    fn happen_next(&mut self, at: Instant) {
        self.wires.now = at;
        self.found_quiet = false;
        let event = self.wires.agenda.take();
        self.happen(event);
    }

    /// Something happens that was planned for now.
    fn happen(&mut self, event: Event) {
        if !self.holds(event.guard()) {
            return;
        }
        match event {
            Event::FromHost { host, .. } => {
                if let Some((imp, wires)) = self.imp_of(host) {
                    imp.packet_taken(host, wires);
                }
            }
            Event::ToHost { host, .. } => {
                if let Some((imp, wires)) = self.imp_of(host) {
                    imp.packet_given(host, wires);
                }
            }
            Event::LineFree { line } => {
                let line = &mut self.wires.lines[line];
                line.call_planned = false;
                let (from, trunk) = (line.from, line.trunk);
                if let Some((imp, wires)) = self.up(from) {
                    imp.relay.pump(trunk, wires);
                }
            }
            Event::Arrived { line, frame, .. } => {
                // The other direction of a line begins where this one ends.
                let (to, trunk) = (self.wires.lines[line].to, self.wires.lines[line.back()].trunk);
                if let Some((imp, wires)) = self.up(to) {
                    imp.frame_arrived(trunk, frame, wires);
                }
            }
            Event::Local { imp, packet, .. } => {
                if let Some((imp, wires)) = self.parts(imp) {
                    imp.packet_arrived(packet, wires);
                }
            }
            Event::Retransmit { imp, trunk, .. } => {
                if let Some((imp, wires)) = self.parts(imp) {
                    imp.retransmit(trunk, wires);
                }
            }
            Event::GiveBack { imp, to, .. } => {
                if let Some((imp, wires)) = self.parts(imp) {
                    imp.give_back(to, wires);
                }
            }
            Event::Tick { imp: number, life } => {
                if let Some((imp, wires)) = self.parts(number) {
                    wires.agenda.plan(wires.now + TICK, Event::Tick { imp: number, life });
                    imp.tick(wires);
                    self.rest.begin_if_idle(&self.imps, &mut self.wires);
                }
            }
            Event::Raise { host, .. } => {
                if let Some((imp, wires)) = self.imp_of(host) {
                    imp.raise_ready(host, wires);
                }
            }
            Event::Late { host, toward: Toward::Host, bits, .. } => {
                self.wires.signal(host, Signal::Message(bits));
            }
            Event::Late { host, toward: Toward::Imp, bits, .. } => {
                if let Some((imp, wires)) = self.imp_of(host) {
                    imp.offered(host, Incoming { bits, flop: Flop::Clear }, wires);
                }
            }
            Event::LastWarning { imp, .. } => {
                if let Some((imp, wires)) = self.parts(imp) {
                    imp.warn(wires);
                }
            }
            Event::Outage { imp, span, .. } => {
                if let Some((imp, wires)) = self.parts(imp) {
                    imp.begin_outage(span, wires);
                }
            }
            Event::OutageOver { imp, .. } => {
                if let Some((imp, wires)) = self.parts(imp) {
                    imp.restart(wires);
                }
            }
        }
    }
}

impl Machine for Subnet {
    type Input = (HostAddress, Signal);
    type Output = Output;

    fn handle(&mut self, now: Instant, (host, signal): (HostAddress, Signal)) {
        self.found_quiet = false;
        self.rest.wake(now, &mut self.imps, &mut self.wires);
        let Some((imp, wires)) = self.imp_of(host) else { return };
        match signal {
            Signal::Ready(ready) => imp.host_shows(host, ready, wires),
            Signal::Message(bits) => imp.host_sends(host, bits, wires),
        }
    }

    fn poll(&mut self) -> Option<Output> {
        self.wires.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        self.wires.agenda.deadline()
    }

    fn alarm(&mut self, now: Instant) {
        while let Some(at) = self.wires.agenda.deadline().filter(|at| *at <= now) {
            self.happen_next(at);
        }
    }
}

/// What is done to a subnet from outside.
impl Subnet {
    /// Lets happen what is due at `last` or before, moment by moment, until something comes out. Returns the last moment at
    /// which something has happened, and how many there were.
    pub fn run_to_output(&mut self, last: Instant) -> Option<(Instant, u64)> {
        let (mut now, mut moments) = (None, 0);
        while let Some(at) = self.deadline().filter(|at| *at <= last) {
            if now != Some(at) {
                if !self.wires.out.is_empty() {
                    break;
                }
                (now, moments) = (Some(at), moments + 1);
            }
            self.happen_next(at);
        }
        now.map(|now| (now, moments))
    }

    /// Lets a fault happen.
    ///
    /// # Errors
    /// If there is no such part, or it is in that state already. Then nothing happens.
    pub fn inject(&mut self, now: Instant, fault: Fault) -> Result<(), MeetsNothing> {
        self.meets(fault)?;
        self.found_quiet = false;
        if let Fault::Mishap { .. } = fault {
            // Nothing happens before the next message: the subnet may rest until then.
            self.wires.now = now;
        } else {
            self.rest.wake(now, &mut self.imps, &mut self.wires);
        }
        match fault {
            Fault::LineFails { between } => self.on_lines(between, |line| line.set_failed(true)),
            Fault::LineHeals { between } => self.on_lines(between, |line| line.set_failed(false)),
            Fault::LineErrs { between, one_in } => self.on_lines(between, |line| line.one_in = one_in),
            Fault::ImpCrashes { imp } => self.on_imp(imp, Imp::crash),
            Fault::ImpGoesDown { imp, going } => self.on_imp(imp, |imp, wires| imp.plan_outage(going, wires)),
            Fault::ImpRestarts { imp } => self.on_imp(imp, Imp::restart),
            Fault::CablePulled { host } => self.on_host(host, Imp::pull_cable),
            Fault::CablePlugged { host } => self.on_host(host, Imp::plug_cable),
            Fault::HostHangs { host } => {
                self.on_host(host, |imp, host, wires| imp.set_stuck(host, true, wires));
            }
            Fault::HostGoesOn { host } => {
                self.on_host(host, |imp, host, wires| imp.set_stuck(host, false, wires));
            }
            Fault::Mishap { host, toward, mishap } => {
                self.on_host(host, |imp, host, _| imp.expect(host, toward, mishap));
            }
        }
        Ok(())
    }

    /// Whether there is something to which a fault can happen.
    fn meets(&self, fault: Fault) -> Result<(), MeetsNothing> {
        let unless = |is_so: bool, nothing: MeetsNothing| if is_so { Err(nothing) } else { Ok(()) };
        let line = |between| self.wires.lines.between(between).next().ok_or(MeetsNothing::NoLine(between));
        let port = |host| self.port(host).ok_or(MeetsNothing::NoHost(host));
        let is_imp = |number| {
            let known = ImpNumber::new(number).and_then(|imp| self.imp(imp));
            known.is_some()
        };
        match fault {
            Fault::LineFails { between } => {
                unless(line(between)?.has_failed(), MeetsNothing::LineDown(between))
            }
            Fault::LineHeals { between } => {
                unless(!line(between)?.has_failed(), MeetsNothing::LineUp(between))
            }
            Fault::LineErrs { between, one_in } => {
                unless(line(between)?.one_in == one_in, MeetsNothing::LineErrs(between))
            }
            Fault::ImpCrashes { imp } | Fault::ImpGoesDown { imp, .. } => {
                unless(!self.imp_is_up(imp), MeetsNothing::ImpDown(imp))
            }
            Fault::ImpRestarts { imp } => {
                unless(!is_imp(imp) || self.imp_is_up(imp), MeetsNothing::ImpUp(imp))
            }
            Fault::CablePulled { host } => {
                unless(port(host)?.host.is_pulled(), MeetsNothing::CablePulled(host))
            }
            Fault::CablePlugged { host } => {
                unless(!port(host)?.host.is_pulled(), MeetsNothing::CablePlugged(host))
            }
            Fault::HostHangs { host } => unless(port(host)?.host.is_stuck(), MeetsNothing::HostHangs(host)),
            Fault::HostGoesOn { host } => {
                unless(!port(host)?.host.is_stuck(), MeetsNothing::HostGoesOn(host))
            }
            Fault::Mishap { host, .. } => port(host).map(|_| ()),
        }
    }

    fn on_lines(&mut self, between: [u8; 2], act: impl FnMut(&mut Line)) {
        self.wires.lines.between_mut(between).for_each(act);
    }

    pub(crate) fn on_imp(&mut self, number: u8, act: impl FnOnce(&mut Imp, &mut Wires)) {
        if let Some((imp, wires)) = ImpNumber::new(number).and_then(|imp| self.parts(imp)) {
            act(imp, wires);
        }
    }

    fn on_host(&mut self, host: HostAddress, act: impl FnOnce(&mut Imp, HostAddress, &mut Wires)) {
        if let Some((imp, wires)) = self.imp_of(host) {
            act(imp, host, wires);
        }
    }

    /// A host is outside of the simulation: from now on it is treated as the emulated IMPs of today were measured to treat
    /// theirs. It may send as it likes as soon as it is up, and is greeted, as after a reset, when it says that it is.
    pub fn treat_as_external(&mut self, host: HostAddress) {
        if let Some((imp, _)) = self.imp_of(host) {
            imp.treat_as_external(host);
        }
    }

    /// How many messages a host has put on its cable that its IMP has not begun to take.
    pub fn waiting_at(&self, host: HostAddress) -> usize {
        self.port(host).map_or(0, Port::waiting)
    }
}
