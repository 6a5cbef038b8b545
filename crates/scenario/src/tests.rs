//! The language as its readers see it: what a scenario means, and what they are told when it means nothing.

mod bounds;
mod faults;
mod language;
mod layout;
mod mistakes;
mod net_mistakes;
mod nets;
mod never_panics;
mod orders;
mod readings;
mod reports;
mod runs;
mod texts;
mod traffic;
mod written;

use super::{Errors, Scenario, parse};

/// The net on which the tests play.
const NET: &str = include_str!("../../../scenarios/nets/1973-01.net");

/// Every statement of the language at least once, but for those about sweeps and whole runs.
const WHOLE: &str = include_str!("tests/whole.scenario");

/// Every statement about sweeps and whole runs.
const WHOLE_RUNS: &str = include_str!("tests/whole_runs.scenario");

fn nets(name: &str) -> Option<String> {
    ["1973-01", "the-same-again"].contains(&name).then(|| NET.to_owned())
}

fn read(text: &str) -> Result<Scenario, Errors> {
    parse("scenarios/test.scenario", text, &nets)
}

/// A scenario whose heading and hosts are sound, with these lines below them.
fn with_steps(steps: &str) -> Result<Scenario, Errors> {
    read(&format!(
        "title T\nnet 1973-01\nhost BBN-TENEX serves ftp\nhost CASE-10\nhost USC-ISI runs rsexec\n{steps}\n"
    ))
}

/// A scenario whose heading is sound, with these lines below it.
fn with_hosts(hosts: &str) -> Result<Scenario, Errors> {
    read(&format!("title T\nnet 1973-01\n{hosts}\n"))
}

#[track_caller]
fn sound(result: Result<Scenario, Errors>) -> Scenario {
    result.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

#[track_caller]
fn wrong(result: Result<Scenario, Errors>) -> Vec<String> {
    let errors = result.expect_err("this must not be read as a scenario");
    assert_eq!(errors.count(), errors.messages().count());
    errors.messages().map(str::to_owned).collect()
}
