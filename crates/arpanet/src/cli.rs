//! The arguments of the command, and what becomes of them.

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::account::{self, AccountArgs};
use crate::commands::capture::{self, ReadArgs};
use crate::commands::host;
use crate::commands::host_args::HostArgs;
use crate::commands::net::{self, NetArgs};
use crate::commands::scenario::{self, ScenarioArgs};
use crate::exit::Exit;
use crate::library::Library;
use crate::terminal::Terminal;

/// The ARPANET of January 1973, to the bit: replay scenarios, read what crossed the wires.
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true, max_term_width = 100, after_help = BEGIN)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Scenario(ScenarioArgs),
    Net(NetArgs),
    Read(ReadArgs),
    Host(Box<HostArgs>),
    Account(AccountArgs),
}

const BEGIN: &str = "\
Begin with `scenario rfc438-append`, which replays the example of RFC 438. `scenario` without a name
replays all there are and lists them. `scenario --help` teaches the language in which they are
written. `net 1973-01` shows the net that most of this is about, `net --help` how to write another.
`read` shows captures of hosts' cables, simulated or real. `host` puts a host on a
real cable, and `net --live` gives it an IMP: `host --help` tells how to join. `account` says who
may log in there.";

/// The command's arguments; `name` is how it is called. Others may add verbs of their own.
pub fn arguments(name: &'static str) -> clap::Command {
    Command::command().name(name).bin_name(name)
}

/// Runs the command with arguments that [`arguments`] understood, and returns its exit status. Errors are printed
/// here and nowhere else.
pub fn obey(matches: &ArgMatches, library: &Library) -> ExitCode {
    let verb = match Command::from_arg_matches(matches) {
        Ok(Command { verb }) => verb,
        Err(error) => {
            // If the terminal is gone, there is nowhere to say so.
            let _ = error.print();
            return Exit::Unusable.into();
        }
    };
    let terminal = Terminal::new();
    let ended = match verb {
        Verb::Scenario(args) => scenario::run(&args, library, terminal),
        Verb::Net(args) => net::run(&args, library, terminal),
        Verb::Read(args) => capture::run(&args, library, terminal),
        Verb::Host(args) => host::run(&args, library, terminal),
        Verb::Account(args) => account::run(&args, terminal),
    };
    let exit = ended.unwrap_or_else(|error| {
        terminal.tell(&error.render(terminal.error_look()));
        error.exit()
    });
    exit.into()
}
