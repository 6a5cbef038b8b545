//! Transfers over the default data connection.

use sim::Span;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::user::{DISK, User, content, dialogue, finish, net, on_disk};

const MINUTE: Span = Span::from_secs(60);

#[test]
fn files_of_all_sizes_come_as_they_are() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for (name, length) in [("EMPTY.X", 0), ("ONE.X", 1), ("BIG.X", 100_000)] {
            assert!(user.retrieves(name).await == content(length), "{name}");
        }
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn files_of_all_sizes_are_stored_and_appended_as_they_come() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for length in [0, 1, 100_000] {
            user.stores(&format!("STOR NEW{length}.X"), &content(length)).await;
            user.stores(&format!("APPE NEW{length}.X"), b"END").await;
        }
        user.stores("STOR BIG.X", b"SMALL").await;
        user.stores("APPE EMPTY.X", b"").await;
        user.leaves().await;
    })?;
    for length in [0, 1, 100_000] {
        let expected = [content(length), b"END".to_vec()].concat();
        assert!(on_disk(&outcome, &format!("NEW{length}.X")) == Some(expected), "{length} bytes and END");
    }
    assert_eq!(on_disk(&outcome, "BIG.X").as_deref(), Some(&b"SMALL"[..]), "replaced");
    assert_eq!(on_disk(&outcome, "EMPTY.X"), Some(Vec::new()));
    Ok(())
}

/// The first message of the file was refused by the IMP of a user that had announced a thousand bytes. Nothing at all, then
/// the end: this would replace the file by an empty one, and the user would be told that all is well.
#[test]
fn nothing_is_not_stored_for_one_who_has_announced_something() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for command in ["STOR ONE.X", "APPE ONE.X", "STOR NEW.X"] {
            user.asks("ALLO 1000", 200).await;
            let data = user.begins(command).await;
            data.close().await;
            user.hears(452).await;
        }
        user.stores("STOR EMPTY2.X", b"").await;
        user.asks("ALLO 1000", 200).await;
        user.stores("STOR SHORT.X", b"SHORT").await;
        user.stores("STOR EMPTY3.X", b"").await;
        user.asks("ALLO 0", 200).await;
        user.stores("STOR EMPTY4.X", b"").await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "the file is what it was");
    assert_eq!(on_disk(&outcome, "NEW.X"), None);
    assert_eq!(on_disk(&outcome, "SHORT.X").as_deref(), Some(&b"SHORT"[..]), "what ALLO says is the most");
    for empty in ["EMPTY2.X", "EMPTY3.X", "EMPTY4.X"] {
        assert_eq!(on_disk(&outcome, empty), Some(Vec::new()), "{empty}: nothing says that it is not empty");
    }
    Ok(())
}

/// A source that never heard that its connection is open closes it after two minutes. It has sent nothing, and says so to its
/// user; the old file at the destination must be there still.
#[test]
fn a_sender_that_gives_up_after_a_while_has_not_sent_an_empty_file() -> sim::Result {
    let outcome = dialogue(Span::from_secs(300), async |host| {
        let mut user = User::enters(&host).await;
        let data = user.begins("STOR ONE.X").await;
        host.sleep(Span::from_secs(120)).await;
        data.close().await;
        // A person who makes an empty file by hand learns why that was not done.
        let said = user.hears(452).await;
        assert!(
            said.contains("too late for an empty file") && said.contains("no file was changed"),
            "{said}"
        );
        let data = user.begins("STOR SLOW.X").await;
        host.sleep(Span::from_secs(10)).await;
        data.close().await;
        user.hears(252).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "the file is what it was");
    assert_eq!(on_disk(&outcome, "SLOW.X"), Some(Vec::new()));
    Ok(())
}

#[test]
fn a_data_connection_that_never_comes_is_given_up_after_120_seconds() -> sim::Result {
    dialogue(Span::from_secs(400), async |host| {
        let mut user = User::enters(&host).await;
        for command in ["RETR BIG.X", "STOR NEW.X", "LIST"] {
            let start = host.now();
            user.types(command).await;
            user.asks("NOOP", 200).await;
            user.asks(command, 504).await;
            user.hears(454).await;
            let took = host.now().since(start);
            assert!(took >= Span::from_secs(120) && took < Span::from_secs(121), "{command}: {took}");
        }
        assert!(user.retrieves("ONE.X").await == content(1), "the next transfer works");
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn a_disk_that_is_full_changes_nothing() -> sim::Result {
    let outcome = dialogue(Span::from_secs(300), async |host| {
        let mut user = User::enters(&host).await;
        let mut data = user.begins("STOR ONE.X").await;
        let writing = data.write_all(&content(DISK)).await;
        assert!(writing.is_err(), "the server wants no more");
        drop(data);
        user.hears(453).await;
        host.sleep(Span::from_secs(1)).await;
        user.stores("STOR NEW.X", &content(200_000)).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "the file is what it was");
    assert!(on_disk(&outcome, "NEW.X").is_some(), "and what did not fit takes no room");
    Ok(())
}

#[test]
fn abor_stops_a_file_that_is_sent_although_nobody_reads_it() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let listening = user.listens(4);
        user.asks("RETR BIG.X", 255).await;
        let mut data = listening.await.expect("the server asks");
        user.hears(250).await;
        host.sleep(Span::from_secs(10)).await;
        user.asks("ABOR", 201).await;
        let mut content = Vec::new();
        data.read_to_end(&mut content).await.expect("it is closed properly");
        assert_eq!(content.len(), 4000, "what had been allowed, and nothing after ABOR");
        drop(data);
        assert_eq!(user.retrieves("BIG.X").await.len(), 100_000, "the next transfer works");
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn abor_in_the_middle_of_stor_leaves_the_file_as_it_was() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let mut data = user.begins("STOR ONE.X").await;
        data.write_all(b"HALF").await.expect("the server reads");
        host.sleep(Span::from_secs(1)).await;
        user.asks("ABOR", 201).await;
        data.close().await;
        user.asks("ABOR", 202).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)));
    Ok(())
}

/// A sender that breaks off interrupts, and then closes as if it had sent all.
#[test]
fn a_file_whose_sender_has_interrupted_is_not_stored() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for command in ["STOR ONE.X", "APPE ONE.X", "STOR NEW.X"] {
            let mut data = user.begins(command).await;
            data.write_all(b"HALF").await.expect("the server reads");
            data.interrupt();
            data.close().await;
            user.hears(452).await;
        }
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "the file is what it was");
    assert_eq!(on_disk(&outcome, "NEW.X"), None);
    Ok(())
}

#[test]
fn a_receiver_who_closes_before_the_end_is_told_that_the_file_is_not_whole() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for (name, bytes) in [("BIG.X", 10), ("BIG.X", 99_000)] {
            let listening = user.listens(4);
            user.asks(&format!("RETR {name}"), 255).await;
            let data = listening.await.expect("the server asks");
            user.hears(250).await;
            data.receive(bytes * 8).await.expect("it is open");
            drop(data);
            user.hears(452).await;
            host.sleep(Span::from_secs(1)).await;
        }
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn bye_during_a_transfer_is_answered_and_the_transfer_has_its_final_reply() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let mut data = user.begins("STOR NEW.X").await;
        data.write_all(b"FIRST ").await.expect("the server reads");
        user.asks("BYE", 232).await;
        user.asks("NOOP", 504).await;
        data.write_all(b"SECOND").await.expect("the server reads");
        data.close().await;
        user.hears(252).await;
        user.hears_the_end().await;
    })?;
    assert_eq!(on_disk(&outcome, "NEW.X").as_deref(), Some(&b"FIRST SECOND"[..]));
    Ok(())
}

#[test]
fn of_two_users_who_store_one_file_the_later_one_wins_and_appends_lose_nothing() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        for (first, text) in [(true, b"AAAA"), (false, b"BBBB")] {
            let other = host.clone();
            drop(host.spawn("user", async move {
                let mut user = User::enters(&other).await;
                let mut data = user.begins("STOR NEW.X").await;
                data.write_all(text).await.expect("the server reads");
                other.sleep(Span::from_secs(if first { 20 } else { 10 })).await;
                data.write_all(text).await.expect("the server reads");
                data.close().await;
                user.hears(252).await;
                user.stores("APPE ONE.X", text).await;
            }));
        }
    });
    let outcome = finish(sim, MINUTE)?;
    assert_eq!(on_disk(&outcome, "NEW.X").as_deref(), Some(&b"AAAAAAAA"[..]), "no mixture");
    let expected = [content(1), b"BBBBAAAA".to_vec()].concat();
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(expected));
    Ok(())
}

#[test]
fn a_data_connection_on_which_nothing_moves_is_given_up_after_ten_minutes_at_most() -> sim::Result {
    let outcome = dialogue(Span::from_secs(700), async |host| {
        let mut user = User::enters(&host).await;
        let mut data = user.begins("STOR ONE.X").await;
        data.write_all(b"HALF").await.expect("the server reads");
        user.hears(452).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)));
    Ok(())
}

#[test]
fn a_slow_transfer_is_not_mistaken_for_an_idle_user() -> sim::Result {
    let outcome = dialogue(Span::from_secs(3000), async |host| {
        let mut user = User::enters(&host).await;
        let mut data = user.begins("STOR NEW.X").await;
        for _ in 0..10 {
            host.sleep(Span::from_secs(240)).await;
            data.write_all(b"X").await.expect("the server reads");
        }
        data.close().await;
        user.hears(252).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "NEW.X").map(|content| content.len()), Some(10));
    Ok(())
}
