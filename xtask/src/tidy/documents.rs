//! That what the documents at the root say of the house is true: what they quote stands there, what they count is that
//! many, and what they name exists.

use std::fs;
use std::path::{Path, PathBuf};

use super::house::{HOUSE, folder};

/// The documents, and how many lines each may have: a page is read, a book is not.
const DOCUMENTS: [(&str, usize); 3] = [("README.md", 250), ("ARCHITECTURE.md", 130), ("CONTRIBUTING.md", 60)];

/// What a path from the root begins with.
const TOP: [&str; 5] = ["crates/", "sim/", "scenarios/", "xtask/", ".ci/"];

/// The words before which an item's name follows.
const ITEMS: [&str; 9] =
    ["fn ", "struct ", "enum ", "trait ", "mod ", "const ", "type ", "macro_rules! ", "static "];

/// Checks every document.
pub(super) fn check_documents(root: &Path, problems: &mut Vec<String>) {
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
    for (name, longest) in DOCUMENTS {
        let text = read(name);
        let lines = text.lines().count();
        if lines == 0 || lines > longest {
            problems.push(format!("{name}: {lines} lines, and not 1 to {longest}"));
        }
        check_quotes(name, &text, read, problems);
        check_count(name, &text, scenarios(root), problems);
        let wrong = spans(&text).into_iter().filter(|span| !is_true(root, span));
        problems.extend(wrong.map(|span| format!("{name}: there is no {span}")));
    }
    if !read("README.md").contains("<!-- from ") {
        problems.push("README.md: nothing is quoted".to_owned());
    }
}

/// How many scenarios there are.
fn scenarios(root: &Path) -> usize {
    let entries = fs::read_dir(root.join("scenarios")).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "scenario")).count()
}

/// Each block that follows a comment `<!-- from FILE -->` stands in that file as it is.
fn check_quotes(name: &str, text: &str, read: impl Fn(&str) -> String, problems: &mut Vec<String>) {
    for quote in text.split("<!-- from ").skip(1) {
        let (file, rest) = quote.split_once(" -->\n").unwrap_or((quote, ""));
        let fence = ["```text\n", "```rust\n"].iter().find_map(|fence| rest.strip_prefix(fence));
        let quoted = fence.and_then(|rest| rest.split("```").next()).unwrap_or_default();
        if quoted.is_empty() || !read(file).contains(quoted) {
            problems.push(format!("{name}: what it quotes does not stand in {file} any more"));
        }
    }
}

/// `N of them` and `N scenarios` are as many as there are scenarios.
fn check_count(name: &str, text: &str, scenarios: usize, problems: &mut Vec<String>) {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(['(', ')', ',', '.'])).collect();
    for words in words.windows(3) {
        let counts = words[1] == "scenarios" || words[1..] == ["of", "them"];
        if counts && words[0].parse().is_ok_and(|number: usize| number != scenarios) {
            problems.push(format!("{name}: it says {} {}, but there are {scenarios}", words[0], words[1]));
        }
    }
}

/// What stands between backticks, but for blocks.
fn spans(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2).flat_map(str::lines).filter(|line| !line.starts_with("    "));
    let prose: Vec<&str> = prose.collect();
    prose.join(" ").split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether a path, a file, a file's function, or a crate's item exists. What is none of these is not judged.
fn is_true(root: &Path, span: &str) -> bool {
    let (path, item) = span.split_once("::").map_or((span, None), |(path, item)| (path, Some(item)));
    let is_name =
        |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./*{},".contains(letter));
    if !is_name(path) {
        return true;
    }
    match item {
        _ if TOP.iter().any(|top| path.starts_with(top)) => {
            expand(path).iter().all(|path| exists(root, path))
                && item.is_none_or(|name| defines(&root.join(path), name))
        }
        None => true,
        Some(item) => {
            let Some(name) = HOUSE.iter().find(|name| name.replace('-', "_") == path) else { return true };
            let last = item.rsplit("::").next().unwrap_or(item).trim_end_matches("()");
            !is_name(last) || defines(&root.join(folder(name)).join("src"), last)
        }
    }
}

/// The paths that one with braces stands for.
fn expand(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let (names, after) = rest.split_once('}').unwrap_or((rest, ""));
    names.split(',').map(|name| format!("{before}{}{after}", name.trim())).collect()
}

/// Whether there is such a path, or one for its `*`.
fn exists(root: &Path, path: &str) -> bool {
    let Some((before, after)) = path.split_once('*') else { return root.join(path).exists() };
    let (folder, begin) = before.rsplit_once('/').unwrap_or(("", before));
    let (end, below) = after.split_once('/').map_or((after, None), |(end, below)| (end, Some(below)));
    fs::read_dir(root.join(folder)).into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with(begin)
            && name.ends_with(end)
            && below.is_none_or(|below| entry.path().join(below).exists())
    })
}

/// Whether a file, or one of the files of a folder, defines an item of that name, or has it as a module.
fn defines(path: &PathBuf, name: &str) -> bool {
    if let Ok(text) = fs::read_to_string(path) {
        return ITEMS.iter().any(|item| {
            let wanted = format!("{item}{name}");
            let ends = |at: usize| {
                !text[at + wanted.len()..]
                    .starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
            };
            text.match_indices(&wanted).any(|(at, _)| ends(at))
        });
    }
    fs::read_dir(path).into_iter().flatten().flatten().any(|entry| defines(&entry.path(), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn a_quote_that_is_out_of_date_is_seen() {
        let check = |fence: &str, quoted: &str| {
            let mut problems = Vec::new();
            let readme = format!("<!-- from a.snap -->\n```{fence}\n{quoted}```\n");
            check_quotes("README.md", &readme, |_| "one\ntwo\nthree\n".to_owned(), &mut problems);
            problems.len()
        };
        assert_eq!(check("text", "two\nthree\n"), 0, "it stands there");
        assert_eq!(check("rust", "two\nthree\n"), 0, "of source, too");
        assert_eq!(check("text", "two\nfour\n"), 1, "it does not");
        assert_eq!(check("text", ""), 1, "nothing is no quote");
        assert_eq!(check("", "two\n"), 1, "nor is what the check does not understand");
    }

    #[test]
    fn a_count_that_is_out_of_date_is_seen() {
        let count = |text: &str| {
            let mut problems = Vec::new();
            check_count("README.md", text, 66, &mut problems);
            problems.len()
        };
        assert_eq!(count("every scenario (66 of them) and 66 scenarios here"), 0);
        assert_eq!(count("every scenario (65 of them)"), 1);
        assert_eq!(count("all 67 scenarios run"), 1);
    }

    #[test]
    fn a_name_of_something_that_is_gone_is_seen() {
        let text = "`xtask/src/lib.rs` `crates/nothing`\n    `crates/block`\n```\n`crates/fence`\n```\n`ncp::Ncp` `ncp::Nap`";
        let wrong: Vec<String> = spans(text).into_iter().filter(|span| !is_true(&root(), span)).collect();
        assert_eq!(wrong, ["crates/nothing", "ncp::Nap"]);
        for there in [
            "xtask/src/*.rs",
            "xtask/src/{lib,tidy}.rs",
            "crates/*/src",
            "xtask/src/lib.rs::run",
            "x y",
            "rsexec::transfer",
        ] {
            assert!(is_true(&root(), there), "{there}");
        }
        for gone in ["xtask/src/*.c", "xtask/src/{lib,gone}.rs", "xtask/src/lib.rs::gone", "host::live::gone"]
        {
            assert!(!is_true(&root(), gone), "{gone}");
        }
    }
}
