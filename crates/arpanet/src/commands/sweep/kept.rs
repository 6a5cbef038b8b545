//! Cases and the smallest of them, as files.

use std::fs;
use std::path::{Path, PathBuf};

use scenario::Nets;
use scenario::library::{NET, SCENARIO, has_ending};
use scenario::{Scenario, write_commented};

use crate::error::CommandError;
use crate::library::{Library, Source};
use crate::output_file::OutputFile;

/// How each of these files begins. Another one is not overwritten.
const BEGINS: &str = "Found by `";

/// What is said above a scenario that was found.
pub(super) fn comment(command: &str, name: &str, seed: u64, says: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!("{BEGINS}{command} sweep {name} --seed {seed}`, version {version}.\n{says}")
}

/// Writes a scenario into a folder, and the net beside it if that is a file. Returns where it is; `None` if something else
/// is there.
pub(super) fn keep(
    folder: &Path,
    seed: u64,
    scenario: &Scenario,
    comment: &str,
    (library, source): (&Library, &Source),
) -> Result<Option<PathBuf>, CommandError> {
    let path = folder.join(format!("{}-{seed}.{SCENARIO}", scenario.name));
    let is_another = fs::read_to_string(&path).is_ok_and(|text| !text.starts_with(&format!("# {BEGINS}")));
    if is_another {
        return Ok(None);
    }
    fs::create_dir_all(folder).map_err(|error| CommandError::File { path: folder.to_owned(), error })?;
    write(&path, "--keep", scenario, comment, (library, source))?;
    Ok(Some(path))
}

/// Writes a scenario, and the net beside it if that is a file.
pub(super) fn write(
    path: &Path,
    option: &'static str,
    scenario: &Scenario,
    comment: &str,
    (library, source): (&Library, &Source),
) -> Result<(), CommandError> {
    let text = write_commented(scenario, comment);
    OutputFile::prepare(option, path)?.write(|file| file.write_all(text.as_bytes()))?;
    let net = path.parent().unwrap_or(Path::new("")).join(&scenario.net_name);
    if has_ending(&scenario.net_name, NET)
        && !net.exists()
        && let Ok(text) = library.nets(source).text(&scenario.net_name)
    {
        OutputFile::prepare(option, &net)?.write(|file| file.write_all(text.as_bytes()))?;
    }
    Ok(())
}
