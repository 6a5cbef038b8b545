//! Partners who come for a file before the command that is about it.

use ftp::Edition;
use host::{Connection, Handle};
use ncp::{ByteSize, ForeignSocket, Gender, Policy};
use sim::{Outcome, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::editions::data_socket;
use crate::user::{SERVER, User, content, finish, net_with, on_disk};

/// A dialogue with a server that has PASV.
fn passively<F>(most: Span, program: impl Fn(Handle) -> F + 'static) -> sim::Result<Outcome>
where
    F: Future<Output = ()> + 'static,
{
    let mut sim = net_with(Edition::Rfc478, Policy::default())?;
    sim.host("SITE1")?.runs("user", program);
    finish(sim, most)
}

/// Comes to the server's data socket of this gender.
async fn comes(user: &User, gender: Gender) -> Connection {
    let to = ForeignSocket { host: SERVER, socket: data_socket(user, gender) };
    let local = user.duplex.sockets.socket(match gender {
        Gender::Send => 4,
        Gender::Receive => 5,
    });
    let asked = user.host.init(local, to, Some(ByteSize::EIGHT)).expect("the socket is free");
    asked.await.expect("it listens before the command")
}

/// In stream mode the end of a connection is that of the file: a partner that stores what it gets here would store nothing in the
/// place of an old file.
#[test]
fn whoever_came_for_a_file_that_is_not_sent_is_told_that_it_is_broken_off() -> sim::Result {
    let ends = [("RETR NOTHING.X", 450), ("SOCK 2,600", 200), ("SOCK", 200), ("ABOR", 202), ("BYE", 231)];
    for (line, code) in ends {
        passively(Span::from_secs(60), move |host| async move {
            let mut user = User::enters(&host).await;
            user.asks("PASV", 200).await;
            let mut data = comes(&user, Gender::Send).await;
            user.asks(line, code).await;
            let mut content = Vec::new();
            data.read_to_end(&mut content).await.expect("it is closed properly");
            assert!(data.take_interrupts() > 0, "{line}: nothing says that this is no empty file");
            drop(data);
            if line != "BYE" {
                user.asks("BYE", 231).await;
            }
            user.hears_the_end().await;
        })?;
    }
    Ok(())
}

#[test]
fn a_partner_who_was_heard_of_by_nobody_before_the_server_ended_is_broken_off_too() -> sim::Result {
    passively(Span::from_secs(60), async |host| {
        let mut user = User::enters(&host).await;
        user.asks("PASV", 200).await;
        // The request and the goodbye are under way together.
        let to = ForeignSocket { host: SERVER, socket: data_socket(&user, Gender::Send) };
        let local = user.duplex.sockets.socket(4);
        let asked = host.init(local, to, Some(ByteSize::EIGHT)).expect("the socket is free");
        user.types("BYE").await;
        if let Ok(mut data) = asked.await {
            let mut content = Vec::new();
            data.read_to_end(&mut content).await.expect("it is closed properly");
            assert!(data.take_interrupts() > 0, "nothing says that this is no empty file");
        }
        user.hears(231).await;
        user.hears_the_end().await;
    })?;
    Ok(())
}

#[test]
fn a_partner_who_came_and_went_without_a_byte_before_the_command_empties_no_file() -> sim::Result {
    let outcome = passively(Span::from_secs(600), async |host| {
        let mut user = User::enters(&host).await;
        user.asks("PASV", 200).await;
        for stays in [0, 180] {
            let data = comes(&user, Gender::Receive).await;
            host.sleep(Span::from_secs(stays)).await;
            data.close().await;
            host.sleep(Span::from_secs(1)).await;
            // It listens still, and who comes next is served.
            user.types("STOR NEW.X").await;
            let mut data = comes(&user, Gender::Receive).await;
            user.hears(250).await;
            data.write_all(b"TEXT").await.expect("the server reads");
            data.close().await;
            user.hears(252).await;
        }
        drop(comes(&user, Gender::Receive).await);
        host.sleep(Span::from_secs(1)).await;
        user.asks("STOR ONE.X", 454).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "the file is what it was");
    assert_eq!(on_disk(&outcome, "NEW.X").as_deref(), Some(&b"TEXT"[..]));
    Ok(())
}

#[test]
fn a_partner_who_came_long_before_the_command_is_judged_by_when_he_came() -> sim::Result {
    let outcome = passively(Span::from_secs(120), async |host| {
        let mut user = User::enters(&host).await;
        user.asks("PASV", 200).await;
        let data = comes(&user, Gender::Receive).await;
        host.sleep(Span::from_secs(60)).await;
        user.asks("STOR ONE.X", 250).await;
        data.close().await;
        user.hears(452).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "the file is what it was");
    Ok(())
}

#[test]
fn a_file_that_was_sent_and_closed_before_the_command_is_stored_whole() -> sim::Result {
    let outcome = passively(Span::from_secs(120), async |host| {
        let mut user = User::enters(&host).await;
        user.asks("PASV", 200).await;
        let mut data = comes(&user, Gender::Receive).await;
        data.write_all(&content(1500)).await.expect("there is room");
        data.close().await;
        host.sleep(Span::from_secs(5)).await;
        user.asks("STOR NEW.X", 250).await;
        user.hears(252).await;
        user.leaves().await;
    })?;
    assert_eq!(on_disk(&outcome, "NEW.X"), Some(content(1500)));
    Ok(())
}
