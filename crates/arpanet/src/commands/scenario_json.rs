//! `arpanet scenario --json`: prints a run for programs.

use scenario::Scenario;
use sim::{Judge, Outcome};
use trace::capture::EPOCH_MICROS;
use view::json::JsonLines;

use super::capture_out::Out;
use crate::error::CommandError;

/// Prints a run of which all records were kept.
pub(super) fn print(scenario: &Scenario, outcome: &Outcome) -> Result<(), CommandError> {
    let mut out = Out::new(false);
    let mut lines = JsonLines::new(Some(EPOCH_MICROS));
    let mut judge = Judge::new(scenario, outcome);
    out.put(&JsonLines::run(scenario));
    for record in &outcome.records {
        let violations = judge.take(record);
        let line = lines.of_run(record, &violations, &outcome.names);
        if !out.put(&line.unwrap_or_default()) {
            break;
        }
    }
    let undone = judge.finish(outcome.end);
    out.put(&lines.outcome(outcome, &undone));
    Ok(out.end()?)
}
