//! Why something cannot be compared.

use std::path::PathBuf;

use miette::Diagnostic;
use view::json_run::JsonError;

use crate::system::words;

/// What is wrong with what `compare` is to compare.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum OperandError {
    #[error("two or three runs can be compared, and not {0}")]
    #[diagnostic(help(
        "name them: compare rfc438-append copy; or compare rfc438-append @7, the same with seed 7"
    ))]
    Number(usize),
    #[error("one run is shown, or two or three side by side, and not {0}")]
    #[diagnostic(help("make a page of each: page rfc438-append -o run.html"))]
    PageOf(usize),
    #[error("{0} is there twice: that is one run")]
    #[diagnostic(help(
        "name another scenario or record, or change something: @7 is the first one with seed 7"
    ))]
    Same(String),
    #[error("{0} changes the first one, and there is none before it")]
    #[diagnostic(help("begin with a scenario: compare rfc438-append {0}"))]
    NothingToChange(String),
    #[error("{operand}: there is no change @{change}")]
    #[diagnostic(help("{help}"))]
    Change { operand: String, change: String, help: String },
    #[error("{0} is a record: what has happened cannot be changed")]
    #[diagnostic(help("name its scenario in place of the record"))]
    ChangedRecord(String),
    #[error("{operand}: no host {host} is declared there")]
    #[diagnostic(help("there are: {known}"))]
    NoHost { operand: String, host: String, known: String },
    #[error("{operand}: {who} serves files, in whatever edition")]
    #[diagnostic(help("a host has one whose clauses say `serves ftp`"))]
    NoServer { operand: String, who: String },
    #[error("{}: {}", .path.display(), json_words(.error))]
    #[diagnostic(help(
        "a record is what `scenario NAME --json` or `read CAPTURE --json` prints; `read` makes one of a capture"
    ))]
    Record { path: PathBuf, error: JsonError },
}

/// What is wrong with a record, without numbers of the system.
fn json_words(error: &JsonError) -> String {
    match error {
        JsonError::Io(error) => words(error),
        other => other.to_string(),
    }
}
