//! The search through all orders of one scenario.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use scenario::ast::{Action, Orders};

use super::ended::{AllFiles, Ending, ending};
use super::graph::{Counts, Graph, Next, State};
use super::order::Order;
use super::trail::{Path, Trail};
use crate::outcome::Options;
use crate::prepared::Prepared;

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// So many replays at most.
    pub replays: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { replays: 20_000 }
    }
}

/// So many replays are done beside each other, however many there are who do them: what comes of a search does not depend
/// on the machine.
const AT_ONCE: usize = 16;

/// One replay that is to be done.
#[derive(Debug)]
pub struct Job {
    path: Path,
    /// The state in which it leaves what is known, and which message arrives there.
    parent: Option<(State, usize)>,
}

/// What came of one replay.
#[derive(Debug)]
pub struct Ran {
    job: Job,
    states: Vec<(State, usize)>,
    end: Next,
}

/// What came of all orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many orders there are of each ending. Of more than there are numbers for, the most there is.
    pub counts: BTreeMap<Ending, u128>,
    /// How many replays it took.
    pub replays: usize,
    /// How many states there are in which a message arrives.
    pub states: usize,
    /// Whether nothing was left untried.
    pub complete: bool,
}

impl Found {
    /// How many orders there are.
    pub fn orders(&self) -> u128 {
        self.counts.values().fold(0, |all, count| all.saturating_add(*count))
    }
}

/// Goes through all orders in which the messages of a scenario can arrive, behind its `all orders from here`.
pub struct Search {
    pub(super) prepared: Prepared,
    pub(super) seed: u64,
    pub(super) before: AllFiles,
    bounds: Bounds,
    /// Whether states that were met before are left.
    cuts: bool,
    graph: Arc<Graph>,
    root: Option<State>,
    left: Left,
    replays: usize,
    /// For each ending, the plainest path that leads to it.
    examples: BTreeMap<Ending, Path>,
    /// How many replays ended in which way.
    ran: Counts,
}

impl Search {
    /// A search that has not begun. `None` if the scenario does not say from where on.
    pub fn new(prepared: Prepared, seed: u64, bounds: Bounds) -> Option<Self> {
        let is_mark = |action: &Action| *action == Action::Orders(Orders::All);
        if !prepared.scenario().steps.iter().any(|step| is_mark(&step.action)) {
            return None;
        }
        let before = AllFiles::of(prepared.start(seed, Options::DIGEST).run.world.hosts());
        let mut left = Left::default();
        left.put(Job { path: Path::new(), parent: None });
        Some(Search {
            prepared,
            seed,
            before,
            bounds,
            cuts: true,
            graph: Arc::default(),
            root: None,
            left,
            replays: 0,
            examples: BTreeMap::new(),
            ran: Counts::default(),
        })
    }

    /// The same, which replays each single order, though it be the same as another: to compare.
    #[must_use]
    pub fn without_cuts(self) -> Self {
        Search { cuts: false, ..self }
    }

    /// The replays that are to be done next. They may be done beside each other; when all are, they go to
    /// [`take`](Search::take) in this order. Empty: the search is over.
    pub fn jobs(&mut self) -> Vec<Job> {
        let room = self.bounds.replays.saturating_sub(self.replays).min(AT_ONCE);
        self.left.take(room)
    }

    /// Does a replay.
    pub fn run(&self, job: Job) -> Ran {
        let known = self.cuts.then(|| self.graph.clone());
        let (trail, met) = Trail::new(job.path.clone(), known);
        let mut replay = self.prepared.start(self.seed, Options::DIGEST);
        replay.arrivals = Some(Box::new(trail));
        let scenario = self.prepared.scenario();
        let outcome = replay.play(scenario);
        let mut met = met.borrow_mut();
        let end = match met.known {
            Some(state) => Next::State(state),
            None => Next::End(ending(scenario, &outcome, &self.before, met.refusals.count())),
        };
        Ran { job, states: std::mem::take(&mut met.states), end }
    }

    /// Takes what came of the replays that [`jobs`](Search::jobs) named, in that order.
    pub fn take(&mut self, all: impl IntoIterator<Item = Ran>) {
        for ran in all {
            self.replays += 1;
            self.add(ran);
        }
    }

    /// Does the whole search here.
    pub fn finish(mut self) -> Found {
        loop {
            let jobs = self.jobs();
            if jobs.is_empty() {
                return self.found();
            }
            let ran: Vec<Ran> = jobs.into_iter().map(|job| self.run(job)).collect();
            self.take(ran);
        }
    }

    /// How many replays are known that are still to be done.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// What came of it so far.
    pub fn found(&self) -> Found {
        let counts = match self.root {
            Some(root) if self.cuts => self.graph.count(root),
            Some(_) | None => self.ran,
        };
        let counts = Ending::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0);
        Found {
            counts: counts.collect(),
            replays: self.replays,
            states: self.graph.len(),
            complete: self.left.len() == 0,
        }
    }

    /// For each ending that was found, one order that leads to it: one of those that turn the fewest messages round.
    pub fn examples(&self) -> BTreeMap<Ending, Order> {
        self.examples.iter().map(|(ending, path)| (*ending, Order(path.clone()))).collect()
    }

    fn add(&mut self, ran: Ran) {
        let Ran { job, states, end } = ran;
        let graph = Arc::make_mut(&mut self.graph);
        let (mut path, mut parent) = (job.path.clone(), job.parent);
        for (state, ways) in states.into_iter().skip(path.len()) {
            match parent {
                Some((before, way)) if self.cuts => graph.link(before, way, Next::State(state)),
                Some(_) => {}
                None => self.root = Some(state),
            }
            // Another replay of those beside it was there first, and goes on from there.
            if self.cuts && graph.knows(state) {
                return;
            }
            if self.cuts {
                graph.add(state, ways);
            }
            for way in 1..ways {
                // No more than 64 IMPs send to one.
                let path = path.iter().copied().chain([way as u8]).collect();
                self.left.put(Job { path, parent: Some((state, way)) });
            }
            parent = Some((state, 0));
            path.push(0);
        }
        match parent {
            Some((before, way)) if self.cuts => graph.link(before, way, end),
            Some(_) | None => {}
        }
        if let Next::End(ending) = end {
            self.ran[ending as usize] += 1;
            // Those with few turns are tried first: the first one is the plainest.
            self.examples.entry(ending).or_insert(job.path);
        }
    }
}

/// The replays that are still to be done, those first that turn fewer messages round.
#[derive(Debug, Default)]
struct Left(BTreeMap<usize, VecDeque<Job>>);

impl Left {
    fn put(&mut self, job: Job) {
        let turns = job.path.iter().filter(|way| **way > 0).count();
        self.0.entry(turns).or_default().push_back(job);
    }

    fn take(&mut self, most: usize) -> Vec<Job> {
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(mut first) = self.0.first_entry()
        {
            match first.get_mut().pop_front() {
                Some(job) => taken.push(job),
                None => drop(first.remove()),
            }
        }
        taken
    }

    fn len(&self) -> usize {
        self.0.values().map(VecDeque::len).sum()
    }
}
