//! `arpanet scenario --explain`: tells each step of a run in words.

use clap::Args;
use scenario::Scenario;
use sim::Outcome;
use trace::{Lens, Paper};
use view::report::{footing, heading};
use view::sheet::Sheet;
use view::story::{Level, NoSuchPhase, Telling, phase_word, tell};

use crate::error::CommandError;
use crate::telling_error::TellingError;

/// How a run is told in words.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Tell each step in words: `story` says what it is, why now, what both sides believe then, and which document has it
    /// so; `protocol` also which requirements, as `cargo xtask clauses` lists them; `bits` also every field of the message,
    /// but of text with a password only that it is there.
    /// Phases have headings, and the scenario's comments stand between the steps. --show says which steps.
    #[arg(
        long,
        value_name = "HOW",
        conflicts_with_all = ["bits", "check", "against", "json"]
    )]
    explain: Option<String>,

    /// Begin with the first step that says TEXT, as the transcript has it. For example: LSTN.
    #[arg(long, value_name = "TEXT", requires = "explain")]
    from: Option<String>,

    /// Of these phases print the headings only: start, ncp, icp, login, dialogue, arrange, transfer, data, outcome, close.
    /// For example: icp,login.
    #[arg(long, value_name = "PHASE,...", value_delimiter = ',', requires = "explain")]
    fold: Vec<String>,
}

/// What was asked for, and makes sense.
pub(super) struct Asked<'a> {
    level: Level,
    from: Option<&'a str>,
    folded: Vec<&'static str>,
}

impl ExplainArgs {
    /// Whether a run is to be told.
    pub(super) fn is_asked(&self) -> bool {
        self.explain.is_some()
    }

    /// What was asked for, if anything was.
    pub(super) fn asked(&self) -> Result<Option<Asked<'_>>, TellingError> {
        let Some(level) = &self.explain else { return Ok(None) };
        let folded: Result<_, NoSuchPhase> = self.fold.iter().map(|word| phase_word(word)).collect();
        Ok(Some(Asked { level: level.parse()?, from: self.from.as_deref(), folded: folded? }))
    }
}

impl Asked<'_> {
    /// The run in words, between its heading and its end.
    pub(super) fn text(
        &self,
        scenario: &Scenario,
        outcome: &Outcome,
        lenses: &[Lens],
        paper: Paper,
        times: bool,
    ) -> Result<String, CommandError> {
        let sheet = Sheet::new(scenario, outcome);
        let telling =
            Telling { level: self.level, lenses, paper, times, from: self.from, folded: &self.folded };
        let told = tell(&sheet, telling).map_err(TellingError::from)?;
        let mut text = paper.fill(&sheet.without_passwords(&heading(scenario)), 2);
        text.push_str(&told);
        text.push_str(&paper.fill(&footing(outcome, paper.color), 2));
        Ok(text)
    }
}
