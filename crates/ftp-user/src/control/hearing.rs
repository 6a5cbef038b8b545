//! What the server says, as it comes: lines made replies, and replies given their meaning.

use ftp::{Heard, Meaning, Reply};
use futures::{FutureExt, StreamExt};
use host::TimedOut;
use machine::{Instant, Span};
use ncp::CloseReason;
use telnet::{LinesError, Received, Signal};

use super::{Control, ControlError, MAX_REPLY_LINES, REPLY_TIMEOUT};

impl Control {
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
            None => Err(self.farewell.take().map_or(ControlError::Closed, ControlError::Farewell)),
            Some(Err(error)) => Err(error.into()),
        }
    }
}

/// Whether a line of an answer to STAT says that nothing is under way.
fn is_no_transfer(line: &str) -> bool {
    line.trim_start() == Reply::NO_TRANSFER
}
