//! The whole subnet as one machine.

use std::collections::VecDeque;

use imp1822::{FromImp, HostAddress, Signal};
use machine::{Instant, Machine, Rate};

use crate::agenda::{Agenda, Due, Event};
use crate::imp::Imp;
use crate::line::{Line, LineFigures};
use crate::net::Net;
use crate::packet::{Crossing, Packet};
use crate::port::{HostLine, Port};
use crate::route::{self, IMPS, Way};

/// What may differ from subnet to subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The speed of the host cables, in each direction.
    pub cable: Rate,
    /// Whether to hand out each packet that begins to cross a line.
    pub watch: bool,
}

impl Default for Settings {
    /// Cables at 100 kb/s (RFC 594), and nobody watches.
    fn default() -> Self {
        Settings { cable: Rate::kilobits(100), watch: false }
    }
}

/// What comes out of the subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To the host at this address: its IMP's ready line has changed, or the last bit of a message has
    /// arrived at this moment.
    Host(HostAddress, Signal),
    /// A packet begins to cross a line. Only if [`Settings::watch`] asks for it.
    Packet(Crossing),
}

/// All IMPs, all lines and all host cables of a network.
///
/// Its input is what a host puts on its cable, at the moment when it begins to; several messages may be put
/// there at once, and leave one after the other. What a host sends while its ready line or its IMP is down
/// is lost.
#[derive(Debug)]
pub struct Subnet {
    pub(crate) settings: Settings,
    /// By number.
    pub(crate) imps: Vec<Option<Imp>>,
    /// The two directions of each line, next to each other.
    pub(crate) lines: Vec<Line>,
    pub(crate) agenda: Agenda,
    pub(crate) out: VecDeque<Output>,
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
            imps[usize::from(site.number)] = Some(Imp::new(site.number));
        }
        for host in &net.hosts {
            if let Some(imp) = &mut imps[usize::from(host.address.imp())] {
                imp.ports[usize::from(host.address.host())] = Some(Port::new(host.address));
            }
        }
        let directions = net.lines.iter().flat_map(|site| {
            let [a, b] = site.between;
            [Line::new(a, b, site.rate, site.delay), Line::new(b, a, site.rate, site.delay)]
        });
        let lines = directions.collect();
        let mut subnet = Subnet { settings, imps, lines, agenda: Agenda::default(), out: VecDeque::new() };
        subnet.set_routes();
        subnet
    }

    /// The line between two IMPs fails; of two lines, both do. What is on it is lost, what waits for it takes
    /// another way. All IMPs know at once. Answers whether there is such a line.
    pub fn line_fails(&mut self, now: Instant, a: u8, b: u8) -> bool {
        self.change_lines(now, a, b, true)
    }

    /// The line between two IMPs works again. Answers whether there is such a line.
    pub fn line_heals(&mut self, now: Instant, a: u8, b: u8) -> bool {
        self.change_lines(now, a, b, false)
    }

    /// An IMP stops without notice. What is in it, and on its lines and cables, is lost; its hosts see its
    /// ready line go down. All other IMPs know at once. Answers whether there is such an IMP that was up.
    pub fn imp_crashes(&mut self, now: Instant, number: u8) -> bool {
        let Some(imp) = self.imp(number).filter(|imp| imp.up) else { return false };
        imp.stop();
        self.signal_ready(number, false);
        let Subnet { lines, agenda, .. } = self;
        let theirs = lines.iter_mut().filter(|line| line.from == number || line.to == number);
        // What waits in the crashed IMP is lost with it; what waits at its neighbours is not.
        let displaced = theirs.flat_map(|line| {
            let from = line.from;
            line.cut(now).into_iter().map(move |packet| (from, packet))
        });
        let displaced: Vec<(u8, Packet)> = displaced.filter(|(from, _)| *from != number).collect();
        Self::forget_waits(agenda, &self.imps);
        self.reroute(now, displaced);
        true
    }

    /// An IMP that had stopped starts anew. Hosts whose ready lines are up see its ready line go up, and get
    /// three NOPs and an interface reset (RFC 394). All other IMPs know at once. Answers whether there is
    /// such an IMP that was down.
    pub fn imp_restarts(&mut self, now: Instant, number: u8) -> bool {
        let Some(imp) = self.imp(number).filter(|imp| !imp.up) else { return false };
        imp.up = true;
        imp.life += 1;
        self.signal_ready(number, true);
        for address in self.hosts_up(number) {
            for _ in 0..3 {
                self.give(now, address, FromImp::Nop.bits(), None);
            }
            self.give(now, address, FromImp::InterfaceReset.bits(), None);
        }
        self.reroute(now, Vec::new());
        true
    }

    /// What its IMP knows of a host, or `None` if there is no host at that address.
    pub fn host_line(&self, address: HostAddress) -> Option<HostLine> {
        let imp = self.imps[usize::from(address.imp())].as_ref()?;
        imp.ports[usize::from(address.host())].as_ref().map(|port| port.line)
    }

    /// Whether there is such an IMP, and it is up.
    pub fn imp_is_up(&self, number: u8) -> bool {
        self.imps.get(usize::from(number)).and_then(Option::as_ref).is_some_and(|imp| imp.up)
    }

    /// What each direction of each line has done since the run began, in the order of the net's lines.
    pub fn line_figures(&self) -> impl Iterator<Item = LineFigures> {
        self.lines.iter().map(Line::figures)
    }

    pub(crate) fn imp(&mut self, number: u8) -> Option<&mut Imp> {
        self.imps.get_mut(usize::from(number))?.as_mut()
    }

    fn change_lines(&mut self, now: Instant, a: u8, b: u8, failed: bool) -> bool {
        let mut found = false;
        let mut displaced = Vec::new();
        for line in &mut self.lines {
            if (line.from, line.to) != (a, b) && (line.from, line.to) != (b, a) {
                continue;
            }
            found = true;
            if line.failed != failed {
                line.failed = failed;
                let from = line.from;
                displaced.extend(line.cut(now).into_iter().map(|packet| (from, packet)));
            }
        }
        if found {
            self.reroute(now, displaced);
        }
        found
    }

    /// Gives every IMP new routes, sends packets that lost theirs on their new way, and lets go of messages
    /// that were held for an IMP that is out of reach now.
    fn reroute(&mut self, now: Instant, displaced: Vec<(u8, Packet)>) {
        self.set_routes();
        for (from, packet) in displaced {
            self.forward(now, from, packet);
        }
        let held = self.imps.iter().flatten().flat_map(|imp| {
            let held = imp.outbound.iter().filter(|(_, outbound)| !outbound.waiting.is_empty());
            held.map(|(to, _)| (imp.number, *to))
        });
        for (imp, to) in held.collect::<Vec<_>>() {
            self.release_held(now, imp, to);
        }
    }

    fn set_routes(&mut self) {
        let works = |line: &Line| !line.failed && self.imp_is_up(line.from) && self.imp_is_up(line.to);
        let working = self.lines.iter().enumerate().filter(|(_, line)| works(line));
        let ways: Vec<Way> =
            working.map(|(index, line)| Way { line: index, from: line.from, to: line.to }).collect();
        for (imp, routes) in self.imps.iter_mut().zip(route::tables(&ways)) {
            if let Some(imp) = imp {
                imp.routes = routes;
            }
        }
    }

    fn hosts_up(&self, imp: u8) -> Vec<HostAddress> {
        let imp = self.imps[usize::from(imp)].iter();
        let ports = imp.flat_map(|imp| imp.ports.iter().flatten());
        ports.filter(|port| port.line.is_up()).map(|port| port.address).collect()
    }

    fn signal_ready(&mut self, imp: u8, ready: bool) {
        let hosts = self.hosts_up(imp).into_iter();
        self.out.extend(hosts.map(|host| Output::Host(host, Signal::Ready(ready))));
    }

    /// Drops waits that have ended, as far as they are the oldest.
    pub(crate) fn forget_waits(agenda: &mut Agenda, imps: &[Option<Imp>]) {
        agenda.forget(|wait| {
            let imp = imps[usize::from(wait.imp)].as_ref();
            let outbound = imp.and_then(|imp| imp.outbound.get(&wait.to));
            !outbound.is_some_and(|outbound| outbound.waits_for(wait.serial))
        });
    }
}

impl Machine for Subnet {
    type Input = (HostAddress, Signal);
    type Output = Output;

    fn handle(&mut self, now: Instant, (address, signal): (HostAddress, Signal)) {
        match signal {
            Signal::Ready(true) => self.host_rises(address),
            Signal::Ready(false) => self.host_drops(now, address),
            Signal::Message(bits) => {
                let Some(port) = self.imp(address.imp()).and_then(|imp| imp.live_port(address)) else {
                    return;
                };
                port.input.push_back(bits);
                self.resume_intake(now, address);
            }
        }
    }

    fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        self.agenda.deadline()
    }

    fn alarm(&mut self, now: Instant) {
        while let Some((now, due)) = self.agenda.due(now) {
            match due {
                Due::Event(Event::FromHost { host, cuts }) => self.message_taken(now, host, cuts),
                Due::Event(Event::FirstToHost { host, cuts }) => self.first_packet_given(now, host, cuts),
                Due::Event(Event::ToHost { host, cuts }) => self.message_given(now, host, cuts),
                Due::Event(Event::LineFree { line, cuts }) => self.line_free(now, line, cuts),
                Due::Event(Event::Arrived { line, cuts, packet }) => {
                    let Line { to, cuts: cuts_now, .. } = self.lines[line];
                    if cuts == cuts_now {
                        self.arrive(now, to, packet);
                    }
                }
                Due::Event(Event::Local { packet }) => self.arrive(now, packet.to, packet),
                Due::Patience(wait) => self.lose_patience(now, wait),
            }
        }
    }
}
