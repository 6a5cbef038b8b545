//! Level 2: judges what a host sends to another by what it has sent to it and received from it so far.

use std::collections::BTreeMap;

use imp1822::{HostAddress, Link};
use machine::{Bits, Instant, Span};
use ncp::{Command, CommandError, Commands, Gender, Header, MAX_CONTROL_BYTES, Socket};

use super::form::{self, is_plausible, joined, may_be_assigned};
use super::level1::Level1;
use super::news::Settled;
use super::pair::{Connection, Counters, Ends, Memory, Pair, Request};
use super::rule::Evidence;
use super::sight::{Sight, Sights};
use super::{Culprit, Rule, Sheet};

/// What is to be done "quickly" (NIC 8246 gives no time) is missed after a minute: the shortest of the periods
/// after which hosts give each other up (III, Connection Termination, p. 17).
const QUICKLY: Span = Span::from_secs(60);

/// So often it is looked whether something is missed.
const LOOK: Span = Span::from_secs(10);

/// Data may arrive so much later than a control message that was sent after them: as long as a host may keep an IMP
/// waiting (RFC 394).
const STRAGGLE: Span = Span::from_secs(30);

/// The highest opcode that is certainly no private experiment.
const LAST_COMMON_OPCODE: u8 = 127;

/// What each host knows of each other one.
#[derive(Debug)]
pub(super) struct Level2 {
    sights: Sights,
    pairs: BTreeMap<(HostAddress, HostAddress), Pair>,
    /// When somebody began to listen.
    begun: Instant,
    /// When it is looked next whether something is missed.
    look_at: Instant,
}

/// Who sends to whom.
#[derive(Debug, Clone, Copy)]
struct Way {
    from: HostAddress,
    to: HostAddress,
    /// How the sender's cable is listened to.
    sight: Sight,
}

impl Way {
    fn breaks(self, rule: Rule, sheet: &mut Sheet<'_>) {
        sheet.add(rule, Culprit::Host(self.from), Some(self.to));
    }

    fn breaks_by(self, rule: Rule, command: Command, sheet: &mut Sheet<'_>) {
        sheet.add_command(rule, Culprit::Host(self.from), Some(self.to), command);
    }
}

impl Level2 {
    pub(super) fn new(sights: Sights) -> Self {
        let begun = Instant::START;
        Level2 { sights, pairs: BTreeMap::new(), begun, look_at: begun + LOOK }
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

    /// What a host knows of another.
    fn pair(&mut self, host: HostAddress, other: HostAddress) -> &mut Pair {
        let from_the_start = self.sights.of(host).is_from_the_start();
        let new = || if from_the_start { Pair::empty() } else { Pair::default() };
        self.pairs.entry((host, other)).or_insert_with(new)
    }

    /// A host sends text on a link.
    pub(super) fn sent(
        &mut self,
        (from, to): (HostAddress, HostAddress),
        link: Link,
        message: &Bits,
        level1: &Level1,
        sheet: &mut Sheet<'_>,
    ) {
        let way = Way { from, to, sight: self.sights.of(from) };
        match link.number() {
            0 => {
                if let Some((header, text)) = well_formed(way, message, sheet) {
                    self.control(way, message, (header, text), level1, sheet);
                }
            }
            1 | 72..=158 => way.breaks(Rule::ReservedLink, sheet),
            2..=71 => {
                if let Some((header, _)) = well_formed(way, message, sheet) {
                    let pair = self.pair(from, to);
                    data(way, pair, link, header, sheet);
                }
            }
            // Measurements and private experiments have their own rules, unless the link was assigned by an RTS.
            159.. => {
                let pair = self.pair(from, to);
                if pair.sender(link).is_some()
                    && let Some((header, _)) = well_formed(way, message, sheet)
                {
                    data(way, pair, link, header, sheet);
                }
            }
        }
    }

    fn control(
        &mut self,
        way: Way,
        message: &Bits,
        (header, text): (Header, machine::BitReader<'_>),
        level1: &Level1,
        sheet: &mut Sheet<'_>,
    ) {
        let pair = self.pair(way.from, way.to);
        let last = pair.control.replace(message.clone());
        // It may have been told that the first one got lost.
        if way.sight == Sight::Unseen && last.as_ref() == Some(message) {
            return pair.excuse();
        }
        // A message that did not arrive is sent again: it was judged the first time.
        match pair.again.take() {
            Some(again) if again == *message => return,
            Some(_) => pair.doubt(),
            None => {}
        }
        if header.size != 8 {
            return way.breaks(Rule::ControlSize, sheet);
        }
        if usize::from(header.count) > MAX_CONTROL_BYTES {
            way.breaks(Rule::ControlLength, sheet);
        }
        let mut has_reset = false;
        for command in Commands::new(text) {
            match command {
                Ok(Command::Rst) if has_reset => way.breaks_by(Rule::ResetTwice, Command::Rst, sheet),
                Ok(command) => {
                    has_reset |= command == Command::Rst;
                    self.command(way, command, level1, sheet);
                }
                Err(CommandError::UnknownOpcode { opcode: ..=LAST_COMMON_OPCODE, .. }) => {
                    way.breaks(Rule::Opcode, sheet);
                }
                // A private experiment.
                Err(CommandError::UnknownOpcode { .. }) => {}
                Err(CommandError::Short { .. }) => way.breaks(Rule::Parameters, sheet),
            }
        }
    }

    fn command(&mut self, way: Way, command: Command, level1: &Level1, sheet: &mut Sheet<'_>) {
        let breaks = |rule, sheet: &mut Sheet<'_>| way.breaks_by(rule, command, sheet);
        match command {
            Command::Nop => {}
            Command::Rts { receive, send, link } => {
                if !joined((receive, Gender::Receive), (send, Gender::Send)) {
                    return breaks(Rule::Genders, sheet);
                }
                if !may_be_assigned(link) {
                    return breaks(Rule::LinkNumber, sheet);
                }
                let ends = Ends { local: receive, foreign: send };
                if self.pairs.get(&(way.from, way.to)).is_some_and(|pair| pair.is_assigned(link, ends)) {
                    breaks(Rule::LinkInUse, sheet);
                }
                self.request(way, ends, Request::Rts(link), command, sheet);
            }
            Command::Str { send, receive, size } => {
                if !joined((receive, Gender::Receive), (send, Gender::Send)) {
                    return breaks(Rule::Genders, sheet);
                }
                if size == 0 {
                    return breaks(Rule::ByteSize, sheet);
                }
                let ends = Ends { local: send, foreign: receive };
                self.request(way, ends, Request::Str(size), command, sheet);
            }
            Command::Cls { .. }
            | Command::All { .. }
            | Command::Gvb { .. }
            | Command::Ret { .. }
            | Command::Inr { .. }
            | Command::Ins { .. } => {
                let pair = self.pair(way.from, way.to);
                let in_transit = |link| level1.is_surely_busy(sheet.at, way.from, way.to, link);
                if let Some(rule) = about_connection(way, pair, command, sheet.at, in_transit) {
                    breaks(rule, sheet);
                }
            }
            Command::Eco { .. } | Command::Erp { .. } | Command::Err { .. } | Command::Rst | Command::Rrp => {
                let begun = self.begun;
                let pair = self.pair(way.from, way.to);
                let knows = pair.knows_questions(sheet.at, begun);
                let broken = about_hosts(way, pair, command, sheet.at);
                if let Some(rule) = broken.filter(|rule| knows || rule.evidence() != Evidence::Question) {
                    breaks(rule, sheet);
                }
            }
        }
    }

    fn request(&mut self, way: Way, ends: Ends, request: Request, command: Command, sheet: &mut Sheet<'_>) {
        let Way { from, to, sight } = way;
        let elsewhere = (from, HostAddress::from(0))..=(from, HostAddress::from(u8::MAX));
        let connected =
            self.pairs.range(elsewhere).any(|((_, other), pair)| pair.is_connected(ends, *other == to));
        let pair = self.pair(from, to);
        let requested = pair.connections.get(&ends);
        let again = requested.is_some_and(|one| one.memory == Memory::Sure && one.sent.is_some());
        if connected || again {
            way.breaks_by(Rule::SocketInUse, command, sheet);
            // Whoever is not seen may have begun anew.
            if sight == Sight::Unseen {
                pair.doubt();
            }
        }
        pair.request(ends, request);
    }

    /// Text has reached a host.
    pub(super) fn got(
        &mut self,
        now: Instant,
        (host, from): (HostAddress, HostAddress),
        link: Link,
        message: &Bits,
    ) {
        // What cannot be read changes nothing.
        let Ok((header, text)) = ncp::Header::split(message) else { return };
        let sight = self.sights.of(host);
        let pair = self.pair(host, from);
        if link != Link::CONTROL {
            if let Some(connection) = pair.receiver(link) {
                let text = Counters { messages: 1, bits: header.text_bits() as u64 };
                connection.counters = connection.counters.minus_at_most(text);
            }
            return;
        }
        if header.size == 8 && usize::from(header.count) <= MAX_CONTROL_BYTES {
            Commands::new(text).map_while(Result::ok).for_each(|command| learn(now, sight, pair, command));
        }
    }

    /// The IMP has answered for a message.
    pub(super) fn answered(&mut self, (from, to): (HostAddress, HostAddress), link: Link, reply: Settled) {
        // It was taken to have reached whoever is not seen.
        if link == Link::CONTROL
            && reply != Settled::Arrived
            && self.sights.of(to) == Sight::Unseen
            && let Some(pair) = self.pairs.get_mut(&(to, from))
        {
            pair.doubt();
        }
        let Some(pair) = self.pairs.get_mut(&(from, to)) else { return };
        let control = if link == Link::CONTROL { pair.control.take() } else { None };
        if let Some(connection) = pair.sender(link) {
            connection.settle(reply != Settled::NotArrived);
        }
        match reply {
            Settled::Arrived => {}
            Settled::Dead => pair.doubt(),
            Settled::NotArrived if link == Link::CONTROL => {
                pair.awaits_echo = false;
                pair.again = control;
            }
            Settled::Lost if link == Link::CONTROL => pair.doubt(),
            Settled::NotArrived | Settled::Lost => {}
        }
    }

    /// A host may have forgotten its connections.
    pub(super) fn doubt(&mut self, host: HostAddress) {
        let theirs = (host, HostAddress::from(0))..=(host, HostAddress::from(u8::MAX));
        self.pairs.range_mut(theirs).for_each(|(_, pair)| pair.doubt());
    }

    /// A message from a host or for it was not heard here.
    pub(super) fn gap(&mut self, now: Instant, host: HostAddress) {
        for ((one, other), pair) in &mut self.pairs {
            let sight = self.sights.of(*one);
            if *one == host && !sight.is_from_the_start() || *other == host && sight == Sight::Unseen {
                pair.lose_track(now);
            } else if *one == host {
                pair.doubt();
            }
        }
    }

    /// Something odd has reached a host from another: their tables may differ from now on.
    pub(super) fn estrange(&mut self, host: HostAddress, other: HostAddress) {
        for way in [(host, other), (other, host)] {
            if let Some(pair) = self.pairs.get_mut(&way) {
                pair.doubt();
            }
        }
    }

    /// A host has certainly forgotten its connections.
    pub(super) fn forget(&mut self, host: HostAddress) {
        self.pairs.retain(|(from, _), _| *from != host);
    }

    /// Tells of what hosts have not done in time. It is looked for only now and then.
    pub(super) fn look_for_overdue(&mut self, level1: &Level1, sheet: &mut Sheet<'_>) {
        if sheet.at >= self.look_at {
            self.look_at = sheet.at + LOOK;
            self.finish(false, level1, sheet);
        }
    }

    /// What no host has done so far, each once. `quiet`: nothing more will ever happen.
    pub(super) fn finish(&mut self, quiet: bool, level1: &Level1, sheet: &mut Sheet<'_>) {
        let now = sheet.at;
        let late = |since: Instant| quiet || now.since(since) > QUICKLY;
        for ((from, to), pair) in &mut self.pairs {
            let (from, to) = (*from, *to);
            let unseen = self.sights.of(from) == Sight::Unseen;
            // Whoever waits for his IMP can do nothing, nor whom nothing has reached.
            if level1.may_wait(from, to, Link::CONTROL) || unseen && level1.may_wait(to, from, Link::CONTROL)
            {
                continue;
            }
            let waits = |link: Option<Link>| link.is_some_and(|link| level1.may_wait(from, to, link));
            for (rule, what) in pair.missed(late, waits) {
                sheet.missing(rule, Culprit::Host(from), Some(to), || what);
            }
        }
    }
}

/// Data on a link.
fn data(way: Way, pair: &mut Pair, link: Link, header: Header, sheet: &mut Sheet<'_>) {
    let unseen = way.sight == Sight::Unseen;
    let known = pair.is_known(sheet.at, if unseen { STRAGGLE } else { Span::ZERO });
    let Some(connection) = pair.sender(link) else {
        if known {
            way.breaks(Rule::DataUnconnected, sheet);
        }
        return;
    };
    if connection.memory == Memory::Doubtful {
        return;
    }
    if !connection.is_open() {
        // A request may have been there before, or have got lost.
        let is_half = !known || unseen && connection.sent.is_none();
        if connection.cls_sent || !is_half {
            way.breaks(Rule::DataUnconnected, sheet);
        }
        return;
    }
    if connection.cls_received.is_some() {
        way.breaks(Rule::DataAfterDemand, sheet);
    }
    if connection.size() != Some(header.size) {
        way.breaks(Rule::DataSize, sheet);
    }
    if !connection.send(header.text_bits() as u64) {
        way.breaks(Rule::BeyondAllocation, sheet);
    }
}

/// A command that names a connection which there should be: CLS, ALL, GVB, RET, INR, INS.
fn about_connection(
    way: Way,
    pair: &mut Pair,
    command: Command,
    now: Instant,
    in_transit: impl Fn(Link) -> bool,
) -> Option<Rule> {
    let unseen = way.sight == Sight::Unseen;
    let known = pair.is_known(now, Span::ZERO);
    let (connection, is_asked) = match command {
        Command::Cls { mine, yours } => {
            return close(pair, Ends { local: mine, foreign: yours }, known, in_transit);
        }
        // The request that names the link may have got lost, if it answers one.
        Command::All { link, .. } | Command::Gvb { link, .. } | Command::Inr { link } => {
            let is_asked = unseen && pair.is_asked();
            (pair.receiver(link), is_asked)
        }
        Command::Ret { link, .. } | Command::Ins { link } => (pair.sender(link), false),
        // What asks for a connection, or concerns none.
        Command::Nop | Command::Rts { .. } | Command::Str { .. } => return None,
        Command::Eco { .. } | Command::Erp { .. } | Command::Err { .. } => return None,
        Command::Rst | Command::Rrp => return None,
    };
    match connection {
        Some(Connection { memory: Memory::Doubtful, .. }) => None,
        Some(connection) if connection.is_open() => flow(connection, command),
        // A request may have been there before, or have got lost.
        Some(connection) => {
            let is_half = !known || unseen && connection.sent.is_none();
            (connection.cls_sent || !is_half).then_some(Rule::NotEstablished)
        }
        None => (known && !is_asked).then_some(Rule::NotEstablished),
    }
}

fn close(pair: &mut Pair, ends: Ends, known: bool, in_transit: impl Fn(Link) -> bool) -> Option<Rule> {
    if ends.local.gender() == ends.foreign.gender() {
        return Some(Rule::Genders);
    }
    let Some(connection) = pair.connections.get(&ends) else {
        return known.then_some(Rule::CloseOfNothing);
    };
    let rule = if connection.memory == Memory::Doubtful {
        None
    } else if connection.cls_sent {
        Some(Rule::CloseTwice)
    } else {
        let busy = connection.is_open() && pair.sends_on(ends).is_some_and(in_transit);
        busy.then_some(Rule::CloseInTransit)
    };
    pair.close(ends);
    rule
}

/// What a receiver grants, and what a sender returns.
fn flow(connection: &mut Connection, command: Command) -> Option<Rule> {
    let counters = &mut connection.counters;
    match command {
        Command::All { messages, bits, .. } => {
            counters.messages += u64::from(messages);
            counters.bits += u64::from(bits);
            let too_much = counters.messages > u16::MAX.into() || counters.bits > u32::MAX.into();
            too_much.then_some(Rule::CounterOverflow)
        }
        Command::Ret { messages, bits, .. } => {
            let back = Counters { messages: messages.into(), bits: bits.into() };
            let asked = connection.owed.pop_front();
            let now = counters.part(asked.map_or((0, 0), |asked| asked.fractions));
            let had_it = connection.give(back);
            // Whether it reckons with what it had when the GVB came or with what it has now is left to it.
            match asked.map(|asked| asked.least) {
                None => Some(Rule::ReturnUnasked),
                Some(_) if !had_it => Some(Rule::ReturnTooMuch),
                Some(least) => {
                    let little = back.messages < least.messages.min(now.messages)
                        || back.bits < least.bits.min(now.bits);
                    little.then_some(Rule::ReturnTooLittle)
                }
            }
        }
        // What grants and returns nothing.
        Command::Gvb { .. } | Command::Inr { .. } | Command::Ins { .. } | Command::Cls { .. } => None,
        Command::Nop | Command::Rts { .. } | Command::Str { .. } => None,
        Command::Eco { .. } | Command::Erp { .. } | Command::Err { .. } => None,
        Command::Rst | Command::Rrp => None,
    }
}

/// A command that concerns no connection.
fn about_hosts(way: Way, pair: &mut Pair, command: Command, now: Instant) -> Option<Rule> {
    match command {
        Command::Eco { .. } => std::mem::replace(&mut pair.awaits_echo, true).then_some(Rule::EchoTooEarly),
        Command::Erp { data } => match pair.echoes.iter().position(|echo| echo.data == data) {
            Some(index) => {
                pair.echoes.remove(index);
                None
            }
            None => Some(Rule::EchoUnasked),
        },
        Command::Err { code, data } => (!is_plausible(code, data[0])).then_some(Rule::Complaint),
        Command::Rst => {
            pair.awaits_reply = true;
            pair.forget(Some(now));
            None
        }
        Command::Rrp => match pair.resets.checked_sub(1) {
            Some(left) => {
                pair.resets = left;
                pair.owes_reply = None;
                if !way.sight.host_hears() {
                    pair.confirm(now);
                }
                None
            }
            None => Some(Rule::ResetReplyUnasked),
        },
        Command::Nop | Command::Rts { .. } | Command::Str { .. } | Command::Cls { .. } => None,
        Command::All { .. } | Command::Gvb { .. } | Command::Ret { .. } => None,
        Command::Inr { .. } | Command::Ins { .. } => None,
    }
}

/// What a host learns from a command that reaches it.
fn learn(now: Instant, sight: Sight, pair: &mut Pair, command: Command) {
    let opposite = |one: Socket, other: Socket| one.gender() != other.gender();
    match command {
        Command::Rts { receive, send, link } => {
            if joined((receive, Gender::Receive), (send, Gender::Send)) && may_be_assigned(link) {
                pair.requested(Ends { local: send, foreign: receive }, Request::Rts(link));
            }
        }
        Command::Str { send, receive, size } => {
            if joined((receive, Gender::Receive), (send, Gender::Send)) && size > 0 {
                pair.requested(Ends { local: receive, foreign: send }, Request::Str(size));
            }
        }
        Command::Cls { mine, yours } if opposite(mine, yours) => {
            pair.closed(now, Ends { local: yours, foreign: mine });
        }
        Command::All { link, messages, bits } => {
            if let Some(connection) = pair.sender(link) {
                let Counters { messages: had, bits: had_bits } = &mut connection.counters;
                *had = (*had + u64::from(messages)).min(u16::MAX.into());
                *had_bits = (*had_bits + u64::from(bits)).min(u32::MAX.into());
            }
        }
        Command::Gvb { link, messages, bits } => {
            if let Some(connection) = pair.sender(link).filter(|connection| connection.is_open()) {
                connection.owe(now, (messages, bits));
            }
        }
        Command::Ret { link, messages, bits } => {
            if let Some(connection) = pair.receiver(link) {
                let back = Counters { messages: messages.into(), bits: bits.into() };
                connection.counters = connection.counters.minus_at_most(back);
            }
        }
        Command::Eco { data } => pair.owe_echo(now, data),
        Command::Erp { .. } => pair.awaits_echo = false,
        Command::Rst => {
            // Who may not have heard it yet has forgotten when it answers.
            pair.forget(sight.host_hears().then_some(now));
            pair.resets = pair.resets.saturating_add(1);
            pair.owes_reply = pair.owes_reply.or(Some(now));
        }
        Command::Rrp => {
            pair.awaits_echo = false;
            if std::mem::take(&mut pair.awaits_reply) {
                if sight.host_hears() {
                    pair.forget_requests();
                } else {
                    pair.doubt();
                }
            }
        }
        Command::Nop
        | Command::Cls { .. }
        | Command::Inr { .. }
        | Command::Ins { .. }
        | Command::Err { .. } => {}
    }
}

/// The header and text of a message, if they can be read.
fn well_formed<'a>(
    way: Way,
    message: &'a Bits,
    sheet: &mut Sheet<'_>,
) -> Option<(Header, machine::BitReader<'a>)> {
    match form::read(message, !way.sight.host_hears()) {
        Some((header, text, filled)) => {
            if filled {
                way.breaks(Rule::Filler, sheet);
            }
            Some((header, text))
        }
        None => {
            way.breaks(Rule::Header, sheet);
            None
        }
    }
}
