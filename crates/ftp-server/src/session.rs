//! One user: the lines that arrive, the replies, and the transfer that may be in progress.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use ftp::{Action, Admission, Edition, Failure, Reply, ReplyCode, ServerSession, Transfer};
use futures::future::LocalBoxFuture;
use futures::{FutureExt, SinkExt};
use host::{Answering, Board, Connection, Duplex, Handle, Lease, Notice, Notices, Sleep, Stay};
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::icp::FTP_CONTACT;
use ncp::{Gender, Socket};
use telnet::{Lines, LinesError, Signal};
use tokio_util::codec::FramedWrite;

use crate::early::Listeners;
use crate::hearing::{Heard, Hearing};
use crate::listing;
use crate::policy::{Aside, IDLE_TIMEOUT, LOGIN_TIMEOUT, Policy, Share, WRONG_GUESS_DELAY, admission};
use crate::seats::{Full, Seat};
use crate::transfer::{self, Moved, Moving};

/// How long a line of a reply may wait for the user to take it, and the close for the user's.
const REPLY_TIMEOUT: Span = Span::from_secs(300);

/// Serves one user until the user or the server closes. Without a seat the user is told to come back later.
pub(crate) async fn serve(host: Handle, user: Answering, house: House, seat: Result<Seat, Full>) {
    // A user that vanished before the connections were open misses nothing.
    let Ok(duplex) = user.open().await else { return };
    let mut session = Session::new(host, duplex, house);
    session.seat = match seat {
        Ok(seat) => Some(seat),
        Err(full) => {
            let why = match full {
                Full::House => "too many users, try again later",
                Full::Host => "too many users of your host, try again later",
                Full::Closing => "this service is about to shut down, goodbye",
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

/// What all sessions of a server have in common.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) edition: Edition,
    pub(crate) policy: Policy,
    /// The sockets that are set aside.
    pub(crate) aside: Aside,
}

struct Session {
    host: Handle,
    protocol: ServerSession,
    hearing: Hearing,
    /// When the user has sent the last line.
    heard: Instant,
    replies: FramedWrite<Connection, Lines>,
    /// What goes out.
    sending: TransferState,
    /// What comes in.
    receiving: TransferState,
    house: House,
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
    promised: BTreeMap<Socket, (Lease, Option<Share>)>,
    /// The sockets on which is listened before a transfer begins.
    listening: Listeners,
    /// What the operator says.
    notices: Notices,
    /// When the service stops, if he has said so.
    stop: Option<Sleep>,
    /// The sockets of the Telnet connections.
    _sockets: Lease,
    /// What there is to see of the session at this host.
    board: Board,
}

/// The transfer in progress in one direction.
enum TransferState {
    /// There is none.
    None,
    /// The file is looked for and the data connection opened.
    Opening(LocalBoxFuture<'static, Result<Moving, Failure>>, Owner),
    /// Data are being transferred; so many bytes have been so far.
    Moving(LocalBoxFuture<'static, Result<Moved, Failure>>, Rc<Cell<u64>>, Owner),
}

/// The user who has asked for a transfer: the session may be another's before it ends.
type Owner = String;

/// What a session waits for.
enum Event {
    Heard(Heard),
    Opened(Gender, Result<Moving, Failure>),
    Moved(Gender, Result<Moved, Failure>),
    /// The user has not logged in, or said anything, for too long; or another wants the seat of one who has not logged in.
    TimeOver,
    /// The operator says something.
    Notice(Notice),
    /// The service stops.
    Stop,
}

enum Next {
    GoOn,
    HangUp,
}

/// Both directions: what goes out is looked at first.
const BOTH: [Gender; 2] = [Gender::Send, Gender::Receive];

impl Session {
    fn new(host: Handle, duplex: Duplex, house: House) -> Self {
        let Duplex { reader, writer, sockets, contact } = duplex;
        let mut protocol = ServerSession::new(house.edition, contact, sockets.base());
        protocol.set_reach(house.policy.reach);
        Session {
            from: contact.host,
            seat: None,
            stay: None,
            login_by: host.now() + LOGIN_TIMEOUT,
            protocol,
            hearing: Hearing::new(host.clone(), reader),
            heard: host.now(),
            replies: FramedWrite::with_capacity(writer, Lines::default(), telnet::DEFAULT_LIMIT),
            sending: TransferState::None,
            receiving: TransferState::None,
            house,
            user: String::new(),
            promised: BTreeMap::new(),
            listening: Listeners::default(),
            notices: host.notices(),
            stop: None,
            _sockets: sockets,
            board: host.board(|| format!("FTP server for {}", host.name_of(contact.host))),
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
                    self.signal(Signal::NoEcho).await?;
                    let admission = admission(&self.host.accounts(), &user, password.reveal());
                    if admission == Admission::Refused {
                        self.host.sleep(WRONG_GUESS_DELAY).await;
                    }
                    let is_in = matches!(admission, Admission::Free | Admission::AccountForFiles);
                    if !is_in || self.let_in(user) {
                        self.protocol.logged_in(admission);
                    }
                }
                Action::CheckAccount { user, account } => {
                    let valid = self.host.accounts().may_charge(&user, &account);
                    if !valid {
                        self.host.sleep(WRONG_GUESS_DELAY).await;
                    }
                    let is_awaited = valid && self.stay.is_none();
                    if !is_awaited || self.let_in(user) {
                        self.protocol.charged(valid);
                    }
                }
                Action::LoggedOut => {
                    self.stay = None;
                    self.user.clear();
                    self.login_by = self.host.now() + LOGIN_TIMEOUT;
                    self.seat.iter_mut().for_each(Seat::log_out);
                }
                Action::AllocateSocket(gender) => {
                    let socket = self.share(gender).map(|share| {
                        let lease = self.host.sockets();
                        let socket = lease.socket_for(gender);
                        self.promised.insert(socket, (lease, Some(share)));
                        socket
                    });
                    self.protocol.allocated(socket);
                }
                Action::ReleaseSocket(socket) => drop(self.promised.remove(&socket)),
                Action::Listen(listeners) => {
                    let well = self.listening.set(&self.host, &listeners);
                    self.protocol.listens(well);
                }
                Action::Transfer(request) => self.begin(request),
                Action::CheckRoom => self.protocol.room(listing::room(&self.host, &self.user)),
                Action::Delete(path) => self.protocol.deleted(listing::delete(&self.host, &self.user, &path)),
                Action::MayRename(path) => {
                    self.protocol.may_rename(listing::may_rename(&self.host, &self.user, &path));
                }
                Action::Rename { from, to } => {
                    let renamed = listing::rename(&self.host, &self.user, &from, &to);
                    self.protocol.renamed(renamed);
                }
                Action::Describe(path) => {
                    self.protocol.described(listing::describe(&self.host, &self.user, &path));
                }
                // To drop the transfer is to close its data connection and to forget the draft of the file.
                Action::AbortTransfer(gender) => *self.transfer(gender) = TransferState::None,
                Action::Bye => return Ok(Next::HangUp),
            }
        }
        self.board.show(|| self.protocol.rows());
        Ok(Next::GoOn)
    }

    /// Takes note that the user is logged in, if there is a seat for one more of that name; if not, says goodbye to him.
    fn let_in(&mut self, user: String) -> bool {
        if self.seat.as_ref().is_some_and(|seat| !seat.log_in(&user)) {
            self.protocol.dismiss(ReplyCode::NO_USERS, "too many users of that name, try again later");
            return false;
        }
        // One who logs in anew is no longer the one before.
        self.stay = Some(self.host.log_in(&user.to_ascii_uppercase(), self.from));
        let spelled = self.host.accounts().spelled(&user).map(str::to_owned);
        self.user = spelled.unwrap_or(user);
        true
    }

    fn transfer(&mut self, gender: Gender) -> &mut TransferState {
        match gender {
            Gender::Send => &mut self.sending,
            Gender::Receive => &mut self.receiving,
        }
    }

    /// A share of the sockets that may be set aside: a new one, or that of the socket which the new one replaces.
    fn share(&mut self, gender: Gender) -> Option<Share> {
        let replaced = |promised: &mut BTreeMap<Socket, (Lease, Option<Share>)>| {
            let mut of_gender = promised.iter_mut().filter(|(socket, _)| socket.gender() == gender);
            of_gender.find_map(|(_, (_, share))| share.take())
        };
        let House { aside, policy, .. } = &self.house;
        aside.one(policy.most_data_sockets).or_else(|| replaced(&mut self.promised))
    }

    fn begin(&mut self, request: Transfer) {
        let early = self.listening.take(request.connect);
        let gender = request.verb.gender();
        let opening = transfer::open(self.host.clone(), self.user.clone(), request, early);
        *self.transfer(gender) = TransferState::Opening(opening.boxed_local(), self.user.clone());
    }

    /// The next event, or `None` if one of the user's Telnet connections has closed or broken.
    async fn event(&mut self) -> Option<Event> {
        let Session {
            host,
            from,
            heard,
            hearing,
            replies,
            listening,
            sending,
            receiving,
            seat,
            stay,
            login_by,
            notices,
            stop,
            ..
        } = self;
        // A user need not send lines while a file is on its way; the transfer has a timeout of its own.
        let idle = matches!((&sending, &receiving), (TransferState::None, TransferState::None));
        let mut stranger = seat.as_mut().filter(|_| idle && stay.is_none());
        let end = if stranger.is_some() { *login_by } else { *heard + IDLE_TIMEOUT };
        let left = end.since(host.now().min(end));
        // Lines that come one upon the other hide no clock.
        if stranger.is_some() && left == Span::ZERO {
            return Some(Event::TimeOver);
        }
        let event = poll_fn(|cx| {
            listening.look(host, cx);
            // The end of either Telnet connection is an abort and a logout (RFC 354, IV.A.3): nobody can be told any more what
            // becomes of a command.
            if pin!(replies.get_ref().ended()).poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            if stranger.as_mut().is_some_and(|seat| pin!(seat.wanted()).poll(cx).is_ready()) {
                return Poll::Ready(Some(Event::TimeOver));
            }
            if let Poll::Ready(notice) = notices.poll(cx) {
                return Poll::Ready(Some(Event::Notice(notice)));
            }
            if stop.as_mut().is_some_and(|stop| Pin::new(stop).poll(cx).is_ready()) {
                return Poll::Ready(Some(Event::Stop));
            }
            // The event of a transfer comes first: it happened because of an earlier line.
            let moved = BOTH.into_iter().find_map(|gender| {
                let transfer = match gender {
                    Gender::Send => &mut *sending,
                    Gender::Receive => &mut *receiving,
                };
                transfer.poll(gender, cx)
            });
            match moved {
                // A user program that dies closes everything at once. To take that for the end of its file would
                // be to store half of one.
                Some(_) if hearing.has_closed(cx) => Poll::Ready(None),
                Some(event) => Poll::Ready(Some(event)),
                None => hearing.poll(cx).map(|heard| heard.map(Event::Heard)),
            }
        });
        if idle {
            host.within_looking_for(left, *from, event).await.unwrap_or(Some(Event::TimeOver))
        } else {
            event.await
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Heard(heard) => self.hear(heard),
            Event::TimeOver if self.stay.is_none() => {
                self.protocol.dismiss(ReplyCode::TOO_MANY_TRIES, "you have not logged in in time, goodbye");
            }
            Event::TimeOver => {
                self.protocol.dismiss(ReplyCode::FORCED_BY_SYSTEM, "no line for half an hour, goodbye");
            }
            Event::Notice(Notice::News(text)) => self.protocol.operator_says(&text),
            Event::Notice(Notice::Stops(FTP_CONTACT, at)) => {
                let left = at.since(self.host.now().min(at));
                self.stop = Some(self.host.sleep(left));
                // Who is told the end at once need not be told that it is near.
                if left > Span::ZERO {
                    self.protocol.will_stop(left);
                }
            }
            Event::Notice(Notice::LogOut(name)) => {
                if self.stay.is_some() && self.user.eq_ignore_ascii_case(&name) {
                    self.protocol.dismiss(ReplyCode::FORCED_BY_OPERATOR, "the operator has logged you out");
                    return;
                }
                for gender in BOTH {
                    if self.transfer(gender).owner().is_some_and(|owner| owner.eq_ignore_ascii_case(&name)) {
                        self.end(gender);
                        self.protocol.transfer_failed(gender, Failure::LoggedOut);
                    }
                }
            }
            Event::Notice(Notice::Stops(..)) => {}
            Event::Stop => {
                self.protocol.dismiss(ReplyCode::SHUTTING_DOWN, "this service shuts down, goodbye");
            }
            Event::Opened(gender, Ok(mut moving)) => {
                let (local, foreign) = moving.ends();
                self.protocol.transfer_started(local, foreign);
                let moved = moving.moved();
                let moving = moving.run(self.host.clone()).boxed_local();
                let transfer = self.transfer(gender);
                let owner = transfer.owner().unwrap_or_default().to_owned();
                *transfer = TransferState::Moving(moving, moved, owner);
            }
            Event::Opened(gender, Err(failure)) | Event::Moved(gender, Err(failure)) => {
                self.end(gender);
                self.protocol.transfer_failed(gender, failure);
            }
            Event::Moved(gender, Ok(Moved { bytes, arrived })) => {
                self.end(gender);
                match arrived.map_or(Ok(0), |draft| self.host.file(draft)) {
                    Ok(_) => self.protocol.transfer_done(gender, bytes),
                    // All of it has arrived, and the disk does not take it.
                    Err(error) => self.protocol.transfer_failed(gender, listing::failure(error)),
                }
            }
        }
    }

    /// A transfer is over. From now on lines are waited for again.
    fn end(&mut self, gender: Gender) {
        *self.transfer(gender) = TransferState::None;
        self.heard = self.host.now();
        self.login_by = self.login_by.max(self.heard + LOGIN_TIMEOUT);
    }

    fn hear(&mut self, heard: Heard) {
        if heard == Heard::Unfinished {
            return self.protocol.line_unfinished();
        }
        let now = self.host.now();
        self.heard = now;
        match heard {
            Heard::Line(line) => {
                for gender in BOTH {
                    if let TransferState::Moving(_, moved, _) = self.transfer(gender) {
                        let bytes = moved.get();
                        self.protocol.transfer_moved(gender, bytes);
                    }
                }
                self.protocol.command(now, &line);
            }
            Heard::TooLong => self.protocol.line_too_long(),
            Heard::NotAscii => self.protocol.line_not_ascii(),
            Heard::ThrownAway => self.protocol.lines_thrown_away(),
            Heard::Unfinished => {}
        }
    }

    async fn send(&mut self, reply: &Reply) -> Result<(), LinesError> {
        if reply.code() == ReplyCode::PASSWORD_WANTED {
            self.signal(Signal::HideYourInput).await?;
        }
        let mut end = self.host.now() + REPLY_TIMEOUT;
        for line in reply.wire_lines_of(self.house.edition) {
            let left = end.since(self.host.now().min(end));
            let sent = self.host.within(left, self.replies.send(line.as_str())).await;
            sent.unwrap_or_else(|late| Err(std::io::Error::other(late).into()))?;
            // Who reads slowly reads; a stranger has the time of one line for all, or he would hold his seat by it.
            if self.stay.is_some() {
                end = self.host.now() + REPLY_TIMEOUT;
            }
        }
        Ok(())
    }

    /// Sends a signal about what the user types from now on, if this server sends any.
    async fn signal(&mut self, signal: Signal) -> Result<(), LinesError> {
        if !self.house.policy.hides_passwords {
            return Ok(());
        }
        let sent = self.host.within(REPLY_TIMEOUT, self.replies.send(signal)).await;
        sent.unwrap_or_else(|late| Err(std::io::Error::other(late).into()))
    }

    /// Closes the Telnet connections, once the user has been sent everything.
    async fn hang_up(mut self) {
        self.sending = TransferState::None;
        self.receiving = TransferState::None;
        self.listening.clear();
        self.promised.clear();
        self.stay = None;
        let Session { host, hearing, replies, _sockets, .. } = self;
        // The user closes too, or its NCP forgets the connections.
        let closing = futures::future::join(replies.into_inner().close(), hearing.into_connection().close());
        let _ = host.within(REPLY_TIMEOUT, closing).await;
    }
}

impl TransferState {
    fn owner(&self) -> Option<&str> {
        match self {
            TransferState::None => None,
            TransferState::Opening(_, owner) | TransferState::Moving(.., owner) => Some(owner),
        }
    }

    fn poll(&mut self, gender: Gender, cx: &mut Context<'_>) -> Option<Event> {
        let event = match self {
            TransferState::None => return None,
            TransferState::Opening(opening, _) => {
                opening.as_mut().poll(cx).map(|opened| Event::Opened(gender, opened))
            }
            TransferState::Moving(moving, ..) => {
                moving.as_mut().poll(cx).map(|moved| Event::Moved(gender, moved))
            }
        };
        match event {
            Poll::Ready(event) => Some(event),
            Poll::Pending => None,
        }
    }
}
