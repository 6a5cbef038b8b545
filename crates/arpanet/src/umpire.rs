//! The umpire: has the wire monitor watch cables that nobody replays, and says what is told of them.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::Instant;
use trace::{Culprit, Logged, Monitor, Record, ViolationCounts, ViolationLog};

use crate::live::Ration;

/// Watches cables while they live. A host that breaks a rule a thousand times a second must not fill a screen: of each
/// host the first violation of each rule is shown, and others at a limited rate.
pub(crate) struct Umpire {
    log: ViolationLog,
    rations: BTreeMap<Culprit, Ration>,
}

impl Umpire {
    /// An umpire with this monitor, who lets some hosts do as they like.
    pub(crate) fn new(monitor: Monitor, excused: Vec<HostAddress>) -> Self {
        Umpire { log: ViolationLog::new(monitor, excused), rations: BTreeMap::new() }
    }

    /// Takes a record, and returns the violations that are to be shown.
    pub(crate) fn take(&mut self, record: &Record) -> Vec<Logged> {
        let found = self.log.take(record);
        self.ration(found)
    }

    /// The run is over: the same for what is missing.
    pub(crate) fn finish(&mut self, now: Instant) -> Vec<Logged> {
        let found = self.log.finish(now, false);
        self.ration(found)
    }

    /// What was found, shown or not.
    pub(crate) fn counts(&self) -> &ViolationCounts {
        self.log.counts()
    }

    fn ration(&mut self, mut found: Vec<Logged>) -> Vec<Logged> {
        found.retain(|Logged { violation, is_first }| {
            let ration = self.rations.entry(violation.who).or_default();
            let is_shown = ration.allows(violation.at) || *is_first;
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

    /// A host that is up and sends what no host may, so often.
    fn flood(times: u64) -> (Umpire, usize) {
        let host = HostAddress::from(1);
        let mut umpire = Umpire::new(Monitor::default(), Vec::new());
        let mut told = 0;
        let mut hear = |umpire: &mut Umpire, at, what| {
            told += umpire.take(&Record { at, cause: None, what }).len();
        };
        let up = Signal::Ready(true);
        hear(&mut umpire, Instant::START, What::Sent { host, signal: up.clone() });
        hear(&mut umpire, Instant::START, What::Received { host, signal: up });
        for number in 0..times {
            let at = Instant::START + Span::from_millis(number);
            let signal = Signal::Message(Bits::from_bytes(&[6, 0, 0, 0]));
            hear(&mut umpire, at, What::Sent { host, signal });
        }
        (umpire, told)
    }

    #[test]
    fn of_a_flood_a_little_is_told_and_all_is_counted() {
        let (umpire, told) = flood(60_000);
        assert!((7..100).contains(&told), "{told} of 60000 in a minute, and the first that was no NOP");
        let text = umpire.counts().summary(&Directory::default());
        assert!(text.starts_with("2 rules broken, 60001 times in all:\n"), "{text}");
        assert!(text.contains("60000 x, of which"), "{text}");
        assert!(umpire.counts().is_any_certain());
    }

    #[test]
    fn of_nothing_it_is_said_that_it_is_nothing() {
        let (umpire, told) = flood(0);
        assert_eq!((told, umpire.counts().is_any_certain()), (0, false));
        assert_eq!(
            umpire.counts().summary(&Directory::default()),
            "no rule was broken, as far as was seen\n"
        );
    }
}
