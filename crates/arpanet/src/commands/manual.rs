//! `arpanet completions` and `arpanet man`: what other programs need to know of the command.

use std::fs;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, Id, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use scenario::library::{nets, scenarios};
use view::sheet::PHASE_WORDS;
use view::story::LEVELS;

use super::explain;
use super::manual_args::{CompletionsArgs, ManArgs};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::lenses;
use crate::output_file::OutputFile;
use crate::terminal::Terminal;

/// Prints the completions for a shell.
pub(crate) fn completions(
    args: &CompletionsArgs,
    mut command: Command,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let shell = Shell::from_str(&args.shell, true).map_err(|_| {
        let known = Shell::value_variants().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        CommandError::NoShell { name: args.shell.clone(), known }
    })?;
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    command = with_names(command);
    clap_complete::generate(shell, &mut command, name, &mut script);
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Held)
}

/// The command with the names that its arguments may have: of scenarios and nets that come with it, and of lenses. Files may
/// be named, too, so that it is for shells only.
fn with_names(command: Command) -> Command {
    let names = |argument: &Arg| -> Vec<&'static str> {
        match argument.get_id().as_str() {
            "names" | "runs" => scenarios().collect(),
            "name" => scenarios().chain(nets()).collect(),
            "net" => nets().collect(),
            "show" => lenses::names().collect(),
            "explain" => LEVELS.iter().map(|(name, _)| *name).collect(),
            "fold" => PHASE_WORDS.to_vec(),
            "terms" => explain::completed().collect(),
            _ => Vec::new(),
        }
    };
    command.mut_subcommands(|command| {
        let takes_names = |id: &str| match command.get_name() {
            "scenario" => matches!(id, "names" | "show" | "explain" | "fold"),
            "compare" => id == "runs" || id == "show",
            "sweep" | "page" => id == "names",
            "show" => id == "name",
            "explain" => id == "terms",
            "net" => id == "name" || id == "show",
            "read" | "host" => id == "net" || id == "show",
            _ => false,
        };
        let known: Vec<(Id, Vec<&str>)> = command
            .get_arguments()
            .filter(|argument| takes_names(argument.get_id().as_str()))
            .map(|argument| (argument.get_id().clone(), names(argument)))
            .collect();
        known.into_iter().fold(command, |command, (id, names)| {
            command.mut_arg(id, |argument| argument.value_parser(PossibleValuesParser::new(names)))
        })
    })
}

/// Prints the page of the whole command, or writes those of all commands.
pub(crate) fn man(args: &ManArgs, mut command: Command, terminal: Terminal) -> Result<Exit, CommandError> {
    command.build();
    let Some(folder) = &args.directory else {
        terminal.print(&page(command))?;
        return Ok(Exit::Held);
    };
    fs::create_dir_all(folder).map_err(|error| CommandError::File { path: folder.clone(), error })?;
    let mut written = Vec::new();
    for page_of in with_those_below(&command) {
        let file = format!("{}.1", page_of.get_display_name().unwrap_or(page_of.get_name()));
        let path: PathBuf = folder.join(&file);
        OutputFile::prepare("man", &path)?.write(|output| output.write_all(page(page_of).as_bytes()))?;
        written.push(file);
    }
    terminal.say(&format!(
        "{} pages are in {}: {}\n",
        written.len(),
        folder.display(),
        written.join(", ")
    ))?;
    Ok(Exit::Held)
}

/// A command, and all commands below it.
fn with_those_below(command: &Command) -> Vec<Command> {
    let below = command.get_subcommands().filter(|command| command.get_name() != "help");
    [command.clone()].into_iter().chain(below.flat_map(with_those_below)).collect()
}

/// The page of one command.
fn page(command: Command) -> String {
    let mut page = Vec::new();
    // A vector has room.
    let _ = Man::new(command).render(&mut page);
    let page = String::from_utf8_lossy(&page).into_owned();
    // What stands below the options has its own lines and columns.
    let Some((above, extra)) = page.split_once(".SH EXTRA\n") else { return page };
    let (extra, below) = match extra.find(".SH VERSION") {
        Some(at) => extra.split_at(at),
        None => (extra, ""),
    };
    format!("{above}.SH MORE\n.nf\n{extra}.fi\n{below}")
}
