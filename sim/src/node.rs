//! What is at the far end of a host's cable: a host with programs, a traffic generator, or a remote host.

use host::Host;
use imp::Fault;
use imp1822::{HostAddress, Signal};
use machine::{Instant, Machine};

use crate::generator::TrafficGenerator;
use crate::output::NodeOutput;
use crate::remote::RemoteHost;

/// The machine at the far end of a cable.
pub(crate) enum Node {
    /// A host with an NCP and programs.
    Host(Host),
    /// A host at level 1 only, which generates traffic.
    Generator(Box<TrafficGenerator>),
    /// A host outside of the simulation, at a cable of datagrams.
    Remote(Box<RemoteHost>),
}

/// Whose interface a fault has stand still, or go on, and which of these: the host itself sees it.
pub(crate) fn seen_by_its_host(fault: Fault) -> Option<(HostAddress, bool)> {
    match fault {
        Fault::HostHangs { host } => Some((host, true)),
        Fault::HostGoesOn { host } => Some((host, false)),
        Fault::LineFails { .. } | Fault::LineHeals { .. } | Fault::LineErrs { .. } => None,
        Fault::ImpCrashes { .. } | Fault::ImpRestarts { .. } | Fault::ImpGoesDown { .. } => None,
        Fault::CablePulled { .. } | Fault::CablePlugged { .. } | Fault::Mishap { .. } => None,
    }
}

impl Machine for Node {
    type Input = Signal;
    type Output = NodeOutput;

    fn handle(&mut self, now: Instant, signal: Signal) {
        match self {
            Node::Host(host) => host.handle(now, signal),
            Node::Generator(generator) => generator.handle(now, signal),
            Node::Remote(remote) => remote.handle(now, signal),
        }
    }

    fn poll(&mut self) -> Option<NodeOutput> {
        match self {
            Node::Host(host) => host.poll().map(NodeOutput::from),
            Node::Generator(generator) => generator.poll().map(NodeOutput::ToImp),
            Node::Remote(remote) => remote.poll(),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match self {
            Node::Host(host) => host.deadline(),
            Node::Generator(generator) => generator.deadline(),
            Node::Remote(remote) => remote.deadline(),
        }
    }

    fn alarm(&mut self, now: Instant) {
        match self {
            Node::Host(host) => host.alarm(now),
            Node::Generator(generator) => generator.alarm(now),
            Node::Remote(remote) => remote.alarm(now),
        }
    }
}
