//! What the command says of captures. That a captured run reads as it did is a promise in `views`.

mod captured;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use captured::{capture, outcome};

#[test]
fn the_same_run_gives_the_same_bytes() {
    let [one, again] = [(); 2].map(|()| capture(&outcome("rfc354-retr")));
    assert!(one == again);
}

fn temporary(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn arpanet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_arpanet")).args(arguments).output().expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_command_writes_captures_and_reads_them() {
    let path = temporary("retr.pcapng").display().to_string();
    let run = arpanet(&["scenario", "rfc354-retr", "--pcapng", &path]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(fs::read(&path).expect("it was written") == capture(&outcome("rfc354-retr")));
    let read = arpanet(&["read", &path]);
    assert_eq!(read.status.code(), Some(0), "{}", text(&read.stderr));
    let (run, read) = (text(&run.stdout), text(&read.stdout));
    assert!(read.contains("times count from 1973-01-24 00:00:00.000000 UTC"), "{read}");
    let replies = |text: &str| {
        text.lines().filter(|line| line.contains("SITE1 -> SITE3  230 ")).map(str::to_owned).collect()
    };
    let (told, again): (Vec<String>, Vec<String>) = (replies(&run), replies(&read));
    assert!(!told.is_empty() && told == again, "{told:?} {again:?}");
}

#[test]
fn a_broken_capture_is_shown_up_to_where_it_breaks() {
    let path = temporary("broken.pcapng");
    let mut file = capture(&outcome("rfc354-retr"));
    file.truncate(file.len() / 2 / 4 * 4 + 4);
    fs::write(&path, &file).expect("there is room");
    let read = arpanet(&["read", &path.display().to_string()]);
    assert_eq!(read.status.code(), Some(1));
    assert!(text(&read.stdout).contains("  USER SMITH"), "{}", text(&read.stdout));
    assert!(text(&read.stderr).contains(": byte "), "{}", text(&read.stderr));
}

#[test]
fn what_cannot_be_read_is_said() {
    let path = temporary("text.pcapng");
    fs::write(&path, "a text").expect("there is room");
    let path = path.display().to_string();
    for (arguments, expected) in [
        (&["read", "/nowhere.pcap"][..], "/nowhere.pcap: "),
        (&["read", &path], "this is no capture: it begins with \"a te\""),
        (&["read", &path, "--net", "1937-01"], "there is no net 1937-01\n  help: did you mean `1973-01`?"),
        (&["read", &path, "--host", "here=69"], "no IP address"),
        (&["read", &path, "--imp", "here"], "no IP address"),
        (&["read", &path, "--show", "sound"], "there is no lens"),
        (&["scenario", "--pcapng", "x.pcapng"], "--pcapng captures what one scenario does"),
    ] {
        let output = arpanet(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(expected), "{arguments:?}: {}", text(&output.stderr));
    }
}
