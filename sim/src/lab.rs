//! The laboratory: a scenario is broken in a great many ways, every run is checked, and the one that matters is shown.
//!
//! A [`Lab`] draws from each seed a *case*: the scenario with other files, policies and delays, in which something breaks
//! ([`Lab::case`]). A case is an ordinary scenario. It is played as users would go on whatever breaks, and then held
//! against the laws ([`Law`]) and the scenario's own conditions: a [`Trial`]. [`Lab::shrink`] makes of a case that breaks a
//! law the smallest one that still does.
//!
//! ```
//! use sim::lab::{Grade, Lab};
//!
//! # fn main() -> Result<(), sim::scenario::Errors> {
//! let text = sim::scenario::library::scenario("rfc438-append").expect("the library has it");
//! let lab = Lab::parse(text)?;
//! for seed in 0..20 {
//!     let trial = lab.trial(seed);
//!     assert_eq!(trial.ending.grade, Grade::Holds, "{:?}", trial.findings);
//! }
//! # Ok(())
//! # }
//! ```

use ftp_user::Claim;
use scenario::Errors;
use scenario::ast::{Action, Condition, ConditionWhat, ConditionWhen, HostPlan, Scenario, Step};
use scenario::library::BuiltIn;

use crate::outcome::Options;
use crate::prepared::Prepared;

use draw::Draw;
use mend::is_end;
use plan::Plan;
use reached::Reached;
use shrink::Shrinker;
use trial::{Manner, Ran, all_mended, caught, ending, faults, findings, panicked, play};

pub mod compare;
mod draw;
pub(crate) mod law;
pub mod left;
mod mend;
pub mod orders;
mod plan;
pub mod reached;
mod shrink;
mod trial;

pub use law::{DONE_WITHIN, Law};
pub use shrink::Shrunk;
pub use trial::{Ending, Finding, Grade, Trial};

/// A scenario, prepared to be swept. It is the same for all seeds, and can be used by many threads.
pub struct Lab {
    scenario: Scenario,
    plan: Plan,
    /// The scenario on each of the nets on which it is played.
    variants: Vec<Prepared>,
    /// What users are told at last if nothing is disturbed.
    told: Vec<Option<(Claim, HostWords)>>,
    /// Whether a host or the net is too slow for the scenario as it is.
    is_slow: bool,
    /// What is wrong with the scenario as its author wrote it, and the scenario.
    fails: Option<(Finding, Box<Scenario>)>,
}

/// Words at the teletype of a host.
type HostWords = (imp1822::HostAddress, String);

impl Lab {
    /// Prepares a scenario. It is played once, undisturbed, to see how long it takes and what comes of it.
    pub fn new(mut scenario: Scenario) -> Self {
        let fails = plainly_fails(&scenario).map(|finding| (finding, Box::new(scenario.clone())));
        // What its author expects is of the undisturbed run. What gives a name to a number is needed.
        scenario.steps.retain(|step| !is_mere_expectation(step));
        scenario.fails.clear();
        let laws = [
            ConditionWhat::ToldTheTruth,
            ConditionWhat::NothingLeft,
            ConditionWhat::EveryProgramDone,
            ConditionWhat::NothingByItself,
        ];
        for what in laws {
            if !scenario.conditions.iter().any(|condition| condition.what == what) {
                scenario.conditions.push(law(what));
            }
        }
        let named = scenario.sweep.iter().flat_map(|sweep| &sweep.nets);
        // The language sees to it that these nets have all that the scenario names.
        let on_named = named.filter_map(|net| scenario::on_net(&scenario, net).ok());
        let mut variants: Vec<Prepared> = on_named.map(Prepared::new).collect();
        if variants.is_empty() {
            variants.push(Prepared::new(scenario.clone()));
        }
        let undisturbed = play(&Prepared::new(scenario.clone()), Manner::WhateverFails);
        let (end, is_slow, told) = match undisturbed {
            Ok(Ran { outcome, steps_end, .. }) => (steps_end, met_slowness(&outcome), outcome.findings.told),
            Err(_) => (machine::Instant::START, false, Vec::new()),
        };
        let plan = Plan::of(&scenario, end);
        Lab { scenario, plan, variants, told, is_slow, fails }
    }

    /// Reads a text and prepares the scenario, which plays on built-in nets.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, Errors> {
        scenario::parse("text.scenario", text, &BuiltIn).map(Lab::new)
    }

    /// The scenario, as its undisturbed run takes it.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The case of a seed.
    pub fn case(&self, seed: u64) -> Scenario {
        self.draw(seed).into_scenario()
    }

    fn draw(&self, seed: u64) -> Prepared {
        let mut draw = Draw::new(&self.plan, seed);
        let variant = &self.variants[draw.index(self.variants.len())];
        let mut case = variant.scenario().clone();
        case.seed = seed;
        draw.vary(&mut case);
        variant.with(case)
    }

    /// Plays the case of a seed, and checks it.
    pub fn trial(&self, seed: u64) -> Trial {
        self.judge(&self.draw(seed))
    }

    /// The same twice: it is wrong, too, if the two differ.
    pub fn trial_twice(&self, seed: u64) -> Trial {
        self.trial(seed).same_as(&self.trial(seed))
    }

    fn judge(&self, prepared: &Prepared) -> Trial {
        let case = prepared.scenario();
        match play(prepared, Manner::WhateverFails) {
            Ok(Ran { outcome, .. }) => {
                let faults = faults(case, &outcome);
                let mut findings = findings(&outcome);
                if findings.is_empty() {
                    findings.extend(self.fails.iter().map(|(finding, _)| finding.clone()));
                }
                // What IMPs throw away, and do so without any change, too, is lost. What takes longer may be too slow for an IMP.
                let is_overrun = self.is_slow && met_slowness(&outcome);
                // Lines that are too bad are taken for dead, and no layer mends that an IMP is out of reach.
                let was_mended = |reached| !reached::met_slowness(reached) && !reached::was_cut_off(reached);
                let is_mended = || {
                    let reached = outcome.findings.reached.as_ref();
                    all_mended(case, &outcome) && reached.is_none_or(was_mended)
                };
                let is_judged = !is_overrun && (faults == 0 || is_mended());
                if findings.is_empty() && is_judged && self.is_like(case) {
                    findings.extend(self.undone(faults, &outcome));
                }
                let claims: Vec<Option<Claim>> =
                    outcome.findings.told.iter().map(|told| told.as_ref().map(|(claim, _)| *claim)).collect();
                Trial {
                    seed: case.seed,
                    ending: ending(&findings, &claims),
                    findings,
                    faults,
                    end: outcome.end,
                    digest: Some(outcome.digest),
                    commands: claims.len(),
                    sometimes: outcome.findings.sometimes,
                    reached: outcome.findings.reached.unwrap_or_default(),
                }
            }
            Err(said) => {
                let findings = vec![panicked(said)];
                Trial {
                    seed: case.seed,
                    ending: ending(&findings, &[]),
                    findings,
                    faults: case.meanwhile.iter().filter(|one| !is_end(&one.action)).count(),
                    end: machine::Instant::START,
                    digest: None,
                    commands: 0,
                    sometimes: Vec::new(),
                    reached: Reached::default(),
                }
            }
        }
    }

    /// Makes of the case of a seed the smallest scenario that is wrong in the same way, gravest finding first. `None` if the case
    /// holds, or if only a user who goes on whatever fails brings it about.
    pub fn shrink(&self, seed: u64) -> Option<Shrunk> {
        let prepared = self.draw(seed);
        let (case, trial) = (prepared.scenario(), self.judge(&prepared));
        let finding = trial.findings.first()?;
        if let Some((fails, scenario)) = self.fails.as_ref().filter(|(fails, _)| fails == finding) {
            let scenario = Scenario { sweep: None, ..(**scenario).clone() };
            return Some(Shrunk { scenario, finding: fails.clone(), tries: 1 });
        }
        let mut done = self.told.iter().flatten().filter(|(claim, _)| *claim == Claim::Whole);
        let saw = done.next().and_then(|(_, (host, words))| {
            let plan = case.hosts.iter().find(|plan| plan.address == *host)?;
            Some((*host, plan.name.as_str(), words.as_str()))
        });
        Shrinker::begin(&prepared, finding, saw).map(Shrinker::shrink)
    }

    /// Whether all hosts of a case can do what those of the scenario can.
    fn is_like(&self, case: &Scenario) -> bool {
        let can_do_the_same =
            |one: &HostPlan, other: &HostPlan| one.server == other.server && one.room == other.room;
        case.hosts.iter().zip(&self.scenario.hosts).all(|(one, other)| can_do_the_same(one, other))
    }

    /// What was done in the undisturbed run, and not in this one.
    fn undone(&self, faults: usize, outcome: &crate::outcome::Outcome) -> Option<Finding> {
        let told = undone(&self.told, &outcome.findings.told)?;
        let disturbance = if faults == 0 {
            "nothing has broken"
        } else {
            "nothing has broken that IMPs or NCPs do not mend"
        };
        let class = if faults == 0 {
            "a command that nothing disturbed was not done"
        } else {
            "a command was not done, and all that broke was mended below"
        };
        Some(Finding {
            law: Law::Undisturbed,
            class: class.to_owned(),
            sentence: format!("{disturbance}, and a command was not done: its user was told \"{told}\""),
            at: outcome.end,
            unseen: false,
        })
    }
}

/// What a user was told whose command is usually done, and was not; the first.
fn undone<'a>(
    usual: &[Option<(Claim, HostWords)>],
    told: &'a [Option<(Claim, HostWords)>],
) -> Option<&'a str> {
    let is_done = |told: &Option<(Claim, HostWords)>| matches!(told, Some((Claim::Whole, _)));
    let (_, told) = usual.iter().zip(told).find(|(usual, told)| is_done(usual) && !is_done(told))?;
    Some(told.as_ref().map_or("nothing", |(_, (_, words))| words.as_str()))
}

/// Whether a host or the net was too slow for what it was to carry.
fn met_slowness(outcome: &crate::outcome::Outcome) -> bool {
    outcome.findings.reached.as_ref().is_some_and(reached::met_slowness)
}

/// A law, as a condition of a scenario.
fn law(what: ConditionWhat) -> Condition {
    let source = match &what {
        ConditionWhat::ToldTheTruth => "at the end every user was told the truth",
        ConditionWhat::NothingLeft => "at the end nothing is left behind",
        ConditionWhat::EveryProgramDone => "at the end every program is done",
        ConditionWhat::NothingByItself => "at the end nothing failed by itself",
        ConditionWhat::Expectation(_) => "",
    };
    Condition { when: ConditionWhen::AtTheEnd, what, line: 0, source: source.to_owned() }
}

/// What is wrong with a scenario if it is replayed as it is: then no case of it proves anything.
fn plainly_fails(scenario: &Scenario) -> Option<Finding> {
    let finding = |at, said: String| Finding {
        law: Law::Undisturbed,
        class: "the scenario itself fails".to_owned(),
        sentence: format!("the scenario fails as it is, with nothing broken and nothing varied: {said}"),
        at,
        unseen: false,
    };
    match caught(|| Prepared::new(scenario.clone()).replay(Options::DIGEST)) {
        Ok(outcome) => {
            let failures = outcome.verdict.err()?;
            let first = failures.iter().next()?;
            Some(finding(first.at, format!("{}: {}", first.found, first.label)))
        }
        Err(said) => Some(finding(machine::Instant::START, format!("a panic: {said}"))),
    }
}

fn is_mere_expectation(step: &Step) -> bool {
    matches!(step.action, Action::Expect(_)) && step.action.new_names().next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &[&str]) -> Vec<Option<(Claim, HostWords)>> {
        let claim = |words: &str| rsexec::claim_of(words).or_else(|| ftp_user::claim_of(words));
        let one = |(number, words): (u8, &&str)| Some((claim(words)?, (number.into(), (*words).to_owned())));
        (1..).zip(words).map(one).collect()
    }

    #[test]
    fn who_is_turned_away_at_the_door_is_not_done_whoever_else_is() {
        const AWAY: &str = "NOT DONE: PERHAPS NOBODY SERVES FILES THERE";
        let usual = told(&["APPENDED", "5 BYTES SENT"]);
        for (words, not_done) in [
            (["APPENDED", "5 BYTES SENT"], None),
            (["APPENDED", "CONNECT FIRST"], Some("CONNECT FIRST")),
            ([AWAY, "5 BYTES SENT"], Some(AWAY)),
            (["APPENDED", "504 not now"], Some("504 not now")),
            (["APPENDED", ""], Some("nothing")),
        ] {
            assert_eq!(undone(&usual, &told(&words)), not_done, "{words:?}");
        }
    }
}
