//! The control connection to a server: commands out, replies in.

use std::fmt::Write;

use ftp::{Command, Edition, Heard, Meaning, Outcome, Password, Reply, ReplyCode, ReplyReader, UserSession};
use futures::{FutureExt, SinkExt, StreamExt};
use host::{Board, Connection, Handle, IcpError, Lease, TimedOut, disconnect_reason};
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::icp::FTP_CONTACT;
use ncp::{CloseReason, ForeignSocket, Socket};
use telnet::{Lines, LinesError, Received, Signal};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::ending;
use crate::news::News;

/// How long a server may take for a reply. TENEX queues a request for two minutes, and a server may wait
/// that long before it can answer a transfer command.
pub const REPLY_TIMEOUT: Span = Span::from_secs(150);

/// How long a server may say nothing during a transfer before it is sent a NOOP, and each time after that a STAT. To send it
/// matters more than the answer: only a message to a dead host makes the IMP say that the host is dead.
const SILENCE_BEFORE_NOOP: Span = Span::from_secs(60);

/// How long a transfer may be said to be under way: to fill a disk takes a line of 50 kilobits a second less than two hours.
const LONGEST_TRANSFER: Span = Span::from_secs(24 * 3600);

/// How many lines a reply has at most.
const MAX_REPLY_LINES: usize = 200;

/// How long most commands are at most, in characters.
const USUAL_LINE: usize = 64;

/// The Telnet connections to an FTP server, after the initial connection protocol.
pub struct Control {
    host: Handle,
    site: HostAddress,
    replies: FramedRead<Connection, Lines>,
    commands: FramedWrite<Connection, Lines>,
    reader: ReplyReader,
    session: UserSession,
    sockets: Lease,
    /// What the server said last that answers no command, until [`Control::news`] takes it.
    news: News,
    data_socket: Option<Socket>,
    /// Whether the server has said, since it was asked last, that nothing is under way.
    is_idle: bool,
    /// Whether the server has said of the last transfer that it has begun.
    has_begun: bool,
    /// What there is to see of the dialogue at this host.
    board: Board,
}

/// Why a server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The Telnet connections did not come about.
    #[error("no connection: {0}")]
    NoConnection(#[from] IcpError),
    /// The server says no, in its own words.
    #[error("{0}")]
    Refused(Reply),
    /// The server has closed the Telnet connections.
    #[error("{}", ending::CLOSED.words())]
    Closed,
    /// The Telnet connections have broken.
    #[error("{}", ending::BROKEN.with(&[.0]))]
    Broken(CloseReason),
    /// The server does not answer.
    #[error("{}", ending::NO_REPLY.with(&[&.0.0]))]
    NoReply(#[from] TimedOut),
    /// The server says for ever that the transfer is under way.
    #[error("{}", ending::ENDLESS.with(&[.0]))]
    Endless(Span),
    /// The transfer is over, and the server's last word was not heard.
    #[error("{}", ending::MISSED.words())]
    Missed,
    /// What the server sent is no reply.
    #[error("{}", ending::GARBLED.with(&[.0]))]
    Garbled(#[from] ftp::ReplyError),
    /// The command cannot be sent.
    #[error("{}", ending::UNSENDABLE.with(&[.0]))]
    Unsendable(LinesError),
}

/// What has become of a transfer that was aborted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aborted {
    /// The server has stopped it, and says so.
    Stopped(Reply),
    /// It was complete before the server heard of the abort. This was its final reply.
    Done(Reply),
    /// It had failed before the server heard of the abort. This is how.
    Failed(Reply),
    /// The server says, in these words, that there is nothing to stop, and how the transfer ended was not heard: its last word
    /// got lost, or the command did. What became of the file nobody knows.
    Unheard(Reply),
}

impl From<CloseReason> for ControlError {
    fn from(why: CloseReason) -> Self {
        match why {
            CloseReason::Closed => ControlError::Closed,
            why => ControlError::Broken(why),
        }
    }
}

impl From<LinesError> for ControlError {
    fn from(error: LinesError) -> Self {
        match error {
            LinesError::Io(error) => disconnect_reason(&error).unwrap_or(CloseReason::Closed).into(),
            LinesError::LineFeed | LinesError::NotAscii(_) => ControlError::Unsendable(error),
        }
    }
}

impl Control {
    /// Connects to the FTP server of a host and waits for its greeting.
    pub async fn open(host: &Handle, site: HostAddress) -> Result<Self, ControlError> {
        let contact = ForeignSocket { host: site, socket: FTP_CONTACT };
        let duplex = host.icp(contact).await?;
        let mut control = Control {
            host: host.clone(),
            site,
            replies: FramedRead::new(duplex.reader, Lines::default()),
            commands: FramedWrite::with_capacity(duplex.writer, Lines::default(), telnet::DEFAULT_LIMIT),
            reader: ReplyReader::new(MAX_REPLY_LINES),
            session: UserSession::new(),
            sockets: duplex.sockets,
            news: News::default(),
            data_socket: None,
            is_idle: false,
            has_begun: false,
            board: host.board(|| format!("dialogue with {}", host.name_of(site))),
        };
        // The greeting is 300; a server that is full says 401 and closes.
        let greeting = control.read(REPLY_TIMEOUT).await?;
        control.board.set("answered", || greeting.to_string());
        match greeting.code().class() {
            ftp::Class::News | ftp::Class::Status | ftp::Class::Positive | ftp::Class::Incomplete => {
                Ok(control)
            }
            ftp::Class::Failure | ftp::Class::Ignored | ftp::Class::Reserved => {
                Err(ControlError::Refused(greeting))
            }
        }
    }

    /// The server's host.
    pub fn site(&self) -> HostAddress {
        self.site
    }

    /// The default socket on which this side receives data: U+4 (RFC 354, IV.A.2).
    pub fn receive_socket(&self) -> Socket {
        self.sockets.socket(4)
    }

    /// The default socket from which this side sends data: U+5 (RFC 354, IV.A.2).
    pub fn send_socket(&self) -> Socket {
        self.sockets.socket(5)
    }

    /// The server's data socket, if it has told it since the last transfer command.
    pub fn data_socket(&self) -> Option<Socket> {
        self.data_socket
    }

    /// What the server said beside its replies since the last call.
    pub fn news(&mut self) -> impl Iterator<Item = String> + use<> {
        self.news.take()
    }

    /// The same, to be read while the dialogue goes on.
    pub(crate) fn news_to_come(&self) -> News {
        self.news.clone()
    }

    /// The host at this end.
    pub(crate) fn host(&self) -> &Handle {
        &self.host
    }

    /// Logs in.
    pub async fn log_in(&mut self, name: &str, password: &str) -> Result<Reply, ControlError> {
        match self.ask(&Command::User(name.to_owned())).await? {
            (Outcome::Success, reply) => Ok(reply),
            (Outcome::Failure, reply) => Err(ControlError::Refused(reply)),
            (Outcome::Incomplete, _) => self.command(&Command::Pass(Password::from(password))).await,
        }
    }

    /// Sends a command and waits for its success; any other answer is an error.
    pub async fn command(&mut self, command: &Command) -> Result<Reply, ControlError> {
        match self.ask(command).await? {
            (Outcome::Success, reply) => Ok(reply),
            (Outcome::Incomplete | Outcome::Failure, reply) => Err(ControlError::Refused(reply)),
        }
    }

    /// Sends a line as it is, whatever it says, and waits for the answer, good or bad.
    pub async fn quote(&mut self, line: &str) -> Result<Reply, ControlError> {
        // What is no command has one answer, like most commands.
        let command = Command::parse(line, Edition::default()).unwrap_or(Command::Noop);
        self.hear_out()?;
        self.send_line(&command, line.to_owned()).await?;
        Ok(self.answer().await?.1)
    }

    /// Sends a transfer command and does not wait.
    pub async fn begin(&mut self, command: &Command) -> Result<(), ControlError> {
        self.hear_out()?;
        self.data_socket = None;
        self.has_begun = false;
        self.send(command).await
    }

    /// Whether the server has said of the last transfer that it has begun. What it refuses without that has another cause than
    /// what became of the data.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Waits until what was sent last is in the server's host, as far as the IMPs can tell. When the server looks at it, is its
    /// own affair.
    pub async fn delivered(&mut self) -> Result<(), ControlError> {
        let Control { host, commands, .. } = self;
        host.within(REPLY_TIMEOUT, commands.get_ref().arrived()).await?.map_err(ControlError::from)
    }

    /// Waits until the transfer that was begun is over, be it hours, but not for more than a day. A server that has started and
    /// then says nothing of it for a minute is asked with a NOOP whether it is still there, and after each further minute with a
    /// STAT whether the transfer is: its last word may have got lost, and nobody would ever say it again. What it says beside is
    /// no answer.
    pub async fn finish(&mut self) -> Result<Reply, ControlError> {
        let end = self.host.now() + LONGEST_TRANSFER;
        let (mut since, mut patience) = (self.host.now(), REPLY_TIMEOUT);
        let mut question = Command::Noop;
        let mut is_told_in_part = false;
        loop {
            let was_to_begin = self.session.waits_to_begin();
            let heard = self.meaning_within(since, patience.min(end.since(since))).await;
            let now = self.host.now();
            let (meaning, reply) = match heard {
                Err(ControlError::NoReply(_)) if now >= end => {
                    return Err(ControlError::Endless(LONGEST_TRANSFER));
                }
                // All that it says is said.
                Err(ControlError::NoReply(_)) if std::mem::take(&mut is_told_in_part) => {
                    self.session.told_enough();
                    (since, patience) = (now, SILENCE_BEFORE_NOOP);
                    continue;
                }
                Err(ControlError::NoReply(_)) if self.session.transfers() && !self.session.waits() => {
                    self.send(&question).await?;
                    question = Command::Stat(None);
                    (since, patience) = (self.host.now(), REPLY_TIMEOUT);
                    continue;
                }
                heard => heard?,
            };
            // What was asked during an earlier transfer may be answered only now.
            let answers_it = was_to_begin && !self.session.waits_to_begin();
            match meaning {
                // What it says comes in the order in which it does it: a last word would have come before this one.
                Meaning::Primary(_) if !was_to_begin && self.session.transfers() && self.is_idle => {
                    self.session.missed();
                    return Err(ControlError::Missed);
                }
                Meaning::Secondary(Outcome::Success) => return Ok(reply),
                Meaning::Secondary(Outcome::Incomplete | Outcome::Failure) => {
                    return Err(ControlError::Refused(reply));
                }
                // That another one is under way makes no difference.
                Meaning::Primary(Outcome::Incomplete | Outcome::Failure) if answers_it => {
                    return Err(ControlError::Refused(reply));
                }
                // The transfer has started, or the server is still there, though it may not know NOOP.
                Meaning::Primary(_) => {
                    self.has_begun |= answers_it;
                    (self.is_idle, is_told_in_part) = (false, false);
                    since = now;
                    patience = if self.has_begun { SILENCE_BEFORE_NOOP } else { REPLY_TIMEOUT };
                }
                Meaning::Partial => {
                    is_told_in_part = self.session.transfers();
                    self.keep(&reply);
                }
                Meaning::Spontaneous => self.keep(&reply),
            }
        }
    }

    /// Has the server give up the transfer that was begun, and says what has become of it.
    pub async fn abort(&mut self) -> Result<Aborted, ControlError> {
        self.send(&Command::Abor).await?;
        self.aborted().await
    }

    /// The same, behind a SYNCH, as a server may look at no line while data pass (RFC 414, 1; RFC 454, IV.A.4).
    pub(crate) async fn stop(&mut self) -> Result<Aborted, ControlError> {
        self.synch().await?;
        self.abort().await
    }

    /// Asks a server how far the transfer is, behind a SYNCH (RFC 414, 4); the answer comes while it is waited for the end.
    /// Returns whether it was asked: not as long as another answer is due, which the SYNCH could take away.
    pub(crate) async fn ask_meanwhile(&mut self) -> Result<bool, ControlError> {
        if self.session.waits() {
            return Ok(false);
        }
        self.synch().await?;
        self.send(&Command::Stat(None)).await?;
        Ok(true)
    }

    /// Sends a SYNCH: an interrupt, and the mark in the text to which it belongs (RFC 318, SYNCH).
    async fn synch(&mut self) -> Result<(), ControlError> {
        let Control { host, commands, .. } = self;
        commands.get_ref().interrupt();
        host.within(REPLY_TIMEOUT, commands.feed(Signal::DataMark)).await??;
        Ok(())
    }

    /// Waits, while nothing is asked, until the server says something all the same. Its last word of a transfer that was begun
    /// with [`quote`](Control::quote) is returned; what else it says is among the news then.
    pub(crate) async fn hears(&mut self) -> Result<Option<Reply>, ControlError> {
        loop {
            let received = self.replies.next().await;
            let Some(reply) = self.hear(received)? else { continue };
            if let Meaning::Secondary(_) = self.session.reply(&reply) {
                return Ok(Some(reply));
            }
            self.keep(&reply);
            return Ok(None);
        }
    }

    /// What has become of the transfer for which ABOR was sent.
    async fn aborted(&mut self) -> Result<Aborted, ControlError> {
        let (mut ended, mut since) = (None, self.host.now());
        loop {
            let heard = self.meaning(since).await?;
            since = self.renewed(since, heard.0);
            match heard {
                (Meaning::Secondary(Outcome::Success), reply) => ended = Some(Aborted::Done(reply)),
                (Meaning::Secondary(_), reply) => ended = Some(Aborted::Failed(reply)),
                // This answers the ABOR: nothing else waits.
                (Meaning::Primary(Outcome::Success), reply) if !self.session.waits() => {
                    let stopped = || match reply.code() {
                        ReplyCode::NOTHING_TO_ABORT => Aborted::Unheard(reply),
                        _ => Aborted::Stopped(reply),
                    };
                    return Ok(ended.unwrap_or_else(stopped));
                }
                (Meaning::Primary(_), reply) if !self.session.waits() => {
                    return Err(ControlError::Refused(reply));
                }
                // The transfer command was refused before the server heard of the ABOR.
                (Meaning::Primary(Outcome::Incomplete | Outcome::Failure), reply)
                    if !self.session.transfers() =>
                {
                    ended = Some(Aborted::Failed(reply));
                }
                // The transfer has started, or a NOOP is answered.
                (Meaning::Primary(_), _) => {}
                (Meaning::Partial | Meaning::Spontaneous, reply) => self.keep(&reply),
            }
        }
    }

    /// Logs out, if the server still listens, and closes.
    pub async fn close(mut self) {
        // Whatever the server answers, this is the end.
        let _ = self.command(&Command::Bye).await;
        let Control { host, replies, commands, sockets, .. } = self;
        let closing = futures::future::join(commands.into_inner().close(), replies.into_inner().close());
        let _ = host.within(REPLY_TIMEOUT, closing).await;
        drop(sockets);
    }

    /// Sends a command and waits for its answer.
    pub(crate) async fn ask(&mut self, command: &Command) -> Result<(Outcome, Reply), ControlError> {
        self.hear_out()?;
        self.send(command).await?;
        self.answer().await
    }

    /// Takes what the server has said before it is asked, which answers nothing that is asked now: a reply that a cable has
    /// brought twice, or the last word of a transfer that nobody waits for any more. Taken for an answer, it would shift all
    /// that follow by one.
    fn hear_out(&mut self) -> Result<(), ControlError> {
        while let Some(received) = self.replies.next().now_or_never() {
            if let Some(reply) = self.hear(received)? {
                self.session.reply(&reply);
                self.keep(&reply);
            }
        }
        Ok(())
    }

    /// Waits for the answer to the command that was sent last.
    async fn answer(&mut self) -> Result<(Outcome, Reply), ControlError> {
        let mut since = self.host.now();
        loop {
            let heard = self.meaning(since).await?;
            since = self.renewed(since, heard.0);
            match heard {
                (Meaning::Primary(outcome), reply) if !self.session.waits() => return Ok((outcome, reply)),
                // It ends a transfer command that was never said to have begun.
                (Meaning::Secondary(outcome), reply) if !self.session.waits() => {
                    return Ok((outcome, reply));
                }
                (_, reply) => self.keep(&reply),
            }
        }
    }

    fn keep(&mut self, reply: &Reply) {
        reply.wire_lines().for_each(|line| self.news.note(line));
    }

    async fn send(&mut self, command: &Command) -> Result<(), ControlError> {
        let mut line = String::with_capacity(USUAL_LINE);
        let _ = write!(line, "{command}");
        self.send_line(command, line).await
    }

    async fn send_line(&mut self, command: &Command, line: String) -> Result<(), ControlError> {
        let Control { host, commands, session, is_idle, board, .. } = self;
        *is_idle = false;
        board.set("asked last", || match command {
            // The bits have it, and no view shows it.
            Command::Pass(_) => command.masked().to_string(),
            _ => line.clone(),
        });
        board.set("answered", || "nothing yet".to_owned());
        host.within(REPLY_TIMEOUT, commands.feed(line)).await??;
        // It will be sent, also if nobody waits for that any more.
        session.sent(command);
        Ok(host.within(REPLY_TIMEOUT, SinkExt::<String>::flush(commands)).await??)
    }

    /// Since when the answer is awaited: since the last one to something earlier. A server that only talks does not put it off.
    fn renewed(&self, since: Instant, heard: Meaning) -> Instant {
        match heard {
            Meaning::Primary(_) | Meaning::Secondary(_) => self.host.now(),
            Meaning::Partial | Meaning::Spontaneous => since,
        }
    }

    async fn meaning(&mut self, since: Instant) -> Result<(Meaning, Reply), ControlError> {
        self.meaning_within(since, REPLY_TIMEOUT).await
    }

    /// What the server says next, if it does for so long since then.
    async fn meaning_within(
        &mut self,
        since: Instant,
        patience: Span,
    ) -> Result<(Meaning, Reply), ControlError> {
        let left = (since + patience).since(self.host.now());
        let reply = match self.read(left).await {
            Err(ControlError::NoReply(_)) => return Err(ControlError::NoReply(TimedOut(patience))),
            read => read?,
        };
        self.board.set("answered", || reply.to_string());
        if let Some(socket) = reply.data_socket() {
            self.data_socket = Some(socket);
            self.board.set("its data socket", || socket.to_string());
        }
        Ok((self.session.reply(&reply), reply))
    }

    async fn read(&mut self, patience: Span) -> Result<Reply, ControlError> {
        let host = self.host.clone();
        let _due = self.replies.get_ref().expecting();
        let reading = async {
            loop {
                let received = self.replies.next().await;
                if let Some(reply) = self.hear(received)? {
                    return Ok(reply);
                }
            }
        };
        host.within(patience, reading).await?
    }

    /// Takes what has arrived. Returns a reply, if one is whole by it.
    fn hear(
        &mut self,
        received: Option<Result<Received, LinesError>>,
    ) -> Result<Option<Reply>, ControlError> {
        match received {
            Some(Ok(Received::Line(line))) => match self.reader.line(&line)? {
                Some(Heard::Reply(reply)) => {
                    self.is_idle |= reply.lines().any(is_no_transfer);
                    Ok(Some(reply))
                }
                Some(Heard::More(line)) => {
                    self.is_idle |= is_no_transfer(&line);
                    self.news.note(line);
                    Ok(None)
                }
                None => Ok(None),
            },
            // It is here that the interrupt belongs (RFC 318, SYNCH): nothing is broken off.
            Some(Ok(Received::Signal(Signal::DataMark))) => {
                self.replies.get_ref().take_interrupts();
                Ok(None)
            }
            // A server's other signals are for terminals, and a line that long is no reply.
            Some(Ok(Received::Signal(_) | Received::TooLong { .. })) => Ok(None),
            Some(Ok(Received::CutShort(_))) => Err(CloseReason::Lost.into()),
            // Who closes with an interrupt has broken off, and what he had to say is missing.
            None if self.replies.get_ref().take_interrupts() > 0 => Err(CloseReason::Lost.into()),
            None => Err(ControlError::Closed),
            Some(Err(error)) => Err(error.into()),
        }
    }
}

/// Whether a line of an answer to STAT says that nothing is under way.
fn is_no_transfer(line: &str) -> bool {
    line.trim_start() == Reply::NO_TRANSFER
}
