//! `cargo xtask`: a thin door to the `arpanet` command, on the scenarios of this checkout, and to the
//! project's own checks.

mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sim::command;
use sim::library::Library;

fn main() -> ExitCode {
    let tidy = clap::Command::new("tidy").about("Check what no compiler checks: arrows, files, words");
    let matches = command::arguments("cargo xtask").subcommand(tidy).get_matches();
    if matches.subcommand_name() != Some("tidy") {
        return command::obey(&matches, &Library::Folder(root().join("scenarios")));
    }
    let problems = tidy::problems(&root());
    problems.iter().for_each(|problem| eprintln!("{problem}"));
    match problems.len() {
        0 => ExitCode::SUCCESS,
        number => {
            eprintln!("{number} problems");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
