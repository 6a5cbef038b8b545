//! Level 2: what each host must know of each other one, and what it may send by that.

use std::collections::BTreeMap;

use imp1822::{HostAddress, Link};
use machine::{BitReader, Bits, Instant, Span};
use ncp::{Command, CommandError, Commands, Header, MAX_CONTROL_BYTES};

use self::connection::{Ends, Memory, Request};
use self::judge::Parties;
use self::learn::Manner;
use self::pair::Pair;
use self::reset_reply::QUICKLY;
use self::subject::{Subject, malformed};
use super::event::Outcome;
use super::findings::Findings;
use super::level1::Level1;
use super::rule::{Evidence, Rule};
use super::talks::Talks;
use super::tap::{TapPoint, TapPoints};
use super::violation::Culprit;
use crate::way::Way;

mod connection;
mod form;
mod judge;
mod learn;
mod pair;
mod reset_reply;
mod subject;

/// How often hosts are checked for what is late.
const CHECK_EVERY: Span = Span::from_secs(10);

/// What each host must know of each other one.
#[derive(Debug)]
pub(super) struct Level2 {
    taps: TapPoints,
    /// By the way from the host to its partner.
    pairs: BTreeMap<Way, Pair>,
    /// What they say to each other over their connections.
    talks: Talks,
    /// How long which host waits for the answer to a CLS, if that is known.
    patience: BTreeMap<HostAddress, Span>,
    /// When the monitor began to listen.
    begun: Instant,
    /// When hosts are checked next for what is late.
    check_at: Instant,
}

impl Level2 {
    pub(super) fn new(taps: TapPoints) -> Self {
        let begun = Instant::START;
        let (pairs, patience) = (BTreeMap::new(), BTreeMap::new());
        let talks = Talks::default();
        Level2 { taps, pairs, talks, patience, begun, check_at: begun + CHECK_EVERY }
    }

    /// A host waits so long for the answer to a CLS.
    pub(super) fn know_patience(&mut self, host: HostAddress, patience: Span) {
        self.patience.insert(host, patience);
    }

    /// After how long without an answer to its CLS a host may go on.
    fn patience(&self, host: HostAddress) -> Span {
        self.patience.get(&host).map_or(QUICKLY, |patience| QUICKLY.min(*patience))
    }

    /// How many connections and refusals are remembered.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.pairs.values().map(Pair::kept).sum()
    }

    /// The monitor begins to listen.
    pub(super) fn begin(&mut self, now: Instant) {
        self.begun = now;
    }

    /// A host sends a regular message.
    pub(super) fn sent(
        &mut self,
        (from, to): (HostAddress, HostAddress),
        link: Link,
        message: &Bits,
        level1: &Level1,
        findings: &mut Findings<'_>,
    ) {
        let parties = Parties { from, to, tap: self.taps.of(from) };
        match link.number() {
            0 => {
                if let Some(readable) = well_formed(parties, message, findings) {
                    self.control(parties, message, readable, level1, findings);
                }
            }
            1 | 72..=158 => parties.break_rule(Rule::ReservedLink, findings),
            2..=71 => {
                if let Some((header, text)) = well_formed(parties, message, findings) {
                    judge::data(parties, self.pair(from, to), link, header, findings);
                    judge::replies(parties, self.talks.text((from, to), link, header, text), findings);
                }
            }
            // Measurements and private experiments have their own rules, unless the link was assigned by an RTS.
            159.. => {
                let pair = self.pair(from, to);
                if pair.sender(link).is_some()
                    && let Some((header, _)) = well_formed(parties, message, findings)
                {
                    judge::data(parties, pair, link, header, findings);
                }
            }
        }
    }

    /// A host sends a control message.
    fn control(
        &mut self,
        parties: Parties,
        message: &Bits,
        (header, text): (Header, BitReader<'_>),
        level1: &Level1,
        findings: &mut Findings<'_>,
    ) {
        let patience = self.patience(parties.from);
        let pair = self.pair(parties.from, parties.to);
        pair.tires_of_closing(findings.at, patience);
        let last = pair.control.replace(message.clone());
        // A host that is not seen may repeat a message because it was told that the first one got lost.
        if parties.tap == TapPoint::Absent && last.as_ref() == Some(message) {
            return pair.excuse();
        }
        // A message that did not arrive is sent again: it was judged the first time.
        match pair.again.take() {
            Some(again) if again == *message => return,
            Some(_) => pair.mark_uncertain(),
            None => {}
        }
        if header.size != 8 {
            return parties.break_rule(Rule::ControlSize, findings);
        }
        if usize::from(header.count) > MAX_CONTROL_BYTES {
            parties.break_rule(Rule::ControlLength, findings);
        }
        let mut has_reset = false;
        for command in Commands::new(text) {
            match command {
                Ok(Command::Rst) if has_reset => {
                    parties.break_rule_by(Command::Rst, Rule::ResetTwice, findings);
                }
                Ok(command) => {
                    self.talks.learn(parties.from, parties.to, command);
                    has_reset |= command == Command::Rst;
                    if let Some(rule) = self.command(parties, command, level1, findings) {
                        parties.break_rule_by(command, rule, findings);
                    }
                }
                Err(CommandError::UnknownOpcode { .. }) => parties.break_rule(Rule::Opcode, findings),
                Err(CommandError::Experimental { .. }) => {}
                Err(CommandError::Short { .. }) => parties.break_rule(Rule::Parameters, findings),
            }
        }
    }

    /// A host sends a control command. Returns the rule that it breaks, unless it was added to the findings.
    fn command(
        &mut self,
        parties: Parties,
        command: Command,
        level1: &Level1,
        findings: &mut Findings<'_>,
    ) -> Option<Rule> {
        let Parties { from, to, tap } = parties;
        let (now, begun) = (findings.at, self.begun);
        match Subject::of(command) {
            Subject::Request(ends, request) => {
                let broken = malformed(ends, request);
                if broken.is_none() {
                    self.request(parties, ends, request, command, findings);
                }
                broken
            }
            Subject::Close(ends) => {
                let in_transit = |link| level1.is_surely_busy(now, from, to, link);
                judge::close(self.pair(from, to), now, ends, in_transit)
            }
            Subject::OfReceiver(link, command) => {
                judge::of_receiver(self.pair(from, to), now, tap, link, command)
            }
            Subject::OfSender(link, command) => {
                judge::of_sender(self.pair(from, to), now, tap, link, command)
            }
            Subject::Hosts(command) => {
                let pair = self.pair(from, to);
                let knows = pair.knows_questions(now, begun);
                let broken = judge::hosts(pair, now, tap, command);
                broken.filter(|rule| knows || rule.evidence() != Evidence::Question)
            }
            Subject::Nothing => None,
        }
    }

    /// A host asks for a connection.
    fn request(
        &mut self,
        parties: Parties,
        ends: Ends,
        request: Request,
        command: Command,
        findings: &mut Findings<'_>,
    ) {
        let Parties { from, to, tap } = parties;
        let (now, patience) = (findings.at, self.patience(from));
        if let Request::Rts(link) = request
            && self.pairs.get(&Way::new(from, to)).is_some_and(|pair| pair.is_assigned(link, ends))
        {
            parties.break_rule_by(command, Rule::LinkInUse, findings);
        }
        let is_connected = self.pairs.range_mut(Way::all_from(from)).any(|(way, pair)| {
            pair.tires_of_closing(now, patience);
            let itself = (way.to() == to).then_some(ends);
            pair.is_connected(ends.local, itself)
        });
        let pair = self.pair(from, to);
        let requested = pair.connection(ends);
        let again = requested.is_some_and(|one| one.memory == Memory::Sure && one.sent.is_some());
        if is_connected || again {
            parties.break_rule_by(command, Rule::SocketInUse, findings);
            // A host that is not seen may have begun anew.
            if tap == TapPoint::Absent {
                pair.mark_uncertain();
            }
        }
        pair.sends_request(ends, request);
    }

    /// A regular message has reached a host from another. One that cannot be read changes nothing.
    pub(super) fn got(
        &mut self,
        now: Instant,
        between: (HostAddress, HostAddress),
        link: Link,
        message: &Bits,
    ) {
        self.learn(now, between, link, message, Manner::InTurn);
    }

    /// The same, but it may have come before, or something that was sent after it: their tables may differ in what it names.
    pub(super) fn got_irregularly(
        &mut self,
        now: Instant,
        (host, from): (HostAddress, HostAddress),
        link: Link,
        message: &Bits,
    ) {
        self.talks.forget_between(host, from);
        self.learn(now, (host, from), link, message, Manner::OutOfTurn);
        if link == Link::CONTROL {
            self.strike(now, (from, host), message);
        }
    }

    /// A host learns from a message of another what that says.
    fn learn(
        &mut self,
        now: Instant,
        (host, from): (HostAddress, HostAddress),
        link: Link,
        message: &Bits,
        manner: Manner,
    ) {
        if let Ok(readable) = ncp::Header::split(message) {
            let (tap, patience) = (self.taps.of(host), self.patience(host));
            let pair = self.pair(host, from);
            pair.tires_of_closing(now, patience);
            learn::message(pair, now, tap, link, readable, manner);
        }
    }

    /// A regular message does not reach a host from another, or not yet: their tables may differ in what it names.
    pub(super) fn missed(
        &mut self,
        now: Instant,
        (host, from): (HostAddress, HostAddress),
        link: Link,
        message: &Bits,
    ) {
        if link == Link::CONTROL {
            learn::requests(self.pair(host, from), now, message);
            self.strike(now, (from, host), message);
        }
    }

    /// A host does not get the answer to a control message, or not yet: it may wait, or take the message for lost and begin
    /// anew.
    pub(super) fn answer_missed(&mut self, now: Instant, (from, to): (HostAddress, HostAddress)) {
        if let Some(message) = self.pairs.get(&Way::new(from, to)).and_then(|pair| pair.control.clone()) {
            self.strike(now, (from, to), &message);
        }
    }

    /// The IMP has answered a message of a host to another.
    pub(super) fn answered(&mut self, (from, to): (HostAddress, HostAddress), link: Link, outcome: Outcome) {
        if outcome != Outcome::Arrived {
            self.talks.forget_between(from, to);
        }
        // It was taken to have reached a host whose cable is not seen.
        if link == Link::CONTROL
            && outcome != Outcome::Arrived
            && self.taps.of(to) == TapPoint::Absent
            && let Some(pair) = self.pairs.get_mut(&Way::new(to, from))
        {
            pair.mark_uncertain();
        }
        let Some(pair) = self.pairs.get_mut(&Way::new(from, to)) else { return };
        let control = if link == Link::CONTROL { pair.control.take() } else { None };
        if let Some(connection) = pair.sender(link) {
            connection.text_is_answered(outcome != Outcome::NotArrived);
        }
        match outcome {
            Outcome::Arrived => {}
            Outcome::Dead => pair.mark_uncertain(),
            Outcome::NotArrived if link == Link::CONTROL => {
                pair.ends_echo();
                // An answer that comes twice names no other message.
                pair.again = control.or(pair.again.take());
            }
            Outcome::Unknown if link == Link::CONTROL => pair.mark_uncertain(),
            Outcome::NotArrived | Outcome::Unknown => {}
        }
    }

    /// A host may have forgotten its connections.
    pub(super) fn mark_uncertain(&mut self, host: HostAddress) {
        self.talks.forget(host);
        self.pairs.range_mut(Way::all_from(host)).for_each(|(_, pair)| pair.mark_uncertain());
    }

    /// A fault has struck a control message from a host to another: they may be at odds about what it says.
    fn strike(&mut self, now: Instant, (from, to): (HostAddress, HostAddress), message: &Bits) {
        for subject in learn::subjects(message) {
            let (of_sender, of_hearer) = subject.struck();
            for (way, struck) in [(Way::new(from, to), of_sender), (Way::new(to, from), of_hearer)] {
                if let (Some(pair), Some(struck)) = (self.pairs.get_mut(&way), struck) {
                    pair.strike(now, struck);
                }
            }
        }
    }

    /// A message from a host or for it was lost before it was seen.
    pub(super) fn mark_loss(&mut self, now: Instant, host: HostAddress) {
        self.talks.forget(host);
        for (way, pair) in &mut self.pairs {
            let tap = self.taps.of(way.from());
            let (of_host, with_host) = (way.from() == host, way.to() == host);
            if of_host && !tap.is_from_the_start() || with_host && tap == TapPoint::Absent {
                pair.lose_track(now);
            } else if of_host {
                pair.mark_uncertain();
            }
        }
    }

    /// What a host says or hears may be in disorder, or may come twice.
    pub(super) fn forget_talks(&mut self, host: HostAddress) {
        self.talks.forget(host);
    }

    /// A host has certainly forgotten its connections.
    pub(super) fn forget(&mut self, host: HostAddress) {
        self.talks.forget(host);
        self.pairs.retain(|way, _| way.from() != host);
    }

    /// Reports what hosts have not done in time. It is checked only now and then.
    pub(super) fn report_overdue(&mut self, level1: &Level1, findings: &mut Findings<'_>) {
        if findings.at >= self.check_at {
            self.check_at = findings.at + CHECK_EVERY;
            self.finish(false, level1, findings);
        }
    }

    /// Reports what hosts have not done so far, each once. `quiet`: nothing more would ever happen.
    pub(super) fn finish(&mut self, quiet: bool, level1: &Level1, findings: &mut Findings<'_>) {
        let now = findings.at;
        for (way, pair) in &mut self.pairs {
            let (from, to) = (way.from(), way.to());
            let is_absent = self.taps.of(from) == TapPoint::Absent;
            // A host blocked on a RFNM cannot answer; nor can one that hangs, or has not received the question yet.
            if level1.hangs(from)
                || level1.may_wait(from, to, Link::CONTROL)
                || is_absent && level1.may_wait(to, from, Link::CONTROL)
            {
                continue;
            }
            let waits = |link: Option<Link>| link.is_some_and(|link| level1.may_wait(from, to, link));
            let late = |asked| quiet || now.since(level1.able_since(from, asked)) > QUICKLY;
            for (rule, what) in pair.missed(late, waits) {
                findings.add_missing(rule, Culprit::Host(from), Some(to), || what);
            }
        }
    }

    /// What a host must know of another.
    fn pair(&mut self, host: HostAddress, other: HostAddress) -> &mut Pair {
        let is_from_the_start = self.taps.of(host).is_from_the_start();
        let new = || if is_from_the_start { Pair::empty() } else { Pair::default() };
        self.pairs.entry(Way::new(host, other)).or_insert_with(new)
    }
}

/// The header and text of a message, if they can be read. Reports what is wrong with its form.
fn well_formed<'a>(
    parties: Parties,
    message: &'a Bits,
    findings: &mut Findings<'_>,
) -> Option<(Header, BitReader<'a>)> {
    let Some((header, text, filled)) = form::read(message, !parties.tap.sees_host_end()) else {
        parties.break_rule(Rule::Header, findings);
        return None;
    };
    if filled {
        parties.break_rule(Rule::Filler, findings);
    }
    Some((header, text))
}
