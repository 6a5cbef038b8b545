//! Scenario files: the heading, the hosts, the steps.

use std::collections::BTreeSet;

use imp::Net;
use machine::Span;

use super::ast::{Action, HostPlan, Misbehaving, MustFail, Scenario, Step};
use super::comments::comments;
use super::context::Context;
use super::errors::{Diagnostic, Diagnostics, Errors};
use super::hosts::{self, Declared};
use super::keywords::{HeadingWord, Keyword};
use super::measurements::measuring;
use super::names::{NOBODY, Names};
use super::quantity::{number, span};
use super::steps::{driven, needs_no_host, steps};
use super::timing::Clock;
use super::verbs::Verb;
use super::words::{Line, Statement, Word, Words, statements};
use imp::nearest::nearest;

/// How long a scenario may take in virtual time if it does not say.
const LIMIT: Span = Span::from_secs(3600);

/// What stands above the hosts.
#[derive(Debug, Default)]
struct Heading<'a> {
    title: Option<String>,
    cites: Vec<String>,
    /// Whether a title was at least meant.
    title_named: bool,
    net: Option<Net>,
    net_named: bool,
    seed: Option<u64>,
    /// The limit, and the line that says so.
    limit: Option<(Span, usize)>,
    fails: Vec<MustFail>,
    /// Where it says that the monitor is off.
    monitor_off: Option<Word<'a>>,
    /// The hosts that misbehave, and the lines that say so.
    misbehave: Vec<(Word<'a>, Line<'a>)>,
}

/// Where a scenario's net is found.
pub trait Nets {
    /// The text of a net, by its name, or by its path relative to the scenario.
    fn text(&self, name: &str) -> Option<String>;

    /// The names of the nets that are known, from which a mistyped one is guessed.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

impl<F: Fn(&str) -> Option<String>> Nets for F {
    fn text(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// Reads a scenario.
///
/// # Errors
/// Everything that is wrong with it, and with its net.
pub fn parse(source_name: &str, text: &str, nets: &dyn Nets) -> Result<Scenario, Errors> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut diagnostics = Diagnostics::new(source_name, text);
    let statements = statements(text, &mut diagnostics);
    let mut heading = Heading::default();
    let mut declarations = Vec::new();
    let mut plays = Vec::new();
    let mut first_play = None;
    let mut lost_host = false;
    for (index, statement) in statements.iter().enumerate() {
        let mut words = statement.line.words();
        let Some(first) = words.next() else { continue };
        let keyword = Keyword::of(first.text);
        if keyword == Some(Keyword::Host) {
            declarations.push((index, statement, words));
        } else if let Some(Keyword::Heading(word)) = keyword {
            let read = heading.read(word, first, &mut words, statement.line, nets, &mut diagnostics);
            diagnostics.record(read);
            for line in &statement.below {
                let label = "nothing of a heading is indented";
                diagnostics.add(Diagnostic::new(line.at(), "unexpected indented line", label));
            }
        } else if let Some(meant) = misspelled(first, words.clone().next(), heading.net.as_ref()) {
            let label = "no statement begins like this";
            let diagnostic =
                Diagnostic::new(first.at(), format!("unknown statement `{}`", first.text), label);
            diagnostics.add(diagnostic.help(format!("did you mean `{meant}`?")));
            heading.title_named |= meant == "title";
            heading.net_named |= meant == "net";
            lost_host |= meant == "host";
        } else {
            if !needs_no_host(statement) {
                first_play.get_or_insert((index, first));
            }
            plays.push(statement);
        }
    }
    heading.check(&mut diagnostics);

    let names = Names::new(heading.net.as_ref());
    let first_host = declarations.first().map(|(index, _, _)| *index);
    if let Some((index, word)) = first_play
        && !lost_host
        && first_host.is_none_or(|host| index < host)
    {
        let diagnostic =
            Diagnostic::new(word.at(), "this step comes before any host", "no host is declared yet");
        diagnostics.add(diagnostic.help("the hosts stand above the steps: `host NAME`"));
    }
    let (hosts, complete) = declare(declarations, names, &mut diagnostics);
    let limit = heading.limit.map_or(LIMIT, |(limit, _)| limit);
    let limit_line = heading.limit.map(|(_, line)| line);
    let complete = complete && first_host.is_some() && !lost_host;
    let (driven, measuring) = (&driven(&plays, names), &measuring(&plays, names));
    let context = Context { names, hosts: &hosts, complete, driven, measuring, named: &BTreeSet::new() };
    let steps = steps(&context, &mut Clock::new(limit), &plays, &mut diagnostics);
    let is_cited = |tail: &str| heading.title.iter().chain(&heading.cites).any(|text| text.ends_with(tail));
    let reads = |line: &str| step_alone(&context, line);
    let comments = comments(text, |statement, line| {
        !is_cited(line[statement.len()..].trim()) && reads(statement) == reads(line)
    });
    let misbehave = misbehaving(&heading.misbehave, heading.monitor_off, names, &mut diagnostics);
    let monitored = heading.monitor_off.is_none();
    let Heading { title, cites, net, seed, fails, .. } = heading;
    let scenario = title.zip(net).map(|(title, net)| Scenario {
        name: stem(source_name).to_owned(),
        title,
        cites,
        net,
        seed: seed.unwrap_or(0),
        limit,
        limit_line,
        fails,
        monitored,
        misbehave,
        hosts,
        steps,
        comments,
    });
    diagnostics.finish(scenario)
}

/// What a line says as a step, if it is one, wherever it stands.
fn step_alone(context: &Context<'_>, line: &str) -> Option<Action> {
    let mut ignored = Diagnostics::new("a line", line);
    let statement = statements(line, &mut ignored).pop()?;
    let mut clock = Clock::new(Span::from_micros(u64::MAX));
    steps(context, &mut clock, &[&statement], &mut ignored).pop().map(|step| step.action)
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
    let context = Context { names, hosts, complete: true, driven, measuring, named };
    let steps = steps(&context, &mut Clock::new(Span::from_micros(u64::MAX)), &plays, &mut diagnostics);
    diagnostics.finish(Some(steps))
}

/// The word that was meant by a first word with which no statement and no step begins.
fn misspelled(first: Word<'_>, second: Option<Word<'_>>, net: Option<&Net>) -> Option<&'static str> {
    let begins = Keyword::of(first.text).is_some_and(Keyword::begins_a_statement);
    let acts = second.and_then(Verb::of).is_some();
    let host = net.is_some_and(|net| net.host_named(first.text).is_some());
    if begins || acts || host || first.text.starts_with('+') {
        return None;
    }
    let known = Keyword::all().filter(|word| word.begins_no_step());
    nearest(first.text, known.map(Keyword::word))
}

/// The name of a file without its folder and its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// Reads the hosts. The second result says whether none of them is missing because of a mistake.
fn declare<'a>(
    declarations: Vec<(usize, &Statement<'a>, Words<'a>)>,
    names: Names<'_>,
    diagnostics: &mut Diagnostics,
) -> (Vec<HostPlan>, bool) {
    let mut complete = true;
    let mut hosts: Vec<HostPlan> = Vec::new();
    let mut sites = Vec::new();
    for (_, statement, words) in declarations {
        let Some(declared) = hosts::host(statement, words, names, diagnostics) else {
            complete = false;
            continue;
        };
        let Declared { plan, known, name, sites: named, .. } = declared;
        sites.extend(named);
        if !known {
            complete = false;
            continue;
        }
        match hosts.iter().find(|host| host.name.eq_ignore_ascii_case(&plan.name)) {
            Some(above) => diagnostics.add(Diagnostic::new(
                name.at(),
                format!("host `{}` is declared twice", plan.name),
                format!("declared in line {}", above.line),
            )),
            None => hosts.push(plan),
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
    (hosts, complete)
}

/// The hosts that misbehave on purpose.
fn misbehaving(
    named: &[(Word<'_>, Line<'_>)],
    off: Option<Word<'_>>,
    names: Names<'_>,
    diagnostics: &mut Diagnostics,
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

impl<'a> Heading<'a> {
    /// Reads a statement of the heading.
    fn read(
        &mut self,
        word: HeadingWord,
        verb: Word<'a>,
        words: &mut Words<'a>,
        line: Line<'a>,
        nets: &dyn Nets,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Diagnostic> {
        match word {
            HeadingWord::Title => once(verb, &mut self.title, words.some_text("the title")?.to_owned()),
            HeadingWord::Cites => {
                self.cites.push(words.some_text("the document")?.to_owned());
                Ok(())
            }
            HeadingWord::Net => self.net(verb, words, nets, diagnostics),
            HeadingWord::Seed => {
                let seed = number(words.word("the seed")?, "the seed", 0..=u64::MAX)?;
                words.end()?;
                once(verb, &mut self.seed, seed)
            }
            HeadingWord::Limit => {
                let limit = span(words.word("the limit")?)?;
                words.end()?;
                once(verb, &mut self.limit, (limit, line.number))
            }
            HeadingWord::Fails => match words.pattern()? {
                "" => Err(words.wanting("a part of the error")),
                error => {
                    self.fails.push(MustFail { text: error.to_owned(), line: line.number });
                    Ok(())
                }
            },
            HeadingWord::Misbehaves => {
                let first = words.word("the name of a host")?;
                let others = std::iter::from_fn(|| words.next());
                self.misbehave.extend(std::iter::once(first).chain(others).map(|word| (word, line)));
                Ok(())
            }
            HeadingWord::Monitor => {
                words.keyword("off")?;
                words.end()?;
                once(verb, &mut self.monitor_off, verb)
            }
        }
    }

    fn net(
        &mut self,
        verb: Word<'_>,
        words: &mut Words<'_>,
        nets: &dyn Nets,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Diagnostic> {
        if std::mem::replace(&mut self.net_named, true) {
            return Err(second(verb));
        }
        let name = words.word("the name of the net")?;
        words.end()?;
        let Some(text) = nets.text(name.text) else {
            let known = nets.names();
            let help = match nearest(name.text, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    format!("the known nets are {}; a file is given as `FILE.net`", known.join(", "))
                }
            };
            let diagnostic =
                Diagnostic::new(name.at(), format!("there is no net `{}`", name.text), "not found");
            return Err(diagnostic.help(help));
        };
        match super::parse_net(name.text, &text) {
            Ok(net) => self.net = Some(net),
            Err(errors) => diagnostics.add_file(errors),
        }
        Ok(())
    }

    /// What every scenario must have.
    fn check(&self, diagnostics: &mut Diagnostics) {
        if self.title.is_none() && !self.title_named {
            diagnostics.add(
                Diagnostic::new(0..0, "the scenario has no title", "begins here").help("say `title TEXT`"),
            );
        }
        if !self.net_named {
            diagnostics.add(
                Diagnostic::new(0..0, "the scenario has no net", "begins here")
                    .help("say on which net it plays: `net 1973-01`"),
            );
        }
    }
}

fn once<T>(verb: Word<'_>, place: &mut Option<T>, value: T) -> Result<(), Diagnostic> {
    match place {
        Some(_) => Err(second(verb)),
        None => {
            *place = Some(value);
            Ok(())
        }
    }
}

fn second(verb: Word<'_>) -> Diagnostic {
    Diagnostic::new(verb.at(), format!("a second `{}`", verb.text), "said above")
}
