//! The user's end of a data connection, in the ordinary way of RFC 354: the user listens, the server asks.

use std::cell::Cell;

use ftp::{Class, Command, Reply};
use futures::future::{Either, select};
use host::data::{DataConnection, open_patiently, receive_to_end};
use host::{Draft, FileError, Handle, Opening, disconnect_reason};
use imp1822::HostAddress;
use machine::Span;
use ncp::{ByteSize, CloseReason, OpenError, Partner, Socket};
use tokio::io::AsyncWriteExt;

use crate::ending;
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
    #[error("{}", ending::NO_DATA_CONNECTION.with(&[.0]))]
    Local(#[from] OpenError),
    /// The data connection broke.
    #[error("{}", ending::DATA_BROKEN.with(&[.0]))]
    Connection(CloseReason),
    /// The server says that it is done, and the data connection does not end.
    #[error("{}", ending::DATA_ENDLESS.words())]
    Endless,
    /// The data connection has ended, and the server does not say whether the file is stored.
    #[error("{}", ending::NO_LAST_WORD.words())]
    NoReply,
    /// Another socket than the server's connected.
    #[error("{}", ending::OTHER_SOCKET.words())]
    UnexpectedPeer,
    /// The server has stored another number of bytes than were sent.
    #[error("{}", ending::OTHER_STORED.with(&[sent, counted]))]
    OtherStored {
        /// How many were sent here.
        sent: u64,
        /// How many the server says to have received.
        counted: u64,
    },
    /// The server has sent another number of bytes than arrived.
    #[error("{}", ending::OTHER_RECEIVED.with(&[counted, received]))]
    OtherReceived {
        /// How many arrived here.
        received: u64,
        /// How many the server says to have sent.
        counted: u64,
    },
    /// The server's last word has a count that cannot be read.
    #[error("{}", ending::COUNT_GARBLED.with(&[.0]))]
    CountGarbled(Reply),
    /// The server refuses a command for which it has opened a data connection.
    #[error("{}", ending::REFUSED_AND_OPEN.with(&[.0]))]
    RefusedAndOpen(Reply),
    /// The server sends a list without an end.
    #[error("the list is longer than {MAX_LIST} bytes")]
    TooLong,
    /// The file of this host cannot be read or written.
    #[error("{}", ending::FILE_HERE.with(&[.0]))]
    File(#[from] FileError),
}

/// What came of this side of a data connection.
struct Passed<T> {
    result: T,
    /// How many bytes, of 8 bits, passed over it: what its 252 says of them must be the same.
    bytes: u64,
    /// The server's data socket.
    foreign: Socket,
    /// What it means that the server, by its words, has counted another number.
    other: fn(u64, u64) -> DataError,
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
    let opened = Cell::new(false);
    let receiving = receive(opening, &opened, draft, |draft, bytes| Ok(draft.write(bytes)?));
    let command = Command::Retr(path.to_owned());
    let received = run_transfer(host, control, &command, (receiving, &opened)).await?;
    Ok(host.file(received)?)
}

/// Has a list of files sent, in the directory or of the file that is named, or in the user's own directory.
pub(crate) async fn list(
    host: &Handle,
    control: &mut Control,
    path: Option<&str>,
) -> Result<Vec<u8>, DataError> {
    let opening = listen(host, control.receive_socket(), control.site()).await?;
    let opened = Cell::new(false);
    let receiving = receive(opening, &opened, Vec::new(), |list: &mut Vec<u8>, bytes| {
        list.extend_from_slice(bytes);
        if list.len() > MAX_LIST { Err(DataError::TooLong) } else { Ok(()) }
    });
    let command = Command::List(path.map(str::to_owned));
    run_transfer(host, control, &command, (receiving, &opened)).await
}

/// Sends a file with STOR or APPE.
pub(crate) async fn send(
    host: &Handle,
    control: &mut Control,
    command: &Command,
    content: &[u8],
) -> Result<(), DataError> {
    let opening = listen(host, control.send_socket(), control.site()).await?;
    let opened = Cell::new(false);
    run_transfer(host, control, command, (deliver(opening, &opened, content), &opened)).await
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

/// Carries out a transfer command while data flow. `data` comes with whether their connection has been opened.
async fn run_transfer<T>(
    host: &Handle,
    control: &mut Control,
    command: &Command,
    data: (impl Future<Output = Result<Passed<T>, DataError>>, &Cell<bool>),
) -> Result<T, DataError> {
    control.begin(command).await?;
    let (data, opened) = data;
    let ended = match with_data(host, control, data).await {
        // It has opened the connection for this command, and looks at what it is asked first: the refusal answers another, if it
        // is not about the file.
        Err(DataError::Control(ControlError::Refused(reply)))
            if opened.get() && !control.has_begun() && reply.code().class() == Class::Ignored =>
        {
            Err(DataError::RefusedAndOpen(reply))
        }
        ended => ended,
    };
    // What the server said beside belongs to this transfer, not to the next thing that is asked.
    drop(control.news());
    ended
}

/// Waits for the end of the transfer and of its data. The server's reply decides; what became of the data matters only
/// if the reply is good.
async fn with_data<T>(
    host: &Handle,
    control: &mut Control,
    data: impl Future<Output = Result<Passed<T>, DataError>>,
) -> Result<T, DataError> {
    let (reply, passed) = match select(Box::pin(control.finish()), Box::pin(data)).await {
        // The server is done, or never began: in that case no connection will come to the socket.
        Either::Left((reply, data)) => {
            let reply = reply?;
            (reply, host.within(DATA_TIMEOUT, data).await.map_err(|_| DataError::Endless)??)
        }
        Either::Right((data, reply)) => {
            // The server's reply cannot be far.
            let reply = host.within(DATA_TIMEOUT, reply).await.map_err(|_| DataError::NoReply)?;
            match data {
                // That the server could not go on has its cause here.
                Err(error @ (DataError::File(_) | DataError::TooLong)) => return Err(error),
                data => (reply?, data?),
            }
        }
    };
    let Passed { result, bytes, foreign, other } = passed;
    // Any socket of the server's host could connect; only the one that was named is the server's (RFC 354, V.A).
    match control.data_socket() {
        Some(named) if named != foreign => return Err(DataError::UnexpectedPeer),
        Some(_) | None => {}
    }
    // In stream mode an end is no proof of the whole: only both ends' numbers are. An older server tells none.
    match reply.bytes_transferred() {
        Some(counted) if counted != bytes => Err(other(bytes, counted)),
        None if reply.has_garbled_count() => Err(DataError::CountGarbled(reply)),
        Some(_) | None => Ok(result),
    }
}

/// Takes what arrives, piece by piece, until the end.
async fn receive<T>(
    opening: Opening,
    opened: &Cell<bool>,
    mut all: T,
    mut take: impl FnMut(&mut T, &[u8]) -> Result<(), DataError>,
) -> Result<Passed<T>, DataError> {
    let mut connection = opening.await?;
    opened.set(true);
    let mut bytes = 0;
    let counting = |some: &[u8]| {
        bytes += some.len() as u64;
        take(&mut all, some)
    };
    receive_to_end(&mut connection, counting).await?;
    let other = |received, counted| DataError::OtherReceived { received, counted };
    Ok(Passed { result: all, bytes, foreign: connection.foreign().socket, other })
}

/// Sends all of it, and closes. A server that sends makes sure that the last byte has arrived before its CLS; the user need
/// not, as the server's reply says whether it has the whole file.
async fn deliver(opening: Opening, opened: &Cell<bool>, content: &[u8]) -> Result<Passed<()>, DataError> {
    let mut connection = DataConnection::new(opening.await?);
    opened.set(true);
    let sent = connection.get().write_all(content).await;
    sent.map_err(|error| disconnect_reason(&error).unwrap_or(CloseReason::Closed))?;
    let foreign = connection.get().foreign().socket;
    match connection.close().await {
        CloseReason::Closed => {
            let other = |sent, counted| DataError::OtherStored { sent, counted };
            Ok(Passed { result: (), bytes: content.len() as u64, foreign, other })
        }
        why => Err(why.into()),
    }
}
