//! A simulation by hand: a net, hosts with programs of one's own, and steps taken one after the other.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use host::{Handle, Host, Naming, PathError, Program};
use imp::{Fault, Net, NoHost, NoSuchPart};
use imp1822::HostAddress;
use machine::{Instant, Span};
use scenario::Errors;
use scenario::ast::{Account, HostPlan, PolicyPlan, Profile, Scenario};
use scenario::library;
use trace::Names;

use crate::failure::Failure;
use crate::outcome::{Options, Outcome};
use crate::replay::run::Run;
use crate::replay::{Replay, who_waits};
use crate::run_observer::RunObserver;
use crate::setup;
use crate::world::World;

/// How long a simulation may last in virtual time.
const LIMIT: Span = Span::from_secs(7 * 24 * 3600);

/// What a test that uses a [`Sim`] returns.
pub type Result<T = ()> = std::result::Result<T, SimError>;

/// A simulation that is set up and driven by a program.
///
/// Hosts are declared first; the first call that lets something happen switches them on. After that, steps in the
/// words of the scenario language ([`play`](Sim::play)), waits and looks follow each other. [`finish`](Sim::finish) has
/// the rules of the protocols checked.
pub struct Sim {
    plan: Scenario,
    names: Names,
    /// What hosts have that no scenario can say.
    extras: BTreeMap<HostAddress, Extras>,
    options: Options,
    replay: Option<Replay>,
}

/// What a host has that no scenario can say.
#[derive(Default)]
struct Extras {
    programs: Vec<Program>,
    files: Vec<(host::PathName, Vec<u8>)>,
}

/// Why a simulation cannot go on.
#[derive(thiserror::Error)]
pub enum SimError {
    /// No built-in net has this name.
    #[error("there is no net `{name}`; there are: {}", .known.join(", "))]
    NoNet {
        /// The name.
        name: String,
        /// The names of the built-in nets.
        known: Vec<String>,
    },
    /// The net has no host of this name.
    #[error(transparent)]
    NoHost(#[from] NoHost),
    /// The host is not declared: it is down.
    #[error("host {0} is not declared")]
    Undeclared(String),
    /// What a host is made of cannot be changed while it runs.
    #[error("the simulation is running already")]
    Running,
    /// The path name is none at that host.
    #[error("{path}: {error}")]
    Path {
        /// The path name.
        path: String,
        /// What is wrong with it.
        error: PathError,
    },
    /// The text of a scenario or of steps is wrong.
    #[error("{}", .0.render(false, 100))]
    Text(#[from] Errors),
    /// A step did not hold, or a rule was broken.
    #[error("{}", .0.render("steps", false))]
    Failed(#[from] Failure),
    /// What was waited for did not come about.
    #[error("not after {within}: {what}\n{}", .waiting.join("\n"))]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        within: Span,
        /// What the hosts are waiting for.
        waiting: Vec<String>,
    },
    /// A fault meets nothing.
    #[error(transparent)]
    NoPart(#[from] NoSuchPart),
}

impl fmt::Debug for SimError {
    /// As it is displayed: it is what a test shows that returns the error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
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
        Ok(Sim::on_net(scenario::parse_net(net, text)?))
    }

    /// A simulation on a net that was read or made before.
    pub fn on_net(net: Net) -> Self {
        Sim::of(Scenario {
            name: "simulation".to_owned(),
            title: "A simulation".to_owned(),
            cites: Vec::new(),
            net,
            seed: 0,
            limit: LIMIT,
            fails: None,
            monitored: true,
            misbehave: Vec::new(),
            hosts: Vec::new(),
            steps: Vec::new(),
        })
    }

    /// A simulation with the heading and the hosts of a scenario. Its steps are left to [`play`](Sim::play).
    pub fn of(mut scenario: Scenario) -> Self {
        scenario.steps.clear();
        let names = Names::of(&scenario.net);
        let options = Options::default();
        Sim { plan: scenario, names, extras: BTreeMap::new(), options, replay: None }
    }

    /// The same, with random numbers drawn from another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.plan.seed = seed;
        self
    }

    /// The same, recorded in another way.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The same, with hosts that may break the rules of the protocols.
    #[must_use]
    pub fn without_monitor(mut self) -> Self {
        self.plan.monitored = false;
        self
    }

    /// Declares a host of the net, or returns to one that is declared, to say what runs there.
    ///
    /// # Errors
    /// The net has no such host, or the simulation is running already.
    pub fn host(&mut self, name: &str) -> Result<HostSetup<'_>> {
        if self.replay.is_some() {
            return Err(SimError::Running);
        }
        let site = self.plan.net.host(name)?;
        let (address, naming) = (site.address, Naming::of_system(&site.system));
        let declared = self.plan.hosts.iter().position(|plan| plan.address == address);
        let index = declared.unwrap_or_else(|| {
            let plan = HostPlan {
                name: site.name.clone(),
                address,
                up: true,
                server: None,
                program: None,
                accounts: Vec::new(),
                knows: Vec::new(),
                files: Vec::new(),
                policy: PolicyPlan::default(),
                external: None,
                line: 1,
            };
            self.plan.hosts.push(plan);
            self.plan.hosts.len() - 1
        });
        let extras = self.extras.entry(address).or_default();
        Ok(HostSetup { plan: &mut self.plan.hosts[index], naming, extras })
    }

    /// Takes steps in the words of the scenario language.
    ///
    /// # Errors
    /// The text is wrong, or a step does not hold.
    pub fn play(&mut self, steps: &str) -> Result {
        let steps = scenario::parse_steps(steps, &self.plan.net, &self.plan.hosts)?;
        let seed = self.plan.seed;
        let replay = self.running();
        replay.attach_generators(&steps, seed);
        steps.iter().try_for_each(|step| replay.step(step))?;
        Ok(())
    }

    /// Lets time pass.
    pub fn run_for(&mut self, span: Span) {
        let run = &mut self.running().run;
        let end = run.now() + span;
        run.world.run_until(end);
    }

    /// Lets things happen until `done` returns something.
    ///
    /// # Errors
    /// It does not within this time.
    pub fn wait_for<T>(
        &mut self,
        what: &str,
        within: Span,
        mut done: impl FnMut(&Moment<'_>) -> Option<T>,
    ) -> Result<T> {
        let names = self.names.clone();
        let run = &mut self.running().run;
        let end = run.now() + within;
        let result = run.wait_until(end, |run| done(&Moment { run, names: &names }));
        result.map_err(|_| SimError::Timeout { what: what.to_owned(), within, waiting: who_waits(run) })
    }

    /// Does something at a host that is up, as a program of its own could.
    ///
    /// # Errors
    /// There is no such host, or it is down.
    pub fn act<T>(&mut self, host: &str, act: impl FnOnce(&Handle) -> T) -> Result<T> {
        let (address, name) = self.declared(host)?;
        let run = &mut self.running().run;
        run.operate(address, act).map_err(|_| SimError::Undeclared(format!("{name} (or it is down)")))
    }

    /// Lets something break or heal.
    ///
    /// # Errors
    /// The net has no such part, or it is in that state already.
    pub fn inject(&mut self, fault: Fault) -> Result {
        self.running().run.world.inject(fault)?;
        Ok(())
    }

    /// What can be seen now. Switches the hosts on, if they are not.
    pub fn now(&mut self) -> Moment<'_> {
        self.running();
        let Sim { names, replay, .. } = self;
        let run = &replay.as_ref().expect("it was started above").run;
        Moment { run, names }
    }

    /// Lets everything that was begun come to its end, and has the rules of the protocols checked.
    ///
    /// # Errors
    /// A rule was broken.
    pub fn finish(mut self) -> Result<Outcome> {
        self.running();
        let replay = self.replay.take().expect("it was started above");
        let outcome = replay.finish(&self.plan, Ok(()));
        outcome.verdict.clone()?;
        Ok(outcome)
    }

    fn declared(&self, name: &str) -> Result<(HostAddress, String)> {
        let site = self.plan.net.host(name)?;
        let is_declared = self.plan.hosts.iter().any(|plan| plan.address == site.address);
        let found = is_declared.then(|| (site.address, site.name.clone()));
        found.ok_or_else(|| SimError::Undeclared(site.name.clone()))
    }

    /// The run; begins it, if it has not begun.
    fn running(&mut self) -> &mut Replay {
        let Sim { plan, names, extras, options, replay } = self;
        replay.get_or_insert_with(|| {
            let hosts = plan.hosts.iter().map(|host| {
                let mut settings = setup::settings(host, plan, plan.seed, names.hosts());
                if let Some(extras) = extras.get_mut(&host.address) {
                    settings.programs.append(&mut extras.programs);
                    extras.files.drain(..).for_each(|(path, content)| settings.files.put(path, content));
                }
                (host.address, Host::new(settings))
            });
            let observer = RunObserver::new(plan, options.keep).with_all_messages();
            let world = World::new(&plan.net, hosts, options.watch, plan.seed, observer);
            Replay::start(plan, names.clone(), plan.seed, world)
        })
    }
}

/// Says what a host is made of, before the simulation runs.
pub struct HostSetup<'a> {
    plan: &'a mut HostPlan,
    naming: Naming,
    extras: &'a mut Extras,
}

impl HostSetup<'_> {
    /// A program of one's own, which begins when the host comes up.
    pub fn runs<F>(self, name: &str, program: impl Fn(Handle) -> F + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        self.extras.programs.push(Program::new(name, program));
        self
    }

    /// The FTP server.
    pub fn serves_ftp(self) -> Self {
        self.plan.server = Some(ftp::Edition::default());
        self
    }

    /// The user FTP, at the teletype.
    pub fn runs_ftp(self) -> Self {
        self.plan.program = Some(scenario::ast::Program::FtpUser);
        self
    }

    /// RSEXEC, at the teletype.
    pub fn runs_rsexec(self) -> Self {
        self.plan.program = Some(scenario::ast::Program::Rsexec);
        self
    }

    /// An account, under which one may log in.
    pub fn account(self, name: &str, password: &str) -> Self {
        self.plan.accounts.push(Account { name: name.to_owned(), password: password.to_owned() });
        self
    }

    /// An account elsewhere, which RSEXEC uses.
    pub fn knows(self, site: &str, name: &str, password: &str) -> Self {
        let [site, name, password] = [site, name, password].map(str::to_owned);
        self.plan.knows.push(Profile { site, name, password });
        self
    }

    /// A file that is there from the start.
    ///
    /// # Errors
    /// The path name is none at this host.
    pub fn file(self, path: &str, content: impl Into<Vec<u8>>) -> Result<Self> {
        let parsed = self.naming.parse(path, None);
        let parsed = parsed.map_err(|error| SimError::Path { path: path.to_owned(), error })?;
        self.extras.files.push((parsed, content.into()));
        Ok(self)
    }

    /// Says how the host's NCP does what the documents leave to it.
    pub fn policy(self, policy: PolicyPlan) -> Self {
        self.plan.policy = policy;
        self
    }

    /// It is down until a step says `HOST restarts`.
    pub fn is_down(self) -> Self {
        self.plan.up = false;
        self
    }
}

/// What can be seen of a simulation at one moment. Unknown hosts have printed nothing, said nothing, and have no files.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    run: &'a Run,
    names: &'a Names,
}

impl<'a> Moment<'a> {
    /// The time.
    pub fn time(&self) -> Instant {
        self.run.now()
    }

    /// The lines that the teletype of a host has printed.
    pub fn printed(&self, host: &str) -> Vec<&'a str> {
        let address = self.names.hosts().address(host);
        address.map(|host| self.run.world.log().printed().of(host).collect()).unwrap_or_default()
    }

    /// What one host has said to another, decoded as a transcript shows it.
    pub fn messages(&self, from: &str, to: &str) -> Vec<&'a str> {
        let hosts = self.names.hosts();
        let (Some(from), Some(to)) = (hosts.address(from), hosts.address(to)) else { return Vec::new() };
        self.run.world.log().messages().map(|log| log.between(from, to).collect()).unwrap_or_default()
    }

    /// What a file of a host holds.
    pub fn file(&self, host: &str, path: &str) -> Option<Arc<Vec<u8>>> {
        self.host(host)?.read_file(path)
    }

    /// A host, to look at.
    pub fn host(&self, name: &str) -> Option<&'a Host> {
        self.run.world.host(self.names.hosts().address(name)?)
    }
}
