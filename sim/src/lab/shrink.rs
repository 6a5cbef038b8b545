//! Makes of a case that breaks a law the smallest scenario that still breaks it, and replays as any other scenario does.
//!
//! What is taken away or made plainer is tried on a copy: if the copy still breaks the law in the same way, it is the case from
//! then on. This goes on until nothing more can be taken away. Each try is a replay from the start, so that nothing is
//! believed that has not been seen.

use imp::{Fault, Mishap};
use imp1822::HostAddress;
use machine::{Instant, Span};
use scenario::ast::{
    Action, Condition, ConditionWhat, ConditionWhen, Content, Expectation, HostAction, HostPlan, PolicyPlan,
    Scenario, Text, When,
};

use super::law::Law;
use super::mend::end_of;
use super::trial::{Finding, Manner, Ran, all_mended, findings, panicked, play};
use crate::prepared::Prepared;

/// More replays than this are not tried.
const MOST_TRIES: usize = 3000;

/// A small scenario in which something is wrong.
#[derive(Debug, Clone)]
pub struct Shrunk {
    /// The scenario. It says what must hold, and does not.
    pub scenario: Scenario,
    /// What is wrong with it.
    pub finding: Finding,
    /// How many replays it took.
    pub tries: usize,
}

/// A case that is being made smaller.
pub(super) struct Shrinker<'n> {
    /// A scenario on the same net.
    net: &'n Prepared,
    best: Scenario,
    finding: Finding,
    /// Whether it must hold as long as nothing breaks and no host is out of the ordinary. Else what is taken away for a
    /// command that was not done is what would have done it.
    must_hold_plainly: bool,
    /// Whether a layer must mend all that breaks: what nobody mends would prove nothing.
    must_be_mended: bool,
    tries: usize,
}

impl<'n> Shrinker<'n> {
    /// Begins with a case that breaks this law if its steps are taken whatever fails. `saw` is what a teletype should have
    /// printed, for a command that was not done. `None` if a plain replay does not break the law.
    pub(super) fn begin(
        case: &'n Prepared,
        finding: &Finding,
        saw: Option<(HostAddress, &str, &str)>,
    ) -> Option<Self> {
        let (failed, in_vain) = match play(case, Manner::WhateverFails) {
            Ok(Ran { outcome, failed, .. }) => (failed, outcome.findings.in_vain),
            Err(_) => (Vec::new(), Vec::new()),
        };
        let mut best = case.scenario().clone();
        best.sweep = None;
        best.meanwhile.retain(|one| !in_vain.contains(one));
        let mut finding = finding.clone();
        let must_hold_plainly = matches!(finding.law, Law::Undisturbed | Law::Done);
        let must_be_mended = finding.law == Law::Undisturbed;
        best.conditions.retain(|condition| match (&condition.what, finding.law) {
            (ConditionWhat::ToldTheTruth, law) => law == Law::Truth,
            (ConditionWhat::NothingLeft, law) => law == Law::NothingLeft,
            (ConditionWhat::EveryProgramDone, law) => law == Law::Done,
            (ConditionWhat::NothingByItself, law) => law == Law::NothingByItself,
            (ConditionWhat::Expectation(_), law) => law == Law::Demand && condition.source == finding.class,
        });
        if let (Law::Undisturbed, Some((host, name, words))) = (finding.law, saw) {
            let source = format!("at the end {name} saw {words}");
            let what = ConditionWhat::Expectation(Expectation::Saw { host, text: Text::literal(words) });
            let when = ConditionWhen::AtTheEnd;
            best.conditions.push(Condition { when, what, line: 0, source: source.clone() });
            (finding.law, finding.class) = (Law::Demand, source);
        }
        let mut shrinker = Shrinker { net: case, best, finding, must_hold_plainly, must_be_mended, tries: 0 };
        // A plain replay ends with the first step that fails. With the time that it waited, the others come when they did.
        let waiting = without(&shrinker.best, &failed, true);
        let at_once = without(&shrinker.best, &failed, false);
        let mut first = shrinker.best.clone();
        first.steps.truncate(failed.first().map_or(usize::MAX, |(at, _)| *at));
        let plain = [waiting, at_once, first];
        // What comes to light after the last step is seen only where something must hold at the end.
        let seen_to_its_end = |mut scenario: Scenario| {
            let conditions = case.scenario().conditions.iter();
            let left = conditions.filter(|condition| condition.what == ConditionWhat::NothingLeft);
            scenario.conditions.extend(left.cloned());
            scenario
        };
        let longer = plain.clone().map(seen_to_its_end);
        plain.into_iter().chain(longer).any(|scenario| shrinker.accept(scenario)).then_some(shrinker)
    }

    /// Takes away and makes plain until nothing more can be.
    pub(super) fn shrink(mut self) -> Shrunk {
        loop {
            let mut smaller = self.fewer_faults();
            smaller |= self.fewer_steps();
            smaller |= self.fewer_hosts();
            smaller |= self.smaller_files();
            smaller |= self.plainer_hosts();
            smaller |= self.rounder_times();
            smaller |= self.try_with(|scenario| set(&mut scenario.seed, 0));
            if !smaller || self.tries >= MOST_TRIES {
                break;
            }
        }
        Shrunk { scenario: self.best, finding: self.finding, tries: self.tries }
    }

    fn fewer_faults(&mut self) -> bool {
        let mut smaller = false;
        for at in (0..self.best.meanwhile.len()).rev() {
            let Some(one) = self.best.meanwhile.get(at).cloned() else { continue };
            let end = end_of(&one.action)
                .and_then(|end| self.best.meanwhile[at..].iter().position(|other| other.action == end));
            smaller |= self.try_with(|scenario| {
                end.map(|end| scenario.meanwhile.remove(at + end));
                scenario.meanwhile.remove(at);
                true
            }) || self.try_with(|scenario| {
                scenario.meanwhile.remove(at);
                true
            });
        }
        smaller
    }

    fn fewer_steps(&mut self) -> bool {
        let mut smaller = false;
        for at in (0..self.best.steps.len()).rev() {
            smaller |= self.try_with(|scenario| {
                scenario.steps.remove(at);
                true
            });
        }
        smaller
    }

    fn fewer_hosts(&mut self) -> bool {
        let mut smaller = false;
        for at in (0..self.best.hosts.len()).rev() {
            smaller |= self.try_with(|scenario| {
                let HostPlan { address, name, .. } = scenario.hosts.remove(at);
                scenario
                    .steps
                    .retain(|step| !matches!(step.action, Action::Host(host, _) if host == address));
                scenario.meanwhile.retain(|one| !is_about(&one.action, address));
                scenario.misbehave.retain(|one| one.host != address);
                for host in &mut scenario.hosts {
                    host.knows.retain(|known| known.site != name);
                }
                !scenario.hosts.is_empty()
            });
        }
        for at in 0..self.best.hosts.len() {
            smaller |= self.try_with(|scenario| scenario.hosts[at].server.take().is_some());
            smaller |= self.try_with(|scenario| {
                // Where something is typed there is a program: without one the scenario could not be read.
                let host = &mut scenario.hosts[at];
                let is_needed = scenario.steps.iter().any(|step| types_or_sees(&step.action, host.address));
                !is_needed && host.program.take().is_some()
            });
            for file in (0..self.best.hosts[at].files.len()).rev() {
                smaller |= self.try_with(|scenario| {
                    scenario.hosts[at].files.remove(file);
                    true
                });
            }
            for known in (0..self.best.hosts[at].knows.len()).rev() {
                smaller |= self.try_with(|scenario| {
                    scenario.hosts[at].knows.remove(known);
                    true
                });
            }
            for account in (0..self.best.hosts[at].accounts.len()).rev() {
                smaller |= self.try_with(|scenario| {
                    scenario.hosts[at].accounts.remove(account);
                    true
                });
            }
        }
        smaller
    }

    fn smaller_files(&mut self) -> bool {
        let mut smaller = false;
        let files = |scenario: &Scenario| -> Vec<(usize, usize)> {
            let hosts = scenario.hosts.iter().enumerate();
            hosts.flat_map(|(at, host)| (0..host.files.len()).map(move |file| (at, file))).collect()
        };
        for (host, file) in files(&self.best) {
            for bytes in [0, 1, 10, 100, 1000, 10_000] {
                let made = self.try_with(|scenario| match &mut scenario.hosts[host].files[file].content {
                    Content::Generated(size) if *size > bytes => set(size, bytes),
                    Content::Generated(_) | Content::Lines(_) => false,
                });
                smaller |= made;
                if made {
                    break;
                }
            }
            for unit in [1000, 100, 10] {
                smaller |= self.try_with(|scenario| match &mut scenario.hosts[host].files[file].content {
                    Content::Generated(size) => {
                        let rounder = *size - *size % unit;
                        set(size, rounder)
                    }
                    Content::Lines(_) => false,
                });
            }
        }
        smaller
    }

    fn plainer_hosts(&mut self) -> bool {
        let mut smaller = false;
        for at in 0..self.best.hosts.len() {
            smaller |= self.try_with(|scenario| scenario.hosts[at].answers_within.take().is_some());
            smaller |= self.try_with(|scenario| scenario.hosts[at].room.take().is_some());
            smaller |= self.try_with(|scenario| set(&mut scenario.hosts[at].policy, PolicyPlan::default()));
            smaller |= self.try_with(|scenario| scenario.hosts[at].policy.requests.take().is_some());
            smaller |= self.try_with(|scenario| scenario.hosts[at].policy.allocation.take().is_some());
            smaller |= self.try_with(|scenario| {
                let edition = &mut scenario.hosts[at].server;
                edition.is_some() && set(edition, Some(ftp::Edition::default()))
            });
            for unit in [10_000, 1000, 100, 10] {
                smaller |= self.try_with(|scenario| match &mut scenario.hosts[at].room {
                    Some(room) => set(room, *room - *room % unit),
                    None => false,
                });
            }
            for unit in units() {
                smaller |= self.try_with(|scenario| match &mut scenario.hosts[at].answers_within {
                    Some(within) => set(within, round(*within, unit)),
                    None => false,
                });
            }
        }
        smaller
    }

    /// Earlier and rounder times: of each fault, of how long it lasts, and of the steps.
    fn rounder_times(&mut self) -> bool {
        let mut smaller = false;
        for at in 0..self.best.meanwhile.len() {
            for unit in units() {
                let rounded = self.try_with(|scenario| {
                    let one = &mut scenario.meanwhile[at];
                    let earlier = Instant::START + floor(one.at.since(Instant::START), unit);
                    set(&mut one.at, earlier)
                });
                smaller |= rounded;
                if rounded || is_round(self.best.meanwhile[at].at.since(Instant::START), unit) {
                    break;
                }
            }
            for unit in units() {
                smaller |= self.try_with(|scenario| {
                    let action = &mut scenario.meanwhile[at].action;
                    let Action::Fault(Fault::Mishap { mishap: Mishap::Late(span), .. }) = action else {
                        return false;
                    };
                    set(span, round(*span, unit))
                });
            }
        }
        for at in 0..self.best.steps.len() {
            smaller |= self.try_with(|scenario| set(&mut scenario.steps[at].when, When::Next));
            for unit in units() {
                smaller |= self.try_with(|scenario| match &mut scenario.steps[at].when {
                    When::After(span) => set(span, round(*span, unit)),
                    When::Next | When::At(_) => false,
                });
            }
        }
        smaller
    }

    /// Tries the case with a change, unless that changes nothing.
    fn try_with(&mut self, change: impl FnOnce(&mut Scenario) -> bool) -> bool {
        let mut other = self.best.clone();
        change(&mut other) && self.accept(other)
    }

    /// Whether this breaks the law as well; then it is the case.
    fn accept(&mut self, other: Scenario) -> bool {
        if self.tries >= MOST_TRIES {
            return false;
        }
        self.tries += 1;
        let prepared = self.net.with(other);
        let found = match play(&prepared, Manner::Strictly) {
            Ok(Ran { outcome, .. }) if self.must_be_mended && !all_mended(prepared.scenario(), &outcome) => {
                return false;
            }
            Ok(Ran { outcome, .. }) => findings(&outcome),
            Err(said) => vec![panicked(said)],
        };
        let same = |found: &Finding| is_same(found, &self.finding);
        match found.into_iter().find(same) {
            Some(_) if self.must_hold_plainly && !self.holds_plainly(prepared.scenario(), same) => false,
            Some(finding) => {
                self.finding = finding;
                self.best = prepared.into_scenario();
                true
            }
            None => false,
        }
    }
}

impl Shrinker<'_> {
    /// Whether the same is not wrong with a scenario if nothing breaks and no host is out of the ordinary.
    fn holds_plainly(&self, scenario: &Scenario, same: impl Fn(&Finding) -> bool) -> bool {
        let mut plain = scenario.clone();
        plain.meanwhile.clear();
        for host in &mut plain.hosts {
            host.policy = PolicyPlan::default();
            host.answers_within = None;
            host.room = None;
        }
        let played = play(&self.net.with(plain), Manner::Strictly);
        played.is_ok_and(|ran| !findings(&ran.outcome).iter().any(same))
    }
}

/// Whether a case is wrong in the same way as another one. What nobody could see is none of what somebody should have seen.
fn is_same(one: &Finding, other: &Finding) -> bool {
    (one.law, &one.class, one.unseen) == (other.law, &other.class, other.unseen)
}

/// Whether an action needs the teletype of this host.
fn types_or_sees(action: &Action, host: HostAddress) -> bool {
    matches!(action, Action::Host(at, HostAction::Types(_) | HostAction::Sees(_)) if *at == host)
}

/// Sets a value, and says whether it was another one before.
fn set<T: PartialEq>(place: &mut T, value: T) -> bool {
    let differs = *place != value;
    *place = value;
    differs
}

/// The scenario without the steps that failed. `waiting`: the step behind each comes as much later as it had waited.
fn without(scenario: &Scenario, failed: &[(usize, Span)], waiting: bool) -> Scenario {
    let mut other = scenario.clone();
    for (at, waited) in failed.iter().rev() {
        other.steps.remove(*at);
        if let Some(next) = other.steps.get_mut(*at)
            && waiting
            && *waited > Span::ZERO
        {
            next.when = match next.when {
                When::Next => When::After(*waited),
                When::After(span) => When::After(span + *waited),
                When::At(at) => When::At(at),
            };
        }
    }
    other
}

/// Whether something breaks or heals at this host.
fn is_about(action: &Action, host: HostAddress) -> bool {
    match action {
        Action::Host(at, HostAction::Crashes | HostAction::Restarts) => *at == host,
        Action::Fault(fault) => match fault {
            Fault::CablePulled { host: at } | Fault::CablePlugged { host: at } => *at == host,
            Fault::HostHangs { host: at } | Fault::HostGoesOn { host: at } => *at == host,
            Fault::Mishap { host: at, .. } => *at == host,
            Fault::LineFails { .. } | Fault::LineHeals { .. } | Fault::LineErrs { .. } => false,
            Fault::ImpCrashes { .. } | Fault::ImpRestarts { .. } | Fault::ImpGoesDown { .. } => false,
        },
        Action::Host(..) | Action::WaitFor { .. } | Action::Traffic(_) => false,
        Action::Measure(_) | Action::Orders(_) | Action::Expect(_) => false,
    }
}

/// What times are rounded to, the roundest first.
fn units() -> [Span; 6] {
    [60_000_000, 1_000_000, 100_000, 10_000, 1000, 100].map(Span::from_micros)
}

fn is_round(span: Span, unit: Span) -> bool {
    span.as_micros().is_multiple_of(unit.as_micros())
}

fn floor(span: Span, unit: Span) -> Span {
    Span::from_micros(span.as_micros() / unit.as_micros() * unit.as_micros())
}

/// The nearest whole number of units. What is shorter than one stays as it is: it must not become something else.
fn round(span: Span, unit: Span) -> Span {
    if span < unit {
        return span;
    }
    let units = (span.as_micros() + unit.as_micros() / 2) / unit.as_micros();
    Span::from_micros(units * unit.as_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_should_have_seen_is_not_shrunk_to_what_nobody_could() {
        let finding = |unseen, class: &str| Finding {
            law: Law::Truth,
            class: class.to_owned(),
            sentence: "whatever".to_owned(),
            at: Instant::START,
            unseen,
        };
        let wrong = finding(false, "a lie");
        assert!(is_same(&finding(false, "a lie"), &wrong), "it is wrong in the same way");
        assert!(
            !is_same(&finding(true, "a lie"), &wrong),
            "nobody could see it: it teaches nothing of the case"
        );
        assert!(!is_same(&finding(false, "another lie"), &wrong), "it is wrong in another way");
    }

    #[test]
    fn a_time_is_rounded_to_whole_units_and_a_shorter_one_is_not_made_longer() {
        let rounded = |micros, unit| round(Span::from_micros(micros), Span::from_micros(unit)).as_micros();
        assert_eq!((rounded(1_400_000, 1_000_000), rounded(1_500_000, 1_000_000)), (1_000_000, 2_000_000));
        // A host that answers within a minute is no host that answers: nothing could read that.
        assert_eq!(rounded(1015, 60_000_000), 1015);
    }
}
