//! The order in which messages arrive, where a scenario says which of them wait for which others.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::Bits;
use scenario::ast::{Action, Crossing, Orders, Step, Waiting};

use super::run::Run;
use crate::failure::{Failure, FailureKind};
use crate::world::{Arrival, ArrivalOrder, Delivery};

/// Messages arrive in the order in which they come, but that some wait for others.
pub(crate) struct Waitings {
    waitings: Vec<Waiting>,
    /// How many messages of one host have arrived at another.
    arrived: BTreeMap<(HostAddress, HostAddress), u32>,
}

impl Waitings {
    pub(crate) fn new(waitings: &[Waiting]) -> Self {
        Waitings { waitings: waitings.to_vec(), arrived: BTreeMap::new() }
    }

    fn has_arrived(&self, crossing: Crossing) -> bool {
        self.arrived.get(&(crossing.from, crossing.to)).is_some_and(|arrived| *arrived >= crossing.number)
    }
}

impl ArrivalOrder for Waitings {
    fn choose(&mut self, waiting: &[Delivery], _: u64) -> Arrival {
        let may = |delivery: &Delivery| {
            let mut own = self.waitings.iter().filter(|one| one.message == crossing(delivery));
            own.all(|one| self.has_arrived(one.waits_for))
        };
        waiting.iter().position(may).map_or(Arrival::Later, Arrival::Of)
    }

    fn arrives(&mut self, delivery: &Delivery, _: &Bits) {
        self.arrived.insert((delivery.from, delivery.to), delivery.number);
    }
}

/// The message, as scenarios speak of it.
pub(crate) fn crossing(delivery: &Delivery) -> Crossing {
    Crossing { from: delivery.from, to: delivery.to, number: delivery.number }
}

/// What a step says of messages that never came, or that wait for ever.
pub(super) fn unmet(run: &Run, steps: &[Step]) -> Vec<Failure> {
    let mut failures = Vec::new();
    for step in steps {
        let Action::Orders(Orders::This(waitings)) = &step.action else { continue };
        let held: Vec<Crossing> = run.world.held_back().map(|delivery| crossing(&delivery)).collect();
        for Waiting { message, waits_for } in waitings {
            let words = |one: &Crossing| {
                let (from, to) = (run.names.host(one.from), run.names.host(one.to));
                format!("{from} -> {to} message {}", one.number)
            };
            let came = |one: &Crossing| run.world.came(one.from, one.to) >= one.number;
            let (missing, label) = match (came(message), came(waits_for)) {
                (false, _) => (message, "no such message".to_owned()),
                (true, false) => (waits_for, format!("{} waits for it", words(message))),
                (true, true) if held.contains(message) => (message, "waits to the end".to_owned()),
                (true, true) => continue,
            };
            failures.push(Failure {
                kind: FailureKind::Step,
                line: step.line,
                statement: step.source.clone(),
                at: run.now(),
                found: format!("{} has not arrived", words(missing)),
                label,
                help: Some(
                    "messages are counted from this line on, those from one host to one other".to_owned(),
                ),
                notes: Vec::new(),
            });
        }
    }
    failures
}
