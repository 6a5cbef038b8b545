//! Programs that follow the initial connection protocol (RFC 165) for a step of the scenario, and hand the two
//! connections over to the programs that later steps drive.
//!
//! What happens to the contact connection is printed as with any other: `OPEN TO` and the partner, then for a user where
//! the server `GOES ON`, and for a server `closed`; or why it came to nothing.

use std::pin::pin;

use futures::future::{Either, select};
use host::{Connection, Handle, IcpError, Opening};
use ncp::{ByteSize, CloseReason, ForeignSocket, OpenError, Partner, Socket, icp};
use tokio::sync::oneshot;

use crate::socket_driver::{drive_later, opened};
use crate::socket_orders::{Orders, SocketCommand, SocketHandle, SocketState};

/// The replay's ends of the programs for the contact connection and for the two that come of it.
pub(crate) type ByHand = [(Socket, SocketHandle); 3];

/// One side of the protocol, and its sockets.
#[derive(Clone, Copy)]
enum Side {
    Server(icp::Server),
    User(icp::User),
}

/// Listens at a contact socket for one user, to go on with these sockets.
pub(crate) fn answer(host: &Handle, contact: Socket, server: icp::Server) -> Result<ByHand, OpenError> {
    let listening = host.listen(contact, Partner::Anyone, Some(ByteSize::THIRTY_TWO))?;
    Ok(start(host, listening, Side::Server(server), server.receive, server.send))
}

/// Calls a server's contact socket, from these sockets.
pub(crate) fn call(host: &Handle, contact: ForeignSocket, user: icp::User) -> Result<ByHand, OpenError> {
    let calling = host.call(contact, user)?;
    Ok(start(host, calling, Side::User(user), user.receive, user.send))
}

fn start(host: &Handle, contact: Opening, side: Side, receive: Socket, send: Socket) -> ByHand {
    let at = contact.local();
    let (reads, reader) = oneshot::channel();
    let (writes, writer) = oneshot::channel();
    let (handle, orders) = SocketHandle::new();
    let ends = Ends { reads, writes };
    host.spawn(format!("socket {at}"), contact_made(host.clone(), orders, contact, side, ends));
    let start = |socket, opening| (socket, drive_later(host, socket, opening));
    [(at, handle), start(receive, reader), start(send, writer)]
}

/// Where the two connections go.
struct Ends {
    reads: oneshot::Sender<Result<Opening, IcpError>>,
    writes: oneshot::Sender<Result<Opening, IcpError>>,
}

/// Waits for the contact connection, goes through the protocol, and hands over what comes of it. A step that closes the
/// contact socket meanwhile puts an end to all of it.
async fn contact_made(host: Handle, mut orders: Orders, contact: Opening, side: Side, ends: Ends) {
    let local = contact.local();
    let teletype = host.teletype();
    let say = |what: String| teletype.print(&format!("SOCKET {local}: {what}"));
    let came = {
        let work = async {
            let connection = contact.await.map_err(IcpError::Contact)?;
            say(opened(&host, &connection));
            go_on(&host, connection, side, &say).await
        };
        match select(pin!(work), pin!(given_up(&mut orders))).await {
            Either::Left((came, _)) => Some(came),
            Either::Right(_) => None,
        }
    };
    match came {
        Some(Ok((reader, writer))) => {
            orders.set(SocketState::Over(Some(CloseReason::Closed)));
            // A step may have closed one of them already. Its request is withdrawn then.
            let _ = ends.reads.send(Ok(reader));
            let _ = ends.writes.send(Ok(writer));
        }
        Some(Err(why)) => {
            say(why.to_string());
            orders.set(SocketState::Unmet(why));
            let _ = ends.reads.send(Err(why));
            let _ = ends.writes.send(Err(why));
        }
        None => {
            orders.set(SocketState::Over(None));
            say("WITHDRAWN".to_owned());
        }
    }
}

/// What follows once the contact connection is open: what will be read, and what will be written.
async fn go_on(
    host: &Handle,
    contact: Connection,
    side: Side,
    say: &impl Fn(String),
) -> Result<(Opening, Opening), IcpError> {
    match side {
        Side::Server(server) => {
            let both = host.answer(contact, server).await?;
            say(CloseReason::Closed.to_string());
            Ok(both)
        }
        Side::User(user) => {
            let partner = host.name_of(contact.foreign().host);
            let (server, reader, writer) = host.follow(contact, user).await?;
            say(format!("{partner} GOES ON AT SOCKET {server}"));
            Ok((reader, writer))
        }
    }
}

/// Waits until a step closes or aborts the contact socket.
async fn given_up(orders: &mut Orders) {
    loop {
        match orders.next().await {
            Some(SocketCommand::Close | SocketCommand::Abort) | None => return,
            // Steps give these to open connections only.
            Some(
                SocketCommand::Send(_)
                | SocketCommand::Receive(..)
                | SocketCommand::TakeRest(..)
                | SocketCommand::Hear(_)
                | SocketCommand::Interrupt
                | SocketCommand::TakeBack(..),
            ) => {}
        }
    }
}
