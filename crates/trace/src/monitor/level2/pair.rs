//! What one host must know of another: their connections and what each has asked the other, from what the host has
//! sent and what has reached it.

use std::collections::VecDeque;

use imp1822::Link;
use machine::{Bits, Instant, Sorted, Span};
use ncp::{Command, Gender, Socket};

use super::connection::{Connection, Ends, Memory, Request};
use super::reset_reply::{A_MOMENT, ResetReply};
use super::subject::{About, Struck};
use crate::monitor::rule::Rule;

mod questions;

/// How many requests of a partner may wait for an answer before it is no longer known which there are.
const MAX_REQUESTS: usize = 256;

/// How many requests of a host itself may be unanswered, and how many of its refusals, before the same.
const MAX_OWN: usize = 512;

/// How many ECOs may wait for an answer before the oldest is forgotten.
const MAX_ECHOES: usize = 32;

/// After this no answer is about a question that was not seen.
const LATE_ANSWER: Span = Span::from_secs(120);

/// An ECO that has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Echo {
    /// Since when the ERP is due; none if the host may answer or not, because of an RST or a loss.
    due_since: Option<Instant>,
    data: u8,
}

/// What one host, "this host", must know of another, its partner. As it begins, there may be any connections between
/// them.
#[derive(Debug, Default)]
pub(super) struct Pair {
    connections: Sorted<Ends, Connection>,
    /// On which links which connection sends; the partner assigned them.
    sending: Sorted<Link, Ends>,
    /// On which links which connection receives; this host assigned them.
    receiving: Sorted<Link, Ends>,
    /// Requests that this host refused, and whose CLS has not come. They do not occupy the sockets.
    refused: Sorted<Ends, u32>,
    /// How many connections only the partner has requested.
    waiting: usize,
    /// When this host sent the first CLS, or earlier, for whose answer it may still be waiting.
    closing_since: Option<Instant>,
    /// Since when it is known which connections there are; none if there may be others.
    known_since: Option<Instant>,
    /// When a message between the two was last missed, if ever.
    missed_at: Option<Instant>,
    /// Since when an ECO of this host has no answer.
    awaits_echo: Option<Instant>,
    /// The ECOs of the partner that have no answer.
    echoes: VecDeque<Echo>,
    /// How many RSTs of the partner this host may still answer.
    resets: u32,
    /// Since when an RRP of this host is due.
    owes_reset_reply: Option<Instant>,
    reset_reply: ResetReply,
    /// A control message that certainly did not arrive, and may be sent again.
    pub(super) again: Option<Bits>,
    /// The control message that has no answer from the IMP yet.
    pub(super) control: Option<Bits>,
}

/// What is known, and its loss.
impl Pair {
    /// A host that has no connections with another.
    pub(super) fn empty() -> Self {
        Pair { known_since: Some(Instant::START), ..Pair::default() }
    }

    /// How many connections, refusals and ECOs are remembered.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.connections.len() + self.refused.len() + self.echoes.len()
    }

    /// Whether all connections are known, and have been for `long`.
    pub(super) fn is_known(&self, now: Instant, long: Span) -> bool {
        self.known_since.is_some_and(|since| now.since(since) >= long)
    }

    /// Whether every question has been seen to which an answer may still come. `begun`: when the monitor began to
    /// listen.
    pub(super) fn knows_questions(&self, now: Instant, begun: Instant) -> bool {
        self.is_known(now, Span::ZERO) || now.since(self.missed_at.unwrap_or(begun)) > LATE_ANSWER
    }

    /// A message between the two was missed: there may be connections of which nothing is known.
    pub(super) fn lose_track(&mut self, now: Instant) {
        self.mark_uncertain();
        self.known_since = None;
        self.missed_at = Some(now);
    }

    /// This host may have forgotten its connections, and need not answer what it was asked.
    pub(super) fn mark_uncertain(&mut self) {
        let doubtful = self.connections.values().filter(|one| one.memory == Memory::Doubtful).count();
        if doubtful > MAX_REQUESTS {
            self.forget_all();
        }
        for connection in self.connections.values_mut() {
            connection.memory = Memory::Doubtful;
            connection.excuse();
        }
        self.refused.clear();
        self.awaits_echo = None;
        self.excuse_echoes();
        self.owes_reset_reply = None;
        self.reset_reply.doubt();
        self.again = None;
    }

    /// This host need not answer what it was asked.
    pub(super) fn excuse(&mut self) {
        self.excuse_echoes();
        self.owes_reset_reply = None;
        self.connections.values_mut().for_each(Connection::excuse);
    }

    fn excuse_echoes(&mut self) {
        self.echoes.iter_mut().for_each(|echo| echo.due_since = None);
    }

    /// More is going on than is remembered.
    fn forget_all(&mut self) {
        self.forget_connections();
        self.known_since = None;
    }

    /// An RST was sent or has arrived: there are no connections any more. `known_since`: as the field.
    fn reset(&mut self, known_since: Option<Instant>) {
        self.forget_connections();
        self.excuse_echoes();
        self.awaits_echo = None;
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

    /// What this host has not done that is late, in words. Each is returned once: from then on the host may do it or
    /// not. `waits`: whether it cannot close because of a message under way on a link.
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
            if connection.owes_since().is_some_and(&late) {
                missed.push((Rule::ReturnMissing, format!("RET for {}", ends.local)));
            }
            if missed.len() > before {
                forgiven.push(*ends);
            }
        }
        for ends in forgiven {
            if let Some(connection) = self.connections.get_mut(&ends) {
                connection.memory = Memory::Doubtful;
                connection.excuse();
            }
        }
        if let Some(echo) = self.echoes.iter_mut().find(|echo| echo.due_since.is_some_and(&late)) {
            missed.push((Rule::EchoMissing, Command::Erp { data: echo.data }.to_string()));
            self.excuse_echoes();
        }
        if self.owes_reset_reply.is_some_and(&late) {
            missed.push((Rule::ResetReplyMissing, Command::Rrp.to_string()));
            self.owes_reset_reply = None;
        }
        missed
    }
}

/// Connections.
impl Pair {
    /// A connection, if it was requested.
    pub(super) fn connection(&self, ends: Ends) -> Option<&Connection> {
        self.connections.get(&ends)
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

    /// Whether the partner waits for the answer to a request. The answer may have been given and missed.
    pub(super) fn is_asked(&self) -> bool {
        self.connections.values().any(|one| one.received.is_some() && one.sent.is_none())
    }

    /// Whether a link that this host would assign belongs to another connection.
    pub(super) fn is_assigned(&self, link: Link, ends: Ends) -> bool {
        let other = self.receiving.get(&link).filter(|other| **other != ends);
        let other = other.and_then(|other| self.connections.get(other));
        other.is_some_and(|other| other.memory == Memory::Sure)
    }

    /// Time has passed: a host that has waited so long for the answer to its CLS may go on without (NIC 8246, III, Connection
    /// Termination, p. 17).
    pub(super) fn tires_of_closing(&mut self, now: Instant, patience: Span) {
        // A host may count from a moment before, but from no more than a small part of its patience.
        let tolerance = A_MOMENT.min(Span::from_micros(patience.as_micros() / 10));
        let is_over = |since: Instant| now.since(since) + tolerance >= patience;
        if !self.closing_since.is_some_and(is_over) {
            return;
        }
        self.closing_since = None;
        for connection in self.connections.values_mut() {
            match connection.cls_sent_at {
                Some(at) if is_over(at) => connection.memory = Memory::Doubtful,
                Some(at) => self.closing_since = Some(self.closing_since.map_or(at, |first| first.min(at))),
                None => {}
            }
        }
    }

    /// Whether a local socket has an established connection. `but`: this one does not count.
    pub(super) fn is_connected(&self, local: Socket, but: Option<Ends>) -> bool {
        let first = Ends { local, foreign: Socket::from(0) };
        let of_socket = self.connections.starting_at(&first).take_while(|(other, _)| other.local == local);
        let mut others = of_socket.filter(|(other, _)| Some(**other) != but);
        others.any(|(_, other)| {
            other.memory == Memory::Sure && other.sent.is_some() && other.received.is_some()
        })
    }

    /// A fault has struck a command between the two: it may be said again, be heard never, late or twice. What it does not
    /// concern stands as it stood.
    pub(super) fn strike(&mut self, now: Instant, struck: Struck) {
        match struck {
            Struck::Everything => {
                self.reset_reply.strike(now);
                self.mark_uncertain();
            }
            Struck::About(about) => {
                if let About::Connection(ends) = about {
                    self.refused.remove(&ends);
                }
                self.doubt(about);
            }
            Struck::OwnEcho => self.awaits_echo = None,
            Struck::Echo(data) => {
                let same = self.echoes.iter_mut().filter(|echo| echo.data == data);
                same.for_each(|echo| echo.due_since = None);
            }
        }
    }

    /// One of the two has said that something about a connection is wrong: this host may take it for over.
    pub(super) fn doubt(&mut self, about: About) {
        let ends = match about {
            About::Connection(ends) => Some(ends),
            About::Sending(link) => self.sending.get(&link).copied(),
            About::Receiving(link) => self.receiving.get(&link).copied(),
        };
        if let Some(connection) = ends.and_then(|ends| self.connections.get_mut(&ends)) {
            connection.memory = Memory::Doubtful;
            connection.excuse();
        }
    }

    /// This host sends a request.
    pub(super) fn sends_request(&mut self, ends: Ends, request: Request) {
        self.reset_reply.goes_on();
        // What was there may have been forgotten, but for a request that has come since.
        // If this host does remember it, that request was the other half of this connection.
        let remembered = self.connections.get(&ends).filter(|old| old.memory == Memory::Doubtful);
        let remembered = remembered.and_then(|old| old.received);
        self.remove_if(ends, |old| old.memory == Memory::Doubtful || old.sent.is_some());
        if self.connections.len() - self.waiting >= MAX_OWN && !self.connections.contains_key(&ends) {
            return self.forget_all();
        }
        let connection = self.connections.get_or_insert_with(ends, Connection::new);
        if connection.received.is_some() && connection.sent.is_none() {
            self.waiting -= 1;
        }
        connection.sent = Some(request);
        if let Some(received) = remembered {
            connection.memory = Memory::Doubtful;
            (connection.received, connection.is_unsure) = (Some(received), true);
            self.enter_link(ends, received);
        }
        self.enter_link(ends, request);
    }

    /// Whether this request of the partner is known. One that comes behind its CLS is another.
    pub(super) fn has_request(&self, ends: Ends, request: Request) -> bool {
        self.connections
            .get(&ends)
            .is_some_and(|one| one.received == Some(request) && one.cls_received.is_none())
    }

    /// A request reaches this host, or is missed by it: then it is not heard.
    pub(super) fn gets_request(&mut self, now: Instant, ends: Ends, request: Request, is_heard: bool) {
        // A connection that may have been forgotten is over, unless this is the other half of it, which may have crossed
        // its CLS. A request that has no answer yet it may refuse all the same.
        let old = self.connections.get(&ends).filter(|old| old.sent.is_none());
        let heard_before = old.map_or(0, |old| old.heard_again.saturating_add(1));
        let is_new = self.remove_if(ends, |old| old.memory == Memory::Doubtful && !old.is_half());
        if !self.connections.contains_key(&ends) {
            if self.waiting >= MAX_REQUESTS {
                self.known_since = None;
                return;
            }
            self.waiting += 1;
        }
        let connection = self.connections.get_or_insert_with(ends, Connection::new);
        if is_new {
            connection.heard_again = heard_before;
        }
        if self.reset_reply.may_be_awaited(now) {
            // A host need not heed what comes before the RRP.
            connection.memory = Memory::Doubtful;
        }
        if connection.cls_received.is_some() {
            connection.next = Some(request);
        } else if connection.received.is_none() || connection.is_unsure {
            (connection.received, connection.is_unsure) = (Some(request), !is_heard);
            self.enter_link(ends, request);
        }
    }

    /// A request that this host knows reaches it once more.
    pub(super) fn hears_again(&mut self, ends: Ends) {
        if let Some(connection) = self.connections.get_mut(&ends) {
            connection.heard_again = connection.heard_again.saturating_add(1);
        }
    }

    /// Notes which connection the link of a request belongs to from now on.
    fn enter_link(&mut self, ends: Ends, request: Request) {
        let Request::Rts(link) = request else { return };
        let connections = &self.connections;
        let links = match ends.local.gender() {
            Gender::Send => &mut self.sending,
            Gender::Receive => &mut self.receiving,
        };
        // A link that is in use stays with its connection.
        let holder = links.get(&link).and_then(|holder| connections.get(holder));
        if holder.is_none_or(|holder| holder.memory == Memory::Doubtful) {
            links.insert(link, ends);
        }
    }

    /// This host sends a CLS, for a connection that there is.
    pub(super) fn sends_close(&mut self, now: Instant, ends: Ends) {
        let Some(connection) = self.connections.get_mut(&ends) else { return };
        connection.cls_sent_at = Some(now);
        self.closing_since.get_or_insert(now);
        connection.excuse();
        let next = connection.next;
        if connection.cls_received.is_some() {
            self.remove(ends);
            if let Some(request) = next {
                self.gets_request(now, ends, request, true);
            }
        } else if connection.sent.is_none() {
            // It refuses: the socket is free at once. A request that it has heard twice it may refuse twice.
            match connection.heard_again.checked_sub(1) {
                Some(left) => {
                    (connection.heard_again, connection.cls_sent_at) = (left, None);
                    connection.memory = Memory::Doubtful;
                }
                None => self.remove(ends),
            }
            if self.refused.len() >= MAX_OWN {
                return self.forget_all();
            }
            *self.refused.get_or_insert_with(ends, u32::default) += 1;
        }
    }

    /// A CLS reaches this host.
    pub(super) fn gets_close(&mut self, now: Instant, ends: Ends) {
        if let Some(count) = self.refused.get_mut(&ends) {
            *count -= 1;
            if *count == 0 {
                self.refused.remove(&ends);
            }
            return;
        }
        let Some(connection) = self.connections.get_mut(&ends) else { return };
        connection.cls_received = Some(now);
        if connection.cls_sent() {
            // If it has forgotten the connection, the request that it has received since was a new one, and this CLS wants an
            // answer.
            let may_answer = connection.memory == Memory::Doubtful && connection.received.is_some();
            self.remove(ends);
            if may_answer && self.waiting < MAX_REQUESTS {
                let mut over = Connection::new();
                (over.memory, over.cls_received) = (Memory::Doubtful, Some(now));
                self.connections.insert(ends, over);
                self.waiting += 1;
            }
        }
    }

    fn remove_if(&mut self, ends: Ends, old: impl FnOnce(&Connection) -> bool) -> bool {
        let is_it = self.connections.get(&ends).is_some_and(old);
        if is_it {
            self.remove(ends);
        }
        is_it
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
