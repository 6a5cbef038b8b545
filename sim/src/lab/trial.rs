//! One run of a case, and everything that is wrong with it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ftp_user::Claim;
use machine::{Instant, Span};
use scenario::ast::{Meanwhile, Scenario};
use trace::Digest;

use super::law::Law;
use super::mend::{is_end, is_mended};
use super::reached::Reached;
use crate::failure::{Failure, FailureKind};
use crate::outcome::{Options, Outcome};
use crate::prepared::Prepared;
use crate::run_observer::RunObserver;

/// What came of a case.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The seed from which all of it was drawn.
    pub seed: u64,
    /// How it ended.
    pub ending: Ending,
    /// What is wrong with it, the gravest first. Of one that holds, nothing.
    pub findings: Vec<Finding>,
    /// How many faults met something, without those that end one.
    pub faults: usize,
    /// When it ended.
    pub end: Instant,
    /// The digest of all its records, unless it panicked.
    pub digest: Option<Digest>,
    /// How many commands that move files were typed.
    pub commands: usize,
    /// Of each `sometimes` of the scenario, whether it came about.
    pub sometimes: Vec<bool>,
    /// What it has reached; nothing, if it panicked.
    pub reached: Reached,
}

impl Trial {
    /// One that is wrong, too, if another replay of the same seed differs.
    pub(super) fn same_as(mut self, other: &Trial) -> Trial {
        if self.digest != other.digest || self.ending != other.ending {
            let class = "two replays of one seed differ".to_owned();
            let sentence = format!("{class}, at the end at {} s and {} s", self.end, other.end);
            self.ending = Ending { grade: Grade::Wrong, words: class.clone() };
            self.findings.push(Finding { law: Law::SameAgain, class, sentence, at: self.end, unseen: false });
        }
        self
    }
}

/// How a case ended, as a row of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// Whether that is as it should be.
    pub grade: Grade,
    /// In words that are the same for all runs that ended like this.
    pub words: String,
}

/// Whether an ending is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Everything held.
    Holds,
    /// Something is wrong that nobody could see with the protocols of 1973, because a cable lost, repeated or delayed a
    /// message: a piece of a command, so that another file is spoken of, or a command twice; or data, and one more of them,
    /// so that even the counts agree.
    Unseen,
    /// Something is wrong.
    Wrong,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which law is broken.
    pub law: Law,
    /// In words that are the same for all runs in which it is broken in this way.
    pub class: String,
    /// In a sentence.
    pub sentence: String,
    /// When.
    pub at: Instant,
    /// Whether nobody could see it ([`Grade::Unseen`]).
    pub unseen: bool,
}

/// How the steps of a case are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As a user would take them, whatever breaks.
    WhateverFails,
    /// As a replay takes them: the first one that fails is the last.
    Strictly,
}

/// A run, and what its case becomes without what has met nothing.
pub(super) struct Ran {
    pub(super) outcome: Outcome,
    /// The steps that failed, and how long each had waited.
    pub(super) failed: Vec<(usize, Span)>,
    /// When the last step was done.
    pub(super) steps_end: Instant,
}

/// Plays a case. The error is what it said when it panicked.
pub(super) fn play(prepared: &Prepared, manner: Manner) -> Result<Ran, String> {
    let scenario = prepared.scenario();
    let run = || {
        let collect = |observer: RunObserver| match manner {
            Manner::WhateverFails => observer.with_collector(),
            Manner::Strictly => observer,
        };
        let mut replay = prepared.start_with(scenario.seed, Options::DIGEST, collect);
        let (failed, failures) = match manner {
            Manner::WhateverFails => (replay.take_whatever_fails(&scenario.steps), Vec::new()),
            Manner::Strictly => (Vec::new(), replay.take(&scenario.steps, |_, _| ())),
        };
        let steps_end = replay.run.now();
        Ran { outcome: replay.finish(scenario, failures), failed, steps_end }
    };
    caught(run)
}

/// What comes of a run, or what it said when it panicked.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
    })
}

/// What is wrong with a run, the gravest first.
pub(super) fn findings(outcome: &Outcome) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for broken in &outcome.findings.broken {
        findings.push(finding(broken.law, broken.class.clone(), &broken.failure, broken.unseen));
    }
    if let Err(failures) = &outcome.verdict {
        let rules = failures.iter().filter(|failure| failure.kind == FailureKind::Rule);
        findings.extend(rules.map(|failure| {
            let rule = outcome.findings.rule.clone().unwrap_or_default();
            finding(Law::Monitor, rule, failure, false)
        }));
    }
    findings.sort_by_key(|finding| (finding.unseen, finding.law));
    findings
}

fn finding(law: Law, class: String, failure: &Failure, unseen: bool) -> Finding {
    let Failure { at, found, label, .. } = failure;
    Finding { law, class, sentence: format!("{found}: {label}"), at: *at, unseen }
}

/// That a case panicked.
pub(super) fn panicked(said: String) -> Finding {
    let class = said.lines().next().unwrap_or_default().to_owned();
    Finding {
        law: Law::NoPanic,
        class,
        sentence: format!("a panic: {said}"),
        at: Instant::START,
        unseen: false,
    }
}

/// How a case ended of which these are the findings, and in which users were told this at last.
pub(super) fn ending(findings: &[Finding], claims: &[Option<Claim>]) -> Ending {
    match findings.first() {
        Some(Finding { unseen: true, class, .. }) => Ending { grade: Grade::Unseen, words: class.clone() },
        Some(Finding { class, .. }) => Ending { grade: Grade::Wrong, words: class.clone() },
        None => Ending { grade: Grade::Holds, words: told(claims).to_owned() },
    }
}

/// The worst of what users were told.
fn told(claims: &[Option<Claim>]) -> &'static str {
    let rank = |claim: &Option<Claim>| match claim {
        Some(Claim::Whole) => (0, "done, and users were told so"),
        Some(Claim::Untouched) => (1, "not done, and users were told so"),
        Some(Claim::NotWhole) => (2, "not whole, and users were told so"),
        Some(Claim::Unknown) => (3, "users were told that it is not known"),
        None => (4, "nobody was left to be told"),
    };
    claims.iter().map(rank).max().map_or("no file was moved", |(_, words)| words)
}

/// How many faults of a case there were, without those that end one, and without those that met nothing.
pub(super) fn faults(scenario: &Scenario, outcome: &Outcome) -> usize {
    that_met(scenario, outcome).count()
}

/// Whether no fault of a case did more than a layer mends.
pub(super) fn all_mended(scenario: &Scenario, outcome: &Outcome) -> bool {
    that_met(scenario, outcome).all(|one| is_mended(one, scenario))
}

/// The faults that met something.
fn that_met<'a>(scenario: &'a Scenario, outcome: &'a Outcome) -> impl Iterator<Item = &'a Meanwhile> {
    let in_vain = &outcome.findings.in_vain;
    let breaks = scenario.meanwhile.iter().filter(|one| !is_end(&one.action));
    breaks.filter(|one| !in_vain.contains(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Lab;

    #[test]
    fn a_run_that_panics_is_wrong_in_the_words_of_its_panic() {
        let said = caught::<()>(|| panic!("the third wheel came off")).expect_err("it panics");
        let finding = panicked(said);
        assert_eq!((finding.law, &*finding.class), (Law::NoPanic, "the third wheel came off"));
        assert_eq!(ending(&[finding], &[]).grade, Grade::Wrong);
    }

    #[test]
    fn two_replays_that_differ_in_anything_are_wrong() {
        let lab = Lab::parse("title  T\nnet    three-imps\nhost SITE1\n").expect("it can be read");
        let trial = lab.trial(0);
        let same = trial.clone().same_as(&lab.trial(0));
        assert_eq!((same.ending.grade, same.findings.len()), (Grade::Holds, 0));
        let other = Trial { digest: None, ..trial.clone() };
        let words = Ending { grade: Grade::Holds, words: "otherwise".to_owned() };
        for other in [other, Trial { ending: words, ..trial.clone() }] {
            let differs = trial.clone().same_as(&other);
            assert_eq!((differs.ending.grade, differs.findings[0].law), (Grade::Wrong, Law::SameAgain));
        }
    }
}
