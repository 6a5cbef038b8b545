//! What the server says, as it comes: lines made replies, and replies given their meaning.

use ftp::{Heard, Meaning, Reply, ReplyReader, UserSession};
use futures::{FutureExt, StreamExt};
use host::{Board, Connection, Handle, TimedOut};
use machine::{Instant, Span};
use ncp::{CloseReason, Socket};
use telnet::{Lines, LinesError, Received, Signal};
use tokio_util::codec::FramedRead;

use super::error::ControlError;
use crate::news::News;

/// How long a server may take for a reply. TENEX queues a request for two minutes, and a server may wait
/// that long before it can answer a transfer command.
pub const REPLY_TIMEOUT: Span = Span::from_secs(150);

/// How many lines a reply has at most.
const MAX_REPLY_LINES: usize = 200;

/// The connection over which a server replies, and what is known of the dialogue.
pub(super) struct Hearing {
    pub(super) host: Handle,
    replies: FramedRead<Connection, Lines>,
    reader: ReplyReader,
    /// Which commands wait for their answers.
    pub(super) session: UserSession,
    /// What the server said last that answers no command, until somebody takes it.
    pub(super) news: News,
    /// The server's data socket, if it has told it since the last transfer command.
    pub(super) data_socket: Option<Socket>,
    /// Whether the server has said, since it was asked last, that nothing is under way.
    pub(super) is_idle: bool,
    /// The part of the answer to a question that has come last, with the lines behind it.
    pub(super) telling: Option<Reply>,
    /// The words in which the server has said last that it will close.
    farewell: Option<Reply>,
    /// What there is to see of the dialogue at this host.
    pub(super) board: Board,
}

impl Hearing {
    /// What is heard over this connection, and shown on this board.
    pub(super) fn new(host: &Handle, replies: Connection, board: Board) -> Self {
        Hearing {
            host: host.clone(),
            replies: FramedRead::new(replies, Lines::default()),
            reader: ReplyReader::new(MAX_REPLY_LINES),
            session: UserSession::new(),
            news: News::default(),
            data_socket: None,
            is_idle: false,
            telling: None,
            farewell: None,
            board,
        }
    }

    /// The connection alone.
    pub(super) fn into_connection(self) -> Connection {
        self.replies.into_inner()
    }

    /// That the server has closed, and why, if it has said so.
    pub(super) fn closed(&mut self) -> ControlError {
        self.farewell.take().map_or(ControlError::Closed, ControlError::Farewell)
    }

    /// Waits, while nothing is asked, until the server says something all the same. Its last word of a transfer for which
    /// nobody waits is returned; what else it says is among the news then.
    pub(super) async fn hears(&mut self) -> Result<Option<Reply>, ControlError> {
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

    /// Takes what the server has said before it is asked, which answers nothing that is asked now: a reply that a cable has
    /// brought twice, or the last word of a transfer that nobody waits for any more. Taken for an answer, it would shift all
    /// that follow by one.
    pub(super) fn hear_out(&mut self) -> Result<(), ControlError> {
        while let Some(received) = self.replies.next().now_or_never() {
            if let Some(reply) = self.hear(received)? {
                self.session.reply(&reply);
                self.keep(&reply);
            }
        }
        Ok(())
    }

    /// Keeps a reply that answers nothing.
    pub(super) fn keep(&mut self, reply: &Reply) {
        self.flush();
        reply.wire_lines().for_each(|line| self.news.note(line));
    }

    /// Keeps what has come of the answer to a question: more is coming.
    pub(super) fn flush(&mut self) {
        let Some(told) = self.telling.take() else { return };
        let mut lines = told.lines();
        let first = lines.next().unwrap_or_default();
        self.news.note([&told.code().to_string(), " ", first].concat());
        lines.for_each(|line| self.news.note(line.to_owned()));
    }

    /// Since when the answer is awaited: since the last one to something earlier. A server that only talks does not put it off.
    pub(super) fn renewed(&self, since: Instant, heard: Meaning) -> Instant {
        match heard {
            Meaning::Primary(_) | Meaning::Secondary(_) => self.host.now(),
            Meaning::Partial | Meaning::Spontaneous | Meaning::Unasked => since,
        }
    }

    /// What the server says next, if it does for as long as a reply may take.
    pub(super) async fn meaning(&mut self, since: Instant) -> Result<(Meaning, Reply), ControlError> {
        self.meaning_within(since, REPLY_TIMEOUT).await
    }

    /// What the server says next, if it does for so long since then.
    pub(super) async fn meaning_within(
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

    /// The next reply, whatever it means.
    pub(super) async fn read(&mut self, patience: Span) -> Result<Reply, ControlError> {
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
                    if reply.code().is_farewell() {
                        self.farewell = Some(reply.clone());
                    }
                    Ok(Some(reply))
                }
                Some(Heard::More(line)) => {
                    self.is_idle |= is_no_transfer(&line);
                    match self.telling.take() {
                        Some(told) if told.lines().count() < MAX_REPLY_LINES => {
                            self.telling = Some(told.and(line));
                        }
                        told => {
                            self.telling = told;
                            self.flush();
                            self.news.note(line);
                        }
                    }
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
            None => Err(self.closed()),
            Some(Err(error)) => Err(error.into()),
        }
    }
}

/// Whether a line of an answer to STAT says that nothing is under way.
fn is_no_transfer(line: &str) -> bool {
    line.trim_start() == Reply::NO_TRANSFER
}
