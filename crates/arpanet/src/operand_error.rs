//! Why something cannot be compared.

use std::path::PathBuf;

use miette::Diagnostic;
use view::json_run::JsonError;

use crate::system::words;

/// What is wrong with what `compare` is to compare.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum OperandError {
    #[error("{one} and {other} are the same run")]
    #[diagnostic(help("name another scenario or record, or change something: {one}@7 is it with seed 7"))]
    Same { one: String, other: String },
    #[error("`{0}` changes the first one, and there is none before it")]
    #[diagnostic(help("begin with a scenario: compare rfc438-append {0}"))]
    NothingToChange(String),
    #[error("{operand}: `{change}` changes nothing that is known")]
    #[diagnostic(help("{help}"))]
    Change { operand: String, change: String, help: String },
    #[error("{0} is a record: what has happened cannot be changed")]
    #[diagnostic(help("name its scenario in place of the record"))]
    ChangedRecord(String),
    #[error("{operand}: no host {host} is declared there")]
    #[diagnostic(help("there are: {known}"))]
    NoHost { operand: String, host: String, known: String },
    #[error("{operand}: {who} serves no files, so that it has no edition")]
    #[diagnostic(help("a host does whose clauses say `serves ftp`"))]
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
