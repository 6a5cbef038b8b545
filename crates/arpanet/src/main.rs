//! `arpanet`: the ARPANET of January 1973, at the command line.

use std::process::ExitCode;

use arpanet::library::Library;

const NAME: &str = "arpanet";

fn main() -> ExitCode {
    let matches = arpanet::arguments(NAME).get_matches();
    arpanet::obey(NAME, &matches, &Library::BuiltIn)
}
