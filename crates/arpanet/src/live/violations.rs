//! Violations of the protocols in a live run, and which of them are shown.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::Instant;
use trace::{Culprit, Logged, Monitor, Record, ViolationCounts, ViolationLog};

use super::rate_limiter::RateLimiter;

/// Finds violations and counts all of them. A host that breaks a rule a thousand times a second must not fill a screen:
/// of each host the first violation of each rule is shown, and others at a limited rate. Advice that it does not follow is
/// shown once.
pub(crate) struct LiveViolations {
    log: ViolationLog,
    limiters: BTreeMap<Culprit, RateLimiter>,
}

impl LiveViolations {
    /// The violations that this monitor finds, but for those in which one of the `allowed` hosts has a part.
    pub(crate) fn new(monitor: Monitor, allowed: Vec<HostAddress>) -> Self {
        LiveViolations { log: ViolationLog::new(monitor, allowed), limiters: BTreeMap::new() }
    }

    /// Takes the next record, and returns the violations that are to be shown.
    pub(crate) fn record(&mut self, record: &Record) -> Vec<Logged> {
        let found = self.log.take(record);
        self.limit(found)
    }

    /// The run is over: returns what is missing and is to be shown.
    pub(crate) fn finish(&mut self, now: Instant) -> Vec<Logged> {
        let found = self.log.finish(now, false);
        self.limit(found)
    }

    /// All that was found, shown or not.
    pub(crate) fn counts(&self) -> &ViolationCounts {
        self.log.counts()
    }

    fn limit(&mut self, mut found: Vec<Logged>) -> Vec<Logged> {
        found.retain(|Logged { violation, is_first }| {
            let limiter = self.limiters.entry(violation.who).or_default();
            let is_shown = *is_first || !violation.rule.is_advice() && limiter.allows(violation.at);
            if !is_shown {
                self.log.hide(violation);
            }
            is_shown
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use host::Directory;
    use imp1822::Signal;
    use machine::{Bits, Span};
    use trace::What;

    use super::*;

    /// A host that is up and sends a message that no host may send, this many times. Returns how many violations are shown.
    fn flood(times: u64) -> (LiveViolations, usize) {
        let host = HostAddress::from(1);
        let mut violations = LiveViolations::new(Monitor::default(), Vec::new());
        let mut told = 0;
        let mut hear = |violations: &mut LiveViolations, at, what| {
            told += violations.record(&Record { at, cause: None, what }).len();
        };
        let up = Signal::Ready(true);
        hear(&mut violations, Instant::START, What::Sent { host, signal: up.clone() });
        hear(&mut violations, Instant::START, What::Received { host, signal: up });
        for number in 0..times {
            let at = Instant::START + Span::from_millis(number);
            let signal = Signal::Message(Bits::from_bytes(&[6, 0, 0, 0]));
            hear(&mut violations, at, What::Sent { host, signal });
        }
        (violations, told)
    }

    #[test]
    fn of_a_flood_a_little_is_told_and_all_is_counted() {
        let (violations, told) = flood(60_000);
        assert!((7..100).contains(&told), "{told} of 60000 in a minute, and the advice on the first");
        let text = violations.counts().summary(&Directory::default());
        assert!(text.starts_with("1 rule broken, 60000 times in all:\n"), "{text}");
        assert!(text.contains("against advice, which nobody must follow:\n  host 1, 1 x"), "{text}");
        assert!(text.contains("60000 x, of which"), "{text}");
        assert!(violations.counts().is_any_certain());
    }

    #[test]
    fn of_nothing_it_is_said_that_it_is_nothing() {
        let (violations, told) = flood(0);
        assert_eq!((told, violations.counts().is_any_certain()), (0, false));
        assert_eq!(
            violations.counts().summary(&Directory::default()),
            "no rule was broken, as far as was seen\n"
        );
    }
}
