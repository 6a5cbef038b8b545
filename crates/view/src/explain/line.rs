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
    let pages = pages(edition);
    match speaker {
        Speaker::User => command_name(line).map_or(pages.commands, |name| in_edition(name.source(), edition)),
        Speaker::Server => {
            let code = reply_code(line);
            let row = code.and_then(|code| code.row(edition)).map(|row| row.source);
            row.or_else(|| code.and_then(ReplyCode::source)).unwrap_or(pages.replies)
        }
    }
}

/// Where it is written how a file crosses the data connection, and where it ends.
pub(crate) fn source_of_data(edition: Edition) -> &'static str {
    pages(edition).data
}

/// Of several places that are set apart by semicolons, those that are in the documents of an edition, which stand together; all
/// if there are none.
fn in_edition(source: &'static str, edition: Edition) -> &'static str {
    let is_in =
        |part: &str| pages(edition).documents.iter().any(|document| part.trim_start().starts_with(document));
    let (mut begins, mut ends, mut at) = (None, 0, 0);
    for part in source.split(';') {
        let end = at + part.len();
        if is_in(part) {
            begins.get_or_insert(at);
            ends = end;
        }
        at = end + 1;
    }
    begins.map_or(source, |begins| source[begins..ends].trim_start())
}

/// The documents by which an edition goes, and where they speak of what no row of a table is about.
struct Pages {
    documents: &'static [&'static str],
    /// Of commands at all.
    commands: &'static str,
    /// Of replies at all, and of those of several lines.
    replies: &'static str,
    /// Of the data connection, and of the usual mode.
    data: &'static str,
}

const fn pages(edition: Edition) -> Pages {
    const EARLY: Pages = Pages {
        documents: &["RFC 354", "RFC 385", "RFC 414"],
        commands: "RFC 354, IV.A, p. 13",
        replies: "RFC 354, IV.B, pp. 17-19; RFC 414, 2, p. 2",
        data: "RFC 354, III.A, pp. 6-7; III.C, p. 10",
    };
    const OF_454: Pages = Pages {
        documents: &["RFC 454"],
        commands: "RFC 454, IV.A, p. 18",
        replies: "RFC 454, IV.B, pp. 24-26",
        data: "RFC 454, III.A, pp. 8-9; III.C, p. 12",
    };
    match edition {
        Edition::Rfc354 => EARLY,
        Edition::Rfc438 => Pages { documents: &["RFC 354", "RFC 385", "RFC 414", "RFC 438"], ..EARLY },
        Edition::Rfc454 => OF_454,
        Edition::Rfc478 => Pages { documents: &["RFC 454", "RFC 478"], ..OF_454 },
        Edition::Rfc542 => Pages {
            documents: &["RFC 542"],
            commands: "RFC 542, FTP Commands, p. 21",
            replies: "RFC 542, FTP Replies, pp. 29-31",
            data: "RFC 542, Establishing Data Connections, pp. 14-15; Transmission Modes, pp. 15-16",
        },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_is_cited_from_the_documents_of_the_edition_that_is_spoken() {
        for edition in Edition::ALL {
            let documents = pages(edition).documents;
            for name in CommandName::ALL.iter().filter(|name| name.is_of(edition)) {
                let source = source(name.as_str(), Speaker::User, edition);
                for place in source.split("; ") {
                    let is_of_it = documents.iter().any(|document| place.starts_with(document));
                    assert!(is_of_it && place.contains(", p"), "{name} of {edition}: {place}");
                }
            }
            for (line, speaker) in [("FROB", Speaker::User), ("further text", Speaker::Server)] {
                let source = source(line, speaker, edition);
                assert!(documents.iter().any(|document| source.starts_with(document)), "{edition}: {source}");
            }
        }
    }
}
