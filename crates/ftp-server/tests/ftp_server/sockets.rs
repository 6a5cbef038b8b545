//! LSTN and SOCK: what RFC 438 lets a user arrange.

use host::Handle;
use imp1822::HostAddress;
use machine::Span;
use ncp::{ByteSize, ForeignSocket, Gender, Policy, QueuePolicy, Socket};
use tokio::io::AsyncWriteExt;

use crate::net::Net;
use crate::user::{SERVER, User, assert_alone, content, dialogue, finish, net, net_with, on_disk};

const MINUTE: Span = Span::from_secs(60);

#[test]
fn lstn_and_sock_promise_fresh_sockets_of_the_right_gender_at_once() {
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
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let receives = user.socket("SOCK 3,777").await;
        assert_eq!(receives.gender(), Gender::Receive, "the other one sends");
        let sends = user.socket("SOCK 778").await;
        assert_eq!(sends.gender(), Gender::Send, "the other one receives");
        let listens = user.socket("LSTN R").await;
        assert!(listens != receives && listens.gender() == Gender::Receive, "a fresh one");
        user.asks("SOCK 780", 501).await;
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
}

#[test]
fn the_socket_of_the_255_reply_is_the_one_that_asks_and_the_file_goes_there() {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let lease = host.sockets();
        let promised = user.socket(&format!("SOCK {}", lease.socket(2).number())).await;
        let partner = ForeignSocket { host: HostAddress::from(SERVER), socket: promised };
        let listening = host.listen(lease.socket(2), ncp::Partner::Exactly(partner), None);
        let listening = listening.expect("the socket is free");
        user.asks("RETR ONE.X", 250).await;
        let data = listening.await.expect("the promised socket asks");
        let text = data.receive(8).await.expect("it is open");
        assert_eq!(text.bytes(), content(1));
        assert!(data.receive(8).await.expect("it is closed properly").is_empty());
        drop(data);
        user.hears(252).await;
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
}

/// Asks for the server's socket from `local`, sends a text, and says what became of it.
async fn sends(host: Handle, local: u32, to: Socket) {
    let to = ForeignSocket { host: HostAddress::from(SERVER), socket: to };
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
fn listening() -> (Net, Socket) {
    let mut net = net();
    net.runs(3, async |_| {});
    net.runs(4, async |_| {});
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        let listening = user.socket("LSTN R").await;
        assert_eq!(user.socket("SOCK 3,777").await, listening, "after LSTN, whom to accept");
        host.teletype().print(&listening.to_string());
        host.teletype().read("CUE: ").await;
        user.asks("APPE ONE.X", 250).await;
        user.hears(252).await;
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
    net.wait_for("the server has a socket for us", MINUTE, |net| !net.paper(1).is_empty());
    let socket = net.paper(1)[0].parse::<u32>().expect("a number");
    (net, Socket::from(socket))
}

fn the_rightful_one_got_in(net: &mut Net) {
    finish(net, MINUTE);
    assert_eq!(net.paper(3), ["closed"]);
    let expected = [content(1), b"FROM 3".to_vec()].concat();
    assert_eq!(on_disk(net, "ONE.X"), Some(expected));
}

#[test]
fn an_intruder_who_asks_before_the_server_listens_is_refused_when_it_does() {
    let (mut net, socket) = listening();
    net.start(4, move |host| sends(host, 777, socket));
    net.wait(Span::from_secs(1));
    net.start(3, move |host| sends(host, 777, socket));
    net.wait(Span::from_secs(1));
    assert!(net.paper(4).is_empty() && net.paper(3).is_empty(), "nobody listens yet (RFC 438, b)");
    net.types(1, "GO");
    net.wait(Span::from_secs(1));
    assert_eq!(net.paper(4), ["refused"], "by CLS: {:?}", net.said(SERVER, 4));
    the_rightful_one_got_in(&mut net);
}

#[test]
fn an_intruder_who_asks_while_the_server_listens_is_refused_at_once() {
    let (mut net, socket) = listening();
    net.types(1, "GO");
    net.wait(Span::from_secs(1));
    net.start(4, move |host| sends(host, 777, socket));
    net.start(3, move |host| sends(host, 779, socket));
    net.wait(Span::from_secs(1));
    assert_eq!(net.paper(4), ["refused"], "the right socket of the wrong host");
    assert_eq!(net.paper(3), ["refused"], "the wrong socket of the right host");
    net.runs(3, async |_| {});
    net.start(3, move |host| sends(host, 777, socket));
    the_rightful_one_got_in(&mut net);
}

#[test]
fn a_listening_socket_serves_one_transfer_and_then_the_default_is_back() {
    let mut net = net();
    net.runs(3, async |_| {});
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        let listening = user.socket("LSTN R").await;
        host.teletype().print(&listening.to_string());
        user.asks("STOR NONE/.*", 550).await;
        user.asks("STOR NEW.X", 250).await;
        user.hears(252).await;
        user.stores("STOR OTHER.X", b"BY DEFAULT").await;
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
    net.wait_for("the server has a socket for us", MINUTE, |net| !net.paper(1).is_empty());
    let socket = Socket::from(net.paper(1)[0].parse::<u32>().expect("a number"));
    net.start(3, move |host| sends(host, 777, socket));
    finish(&mut net, MINUTE);
    assert_eq!(on_disk(&net, "NEW.X").as_deref(), Some(&b"FROM 3"[..]));
    assert_eq!(on_disk(&net, "OTHER.X").as_deref(), Some(&b"BY DEFAULT"[..]));
}

#[test]
fn nobody_comes_to_the_listening_socket_for_120_seconds_and_the_next_try_may_use_it() {
    let (mut net, socket) = (net(), std::rc::Rc::new(std::cell::Cell::new(Socket::from(0))));
    let told = socket.clone();
    net.runs(3, async |_| {});
    net.runs(1, move |host| {
        let told = told.clone();
        async move {
            let mut user = User::enters(&host).await;
            told.set(user.socket("LSTN R").await);
            user.asks("STOR NEW.X", 454).await;
            user.asks("STOR NEW.X", 250).await;
            user.hears(252).await;
            user.asks("BYE", 231).await;
            user.hears_the_end().await;
        }
    });
    net.wait(Span::from_secs(130));
    let socket = socket.get();
    net.start(3, move |host| sends(host, 777, socket));
    finish(&mut net, MINUTE);
    assert_eq!(on_disk(&net, "NEW.X").as_deref(), Some(&b"FROM 3"[..]));
}

#[test]
fn a_promised_socket_whose_partner_refused_may_be_used_for_another_try_at_once() {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let lease = host.sockets();
        user.socket(&format!("SOCK {}", lease.socket(2).number())).await;
        // He listens for somebody else, so that the server is refused.
        let other = ForeignSocket { host: HostAddress::from(9), socket: Socket::from(9) };
        let wrong = host.listen(lease.socket(2), ncp::Partner::Exactly(other), None).expect("it is free");
        user.asks("RETR ONE.X", 454).await;
        drop(wrong);
        let anyone = ncp::Partner::Host(HostAddress::from(SERVER));
        let right = host.listen(lease.socket(2), anyone, None).expect("it is free");
        user.asks("RETR ONE.X", 250).await;
        drop(right.await.expect("the server asks again").receive(16).await);
        user.hears(252).await;
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
}

#[test]
fn a_server_that_refuses_unmatched_requests_serves_users_too() {
    let policy = Policy { queue: QueuePolicy::Refuse, ..Policy::default() };
    let mut net = net_with(ftp::Edition::Rfc438, policy);
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        assert_eq!(user.retrieves("BIG.X").await.len(), 100_000);
        user.stores("STOR NEW.X", b"TEXT").await;
        user.asks("BYE", 231).await;
        user.hears_the_end().await;
    });
    finish(&mut net, MINUTE);
    assert_alone(&net);
}
