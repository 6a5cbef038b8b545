//! A simulation by hand: a net, hosts with programs of one's own, and steps taken one after the other.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;

use host::{Handle, Host};
use imp::{Fault, Net, NoHost};
use imp1822::HostAddress;
use machine::Span;
use scenario::ast::{self, Action, HostAction, HostPlan, Scenario, Step, Text, When};
use scenario::{Note, library};
use trace::Names;

use crate::failure::Failures;
use crate::outcome::{Options, Outcome};
use crate::replay::Replay;
use crate::replay::evidence::{last_printed, who_waits};
use crate::replay::run::LimitBy;
use crate::run_observer::RunObserver;
use crate::setup;
use crate::sim_error::{Result, SimError};
use crate::socket_driver;
use crate::world::World;

use host_setup::Extras;

mod host_setup;
mod moment;

pub use host_setup::HostSetup;
pub use moment::Moment;

/// How long the steps of one text may go on, in virtual time.
const LIMIT: Span = Span::from_secs(24 * 3600);

/// How long a simulation may take to come to its end, in virtual time. Some programs never do.
const ENDING: Span = Span::from_secs(600);

/// A simulation that is set up and driven by a program.
///
/// Hosts are declared first ([`host`](Sim::host)); the first call that lets something happen, or looks, switches them on.
/// After that, steps in the words of the scenario language ([`play`](Sim::play)), acts, waits and looks follow each
/// other. [`finish`](Sim::finish) has the rules of the protocols checked.
///
/// Hosts are called by one of their names or by their address: `SITE2`, `2`, `0o2`.
pub struct Sim {
    plan: Scenario,
    names: Names,
    /// What hosts have that no scenario can say.
    extras: RefCell<BTreeMap<HostAddress, Extras>>,
    options: Options,
    /// The run, once it has begun.
    replay: OnceCell<Replay>,
    /// The first host that a look asked for and that the net does not have.
    no_host: RefCell<Option<NoHost>>,
    /// What was to be set after the beginning.
    late: Option<&'static str>,
}

impl Sim {
    /// A simulation on a built-in net, by its name: `three-imps`, `1973-01`.
    ///
    /// # Errors
    /// There is no such net.
    pub fn on(net: &str) -> Result<Self> {
        let Some(text) = library::net(net) else {
            let known = library::nets().map(str::to_owned).collect();
            return Err(SimError::NoNet { name: net.to_owned(), known });
        };
        Sim::on_net(scenario::parse_net(net, text)?)
    }

    /// A simulation on a net that was read or made before.
    ///
    /// # Errors
    /// The net is not sound.
    pub fn on_net(net: Net) -> Result<Self> {
        Sim::of(Scenario {
            name: "simulation".to_owned(),
            title: "A simulation".to_owned(),
            cites: Vec::new(),
            net_name: net.name.clone(),
            net,
            seed: 0,
            limit: LIMIT,
            limit_line: None,
            fails: Vec::new(),
            monitored: true,
            misbehave: Vec::new(),
            hosts: Vec::new(),
            sweep: None,
            meanwhile: Vec::new(),
            steps: Vec::new(),
            conditions: Vec::new(),
            comments: Vec::new(),
        })
    }

    /// A simulation with the net, the hosts and the exemptions of a scenario. Its steps are left to
    /// [`play`](Sim::play), and whether they must fail to the caller.
    ///
    /// # Errors
    /// The net is not sound.
    pub fn of(mut scenario: Scenario) -> Result<Self> {
        let wrong = scenario.net.check();
        if !wrong.is_empty() {
            return Err(SimError::Net(wrong));
        }
        scenario.steps.clear();
        scenario.fails.clear();
        let names = Names::of(&scenario.net);
        Ok(Sim {
            plan: scenario,
            names,
            extras: RefCell::default(),
            options: Options::default(),
            replay: OnceCell::new(),
            no_host: RefCell::default(),
            late: None,
        })
    }

    /// The same, with random numbers drawn from another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.before_beginning("the seed");
        self.plan.seed = seed;
        self
    }

    /// The same, recorded in another way.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.before_beginning("the options");
        self.options = options;
        self
    }

    /// The same, with hosts that may break the rules of the protocols.
    #[must_use]
    pub fn without_monitor(mut self) -> Self {
        self.before_beginning("the monitor");
        self.plan.monitored = false;
        self
    }

    /// Declares a host of the net, or returns to one that is declared, to say what runs there.
    ///
    /// # Errors
    /// The net has no such host, or the simulation has begun.
    pub fn host(&mut self, name: &str) -> Result<HostSetup<'_>> {
        let site = self.plan.net.host(name)?;
        if self.replay.get().is_some() {
            return Err(SimError::Begun(format!("host {}", site.name)));
        }
        let (address, naming) = (site.address, self.plan.naming(site.address));
        let declared = self.plan.hosts.iter().position(|plan| plan.address == address);
        let index = declared.unwrap_or_else(|| {
            let plan = HostPlan::new(&site.name, address, 1);
            self.plan.hosts.push(plan);
            self.plan.hosts.len() - 1
        });
        let extras = self.extras.get_mut().entry(address).or_default();
        let Scenario { hosts, misbehave, .. } = &mut self.plan;
        Ok(HostSetup { plan: &mut hosts[index], misbehave, naming, extras })
    }

    /// The address of a host of the net.
    ///
    /// # Errors
    /// The net has no such host.
    pub fn address(&self, host: &str) -> Result<HostAddress> {
        Ok(self.plan.net.host(host)?.address)
    }

    /// Takes steps in the words of the scenario language. Times at which they begin count from the start of the
    /// simulation. A number that a step names, such as `{x}`, keeps its name in later texts.
    ///
    /// # Errors
    /// The text is wrong, or a step does not hold.
    pub fn play(&mut self, steps: &str) -> Result {
        let named = self.replay.get().map(|replay| replay.numbers.names()).unwrap_or_default();
        let steps = scenario::parse_steps(steps, &self.plan.net, &self.readers(), &named)?;
        let seed = self.plan.seed;
        self.running();
        let Sim { plan, replay, .. } = self;
        let replay = replay.get_mut().expect("it has begun above");
        replay.run.limit = replay.run.now() + plan.limit;
        replay.run.limit_by = LimitBy::Text(plan.limit);
        replay.attach_generators(&steps, seed);
        let mut failures = replay.take(&steps, |replay, step| {
            if let Some(host) = step.action.drives_ncp_of() {
                start_ncp_watch(replay, host);
            }
        });
        replay.add_violation_before(plan, &mut failures);
        Ok(Failures::none_of("steps", failures)?)
    }

    /// Types a line at the teletype of a host that is up. It waits there until a program reads it.
    ///
    /// # Errors
    /// The host is not declared, or it is down.
    pub fn types(&mut self, host: &str, line: &str) -> Result {
        let (address, name) = self.declared(host)?;
        self.require(address, &name, true)?;
        let source = format!("{name} types {line}");
        self.take(address, HostAction::Types(Text::literal(line)), source)
    }

    /// Stops a host that is up: its programs and the tables of its NCP are gone, its files are not.
    ///
    /// # Errors
    /// The host is not declared, or it is down already.
    pub fn crash(&mut self, host: &str) -> Result {
        let (address, name) = self.declared(host)?;
        self.require(address, &name, true)?;
        self.take(address, HostAction::Crashes, format!("{name} crashes"))
    }

    /// Switches a host on that is down. Its programs begin anew.
    ///
    /// # Errors
    /// The host is not declared, or it is up already.
    pub fn restart(&mut self, host: &str) -> Result {
        let (address, name) = self.declared(host)?;
        self.require(address, &name, false)?;
        self.take(address, HostAction::Restarts, format!("{name} restarts"))
    }

    /// Does something at a host that is up, as a program of its own could: asks for a connection, injects a message.
    ///
    /// # Errors
    /// The host is not declared, or it is down.
    pub fn act<T>(&mut self, host: &str, act: impl FnOnce(&Handle) -> T) -> Result<T> {
        let (address, name) = self.declared(host)?;
        let run = &mut self.running().run;
        run.operate(address, act).map_err(|_| SimError::Down(name))
    }

    /// Starts a program at a host that is up. It does not begin anew when the host comes up again.
    ///
    /// # Errors
    /// The host is not declared, or it is down.
    pub fn spawn<F>(&mut self, host: &str, name: &str, program: impl FnOnce(Handle) -> F) -> Result
    where
        F: Future<Output = ()> + 'static,
    {
        self.act(host, |handle| drop(handle.spawn(name, program(handle.clone()))))
    }

    /// Lets something break or heal: a line, an IMP, a cable.
    ///
    /// # Errors
    /// The net has no such part, or it is in that state already.
    pub fn inject(&mut self, fault: Fault) -> Result {
        self.running().run.inject(fault)?;
        Ok(())
    }

    /// Lets time pass.
    pub fn run_for(&mut self, span: Span) {
        let run = &mut self.running().run;
        let end = run.now() + span;
        run.run_until(end);
    }

    /// Lets things happen until `done` returns something, and returns that. `done` is called at once, and
    /// after each event.
    ///
    /// # Errors
    /// It does not within this time, counted from now; or it asks for a host that the net does not have.
    pub fn wait_for<T>(
        &mut self,
        what: &str,
        within: Span,
        mut done: impl FnMut(&Moment<'_>) -> Option<T>,
    ) -> Result<T> {
        self.running();
        let Sim { plan, replay, .. } = self;
        let replay = replay.get_mut().expect("it has begun above");
        let run = &mut replay.run;
        let no_host = RefCell::new(None);
        let end = run.now() + within;
        let result = run.wait_until(end, |run| {
            let found = done(&Moment { run, net: &plan.net, no_host: &no_host });
            no_host.take().map(Err).or(found.map(Ok))
        });
        match result {
            Ok(found) => Ok(found?),
            Err(_) => {
                run.run_until(end);
                let mut notes = who_waits(run);
                let hosts: Vec<HostAddress> = run.world.hosts().map(|(address, _)| address).collect();
                notes.extend(hosts.into_iter().map(|host| last_printed(run, host)));
                notes.extend(
                    replay
                        .violation_before(plan)
                        .map(|violation| Note::new(format!("before, in {violation}"))),
                );
                Err(SimError::Timeout { what: what.to_owned(), within, notes })
            }
        }
    }

    /// Lets things happen until `so` is true. It is called at once, and after each event.
    ///
    /// # Errors
    /// It is not within this time, counted from now; or it asks for a host that the net does not have.
    pub fn wait_until(
        &mut self,
        what: &str,
        within: Span,
        mut so: impl FnMut(&Moment<'_>) -> bool,
    ) -> Result {
        self.wait_for(what, within, |now| so(now).then_some(()))
    }

    /// What can be seen now.
    pub fn now(&self) -> Moment<'_> {
        Moment { run: &self.begun().run, net: &self.plan.net, no_host: &self.no_host }
    }

    /// Lets what was begun come to its end, for at most ten minutes of virtual time, and has the rules of the protocols
    /// checked.
    ///
    /// # Errors
    /// A rule was broken; something was asked of a host that the net does not have; or the seed, the options or the
    /// monitor were to be set after the beginning.
    pub fn finish(mut self) -> Result<Outcome> {
        self.running();
        if let Some(no_host) = self.no_host.take() {
            return Err(no_host.into());
        }
        if let Some(late) = self.late {
            return Err(SimError::Begun(late.to_owned()));
        }
        let mut replay = self.replay.take().expect("it has begun above");
        replay.run.limit = replay.run.now() + ENDING;
        let outcome = replay.finish(&self.plan, Vec::new());
        outcome.verdict.clone()?;
        Ok(outcome)
    }

    /// Notes that something is set too late, if it is; [`finish`](Sim::finish) tells.
    fn before_beginning(&mut self, what: &'static str) {
        if self.replay.get().is_some() {
            self.late.get_or_insert(what);
        }
    }

    fn declared(&self, name: &str) -> Result<(HostAddress, String)> {
        let site = self.plan.net.host(name)?;
        let is_declared = self.plan.hosts.iter().any(|plan| plan.address == site.address);
        let found = is_declared.then(|| (site.address, site.name.clone()));
        found.ok_or_else(|| SimError::Undeclared(site.name.clone()))
    }

    /// An error unless a host is up, or down.
    fn require(&mut self, address: HostAddress, name: &str, up: bool) -> Result {
        let is_up = self.running().run.require_up(address).is_ok();
        match (is_up, up) {
            (true, true) | (false, false) => Ok(()),
            (true, false) => Err(SimError::Up(name.to_owned())),
            (false, true) => Err(SimError::Down(name.to_owned())),
        }
    }

    /// Takes one step now.
    fn take(&mut self, host: HostAddress, action: HostAction, source: String) -> Result {
        let action = Action::Host(host, action);
        let step = Step { when: When::After(Span::ZERO), within: None, action, line: 1, source };
        let failures = self.running().take(&[step], |_, _| ());
        Ok(Failures::none_of("steps", failures)?)
    }

    /// The hosts as the language is to read steps: to programs of one's own it can be typed, too.
    fn readers(&self) -> Vec<HostPlan> {
        let extras = self.extras.borrow();
        let mut hosts = self.plan.hosts.clone();
        for host in &mut hosts {
            if host.program.is_none() && extras.get(&host.address).is_some_and(Extras::has_programs) {
                host.program = Some(ast::Program::FtpUser);
            }
        }
        hosts
    }

    /// The run; begins it, if it has not begun.
    fn running(&mut self) -> &mut Replay {
        self.begun();
        self.replay.get_mut().expect("it has begun above")
    }

    /// The run, to look at; begins it, if it has not begun.
    fn begun(&self) -> &Replay {
        let Sim { plan, names, extras, options, replay, .. } = self;
        replay.get_or_init(|| {
            let mut extras = extras.borrow_mut();
            let here = plan.hosts.iter().filter(|host| host.external.is_none());
            let hosts = here.map(|host| {
                let extras = extras.get_mut(&host.address);
                let disk = extras.as_ref().and_then(|extras| extras.disk()).unwrap_or(setup::DISK);
                let mut settings = setup::settings(host, plan, plan.seed, names.hosts(), disk);
                if let Some(extras) = extras {
                    extras.move_to(&mut settings);
                }
                (host.address, Host::new(settings))
            });
            let observer = RunObserver::new(plan, names.hosts(), options.keep).with_all_messages();
            let world = World::new(&plan.net, hosts, options.watch, plan.seed, observer);
            Replay::start(plan, names.clone(), plan.seed, world)
        })
    }
}

/// Starts the program that tells what happens to a host's NCP, where it does not run yet.
fn start_ncp_watch(replay: &mut Replay, host: HostAddress) {
    let runs = |host: &Host| host.programs().iter().any(|name| name == setup::NCP_WATCH);
    if !replay.run.world.host(host).is_some_and(runs) {
        // At a host that is down the step fails.
        let start =
            |handle: &Handle| drop(handle.spawn(setup::NCP_WATCH, socket_driver::watch(handle.clone())));
        let _ = replay.run.operate(host, start);
    }
}
