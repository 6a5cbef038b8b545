//! Lines of text and the signals among them, as a codec.

use std::{io, mem, num::NonZeroU32};

use bytes::{Buf, BufMut, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use crate::Signal;

/// How many characters a line may have unless the program says otherwise.
pub const DEFAULT_LIMIT: usize = 512;

/// How much text there is to be room for where lines are read, in bytes: for nearly all that a message holds.
pub const READ_ROOM: usize = 1000;

/// How many characters are looked at together.
const MANY: usize = 16;

const CR: u8 = b'\r';
const LF: u8 = b'\n';
const NUL: u8 = 0;

/// What arrived on a Telnet connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A line of ASCII, without the CR LF that ended it. A CR in it is one that did not end the line.
    Line(String),
    /// A signal. NOP is never handed out: it may stand anywhere, and means nothing.
    Signal(Signal),
    /// A line longer than the limit has come to its end, and was thrown away.
    TooLong {
        /// How many characters it had.
        length: usize,
    },
    /// The connection ended in the middle of this line.
    CutShort(String),
}

/// Why a line cannot be sent or received.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    /// The connection failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The text contains a line feed, and would arrive as two lines.
    #[error("a line may not contain a line feed")]
    LineFeed,
    /// The text contains a character that the network virtual terminal does not have.
    #[error("{0:?} is not ASCII")]
    NotAscii(char),
}

/// The codec of a Telnet connection (RFC 318): lines and signals.
///
/// - CR LF ends a line. CR NUL is a CR that is part of the text, and so is, though RFC 318 asks for the
///   NUL, a CR before anything else.
/// - An LF alone ends a line too. No FTP command or reply can contain one (RFC 354, V.B), so nothing is lost
///   by being kind to senders that forget the CR.
/// - NUL is no operation (RFC 318, NVT printer), wherever it stands, but after a CR.
/// - Signals may stand anywhere, also between CR and LF.
/// - A request of the Telnet that followed in 1973 (RFC 495: sites may send its commands without expecting errors)
///   is an escape, a verb and the number of an option. Escape and verb are signals without a name; the number is not
///   taken for text.
/// - A line longer than the limit is skipped to its end and reported once; memory stays bounded.
#[derive(Debug)]
pub struct Lines {
    limit: usize,
    line: String,
    text: Text,
    after_cr: bool,
    synch: Synch,
    discarded: Discarded,
    request: Request,
    stray: Stray,
}

/// Whether a code that RFC 318 does not name, and that belongs to no request, stands among the characters of a line: text of a
/// terminal that has more characters than ASCII, or a parity bit.
#[derive(Debug, Clone, Copy, Default)]
struct Stray {
    in_this: bool,
    in_last: bool,
}

/// How much of a request about an option (NIC 15372, with RFC 495) has just been heard.
#[derive(Debug, Clone, Copy)]
enum Request {
    None,
    Escape,
    Verb,
}

impl Request {
    /// The code that begins every command of the Telnet of 1973.
    const ESCAPE: u8 = 255;

    /// The first of the codes that are commands behind it.
    const FIRST_COMMAND: u8 = 240;

    /// Whether a byte is part of a request or another command after what has been heard.
    const fn has(self, byte: u8) -> bool {
        byte == Request::ESCAPE || (matches!(self, Request::Escape) && byte >= Request::FIRST_COMMAND)
    }

    /// How much has been heard with one byte more.
    const fn then(self, byte: u8) -> Request {
        match (self, byte) {
            // WILL, WON'T, DO, DON'T.
            (Request::Escape, 251..=254) => Request::Verb,
            (Request::None | Request::Escape, Request::ESCAPE) => Request::Escape,
            (Request::None | Request::Escape | Request::Verb, _) => Request::None,
        }
    }
}

/// What becomes of the text that arrives.
#[derive(Debug, Clone, Copy)]
enum Text {
    Kept,
    Skipped { length: usize },
}

/// How the INSs received compare with the DATA MARKs: all that SYNCH depends on.
#[derive(Debug, Clone, Copy)]
enum Synch {
    Level,
    InterruptsAhead(NonZeroU32),
    MarksAhead(NonZeroU32),
}

/// What has been thrown away behind an INS whose DATA MARK has not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Discarded {
    /// Whether there were ends of lines in it.
    pub lines: bool,
    /// Whether it ends in the middle of a line: what comes next is the rest of that.
    pub in_line: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Lines::new(DEFAULT_LIMIT)
    }
}

impl Lines {
    /// A codec for lines of at most `limit` characters.
    pub fn new(limit: usize) -> Self {
        Lines {
            limit,
            line: String::new(),
            text: Text::Kept,
            after_cr: false,
            synch: Synch::Level,
            discarded: Discarded::default(),
            request: Request::None,
            stray: Stray::default(),
        }
    }

    /// Whether there were bytes above 127 in the line that was handed out last, among its characters, that are neither signals of
    /// RFC 318 nor part of a request: what the line says without them may be something else than was meant.
    pub fn had_stray_bytes(&self) -> bool {
        self.stray.in_last
    }

    /// Whether a line has begun that has not ended.
    pub fn is_in_line(&self) -> bool {
        !self.line.is_empty() || self.after_cr || matches!(self.text, Text::Skipped { .. })
    }

    /// Tells the codec that an INS has arrived: the interrupt half of a SYNCH.
    ///
    /// All text up to the DATA MARK that goes with it is discarded, signals excepted (RFC 318, SYNCH). If the
    /// mark came first there is nothing left to discard. INSs and marks are paired by their number, so it
    /// does not matter in which order they arrive.
    pub fn interrupted(&mut self) {
        if let Synch::Level = self.synch {
            self.discarded = Discarded { lines: false, in_line: self.is_in_line() };
        }
        self.synch = match self.synch {
            Synch::Level => Synch::InterruptsAhead(NonZeroU32::MIN),
            Synch::InterruptsAhead(ahead) => Synch::InterruptsAhead(ahead.saturating_add(1)),
            Synch::MarksAhead(ahead) => {
                NonZeroU32::new(ahead.get() - 1).map_or(Synch::Level, Synch::MarksAhead)
            }
        };
        if let Synch::InterruptsAhead(_) = self.synch {
            self.forget_line();
        }
    }

    /// Whether a DATA MARK is still without its INS. RFC 318 has the receiver wait for it; a codec cannot
    /// wait, so a program that wants to be strict does, when it is handed the mark.
    pub fn awaits_interrupt(&self) -> bool {
        matches!(self.synch, Synch::MarksAhead(_))
    }

    /// Whether an INS is still without its DATA MARK, so that text is discarded.
    pub fn awaits_mark(&self) -> bool {
        matches!(self.synch, Synch::InterruptsAhead(_))
    }

    /// Gives up waiting for the DATA MARKs of the INSs that have arrived: what comes is kept again. One that comes all the same
    /// is without its INS then. Returns what was thrown away meanwhile.
    pub fn give_up_mark(&mut self) -> Discarded {
        if self.awaits_mark() {
            self.synch = Synch::Level;
        }
        mem::take(&mut self.discarded)
    }

    /// A DATA MARK also ends the line before it unheard (RFC 414, 1: a SYNCH flushes the current line).
    fn mark(&mut self) {
        self.synch = match self.synch {
            Synch::Level => Synch::MarksAhead(NonZeroU32::MIN),
            Synch::MarksAhead(ahead) => Synch::MarksAhead(ahead.saturating_add(1)),
            Synch::InterruptsAhead(ahead) => {
                NonZeroU32::new(ahead.get() - 1).map_or(Synch::Level, Synch::InterruptsAhead)
            }
        };
        self.forget_line();
    }

    fn forget_line(&mut self) {
        self.line.clear();
        self.text = Text::Kept;
        self.after_cr = false;
        self.stray.in_this = false;
    }

    fn push(&mut self, byte: u8) {
        match &mut self.text {
            Text::Kept if self.line.len() < self.limit => self.line.push(char::from(byte)),
            Text::Kept => {
                self.text = Text::Skipped { length: self.line.len() + 1 };
                self.line.clear();
            }
            Text::Skipped { length } => *length = length.saturating_add(1),
        }
    }

    /// Whether what comes next means what it says, whatever came before.
    fn is_level(&self) -> bool {
        matches!((self.request, self.after_cr), (Request::None, false))
            && !matches!(self.synch, Synch::InterruptsAhead(_))
    }

    /// Takes the text with which `bytes` begins all at once, as far as nothing else can be meant by it. Returns how many bytes
    /// that is.
    fn take_text(&mut self, bytes: &[u8]) -> usize {
        let Text::Kept = self.text else { return 0 };
        let room = self.limit.saturating_sub(self.line.len()).min(bytes.len());
        let text = str::from_utf8(printing(&bytes[..room])).unwrap_or_default();
        self.line.push_str(text);
        text.len()
    }

    fn end_of_line(&mut self) -> Received {
        self.stray = Stray { in_this: false, in_last: self.stray.in_this };
        let line = mem::take(&mut self.line);
        match mem::replace(&mut self.text, Text::Kept) {
            Text::Kept => Received::Line(line),
            Text::Skipped { length } => Received::TooLong { length },
        }
    }

    fn take(&mut self, byte: u8) -> Option<Received> {
        let before = self.request;
        self.request = before.then(byte);
        if let Request::Verb = before {
            return None;
        }
        match Signal::from_byte(byte) {
            Some(Signal::Nop) => return None,
            Some(signal) => {
                match signal {
                    Signal::DataMark => self.mark(),
                    Signal::Unknown(_) if !before.has(byte) => self.stray.in_this |= self.is_in_line(),
                    _ => {}
                }
                return Some(Received::Signal(signal));
            }
            None => {}
        }
        if let Synch::InterruptsAhead(_) = self.synch {
            match byte {
                LF => self.discarded = Discarded { lines: true, in_line: false },
                CR | NUL => {}
                _ => self.discarded.in_line = true,
            }
            return None;
        }
        match (mem::replace(&mut self.after_cr, byte == CR), byte) {
            (_, LF) => return Some(self.end_of_line()),
            (true, NUL) => self.push(CR),
            // Two CRs: the first was text, the second waits for what follows it.
            (true, CR) => self.push(CR),
            (false, CR | NUL) => {}
            (true, other) => {
                self.push(CR);
                self.push(other);
            }
            (false, other) => self.push(other),
        }
        None
    }
}

/// The printing characters with which `bytes` begins.
fn printing(bytes: &[u8]) -> &[u8] {
    let is_printing = |byte: &u8| matches!(byte, b' '..=b'~');
    // Many at once, without a look at where, and only the last few one by one.
    let are_printing = |many: &&[u8]| many.iter().fold(true, |so_far, byte| so_far & is_printing(byte));
    let whole = bytes.chunks_exact(MANY).take_while(are_printing).count() * MANY;
    let rest = bytes[whole..].iter().take_while(|byte| is_printing(byte)).count();
    &bytes[..whole + rest]
}

impl Decoder for Lines {
    type Item = Received;
    type Error = LinesError;

    fn decode(&mut self, from: &mut BytesMut) -> Result<Option<Received>, LinesError> {
        let mut at = 0;
        loop {
            if self.is_level() {
                at += self.take_text(&from[at..]);
                if from[at..].starts_with(&[CR, LF]) {
                    from.advance(at + 2);
                    return Ok(Some(self.end_of_line()));
                }
            }
            let Some(byte) = from.get(at).copied() else { break };
            at += 1;
            if let Some(received) = self.take(byte) {
                from.advance(at);
                return Ok(Some(received));
            }
        }
        from.clear();
        Ok(None)
    }

    fn decode_eof(&mut self, from: &mut BytesMut) -> Result<Option<Received>, LinesError> {
        if let Some(received) = self.decode(from)? {
            return Ok(Some(received));
        }
        if mem::take(&mut self.after_cr) {
            self.push(CR);
        }
        Ok(match self.end_of_line() {
            Received::Line(line) if line.is_empty() => None,
            Received::Line(line) => Some(Received::CutShort(line)),
            other => Some(other),
        })
    }
}

impl Encoder<&str> for Lines {
    type Error = LinesError;

    /// Sends a line: adds the CR LF, and a NUL after each CR of the text.
    fn encode(&mut self, line: &str, into: &mut BytesMut) -> Result<(), LinesError> {
        // All at once, without a look at where: nearly every line can be sent as it is.
        let is_plain = line.bytes().fold(true, |so_far, byte| so_far & matches!(byte, b' '..=b'~'));
        if is_plain {
            into.reserve(line.len() + 2);
            into.put_slice(line.as_bytes());
            into.put_slice(b"\r\n");
            return Ok(());
        }
        match line.chars().find(|character| *character == '\n' || !character.is_ascii()) {
            None => {}
            Some('\n') => return Err(LinesError::LineFeed),
            Some(other) => return Err(LinesError::NotAscii(other)),
        }
        into.reserve(line.len() + 2);
        for text in line.as_bytes().split_inclusive(|byte| *byte == CR) {
            into.put_slice(text);
            if text.ends_with(&[CR]) {
                into.put_u8(NUL);
            }
        }
        into.put_slice(b"\r\n");
        Ok(())
    }
}

impl Encoder<String> for Lines {
    type Error = LinesError;

    fn encode(&mut self, line: String, into: &mut BytesMut) -> Result<(), LinesError> {
        self.encode(line.as_str(), into)
    }
}

impl Encoder<Signal> for Lines {
    type Error = LinesError;

    fn encode(&mut self, signal: Signal, into: &mut BytesMut) -> Result<(), LinesError> {
        into.put_u8(signal.byte());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
