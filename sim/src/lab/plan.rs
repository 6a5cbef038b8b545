//! What a sweep may break and vary: what the scenario says, and the laboratory's own choice where it says nothing.

use std::ops::RangeInclusive;

use machine::{Instant, Span};
use scenario::ast::{FaultKind, FaultsPlan, Scenario, SweepPlan, Varies};

/// How many faults a run has if its scenario does not say.
const COUNT: RangeInclusive<u32> = 0..=4;

/// How long a host takes at most before it looks at what has arrived: a time-sharing system with many users.
const ANSWERS: Span = Span::from_millis(50);

/// How large the files are.
const FILE_SIZES: RangeInclusive<u64> = 0..=20_000;

/// All that a sweep may break and vary.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) faults: FaultsPlan,
    /// Whether the scenario leaves it to the laboratory what breaks.
    pub(super) is_free: bool,
    pub(super) between: RangeInclusive<Instant>,
    /// Up to when most of it breaks; some does later. What breaks when all is over teaches nothing, but with other files and
    /// policies, and with a fault, a run is longer.
    pub(super) mostly_until: Instant,
    pub(super) varies: Varies,
}

impl Plan {
    /// That of a scenario, which takes so long if nothing breaks.
    pub(super) fn of(scenario: &Scenario, undisturbed: Instant) -> Self {
        let sweep = scenario.sweep.as_ref();
        let said = sweep.and_then(|sweep| sweep.faults.clone());
        let is_free = said.is_none();
        let FaultsPlan { count, kinds } = said.unwrap_or(FaultsPlan { count: COUNT, kinds: Vec::new() });
        let kinds = if kinds.is_empty() { usual_kinds() } else { kinds };
        let times = |numerator: u64, denominator: u64| {
            Instant::from_micros(undisturbed.as_micros() * numerator / denominator)
        };
        let said = sweep.and_then(|sweep| sweep.between.clone());
        let (between, mostly_until) = match said {
            Some(said) => (said.clone(), *said.end()),
            None => (Instant::START..=times(4, 1) + Span::from_secs(1), times(5, 4) + Span::from_millis(100)),
        };
        let usual = || Varies {
            file_sizes: Some(FILE_SIZES),
            allocations: true,
            queue_policies: true,
            editions: false,
            answers: Some(ANSWERS),
            disks: true,
        };
        let varies = sweep.and_then(|sweep: &SweepPlan| sweep.varies.clone()).unwrap_or_else(usual);
        Plan { faults: FaultsPlan { count, kinds }, is_free, between, mostly_until, varies }
    }
}

/// Everything that can break, and heals again.
fn usual_kinds() -> Vec<FaultKind> {
    let lasts = |least, most| Some(Span::from_millis(least)..=Span::from_secs(most));
    vec![
        FaultKind::HostCrashes { of: None, lasts: lasts(1000, 600) },
        FaultKind::HostHangs { of: None, lasts: lasts(100, 120) },
        FaultKind::LineFails { of: None, lasts: lasts(1000, 300) },
        FaultKind::LineErrs { of: None, lasts: lasts(1000, 300) },
        FaultKind::ImpCrashes { of: None, lasts: lasts(1000, 600) },
        FaultKind::CablePulled { of: None, lasts: lasts(100, 60) },
        FaultKind::CableLoses { of: None },
        FaultKind::CableRepeats { of: None },
        FaultKind::CableDelays { of: None, by: None },
        FaultKind::CableGarbles { of: None },
    ]
}
