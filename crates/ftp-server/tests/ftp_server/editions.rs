//! What is different where another edition is spoken: PASV, REIN, and replies of many lines.

use ftp::Edition;
use ftp_server::Policy as ServerPolicy;
use ncp::{ByteSize, ForeignSocket, Gender, Policy, QueuePolicy, Socket};
use sim::{Sim, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::user::{SERVER, User, content, finish, net_with, on_disk};

const MINUTE: Span = Span::from_secs(60);

/// The sockets that the server has for this user's data, told by nobody: S+2 and S+3, where S and S+1 are those of the Telnet
/// connections (RFC 542, SOCK).
pub(crate) fn data_socket(user: &User, gender: Gender) -> Socket {
    // The user hears from S+1.
    let telnet = user.duplex.reader.foreign().socket;
    match gender {
        Gender::Receive => telnet.offset(1),
        Gender::Send => telnet.offset(2),
    }
}

/// A server whose host keeps no request for which nobody listens.
fn net_of(edition: Edition) -> sim::Result<Sim> {
    net_with(edition, Policy { queue: QueuePolicy::Refuse, ..Policy::default() })
}

/// The request that comes too early for LSTN (RFC 438, b) comes in time for PASV (RFC 478, note 1), and is not lost even where hosts
/// keep no requests.
#[test]
fn with_pasv_the_partner_may_come_before_the_transfer_command() -> sim::Result {
    for edition in [Edition::Rfc478, Edition::Rfc542] {
        let done = if edition == Edition::Rfc542 { 257 } else { 252 };
        let mut sim = net_of(edition)?;
        sim.host("SITE1")?.runs("user", move |host| async move {
            let mut user = User::enters(&host).await;
            let lease = host.sockets();
            user.asks(&format!("SOCK {}", lease.socket(3).number()), 200).await;
            user.asks("PASV", 200).await;
            let to = ForeignSocket { host: SERVER, socket: data_socket(&user, Gender::Receive) };
            // One transfer after the other: PASV is a parameter.
            for (file, length) in [("NEW.X", 3000), ("NEXT.X", 0)] {
                let asked = host.init(lease.socket(3), to, Some(ByteSize::EIGHT)).expect("it is free");
                let mut data = asked.await.expect("it listens before the command");
                host.sleep(Span::from_secs(5)).await;
                user.asks(&format!("STOR {file}"), 250).await;
                data.write_all(&content(length)).await.expect("the server reads");
                data.close().await;
                user.hears(done).await;
            }
            user.asks("ABOR", 202).await;
            let late = host.init(lease.socket(3), to, Some(ByteSize::EIGHT)).expect("it is free");
            late.await.err().expect("it does not listen any more");
            user.leaves().await;
        });
        let outcome = finish(sim, MINUTE)?;
        for (file, length) in [("NEW.X", 3000), ("NEXT.X", 0)] {
            assert_eq!(on_disk(&outcome, file), Some(content(length)), "{file} of {edition}");
        }
    }
    Ok(())
}

#[test]
fn with_pasv_nobody_but_the_one_that_sock_has_named_is_let_in() -> sim::Result {
    let mut sim = net_of(Edition::Rfc478)?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        let lease = host.sockets();
        user.asks("PASV", 200).await;
        user.asks(&format!("SOCK {}", lease.socket(2).number()), 200).await;
        let to = ForeignSocket { host: SERVER, socket: data_socket(&user, Gender::Send) };
        let stranger = host.init(lease.socket(4), to, None).expect("it is free");
        stranger.await.err().expect("it is refused");
        let partner = host.init(lease.socket(2), to, None).expect("it is free");
        let data = partner.await.expect("it is let in");
        user.asks("RETR ONE.X", 250).await;
        assert_eq!(data.receive(8).await.expect("it is open").bytes(), content(1));
        drop(data);
        user.hears(252).await;
        user.leaves().await;
    });
    finish(sim, MINUTE)?;
    Ok(())
}

#[test]
fn in_rfc_454_a_reply_of_many_lines_begins_with_a_hyphen_and_ends_with_its_code() -> sim::Result {
    let mut sim = net_with(Edition::Rfc454, Policy::default())?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        for (line, code) in [("STAT", "100"), ("HELP", "050"), ("HELP RETR", "050"), ("STAT <MANY>", "151")] {
            user.types(line).await;
            let mut said = vec![user.line().await.expect("an answer")];
            while !said.last().expect("one").starts_with(&format!("{code} ")) {
                said.push(user.line().await.expect("it goes on"));
            }
            assert!(said[0].starts_with(&format!("{code}-")), "{line}: {said:?}");
            let between = &said[1..said.len() - 1];
            let is_text = |text: &String| !text.starts_with(|first: char| first.is_ascii_digit());
            assert!(between.iter().all(is_text), "{line}: {said:?}");
        }
        user.asks("STAT ONE.X", 150).await;
        user.asks("QUOT", 200).await;
        user.asks("XTRY", 506).await;
        user.asks("NQUO", 200).await;
        user.asks("FORM U", 200).await;
        user.asks("FORM P", 506).await;
        user.asks("RETR A*B", 550).await;
        user.asks("REIN", 233).await;
        user.hears(300).await;
        user.asks("RETR ONE.X", 504).await;
        user.asks("USER SMITH", 330).await;
        user.asks("PASS SESAME", 230).await;
        assert_eq!(user.retrieves("ONE.X").await, content(1));
        user.leaves().await;
    });
    finish(sim, MINUTE)?;
    Ok(())
}

/// RFC 354, IV.B, 330; RFC 318, control signals.
#[test]
fn a_server_that_hides_passwords_says_so_before_it_asks_and_that_it_is_over_behind_it() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    let policy = ServerPolicy { hides_passwords: true, ..ServerPolicy::default() };
    sim.host("SITE2")?
        .account("SMITH", "SESAME")
        .runs("FTP server", move |host| ftp_server::serve_by(host, Edition::Rfc438, policy));
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::calls(&host).await;
        user.hears(300).await;
        user.types("USER SMITH").await;
        let mut heard = [0; 5];
        user.duplex.read_exact(&mut heard).await.expect("it asks");
        assert_eq!(&heard, b"\x85330 ", "HIDE YOUR INPUT, and then the question");
        user.line().await;
        user.types("PASS SESAME").await;
        user.duplex.read_exact(&mut heard).await.expect("it answers");
        assert_eq!(&heard, b"\x83230 ", "NO ECHO, and then the answer");
        user.line().await;
        user.leaves().await;
    });
    finish(sim, MINUTE)?;
    Ok(())
}

/// RFC 438, a.1.
#[test]
fn a_server_that_has_set_aside_what_it_may_refuses_to_allocate_until_one_is_given_back() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    let policy = ServerPolicy { most_data_sockets: 2, ..ServerPolicy::default() };
    sim.host("SITE2")?
        .account("SMITH", "SESAME")
        .runs("FTP server", move |host| ftp_server::serve_by(host, Edition::Rfc438, policy));
    sim.host("SITE1")?.runs("user", async |host| {
        let (mut one, mut other) = (User::enters(&host).await, User::enters(&host).await);
        one.socket("LSTN R").await;
        other.socket("SOCK 3,2049").await;
        let refusal = "no socket to be had for that";
        assert_eq!(one.asks("LSTN S", 504).await, refusal);
        assert_eq!(other.asks("SOCK 3,2048", 504).await, refusal);
        one.asks("ABOR", 202).await;
        other.socket("LSTN S").await;
        assert_eq!(one.asks("LSTN R", 504).await, refusal);
        other.leaves().await;
        host.sleep(Span::from_secs(2)).await;
        one.socket("LSTN R").await;
        one.socket("LSTN S").await;
        one.leaves().await;
    });
    finish(sim, MINUTE)?;
    Ok(())
}

/// What replaces his own socket is no more than he has.
#[test]
fn a_user_who_has_all_that_may_be_set_aside_may_ask_for_another_instead() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    let policy = ServerPolicy { most_data_sockets: 1, ..ServerPolicy::default() };
    sim.host("SITE2")?
        .account("SMITH", "SESAME")
        .runs("FTP server", move |host| ftp_server::serve_by(host, Edition::Rfc438, policy));
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        let first = user.socket("SOCK 3,2048").await;
        assert_ne!(user.socket("SOCK 3,2050").await, first, "a fresh one");
        user.socket("LSTN S").await;
        user.asks("LSTN R", 504).await;
        let mut other = User::enters(&host).await;
        other.asks("LSTN S", 504).await;
        user.asks("SOCK", 200).await;
        other.socket("LSTN R").await;
        user.asks("LSTN R", 504).await;
        for mut user in [user, other] {
            user.leaves().await;
        }
    });
    finish(sim, MINUTE)?;
    Ok(())
}

#[test]
fn who_is_logged_out_by_rein_or_in_vain_as_another_has_the_time_of_a_stranger() -> sim::Result {
    let mut sim = net_with(Edition::Rfc454, Policy::default())?;
    sim.host("SITE1")?.runs("user", async |host| {
        for lines in [[("REIN", 233), ("NOOP", 300)], [("USER JONES", 330), ("PASS GUESS", 431)]] {
            let mut user = User::enters(&host).await;
            host.sleep(Span::from_secs(600)).await;
            for (line, code) in lines {
                user.asks(line, code).await;
            }
            let since = host.now();
            if lines[0].0 == "REIN" {
                user.hears(200).await;
            }
            user.hears(430).await;
            user.hears_the_end().await;
            let took = host.now().since(since);
            assert!(took > Span::from_secs(280) && took < Span::from_secs(310), "{lines:?}: {took}");
        }
    });
    finish(sim, Span::from_secs(2000))?;
    Ok(())
}
