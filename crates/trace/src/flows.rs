//! What the links between hosts are for, as the requests for connection and the initial connection protocol tell it.
//!
//! RFC 165: a server *listens* at a contact socket L that everybody knows; a user asks for a connection from it to its
//! own U; the server answers with byte size 32, sends one byte, its even number S, and both close. Then S+1 sends to U+2,
//! and U+3 to S. So a contact is a connection that the receiver asked for first, and a dialogue is between just these
//! sockets of just these hosts, until it is closed.

use std::collections::{BTreeMap, BTreeSet};

use imp1822::{HostAddress, Link};
use machine::{BitReader, Sorted};
use ncp::icp::{Server, TIME_SOCKET, User, read_number};
use ncp::{ByteSize, Command, Gender, Header, Socket};

use crate::way::Way;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The first connection of an initial connection protocol, as far as can be told before the server has said its
    /// number; or after it has said this one. `session`: which it is of all that were asked for, in order.
    Contact { number: Option<Socket>, session: u64 },
    /// One of the two connections that follow: the service by its contact socket, which side sends, and the session of
    /// the contact.
    Dialogue { service: Socket, speaker: Speaker, session: u64 },
    /// Any other connection.
    Data,
}

/// Who sends on a connection of a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// The one who asked at the contact socket.
    User,
    /// The one who said a number there.
    Server,
}

/// What all links are for, as far as has been seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flows {
    ways: BTreeMap<Way, Connections>,
    /// So many contacts were asked for.
    sessions: u64,
}

/// A connection in one direction between two hosts: the socket that sends, and the one that receives.
pub(crate) type Ends = (Socket, Socket);

/// The connections in one direction between two hosts.
#[derive(Debug, Clone, Default)]
struct Connections {
    /// What was last asked for on each link.
    links: Sorted<Link, Flow>,
    /// Connections from contact sockets that the sender has offered before anybody asked: no server does.
    offered: BTreeSet<Ends>,
    /// The connections that a server's number has announced, and that have not been closed.
    announced: Sorted<Ends, Announced>,
}

/// What the RTS for a link tells of its connection.
#[derive(Debug, Clone)]
struct Flow {
    ends: Ends,
    purpose: Purpose,
    /// Whether nobody has closed it yet. What is sent before the other side knows of a CLS is shown as before.
    is_open: bool,
}

/// A connection of a dialogue.
#[derive(Debug, Clone)]
struct Announced {
    service: Socket,
    speaker: Speaker,
    session: u64,
    /// Whether one side has asked for it. A CLS before that is about an older connection of these sockets.
    requested: bool,
}

/// At most so many connections are remembered that were offered and not asked for, and as many that were announced and not
/// closed: beyond that, those from the lowest sockets are forgotten. Two hosts have no more links, and one that gives
/// out numbers without end must not fill the memory of a live net.
const MAX_EXPECTED: usize = 256;

impl Flows {
    /// What a link is for; `None` if no RTS for it was seen.
    pub(crate) fn purpose(&self, from: HostAddress, to: HostAddress, link: Link) -> Option<Purpose> {
        Some(self.ways.get(&Way::new(from, to))?.links.get(&link)?.purpose)
    }

    /// What a link is for, and the sockets of its connection, the sender's first; `None` if no RTS for it was seen.
    pub(crate) fn carried(&self, from: HostAddress, to: HostAddress, link: Link) -> Option<(Purpose, Ends)> {
        self.ways.get(&Way::new(from, to))?.links.get(&link).map(|flow| (flow.purpose, flow.ends))
    }

    /// What the connection from one socket to another is for, or was, or will be.
    pub(crate) fn purpose_of(&self, from: HostAddress, to: HostAddress, ends: Ends) -> Purpose {
        let Some(connections) = self.ways.get(&Way::new(from, to)) else { return Purpose::Data };
        // Sockets may be used again: what was last is meant.
        let of_ends = |is_open| {
            let flows =
                connections.links.values().filter(|flow| flow.is_open == is_open && flow.ends == ends);
            flows.max_by_key(|flow| flow.purpose.session())
        };
        let announced = connections.announced.get(&ends).map(Announced::purpose);
        of_ends(true)
            .map(|flow| flow.purpose)
            .or(announced)
            .or(of_ends(false).map(|flow| flow.purpose))
            .unwrap_or(Purpose::Data)
    }

    /// Notes what a control command tells of the messages that will follow.
    pub(crate) fn learn(&mut self, from: HostAddress, to: HostAddress, command: Command) {
        match command {
            // The link carries messages from the host that was asked to the one that asks.
            Command::Rts { receive, send, link } => {
                let next = self.sessions + 1;
                self.toward(to, from).asked((send, receive), link, next);
                if self.purpose(to, from, link).and_then(Purpose::session) == Some(next) {
                    self.sessions = next;
                }
            }
            Command::Str { send, receive, size } => self.toward(from, to).offered((send, receive), size),
            Command::Cls { mine, yours } => match mine.gender() {
                Gender::Send => self.toward(from, to).closed((mine, yours)),
                Gender::Receive => self.toward(to, from).closed((yours, mine)),
            },
            Command::Rst | Command::Rrp => {
                self.toward(from, to).reset();
                self.toward(to, from).reset();
            }
            Command::Nop
            | Command::All { .. }
            | Command::Gvb { .. }
            | Command::Ret { .. }
            | Command::Inr { .. }
            | Command::Ins { .. }
            | Command::Eco { .. }
            | Command::Erp { .. }
            | Command::Err { .. } => {}
        }
    }

    /// A server sends a message on the link of a contact. Returns its number S, if that is what it says; then the two
    /// connections of the dialogue are known, be they requested already or not (RFC 165, p. 4).
    pub(crate) fn contact(
        &mut self,
        server: HostAddress,
        user: HostAddress,
        link: Link,
        header: Header,
        text: BitReader<'_>,
    ) -> Option<Socket> {
        let flow = self.toward(server, user).links.get_mut(&link)?;
        let Purpose::Contact { number, session } = flow.purpose else { return None };
        let (contact, asker) = flow.ends;
        let sockets = said(header, text).and_then(|s| Some((Server::at(s).ok()?, User::at(asker).ok()?)));
        // It says one number. The same once more is the message sent again.
        let Some((server_at, user_at)) =
            sockets.filter(|(at, _)| number.is_none_or(|number| number == at.receive))
        else {
            if number.is_none() {
                flow.purpose = Purpose::Data;
            }
            return None;
        };
        flow.purpose = Purpose::Contact { number: Some(server_at.receive), session };
        let replies = (server_at.send, user_at.receive);
        let commands = (user_at.send, server_at.receive);
        let announced = |speaker| Announced { service: contact, speaker, session, requested: false };
        self.toward(server, user).announce(replies, announced(Speaker::Server));
        self.toward(user, server).announce(commands, announced(Speaker::User));
        Some(server_at.receive)
    }

    /// Forgets what the links of some ways are for.
    pub(crate) fn forget(&mut self, is_forgotten: impl Fn(Way) -> bool) {
        self.ways.retain(|way, _| !is_forgotten(*way));
    }

    fn toward(&mut self, from: HostAddress, to: HostAddress) -> &mut Connections {
        self.ways.entry(Way::new(from, to)).or_default()
    }
}

impl Connections {
    /// The receiver asks for a connection. `next`: which session it begins, if it is a contact.
    fn asked(&mut self, ends: Ends, link: Link, next: u64) {
        let was_offered = self.offered.remove(&ends);
        let (send, receive) = ends;
        // There the time itself is said, and no socket (RFC 738).
        let may_be_contact = send.is_well_known()
            && send != TIME_SOCKET
            && (send.gender(), receive.gender()) == (Gender::Send, Gender::Receive)
            && !was_offered;
        let purpose = match self.announced.get_mut(&ends) {
            Some(announced) => announced.request(),
            None if may_be_contact => {
                // A request that comes twice is the same one.
                let before = self.links.get(&link).filter(|flow| flow.is_open && flow.ends == ends);
                let session = before.and_then(|flow| flow.purpose.session()).unwrap_or(next);
                Purpose::Contact { number: None, session }
            }
            None => Purpose::Data,
        };
        self.links.insert(link, Flow { ends, purpose, is_open: true });
    }

    /// The sender asks for a connection, or grants it.
    fn offered(&mut self, ends: Ends, size: u8) {
        if let Some(announced) = self.announced.get_mut(&ends) {
            announced.requested = true;
        } else if ends.0.is_well_known() {
            match self.open(ends) {
                Some(flow) if size != ByteSize::THIRTY_TWO.bits() => flow.purpose = Purpose::Data,
                Some(_) => {}
                None => {
                    if self.offered.len() >= MAX_EXPECTED {
                        self.offered.pop_first();
                    }
                    self.offered.insert(ends);
                }
            }
        }
    }

    /// One side closes a connection, or refuses it.
    fn closed(&mut self, ends: Ends) {
        self.offered.remove(&ends);
        if self.announced.get(&ends).is_some_and(|announced| announced.requested) {
            self.announced.remove(&ends);
        }
        if let Some(flow) = self.open(ends) {
            flow.is_open = false;
        }
    }

    /// One host has forgotten all connections with the other.
    fn reset(&mut self) {
        self.offered.clear();
        self.announced.clear();
        self.links.values_mut().for_each(|flow| flow.is_open = false);
    }

    /// A server's number tells of a connection that it will be part of a dialogue.
    fn announce(&mut self, ends: Ends, new: Announced) {
        if self.announced.len() >= MAX_EXPECTED && !self.announced.contains_key(&ends) {
            self.announced.pop_first();
        }
        // The number may be said again when one side has asked for the connection already.
        if self.announced.get(&ends).is_some_and(|old| old.session != new.session) {
            self.announced.remove(&ends);
        }
        let announced = self.announced.get_or_insert_with(ends, || new);
        let flow = self.links.values_mut().find(|flow| flow.is_open && flow.ends == ends);
        if let Some(flow) = flow {
            flow.purpose = announced.request();
        }
    }

    fn open(&mut self, ends: Ends) -> Option<&mut Flow> {
        self.links.values_mut().find(|flow| flow.is_open && flow.ends == ends)
    }
}

impl Announced {
    /// One side asks for the connection: it is what was announced.
    fn request(&mut self) -> Purpose {
        self.requested = true;
        self.purpose()
    }

    fn purpose(&self) -> Purpose {
        Purpose::Dialogue { service: self.service, speaker: self.speaker, session: self.session }
    }
}

impl Purpose {
    /// Which session a connection is of.
    fn session(self) -> Option<u64> {
        match self {
            Purpose::Contact { session, .. } | Purpose::Dialogue { session, .. } => Some(session),
            Purpose::Data => None,
        }
    }
}

/// The number that a message says, if it is one byte of 32 bits and may be that of a server.
fn said(header: Header, mut text: BitReader<'_>) -> Option<Socket> {
    let is_number = (header.size, header.count) == (ByteSize::THIRTY_TWO.bits(), 1);
    read_number(&mut text).ok().filter(|_| is_number)
}
