//! What keeps the command from doing what it was asked for, and how that is shown.

use std::io;
use std::path::PathBuf;

#[cfg(feature = "full")]
use imp1822::HostAddress;
use miette::Diagnostic;
use sim::Failure;
use trace::NoSuchLens;
use trace::capture::{FileError, PacketCounts};

#[cfg(feature = "full")]
use crate::accounts::{AccountsError, MAX_NAME};
#[cfg(feature = "full")]
use crate::addresses::AddressError;
use crate::exit::Exit;
use crate::hints::HintError;
use crate::library::ReadError;
#[cfg(feature = "full")]
use crate::live::cable::CableError;
use crate::meant::suggestion;
use crate::output_file::OutputError;
#[cfg(feature = "full")]
use crate::password::PasswordError;
#[cfg(feature = "full")]
use crate::policies::PolicyError;
#[cfg(feature = "full")]
use crate::programs::ProgramError;
#[cfg(feature = "full")]
use crate::storage::StorageError;
use crate::terminal::PrintError;

/// Mistakes in a text are wrapped to this many columns.
const WIDTH: usize = 100;

/// Anything that can go wrong in a command. The message says what, and the diagnostic's help what to do.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum CommandError {
    /// Several things, in the order in which they are shown.
    #[error("{} errors", .0.len())]
    Several(Vec<CommandError>),
    /// A scenario was replayed, and something in it did not hold.
    #[error("{}", .0.failure)]
    Failed(FailedRun),
    /// The same, as one of several scenarios.
    #[error("{}", .0.failure)]
    FailedAmongOthers(FailedRun),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Print(#[from] PrintError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Address(#[from] AddressError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Policy(#[from] PolicyError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Program(#[from] ProgramError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Storage(#[from] StorageError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Accounts(#[from] AccountsError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Password(#[from] PasswordError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cable(#[from] CableError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Hint(#[from] HintError),
    #[error(transparent)]
    Lens(#[from] NoSuchLens),
    #[error("{0}")]
    #[diagnostic(help("{}", suggestion(&.0.meant)))]
    Imp(#[from] imp::NoImp),

    #[error("no {what}: {error}")]
    List { what: &'static str, error: io::Error },
    #[error("{}: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("--plot draws what one scenario measures: name it")]
    PlotOfSeveral,
    #[error("nothing to plot: the scenario has no step that begins with `measure`")]
    NothingToPlot,
    #[error("there is nothing called {name}")]
    NothingToShow {
        name: String,
        #[help]
        help: String,
    },
    #[error("in {} there are other files of these names: {}", .folder.display(), some(.files))]
    #[diagnostic(help("--force overwrites them; nothing is written now"))]
    Overwrites { folder: PathBuf, files: Vec<String> },
    #[error("no scenario can be called {0:?}")]
    #[diagnostic(help("a name consists of letters, digits, - and _; .scenario is added"))]
    ScenarioName(String),
    #[error("{} is there already", .0.display())]
    #[diagnostic(help("take another name: nothing is overwritten"))]
    IsThere(PathBuf),
    #[error("{0} is neither a scenario's file nor a net's")]
    #[diagnostic(help("name a file that ends in .scenario or .net"))]
    NoFileToLayOut(String),
    #[error("{0} would mean something else if it were laid out; it is left as it is")]
    OtherMeaning(String),
    #[error("standard input can be one scenario only: write `-` once")]
    StandardInputTwice,
    #[error("standard output can take one thing only: write `-` once")]
    StandardOutputTwice,
    #[error("--pcapng captures what one scenario does: name it")]
    CaptureOfSeveral,
    #[cfg(feature = "full")]
    #[error("--pcapng {}: {error}", .path.display())]
    LiveCapture { path: PathBuf, error: io::Error },
    #[error("{file}:{line}: host {host} is external, and a replay has no outside")]
    #[diagnostic(help("play it in real time: net {file} --live"))]
    ExternalInReplay { file: String, line: usize, host: String },
    #[cfg(feature = "full")]
    #[error("--external {text}: the scenario simulates {host}, in line {line}")]
    ExternalIsSimulated { text: String, host: String, line: usize },
    #[cfg(feature = "full")]
    #[error("host {0} has two cables")]
    TwoCables(HostAddress),
    #[error("{}: {error}", .path.display())]
    Capture { path: PathBuf, error: FileError },
    /// This build of the command is without the feature `full`.
    #[cfg(not(feature = "full"))]
    #[error("`{0}` is not in this build of the command, which replays and reads only")]
    #[diagnostic(help(
        "`cargo xtask {0}` builds what it needs, and so does `cargo install --path crates/arpanet`"
    ))]
    NotInThisBuild(&'static str),
    /// A capture was shown up to where it breaks off.
    #[error("{}: {error}", .path.display())]
    BrokenCapture { path: PathBuf, error: FileError },
    #[error("{}: no cable in {} packets{}", .path.display(), .packets.packets, lines_below(.packets))]
    NoCable { path: PathBuf, packets: PacketCounts },
    #[cfg(feature = "full")]
    #[error("completions: there is no shell {name}")]
    #[diagnostic(help("there are: {known}"))]
    NoShell { name: String, known: String },
    #[cfg(feature = "full")]
    #[error("{0:?} cannot log in")]
    #[diagnostic(help("a name is at most {MAX_NAME} letters, digits, - or _"))]
    AccountName(String),
    #[cfg(feature = "full")]
    #[error("{}: there is no account {name}", .path.display())]
    NoAccount { path: PathBuf, name: String },
}

/// The first of these files, and how many more there are.
fn some(files: &[String]) -> String {
    const SHOWN: usize = 5;
    let more = files.len().saturating_sub(SHOWN);
    let shown = files[..files.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// What was left out of a capture, on lines of their own.
fn lines_below(packets: &PacketCounts) -> String {
    packets.to_string().lines().flat_map(|line| ["\n", line]).collect()
}

/// A replay in which something did not hold.
#[derive(Debug)]
pub(crate) struct FailedRun {
    /// The file of the scenario.
    pub(crate) file: String,
    pub(crate) failure: Failure,
    /// Whether the user chose the seed.
    pub(crate) is_seeded: bool,
}

/// What may be wrong if the user chose the seed.
const OTHER_SEED: &str =
    "  = the seed is not the scenario's own, and the scenario may name sockets that go with its own\n";

impl FailedRun {
    fn render(&self, color: bool, end: &str) -> String {
        let note = if self.is_seeded { OTHER_SEED } else { "" };
        format!("{}{end}{note}", self.failure.render(&self.file, color))
    }
}

impl CommandError {
    /// All of these errors as one.
    pub(crate) fn all(mut errors: Vec<CommandError>) -> CommandError {
        match errors.pop() {
            Some(only) if errors.is_empty() => only,
            last => {
                errors.extend(last);
                CommandError::Several(errors)
            }
        }
    }

    /// The text of the error for a user, in lines. Mistakes in a scenario or a net and failures of a replay are shown
    /// with the line of the file that they are about.
    pub(crate) fn render(&self, color: bool) -> String {
        match self {
            CommandError::Several(errors) => errors.iter().map(|error| error.render(color)).collect(),
            CommandError::Failed(run) => run.render(color, ""),
            CommandError::FailedAmongOthers(run) => format!("\n{}", run.render(color, "\n")),
            CommandError::Read(ReadError::Text(mistakes)) => mistakes.render(color, WIDTH),
            other => {
                let help = other.help().map(|help| format!("  help: {help}\n")).unwrap_or_default();
                format!("error: {other}\n{help}")
            }
        }
    }

    /// What scripts get.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            CommandError::Several(errors) => {
                errors.iter().map(CommandError::exit).max().unwrap_or(Exit::Unusable)
            }
            CommandError::Failed(_)
            | CommandError::FailedAmongOthers(_)
            | CommandError::BrokenCapture { .. } => Exit::Failed,
            _ => Exit::Unusable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_errors_all_are_shown_and_the_worst_counts() {
        let failure = Failure {
            line: 3,
            statement: "expect SITE1 saw X".to_owned(),
            at: machine::Instant::START,
            found: "it did not".to_owned(),
            waiting: Vec::new(),
        };
        let run = FailedRun { file: "a.scenario".to_owned(), failure, is_seeded: true };
        let failed = CommandError::FailedAmongOthers(run);
        assert_eq!(failed.exit(), Exit::Failed);
        let both = CommandError::all(vec![failed, CommandError::CaptureOfSeveral]);
        assert_eq!(both.exit(), Exit::Unusable);
        let text = both.render(false);
        assert!(text.starts_with("\nfailed: it did not\n --> a.scenario:3"), "{text}");
        assert!(
            text.ends_with("its own\nerror: --pcapng captures what one scenario does: name it\n"),
            "{text}"
        );
    }

    #[test]
    fn help_stands_below_what_is_wrong() {
        let error = CommandError::ExternalInReplay {
            file: "a.scenario".to_owned(),
            line: 3,
            host: "SITE1".to_owned(),
        };
        assert_eq!(
            error.render(false),
            "error: a.scenario:3: host SITE1 is external, and a replay has no outside\n  \
             help: play it in real time: net a.scenario --live\n"
        );
    }
}
