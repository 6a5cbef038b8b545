//! Texts that were reviewed and lie in the tree, and what is said of one that reads otherwise: where it begins to, and what
//! stands around that, short enough to be read.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// So many lines are shown before the first that differs, and so many from it on.
const BEFORE: usize = 3;
const FROM: usize = 6;

/// Whether a text is the one that was reviewed; that it is not is an error, unless the file is to be written anew.
#[expect(clippy::disallowed_methods, reason = "insta is told by this variable to write a snapshot anew")]
pub(crate) fn is_as_reviewed(name: &str, text: &str) -> Result<bool, String> {
    let kept = reviewed(name);
    if kept.as_deref().is_some_and(|kept| kept.trim_end() == text.trim_end()) {
        return Ok(true);
    }
    if env::var("INSTA_UPDATE").is_ok_and(|how| how != "no" && how != "auto") {
        return Ok(false);
    }
    let what = kept.map_or("nobody has reviewed it yet".to_owned(), |kept| difference(&kept, text));
    Err(format!(
        "scenarios/transcripts/{name}.snap: {what}\nif that is right: INSTA_UPDATE=always cargo test -p arpanet --test scenarios"
    ))
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../scenarios/transcripts")
        .join(name)
        .with_extension("snap")
}

/// The text in the file, behind what insta writes above it.
fn reviewed(name: &str) -> Option<String> {
    let file = fs::read_to_string(path(name)).ok()?.replace("\r\n", "\n");
    let (_, text) = file.strip_prefix("---\n")?.split_once("\n---\n")?;
    Some(text.to_owned())
}

/// Where two texts part, in words, with what stands around that. Runs of like messages are one line each.
pub(crate) fn difference(kept: &str, now: &str) -> String {
    let (kept, now): (Vec<&str>, Vec<&str>) =
        (kept.trim_end().lines().collect(), now.trim_end().lines().collect());
    let alike = kept.iter().zip(&now).take_while(|(one, other)| one == other).count();
    let mut text = format!("line {} is another", alike + 1);
    let only_times = kept.len() == now.len()
        && kept.iter().zip(&now).all(|(one, other)| without_time(one) == without_time(other));
    if only_times {
        let others = kept.iter().zip(&now).filter(|(one, other)| one != other).count();
        let _ = write!(text, "; nothing has changed but the times of {others} lines");
    } else {
        let _ = write!(text, "; there were {} lines, and there are {}", kept.len(), now.len());
    }
    let before = folded(&kept[..alike]);
    for line in &before[before.len().saturating_sub(BEFORE)..] {
        let _ = write!(text, "\n  {line}");
    }
    for (sign, lines) in [('-', &kept), ('+', &now)] {
        let lines = folded(&lines[alike..]);
        for line in lines.iter().take(FROM) {
            let _ = write!(text, "\n{sign} {line}");
        }
        match lines.len() {
            0 => _ = write!(text, "\n{sign} (the end)"),
            more if more > FROM => _ = write!(text, "\n{sign} (and {} lines more)", more - FROM),
            _ => {}
        }
    }
    text
}

/// The lines, but of a run of data messages on one link, and of what is allocated for them, no more than the first, the
/// last, and how many are between them.
fn folded(lines: &[&str]) -> Vec<String> {
    let mut folded = Vec::new();
    for run in
        lines.chunk_by(|one, other| link_of_data(one).is_some() && link_of_data(one) == link_of_data(other))
    {
        match run {
            [first, between @ .., last] if between.len() > 1 => {
                folded.push((*first).to_owned());
                folded.push(format!("({} more such messages)", between.len()));
                folded.push((*last).to_owned());
            }
            lines => folded.extend(lines.iter().map(|line| (*line).to_owned())),
        }
    }
    folded
}

/// The link that a line is about, if that is a line about data, or allocates for them.
fn link_of_data(line: &str) -> Option<&str> {
    let (_, what) = line.split_once(" link ")?;
    let (link, more) = what.split_once(' ')?;
    (more.starts_with("data ") || line.contains("  ALL link ")).then_some(link)
}

/// A line without the time at its beginning, if there is one.
fn without_time(line: &str) -> &str {
    let line = line.trim_start();
    match line.split_once(' ') {
        Some((time, rest)) if time.contains('.') && time.bytes().all(|c| c.is_ascii_digit() || c == b'.') => {
            rest.trim_start()
        }
        _ => line,
    }
}

/// What is said of texts that differ is itself a promise.
pub(crate) fn differences_are_told_in_few_words() -> Result<(), String> {
    let data = |at: usize| match at {
        4 => "   4.000000  SITE2 -> SITE1  ALL link 2 messages 1 bits 800\n".to_owned(),
        at => format!("   {at}.000000  SITE1 -> SITE2  link 2 data {at}00 x 8 bits \"{at}\"   800 bits\n"),
    };
    let text = |end: &str| {
        let run: String = (1..9).map(data).collect();
        format!(
            "Title\nnet, seed 0\n\n   0.100000  SITE1 -> SITE2  RTS\n{run}   9.500000  {end}\n\nall hold\n"
        )
    };
    let expect = |what: &str, told: String, lines: &[&str]| {
        if told == lines.join("\n") { Ok(()) } else { Err(format!("{what}:\n{told}")) }
    };
    expect(
        "another line behind a run",
        difference(&text("SITE2 -> SITE1  CLS"), &text("SITE2 -> SITE1  INR")),
        &[
            "line 13 is another; there were 15 lines, and there are 15",
            "     1.000000  SITE1 -> SITE2  link 2 data 100 x 8 bits \"1\"   800 bits",
            "  (6 more such messages)",
            "     8.000000  SITE1 -> SITE2  link 2 data 800 x 8 bits \"8\"   800 bits",
            "-    9.500000  SITE2 -> SITE1  CLS",
            "- ",
            "- all hold",
            "+    9.500000  SITE2 -> SITE1  INR",
            "+ ",
            "+ all hold",
        ],
    )?;
    let late = text("SITE2 -> SITE1  CLS").replace("   9.5", "   9.6");
    let told = difference(&text("SITE2 -> SITE1  CLS"), &late);
    if !told.starts_with("line 13 is another; nothing has changed but the times of 1 lines\n") {
        return Err(format!("another time:\n{told}"));
    }
    let short = text("SITE2 -> SITE1  CLS");
    let told = difference(&short, short.trim_end().trim_end_matches("all hold").trim_end());
    if !told.ends_with("- \n- all hold\n+ (the end)") {
        return Err(format!("an end that is missing:\n{told}"));
    }
    let other: String = (0..100).map(|line| format!("LINE {line}\n")).collect();
    let told = difference(&text("SITE2 -> SITE1  CLS"), &other);
    if told.lines().count() > 1 + BEFORE + 2 * (FROM + 1) || !told.contains("(and 94 lines more)") {
        return Err(format!("all is another:\n{told}"));
    }
    Ok(())
}
