//! The steps of a scenario: when they begin, and what they do.

use imp1822::HostAddress;
use machine::{Instant, Span};

use super::ast::{Action, Expectation, HostPlan, Step, When};
use super::deeds::OPERATING;
use super::errors::{Slip, Slips};
use super::faults::PARTS;
use super::names::{NOBODY, Names};
use super::quantity::span;
use super::words::{Statement, Word, Words};

/// What the steps of a scenario play on.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) names: Names<'a>,
    pub(super) hosts: &'a [HostPlan],
    /// Hosts whose operators do something themselves.
    pub(super) operated: &'a [HostAddress],
    /// Hosts that measure something.
    pub(super) measuring: &'a [HostAddress],
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
        if let (Some(_), false, Some(word)) = (within, action.waits(), begin.peek()) {
            let help = "`within` goes with `wait for` and with `HOST sees`, `sends`, `receives`, `interrupts` \
                        and `takes back`";
            slips.add(
                Slip::new(word.at(), "this step does not wait", "`within` has no meaning here").help(help),
            );
        }
        if let Action::Measure(measurement) = &action {
            self.earliest += measurement.least_span();
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
            Ok(Action::WaitFor { from, to, text: words.message().to_owned() })
        } else if PARTS.iter().any(|part| first.is(part)) {
            self.fault(first, words).map(Action::Fault)
        } else if first.is("traffic") {
            self.traffic(words).map(Action::Traffic)
        } else if first.is("measure") {
            self.measurement(words).map(Action::Measure)
        } else if first.is("expect") {
            self.expectation(words).map(Action::Expect)
        } else {
            self.deed(first, words)
        }
    }

    /// Reads `-> HOST`. A message may go to or come from a host that is not declared: one that is down.
    pub(super) fn crossing(
        &self,
        from: Word<'_>,
        words: &mut Words<'_>,
    ) -> Result<(HostAddress, HostAddress), Slip> {
        words.keyword("->")?;
        let to = words.word("the host that receives")?;
        Ok((self.names.host(from)?, self.names.host(to)?))
    }

    /// The address of a host that must be declared.
    pub(super) fn declared(&self, name: Word<'_>) -> Result<HostAddress, Slip> {
        match self.names.site(name)? {
            Some(site) if self.complete && self.plan(site.address).is_none() => {
                let message = format!("host `{}` is not declared", name.text);
                Err(Slip::new(name.at(), message, "in the net, but down as long as it is not declared")
                    .help(format!("declare it above the steps: `host {}`", site.name)))
            }
            Some(site) if self.plan(site.address).is_some_and(|plan| plan.external.is_some()) => {
                let slip = Slip::new(
                    name.at(),
                    format!("host `{}` is external", name.text),
                    "what it does is decided outside",
                );
                Err(slip.help("messages can be asked for: `expect HOST -> HOST`, `wait for HOST -> HOST`"))
            }
            site => Ok(site.map_or(NOBODY, |site| site.address)),
        }
    }

    fn plan(&self, host: HostAddress) -> Option<&HostPlan> {
        self.hosts.iter().find(|plan| plan.address == host)
    }

    /// A host at whose teletype nobody listens cannot be typed to.
    pub(super) fn has_teletype(&self, name: Word<'_>) -> Result<(), Slip> {
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

    /// Something can be printed if a program runs, or if the operator does something himself.
    pub(super) fn has_paper(&self, name: Word<'_>) -> Result<(), Slip> {
        let site = self.names.site(name)?;
        match site {
            Some(site) if self.operated.contains(&site.address) => Ok(()),
            Some(_) | None => self.has_teletype(name),
        }
    }
}

/// The hosts whose operators do something in these statements. What cannot be read is complained about elsewhere.
pub(super) fn operated(statements: &[&Statement<'_>], names: Names<'_>) -> Vec<HostAddress> {
    let mut hosts = Vec::new();
    for statement in statements {
        let mut words = statement.line.words();
        let next = behind_time(&mut words);
        let operates = words.next().is_some_and(|verb| OPERATING.iter().any(|known| verb.is(known)));
        if let Some(name) = next.filter(|_| operates)
            && let Ok(host) = names.host(name)
        {
            hosts.push(host);
        }
    }
    hosts
}

/// The first word of a statement behind its time and patience.
pub(super) fn behind_time<'a>(words: &mut Words<'a>) -> Option<Word<'a>> {
    let mut next = words.next();
    while let Some(word) = next
        && (word.after_plus().is_some() || word.is("at") || word.is("within"))
    {
        if word.after_plus().is_none() {
            words.next();
        }
        next = words.next();
    }
    next
}

fn within(words: &mut Words<'_>) -> Result<Option<Span>, Slip> {
    if !words.take("within") {
        return Ok(None);
    }
    span(words.word("how long to wait")?).map(Some)
}
