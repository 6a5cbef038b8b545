//! A thousand seeds of one scenario: it is read and prepared once, and each run keeps only its digest.
//!
//! `cargo run --release -p sim --example thousand_seeds [NUMBER [SCENARIO]]`

use std::collections::BTreeSet;

use sim::scenario::library;
use sim::{Options, Prepared};

fn main() -> sim::Result {
    let seeds: u64 = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(1000);
    let name = std::env::args().nth(2).unwrap_or("rfc438-append".to_owned());
    let text = library::scenario(&name).expect("a built-in scenario");
    let prepared = Prepared::parse(text)?;
    let (mut digests, mut events, mut failed) = (BTreeSet::new(), 0, Vec::new());
    for seed in 0..seeds {
        let outcome = prepared.replay_with(seed, Options::DIGEST);
        events += outcome.counts.events;
        digests.insert(outcome.digest.0);
        if let Err(failures) = outcome.verdict {
            failed.push(format!("seed {seed}: {}", failures.first()));
        }
    }
    println!("{seeds} runs, {} of them different, {events} events, {} failed", digests.len(), failed.len());
    failed.iter().for_each(|failure| println!("{failure}"));
    assert!(failed.is_empty(), "it holds for every seed");
    Ok(())
}
