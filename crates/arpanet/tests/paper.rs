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
        // The log is in the whole command only.
        if cfg!(not(feature = "full")) && arguments.contains(&"--verbose") {
            continue;
        }
        let text = printed(&[&["--color", "always"], *arguments].concat());
        let is_readable =
            |code: &&str| matches!(*code, "0" | "1" | "3" | "4" | "31" | "32" | "33" | "34" | "35" | "36");
        let unreadable: Vec<&str> = codes(&text).into_iter().filter(|code| !is_readable(code)).collect();
        assert!(unreadable.is_empty(), "{arguments:?}: {unreadable:?}");
    }
}

/// What the command prints on a terminal of so many rows and columns, as its window says; `said`: what COLUMNS does.
#[cfg(unix)]
fn on_terminal(arguments: &[&str], rows: u16, columns: u16, said: Option<&str>) -> String {
    use std::io::Read;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there is a terminal");
    grantpt(&screen).and_then(|()| unlockpt(&screen)).expect("it is ours");
    let path = ptsname(&screen, Vec::new()).expect("it has a name").into_string().expect("it is text");
    tcsetwinsize(&screen, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 })
        .expect("it has a size");
    let terminal = std::fs::File::options().read(true).write(true).open(path).expect("it is open");
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.args(arguments).env("NO_COLOR", "1").env_remove("COLUMNS");
    command.envs(said.map(|said| ("COLUMNS", said)));
    let mut child = command.stdout(terminal).spawn().expect("it is there");
    drop(command);
    let mut printed = Vec::new();
    // Where nobody has the terminal open any more, some systems call the end an error.
    let _ = std::fs::File::from(screen).read_to_end(&mut printed);
    assert!(child.wait().expect("it ends").success(), "{arguments:?}");
    String::from_utf8(printed).expect("it is text").replace("\r\n", "\n")
}

#[test]
#[cfg(unix)]
fn a_terminal_that_knows_no_rows_has_its_columns_and_one_of_no_columns_is_as_wide_as_the_environment_says() {
    let arguments = ["scenario", "rfc438-append"];
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    let at_80 = printed(&[&arguments[..], &["--width", "80"]].concat());
    for (rows, columns, said) in [(24, 80, None), (0, 80, None), (0, 80, Some("30")), (0, 0, Some("80"))] {
        let text = on_terminal(&arguments, rows, columns, said);
        assert_eq!(text, at_80, "{rows} rows, {columns} columns, COLUMNS={said:?}");
    }
    assert!(widest(&at_80) <= 80);
    let endless = printed(&arguments);
    for said in [None, Some("0"), Some("many")] {
        assert_eq!(on_terminal(&arguments, 0, 0, said), endless, "nothing is known: COLUMNS={said:?}");
    }
    assert!(widest(&on_terminal(&["scenario", "--help"], 0, 80, None)) <= 80, "and so has help");
}

#[test]
fn lines_are_as_wide_as_one_asks_for() {
    for arguments in [
        &["scenario", "rfc438-append", "--comments", "--bits"][..],
        &["scenario", "rfc438-append", "--explain", "bits", "--show", "usual,imp"],
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
    assert!(text.contains("--width 19: it is 20 at least"), "{text}");
}
