//! A server that follows a script and moves no data: RSEXEC has only the words of servers anyway.

use futures::future::{Either, join, select};
use futures::{SinkExt, StreamExt};
use sim::host::{Duplex, Handle};
use sim::{Instant, Span};
use telnet::{Lines, Received};
use tokio_util::codec::{FramedRead, FramedWrite};

/// What a server says to a line.
pub(crate) enum Answer {
    /// This, at once.
    Now(&'static [&'static str]),
    /// Each of these so many seconds later.
    Later(Vec<(u64, &'static str)>),
    /// This, at once, and nothing more of what was to come later.
    Instead(&'static [&'static str]),
}

/// Answers a user until he says BYE or is gone. Of transfer commands, ABOR, NOOP and STAT `answer` decides.
pub(crate) async fn answer_user(host: &Handle, duplex: Duplex, mut answer: impl FnMut(&str, &str) -> Answer) {
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    let mut replies = FramedWrite::new(duplex.writer, Lines::default());
    let mut later: Vec<(Instant, &'static str)> = Vec::new();
    let mut sent = replies.send("300 go ahead").await;
    while sent.is_ok() {
        let next = later.first().map_or(Span::from_secs(1_000_000), |(at, _)| at.since(host.now()));
        let line = match select(lines.next(), host.sleep(next)).await {
            Either::Left((Some(Ok(Received::Line(line))), _)) => line,
            Either::Left(_) => break,
            Either::Right(_) => {
                sent = replies.send(later.remove(0).1).await;
                continue;
            }
        };
        let verb = line.split(' ').next().unwrap_or_default();
        let answer = match verb {
            "USER" => Answer::Now(&["330 password, please"]),
            "PASS" => Answer::Now(&["230 welcome"]),
            "LSTN" => Answer::Now(&["255 SOCK 1000"]),
            "SOCK" => Answer::Now(&["255 SOCK 2001"]),
            "RETR" | "APPE" | "ABOR" | "NOOP" | "STAT" => answer(verb, &line),
            _ => Answer::Now(&["231 goodbye"]),
        };
        let words: &[&str] = match answer {
            Answer::Now(words) => words,
            Answer::Later(script) => {
                let now = host.now();
                let due = script.into_iter().map(|(after, text)| (now + Span::from_secs(after), text));
                later = due.collect();
                &[]
            }
            Answer::Instead(words) => {
                later.clear();
                words
            }
        };
        for text in words {
            sent = replies.send(*text).await;
        }
        if line == "BYE" {
            break;
        }
    }
    join(replies.into_inner().close(), lines.into_inner().close()).await;
}
