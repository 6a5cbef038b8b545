//! The registry of clauses: what the documents require, where it is kept, and which test shows it.
//!
//! How a registry is read is in [`ncp::clauses`].

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use ncp::clauses::{Clause, read};

/// The crates that have a registry.
const CRATES: [&str; 3] = ["ncp", "telnet", "ftp"];

/// No line of the printed table is longer.
const WIDTH: usize = 110;

/// The table of all clauses, and everything that is wrong with it.
pub(crate) fn table(root: &Path) -> (String, Vec<String>) {
    let (mut table, mut problems, mut texts) = (String::new(), Vec::new(), Vec::new());
    for house in CRATES {
        let registry = format!("crates/{house}/clauses.toml");
        match fs::read_to_string(root.join(&registry)) {
            Ok(text) => texts.push((house, registry, text)),
            Err(error) => problems.push(format!("{registry}: {error}")),
        }
    }
    let (mut ids, mut all) = (BTreeMap::new(), Vec::new());
    for (house, registry, text) in &texts {
        let (clauses, misread) = read(text);
        problems.extend(
            misread.into_iter().map(|misread| format!("{registry}:{}: {}", misread.line, misread.what)),
        );
        for clause in &clauses {
            let place = format!("{registry}:{}", clause.line);
            check(root, (house, &place), clause, &mut problems);
            if let Some(other) = ids.insert(clause.id, place.clone()) {
                problems.push(format!("{place}: {} stands at {other} already", clause.id));
            }
            print(clause, &mut table);
        }
        all.extend(clauses);
    }
    table.push('\n');
    table += &coverage(&all);
    (table, problems)
}

/// A clause says what it requires; it is kept somewhere and shown by a test, or says why not. Where it is kept is a file of
/// the crate whose registry it is in, or of the one that is named before it.
fn check(root: &Path, (house, place): (&str, &str), clause: &Clause<'_>, problems: &mut Vec<String>) {
    let Clause { id, from, at, says, kept, test, not_kept, line: _, about: _ } = *clause;
    for (key, value) in [("id", id), ("from", from), ("at", at), ("says", says)] {
        if value.is_empty() {
            problems.push(format!("{place}: {key} is missing"));
        }
    }
    match (kept, test, not_kept) {
        (Some(kept), Some(test), None) => {
            let (file, name) = kept.split_once("::").unwrap_or((kept, ""));
            let path = match file.split_once('/') {
                Some((other, file)) if root.join("crates").join(other).is_dir() => {
                    format!("crates/{other}/src/{file}")
                }
                _ => format!("crates/{house}/src/{file}"),
            };
            let kinds = ["fn ", "struct ", "enum ", "const ", "macro_rules! "];
            if !kinds.iter().any(|kind| holds(root, &path, &format!("{kind}{name}"), &['(', '<', ' ', ':'])) {
                problems.push(format!("{place}: {path} has no {name}"));
            }
            match test.split_once("::") {
                // Each scenario of the library is a test of its own.
                None if test.starts_with("scenarios/") && test.ends_with(".scenario") => {
                    if !root.join(test).is_file() {
                        problems.push(format!("{place}: there is no {test}"));
                    }
                }
                shown => {
                    let (file, name) = shown.unwrap_or((test, ""));
                    if !holds(root, file, &format!("fn {name}"), &['(']) {
                        problems.push(format!("{place}: {file} has no test {name}"));
                    }
                }
            }
        }
        (None, None, Some(why)) if !why.is_empty() => {}
        _ => problems.push(format!("{place}: either kept and test are to be said, or not_kept")),
    }
}

/// Whether a file has this text, followed by one of these.
fn holds(root: &Path, file: &str, text: &str, after: &[char]) -> bool {
    let source = fs::read_to_string(root.join(file)).unwrap_or_default();
    source.match_indices(text).any(|(at, _)| source[at + text.len()..].starts_with(after))
}

/// Prints a clause: where it stands and what it requires, then what becomes of it.
fn print(clause: &Clause<'_>, table: &mut String) {
    let source = format!("{}, {}", clause.from, clause.at);
    let mut label = format!("{:<8} {source:<22}", clause.id);
    let indent = label.len();
    for line in wrapped(clause.says, WIDTH - indent - 1) {
        let _ = writeln!(table, "{label:<indent$} {line}");
        label.clear();
    }
    match (clause.kept, clause.test, clause.not_kept) {
        (Some(kept), Some(test), _) => {
            // A scenario is a test by itself.
            let (file, name) = test.split_once("::").unwrap_or(("the library", test));
            let (kept, shown) = (format!("kept by {kept},"), format!("shown in {file} by"));
            let parts = if kept.len() + shown.len() < WIDTH - 9 { " " } else { "\n         " };
            let _ = writeln!(table, "{:<8} {kept}{parts}{shown}", "");
            let _ = writeln!(table, "{:<8} {name}", "");
        }
        (_, _, why) => {
            let why = format!("not kept: {}", why.unwrap_or_default());
            for line in wrapped(&why, WIDTH - 9) {
                let _ = writeln!(table, "{:<8} {line}", "");
            }
        }
    }
}

/// The words of a text in lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always one");
        if last.is_empty() {
            last.push_str(word);
        } else if last.len() + 1 + word.len() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// How many clauses of each document are shown by a test.
fn coverage(clauses: &[Clause<'_>]) -> String {
    let mut documents: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for clause in clauses {
        let (all, shown) = documents.entry(clause.from).or_default();
        *all += 1;
        *shown += usize::from(clause.test.is_some());
    }
    let (all, shown) = documents.values().fold((0, 0), |sum, (all, shown)| (sum.0 + all, sum.1 + shown));
    let mut lines =
        format!("{:<10} {:>7} {:>14} {:>8}\n", "document", "clauses", "shown by tests", "not kept");
    for (document, (all, shown)) in documents.into_iter().chain([("all", (all, shown))]) {
        let _ = writeln!(lines, "{document:<10} {all:>7} {shown:>14} {:>8}", all - shown);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn every_clause_is_shown_by_a_test_that_exists_or_says_why_not() {
        let (table, problems) = table(&root());
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        let longest = table.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(WIDTH), "{longest:?} columns");
        assert!(table.lines().filter(|line| line.contains("shown in")).count() >= 350, "{table}");
    }

    #[test]
    fn what_is_wrong_with_a_clause_is_said_with_its_place() {
        let clause = |lines: &str| {
            let mut problems = Vec::new();
            let begin =
                "[[clause]]\nid = \"a-01\"\nfrom = \"NIC 8246\"\nat = \"p. 1\"\nsays = \"Something.\"\n";
            let text = format!("{begin}{lines}");
            let (clauses, misread) = read(&text);
            problems.extend(
                misread.into_iter().map(|misread| format!("x.toml:{}: {}", misread.line, misread.what)),
            );
            for clause in &clauses {
                check(&root(), ("ncp", &format!("x.toml:{}", clause.line)), clause, &mut problems);
            }
            problems.concat()
        };
        let test = "test = \"crates/ncp/src/socket.rs::the_low_bit_is_the_gender\"\n";
        assert_eq!(clause(&format!("kept = \"socket.rs::gender\"\n{test}")), "", "this one is fine");
        assert_eq!(clause("not_kept = \"Nobody does.\"\n"), "", "and this one");
        let elsewhere = format!("kept = \"ftp/command/argument.rs::Argument\"\n{test}");
        assert!(
            clause(&elsewhere).contains("crates/ftp/src/command/argument.rs has no Argument"),
            "a trait is none"
        );
        let elsewhere = format!("kept = \"ftp/command/argument.rs::Marker\"\n{test}");
        assert_eq!(clause(&elsewhere), "", "what another crate keeps");
        let lesson = "kept = \"socket.rs::gender\"\ntest = \"scenarios/rfc438-append.scenario\"\n";
        assert_eq!(clause(lesson), "", "a scenario of the library is a test");
        let none = "kept = \"socket.rs::gender\"\ntest = \"scenarios/rfc439-append.scenario\"\n";
        assert_eq!(clause(none), "x.toml:1: there is no scenarios/rfc439-append.scenario");
        assert_eq!(clause(""), "x.toml:1: either kept and test are to be said, or not_kept");
        let nowhere = format!("kept = \"socket.rs::gende\"\n{test}");
        assert_eq!(clause(&nowhere), "x.toml:1: crates/ncp/src/socket.rs has no gende");
        let nothing = "kept = \"socket.rs::gender\"\ntest = \"crates/ncp/src/socket.rs::the_low\"\n";
        assert_eq!(clause(nothing), "x.toml:1: crates/ncp/src/socket.rs has no test the_low");
        assert!(clause("shown = \"by nobody\"\n").starts_with("x.toml:6: not [[clause]]"));
    }
}
