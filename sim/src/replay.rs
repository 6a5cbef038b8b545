//! Replays a scenario: takes its steps in its world, and says whether everything held.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::{Instant, Span};
use scenario::ast::{Action, HostAction, MustFail, Rest, Scenario, Step, When};
use trace::figures::Figures;
use trace::{Names, What};

use crate::failure::Failure;
use crate::generator::TrafficGenerator;
use crate::netstat;
use crate::outcome::Outcome;
use crate::run_observer::RunObserver;
use crate::world::World;

use check::check;
use measure::measure;
use run::{PATIENCE, Run};
use sockets::Sockets;
use step_error::StepError;
use traffic::TrafficRun;

mod check;
mod measure;
pub(crate) mod run;
mod sockets;
pub(crate) mod step_error;
mod traffic;

/// A scenario that is being replayed.
pub(crate) struct Replay {
    pub(crate) run: Run,
    sockets: Sockets,
    traffic: TrafficRun,
    measured: Vec<Figures>,
    /// How many printed lines the last `sees` of each host has gone past.
    printed_cursors: BTreeMap<HostAddress, usize>,
    held: usize,
}

impl Replay {
    /// Boots the hosts of a scenario in this world, and attaches its traffic generators, which draw from `seed`.
    pub(crate) fn start(scenario: &Scenario, names: Names, seed: u64, mut world: World<RunObserver>) -> Self {
        for plan in scenario.hosts.iter().filter(|plan| plan.up) {
            world.act(plan.address, |host, now| host.boot(now));
        }
        let limit = Instant::START + scenario.limit;
        let mut replay = Replay {
            run: Run { world, names, limit, announced_until: Instant::START },
            sockets: Sockets::default(),
            traffic: TrafficRun::default(),
            measured: Vec::new(),
            printed_cursors: BTreeMap::new(),
            held: 0,
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
        let verdict = scenario.steps.iter().try_for_each(|step| self.step(step));
        self.finish(scenario, verdict)
    }

    /// Takes a step.
    pub(crate) fn step(&mut self, step: &Step) -> Result<(), Failure> {
        self.begin(step).and_then(|()| self.act(step)).map_err(|error| self.failure(step, error))
    }

    /// Lets what was begun come to its end, has the rules checked, and says what came of it all. `verdict` is what became
    /// of the steps. What broke a rule is likely to be why a later step did not hold.
    pub(crate) fn finish(mut self, scenario: &Scenario, verdict: Result<(), Failure>) -> Outcome {
        // Traffic ends with the last step.
        self.traffic.stop(&mut self.run);
        if verdict.is_ok() {
            self.traffic.await_answers(&mut self.run);
            // Who stops a run whose steps have all held does not wait for its end.
            let _ = self.run.settle();
        }
        self.traffic.sum_up(&mut self.run);
        let verdict = self.with_rules_checked(scenario, verdict);
        let verdict = self.with_expected_failure(scenario, verdict);
        let Replay { run: Run { world, names, .. }, held, measured, .. } = self;
        let (end, counts) = (world.now(), world.counts());
        let (observer, hosts) = world.into_parts();
        let (recorder, printed) = observer.into_parts();
        let (digest, keep) = (recorder.digest(), recorder.keep());
        let records = recorder.into_records();
        Outcome { verdict, records, digest, end, counts, held, measured, names, keep, printed, hosts }
    }

    /// The verdict takes into account whether a rule was broken.
    fn with_rules_checked(
        &mut self,
        scenario: &Scenario,
        verdict: Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Err(mut failure) = verdict {
            failure.waiting.extend(self.violation_before(scenario));
            return Err(failure);
        }
        let (now, names) = (self.run.now(), &self.run.names);
        let quiet = self.run.world.is_quiet_until(Instant::from_micros(u64::MAX));
        let Some(rules) = self.run.world.log_mut().rule_check() else { return Ok(()) };
        rules.finish(now, quiet);
        let violation = rules.first_violation(scenario, names.hosts());
        violation.or_else(|| rules.unused_exemption(now, names.hosts())).map_or(Ok(()), Err)
    }

    /// The first rule that was broken so far, as a note below a failure: it is likely to be why a later step did not hold.
    pub(crate) fn violation_before(&mut self, scenario: &Scenario) -> Option<String> {
        let names = &self.run.names;
        let violation = self.run.world.log_mut().rule_check()?.first_violation(scenario, names.hosts())?;
        Some(format!("before that, in line {}: {}", violation.line, violation.found))
    }

    /// The verdict takes into account that the scenario may have to fail.
    fn with_expected_failure(
        &self,
        scenario: &Scenario,
        verdict: Result<(), Failure>,
    ) -> Result<(), Failure> {
        match (verdict, &scenario.fails) {
            (verdict, None) => verdict,
            (Err(failure), Some(must)) if failure.says(&must.text) => Ok(()),
            (Err(failure), Some(must)) => {
                let found = format!("{}; the scenario must fail with {:?} instead", failure.found, must.text);
                Err(Failure { found, ..failure })
            }
            (Ok(()), Some(MustFail { text, line })) => Err(Failure {
                line: *line,
                statement: format!("fails {text}"),
                at: self.run.now(),
                found: "nothing failed".to_owned(),
                waiting: Vec::new(),
            }),
        }
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
                    let late = format!("at {at} s it cannot begin: the step before it ended later");
                    return Err(StepError::Mismatch(late));
                }
                self.run.run_to(at)?;
            }
        }
        self.run.world.note(What::Step { line: step.line, statement: step.source.clone() });
        Ok(())
    }

    fn act(&mut self, step: &Step) -> Result<(), StepError> {
        let (run, within) = (&mut self.run, step.within.unwrap_or(PATIENCE));
        match &step.action {
            Action::Host(host, action) => return self.act_at(*host, action, within),
            Action::WaitFor { from, to, text } => wait_for_message(run, *from, *to, text, within)?,
            Action::Fault(fault) => {
                // A fault that meets nothing, because the part is in that state already, changes nothing.
                let _ = run.inject(*fault);
            }
            Action::Traffic(traffic) => self.traffic.act(run, traffic),
            Action::Measure(measurement) => {
                let figures = measure(run, measurement)?;
                run.world.note(What::Measured(figures.clone()));
                self.measured.push(figures);
            }
            Action::Expect(expectation) => {
                check(run, expectation).map_err(StepError::Mismatch)?;
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
                run.world.act(host, |host, now| host.type_line(now, text));
            }
            HostAction::Sees(text) => {
                let cursor = self.printed_cursors.entry(host).or_default();
                *cursor = wait_for_line(run, host, text, *cursor, within)?;
            }
            HostAction::Crashes => {
                run.world.act(host, |host, now| host.crash(now));
                self.sockets.forget(host);
            }
            HostAction::Restarts => drop(run.world.act(host, |host, now| host.boot(now))),
            HostAction::Ncp(action) => self.sockets.act(run, host, action, within)?,
        }
        Ok(())
    }

    fn failure(&self, step: &Step, error: StepError) -> Failure {
        let (found, waiting) = match error {
            StepError::Mismatch(found) => (found, Vec::new()),
            StepError::Timeout(found) => (found, who_waits(&self.run)),
        };
        Failure { line: step.line, statement: step.source.clone(), at: self.run.now(), found, waiting }
    }
}

/// Waits until a message crosses that has not crossed yet.
fn wait_for_message(
    run: &mut Run,
    from: HostAddress,
    to: HostAddress,
    text: &str,
    within: Span,
) -> Result<(), StepError> {
    let crossed = |run: &Run| run.world.log().messages().map_or(0, |messages| messages.len());
    let mut since = crossed(run);
    let waits = format!("{} sends {} {text:?}", run.names.host(from), run.names.host(to));
    run.wait(within, &waits, |run| {
        let found = run.world.log().messages()?.find(from, to, text, since).is_some();
        // No message is looked at twice.
        since = crossed(run);
        found.then_some(())
    })
}

/// Waits until a teletype prints a line behind the first `since` lines of the run. Returns the number behind it.
pub(crate) fn wait_for_line(
    run: &mut Run,
    host: HostAddress,
    text: &str,
    since: usize,
    within: Span,
) -> Result<usize, StepError> {
    let waits = format!("{} prints {text:?}", run.names.host(host));
    let line = run.wait(within, &waits, |run| run.world.log().printed().find(host, text, since));
    match (line, run.world.log().printed().last(host)) {
        (Ok(line), _) => Ok(line + 1),
        (Err(StepError::Timeout(what)), Some(line)) => {
            Err(StepError::Timeout(format!("{what}; the last line that it printed is {line:?}")))
        }
        (Err(error), _) => Err(error),
    }
}

/// Who waits for what: every host that is up, its programs, its connections.
pub(crate) fn who_waits(run: &Run) -> Vec<String> {
    let mut lines = Vec::new();
    for (address, host) in run.world.hosts().filter(|(_, host)| host.is_up()) {
        let programs = match host.programs() {
            none if none.is_empty() => "nothing".to_owned(),
            programs => programs.join(", "),
        };
        lines.push(format!("{} runs {programs}", run.names.host(address)));
        let table = netstat::table(host, run.names.hosts());
        lines.extend(table.into_iter().map(|line| format!("  {line}")));
    }
    lines
}
