//! `arpanet`: the ARPANET of January 1973, at the command line.

use std::process::ExitCode;

use arpanet::command;
use arpanet::library::Library;

fn main() -> ExitCode {
    let matches = command::arguments("arpanet").get_matches();
    command::obey(&matches, &Library::BuiltIn)
}
