//! What crossed the lines between the IMPs, apart from the records that other views number.

use std::collections::BTreeMap;

use imp::{Carried, Crossing, Mishap, Net, Toward};
use imp1822::HostAddress;
use machine::Instant;
use serde_json::{Value, json};
use sim::Outcome;
use trace::{Record, What};

use super::strings::Strings;
use crate::sheet::{Journey, Sheet};

/// A page shows as many packets as this at most. What happens behind them is told without.
const MOST_PACKETS: usize = 20_000;

/// A packet begins to cross a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    /// When.
    pub at: Instant,
    /// What crosses which line.
    pub crossing: Crossing,
}

/// What crossed the lines between the IMPs during a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packets {
    /// All that is shown of it, in order.
    pub shown: Vec<Packet>,
    /// How many more there were.
    pub left_out: usize,
}

impl Packets {
    /// Takes the packets out of what was recorded, so that the other records have the numbers that they have in a run at
    /// whose lines nobody looks.
    pub fn apart(outcome: &mut Outcome) -> Self {
        let mut packets = Packets::default();
        // For each record, how many that are no packets stand before it.
        let mut numbers = Vec::with_capacity(outcome.records.len() + 1);
        let mut kept = 0;
        for record in &outcome.records {
            numbers.push(kept);
            kept += u64::from(!matches!(record.what, What::Packet(_)));
        }
        numbers.push(kept);
        let number =
            |old: u64| usize::try_from(old).ok().and_then(|old| numbers.get(old)).copied().unwrap_or(kept);
        let records = std::mem::take(&mut outcome.records);
        for Record { at, cause, what } in records {
            match what {
                What::Packet(crossing) if packets.shown.len() < MOST_PACKETS => {
                    packets.shown.push(Packet { at, crossing });
                }
                What::Packet(_) => packets.left_out += 1,
                what => outcome.records.push(Record { at, cause: cause.map(number), what }),
            }
        }
        for change in &mut outcome.tables {
            change.since = number(change.since);
        }
        packets
    }

    /// For each packet: microseconds since the one before, the line and 1 if it crosses it backwards, bits, words, the journey
    /// of which it is a part or -1, and the same packet's next crossing or -1.
    pub(super) fn to_json(&self, sheet: &Sheet<'_>, strings: &mut Strings) -> Value {
        let net = &sheet.scenario.net;
        let lines = lines_by_ends(net);
        let journeys = self.journeys(sheet);
        let next = self.next_crossings();
        let mut before = 0;
        let rows = self.shown.iter().enumerate().map(|(place, Packet { at, crossing })| {
            let (line, is_back) =
                lines.get(&[crossing.from_imp, crossing.to_imp]).copied().unwrap_or((-1, 0));
            let since = at.as_micros() - before;
            before = at.as_micros();
            let words = crossing.to_string();
            // Whence and whither, the line says.
            let words = words.split_once(' ').map_or(words.as_str(), |(_, words)| words);
            json!([
                since,
                line,
                is_back,
                crossing.bits,
                strings.number(words),
                number_or_none(journeys[place]),
                number_or_none(next[place]),
            ])
        });
        rows.collect()
    }

    /// For each packet, where the same packet begins to cross its next line.
    fn next_crossings(&self) -> Vec<Option<usize>> {
        let mut next = vec![None; self.shown.len()];
        let mut last: BTreeMap<_, usize> = BTreeMap::new();
        for (place, Packet { crossing, .. }) in self.shown.iter().enumerate() {
            let Crossing { from_imp, to_imp, source, destination, what, .. } = *crossing;
            let is_of_the_line = what.is_of_the_line();
            if is_of_the_line {
                continue;
            }
            let key = (source, destination, what.to_key());
            if let Some(before) = last.get(&(from_imp, key)) {
                next[*before].get_or_insert(place);
            }
            if to_imp != destination {
                last.insert((to_imp, key), place);
            }
        }
        next
    }

    /// For each packet, the journey of whose message it is a part. Messages between two hosts have numbers in the order in
    /// which the source IMP takes them.
    fn journeys(&self, sheet: &Sheet<'_>) -> Vec<Option<usize>> {
        let mut waiting: BTreeMap<[HostAddress; 2], Vec<usize>> = BTreeMap::new();
        for (place, journey) in sheet.journeys.iter().enumerate().rev() {
            if !is_lost_before_its_imp(sheet.records(), journey) {
                waiting.entry([journey.from, journey.to]).or_default().push(place);
            }
        }
        // The message that has a number now, and how far its numbers are.
        let mut numbered: BTreeMap<([HostAddress; 2], u8), usize> = BTreeMap::new();
        let mut found = vec![None; self.shown.len()];
        for (place, Packet { at, crossing }) in self.shown.iter().enumerate() {
            let Carried::Data { number, from, to, .. } = crossing.what else { continue };
            let ends = [from, to];
            let is_over = |journey: &Journey| {
                journey
                    .arrived
                    .and_then(|arrived| sheet.moments.get(arrived as usize))
                    .is_some_and(|end| end.at < *at)
            };
            let known = numbered.get(&(ends, number)).copied().filter(|one| !is_over(&sheet.journeys[*one]));
            let journey = known.or_else(|| {
                let waiting = waiting.get_mut(&ends)?;
                // One whose hosts share an IMP, or that was lost, has no packets.
                while waiting.last().is_some_and(|one| is_over(&sheet.journeys[*one])) {
                    waiting.pop();
                }
                let is_sent = |one: &&usize| {
                    sheet.moments.get(sheet.journeys[**one].sent as usize).is_some_and(|sent| sent.at <= *at)
                };
                waiting.last().filter(is_sent)?;
                waiting.pop()
            });
            if let Some(journey) = journey {
                numbered.insert((ends, number), journey);
            }
            found[place] = journey;
        }
        found
    }
}

/// A kind of packet, to know the same one on its next line.
trait Key {
    fn to_key(self) -> (u8, u8, u8);
}

impl Key for Carried {
    fn to_key(self) -> (u8, u8, u8) {
        match self {
            Carried::Data { number, packet, .. } => (0, number, packet),
            Carried::Request { number } => (1, number, 0),
            Carried::AllocateOne { number } => (2, number, 0),
            Carried::AllocateEight => (3, 0, 0),
            Carried::GiveBack => (4, 0, 0),
            Carried::Rfnm { number, .. } => (5, number, 0),
            Carried::HostDead { number } => (6, number, 0),
            Carried::HostTardy { number } => (7, number, 0),
            Carried::Inquiry { number } => (8, number, 0),
            Carried::Incomplete { number } => (9, number, 0),
            Carried::Withdrawal { number } => (10, number, 0),
            Carried::Void | Carried::Acknowledgements | Carried::Routing => (11, 0, 0),
        }
    }
}

/// Whether a message never reached the IMP of its host: a fault of the cable took it.
fn is_lost_before_its_imp(records: &[Record], journey: &Journey) -> bool {
    let behind = usize::try_from(journey.sent).ok().and_then(|sent| records.get(sent + 1));
    behind.is_some_and(|record| {
        matches!(&record.what, What::Struck { host, toward: Toward::Imp, mishap: Mishap::Lost, .. } if *host == journey.from)
    })
}

/// The place of each line by its two ends, and 1 if they are the other way round.
fn lines_by_ends(net: &Net) -> BTreeMap<[u8; 2], (i64, u8)> {
    let ends = (0..).zip(&net.lines).flat_map(|(place, line)| {
        let [from, to] = line.between;
        [([from, to], (place, 0)), ([to, from], (place, 1))]
    });
    // Of two lines between the same IMPs, the first stands for both.
    let mut lines = BTreeMap::new();
    ends.for_each(|(ends, place)| {
        lines.entry(ends).or_insert(place);
    });
    lines
}

/// A number, or -1.
pub(super) fn number_or_none(number: Option<impl TryInto<i64>>) -> i64 {
    number.and_then(|number| number.try_into().ok()).unwrap_or(-1)
}
