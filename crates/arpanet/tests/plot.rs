//! `arpanet scenario --plot` and `--ladder`: what they draw, and when they do not.

use std::fs;
use std::process::Command;

#[test]
fn the_command_draws_what_one_scenario_measures() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("round-trip.svg");
    let command = |names: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
        let output = command.arg("scenario").args(names).arg("--plot").arg(&file).output().expect("it runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    assert_eq!(command(&["measure-round-trip"]), (Some(0), String::new()));
    let drawn = fs::read_to_string(&file).expect("it was written");
    assert!(drawn.starts_with("<svg ") && drawn.contains("Round trip from UCLA-NMC"), "{drawn}");
    let (status, told) = command(&["echo"]);
    assert_eq!((status, told.contains("nothing to plot")), (Some(2), true), "{told}");
    let (status, told) = command(&["echo", "measure-round-trip"]);
    assert_eq!((status, told.contains("one scenario")), (Some(2), true), "{told}");
}

#[test]
fn a_ladder_that_nobody_could_look_at_is_not_drawn_and_the_error_says_what_to_do() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("endless-ladder.svg");
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.args(["scenario", "measure-under-load", "--show", "all", "--ladder"]).arg(&file);
    let output = command.output().expect("it runs");
    let told = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("steps, and 20000 are drawn at most") && told.contains("--show"), "{told}");
    assert!(!file.exists(), "nothing was written");
}
