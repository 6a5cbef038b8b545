//! What came of a sweep, for programs: an object of JSON in each line. `sweep.schema.json` says what they have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sim::lab::{Finding, Grade, Law, Trial};

use super::count::{Count, Row};

/// Grows when a field changes its meaning or goes.
pub(super) const SCHEMA: u32 = 1;

/// A seed.
#[derive(Debug, Serialize)]
pub(super) struct SeedLine<'a> {
    is: &'static str,
    scenario: &'a str,
    seed: u64,
    grade: &'static str,
    ending: &'a str,
    faults: usize,
    commands: usize,
    end_us: u64,
    digest: Option<String>,
    findings: Vec<FindingLine<'a>>,
    sometimes: &'a [bool],
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct FindingLine<'a> {
    law: &'static str,
    class: &'a str,
    says: &'a str,
    at_us: u64,
    unseen: bool,
}

/// All seeds of a scenario.
#[derive(Debug, Serialize)]
pub(super) struct TotalLine<'a> {
    pub(super) is: &'static str,
    pub(super) schema: u32,
    pub(super) version: &'static str,
    pub(super) scenario: &'a str,
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) seeds: u64,
    pub(super) holds: u64,
    pub(super) unseen: u64,
    pub(super) wrong: u64,
    pub(super) sometimes: Vec<SometimesLine>,
    #[serde(flatten)]
    pub(super) counted: Counted,
}

/// A `sometimes` of a scenario, and how many seeds it came about in.
#[derive(Debug, Serialize)]
pub(super) struct SometimesLine {
    pub(super) condition: String,
    pub(super) seeds: u64,
}

/// The smallest scenario of a seed that is wrong.
#[derive(Debug, Serialize)]
pub(super) struct ShrunkLine<'a> {
    pub(super) is: &'static str,
    pub(super) scenario: &'a str,
    pub(super) seed: u64,
    pub(super) says: &'a str,
    pub(super) file: Option<String>,
}

/// A count, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    rows: Vec<RowLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<RowLine>,
    disturbed: u64,
    commanded: u64,
    reached: BTreeMap<String, u64>,
}

/// The seeds of an ending; without words, of all others of the grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RowLine {
    grade: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ending: Option<String>,
    seeds: u64,
    least: u64,
}

impl<'a> SeedLine<'a> {
    /// What came of a seed of a scenario.
    pub(super) fn new(scenario: &'a str, trial: &'a Trial, with_reached: bool) -> Self {
        let reached = with_reached.then(|| trial.reached.marks().map(ToString::to_string).collect());
        let finding = |finding: &'a Finding| FindingLine {
            law: law(finding.law),
            class: &finding.class,
            says: &finding.sentence,
            at_us: finding.at.as_micros(),
            unseen: finding.unseen,
        };
        SeedLine {
            is: "seed",
            scenario,
            seed: trial.seed,
            grade: grade(trial.ending.grade),
            ending: &trial.ending.words,
            faults: trial.faults,
            commands: trial.commands,
            end_us: trial.end.as_micros(),
            digest: trial.digest.map(|digest| digest.to_string()),
            findings: trial.findings.iter().map(finding).collect(),
            sometimes: &trial.sometimes,
            reached,
        }
    }
}

impl Counted {
    /// A count as it is written, without its `sometimes`.
    pub(super) fn of(count: &Count) -> Self {
        let rows = count.rows().map(|(of, words, row)| RowLine {
            grade: grade(of).to_owned(),
            ending: Some(words.to_owned()),
            seeds: row.seeds,
            least: row.least,
        });
        let others = count.others.iter().map(|(of, row)| RowLine {
            grade: grade(*of).to_owned(),
            ending: None,
            seeds: row.seeds,
            least: row.least,
        });
        Counted {
            rows: rows.collect(),
            others: others.collect(),
            disturbed: count.disturbed,
            commanded: count.commanded,
            reached: count.reached_by_name(),
        }
    }

    /// The count that was written. `None` if something in it is unknown, or the numbers do not agree.
    pub(super) fn count(&self, sometimes: Vec<u64>) -> Option<Count> {
        let mut count = Count::new(0);
        count.sometimes = sometimes;
        for RowLine { grade, ending, seeds, least } in self.rows.iter().chain(&self.others) {
            let grade = GRADES.iter().find(|(_, name)| name == grade)?.0;
            let row = Row { seeds: *seeds, least: *least };
            match ending {
                Some(words) => count.add_row(grade, words, row),
                None => count.add_other(grade, row),
            }
            count.seeds = count.seeds.checked_add(*seeds)?;
        }
        count.disturbed = self.disturbed;
        count.commanded = self.commanded;
        count.set_reached(&self.reached)?;
        Some(count)
    }
}

const GRADES: [(Grade, &str); 3] =
    [(Grade::Holds, "holds"), (Grade::Unseen, "unseen"), (Grade::Wrong, "wrong")];

/// The name of a grade.
pub(super) const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Holds => "holds",
        Grade::Unseen => "unseen",
        Grade::Wrong => "wrong",
    }
}

/// The name of a law.
pub(super) const fn law(law: Law) -> &'static str {
    match law {
        Law::NoPanic => "no-panic",
        Law::Truth => "truth",
        Law::Monitor => "monitor",
        Law::Demand => "demand",
        Law::Done => "done",
        Law::NothingLeft => "nothing-left",
        Law::NothingByItself => "nothing-by-itself",
        Law::Undisturbed => "undisturbed",
        Law::SameAgain => "same-again",
    }
}

/// An object as a line.
pub(super) fn line(object: &impl Serialize) -> String {
    // Texts, numbers and lists of them can always be written.
    serde_json::to_string(object).unwrap_or_default() + "\n"
}
