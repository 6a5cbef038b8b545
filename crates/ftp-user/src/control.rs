//! The control connection to a server: commands out, replies in.

mod error;
mod hearing;

use std::fmt::Write;

use ftp::{Class, Command, CommandName, Meaning, Outcome, Password, Reply, ReplyCode};
use futures::SinkExt;
use host::{Connection, Handle, Lease};
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::icp::FTP_CONTACT;
use ncp::{ForeignSocket, Socket};
use telnet::{Lines, Signal};
use tokio_util::codec::FramedWrite;

pub use error::{Aborted, ControlError};
use hearing::Hearing;
pub use hearing::REPLY_TIMEOUT;

use crate::news::News;

/// How long a server is waited for that has said enough for most: a part of the answer to a question, which RFC 414, 2 ends with
/// a 200 and RFC 354 does not; something that answers nothing; or nothing yet, where most greet. It is longer than the half minute
/// for which an IMP may hold up what is said.
const MORE_TIMEOUT: Span = Span::from_secs(31);

/// How long a server may say nothing during a transfer before it is sent a NOOP, and each time after that a STAT. To send it
/// matters more than the answer: only a message to a dead host makes the IMP say that the host is dead.
const SILENCE_BEFORE_NOOP: Span = Span::from_secs(60);

/// How long a transfer may be said to be under way: to fill a disk takes a line of 50 kilobits a second less than two hours.
const LONGEST_TRANSFER: Span = Span::from_secs(24 * 3600);

/// How long most commands are at most, in characters.
const USUAL_LINE: usize = 64;

/// The Telnet connections to an FTP server, after the initial connection protocol.
pub struct Control {
    host: Handle,
    site: HostAddress,
    hearing: Hearing,
    commands: FramedWrite<Connection, Lines>,
    sockets: Lease,
    /// Whether the server has said of the last transfer that it has begun.
    has_begun: bool,
    /// Whether it was asked during a transfer how far that is, and nothing of the answer has come.
    asks_meanwhile: bool,
}

impl Control {
    /// Connects to the FTP server of a host and waits for its greeting.
    pub async fn open(host: &Handle, site: HostAddress) -> Result<Self, ControlError> {
        let contact = ForeignSocket { host: site, socket: FTP_CONTACT };
        let duplex = host.icp(contact).await?;
        let board = host.board(|| format!("dialogue with {}", host.name_of(site)));
        let mut control = Control {
            host: host.clone(),
            site,
            hearing: Hearing::new(host, duplex.reader, board),
            commands: FramedWrite::with_capacity(duplex.writer, Lines::default(), telnet::DEFAULT_LIMIT),
            sockets: duplex.sockets,
            has_begun: false,
            asks_meanwhile: false,
        };
        control.greeting().await?;
        Ok(control)
    }

    /// Waits for the greeting, which is 300; a server that is full says 401 and closes. One of RFC 542 may say before that it will
    /// take a while; and one that does not greet at all waits for the first command.
    async fn greeting(&mut self) -> Result<(), ControlError> {
        let end = self.host.now() + REPLY_TIMEOUT;
        let mut patience = MORE_TIMEOUT;
        loop {
            let greeting = match self.hearing.read(patience.min(end.since(self.host.now()))).await {
                Err(ControlError::NoReply(_)) => return Ok(()),
                read => read?,
            };
            self.hearing.board.set("answered", || greeting.to_string());
            match greeting.code().class() {
                Class::News => {
                    patience = if greeting.code() == ReplyCode::DELAY { REPLY_TIMEOUT } else { MORE_TIMEOUT };
                    self.hearing.keep(&greeting);
                }
                Class::Status | Class::Positive | Class::Incomplete => return Ok(()),
                Class::Failure | Class::Ignored | Class::Reserved => {
                    return Err(ControlError::Refused(greeting));
                }
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
        self.hearing.data_socket
    }

    /// What the server said beside its replies since the last call.
    pub fn news(&mut self) -> impl Iterator<Item = String> + use<> {
        self.hearing.news.take()
    }

    /// The same, to be read while the dialogue goes on.
    pub(crate) fn news_to_come(&self) -> News {
        self.hearing.news.clone()
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
            // An account is asked for, and none was given.
            (Outcome::Incomplete, reply) if reply.code() == ReplyCode::ACCOUNT_WANTED => {
                Err(ControlError::Refused(reply))
            }
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

    /// Sends a line as it is, whatever it says, and waits for the answer, good or bad. While the server takes mail, lines are its
    /// text, and only the one that ends it, a period alone, is answered.
    pub async fn quote(&mut self, line: &str) -> Result<Option<Reply>, ControlError> {
        self.hearing.hear_out()?;
        self.send_line(line.to_owned()).await?;
        if self.hearing.session.takes_mail() {
            return Ok(None);
        }
        Ok(Some(self.answer().await?.1))
    }

    /// Sends a transfer command and does not wait.
    pub async fn begin(&mut self, command: &Command) -> Result<(), ControlError> {
        self.hearing.hear_out()?;
        self.hearing.data_socket = None;
        (self.has_begun, self.asks_meanwhile) = (false, false);
        self.send(command).await
    }

    /// Whether the server has said of the last transfer that it has begun. What it refuses without that has another cause than
    /// what became of the data.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Whether a transfer is under way, or mail, which may have been begun with [`quote`](Control::quote).
    pub(crate) fn transfers(&self) -> bool {
        self.hearing.session.transfers()
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
            let was_to_begin = self.hearing.session.waits_to_begin();
            let heard = self.hearing.meaning_within(since, patience.min(end.since(since))).await;
            let now = self.host.now();
            let (meaning, reply) = match heard {
                Err(ControlError::NoReply(_)) if now >= end => {
                    return Err(ControlError::Endless(LONGEST_TRANSFER));
                }
                // All that it says is said.
                Err(ControlError::NoReply(_)) if std::mem::take(&mut is_told_in_part) => {
                    self.hearing.session.told_enough();
                    (since, patience) = (now, SILENCE_BEFORE_NOOP);
                    continue;
                }
                Err(ControlError::NoReply(_))
                    if self.hearing.session.transfers() && !self.hearing.session.waits() =>
                {
                    self.send(&question).await?;
                    question = Command::Stat(None);
                    (since, patience) = (self.host.now(), REPLY_TIMEOUT);
                    continue;
                }
                heard => heard?,
            };
            // What was asked during an earlier transfer may be answered only now.
            let answers_it = was_to_begin && !self.hearing.session.waits_to_begin();
            match meaning {
                // What it says comes in the order in which it does it: a last word would have come before this one.
                Meaning::Primary(_)
                    if !was_to_begin && self.hearing.session.transfers() && self.hearing.is_idle =>
                {
                    self.hearing.session.missed();
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
                    // All of the answer may be in one reply (RFC 454, IV.B).
                    if !answers_it && std::mem::take(&mut self.asks_meanwhile) {
                        self.hearing.keep(&reply);
                    }
                    (self.hearing.is_idle, is_told_in_part) = (false, false);
                    since = now;
                    patience = if self.has_begun { SILENCE_BEFORE_NOOP } else { REPLY_TIMEOUT };
                }
                Meaning::Partial => {
                    is_told_in_part = self.hearing.session.transfers();
                    self.asks_meanwhile = false;
                    self.hearing.keep(&reply);
                }
                Meaning::Spontaneous | Meaning::Unasked => self.hearing.keep(&reply),
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
        if self.hearing.session.takes_mail() {
            return Err(ControlError::InMail);
        }
        self.synch().await?;
        self.abort().await
    }

    /// Asks a server how far the transfer is, behind a SYNCH (RFC 414, 4); the answer comes while it is waited for the end.
    /// Returns whether it was asked: not as long as another answer is due, which the SYNCH could take away.
    pub(crate) async fn ask_meanwhile(&mut self) -> Result<bool, ControlError> {
        if self.hearing.session.waits() {
            return Ok(false);
        }
        self.synch().await?;
        self.send(&Command::Stat(None)).await?;
        self.asks_meanwhile = true;
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
        self.hearing.hears().await
    }

    /// What has become of the transfer for which ABOR was sent.
    async fn aborted(&mut self) -> Result<Aborted, ControlError> {
        let (mut ended, mut since) = (None, self.host.now());
        loop {
            let heard = self.hearing.meaning(since).await?;
            since = self.hearing.renewed(since, heard.0);
            match heard {
                (Meaning::Secondary(Outcome::Success), reply) => ended = Some(Aborted::Done(reply)),
                (Meaning::Secondary(_), reply) => ended = Some(Aborted::Failed(reply)),
                // This answers the ABOR: nothing else waits.
                (Meaning::Primary(Outcome::Success), reply) if !self.hearing.session.waits() => {
                    let stopped = || match reply.code() {
                        ReplyCode::NOTHING_TO_ABORT => Aborted::Unheard(reply),
                        _ => Aborted::Stopped(reply),
                    };
                    return Ok(ended.unwrap_or_else(stopped));
                }
                (Meaning::Primary(_), reply) if !self.hearing.session.waits() => {
                    return Err(ControlError::Refused(reply));
                }
                // The transfer command was refused before the server heard of the ABOR.
                (Meaning::Primary(Outcome::Incomplete | Outcome::Failure), reply)
                    if !self.hearing.session.transfers() =>
                {
                    ended = Some(Aborted::Failed(reply));
                }
                // The transfer has started, or a NOOP is answered.
                (Meaning::Primary(_), _) => {}
                (Meaning::Partial | Meaning::Spontaneous | Meaning::Unasked, reply) => {
                    self.hearing.keep(&reply);
                }
            }
        }
    }

    /// Logs out, if the server still listens, and closes.
    pub async fn close(mut self) {
        // Whatever the server answers, this is the end.
        let _ = self.command(&Command::Bye).await;
        let Control { host, hearing, commands, sockets, .. } = self;
        let closing = futures::future::join(commands.into_inner().close(), hearing.into_connection().close());
        let _ = host.within(REPLY_TIMEOUT, closing).await;
        drop(sockets);
    }

    /// Sends a command and waits for its answer.
    pub(crate) async fn ask(&mut self, command: &Command) -> Result<(Outcome, Reply), ControlError> {
        self.hearing.hear_out()?;
        self.send(command).await?;
        self.answer().await
    }

    /// Waits for the answer to the command that was sent last.
    async fn answer(&mut self) -> Result<(Outcome, Reply), ControlError> {
        let mut since = self.host.now();
        // What was said last that may be all that there is: a part of the answer, or what answers nothing, and when.
        let mut last: Option<(Instant, Reply)> = None;
        loop {
            let end = since + REPLY_TIMEOUT;
            let due = last.as_ref().map_or(end, |(at, _)| end.min(*at + MORE_TIMEOUT));
            let (meaning, reply) =
                match (self.hearing.meaning_within(since, due.since(since)).await, last.take()) {
                    (Err(ControlError::NoReply(_)), Some((_, reply))) => {
                        let told = self.hearing.telling.take();
                        let ended = match told {
                            Some(told) => {
                                self.hearing.session.told_enough();
                                Ok((Outcome::Success, told))
                            }
                            None => {
                                self.hearing.session.give_up();
                                Err(ControlError::Unfit(reply))
                            }
                        };
                        if !self.hearing.session.waits() {
                            return ended;
                        }
                        since = self.host.now();
                        continue;
                    }
                    (heard, before) => {
                        last = before;
                        heard?
                    }
                };
            since = self.hearing.renewed(since, meaning);
            match meaning {
                // A 252 may end a transfer command that was never said to have begun.
                Meaning::Primary(outcome) | Meaning::Secondary(outcome) if !self.hearing.session.waits() => {
                    self.hearing.flush();
                    return Ok((outcome, reply));
                }
                Meaning::Partial => {
                    self.hearing.flush();
                    last = Some((self.host.now(), reply.clone()));
                    self.hearing.telling = Some(reply);
                }
                _ => {
                    if self.hearing.session.has_unfit() && self.hearing.telling.is_none() {
                        last = Some((self.host.now(), reply.clone()));
                    }
                    self.hearing.keep(&reply);
                }
            }
        }
    }

    async fn send(&mut self, command: &Command) -> Result<(), ControlError> {
        if self.hearing.session.takes_mail() {
            return Err(ControlError::InMail);
        }
        let mut line = String::with_capacity(USUAL_LINE);
        let _ = write!(line, "{command}");
        self.send_line(line).await
    }

    async fn send_line(&mut self, line: String) -> Result<(), ControlError> {
        let Control { host, commands, hearing, .. } = self;
        hearing.is_idle = false;
        // The bits have a password, and no view shows it.
        hearing.board.set("asked last", || {
            match CommandName::from_word(line.split(' ').next().unwrap_or_default()) {
                Some(CommandName::Pass) => [CommandName::Pass.as_str(), " ", Password::MASK].concat(),
                _ => line.clone(),
            }
        });
        hearing.board.set("answered", || "nothing yet".to_owned());
        let sending = async {
            commands.feed(line.as_str()).await?;
            // It will be sent, also if nobody waits for that any more.
            hearing.session.sent_line(&line);
            SinkExt::<&str>::flush(commands).await
        };
        let sent = host.within(REPLY_TIMEOUT, sending).await?;
        sent.map_err(|error| match ControlError::from(error) {
            ControlError::Closed => hearing.closed(),
            error => error,
        })
    }
}
