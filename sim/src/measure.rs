//! What scenarios measure: figures, the tables in which a transcript shows them, and plots.
//!
//! All arithmetic is in whole numbers, so that a table is the same on every machine; halves are rounded up.

use imp::LineFigures;
use machine::Span;

use crate::bare::Tally;
use table::{Column, Table, ratio};

mod plot;
mod table;
#[cfg(test)]
mod tests;

pub use plot::svg;

/// Something that was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// How long a message and its RFNM take.
    RoundTrip(RoundTrip),
    /// How many data bits arrive in a second.
    Throughput(Throughput),
    /// What the lines carried.
    Lines(Lines),
}

/// From the first bit of a message on its host's cable to the last bit of its RFNM there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTrip {
    /// The name of the host that sent.
    pub from: String,
    /// How many messages of each size went to each host.
    pub messages: u32,
    /// One for each destination and size.
    pub rows: Vec<RoundTripRow>,
}

/// The round trips of messages of one size to one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTripRow {
    /// The name of the destination.
    pub to: String,
    /// How many lines lie between the IMPs of the two hosts.
    pub hops: usize,
    /// Data bits of a message.
    pub bits: u16,
    /// The times, unless no message was answered with a RFNM.
    pub spread: Option<Spread>,
    /// How many messages were answered with something else, or not at all.
    pub lost: u64,
}

/// How a number of times are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// The shortest.
    pub least: Span,
    /// The mean, in whole microseconds.
    pub mean: Span,
    /// The 90th percentile: the shortest of the times that nine of ten do not exceed.
    pub ninetieth: Span,
    /// The longest.
    pub greatest: Span,
}

/// How many data bits arrived at the destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Throughput {
    /// The name of the host that sent.
    pub from: String,
    /// How long was counted.
    pub span: Span,
    /// How long was sent before that.
    pub warm_up: Span,
    /// One for each destination, size and number of links.
    pub rows: Vec<ThroughputRow>,
}

/// What arrived of messages of one size on so many links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThroughputRow {
    /// The name of the destination.
    pub to: String,
    /// How many lines lie between the IMPs of the two hosts.
    pub hops: usize,
    /// Data bits of a message.
    pub bits: u16,
    /// On how many links messages were sent.
    pub links: u8,
    /// How many messages arrived.
    pub messages: u64,
}

/// What the lines carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// In how much time.
    pub span: Span,
    /// How many rows to show.
    pub busiest: usize,
    /// One for each direction of each line, the busiest first.
    pub rows: Vec<LineRow>,
}

/// One direction of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// The name of the IMP that sends.
    pub from: String,
    /// The name of the IMP that receives.
    pub to: String,
    /// What it carried in the time. The longest queue is the longest since the run began.
    pub figures: LineFigures,
}

impl Spread {
    /// How these times are spread, or `None` of no times. They are sorted on the way.
    pub fn of(times: &mut [Span]) -> Option<Spread> {
        times.sort_unstable();
        let (least, greatest) = (*times.first()?, *times.last()?);
        let sum: u64 = times.iter().map(|time| time.as_micros()).sum();
        let number = times.len() as u64;
        let mean = Span::from_micros((sum * 2 + number) / (number * 2));
        // The nearest rank: of ten times the ninth, of eleven the tenth.
        let ninetieth = times[(times.len() * 9).div_ceil(10) - 1];
        Some(Spread { least, mean, ninetieth, greatest })
    }
}

impl Throughput {
    /// Data bits a second.
    pub fn rate(&self, row: &ThroughputRow) -> u64 {
        let bits = u128::from(row.messages) * u128::from(row.bits) * 1_000_000;
        let span = u128::from(self.span.as_micros().max(1));
        ((bits * 2 + span) / (span * 2)) as u64
    }
}

impl LineRow {
    /// What was carried since these earlier figures of the same line.
    pub(crate) fn since(from: String, to: String, before: &LineFigures, now: &LineFigures) -> Self {
        let span = |now: Span, before: Span| Span::from_micros(now.as_micros() - before.as_micros());
        let figures = LineFigures {
            busy: span(now.busy, before.busy),
            packets: now.packets - before.packets,
            bits: now.bits - before.bits,
            again: now.again - before.again,
            waited: span(now.waited, before.waited),
            ..*now
        };
        LineRow { from, to, figures }
    }
}

impl Measured {
    /// What it is, in the words of the language.
    pub fn what(&self) -> &'static str {
        match self {
            Measured::RoundTrip(_) => "round trip",
            Measured::Throughput(_) => "throughput",
            Measured::Lines(_) => "lines",
        }
    }

    /// A title, and below it a table.
    pub fn table(&self) -> String {
        match self {
            Measured::RoundTrip(figures) => figures.table(),
            Measured::Throughput(figures) => figures.table(),
            Measured::Lines(figures) => figures.table(),
        }
    }
}

impl RoundTrip {
    fn table(&self) -> String {
        let each = match self.messages {
            1 => "one message".to_owned(),
            messages => format!("{messages} messages"),
        };
        let mut table = Table::new(format!("from {}, {each} of each size", self.from));
        table.columns(&[
            Column::Number("hops"),
            Column::Name("to"),
            Column::Number("data bits"),
            Column::Number("least ms"),
            Column::Number("mean ms"),
            Column::Number("90% ms"),
            Column::Number("greatest ms"),
        ]);
        let lost = self.rows.iter().any(|row| row.lost > 0);
        if lost {
            table.columns(&[Column::Number("lost")]);
        }
        for row in &self.rows {
            let mut cells = vec![row.hops.to_string(), row.to.clone(), row.bits.to_string()];
            match row.spread {
                Some(Spread { least, mean, ninetieth, greatest }) => {
                    cells.extend([least, mean, ninetieth, greatest].map(milliseconds));
                }
                None => cells.extend(["-"; 4].map(str::to_owned)),
            }
            cells.extend(lost.then(|| row.lost.to_string()));
            table.row(cells);
        }
        table.to_string()
    }
}

impl Throughput {
    fn table(&self) -> String {
        let Throughput { from, span, warm_up, rows } = self;
        let mut table =
            Table::new(format!("from {from}, in kb/s of data, for {span} after {warm_up} of warming up"));
        table.columns(&[Column::Number("hops"), Column::Name("to"), Column::Number("data bits")]);
        let mut links: Vec<u8> = Vec::new();
        for row in rows {
            if !links.contains(&row.links) {
                links.push(row.links);
            }
        }
        let heads: Vec<String> =
            links.iter().map(|links| format!("{links} link{}", if *links == 1 { "" } else { "s" })).collect();
        heads.iter().for_each(|head| table.columns(&[Column::Number(head)]));
        // The numbers of links stand next to each other, for each destination and size.
        for same in rows.chunk_by(|a, b| (&a.to, a.bits) == (&b.to, b.bits)) {
            let mut cells = vec![same[0].hops.to_string(), same[0].to.clone(), same[0].bits.to_string()];
            cells.extend(same.iter().map(|row| ratio(self.rate(row), 1_000, 1)));
            table.row(cells);
        }
        table.to_string()
    }
}

impl Lines {
    fn table(&self) -> String {
        let Lines { span, busiest, rows } = self;
        let shown = (*busiest).min(rows.len());
        let mut table = Table::new(format!("the {shown} busiest of {} directions, in {span}", rows.len()));
        table.columns(&[
            Column::Name("from"),
            Column::Name("to"),
            Column::Number("busy %"),
            Column::Number("packets"),
            Column::Number("sent again"),
            Column::Number("mean wait ms"),
            Column::Number("mean queue"),
            Column::Number("longest"),
        ]);
        for LineRow { from, to, figures } in rows.iter().take(shown) {
            let LineFigures { packets, again, waited, longest, .. } = *figures;
            table.row(vec![
                from.clone(),
                to.clone(),
                self.busy(figures),
                packets.to_string(),
                again.to_string(),
                ratio(waited.as_micros(), packets * 1_000, 2),
                // As long as packets waited, all together: Little's law.
                ratio(waited.as_micros(), span.as_micros(), 2),
                longest.to_string(),
            ]);
        }
        table.to_string()
    }

    /// How much of the time a line was sending, in per cent. A packet counts when it begins to be sent.
    fn busy(&self, figures: &LineFigures) -> String {
        let span = self.span.as_micros();
        ratio(figures.busy.as_micros().min(span) * 100, span, 1)
    }
}

/// The table of what traffic did from one time to another.
pub(crate) fn traffic_table(title: String, tally: &Tally) -> String {
    let mut table = Table::new(title);
    table.columns(&[
        Column::Number("offered"),
        Column::Number("held back"),
        Column::Number("sent"),
        Column::Number("RFNMs"),
        Column::Number("dead"),
        Column::Number("incomplete"),
        Column::Number("unanswered"),
        Column::Number("mean ms"),
        Column::Number("longest ms"),
    ]);
    let Tally { offered, held_back, sent, rfnms, dead, incomplete, round_trips, longest } = tally;
    let mut cells: Vec<String> =
        [*offered, *held_back, *sent, *rfnms, *dead, *incomplete, tally.unanswered()]
            .map(|number| number.to_string())
            .to_vec();
    cells.extend([ratio(round_trips.as_micros(), rfnms * 1_000, 2), milliseconds(*longest)]);
    table.row(cells);
    table.to_string()
}

fn milliseconds(span: Span) -> String {
    ratio(span.as_micros(), 1_000, 2)
}
