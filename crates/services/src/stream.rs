//! Services that take bytes without looking at them.

use host::{Duplex, Handle};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::IDLE_TIMEOUT;

/// How many bytes are held at a time. Nothing more is taken from a user until these are on their way back to it: so a user
/// that sends and takes nothing is soon given no more allocation.
const CHUNK: usize = 1000;

/// Sends back what arrives, until the user closes (RFC 347).
pub(crate) async fn echo(host: Handle, mut duplex: Duplex) -> Duplex {
    let mut chunk = [0; CHUNK];
    let user = duplex.contact.host;
    while let Ok(Ok(length @ 1..)) =
        host.within_looking_for(IDLE_TIMEOUT, user, duplex.reader.read(&mut chunk)).await
    {
        let returned = host.within(IDLE_TIMEOUT, duplex.writer.write_all(&chunk[..length])).await;
        if !matches!(returned, Ok(Ok(()))) {
            break;
        }
    }
    duplex
}

/// Throws away what arrives, until the user closes (RFC 348).
pub(crate) async fn discard(host: Handle, mut duplex: Duplex) -> Duplex {
    let mut chunk = [0; CHUNK];
    let user = duplex.contact.host;
    while let Ok(Ok(1..)) = host.within_looking_for(IDLE_TIMEOUT, user, duplex.reader.read(&mut chunk)).await
    {
    }
    duplex
}
