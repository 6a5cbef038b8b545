//! What keeps a sweep, or the parts of one, from being used.

use std::fmt::Write;
use std::path::PathBuf;

use miette::Diagnostic;

/// Why a sweep, or what is left of one, cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum SweepError {
    #[error("no threads to sweep with: {0}")]
    #[diagnostic(help("--jobs N asks for fewer"))]
    Threads(#[from] rayon::ThreadPoolBuildError),
    #[error("--seed {seed} is the case of one scenario: name it")]
    CaseOfSeveral { seed: u64 },
    #[error("--junit: the table goes to standard output")]
    #[diagnostic(help("name a file"))]
    JunitToStandardOutput,
    #[error("{} is no part of a sweep", .0.display())]
    #[diagnostic(help("`sweep NAME --shard K/N -o FILE` writes one; nothing was changed"))]
    NoPart(PathBuf),
    #[error("{}:{line}: damaged: {why}", .path.display())]
    #[diagnostic(help("take the file away, and let its part be swept again"))]
    Damaged { path: PathBuf, line: usize, why: &'static str },
    #[error("{} is a part of another sweep: {what}", .path.display())]
    #[diagnostic(help("take it away, or name another file; nothing was changed"))]
    OtherSweep { path: PathBuf, what: String },
    #[error("{}: another process writes it", .0.display())]
    #[diagnostic(help("each part has a file of its own"))]
    InUse(PathBuf),
    #[error("{} and {} are not parts of one sweep: {what}", .first.display(), .second.display())]
    Differ { first: PathBuf, second: PathBuf, what: String },
    #[error("{} and {} are both part {number} of {of}", .first.display(), .second.display())]
    #[diagnostic(help("name each part once"))]
    Twice { first: PathBuf, second: PathBuf, number: u64, of: u64 },
    #[error("missing: {} of {of}", parts(.missing))]
    #[diagnostic(help("sweep each with the same arguments and `--shard K/{of}`, and name its file, too"))]
    Missing { missing: Vec<u64>, of: u64 },
    #[error("{} is not finished: seeds {from}..{to} of {scenario} are missing", .path.display())]
    #[diagnostic(help("start it again with the same arguments: it goes on where it was"))]
    Unfinished { path: PathBuf, scenario: String, from: u64, to: u64 },
    #[error("{name} is not the scenario that was swept: its text or its net is another")]
    #[diagnostic(help("merge where the files of scenarios and nets are those of the sweep"))]
    Changed { name: String },
    #[error("found/seeds:{line}: {why}")]
    #[diagnostic(help("a line is the name of a scenario and seeds: rfc438-append 17 4711"))]
    Seeds { line: usize, why: String },
}

/// Numbers of parts, those that follow each other as a range.
fn parts(numbers: &[u64]) -> String {
    let mut text = String::from(if numbers.len() == 1 { "part " } else { "parts " });
    let runs = numbers.chunk_by(|one, next| *next == one + 1);
    for (place, run) in runs.enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = match run {
            [only] => write!(text, "{comma}{only}"),
            [first, .., last] => write!(text, "{comma}{first}-{last}"),
            [] => Ok(()),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_named_shortly() {
        assert_eq!(parts(&[3]), "part 3");
        assert_eq!(parts(&[1, 2, 3, 7, 9, 10]), "parts 1-3, 7, 9-10");
    }
}
