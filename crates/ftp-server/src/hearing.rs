//! What a user says: lines, with the signals of Telnet among them and the interrupts beside them taken into account.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures::StreamExt;
use host::{Connection, Handle, Sleep};
use machine::Span;
use telnet::{Discarded, Lines, Received, Signal};
use tokio_util::codec::FramedRead;

/// How long a DATA MARK waits for its INS, and an INS for its DATA MARK (RFC 318, SYNCH, which has no limit: a control message that
/// is lost would leave the user unheard for ever). One goes over the control link, the other with the text: a subnet holds
/// back neither for so long.
const SYNCH_PATIENCE: Span = Span::from_secs(30);

/// How long a line may be without its end until the user is told (RFC 354, IV.B, 301; the time is ours).
const LINE_PATIENCE: Span = Span::from_secs(120);

/// What a user has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A line.
    Line(String),
    /// A line with bytes above 127 among its characters that are no signals.
    NotAscii,
    /// A line that was too long to be kept.
    TooLong,
    /// A line has begun long ago, and has no end. This is said once for each.
    Unfinished,
    /// Lines, or the beginning of one, that were thrown away because of an INS, though its DATA MARK has not come.
    ThrownAway,
}

/// The user's end of a dialogue.
pub(crate) struct Hearing {
    host: Handle,
    lines: FramedRead<Connection, Lines>,
    /// Whether a DATA MARK was the last thing heard, and nothing behind it may be looked at before its INS.
    is_at_mark: bool,
    /// Whether the user was told that the line has no end.
    has_told: bool,
    /// Whether the beginning of the line was thrown away: what is left of it may be another command.
    is_rest: bool,
    wait: Option<(Wait, Sleep)>,
}

/// What is waited for with a limit in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    Interrupt,
    Mark,
    EndOfLine,
}

impl Wait {
    const fn patience(self) -> Span {
        match self {
            Wait::Interrupt | Wait::Mark => SYNCH_PATIENCE,
            Wait::EndOfLine => LINE_PATIENCE,
        }
    }
}

impl Hearing {
    pub(crate) fn new(host: Handle, reader: Connection) -> Self {
        let lines = FramedRead::with_capacity(reader, Lines::default(), telnet::READ_ROOM);
        Hearing { host, lines, is_at_mark: false, has_told: false, is_rest: false, wait: None }
    }

    /// Whether the user's Telnet connection has closed or broken.
    pub(crate) fn has_closed(&self, cx: &mut Context<'_>) -> bool {
        pin!(self.lines.get_ref().ended()).poll(cx).is_ready()
    }

    /// Closes the connection, as far as it is not.
    pub(crate) fn into_connection(self) -> Connection {
        self.lines.into_inner()
    }

    /// What the user says next, or `None` if the connection has closed or broken.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Heard>> {
        loop {
            for _ in 0..self.lines.get_ref().take_interrupts() {
                self.lines.decoder_mut().interrupted();
            }
            self.is_at_mark &= self.lines.decoder().awaits_interrupt();
            if self.is_at_mark {
                // What comes after a mark waits for its INS (RFC 318, SYNCH): an ABOR must not be taken for one of what it stops.
                if self.has_closed(cx) || self.is_over(Wait::Interrupt, cx) {
                    self.is_at_mark = false;
                } else if pin!(self.lines.get_ref().interrupted()).poll(cx).is_ready() {
                    self.lines.decoder_mut().interrupted();
                } else {
                    return Poll::Pending;
                }
                continue;
            }
            match Pin::new(&mut self.lines).poll_next_unpin(cx) {
                Poll::Ready(Some(Ok(received))) => {
                    if let Some(heard) = self.take(received) {
                        return Poll::Ready(Some(heard));
                    }
                }
                Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(None),
                Poll::Pending => {
                    let decoder = self.lines.decoder();
                    let wait = match (decoder.awaits_mark(), decoder.is_in_line()) {
                        (true, _) => Wait::Mark,
                        (false, true) if !self.has_told => Wait::EndOfLine,
                        (false, _) => {
                            self.wait = None;
                            return Poll::Pending;
                        }
                    };
                    if !self.is_over(wait, cx) {
                        return Poll::Pending;
                    }
                    match wait {
                        Wait::Mark => {
                            let Discarded { lines, in_line } = self.lines.decoder_mut().give_up_mark();
                            self.is_rest = in_line;
                            if lines {
                                return Poll::Ready(Some(Heard::ThrownAway));
                            }
                        }
                        Wait::Interrupt | Wait::EndOfLine => {
                            self.has_told = true;
                            return Poll::Ready(Some(Heard::Unfinished));
                        }
                    }
                }
            }
        }
    }

    /// Whether this has been waited for, and nothing else in between, for too long.
    fn is_over(&mut self, wait: Wait, cx: &mut Context<'_>) -> bool {
        let (_, sleep) = match &mut self.wait {
            Some(waiting) if waiting.0 == wait => waiting,
            other => other.insert((wait, self.host.sleep(wait.patience()))),
        };
        let is_over = Pin::new(sleep).poll(cx).is_ready();
        if is_over {
            self.wait = None;
        }
        is_over
    }

    fn take(&mut self, received: Received) -> Option<Heard> {
        match received {
            Received::Line(_) | Received::TooLong { .. } if self.is_rest => {
                self.begin_line();
                Some(Heard::ThrownAway)
            }
            Received::Line(line) => {
                self.begin_line();
                Some(if self.lines.decoder().had_stray_bytes() { Heard::NotAscii } else { Heard::Line(line) })
            }
            Received::TooLong { .. } => {
                self.begin_line();
                Some(Heard::TooLong)
            }
            Received::Signal(Signal::DataMark) => {
                self.begin_line();
                self.is_at_mark = self.lines.decoder().awaits_interrupt();
                None
            }
            // The user's other signals are for terminals; a server of files has no use for them, and gives no answer to them
            // (RFC 354, V.A; RFC 414, 1).
            Received::Signal(_) => None,
            // A line that was cut short is not obeyed: it may be half of another.
            Received::CutShort(_) => None,
        }
    }

    fn begin_line(&mut self) {
        (self.has_told, self.is_rest) = (false, false);
        self.wait = None;
    }
}
