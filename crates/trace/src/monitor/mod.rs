//! The wire monitor: watches a run for what the protocols do not allow.
//!
//! A [`Monitor`] is fed every [record](Record) in order, and answers each [violation](Violation) as it happens.
//! It judges by the bits on the hosts' cables alone, as somebody would who listens at every cable; besides them it
//! looks only at what no cable shows: that a host crashed, and that something else broke or healed.
//!
//! - **Level 1, the IMPs** ([`Rule::Unasked`] and those below it): every regular message is answered once, and what
//!   is delivered is what was sent. A ready line that drops, a reset of the interface (type 10) and an error without
//!   identification (type 1, subtype 0) excuse the answers that are due at that moment.
//! - **Level 1, the hosts** ([`Rule::HostLength`] and below), and **level 2** ([`Rule::Header`] and below): what a
//!   host *sends* is judged by what it *has sent* and what *has reached it*. What is still on its way to it, it
//!   cannot know.
//!
//! What a scenario does to a host's cable ([`Fault`](imp::Fault)) excuses what comes of it, and no more: a
//! message that is lost there is neither delivered nor answered, one that is repeated is both twice.
//!
//! Not every monitor listens at every cable, and cables of datagrams lose some ([`Sight`]). It is the same machine that
//! judges, but it accuses nobody of what cannot be known from where it listens: of a host that is not seen it is known
//! only what has arrived from it, and what was said to it, so that it is judged by what nothing that was said to it
//! can have allowed. Where an answer is missing that may be lost, the [kind](Kind) of the violation says so. A host
//! that was there before the monitor may have any connections, until an RST or RRP of its own says that it has none; so
//! may one of which a message is lost.
//!
//! Where a document is silent, so is the monitor. A host that has lost touch with a partner, because a ready line
//! dropped, the partner was dead, or a control message was lost, may remember their connections or forget them;
//! only new ones are judged from then on. A host that crashed, and both after an RST, must have forgotten them. NIC
//! 8246 obliges nobody to send an RST, so that it is not demanded of a host that restarts (ours sends one before
//! anything else). Links 159 and up are for measurements and private experiments, and opcodes from 128 on for
//! private experiments: what they carry is not judged.
//!
//! What is kept is bounded, whatever hosts do: what is done with is kept only of the links used last, and of what a host
//! asks for and never gets only so much. Beyond that the monitor forgets, and no longer judges what it has forgotten.

mod cable;
mod form;
mod level1;
mod level2;
mod news;
mod pair;
mod rule;
mod sight;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use host::Note;
use imp1822::h316::Speaker;
use imp1822::{HostAddress, Link, Signal};
use machine::{Bits, Instant};
use ncp::Command;

pub use rule::Rule;
pub use sight::Sight;

use self::level1::Level1;
use self::level2::Level2;
use self::news::{News, Settled};
use self::rule::Evidence;
use self::sight::Sights;
use crate::{Follower, Record, What};

/// Somebody broke a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// When.
    pub at: Instant,
    /// The number of the record that shows it, or at which something was still missing.
    pub record: u64,
    /// Who.
    pub who: Culprit,
    /// The other host that the message came from or was for, if it was a regular one.
    pub with: Option<HostAddress>,
    /// Which rule.
    pub rule: Rule,
    /// The message or command, as a transcript has it: the one that breaks the rule, that is missing, or that has
    /// no answer.
    pub what: String,
    /// Whether it was done or left undone.
    pub kind: Kind,
}

/// Who broke a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Culprit {
    /// A host.
    Host(HostAddress),
    /// The IMP of a host, or the net behind it.
    Imp(HostAddress),
}

impl Culprit {
    /// The host, or the one whose IMP it is.
    pub fn host(self) -> HostAddress {
        let (Culprit::Host(host) | Culprit::Imp(host)) = self;
        host
    }
}

/// Whether something was done or left undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something happened that may not.
    Done,
    /// Something has not happened that must.
    Missing,
    /// Something that must happen has not been heard of; perhaps it got lost where nobody listens.
    Unheard,
}

impl Violation {
    /// Whether the host is in it, in whatever role.
    pub fn concerns(&self, host: HostAddress) -> bool {
        self.who.host() == host || self.with == Some(host)
    }
}

/// Watches a run.
#[derive(Debug)]
pub struct Monitor {
    sights: Sights,
    level1: Level1,
    level2: Level2,
    /// Of whom something may be missing on which cable.
    missing: BTreeSet<(HostAddress, Speaker)>,
    heard: u64,
}

impl Default for Monitor {
    /// One that sees all cables, which lose nothing.
    fn default() -> Self {
        Monitor::new(Sight::Whole, [])
    }
}

impl Monitor {
    /// A monitor that sees all hosts' cables like this, but for some.
    pub fn new(all: Sight, but: impl IntoIterator<Item = (HostAddress, Sight)>) -> Self {
        let sights = Sights::new(all, but);
        Monitor {
            level1: Level1::new(sights.clone()),
            level2: Level2::new(sights.clone()),
            sights,
            missing: BTreeSet::new(),
            heard: 0,
        }
    }

    /// Takes the next record, and answers the violations that it shows: hardly ever any.
    pub fn take(&mut self, record: &Record) -> Vec<Violation> {
        let number = self.heard;
        self.heard += 1;
        let mut sheet = Sheet::new(record.at, number, self.sights.clone());
        if number == 0 {
            self.level1.begin(record.at);
            self.level2.begin(record.at);
        }
        self.level1.look_for_overdue(&mut sheet);
        self.level2.look_for_overdue(&self.level1, &mut sheet);
        match &record.what {
            // What is on record of a cable that is not seen was made up from what arrives.
            What::Sent { host, .. } | What::Received { host, .. }
                if self.sights.of(*host) == Sight::Unseen => {}
            What::Sent { host, signal } => {
                sheet.seen = Some(Seen::Sent(*host, signal));
                let news = self.level1.sent(*host, signal, &mut sheet);
                self.heed(*host, signal, news, &mut sheet);
            }
            What::Received { host, signal } => {
                sheet.seen = Some(Seen::Received(*host, signal));
                let news = self.level1.received(*host, signal, &mut sheet);
                self.heed(*host, signal, news, &mut sheet);
            }
            What::Note { host, note: Note::Crashed } => self.level2.forget(*host),
            What::Fault(fault) => self.level1.breaks(record.at, *fault),
            What::Cable { host, speaker, trouble } if sight::is_gap(*trouble) => {
                self.hears_again(record.at, *host, *speaker);
            }
            What::Cable { .. } => {}
            What::Note { .. }
            | What::Packet(_)
            | What::Notice { .. }
            | What::Step { .. }
            | What::Measured(_) => {}
        }
        self.known(sheet.found)
    }

    /// From now on something may be missing of what is said on a cable, until all is heard again: for whoever knows more
    /// than the records tell so far.
    pub fn misses(&mut self, host: HostAddress, speaker: Speaker) {
        self.missing.insert((host, speaker));
    }

    /// Something may have been missed of what was said on a cable. From now on all is heard.
    pub fn hears_again(&mut self, now: Instant, host: HostAddress, speaker: Speaker) {
        self.missing.remove(&(host, speaker));
        self.level1.gap(now, host, speaker);
        self.level2.gap(now, host);
    }

    /// Without what may be explained by what is missing.
    fn known(&self, mut found: Vec<Violation>) -> Vec<Violation> {
        let misses = |host| {
            [Speaker::Host, Speaker::Imp].iter().any(|speaker| self.missing.contains(&(host, *speaker)))
        };
        found.retain(|violation| {
            let hosts = [Some(violation.who.host()), violation.with];
            violation.rule.evidence() == Evidence::Form || !hosts.into_iter().flatten().any(misses)
        });
        found
    }

    /// What level 1 makes known to level 2.
    fn heed(&mut self, host: HostAddress, signal: &Signal, news: News, sheet: &mut Sheet<'_>) {
        match (news, signal) {
            (News::Sent { to, link }, Signal::Message(bits)) => {
                self.level2.sent((host, to), link, bits, &self.level1, sheet);
                // From now on it may be known to whoever is not seen.
                if self.sights.of(to) == Sight::Unseen {
                    self.level2.got(sheet.at, (to, host), link, bits);
                }
            }
            (News::Got { from, link }, Signal::Message(bits)) => {
                self.level2.got(sheet.at, (host, from), link, bits);
            }
            (News::SentInVain { to, link }, Signal::Message(bits)) => {
                self.level2.sent((host, to), link, bits, &self.level1, sheet);
                self.level2.answered((host, to), link, Settled::Lost);
                if link == Link::CONTROL {
                    self.level2.estrange(host, to);
                }
            }
            (News::GotOddly { from, link }, Signal::Message(bits)) => {
                self.level2.got(sheet.at, (host, from), link, bits);
                if link == Link::CONTROL {
                    self.level2.estrange(host, from);
                }
            }
            (News::Heard { from, link }, Signal::Message(bits)) => {
                self.level2.sent((from, host), link, bits, &self.level1, sheet);
                self.level2.got(sheet.at, (host, from), link, bits);
            }
            (News::Answered { to, link, reply }, _) => self.level2.answered((host, to), link, reply),
            (News::Cut, _) => self.level2.doubt(host),
            (News::Missed, _) => self.level2.gap(sheet.at, host),
            (News::Nothing | News::Sent { .. } | News::Got { .. } | News::Heard { .. }, _) => {}
            (News::SentInVain { .. } | News::GotOddly { .. }, _) => {}
        }
    }

    /// The run is over: answers what has not been done that should have been. `quiet` says that nothing more would
    /// ever have happened, so that whoever has not answered yet never will.
    pub fn finish(&mut self, now: Instant, quiet: bool) -> Vec<Violation> {
        let number = self.heard.saturating_sub(1);
        let mut sheet = Sheet::new(now, number, self.sights.clone());
        self.level1.finish(quiet, &mut sheet);
        self.level2.finish(quiet, &self.level1, &mut sheet);
        self.known(sheet.found)
    }
}

/// What a record shows.
#[derive(Debug, Clone, Copy)]
enum Seen<'a> {
    Sent(HostAddress, &'a Signal),
    Received(HostAddress, &'a Signal),
}

/// Where the violations of a moment are written down, unless they cannot be known.
struct Sheet<'a> {
    at: Instant,
    number: u64,
    sights: Sights,
    seen: Option<Seen<'a>>,
    found: Vec<Violation>,
}

impl Sheet<'_> {
    fn new(at: Instant, number: u64, sights: Sights) -> Self {
        Sheet { at, number, sights, seen: None, found: Vec::new() }
    }

    /// The signal that is looked at breaks a rule.
    fn add(&mut self, rule: Rule, who: Culprit, with: Option<HostAddress>) {
        let what = match self.seen {
            Some(Seen::Sent(host, signal)) => said(host, signal),
            Some(Seen::Received(host, signal)) => match (who, signal) {
                // What a host that is not seen has said.
                (Culprit::Host(from), Signal::Message(bits)) if from != host => in_words(from, bits),
                (Culprit::Host(_) | Culprit::Imp(_), _) => Follower::default().received(host, signal).what,
            },
            None => String::new(),
        };
        self.note(rule, who, with, what, Kind::Done);
    }

    /// One command of the message that is looked at breaks a rule.
    fn add_command(&mut self, rule: Rule, who: Culprit, with: Option<HostAddress>, command: Command) {
        self.note(rule, who, with, command.to_string(), Kind::Done);
    }

    /// Something was never done.
    fn missing(
        &mut self,
        rule: Rule,
        who: Culprit,
        with: Option<HostAddress>,
        what: impl FnOnce() -> String,
    ) {
        let (Culprit::Host(host) | Culprit::Imp(host)) = who;
        let sight = self.sights.of(host);
        let heard = match who {
            Culprit::Host(_) => sight.host_hears(),
            Culprit::Imp(_) => sight.imp_hears(),
        };
        self.note(rule, who, with, what(), if heard { Kind::Missing } else { Kind::Unheard });
    }

    fn note(&mut self, rule: Rule, who: Culprit, with: Option<HostAddress>, what: String, kind: Kind) {
        let (at, number) = (self.at, self.number);
        if let Culprit::Host(host) = who
            && !self.sights.of(host).shows(rule)
        {
            return;
        }
        self.found.push(Violation { at, record: number, who, with, rule, what, kind });
    }
}

/// What a host says in a signal, as a transcript has it; nothing needs to be known of what came before.
fn said(host: HostAddress, signal: &Signal) -> String {
    let mut text = String::new();
    for saying in Follower::default().sent(host, signal) {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&saying.what);
    }
    text
}

/// The same of a message.
fn in_words(host: HostAddress, bits: &Bits) -> String {
    said(host, &Signal::Message(bits.clone()))
}
