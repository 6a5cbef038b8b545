//! What else than hosts with programs a world can have at its cables, and how fast hosts are.

use imp1822::HostAddress;
use machine::{Instant, Span};

use super::{Log, World};
use crate::driver::Driver;
use crate::generator::TrafficGenerator;
use crate::inbox::Inbox;
use crate::node::Node;
use crate::remote::RemoteHost;

impl<L: Log> World<L> {
    /// Attaches a traffic generator, which comes up at once.
    pub(crate) fn attach_generator(&mut self, address: HostAddress, generator: TrafficGenerator) {
        let slot = self.put(address, Node::Generator(Box::new(generator)));
        self.drain_node(slot, None);
        self.drain_subnet();
    }

    /// Makes the world live: events wait for their time by the driver's clock, and these hosts are where it says.
    pub fn attach_remote(&mut self, driver: Box<dyn Driver>, remote: impl IntoIterator<Item = HostAddress>) {
        self.driver = Some(driver);
        for address in remote {
            self.subnet.treat_as_external(address);
            let slot = self.put(address, Node::Remote(Box::new(RemoteHost::new(self.now))));
            self.drain_node(slot, None);
        }
        self.drain_subnet();
    }

    /// Makes a host slow: it looks at what arrives after a time that is drawn from `seed`, and at most this long.
    pub(crate) fn slow_down(&mut self, address: HostAddress, name: &str, within: Span, seed: u64) {
        if let Some(slot) = self.slot(address) {
            self.slots[slot].inbox = Some(Box::new(Inbox::new(name, within, seed)));
        }
    }

    /// Does something with a traffic generator, from outside, and lets what comes of it at once happen. `None` if there
    /// is none at this address.
    pub(crate) fn act_on_generator<T>(
        &mut self,
        address: HostAddress,
        act: impl FnOnce(&mut TrafficGenerator, Instant) -> T,
    ) -> Option<T> {
        let slot = self.slot(address)?;
        let Node::Generator(generator) = &mut self.slots[slot].node else { return None };
        let result = act(generator, self.now);
        self.drain_node(slot, None);
        self.drain_subnet();
        Some(result)
    }
}
