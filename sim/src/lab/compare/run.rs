//! A run as it is compared with others: what happened in it, line by line, and what it cost.

use std::collections::{BTreeMap, BTreeSet};

use imp1822::{HostAddress, Signal};
use machine::Instant;
use ncp::Header;
use trace::{Follower, Lens, Line, View, What};

use super::figures::{Figures, Sort};
use crate::outcome::Outcome;

/// A run as it is compared with another.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// What happened, in order.
    pub happened: Vec<Happening>,
    /// What it cost.
    pub figures: Figures,
    /// The hosts that it names, by their numbers.
    pub hosts: BTreeMap<HostAddress, String>,
    /// The seed of its random numbers, if that is known: files that are made up are drawn from it.
    pub seed: Option<u64>,
    /// The hosts whose cables it tells of, if that is all it does. `None`: it tells of everything.
    pub cables: Option<BTreeSet<String>>,
}

/// Something that happened: a line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When, if that is known.
    pub at: Option<Instant>,
    /// The lens that shows it.
    pub lens: Lens,
    /// Who: `SITE1 types`, or `SITE1 -> SITE2`.
    pub who: String,
    /// What, in the notation of the scenario language.
    pub what: String,
}

impl Happening {
    /// Sender and receiver, if it is a message.
    pub(super) fn parties(&self) -> Option<(&str, &str)> {
        self.who.split_once(" -> ")
    }
}

impl From<Line> for Happening {
    fn from(line: Line) -> Self {
        let Line { at, is_timed, lens, who, what, meaning: _, bits: _ } = line;
        Happening { at: is_timed.then_some(at), lens, who, what }
    }
}

impl Run {
    /// What came of a replay of which the records were kept, as far as these lenses show it.
    pub fn of(outcome: &Outcome, lenses: &[Lens]) -> Run {
        let view = View::new(&outcome.names, lenses);
        let mut follower = Follower::default();
        let mut run = Run::default();
        for record in &outcome.records {
            let lines = view.lines_of(record, &mut follower);
            if let What::Sent { host, signal } | What::Received { host, signal } = &record.what {
                run.hosts.entry(*host).or_insert_with(|| outcome.names.host(*host));
                if let Signal::Message(bits) = signal {
                    run.figures.cross(record.at, bits.len());
                    if matches!(record.what, What::Sent { .. }) {
                        let text = Header::split(bits).map_or(0, |(header, _)| header.text_bits());
                        run.send(Some(record.at), text as u64, lines.first());
                    }
                }
            }
            let seen = lines.into_iter().filter(|line| lenses.contains(&line.lens));
            run.happened.extend(seen.map(Happening::from));
        }
        run
    }

    /// Counts a message of which a transcript says this first.
    fn send(&mut self, at: Option<Instant>, text_bits: u64, says: Option<&Line>) {
        let Some(line) = says else { return };
        if let (Some(sort), Some(parties)) = (Sort::of(line.lens, &line.what), line.who.split_once(" -> ")) {
            self.figures.send(at, sort, parties, text_bits);
        }
    }

    /// What happened of what all the runs could tell: through these lenses, and on these cables if not everything is told.
    pub(super) fn comparable(&self, lenses: &[Lens], cables: Option<&BTreeSet<String>>) -> Vec<&Happening> {
        let is_told = |happening: &&Happening| {
            lenses.contains(&happening.lens)
                && cables.is_none_or(|cables| {
                    let is_there = |name: &str| cables.contains(name);
                    happening.parties().is_some_and(|(from, to)| is_there(from) || is_there(to))
                })
        };
        self.happened.iter().filter(is_told).collect()
    }
}
