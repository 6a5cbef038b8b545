//! Figures in tables that can be read aloud.

use imp::LineFigures;
use machine::Span;

use crate::Names;
use crate::figures::{Figures, Lines, RoundTrip, Spread, Tally, Throughput, TrafficTotal};
use crate::table::{Column, Table, ratio};

impl Figures {
    /// A title, and below it a table.
    pub fn table(&self, names: &Names) -> String {
        match self {
            Figures::RoundTrip(figures) => figures.table(names),
            Figures::Throughput(figures) => figures.table(names),
            Figures::Lines(figures) => figures.table(names),
            Figures::Traffic(figures) => figures.table(),
        }
    }
}

impl RoundTrip {
    fn table(&self, names: &Names) -> String {
        let each = match self.messages {
            1 => "one message".to_owned(),
            messages => format!("{messages} messages"),
        };
        let mut table = Table::new(format!("from {}, {each} of each size", names.host(self.from)));
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
            let mut cells = vec![row.hops.to_string(), names.host(row.to), row.bits.to_string()];
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
    fn table(&self, names: &Names) -> String {
        let Throughput { from, span, warm_up, rows } = self;
        let from = names.host(*from);
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
        for same in rows.chunk_by(|a, b| (a.to, a.bits) == (b.to, b.bits)) {
            let mut cells = vec![same[0].hops.to_string(), names.host(same[0].to), same[0].bits.to_string()];
            cells.extend(same.iter().map(|row| ratio(self.rate(row), 1_000, 1)));
            table.row(cells);
        }
        table.to_string()
    }
}

impl Lines {
    fn table(&self, names: &Names) -> String {
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
        for figures in rows.iter().take(shown) {
            let LineFigures { from, to, packets, again, waited, longest, .. } = *figures;
            table.row(vec![
                names.imp(from),
                names.imp(to),
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
    pub fn busy(&self, figures: &LineFigures) -> String {
        let span = self.span.as_micros();
        ratio(figures.busy.as_micros().min(span) * 100, span, 1)
    }
}

impl TrafficTotal {
    fn table(&self) -> String {
        let TrafficTotal { senders, begun, ended, tally } = self;
        let hosts = if *senders == 1 { "one host".to_owned() } else { format!("{senders} hosts") };
        let mut table = Table::new(format!("of {hosts}, from {begun} to {ended} s"));
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
}

fn milliseconds(span: Span) -> String {
    ratio(span.as_micros(), 1_000, 2)
}
