//! `arpanet`: the ARPANET of January 1973, at the command line.

use std::process::ExitCode;

use sim::command;
use sim::library::Library;

fn main() -> ExitCode {
    command::run(std::env::args_os(), "arpanet", Library::BuiltIn)
}
