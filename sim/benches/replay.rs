//! How long the replays of the table in `COUNTS.md` take, and how much they allocate:
//! `cargo bench -p sim --bench replay`.
//!
//! Before anything is measured, what happens in each run is counted, printed and compared with the table. Times
//! are for comparing two states of the code on one machine; they are not kept.

mod runs;

use divan::{AllocProfiler, Bencher};
use runs::{RUNS, Run};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    println!("run | events | sent | received | hops");
    for run in RUNS {
        let figures = run.count();
        println!("{run} | {figures}");
        assert_eq!(figures, run.baseline(), "{run}: not as in COUNTS.md");
    }
    divan::main();
}

/// Reading the scenario is not measured.
#[divan::bench(args = RUNS)]
fn replay(bencher: Bencher, run: Run) {
    let scenario = run.scenario();
    bencher.bench_local(|| run.replay(&scenario));
}

/// Reading a scenario and its net.
#[divan::bench(args = [RUNS[0]])]
fn read(bencher: Bencher, run: Run) {
    bencher.bench_local(|| run.scenario());
}
