//! What arrives from partners: control commands and text.

use imp1822::{HostAddress, Link};
use machine::{Bits, Instant};

use crate::company::Company;
use crate::complaint::complaint_of;
use crate::connection::{Flow, Phase};
use crate::ncp::Timer;
use crate::partner::{MOST_REFUSALS, MOST_WITH_RETURNS, Refusal, Standing};
use crate::{
    Allocation, ByteSize, Command, Commands, ConnectionId, ErrorCode, Event, ForeignSocket, Gender, Gone,
    MAX_CONTROL_BYTES, Ncp, Offer, Output, QueuePolicy, QueuedRequest, Socket, text,
};

impl Ncp {
    /// Obeys the commands of a control message, in order.
    pub(crate) fn control_text(&mut self, now: Instant, host: HostAddress, message: &Bits) {
        let Ok((header, text)) = text(message) else {
            return self.complain_of_message(now, host, ErrorCode::Undefined, message);
        };
        if header.size != ByteSize::EIGHT.bits() || usize::from(header.count) > MAX_CONTROL_BYTES {
            return self.complain_of_message(now, host, ErrorCode::Undefined, message);
        }
        for command in Commands::new(text) {
            match command {
                Ok(command) if self.listens_to(now, host, command) => self.obey(now, host, command),
                // The partner has not heard our RST yet, or has not answered it.
                Ok(_) => {}
                // An ERR, even a bad one, is never answered by an ERR.
                Err(error) if error.opcode() == Command::ERR_OPCODE => {}
                Err(error) => {
                    if self.has_room_for_answer(host) {
                        self.command(now, host, error.complaint());
                    }
                }
            }
        }
    }

    /// Whether a command is obeyed. As long as the two tables may differ, only resets and what
    /// concerns no table is; a partner that sends anything else learns of it by an RST.
    fn listens_to(&mut self, now: Instant, host: HostAddress, command: Command) -> bool {
        let standing = self.partner(host).standing;
        match command {
            Command::Nop | Command::Rst | Command::Rrp | Command::Erp { .. } | Command::Err { .. } => true,
            Command::Eco { .. } => standing == Standing::Ready || standing == Standing::ResetFirst,
            // A stranger begins something new, and this NCP has nothing that could contradict it.
            Command::Rts { .. } | Command::Str { .. }
                if matches!(self.company, Company::Strangers { .. }) && standing == Standing::ResetFirst =>
            {
                self.partner(host).standing = Standing::Ready;
                true
            }
            Command::Rts { .. } | Command::Str { .. } | Command::Cls { .. } => self.is_ready(now, host),
            Command::All { .. } | Command::Gvb { .. } | Command::Ret { .. } => self.is_ready(now, host),
            Command::Inr { .. } | Command::Ins { .. } => self.is_ready(now, host),
        }
    }

    /// Whether the tables of both hosts are in step; if they may not be, sees to it that they will be.
    fn is_ready(&mut self, now: Instant, host: HostAddress) -> bool {
        match self.partner(host).standing {
            Standing::Ready => true,
            Standing::ResetFirst => {
                self.ask_reset(now, host);
                false
            }
            Standing::AwaitingReply { .. } => false,
        }
    }

    fn obey(&mut self, now: Instant, host: HostAddress, command: Command) {
        let bad = |ncp: &mut Ncp| ncp.complain(now, host, ErrorCode::BadParameters, command.as_error_data());
        match command {
            Command::Nop => {}
            Command::Rst => self.reset_asked(now, host),
            Command::Rrp => self.reset_answered(now, host),
            Command::Rts { receive, send, link } => {
                let genders = (receive.gender(), send.gender());
                let partner = self.partner(host);
                let taken = partner.offered.contains(&link) || partner.sender(link).is_some();
                if genders != (Gender::Receive, Gender::Send) || taken || !self.policy.assignable(link) {
                    return bad(self);
                }
                self.asked(now, send, ForeignSocket { host, socket: receive }, Offer::Link(link), command);
            }
            Command::Str { send, receive, size } => {
                let genders = (send.gender(), receive.gender());
                match ByteSize::new(size) {
                    Some(size) if genders == (Gender::Send, Gender::Receive) => {
                        let foreign = ForeignSocket { host, socket: send };
                        self.asked(now, receive, foreign, Offer::Size(size), command);
                    }
                    Some(_) | None => bad(self),
                }
            }
            Command::Cls { mine, yours } if mine.gender() == yours.gender() => bad(self),
            Command::Cls { mine, yours } => {
                self.closed(now, yours, ForeignSocket { host, socket: mine }, command);
            }
            Command::All { link, messages, bits } => {
                let Some(id) = self.sender_on(now, host, link, command) else { return };
                let Some(connection) = self.connections.get_mut(&id) else { return };
                let Flow::Send(sender) = &mut connection.flow else { return };
                if sender.allow(Allocation { messages, bits }).is_err() {
                    return bad(self);
                }
                // More room is progress: patience begins anew.
                if let Phase::Flushing { foreign, link, .. } = connection.phase {
                    let until = now + self.policy.close_patience;
                    self.enter(id, Phase::Flushing { foreign, link, until });
                }
                self.transmit(now, id);
            }
            Command::Gvb { link, messages, bits } => {
                let Some(id) = self.sender_on(now, host, link, command) else { return };
                // A RET that would be dropped must not take anything away either.
                if self.partner(host).queue.len() >= MOST_WITH_RETURNS {
                    return;
                }
                let Some(connection) = self.connections.get_mut(&id) else { return };
                let Flow::Send(sender) = &mut connection.flow else { return };
                let Allocation { messages, bits } = sender.give_back(messages, bits);
                self.say(now, id, host, Command::Ret { link, messages, bits });
            }
            Command::Inr { link } => {
                if let Some(id) = self.sender_on(now, host, link, command) {
                    self.tell(id, Event::Interrupted { id });
                }
            }
            Command::Ret { link, messages, bits } => {
                let Some(id) = self.receiver_on(now, host, link, command) else { return };
                let Some(connection) = self.connections.get_mut(&id) else { return };
                let Flow::Receive(receiver) = &mut connection.flow else { return };
                if receiver.returned(Allocation { messages, bits }).is_err() {
                    bad(self);
                }
            }
            Command::Ins { link } => {
                if let Some(id) = self.receiver_on(now, host, link, command) {
                    self.tell(id, Event::Interrupted { id });
                }
            }
            Command::Eco { data } => {
                if self.has_room_for_answer(host) || !self.partner(host).owes_echo() {
                    self.command(now, host, Command::Erp { data });
                }
            }
            Command::Erp { data } => {
                // Unasked for, or before our ECO has left, it means nothing.
                if self.partner(host).awaits_echo() {
                    self.partner(host).echoes.pop_front();
                    self.out.push_back(Output::Event(Event::Echoed { host, data }));
                    if let Some(next) = self.partner(host).echoes.front().copied() {
                        self.command(now, host, Command::Eco { data: next });
                    }
                }
            }
            Command::Err { code, data } => {
                self.out.push_back(Output::Event(Event::ErrReceived { host, code, data }));
                self.complained(now, host, code, data);
            }
        }
    }

    /// The open connection that sends on a link; if there is none, the partner is told unless the command
    /// only crossed our CLS.
    fn sender_on(
        &mut self,
        now: Instant,
        host: HostAddress,
        link: Link,
        command: Command,
    ) -> Option<ConnectionId> {
        let partner = self.partner(host);
        let (id, asked) = (partner.sender(link), partner.offered.contains(&link));
        self.established(now, host, (link, id, asked), command)
    }

    /// The open connection that receives on a link; if there is none, the partner is told.
    fn receiver_on(
        &mut self,
        now: Instant,
        host: HostAddress,
        link: Link,
        command: Command,
    ) -> Option<ConnectionId> {
        let id = self.partner(host).receiving.get(&link).copied();
        self.established(now, host, (link, id, false), command)
    }

    fn established(
        &mut self,
        now: Instant,
        host: HostAddress,
        (link, id, asked): (Link, Option<ConnectionId>, bool),
        command: Command,
    ) -> Option<ConnectionId> {
        let phase = id.and_then(|id| self.connections.get(&id)).map(|connection| connection.phase);
        let code = match phase {
            Some(Phase::Open { .. } | Phase::Flushing { .. }) => {
                id.into_iter().for_each(|id| self.proven(id));
                return id;
            }
            // The command crossed a CLS of ours.
            Some(Phase::Answering { .. } | Phase::Closing { .. }) => return None,
            // Only one of the two requests has been sent.
            Some(Phase::Requested { .. }) => ErrorCode::NotConnected,
            None if asked => ErrorCode::NotConnected,
            None if !self.policy.assignable(link) => ErrorCode::BadParameters,
            None | Some(Phase::Listening { .. } | Phase::Gone { .. }) => ErrorCode::NonexistentSocket,
        };
        self.complain(now, host, code, command.as_error_data());
        None
    }

    /// RTS or STR: a partner requests a connection, or grants one.
    fn asked(&mut self, now: Instant, local: Socket, foreign: ForeignSocket, offer: Offer, command: Command) {
        let request = QueuedRequest { local, foreign, offer, until: now };
        let holder = self.sockets.get(&local).copied();
        let Some((id, connection)) = holder.and_then(|id| Some((id, self.connections.get(&id)?))) else {
            return self.queue(now, request);
        };
        let suits = connection.suits(request.size());
        match connection.phase {
            // Somebody waits for it, or for somebody else.
            Phase::Listening { from } => {
                if !from.fits(foreign) || !suits || !self.accept(now, id, request) {
                    self.refuse_if_room(now, request);
                }
            }
            // The match of our own request: the connection is established.
            Phase::Requested { foreign: awaited, .. } if awaited == foreign => {
                if suits {
                    self.open(now, id, request);
                } else {
                    self.begin_closing(now, id, Gone::Refused);
                }
            }
            // It crossed our CLS, which answers it (NIC 8246, Connection Termination, example 2). The partner
            // believes in its link until our CLS arrives, and may have used it.
            Phase::Closing { foreign: leaving, link, why, until } if leaving == foreign => {
                if let (None, Offer::Link(link)) = (link, offer) {
                    self.enter(id, Phase::Closing { foreign, link: Some(link), why, until });
                    self.partner(foreign.host).sending.entry(link).or_default().connection = Some(id);
                }
            }
            // The partner asks for what it has already.
            Phase::Open { foreign: open, .. }
            | Phase::Flushing { foreign: open, .. }
            | Phase::Answering { foreign: open, .. }
                if open == foreign =>
            {
                self.complain(now, foreign.host, ErrorCode::Undefined, command.as_error_data());
            }
            // The socket is busy with another partner, and may become free.
            Phase::Requested { .. } | Phase::Closing { .. } => self.queue(now, request),
            Phase::Open { .. } | Phase::Flushing { .. } | Phase::Answering { .. } => self.queue(now, request),
            Phase::Gone { .. } => self.queue(now, request),
        }
    }

    /// Lets a request wait, or refuses it, as the policy says.
    fn queue(&mut self, now: Instant, request: QueuedRequest) {
        let host = request.foreign.host;
        // It waits already.
        if self.request_from(request.local, request.foreign).is_some() {
            return;
        }
        let queued = self.partner(host).queued;
        match self.policy.queue {
            QueuePolicy::Queue { most, for_each_partner, patience }
                if self.requests.len() < most && queued < for_each_partner =>
            {
                let number = self.number();
                let until = now + patience;
                let key = (request.local, number);
                self.requests.insert(key, QueuedRequest { until, ..request });
                self.timers.insert((until, Timer::Request(request.local, number)));
                let partner = self.partner(host);
                partner.queued += 1;
                if let Offer::Link(link) = request.offer {
                    partner.offered.insert(link);
                }
            }
            QueuePolicy::Queue { .. } | QueuePolicy::Refuse => self.refuse_if_room(now, request),
        }
    }

    /// Takes a request out of the queue.
    pub(crate) fn take_request(&mut self, key: (Socket, u64)) -> Option<QueuedRequest> {
        let request = self.requests.remove(&key)?;
        self.timers.remove(&(request.until, Timer::Request(key.0, key.1)));
        let partner = self.partner(request.foreign.host);
        partner.queued -= 1;
        if let Offer::Link(link) = request.offer {
            partner.offered.remove(&link);
        }
        Some(request)
    }

    /// The queued requests for a socket, oldest first.
    pub(crate) fn requests_for(&self, local: Socket) -> impl Iterator<Item = (Socket, u64)> + '_ {
        self.requests.range((local, 0)..=(local, u64::MAX)).map(|(key, _)| *key)
    }

    /// The queued request of one foreign socket for a local one.
    pub(crate) fn request_from(&self, local: Socket, foreign: ForeignSocket) -> Option<(Socket, u64)> {
        self.requests_for(local).find(|key| self.requests[key].foreign == foreign)
    }

    /// Refuses a request, and remembers it until the partner's CLS comes. The local socket stays free for
    /// others.
    pub(crate) fn refuse(&mut self, now: Instant, request: QueuedRequest) {
        let (local, ForeignSocket { host, socket }) = (request.local, request.foreign);
        let until = now + self.policy.close_patience;
        let number = self.number();
        self.command(now, host, Command::Cls { mine: local, yours: socket });
        let refusal = Refusal { local, foreign: socket, number };
        self.partner(host).refusals.insert(refusal, until);
        self.timers.insert((until, Timer::Refusal(host, refusal)));
    }

    /// Refuses a request, unless the partner has left too many refusals unanswered: then it hears nothing,
    /// as NIC 8246, Connection Termination, fears for hosts that never stop asking.
    fn refuse_if_room(&mut self, now: Instant, request: QueuedRequest) {
        if self.partner(request.foreign.host).refusals.len() < MOST_REFUSALS {
            self.refuse(now, request);
        }
    }

    /// CLS: a partner refuses, aborts or closes, or answers that we did.
    fn closed(&mut self, now: Instant, local: Socket, foreign: ForeignSocket, command: Command) {
        let ForeignSocket { host, socket } = foreign;
        if let Some((refusal, until)) = self.partner(host).take_refusal(local, socket) {
            self.timers.remove(&(until, Timer::Refusal(host, refusal)));
            return;
        }
        let holder = self.sockets.get(&local).copied();
        if let Some(id) = holder
            && let Some(connection) = self.connections.get_mut(&id)
            && connection.phase.foreign() == Some(foreign)
        {
            match connection.phase {
                // Our request is refused.
                Phase::Requested { .. } => self.answer_close(now, id, Gone::Refused),
                // The partner is the first to close.
                Phase::Open { link, .. } | Phase::Flushing { link, .. } => {
                    self.partner_closes(now, id, foreign, link);
                }
                // The answer to our CLS.
                Phase::Closing { why, .. } => self.finish(id, why),
                // The partner says it twice.
                Phase::Answering { .. } => {}
                // These have no partner.
                Phase::Listening { .. } | Phase::Gone { .. } => {}
            }
            return;
        }
        match self.request_from(local, foreign).and_then(|key| self.take_request(key)) {
            // The partner no longer wants to wait.
            Some(_) => self.command(now, host, Command::Cls { mine: local, yours: socket }),
            // Perhaps a request for which there was no refusal left: its CLS is answered all the same.
            None if self.partner(host).refusals.len() >= MOST_REFUSALS => {
                if self.has_room_for_answer(host) {
                    self.command(now, host, Command::Cls { mine: local, yours: socket });
                }
            }
            None => self.complain(now, host, ErrorCode::NonexistentSocket, command.as_error_data()),
        }
    }

    /// The partner closes an open connection. A receiver answers at once: what has arrived stays readable. A
    /// sender drops what it has not sent, and must wait for a message in transit; its program is told that
    /// text is missing, since a receiver that has closed keeps nothing of what still arrives.
    fn partner_closes(&mut self, now: Instant, id: ConnectionId, foreign: ForeignSocket, link: Link) {
        self.tell(id, Event::Ending { id });
        let Some(connection) = self.connections.get_mut(&id) else { return };
        match &mut connection.flow {
            Flow::Send(sender) if sender.in_transit.is_some() => {
                sender.unsent.clear();
                let until = now + self.policy.close_patience;
                self.enter(id, Phase::Answering { foreign, link, until });
            }
            Flow::Send(sender) if sender.outstanding() > 0 => self.answer_close(now, id, Gone::Lost),
            Flow::Send(_) | Flow::Receive(_) => self.answer_close(now, id, Gone::Closed),
        }
    }

    /// Text on a link that belongs, or should belong, to a connection.
    pub(crate) fn connection_text(&mut self, now: Instant, host: HostAddress, link: Link, message: &Bits) {
        if !self.is_ready(now, host) {
            return;
        }
        let id = self.partner(host).receiving.get(&link).copied();
        let Some((id, connection)) = id.and_then(|id| Some((id, self.connections.get_mut(&id)?))) else {
            return self.complain_of_message(now, host, ErrorCode::NotConnected, message);
        };
        match connection.phase {
            Phase::Open { .. } => {}
            // We have closed, but the sender may not know yet.
            Phase::Closing { .. } => return,
            Phase::Requested { .. } | Phase::Listening { .. } | Phase::Gone { .. } => {
                return self.complain_of_message(now, host, ErrorCode::NotConnected, message);
            }
            // Only senders flush and answer.
            Phase::Flushing { .. } | Phase::Answering { .. } => return,
        }
        let size = connection.byte_size();
        let Flow::Receive(receiver) = &mut connection.flow else { return };
        let taken = match text(message) {
            Ok((header, text)) if header.size == size.bits() => {
                receiver.arrive(message, &text).map(|()| text.left()).ok()
            }
            Ok(_) | Err(_) => None,
        };
        if taken.is_some() {
            self.proven(id);
        }
        match taken {
            // Without text there is nothing to read, but a message of the allocation is used up.
            Some(0) => self.renew(now, id),
            Some(_) => self.tell(id, Event::Readable { id }),
            // Cut off, of another byte size, or beyond the allocation: what follows would not fit together.
            None => {
                self.complain_of_message(now, host, ErrorCode::Undefined, message);
                self.begin_closing(now, id, Gone::Lost);
            }
        }
    }

    /// Complains about a message: the data are its header and the first eight bits of its text (NIC 8246,
    /// Control Commands, ERR 5; the same for ERR 0, where the choice is ours).
    fn complain_of_message(&mut self, now: Instant, host: HostAddress, code: ErrorCode, message: &Bits) {
        self.complain(now, host, code, complaint_of(message));
    }
}
