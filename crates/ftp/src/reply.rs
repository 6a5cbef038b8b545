//! Replies: a code of three digits for programs, and text for people.

mod codes;

use std::fmt;

use ncp::Socket;

use crate::Edition;

pub use codes::CodeRow;

/// A reply's code (RFC 354, IV.B). A code that no document assigns is kept as it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyCode(u16);

/// What the first digit of a code says (RFC 354, IV.B.a).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// 0xx: news, neither good nor bad.
    News,
    /// 1xx: the answer to a question about status.
    Status,
    /// 2xx: it worked.
    Positive,
    /// 3xx: more is wanted before anything can happen.
    Incomplete,
    /// 4xx: understood, but it did not work.
    Failure,
    /// 5xx: not understood, or not fitting, and ignored.
    Ignored,
    /// 6xx to 9xx: reserved, and by RFC 385, 17 for experiments (900 up).
    Reserved,
}

impl ReplyCode {
    /// The code of the given number, or `None` if it has more than three digits.
    pub const fn new(number: u16) -> Option<Self> {
        if number < 1000 { Some(ReplyCode(number)) } else { None }
    }

    /// The number.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The code with which a server's line begins, or as much of the line as shows it, and whether a hyphen follows: then the line
    /// begins a reply of many lines, which the same code ends (RFC 454, IV.B). `None` if it is text.
    pub fn of_line(line: &[u8]) -> Option<(Self, bool)> {
        let (digits, rest) = line.split_at_checked(3)?;
        let is_code = digits.iter().all(u8::is_ascii_digit)
            && matches!(rest.first(), None | Some(b' ' | b'\t' | b'-' | b'\r'));
        let number = digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit.wrapping_sub(b'0')));
        if is_code { Some((ReplyCode(number), rest.first() == Some(&b'-'))) } else { None }
    }

    /// The three digits, as they are sent.
    fn digits(self) -> [u8; 3] {
        [self.0 / 100, self.0 / 10 % 10, self.0 % 10].map(|digit| b'0' + digit as u8)
    }

    /// What the first digit says.
    pub const fn class(self) -> Class {
        match self.0 / 100 {
            0 => Class::News,
            1 => Class::Status,
            2 => Class::Positive,
            3 => Class::Incomplete,
            4 => Class::Failure,
            5 => Class::Ignored,
            _ => Class::Reserved,
        }
    }
}

impl fmt::Display for ReplyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl fmt::Debug for ReplyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: ReplyCode,
    text: String,
    more: Vec<String>,
}

/// How the words of [`Reply::of_transfer`] begin, and how they end.
const COUNTS: &str = "transfer complete, ";
const UNIT: &str = "byte";
const OVER_CONNECTION: &str = " over the data connection";

/// What stands before the command that a reply is about, if it says so; a bracket closes behind it.
const ABOUT: &str = " (";

impl Reply {
    /// A reply of one line. The text is ASCII without CR and LF.
    pub fn new(code: ReplyCode, text: impl Into<String>) -> Self {
        Reply { code, text: text.into(), more: Vec::new() }
    }

    /// The reply with one more line of text.
    #[must_use]
    pub fn and(mut self, line: impl Into<String>) -> Self {
        self.more.push(line.into());
        self
    }

    /// The 255 reply that names a server's data socket (RFC 354, IV.B).
    pub fn of_data_socket(socket: Socket) -> Self {
        Reply::new(ReplyCode::DATA_SOCKET, ["SOCK ", &socket.number().to_string()].concat())
    }

    /// The 252 reply that ends a transfer and says how many bytes of 8 bits passed over the data connection: of the
    /// connection, not of the file, which may hold fewer or more where it lies. The documents leave the text to each
    /// server (RFC 354, IV.B); this one is worded so that no other is taken for it.
    pub fn of_transfer(bytes: u64) -> Self {
        let unit = if bytes == 1 { "byte" } else { "bytes" };
        Reply::new(
            ReplyCode::TRANSFER_DONE,
            [COUNTS, &bytes.to_string(), " ", unit, OVER_CONNECTION].concat(),
        )
    }

    /// The further line in which this server's answer to STAT says that nothing is under way (RFC 414, 4, leaves the words to
    /// each server; these are so that no other's are taken for them).
    pub const NO_TRANSFER: &str = "no transfer is in progress";

    /// The code.
    pub fn code(&self) -> ReplyCode {
        self.code
    }

    /// The text of the first line, the only one that a program may look at.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, line by line.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_str()).chain(self.more.iter().map(String::as_str))
    }

    /// The lines as they are sent, without CR LF. Further lines begin with the three spaces that RFC 354,
    /// IV.B asks for; these also satisfy RFC 414, 2, by which they need only not begin with a digit.
    pub fn wire_lines(&self) -> impl Iterator<Item = String> {
        let digits = self.code.digits();
        let code = str::from_utf8(&digits).unwrap_or_default();
        let further = self.more.iter().map(|line| ["   ", line].concat());
        std::iter::once([code, " ", &self.text].concat()).chain(further)
    }

    /// The lines as a server of this edition sends them: of RFC 414's with [`wire_lines`](Reply::wire_lines); of RFC 454 and what
    /// came after it (RFC 454, IV.B), a first line with a hyphen behind the code, and a last one that repeats the code.
    pub fn wire_lines_of(&self, edition: Edition) -> Vec<String> {
        let mut lines: Vec<String> = self.wire_lines().collect();
        let has_hyphens = match edition {
            Edition::Rfc354 | Edition::Rfc438 => false,
            Edition::Rfc454 | Edition::Rfc478 | Edition::Rfc542 => true,
        };
        if let ([first, .., last], true) = (lines.as_mut_slice(), has_hyphens) {
            first.replace_range(3..4, "-");
            last.replace_range(..3, &self.code.to_string());
            // One space behind the code, as on every line that ends a reply.
            last.insert(3, ' ');
        }
        lines
    }

    /// The same reply, with what it is about behind its text.
    #[must_use]
    pub(crate) fn about(self, what: &str) -> Self {
        Reply { text: [&self.text, ABOUT, what, ")"].concat(), ..self }
    }

    /// The same reply with another code.
    #[must_use]
    pub fn coded(self, code: ReplyCode) -> Self {
        Reply { code, ..self }
    }

    /// The server's data socket, if this is a 255 reply and names one.
    pub fn data_socket(&self) -> Option<Socket> {
        if self.code != ReplyCode::DATA_SOCKET {
            return None;
        }
        let mut words = self.text.split_ascii_whitespace();
        let sock = words.next()?;
        let number = words.next()?;
        // `parse` alone would take a plus sign.
        if !sock.eq_ignore_ascii_case("SOCK") || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        number.parse::<u32>().ok().map(Socket::from)
    }

    /// How many bytes of 8 bits passed over the data connection, if this is a 252 reply, or a 257, in the words of
    /// [`of_transfer`](Reply::of_transfer). What other servers say of bytes may be of anything, and is no count.
    pub fn bytes_transferred(&self) -> Option<u64> {
        if !self.ends_transfer() {
            return None;
        }
        let (counted, about) = self.text.strip_prefix(COUNTS)?.split_once(OVER_CONNECTION)?;
        let (count, unit) = counted.split_once(' ')?;
        let is_whole = about.is_empty() || about.starts_with(ABOUT) && about.ends_with(')');
        let is_ours = matches!(unit, "byte" | "bytes") && is_whole;
        // `parse` alone would take a plus sign.
        if !is_ours || !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        count.parse().ok()
    }

    /// Whether this says that a transfer is complete: 252, or 257 of RFC 542.
    const fn ends_transfer(&self) -> bool {
        matches!(self.code, ReplyCode::TRANSFER_DONE | ReplyCode::DATA_CLOSING)
    }

    /// Whether this is a 252 reply that begins or goes on in the words of [`of_transfer`](Reply::of_transfer), and whose
    /// count can all the same not be read: a piece of the line is missing, or is there twice.
    pub fn has_garbled_count(&self) -> bool {
        let counts = self.text.strip_prefix(COUNTS).is_some_and(|rest| {
            let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            // Another server may count something else than bytes.
            let is_another = |c: char| c.is_ascii_alphabetic() && !UNIT.starts_with(c);
            unit.len() < rest.len() && !unit.trim_start().starts_with(is_another)
        });
        let is_ours = counts || self.text.contains(OVER_CONNECTION);
        self.ends_transfer() && is_ours && self.bytes_transferred().is_none()
    }
}

/// As it is sent, its lines separated by line feeds.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)?;
        self.more.iter().try_for_each(|line| write!(f, "\n   {line}"))
    }
}

/// What a line from a server brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A reply.
    Reply(Reply),
    /// More text for the reply before, if there is one, of interest to people only (RFC 354, IV.B).
    More(String),
}

/// Why a server's line is no part of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// A reply in RFC 454's form does not end.
    #[error("a reply goes on for more than {0} lines")]
    TooManyLines(usize),
}

/// Makes replies of a server's lines, in any of the forms of the period:
///
/// - A line `100 text` is a reply, at once: nothing can be waited for. Lines after it that do not begin with a
///   code belong to it (three spaces in RFC 354, IV.B; any non-digit in RFC 414, 2) and come out as
///   [`Heard::More`]. So does what a server writes before its first reply, as some announce their system.
/// - `100-text` begins a reply that ends with the next `100 text` (RFC 454, IV.B) and comes out whole.
#[derive(Debug, Clone)]
pub struct ReplyReader {
    limit: usize,
    state: Reading,
}

#[derive(Debug, Clone)]
enum Reading {
    /// Not inside a reply.
    Between,
    /// Inside a reply of RFC 454's form.
    Inside(Reply),
}

impl Default for ReplyReader {
    fn default() -> Self {
        ReplyReader::new(256)
    }
}

impl ReplyReader {
    /// A reader of replies of at most `limit` lines.
    pub fn new(limit: usize) -> Self {
        ReplyReader { limit, state: Reading::Between }
    }

    /// Takes a line, without its CR LF; `None` if the reply is not over. After an error the reader goes on
    /// with the next line that has a code.
    pub fn line(&mut self, line: &str) -> Result<Option<Heard>, ReplyError> {
        match (std::mem::replace(&mut self.state, Reading::Between), split_code(line)) {
            // The line that ends the long reply repeats its code.
            (Reading::Inside(reply), Some((code, false, text))) if code == reply.code => {
                Ok(Some(Heard::Reply(reply.and(text))))
            }
            // Anything else inside is its text, be it a code: the documents forbid it, but people write so.
            (Reading::Inside(reply), _) => {
                // Its first line, the further ones, this one, and the last that is still to come.
                if reply.more.len() + 3 > self.limit {
                    return Err(ReplyError::TooManyLines(self.limit));
                }
                self.state = Reading::Inside(reply.and(line));
                Ok(None)
            }
            (Reading::Between, Some((code, true, text))) => {
                self.state = Reading::Inside(Reply::new(code, text));
                Ok(None)
            }
            (Reading::Between, Some((code, false, text))) => Ok(Some(Heard::Reply(Reply::new(code, text)))),
            (Reading::Between, None) => Ok(Some(Heard::More(line.trim_start().to_owned()))),
        }
    }
}

/// The code, whether a hyphen follows it, and the text.
fn split_code(line: &str) -> Option<(ReplyCode, bool, &str)> {
    let (code, begins) = ReplyCode::of_line(line.as_bytes())?;
    // A carriage return in the middle of a line is text.
    match line.as_bytes().get(3) {
        None => Some((code, begins, "")),
        Some(b' ' | b'\t' | b'-') => Some((code, begins, &line[4..])),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
