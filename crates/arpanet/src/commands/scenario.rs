//! `arpanet scenario`: replays scenarios.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use imp::Watch;
use scenario::{LANGUAGE, Scenario};
use sim::{Options, Outcome, replay_with_progress};
use trace::capture::write_run;
use trace::{Keep, Lens, View};
use view::plot;
use view::report::{footing, heading};

use crate::error::{CommandError, FailedRun};
use crate::exit::Exit;
use crate::lenses::{lenses, watch};
use crate::library::{Library, Source};
use crate::progress::Progress;
use crate::terminal::Terminal;
use crate::verbose;

/// Replay scenarios.
///
/// With one NAME, prints a transcript: what was typed and printed, what the hosts said to each other, when,
/// and what it means. With none, or several, replays them all and prints a table.
#[derive(Debug, Args)]
#[command(after_long_help = language())]
pub(crate) struct ScenarioArgs {
    /// A scenario of the library, or the path of a file that ends in .scenario. None: all of the library.
    names: Vec<String>,

    /// What the transcript shows: teletype, host, ftp, ncp, data, trouble, measured (these seven are the
    /// `usual`), traffic (of bare hosts), imp (ready lines, RFNMs, arrivals), packets (between IMPs), lines
    /// (acknowledgements and routing messages), or `all`. For example: usual,imp.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    show: Vec<String>,

    /// Print the bits of each message below it: leader, rest of the header, text, in hexadecimal.
    #[arg(long)]
    bits: bool,

    /// Draw random numbers from another seed than the scenario's.
    #[arg(long, value_name = "N", value_parser = imp::number)]
    seed: Option<u64>,

    /// Write a plot of what the scenario measures, as SVG.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,

    /// Write what crosses the hosts' cables into a capture for Wireshark, as the UDP datagrams of emulated
    /// IMPs. `read` shows it again, and `read --help` says more.
    #[arg(long, value_name = "FILE")]
    pcapng: Option<PathBuf>,

    /// Only read the scenarios and say what is wrong with them; do not replay.
    #[arg(long)]
    check: bool,

    /// Log every record as an event, in virtual time, to standard error.
    #[arg(short, long)]
    verbose: bool,
}

/// The language, and what scripts get.
fn language() -> String {
    format!(
        "{LANGUAGE}
EXIT STATUS
  0  everything held    1  something did not hold    2  a scenario could not be read"
    )
}

/// Replays the scenarios.
pub(crate) fn run(args: &ScenarioArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let lenses = lenses(&args.show)?;
    if args.plot.is_some() && args.names.len() != 1 {
        return Err(CommandError::PlotOfSeveral);
    }
    if args.pcapng.is_some() && (args.names.len() != 1 || args.check) {
        return Err(CommandError::CaptureOfSeveral);
    }
    let names = if args.names.is_empty() {
        library.names().map_err(|error| CommandError::List { what: "scenarios", error })?
    } else {
        args.names.clone()
    };
    let mut scenarios = Vec::new();
    let mut unreadable = Vec::new();
    for name in &names {
        match read(library, name) {
            Ok((source, mut scenario)) => {
                scenario.seed = args.seed.unwrap_or(scenario.seed);
                scenarios.push((source, scenario));
            }
            Err(error) => unreadable.push(error),
        }
    }
    // A scenario that cannot be read does not keep the others from being replayed.
    let mut errors = match scenarios.as_slice() {
        [] => Vec::new(),
        _ if args.check => {
            let plural = if scenarios.len() == 1 { "scenario has" } else { "scenarios have" };
            terminal.print(&format!("{} {plural} no errors\n", scenarios.len()))?;
            Vec::new()
        }
        [(source, scenario)] if args.names.len() == 1 => {
            one(args, &lenses, source, scenario, terminal)?.into_iter().collect()
        }
        several => table(several, args.seed.is_some(), terminal)?,
    };
    errors.extend(unreadable);
    if scenarios.is_empty() && errors.is_empty() {
        return Ok(Exit::Unusable);
    }
    if errors.is_empty() { Ok(Exit::Held) } else { Err(CommandError::all(errors)) }
}

/// Reads a scenario that can be replayed. One with a host elsewhere takes part in real time only.
fn read(library: &Library, name: &str) -> Result<(Source, Scenario), CommandError> {
    let (source, scenario) = library.read_scenario(name)?;
    match scenario.hosts.iter().find(|plan| plan.external.is_some()) {
        None => Ok((source, scenario)),
        Some(host) => Err(CommandError::ExternalInReplay {
            file: source.name,
            line: host.line,
            host: host.name.clone(),
        }),
    }
}

/// Replays a scenario, and shows on a terminal how far it has come.
fn replay(scenario: &Scenario, options: Options) -> Outcome {
    let mut progress = Progress::new(&scenario.name);
    replay_with_progress(scenario, options, Box::new(move |now| progress.tell(now)))
}

/// Replays one scenario and prints its transcript. Returns what did not hold, or else could not be written.
fn one(
    args: &ScenarioArgs,
    lenses: &[Lens],
    source: &Source,
    scenario: &Scenario,
    terminal: Terminal,
) -> Result<Option<CommandError>, CommandError> {
    let outcome = replay(scenario, Options { keep: Keep::Records, watch: watch(lenses) });
    if args.verbose {
        verbose::log(&outcome, terminal.error_color);
    }
    let view = View { names: &outcome.names, lenses, bits: args.bits, color: terminal.color };
    let mut text = heading(scenario);
    text.push_str(&view.transcript(&outcome.records));
    text.push_str(&footing(&outcome, terminal.color));
    terminal.print(&text)?;
    let plotted = args.plot.as_ref().map_or(Ok(()), |path| draw(path, scenario, &outcome));
    let captured = args.pcapng.as_ref().map_or(Ok(()), |path| capture(path, &outcome));
    match outcome.verdict {
        Ok(()) => Ok(plotted.and(captured).err()),
        Err(failure) => {
            let file = source.name.clone();
            Ok(Some(CommandError::Failed(FailedRun { file, failure, is_seeded: args.seed.is_some() })))
        }
    }
}

/// Draws what was measured into a file.
fn draw(path: &Path, scenario: &Scenario, outcome: &Outcome) -> Result<(), CommandError> {
    let svg = plot::svg(&scenario.title, &outcome.measured, &outcome.names);
    let svg = svg.ok_or(CommandError::NothingToPlot)?;
    fs::write(path, svg).map_err(|error| CommandError::File { path: path.to_owned(), error })
}

/// Writes what crossed the cables of a run into a capture.
fn capture(path: &Path, outcome: &Outcome) -> Result<(), CommandError> {
    let failed = |error| CommandError::File { path: path.to_owned(), error };
    let file = BufWriter::new(File::create(path).map_err(failed)?);
    let file = write_run(file, &outcome.records, outcome.names.hosts()).map_err(failed)?;
    file.into_inner().map_err(|error| failed(error.into_error()))?;
    Ok(())
}

/// Replays several scenarios and prints a line for each. Returns what did not hold.
fn table(
    scenarios: &[(Source, Scenario)],
    is_seeded: bool,
    terminal: Terminal,
) -> Result<Vec<CommandError>, CommandError> {
    let width = scenarios.iter().map(|(_, scenario)| scenario.name.len()).max().unwrap_or_default();
    let mut failed = Vec::new();
    for (source, scenario) in scenarios {
        let outcome = replay(scenario, Options { keep: Keep::Digest, watch: Watch::Nothing });
        let (mark, color) = match outcome.verdict {
            Ok(()) => ("ok    ", "\x1b[32m"),
            Err(failure) => {
                let file = source.name.clone();
                failed.push(CommandError::FailedAmongOthers(FailedRun { file, failure, is_seeded }));
                ("FAILED", "\x1b[31m")
            }
        };
        let (color, plain) = if terminal.color { (color, "\x1b[0m") } else { ("", "") };
        let end = outcome.end;
        terminal.print(&format!(
            "{color}{mark}{plain}  {:width$}  {end:>11} s  {}\n",
            scenario.name, scenario.title
        ))?;
    }
    let held = scenarios.len() - failed.len();
    terminal.print(&format!("\n{held} of {} scenarios hold\n", scenarios.len()))?;
    Ok(failed)
}
