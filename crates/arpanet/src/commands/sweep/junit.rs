//! What came of a sweep, for CI servers: JUnit's XML. A scenario is a suite, each way in which it ended a case; so is all that
//! was found before, each seed and scenario of it a case.

use std::path::Path;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use scenario::library::FOUND;
use sim::lab::Grade;

use super::table::{Swept, rows, sometimes};
use crate::output_file::{OutputError, OutputFile};

/// A file of JUnit's XML.
pub(super) struct Junit {
    file: OutputFile,
    report: Report,
}

impl Junit {
    /// Makes sure that the file can be written.
    pub(super) fn prepare(path: &Path) -> Result<Self, OutputError> {
        Ok(Junit { file: OutputFile::prepare("--junit", path)?, report: Report::new("arpanet sweep") })
    }

    /// Adds what came of a scenario.
    pub(super) fn add(&mut self, swept: &Swept<'_>) {
        let mut suite = TestSuite::new(swept.name);
        for grade in [Grade::Holds, Grade::Unseen, Grade::Wrong] {
            for (words, row) in rows(swept.count, grade) {
                let says = format!("{} seeds, the least is {}", row.seeds, row.least);
                suite.add_test_case(case(swept.name, words, grade == Grade::Wrong, &says));
            }
        }
        for (condition, seeds) in sometimes(swept.scenario, swept.count) {
            let says = format!("came about in {seeds} of {} seeds", swept.count.seeds);
            suite.add_test_case(case(swept.name, condition, seeds == 0, &says));
        }
        self.report.add_test_suite(suite);
    }

    /// Adds what came of what was found before: of each, what it is and whether it holds.
    pub(super) fn add_found(&mut self, found: &[(String, bool)]) {
        let mut suite = TestSuite::new(FOUND);
        for (what, holds) in found {
            let says = if *holds { "it holds" } else { "it has come back" };
            suite.add_test_case(case(FOUND, what, !holds, says));
        }
        self.report.add_test_suite(suite);
    }

    /// Writes the file.
    pub(super) fn write(self) -> Result<(), OutputError> {
        let Junit { file, report } = self;
        file.write(|file| {
            let text = report.to_string().map_err(std::io::Error::other)?;
            file.write_all(text.as_bytes())
        })
    }
}

fn case(suite: &str, name: &str, is_wrong: bool, says: &str) -> TestCase {
    let mut status = if is_wrong {
        TestCaseStatus::non_success(NonSuccessKind::Failure)
    } else {
        TestCaseStatus::success()
    };
    if is_wrong {
        status.set_message(says);
    }
    let mut case = TestCase::new(name, status);
    case.set_classname(suite);
    case.set_system_out(says);
    case
}
