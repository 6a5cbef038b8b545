//! `cargo xtask`: a thin door to the `arpanet` command, on the scenarios of this checkout, and to the
//! project's own checks.
//!
//! It is built with what reading and replaying need. What needs more is handed over to `xtask-full`, which cargo builds
//! when it is asked for the first time.

mod clauses;
mod soak;
mod tidy;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use arpanet::library::Library;

/// The name of this door.
const NAME: &str = "cargo xtask";

/// Does what the arguments say.
pub fn run() -> ExitCode {
    let tidy = clap::Command::new("tidy")
        .about("Check what no compiler checks: arrows, circles, I/O, files, documents");
    let clauses =
        clap::Command::new("clauses").about("Print what the documents require and which test shows it");
    let own = [tidy, clauses, soak::command()].map(arpanet::with_common);
    let command = arpanet::arguments(NAME).subcommands(own);
    let library = Library::Folder(root().join("scenarios"));
    let matches = match arpanet::understand(command, &library) {
        Ok(matches) => matches,
        Err(exit) => return exit,
    };
    let problems = match matches.subcommand_name() {
        Some("tidy") => tidy::problems(&root()),
        Some("clauses") => {
            let (table, problems) = clauses::table(&root());
            // A reader who has gone away (`| head`) has seen enough.
            let _ = io::stdout().write_all(table.as_bytes());
            problems
        }
        Some("soak") => {
            let arguments = matches.subcommand_matches("soak");
            return arguments.map_or(ExitCode::FAILURE, |arguments| soak::run(arguments, &root()));
        }
        _ if arpanet::needs_full(&matches) => return hand_over(),
        _ => return arpanet::obey(NAME, matches, &library),
    };
    let lines: String = problems.iter().flat_map(|problem| [problem, "\n"]).collect();
    let _ = io::stderr().write_all(lines.as_bytes());
    match problems.len() {
        0 => ExitCode::SUCCESS,
        number => {
            eprintln!("{number} problems");
            ExitCode::FAILURE
        }
    }
}

/// Has cargo build and run the whole command with the same arguments.
fn hand_over() -> ExitCode {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--package", "xtask", "--bin", "xtask-full", "--features", "full", "--manifest-path"]);
    cargo
        .arg(root().join("Cargo.toml"))
        .arg("--")
        .args(std::env::args_os().skip(1).collect::<Vec<OsString>>());
    let error = match become_another(&mut cargo) {
        Ok(code) => return code,
        Err(error) => error,
    };
    eprintln!("error: {}: {error}", env!("CARGO"));
    ExitCode::from(2)
}

/// Lets this process be another, so that signals and the terminal are its own.
#[cfg(unix)]
fn become_another(command: &mut Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Waits for another process, and ends as it does.
#[cfg(not(unix))]
fn become_another(command: &mut Command) -> io::Result<ExitCode> {
    let status = command.status()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2)))
}

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
