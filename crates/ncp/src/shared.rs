//! What the connections of an NCP share: the time, the partners and what is said to them, what is in transit, the
//! deadlines, and what is handed out.

use std::collections::VecDeque;

use imp1822::{HostAddress, Link};
use machine::{Bits, Instant, Span};

use crate::header::message_to;
use crate::host_set::HostSet;
use crate::partner::{Echo, MOST_WITH_ANSWERS, Partners, Standing};
use crate::reached::Reached;
use crate::start::{Peers, Start};
use crate::timers::{Timer, Timers};
use crate::transit::{IMP_PATIENCE, Transit};
use crate::{
    ByteSize, Command, ConnectionId, ErrorCode, Event, ForeignSocket, Header, Inquiry, Output, Policy, Socket,
};

/// How long an RST may stay unanswered. NIC 8246 asks for a reasonable time before the next. A partner that has only
/// just come up cannot answer for 30 seconds, while its IMP takes no more than a packet (RFC 271).
const RESET_PATIENCE: Span = Span::from_secs(60);

/// How long an RST may stay unanswered among strangers, some of which know of no RST.
const STRANGERS_PATIENCE: Span = Span::from_secs(10);

/// How long an ECO may stay unanswered before the next one goes. NIC 8246 has one at a time, and no time for it: this is that
/// for an RST, which waits for the same partner.
const ECHO_PATIENCE: Span = RESET_PATIENCE;

/// How long text may go without an answer among known hosts. There every IMP is one of ours and answers, unless a cable has
/// been tampered with; then the connection stands still, for which NIC 8246 has no remedy, and its user gets time to find
/// out.
const OWN_IMPS_PATIENCE: Span = Span::from_secs(300);

/// How long it takes at least until one looks again whether a CLS has left.
const SHORTEST_WAIT: Span = Span::from_secs(1);

/// Everything in an NCP but its connections and the requests that wait for one.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) address: HostAddress,
    pub(crate) policy: Policy,
    /// What this NCP knows of those around it.
    peers: Peers,
    /// The time of the last input.
    pub(crate) now: Instant,
    pub(crate) partners: Partners,
    pub(crate) timers: Timers,
    pub(crate) transit: Transit,
    pub(crate) out: VecDeque<Output>,
    /// Whether the host's own interface takes nothing. What is not handed to it can still be taken back.
    pub(crate) is_stuck: bool,
    /// When the IMP was heard last.
    pub(crate) imp_heard: Instant,
    /// When the IMP became ready for this host.
    pub(crate) came_up: Option<Instant>,
    /// Partners for which a program may have begun to wait, or may have ceased to.
    pub(crate) stirred: HostSet,
    /// Which states of connections have met which inputs.
    pub(crate) reached: Reached,
    next_number: u64,
}

impl Shared {
    pub(crate) fn new(address: HostAddress, policy: Policy, start: Start) -> Self {
        let newcomers = match start {
            Start::Cold => Standing::Ready,
            Start::AfterCrash | Start::AmongStrangers { .. } => Standing::ResetFirst,
        };
        Shared {
            address,
            policy,
            peers: Peers::at(start),
            now: Instant::START,
            partners: Partners::new(newcomers),
            timers: Timers::default(),
            transit: Transit::default(),
            out: VecDeque::new(),
            is_stuck: false,
            imp_heard: Instant::START,
            came_up: None,
            stirred: HostSet::default(),
            reached: Reached::default(),
            next_number: 1,
        }
    }

    /// A number that was never used: for connections, queued requests and refusals.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number - 1
    }

    pub(crate) fn is_among_strangers(&self) -> bool {
        matches!(self.peers, Peers::Strangers { .. })
    }

    /// Whether nothing is to be handed out, and nobody waits to say something.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.out.is_empty() && !self.partners.is_any_waiting() && self.stirred.is_empty()
    }

    /// Hands a message to the IMP.
    pub(crate) fn send(&mut self, message: Bits) {
        self.out.push_back(Output::Send(message));
    }

    /// Tells the local programs.
    pub(crate) fn tell(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    /// Queues a command that must not get lost.
    pub(crate) fn command(&mut self, host: HostAddress, command: Command) {
        if self.partners.queue(host, command) == Standing::ResetFirst {
            self.ask_reset(host);
        }
        self.stir(host);
    }

    /// Sends the ECO whose turn it is, if there is one.
    pub(crate) fn next_echo(&mut self, host: HostAddress) {
        let now = self.now;
        let partner = self.partners.entry(host);
        let Some(Echo { data, .. }) = partner.echoes.front().copied() else {
            return self.timers.stop(Timer::Echo(host));
        };
        partner.echoed = now;
        self.await_echo(host);
        self.command(host, Command::Eco { data });
    }

    /// From now on an ERP is waited for, for a while. Whoever waits for it may cease to, so that no ECO is without this.
    pub(crate) fn await_echo(&mut self, host: HostAddress) {
        self.timers.set(Timer::Echo(host), self.now + ECHO_PATIENCE);
    }

    /// A partner that was asked has answered by an ERP, or by what is as good.
    pub(crate) fn on_inquiry_answered(&mut self, host: HostAddress) {
        let partner = self.partners.entry(host);
        (partner.asked, partner.asked_again) = (None, false);
        if let Some(Inquiry { silence, .. }) = self.policy.inquiry
            && partner.awaited_since.is_some()
        {
            self.timers.set(Timer::Inquiry(host), self.now + silence);
        }
    }

    /// The answer to an ECO is waited for no longer, and programs may ask for themselves.
    pub(crate) fn forget_inquiry(&mut self, host: HostAddress) {
        let partner = self.partners.entry(host);
        (partner.asked, partner.asked_again) = (None, false);
        if partner.awaits_echo() {
            partner.echoes.pop_front();
            self.next_echo(host);
        }
    }

    /// Something has happened by which a program may have begun to wait for a partner, or may have ceased to.
    #[inline]
    pub(crate) fn stir(&mut self, host: HostAddress) {
        if self.policy.inquiry.is_some() {
            self.stirred.insert(host);
        }
    }

    /// Takes back a request of ours. Returns whether it had not left: then nobody has heard of it, and nothing is to be
    /// closed.
    pub(crate) fn take_back_request(&mut self, local: Socket, foreign: ForeignSocket) -> bool {
        let partner = self.partners.get_mut(foreign.host);
        let is_taken_back = partner.is_some_and(|partner| partner.take_back_request(local, foreign.socket));
        if is_taken_back {
            // It may have held up what stands behind it.
            self.partners.wake(foreign.host);
        }
        is_taken_back
    }

    /// Whether a command has not left, or its message has had no answer: the partner may not have heard it.
    pub(crate) fn may_be_unheard(&self, host: HostAddress, command: Command) -> bool {
        let again = self.partners.get(host).and_then(|partner| partner.again.as_ref());
        let mut messages = self.transit.control(host).into_iter().chain(again);
        self.is_unsaid(host, command) || messages.any(|message| message.commands.contains(&command))
    }

    /// Whether a command has not left.
    pub(crate) fn is_unsaid(&self, host: HostAddress, command: Command) -> bool {
        self.partners.get(host).is_some_and(|partner| partner.is_unsaid(command))
    }

    /// Whether there is room for an answer that a partner could ask for without end.
    pub(crate) fn has_room_for_answer(&self, host: HostAddress) -> bool {
        self.partners.queued_commands(host) < MOST_WITH_ANSWERS
    }

    /// Queues an ERR, unless too much is queued already.
    pub(crate) fn complain(&mut self, host: HostAddress, code: ErrorCode, data: [u8; 10]) {
        if self.has_room_for_answer(host) {
            self.command(host, Command::Err { code, data });
        }
    }

    /// Sends an RST and holds everything else until it is answered.
    pub(crate) fn ask_reset(&mut self, host: HostAddress) {
        let partner = self.partners.entry(host);
        partner.standing = Standing::AwaitingReply;
        partner.urge(Command::Rst);
        self.await_reply(host);
        self.partners.wake(host);
    }

    /// From now on an RRP is waited for, for a while.
    pub(crate) fn await_reply(&mut self, host: HostAddress) {
        let until = self.now + self.peers.patience(RESET_PATIENCE, STRANGERS_PATIENCE);
        self.timers.set(Timer::Reset(host), until);
    }

    /// Begins or renews the patience with a connection that is about to end.
    pub(crate) fn await_end(&mut self, id: ConnectionId) {
        self.timers.set(Timer::Connection(id), self.now + self.policy.close_patience);
    }

    /// Whether the IMP may still say what became of the text of a connection that is about to end. Then it is waited for.
    pub(crate) fn may_hear_of_text(
        &mut self,
        id: ConnectionId,
        foreign: Option<ForeignSocket>,
        link: Option<Link>,
    ) -> bool {
        let until =
            foreign.zip(link).and_then(|(foreign, link)| self.transit.answer_until(id, foreign.host, link));
        let until = until.filter(|until| *until > self.now);
        until.into_iter().for_each(|until| self.timers.set(Timer::Connection(id), until));
        until.is_some()
    }

    /// As long as a CLS has not left, nobody can answer it: the patience with its answer begins anew.
    pub(crate) fn patience_with_close(&self) -> Instant {
        self.now + self.policy.close_patience.max(SHORTEST_WAIT)
    }

    /// When text that is sent now is given up, if there is no answer.
    pub(crate) fn text_due(&self) -> Instant {
        self.now + self.peers.patience(OWN_IMPS_PATIENCE, IMP_PATIENCE)
    }

    /// A link on which nothing is received from a host: the lowest, or among strangers the one whose turn it is.
    pub(crate) fn free_link(&mut self, host: HostAddress) -> Option<Link> {
        let receiving = self.partners.get(host).map(|partner| &partner.receiving);
        let links = self.policy.links.clone();
        let many = links.len();
        let turn = match self.peers {
            Peers::Known => 0,
            Peers::Strangers { next_link } => next_link % many.max(1),
        };
        let mut links = links.cycle().skip(turn).take(many).map(Link::from);
        let free = links.find(|link| {
            self.policy.assignable(*link)
                && !self.policy.avoided_links.contains(&link.number())
                && receiving.is_none_or(|receiving| !receiving.contains_key(link))
        })?;
        if let Peers::Strangers { next_link } = &mut self.peers {
            *next_link = usize::from(free.number() - self.policy.links.start()) + 1;
        }
        Some(free)
    }

    /// The next control message, of the first partner for which there is one. A partner gets no other before the IMP has
    /// answered for the last.
    pub(crate) fn next_control_message(&mut self) -> Option<Bits> {
        while let Some(host) = self.partners.next_waiting() {
            if self.transit.control(host).is_some() {
                continue;
            }
            let Some(message) = self.partners.next_message(host, self.policy.plain) else { continue };
            let count: usize = message.commands.iter().map(|command| command.len()).sum();
            let header = Header { size: ByteSize::EIGHT.bits(), count: count as u16 };
            let mut writer = message_to(host, Link::CONTROL, header);
            message.commands.iter().for_each(|command| command.emit(&mut writer));
            self.transit.send_control(self.now, host, message);
            return Some(writer.finish());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Commands;

    #[test]
    fn one_control_message_to_a_host_is_in_transit_at_a_time() {
        let (here, there) = (HostAddress::from(22), HostAddress::from(69));
        let mut shared = Shared::new(here, Policy::default(), Start::Cold);
        let cls = Command::Cls { mine: Socket::from(2), yours: Socket::from(3) };
        (0..14).for_each(|_| shared.command(there, cls));
        let commands = |message: Option<Bits>| {
            let message = message.expect("there are commands");
            Commands::new(Header::split(&message).expect("it is whole").1).count()
        };
        assert_eq!(commands(shared.next_control_message()), 13, "13 times 9 bytes are 117");
        shared.partners.wake(there);
        assert_eq!(shared.next_control_message(), None, "the first has no RFNM yet");
        assert!(shared.transit.take_control(there).is_some());
        shared.partners.wake(there);
        assert_eq!(commands(shared.next_control_message()), 1);
    }
}
