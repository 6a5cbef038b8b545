//! The traffic of a run: hosts at level 1 that generate messages.

use std::collections::BTreeSet;
use std::sync::Arc;

use imp1822::HostAddress;
use machine::Instant;
use scenario::ast::{Generator, Traffic};
use trace::What;
use trace::figures::{Figures, Tally, TrafficTotal};

use super::run::{LONGEST_JOURNEY, Run};
use super::step_error::{Problem, StepError};
use crate::generator::TrafficGenerator;

/// The hosts that have generated traffic, and when.
#[derive(Debug, Default)]
pub(super) struct TrafficRun {
    senders: BTreeSet<HostAddress>,
    /// When it first began, if it did, and when it last ended, if it did.
    begun: Option<Instant>,
    ended: Option<Instant>,
}

impl TrafficRun {
    /// Takes a step that begins or ends traffic.
    ///
    /// # Errors
    /// There is none to end.
    pub(super) fn act(&mut self, run: &mut Run, traffic: &Traffic) -> Result<(), StepError> {
        match traffic {
            Traffic::Begins(plan) => self.begin(run, plan),
            Traffic::Stops if self.runs() => self.stop(run),
            Traffic::Stops => return Err(Problem::new("no traffic runs", "nothing stops").into()),
        }
        Ok(())
    }

    fn runs(&self) -> bool {
        self.begun.is_some() && self.ended.is_none()
    }

    fn begin(&mut self, run: &mut Run, plan: &Arc<Generator>) {
        self.begun.get_or_insert(run.now());
        self.ended = None;
        for host in &plan.from {
            self.senders.insert(*host);
            run.world.act_on_generator(*host, |generator, now| generator.begin(now, plan));
        }
    }

    /// Ends all traffic. What is on its way goes on.
    pub(super) fn stop(&mut self, run: &mut Run) {
        if self.runs() {
            self.ended = Some(run.now());
            for host in &self.senders {
                run.world.act_on_generator(*host, |generator, _| generator.stop());
            }
        }
    }

    /// Lets things happen until all traffic that is on its way is answered, or must have been.
    pub(super) fn await_answers(&self, run: &mut Run) {
        let end = run.limit.min(run.now() + LONGEST_JOURNEY);
        for host in &self.senders {
            // What is not answered is counted as such.
            let _ = run.wait_until(end, |run| is_idle(run, *host));
        }
    }

    /// Records what became of all traffic, if there was any.
    pub(super) fn sum_up(&self, run: &mut Run) {
        let Some(begun) = self.begun else { return };
        let mut tally = Tally::default();
        for host in &self.senders {
            let of_host = run.world.act_on_generator(*host, |generator, _| generator.take_tally());
            tally.add(&of_host.unwrap_or_default());
        }
        let ended = self.ended.unwrap_or(run.now());
        let total = TrafficTotal { senders: self.senders.len(), begun, ended, tally };
        run.world.note(What::Measured(Figures::Traffic(total)));
    }
}

/// Something if a generator has an answer to every message.
pub(super) fn is_idle(run: &Run, host: HostAddress) -> Option<()> {
    run.world.generator(host).is_none_or(TrafficGenerator::is_idle).then_some(())
}
