//! Opens the UDP sockets that are cables between hosts and IMPs.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use miette::Diagnostic;
use tokio::net::{TcpListener, UdpSocket};
use tokio::runtime::{Builder, Runtime};

use crate::system::words;

/// Why there is no cable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CableError {
    /// There is no runtime that could wait for datagrams.
    #[error("no runtime: {}", words(.0))]
    Runtime(io::Error),
    /// The socket cannot be opened.
    #[error("no cable at {listen}: {}", words(.error))]
    Socket {
        /// The address of this end.
        listen: SocketAddr,
        /// Why it cannot be opened.
        error: io::Error,
    },
    /// Both ends of the cable are one.
    #[error("the cable at {listen} leads back to itself: {peer} is the same place")]
    Loop {
        /// The address of this end.
        listen: SocketAddr,
        /// That of the other.
        peer: SocketAddr,
    },
    /// Nobody can be waited for there.
    #[error("no bridge at {listen}: {}", words(.error))]
    Door {
        /// The address of this end.
        listen: SocketAddr,
        /// Why it cannot be opened.
        error: io::Error,
    },
}

impl Diagnostic for CableError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let error = match self {
            CableError::Socket { error, .. } | CableError::Door { error, .. } => error,
            CableError::Loop { .. } => {
                return Some(Box::new(
                    "its two ends are at different places: --imp and --listen, or the two of --external or --cable",
                ));
            }
            CableError::Runtime(_) => return None,
        };
        let help = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "something is there already; take another port, and tell the other end"
            }
            io::ErrorKind::AddrNotAvailable => {
                "this machine has no such address; leave it out: only the port"
            }
            io::ErrorKind::PermissionDenied => "take a port from 1024 on",
            _ => return None,
        };
        Some(Box::new(help))
    }
}

/// A runtime for one thread, with sockets, timers and signals.
pub(crate) fn runtime() -> Result<Runtime, CableError> {
    Builder::new_current_thread().enable_all().build().map_err(CableError::Runtime)
}

/// Opens the door of a bridge: a socket that takes connections. A runtime must be running.
pub(crate) async fn door(listen: SocketAddr) -> Result<TcpListener, CableError> {
    TcpListener::bind(listen).await.map_err(|error| CableError::Door { listen, error })
}

/// Opens a cable: a socket at `listen` that exchanges datagrams with `peer` alone. A runtime must be running.
pub(crate) async fn open(listen: SocketAddr, peer: SocketAddr) -> Result<UdpSocket, CableError> {
    let open = async {
        let socket = UdpSocket::bind(listen).await?;
        socket.connect(peer).await?;
        // Only now it is known at which of this machine's addresses it is.
        let is_loop = socket.local_addr()? == socket.peer_addr()?;
        Ok((socket, is_loop))
    };
    match open.await {
        Ok((socket, false)) => Ok(socket),
        Ok((_, true)) => Err(CableError::Loop { listen, peer }),
        Err(error) => Err(CableError::Socket { listen, error }),
    }
}
