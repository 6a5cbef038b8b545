//! The table of connections, by id and by local socket.

use machine::Sorted;

use crate::connection::Connection;
use crate::phase::Next;
use crate::receiving::Receiving;
use crate::sending::{SendPhase, Sending};
use crate::shared::Shared;
use crate::timers::Timer;
use crate::{CloseReason, ConnectionId, Event, OpenError, Socket};

/// All connections, until they are over and their programs have let go of them.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    table: Sorted<ConnectionId, Box<Connection>>,
    /// The connection that holds a local socket: one at most (NIC 8246, Connection Establishment).
    sockets: Sorted<Socket, ConnectionId>,
}

impl Connections {
    /// Whether there may be another connection, of at most `most`, and with this local socket.
    pub(crate) fn may_open(&self, local: Socket, most: usize) -> Result<(), OpenError> {
        if self.sockets.contains_key(&local) {
            Err(OpenError::SocketInUse)
        } else if self.sockets.len() >= most {
            Err(OpenError::TooManyConnections)
        } else {
            Ok(())
        }
    }

    pub(crate) fn insert(&mut self, connection: Connection) -> ConnectionId {
        let local = *connection.local();
        self.sockets.insert(local.socket, local.id);
        self.table.insert(local.id, Box::new(connection));
        local.id
    }

    pub(crate) fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.table.get(&id).map(|connection| &**connection)
    }

    /// A connection that is in the tables of others, which drop its id when it is over.
    pub(crate) fn live(&mut self, id: ConnectionId) -> &mut Connection {
        self.table.get_mut(&id).unwrap_or_else(|| unreachable!("connection {id} left an id behind"))
    }

    /// The connection that uses a link on which this host sends.
    pub(crate) fn sending(&mut self, id: ConnectionId) -> &mut Sending {
        match self.live(id) {
            Connection::Send(sending) => sending,
            Connection::Receive(_) => unreachable!("connection {id} receives on a link for sending"),
        }
    }

    /// The connection that uses a link on which this host receives.
    pub(crate) fn receiving(&mut self, id: ConnectionId) -> &mut Receiving {
        match self.live(id) {
            Connection::Receive(receiving) => receiving,
            Connection::Send(_) => unreachable!("connection {id} sends on a link for receiving"),
        }
    }

    /// Whether a connection that has sent text still waits to hear whether it arrived.
    pub(crate) fn awaits_text(&self, id: ConnectionId) -> bool {
        match self.get(id) {
            Some(Connection::Send(sending)) => match sending.phase {
                SendPhase::Open(_) | SendPhase::Flushing(_) | SendPhase::Answering(_) => true,
                SendPhase::Listening(_) | SendPhase::Requested(_) => false,
                SendPhase::Closing(..) | SendPhase::Gone(_) => false,
            },
            Some(Connection::Receive(_)) | None => false,
        }
    }

    /// A connection whose id a program still holds.
    pub(crate) fn held(&self, id: ConnectionId) -> Option<&Connection> {
        self.get(id).filter(|connection| connection.local().is_held())
    }

    /// A connection whose id a program still holds, to be changed.
    pub(crate) fn held_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.table
            .get_mut(&id)
            .map(|connection| &mut **connection)
            .filter(|connection| connection.local().is_held())
    }

    /// The connection that holds a local socket.
    pub(crate) fn at_socket(&mut self, local: Socket) -> Option<&mut Connection> {
        let id = self.sockets.get(&local).copied()?;
        Some(self.live(id))
    }

    /// All of them, with those that are over and that a program has not let go of.
    pub(crate) fn ids(&self) -> impl Iterator<Item = ConnectionId> {
        self.table.keys().copied()
    }

    /// How many connections hold a local socket.
    pub(crate) fn sockets(&self) -> usize {
        self.sockets.len()
    }

    /// How many there are, with those that are over and that a program has not let go of.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// The connections that hold a local socket, in the order of the sockets.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (ConnectionId, &Connection)> {
        self.sockets.values().filter_map(|id| Some((*id, self.get(*id)?)))
    }

    /// Does what an input has brought about.
    pub(crate) fn settle(&mut self, id: ConnectionId, next: Next, shared: &mut Shared) {
        match next {
            Next::Stay => {}
            Next::Finish(reason) => self.finish(id, reason, shared),
        }
    }

    /// A connection is over: frees socket and link, and tells the program.
    pub(crate) fn finish(&mut self, id: ConnectionId, reason: CloseReason, shared: &mut Shared) {
        let connection = self.live(id);
        connection.foreign().into_iter().for_each(|foreign| shared.stir(foreign.host));
        connection.end(shared);
        shared.timers.stop(Timer::Connection(id));
        let local = *connection.local();
        local.tell(shared, Event::Closed { id, reason });
        self.sockets.remove(&local.socket);
        if !local.is_held() {
            self.table.remove(&id);
        }
    }

    /// Forgets a connection that is over.
    pub(crate) fn forget(&mut self, id: ConnectionId) {
        self.table.remove(&id);
    }
}
