//! `arpanet fmt`: lays scenarios and nets out.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::Args;
use scenario::library::{NET, SCENARIO, has_ending};
use scenario::{laid_out, means_the_same, parse, parse_net};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::{Library, STANDARD_INPUT, Source};
use crate::output_file::OutputFile;
use crate::terminal::Terminal;

/// Lay scenarios and nets out in columns, as those of the library are.
///
/// Only white space changes. A file with mistakes is left as it is, and they are told.
#[derive(Debug, Args)]
#[command(after_long_help = COLUMNS)]
pub(crate) struct FmtArgs {
    /// Files that end in .scenario or .net; `-` is a scenario from standard input, laid out on standard output.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,

    /// Change nothing, and name the files that would change.
    #[arg(long)]
    check: bool,
}

const COLUMNS: &str = "\
COLUMNS
  The word of a line in the heading stands in eight columns. What hosts type and
  see begins in one column, as far as no line is empty. What a message says
  stands two blanks behind its hosts. Clauses are indented by two, the lines of
  a file by four.

EXIT STATUS
  0  laid out    1  with --check: something would change
  2  something could not be read or written, or has mistakes";

/// Lays the files out. One that cannot be does not keep the others from it.
pub(crate) fn run(args: &FmtArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let mut errors = Vec::new();
    let mut exit = Exit::Held;
    for name in &args.files {
        match one(name, args.check, library, terminal) {
            Ok(is_laid_out) if args.check && !is_laid_out => exit = Exit::Failed,
            Ok(_) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(exit) } else { Err(CommandError::all(errors)) }
}

/// Lays one file out. Returns whether it was before.
fn one(name: &OsStr, is_check: bool, library: &Library, terminal: Terminal) -> Result<bool, CommandError> {
    let shown = name.to_string_lossy();
    let is_net = has_ending(&shown, NET);
    if !is_net && !has_ending(&shown, SCENARIO) && name != STANDARD_INPUT {
        return Err(CommandError::NoFileToLayOut(shown.into_owned()));
    }
    let (source, text) = if is_net { net(name, library)? } else { scenario(name, library)? };
    let is_laid_out = source.text == text;
    match (&*shown, is_check) {
        (_, true) if !is_laid_out => terminal.say(&format!("{} would change\n", source.name))?,
        (_, true) => {}
        (STANDARD_INPUT, false) => terminal.print(&text)?,
        (_, false) if !is_laid_out => {
            OutputFile::prepare("fmt", Path::new(name))?.write(|file| file.write_all(text.as_bytes()))?;
            terminal.say(&format!("{shown} is laid out\n"))?;
        }
        (_, false) => {}
    }
    Ok(is_laid_out)
}

/// A scenario, and how it is laid out.
fn scenario(name: &OsStr, library: &Library) -> Result<(Source, String), CommandError> {
    let (source, before) = library.read_scenario(name)?;
    let text = laid_out(&source.name, &source.text);
    match parse(&source.name, &text, &library.nets(&source)) {
        Ok(after) if means_the_same(&before, &after) => Ok((source, text)),
        Ok(_) | Err(_) => Err(CommandError::OtherMeaning(source.name)),
    }
}

/// A net, and how it is laid out.
fn net(name: &OsStr, library: &Library) -> Result<(Source, String), CommandError> {
    let before = library.read_net(name)?;
    let source = library.net(name).map_err(|error| CommandError::File { path: name.into(), error })?;
    let text = laid_out(&source.name, &source.text);
    match parse_net(&source.name, &text) {
        Ok(after) if before == after => Ok((source, text)),
        Ok(_) | Err(_) => Err(CommandError::OtherMeaning(source.name)),
    }
}
