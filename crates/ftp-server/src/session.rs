//! One user: the lines that arrive, the replies, and the transfer that may be in progress.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use ftp::{Action, Edition, Failure, Reply, ReplyCode, ServerSession};
use futures::future::LocalBoxFuture;
use futures::{FutureExt, SinkExt, StreamExt};
use host::{Answering, Board, Connection, Duplex, Handle, Lease, Stay};
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::Socket;
use telnet::{Lines, LinesError, Received};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::listing::{self, Listing};
use crate::seats::{Full, Seat};
use crate::transfer::{self, Moved, Moving};

/// How long a reply may wait for the user to take it, and the close for the user's.
const REPLY_TIMEOUT: Span = Span::from_secs(300);

/// How long a user may take to log in, whatever he sends meanwhile.
const LOGIN_TIMEOUT: Span = Span::from_secs(5 * 60);

/// How long a user who has logged in may stay without sending a line.
const IDLE_TIMEOUT: Span = Span::from_secs(30 * 60);

/// How long a wrong password waits for its answer: to check one costs this host some work, and must cost a user who
/// guesses some time.
const WRONG_PASSWORD_DELAY: Span = Span::from_secs(1);

/// Serves one user until the user or the server closes. Without a seat the user is told to come back later.
pub(crate) async fn serve(host: Handle, user: Answering, edition: Edition, seat: Result<Seat, Full>) {
    // A user that vanished before the connections were open misses nothing.
    let Ok(duplex) = user.open().await else { return };
    let mut session = Session::new(host, duplex, edition);
    session.seat = match seat {
        Ok(seat) => Some(seat),
        Err(full) => {
            let why = match full {
                Full::House => "too many users, try again later",
                Full::Host => "too many users of your host, try again later",
            };
            if session.send(&Reply::new(ReplyCode::NO_USERS, why)).await.is_ok() {
                session.hang_up().await;
            }
            return;
        }
    };
    session.protocol.greet(&session.host.name());
    while let Ok(Next::GoOn) = session.carry_out().await {
        match session.event().await {
            Some(event) => session.take(event),
            // An abort and a logout (RFC 354, IV.A.3). No reply can be sent any more.
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
    transfer: TransferState,
    user: String,
    /// The host that the user is at.
    from: HostAddress,
    /// That the user is served.
    seat: Option<Seat>,
    /// That the user is logged in.
    stay: Option<Stay>,
    /// When the user has to be, if he is not.
    login_by: Instant,
    /// The sockets that the session has promised its user.
    promised: BTreeMap<Socket, Lease>,
    /// The sockets of the Telnet connections.
    _sockets: Lease,
    /// What there is to see of the session at this host.
    board: Board,
}

/// The transfer in progress.
enum TransferState {
    /// There is none.
    None,
    /// The file is looked for and the data connection opened.
    Opening(LocalBoxFuture<'static, Result<Moving, Failure>>),
    /// Data are being transferred.
    Moving(LocalBoxFuture<'static, Result<Moved, Failure>>),
}

/// What a session waits for.
enum Event {
    Line(Received),
    Opened(Result<Moving, Failure>),
    Moved(Result<Moved, Failure>),
    /// The user has not logged in, or said anything, for too long; or another wants the seat of one who has not logged in.
    TimeOver,
}

enum Next {
    GoOn,
    HangUp,
}

impl Session {
    fn new(host: Handle, duplex: Duplex, edition: Edition) -> Self {
        Session {
            from: duplex.contact.host,
            seat: None,
            stay: None,
            login_by: host.now() + LOGIN_TIMEOUT,
            protocol: ServerSession::new(edition, duplex.contact),
            lines: FramedRead::new(duplex.reader, Lines::default()),
            replies: FramedWrite::with_capacity(duplex.writer, Lines::default(), telnet::DEFAULT_LIMIT),
            transfer: TransferState::None,
            user: String::new(),
            promised: BTreeMap::new(),
            _sockets: duplex.sockets,
            board: host.board(|| format!("FTP server for {}", host.name_of(duplex.contact.host))),
            host,
        }
    }

    /// Does everything that the protocol asks for.
    async fn carry_out(&mut self) -> Result<Next, LinesError> {
        while let Some(action) = self.protocol.poll() {
            self.board.show(|| self.protocol.rows());
            match action {
                Action::Reply(reply) => self.send(&reply).await?,
                Action::CheckPassword { user, password } => {
                    let admitted = self.host.accounts().admits(&user, password.reveal());
                    if admitted && self.seat.as_ref().is_some_and(|seat| !seat.log_in(&user)) {
                        let why = "too many users of that name, try again later";
                        self.protocol.dismiss(ReplyCode::NO_USERS, why);
                        continue;
                    }
                    if admitted {
                        // One who logs in anew is no longer the one before.
                        self.stay = Some(self.host.log_in(&user.to_ascii_uppercase(), self.from));
                        self.user = user;
                    } else {
                        self.host.sleep(WRONG_PASSWORD_DELAY).await;
                    }
                    self.protocol.logged_in(admitted);
                }
                Action::AllocateSocket(gender) => {
                    let lease = self.host.sockets();
                    let socket = lease.socket_for(gender);
                    self.promised.insert(socket, lease);
                    self.protocol.allocated(Some(socket));
                }
                Action::ReleaseSocket(socket) => drop(self.promised.remove(&socket)),
                Action::Transfer(request) => {
                    let opening = transfer::open(self.host.clone(), self.user.clone(), request);
                    self.transfer = TransferState::Opening(opening.boxed_local());
                }
                Action::Delete(path) => {
                    let deleted = listing::delete(&self.host, &self.user, &path);
                    self.protocol.deleted(deleted);
                }
                Action::Describe(path) => {
                    let listing = Listing::look(&self.host, &self.user, Some(&path));
                    self.protocol.described(listing.map(|listing| listing.description()));
                }
                // To drop the transfer is to close its data connection and to forget the draft of the file.
                Action::AbortTransfer => self.transfer = TransferState::None,
                Action::Bye => return Ok(Next::HangUp),
            }
        }
        self.board.show(|| self.protocol.rows());
        Ok(Next::GoOn)
    }

    /// The next event, or `None` if the user's Telnet connection has closed or broken.
    async fn event(&mut self) -> Option<Event> {
        let Session { host, from, lines, transfer, seat, stay, login_by, .. } = self;
        let mut stranger = seat.as_mut().filter(|_| stay.is_none());
        let most = match stranger {
            Some(_) => login_by.since(host.now().min(*login_by)),
            None => IDLE_TIMEOUT,
        };
        // Lines that come one upon the other hide no clock.
        if most == Span::ZERO {
            return Some(Event::TimeOver);
        }
        // A user need not send lines while a file is on its way; the transfer has a timeout of its own.
        let idle = matches!(transfer, TransferState::None);
        let event = poll_fn(|cx| {
            if stranger.as_mut().is_some_and(|seat| pin!(seat.wanted()).poll(cx).is_ready()) {
                return Poll::Ready(Some(Event::TimeOver));
            }
            // The event of the transfer comes first: it happened because of an earlier line.
            match transfer.poll(cx) {
                // A user program that dies closes everything at once. To take that for the end of its file would
                // be to store half of one.
                Poll::Ready(_) if has_closed(lines, cx) => Poll::Ready(None),
                Poll::Ready(event) => Poll::Ready(Some(event)),
                Poll::Pending => poll_line(lines, cx),
            }
        });
        if idle {
            host.within_looking_for(most, *from, event).await.unwrap_or(Some(Event::TimeOver))
        } else {
            event.await
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Line(Received::Line(line)) => self.protocol.command(self.host.now(), &line),
            Event::Line(Received::TooLong { .. }) => self.protocol.line_too_long(),
            // The user's signals are for terminals; a server of files has no use for them (RFC 354, V.A).
            Event::Line(Received::Signal(_)) => {}
            // A line that was cut short is not obeyed: it may be half of another.
            Event::Line(Received::CutShort(_)) => {}
            Event::TimeOver if self.stay.is_none() => {
                self.protocol.dismiss(ReplyCode::TOO_MANY_TRIES, "you have not logged in in time, goodbye");
            }
            Event::TimeOver => {
                self.protocol.dismiss(ReplyCode::FORCED_BY_SYSTEM, "no line for half an hour, goodbye");
            }
            Event::Opened(Ok(mut moving)) => {
                self.protocol.transfer_started(moving.local());
                self.transfer = TransferState::Moving(moving.run(self.host.clone()).boxed_local());
            }
            Event::Opened(Err(failure)) | Event::Moved(Err(failure)) => {
                self.transfer = TransferState::None;
                self.protocol.transfer_failed(failure);
            }
            Event::Moved(Ok(Moved { bytes, arrived })) => {
                self.transfer = TransferState::None;
                match arrived.map_or(Ok(0), |draft| self.host.file(draft)) {
                    Ok(_) => self.protocol.transfer_done(bytes),
                    // All of it has arrived, and the disk does not take it.
                    Err(error) => self.protocol.transfer_failed(listing::failure(error)),
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
        host.within(REPLY_TIMEOUT, sending)
            .await
            .unwrap_or_else(|late| Err(std::io::Error::other(late).into()))
    }

    /// Closes the Telnet connections, once the user has been sent everything.
    async fn hang_up(mut self) {
        self.transfer = TransferState::None;
        self.promised.clear();
        self.stay = None;
        let Session { host, lines, replies, _sockets, .. } = self;
        // The user closes too, or its NCP forgets the connections.
        let closing = futures::future::join(replies.into_inner().close(), lines.into_inner().close());
        let _ = host.within(REPLY_TIMEOUT, closing).await;
    }
}

impl TransferState {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        match self {
            TransferState::None => Poll::Pending,
            TransferState::Opening(opening) => opening.as_mut().poll(cx).map(Event::Opened),
            TransferState::Moving(moving) => moving.as_mut().poll(cx).map(Event::Moved),
        }
    }
}

/// Whether the user's Telnet connection has closed or broken.
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
