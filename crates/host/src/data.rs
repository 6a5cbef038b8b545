//! Data connections, as all programs that move files use them: to open one, to read one to its end, and to break off what has not
//! come to it.

use std::future::poll_fn;
use std::pin::Pin;

use machine::Span;
use ncp::{CloseReason, OpenError};
use tokio::io::{AsyncRead, ReadBuf};

use crate::{Connection, Handle, disconnect_reason};

/// How long a program waits before it tries again to open a connection.
const RETRY_AFTER: Span = Span::from_secs(1);

/// How much is moved at a time, in bytes: a little more than a message can hold.
pub const CHUNK: usize = 1024;

/// Opens a connection with `open`, once more each second as long as the error is one that `passes`: as a rule
/// [`OpenError::SocketInUse`], while the last connection of the socket is not quite over.
pub async fn open_patiently<T>(
    host: &Handle,
    passes: impl Fn(OpenError) -> bool,
    mut open: impl FnMut() -> Result<T, OpenError>,
) -> Result<T, OpenError> {
    loop {
        match open() {
            Err(error) if passes(error) => host.sleep(RETRY_AFTER).await,
            done => return done,
        }
    }
}

/// An open data connection. If it is dropped before it is closed, it is broken off by an interrupt: its end alone would be that of a
/// shorter file (RFC 385, 4). What the NCP has not sent by then is useless, and would keep the socket in use for as long as the
/// receiver does not take it.
pub struct DataConnection(Option<Connection>);

impl DataConnection {
    /// A connection over which a file is to pass.
    pub fn new(connection: Connection) -> Self {
        DataConnection(Some(connection))
    }

    /// The connection itself.
    pub fn get(&mut self) -> &mut Connection {
        self.0.as_mut().expect("it is there until it is closed")
    }

    /// Closes the connection as [`Connection::close`] does.
    pub async fn close(mut self) -> CloseReason {
        let why = self.get().closing().await;
        // Nothing is left of it that could be broken off.
        self.0 = None;
        why
    }
}

impl Drop for DataConnection {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            connection.abort();
        }
    }
}

/// Reads a connection of 8-bit bytes to its end. Each piece goes to `take`, at most [`CHUNK`] bytes at a time.
///
/// # Errors
/// What `take` returns, or why the connection broke. A sender that interrupts has broken off: then the end of the
/// connection is not that of the file, and the reason is [`CloseReason::Lost`].
pub async fn receive_to_end<E: From<CloseReason>>(
    connection: &mut Connection,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut chunk = [0; CHUNK];
    let _due = connection.expecting();
    loop {
        let mut read = ReadBuf::new(&mut chunk);
        match poll_fn(|cx| Pin::new(&mut *connection).poll_read(cx, &mut read)).await {
            Ok(()) if !read.filled().is_empty() => take(read.filled())?,
            Ok(()) if connection.take_interrupts() > 0 => return Err(CloseReason::Lost.into()),
            Ok(()) => return Ok(()),
            Err(error) => return Err(disconnect_reason(&error).unwrap_or(CloseReason::Closed).into()),
        }
    }
}
