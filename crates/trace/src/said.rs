//! What a part of a message is, in the notation of the scenario language. It is kept as it was sent, and put into words only
//! where somebody reads them: most messages of a run are looked at for what they are about, and not read.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Range;

use imp1822::Link;
use machine::{BitReader, Bits};
use ncp::{ByteSize, Command, Header, Socket};

use crate::secrets::Place;

/// At most this many bytes of data are quoted.
const QUOTED: usize = 28;

/// How many characters what is said takes at most, as a rule.
const USUAL: usize = 72;

/// So many letters the name of a control command has.
const NAME: usize = 3;

/// At most this many bytes of another size than eight bits are shown.
const NUMBERS: u16 = 4;

/// What a part of a message is. Printed, it is in the notation of the scenario language, without passwords.
#[derive(Debug, Clone)]
pub struct Said(Kind);

#[derive(Debug, Clone)]
enum Kind {
    /// It is in words already.
    Words(Cow<'static, str>),
    /// A line of a dialogue: these bytes of a message. It may go on in the next one.
    Line { message: Bits, bytes: Range<usize>, goes_on: bool },
    /// What a server says on the link of a contact: a socket number.
    Number(Link, Socket),
    /// A control command.
    Command(Command),
    /// Data on a link, in this message, whose text begins at this place.
    Data(Link, Bits, Place),
}

impl Said {
    /// What is in words already.
    pub(crate) fn in_words(words: impl Into<Cow<'static, str>>) -> Self {
        Said(Kind::Words(words.into()))
    }

    /// A line of a dialogue: these bytes of a message, in which there is no password. `goes_on`: perhaps in the next one.
    pub(crate) fn line(message: Bits, bytes: Range<usize>, goes_on: bool) -> Self {
        Said(Kind::Line { message, bytes, goes_on })
    }

    /// A line of a dialogue, with a mask for each password.
    pub(crate) fn masked_line(line: &[u8], goes_on: bool) -> Self {
        let mut words = String::with_capacity(line.len() + '…'.len_utf8());
        // Writing to a String cannot fail.
        let _ = write_line(&mut words, line, goes_on);
        Said::in_words(words)
    }

    /// The number of a socket, said on the link of a contact.
    pub(crate) fn number(link: Link, number: Socket) -> Self {
        Said(Kind::Number(link, number))
    }

    /// A control command.
    pub(crate) fn command(command: Command) -> Self {
        Said(Kind::Command(command))
    }

    /// Data on a link, in this message. `place`: where on its line its text begins, if it may hold a password.
    pub(crate) fn data(link: Link, message: Bits, place: Place) -> Self {
        Said(Kind::Data(link, message, place))
    }

    /// Whether its words may hold a text, as far as that is known before it is put into words.
    pub fn may_hold(&self, text: &str) -> bool {
        match &self.0 {
            // Its only capital letters are the three of its name, and nearly all that is looked for is of programs, who shout.
            Kind::Command(command) if !matches!(command, Command::Err { .. }) => {
                text.bytes().filter(u8::is_ascii_uppercase).count() <= NAME
            }
            Kind::Command(_) | Kind::Words(_) | Kind::Line { .. } | Kind::Number(..) | Kind::Data(..) => true,
        }
    }

    /// Its words, if it is kept in them: most lines are.
    pub fn as_words(&self) -> Option<&str> {
        match &self.0 {
            Kind::Words(words) => Some(words),
            Kind::Line { message, bytes, goes_on: false } => plain(&message.bytes()[bytes.clone()]),
            Kind::Line { .. } | Kind::Number(..) | Kind::Command(_) | Kind::Data(..) => None,
        }
    }

    /// The same in words.
    pub fn into_words(self) -> String {
        match self.0 {
            Kind::Words(words) => words.into_owned(),
            Kind::Line { .. } | Kind::Number(..) | Kind::Command(_) | Kind::Data(..) => self.words(),
        }
    }

    /// The same in words.
    pub fn words(&self) -> String {
        let mut words = String::with_capacity(USUAL);
        // Writing to a String cannot fail.
        let _ = match &self.0 {
            // Most of what is read is lines.
            Kind::Line { message, bytes, goes_on } => {
                write_line(&mut words, &message.bytes()[bytes.clone()], *goes_on)
            }
            Kind::Words(words_already) => words.write_str(words_already),
            Kind::Number(..) | Kind::Command(_) | Kind::Data(..) => write!(words, "{self}"),
        };
        words
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Words(words) => f.write_str(words),
            Kind::Line { message, bytes, goes_on } => {
                write_line(f, &message.bytes()[bytes.clone()], *goes_on)
            }
            Kind::Number(link, number) => write!(f, "link {link} socket number {number}"),
            Kind::Command(command @ Command::Err { data, .. }) => {
                // A complaint with the ten bytes that it is about.
                write!(f, "{command} ")?;
                data.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Kind::Command(command) => command.fmt(f),
            Kind::Data(link, message, place) => match Header::split(message) {
                Ok((header, text)) => {
                    let is_of_bytes = header.size == ByteSize::EIGHT.bits();
                    let bytes = if is_of_bytes { bytes_of(text.clone()) } else { Cow::default() };
                    let bytes = place.mask(&bytes).0.map_or(bytes, Cow::Owned);
                    write_data(f, *link, header, text, &bytes)
                }
                Err(error) => write!(f, "link {link}: {error}"),
            },
        }
    }
}

/// A line of a dialogue. One that goes on in the next message ends with an ellipsis.
fn write_line(into: &mut impl Write, line: &[u8], goes_on: bool) -> fmt::Result {
    match plain(line) {
        Some(plain) => into.write_str(plain)?,
        None => line.iter().try_for_each(|byte| into.write_char(visible(*byte)))?,
    }
    if goes_on { into.write_char('…') } else { Ok(()) }
}

/// A line of a dialogue as it is, if all of it can be shown.
fn plain(line: &[u8]) -> Option<&str> {
    // Many at once, without a look at where.
    let is_shown = line.iter().fold(true, |so_far, byte| so_far & is_plain(*byte));
    if is_shown { str::from_utf8(line).ok() } else { None }
}

/// Data as one line: how much there is, and how it begins. `bytes`: those of eight bits, as they may be shown.
/// Bytes of eight bits are quoted, others are numbers: in octal if their digits fit the byte, as in a word of 36 bits, else in
/// hexadecimal.
fn write_data(
    into: &mut impl Write,
    link: Link,
    header: Header,
    text: BitReader<'_>,
    bytes: &[u8],
) -> fmt::Result {
    write!(into, "link {link} data {} x {} bits", header.count, header.size)?;
    if header.size == 8 && header.count > 0 {
        into.write_str(" \"")?;
        bytes.iter().take(QUOTED).try_for_each(|byte| into.write_char(visible_in_quotes(*byte)))?;
        into.write_str(if bytes.len() > QUOTED { "…\"" } else { "\"" })?;
    } else if header.size <= 64 && header.count > 0 {
        let mut numbers = text;
        for _ in 0..header.count.min(NUMBERS) {
            // The text is as long as its header says.
            let Ok(number) = numbers.take(header.size.into()) else { break };
            if header.size.is_multiple_of(3) {
                write!(into, " 0o{number:o}")?;
            } else {
                write!(into, " 0x{number:x}")?;
            }
        }
        into.write_str(if header.count > NUMBERS { " …" } else { "" })?;
    }
    Ok(())
}

/// What is left of a text, as bytes.
pub(crate) fn bytes_of(mut text: BitReader<'_>) -> Cow<'_, [u8]> {
    match text.as_bytes() {
        Some(bytes) => Cow::Borrowed(bytes),
        None => {
            let mut bytes = Vec::new();
            text.drain_into(&mut bytes);
            Cow::Owned(bytes)
        }
    }
}

/// A character as it can be shown. The ends of lines stay, Telnet signals become a middle dot.
fn visible(byte: u8) -> char {
    if is_plain(byte) { char::from(byte) } else { '·' }
}

/// Whether a byte is shown as the character that it is.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | 32..=126)
}

/// As [`visible`], but on one line: ends of lines become a sign of their own.
fn visible_in_quotes(byte: u8) -> char {
    match byte {
        b'\r' => '␍',
        b'\n' => '␊',
        _ => visible(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ncp::ErrorCode;

    fn commands() -> [Command; 14] {
        let (receive, send, link) = (Socket::from(65540), Socket::from(65539), Link::from(2));
        [
            Command::Nop,
            Command::Rts { receive, send, link },
            Command::Str { send, receive, size: 8 },
            Command::Cls { mine: send, yours: receive },
            Command::All { link, messages: 8, bits: 16000 },
            Command::Gvb { link, messages: 64, bits: 128 },
            Command::Ret { link, messages: 4, bits: 8000 },
            Command::Inr { link },
            Command::Ins { link },
            Command::Eco { data: 42 },
            Command::Erp { data: 42 },
            Command::Err { code: ErrorCode::IllegalOpcode, data: [255; 10] },
            Command::Rst,
            Command::Rrp,
        ]
    }

    #[test]
    fn no_text_that_is_in_the_words_of_a_command_is_thought_not_to_be_there() {
        for said in commands().map(Said::command) {
            let words = said.words();
            for (first, last) in (0..=words.len()).flat_map(|a| (a..=words.len()).map(move |b| (a, b))) {
                assert!(said.may_hold(&words[first..last]), "{:?} in {words:?}", &words[first..last]);
            }
        }
        let shouted = commands().map(|command| Said::command(command).may_hold("255 SOCK"));
        assert_eq!(shouted.iter().filter(|may| **may).count(), 1, "only that of an ERR is looked through");
    }

    #[test]
    fn a_line_that_can_be_shown_as_it_is_is_lent_and_any_other_put_into_words() {
        let said = |text: &[u8], goes_on| Said::line(Bits::from_bytes(text), 0..text.len(), goes_on);
        assert_eq!(said(b"LSTN R", false).as_words(), Some("LSTN R"));
        for (text, goes_on, words) in [(&b"LSTN"[..], true, "LSTN\u{2026}"), (b"A\xf1B", false, "A\u{b7}B")] {
            assert_eq!(
                (said(text, goes_on).as_words(), said(text, goes_on).words()),
                (None, words.to_owned())
            );
        }
    }
}
