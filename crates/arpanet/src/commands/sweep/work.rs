//! Plays seeds on all cores, until they are done or the user has seen enough.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::panic;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures::StreamExt;
use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use sim::lab::{Lab, Trial};
use tokio::runtime::Builder;

use crate::error::CommandError;
use crate::live::stop::stops;
use crate::progress::Progress;
use crate::sweep_error::SweepError;
use crate::terminal::Terminal;

/// So many seeds are played before they are counted, in order. What was counted last is lost if the process is killed.
pub(super) const CHUNK: u64 = 128;

/// One of so many seeds is played twice.
const SAMPLE: u64 = 64;

thread_local! {
    /// Whether this thread plays a seed.
    static PLAYS: Cell<bool> = const { Cell::new(false) };
}

/// Those who play seeds.
pub(super) struct Work {
    pool: ThreadPool,
    /// Whether the user has asked for the end.
    stop: Arc<AtomicBool>,
    twice: bool,
    can_clear: bool,
}

impl Work {
    /// As many threads as asked for, else one for each core. From now on an interrupt ends the work, and not the process; a
    /// panic of a scenario is a result, and prints nothing.
    pub(super) fn begin(
        jobs: Option<NonZeroUsize>,
        twice: bool,
        terminal: Terminal,
    ) -> Result<Self, CommandError> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, NonZeroUsize::get));
        let pool = threads.build().map_err(SweepError::from)?;
        let stop = Arc::new(AtomicBool::new(false));
        hear_interrupts(Arc::clone(&stop));
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !PLAYS.get() {
                usual(info);
            }
        }));
        Ok(Work { pool, stop, twice, can_clear: terminal.can_clear })
    }

    /// Whether the user has asked for the end.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Plays seeds and hands them over in order, a [`CHUNK`] after the other, until all are played or the user stops it. Returns
    /// the first seed that was not played.
    pub(super) fn play<E>(
        &self,
        lab: &Lab,
        name: &str,
        seeds: Range<u64>,
        mut take: impl FnMut(Range<u64>, &[Trial]) -> Result<(), E>,
    ) -> Result<u64, E> {
        let count = Count::new(name, seeds.end - seeds.start, self.can_clear);
        let mut next = seeds.start;
        while next < seeds.end && !self.is_stopped() {
            let chunk = next..next.saturating_add(CHUNK).min(seeds.end);
            let trials = self.chunk(lab, chunk, &count);
            // It has no more than a chunk.
            let end = next + trials.len() as u64;
            take(next..end, &trials)?;
            next = end;
        }
        Ok(next)
    }

    /// Plays seeds, up to the first that is not played because the user has asked for the end.
    fn chunk(&self, lab: &Lab, seeds: Range<u64>, count: &Count) -> Vec<Trial> {
        let play = |seed| {
            let trial = (!self.is_stopped()).then(|| self.trial(lab, seed));
            count.one_more();
            trial
        };
        let played: Vec<Option<Trial>> =
            self.pool.install(|| seeds.into_par_iter().map(play).collect::<Vec<_>>());
        played.into_iter().map_while(|trial| trial).collect()
    }

    /// Plays a seed, or, if it is one of the sample, plays it twice.
    pub(super) fn trial(&self, lab: &Lab, seed: u64) -> Trial {
        quietly(|| match self.twice || seed.is_multiple_of(SAMPLE) {
            true => lab.trial_twice(seed),
            false => lab.trial(seed),
        })
    }

    /// Does the same to each of several things, on all threads, and returns what comes of them in order.
    pub(super) fn each<T: Send, R: Send>(&self, of: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
        self.pool.install(|| of.into_par_iter().map(|one| quietly(|| work(one))).collect())
    }
}

/// Counts seeds on all threads, and shows on a terminal how many are done.
struct Count {
    done: AtomicU64,
    of: u64,
    shown: Mutex<Progress>,
}

impl Count {
    fn new(name: &str, of: u64, can_clear: bool) -> Self {
        Count { done: AtomicU64::new(0), of, shown: Mutex::new(Progress::new(name, can_clear)) }
    }

    fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Who finds another thread telling it has nothing newer to tell.
        if let Ok(mut shown) = self.shown.try_lock() {
            shown.count(done, self.of);
        }
    }
}

/// Lets panics print nothing while something is done.
pub(super) fn quietly<R>(work: impl FnOnce() -> R) -> R {
    let before = PLAYS.replace(true);
    let done = work();
    PLAYS.set(before);
    done
}

/// Waits for interrupts: the first ends the work, the second the process.
fn hear_interrupts(stop: Arc<AtomicBool>) {
    let Ok(runtime) = Builder::new_current_thread().enable_io().build() else { return };
    #[expect(clippy::disallowed_methods, reason = "a signal comes while all others work")]
    std::thread::spawn(move || {
        runtime.block_on(async {
            let mut stops = std::pin::pin!(stops());
            stops.next().await;
            stop.store(true, Ordering::Relaxed);
            stops.next().await;
            std::process::exit(1);
        });
    });
}
