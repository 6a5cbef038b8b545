//! What the tables of an NCP look like from outside: for NETSTAT, and for reports of what stands still.

use std::fmt;

use imp1822::Link;
use machine::Instant;

use crate::connection::{Connection, Flow, Phase};
use crate::{Allocation, ByteSize, ConnectionId, ForeignSocket, Ncp, Socket};

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A program waits for a request.
    Listening,
    /// Our request has been sent.
    Requested,
    /// Text may flow.
    Open,
    /// The program has closed; the rest of its text is on its way.
    Flushing,
    /// The partner has closed; the message in transit is awaited.
    Answering,
    /// Our CLS has been sent; the partner's is awaited.
    Closing,
    /// Over, but the program has not let go of it.
    Gone,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            State::Listening => "listening",
            State::Requested => "requested",
            State::Open => "open",
            State::Flushing => "flushing",
            State::Answering => "answering",
            State::Closing => "closing",
            State::Gone => "gone",
        })
    }
}

/// One connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub id: ConnectionId,
    /// The local socket; its gender says which way text flows.
    pub local: Socket,
    /// The partner's socket; none while it listens.
    pub foreign: Option<ForeignSocket>,
    /// Where it stands.
    pub state: State,
    /// The byte size, asked for or agreed.
    pub size: Option<ByteSize>,
    /// The link, once it is assigned.
    pub link: Option<Link>,
    /// What the sender may still send.
    pub allocation: Allocation,
    /// Bits that have arrived and are not yet read.
    pub unread: usize,
    /// Bits that have not arrived for certain.
    pub unsent: usize,
    /// Whether a message awaits its RFNM.
    pub in_transit: bool,
}

/// What a queued request says beside its sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// An RTS: the link on which its sender wants to receive.
    Link(Link),
    /// An STR: the size of the bytes that its sender will send.
    Size(ByteSize),
}

/// A request that waits for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueuedRequest {
    /// The socket that it asks for.
    pub local: Socket,
    /// Who asks.
    pub foreign: ForeignSocket,
    /// The link or the byte size.
    pub offer: Offer,
    /// When it will be refused.
    pub until: Instant,
}

impl QueuedRequest {
    /// The byte size that the request fixes.
    pub(crate) fn size(&self) -> Option<ByteSize> {
        match self.offer {
            Offer::Link(_) => None,
            Offer::Size(size) => Some(size),
        }
    }
}

/// How full the tables of an NCP are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tables {
    /// Connections that hold a local socket.
    pub sockets: usize,
    /// Entries for connections, including those that are over and that a program has not released.
    pub connections: usize,
    /// Requests that wait for a program.
    pub requests: usize,
    /// Refused requests whose CLS has not been answered.
    pub refusals: usize,
    /// Commands that wait for their partner, without those in transit.
    pub commands: usize,
    /// Links assigned by this host or by a partner, or still held by a message in transit.
    pub links: usize,
    /// Deadlines.
    pub deadlines: usize,
}

impl Ncp {
    /// How full the tables are. This looks at every partner.
    pub fn tables(&self) -> Tables {
        let mut tables = Tables {
            sockets: self.sockets.len(),
            connections: self.connections.len(),
            requests: self.requests.len(),
            deadlines: self.timers.len() + usize::from(self.patience.deadline().is_some()),
            ..Tables::default()
        };
        for partner in self.partners.iter().flatten() {
            tables.refusals += partner.refusals.len();
            tables.commands += partner.urgent.len() + partner.queue.len();
            tables.links += partner.receiving.len() + partner.sending.len() + partner.offered.len();
        }
        tables
    }

    /// What one connection looks like, until its id is released.
    pub fn status(&self, id: ConnectionId) -> Option<Status> {
        self.held(id).map(|connection| status(id, connection))
    }

    /// Every connection that holds a local socket, in the order of the sockets. Those that a program has
    /// released and that are not over yet are among them.
    pub fn connections(&self) -> impl Iterator<Item = Status> + '_ {
        self.sockets.values().filter_map(|id| Some(status(*id, self.connections.get(id)?)))
    }

    /// The requests that wait for a program, by socket, then in the order in which they came.
    pub fn queued_requests(&self) -> impl Iterator<Item = QueuedRequest> + '_ {
        self.requests.values().copied()
    }
}

fn status(id: ConnectionId, connection: &Connection) -> Status {
    let (allocation, unread, unsent, in_transit) = match &connection.flow {
        Flow::Receive(receiver) => (receiver.granted, receiver.unread.bits(), 0, false),
        Flow::Send(sender) => (sender.allowed, 0, sender.outstanding(), sender.in_transit.is_some()),
    };
    Status {
        id,
        local: connection.local,
        foreign: connection.phase.foreign(),
        state: match connection.phase {
            Phase::Listening { .. } => State::Listening,
            Phase::Requested { .. } => State::Requested,
            Phase::Open { .. } => State::Open,
            Phase::Flushing { .. } => State::Flushing,
            Phase::Answering { .. } => State::Answering,
            Phase::Closing { .. } => State::Closing,
            Phase::Gone { .. } => State::Gone,
        },
        size: connection.size,
        link: connection.phase.link(),
        allocation,
        unread,
        unsent,
        in_transit,
    }
}
