//! `arpanet sweep`: breaks scenarios in a great many ways.

mod case;
mod count;
mod junit;
mod kept;
mod lines;
mod merge;
mod regress;
mod report;
mod shard;
mod shard_file;
mod table;
mod to_sweep;
mod work;

use std::ops::Range;

use super::sweep_args::{ReportArgs, Shard, SweepArgs, SweepVerb};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::{Library, STANDARD_INPUT};
use crate::output_file::{is_apart, is_standard_output};
use crate::sweep_error::SweepError;
use crate::terminal::{PrintError, Terminal};
use count::Count;
use junit::Junit;
use lines::{SeedLine, line};
use report::Reporter;
use to_sweep::ToSweep;
use work::Work;

/// Sweeps scenarios, or puts the parts of a sweep together. `command` is how `arpanet` is called.
pub(crate) fn run(
    args: &SweepArgs,
    command: &str,
    library: &Library,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    if let Some(SweepVerb::Merge(merge)) = &args.verb {
        let work = Work::begin(None, false, terminal)?;
        let junit = junit(&merge.report, &merge.files)?;
        let all = Vec::new();
        let args = &merge.report;
        let reporter = Reporter { args, library, command, terminal, work: &work, json: false, junit, all };
        return merge::run(&merge.files, reporter);
    }
    if args.names.iter().filter(|name| *name == STANDARD_INPUT).count() > 1 {
        return Err(CommandError::StandardInputTwice);
    }
    let work = Work::begin(args.jobs, args.twice, terminal)?;
    if args.regress {
        let junit = junit(&args.report, &[])?;
        return regress::run(args, (library, command), &work, junit, terminal);
    }
    let (mut scenarios, mut unreadable) = (Vec::new(), Vec::new());
    for name in &args.names {
        match ToSweep::read(library, name) {
            Ok(scenario) => scenarios.push(scenario),
            Err(error) => unreadable.push(error),
        }
    }
    // A sweep may take hours: what is wrong is told before.
    if !unreadable.is_empty() {
        return Err(CommandError::all(unreadable));
    }
    let read: Vec<_> = args
        .names
        .iter()
        .zip(&scenarios)
        .flat_map(|(name, one)| library.files_of_scenario(name, &one.source))
        .collect();
    if let Some(path) = &args.output {
        is_apart("-o", path, &read)?;
    }
    if let Some(seed) = args.seed {
        return match scenarios.as_slice() {
            [only] => case::run(args, seed, only, (library, command), terminal),
            _ => Err(SweepError::CaseOfSeveral { seed }.into()),
        };
    }
    let seeds = &args.seeds.0;
    if let Some(path) = &args.output {
        let shard = args.shard.unwrap_or(Shard::WHOLE);
        return shard::run(&scenarios, (seeds, shard, args.twice), path, &work, terminal);
    }
    let junit = junit(&args.report, &read)?;
    let (report, json, all) = (&args.report, args.json, Vec::new());
    let mut reporter = Reporter { args: report, library, command, terminal, work: &work, json, junit, all };
    for one in &scenarios {
        if work.is_stopped() {
            break;
        }
        let count = sweep(one, seeds, &work, args, terminal)?;
        reporter.tell(one, seeds.clone(), count)?;
    }
    reporter.end()
}

/// Sweeps a scenario.
fn sweep(
    one: &ToSweep,
    seeds: &Range<u64>,
    work: &Work,
    args: &SweepArgs,
    terminal: Terminal,
) -> Result<Count, PrintError> {
    let mut count = one.count();
    work.play(&one.lab, &one.name, seeds.clone(), |_, trials| {
        trials.iter().for_each(|trial| count.add(trial));
        if !args.json {
            return Ok(());
        }
        let lines = trials.iter().map(|trial| line(&SeedLine::new(&one.name, trial, args.report.reached)));
        terminal.print(&lines.collect::<String>())
    })?;
    Ok(count)
}

/// The file for a CI server, if there is to be one.
fn junit(args: &ReportArgs, read: &[std::path::PathBuf]) -> Result<Option<Junit>, CommandError> {
    let Some(path) = &args.junit else { return Ok(None) };
    if is_standard_output(path) {
        return Err(SweepError::JunitToStandardOutput.into());
    }
    is_apart("--junit", path, read)?;
    Ok(Some(Junit::prepare(path)?))
}
