//! Data connections, as all programs that move files use them: to open one, and to read one to its end.

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
