//! What the command prints fits the width that is asked for, and can be read on any screen.

use std::path::Path;
use std::process::Command;

/// What the command prints on both outputs, one behind the other.
fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_arpanet")).args(arguments).output().expect("it is there");
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("it is text")).concat()
}

/// The codes of all escape sequences in a text.
fn codes(text: &str) -> Vec<&str> {
    let sequences = text.split("\x1b[").skip(1).filter_map(|part| part.split('m').next());
    sequences.flat_map(|sequence| sequence.split(';')).collect()
}

#[test]
fn nothing_is_printed_in_faint_or_bright_letters() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (wrong, capture) = (folder.join("wrong.scenario"), folder.join("colors.pcapng"));
    std::fs::write(&wrong, "title T\nnet three-imps\nhost SITE1\nSITE1 crahes\n").expect("there is room");
    let fails = folder.join("fails.scenario");
    std::fs::write(&fails, "title T\nnet three-imps\nhost SITE1\nexpect SITE1 file <A>B\n")
        .expect("there is room");
    let capture = capture.to_string_lossy();
    let runs: &[&[&str]] = &[
        &["scenario", "unknown-opcode", "--show", "all", "--bits", "--comments", "--pcapng", &capture],
        &["read", &capture, "--bits"],
        &["scenario", "echo", "--verbose"],
        &["scenario", "echo", "unknown-opcode"],
        &["scenario", &wrong.to_string_lossy()],
        &["scenario", &fails.to_string_lossy()],
        &["net", "ring"],
        &["scenario", "--help"],
        &["scenario", "--no-such-option"],
    ];
    for arguments in runs {
        let text = printed(&[&["--color", "always"], *arguments].concat());
        let is_readable =
            |code: &&str| matches!(*code, "0" | "1" | "3" | "4" | "31" | "32" | "33" | "34" | "35" | "36");
        let unreadable: Vec<&str> = codes(&text).into_iter().filter(|code| !is_readable(code)).collect();
        assert!(unreadable.is_empty(), "{arguments:?}: {unreadable:?}");
    }
}

#[test]
fn lines_are_as_wide_as_one_asks_for() {
    for arguments in [
        &["scenario", "rfc438-append", "--comments", "--bits"][..],
        &["scenario", "rfc438-append", "give-back", "password-asked"],
    ] {
        let text = printed(&[arguments, &["--width", "50"]].concat());
        for line in text.lines() {
            let is_one_word = line.split_whitespace().count() == 1;
            assert!(line.chars().count() <= 50 || is_one_word, "{arguments:?}: {line}");
        }
        assert_ne!(text, printed(arguments), "without being asked, no line is broken: this is no terminal");
    }
    let text = printed(&["scenario", "echo", "--width", "19"]);
    assert!(text.contains("20.."), "{text}");
}
