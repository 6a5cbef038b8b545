//! What the tables of an NCP look like from outside: for NETSTAT, and for reports of what stands still.

use std::fmt;

use imp1822::Link;
use machine::Instant;

use crate::connection::Connection;
use crate::reached::Reached;
use crate::receiving::{ReceivePhase, Receiving};
use crate::request::Request;
use crate::sending::SendPhase;
use crate::shared::Shared;
use crate::timers::Timer;
use crate::{Allocation, ByteSize, ConnectionId, ForeignSocket, Ncp, Offer, Socket};

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
        let Shared { partners, transit, timers, .. } = &self.shared;
        let is_used =
            |host, link| partners.get(host).is_some_and(|partner| partner.sending.contains_key(&link));
        let mut tables = Tables {
            sockets: self.connections.sockets(),
            connections: self.connections.len(),
            requests: self.requests.len(),
            deadlines: timers.len() + usize::from(transit.deadline().is_some()),
            links: self.requests.links() + transit.held_links(is_used),
            ..Tables::default()
        };
        for (_, partner) in partners.iter() {
            tables.refusals += partner.refusals.len();
            tables.commands += partner.urgent.len() + partner.queue.len();
            tables.links += partner.receiving.len() + partner.sending.len();
        }
        tables
    }

    /// Which states of connections have met which inputs so far.
    pub fn reached(&self) -> &Reached {
        &self.shared.reached
    }

    /// What one connection looks like, until its id is released.
    pub fn status(&self, id: ConnectionId) -> Option<Status> {
        self.connections.held(id).map(|connection| status(id, connection, &self.shared))
    }

    /// Every connection that holds a local socket, in the order of the sockets. Those that a program has
    /// released and that are not over yet are among them.
    pub fn connections(&self) -> impl Iterator<Item = Status> + '_ {
        self.connections.in_order().map(|(id, connection)| status(id, connection, &self.shared))
    }

    /// The requests that wait for a program, by socket, then in the order in which they came.
    pub fn queued_requests(&self) -> impl Iterator<Item = QueuedRequest> + '_ {
        self.requests.iter().filter_map(|(key, Request { local, foreign, offer })| {
            let until = self.shared.timers.get(Timer::Request(key.0, key.1))?;
            Some(QueuedRequest { local, foreign, offer, until })
        })
    }
}

fn status(id: ConnectionId, connection: &Connection, shared: &Shared) -> Status {
    let nothing = Status {
        id,
        local: connection.local().socket,
        foreign: connection.foreign(),
        state: State::Gone,
        size: connection.size(),
        link: connection.link(),
        allocation: Allocation::default(),
        unread: 0,
        unsent: 0,
        in_transit: false,
    };
    match connection {
        Connection::Receive(Receiving { phase, flow, .. }) => {
            let state = match phase {
                ReceivePhase::Listening(_) => State::Listening,
                ReceivePhase::Requested(..) => State::Requested,
                ReceivePhase::Open(_) => State::Open,
                ReceivePhase::Closing(..) => State::Closing,
                ReceivePhase::Gone(_) => State::Gone,
            };
            Status { state, allocation: flow.granted, unread: flow.unread.bits(), ..nothing }
        }
        Connection::Send(sending) => {
            let state = match sending.phase {
                SendPhase::Listening(_) => State::Listening,
                SendPhase::Requested(_) => State::Requested,
                SendPhase::Open(_) => State::Open,
                SendPhase::Flushing(_) => State::Flushing,
                SendPhase::Answering(_) => State::Answering,
                SendPhase::Closing(..) => State::Closing,
                SendPhase::Gone(_) => State::Gone,
            };
            Status {
                state,
                allocation: sending.flow.allowed,
                unsent: sending.outstanding(&shared.transit),
                in_transit: sending.in_transit(&shared.transit).is_some(),
                ..nothing
            }
        }
    }
}
