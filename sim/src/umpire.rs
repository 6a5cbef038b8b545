//! The umpire: has the wire monitor watch cables whose run nobody replays, and says what is told of it.

use std::collections::BTreeMap;
use std::fmt::Write;

use host::Directory;
use imp1822::HostAddress;
use machine::Instant;
use trace::{Culprit, Kind, Monitor, Record, Rule, Violation};

use crate::live::Ration;

/// Watches cables, and counts.
pub(crate) struct Umpire {
    monitor: Monitor,
    /// Whether only so much is told in a while: whoever breaks a rule a thousand times a second must not fill a screen.
    is_brief: bool,
    rations: BTreeMap<Culprit, Ration>,
    /// Hosts that are to break rules.
    excused: Vec<HostAddress>,
    counts: BTreeMap<(Culprit, Rule, bool), Count>,
}

/// How often somebody broke a rule.
#[derive(Debug, Clone)]
struct Count {
    times: u64,
    told: u64,
    /// When, the first few times.
    first: Vec<Instant>,
}

/// So many times are listed.
const LISTED: usize = 4;

impl Umpire {
    /// An umpire who tells everything.
    pub(crate) fn new(monitor: Monitor) -> Self {
        let (rations, counts) = (BTreeMap::new(), BTreeMap::new());
        Umpire { monitor, is_brief: false, rations, excused: Vec::new(), counts }
    }

    /// One for runs that may be long: of each host he tells each rule once, and more only now and then.
    pub(crate) fn brief(monitor: Monitor, excused: Vec<HostAddress>) -> Self {
        Umpire { is_brief: true, excused, ..Umpire::new(monitor) }
    }

    /// Sees a record; answers the violations that are to be told, and whether each is the first of its sort.
    pub(crate) fn take(&mut self, record: &Record) -> Vec<(Violation, bool)> {
        let found = self.monitor.take(record);
        self.weigh(found)
    }

    /// It is over: the same for what is missing.
    pub(crate) fn finish(&mut self, now: Instant) -> Vec<(Violation, bool)> {
        let found = self.monitor.finish(now, false);
        self.weigh(found)
    }

    fn weigh(&mut self, found: Vec<Violation>) -> Vec<(Violation, bool)> {
        let mut told = Vec::new();
        for violation in found {
            if self.excused.iter().any(|host| violation.concerns(*host)) {
                continue;
            }
            let sort = (violation.who, violation.rule, violation.kind == Kind::Unheard);
            let count = self.counts.entry(sort).or_insert(Count { times: 0, told: 0, first: Vec::new() });
            count.times += 1;
            if count.first.len() < LISTED {
                count.first.push(violation.at);
            }
            let is_first = count.times == 1;
            let ration = self.rations.entry(violation.who).or_default();
            if ration.allows(violation.at) || is_first || !self.is_brief {
                count.told += 1;
                told.push((violation, is_first));
            }
        }
        told
    }

    /// Whether a rule was broken for sure.
    pub(crate) fn has_found_any(&self) -> bool {
        self.counts.keys().any(|(_, _, unheard)| !unheard)
    }

    /// All that was found, by who it was and which rule; told or not.
    pub(crate) fn summary(&self, directory: &Directory) -> String {
        let of = |unheard: bool| self.counts.iter().filter(move |((_, _, other), _)| *other == unheard);
        let plural = |count: u64, one: &str, more: &str| {
            if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
        };
        let mut text = match of(false).count() as u64 {
            0 => "no rule was broken, as far as was seen\n".to_owned(),
            rules => {
                let times = of(false).map(|(_, count)| count.times).sum();
                let (rules, times) = (plural(rules, "rule", "rules"), plural(times, "time", "times"));
                format!("{rules} broken, {times} in all:\n")
            }
        };
        of(false).for_each(|(sort, count)| sum_up(&mut text, directory, *sort, count));
        if of(true).count() > 0 {
            text.push_str("not heard, unless something was lost:\n");
        }
        of(true).for_each(|(sort, count)| sum_up(&mut text, directory, *sort, count));
        text
    }
}

fn sum_up(text: &mut String, directory: &Directory, (who, rule, _): (Culprit, Rule, bool), count: &Count) {
    let name = match who {
        Culprit::Host(host) => directory.name(host),
        Culprit::Imp(host) => format!("the IMP of {}", directory.name(host)),
    };
    let Count { times, told, first } = count;
    let mut when: Vec<String> = first.iter().map(Instant::to_string).collect();
    if *times > first.len() as u64 {
        when.push("...".to_owned());
    }
    let told = if told < times { format!(", of which {told} were shown") } else { String::new() };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  {name}, {times} x{told}: {rule}");
    let _ = writeln!(text, "    ({}) at {}", rule.source(), when.join(", "));
}

#[cfg(test)]
mod tests {
    use imp1822::Signal;
    use machine::{Bits, Span};
    use trace::What;

    use super::*;

    /// A host that is up and sends what no host may, so often.
    fn flood(times: u64) -> (Umpire, usize) {
        let host = HostAddress::from(1);
        let mut umpire = Umpire::brief(Monitor::default(), Vec::new());
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
        let text = umpire.summary(&Directory::default());
        assert!(text.starts_with("2 rules broken, 60001 times in all:\n"), "{text}");
        assert!(text.contains("60000 x, of which"), "{text}");
        assert!(umpire.has_found_any());
    }

    #[test]
    fn of_nothing_it_is_said_that_it_is_nothing() {
        let (umpire, told) = flood(0);
        assert_eq!((told, umpire.has_found_any()), (0, false));
        assert_eq!(umpire.summary(&Directory::default()), "no rule was broken, as far as was seen\n");
    }
}
