//! `cargo xtask`: a thin door to the `arpanet` command, on the scenarios of this checkout.

use std::path::Path;
use std::process::ExitCode;

use sim::command;
use sim::library::Library;

fn main() -> ExitCode {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    command::run(std::env::args_os(), "cargo xtask", Library::Folder(scenarios))
}
