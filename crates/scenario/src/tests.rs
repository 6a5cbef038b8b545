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

use host::disk::DiskFile;

use super::{Errors, Nets, NoNet, Scenario, parse};

/// The net on which the tests play.
const NET: &str = include_str!("../../../scenarios/nets/1973-01.net");

/// Every statement of the language at least once, but for those about sweeps and whole runs.
const WHOLE: &str = include_str!("tests/whole.scenario");

/// Every statement about sweeps and whole runs.
const WHOLE_RUNS: &str = include_str!("tests/whole_runs.scenario");

/// The nets and the folder that the tests know.
struct Beside;

impl Nets for Beside {
    fn text(&self, name: &str) -> Result<String, NoNet> {
        let is_known = ["1973-01", "the-same-again"].contains(&name);
        is_known.then(|| NET.to_owned()).ok_or(NoNet::Unknown)
    }

    fn folder(&self, name: &str) -> Result<Vec<DiskFile>, NoNet> {
        let file = |directory: &str, entry: &str| DiskFile {
            directory: directory.split('/').map(str::to_owned).collect(),
            entry: entry.to_owned(),
            content: b"LINE\n".to_vec(),
        };
        match name {
            "disk" => Ok(vec![file("smith", "notes.txt"), file("smith", "notes.txt.~3~")]),
            "two words" => Ok(Vec::new()),
            "deep" => Ok(vec![file("udd/Cnet/Smith", "notes")]),
            "locked" => Err(NoNet::Unreadable("Permission denied".to_owned())),
            _ => Err(NoNet::Unknown),
        }
    }
}

fn read(text: &str) -> Result<Scenario, Errors> {
    parse("scenarios/test.scenario", text, &Beside)
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
