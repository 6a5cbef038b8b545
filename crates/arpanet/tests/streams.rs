//! Standard output and standard error that cannot be written, and standard input that has no end: of every command that
//! ends by itself. What lives on real cables is tried in `live.rs`.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// One of each command, and whether all is well with what it is asked. In the folder lie a capture and a scenario.
const COMMANDS: &[(&[&str], bool)] = &[
    (&["help"], true),
    (&["--version"], true),
    (&["scenario", "--help"], true),
    (&["scenario", "echo"], true),
    (&["scenario", "echo", "append-one-byte"], true),
    (&["scenario", "echo", "--check"], true),
    (&["scenario", "echo", "--pcapng", "-"], true),
    (&["scenario", "echo", "--verbose"], true),
    (&["scenario", "echo", "--explain", "bits"], true),
    (&["scenario", "echo", "--json"], true),
    (&["scenario", "echo", "--against", "echo.txt"], true),
    (&["scenario", "echo", "--against", "echo.txt", "--bless"], true),
    (&["scenario", "nosuch"], false),
    (&["sweep", "echo", "--seeds", "0..3"], true),
    (&["sweep", "echo", "--seeds", "0..3", "--json"], true),
    (&["sweep", "nosuch"], false),
    (&["orders", "tiny.scenario"], true),
    (&["orders", "tiny.scenario", "--json"], true),
    (&["orders", "echo"], false),
    (&["compare", "echo", "@7"], true),
    (&["compare", "echo", "nosuch"], false),
    (&["page", "echo", "--output", "run.html"], true),
    (&["page", "echo", "--output", "-"], true),
    (&["page", "nosuch", "--output", "run.html"], false),
    (&["new", "mine"], true),
    (&["fmt", "wide.scenario"], true),
    (&["show"], true),
    (&["show", "three-imps"], true),
    (&["explain"], true),
    (&["explain", "RFNM", "255"], true),
    (&["explain", "nosuch"], false),
    (&["export", "library"], true),
    (&["net"], true),
    (&["net", "three-imps"], true),
    (&["net", "three-imps", "--svg", "-"], true),
    (&["read", "echo.pcapng"], true),
    (&["read", "echo.pcapng", "--json"], true),
    (&["host", "--address", "1", "--imp", "127.0.0.1:1"], false),
    (&["step", "echo"], false),
    (&["ncc", "--imp", "127.0.0.1:1", "--listen", "127.0.0.1:2"], false),
    (&["bridge", "--to", "127.0.0.1:1"], false),
    (&["account", "smith", "--file", "accounts"], true),
    (&["completions", "bash"], true),
    (&["man"], true),
    (&["bogus"], false),
];

/// A scenario that `fmt` changes.
const WIDE: &str = "title T\nnet three-imps\n";

/// A scenario whose messages can arrive in two orders.
const TINY: &str =
    "title T\nnet three-imps\nhost SITE1\nhost SITE2\nall orders from here\nSITE1 echoes SITE2 1\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests");
    fs::write(folder.path().join("wide.scenario"), WIDE).expect("there is room for tests");
    fs::write(folder.path().join("tiny.scenario"), TINY).expect("there is room for tests");
    let made = command(folder.path(), &["scenario", "echo", "--pcapng", "echo.pcapng"]).output();
    assert!(made.is_ok_and(|made| made.status.success()));
    let kept = command(folder.path(), &["scenario", "echo", "--against", "echo.txt", "--bless"]).output();
    assert!(kept.is_ok_and(|kept| kept.status.success()));
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.current_dir(folder).args(arguments);
    command
}

/// A device on which there is never room.
fn full() -> Stdio {
    File::options().write(true).open("/dev/full").expect("it is there").into()
}

/// Runs a command in a folder of its own, with a password on standard input.
fn runs(arguments: &[&str], out: Stdio, error: Stdio) -> (Option<i32>, String, String) {
    let folder = folder();
    let mut command = command(folder.path(), arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(out).stderr(error).spawn().expect("it runs");
    // Most read nothing.
    let _ = child.stdin.take().expect("it is piped").write_all(b"BLUE\n");
    let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn every_command_is_tried() {
    let help = Command::new(env!("CARGO_BIN_EXE_arpanet")).arg("--help").output().expect("it runs");
    let help = String::from_utf8(help.stdout).expect("it is text");
    let below = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let verbs: Vec<&str> = below
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|verb| !verb.is_empty())
        .collect();
    assert!(verbs.len() > 10, "{verbs:?}");
    for verb in verbs {
        assert!(COMMANDS.iter().any(|(arguments, _)| arguments[0] == verb), "{verb}");
    }
}

#[test]
fn what_cannot_be_printed_is_told_on_standard_error() {
    for (arguments, _) in COMMANDS {
        let (status, _, error) = runs(arguments, full(), Stdio::piped());
        assert_eq!(status, Some(2), "{arguments:?}: {error}");
        assert!(!error.is_empty() && !error.contains("panicked"), "{arguments:?}: {error}");
    }
}

#[test]
fn what_cannot_be_told_on_standard_error_is_told_on_standard_output() {
    for (arguments, is_well) in COMMANDS {
        let (status, out, error) = runs(arguments, Stdio::piped(), Stdio::piped());
        assert_eq!(status, Some(if *is_well { 0 } else { 2 }), "{arguments:?}: {error}");
        let says = !error.is_empty();
        let (status, shown, _) = runs(arguments, Stdio::piped(), full());
        assert_eq!(status, Some(if says { 2 } else { 0 }), "{arguments:?}: {shown}");
        let told = shown.contains("cannot print on standard error: there is no room left");
        assert_eq!((told, shown.starts_with(&out)), (says, true), "{arguments:?}: {shown}");
    }
}

#[test]
fn where_nothing_can_be_written_the_status_still_says_it() {
    for (arguments, _) in COMMANDS {
        assert_eq!(runs(arguments, full(), full()).0, Some(2), "{arguments:?}");
    }
}

#[test]
fn a_reader_who_has_gone_away_is_no_error() {
    for (arguments, is_well) in COMMANDS {
        // The other end of this pipe is closed before the command begins.
        let gone = || {
            let mut child = Command::new("true").stdin(Stdio::piped()).spawn().expect("there is a true");
            let writer = child.stdin.take().expect("it is piped");
            child.wait().expect("it ends");
            Stdio::from(writer)
        };
        let expected = Some(if *is_well { 0 } else { 2 });
        let (status, _, error) = runs(arguments, gone(), Stdio::piped());
        let told = if *is_well && !arguments.contains(&"--verbose") { error.as_str() } else { "" };
        assert_eq!((status, told), (expected, ""), "{arguments:?}: {error}");
        assert_eq!(runs(arguments, gone(), gone()).0, expected, "{arguments:?}");
    }
}

#[test]
fn an_input_without_end_is_refused_wherever_standard_input_or_a_file_is_read() {
    let folder = folder();
    for arguments in [
        &["scenario", "-"][..],
        &["fmt", "-"],
        &["sweep", "-"],
        &["sweep", "zero.scenario"],
        &["scenario", "zero.scenario"],
        &["scenario", "echo", "--against", "zero.net"],
        &["compare", "zero.json", "echo"],
        &["net", "zero.net"],
        &["account", "smith", "--file", "accounts"],
    ] {
        for name in ["zero.scenario", "zero.net", "zero.json"] {
            let _ = std::os::unix::fs::symlink("/dev/zero", folder.path().join(name));
        }
        let zero = File::open("/dev/zero").expect("it is there");
        let mut command = command(folder.path(), arguments);
        let ended = command.stdin(zero).output().expect("it ends");
        let mut error = String::new();
        ended.stderr.as_slice().read_to_string(&mut error).expect("it is text");
        let is_told = ["longer than", "more than", "too long"].iter().any(|words| error.contains(words));
        assert_eq!((ended.status.code(), is_told), (Some(2), true), "{arguments:?}: {error}");
    }
    assert!(!folder.path().join("accounts").exists());
}
