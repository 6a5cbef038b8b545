//! What is said of a scenario in which a host breaks a rule of the protocols.

use scenario::library::BuiltIn;
use sim::{Failure, FailureKind, Failures, Judge, Look, Options, Prepared, replay};
use trace::{Keep, Monitor, Violation};

/// SITE1 sends SITE2 an ERP that answers no ECO, 200 ms after it has come up.
const SPONTANEOUS: &str = "+200ms SITE1 injects to SITE2 link 0  0a2a";

/// Two that know their protocol.
const GOOD: &str = "SITE2 listens 400\nSITE1 inits 301 to SITE2 400\nSITE1 sends 301  HELLO\n\
                    SITE2 receives 400  HELLO\nSITE1 closes 301\nexpect SITE1 has no connections";

/// What comes of these steps, with these lines in the heading.
fn verdict(heading: &str, steps: &str) -> Result<(), Failures> {
    let text = format!("title T\nnet three-imps\n{heading}\nhost SITE1\nhost SITE2\n{steps}\n");
    let scenario = scenario::parse("a.scenario", &text, &BuiltIn)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    replay(&scenario, Options { keep: Keep::Digest, watch: imp::Watch::Nothing }).verdict
}

/// The only failure of these steps.
#[track_caller]
fn only_failure(heading: &str, steps: &str, why: &str) -> Failure {
    let failures = verdict(heading, steps).expect_err(why);
    assert_eq!(failures.count(), 1, "{failures}");
    failures.first().clone()
}

#[test]
fn a_violation_fails_the_scenario_and_says_all_that_one_needs_to_know() {
    let failure = only_failure("", SPONTANEOUS, "nobody asked for an echo");
    assert_eq!(failure.kind, FailureKind::Rule);
    let told = Look::PLAIN.report(&failure.report("a.scenario"));
    let expected =
        "  × SITE1 -> SITE2 breaks a rule: a host sends an ERP only in answer to an ECO, with the same data
   ╭─[a.scenario:6:1]
 6 │ +200ms SITE1 injects to SITE2 link 0  0a2a
   · ─────────────────────┬────────────────────
   ·                      ╰── at 0.200000 s: ERP 42, while this was played
   ╰────
  help: if SITE1 is to do so, say `misbehaves SITE1` in the heading
  note: NIC 8246, III, Test Inquiry, p. 20
";
    assert_eq!(told, expected);
}

#[test]
fn who_misbehaves_on_purpose_is_let() {
    assert_eq!(verdict("misbehaves SITE1", SPONTANEOUS), Ok(()));
    assert_eq!(
        verdict("misbehaves SITE2 SITE1", &format!("{SPONTANEOUS}\nSITE2 injects raw 06000000")),
        Ok(())
    );
}

#[test]
fn advice_that_is_not_followed_fails_nothing_and_is_told_below_the_verdict() {
    // A message on a link that NIC 8246 keeps for later.
    let text = "title T\nnet three-imps\nhost SITE1\nhost SITE2\n+200ms SITE1 injects to SITE2 link 72  00\n\
                at 5s expect SITE1 has no connections\n";
    let scenario = scenario::parse("a.scenario", text, &BuiltIn).expect("a scenario");
    let outcome = replay(&scenario, Options { keep: Keep::Digest, watch: imp::Watch::Nothing });
    assert_eq!(outcome.verdict, Ok(()), "nobody must follow it");
    let told = "against advice, which nobody must follow:\n  SITE1, 1 x: NIC 8246 and RFC 317 reserve links 1 and 72 to 158";
    assert!(outcome.advice.starts_with(told), "{}", outcome.advice);
    let failure = verdict("misbehaves SITE1", "+200ms SITE1 injects to SITE2 link 72  00")
        .expect_err("it breaks no rule");
    assert!(failure.first().found.contains("SITE1 has broken no rule"), "{failure}");
}

#[test]
fn that_another_host_misbehaves_excuses_nobody() {
    let steps = format!("{SPONTANEOUS}\nSITE2 injects raw 06000000");
    let failure = only_failure("misbehaves SITE1", &steps, "SITE2 sends a type that hosts do not send");
    assert!(failure.found.starts_with("SITE2 -> IMP breaks a rule: "), "{}", failure.found);
    assert!(failure.label.starts_with("TYPE 6"), "{}", failure.label);
}

#[test]
fn to_say_that_somebody_misbehaves_who_does_not_is_a_mistake() {
    let failure = only_failure("misbehaves SITE1", GOOD, "SITE1 knows its protocol");
    assert_eq!((failure.line, failure.statement.as_str()), (3, "misbehaves SITE1"));
    assert_eq!(failure.found, "SITE1 has broken no rule");
}

#[test]
fn with_the_monitor_off_nobody_watches() {
    assert_eq!(verdict("", GOOD), Ok(()));
    assert_eq!(verdict("monitor off", SPONTANEOUS), Ok(()));
}

#[test]
fn a_scenario_may_have_to_fail_because_of_the_monitor() {
    assert_eq!(verdict("fails only in answer to an ECO", SPONTANEOUS), Ok(()));
}

#[test]
fn a_step_that_fails_after_a_violation_stands_behind_it_and_neither_hides_the_other() {
    let steps = format!("{SPONTANEOUS}\nexpect SITE2 socket 400 open");
    let failures = verdict("", &steps).expect_err("there is no connection");
    let lines: Vec<usize> = failures.iter().map(|failure| failure.line).collect();
    assert_eq!(lines, [6, 7], "{failures}");
    let announced = only_failure("fails only in answer to an ECO", &steps, "the other is not announced");
    assert_eq!((announced.line, announced.found.as_str()), (7, "socket 400 of SITE2 is not open"));
    let both = "fails only in answer to an ECO\nfails socket 400 of SITE2";
    assert_eq!(verdict(both, &steps), Ok(()), "each is announced");
}

#[test]
fn what_a_fault_of_the_scenario_explains_is_nobodys_fault_and_what_it_does_not_is_told_beside_it() {
    let faults = [
        "at 5s imp SITE1 crashes\ncable of SITE1 loses the next message from the imp\nat 20s imp SITE1 restarts",
        "cable of SITE1 delays the next message to the imp by 70s\nSITE1 echoes SITE2 1",
        "cable of SITE2 loses the next message from the imp\nSITE1 echoes SITE2 1",
        "SITE1 hangs\nSITE1 echoes SITE2 1\nat 130s SITE1 goes on",
    ];
    for fault in faults {
        assert_eq!(
            verdict("", &format!("{fault}\nat 300s expect SITE1 has no connections")),
            Ok(()),
            "{fault}"
        );
        let steps = format!("{fault}\nat 300s SITE2 injects to SITE1 link 0  0a2a");
        let failure = verdict("", &steps).expect_err("SITE2 answers an ECO that nobody has sent");
        let first = failure.first();
        assert!(first.found.starts_with("SITE2 -> SITE1 breaks a rule: "), "{first}");
        assert!(first.label.starts_with("ERP 42"), "{first}");
    }
}

#[test]
fn a_host_whose_heading_says_how_long_it_waits_for_a_cls_may_go_on_then_and_no_sooner() {
    // SITE1 waits for the answer to a text that is lost, and answers no CLS meanwhile.
    let until_closed = "SITE2 listens 400\nSITE1 inits 301 to SITE2 400\n\
                        at 3s cable of SITE1 loses the next message to the imp\nat 4s SITE1 sends 301 HELLO\n\
                        at 5s SITE2 closes 400\n";
    let text = |patience: &str, again: &str| {
        format!("title T\nnet three-imps\nhost SITE1\nhost SITE2\n{patience}\n{until_closed}{again}\n")
    };
    let found = |patience: &str, again: &str| {
        let scenario = scenario::parse("a.scenario", &text(patience, again), &BuiltIn)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        let verdict = replay(&scenario, Options { keep: Keep::Digest, watch: imp::Watch::Nothing }).verdict;
        verdict.err().map(|failures| failures.first().to_string())
    };
    let next = "at 20s SITE1 inits 311 to SITE2 410\nat 21s SITE2 listens 410";
    assert_eq!(
        found("  closes after 5s", next),
        None,
        "SITE2 waits for 5 seconds, and its link is free at 10"
    );
    let by_hand = "at 8s SITE2 injects to SITE1 link 0  010000019a0000013702";
    let told = found("  closes after 5s", by_hand).expect("link 2 is still taken after 3 seconds");
    assert!(told.contains("a link to one connection at a time"), "{told}");
    assert!(told.contains("RTS 410 from 311 link 2"), "{told}");
    let by_hand = by_hand.replace("8s", "20s");
    let told = found("", &by_hand).expect("without such a heading it must wait for a minute");
    assert!(told.contains("a link to one connection at a time"), "{told}");
    assert!(told.contains("RTS 410 from 311 link 2"), "{told}");
}

/// Who reads the records of a run knows when they crossed the cables, and not when a slow host has looked.
#[test]
fn whoever_judges_a_run_once_more_accuses_no_slow_host_of_what_it_has_not_looked_at() -> sim::Result {
    let text = "title T\nnet three-imps\nhost SITE1\nhost SITE2\n  answers within 8s\nSITE1 listens 400\n\
                SITE2 inits 301 to SITE1 400\nSITE2 sends 301  ONE\nSITE1 receives 400  ONE\nSITE1 closes 400\n\
                +1s SITE2 sends 301  TWO\n";
    let prepared = Prepared::parse(text)?;
    let mut accused_by_others = 0;
    for seed in 0..20 {
        let outcome = prepared.replay_with(seed, Options::RECORDS);
        let is_rule = |violation: &Violation| !violation.rule.is_advice();
        let mut other = Monitor::default();
        let others = outcome.records.iter().flat_map(|record| other.take(record)).filter(is_rule).count();
        accused_by_others += usize::from(others > 0);
        let mut judge = Judge::new(prepared.scenario(), &outcome);
        let mut found: Vec<Violation> =
            outcome.records.iter().flat_map(|record| judge.take(record)).collect();
        found.extend(judge.finish(outcome.end));
        found.retain(is_rule);
        assert_eq!(found, [], "seed {seed}: {:?}", outcome.verdict);
    }
    assert!(accused_by_others > 0, "no host was slow enough");
    Ok(())
}
