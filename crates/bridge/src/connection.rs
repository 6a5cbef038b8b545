//! One connection between two ends, from its first byte to its last.

use machine::{Instant, Span};

use crate::Key;
use crate::frame::{BadFrame, Frame};
use crate::news::Failure;
use crate::origin::Origin;
use crate::records::{MAX_RECORD, Records, framed};
use crate::secrecy::{Heard, MAX_GREETING, Secrecy, Stranger, refusal};

/// How long two ends may take until they know each other.
const GREETING_TIME: Span = Span::from_secs(5);

/// A connection on which nothing was heard for so long is dead.
pub(crate) const DEAD: Span = Span::from_secs(4);

/// Something is said at least this often.
const KEEPALIVE: Span = Span::from_secs(1);

/// This many bytes may wait to be written; the datagrams that follow wait in the session, where they are safe.
const WINDOW: usize = 64 << 10;

/// How far the two ends are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// They have no secrets yet.
    Greeting,
    /// Whatever is said now is said by somebody who has the key, if it can be read.
    Introducing,
    /// They know each other.
    Live,
}

/// A connection.
pub(crate) struct Connection {
    /// Where the other end is, at the listening end.
    pub(crate) origin: Option<Origin>,
    pub(crate) stage: Stage,
    secrecy: Secrecy,
    records: Records,
    opened: Instant,
    heard: Instant,
    said: Instant,
    /// How many bytes the driver has been given, and has not written.
    unwritten: usize,
}

/// Bytes to be sent at once, if there are any.
type Answer = Option<Vec<u8>>;

/// What comes of bytes that have arrived.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// Nothing yet.
    Nothing,
    /// The two ends have secrets now.
    Secret,
    /// The other end says something.
    Frame(Frame),
}

impl Connection {
    /// The calling end's, and what it sends first.
    pub(crate) fn calls(now: Instant, key: &Key) -> Option<(Self, Vec<u8>)> {
        let (secrecy, greeting) = Secrecy::calls(key)?;
        let mut connection = Connection::new(now, None, secrecy);
        let bytes = connection.framed(&greeting);
        Some((connection, bytes))
    }

    /// The listening end's.
    pub(crate) fn awaits(now: Instant, origin: Option<Origin>, key: &Key) -> Option<Self> {
        Some(Connection::new(now, origin, Secrecy::awaits(key)?))
    }

    fn new(now: Instant, origin: Option<Origin>, secrecy: Secrecy) -> Self {
        Connection {
            origin,
            stage: Stage::Greeting,
            secrecy,
            records: Records::default(),
            opened: now,
            heard: now,
            said: now,
            unwritten: 0,
        }
    }

    /// Bytes have arrived. What comes of them is asked for with [`next`](Connection::next).
    pub(crate) fn take(&mut self, now: Instant, bytes: &[u8]) {
        self.heard = now;
        self.records.take(bytes);
    }

    /// The next thing that was said, and the answer to a greeting.
    ///
    /// # Errors
    /// The connection is of no use. The answer is to be sent all the same.
    pub(crate) fn next(&mut self) -> Result<(Arrived, Answer), (Failure, Answer)> {
        let longest = if self.stage == Stage::Greeting { MAX_GREETING } else { MAX_RECORD };
        let record = match self.records.next(longest) {
            Ok(Some(record)) => record,
            Ok(None) => return Ok((Arrived::Nothing, None)),
            Err(_) => return Err((Failure::NoBridge, None)),
        };
        match self.secrecy.hear(&record) {
            Ok(Heard::Greeting(answer)) => {
                self.stage = Stage::Introducing;
                Ok((Arrived::Secret, answer.map(|answer| self.framed(&answer))))
            }
            Ok(Heard::Said(said)) => match Frame::parse(&said) {
                Ok(frame) => Ok((Arrived::Frame(frame), None)),
                Err(BadFrame::Version(version)) => Err((Failure::OtherVersion(version), None)),
                Err(BadFrame::Malformed) => Err((Failure::Garbled, None)),
            },
            // Who listens says so, or the caller would not know why it is not answered.
            Err(stranger @ Stranger::OtherKey) if self.origin.is_some() => {
                Err((stranger.into(), Some(framed(&refusal()))))
            }
            Err(stranger) => Err((stranger.into(), None)),
        }
    }

    /// What is said, as bytes to be sent.
    pub(crate) fn say(&mut self, now: Instant, frame: &Frame) -> Vec<u8> {
        self.said = now;
        let record = self.secrecy.say(&frame.emit());
        record.map(|record| self.framed(&record)).unwrap_or_default()
    }

    fn framed(&mut self, record: &[u8]) -> Vec<u8> {
        let bytes = framed(record);
        self.unwritten += bytes.len();
        bytes
    }

    /// The driver has written this many bytes.
    pub(crate) fn written(&mut self, bytes: usize) {
        self.unwritten = self.unwritten.saturating_sub(bytes);
    }

    /// Whether more may be handed to the driver.
    pub(crate) fn has_room(&self) -> bool {
        self.stage == Stage::Live && self.unwritten < WINDOW
    }

    /// Whether it can be told that something was taken: those words are few, and go out beyond the window.
    pub(crate) fn has_room_to_answer(&self) -> bool {
        self.unwritten < 2 * WINDOW
    }

    /// When something was heard last.
    pub(crate) fn heard(&self) -> Instant {
        self.heard
    }

    /// When it is dead, if nothing is heard.
    pub(crate) fn dies(&self) -> Instant {
        if self.stage == Stage::Live { self.heard + DEAD } else { self.opened + GREETING_TIME }
    }

    /// When something is to be said, so that the other end knows that this one lives.
    pub(crate) fn speaks(&self) -> Option<Instant> {
        (self.stage == Stage::Live).then(|| self.said + KEEPALIVE)
    }
}
