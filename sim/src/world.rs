//! The world: hosts, the subnet between them, and the order in which things happen.
//!
//! Order is (time, sequence number); of one moment, the subnet comes first. The subnet has an agenda of its own, and
//! each host at most one entry that counts in the agenda here, so that an idle host costs nothing. Whatever comes of an
//! event at once is carried to its end before the next event.
//!
//! [`World::advance`] lets the next thing happen, and every wait is a loop around it. It alone knows whether a
//! [`Driver`] makes the world live, so that events wait for their time by a real clock and datagrams of remote hosts
//! come in between; simulated time is a clock that nothing waits for.

use host::Host;
use imp::{Fault, MeetsNothing, Net, Prototype, Subnet, Watch};
use imp1822::h316::Speaker;
use imp1822::{HostAddress, Signal};
use machine::{Instant, Machine, Rate};
use trace::{Record, What};

use crate::counts::Counts;
use crate::driver::{Driver, Wake};
use crate::host_agenda::HostAgenda;
use crate::node::{Node, seen_by_its_host};
use crate::output::{NodeOutput, is_report};
use crate::slot::Slot;

use in_flight::{Held, InFlight};

mod attach;
mod history;
mod holding;
mod in_flight;
mod log;
mod look;

pub(crate) use in_flight::{Arrival, ArrivalOrder, Delivery};
pub use log::Log;

/// The speed of the cable between a host and its IMP, each way.
const CABLE: Rate = Rate::kilobits(100);

/// More events than this at one moment mean that a machine sets its deadline to now, again and again.
const SPIN_LIMIT: u64 = 1_000_000;

/// Datagrams of a remote host are left where they are while this many of its messages wait at its IMP.
const MAX_WAITING: usize = 8;

/// All machines of a run.
pub struct World<L> {
    now: Instant,
    subnet: Subnet,
    slots: Vec<Slot>,
    /// By the numbers of hosts, the place of each.
    by_address: Box<[Option<u8>; 256]>,
    agenda: HostAgenda,
    /// When something last happened at a host that is not a generator.
    last_activity: Instant,
    /// How many events have happened since the clock last moved.
    events_this_instant: u64,
    /// What is held back on its way to hosts, if somebody says in which order it arrives.
    in_flight: Option<Box<InFlight>>,
    driver: Option<Box<dyn Driver>>,
    is_stopped: bool,
    recorded: u64,
    log: L,
    counts: Counts,
}

/// What came of an [advance](World::advance).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    /// Something has happened.
    Happened,
    /// Nothing happens up to the given time. In real time, that time has come; simulated time stands where it stood.
    Reached,
    /// Nothing will ever happen again by itself.
    Idle,
    /// The driver has ended the run.
    Stopped,
}

/// A net at its start, with cables of the usual speed.
///
/// # Panics
/// If the net is not sound ([`Net::check`]).
pub(crate) fn prototype(net: &Net) -> Prototype {
    Prototype::new(net, CABLE)
}

/// Where something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Subnet,
    Host,
}

impl<L: Log> World<L> {
    /// A world of these hosts, all of them off, on this net. The log gets the frames between IMPs that `watch` says. The
    /// errors of lines are drawn from `seed`.
    ///
    /// # Panics
    /// If the net is not sound ([`Net::check`]).
    pub fn new(
        net: &Net,
        hosts: impl IntoIterator<Item = (HostAddress, Host)>,
        watch: Watch,
        seed: u64,
        log: L,
    ) -> Self {
        World::on_subnet(prototype(net).into_subnet(watch, seed), hosts, log)
    }

    /// A world of these hosts, all of them off, on a subnet at its start.
    pub(crate) fn on_subnet(
        subnet: Subnet,
        hosts: impl IntoIterator<Item = (HostAddress, Host)>,
        log: L,
    ) -> Self {
        let mut world = World {
            now: Instant::START,
            subnet,
            slots: Vec::new(),
            by_address: Box::new([None; 256]),
            agenda: HostAgenda::default(),
            last_activity: Instant::START,
            events_this_instant: 0,
            in_flight: None,
            driver: None,
            is_stopped: false,
            recorded: 0,
            log,
            counts: Counts::default(),
        };
        for (address, host) in hosts {
            world.put(address, Node::Host(host));
        }
        world
    }

    fn put(&mut self, address: HostAddress, node: Node) -> usize {
        let slot = self.slots.len();
        self.slots.push(Slot { address, node, inbox: None });
        // There are no more hosts than such places.
        self.by_address[usize::from(address.number())] = Some(slot as u8);
        slot
    }

    /// The place of a host, if there is such a one.
    fn slot(&self, address: HostAddress) -> Option<usize> {
        self.by_address[usize::from(address.number())].map(usize::from)
    }

    /// The time now.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How much has happened so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The log.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// The log, to ask it for more.
    pub fn log_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// When the next thing happens, if anything does.
    pub fn next_event(&mut self) -> Option<Instant> {
        self.upcoming().map(|(at, _)| at)
    }

    /// When the next thing happens, if anything does, and where. Of one moment, the subnet comes first.
    fn upcoming(&mut self) -> Option<(Instant, Place)> {
        let subnet = self.subnet.deadline();
        if self.in_flight.is_some() && !self.subnet.find_quiet() {
            // No clock of a host strikes while a message is on its way.
            return subnet.map(|at| (at, Place::Subnet));
        }
        // One that should have struck meanwhile does so now.
        let hosts = self.agenda.next().map(|at| at.max(self.now));
        match (subnet, hosts) {
            (Some(at), hosts) if hosts.is_none_or(|hosts| at <= hosts) => Some((at, Place::Subnet)),
            (_, hosts) => hosts.map(|at| (at, Place::Host)),
        }
    }

    /// Lets the next thing happen, if it does at `end` or before. In real time, waits for it.
    ///
    /// # Panics
    /// If things go on happening while the clock stands still: a machine breaks its contract.
    pub fn advance(&mut self, end: Instant) -> Advance {
        if self.is_stopped {
            return Advance::Stopped;
        }
        if let Some(advance) = self.let_one_arrive() {
            return advance;
        }
        let next = self.upcoming();
        let until = next.map_or(end, |(at, _)| at.min(end));
        let wake = match &mut self.driver {
            None => match next {
                None => return Advance::Idle,
                Some((at, _)) if at > end => return Advance::Reached,
                Some(_) => Wake::Due,
            },
            Some(driver) => {
                let waits_for_imp = |slot: &&Slot| {
                    matches!(slot.node, Node::Remote(_))
                        && self.subnet.waiting_at(slot.address) >= MAX_WAITING
                };
                let paused = self.slots.iter().filter(waits_for_imp);
                let paused: Vec<HostAddress> = paused.map(|slot| slot.address).collect();
                driver.wait(until, &paused)
            }
        };
        match (wake, next) {
            (Wake::Due, Some((at, place))) if at == until => {
                self.fire(at, place);
                Advance::Happened
            }
            (Wake::Due, _) => {
                self.now = self.now.max(until);
                Advance::Reached
            }
            (Wake::Datagram(at, host, datagram), _) => {
                // The time of the world may be behind the clock, never ahead: what is due happens first.
                self.now = at.min(until).max(self.now);
                self.counts.events += 1;
                self.events_this_instant = 0;
                self.deliver(host, &datagram);
                Advance::Happened
            }
            (Wake::Stopped, _) => {
                self.is_stopped = true;
                Advance::Stopped
            }
        }
    }

    /// As [`advance`](World::advance), and lets more happen as long as nobody but IMPs learns of it, up to `patience`.
    pub(crate) fn advance_to_news(&mut self, end: Instant, patience: Instant) -> Advance {
        if self.is_simulated() && self.in_flight.is_none() {
            // As long as nobody but IMPs learns of anything, no host's deadline moves.
            let hosts = self.agenda.next().map_or(end, |at| at.max(self.now));
            if let Some((at, moments)) = self.subnet.run_to_output(end.min(patience).min(hosts)) {
                self.go_to(at);
                self.counts.events += moments;
                self.drain_subnet();
                return Advance::Happened;
            }
        }
        self.advance(end)
    }

    /// Lets everything happen that happens at `end` or before; then it is `end`. Returns whether it got there: a driver
    /// may end the run.
    pub fn run_until(&mut self, end: Instant) -> bool {
        loop {
            match self.advance(end) {
                Advance::Happened => {}
                Advance::Reached | Advance::Idle => break,
                Advance::Stopped => return false,
            }
        }
        self.now = self.now.max(end);
        true
    }

    /// Whether the time is simulated.
    pub(crate) fn is_simulated(&self) -> bool {
        self.driver.is_none()
    }

    /// The subnet, to look at.
    pub fn subnet(&self) -> &Subnet {
        &self.subnet
    }

    /// When something last happened at a host that is not a generator: its deadline came, something reached it, or it
    /// was acted on.
    pub(crate) fn last_activity(&self) -> Instant {
        self.last_activity
    }

    /// Does something with a host, from outside, and lets what comes of it at once happen. `None` if there is
    /// no such host.
    pub fn act<T>(&mut self, address: HostAddress, act: impl FnOnce(&mut Host, Instant) -> T) -> Option<T> {
        let slot = self.slot(address)?;
        let result = self.slots[slot].act(self.now, act)?;
        self.note_activity(slot);
        self.drain_node(slot, None);
        self.drain_subnet();
        Some(result)
    }

    /// Lets a fault happen, behind its record: what comes of it waits in the subnet until then.
    ///
    /// # Errors
    /// If the net has no such part, or it is in that state already. Then nothing happens, and nothing is recorded.
    pub fn inject(&mut self, fault: Fault) -> Result<(), MeetsNothing> {
        self.subnet.inject(self.now, fault)?;
        self.record(None, What::Fault(fault));
        if let Some((host, is_stuck)) = seen_by_its_host(fault) {
            self.act(host, |host, now| host.set_stuck(now, is_stuck));
        }
        self.drain_subnet();
        Ok(())
    }

    /// Logs something that no machine says.
    pub(crate) fn note(&mut self, what: What) {
        self.record(None, what);
    }

    /// Takes what a host has to say after its deadline. `cause`: the record of the message at which it has looked, if it was
    /// slow to.
    fn drain_after_look(&mut self, slot: usize, cause: Option<u64>) {
        if let Some(number) = cause {
            self.log.looks(self.now, self.slots[slot].address, number);
        }
        self.drain_node(slot, cause);
    }

    /// Holds a signal to a host back, if messages are held back. Else returns it.
    fn hold_back(&mut self, slot: usize, signal: Signal) -> Option<Signal> {
        let Some(in_flight) = &mut self.in_flight else { return Some(signal) };
        let slot = &self.slots[slot];
        if !matches!(slot.node, Node::Host(_)) {
            return Some(signal);
        }
        in_flight.hold_back(slot.address, signal)
    }

    /// Lets the next message arrive of those that are held back, if nothing else is on its way; and behind it, what its
    /// sender is told of it.
    fn let_one_arrive(&mut self) -> Option<Advance> {
        let in_flight = self.in_flight.as_mut()?;
        if !self.subnet.find_quiet() {
            return None;
        }
        let Held { delivery, message, answer, .. } = match in_flight.next() {
            Ok(held) => held,
            Err(Arrival::Stop) => {
                self.is_stopped = true;
                return Some(Advance::Stopped);
            }
            Err(Arrival::Of(_) | Arrival::Later) => return None,
        };
        self.counts.events += 1;
        self.reach(delivery.to, message);
        if let Some(answer) = answer {
            self.reach(delivery.from, answer);
        }
        self.drain_subnet();
        Some(Advance::Happened)
    }

    fn reach(&mut self, host: HostAddress, signal: Signal) {
        if let Some(slot) = self.slot(host) {
            self.arrive(slot, signal);
        }
    }

    /// The clock moves, or something else happens at the same moment.
    fn go_to(&mut self, at: Instant) {
        self.events_this_instant = if at > self.now { 0 } else { self.events_this_instant + 1 };
        assert!(self.events_this_instant < SPIN_LIMIT, "the clock stands still at {at} s");
        self.now = at;
    }

    /// Lets the next thing happen, whose time has come.
    fn fire(&mut self, at: Instant, place: Place) {
        self.go_to(at);
        self.counts.events += 1;
        match place {
            Place::Subnet => {
                self.subnet.alarm(at);
            }
            Place::Host => {
                if let Some(slot) = self.agenda.take() {
                    self.note_activity(slot);
                    let cause = self.slots[slot].alarm(at);
                    self.drain_after_look(slot, cause);
                }
            }
        }
        self.drain_subnet();
    }

    /// A datagram has arrived from a remote host.
    fn deliver(&mut self, host: HostAddress, datagram: &[u8]) {
        let Some(slot) = self.slot(host) else { return };
        let Node::Remote(remote) = &mut self.slots[slot].node else { return };
        remote.deliver(self.now, datagram);
        self.note_activity(slot);
        self.drain_node(slot, None);
        self.drain_subnet();
    }

    fn note_activity(&mut self, slot: usize) {
        if matches!(self.slots[slot].node, Node::Host(_) | Node::Remote(_)) {
            self.last_activity = self.now;
        }
    }

    /// Hands a record to the log, and returns its number.
    fn record(&mut self, cause: Option<u64>, what: What) -> u64 {
        let number = self.recorded;
        self.recorded += 1;
        if let Some(in_flight) = &mut self.in_flight {
            in_flight.history.take(&what);
        }
        self.log.take(number, Record { at: self.now, cause, what });
        number
    }

    /// Carries what the subnet has to say to the hosts, and what they answer back, until there is no more.
    fn drain_subnet(&mut self) {
        while let Some(output) = self.subnet.poll() {
            match output {
                imp::Output::Frame(crossing) => {
                    self.record(None, What::Packet(crossing));
                }
                imp::Output::Struck { host, toward, mishap, message } => {
                    self.record(None, What::Struck { host, toward, mishap, message });
                }
                imp::Output::Notice { imp, notice } => {
                    self.record(None, What::Notice { imp, notice });
                }
                imp::Output::Host(address, signal) => {
                    self.counts.received += u64::from(matches!(signal, Signal::Message(_)));
                    let Some(slot) = self.slot(address) else { continue };
                    let Some(signal) = self.hold_back(slot, signal) else { continue };
                    self.arrive(slot, signal);
                }
            }
        }
    }

    /// A signal reaches a host.
    fn arrive(&mut self, slot: usize, signal: Signal) {
        let host = self.slots[slot].address;
        let number = self.record(None, What::Received { host, signal: signal.clone() });
        // IMPs report for ever, as routing messages and traffic never end.
        if !is_report(&signal) {
            self.note_activity(slot);
        }
        self.slots[slot].handle(self.now, number, signal);
        self.drain_node(slot, Some(number));
    }

    /// Puts what a host has to say onto its cable.
    fn drain_node(&mut self, slot: usize, cause: Option<u64>) {
        let host = self.slots[slot].address;
        let first = self.recorded;
        while let Some(output) = self.slots[slot].node.poll() {
            match output {
                NodeOutput::Trouble(trouble) => {
                    self.record(cause, What::Cable { host, speaker: Speaker::Host, trouble });
                }
                NodeOutput::Note(note) => {
                    if let Node::Host(at) = &self.slots[slot].node {
                        self.log.look(self.now, host, &note, at);
                    }
                    self.record(cause, What::Note { host, note });
                }
                NodeOutput::ToImp(signal) => {
                    self.counts.sent += u64::from(matches!(signal, Signal::Message(_)));
                    self.subnet.handle(self.now, (host, signal.clone()));
                    self.record(cause, What::Sent { host, signal });
                }
                NodeOutput::Datagram(datagram) => {
                    if let Some(driver) = &mut self.driver {
                        driver.send(host, datagram);
                    }
                }
            }
        }
        if let Node::Host(at) = &self.slots[slot].node {
            // A slow host looks at what came long ago.
            let since = cause.filter(|cause| cause + 1 == first).unwrap_or(first);
            self.log.settled(host, at, since);
        }
        self.agenda.enter(slot, self.slots[slot].deadline());
    }
}
