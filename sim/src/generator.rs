//! Traffic generators: hosts at level 1 and no higher. They send messages of a given size to other hosts, and wait for
//! the RFNMs. The IMPs of the time had message generators and discard hosts for this; ours are hosts on a cable
//! like every other, and use the links that were set aside for measurement (RFC 317, III).

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;

use imp1822::{FromImp, HostAddress, Interface, LEADER_BITS, Leader, Link, News, Signal, ToImp};
use machine::{BitWriter, Bits, Instant, Machine, Span};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trace::figures::Tally;

use scenario::ast::Generator;

mod exponential;
#[cfg(test)]
mod tests;

/// How many links to one host a generator uses.
const TRAFFIC_LINKS: u8 = 4;

/// While this many of its messages are unanswered, a generator sends no more; saturation has no such limit.
const MOST_OUTSTANDING: usize = 16;

/// At most this many messages wait at a generator until they can be sent; others are given up.
const BACKLOG: usize = 16;

/// A traffic generator. It raises its ready line at once.
#[derive(Debug)]
pub(crate) struct TrafficGenerator {
    address: HostAddress,
    interface: Interface,
    cable: Cable,
    random: ChaCha8Rng,
    sources: Vec<Source>,
    backlog: VecDeque<Message>,
    saturation: Option<Saturation>,
    /// The links that wait for the answer to a message, and when it was sent.
    outstanding: BTreeMap<(HostAddress, Link), Instant>,
    /// How many messages came from each host.
    arrived: BTreeMap<HostAddress, u64>,
    tally: Tally,
    out: VecDeque<Signal>,
}

/// What can be done with the cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cable {
    /// The IMP is not ready: nothing can be sent.
    Down,
    /// Messages may be sent.
    Up,
}

/// A generator of messages at work.
#[derive(Debug)]
struct Source {
    plan: Arc<Generator>,
    /// Its destinations, this host not among them.
    to: Vec<HostAddress>,
    next: Instant,
}

/// A message to be sent.
#[derive(Debug, Clone, Copy)]
struct Message {
    to: HostAddress,
    bits: u16,
}

/// This message is sent on this many links, again on each as soon as its RFNM has come.
#[derive(Debug, Clone, Copy)]
struct Saturation {
    offer: Message,
    links: u8,
}

impl TrafficGenerator {
    /// The traffic generator of that name. Like other hosts, it draws from a stream of its own, chosen by its name.
    pub(crate) fn new(name: &str, address: HostAddress, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(host::stream(name));
        let mut generator = TrafficGenerator {
            address,
            interface: Interface::new(),
            cable: Cable::Down,
            random,
            sources: Vec::new(),
            backlog: VecDeque::new(),
            saturation: None,
            outstanding: BTreeMap::new(),
            arrived: BTreeMap::new(),
            tally: Tally::default(),
            out: VecDeque::new(),
        };
        generator.drain_interface(Instant::START);
        generator
    }

    /// Begins to generate traffic, besides the traffic that it generates already.
    pub(crate) fn begin(&mut self, now: Instant, plan: &Arc<Generator>) {
        let to: Vec<HostAddress> = plan.to.iter().copied().filter(|to| *to != self.address).collect();
        if !to.is_empty() {
            let next = now + exponential::draw(&mut self.random, plan.gap);
            self.sources.push(Source { plan: Arc::clone(plan), to, next });
        }
    }

    /// Ends all traffic. What waits is not sent any more.
    pub(crate) fn stop(&mut self) {
        self.sources.clear();
        self.tally.held_back += self.backlog.len() as u64;
        self.backlog.clear();
    }

    /// Sends one message.
    pub(crate) fn send(&mut self, now: Instant, to: HostAddress, bits: u16) {
        self.offer(now, Message { to, bits });
    }

    /// Begins to send messages of one size on several links, on each as soon as it may be used again.
    pub(crate) fn saturate(&mut self, now: Instant, to: HostAddress, bits: u16, links: u8) {
        self.saturation = Some(Saturation { offer: Message { to, bits }, links });
        self.send_pending(now);
    }

    /// Ends that.
    pub(crate) fn stop_saturating(&mut self) {
        self.saturation = None;
    }

    /// Whether nothing is to be sent and every message is answered.
    pub(crate) fn is_idle(&self) -> bool {
        self.outstanding.is_empty() && self.backlog.is_empty() && self.saturation.is_none()
    }

    /// What became of the messages since this was last asked.
    pub(crate) fn take_tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }

    /// How many messages have come from a host.
    pub(crate) fn arrived_from(&self, from: HostAddress) -> u64 {
        self.arrived.get(&from).copied().unwrap_or_default()
    }

    /// A span out of a range, each as likely as any other.
    pub(crate) fn draw(&mut self, range: &RangeInclusive<Span>) -> Span {
        let (least, most) = (range.start().as_micros(), range.end().as_micros());
        Span::from_micros(self.random.random_range(least..=most))
    }

    /// Sends a message, or keeps it for later, or gives it up if too many wait.
    fn offer(&mut self, now: Instant, offer: Message) {
        self.tally.offered += 1;
        if let Some(link) = self.free_link(offer.to) {
            self.put(now, offer, link);
        } else if self.backlog.len() < BACKLOG {
            self.backlog.push_back(offer);
        } else {
            self.tally.held_back += 1;
        }
    }

    /// The link on which traffic to a host may be sent now.
    fn free_link(&self, to: HostAddress) -> Option<Link> {
        if self.cable == Cable::Down || self.outstanding.len() >= MOST_OUTSTANDING {
            return None;
        }
        self.first_free(to, TRAFFIC_LINKS)
    }

    /// The first of some links to a host that does not wait for a RFNM (Report 1822: one message on a link).
    fn first_free(&self, to: HostAddress, links: u8) -> Option<Link> {
        let mut links = Link::MEASUREMENT.take(links.into()).map(Link::from);
        links.find(|link| !self.outstanding.contains_key(&(to, *link)))
    }

    fn put(&mut self, now: Instant, offer: Message, link: Link) {
        self.outstanding.insert((offer.to, link), now);
        self.tally.sent += 1;
        self.out.push_back(Signal::Message(message(offer, link)));
    }

    /// Sends what can be sent now.
    fn send_pending(&mut self, now: Instant) {
        let mut waiting = std::mem::take(&mut self.backlog);
        // A message whose links are all in use does not hold back those for other hosts.
        waiting.retain(|offer| match self.free_link(offer.to) {
            Some(link) => {
                self.put(now, *offer, link);
                false
            }
            None => true,
        });
        self.backlog = waiting;
        if let Some(Saturation { offer, links }) = self.saturation
            && self.cable == Cable::Up
        {
            while let Some(link) = self.first_free(offer.to, links) {
                self.tally.offered += 1;
                self.put(now, offer, link);
            }
        }
    }

    fn drain_interface(&mut self, now: Instant) {
        while let Some(news) = self.interface.poll() {
            match news {
                News::ToImp(signal) => self.out.push_back(signal),
                News::Up => {
                    self.cable = Cable::Up;
                    self.send_pending(now);
                }
                // What was outstanding will not be answered.
                News::Down(_) => {
                    self.cable = Cable::Down;
                    self.outstanding.clear();
                }
                News::Message(message, _) => self.hear(now, message),
            }
        }
    }

    fn hear(&mut self, now: Instant, message: FromImp) {
        match message {
            FromImp::Regular { from, .. } => *self.arrived.entry(from).or_default() += 1,
            FromImp::Rfnm { to, link } => {
                if let Some(sent) = self.outstanding.remove(&(to, link)) {
                    let took = now.since(sent);
                    self.tally.rfnms += 1;
                    self.tally.round_trips += took;
                    self.tally.longest = self.tally.longest.max(took);
                }
            }
            FromImp::DestinationDead { to, link, .. } => {
                self.tally.dead += u64::from(self.outstanding.remove(&(to, link)).is_some());
            }
            FromImp::Incomplete { to, link, .. } | FromImp::ErrorInData { to, link } => {
                self.tally.incomplete += u64::from(self.outstanding.remove(&(to, link)).is_some());
            }
            // None of these says which message it answers, if it answers one.
            FromImp::FakeHost { .. }
            | FromImp::FakeHostDead { .. }
            | FromImp::ErrorInLeader { .. }
            | FromImp::GoingDown(_)
            | FromImp::Nop
            | FromImp::InterfaceReset
            | FromImp::Unknown(_) => {}
        }
        self.send_pending(now);
    }
}

impl Machine for TrafficGenerator {
    type Input = Signal;
    type Output = Signal;

    fn handle(&mut self, now: Instant, signal: Signal) {
        self.interface.handle(now, signal);
        self.drain_interface(now);
    }

    fn poll(&mut self) -> Option<Signal> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        self.sources.iter().map(|source| source.next).min()
    }

    fn alarm(&mut self, now: Instant) {
        for index in 0..self.sources.len() {
            while self.sources[index].next <= now {
                let Source { plan, to, next } = &mut self.sources[index];
                let choice = self.random.random_range(0..to.len() as u32) as usize;
                let offer = Message { to: to[choice], bits: size(plan, &mut self.random) };
                *next += exponential::draw(&mut self.random, plan.gap);
                self.offer(now, offer);
            }
        }
    }
}

/// One of the sizes, drawn by their shares.
fn size(plan: &Generator, random: &mut ChaCha8Rng) -> u16 {
    let all: u32 = plan.sizes.iter().map(|size| u32::from(size.share)).sum();
    let mut drawn = random.random_range(0..all.max(1));
    let sizes = plan.sizes.iter().find(|size| match drawn.checked_sub(size.share.into()) {
        Some(rest) => {
            drawn = rest;
            false
        }
        None => true,
    });
    sizes.map_or(0, |size| size.bits)
}

/// A regular message whose data bits are all zero.
fn message(Message { to, bits }: Message, link: Link) -> Bits {
    const ZEROS: [u8; u16::MAX as usize / 8 + 1] = [0; u16::MAX as usize / 8 + 1];
    let mut writer = BitWriter::new(LEADER_BITS + usize::from(bits));
    Leader::from(ToImp::Regular { to, link, priority: false }).emit(&mut writer);
    writer.put_bytes(&ZEROS[..usize::from(bits / 8)]);
    writer.put(0, usize::from(bits % 8));
    writer.finish()
}
