//! One transfer: the file or the list of files, the data connection, and the bytes between them.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use ftp::{Connect, Failure, NoConnection, Transfer, Type, Verb};
use futures::future::{Either, select};
use host::data::{CHUNK, DataConnection, open_patiently, receive_to_end};
use host::{Draft, Form, Handle, Lease, PathName, WriteMode, disconnect_reason};
use machine::Span;
use ncp::{ByteSize, CloseReason, ForeignSocket, OpenError, Socket};
use tokio::io::AsyncWriteExt;

use crate::early::{Come, DataOpening, Early, listen};
use crate::listing::{Listing, bad_pathname, failure};

/// How long a server waits for its data connection to open, as TENEX does.
const CONNECT_TIMEOUT: Span = Span::from_secs(120);

/// How long a data connection may be open without a byte passing over it. It is looked at each time this is over.
const STALL_TIMEOUT: Span = Span::from_secs(300);

/// How long it takes at most until a server gives up a transfer that stands still, since it looks only now and then.
pub const LONGEST_STALL: Span = Span::from_micros(2 * STALL_TIMEOUT.as_micros());

/// How long a sender may take to close a connection on which it sends nothing. One with an empty file closes at once; one that
/// has not heard of the connection, or that waits for what does not come, gives up after a while, and has sent no file. No
/// document has such a limit. Whoever makes an empty file by hand and takes longer is told so, and does it once more; a file
/// that was replaced by nothing would be gone.
const EMPTY_TIMEOUT: Span = Span::from_secs(30);

/// A transfer whose file and data connection are open.
pub(crate) struct Moving {
    come: Come,
    file: File,
    /// How many bytes at most were announced.
    announced: u64,
    /// How many bytes have passed so far.
    moved: Rc<Cell<u64>>,
    /// The sockets of the data connection, unless they were promised to the user before.
    _sockets: Option<Lease>,
}

/// What has passed over a data connection.
pub(crate) struct Moved {
    /// How many bytes, of 8 bits.
    pub(crate) bytes: u64,
    /// What is to be filed, if it came from there.
    pub(crate) arrived: Option<Draft>,
}

enum File {
    /// What is to be sent.
    Read(Arc<Vec<u8>>),
    /// What arrives.
    Write(Draft),
}

/// Opens the file, then the data connection. A file that cannot be opened costs no connection. `early` is what listens
/// already, if the transfer is to wait for its partner there.
pub(crate) async fn open(
    host: Handle,
    user: String,
    transfer: Transfer,
    early: Option<Early>,
) -> Result<Moving, Failure> {
    let file = open_file(&host, &user, &transfer)?;
    let connecting = async {
        let (opening, sockets) = match early {
            Some(Early::Come(come)) => return Ok((come, None)),
            Some(Early::Waiting(opening)) => (opening, None),
            Some(Early::Deaf(_)) | None => {
                open_patiently(&host, passes, || open_connection(&host, &transfer))
                    .await
                    .map_err(|_| NoConnection::NoRoom)?
            }
        };
        let connection = opening.await.map_err(NoConnection::Failed)?;
        Ok((Come::new(connection, host.now()), sockets))
    };
    let late = Err(NoConnection::Late(CONNECT_TIMEOUT));
    let connected = host.within(CONNECT_TIMEOUT, connecting).await.unwrap_or(late);
    let (come, sockets) = connected.map_err(Failure::CannotConnect)?;
    Ok(Moving { come, file, announced: transfer.announced, moved: Rc::default(), _sockets: sockets })
}

/// Whether a connection that cannot be opened now may be opened soon.
fn passes(error: OpenError) -> bool {
    match error {
        // The CLS of an earlier attempt has not been answered, or other programs use up all that there is.
        OpenError::SocketInUse | OpenError::NoLinks | OpenError::TooManyConnections => true,
        OpenError::SameGender => false,
    }
}

fn open_file(host: &Handle, user: &str, transfer: &Transfer) -> Result<File, Failure> {
    let files = host.files();
    let named = |path: &str| files.path(path, Some(user)).map_err(bad_pathname);
    // An image is the file byte for byte; a bare LF in it ends no line (RFC 354, III.B).
    let form = match transfer.parameters.representation {
        Type::Image => Form::Image,
        _ => Form::Text,
    };
    let write = |path: PathName, how| {
        let announced = usize::try_from(transfer.announced).unwrap_or(usize::MAX);
        let draft = files.may_write(user, &path).and_then(|()| files.draft(path, how));
        let draft = draft.and_then(|draft| draft.with_room_for(announced));
        draft.map(|draft| File::Write(draft.of(form))).map_err(failure)
    };
    let text = |text: String| File::Read(Arc::new(text.into_bytes()));
    match &transfer.verb {
        Verb::Retrieve(path) => files.read_as(user, &named(path)?, form).map(File::Read).map_err(failure),
        Verb::Store(path) => write(named(path)?, WriteMode::Replace),
        Verb::Append(path) => write(named(path)?, WriteMode::Append),
        Verb::List(path) => Ok(text(Listing::look(host, user, path.as_deref())?.list())),
        Verb::Names(path) => Ok(text(Listing::look(host, user, path.as_deref())?.names())),
    }
}

fn open_connection(host: &Handle, transfer: &Transfer) -> Result<(DataOpening, Option<Lease>), OpenError> {
    let size = Some(ByteSize::EIGHT);
    match transfer.connect {
        Connect::Listen { local, from } => Ok((listen(host, local, from)?, None)),
        Connect::Init { local: Some(local), to } => Ok((DataOpening::new(host.init(local, to, size)?), None)),
        Connect::Init { local: None, to } => {
            let lease = host.sockets();
            let opening = host.init(lease.socket_for(transfer.verb.gender()), to, size)?;
            Ok((DataOpening::new(opening), Some(lease)))
        }
    }
}

impl Moving {
    /// The two ends of the data connection: here, and there.
    pub(crate) fn ends(&mut self) -> (Socket, ForeignSocket) {
        let connection = self.come.connection.get();
        (connection.local(), connection.foreign())
    }

    /// How many bytes have passed, as long as they do.
    pub(crate) fn moved(&self) -> Rc<Cell<u64>> {
        self.moved.clone()
    }

    /// Moves the bytes. What has arrived is a draft still: only when that is filed the disk changes.
    ///
    /// In stream mode the end of the connection is that of the file (RFC 354, III.C; RFC 385, 4), so that nothing at all is
    /// an empty file, unless more was announced, or it took as long as no empty file does.
    pub(crate) async fn run(self, host: Handle) -> Result<Moved, Failure> {
        let Moving { come: Come { connection, at: opened, head }, file, announced, moved, _sockets } = self;
        let moving = async {
            match file {
                File::Read(content) => send(connection, &content, &moved).await.map(|()| None),
                File::Write(draft) => receive(connection, &head, draft, &moved).await.map(Some),
            }
        };
        let arrived = match select(pin!(moving), pin!(stall(&host, &moved))).await {
            Either::Left((result, _)) => result?,
            Either::Right(((), _)) => return Err(Failure::Stalled),
        };
        let bytes = moved.get();
        let is_doubtful = announced > 0 || host.now().since(opened) > EMPTY_TIMEOUT;
        if arrived.is_some() && bytes == 0 && is_doubtful {
            return Err(Failure::NothingCame);
        }
        Ok(Moved { bytes, arrived })
    }
}

/// Waits until no byte has moved for [`STALL_TIMEOUT`].
async fn stall(host: &Handle, moved: &Cell<u64>) {
    loop {
        let before = moved.get();
        host.sleep(STALL_TIMEOUT).await;
        if moved.get() == before {
            return;
        }
    }
}

async fn send(mut connection: DataConnection, content: &[u8], moved: &Cell<u64>) -> Result<(), Failure> {
    for chunk in content.chunks(CHUNK) {
        let sent = connection.get().write_all(chunk).await;
        sent.map_err(|error| disconnect_reason(&error).unwrap_or(CloseReason::Closed))?;
        moved.set(moved.get() + chunk.len() as u64);
    }
    // The end of the file is our CLS: a receiver that closes before it does not know that the file is whole.
    connection.get().arrived().await?;
    match connection.close().await {
        CloseReason::Closed => Ok(()),
        why => Err(why.into()),
    }
}

async fn receive(
    mut connection: DataConnection,
    head: &[u8],
    mut draft: Draft,
    moved: &Cell<u64>,
) -> Result<Draft, Failure> {
    let mut write = |bytes: &[u8]| {
        draft.write(bytes).map_err(failure)?;
        moved.set(moved.get() + bytes.len() as u64);
        Ok::<_, Failure>(())
    };
    write(head)?;
    receive_to_end(connection.get(), write).await?;
    Ok(draft)
}
