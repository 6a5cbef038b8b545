//! Resets (NIC 8246, Reinitialization), and what is forgotten by them and when the own IMP goes down.

use imp1822::{HostAddress, Outage};
use machine::Instant;

use crate::connection::Connection;
use crate::partner::{PartnerEntry, Standing};
use crate::phase::Closing;
use crate::reached::Happening;
use crate::receiving::ReceivePhase;
use crate::sending::SendPhase;
use crate::shared::Shared;
use crate::tables::ImpLine;
use crate::timers::Timer;
use crate::{CloseReason, Command, ConnectionId, Event, Ncp, Output};

impl Connection {
    /// The partner has forgotten its request for this connection, but not ours, which came to it later: a connection that is
    /// open here is over, and our CLS says so.
    fn on_partner_forgot(&mut self, shared: &mut Shared) {
        match self {
            Connection::Receive(receiving) => match &receiving.phase {
                ReceivePhase::Open(open) => {
                    let (closing, link) = (Closing::of_open(open, CloseReason::Reset), open.link);
                    receiving.begin_closing(closing, link, shared);
                }
                ReceivePhase::Listening(_) | ReceivePhase::Requested(..) => {}
                ReceivePhase::Closing(..) | ReceivePhase::Gone(_) => {}
            },
            Connection::Send(sending) => match &sending.phase {
                // Text that is on its way the partner calls unknown, which ends the connection, too.
                SendPhase::Open(_) | SendPhase::Flushing(_)
                    if sending.in_transit(&shared.transit).is_some() => {}
                SendPhase::Open(open) | SendPhase::Flushing(open) => {
                    sending.break_off(*open, CloseReason::Reset, shared);
                }
                SendPhase::Listening(_) | SendPhase::Requested(_) => {}
                // This ends in its own way.
                SendPhase::Answering(_) | SendPhase::Closing(..) | SendPhase::Gone(_) => {}
            },
        }
    }
}

impl Ncp {
    /// Asks a partner to forget all connections, and forgets them here. Does nothing while an earlier RST
    /// is unanswered.
    pub fn reset(&mut self, now: Instant, host: HostAddress) {
        self.shared.now = now;
        self.reset_now(host, CloseReason::Reset);
    }

    /// Resets a partner that may remember an earlier life of this host, before there is anything else to say. Does
    /// nothing if the two are in step. A host may tell all others so when it comes up (NIC 8246, Reinitialization).
    pub fn announce(&mut self, now: Instant, host: HostAddress) {
        self.shared.now = now;
        match self.shared.partners.standing(host) {
            Standing::ResetFirst => self.shared.ask_reset(host),
            Standing::Ready | Standing::AwaitingReply => {}
        }
    }

    /// What [`reset`](Self::reset) does, as part of another input, for this reason.
    pub(crate) fn reset_now(&mut self, host: HostAddress, why: CloseReason) {
        match self.shared.partners.standing(host) {
            Standing::Ready | Standing::ResetFirst => {
                self.purge(host, why);
                self.shared.ask_reset(host);
            }
            Standing::AwaitingReply => {}
        }
    }

    /// RST: forgets everything with the partner and says so. If an RST of ours is unanswered, everything
    /// has been forgotten already, and what is held here is younger.
    pub(crate) fn on_rst(&mut self, host: HostAddress) {
        match self.shared.partners.standing(host) {
            Standing::Ready | Standing::ResetFirst => {
                self.purge(host, CloseReason::Reset);
                self.shared.partners.entry(host).standing = Standing::Ready;
            }
            Standing::AwaitingReply => {}
        }
        self.on_new_life(host);
        // One RRP answers all RSTs (NIC 8246, Reinitialization).
        if self.shared.partners.entry(host).urge(Command::Rrp) {
            self.shared.partners.wake(host);
            self.shared.tell(Event::PartnerReset { host });
        }
    }

    /// RRP: the partner has forgotten everything; commands flow again. If they do already, since it was not waited for any
    /// longer, it still says that what the partner has asked for before means nothing any more. Unasked for, it means
    /// nothing itself.
    pub(crate) fn on_rrp(&mut self, host: HostAddress) {
        let Ncp { connections, requests, shared, .. } = self;
        let partner = shared.partners.entry(host);
        if std::mem::take(&mut partner.reply_is_late) {
            let with_host: Vec<ConnectionId> = partner.connections.keys().copied().collect();
            requests.forget_host(host, shared);
            for id in with_host {
                connections.live(id).on_partner_forgot(shared);
            }
            self.on_new_life(host);
            // It answers the ECO that followed the RST, too (NIC 8246, Test Inquiry).
            self.shared.forget_inquiry(host);
            self.shared.on_inquiry_answered(host);
        }
        let partner = self.shared.partners.entry(host);
        match partner.standing {
            Standing::AwaitingReply => {
                partner.standing = Standing::Ready;
                self.shared.timers.stop(Timer::Reset(host));
                self.shared.partners.wake(host);
                self.on_new_life(host);
            }
            Standing::Ready | Standing::ResetFirst => {}
        }
    }

    /// An RST, or an RRP that was waited for: it may be another program there that answers ECOs from now on, and its host
    /// may have come up only just.
    fn on_new_life(&mut self, host: HostAddress) {
        let now = self.shared.now;
        let partner = self.shared.partners.entry(host);
        (partner.came_up, partner.knows_echo) = (Some(now), false);
        if std::mem::take(&mut partner.ignores_echo) {
            // There is something to ask it again, for whoever waits already.
            self.shared.on_inquiry_answered(host);
        }
    }

    /// No RRP has come: commands flow again. If the RST itself has not even left, because the IMP does not
    /// answer for an earlier control message, the wait begins anew.
    pub(crate) fn on_rst_unanswered(&mut self, host: HostAddress) {
        let partner = self.shared.partners.entry(host);
        if partner.urgent.contains(&Command::Rst) {
            self.shared.await_reply(host);
        } else {
            partner.standing = Standing::Ready;
            partner.reply_is_late = true;
            self.shared.partners.wake(host);
        }
    }

    /// Our RST has not arrived: the tables still differ, and nothing else may be said before another one. It
    /// is sent when there is something to say.
    pub(crate) fn on_rst_lost(&mut self, host: HostAddress) {
        let partner = self.shared.partners.entry(host);
        match partner.standing {
            Standing::AwaitingReply => {
                partner.standing = Standing::ResetFirst;
                let is_held_up = !partner.queue.is_empty();
                self.shared.timers.stop(Timer::Reset(host));
                if is_held_up {
                    self.shared.ask_reset(host);
                }
            }
            Standing::Ready | Standing::ResetFirst => {}
        }
    }

    /// Forgets everything that concerns a host, and nothing else (NIC 8246, Reinitialization).
    pub(crate) fn purge(&mut self, host: HostAddress, reason: CloseReason) {
        let Ncp { connections, requests, shared, .. } = self;
        // There never was anything to know of it.
        let Some(partner) = shared.partners.get_mut(host) else { return };
        partner.queue.clear();
        partner.again = None;
        partner.echoes.clear();
        (partner.awaited_since, partner.asked, partner.asked_again) = (None, None, false);
        shared.timers.stop(Timer::Inquiry(host));
        shared.timers.stop(Timer::Echo(host));
        for refusal in std::mem::take(&mut partner.refusals) {
            shared.timers.stop(Timer::Refusal(host, refusal));
        }
        let with_host = std::mem::take(&mut partner.connections);
        let happening = if let CloseReason::Dead(_) = reason { Happening::Dead } else { Happening::Reset };
        with_host.keys().for_each(|id| shared.reached.mark(connections.live(*id).row(), happening));
        shared.transit.forget_commands(host);
        shared.partners.wake_held_up();
        requests.forget_host(host, shared);
        with_host.keys().for_each(|id| connections.finish(*id, reason, shared));
    }

    /// The IMP went down, or forgot everything: so does the NCP. Partners with which anything was open, queued
    /// or unanswered are told by an RST when there is next something to tell them.
    pub(crate) fn on_imp_down(&mut self, outage: Outage) {
        let Ncp { line, connections, requests, shared } = self;
        *line = ImpLine::Down;
        shared.out.retain(|output| !matches!(output, Output::Send(_)));
        let Shared { partners, transit, .. } = shared;
        partners.forget_all(|host, partner: &PartnerEntry| {
            let is_settled = partner.is_settled()
                && requests.count(host) == 0
                && transit.control(host).is_none_or(|message| message.commands.is_empty());
            match partner.standing {
                Standing::Ready if is_settled => Standing::Ready,
                Standing::Ready | Standing::ResetFirst | Standing::AwaitingReply => Standing::ResetFirst,
            }
        });
        requests.clear();
        let live: Vec<ConnectionId> = connections.in_order().map(|(id, _)| id).collect();
        for id in live {
            shared.reached.mark(connections.live(id).row(), Happening::Outage);
            connections.finish(id, CloseReason::Outage(outage), shared);
        }
        shared.transit.clear();
        shared.timers.clear();
    }
}
