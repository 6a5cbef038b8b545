//! What a partner's ERR means for the connections with it.
//!
//! NIC 8246 wants an ERR to be recorded, and leaves it at that. Here it also ends a connection, if it leaves no doubt: its
//! data are what this host has said about that connection, and the partner calls our request illegal, or knows nothing of
//! the connection, as when it was started anew and sent no RST. Otherwise the programs would wait for what never comes.
//!
//! Some NCPs complain of a good ALL that comes before their program has taken its connection, and a complaint may be late:
//! of what an earlier connection had on the same link. Therefore a complaint counts against an open connection only if it
//! is about what was said last, after the partner had shown by using the connection that it knew of it.

use imp1822::{HostAddress, Link};
use machine::BitReader;

use crate::connection::Connection;
use crate::header::complaint_of_ours;
use crate::phase::{Closing, Next, Usage};
use crate::reached::Happening;
use crate::receiving::{ReceivePhase, Receiving};
use crate::sending::{SendPhase, Sending, size_or_eight};
use crate::shared::Shared;
use crate::{CloseReason, Command, ErrorCode, ForeignSocket, Ncp, Socket};

impl Receiving {
    /// The partner calls `request` illegal.
    fn on_request_illegal(
        &mut self,
        (from, request): (ForeignSocket, Command),
        code: ErrorCode,
        shared: &mut Shared,
    ) -> Next {
        match &self.phase {
            // The partner has not taken it, so that there is nothing to withdraw.
            ReceivePhase::Requested(requested, link)
                if requested.foreign == from && self.rts(from, *link) == request =>
            {
                Next::Finish(CloseReason::Illegal(code))
            }
            // It was to grant the partner's own, which is refused now. What is in use was not requested in vain.
            ReceivePhase::Open(open)
                if open.foreign == from
                    && open.usage == Usage::Unused
                    && self.rts(from, open.link) == request =>
            {
                let (closing, link) = (Closing::of_open(open, CloseReason::Illegal(code)), open.link);
                self.begin_closing(closing, link, shared);
                Next::Stay
            }
            ReceivePhase::Listening(_) | ReceivePhase::Requested(..) | ReceivePhase::Open(_) => Next::Stay,
            // This ends in its own way.
            ReceivePhase::Closing(..) | ReceivePhase::Gone(_) => Next::Stay,
        }
    }

    /// The partner knows nothing that our CLS to `to` could close, so that it will not answer.
    fn on_cls_unknown(&self, to: ForeignSocket) -> Next {
        match &self.phase {
            ReceivePhase::Closing(closing, _) if closing.foreign == to => closing.unknown(),
            // No CLS of ours has been sent, or not to this socket.
            ReceivePhase::Closing(..) | ReceivePhase::Listening(_) | ReceivePhase::Requested(..) => {
                Next::Stay
            }
            ReceivePhase::Open(_) | ReceivePhase::Gone(_) => Next::Stay,
        }
    }

    /// The partner knows of no connection on the link of `command`. If that is what was said last, it knows nothing of
    /// this connection. If it errs, it is told by a CLS all the same that nothing more will come.
    fn on_link_unknown(&mut self, command: Command, shared: &mut Shared) {
        if let ReceivePhase::Open(open) = &self.phase
            && open.has_said(command)
        {
            let (closing, link) = (Closing::of_open(open, CloseReason::Forgotten), open.link);
            self.begin_closing(closing, link, shared);
        }
    }
}

impl Sending {
    /// The partner calls `request` illegal.
    fn on_request_illegal(
        &mut self,
        (from, request): (ForeignSocket, Command),
        code: ErrorCode,
        shared: &mut Shared,
    ) -> Next {
        match &self.phase {
            // The partner has not taken it, so that there is nothing to withdraw.
            SendPhase::Requested(requested)
                if requested.foreign == from
                    && self.str(from, size_or_eight(requested.wanted)) == request =>
            {
                Next::Finish(CloseReason::Illegal(code))
            }
            // It was to grant the partner's own, which is refused now. What is in use was not requested in vain.
            SendPhase::Open(open)
                if open.foreign == from
                    && open.usage == Usage::Unused
                    && self.str(from, open.size) == request =>
            {
                let (closing, link) = (Closing::of_open(open, CloseReason::Illegal(code)), open.link);
                self.begin_closing(closing, Some(link), shared);
                Next::Stay
            }
            SendPhase::Listening(_) | SendPhase::Requested(_) | SendPhase::Open(_) => Next::Stay,
            // This ends in its own way.
            SendPhase::Flushing(_) | SendPhase::Answering(_) => Next::Stay,
            SendPhase::Closing(..) | SendPhase::Gone(_) => Next::Stay,
        }
    }

    /// The partner knows nothing that our CLS to `to` could close, so that it will not answer.
    fn on_cls_unknown(&self, to: ForeignSocket) -> Next {
        match &self.phase {
            SendPhase::Closing(closing, _) if closing.foreign == to => closing.unknown(),
            // No CLS of ours has been sent, or not to this socket.
            SendPhase::Closing(..) | SendPhase::Listening(_) | SendPhase::Requested(_) => Next::Stay,
            SendPhase::Open(_) | SendPhase::Flushing(_) => Next::Stay,
            SendPhase::Answering(_) | SendPhase::Gone(_) => Next::Stay,
        }
    }

    /// The partner knows of no connection on the link of `command`. If that is what was said last, it knows nothing of
    /// this connection.
    fn on_link_unknown(&mut self, command: Command, shared: &mut Shared) {
        if let SendPhase::Open(open) | SendPhase::Flushing(open) = &self.phase
            && open.has_said(command)
        {
            self.break_off(*open, CloseReason::Forgotten, shared);
        }
    }

    /// The partner knows of no connection for a message of which `data` are the beginning. If that is the last that was
    /// sent, it knows nothing of this connection.
    fn on_text_unknown(&mut self, data: [u8; 10], shared: &mut Shared) {
        if let SendPhase::Open(open) | SendPhase::Flushing(open) = &self.phase
            && self.last.as_ref().is_some_and(|last| complaint_of_ours(shared.address, last) == data)
        {
            self.break_off(*open, CloseReason::Forgotten, shared);
        }
    }
}

impl Connection {
    /// The partner calls `request` illegal, which may be ours to the socket `from`.
    fn on_request_illegal(
        &mut self,
        (from, request): (ForeignSocket, Command),
        code: ErrorCode,
        shared: &mut Shared,
    ) -> Next {
        match self {
            Connection::Receive(receiving) => receiving.on_request_illegal((from, request), code, shared),
            Connection::Send(sending) => sending.on_request_illegal((from, request), code, shared),
        }
    }

    /// The partner knows nothing that our CLS to `to` could close.
    fn on_cls_unknown(&self, to: ForeignSocket) -> Next {
        match self {
            Connection::Receive(receiving) => receiving.on_cls_unknown(to),
            Connection::Send(sending) => sending.on_cls_unknown(to),
        }
    }

    /// The partner knows of no connection on the link of `command`, which may be what was said last.
    fn on_link_unknown(&mut self, command: Command, shared: &mut Shared) {
        shared.reached.mark(self.row(), Happening::Complaint);
        match self {
            Connection::Receive(receiving) => receiving.on_link_unknown(command, shared),
            Connection::Send(sending) => sending.on_link_unknown(command, shared),
        }
    }
}

impl Ncp {
    /// ERR: the partner complains. It is never answered by an ERR, nor by anything else, unless it ends a connection.
    pub(crate) fn on_err(&mut self, host: HostAddress, code: ErrorCode, data: [u8; 10]) {
        let (is_illegal, is_unknown) = match code {
            ErrorCode::NonexistentSocket | ErrorCode::NotConnected => (true, true),
            ErrorCode::IllegalOpcode | ErrorCode::ShortParameters | ErrorCode::BadParameters => (true, false),
            // What these mean is up to the partner.
            ErrorCode::Undefined | ErrorCode::Unknown(_) => (false, false),
        };
        // Of a message with text, the data are its beginning: the type of a regular message, where a command has
        // its opcode.
        if data[0] == Command::Nop.opcode() {
            if is_unknown {
                self.on_text_unknown(host, data);
            }
            return;
        }
        // What cannot be read was not said by this host, nor was anything said to a host that is not known.
        let Ok(command) = Command::parse(&mut BitReader::new(&data)) else { return };
        let Some(partner) = self.shared.partners.get(host) else { return };
        // It has not left yet, because a reset or another message is unanswered.
        if partner.is_unsaid(command) {
            return;
        }
        match command {
            Command::Rts { receive: local, send: socket, .. }
            | Command::Str { send: local, receive: socket, .. } => {
                if is_illegal {
                    self.on_request_illegal(local, ForeignSocket { host, socket }, command, code);
                }
            }
            Command::Cls { mine, yours } => {
                if is_unknown {
                    self.on_cls_unknown(mine, ForeignSocket { host, socket: yours });
                }
            }
            Command::All { link, .. } | Command::Gvb { link, .. } | Command::Inr { link } => {
                if is_unknown && let Some(id) = partner.receiving.get(&link).copied() {
                    self.connections.live(id).on_link_unknown(command, &mut self.shared);
                }
            }
            Command::Ret { link, .. } | Command::Ins { link } => {
                if is_unknown && let Some(id) = partner.sending.get(&link).copied() {
                    self.connections.live(id).on_link_unknown(command, &mut self.shared);
                }
            }
            // These concern no connection.
            Command::Nop | Command::Eco { .. } | Command::Erp { .. } => {}
            Command::Err { .. } | Command::Rst | Command::Rrp => {}
        }
    }

    /// A request is illegal: perhaps one of ours for the connection at `local`.
    fn on_request_illegal(
        &mut self,
        local: Socket,
        foreign: ForeignSocket,
        request: Command,
        code: ErrorCode,
    ) {
        let Ncp { connections, shared, .. } = self;
        if let Some(connection) = connections.at_socket(local) {
            let id = connection.local().id;
            shared.reached.mark(connection.row(), Happening::Complaint);
            let next = connection.on_request_illegal((foreign, request), code, shared);
            connections.settle(id, next, shared);
        }
    }

    /// There is no connection that our CLS could close, and so nothing that would answer it.
    fn on_cls_unknown(&mut self, local: Socket, foreign: ForeignSocket) {
        let Ncp { connections, shared, .. } = self;
        if let Some(connection) = connections.at_socket(local) {
            shared.reached.mark(connection.row(), Happening::Complaint);
            let (id, next) = (connection.local().id, connection.on_cls_unknown(foreign));
            connections.settle(id, next, shared);
        }
    }

    /// There is no connection on the link of a text.
    fn on_text_unknown(&mut self, host: HostAddress, data: [u8; 10]) {
        let link = Link::from(data[2]);
        let user = self.shared.partners.get(host).and_then(|partner| partner.sending.get(&link)).copied();
        if let Some(id) = user {
            let Ncp { connections, shared, .. } = self;
            shared.reached.mark(connections.sending(id).row(), Happening::Complaint);
            connections.sending(id).on_text_unknown(data, shared);
        }
    }
}
