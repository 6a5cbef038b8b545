//! What an NCP finds out by asking: whether a partner is there that keeps a program waiting and says nothing (NIC 8246, Test
//! Inquiry), and which destination is dead when the IMP does not say which.
//!
//! Who is asked is left alone as long as it says anything. An RFNM is no sign of life: it says that a host's interface took
//! the message, or in the case of a datagram that somebody would have. A partner that speaks and leaves the ECO unanswered is
//! asked once more, since an ERP may get lost. If it leaves that unanswered, too, it does not know the command; it is not
//! asked again, and never called dead for it. But one that has answered before knows the command, and is asked anew when it
//! falls silent: if it has died since it spoke, that is found out in the usual time. Not called dead, either, is one of which nothing can have been heard yet, because it or this host
//! has only just come up.

use imp1822::HostAddress;
use machine::{Instant, Span};

use crate::connection::Connection;
use crate::partner::{Asker, ECHO_OF_NCP, Echo, PartnerEntry, Standing};
use crate::receiving::ReceivePhase;
use crate::sending::SendPhase;
use crate::shared::Shared;
use crate::timers::Timer;
use crate::transit::Transit;
use crate::{CloseReason, Inquiry, Ncp};

/// A host is to answer an ECO "quickly" (NIC 8246, Test Inquiry). What it says later than this after it was asked it has
/// said in spite of the question.
const QUICKLY: Span = Span::from_secs(2);

/// For 30 seconds after a host has come up, its IMP takes no more than a packet from it (RFC 271). What it has to say then
/// takes a moment more.
const COMING_UP: Span = Span::from_secs(31);

impl Connection {
    /// Whether a program waits for the partner to do something.
    fn waits(&self, transit: &Transit) -> bool {
        let local = self.local();
        let is_due = match self {
            Connection::Receive(receiving) => match receiving.phase {
                ReceivePhase::Requested(..) | ReceivePhase::Closing(..) => true,
                ReceivePhase::Open(_) => local.expects,
                ReceivePhase::Listening(_) | ReceivePhase::Gone(_) => false,
            },
            Connection::Send(sending) => match sending.phase {
                SendPhase::Requested(_) | SendPhase::Closing(..) => true,
                SendPhase::Open(_) | SendPhase::Flushing(_) => sending.outstanding(transit) > 0,
                SendPhase::Answering(_) => true,
                SendPhase::Listening(_) | SendPhase::Gone(_) => false,
            },
        };
        is_due && local.is_held()
    }
}

/// When it is time to ask a partner that has been awaited since `since`, or to give it up. `came_up`: when this host did.
fn due(partner: &PartnerEntry, inquiry: Inquiry, since: Instant, came_up: Option<Instant>) -> Instant {
    let Inquiry { silence, patience } = inquiry;
    let last = match partner.asked {
        None => return since.max(partner.heard) + silence,
        Some(_) if partner.has_lost_answer() => return since.max(partner.heard) + silence,
        // Whoever asked: a question of an earlier wait counts, unless its time was over when this wait began.
        Some(asked) if since < asked + patience => partner.heard.max(asked),
        Some(_) => partner.heard.max(since),
    };
    let can_speak = partner.came_up.max(came_up).map_or(last, |came_up| came_up + COMING_UP);
    can_speak.max(last + patience)
}

impl PartnerEntry {
    /// Whether the answer to a question is lost, and not only late: it has spoken in spite of the question, and knows it.
    fn has_lost_answer(&self) -> bool {
        self.knows_echo && self.asked.is_some_and(|asked| self.heard >= asked + QUICKLY)
    }
}

impl Shared {
    /// A partner has said something, whatever it is.
    pub(crate) fn on_heard(&mut self, host: HostAddress) {
        let now = self.now;
        let partner = self.partners.entry(host);
        partner.heard = now;
        if let Some(Inquiry { silence, .. }) = self.policy.inquiry
            && partner.awaited_since.is_some()
            && partner.has_lost_answer()
        {
            self.timers.set(Timer::Inquiry(host), now + silence);
        }
    }
}

impl Ncp {
    /// Finds out for which partners programs have begun to wait since the last time, or have ceased to.
    pub(crate) fn settle_waits(&mut self) {
        let Some(inquiry) = self.shared.policy.inquiry else { return };
        while let Some(host) = self.shared.stirred.pop_first() {
            let is_awaited = self.is_awaited(host);
            let shared = &mut self.shared;
            let Some(partner) = shared.partners.get_mut(host) else { continue };
            match partner.awaited_since {
                None if is_awaited => {
                    partner.awaited_since = Some(shared.now);
                    let due = due(partner, inquiry, shared.now, shared.came_up);
                    shared.timers.set(Timer::Inquiry(host), due);
                }
                Some(_) if !is_awaited => {
                    partner.awaited_since = None;
                    shared.timers.stop(Timer::Inquiry(host));
                }
                None | Some(_) => {}
            }
        }
    }

    fn is_awaited(&self, host: HostAddress) -> bool {
        let Some(partner) = self.shared.partners.get(host) else { return false };
        let mut connections = partner.connections.keys().filter_map(|id| self.connections.get(*id));
        connections.any(|connection| connection.waits(&self.shared.transit))
    }

    /// It is time to look whether a partner for which programs wait has said something: asks it, or gives it up.
    pub(crate) fn inquire(&mut self, host: HostAddress) {
        let shared = &mut self.shared;
        let (Some(inquiry), now) = (shared.policy.inquiry, shared.now) else { return };
        let Some(partner) = shared.partners.get_mut(host) else { return };
        let Some(since) = partner.awaited_since else { return };
        let due = due(partner, inquiry, since, shared.came_up);
        if partner.ignores_echo {
            // There is nothing to ask it.
        } else if due > now {
            shared.timers.set(Timer::Inquiry(host), due);
        } else if partner.has_lost_answer() {
            if shared.transit.control(host).is_none() {
                partner.asked = Some(now);
                shared.next_echo(host);
            }
            shared.timers.set(Timer::Inquiry(host), now + inquiry.patience);
        } else if let Some(asked) = partner.asked {
            // If it has spoken, it is for the time of the ECO to end.
            if partner.heard < asked + QUICKLY {
                let is_imp_silent = shared.imp_heard < asked;
                self.give_up_silent(
                    host,
                    if is_imp_silent { CloseReason::ImpSilent } else { CloseReason::Silent },
                );
            }
        } else {
            self.ask(host);
            self.shared.timers.set(Timer::Inquiry(host), now + inquiry.patience);
        }
    }

    /// Asks a host whether it is there, unless it has been asked already.
    fn ask(&mut self, host: HostAddress) {
        let shared = &mut self.shared;
        let partner = shared.partners.entry(host);
        if partner.asked.is_some() {
            return;
        }
        // A program may have asked the same; no two ECOs are unanswered at a time.
        if partner.echoes.is_empty() {
            partner.echoes.push_back(Echo { data: ECHO_OF_NCP, asker: Asker::Ncp });
            shared.next_echo(host);
        }
        let partner = shared.partners.entry(host);
        partner.asked = Some(partner.echoed);
    }

    /// No ERP has come. It cannot before the ECO has left. A partner that has spoken is asked once more, or does not know the
    /// question; what it has said in spite of it counts from the first time. Of one that is silent those find out who wait
    /// for it. If nobody does, the ECO or its answer is lost, and the next may go.
    pub(crate) fn on_echo_unanswered(&mut self, host: HostAddress) {
        let shared = &mut self.shared;
        let is_on_its_way = shared.transit.control(host).is_some();
        let may_ask = shared.policy.inquiry.is_some();
        let Some(partner) = shared.partners.get_mut(host) else { return };
        let first = partner.asked.unwrap_or(partner.echoed);
        let has_spoken = partner.heard >= first + QUICKLY;
        if is_on_its_way || !partner.awaits_echo() {
            shared.await_echo(host);
        } else if partner.ignores_echo || !may_ask {
            shared.forget_inquiry(host);
        } else if partner.knows_echo && partner.awaited_since.is_some() {
            shared.await_echo(host);
        } else if has_spoken && partner.asked_again {
            partner.ignores_echo = true;
            shared.forget_inquiry(host);
        } else if has_spoken {
            (partner.asked, partner.asked_again) = (Some(first), true);
            shared.next_echo(host);
        } else if partner.asked.is_some() && partner.awaited_since.is_some() {
            shared.await_echo(host);
        } else {
            shared.forget_inquiry(host);
        }
    }

    /// A partner that was asked has said nothing: everything with it is over. If it is alive after all, an RST tells it, as
    /// soon as the IMP has answered for the question, or has had its time.
    fn give_up_silent(&mut self, host: HostAddress, reason: CloseReason) {
        self.purge(host, reason);
        match self.shared.partners.standing(host) {
            Standing::Ready | Standing::ResetFirst => self.shared.ask_reset(host),
            Standing::AwaitingReply => {}
        }
        self.shared.partners.wake(host);
    }

    /// The IMP says that a destination is dead, of a message that was never sent. The IMP program of 1973 does so when
    /// another IMP dies on which a message of several packets is under way: it names no host that could be. Each host is
    /// asked for whose message an answer is due; the IMP answers for the question by name.
    pub(crate) fn on_somebody_dead(&mut self) {
        for host in self.shared.transit.destinations() {
            self.ask(host);
        }
    }
}
