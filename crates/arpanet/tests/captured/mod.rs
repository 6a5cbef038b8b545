//! Runs of scenarios of the library, and captures of what crosses their cables.

use sim::{Options, Outcome, replay};
use trace::Keep;
use trace::capture::write_run;

/// What came of a scenario of the library.
pub(crate) fn outcome(name: &str) -> Outcome {
    let scenario = scenario::library::read(name).unwrap_or_else(|| panic!("there is no scenario {name}"));
    let scenario = scenario.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing })
}

/// The capture of it.
pub(crate) fn capture(outcome: &Outcome) -> Vec<u8> {
    write_run(Vec::new(), &outcome.records, outcome.names.hosts()).expect("a vector has room")
}
