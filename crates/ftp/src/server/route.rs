//! How the data connection of each direction is to come about.

use std::mem;

use ncp::{ForeignSocket, Gender, Socket};

use super::actions::Connect;
use crate::{CommandName, Edition, NamedSocket};

/// The arrangement for one direction.
#[derive(Debug, Clone, Copy)]
enum Route {
    /// Nothing was said.
    Default,
    /// SOCK named the partner; in RFC 438's edition its 255 reply promised a socket.
    Named { partner: ForeignSocket, local: Option<Socket> },
    /// LSTN. Whom a SOCK after it has named is the only one to be accepted, and so is whom one before it had named: what restricts
    /// whom the server deals with is never forgotten without a word (RFC 478 has SOCK first).
    Listening { local: Socket, after: Option<ForeignSocket>, before: Option<ForeignSocket> },
}

impl Route {
    fn promised(self) -> Option<Socket> {
        match self {
            Route::Default => None,
            Route::Named { local, .. } => local,
            Route::Listening { local, .. } => Some(local),
        }
    }

    fn partner(self) -> Option<ForeignSocket> {
        match self {
            Route::Default => None,
            Route::Named { partner, .. } => Some(partner),
            Route::Listening { after, before, .. } => after.or(before),
        }
    }
}

/// The arrangements for both directions, each by the gender of the server's socket.
#[derive(Debug)]
pub(super) struct Routes {
    user: ForeignSocket,
    /// The server's own data sockets, in the editions in which these are the same for the whole dialogue.
    fixed: Option<Socket>,
    /// PASV: the server listens on both of them.
    is_passive: bool,
    send: Route,
    receive: Route,
}

impl Routes {
    /// For the user who called from U, and whom the server told its socket S.
    pub(super) fn new(edition: Edition, user: ForeignSocket, server: Socket) -> Self {
        // S+2 and S+3 (RFC 542, SOCK; meant by RFC 478, note 2).
        let fixed = CommandName::Pasv.editions().contains(&edition).then_some(server);
        Routes { user, fixed, is_passive: false, send: Route::Default, receive: Route::Default }
    }

    /// The host of the user.
    pub(super) fn user_host(&self) -> imp1822::HostAddress {
        self.user.host
    }

    /// A socket as SOCK names it: on the user's host if none is said.
    pub(super) fn foreign(&self, named: NamedSocket) -> ForeignSocket {
        ForeignSocket { host: named.host.unwrap_or(self.user.host), socket: named.socket }
    }

    /// How a transfer over the server's socket of that gender connects.
    pub(super) fn connect(&self, gender: Gender) -> Connect {
        let route = self.get(gender);
        match (self.fixed_socket(gender), route) {
            (Some(local), route) if self.is_passive => Connect::Listen { local, from: route.partner() },
            (local, Route::Default) => Connect::Init { local, to: self.default_partner(gender) },
            (fixed, Route::Named { partner, local }) => Connect::Init { local: local.or(fixed), to: partner },
            (_, Route::Listening { local, .. }) => Connect::Listen { local, from: route.partner() },
        }
    }

    /// Whether the user knows the server's socket of that gender before the transfer.
    pub(super) fn is_told(&self, gender: Gender) -> bool {
        self.is_passive || self.get(gender).promised().is_some()
    }

    fn fixed_socket(&self, gender: Gender) -> Option<Socket> {
        self.fixed.map(|server| {
            server.offset(match gender {
                Gender::Receive => 2,
                Gender::Send => 3,
            })
        })
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
        let route = self.get_mut(gender);
        let earlier = *route;
        *route = match earlier {
            Route::Default => Route::Listening { local, after: None, before: None },
            Route::Named { partner, .. } => Route::Listening { local, after: None, before: Some(partner) },
            Route::Listening { after, before, .. } => Route::Listening { local, after, before },
        };
        earlier.promised()
    }

    /// Notes a SOCK. Returns the socket that had been promised for the direction before.
    pub(super) fn name(&mut self, partner: ForeignSocket, local: Option<Socket>) -> Option<Socket> {
        let route = self.get_mut(opposite(partner.socket.gender()));
        mem::replace(route, Route::Named { partner, local }).promised()
    }

    /// Notes a SOCK after a LSTN that it fits, and returns the listening socket.
    pub(super) fn accept_only(&mut self, partner: ForeignSocket) -> Option<Socket> {
        match self.get_mut(opposite(partner.socket.gender())) {
            Route::Default | Route::Named { .. } => None,
            Route::Listening { local, after, .. } => {
                *after = Some(partner);
                Some(*local)
            }
        }
    }

    /// Notes a PASV: from now on the server listens on both of its data sockets. Returns these; none if it has no fixed ones.
    pub(super) fn be_passive(&mut self) -> Vec<Connect> {
        self.is_passive = self.fixed.is_some();
        if self.is_passive { self.listeners() } else { Vec::new() }
    }

    /// On which sockets the server listens before a transfer command, and for whom.
    pub(super) fn listeners(&self) -> Vec<Connect> {
        let both = if self.is_passive { [Gender::Receive, Gender::Send].as_slice() } else { &[] };
        both.iter().map(|gender| self.connect(*gender)).collect()
    }

    /// Whether PASV holds.
    pub(super) fn is_passive(&self) -> bool {
        self.is_passive
    }

    /// Whether there was a LSTN for the socket of that gender.
    pub(super) fn listens(&self, gender: Gender) -> bool {
        matches!(self.get(gender), Route::Listening { .. })
    }

    /// Whether the socket of that gender listens for whoever asks.
    pub(super) fn listens_for_anyone(&self, gender: Gender) -> bool {
        self.listens(gender) && self.get(gender).partner().is_none()
    }

    /// Whether nothing was said of the direction.
    pub(super) fn is_default(&self, gender: Gender) -> bool {
        matches!(self.get(gender), Route::Default)
    }

    /// Undoes a LSTN: what a SOCK before it has named is back. Returns the socket that listened.
    pub(super) fn undo_listening(&mut self, gender: Gender) -> Option<Socket> {
        let route = self.get_mut(gender);
        let Route::Listening { local, before, .. } = *route else { return None };
        *route = match before {
            None => Route::Default,
            Some(partner) => Route::Named { partner, local: None },
        };
        Some(local)
    }

    /// Undoes a PASV, and says whether there was one.
    pub(super) fn undo_passive(&mut self) -> bool {
        mem::take(&mut self.is_passive)
    }

    /// Forgets what was said of a direction, and returns the socket that had been promised.
    pub(super) fn forget(&mut self, gender: Gender) -> Option<Socket> {
        mem::replace(self.get_mut(gender), Route::Default).promised()
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
}

/// The gender at the other end of a connection.
pub(super) fn opposite(gender: Gender) -> Gender {
    match gender {
        Gender::Send => Gender::Receive,
        Gender::Receive => Gender::Send,
    }
}
