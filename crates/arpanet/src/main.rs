//! `arpanet`: the ARPANET of January 1973, at the command line.

use std::process::ExitCode;

use arpanet::library::Library;

fn main() -> ExitCode {
    let matches = arpanet::arguments("arpanet").get_matches();
    arpanet::obey(&matches, &Library::BuiltIn)
}
