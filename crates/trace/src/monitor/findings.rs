//! Where the violations that one record shows are collected.

use imp1822::{HostAddress, Signal};
use machine::{Bits, Instant};
use ncp::Command;

use super::rule::Rule;
use super::tap::{TapPoint, TapPoints};
use super::violation::{Culprit, Violation, ViolationKind};
use crate::follow::Follower;

/// What a record shows of a cable.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen<'a> {
    /// A host sends this.
    Sent(HostAddress, &'a Signal),
    /// A host receives this.
    Received(HostAddress, &'a Signal),
}

/// The violations that one record shows. Those that cannot be proved from where the monitor listens are left out.
pub(super) struct Findings<'a> {
    /// When the record was made.
    pub(super) at: Instant,
    record: u64,
    taps: &'a TapPoints,
    seen: Option<Seen<'a>>,
    found: Vec<Violation>,
}

impl<'a> Findings<'a> {
    /// Nothing found yet in the record of this time and number.
    pub(super) fn new(at: Instant, record: u64, taps: &'a TapPoints) -> Self {
        Findings { at, record, taps, seen: None, found: Vec::new() }
    }

    /// Where a host's cable is listened to.
    pub(super) fn tap(&self, host: HostAddress) -> TapPoint {
        self.taps.of(host)
    }

    /// From now on the signal that is judged is this one.
    pub(super) fn look_at(&mut self, seen: Seen<'a>) {
        self.seen = Some(seen);
    }

    /// All that was found: hardly ever anything.
    pub(super) fn into_violations(self) -> Vec<Violation> {
        self.found
    }

    /// The signal that is judged breaks a rule.
    pub(super) fn add(&mut self, rule: Rule, who: Culprit, with: Option<HostAddress>) {
        let what = match self.seen {
            Some(Seen::Sent(host, signal)) => describe_signal(host, signal),
            Some(Seen::Received(host, signal)) => match (who, signal) {
                // The culprit's own cable is not seen: the message is known as it arrives.
                (Culprit::Host(from), Signal::Message(bits)) if from != host => describe_message(from, bits),
                (Culprit::Host(_) | Culprit::Imp(_), _) => Follower::default().received(host, signal).what,
            },
            None => String::new(),
        };
        self.note(rule, who, with, what, ViolationKind::Done);
    }

    /// One command of the message that is judged breaks a rule.
    pub(super) fn add_command(
        &mut self,
        rule: Rule,
        who: Culprit,
        with: Option<HostAddress>,
        command: Command,
    ) {
        self.note(rule, who, with, command.to_string(), ViolationKind::Done);
    }

    /// Something that is said in the message that is judged breaks a rule.
    pub(super) fn add_words(&mut self, rule: Rule, who: Culprit, with: Option<HostAddress>, words: String) {
        self.note(rule, who, with, words, ViolationKind::Done);
    }

    /// Something that a rule demands was never done.
    pub(super) fn add_missing(
        &mut self,
        rule: Rule,
        who: Culprit,
        with: Option<HostAddress>,
        what: impl FnOnce() -> String,
    ) {
        let tap = self.taps.of(who.host());
        let would_be_seen = match who {
            Culprit::Host(_) => tap.sees_host_end(),
            Culprit::Imp(_) => tap.sees_imp_end(),
        };
        let kind = if would_be_seen { ViolationKind::Missing } else { ViolationKind::Unheard };
        self.note(rule, who, with, what(), kind);
    }

    fn note(
        &mut self,
        rule: Rule,
        who: Culprit,
        with: Option<HostAddress>,
        what: String,
        kind: ViolationKind,
    ) {
        let (at, record) = (self.at, self.record);
        if let Culprit::Host(host) = who
            && !self.taps.of(host).proves(rule)
        {
            return;
        }
        self.found.push(Violation { at, record, who, with, rule, what, kind });
    }
}

/// What a host says in a signal, as a transcript has it; nothing needs to be known of what came before.
fn describe_signal(host: HostAddress, signal: &Signal) -> String {
    let mut text = String::new();
    for decoded in Follower::default().sent(host, signal) {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&decoded.what);
    }
    text
}

/// What a host says in a message, as a transcript has it.
pub(super) fn describe_message(host: HostAddress, bits: &Bits) -> String {
    describe_signal(host, &Signal::Message(bits.clone()))
}
