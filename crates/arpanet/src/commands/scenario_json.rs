//! `arpanet scenario --json`: prints a run for programs.

use scenario::Scenario;
use sim::{Outcome, monitor};
use trace::capture::EPOCH_MICROS;
use view::json::JsonLines;

use super::capture_out::Out;
use crate::error::CommandError;

/// Prints a run of which all records were kept.
pub(super) fn print(scenario: &Scenario, outcome: &Outcome) -> Result<(), CommandError> {
    let mut out = Out::new(false);
    let mut lines = JsonLines::new(Some(EPOCH_MICROS));
    let mut monitor = monitor(scenario);
    out.put(&JsonLines::run(scenario));
    for record in &outcome.records {
        let violations = monitor.take(record);
        let line = lines.of_run(record, &violations, &outcome.names);
        if !out.put(&line.unwrap_or_default()) {
            break;
        }
    }
    // Whether anything more would ever have happened, is not known here: what is due may still be done.
    let undone = monitor.finish(outcome.end, false);
    out.put(&lines.outcome(outcome, &undone));
    Ok(out.end()?)
}
