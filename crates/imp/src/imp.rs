//! One IMP: its trunks, its hosts, its routes, its buffers, and the messages that begin or end at it.
//!
//! An IMP knows of the rest of the world what its lines and cables bring, and nothing else.

use std::collections::{BTreeMap, VecDeque};

use imp1822::HostAddress;
use machine::Instant;

use crate::agenda::Event;
use crate::destination::Request;
use crate::ids::{IMPS, ImpNumber, MessageId, TrunkId};
use crate::inbound::Inbound;
use crate::outbound::Outbound;
use crate::packet::{Body, Frame, Packet, Stamp};
use crate::port::Port;
use crate::relay::{Arrival, Relay};
use crate::routing::TICK;
use crate::wires::Wires;

/// An IMP.
#[derive(Debug)]
pub(crate) struct Imp {
    pub(crate) up: bool,
    /// When its slow clock first ticked in this life. The IMPs do not tick together.
    pub(crate) clock: Instant,
    /// Its hosts, by their number on it.
    pub(crate) ports: [Option<Port>; 4],
    /// What passes packets on.
    pub(crate) relay: Relay,
    /// Messages from here, by destination IMP.
    pub(crate) outbound: BTreeMap<ImpNumber, Outbound>,
    /// Messages to here, by source IMP.
    pub(crate) inbound: BTreeMap<ImpNumber, Inbound>,
    /// Who waits for buffers to put messages together in, first come, first served.
    pub(crate) requests: VecDeque<Request>,
    /// The single packet that has the buffer which is set aside for one whose turn it is.
    pub(crate) spare: Option<MessageId>,
}

impl Imp {
    pub(crate) fn new(number: ImpNumber) -> Self {
        Imp {
            up: true,
            clock: Instant::from_micros(u64::from(number.get()) * TICK.as_micros() / IMPS as u64),
            ports: Default::default(),
            relay: Relay::new(number),
            outbound: BTreeMap::new(),
            inbound: BTreeMap::new(),
            requests: VecDeque::new(),
            spare: None,
        }
    }

    /// The addresses of its hosts.
    pub(crate) fn hosts(&self) -> [Option<HostAddress>; 4] {
        self.ports.each_ref().map(|port| port.as_ref().map(|port| port.address))
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
            || self.relay.is_idle()
                && self.ports.iter().flatten().all(Port::is_quiet)
                && self.requests.is_empty()
                && self.outbound.values().all(Outbound::is_quiet)
                && self.inbound.values().all(Inbound::is_quiet)
    }

    /// The numbers from a source IMP. `None`: it has been started again since.
    pub(crate) fn inbound_since(&mut self, source: ImpNumber, stamp: &Stamp) -> Option<&mut Inbound> {
        let inbound = self.inbound.entry(source).or_insert_with(|| Inbound::new(stamp));
        if stamp.life < inbound.life {
            return None;
        }
        if stamp.life > inbound.life {
            inbound.give_up(&mut self.relay.buffers);
            *inbound = Inbound::new(stamp);
        }
        inbound.keep_up(stamp, &mut self.relay.buffers);
        Some(inbound)
    }

    /// The IMP stops, and forgets everything but which ready lines it sees.
    pub(crate) fn stop(&mut self, wires: &mut Wires) {
        self.up = false;
        self.outbound.clear();
        self.inbound.clear();
        self.requests.clear();
        self.spare = None;
        for port in self.ports.iter_mut().flatten() {
            port.clear();
        }
        self.relay.stop(wires);
    }

    /// The IMP starts anew. It has heard of no other IMP.
    pub(crate) fn start(&mut self, wires: &mut Wires) {
        self.up = true;
        self.clock = wires.now;
        self.relay.start();
        let (imp, life) = (self.relay.me(), self.relay.life());
        wires.agenda.plan(wires.now, Event::Tick { imp, life });
    }

    /// Buffers have become free: who waits for them goes on.
    pub(crate) fn buffers_freed(&mut self, wires: &mut Wires) {
        self.relay.flush(wires);
        self.serve_requests(wires);
        self.resume_held(wires);
    }
}

/// What comes over a line.
impl Imp {
    /// A frame has arrived on a trunk.
    pub(crate) fn frame_arrived(&mut self, trunk: TrunkId, frame: Frame, wires: &mut Wires) {
        match self.relay.frame_arrived(trunk, frame, wires) {
            Arrival::Ignored => {}
            Arrival::LineDied => self.buffers_freed(wires),
            Arrival::Taken { here, freed } => {
                if let Some(packet) = here {
                    self.packet_arrived(packet, wires);
                }
                if freed {
                    self.buffers_freed(wires);
                }
                self.relay.pump(trunk, wires);
            }
        }
    }

    /// A packet for this IMP is here.
    pub(crate) fn packet_arrived(&mut self, packet: Packet, wires: &mut Wires) {
        let Packet { from, body, .. } = packet;
        match body {
            Body::Errand(stamp, errand) => self.errand_arrived(from, stamp, errand, wires),
            // A reply to a message of an earlier life says nothing about one of this life.
            Body::Reply { life, .. } if life != self.relay.life() => {}
            Body::Reply { number, reply, .. } => self.reply_arrived(from, number, reply, wires),
            Body::Void => {}
        }
    }

    /// Packets on a line may have to be sent again.
    pub(crate) fn retransmit(&mut self, trunk: TrunkId, wires: &mut Wires) {
        if self.relay.retransmit(trunk, wires) {
            self.buffers_freed(wires);
        }
    }
}
