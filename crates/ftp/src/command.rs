//! Commands: what a user's program asks of a server. Each has one row in the table below.

mod argument;
mod error;
mod row;

use std::fmt;

use ncp::{ByteSize, Gender};

pub use argument::{Allocation, Form, Marker, NamedSocket, Password};
pub use error::CommandError;
pub use row::Help;

use crate::{Edition, Format, Mode, Structure, Type};
use argument::{Argument, Text};
use row::{EVERY, OF_454, ONLY_542, Row, SINCE_454, WITH_LSTN, WITH_MAIL, WITH_PASV};

/// What a row expands to where it matters whether the command has an argument.
macro_rules! with_argument {
    (form) => {
        Form::Nothing
    };
    (form $argument:ty) => {
        <$argument as Argument>::FORM
    };
    (read $text:ident $variant:ident) => {{
        $text.nothing()?;
        Command::$variant
    }};
    (read $text:ident $variant:ident $argument:ty) => {
        Command::$variant(<$argument>::read($text)?)
    };
    (pattern $binding:ident $variant:ident) => {
        Command::$variant
    };
    (pattern $binding:ident $variant:ident $argument:ty) => {
        Command::$variant($binding)
    };
    (write $binding:ident $f:ident) => {
        Ok(())
    };
    (write $binding:ident $f:ident $argument:ty) => {
        <$argument as Argument>::write($binding, $f)
    };
}

/// Makes the commands of rows: name, variant and its argument, what the argument should be, editions, place in HELP, meaning, and where each document has it.
macro_rules! commands {
    ($(
        $name:literal $variant:ident $(($argument:ty))?: $wants:literal,
        $editions:ident, $help:expr,
        $meaning:literal, $source:literal;
    )+) => {
        /// The name of a command.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum CommandName {
            $(#[doc = concat!("`", $name, "`: ", $meaning, " (", $source, ").")] $variant,)+
        }

        impl CommandName {
            /// Every name, in the order of the table.
            pub const ALL: &[CommandName] = &[$(CommandName::$variant),+];

            const fn row(self) -> &'static Row {
                match self {
                    $(CommandName::$variant => &Row {
                        name: $name,
                        form: with_argument!(form $($argument)?),
                        wants: $wants,
                        editions: $editions,
                        help: $help,
                        meaning: $meaning,
                        source: $source,
                    },)+
                }
            }
        }

        /// A command with its argument.
        ///
        /// Strings are ASCII without CR and LF, begin with no space, and are not empty where they are not optional;
        /// a password may be empty. [`Display`](fmt::Display) writes the command as it is sent.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Command {
            $(#[doc = concat!("`", $name, "`: ", $meaning, " (", $source, ").")] $variant $(($argument))?,)+
        }

        impl Command {
            /// The command's name.
            pub const fn name(&self) -> CommandName {
                match self {
                    $(Command::$variant { .. } => CommandName::$variant,)+
                }
            }

            fn read(name: CommandName, text: Text<'_>) -> Result<Command, CommandError> {
                Ok(match name {
                    $(CommandName::$variant => with_argument!(read text $variant $($argument)?),)+
                })
            }

            fn write_argument(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(with_argument!(pattern argument $variant $($argument)?) => {
                        with_argument!(write argument f $($argument)?)
                    })+
                }
            }
        }
    };
}

commands! {
    // Logging in.
    "USER" User(String): "a user's name", EVERY, Help::Files,
        "this user logs in",
        "RFC 354, IV.A.1, p. 14; RFC 454, IV.A.1, p. 18; RFC 542, Access Control Commands, p. 22";
    "PASS" Pass(Password): "a password", EVERY, Help::Files,
        "the password of that user",
        "RFC 354, IV.A.1, p. 14; RFC 454, IV.A.1, p. 18; RFC 542, Access Control Commands, p. 22";
    "ACCT" Acct(String): "an account", EVERY, Help::Files,
        "charge this account",
        "RFC 385, 15, p. 5; RFC 454, IV.A.1, p. 19; RFC 542, Access Control Commands, p. 22";
    "REIN" Rein: "no argument", SINCE_454, Help::Files,
        "log out, and begin anew with all parameters as they were",
        "RFC 454, IV.A.1, p. 19; RFC 542, Access Control Commands, p. 23";

    // The data connection.
    "SOCK" Sock(Option<NamedSocket>): "a socket, or a host's number, a comma and a socket", EVERY, Help::Files,
        "your partner's data socket",
        "RFC 354, IV.A.2, p. 14; RFC 438, d, pp. 2-3; RFC 454, IV.A.2, pp. 19-20; RFC 542, Transfer Parameter Commands, p. 24";
    "LSTN" Lstn(Gender): "S for send or R for receive", WITH_LSTN, Help::Files,
        "set a socket of this gender aside, and listen on it",
        "RFC 438, a, p. 2; RFC 454, IV.A.2, p. 20";
    "PASV" Pasv: "no argument", WITH_PASV, Help::Files,
        "listen instead of asking for the data connection",
        "RFC 478, p. 1; RFC 542, Transfer Parameter Commands, p. 24";

    // Files.
    "RETR" Retr(String): "a pathname", EVERY, Help::Files,
        "send this file",
        "RFC 354, IV.A.3, p. 16; RFC 454, IV.A.3, p. 21; RFC 542, FTP Service Commands, p. 25";
    "STOR" Stor(String): "a pathname", EVERY, Help::Files,
        "store what you receive",
        "RFC 354, IV.A.3, p. 16; RFC 454, IV.A.3, p. 21; RFC 542, FTP Service Commands, p. 26";
    "APPE" Appe(String): "a pathname", EVERY, Help::Files,
        "append what you receive",
        "RFC 354, IV.A.3, p. 16; RFC 454, IV.A.3, p. 21; RFC 542, FTP Service Commands, p. 26";
    "DELE" Dele(String): "a pathname", EVERY, Help::Files,
        "delete this file",
        "RFC 354, IV.A.3, p. 16; RFC 454, IV.A.3, p. 22; RFC 542, FTP Service Commands, p. 27";
    "LIST" List(Option<String>): "a pathname", EVERY, Help::Files,
        "send a list of files",
        "RFC 354, IV.A.3, p. 16; RFC 414, 4, p. 3; RFC 454, IV.A.3, p. 22; RFC 542, FTP Service Commands, p. 27";
    "NLST" Nlst(Option<String>): "a pathname", EVERY, Help::Files,
        "send the names of files",
        "RFC 414, 5, p. 3; RFC 454, IV.A.3, pp. 22-23; RFC 542, FTP Service Commands, p. 27";
    "RNFR" Rnfr(String): "a pathname", EVERY, Help::Files,
        "this file is to be renamed",
        "RFC 354, IV.A.3, p. 16; RFC 454, IV.A.3, p. 22; RFC 542, FTP Service Commands, p. 27";
    "RNTO" Rnto(String): "a pathname", EVERY, Help::Files,
        "its new name",
        "RFC 354, IV.A.3, pp. 15-16; RFC 454, IV.A.3, p. 22; RFC 542, FTP Service Commands, p. 27";
    "ALLO" Allo(Allocation): "a number of bytes", EVERY, Help::Others,
        "reserve storage for this many bytes",
        "RFC 354, IV.A.3, p. 16; RFC 454, IV.A.3, pp. 21-22; RFC 542, FTP Service Commands, p. 26";
    "REST" Rest(Marker): "a marker without spaces", EVERY, Help::Absent,
        "go on from this marker",
        "RFC 354, IV.A.3, pp. 16-17; RFC 454, IV.A.3, p. 22; RFC 542, FTP Service Commands, p. 26";
    "ABOR" Abor: "no argument", EVERY, Help::Others,
        "stop the transfer",
        "RFC 354, IV.A.3, p. 17; RFC 454, IV.A.3, p. 22; RFC 542, FTP Service Commands, p. 27";

    // Mail.
    "MLFL" Mlfl(Option<String>): "users' names", WITH_MAIL, Help::Absent,
        "take mail over the data connection, for these users or for the site",
        "RFC 385, 13, p. 4; RFC 454, IV.A.3, p. 23";
    "MAIL" Mail(Option<String>): "users' names", WITH_MAIL, Help::Absent,
        "take mail over this connection, for these users or for the site",
        "RFC 385, 14, pp. 4-5; RFC 454, IV.A.3, p. 24";

    // The server itself.
    "STAT" Stat(Option<String>): "a pathname", EVERY, Help::Others,
        "say how things stand, or what this file is",
        "RFC 354, IV.A.3, p. 17; RFC 414, 4, p. 3; RFC 454, IV.A.3, p. 23; RFC 542, FTP Service Commands, p. 28";
    "HELP" Help(Option<String>): "a command's name", EVERY, Help::Others,
        "say what this server can do",
        "RFC 414, 5, p. 3; RFC 454, IV.A.3, p. 23; RFC 542, FTP Service Commands, p. 28";
    "NOOP" Noop: "no argument", EVERY, Help::Others,
        "answer",
        "RFC 414, 11, v, p. 5; RFC 454, IV.A.4, p. 24; RFC 542, FTP Service Commands, p. 28";
    "QUOT" Quot: "no argument", OF_454, Help::Others,
        "what follows is passed on by the user's program as it is typed",
        "RFC 454, IV.A.4, p. 24";
    "NQUO" Nquo: "no argument", OF_454, Help::Others,
        "the user's program reads again what is typed",
        "RFC 454, IV.A.4, p. 24";
    "SITE" Site(String): "what the site offers by itself", ONLY_542, Help::Absent,
        "a service of this site, as HELP SITE says",
        "RFC 542, FTP Service Commands, p. 28";
    "XCWD" Xcwd(String): "a directory", ONLY_542, Help::Absent,
        "work with this directory",
        "RFC 542, Miscellaneous Commands, p. 29";
    "BYE" Bye: "no argument", EVERY, Help::Others,
        "log out",
        "RFC 354, IV.A.3, p. 17; RFC 454, IV.A.1, p. 19; RFC 542, Access Control Commands, p. 23";

    // The parameters of a transfer.
    "TYPE" Type(Type): "one of A, I, L, E, P and F", EVERY, Help::Only("A or I"),
        "the representation of files",
        "RFC 354, IV.A.2, p. 15; RFC 385, 3, pp. 1-2; RFC 454, IV.A.2, p. 20; RFC 542, Transfer Parameter Commands, p. 24";
    "BYTE" Byte(ByteSize): "a byte size from 1 to 255", EVERY, Help::Only("8"),
        "the byte size of the data connection",
        "RFC 354, IV.A.2, p. 14; RFC 454, IV.A.2, p. 19; RFC 542, Transfer Parameter Commands, p. 23";
    "MODE" Mode(Mode): "one of S, B, T and H", EVERY, Help::Only("S"),
        "the transfer mode",
        "RFC 354, IV.A.2, p. 15; RFC 454, IV.A.2, pp. 20-21; RFC 542, Transfer Parameter Commands, p. 25";
    "STRU" Stru(Structure): "F or R", EVERY, Help::Only("F"),
        "the structure of files",
        "RFC 354, IV.A.2, p. 15; RFC 454, IV.A.2, p. 20; RFC 542, Transfer Parameter Commands, p. 25";
    "FORM" Form(Format): "U or P", OF_454, Help::Only("U"),
        "the format of text",
        "RFC 454, IV.A.2, p. 20";
}

impl CommandName {
    /// The command of that name, of either case.
    pub fn from_word(word: &str) -> Option<Self> {
        CommandName::ALL.iter().copied().find(|name| name.as_str().eq_ignore_ascii_case(word))
    }

    /// The name as it is sent, in capitals.
    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// What the argument looks like.
    pub const fn form(self) -> Form {
        self.row().form
    }

    /// What the argument should be. Of TYPE and MODE all that any edition has; [`wants_in`](CommandName::wants_in) says what one
    /// of them has.
    pub const fn wants(self) -> &'static str {
        self.row().wants
    }

    /// What the argument should be in this edition.
    pub const fn wants_in(self, edition: Edition) -> &'static str {
        match (self, edition) {
            (CommandName::Type, Edition::Rfc454 | Edition::Rfc478) => "one of A, I, L and E",
            (CommandName::Type, Edition::Rfc542) => {
                "A or E and one of N, T and C, or I, or L and a byte size"
            }
            (CommandName::Mode, Edition::Rfc542) => "one of S, B and C",
            (CommandName::Allo, Edition::Rfc542) => {
                "a number of bytes, and R and that of a record if there are any"
            }
            _ => self.wants(),
        }
    }

    /// The editions that have the command.
    pub const fn editions(self) -> &'static [Edition] {
        self.row().editions
    }

    /// Whether the edition has the command.
    pub fn is_of(self, edition: Edition) -> bool {
        self.editions().contains(&edition)
    }

    /// Where the server's HELP names the command.
    pub const fn help(self) -> Help {
        self.row().help
    }

    /// What the command asks of the server, in plain words.
    pub const fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// Document, section and page, of each document that has the command; the oldest first. They are set apart by semicolons, and
    /// those of one edition stand together.
    pub const fn source(self) -> &'static str {
        self.row().source
    }
}

impl fmt::Display for CommandName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Command {
    /// Reads a command from a line without its CR LF.
    ///
    /// The command's name and single letters may be of either case; one or more spaces come before the
    /// argument (RFC 354, V.B). Spaces at the end of a string belong to it.
    pub fn parse(line: &str, edition: Edition) -> Result<Command, CommandError> {
        let line = line.trim_start_matches(' ');
        let (word, text) = line.split_once(' ').unwrap_or((line, ""));
        let name = match CommandName::from_word(word) {
            Some(name) if name.is_of(edition) => name,
            _ if is_experimental(word) => {
                return Err(CommandError::Experimental { name: word.to_ascii_uppercase() });
            }
            Some(name) => return Err(CommandError::NotOfEdition { name: name.as_str(), edition }),
            None => return Err(CommandError::Unknown { name: readable(word) }),
        };
        let text = text.trim_start_matches(' ');
        Command::read(name, Text { name: name.as_str(), wants: name.wants_in(edition), text, edition })
    }

    /// What the command asks of the server, in plain words; for LSTN with the gender.
    pub const fn meaning(&self) -> &'static str {
        match self {
            Command::Lstn(Gender::Receive) => "set a receive socket aside",
            Command::Lstn(Gender::Send) => "set a send socket aside",
            other => other.name().meaning(),
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
            Command::Pass(_) => write!(f, "{} {}", CommandName::Pass, Password::MASK),
            other => other.fmt(f),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().fmt(f)?;
        self.write_argument(f)
    }
}

/// Whether a word names a command that a site may try out: it begins with X, and is as long as commands are (RFC 385, 17;
/// RFC 454, IV.A.4 and V.B; RFC 542, Miscellaneous Commands).
fn is_experimental(word: &str) -> bool {
    let letters = word.as_bytes();
    matches!(letters, [b'X' | b'x', ..]) && letters.len() <= 4 && letters.iter().all(u8::is_ascii_alphabetic)
}

/// What a user sent, fit for a reply's text.
fn readable(name: &str) -> String {
    if name.is_empty() {
        return "an empty line".to_owned();
    }
    name.chars().take(16).flat_map(char::escape_default).collect()
}

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod tests;
