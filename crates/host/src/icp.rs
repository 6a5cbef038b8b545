//! The initial connection protocol (RFC 165, with RFC 202's advice), as programs see it.
//!
//! A user at socket U asks the server's contact socket L for a connection and reads from it a 32-bit socket
//! number S; then U+3 is connected to S and U+2 to S+1. Which sockets those are says [`ncp::icp`]; here is the
//! waiting.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{Either, select, try_join};
use imp1822::HostAddress;
use machine::Span;
use ncp::{Allocation, ByteSize, CloseReason, ForeignSocket, OpenError, Partner, Socket, icp};
use tokio::io::{self, AsyncRead, AsyncWrite, ReadBuf};

use crate::door::Door;
use crate::{Connection, Handle, Lease, Opening, TimedOut};

/// How long either side waits for the other to take its next step.
const STEP_TIMEOUT: Span = Span::from_secs(60);

/// How long a server waits at most for a user to take the socket number, and to close. If the hosts of both take 20 seconds
/// to look at what has arrived, which is as long as a host may, the number is on its way after 40.
const CONTACT_TIMEOUT: Span = Span::from_secs(60);

/// How long a user has the contact socket to himself while users of other hosts wait for it: many times what it takes.
const TURN: Span = Span::from_secs(5);

/// A pair of connections of byte size 8, as the initial connection protocol leaves them.
pub struct Duplex {
    /// Text from the other side.
    pub reader: Connection,
    /// Text to the other side.
    pub writer: Connection,
    /// This side's sockets: U and what follows for a user, S and S+1 for a server.
    pub sockets: Lease,
    /// For a server the user's socket U; for a user the server's contact socket.
    pub contact: ForeignSocket,
}

/// Why the initial connection protocol did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IcpError {
    /// The contact connection was refused or broke.
    #[error("{0}")]
    Contact(CloseReason),
    /// The server did not send a socket number, or not one that a server can have.
    #[error("{0}")]
    BadNumber(icp::NumberError),
    /// One of the two connections was refused or broke before it was open.
    #[error("{0}")]
    Connection(CloseReason),
    /// The host's own NCP has no room.
    #[error("{0}")]
    Local(#[from] OpenError),
    /// The other side does not answer.
    #[error("no answer for {}", .0.0)]
    NoAnswer(#[from] TimedOut),
}

/// The protocol belongs to the API of programs, and is a program itself: it uses nothing but the rest of that API.
impl Handle {
    /// Follows the initial connection protocol as a user, to the contact socket of a server.
    pub async fn icp(&self, contact: ForeignSocket) -> Result<Duplex, IcpError> {
        user(self, contact).await
    }

    /// Offers a service by the initial connection protocol on a contact socket.
    pub fn serve(&self, contact: Socket) -> IcpServer {
        IcpServer { host: self.clone(), door: Door::new(self.clone(), contact) }
    }

    /// Asks a server's contact socket for a connection from the first of these sockets. When it is open,
    /// [`follow`](Handle::follow) does the rest.
    pub fn call(&self, contact: ForeignSocket, user: icp::User) -> Result<Opening, OpenError> {
        let calling = self.init(user.contact, contact, None)?;
        // Room for the number and nothing else (RFC 165, m1 and b1).
        calling.allocate_once(Allocation { messages: 1, bits: icp::NUMBER_BITS as u32 });
        Ok(calling)
    }

    /// Reads the server's number S from an open contact connection, and asks for the two connections there. Returns S, what
    /// will be read, and what will be written.
    pub async fn follow(
        &self,
        contact: Connection,
        user: icp::User,
    ) -> Result<(Socket, Opening, Opening), IcpError> {
        let host = contact.foreign().host;
        let server = self.within(STEP_TIMEOUT, server_sockets(contact)).await??;
        let (reader, writer) = ask_for_both(self, host, server, user)?;
        Ok((server.receive, reader, writer))
    }

    /// Tells a user, whose contact connection is open, the number of the first of these sockets, and lets the two
    /// connections open there: what will be read, and what will be written.
    pub async fn answer(
        &self,
        contact: Connection,
        server: icp::Server,
    ) -> Result<(Opening, Opening), IcpError> {
        answer_until(self, contact, server, self.sleep(CONTACT_TIMEOUT)).await
    }
}

/// As [`Handle::answer`], until the user's time is over.
async fn answer_until(
    host: &Handle,
    mut contact: Connection,
    server: icp::Server,
    time_over: impl Future<Output = ()>,
) -> Result<(Opening, Opening), IcpError> {
    let (sender, receiver) = server.partners(contact.foreign());
    // A quick user requests these before its CLS has been answered here. An NCP that refuses requests for which no
    // program listens must not refuse this one.
    let wait = |local, partner| host.listen(local, Partner::Exactly(partner), Some(ByteSize::EIGHT));
    let (reader, writer) = (wait(server.receive, sender)?, wait(server.send, receiver)?);
    let told = {
        let telling = async {
            contact.send(&icp::send_number(server.receive)).await?;
            Ok::<_, CloseReason>(contact.closing().await)
        };
        match select(pin!(telling), pin!(time_over)).await {
            Either::Left((told, _)) => Some(told),
            Either::Right(((), _)) => None,
        }
    };
    match told {
        // A user that closed before the RFNM came may have the number all the same.
        Some(Ok(CloseReason::Closed | CloseReason::Lost | CloseReason::Undelivered(_))) => {}
        Some(Ok(why) | Err(why)) => {
            contact.abort();
            return Err(IcpError::Contact(why));
        }
        None => {
            // The contact socket is wanted for other users: what is still unsent must not hold it up, nor a user that does
            // not close. A number that is on its way nobody can take back, and a user that hears it late is let in all the
            // same.
            let local = contact.local();
            let has_arrived = matches!(contact.arrived().now_or_never(), Some(Ok(())));
            contact.abort();
            let is_on_its_way = !host.is_still(local);
            match (has_arrived, is_on_its_way) {
                (true, _) => {}
                (false, true) => return Ok((reader, writer)),
                (false, false) => return Err(IcpError::NoAnswer(TimedOut(CONTACT_TIMEOUT))),
            }
        }
    }
    // S7 and S8 (RFC 165), for a user that only listens or has not sent its requests yet. If they went out before
    // the number, its NCP could refuse them; waiting for it would be a deadlock (RFC 202).
    Ok((reader.ask(sender)?, writer.ask(receiver)?))
}

/// The user's side. A host that has forgotten its partners, since it is just up again, may answer the first
/// request with a reset (NIC 8246, Reinitialization). The second request then finds it ready. So does that of a user who has
/// been slow while others waited: the server has let them in before it told him a number, and he has another turn.
async fn user(host: &Handle, contact: ForeignSocket) -> Result<Duplex, IcpError> {
    match user_once(host, contact).await {
        Err(
            IcpError::Contact(CloseReason::Reset | CloseReason::OutOfStep(_))
            | IcpError::BadNumber(icp::NumberError::Short(0)),
        ) => user_once(host, contact).await,
        result => result,
    }
}

async fn user_once(host: &Handle, contact: ForeignSocket) -> Result<Duplex, IcpError> {
    let sockets = host.sockets();
    let user = icp::User::at(sockets.base()).expect("a lease begins with a receive socket");
    let calling = host.call(contact, user)?;
    let called = host.within(STEP_TIMEOUT, calling).await?.map_err(IcpError::Contact)?;
    let server = host.within(STEP_TIMEOUT, server_sockets(called)).await??;
    let both = ask_for_both(host, contact.host, server, user)?;
    let (reader, writer) =
        host.within(STEP_TIMEOUT, try_join(both.0, both.1)).await?.map_err(IcpError::Connection)?;
    Ok(Duplex { reader, writer, sockets, contact })
}

/// Reads the server's socket number from the contact connection, which closes then.
async fn server_sockets(contact: Connection) -> Result<icp::Server, IcpError> {
    let _due = contact.expecting();
    let text = contact.receive(icp::NUMBER_BITS).await.map_err(IcpError::Contact)?;
    let s = icp::read_number(&mut text.reader()).map_err(IcpError::BadNumber)?;
    Ok(icp::Server::at(s).expect("a number that was read is a receive socket"))
}

/// The user's requests: what will be read, and what will be written. Both go out before either is waited for, the one that
/// involves S first (RFC 202).
fn ask_for_both(
    host: &Handle,
    at: HostAddress,
    server: icp::Server,
    user: icp::User,
) -> Result<(Opening, Opening), OpenError> {
    let foreign = |socket| ForeignSocket { host: at, socket };
    let writer = host.init(user.send, foreign(server.receive), Some(ByteSize::EIGHT))?;
    let reader = host.init(user.receive, foreign(server.send), Some(ByteSize::EIGHT))?;
    Ok((reader, writer))
}

/// A service on a contact socket. The requests of users wait there for their turn, whatever the policy of the NCP is for
/// requests that nobody has asked for.
///
/// Users are answered one after the other, since a socket has one connection at a time, and each host has its turn. One of
/// which nothing comes is short as soon as others wait, and whose turn was wasted waits until nobody else does. A host that
/// has many users in the house already is refused at the door.
pub struct IcpServer {
    host: Handle,
    door: Door,
}

/// A user that the server has sent a socket number; the two connections are on their way.
pub struct Answering {
    host: Handle,
    user: ForeignSocket,
    sockets: Lease,
    reader: Opening,
    writer: Opening,
}

impl IcpServer {
    /// Waits for the next user and sends it a socket number. Users that vanish meanwhile are passed over.
    ///
    /// While one user is answered, the requests of others wait in the NCP's queue.
    pub async fn accept(&mut self) -> Answering {
        loop {
            match self.answer().await {
                Ok(Some(answering)) => return answering,
                Ok(None) => {}
                // The last contact is not quite over, or the tables are full for the moment.
                Err(_) => self.host.sleep(Span::from_secs(1)).await,
            }
        }
    }

    async fn answer(&mut self) -> Result<Option<Answering>, OpenError> {
        let IcpServer { host, door } = self;
        let Ok(connection) = door.next()?.await else { return Ok(None) };
        let user = connection.foreign();
        let Some(guest) = door.lets_in(user.host) else {
            connection.abort();
            door.was_answered(user.host, false);
            return Ok(None);
        };
        let sockets = host.sockets().of_guest(guest);
        let server = icp::Server::at(sockets.base()).expect("a lease begins with a receive socket");
        let mut in_time = true;
        let answered = {
            let time_over = async {
                let end = host.now() + CONTACT_TIMEOUT;
                while host.now() < end {
                    host.sleep(TURN).await;
                    if door.is_wanted_by_others(user.host) {
                        break;
                    }
                }
                in_time = false;
            };
            answer_until(host, connection, server, time_over).await
        };
        door.was_answered(user.host, in_time);
        match answered {
            Ok((reader, writer)) => {
                Ok(Some(Answering { host: self.host.clone(), user, sockets, reader, writer }))
            }
            Err(IcpError::Local(error)) => Err(error),
            Err(
                IcpError::Contact(_)
                | IcpError::BadNumber(_)
                | IcpError::Connection(_)
                | IcpError::NoAnswer(_),
            ) => Ok(None),
        }
    }
}

impl Answering {
    /// The user's socket U.
    pub fn user(&self) -> ForeignSocket {
        self.user
    }

    /// Waits until both connections are open.
    pub async fn open(self) -> Result<Duplex, IcpError> {
        let both = try_join(self.reader, self.writer);
        let (reader, writer) = self.host.within(STEP_TIMEOUT, both).await?.map_err(IcpError::Connection)?;
        Ok(Duplex { reader, writer, sockets: self.sockets, contact: self.user })
    }
}

impl AsyncRead for Duplex {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(cx, buf)
    }
}

impl AsyncWrite for Duplex {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.writer).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_shutdown(cx)
    }
}
