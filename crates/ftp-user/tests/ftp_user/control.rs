//! What a control connection makes of a server's replies to a transfer command, to ABOR and to NOOP, in whatever order they
//! come. The server follows a script and moves no data.

use std::rc::Rc;

use ftp::{Command, Reply};
use ftp_user::{Aborted, Control, ControlError};
use futures::future::{Either, select};
use futures::{SinkExt, StreamExt};
use host::Handle;
use ncp::icp::FTP_CONTACT;
use sim::{Instant, Sim, Span};
use telnet::{Lines, Received, Signal};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::{PLAIN, USER};

/// What a server says to a command, by the command's first word: each reply comes so many seconds later.
pub(crate) type Script = &'static [(&'static str, &'static [(u64, &'static str)])];

/// Plays a server, and prints each line that it hears.
async fn scripted(host: Handle, script: Script) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    let mut replies = FramedWrite::new(duplex.writer, Lines::default());
    let mut later: Vec<(Instant, &'static str)> = vec![(host.now(), "300 go ahead")];
    loop {
        later.sort_by_key(|(at, _)| *at);
        let next = later
            .first()
            .map_or(Span::from_secs(1_000_000), |(at, _)| (*at).max(host.now()).since(host.now()));
        match select(lines.next(), host.sleep(next)).await {
            Either::Left((Some(Ok(Received::Line(line))), _)) => {
                host.teletype().print(&line);
                let said = script.iter().find(|(verb, _)| line.starts_with(verb));
                let said = said.into_iter().flat_map(|(_, replies)| *replies);
                later.extend(said.map(|(after, text)| (host.now() + Span::from_secs(*after), *text)));
            }
            Either::Left(_) => return,
            Either::Right(_) => {
                if replies.send(later.remove(0).1).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Has a program talk to a server that follows the script. Returns what the server heard.
pub(crate) fn talk<F>(
    script: Script,
    program: impl Fn(Handle, Control) -> F + 'static,
) -> sim::Result<Vec<String>>
where
    F: Future<Output = ()> + 'static,
{
    talk_to(move |host| scripted(host, script), program)
}

/// The same with any server.
pub(crate) fn talk_to<S, F>(
    server: impl Fn(Handle) -> S + 'static,
    program: impl Fn(Handle, Control) -> F + 'static,
) -> sim::Result<Vec<String>>
where
    S: Future<Output = ()> + 'static,
    F: Future<Output = ()> + 'static,
{
    let mut sim = Sim::on("1973-01")?;
    sim.host(PLAIN)?.runs("server", server);
    let site = sim.address(PLAIN)?;
    let program = Rc::new(program);
    sim.host(USER)?.runs("user", move |host| {
        let program = program.clone();
        async move {
            let control = Control::open(&host, site).await.expect("the server is there");
            program(host, control).await;
        }
    });
    sim.wait_until("the user is done", Span::from_secs(25 * 3600), |now| {
        now.host(USER).is_some_and(|host| host.programs().is_empty())
    })?;
    Ok(sim.finish()?.printed(PLAIN)?.into_iter().map(str::to_owned).collect())
}

fn retrieve() -> Command {
    Command::Retr("A".to_owned())
}

fn text(reply: &Reply) -> String {
    reply.to_string()
}

/// What comes of an ABOR a second behind a RETR, in words.
fn aborted(script: Script) -> sim::Result<String> {
    let told = Rc::new(std::cell::RefCell::new(String::new()));
    let heard = talk(script, {
        let told = told.clone();
        move |host, mut control| {
            let told = told.clone();
            async move {
                control.begin(&retrieve()).await.expect("the server listens");
                host.sleep(Span::from_secs(1)).await;
                *told.borrow_mut() = match control.abort().await {
                    Ok(Aborted::Stopped(_)) => "stopped".to_owned(),
                    Ok(Aborted::Done(reply)) => format!("done: {}", text(&reply)),
                    Ok(Aborted::Failed(reply)) => format!("failed: {}", text(&reply)),
                    Ok(Aborted::Unheard(reply)) => format!("unheard: {}", text(&reply)),
                    Err(error) => format!("error: {error}"),
                };
            }
        }
    })?;
    assert_eq!(heard, ["RETR A", "ABOR"]);
    Ok(told.take())
}

#[test]
fn an_abort_says_what_has_become_of_the_transfer_whatever_the_server_had_said_before() -> sim::Result {
    let scripts: [(Script, &str); 8] = [
        (&[("RETR", &[(0, "250 go")]), ("ABOR", &[(0, "201 stopped")])], "stopped"),
        (&[("RETR", &[(0, "250 go")]), ("ABOR", &[(0, "252 done"), (0, "201 stopped")])], "done: 252 done"),
        (&[("RETR", &[(0, "250 go")]), ("ABOR", &[(0, "452 cut"), (0, "201 stopped")])], "failed: 452 cut"),
        (&[("ABOR", &[(0, "250 go"), (0, "252 done"), (0, "201 stopped")])], "done: 252 done"),
        (&[("ABOR", &[(0, "450 no file"), (0, "202 nothing to stop")])], "failed: 450 no file"),
        (
            &[("RETR", &[(0, "250 go")]), ("ABOR", &[(0, "202 nothing to stop")])],
            "unheard: 202 nothing to stop",
        ),
        (&[("RETR", &[(0, "250 go")]), ("ABOR", &[(0, "506 no ABOR here")])], "error: 506 no ABOR here"),
        (&[("RETR", &[(0, "250 go")])], "error: no reply for 150s"),
    ];
    for (script, expected) in scripts {
        assert_eq!(aborted(script)?, expected, "{script:?}");
    }
    Ok(())
}

/// Begins a RETR and waits for its end. Returns that, the second at which it came, and what the server heard.
fn finished(script: Script) -> sim::Result<(String, u64, Vec<String>)> {
    let told = Rc::new(std::cell::RefCell::new((String::new(), 0)));
    let heard = talk(script, {
        let told = told.clone();
        move |host, mut control| {
            let told = told.clone();
            async move {
                let begun = host.now();
                control.begin(&retrieve()).await.expect("the server listens");
                let ended = match control.finish().await {
                    Ok(reply) => text(&reply),
                    Err(ControlError::Refused(reply)) => format!("refused: {}", text(&reply)),
                    Err(error) => format!("error: {error}"),
                };
                *told.borrow_mut() = (ended, host.now().since(begun).as_micros() / 1_000_000);
            }
        }
    })?;
    let (ended, second) = told.take();
    Ok((ended, second, heard))
}

#[test]
fn a_transfer_ends_with_its_last_reply_and_not_with_what_is_said_beside_it() -> sim::Result {
    let scripts: [(Script, &str); 5] = [
        (&[("RETR", &[(0, "255 SOCK 5"), (0, "250 go"), (5, "252 done")])], "252 done"),
        (&[("RETR", &[(0, "250 go"), (5, "452 cut off")])], "refused: 452 cut off"),
        (&[("RETR", &[(5, "450 no file")])], "refused: 450 no file"),
        (&[("RETR", &[(0, "050 the operator says hello"), (5, "252 done")])], "252 done"),
        (&[("RETR", &[(0, "331 account, please")])], "refused: 331 account, please"),
    ];
    for (script, expected) in scripts {
        let (ended, second, heard) = finished(script)?;
        assert_eq!((ended.as_str(), heard), (expected, vec!["RETR A".to_owned()]), "{script:?}");
        assert!(second <= 6, "{script:?}: {second} s");
    }
    Ok(())
}

#[test]
fn a_server_that_has_begun_is_asked_each_minute_and_one_that_has_not_is_not() -> sim::Result {
    let noops = |heard: &[String]| heard.iter().filter(|line| *line == "NOOP").count();
    let (ended, _, heard) = finished(&[
        ("RETR", &[(0, "250 go"), (200, "252 done")]),
        ("NOOP", &[(0, "200 here")]),
        ("STAT", &[(0, "100 a transfer is in progress"), (0, "200 that is all")]),
    ])?;
    assert_eq!(ended, "252 done");
    assert_eq!(heard[1..], ["NOOP", "STAT", "STAT"], "after one, two and three minutes");
    let unknown = "500 what is NOOP?";
    let (ended, _, heard) =
        finished(&[("RETR", &[(0, "250 go"), (100, "252 done")]), ("NOOP", &[(0, "500 what is NOOP?")])])?;
    assert_eq!((ended.as_str(), noops(&heard)), ("252 done", 1), "who says {unknown} is there");
    let (ended, second, heard) = finished(&[("RETR", &[])])?;
    assert_eq!((ended.as_str(), second, noops(&heard)), ("error: no reply for 150s", 150, 0));
    let (ended, second, heard) = finished(&[("RETR", &[(0, "250 go")])])?;
    assert_eq!((ended.as_str(), noops(&heard)), ("error: no reply for 150s", 1), "asked once, and silent");
    assert!((210..=211).contains(&second), "{second} s");
    Ok(())
}

#[test]
fn a_transfer_that_is_said_to_be_under_way_for_a_day_is_given_up() -> sim::Result {
    let (ended, second, _) = finished(&[
        ("RETR", &[(0, "250 go")]),
        ("NOOP", &[(0, "200 here")]),
        ("STAT", &[(0, "100 a transfer is in progress"), (0, "200 that is all")]),
    ])?;
    assert_eq!((ended.as_str(), second / 3600), ("error: the transfer has not ended within 1440min", 24));
    Ok(())
}

/// Says hello every ten seconds, and nothing else but that a transfer has begun.
async fn talkative(host: Handle) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    let mut replies = FramedWrite::new(duplex.writer, Lines::default());
    let mut text = "300 go ahead";
    while replies.send(text).await.is_ok() {
        text = match select(lines.next(), host.sleep(Span::from_secs(10))).await {
            Either::Left((Some(Ok(Received::Line(line))), _)) if line.starts_with("RETR") => "250 go",
            Either::Left((Some(Ok(_)), _)) | Either::Right(_) => "050 the operator says hello",
            Either::Left((None | Some(Err(_)), _)) => return,
        };
    }
}

#[test]
fn a_server_that_only_talks_has_answered_nothing() -> sim::Result {
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Waits {
        End,
        Abort,
        Answer,
    }
    for (waits, seconds) in [(Waits::End, 210), (Waits::Abort, 150), (Waits::Answer, 150)] {
        let told = Rc::new(std::cell::RefCell::new((String::new(), 0)));
        talk_to(talkative, {
            let told = told.clone();
            move |host, mut control| {
                let told = told.clone();
                async move {
                    let begun = host.now();
                    if waits != Waits::Answer {
                        control.begin(&retrieve()).await.expect("the server listens");
                    }
                    let error = match waits {
                        Waits::End => control.finish().await.err(),
                        Waits::Abort => control.abort().await.err(),
                        Waits::Answer => control.command(&Command::Noop).await.err(),
                    };
                    let error = error.map_or_else(String::new, |error| error.to_string());
                    *told.borrow_mut() = (error, host.now().since(begun).as_micros() / 1_000_000);
                }
            }
        })?;
        let (error, second) = told.take();
        assert_eq!(error, "no reply for 150s", "{waits:?}");
        assert!((seconds..=seconds + 2).contains(&second), "{waits:?}: {second} s");
    }
    Ok(())
}

/// The last word is said once, and may have got lost: only the server knows that nothing is under way any more.
#[test]
fn a_server_that_says_that_nothing_is_under_way_has_said_its_last_word() -> sim::Result {
    const MISSED: &str = "error: the transfer is over, and the server's last word was not heard";
    let status: [&'static [_]; 2] = [
        &[(0, "100 status"), (0, "   no transfer is in progress"), (0, "200 that is all")],
        // In the form of RFC 454.
        &[(0, "100-status"), (0, "   no transfer is in progress"), (0, "100 that is all")],
    ];
    for status in status {
        let script: Script = Box::leak(Box::new([
            ("RETR", &[(0, "250 go")][..]),
            ("NOOP", &[(0, "200 here")]),
            ("STAT", status),
        ]));
        let (ended, second, heard) = finished(script)?;
        assert_eq!((ended.as_str(), heard.len()), (MISSED, 3), "{status:?}: {heard:?}");
        assert!((120..130).contains(&second), "{second} s");
    }
    // A server of another make, which says it otherwise or does not know STAT, is there: it is waited for.
    let others: [&'static [_]; 3] = [
        &[(0, "100 nothing to report"), (0, "200 ok")],
        &[(0, "500 what is STAT?")],
        // RFC 354, V.C: one reply, behind which nothing comes.
        &[(0, "100 a file is on its way")],
    ];
    for status in others {
        let script: Script = Box::leak(Box::new([
            ("RETR", &[(0, "250 go"), (400, "252 done")][..]),
            ("NOOP", &[(0, "200 here")]),
            ("STAT", status),
        ]));
        assert_eq!(finished(script)?.0, "252 done", "{status:?}");
    }
    Ok(())
}

/// A cable that brings a message twice brings a reply twice. Who takes the second one for the answer to what he asks next is
/// one answer behind from then on.
#[test]
fn a_reply_that_came_before_a_command_was_sent_is_no_answer_to_it() -> sim::Result {
    let script: Script = &[
        ("NOOP", &[(0, "200 here"), (1, "200 here")]),
        ("DELE", &[(0, "450 no such file")]),
        ("RETR", &[(0, "450 none")]),
    ];
    talk(script, async |host, mut control| {
        let dele = Command::Dele("A".to_owned());
        for _ in 0..2 {
            control.command(&Command::Noop).await.expect("it is good");
            host.sleep(Span::from_secs(2)).await;
            let answer = control.command(&dele).await.expect_err("there is none");
            assert_eq!(answer.to_string(), "450 no such file");
            assert_eq!(
                control.news().collect::<Vec<_>>(),
                ["200 here"],
                "it is kept, as what answers nothing"
            );
            control.command(&Command::Noop).await.expect("it is good");
            host.sleep(Span::from_secs(2)).await;
            let answer = control.quote("DELE A").await.expect("it is there").expect("it is answered");
            assert_eq!((text(&answer).as_str(), control.news().count()), ("450 no such file", 1));
            control.command(&Command::Noop).await.expect("it is good");
            host.sleep(Span::from_secs(2)).await;
            control.begin(&retrieve()).await.expect("the server listens");
            assert_eq!(control.finish().await.expect_err("there is none").to_string(), "450 none");
            assert_eq!(control.news().count(), 1);
        }
    })?;
    Ok(())
}

/// Of one whose last word got lost nothing more is heard. The next one is not taken for it.
#[test]
fn a_transfer_that_is_refused_has_ended_though_the_last_word_of_the_one_before_got_lost() -> sim::Result {
    for refusal in ["450 no such file", "451 no access", "504 a transfer is in progress", "506 what is STOR?"]
    {
        let script: Script = Box::leak(Box::new([
            ("RETR", &[(0, "250 go")][..]),
            ("STOR", Box::leak(Box::new([(0, refusal)]))),
        ]));
        talk(script, move |host, mut control| async move {
            control.begin(&retrieve()).await.expect("the server listens");
            assert!(host.within(Span::from_secs(30), control.finish()).await.is_err(), "no last word comes");
            control.begin(&Command::Stor("B".to_owned())).await.expect("the server listens");
            let ended =
                host.within(Span::from_secs(30), control.finish()).await.expect("it is refused at once");
            assert_eq!(ended.expect_err("it is refused").to_string(), refusal);
        })?;
    }
    Ok(())
}

/// A busy server answers what it was asked during one transfer when the next one has been asked for.
#[test]
fn what_was_asked_during_one_transfer_is_not_answered_by_or_for_the_next() -> sim::Result {
    let scripts: [(Script, u64, &str); 4] = [
        // All in its order: the last word of the first, the answer to the question, and the second.
        (
            &[
                ("RETR", &[(0, "250 go"), (75, "252 A is done")]),
                ("NOOP", &[(20, "200 here")]),
                ("STOR", &[(15, "250 go"), (20, "453 the disk is full")]),
            ],
            70,
            "453 the disk is full",
        ),
        (
            &[
                ("RETR", &[(0, "250 go"), (75, "252 A is done")]),
                ("NOOP", &[(20, "200 here")]),
                ("STOR", &[(15, "450 no such file")]),
            ],
            70,
            "450 no such file",
        ),
        (
            &[
                ("RETR", &[(0, "250 go"), (75, "252 A is done")]),
                ("NOOP", &[(20, "500 what is NOOP?")]),
                ("STOR", &[(15, "250 go"), (20, "252 B is done")]),
            ],
            70,
            "252 B is done",
        ),
        // That nothing was under way is said of the time before the second.
        (
            &[
                ("RETR", &[(0, "250 go"), (125, "252 A is done")]),
                ("NOOP", &[(0, "200 here")]),
                (
                    "STAT",
                    &[(20, "100 status"), (20, "   no transfer is in progress"), (20, "200 that is all")],
                ),
                ("STOR", &[(20, "250 go"), (25, "252 B is done")]),
            ],
            123,
            "252 B is done",
        ),
    ];
    for (script, patience, expected) in scripts {
        talk(script, move |host, mut control| async move {
            control.begin(&retrieve()).await.expect("the server listens");
            let waiting = host.within(Span::from_secs(patience), control.finish());
            assert!(waiting.await.is_err(), "its last word comes later");
            control.begin(&Command::Stor("B".to_owned())).await.expect("the server listens");
            let told = match control.finish().await {
                Ok(reply) | Err(ControlError::Refused(reply)) => text(&reply),
                Err(error) => error.to_string(),
            };
            assert_eq!(told, expected, "{script:?}");
        })?;
    }
    Ok(())
}

/// An interrupt has its place in the stream where a DATA MARK stands (RFC 318, SYNCH). One without belongs to an end that is none.
#[test]
fn an_end_behind_an_interrupt_is_a_break_and_a_synch_is_none() -> sim::Result {
    for (breaks_off, expected) in [
        (false, "the connection is closed"),
        (true, "the connection is broken: broken off, text may be missing"),
    ] {
        let server = move |host: Handle| async move {
            let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
            let mut lines = FramedRead::new(duplex.reader, Lines::default());
            let mut replies = FramedWrite::new(duplex.writer, Lines::default());
            replies.send("300 go ahead".to_owned()).await.expect("it listens");
            if !breaks_off {
                replies.get_ref().interrupt();
                replies.send(Signal::DataMark).await.expect("it listens");
            }
            lines.next().await;
            let writer = replies.into_inner();
            if breaks_off {
                writer.abort();
            } else {
                writer.close().await;
            }
        };
        talk_to(server, move |_, mut control| async move {
            let ended = control.command(&Command::Noop).await.expect_err("nothing is answered");
            assert_eq!(ended.to_string(), expected);
        })?;
    }
    Ok(())
}

/// The replies of a transfer that nobody waited for come before the answer to the next command, and are no answer to it.
#[test]
fn the_answer_to_a_command_is_the_one_behind_all_that_was_due_before() -> sim::Result {
    let script: Script = &[
        ("RETR", &[(2, "250 go"), (3, "252 done")]),
        ("NOOP", &[(5, "200 here")]),
        ("STOR", &[(0, "252 at once")]),
    ];
    let heard = talk(script, async |_, mut control| {
        control.begin(&retrieve()).await.expect("the server listens");
        let answer = control.command(&Command::Noop).await.expect("it is good");
        assert_eq!(text(&answer), "200 here");
        assert_eq!(control.news().collect::<Vec<_>>(), ["250 go", "252 done"], "they are not lost");
        assert_eq!(control.news().count(), 0, "nor told twice");
        // One that never said that it had begun.
        let answer = control.quote("STOR A").await.expect("it is there").expect("it is answered");
        assert_eq!(text(&answer), "252 at once");
    })?;
    assert_eq!(heard, ["RETR A", "NOOP", "STOR A"]);
    Ok(())
}
