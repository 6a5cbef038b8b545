//! Connections, as programs hold them.

use futures::StreamExt;
use host::{Connection, Handle, disconnect_reason};
use imp1822::{Dead, HostAddress};
use machine::Bits;
use ncp::{ByteSize, CloseReason, ForeignSocket, Gender, Partner, Policy, QueuePolicy, Socket};
use sim::{Sim, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{in_use, look};

/// The sender's socket on host 1, and the receiver's on host 2.
const FROM: Socket = Socket::new(301);
const TO: Socket = Socket::new(400);

async fn sender(host: &Handle) -> Connection {
    let to = ForeignSocket { host: HostAddress::from(2), socket: TO };
    host.init(FROM, to, Some(ByteSize::EIGHT)).expect("the socket is free").await.expect("host 2 listens")
}

async fn receiver(host: &Handle) -> Connection {
    let from = Partner::Host(HostAddress::from(1));
    host.listen(TO, from, None).expect("the socket is free").await.expect("host 1 asks")
}

fn say(host: &Handle, what: impl std::fmt::Debug) {
    host.teletype().print(&format!("{what:?}"));
}

#[test]
fn bytes_arrive_in_order_and_the_end_of_file_after_them() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let mut text = String::new();
        let read = receiver(&host).await.read_to_string(&mut text).await;
        host.teletype().print(&format!("{} {text}", read.expect("it was closed properly")));
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        for piece in ["ONE ", "TWO ", "THREE"] {
            connection.write_all(piece.as_bytes()).await.expect("it is open");
        }
        say(&host, connection.shutdown().await.is_ok());
    });
    sim.run_for(Span::from_secs(5));
    assert_eq!(sim.now().printed("SITE1"), ["true"], "shutdown waits until everything has arrived");
    assert_eq!(sim.now().printed("SITE2"), ["13 ONE TWO THREE"]);
    assert!(in_use(&sim, "SITE1").is_empty() && in_use(&sim, "SITE2").is_empty(), "both sockets are free");
    sim.finish()?;
    Ok(())
}

#[test]
fn a_connection_that_is_dropped_delivers_what_was_written_and_closes() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let mut text = Vec::new();
        let read = receiver(&host).await.read_to_end(&mut text).await;
        say(&host, read.ok());
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        connection.write_all(&[7; 1900]).await.expect("there is room");
    });
    sim.run_for(Span::from_secs(5));
    assert!(look(&sim, "SITE1").programs().is_empty(), "the writer did not wait");
    assert_eq!(sim.now().printed("SITE2"), ["Some(1900)"]);
    assert!(in_use(&sim, "SITE1").is_empty() && in_use(&sim, "SITE2").is_empty(), "both sockets are free");
    sim.finish()?;
    Ok(())
}

#[test]
fn an_opening_that_is_dropped_takes_the_request_back() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let to = ForeignSocket { host: HostAddress::from(2), socket: TO };
        let asked = host.within(Span::from_secs(3), host.init(FROM, to, None).expect("it is free")).await;
        say(&host, asked.is_err());
    });
    sim.run_for(Span::from_secs(5));
    assert_eq!(sim.now().printed("SITE1"), ["true"], "nobody listens, so the request waits");
    assert_eq!(sim.now().messages("SITE1", "SITE2"), ["STR 301 to 400 size 8", "CLS 301 400"]);
    assert!(in_use(&sim, "SITE1").is_empty(), "the socket is free: {:?}", look(&sim, "SITE1").netstat());
    sim.finish()?;
    Ok(())
}

#[test]
fn the_wrong_direction_and_the_wrong_byte_size_are_errors_and_not_silence() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let mut connection = receiver(&host).await;
        say(&host, connection.write(b"X").await.map_err(|error| error.kind()));
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        say(&host, connection.read(&mut [0]).await.map_err(|error| error.kind()));
    });
    sim.run_for(Span::from_secs(5));
    assert_eq!(
        (sim.now().printed("SITE1"), sim.now().printed("SITE2")),
        (vec!["Err(Unsupported)"], vec!["Err(Unsupported)"])
    );
    sim.finish()?;
    Ok(())
}

#[test]
fn abort_sends_nothing_more_and_the_reader_hears_the_end_of_what_it_got() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let connection = receiver(&host).await;
        host.sleep(Span::from_secs(100)).await;
        let text = connection.receive(1_000_000).await.map(|text| text.len() / 8);
        say(&host, text);
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        let text = [7; 10_000];
        let writing = host.within(Span::from_secs(60), connection.write_all(&text)).await;
        assert!(writing.is_err(), "the reader sleeps, and 10,000 bytes do not fit anywhere");
        connection.abort();
    });
    sim.run_for(Span::from_secs(90));
    assert!(in_use(&sim, "SITE1").is_empty(), "it did not wait for the reader");
    sim.run_for(Span::from_secs(20));
    assert_eq!(
        sim.now().printed("SITE2"),
        ["Ok(4000)"],
        "what had been allowed, and nothing of the writer's buffer"
    );
    sim.finish()?;
    Ok(())
}

#[test]
fn a_reader_that_does_not_read_stops_the_writer_and_memory_stays_bounded() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let mut connection = receiver(&host).await;
        host.sleep(Span::from_secs(1000)).await;
        let mut text = Vec::new();
        connection.read_to_end(&mut text).await.expect("it was closed properly");
        say(&host, text.iter().zip(0..).all(|(byte, at): (_, u32)| u32::from(*byte) == at % 251));
        say(&host, text.len());
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        let text: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
        connection.write_all(&text).await.expect("it is open");
        say(&host, connection.close().await);
    });
    sim.run_for(Span::from_secs(900));
    let (status, unread) = (look(&sim, "SITE1").netstat()[0], look(&sim, "SITE2").netstat()[0].unread);
    assert!(unread <= 32_000, "the reader's NCP holds what it allowed: {unread}");
    assert!(status.unsent <= 16_000, "the writer's NCP holds a buffer full: {}", status.unsent);
    assert_eq!(sim.now().text_bits("SITE1", "SITE2"), unread, "nothing else is under way");
    sim.run_for(Span::from_secs(200));
    assert_eq!(
        (sim.now().printed("SITE1"), sim.now().printed("SITE2")),
        (vec!["Closed"], vec!["true", "100000"])
    );
    sim.finish()?;
    Ok(())
}

#[test]
fn a_sender_that_crashes_is_named_to_the_reader_when_it_is_back() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let error = receiver(&host).await.read_to_end(&mut Vec::new()).await.expect_err("host 1 crashes");
        say(&host, disconnect_reason(&error));
    });
    sim.host("SITE1")?.runs("test", async |host| {
        sender(&host).await.ended().await;
    });
    sim.run_for(Span::from_secs(1));
    sim.crash("SITE1")?;
    sim.restart("SITE1")?;
    sim.run_for(Span::from_secs(1));
    // The reader hears of it when the new life of host 1 says its first word.
    let to = ForeignSocket { host: HostAddress::from(2), socket: Socket::from(998) };
    let _opening = sim.act("SITE1", |handle| handle.init(Socket::from(999), to, None))?;
    // What it says first may wait for half a minute at its IMP.
    sim.run_for(Span::from_secs(60));
    assert_eq!(sim.now().printed("SITE2"), [format!("{:?}", Some(CloseReason::Reset))]);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_receiver_that_crashes_is_named_to_the_writer() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let connection = receiver(&host).await;
        while connection.receive(8).await.is_ok() {}
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        let error = loop {
            match connection.write_all(&[7; 500]).await {
                Ok(()) => host.sleep(Span::from_secs(1)).await,
                Err(error) => break error,
            }
        };
        say(&host, disconnect_reason(&error));
    });
    sim.run_for(Span::from_secs(3));
    sim.crash("SITE2")?;
    sim.run_for(Span::from_secs(60));
    assert_eq!(sim.now().printed("SITE1"), [format!("{:?}", Some(CloseReason::Dead(Dead::Host)))]);
    sim.finish()?;
    Ok(())
}

/// What a writer of this many bytes is told by close(), if the reader takes `read` of them and then closes.
fn closes(written: usize, read: usize) -> sim::Result<String> {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", move |host| async move {
        let connection = receiver(&host).await;
        let text = connection.receive(read * 8).await.expect("it is open");
        assert_eq!(text.len(), read * 8);
        drop(connection);
    });
    sim.host("SITE1")?.runs("test", move |host| async move {
        let mut connection = sender(&host).await;
        connection.write_all(&vec![7; written]).await.expect("there is room");
        say(&host, connection.close().await);
    });
    sim.run_for(Span::from_secs(300));
    assert!(in_use(&sim, "SITE1").is_empty(), "the socket is free");
    let told = sim.now().printed("SITE1").concat();
    sim.finish()?;
    Ok(told)
}

#[test]
fn close_tells_whether_the_receiver_closed_before_everything_was_sent() -> sim::Result {
    assert_eq!(closes(2900, 1)?, "Lost", "the third message was never sent");
    assert_eq!(closes(2900, 2900)?, "Closed", "the reader knew how much there was, and got it");
    assert_eq!(closes(20, 20)?, "Closed");
    Ok(())
}

#[test]
fn a_writer_that_is_told_to_stop_stops() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| drop(receiver(&host).await.receive(8).await));
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        let error = connection.write_all(&[7; 100_000]).await.expect_err("the reader closes after a byte");
        say(&host, disconnect_reason(&error));
        say(&host, connection.close().await);
    });
    sim.run_for(Span::from_secs(60));
    assert_eq!(sim.now().printed("SITE1"), ["Some(Closed)", "Lost"]);
    assert!(in_use(&sim, "SITE1").is_empty() && in_use(&sim, "SITE2").is_empty());
    sim.finish()?;
    Ok(())
}

#[test]
fn interrupts_are_counted_and_wake_whoever_waits_for_text() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let mut connection = receiver(&host).await;
        let mut interrupts = 0;
        std::future::poll_fn(|cx| {
            let text = connection.poll_next_unpin(cx);
            interrupts += connection.take_interrupts();
            if interrupts < 2 { text.map(drop) } else { std::task::Poll::Ready(()) }
        })
        .await;
        say(&host, (interrupts, connection.take_interrupts()));
        connection.interrupt();
        host.sleep(Span::from_secs(10)).await;
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let connection = sender(&host).await;
        connection.interrupt();
        host.sleep(Span::from_secs(1)).await;
        connection.interrupt();
        host.sleep(Span::from_secs(2)).await;
        say(&host, connection.take_interrupts());
    });
    sim.run_for(Span::from_secs(5));
    assert_eq!(sim.now().printed("SITE2"), ["(2, 0)"], "each is counted once");
    assert_eq!(sim.now().printed("SITE1"), ["1"], "the receiver's INR");
    assert_eq!(sim.now().messages("SITE1", "SITE2").iter().filter(|said| said.starts_with("INS")).count(), 2);
    sim.finish()?;
    Ok(())
}

#[test]
fn whoever_is_refused_is_told_so_and_a_socket_has_one_connection() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.policy(Policy { queue: QueuePolicy::Refuse, ..Policy::default() });
    sim.host("SITE1")?.runs("test", async |host| {
        let to = ForeignSocket { host: HostAddress::from(2), socket: TO };
        let opening = host.init(FROM, to, None).expect("the socket is free");
        assert_eq!(opening.local().gender(), Gender::Send);
        say(&host, host.init(FROM, to, None).err());
        say(&host, opening.await.err());
    });
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed("SITE1"), ["Some(SocketInUse)", "Some(Refused)"]);
    assert!(in_use(&sim, "SITE1").is_empty());
    sim.finish()?;
    Ok(())
}

#[test]
fn text_that_is_not_whole_bytes_is_filled_up_and_never_waits_for_ever() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let connection = receiver(&host).await;
        say(&host, connection.receive(12).await.map(|text| text.len()));
        say(&host, connection.receive(100).await.map(|text| text.bytes().to_vec()));
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        let mut odd = machine::BitWriter::new(20);
        odd.put(0xabcde, 20);
        connection.send(&odd.finish()).await.expect("it is open");
        connection.send(&Bits::default()).await.expect("nothing is nothing");
        say(&host, connection.close().await);
    });
    sim.run_for(Span::from_secs(5));
    assert_eq!(sim.now().printed("SITE1"), ["Closed"]);
    assert_eq!(
        sim.now().printed("SITE2"),
        ["Ok(8)", "Ok([205, 224])"],
        "0xcd, 0xe0: the last four bits are zeros"
    );
    sim.finish()?;
    Ok(())
}

#[test]
fn arrived_means_that_the_receiver_has_not_closed_before_it_got_everything() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let connection = receiver(&host).await;
        host.sleep(Span::from_secs(1)).await;
        let _first = connection.receive(8).await;
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let mut connection = sender(&host).await;
        connection.write_all(&[7; 1800]).await.expect("there is room");
        say(&host, connection.arrived().await);
        connection.ended().await;
        say(&host, connection.arrived().await);
    });
    sim.run_for(Span::from_secs(10));
    assert_eq!(
        sim.now().printed("SITE1"),
        ["Ok(())", "Err(Closed)"],
        "at first all of it waits in the reader's NCP"
    );
    sim.finish()?;
    Ok(())
}
