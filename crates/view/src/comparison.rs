//! Runs beside each other, in words: where they part, with what stands around that place, and what each of them cost.

use std::fmt::Write;

use imp::visible::visible;
use machine::Span;
use sim::lab::compare::{Comparison, Figures, Happening, Parting, Row, Run, Sort, Way};
use trace::{Ink, Paper};

/// What the runs are called in what is printed, in their order.
pub const LABELS: [&str; 3] = ["A", "B", "C"];

/// The inks of the lines that not all have.
const INKS: [Ink; 3] = [Ink::Bad, Ink::Good, Ink::Meaning];

/// The width of the column of times.
const TIME_WIDTH: usize = 11;

/// A run, with what is said of it above.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What it is a run of.
    pub title: &'a str,
    /// The run.
    pub run: &'a Run,
    /// How many things did not hold in it.
    pub failures: usize,
    /// Whether its end is there.
    pub is_whole: bool,
}

/// All that there is to say: what is compared, where it parts, and the figures.
pub fn text(comparison: &Comparison, sides: &[Side<'_>], paper: Paper) -> String {
    let mut text = String::new();
    let (host, plain) = paper.ink(Ink::Host);
    for (label, side) in LABELS.iter().zip(sides) {
        let breaks_off = if side.is_whole { "" } else { "; it breaks off" };
        text.push_str(
            &paper.fill(&format!("{host}{label}{plain}  {}{breaks_off}\n", visible(side.title)), 3),
        );
    }
    if let Some(cables) = &comparison.cables {
        let names: Vec<&str> = cables.iter().map(String::as_str).collect();
        let names = if names.is_empty() { "none that all of them have".to_owned() } else { names.join(", ") };
        let only = format!("\nonly what crossed cables is compared: those of {}\n", visible(&names));
        text.push_str(&paper.fill(&only, 2));
    }
    text.push('\n');
    match &comparison.parting {
        None if comparison.alike == 0 => {
            let nothing =
                "nothing of what is compared has happened in any of them: --show names other lenses\n";
            text.push_str(&paper.fill(nothing, 2));
        }
        None => {
            let (good, plain) = paper.ink(Ink::Good);
            let lines = lines(comparison.alike);
            text.push_str(
                &paper.fill(&format!("{good}alike{plain}: {lines}, but for sockets and times\n"), 2),
            );
        }
        Some(parting) => {
            text.push_str(&paper.fill(&format!("{}\n\n", sentence(comparison.alike, parting)), 2));
            text.push_str(&excerpt(&parting.rows, sides.len(), paper));
            if let Some(only) = only(parting) {
                text.push_str(&paper.fill(&format!("\n{only}\n"), 2));
            }
        }
    }
    text.push('\n');
    text.push_str(&table(sides, paper));
    text
}

fn lines(number: usize) -> String {
    format!("{number} {}", if number == 1 { "line" } else { "lines" })
}

/// Where and how runs part.
fn sentence(alike: usize, parting: &Parting) -> String {
    let whence = match alike {
        0 => "from the first line on".to_owned(),
        alike => format!("behind {} that are alike", lines(alike)),
    };
    match parting.way {
        Way::Order => format!("the same is said, {whence} in another order:"),
        Way::OrderFirst => format!("they part {whence}, first in the order:"),
        Way::Otherwise => format!("they part {whence}:"),
        Way::Ends => {
            let first = parting.rows.iter().find(|row| !row.is_alike);
            let goes_on = |number: usize| first.is_some_and(|row| row.cells[number].is_some());
            let labels = LABELS.iter().take(parting.only.len()).enumerate();
            let (on, ended): (Vec<_>, Vec<_>) = labels.partition(|(number, _)| goes_on(*number));
            let names = |sides: Vec<(usize, &&str)>| {
                sides.into_iter().map(|(_, label)| *label).collect::<Vec<_>>().join(" and ")
            };
            format!("{} ends {whence}, {} goes on:", names(ended), names(on))
        }
    }
}

/// How much not all have, if there is anything.
fn only(parting: &Parting) -> Option<String> {
    let of = |(label, only): (&&str, &usize)| format!("{} in {label}", lines(*only));
    let counted: Vec<String> = LABELS.iter().zip(&parting.only).map(of).collect();
    let whom = if parting.only.len() == 2 { "the other has not" } else { "not all the others have" };
    (parting.way != Way::Order).then(|| format!("in all, there are {} that {whom}", counted.join(", ")))
}

/// The lines around the place, beside each other if there is room, else below each other.
fn excerpt(rows: &[Row], sides: usize, paper: Paper) -> String {
    let cells = || rows.iter().flat_map(|row| row.cells.iter().flatten());
    let who = cells().map(|cell| visible(&cell.who).chars().count()).max().unwrap_or_default();
    let widest = cells().map(|cell| cell_text(cell, who).chars().count()).max().unwrap_or_default();
    match paper.width {
        Some(width) if sides * (widest + 3) <= width + 3 => beside(rows, sides, who, widest, paper),
        _ => below(rows, sides, who, paper),
    }
}

/// A line without its label.
fn cell_text(cell: &Happening, who: usize) -> String {
    let at = cell.at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    // Only tables have more than one line.
    let what = cell.what.lines().next().unwrap_or_default();
    format!("{at:>TIME_WIDTH$}  {:who$}  {}", visible(&cell.who), visible(what))
}

fn beside(rows: &[Row], sides: usize, who: usize, widest: usize, paper: Paper) -> String {
    let (host, plain) = paper.ink(Ink::Host);
    let mut text = String::new();
    let mut push = |cells: Vec<String>| {
        text.push_str(cells.join("").trim_end());
        text.push('\n');
    };
    let padded = |shown: &str, last: bool| {
        if last { shown.to_owned() } else { format!("{shown:widest$}") }
    };
    push(
        (0..sides)
            .map(|number| {
                let between = if number == 0 { "" } else { "   " };
                format!("{between}{host}{}{plain}", padded(LABELS[number], number + 1 == sides))
            })
            .collect(),
    );
    for row in rows {
        push(
            row.cells
                .iter()
                .enumerate()
                .map(|(number, cell)| {
                    let mark = if row.is_alike { "   " } else { " | " };
                    let between = if number == 0 { "" } else { mark };
                    let shown = cell.as_ref().map(|cell| cell_text(cell, who)).unwrap_or_default();
                    let (begins, ends) = if row.is_alike { ("", "") } else { paper.ink(INKS[number]) };
                    format!("{between}{begins}{}{ends}", padded(&shown, number + 1 == sides))
                })
                .collect(),
        );
    }
    text
}

fn below(rows: &[Row], sides: usize, who: usize, paper: Paper) -> String {
    let mut text = String::new();
    let mut push = |label: &str, ink: Option<Ink>, cell: &Happening| {
        let (begins, ends) = ink.map_or(("", ""), |ink| paper.ink(ink));
        let line = format!("{label:1}  {}", cell_text(cell, who));
        text.push_str(&paper.fill(&format!("{begins}{}{ends}\n", line.trim_end()), 18));
    };
    for block in rows.chunk_by(|one, other| one.is_alike == other.is_alike) {
        if block.iter().all(|row| row.is_alike) {
            block
                .iter()
                .for_each(|row| row.cells.iter().flatten().take(1).for_each(|cell| push(" ", None, cell)));
            continue;
        }
        for number in 0..sides {
            let cells = block.iter().filter_map(|row| row.cells[number].as_ref());
            cells.for_each(|cell| push(LABELS[number], Some(INKS[number]), cell));
        }
    }
    text
}

/// What runs cost: rows with a label, and a cell for each run. What lies below another row is indented.
pub fn figures(sides: &[Side<'_>]) -> Vec<(String, Vec<String>)> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let figures = || sides.iter().map(|side| &side.run.figures);
    let numbers = |of: &dyn Fn(&Figures) -> u64| figures().map(|one| number(of(one))).collect::<Vec<_>>();
    rows.push(("messages between hosts".to_owned(), numbers(&Figures::all_messages)));
    for sort in Sort::ALL {
        if figures().any(|one| one.messages(sort) > 0) {
            rows.push((format!("  {}", name(sort)), numbers(&|one| one.messages(sort))));
        }
    }
    rows.push(("bits on hosts' cables".to_owned(), numbers(&|one| one.cable_bits)));
    rows.push(("bits of data".to_owned(), numbers(&Figures::data_bits)));
    let mut ways: Vec<&(String, String)> = figures().flat_map(|one| one.data.keys()).collect();
    ways.sort_unstable();
    ways.dedup();
    for way in ways {
        let label = format!("  {} -> {}", visible(&way.0), visible(&way.1));
        rows.push((label, numbers(&|one| one.data.get(way).map_or(0, |data| data.bits))));
    }
    let through = figures().map(|one| match one.through().into_iter().collect::<Vec<_>>() {
        _ if one.data.is_empty() => "-".to_owned(),
        hosts if hosts.is_empty() => "nobody's".to_owned(),
        hosts => visible(&hosts.join(", ")).into_owned(),
    });
    rows.push(("through whose host data went".to_owned(), through.collect()));
    rows.push(("seconds".to_owned(), figures().map(|one| seconds(one.time())).collect()));
    let parts = ["until the first data", "until the last", "from then on"];
    for (part, label) in parts.into_iter().enumerate() {
        let of_part = figures().map(|one| seconds(one.times().map(|times| times[part])));
        rows.push((format!("  {label}"), of_part.collect()));
    }
    if sides.iter().any(|side| side.failures > 0) {
        let failed = sides.iter().map(|side| number(side.failures as u64));
        rows.push(("what did not hold".to_owned(), failed.collect()));
    }
    // What no run has is no row.
    rows.retain(|(_, cells)| cells.iter().any(|cell| cell != "-"));
    rows
}

/// The figures beside each other.
fn table(sides: &[Side<'_>], paper: Paper) -> String {
    let rows = figures(sides);
    let label = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..sides.len())
        .map(|column| rows.iter().map(|(_, cells)| cells[column].chars().count()).max().unwrap_or_default())
        .collect();
    let (host, plain) = paper.ink(Ink::Host);
    let mut text = format!("{:label$}", "");
    for (width, name) in widths.iter().zip(LABELS) {
        // Writing to a String cannot fail.
        let _ = write!(text, "   {host}{name:>width$}{plain}");
    }
    text.push('\n');
    for (name, cells) in rows {
        let _ = write!(text, "{name:label$}");
        for (width, cell) in widths.iter().zip(cells) {
            let _ = write!(text, "   {cell:>width$}");
        }
        text.push('\n');
    }
    paper.fill(&text, 2)
}

/// What messages of a sort are.
fn name(sort: Sort) -> &'static str {
    match sort {
        Sort::Control => "control commands of NCPs",
        Sort::Contact => "initial connections",
        Sort::Dialogue => "FTP commands and replies",
        Sort::Data => "data",
        Sort::Traffic => "of bare hosts",
    }
}

/// A number; nothing is a dash, so that the eye finds what is there.
fn number(number: u64) -> String {
    if number == 0 { "-".to_owned() } else { number.to_string() }
}

/// A time in seconds, to the millisecond.
fn seconds(span: Option<Span>) -> String {
    let millis = |span: Span| (span.as_micros() + 500) / 1000;
    span.map_or_else(|| "-".to_owned(), |span| format!("{}.{:03}", millis(span) / 1000, millis(span) % 1000))
}
