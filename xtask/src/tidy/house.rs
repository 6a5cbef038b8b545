//! The order of the house: which crates there are, and that each depends only on those below it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The house from the ground up: a crate may only depend on crates that stand before it.
pub(super) const HOUSE: [&str; 20] = [
    "machine",
    "imp1822",
    "ncc",
    "imp",
    "ncp",
    "telnet",
    "ftp",
    "host",
    "ftp-server",
    "ftp-user",
    "rsexec",
    "services",
    "ncc-log",
    "trace",
    "scenario",
    "sim",
    "view",
    "bridge",
    "arpanet",
    "xtask",
];

/// Where a crate of the house lies, from the root.
pub(super) fn folder(name: &str) -> PathBuf {
    match name {
        "sim" | "xtask" => PathBuf::from(name),
        _ => Path::new("crates").join(name),
    }
}

/// Checks that what cargo says of each crate's direct dependencies, with all its features, points down. Dependencies of
/// tests alone may point anywhere.
pub(super) fn check_arrows(root: &Path, problems: &mut Vec<String>) {
    let arguments = ["--workspace", "--all-features", "--edges=normal,build", "--depth=1", "--prefix=depth"];
    match tree(root, &arguments, "{p}") {
        Ok(text) => check(&text, problems),
        Err(error) => problems.push(error),
    }
}

/// What `cargo tree` prints. (`cargo metadata` does not fit: it merges the features of all crates of the workspace.)
pub(super) fn tree(root: &Path, arguments: &[&str], format: &str) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root).args(["tree", "--quiet", "--locked", "--no-dedupe", "--format", format]);
    let output = command.args(arguments).output().map_err(|error| format!("cargo tree: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads lines like `0view v0.1.0 (/path)`, a crate of the workspace, and `1sim v0.1.0 (/path)`, one that it depends on.
fn check(tree: &str, problems: &mut Vec<String>) {
    let position = |name: &str| HOUSE.iter().position(|other| *other == name);
    let mut found = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let (depth, rest) = line.split_at(1);
        let name = rest.split(' ').next().unwrap_or_default();
        if depth == "0" {
            found.push(name);
            if position(name).is_none() {
                problems.push(format!(
                    "{name}: has no place in the order of the house, in xtask/src/tidy/house.rs"
                ));
            }
        } else if let Some(above) = found.last()
            && position(name) >= position(above)
        {
            problems.push(format!("{above}: depends on {name}, which does not stand below it"));
        }
    }
    for name in HOUSE.iter().filter(|name| !found.contains(name)) {
        problems.push(format!("{name}: is in the order of the house, but not in the workspace"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The problems of a workspace that has all crates, of which one depends on another.
    fn arrow(from: &str, to: &str) -> Vec<String> {
        let mut tree = String::new();
        for name in HOUSE {
            tree += &format!("0{name} v0.1.0 (/x)\n");
            if name == from {
                tree += &format!("1{to} v0.1.0\n");
            }
            tree.push('\n');
        }
        let mut problems = Vec::new();
        check(&tree, &mut problems);
        problems
    }

    #[test]
    fn an_arrow_that_points_up_is_seen() {
        assert!(arrow("ncp", "machine").is_empty(), "down is fine");
        assert!(arrow("ncp", "thiserror").is_empty(), "out of the house, too");
        assert_eq!(arrow("ncp", "host"), ["ncp: depends on host, which does not stand below it"]);
    }

    #[test]
    fn a_crate_without_a_place_is_seen() {
        let mut problems = Vec::new();
        check("0cellar v0.1.0 (/x)\n", &mut problems);
        assert_eq!(
            problems.len(),
            1 + HOUSE.len(),
            "it has no place, and all others are missing: {problems:?}"
        );
    }
}
