//! What stands between the commands, and beside them: NULs, bytes above 127, SYNCHs, and lines without an end.

use sim::Span;
use tokio::io::AsyncWriteExt;

use crate::user::{User, content, dialogue, on_disk};

const MINUTE: Span = Span::from_secs(60);

/// The half of a SYNCH that stands in the text.
const MARK: u8 = 128;

#[test]
fn nuls_are_no_operation() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        user.writes(b"NOOP\r\n\0\0").await;
        user.hears(200).await;
        user.writes(b"NO\0OP\r\n\0").await;
        user.hears(200).await;
        user.leaves().await;
    })?;
    Ok(())
}

/// "A\u{e9}.X" without its accent is another file.
#[test]
fn a_name_with_a_byte_above_127_is_no_other_name() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for line in [&b"DELE ONE\xe9.X\r\n"[..], b"DELE \xfcONE.X\r\n", b"RNFR ONE\x90.X\r\n"] {
            user.writes(line).await;
            user.hears(500).await;
        }
        // Signals may stand anywhere (RFC 414, 1), and commands of newer Telnets do.
        for line in [&b"NO\x81OP\r\n"[..], b"\xff\xfd\x01NOOP\r\n"] {
            user.writes(line).await;
            user.hears(200).await;
        }
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)));
    Ok(())
}

#[test]
fn in_the_middle_of_a_transfer_abor_and_stat_are_heard_with_a_synch_in_either_order() -> sim::Result {
    for is_mark_first in [false, true] {
        let outcome = dialogue(MINUTE, move |host| async move {
            let mut user = User::enters(&host).await;
            let synch = async |user: &mut User| {
                if !is_mark_first {
                    user.duplex.writer.interrupt();
                    host.sleep(Span::from_secs(2)).await;
                }
                user.writes(&[MARK]).await;
                if is_mark_first {
                    // What comes behind the mark waits for the INS.
                    user.writes(b"NOOP\r\n").await;
                    host.sleep(Span::from_secs(2)).await;
                    let before = host.now();
                    user.duplex.writer.interrupt();
                    user.hears(200).await;
                    assert!(host.now() > before, "it was not looked at before the INS");
                }
            };
            let mut data = user.begins("STOR ONE.X").await;
            data.write_all(&content(3000)).await.expect("the server reads");
            host.sleep(Span::from_secs(2)).await;
            // A line that has begun is forgotten.
            user.writes(b"DELE BIG").await;
            synch(&mut user).await;
            user.types("STAT").await;
            let mut said = Vec::new();
            while !said.iter().any(|line: &String| line.starts_with("200 ")) {
                said.extend(user.line().await);
            }
            let how_far = said.iter().find(|line| line.contains("STOR ONE.X")).expect("it is under way");
            assert!(how_far.contains(": 3000 bytes so far, from 1,"), "{how_far}");
            synch(&mut user).await;
            user.asks("ABOR", 201).await;
            user.asks("NOOP", 200).await;
            user.leaves().await;
        })?;
        assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "mark first: {is_mark_first}");
    }
    Ok(())
}

/// A control message that is lost must leave nobody unheard for ever.
#[test]
fn a_synch_of_which_half_never_comes_is_given_up_after_half_a_minute() -> sim::Result {
    let outcome = dialogue(MINUTE * 4, async |host| {
        let mut user = User::enters(&host).await;
        let within = async |user: &mut User, shortest: u64, longest: u64| {
            let start = host.now();
            user.hears(200).await;
            let took = host.now().since(start);
            assert!(took >= Span::from_secs(shortest) && took < Span::from_secs(longest), "{took}");
        };
        user.writes(&[MARK]).await;
        user.types("NOOP").await;
        within(&mut user, 29, 31).await;
        user.types("NOOP").await;
        within(&mut user, 0, 1).await;
        // This one goes with that mark, be it late.
        user.duplex.writer.interrupt();
        user.types("NOOP").await;
        within(&mut user, 0, 1).await;
        user.duplex.writer.interrupt();
        host.sleep(Span::from_secs(1)).await;
        user.types("DELE ONE.X").await;
        let start = host.now();
        let told = user.hears(500).await;
        assert!(told.contains("thrown away"), "nobody waits for an answer in vain: {told}");
        assert!(host.now().since(start) < Span::from_secs(30));
        user.types("NOOP").await;
        within(&mut user, 0, 1).await;
        // With nothing typed there is nothing to tell.
        user.duplex.writer.interrupt();
        host.sleep(Span::from_secs(31)).await;
        user.types("NOOP").await;
        within(&mut user, 0, 1).await;
        // The rest of a line whose beginning is lost is no command of its own.
        user.duplex.writer.interrupt();
        host.sleep(Span::from_secs(1)).await;
        user.writes(b"STAT ").await;
        host.sleep(Span::from_secs(31)).await;
        assert!(user.asks("DELE ONE.X", 500).await.contains("thrown away"));
        user.types("NOOP").await;
        within(&mut user, 0, 1).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)));
    Ok(())
}

#[test]
fn who_does_not_end_a_line_is_told_once() -> sim::Result {
    dialogue(MINUTE * 10, async |host| {
        let mut user = User::enters(&host).await;
        user.writes(b"NO").await;
        let start = host.now();
        user.hears(301).await;
        let took = host.now().since(start);
        assert!(took > Span::from_secs(119) && took < Span::from_secs(121), "{took}");
        host.sleep(MINUTE * 4).await;
        user.asks("OP", 200).await;
        user.writes(b"NO").await;
        user.hears(301).await;
        user.asks("OP", 200).await;
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn files_go_both_ways_at_the_same_time() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let (receiving, sending) = (user.listens(4), user.listens(5));
        user.asks("RETR BIG.X", 255).await;
        let received = receiving.await.expect("the server asks");
        user.hears(250).await;
        user.asks("STOR NEW.X", 255).await;
        let mut sent = sending.await.expect("the server asks");
        user.hears(250).await;
        user.asks("STOR ONE.X", 504).await;
        sent.write_all(&content(3000)).await.expect("the server reads");
        sent.close().await;
        let stored = user.hears(252).await;
        assert!(stored.contains("3000 bytes"), "{stored}");
        assert_eq!(received.receive(800_000).await.expect("it is open").bytes(), content(100_000));
        drop(received.receive(8).await);
        drop(received);
        let sent = user.hears(252).await;
        assert!(sent.contains("100000 bytes"), "{sent}");
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "NEW.X"), Some(content(3000)));
    Ok(())
}

/// The first thing that a user of the time does with a program of 36-bit words, or with what no teletype could print.
#[test]
fn an_image_comes_and_goes_byte_for_byte() -> sim::Result {
    let every: Vec<u8> = [b"A\nB\r\nC\r\0\r".to_vec(), (0..=255).collect(), content(5000)].concat();
    let on_disk_here = every.clone();
    let outcome = dialogue(MINUTE, move |host| {
        let sent = on_disk_here.clone();
        async move {
            let mut user = User::enters(&host).await;
            user.asks("TYPE I", 200).await;
            user.asks("BYTE 8", 200).await;
            user.stores("STOR IMAGE.X", &sent).await;
            assert!(user.retrieves("IMAGE.X").await == sent, "as it was");
            user.leaves().await;
        }
    })?;
    assert!(on_disk(&outcome, "IMAGE.X") == Some(every), "nothing is changed");
    Ok(())
}

#[test]
fn a_file_is_renamed_at_once_and_never_over_another() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        user.asks("RNFR ONE.X", 200).await;
        assert_eq!(user.asks("RNTO BIG.X", 504).await, "there is a file of that name");
        user.asks("RNFR ONE.X", 200).await;
        user.asks("RNTO <JONES>ONE.X", 451).await;
        user.asks("RNFR one.x", 200).await;
        user.asks("RNTO uno.x", 253).await;
        user.asks("RNFR ONE.X", 450).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "UNO.X"), Some(content(1)));
    assert_eq!(on_disk(&outcome, "ONE.X"), None);
    assert_eq!(on_disk(&outcome, "BIG.X"), Some(content(100_000)));
    Ok(())
}
