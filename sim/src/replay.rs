//! Replays a scenario: takes its steps in its world, and says whether everything held.

use std::collections::BTreeMap;

use host::Notice;
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::icp::FTP_CONTACT;
use scenario::Note;
use scenario::ast::{Action, ConditionWhen, HostAction, Meanwhile, Orders, Rest, Scenario, Step, When};
use trace::figures::Figures;
use trace::{Names, What};

use crate::failure::{Failure, FailureKind, Failures, IN_FULL};
use crate::generator::TrafficGenerator;
use crate::outcome::{Findings, Outcome};
use crate::run_observer::RunObserver;
use crate::world::{ArrivalOrder, World};

use arrivals::Waitings;
use check::check;
use conditions::Conditions;
use measure::measure;
use numbers::NamedNumbers;
use run::{LimitBy, PATIENCE, Run};
use schedule::Schedule;
use sockets::Sockets;
use step_error::{Evidence, IMPOSSIBLE, Problem, StepError, WaitEnd};
use traffic::TrafficRun;
use waits::{MessageCursor, messages_so_far, wait_for_line, wait_for_message};

pub(crate) mod arrivals;
mod by_itself;
mod check;
pub(crate) mod conditions;
mod data;
pub(crate) mod evidence;
mod faults;
mod measure;
mod near;
mod numbers;
mod pattern;
pub(crate) mod run;
mod schedule;
mod socket_problems;
mod sockets;
pub(crate) mod step_error;
mod traffic;
mod waits;

/// A scenario that is being replayed.
pub(crate) struct Replay {
    pub(crate) run: Run,
    sockets: Sockets,
    /// The numbers that steps have named.
    pub(crate) numbers: NamedNumbers,
    traffic: TrafficRun,
    measured: Vec<Figures>,
    /// How many printed lines the last `sees` of each host has gone past.
    printed_cursors: BTreeMap<HostAddress, usize>,
    /// Where the next `wait for` begins, if it stands right behind the step above.
    message_cursor: MessageCursor,
    /// What must hold of the whole run.
    conditions: Conditions,
    held: usize,
    /// In which order messages arrive from where the scenario says that all orders may come.
    pub(crate) arrivals: Option<Box<dyn ArrivalOrder>>,
}

impl Replay {
    /// Boots the hosts of a scenario in this world, and attaches its traffic generators, which draw from `seed`.
    pub(crate) fn start(scenario: &Scenario, names: Names, seed: u64, mut world: World<RunObserver>) -> Self {
        for plan in scenario.hosts.iter().filter(|plan| plan.up) {
            world.act(plan.address, |host, now| host.boot(now));
        }
        for plan in &scenario.hosts {
            if let Some(within) = plan.answers_within {
                world.slow_down(plan.address, &plan.name, within, seed);
            }
        }
        let mut run = Run {
            world,
            names,
            limit: Instant::START + scenario.limit,
            limit_by: LimitBy::of(scenario),
            announced_until: Instant::START,
            schedule: Schedule::new(&scenario.meanwhile),
            watcher: None,
            glances: None,
        };
        let conditions = Conditions::begin(scenario, &mut run);
        let mut replay = Replay {
            run,
            sockets: Sockets::new(seed),
            numbers: NamedNumbers::default(),
            traffic: TrafficRun::default(),
            measured: Vec::new(),
            printed_cursors: BTreeMap::new(),
            message_cursor: MessageCursor::default(),
            conditions,
            held: 0,
            arrivals: None,
        };
        replay.attach_generators(&scenario.steps, seed);
        replay
    }

    /// Attaches traffic generators where these steps need some that are not there.
    pub(crate) fn attach_generators(&mut self, steps: &[Step], seed: u64) {
        for address in scenario::ast::traffic_hosts(steps) {
            if self.run.world.generator(address).is_none() {
                let name = self.run.names.host(address);
                let generator = TrafficGenerator::new(&name, address, seed);
                self.run.world.attach_generator(address, generator);
            }
        }
    }

    /// Takes all steps of the scenario.
    pub(crate) fn play(mut self, scenario: &Scenario) -> Outcome {
        let failures = self.take(&scenario.steps, |_, _| ());
        self.finish(scenario, failures)
    }

    /// Takes steps, each after `before`, and returns what did not hold, in order. An expectation only looks: the steps go on
    /// behind one that does not hold. Any other step that fails is the last.
    pub(crate) fn take(&mut self, steps: &[Step], before: impl Fn(&mut Replay, &Step)) -> Vec<Failure> {
        let mut failures = Vec::new();
        for (number, step) in (1..).zip(steps) {
            before(self, step);
            if let Some(mut failure) = self.step(step, failures.len() < IN_FULL) {
                let goes_on = failure.kind == FailureKind::Expectation;
                let left = steps.len() - number;
                if !goes_on && left > 0 {
                    let are = if left == 1 {
                        "1 step below was".to_owned()
                    } else {
                        format!("{left} steps below were")
                    };
                    failure.notes.push(Note::new(format!("{are} not reached")));
                }
                failures.push(failure);
                if !goes_on {
                    break;
                }
            }
        }
        failures
    }

    /// Takes steps as a user would whatever breaks: expectations are not looked at, and behind any other step that fails the
    /// next one is taken. Returns which steps failed, and how long each had waited.
    pub(crate) fn take_whatever_fails(&mut self, steps: &[Step]) -> Vec<(usize, Span)> {
        let mut failed = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            let begun = self.run.now();
            let is_late = matches!(step.when, When::At(at) if at < begun);
            let when = if is_late { When::After(Span::ZERO) } else { step.when };
            let taken = match &step.action {
                // What gives a name to a number is needed by those behind it.
                Action::Expect(_) if step.action.new_names().next().is_none() => {
                    self.begin(&Step { when, ..step.clone() })
                }
                _ if is_late => self.attempt(&Step { when, ..step.clone() }),
                _ => self.attempt(step),
            };
            if taken.is_err() {
                failed.push((number, self.run.now().since(begun)));
            }
            if self.run.now() >= self.run.limit {
                break;
            }
        }
        failed
    }

    /// Takes a step, and returns why it failed if it did. `in_full`: what helps to find out why is told, too.
    fn step(&mut self, step: &Step, in_full: bool) -> Option<Failure> {
        let taken = self.attempt(step);
        taken.err().map(|error| self.failure(step, error, in_full))
    }

    fn attempt(&mut self, step: &Step) -> Result<(), StepError> {
        let begun = self.begin(step);
        let before = messages_so_far(&self.run);
        let taken = begun.and_then(|()| self.act(step));
        self.message_cursor.go_on(&self.run, &step.action, before);
        taken
    }

    /// Lets what was begun come to its end, has the rules checked, and says what came of it all. `failures` is what did not
    /// hold of the steps.
    pub(crate) fn finish(mut self, scenario: &Scenario, mut failures: Vec<Failure>) -> Outcome {
        let all_taken = failures.iter().all(|failure| failure.kind == FailureKind::Expectation);
        // Traffic ends with the last step.
        self.traffic.stop(&mut self.run);
        if all_taken {
            self.traffic.await_answers(&mut self.run);
            // Who stops a run whose steps have all been taken does not wait for its end.
            let _ = self.run.settle();
            self.conditions.await_end(scenario, &mut self.run);
        }
        self.traffic.sum_up(&mut self.run);
        failures.extend(arrivals::unmet(&self.run, &scenario.steps));
        let mut in_vain = self.add_in_vain(&mut failures);
        in_vain.extend(faults::unstruck(scenario, &in_vain, self.run.world.log().struck()));
        // What should have been at the end has no chance where the steps have not been taken.
        let mut broken = self.conditions.broken(scenario, &self.run);
        broken.retain(|one| all_taken || one.when != ConditionWhen::AtTheEnd);
        failures.extend(broken.iter().map(|one| one.failure.clone()));
        self.held += conditions::held(scenario, &broken, all_taken);
        let testimony = self.run.world.log().testimony();
        let mut findings = Findings {
            broken,
            in_vain,
            sometimes: self.conditions.sometimes(scenario, &self.run),
            told: testimony.map(|told| told.told().collect()).unwrap_or_default(),
            reached: None,
            rule: None,
        };
        self.check_rules(scenario, &mut failures, all_taken);
        self.take_announced(scenario, &mut failures);
        let names = &self.run.names;
        let rules = self.run.world.log_mut().rule_check();
        findings.rule = rules.as_ref().and_then(|rules| rules.first_rule(names.hosts()));
        let advice = rules.map(|rules| rules.advice(names.hosts())).unwrap_or_default();
        let verdict = Failures::none_of(format_args!("{}.scenario", scenario.name), failures);
        let Replay { run: Run { world, names, .. }, held, measured, .. } = self;
        let (end, counts) = (world.now(), world.counts());
        let (mut observer, hosts) = world.into_parts();
        findings.reached = observer.reached(hosts.iter().map(|(_, host)| host));
        let tables = observer.tables();
        let (recorder, printed, looks) = observer.into_parts();
        let (digest, keep) = (recorder.digest(), recorder.keep());
        let records = recorder.into_records();
        Outcome {
            verdict,
            advice,
            records,
            digest,
            end,
            counts,
            held,
            measured,
            names,
            keep,
            printed,
            hosts,
            findings,
            looks,
            tables,
        }
    }

    /// Adds what was to break or heal meanwhile and has met nothing to the failures.
    /// Returns which they are.
    fn add_in_vain(&mut self, failures: &mut Vec<Failure>) -> Vec<Meanwhile> {
        let in_vain = self.run.schedule.take_in_vain();
        for (one, error) in &in_vain {
            let (line, statement) = (one.line, one.source.clone());
            let problem = match error.clone() {
                StepError::Impossible(found) => Problem::new(found, IMPOSSIBLE),
                StepError::Problem(problem) | StepError::Timeout(_, problem) => *problem,
            };
            let Problem { found, label, evidence: Evidence { help, notes } } = problem;
            let kind = FailureKind::Step;
            insert(failures, Failure { kind, line, statement, at: one.at, found, label, help, notes });
        }
        in_vain.into_iter().map(|(one, _)| one).collect()
    }

    /// Adds the first rule that was broken to the failures, where it belongs by its time; and, if all steps were taken, who
    /// was to misbehave and has not.
    fn check_rules(&mut self, scenario: &Scenario, failures: &mut Vec<Failure>, all_taken: bool) {
        let (now, names) = (self.run.now(), &self.run.names);
        let quiet = self.run.world.is_quiet_until(Instant::from_micros(u64::MAX));
        let Some(rules) = self.run.world.log_mut().rule_check() else { return };
        if all_taken {
            rules.finish(now, quiet);
        }
        if let Some(violation) = rules.first_violation(scenario, names.hosts()) {
            insert(failures, violation);
        } else if all_taken {
            failures.extend(rules.unused_exemption(now, names.hosts()));
        }
    }

    /// Adds the first rule that was broken so far to failures, if there are any: it is likely to be why a later step did not
    /// hold.
    pub(crate) fn add_violation_before(&mut self, scenario: &Scenario, failures: &mut Vec<Failure>) {
        if !failures.is_empty()
            && let Some(violation) = self.violation_before(scenario)
        {
            insert(failures, violation);
        }
    }

    /// The first rule that was broken so far.
    pub(crate) fn violation_before(&mut self, scenario: &Scenario) -> Option<Failure> {
        let names = &self.run.names;
        self.run.world.log_mut().rule_check()?.first_violation(scenario, names.hosts())
    }

    /// Takes away the failures that the heading announces. One that it does not announce is none the less for it, and one that
    /// it announces must be there.
    fn take_announced(&self, scenario: &Scenario, failures: &mut Vec<Failure>) {
        let missing: Vec<Failure> = scenario
            .fails
            .iter()
            .filter(|must| !failures.iter().any(|failure| failure.says(&must.text)))
            .map(|must| Failure {
                kind: FailureKind::Heading,
                line: must.line,
                statement: format!("fails {}", must.text),
                at: self.run.now(),
                found: "the run has not failed as its heading says".to_owned(),
                label: if failures.is_empty() { "nothing failed" } else { "what failed says something else" }
                    .to_owned(),
                help: None,
                notes: Vec::new(),
            })
            .collect();
        failures.retain(|failure| !scenario.fails.iter().any(|must| failure.says(&must.text)));
        failures.extend(missing);
    }

    /// Lets time pass until the step begins.
    fn begin(&mut self, step: &Step) -> Result<(), StepError> {
        match step.when {
            // Without a time, a step that looks at what came of the earlier ones lets everything come to rest,
            // and one that types lets the host's program finish with what was typed before.
            When::Next => match step.action.needs().rest {
                Rest::Everything => {
                    self.run.wait_for_programs(None)?;
                    self.run.settle()?;
                }
                Rest::Program(host) => self.run.wait_for_programs(Some(host))?,
                Rest::Nothing => {}
            },
            When::After(span) => self.run.run_to(self.run.now() + span)?,
            When::At(at) => {
                // By a real clock it is always a little later than the last step planned.
                if at < self.run.now() && self.run.world.is_simulated() {
                    let late = format!("this step cannot begin at {at} s: the step before it ended later");
                    let help = "with `+SPAN` it begins that long after that end; without either, at once";
                    return Err(StepError::impossible(late, Some(help.to_owned())));
                }
                self.run.run_to(at)?;
            }
        }
        self.run.world.note(What::Step { line: step.line, statement: step.source.clone() });
        Ok(())
    }

    fn act(&mut self, step: &Step) -> Result<(), StepError> {
        for host in self.run.schedule.take_stopped() {
            self.sockets.forget(host);
        }
        let (run, within) = (&mut self.run, step.within.unwrap_or(PATIENCE));
        match &step.action {
            Action::Host(host, action) => return self.act_at(*host, action, within),
            Action::WaitFor { from, to, text } => {
                let pattern = self.numbers.pattern(text)?;
                let since = self.message_cursor.start(run, step.when);
                let (number, named) = wait_for_message(run, (*from, *to), text, &pattern, since, within)?;
                self.message_cursor.found(run, number);
                self.numbers.add(named);
            }
            Action::Fault(fault) => run.break_or_heal(*fault)?,
            Action::Traffic(traffic) => self.traffic.act(run, traffic)?,
            Action::Measure(measurement) => {
                let figures = measure(run, measurement)?;
                run.world.note(What::Measured(figures.clone()));
                self.measured.push(figures);
            }
            Action::Orders(Orders::All) => {
                if let Some(order) = self.arrivals.take() {
                    run.world.hold(order);
                }
            }
            Action::Orders(Orders::This(waitings)) => run.world.hold(Box::new(Waitings::new(waitings))),
            Action::Expect(expectation) => {
                let named = check(run, &self.numbers, expectation).map_err(StepError::into_problem)?;
                self.numbers.add(named);
                self.held += 1;
            }
        }
        Ok(())
    }

    fn act_at(&mut self, host: HostAddress, action: &HostAction, within: Span) -> Result<(), StepError> {
        let run = &mut self.run;
        match action {
            HostAction::Types(text) => {
                run.require_up(host)?;
                let line = self.numbers.written(text)?;
                run.world.act(host, |host, now| host.type_line(now, &line));
            }
            HostAction::Sees(text) => {
                let pattern = self.numbers.pattern(text)?;
                let cursor = self.printed_cursors.entry(host).or_default();
                let found = wait_for_line(run, host, text, &pattern, *cursor, within)?;
                *cursor = found.0 + 1;
                self.numbers.add(found.1);
            }
            HostAction::Announces(text) => {
                run.require_up(host)?;
                let notice = Notice::News(self.numbers.written(text)?);
                run.world.act(host, |host, now| host.operator_says(now, &notice));
            }
            HostAction::ShutsDownFtp(span) => {
                run.require_up(host)?;
                let notice = Notice::Stops(FTP_CONTACT, run.now() + *span);
                run.world.act(host, |host, now| host.operator_says(now, &notice));
            }
            HostAction::Crashes => {
                faults::crash(&mut run.world, &run.names, host)?;
                self.sockets.forget(host);
            }
            HostAction::Restarts => faults::restart(&mut run.world, &run.names, host)?,
            HostAction::Ncp(action) => self.sockets.act(run, &mut self.numbers, host, action, within)?,
        }
        Ok(())
    }

    /// Says why a step failed.
    fn failure(&self, step: &Step, error: StepError, in_full: bool) -> Failure {
        let run = &self.run;
        let (kind, problem) = match error {
            StepError::Impossible(found) => (FailureKind::Step, Problem::new(found, IMPOSSIBLE)),
            StepError::Problem(mut problem) => match &step.action {
                Action::Expect(expectation) => {
                    if in_full {
                        problem.evidence = check::evidence(run, &self.numbers, expectation);
                    }
                    (FailureKind::Expectation, *problem)
                }
                Action::Host(..)
                | Action::WaitFor { .. }
                | Action::Fault(_)
                | Action::Traffic(_)
                | Action::Measure(_)
                | Action::Orders(_) => (FailureKind::Step, *problem),
            },
            StepError::Timeout(end, mut problem) => {
                problem.label = self.why(end, step);
                if end == WaitEnd::Within && step.within.is_none() {
                    let usual = format!("a step that does not say `within` waits for {PATIENCE}");
                    problem.evidence.notes.push(Note::new(usual));
                }
                problem.evidence.notes.extend(evidence::who_waits(run));
                (end.kind(), *problem)
            }
        };
        let Problem { found, label, mut evidence } = problem;
        if in_full {
            evidence.notes.extend(self.numbers.legend().map(Note::new));
        }
        let (line, statement) = (step.line, step.source.clone());
        Failure {
            kind,
            line,
            statement,
            at: run.now(),
            found,
            label,
            help: evidence.help,
            notes: evidence.notes,
        }
    }

    /// Why a step does not wait any longer.
    fn why(&self, end: WaitEnd, step: &Step) -> String {
        match (end, step.within) {
            (WaitEnd::Within, Some(within)) => format!("not within {within}"),
            (WaitEnd::Within, None) => {
                format!("not within {PATIENCE}")
            }
            (WaitEnd::Limit, _) => self.run.limit_by.to_string(),
            (WaitEnd::Idle, _) => "nothing more will happen".to_owned(),
            (WaitEnd::Stopped, _) => "stopped".to_owned(),
        }
    }
}

/// Puts a failure before those that came about at the same time or later.
fn insert(failures: &mut Vec<Failure>, failure: Failure) {
    let place = failures.iter().position(|other| other.at >= failure.at).unwrap_or(failures.len());
    failures.insert(place, failure);
}
