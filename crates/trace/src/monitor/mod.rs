//! The wire monitor: watches a run for what the protocols do not allow.
//!
//! A [`Monitor`] is fed every [record](crate::Record) in order, and returns each [`Violation`] as it happens. It judges
//! by the bits on the hosts' cables alone. Besides them it looks only at what no cable shows: that a host crashed, and
//! that something else broke or healed.
//!
//! - **Level 1, the IMPs** ([`Rule::Unasked`] and those below it): every regular message is answered once, and what
//!   is delivered is what was sent. A ready line that drops, a reset of the interface (type 10) and an error without
//!   identification (type 1, subtype 0) excuse the answers that are due at that moment.
//! - **Level 1, the hosts** ([`Rule::HostLength`] and below), and **level 2** ([`Rule::Header`] and below): what a
//!   host *sends* is judged by what it *has sent* and what *has reached it*. What is still on its way to it, it
//!   cannot know.
//!
//! What a scenario does to a host's cable excuses what comes of it, and no more: which message a fault strikes is on
//! record ([`What::Struck`](crate::What::Struck)), so that only that one is not delivered, not answered, late or doubled,
//! and only what its commands name is in doubt: a connection, an echo, or with an RST or RRP everything between the two.
//! Where a line, an IMP or a cable has broken, a host may take a message of that time for lost of which it has heard nothing
//! for a minute.
//!
//! Not every monitor listens at every cable, and cables of datagrams lose some ([`TapPoint`]). The rules are the same
//! everywhere, but a monitor reports only violations that can be proved from where it listens. Of a host whose cable is
//! not seen, it knows only what has arrived from the host and what was sent to it, so only what no message delivered
//! to the host could justify counts as a violation. Where an answer is missing that may have been lost, the
//! [kind](ViolationKind) of the violation says so. A host that was there before the monitor may have any connections,
//! until an RST or RRP of its own says that it has none; so may one of which a message was lost.
//!
//! - **Dialogues of FTP** ([`Rule::ReplyUnasked`]), by the tables of `ftp`: a server says unasked only what may come at any
//!   time. That is all that can be said without knowing which edition it speaks.
//!
//! A rule that one document of several states, or only wishes, is [advice](Grade::Advice): who does otherwise is named
//! and counted apart, and accused of nothing.
//!
//! Where a document is silent, so is the monitor. What an IMP's own hosts say, or is said to them (the flag in the leader),
//! follows no document of hosts: of that only the answers are judged. A host that has lost touch with a partner, because a ready line
//! dropped, the partner was dead, or the net lost a control message, may remember their connections or forget them;
//! only new ones are judged from then on. A host that crashed, and both after an RST, must have forgotten them. NIC
//! 8246 obliges no host to send an RST, so it is not demanded of a host that restarts (ours sends one before
//! anything else). Links 159 and up are for measurements and private experiments, and opcodes from 128 on for
//! private experiments: what they carry is not judged.
//!
//! What is remembered is bounded, whatever hosts do: of what is over, only the links used last; of what hosts ask for
//! and never get, a fixed number. Beyond that the monitor forgets, and no longer judges what it has forgotten.

mod event;
mod findings;
mod level1;
mod level2;
mod rule;
mod talks;
mod tap;
#[cfg(test)]
mod tests;
mod unlooked;
mod violation;

use std::collections::BTreeSet;

use host::Note;
use imp::Toward;
use imp1822::h316::Speaker;
use imp1822::{HostAddress, Link, Signal};
use machine::{Instant, Span};

pub use rule::{Grade, Rule};
pub use tap::TapPoint;
pub use violation::{Culprit, Described, Violation, ViolationKind};

use self::event::Level1Event;
use self::findings::{Findings, Seen};
use self::level1::Level1;
use self::level2::Level2;
use self::rule::Evidence;
use self::tap::{TapPoints, may_hide_a_message};
use self::unlooked::Unlooked;
use crate::record::{Record, What};

/// Watches a run.
#[derive(Debug)]
pub struct Monitor {
    taps: TapPoints,
    level1: Level1,
    level2: Level2,
    /// What slow hosts have not looked at.
    unlooked: Unlooked,
    /// On which cables messages of which speaker may be missing now.
    missing: BTreeSet<(HostAddress, Speaker)>,
    records: u64,
}

impl Default for Monitor {
    /// One that sees all cables, which lose nothing.
    fn default() -> Self {
        Monitor::new(TapPoint::Lossless, [])
    }
}

impl Monitor {
    /// A monitor that listens to all hosts' cables at the same point, but to some at another.
    pub fn new(all: TapPoint, but: impl IntoIterator<Item = (HostAddress, TapPoint)>) -> Self {
        let taps = TapPoints::new(all, but);
        Monitor {
            level1: Level1::new(taps.clone()),
            level2: Level2::new(taps.clone()),
            taps,
            unlooked: Unlooked::default(),
            missing: BTreeSet::new(),
            records: 0,
        }
    }

    /// The same monitor, which knows that a host waits only so long for the answer to a CLS. Any other must wait for a minute,
    /// the least that NIC 8246 has heard of (III, Connection Termination, p. 17).
    #[must_use]
    pub fn knowing_patience(mut self, host: HostAddress, patience: Span) -> Self {
        self.level2.know_patience(host, patience);
        self
    }

    /// The same monitor, which is told by [`Monitor::looks`] when a host looks at what reaches it. Until then the host knows
    /// nothing of it. Any other host is taken to look at once.
    #[must_use]
    pub fn knowing_slow(mut self, host: HostAddress) -> Self {
        self.unlooked.add(host);
        self
    }

    /// A slow host looks at the message of whose arrival the record with this number has told; the first record has the
    /// number 0.
    pub fn looks(&mut self, now: Instant, host: HostAddress, number: u64) {
        if let Some(waiting) = self.unlooked.look(host, number) {
            // Nobody is judged by what reaches him.
            let mut findings = Findings::new(now, number, &self.taps);
            apply(&self.level1, &mut self.level2, host, waiting.event(), &mut findings);
            self.level1.note_behind(host, self.unlooked.is_any(host));
        }
    }

    /// Takes the next record, and returns the violations that it shows: hardly ever any.
    pub fn take(&mut self, record: &Record) -> Vec<Violation> {
        let number = self.records;
        self.records += 1;
        let struck_signal;
        let Monitor { taps, level1, level2, unlooked, missing, .. } = self;
        let mut findings = Findings::new(record.at, number, taps);
        if number == 0 {
            level1.begin(record.at);
            level2.begin(record.at);
        }
        level1.report_overdue(&mut findings);
        level2.report_overdue(level1, &mut findings);
        let seen = match &record.what {
            // A record of a cable that is not seen was made up from what arrives elsewhere.
            What::Sent { host, .. } | What::Received { host, .. } if taps.of(*host) == TapPoint::Absent => {
                None
            }
            What::Sent { host, signal } => {
                findings.look_at(Seen::Sent(*host, signal));
                level1.sent(*host, signal, &mut findings).map(|event| (*host, event))
            }
            What::Received { host, signal } => {
                findings.look_at(Seen::Received(*host, signal));
                let event = level1.received(*host, signal, &mut findings);
                let at_once = event.and_then(|event| match signal {
                    Signal::Message(_) => unlooked.keep(*host, number, event),
                    Signal::Ready(_) => Some(event),
                });
                if *signal == Signal::Ready(false) {
                    unlooked.lose(*host);
                }
                if unlooked.is_any(*host) {
                    level1.note_behind(*host, true);
                }
                at_once.map(|event| (*host, event))
            }
            What::Struck { host, toward, mishap, message } => {
                level2.forget_talks(*host);
                struck_signal = Signal::Message(message.clone());
                findings.look_at(match toward {
                    Toward::Imp => Seen::Sent(*host, &struck_signal),
                    Toward::Host => Seen::Received(*host, &struck_signal),
                });
                let event = level1.struck((*host, *toward), *mishap, message, &mut findings);
                event.map(|event| (*host, event))
            }
            What::Note { host, note: Note::Crashed } => {
                unlooked.lose(*host);
                level2.forget(*host);
                None
            }
            What::Fault(fault) => {
                level1.apply_fault(record.at, *fault);
                None
            }
            What::Cable { host, speaker, trouble } if may_hide_a_message(*trouble) => {
                missing.remove(&(*host, *speaker));
                level1.mark_loss(record.at, *host, *speaker);
                level2.mark_loss(record.at, *host);
                None
            }
            What::Notice { notice, .. } => {
                level1.note_line(record.at, *notice);
                None
            }
            What::Note { .. } | What::Cable { .. } => None,
            What::Packet(_) | What::Step { .. } | What::Measured(_) => None,
        };
        if let Some((host, event)) = seen {
            apply(level1, level2, host, event, &mut findings);
        }
        let found = findings.into_violations();
        self.without_gaps(found)
    }

    /// From now on messages of a speaker on a cable may be missing, until [`Monitor::end_gap`]: for a caller that knows
    /// of the gap before the records show it.
    pub fn begin_gap(&mut self, host: HostAddress, speaker: Speaker) {
        self.missing.insert((host, speaker));
    }

    /// Messages of a speaker on a cable may have been missed until now. From now on all are seen.
    pub fn end_gap(&mut self, now: Instant, host: HostAddress, speaker: Speaker) {
        self.missing.remove(&(host, speaker));
        self.level1.mark_loss(now, host, speaker);
        self.level2.mark_loss(now, host);
    }

    /// The run is over: returns what has not been done that should have been. `quiet`: nothing more would ever
    /// happen, so that answers that have not come never will.
    pub fn finish(&mut self, now: Instant, quiet: bool) -> Vec<Violation> {
        let number = self.records.saturating_sub(1);
        let mut findings = Findings::new(now, number, &self.taps);
        self.level1.finish(quiet, &mut findings);
        self.level2.finish(quiet, &self.level1, &mut findings);
        let found = findings.into_violations();
        self.without_gaps(found)
    }

    /// What was found, but for violations that messages which are missing now could explain.
    #[inline]
    fn without_gaps(&self, mut found: Vec<Violation>) -> Vec<Violation> {
        if found.is_empty() {
            return found;
        }
        let misses = |host| {
            [Speaker::Host, Speaker::Imp].iter().any(|speaker| self.missing.contains(&(host, *speaker)))
        };
        found.retain(|violation| {
            let hosts = [Some(violation.who.host()), violation.with];
            violation.rule.evidence() == Evidence::Form || !hosts.into_iter().flatten().any(misses)
        });
        found
    }
}

/// Has level 2 judge and learn from what level 1 has seen on a host's cable.
fn apply(
    level1: &Level1,
    level2: &mut Level2,
    host: HostAddress,
    event: Level1Event<'_>,
    findings: &mut Findings<'_>,
) {
    if event.is_of_imp() {
        return;
    }
    match event {
        Level1Event::Sent { to, link, message } => {
            level2.sent((host, to), link, message, level1, findings);
            // From now on a receiver may know it whose cable is not seen.
            if findings.tap(to) == TapPoint::Absent {
                level2.got(findings.at, (to, host), link, message);
            }
        }
        // Of text the sender hears later, or never.
        Level1Event::Struck { to, link, message } => level2.missed(findings.at, (to, host), link, message),
        Level1Event::Delivered { from, link, message } => {
            level2.got(findings.at, (host, from), link, message);
        }
        Level1Event::DeliveredIrregularly { from, link, message } => {
            level2.got_irregularly(findings.at, (host, from), link, message);
        }
        Level1Event::Missed { from, link, message } => {
            level2.missed(findings.at, (host, from), link, message);
        }
        Level1Event::SentAndDelivered { from, link, message } => {
            level2.sent((from, host), link, message, level1, findings);
            level2.got(findings.at, (host, from), link, message);
        }
        Level1Event::Answered { to, link, outcome } => level2.answered((host, to), link, outcome),
        Level1Event::AnswerMissed { to, link: Link::CONTROL } => {
            level2.answer_missed(findings.at, (host, to));
        }
        Level1Event::AnswerMissed { .. } => {}
        Level1Event::Cut | Level1Event::DiedAtLarge => level2.mark_uncertain(host),
        Level1Event::NotTaken => level2.mark_loss(findings.at, host),
    }
}
