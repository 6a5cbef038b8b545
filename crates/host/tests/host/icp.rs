//! The initial connection protocol, and users who vanish in the middle of it.

use host::{Handle, Settings};
use imp1822::{HostAddress, Link};
use machine::Span;
use ncp::{Command, ForeignSocket, Partner, Policy, QueuePolicy, Socket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::net::Net;

const CONTACT: Socket = Socket::new(1);
const SERVER: u8 = 2;

/// Sends every user back what he says, twice.
async fn twice(host: Handle) {
    let mut contact = host.serve(CONTACT);
    loop {
        let user = contact.accept().await;
        let teletype = host.teletype();
        teletype.print(&format!("USER {}", user.user().socket.number()));
        drop(host.spawn("twice", async move {
            let mut duplex = match user.open().await {
                Ok(duplex) => duplex,
                Err(error) => return teletype.print(&format!("GONE: {error}")),
            };
            let mut text = [0; 5];
            if duplex.read_exact(&mut text).await.is_ok() {
                drop(duplex.write_all(&text).await);
                drop(duplex.write_all(&text).await);
            }
        }));
    }
}

fn contact() -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(SERVER), socket: CONTACT }
}

async fn user(host: Handle) {
    let mut duplex = match host.icp(contact()).await {
        Ok(duplex) => duplex,
        Err(error) => return host.teletype().print(&format!("NO: {error}")),
    };
    duplex.write_all(b"HELLO").await.expect("it is open");
    let mut text = String::new();
    duplex.read_to_string(&mut text).await.expect("it is closed properly");
    host.teletype().print(&text);
}

fn net(policy: Policy) -> Net {
    let mut net = Net::new();
    let programs = vec![host::Program::new("twice", twice)];
    net.add(SERVER, Settings { programs, policy, ..Settings::default() });
    net
}

fn refusing() -> Policy {
    Policy { queue: QueuePolicy::Refuse, ..Policy::default() }
}

/// The next user is served; answers how long that took.
fn serves_the_next(net: &mut Net) -> Span {
    net.runs(9, user);
    let took = net.wait_for("the next user is served", Span::from_secs(200), |net| !net.paper(9).is_empty());
    assert_eq!(net.paper(9), ["HELLOHELLO"]);
    net.wait(Span::from_secs(1));
    took
}

#[test]
fn user_and_server_meet_and_leave_nothing_behind() {
    for policy in [Policy::default(), refusing()] {
        for user_policy in [Policy::default(), refusing(), Policy { plain: true, ..Policy::default() }] {
            let mut net = net(policy.clone());
            let programs = vec![host::Program::new("user", user)];
            net.add(1, Settings { programs, policy: user_policy, ..Settings::default() });
            net.wait(Span::from_secs(10));
            assert_eq!(net.paper(1), ["HELLOHELLO"]);
            assert!(net.in_use(1).is_empty() && net.host(1).sockets_lent().is_empty());
            assert_eq!(net.in_use(SERVER), [CONTACT], "it listens for the next");
            assert!(net.host(SERVER).sockets_lent().is_empty());
        }
    }
}

/// A puppet goes through the protocol as far as the number; answers the server's S.
fn up_to_the_number(net: &mut Net, link: u8) -> u32 {
    net.puppet(1);
    net.wait(Span::from_secs(1));
    let (receive, link) = (Socket::from(800), Link::from(link));
    let rts = Command::Rts { receive, send: CONTACT, link };
    net.puppet_says(1, SERVER, &[rts, Command::All { link, messages: 1, bits: 32 }]);
    net.wait(Span::from_secs(1));
    assert_eq!(net.text[&(SERVER, 1)], 32, "the number was sent");
    net.host(SERVER).sockets_lent()[0].number()
}

fn closes_the_contact() -> Command {
    Command::Cls { mine: Socket::from(800), yours: CONTACT }
}

#[test]
fn a_user_whose_requests_come_together_with_his_cls_is_not_refused_even_by_a_host_that_refuses() {
    for policy in [Policy::default(), refusing()] {
        let mut net = net(policy);
        let s = up_to_the_number(&mut net, 40);
        // One control message: the server's program cannot act between its commands.
        let str = Command::Str { send: Socket::from(803), receive: Socket::from(s), size: 8 };
        let rts =
            Command::Rts { receive: Socket::from(802), send: Socket::from(s + 1), link: Link::from(41) };
        net.puppet_says(1, SERVER, &[closes_the_contact(), rts, str]);
        net.wait(Span::from_secs(1));
        let said = net.said(SERVER, 1);
        for request in [format!("RTS {s} from 803"), format!("STR {} to 802", s + 1)] {
            let count = said.iter().filter(|said| said.starts_with(&request)).count();
            assert_eq!(count, 1, "{request} is said once: {said:?}");
        }
        assert!(
            !said.iter().any(|said| said.starts_with(&format!("CLS {s}"))),
            "nobody is refused: {said:?}"
        );
        assert!(said.iter().any(|said| said.starts_with("ALL")), "S is open: {said:?}");
    }
}

#[test]
fn a_user_who_only_listens_is_asked_by_the_server_after_the_number_and_not_before() {
    let mut net = net(Policy::default());
    let s = up_to_the_number(&mut net, 40);
    let asked = |net: &Net| {
        let said = net.said(SERVER, 1);
        said.iter().filter(|said| said.contains(&format!("{s} from 803")) || said.contains(" to 802")).count()
    };
    assert_eq!(asked(&net), 0, "a user that refuses requests has not read the number yet");
    net.puppet_says(1, SERVER, &[closes_the_contact()]);
    net.wait(Span::from_secs(1));
    assert_eq!(asked(&net), 2, "S7 and S8 do not wait for U6 and U7");
}

#[test]
fn a_user_who_vanishes_after_the_request_holds_the_server_up_for_15_seconds() {
    let mut net = net(Policy::default());
    net.puppet(1);
    net.wait(Span::from_secs(1));
    let rts = Command::Rts { receive: Socket::from(800), send: CONTACT, link: Link::from(40) };
    net.puppet_says(1, SERVER, &[rts]);
    net.wait(Span::from_secs(10));
    assert_eq!(net.said(SERVER, 1), ["STR 1 to 800 size 32"], "it waits for the allocation");
    // His NCP lives, and answers the CLS.
    net.wait(Span::from_secs(6));
    assert_eq!(net.said(SERVER, 1).last().map(String::as_str), Some("CLS 1 800"));
    net.puppet_says(1, SERVER, &[closes_the_contact()]);
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
    assert_eq!(net.in_use(SERVER), [CONTACT]);
}

#[test]
fn a_user_whose_ncp_answers_nothing_holds_the_server_up_for_two_minutes_and_a_quarter() {
    let mut net = net(Policy::default());
    net.puppet(1);
    net.wait(Span::from_secs(1));
    let rts = Command::Rts { receive: Socket::from(800), send: CONTACT, link: Link::from(40) };
    net.puppet_says(1, SERVER, &[rts]);
    net.wait(Span::from_secs(137));
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
}

#[test]
fn a_user_whose_host_dies_before_he_allocates_holds_nobody_up() {
    let mut net = net(Policy::default());
    net.runs(1, async |host| {
        let lease = host.sockets();
        let _opening = host.init(lease.base(), contact(), None).expect("the tables are empty");
        host.sleep(Span::from_secs(1000)).await;
    });
    net.crash(1);
    net.wait(Span::from_secs(1));
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
    assert_eq!(net.in_use(SERVER), [CONTACT]);
}

#[test]
fn a_user_who_vanishes_after_the_number_holds_nobody_up_and_is_forgotten_after_a_minute() {
    let mut net = net(Policy::default());
    net.runs(1, async |host| {
        let lease = host.sockets();
        let opening = host.init(lease.base(), contact(), None).expect("the tables are empty");
        let number = opening.await.expect("the server listens").receive(32).await;
        host.teletype().print(&format!("{} BITS", number.expect("the number").len()));
    });
    net.wait(Span::from_secs(1));
    assert_eq!(net.paper(1), ["32 BITS"]);
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
    assert_eq!(net.in_use(SERVER).len(), 3, "the contact, and two requests to the one who vanished");
    net.wait(Span::from_secs(61));
    assert_eq!(net.in_use(SERVER), [CONTACT], "{:?}", net.host(SERVER).netstat());
    assert!(net.paper(SERVER).contains(&"GONE: no answer for 1min"), "{:?}", net.paper(SERVER));
    assert!(net.host(SERVER).sockets_lent().is_empty());
}

/// A user who opens one of his two connections, the one with this distance from U, and no more.
fn half_a_user(distance: u32) {
    let mut net = net(Policy::default());
    net.runs(1, move |host| async move {
        let lease = host.sockets();
        let opening = host.init(lease.base(), contact(), None).expect("the tables are empty");
        let number = opening.await.expect("the server listens").receive(32).await.expect("the number");
        drop(number);
        let listening = host.listen(lease.socket(distance), Partner::Host(contact().host), None);
        let _half = listening.expect("it is free").await.expect("the server asks");
        host.teletype().print("HALF");
        host.sleep(Span::from_secs(1000)).await;
    });
    net.wait(Span::from_secs(2));
    assert_eq!(net.paper(1), ["HALF"]);
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
    net.wait(Span::from_secs(61));
    assert_eq!(net.in_use(SERVER), [CONTACT], "both are given up: {:?}", net.host(SERVER).netstat());
}

#[test]
fn a_user_who_opens_only_one_connection_is_forgotten_after_a_minute() {
    half_a_user(2);
    half_a_user(3);
}

#[test]
fn a_user_is_told_when_nobody_serves() {
    let mut net = Net::new();
    net.runs(SERVER, async |_| {});
    net.runs(1, user);
    net.runs(3, async |host| {
        let nobody = ForeignSocket { host: HostAddress::from(77), socket: CONTACT };
        let error = host.icp(nobody).await.err().expect("there is no host 77");
        host.teletype().print(&format!("NO: {error}"));
    });
    net.wait(Span::from_secs(61));
    assert_eq!(net.paper(1), ["NO: no answer for 1min"], "the request waits in the queue of host 2");
    assert_eq!(net.paper(3).len(), 1, "told by the IMP: {:?}", net.paper(3));
    net.wait(Span::from_secs(1));
    assert!(net.in_use(1).is_empty() && net.host(1).sockets_lent().is_empty());
}

#[test]
fn a_server_that_sends_no_number_or_an_impossible_one_is_found_out() {
    let answer = |bytes: &'static [u8]| {
        let mut net = Net::new();
        net.puppet(SERVER);
        net.runs(1, user);
        net.wait(Span::from_secs(1));
        let u = net.in_use(1)[0];
        let size = 8;
        net.puppet_says(SERVER, 1, &[Command::Str { send: CONTACT, receive: u, size }]);
        net.wait(Span::from_secs(1));
        net.puppet_writes(SERVER, 1, 2, bytes);
        net.puppet_says(SERVER, 1, &[Command::Cls { mine: CONTACT, yours: u }]);
        net.wait(Span::from_secs(1));
        assert!(net.in_use(1).is_empty() && net.host(1).sockets_lent().is_empty());
        net.paper(1).concat()
    };
    assert_eq!(answer(&[0, 0, 1]), "NO: a socket number has 32 bits, but only 24 arrived");
    assert_eq!(answer(&[0, 0, 1, 1]), "NO: the server's socket 257 is a send socket");
}

#[test]
fn a_number_in_four_bytes_of_eight_bits_is_as_good_as_one_of_thirty_two() {
    let mut net = Net::new();
    net.puppet(SERVER);
    net.runs(1, user);
    net.wait(Span::from_secs(1));
    let u = net.in_use(1)[0];
    net.puppet_says(SERVER, 1, &[Command::Str { send: CONTACT, receive: u, size: 8 }]);
    net.wait(Span::from_secs(1));
    // RFC 165 allows it for a while, in one message.
    net.puppet_writes(SERVER, 1, 2, &[0, 0, 1, 0]);
    net.wait(Span::from_secs(1));
    let said = net.said(1, SERVER).join("; ");
    assert!(said.contains(&format!("STR {} to 256 size 8", u.offset(3))), "{said}");
    assert!(said.contains(&format!("RTS {} from 257", u.offset(2))), "{said}");
}

#[test]
fn forty_users_at_once_are_all_served() {
    let mut net = net(Policy::default());
    let hosts = [11, 12, 13, 14];
    for address in hosts {
        net.runs(address, async |host| {
            for n in 0..10 {
                drop(host.spawn(format!("user {n}"), user(host.clone())));
            }
        });
    }
    let all = |net: &Net| hosts.iter().all(|address| net.paper(*address).len() == 10);
    net.wait_for("forty users are served", Span::from_secs(60), all);
    for address in hosts {
        assert_eq!(net.paper(address), ["HELLOHELLO"; 10]);
    }
    net.wait(Span::from_secs(1));
    assert_eq!(net.in_use(SERVER), [CONTACT]);
}
