//! One user: his lines, the replies, and the transfer that may be in progress.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use ftp::{Action, Edition, Failure, Reply, ReplyCode, ServerSession};
use futures::future::LocalBoxFuture;
use futures::{FutureExt, SinkExt, StreamExt};
use host::{Answering, Connection, Draft, Duplex, Handle, Lease};
use machine::Span;
use ncp::{Gender, Socket};
use telnet::{Lines, LinesError, Received};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::disk::{self, Found};
use crate::transfer::{self, Moving};

/// How long a reply may wait for the user to take it.
const PATIENCE: Span = Span::from_secs(300);

/// How long a user may stay without saying anything.
const IDLE: Span = Span::from_secs(30 * 60);

/// How long a wrong password waits for its answer: to try one costs this host some work, and must cost whoever
/// guesses some time.
const RELUCTANCE: Span = Span::from_secs(1);

/// Serves one user until one of the two closes. Without a seat he is told to come back later.
pub(crate) async fn serve(
    host: Handle,
    user: Answering,
    edition: Edition,
    seat: Option<OwnedSemaphorePermit>,
) {
    // A user who vanished before the connections were open misses nothing.
    let Ok(duplex) = user.open().await else { return };
    let mut session = Session::new(host, duplex, edition);
    if seat.is_none() {
        let full = Reply::new(ReplyCode::NO_USERS, "too many users, try again later");
        if session.send(&full).await.is_ok() {
            session.hang_up().await;
        }
        return;
    }
    session.protocol.greet(&session.host.name());
    while let Ok(Next::GoOn) = session.carry_out().await {
        match session.event().await {
            Some(event) => session.take(event),
            // An abort and a logout (RFC 354, IV.A.3). Nobody is there to be told.
            None => break,
        }
    }
    session.hang_up().await;
}

struct Session {
    host: Handle,
    protocol: ServerSession,
    lines: FramedRead<Connection, Lines>,
    replies: FramedWrite<Connection, Lines>,
    work: Work,
    user: String,
    /// The sockets that the session has promised its user.
    promised: BTreeMap<Socket, Lease>,
    /// The sockets of the Telnet connections.
    _sockets: Lease,
}

/// The transfer in progress.
enum Work {
    None,
    /// The file is looked for and the data connection opened.
    Opening(LocalBoxFuture<'static, Result<Moving, Failure>>),
    /// Data flow.
    Moving(LocalBoxFuture<'static, Result<Option<Draft>, Failure>>),
}

/// What a session waits for.
enum Event {
    Line(Received),
    Opened(Result<Moving, Failure>),
    Moved(Result<Option<Draft>, Failure>),
}

enum Next {
    GoOn,
    HangUp,
}

impl Session {
    fn new(host: Handle, duplex: Duplex, edition: Edition) -> Self {
        Session {
            protocol: ServerSession::new(edition, duplex.contact),
            lines: FramedRead::new(duplex.reader, Lines::default()),
            replies: FramedWrite::new(duplex.writer, Lines::default()),
            work: Work::None,
            user: String::new(),
            promised: BTreeMap::new(),
            _sockets: duplex.sockets,
            host,
        }
    }

    /// Does everything that the protocol asks for.
    async fn carry_out(&mut self) -> Result<Next, LinesError> {
        while let Some(action) = self.protocol.poll() {
            match action {
                Action::Reply(reply) => self.send(&reply).await?,
                Action::CheckPassword { user, password } => {
                    let admitted = self.host.accounts().admits(&user, password.reveal());
                    if admitted {
                        self.user = user;
                    } else {
                        self.host.sleep(RELUCTANCE).await;
                    }
                    self.protocol.logged_in(admitted);
                }
                Action::AllocateSocket(gender) => {
                    let lease = self.host.sockets();
                    let socket = match gender {
                        Gender::Receive => lease.socket(0),
                        Gender::Send => lease.socket(1),
                    };
                    self.promised.insert(socket, lease);
                    self.protocol.allocated(Some(socket));
                }
                Action::ReleaseSocket(socket) => drop(self.promised.remove(&socket)),
                Action::Transfer(request) => {
                    let opening = transfer::open(self.host.clone(), self.user.clone(), request);
                    self.work = Work::Opening(opening.boxed_local());
                }
                Action::Delete(path) => {
                    let deleted = disk::delete(&self.host, &self.user, &path);
                    self.protocol.deleted(deleted);
                }
                Action::Describe(path) => {
                    let found = Found::look(&self.host, &self.user, Some(&path));
                    self.protocol.described(found.map(|found| found.description()));
                }
                // Dropping the work closes the data connection and forgets the draft of the file.
                Action::AbortTransfer => self.work = Work::None,
                Action::Bye => return Ok(Next::HangUp),
            }
        }
        Ok(Next::GoOn)
    }

    /// The next event, or `None` if the user's Telnet connection has closed or broken, or he has been silent
    /// for too long.
    async fn event(&mut self) -> Option<Event> {
        let Session { host, lines, work, .. } = self;
        // Nobody has to talk while his file is on its way; the transfer has a patience of its own.
        let idle = matches!(work, Work::None);
        let event = poll_fn(|cx| {
            // What the transfer has to say comes first: it happened because of an earlier line.
            match work.poll(cx) {
                // A program that dies closes everything at once. To take that for the end of its file would
                // be to store half of one.
                Poll::Ready(_) if has_closed(lines, cx) => Poll::Ready(None),
                Poll::Ready(event) => Poll::Ready(Some(event)),
                Poll::Pending => poll_line(lines, cx),
            }
        });
        if idle { host.within(IDLE, event).await.ok().flatten() } else { event.await }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Line(Received::Line(line)) => self.protocol.command(self.host.now(), &line),
            Event::Line(Received::TooLong { .. }) => self.protocol.line_too_long(),
            // The user's signals are for terminals; a server of files has no use for them (RFC 354, V.A).
            Event::Line(Received::Signal(_)) => {}
            // A line that was cut short is not obeyed: it may be half of another.
            Event::Line(Received::CutShort(_)) => {}
            Event::Opened(Ok(mut moving)) => {
                self.protocol.transfer_started(moving.local());
                self.work = Work::Moving(moving.run(self.host.clone()).boxed_local());
            }
            Event::Opened(Err(failure)) | Event::Moved(Err(failure)) => {
                self.work = Work::None;
                self.protocol.transfer_failed(failure);
            }
            Event::Moved(Ok(arrived)) => {
                self.work = Work::None;
                match arrived.map_or(Ok(0), |draft| self.host.file(draft)) {
                    Ok(_) => self.protocol.transfer_done(),
                    // All of it has arrived, and the disk does not take it.
                    Err(error) => self.protocol.transfer_failed(disk::failure(error)),
                }
            }
        }
    }

    async fn send(&mut self, reply: &Reply) -> Result<(), LinesError> {
        let Session { host, replies, .. } = self;
        let sending = async {
            for line in reply.wire_lines() {
                replies.send(line.as_str()).await?;
            }
            Ok(())
        };
        host.within(PATIENCE, sending).await.unwrap_or_else(|late| Err(std::io::Error::other(late).into()))
    }

    /// Closes the Telnet connections, once the user has been sent everything.
    async fn hang_up(mut self) {
        self.work = Work::None;
        self.promised.clear();
        let Session { host, lines, replies, _sockets, .. } = self;
        // The user closes too, or his NCP forgets us.
        let closing = futures::future::join(replies.into_inner().close(), lines.into_inner().close());
        let _ = host.within(PATIENCE, closing).await;
    }
}

impl Work {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        match self {
            Work::None => Poll::Pending,
            Work::Opening(opening) => opening.as_mut().poll(cx).map(Event::Opened),
            Work::Moving(moving) => moving.as_mut().poll(cx).map(Event::Moved),
        }
    }
}

/// Whether the user has closed his Telnet connection, or it has broken.
fn has_closed(lines: &FramedRead<Connection, Lines>, cx: &mut Context<'_>) -> bool {
    pin!(lines.get_ref().ended()).poll(cx).is_ready()
}

/// The next line, with the interrupts that arrived beside it taken into account (RFC 318, SYNCH).
fn poll_line(lines: &mut FramedRead<Connection, Lines>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
    for _ in 0..lines.get_ref().take_interrupts() {
        lines.decoder_mut().interrupted();
    }
    Pin::new(lines).poll_next_unpin(cx).map(|line| match line {
        Some(Ok(line)) => Some(Event::Line(line)),
        Some(Err(_)) | None => None,
    })
}
