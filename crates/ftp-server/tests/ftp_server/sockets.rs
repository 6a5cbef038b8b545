//! LSTN and SOCK: what RFC 438 lets a user arrange.

use host::Handle;
use imp1822::HostAddress;
use ncp::{ByteSize, ForeignSocket, Gender, Policy, QueuePolicy, Socket};
use sim::{Sim, Span};
use tokio::io::AsyncWriteExt;

use crate::user::{SERVER, User, content, dialogue, finish, net, net_with, on_disk};

const MINUTE: Span = Span::from_secs(60);

#[test]
fn lstn_and_sock_promise_fresh_sockets_of_the_right_gender_at_once() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let receives = user.socket("LSTN R").await;
        assert_eq!(receives.gender(), Gender::Receive);
        let sends = user.socket("LSTN S").await;
        assert_eq!(sends.gender(), Gender::Send);
        let again = user.socket("LSTN R").await;
        assert_ne!(again, receives, "a fresh one");
        assert_eq!(user.socket("SOCK 3,777").await, again, "777 sends to the one that listens");
        assert_eq!(user.socket("SOCK 3,778").await, sends, "778 receives from the one that listens");
        user.leaves().await;
    })?;
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let receives = user.socket("SOCK 3,777").await;
        assert_eq!(receives.gender(), Gender::Receive, "the other one sends");
        let sends = user.socket("SOCK 778").await;
        assert_eq!(sends.gender(), Gender::Send, "the other one receives");
        let listens = user.socket("LSTN R").await;
        assert!(listens != receives && listens.gender() == Gender::Receive, "a fresh one");
        let again = user.socket("SOCK 780").await;
        assert!(again != sends && again.gender() == Gender::Send, "the other direction, as before");
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn the_socket_of_the_255_reply_is_the_one_that_asks_and_the_file_goes_there() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let lease = host.sockets();
        let promised = user.socket(&format!("SOCK {}", lease.socket(2).number())).await;
        let partner = ForeignSocket { host: SERVER, socket: promised };
        let listening = host.listen(lease.socket(2), ncp::Partner::Exactly(partner), None);
        let listening = listening.expect("the socket is free");
        user.asks("RETR ONE.X", 250).await;
        let data = listening.await.expect("the promised socket asks");
        let text = data.receive(8).await.expect("it is open");
        assert_eq!(text.bytes(), content(1));
        assert!(data.receive(8).await.expect("it is closed properly").is_empty());
        drop(data);
        user.hears(252).await;
        user.leaves().await;
    })?;
    Ok(())
}

/// Asks for the server's socket from `local`, sends a text, and says what became of it.
async fn sends(host: Handle, local: u32, to: Socket) {
    let to = ForeignSocket { host: SERVER, socket: to };
    let opening = host.init(Socket::from(local), to, Some(ByteSize::EIGHT)).expect("the socket is free");
    match opening.await {
        Err(why) => host.teletype().print(&why.to_string()),
        Ok(mut connection) => {
            connection.write_all(format!("FROM {}", host.address()).as_bytes()).await.expect("it is open");
            host.teletype().print(&connection.close().await.to_string());
        }
    }
}

/// A user has the server listen for socket 777 of host 3, and waits for a cue before the transfer.
fn listening() -> sim::Result<(Sim, Socket)> {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        let listening = user.socket("LSTN R").await;
        assert_eq!(user.socket("SOCK 3,777").await, listening, "after LSTN, whom to accept");
        host.teletype().print(&listening.to_string());
        host.teletype().read("CUE: ").await;
        user.asks("APPE ONE.X", 250).await;
        user.hears(252).await;
        user.leaves().await;
    });
    let socket = told(&mut sim)?;
    Ok((sim, socket))
}

/// The socket that the server has for the user of SITE1, as soon as it is printed there.
fn told(sim: &mut Sim) -> sim::Result<Socket> {
    let told = sim.wait_for("the server has a socket for us", MINUTE, |now| {
        now.printed("SITE1").first().map(|line| line.parse::<u32>())
    })?;
    Ok(Socket::from(told.expect("a number")))
}

/// The one at SITE3 that the user has named gets in, whatever was printed there before.
fn the_rightful_one_got_in(sim: Sim, before: &[&str]) -> sim::Result {
    let outcome = finish(sim, MINUTE)?;
    assert_eq!(outcome.printed("SITE3")?, [before, &["closed"]].concat());
    let expected = [content(1), b"FROM 3".to_vec()].concat();
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(expected));
    Ok(())
}

#[test]
fn an_intruder_who_asks_before_the_server_listens_is_refused_when_it_does() -> sim::Result {
    let (mut sim, socket) = listening()?;
    sim.spawn("SITE4", "user", move |host| sends(host, 777, socket))?;
    sim.run_for(Span::from_secs(1));
    sim.spawn("SITE3", "user", move |host| sends(host, 777, socket))?;
    sim.run_for(Span::from_secs(1));
    assert!(
        sim.now().printed("SITE4").is_empty() && sim.now().printed("SITE3").is_empty(),
        "nobody listens yet (RFC 438, b)"
    );
    sim.types("SITE1", "GO")?;
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed("SITE4"), ["refused"], "by CLS: {:?}", sim.now().messages("SITE2", "SITE4"));
    the_rightful_one_got_in(sim, &[])
}

#[test]
fn an_intruder_who_asks_while_the_server_listens_is_refused_at_once() -> sim::Result {
    let (mut sim, socket) = listening()?;
    sim.types("SITE1", "GO")?;
    sim.run_for(Span::from_secs(1));
    sim.spawn("SITE4", "user", move |host| sends(host, 777, socket))?;
    sim.spawn("SITE3", "user", move |host| sends(host, 779, socket))?;
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed("SITE4"), ["refused"], "the right socket of the wrong host");
    assert_eq!(sim.now().printed("SITE3"), ["refused"], "the wrong socket of the right host");
    sim.spawn("SITE3", "user", move |host| sends(host, 777, socket))?;
    the_rightful_one_got_in(sim, &["refused"])
}

/// RFC 438, d.2: not only the first transfer command that follows.
#[test]
fn a_listening_socket_serves_one_transfer_after_the_other_until_it_is_undone() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        let listening = user.socket("LSTN R").await;
        host.teletype().print(&listening.to_string());
        user.asks("STOR NONE/.*", 501).await;
        for file in ["NEW.X", "NEXT.X"] {
            user.asks(&format!("STOR {file}"), 250).await;
            user.hears(252).await;
        }
        user.asks("ABOR", 202).await;
        user.stores("STOR OTHER.X", b"BY DEFAULT").await;
        user.leaves().await;
    });
    let socket = told(&mut sim)?;
    sim.spawn("SITE3", "user", move |host| async move {
        sends(host.clone(), 777, socket).await;
        sends(host, 777, socket).await;
    })?;
    let outcome = finish(sim, MINUTE)?;
    for file in ["NEW.X", "NEXT.X"] {
        assert_eq!(on_disk(&outcome, file).as_deref(), Some(&b"FROM 3"[..]), "{file}");
    }
    assert_eq!(on_disk(&outcome, "OTHER.X").as_deref(), Some(&b"BY DEFAULT"[..]));
    Ok(())
}

#[test]
fn a_socket_to_which_nobody_comes_for_120_seconds_is_given_back() -> sim::Result {
    dialogue(Span::from_secs(200), async |host| {
        let mut user = User::enters(&host).await;
        let socket = user.socket("LSTN R").await;
        let said = user.asks("STOR NEW.X", 454).await;
        assert_eq!(said, format!("nobody has asked for socket {socket} within 2min, and LSTN is undone"));
        user.stores("STOR NEW.X", b"BY DEFAULT").await;
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn why_there_is_no_data_connection_is_told() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE4")?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        // Nobody listens there, and the host has said so.
        let promised = user.socket("SOCK 3,2048").await;
        let partner = ForeignSocket { host: HostAddress::from(9), socket: promised };
        let lease = host.sockets();
        drop(host.listen(lease.socket(2), ncp::Partner::Exactly(partner), None));
        assert_eq!(user.asks("RETR ONE.X", 454).await, "3,2048 has not answered within 2min");
        user.socket("SOCK 4,2048").await;
        assert_eq!(user.asks("RETR ONE.X", 454).await, "no data connection with 4,2048: host dead");
        user.leaves().await;
    });
    sim.run_for(Span::from_secs(1));
    sim.crash("SITE4")?;
    finish(sim, Span::from_secs(200))?;
    Ok(())
}

#[test]
fn a_promised_socket_whose_partner_refused_may_be_used_for_another_try_at_once() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let lease = host.sockets();
        user.socket(&format!("SOCK {}", lease.socket(2).number())).await;
        // The user listens for another host, so that the server is refused.
        let other = ForeignSocket { host: HostAddress::from(9), socket: Socket::from(9) };
        let wrong = host.listen(lease.socket(2), ncp::Partner::Exactly(other), None).expect("it is free");
        user.asks("RETR ONE.X", 454).await;
        drop(wrong);
        let anyone = ncp::Partner::Host(SERVER);
        let right = host.listen(lease.socket(2), anyone, None).expect("it is free");
        user.asks("RETR ONE.X", 250).await;
        drop(right.await.expect("the server asks again").receive(16).await);
        user.hears(252).await;
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn a_server_that_refuses_unmatched_requests_serves_users_too() -> sim::Result {
    let policy = Policy { queue: QueuePolicy::Refuse, ..Policy::default() };
    let mut sim = net_with(ftp::Edition::Rfc438, policy)?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        assert_eq!(user.retrieves("BIG.X").await.len(), 100_000);
        user.stores("STOR NEW.X", b"TEXT").await;
        user.leaves().await;
    });
    finish(sim, MINUTE)?;
    Ok(())
}
