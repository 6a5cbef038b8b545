//! `arpanet scenario --against`: compares a transcript with one that was kept, or keeps it.

use std::io;
use std::path::{Path, PathBuf};

use scenario::Scenario;
use sim::Outcome;
use trace::{Paper, View};
use view::kept::{difference, transcript};

use crate::error::CommandError;
use crate::library::STANDARD_INPUT;
use crate::output_file::{OutputFile, is_apart, is_standard_output};
use crate::terminal::Terminal;
use crate::utf8;

/// The option that names the file.
const AGAINST: &str = "--against";

/// A transcript that was kept, or will be.
pub(super) enum Kept {
    /// What was kept, and where.
    Was { path: PathBuf, text: String },
    /// Where it is to be kept.
    Will { path: PathBuf, file: OutputFile },
}

impl Kept {
    /// Reads what was kept, or makes sure that it can be written: before the run, which nobody waits for in vain. `read`: the
    /// files that the scenario comes from.
    pub(super) fn prepare(path: &Path, is_blessed: bool, read: &[PathBuf]) -> Result<Self, CommandError> {
        if is_blessed {
            if is_standard_output(path) {
                return Err(CommandError::BlessIntoNothing);
            }
            is_apart(AGAINST, path, read)?;
            let file = OutputFile::prepare(AGAINST, path)?;
            return Ok(Kept::Will { path: path.to_owned(), file });
        }
        let is_standard_input = path.as_os_str() == STANDARD_INPUT;
        if is_standard_input && read.iter().any(|file| file.as_path() == Path::new("/dev/stdin")) {
            return Err(CommandError::StandardInputTwice);
        }
        let text = if is_standard_input { utf8::read_from(io::stdin()) } else { utf8::read(path) };
        match text {
            Ok(text) => Ok(Kept::Was { path: path.to_owned(), text }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(CommandError::NothingKept(path.to_owned()))
            }
            Err(error) => Err(CommandError::File { path: path.to_owned(), error }),
        }
    }

    /// Compares a run that held with what was kept, or keeps it. Returns how it reads otherwise.
    pub(super) fn compare(
        self,
        scenario: &Scenario,
        outcome: &Outcome,
        view: &View<'_>,
        terminal: Terminal,
    ) -> Result<Option<CommandError>, CommandError> {
        // The same is kept from every terminal.
        let view = View { paper: Paper::default(), ..view.clone() };
        let now = transcript(scenario, outcome, &view);
        match self {
            Kept::Will { path, file } => {
                file.write(|file| file.write_all(now.as_bytes()))?;
                terminal.say(&format!("{}: kept in {}\n", scenario.name, path.display()))?;
                Ok(None)
            }
            Kept::Was { path, text } => match difference(&text, &now) {
                None => {
                    let lines = now.lines().count();
                    let file = match path.as_os_str() == STANDARD_INPUT {
                        true => "standard input".to_owned(),
                        false => path.display().to_string(),
                    };
                    terminal.say(&format!("{}: reads as {file} has it, {lines} lines\n", scenario.name))?;
                    Ok(None)
                }
                Some(difference) => {
                    let (name, difference) = (scenario.name.clone(), Box::new(difference));
                    Ok(Some(CommandError::ReadsOtherwise { name, path, difference }))
                }
            },
        }
    }
}
