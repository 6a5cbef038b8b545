//! What local programs ask for.

use imp1822::HostAddress;
use machine::{BitReader, Instant};

use crate::connection::Connection;
use crate::partner::{Asker, ECHO_OF_NCP, Echo, MOST_ECHOES};
use crate::phase::{Holder, Listening, Local, Requested};
use crate::reached::Happening;
use crate::receiving::Receiving;
use crate::request::Request;
use crate::requests::{RequestKey, Requests, refuse};
use crate::sending::Sending;
use crate::shared::Shared;
use crate::{
    Allocation, ByteSize, Command, ConnectionId, ForeignSocket, Gender, Ncp, OpenError, Partner, SendError,
    Socket,
};

impl Ncp {
    /// Asks the partner for a connection, by RTS or STR as the local socket's gender requires; or grants
    /// one, if the partner's request is queued already.
    ///
    /// `size` is the byte size: without one, a receiver takes what the sender chooses, and a sender sends
    /// bytes of eight bits. A partner's request with another size is refused, and the connection is
    /// [`Refused`](crate::CloseReason::Refused).
    pub fn init(
        &mut self,
        now: Instant,
        local: Socket,
        foreign: ForeignSocket,
        size: Option<ByteSize>,
    ) -> Result<ConnectionId, OpenError> {
        let Ncp { connections, requests, shared, .. } = self;
        shared.now = now;
        if local.gender() == foreign.socket.gender() {
            return Err(OpenError::SameGender);
        }
        connections.may_open(local, shared.policy.connections)?;
        let local = Local::new(ConnectionId(shared.next_number()), local);
        let connection = request(local, Requested { foreign, wanted: size }, requests, shared)?;
        Ok(connections.insert(connection))
    }

    /// Asks a partner for a connection for which a program has only listened so far, as [`init`](Ncp::init) does. Does
    /// nothing if a partner has asked meanwhile.
    pub fn ask_partner(
        &mut self,
        now: Instant,
        id: ConnectionId,
        foreign: ForeignSocket,
    ) -> Result<(), OpenError> {
        let Ncp { connections, requests, shared, .. } = self;
        shared.now = now;
        let Some(connection) = connections.held_mut(id) else { return Ok(()) };
        let Some(Listening { wanted, .. }) = connection.listening() else { return Ok(()) };
        if connection.local().socket.gender() == foreign.socket.gender() {
            return Err(OpenError::SameGender);
        }
        *connection = request(*connection.local(), Requested { foreign, wanted }, requests, shared)?;
        Ok(())
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
        let Ncp { connections, requests, shared, .. } = self;
        shared.now = now;
        if let Partner::Exactly(foreign) = from
            && foreign.socket.gender() == local.gender()
        {
            return Err(OpenError::SameGender);
        }
        connections.may_open(local, shared.policy.connections)?;
        let id = ConnectionId(shared.next_number());
        let local = Local::new(id, local);
        let listening = Listening { from, wanted: size };
        let mut connection = match local.socket.gender() {
            Gender::Receive => Connection::Receive(Receiving::listening(local, listening, shared)),
            Gender::Send => Connection::Send(Sending::listening(local, listening)),
        };
        let mut has_found = false;
        let queued: Vec<(RequestKey, Request)> = requests.at(local.socket).collect();
        for (key, request) in queued {
            let fits = from.fits(request.foreign) && request.offer.suits(connection.size());
            if fits && has_found {
                continue;
            }
            requests.take(key, shared);
            let is_granted = fits && connection.accept(request, shared);
            if is_granted {
                has_found = true;
            } else {
                refuse(request, shared);
            }
        }
        Ok(connections.insert(connection))
    }

    /// Lets the sender of a connection have `allocation` once and never more, instead of what the policy
    /// says: one message of 32 bits on the contact connection of RFC 165. Returns whether it came in time,
    /// which is before the connection opens.
    pub fn allocate_once(&mut self, id: ConnectionId, allocation: Allocation) -> bool {
        match self.connections.held_mut(id) {
            Some(Connection::Receive(receiving)) => receiving.allocate_once(allocation),
            Some(Connection::Send(_)) | None => false,
        }
    }

    /// Writes text to a connection. As much as there is room for is copied, in whole bytes of the
    /// connection's size; returns how many bits that was. If it was not everything,
    /// [`Event::Writable`](crate::Event::Writable) says when to go on.
    pub fn send(&mut self, now: Instant, id: ConnectionId, text: BitReader<'_>) -> Result<usize, SendError> {
        self.shared.now = now;
        match self.connections.held_mut(id).ok_or(SendError::NoSuchConnection)? {
            Connection::Send(sending) => {
                self.shared.reached.mark(sending.row(), Happening::ReadsOrWrites);
                sending.write(text, &mut self.shared)
            }
            Connection::Receive(_) => Err(SendError::NotASender),
        }
    }

    /// How many bits `send` would take now; 0 if the connection does not send.
    pub fn send_room(&self, id: ConnectionId) -> usize {
        match self.connections.held(id) {
            Some(Connection::Send(sending)) => sending.room(&self.shared),
            Some(Connection::Receive(_)) | None => 0,
        }
    }

    /// How many bits have not been sent, or have no RFNM yet; 0 when everything has arrived.
    pub fn unsent(&self, id: ConnectionId) -> usize {
        match self.connections.held(id) {
            Some(Connection::Send(sending)) => sending.outstanding(&self.shared.transit),
            Some(Connection::Receive(_)) | None => 0,
        }
    }

    /// Reads text: moves at most `most_bits`, in whole bytes of the connection's size, to the end of `into`,
    /// packed, the last byte filled up with zeros. Returns how many bits were moved. What is read makes
    /// room for the sender.
    pub fn receive(&mut self, now: Instant, id: ConnectionId, most_bits: usize, into: &mut Vec<u8>) -> usize {
        self.shared.now = now;
        match self.connections.held_mut(id) {
            Some(Connection::Receive(receiving)) => {
                self.shared.reached.mark(receiving.row(), Happening::ReadsOrWrites);
                receiving.read(most_bits, into, &mut self.shared)
            }
            Some(Connection::Send(_)) | None => 0,
        }
    }

    /// Reads text as [`receive`](Ncp::receive) does, from a connection of 8-bit bytes: hands at most `most` of them to `take`,
    /// piece by piece. Returns how many they were; none if the bytes are of another size.
    pub fn receive_bytes(
        &mut self,
        now: Instant,
        id: ConnectionId,
        most: usize,
        take: impl FnMut(&[u8]),
    ) -> usize {
        self.shared.now = now;
        match self.connections.held_mut(id) {
            Some(Connection::Receive(receiving)) if receiving.size() == Some(ByteSize::EIGHT) => {
                self.shared.reached.mark(receiving.row(), Happening::ReadsOrWrites);
                receiving.read_bytes(most, take, &mut self.shared) / 8
            }
            Some(Connection::Receive(_) | Connection::Send(_)) | None => 0,
        }
    }

    /// Says whether text is due on a connection from which a program reads: whether it waits for the partner now, and not
    /// merely for whatever may come some day. Only then is a partner asked that says nothing ([`Policy::inquiry`]).
    ///
    /// [`Policy::inquiry`]: crate::Policy::inquiry
    pub fn expect(&mut self, now: Instant, id: ConnectionId, is_due: bool) {
        let Ncp { connections, shared, .. } = self;
        shared.now = now;
        if let Some(connection) = connections.held_mut(id) {
            connection.local_mut().expects = is_due;
            connection.foreign().into_iter().for_each(|foreign| shared.stir(foreign.host));
        }
    }

    /// How many bits wait to be read.
    pub fn readable(&self, id: ConnectionId) -> usize {
        match self.connections.held(id) {
            Some(Connection::Receive(receiving)) => receiving.flow.unread.bits(),
            Some(Connection::Send(_)) | None => 0,
        }
    }

    /// Interrupts the partner's program, by INR or INS as the socket's gender requires. Returns whether the
    /// connection is open, so that this was possible.
    pub fn interrupt(&mut self, now: Instant, id: ConnectionId) -> bool {
        self.shared.now = now;
        match self.connections.held_mut(id) {
            Some(connection) => {
                self.shared.reached.mark(connection.row(), Happening::Interrupts);
                connection.interrupt(&mut self.shared)
            }
            None => false,
        }
    }

    /// Asks the sender of an open connection to give back parts of its allocation, in 128ths (GVB). Returns
    /// whether there is a sender to ask.
    pub fn give_back(&mut self, now: Instant, id: ConnectionId, messages: u8, bits: u8) -> bool {
        self.shared.now = now;
        match self.connections.held_mut(id) {
            Some(Connection::Receive(receiving)) => receiving.give_back(messages, bits, &mut self.shared),
            Some(Connection::Send(_)) | None => false,
        }
    }

    /// Closes a connection. A sender's text still goes out first; a receiver discards what arrives from now
    /// on. Closing what is closed already does nothing.
    pub fn close(&mut self, now: Instant, id: ConnectionId) {
        let Ncp { connections, shared, .. } = self;
        shared.now = now;
        if let Some(connection) = connections.held_mut(id) {
            shared.reached.mark(connection.row(), Happening::Closes);
            let next = connection.close(shared);
            connections.settle(id, next, shared);
        }
    }

    /// Breaks a connection off: the text that has not left yet is not sent. A sender interrupts first, so that
    /// its CLS is not taken for the end of the text.
    pub fn abort(&mut self, now: Instant, id: ConnectionId) {
        let Ncp { connections, shared, .. } = self;
        shared.now = now;
        if let Some(connection) = connections.held_mut(id) {
            shared.reached.mark(connection.row(), Happening::Aborts);
            let next = connection.abort(shared);
            connections.settle(id, next, shared);
        }
    }

    /// Lets go of a connection, which closes it if it is not closed. The id is worth nothing afterwards, and
    /// there will be no more events for it.
    pub fn release(&mut self, now: Instant, id: ConnectionId) {
        let Ncp { connections, shared, .. } = self;
        shared.now = now;
        let Some(connection) = connections.held_mut(id) else { return };
        shared.reached.mark(connection.row(), Happening::Releases);
        if connection.is_gone() {
            return connections.forget(id);
        }
        connection.local_mut().holder = Holder::None;
        let next = connection.close(shared);
        connections.settle(id, next, shared);
    }

    /// Has a partner show that it is there, which no program is told: its answer to an ECO (NIC 8246, Test Inquiry) means
    /// nothing. But of a host that is dead the IMP says so now, and one that has come up anew says that it has forgotten all,
    /// so that what was open with it is over. One that does not answer is sent a NOP, since no second ECO may follow the first.
    pub fn look_for(&mut self, now: Instant, host: HostAddress) {
        self.shared.now = now;
        let partner = self.shared.partners.entry(host);
        if partner.echoes.is_empty() {
            partner.echoes.push_back(Echo { data: ECHO_OF_NCP, asker: Asker::Ncp });
            self.shared.next_echo(host);
        } else if self.shared.has_room_for_answer(host) {
            self.shared.command(host, Command::Nop);
        }
    }

    /// Sends a partner an ECO; [`Event::Echoed`](crate::Event::Echoed) follows if it answers. Only one is on its way at a
    /// time (NIC 8246, Test Inquiry); the next few wait, and what is more is dropped.
    pub fn echo(&mut self, now: Instant, host: HostAddress, data: u8) {
        self.shared.now = now;
        let partner = self.shared.partners.entry(host);
        if partner.echoes.len() < MOST_ECHOES {
            partner.echoes.push_back(Echo { data, asker: Asker::Program });
            if partner.echoes.len() == 1 {
                self.shared.next_echo(host);
            }
        }
    }
}

/// A connection that a program asks for, by RTS or STR as its local socket's gender requires; or that it grants, if the
/// partner's request is queued already.
fn request(
    local: Local,
    requested: Requested,
    requests: &mut Requests,
    shared: &mut Shared,
) -> Result<Connection, OpenError> {
    let foreign = requested.foreign;
    Ok(match local.socket.gender() {
        Gender::Receive => {
            let link = shared.free_link(foreign.host).ok_or(OpenError::NoLinks)?;
            let queued = requests.take_from(local.socket, foreign, shared);
            let queued = queued.map(|request| request.offer.to_receiver());
            Connection::Receive(Receiving::init(local, requested, link, queued, shared))
        }
        Gender::Send => {
            let queued = requests.take_from(local.socket, foreign, shared);
            let queued = queued.map(|request| request.offer.to_sender());
            Connection::Send(Sending::init(local, requested, queued, shared))
        }
    })
}
