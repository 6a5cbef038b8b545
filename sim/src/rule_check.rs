//! Has the wire monitor watch a run: a broken rule fails the scenario, unless its heading says who misbehaves. Advice that
//! somebody does not follow fails none.

use std::collections::BTreeSet;

use host::Directory;
use imp1822::HostAddress;
use machine::Instant;
use trace::{
    Culprit, Described, Logged, Monitor, Record, Rule, Violation, ViolationKind, ViolationLog, What,
};

use crate::failure::{Failure, FailureKind};
use scenario::Note;
use scenario::ast::{Misbehaving, Scenario};

/// The monitor of a run, and what the scenario says of it.
pub(crate) struct RuleCheck {
    log: ViolationLog,
    /// The hosts that are to misbehave.
    misbehave: Vec<Misbehaving>,
    /// The line of the scenario that is played, and what it says.
    line: Option<(usize, String)>,
    /// The first violation in which no such host has a part, and the line that was played.
    first: Option<(Violation, Option<(usize, String)>)>,
}

/// The monitor that watches the runs of a scenario: it knows what the scenario says of the patience of hosts, and which are slow.
pub(crate) fn monitor(scenario: &Scenario) -> Monitor {
    let patient =
        scenario.hosts.iter().fold(Monitor::default(), |monitor, plan| match plan.policy.close_patience {
            Some(patience) => monitor.knowing_patience(plan.address, patience),
            None => monitor,
        });
    let slow = scenario.hosts.iter().filter(|plan| plan.answers_within.is_some());
    slow.fold(patient, |monitor, plan| monitor.knowing_slow(plan.address))
}

/// A slow host has looked at what had reached it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked {
    pub(crate) at: Instant,
    pub(crate) host: HostAddress,
    /// The number of the record that tells of the arrival.
    pub(crate) number: u64,
    /// How many records there were before.
    pub(crate) behind: u64,
}

impl RuleCheck {
    /// A check for this scenario, unless its heading says `monitor off`.
    pub(crate) fn new(scenario: &Scenario) -> Option<Self> {
        let misbehave = scenario.misbehave.clone();
        let log = ViolationLog::new(monitor(scenario), misbehave.iter().map(|one| one.host));
        let check = RuleCheck { log, misbehave, line: None, first: None };
        scenario.monitored.then_some(check)
    }

    /// Takes the next record.
    pub(crate) fn take(&mut self, record: &Record) {
        if let What::Step { line, statement } = &record.what {
            let (at, text) = self.line.get_or_insert_default();
            *at = *line;
            text.clone_from(statement);
        }
        let found = self.log.take(record);
        if !found.is_empty() {
            self.keep_first(found);
        }
    }

    /// A slow host looks at what has reached it.
    pub(crate) fn looks(&mut self, now: Instant, host: HostAddress, number: u64) {
        self.log.looks(now, host, number);
    }

    /// The run is over. `quiet`: nothing more would ever have happened.
    pub(crate) fn finish(&mut self, now: Instant, quiet: bool) {
        let found = self.log.finish(now, quiet);
        self.keep_first(found);
    }

    fn keep_first(&mut self, found: Vec<Logged>) {
        let mut broken = found.into_iter().filter(|logged| !logged.violation.rule.is_advice());
        if let Some(Logged { violation, .. }) = broken.next()
            && self.first.is_none()
        {
            self.first = Some((violation, self.line.clone()));
        }
    }

    /// The first violation that should not have been.
    pub(crate) fn first_violation(&self, scenario: &Scenario, directory: &Directory) -> Option<Failure> {
        let (violation, line) = self.first.as_ref()?;
        let Described { parties, about, verb, what, rule, source } = violation.describe(directory);
        let about = about.map(|host| format!(" (about {host})")).unwrap_or_default();
        let shows = match violation.kind {
            ViolationKind::Done => what.to_owned(),
            // A simulated cable loses nothing: all that is done is seen.
            ViolationKind::Missing | ViolationKind::Unheard => format!("still missing: {what}"),
        };
        let host = violation.who.host();
        let name = directory.name(host);
        let (line, statement) =
            line.clone().or_else(|| declaration(scenario, host)).unwrap_or((1, scenario.title.clone()));
        let meant = format!("if {name} is to do so, say `misbehaves {name}` in the heading");
        let no_fault_of_hosts = "if it is to be so, say `monitor off` in the heading".to_owned();
        let help = match violation.who {
            Culprit::Host(_) => meant,
            Culprit::Imp(_) => no_fault_of_hosts,
        };
        Some(Failure {
            kind: FailureKind::Rule,
            line,
            statement,
            at: violation.at,
            found: format!("{parties}{about} {verb}: {rule}"),
            label: format!("{shows}, while this was played"),
            help: Some(help),
            notes: vec![Note::new(source)],
        })
    }

    /// The rule that was broken first, in its own words.
    pub(crate) fn first_rule(&self, directory: &Directory) -> Option<String> {
        self.first.as_ref().map(|(violation, _)| violation.describe(directory).rule)
    }

    /// The rules that were broken, and the advice that was not followed.
    pub(crate) fn rules(&self) -> BTreeSet<Rule> {
        self.log.counts().rules()
    }

    /// The advice that was not followed, in words; nothing, if all was.
    pub(crate) fn advice(&self, directory: &Directory) -> String {
        self.log.counts().advice(directory)
    }

    /// Who was to misbehave and has not.
    pub(crate) fn unused_exemption(&self, now: Instant, directory: &Directory) -> Option<Failure> {
        let one = self.misbehave.iter().find(|one| self.log.is_unused_exemption(one.host))?;
        let Misbehaving { host, line, source } = one;
        let found = format!("{} has broken no rule", directory.name(*host));
        Some(Failure {
            kind: FailureKind::Heading,
            line: *line,
            statement: source.clone(),
            at: now,
            found,
            label: "it should have".to_owned(),
            help: Some("leave this out".to_owned()),
            notes: Vec::new(),
        })
    }
}

/// Where a host is declared, for what happens before any step.
fn declaration(scenario: &Scenario, host: HostAddress) -> Option<(usize, String)> {
    let plan = scenario.hosts.iter().find(|plan| plan.address == host)?;
    Some((plan.line, format!("host {}", plan.name)))
}
