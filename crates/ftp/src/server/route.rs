//! How the data connection of each direction is to come about.

use std::mem;

use ncp::{ForeignSocket, Gender, Socket};

use super::actions::Connect;
use crate::NamedSocket;

/// The arrangement for one direction.
#[derive(Debug, Clone, Copy)]
enum Route {
    /// Nothing was said.
    Default,
    /// SOCK named the partner; in RFC 438's edition its 255 reply promised a socket.
    Named { partner: ForeignSocket, local: Option<Socket> },
    /// LSTN, and perhaps a SOCK after it.
    Listening { local: Socket, from: Option<ForeignSocket> },
}

impl Route {
    fn promised(self) -> Option<Socket> {
        match self {
            Route::Default => None,
            Route::Named { local, .. } => local,
            Route::Listening { local, .. } => Some(local),
        }
    }
}

/// The arrangements for both directions, each by the gender of the server's socket.
#[derive(Debug)]
pub(super) struct Routes {
    user: ForeignSocket,
    send: Route,
    receive: Route,
}

impl Routes {
    pub(super) fn new(user: ForeignSocket) -> Self {
        Routes { user, send: Route::Default, receive: Route::Default }
    }

    /// A socket as SOCK names it: on the user's host if none is said.
    pub(super) fn foreign(&self, named: NamedSocket) -> ForeignSocket {
        ForeignSocket { host: named.host.unwrap_or(self.user.host), socket: named.socket }
    }

    /// How a transfer over the server's socket of that gender connects.
    pub(super) fn connect(&self, gender: Gender) -> Connect {
        match self.get(gender) {
            Route::Default => Connect::Init { local: None, to: self.default_partner(gender) },
            Route::Named { partner, local } => Connect::Init { local, to: partner },
            Route::Listening { local, from } => Connect::Listen { local, from },
        }
    }

    /// U+4 receives what the server sends, U+5 sends what the server receives (RFC 354, IV.A.2).
    fn default_partner(&self, gender: Gender) -> ForeignSocket {
        let distance = match gender {
            Gender::Send => 4,
            Gender::Receive => 5,
        };
        ForeignSocket { socket: self.user.socket.offset(distance), ..self.user }
    }

    /// Notes a LSTN. Returns the socket that had been promised for the direction before.
    pub(super) fn listen(&mut self, gender: Gender, local: Socket) -> Option<Socket> {
        self.set(gender, Route::Listening { local, from: None }).promised()
    }

    /// Notes a SOCK. Returns the socket that had been promised for the direction before.
    pub(super) fn name(&mut self, partner: ForeignSocket, local: Option<Socket>) -> Option<Socket> {
        self.set(opposite(partner.socket.gender()), Route::Named { partner, local }).promised()
    }

    /// Notes a SOCK after a LSTN that it fits, and returns the listening socket.
    pub(super) fn accept_only(&mut self, partner: ForeignSocket) -> Option<Socket> {
        match self.get_mut(opposite(partner.socket.gender())) {
            Route::Default | Route::Named { .. } => None,
            Route::Listening { local, from } => {
                *from = Some(partner);
                Some(*local)
            }
        }
    }

    /// Whether there was a LSTN for the socket of that gender.
    pub(super) fn listens(&self, gender: Gender) -> bool {
        matches!(self.get(gender), Route::Listening { .. })
    }

    /// The data connection is open: what had been arranged for it is used up.
    pub(super) fn spend(&mut self, gender: Gender) {
        let route = self.get_mut(gender);
        *route = match *route {
            Route::Default | Route::Listening { .. } => Route::Default,
            Route::Named { partner, .. } => Route::Named { partner, local: None },
        };
    }

    /// Forgets everything, and returns the sockets that had been promised.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = Socket> + use<> {
        let send = self.set(Gender::Send, Route::Default).promised();
        let receive = self.set(Gender::Receive, Route::Default).promised();
        send.into_iter().chain(receive)
    }

    fn get(&self, gender: Gender) -> Route {
        match gender {
            Gender::Send => self.send,
            Gender::Receive => self.receive,
        }
    }

    fn get_mut(&mut self, gender: Gender) -> &mut Route {
        match gender {
            Gender::Send => &mut self.send,
            Gender::Receive => &mut self.receive,
        }
    }

    fn set(&mut self, gender: Gender, route: Route) -> Route {
        mem::replace(self.get_mut(gender), route)
    }
}

/// The gender at the other end of a connection.
pub(super) fn opposite(gender: Gender) -> Gender {
    match gender {
        Gender::Send => Gender::Receive,
        Gender::Receive => Gender::Send,
    }
}
