//! Scenario files: the heading, the hosts, the steps.

use std::collections::BTreeSet;

use imp::{HostSite, Net};
use imp1822::HostAddress;
use machine::Span;

use super::ast::{HostPlan, Misbehaving, Scenario, Step};
use super::choice::find;
use super::comments::comments;
use super::context::Context;
use super::errors::{Diagnostic, Diagnostics, Errors};
use super::heading::{Heading, Nets};
use super::hosts::{self, CLAUSES, Declared};
use super::keywords::Keyword;
use super::measurements::measuring;
use super::names::{NOBODY, Names};
use super::slips::{Place, instead};
use super::steps::{driven, is_step, needs_no_host, steps};
use super::timing::Clock;
use super::verbs::Verb;
use super::words::{Line, Statement, Word, Words, statements};
use imp::nearest::nearest;

/// How long a scenario may take in virtual time if it does not say.
const LIMIT: Span = Span::from_secs(3600);

/// Reads a scenario.
///
/// # Errors
/// Everything that is wrong with it, and with its net.
pub fn parse(source_name: &str, text: &str, nets: &dyn Nets) -> Result<Scenario, Errors> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut diagnostics = Diagnostics::new(source_name, text);
    let statements = with_clauses(statements(text, &mut diagnostics), &mut diagnostics);
    let mut heading = Heading::default();
    let mut declarations = Vec::new();
    let mut plays = Vec::new();
    let mut lost_host = false;
    let mut headings = Vec::new();
    for statement in &statements {
        let mut words = statement.line.words();
        let Some(first) = words.next() else { continue };
        let keyword = Keyword::of(first.text);
        if keyword == Some(Keyword::Host) {
            declarations.push((statement, words));
        } else if let Some(Keyword::Heading(word)) = keyword {
            headings.push((statement.line.number, first));
            let read = heading.read(word, first, &mut words, statement.line, nets, &mut diagnostics);
            diagnostics.record(read.map_err(|mistake| mistake.form(word.forms())));
            for line in &statement.below {
                let label = "nothing of a heading is indented";
                diagnostics.add(
                    Diagnostic::new(line.at(), "unexpected indented line", label)
                        .help("put it at the margin, if it is a statement of its own"),
                );
            }
        } else if let Some(meant) =
            misspelled(first, words.clone().next(), heading.net.as_ref(), &declarations)
        {
            let label = "no such statement";
            let diagnostic =
                Diagnostic::new(first.at(), format!("unknown statement `{}`", first.text), label);
            let slip = first.slip(|bare| bare.eq_ignore_ascii_case(meant));
            diagnostics.add(diagnostic.help(slip.unwrap_or_else(|| format!("did you mean `{meant}`?"))));
            heading.title_named |= meant == "title";
            heading.net_named |= meant == "net";
            lost_host |= meant == "host";
        } else {
            plays.push(statement);
        }
    }
    heading.check(&mut diagnostics);
    diagnostics.record(heading_stands_above(&headings, &declarations, &plays));

    let names = Names::new(heading.net.as_ref());
    if !lost_host {
        diagnostics.record(hosts_stand_above(&declarations, &plays));
    }
    let any_host = !declarations.is_empty();
    let Hosts { hosts, complete, broken } = declare(declarations, names, &mut diagnostics);
    let limit = heading.limit.map_or(LIMIT, |(limit, _)| limit);
    let limit_line = heading.limit.map(|(_, line)| line);
    let complete = complete && any_host && !lost_host;
    let (driven, measuring) = (&driven(&plays, names), &measuring(&plays, names));
    let (broken, named) = (&broken, &BTreeSet::new());
    let context = Context { names, hosts: &hosts, complete, broken, driven, measuring, named };
    let steps = steps(&context, &mut Clock::new(limit), &plays, &mut diagnostics);
    let misbehave = misbehaving(&heading.misbehave, heading.monitor_off, names, &mut diagnostics);
    let monitored = heading.monitor_off.is_none();
    let Heading { title, cites, net, net_name, seed, fails, .. } = heading;
    let scenario = title.zip(net).map(|(title, net)| Scenario {
        name: stem(source_name).to_owned(),
        title,
        cites,
        net,
        net_name,
        seed: seed.unwrap_or(0),
        limit,
        limit_line,
        fails,
        monitored,
        misbehave,
        hosts,
        sweep: None,
        meanwhile: Vec::new(),
        steps,
        conditions: Vec::new(),
        comments: comments(text),
    });
    diagnostics.finish(scenario)
}

/// Reads steps alone, for these hosts of a net: what a program adds to a run that has begun. `named` are the names that
/// numbers have by now, in small letters.
///
/// # Errors
/// Everything that is wrong with them.
pub fn parse_steps(
    text: &str,
    net: &Net,
    hosts: &[HostPlan],
    named: &BTreeSet<String>,
) -> Result<Vec<Step>, Errors> {
    let mut diagnostics = Diagnostics::new("steps", text);
    let statements = statements(text, &mut diagnostics);
    let names = Names::new(Some(net));
    let plays: Vec<&Statement<'_>> = statements.iter().collect();
    let (driven, measuring) = (&driven(&plays, names), &measuring(&plays, names));
    let context = Context { names, hosts, complete: true, broken: &[], driven, measuring, named };
    let steps = steps(&context, &mut Clock::new(Span::from_micros(u64::MAX)), &plays, &mut diagnostics);
    diagnostics.finish(Some(steps))
}

/// A declaration: the statement, and what stands behind its first word.
type Declaration<'s, 'a> = (&'s Statement<'a>, Words<'a>);

/// The statements, but clauses of a host that stand at the margin belong to the host above.
fn with_clauses<'a>(all: Vec<Statement<'a>>, diagnostics: &mut Diagnostics<'_>) -> Vec<Statement<'a>> {
    let mut kept: Vec<Statement<'a>> = Vec::new();
    for statement in all {
        let mut words = statement.line.words();
        let (first, second) = (words.next(), words.next());
        let is_step = second.is_some_and(|second| Verb::of(second).is_some() || second.is("->"));
        let clause = first.filter(|first| !is_step && find(CLAUSES, *first).is_some());
        let above = kept.last_mut().filter(|above| above.line.words().take(Keyword::Host.word()));
        match (clause, above) {
            (Some(clause), Some(host)) => {
                diagnostics.add(
                    Diagnostic::new(clause.at(), "this line is not indented", "belongs to the host above")
                        .help("put blanks in front of it: what is said of a host is indented below it"),
                );
                host.below.push(statement.line);
                host.below.extend(statement.below);
            }
            (Some(clause), None) if Verb::of(clause).is_none() => {
                let message = format!("`{}` is said of a host, and none stands above it", clause.text);
                diagnostics.add(Diagnostic::new(clause.at(), message, "of which host?").help(
                    "what is said of a host stands behind or, indented, below `host NAME`, above the steps",
                ));
            }
            (Some(_) | None, _) => kept.push(statement),
        }
    }
    kept
}

/// Sees to it that the heading stands above hosts and steps: it is about the whole run, wherever it is said.
fn heading_stands_above(
    headings: &[(usize, Word<'_>)],
    declarations: &[Declaration<'_, '_>],
    plays: &[&Statement<'_>],
) -> Result<(), Diagnostic> {
    let host = declarations.first().map(|(host, _)| (host.line.number, "hosts"));
    let step = plays.iter().find(|play| is_step(play)).map(|step| (step.line.number, "steps"));
    let Some((below, what)) = host.into_iter().chain(step).min() else { return Ok(()) };
    let mut late = headings.iter().filter(|(line, _)| *line > below);
    let Some((_, word)) = late.next() else { return Ok(()) };
    let message = format!("`{}` stands below the {what}", word.text);
    let label = format!("the {what} begin in line {below}");
    Err(Diagnostic::new(word.at(), message, label).help(format!(
        "move it up{}: the heading, which is about the whole run, stands above hosts and steps",
        with_others(late.count())
    )))
}

/// Which others are to be moved up, too.
fn with_others(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => ", with the other one below it".to_owned(),
        others => format!(", with the {others} others below it"),
    }
}

/// Sees to it that hosts are declared above the steps: below one, it would look as if a host came up then.
fn hosts_stand_above(
    declarations: &[Declaration<'_, '_>],
    plays: &[&Statement<'_>],
) -> Result<(), Diagnostic> {
    let Some(first) = plays.iter().find(|play| is_step(play)) else { return Ok(()) };
    if declarations.is_empty() {
        let Some(step) = plays.iter().find(|step| !needs_no_host(step)) else { return Ok(()) };
        let message = "no host is declared above this step";
        return Err(Diagnostic::new(step.line.at(), message, "who takes part?")
            .help("hosts are declared above the steps: `host NAME CLAUSE ...`"));
    }
    let mut late = declarations.iter().filter(|(host, _)| host.line.number > first.line.number);
    let Some((host, words)) = late.next() else { return Ok(()) };
    let name = words.peek().map_or("a host".to_owned(), |name| format!("host `{}`", name.text));
    let others = with_others(late.count());
    let label = format!("the steps begin in line {}", first.line.number);
    Err(Diagnostic::new(host.line.at(), format!("{name} is declared below a step"), label).help(format!(
        "move it up{others}: all hosts stand above the steps. One that comes up later `is down`, and `restarts`"
    )))
}

/// The word that was meant by a first word with which no statement and no step begins.
fn misspelled(
    first: Word<'_>,
    second: Option<Word<'_>>,
    net: Option<&Net>,
    declarations: &[Declaration<'_, '_>],
) -> Option<&'static str> {
    let begins = Keyword::of(first.text).is_some_and(Keyword::begins_a_statement);
    let acts = second.is_some_and(|second| Verb::of(second).is_some() || second.is("->"));
    // Without a net, what is written in capitals may be a host.
    let is_shouted = || !first.text.contains(|letter: char| letter.is_ascii_lowercase());
    let host = net.map_or_else(is_shouted, |net| net.host_named(first.text).is_some());
    if begins || acts || host || first.text.starts_with('+') || instead(Place::Statement, first).is_some() {
        return None;
    }
    if declarations.iter().any(|(_, words)| words.peek().is_some_and(|name| name.is(first.text))) {
        return None;
    }
    let known = || Keyword::all().filter(|word| word.begins_no_step()).map(Keyword::word);
    let hosts = net.into_iter().flat_map(|net| net.hosts.iter().flat_map(HostSite::names));
    // What is nearer to the name of a host is a step of that host.
    let mut all: Vec<&str> = known().collect();
    all.extend(hosts);
    let near = nearest(first.text, all)?;
    known().find(|word| *word == near)
}

/// The name of a file without its folder and its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// The declared hosts.
struct Hosts {
    hosts: Vec<HostPlan>,
    /// Whether none of them is missing because of a mistake.
    complete: bool,
    /// Those of which not all could be read that is said of them.
    broken: Vec<HostAddress>,
}

/// Reads the hosts.
fn declare<'a>(
    declarations: Vec<Declaration<'_, 'a>>,
    names: Names<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Hosts {
    let mut complete = true;
    let mut hosts: Vec<HostPlan> = Vec::new();
    let mut broken = Vec::new();
    let mut sites = Vec::new();
    for (statement, words) in declarations {
        let Some(declared) = hosts::host(statement, words, names, diagnostics) else {
            complete = false;
            continue;
        };
        let Declared { plan, known, name, whole, sites: named, .. } = declared;
        sites.extend(named);
        if !known {
            complete = false;
            continue;
        }
        match hosts.iter().find(|host| host.name.eq_ignore_ascii_case(&plan.name)) {
            // What is wrong with it has been said: it may not be meant as a declaration.
            Some(_) if !whole => {}
            Some(above) => diagnostics.add(
                Diagnostic::new(
                    name.at(),
                    format!("host `{}` is declared twice", plan.name),
                    format!("declared in line {}", above.line),
                )
                .help("put what is said of it here into that line, or, indented, below it"),
            ),
            None => {
                broken.extend((!whole).then_some(plan.address));
                hosts.push(plan);
            }
        }
    }
    for (word, address) in sites {
        if complete && !hosts.iter().any(|host| host.address == address) {
            let message = format!("host `{}` is known, but not declared", word.text);
            let diagnostic =
                Diagnostic::new(word.at(), message, "in the net, but down as long as it is not declared");
            diagnostics.add(diagnostic.help(format!("declare it too: `host {}`", word.text)));
        }
    }
    Hosts { hosts, complete, broken }
}

/// The hosts that misbehave on purpose.
fn misbehaving(
    named: &[(Word<'_>, Line<'_>)],
    off: Option<Word<'_>>,
    names: Names<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<Misbehaving> {
    if let (Some(off), [_, ..]) = (off, named) {
        let label = "nobody watches whether a host misbehaves";
        diagnostics.add(
            Diagnostic::new(off.at(), "`monitor off` beside `misbehaves`", label)
                .help("leave one of them out"),
        );
    }
    let mut misbehave: Vec<Misbehaving> = Vec::new();
    for (word, line) in named {
        match names.host(*word) {
            Ok(host) if host != NOBODY && misbehave.iter().any(|above| above.host == host) => {
                diagnostics.add(Diagnostic::new(
                    word.at(),
                    format!("`{}` is named twice", word.text),
                    "said above",
                ));
            }
            Ok(host) => {
                let source = line.text.trim().to_owned();
                misbehave.push(Misbehaving { host, line: line.number, source });
            }
            Err(diagnostic) => diagnostics.add(diagnostic),
        }
    }
    misbehave
}
