//! A transfer that runs, and a person who wants to know how far it is, or wants it no more.

use futures::{SinkExt, StreamExt};
use host::Handle;
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, ForeignSocket, Gender};
use sim::{Sim, Span};
use telnet::{Lines, Received};
use tokio::io::AsyncReadExt;
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::{PLAIN, TENEX, USER, types};

/// Takes more than two minutes on a line of 50 kilobits a second.
const LONG: usize = 1_000_000;

/// A user who is logged in, and who has a long file, as the server has.
fn net() -> sim::Result<Sim> {
    let mut sim = Sim::on("1973-01")?;
    let there = sim.host(TENEX)?.serves_ftp().account("SMITH", "SESAME");
    there.file("<SMITH>LONG", vec![b'X'; LONG])?.file("<SMITH>SHORT", "XXX")?;
    sim.host(USER)?.runs_ftp().file("<SMITH>LONG", vec![b'X'; LONG])?;
    types(&mut sim, &format!("CONNECT {TENEX}"))?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    Ok(sim)
}

/// What the person reads from now on until the program is ready again, and how long that takes.
fn reads(sim: &mut Sim, seen: usize) -> sim::Result<Vec<String>> {
    let is_ready = |now: &sim::Moment<'_>| now.host(USER).is_some_and(|host| !host.is_busy_with_a_line());
    sim.wait_until("ready", Span::from_secs(3600), is_ready)?;
    Ok(sim.now().printed(USER)[seen..].iter().map(|line| (*line).to_owned()).collect())
}

/// Types a line and lets some seconds pass. Returns what stood on the paper before.
fn begins(sim: &mut Sim, line: &str, seconds: u64) -> sim::Result<usize> {
    let seen = sim.now().printed(USER).len();
    sim.types(USER, line)?;
    sim.run_for(Span::from_secs(seconds));
    assert!(sim.now().host(USER).is_some_and(|host| host.is_busy_with_a_line()), "{line} still runs");
    Ok(seen)
}

#[test]
fn a_transfer_is_stopped_within_seconds_and_nothing_is_kept_at_either_end() -> sim::Result {
    for (line, host, file) in
        [("GET LONG COPY", USER, "<SMITH>COPY."), ("SEND LONG COPY", TENEX, "<SMITH>COPY.")]
    {
        for stop in ["ABORT", "QUOTE ABOR"] {
            let mut sim = net()?;
            let seen = begins(&mut sim, line, 20)?;
            let at = sim.now().time();
            sim.types(USER, stop)?;
            let read = reads(&mut sim, seen)?;
            assert!(sim.now().time().since(at) < Span::from_secs(5), "{line}, {stop}: it was waited for");
            assert!(read[read.len() - 2].starts_with("201 "), "{line}, {stop}: {read:?}");
            let end = read.last().expect("it says what came of it");
            assert!(end.starts_with("STOPPED AFTER ") && end.ends_with(" BYTES"), "{line}, {stop}: {end}");
            // The next is taken at once.
            assert_eq!(types(&mut sim, "GET SHORT SHORT")?, ["3 BYTES RECEIVED"], "after {line}, {stop}");
            let outcome = sim.finish()?;
            assert_eq!(outcome.file(host, file)?, None, "{line}, {stop}");
        }
    }
    Ok(())
}

#[test]
fn who_asks_is_told_by_both_ends_how_far_it_is_and_the_file_arrives_whole() -> sim::Result {
    let mut sim = net()?;
    let seen = begins(&mut sim, "SEND LONG COPY", 20)?;
    sim.types(USER, "STATUS")?;
    sim.run_for(Span::from_secs(5));
    let read: Vec<String> = sim.now().printed(USER)[seen..].iter().map(|line| (*line).to_owned()).collect();
    assert!(
        read[0].starts_with("LONG: ") && read[0].ends_with(" BYTES OF 1000000 SO FAR, IN 20 SECONDS"),
        "{read:?}"
    );
    assert!(read.iter().any(|line| line.contains("STOR COPY: ")), "the server's: {read:?}");
    let read = reads(&mut sim, seen)?;
    assert_eq!(read.last().map(String::as_str), Some("1000000 BYTES SENT"));
    // A long one says of its own accord how far it is.
    let progress = read.iter().filter(|line| line.contains(" SO FAR, ")).count();
    assert!(progress > 3, "{read:?}");
    let outcome = sim.finish()?;
    assert!(outcome.file(TENEX, "<SMITH>COPY.")?.is_some_and(|content| content.len() == LONG));
    Ok(())
}

#[test]
fn what_is_typed_ahead_waits_and_a_question_for_help_is_answered() -> sim::Result {
    let mut sim = net()?;
    let seen = begins(&mut sim, "GET LONG COPY", 10)?;
    for line in ["GET SHORT SHORT", "?", "ABORT"] {
        sim.types(USER, line)?;
    }
    let read = reads(&mut sim, seen)?;
    assert_eq!(read[0], "STATUS SAYS HOW FAR IT IS, ABORT STOPS IT; ANYTHING ELSE WAITS UNTIL IT IS OVER");
    assert!(read[2].starts_with("STOPPED AFTER "), "{read:?}");
    assert_eq!(read[3..], ["3 BYTES RECEIVED"], "what was typed ahead is done then");
    assert_eq!(types(&mut sim, "ABORT")?, ["NO TRANSFER IS UNDER WAY"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn who_has_said_abort_wants_no_further_file() -> sim::Result {
    for (line, at_most) in [("MULTIPLE GET *", 0), ("MULTIPLE SEND *", 0), ("MULTIPLE DELETE *", 1)] {
        let mut sim = net()?;
        assert_eq!(types(&mut sim, "GET SHORT SHORT")?, ["3 BYTES RECEIVED"]);
        let seen = sim.now().printed(USER).len();
        sim.types(USER, line)?;
        if line.contains("DELETE") {
            sim.run_for(Span::from_secs(5));
            sim.types(USER, "YES")?;
        } else {
            sim.run_for(Span::from_secs(15));
        }
        sim.types(USER, "ABORT")?;
        let read = reads(&mut sim, seen)?;
        let tried = read.iter().filter(|line| line.contains("(FILE)")).count();
        let last = read.last().expect("it says how many");
        let done = read.iter().filter(|line| line.starts_with("254 ")).count();
        assert!(tried == 1 && done <= at_most, "{line}: {read:?}");
        assert!(last.starts_with(&format!("STOPPED: {done} OF ")), "{line}: {read:?}");
        assert_eq!(types(&mut sim, "ABORT")?, ["NO TRANSFER IS UNDER WAY"]);
        sim.finish()?;
    }
    Ok(())
}

/// The server is done before it hears of the ABOR, or says that there is nothing to stop, or that it has failed.
#[test]
fn an_abort_that_comes_too_late_for_one_file_is_in_time_for_the_next() -> sim::Result {
    for (answer, told) in [
        ("252 DONE\n202 NOTHING TO STOP", "STOPPED: 1 OF 3 FILES ARE DONE"),
        ("452 BROKEN\n202 NOTHING TO STOP", "STOPPED: 0 OF 3 FILES ARE DONE"),
        ("202 NOTHING TO STOP", "STOPPED: 0 OF 3 FILES ARE DONE"),
    ] {
        let mut sim = Sim::on("1973-01")?;
        sim.host(PLAIN)?.runs("server", move |host| late_server(host, answer));
        let here = sim.host(USER)?.runs_ftp();
        here.file("<SMITH>A", "XXX")?.file("<SMITH>B", "XXX")?.file("<SMITH>C", "XXX")?;
        types(&mut sim, &format!("CONNECT {PLAIN}"))?;
        types(&mut sim, "LOGIN SMITH SESAME")?;
        let seen = begins(&mut sim, "MULTIPLE SEND *", 5)?;
        sim.types(USER, "ABORT")?;
        let read = reads(&mut sim, seen)?;
        assert!(read.iter().any(|line| line == told), "{answer}: {read:?}");
        assert_eq!(read.iter().filter(|line| line.starts_with("SEND ")).count(), 1, "{answer}: {read:?}");
        sim.finish()?;
    }
    Ok(())
}

/// Plays a server that takes what it is sent, says nothing of the end, and answers ABOR with this.
async fn late_server(host: Handle, answer: &'static str) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let (site, mut replies) = (duplex.contact, FramedWrite::new(duplex.writer, Lines::default()));
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    let _ = replies.send("300 go ahead").await;
    while let Some(Ok(line)) = lines.next().await {
        let Received::Line(line) = line else { continue };
        let said = match line.get(..4) {
            Some("USER") => "230 IN",
            Some("STOR") => {
                let (lease, socket) = (host.sockets(), (site.socket.number() + 5).into());
                let foreign = ForeignSocket { socket, ..site };
                let opening = host.init(lease.socket_for(Gender::Receive), foreign, Some(ByteSize::EIGHT));
                let mut data = opening.expect("the socket is free").await.expect("the user takes it");
                let _ = replies.send("250 GO ON").await;
                let _ = data.read_to_end(&mut Vec::new()).await;
                data.close().await;
                continue;
            }
            Some("ABOR") => answer,
            _ => "450 NO",
        };
        for reply in said.lines() {
            let _ = replies.send(reply).await;
        }
    }
}

/// A server that never hears of it: it has died.
#[test]
fn who_insists_does_not_wait_for_a_server_that_does_not_answer() -> sim::Result {
    let mut sim = Sim::on("1973-01")?;
    sim.host(PLAIN)?.runs("server", async |host| {
        let duplex = host.serve(ncp::icp::FTP_CONTACT).accept().await.open().await.expect("a user comes");
        let mut replies = tokio_util::codec::FramedWrite::new(duplex.writer, telnet::Lines::default());
        futures::SinkExt::send(&mut replies, "300 go ahead").await.expect("the user listens");
        host.sleep(Span::from_secs(10_000)).await;
        drop(duplex.reader);
    });
    sim.host(USER)?.runs_ftp();
    types(&mut sim, &format!("CONNECT {PLAIN}"))?;
    let seen = begins(&mut sim, "GET A <SMITH>B", 10)?;
    for line in ["ABORT", "STATUS", "ABORT"] {
        sim.types(USER, line)?;
    }
    let at = sim.now().time();
    let end = "NOT WAITED FOR ANY MORE: NOBODY KNOWS WHAT CAME OF IT";
    let being = "IT IS BEING STOPPED; ABORT ONCE MORE GIVES UP WAITING";
    assert_eq!(reads(&mut sim, seen)?, [being, end, "NOT CONNECTED ANY MORE"]);
    assert!(sim.now().time().since(at) < Span::from_secs(1));
    Ok(())
}
