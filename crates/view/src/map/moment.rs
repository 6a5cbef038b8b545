//! How a net is at one moment of a run: what its records tell of its lines and IMPs up to then.

use std::collections::{BTreeMap, BTreeSet};

use imp::{Crossing, Fault, Net, Notice};
use machine::{Instant, Span};
use trace::{Record, What};

/// The packets of one message follow each other within this time, as a rule.
const NEAR: Span = Span::from_secs(10);

/// How a net is at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapMoment {
    /// When.
    pub at: Instant,
    /// Lines that carry nothing, or of which an IMP at an end thinks so; the lower number first.
    pub dead: BTreeSet<[u8; 2]>,
    /// IMPs that are down.
    pub down: BTreeSet<u8>,
    /// What is on a line: from which IMP to which, how much of its way it has gone, in percent, and what it is.
    pub crossing: Vec<OnLine>,
    /// How many packets wait in each IMP for their next line.
    pub waiting: BTreeMap<u8, usize>,
    /// The lines on the ways of what is on a line or waits, from their sources to where they are.
    pub lit: BTreeSet<[u8; 2]>,
}

/// A packet on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnLine {
    /// The IMP that it has left.
    pub from: u8,
    /// The IMP that it comes to.
    pub to: u8,
    /// How much of the time that it takes has passed, in percent.
    pub percent: i32,
    /// What it is.
    pub what: String,
}

impl MapMoment {
    /// How the net was at this time. The records must have the packets
    /// ([`Watch::NoRouting`](imp::Watch::NoRouting) or more).
    pub fn of(records: &[Record], net: &Net, at: Instant) -> Self {
        let mut moment = MapMoment { at, ..MapMoment::default() };
        let until = records.partition_point(|record| record.at <= at);
        for record in &records[..until] {
            moment.take(&record.what);
        }
        let near = records.partition_point(|record| record.at + NEAR < at);
        let far = records.partition_point(|record| record.at <= at + NEAR);
        let packets = records[near..far].iter().filter_map(|record| match record.what {
            What::Packet(crossing) if !crossing.what.is_of_the_line() => Some((record.at, crossing)),
            _ => None,
        });
        moment.packets(&packets.collect::<Vec<_>>(), net);
        moment
    }

    fn take(&mut self, what: &What) {
        match what {
            What::Fault(Fault::LineFails { between }) => {
                self.dead.insert(sorted(*between));
            }
            What::Notice { imp, notice: Notice::LineDead(neighbour) } => {
                self.dead.insert(sorted([*imp, *neighbour]));
            }
            // A line that carries again is alive when both ends have found out.
            What::Notice { imp, notice: Notice::LineAlive(neighbour) } => {
                self.dead.remove(&sorted([*imp, *neighbour]));
            }
            What::Fault(Fault::ImpCrashes { imp }) => {
                self.down.insert(*imp);
            }
            What::Fault(Fault::ImpRestarts { imp }) => {
                self.down.remove(imp);
            }
            _ => {}
        }
    }

    /// `packets`: those of some time before and behind, in order.
    fn packets(&mut self, packets: &[(Instant, Crossing)], net: &Net) {
        for (place, (began, crossing)) in packets.iter().enumerate() {
            if *began > self.at {
                break;
            }
            let Crossing { from_imp, to_imp, destination, .. } = *crossing;
            let takes = time_on_line(net, crossing);
            let is_same = |(_, other): &&(Instant, Crossing)| {
                (other.source, other.destination, other.what)
                    == (crossing.source, crossing.destination, crossing.what)
            };
            let next = packets[place + 1..].iter().find(|one| is_same(one) && one.1.from_imp == to_imp);
            let gone = self.at.since(*began);
            let is_on_line = gone < takes;
            let waits = to_imp != destination && !is_on_line && next.is_some_and(|(next, _)| *next > self.at);
            if is_on_line {
                let percent = (gone.as_micros() * 100 / takes.as_micros().max(1)) as i32;
                self.crossing.push(OnLine {
                    from: from_imp,
                    to: to_imp,
                    percent,
                    what: crossing.to_string(),
                });
            } else if waits {
                *self.waiting.entry(to_imp).or_default() += 1;
            } else {
                continue;
            }
            // Where it will go, no IMP knows yet.
            let way = packets.iter().take_while(|(when, _)| *when <= self.at).filter(is_same);
            self.lit.extend(way.map(|(_, one)| sorted([one.from_imp, one.to_imp])));
        }
    }
}

/// How long it takes until the last bit of a packet is at the other end of its line.
fn time_on_line(net: &Net, crossing: &Crossing) -> Span {
    let ends = sorted([crossing.from_imp, crossing.to_imp]);
    let line = net.lines.iter().find(|line| sorted(line.between) == ends);
    line.map_or(Span::ZERO, |line| line.rate.time_for(crossing.bits as u64) + line.delay)
}

/// Both ends of a line, the lower number first.
pub(crate) fn sorted([one, other]: [u8; 2]) -> [u8; 2] {
    if one <= other { [one, other] } else { [other, one] }
}
