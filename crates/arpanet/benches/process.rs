//! What a cold process costs beside one that does nothing, and what more cores bring a sweep:
//! `cargo bench -p arpanet --bench process`. `sim/benches/COUNTS.md` says what they should.

use std::process::{Command, Stdio};

use divan::Bencher;

/// How this program is told to be the one that does nothing.
const HELLO: &str = "--hello-world";

fn main() {
    if std::env::args().nth(1).as_deref() == Some(HELLO) {
        println!("Hello, world!");
    } else {
        divan::main();
    }
}

/// Runs a program that prints to nobody, until it has done all.
fn run(mut command: Command, arguments: &[&str]) {
    let status = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{arguments:?}");
}

fn arpanet() -> Command {
    Command::new(env!("CARGO_BIN_EXE_arpanet"))
}

/// A process that does nothing.
#[divan::bench(sample_count = 400, sample_size = 1)]
fn hello_world(bencher: Bencher) {
    let program = std::env::current_exe().expect("it is a file");
    bencher.bench_local(|| run(Command::new(&program), &[HELLO]));
}

/// A process that replays a scenario and prints its transcript.
#[divan::bench(sample_count = 400, sample_size = 1)]
fn cold_process(bencher: Bencher) {
    bencher.bench_local(|| run(arpanet(), &["scenario", "rfc438-append"]));
}

/// Some thousand seeds on so many cores.
#[divan::bench(args = ["1", "2"], sample_count = 5, sample_size = 1)]
fn seeds(bencher: Bencher, cores: &str) {
    let arguments = ["sweep", "rfc438-append", "--seeds", "0..4000", "--no-shrink", "--jobs", cores];
    bencher.bench_local(|| run(arpanet(), &arguments));
}
