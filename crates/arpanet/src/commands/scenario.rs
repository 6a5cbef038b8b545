//! `arpanet scenario`: replays scenarios.

use std::ffi::{OsStr, OsString};
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::Args;
use imp::Watch;
use imp::visible::visible;
use scenario::{LANGUAGE, Scenario};
use sim::{Failures, Options, Outcome, Prepared, replay_with_progress};
use trace::{Ink, Keep, Lens, View};
use view::comments::comments;
use view::report::{footing, heading, title};
use view::secrets::hide_typed;

use super::kept::Kept;
use super::scenario_explain::ExplainArgs;
use super::scenario_outputs::{OutputArgs, Outputs};
use super::{full, scenario_json};
use crate::error::{CommandError, FailedRun};
use crate::exit::Exit;
use crate::lenses::{lenses, watch};
use crate::library::{Library, STANDARD_INPUT, Source};
use crate::numbers;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// Where there are fewer columns beside a row of the table, its title stands below it.
const LEAST_TITLE: usize = 25;

/// Replay scenarios.
///
/// With one NAME, prints a transcript: what was typed and printed, what the hosts said to each other, when,
/// and what it means. With none, or several, replays them all and prints a table.
#[derive(Debug, Args)]
pub(crate) struct ScenarioArgs {
    /// A scenario of the library, the path of a file that ends in .scenario, or `-` for standard input. None: all of
    /// the library.
    names: Vec<OsString>,

    /// What the transcript shows: teletype, host, ftp, ncp, data, trouble, measured (these seven are the
    /// `usual`), traffic (of bare hosts), imp (ready lines, RFNMs, arrivals), packets (between IMPs), lines
    /// (acknowledgements and routing messages), or `all`. For example: usual,imp.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    show: Vec<String>,

    /// Print the bits of each message below it: leader, rest of the header, text, in hexadecimal. In the place of text with a
    /// password stands a mask.
    #[arg(long)]
    bits: bool,

    /// Print the scenario's own comments between the lines of the transcript, each before what it is about,
    /// and below it the steps of an operator that it stands above: no other line shows them.
    #[arg(long)]
    comments: bool,

    /// Print lines of at most N columns (20 or more). Without it, as many as the terminal has; if the output is no terminal,
    /// no line is broken, so that the same is printed on every machine.
    #[arg(long, value_name = "N", value_parser = numbers::width, allow_negative_numbers = true)]
    width: Option<u16>,

    /// Draw random numbers from another seed than the scenario's.
    #[arg(long, value_name = "N", value_parser = imp::number, allow_negative_numbers = true)]
    seed: Option<u64>,

    #[command(flatten)]
    outputs: OutputArgs,

    /// Compare the transcript with one that was kept in FILE, and say where it begins to differ; `-` is standard input. With
    /// the same --show as when it was kept, and the like.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["width", "check"])]
    pub(super) against: Option<PathBuf>,

    /// Keep the transcript as it is now, in the FILE of --against.
    #[arg(long, requires = "against")]
    pub(super) bless: bool,

    /// Print, or compare, the transcript without the times of its lines: so it changes only if what is said does.
    #[arg(long)]
    pub(super) without_times: bool,

    /// Print the run for programs, one JSON object in each line, to keep it, and to `compare` it. `read --help` says what
    /// they hold.
    #[arg(long, conflicts_with_all = ["show", "bits", "comments", "width", "check", "against", "without_times"])]
    pub(super) json: bool,

    #[command(flatten)]
    explain: ExplainArgs,

    /// Only read the scenarios and say what is wrong with them; do not replay.
    #[arg(long)]
    check: bool,

    /// Log every record as an event, in virtual time, to standard error.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// What stands below the help: the language, and what scripts get. It is long, and put there only where it may be printed.
pub(crate) fn language() -> String {
    format!(
        "{LANGUAGE}
KEEPING A TRANSCRIPT: what a scenario prints can be kept, and later runs compared with it.

  arpanet scenario mine.scenario --show ftp --without-times --against mine.txt --bless
  arpanet scenario mine.scenario --show ftp --without-times --against mine.txt

The first keeps it, the second compares. Fewer lenses and no times let it change only with what it is
about. When the run ended, how many messages there were and the digest are not kept.

EXIT STATUS
  0  everything held, and read as was kept
  1  something did not hold, or reads otherwise
  2  a scenario could not be read, or nothing could be printed or written"
    )
}

/// A scenario that was read.
struct ToReplay {
    /// Its file, as errors name it.
    file: String,
    /// The files that were read for it.
    read: Vec<PathBuf>,
    scenario: Scenario,
    /// The seed, if it is another than its own.
    other_seed: Option<u64>,
}

impl ToReplay {
    /// What did not hold of it.
    fn failed(&self, failures: Failures) -> FailedRun {
        FailedRun { file: self.file.clone(), failures, other_seed: self.other_seed }
    }
}

/// Replays the scenarios.
pub(crate) fn run(args: &ScenarioArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let lenses = lenses(&args.show)?;
    if args.outputs.plot.is_some() && args.names.len() != 1 {
        return Err(CommandError::PlotOfSeveral);
    }
    if args.outputs.pcapng.is_some() && (args.names.len() != 1 || args.check) {
        return Err(CommandError::CaptureOfSeveral);
    }
    let of_one = [
        ("--against", args.against.is_some()),
        ("--json", args.json),
        ("--explain", args.explain.is_asked()),
        ("--ladder", args.outputs.ladder.is_some()),
        ("--map", args.outputs.map.is_some()),
        ("--files-out", args.outputs.files_out.is_some()),
    ];
    for (option, is_there) in of_one {
        if is_there && args.names.len() != 1 {
            return Err(CommandError::OfOneScenario(option));
        }
    }
    let names = if args.names.is_empty() {
        let names = library.names().map_err(|error| CommandError::List { what: "scenarios", error })?;
        names.into_iter().map(OsString::from).collect()
    } else {
        args.names.clone()
    };
    if names.iter().filter(|name| *name == STANDARD_INPUT).count() > 1 {
        return Err(CommandError::StandardInputTwice);
    }
    let mut scenarios = Vec::new();
    let mut unreadable = Vec::new();
    for name in &names {
        match read(library, name) {
            Ok((source, mut scenario)) => {
                let other_seed = args.seed.filter(|seed| *seed != scenario.seed);
                scenario.seed = other_seed.unwrap_or(scenario.seed);
                let read = library.files_of_scenario(name, &source);
                scenarios.push(ToReplay { file: source.name, read, scenario, other_seed });
            }
            Err(error) => unreadable.push(error),
        }
    }
    let several = args.names.len() != 1;
    // A scenario that cannot be read does not keep the others from being replayed.
    let mut errors = match scenarios.as_slice() {
        [] if !several || unreadable.is_empty() => Vec::new(),
        _ if args.check => {
            let plural = if scenarios.len() == 1 { "scenario has" } else { "scenarios have" };
            let others = cannot_be_read(unreadable.len());
            terminal.print(&format!("{} {plural} no errors{others}\n", scenarios.len()))?;
            Vec::new()
        }
        [only] if !several => one(args, &lenses, only, terminal)?.into_iter().collect(),
        scenarios => table(scenarios, unreadable.len(), args, terminal)?,
    };
    errors.extend(unreadable);
    if scenarios.is_empty() && errors.is_empty() {
        return Ok(Exit::Unusable);
    }
    match errors.is_empty() {
        true => Ok(Exit::Held),
        false if several => Err(CommandError::OfSeveral(Box::new(CommandError::all(errors)))),
        false => Err(CommandError::all(errors)),
    }
}

/// Reads a scenario that can be replayed. One with a host elsewhere takes part in real time only.
pub(super) fn read(library: &Library, name: &OsStr) -> Result<(Source, Scenario), CommandError> {
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

/// Replays a scenario, and shows on a terminal how far it has come. No password stands in what was typed then.
pub(super) fn replay(scenario: &Scenario, options: Options, terminal: Terminal) -> Outcome {
    let mut progress = Progress::new(&scenario.name, terminal.can_clear);
    let mut outcome = replay_with_progress(scenario, options, Box::new(move |now| progress.tell(now)));
    hide_typed(scenario, &mut outcome.records);
    outcome
}

/// The same, with what the tables of its hosts hold at each step.
pub(super) fn replay_with_tables(prepared: &Prepared, options: Options, terminal: Terminal) -> Outcome {
    let scenario = prepared.scenario();
    let mut progress = Progress::new(&scenario.name, terminal.can_clear);
    let tell = Box::new(move |now| progress.tell(now));
    let mut outcome = prepared.replay_with_tables_and_progress(scenario.seed, options, tell);
    hide_typed(scenario, &mut outcome.records);
    outcome
}

/// Replays one scenario and prints its transcript. Returns what did not hold, or else could not be written.
fn one(
    args: &ScenarioArgs,
    lenses: &[Lens],
    read: &ToReplay,
    terminal: Terminal,
) -> Result<Option<CommandError>, CommandError> {
    let scenario = &read.scenario;
    let outputs = Outputs::prepare(&args.outputs, args.against.as_deref(), scenario, &read.read, terminal)?;
    if outputs.take_standard_output && args.json {
        return Err(CommandError::StandardOutputTwice);
    };
    let is_taken = outputs.take_standard_output || args.json;
    let kept = args.against.as_ref().map(|path| Kept::prepare(path, args.bless, &read.read)).transpose()?;
    let explain = args.explain.asked().map_err(CommandError::from)?;
    let options = Options { keep: Keep::Records, watch: watch(lenses) };
    let outcome = match &explain {
        Some(_) => replay_with_tables(&Prepared::new(scenario.clone()), options, terminal),
        None => replay(scenario, options, terminal),
    };
    // This is the last thing that the process does: what it has taken goes with it, and is not given back piece by piece.
    let outcome = ManuallyDrop::new(outcome);
    if args.verbose {
        full::log(&outcome, terminal.error_color)?;
    }
    let paper = terminal.paper(args.width);
    let comments = if args.comments { comments(scenario, &outcome.records) } else { Vec::new() };
    let view = View {
        bits: args.bits,
        times: !args.without_times,
        paper,
        comments: &comments,
        ..View::new(&outcome.names, lenses)
    };
    if args.json {
        scenario_json::print(scenario, &outcome)?;
    } else if let Some(explain) = explain.filter(|_| !is_taken) {
        terminal.print(&explain.text(scenario, &outcome, lenses, paper, !args.without_times)?)?;
    } else if !is_taken && kept.is_none() {
        let (above, below) = (heading(scenario), footing(&outcome, paper.color));
        let transcript = view.transcript(&outcome.records);
        terminal.print(&[paper.fill(&above, 2), transcript, paper.fill(&below, 2)].concat())?;
    }
    let written = outputs.write(&args.outputs, scenario, &outcome, lenses);
    match &outcome.verdict {
        Ok(()) if written.is_ok() => match kept {
            Some(kept) => kept.compare(scenario, &outcome, &view, terminal),
            None => Ok(None),
        },
        Ok(()) => Ok(written.err()),
        Err(failures) => Ok(Some(CommandError::Failed(read.failed(failures.clone())))),
    }
}

/// How many scenarios cannot be read, behind how many were.
fn cannot_be_read(number: usize) -> String {
    if number == 0 { String::new() } else { format!(", {number} cannot be read") }
}

/// Replays several scenarios and prints a line for each. Returns what did not hold. Beside these there are some that
/// cannot be read.
fn table(
    scenarios: &[ToReplay],
    unreadable: usize,
    args: &ScenarioArgs,
    terminal: Terminal,
) -> Result<Vec<CommandError>, CommandError> {
    let width = scenarios.iter().map(|read| read.scenario.name.chars().count()).max().unwrap_or_default();
    let paper = terminal.paper(args.width);
    let mut failed = Vec::new();
    for read in scenarios {
        let scenario = &read.scenario;
        let outcome = replay(scenario, Options { keep: Keep::Digest, watch: Watch::Nothing }, terminal);
        let (mark, ink) = match outcome.verdict {
            Ok(()) => ("ok    ", Ink::Good),
            Err(failures) => {
                failed.push(CommandError::Failed(read.failed(failures)));
                ("FAILED", Ink::Bad)
            }
        };
        let (begins, ends) = paper.ink(ink);
        let end = outcome.end;
        let row = format!("{begins}{mark}{ends}  {:width$}  {end:>11} s", visible(&scenario.name));
        // A title begins beside its row, and goes on below where it began; where there is little room, it stands below the row.
        let column = mark.len() + 2 + width + 2 + 11 + 4;
        let is_beside = paper.width.is_none_or(|columns| columns >= column + LEAST_TITLE);
        let (between, hang) = if is_beside { ("  ", column) } else { ("\n    ", 0) };
        terminal.print(&paper.fill(&format!("{row}{between}{}\n", visible(&title(scenario))), hang))?;
    }
    let held = scenarios.len() - failed.len();
    let all = scenarios.len() + unreadable;
    let others = cannot_be_read(unreadable);
    terminal.print(&format!("\n{held} of {all} scenarios hold{others}\n"))?;
    Ok(failed)
}
