//! `arpanet page`: makes a page for a browser of one run, or of two or three beside each other.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use imp::Watch;
use scenario::Scenario;
use sim::{Options, Outcome, Prepared};
use trace::Keep;
use view::page::{MOST_RUNS, Packets, PageRun, html};
use view::sheet::Sheet;

use super::compare_operand::each;
use super::scenario::replay_with_tables;
use crate::error::{CommandError, FailedRun};
use crate::exit::Exit;
use crate::library::{Library, Source};
use crate::operand_error::OperandError;
use crate::output_file::{OutputFile, is_apart, is_standard_output};
use crate::terminal::Terminal;

/// Make a page for a browser that shows a run step by step.
///
/// One file that needs nothing else: ladder, map, both ends' tables at each moment, the bits of each message, what it means, and
/// the scenario with its line; forward, back, to any time, to the cause and to the answer. Two or three runs stand side by
/// side.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct PageArgs {
    /// One to three of: a scenario of the library, the path of a file that ends in .scenario, `-` for standard input; or one
    /// of these with changes, as `compare --help` has them: rfc438-append @7, or @SITE2=rfc354.
    #[arg(required = true, value_name = "NAMES")]
    names: Vec<OsString>,

    /// Write the page into this file; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

const HELP: &str = "\
IN THE BROWSER
  Open the file; it fetches nothing. `?` lists the keys: the arrows step, the space bar plays, `c` goes to the cause, `a` to the
  answer, `/` searches. An address that ends in #r=123 leads to record 123. Printed, it is the whole ladder.

  arpanet page rfc438-append -o run.html
  arpanet page rfc354-by-way-of-user rfc438-straight -o two.html   the same errand in two ways
  arpanet page rfc438-append @SITE2=rfc354 -o if.html              what happens if

EXIT STATUS
  0  written, and everything held
  1  written, and something did not hold
  2  a scenario could not be read, or the page could not be written";

/// Replays the runs and writes their page.
pub(crate) fn run(args: &PageArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    if args.names.len() > MOST_RUNS {
        return Err(OperandError::PageOf(args.names.len()).into());
    }
    let operands = each(&args.names)?;
    let mut read = Vec::new();
    let mut errors = Vec::new();
    for operand in &operands {
        match operand.scenario(library) {
            Ok((source, scenario)) => {
                is_apart("--output", &args.output, &operand.files(library, &source))?;
                read.push((operand.words(), source, scenario));
            }
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(CommandError::all(errors));
    }
    let file = OutputFile::prepare("--output", &args.output)?;
    let replayed: Vec<Replayed> = read
        .into_iter()
        .map(|(label, source, scenario)| Replayed::new(label, source, scenario, terminal))
        .collect();
    let sheets: Vec<Sheet<'_>> =
        replayed.iter().map(|run| Sheet::new(run.prepared.scenario(), &run.outcome)).collect();
    let runs: Vec<PageRun<'_>> = replayed
        .iter()
        .zip(&sheets)
        .map(|(run, sheet)| PageRun {
            label: &run.label,
            sheet,
            text: &run.source.text,
            packets: &run.packets,
        })
        .collect();
    let page = html(&runs);
    file.write(|file| file.write_all(page.as_bytes()))?;
    if !is_standard_output(&args.output) {
        let kilobytes = page.len().div_ceil(1000);
        terminal.say(&format!(
            "written into {}, {kilobytes} kB: open it in a browser\n",
            args.output.display()
        ))?;
    }
    let failed: Vec<CommandError> = replayed.into_iter().filter_map(Replayed::failed).collect();
    if failed.is_empty() { Ok(Exit::Held) } else { Err(CommandError::all(failed)) }
}

/// A run of which the page is made.
struct Replayed {
    label: String,
    source: Source,
    prepared: Prepared,
    outcome: Outcome,
    packets: Packets,
}

impl Replayed {
    fn new(label: String, source: Source, scenario: Scenario, terminal: Terminal) -> Self {
        let prepared = Prepared::new(scenario);
        let options = Options { keep: Keep::Records, watch: Watch::NoRouting };
        let mut outcome = replay_with_tables(&prepared, options, terminal);
        let packets = Packets::apart(&mut outcome);
        Replayed { label, source, prepared, outcome, packets }
    }

    /// What did not hold of it.
    fn failed(self) -> Option<CommandError> {
        let failures = self.outcome.verdict.err()?;
        Some(CommandError::Failed(FailedRun { file: self.source.name, failures, other_seed: None }))
    }
}
