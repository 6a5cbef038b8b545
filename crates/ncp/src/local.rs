//! What local programs ask for.

use imp1822::{HostAddress, Link};
use machine::{BitReader, Instant};

use crate::company::Company;
use crate::connection::{Connection, Flow, Holder, Phase, Proof};
use crate::flow::{Receiver, Sender, Supply};
use crate::partner::MOST_ECHOES;
use crate::{
    Allocation, ByteSize, Command, ConnectionId, Event, ForeignSocket, Gender, Gone, Ncp, Offer, Partner,
    QueuedRequest, Socket,
};

/// Why a connection cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Both sockets receive, or both send.
    #[error("both sockets have the same gender")]
    SameGender,
    /// The local socket belongs to a connection that is not over.
    #[error("the local socket is in use")]
    SocketInUse,
    /// The NCP's table is full.
    #[error("too many connections")]
    TooManyConnections,
    /// Every link on which the partner could send is in use.
    #[error("no link is free")]
    NoLinks,
}

/// Why text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// No connection has this id, or it was released.
    #[error("no such connection")]
    NoSuchConnection,
    /// The local socket receives.
    #[error("not a send socket")]
    NotASender,
    /// The partner has not agreed yet.
    #[error("not open yet")]
    NotOpen,
    /// It was closed on this side or the other.
    #[error("closed")]
    Closed,
}

impl Ncp {
    /// Asks the partner for a connection, by RTS or STR as the local socket's gender requires; or grants
    /// one, if the partner's request is queued already.
    ///
    /// `size` is the byte size: without one, a receiver takes what the sender chooses, and a sender sends
    /// bytes of eight bits. A partner's request with another size is refused, and the connection is
    /// [`Gone::Refused`].
    pub fn init(
        &mut self,
        now: Instant,
        local: Socket,
        foreign: ForeignSocket,
        size: Option<ByteSize>,
    ) -> Result<ConnectionId, OpenError> {
        if local.gender() == foreign.socket.gender() {
            return Err(OpenError::SameGender);
        }
        self.may_open(local)?;
        let link = match local.gender() {
            Gender::Receive => Some(self.free_link(foreign.host).ok_or(OpenError::NoLinks)?),
            Gender::Send => None,
        };
        let id = self.enlist(local, size, Phase::Requested { foreign, link });
        let request = self.request_from(local, foreign).and_then(|key| self.take_request(key));
        self.claim(id, foreign, link);
        match request {
            Some(request) if !self.connections[&id].suits(request.size()) => {
                self.begin_closing(now, id, Gone::Refused);
            }
            Some(request) => {
                self.request(now, id);
                self.open(now, id, request);
            }
            None => self.request(now, id),
        }
        Ok(id)
    }

    /// Waits for a request to a local socket and grants it. The oldest queued request that fits is taken at
    /// once; those that do not fit are refused, as is any that comes from elsewhere while this listens.
    pub fn listen(
        &mut self,
        now: Instant,
        local: Socket,
        from: Partner,
        size: Option<ByteSize>,
    ) -> Result<ConnectionId, OpenError> {
        if let Partner::Exactly(foreign) = from
            && foreign.socket.gender() == local.gender()
        {
            return Err(OpenError::SameGender);
        }
        self.may_open(local)?;
        let id = self.enlist(local, size, Phase::Listening { from });
        let mut found = false;
        let queued: Vec<(Socket, u64)> = self.requests_for(local).collect();
        for key in queued {
            let request = self.requests[&key];
            let fits = from.fits(request.foreign) && self.connections[&id].suits(request.size());
            if fits && found {
                continue;
            }
            self.take_request(key);
            if fits && self.accept(now, id, request) {
                found = true;
            } else {
                self.refuse(now, request);
            }
        }
        Ok(id)
    }

    /// Lets the sender of a connection have `allocation` once and never more, instead of what the policy
    /// says: one message of 32 bits on the contact connection of RFC 165. Answers whether it came in time,
    /// which is before the connection opens.
    pub fn allocate_once(&mut self, id: ConnectionId, allocation: Allocation) -> bool {
        match self.connections.get_mut(&id) {
            Some(Connection {
                phase: Phase::Listening { .. } | Phase::Requested { .. },
                flow: Flow::Receive(receiver),
                ..
            }) => {
                receiver.supply = Supply::Once(allocation);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Writes text to a connection. As much as there is room for is copied, in whole bytes of the
    /// connection's size; answers how many bits that was. If it was not everything,
    /// [`Event::Writable`] says when to go on.
    pub fn send(
        &mut self,
        now: Instant,
        id: ConnectionId,
        mut text: BitReader<'_>,
    ) -> Result<usize, SendError> {
        let connection = self.held(id).ok_or(SendError::NoSuchConnection)?;
        if let Flow::Receive(_) = connection.flow {
            return Err(SendError::NotASender);
        }
        match connection.phase {
            Phase::Open { .. } => {}
            Phase::Listening { .. } | Phase::Requested { .. } => return Err(SendError::NotOpen),
            Phase::Flushing { .. } | Phase::Answering { .. } => return Err(SendError::Closed),
            Phase::Closing { .. } | Phase::Gone { .. } => return Err(SendError::Closed),
        }
        let size = connection.byte_size();
        let mut taken = 0;
        loop {
            let buffer = self.policy.send_buffer_bits;
            let Some(Flow::Send(sender)) = self.connections.get_mut(&id).map(|one| &mut one.flow) else {
                return Err(SendError::NotASender);
            };
            let room = sender.room(buffer, size).min(text.left());
            let some = room - room % usize::from(size.bits());
            let left = text.left() - some;
            sender.starved = left >= usize::from(size.bits());
            let Ok(part) = text.split(some) else { return Ok(taken) };
            if some == 0 {
                return Ok(taken);
            }
            sender.unsent.push(part);
            taken += some;
            // What is transmitted leaves room for more; the program hears of it from the answer, not by
            // an event.
            let starved = std::mem::take(&mut sender.starved);
            self.transmit(now, id);
            if !starved {
                return Ok(taken);
            }
        }
    }

    /// How many bits `send` would take now; 0 if the connection does not send.
    pub fn send_room(&self, id: ConnectionId) -> usize {
        match self.held(id) {
            Some(connection) => match (&connection.flow, connection.phase) {
                (Flow::Send(sender), Phase::Open { .. }) => {
                    sender.room(self.policy.send_buffer_bits, connection.byte_size())
                }
                (Flow::Send(_) | Flow::Receive(_), _) => 0,
            },
            None => 0,
        }
    }

    /// How many bits have not been sent, or have no RFNM yet; 0 when everything has arrived.
    pub fn unsent(&self, id: ConnectionId) -> usize {
        match self.held(id).map(|connection| &connection.flow) {
            Some(Flow::Send(sender)) => sender.outstanding(),
            Some(Flow::Receive(_)) | None => 0,
        }
    }

    /// Reads text: moves at most `most_bits`, in whole bytes of the connection's size, to the end of `into`,
    /// packed, the last byte filled up with zeros. Answers how many bits were moved. What is read makes
    /// room for the sender.
    pub fn receive(&mut self, now: Instant, id: ConnectionId, most_bits: usize, into: &mut Vec<u8>) -> usize {
        let Some(connection) = self.connections.get_mut(&id) else { return 0 };
        let size = usize::from(connection.byte_size().bits());
        let (Holder::Program, Flow::Receive(receiver)) = (connection.holder, &mut connection.flow) else {
            return 0;
        };
        let read = receiver.unread.pop(most_bits - most_bits % size, into);
        self.renew(now, id);
        read
    }

    /// How many bits wait to be read.
    pub fn readable(&self, id: ConnectionId) -> usize {
        match self.held(id).map(|connection| &connection.flow) {
            Some(Flow::Receive(receiver)) => receiver.unread.bits(),
            Some(Flow::Send(_)) | None => 0,
        }
    }

    /// Interrupts the partner's program, by INR or INS as the socket's gender requires. Answers whether the
    /// connection is open, so that this was possible.
    pub fn interrupt(&mut self, now: Instant, id: ConnectionId) -> bool {
        let Some(connection) = self.held(id) else { return false };
        let (Phase::Open { foreign, link } | Phase::Flushing { foreign, link, .. }) = connection.phase else {
            return false;
        };
        let command = match connection.flow {
            Flow::Receive(_) => Command::Inr { link },
            Flow::Send(_) => Command::Ins { link },
        };
        self.say(now, id, foreign.host, command);
        true
    }

    /// Asks the sender of an open connection to give back parts of its allocation, in 128ths (GVB). Answers
    /// whether there is a sender to ask.
    pub fn give_back(&mut self, now: Instant, id: ConnectionId, messages: u8, bits: u8) -> bool {
        match self.connections.get_mut(&id) {
            Some(Connection {
                phase: Phase::Open { foreign, link }, flow: Flow::Receive(receiver), ..
            }) => {
                receiver.give_backs = receiver.give_backs.saturating_add(1);
                let (host, link) = (foreign.host, *link);
                self.say(now, id, host, Command::Gvb { link, messages, bits });
                true
            }
            Some(_) | None => false,
        }
    }

    /// Closes a connection. A sender's text still goes out first; a receiver discards what arrives from now
    /// on. Closing what is closed already does nothing.
    pub fn close(&mut self, now: Instant, id: ConnectionId) {
        if self.held(id).is_some() {
            self.shut(now, id);
        }
    }

    fn shut(&mut self, now: Instant, id: ConnectionId) {
        let Some(connection) = self.connections.get(&id) else { return };
        match (connection.phase, &connection.flow) {
            // Nobody but this host knows of it.
            (Phase::Listening { .. }, _) => self.finish(id, Gone::Closed),
            // The request is withdrawn.
            (Phase::Requested { .. }, _) => self.begin_closing(now, id, Gone::Closed),
            (Phase::Open { .. }, Flow::Receive(_)) => self.begin_closing(now, id, Gone::Closed),
            // No CLS while text is on its way (NIC 8246, Connection Termination).
            (Phase::Open { foreign, link }, Flow::Send(_)) => {
                let until = now + self.policy.close_patience;
                self.enter(id, Phase::Flushing { foreign, link, until });
                self.transmit(now, id);
            }
            (Phase::Flushing { .. } | Phase::Answering { .. }, _) => {}
            (Phase::Closing { .. } | Phase::Gone { .. }, _) => {}
        }
    }

    /// Breaks a connection off: the text that has not left yet is not sent. A sender interrupts first, so that
    /// its CLS is not taken for the end of the text.
    pub fn abort(&mut self, now: Instant, id: ConnectionId) {
        if self.held(id).is_none() {
            return;
        }
        self.break_off(now, id);
        if let Some(Flow::Send(sender)) = self.connections.get_mut(&id).map(|one| &mut one.flow) {
            sender.unsent.clear();
        }
        self.shut(now, id);
        // A connection that was closed before has no text to wait for any more.
        self.transmit(now, id);
    }

    /// Lets go of a connection, which closes it if it is not closed. The id is worth nothing afterwards, and
    /// there will be no more events for it.
    pub fn release(&mut self, now: Instant, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if connection.holder == Holder::Nobody {
            return;
        }
        connection.holder = Holder::Nobody;
        match connection.phase {
            Phase::Gone { .. } => {
                self.connections.remove(&id);
            }
            Phase::Listening { .. } | Phase::Requested { .. } | Phase::Open { .. } => self.shut(now, id),
            Phase::Flushing { .. } | Phase::Answering { .. } | Phase::Closing { .. } => {}
        }
    }

    /// Sends a partner an ECO; [`Event::Echoed`] follows if it answers. Only one is on its way at a time
    /// (NIC 8246, Test Inquiry); the next few wait, and what is more is dropped.
    pub fn echo(&mut self, now: Instant, host: HostAddress, data: u8) {
        let partner = self.partner(host);
        if partner.echoes.len() < MOST_ECHOES {
            partner.echoes.push_back(data);
            if partner.echoes.len() == 1 {
                self.command(now, host, Command::Eco { data });
            }
        }
    }

    fn may_open(&self, local: Socket) -> Result<(), OpenError> {
        if self.sockets.contains_key(&local) {
            Err(OpenError::SocketInUse)
        } else if self.sockets.len() >= self.policy.connections {
            Err(OpenError::TooManyConnections)
        } else {
            Ok(())
        }
    }

    /// Enters a new connection into the tables.
    fn enlist(&mut self, local: Socket, size: Option<ByteSize>, phase: Phase) -> ConnectionId {
        let id = ConnectionId(self.number());
        let flow = match local.gender() {
            Gender::Receive => Flow::Receive(Receiver::new(self.policy.allocation)),
            Gender::Send => Flow::Send(Sender::default()),
        };
        self.connections.insert(
            id,
            Connection { local, holder: Holder::Program, size, phase, flow, proof: Proof::Missing },
        );
        self.sockets.insert(local, id);
        id
    }

    /// A link on which nobody receives from a host: the lowest, or among strangers the one whose turn it is.
    fn free_link(&mut self, host: HostAddress) -> Option<Link> {
        self.partner(host);
        let receiving = &self.partners[usize::from(host.number())].as_deref()?.receiving;
        let links = self.policy.links.clone();
        let many = links.len();
        let turn = match self.company {
            Company::Known => 0,
            Company::Strangers { next_link } => next_link % many.max(1),
        };
        let mut links = links.cycle().skip(turn).take(many).map(Link::from);
        let free = links.find(|link| {
            self.policy.assignable(*link)
                && !self.policy.avoided_links.contains(&link.number())
                && !receiving.contains_key(link)
        })?;
        if let Company::Strangers { next_link } = &mut self.company {
            *next_link = usize::from(free.number() - self.policy.links.start()) + 1;
        }
        Some(free)
    }

    /// Enters a connection into its partner's tables.
    fn claim(&mut self, id: ConnectionId, foreign: ForeignSocket, link: Option<Link>) {
        let partner = self.partner(foreign.host);
        partner.connections.insert(id);
        if let Some(link) = link {
            partner.receiving.insert(link, id);
        }
    }

    /// Sends our own request.
    fn request(&mut self, now: Instant, id: ConnectionId) {
        let Some(connection) = self.connections.get(&id) else { return };
        let Phase::Requested { foreign, link } = connection.phase else { return };
        let local = connection.local;
        let command = match link {
            Some(link) => Command::Rts { receive: local, send: foreign.socket, link },
            None => {
                Command::Str { send: local, receive: foreign.socket, size: connection.byte_size().bits() }
            }
        };
        self.command(now, foreign.host, command);
    }

    /// Grants a request to a listening connection. Answers whether that was possible: a receiver needs a
    /// link.
    pub(crate) fn accept(&mut self, now: Instant, id: ConnectionId, request: QueuedRequest) -> bool {
        let foreign = request.foreign;
        let link = match request.offer {
            Offer::Link(_) => None,
            Offer::Size(_) => match self.free_link(foreign.host) {
                Some(link) => Some(link),
                None => return false,
            },
        };
        self.enter(id, Phase::Requested { foreign, link });
        self.claim(id, foreign, link);
        self.request(now, id);
        self.open(now, id, request);
        true
    }

    /// Both requests have been exchanged: text may flow.
    pub(crate) fn open(&mut self, now: Instant, id: ConnectionId, request: QueuedRequest) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let foreign = request.foreign;
        let (link, size) = match (request.offer, connection.phase.link()) {
            (Offer::Link(link), _) => (link, connection.byte_size()),
            (Offer::Size(size), Some(link)) => (link, size),
            (Offer::Size(_), None) => return,
        };
        connection.size = Some(size);
        let grant = match &mut connection.flow {
            Flow::Receive(receiver) => receiver.first_grant(size),
            Flow::Send(_) => {
                let links = &mut self.partner(foreign.host).sending;
                links.entry(link).or_default().connection = Some(id);
                None
            }
        };
        self.enter(id, Phase::Open { foreign, link });
        self.tell(id, Event::Opened { id, foreign, size });
        if let Some(Allocation { messages, bits }) = grant {
            self.say(now, id, foreign.host, Command::All { link, messages, bits });
        }
    }

    /// Renews the sender's allocation, if it is worth an ALL.
    pub(crate) fn renew(&mut self, now: Instant, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Phase::Open { foreign, link } = connection.phase else { return };
        let size = connection.byte_size();
        let Flow::Receive(receiver) = &mut connection.flow else { return };
        if let Some(Allocation { messages, bits }) = receiver.grant(size) {
            self.say(now, id, foreign.host, Command::All { link, messages, bits });
        }
    }
}
