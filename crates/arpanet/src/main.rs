//! `arpanet`: the ARPANET of January 1973, at the command line.

use std::process::ExitCode;

use arpanet::library::Library;

const NAME: &str = "arpanet";

fn main() -> ExitCode {
    let library = Library::BuiltIn;
    match arpanet::understand(arpanet::arguments(NAME), &library) {
        Ok(matches) => arpanet::obey(NAME, matches, &library),
        Err(exit) => exit,
    }
}
