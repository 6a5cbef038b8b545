//! The arguments of the command, and what becomes of them.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{ArgMatches, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::account_args::AccountArgs;
use crate::commands::bridge_args::BridgeArgs;
use crate::commands::capture;
use crate::commands::compare::{self, CompareArgs};
use crate::commands::export::{self, ExportArgs};
use crate::commands::fmt::{self, FmtArgs};
use crate::commands::full;
use crate::commands::host_args::HostArgs;
use crate::commands::manual_args::{CompletionsArgs, ManArgs};
use crate::commands::ncc_args::NccArgs;
use crate::commands::net::{self, NetArgs};
use crate::commands::new::{self, NewArgs};
use crate::commands::orders_args::OrdersArgs;
use crate::commands::read_args::ReadArgs;
use crate::commands::scenario::{self, ScenarioArgs};
use crate::commands::show::{self, ShowArgs};
use crate::commands::sweep_args::SweepArgs;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::help;
use crate::library::Library;
use crate::terminal::{Terminal, help_width, printed};
use crate::usage::UsageError;

/// The ARPANET of January 1973, to the bit: replay scenarios, read what crossed the wires.
#[derive(Debug, Parser)]
#[command(version, after_help = BEGIN)]
struct Command {
    /// When to use colours: for terminals only, unless the environment says otherwise; always; never.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_possible_values = true
    )]
    color: ColorChoice,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Scenario(ScenarioArgs),
    Orders(Box<OrdersArgs>),
    Sweep(Box<SweepArgs>),
    Compare(CompareArgs),
    New(NewArgs),
    Fmt(FmtArgs),
    Show(ShowArgs),
    Export(ExportArgs),
    Net(NetArgs),
    Read(ReadArgs),
    Host(Box<HostArgs>),
    Ncc(NccArgs),
    Bridge(BridgeArgs),
    Account(AccountArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

const BEGIN: &str = "\
BEGIN WITH
  arpanet scenario rfc438-append   replay the example of RFC 438
  arpanet scenario                 replay all scenarios, and list them
  arpanet sweep rfc438-append      break it in a thousand ways
  arpanet scenario --help          the language in which they are written
  arpanet compare --help           how two runs are laid beside each other
  arpanet show                     what else there is, with titles
  arpanet new mine                 begin a scenario of your own
  arpanet net 1973-01              the net that most of this is about
  arpanet host --help              how to join a network

help COMMAND says more about each.";

/// Columns of a page of the manual.
const PAGE: usize = 72;

/// What the command is called where it is installed.
const NAME: &str = "arpanet";

/// The command's arguments; `name` is how it is called. Others may add verbs of their own.
pub fn arguments(name: &'static str) -> clap::Command {
    let command = Command::command().name(name).bin_name(name).color(color_of(std::env::args_os()));
    if help::may_be_asked_for(std::env::args_os().skip(1)) {
        help::fitted(command, name, help_width())
    } else {
        command.term_width(help_width())
    }
}

/// What `--color` says, before the arguments are understood: their help and their errors obey it, too.
fn color_of(arguments: impl Iterator<Item = OsString>) -> ColorChoice {
    let mut color = ColorChoice::Auto;
    let mut is_next = false;
    for argument in arguments.take_while(|argument| argument != "--") {
        let Some(text) = argument.to_str() else { continue };
        let value = if is_next { Some(text) } else { text.strip_prefix("--color=") };
        color = value.and_then(|value| value.parse().ok()).unwrap_or(color);
        is_next = text == "--color";
    }
    color
}

impl Verb {
    /// Whether only a build with the feature `full` can do this.
    fn needs_full(&self) -> bool {
        match self {
            Verb::Sweep(_) | Verb::Orders(_) => true,
            Verb::Host(_) | Verb::Ncc(_) | Verb::Bridge(_) => true,
            Verb::Account(_) | Verb::Completions(_) | Verb::Man(_) => true,
            Verb::Net(args) => args.live.is_asked_for(),
            Verb::Scenario(args) => args.verbose,
            Verb::Compare(_)
            | Verb::New(_)
            | Verb::Fmt(_)
            | Verb::Show(_)
            | Verb::Export(_)
            | Verb::Read(_) => false,
        }
    }
}

/// Whether what is asked for is done only by a build with the feature `full`, and this is none.
pub fn needs_full(matches: &ArgMatches) -> bool {
    !cfg!(feature = "full")
        && Command::from_arg_matches(matches).is_ok_and(|command| command.verb.needs_full())
}

/// Understands the arguments of this process, for a command that began as [`arguments`].
///
/// # Errors
/// They ask for help only, or are wrong: that is printed, and this is the exit status.
pub fn understand(command: clap::Command, library: &Library) -> Result<ArgMatches, ExitCode> {
    command.try_get_matches().map_err(|error| not_understood(&error, library))
}

/// Prints what clap has to say instead of obeying.
fn not_understood(error: &clap::Error, library: &Library) -> ExitCode {
    if let Some(error) = UsageError::new(error, library) {
        let terminal = Terminal::new(color_of(std::env::args_os()));
        let error = CommandError::from(error);
        terminal.tell(&error.render(terminal.error_look()));
        return terminal.ended(error.exit()).into();
    }
    let shown = printed(error.print().and_then(|()| io::stdout().flush()));
    if let Err(error) = shown {
        let terminal = Terminal::new(color_of(std::env::args_os()));
        terminal.tell(&CommandError::from(error).render(terminal.error_look()));
        return terminal.ended(Exit::Unusable).into();
    }
    if error.exit_code() == 0 { Exit::Held.into() } else { Exit::Unusable.into() }
}

/// Runs the command with arguments that [`understand`] understood, and returns its exit status. Errors are printed
/// here and nowhere else.
pub fn obey(name: &str, matches: &ArgMatches, library: &Library) -> ExitCode {
    let Command { color, verb } = match Command::from_arg_matches(matches) {
        Ok(command) => command,
        Err(error) => return not_understood(&error, library),
    };
    let terminal = Terminal::new(color);
    let ended = match verb {
        Verb::Scenario(args) => scenario::run(&args, library, terminal),
        Verb::Orders(args) => full::orders(&args, library, terminal),
        Verb::Sweep(args) => full::sweep(&args, name, library, terminal),
        Verb::Compare(args) => compare::run(&args, library, terminal),
        Verb::New(args) => new::run(&args, name, terminal),
        Verb::Fmt(args) => fmt::run(&args, library, terminal),
        Verb::Show(args) => show::run(&args, library, terminal),
        Verb::Export(args) => export::run(&args, name, library, terminal),
        Verb::Net(args) => net::run(&args, library, terminal),
        Verb::Read(args) => capture::run(&args, library, terminal),
        Verb::Host(args) => full::host(&args, library, terminal),
        Verb::Ncc(args) => full::ncc(&args, library, terminal),
        Verb::Bridge(args) => full::bridge(&args, terminal),
        Verb::Account(args) => full::account(&args, terminal),
        Verb::Completions(args) => full::completions(&args, arguments(NAME), terminal),
        Verb::Man(args) => full::man(
            &args,
            help::fitted(Command::command().disable_help_subcommand(true), NAME, PAGE),
            terminal,
        ),
    };
    let exit = ended.unwrap_or_else(|error| {
        terminal.tell(&error.render(terminal.error_look()));
        error.exit()
    });
    terminal.ended(exit).into()
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use super::*;

    #[test]
    fn what_is_a_path_by_its_name_takes_one_that_is_not_in_utf8() {
        const PATHS: [&str; 7] = ["FILE", "DIRECTORY", "FOLDER", "PATH", "CAPTURE", "NET", "NAMES"];
        let command = Command::command();
        let mut paths = 0;
        for verb in command.get_subcommands() {
            for argument in verb.get_arguments() {
                let named = argument.get_value_names().unwrap_or_default().iter();
                let named =
                    named.map(|name| name.to_string()).chain([argument.get_id().to_string().to_uppercase()]);
                if named.into_iter().any(|name| PATHS.iter().any(|path| name.contains(path))) {
                    let is_text = argument.get_value_parser().type_id() == TypeId::of::<String>();
                    assert!(!is_text, "{} {}", verb.get_name(), argument.get_id());
                    paths += 1;
                }
            }
        }
        assert!(paths > 15, "{paths}");
    }
}
