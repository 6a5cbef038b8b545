//! `cargo xtask`: a thin door to the `arpanet` command, on the scenarios of this checkout, and to the
//! project's own checks.

mod clauses;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arpanet::library::Library;

fn main() -> ExitCode {
    let tidy = clap::Command::new("tidy")
        .about("Check what no compiler checks: arrows, circles, I/O, files, documents");
    let clauses =
        clap::Command::new("clauses").about("Print what the documents require and which test shows it");
    let matches = arpanet::arguments("cargo xtask").subcommand(tidy).subcommand(clauses).get_matches();
    let problems = match matches.subcommand_name() {
        Some("tidy") => tidy::problems(&root()),
        Some("clauses") => {
            let (table, problems) = clauses::table(&root());
            print!("{table}");
            problems
        }
        _ => return arpanet::obey(&matches, &Library::Folder(root().join("scenarios"))),
    };
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
