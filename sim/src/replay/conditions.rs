//! Whether what must hold of the whole run does: at each moment, at none, or at the end.

use std::cell::RefCell;
use std::rc::Rc;

use host::Host;
use imp::Fault;
use imp1822::HostAddress;
use machine::{Instant, Span};
use scenario::ast::{Action, Condition, ConditionWhat, ConditionWhen, Expectation, Scenario};

use super::by_itself::{Failed, Judge};
use super::check::{self, check};
use super::numbers::NamedNumbers;
use super::run::Run;
use super::step_error::{Evidence, Problem, StepError};
use crate::failure::{Failure, FailureKind};
use crate::lab::law::{DONE_WITHIN, Law};
use crate::lab::left::{AfterBoot, Glances, Left, at_glances, left};
use crate::testimony::{Matter, PartFiled, Untruth};

/// How long a run goes on when its steps are done and all has come to rest, before it is seen what is left: longer than any
/// program or NCP waits for anything.
const AFTERMATH: Span = Span::from_secs(3600);

/// The conditions of a run.
pub(super) struct Conditions {
    /// Of each condition of the scenario, what has been seen of it at the moments of the run.
    seen: Rc<RefCell<Vec<Seen>>>,
    /// What hosts and IMPs held when the run began.
    after_boot: Option<AfterBoot>,
    /// Who judges what goes wrong by itself, if nothing is broken.
    judge: Option<Judge>,
    /// Whether something happens to messages on the cables of hosts.
    has_mishaps: bool,
    /// The hosts whose program should have been done long ago, and was not.
    busy: Vec<HostAddress>,
}

/// What has been seen of a condition.
#[derive(Debug, Clone, Default)]
enum Seen {
    /// It is looked at when the run is over.
    #[default]
    AtTheEnd,
    /// So far it was as it must be; or, of one that must be so once, it was not.
    NotYet,
    /// Then it was otherwise, and that was found; or, of one that must be so once, it was so.
    Then(Instant, Option<Box<Problem>>),
}

/// What does not hold, and how a sweep calls it.
pub(crate) struct Broken {
    pub(crate) law: Law,
    pub(crate) when: ConditionWhen,
    pub(crate) failure: Failure,
    /// What is alike in all runs in which it does not hold in this way.
    pub(crate) class: String,
    /// Whether nobody in the run could have noticed.
    pub(crate) unseen: bool,
}

impl Conditions {
    /// Begins to watch a run whose hosts have just come up.
    pub(super) fn begin(scenario: &Scenario, run: &mut Run) -> Self {
        let seen = scenario.conditions.iter();
        let seen = seen.map(|one| if is_momentary(one) { Seen::NotYet } else { Seen::AtTheEnd });
        let seen: Rc<RefCell<Vec<Seen>>> = Rc::new(RefCell::new(seen.collect()));
        if seen.borrow().iter().any(|seen| matches!(seen, Seen::NotYet)) {
            let (conditions, seen) = (scenario.conditions.clone(), seen.clone());
            run.watcher = Some(Box::new(move |run| look(run, &conditions, &mut seen.borrow_mut())));
        }
        let asks = scenario.conditions.iter().any(|one| one.what == ConditionWhat::NothingLeft);
        run.glances = asks.then(Glances::new);
        let steps = scenario.steps.iter().map(|step| &step.action);
        let mut actions = steps.chain(scenario.meanwhile.iter().map(|one| &one.action));
        let has_mishaps = actions.any(|action| matches!(action, Action::Fault(Fault::Mishap { .. })));
        let (judge, after_boot) = (Judge::of(scenario), asks.then(|| AfterBoot::of(&run.world)));
        Conditions { seen, after_boot, judge, has_mishaps, busy: Vec::new() }
    }

    /// Lets time pass until nothing more happens, if something is to be seen at the end. Programs must be done before.
    pub(super) fn await_end(&mut self, scenario: &Scenario, run: &mut Run) {
        if scenario.conditions.iter().any(|one| one.when == ConditionWhen::AtTheEnd) {
            let begun = run.schedule.last().unwrap_or_default().max(run.announced_until).max(run.now());
            // Who stops a run does not wait for its end.
            let _ = run.run_until(begun + DONE_WITHIN);
            let busy = run.world.hosts().filter(|(_, host)| host.is_up() && Host::is_busy_with_a_line(host));
            self.busy = busy.map(|(address, _)| address).collect();
            let _ = run.run_until(begun + AFTERMATH);
        }
    }

    /// Everything that does not hold, in the order of the file. What must be so in some run of a sweep fails no single run.
    pub(super) fn broken(&self, scenario: &Scenario, run: &Run) -> Vec<Broken> {
        let seen = self.seen.borrow();
        let of_each = scenario.conditions.iter().zip(&*seen);
        of_each.flat_map(|(condition, seen)| self.of_one(condition, seen, run)).collect()
    }

    /// Of each condition that must hold in some run of a sweep, whether it did in this one.
    pub(super) fn sometimes(&self, scenario: &Scenario, run: &Run) -> Vec<bool> {
        let seen = self.seen.borrow();
        let of_each = scenario.conditions.iter().zip(&*seen);
        let wanted = of_each.filter(|(condition, _)| condition.when == ConditionWhen::Sometimes);
        wanted
            .map(|(condition, seen)| match (seen, &condition.what) {
                (Seen::Then(..), _) => true,
                (Seen::AtTheEnd, ConditionWhat::Expectation(expected)) => holds(run, expected),
                (Seen::AtTheEnd | Seen::NotYet, _) => false,
            })
            .collect()
    }

    fn of_one(&self, condition: &Condition, seen: &Seen, run: &Run) -> Vec<Broken> {
        let simple = |at, problem: Problem| {
            let class = condition.source.clone();
            vec![Broken {
                law: Law::Demand,
                when: condition.when,
                failure: failure(condition, at, problem),
                class,
                unseen: false,
            }]
        };
        match (&condition.what, condition.when, seen) {
            (_, ConditionWhen::Sometimes, _) => Vec::new(),
            (_, ConditionWhen::Always | ConditionWhen::Never, Seen::Then(at, problem)) => {
                let so = || Problem::new("it was so", "it must never be");
                simple(*at, problem.as_deref().cloned().unwrap_or_else(so))
            }
            (_, _, Seen::NotYet | Seen::Then(..)) => Vec::new(),
            (ConditionWhat::Expectation(expected), ConditionWhen::Never, Seen::AtTheEnd) => {
                if holds(run, expected) {
                    simple(run.now(), Problem::new("this came about", "it must never be so"))
                } else {
                    Vec::new()
                }
            }
            (ConditionWhat::Expectation(expected), ConditionWhen::Always | ConditionWhen::AtTheEnd, _) => {
                let Err(mut problem) = against(run, expected) else { return Vec::new() };
                problem.evidence = check::evidence(run, &NamedNumbers::default(), expected);
                simple(run.now(), *problem)
            }
            (ConditionWhat::ToldTheTruth, ..) => {
                let Some(testimony) = run.world.log().testimony() else { return Vec::new() };
                let (untruths, parts) = testimony.findings();
                let untruths = untruths.iter().map(|untruth| untold(condition, run, untruth));
                untruths.chain(parts.iter().map(|part| part_filed(condition, run, part))).collect()
            }
            (ConditionWhat::NothingLeft, ..) => {
                let left = self.after_boot.iter().flat_map(|held| left(&run.world, &run.names, held));
                let left = left.map(|left| (run.now(), left));
                let before = run.glances.iter().flat_map(|glances| at_glances(glances, &run.names));
                let broken = before.chain(left).map(|(at, Left { kind, text, by_loss })| Broken {
                    law: Law::NothingLeft,
                    when: condition.when,
                    failure: failure(condition, at, Problem::new(text, "nobody owns it")),
                    class: format!("left behind: {}", kind.name()),
                    unseen: by_loss && self.has_mishaps,
                });
                broken.collect()
            }
            (ConditionWhat::EveryProgramDone, ..) => {
                self.busy.iter().map(|host| not_done(condition, run, *host)).collect()
            }
            (ConditionWhat::NothingByItself, ..) => {
                let failed = self.judge.iter().flat_map(|judge| judge.failed(run));
                let broken = failed.map(|Failed { class, found, label }| Broken {
                    law: Law::NothingByItself,
                    when: condition.when,
                    failure: failure(condition, run.now(), Problem::new(found, label)),
                    class,
                    unseen: false,
                });
                broken.collect()
            }
        }
    }
}

/// How many conditions of a run hold, of which these do not. What should be at the end counts only if all steps were taken.
pub(super) fn held(scenario: &Scenario, broken: &[Broken], all_taken: bool) -> usize {
    let holds = |condition: &&Condition| {
        let counts = match condition.when {
            ConditionWhen::Always | ConditionWhen::Never => true,
            ConditionWhen::AtTheEnd => all_taken,
            ConditionWhen::Sometimes => false,
        };
        counts && !broken.iter().any(|one| one.failure.statement == condition.source)
    };
    scenario.conditions.iter().filter(holds).count()
}

/// Whether it must be looked at after each event: what a teletype has printed and what has crossed stays so.
fn is_momentary(condition: &Condition) -> bool {
    let ConditionWhat::Expectation(expected) = &condition.what else { return false };
    let passes = match expected {
        Expectation::Saw { .. }
        | Expectation::Crossed { .. }
        | Expectation::NotCrossed { .. }
        | Expectation::NoFileDataThrough { .. } => false,
        Expectation::File { .. }
        | Expectation::FileLength { .. }
        | Expectation::SameFile { .. }
        | Expectation::NoFile { .. }
        | Expectation::Socket { .. }
        | Expectation::NoConnections { .. } => true,
    };
    passes && condition.when != ConditionWhen::AtTheEnd
}

fn look(run: &Run, conditions: &[Condition], seen: &mut [Seen]) {
    for (condition, seen) in conditions.iter().zip(seen) {
        let (ConditionWhat::Expectation(expected), Seen::NotYet) = (&condition.what, &*seen) else {
            continue;
        };
        match (condition.when, against(run, expected)) {
            (ConditionWhen::Always, Err(problem)) => *seen = Seen::Then(run.now(), Some(problem)),
            (ConditionWhen::Never | ConditionWhen::Sometimes, Ok(())) => *seen = Seen::Then(run.now(), None),
            (ConditionWhen::Always | ConditionWhen::AtTheEnd, Ok(()))
            | (ConditionWhen::Never | ConditionWhen::Sometimes | ConditionWhen::AtTheEnd, Err(_)) => {}
        }
    }
}

/// What speaks against an expectation.
fn against(run: &Run, expected: &Expectation) -> Result<(), Box<Problem>> {
    match check(run, &NamedNumbers::default(), expected) {
        Ok(_) => Ok(()),
        Err(StepError::Problem(problem) | StepError::Timeout(_, problem)) => Err(problem),
        Err(StepError::Impossible(why)) => Err(Box::new(Problem::new(why, "this cannot be looked for"))),
    }
}

fn holds(run: &Run, expected: &Expectation) -> bool {
    against(run, expected).is_ok()
}

/// That the program of a host has not done what was typed to it.
fn not_done(condition: &Condition, run: &Run, host: HostAddress) -> Broken {
    let name = run.names.host(host);
    let found = format!("the program at the teletype of {name} has not done what was typed to it");
    let problem = Problem::new(found, format!("not within {DONE_WITHIN}, in which nothing broke any more"));
    Broken {
        law: Law::Done,
        when: condition.when,
        failure: failure(condition, run.now(), problem),
        class: "a program is not done".to_owned(),
        unseen: false,
    }
}

/// What somebody was told that is not so.
fn untold(condition: &Condition, run: &Run, untruth: &Untruth) -> Broken {
    let Untruth { at, user, words, file: (host, path), matter, unseen } = untruth;
    let (user, host) = (run.names.host(*user), run.names.host(*host));
    let what = match matter {
        Matter::Unchanged => "the file is as it was".to_owned(),
        Matter::Broken { has, of } if has == of => format!("its {has} bytes are not those that were sent"),
        Matter::Broken { has, of } => format!("it has {has} bytes, and should have {of}"),
        Matter::Whole => "all of it was done".to_owned(),
        Matter::Part => "a part of it was done".to_owned(),
        Matter::Elsewhere => "it is at another host".to_owned(),
    };
    let problem = Problem::new(format!("{user} was told \"{words}\" of {path} at {host}"), what);
    let short = words.split([':', '[']).next().unwrap_or(words);
    let short = short.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ').trim_end();
    let of = match matter {
        Matter::Unchanged => "a file that is as it was",
        Matter::Broken { .. } => "a file that is not whole",
        Matter::Whole => "a file that is there, whole",
        Matter::Part => "a file of which a part is there",
        Matter::Elsewhere => "a file at another host",
    };
    let class = format!("\"{short}\" told of {of}");
    Broken {
        law: Law::Truth,
        when: condition.when,
        failure: failure(condition, *at, problem),
        class,
        unseen: *unseen,
    }
}

/// A part of a file that was filed as the whole.
fn part_filed(condition: &Condition, run: &Run, part: &PartFiled) -> Broken {
    let PartFiled { at, file: (host, path), has, of } = part;
    let found = format!("{} has filed a part of {path} as the whole", run.names.host(*host));
    let problem = Problem::new(found, format!("it has {has} bytes, and should have {of}"));
    Broken {
        law: Law::Truth,
        when: condition.when,
        failure: failure(condition, *at, problem),
        class: "a part of a file was filed as the whole".to_owned(),
        unseen: false,
    }
}

fn failure(condition: &Condition, at: Instant, problem: Problem) -> Failure {
    let Problem { found, label, evidence: Evidence { help, notes } } = problem;
    let (line, statement) = (condition.line, condition.source.clone());
    Failure { kind: FailureKind::Expectation, line, statement, at, found, label, help, notes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::Replay;
    use crate::{Options, Prepared};

    /// A run of two hosts at whose end nothing may be left behind.
    fn prepared() -> Prepared {
        let text = "title T\nnet three-imps\nhost SITE1 serves ftp\nhost SITE3 runs ftp\n\
                    SITE3 types  CONNECT SITE1\nat the end nothing is left behind\n";
        Prepared::parse(text).expect("it can be read")
    }

    /// A replay in which time goes on.
    fn start(prepared: &Prepared) -> Replay {
        let mut replay = prepared.start_with(0, Options::DIGEST, |observer| observer);
        let (mut last, mut often) = (Instant::START, 0);
        replay.run.watcher = Some(Box::new(move |run| {
            often = if run.now() > last { 0 } else { often + 1 };
            last = run.now();
            assert!(
                often < 1000,
                "a glance for which it is time is not taken, and time stands still at {last} s"
            );
        }));
        replay
    }

    #[test]
    fn the_tables_are_glanced_at_from_time_to_time_as_a_run_goes_on() {
        let prepared = prepared();
        let mut replay = start(&prepared);
        assert_eq!(replay.take(&prepared.scenario().steps, |_, _| ()), []);
        replay.run.run_until(Instant::START + Span::from_secs(100));
        let next = replay.run.glances.as_ref().map(|glances| glances.next().since(Instant::START));
        assert_eq!(next, Some(Span::from_secs(128)), "of 1, 2, 4 s and so on, the first to come");
    }

    #[test]
    fn what_was_seen_at_a_glance_is_left_behind_though_it_is_gone_at_the_end() {
        let prepared = prepared();
        let mut replay = start(&prepared);
        assert_eq!(replay.take(&prepared.scenario().steps, |_, _| ()), []);
        let stray = ncp::Stray { deadlines: 1, ..ncp::Stray::default() };
        let (at, host) = (replay.run.now(), HostAddress::from(1));
        replay.run.glances.as_mut().expect("it is asked for").note(at, host, stray);
        let broken = replay.finish(prepared.scenario(), Vec::new()).findings.broken;
        let said = broken.iter().map(|one| (one.law, one.failure.at, one.failure.found.as_str()));
        let words = "SITE1 still has 1 deadline that belongs to nothing";
        let expected = [(Law::NothingLeft, at, words)];
        assert_eq!(said.collect::<Vec<_>>(), expected, "what was seen at a glance is told");
    }
}
