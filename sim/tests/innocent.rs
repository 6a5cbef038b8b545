//! Of what a sweep finds, nobody is accused who can do nothing about it.

use sim::lab::{Grade, Lab};

/// A scenario of the library, of which a sweep varies how hosts behave, and breaks nothing; nor is there too little room anywhere.
fn unbroken(name: &str) -> Lab {
    let text = sim::scenario::library::scenario(name).expect("the library has it");
    let text = text.replacen(
        "\nhost ",
        "\nsweep\n  faults none\n  varies allocations, queue policies, timing up to 50ms\n\nhost ",
        1,
    );
    Lab::parse(&text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

/// Which of so many seeds hold, and how many of them end with a command that was not done.
#[track_caller]
fn not_done(name: &str, seeds: u64) -> usize {
    let lab = unbroken(name);
    let trials = (0..seeds).map(|seed| lab.trial(seed));
    let ends = trials.map(|trial| {
        assert_eq!(trial.ending.grade, Grade::Holds, "{name}, seed {}: {:?}", trial.seed, trial.findings);
        trial.ending.words
    });
    ends.filter(|words| words.starts_with("not done")).count()
}

#[test]
fn two_users_at_once_are_both_served_whatever_hosts_do_with_requests_that_nobody_waits_for() {
    assert_eq!(not_done("two-users-at-once", 30), 0, "each waits for his turn at the door");
}

#[test]
fn a_host_that_is_too_slow_for_its_imp_need_not_send_longer_files() {
    assert!(not_done("slow-host", 30) > 0, "it happens");
}

#[test]
fn what_imps_report_to_the_center_is_nobodys_leak() {
    let text = sim::scenario::library::scenario("control-center").expect("the library has it");
    let lab = Lab::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    // At the end of this case a report is on its way through the center's cable.
    let trial = lab.trial(13);
    assert_eq!(trial.ending.grade, Grade::Holds, "{:?}", trial.findings);
}
