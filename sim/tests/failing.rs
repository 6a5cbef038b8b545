//! Scenarios that fail, what is told of it, and those that must.

use scenario::library::BuiltIn;
use sim::{Failure, FailureKind, Failures, Look, Note, Options, replay};

/// A server with a file, and a user who can get it.
const HOSTS: &str = "host SITE1  serves ftp  account SMITH password BLUE\n  file <SMITH>NOTES.TXT\n    | FIRST LINE\n\
                     host SITE2  runs ftp\nhost SITE3  runs ftp\n";

/// What gets it.
const GET: &str =
    "SITE3 types  CONNECT SITE1\nSITE3 types  LOGIN SMITH BLUE\nSITE3 types  GET NOTES.TXT COPY.TXT\n";

/// What comes of these steps, with these lines in the heading. The first step is in line 8, behind one of the heading.
fn verdict(heading: &str, steps: &str) -> Result<(), Failures> {
    let text = format!("title T\nnet three-imps\n{heading}\n{HOSTS}{steps}\n");
    let scenario = scenario::parse("a.scenario", &text, &BuiltIn);
    let scenario = scenario.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    replay(&scenario, Options::DIGEST).verdict
}

#[track_caller]
fn failures(steps: &str) -> Failures {
    verdict("seed 1", steps).expect_err("it must fail")
}

/// The only failure of these steps.
#[track_caller]
fn failure(steps: &str) -> Failure {
    let failures = failures(steps);
    assert_eq!(failures.count(), 1, "{failures}");
    failures.first().clone()
}

fn quoted(failure: &Failure) -> Vec<&str> {
    failure.notes.iter().flat_map(|note| &note.lines).map(String::as_str).collect()
}

#[track_caller]
fn helps(failure: &Failure, with: &str) {
    let help = failure.help.as_deref().unwrap_or_default();
    assert!(help.contains(with), "{help:?} says {with:?}: {failure:?}");
}

#[test]
fn a_failure_names_the_line_the_time_and_what_was_found() {
    let failure = failure("at 2s expect SITE1 file <SMITH>A.B");
    assert_eq!((failure.line, failure.statement.as_str()), (9, "at 2s expect SITE1 file <SMITH>A.B"));
    assert_eq!((failure.kind, failure.at.to_string().as_str()), (FailureKind::Expectation, "2.000000"));
    assert_eq!(failure.found, "SITE1 has no file <SMITH>A.B");
}

#[test]
fn all_expectations_that_fail_are_told_in_order_and_the_run_goes_on() {
    let steps = format!(
        "expect SITE3 saw ANYTHING\n{GET}expect SITE3 saw NOTHING\nexpect SITE3 saw 230\nexpect SITE1 has no connections"
    );
    let failures = failures(&steps);
    let lines: Vec<usize> = failures.iter().map(|failure| failure.line).collect();
    assert_eq!(lines, [9, 13, 15], "{failures}");
}

#[test]
fn a_step_that_waits_in_vain_ends_the_run() {
    let failure = failure("within 5s SITE3 sees HELLO\nexpect SITE3 saw HELLO");
    assert_eq!((failure.kind, failure.label.as_str()), (FailureKind::Idle, "nothing more will happen"));
    let told = |failure: &Failure, what: &str| failure.notes.iter().any(|note| note.about == what);
    assert!(told(&failure, "1 step below was not reached"), "nor looked at: {failure:?}");
    let failure =
        self::failure("at 1s SITE2 listens 400\nwithin 5s wait for SITE1 -> SITE2\nexpect SITE3 saw HELLO");
    assert_eq!(failure.line, 10);
}

#[test]
fn every_limit_is_named() {
    let begun = "SITE2 listens 400\nSITE1 inits 301 to SITE2 400\n";
    let within = failure(&format!("{begun}within 300us wait for SITE2 -> SITE1 X"));
    assert_eq!((within.kind, within.label.as_str()), (FailureKind::TimedOut, "not within 300us"));
    let limit = verdict("limit 3ms", &format!("{begun}wait for SITE2 -> SITE1 X")).expect_err("it is short");
    assert_eq!(
        (limit.first().kind, limit.first().label.as_str()),
        (FailureKind::Limit, "the limit of 3ms, in line 3")
    );
    let idle = failure("wait for SITE2 -> SITE1");
    assert_eq!((idle.kind, idle.label.as_str()), (FailureKind::Idle, "nothing more will happen"));
}

#[test]
fn who_waits_for_what_has_been_already_is_told_when_it_was() {
    let crossed = failure(&format!("{GET}SITE3 sees RECEIVED\nwait for SITE1 -> SITE3  252"));
    helps(&crossed, "it crossed at ");
    helps(&crossed, "before this step began at ");
    helps(&crossed, "`expect` looks back");
    let printed = failure(&format!("{GET}SITE3 sees RECEIVED\nSITE3 sees 230"));
    helps(&printed, "it printed that at ");
    helps(&printed, "before what an earlier `sees` has found");
    let twice = failure(&format!("{GET}SITE3 sees 230\nSITE3 sees RECEIVED\nSITE3 sees RECEIVED"));
    helps(&twice, "and an earlier `sees` has found it");
    helps(&printed, "`expect SITE3 saw` looks back");
}

#[test]
fn what_a_teletype_printed_is_quoted_and_a_near_miss_is_pointed_at() {
    let failure = failure(&format!("{GET}expect SITE3 saw Bytes Received"));
    helps(&failure, "SITE3 printed nearly this at ");
    helps(&failure, "12 BYTES RECEIVED");
    let quoted = quoted(&failure);
    assert_eq!(quoted.len(), 3, "{failure:?}");
    assert!(quoted.last().is_some_and(|line| line.ends_with("12 BYTES RECEIVED")), "{failure:?}");
    let sent = self::failure(&format!("{GET}expect SITE1 -> SITE3  252\nexpect SITE3 saw 252"));
    helps(&sent, "SITE3 was sent it, by SITE1");
    helps(&sent, "`expect SITE1 -> SITE3  252 transfer complete, 12 bytes over the data connection`");
    let silent = self::failure("expect SITE2 saw HELLO");
    assert_eq!(silent.notes[0].about, "SITE2 has printed nothing at all");
}

#[test]
fn the_messages_between_two_hosts_are_quoted_and_near_misses_and_the_other_way_pointed_at() {
    let failure = failure(&format!("{GET}expect SITE1 -> SITE3  252 transfer complet!"));
    helps(&failure, "SITE1 sent nearly this at ");
    assert_eq!(quoted(&failure).len(), 5, "{failure:?}");
    let other_way = self::failure(&format!("{GET}expect SITE3 -> SITE1  252"));
    helps(&other_way, "SITE1 sent it to SITE3, at ");
    let nothing = self::failure(&format!("{GET}expect SITE2 -> SITE1  252"));
    assert_eq!(nothing.notes[0].about, "SITE2 has sent SITE1 nothing at all");
}

#[test]
fn what_should_not_have_crossed_is_quoted_with_its_time() {
    let failure = failure(&format!("{GET}expect no SITE1 -> SITE3  252"));
    assert_eq!(
        failure.found,
        "SITE1 has sent SITE3 \"252 transfer complete, 12 bytes over the data connection\""
    );
    assert!(failure.label.starts_with("it crossed at 0."), "{failure:?}");
    let data = self::failure(&format!("{GET}expect no file data through SITE3"));
    assert!(quoted(&data)[0].starts_with("SITE1 -> SITE3  link "), "{data:?}");
}

#[test]
fn a_file_that_is_not_there_is_sought_among_those_that_are() {
    let failure = failure(
        "expect SITE1 file <SMITH>NOTES.TXT of 12 bytes\nexpect SITE1 file <SMITH>NOTE.TXT of 12 bytes",
    );
    helps(&failure, "did you mean `<SMITH>NOTES.TXT`?");
    assert_eq!(quoted(&failure), ["<SMITH>NOTES.TXT, 12 bytes"]);
    let none = self::failure("expect SITE2 file <SMITH>NOTES.TXT of 12 bytes");
    assert_eq!(none.notes[0].about, "SITE2 has no files");
}

#[test]
fn a_file_that_differs_is_shown_where_it_does() {
    let failure = failure("expect SITE1 file <SMITH>NOTES.TXT\n  | FIRST LIME");
    assert_eq!(
        (failure.found.as_str(), failure.label.as_str()),
        ("<SMITH>NOTES.TXT of SITE1 is not as expected", "line 1 differs")
    );
    assert_eq!(quoted(&failure), ["   found: \"FIRST LINE␍␊\"", "expected: \"FIRST LIME␍␊\""]);
    assert_eq!(failure.help, None);
    let forgotten = self::failure("expect SITE1 file <SMITH>NOTES.TXT");
    helps(&forgotten, "so the file was to be empty");
    let longer = self::failure("expect SITE1 file <SMITH>NOTES.TXT\n  | FIRST LINE\n  | SECOND LINE");
    assert_eq!(quoted(&longer), ["   found: (the end of the file)", "expected: \"SECOND LINE␍␊\""]);
    assert_eq!(longer.label, "it ends in line 2");
}

#[test]
fn a_fault_that_meets_nothing_fails_its_step() {
    for (steps, found, label) in [
        ("line SITE1 to SITE2 heals", "line SITE1 to SITE2 is up already", "nothing heals"),
        (
            "line SITE1 to SITE2 fails\nline SITE1 to SITE2 fails",
            "line SITE1 to SITE2 has failed already",
            "nothing fails",
        ),
        (
            "line SITE1 to SITE2 flips no bits",
            "line SITE1 to SITE2 flips as many bits already",
            "nothing changes",
        ),
        ("imp SITE1 restarts", "imp SITE1 is up already", "nothing restarts"),
        ("imp SITE1 crashes\nimp SITE1 crashes", "imp SITE1 is down already", "nothing goes down"),
        ("cable of SITE1 is plugged in", "the cable of SITE1 is plugged in already", "nothing is plugged in"),
        ("SITE1 goes on", "SITE1 does not hang", "nothing goes on"),
        ("SITE1 hangs\nSITE1 hangs", "SITE1 hangs already", "nothing stops"),
        ("SITE1 restarts", "SITE1 is up already", "nothing restarts"),
        ("traffic stops", "no traffic runs", "nothing stops"),
        ("SITE1 crashes\nSITE1 crashes", "SITE1 is down already", "nothing crashes"),
    ] {
        let failure = failure(steps);
        assert_eq!((failure.found.as_str(), failure.label.as_str()), (found, label));
        assert_eq!(failure.kind, FailureKind::Step, "whoever breaks the wrong part is not let go on");
    }
}

#[test]
fn a_step_whose_time_has_passed_is_an_error() {
    let steps = "SITE2 listens 400\nSITE1 inits 301 to SITE2 400\nSITE1 sees OPEN\nat 10ms SITE2 hangs";
    let failure = failure(steps);
    assert_eq!((failure.line, failure.statement.as_str()), (12, "at 10ms SITE2 hangs"));
    assert_eq!(failure.found, "this step cannot begin at 0.010000 s: the step before it ended later");
}

#[test]
fn a_scenario_that_must_fail_holds_if_it_fails_as_it_must() {
    let steps = "expect SITE1 file <SMITH>A.B";
    assert_eq!(verdict("fails no such file", steps), Ok(()));
    assert_eq!(verdict("fails SITE1 has no file", steps), Ok(()));
}

#[test]
fn a_scenario_that_fails_in_another_way_than_it_must_tells_both() {
    let failures =
        verdict("fails the disk is full", "expect SITE1 file <SMITH>A.B").expect_err("it is not full");
    let found: Vec<(usize, &str)> =
        failures.iter().map(|failure| (failure.line, failure.label.as_str())).collect();
    assert_eq!(found, [(9, "there is no such file"), (3, "what failed says something else")]);
    let failures = verdict("fails the disk is full", "").expect_err("nothing fails");
    assert_eq!(failures.first().label, "nothing failed");
}

#[test]
fn a_failure_that_is_announced_does_not_hide_one_that_is_not() {
    let steps = "expect SITE1 file <SMITH>A.B\nexpect SITE2 saw HELLO";
    let failures = verdict("fails no such file", steps).expect_err("SITE2 has not seen it");
    let lines: Vec<usize> = failures.iter().map(|failure| failure.line).collect();
    assert_eq!(lines, [10], "{failures}");
    assert_eq!(verdict("fails no such file\nfails SITE2 has not printed", steps), Ok(()));
}

#[test]
fn what_a_note_quotes_is_not_taken_for_what_was_announced() {
    // The teletype that is quoted says 252; the failure does not.
    let steps = format!("{GET}expect SITE3 saw NOTHING OF THE KIND");
    assert!(verdict("fails 252 transfer completed", &steps).is_err());
}

#[test]
fn ten_thousand_failures_make_a_bounded_report_that_counts_them() {
    let failures = failures(&"expect SITE3 saw NOTHING\n".repeat(10_000));
    assert_eq!(failures.count(), 10_000);
    let told = failures.to_string();
    assert!(told.len() < 40_000, "{}", told.len());
    assert!(told.contains("and 9880 more") && told.ends_with("\n10000 failures\n"), "{told}");
}

#[test]
fn a_line_or_a_file_without_end_makes_a_bounded_report() {
    let long = "X".repeat(4_000);
    let typed =
        failures(&format!("SITE3 types {long}\nexpect SITE3 saw {long}Y\nwithin 1s SITE3 sees {long}Z"));
    let file = failures(&format!("expect SITE1 file <SMITH>NOTES.TXT\n  | {long}"));
    for failures in [typed, file] {
        let told = failures.to_string();
        assert!(told.len() < 10_000, "{}: {}", told.len(), &told[..2_000]);
    }
}

/// One scenario of each kind that fails, and all that is told of it.
#[test]
fn the_reports_of_scenarios_that_fail() {
    let table = [
        ("expectations of all kinds", "seed 1", format!("{GET}\
            expect SITE3 saw Transfer Complete\nexpect SITE2 saw HELLO\nexpect SITE1 -> SITE3  253\n\
            expect SITE3 -> SITE1  230\nexpect no SITE3 -> SITE1  RETR\nexpect no file data through SITE3\n\
            expect SITE3 file <SMITH>COPY.TXT\n  | FIRST LIME\nexpect SITE3 file <SMITH>COPIES.TXT\n  | FIRST LINE\n\
            expect SITE3 no file <SMITH>COPY.TXT\nexpect SITE1 file <SMITH>NOTES.TXT of 13 bytes\n\
            expect SITE1 has no connections\nexpect SITE2 socket 400 open")),
        ("a text that was printed before", "seed 1", format!("{GET}SITE3 sees RECEIVED\nSITE3 sees 230")),
        ("a message that crossed before", "seed 1", format!("{GET}SITE3 sees RECEIVED\nwait for SITE1 -> SITE3  252")),
        ("a wait that says how long", "seed 1",
            "SITE2 listens 400\nSITE1 inits 301 to SITE2 400\nSITE1 sends 301 HEL\nwithin 30ms SITE2 receives 400 HELLO".to_owned()),
        ("a run with a limit", "limit 3ms", "SITE2 listens 400\nSITE1 inits 301 to SITE2 400\nSITE1 sees OPEN".to_owned()),
        ("a fault that meets nothing", "seed 1", "line SITE1 to SITE2 heals".to_owned()),
        ("a rule that is broken, and what comes of it", "seed 1",
            "+200ms SITE1 injects to SITE2 link 0  0a2a\nexpect SITE2 saw ECHO 43 FROM SITE1".to_owned()),
        ("a heading that promises too much", "fails the disk is full\nmisbehaves SITE2", "expect SITE3 saw HELLO".to_owned()),
    ];
    let mut told = String::new();
    for (what, heading, steps) in table {
        let failures = verdict(heading, &steps).expect_err(what);
        told.push_str(&format!(
            "# {what}\n\n{}\n",
            failures.render("a.scenario", Look { color: false, width: 80 })
        ));
    }
    insta::assert_snapshot!(told);
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
    let asks = |note: &Note| note.about == "SITE3 asks: USER NAME AT SITE1:";
    assert!(stuck.first().notes.iter().any(asks), "{stuck}");
    assert_eq!(failure("SITE3 sees USER NAME AT SITE1:"), Ok(()), "a prompt is seen like a line");
    assert_eq!(failure("SITE3 sees _"), Ok(()), "as is the sign that the program is ready");
    let seen_before = "SITE3 sees USER NAME\nSITE3 sees USER NAME";
    failure(seen_before).expect_err("it was printed once, and has been seen");
    assert_eq!(failure("expect SITE3 saw USER NAME AT SITE1:"), Ok(()));
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
