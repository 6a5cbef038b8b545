//! What holds of every file of Rust: it says what it is about, it is not too long, and nothing in it is unfinished.

use std::fs;
use std::path::{Path, PathBuf};

use super::house::{HOUSE, folder};

/// A file with more lines has more than one subject. Tests are read, too.
const LONGEST: usize = 500;

/// What must not be left standing in the code.
const UNFINISHED: [&str; 3] = ["todo!(", "unimplemented!(", "FIXME"];

/// The one file that may name these words.
const THIS: &str = "tidy/files.rs";

/// Checks every file of Rust in the house.
pub(super) fn check_files(root: &Path, problems: &mut Vec<String>) {
    for name in HOUSE {
        let mut files = Vec::new();
        collect(&root.join(folder(name)), &mut files);
        for file in files {
            let shown = file.strip_prefix(root).unwrap_or(&file);
            match fs::read_to_string(&file) {
                Ok(text) => check(shown, &text, problems),
                Err(error) => problems.push(format!("{}: {error}", shown.display())),
            }
        }
    }
}

fn check(path: &Path, text: &str, problems: &mut Vec<String>) {
    if !text.starts_with("//!") {
        problems.push(format!("{}:1: a file begins by saying what it is about, with //!", path.display()));
    }
    let lines = text.lines().count();
    if lines > LONGEST {
        problems
            .push(format!("{}: {lines} lines, more than {LONGEST}: what is its subject?", path.display()));
    }
    for (number, line) in text.lines().enumerate() {
        let unfinished = UNFINISHED.iter().find(|word| line.contains(*word));
        if let Some(word) = unfinished.filter(|_| !path.ends_with(THIS)) {
            problems.push(format!("{}:{}: {word} is not finished", path.display(), number + 1));
        }
    }
}

/// All Rust files below a folder, in order.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untidy_file_is_seen() {
        let mut problems = Vec::new();
        check(Path::new("x.rs"), "fn f() { todo!() }\n", &mut problems);
        assert_eq!(problems.len(), 2, "no //!, and unfinished: {problems:?}");
    }

    #[test]
    fn a_long_file_is_seen() {
        let text = |lines: usize| format!("//! Long.\n{}", "\n".repeat(lines - 1));
        let mut problems = Vec::new();
        check(Path::new("x.rs"), &text(LONGEST), &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        check(Path::new("x.rs"), &text(LONGEST + 1), &mut problems);
        assert_eq!(problems, ["x.rs: 501 lines, more than 500: what is its subject?"]);
    }
}
