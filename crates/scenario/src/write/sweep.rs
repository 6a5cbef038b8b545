//! What is said of a sweep, as it is written.

use std::ops::RangeInclusive;

use machine::Span;

use super::super::ast::{FaultKind, FaultsPlan, SweepPlan, Varies};
use super::names::{Called, lasting, time_of_run};

/// The widest line of a list, in columns: what is wider goes on in the next one.
const WIDEST: usize = 96;

/// What is said of a sweep; no line if nothing is said of it.
pub(super) fn sweep(called: Called<'_>, plan: &SweepPlan) -> Vec<String> {
    let SweepPlan { faults, between, nets, varies, .. } = plan;
    let mut lines = Vec::new();
    lines.extend(faults.iter().flat_map(|plan| self::faults(called, plan)));
    lines.extend(between.as_ref().map(|between| {
        format!("  between {} and {}", time_of_run(*between.start()), time_of_run(*between.end()))
    }));
    if !nets.is_empty() {
        lines.extend(list("  nets ", nets.iter().map(|net| net.name.clone()).collect()));
    }
    lines.extend(varies.iter().flat_map(self::varies));
    if !lines.is_empty() {
        lines.insert(0, "sweep".to_owned());
    }
    lines
}

fn faults(called: Called<'_>, plan: &FaultsPlan) -> Vec<String> {
    let FaultsPlan { count, kinds } = plan;
    if kinds.is_empty() && (*count.start(), *count.end()) == (0, 0) {
        return vec!["  faults none".to_owned()];
    }
    let count = range_of(count.start().to_string(), count.end().to_string());
    if kinds.is_empty() {
        return vec![format!("  faults {count}")];
    }
    list(&format!("  faults {count} of: "), kinds.iter().map(|kind| fault(called, kind)).collect())
}

/// `1s to 3s`, or if both are the same, `3s`.
fn spans(range: &RangeInclusive<Span>) -> String {
    range_of(lasting(*range.start()), lasting(*range.end()))
}

fn range_of(least: String, most: String) -> String {
    if least == most { least } else { format!("{least} to {most}") }
}

fn fault(called: Called<'_>, kind: &FaultKind) -> String {
    let host = |of: &Option<_>| of.map_or_else(|| "any host".to_owned(), |host| called.host(host));
    let cable = |of: &Option<_>| {
        of.map_or_else(|| "any cable".to_owned(), |host| format!("cable of {}", called.host(host)))
    };
    let lasts = |lasts: &Option<RangeInclusive<Span>>| {
        lasts.as_ref().map(|lasts| format!(" for {}", spans(lasts))).unwrap_or_default()
    };
    match kind {
        FaultKind::HostCrashes { of, lasts: None } => format!("{} crashes", host(of)),
        FaultKind::HostCrashes { of, lasts: Some(down) } => {
            format!("{} restarts after {}", host(of), spans(down))
        }
        FaultKind::HostHangs { of, lasts: time } => format!("{} hangs{}", host(of), lasts(time)),
        FaultKind::LineFails { of, lasts: time } => {
            let line = of.map_or_else(|| "any line".to_owned(), |between| called.line(between));
            format!("{line} fails{}", lasts(time))
        }
        FaultKind::LineErrs { of, lasts: time } => {
            let line = of.map_or_else(|| "any line".to_owned(), |between| called.line(between));
            format!("{line} flips bits{}", lasts(time))
        }
        FaultKind::ImpCrashes { of, lasts: time } => {
            let imp = of.map_or_else(|| "any imp".to_owned(), |imp| format!("imp {}", called.imp(imp)));
            format!("{imp} crashes{}", lasts(time))
        }
        FaultKind::CablePulled { of, lasts: time } => format!("{} is pulled{}", cable(of), lasts(time)),
        FaultKind::CableLoses { of } => format!("{} loses one message", cable(of)),
        FaultKind::CableRepeats { of } => format!("{} repeats one message", cable(of)),
        FaultKind::CableDelays { of, by } => {
            let by = by.as_ref().map(|by| format!(" by {}", spans(by))).unwrap_or_default();
            format!("{} delays one message{by}", cable(of))
        }
        FaultKind::CableGarbles { of } => format!("{} garbles one message", cable(of)),
    }
}

fn varies(varies: &Varies) -> Vec<String> {
    let Varies { file_sizes, allocations, queue_policies, editions, answers, disks } = varies;
    let mut items = Vec::new();
    items.extend(
        file_sizes.as_ref().map(|sizes| format!("file sizes {} to {} bytes", sizes.start(), sizes.end())),
    );
    items.extend(allocations.then(|| "allocations".to_owned()));
    items.extend(queue_policies.then(|| "queue policies".to_owned()));
    items.extend(editions.then(|| "editions".to_owned()));
    items.extend(answers.map(|most| format!("timing up to {}", lasting(most))));
    items.extend(disks.then(|| "room on disks".to_owned()));
    if items.is_empty() {
        items.push("nothing".to_owned());
    }
    list("  varies ", items)
}

/// A list behind its beginning, in lines that fit.
fn list(begin: &str, items: Vec<String>) -> Vec<String> {
    const ROOM: usize = 12;
    let mut lines = vec![begin.to_owned()];
    let last = items.len().saturating_sub(1);
    for (index, item) in items.into_iter().enumerate() {
        let comma = if index == last { "" } else { "," };
        let line = lines.last_mut().map(|line| (line.trim_end().len() + item.len() + 2, line));
        match line {
            Some((width, line)) if index == 0 || width <= WIDEST - ROOM => {
                let blank = if line.ends_with(' ') { "" } else { " " };
                line.push_str(&format!("{blank}{item}{comma}"));
            }
            _ => lines.push(format!("    {item}{comma}")),
        }
    }
    lines
}
