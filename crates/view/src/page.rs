//! Runs as a page for a browser: one file that needs nothing else, with a ladder, a map, both ends' tables at each moment,
//! the bits of each message, and words.
//!
//! What a page knows of a run stands in it as JSON, made from its [sheet](crate::sheet); what is done with that is in the
//! scripts beside this file, small modules that are put into the page as they are. A page fetches nothing.

mod bits;
mod map_plan;
mod messages;
mod packets;
mod run_data;
mod scripts;
mod strings;
mod tables;
mod words;

use std::borrow::Cow;

use serde::Serialize;
use sim::lab::compare::{LENSES, Run};

use crate::comparison::{Side, figures};
use crate::svg::escaped;

pub use packets::{Packet, Packets};
use run_data::RunData;

pub use run_data::PageRun;

/// As many runs as this stand beside each other at most.
pub const MOST_RUNS: usize = 3;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");

/// All that a page knows.
#[derive(Serialize)]
struct PageData<'a> {
    runs: Vec<RunData<'a>>,
    /// Rows of a label and a cell for each run.
    figures: Vec<(String, Vec<String>)>,
}

/// The page of these runs, of which there is at least one. The same runs make the same bytes.
pub fn html(runs: &[PageRun<'_>]) -> String {
    let data = PageData { runs: runs.iter().map(run_data::of).collect(), figures: beside_each_other(runs) };
    // Numbers, texts and lists of them can be written.
    let data = serde_json::to_string(&data).unwrap_or_default();
    // Nothing in the data may end the element that holds them.
    let data = data.replace('<', "\\u003c");
    let titles: Vec<Cow<'_, str>> = runs.iter().map(|run| run.sheet.title()).collect();
    let parts = [
        ("<!--title-->", escaped(&titles.join(" | "))),
        ("/*style*/", STYLE.to_owned()),
        ("/*data*/", data),
        ("/*scripts*/", scripts::bundled()),
    ];
    let mut page =
        String::with_capacity(PAGE.len() + parts.iter().map(|(_, part)| part.len()).sum::<usize>());
    let mut rest = PAGE;
    for (mark, part) in &parts {
        let (before, behind) = rest.split_once(mark).unwrap_or((rest, ""));
        page.push_str(before);
        page.push_str(part);
        rest = behind;
    }
    page.push_str(rest);
    page
}

/// The figures of several runs beside each other.
fn beside_each_other(runs: &[PageRun<'_>]) -> Vec<(String, Vec<String>)> {
    if runs.len() < 2 {
        return Vec::new();
    }
    let of: Vec<Run> = runs.iter().map(|run| Run::of(run.sheet.outcome, &LENSES)).collect();
    let sides: Vec<Side<'_>> = of
        .iter()
        .zip(runs)
        .map(|(of, run)| {
            let failures = run.sheet.outcome.verdict.as_ref().err().map_or(0, sim::Failures::count);
            Side { title: run.label, run: of, failures, is_whole: true }
        })
        .collect();
    figures(&sides)
}

#[cfg(test)]
mod tests;
