//! The arguments of the command, and what becomes of them.

use std::ffi::OsString;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use clap::{ArgMatches, Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::account_args::AccountArgs;
use crate::commands::bridge_args::BridgeArgs;
use crate::commands::capture;
use crate::commands::compare::{self, CompareArgs};
use crate::commands::explain::{self, ExplainArgs};
use crate::commands::export::{self, ExportArgs};
use crate::commands::fmt::{self, FmtArgs};
use crate::commands::full;
use crate::commands::host_args::HostArgs;
use crate::commands::manual_args::{CompletionsArgs, ManArgs};
use crate::commands::ncc_args::NccArgs;
use crate::commands::net::{self, NetArgs};
use crate::commands::new::{self, NewArgs};
use crate::commands::orders_args::OrdersArgs;
use crate::commands::page::{self, PageArgs};
use crate::commands::read_args::ReadArgs;
use crate::commands::scenario::{self, ScenarioArgs};
use crate::commands::show::{self, ShowArgs};
use crate::commands::step_args::StepArgs;
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
struct Command<const LATE: bool> {
    #[command(flatten)]
    common: Common,

    #[command(subcommand)]
    verb: Verb<LATE>,
}

// What may stand in front of a verb's name and behind it. As a doc comment, it would be what each verb says it is for.
#[derive(Debug, Args)]
struct Common {
    /// When to use colours: for terminals only, unless the environment says otherwise; always; never.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        display_order = 0
    )]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Verb<const LATE: bool> {
    Scenario(Put<ScenarioArgs, LATE>),
    Orders(Put<Box<OrdersArgs>, LATE>),
    Sweep(Put<Box<SweepArgs>, LATE>),
    Compare(Put<CompareArgs, LATE>),
    Page(Put<PageArgs, LATE>),
    Step(Put<StepArgs, LATE>),
    New(Put<NewArgs, LATE>),
    Fmt(Put<FmtArgs, LATE>),
    Show(Put<ShowArgs, LATE>),
    Explain(Put<ExplainArgs, LATE>),
    Export(Put<ExportArgs, LATE>),
    Net(Put<NetArgs, LATE>),
    Read(Put<ReadArgs, LATE>),
    Host(Put<Box<HostArgs>, LATE>),
    Ncc(Put<NccArgs, LATE>),
    Bridge(Put<BridgeArgs, LATE>),
    Account(Put<AccountArgs, LATE>),
    Completions(Put<CompletionsArgs, LATE>),
    Man(Put<ManArgs, LATE>),
}

/// The command with all that is said of each verb, for help and manual.
type Whole = Command<false>;

/// The arguments of a verb. If they are put together late, they are only for the verb that is given: those of all others
/// would cost a first replay as much as to read its scenario does.
#[derive(Debug)]
struct Put<T, const LATE: bool>(T);

impl<T: Args, const LATE: bool> Args for Put<T, LATE> {
    fn augment_args(command: clap::Command) -> clap::Command {
        if LATE {
            command.defer(|command| with_common(T::augment_args(command)))
        } else {
            T::augment_args(command)
        }
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        T::augment_args_for_update(command)
    }
}

impl<T: Args, const LATE: bool> FromArgMatches for Put<T, LATE> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(Put)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches_mut(matches).map(Put)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

const BEGIN: &str = "\
BEGIN WITH
  arpanet scenario rfc438-append   replay the example of RFC 438
  arpanet scenario                 replay all scenarios, and list them
  arpanet sweep rfc438-append      break it in a thousand ways
  arpanet scenario --help          the language in which they are written
  arpanet page rfc438-append -o run.html   see it in a browser, step by step
  arpanet compare --help           how two runs are laid beside each other
  arpanet explain RFNM             what a word of a transcript means
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
    if help::may_be_asked_for(std::env::args_os().skip(1)) {
        help::fitted(called(whole(), name), name, help_width())
    } else {
        called(late(), name).term_width(help_width())
    }
}

/// The command with all that is said of each verb.
fn whole() -> clap::Command {
    Whole::command().mut_subcommands(|verb| match verb.get_name() {
        "scenario" => verb.after_long_help(scenario::language()),
        _ => verb,
    })
}

/// The command with no more of each verb than its name and what it is for, until one is given: what all of them take is put
/// into that one, too, and not into each.
fn late() -> clap::Command {
    Command::<true>::command().mut_args(|argument| argument.global(false))
}

/// A verb with what all of them take: others add so those of their own.
pub fn with_common(verb: clap::Command) -> clap::Command {
    Common::augment_args(verb)
}

fn called(command: clap::Command, name: &'static str) -> clap::Command {
    command.name(name).bin_name(name).color(color_of(std::env::args_os()))
}

/// What `--color` says, wherever it stands, and before the arguments are understood: their help and their errors obey it, too.
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

impl<const LATE: bool> Verb<LATE> {
    /// Whether only a build with the feature `full` can do this.
    fn needs_full(&self) -> bool {
        match self {
            Verb::Sweep(_) | Verb::Orders(_) | Verb::Step(_) => true,
            Verb::Host(_) | Verb::Ncc(_) | Verb::Bridge(_) => true,
            Verb::Account(_) | Verb::Completions(_) | Verb::Man(_) => true,
            Verb::Net(Put(args)) => args.live.is_asked_for(),
            Verb::Scenario(Put(args)) => args.verbose,
            Verb::Compare(_)
            | Verb::Page(_)
            | Verb::New(_)
            | Verb::Fmt(_)
            | Verb::Show(_)
            | Verb::Explain(_)
            | Verb::Export(_)
            | Verb::Read(_) => false,
        }
    }
}

/// Whether what is asked for is done only by a build with the feature `full`, and this is none.
pub fn needs_full(matches: &ArgMatches) -> bool {
    !cfg!(feature = "full") && Whole::from_arg_matches(matches).is_ok_and(|command| command.verb.needs_full())
}

/// Understands the arguments of this process, for a command that began as [`arguments`].
///
/// # Errors
/// They ask for help only, or are wrong: that is printed, and this is the exit status.
pub fn understand(command: clap::Command, library: &Library) -> Result<ArgMatches, ExitCode> {
    // What was put together to understand them is not taken apart: the process goes on with what they say, and ends.
    let mut command = ManuallyDrop::new(command);
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    matches.map_err(|error| not_understood(&error, library))
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
pub fn obey(name: &str, mut matches: ArgMatches, library: &Library) -> ExitCode {
    let Whole { verb, .. } = match Whole::from_arg_matches_mut(&mut matches) {
        Ok(command) => command,
        Err(error) => return not_understood(&error, library),
    };
    let terminal = Terminal::new(color_of(std::env::args_os()));
    let ended = match verb {
        Verb::Scenario(Put(args)) => scenario::run(&args, library, terminal),
        Verb::Orders(Put(args)) => full::orders(&args, library, terminal),
        Verb::Sweep(Put(args)) => full::sweep(&args, name, library, terminal),
        Verb::Compare(Put(args)) => compare::run(&args, library, terminal),
        Verb::Page(Put(args)) => page::run(&args, library, terminal),
        Verb::Step(Put(args)) => full::step(&args, library, terminal),
        Verb::New(Put(args)) => new::run(&args, name, terminal),
        Verb::Fmt(Put(args)) => fmt::run(&args, library, terminal),
        Verb::Show(Put(args)) => show::run(&args, library, terminal),
        Verb::Explain(Put(args)) => explain::run(&args, name, library, terminal),
        Verb::Export(Put(args)) => export::run(&args, name, library, terminal),
        Verb::Net(Put(args)) => net::run(&args, library, terminal),
        Verb::Read(Put(args)) => capture::run(&args, library, terminal),
        Verb::Host(Put(args)) => full::host(&args, library, terminal),
        Verb::Ncc(Put(args)) => full::ncc(&args, library, terminal),
        Verb::Bridge(Put(args)) => full::bridge(&args, terminal),
        Verb::Account(Put(args)) => full::account(&args, terminal),
        Verb::Completions(Put(args)) => full::completions(&args, called(whole(), NAME), terminal),
        Verb::Man(Put(args)) => {
            full::man(&args, help::fitted(whole().disable_help_subcommand(true), NAME, PAGE), terminal)
        }
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
    fn a_verb_whose_arguments_are_put_together_late_has_the_same() {
        let said = |mut command: clap::Command| {
            command.build();
            let mut verbs = Vec::new();
            for verb in command.get_subcommands() {
                let mut arguments: Vec<String> = verb.get_arguments().map(|one| format!("{one:?}")).collect();
                // Where they stand is another matter.
                arguments.sort_unstable();
                verbs.push((
                    verb.get_name().to_owned(),
                    verb.get_about().map(ToString::to_string),
                    arguments,
                ));
            }
            verbs
        };
        let (whole, late) = (said(whole()), said(late()));
        assert!(whole.len() > 16, "each verb, and help");
        for (whole, late) in whole.into_iter().zip(late) {
            assert_eq!(whole, late);
        }
    }

    #[test]
    fn what_is_a_path_by_its_name_takes_one_that_is_not_in_utf8() {
        const PATHS: [&str; 7] = ["FILE", "DIRECTORY", "FOLDER", "PATH", "CAPTURE", "NET", "NAMES"];
        let command = whole();
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
