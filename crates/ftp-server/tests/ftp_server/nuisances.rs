//! Users whom nobody would wish for.

use ftp::Edition;
use host::{Program, Settings};
use imp1822::HostAddress;
use machine::Span;
use ncp::{Allocation, ForeignSocket, Policy, icp::FTP_CONTACT};

use crate::user::{SERVER, User, assert_alone, content, dialogue, finish, net, net_with, on_disk};

const MINUTE: Span = Span::from_secs(60);

#[test]
fn an_endless_line_is_skipped_and_reported_once_and_what_comes_after_it_is_obeyed() {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        user.writes(&[b'X'; 10_000]).await;
        user.asks("", 500).await;
        user.asks("NOOP", 200).await;
        user.writes(&[b'Y'; 200_000]).await;
        user.asks("", 500).await;
        user.asks("NOOP", 200).await;
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
}

#[test]
fn an_endless_line_that_never_ends_is_an_idle_user() {
    let mut net = net();
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        while host.now().as_micros() < 29 * 60 * 1_000_000 {
            user.writes(&[b'X'; 1000]).await;
            host.sleep(Span::from_secs(10)).await;
        }
        user.hears_the_end().await;
    });
    net.wait(Span::from_secs(31 * 60));
    assert_alone(&net);
}

#[test]
fn garbage_is_answered_line_by_line_and_harms_nothing() {
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
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
}

#[test]
fn commands_in_one_message_are_obeyed_in_order() {
    let net = dialogue(MINUTE, async |host| {
        let mut user = User::calls(&host).await;
        user.hears(300).await;
        let listening = user.listens(5);
        user.writes(b"USER SMITH\r\nPASS SESAME\r\nNOOP\r\nSTOR NEW.X\r\nRETR ONE.X\r\nBYE\r\n").await;
        for code in [330, 230, 200, 504, 232, 255, 250] {
            user.hears(code).await;
        }
        let mut data = listening.await.expect("the server asks");
        data.send(&machine::Bits::from_bytes(b"TEXT")).await.expect("it is open");
        data.close().await;
        user.hears(252).await;
        user.hears_the_end().await;
    });
    assert_eq!(on_disk(&net, "NEW.X").as_deref(), Some(&b"TEXT"[..]));
}

#[test]
fn a_user_who_takes_no_replies_is_let_go_and_keeps_nobody_from_being_served() {
    // His NCP allows one byte for each connection, and he reads none.
    let allocation = Allocation { messages: 1, bits: 8 };
    let mut net = net();
    let mute = |host: host::Handle| async move {
        let contact = ForeignSocket { host: HostAddress::from(SERVER), socket: FTP_CONTACT };
        let duplex = host.icp(contact).await.expect("the server answers");
        let mut user = User { host: host.clone(), duplex };
        for _ in 0..300 {
            user.types("HELP").await;
        }
        host.sleep(Span::from_secs(3600)).await;
    };
    let programs = vec![Program::new("mute", mute)];
    let policy = Policy { allocation, ..Policy::default() };
    net.add(3, Settings { programs, policy, ..Settings::default() });
    net.wait(Span::from_secs(10));
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        assert_eq!(user.retrieves("ONE.X").await, content(1));
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
        host.teletype().print("DONE");
    });
    net.wait(Span::from_secs(10));
    assert_eq!(net.paper(1), ["DONE"]);
    let telnet = net.host(SERVER).netstat();
    assert!(telnet.iter().all(|status| status.unsent <= 16_000 && status.unread <= 32_000), "{telnet:?}");
    net.wait(Span::from_secs(12 * 60));
    assert_alone(&net);
}

#[test]
fn of_forty_users_at_once_thirty_two_are_served_and_eight_told_to_come_later() {
    let mut net = net_with(Edition::Rfc438, Policy::default());
    let hosts = [11, 12, 13, 14];
    for address in hosts {
        net.runs(address, async |host| {
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
    net.wait(Span::from_secs(90));
    let mut codes: Vec<&str> = hosts.iter().flat_map(|address| net.paper(*address)).collect();
    codes.sort_unstable();
    assert_eq!(codes.len(), 40, "nobody is left without an answer");
    assert_eq!((codes[31], codes[32]), ("300", "401"));
    assert_alone(&net);
    net.runs(1, async |host| drop(User::enters(&host).await));
    finish(&mut net, MINUTE);
}

#[test]
fn sixteen_users_who_vanish_at_once_take_nobodys_place_for_long() {
    let mut net = net();
    net.runs(1, async |host| {
        for n in 0..16 {
            let caller = host.clone();
            drop(host.spawn(format!("user {n}"), async move {
                let lease = caller.sockets();
                let contact = ForeignSocket { host: HostAddress::from(SERVER), socket: FTP_CONTACT };
                let opening = caller.init(lease.base(), contact, None).expect("there is room");
                drop(opening.await.expect("the server listens").receive(32).await);
            }));
        }
    });
    net.wait(Span::from_secs(75));
    assert_alone(&net);
    net.runs(3, async |host| {
        drop(User::enters(&host).await);
        host.teletype().print("DONE");
    });
    net.wait(Span::from_secs(5));
    assert_eq!(net.paper(3), ["DONE"]);
}
