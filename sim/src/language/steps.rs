//! The steps of a scenario: when they begin, and what they do.

use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::{ByteSize, ForeignSocket, Gender, Partner, Socket};

use super::ast::{Action, Expectation, HostPlan, Step, When};
use super::errors::{Slip, Slips};
use super::hosts::bytes;
use super::names::{NOBODY, Names};
use super::quantity::{number, small_number, span};
use super::words::{Statement, Word, Words};

/// What a host does.
pub(super) const VERBS: [&str; 7] = ["types", "sees", "inits", "listens", "closes", "crashes", "restarts"];

/// What may be expected of a host.
const EXPECTATIONS: [&str; 5] = ["file", "no", "saw", "has", "->"];

/// With what a statement may begin, other than the name of a host.
const BEGINNINGS: [&str; 13] = [
    "title", "cites", "net", "seed", "limit", "fails", "host", "at", "within", "wait", "line", "imp",
    "expect",
];

/// What the steps of a scenario play on.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) names: Names<'a>,
    pub(super) hosts: &'a [HostPlan],
    /// Whether `hosts` are all: none of the declarations is broken.
    pub(super) complete: bool,
    pub(super) limit: Span,
    /// The earliest time at which the next step can begin.
    pub(super) earliest: Instant,
}

impl Stage<'_> {
    /// Reads a step.
    pub(super) fn step(&mut self, statement: &Statement<'_>, slips: &mut Slips) -> Option<Step> {
        let mut words = statement.line.words();
        let when = self.when(&mut words, slips);
        let when = slips.keep(when)?;
        let within = slips.keep(within(&mut words))?;
        let begin = words.clone();
        let action = slips.keep(self.action(&mut words))?;
        let action = match action {
            Action::Expect(Expectation::File { host, path, mut lines }) => {
                let below = statement.below.iter().filter_map(|line| slips.keep(line.content()));
                lines.extend(below.map(str::to_owned));
                Action::Expect(Expectation::File { host, path, lines })
            }
            other => {
                for line in &statement.below {
                    let help = "only `expect HOST file PATH` has lines below it; steps begin at the margin";
                    slips.add(
                        Slip::new(line.at(), "this line does not belong here", "nothing is expected below")
                            .help(help),
                    );
                }
                other
            }
        };
        let waits = matches!(action, Action::Sees { .. } | Action::WaitFor { .. });
        if let (Some(_), false, Some(word)) = (within, waits, begin.peek()) {
            let help = "`within` goes with `HOST sees` and `wait for`";
            slips.add(
                Slip::new(word.at(), "this step does not wait", "`within` has no meaning here").help(help),
            );
        }
        let (line, source) = (statement.line.number, statement.line.text.trim().to_owned());
        Some(Step { when, within, action, line, source })
    }

    /// Reads the time in front of a step, and sees to it that time does not go backwards.
    fn when(&mut self, words: &mut Words<'_>, slips: &mut Slips) -> Result<When, Slip> {
        if words.take("at") {
            let word = words.word("a time")?;
            let time = Instant::START + span(word)?;
            if time < self.earliest {
                let message = format!("time goes backwards to {}", word.text);
                let label =
                    format!("the step above cannot begin before {}", self.earliest.since(Instant::START));
                slips.add(Slip::new(word.at(), message, label));
            } else if time > Instant::START + self.limit {
                let message = format!("this step is after the limit of {}", self.limit);
                slips.add(
                    Slip::new(word.at(), message, "never comes")
                        .help(format!("raise the limit: `limit {}`", word.text)),
                );
            }
            self.earliest = self.earliest.max(time);
            return Ok(When::At(time));
        }
        match words.peek().and_then(Word::after_plus) {
            Some(word) => {
                words.next();
                if word.text.is_empty() {
                    let label = "how long after the step above?";
                    return Err(Slip::new(word.at(), "nothing stands behind the `+`", label)
                        .help("write the duration without a space: `+1.5s`"));
                }
                let pause = span(word)?;
                self.earliest += pause;
                Ok(When::After(pause))
            }
            None => Ok(When::Next),
        }
    }

    fn action(&self, words: &mut Words<'_>) -> Result<Action, Slip> {
        let first = words.word("a step")?;
        if first.is("wait") {
            words.keyword("for")?;
            let from = words.word("the host that sends")?;
            let (from, to) = self.crossing(from, words)?;
            Ok(Action::WaitFor { from, to, text: words.pattern()?.to_owned() })
        } else if first.is("line") {
            let a = words.word("an IMP")?;
            words.keyword("to")?;
            let b = words.word("an IMP")?;
            let verb = words.word("`fails` or `heals`")?;
            words.end()?;
            let between = self.names.line(a, b)?;
            match verb {
                _ if verb.is("fails") => Ok(Action::LineFails { between }),
                _ if verb.is("heals") => Ok(Action::LineHeals { between }),
                _ => Err(verb.is_none_of("verb", &["fails", "heals"])),
            }
        } else if first.is("imp") {
            let imp = self.names.imp(words.word("an IMP")?)?;
            let verb = words.word("`crashes` or `restarts`")?;
            words.end()?;
            match verb {
                _ if verb.is("crashes") => Ok(Action::ImpCrashes { imp }),
                _ if verb.is("restarts") => Ok(Action::ImpRestarts { imp }),
                _ => Err(verb.is_none_of("verb", &["crashes", "restarts"])),
            }
        } else if first.is("expect") {
            self.expectation(words).map(Action::Expect)
        } else {
            self.deed(first, words)
        }
    }

    /// Reads what a host does.
    fn deed(&self, name: Word<'_>, words: &mut Words<'_>) -> Result<Action, Slip> {
        let verb = words.next();
        if !verb.is_some_and(|verb| VERBS.iter().any(|known| verb.is(known))) {
            // Neither a host nor a verb: rather a statement that begins with a wrong word.
            let site = self.names.site(name).map_err(|unknown| match unknown.help {
                Some(_) => unknown,
                None => name.is_none_of("statement", &BEGINNINGS),
            })?;
            let name = site.map_or(name.text, |site| &site.name);
            return Err(match verb {
                Some(verb) => verb.is_none_of("verb", &VERBS),
                None => words.wanting(&format!("what {name} does")),
            });
        }
        let Some(verb) = verb else { return Err(words.wanting("a verb")) };
        let host = self.declared(name)?;
        if verb.is("types") {
            self.has_teletype(name)?;
            Ok(Action::Types { host, text: words.typed()?.to_owned() })
        } else if verb.is("sees") {
            self.has_teletype(name)?;
            Ok(Action::Sees { host, text: words.some_typed("what is to be seen")?.to_owned() })
        } else if verb.is("inits") {
            let local = words.word("a socket")?;
            words.keyword("to")?;
            let partner = self.names.host(words.word("a host")?)?;
            let foreign = words.word("a socket of that host")?;
            let (local, foreign) = mates(local, foreign)?;
            let size = size(words)?;
            words.end()?;
            Ok(Action::Inits { host, local, to: ForeignSocket { host: partner, socket: foreign }, size })
        } else if verb.is("listens") {
            let word = words.word("a socket")?;
            let mut local = socket(word)?;
            let mut from = Partner::Anyone;
            if words.take("for") {
                let partner = self.names.host(words.word("a host")?)?;
                from = Partner::Host(partner);
                if let Some(foreign) = words.peek().filter(|next| !next.is("size")) {
                    words.next();
                    let foreign = mates(word, foreign)?;
                    local = foreign.0;
                    from = Partner::Exactly(ForeignSocket { host: partner, socket: foreign.1 });
                }
            }
            let size = size(words)?;
            words.end()?;
            Ok(Action::Listens { host, local, from, size })
        } else if verb.is("closes") {
            let local = socket(words.word("a socket")?)?;
            words.end()?;
            Ok(Action::Closes { host, local })
        } else {
            words.end()?;
            Ok(if verb.is("crashes") { Action::Crashes { host } } else { Action::Restarts { host } })
        }
    }

    fn expectation(&self, words: &mut Words<'_>) -> Result<Expectation, Slip> {
        if words.take("no") {
            if words.take("file") {
                words.keyword("data")?;
                words.keyword("through")?;
                let host = self.names.host(words.word("a host")?)?;
                words.end()?;
                return Ok(Expectation::NoFileDataThrough { host });
            }
            let from = words.word("the host that does not send")?;
            let (from, to) = self.crossing(from, words)?;
            return Ok(Expectation::NotCrossed { from, to, text: words.pattern()?.to_owned() });
        }
        let name = words.word("what is expected")?;
        if words.peek().is_some_and(|arrow| arrow.is("->")) {
            let (from, to) = self.crossing(name, words)?;
            return Ok(Expectation::Crossed { from, to, text: words.pattern()?.to_owned() });
        }
        let host = self.declared(name)?;
        let what = words.word("what is expected of this host")?;
        if what.is("no") {
            words.keyword("file")?;
            let path = words.plain("the path of the file")?.to_owned();
            words.end()?;
            Ok(Expectation::NoFile { host, path })
        } else if what.is("has") {
            words.keyword("no")?;
            words.keyword("connections")?;
            words.end()?;
            Ok(Expectation::NoConnections { host })
        } else if what.is("saw") {
            self.has_teletype(name)?;
            Ok(Expectation::Saw { host, text: words.some_typed("what was to be seen")?.to_owned() })
        } else if what.is("file") {
            self.file(host, words)
        } else {
            Err(what.is_none_of("expectation", &EXPECTATIONS))
        }
    }

    fn file(&self, host: HostAddress, words: &mut Words<'_>) -> Result<Expectation, Slip> {
        let path = words.plain("the path of the file")?.to_owned();
        let expectation = if words.take("of") {
            Expectation::FileLength { host, path, bytes: bytes(words)? }
        } else if words.take("same") {
            words.keyword("as")?;
            let other_host = self.declared(words.word("the host of the other file")?)?;
            let other_path = words.plain("the path of the other file")?.to_owned();
            Expectation::SameFile { host, path, other_host, other_path }
        } else {
            Expectation::File { host, path, lines: Vec::new() }
        };
        words.end()?;
        Ok(expectation)
    }

    /// Reads `-> HOST`. A message may go to or come from a host that is not declared: one that is down.
    fn crossing(&self, from: Word<'_>, words: &mut Words<'_>) -> Result<(HostAddress, HostAddress), Slip> {
        words.keyword("->")?;
        let to = words.word("the host that receives")?;
        Ok((self.names.host(from)?, self.names.host(to)?))
    }

    /// The address of a host that must be declared.
    fn declared(&self, name: Word<'_>) -> Result<HostAddress, Slip> {
        match self.names.site(name)? {
            Some(site) if self.complete && self.plan(site.address).is_none() => {
                let message = format!("host `{}` is not declared", name.text);
                Err(Slip::new(name.at(), message, "in the net, but down as long as it is not declared")
                    .help(format!("declare it above the steps: `host {}`", site.name)))
            }
            site => Ok(site.map_or(NOBODY, |site| site.address)),
        }
    }

    fn plan(&self, host: HostAddress) -> Option<&HostPlan> {
        self.hosts.iter().find(|plan| plan.address == host)
    }

    /// A host at whose teletype nobody listens cannot be typed to.
    fn has_teletype(&self, name: Word<'_>) -> Result<(), Slip> {
        let plan = self.names.site(name)?.and_then(|site| self.plan(site.address));
        match plan {
            Some(plan) if plan.program.is_none() => {
                let message = format!("host `{}` runs no program", name.text);
                Err(Slip::new(name.at(), message, "nothing at its teletype")
                    .help(format!("declare it with one: `host {} runs rsexec`, or `runs ftp`", plan.name)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn within(words: &mut Words<'_>) -> Result<Option<Span>, Slip> {
    if !words.take("within") {
        return Ok(None);
    }
    span(words.word("how long to wait")?).map(Some)
}

fn socket(word: Word<'_>) -> Result<Socket, Slip> {
    let number = number(word, "the number of a socket", 0..=u64::from(u32::MAX))?;
    // `number` keeps to the range.
    Ok(Socket::from(number as u32))
}

/// Two sockets that can be connected: one sends, the other receives (NIC 8246, Communication Concepts).
fn mates(local: Word<'_>, foreign: Word<'_>) -> Result<(Socket, Socket), Slip> {
    let (here, there) = (socket(local)?, socket(foreign)?);
    let both = match (here.gender(), there.gender()) {
        (Gender::Send, Gender::Receive) | (Gender::Receive, Gender::Send) => return Ok((here, there)),
        (Gender::Send, Gender::Send) => "send",
        (Gender::Receive, Gender::Receive) => "receive",
    };
    let message = format!("sockets {} and {} cannot be connected", local.text, foreign.text);
    Err(Slip::new(foreign.at(), message, format!("both are {both} sockets"))
        .help("even sockets receive, odd ones send; a connection has one of each"))
}

fn size(words: &mut Words<'_>) -> Result<Option<ByteSize>, Slip> {
    if !words.take("size") {
        return Ok(None);
    }
    let bits = small_number(words.word("a byte size")?, "a byte size", 1..=255)?;
    Ok(ByteSize::new(bits))
}
