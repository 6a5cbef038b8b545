//! What keeps the command from doing what it was asked for, and how that is shown.

use std::io;
#[cfg(feature = "full")]
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

#[cfg(feature = "full")]
use bridge::MAX_CABLES;
#[cfg(feature = "full")]
use imp1822::HostAddress;
#[cfg(feature = "full")]
use machine::Span;
use miette::Diagnostic;
use scenario::library::{NET, SCENARIO, has_ending};
use scenario::{Look, Note};
use sim::Failures;
use trace::NoSuchLens;
use trace::capture::{FileError, PacketCounts};
use view::kept::Difference;
use view::ladder::MOST_STEPS;

#[cfg(feature = "full")]
use crate::accounts::{AccountsError, MAX_NAME};
#[cfg(feature = "full")]
use crate::addresses::AddressError;
#[cfg(feature = "full")]
use crate::bridge_key::KeyError;
use crate::exit::Exit;
use crate::hints::HintError;
use crate::lenses::meant;
use crate::library::ReadError;
#[cfg(feature = "full")]
use crate::live::cable::CableError;
#[cfg(feature = "full")]
use crate::live::script::ScriptError;
use crate::operand_error::OperandError;
use crate::output_file::OutputError;
#[cfg(feature = "full")]
use crate::password::PasswordError;
#[cfg(feature = "full")]
use crate::policies::PolicyError;
#[cfg(feature = "full")]
use crate::programs::ProgramError;
#[cfg(feature = "full")]
use crate::serving::ServingError;
#[cfg(feature = "full")]
use crate::storage::StorageError;
#[cfg(feature = "full")]
use crate::sweep_error::SweepError;
use crate::system::words;
use crate::telling_error::TellingError;
use crate::terminal::PrintError;
use crate::usage::UsageError;

/// Anything that can go wrong in a command. The message says what, and the diagnostic's help what to do.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum CommandError {
    /// Several things, in the order in which they are shown.
    #[error("{} errors", .0.len())]
    Several(Vec<CommandError>),
    /// What is wrong with some of several scenarios: it stands below the table of them, behind a blank line.
    #[error(transparent)]
    #[diagnostic(transparent)]
    OfSeveral(Box<CommandError>),
    /// A scenario was replayed, and something in it did not hold.
    #[error("{}", .0.failures)]
    Failed(FailedRun),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Usage(#[from] UsageError),
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
    Key(#[from] KeyError),
    #[cfg(feature = "full")]
    #[error("a bridge carries 1 to {MAX_CABLES} cables")]
    #[diagnostic(help("name each by --cable NAME=PORT:ADDRESS:PORT, and by the same name at the other end"))]
    NoBridgeCable,
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
    Serving(#[from] ServingError),
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
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Script(#[from] ScriptError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Output(#[from] OutputError),
    #[cfg(feature = "full")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sweep(#[from] SweepError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Hint(#[from] HintError),
    #[error("{0}")]
    #[diagnostic(help("{}", meant(.0)))]
    Lens(#[from] NoSuchLens),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Telling(#[from] TellingError),
    #[error("{0}")]
    #[diagnostic(help("{}", .0.meant))]
    Imp(#[from] imp::NoImp),

    #[cfg(feature = "full")]
    #[error("the board needs a terminal, as standard input and output")]
    #[diagnostic(help("`host --run ncc` prints the log line by line, wherever it goes"))]
    NoTerminal,
    #[cfg(feature = "full")]
    #[error("the board cannot be shown: {}", words(.0))]
    #[diagnostic(help("`host --run ncc` prints the log line by line, wherever it goes"))]
    Board(io::Error),

    #[cfg(feature = "full")]
    #[error("step needs a terminal, as standard input and output")]
    #[diagnostic(help(
        "`scenario NAME --explain story` prints the same wherever it goes, and `page` makes a file of it"
    ))]
    NoTerminalToStep,
    #[cfg(feature = "full")]
    #[error("the steps cannot be shown: {}", words(.0))]
    #[diagnostic(help(
        "`scenario NAME --explain story` prints the same wherever it goes, and `page` makes a file of it"
    ))]
    Steps(io::Error),
    #[cfg(feature = "full")]
    #[error("no step says {0:?}")]
    #[diagnostic(help("what the steps say is what `scenario NAME` prints, in either case of letters"))]
    NothingSays(String),

    #[error("no {what}: {}", words(.error))]
    List { what: &'static str, error: io::Error },
    #[error("{}: {}", .path.display(), words(.error))]
    File { path: PathBuf, error: io::Error },
    #[error("--ladder {}: a ladder is drawn as .svg, or as .mmd for mermaid", .0.display())]
    #[diagnostic(help("end the file's name in one of them"))]
    LadderForm(PathBuf),
    #[error("the ladder would have {0} steps, and {MOST_STEPS} are drawn at most")]
    #[diagnostic(help("show less with --show, or step through the run: arpanet step NAME"))]
    LadderTooLong(usize),
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
    #[error("the glossary has nothing called {term}")]
    NothingToExplain {
        term: String,
        #[help]
        help: String,
    },
    #[error("in {} there are other files of these names: {}", .folder.display(), some(.files))]
    #[diagnostic(help("--force overwrites them; nothing is written now"))]
    Overwrites { folder: PathBuf, files: Vec<String> },
    #[error("{} is a link that leads out of the folder, to {}", .path.display(), .to.display())]
    #[diagnostic(help("take the link away, or name another folder; nothing is written now"))]
    LeadsOut { path: PathBuf, to: PathBuf },
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
    #[cfg(feature = "full")]
    #[error("{file} does not say from where on messages may arrive in any order")]
    #[diagnostic(help(
        "write `all orders from here` among its steps, in front of those that are to be tried"
    ))]
    NoOrders { file: String },
    #[cfg(feature = "full")]
    #[error("--order {order}: {error}")]
    #[diagnostic(help(
        "orders are those of one seed, and of hosts that queue or refuse requests, as --requests says"
    ))]
    Astray { order: String, error: sim::lab::orders::Astray },
    #[error("standard input can be one scenario only: write `-` once")]
    StandardInputTwice,
    #[error("standard output can take one thing only: write `-` once")]
    StandardOutputTwice,
    #[error("--pcapng captures what one scenario does: name it")]
    CaptureOfSeveral,
    #[error("{0} is about one scenario: name it")]
    OfOneScenario(&'static str),
    #[error("--bless writes the file that --against names, and `-` is none")]
    #[diagnostic(help("name a file: --against FILE --bless"))]
    BlessIntoNothing,
    #[error("--against {}: it is not there", .0.display())]
    #[diagnostic(help("--bless keeps the transcript there as it is now"))]
    NothingKept(PathBuf),
    /// A transcript is not as it was kept.
    #[error("{name} reads otherwise than {} has it, from line {} on", .path.display(), .difference.line)]
    #[diagnostic(help(
        "{}if that is right now, the same command with --bless keeps it",
        .difference.hint.map(|hint| format!("{hint}\n")).unwrap_or_default()
    ))]
    ReadsOtherwise { name: String, path: PathBuf, difference: Box<Difference> },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Operand(#[from] OperandError),
    #[cfg(feature = "full")]
    #[error("--pcapng {}: {}", .path.display(), words(.error))]
    LiveCapture { path: PathBuf, error: io::Error },
    #[error("{file}:{line}: host {host} is external, and a replay has no outside")]
    #[diagnostic(help("play it in real time: net {file} --live"))]
    ExternalInReplay { file: String, line: usize, host: String },
    #[cfg(feature = "full")]
    #[error("--external {text}: the scenario simulates {host}, in line {line}")]
    ExternalIsSimulated { text: String, host: String, line: usize },
    /// A live host could not wait for its IMP any longer.
    #[cfg(feature = "full")]
    #[error("the IMP at {imp} was not ready for {wait}")]
    #[diagnostic(help("start it, or see whether it sends to this host's port; --wait SPAN waits longer"))]
    ImpAbsent { imp: SocketAddr, wait: Span },
    #[cfg(feature = "full")]
    #[error("the IMP at {imp} was never heard")]
    #[diagnostic(help("see whether it is up, and sends to this host's port"))]
    ImpNeverHeard { imp: SocketAddr },
    #[cfg(feature = "full")]
    #[error("standard input: {}", words(.0))]
    Keyboard(io::Error),
    #[cfg(feature = "full")]
    #[error("host {0} has two cables")]
    TwoCables(HostAddress),
    #[error("{}: {error}", .path.display())]
    #[diagnostic(help("{}", capture_help(.path)))]
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
    NoCable { path: PathBuf, packets: Box<PacketCounts> },
    #[cfg(feature = "full")]
    #[error("--play {site}: the capture has no cable of such a host")]
    #[diagnostic(help("it has those of {known}; say with --host who is where"))]
    NoSite { site: String, known: String },
    #[cfg(feature = "full")]
    #[error("--play {site}: nobody said anything to it in the capture that a host could answer")]
    #[diagnostic(help("{why}"))]
    NothingToPlay { site: String, why: &'static str },
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

/// What helps where a file is no capture.
fn capture_help(path: &Path) -> String {
    let path = path.display();
    let command = match path.to_string() {
        name if has_ending(&name, SCENARIO) => "scenario",
        name if has_ending(&name, NET) => "net",
        _ => {
            return "a capture is a pcap or pcapng file, as Wireshark and `scenario --pcapng` write it"
                .to_owned();
        }
    };
    format!("did you mean `{command} {path}`?")
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
    pub(crate) failures: Failures,
    /// The seed, if it is another than the scenario's own.
    pub(crate) other_seed: Option<u64>,
}

impl FailedRun {
    fn render(&self, look: Look) -> String {
        let seed = self.other_seed.map(|seed| {
            look.note(&Note::new(format!("replayed with seed {seed}, another than the scenario's own")))
        });
        format!("{}{}", self.failures.render(&self.file, look), seed.unwrap_or_default())
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
    /// with the line of the file that they are about; all errors have one look.
    pub(crate) fn render(&self, look: Look) -> String {
        match self {
            CommandError::Several(errors) => {
                let errors: Vec<String> = errors.iter().map(|error| error.render(look)).collect();
                errors.join("\n")
            }
            CommandError::OfSeveral(error) => format!("\n{}", error.render(look)),
            CommandError::Failed(run) => run.render(look),
            CommandError::ReadsOtherwise { difference, .. } => {
                let lines =
                    |number| format!("{number} {}", if number == 1 { "line is" } else { "lines are" });
                let (was, is) = difference.only;
                let about =
                    format!("{} only in the file (-), {} only in this run (+)", lines(was), lines(is));
                let note = Note::new(about).quotes(difference.shown.iter().cloned());
                format!("{}{}", look.diagnostic(self), look.note(&note))
            }
            CommandError::Read(ReadError::Text(mistakes)) => mistakes.render(look.color, look.width),
            other => look.diagnostic(other),
        }
    }

    /// What scripts get.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            CommandError::Several(errors) => {
                errors.iter().map(CommandError::exit).max().unwrap_or(Exit::Unusable)
            }
            CommandError::OfSeveral(error) => error.exit(),
            CommandError::Failed(_)
            | CommandError::BrokenCapture { .. }
            | CommandError::ReadsOtherwise { .. } => Exit::Failed,
            #[cfg(feature = "full")]
            CommandError::ImpAbsent { .. } | CommandError::ImpNeverHeard { .. } | CommandError::Script(_) => {
                Exit::Failed
            }
            _ => Exit::Unusable,
        }
    }
}

#[cfg(test)]
mod tests {
    use scenario::library::BuiltIn;
    use sim::Options;

    use super::*;

    #[test]
    fn of_several_errors_all_are_shown_in_one_look_and_the_worst_counts() {
        let text = "title T\nnet three-imps\nhost SITE1 runs ftp\nexpect SITE1 saw X\n";
        let scenario = scenario::parse("a.scenario", text, &BuiltIn).expect("it is right");
        let failures = sim::replay(&scenario, Options::DIGEST).verdict.expect_err("nothing is printed");
        let run = FailedRun { file: "a.scenario".to_owned(), failures, other_seed: Some(7) };
        let failed = CommandError::Failed(run);
        assert_eq!(failed.exit(), Exit::Failed);
        let both = CommandError::all(vec![failed, CommandError::CaptureOfSeveral]);
        assert_eq!(both.exit(), Exit::Unusable);
        let text = both.render(Look::PLAIN);
        assert!(text.starts_with("  × SITE1 has not printed \"X\"\n   ╭─[a.scenario:4:1]\n"), "{text}");
        let end = "1 failure\n  note: replayed with seed 7, another than the scenario's own\n\n  × --pcapng captures what one scenario does: name it\n";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn help_stands_below_what_is_wrong() {
        let error = CommandError::ExternalInReplay {
            file: "a.scenario".to_owned(),
            line: 3,
            host: "SITE1".to_owned(),
        };
        assert_eq!(
            error.render(Look::PLAIN),
            "  × a.scenario:3: host SITE1 is external, and a replay has no outside\n  \
             help: play it in real time: net a.scenario --live\n"
        );
    }
}
