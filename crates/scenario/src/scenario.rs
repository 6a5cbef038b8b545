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
use super::heading::{Heading, Nets, find_net};
use super::hosts::{self, CLAUSES, Declared};
use super::keywords::{HeadingWord, Keyword};
use super::measurements::measuring;
use super::names::{NOBODY, Names};
use super::slips::{Place, instead};
use super::standing::{Declaration, heading_stands_above, hosts_stand_above, meanwhile_stands_above};
use super::steps::{driven, steps};
use super::sweep::{stands_alone, sweep};
use super::timing::Clock;
use super::verbs::Verb;
use super::whole_run::{self, OfRun, of_run};
use super::words::{Line, Statement, Word, statements};
use imp::nearest::nearest;

/// How long a scenario may take in virtual time if it does not say.
pub(super) const LIMIT: Span = Span::from_secs(3600);

/// Reads a scenario.
///
/// # Errors
/// Everything that is wrong with it, and with its net.
pub fn parse(source_name: &str, text: &str, nets: &dyn Nets) -> Result<Scenario, Errors> {
    parse_on(None, source_name, text, nets)
}

/// Reads a scenario as if it named another net, and without the nets of its sweep. With no other net: as it is.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn parse_on(
    other: Option<&Net>,
    source_name: &str,
    text: &str,
    nets: &dyn Nets,
) -> Result<Scenario, Errors> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut diagnostics = Diagnostics::new(source_name, text);
    let scenario = read(other, source_name, text, nets, &mut diagnostics);
    diagnostics.finish(scenario)
}

/// The statements of a scenario.
#[derive(Default)]
struct Parts<'s, 'a> {
    heading: Heading<'a>,
    /// The words with which the lines of the heading begin, and the numbers of these lines.
    headings: Vec<(usize, Word<'a>)>,
    sweep: Option<&'s Statement<'a>>,
    declarations: Vec<Declaration<'s, 'a>>,
    /// Whether the word `host` is mistyped somewhere.
    lost_host: bool,
    /// What is said of the whole run.
    of_run: Vec<(&'s Statement<'a>, OfRun)>,
    plays: Vec<&'s Statement<'a>>,
}

fn read(
    other: Option<&Net>,
    source_name: &str,
    text: &str,
    nets: &dyn Nets,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Scenario> {
    let statements = with_clauses(statements(text, diagnostics), diagnostics);
    let parts = parts(&statements, other, nets, diagnostics);
    parts.heading.check(diagnostics);
    diagnostics.record(heading_stands_above(&parts.headings, &parts.declarations, &parts.plays));
    let Parts { heading, sweep: sweep_said, declarations, lost_host, of_run, plays, .. } = parts;

    let names = Names::new(heading.net.as_ref());
    if !lost_host {
        diagnostics.record(hosts_stand_above(&declarations, &of_run, &plays));
    }
    diagnostics.record(meanwhile_stands_above(&of_run, &plays));
    let any_host = !declarations.is_empty();
    let Hosts { hosts, complete, broken } = declare(declarations, names, nets, diagnostics);
    let limit = heading.limit.map_or(LIMIT, |(limit, _)| limit);
    let limit_line = heading.limit.map(|(_, line)| line);
    let complete = complete && any_host && !lost_host;
    let (driven, measuring) = (&driven(&plays, names), &measuring(&plays, names));
    let (broken, named) = (&broken, &BTreeSet::new());
    let context = Context { names, hosts: &hosts, complete, broken, driven, measuring, named, of_run: false };
    let steps = steps(&context, &mut Clock::new(limit), &plays, diagnostics);
    let (mut meanwhile, mut conditions) = (Vec::new(), Vec::new());
    for (statement, said) in of_run {
        match said {
            OfRun::Meanwhile => {
                meanwhile.extend(whole_run::meanwhile(&context, statement, limit, diagnostics));
            }
            OfRun::Condition(when) => {
                conditions.extend(whole_run::condition(&context, statement, when, diagnostics));
            }
        }
    }
    let misbehave = misbehaving(&heading.misbehave, heading.monitor_off, names, diagnostics);
    let sweep = sweep_said.map(|statement| {
        let mut mistakes = Diagnostics::new(source_name, text);
        let mut find = |name: Word<'_>, is_sound: bool| {
            if other.is_some() {
                return Ok(None);
            }
            if name.text == heading.net_name {
                return Ok(heading.net.clone());
            }
            let (net, found) = find_net(name, nets, &mut mistakes);
            found?;
            if let Some(net) = net.as_ref().filter(|_| is_sound) {
                fits(net, name, source_name, text, nets)?;
            }
            Ok(net)
        };
        let plan = sweep(&context, statement, limit, &mut find, diagnostics);
        (plan, mistakes)
    });
    let sweep = sweep.map(|(plan, mistakes)| {
        if let Err(errors) = mistakes.finish(Some(())) {
            diagnostics.add_file(errors);
        }
        plan
    });
    let monitored = heading.monitor_off.is_none();
    let Heading { title, cites, net, net_name, seed, fails, .. } = heading;
    title.zip(net).map(|(title, net)| Scenario {
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
        sweep,
        meanwhile,
        steps,
        conditions,
        comments: comments(text),
    })
}

/// Sorts the statements, and reads the heading.
fn parts<'s, 'a>(
    statements: &'s [Statement<'a>],
    other: Option<&Net>,
    nets: &dyn Nets,
    diagnostics: &mut Diagnostics<'_>,
) -> Parts<'s, 'a> {
    let mut parts = Parts::default();
    for statement in statements {
        let mut words = statement.line.words();
        let Some(first) = words.next() else { continue };
        let keyword = Keyword::of(first.text);
        if keyword == Some(Keyword::Host) {
            parts.declarations.push((statement, words));
        } else if let Some(of_run) = of_run(statement) {
            parts.of_run.push((statement, of_run));
        } else if let Some(Keyword::Heading(word)) = keyword {
            parts.headings.push((statement.line.number, first));
            let read = match other.filter(|_| word == HeadingWord::Net) {
                Some(net) => parts.heading.plays_on(net),
                None => parts.heading.read(word, first, &mut words, statement.line, nets, diagnostics),
            };
            diagnostics.record(read.map_err(|mistake| mistake.form(word.forms())));
            if word == HeadingWord::Sweep {
                diagnostics.record(stands_alone(statement, &mut words));
                parts.sweep.get_or_insert(statement);
            } else {
                nothing_indented(statement, diagnostics);
            }
        } else if let Some(meant) =
            misspelled(first, words.clone().next(), parts.heading.net.as_ref(), &parts.declarations)
        {
            let label = "no such statement";
            let diagnostic =
                Diagnostic::new(first.at(), format!("unknown statement `{}`", first.text), label);
            let slip = first.slip(|bare| bare.eq_ignore_ascii_case(meant));
            diagnostics.add(diagnostic.help(slip.unwrap_or_else(|| format!("did you mean `{meant}`?"))));
            parts.heading.title_named |= meant == "title";
            parts.heading.net_named |= meant == "net";
            parts.lost_host |= meant == "host";
        } else {
            parts.plays.push(statement);
        }
    }
    parts
}

/// Refuses lines below a line of the heading that has none.
fn nothing_indented(statement: &Statement<'_>, diagnostics: &mut Diagnostics<'_>) {
    for line in &statement.below {
        let label = "nothing of a heading is indented";
        diagnostics.add(
            Diagnostic::new(line.at(), "unexpected indented line", label)
                .help("put it at the margin, if it is a statement of its own"),
        );
    }
}

/// Sees to it that a scenario can be played on another net: that this has all hosts, IMPs and lines which are named.
fn fits(net: &Net, name: Word<'_>, source_name: &str, text: &str, nets: &dyn Nets) -> Result<(), Diagnostic> {
    let mut mistakes = Diagnostics::new(source_name, text);
    read(Some(net), source_name, text, nets, &mut mistakes);
    let Some((mistake, line)) = mistakes.first() else { return Ok(()) };
    let message = format!("the scenario cannot be played on the net `{}`", name.text);
    Err(Diagnostic::new(name.at(), message, format!("line {line}: {mistake}"))
        .help("leave it out: each net has all hosts, IMPs and lines that the scenario names"))
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
    let context =
        Context { names, hosts, complete: true, broken: &[], driven, measuring, named, of_run: false };
    let steps = steps(&context, &mut Clock::new(Span::from_micros(u64::MAX)), &plays, &mut diagnostics);
    diagnostics.finish(Some(steps))
}

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
    nets: &dyn Nets,
    diagnostics: &mut Diagnostics<'_>,
) -> Hosts {
    let mut complete = true;
    let mut hosts: Vec<HostPlan> = Vec::new();
    let mut broken = Vec::new();
    let mut sites = Vec::new();
    for (statement, words) in declarations {
        let Some(mut declared) = hosts::host(statement, words, names, diagnostics) else {
            complete = false;
            continue;
        };
        diagnostics.record(declared.load(nets));
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
