//! One transfer: the file or the list of files, the data connection, and the bytes between them.

use std::cell::Cell;
use std::io;
use std::pin::pin;
use std::sync::Arc;

use ftp::{Connect, Failure, Transfer, Verb};
use futures::future::{Either, select};
use host::{Connection, Draft, Handle, How, Lease, Opening, PathName};
use machine::Span;
use ncp::{ByteSize, CloseReason, Gender, OpenError, Partner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::disk::{Found, bad, failure};

/// How long a server waits for its data connection to come about, as TENEX does.
const PATIENCE: Span = Span::from_secs(120);

/// How often a server tries again to use a socket whose last connection is not quite over.
const AGAIN: Span = Span::from_secs(1);

/// How long a data connection may be open without a byte passing over it.
const SILENCE: Span = Span::from_secs(300);

/// How much is moved at a time, in bytes: a little more than a message can hold.
const CHUNK: usize = 1024;

/// A transfer whose file and data connection are open.
pub(crate) struct Moving {
    connection: Data,
    file: File,
    /// The sockets of the data connection, unless they were promised to the user before.
    _sockets: Option<Lease>,
}

/// An open data connection. Breaks it off when the transfer is dropped in the middle: what the NCP has not
/// sent by then is of no use to anybody, and would keep the socket for as long as the receiver does not take
/// it.
struct Data(Option<Connection>);

impl Data {
    fn get(&mut self) -> &mut Connection {
        self.0.as_mut().expect("the connection is there until it is closed")
    }

    async fn close(mut self) -> CloseReason {
        match self.0.take() {
            Some(connection) => connection.close().await,
            None => CloseReason::Closed,
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            connection.abort();
        }
    }
}

enum File {
    /// What is to be sent.
    Read(Arc<Vec<u8>>),
    /// What arrives.
    Write(Draft),
}

/// Opens the file, then the data connection. A file that cannot be opened costs no connection.
pub(crate) async fn open(host: Handle, user: String, transfer: Transfer) -> Result<Moving, Failure> {
    let file = open_file(&host, &user, &transfer)?;
    let connecting = async {
        loop {
            match open_connection(&host, &transfer) {
                Ok((opening, sockets)) => break opening.await.ok().map(|connection| (connection, sockets)),
                // The CLS of an earlier attempt has not been answered, or others use up all there is.
                Err(OpenError::SocketInUse | OpenError::NoLinks | OpenError::TooManyConnections) => {
                    host.sleep(AGAIN).await;
                }
                Err(OpenError::SameGender) => break None,
            }
        }
    };
    match host.within(PATIENCE, connecting).await {
        Ok(Some((connection, sockets))) => {
            Ok(Moving { connection: Data(Some(connection)), file, _sockets: sockets })
        }
        Ok(None) | Err(_) => Err(Failure::CannotConnect),
    }
}

fn open_file(host: &Handle, user: &str, transfer: &Transfer) -> Result<File, Failure> {
    let files = host.files();
    let named = |path: &str| files.naming().parse(path, Some(user)).map_err(bad);
    let write = |path: PathName, how| {
        let draft = files.may_write(user, &path).and_then(|()| files.draft(path, how));
        draft.map(File::Write).map_err(failure)
    };
    let text = |text: String| File::Read(Arc::new(text.into_bytes()));
    match &transfer.verb {
        Verb::Retrieve(path) => files.read(&named(path)?).map(File::Read).map_err(failure),
        Verb::Store(path) => write(named(path)?, How::Replace),
        Verb::Append(path) => write(named(path)?, How::Append),
        Verb::List(path) => Ok(text(Found::look(host, user, path.as_deref())?.list())),
        Verb::Names(path) => Ok(text(Found::look(host, user, path.as_deref())?.names())),
    }
}

fn open_connection(host: &Handle, transfer: &Transfer) -> Result<(Opening, Option<Lease>), OpenError> {
    let size = Some(ByteSize::EIGHT);
    match transfer.connect {
        Connect::Listen { local, from } => {
            let partner = from.map_or(Partner::Anyone, Partner::Exactly);
            Ok((host.listen(local, partner, size)?, None))
        }
        Connect::Init { local: Some(local), to } => Ok((host.init(local, to, size)?, None)),
        Connect::Init { local: None, to } => {
            let lease = host.sockets();
            let local = match transfer.verb.gender() {
                Gender::Receive => lease.socket(0),
                Gender::Send => lease.socket(1),
            };
            Ok((host.init(local, to, size)?, Some(lease)))
        }
    }
}

impl Moving {
    /// The server's data socket.
    pub(crate) fn local(&mut self) -> ncp::Socket {
        self.connection.get().local()
    }

    /// Moves the bytes. What has arrived is a draft still: only when that is filed the disk changes.
    pub(crate) async fn run(self, host: Handle) -> Result<Option<Draft>, Failure> {
        let Moving { connection, file, _sockets } = self;
        let moved = Cell::new(0);
        let moving = async {
            match file {
                File::Read(content) => send(connection, &content, &moved).await.map(|()| None),
                File::Write(draft) => receive(connection, draft, &moved).await.map(Some),
            }
        };
        match select(pin!(moving), pin!(silence(&host, &moved))).await {
            Either::Left((result, _)) => result,
            Either::Right(((), _)) => Err(Failure::ConnectionClosed),
        }
    }
}

/// Waits until nothing has moved for too long.
async fn silence(host: &Handle, moved: &Cell<usize>) {
    loop {
        let before = moved.get();
        host.sleep(SILENCE).await;
        if moved.get() == before {
            return;
        }
    }
}

async fn send(mut connection: Data, content: &[u8], moved: &Cell<usize>) -> Result<(), Failure> {
    for chunk in content.chunks(CHUNK) {
        connection.get().write_all(chunk).await.map_err(closed)?;
        moved.set(moved.get() + chunk.len());
    }
    // The end of the file is our CLS: a receiver who closes before it does not know that the file is whole.
    connection.get().arrived().await.map_err(|_| Failure::ConnectionClosed)?;
    match connection.close().await {
        CloseReason::Closed => Ok(()),
        _ => Err(Failure::ConnectionClosed),
    }
}

async fn receive(mut connection: Data, mut draft: Draft, moved: &Cell<usize>) -> Result<Draft, Failure> {
    let mut chunk = [0; CHUNK];
    loop {
        let bytes = connection.get().read(&mut chunk).await.map_err(closed)?;
        if bytes == 0 {
            // A sender that interrupted has broken off: this is not the end of the file.
            let whole = connection.get().take_interrupts() == 0;
            return if whole { Ok(draft) } else { Err(Failure::ConnectionClosed) };
        }
        draft.write(&chunk[..bytes]).map_err(failure)?;
        moved.set(moved.get() + bytes);
    }
}

fn closed(_: io::Error) -> Failure {
    Failure::ConnectionClosed
}
