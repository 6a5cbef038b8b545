//! Tells what came of a sweep: tables, what is wrong, the smallest scenarios in which it is.

use std::ops::Range;

use imp::visible::visible;
use sim::lab::{Grade, Shrunk, Trial};

use super::count::Count;
use super::junit::Junit;
use super::kept;
use super::lines::{Counted, SCHEMA, ShrunkLine, SometimesLine, TotalLine, line};
use super::table::{Swept, rows, sometimes, sum, tables};
use super::to_sweep::ToSweep;
use super::work::Work;
use crate::commands::sweep_args::ReportArgs;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::terminal::Terminal;

/// So many ways to be wrong are shown and shrunk, of each scenario.
const MOST_SHRUNK: usize = 5;

/// Who tells it.
pub(super) struct Reporter<'a> {
    pub(super) args: &'a ReportArgs,
    pub(super) library: &'a Library,
    /// How `arpanet` is called.
    pub(super) command: &'a str,
    pub(super) terminal: Terminal,
    pub(super) work: &'a Work,
    /// Whether programs read it.
    pub(super) json: bool,
    pub(super) junit: Option<Junit>,
    /// What came of the scenarios that were told.
    pub(super) all: Vec<(String, Count)>,
}

/// A seed that is wrong, and the smallest scenario that is wrong in the same way.
struct Found {
    trial: Trial,
    shrunk: Option<Shrunk>,
}

impl Reporter<'_> {
    /// Tells what came of a scenario.
    pub(super) fn tell(
        &mut self,
        to_sweep: &ToSweep,
        seeds: Range<u64>,
        count: Count,
    ) -> Result<(), CommandError> {
        let ToSweep { name, lab, .. } = to_sweep;
        let scenario = lab.scenario();
        let swept = Swept { name, scenario, seeds: seeds.clone(), count: &count };
        if self.json {
            let sometimes = sometimes(scenario, &count);
            let of = |grade| count.of(grade);
            let total = TotalLine {
                is: "total",
                schema: SCHEMA,
                version: env!("CARGO_PKG_VERSION"),
                scenario: name,
                from: seeds.start,
                to: seeds.end,
                seeds: count.seeds,
                holds: of(Grade::Holds),
                unseen: of(Grade::Unseen),
                wrong: of(Grade::Wrong),
                sometimes: sometimes
                    .map(|(condition, seeds)| SometimesLine { condition: condition.to_owned(), seeds })
                    .collect(),
                counted: Counted::of(&count),
            };
            self.terminal.print(&line(&total))?;
        } else {
            let between = if self.all.is_empty() { "" } else { "\n\n" };
            let paper = self.terminal.paper(self.args.width);
            let tables = tables(&swept, self.args.reached, self.command, paper);
            self.terminal.print(&format!("{between}{tables}"))?;
        }
        if let Some(junit) = &mut self.junit {
            junit.add(&swept);
        }
        self.wrong(to_sweep, &count)?;
        self.all.push((name.clone(), count));
        Ok(())
    }

    /// Tells of what is wrong one example each, and makes it small.
    fn wrong(&self, to_sweep: &ToSweep, count: &Count) -> Result<(), CommandError> {
        let wrong = rows(count, Grade::Wrong);
        let seeds: Vec<u64> = wrong.iter().take(MOST_SHRUNK).map(|(_, row)| row.least).collect();
        let found = self.work.each(seeds, |seed| {
            let trial = self.work.trial(&to_sweep.lab, seed);
            let wants = !self.args.no_shrink && !self.work.is_stopped();
            Found { trial, shrunk: wants.then(|| to_sweep.lab.shrink(seed)).flatten() }
        });
        for found in &found {
            self.found(to_sweep, found)?;
        }
        Ok(())
    }

    fn found(&self, to_sweep: &ToSweep, found: &Found) -> Result<(), CommandError> {
        let ToSweep { name, source, .. } = to_sweep;
        let Found { trial, shrunk } = found;
        let Some(finding) = trial.findings.first() else { return Ok(()) };
        let seed = trial.seed;
        let mut kept_at = None;
        let mut text = format!("\nWRONG, seed {seed}, at {} s: {}\n", finding.at, visible(&finding.sentence));
        text.push_str(&format!("  its case: {} sweep {} --seed {seed}\n", self.command, visible(name)));
        if let Some(Shrunk { scenario, finding, tries }) = shrunk {
            let says =
                format!("Shrunk in {tries} replays. It is wrong at {} s: {}.", finding.at, finding.sentence);
            let comment = kept::comment(self.command, name, seed, &says);
            let path = kept::keep(&self.args.keep, seed, scenario, &comment, (self.library, source))?;
            match &path {
                Some(path) => {
                    let shown = path.display().to_string();
                    text.push_str(&format!(
                        "  the smallest that is wrong in this way, after {tries} replays: {} scenario {}\n",
                        self.command,
                        visible(&shown)
                    ));
                }
                None => text.push_str(
                    "  the smallest that is wrong in this way is not written: a file of yours has its name\n",
                ),
            }
            kept_at = path.map(|path| path.display().to_string());
        } else if !self.args.no_shrink {
            text.push_str("  no scenario shows it that ends with the first step that fails\n");
        }
        if self.json {
            let shrunk =
                ShrunkLine { is: "shrunk", scenario: name, seed, says: &finding.sentence, file: kept_at };
            return Ok(self.terminal.print(&line(&shrunk))?);
        }
        let paper = self.terminal.paper(self.args.width);
        Ok(self.terminal.print(&paper.fill(&text, 2))?)
    }

    /// Tells the sum. Returns whether everything held.
    pub(super) fn end(self) -> Result<Exit, CommandError> {
        if let Some(junit) = self.junit {
            junit.write()?;
        }
        let mut whole = Count::default();
        self.all.iter().for_each(|(_, count)| whole.merge(count));
        let holds = self.all.iter().all(|(_, count)| count.holds()) && !self.work.is_stopped();
        if !self.json {
            if self.all.len() > 1 {
                self.terminal.print(&sum(&self.all, self.terminal.paper(self.args.width)))?;
            }
            let (seeds, wrong) = (whole.seeds, whole.of(Grade::Wrong));
            let mut text = match wrong {
                0 => format!("\nnone of {seeds} seeds is wrong\n"),
                1 => format!("\n1 of {seeds} seeds is wrong\n"),
                wrong => format!("\n{wrong} of {seeds} seeds are wrong\n"),
            };
            let never: usize = self
                .all
                .iter()
                .map(|(_, count)| count.sometimes.iter().filter(|seeds| **seeds == 0).count())
                .sum();
            if never > 0 {
                text.push_str(&format!("{never} of what must come about in some run never did\n"));
            }
            if self.work.is_stopped() {
                text.push_str("interrupted: not all seeds were played\n");
            }
            self.terminal.print(&text)?;
        }
        Ok(if holds { Exit::Held } else { Exit::Failed })
    }
}
