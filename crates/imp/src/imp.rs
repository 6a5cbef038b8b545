//! One IMP: its hosts, its routes, and the messages that begin or end at it.

use std::collections::BTreeMap;

use imp1822::HostAddress;

use crate::flow::{Inbound, Outbound};
use crate::port::Port;
use crate::route::IMPS;

/// An IMP.
#[derive(Debug)]
pub(crate) struct Imp {
    pub(crate) number: u8,
    pub(crate) up: bool,
    /// How often it was started.
    pub(crate) life: u32,
    /// Its hosts, by their number on it.
    pub(crate) ports: [Option<Port>; 4],
    /// For each destination IMP the line direction on which packets leave.
    pub(crate) routes: [Option<usize>; IMPS],
    /// Messages from here, by destination IMP.
    pub(crate) outbound: BTreeMap<u8, Outbound>,
    /// Messages to here, by source IMP.
    pub(crate) inbound: BTreeMap<u8, Inbound>,
}

impl Imp {
    pub(crate) fn new(number: u8) -> Self {
        Imp {
            number,
            up: true,
            life: 1,
            ports: Default::default(),
            routes: [None; IMPS],
            outbound: BTreeMap::new(),
            inbound: BTreeMap::new(),
        }
    }

    /// Whether packets can get from here to another IMP, or stay here.
    pub(crate) fn reaches(&self, to: u8) -> bool {
        to == self.number || self.routes.get(usize::from(to)).is_some_and(Option::is_some)
    }

    /// A host's port, if the host can exchange messages with this IMP.
    pub(crate) fn live_port(&mut self, address: HostAddress) -> Option<&mut Port> {
        let up = self.up;
        self.ports[usize::from(address.host())].as_mut().filter(|port| up && port.line.is_up())
    }

    /// The numbers from a source IMP, of which none below `oldest` is expected any more. `None`: the source
    /// IMP has been started again since that `life` of it.
    pub(crate) fn inbound_since(&mut self, source: u8, life: u32, oldest: u8) -> Option<&mut Inbound> {
        let inbound = self.inbound.entry(source).or_insert_with(|| Inbound::new(life, oldest));
        if life < inbound.life {
            return None;
        }
        if life > inbound.life {
            *inbound = Inbound::new(life, oldest);
        }
        inbound.give_up_below(oldest);
        Some(inbound)
    }

    /// The IMP stops, and forgets everything but which ready lines it sees.
    pub(crate) fn stop(&mut self) {
        self.up = false;
        self.outbound.clear();
        self.inbound.clear();
        for port in self.ports.iter_mut().flatten() {
            port.clear();
        }
    }
}
