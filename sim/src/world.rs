//! The world: hosts, the subnet between them, and the order in which things happen.
//!
//! Order is (time, sequence number). Each machine has at most one entry in the agenda that counts, so that an
//! idle host costs nothing. Whatever comes of an event at once is carried to its end before the next event.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use host::{Directory, Host};
use imp::{Net, Subnet, Watch};
use imp1822::{HostAddress, Signal};
use machine::{Instant, Machine, Rate};
use trace::{Record, What};

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
    subnet: Timed<Subnet>,
    sites: Vec<Site>,
    by_address: Box<[Option<usize>; 256]>,
    agenda: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
    /// How many events have happened since the clock last moved.
    at_once: u64,
    /// When something last happened that was more than the exchange of routing messages.
    stirred: Instant,
    /// What has happened.
    pub log: L,
    /// How much has happened.
    pub counts: Counts,
}

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
    host: Timed<Host>,
}

/// A machine, and for when it stands in the agenda.
struct Timed<M> {
    machine: M,
    scheduled: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Instant,
    sequence: u64,
    who: Who,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Subnet,
    Site(usize),
}

impl<L: Log> World<L> {
    /// A world of these hosts, all of them off, on this net. With `packets`, the log gets every packet. The errors
    /// of lines are drawn from `seed`.
    pub fn new(
        net: &Net,
        hosts: impl IntoIterator<Item = (HostAddress, Host)>,
        packets: bool,
        seed: u64,
        log: L,
    ) -> Self {
        let watch = if packets { Watch::Packets } else { Watch::Nothing };
        let subnet = Subnet::new(net, imp::Settings { cable: CABLE, watch, seed });
        let sites: Vec<Site> =
            hosts.into_iter().map(|(address, host)| Site { address, host: Timed::new(host) }).collect();
        let mut by_address = Box::new([None; 256]);
        for (index, site) in sites.iter().enumerate() {
            by_address[usize::from(site.address.number())] = Some(index);
        }
        World {
            now: Instant::START,
            subnet: Timed::new(subnet),
            sites,
            by_address,
            agenda: BinaryHeap::new(),
            sequence: 0,
            at_once: 0,
            stirred: Instant::START,
            log,
            counts: Counts::default(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// When something last happened, apart from routing messages: IMPs that have heard of a change exchange them until
    /// they agree, whether or not anything else goes on.
    pub fn stirred(&self) -> Instant {
        self.stirred
    }

    /// When the next thing happens, if anything does.
    pub fn upcoming(&mut self) -> Option<Instant> {
        // Entries that no longer count are swept away on the occasion.
        while let Some(Reverse(entry)) = self.agenda.peek() {
            if self.scheduled(entry.who) == Some(entry.at) {
                return Some(entry.at);
            }
            self.agenda.pop();
        }
        None
    }

    /// Lets the next thing happen; answers whether there was one.
    ///
    /// # Panics
    /// If things go on happening while the clock stands still: a machine breaks its contract.
    pub fn step(&mut self) -> bool {
        if self.upcoming().is_none() {
            return false;
        }
        let Some(Reverse(Entry { at, who, .. })) = self.agenda.pop() else { return false };
        self.at_once = if at > self.now { 0 } else { self.at_once + 1 };
        assert!(self.at_once < SPIN_LIMIT, "the clock stands still at {at} s because of {who:?}");
        self.now = at;
        self.counts.events += 1;
        match who {
            Who::Subnet => {
                self.subnet.scheduled = None;
                let stirs = self.subnet.machine.stirs();
                self.subnet.machine.alarm(at);
                if self.subnet.machine.stirs() > stirs {
                    self.stirred = at;
                }
            }
            Who::Site(index) => {
                self.stirred = at;
                let host = &mut self.sites[index].host;
                host.scheduled = None;
                host.machine.alarm(at);
                self.drain_host(index, None);
            }
        }
        self.drain_subnet();
        true
    }

    /// Lets everything happen that happens before `end`, or at it; then it is `end`.
    pub fn run_until(&mut self, end: Instant) {
        while self.upcoming().is_some_and(|next| next <= end) {
            self.step();
        }
        self.now = self.now.max(end);
    }

    /// Does something with a host, from outside, and lets what comes of it at once happen. `None` if there is
    /// no such host.
    pub fn act<T>(&mut self, address: HostAddress, act: impl FnOnce(&mut Host, Instant) -> T) -> Option<T> {
        let index = self.by_address[usize::from(address.number())]?;
        let result = act(&mut self.sites[index].host.machine, self.now);
        self.drain_host(index, None);
        self.drain_subnet();
        Some(result)
    }

    /// Does something with the subnet, from outside, and lets what comes of it at once happen.
    pub fn act_on_subnet<T>(&mut self, act: impl FnOnce(&mut Subnet, Instant) -> T) -> T {
        let result = act(&mut self.subnet.machine, self.now);
        self.drain_subnet();
        result
    }

    /// Logs something that no machine says.
    pub fn log(&mut self, what: What) {
        self.log.take(Record { at: self.now, cause: None, what });
    }

    /// A host, to look at.
    pub fn host(&self, address: HostAddress) -> Option<&Host> {
        self.by_address[usize::from(address.number())].map(|index| &self.sites[index].host.machine)
    }

    /// All hosts, to look at, in the order in which they were given.
    pub fn hosts(&self) -> impl Iterator<Item = (HostAddress, &Host)> {
        self.sites.iter().map(|site| (site.address, &site.host.machine))
    }

    /// Carries what the subnet has to say to the hosts, and what they answer back, until nobody says more.
    fn drain_subnet(&mut self) {
        while let Some(output) = self.subnet.machine.poll() {
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
                    self.sites[index].host.machine.handle(self.now, signal);
                    self.drain_host(index, Some(number));
                }
            }
        }
        let deadline = self.subnet.machine.deadline();
        if self.subnet.wants(deadline) {
            self.schedule(Who::Subnet, deadline);
        }
    }

    /// Puts what a host has to say onto its cable.
    fn drain_host(&mut self, index: usize, cause: Option<u64>) {
        let Site { address, host } = &mut self.sites[index];
        let host_address = *address;
        while let Some(output) = host.machine.poll() {
            let what = match output {
                host::Output::Note(note) => What::Note { host: host_address, note },
                host::Output::ToImp(signal) => {
                    self.counts.sent += u64::from(matches!(signal, Signal::Message(_)));
                    self.subnet.machine.handle(self.now, (host_address, signal.clone()));
                    What::Sent { host: host_address, signal }
                }
            };
            self.log.take(Record { at: self.now, cause, what });
        }
        let deadline = host.machine.deadline();
        if host.wants(deadline) {
            self.schedule(Who::Site(index), deadline);
        }
    }

    fn scheduled(&self, who: Who) -> Option<Instant> {
        match who {
            Who::Subnet => self.subnet.scheduled,
            Who::Site(index) => self.sites[index].host.scheduled,
        }
    }

    fn schedule(&mut self, who: Who, at: Option<Instant>) {
        match who {
            Who::Subnet => self.subnet.scheduled = at,
            Who::Site(index) => self.sites[index].host.scheduled = at,
        }
        if let Some(at) = at {
            self.agenda.push(Reverse(Entry { at, sequence: self.sequence, who }));
            self.sequence += 1;
        }
    }
}

impl<M> Timed<M> {
    fn new(machine: M) -> Self {
        Timed { machine, scheduled: None }
    }

    /// Whether the entry in the agenda must change.
    fn wants(&self, deadline: Option<Instant>) -> bool {
        self.scheduled != deadline
    }
}

/// The table of names that every host of a net has.
pub(crate) fn directory(net: &Net) -> Arc<Directory> {
    let mut directory = Directory::default();
    for site in &net.hosts {
        directory.add(&site.name, site.address);
        site.aliases.iter().for_each(|alias| directory.add(alias, site.address));
    }
    Arc::new(directory)
}
