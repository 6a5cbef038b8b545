//! Scenarios that fail, and those that must.

use scenario::library::BuiltIn;
use sim::{Failure, Options, replay};
use trace::Keep;

/// What comes of a scenario with this line in its heading. It expects a file that is never sent.
fn failure(heading: &str) -> Result<(), Failure> {
    let text = format!("title T\nnet three-imps\n{heading}\nhost SITE1\nexpect SITE1 file <SMITH>A.B\n");
    let scenario = scenario::parse("a.scenario", &text, &BuiltIn).expect("it is sound");
    replay(&scenario, Options { keep: Keep::Digest, watch: imp::Watch::Nothing }).verdict
}

#[test]
fn a_failure_names_the_line_and_what_was_found() {
    let failure = failure("seed 1").expect_err("there is no file");
    assert_eq!((failure.line, failure.statement.as_str()), (5, "expect SITE1 file <SMITH>A.B"));
    assert_eq!(failure.found, "there is no such file at SITE1");
}

#[test]
fn a_scenario_that_must_fail_holds_if_it_fails_as_it_must() {
    assert_eq!(failure("fails no such file"), Ok(()));
}

#[test]
fn a_scenario_that_fails_in_another_way_than_it_must_says_both() {
    let failure = failure("fails the disk is full").expect_err("it is not about the disk");
    assert_eq!(
        failure.found,
        "there is no such file at SITE1; the scenario must fail with \"the disk is full\" instead"
    );
}

#[test]
fn a_step_whose_time_has_passed_is_an_error() {
    let text = "title T\nnet three-imps\nhost SITE1\nhost SITE2\n\
                SITE2 listens 400\nSITE1 inits 301 to SITE2 400\nSITE1 sees OPEN\nat 10ms SITE2 hangs\n";
    let scenario = scenario::parse("a.scenario", text, &BuiltIn).expect("it is sound");
    let failure = replay(&scenario, Options::DIGEST).verdict.expect_err("it is later than that");
    assert_eq!((failure.line, failure.statement.as_str()), (8, "at 10ms SITE2 hangs"));
    assert_eq!(failure.found, "at 0.010000 s it cannot begin: the step before it ended later");
}

#[test]
fn what_a_teletype_printed_is_seen_whatever_was_seen_at_another_one_since() {
    // SITE1 is called first, and prints first that it has heard an echo.
    let text = "title T\nnet three-imps\nhost SITE1\nhost SITE2\n\
                SITE1 echoes SITE2 1\n+1s SITE2 echoes SITE1 2\nSITE2 sees ECHO 2\nSITE1 sees ECHO 1\n";
    let scenario = scenario::parse("a.scenario", text, &BuiltIn).expect("it is sound");
    assert_eq!(replay(&scenario, Options::DIGEST).verdict, Ok(()), "each host has its own paper");
    let again = format!("{text}within 1s SITE1 sees ECHO 1\n");
    let scenario = scenario::parse("a.scenario", &again, &BuiltIn).expect("it is sound");
    assert!(replay(&scenario, Options::DIGEST).verdict.is_err(), "no line is seen twice");
}
