//! What came of seeds, counted. Counts of parts make that of the whole, whatever the parts are, and take the same room for
//! a million seeds as for a thousand.

use std::collections::BTreeMap;

use sim::lab::reached::{Mark, Tally};
use sim::lab::{Ending, Grade, Trial};

/// So many endings of a grade are told apart; those whose words come first.
const MOST_ENDINGS: usize = 200;

/// The seeds that ended in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// How many.
    pub(super) seeds: u64,
    /// The least of them.
    pub(super) least: u64,
}

impl Row {
    fn add(&mut self, other: Row) {
        self.seeds += other.seeds;
        self.least = self.least.min(other.least);
    }
}

/// What came of seeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// How many seeds.
    pub(super) seeds: u64,
    /// Those of each ending.
    rows: BTreeMap<Grade, BTreeMap<String, Row>>,
    /// Those of all other endings of a grade.
    pub(super) others: BTreeMap<Grade, Row>,
    /// In how many of them something broke.
    pub(super) disturbed: u64,
    /// In how many of them a command that moves files was typed.
    pub(super) commanded: u64,
    /// Of each `sometimes` of the scenario, in how many of them it came about.
    pub(super) sometimes: Vec<u64>,
    /// What they have reached.
    pub(super) reached: Tally,
}

impl Count {
    /// Nothing yet, of a scenario that has so many `sometimes`.
    pub(super) fn new(sometimes: usize) -> Self {
        Count { sometimes: vec![0; sometimes], ..Count::default() }
    }

    /// Counts a seed.
    pub(super) fn add(&mut self, trial: &Trial) {
        self.seeds += 1;
        self.disturbed += u64::from(trial.faults > 0);
        self.commanded += u64::from(trial.commands > 0);
        for (count, came) in self.sometimes.iter_mut().zip(&trial.sometimes) {
            *count += u64::from(*came);
        }
        self.reached.add(&trial.reached);
        let Ending { grade, words } = &trial.ending;
        self.add_row(*grade, words, Row { seeds: 1, least: trial.seed });
    }

    /// Counts the seeds of another count.
    pub(super) fn merge(&mut self, other: &Count) {
        self.seeds += other.seeds;
        self.disturbed += other.disturbed;
        self.commanded += other.commanded;
        self.sometimes.iter_mut().zip(&other.sometimes).for_each(|(count, other)| *count += other);
        self.reached.merge(&other.reached);
        for (grade, words, row) in other.rows() {
            self.add_row(grade, words, row);
        }
        for (grade, row) in &other.others {
            self.add_other(*grade, *row);
        }
    }

    /// Adds seeds of an ending. Of too many, the last in the order of their words goes to the others: whichever it is that
    /// comes first, those that stay are the same, and so are their counts.
    pub(super) fn add_row(&mut self, grade: Grade, words: &str, row: Row) {
        let rows = self.rows.entry(grade).or_default();
        match rows.get_mut(words) {
            Some(old) => old.add(row),
            None => {
                rows.insert(words.to_owned(), row);
                if rows.len() > MOST_ENDINGS
                    && let Some((_, last)) = rows.pop_last()
                {
                    self.add_other(grade, last);
                }
            }
        }
    }

    /// Adds seeds of endings that are not told apart.
    pub(super) fn add_other(&mut self, grade: Grade, row: Row) {
        self.others.entry(grade).and_modify(|old| old.add(row)).or_insert(row);
    }

    /// The endings, in order of grades and words.
    pub(super) fn rows(&self) -> impl Iterator<Item = (Grade, &str, Row)> {
        let grades = self.rows.iter();
        grades.flat_map(|(grade, rows)| rows.iter().map(move |(words, row)| (*grade, words.as_str(), *row)))
    }

    /// How many seeds ended with this grade.
    pub(super) fn of(&self, grade: Grade) -> u64 {
        let told_apart: u64 = self.rows.get(&grade).into_iter().flatten().map(|(_, row)| row.seeds).sum();
        told_apart + self.others.get(&grade).map_or(0, |row| row.seeds)
    }

    /// What was reached, by name.
    pub(super) fn reached_by_name(&self) -> BTreeMap<String, u64> {
        let reached = self.reached.rows().filter(|(_, seeds)| *seeds > 0);
        reached.map(|(mark, seeds): (&Mark, u64)| (mark.to_string(), seeds)).collect()
    }

    /// The opposite of [`reached_by_name`](Count::reached_by_name). `None` if there is nothing of such a name.
    pub(super) fn set_reached(&mut self, by_name: &BTreeMap<String, u64>) -> Option<()> {
        self.reached.runs = self.seeds;
        let known = Mark::all().filter_map(|mark| Some((mark, *by_name.get(&mark.to_string())?)));
        let known: Vec<_> = known.collect();
        known.iter().for_each(|(mark, seeds)| self.reached.set(mark, *seeds));
        (known.len() == by_name.len()).then_some(())
    }

    /// Whether there is nothing that would make a sweep fail.
    pub(super) fn holds(&self) -> bool {
        self.of(Grade::Wrong) == 0 && self.sometimes.iter().all(|seeds| *seeds > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Endings of seeds, with many different words.
    fn endings() -> Vec<(Grade, String, Row)> {
        let row = |seed: u64| Row { seeds: 1, least: seed };
        (0..2000)
            .map(|seed| {
                let grade = if seed % 3 == 0 { Grade::Wrong } else { Grade::Holds };
                (grade, format!("ending {}", seed * 7919 % 613), row(seed))
            })
            .collect()
    }

    fn count<'a>(endings: impl IntoIterator<Item = &'a (Grade, String, Row)>) -> Count {
        let mut count = Count::new(0);
        for (grade, words, row) in endings {
            count.seeds += 1;
            count.add_row(*grade, words, *row);
        }
        count
    }

    #[test]
    fn however_it_is_parted_the_whole_is_the_same_and_takes_no_more_room() {
        let endings = endings();
        let whole = count(&endings);
        assert_eq!(whole.rows().count(), 2 * MOST_ENDINGS, "more endings than are told apart");
        for parts in [2, 3, 7, 100] {
            let mut merged = Count::new(0);
            // The last part first: the order does not matter either.
            for part in endings.chunks(endings.len().div_ceil(parts)).rev() {
                merged.merge(&count(part));
            }
            assert_eq!(merged, whole, "{parts} parts");
        }
        assert_eq!(whole.of(Grade::Wrong) + whole.of(Grade::Holds), 2000, "none is lost among the others");
    }
}
