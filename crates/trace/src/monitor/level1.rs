//! Level 1: judges what crosses each host's cable, and what the IMPs make of it between two cables.

use std::collections::BTreeSet;

use imp::{Fault, Notice};
use imp1822::h316::Speaker;
use imp1822::{
    FromImp, HostAddress, Incomplete, LEADER_BITS, Leader, LeaderError, Link, MAX_MESSAGE_BITS, Signal, ToImp,
};
use machine::{Bits, Instant, Span};

use self::cable::{Before, Cable, Cables, Complaint, HostEnd, is_defined_later, is_subtype_defined};
use self::flight::{Moment, Reply};
use self::links::{Links, Sending, UNDER_WAY};
use self::stream::{AfterFault, GivesUp, Misdelivery, ReceiverTap};
use super::event::{Level1Event, Outcome, is_for_imp};
use super::findings::Findings;
use super::rule::Rule;
use super::tap::{TapPoint, TapPoints};
use super::violation::Culprit;
use crate::way::LinkId;

mod cable;
mod flight;
mod heard;
mod links;
mod stream;

/// After this long without an answer a host may take its message for lost, on a cable that loses some.
const GIVES_UP: Span = Span::from_secs(2);

/// After this long it may do so where something in the net has broken: 30 seconds until another host counts as tardy, and
/// as much again until the source IMP has asked what became of it (RFC 394, RFC 442). What comes later than that, the
/// IMP says later because of the fault.
const GIVES_UP_AFTER_FAULTS: Span = Span::from_secs(60);

/// For so long after something has broken or healed the net may not have got over it.
const UNSETTLED: Span = Span::from_secs(60);

/// All cables, and the links between them.
#[derive(Debug)]
pub(super) struct Level1 {
    taps: TapPoints,
    cables: Cables,
    links: Links,
    /// How often something in the net has broken or healed.
    faults: u32,
    /// When that last happened, or will have as far as is known.
    fault_at: Option<Instant>,
    /// Lines that get bits wrong now.
    noisy: BTreeSet<[u8; 2]>,
}

impl Level1 {
    pub(super) fn new(taps: TapPoints) -> Self {
        Level1 {
            cables: Cables::new(taps.clone()),
            taps,
            links: Links::new(),
            faults: 0,
            fault_at: None,
            noisy: BTreeSet::new(),
        }
    }

    /// How many messages and links are remembered.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.links.kept()
    }

    /// The monitor begins to listen: what it sees first may be the end of something.
    pub(super) fn begin(&mut self, now: Instant) {
        self.cables.begin(now + UNDER_WAY);
    }

    /// Something breaks or heals. What a scenario does to a host's cable excuses what comes of it.
    pub(super) fn apply_fault(&mut self, now: Instant, fault: Fault) {
        match fault {
            Fault::HostHangs { host } => {
                self.cable(host).hangs = true;
                self.links.doubt(host);
            }
            Fault::HostGoesOn { host } => {
                let cable = self.cable(host);
                (cable.hangs, cable.went_on_at) = (false, Some(now));
                // Only now what the host has sent in the meantime leaves it.
                self.links.postpone(now, host);
            }
            // When it strikes a message, it is told which.
            Fault::Mishap { .. } => {}
            // At a pulled cable both ends see that the ready lines drop.
            Fault::CablePulled { .. }
            | Fault::CablePlugged { .. }
            | Fault::LineFails { .. }
            | Fault::LineHeals { .. }
            | Fault::ImpCrashes { .. }
            | Fault::ImpRestarts { .. } => self.note_fault(now, now),
            Fault::LineErrs { mut between, one_in } => {
                self.note_fault(now, now);
                between.sort_unstable();
                match one_in {
                    Some(_) => self.noisy.insert(between),
                    None => self.noisy.remove(&between),
                };
            }
            // It comes back by itself.
            Fault::ImpGoesDown { going, .. } => self.note_fault(now, now + going.notice() + going.outage()),
        }
    }

    /// An IMP finds that a line is dead, or alive. One that gets bits wrong dies and comes back by itself, as often as it likes:
    /// each time it may take an answer, or the question of a source IMP what became of its message. But a source asks each half
    /// minute: that lines take all its questions for ever nobody believes.
    pub(super) fn note_line(&mut self, now: Instant, notice: Notice) {
        match notice {
            Notice::LineDead(_) | Notice::LineAlive(_) if self.faults > 0 => {
                self.links.postpone_for_line(now);
            }
            Notice::LineDead(_) | Notice::LineAlive(_) | Notice::HostTardy(_) => {}
        }
    }

    /// Something breaks or heals, the last of it then.
    fn note_fault(&mut self, now: Instant, until: Instant) {
        self.faults += 1;
        self.links.postpone_all(now);
        self.fault_at = self.fault_at.max(Some(until));
    }

    /// A datagram of a speaker on a host's cable was lost before it was seen.
    pub(super) fn mark_loss(&mut self, now: Instant, host: HostAddress, speaker: Speaker) {
        let cable = self.cable(host);
        cable.unclear_until = Some(now + UNDER_WAY);
        match speaker {
            Speaker::Host => cable.host_message_missing(),
            Speaker::Imp => {
                cable.imp_message_missing();
                // It may have been an answer.
                self.links.excuse(host);
            }
        }
    }

    /// Whether a host may be waiting for the answer to a message on a link, even if none can come any more.
    pub(super) fn may_wait(&self, from: HostAddress, to: HostAddress, link: Link) -> bool {
        self.links.may_wait(LinkId::new(from, to, link))
    }

    /// A host has yet to look at something that has reached it, or has no more of that.
    pub(super) fn note_behind(&mut self, host: HostAddress, is_behind: bool) {
        self.cable(host).is_behind = is_behind;
    }

    /// Whether a host's interface stands still: what the host is asked it cannot answer.
    pub(super) fn hangs(&self, host: HostAddress) -> bool {
        self.cables.seen(host).is_some_and(|cable| cable.hangs)
    }

    /// How long ago a host was asked something, as far as it could answer: while its interface stood still it could not.
    pub(super) fn able_since(&self, host: HostAddress, asked: Instant) -> Instant {
        let went_on_at = self.cables.seen(host).and_then(|cable| cable.went_on_at);
        went_on_at.map_or(asked, |at| at.max(asked))
    }

    /// Whether a message on a link has no answer yet, and its host cannot take it for lost.
    pub(super) fn is_surely_busy(
        &self,
        now: Instant,
        from: HostAddress,
        to: HostAddress,
        link: Link,
    ) -> bool {
        self.links.is_busy(LinkId::new(from, to, link), self.gives_up(now, from))
    }

    /// Which messages a host may take for lost.
    fn gives_up(&self, now: Instant, host: HostAddress) -> GivesUp {
        let any = (!self.taps.of(host).sees_imp_end()).then_some(GIVES_UP);
        let last = if self.noisy.is_empty() { self.fault_at } else { Some(now) };
        let after_fault = AfterFault { last, lasts: UNSETTLED, patience: GIVES_UP_AFTER_FAULTS };
        GivesUp { now, any, after_fault, doubted: GIVES_UP }
    }

    /// Reports answers that are overdue.
    pub(super) fn report_overdue(&mut self, findings: &mut Findings<'_>) {
        self.links.report_overdue(&self.cables, findings);
    }

    /// Reports what is missing at the end of a run. `quiet`: nothing more would ever happen.
    pub(super) fn finish(&self, quiet: bool, findings: &mut Findings<'_>) {
        let at = findings.at;
        self.links.finish(quiet, &self.cables, |receiver| self.moment(at, receiver), findings);
    }

    /// A host puts a signal on its cable.
    pub(super) fn sent<'a>(
        &mut self,
        host: HostAddress,
        signal: &'a Signal,
        findings: &mut Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        let tap = self.taps.of(host);
        match signal {
            Signal::Ready(up) => {
                self.cable(host).host_line(findings.at, *up, tap);
                self.cut(findings.at, host);
                Some(Level1Event::Cut)
            }
            Signal::Message(bits) if self.cable(host).is_down() => match tap {
                // A greeting, for an IMP that does not notice a ready line.
                TapPoint::Lossless | TapPoint::AtHost
                    if self.cable(host).host != HostEnd::Down && ToImp::parse(bits) == Ok(ToImp::Nop) =>
                {
                    None
                }
                TapPoint::Lossless | TapPoint::AtHost => {
                    findings.add(Rule::HostNotReady, Culprit::Host(host), None);
                    None
                }
                // The host cannot know yet that the line is down, and the IMP takes nothing.
                TapPoint::AtImp => Some(Level1Event::NotTaken),
                // Whether the IMP's line is up was not seen.
                TapPoint::InTransit | TapPoint::Absent => self.sent_message(host, bits, findings),
            },
            Signal::Message(bits) => self.sent_message(host, bits, findings),
        }
    }

    /// A host sends a message.
    fn sent_message<'a>(
        &mut self,
        host: HostAddress,
        bits: &'a Bits,
        findings: &mut Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        let (who, tap) = (Culprit::Host(host), self.taps.of(host));
        let cable = self.cable(host);
        if !(LEADER_BITS..=MAX_MESSAGE_BITS).contains(&bits.len()) {
            findings.add(Rule::HostLength, who, None);
        }
        let message = ToImp::parse(bits).ok();
        if cable.host == HostEnd::Silent && message != Some(ToImp::Nop) {
            findings.add(Rule::NopsFirst, who, None);
        }
        if cable.host_speaks(message, tap) {
            self.cut(findings.at, host);
            return Some(Level1Event::Cut);
        }
        match message {
            Some(ToImp::Regular { to, link, .. }) => {
                self.sent_regular(LinkId::new(host, to, link), bits, findings);
                Some(Level1Event::Sent { to, link, message: bits })
            }
            Some(ToImp::Unknown(leader)) => {
                cable.sends_illegal();
                let is_later = is_defined_later(leader, Speaker::Host);
                findings.add(if is_later { Rule::LaterType } else { Rule::HostType }, who, None);
                None
            }
            // Its length was reported above.
            None => {
                cable.sends_short();
                None
            }
            Some(ToImp::ErrorWithoutId | ToImp::GoingDown | ToImp::Nop | ToImp::ErrorWithId { .. }) => None,
        }
    }

    /// A host sends a regular message.
    fn sent_regular(&mut self, link: LinkId, bits: &Bits, findings: &mut Findings<'_>) {
        let (from, to) = (link.from(), link.to());
        let sees_both = [from, to].iter().all(|host| self.taps.of(*host).sees_imp_end()) && !is_for_imp(bits);
        let sending = Sending {
            moment: self.moment(findings.at, to),
            gives_up: self.gives_up(findings.at, from),
            tap: if sees_both { ReceiverTap::Present } else { ReceiverTap::Absent },
        };
        let cable = self.cables.of(from);
        if self.links.send(link, bits, sending, cable) {
            findings.add(Rule::LinkBusy, Culprit::Host(from), Some(to));
        }
    }

    /// An IMP gives its host a message, whatever becomes of that on the cable.
    fn imp_says<'a>(
        &mut self,
        host: HostAddress,
        bits: &'a Bits,
        findings: &mut Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        let (who, tap) = (Culprit::Imp(host), self.taps.of(host));
        let cable = self.cable(host);
        let Ok(leader) = Leader::parse(&mut bits.reader()) else {
            findings.add(Rule::ImpType, who, None);
            return None;
        };
        let message = FromImp::from(leader);
        if !is_subtype_defined(leader, message) {
            findings.add(Rule::ImpSubtype, who, None);
        }
        let before = cable.imp_speaks(message);
        match message {
            FromImp::Regular { from, link, .. } => {
                Some(self.delivered(LinkId::new(from, host, link), bits, findings))
            }
            FromImp::Rfnm { .. }
            | FromImp::DestinationDead { .. }
            | FromImp::FakeHostDead { .. }
            | FromImp::ErrorInData { .. }
            | FromImp::Incomplete { .. } => {
                let (to, link, reply, outcome) = answer(message)?;
                let about = LinkId::new(host, to, link);
                let moment = self.moment(findings.at, to);
                if let Some(broken) = self.links.answer(about, leader.for_imp, reply, moment) {
                    let outcome = self.answered(about, broken, outcome, findings);
                    return Some(Level1Event::Answered { to, link, outcome });
                }
                if outcome == Outcome::Dead && !tap.sees_imp_end() {
                    return Some(self.died_at_large(host));
                }
                self.unasked(about, findings);
                Some(Level1Event::Answered { to, link, outcome })
            }
            FromImp::ErrorInLeader { why, .. } => {
                self.complained(host, why, findings);
                None
            }
            FromImp::InterfaceReset => {
                self.reset(host, before, findings);
                Some(Level1Event::Cut)
            }
            FromImp::Unknown(leader) => {
                let is_later = is_defined_later(leader, Speaker::Imp);
                findings.add(if is_later { Rule::LaterType } else { Rule::ImpType }, who, None);
                None
            }
            FromImp::FakeHost { .. } | FromImp::GoingDown(_) | FromImp::Nop => None,
        }
    }

    /// A regular message has reached its host.
    fn delivered<'a>(
        &mut self,
        stream: LinkId,
        message: &'a Bits,
        findings: &mut Findings<'_>,
    ) -> Level1Event<'a> {
        let (from, to, link) = (stream.from(), stream.to(), stream.link());
        let delivered = Level1Event::Delivered { from, link, message };
        let irregularly = Level1Event::DeliveredIrregularly { from, link, message };
        let sender = self.taps.of(from);
        if sender == TapPoint::Absent {
            return Level1Event::SentAndDelivered { from, link, message };
        }
        // It takes both cables to see what became of a message between them.
        if !(self.taps.of(to).sees_imp_end() && sender.sees_imp_end()) {
            return delivered;
        }
        let moment = self.moment(findings.at, to);
        let (broken, irregular) = self.links.deliver(stream, message, moment);
        let Some(broken) = broken else { return if irregular { irregularly } else { delivered } };
        // A message that its IMP has put on the cable it does not refuse.
        let excused = broken != Misdelivery::ThoughRefused && self.may_be_of_before(findings.at, from, to);
        if !excused {
            findings.add(broken.rule(), Culprit::Imp(to), Some(from));
        }
        if excused || irregular { irregularly } else { delivered }
    }

    /// The IMP answers a message of its host, which may break a rule: `link` is the message's. Returns what its host learns.
    fn answered(
        &self,
        link: LinkId,
        broken: Result<(), Rule>,
        outcome: Outcome,
        findings: &mut Findings<'_>,
    ) -> Outcome {
        let (host, to) = (link.from(), link.to());
        let Err(rule) = broken else { return outcome };
        // The receiver may have missed the message without its sender being told.
        if rule == Rule::RfnmTooEarly && self.may_be_of_before(findings.at, host, to) {
            return Outcome::Unknown;
        }
        // The interface of an IMP of others may take less than the network does.
        if rule != Rule::NotTooLong || self.taps.of(host).sees_imp_end() {
            findings.add(rule, Culprit::Imp(host), Some(to));
        }
        outcome
    }

    /// The IMP answers what its host has not sent, unless it is about a message that was not seen.
    fn unasked(&mut self, link: LinkId, findings: &mut Findings<'_>) {
        let (host, to) = (link.from(), link.to());
        let is_unclear = !self.taps.of(host).sees_imp_end() && self.cable(host).is_unclear(findings.at)
            || self.links.may_have_forgotten(findings.at);
        if !is_unclear {
            findings.add(Rule::Unasked, Culprit::Imp(host), Some(to));
        }
    }

    /// The IMP says that a destination is dead to which its host has sent nothing. The IMP program of 1973 does so when it
    /// loses another IMP: it clears its tables, and one host hears what concerns messages of another, or of the IMP's own
    /// hosts (with the flag of these), or garbage. An answer that is due may be among it, and does not come any more.
    fn died_at_large<'a>(&mut self, host: HostAddress) -> Level1Event<'a> {
        self.links.excuse(host);
        Level1Event::DiedAtLarge
    }

    /// The IMP complains of the last message of its host.
    fn complained(&mut self, host: HostAddress, why: LeaderError, findings: &mut Findings<'_>) {
        let tap = self.taps.of(host);
        match Complaint::of(why) {
            // The host is not told to which message it has happened, and may take any for lost.
            None if self.cable(host).takes_garbled() => self.links.doubt(host),
            // It may happen to any message.
            None => self.links.excuse(host),
            Some(complaint) => {
                if !self.cable(host).takes_complaint(complaint, findings.at, tap) {
                    findings.add(Rule::UncalledError, Culprit::Imp(host), None);
                }
            }
        }
    }

    /// The IMP says that it has reset the interface.
    fn reset(&mut self, host: HostAddress, before: Before, findings: &mut Findings<'_>) {
        let tap = self.taps.of(host);
        if !before.allows_reset(tap) {
            findings.add(Rule::UntimelyReset, Culprit::Imp(host), None);
        }
        self.cut(findings.at, host);
    }

    /// A host's messages may stay without an answer, and messages for it may be gone.
    fn cut(&mut self, now: Instant, host: HostAddress) {
        self.cable(host).cut(now, UNDER_WAY);
        self.links.excuse(host);
    }

    /// Whether a message between two hosts may be of a time before something broke and one of their ready lines
    /// dropped. It cannot be told from one with the same text that was sent since.
    fn may_be_of_before(&self, now: Instant, from: HostAddress, to: HostAddress) -> bool {
        let was_cut = |host: HostAddress| {
            let cut_at = self.cables.seen(host).and_then(|cable| cable.cut_at);
            cut_at.is_some_and(|at| now.since(at) < UNDER_WAY)
        };
        self.links.may_have_forgotten(now) || self.faults > 0 && (was_cut(from) || was_cut(to))
    }

    fn moment(&self, now: Instant, receiver: HostAddress) -> Moment {
        let cuts = self.cables.seen(receiver).map_or(0, |cable| cable.cuts);
        Moment { now, faults: self.faults, cuts }
    }

    fn cable(&mut self, host: HostAddress) -> &mut Cable {
        self.cables.of(host)
    }
}

/// What an answer is about, and what it says: receiver and link of the message, what the IMP says of it, what became of
/// it. `None` if the message is no answer.
fn answer(message: FromImp) -> Option<(HostAddress, Link, Reply, Outcome)> {
    match message {
        FromImp::Rfnm { to, link } => Some((to, link, Reply::Rfnm, Outcome::Arrived)),
        FromImp::DestinationDead { to, link, .. } | FromImp::FakeHostDead { to, link, .. } => {
            Some((to, link, Reply::Refused, Outcome::Dead))
        }
        FromImp::ErrorInData { to, link } => Some((to, link, Reply::Damaged, Outcome::NotArrived)),
        FromImp::Incomplete { to, link, why } => {
            let (reply, outcome) = incomplete(why);
            Some((to, link, reply, outcome))
        }
        FromImp::Regular { .. }
        | FromImp::FakeHost { .. }
        | FromImp::ErrorInLeader { .. }
        | FromImp::GoingDown(_)
        | FromImp::Nop
        | FromImp::InterfaceReset
        | FromImp::Unknown(_) => None,
    }
}

/// What an incomplete transmission (type 9) says of the message.
fn incomplete(why: Incomplete) -> (Reply, Outcome) {
    match why {
        Incomplete::TooSlow | Incomplete::NoResources => (Reply::NotTaken, Outcome::NotArrived),
        Incomplete::TooLong => (Reply::TooLong, Outcome::NotArrived),
        Incomplete::HostTardy | Incomplete::Lost | Incomplete::Unknown(_) => (Reply::Lost, Outcome::Unknown),
    }
}
