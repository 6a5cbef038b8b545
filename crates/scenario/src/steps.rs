//! The steps of a scenario.

use imp::visible::visible;
use imp1822::HostAddress;

use super::ast::{Action, Orders, Step};
use super::choice::find;
use super::context::Context;
use super::errors::{Diagnostic, Diagnostics};
use super::expectations::{expectation, nothing_below, with_lines};
use super::faults;
use super::hosts::CLAUSES;
use super::keywords::{Keyword, Patience, StepWord, phrase};
use super::measurements::measurement;
use super::names::Names;
use super::orders;
use super::texts::{self, names_in, text};
use super::timing::{Clock, misplaced, skip_timing, timing_at_the_end, within};
use super::traffic::traffic;
use super::verbs::{VERBS, Verb, host_step};
use super::words::{Statement, Word, Words, joined};

/// Reads steps one after the other. Each may use the names that those above it give.
pub(super) fn steps(
    context: &Context<'_>,
    clock: &mut Clock,
    statements: &[&Statement<'_>],
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<Step> {
    let mut named = context.named.clone();
    let mut steps = Vec::new();
    for statement in statements {
        match step(&Context { named: &named, ..*context }, clock, statement, diagnostics) {
            Some(step) => {
                named.extend(step.action.new_names().map(str::to_owned));
                steps.push(step);
            }
            None => named.extend(names_in(statement.line.text)),
        }
    }
    let marks: Vec<usize> =
        steps.iter().filter(|step| matches!(step.action, Action::Orders(_))).map(|step| step.line).collect();
    orders::said_once(statements, &marks, diagnostics);
    steps
}

/// Reads a step.
fn step(
    context: &Context<'_>,
    clock: &mut Clock,
    statement: &Statement<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Step> {
    let mut words = statement.line.words();
    let when = clock.when(&mut words, diagnostics);
    let when = diagnostics.record(when)?;
    let within = diagnostics.record(within(&mut words))?;
    let begin = words.clone();
    diagnostics.record(timing_stands_in_front(begin.clone(), statement.line.said()))?;
    let (action, patience) = diagnostics.record(action(context, &mut words))?;
    let action = match action {
        Action::Expect(expectation) => Action::Expect(with_lines(expectation, &statement.below, diagnostics)),
        Action::Orders(Orders::This(_)) => {
            Action::Orders(Orders::This(orders::waitings(context, &statement.below, diagnostics)))
        }
        other => {
            nothing_below(&statement.below, diagnostics);
            other
        }
    };
    if let (Some(_), Patience::NoWait, Some(word)) = (within, patience, begin.peek()) {
        diagnostics.add(
            Diagnostic::new(word.at(), "this step does not wait", "`within` has no meaning here")
                .help(goes_with_within()),
        );
    }
    clock.pass(action.needs().least_span);
    let (line, source) = (statement.line.number, visible(statement.line.text.trim()).into_owned());
    Some(Step { when, within, action, line, source })
}

/// Refuses a time or a patience that stands at the end of a step, of whose text it would be a part. `words` stand behind
/// the step's own.
fn timing_stands_in_front(words: Words<'_>, said: Word<'_>) -> Result<(), Diagnostic> {
    let Some(timing) = timing_at_the_end(said) else { return Ok(()) };
    let mut words = words;
    let (Some(first), second) = (words.next(), words.next()) else { return Ok(()) };
    let patience = match StepWord::of(first.text) {
        Some(step) => Some(step.patience()),
        None => second.and_then(Verb::of).map(|verb| verb.patience),
    };
    let Some(patience) = patience else { return Ok(()) };
    let diagnostic = Diagnostic::new(
        timing.at(),
        format!("`{}` stands behind the step", timing.text),
        "belongs in front of it",
    );
    if patience == Patience::NoWait && timing.begins_with(Keyword::Within.word()) {
        return Err(diagnostic.help(format!("leave it out: {}", goes_with_within())));
    }
    let step = said.part(first.at().start - said.at().start..timing.at().start - said.at().start);
    let in_front = format!("write `{} {}`", timing.text, step.text.trim_end());
    let has_text = match StepWord::of(first.text) {
        Some(step) => step.forms().iter().any(|form| form.contains("TEXT")),
        None => second.and_then(Verb::of).is_some_and(Verb::takes_text),
    };
    if !has_text {
        return Err(diagnostic.help(in_front));
    }
    let mut letters = timing.text.chars();
    let code = letters.next().map_or(0, u32::from);
    Err(diagnostic.help(format!(
        "{in_front}; if it is text, give a character of it by its code: `{{{code}}}{}`",
        letters.as_str()
    )))
}

/// Reads what a step does, and says whether it may wait.
pub(super) fn action(context: &Context<'_>, words: &mut Words<'_>) -> Result<(Action, Patience), Diagnostic> {
    let first = words.word("a step")?;
    let Some(step) = StepWord::of(first.text) else {
        is_no_clause(context, first, words)?;
        return host_step(context, first, words);
    };
    let action = match step {
        StepWord::Wait => wait(context, words).map_err(|mistake| mistake.form(step.forms()))?,
        StepWord::Line => Action::Fault(faults::line(context, words)?),
        StepWord::Imp => Action::Fault(faults::imp(context, words)?),
        StepWord::Cable => Action::Fault(faults::cable(context, words)?),
        StepWord::Traffic => {
            Action::Traffic(traffic(context, words).map_err(|mistake| mistake.form(step.forms()))?)
        }
        StepWord::Measure => Action::Measure(measurement(context, words)?),
        StepWord::All => Action::Orders(orders::all(words).map_err(|mistake| mistake.form(step.forms()))?),
        StepWord::This => Action::Orders(orders::this(words).map_err(|mistake| mistake.form(step.forms()))?),
        StepWord::Expect => Action::Expect(expectation(context, words)?),
    };
    Ok((action, step.patience()))
}

/// Reads for which message a step waits, behind `wait`.
fn wait(context: &Context<'_>, words: &mut Words<'_>) -> Result<Action, Diagnostic> {
    if let Some(misplaced) = words.peek().and_then(misplaced) {
        return Err(misplaced);
    }
    if let Some(word) = words.peek().filter(|word| !word.is("for")) {
        return Err(word.instead_of("for").help(if word.begins_with_digit() {
            format!("to let time pass, write it in front of the next step: `+{}`", word.text)
        } else {
            "`wait for HOST -> HOST [TEXT]` waits for a message, `HOST sees TEXT` for what a teletype prints"
                .to_owned()
        }));
    }
    words.keyword("for")?;
    let from = words.word("the host that sends")?;
    if let Some(misplaced) = misplaced(from) {
        return Err(misplaced);
    }
    if from.begins_with_digit() {
        let message = format!("`{}` is no host", from.text);
        return Err(Diagnostic::new(from.at(), message, "the host that sends belongs here")
            .help(format!("to let time pass, write it in front of the next step: `+{}`", from.text)));
    }
    if let Some(verb) = words.peek().filter(|word| Verb::of(*word).is_some()) {
        let step = format!("`{} {} ...`", from.text, verb.text);
        return Err(verb.instead_of("->").help(format!("{step} is a step of its own: leave `wait for` out")));
    }
    let (from, to) = context.crossing(from, words)?;
    Ok(Action::WaitFor { from, to, text: text(&texts::CROSSING, context, words.message()?)? })
}

/// Refuses what is said of a host where it is declared, as a step.
fn is_no_clause(context: &Context<'_>, host: Word<'_>, words: &Words<'_>) -> Result<(), Diagnostic> {
    let Some(word) = words.peek().filter(|word| Verb::of(*word).is_none()) else { return Ok(()) };
    if find(CLAUSES, word).is_none() || context.names.net().is_some() && !context.names.knows(host) {
        return Ok(());
    }
    let message = format!("`{}` is no step", word.text);
    let clause = format!("{} {}", word.text, word.behind.trim());
    Err(Diagnostic::new(word.at(), message, "is said of a host where it is declared").help(format!(
        "write `host {} {}` above the steps",
        host.text,
        clause.trim_end()
    )))
}

/// The steps in front of which `within` may stand.
fn goes_with_within() -> String {
    let steps = StepWord::ALL.iter().filter(|word| word.patience() == Patience::MayWait);
    let verbs = VERBS.iter().filter(|verb| verb.patience == Patience::MayWait);
    let steps: Vec<&str> = steps.flat_map(|word| word.forms()).map(|form| phrase(form)).collect();
    let mut verbs: Vec<&str> = verbs.flat_map(|verb| verb.forms).map(|form| phrase(form)).collect();
    verbs.dedup();
    let verbs = joined(&verbs, "and").replacen('`', "`HOST ", 1);
    format!("`within` goes with {} and with {verbs}", joined(&steps, "and"))
}

/// The hosts whose NCPs are driven in these statements. What cannot be read is complained about elsewhere.
pub(super) fn driven(statements: &[&Statement<'_>], names: Names<'_>) -> Vec<HostAddress> {
    let mut hosts = Vec::new();
    for statement in statements {
        let mut words = statement.line.words();
        let next = skip_timing(&mut words);
        let operates = words.next().and_then(Verb::of).is_some_and(Verb::drives_the_ncp);
        if let Some(name) = next.filter(|_| operates)
            && let Ok(host) = names.host(name)
            && !hosts.contains(&host)
        {
            hosts.push(host);
        }
    }
    hosts
}

/// Whether a statement is a step, even if it is not written as one should be.
pub(super) fn is_step(statement: &Statement<'_>) -> bool {
    let mut words = statement.line.words();
    let timed = words.peek().is_some_and(|word| {
        word.after_plus().is_some() || word.is(Keyword::At.word()) || word.is(Keyword::Within.word())
    });
    let first = skip_timing(&mut words);
    timed
        || first.is_some_and(|first| StepWord::of(first.text).is_some())
        || words.next().and_then(Verb::of).is_some()
}

/// Whether a statement needs no host that is declared.
pub(super) fn needs_no_host(statement: &Statement<'_>) -> bool {
    let first = skip_timing(&mut statement.line.words());
    first.and_then(|first| StepWord::of(first.text)).is_some_and(StepWord::needs_no_host)
}
