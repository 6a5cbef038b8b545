//! The user's end of a data connection, in the ordinary way of RFC 354: the user listens, the server asks.

use ftp::Command;
use futures::future::{Either, select};
use host::{Connection, Draft, FileError, Handle, Opening};
use imp1822::HostAddress;
use machine::Span;
use ncp::{ByteSize, CloseReason, OpenError, Partner, Socket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Control, ControlError};

/// How long the data may take to end after the server has said that it is done, or those of a transfer that was
/// broken off to be out of the way of the next.
const PATIENCE: Span = Span::from_secs(120);

/// How often a user tries again to use a socket whose last connection is not quite over.
const AGAIN: Span = Span::from_secs(1);

/// How much is read at a time, in bytes.
const CHUNK: usize = 1024;

/// How long a list may be, in bytes: some thousand lines.
const LONGEST: usize = 1_000_000;

/// Why a file did not get across.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataError {
    /// The server's doing.
    #[error("{0}")]
    Control(#[from] ControlError),
    /// This host has no room for the connection.
    #[error("{0}")]
    Local(#[from] OpenError),
    /// The data connection.
    #[error("data connection: {0}")]
    Connection(CloseReason),
    /// The data connection failed in a way that nobody tells of.
    #[error("the data connection did not end")]
    Endless,
    /// The server does not say whether it is content.
    #[error("the server does not say what came of it")]
    NoWord,
    /// Somebody else than the server connected.
    #[error("the data connection came from another socket than the server had named")]
    Stranger,
    /// The server sends a list without an end.
    #[error("the list is longer than {LONGEST} bytes")]
    TooLong,
    /// The file here.
    #[error("{0}")]
    File(#[from] FileError),
}

/// Retrieves a file into `draft`, which becomes the file if everything went well. Answers its bytes.
pub(crate) async fn retrieve(
    host: &Handle,
    control: &mut Control,
    path: &str,
    draft: Draft,
) -> Result<usize, DataError> {
    let opening = listen(host, control.receive_socket(), control.site()).await?;
    let receiving = receive(opening, draft, |draft, bytes| Ok(draft.write(bytes)?));
    let received = exchange(host, control, &Command::Retr(path.to_owned()), receiving).await?;
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
        if list.len() > LONGEST { Err(DataError::TooLong) } else { Ok(()) }
    });
    exchange(host, control, &Command::List(path.map(str::to_owned)), receiving).await
}

/// Sends a file with STOR or APPE.
pub(crate) async fn send(
    host: &Handle,
    control: &mut Control,
    command: &Command,
    content: &[u8],
) -> Result<(), DataError> {
    let opening = listen(host, control.send_socket(), control.site()).await?;
    exchange(host, control, command, deliver(opening, content)).await
}

/// Listens for the server, which comes before the command (RFC 385, 7).
async fn listen(host: &Handle, local: Socket, site: HostAddress) -> Result<Opening, OpenError> {
    let listening = async {
        loop {
            match host.listen(local, Partner::Host(site), Some(ByteSize::EIGHT)) {
                // The connection of a transfer that was broken off is closing still.
                Err(OpenError::SocketInUse) => host.sleep(AGAIN).await,
                done => break done,
            }
        }
    };
    host.within(PATIENCE, listening).await.unwrap_or(Err(OpenError::SocketInUse))
}

/// Carries out a transfer command while data flow.
async fn exchange<T>(
    host: &Handle,
    control: &mut Control,
    command: &Command,
    data: impl Future<Output = Result<(T, Socket), DataError>>,
) -> Result<T, DataError> {
    control.begin(command).await?;
    let ended = both(host, control, data).await;
    // What the server said beside belongs to this transfer, not to the next thing that is asked.
    drop(control.news());
    ended
}

/// Waits for the end of the transfer and of its data. The server's word decides; what came of the data is only
/// asked if the server is content.
async fn both<T>(
    host: &Handle,
    control: &mut Control,
    data: impl Future<Output = Result<(T, Socket), DataError>>,
) -> Result<T, DataError> {
    let (result, foreign) = match select(Box::pin(control.finish()), Box::pin(data)).await {
        // The server is done, or never began: in that case nobody will come to the socket.
        Either::Left((reply, data)) => {
            reply?;
            host.within(PATIENCE, data).await.map_err(|_| DataError::Endless)??
        }
        Either::Right((data, reply)) => {
            // The server's last word cannot be far.
            let reply = host.within(PATIENCE, reply).await.map_err(|_| DataError::NoWord)?;
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
        Some(named) if named != foreign => Err(DataError::Stranger),
        Some(_) | None => Ok(result),
    }
}

/// Takes what arrives, chunk by chunk, until the end.
async fn receive<T>(
    opening: Opening,
    mut all: T,
    mut take: impl FnMut(&mut T, &[u8]) -> Result<(), DataError>,
) -> Result<(T, Socket), DataError> {
    let mut connection = opening.await.map_err(DataError::Connection)?;
    let mut chunk = [0; CHUNK];
    loop {
        match connection.read(&mut chunk).await {
            // A sender that interrupted has broken off: this is not the end of the file.
            Ok(0) if connection.take_interrupts() > 0 => {
                return Err(DataError::Connection(CloseReason::Lost));
            }
            Ok(0) => return Ok((all, connection.foreign().socket)),
            Ok(bytes) => take(&mut all, &chunk[..bytes])?,
            Err(error) => return Err(broken(&error)),
        }
    }
}

async fn deliver(opening: Opening, content: &[u8]) -> Result<((), Socket), DataError> {
    let mut connection: Connection = opening.await.map_err(DataError::Connection)?;
    connection.write_all(content).await.map_err(|error| broken(&error))?;
    let foreign = connection.foreign().socket;
    match connection.close().await {
        CloseReason::Closed => Ok(((), foreign)),
        why => Err(DataError::Connection(why)),
    }
}

fn broken(error: &std::io::Error) -> DataError {
    DataError::Connection(host::gone(error).unwrap_or(CloseReason::Closed))
}
