//! Users that are a burden to the server.

use ftp::Edition;
use ncp::{Allocation, ForeignSocket, Policy, icp::FTP_CONTACT};
use sim::Span;
use tokio::io::AsyncWriteExt;

use crate::user::{SERVER, User, assert_alone, content, dialogue, finish, net, net_with, on_disk};

const MINUTE: Span = Span::from_secs(60);

#[test]
fn an_endless_line_is_skipped_and_reported_once_and_what_comes_after_it_is_obeyed() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        user.writes(&[b'X'; 10_000]).await;
        user.asks("", 500).await;
        user.asks("NOOP", 200).await;
        user.writes(&[b'Y'; 200_000]).await;
        user.asks("", 500).await;
        user.asks("NOOP", 200).await;
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn an_endless_line_that_never_ends_is_an_idle_user() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        while host.now().as_micros() < 29 * 60 * 1_000_000 {
            user.writes(&[b'X'; 1000]).await;
            host.sleep(Span::from_secs(10)).await;
        }
        user.hears(301).await;
        user.hears(435).await;
        user.hears_the_end().await;
        host.teletype().print("DONE");
    });
    sim.run_for(Span::from_secs(31 * 60));
    assert_eq!(sim.now().printed("SITE1"), ["DONE"], "he is told why before the end");
    assert_alone(&sim.now());
    sim.finish()?;
    Ok(())
}

#[test]
fn garbage_is_answered_line_by_line_and_harms_nothing() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        // Every byte but LF, which ends a line, and DATA MARK, which waits for an interrupt.
        let garbage: Vec<u8> = (0..=255).filter(|byte| ![b'\n', 128].contains(byte)).collect();
        for _ in 0..50 {
            user.writes(&garbage).await;
            user.asks("", 500).await;
        }
        user.asks("NOOP", 200).await;
        user.asks("USER \u{1}\u{2}\r\0", 501).await;
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn commands_in_one_message_are_obeyed_in_order() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::calls(&host).await;
        user.hears(300).await;
        let listening = user.listens(5);
        user.writes(b"USER SMITH\r\nPASS SESAME\r\nNOOP\r\nSTOR NEW.X\r\nSTOR ONE.X\r\nBYE\r\n").await;
        for code in [330, 230, 200, 504, 232, 255, 250] {
            user.hears(code).await;
        }
        let mut data = listening.await.expect("the server asks");
        data.send(&machine::Bits::from_bytes(b"TEXT")).await.expect("it is open");
        data.close().await;
        user.hears(252).await;
        user.hears_the_end().await;
    })?;
    assert_eq!(on_disk(&outcome, "NEW.X").as_deref(), Some(&b"TEXT"[..]));
    Ok(())
}

/// A person at a slow terminal, who takes what there is to see of many files at a few characters a second.
#[test]
fn a_user_who_takes_a_long_reply_slowly_is_told_all_of_it() -> sim::Result {
    let allocation = Allocation { messages: 1, bits: 800 };
    let mut sim = net()?;
    let slow = async |host: host::Handle| {
        let mut user = User::enters(&host).await;
        user.types("STAT <MANY>").await;
        let start = host.now();
        let mut said = String::new();
        while !said.ends_with("200 that is all") {
            said = user.line().await.expect("the server goes on");
            host.sleep(Span::from_secs(7)).await;
        }
        let took = host.now().since(start);
        assert!(took > Span::from_secs(600), "that was not slow: {took}");
        user.leaves().await;
    };
    sim.host("SITE1")?.runs("user", slow).policy(Policy { allocation, ..Policy::default() });
    finish(sim, Span::from_secs(3000))?;
    Ok(())
}

#[test]
fn a_user_who_takes_no_replies_is_let_go_and_keeps_nobody_from_being_served() -> sim::Result {
    // The user's NCP allows one byte for each connection, and the user reads none.
    let allocation = Allocation { messages: 1, bits: 8 };
    let mut sim = net()?;
    let mute = |host: host::Handle| async move {
        let contact = ForeignSocket { host: SERVER, socket: FTP_CONTACT };
        let duplex = host.icp(contact).await.expect("the server answers");
        let mut user = User { host: host.clone(), duplex };
        for _ in 0..300 {
            user.types("HELP").await;
        }
        host.sleep(Span::from_secs(3600)).await;
    };
    sim.host("SITE3")?.runs("mute", mute).policy(Policy { allocation, ..Policy::default() });
    sim.run_for(Span::from_secs(10));
    sim.spawn("SITE1", "user", async |host| {
        let mut user = User::enters(&host).await;
        assert_eq!(user.retrieves("ONE.X").await, content(1));
        user.leaves().await;
        host.teletype().print("DONE");
    })?;
    sim.run_for(Span::from_secs(10));
    assert_eq!(sim.now().printed("SITE1"), ["DONE"]);
    let telnet = sim.now().host("SITE2").expect("it is declared").netstat();
    assert!(telnet.iter().all(|status| status.unsent <= 16_000 && status.unread <= 32_000), "{telnet:?}");
    sim.run_for(Span::from_secs(12 * 60));
    assert_alone(&sim.now());
    sim.finish()?;
    Ok(())
}

#[test]
fn of_forty_users_at_once_thirty_two_are_served_and_eight_told_to_come_later() -> sim::Result {
    let mut sim = net_with(Edition::Rfc438, Policy::default())?;
    let hosts = ["SITE4", "SITE5", "SITE6", "SITE7"];
    for name in hosts {
        sim.host(name)?.runs("users", async |host| {
            for n in 0..10 {
                let caller = host.clone();
                drop(host.spawn(format!("user {n}"), async move {
                    let mut user = User::calls(&caller).await;
                    let first = user.line().await.expect("a greeting");
                    caller.teletype().print(&first[..3]);
                    if first.starts_with("300") {
                        caller.sleep(MINUTE).await;
                        user.asks("BYE", 231).await;
                    }
                    user.hears_the_end().await;
                }));
            }
        });
    }
    sim.run_for(Span::from_secs(90));
    let now = sim.now();
    let mut codes: Vec<&str> = hosts.iter().flat_map(|name| now.printed(name)).collect();
    codes.sort_unstable();
    assert_eq!(codes.len(), 40, "nobody is left without an answer");
    assert_eq!((codes[31], codes[32]), ("300", "401"));
    assert_alone(&sim.now());
    sim.spawn("SITE1", "user", async |host| drop(User::enters(&host).await))?;
    finish(sim, MINUTE)?;
    Ok(())
}

#[test]
fn sixteen_users_who_vanish_at_once_take_nobodys_place_for_long() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        for n in 0..16 {
            let caller = host.clone();
            drop(host.spawn(format!("user {n}"), async move {
                let lease = caller.sockets();
                let contact = ForeignSocket { host: SERVER, socket: FTP_CONTACT };
                let opening = caller.init(lease.base(), contact, None).expect("there is room");
                drop(opening.await.expect("the server listens").receive(32).await);
            }));
        }
    });
    sim.run_for(Span::from_secs(75));
    assert_alone(&sim.now());
    sim.spawn("SITE3", "user", async |host| {
        drop(User::enters(&host).await);
        host.teletype().print("DONE");
    })?;
    sim.run_for(Span::from_secs(5));
    assert_eq!(sim.now().printed("SITE3"), ["DONE"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_stranger_has_five_minutes_whatever_he_sends_and_is_told_why_it_is_over() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("polite", async |host| {
        let mut user = User::calls(&host).await;
        user.hears(300).await;
        for _ in 0..9 {
            host.sleep(Span::from_secs(30)).await;
            user.asks("NOOP", 200).await;
        }
        user.hears(430).await;
        user.hears_the_end().await;
        host.teletype().print("DONE");
    });
    sim.host("SITE3")?.runs("flood", async |host| {
        let mut user = User::calls(&host).await;
        user.hears(300).await;
        // An endless line, of which there is always more to read.
        while user.duplex.write_all(&[b'X'; 2000]).await.is_ok() {}
        host.teletype().print("DONE");
    });
    sim.run_for(Span::from_secs(4 * 60 + 55));
    assert!(sim.now().printed("SITE1").is_empty() && sim.now().printed("SITE3").is_empty());
    sim.run_for(Span::from_secs(10));
    assert_eq!((sim.now().printed("SITE1"), sim.now().printed("SITE3")), (vec!["DONE"], vec!["DONE"]));
    assert_alone(&sim.now());
    sim.finish()?;
    Ok(())
}

/// So many users of a host who say nothing, and print the code of the first reply and of the last.
fn strangers(sim: &mut sim::Sim, site: &str, users: usize) -> sim::Result {
    sim.host(site)?.runs("strangers", move |host| async move {
        for number in 0..users {
            let caller = host.clone();
            host.sleep(Span::from_micros(200_000)).await;
            drop(host.spawn(format!("stranger {number}"), async move {
                let mut user = User::calls(&caller).await;
                while let Some(line) = user.line().await {
                    caller.teletype().print(&line[..3]);
                }
            }));
        }
    });
    Ok(())
}

fn count(sim: &sim::Sim, site: &str, code: &str) -> usize {
    sim.now().printed(site).into_iter().filter(|line| *line == code).count()
}

#[test]
fn strangers_of_one_host_have_half_the_seats_and_hear_that_there_are_no_more() -> sim::Result {
    let mut sim = net()?;
    strangers(&mut sim, "SITE3", 20)?;
    sim.run_for(Span::from_secs(20));
    assert_eq!(["300", "401"].map(|code| count(&sim, "SITE3", code)), [16, 4]);
    sim.spawn("SITE1", "user", async |host| {
        drop(User::enters(&host).await);
        host.teletype().print("DONE");
    })?;
    sim.run_for(Span::from_secs(5));
    assert_eq!(sim.now().printed("SITE1"), ["DONE"]);
    sim.run_for(Span::from_secs(5 * 60));
    assert_eq!(count(&sim, "SITE3", "430"), 16, "they have not logged in");
    sim.finish()?;
    Ok(())
}

#[test]
fn strangers_of_two_hosts_have_all_seats_only_until_somebody_else_wants_one() -> sim::Result {
    let mut sim = net()?;
    strangers(&mut sim, "SITE3", 16)?;
    strangers(&mut sim, "SITE4", 16)?;
    sim.run_for(Span::from_secs(20));
    assert_eq!(["SITE3", "SITE4"].map(|site| count(&sim, site, "300")), [16, 16], "all seats are taken");
    sim.spawn("SITE1", "user", async |host| {
        drop(User::enters(&host).await);
        host.teletype().print("DONE");
    })?;
    sim.run_for(Span::from_secs(5));
    assert_eq!(sim.now().printed("SITE1"), ["DONE"]);
    let sent_away = count(&sim, "SITE3", "430") + count(&sim, "SITE4", "430");
    assert_eq!(sent_away, 1, "one stranger makes room, and hears of it");
    sim.finish()?;
    Ok(())
}

#[test]
fn one_account_has_eight_seats_and_the_ninth_hears_that_there_are_too_many() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut users = Vec::new();
        for _ in 0..8 {
            users.push(User::enters(&host).await);
        }
        let mut ninth = User::calls(&host).await;
        ninth.hears(300).await;
        ninth.asks("USER SMITH", 330).await;
        ninth.asks("PASS SESAME", 401).await;
        ninth.hears_the_end().await;
        for mut user in users {
            user.leaves().await;
        }
    })?;
    Ok(())
}
