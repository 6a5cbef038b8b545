//! Judges a run once more, record by record, for those who show records and violations side by side.

use machine::Instant;
use scenario::ast::Scenario;
use trace::{Monitor, Record, Violation};

use crate::outcome::Outcome;
use crate::rule_check::{Looked, monitor};

/// Watches a run again, record by record, as it was watched when it was played: a slow host is not taken to know what it has
/// not looked at yet.
pub struct Judge<'a> {
    monitor: Monitor,
    looks: &'a [Looked],
    taken: u64,
}

impl<'a> Judge<'a> {
    /// One for a run of this scenario of which all records were kept.
    pub fn new(scenario: &Scenario, outcome: &'a Outcome) -> Self {
        Judge { monitor: monitor(scenario), looks: &outcome.looks, taken: 0 }
    }

    /// Takes the next record, and returns the violations that it shows.
    pub fn take(&mut self, record: &Record) -> Vec<Violation> {
        self.look();
        self.taken += 1;
        self.monitor.take(record)
    }

    /// The run is over. Returns what is still missing. Whether anything more would ever have happened, is not known: what is due
    /// may still be done.
    pub fn finish(mut self, end: Instant) -> Vec<Violation> {
        self.look();
        self.monitor.finish(end, false)
    }

    /// Has the slow hosts look that did before the next record.
    fn look(&mut self) {
        let due = self.looks.partition_point(|look| look.behind <= self.taken);
        let (now, later) = self.looks.split_at(due);
        for Looked { at, host, number, .. } in now {
            self.monitor.looks(*at, *host, *number);
        }
        self.looks = later;
    }
}
