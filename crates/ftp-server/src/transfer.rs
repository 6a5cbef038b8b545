//! One transfer: the file, the data connection, and the bytes between them.

use std::io;
use std::sync::Arc;

use ftp::{Connect, Failure, Transfer, Verb};
use host::{Connection, Draft, FileError, Handle, Lease, Opening};
use machine::Span;
use ncp::{ByteSize, Gender, Gone, Partner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How long a server waits for its data connection to come about, as TENEX does.
const PATIENCE: Span = Span::from_secs(120);

/// How much is read at a time, in bytes: a little more than a message can hold.
const CHUNK: usize = 1024;

/// A transfer whose file and data connection are open.
pub(crate) struct Moving {
    connection: Connection,
    file: File,
    /// The sockets of the data connection, unless they were promised to the user before.
    _sockets: Option<Lease>,
}

enum File {
    /// Its content, to be sent.
    Read(Arc<Vec<u8>>),
    /// What arrives.
    Write(Draft),
}

/// Opens the file, then the data connection. A file that cannot be opened costs no connection.
pub(crate) async fn open(host: Handle, user: String, transfer: Transfer) -> Result<Moving, Failure> {
    let file = open_file(&host, &user, &transfer)?;
    let (opening, sockets) = open_connection(&host, &transfer).map_err(|_| Failure::CannotConnect)?;
    match host.within(PATIENCE, opening).await {
        Ok(Ok(connection)) => Ok(Moving { connection, file, _sockets: sockets }),
        Ok(Err(_)) | Err(_) => Err(Failure::CannotConnect),
    }
}

fn open_file(host: &Handle, user: &str, transfer: &Transfer) -> Result<File, Failure> {
    let files = host.files();
    let path = files.naming().parse(&transfer.path, Some(user)).map_err(|_| Failure::BadPathname)?;
    let file = match transfer.verb {
        Verb::Retrieve => files.read(&path).map(File::Read),
        Verb::Store => files.may_write(user, &path).map(|()| File::Write(files.draft(path, false))),
        Verb::Append => files.may_write(user, &path).map(|()| File::Write(files.draft(path, true))),
    };
    file.map_err(|error| match error {
        FileError::NotFound => Failure::NotFound,
        FileError::Denied => Failure::AccessDenied,
        FileError::Full => Failure::NoStorage,
    })
}

fn open_connection(host: &Handle, transfer: &Transfer) -> Result<(Opening, Option<Lease>), ncp::OpenError> {
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
    pub(crate) fn local(&self) -> ncp::Socket {
        self.connection.local()
    }

    /// Moves the bytes. Only a file that has arrived whole changes what is on the disk.
    pub(crate) async fn run(self, host: Handle) -> Result<(), Failure> {
        match self.file {
            File::Read(content) => send(self.connection, &content).await,
            File::Write(draft) => receive(&host, self.connection, draft).await,
        }
    }
}

async fn send(mut connection: Connection, content: &[u8]) -> Result<(), Failure> {
    connection.write_all(content).await.map_err(closed)?;
    // The end of the file is the end of the connection; both CLS mean that all of it has arrived.
    match connection.close().await {
        Gone::Closed => Ok(()),
        _ => Err(Failure::ConnectionClosed),
    }
}

async fn receive(host: &Handle, mut connection: Connection, mut draft: Draft) -> Result<(), Failure> {
    let mut chunk = [0; CHUNK];
    loop {
        let bytes = connection.read(&mut chunk).await.map_err(closed)?;
        if bytes == 0 {
            host.file(draft);
            return Ok(());
        }
        draft.write(&chunk[..bytes]).map_err(|_| Failure::NoStorage)?;
    }
}

fn closed(_: io::Error) -> Failure {
    Failure::ConnectionClosed
}
