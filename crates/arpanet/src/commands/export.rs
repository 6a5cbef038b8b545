//! `arpanet export`: writes what comes with the command into a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::collection::{Item, items};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::output_file::OutputFile;
use crate::shell_path::for_shell;
use crate::terminal::Terminal;

/// Write all scenarios, nets and transcripts, the dissector for Wireshark, and the monitor's rules, into a folder.
///
/// The scenarios work from there, on the nets that lie beside them: change them as you like. What is there already and
/// says something else is not overwritten.
#[derive(Debug, Args)]
#[command(after_long_help = STATUS)]
pub(crate) struct ExportArgs {
    /// The folder; it is made if it is not there.
    directory: PathBuf,

    /// Overwrite files that say something else.
    #[arg(long)]
    force: bool,
}

const STATUS: &str = "\
EXIT STATUS
  0  all of it is there
  2  nothing was overwritten, or something could not be written";

/// Writes everything, or nothing.
pub(crate) fn run(
    args: &ExportArgs,
    name: &str,
    library: &Library,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let folder = args.directory.as_path();
    let items = items(library)?;
    let mut news = Vec::new();
    let mut others = Vec::new();
    for item in &items {
        match differs(&folder.join(item.path()), item)? {
            Some(true) => others.push(item),
            Some(false) => {}
            None => news.push(item),
        }
    }
    if !args.force && !others.is_empty() {
        let files = others.iter().map(|item| item.path().display().to_string()).collect();
        return Err(CommandError::Overwrites { folder: folder.to_owned(), files });
    }
    for item in news.iter().chain(&others) {
        stays_within(folder, &folder.join(item.path()))?;
    }
    for item in news.iter().chain(&others) {
        let path = folder.join(item.path());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .map_err(|error| CommandError::File { path: parent.to_owned(), error })?;
        }
        OutputFile::prepare("export", &path)?.write(|file| file.write_all(item.text.as_bytes()))?;
    }
    let (written, all) = (news.len() + others.len(), items.len());
    let example = Path::new(".").join(folder).join("rfc438-append.scenario");
    terminal.say(&format!(
        "{written} of {all} files are written into {}; replay one of them:\n  {name} scenario {}\n",
        folder.display(),
        for_shell(&if folder.is_absolute() { folder.join("rfc438-append.scenario") } else { example })
    ))?;
    Ok(Exit::Held)
}

/// Makes sure that no link leads out of the folder: who exports into it does not want to write elsewhere.
fn stays_within(folder: &Path, path: &Path) -> Result<(), CommandError> {
    let Ok(root) = fs::canonicalize(folder) else { return Ok(()) };
    // What is not there yet is made in its folder, if that is there.
    let there =
        [Some(path), path.parent()].into_iter().flatten().find_map(|place| fs::canonicalize(place).ok());
    match there {
        Some(to) if !to.starts_with(&root) => Err(CommandError::LeadsOut { path: path.to_owned(), to }),
        Some(_) | None => Ok(()),
    }
}

/// Whether a file says something else. `None` if it is not there.
fn differs(path: &Path, item: &Item) -> Result<Option<bool>, CommandError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes != item.text.as_bytes())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CommandError::File { path: path.to_owned(), error }),
    }
}
