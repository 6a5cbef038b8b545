//! A scenario that is prepared once and replayed often.

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
use crate::world::World;

/// A scenario with all that its replays have in common. A seed costs only what happens in its run.
pub struct Prepared {
    scenario: Scenario,
    names: Names,
}

impl Prepared {
    /// Prepares a scenario.
    pub fn new(scenario: Scenario) -> Self {
        let names = Names::of(&scenario.net);
        Prepared { scenario, names }
    }

    /// Reads and prepares a scenario that plays on one of the built-in nets.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn read(text: &str) -> Result<Self, Errors> {
        scenario::parse("text.scenario", text, &BuiltIn).map(Prepared::new)
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Replays it with its own seed.
    pub fn replay(&self, options: Options) -> Outcome {
        self.replay_with(self.scenario.seed, options)
    }

    /// Replays it with another seed.
    pub fn replay_with(&self, seed: u64, options: Options) -> Outcome {
        start(&self.scenario, &self.names, seed, options, |observer| observer, None).play(&self.scenario)
    }
}

/// Replays a scenario once.
pub fn replay(scenario: &Scenario, options: Options) -> Outcome {
    start(scenario, &Names::of(&scenario.net), scenario.seed, options, |observer| observer, None)
        .play(scenario)
}

/// Replays a scenario once, and tells the virtual time now and then.
pub fn replay_with_progress(scenario: &Scenario, options: Options, progress: Progress) -> Outcome {
    let with_progress = |observer: RunObserver| observer.with_progress(progress);
    start(scenario, &Names::of(&scenario.net), scenario.seed, options, with_progress, None).play(scenario)
}

/// Takes the steps of a scenario in real time, beside remote hosts. `sink` gets every record as it comes about.
pub fn replay_live(
    scenario: &Scenario,
    options: Options,
    sink: RecordSink,
    driver: Box<dyn Driver>,
    remote: &[HostAddress],
) -> Outcome {
    let with_sink = |observer: RunObserver| observer.with_sink(sink);
    let live = Some((driver, remote));
    start(scenario, &Names::of(&scenario.net), scenario.seed, options, with_sink, live).play(scenario)
}

/// The world of a scenario before its first step.
fn start(
    scenario: &Scenario,
    names: &Names,
    seed: u64,
    options: Options,
    with: impl FnOnce(RunObserver) -> RunObserver,
    live: Option<(Box<dyn Driver>, &[HostAddress])>,
) -> Replay {
    let observer = with(RunObserver::new(scenario, options.keep));
    let hosts = setup::hosts(scenario, seed, names.hosts());
    let mut world = World::new(&scenario.net, hosts, options.watch, seed, observer);
    if let Some((driver, remote)) = live {
        world.attach_remote(driver, remote.iter().copied());
    }
    Replay::start(scenario, names.clone(), seed, world)
}
