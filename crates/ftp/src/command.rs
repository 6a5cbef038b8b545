//! Commands: what a user's program asks of a server.

use std::{fmt, str::FromStr};

use imp1822::HostAddress;
use ncp::{ByteSize, Gender, Socket};

use crate::{Edition, Mode, Reply, ReplyCode, Structure, Type};

/// A command (RFC 354, V.B; RFC 385, 13-15; RFC 414, 5; RFC 438, a).
///
/// Strings are ASCII without CR and LF, begin with no space, and are not empty where they are not optional;
/// a password may be empty. [`Display`](fmt::Display) writes the command as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `USER`: who logs in.
    User(String),
    /// `PASS`: the password that goes with the user.
    Pass(Password),
    /// `ACCT`: whom to charge (RFC 385, 15).
    Acct(String),
    /// `BYTE`: the byte size of the data connection.
    Byte(ByteSize),
    /// `SOCK`: the socket at the far end of the data connection, on the user's host unless said otherwise.
    Sock {
        /// The host, if said.
        host: Option<HostAddress>,
        /// The socket.
        socket: Socket,
    },
    /// `LSTN`: allocate a socket of this gender and use it for listening (RFC 438, a).
    Lstn(Gender),
    /// `PASV`: listen instead of initiating (RFC 478).
    Pasv,
    /// `TYPE`: the representation.
    Type(Type),
    /// `STRU`: the file's structure.
    Stru(Structure),
    /// `MODE`: the transfer mode.
    Mode(Mode),
    /// `RETR`: send a file.
    Retr(String),
    /// `STOR`: take a file in the place of what is there.
    Stor(String),
    /// `APPE`: take a file and put it behind what is there.
    Appe(String),
    /// `RNFR`: the file to be renamed.
    Rnfr(String),
    /// `RNTO`: its new name.
    Rnto(String),
    /// `DELE`: delete a file.
    Dele(String),
    /// `LIST`: send a list of files.
    List(Option<String>),
    /// `NLST`: send the bare names of files (RFC 414, 5).
    Nlst(Option<String>),
    /// `ALLO`: reserve storage for so many bytes.
    Allo(u64),
    /// `REST`: go on from this marker.
    Rest(String),
    /// `STAT`: say how things stand, or what a file is.
    Stat(Option<String>),
    /// `ABOR`: stop the transfer.
    Abor,
    /// `BYE`: log out.
    Bye,
    /// `HELP`: hints about this server (RFC 414, 5).
    Help(Option<String>),
    /// `MLFL`: take mail over the data connection, for somebody or for the site (RFC 385, 13).
    Mlfl(Option<String>),
    /// `MAIL`: take mail over the Telnet connection, for somebody or for the site (RFC 385, 14).
    Mail(Option<String>),
    /// `NOOP`: answer (RFC 454, IV.A.4; on trial since RFC 414, 11.v, and so in every edition).
    Noop,
}

/// A password. Its `Debug` form does not show it (RFC 385, 16).
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
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
        f.write_str(MASK)
    }
}

const MASK: &str = "XXXX";

/// Why a line is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no such command.
    #[error("{name} is not a command")]
    Unknown {
        /// What stands where the command should, cut to a readable length and made printable.
        name: String,
    },
    /// The argument cannot be read.
    #[error("{name} wants {wants}")]
    Syntax {
        /// The command.
        name: &'static str,
        /// What the argument should be.
        wants: &'static str,
    },
    /// The argument is missing.
    #[error("{name} wants {wants}, and there is nothing")]
    Missing {
        /// The command.
        name: &'static str,
        /// What the argument should be.
        wants: &'static str,
    },
    /// The command belongs to another edition.
    #[error("{name} is not a command of {edition}")]
    NotOfEdition {
        /// The command.
        name: &'static str,
        /// The edition spoken here.
        edition: Edition,
    },
}

impl CommandError {
    /// The code that says so to the user (RFC 354, IV.B).
    pub fn code(&self) -> ReplyCode {
        match self {
            CommandError::Unknown { .. } => ReplyCode::UNRECOGNIZED,
            CommandError::Syntax { .. } => ReplyCode::SYNTAX,
            CommandError::Missing { .. } => ReplyCode::MISSING,
            CommandError::NotOfEdition { .. } => ReplyCode::NOT_IMPLEMENTED,
        }
    }
}

impl From<&CommandError> for Reply {
    fn from(error: &CommandError) -> Self {
        Reply::new(error.code(), error.to_string())
    }
}

const BYTE_SIZE: &str = "a byte size from 1 to 255";
const SOCKET: &str = "a socket, or a host's number, a comma and a socket";
const DIRECTION: &str = "S for send or R for receive";
const PATHNAME: &str = "a pathname";
const NOTHING: &str = "no argument";

impl Command {
    /// Reads a command from a line without its CR LF.
    ///
    /// The command's name and single letters may be of either case; one or more spaces come before the
    /// argument (RFC 354, V.B). Spaces at the end of a string belong to it.
    pub fn parse(line: &str, edition: Edition) -> Result<Command, CommandError> {
        let line = line.trim_start_matches(' ');
        let (name, text) = line.split_once(' ').unwrap_or((line, ""));
        let text = text.trim_start_matches(' ');
        let unknown = || CommandError::Unknown { name: readable(name) };
        if name.len() > 4 {
            return Err(unknown());
        }
        let upper = name.to_ascii_uppercase();
        let argument = |name, wants| Argument { name, wants, text };
        let pathname = |name| argument(name, PATHNAME);
        let only = |name, wanted: &[Edition]| {
            if wanted.contains(&edition) { Ok(()) } else { Err(CommandError::NotOfEdition { name, edition }) }
        };
        Ok(match upper.as_str() {
            "USER" => Command::User(argument("USER", "a user's name").string()?),
            "PASS" => Command::Pass(argument("PASS", "a password").optional()?.unwrap_or_default().into()),
            "ACCT" => Command::Acct(argument("ACCT", "an account").string()?),
            "BYTE" => {
                let argument = argument("BYTE", BYTE_SIZE);
                Command::Byte(ByteSize::new(argument.number()?).ok_or(argument.syntax())?)
            }
            "SOCK" => argument("SOCK", SOCKET).host_socket()?,
            "LSTN" => {
                only("LSTN", &[Edition::Rfc438])?;
                Command::Lstn(argument("LSTN", DIRECTION).letter(gender)?)
            }
            "PASV" => {
                only("PASV", &[Edition::Rfc478])?;
                argument("PASV", NOTHING).nothing(Command::Pasv)?
            }
            "TYPE" => {
                Command::Type(argument("TYPE", "one of A, I, L, E, P and F").letter(Type::from_letter)?)
            }
            "STRU" => Command::Stru(argument("STRU", "F or R").letter(Structure::from_letter)?),
            "MODE" => Command::Mode(argument("MODE", "one of S, B, T and H").letter(Mode::from_letter)?),
            "RETR" => Command::Retr(pathname("RETR").string()?),
            "STOR" => Command::Stor(pathname("STOR").string()?),
            "APPE" => Command::Appe(pathname("APPE").string()?),
            "RNFR" => Command::Rnfr(pathname("RNFR").string()?),
            "RNTO" => Command::Rnto(pathname("RNTO").string()?),
            "DELE" => Command::Dele(pathname("DELE").string()?),
            "LIST" => Command::List(pathname("LIST").optional()?),
            "NLST" => Command::Nlst(pathname("NLST").optional()?),
            "ALLO" => Command::Allo(argument("ALLO", "a number of bytes").number()?),
            "REST" => Command::Rest(argument("REST", "a marker without spaces").marker()?),
            "STAT" => Command::Stat(pathname("STAT").optional()?),
            "ABOR" => argument("ABOR", NOTHING).nothing(Command::Abor)?,
            "BYE" => argument("BYE", NOTHING).nothing(Command::Bye)?,
            "HELP" => Command::Help(argument("HELP", "a command's name").optional()?),
            "MLFL" => Command::Mlfl(argument("MLFL", "users' names").optional()?),
            "MAIL" => Command::Mail(argument("MAIL", "users' names").optional()?),
            "NOOP" => argument("NOOP", NOTHING).nothing(Command::Noop)?,
            // Commands of RFC 454 that none of our editions has.
            "REIN" => return Err(CommandError::NotOfEdition { name: "REIN", edition }),
            "FORM" => return Err(CommandError::NotOfEdition { name: "FORM", edition }),
            "QUOT" => return Err(CommandError::NotOfEdition { name: "QUOT", edition }),
            "NQUO" => return Err(CommandError::NotOfEdition { name: "NQUO", edition }),
            _ => return Err(unknown()),
        })
    }

    /// The command's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Command::User(_) => "USER",
            Command::Pass(_) => "PASS",
            Command::Acct(_) => "ACCT",
            Command::Byte(_) => "BYTE",
            Command::Sock { .. } => "SOCK",
            Command::Lstn(_) => "LSTN",
            Command::Pasv => "PASV",
            Command::Type(_) => "TYPE",
            Command::Stru(_) => "STRU",
            Command::Mode(_) => "MODE",
            Command::Retr(_) => "RETR",
            Command::Stor(_) => "STOR",
            Command::Appe(_) => "APPE",
            Command::Rnfr(_) => "RNFR",
            Command::Rnto(_) => "RNTO",
            Command::Dele(_) => "DELE",
            Command::List(_) => "LIST",
            Command::Nlst(_) => "NLST",
            Command::Allo(_) => "ALLO",
            Command::Rest(_) => "REST",
            Command::Stat(_) => "STAT",
            Command::Abor => "ABOR",
            Command::Bye => "BYE",
            Command::Help(_) => "HELP",
            Command::Mlfl(_) => "MLFL",
            Command::Mail(_) => "MAIL",
            Command::Noop => "NOOP",
        }
    }

    /// The command as a transcript shows it: as it is sent, but without the password.
    pub fn masked(&self) -> impl fmt::Display + '_ {
        Masked(self)
    }
}

struct Masked<'a>(&'a Command);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Command::Pass(_) => write!(f, "PASS {MASK}"),
            other => other.fmt(f),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Command::Pass(Password(text)) if text.is_empty() => Ok(()),
            Command::User(text)
            | Command::Pass(Password(text))
            | Command::Acct(text)
            | Command::Retr(text)
            | Command::Stor(text)
            | Command::Appe(text)
            | Command::Rnfr(text)
            | Command::Rnto(text)
            | Command::Dele(text)
            | Command::Rest(text) => write!(f, " {text}"),
            Command::List(text)
            | Command::Nlst(text)
            | Command::Stat(text)
            | Command::Help(text)
            | Command::Mlfl(text)
            | Command::Mail(text) => text.iter().try_for_each(|text| write!(f, " {text}")),
            Command::Byte(size) => write!(f, " {}", size.bits()),
            Command::Sock { host: Some(host), socket } => write!(f, " {host},{}", socket.number()),
            Command::Sock { host: None, socket } => write!(f, " {}", socket.number()),
            Command::Lstn(Gender::Send) => f.write_str(" S"),
            Command::Lstn(Gender::Receive) => f.write_str(" R"),
            Command::Type(kind) => write!(f, " {}", kind.letter()),
            Command::Stru(structure) => write!(f, " {}", structure.letter()),
            Command::Mode(mode) => write!(f, " {}", mode.letter()),
            Command::Allo(bytes) => write!(f, " {bytes}"),
            Command::Pasv | Command::Abor | Command::Bye | Command::Noop => Ok(()),
        }
    }
}

/// The text after a command's name, and what it should be.
#[derive(Clone, Copy)]
struct Argument<'a> {
    name: &'static str,
    wants: &'static str,
    text: &'a str,
}

impl Argument<'_> {
    fn syntax(&self) -> CommandError {
        CommandError::Syntax { name: self.name, wants: self.wants }
    }

    fn missing(&self) -> CommandError {
        CommandError::Missing { name: self.name, wants: self.wants }
    }

    fn nothing(self, command: Command) -> Result<Command, CommandError> {
        if self.text.is_empty() { Ok(command) } else { Err(self.syntax()) }
    }

    fn string(self) -> Result<String, CommandError> {
        self.optional()?.ok_or(self.missing())
    }

    fn optional(self) -> Result<Option<String>, CommandError> {
        if !self.text.is_ascii() || self.text.contains(['\r', '\n']) {
            return Err(self.syntax());
        }
        Ok((!self.text.is_empty()).then(|| self.text.to_owned()))
    }

    /// An argument in which spaces mean nothing.
    fn word(&self) -> Result<&str, CommandError> {
        match self.text.trim_end_matches(' ') {
            "" => Err(self.missing()),
            word => Ok(word),
        }
    }

    fn number<N: FromStr>(&self) -> Result<N, CommandError> {
        decimal(self.word()?).ok_or(self.syntax())
    }

    fn letter<T>(self, read: fn(char) -> Option<T>) -> Result<T, CommandError> {
        let mut letters = self.word()?.chars();
        match (letters.next().and_then(read), letters.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(self.syntax()),
        }
    }

    fn marker(self) -> Result<String, CommandError> {
        let word = self.word()?;
        if word.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(word.to_owned())
        } else {
            Err(self.syntax())
        }
    }

    fn host_socket(self) -> Result<Command, CommandError> {
        let word = self.word()?;
        let (host, socket) = match word.split_once(',') {
            Some((host, socket)) => {
                let number: u8 = decimal(host.trim_end_matches(' ')).ok_or(self.syntax())?;
                (Some(HostAddress::from(number)), socket.trim_start_matches(' '))
            }
            None => (None, word),
        };
        let number: u32 = decimal(socket).ok_or(self.syntax())?;
        Ok(Command::Sock { host, socket: Socket::from(number) })
    }
}

/// A decimal number: digits and nothing else. (`parse` alone would take a plus sign.)
fn decimal<N: FromStr>(text: &str) -> Option<N> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn gender(letter: char) -> Option<Gender> {
    match letter.to_ascii_uppercase() {
        'S' => Some(Gender::Send),
        'R' => Some(Gender::Receive),
        _ => None,
    }
}

/// What a stranger sent, fit for a reply's text.
fn readable(name: &str) -> String {
    if name.is_empty() {
        return "an empty line".to_owned();
    }
    name.chars().take(16).flat_map(char::escape_default).collect()
}

#[cfg(test)]
mod tests;
