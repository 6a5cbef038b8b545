//! The umpire: has the wire monitor watch cables that nobody replays, and says what is told of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use host::Directory;
use imp1822::HostAddress;
use machine::Instant;
use trace::{Culprit, Kind, Monitor, Record, Rule, Violation};

use crate::live::Ration;

/// Watches cables while they live. Whoever breaks a rule a thousand times a second must not fill a screen: of each host
/// each rule is told once, and more only now and then.
pub(crate) struct Umpire {
    monitor: Monitor,
    rations: BTreeMap<Culprit, Ration>,
    /// Hosts that are to break rules.
    excused: Vec<HostAddress>,
    tally: Tally,
}

/// Whether what is told is the first of its sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Novelty {
    First,
    Again,
}

impl Umpire {
    /// An umpire with this monitor, who lets some hosts do as they like.
    pub(crate) fn new(monitor: Monitor, excused: Vec<HostAddress>) -> Self {
        Umpire { monitor, rations: BTreeMap::new(), excused, tally: Tally::default() }
    }

    /// Sees a record; answers the violations that are to be told.
    pub(crate) fn take(&mut self, record: &Record) -> Vec<(Violation, Novelty)> {
        let found = self.monitor.take(record);
        self.weigh(found)
    }

    /// It is over: the same for what is missing.
    pub(crate) fn finish(&mut self, now: Instant) -> Vec<(Violation, Novelty)> {
        let found = self.monitor.finish(now, false);
        self.weigh(found)
    }

    /// What was found, told or not.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    fn weigh(&mut self, found: Vec<Violation>) -> Vec<(Violation, Novelty)> {
        let mut told = Vec::new();
        for violation in found {
            if self.excused.iter().any(|host| violation.concerns(*host)) {
                continue;
            }
            let count = self.tally.add(&violation);
            let novelty = if count.times == 1 { Novelty::First } else { Novelty::Again };
            let ration = self.rations.entry(violation.who).or_default();
            if ration.allows(violation.at) || novelty == Novelty::First {
                told.push((violation, novelty));
            } else {
                count.untold += 1;
            }
        }
        told
    }
}

/// Which rules were broken, by whom and how often.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<Sort, Count>,
}

/// Who it was, which rule, and whether it is only that something was not heard.
type Sort = (Culprit, Rule, bool);

/// How often somebody broke a rule.
#[derive(Debug, Clone, Default)]
struct Count {
    times: u64,
    untold: u64,
    /// When, the first few times.
    first: Vec<Instant>,
}

/// So many times are listed.
const LISTED: usize = 4;

impl Tally {
    /// A tally of all these.
    pub(crate) fn of(found: &[Violation]) -> Self {
        let mut tally = Tally::default();
        for violation in found {
            tally.add(violation);
        }
        tally
    }

    fn add(&mut self, violation: &Violation) -> &mut Count {
        let sort = (violation.who, violation.rule, violation.kind == Kind::Unheard);
        let count = self.counts.entry(sort).or_default();
        count.times += 1;
        if count.first.len() < LISTED {
            count.first.push(violation.at);
        }
        count
    }

    /// Whether a rule was broken for sure.
    pub(crate) fn has_any(&self) -> bool {
        self.counts.keys().any(|(_, _, unheard)| !unheard)
    }

    /// All that was found.
    pub(crate) fn summary(&self, directory: &Directory) -> String {
        let of = |unheard: bool| self.counts.iter().filter(move |((_, _, other), _)| *other == unheard);
        let plural = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let times = of(false).map(|(_, count)| count.times).sum();
        let mut text = match of(false).count() as u64 {
            0 => "no rule was broken, as far as was seen\n".to_owned(),
            rules => format!("{} broken, {} in all:\n", plural(rules, "rule"), plural(times, "time")),
        };
        of(false).for_each(|(sort, count)| sum_up(&mut text, directory, *sort, count));
        if of(true).count() > 0 {
            text.push_str("not heard, unless something was lost:\n");
        }
        of(true).for_each(|(sort, count)| sum_up(&mut text, directory, *sort, count));
        text
    }
}

fn sum_up(text: &mut String, directory: &Directory, (who, rule, _): Sort, count: &Count) {
    let name = match who {
        Culprit::Host(host) => directory.name(host),
        Culprit::Imp(host) => format!("the IMP of {}", directory.name(host)),
    };
    let Count { times, untold, first } = count;
    let mut when: Vec<String> = first.iter().map(Instant::to_string).collect();
    if *times > first.len() as u64 {
        when.push("...".to_owned());
    }
    let told = if *untold > 0 { format!(", of which {untold} were not shown") } else { String::new() };
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
        let text = umpire.tally().summary(&Directory::default());
        assert!(text.starts_with("2 rules broken, 60001 times in all:\n"), "{text}");
        assert!(text.contains("60000 x, of which"), "{text}");
        assert!(umpire.tally().has_any());
    }

    #[test]
    fn of_nothing_it_is_said_that_it_is_nothing() {
        let (umpire, told) = flood(0);
        assert_eq!((told, umpire.tally().has_any()), (0, false));
        assert_eq!(umpire.tally().summary(&Directory::default()), "no rule was broken, as far as was seen\n");
    }
}
