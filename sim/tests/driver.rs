//! A world with a driver: it waits by the driver's clock, and asks it no more when it has ended the run.

use scenario::library::BuiltIn;
use sim::imp1822::HostAddress;
use sim::{Driver, FailureKind, Instant, Options, Wake, replay_live};

/// Lets this many waits end in time, then stops the run. It must not be asked again.
struct StopsAfter(u32);

impl Driver for StopsAfter {
    fn wait(&mut self, _until: Instant, _paused: &[HostAddress]) -> Wake {
        self.0 = self.0.checked_sub(1).expect("a driver that has stopped the run is not asked again");
        if self.0 == 0 { Wake::Stopped } else { Wake::Due }
    }

    fn send(&mut self, _host: HostAddress, _datagram: Vec<u8>) {}
}

/// What fails of these steps when the driver stops after this many waits.
fn failure(steps: &str, waits: u32) -> Option<FailureKind> {
    let text = format!("title T\nnet three-imps\nhost SITE1\nhost SITE2\n{steps}\n");
    let scenario = scenario::parse("a.scenario", &text, &BuiltIn).expect("it is sound");
    let driver = Box::new(StopsAfter(waits));
    let outcome = replay_live(&scenario, Options::DIGEST, Box::new(|_| ()), driver, &[]);
    outcome.verdict.err().map(|failures| failures.first().kind)
}

#[test]
fn whatever_waits_ends_when_the_run_is_stopped_and_says_so() {
    let waiting = [
        "SITE2 listens 400\nwithin 5min SITE2 sees OPEN",
        "wait for SITE1 -> SITE2 STR",
        "at 10min SITE1 crashes",
        "+10min SITE1 crashes",
        "expect SITE1 has no connections",
        "SITE2 listens 400\nSITE2 receives 400 HELLO",
    ];
    for steps in waiting {
        for waits in [1, 2] {
            assert_eq!(failure(steps, waits), Some(FailureKind::Stopped), "{steps}");
        }
    }
}

#[test]
fn a_measurement_ends_when_the_run_is_stopped_and_says_so() {
    let text = "title T\nnet 1973-01\n\
        measure round trip from UCLA-NMC to SRI-ARC sizes 1000 bits 9 messages each pauses 1us\n";
    let scenario = scenario::parse("a.scenario", text, &BuiltIn).expect("it is sound");
    for waits in 1..40 {
        let driver = Box::new(StopsAfter(waits));
        let outcome = replay_live(&scenario, Options::DIGEST, Box::new(|_| ()), driver, &[]);
        let failures = outcome.verdict.expect_err("it was stopped");
        assert_eq!(failures.first().kind, FailureKind::Stopped, "{failures}");
    }
}

#[test]
fn a_run_that_is_stopped_while_traffic_is_still_unanswered_is_not_gone_on_with() {
    let text = "title T\nnet 1973-01\n\
        traffic 9 messages/s from every host to every host sizes 16 bits\n+100ms traffic stops\n";
    let scenario = scenario::parse("a.scenario", text, &BuiltIn).expect("it is sound");
    let verdict = |waits| {
        let driver = Box::new(StopsAfter(waits));
        replay_live(&scenario, Options::DIGEST, Box::new(|_| ()), driver, &[]).verdict
    };
    // All steps have been taken after this many waits, and messages are under way.
    let first = (1..).find(|waits| verdict(*waits).is_ok()).expect("the steps end");
    for waits in first..first + 20 {
        assert_eq!(verdict(waits), Ok(()), "all steps were taken before");
    }
}
