//! What is said of the whole run: what breaks meanwhile, and what must hold always, never, sometimes, or at the end.

use imp::visible::visible;
use machine::{Instant, Span};

use super::ast::{Action, Condition, ConditionWhat, ConditionWhen, Expectation, HostAction, Meanwhile};
use super::context::Context;
use super::errors::{Diagnostic, Diagnostics, Help};
use super::expectations::{expectation, nothing_below, with_lines};
use super::keywords::{Keyword, RunWord};
use super::quantity::span;
use super::slips::{Place, instead};
use super::steps;
use super::texts::{self, text};
use super::words::{Line, Statement, Word, Words, joined};

/// A statement about the whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfRun {
    /// What breaks meanwhile.
    Meanwhile,
    /// What must hold.
    Condition(ConditionWhen),
}

/// What is known of a whole run without a word about its hosts, and how it is written.
pub(super) const LAWS: &[(&str, ConditionWhat)] = &[
    ("at the end every user was told the truth", ConditionWhat::ToldTheTruth),
    ("at the end nothing is left behind", ConditionWhat::NothingLeft),
    ("at the end every program is done", ConditionWhat::EveryProgramDone),
    ("at the end nothing failed by itself", ConditionWhat::NothingByItself),
];

/// How what must hold at the end is written, besides the laws.
pub(super) const AT_THE_END: &str = "at the end STATE";

/// What a statement says of the whole run, if it says anything of it.
pub(super) fn of_run(statement: &Statement<'_>) -> Option<OfRun> {
    let mut words = statement.line.words();
    match Keyword::of(words.next()?.text)? {
        Keyword::Run(RunWord::Meanwhile) => Some(OfRun::Meanwhile),
        Keyword::Run(RunWord::Always) => Some(OfRun::Condition(ConditionWhen::Always)),
        Keyword::Run(RunWord::Never) => Some(OfRun::Condition(ConditionWhen::Never)),
        Keyword::Run(RunWord::Sometimes) => Some(OfRun::Condition(ConditionWhen::Sometimes)),
        // Whoever leaves out one of the three words means no time.
        Keyword::At if words.next().is_some_and(|next| next.is("the") || next.is("end")) => {
            Some(OfRun::Condition(ConditionWhen::AtTheEnd))
        }
        Keyword::At
        | Keyword::Heading(_)
        | Keyword::Host
        | Keyword::Within
        | Keyword::Step(_)
        | Keyword::Instead(_) => None,
    }
}

/// How a condition begins.
pub(super) fn begin(when: ConditionWhen) -> &'static str {
    match when {
        ConditionWhen::Always => RunWord::Always.word(),
        ConditionWhen::Never => RunWord::Never.word(),
        ConditionWhen::Sometimes => RunWord::Sometimes.word(),
        ConditionWhen::AtTheEnd => "at the end",
    }
}

/// Reads what breaks meanwhile.
pub(super) fn meanwhile(
    context: &Context<'_>,
    statement: &Statement<'_>,
    limit: Span,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<Meanwhile> {
    const BELOW: &str = "what breaks meanwhile stands indented below it, such as `at 2s HOST crashes`";
    let mut words = statement.line.words();
    words.next();
    let is_alone = diagnostics.record(words.end().map_err(|mistake| mistake.help(BELOW)));
    if statement.below.is_empty() && is_alone.is_some() {
        let label = "nothing stands below it";
        diagnostics.add(Diagnostic::new(statement.line.at(), "an empty `meanwhile`", label).help(BELOW));
    }
    let entries = statement.below.iter().filter_map(|line| diagnostics.record(entry(context, *line, limit)));
    entries.collect()
}

/// Reads a line below `meanwhile`.
fn entry(context: &Context<'_>, line: Line<'_>, limit: Span) -> Result<Meanwhile, Diagnostic> {
    let mut words = line.words();
    let first = words.word("a time")?;
    if line.content_line().is_some() {
        let label = "no file stands above it";
        return Err(Diagnostic::new(line.at(), "this line belongs to no file", label));
    }
    if first.after_plus().is_some() {
        let message = "no time of `meanwhile` counts from another";
        return Err(Diagnostic::new(first.at(), message, "from which one?")
            .help("times count from the start of the run here: `at 2s HOST crashes`"));
    }
    if !first.is(Keyword::At.word()) {
        let message = format!("expected `at` and a time, found `{}`", first.text);
        return Err(Diagnostic::new(first.at(), message, "when?").help(format!(
            "write when it happens, from the start of the run: `at 2s {}`",
            line.said().text
        )));
    }
    let time = words.word("a time")?;
    let at = span(time)?;
    if at > limit {
        let message = format!("this is after the limit of {limit}");
        return Err(Diagnostic::new(time.at(), message, "never comes")
            .help(format!("raise the limit: `limit {}`", time.text)));
    }
    let begin = words.word("what breaks or heals")?;
    if let Some(waits) = Some(begin).filter(|word| word.is(Keyword::Within.word())) {
        return Err(Diagnostic::new(waits.at(), "nothing waits here", "it happens at its time")
            .help("leave `within` and its time out"));
    }
    let mut behind = line.said().part(begin.at().start - line.at().start..line.said().text.len()).words();
    let (action, _) = steps::action(context, &mut behind)?;
    match action {
        Action::Fault(_) | Action::Host(_, HostAction::Crashes | HostAction::Restarts) => Ok(Meanwhile {
            at: Instant::START + at,
            action,
            line: line.number,
            source: visible(line.text.trim()).into_owned(),
        }),
        Action::Host(..)
        | Action::WaitFor { .. }
        | Action::Traffic(_)
        | Action::Measure(_)
        | Action::Orders(_)
        | Action::Expect(_) => {
            let message = "this does not happen meanwhile";
            Err(Diagnostic::new(begin.at(), message, "neither breaks nor heals anything").help(format!(
                "a step stands at the margin: `{}`; below `meanwhile` hosts crash and restart, and other things \
                 break and heal",
                line.said().text
            )))
        }
    }
}

/// Reads what must hold of the whole run.
pub(super) fn condition(
    context: &Context<'_>,
    statement: &Statement<'_>,
    when: ConditionWhen,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Condition> {
    let context = &Context { of_run: true, ..*context };
    let mut words = statement.line.words();
    let what = diagnostics.record(what(context, when, &mut words))?;
    let what = match what {
        ConditionWhat::Expectation(expectation) => {
            ConditionWhat::Expectation(with_lines(expectation, &statement.below, diagnostics))
        }
        law @ (ConditionWhat::ToldTheTruth
        | ConditionWhat::NothingLeft
        | ConditionWhat::EveryProgramDone
        | ConditionWhat::NothingByItself) => {
            nothing_below(&statement.below, diagnostics);
            law
        }
    };
    let (line, source) = (statement.line.number, visible(statement.line.text.trim()).into_owned());
    Some(Condition { when, what, line, source })
}

fn what(
    context: &Context<'_>,
    when: ConditionWhen,
    words: &mut Words<'_>,
) -> Result<ConditionWhat, Diagnostic> {
    let begins = begin(when);
    for word in begins.split(' ') {
        words.keyword(word).map_err(|mistake| mistake.form(&[AT_THE_END]))?;
    }
    let Some(first) = words.peek() else {
        return Err(words.wanting("what holds").form(&forms(when)));
    };
    if first.is("expect") {
        let message = format!("`expect` behind `{begins}`");
        return Err(Diagnostic::new(first.at(), message, "one of them is enough")
            .help(format!("leave it out: `{begins} {}`", first.behind.trim())));
    }
    if let Some(law) = law(when, words)? {
        return Ok(law);
    }
    let mut ahead = words.clone();
    ahead.take("no");
    let about = ahead.next();
    if let Some(about) = about.filter(|about| context.names.site(*about).is_err())
        && let Some(help) = instead(Place::Condition, about)
    {
        let message = format!("`{}` is no host", about.text);
        return Err(Diagnostic::new(about.at(), message, "a host belongs here").help(help));
    }
    let read = match when {
        ConditionWhen::Always | ConditionWhen::AtTheEnd => state(context, when, words),
        ConditionWhen::Never | ConditionWhen::Sometimes => event(context, when, words),
    };
    read.map(ConditionWhat::Expectation).map_err(|mistake| said_of(mistake, begins))
}

/// How a condition of this time is written.
fn forms(when: ConditionWhen) -> Vec<&'static str> {
    match when {
        ConditionWhen::Always => RunWord::Always.forms().to_vec(),
        ConditionWhen::Never => RunWord::Never.forms().to_vec(),
        ConditionWhen::Sometimes => RunWord::Sometimes.forms().to_vec(),
        ConditionWhen::AtTheEnd => std::iter::once(AT_THE_END).chain(LAWS.iter().map(|law| law.0)).collect(),
    }
}

/// What is suggested for an expectation, as it is written in a condition.
fn said_of(mistake: Diagnostic, begins: &str) -> Diagnostic {
    match &mistake.help {
        Help::Said(help) => {
            let help = help.replace("`expect ", &format!("`{begins} "));
            let help = help.replace("`expect`", &format!("`{begins}`"));
            mistake.help(help)
        }
        Help::Nothing | Help::Form => mistake,
    }
}

/// Reads one of the laws, if it begins like one.
fn law(when: ConditionWhen, words: &mut Words<'_>) -> Result<Option<ConditionWhat>, Diagnostic> {
    let Some(first) = words.peek().filter(|first| first.is("every") || first.is("nothing")) else {
        return Ok(None);
    };
    let said: Vec<Word<'_>> = std::iter::from_fn(|| words.next()).collect();
    let end = said.last().map_or(first.at().end, |last| last.at().end);
    let text: Vec<&str> = said.iter().map(|word| word.text).collect();
    let text = format!("at the end {}", text.join(" "));
    let found = LAWS.iter().find(|(form, _)| form.eq_ignore_ascii_case(&text));
    let known: Vec<&str> = LAWS.iter().map(|(form, _)| *form).collect();
    let at = first.at().start..end;
    match found {
        Some((_, what)) if when == ConditionWhen::AtTheEnd => Ok(Some(what.clone())),
        Some((form, _)) => {
            let message = format!("`{}` stands in front of what is known at the end only", begin(when));
            Err(Diagnostic::new(at, message, "not so in the middle of a run").help(format!("write `{form}`")))
        }
        None => {
            let message = format!("nobody knows what `{}` means", &text["at the end ".len()..]);
            Err(Diagnostic::new(at, message, "no such condition")
                .help(format!("it is one of {}", joined(&known, "and"))))
        }
    }
}

/// Reads what may be expected of a moment, and must hold of all, or of the last.
fn state(
    context: &Context<'_>,
    when: ConditionWhen,
    words: &mut Words<'_>,
) -> Result<Expectation, Diagnostic> {
    let mut ahead = words.clone();
    let (Some(first), second) = (ahead.next(), ahead.next()) else { return expectation(context, words) };
    let comes_about = |happens: &str, end: &str| {
        let message = "this is not so at the beginning of a run";
        Err(Diagnostic::new(first.at(), message, "nothing has happened then").help(format!(
            "what must come about in each run: `at the end {end}`; in some run of a sweep: `sometimes {happens}`"
        )))
    };
    if let Some(saw) = second.filter(|word| word.is("saw") || word.is("sees"))
        && when == ConditionWhen::Always
    {
        let (name, text) = (first.text, saw.behind.trim());
        return comes_about(&format!("{name} sees {text}"), &format!("{name} saw {text}"));
    }
    let expectation = expectation(context, words)?;
    let behind = first.behind.trim();
    match (&expectation, when) {
        (Expectation::Crossed { .. }, ConditionWhen::Always) => {
            let message = format!("{} {behind}", first.text);
            comes_about(&message, &message)
        }
        (Expectation::NotCrossed { .. }, ConditionWhen::Always) => {
            let message = "`always no` in front of a message";
            Err(Diagnostic::new(first.at(), message, "that is `never`")
                .help(format!("write `never {behind}`")))
        }
        _ => Ok(expectation),
    }
}

/// Reads what may come about.
fn event(
    context: &Context<'_>,
    when: ConditionWhen,
    words: &mut Words<'_>,
) -> Result<Expectation, Diagnostic> {
    let begins = begin(when);
    let start = words.clone();
    let mut ahead = words.clone();
    let (first, second) = (ahead.next(), ahead.next());
    if let (Some(name), Some(verb)) = (first, second) {
        if verb.is("sees") {
            let host = context.declared(name)?;
            context.prints(name)?;
            let seen =
                ahead.some_typed("what is to be seen").map_err(|mistake| mistake.form(&forms(when)))?;
            *words = ahead;
            return Ok(Expectation::Saw { host, text: text(&texts::PRINTED, context, seen)? });
        }
        if verb.is("saw") {
            let message = format!("`saw` behind `{begins}`");
            return Err(Diagnostic::new(verb.at(), message, "it happens at some moment").help(format!(
                "write `{begins} {} sees {}`",
                name.text,
                verb.behind.trim()
            )));
        }
    }
    let at = first.map_or(0..0, |first| first.at());
    let no_event = |written: String| {
        let message = format!("`{begins}` stands in front of what may come about");
        Err(Diagnostic::new(at, message, "says that something is not so").help(written))
    };
    let behind = start.peek().map_or("", |first| first.behind.trim());
    let expectation = expectation(context, words)?;
    match &expectation {
        Expectation::Saw { .. }
        | Expectation::Crossed { .. }
        | Expectation::File { .. }
        | Expectation::FileLength { .. }
        | Expectation::SameFile { .. }
        | Expectation::Socket { .. } => Ok(expectation),
        Expectation::NotCrossed { .. } => {
            no_event(format!("name the message without `no`: `{begins} {behind}`"))
        }
        Expectation::NoFile { .. }
        | Expectation::NoFileDataThrough { .. }
        | Expectation::NoConnections { .. } => no_event(
            "what must be so at each moment stands behind `always`, or behind `at the end`".to_owned(),
        ),
    }
}
