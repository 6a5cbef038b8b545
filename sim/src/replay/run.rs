//! A run in progress: its world, and the waiting for what is to happen in it.

use std::fmt;

use host::Handle;
use imp::{Fault, MeetsNothing, Mishap};
use imp1822::{GoingDown, HostAddress};
use machine::{Instant, Span};
use scenario::ast::{Action, HostAction, Scenario};
use trace::{Names, What};

use super::faults;
use super::schedule::Schedule;
use super::step_error::{StepError, WaitEnd};
use crate::lab::left::Glances;
use crate::run_observer::RunObserver;
use crate::world::{Advance, World};

/// How long a step waits if it does not say `within`.
pub(crate) const PATIENCE: Span = Span::from_secs(600);

/// Things have come to rest when nothing happens for this long.
pub(crate) const REST: Span = Span::from_secs(5);

/// No message is on its way for longer, nor its answer.
pub(crate) const LONGEST_JOURNEY: Span = Span::from_secs(120);

/// The world of a run, and how long it may run.
pub(crate) struct Run {
    pub(crate) world: World<RunObserver>,
    /// What hosts and IMPs are called.
    pub(crate) names: Names,
    /// When the run ends, whatever happens, and what says so.
    pub(crate) limit: Instant,
    pub(crate) limit_by: LimitBy,
    /// When the last announced fault (an IMP that goes down, a delayed message) takes effect.
    pub(crate) announced_until: Instant,
    /// What breaks and heals at its time, whatever is waited for.
    pub(super) schedule: Schedule,
    /// What is looked at after each event.
    pub(super) watcher: Option<Watcher>,
    /// When the tables of NCPs are looked at, and what was found there, if that is asked.
    pub(super) glances: Option<Glances>,
}

/// What says how long a run may take. Printed, it is in words.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LimitBy {
    /// A line of the scenario.
    Line { limit: Span, line: usize },
    /// Nothing: it is the usual limit.
    Usual(Span),
    /// Whoever has given the steps of one text.
    Text(Span),
}

impl LimitBy {
    /// What says it of a scenario.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let Scenario { limit, limit_line, .. } = *scenario;
        limit_line.map_or(LimitBy::Usual(limit), |line| LimitBy::Line { limit, line })
    }
}

impl fmt::Display for LimitBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LimitBy::Line { limit, line } => write!(f, "the limit of {limit}, in line {line}"),
            LimitBy::Usual(limit) => write!(f, "the usual limit of {limit}"),
            LimitBy::Text(limit) => write!(f, "the limit of {limit}, for the steps of one text"),
        }
    }
}

/// Looks at a run after each event.
pub(super) type Watcher = Box<dyn FnMut(&Run)>;

/// Why what was waited for has not come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotYet {
    /// Up to the given time it has not.
    Reached,
    /// Nothing will ever happen again.
    Idle,
    /// The run was stopped.
    Stopped,
}

impl Run {
    /// Lets the next thing happen, if it does at `end` or before: in the world, or to it.
    fn advance(&mut self, end: Instant) -> Advance {
        self.advance_to(end, World::advance)
    }

    /// The same, and lets more happen as long as nobody but IMPs learns of it, and something may still be on its way.
    fn advance_to_news(&mut self, end: Instant) -> Advance {
        let patience = self.last_stir() + LONGEST_JOURNEY;
        self.advance_to(end, |world, end| world.advance_to_news(end, patience))
    }

    fn advance_to(
        &mut self,
        end: Instant,
        advance: impl FnOnce(&mut World<RunObserver>, Instant) -> Advance,
    ) -> Advance {
        let next = self.schedule.next().filter(|at| *at <= end);
        let until = next.unwrap_or(end);
        // If nothing more will happen there is nothing to glance at that is not seen at the end.
        let glance = self.glances.as_ref().map(|glances| glances.next().max(self.world.now()));
        let glance = glance.filter(|at| *at <= until);
        let advance = match (advance(&mut self.world, glance.unwrap_or(until)), glance) {
            (Advance::Reached, Some(at)) => {
                self.glance(at);
                Advance::Happened
            }
            (Advance::Reached | Advance::Idle, _) if next.is_some() => {
                self.take_scheduled();
                Advance::Happened
            }
            (advance, _) => advance,
        };
        if advance == Advance::Happened
            && let Some(mut watcher) = self.watcher.take()
        {
            watcher(self);
            self.watcher = Some(watcher);
        }
        advance
    }

    /// Looks at the tables of NCPs, for which it is time.
    fn glance(&mut self, at: Instant) {
        self.world.run_until(at);
        if let Some(glances) = &mut self.glances {
            glances.look(&self.world);
        }
    }

    /// Breaks or heals what is next, whose time has come.
    fn take_scheduled(&mut self) {
        let Some(next) = self.schedule.take() else { return };
        let Run { world, names, .. } = self;
        world.run_until(next.at);
        world.note(What::Step { line: next.line, statement: next.source.clone() });
        let taken = match &next.action {
            Action::Fault(fault) => self.break_or_heal(*fault),
            Action::Host(host, HostAction::Crashes) => faults::crash(world, names, *host),
            Action::Host(host, HostAction::Restarts) => faults::restart(world, names, *host),
            Action::Host(..) | Action::WaitFor { .. } | Action::Traffic(_) => Ok(()),
            Action::Measure(_) | Action::Orders(_) | Action::Expect(_) => Ok(()),
        };
        if let Err(error) = taken {
            self.schedule.in_vain(next, error);
        }
    }

    /// Lets everything happen up to a time; then it is that time. Returns whether it got there.
    pub(crate) fn run_until(&mut self, end: Instant) -> bool {
        loop {
            match self.advance(end) {
                Advance::Happened => {}
                Advance::Reached | Advance::Idle => return self.world.run_until(end),
                Advance::Stopped => return false,
            }
        }
    }

    /// Lets things happen until `done` returns something, but nothing later than `end`.
    pub(crate) fn wait_until<T>(
        &mut self,
        end: Instant,
        done: impl FnMut(&Self) -> Option<T>,
    ) -> Result<T, NotYet> {
        self.wait_by(Run::advance, end, done)
    }

    fn wait_by<T>(
        &mut self,
        advance: fn(&mut Self, Instant) -> Advance,
        end: Instant,
        mut done: impl FnMut(&Self) -> Option<T>,
    ) -> Result<T, NotYet> {
        loop {
            if let Some(result) = done(self) {
                return Ok(result);
            }
            match advance(self, end) {
                Advance::Happened => {}
                Advance::Reached => return Err(NotYet::Reached),
                Advance::Idle => return Err(NotYet::Idle),
                Advance::Stopped => return Err(NotYet::Stopped),
            }
        }
    }

    /// Lets things happen until `done` returns something, but not longer than `within`; it is asked when something has
    /// happened at a host. `not_so` says what is not so until then.
    pub(crate) fn wait<T>(
        &mut self,
        within: Span,
        not_so: impl FnOnce(&Self) -> String,
        mut done: impl FnMut(&Self) -> Option<T>,
    ) -> Result<T, StepError> {
        let patience = self.now() + within;
        let end = self.limit.min(patience);
        let result = self.wait_by(Run::advance_to_news, end, |run| match done(run) {
            Some(result) => Some(Some(result)),
            // Traffic and routing messages go on for ever, and bring nothing about.
            None => run.only_traffic_is_left().then_some(None),
        });
        match result {
            Ok(Some(result)) => Ok(result),
            Ok(None) | Err(NotYet::Idle) => Err(StepError::timeout(WaitEnd::Idle, not_so(self))),
            Err(NotYet::Reached) => {
                self.run_until(end);
                let why = if patience <= self.limit { WaitEnd::Within } else { WaitEnd::Limit };
                Err(StepError::timeout(why, not_so(self)))
            }
            Err(NotYet::Stopped) => Err(StepError::timeout(WaitEnd::Stopped, not_so(self))),
        }
    }

    /// Lets everything happen up to a time.
    pub(crate) fn run_to(&mut self, at: Instant) -> Result<(), StepError> {
        if !self.run_until(at.min(self.limit)) {
            return Err(stopped());
        }
        if at > self.limit {
            return Err(StepError::timeout(WaitEnd::Limit, "the run has reached its limit"));
        }
        Ok(())
    }

    /// Lets things come to rest at the hosts: until nothing has happened there for [`REST`]. Deadlines that come later do not
    /// count; nor do traffic and routing messages, which never end.
    pub(crate) fn settle(&mut self) -> Result<(), StepError> {
        let begun = self.now();
        loop {
            let rest = self.world.last_activity().max(begun) + REST;
            let end = self.limit.min(rest);
            if self.is_quiet_until(rest) {
                return Ok(());
            }
            match self.advance(end) {
                Advance::Happened => {}
                Advance::Reached if end < rest => {
                    let not_so = "not everything has come to rest";
                    return Err(StepError::timeout(WaitEnd::Limit, not_so));
                }
                Advance::Reached | Advance::Idle => return Ok(()),
                Advance::Stopped => return Err(stopped()),
            }
        }
    }

    /// Lets every program that was typed to, or that of one host, come back for its next line.
    pub(crate) fn wait_for_programs(&mut self, only: Option<HostAddress>) -> Result<(), StepError> {
        // Nothing is typed meanwhile: this many have finished, and need not be asked again.
        let mut finished = 0;
        let mut busy = None;
        // A program may take as long as the scenario allows.
        let within = self.limit.since(self.now()) + REST;
        let waited = self.wait(
            within,
            |_| String::new(),
            |run| {
                let left = run.world.hosts().rev().skip(finished);
                busy = left.enumerate().find_map(|(more, (address, host))| {
                    let asked = only.is_none_or(|only| only == address);
                    (asked && host.is_busy_with_a_line()).then_some((more, address))
                });
                finished += busy.map_or(0, |(more, _)| more);
                busy.is_none().then_some(())
            },
        );
        waited.map_err(|error| {
            let name = busy.map_or_else(String::new, |(_, host)| self.names.host(host));
            error.about(format!("the program at the teletype of {name} has not asked for its next line"))
        })
    }

    /// Does something with a host that is up, as a program of its own could.
    pub(crate) fn operate<T>(
        &mut self,
        host: HostAddress,
        act: impl FnOnce(&Handle) -> T,
    ) -> Result<T, StepError> {
        self.require_up(host)?;
        let done = self.world.act(host, |host, now| host.act(now, act));
        done.ok_or_else(|| StepError::Impossible("there is no such host".to_owned()))
    }

    /// An error if a host is down.
    pub(crate) fn require_up(&self, host: HostAddress) -> Result<(), StepError> {
        match self.world.host(host) {
            Some(found) if found.is_up() => Ok(()),
            Some(_) | None => Err(StepError::Impossible(format!("{} is down", self.names.host(host)))),
        }
    }

    /// Whether nothing happens up to `end`, in the world or to it.
    pub(crate) fn is_quiet_until(&mut self, end: Instant) -> bool {
        self.schedule.next().is_none_or(|next| next > end) && self.world.is_quiet_until(end)
    }

    /// Lets a fault happen. What it announces is not taken for the end of all that happens.
    ///
    /// # Errors
    /// It meets nothing.
    pub(super) fn break_or_heal(&mut self, fault: Fault) -> Result<(), StepError> {
        faults::break_or_heal(&mut self.world, &self.names, fault)?;
        self.announce(fault);
        Ok(())
    }

    /// Lets a fault happen, as a program asks for it.
    ///
    /// # Errors
    /// The net has no such part, or it is in that state already.
    pub(crate) fn inject(&mut self, fault: Fault) -> Result<(), MeetsNothing> {
        self.world.inject(fault)?;
        self.announce(fault);
        Ok(())
    }

    fn announce(&mut self, fault: Fault) {
        self.announced_until = self.announced_until.max(self.now() + takes(fault));
    }

    /// The time now.
    pub(crate) fn now(&self) -> Instant {
        self.world.now()
    }

    /// Whether, although traffic runs or IMPs exchange routing messages, nothing more will happen at the hosts with
    /// programs: none has a deadline, none has received anything for longer than a message can be on its way, and no
    /// announced fault is to come.
    fn only_traffic_is_left(&self) -> bool {
        self.schedule.next().is_none()
            && self.now() > self.last_stir() + LONGEST_JOURNEY
            && self.world.no_host_has_a_deadline()
    }

    /// When something last happened at a host with a program, or will because it was announced.
    fn last_stir(&self) -> Instant {
        self.world.last_activity().max(self.announced_until)
    }
}

fn stopped() -> StepError {
    StepError::timeout(WaitEnd::Stopped, "the run was stopped")
}

/// How long it takes until all of a fault has come about.
fn takes(fault: Fault) -> Span {
    match fault {
        Fault::ImpGoesDown { going, .. } => {
            // At once is in 30 seconds: less than the unit.
            going.notice().max(GoingDown::UNIT) + going.outage()
        }
        Fault::Mishap { mishap: Mishap::Late(span), .. } => span,
        Fault::Mishap { .. } | Fault::HostHangs { .. } | Fault::HostGoesOn { .. } => Span::ZERO,
        Fault::LineFails { .. } | Fault::LineHeals { .. } | Fault::LineErrs { .. } => Span::ZERO,
        Fault::ImpCrashes { .. } | Fault::ImpRestarts { .. } => Span::ZERO,
        Fault::CablePulled { .. } | Fault::CablePlugged { .. } => Span::ZERO,
    }
}
