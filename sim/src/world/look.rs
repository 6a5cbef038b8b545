//! The machines of a world, to look at, and to keep when it ends.

use host::Host;
use imp1822::HostAddress;
use imp1822::h316::Statistics;
use machine::{Instant, Machine};

use super::{Log, World};
use crate::generator::TrafficGenerator;
use crate::node::Node;

impl<L: Log> World<L> {
    /// Whether nothing happens up to `end` but that IMPs exchange routing messages. In real time datagrams may come.
    pub(crate) fn is_quiet_until(&mut self, end: Instant) -> bool {
        self.is_simulated()
            && self.in_flight.as_ref().is_none_or(|in_flight| in_flight.is_empty())
            && self.agenda.next().is_none_or(|next| next > end)
            && (self.subnet.deadline().is_none_or(|next| next > end) || self.subnet.find_quiet())
    }

    /// A host, to look at.
    pub fn host(&self, address: HostAddress) -> Option<&Host> {
        match self.node(address)? {
            Node::Host(host) => Some(host),
            Node::Generator(_) | Node::Remote(_) => None,
        }
    }

    /// All hosts with programs, to look at, in the order in which they were given.
    pub fn hosts(&self) -> impl DoubleEndedIterator<Item = (HostAddress, &Host)> {
        self.slots.iter().filter_map(|slot| match &slot.node {
            Node::Host(host) => Some((slot.address, host)),
            Node::Generator(_) | Node::Remote(_) => None,
        })
    }

    /// A traffic generator, to look at.
    pub(crate) fn generator(&self, address: HostAddress) -> Option<&TrafficGenerator> {
        match self.node(address)? {
            Node::Generator(generator) => Some(generator),
            Node::Host(_) | Node::Remote(_) => None,
        }
    }

    /// What was counted at the cables of the remote hosts.
    pub fn cables(&self) -> impl Iterator<Item = (HostAddress, Statistics)> {
        self.slots.iter().filter_map(|slot| match &slot.node {
            Node::Remote(remote) => Some((slot.address, remote.statistics())),
            Node::Host(_) | Node::Generator(_) => None,
        })
    }

    /// Whether no host that is not a generator has a deadline.
    pub(crate) fn no_host_has_a_deadline(&self) -> bool {
        let hosts = self.slots.iter().filter(|slot| matches!(slot.node, Node::Host(_)));
        self.is_simulated() && hosts.into_iter().all(|slot| slot.deadline().is_none())
    }

    /// Ends the world: its log, and its hosts as they are.
    pub fn into_parts(self) -> (L, Vec<(HostAddress, Host)>) {
        let hosts = self.slots.into_iter().filter_map(|slot| match slot.node {
            Node::Host(host) => Some((slot.address, host)),
            Node::Generator(_) | Node::Remote(_) => None,
        });
        (self.log, hosts.collect())
    }

    fn node(&self, address: HostAddress) -> Option<&Node> {
        let slot = self.slot(address)?;
        Some(&self.slots[slot].node)
    }
}
