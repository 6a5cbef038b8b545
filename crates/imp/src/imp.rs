//! One IMP: its trunks, its hosts, its routes, its buffers, and the messages that begin or end at it.
//!
//! An IMP knows of the rest of the world what its lines and cables bring, and nothing else.

use std::collections::{BTreeMap, VecDeque};

use imp1822::HostAddress;
use machine::Instant;

use crate::agenda::Event;
use crate::buffers::{Buffers, Room};
use crate::destination::Request;
use crate::inbound::Inbound;
use crate::outbound::Outbound;
use crate::output::Notice;
use crate::packet::{Body, Errand, Frame, Load, Packet, Receipt, Reply, Stamp};
use crate::port::Port;
use crate::routing::{IMPS, Neighbour, Routes, TICK, Table, combine};
use crate::trunk::{Change, Queued, Seen, Trunk};
use crate::wires::Wires;

/// For how many lines what an IMP itself has to say counts as having crossed when it sets out. With one, 128 transfers at
/// once on a net of 64 IMPs took 172 s: messages waited for answers that had no room. With two they take 59 s.
const WORD: u8 = 2;

/// An IMP.
#[derive(Debug)]
pub(crate) struct Imp {
    pub(crate) number: u8,
    pub(crate) up: bool,
    /// How often it was started.
    pub(crate) life: u32,
    /// When its slow clock first ticked in this life. The IMPs do not tick together.
    pub(crate) clock: Instant,
    /// Its hosts, by their number on it.
    pub(crate) ports: [Option<Port>; 4],
    /// Its ends of lines, in the order of the neighbours' numbers.
    pub(crate) trunks: Vec<Trunk>,
    /// What it thinks of the ways to all others.
    pub(crate) table: Table,
    routes: Routes,
    pub(crate) buffers: Buffers,
    /// What it has to say to other IMPs as soon as there is room for it.
    unsaid: VecDeque<(Packet, Room)>,
    /// Messages from here, by destination IMP.
    pub(crate) outbound: BTreeMap<u8, Outbound>,
    /// Messages to here, by source IMP.
    pub(crate) inbound: BTreeMap<u8, Inbound>,
    /// Who waits for buffers to put messages together in, first come, first served.
    pub(crate) requests: VecDeque<Request>,
    /// The single packet that has the buffer which is set aside for one whose turn it is.
    pub(crate) spare: Option<Receipt>,
}

impl Imp {
    pub(crate) fn new(number: u8) -> Self {
        Imp {
            number,
            up: true,
            life: 1,
            clock: Instant::from_micros(u64::from(number) * TICK.as_micros() / IMPS as u64),
            ports: Default::default(),
            trunks: Vec::new(),
            table: Table::of(number, 1),
            routes: [None; IMPS],
            buffers: Buffers::default(),
            unsaid: VecDeque::new(),
            outbound: BTreeMap::new(),
            inbound: BTreeMap::new(),
            requests: VecDeque::new(),
            spare: None,
        }
    }

    /// Whether packets can get from here to another IMP, or stay here.
    pub(crate) fn reaches(&self, to: u8) -> bool {
        self.table.reaches(to)
    }

    /// A host's port, if its ready line is up.
    pub(crate) fn connected(&mut self, address: HostAddress) -> Option<&mut Port> {
        let up = self.up;
        self.ports[usize::from(address.host())].as_mut().filter(|port| up && port.is_connected())
    }

    /// The same, if its cable was not cleared since it had been `cuts` times.
    pub(crate) fn port_since(&mut self, address: HostAddress, cuts: u32) -> Option<&mut Port> {
        self.connected(address).filter(|port| port.cuts == cuts)
    }

    /// Whether nothing goes on but the exchange of routing messages.
    pub(crate) fn is_quiet(&self) -> bool {
        !self.up
            || self.trunks.iter().all(Trunk::is_quiet)
                && self.ports.iter().flatten().all(Port::is_quiet)
                && self.unsaid.is_empty()
                && self.requests.is_empty()
                && self.outbound.values().all(Outbound::is_quiet)
                && self.inbound.values().all(Inbound::is_quiet)
    }

    /// The numbers from a source IMP. `None`: it has been started again since.
    pub(crate) fn inbound_since(&mut self, source: u8, stamp: &Stamp) -> Option<&mut Inbound> {
        let inbound = self.inbound.entry(source).or_insert_with(|| Inbound::new(stamp));
        if stamp.life < inbound.life {
            return None;
        }
        if stamp.life > inbound.life {
            inbound.give_up(&mut self.buffers);
            *inbound = Inbound::new(stamp);
        }
        inbound.keep_up(stamp, &mut self.buffers);
        Some(inbound)
    }

    /// The IMP stops, and forgets everything but which ready lines it sees.
    pub(crate) fn stop(&mut self, wires: &mut Wires) {
        self.up = false;
        self.unsaid.clear();
        self.outbound.clear();
        self.inbound.clear();
        self.requests.clear();
        self.spare = None;
        self.buffers = Buffers::default();
        for port in self.ports.iter_mut().flatten() {
            port.clear();
        }
        for trunk in &self.trunks {
            wires.lines[trunk.line].stop(wires.now);
        }
    }

    /// The IMP starts anew. It has heard of nobody.
    pub(crate) fn start(&mut self, wires: &mut Wires) {
        self.up = true;
        self.life += 1;
        self.clock = wires.now;
        wires.agenda.plan(wires.now, Event::Tick { imp: self.number, life: self.life });
        self.table = Table::of(self.number, self.life);
        self.routes = [None; IMPS];
        for trunk in &mut self.trunks {
            let round_trip = wires.lines[trunk.line].round_trip();
            *trunk = Trunk::new(trunk.line, trunk.neighbour, round_trip, self.life);
        }
    }
}

/// The way of packets.
impl Imp {
    /// Takes a new look at what the neighbours say. Answers whether anything has changed.
    pub(crate) fn find_routes(&mut self) -> bool {
        let up = self.trunks.iter().enumerate().filter(|(_, trunk)| trunk.is_up());
        let neighbours =
            up.map(|(index, trunk)| Neighbour { trunk: index, table: &trunk.table, waiting: trunk.load() });
        let before = self.routes;
        let table = combine((self.number, self.life), neighbours, &mut self.routes);
        let changed = table != self.table || before != self.routes;
        self.table = table;
        changed
    }

    /// On which trunk packets to an IMP leave, if there is a way.
    fn route(&self, to: u8) -> Option<usize> {
        self.routes.get(usize::from(to)).copied().flatten()
    }

    /// Whether the line to an IMP has room for one more packet that has crossed so many. Without a way it is not needed.
    fn has_place(&self, to: u8, crossed: u8) -> bool {
        self.route(to).is_none_or(|trunk| self.trunks[trunk].has_room(crossed))
    }

    /// Sends a packet that has a buffer on its way. Without a way it is lost.
    pub(crate) fn forward(&mut self, queued: Queued, wires: &mut Wires) {
        match self.route(queued.packet.to) {
            Some(trunk) => {
                self.trunks[trunk].push(queued, wires);
                self.pump(trunk, wires);
            }
            None => self.buffers.delivered(queued.room),
        }
    }

    /// Lets a trunk send what it can.
    pub(crate) fn pump(&mut self, trunk: usize, wires: &mut Wires) {
        let Imp { trunks, table, number, life, .. } = self;
        trunks[trunk].pump(table, wires);
        trunks[trunk].watch(*number, *life, trunk, wires);
    }

    /// Says something to another IMP, as soon as there is room for it. What is said to itself needs none. Others wait for
    /// it: it goes before packets of the own hosts, as if it had crossed lines already.
    pub(crate) fn say(&mut self, to: u8, body: Body, wires: &mut Wires) {
        let packet = Packet { from: self.number, to, crossed: WORD, body };
        self.send(packet, Room::Forwarding, wires);
    }

    /// Sends a single packet again, of which there is a copy, as soon as its line has room for it.
    pub(crate) fn say_again(&mut self, to: u8, stamp: Stamp, errand: Errand, wires: &mut Wires) {
        let packet = Packet { from: self.number, to, crossed: WORD, body: Body::Errand(stamp, errand) };
        self.send(packet, Room::Copy, wires);
    }

    fn send(&mut self, packet: Packet, room: Room, wires: &mut Wires) {
        if packet.to == self.number {
            self.keep(packet, wires);
        } else {
            self.unsaid.push_back((packet, room));
            self.say_what_can_be(wires);
        }
    }

    /// A packet is for this very IMP: it crosses no line.
    fn keep(&self, packet: Packet, wires: &mut Wires) {
        wires.agenda.plan(wires.now, Event::Local { imp: self.number, life: self.life, packet });
    }

    /// Says what waited for room and has it now.
    fn say_what_can_be(&mut self, wires: &mut Wires) {
        for _ in 0..self.unsaid.len() {
            let Some((packet, room)) = self.unsaid.pop_front() else { return };
            let fits = self.has_place(packet.to, packet.crossed)
                && match room {
                    Room::Forwarding => self.buffers.take_for_transit(packet.crossed),
                    Room::Copy => true,
                };
            if fits {
                self.forward(Queued { packet, room, since: wires.now }, wires);
            } else {
                self.unsaid.push_back((packet, room));
            }
        }
    }

    /// Sends a packet of an own host, for which a buffer has been taken.
    pub(crate) fn send_data(&mut self, to: u8, stamp: Stamp, errand: Errand, room: Room, wires: &mut Wires) {
        let packet = Packet { from: self.number, to, crossed: 0, body: Body::Errand(stamp, errand) };
        if to == self.number {
            self.buffers.delivered(room);
            self.keep(packet, wires);
        } else {
            self.forward(Queued { packet, room, since: wires.now }, wires);
        }
    }

    /// Whether a line has room for one more packet of an own host.
    pub(crate) fn line_has_room(&self, to: u8) -> bool {
        self.has_place(to, 0)
    }

    /// Answers a message, to the IMP that it came from.
    pub(crate) fn reply(&mut self, receipt: Receipt, reply: Reply, wires: &mut Wires) {
        let Receipt { source, life, number } = receipt;
        self.say(source, Body::Reply { life, number, reply }, wires);
    }

    /// Buffers have become free: who waits for them goes on.
    pub(crate) fn buffers_freed(&mut self, wires: &mut Wires) {
        self.say_what_can_be(wires);
        self.serve_requests(wires);
        self.resume_held(wires);
    }
}

/// What comes over a line.
impl Imp {
    /// A frame has arrived on a trunk.
    pub(crate) fn frame_arrived(&mut self, trunk: usize, frame: Frame, wires: &mut Wires) {
        if let Load::Routing(hello) = &frame.load {
            match self.trunks[trunk].greeted(*hello) {
                Change::None => {}
                Change::Up => wires.notice(self.number, Notice::LineAlive(self.trunks[trunk].neighbour)),
                Change::Down => self.line_died(trunk, wires),
            }
            let heard = &wires.lines[self.trunks[trunk].line ^ 1].table;
            if self.trunks[trunk].is_up() && self.trunks[trunk].table != *heard {
                self.trunks[trunk].table.clone_from(heard);
                wires.stirred = wires.now;
            }
        }
        if !self.trunks[trunk].is_up() {
            return;
        }
        let mut freed = false;
        let buffers = &mut self.buffers;
        self.trunks[trunk].acknowledged(frame.acks, |delivered| {
            freed = true;
            buffers.delivered(delivered.room);
        });
        if let Load::Packet { channel, odd, packet } = frame.load {
            self.packet_seen(trunk, channel, odd, packet, wires);
        }
        if freed {
            self.buffers_freed(wires);
        }
        self.pump(trunk, wires);
    }

    /// A packet has come over a line. If it is for this IMP it is taken, whatever becomes of it. If it is for another
    /// one it is taken if there is a buffer and room in the queue of its line; otherwise it is not acknowledged,
    /// and comes again.
    fn packet_seen(&mut self, trunk: usize, channel: u8, odd: bool, packet: Packet, wires: &mut Wires) {
        match self.trunks[trunk].look_at(channel, odd) {
            Seen::Twice => return,
            Seen::New => {}
        }
        let here = packet.to == self.number || matches!(packet.body, Body::Void);
        match self.route(packet.to) {
            _ if here => {
                self.trunks[trunk].take(channel);
                self.packet_arrived(packet, wires);
            }
            // Nobody has a way for it any more.
            None => self.trunks[trunk].take(channel),
            Some(next) => {
                let packet = Packet { crossed: packet.crossed.saturating_add(1), ..packet };
                if self.trunks[next].has_room(packet.crossed) && self.buffers.take_for_transit(packet.crossed)
                {
                    self.trunks[trunk].take(channel);
                    self.forward(Queued { packet, room: Room::Forwarding, since: wires.now }, wires);
                }
            }
        }
    }

    /// A packet for this IMP is here.
    pub(crate) fn packet_arrived(&mut self, packet: Packet, wires: &mut Wires) {
        let Packet { from, body, .. } = packet;
        match body {
            Body::Errand(stamp, errand) => self.errand_arrived(from, stamp, errand, wires),
            // A reply to a message of an earlier life says nothing about one of this life.
            Body::Reply { life, .. } if life != self.life => {}
            Body::Reply { number, reply, .. } => self.reply_arrived(from, number, reply, wires),
            Body::Void => {}
        }
    }

    /// A line is dead: what waits for it takes another way.
    pub(crate) fn line_died(&mut self, trunk: usize, wires: &mut Wires) {
        wires.notice(self.number, Notice::LineDead(self.trunks[trunk].neighbour));
        let displaced = self.trunks[trunk].take_back();
        self.find_routes();
        for queued in displaced {
            match queued.packet.body {
                Body::Void => {}
                Body::Errand(..) | Body::Reply { .. } => self.forward(queued, wires),
            }
        }
        self.buffers_freed(wires);
    }

    /// A look at packets that may have to be sent again.
    pub(crate) fn retransmit(&mut self, trunk: usize, wires: &mut Wires) {
        let old = self.trunks[trunk].look_again(wires.now);
        let freed = !old.is_empty();
        old.into_iter().for_each(|queued| self.buffers.delivered(queued.room));
        self.pump(trunk, wires);
        if freed {
            self.buffers_freed(wires);
        }
    }
}
