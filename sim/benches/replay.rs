//! How long the replays of the table in `COUNTS.md` take, and how much they allocate:
//! `cargo bench -p sim --bench replay`.
//!
//! Before anything is measured, what happens in each run is counted, printed and compared with the table. Times
//! are for comparing two states of the code on one machine; they are not kept.

#[path = "../tests/full_net/mod.rs"]
mod full_net;
mod runs;

use divan::{AllocProfiler, Bencher};
use runs::{RUNS, Run};
use scenario::library::{self, BuiltIn};
use sim::Instant;
use sim::host::Host;
use trace::Names;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// How many hosts have nothing to do.
const IDLE: usize = 32;

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

/// What a host takes that is up, serves files and has nothing to do: `max alloc`, divided by [`IDLE`].
#[divan::bench]
fn idle_hosts(bencher: Bencher) {
    let net = library::net("1973-01").expect("it is built in");
    let net = scenario::parse_net("1973-01.net", net).expect("it has no mistakes");
    let names = net.hosts.iter().take(IDLE).map(|host| host.name.clone());
    let hosts: String = names.map(|name| format!("host {name} serves ftp\n")).collect();
    let text = format!("title Nobody has anything to do\nnet 1973-01\n{hosts}");
    let scenario = scenario::parse("idle.scenario", &text, &BuiltIn).expect("it has no mistakes");
    let names = Names::of(&scenario.net);
    bencher.bench_local(|| {
        let hosts = sim::hosts(&scenario, 0, names.hosts());
        let mut hosts: Vec<Host> = hosts.map(|(_, host)| host).collect();
        assert_eq!(hosts.len(), IDLE, "the net has so many");
        hosts.iter_mut().for_each(|host| host.boot(Instant::START));
        hosts
    });
}

/// A net of as many IMPs and hosts as there can be, each of which fetches 20 kB from another one at once.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn crowd(bencher: Bencher) {
    let (nets, text) = (|name: &str| (name == "full").then(full_net::full_net), full_net::crowd());
    let scenario = scenario::parse("crowd.scenario", &text, &nets).expect("it has no mistakes");
    bencher.bench_local(|| sim::replay(&scenario, sim::Options::DIGEST));
}

/// Reading a scenario and its net.
#[divan::bench(args = [RUNS[0]])]
fn read(bencher: Bencher, run: Run) {
    bencher.bench_local(|| run.scenario());
}
