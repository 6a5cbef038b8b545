//! What the IMP says about the messages that it was given, or does not say, and what follows for connections.

use std::collections::BTreeSet;

use imp1822::{Dead, FromImp, HostAddress, Incomplete, Link};
use machine::Instant;

use crate::connection::Connection;
use crate::partner::Standing;
use crate::reached::Happening;
use crate::timers::Timer;
use crate::transit::MOST_TRIES;
use crate::{CloseReason, Command, ConnectionId, Loss, Ncp, Socket};

/// What became of a message with text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrived,
    Lost(Loss),
}

impl Fate {
    fn happening(self) -> Happening {
        match self {
            Fate::Arrived => Happening::Rfnm,
            Fate::Lost(_) => Happening::Incomplete,
        }
    }
}

/// Whether a partner has heard a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HasHeard {
    No,
    Perhaps,
}

impl Ncp {
    /// The host's own interface takes messages again: whatever waited may go.
    pub(crate) fn on_interface_going_on(&mut self) {
        let Ncp { connections, shared, .. } = self;
        shared.is_stuck = false;
        shared.partners.wake_all();
        let ids: Vec<ConnectionId> = connections.in_order().map(|(id, _)| id).collect();
        for id in ids {
            if let Connection::Send(sending) = connections.live(id) {
                sending.transmit(shared);
            }
        }
    }

    /// RFNM: the message on the link has arrived, and the next may go.
    pub(crate) fn on_rfnm(&mut self, host: HostAddress, link: Link) {
        self.shared.stir(host);
        if link == Link::CONTROL {
            self.take_control(host);
        } else {
            self.take_text(host, link, Fate::Arrived);
        }
    }

    /// The IMP has answered for a control message: it has arrived, or never will. The next may go.
    fn take_control(&mut self, host: HostAddress) {
        let shared = &mut self.shared;
        // There never was anything to say to it.
        let Some(partner) = shared.partners.get_mut(host) else { return };
        if let Some(message) = shared.transit.take_control(host) {
            partner.done_with(message);
        }
        if partner.has_more_to_say() {
            shared.partners.wake(host);
        }
    }

    /// The text on a link has arrived or is lost, if any was in transit; the next may go.
    fn take_text(&mut self, host: HostAddress, link: Link, fate: Fate) {
        let Ncp { connections, shared, .. } = self;
        let Some(text) = shared.transit.take_text(host, link) else { return };
        // The connection that it belonged to is over, and no other uses its link.
        let Some(user) = shared.partners.entry(host).sending.get(&link).copied() else { return };
        let sending = connections.sending(user);
        if text.owner == Some(user) {
            shared.reached.mark(sending.row(), fate.happening());
            let next = match fate {
                Fate::Arrived => sending.on_arrived(shared),
                Fate::Lost(loss) => sending.on_lost(loss, shared),
            };
            connections.settle(user, next, shared);
        } else {
            // The link was held up by a message of an earlier connection.
            sending.transmit(shared);
        }
    }

    /// Type 7: the message on the link has not arrived, since its host or IMP is dead.
    pub(crate) fn on_destination_dead(&mut self, host: HostAddress, link: Link, why: Dead) {
        if !self.shared.transit.is_awaited(host, link) && !self.has_connections(host) {
            return self.on_somebody_dead();
        }
        let has_heard = if link == Link::CONTROL { HasHeard::No } else { HasHeard::Perhaps };
        let may_remember = self.may_be_remembered(host, has_heard);
        let shared = &mut self.shared;
        if link != Link::CONTROL {
            shared.transit.take_text(host, link);
        } else if let Some(message) = shared.transit.take_control(host)
            && let Some(partner) = shared.partners.get_mut(host)
        {
            partner.done_with(message);
        }
        self.forget_dead(host, may_remember, why);
        if why == Dead::Imp {
            self.on_imp_dead(host.imp());
        }
    }

    /// Everything with a dead host is over. It may be alive and only out of reach, and then it still believes in what is
    /// forgotten here: an RST tells it so before it hears anything else. Of a request that has not arrived it knows nothing.
    fn forget_dead(&mut self, host: HostAddress, may_remember: bool, why: Dead) {
        let shared = &mut self.shared;
        // There never was anything to know of it.
        let Some(partner) = shared.partners.get_mut(host) else { return };
        partner.urgent.clear();
        partner.standing = match partner.standing {
            Standing::Ready if !may_remember => Standing::Ready,
            Standing::Ready | Standing::ResetFirst | Standing::AwaitingReply => Standing::ResetFirst,
        };
        // It answers an RST too (NIC 8246, Reinitialization), which has achieved nothing.
        shared.timers.stop(Timer::Reset(host));
        self.purge(host, CloseReason::Dead(why));
    }

    /// An IMP is dead or out of reach (RFC 381, type 7, bit 32 zero), and with it all its hosts, whatever message or whose
    /// brought that to light. Their own messages in transit still have their own answers, as a rule. That the own IMP is
    /// out of reach it cannot say itself.
    pub(crate) fn on_imp_dead(&mut self, imp: u8) {
        if imp == self.shared.address.imp() {
            return;
        }
        let partners = self.shared.partners.iter();
        let there: Vec<_> = partners.map(|(host, _)| host).filter(|host| host.imp() == imp).collect();
        for host in there {
            if self.has_connections(host) {
                let may_remember = self.may_be_remembered(host, HasHeard::Perhaps);
                self.forget_dead(host, may_remember, Dead::Imp);
            }
        }
    }

    fn has_connections(&self, host: HostAddress) -> bool {
        self.shared.partners.get(host).is_some_and(|partner| !partner.connections.is_empty())
    }

    /// Whether a partner that is dead may know of something that this host is about to forget. `has_heard`: what it has
    /// heard of the control message in transit. What waits behind that it has not heard of.
    fn may_be_remembered(&self, host: HostAddress, has_heard: HasHeard) -> bool {
        let Some(partner) = self.shared.partners.get(host) else { return false };
        let in_transit = self.shared.transit.control(host).into_iter().flat_map(|message| &message.commands);
        let waiting = partner.again.iter().flat_map(|message| &message.commands).chain(partner.unsaid());
        let mut commands = in_transit.clone().chain(waiting.clone());
        // The partner waits for each CLS that it has not heard, whatever became of the connection here.
        if commands.any(|command| matches!(command, Command::Cls { .. }))
            || self.requests.count(host) > 0
            || !partner.refusals.is_empty()
        {
            return true;
        }
        let unheard = in_transit.filter(|_| has_heard == HasHeard::No).chain(waiting);
        let unheard: BTreeSet<(Socket, Socket)> = unheard.filter_map(|command| command.requests()).collect();
        let is_unheard = |connection: &Connection| {
            connection.requested().is_some_and(|sockets| unheard.contains(&sockets))
        };
        let mut connections = partner.connections.keys().filter_map(|id| self.connections.get(*id));
        connections.any(|connection| !is_unheard(connection))
    }

    /// Type 8: the message was damaged on its way into the IMP and went no further.
    pub(crate) fn on_not_delivered(&mut self, host: HostAddress, link: Link) {
        if link == Link::CONTROL {
            self.try_commands_again(host, Loss::Damaged);
        } else {
            self.try_text_again(host, link, Loss::Damaged);
        }
    }

    /// Type 9: the message did not arrive, or it is not known whether it did.
    ///
    /// A message that cannot have arrived is sent again (RFC 394, 2). One that may have arrived cannot, because
    /// it would count twice. Text breaks its connection then. After commands the tables of both hosts may
    /// differ, and a reset is what NIC 8246, Reinitialization, offers.
    pub(crate) fn on_incomplete(&mut self, host: HostAddress, link: Link, why: Incomplete) {
        let (is_control, loss) = (link == Link::CONTROL, Loss::Incomplete(why));
        match why {
            Incomplete::TooSlow | Incomplete::NoResources if is_control => {
                self.try_commands_again(host, loss);
            }
            Incomplete::TooSlow | Incomplete::NoResources => self.try_text_again(host, link, loss),
            Incomplete::TooLong if is_control => self.try_commands_again(host, loss),
            Incomplete::HostTardy | Incomplete::Lost | Incomplete::Unknown(_) if is_control => {
                self.on_commands_lost(host, loss);
            }
            Incomplete::TooLong | Incomplete::HostTardy | Incomplete::Lost | Incomplete::Unknown(_) => {
                self.take_text(host, link, Fate::Lost(loss));
            }
        }
    }

    /// A control message may have arrived or not. One whose commands were forgotten meanwhile is no loss.
    fn on_commands_lost(&mut self, host: HostAddress, loss: Loss) {
        let Some(lost) = self.shared.transit.take_control(host) else { return };
        self.shared.partners.wake(host);
        if lost.commands.contains(&Command::Rst) {
            self.on_rst_lost(host);
        } else if !lost.commands.is_empty() {
            self.reset_now(host, CloseReason::OutOfStep(loss));
        }
    }

    /// A control message has not arrived.
    fn try_commands_again(&mut self, host: HostAddress, loss: Loss) {
        let Some(message) = self.shared.transit.take_control(host) else { return };
        self.shared.partners.wake(host);
        if message.commands.is_empty() {
            // They were forgotten meanwhile.
        } else if message.tries < MOST_TRIES {
            self.shared.partners.entry(host).again = Some(message);
        } else {
            self.reset_now(host, CloseReason::OutOfStep(loss));
        }
    }

    /// Text has not arrived. It is sent again if its connection still wants that; otherwise it is lost.
    fn try_text_again(&mut self, host: HostAddress, link: Link, loss: Loss) {
        let Ncp { connections, shared, .. } = self;
        let user = shared.partners.get(host).and_then(|partner| partner.sending.get(&link)).copied();
        let is_sent = user.is_some_and(|user| {
            let sending = connections.sending(user);
            if sending.in_transit(&shared.transit).is_some() {
                shared.reached.mark(sending.row(), Happening::NoResources);
            }
            sending.try_again(shared)
        });
        if !is_sent {
            self.take_text(host, link, Fate::Lost(loss));
        }
    }

    /// Treats as lost what has had no answer for too long, and finds out what is due next.
    pub(crate) fn give_up_late(&mut self, now: Instant) {
        for (host, link) in self.shared.transit.late(now) {
            if link == Link::CONTROL {
                // An answer that comes after all is taken for that of the RST that follows, before the partner's RRP lets
                // anything else go.
                self.on_commands_lost(host, Loss::Unanswered);
            } else {
                self.give_up_text(host, link);
            }
        }
        self.shared.transit.find_next(now);
    }

    /// Text has had no answer for too long. A connection that still waits for it is broken off; the link is held for a
    /// while, in case the answer still comes.
    fn give_up_text(&mut self, host: HostAddress, link: Link) {
        let Ncp { connections, shared, .. } = self;
        let owner = shared.transit.text(host, link).and_then(|text| text.owner);
        match owner.filter(|owner| connections.awaits_text(*owner)) {
            Some(owner) => {
                shared.transit.disown(host, link);
                let next = connections.sending(owner).on_lost(Loss::Unanswered, shared);
                connections.settle(owner, next, shared);
                shared.transit.let_go(shared.now, host, link);
            }
            None => self.take_text(host, link, Fate::Lost(Loss::Unanswered)),
        }
    }

    /// Hears what the IMP says about a message of ours.
    pub(crate) fn on_answer(&mut self, answer: FromImp) {
        match answer {
            FromImp::Rfnm { to, link } => self.on_rfnm(to, link),
            FromImp::DestinationDead { to, link, why } => self.on_destination_dead(to, link, why),
            // The message was none of ours, but the IMP's word is good for its hosts. That a program of an IMP is dead says
            // nothing of them.
            FromImp::FakeHostDead { to, why: Dead::Imp, .. } => self.on_imp_dead(to.imp()),
            FromImp::FakeHostDead { why: Dead::Host, .. } => {}
            FromImp::ErrorInData { to, link } => self.on_not_delivered(to, link),
            FromImp::Incomplete { to, link, why } => self.on_incomplete(to, link, why),
            FromImp::ErrorInLeader { .. } => self.shared.transit.leader_unread(self.shared.now),
            // These name no message of ours, or concern the interface alone.
            FromImp::Regular { .. } | FromImp::GoingDown(_) | FromImp::Nop => {}
            // The programs of an IMP do not speak the hosts' protocol.
            FromImp::FakeHost { .. } => {}
            FromImp::InterfaceReset | FromImp::Unknown(_) => {}
        }
    }
}
