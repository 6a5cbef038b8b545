//! That everything below the command is pure: no sockets, no disk, no terminal, no clock, no randomness of the machine.
//! So it runs in a browser, and a replay cannot depend on the machine it runs on.

use std::path::Path;

use super::house::{HOUSE, tree};

/// The crates above these may do I/O.
const LAST: &str = "view";

/// This one is left out of the roots, as all its features would bring the live driver; it is looked at as the others
/// use it.
const HAS_DRIVER: &str = "host";

/// Crates that open sockets, files or terminals, or ask the machine for time or randomness.
const IMPURE: [&str; 17] = [
    "argon2",
    "cap-fs-ext",
    "cap-primitives",
    "cap-std",
    "cap-tempfile",
    "chrono",
    "clap",
    "clap_builder",
    "crossterm",
    "getrandom",
    "mio",
    "rustix",
    "socket2",
    "tempfile",
    "terminal_size",
    "tracing-subscriber",
    "wasm-bindgen",
];

/// What these crates may have of tokio: channels, and the helpers of the I/O traits. All else needs its runtime.
const OF_TOKIO: [&str; 4] = ["bytes", "default", "io-util", "sync"];

/// Checks the whole tree of dependencies of each pure crate.
pub(super) fn check_purity(root: &Path, problems: &mut Vec<String>) {
    let mut arguments = vec!["--all-features", "--edges=normal,no-proc-macro", "--prefix=none"];
    let last = HOUSE.iter().position(|name| *name == LAST).unwrap_or(HOUSE.len() - 1);
    for name in HOUSE[..=last].iter().filter(|name| **name != HAS_DRIVER) {
        arguments.extend(["--package", name]);
    }
    match tree(root, &arguments, "{p}|{f}") {
        Ok(text) => check(&text, problems),
        Err(error) => problems.push(error),
    }
}

/// Reads lines like `tokio v1.54.1|bytes,sync`: a crate, and its features.
fn check(tree: &str, problems: &mut Vec<String>) {
    let mut lines: Vec<&str> = tree.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    for line in lines {
        let (package, features) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or_default();
        if IMPURE.contains(&name) {
            problems.push(format!("{name}: does I/O, but {LAST} or a crate below it depends on it"));
        }
        if name == "tokio" {
            let other =
                features.split(',').filter(|feature| !feature.is_empty() && !OF_TOKIO.contains(feature));
            problems.extend(other.map(|feature| {
                format!(
                    "tokio: {LAST} or a crate below it turns on its feature {feature}, which needs a runtime"
                )
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(tree: &str) -> Vec<String> {
        let mut problems = Vec::new();
        check(tree, &mut problems);
        problems
    }

    #[test]
    fn a_crate_that_does_io_is_seen() {
        let pure = "sim v0.1.0 (/x)|\ntokio v1.54.1|bytes,default,io-util,sync\nrand v0.10.4|\n";
        assert!(problems(pure).is_empty(), "{:?}", problems(pure));
        let seen = problems(&format!("{pure}mio v1.2.0|net\nmio v1.2.0|net\n"));
        assert_eq!(seen, ["mio: does I/O, but view or a crate below it depends on it"]);
    }

    #[test]
    fn a_feature_that_needs_a_runtime_is_seen() {
        let seen = problems("tokio v1.54.1|rt,sync\n");
        assert_eq!(seen, ["tokio: view or a crate below it turns on its feature rt, which needs a runtime"]);
    }
}
