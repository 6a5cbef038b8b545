//! What is compared: a scenario, as it is or with changes, or a record of a run that was kept.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use imp::nearest::nearest;
use scenario::Scenario;
use scenario::ast::{HostPlan, Requests};
use scenario::library::{SCENARIO, has_ending};
use sim::Options;
use sim::ftp::Edition;
use sim::lab::compare::Run;
use trace::Lens;
use view::comparison::LABELS;
use view::json_run;

use super::scenario::{read, replay};
use crate::error::CommandError;
use crate::library::{Library, STANDARD_INPUT, Source};
use crate::operand_error::OperandError;
use crate::terminal::Terminal;

/// What parts a scenario from what is changed in it, and the changes.
const SIGN: char = '@';

/// What is compared, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operand {
    base: OsString,
    changes: Vec<String>,
}

/// A run that is compared.
pub(super) struct Compared {
    pub(super) title: String,
    pub(super) run: Run,
    pub(super) failures: usize,
    pub(super) is_whole: bool,
}

/// Takes apart what was written: `NAME@CHANGE...`, or `@CHANGE...` for the first one with changes.
///
/// # Errors
/// They are too few or too many, there is no first one, or two are the same.
pub(super) fn operands(written: &[OsString]) -> Result<Vec<Operand>, CommandError> {
    if !(2..=LABELS.len()).contains(&written.len()) {
        return Err(OperandError::Number(written.len()).into());
    }
    each(written)
}

/// The same for however many there are.
///
/// # Errors
/// There is no first one, or two are the same.
pub(super) fn each(written: &[OsString]) -> Result<Vec<Operand>, CommandError> {
    let mut operands: Vec<Operand> = Vec::new();
    for text in written {
        let mut operand = Operand::parse(text);
        if operand.base.is_empty() {
            let first = operands.first().ok_or_else(|| OperandError::NothingToChange(shown(text)))?;
            let mut changed = first.clone();
            operand.changes.iter().for_each(|change| changed.add(change));
            operand = changed;
        }
        if operand.base == STANDARD_INPUT && operands.iter().any(|other| other.base == STANDARD_INPUT) {
            return Err(CommandError::StandardInputTwice);
        }
        if operands.contains(&operand) {
            return Err(OperandError::Same(operand.words()).into());
        }
        operands.push(operand);
    }
    Ok(operands)
}

fn shown(text: &OsStr) -> String {
    text.to_string_lossy().into_owned()
}

/// The seed that a change is, if it is one.
fn seed(change: &str) -> Option<u64> {
    imp::number(change).ok().filter(|_| change.starts_with(|first: char| first.is_ascii_digit()))
}

impl Operand {
    fn parse(text: &OsStr) -> Operand {
        let whole = || Operand { base: text.to_owned(), changes: Vec::new() };
        // A file may be called as it likes. What is not in UTF-8 is one, or nothing.
        let Some(words) = text.to_str().filter(|_| !Path::new(text).exists()) else { return whole() };
        // A folder may have the sign in its name.
        let name = words.rfind(std::path::is_separator).map_or(0, |at| at + 1);
        let Some(at) = words[name..].find(SIGN) else { return whole() };
        let (base, changes) = words.split_at(name + at);
        let mut operand = Operand { base: base.into(), changes: Vec::new() };
        changes.split(SIGN).skip(1).for_each(|change| operand.add(change));
        operand
    }

    /// Adds a change. The last seed counts.
    fn add(&mut self, change: &str) {
        if seed(change).is_some() {
            self.changes.retain(|other| seed(other).is_none());
        }
        if !self.changes.iter().any(|other| other == change) {
            self.changes.push(change.to_owned());
        }
    }

    /// The operand as it can be written.
    pub(super) fn words(&self) -> String {
        let changes: String = self.changes.iter().map(|change| format!("{SIGN}{change}")).collect();
        format!("{}{changes}", shown(&self.base))
    }

    /// Whether it is the same scenario or record as another, but for changes.
    pub(super) fn is_of(&self, other: &Operand) -> bool {
        self.base == other.base
    }

    /// Gets the run: replays the scenario, or reads the record.
    pub(super) fn run(
        &self,
        library: &Library,
        lenses: &[Lens],
        terminal: Terminal,
    ) -> Result<Compared, CommandError> {
        if let Some(record) = self.record()? {
            if !self.changes.is_empty() {
                return Err(OperandError::ChangedRecord(shown(&self.base)).into());
            }
            let path = PathBuf::from(&self.base);
            let title = format!("{}, a record", path.display());
            let kept = json_run::read(record).map_err(|error| OperandError::Record { path, error })?;
            let json_run::Kept { run, failures, is_whole } = kept;
            return Ok(Compared { title, run, failures: failures.len(), is_whole });
        }
        let (_, scenario) = self.scenario(library)?;
        let outcome = replay(&scenario, Options::RECORDS, terminal);
        let run = Run { seed: Some(scenario.seed), ..Run::of(&outcome, lenses) };
        let failures = outcome.verdict.as_ref().err().map_or(0, sim::Failures::count);
        let title = format!("{}: {}; seed {}", self.words(), view::report::title(&scenario), scenario.seed);
        Ok(Compared { title, run, failures, is_whole: true })
    }

    /// The scenario with its changes, and its text without them.
    pub(super) fn scenario(&self, library: &Library) -> Result<(Source, Scenario), CommandError> {
        let (source, mut scenario) = read(library, &self.base)?;
        for change in &self.changes {
            self.change(&mut scenario, change)?;
        }
        Ok((source, scenario))
    }

    /// The files from which it is read.
    pub(super) fn files(&self, library: &Library, source: &Source) -> Vec<PathBuf> {
        library.files_of_scenario(&self.base, source)
    }

    /// The record that it names, if it is no scenario: a file is one that begins as JSON does.
    fn record(&self) -> Result<Option<Box<dyn BufRead>>, CommandError> {
        let path = Path::new(&self.base);
        let failed = |error| CommandError::File { path: path.to_owned(), error };
        if self.base == STANDARD_INPUT {
            // A scenario that is typed is no file to look into.
            return Ok(None);
        }
        let is_json = ["json", "jsonl"].iter().any(|ending| has_ending(&path.to_string_lossy(), ending));
        if has_ending(&path.to_string_lossy(), SCENARIO) || !is_json && (!path.exists() || path.is_dir()) {
            return Ok(None);
        }
        // A name of the library means the library, as everywhere.
        if path.components().count() == 1 && path.extension().is_none() {
            return Ok(None);
        }
        let file: Box<dyn BufRead> = Box::new(BufReader::new(File::open(path).map_err(failed)?));
        Ok(Some(file))
    }

    /// Changes a scenario.
    fn change(&self, scenario: &mut Scenario, change: &str) -> Result<(), OperandError> {
        if let Some(seed) = seed(change) {
            scenario.seed = seed;
            return Ok(());
        }
        let (host, to) = match change.split_once('=') {
            Some((host, to)) => (Some(host), to),
            None => (None, change),
        };
        let is_meant = |plan: &&mut HostPlan| host.is_none_or(|host| plan.name.eq_ignore_ascii_case(host));
        if let Some(host) = host
            && !scenario.hosts.iter().any(|plan| plan.name.eq_ignore_ascii_case(host))
        {
            let known = scenario.hosts.iter().map(|plan| plan.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(OperandError::NoHost { operand: self.words(), host: host.to_owned(), known });
        }
        if let Ok(edition) = to.parse::<Edition>() {
            let mut servers =
                scenario.hosts.iter_mut().filter(is_meant).filter_map(|plan| plan.server.as_mut());
            let count = servers.by_ref().map(|server| *server = edition).count();
            return match count {
                0 => {
                    let who = host.map_or_else(
                        || "none of the hosts".to_owned(),
                        |host| format!("{host} is none that"),
                    );
                    Err(OperandError::NoServer { operand: self.words(), who })
                }
                _ => Ok(()),
            };
        }
        let requests = match to {
            "refuses" => Some(Requests::Refuse),
            "queues" => None,
            _ => return Err(self.unknown(change, to)),
        };
        scenario.hosts.iter_mut().filter(is_meant).for_each(|plan| plan.policy.requests = requests);
        Ok(())
    }

    /// A change that nobody knows.
    fn unknown(&self, change: &str, to: &str) -> OperandError {
        let editions: Vec<String> = Edition::ALL.iter().map(ToString::to_string).collect();
        let known: Vec<&str> = editions.iter().map(String::as_str).chain(["refuses", "queues"]).collect();
        let help = match nearest(to, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "a change is the number of a seed, or {}; or HOST= and one of these",
                known.join(", ")
            ),
        };
        OperandError::Change { operand: self.words(), change: change.to_owned(), help }
    }
}
