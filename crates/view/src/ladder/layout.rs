//! Where everything on a ladder stands.

use std::collections::BTreeSet;

use host::Note;
use imp::Fault;
use imp1822::HostAddress;
use machine::{Instant, Span};
use trace::{Lens, Party, What};

use super::{LadderOptions, Scale};
use crate::map::sorted;
use crate::sheet::{Moment, Said, Sheet};

/// The height of a row of text, and of a heading.
pub(super) const ROW: i32 = 21;
pub(super) const HEADING: i32 = 27;
/// From the top of a row to the begin of its arrow, and how far down one ends that arrives before the next row.
const BEGIN: i32 = 15;
const FALL: i32 = 7;
/// Phases alternate if not more than so many things lie between two of one of them.
const NEAR: usize = 8;
/// A gap of at least this much is said between rows that stand one below the other.
const LONG: Span = Span::from_secs(1);
/// The most height that a gap takes where time is to scale.
const LONGEST_GAP: i32 = 16 * ROW;
/// How far text may stand below what it belongs to, where time is to scale, and the most height that is taken for that.
const FARTHEST: i32 = 6 * ROW;
const HIGHEST: i32 = 2_500;

/// A lane: a host or an IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    Host(HostAddress),
    Imp(u8),
}

/// A row of a ladder.
#[derive(Debug)]
pub(super) struct Row {
    /// The top of its text, below the top of the ladder.
    pub(super) y: i32,
    /// Where what happens does: an arrow begins there, and a phase.
    pub(super) begin: i32,
    /// When, where it is another time than that of the row above.
    pub(super) at: Option<Instant>,
    pub(super) what: RowWhat,
}

/// What stands in a row.
#[derive(Debug)]
pub(super) enum RowWhat {
    /// The heading of a phase.
    Heading(String),
    /// So much time passes.
    Gap(Span),
    /// A message.
    Arrow(Arrow),
    /// Something happens at a lane.
    Note { lane: Lane, text: String, is_typed: bool },
    /// Something happens to the network.
    Event(String),
    /// A line of a table that belongs to the event above.
    Table(String),
}

/// A message from lane to lane.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) record: u64,
    pub(super) from: Lane,
    pub(super) to: Lane,
    /// Where it ends; `None` if it has not arrived.
    pub(super) end: Option<i32>,
    pub(super) text: String,
    /// All that there is to say of it.
    pub(super) full: String,
    pub(super) is_data: bool,
}

/// Everything on a ladder.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) lanes: Vec<Lane>,
    pub(super) rows: Vec<Row>,
    pub(super) height: i32,
}

impl Layout {
    pub(super) fn new(sheet: &Sheet<'_>, options: &LadderOptions<'_>) -> Self {
        let seen = Seen::of(sheet, options.lenses);
        let lanes = seen.lanes();
        let (rows, height) = match options.scale {
            Scale::Order => in_order(sheet, seen.items),
            Scale::Time => to_scale(sheet, seen.items),
        };
        Layout { lanes, rows, height }
    }
}

/// What is on a ladder, without places.
struct Seen<'a> {
    sheet: &'a Sheet<'a>,
    has_imps: bool,
    items: Vec<Item>,
    /// The lines that carry nothing.
    failed: BTreeSet<[u8; 2]>,
    /// In the order in which something happens there.
    lanes: Vec<Lane>,
}

/// One thing on a ladder.
struct Item {
    at: Instant,
    phase: usize,
    what: RowWhat,
    /// When it arrives, if it is a message that does.
    arrives: Option<Instant>,
}

impl<'a> Seen<'a> {
    fn of(sheet: &'a Sheet<'a>, lenses: &[Lens]) -> Self {
        let has_imps = lenses.iter().any(|lens| matches!(lens, Lens::Imp | Lens::Packets | Lens::Lines));
        let mut seen =
            Seen { sheet, has_imps, items: Vec::new(), failed: BTreeSet::new(), lanes: Vec::new() };
        for moment in &sheet.moments {
            match sheet.records()[moment.record as usize].what {
                What::Fault(Fault::LineFails { between }) => {
                    seen.failed.insert(sorted(between));
                }
                What::Fault(Fault::LineHeals { between }) => {
                    seen.failed.remove(&sorted(between));
                }
                _ => {}
            }
            let said: Vec<&Said> = moment.said.iter().filter(|said| lenses.contains(&said.lens)).collect();
            match said.first().and_then(|first| seen.what(moment, first, &said)) {
                Some(RowWhat::Event(text)) => {
                    let mut lines = text.lines();
                    seen.put(moment, RowWhat::Event(lines.next().unwrap_or_default().to_owned()));
                    lines.for_each(|line| seen.put(moment, RowWhat::Table(line.to_owned())));
                }
                Some(what) => seen.put(moment, what),
                None => {}
            }
        }
        seen
    }

    fn what(&self, moment: &Moment, first: &Said, said: &[&Said]) -> Option<RowWhat> {
        let words: Vec<&str> = said.iter().map(|said| said.what.as_str()).collect();
        let text = in_signs(&words.join("  ·  "));
        Some(match &self.sheet.records()[moment.record as usize].what {
            What::Sent { host, .. } => {
                let to = match first.to {
                    Some(Party::Host(to)) => Lane::Host(to),
                    _ => Lane::Imp(host.imp()),
                };
                self.message(moment, Lane::Host(*host), to, text, said)
            }
            What::Received { host, .. } => match first.from {
                // Its arrow begins where it was sent.
                Some(Party::Host(_)) => return None,
                Some(Party::Program(imp)) => {
                    self.message(moment, Lane::Imp(imp), Lane::Host(*host), text, said)
                }
                _ => self.message(moment, Lane::Imp(host.imp()), Lane::Host(*host), text, said),
            },
            What::Packet(crossing) => {
                let (from, to) = (Lane::Imp(crossing.from_imp), Lane::Imp(crossing.to_imp));
                self.message(moment, from, to, text, said)
            }
            What::Note { host, note } => {
                let verb = first.who.rsplit(' ').next().unwrap_or_default();
                let text = match note {
                    Note::Printed(_) => text,
                    _ if text.is_empty() => verb.to_owned(),
                    _ => format!("{verb}  {text}"),
                };
                let is_typed = matches!(note, Note::Typed { .. });
                RowWhat::Note { lane: Lane::Host(*host), text, is_typed }
            }
            What::Notice { imp, .. } if self.has_imps => {
                RowWhat::Note { lane: Lane::Imp(*imp), text, is_typed: false }
            }
            _ => RowWhat::Event(format!("{}  {text}", first.who)),
        })
    }

    fn message(&self, moment: &Moment, from: Lane, to: Lane, text: String, said: &[&Said]) -> RowWhat {
        // Without lanes for IMPs, what an IMP says stands at the host.
        match (from, to) {
            (Lane::Host(_), Lane::Imp(_)) if !self.has_imps => {
                return RowWhat::Note { lane: from, text: format!("to its IMP: {text}"), is_typed: false };
            }
            (Lane::Imp(_), Lane::Host(_)) if !self.has_imps => {
                return RowWhat::Note { lane: to, text: format!("its IMP: {text}"), is_typed: false };
            }
            _ => {}
        }
        let full = said.iter().map(|said| match said.meaning.as_str() {
            "" => format!("{}: {}", said.who, said.what),
            meaning => format!("{}: {} ({meaning})", said.who, said.what),
        });
        let full = format!("{} s  {}", moment.at, in_signs(&full.collect::<Vec<_>>().join("; ")));
        let is_data = said.iter().any(|said| said.lens == Lens::Data);
        RowWhat::Arrow(Arrow { record: moment.record, from, to, end: None, text, full, is_data })
    }

    fn put(&mut self, moment: &Moment, what: RowWhat) {
        let arrives = match &what {
            RowWhat::Arrow(Arrow { from, to, record, .. }) => {
                add(&mut self.lanes, *from);
                add(&mut self.lanes, *to);
                match (from, to) {
                    (Lane::Host(_), Lane::Host(_)) => {
                        let arrived = self.sheet.journey_at(*record).and_then(|journey| journey.arrived);
                        arrived.map(|record| self.sheet.moments[record as usize].at)
                    }
                    (Lane::Imp(from), Lane::Imp(to)) if self.failed.contains(&sorted([*from, *to])) => None,
                    // Of what crosses a cable or a line only the begin is recorded, or the end.
                    _ => Some(moment.at),
                }
            }
            RowWhat::Note { lane, .. } => {
                add(&mut self.lanes, *lane);
                None
            }
            RowWhat::Heading(_) | RowWhat::Gap(_) | RowWhat::Event(_) | RowWhat::Table(_) => None,
        };
        // What an IMP says of a message, and packets, come in the midst of what goes on.
        let phase = match self.items.last() {
            Some(last) if !moment.is_seen(&Lens::USUAL) => last.phase,
            _ => moment.phase,
        };
        self.items.push(Item { at: moment.at, phase, what, arrives });
    }

    /// Hosts in the order of the scenario, each with its IMP beside it; then the IMPs that only pass on, as a message meets
    /// them.
    fn lanes(&self) -> Vec<Lane> {
        let mut lanes = Vec::new();
        for host in self.sheet.hosts() {
            for lane in [Lane::Host(host), Lane::Imp(host.imp())] {
                if self.lanes.contains(&lane) && !lanes.contains(&lane) {
                    lanes.push(lane);
                }
            }
        }
        self.lanes.iter().for_each(|lane| add(&mut lanes, *lane));
        lanes
    }
}

fn add(lanes: &mut Vec<Lane>, lane: Lane) {
    if !lanes.contains(&lane) {
        lanes.push(lane);
    }
}

/// The headings above the things on a ladder. Of phases that alternate, each has its heading where it begins, which says what
/// goes on beside it; one that goes on after more of others has it once more.
fn headings(sheet: &Sheet<'_>, items: &[Item]) -> Vec<Option<String>> {
    let phases: Vec<usize> = items.iter().map(|item| item.phase).collect();
    let mut begun = BTreeSet::new();
    let headings = phases.iter().enumerate().map(|(place, phase)| {
        let title = sheet.heading(*phase);
        let before = &phases[place.saturating_sub(NEAR)..place];
        if !begun.insert(*phase) {
            return (!before.contains(phase)).then(|| format!("{title}, continued"));
        }
        let after = phases[place..].iter().take(NEAR);
        let beside = before.last().filter(|other| after.clone().any(|one| one == *other));
        Some(match beside {
            Some(other) => format!("{title}, beside {}", sheet.heading(*other)),
            None => title.to_owned(),
        })
    });
    headings.collect()
}

/// Rows one below the other.
fn in_order(sheet: &Sheet<'_>, items: Vec<Item>) -> (Vec<Row>, i32) {
    let (mut rows, mut y) = (Vec::new(), 0);
    let mut push = |at, what, height| {
        rows.push(Row { y, begin: y + BEGIN, at, what });
        y += height;
        y - height
    };
    // Where each thing stands, by its time; and the arrows, by the places of their rows.
    let (mut places, mut arrivals) = (Vec::new(), Vec::new());
    let (headings, mut last) = (headings(sheet, &items), None);
    let mut count = 0;
    for (Item { at, what, arrives, .. }, heading) in items.into_iter().zip(headings) {
        let gap = last.map_or(Span::ZERO, |last| at.since(last));
        if gap >= LONG {
            push(None, RowWhat::Gap(gap), ROW);
            count += 1;
        }
        // The first below a heading has its time, whatever stands above that.
        let is_new = last.replace(at) != Some(at) || heading.is_some();
        if let Some(heading) = heading {
            push(None, RowWhat::Heading(heading), HEADING);
            count += 1;
        }
        places.push((at, push(is_new.then_some(at), what, ROW)));
        arrivals.extend(arrives.map(|arrives| (count, arrives)));
        count += 1;
    }
    for (row, arrives) in arrivals {
        // Below the last thing that happened before it arrived.
        let behind = places.partition_point(|(at, _)| *at < arrives);
        let above = behind.checked_sub(1).map_or(0, |place| places[place].1);
        let end = above.max(rows[row].y) + BEGIN + FALL;
        if let RowWhat::Arrow(arrow) = &mut rows[row].what {
            arrow.end = Some(end);
        }
    }
    (rows, y)
}

/// Rows where their times are, and text a little below where there is no room for it.
fn to_scale(sheet: &Sheet<'_>, items: Vec<Item>) -> (Vec<Row>, i32) {
    let mut times: Vec<Instant> =
        items.iter().flat_map(|item| [Some(item.at), item.arrives]).flatten().collect();
    times.sort_unstable();
    times.dedup();
    let headings = headings(sheet, &items);
    // The fewest microseconds to a unit of height that leave no text too far below.
    let usual = (1..=u64::from(u32::MAX).ilog2()).rev().map(|power| 1 << power);
    let fits = |pace: &u64| {
        let scale = Ruler::new(&times, *pace);
        scale.height() >= HIGHEST || farthest(&items, &headings, &scale) <= FARTHEST
    };
    let pace = usual.into_iter().find(fits).unwrap_or(1);
    let scale = Ruler::new(&times, pace);
    let mut rows: Vec<Row> = Vec::new();
    let (mut free, mut last) = (0, None);
    for (Item { at, mut what, arrives, .. }, heading) in items.into_iter().zip(headings) {
        let begin = scale.place(at);
        if let Some(gap) = last.and_then(|last| scale.cut_between(last, at)) {
            let y = (begin - LONGEST_GAP / 2).max(free);
            rows.push(Row { y, begin: y, at: None, what: RowWhat::Gap(gap) });
            free = y + ROW;
        }
        let is_new = last.replace(at) != Some(at) || heading.is_some();
        if let Some(heading) = heading {
            let y = (begin - HEADING).max(free);
            rows.push(Row { y, begin: y, at: None, what: RowWhat::Heading(heading) });
            free = y + HEADING;
        }
        if let (RowWhat::Arrow(arrow), Some(arrives)) = (&mut what, arrives) {
            let end = scale.place(arrives);
            arrow.end = Some(if arrives == at { begin + FALL } else { end });
        }
        let y = (begin - BEGIN).max(free);
        rows.push(Row { y, begin, at: is_new.then_some(at), what });
        free = y + ROW;
    }
    let height = free.max(scale.height() + ROW);
    (rows, height)
}

/// How far text stands below what it belongs to, at most.
fn farthest(items: &[Item], headings: &[Option<String>], scale: &Ruler) -> i32 {
    let (mut free, mut farthest) = (0, 0);
    for (item, heading) in items.iter().zip(headings) {
        if heading.is_some() {
            free += HEADING;
        }
        let wanted = scale.place(item.at) - BEGIN;
        let y = wanted.max(free);
        farthest = farthest.max(y - wanted);
        free = y + ROW;
    }
    farthest
}

/// Where a time stands if time is to scale, but for long gaps in which nothing happens.
struct Ruler {
    /// Each time at which something happens, with its place.
    marks: Vec<(Instant, i32)>,
    cuts: Vec<(Instant, Span)>,
}

impl Ruler {
    /// `times`: all at which something happens, in order. `pace`: microseconds to a unit of height.
    fn new(times: &[Instant], pace: u64) -> Self {
        let (mut y, mut last) = (HEADING + BEGIN, None);
        let (mut marks, mut cuts) = (Vec::with_capacity(times.len()), Vec::new());
        for at in times {
            let gap = last.map_or(Span::ZERO, |last| at.since(last));
            let room = i32::try_from(gap.as_micros() / pace).unwrap_or(i32::MAX);
            if room > LONGEST_GAP {
                cuts.push((*at, gap));
            }
            y += room.min(LONGEST_GAP);
            marks.push((*at, y));
            last = Some(*at);
        }
        Ruler { marks, cuts }
    }

    fn place(&self, at: Instant) -> i32 {
        let behind = self.marks.partition_point(|(mark, _)| *mark <= at);
        behind.checked_sub(1).map_or(0, |place| self.marks[place].1)
    }

    fn height(&self) -> i32 {
        self.marks.last().map_or(0, |(_, y)| *y)
    }

    /// The gap between these two that was cut short, if one was.
    fn cut_between(&self, after: Instant, until: Instant) -> Option<Span> {
        let mut between = self.cuts.iter().filter(|(at, _)| *at > after && *at <= until);
        between.next().map(|(_, gap)| *gap)
    }
}

/// A text with the ends of lines as a scenario writes them: not every font has pictures of control characters.
fn in_signs(text: &str) -> String {
    text.replace('␍', "{CR}").replace('␊', "{LF}")
}
