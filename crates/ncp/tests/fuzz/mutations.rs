//! Seeds of fuzz targets, and what a bounded number of small changes makes of them.

use std::fs;
use std::path::Path;

/// The seeds of a target, in the order of their names.
fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
    let entries = fs::read_dir(folder).expect("the corpus is part of the sources");
    let mut seeds: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.expect("it can be listed").path())
        .map(|path| (path.display().to_string(), fs::read(&path).expect("it can be read")))
        .collect();
    seeds.sort();
    seeds
}

/// The same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// Changes, adds, removes and repeats a few bytes.
fn mutated(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len());
        match numbers.below(5) {
            0 if !bytes.is_empty() => bytes[at] = numbers.below(256) as u8,
            1 if !bytes.is_empty() => bytes[at] ^= 1 << numbers.below(8),
            2 if !bytes.is_empty() => {
                bytes.remove(at);
            }
            3 => bytes.insert(at, numbers.below(256) as u8),
            _ => {
                let end = (at + numbers.below(40)).min(bytes.len());
                let again = bytes[at.min(end)..end].to_vec();
                bytes.extend(again);
            }
        }
    }
    bytes
}

/// Runs a target on its seeds, on as many mutations of each, and on as many of what grows out of several mutations.
pub(crate) fn on_seeds_and_mutations(name: &str, mutations: usize, target: fn(&[u8])) {
    let seeds = corpus(name);
    assert!(seeds.len() >= 5, "the corpus of {name} has {} seeds", seeds.len());
    let mut numbers = Numbers(1973);
    for (_, seed) in &seeds {
        target(seed);
        (0..mutations).for_each(|_| target(&mutated(seed, &mut numbers)));
    }
    // And what grows out of several mutations.
    let mut bytes = Vec::new();
    for _ in 0..mutations {
        bytes = mutated(&bytes, &mut numbers);
        bytes.truncate(2000);
        target(&bytes);
    }
}
