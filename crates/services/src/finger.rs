//! Who is logged in (RFC 742).

use std::fmt::Write;

use futures::StreamExt;
use host::{Duplex, Handle, Login};
use machine::{Instant, Span};
use telnet::{Lines, Received};
use tokio::io::AsyncWriteExt;
use tokio_util::codec::FramedRead;

use crate::IDLE_TIMEOUT;

/// How many names of a line are answered.
const MAX_NAMES: usize = 8;

/// How many characters of a name are shown: no account has a longer one.
const MAX_NAME: usize = 39;

/// Reads a line, and says who is logged in: those that it names, or all.
pub(crate) async fn answer(host: Handle, duplex: Duplex, up: Instant) -> Duplex {
    let Duplex { reader, mut writer, sockets, contact } = duplex;
    // The codec leaves out what a TIP may have to say of options.
    let mut lines = FramedRead::with_capacity(reader, Lines::default(), telnet::READ_ROOM);
    let line = async {
        loop {
            match lines.next().await {
                Some(Ok(Received::Line(line))) => return Some(line),
                Some(Ok(Received::Signal(_))) => {}
                // Too long for any names, cut short, or gone.
                Some(Ok(Received::TooLong { .. } | Received::CutShort(_)) | Err(_)) | None => return None,
            }
        }
    };
    if let Ok(Some(line)) = host.within_looking_for(IDLE_TIMEOUT, contact.host, line).await {
        let text = report(&host, &line, up);
        // A user that takes nothing need not be told.
        let _ = host.within(IDLE_TIMEOUT, writer.write_all(text.as_bytes())).await;
    }
    Duplex { reader: lines.into_inner(), writer, sockets, contact }
}

/// The text for a command line.
fn report(host: &Handle, line: &str, up: Instant) -> String {
    let logins = host.logins();
    let mut text = format!("{}, up for {}\r\n", host.name(), words(host.now().since(up)));
    let names = names(line);
    if names.is_empty() && logins.is_empty() {
        text.push_str("nobody is logged in\r\n");
    }
    for login in logins.iter().filter(|login| names.is_empty() || names.contains(&login.user)) {
        let Login { user, from, since } = login;
        let (from, span) = (host.name_of(*from), words(host.now().since(*since)));
        // Writing to a String cannot fail.
        let _ = write!(text, "{user} from {from}, for {span}\r\n");
    }
    // Which accounts there are is nobody's business.
    for name in names.iter().filter(|name| logins.iter().all(|login| login.user != **name)) {
        let _ = write!(text, "{name} is not logged in\r\n");
    }
    text
}

/// The names on a line, between blanks and commas. Switches, as ITS had them, ask for nothing that is known here.
fn names(line: &str) -> Vec<String> {
    let words = line.split([' ', ',', '\t']).filter(|word| !word.is_empty() && !word.starts_with('/'));
    words.take(MAX_NAMES).map(shown).collect()
}

/// A name as it may be sent back: not too long, and nothing in it that steers a terminal.
fn shown(name: &str) -> String {
    let name = name.chars().take(MAX_NAME);
    name.map(|c| if c.is_ascii_graphic() { c.to_ascii_uppercase() } else { '?' }).collect()
}

/// A span as people say it, to the minute.
fn words(span: Span) -> String {
    let minutes = span.as_micros() / 60_000_000;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_between_blanks_and_commas_and_switches_are_passed_over() {
        assert_eq!(names(""), [] as [&str; 0]);
        assert_eq!(names(" /W smith,Jones  , /X"), ["SMITH", "JONES"]);
        assert_eq!(names("\u{7}\r"), ["??"], "nothing steers a terminal");
        assert_eq!(names(&"A,".repeat(100)).len(), MAX_NAMES);
        assert_eq!(names(&"A".repeat(100)), ["A".repeat(MAX_NAME)]);
    }

    #[test]
    fn spans_are_told_to_the_minute() {
        let said = |seconds| words(Span::from_secs(seconds));
        assert_eq!([said(59), said(60), said(3_600)], ["less than a minute", "1 min", "1 h 0 min"]);
        assert_eq!([said(86_399), said(400 * 86_400)], ["23 h 59 min", "400 d 0 h"]);
    }
}
