//! A scenario that is prepared once and replayed often.

use std::sync::Arc;

use imp::{Prototype, Subnet};
use imp1822::HostAddress;
use scenario::Errors;
use scenario::ast::Scenario;
use scenario::library::BuiltIn;
use trace::Names;

use crate::driver::Driver;
use crate::outcome::{Options, Outcome};
use crate::replay::Replay;
use crate::run_observer::{Progress, RecordSink, RunObserver};
use crate::setup;
use crate::world::{World, prototype};

/// A scenario with all that its replays have in common: the names, and a net whose IMPs know their ways. A seed costs only
/// what happens in its run.
#[derive(Clone)]
pub struct Prepared {
    scenario: Scenario,
    net: Arc<PreparedNet>,
}

/// What all scenarios on one net have in common.
struct PreparedNet {
    names: Names,
    prototype: Prototype,
}

impl Prepared {
    /// Prepares a scenario.
    ///
    /// # Panics
    /// If its net is not sound ([`Net::check`](imp::Net::check)).
    pub fn new(scenario: Scenario) -> Self {
        let net = PreparedNet { names: Names::of(&scenario.net), prototype: prototype(&scenario.net) };
        Prepared { scenario, net: Arc::new(net) }
    }

    /// Another scenario, which plays on the same net.
    pub(crate) fn with(&self, scenario: Scenario) -> Self {
        Prepared { scenario, net: self.net.clone() }
    }

    /// Reads a text and prepares the scenario, which plays on one of the built-in nets.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, Errors> {
        scenario::parse("text.scenario", text, &BuiltIn).map(Prepared::new)
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The scenario itself.
    pub(crate) fn into_scenario(self) -> Scenario {
        self.scenario
    }

    /// Replays it with its own seed.
    pub fn replay(&self, options: Options) -> Outcome {
        self.replay_with(self.scenario.seed, options)
    }

    /// Replays it with another seed.
    pub fn replay_with(&self, seed: u64, options: Options) -> Outcome {
        self.start(seed, options).play(&self.scenario)
    }

    /// The same, with the tables of the hosts noted as they change ([`Outcome::tables`]).
    pub fn replay_with_tables(&self, seed: u64, options: Options) -> Outcome {
        self.with_tables(seed, options, |observer| observer)
    }

    /// The same, which tells the virtual time now and then.
    pub fn replay_with_tables_and_progress(
        &self,
        seed: u64,
        options: Options,
        progress: Progress,
    ) -> Outcome {
        self.with_tables(seed, options, |observer| observer.with_progress(progress))
    }

    fn with_tables(
        &self,
        seed: u64,
        options: Options,
        with: impl FnOnce(RunObserver) -> RunObserver,
    ) -> Outcome {
        let (scenario, PreparedNet { names, prototype }) = (&self.scenario, &*self.net);
        let observer = with(RunObserver::new(scenario, names.hosts(), options.keep).with_tables());
        let hosts = setup::hosts(scenario, seed, names.hosts()).map(|(address, mut host)| {
            host.watch_programs();
            (address, host)
        });
        let world = World::on_subnet(prototype.subnet(options.watch, seed), hosts, observer);
        Replay::start(scenario, names.clone(), seed, world).play(scenario)
    }

    /// A replay of it with this seed, of which no step has been taken yet.
    pub(crate) fn start(&self, seed: u64, options: Options) -> Replay {
        self.start_with(seed, options, |observer| observer)
    }

    /// The same, seen by an observer that is changed so.
    pub(crate) fn start_with(
        &self,
        seed: u64,
        options: Options,
        with: impl FnOnce(RunObserver) -> RunObserver,
    ) -> Replay {
        let (scenario, PreparedNet { names, prototype }) = (&self.scenario, &*self.net);
        let observer = with(RunObserver::new(scenario, names.hosts(), options.keep));
        let world = world(scenario, names, prototype.subnet(options.watch, seed), seed, observer);
        Replay::start(scenario, names.clone(), seed, world)
    }
}

/// Replays a scenario once.
pub fn replay(scenario: &Scenario, options: Options) -> Outcome {
    once(scenario, options, |observer| observer, None)
}

/// Replays a scenario once, and tells the virtual time now and then.
pub fn replay_with_progress(scenario: &Scenario, options: Options, progress: Progress) -> Outcome {
    once(scenario, options, |observer| observer.with_progress(progress), None)
}

/// Takes the steps of a scenario in real time, beside remote hosts. `sink` gets every record as it comes about.
pub fn replay_live(
    scenario: &Scenario,
    options: Options,
    sink: RecordSink,
    driver: Box<dyn Driver>,
    remote: &[HostAddress],
) -> Outcome {
    once(scenario, options, |observer| observer.with_sink(sink), Some((driver, remote)))
}

fn once(
    scenario: &Scenario,
    options: Options,
    with: impl FnOnce(RunObserver) -> RunObserver,
    live: Option<(Box<dyn Driver>, &[HostAddress])>,
) -> Outcome {
    let (names, seed) = (Names::of(&scenario.net), scenario.seed);
    let observer = with(RunObserver::new(scenario, names.hosts(), options.keep));
    let subnet = prototype(&scenario.net).into_subnet(options.watch, seed);
    let mut world = world(scenario, &names, subnet, seed, observer);
    if let Some((driver, remote)) = live {
        world.attach_remote(driver, remote.iter().copied());
    }
    Replay::start(scenario, names, seed, world).play(scenario)
}

/// The world of a scenario, with all hosts off.
fn world(
    scenario: &Scenario,
    names: &Names,
    subnet: Subnet,
    seed: u64,
    observer: RunObserver,
) -> World<RunObserver> {
    World::on_subnet(subnet, setup::hosts(scenario, seed, names.hosts()), observer)
}
