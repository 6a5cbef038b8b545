//! What hangs on a host's cable: a host with all its levels, or a bare one.

use host::{Host, Output};
use imp1822::Signal;
use machine::{Instant, Machine};

use crate::bare::Bare;
use crate::external::External;

/// The machine at the far end of a cable.
pub(crate) enum Attached {
    /// A host with an NCP and programs.
    Host(Host),
    /// A host at level 1 only.
    Bare(Box<Bare>),
    /// A host that is outside of the simulation.
    External(Box<External>),
}

impl Machine for Attached {
    type Input = Signal;
    type Output = Output;

    fn handle(&mut self, now: Instant, signal: Signal) {
        match self {
            Attached::Host(host) => host.handle(now, signal),
            Attached::Bare(bare) => bare.handle(now, signal),
            Attached::External(external) => external.handle(now, signal),
        }
    }

    fn poll(&mut self) -> Option<Output> {
        match self {
            Attached::Host(host) => host.poll(),
            Attached::Bare(bare) => bare.poll().map(Output::ToImp),
            Attached::External(external) => external.poll().map(Output::ToImp),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match self {
            Attached::Host(host) => host.deadline(),
            Attached::Bare(bare) => bare.deadline(),
            Attached::External(external) => external.deadline(),
        }
    }

    fn alarm(&mut self, now: Instant) {
        match self {
            Attached::Host(host) => host.alarm(now),
            Attached::Bare(bare) => bare.alarm(now),
            Attached::External(external) => external.alarm(now),
        }
    }
}
