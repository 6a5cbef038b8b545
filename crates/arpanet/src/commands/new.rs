//! `arpanet new`: begins a scenario.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use scenario::library::{SCENARIO, has_ending};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::output_file::OutputError;
use crate::shell_path::for_shell;
use crate::terminal::Terminal;

/// The scenario that every other begins as.
const TEMPLATE: &str = include_str!("../../../../scenarios/templates/new.scenario");

/// Begin a scenario of your own.
///
/// Writes a small scenario that works, with comments that say what is what. Nothing is overwritten.
#[derive(Debug, Args)]
#[command(after_long_help = STATUS)]
pub(crate) struct NewArgs {
    /// What it is to be called; .scenario is added. It may lie in another folder: demos/mine.
    name: PathBuf,
}

const STATUS: &str = "\
EXIT STATUS
  0  it is written
  2  nothing is written, or that it is could not be printed";

/// Writes the scenario.
pub(crate) fn run(args: &NewArgs, command: &str, terminal: Terminal) -> Result<Exit, CommandError> {
    let path = path(&args.name)
        .ok_or_else(|| CommandError::ScenarioName(args.name.to_string_lossy().into_owned()))?;
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => CommandError::IsThere(path.clone()),
        io::ErrorKind::NotFound => OutputError::no_folder("new", &path).into(),
        _ => CommandError::File { path: path.clone(), error },
    };
    let mut file = File::create_new(&path).map_err(failed)?;
    file.write_all(TEMPLATE.as_bytes()).map_err(failed)?;
    let shown = if path.is_absolute() { path.clone() } else { Path::new(".").join(&path) };
    terminal.say(&format!(
        "{} is begun; replay it, then change it:\n  {command} scenario {}\n",
        path.display(),
        for_shell(&shown)
    ))?;
    Ok(Exit::Held)
}

/// The file of a scenario of that name, if a scenario can be called so.
fn path(name: &Path) -> Option<PathBuf> {
    let file = name.file_name()?.to_str()?;
    let stem = if has_ending(file, SCENARIO) { file.strip_suffix(".scenario")? } else { file };
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let is_name =
        stem.starts_with(|letter: char| letter.is_ascii_alphanumeric()) && stem.chars().all(allowed);
    // A folder may be called as it likes, but a name that ends with a separator is one.
    let is_folder = name
        .as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)));
    (is_name && !is_folder).then(|| name.with_file_name(format!("{stem}.{SCENARIO}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_files_that_can_be_typed_again() {
        for (name, file) in [
            ("mine", "mine.scenario"),
            ("mine.scenario", "mine.scenario"),
            ("demos/rfc-438_x", "demos/rfc-438_x.scenario"),
            ("./7", "./7.scenario"),
        ] {
            assert_eq!(path(Path::new(name)), Some(PathBuf::from(file)), "{name}");
        }
        for name in
            ["", ".", "..", "a/", "a b", "mine.net", "-", "-x", ".scenario", "a/..", "ä", "a.b.scenario"]
        {
            assert_eq!(path(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn what_is_begun_holds_as_it_is() {
        let scenario = scenario::parse("new.scenario", TEMPLATE, &scenario::library::BuiltIn)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        let outcome = sim::replay(&scenario, sim::Options::DIGEST);
        outcome.verdict.unwrap_or_else(|failures| panic!("{failures}"));
        // What its comment offers can be said, too.
        let offered =
            TEMPLATE.lines().find_map(|line| line.strip_prefix("#   ")).expect("it offers something");
        let broken = TEMPLATE.replacen(&format!("#   {offered}"), offered, 1);
        scenario::parse("new.scenario", &broken, &scenario::library::BuiltIn)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    }
}
