//! A world in which somebody says in which order messages arrive.

use imp1822::{HostAddress, Signal};

use super::in_flight::{ArrivalOrder, Delivery, InFlight};
use super::{Log, World};

impl<L: Log> World<L> {
    /// From now on, messages between hosts with programs arrive in this order. Hosts that were slow to look at what arrives
    /// look at once: how long a message takes is in the order.
    pub(crate) fn hold(&mut self, order: Box<dyn ArrivalOrder>) {
        self.in_flight = Some(Box::new(InFlight::new(order)));
        for slot in 0..self.slots.len() {
            let Some(mut inbox) = self.slots[slot].inbox.take() else { continue };
            while let Some((number, message)) = inbox.take_at_once() {
                self.slots[slot].handle(self.now, number, Signal::Message(message));
                self.drain_node(slot, Some(number));
            }
            self.agenda.enter(slot, self.slots[slot].deadline());
        }
        self.drain_subnet();
    }

    /// How many messages have come from one host for another since messages are held back.
    pub(crate) fn came(&self, from: HostAddress, to: HostAddress) -> u32 {
        self.in_flight.as_ref().map_or(0, |in_flight| in_flight.came(from, to))
    }

    /// The messages that are held back.
    pub(crate) fn held_back(&self) -> impl Iterator<Item = Delivery> {
        self.in_flight.iter().flat_map(|in_flight| in_flight.held_back())
    }
}
