//! A dialogue is read by the tables of the documents: what is no answer is not taken for one, and what servers of the time
//! say in other ways is understood.

use std::cell::RefCell;
use std::rc::Rc;

use ftp::Command;
use ftp_user::{Control, ControlError};
use futures::{SinkExt, StreamExt};
use host::Handle;
use ncp::icp::FTP_CONTACT;
use sim::{Sim, Span};
use telnet::{Lines, Received};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::control::{Script, talk};
use crate::{PLAIN, USER};

/// What comes of quoting these lines one after the other, each with what was said beside, and how many seconds each takes.
fn quoted(script: Script, lines: &'static [&'static str]) -> sim::Result<Vec<(u64, String)>> {
    let told = Rc::new(RefCell::new(Vec::new()));
    talk(script, {
        let told = told.clone();
        move |host, mut control| {
            let told = told.clone();
            async move {
                for line in lines {
                    let begun = host.now();
                    let answer = match control.quote(line).await {
                        Ok(answer) => answer.map_or_else(String::new, |reply| reply.to_string()),
                        Err(error) => format!("error: {error}"),
                    };
                    let seconds = host.now().since(begun).as_micros() / 1_000_000;
                    let lines: Vec<String> = control.news().chain([answer]).collect();
                    told.borrow_mut().push((seconds, lines.join("; ")));
                    host.sleep(Span::from_secs(5)).await;
                }
            }
        }
    })?;
    Ok(told.take())
}

/// The words alone.
fn words(told: Vec<(u64, String)>) -> Vec<String> {
    told.into_iter().map(|(_, words)| words).collect()
}

#[test]
fn an_unasked_reply_is_no_answer_and_shifts_none_of_those_that_follow() -> sim::Result {
    let script: Script = &[
        ("DELE", &[(0, "200 BY THE WAY"), (1, "451 DENIED")]),
        ("NOOP", &[(0, "200 OK")]),
        ("RNFR", &[(0, "254 LATE"), (1, "200 GO ON")]),
    ];
    assert_eq!(
        words(quoted(script, &["DELE X", "NOOP", "RNFR X"])?),
        ["200 BY THE WAY; 451 DENIED", "200 OK", "254 LATE; 200 GO ON"]
    );
    Ok(())
}

#[test]
fn a_server_that_gives_no_answer_that_fits_is_not_waited_for_long_and_can_be_asked_on() -> sim::Result {
    let script: Script = &[("DELE", &[(1, "200 SO WHAT")]), ("NOOP", &[(0, "200 OK")])];
    let told = quoted(script, &["DELE X", "NOOP"])?;
    assert!((31..=34).contains(&told[0].0), "{told:?}");
    assert_eq!(words(told), ["200 SO WHAT; error: no answer to that, but: 200 SO WHAT", "200 OK"]);
    Ok(())
}

#[test]
fn a_question_is_answered_in_the_way_of_each_edition() -> sim::Result {
    // RFC 414: up to 200; RFC 454: from 100- to 100; RFC 354: one reply, and nothing comes behind it.
    let ways: [(&'static [(u64, &'static str)], &str); 4] = [
        (&[(0, "100 ALL"), (1, "   IS WELL"), (2, "200 THE END")], "100 ALL; IS WELL; 200 THE END"),
        (&[(0, "100-ALL"), (1, "IS"), (2, "100 WELL")], "100 ALL\n   IS\n   WELL"),
        (&[(0, "100 ALL IS WELL")], "100 ALL IS WELL"),
        (&[(0, "150 A.B"), (1, "   5 BYTES")], "150 A.B\n   5 BYTES"),
    ];
    for (status, expected) in ways {
        let script: Script = Box::leak(Box::new([("STAT", status), ("NOOP", &[(0, "200 OK")][..])]));
        let told = quoted(script, &["STAT", "NOOP"])?;
        let longest = if expected.contains("200") || expected.contains("IS\n") { 3 } else { 34 };
        assert!(told[0].0 <= longest, "{told:?}");
        assert_eq!(words(told), [expected, "200 OK"]);
    }
    Ok(())
}

#[test]
fn mail_is_typed_line_by_line_and_its_end_is_answered() -> sim::Result {
    let script: Script =
        &[("MAIL", &[(0, "350 GO ON")]), (".", &[(1, "256 IT IS SENT")]), ("NOOP", &[(0, "200 OK")])];
    let heard = talk(script, async |_, mut control| {
        let answer = control.quote("MAIL JONES").await.expect("it is there");
        assert_eq!(answer.map(|reply| reply.to_string()).as_deref(), Some("350 GO ON"));
        for line in ["HELLO", "NOOP"] {
            assert_eq!(control.quote(line).await.expect("it is sent"), None, "{line} is text");
        }
        let other = control.command(&Command::Noop).await;
        assert!(matches!(other, Err(ControlError::InMail)), "a command would be text: {other:?}");
        let answer = control.quote(".").await.expect("it is there").map(|reply| reply.to_string());
        assert_eq!(answer.as_deref(), Some("256 IT IS SENT"));
        control.command(&Command::Noop).await.expect("it is a command again");
    })?;
    assert_eq!(heard, ["MAIL JONES", "HELLO", "NOOP", ".", "NOOP"]);
    Ok(())
}

/// Says these lines at once, each after so many seconds, and closes if a line comes.
async fn greeter(host: Handle, lines: &'static [(u64, &'static str)], closing: &'static [&'static str]) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let mut asked = FramedRead::new(duplex.reader, Lines::default());
    let mut replies = FramedWrite::new(duplex.writer, Lines::default());
    for (seconds, line) in lines {
        host.sleep(Span::from_secs(*seconds)).await;
        replies.send(*line).await.expect("the user listens");
    }
    while let Some(Ok(Received::Line(line))) = asked.next().await {
        host.teletype().print(&line);
        for line in closing {
            replies.send(*line).await.expect("the user listens");
        }
        if !closing.iter().any(|line| line.starts_with("200")) {
            let _ = replies.into_inner().close().await;
            return;
        }
    }
}

/// How opening a dialogue ends, and one NOOP, and after how many seconds in all; with all that is said beside.
fn opened(
    lines: &'static [(u64, &'static str)],
    closing: &'static [&'static str],
) -> sim::Result<(u64, String)> {
    let mut sim = Sim::on("1973-01")?;
    sim.host(PLAIN)?.runs("server", move |host| greeter(host, lines, closing));
    let site = sim.address(PLAIN)?;
    let told = Rc::new(RefCell::new((0, String::new())));
    sim.host(USER)?.runs("user", {
        let told = told.clone();
        move |host| {
            let told = told.clone();
            async move {
                let begun = host.now();
                let words = match Control::open(&host, site).await {
                    Err(error) => format!("not open: {error}"),
                    Ok(mut control) => {
                        let answer = control.command(&Command::Noop).await;
                        let answer = answer.map_or_else(|error| error.to_string(), |reply| reply.to_string());
                        control.news().chain([answer]).collect::<Vec<_>>().join("; ")
                    }
                };
                *told.borrow_mut() = (host.now().since(begun).as_micros() / 1_000_000, words);
            }
        }
    });
    sim.wait_until("the user is done", Span::from_secs(3600), |now| {
        now.host(USER).is_some_and(|host| host.programs().is_empty())
    })?;
    Ok(told.take())
}

#[test]
fn a_server_that_does_not_greet_or_says_other_things_first_can_be_used() -> sim::Result {
    const OK: &[&str] = &["200 OK"];
    for (lines, seconds, expected) in [
        (&[][..], 31, "200 OK"),
        (&[(0, "300 GO")], 0, "200 OK"),
        (&[(0, "MULTICS 16.14"), (1, "MIT"), (1, "300 GO")], 2, "MULTICS 16.14; MIT; 200 OK"),
        (&[(0, "000 ANNOUNCING FTP"), (10, "300 GO")], 10, "000 ANNOUNCING FTP; 200 OK"),
        (&[(0, "020 IN A MINUTE"), (60, "300 GO")], 60, "020 IN A MINUTE; 200 OK"),
        (&[(0, "000 ANNOUNCING FTP")], 31, "000 ANNOUNCING FTP; 200 OK"),
        (&[(0, "200 READY")], 0, "200 OK"),
        (&[(0, "401 NOT NOW")], 0, "not open: 401 NOT NOW"),
    ] {
        let (second, told) = opened(lines, OK)?;
        assert_eq!(told, expected, "{lines:?}");
        assert!((seconds..seconds + 4).contains(&second), "{lines:?}: {second} s");
    }
    Ok(())
}

#[test]
fn why_a_server_closes_is_told_if_it_has_said_so() -> sim::Result {
    for (closing, expected) in [
        (
            &["436 STOPS FOR THE NIGHT"][..],
            "436 STOPS FOR THE NIGHT; the connection is closed: 436 STOPS FOR THE NIGHT",
        ),
        (
            &["434 BY THE OPERATOR", "030 AT SEVEN"],
            "434 BY THE OPERATOR; 030 AT SEVEN; the connection is closed: 434 BY THE OPERATOR",
        ),
        (&["030 AT SEVEN"], "030 AT SEVEN; the connection is closed"),
    ] {
        assert_eq!(opened(&[(0, "300 GO")], closing)?.1, expected);
    }
    Ok(())
}
