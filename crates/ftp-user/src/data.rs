//! The user's end of a data connection, in the ordinary way of RFC 354: the user listens, the server asks.

use ftp::Command;
use futures::future::{Either, select};
use host::{Connection, Draft, FileError, Handle, Opening};
use machine::Span;
use ncp::{ByteSize, Gone, OpenError, Partner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Control, ControlError};

/// How long the data may take to end after the server has said that it is done.
const PATIENCE: Span = Span::from_secs(120);

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
    Connection(Gone),
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
    // The listening comes before the command (RFC 385, 7).
    let from = Partner::Host(control.site());
    let opening = host.listen(control.receive_socket(), from, Some(ByteSize::EIGHT))?;
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
    let from = Partner::Host(control.site());
    let opening = host.listen(control.receive_socket(), from, Some(ByteSize::EIGHT))?;
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
    let from = Partner::Host(control.site());
    let opening = host.listen(control.send_socket(), from, Some(ByteSize::EIGHT))?;
    exchange(host, control, command, deliver(opening, content)).await
}

/// Carries out a transfer command while data flow. The server's word decides; what came of the data is only
/// asked if the server is content.
async fn exchange<T>(
    host: &Handle,
    control: &mut Control,
    command: &Command,
    data: impl Future<Output = Result<(T, ncp::Socket), DataError>>,
) -> Result<T, DataError> {
    control.begin(command).await?;
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
) -> Result<(T, ncp::Socket), DataError> {
    let mut connection = opening.await.map_err(DataError::Connection)?;
    let mut chunk = [0; CHUNK];
    loop {
        match connection.read(&mut chunk).await {
            // A sender that interrupted has broken off: this is not the end of the file.
            Ok(0) if connection.take_interrupts() > 0 => return Err(DataError::Connection(Gone::Lost)),
            Ok(0) => return Ok((all, connection.foreign().socket)),
            Ok(bytes) => take(&mut all, &chunk[..bytes])?,
            Err(error) => return Err(broken(&error)),
        }
    }
}

async fn deliver(opening: Opening, content: &[u8]) -> Result<((), ncp::Socket), DataError> {
    let mut connection: Connection = opening.await.map_err(DataError::Connection)?;
    connection.write_all(content).await.map_err(|error| broken(&error))?;
    let foreign = connection.foreign().socket;
    match connection.close().await {
        Gone::Closed => Ok(((), foreign)),
        why => Err(DataError::Connection(why)),
    }
}

fn broken(error: &std::io::Error) -> DataError {
    DataError::Connection(host::gone(error).unwrap_or(Gone::Closed))
}
