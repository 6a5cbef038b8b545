//! Store and forward: how an IMP passes packets on, by which line, and with which buffers.
//!
//! This side of an IMP knows lines, routes and packets, but no host and no message.

use crate::agenda::Event;
use crate::buffers::{Buffers, Room};
use crate::ids::{ImpNumber, Life, MessageId, TrunkId};
use crate::output::Notice;
use crate::packet::{Body, Errand, Frame, Load, Packet, Reply, Stamp};
use crate::queue::Queue;
use crate::routing::{Neighbour, News, Routes, Table, combine};
use crate::trunk::{Change, Queued, Seen, Trunk};
use crate::wires::Wires;

/// Control packets start out as if they had already crossed this many lines, so that they find room before data. With
/// one, 128 transfers at once on a net of 64 IMPs took 172 s: messages waited for answers that had no room. With two
/// they take 59 s.
const CONTROL_HEAD_START: u8 = 2;

/// The store and forward side of an IMP.
///
/// Packets leave by one of these:
///
/// * `say`: a control packet of this IMP, which waits for room if there is none.
/// * `say_again`: a single packet of a host once more, of which a copy is kept; it waits for room, too.
/// * `send`: a packet of a host, for which its sender has taken a buffer and found room.
/// * `forward`: a packet that has a buffer, by the line that leads to its destination.
#[derive(Debug, Clone)]
pub(crate) struct Relay {
    me: ImpNumber,
    life: Life,
    /// Its ends of lines, in the order of the neighbours' numbers.
    pub(crate) trunks: Vec<Trunk>,
    /// What it thinks of the ways to all others.
    pub(crate) table: Table,
    routes: Routes,
    pub(crate) buffers: Buffers,
    /// What it has to say to other IMPs as soon as there is room for it.
    unsaid: Queue<(Packet, Room)>,
}

/// What has become of a frame that has arrived.
#[derive(Debug, Clone)]
pub(crate) enum Arrival {
    /// The line is not alive: nothing but its routing message counts.
    Ignored,
    /// It says that the line is dead. Packets that waited for it may have left buffers free.
    LineDied,
    /// It counts. Perhaps a packet in it is for this IMP; perhaps what it acknowledges has left buffers free. When that
    /// is dealt with the trunk is to be pumped.
    Taken { here: Option<Packet>, freed: bool },
}

impl Relay {
    /// An IMP in its first life, without lines.
    pub(crate) fn new(me: ImpNumber) -> Self {
        Relay {
            me,
            life: Life::FIRST,
            trunks: Vec::new(),
            table: Table::of(me, Life::FIRST),
            routes: Routes::NONE,
            buffers: Buffers::default(),
            unsaid: Queue::default(),
        }
    }

    /// The number of this IMP.
    pub(crate) fn me(&self) -> ImpNumber {
        self.me
    }

    /// Its present life.
    pub(crate) fn life(&self) -> Life {
        self.life
    }

    /// The life of another IMP, as far as it is known.
    pub(crate) fn life_of(&self, to: ImpNumber) -> Option<Life> {
        self.table.life(to)
    }

    /// Whether packets can get from here to another IMP, or stay here.
    pub(crate) fn reaches(&self, to: ImpNumber) -> bool {
        self.table.reaches(to)
    }

    /// Whether nothing goes on but the exchange of routing messages.
    pub(crate) fn is_idle(&self) -> bool {
        self.trunks.iter().all(Trunk::is_idle) && self.unsaid.is_empty()
    }

    /// How much it has to say to other IMPs and has no room for.
    pub(crate) fn unsaid_count(&self) -> usize {
        self.unsaid.len()
    }

    /// Its trunks, in order.
    pub(crate) fn trunk_ids(&self) -> impl Iterator<Item = TrunkId> + use<> {
        (0..self.trunks.len()).map(TrunkId::new)
    }

    /// The IMP stops: all packets in it are lost, and what is on its lines is cut short.
    pub(crate) fn stop(&mut self, wires: &mut Wires) {
        self.unsaid.clear();
        self.buffers = Buffers::default();
        for trunk in &self.trunks {
            wires.lines[trunk.site.line].stop(wires.now);
        }
    }

    /// The IMP starts anew. It has heard of no other IMP.
    pub(crate) fn start(&mut self) {
        self.life = self.life.next();
        self.table = Table::of(self.me, self.life);
        self.routes = Routes::NONE;
        for trunk in &mut self.trunks {
            *trunk = Trunk::new(trunk.site, self.life);
        }
    }

    /// Combines what the neighbours say. Returns whether a route or an estimate has changed.
    pub(crate) fn find_routes(&mut self) -> bool {
        // Of the same, the same would come: a route is kept that is as good as any.
        let news = self.trunks.iter_mut().map(Trunk::weigh).max().unwrap_or(News::None);
        let known = match news {
            News::None => return false,
            News::OfDelays => Some(&self.table),
            News::OfReach => None,
        };
        let up = self.trunks.iter().filter(|trunk| trunk.is_up());
        let neighbours =
            up.map(|trunk| Neighbour { trunk: trunk.site.id, table: &trunk.table, waiting: trunk.load() });
        let before = self.routes;
        let table = combine((self.me, self.life), neighbours, known, &mut self.routes);
        let is_new = table != self.table;
        if is_new {
            self.table = table;
        }
        is_new || before != self.routes
    }

    /// The trunk on which packets to an IMP leave, if there is a way.
    fn route(&self, to: ImpNumber) -> Option<TrunkId> {
        self.routes.to(to)
    }

    fn trunk(&mut self, trunk: TrunkId) -> &mut Trunk {
        &mut self.trunks[trunk.index()]
    }

    /// Whether the line to an IMP has room for one more packet, which has crossed `crossed` lines. Without a way no room
    /// is needed.
    fn has_place(&self, to: ImpNumber, crossed: u8) -> bool {
        self.route(to).is_none_or(|trunk| self.trunks[trunk.index()].has_room(crossed))
    }

    /// Whether the line to an IMP has room for one more packet of an own host.
    pub(crate) fn has_room_to(&self, to: ImpNumber) -> bool {
        self.has_place(to, 0)
    }

    /// Lets a trunk send what it can.
    #[inline]
    pub(crate) fn pump(&mut self, trunk: TrunkId, wires: &mut Wires) {
        let Relay { trunks, table, .. } = self;
        trunks[trunk.index()].pump(table, wires);
    }
}

/// What leaves.
impl Relay {
    /// Says something to another IMP, as soon as there is room for it. What is said to itself needs none.
    pub(crate) fn say(&mut self, to: ImpNumber, body: Body, wires: &mut Wires) {
        self.send_when_room(to, body, Room::Forwarding, wires);
    }

    /// Replies to a message, to the IMP that it came from.
    pub(crate) fn reply(&mut self, message: MessageId, reply: Reply, wires: &mut Wires) {
        let MessageId { source, life, number } = message;
        self.say(source, Body::Reply { life, number, reply }, wires);
    }

    /// Sends a single packet again, of which there is a copy, as soon as its line has room for it.
    pub(crate) fn say_again(&mut self, to: ImpNumber, stamp: Stamp, errand: Errand, wires: &mut Wires) {
        self.send_when_room(to, Body::errand(stamp, errand), Room::Copy, wires);
    }

    fn send_when_room(&mut self, to: ImpNumber, body: Body, room: Room, wires: &mut Wires) {
        let packet = Packet { from: self.me, to, crossed: CONTROL_HEAD_START, body };
        if to == self.me {
            self.loop_back(packet, wires);
        } else if self.unsaid.is_empty() && self.makes_room(&packet, room) {
            self.forward(Queued { packet, room, since: wires.now }, wires);
        } else {
            self.unsaid.push_back((packet, room));
            self.flush(wires);
        }
    }

    /// Takes what a packet needs that this IMP has to say, if there is room for it.
    fn makes_room(&mut self, packet: &Packet, room: Room) -> bool {
        self.has_place(packet.to, packet.crossed)
            && match room {
                Room::Forwarding => self.buffers.take_for_transit(packet.crossed),
                Room::Copy => true,
            }
    }

    /// Whether something waits for room.
    pub(crate) fn has_unsaid(&self) -> bool {
        !self.unsaid.is_empty()
    }

    /// Sends what waited for room and has it now.
    pub(crate) fn flush(&mut self, wires: &mut Wires) {
        for _ in 0..self.unsaid.len() {
            let Some((packet, room)) = self.unsaid.pop_front() else { return };
            if self.makes_room(&packet, room) {
                self.forward(Queued { packet, room, since: wires.now }, wires);
            } else {
                self.unsaid.push_back((packet, room));
            }
        }
    }

    /// Sends a packet of an own host, for which a buffer has been taken.
    pub(crate) fn send(
        &mut self,
        to: ImpNumber,
        stamp: Stamp,
        errand: Errand,
        room: Room,
        wires: &mut Wires,
    ) {
        let packet = Packet { from: self.me, to, crossed: 0, body: Body::errand(stamp, errand) };
        if to == self.me {
            self.buffers.delivered(room);
            self.loop_back(packet, wires);
        } else {
            self.forward(Queued { packet, room, since: wires.now }, wires);
        }
    }

    /// A packet is for this very IMP: it crosses no line.
    fn loop_back(&self, packet: Packet, wires: &mut Wires) {
        wires.agenda.plan(wires.now, Event::Local { imp: self.me, life: self.life, packet });
    }

    /// Sends a packet that has a buffer on its way. Without a way it is lost.
    fn forward(&mut self, queued: Queued, wires: &mut Wires) {
        match self.route(queued.packet.to) {
            Some(trunk) => {
                let Relay { trunks, table, .. } = self;
                trunks[trunk.index()].push(queued, table, wires);
            }
            None => self.buffers.delivered(queued.room),
        }
    }
}

/// What arrives, and what does not.
impl Relay {
    /// A frame has arrived on a trunk.
    pub(crate) fn frame_arrived(&mut self, trunk: TrunkId, frame: Frame, wires: &mut Wires) -> Arrival {
        if let Load::Routing(hello) = frame.load {
            match self.trunk(trunk).on_hello(hello) {
                Change::None => {}
                Change::Up => {
                    let neighbour = self.trunk(trunk).site.neighbour.get();
                    wires.notice(self.me, Notice::LineAlive(neighbour));
                }
                Change::Down(displaced) => {
                    self.line_died(trunk, displaced, wires);
                    return Arrival::LineDied;
                }
            }
            let trunk = self.trunk(trunk);
            if trunk.hear(&wires.lines[trunk.site.line.back()].table) {
                wires.note_activity();
            }
        }
        let Relay { trunks, buffers, .. } = self;
        if !trunks[trunk.index()].is_up() {
            return Arrival::Ignored;
        }
        let mut freed = false;
        trunks[trunk.index()].acknowledged(frame.acks, |room| {
            freed = true;
            buffers.delivered(room);
        });
        let here = match frame.load {
            Load::Packet { channel, odd, packet } => self.packet_seen(trunk, channel, odd, packet, wires),
            Load::Nothing | Load::Routing(_) => None,
        };
        Arrival::Taken { here, freed }
    }

    /// A packet has come over a line. If it is for this IMP it is taken, whatever becomes of it, and returned. If it is for
    /// another one it is taken if there is a buffer and room in the queue of its line; otherwise it is not acknowledged,
    /// and comes again.
    fn packet_seen(
        &mut self,
        trunk: TrunkId,
        channel: u8,
        odd: bool,
        packet: Packet,
        wires: &mut Wires,
    ) -> Option<Packet> {
        match self.trunk(trunk).look_at(channel, odd) {
            Seen::Twice => return None,
            Seen::New => {}
        }
        if packet.to == self.me || matches!(packet.body, Body::Void) {
            self.trunk(trunk).take(channel);
            return Some(packet);
        }
        match self.route(packet.to) {
            // There is no way to its destination any more.
            None => self.trunk(trunk).take(channel),
            Some(next) => {
                let packet = Packet { crossed: packet.crossed.saturating_add(1), ..packet };
                if self.trunk(next).has_room(packet.crossed) && self.buffers.take_for_transit(packet.crossed)
                {
                    self.trunk(trunk).take(channel);
                    self.forward(Queued { packet, room: Room::Forwarding, since: wires.now }, wires);
                }
            }
        }
        None
    }

    /// A trunk's tick. Returns whether its line is dead since: packets that waited for it may have left buffers free.
    pub(crate) fn tick(&mut self, trunk: TrunkId, wires: &mut Wires) -> bool {
        match self.trunk(trunk).tick() {
            Change::None | Change::Up => false,
            Change::Down(displaced) => {
                self.line_died(trunk, displaced, wires);
                true
            }
        }
    }

    /// A line is dead: what waited for it takes another way.
    fn line_died(&mut self, trunk: TrunkId, displaced: Vec<Queued>, wires: &mut Wires) {
        let neighbour = self.trunk(trunk).site.neighbour.get();
        wires.notice(self.me, Notice::LineDead(neighbour));
        self.find_routes();
        for queued in displaced {
            match queued.packet.body {
                Body::Void => {}
                Body::Errand(_) | Body::Reply { .. } => self.forward(queued, wires),
            }
        }
    }

    /// Sends packets again that were not acknowledged in time, and drops those that are too old. Returns whether that has
    /// left buffers free.
    pub(crate) fn retransmit(&mut self, trunk: TrunkId, wires: &mut Wires) -> bool {
        let old = self.trunk(trunk).check(wires.now);
        let freed = !old.is_empty();
        old.into_iter().for_each(|queued| self.buffers.delivered(queued.room));
        self.pump(trunk, wires);
        freed
    }
}
