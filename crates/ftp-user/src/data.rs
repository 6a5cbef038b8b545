//! The user's end of a data connection, in the ordinary way of RFC 354: the user listens, the server asks.

use ftp::Command;
use futures::future::{Either, select};
use host::data::{open_patiently, receive_to_end};
use host::{Draft, FileError, Handle, Opening, disconnect_reason};
use imp1822::HostAddress;
use machine::Span;
use ncp::{ByteSize, CloseReason, OpenError, Partner, Socket};
use tokio::io::AsyncWriteExt;

use crate::{Control, ControlError};

/// How long the data may take to end after the server has said that it is done, and how long the connection of a
/// transfer that was broken off may take to close before the next.
const DATA_TIMEOUT: Span = Span::from_secs(120);

/// The longest list, in bytes: some thousand lines.
const MAX_LIST: usize = 1_000_000;

/// Why a file did not get across.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataError {
    /// The server refused, or the control connection failed.
    #[error("{0}")]
    Control(#[from] ControlError),
    /// This host has no room for the connection.
    #[error("{0}")]
    Local(#[from] OpenError),
    /// The data connection broke.
    #[error("data connection: {0}")]
    Connection(CloseReason),
    /// The server says that it is done, and the data connection does not end.
    #[error("the data connection did not end")]
    Endless,
    /// The data connection has ended, and the server does not say whether the file is stored.
    #[error("the server does not say what came of it")]
    NoReply,
    /// Another socket than the server's connected.
    #[error("the data connection came from another socket than the server had named")]
    UnexpectedPeer,
    /// The server sends a list without an end.
    #[error("the list is longer than {MAX_LIST} bytes")]
    TooLong,
    /// The file of this host cannot be read or written.
    #[error("{0}")]
    File(#[from] FileError),
}

impl From<CloseReason> for DataError {
    fn from(why: CloseReason) -> Self {
        DataError::Connection(why)
    }
}

/// Retrieves a file into `draft`, which becomes the file if everything went well. Returns the number of its bytes.
pub(crate) async fn retrieve(
    host: &Handle,
    control: &mut Control,
    path: &str,
    draft: Draft,
) -> Result<usize, DataError> {
    let opening = listen(host, control.receive_socket(), control.site()).await?;
    let receiving = receive(opening, draft, |draft, bytes| Ok(draft.write(bytes)?));
    let received = run_transfer(host, control, &Command::Retr(path.to_owned()), receiving).await?;
    Ok(host.file(received)?)
}

/// Has a list of files sent, in the directory or of the file that is named, or in the user's own directory.
pub(crate) async fn list(
    host: &Handle,
    control: &mut Control,
    path: Option<&str>,
) -> Result<Vec<u8>, DataError> {
    let opening = listen(host, control.receive_socket(), control.site()).await?;
    let receiving = receive(opening, Vec::new(), |list: &mut Vec<u8>, bytes| {
        list.extend_from_slice(bytes);
        if list.len() > MAX_LIST { Err(DataError::TooLong) } else { Ok(()) }
    });
    run_transfer(host, control, &Command::List(path.map(str::to_owned)), receiving).await
}

/// Sends a file with STOR or APPE.
pub(crate) async fn send(
    host: &Handle,
    control: &mut Control,
    command: &Command,
    content: &[u8],
) -> Result<(), DataError> {
    let opening = listen(host, control.send_socket(), control.site()).await?;
    run_transfer(host, control, command, deliver(opening, content)).await
}

/// Listens for the server, which comes before the command (RFC 385, 7).
async fn listen(host: &Handle, local: Socket, site: HostAddress) -> Result<Opening, OpenError> {
    // The connection of a transfer that was broken off may still be closing.
    let passes = |error| error == OpenError::SocketInUse;
    let listen = || host.listen(local, Partner::Host(site), Some(ByteSize::EIGHT));
    host.within(DATA_TIMEOUT, open_patiently(host, passes, listen))
        .await
        .unwrap_or(Err(OpenError::SocketInUse))
}

/// Carries out a transfer command while data flow.
async fn run_transfer<T>(
    host: &Handle,
    control: &mut Control,
    command: &Command,
    data: impl Future<Output = Result<(T, Socket), DataError>>,
) -> Result<T, DataError> {
    control.begin(command).await?;
    let ended = with_data(host, control, data).await;
    // What the server said beside belongs to this transfer, not to the next thing that is asked.
    drop(control.news());
    ended
}

/// Waits for the end of the transfer and of its data. The server's reply decides; what became of the data matters only
/// if the reply is good.
async fn with_data<T>(
    host: &Handle,
    control: &mut Control,
    data: impl Future<Output = Result<(T, Socket), DataError>>,
) -> Result<T, DataError> {
    let (result, foreign) = match select(Box::pin(control.finish()), Box::pin(data)).await {
        // The server is done, or never began: in that case no connection will come to the socket.
        Either::Left((reply, data)) => {
            reply?;
            host.within(DATA_TIMEOUT, data).await.map_err(|_| DataError::Endless)??
        }
        Either::Right((data, reply)) => {
            // The server's reply cannot be far.
            let reply = host.within(DATA_TIMEOUT, reply).await.map_err(|_| DataError::NoReply)?;
            match data {
                // That the server could not go on has its cause here.
                Err(error @ (DataError::File(_) | DataError::TooLong)) => return Err(error),
                data => {
                    reply?;
                    data?
                }
            }
        }
    };
    // Any socket of the server's host could connect; only the one that was named is the server's (RFC 354, V.A).
    match control.data_socket() {
        Some(named) if named != foreign => Err(DataError::UnexpectedPeer),
        Some(_) | None => Ok(result),
    }
}

/// Takes what arrives, piece by piece, until the end. Returns also the server's data socket.
async fn receive<T>(
    opening: Opening,
    mut all: T,
    mut take: impl FnMut(&mut T, &[u8]) -> Result<(), DataError>,
) -> Result<(T, Socket), DataError> {
    let mut connection = opening.await?;
    receive_to_end(&mut connection, |bytes| take(&mut all, bytes)).await?;
    Ok((all, connection.foreign().socket))
}

/// Sends all of it, and closes. A server that sends makes sure that the last byte has arrived before its CLS; the user need
/// not, as the server's reply says whether it has the whole file. Returns also the server's data socket.
async fn deliver(opening: Opening, content: &[u8]) -> Result<((), Socket), DataError> {
    let mut connection = opening.await?;
    let sent = connection.write_all(content).await;
    sent.map_err(|error| disconnect_reason(&error).unwrap_or(CloseReason::Closed))?;
    let foreign = connection.foreign().socket;
    match connection.close().await {
        CloseReason::Closed => Ok(((), foreign)),
        why => Err(why.into()),
    }
}
