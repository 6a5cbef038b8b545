//! The world: hosts, the subnet between them, and the order in which things happen.
//!
//! Order is (time, sequence number); of one moment, the subnet comes first. The subnet has an agenda of its own, and
//! each host at most one entry that counts in the agenda here, so that an idle host costs nothing. Whatever comes of an
//! event at once is carried to its end before the next event.
//!
//! In a live world the same events happen when their time has come by a real clock, and what comes in from
//! [`Outside`] happens in between.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use host::Host;
use imp::{Net, Subnet, Watch};
use imp1822::h316::{Speaker, Statistics};
use imp1822::{HostAddress, Signal};
use machine::{Instant, Machine, Rate};
use trace::{Record, What};

use crate::attached::Attached;
use crate::bare::Bare;
use crate::external::External;

/// The speed of the cable between a host and its IMP, each way.
const CABLE: Rate = Rate::kilobits(100);

/// More events than this at one moment mean that a machine sets its deadline to now, again and again.
const SPIN_LIMIT: u64 = 1_000_000;

/// Whoever wants to know what happens: gets each record as it comes about, and numbers it.
pub trait Log {
    /// Takes a record; answers its number.
    fn take(&mut self, record: Record) -> u64;
}

/// All machines of a run.
pub struct World<L> {
    now: Instant,
    subnet: Subnet,
    sites: Vec<Site>,
    /// When something last happened at a host that is not bare.
    stirred: Instant,
    by_address: Box<[Option<usize>; 256]>,
    agenda: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
    /// How many events have happened since the clock last moved.
    at_once: u64,
    /// What is beyond the world, if it is live.
    outside: Option<Box<dyn Outside>>,
    /// Whether somebody outside has stopped the world.
    stopped: bool,
    /// What has happened.
    pub log: L,
    /// How much has happened.
    pub counts: Counts,
}

/// What is beyond a live world: a clock, the cables of hosts elsewhere, and somebody who may stop it all.
pub trait Outside {
    /// Waits until it is `until` by the clock, or until something else happens. Not heard are the hosts at `deaf`: their
    /// IMPs have enough of them.
    fn wait(&mut self, until: Instant, deaf: &[HostAddress]) -> Waited;

    /// Sends a datagram to a host.
    fn send(&mut self, host: HostAddress, datagram: Vec<u8>);
}

/// What a live world has waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// The time has come.
    Time,
    /// A datagram has arrived from a host, at this time.
    Datagram(Instant, HostAddress, Vec<u8>),
    /// Somebody has stopped the world.
    Stopped,
}

/// An IMP that so many messages of a host outside wait for does not listen to it.
const MOST_WAITING: usize = 8;

/// How much has happened in a run: figures that are the same on every machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events taken from the agenda, those of the subnet's own agenda included.
    pub events: u64,
    /// Messages that hosts put on their cables.
    pub sent: u64,
    /// Messages that reached hosts.
    pub received: u64,
}

struct Site {
    address: HostAddress,
    host: Attached,
    /// For when it stands in the agenda.
    scheduled: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Instant,
    sequence: u64,
    site: usize,
}

impl<L: Log> World<L> {
    /// A world of these hosts, all of them off, on this net. The log gets the frames between IMPs that `watch` says. The
    /// errors of lines are drawn from `seed`.
    pub fn new(
        net: &Net,
        hosts: impl IntoIterator<Item = (HostAddress, Host)>,
        watch: Watch,
        seed: u64,
        log: L,
    ) -> Self {
        let subnet = Subnet::new(net, imp::Settings { cable: CABLE, watch, seed });
        let sites: Vec<Site> =
            hosts.into_iter().map(|(address, host)| Site::new(address, Attached::Host(host))).collect();
        let mut by_address = Box::new([None; 256]);
        for (index, site) in sites.iter().enumerate() {
            by_address[usize::from(site.address.number())] = Some(index);
        }
        World {
            now: Instant::START,
            subnet,
            sites,
            stirred: Instant::START,
            by_address,
            agenda: BinaryHeap::new(),
            sequence: 0,
            at_once: 0,
            outside: None,
            stopped: false,
            log,
            counts: Counts::default(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// When the next thing happens, if anything does.
    pub fn upcoming(&mut self) -> Option<Instant> {
        [self.subnet.deadline(), self.upcoming_at_hosts()].into_iter().flatten().min()
    }

    /// When a host's own time comes next, if one's does.
    fn upcoming_at_hosts(&mut self) -> Option<Instant> {
        // Entries that no longer count are swept away on the occasion.
        while let Some(Reverse(entry)) = self.agenda.peek() {
            if self.sites[entry.site].scheduled == Some(entry.at) {
                return Some(entry.at);
            }
            self.agenda.pop();
        }
        None
    }

    /// Whether nothing happens up to `end` but that IMPs exchange routing messages.
    pub(crate) fn is_quiet_until(&mut self, end: Instant) -> bool {
        self.outside.is_none()
            && self.upcoming_at_hosts().is_none_or(|next| next > end)
            && (self.subnet.deadline().is_none_or(|next| next > end) || self.subnet.is_quiet())
    }

    /// Lets the next thing happen; answers whether there was one.
    ///
    /// # Panics
    /// If things go on happening while the clock stands still: a machine breaks its contract.
    pub fn step(&mut self) -> bool {
        if self.outside.is_some() {
            self.step_until(Instant::from_micros(u64::MAX));
            return !self.stopped;
        }
        let Some(at) = self.upcoming() else { return false };
        self.happen(at);
        true
    }

    /// Lets the next thing happen, whose time has come.
    fn happen(&mut self, at: Instant) {
        self.at_once = if at > self.now { 0 } else { self.at_once + 1 };
        assert!(self.at_once < SPIN_LIMIT, "the clock stands still at {at} s");
        self.now = at;
        self.counts.events += 1;
        if self.subnet.deadline() == Some(at) {
            self.subnet.alarm(at);
        } else if let Some(Reverse(Entry { site, .. })) = self.agenda.pop() {
            self.stir(site);
            self.sites[site].scheduled = None;
            self.sites[site].host.alarm(at);
            self.drain_host(site, None);
        }
        self.drain_subnet();
    }

    /// Waits for the next thing that happens in a live world, or until `end`, and lets it happen.
    pub(crate) fn step_until(&mut self, end: Instant) {
        let upcoming = self.upcoming();
        let until = upcoming.map_or(end, |next| next.min(end));
        let externals = self.sites.iter().filter(|site| matches!(site.host, Attached::External(_)));
        let deaf: Vec<HostAddress> = externals
            .map(|site| site.address)
            .filter(|host| self.subnet.waiting_at(*host) >= MOST_WAITING)
            .collect();
        let Some(outside) = &mut self.outside else { return };
        match outside.wait(until, &deaf) {
            Waited::Time if upcoming == Some(until) => self.happen(until),
            Waited::Time => self.now = self.now.max(until),
            Waited::Datagram(at, host, datagram) => {
                // The clock of the world may be behind, never ahead: what is due happens first.
                self.now = at.min(until).max(self.now);
                self.counts.events += 1;
                self.at_once = 0;
                self.hear(host, &datagram);
            }
            Waited::Stopped => self.stopped = true,
        }
    }

    /// A datagram has arrived from a host outside.
    fn hear(&mut self, host: HostAddress, datagram: &[u8]) {
        let Some(index) = self.by_address[usize::from(host.number())] else { return };
        let Attached::External(external) = &mut self.sites[index].host else { return };
        external.hear(self.now, datagram);
        self.stir(index);
        self.drain_host(index, None);
        self.drain_subnet();
    }

    /// Makes the world live: everything waits for its time, hosts are elsewhere.
    pub fn go_live(&mut self, outside: Box<dyn Outside>, externals: impl IntoIterator<Item = HostAddress>) {
        self.outside = Some(outside);
        for address in externals {
            let index = self.sites.len();
            let external = External::new(self.now);
            self.subnet.treat_as_external(address);
            self.sites.push(Site::new(address, Attached::External(Box::new(external))));
            self.by_address[usize::from(address.number())] = Some(index);
            self.drain_host(index, None);
        }
        self.drain_subnet();
    }

    /// Whether everything waits for its time.
    pub(crate) fn is_live(&self) -> bool {
        self.outside.is_some()
    }

    /// Whether somebody outside has stopped the world.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// What was counted at the cables of the hosts outside.
    pub fn cables(&self) -> impl Iterator<Item = (HostAddress, Statistics)> {
        self.sites.iter().filter_map(|site| match &site.host {
            Attached::External(external) => Some((site.address, external.statistics())),
            Attached::Host(_) | Attached::Bare(_) => None,
        })
    }

    /// Lets everything happen that happens before `end`, or at it; then it is `end`.
    pub fn run_until(&mut self, end: Instant) {
        while self.outside.is_some() && self.now < end && !self.stopped {
            self.step_until(end);
        }
        if self.outside.is_some() {
            return;
        }
        while self.upcoming().is_some_and(|next| next <= end) {
            self.step();
        }
        self.now = self.now.max(end);
    }

    /// Does something with a host, from outside, and lets what comes of it at once happen. `None` if there is
    /// no such host.
    pub fn act<T>(&mut self, address: HostAddress, act: impl FnOnce(&mut Host, Instant) -> T) -> Option<T> {
        let index = self.by_address[usize::from(address.number())]?;
        let Attached::Host(host) = &mut self.sites[index].host else { return None };
        let result = act(host, self.now);
        self.stir(index);
        self.drain_host(index, None);
        self.drain_subnet();
        Some(result)
    }

    /// Attaches a bare host, which comes up at once.
    pub(crate) fn attach(&mut self, address: HostAddress, bare: Bare) {
        let index = self.sites.len();
        self.sites.push(Site::new(address, Attached::Bare(Box::new(bare))));
        self.by_address[usize::from(address.number())] = Some(index);
        self.drain_host(index, None);
        self.drain_subnet();
    }

    /// Does something with a bare host, from outside, and lets what comes of it at once happen. `None` if there is
    /// no such host.
    pub(crate) fn act_on_bare<T>(
        &mut self,
        address: HostAddress,
        act: impl FnOnce(&mut Bare, Instant) -> T,
    ) -> Option<T> {
        let index = self.by_address[usize::from(address.number())]?;
        let Attached::Bare(bare) = &mut self.sites[index].host else { return None };
        let result = act(bare, self.now);
        self.drain_host(index, None);
        self.drain_subnet();
        Some(result)
    }

    /// A bare host, to look at.
    pub(crate) fn bare(&self, address: HostAddress) -> Option<&Bare> {
        let index = self.by_address[usize::from(address.number())]?;
        match &self.sites[index].host {
            Attached::Bare(bare) => Some(bare),
            Attached::Host(_) | Attached::External(_) => None,
        }
    }

    /// The subnet, to look at.
    pub(crate) fn subnet(&self) -> &Subnet {
        &self.subnet
    }

    /// When something last happened at a host that is not bare: its own time came, something reached it, or
    /// somebody did something there.
    pub(crate) fn stirred(&self) -> Instant {
        self.stirred
    }

    /// Whether no host that is not bare waits for its own time to come.
    pub(crate) fn nobody_waits(&self) -> bool {
        let own = self.sites.iter().filter(|site| matches!(site.host, Attached::Host(_)));
        self.outside.is_none() && own.into_iter().all(|site| site.host.deadline().is_none())
    }

    fn stir(&mut self, index: usize) {
        if matches!(self.sites[index].host, Attached::Host(_) | Attached::External(_)) {
            self.stirred = self.now;
        }
    }

    /// Does something with the subnet, from outside, and lets what comes of it at once happen.
    pub fn act_on_subnet<T>(&mut self, act: impl FnOnce(&mut Subnet, Instant) -> T) -> T {
        let result = act(&mut self.subnet, self.now);
        self.drain_subnet();
        result
    }

    /// Logs something that no machine says.
    pub fn log(&mut self, what: What) {
        self.log.take(Record { at: self.now, cause: None, what });
    }

    /// A host, to look at.
    pub fn host(&self, address: HostAddress) -> Option<&Host> {
        let index = self.by_address[usize::from(address.number())]?;
        match &self.sites[index].host {
            Attached::Host(host) => Some(host),
            Attached::Bare(_) | Attached::External(_) => None,
        }
    }

    /// All hosts but the bare ones, to look at, in the order in which they were given.
    pub fn hosts(&self) -> impl Iterator<Item = (HostAddress, &Host)> {
        self.sites.iter().filter_map(|site| match &site.host {
            Attached::Host(host) => Some((site.address, host)),
            Attached::Bare(_) | Attached::External(_) => None,
        })
    }

    /// Carries what the subnet has to say to the hosts, and what they answer back, until nobody says more.
    fn drain_subnet(&mut self) {
        while let Some(output) = self.subnet.poll() {
            match output {
                imp::Output::Packet(crossing) => {
                    self.log.take(Record { at: self.now, cause: None, what: What::Packet(crossing) });
                }
                imp::Output::Notice { imp, notice } => {
                    self.log.take(Record { at: self.now, cause: None, what: What::Notice { imp, notice } });
                }
                imp::Output::Host(address, signal) => {
                    self.counts.received += u64::from(matches!(signal, Signal::Message(_)));
                    let Some(index) = self.by_address[usize::from(address.number())] else { continue };
                    let what = What::Received { host: address, signal: signal.clone() };
                    let number = self.log.take(Record { at: self.now, cause: None, what });
                    self.stir(index);
                    self.sites[index].host.handle(self.now, signal);
                    self.drain_host(index, Some(number));
                }
            }
        }
    }

    /// Puts what a host has to say onto its cable.
    fn drain_host(&mut self, index: usize, cause: Option<u64>) {
        let Site { address, host, scheduled } = &mut self.sites[index];
        let host_address = *address;
        // What is wrong with datagrams is why a message behind them is not what was to be expected.
        if let Attached::External(external) = &mut *host {
            for trouble in external.troubles() {
                let what = What::Cable { host: host_address, speaker: Speaker::Host, trouble };
                self.log.take(Record { at: self.now, cause, what });
            }
        }
        while let Some(output) = host.poll() {
            let what = match output {
                host::Output::Note(note) => What::Note { host: host_address, note },
                host::Output::ToImp(signal) => {
                    self.counts.sent += u64::from(matches!(signal, Signal::Message(_)));
                    self.subnet.handle(self.now, (host_address, signal.clone()));
                    What::Sent { host: host_address, signal }
                }
            };
            self.log.take(Record { at: self.now, cause, what });
        }
        if let (Attached::External(external), Some(outside)) = (&mut *host, &mut self.outside) {
            external.datagrams().for_each(|datagram| outside.send(host_address, datagram));
        }
        let deadline = host.deadline();
        if *scheduled != deadline {
            *scheduled = deadline;
            if let Some(at) = deadline {
                self.agenda.push(Reverse(Entry { at, sequence: self.sequence, site: index }));
                self.sequence += 1;
            }
        }
    }
}

impl Site {
    fn new(address: HostAddress, host: Attached) -> Self {
        Site { address, host, scheduled: None }
    }
}
