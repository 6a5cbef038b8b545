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
use machine::{BitReader, Bits, Instant};

use crate::command::beginning;
use crate::connection::{Connection, Flow, Phase, Proof};
use crate::{Command, ConnectionId, ErrorCode, ForeignSocket, Gender, Gone, HEADER_BITS, Ncp, Socket, text};

/// A message as the data of an ERR: its leader and header, and the first eight bits of its text (NIC 8246, Control
/// Commands, ERR 5).
pub(crate) fn complaint_of(message: &Bits) -> [u8; 10] {
    let text_bits = text(message).map_or(8, |(header, _)| header.text_bits().min(8));
    let mut reader: BitReader<'_> = message.reader();
    reader.limit(imp1822::LEADER_BITS + HEADER_BITS + text_bits);
    beginning(reader)
}

/// The same of a message of ours, as its receiver has it: there the leader names the sender.
pub(crate) fn complaint_of_ours(from: HostAddress, message: &Bits) -> [u8; 10] {
    let mut data = complaint_of(message);
    data[1] = from.number();
    data
}

impl Connection {
    /// The request that this host has sent for the connection; a listening one has sent none.
    fn own_request(&self) -> Option<Command> {
        let foreign = self.phase.foreign()?.socket;
        match self.local.gender() {
            Gender::Receive => {
                Some(Command::Rts { receive: self.local, send: foreign, link: self.phase.link()? })
            }
            Gender::Send => {
                Some(Command::Str { send: self.local, receive: foreign, size: self.byte_size().bits() })
            }
        }
    }

    /// Whether this was the last that was said about the link.
    fn has_said(&self, command: Command) -> bool {
        match self.proof {
            Proof::Used { said } => said == Some(command),
            Proof::Missing => false,
        }
    }
}

impl Ncp {
    /// Says something about the link of an open connection.
    pub(crate) fn say(&mut self, now: Instant, id: ConnectionId, host: HostAddress, command: Command) {
        if let Some(Connection { proof: Proof::Used { said }, .. }) = self.connections.get_mut(&id) {
            *said = Some(command);
        }
        self.command(now, host, command);
    }

    /// The partner has used a connection.
    pub(crate) fn proven(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id)
            && connection.proof == Proof::Missing
        {
            connection.proof = Proof::Used { said: None };
        }
    }

    /// ERR: the partner complains. It is never answered by an ERR, nor by anything else, unless it ends a connection.
    pub(crate) fn complained(&mut self, now: Instant, host: HostAddress, code: ErrorCode, data: [u8; 10]) {
        let Some(partner) = self.known(host) else { return };
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
                self.text_unknown(now, host, data);
            }
            return;
        }
        let Ok(command) = Command::parse(&mut BitReader::new(&data)) else { return };
        // It has not left yet, because a reset or another message is unanswered.
        if partner.queue.contains(&command) {
            return;
        }
        match command {
            Command::Rts { receive: local, send: socket, .. }
            | Command::Str { send: local, receive: socket, .. } => {
                if is_illegal {
                    self.request_illegal(now, local, ForeignSocket { host, socket }, command, code);
                }
            }
            Command::Cls { mine, yours } => {
                if is_unknown {
                    self.close_unknown(mine, ForeignSocket { host, socket: yours });
                }
            }
            Command::All { link, .. } | Command::Gvb { link, .. } | Command::Inr { link } => {
                let id = partner.receiving.get(&link).copied();
                if is_unknown && let Some(id) = id {
                    self.link_unknown(now, id, command);
                }
            }
            Command::Ret { link, .. } | Command::Ins { link } => {
                let id = partner.sender(link);
                if is_unknown && let Some(id) = id {
                    self.link_unknown(now, id, command);
                }
            }
            // These concern no connection.
            Command::Nop | Command::Eco { .. } | Command::Erp { .. } => {}
            Command::Err { .. } | Command::Rst | Command::Rrp => {}
        }
    }

    /// A request is illegal.
    fn request_illegal(
        &mut self,
        now: Instant,
        local: Socket,
        foreign: ForeignSocket,
        request: Command,
        code: ErrorCode,
    ) {
        let Some(id) = self.sockets.get(&local).copied() else { return };
        let Some(connection) = self.connections.get(&id) else { return };
        if connection.phase.foreign() != Some(foreign) || connection.own_request() != Some(request) {
            return;
        }
        match (connection.phase, connection.proof) {
            // The partner has not taken it, so that there is nothing to withdraw.
            (Phase::Requested { .. }, _) => self.finish(id, Gone::Illegal(code)),
            // It was to grant the partner's own, which is refused now.
            (Phase::Open { .. }, Proof::Missing) => self.begin_closing(now, id, Gone::Illegal(code)),
            // What is in use was not requested in vain.
            (Phase::Open { .. }, Proof::Used { .. }) => {}
            // This ends in its own way.
            (Phase::Flushing { .. } | Phase::Answering { .. } | Phase::Closing { .. }, _) => {}
            // Of these there is no request of ours.
            (Phase::Listening { .. } | Phase::Gone { .. }, _) => {}
        }
    }

    /// There is no connection that our CLS could close, and so nobody to answer it.
    fn close_unknown(&mut self, local: Socket, foreign: ForeignSocket) {
        let Some(id) = self.sockets.get(&local).copied() else { return };
        match self.connections.get(&id).map(|connection| connection.phase) {
            // The partner may have forgotten the text with the connection.
            Some(Phase::Closing { foreign: leaving, why: Gone::Closed, .. }) if leaving == foreign => {
                self.finish(id, Gone::Forgotten);
            }
            // What went wrong before matters more.
            Some(Phase::Closing { foreign: leaving, why, .. }) if leaving == foreign => self.finish(id, why),
            // No CLS of ours has been sent, or not to this socket.
            Some(Phase::Closing { .. } | Phase::Listening { .. } | Phase::Requested { .. }) | None => {}
            Some(Phase::Open { .. } | Phase::Flushing { .. } | Phase::Answering { .. }) => {}
            Some(Phase::Gone { .. }) => {}
        }
    }

    /// There is no connection on the link of a command.
    fn link_unknown(&mut self, now: Instant, id: ConnectionId, command: Command) {
        if self.connections.get(&id).is_some_and(|connection| connection.has_said(command)) {
            self.forgotten(now, id);
        }
    }

    /// There is no connection on the link of a text.
    fn text_unknown(&mut self, now: Instant, host: HostAddress, data: [u8; 10]) {
        let Some(id) = self.known(host).and_then(|partner| partner.sender(Link::from(data[2]))) else {
            return;
        };
        if let Some(Connection { flow: Flow::Send(sender), .. }) = self.connections.get(&id)
            && sender.last == Some(data)
        {
            self.forgotten(now, id);
        }
    }

    /// The partner knows nothing of an open connection. If it errs, it is told by a CLS all the same that nothing more
    /// will come.
    fn forgotten(&mut self, now: Instant, id: ConnectionId) {
        match self.connections.get(&id).map(|connection| connection.phase) {
            Some(Phase::Open { .. } | Phase::Flushing { .. }) => {
                self.begin_closing(now, id, Gone::Forgotten);
            }
            // It is about to end anyway.
            Some(Phase::Answering { .. } | Phase::Closing { .. } | Phase::Gone { .. }) | None => {}
            // Nothing was said about a link yet.
            Some(Phase::Listening { .. } | Phase::Requested { .. }) => {}
        }
    }
}
