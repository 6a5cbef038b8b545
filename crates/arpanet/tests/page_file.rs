//! `arpanet page`: into which file it writes, and what it says where it cannot.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

/// What the command ends with, and what it says on standard output and standard error.
fn page(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    let output =
        command.current_dir(folder).arg("page").args(arguments).output().expect("the command is there");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn one_run_or_several_are_one_file_and_the_command_says_which() {
    let folder = folder();
    let (status, told, error) = page(folder.path(), &["echo", "-o", "run.html"]);
    assert_eq!((status, error.as_str()), (Some(0), ""));
    assert!(told.starts_with("written into run.html, ") && told.contains("open it in a browser"), "{told}");
    let written = fs::read_to_string(folder.path().join("run.html")).expect("it was written");
    let (status, printed, _) = page(folder.path(), &["echo", "-o", "-"]);
    assert!(
        status == Some(0) && printed == written,
        "standard output gets the page alone, with the same bytes"
    );
    let (status, printed, error) = page(folder.path(), &["rfc438-append", "@SITE2=rfc354", "-o", "-"]);
    assert!(
        printed.contains("rfc438-append@SITE2=rfc354"),
        "a changed run stands beside the other: {status:?} {error}"
    );
}

#[test]
fn what_does_not_hold_is_told_and_the_page_is_written_all_the_same() {
    let folder = folder();
    let text = "title T\nnet three-imps\nhost SITE1\nhost SITE2\nexpect SITE1 -> SITE2  ECO 1\n";
    fs::write(folder.path().join("mine.scenario"), text).expect("there is room");
    let (status, _, error) = page(folder.path(), &["mine.scenario", "-o", "run.html"]);
    assert_eq!((status, error.contains("mine.scenario")), (Some(1), true), "{error}");
    let written = fs::read_to_string(folder.path().join("run.html")).expect("it was written");
    assert!(written.contains("1 failure, 0 expectations hold"), "the page says so, too");
}

#[test]
fn nothing_is_written_where_something_is_wrong_with_what_is_asked_for() {
    let folder = folder();
    fs::write(folder.path().join("mine.scenario"), "title T\nnet three-imps\n").expect("there is room");
    let cases: [(&[&str], &str); 6] = [
        (&["echo", "copy", "rfc354-retr", "rfc354-stor", "-o", "run.html"], "side by side, and not 4"),
        (&["echo", "nosuch", "-o", "run.html"], "nosuch"),
        (&["echo", "@echo", "-o", "run.html"], "there is no change @echo"),
        (&["echo", "echo", "-o", "run.html"], "there twice"),
        (&["mine.scenario", "-o", "mine.scenario"], "that is the file that is read"),
        (&["echo", "-o", "no/run.html"], "there is no folder no"),
    ];
    for (arguments, words) in cases {
        let (status, told, error) = page(folder.path(), arguments);
        assert_eq!((status, told.as_str()), (Some(2), ""), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert!(!folder.path().join("run.html").exists(), "{arguments:?} has written something");
    }
}
