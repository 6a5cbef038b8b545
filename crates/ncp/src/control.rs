//! What arrives from partners: control commands and text.

use imp1822::{HostAddress, Link};
use machine::Bits;

use crate::connections::Connections;
use crate::flow::TooMuch;
use crate::header::complaint_of;
use crate::partner::{Asker, MOST_COMMANDS, MOST_REFUSALS, Standing};
use crate::phase::{Reply, Unusable};
use crate::reached::{Happening, Row};
use crate::receiving::Receiving;
use crate::request::Request;
use crate::requests::{Requests, end_refusals, refuse_if_room};
use crate::sending::Sending;
use crate::shared::Shared;
use crate::timers::Timer;
use crate::{
    Allocation, ByteSize, CloseReason, Command, Commands, ErrorCode, Event, ForeignSocket, Gender, Header,
    MAX_CONTROL_BYTES, Ncp, Offer, Socket,
};

impl Ncp {
    /// A message from a host.
    pub(crate) fn on_message(&mut self, host: HostAddress, link: Link, message: &Bits) {
        // From now on the host is known, which may hold this one to what it has said.
        self.shared.on_heard(host);
        self.shared.stir(host);
        if link == Link::CONTROL {
            self.on_control_message(host, message);
        } else {
            self.on_text(host, link, message);
        }
        // A partner that makes us say more than it will ever hear has lost its way.
        if self.shared.partners.queued_commands(host) > MOST_COMMANDS {
            self.reset_now(host, CloseReason::Reset);
        }
    }

    /// Obeys the commands of a control message, in order.
    fn on_control_message(&mut self, host: HostAddress, message: &Bits) {
        let text = match Header::split(message) {
            Ok((header, text))
                if header.size == ByteSize::EIGHT.bits()
                    && usize::from(header.count) <= MAX_CONTROL_BYTES =>
            {
                text
            }
            Ok(_) | Err(_) => {
                return self.shared.complain(host, ErrorCode::Undefined, complaint_of(message));
            }
        };
        for command in Commands::new(text) {
            match command {
                Ok(command) if self.obeys(host, command) => self.on_command(host, command),
                // The partner has not heard our RST yet, or has not answered it.
                Ok(_) => {}
                // An ERR, even a bad one, is never answered by an ERR.
                Err(error) if error.opcode() == Command::ERR_OPCODE => {}
                Err(error) => {
                    if self.shared.has_room_for_answer(host) {
                        self.shared.command(host, error.complaint());
                    }
                }
            }
        }
    }

    /// Whether a command is obeyed. As long as the two tables may differ, only resets and what
    /// concerns no table is; a partner that sends anything else learns of it by an RST.
    fn obeys(&mut self, host: HostAddress, command: Command) -> bool {
        let standing = self.shared.partners.standing(host);
        match command {
            Command::Nop | Command::Rst | Command::Rrp | Command::Erp { .. } | Command::Err { .. } => true,
            Command::Eco { .. } => standing == Standing::Ready || standing == Standing::ResetFirst,
            // A stranger begins something new, and this NCP has nothing that could contradict it.
            Command::Rts { .. } | Command::Str { .. }
                if self.shared.is_among_strangers() && standing == Standing::ResetFirst =>
            {
                self.shared.partners.entry(host).standing = Standing::Ready;
                true
            }
            Command::Rts { .. } | Command::Str { .. } | Command::Cls { .. } => self.is_ready(host),
            Command::All { .. } | Command::Gvb { .. } | Command::Ret { .. } => self.is_ready(host),
            Command::Inr { .. } | Command::Ins { .. } => self.is_ready(host),
        }
    }

    /// Whether the tables of both hosts are in step; if they may not be, sees to it that they will be.
    fn is_ready(&mut self, host: HostAddress) -> bool {
        match self.shared.partners.standing(host) {
            Standing::Ready => true,
            Standing::ResetFirst => {
                self.shared.ask_reset(host);
                false
            }
            Standing::AwaitingReply => false,
        }
    }

    fn on_command(&mut self, host: HostAddress, command: Command) {
        match command {
            Command::Nop => {}
            Command::Rst => self.on_rst(host),
            Command::Rrp => self.on_rrp(host),
            Command::Rts { .. } | Command::Str { .. } => match self.request(host, command) {
                Some(request) => self.on_request(request, command),
                None => self.shared.complain(host, ErrorCode::BadParameters, command.as_error_data()),
            },
            Command::Cls { mine, yours } if mine.gender() == yours.gender() => {
                self.shared.complain(host, ErrorCode::BadParameters, command.as_error_data());
            }
            Command::Cls { mine, yours } => {
                self.on_cls(yours, ForeignSocket { host, socket: mine }, command);
            }
            Command::All { link, messages, bits } => {
                self.at_sender(host, link, command, |sending, shared| {
                    sending.on_all(Allocation { messages, bits }, shared)
                });
            }
            Command::Gvb { link, messages, bits } => {
                self.at_sender(host, link, command, |sending, shared| {
                    sending.on_gvb(messages, bits, shared);
                    Ok(())
                });
            }
            Command::Inr { link } => self.at_sender(host, link, command, |sending, shared| {
                sending.on_inr(shared);
                Ok(())
            }),
            Command::Ret { link, messages, bits } => self.at_receiver(host, link, command, |receiving, _| {
                receiving.on_ret(Allocation { messages, bits })
            }),
            Command::Ins { link } => self.at_receiver(host, link, command, |receiving, shared| {
                receiving.on_ins(shared);
                Ok(())
            }),
            Command::Eco { data } => {
                let shared = &mut self.shared;
                if shared.has_room_for_answer(host) || !shared.partners.entry(host).owes_echo() {
                    shared.command(host, Command::Erp { data });
                }
            }
            Command::Erp { data } => self.on_erp(host, data),
            Command::Err { code, data } => {
                self.shared.tell(Event::ErrReceived { host, code, data });
                self.on_err(host, code, data);
            }
        }
    }

    /// ERP: unasked for, or before our ECO has left, it means nothing.
    fn on_erp(&mut self, host: HostAddress, data: u8) {
        let partner = self.shared.partners.entry(host);
        if partner.awaits_echo() {
            partner.knows_echo = true;
            let answered = partner.echoes.pop_front();
            if answered.is_none_or(|echo| echo.asker == Asker::Program) {
                self.shared.tell(Event::Echoed { host, data });
            }
            self.shared.next_echo(host);
            self.shared.on_inquiry_answered(host);
        }
    }

    /// The request in an RTS or STR; `None` if its parameters are bad.
    fn request(&self, host: HostAddress, command: Command) -> Option<Request> {
        let (local, socket, offer) = match command {
            Command::Rts { receive, send, link } => {
                let is_taken = self.requests.assigns(host, link)
                    || self
                        .shared
                        .partners
                        .get(host)
                        .is_some_and(|partner| partner.sending.contains_key(&link));
                if is_taken || !self.shared.policy.assignable(link) {
                    return None;
                }
                (send, receive, Offer::Link(link))
            }
            Command::Str { send, receive, size } => (receive, send, Offer::Size(ByteSize::new(size)?)),
            Command::Nop | Command::Cls { .. } | Command::All { .. } | Command::Gvb { .. } => return None,
            Command::Ret { .. } | Command::Inr { .. } | Command::Ins { .. } | Command::Eco { .. } => {
                return None;
            }
            Command::Erp { .. } | Command::Err { .. } | Command::Rst | Command::Rrp => return None,
        };
        let genders = match offer {
            Offer::Link(_) => (Gender::Send, Gender::Receive),
            Offer::Size(_) => (Gender::Receive, Gender::Send),
        };
        let request = Request { local, foreign: ForeignSocket { host, socket }, offer };
        (genders == (local.gender(), socket.gender())).then_some(request)
    }

    /// RTS or STR: a partner requests a connection, or grants one.
    fn on_request(&mut self, request: Request, command: Command) {
        let Ncp { connections, requests, shared, .. } = self;
        let Some(connection) = connections.at_socket(request.local) else {
            return requests.queue(request, shared);
        };
        match connection.on_request(request.foreign, request.offer, shared) {
            Reply::Taken => end_refusals(request, shared),
            Reply::Crossed => {}
            Reply::Refuse => refuse_if_room(request, shared),
            Reply::Queue => requests.queue(request, shared),
            Reply::Repeated => {
                shared.complain(request.foreign.host, ErrorCode::Undefined, command.as_error_data());
            }
        }
    }

    /// CLS: a partner refuses, aborts or closes, or answers that we did.
    fn on_cls(&mut self, local: Socket, foreign: ForeignSocket, command: Command) {
        let ForeignSocket { host, socket } = foreign;
        let Ncp { connections, requests, shared, .. } = self;
        let partner = shared.partners.entry(host);
        if let Some(refusal) = partner.take_refusal(local, socket) {
            return shared.timers.stop(Timer::Refusal(host, refusal));
        }
        let has_many_refusals = partner.refusals.len() >= MOST_REFUSALS;
        if let Some(connection) = connections.at_socket(local)
            && connection.foreign() == Some(foreign)
        {
            // Of a request that has not left, the partner knows nothing: it speaks of what is over, once more.
            let is_ours = |command: &Command| command.requests() == Some((local, socket));
            if connection.requested().is_some() && shared.partners.entry(host).unsaid().any(is_ours) {
                return;
            }
            let (id, next) = (connection.local().id, connection.on_cls(shared));
            return connections.settle(id, next, shared);
        }
        match requests.take_from(local, foreign, shared) {
            // The partner no longer wants to wait.
            Some(_) => shared.command(host, Command::Cls { mine: local, yours: socket }),
            // Perhaps a request for which there was no refusal left: its CLS is answered all the same.
            None if has_many_refusals => {
                if shared.has_room_for_answer(host) {
                    shared.command(host, Command::Cls { mine: local, yours: socket });
                }
            }
            None => shared.complain(host, ErrorCode::NonexistentSocket, command.as_error_data()),
        }
    }

    /// A command about a link on which this host sends. If there is no open connection on it, the partner is told, unless
    /// the command only crossed our CLS; so it is if its parameters are bad.
    fn at_sender(
        &mut self,
        host: HostAddress,
        link: Link,
        command: Command,
        act: impl FnOnce(&mut Sending, &mut Shared) -> Result<(), TooMuch>,
    ) {
        let Ncp { connections, requests, shared, .. } = self;
        let code = match sender_on(connections, requests, shared, host, link, command) {
            Ok(sending) => act(sending, shared).err().map(|TooMuch| {
                shared.reached.mark(sending.row(), Happening::TooMuch);
                ErrorCode::BadParameters
            }),
            Err(Unusable::Crossed) => None,
            Err(Unusable::Complain(code)) => Some(code),
        };
        if let Some(code) = code {
            shared.complain(host, code, command.as_error_data());
        }
    }

    /// A command about a link on which this host receives. If there is no open connection on it, the partner is told,
    /// unless the command only crossed our CLS; so it is if its parameters are bad.
    fn at_receiver(
        &mut self,
        host: HostAddress,
        link: Link,
        command: Command,
        act: impl FnOnce(&mut Receiving, &mut Shared) -> Result<(), TooMuch>,
    ) {
        let Ncp { connections, shared, .. } = self;
        let code = match receiver_on(connections, shared, host, link, command) {
            Ok(receiving) => act(receiving, shared).err().map(|TooMuch| ErrorCode::BadParameters),
            Err(Unusable::Crossed) => None,
            Err(Unusable::Complain(code)) => Some(code),
        };
        if let Some(code) = code {
            shared.complain(host, code, command.as_error_data());
        }
    }

    /// Text on a link that belongs, or should belong, to a connection.
    fn on_text(&mut self, host: HostAddress, link: Link, message: &Bits) {
        if !self.is_ready(host) {
            return;
        }
        let Ncp { connections, shared, .. } = self;
        let user = shared.partners.get(host).and_then(|partner| partner.receiving.get(&link)).copied();
        let is_connected = user.is_some_and(|id| {
            let receiving = connections.receiving(id);
            let before = receiving.row();
            shared.reached.mark(before, Happening::TextOrGvb);
            let taken = receiving.on_text(message, shared);
            if receiving.row() != before {
                shared.reached.mark(before, Happening::TooMuch);
            }
            taken.is_ok()
        });
        if !is_connected {
            shared.complain(host, ErrorCode::NotConnected, complaint_of(message));
        }
    }
}

/// The open connection that sends on a link.
fn sender_on<'a>(
    connections: &'a mut Connections,
    requests: &Requests,
    shared: &mut Shared,
    host: HostAddress,
    link: Link,
    command: Command,
) -> Result<&'a mut Sending, Unusable> {
    match shared.partners.get(host).and_then(|partner| partner.sending.get(&link)) {
        Some(id) => {
            let sending = connections.sending(*id);
            mark(shared, sending.row(), command);
            sending.on_use()?;
            Ok(sending)
        }
        // Only the partner's request has been sent.
        None if requests.assigns(host, link) => Err(Unusable::Complain(ErrorCode::NotConnected)),
        // It has crossed our CLS, whose answer this socket does not wait for.
        None if owes_cls_of(shared, host, link) => Err(Unusable::Crossed),
        None => Err(unassigned(shared, link)),
    }
}

/// The open connection that receives on a link.
fn receiver_on<'a>(
    connections: &'a mut Connections,
    shared: &mut Shared,
    host: HostAddress,
    link: Link,
    command: Command,
) -> Result<&'a mut Receiving, Unusable> {
    match shared.partners.get(host).and_then(|partner| partner.receiving.get(&link)) {
        Some(id) => {
            let receiving = connections.receiving(*id);
            mark(shared, receiving.row(), command);
            receiving.on_use()?;
            Ok(receiving)
        }
        None => Err(unassigned(shared, link)),
    }
}

/// Whether a partner owes the CLS of a connection that this host sent on by a link.
fn owes_cls_of(shared: &Shared, host: HostAddress, link: Link) -> bool {
    let partner = shared.partners.get(host);
    partner.is_some_and(|partner| partner.refusals.iter().any(|refusal| refusal.link == Some(link)))
}

/// Notes that a connection has met a command about its link.
fn mark(shared: &mut Shared, row: Row, command: Command) {
    let happening = match command {
        Command::Ret { .. } | Command::All { .. } => Happening::RetOrAll,
        Command::Gvb { .. } => Happening::TextOrGvb,
        Command::Inr { .. } | Command::Ins { .. } => Happening::Interrupted,
        Command::Nop | Command::Rst | Command::Rrp | Command::Rts { .. } | Command::Str { .. } => return,
        Command::Cls { .. } | Command::Eco { .. } | Command::Erp { .. } | Command::Err { .. } => return,
    };
    shared.reached.mark(row, happening);
}

/// Nothing is, or could be, on this link.
fn unassigned(shared: &Shared, link: Link) -> Unusable {
    let is_assignable = shared.policy.assignable(link);
    Unusable::Complain(if is_assignable { ErrorCode::NonexistentSocket } else { ErrorCode::BadParameters })
}
