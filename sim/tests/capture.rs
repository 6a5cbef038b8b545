//! A run that is captured and read again reads as it did; and what the command says of captures.

mod captured;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use captured::{capture, outcome};
use host::Directory;
use trace::capture::Cables;
use trace::{Lens, View};

/// What is seen on cables.
const WIRE: [Lens; 6] = [Lens::Ftp, Lens::Ncp, Lens::Data, Lens::Trouble, Lens::Traffic, Lens::Imp];

/// Transfers, a text of many packets, a host and an IMP that fail, words of 36 bits, and what no NCP would send.
const SCENARIOS: [&str; 7] = [
    "rfc438-append",
    "case-to-bbn-from-usc",
    "host-restarts",
    "append-100-kilobytes",
    "thirty-six-bit-bytes",
    "unknown-opcode",
    "an-interrupt",
];

/// What was on the cables, without what only the IMPs and the operator knew.
fn on_cables(outcome: &sim::Outcome) -> String {
    let view = View { directory: &outcome.directory, lenses: &WIRE, bits: false, color: false };
    let cables = outcome
        .records
        .iter()
        .filter(|record| matches!(record.what, trace::What::Sent { .. } | trace::What::Received { .. }));
    view.transcript(cables)
}

#[test]
fn a_capture_of_a_run_reads_as_the_run_did() {
    for name in SCENARIOS {
        let outcome = outcome(name);
        let file = capture(&outcome);
        let cables = Cables::find(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((cables.error(), cables.rest().packets), (None, cables.rest().of_cables), "{name}");
        let reading = cables.read(&[], Directory::clone(&outcome.directory));
        let view = View { directory: &reading.directory, lenses: &WIRE, bits: false, color: false };
        let expected = on_cables(&outcome);
        assert!(expected.lines().count() > 20, "{name}: {expected}");
        let read = view.transcript(&reading.records);
        let first = expected.lines().zip(read.lines()).find(|(expected, read)| expected != read);
        assert_eq!(first, None, "{name}");
        assert_eq!(expected.lines().count(), read.lines().count(), "{name}");
        for cable in &reading.cables {
            assert_eq!((cable.from_host + cable.from_imp).troubles(), "", "{name}");
        }
    }
}

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
        (&["read", &path], "this is no capture: it begins with [61, 20, 74, 65]"),
        (&["read", &path, "--net", "1937-01"], "there is no net 1937-01\n  help: did you mean 1973-01?"),
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
