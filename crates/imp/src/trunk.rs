//! One IMP's end of a line: what waits for it, what has not been acknowledged, and whether it is alive (RFC 442,
//! ACK Mechanism).

use machine::{Instant, Span};

use crate::agenda::Event;
use crate::buffers::{Room, left_to_others};
use crate::ids::{ImpNumber, Life, LineId, TrunkId};
use crate::packet::{Body, Frame, Hello, Load, Packet, Session};
use crate::queue::Queue;
use crate::routing::{News, Table};
use crate::tally::LineTally;
use crate::wires::Wires;

/// How many packets may be under way on a line in one direction, each on a channel of its own (RFC 442).
const CHANNELS: usize = 8;

/// After this time a packet that was not acknowledged is sent again (RFC 442). If the line is too long or slow for an
/// acknowledgement to be back by then, after the time that one needs.
const PATIENCE: Span = Span::from_millis(125);

/// A packet that the next IMP has not taken for this time is thrown away: its source has stopped waiting for it.
/// The documents are silent; without this, IMPs that are full of packets for each other stay so for ever.
const OLDEST: Span = Span::from_secs(30);

/// How many packets may wait or be under way on a line before no more is taken in for it, so that the queue of
/// one line cannot take all buffers. The documents give no figure; this is the number of channels. If a line is so
/// long that packets under way fill the channels, as many may wait besides.
const MOST: usize = CHANNELS;

/// How many ticks may pass without a word from the other end before a line is taken for dead. The documents give
/// no figure; routing messages come at every tick, and four in a row are not lost by chance.
const MOST_MISSED: u8 = 4;

/// A packet that waits for a line, or for its acknowledgement.
#[derive(Debug, Clone)]
pub(crate) struct Queued {
    pub(crate) packet: Packet,
    /// What its buffer counts as.
    pub(crate) room: Room,
    /// Since when this IMP has it.
    pub(crate) since: Instant,
}

/// A packet that is under way on a line: sent, and not acknowledged.
#[derive(Debug, Clone)]
struct Sent {
    channel: u8,
    queued: Queued,
    /// When it was last sent.
    at: Instant,
}

/// What an end of a line knows of the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contact {
    /// Nothing was heard for some time.
    Silent,
    /// The other end is heard, under the name of its session, but does not say that it hears this one.
    Heard { session: Session },
    /// Both ends hear each other: packets may pass.
    Up { session: Session },
}

/// What an end of a line makes of what it hears, or does not hear.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    None,
    /// The line is alive from now on.
    Up,
    /// The line is dead from now on. These packets waited for it, or were not acknowledged: they must take another way.
    Down(Vec<Queued>),
}

/// Where a trunk is: the IMP that it belongs to, and where it leads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrunkSite {
    /// Its IMP.
    pub(crate) imp: ImpNumber,
    /// Which of that IMP's trunks it is.
    pub(crate) id: TrunkId,
    /// The direction of the line on which it sends.
    pub(crate) line: LineId,
    /// The IMP at the other end.
    pub(crate) neighbour: ImpNumber,
    /// The longest time from the start of a packet to its acknowledgement.
    pub(crate) round_trip: Span,
}

/// One IMP's end of a line.
#[derive(Debug, Clone)]
pub(crate) struct Trunk {
    pub(crate) site: TrunkSite,
    contact: Contact,
    /// What this end calls itself, until it loses contact.
    session: Session,
    /// How many ticks have passed since something was heard.
    missed: u8,
    /// What the neighbour said last of the ways from it.
    pub(crate) table: Table,
    /// What of that the routes of its IMP were not yet made of.
    news: News,
    /// How much waited when the routes of its IMP were last made. `None`: it was not up.
    weighed: Option<usize>,
    hurried: Queue<Queued>,
    plain: Queue<Queued>,
    /// What is under way, in the order in which it was last sent.
    under_way: Queue<Sent>,
    /// The channels on which something is: a bit for each.
    busy: u8,
    /// For each channel, the odd/even bit of the next packet, or of the one that is under way.
    odd: u8,
    /// For each channel of the other direction, the odd/even bit of the last packet taken.
    received: u8,
    /// Whether a packet was taken, or seen twice, since acknowledgements were last sent.
    owes_acks: bool,
    /// Whether a routing message is to be sent.
    owes_routing: bool,
    /// Whether a check for packets that may have to be sent again is planned.
    check_planned: bool,
    /// How long an acknowledgement may take.
    patience: Span,
    /// How many packets may wait or be under way.
    places: usize,
    /// What the next reports of its IMP tell of it.
    pub(crate) tally: LineTally,
}

/// What comes of a packet that arrives on a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It has not been here.
    New,
    /// It was taken before.
    Twice,
}

impl Trunk {
    /// The end of a line of which nothing has been heard. `life`: that of its IMP.
    pub(crate) fn new(site: TrunkSite, life: Life) -> Self {
        let TrunkSite { round_trip, .. } = site;
        Trunk {
            site,
            contact: Contact::Silent,
            session: Session { life, count: 0 },
            missed: 0,
            table: Table::empty(),
            news: News::None,
            weighed: None,
            hurried: Queue::default(),
            plain: Queue::default(),
            under_way: Queue::default(),
            busy: 0,
            odd: 0,
            received: u8::MAX,
            owes_acks: false,
            owes_routing: false,
            check_planned: false,
            patience: PATIENCE.max(round_trip),
            places: if round_trip > PATIENCE { 2 * MOST } else { MOST },
            tally: LineTally::default(),
        }
    }

    /// The end of a line whose ends have heard each other for long. Both are in the same life.
    pub(crate) fn already_up(site: TrunkSite, life: Life) -> Self {
        let trunk = Trunk::new(site, life);
        Trunk { contact: Contact::Up { session: trunk.session }, ..trunk }
    }

    /// Whether packets may pass.
    pub(crate) fn is_up(&self) -> bool {
        match self.contact {
            Contact::Up { .. } => true,
            Contact::Silent | Contact::Heard { .. } => false,
        }
    }

    /// How many packets wait or are under way.
    pub(crate) fn load(&self) -> usize {
        self.waiting() + self.under_way.len()
    }

    /// Weighs what the neighbour says and how much waits for the line, if it is up. Returns what is new in that since the
    /// last time.
    pub(crate) fn weigh(&mut self) -> News {
        let load = self.is_up().then(|| self.load());
        let of_load = match (std::mem::replace(&mut self.weighed, load), load) {
            (before, now) if before == now => News::None,
            (Some(_), Some(_)) => News::OfDelays,
            (None, _) | (_, None) => News::OfReach,
        };
        std::mem::replace(&mut self.news, News::None).max(of_load)
    }

    /// The neighbour says what it thinks of the ways from it. Returns whether that counts, and is new.
    pub(crate) fn hear(&mut self, table: &Table) -> bool {
        let news = if self.is_up() { table.news_since(&self.table) } else { News::None };
        if news != News::None {
            self.table.clone_from(table);
            self.news = self.news.max(news);
        }
        news != News::None
    }

    /// Whether there is room for one more packet, which has crossed `crossed` lines.
    pub(crate) fn has_room(&self, crossed: u8) -> bool {
        self.load() + usize::from(left_to_others(crossed)) < self.places
    }

    /// Whether nothing is going on but the exchange of routing messages.
    pub(crate) fn is_idle(&self) -> bool {
        let steady = match self.contact {
            Contact::Silent => true,
            Contact::Heard { .. } => false,
            Contact::Up { .. } => self.missed <= 1,
        };
        steady && !self.owes_acks && self.load() == 0
    }

    /// Sends a packet at once if the line has nothing else to do, else queues it.
    pub(crate) fn push(&mut self, queued: Queued, own: &Table, wires: &mut Wires) {
        let waiting = self.waiting();
        let line = &mut wires.lines[self.site.line];
        line.figures.longest = line.figures.longest.max(waiting + 1);
        let is_free = line.free_at() <= wires.now && waiting == 0 && !self.owes_routing;
        if let Some(channel) = self.free_channel().filter(|_| is_free && !self.is_overdue(wires.now)) {
            self.send_new(channel, queued, wires);
            self.plan_check(wires);
        } else {
            let queue = if queued.packet.hurries() { &mut self.hurried } else { &mut self.plain };
            queue.push_back(queued);
            self.pump(own, wires);
        }
    }

    /// A tick: a routing message is due, and one may not have come.
    pub(crate) fn tick(&mut self) -> Change {
        self.owes_routing = true;
        self.tally.ticked(self.missed > 0);
        self.missed = self.missed.saturating_add(1);
        match self.contact {
            Contact::Up { .. } if self.missed > MOST_MISSED => {
                Change::Down(self.lose_contact(Contact::Silent))
            }
            Contact::Heard { .. } if self.missed > MOST_MISSED => {
                // Nothing waits for a line that is not up.
                let _ = self.lose_contact(Contact::Silent);
                Change::None
            }
            Contact::Silent | Contact::Heard { .. } | Contact::Up { .. } => Change::None,
        }
    }

    /// The subnet was at rest, and nothing has changed. `ticked`: a tick has passed since a routing message would have
    /// been heard.
    pub(crate) fn wake(&mut self, ticked: bool) {
        self.owes_routing = false;
        self.missed = u8::from(ticked);
    }

    /// The routing message that a subnet at rest exchanges.
    pub(crate) fn routing_message(&self) -> Frame {
        Frame { acks: self.received, load: Load::Routing(self.hello()) }
    }

    /// The other end says what it hears.
    pub(crate) fn on_hello(&mut self, hello: Hello) -> Change {
        self.missed = 0;
        let heard = hello.heard == Some(self.session);
        let session = hello.session;
        match self.contact {
            // It hears this end, and this end hears it.
            Contact::Silent | Contact::Heard { .. } if heard => {
                self.contact = Contact::Up { session };
                Change::Up
            }
            Contact::Silent | Contact::Heard { .. } => {
                self.contact = Contact::Heard { session };
                Change::None
            }
            // All is well.
            Contact::Up { session: before } if heard && before == session => Change::None,
            // It began anew, or does not hear this end any more. Both must forget their odd/even bits.
            Contact::Up { .. } => Change::Down(self.lose_contact(Contact::Heard { session })),
        }
    }

    /// Begins a new session, with new odd/even bits. Returns all packets that waited or were under way.
    fn lose_contact(&mut self, contact: Contact) -> Vec<Queued> {
        self.contact = contact;
        self.session.count += 1;
        self.table = Table::empty();
        self.received = u8::MAX;
        self.owes_acks = false;
        (self.busy, self.odd) = (0, 0);
        self.under_way.make_contiguous().sort_unstable_by_key(|sent| sent.channel);
        let mut displaced: Vec<Queued> = self.under_way.drain(..).map(|sent| sent.queued).collect();
        displaced.extend(self.hurried.drain(..));
        displaced.extend(self.plain.drain(..));
        displaced
    }

    /// The other end acknowledges. Tells of each packet that it has taken what its buffer counts as.
    pub(crate) fn acknowledged(&mut self, acks: u8, mut delivered: impl FnMut(Room)) {
        let taken = self.busy & !(acks ^ self.odd);
        self.busy ^= taken;
        self.odd ^= taken;
        let mut left = taken;
        while left != 0 {
            left &= left - 1;
            let is_taken = |sent: &Sent| taken & 1 << sent.channel != 0;
            // As a rule it is that which was sent first.
            let sent = if self.under_way.front().is_some_and(is_taken) {
                self.under_way.pop_front()
            } else {
                let place = self.under_way.iter().position(is_taken);
                place.and_then(|place| self.under_way.remove(place))
            };
            if let Some(Sent { queued: Queued { packet, room, .. }, .. }) = sent {
                self.tally.carried(&packet);
                delivered(room);
            }
        }
    }

    /// Whether a packet on this channel with this odd/even bit was taken before. If it was, it is acknowledged
    /// again.
    pub(crate) fn look_at(&mut self, channel: u8, odd: bool) -> Seen {
        let twice = (self.received & 1 << channel != 0) == odd;
        self.owes_acks |= twice;
        if twice { Seen::Twice } else { Seen::New }
    }

    /// The packet on this channel is taken.
    pub(crate) fn take(&mut self, channel: u8) {
        self.received ^= 1 << channel;
        self.owes_acks = true;
    }

    /// Sends what is next, if the line is free; else has itself called when it is. `own`: what the routing message
    /// says, if one is owed.
    #[inline]
    pub(crate) fn pump(&mut self, own: &Table, wires: &mut Wires) {
        if self.has_something(wires.now) {
            self.send_next(own, wires);
        }
        self.plan_check(wires);
    }

    fn send_next(&mut self, own: &Table, wires: &mut Wires) {
        if wires.lines[self.site.line].free_at() <= wires.now {
            self.send_one(own, wires);
            if !self.has_something(wires.now) {
                return;
            }
        }
        wires.call_when_free(self.site.line);
    }

    /// Sends what is next: a routing message; a packet that has waited too long for its acknowledgement; priority packets;
    /// others; and if there is nothing else, the acknowledgements alone (RFC 442, page 7). Where the routing
    /// message has its place is not said; it goes first.
    fn send_one(&mut self, own: &Table, wires: &mut Wires) {
        let now = wires.now;
        if std::mem::take(&mut self.owes_routing) {
            wires.lines[self.site.line].table.clone_from(own);
            self.transmit(Load::Routing(self.hello()), false, wires);
        } else if self.is_overdue(now)
            && let Some(sent) = self.under_way.pop_front()
        {
            let load = self.carry(&sent);
            self.under_way.push_back(Sent { at: now, ..sent });
            self.transmit(load, true, wires);
        } else if let Some(channel) = self.free_channel()
            && let Some(queued) = self.hurried.pop_front().or_else(|| self.plain.pop_front())
        {
            self.send_new(channel, queued, wires);
        } else {
            self.transmit(Load::Nothing, false, wires);
        }
    }

    /// Sends a packet that was not sent before, on a free channel.
    #[inline]
    fn send_new(&mut self, channel: u8, queued: Queued, wires: &mut Wires) {
        let now = wires.now;
        wires.lines[self.site.line].figures.waited += now.since(queued.since);
        let sent = Sent { channel, queued, at: now };
        let load = self.carry(&sent);
        self.busy |= 1 << channel;
        self.under_way.push_back(sent);
        self.transmit(load, false, wires);
    }

    /// Puts something on the line, which is free. The acknowledgements go with it.
    fn transmit(&mut self, load: Load, again: bool, wires: &mut Wires) {
        self.owes_acks = false;
        wires.transmit(self.site.line, Frame { acks: self.received, load }, again);
    }

    /// A packet under way, as a frame carries it.
    fn carry(&self, sent: &Sent) -> Load {
        let Sent { channel, ref queued, .. } = *sent;
        Load::Packet { channel, odd: self.odd & 1 << channel != 0, packet: queued.packet.clone() }
    }

    fn hello(&self) -> Hello {
        let heard = match self.contact {
            Contact::Silent => None,
            Contact::Heard { session } | Contact::Up { session } => Some(session),
        };
        Hello { session: self.session, heard }
    }

    fn has_something(&self, now: Instant) -> bool {
        self.owes_routing
            || self.owes_acks
            || self.waiting() > 0 && self.free_channel().is_some()
            || self.is_overdue(now)
    }

    fn waiting(&self) -> usize {
        self.hurried.len() + self.plain.len()
    }

    fn free_channel(&self) -> Option<u8> {
        let number = self.busy.trailing_ones() as u8;
        (usize::from(number) < CHANNELS).then_some(number)
    }

    /// When the packet that has waited longest for its acknowledgement has waited too long.
    fn overdue_at(&self) -> Option<Instant> {
        self.under_way.front().map(|sent| sent.at + self.patience)
    }

    fn is_overdue(&self, now: Instant) -> bool {
        self.overdue_at().is_some_and(|at| at <= now)
    }

    /// Plans a check for packets that have to be sent again, unless one is planned. Those for which it is time already
    /// are sent as soon as the line is free.
    fn plan_check(&mut self, wires: &mut Wires) {
        if !self.check_planned
            && let Some(at) = self.overdue_at()
            && at > wires.now
        {
            self.check_planned = true;
            let (imp, life, trunk) = (self.site.imp, self.session.life, self.site.id);
            wires.agenda.plan(at, Event::Retransmit { imp, life, trunk });
        }
    }

    /// Runs the planned check. Returns the packets that are too old, which are dropped.
    pub(crate) fn check(&mut self, now: Instant) -> Vec<Queued> {
        self.check_planned = false;
        // As a rule all has been acknowledged by then.
        if self.load() == 0 {
            return Vec::new();
        }
        let too_old = |queued: &Queued| now.since(queued.since) > OLDEST;
        let mut old = Vec::new();
        for sent in self.under_way.iter_mut() {
            if too_old(&sent.queued) && !matches!(sent.queued.packet.body, Body::Void) {
                // The other end may have taken it, and the acknowledgement be lost: the channel's bits must not get
                // out of step. So the channel goes on with nothing in it.
                let empty = Queued { packet: void(), room: Room::Copy, since: now };
                old.push(std::mem::replace(&mut sent.queued, empty));
            }
        }
        for queue in [&mut self.hurried, &mut self.plain] {
            while queue.front().is_some_and(too_old) {
                old.extend(queue.pop_front());
            }
        }
        old
    }
}

/// A packet that says nothing.
fn void() -> Packet {
    Packet { from: ImpNumber::ZERO, to: ImpNumber::ZERO, crossed: 0, body: Body::Void }
}
