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

/// What the line says, without its end: of commands by the table of commands, of replies by that of codes.
pub(crate) fn meaning(line: &str, speaker: Speaker, names: &Names) -> String {
    let line = line.trim_end_matches(['␍', '␊', '\r', '\n']);
    match speaker {
        Speaker::User => command_name(line)
            .map_or_else(|| "no command of this protocol".to_owned(), |name| of_command(name, line, names)),
        Speaker::Server => match reply_code(line) {
            Some(code) => of_reply(code, line),
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

/// Document and section of what the line begins with.
pub(crate) fn source(line: &str, speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::User => command_name(line).map_or("RFC 354, IV.A", CommandName::source),
        Speaker::Server => reply_code(line).and_then(ReplyCode::source).unwrap_or("RFC 354, IV.B"),
    }
}

fn of_command(name: CommandName, line: &str, names: &Names) -> String {
    // The edition of record has the most forms of SOCK and LSTN.
    let command = Command::parse(line, Edition::Rfc438);
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

fn of_reply(code: ReplyCode, line: &str) -> String {
    let meaning = code.meaning().unwrap_or("a code that no document assigns");
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
