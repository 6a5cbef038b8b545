//! The guard: has the wire monitor watch a run, and lets those misbehave who are to.

use host::Directory;
use imp1822::HostAddress;
use machine::Instant;
use trace::{Culprit, Kind, Monitor, Record, Violation, What};

use crate::failure::Failure;
use scenario::ast::{Misbehaving, Scenario};

/// Watches a run with the eyes of its scenario.
pub(crate) struct Guard {
    monitor: Monitor,
    /// Who is to misbehave, and whether he has.
    misbehave: Vec<(Misbehaving, bool)>,
    /// The line of the scenario that is played, and what it says.
    line: Option<(usize, String)>,
    /// The first violation that nobody was to commit, and the line that was played.
    caught: Option<(Violation, Option<(usize, String)>)>,
}

impl Guard {
    /// A guard for this scenario, unless it wants none.
    pub(crate) fn new(scenario: &Scenario) -> Option<Self> {
        let misbehave = scenario.misbehave.iter().map(|one| (one.clone(), false)).collect();
        let guard = Guard { monitor: Monitor::default(), misbehave, line: None, caught: None };
        scenario.monitored.then_some(guard)
    }

    /// Sees a record.
    pub(crate) fn take(&mut self, record: &Record) {
        if let What::Step { line, statement } = &record.what {
            self.line = Some((*line, statement.clone()));
        }
        let found = self.monitor.take(record);
        self.weigh(found);
    }

    /// The run is over. `quiet`: nothing more would ever have happened.
    pub(crate) fn finish(&mut self, now: Instant, quiet: bool) {
        let found = self.monitor.finish(now, quiet);
        self.weigh(found);
    }

    /// What a host does that is to misbehave, and what others do because of it, is as it should be.
    fn weigh(&mut self, found: Vec<Violation>) {
        for violation in found {
            let mut meant = false;
            for (one, has) in &mut self.misbehave {
                *has |= violation.who == Culprit::Host(one.host);
                meant |= violation.concerns(one.host);
            }
            if !meant && self.caught.is_none() {
                self.caught = Some((violation, self.line.clone()));
            }
        }
    }

    /// The first violation that should not have been.
    pub(crate) fn caught(&self, scenario: &Scenario, directory: &Directory) -> Option<Failure> {
        let (violation, line) = self.caught.as_ref()?;
        let Violation { at, record, who, with, rule, what, kind } = violation;
        let host = match who {
            Culprit::Host(host) | Culprit::Imp(host) => *host,
        };
        let name = directory.name(host);
        let parties = match (who, with) {
            (Culprit::Host(_), Some(with)) => format!("{name} -> {}", directory.name(*with)),
            (Culprit::Host(_), None) => format!("{name} -> IMP"),
            (Culprit::Imp(_), Some(with)) => format!("IMP of {name} (about {})", directory.name(*with)),
            (Culprit::Imp(_), None) => format!("IMP of {name}"),
        };
        let (verb, shows) = match kind {
            Kind::Done => ("breaks a rule", format!("record {record} shows it")),
            // A simulated cable is whole: all that is done is heard.
            Kind::Missing | Kind::Unheard => {
                ("has left something undone", format!("still missing at record {record}"))
            }
        };
        let (line, statement) =
            line.clone().or_else(|| declaration(scenario, host)).unwrap_or((1, scenario.title.clone()));
        let meant = format!("if {name} is to do so, say `misbehaves {name}` in the heading");
        let no_fault_of_hosts = "if it is to be so, say `monitor off` in the heading".to_owned();
        let help = match who {
            Culprit::Host(_) => meant,
            Culprit::Imp(_) => no_fault_of_hosts,
        };
        Some(Failure {
            line,
            statement,
            at: *at,
            found: format!("{parties} {verb}: {what}\nrule: {rule}\n({})", rule.source()),
            waiting: vec![shows, help],
        })
    }

    /// Who was to misbehave and has not.
    pub(crate) fn innocent(&self, now: Instant, directory: &Directory) -> Option<Failure> {
        let (one, _) = self.misbehave.iter().find(|(_, has)| !has)?;
        let Misbehaving { host, line, source } = one;
        let found = format!("nobody misbehaved: {} broke no rule", directory.name(*host));
        Some(Failure { line: *line, statement: source.clone(), at: now, found, waiting: Vec::new() })
    }
}

/// Where a host is declared, for what happens before any step.
fn declaration(scenario: &Scenario, host: HostAddress) -> Option<(usize, String)> {
    let plan = scenario.hosts.iter().find(|plan| plan.address == host)?;
    Some((plan.line, format!("host {}", plan.name)))
}
