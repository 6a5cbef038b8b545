//! What a line of an FTP dialogue says, for somebody who knows the protocol from nothing but this line.

use ftp::{Class, Command, CommandName, Edition, Reply, ReplyCode};
use ncp::icp::FTP_CONTACT;
use ncp::{Gender, Socket};
pub(crate) use trace::Speaker;
use trace::{Names, Topic};

use crate::sheet::Moment;
pub(crate) use crate::sheet::{command_name, reply_code};

/// Who says the lines of this moment, if they are of an FTP dialogue: the user commands, the server replies.
pub(crate) fn speaker(moment: &Moment) -> Option<Speaker> {
    moment.speaker.filter(|_| matches!(moment.topic, Topic::Dialogue { service: FTP_CONTACT, .. }))
}

/// What the line says, without its end: of commands by the table of commands, of replies by that of the edition which the server
/// speaks.
pub(crate) fn meaning(line: &str, speaker: Speaker, edition: Edition, names: &Names) -> String {
    let line = line.trim_end_matches(['␍', '␊', '\r', '\n']);
    match speaker {
        Speaker::User => match command_name(line) {
            Some(name) if name.is_of(edition) => of_command(name, line, edition, names),
            Some(name) => format!("{}, which {edition} does not have", name.meaning()),
            None => "no command of this protocol".to_owned(),
        },
        Speaker::Server => match reply_code(line) {
            Some(code) => of_reply(code, line, edition),
            None => "further text of the reply above, for people".to_owned(),
        },
    }
}

/// What the line begins with, as the registry of clauses names it: a command or a code.
pub(crate) fn word(line: &str, speaker: Speaker) -> Option<String> {
    match speaker {
        Speaker::User => command_name(line).map(|name| name.to_string()),
        Speaker::Server => reply_code(line).map(|code| code.to_string()),
    }
}

/// Document, section and page of what the line begins with, as the edition has it.
pub(crate) fn source(line: &str, speaker: Speaker, edition: Edition) -> &'static str {
    match speaker {
        Speaker::User => {
            command_name(line).map_or("RFC 354, IV.A", |name| in_edition(name.source(), edition))
        }
        Speaker::Server => {
            let code = reply_code(line);
            let row = code.and_then(|code| code.row(edition)).map(|row| row.source);
            row.or_else(|| code.and_then(ReplyCode::source)).unwrap_or("RFC 354, IV.B, p. 19")
        }
    }
}

/// Of several places that are set apart by semicolons, those that are in the documents of an edition, as far as they stand
/// first; all if there are none.
fn in_edition(source: &'static str, edition: Edition) -> &'static str {
    let is_in =
        |part: &&str| documents(edition).iter().any(|document| part.trim_start().starts_with(document));
    let length = source.split(';').take_while(is_in).map(|part| part.len() + 1).sum::<usize>();
    if length == 0 { source } else { &source[..length - 1] }
}

/// The documents by which an edition goes.
fn documents(edition: Edition) -> &'static [&'static str] {
    match edition {
        Edition::Rfc354 => &["RFC 354", "RFC 385", "RFC 414"],
        Edition::Rfc438 => &["RFC 354", "RFC 385", "RFC 414", "RFC 438"],
        Edition::Rfc454 => &["RFC 454"],
        Edition::Rfc478 => &["RFC 454", "RFC 478"],
        Edition::Rfc542 => &["RFC 542"],
    }
}

fn of_command(name: CommandName, line: &str, edition: Edition, names: &Names) -> String {
    let command = Command::parse(line, edition);
    match (name, command) {
        (CommandName::Sock, Ok(Command::Sock(Some(named)))) => {
            let whose = match named.host {
                Some(host) => format!("{}: {} is the number of {}", name.meaning(), host, names.host(host)),
                None => format!("{}, at the user's own host", name.meaning()),
            };
            format!("{whose}, and {}", gender(named.socket))
        }
        (CommandName::Lstn, Ok(command)) => {
            format!(
                "{}, to wait there for a connection when the transfer is asked for, instead of asking for one",
                command.meaning()
            )
        }
        (CommandName::Pass, _) => format!("{} (it is not shown)", name.meaning()),
        _ => name.meaning().to_owned(),
    }
}

fn of_reply(code: ReplyCode, line: &str, edition: Edition) -> String {
    let row = code.row(edition);
    let meaning = match (row, code.meaning()) {
        (Some(row), _) => row.meaning.to_owned(),
        (None, Some(meaning)) => format!("{meaning} (as another edition has it; {edition} has no such code)"),
        (None, None) => "a code that no document assigns".to_owned(),
    };
    let mut words = format!("{code}: {meaning}; {}", class(code.class()));
    let text = line.get(4..).unwrap_or_default();
    if let Some(socket) = Reply::new(code, text).data_socket() {
        words.push_str("; ");
        words.push_str(&gender(socket));
    }
    words
}

/// What a number of a socket says of itself.
pub(crate) fn gender(socket: Socket) -> String {
    match socket.gender() {
        Gender::Receive => format!("{socket} is even, so a receive socket"),
        Gender::Send => format!("{socket} is odd, so a send socket"),
    }
}

/// What the first digit of a code says.
fn class(class: Class) -> &'static str {
    match class {
        Class::News => "0xx is news, neither good nor bad",
        Class::Status => "1xx answers a question about status",
        Class::Positive => "2xx says that it worked",
        Class::Incomplete => "3xx wants more before anything can happen",
        Class::Failure => "4xx: understood, but it did not work",
        Class::Ignored => "5xx: not understood, or not fitting, and ignored",
        Class::Reserved => "6xx to 9xx are reserved",
    }
}
