//! Draws a case from a seed: a scenario like the given one, with other sizes and policies, in which something breaks.

use std::ops::RangeInclusive;

use host::stream;
use imp::{Fault, Mishap, Net, Toward};
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::Allocation;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scenario::ast::{
    Action, Content, FaultKind, HostAction, HostPlan, Meanwhile, PolicyPlan, Requests, Scenario, Varies,
};

use super::mend::{FEW_ERRORS, end_of, is_end};
use super::plan::Plan;

/// How long after the last fault everything is whole again that would not heal by itself.
const ALL_HEALED: Span = Span::from_secs(1800);

/// How much later a delayed message arrives.
const DELAYS: RangeInclusive<Span> = Span::from_millis(1)..=Span::from_secs(30);

/// Of so many bits a bad line gets one wrong: of the least number, one in most frames.
const ONE_BIT_IN: RangeInclusive<u64> = 1000..=100_000;

/// How many bytes a small disk has room for: less than a large file has, as a rule.
const ROOM: RangeInclusive<u64> = 0..=20_000;

/// A file takes no more messages than this.
const MOST_MESSAGES: u64 = 100;

/// So often another part is drawn if the first one is broken already.
const TRIES: u32 = 4;

/// How often nothing breaks but that all lines get bits wrong, and of how many bits one: so few that IMPs mend them. How long
/// they go on with it after the last of what is done: whoever still waits then waits for something else, and IMPs that have
/// nothing to do but to mend routing messages teach nothing.
const ONLY_LINES: f64 = 0.05;
const LINES_HEAL: Span = Span::from_secs(300);
const ONE_BIT_IN_OF_ALL: RangeInclusive<u64> = FEW_ERRORS..=20_000;

/// How often a disk has little room.
const SMALL_DISKS: f64 = 0.06;

/// How often two faults come close together.
const GATHERED: f64 = 0.25;

/// How close.
const CLOSE: Span = Span::from_millis(50);

/// How often a cable that loses a message loses those behind it, too, and how many of them at most.
const LOSES_MORE: f64 = 0.3;
const MOST_MORE: u64 = 2;

/// What can be broken once at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Host(HostAddress),
    Interface(HostAddress),
    Cable(HostAddress),
    Line([u8; 2]),
    Imp(u8),
}

/// A fault that was drawn.
struct Drawn {
    /// What breaks, if it stays broken.
    part: Option<Part>,
    begin: Action,
    /// How long it lasts, if it heals by itself.
    lasts: Option<RangeInclusive<Span>>,
}

/// Draws from one seed.
pub(super) struct Draw<'a> {
    random: ChaCha8Rng,
    /// A stream of its own for what comes together: it moves nothing else that is drawn.
    gathered: ChaCha8Rng,
    /// The same for what is lost in a row.
    lost: ChaCha8Rng,
    /// The same for how much fits on disks.
    disks: ChaCha8Rng,
    plan: &'a Plan,
    broken: Vec<(Part, RangeInclusive<Instant>)>,
}

impl<'a> Draw<'a> {
    /// What is drawn from this seed.
    pub(super) fn new(plan: &'a Plan, seed: u64) -> Self {
        let draws = |what: &str| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(stream(what));
            random
        };
        let random = draws("what differs from seed to seed");
        let (gathered, lost) = (draws("what comes together"), draws("what is lost in a row"));
        let disks = draws("what fits on a disk");
        Draw { random, gathered, lost, disks, plan, broken: Vec::new() }
    }

    /// A number below `count`, which is not zero.
    pub(super) fn index(&mut self, count: usize) -> usize {
        self.random.random_range(0..count)
    }

    /// One of these.
    fn choice<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.index(of.len())].clone()) }
    }

    /// Makes the scenario another one of its kind.
    pub(super) fn vary(&mut self, scenario: &mut Scenario) {
        let varies = &self.plan.varies;
        for host in scenario.hosts.iter_mut().filter(|host| host.external.is_none()) {
            self.vary_host(host, varies);
        }
        if let Some(sizes) = &varies.file_sizes {
            self.vary_files(scenario, sizes);
        }
        let count = self.random.random_range(self.plan.faults.count.clone());
        for _ in 0..count {
            self.breaks(scenario);
        }
        if self.plan.is_free && !self.only_lines(scenario) {
            self.gather(scenario);
            self.lose_more(scenario);
        }
        scenario.meanwhile.sort_by_key(|one| one.at);
        scenario.make_time_for_all();
    }

    /// Now and then nothing breaks but that all lines get bits wrong, from the start: then IMPs send much again, and nobody else
    /// should notice. Returns whether it is so.
    fn only_lines(&mut self, scenario: &mut Scenario) -> bool {
        if !self.gathered.random_bool(ONLY_LINES) {
            return false;
        }
        scenario.meanwhile.clear();
        let healed = *self.plan.between.end() + LINES_HEAL;
        for line in &scenario.net.lines {
            let between = line.between;
            let one_in = Some(self.gathered.random_range(ONE_BIT_IN_OF_ALL));
            let begin = Action::Fault(Fault::LineErrs { between, one_in });
            let end = end_of(&begin);
            let at_time = |at, action| Meanwhile { at, action, line: 0, source: String::new() };
            scenario.meanwhile.push(at_time(Instant::START, begin));
            scenario.meanwhile.extend(end.map(|end| at_time(healed, end)));
        }
        true
    }

    /// Moves a fault close to another one, now and then: what one of them alone does not show, two that come together may.
    fn gather(&mut self, scenario: &mut Scenario) {
        let begins: Vec<usize> =
            (0..scenario.meanwhile.len()).filter(|at| !is_end(&scenario.meanwhile[*at].action)).collect();
        if begins.len() < 2 || !self.gathered.random_bool(GATHERED) {
            return;
        }
        let [one, to] = [0, 1].map(|_| begins[self.gathered.random_range(0..begins.len())]);
        let pause = Span::from_micros(self.gathered.random_range(0..=CLOSE.as_micros()));
        let from = scenario.meanwhile[one].at;
        let begins = scenario.meanwhile[to].at + pause;
        // What begins later must not end before.
        let end = end_of(&scenario.meanwhile[one].action);
        let end = end.and_then(|end| {
            let behind = scenario.meanwhile[one + 1..].first().filter(|next| next.action == end);
            behind.map(|_| one + 1)
        });
        let lasts = end.map(|end| scenario.meanwhile[end].at.since(from));
        scenario.meanwhile[one].at = begins;
        if let (Some(end), Some(lasts)) = (end, lasts) {
            scenario.meanwhile[end].at = begins + lasts;
        }
    }

    /// Has a cable that loses a message lose those behind it, too, now and then: what two servers say at last comes one behind the
    /// other, and a bad contact seldom takes one message only.
    fn lose_more(&mut self, scenario: &mut Scenario) {
        let mut more = Vec::new();
        for one in &scenario.meanwhile {
            let is_loss = matches!(one.action, Action::Fault(Fault::Mishap { mishap: Mishap::Lost, .. }));
            if is_loss && self.lost.random_bool(LOSES_MORE) {
                let many = self.lost.random_range(1..=MOST_MORE);
                // No two are quite alike: it is told which of them meets no message.
                let later = |more| Meanwhile { at: one.at + Span::from_micros(more), ..one.clone() };
                more.extend((1..=many).map(later));
            }
        }
        scenario.meanwhile.extend(more);
    }

    fn vary_host(&mut self, host: &mut HostPlan, varies: &Varies) {
        let PolicyPlan { requests, allocation, .. } = &mut host.policy;
        if varies.queue_policies && requests.is_none() {
            *requests = match self.random.random_range(0..4) {
                0 => Some(Requests::Refuse),
                1 => {
                    let patience = self.span(Span::from_millis(500)..=Span::from_secs(120));
                    Some(Requests::Queue(patience, Some(self.random.random_range(1..=8))))
                }
                _ => None,
            };
        }
        if varies.allocations && allocation.is_none() && self.random.random_bool(0.5) {
            let messages = u16::try_from(self.number(1..=100)).unwrap_or(1);
            let bits = if self.random.random_bool(0.25) { 8..=128 } else { 128..=20_000 };
            let bits = u32::try_from(self.number(bits)).unwrap_or(8);
            *allocation = Some(Allocation { messages, bits });
        }
        if varies.editions && host.server.is_some() {
            host.server = self.choice(&ftp::Edition::ALL);
        }
        if let Some(most) = varies.answers
            && host.answers_within.is_none()
            && self.random.random_bool(0.5)
        {
            host.answers_within = Some(self.span(Span::from_millis(1).min(most)..=most));
        }
        if varies.disks && host.room.is_none() && self.disks.random_bool(SMALL_DISKS) {
            host.room = Some(number_of(&mut self.disks, ROOM));
        }
    }

    /// Gives all files other sizes: none that takes very many messages where hosts allow few bits at a time.
    fn vary_files(&mut self, scenario: &mut Scenario, sizes: &RangeInclusive<u64>) {
        let allowed = scenario.hosts.iter().filter_map(|host| host.policy.allocation).map(|one| one.bits);
        let fits = allowed.min().map_or(u64::MAX, |bits| u64::from(bits) / 8 * MOST_MESSAGES);
        let sizes = *sizes.start()..=(*sizes.end()).min(fits).max(*sizes.start());
        for file in scenario.hosts.iter_mut().flat_map(|host| &mut host.files) {
            file.content = Content::Generated(self.number(sizes.clone()));
        }
    }

    /// Adds a fault, and when it heals.
    fn breaks(&mut self, scenario: &mut Scenario) {
        let kinds = &self.plan.faults.kinds;
        for _ in 0..TRIES {
            let kind = &kinds[self.random.random_range(0..kinds.len())];
            let begins = self.instant();
            let Some(Drawn { part, begin, lasts }) = self.fault(kind, scenario) else { continue };
            let end = end_of(&begin);
            let healed = *self.plan.between.end() + ALL_HEALED;
            let ends = lasts.map_or(healed, |lasts| begins + self.span(lasts));
            if let Some(part) = part {
                let free = |(other, when): &(Part, RangeInclusive<Instant>)| {
                    *other != part || *when.end() < begins || *when.start() > ends
                };
                if !self.broken.iter().all(free) {
                    continue;
                }
                self.broken.push((part, begins..=ends));
            }
            let at_time = |at, action| Meanwhile { at, action, line: 0, source: String::new() };
            scenario.meanwhile.push(at_time(begins, begin));
            scenario.meanwhile.extend(end.map(|end| at_time(ends, end)));
            return;
        }
    }

    /// A fault of this kind. `None` if nothing of the kind is there.
    fn fault(&mut self, kind: &FaultKind, scenario: &Scenario) -> Option<Drawn> {
        let hosts = || scenario.hosts.iter().filter(|host| host.external.is_none()).map(|host| host.address);
        let mut host = |of: &Option<HostAddress>| of.or_else(|| self.choice(&hosts().collect::<Vec<_>>()));
        let lasting = |part, begin, lasts: &Option<RangeInclusive<Span>>| Drawn {
            part: Some(part),
            begin,
            lasts: lasts.clone(),
        };
        let momentary = |fault| Drawn { part: None, begin: Action::Fault(fault), lasts: None };
        Some(match kind {
            FaultKind::HostCrashes { of, lasts } => {
                let host = host(of)?;
                lasting(Part::Host(host), Action::Host(host, HostAction::Crashes), lasts)
            }
            FaultKind::HostHangs { of, lasts } => {
                let host = host(of)?;
                lasting(Part::Interface(host), Action::Fault(Fault::HostHangs { host }), lasts)
            }
            FaultKind::CablePulled { of, lasts } => {
                let host = host(of)?;
                lasting(Part::Cable(host), Action::Fault(Fault::CablePulled { host }), lasts)
            }
            FaultKind::LineFails { of, lasts } => {
                let between = of.or_else(|| self.line(scenario))?;
                lasting(Part::Line(between), Action::Fault(Fault::LineFails { between }), lasts)
            }
            FaultKind::LineErrs { of, lasts } => {
                let between = of.or_else(|| self.line(scenario))?;
                let one_in = Some(self.number(ONE_BIT_IN));
                lasting(Part::Line(between), Action::Fault(Fault::LineErrs { between, one_in }), lasts)
            }
            FaultKind::ImpCrashes { of, lasts } => {
                let imp = of.or_else(|| self.imp(scenario))?;
                lasting(Part::Imp(imp), Action::Fault(Fault::ImpCrashes { imp }), lasts)
            }
            FaultKind::CableLoses { of } => {
                let host = host(of)?;
                momentary(self.mishap(host, Mishap::Lost))
            }
            FaultKind::CableRepeats { of } => {
                let host = host(of)?;
                momentary(self.mishap(host, Mishap::Twice))
            }
            FaultKind::CableDelays { of, by } => {
                let host = host(of)?;
                let late = Mishap::Late(self.span(by.clone().unwrap_or(DELAYS)));
                momentary(self.mishap(host, late))
            }
            FaultKind::CableGarbles { of } => {
                let host = host(of)?;
                let mishap =
                    if self.random.random_bool(0.5) { Mishap::LeaderError } else { Mishap::DataError };
                momentary(Fault::Mishap { host, toward: Toward::Imp, mishap })
            }
        })
    }

    fn mishap(&mut self, host: HostAddress, mishap: Mishap) -> Fault {
        let toward = if self.random.random_bool(0.5) { Toward::Imp } else { Toward::Host };
        Fault::Mishap { host, toward, mishap }
    }

    /// A line: most often one near the hosts of the scenario, since nobody notices what breaks elsewhere.
    fn line(&mut self, scenario: &Scenario) -> Option<[u8; 2]> {
        let imps = self.imps(scenario);
        let lines = scenario.net.lines.iter().map(|line| line.between);
        let near: Vec<[u8; 2]> = lines.filter(|line| line.iter().any(|imp| imps.contains(imp))).collect();
        self.choice(&near)
    }

    fn imp(&mut self, scenario: &Scenario) -> Option<u8> {
        let imps = self.imps(scenario);
        self.choice(&imps)
    }

    /// The IMPs from which one is drawn: those on a shortest way between hosts of the scenario, or all.
    fn imps(&mut self, scenario: &Scenario) -> Vec<u8> {
        if self.random.random_bool(0.8) {
            let hosts: Vec<u8> = scenario.hosts.iter().map(|host| host.address.imp()).collect();
            let mut imps = hosts.clone();
            for (number, from) in hosts.iter().enumerate() {
                imps.extend(hosts[number + 1..].iter().flat_map(|to| way(&scenario.net, *from, *to)));
            }
            imps.sort_unstable();
            imps.dedup();
            imps
        } else {
            scenario.net.imps.iter().map(|imp| imp.number).collect()
        }
    }

    fn instant(&mut self) -> Instant {
        let (first, last) = (self.plan.between.start(), self.plan.between.end());
        let last = if self.random.random_bool(0.75) { &self.plan.mostly_until } else { last };
        Instant::from_micros(self.random.random_range(first.as_micros()..=last.as_micros()))
    }

    /// A time of this range: as often between 1 and 2 as between 10 and 20.
    fn span(&mut self, range: RangeInclusive<Span>) -> Span {
        Span::from_micros(self.number(range.start().as_micros()..=range.end().as_micros()))
    }

    /// A number of this range, in the same way; the least and the greatest one often.
    fn number(&mut self, range: RangeInclusive<u64>) -> u64 {
        number_of(&mut self.random, range)
    }
}

fn number_of(random: &mut ChaCha8Rng, range: RangeInclusive<u64>) -> u64 {
    let (least, most) = (*range.start(), (*range.end()).max(*range.start()));
    match random.random_range(0..16) {
        0 => least,
        1 => most,
        _ => {
            // Its power of two is drawn first: whole numbers only, so that every machine draws the same.
            let power = |number: u64| number.checked_ilog2().unwrap_or(0);
            let floor = 1u64 << random.random_range(power(least)..=power(most));
            let ceiling = floor.saturating_mul(2) - 1;
            random.random_range(floor.clamp(least, most)..=ceiling.clamp(least, most))
        }
    }
}

/// The IMPs on a shortest way from one to another, without the first. Nothing, if there is none.
fn way(net: &Net, from: u8, to: u8) -> Vec<u8> {
    let mut came_from: Vec<(u8, u8)> = vec![(from, from)];
    let mut next = 0;
    while let Some(&(at, _)) = came_from.get(next) {
        next += 1;
        for line in &net.lines {
            let [a, b] = line.between;
            let other = if a == at {
                b
            } else if b == at {
                a
            } else {
                continue;
            };
            if !came_from.iter().any(|(imp, _)| *imp == other) {
                came_from.push((other, at));
            }
        }
    }
    let mut way = Vec::new();
    let mut at = to;
    while at != from {
        let Some((_, before)) = came_from.iter().find(|(imp, _)| *imp == at) else { return Vec::new() };
        way.push(at);
        at = *before;
    }
    way
}
