//! Arguments of commands: how each type of argument is read from a line, and how it is written.

use std::{fmt, str::FromStr};

use imp1822::HostAddress;
use ncp::{ByteSize, Gender, Socket};

use super::error::CommandError;
use crate::{Edition, Format, Mode, Structure, Type};

/// What an argument looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// There is none.
    Nothing,
    /// ASCII to the end of the line, spaces included.
    Text,
    /// The same, or nothing.
    OptionalText,
    /// The same, and nothing is an empty password.
    Password,
    /// Printing ASCII without spaces.
    Marker,
    /// A decimal number of 64 bits; of ALLO in RFC 542 another one may stand behind it.
    Number,
    /// A decimal number from 1 to 255.
    ByteSize,
    /// A decimal number of 32 bits, after a host's number and a comma or alone; or nothing.
    Socket,
    /// S or R.
    Gender,
    /// A letter of [`Type`].
    Type,
    /// A letter of [`Structure`].
    Structure,
    /// A letter of [`Mode`].
    Mode,
    /// A letter of [`Format`].
    Format,
}

/// A type of argument.
pub(super) trait Argument: Sized {
    /// What it looks like.
    const FORM: Form;

    /// Reads it from what stands after the command's name.
    fn read(text: Text<'_>) -> Result<Self, CommandError>;

    /// Writes it, with a space before it if there is anything to write.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// What stands after a command's name and the spaces behind that.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    /// The command.
    pub(super) name: &'static str,
    /// What the argument should be, for the error.
    pub(super) wants: &'static str,
    pub(super) text: &'a str,
    /// The edition spoken here.
    pub(super) edition: Edition,
}

impl<'a> Text<'a> {
    fn syntax(self) -> CommandError {
        CommandError::Syntax { name: self.name, wants: self.wants }
    }

    fn missing(self) -> CommandError {
        CommandError::Missing { name: self.name, wants: self.wants }
    }

    /// A value that the edition has, and that is not known here.
    fn value(self) -> CommandError {
        CommandError::Value { name: self.name, edition: self.edition }
    }

    /// Makes sure that there is no argument.
    pub(super) fn nothing(self) -> Result<(), CommandError> {
        if self.text.is_empty() { Ok(()) } else { Err(self.syntax()) }
    }

    /// A string, in which spaces at the end count.
    fn string(self) -> Result<Option<String>, CommandError> {
        if !self.text.is_ascii() || self.text.contains(['\r', '\n']) {
            return Err(self.syntax());
        }
        Ok((!self.text.is_empty()).then(|| self.text.to_owned()))
    }

    /// An argument in which spaces mean nothing.
    fn word(self) -> Result<&'a str, CommandError> {
        match self.text.trim_end_matches(' ') {
            "" => Err(self.missing()),
            word => Ok(word),
        }
    }

    fn number<N: FromStr>(self) -> Result<N, CommandError> {
        decimal(self.word()?).ok_or(self.syntax())
    }

    fn letter<T>(self, read: fn(char) -> Option<T>) -> Result<T, CommandError> {
        let mut letters = self.word()?.chars();
        match (letters.next().and_then(read), letters.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(self.syntax()),
        }
    }
}

/// A decimal number: digits and nothing else. (`parse` alone would take a plus sign.)
fn decimal<N: FromStr>(text: &str) -> Option<N> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

impl Argument for String {
    const FORM: Form = Form::Text;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        text.string()?.ok_or(text.missing())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(" ")?;
        f.write_str(self)
    }
}

impl Argument for Option<String> {
    const FORM: Form = Form::OptionalText;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        text.string()
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|text| write!(f, " {text}"))
    }
}

/// A password. Its `Debug` form does not show it (RFC 385, 16).
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// What is shown in the place of a password.
    pub const MASK: &str = "XXXX";

    /// The password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Password {
    fn from(password: T) -> Self {
        Password(password.into())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Password::MASK)
    }
}

impl Argument for Password {
    const FORM: Form = Form::Password;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        Ok(Password(text.string()?.unwrap_or_default()))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " {}", self.0) }
    }
}

/// A restart marker: printing ASCII without spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker(String);

impl Marker {
    /// The marker as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Argument for Marker {
    const FORM: Form = Form::Marker;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        let word = text.word()?;
        if word.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Marker(word.to_owned()))
        } else {
            Err(text.syntax())
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.0)
    }
}

/// What ALLO wants reserved: so many bytes, and in RFC 542 perhaps records of so many at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    /// How many bytes the file has at most.
    pub bytes: u64,
    /// How many bytes a record has at most, if that is said.
    pub record: Option<u64>,
}

impl Argument for Allocation {
    const FORM: Form = Form::Number;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        let mut words = text.word()?.split(' ').filter(|word| !word.is_empty());
        let with_records = text.edition == Edition::Rfc542;
        let (bytes, record) = match (words.next(), words.next(), words.next(), words.next()) {
            (Some(bytes), None, ..) => (decimal(bytes), None),
            (Some(bytes), Some("R" | "r"), Some(record), None) if with_records => {
                (decimal(bytes), Some(decimal(record).ok_or(text.syntax())?))
            }
            _ => (None, None),
        };
        bytes.map(|bytes| Allocation { bytes, record }).ok_or(text.syntax())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.bytes)?;
        self.record.iter().try_for_each(|record| write!(f, " R {record}"))
    }
}

impl Argument for ByteSize {
    const FORM: Form = Form::ByteSize;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        ByteSize::new(text.number()?).ok_or(text.syntax())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.bits())
    }
}

/// A socket as SOCK names it: `69,1024`, or `1024` for one on the user's own host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedSocket {
    /// The host, if it is named.
    pub host: Option<HostAddress>,
    /// The socket.
    pub socket: Socket,
}

impl Argument for NamedSocket {
    const FORM: Form = Form::Socket;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        let word = text.word()?;
        let socket = |digits: &str| decimal(digits.trim_matches(' ')).map(|n: u32| Socket::from(n));
        let named = match word.split_once(',') {
            None => socket(word).map(|socket| NamedSocket { host: None, socket }),
            Some((host, rest)) => decimal::<u8>(host.trim_matches(' '))
                .zip(socket(rest))
                .map(|(host, socket)| NamedSocket { host: Some(HostAddress::from(host)), socket }),
        };
        named.ok_or(text.syntax())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host {
            Some(host) => write!(f, " {host},{}", self.socket.number()),
            None => write!(f, " {}", self.socket.number()),
        }
    }
}

/// Nothing is the default (RFC 354, V.B).
impl Argument for Option<NamedSocket> {
    const FORM: Form = Form::Socket;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        let is_empty = text.text.trim_end_matches(' ').is_empty();
        if is_empty { Ok(None) } else { NamedSocket::read(text).map(Some) }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|named| named.write(f))
    }
}

impl Argument for Gender {
    const FORM: Form = Form::Gender;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        text.letter(|letter| match letter.to_ascii_uppercase() {
            'S' => Some(Gender::Send),
            'R' => Some(Gender::Receive),
            _ => None,
        })
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Gender::Send => " S",
            Gender::Receive => " R",
        })
    }
}

impl Argument for Type {
    const FORM: Form = Form::Type;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        if text.edition == Edition::Rfc542 {
            return type_of_542(text);
        }
        let kind = text.letter(Type::from_letter)?;
        // RFC 454 has made FORM of what P and F are.
        let is_print_file = matches!(kind, Type::PrintAscii | Type::PrintEbcdic);
        let has_form = matches!(text.edition, Edition::Rfc454 | Edition::Rfc478);
        if is_print_file && has_form { Err(text.syntax()) } else { Ok(kind) }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.letter())
    }
}

/// TYPE of RFC 542, whose second parameter says how text is printed, or how wide a local byte is. What no type here stands for
/// is told from what the edition has not.
fn type_of_542(text: Text<'_>) -> Result<Type, CommandError> {
    let upper = text.word()?.to_ascii_uppercase();
    let mut words = upper.split(' ').filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (Some("A"), None | Some("N"), None) => Ok(Type::Ascii),
        (Some("A"), Some("C"), None) => Ok(Type::PrintAscii),
        (Some("E"), None | Some("N"), None) => Ok(Type::Ebcdic),
        (Some("E"), Some("C"), None) => Ok(Type::PrintEbcdic),
        (Some("I"), None, None) => Ok(Type::Image),
        (Some("A" | "E"), Some("T"), None) => Err(text.value()),
        (Some("L"), Some(size), None) if decimal::<u8>(size).is_some_and(|bits| bits > 0) => {
            Err(text.value())
        }
        _ => Err(text.syntax()),
    }
}

impl Argument for Structure {
    const FORM: Form = Form::Structure;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        text.letter(Structure::from_letter)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.letter())
    }
}

impl Argument for Mode {
    const FORM: Form = Form::Mode;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        if text.edition != Edition::Rfc542 {
            return text.letter(Mode::from_letter);
        }
        // C, compressed, is in the place of T and H.
        match text.letter(|letter| Some(letter.to_ascii_uppercase()))? {
            'S' => Ok(Mode::Stream),
            'B' => Ok(Mode::Block),
            'C' => Err(text.value()),
            _ => Err(text.syntax()),
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.letter())
    }
}

impl Argument for Format {
    const FORM: Form = Form::Format;

    fn read(text: Text<'_>) -> Result<Self, CommandError> {
        text.letter(Format::from_letter)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.letter())
    }
}
