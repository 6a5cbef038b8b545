//! The runs that are measured, and the table of what they cost: for the benchmark and for the test that keeps
//! the table true.

use std::fmt;

use scenario::ast::Scenario;
use scenario::library::{self, BuiltIn};
use sim::{Options, Outcome, replay};
use trace::{Keep, Lens, View, What};

/// The committed table, one row for each run. It is the baseline.
const TABLE: &str = include_str!("../COUNTS.md");

/// A file of a megabyte, appended to another.
const MEGABYTE: &str = include_str!("../append-megabyte.scenario");

/// A scenario, and what is made of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    name: &'static str,
    /// Its text, if it lies beside this folder; the others are in the library.
    beside: Option<&'static str>,
    yields: Yields,
}

/// What a run yields.
#[derive(Debug, Clone, Copy)]
enum Yields {
    /// The verdict and the digest, as in a table of many scenarios.
    Digest,
    /// The transcript.
    Transcript,
}

/// All of them, in the order of the table.
pub(crate) const RUNS: [Run; 6] = [
    Run { name: "rfc438-append", beside: None, yields: Yields::Digest },
    Run { name: "rfc438-append", beside: None, yields: Yields::Transcript },
    Run { name: "append-100-kilobytes", beside: None, yields: Yields::Digest },
    Run { name: "case-to-bbn-from-usc", beside: None, yields: Yields::Digest },
    Run { name: "append-megabyte", beside: Some(MEGABYTE), yields: Yields::Digest },
    Run { name: "append-megabyte", beside: Some(MEGABYTE), yields: Yields::Transcript },
];

/// The figures of a run that are the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Events taken from the agenda.
    events: u64,
    /// Messages that hosts put on their cables.
    sent: u64,
    /// Messages that reached hosts.
    received: u64,
    /// Packets that crossed a line.
    hops: u64,
}

impl Run {
    /// Reads the scenario.
    pub(crate) fn scenario(self) -> Scenario {
        let text = self.beside.or_else(|| library::scenario(self.name)).expect("there is such a scenario");
        scenario::parse(&format!("{}.scenario", self.name), text, &BuiltIn)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
    }

    /// Replays it and makes of it what the run yields.
    pub(crate) fn replay(self, scenario: &Scenario) -> (Outcome, Option<String>) {
        match self.yields {
            Yields::Digest => {
                (replay(scenario, Options { keep: Keep::Digest, watch: imp::Watch::Nothing }), None)
            }
            Yields::Transcript => {
                let outcome = replay(scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing });

                let view = View::new(&outcome.names, &Lens::USUAL);
                let text = view.transcript(&outcome.records);
                (outcome, Some(text))
            }
        }
    }

    /// Counts what happens in it.
    ///
    /// # Panics
    /// If the scenario does not hold.
    pub(crate) fn count(self) -> Figures {
        let scenario = self.scenario();
        let (Outcome { verdict, counts, .. }, _) = self.replay(&scenario);
        verdict.unwrap_or_else(|failures| panic!("{failures}"));
        let watched = replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::NoRouting });
        let packets = watched.records.iter().filter(|record| matches!(record.what, What::Packet(_)));
        let hops = packets.count() as u64;
        Figures { events: counts.events, sent: counts.sent, received: counts.received, hops }
    }

    /// Its figures in the table.
    ///
    /// # Panics
    /// If the table has no row for it, or one that is not filled in.
    pub(crate) fn baseline(self) -> Figures {
        let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim);
        let mut row =
            TABLE.lines().map(cells).find_map(|mut row| (row.next()? == self.to_string()).then_some(row));
        let mut figure = || {
            let cell = row.as_mut().and_then(Iterator::next).map(|cell| cell.replace(',', ""));
            cell.and_then(|cell| cell.parse().ok()).unwrap_or_else(|| panic!("no whole row for {self}"))
        };
        Figures { events: figure(), sent: figure(), received: figure(), hops: figure() }
    }
}

impl fmt::Display for Run {
    /// As the first cell of its row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yields = match self.yields {
            Yields::Digest => "digest",
            Yields::Transcript => "transcript",
        };
        write!(f, "{}, {yields}", self.name)
    }
}

impl fmt::Display for Figures {
    /// As the next cells of a row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { events, sent, received, hops } = self;
        write!(f, "{events} | {sent} | {received} | {hops}")
    }
}
