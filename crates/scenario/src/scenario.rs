//! Scenario files: the heading, the hosts, the steps.

use imp::Net;
use machine::{Instant, Span};

use super::ast::{HostPlan, Misbehaving, MustFail, Scenario};
use super::deeds::is_verb;
use super::errors::{Errors, Slip, Slips};
use super::hosts::{self, Declared};
use super::names::{NOBODY, Names};
use super::nearest::nearest;
use super::quantity::{number, span};
use super::steps::{Stage, operated};
use super::traffic::{measuring, needs_no_host};
use super::words::{Line, Statement, Word, Words, statements};

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
    limit: Option<Span>,
    fails: Option<MustFail>,
    /// Where it says that nobody watches.
    monitor_off: Option<Word<'a>>,
    /// The hosts that misbehave, and the lines that say so.
    misbehave: Vec<(Word<'a>, Line<'a>)>,
}

/// Where a scenario's net is found.
pub trait Nets {
    /// The text of a net, by its name, or by its path relative to the scenario.
    fn text(&self, name: &str) -> Option<String>;

    /// The names of the nets that are known, for whoever mistypes one.
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
    let mut slips = Slips::new(source_name, text);
    let statements = statements(text, &mut slips);
    let mut heading = Heading::default();
    let mut declarations = Vec::new();
    let mut plays = Vec::new();
    let mut first_play = None;
    let mut lost_host = false;
    for (index, statement) in statements.iter().enumerate() {
        let mut words = statement.line.words();
        let Some(first) = words.next() else { continue };
        if first.is("host") {
            declarations.push((index, statement, words));
        } else if let Some(read) = heading.read(first, &mut words, statement.line, nets, &mut slips) {
            slips.keep(read);
            for line in &statement.below {
                let label = "nothing of a heading is indented";
                slips.add(Slip::new(line.at(), "unexpected indented line", label));
            }
        } else if let Some(meant) = misspelled(first, words.clone().next(), heading.net.as_ref()) {
            let label = "no statement begins like this";
            let slip = Slip::new(first.at(), format!("unknown statement `{}`", first.text), label);
            slips.add(slip.help(format!("did you mean `{meant}`?")));
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
    heading.check(&mut slips);

    let names = Names::new(heading.net.as_ref());
    let first_host = declarations.first().map(|(index, _, _)| *index);
    if let Some((index, word)) = first_play
        && !lost_host
        && first_host.is_none_or(|host| index < host)
    {
        let slip = Slip::new(word.at(), "this step comes before any host", "no host is declared yet");
        slips.add(slip.help("the hosts stand above the steps: `host NAME`"));
    }
    let (hosts, complete) = declare(declarations, names, &mut slips);
    let limit = heading.limit.unwrap_or(LIMIT);
    let complete = complete && first_host.is_some() && !lost_host;
    let (operated, measuring) = (&operated(&plays, names), &measuring(&plays, names));
    let mut stage =
        Stage { names, hosts: &hosts, operated, measuring, complete, limit, earliest: Instant::START };
    let steps = plays.into_iter().filter_map(|play| stage.step(play, &mut slips)).collect();
    let misbehave = misbehaving(&heading.misbehave, heading.monitor_off, names, &mut slips);
    let monitored = heading.monitor_off.is_none();
    let Heading { title, cites, net, seed, fails, .. } = heading;
    let scenario = title.zip(net).map(|(title, net)| Scenario {
        name: stem(source_name).to_owned(),
        title,
        cites,
        net,
        seed: seed.unwrap_or(0),
        limit,
        fails,
        monitored,
        misbehave,
        hosts,
        steps,
    });
    slips.settle(scenario)
}

/// What a statement that is no step may begin with.
const STATEMENTS: [&str; 9] =
    ["title", "cites", "net", "seed", "limit", "fails", "misbehaves", "monitor", "host"];

/// The statement that was meant by a first word that no statement and no step has.
fn misspelled(first: Word<'_>, second: Option<Word<'_>>, net: Option<&Net>) -> Option<&'static str> {
    let step = ["expect", "wait", "at", "within", "line", "imp", "cable", "traffic", "measure"]
        .iter()
        .any(|word| first.is(word));
    let acts = second.is_some_and(is_verb);
    let host = net.is_some_and(|net| net.host_named(first.text).is_some());
    if step || acts || host || first.text.starts_with('+') {
        return None;
    }
    nearest(first.text, STATEMENTS)
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
    slips: &mut Slips,
) -> (Vec<HostPlan>, bool) {
    let mut complete = true;
    let mut hosts: Vec<HostPlan> = Vec::new();
    let mut sites = Vec::new();
    for (_, statement, words) in declarations {
        let Some(declared) = hosts::host(statement, words, names, slips) else {
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
            Some(above) => slips.add(Slip::new(
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
            let slip = Slip::new(word.at(), message, "in the net, but down as long as it is not declared");
            slips.add(slip.help(format!("declare it too: `host {}`", word.text)));
        }
    }
    (hosts, complete)
}

/// The hosts that misbehave on purpose.
fn misbehaving(
    named: &[(Word<'_>, Line<'_>)],
    off: Option<Word<'_>>,
    names: Names<'_>,
    slips: &mut Slips,
) -> Vec<Misbehaving> {
    if let (Some(off), [_, ..]) = (off, named) {
        let label = "nobody watches whether a host misbehaves";
        slips.add(
            Slip::new(off.at(), "`monitor off` beside `misbehaves`", label).help("leave one of them out"),
        );
    }
    let mut misbehave: Vec<Misbehaving> = Vec::new();
    for (word, line) in named {
        match names.host(*word) {
            Ok(host) if host != NOBODY && misbehave.iter().any(|above| above.host == host) => {
                slips.add(Slip::new(word.at(), format!("`{}` is named twice", word.text), "said above"));
            }
            Ok(host) => {
                let source = line.text.trim().to_owned();
                misbehave.push(Misbehaving { host, line: line.number, source });
            }
            Err(slip) => slips.add(slip),
        }
    }
    misbehave
}

impl<'a> Heading<'a> {
    /// Reads a statement of the heading, unless it is none.
    fn read(
        &mut self,
        verb: Word<'a>,
        words: &mut Words<'a>,
        line: Line<'a>,
        nets: &dyn Nets,
        slips: &mut Slips,
    ) -> Option<Result<(), Slip>> {
        Some(if verb.is("title") {
            words.some_text("the title").and_then(|title| once(verb, &mut self.title, title.to_owned()))
        } else if verb.is("cites") {
            words.some_text("the document").map(|document| self.cites.push(document.to_owned()))
        } else if verb.is("net") {
            self.net(verb, words, nets, slips)
        } else if verb.is("seed") {
            let seed = words.word("the seed").and_then(|word| number(word, "the seed", 0..=u64::MAX));
            seed.and_then(|seed| words.end().and_then(|()| once(verb, &mut self.seed, seed)))
        } else if verb.is("limit") {
            let limit = words.word("the limit").and_then(span);
            limit.and_then(|limit| words.end().and_then(|()| once(verb, &mut self.limit, limit)))
        } else if verb.is("fails") {
            let error = words.pattern().and_then(|error| match error {
                "" => Err(words.wanting("a part of the error")),
                error => Ok(error),
            });
            error.and_then(|error| {
                once(verb, &mut self.fails, MustFail { text: error.to_owned(), line: line.number })
            })
        } else if verb.is("misbehaves") {
            words.word("the name of a host").map(|first| {
                let others = std::iter::from_fn(|| words.next());
                self.misbehave.extend(std::iter::once(first).chain(others).map(|word| (word, line)));
            })
        } else if verb.is("monitor") {
            let off = words.keyword("off").and_then(|()| words.end());
            off.and_then(|()| once(verb, &mut self.monitor_off, verb))
        } else {
            return None;
        })
    }

    fn net(
        &mut self,
        verb: Word<'_>,
        words: &mut Words<'_>,
        nets: &dyn Nets,
        slips: &mut Slips,
    ) -> Result<(), Slip> {
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
            let slip = Slip::new(name.at(), format!("there is no net `{}`", name.text), "not found");
            return Err(slip.help(help));
        };
        match super::parse_net(name.text, &text) {
            Ok(net) => self.net = Some(net),
            Err(errors) => slips.add_file(errors),
        }
        Ok(())
    }

    /// What every scenario must have.
    fn check(&self, slips: &mut Slips) {
        if self.title.is_none() && !self.title_named {
            slips.add(Slip::new(0..0, "the scenario has no title", "begins here").help("say `title TEXT`"));
        }
        if !self.net_named {
            slips.add(
                Slip::new(0..0, "the scenario has no net", "begins here")
                    .help("say on which net it plays: `net 1973-01`"),
            );
        }
    }
}

fn once<T>(verb: Word<'_>, place: &mut Option<T>, value: T) -> Result<(), Slip> {
    match place {
        Some(_) => Err(second(verb)),
        None => {
            *place = Some(value);
            Ok(())
        }
    }
}

fn second(verb: Word<'_>) -> Slip {
    Slip::new(verb.at(), format!("a second `{}`", verb.text), "said above")
}
