//! What a scenario expects.

use imp1822::HostAddress;
use ncp::State;

use super::ast::Expectation;
use super::choice::{Choice, find, phrases};
use super::context::Context;
use super::errors::{Diagnostic, Diagnostics, Help};
use super::files::{bytes, path};
use super::keywords::StepWord;
use super::slips::{Place, instead};
use super::sockets::socket;
use super::texts::{self, text};
use super::timing::misplaced;
use super::verbs::Verb;
use super::words::{Line, Word, Words, joined};

type Reader = fn(&Context<'_>, Expecting<'_>, &mut Words<'_>) -> Result<Expectation, Diagnostic>;

/// The host of which something is expected.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expecting<'a> {
    name: Word<'a>,
    host: HostAddress,
}

/// What may be expected of a host.
pub(super) const OF_HOSTS: &[Choice<Reader>] = &[
    Choice {
        phrase: "file",
        forms: &[
            "expect HOST file PATH",
            "expect HOST file PATH of N bytes",
            "expect HOST file PATH same as HOST PATH",
        ],
        read: file,
    },
    Choice {
        phrase: "no",
        forms: &["expect HOST no file PATH"],
        read: |context, Expecting { name, host }, words| {
            if let Some(saw) = words.peek().filter(|word| word.is("saw")) {
                return Err(never_saw(saw));
            }
            words.keyword("file")?;
            Ok(Expectation::NoFile { host, path: path_there(context, name, words)? })
        },
    },
    Choice {
        phrase: "saw",
        forms: &["expect HOST saw TEXT"],
        read: |context, Expecting { name, host }, words| {
            context.prints(name)?;
            let seen = words.some_typed("what was to be seen")?;
            Ok(Expectation::Saw { host, text: text(&texts::PRINTED, context, seen)? })
        },
    },
    Choice {
        phrase: "has",
        forms: &["expect HOST has no connections"],
        read: |_, Expecting { name, host }, words| {
            if let Some(file) = words.peek().filter(|word| word.is("file")) {
                let message = "`has` does not stand before `file`";
                return Err(Diagnostic::new(file.at(), message, "leave `has` out")
                    .help(format!("write `expect {} file PATH`", name.text)));
            }
            words.keyword("no")?;
            words.keyword("connections")?;
            Ok(Expectation::NoConnections { host })
        },
    },
    Choice {
        phrase: "socket",
        forms: &["expect HOST socket SOCKET listening|requested|open|flushing|answering|closing|closed"],
        read: |context, Expecting { host, .. }, words| {
            let local = socket(context, words.word("a socket")?)?;
            Ok(Expectation::Socket { host, local, state: state(words)? })
        },
    },
];

/// The states of a connection, as NETSTAT has them; closed is one that there is not.
const STATES: [(&str, Option<State>); 7] = [
    ("listening", Some(State::Listening)),
    ("requested", Some(State::Requested)),
    ("open", Some(State::Open)),
    ("flushing", Some(State::Flushing)),
    ("answering", Some(State::Answering)),
    ("closing", Some(State::Closing)),
    ("closed", None),
];

/// Reads what stands behind `expect`.
pub(super) fn expectation(context: &Context<'_>, words: &mut Words<'_>) -> Result<Expectation, Diagnostic> {
    any_expectation(context, words).map_err(|mistake| mistake.form(StepWord::Expect.forms()))
}

fn any_expectation(context: &Context<'_>, words: &mut Words<'_>) -> Result<Expectation, Diagnostic> {
    if words.take("no") {
        if words.take("file") {
            words.keyword("data")?;
            words.keyword("through")?;
            let host = context.names.host(words.word("a host")?)?;
            words.end()?;
            return Ok(Expectation::NoFileDataThrough { host });
        }
        let from = words.word("the host that does not send")?;
        no_of_a_host(context, from, words)?;
        let (from, to) = context.crossing(from, words)?;
        return Ok(Expectation::NotCrossed {
            from,
            to,
            text: text(&texts::NOT_CROSSING, context, words.message()?)?,
        });
    }
    let name = words.next().ok_or_else(|| words.wanting("what is expected").help(all_forms()))?;
    if words.peek().is_some_and(|arrow| arrow.is("->")) {
        let (from, to) = context.crossing(name, words)?;
        return Ok(Expectation::Crossed {
            from,
            to,
            text: text(&texts::CROSSING, context, words.message()?)?,
        });
    }
    name.without_arrow()?;
    if let Some(arrow) = words.peek().filter(|word| !word.is("->")) {
        arrow.without_arrow()?;
    }
    if let Some(misplaced) = misplaced(name) {
        return Err(misplaced);
    }
    if context.names.site(name).is_err()
        && let Some(help) = instead(Place::Expectation, name)
    {
        let message = format!("`{}` is no host", name.text);
        return Err(Diagnostic::new(name.at(), message, "a host belongs here").help(help));
    }
    let host = context.declared(name)?;
    let phrases = || phrases(OF_HOSTS).into_iter().chain(["->"]).collect::<Vec<_>>();
    let wanting = || Diagnostic { help: Help::Nothing, ..words.wanting(&joined(&phrases(), "or")) };
    let Some(what) = words.clone().next() else { return Err(wanting()) };
    words.next();
    let Some(choice) = find(OF_HOSTS, what) else {
        let unknown = what.does_not_stand(Place::Expectation, &phrases());
        let is_step = instead(Place::Expectation, what).is_none() && Verb::of(what).is_some();
        return Err(if is_step {
            unknown
                .help(format!("`{} {} ...` is a step of its own: leave `expect` out", name.text, what.text))
        } else {
            unknown
        });
    };
    let mut read = || {
        let expectation = (choice.read)(context, Expecting { name, host }, words)?;
        words.end()?;
        Ok(expectation)
    };
    read().map_err(|mistake: Diagnostic| mistake.form(choice.forms))
}

/// The expectation with the lines of its file, which stand below its statement.
pub(super) fn with_lines(
    expectation: Expectation,
    below: &[Line<'_>],
    diagnostics: &mut Diagnostics<'_>,
) -> Expectation {
    match expectation {
        Expectation::File { host, path, mut lines } => {
            let below = below.iter().filter_map(|line| diagnostics.record(line.content()));
            lines.extend(below.map(str::to_owned));
            Expectation::File { host, path, lines }
        }
        other => {
            nothing_below(below, diagnostics);
            other
        }
    }
}

/// Refuses lines below a statement that has none.
pub(super) fn nothing_below(below: &[Line<'_>], diagnostics: &mut Diagnostics<'_>) {
    for line in below {
        let help = "only `expect HOST file PATH` and `this order from here` have lines below them; steps begin at the margin";
        diagnostics.add(
            Diagnostic::new(line.at(), "this line does not belong here", "nothing is expected below")
                .help(help),
        );
    }
}

/// How everything is written that may stand behind `expect`.
fn all_forms() -> String {
    let of_hosts = OF_HOSTS.iter().filter_map(|choice| choice.forms.first());
    let all = of_hosts.chain(StepWord::Expect.forms());
    let all: Vec<&str> = all.map(|form| form.strip_prefix("expect ").unwrap_or(form)).collect();
    format!("it is one of {}", joined(&all, "and"))
}

/// Refuses `no` in front of a host of which something is expected that is no message.
fn no_of_a_host(context: &Context<'_>, name: Word<'_>, words: &Words<'_>) -> Result<(), Diagnostic> {
    let Some(what) = words.peek().filter(|_| context.names.site(name).is_ok()) else { return Ok(()) };
    let behind = |written: &str| {
        Err(Diagnostic::new(
            what.at(),
            format!("`no` stands before `{}`", name.text),
            "of what is there none?",
        )
        .help(format!("write `expect {} {written}`", name.text)))
    };
    match what {
        _ if what.is("file") => behind("no file PATH"),
        _ if what.is("has") => behind("has no connections"),
        _ if what.is("socket") => behind("socket SOCKET closed"),
        _ if what.is("saw") => Err(never_saw(what)),
        _ => Ok(()),
    }
}

/// The complaint that nobody can expect that something was not printed.
fn never_saw(saw: Word<'_>) -> Diagnostic {
    Diagnostic::new(saw.at(), "`saw` has no `no`", "only what was printed can be expected").help(
        "ask for what stands in its place, `expect HOST saw TEXT`, or for a message: `expect [no] HOST -> HOST [TEXT]`",
    )
}

/// Reads a file and what it holds, behind `file`.
fn file(
    context: &Context<'_>,
    Expecting { name, host }: Expecting<'_>,
    words: &mut Words<'_>,
) -> Result<Expectation, Diagnostic> {
    let path = path_there(context, name, words)?;
    if words.take("of") {
        Ok(Expectation::FileLength { host, path, bytes: bytes(words)? })
    } else if words.take("same") {
        words.keyword("as")?;
        let other = words.word("the host of the other file")?;
        let other_host = context.declared(other)?;
        let other_path = path_there(context, other, words)?;
        Ok(Expectation::SameFile { host, path, other_host, other_path })
    } else {
        Ok(Expectation::File { host, path, lines: Vec::new() })
    }
}

/// Reads the path of a file at the host of that name.
fn path_there(context: &Context<'_>, host: Word<'_>, words: &mut Words<'_>) -> Result<String, Diagnostic> {
    path(words, context.naming(host)?).map(|(word, _)| word.text.to_owned())
}

/// The name of a state of a connection.
pub(super) fn state_name(state: Option<State>) -> &'static str {
    STATES.iter().find(|(_, known)| *known == state).map_or("closed", |(name, _)| name)
}

/// Reads the state of a connection.
fn state(words: &mut Words<'_>) -> Result<Option<State>, Diagnostic> {
    let state = words.word("the state of the connection")?;
    words.end()?;
    let names = STATES.map(|(name, _)| name);
    let found = STATES.iter().find(|(name, _)| state.is(name));
    found.map(|(_, state)| *state).ok_or_else(|| state.is_none_of("state", &names))
}
