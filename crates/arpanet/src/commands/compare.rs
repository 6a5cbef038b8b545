//! `arpanet compare`: lays two or three runs beside each other.

use std::ffi::OsString;

use clap::Args;
use sim::lab::compare::{LENSES, compare};
use view::comparison::{Side, text};

use super::compare_operand::{Operand, operands};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::lenses::lenses;
use crate::library::Library;
use crate::numbers;
use crate::terminal::Terminal;

/// Say where two or three runs part, and what each of them cost.
///
/// Each is a scenario, as it is or changed, or a record of a run that was kept. Sockets, which programs draw, and times are
/// made comparable; the first difference is shown with what stands around it, then figures.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct CompareArgs {
    /// Two or three of: a scenario of the library, the path of a file that ends in .scenario, `-` for standard input; one of
    /// these with changes, as below; or a file that `scenario --json` or `read --json` has written.
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<OsString>,

    /// What is compared: teletype, host, ftp, ncp, data, trouble (these are compared without it), `usual`, or any
    /// other lens of `scenario --show`. For example: ftp.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    show: Vec<String>,

    /// Print lines of at most N columns (20 or more). Without it, as many as the terminal has; if the output is no terminal,
    /// no line is broken, so that the same is printed on every machine.
    #[arg(long, value_name = "N", value_parser = numbers::width, allow_negative_numbers = true)]
    width: Option<u16>,
}

const HELP: &str = "\
WHAT IS COMPARED
  compare rfc354-by-way-of-user rfc438-straight   two scenarios: here the same errand by way of the
                                        user's host, and straight from server to server
  compare line-fails @7                 a scenario, and the same with seed 7
  compare rfc438-append @SITE2=rfc354   the same, but the FTP server of SITE2 is of RFC 354
  compare rfc438-append @rfc354 @rfc478 as it is, and all servers of two other editions
  compare rfc438-append@7 @refuses      with seed 7, and then so that NCPs refuse what no program
                                        asked for; HOST=refuses is one of them, and `queues` keeps it
  compare monday.json rfc438-append     a record, and a run of now: `scenario NAME --json > FILE`
                                        keeps one, and `read CAPTURE --json > FILE` makes one of a capture

What begins with @ is the first one with these changes. Several follow one another: NAME@7@SITE2=rfc354.

WHAT IS MADE COMPARABLE
  A socket that a program has drawn is named by the order in which those of its host appear: {a}, and
  {a+4} lies four above it. What is said of a link is said of the connection that it carries. Times are
  shown, and not compared. With different seeds, data that are made up count by their sizes, and of an
  allocation only the messages. A capture tells of cables: with one, only what crossed these is
  compared; its messages are padded to words of 16 bits.

WHAT IS PRINTED
  The lines before the first difference, then what each run has from there on, behind its letter A, B or
  C, or beside each other where there is room. Then figures: messages, bits on the cables of hosts (both
  ends, answers of IMPs included), bits of data and from whom to whom, and through whose host they
  went: one that was sent data and sent data on.

EXIT STATUS
  0  they are alike, but for sockets and times
  1  they part
  2  something could not be read, or nothing could be printed";

/// Compares runs.
pub(crate) fn run(args: &CompareArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let lenses = if args.show.is_empty() { LENSES.to_vec() } else { lenses(&args.show)? };
    let operands = operands(&args.runs)?;
    let mut compared = Vec::new();
    let mut errors = Vec::new();
    let mut failed: Vec<&Operand> = Vec::new();
    for operand in &operands {
        // What is wrong with a scenario is told once.
        if failed.iter().any(|other| other.is_of(operand)) {
            continue;
        }
        match operand.run(library, &lenses, terminal) {
            Ok(run) => compared.push(run),
            Err(error) => {
                errors.push(error);
                failed.push(operand);
            }
        }
    }
    if !errors.is_empty() {
        return Err(CommandError::all(errors));
    }
    let runs: Vec<_> = compared.iter().map(|compared| &compared.run).collect();
    let comparison = compare(&runs, &lenses);
    let sides: Vec<Side<'_>> = compared
        .iter()
        .map(|one| Side { title: &one.title, run: &one.run, failures: one.failures, is_whole: one.is_whole })
        .collect();
    terminal.print(&text(&comparison, &sides, terminal.paper(args.width)))?;
    Ok(if comparison.parting.is_none() { Exit::Held } else { Exit::Failed })
}
