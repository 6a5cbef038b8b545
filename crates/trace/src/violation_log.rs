//! A log of violations: a monitor, the hosts that may break rules, and how often each rule was broken.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use host::Directory;
use imp1822::HostAddress;
use machine::Instant;

use crate::monitor::{Culprit, Monitor, Rule, Violation, ViolationKind};
use crate::record::Record;

/// Watches a run, and counts the violations of hosts that may not commit any.
#[derive(Debug)]
pub struct ViolationLog {
    monitor: Monitor,
    /// Hosts that may break rules, and whether each has.
    allowed: BTreeMap<HostAddress, bool>,
    counts: ViolationCounts,
}

/// A violation that was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// What was found.
    pub violation: Violation,
    /// Whether the culprit has not broken this rule before.
    pub is_first: bool,
}

impl ViolationLog {
    /// An empty log of what this monitor finds. Violations in which one of the `allowed` hosts has a part are not
    /// logged.
    pub fn new(monitor: Monitor, allowed: impl IntoIterator<Item = HostAddress>) -> Self {
        let allowed = allowed.into_iter().map(|host| (host, false)).collect();
        ViolationLog { monitor, allowed, counts: ViolationCounts::default() }
    }

    /// Takes the next record, and returns the violations that it shows.
    #[inline]
    pub fn take(&mut self, record: &Record) -> Vec<Logged> {
        let found = self.monitor.take(record);
        if found.is_empty() { Vec::new() } else { self.log(found) }
    }

    /// A slow host looks at the message of whose arrival the record with this number has told ([`Monitor::looks`]).
    pub fn looks(&mut self, now: Instant, host: HostAddress, number: u64) {
        self.monitor.looks(now, host, number);
    }

    /// The run is over: returns what is missing. `quiet`: nothing more would ever happen.
    pub fn finish(&mut self, now: Instant, quiet: bool) -> Vec<Logged> {
        let found = self.monitor.finish(now, quiet);
        self.log(found)
    }

    /// All that was logged.
    pub fn counts(&self) -> &ViolationCounts {
        &self.counts
    }

    /// Notes for the summary that a logged violation was not shown to the user.
    pub fn hide(&mut self, violation: &Violation) {
        self.counts.count(violation).hidden += 1;
    }

    /// Whether a host may break rules, and has not.
    pub fn is_unused_exemption(&self, host: HostAddress) -> bool {
        self.allowed.get(&host) == Some(&false)
    }

    fn log(&mut self, found: Vec<Violation>) -> Vec<Logged> {
        let mut logged = Vec::new();
        for violation in found {
            if let Culprit::Host(host) = violation.who
                && !violation.rule.is_advice()
                && let Some(used) = self.allowed.get_mut(&host)
            {
                *used = true;
            }
            if self.allowed.keys().any(|host| violation.concerns(*host)) {
                continue;
            }
            let is_first = self.counts.add(&violation);
            logged.push(Logged { violation, is_first });
        }
        logged
    }
}

/// How many of the times are listed at which a culprit broke a rule.
const LISTED: usize = 4;

/// Culprit, rule, and whether loss on the cable could explain it.
type Key = (Culprit, Rule, bool);

/// Under which heading of a summary something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// A rule was certainly broken.
    Broken,
    /// Something was not heard, which loss could explain.
    Unheard,
    /// Advice was not followed.
    Advice,
}

impl Weight {
    fn of((_, rule, may_be_lost): Key) -> Self {
        match (rule.is_advice(), may_be_lost) {
            (true, _) => Weight::Advice,
            (false, true) => Weight::Unheard,
            (false, false) => Weight::Broken,
        }
    }
}

/// Which rules were broken, by whom and how often.
#[derive(Debug, Default)]
pub struct ViolationCounts {
    counts: BTreeMap<Key, Count>,
}

/// How often a culprit broke a rule.
#[derive(Debug, Clone, Default)]
struct Count {
    times: u64,
    hidden: u64,
    /// When, the first few times.
    first: Vec<Instant>,
}

impl ViolationCounts {
    /// The rules that were broken, and the advice that was not followed.
    pub fn rules(&self) -> BTreeSet<Rule> {
        self.counts.keys().map(|(_, rule, _)| *rule).collect()
    }

    /// The counts of these violations.
    pub fn of<'v>(found: impl IntoIterator<Item = &'v Violation>) -> Self {
        let mut counts = ViolationCounts::default();
        found.into_iter().for_each(|violation| {
            counts.add(violation);
        });
        counts
    }

    /// Counts these violations, and returns with the counts those that are [to be shown](ViolationCounts::add_shown).
    pub fn of_shown(mut found: Vec<Violation>) -> (Self, Vec<Violation>) {
        let mut counts = ViolationCounts::default();
        found.retain(|violation| counts.add_shown(violation));
        (counts, found)
    }

    /// Counts a violation. Returns whether it is to be shown: of advice that somebody does not follow only the first time,
    /// since he may have good reasons not to.
    pub fn add_shown(&mut self, violation: &Violation) -> bool {
        let is_shown = self.add(violation) || !violation.rule.is_advice();
        if !is_shown {
            self.count(violation).hidden += 1;
        }
        is_shown
    }

    /// Whether a rule was certainly broken: neither what may only have been lost counts, nor advice.
    pub fn is_any_certain(&self) -> bool {
        self.counts.keys().any(|key| Weight::of(*key) == Weight::Broken)
    }

    /// All that was found, on lines of their own: rules that were certainly broken, then what may have been lost, then
    /// advice that was not followed.
    pub fn summary(&self, directory: &Directory) -> String {
        let of = |weight| self.counts.iter().filter(move |(key, _)| Weight::of(**key) == weight);
        let plural = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let times = of(Weight::Broken).map(|(_, count)| count.times).sum();
        let mut text = match of(Weight::Broken).count() as u64 {
            0 => "no rule was broken, as far as was seen\n".to_owned(),
            rules => format!("{} broken, {} in all:\n", plural(rules, "rule"), plural(times, "time")),
        };
        of(Weight::Broken).for_each(|(key, count)| sum_up(&mut text, directory, *key, count));
        if of(Weight::Unheard).count() > 0 {
            text.push_str("not heard, unless something was lost:\n");
        }
        of(Weight::Unheard).for_each(|(key, count)| sum_up(&mut text, directory, *key, count));
        text + &self.advice(directory)
    }

    /// The advice that was not followed, on lines of their own; nothing, if there is none.
    pub fn advice(&self, directory: &Directory) -> String {
        let mut text = String::new();
        let advice = self.counts.iter().filter(|(key, _)| Weight::of(**key) == Weight::Advice);
        for (key, count) in advice {
            if text.is_empty() {
                text.push_str("against advice, which nobody must follow:\n");
            }
            sum_up(&mut text, directory, *key, count);
        }
        text
    }

    /// Counts a violation. Returns whether it is the first of its sort.
    pub fn add(&mut self, violation: &Violation) -> bool {
        let count = self.count(violation);
        count.times += 1;
        if count.first.len() < LISTED {
            count.first.push(violation.at);
        }
        count.times == 1
    }

    fn count(&mut self, violation: &Violation) -> &mut Count {
        let may_be_lost = violation.kind == ViolationKind::Unheard;
        self.counts.entry((violation.who, violation.rule, may_be_lost)).or_default()
    }
}

fn sum_up(text: &mut String, directory: &Directory, (who, rule, _): Key, count: &Count) {
    let Count { times, hidden, first } = count;
    let mut when: Vec<String> = first.iter().map(Instant::to_string).collect();
    if *times > first.len() as u64 {
        when.push("...".to_owned());
    }
    let hidden = if *hidden > 0 { format!(", of which {hidden} were not shown") } else { String::new() };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  {}, {times} x{hidden}: {rule}", who.name(directory));
    let _ = writeln!(text, "    ({}) at {}", rule.source(), when.join(", "));
}

#[cfg(test)]
mod tests {
    use imp1822::Signal;
    use machine::{Bits, Span};

    use super::*;
    use crate::record::What;

    const UP: Signal = Signal::Ready(true);

    /// A signal that no host may send: a message of type 6.
    fn illegal() -> Signal {
        Signal::Message(Bits::from_bytes(&[6, 0, 0, 0]))
    }

    /// A log of hosts 1 and 2, both up, which send what no host may, once in each of these seconds.
    fn log(allowed: &[u8], seconds: &[(u8, u64)]) -> (ViolationLog, Vec<Logged>) {
        let allowed = allowed.iter().map(|host| HostAddress::from(*host));
        let mut log = ViolationLog::new(Monitor::default(), allowed);
        let mut logged = Vec::new();
        let mut record = |at, what| logged.extend(log.take(&Record { at, cause: None, what }));
        for host in [1, 2].map(HostAddress::from) {
            record(Instant::START, What::Sent { host, signal: UP });
            record(Instant::START, What::Received { host, signal: UP });
            let nop = Signal::Message(imp1822::ToImp::Nop.bits());
            record(Instant::START, What::Sent { host, signal: nop });
        }
        for (host, second) in seconds {
            let at = Instant::START + Span::from_secs(*second);
            record(at, What::Sent { host: HostAddress::from(*host), signal: illegal() });
        }
        (log, logged)
    }

    #[test]
    fn the_first_of_each_culprit_and_rule_is_told_from_the_others() {
        let (_, logged) = log(&[], &[(1, 1), (1, 2), (2, 3)]);
        let first: Vec<_> =
            logged.iter().map(|one| (one.violation.who.host().number(), one.is_first)).collect();
        assert_eq!(first, [(1, true), (1, false), (2, true)]);
    }

    #[test]
    fn what_a_host_does_that_may_break_rules_is_not_logged_but_it_has_done_it() {
        let (log, logged) = log(&[1, 2], &[(1, 1)]);
        assert_eq!(logged, []);
        assert!(!log.counts().is_any_certain());
        let unused = [1, 2, 3].map(|host| log.is_unused_exemption(HostAddress::from(host)));
        assert_eq!(unused, [false, true, false]);
    }

    #[test]
    fn a_summary_has_the_rule_how_often_it_was_broken_and_the_first_few_times() {
        let mut names = Directory::default();
        names.add("SITE1", HostAddress::from(1));
        let (mut log, logged) = log(&[], &[(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]);
        log.hide(&logged[4].violation);
        assert_eq!(
            log.counts().summary(&names),
            "1 rule broken, 5 times in all:\n\
             \x20 SITE1, 5 x, of which 1 were not shown: a host sends messages of types 0, 1, 2, 4 and 8\n\
             \x20   (RFC 381, 2, type 1) at 1.000000, 2.000000, 3.000000, 4.000000, ...\n"
        );
    }

    #[test]
    fn advice_is_counted_apart_and_shown_once_and_breaks_nothing() {
        let mut names = Directory::default();
        names.add("SITE1", HostAddress::from(1));
        let advice = |second| Violation {
            at: Instant::START + Span::from_secs(second),
            record: second,
            who: Culprit::Host(HostAddress::from(1)),
            with: None,
            rule: Rule::NopsFirst,
            what: String::new(),
            kind: ViolationKind::Done,
        };
        let (counts, shown) = ViolationCounts::of_shown(vec![advice(1), advice(2)]);
        assert_eq!(shown, [advice(1)], "once is enough");
        assert!(!counts.is_any_certain(), "it is no broken rule");
        let summary = counts.summary(&names);
        assert_eq!(
            summary.lines().take(2).collect::<Vec<_>>(),
            ["no rule was broken, as far as was seen", "against advice, which nobody must follow:"]
        );
        assert!(summary.contains("  SITE1, 2 x, of which 1 were not shown: RFC 394 asks"), "{summary}");
    }

    #[test]
    fn of_nothing_the_summary_is_that_it_is_nothing() {
        let (log, _) = log(&[], &[]);
        let summary = log.counts().summary(&Directory::default());
        assert_eq!(summary, "no rule was broken, as far as was seen\n");
    }
}
