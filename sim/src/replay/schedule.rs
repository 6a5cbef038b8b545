//! What breaks and heals at its time, whatever the steps wait for.

use std::collections::VecDeque;

use imp1822::HostAddress;
use machine::Instant;
use scenario::ast::Meanwhile;

use super::faults::stopped_by;
use super::step_error::StepError;

/// What is to break and heal, and what has done so in vain.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// In the order of their times.
    next: VecDeque<Meanwhile>,
    in_vain: Vec<(Meanwhile, StepError)>,
    /// The hosts that have stopped, and of which the steps have not heard yet.
    stopped: Vec<HostAddress>,
}

impl Schedule {
    /// A schedule of these.
    pub(super) fn new(meanwhile: &[Meanwhile]) -> Self {
        let mut next = meanwhile.to_vec();
        // What has one time keeps its order.
        next.sort_by_key(|one| one.at);
        Schedule { next: next.into(), ..Schedule::default() }
    }

    /// When the next one comes.
    pub(super) fn next(&self) -> Option<Instant> {
        self.next.front().map(|one| one.at)
    }

    /// When the last one comes.
    pub(super) fn last(&self) -> Option<Instant> {
        self.next.back().map(|one| one.at)
    }

    /// The next one.
    pub(super) fn take(&mut self) -> Option<Meanwhile> {
        let next = self.next.pop_front()?;
        self.stopped.extend(stopped_by(&next.action));
        Some(next)
    }

    /// One has met nothing.
    pub(super) fn in_vain(&mut self, one: Meanwhile, error: StepError) {
        self.in_vain.push((one, error));
    }

    /// Those that have met nothing.
    pub(super) fn take_in_vain(&mut self) -> Vec<(Meanwhile, StepError)> {
        std::mem::take(&mut self.in_vain)
    }

    /// The hosts that have stopped since the last call.
    pub(super) fn take_stopped(&mut self) -> Vec<HostAddress> {
        std::mem::take(&mut self.stopped)
    }
}
