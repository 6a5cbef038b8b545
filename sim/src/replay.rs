//! Replays a scenario: builds its world, takes its steps, and says whether everything held.

use std::collections::BTreeMap;

use host::Host;
use imp::Watch;
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::Socket;
use trace::figures::Figures;
use trace::{Digest, Keep, Names, Record, Recorder, What};

use crate::build;
use crate::failure::Failure;
use crate::netstat;
use crate::operator::{Circuit, Order};
use crate::witness::{Audience, Witness};
use crate::world::{Counts, Outside, World};
use scenario::ast::{Action, HostAction, MustFail, OperatorAction, Rest, Scenario, Step, When};

use level1::TrafficRun;

mod faults;
mod judge;
mod level1;
mod sockets;

/// How long a step waits if it does not say `within`.
const PATIENCE: Span = Span::from_secs(600);

/// Things have come to rest when nothing happens for this long.
const REST: Span = Span::from_secs(5);

/// How a scenario is replayed. None of it changes what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What is kept of what happens.
    pub keep: Keep,
    /// Which frames between IMPs are recorded, too.
    pub watch: Watch,
}

/// What came of a replay.
pub struct Outcome {
    /// Whether the scenario's steps held, or what went wrong first.
    pub verdict: Result<(), Failure>,
    /// Every record, if they were kept.
    pub records: Vec<Record>,
    /// The digest of all records.
    pub digest: Digest,
    /// When the run ended.
    pub end: Instant,
    /// How much happened.
    pub counts: Counts,
    /// How many expectations held.
    pub held: usize,
    /// What was measured, in order.
    pub measured: Vec<Figures>,
    /// What hosts and IMPs are called.
    pub names: Names,
}

/// Replays a scenario. The verdict takes into account that the scenario may have to fail.
pub fn replay(scenario: &Scenario, options: Options) -> Outcome {
    replay_watched(scenario, options, |_| ())
}

/// The same, for somebody who waits: `watch` is told the virtual time now and then.
pub fn replay_watched(
    scenario: &Scenario,
    options: Options,
    watch: impl FnMut(Instant) + 'static,
) -> Outcome {
    let witness = Witness::new(scenario, Recorder::new(options.keep), Box::new(watch));
    play(scenario, options.watch, witness, None)
}

/// Takes the steps of a scenario in real time, beside hosts that are elsewhere. `audience` gets every record as it comes
/// about.
pub fn replay_live(
    scenario: &Scenario,
    watch: Watch,
    audience: Audience,
    outside: Box<dyn Outside>,
    elsewhere: &[HostAddress],
) -> Outcome {
    let witness = Witness::new(scenario, Recorder::new(Keep::Digest), Box::new(|_| ()));
    play(scenario, watch, witness.with_audience(audience), Some((outside, elsewhere)))
}

fn play(
    scenario: &Scenario,
    watch: Watch,
    witness: Witness,
    live: Option<(Box<dyn Outside>, &[HostAddress])>,
) -> Outcome {
    let names = Names::of(&scenario.net);
    let hosts = build::hosts(scenario, names.hosts());
    let mut world = World::new(&scenario.net, hosts, watch, scenario.seed, witness);
    if let Some((outside, elsewhere)) = live {
        world.go_live(outside, elsewhere.iter().copied());
    }
    let mut replay = Replay {
        world,
        names,
        limit: Instant::START + scenario.limit,
        seen: 0,
        held: 0,
        circuits: BTreeMap::new(),
        traffic: TrafficRun::default(),
        measured: Vec::new(),
        foretold: Instant::START,
    };
    let verdict = match (replay.watched_run(scenario), &scenario.fails) {
        (verdict, None) => verdict,
        (Err(failure), Some(must)) if failure.says(&must.text) => Ok(()),
        (Err(failure), Some(must)) => {
            let found = format!("{}; the scenario must fail with {:?} instead", failure.found, must.text);
            Err(Failure { found, ..failure })
        }
        (Ok(()), Some(MustFail { text, line })) => Err(Failure {
            line: *line,
            statement: format!("fails {text}"),
            at: replay.world.now(),
            found: "nothing failed".to_owned(),
            waiting: Vec::new(),
        }),
    };
    let Replay { world, names, held, measured, .. } = replay;
    let (end, counts) = (world.now(), world.counts);
    let recorder = world.log.into_recorder();
    let digest = recorder.digest();
    Outcome { verdict, records: recorder.into_records(), digest, end, counts, held, measured, names }
}

struct Replay {
    world: World<Witness>,
    names: Names,
    limit: Instant,
    /// How many printed lines a `sees` has gone past.
    seen: usize,
    held: usize,
    /// The sockets that steps of the scenario drive.
    circuits: BTreeMap<(HostAddress, Socket), Circuit>,
    traffic: TrafficRun,
    measured: Vec<Figures>,
    /// Until when the scenario has already said what will happen.
    foretold: Instant,
}

/// Why a step could not be taken or did not hold.
enum Trouble {
    /// Something is not as the step says it should be.
    Found(String),
    /// What the step waits for does not come about.
    Stuck(String),
}

impl Replay {
    /// Runs, and asks the guard what was seen. What broke a rule is likely to be why a later step did not hold.
    fn watched_run(&mut self, scenario: &Scenario) -> Result<(), Failure> {
        let verdict = self.run(scenario);
        let (now, quiet) = (self.world.now(), self.world.is_quiet_until(Instant::from_micros(u64::MAX)));
        let Some(guard) = &mut self.world.log.guard else { return verdict };
        if verdict.is_ok() {
            guard.finish(now, quiet);
        }
        let caught = guard.caught(scenario, self.names.hosts());
        match (verdict, caught) {
            (Ok(()), Some(caught)) => Err(caught),
            (Ok(()), None) => guard.innocent(now, self.names.hosts()).map_or(Ok(()), Err),
            (Err(failure), Some(caught)) => {
                let Failure { mut waiting, .. } = failure;
                waiting.push(format!("before that, in line {}: {}", caught.line, caught.found));
                Err(Failure { waiting, ..failure })
            }
            (Err(failure), None) => Err(failure),
        }
    }

    fn run(&mut self, scenario: &Scenario) -> Result<(), Failure> {
        for plan in scenario.hosts.iter().filter(|plan| plan.up) {
            self.world.act(plan.address, |host, now| host.boot(now));
        }
        self.attach_bare_hosts(scenario);
        let steps = scenario.steps.iter();
        let steps = steps.map(|step| self.step(step).map_err(|trouble| self.failure(step, trouble)));
        let result: Result<(), Failure> = steps.collect();
        // Traffic ends with the last step.
        self.stop_traffic();
        if result.is_ok() {
            self.answer_traffic();
            self.rest();
        }
        self.sum_up_traffic();
        result
    }

    fn step(&mut self, step: &Step) -> Result<(), Trouble> {
        match step.when {
            // Without a time, a step that looks at what came of the earlier ones lets everything come to rest,
            // and one that types lets the host's program finish with what was typed before.
            When::Next => match step.action.needs().rest {
                Rest::Everything => {
                    self.wait_for_programs(None)?;
                    self.rest();
                }
                Rest::Program(host) => self.wait_for_programs(Some(host))?,
                Rest::Nothing => {}
            },
            When::After(span) => self.run_to(self.world.now() + span)?,
            When::At(at) => self.run_to(at)?,
        }
        self.world.log(What::Step { line: step.line, statement: step.source.clone() });
        self.act(&step.action, step.within.unwrap_or(PATIENCE))
    }

    fn act(&mut self, action: &Action, within: Span) -> Result<(), Trouble> {
        match action {
            Action::Host(host, action) => self.act_at(*host, action, within)?,
            Action::WaitFor { from, to, text } => {
                let mut since = self.world.log.messages_crossed();
                let waits = format!("{} sends {} {text:?}", self.name(*from), self.name(*to));
                self.wait(within, &waits, |replay| {
                    let found = replay.world.log.crossed(*from, *to, text, since).is_some();
                    // Nothing is looked at twice.
                    since = replay.world.log.messages_crossed();
                    found.then_some(())
                })?;
            }
            Action::Fault(fault) => self.break_or_heal(*fault),
            Action::Traffic(traffic) => self.traffic(traffic),
            Action::Measure(measurement) => self.measure(measurement)?,
            Action::Expect(expectation) => {
                self.judge(expectation).map_err(Trouble::Found)?;
                self.held += 1;
            }
        }
        Ok(())
    }

    fn act_at(&mut self, host: HostAddress, action: &HostAction, within: Span) -> Result<(), Trouble> {
        match action {
            HostAction::Types(text) => {
                self.up(host)?;
                self.world.act(host, |host, now| host.type_line(now, text));
            }
            HostAction::Sees(text) => {
                let since = self.seen;
                let waits = format!("{} prints {text:?}", self.name(host));
                let line = self.wait(within, &waits, |replay| replay.world.log.printed(host, text, since));
                self.seen = line.map_err(|trouble| self.with_last_line(host, trouble))? + 1;
            }
            HostAction::Crashes => {
                self.world.act(host, |host, now| host.crash(now));
                self.forget_circuits(host);
            }
            HostAction::Restarts => drop(self.world.act(host, |host, now| host.boot(now))),
            HostAction::Operator(action) => self.operator_acts(host, action, within)?,
        }
        Ok(())
    }

    fn operator_acts(
        &mut self,
        host: HostAddress,
        action: &OperatorAction,
        within: Span,
    ) -> Result<(), Trouble> {
        match action {
            OperatorAction::Inits { local, to, size } => {
                self.drive(host, *local, |handle| handle.init(*local, *to, *size))
            }
            OperatorAction::Listens { local, from, size } => {
                self.drive(host, *local, |handle| handle.listen(*local, *from, *size))
            }
            OperatorAction::Closes { local } => self.order(host, *local, Order::Close),
            OperatorAction::Aborts { local } => self.order(host, *local, Order::Abort),
            OperatorAction::Sends { local, data } => self.send(host, *local, data, within),
            OperatorAction::Receives { local, data } => self.receive(host, *local, data, within),
            OperatorAction::Interrupts { local } => {
                self.order_when_open(host, *local, Order::Interrupt, within)
            }
            OperatorAction::TakesBack { local, messages, bits } => {
                self.order_when_open(host, *local, Order::TakeBack(*messages, *bits), within)
            }
            OperatorAction::Echoes { to, data } => self.operate(host, |handle| handle.echo(*to, *data)),
            OperatorAction::Resets { partner } => self.operate(host, |handle| handle.reset(*partner)),
            OperatorAction::Injects { message } => {
                self.operate(host, |handle| handle.inject(message.clone()))
            }
            OperatorAction::Netstat => self.netstat(host),
        }
    }

    /// What was printed instead of what was waited for.
    fn with_last_line(&self, host: HostAddress, trouble: Trouble) -> Trouble {
        match (trouble, self.world.log.last_printed(host)) {
            (Trouble::Stuck(what), Some(line)) => {
                Trouble::Stuck(format!("{what}; the last line that it printed is {line:?}"))
            }
            (trouble, _) => trouble,
        }
    }

    fn up(&self, host: HostAddress) -> Result<(), Trouble> {
        match self.world.host(host) {
            Some(found) if found.is_up() => Ok(()),
            Some(_) | None => Err(Trouble::Found(format!("{} is down", self.name(host)))),
        }
    }

    /// Lets every program that was typed to, or that of one host, come back for its next line.
    fn wait_for_programs(&mut self, only: Option<HostAddress>) -> Result<(), Trouble> {
        let hosts = self.world.hosts().map(|(address, _)| address);
        let mut busy: Vec<HostAddress> =
            hosts.filter(|address| only.is_none_or(|only| only == *address)).collect();
        // A program may take as long as the scenario allows.
        let within = self.limit.since(self.world.now());
        self.wait(within, "the program at the teletype asks for its next line", |replay| {
            // Nobody types meanwhile: who has finished need not be asked again.
            while let Some(last) = busy.last()
                && !replay.world.host(*last).is_some_and(Host::is_busy_with_a_line)
            {
                busy.pop();
            }
            busy.is_empty().then_some(())
        })
    }

    /// Lets things happen until `done` answers, but not longer than `within`.
    fn wait<T>(
        &mut self,
        within: Span,
        what: &str,
        mut done: impl FnMut(&Self) -> Option<T>,
    ) -> Result<T, Trouble> {
        let end = self.limit.min(self.world.now() + within);
        loop {
            if let Some(result) = done(self) {
                return Ok(result);
            }
            if self.world.is_stopped() {
                return Err(Trouble::Stuck(format!("stopped before {what}")));
            }
            if self.world.is_live() {
                if self.world.now() >= end {
                    return Err(Trouble::Stuck(format!("waited in vain until {what}")));
                }
                self.world.step_until(end);
                continue;
            }
            match self.world.upcoming().filter(|_| !self.only_traffic_is_left()) {
                Some(next) if next <= end => drop(self.world.step()),
                Some(_) => {
                    self.world.run_until(end);
                    return Err(Trouble::Stuck(format!("waited in vain until {what}")));
                }
                None => return Err(Trouble::Stuck(format!("nothing more happens before {what}"))),
            }
        }
    }

    fn run_to(&mut self, at: Instant) -> Result<(), Trouble> {
        if at > self.limit {
            self.world.run_until(self.limit);
            return Err(Trouble::Stuck("the run has reached its limit".to_owned()));
        }
        self.world.run_until(at);
        if self.world.is_stopped() {
            return Err(Trouble::Stuck("stopped".to_owned()));
        }
        Ok(())
    }

    /// Lets things come to rest at the hosts. Timers that nobody is waiting for do not count; nor do traffic and routing
    /// messages, by which something always happens.
    fn rest(&mut self) {
        let begun = self.world.now();
        loop {
            let end = self.limit.min(self.world.stirred().max(begun) + REST);
            if self.world.is_stopped() {
                return;
            }
            if self.world.is_live() && self.world.now() < end {
                self.world.step_until(end);
                continue;
            }
            if self.world.is_quiet_until(end) || self.world.upcoming().is_none_or(|next| next > end) {
                return;
            }
            self.world.step();
        }
    }

    fn failure(&self, step: &Step, trouble: Trouble) -> Failure {
        let (found, waiting) = match trouble {
            Trouble::Found(found) => (found, Vec::new()),
            Trouble::Stuck(found) => (found, self.who_waits()),
        };
        Failure { line: step.line, statement: step.source.clone(), at: self.world.now(), found, waiting }
    }

    /// Who waits for what: every host that is up, its programs, its connections.
    fn who_waits(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (address, host) in self.world.hosts().filter(|(_, host)| host.is_up()) {
            let programs = match host.programs() {
                none if none.is_empty() => "nothing".to_owned(),
                programs => programs.join(", "),
            };
            lines.push(format!("{} runs {programs}", self.name(address)));
            lines
                .extend(netstat::table(host, self.names.hosts()).into_iter().map(|line| format!("  {line}")));
        }
        lines
    }

    fn name(&self, host: HostAddress) -> String {
        self.names.host(host)
    }
}
