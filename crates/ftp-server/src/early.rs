//! Data connections that are still to come about, and partners who come before the transfer they come for has begun.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use ftp::Connect;
use futures::FutureExt;
use host::data::{CHUNK, DataConnection};
use host::{Handle, Opening, Sleep};
use machine::{Instant, Span};
use ncp::{ByteSize, CloseReason, ForeignSocket, Gender, OpenError, Partner, Socket};
use tokio::io::{AsyncRead, ReadBuf};

/// How long a socket on which nobody could listen is left alone.
const RETRY_AFTER: Span = Span::from_secs(1);

/// A data connection that is to come about. If it has, and nobody has looked before it is dropped, it is broken off as every
/// [`DataConnection`] is: the partner must not take its end for that of a file.
pub(crate) struct DataOpening(Option<Opening>);

impl DataOpening {
    pub(crate) fn new(opening: Opening) -> Self {
        DataOpening(Some(opening))
    }
}

impl Future for DataOpening {
    type Output = Result<DataConnection, CloseReason>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let opening = self.0.as_mut().expect("it is not polled again after it was ready");
        let opened = ready!(opening.poll_unpin(cx));
        self.0 = None;
        Poll::Ready(opened.map(DataConnection::new))
    }
}

impl Drop for DataOpening {
    fn drop(&mut self) {
        if let Some(Ok(connection)) = self.0.take().and_then(FutureExt::now_or_never) {
            drop(DataConnection::new(connection));
        }
    }
}

/// Listens for a data connection, of a partner or of anyone.
pub(crate) fn listen(
    host: &Handle,
    local: Socket,
    from: Option<ForeignSocket>,
) -> Result<DataOpening, OpenError> {
    let partner = from.map_or(Partner::Anyone, Partner::Exactly);
    host.listen(local, partner, Some(ByteSize::EIGHT)).map(DataOpening::new)
}

/// A partner who has come.
pub(crate) struct Come {
    pub(crate) connection: DataConnection,
    /// When he came.
    pub(crate) at: Instant,
    /// What has been read already of that which he sends.
    pub(crate) head: Vec<u8>,
}

impl Come {
    pub(crate) fn new(connection: DataConnection, at: Instant) -> Self {
        Come { connection, at, head: Vec::new() }
    }

    /// Whether he has gone again, and has left nothing. One who sends a short file may go before its command comes.
    fn has_gone(&mut self, cx: &mut Context<'_>) -> bool {
        let connection = self.connection.get();
        if !self.head.is_empty() || pin!(connection.ended()).poll(cx).is_pending() {
            return false;
        }
        if connection.local().gender() == Gender::Receive {
            let mut chunk = [0; CHUNK];
            let mut read = ReadBuf::new(&mut chunk);
            // Why the connection broke, if it did, is learnt by the transfer.
            let _ = Pin::new(connection).poll_read(cx, &mut read);
            self.head = read.filled().to_vec();
        }
        self.head.is_empty()
    }
}

/// What has become of a socket on which is listened before a transfer begins.
pub(crate) enum Early {
    /// Nobody can listen there now: the connection that was there before is not quite over.
    Deaf(Sleep),
    /// Nobody has come.
    Waiting(DataOpening),
    /// The partner is there.
    Come(Come),
}

impl Early {
    fn listen(host: &Handle, local: Socket, from: Option<ForeignSocket>) -> Self {
        listen(host, local, from).map_or_else(|_| Early::deaf(host), Early::Waiting)
    }

    fn deaf(host: &Handle) -> Self {
        Early::Deaf(host.sleep(RETRY_AFTER))
    }
}

/// The sockets on which is listened before a transfer begins, and for whom.
#[derive(Default)]
pub(crate) struct Listeners(BTreeMap<Socket, (Option<ForeignSocket>, Early)>);

impl Listeners {
    /// Listens on these sockets, and on no others. What listens already for the same partner goes on, since he may have come.
    /// Returns whether that is done everywhere; where it is not it is tried again.
    pub(crate) fn set(&mut self, host: &Handle, wanted: &[Connect]) -> bool {
        self.0.retain(|local, (from, early)| {
            !matches!(early, Early::Deaf(_))
                && wanted.contains(&Connect::Listen { local: *local, from: *from })
        });
        for listener in wanted {
            if let Connect::Listen { local, from } = *listener {
                self.0.entry(local).or_insert_with(|| (from, Early::listen(host, local, from)));
            }
        }
        !self.0.values().any(|(_, early)| matches!(early, Early::Deaf(_)))
    }

    /// What a transfer finds that connects like this.
    pub(crate) fn take(&mut self, connect: Connect) -> Option<Early> {
        match connect {
            Connect::Listen { local, .. } => self.0.remove(&local).map(|(_, early)| early),
            Connect::Init { .. } => None,
        }
    }

    /// Sees who has come and who has gone. One who has gone without a byte has sent no file that a later command could mean, and
    /// another may come.
    pub(crate) fn look(&mut self, host: &Handle, cx: &mut Context<'_>) {
        for (local, (from, early)) in &mut self.0 {
            loop {
                *early = match early {
                    Early::Deaf(sleep) => match sleep.poll_unpin(cx) {
                        Poll::Ready(()) => Early::listen(host, *local, *from),
                        Poll::Pending => break,
                    },
                    Early::Waiting(opening) => match opening.poll_unpin(cx) {
                        Poll::Ready(Ok(connection)) => Early::Come(Come::new(connection, host.now())),
                        Poll::Ready(Err(_)) => Early::deaf(host),
                        Poll::Pending => break,
                    },
                    Early::Come(come) => {
                        if !come.has_gone(cx) {
                            break;
                        }
                        // The socket is free as soon as the connection is dropped.
                        *early = Early::deaf(host);
                        Early::listen(host, *local, *from)
                    }
                };
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
