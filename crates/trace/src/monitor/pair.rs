//! What one host knows of its connections with another, from what it has sent and what has reached it.

use std::collections::{BTreeMap, VecDeque};

use imp1822::Link;
use machine::{Bits, Instant, Span};
use ncp::{Command, Gender, Socket};

use super::Rule;

/// How many requests of a partner may wait for an answer before it is no longer known which there are.
const MOST_REQUESTS: usize = 256;

/// How many requests of a host itself may be unanswered, and how many of its refusals, before the same.
const MOST_OWN: usize = 512;

/// How many ECOs or GVBs may wait for an answer before what they asked for is no longer known.
const MOST_OWED: usize = 32;

/// After this no answer is about a question that was not heard.
const LATE_ANSWER: Span = Span::from_secs(120);

/// A connection by its two sockets, as one of the hosts sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ends {
    pub(super) local: Socket,
    pub(super) foreign: Socket,
}

/// A request for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    Rts(Link),
    Str(u8),
}

/// What a sender has to give back for one GVB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GiveBack {
    pub(super) asked: Instant,
    /// The fractions, in 128ths.
    pub(super) fractions: (u8, u8),
    /// What they came to when it arrived.
    pub(super) least: Counters,
}

/// The two counters of a sender (NIC 8246, III, Flow Control).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counters {
    pub(super) messages: u64,
    pub(super) bits: u64,
}

/// Whether the host must still know of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    Sure,
    /// It may have forgotten: a ready line dropped, the partner died, or a control message got lost.
    Doubtful,
}

/// A connection, requested by at least one of the two hosts.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) memory: Memory,
    pub(super) sent: Option<Request>,
    pub(super) received: Option<Request>,
    pub(super) cls_sent: bool,
    pub(super) cls_received: Option<Instant>,
    /// What the partner requested after its CLS, which this host has yet to answer.
    next: Option<Request>,
    /// Of a sender: what it may send. Of a receiver: what it has allowed and has not got.
    pub(super) counters: Counters,
    /// Of a sender: what the text took of it that the IMP has not answered for.
    pub(super) in_transit: Counters,
    /// Of a sender: what text took that did not arrive. That text may be sent again, or something else.
    pub(super) spare: Counters,
    /// Of a sender: the GVBs that it has not answered.
    pub(super) owed: VecDeque<GiveBack>,
}

impl Connection {
    fn new() -> Self {
        Connection {
            memory: Memory::Sure,
            sent: None,
            received: None,
            cls_sent: false,
            cls_received: None,
            next: None,
            counters: Counters::default(),
            in_transit: Counters::default(),
            spare: Counters::default(),
            owed: VecDeque::new(),
        }
    }

    /// This host sends text. Answers whether it may.
    pub(super) fn send(&mut self, bits: u64) -> bool {
        let used = Counters { messages: 1, bits };
        let Some(left) = self.counters.plus(self.spare).minus(used) else { return false };
        (self.counters, self.spare, self.in_transit) = (left, Counters::default(), used);
        true
    }

    /// The IMP has answered for text.
    pub(super) fn settle(&mut self, arrived: bool) {
        let text = std::mem::take(&mut self.in_transit);
        if !arrived {
            self.spare = self.spare.plus(text);
        }
    }

    /// This host gives allocation back. Answers whether it had as much.
    pub(super) fn give(&mut self, back: Counters) -> bool {
        let all = self.counters.plus(self.spare);
        let left = all.minus_at_most(back);
        self.counters = self.counters.minus_at_most(back);
        self.spare = left.minus_at_most(self.counters);
        all.minus(back).is_some()
    }

    /// Whether requests were exchanged, and this host has not closed.
    pub(super) fn is_open(&self) -> bool {
        self.sent.is_some() && self.received.is_some() && !self.cls_sent
    }

    /// The link: the receiver's RTS named it.
    pub(super) fn link(&self) -> Option<Link> {
        [self.sent, self.received].into_iter().flatten().find_map(|request| match request {
            Request::Rts(link) => Some(link),
            Request::Str(_) => None,
        })
    }

    /// The byte size: the sender's STR named it.
    pub(super) fn size(&self) -> Option<u8> {
        [self.sent, self.received].into_iter().flatten().find_map(|request| match request {
            Request::Rts(_) => None,
            Request::Str(size) => Some(size),
        })
    }

    /// A GVB has arrived. Beyond some number its RET may be whatever the sender likes.
    pub(super) fn owe(&mut self, asked: Instant, fractions: (u8, u8)) {
        let mut left = self.counters;
        for owed in &self.owed {
            left = left.minus_at_most(owed.least);
        }
        let mut least = left.part(fractions);
        if self.owed.len() >= MOST_OWED {
            least = Counters::default();
            self.owed.pop_front();
        }
        self.owed.push_back(GiveBack { asked, fractions, least });
    }
}

impl Counters {
    fn plus(self, other: Counters) -> Counters {
        Counters { messages: self.messages + other.messages, bits: self.bits + other.bits }
    }

    fn minus(self, other: Counters) -> Option<Counters> {
        let messages = self.messages.checked_sub(other.messages)?;
        Some(Counters { messages, bits: self.bits.checked_sub(other.bits)? })
    }

    /// Of each as much as there is.
    pub(super) fn minus_at_most(self, other: Counters) -> Counters {
        let messages = self.messages.saturating_sub(other.messages);
        Counters { messages, bits: self.bits.saturating_sub(other.bits) }
    }

    /// At least these 128ths, rounded up (NIC 8246, III, Flow Control).
    pub(super) fn part(self, (messages, bits): (u8, u8)) -> Counters {
        let part = |of: u64, fraction: u8| (of * u64::from(fraction.min(128))).div_ceil(128);
        Counters { messages: part(self.messages, messages), bits: part(self.bits, bits) }
    }
}

/// A number that is to be sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Echo {
    /// Since when it must be; an RST or lost touch leaves the host free to do it or not.
    pub(super) owed: Option<Instant>,
    pub(super) data: u8,
}

/// What one host knows of another. As it begins, the host may have any connections with it.
#[derive(Debug, Default)]
pub(super) struct Pair {
    pub(super) connections: BTreeMap<Ends, Connection>,
    /// On which links which connection sends; the partner assigned them.
    sending: BTreeMap<Link, Ends>,
    /// On which links which connection receives; this host assigned them.
    receiving: BTreeMap<Link, Ends>,
    /// Requests that this host refused, and whose CLS has not come. The sockets are not held up by them.
    refused: BTreeMap<Ends, u32>,
    /// How many connections only the partner has requested.
    waiting: usize,
    /// Since when it is known which connections there are; none if there may be others.
    known_since: Option<Instant>,
    /// When something was last not heard, if ever.
    missed_at: Option<Instant>,
    /// Whether an ECO of this host has no answer.
    pub(super) awaits_echo: bool,
    /// The ECOs of the partner that have no answer.
    pub(super) echoes: VecDeque<Echo>,
    /// How many RSTs of the partner may still be answered, and since when one must.
    pub(super) resets: u32,
    pub(super) owes_reply: Option<Instant>,
    /// Whether an RST of this host has no answer.
    pub(super) awaits_reply: bool,
    /// A control message that certainly did not arrive, and may be sent again.
    pub(super) again: Option<Bits>,
    /// The control message that has no answer from the IMP yet.
    pub(super) control: Option<Bits>,
}

impl Pair {
    /// A host that has no connections with another.
    pub(super) fn empty() -> Self {
        Pair { known_since: Some(Instant::START), ..Pair::default() }
    }

    /// How many connections and refusals are remembered.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.connections.len() + self.refused.len() + self.echoes.len()
    }

    /// Whether all connections are known, and have been for so long.
    pub(super) fn is_known(&self, now: Instant, long: Span) -> bool {
        self.known_since.is_some_and(|since| now.since(since) >= long)
    }

    /// There may be connections of which nothing is known.
    pub(super) fn lose_track(&mut self, now: Instant) {
        self.doubt();
        self.known_since = None;
        self.missed_at = Some(now);
    }

    /// Whether everything has been heard that an answer may still come to, by one who listens since `begun`.
    pub(super) fn knows_questions(&self, now: Instant, begun: Instant) -> bool {
        self.is_known(now, Span::ZERO) || now.since(self.missed_at.unwrap_or(begun)) > LATE_ANSWER
    }

    /// The host has said that it has no connections that are not known here.
    pub(super) fn confirm(&mut self, now: Instant) {
        // What it had asked for before is over for it.
        for connection in self.connections.values_mut().filter(|one| one.sent.is_some()) {
            connection.memory = Memory::Doubtful;
        }
        self.known_since = self.known_since.or(Some(now));
    }

    /// Whether the partner waits for an answer to a request: it may have been given, and got lost.
    pub(super) fn is_asked(&self) -> bool {
        self.connections.values().any(|one| one.received.is_some() && one.sent.is_none())
    }

    /// The connection that sends on a link.
    pub(super) fn sender(&mut self, link: Link) -> Option<&mut Connection> {
        self.sending.get(&link).and_then(|ends| self.connections.get_mut(ends))
    }

    /// The connection that receives on a link.
    pub(super) fn receiver(&mut self, link: Link) -> Option<&mut Connection> {
        self.receiving.get(&link).and_then(|ends| self.connections.get_mut(ends))
    }

    /// The link on which a connection sends, if it is not another's.
    pub(super) fn sends_on(&self, ends: Ends) -> Option<Link> {
        let link = self.connections.get(&ends).and_then(Connection::link)?;
        (self.sending.get(&link) == Some(&ends)).then_some(link)
    }

    /// Whether a link that this host would assign belongs to another connection.
    pub(super) fn is_assigned(&self, link: Link, ends: Ends) -> bool {
        let other = self.receiving.get(&link).filter(|other| **other != ends);
        let other = other.and_then(|other| self.connections.get(other));
        other.is_some_and(|other| other.memory == Memory::Sure)
    }

    /// Whether a local socket has an established connection other than this.
    pub(super) fn is_connected(&self, ends: Ends, same_pair: bool) -> bool {
        let local = ends.local;
        let first = Ends { local, foreign: Socket::from(0) };
        let last = Ends { local, foreign: Socket::from(u32::MAX) };
        let mut others =
            self.connections.range(first..=last).filter(|(other, _)| !same_pair || **other != ends);
        others.any(|(_, other)| {
            other.memory == Memory::Sure && other.sent.is_some() && other.received.is_some()
        })
    }

    /// This host sends a request.
    pub(super) fn request(&mut self, ends: Ends, request: Request) {
        // What was there may have been forgotten, but for a request that has come since.
        // If it does remember it, that request was the other half of this connection.
        let remembered = self.connections.get(&ends).filter(|old| old.memory == Memory::Doubtful);
        let remembered = remembered.and_then(|old| old.received);
        self.drop_if(ends, |old| old.memory == Memory::Doubtful || old.sent.is_some());
        if self.connections.len() - self.waiting >= MOST_OWN && !self.connections.contains_key(&ends) {
            return self.forget_all();
        }
        let connection = self.connections.entry(ends).or_insert_with(Connection::new);
        if connection.received.is_some() && connection.sent.is_none() {
            self.waiting -= 1;
        }
        connection.sent = Some(request);
        if let Some(received) = remembered {
            connection.memory = Memory::Doubtful;
            connection.received = Some(received);
            self.enter(ends, received, ends.local.gender());
        }
        self.enter(ends, request, ends.local.gender());
    }

    /// A request arrives.
    pub(super) fn requested(&mut self, ends: Ends, request: Request) {
        // What it may have forgotten is over, unless this is the other half of it.
        let is_over = |old: &Connection| {
            let half = old.sent.is_some() && old.received.is_none() && !old.cls_sent;
            old.memory == Memory::Doubtful && !half
        };
        self.drop_if(ends, is_over);
        if !self.connections.contains_key(&ends) {
            if self.waiting >= MOST_REQUESTS {
                self.known_since = None;
                return;
            }
            self.waiting += 1;
        }
        let connection = self.connections.entry(ends).or_insert_with(Connection::new);
        if self.awaits_reply {
            // A host need not heed what comes before the RRP.
            connection.memory = Memory::Doubtful;
        }
        if connection.cls_received.is_some() {
            connection.next = Some(request);
        } else if connection.received.is_none() {
            connection.received = Some(request);
            self.enter(ends, request, ends.local.gender());
        }
    }

    fn enter(&mut self, ends: Ends, request: Request, gender: Gender) {
        let Request::Rts(link) = request else { return };
        let connections = &self.connections;
        let links = match gender {
            Gender::Send => &mut self.sending,
            Gender::Receive => &mut self.receiving,
        };
        // A link that is in use stays with whom it belongs to.
        let holder = links.get(&link).and_then(|holder| connections.get(holder));
        if holder.is_none_or(|holder| holder.memory == Memory::Doubtful) {
            links.insert(link, ends);
        }
    }

    /// This host sends a CLS for a connection that there is.
    pub(super) fn close(&mut self, ends: Ends) {
        let Some(connection) = self.connections.get_mut(&ends) else { return };
        connection.cls_sent = true;
        connection.owed.clear();
        let next = connection.next;
        if connection.cls_received.is_some() {
            self.remove(ends);
            if let Some(request) = next {
                self.requested(ends, request);
            }
        } else if connection.sent.is_none() {
            // A refusal holds up nothing here.
            self.remove(ends);
            if self.refused.len() >= MOST_OWN {
                return self.forget_all();
            }
            *self.refused.entry(ends).or_default() += 1;
        }
    }

    /// A CLS arrives.
    pub(super) fn closed(&mut self, now: Instant, ends: Ends) {
        if let Some(count) = self.refused.get_mut(&ends) {
            *count -= 1;
            if *count == 0 {
                self.refused.remove(&ends);
            }
            return;
        }
        let Some(connection) = self.connections.get_mut(&ends) else { return };
        connection.cls_received = Some(now);
        if connection.cls_sent {
            self.remove(ends);
        }
    }

    /// An ECO arrives.
    pub(super) fn owe_echo(&mut self, asked: Instant, data: u8) {
        if self.echoes.len() >= MOST_OWED {
            self.echoes.pop_front();
        }
        let owed = (!self.awaits_reply).then_some(asked);
        self.echoes.push_back(Echo { owed, data });
    }

    /// More is going on than is remembered.
    fn forget_all(&mut self) {
        self.forget_connections();
        self.known_since = None;
    }

    /// An RST was sent or has arrived: there are no connections any more. `known_since`: as the field.
    pub(super) fn forget(&mut self, known_since: Option<Instant>) {
        self.forget_connections();
        self.excuse_echoes();
        self.awaits_echo = false;
        self.again = None;
        self.known_since = known_since;
    }

    fn forget_connections(&mut self) {
        self.connections.clear();
        self.sending.clear();
        self.receiving.clear();
        self.refused.clear();
        self.waiting = 0;
    }

    /// An RRP arrives: what the partner had requested before, it has forgotten.
    pub(super) fn forget_requests(&mut self) {
        let theirs = self.connections.iter().filter(|(_, connection)| connection.sent.is_none());
        let theirs: Vec<Ends> = theirs.map(|(ends, _)| *ends).collect();
        theirs.into_iter().for_each(|ends| self.remove(ends));
    }

    /// The host may have forgotten its connections, and need not answer what it was asked.
    pub(super) fn doubt(&mut self) {
        let doubtful = self.connections.values().filter(|one| one.memory == Memory::Doubtful).count();
        if doubtful > MOST_REQUESTS {
            self.forget_all();
        }
        for connection in self.connections.values_mut() {
            connection.memory = Memory::Doubtful;
            connection.owed.clear();
        }
        self.refused.clear();
        self.awaits_echo = false;
        self.excuse_echoes();
        self.owes_reply = None;
        self.awaits_reply = false;
        self.again = None;
    }

    /// The host need not answer what it was asked.
    pub(super) fn excuse(&mut self) {
        self.excuse_echoes();
        self.owes_reply = None;
        self.connections.values_mut().for_each(|connection| connection.owed.clear());
    }

    /// What the host has not done that is late, in words. Each is told once: from then on it may do it or not. `waits`:
    /// whether it cannot close because of what is under way on a link.
    pub(super) fn missed(
        &mut self,
        late: impl Fn(Instant) -> bool,
        waits: impl Fn(Option<Link>) -> bool,
    ) -> Vec<(Rule, String)> {
        let mut missed = Vec::new();
        let mut forgiven = Vec::new();
        for (ends, connection) in self.connections.iter().filter(|(_, one)| one.memory == Memory::Sure) {
            let before = missed.len();
            if connection.cls_received.is_some_and(&late) && !waits(self.sends_on(*ends)) {
                let cls = Command::Cls { mine: ends.local, yours: ends.foreign };
                missed.push((Rule::CloseUnanswered, cls.to_string()));
            }
            if connection.owed.front().is_some_and(|owed| late(owed.asked)) {
                missed.push((Rule::ReturnMissing, format!("RET for {}", ends.local)));
            }
            if missed.len() > before {
                forgiven.push(*ends);
            }
        }
        for ends in forgiven {
            if let Some(connection) = self.connections.get_mut(&ends) {
                connection.memory = Memory::Doubtful;
                connection.owed.clear();
            }
        }
        if let Some(echo) = self.echoes.iter_mut().find(|echo| echo.owed.is_some_and(&late)) {
            missed.push((Rule::EchoMissing, Command::Erp { data: echo.data }.to_string()));
            self.excuse_echoes();
        }
        if self.owes_reply.is_some_and(&late) {
            missed.push((Rule::ResetReplyMissing, Command::Rrp.to_string()));
            self.owes_reply = None;
        }
        missed
    }

    fn excuse_echoes(&mut self) {
        self.echoes.iter_mut().for_each(|echo| echo.owed = None);
    }

    fn drop_if(&mut self, ends: Ends, old: impl FnOnce(&Connection) -> bool) {
        if self.connections.get(&ends).is_some_and(old) {
            self.remove(ends);
        }
    }

    fn remove(&mut self, ends: Ends) {
        let Some(connection) = self.connections.remove(&ends) else { return };
        if connection.sent.is_none() {
            self.waiting -= 1;
        }
        let Some(link) = connection.link() else { return };
        for links in [&mut self.sending, &mut self.receiving] {
            if links.get(&link) == Some(&ends) {
                links.remove(&link);
            }
        }
    }
}
