//! What the IMP says about the messages that it was given, and what follows for connections; and resets,
//! which forget as much.

use std::collections::BTreeSet;

use imp1822::{Dead, HostAddress, Incomplete, Link};
use machine::Instant;

use crate::connection::{Connection, Flow, Phase};
use crate::ncp::{Line, RESET_PATIENCE, STRANGERS_PATIENCE, Timer};
use crate::partner::{MOST_TRIES, Outstanding, PartnerEntry, Standing};
use crate::patience::Patience;
use crate::{Command, ConnectionId, Event, Gone, Ncp, Output, Socket};

impl Ncp {
    /// The control message that has an answer now.
    fn take_outstanding(&mut self, host: HostAddress) -> Option<Outstanding> {
        let message = self.known(host)?.outstanding.take()?;
        self.patience.answered();
        Some(message)
    }

    /// The IMP has answered for a control message: it has arrived, or never will.
    fn control_answered(&mut self, host: HostAddress) {
        if let Some(message) = self.take_outstanding(host)
            && let Some(partner) = self.known(host)
        {
            partner.done_with(message);
        }
    }

    /// The IMP has answered for the text on a link: whose it was, and who uses the link now. `None` if nothing was in
    /// transit.
    fn text_answered(
        &mut self,
        host: HostAddress,
        link: Link,
    ) -> Option<(ConnectionId, Option<ConnectionId>)> {
        let settled = self.known(host)?.settle(link)?;
        self.patience.answered();
        Some(settled)
    }

    /// RFNM: the message on the link has arrived, and the next may go.
    pub(crate) fn arrived(&mut self, now: Instant, host: HostAddress, link: Link) {
        if self.known(host).is_none() {
            return;
        }
        if link == Link::CONTROL {
            self.control_answered(host);
            self.wake(now, host);
        } else if let Some((owner, user)) = self.text_answered(host, link) {
            if user == Some(owner) {
                self.message_arrived(now, owner);
            } else if let Some(user) = user {
                // The link was held up by a message of an earlier connection.
                self.transmit(now, user);
            }
        }
    }

    fn message_arrived(&mut self, now: Instant, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Flow::Send(sender) = &mut connection.flow else { return };
        sender.in_transit = None;
        let all = sender.outstanding() == 0;
        match connection.phase {
            Phase::Open { .. } => {
                if all {
                    sender.starved = false;
                    self.tell(id, Event::Writable { id });
                }
                self.transmit(now, id);
            }
            // The text gets on: patience begins anew.
            Phase::Flushing { foreign, link, .. } => {
                let until = now + self.policy.close_patience;
                self.enter(id, Phase::Flushing { foreign, link, until });
                if all {
                    self.tell(id, Event::Writable { id });
                }
                self.transmit(now, id);
            }
            // Nothing is in transit any more: the partner's CLS may be answered. It was sent before the text of
            // this message arrived.
            Phase::Answering { .. } => self.answer_close(now, id, Gone::Lost),
            // Our CLS has been sent already, because the answer took too long.
            Phase::Closing { .. } => {}
            // In these nothing is ever in transit.
            Phase::Listening { .. } | Phase::Requested { .. } | Phase::Gone { .. } => {}
        }
    }

    /// Type 7: everything with a dead host is over. It may be alive and only out of reach, and then it still
    /// believes in what is forgotten here: an RST tells it so before it hears anything else. Of a request that
    /// has not arrived it knows nothing.
    pub(crate) fn partner_dead(&mut self, host: HostAddress, link: Link, why: Dead) {
        let remembered = self.may_be_remembered(host, link);
        if link == Link::CONTROL {
            self.control_answered(host);
        } else {
            self.text_answered(host, link);
        }
        let Some(partner) = self.known(host) else { return };
        partner.urgent.clear();
        let before = partner.standing;
        partner.standing = match before {
            Standing::Ready if !remembered => Standing::Ready,
            Standing::Ready | Standing::ResetFirst | Standing::AwaitingReply { .. } => Standing::ResetFirst,
        };
        // It answers an RST too (NIC 8246, Reinitialization), which has achieved nothing.
        if let Standing::AwaitingReply { until } = before {
            self.timers.remove(&(until, Timer::Reset(host)));
        }
        self.purge(host, Gone::Dead(why));
    }

    /// Whether a partner that is dead to the message on `link` may know of something that this host is about to
    /// forget. What the message asks for, and what waits behind it, it has not heard of.
    fn may_be_remembered(&self, host: HostAddress, link: Link) -> bool {
        let Some(partner) = self.partners[usize::from(host.number())].as_deref() else { return false };
        let in_transit = partner.outstanding.iter().flat_map(|message| &message.commands);
        let waiting = partner.again.iter().flat_map(|message| &message.commands).chain(&partner.queue);
        let mut commands = in_transit.clone().chain(waiting.clone());
        // The partner waits for each CLS that it has not heard, whatever became of the connection here.
        if commands.any(|command| matches!(command, Command::Cls { .. }))
            || partner.queued > 0
            || !partner.refusals.is_empty()
        {
            return true;
        }
        let unheard = in_transit.filter(|_| link == Link::CONTROL).chain(waiting);
        let requests: BTreeSet<(Socket, Socket)> = unheard.filter_map(|command| command.requests()).collect();
        let is_unheard = |connection: &Connection| match connection.phase {
            Phase::Requested { foreign, .. } => requests.contains(&(connection.local, foreign.socket)),
            Phase::Listening { .. } | Phase::Open { .. } | Phase::Flushing { .. } => false,
            Phase::Answering { .. } | Phase::Closing { .. } | Phase::Gone { .. } => false,
        };
        let mut connections = partner.connections.iter().filter_map(|id| self.connections.get(id));
        connections.any(|connection| !is_unheard(connection))
    }

    /// Type 8: the message was damaged on its way into the IMP and went no further.
    pub(crate) fn not_delivered(&mut self, now: Instant, host: HostAddress, link: Link) {
        if link == Link::CONTROL {
            self.try_again(now, host);
        } else {
            self.text_again(now, host, link);
        }
    }

    /// Type 9: the message did not arrive, or nobody knows whether it did.
    ///
    /// A message that cannot have arrived is sent again (RFC 394, 2). One that may have arrived cannot, because
    /// it would count twice. Text breaks its connection then. After commands the tables of both hosts may
    /// differ, and a reset is what NIC 8246, Reinitialization, offers.
    pub(crate) fn incomplete(&mut self, now: Instant, host: HostAddress, link: Link, why: Incomplete) {
        if link != Link::CONTROL {
            return match why {
                Incomplete::TooSlow | Incomplete::NoResources => self.text_again(now, host, link),
                Incomplete::TooLong | Incomplete::HostTardy => self.message_lost(now, host, link),
                Incomplete::Lost | Incomplete::Unknown(_) => self.message_lost(now, host, link),
            };
        }
        match why {
            Incomplete::TooLong | Incomplete::TooSlow | Incomplete::NoResources => self.try_again(now, host),
            Incomplete::HostTardy | Incomplete::Lost | Incomplete::Unknown(_) => {
                let Some(lost) = self.take_outstanding(host) else { return };
                self.wake(now, host);
                if lost.commands.contains(&Command::Rst) {
                    self.reset_lost(now, host);
                } else if !lost.commands.is_empty() {
                    self.reset(now, host);
                }
                // A message whose commands were forgotten meanwhile is no loss.
            }
        }
    }

    fn try_again(&mut self, now: Instant, host: HostAddress) {
        let Some(message) = self.take_outstanding(host) else { return };
        self.wake(now, host);
        if message.commands.is_empty() {
            // They were forgotten meanwhile.
        } else if message.tries < MOST_TRIES {
            self.partner(host).again = Some(message);
        } else {
            self.reset(now, host);
        }
    }

    /// Sends text that did not arrive once more, as it was: it has its allocation already, and nothing else has
    /// gone over the link since. Text whose connection is over, or that the partner's CLS forbids, nobody wants;
    /// then, and after too many tries, it is lost.
    fn text_again(&mut self, now: Instant, host: HostAddress, link: Link) {
        let due = self.text_due(now);
        let Some(partner) = self.partners[usize::from(host.number())].as_deref_mut() else { return };
        let Some(entry) = partner.sending.get_mut(&link) else { return };
        let user = entry.connection;
        let phase = user.and_then(|id| self.connections.get(&id)).map(|connection| connection.phase);
        let is_wanted = matches!(phase, Some(Phase::Open { .. } | Phase::Flushing { .. }));
        match &mut entry.in_transit {
            Some(text) if is_wanted && user == Some(text.owner) && text.tries < MOST_TRIES => {
                (text.tries, text.since, text.due) = (text.tries + 1, now, due);
                self.out.push_back(Output::Send(text.message.clone()));
            }
            Some(_) | None => self.message_lost(now, host, link),
        }
    }

    /// The message on a link is lost, and the link free for the next.
    pub(crate) fn message_lost(&mut self, now: Instant, host: HostAddress, link: Link) {
        let Some((owner, user)) = self.text_answered(host, link) else { return };
        if user == Some(owner) {
            self.text_lost(now, owner);
        } else if let Some(user) = user {
            self.transmit(now, user);
        }
    }

    /// Text is missing, so that the connection is worth nothing to its reader: breaks it.
    pub(crate) fn text_lost(&mut self, now: Instant, owner: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&owner) else { return };
        if let Flow::Send(sender) = &mut connection.flow {
            sender.in_transit = None;
        }
        match connection.phase {
            Phase::Open { .. } | Phase::Flushing { .. } => self.begin_closing(now, owner, Gone::Lost),
            Phase::Answering { .. } => self.answer_close(now, owner, Gone::Lost),
            Phase::Closing { .. } => {}
            Phase::Listening { .. } | Phase::Requested { .. } | Phase::Gone { .. } => {}
        }
    }

    /// The IMP went down, or forgot everything: so does the NCP. Partners with whom anything was open, queued
    /// or unanswered are told by an RST when there is next something to tell them.
    pub(crate) fn line_down(&mut self) {
        self.line = Line::Down;
        self.out.retain(|output| !matches!(output, Output::Send(_)));
        for entry in self.partners.iter_mut().flatten() {
            let standing = match entry.standing {
                Standing::Ready if entry.is_settled() => Standing::Ready,
                Standing::Ready | Standing::ResetFirst => Standing::ResetFirst,
                Standing::AwaitingReply { .. } => Standing::ResetFirst,
            };
            **entry = PartnerEntry::new(standing);
        }
        self.requests.clear();
        self.waiting.clear();
        let live: Vec<ConnectionId> = self.sockets.values().copied().collect();
        live.into_iter().for_each(|id| self.finish(id, Gone::ImpDown));
        self.patience = Patience::default();
        self.timers.clear();
    }

    /// Forgets everything that concerns a host, and nothing else (NIC 8246, Reinitialization).
    pub(crate) fn purge(&mut self, host: HostAddress, why: Gone) {
        let Some(partner) = self.known(host) else { return };
        partner.queue.clear();
        partner.again = None;
        partner.echoes.clear();
        // The answer of the IMP is still to come, but these commands are not to be sent again.
        if let Some(message) = &mut partner.outstanding {
            message.commands.clear();
        }
        let queued = partner.queued;
        let refusals = std::mem::take(&mut partner.refusals);
        let connections = std::mem::take(&mut partner.connections);
        for (refusal, until) in refusals {
            self.timers.remove(&(until, Timer::Refusal(host, refusal)));
        }
        let theirs = |request: &&(Socket, u64)| self.requests[*request].foreign.host == host;
        let requests: Vec<(Socket, u64)> =
            self.requests.keys().filter(theirs).take(queued).copied().collect();
        for key in requests {
            self.take_request(key);
        }
        connections.into_iter().for_each(|id| self.finish(id, why));
    }

    /// Asks a partner to forget all connections, and forgets them here. Does nothing while an earlier RST
    /// is unanswered.
    pub fn reset(&mut self, now: Instant, host: HostAddress) {
        match self.partner(host).standing {
            Standing::Ready | Standing::ResetFirst => {
                self.purge(host, Gone::Reset);
                self.ask_reset(now, host);
            }
            Standing::AwaitingReply { .. } => {}
        }
    }

    /// Resets a partner that may remember an earlier life of this host, before there is anything else to say. Does
    /// nothing if the two are in step. A host may tell everybody so when it comes up (NIC 8246, Reinitialization).
    pub fn announce(&mut self, now: Instant, host: HostAddress) {
        match self.partner(host).standing {
            Standing::ResetFirst => self.ask_reset(now, host),
            Standing::Ready | Standing::AwaitingReply { .. } => {}
        }
    }

    /// Sends an RST and holds everything else until it is answered.
    pub(crate) fn ask_reset(&mut self, now: Instant, host: HostAddress) {
        let until = now + self.company.patience(RESET_PATIENCE, STRANGERS_PATIENCE);
        let partner = self.partner(host);
        partner.standing = Standing::AwaitingReply { until };
        partner.urge(Command::Rst);
        self.timers.insert((until, Timer::Reset(host)));
        self.wake(now, host);
    }

    /// No RRP has come: commands flow again. If the RST itself has not even left, because the IMP does not
    /// answer for an earlier control message, the wait begins anew.
    pub(crate) fn reset_unanswered(&mut self, now: Instant, host: HostAddress) {
        let partner = self.partner(host);
        if partner.urgent.contains(&Command::Rst) {
            let until = now + RESET_PATIENCE;
            partner.standing = Standing::AwaitingReply { until };
            self.timers.insert((until, Timer::Reset(host)));
        } else {
            partner.standing = Standing::Ready;
            self.wake(now, host);
        }
    }

    /// Our RST has not arrived: the tables still differ, and nothing else may be said before another one. It
    /// is sent when there is something to say.
    fn reset_lost(&mut self, now: Instant, host: HostAddress) {
        let partner = self.partner(host);
        if let Standing::AwaitingReply { until } = partner.standing {
            partner.standing = Standing::ResetFirst;
            let held = !partner.queue.is_empty();
            self.timers.remove(&(until, Timer::Reset(host)));
            if held {
                self.ask_reset(now, host);
            }
        }
    }

    /// RRP: the partner has forgotten everything; commands flow again. Unasked for, it means nothing.
    pub(crate) fn reset_answered(&mut self, now: Instant, host: HostAddress) {
        let partner = self.partner(host);
        if let Standing::AwaitingReply { until } = partner.standing {
            partner.standing = Standing::Ready;
            self.timers.remove(&(until, Timer::Reset(host)));
            self.wake(now, host);
        }
    }

    /// RST: forgets everything with the partner and says so. If an RST of ours is unanswered, everything
    /// has been forgotten already, and what is held here is younger.
    pub(crate) fn reset_asked(&mut self, now: Instant, host: HostAddress) {
        match self.partner(host).standing {
            Standing::Ready | Standing::ResetFirst => {
                self.purge(host, Gone::Reset);
                self.partner(host).standing = Standing::Ready;
            }
            Standing::AwaitingReply { .. } => {}
        }
        // One RRP answers all RSTs (NIC 8246, Reinitialization).
        if self.partner(host).urge(Command::Rrp) {
            self.wake(now, host);
            self.out.push_back(Output::Event(Event::PartnerReset { host }));
        }
    }
}
