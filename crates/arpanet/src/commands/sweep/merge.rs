//! `arpanet sweep merge FILE...`: puts the parts of a sweep together.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::report::Reporter;
use super::shard_file::{Read, read};
use super::to_sweep::ToSweep;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::sweep_error::SweepError;

/// Reads the parts, and tells what the whole is.
pub(super) fn run(files: &[PathBuf], mut reporter: Reporter<'_>) -> Result<Exit, CommandError> {
    let mut parts: Vec<(&Path, Read)> = Vec::new();
    let mut problems: Vec<CommandError> = Vec::new();
    for path in files {
        match read(path) {
            Ok(Some(part)) => parts.push((path, part)),
            Ok(None) => problems.push(SweepError::NoPart(path.clone()).into()),
            Err(error) => problems.push(error),
        }
    }
    parts.sort_by_key(|(_, part)| part.head.shard);
    problems.extend(unlike(&parts).into_iter().map(CommandError::from));
    if problems.is_empty() {
        problems.extend(not_all(&parts).into_iter().map(CommandError::from));
    }
    let Some(((_, first), others)) = parts.split_first().filter(|_| problems.is_empty()) else {
        return Err(CommandError::all(problems));
    };
    for (number, scenario) in first.head.scenarios.iter().enumerate() {
        let to_sweep = ToSweep::read(reporter.library, OsStr::new(&scenario.name))?;
        if to_sweep.fingerprint != scenario.fingerprint {
            return Err(SweepError::Changed { name: scenario.name.clone() }.into());
        }
        let mut count = first.counts[number].clone();
        others.iter().for_each(|(_, part)| count.merge(&part.counts[number]));
        reporter.tell(&to_sweep, first.head.from..first.head.to, count)?;
    }
    reporter.end()
}

/// What is not of one sweep.
fn unlike(parts: &[(&Path, Read)]) -> Vec<SweepError> {
    let Some(((first, one), others)) = parts.split_first() else { return Vec::new() };
    let differ = |(second, other): &(&Path, Read)| {
        let what = other.head.differs(&one.head)?;
        Some(SweepError::Differ { first: (*second).to_owned(), second: (*first).to_owned(), what })
    };
    others.iter().filter_map(differ).collect()
}

/// What is missing, or there twice.
fn not_all(parts: &[(&Path, Read)]) -> Vec<SweepError> {
    let mut problems = Vec::new();
    for pair in parts.windows(2) {
        if let [(first, one), (second, other)] = pair
            && one.head.shard == other.head.shard
        {
            let (first, second) = ((*first).to_owned(), (*second).to_owned());
            let (number, of) = (one.head.shard, one.head.of);
            problems.push(SweepError::Twice { first, second, number, of });
        }
    }
    let of = parts.first().map_or(0, |(_, part)| part.head.of);
    let missing: Vec<u64> =
        (1..=of).filter(|number| !parts.iter().any(|(_, part)| part.head.shard == *number)).collect();
    if !missing.is_empty() {
        problems.push(SweepError::Missing { missing, of });
    }
    for (path, part) in parts {
        if let Some((scenario, seeds)) = part.missing() {
            problems.push(SweepError::Unfinished {
                path: (*path).to_owned(),
                scenario: scenario.to_owned(),
                from: seeds.start,
                to: seeds.end,
            });
        }
    }
    problems
}
