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
fn who_waits_for_a_person_is_told_with_what_it_has_asked_for() {
    let failure = |last: &str| {
        let text = format!(
            "title T\nnet three-imps\nhost SITE1 serves ftp\nhost SITE2 serves ftp\nhost SITE3 runs rsexec\n\
             SITE3 types COPY [SITE1]A [SITE2]B\n{last}\n"
        );
        let scenario = scenario::parse("a.scenario", &text, &BuiltIn).expect("it is sound");
        replay(&scenario, Options::DIGEST).verdict
    };
    let stuck = failure("SITE3 sees COPIED").expect_err("nobody has typed a name");
    assert!(stuck.waiting.contains(&"SITE3 asks: USER NAME AT SITE1:".to_owned()), "{stuck:?}");
    assert_eq!(failure("SITE3 sees USER NAME AT SITE1:"), Ok(()), "a prompt is seen like a line");
    assert_eq!(failure("SITE3 sees _"), Ok(()), "as is the sign that the program is ready");
    let seen_before = "SITE3 sees USER NAME\nSITE3 sees USER NAME";
    failure(seen_before).expect_err("it was printed once, and has been seen");
    assert_eq!(failure("expect SITE3 saw USER NAME AT SITE1:"), Ok(()));
}
