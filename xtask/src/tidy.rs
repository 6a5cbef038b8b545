//! What no compiler checks: that arrows between the crates point down, and that files keep to the house's ways.

use std::fs;
use std::path::{Path, PathBuf};

/// The house from the ground up: a crate may only depend on crates that stand before it.
const HOUSE: [&str; 16] = [
    "machine",
    "imp1822",
    "imp",
    "ncp",
    "telnet",
    "ftp",
    "host",
    "ftp-server",
    "ftp-user",
    "rsexec",
    "trace",
    "scenario",
    "sim",
    "view",
    "arpanet",
    "xtask",
];

/// Of tokio, crates may have the I/O traits' helpers and the channels. Nothing that needs a runtime: but for the driver
/// of live hosts, which is behind a feature of its crate, and the command that starts it.
const RUNTIME: [&str; 7] = ["rt", "rt-multi-thread", "time", "net", "fs", "signal", "full"];

/// The feature that has the driver, and the crates that may know a runtime with it and without.
const DRIVER: (&str, &str) = ("host", "live");
const COMMAND: &str = "arpanet";

/// A file with more lines has more than one subject.
const LONGEST: usize = 600;

/// What must not be left standing in the code.
const UNFINISHED: [&str; 3] = ["todo!(", "unimplemented!(", "FIXME"];

/// Everything that is not as it should be, each with its place.
pub(crate) fn problems(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for (story, name) in HOUSE.iter().enumerate() {
        let folder = folder(root, name);
        let manifest = folder.join("Cargo.toml");
        match fs::read_to_string(&manifest) {
            Ok(text) => check_manifest(&manifest, &text, story, &mut problems),
            Err(error) => problems.push(format!("{}: {error}", manifest.display())),
        }
        let mut files = Vec::new();
        collect(&folder, &mut files);
        for file in files {
            match fs::read_to_string(&file) {
                Ok(text) => check_file(&file, &text, &mut problems),
                Err(error) => problems.push(format!("{}: {error}", file.display())),
            }
        }
    }
    check_readme(root, &mut problems);
    problems
}

/// What the README quotes must be what is printed: each block that follows a comment `<!-- from FILE -->` stands in that
/// file as it is.
fn check_readme(root: &Path, problems: &mut Vec<String>) {
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
    let readme = read("README.md");
    check_quotes(&readme, read, problems);
    if readme.lines().count() > 250 {
        problems.push("README.md: more than 250 lines".to_owned());
    }
}

fn check_quotes(readme: &str, read: impl Fn(&str) -> String, problems: &mut Vec<String>) {
    let quotes = readme.split("<!-- from ").skip(1).map(|quote| quote.split_once(" -->\n```text\n"));
    let mut found = 0;
    for (file, rest) in quotes.flatten() {
        found += 1;
        let quoted = rest.split("```").next().unwrap_or_default();
        if quoted.is_empty() || !read(file).contains(quoted) {
            problems.push(format!("README.md: what it quotes does not stand in {file} any more"));
        }
    }
    if found == 0 {
        problems.push("README.md: nothing is quoted".to_owned());
    }
}

fn folder(root: &Path, name: &str) -> PathBuf {
    match name {
        "sim" | "xtask" => root.join(name),
        _ => root.join("crates").join(name),
    }
}

fn check_manifest(path: &Path, text: &str, story: usize, problems: &mut Vec<String>) {
    let production = text.split("[dev-dependencies]").next().unwrap_or_default();
    for line in production.lines() {
        let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
        let above = HOUSE.iter().skip(story).any(|other| *other == dependency);
        if above {
            problems.push(format!("{}: {dependency} does not stand below this crate", path.display()));
        }
        let knows = |feature: &&str| {
            dependency == "tokio" && line.contains(&format!("\"{feature}\""))
                || line.contains(&format!("\"tokio/{feature}\"")) && (HOUSE[story], dependency) != DRIVER
        };
        if HOUSE[story] != COMMAND && RUNTIME.iter().any(knows) {
            problems.push(format!("{}: only the live driver may know tokio's runtime", path.display()));
        }
    }
}

fn check_file(path: &Path, text: &str, problems: &mut Vec<String>) {
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
        if let Some(word) = unfinished.filter(|_| !path.ends_with("tidy.rs")) {
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
    fn the_house_is_tidy() {
        let problems = problems(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn an_arrow_that_points_up_is_seen() {
        let mut problems = Vec::new();
        let ncp = HOUSE.iter().position(|name| *name == "ncp").expect("ncp is in the house");
        check_manifest(Path::new("x"), "[dependencies]\nmachine.workspace = true\n", ncp, &mut problems);
        assert!(problems.is_empty(), "down is fine");
        check_manifest(Path::new("x"), "[dependencies]\nhost.workspace = true\n", ncp, &mut problems);
        assert_eq!(problems, ["x: host does not stand below this crate"]);
    }

    #[test]
    fn a_runtime_below_the_live_driver_is_seen() {
        let mut problems = Vec::new();
        let line = "tokio = { workspace = true, features = [\"rt\"] }\n";
        check_manifest(Path::new("x"), line, 0, &mut problems);
        assert_eq!(problems, ["x: only the live driver may know tokio's runtime"]);
        let story =
            |name| HOUSE.iter().position(|crate_name| *crate_name == name).expect("it is in the house");
        let mut problems = Vec::new();
        check_manifest(Path::new("x"), "live = [\"tokio/net\"]\n", story("host"), &mut problems);
        check_manifest(Path::new("x"), line, story("arpanet"), &mut problems);
        assert!(problems.is_empty(), "these two may");
        check_manifest(Path::new("x"), "default = [\"tokio/net\"]\n", story("host"), &mut problems);
        check_manifest(Path::new("x"), "live = [\"tokio/net\"]\n", story("ncp"), &mut problems);
        assert_eq!(problems.len(), 2, "nobody else: {problems:?}");
    }

    #[test]
    fn a_quote_that_is_out_of_date_is_seen() {
        let check = |quoted: &str| {
            let mut problems = Vec::new();
            let readme = format!("<!-- from a.snap -->\n```text\n{quoted}```\n");
            check_quotes(&readme, |_| "one\ntwo\nthree\n".to_owned(), &mut problems);
            problems.len()
        };
        assert_eq!(check("two\nthree\n"), 0, "it stands there");
        assert_eq!(check("two\nfour\n"), 1, "it does not");
        assert_eq!(check(""), 1, "nothing is no quote");
    }

    #[test]
    fn an_untidy_file_is_seen() {
        let mut problems = Vec::new();
        check_file(Path::new("x.rs"), "fn f() { todo!() }\n", &mut problems);
        assert_eq!(problems.len(), 2, "no //!, and unfinished: {problems:?}");
    }
}
