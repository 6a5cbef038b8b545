//! The user's end of a data connection, in the ordinary way of RFC 354: the user listens, the server asks.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use ftp::{Class, Command, Reply};
use futures::future::{Either, select};
use host::data::{DataConnection, open_patiently, receive_to_end};
use host::{Draft, FileError, Handle, Opening, disconnect_reason};
use imp1822::HostAddress;
use machine::Span;
use ncp::{ByteSize, CloseReason, OpenError, Partner, Socket};
use tokio::io::AsyncWriteExt;

use crate::ending;
use crate::running::{Running, Wish};
use crate::{Aborted, Control, ControlError};

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
    /// The person has stopped it, after so many bytes.
    #[error("{}", ending::STOPPED.with(&[.0]))]
    Stopped(u64),
    /// The person has stopped what the server says not to be under way.
    #[error("{}", ending::NOTHING_TO_STOP.words())]
    NothingToStop,
    /// The person does not wait for the server any more.
    #[error("{}", ending::GIVEN_UP.words())]
    GivenUp,
    /// The file of this host cannot be read or written.
    #[error("{0}")]
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
    control: &mut Control,
    path: &str,
    draft: Draft,
    running: &Running,
) -> Result<usize, DataError> {
    let host = control.host().clone();
    let opening = listen(&host, control.receive_socket(), control.site()).await?;
    let opened = Cell::new(false);
    let receiving = receive(opening, &opened, draft, |draft, bytes| {
        running.moved(bytes.len());
        Ok(draft.write(bytes)?)
    });
    let command = Command::Retr(path.to_owned());
    let received = run_transfer(control, &command, (receiving, &opened), running).await?;
    Ok(host.file(received)?)
}

/// Has a list sent: what is asked for with LIST or NLST.
pub(crate) async fn list(
    control: &mut Control,
    command: &Command,
    running: &Running,
) -> Result<Vec<u8>, DataError> {
    let opening = listen(control.host(), control.receive_socket(), control.site()).await?;
    let opened = Cell::new(false);
    let receiving = receive(opening, &opened, Vec::new(), |list: &mut Vec<u8>, bytes| {
        running.moved(bytes.len());
        list.extend_from_slice(bytes);
        if list.len() > MAX_LIST { Err(DataError::TooLong) } else { Ok(()) }
    });
    run_transfer(control, command, (receiving, &opened), running).await
}

/// Sends a file with STOR or APPE.
pub(crate) async fn send(
    control: &mut Control,
    command: &Command,
    content: &[u8],
    running: &Running,
) -> Result<(), DataError> {
    let opening = listen(control.host(), control.send_socket(), control.site()).await?;
    let opened = Cell::new(false);
    let delivering = deliver(opening, &opened, content, running);
    run_transfer(control, command, (delivering, &opened), running).await
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
    control: &mut Control,
    command: &Command,
    data: (impl Future<Output = Result<Passed<T>, DataError>>, &Cell<bool>),
    running: &Running,
) -> Result<T, DataError> {
    control.begin(command).await?;
    let (data, opened) = data;
    let ended = match with_data(control, data, running).await {
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
    running.show(control.news());
    ended
}

/// What happens to a transfer.
enum Happened<T> {
    /// The server has said its last word of it.
    Replied(Result<Reply, ControlError>),
    /// The data connection is over.
    Passed(Result<Passed<T>, DataError>),
    /// The person wants something.
    Wished(Wish),
}

/// Waits for the end of the transfer and of its data. The server's reply decides; what became of the data matters only
/// if the reply is good. The person may ask meanwhile how far it is, or have it stopped.
async fn with_data<T>(
    control: &mut Control,
    data: impl Future<Output = Result<Passed<T>, DataError>>,
    running: &Running,
) -> Result<T, DataError> {
    let mut data = Some(Box::pin(data));
    let mut passed = None;
    loop {
        match until_wished(control, &mut data, &mut passed, running).await? {
            Ended::Done(reply, passed) => return held_together(control, &reply, passed),
            Ended::Wished(Wish::Ask) => {
                if !control.ask_meanwhile().await? {
                    running.print("THE SERVER HAS NOT ANSWERED YET");
                }
            }
            Ended::Wished(Wish::Stop) => {
                let reply = stop(control, &mut data, &mut passed, running).await?;
                // It was over before it could be stopped.
                let passed = rest_of_data(control, data, passed).await?;
                return held_together(control, &reply, passed);
            }
        }
    }
}

/// How a wait has ended.
enum Ended<T> {
    Done(Reply, Passed<T>),
    Wished(Wish),
}

/// Data on their way, until they have passed.
type InPassing<F> = Option<Pin<Box<F>>>;

/// Waits for the end of the transfer and of its data, or until the person wants something of the server.
async fn until_wished<T, F: Future<Output = Result<Passed<T>, DataError>>>(
    control: &mut Control,
    data: &mut InPassing<F>,
    passed: &mut Option<Result<Passed<T>, DataError>>,
    running: &Running,
) -> Result<Ended<T>, DataError> {
    let (host, heard) = (control.host().clone(), control.news_to_come());
    let reply = {
        let (mut finish, mut attend) = (pin!(control.finish()), pin!(running.attend()));
        loop {
            let have_passed = data.is_none();
            let next = poll_fn(|cx| {
                if let Poll::Ready(reply) = finish.as_mut().poll(cx) {
                    return Poll::Ready(Happened::Replied(reply));
                }
                running.show(heard.take());
                if let Some(Poll::Ready(end)) = data.as_mut().map(|data| data.as_mut().poll(cx)) {
                    return Poll::Ready(Happened::Passed(end));
                }
                attend.as_mut().poll(cx).map(Happened::Wished)
            });
            // Once the data have ended, the server's reply cannot be far.
            let next = if have_passed { host.within(DATA_TIMEOUT, next).await } else { Ok(next.await) };
            match next.map_err(|_| DataError::NoReply)? {
                Happened::Replied(reply) => break reply,
                Happened::Passed(end) => (*data, *passed) = (None, Some(end)),
                Happened::Wished(wish) => return Ok(Ended::Wished(wish)),
            }
        }
    };
    match passed.take() {
        // That the server could not go on has its cause here.
        Some(Err(error @ (DataError::File(_) | DataError::TooLong))) => Err(error),
        // The server is done, or never began: in that case no connection will come to the socket.
        passed => {
            let reply = reply?;
            let passed = rest_of_data(control, data.take(), passed).await?;
            Ok(Ended::Done(reply, passed))
        }
    }
}

/// Waits for the end of the data of which the server says that all have passed.
async fn rest_of_data<T, F: Future<Output = Result<Passed<T>, DataError>>>(
    control: &Control,
    data: InPassing<F>,
    passed: Option<Result<Passed<T>, DataError>>,
) -> Result<Passed<T>, DataError> {
    match (passed, data) {
        (Some(passed), _) => passed,
        (None, Some(data)) => {
            control.host().within(DATA_TIMEOUT, data).await.map_err(|_| DataError::Endless)?
        }
        (None, None) => Err(DataError::Endless),
    }
}

/// Has the server stop the transfer, while what is on its way still passes. Returns its last word of it if it was over before.
async fn stop<T, F: Future<Output = Result<Passed<T>, DataError>>>(
    control: &mut Control,
    data: &mut InPassing<F>,
    passed: &mut Option<Result<Passed<T>, DataError>>,
    running: &Running,
) -> Result<Reply, DataError> {
    let aborted = {
        let mut stopping = pin!(control.stop());
        let mut both = poll_fn(|cx| {
            if let Poll::Ready(aborted) = stopping.as_mut().poll(cx) {
                return Poll::Ready(aborted);
            }
            if let Some(Poll::Ready(end)) = data.as_mut().map(|data| data.as_mut().poll(cx)) {
                (*data, *passed) = (None, Some(end));
            }
            Poll::Pending
        });
        match select(pin!(&mut both), pin!(running.insists())).await {
            Either::Left((aborted, _)) => aborted?,
            Either::Right(((), _)) => return Err(DataError::GivenUp),
        }
    };
    match aborted {
        Aborted::Stopped(reply) => {
            running.print(&reply.to_string());
            Err(DataError::Stopped(running.bytes()))
        }
        Aborted::Done(reply) => Ok(reply),
        Aborted::Failed(reply) => Err(ControlError::Refused(reply).into()),
        Aborted::Unheard(reply) => {
            running.print(&reply.to_string());
            Err(DataError::NothingToStop)
        }
    }
}

/// What has passed, if that is what the server says.
fn held_together<T>(control: &Control, reply: &Reply, passed: Passed<T>) -> Result<T, DataError> {
    let Passed { result, bytes, foreign, other } = passed;
    // Any socket of the server's host could connect; only the one that was named is the server's (RFC 354, V.A).
    match control.data_socket() {
        Some(named) if named != foreign => return Err(DataError::UnexpectedPeer),
        Some(_) | None => {}
    }
    // In stream mode an end is no proof of the whole: only both ends' numbers are. An older server tells none.
    match reply.bytes_transferred() {
        Some(counted) if counted != bytes => Err(other(bytes, counted)),
        None if reply.has_garbled_count() => Err(DataError::CountGarbled(reply.clone())),
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
async fn deliver(
    opening: Opening,
    opened: &Cell<bool>,
    content: &[u8],
    running: &Running,
) -> Result<Passed<()>, DataError> {
    let mut connection = DataConnection::new(opening.await?);
    opened.set(true);
    let mut left = content;
    while !left.is_empty() {
        let sent = connection.get().write(left).await;
        let sent = sent.map_err(|error| disconnect_reason(&error).unwrap_or(CloseReason::Closed))?;
        running.moved(sent);
        left = &left[sent..];
    }
    let foreign = connection.get().foreign().socket;
    match connection.close().await {
        CloseReason::Closed => {
            let other = |sent, counted| DataError::OtherStored { sent, counted };
            Ok(Passed { result: (), bytes: content.len() as u64, foreign, other })
        }
        why => Err(why.into()),
    }
}
