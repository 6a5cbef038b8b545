//! Circles between the files of a crate: each needs another of them to be understood.
//!
//! A file depends on another if it imports or names something that the other defines, by whatever re-exports, or if
//! a method calls a method of its own type that the other has. A parent does not depend on a child that it only
//! declares, or whose items it only hands on; a child depends on its parent if it uses what the parent's file itself
//! defines. Tests are left out.
//!
//! It goes by words, not by types: which file a method of another type stands in is not known.

mod names;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use names::{Arrows, Modules};

/// Checks the files of a crate's library, and of its program.
pub(super) fn check_crate(root: &Path, folder: &Path, problems: &mut Vec<String>) {
    let text = |file: &str| fs::read_to_string(root.join(file)).ok();
    for start in ["src/lib.rs", "src/main.rs"] {
        let start = folder.join(start).display().to_string();
        if text(&start).is_some() {
            check(&start, &text, problems);
        }
    }
}

fn check(start: &str, text: &dyn Fn(&str) -> Option<String>, problems: &mut Vec<String>) {
    let modules = Modules::read(start, text);
    let arrows = modules.arrows();
    problems.extend(modules.unread);
    problems.extend(circles(&arrows).iter().map(|circle| describe(circle, &arrows)));
}

/// The largest sets of files that all depend on each other, be it through third ones.
fn circles(arrows: &Arrows) -> Vec<BTreeSet<String>> {
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for (file, _) in arrows.keys() {
        let onward = reached(arrows, file);
        let circle: BTreeSet<String> =
            onward.iter().filter(|other| reached(arrows, other).contains(file)).cloned().collect();
        if !circle.is_empty() && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

/// The files that a file depends on, be it through others.
fn reached(arrows: &Arrows, file: &str) -> BTreeSet<String> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![file.to_owned()]);
    while let Some(file) = open.pop() {
        for (_, to) in arrows.keys().filter(|(from, _)| *from == file) {
            if reached.insert(to.clone()) {
                open.push(to.clone());
            }
        }
    }
    reached
}

/// Says which files form a circle, and what each has of which other.
fn describe(circle: &BTreeSet<String>, arrows: &Arrows) -> String {
    let mut text = String::from("these files need each other:");
    for ((from, to), names) in arrows {
        if circle.contains(from) && circle.contains(to) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            text += &format!("\n    {from} has {} from {to}", names.join(", "));
        }
    }
    text
}
