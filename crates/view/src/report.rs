//! What stands above and below a transcript: what a run is about, and how it ended.

use std::fmt::Write;

use imp::visible::visible_lines;
use scenario::ast::Scenario;
use sim::Outcome;
use trace::{Ink, Paper};

use crate::secrets::Passwords;

/// What a scenario shows, in a line, with a mask in the place of each password.
pub fn title(scenario: &Scenario) -> String {
    Passwords::written(scenario).hide(&scenario.title).into_owned()
}

/// The title and sources of a scenario, as they stand above its transcript.
pub fn heading(scenario: &Scenario) -> String {
    let mut text = format!("{}\n", scenario.title);
    let cites = scenario.cites.join("; ");
    // Writing to a String cannot fail.
    let _ = if cites.is_empty() {
        writeln!(text, "net {}, seed {}\n", scenario.net.name, scenario.seed)
    } else {
        writeln!(text, "{cites}; net {}, seed {}\n", scenario.net.name, scenario.seed)
    };
    visible_lines(&Passwords::written(scenario).hide(&text)).into_owned()
}

/// Whether everything held, as it stands below a transcript.
pub fn verdict(outcome: &Outcome, color: bool) -> String {
    let paper = Paper { width: None, color };
    let ((good, plain), (bad, _)) = (paper.ink(Ink::Good), paper.ink(Ink::Bad));
    let held = outcome.held;
    match (&outcome.verdict, held) {
        (Ok(()), 0) => format!("{good}nothing was expected{plain}"),
        (Ok(()), 1) => format!("{good}the expectation holds{plain}"),
        (Ok(()), _) => format!("{good}all {held} expectations hold{plain}"),
        (Err(failures), _) => {
            let what = if failures.count() == 1 { "failure" } else { "failures" };
            let holds = if held == 1 { "expectation holds" } else { "expectations hold" };
            format!("{bad}{} {what}{plain}, {held} {holds}", failures.count())
        }
    }
}

/// When a run ended, how much happened in it, and its digest.
pub fn totals(outcome: &Outcome) -> String {
    let Outcome { end, counts, digest, .. } = outcome;
    format!("at {end} s; {} messages into the net, {} out; digest {digest}", counts.sent, counts.received)
}

/// How a run ended, as it stands below its transcript, and the advice that was not followed in it.
pub fn footing(outcome: &Outcome, color: bool) -> String {
    format!("\n{}, {}\n{}", verdict(outcome, color), totals(outcome), outcome.advice)
}
