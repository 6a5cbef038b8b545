//! Two or three runs beside each other: where they part, and what each of them cost.
//!
//! A [`Run`] is made of a replay, or by whoever reads one that was kept. What happens in the runs is made comparable: sockets,
//! which programs choose at random, are named by the order in which they appear; links go by the connections that they carry;
//! times are left out; of data that different seeds have made up, the sizes count. Then the
//! runs are laid beside each other ([`compare`]).

use std::collections::{BTreeMap, BTreeSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};
use trace::Lens;

mod figures;
mod run;
mod sockets;

pub use figures::{Data, Figures, Sort};
pub use run::{Happening, Run};
use sockets::{Exactly, Sockets};

/// So many lines are shown before the place where runs part.
const BEFORE: usize = 4;

/// So many of each run from there on.
const AFTER: usize = 6;

/// So many lines of each run behind that place are laid beside each other. What comes later is only counted.
const ALIGNED: usize = 400;

/// The lenses through which runs are compared if nothing else is asked for: the usual ones, but for what was measured,
/// which are times.
pub const LENSES: [Lens; 6] = [Lens::Teletype, Lens::Host, Lens::Ftp, Lens::Ncp, Lens::Data, Lens::Trouble];

/// Runs beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How many lines are the same in all of them from the beginning on.
    pub alike: usize,
    /// Where they part, unless they are alike to their ends.
    pub parting: Option<Parting>,
    /// Only what crossed the cables of these hosts was compared, as one of the runs tells of nothing else.
    pub cables: Option<BTreeSet<String>>,
}

/// The place where runs part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// In what way.
    pub way: Way,
    /// The lines before and behind it.
    pub rows: Vec<Row>,
    /// How many lines of each run have no counterpart in all the others, in whatever order.
    pub only: Vec<usize>,
}

/// In what way runs part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// All is the same but for the order.
    Order,
    /// What comes first in each is there in all the others, elsewhere: it begins with the order, and goes on with more.
    OrderFirst,
    /// Something happens that has no counterpart.
    Otherwise,
    /// At least one of them ends there.
    Ends,
}

/// A row of lines beside each other, one cell for each run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whether all runs have the same there.
    pub is_alike: bool,
    /// What each has, if it has anything there.
    pub cells: Vec<Option<Happening>>,
}

/// Lays runs beside each other, as far as these lenses show them. Sockets have names in what is shown: `{a}` is the one that
/// appears first, and `{a+4}` lies four above it.
pub fn compare(runs: &[&Run], lenses: &[Lens]) -> Comparison {
    let cables = runs.iter().filter_map(|run| run.cables.as_ref()).cloned();
    let cables = cables.reduce(|one, other| one.intersection(&other).cloned().collect());
    let seeds: BTreeSet<Option<u64>> = runs.iter().map(|run| run.seed).collect();
    let known = seeds.iter().flatten().count();
    let mut sockets = Sockets::new(if seeds.len() == 1 && known == 1 {
        Exactly::Everything
    } else if known < 2 {
        Exactly::Text
    } else {
        Exactly::Sizes
    });
    let mut keys = Keys::default();
    let sides: Vec<Side> = runs
        .iter()
        .map(|run| {
            let mut reader = sockets.of_run(&run.hosts);
            let told = run.comparable(lenses, cables.as_ref());
            let (lines, keys) = told
                .into_iter()
                .map(|happening| {
                    let named = reader.name(happening);
                    let key = keys.number(&happening.who, named.key);
                    (Happening { what: named.shown, ..happening.clone() }, key)
                })
                .unzip();
            Side { lines, keys }
        })
        .collect();
    let alike = (0..)
        .take_while(|at| {
            let mut keys = sides.iter().map(|side| side.keys.get(*at));
            let first = keys.next().flatten();
            first.is_some() && keys.all(|key| key == first)
        })
        .count();
    let parting = sides.iter().any(|side| side.keys.len() > alike).then(|| part(&sides, alike));
    Comparison { alike, parting, cables }
}

/// A run with what makes its lines comparable.
struct Side {
    lines: Vec<Happening>,
    keys: Vec<u32>,
}

/// Numbers for what happens: the same for what is the same.
#[derive(Default)]
struct Keys(BTreeMap<(String, String), u32>);

impl Keys {
    fn number(&mut self, who: &str, what: String) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry((who.to_owned(), what)).or_insert(next)
    }
}

/// Looks at the place where runs part, behind so many lines that are alike.
fn part(sides: &[Side], alike: usize) -> Parting {
    let counts: Vec<BTreeMap<u32, usize>> = sides
        .iter()
        .map(|side| {
            let mut counts = BTreeMap::new();
            side.keys[alike..].iter().for_each(|key| *counts.entry(*key).or_default() += 1);
            counts
        })
        .collect();
    let in_all =
        |key: u32| counts.iter().map(|counts| counts.get(&key).copied().unwrap_or(0)).min().unwrap_or(0);
    let only: Vec<usize> =
        counts.iter().map(|counts| counts.iter().map(|(key, count)| count - in_all(*key)).sum()).collect();
    let way = if only.iter().all(|only| *only == 0) {
        Way::Order
    } else if sides.iter().any(|side| side.keys.len() == alike) {
        Way::Ends
    } else if sides.iter().all(|side| in_all(side.keys[alike]) > 0) {
        Way::OrderFirst
    } else {
        Way::Otherwise
    };
    let mut rows: Vec<Row> = (alike.saturating_sub(BEFORE)..alike)
        .map(|at| Row {
            is_alike: true,
            cells: sides.iter().map(|side| side.lines.get(at).cloned()).collect(),
        })
        .collect();
    rows.extend(aligned(sides, alike));
    Parting { way, rows, only }
}

/// The lines from there on beside each other, as far as they are shown.
fn aligned(sides: &[Side], alike: usize) -> Vec<Row> {
    let rest = |side: &Side| alike..side.keys.len().min(alike + ALIGNED);
    let Some((first, others)) = sides.split_first() else { return Vec::new() };
    let base = rest(first);
    let placed: Vec<Placed> =
        others.iter().map(|other| placed(&first.keys[base.clone()], &other.keys[rest(other)])).collect();
    let mut taken = vec![0; sides.len()];
    let mut rows: Vec<Row> = Vec::new();
    for at in 0..=base.len() {
        let mut of_row: Vec<Vec<Option<usize>>> = Vec::new();
        for (number, Placed { before, .. }) in placed.iter().enumerate() {
            of_row.extend(before[at].iter().map(|line| {
                let mut cells = vec![None; sides.len()];
                cells[number + 1] = Some(*line);
                cells
            }));
        }
        if at < base.len() {
            let beside = placed.iter().map(|other| other.beside[at]);
            of_row.push([Some(at)].into_iter().chain(beside).collect());
        }
        for cells in of_row {
            let is_alike = cells.iter().all(Option::is_some);
            // Enough is shown of each; a row in which nobody has anything more to show is none.
            let cells: Vec<Option<Happening>> = cells
                .into_iter()
                .enumerate()
                .map(|(number, line)| {
                    let line = line.filter(|_| taken[number] < AFTER)?;
                    taken[number] += 1;
                    sides[number].lines.get(alike + line).cloned()
                })
                .collect();
            if cells.iter().any(Option::is_some) {
                rows.push(Row { is_alike: is_alike && cells.iter().all(Option::is_some), cells });
            }
        }
        if taken.iter().all(|taken| *taken >= AFTER) {
            break;
        }
    }
    close_up(rows)
}

/// Where the lines of another run stand in a first one.
struct Placed {
    /// Beside each of its lines.
    beside: Vec<Option<usize>>,
    /// Before each, and behind the last.
    before: Vec<Vec<usize>>,
}

/// Places the lines of another run in a first one.
fn placed(first: &[u32], other: &[u32]) -> Placed {
    let mut beside = vec![None; first.len()];
    let mut before = vec![Vec::new(); first.len() + 1];
    for op in capture_diff_slices(Algorithm::Myers, first, other) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                (0..len).for_each(|at| beside[old_index + at] = Some(new_index + at));
            }
            DiffOp::Delete { .. } => {}
            DiffOp::Insert { old_index, new_index, new_len } => {
                before[old_index].extend(new_index..new_index + new_len);
            }
            DiffOp::Replace { old_index, new_index, new_len, .. } => {
                before[old_index].extend(new_index..new_index + new_len);
            }
        }
    }
    Placed { beside, before }
}

/// Moves lines that stand alone in their rows beside each other: what each run has in place of the others is compared with
/// the eye.
fn close_up(rows: Vec<Row>) -> Vec<Row> {
    let mut closed: Vec<Row> = Vec::new();
    let mut open = 0;
    for row in rows {
        let mut alone = row.cells.iter().enumerate().filter(|(_, cell)| cell.is_some());
        let (Some((column, _)), None) = (alone.next(), alone.next()) else {
            closed.push(row);
            open = closed.len();
            continue;
        };
        match closed[open..]
            .iter_mut()
            .find(|above| above.cells[column..].first().is_some_and(Option::is_none))
        {
            Some(above) => above.cells[column] = row.cells.into_iter().nth(column).flatten(),
            None => closed.push(row),
        }
    }
    closed
}

#[cfg(test)]
mod tests;
