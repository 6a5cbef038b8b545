//! How a run in one order has ended: what the users were told, held against the files.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ftp_user::Claim;
use host::Host;
use imp1822::HostAddress;
use scenario::ast::{Action, Expectation, Program, Scenario, bytes_of};

use crate::failure::FailureKind;
use crate::lab::law::Law;
use crate::outcome::Outcome;

/// How a run in one order has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// All was done at once, and the users know it.
    Works,
    /// All was done, and the users know it, although a request for connection was refused on the way.
    Retried,
    /// Nothing was done, and the users know it.
    Refused,
    /// Nobody knows: the users were told so, or nothing, or things that contradict each other.
    Lost,
    /// What the users were told is not so.
    Lied,
    /// Somebody has broken a rule of the protocols.
    AgainstRules,
}

impl Ending {
    /// All of them, in the order in which tables list them.
    pub const ALL: [Ending; 6] =
        [Ending::Works, Ending::Retried, Ending::Refused, Ending::Lost, Ending::Lied, Ending::AgainstRules];

    /// The word for it, which names files, too.
    pub fn word(self) -> &'static str {
        match self {
            Ending::Works => "works",
            Ending::Retried => "retried",
            Ending::Refused => "refused",
            Ending::Lost => "lost",
            Ending::Lied => "lied",
            Ending::AgainstRules => "against-rules",
        }
    }

    /// What it means, in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Ending::Works => "all was done, and the users know it",
            Ending::Retried => "the same, though a request for connection was refused on the way",
            Ending::Refused => "nothing was done, and the users know it",
            Ending::Lost => "the users cannot know: told so, or nothing, or contradicting things",
            Ending::Lied => "what the users were told is not so",
            Ending::AgainstRules => "somebody broke a rule of the protocols",
        }
    }

    /// Whether it is a fault of the programs.
    pub fn is_a_fault(self) -> bool {
        matches!(self, Ending::Lied | Ending::AgainstRules)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The files of all hosts, by host and path name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AllFiles(BTreeMap<(HostAddress, String), Option<Arc<Vec<u8>>>>);

impl AllFiles {
    pub(super) fn of<'a>(hosts: impl Iterator<Item = (HostAddress, &'a Host)>) -> Self {
        let files = hosts.flat_map(|(address, host)| {
            let all = host.files().into_iter().map(|file| file.path.to_string());
            all.map(move |path| ((address, path.clone()), host.read_file(&path)))
        });
        AllFiles(files.collect())
    }
}

/// What all that the users were told comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Done,
    NotDone,
    Unknown,
}

/// What a line claims of the files. A user who types commands of the protocol himself reads the server's replies as they
/// are: 252 says that the file is across (RFC 354, V).
fn claim(program: Program, line: &str) -> Option<Claim> {
    match program {
        Program::Rsexec => rsexec::claim_of(line),
        Program::FtpUser if line.starts_with("252 ") => Some(Claim::Whole),
        Program::FtpUser => ftp_user::claim_of(line),
        Program::Ncc => None,
    }
}

fn told(scenario: &Scenario, outcome: &Outcome) -> Told {
    let mut all = Told::Nothing;
    for plan in &scenario.hosts {
        let Some(program) = plan.program else { continue };
        for claim in outcome.printed.of(plan.address).filter_map(|line| claim(program, line)) {
            let this = match claim {
                Claim::Whole => Told::Done,
                Claim::Untouched => Told::NotDone,
                Claim::NotWhole | Claim::Unknown => Told::Unknown,
            };
            all = if all == Told::Nothing || all == this { this } else { Told::Unknown };
        }
    }
    all
}

/// Whether the files are what the scenario expects at its end; `None` if it expects nothing of files.
fn as_expected(scenario: &Scenario, hosts: &[(HostAddress, Host)]) -> Option<bool> {
    let read = |address: &HostAddress, path: &str| {
        hosts.iter().find(|(at, _)| at == address).and_then(|(_, host)| host.read_file(path))
    };
    let holds = |expectation: &Expectation| match expectation {
        Expectation::File { host, path, lines } => {
            Some(read(host, path).is_some_and(|found| *found == bytes_of(lines)))
        }
        Expectation::FileLength { host, path, bytes } => {
            Some(read(host, path).is_some_and(|found| found.len() as u64 == *bytes))
        }
        Expectation::SameFile { host, path, other_host, other_path } => {
            let found = read(host, path);
            Some(found.is_some() && found == read(other_host, other_path))
        }
        Expectation::NoFile { host, path } => Some(read(host, path).is_none()),
        _ => None,
    };
    let expectations = scenario.steps.iter().filter_map(|step| match &step.action {
        Action::Expect(expectation) => holds(expectation),
        _ => None,
    });
    expectations.fold(None, |all, one| Some(all.unwrap_or(true) && one))
}

/// How a run has ended that began with these files, and in which so many requests were refused.
pub(super) fn ending(scenario: &Scenario, outcome: &Outcome, before: &AllFiles, refusals: usize) -> Ending {
    let failures = outcome.verdict.as_ref().err();
    if failures.is_some_and(|failures| failures.iter().any(|one| one.kind == FailureKind::Rule)) {
        return Ending::AgainstRules;
    }
    if outcome.findings.broken.iter().any(|broken| broken.law == Law::Truth) {
        return Ending::Lied;
    }
    let done = if refusals == 0 { Ending::Works } else { Ending::Retried };
    let told = told(scenario, outcome);
    let Some(whole) =
        as_expected(scenario, &outcome.hosts).filter(|_| told != Told::Nothing || failures.is_some())
    else {
        return match failures {
            None => done,
            Some(_) if refusals > 0 => Ending::Refused,
            Some(_) => Ending::Lost,
        };
    };
    let untouched = AllFiles::of(outcome.hosts.iter().map(|(address, host)| (*address, host))) == *before;
    match told {
        Told::Done if whole => done,
        Told::NotDone if untouched => Ending::Refused,
        Told::Done | Told::NotDone => Ending::Lied,
        Told::Nothing | Told::Unknown => Ending::Lost,
    }
}
