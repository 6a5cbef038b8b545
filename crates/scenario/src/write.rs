//! A scenario as text: what a program has made of one, for people to read and replay.

mod hosts;
mod level1;
mod names;
mod steps;
mod sweep;
mod texts;

use std::collections::BTreeSet;

use imp1822::HostAddress;
use machine::Span;

use super::ast::{
    Action, Condition, ConditionWhat, ConditionWhen, Expectation, Meanwhile, Measurement, NamedNet, Orders,
    Scenario, Step,
};
use super::context::Context;
use super::errors::{Diagnostics, Errors};
use super::layout::laid_out;
use super::library::SCENARIO;
use super::names::Names;
use super::scenario::{LIMIT, parse_on};
use super::timing::Clock;
use super::whole_run::{self, LAWS};
use super::words::{Statement, statements};
use hosts::{content_line, host};
use names::{Called, lasting, time_of_run};
use steps::{action, expectation, lines_of, step, waiting};
use texts::plain;

/// The text of a scenario, laid out as the house does it. What is read from it is the same scenario but for the numbers of
/// its lines, the lines themselves where they are quoted, and its comments: it has none. Lines that say what they said in
/// the file from which they come stand as they stood there.
pub fn write(scenario: &Scenario) -> String {
    write_commented(scenario, "")
}

/// The same, below a comment of as many lines as the text has.
pub fn write_commented(scenario: &Scenario, comment: &str) -> String {
    let mut paragraphs = vec![comment_lines(comment), heading(scenario)];
    let called = Called { net: &scenario.net };
    paragraphs.push(scenario.sweep.iter().flat_map(|plan| sweep::sweep(called, plan)).collect());
    // Hosts that are said in a line stand together.
    let columns = scenario.hosts.iter().map(|plan| plan.name.len()).max().unwrap_or_default();
    let mut together = false;
    for plan in &scenario.hosts {
        let lines = host(plan, columns);
        let alone = lines.len() > 1;
        match paragraphs.last_mut().filter(|_| together && !alone) {
            Some(above) => above.extend(lines),
            None => paragraphs.push(lines),
        }
        together = !alone;
    }
    let writer = Writer::new(scenario);
    paragraphs.push(writer.meanwhile(&scenario.meanwhile));
    paragraphs.push(writer.steps(&scenario.steps));
    paragraphs.push(scenario.conditions.iter().flat_map(|one| writer.condition(one)).collect());
    let paragraphs = paragraphs.into_iter().filter(|lines| !lines.is_empty());
    let text: Vec<String> = paragraphs.map(|lines| lines.join("\n") + "\n").collect();
    laid_out(&format!("a.{SCENARIO}"), &text.join("\n"))
}

/// A scenario as it is on another net, where the hosts, IMPs and lines of the same names are other ones.
///
/// # Errors
/// It cannot be played there, because that net lacks what it names. The nets of its own sweep lack nothing.
pub fn on_net(scenario: &Scenario, other: &NamedNet) -> Result<Scenario, Errors> {
    let name = format!("{}.{SCENARIO}", scenario.name);
    let nobody: &dyn Fn(&str) -> Option<String> = &|_| None;
    let read = parse_on(Some(&other.net), &name, &write(scenario), &nobody)?;
    Ok(with_lines_of(scenario, Scenario { net_name: other.name.clone(), ..read }))
}

/// The scenario with the lines of the other one, which says the same.
fn with_lines_of(file: &Scenario, mut scenario: Scenario) -> Scenario {
    scenario.limit_line = file.limit_line;
    scenario.comments.clone_from(&file.comments);
    scenario.fails.clone_from(&file.fails);
    for (one, other) in scenario.hosts.iter_mut().zip(&file.hosts) {
        one.line = other.line;
    }
    for (one, other) in scenario.misbehave.iter_mut().zip(&file.misbehave) {
        (one.line, one.source) = (other.line, other.source.clone());
    }
    for (one, other) in scenario.meanwhile.iter_mut().zip(&file.meanwhile) {
        (one.line, one.source) = (other.line, other.source.clone());
    }
    for (one, other) in scenario.steps.iter_mut().zip(&file.steps) {
        (one.line, one.source) = (other.line, other.source.clone());
    }
    for (one, other) in scenario.conditions.iter_mut().zip(&file.conditions) {
        (one.line, one.source) = (other.line, other.source.clone());
    }
    if let Some((one, other)) = scenario.sweep.as_mut().zip(file.sweep.as_ref()) {
        one.line = other.line;
        one.nets.clone_from(&other.nets);
    }
    scenario
}

fn comment_lines(comment: &str) -> Vec<String> {
    comment.lines().map(|line| format!("# {line}").trim_end().to_owned()).collect()
}

/// What is said of the whole scenario.
fn heading(scenario: &Scenario) -> Vec<String> {
    let called = Called { net: &scenario.net };
    let mut lines = vec![format!("title {}", scenario.title)];
    lines.extend(scenario.cites.iter().map(|document| format!("cites {document}")));
    lines.push(format!("net {}", scenario.net_name));
    lines.extend((scenario.seed != 0).then(|| format!("seed {}", scenario.seed)));
    let is_usual = scenario.limit == LIMIT && scenario.limit_line.is_none();
    lines.extend((!is_usual).then(|| format!("limit {}", lasting(scenario.limit))));
    lines.extend(scenario.fails.iter().map(|fails| format!("fails {}", fails.text)));
    if !scenario.misbehave.is_empty() {
        let hosts: Vec<String> = scenario.misbehave.iter().map(|one| called.host(one.host)).collect();
        lines.push(format!("misbehaves {}", hosts.join(" ")));
    }
    lines.extend((!scenario.monitored).then(|| "monitor off".to_owned()));
    lines
}

/// Writes what stands below the hosts.
struct Writer<'a> {
    scenario: &'a Scenario,
    called: Called<'a>,
    /// The hosts whose NCPs are driven, and those that measure.
    driven: Vec<HostAddress>,
    measuring: Vec<HostAddress>,
}

impl<'a> Writer<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let actions = || scenario.steps.iter().map(|step| &step.action);
        let measures = |action: &Action| match action {
            Action::Measure(Measurement::RoundTrip { from, .. } | Measurement::Throughput { from, .. }) => {
                Some(*from)
            }
            Action::Measure(Measurement::Lines { .. })
            | Action::Host(..)
            | Action::WaitFor { .. }
            | Action::Fault(_)
            | Action::Traffic(_)
            | Action::Orders(_)
            | Action::Expect(_) => None,
        };
        Writer {
            scenario,
            called: Called { net: &scenario.net },
            driven: actions().filter_map(Action::drives_ncp_of).collect(),
            measuring: actions().filter_map(measures).collect(),
        }
    }

    /// What must be known to read what is written.
    fn context<'c>(&'c self, named: &'c BTreeSet<String>) -> Context<'c> {
        Context {
            names: Names::new(Some(&self.scenario.net)),
            hosts: &self.scenario.hosts,
            complete: true,
            broken: &[],
            driven: &self.driven,
            measuring: &self.measuring,
            named,
            of_run: false,
        }
    }

    /// What breaks meanwhile.
    fn meanwhile(&self, all: &[Meanwhile]) -> Vec<String> {
        let named = BTreeSet::new();
        let context = self.context(&named);
        let lines = all.iter().map(|happens| {
            let is_as_it_was = |statement: &Statement<'_>, mistakes: &mut Diagnostics<'_>| {
                let read = whole_run::meanwhile(&context, statement, FOREVER, mistakes);
                matches!(read.as_slice(), [read] if (read.at, &read.action) == (happens.at, &happens.action))
            };
            let written = || {
                format!("at {} {}", time_of_run(happens.at), action(self.called, &context, &happens.action))
            };
            let line = as_it_was("meanwhile\n  ", &happens.source, &[], is_as_it_was).unwrap_or_else(written);
            format!("  {line}")
        });
        if all.is_empty() {
            Vec::new()
        } else {
            std::iter::once("meanwhile".to_owned()).chain(lines).collect()
        }
    }

    /// The steps, with the lines of files that they expect.
    fn steps(&self, all: &[Step]) -> Vec<String> {
        let mut named = BTreeSet::new();
        let mut lines = Vec::new();
        for one in all {
            let context = self.context(&named);
            let below: Vec<String> = match &one.action {
                Action::Expect(expectation) => written_lines(expectation),
                Action::Orders(Orders::This(waitings)) => {
                    waitings.iter().map(|one| waiting(self.called, one)).collect()
                }
                Action::Orders(Orders::All) => Vec::new(),
                Action::Host(..)
                | Action::WaitFor { .. }
                | Action::Fault(_)
                | Action::Traffic(_)
                | Action::Measure(_) => Vec::new(),
            };
            let is_as_it_was = |statement: &Statement<'_>, mistakes: &mut Diagnostics<'_>| {
                let read = super::steps::steps(&context, &mut Clock::new(FOREVER), &[statement], mistakes);
                matches!(read.as_slice(), [read] if read.when == one.when
                    && read.within == one.within
                    && read.action == one.action)
            };
            let line = as_it_was("", &one.source, &below, is_as_it_was);
            lines.push(line.unwrap_or_else(|| step(self.called, &context, one)));
            lines.extend(below);
            named.extend(one.action.new_names().map(str::to_owned));
        }
        lines
    }

    /// What must hold of the whole run.
    fn condition(&self, condition: &Condition) -> Vec<String> {
        let named = BTreeSet::new();
        let context = self.context(&named);
        let below = match &condition.what {
            ConditionWhat::Expectation(expectation) => written_lines(expectation),
            ConditionWhat::ToldTheTruth
            | ConditionWhat::NothingLeft
            | ConditionWhat::EveryProgramDone
            | ConditionWhat::NothingByItself => Vec::new(),
        };
        let is_as_it_was = |statement: &Statement<'_>, mistakes: &mut Diagnostics<'_>| {
            let said = whole_run::of_run(statement);
            let read = match said {
                Some(whole_run::OfRun::Condition(when)) => {
                    whole_run::condition(&context, statement, when, mistakes)
                }
                Some(whole_run::OfRun::Meanwhile) | None => None,
            };
            read.is_some_and(|read| read.when == condition.when && read.what == condition.what)
        };
        let line = as_it_was("", &condition.source, &below, is_as_it_was);
        std::iter::once(line.unwrap_or_else(|| self.written_condition(condition))).chain(below).collect()
    }

    fn written_condition(&self, condition: &Condition) -> String {
        let begin = whole_run::begin(condition.when);
        let is_event = matches!(condition.when, ConditionWhen::Never | ConditionWhen::Sometimes);
        match &condition.what {
            ConditionWhat::Expectation(Expectation::Saw { host, text }) if is_event => {
                format!("{begin} {} sees {}", self.called.host(*host), plain(text))
            }
            ConditionWhat::Expectation(what) => format!("{begin} {}", expectation(self.called, what)),
            law => {
                let form = LAWS.iter().find(|(_, what)| what == law);
                form.map_or_else(String::new, |(form, _)| (*form).to_owned())
            }
        }
    }
}

/// Longer than any run.
const FOREVER: Span = Span::from_micros(u64::MAX);

/// The lines below a statement that expects them of a file.
fn written_lines(expectation: &Expectation) -> Vec<String> {
    lines_of(expectation).iter().map(|line| content_line(line)).collect()
}

/// The line as it was in the file, without its comment, if it still says what is to be written. `above` are the lines above
/// it, of its own statement, and the beginning of its own line.
fn as_it_was(
    above: &str,
    source: &str,
    below: &[String],
    says_it: impl Fn(&Statement<'_>, &mut Diagnostics<'_>) -> bool,
) -> Option<String> {
    let line = super::words::lines(source).next()?;
    let line = line.said().text;
    let text = format!("{above}{line}\n{}", below.join("\n"));
    let mut mistakes = Diagnostics::new("", &text);
    let statements = statements(&text, &mut mistakes);
    let [statement] = statements.as_slice() else { return None };
    let is_right = says_it(statement, &mut mistakes) && mistakes.count() == 0;
    is_right.then(|| line.to_owned())
}
