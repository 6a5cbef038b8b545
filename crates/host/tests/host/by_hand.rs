//! Dialogues that no NCP of ours has: the test writes the partner's messages, on an ideal net.

use host::{Host, Settings};
use imp1822::{HostAddress, Link};
use machine::Span;
use ncp::{Command, Policy, Socket};

use crate::icp::{CONTACT, SERVER, refusing, twice, user};
use crate::net::Net;

fn second(n: u64) -> Span {
    Span::from_secs(n)
}

/// A host whose earlier life, if it had one, is not known; hosts 2 and 3 write their messages themselves.
fn one_with_a_past() -> Net {
    let mut net = Net::new();
    net.puppet(2);
    net.puppet(3);
    net.put(
        1,
        Host::new(Settings { address: HostAddress::from(1), ..Settings::default() }).with_unknown_history(),
    );
    net
}

fn request(receive: u32) -> Command {
    Command::Rts { receive: Socket::from(receive), send: Socket::from(79), link: Link::from(42) }
}

#[test]
fn whoever_asks_first_is_heard_whatever_he_remembers_and_whoever_is_asked_first_is_reset() {
    let mut net = one_with_a_past();
    net.puppet_says(2, 1, &[request(1002)]);
    net.wait(second(1));
    assert_eq!(net.said(1, 2), Vec::<String>::new(), "a reset would break what has only just begun");
    assert_eq!(net.host(1).queued_requests().len(), 1);
    net.act(1, |handle| handle.echo(HostAddress::from(2), 7));
    net.act(1, |handle| handle.echo(HostAddress::from(3), 7));
    net.wait(second(2));
    assert_eq!(net.said(1, 2), ["ECO 7"]);
    assert_eq!(net.said(1, 3), ["RST"]);
    net.wait(second(15));
    assert_eq!(net.said(1, 3), ["RST", "ECO 7"], "some know of no RST");
}

#[test]
fn whoever_goes_on_with_what_this_host_has_forgotten_is_reset() {
    let mut net = one_with_a_past();
    net.puppet_says(2, 1, &[Command::Cls { mine: Socket::from(4), yours: Socket::from(9) }]);
    net.wait(second(1));
    assert_eq!(net.said(1, 2), ["RST"]);
}

#[test]
fn whoever_resets_a_host_himself_need_not_be_reset() {
    let mut net = one_with_a_past();
    net.puppet_says(3, 1, &[Command::Rst]);
    net.puppet_says(3, 1, &[Command::Eco { data: 7 }]);
    net.wait(second(1));
    assert_eq!(net.said(1, 3), ["RRP", "ERP 7"]);
}

/// A net with the server.
fn net(policy: Policy) -> Net {
    let mut net = Net::new();
    let programs = vec![host::Program::new("twice", twice)];
    net.add(SERVER, Settings { programs, policy, ..Settings::default() });
    net
}

/// The next user is served; returns how long that took.
fn serves_the_next(net: &mut Net) -> Span {
    net.runs(9, user);
    let took = net.wait_for("the next user is served", Span::from_secs(200), |net| !net.paper(9).is_empty());
    assert_eq!(net.paper(9), ["HELLOHELLO"]);
    net.wait(Span::from_secs(1));
    took
}

/// A puppet goes through the protocol as far as the number. Returns the server's S.
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

/// A puppet asks for the contact socket from these of its own, and says nothing more.
fn asks_and_is_silent(net: &mut Net, puppet: u8, sockets: impl Iterator<Item = u8>) {
    net.puppet(puppet);
    net.wait(Span::from_secs(1));
    let rts = |number: u8| {
        let (receive, link) = (Socket::from(800 + 8 * u32::from(number)), Link::from(10 + number));
        Command::Rts { receive, send: CONTACT, link }
    };
    let requests: Vec<Command> = sockets.map(rts).collect();
    net.puppet_says(puppet, SERVER, &requests);
    net.wait(Span::from_secs(1));
}

#[test]
fn a_user_who_is_alone_has_a_minute_to_take_the_number() {
    let mut net = net(Policy::default());
    asks_and_is_silent(&mut net, 1, 0..1);
    net.wait(Span::from_secs(55));
    assert_eq!(
        net.said(SERVER, 1),
        ["STR 1 to 800 size 32"],
        "both hosts may take 20 seconds for each message"
    );
    net.puppet_says(1, SERVER, &[Command::All { link: Link::from(10), messages: 1, bits: 32 }]);
    net.wait(Span::from_secs(1));
    assert_eq!(net.text[&(SERVER, 1)], 32, "the number was sent");
}

#[test]
fn a_user_who_never_takes_the_number_is_forgotten_even_if_his_ncp_answers_nothing() {
    let mut net = net(Policy::default());
    asks_and_is_silent(&mut net, 1, 0..1);
    net.wait(Span::from_secs(67));
    assert_eq!(net.said(SERVER, 1).last().map(String::as_str), Some("CLS 1 800"));
    assert_eq!(net.in_use(SERVER), [CONTACT], "the server listens for the next one");
    assert!(net.host(SERVER).sockets_lent().is_empty(), "the number was told to nobody");
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
    // What the slow one still says has crossed the CLS: it is no mistake of his.
    net.puppet_says(1, SERVER, &[Command::All { link: Link::from(10), messages: 1, bits: 32 }]);
    net.puppet_says(1, SERVER, &[closes_the_contact()]);
    net.wait(Span::from_secs(1));
    let said = net.said(SERVER, 1);
    assert!(!said.iter().any(|said| said.starts_with("ERR")), "{said:?}");
}

#[test]
fn whoever_asks_again_and_again_and_takes_no_number_keeps_another_host_waiting_for_a_few_seconds() {
    for policy in [Policy::default(), refusing()] {
        let mut net = net(policy);
        asks_and_is_silent(&mut net, 1, 0..10);
        asks_and_is_silent(&mut net, 3, 0..10);
        let took = serves_the_next(&mut net);
        assert!(took <= Span::from_secs(24), "one turn of each of the two hosts, not {took}");
        // It is known of them now.
        assert!(!net.host(SERVER).queued_requests().is_empty(), "they wait still");
        let took = {
            net.runs(8, user);
            net.wait_for("another is served", Span::from_secs(200), |net| !net.paper(8).is_empty())
        };
        assert!(took <= Span::from_secs(12), "at most one turn, not {took}");
    }
}

#[test]
fn a_slow_host_has_its_minute_in_spite_of_those_who_have_wasted_theirs() {
    let mut net = net(Policy::default());
    asks_and_is_silent(&mut net, 3, 0..10);
    net.puppet(1);
    // Its turn comes when that of the others has been cut short for it.
    let link = Link::from(40);
    net.puppet_says(1, SERVER, &[Command::Rts { receive: Socket::from(800), send: CONTACT, link }]);
    net.wait(Span::from_secs(14));
    assert_eq!(net.said(SERVER, 1), ["STR 1 to 800 size 32"]);
    net.wait(Span::from_secs(35));
    net.puppet_says(1, SERVER, &[Command::All { link, messages: 1, bits: 32 }]);
    net.wait(Span::from_secs(1));
    assert_eq!(net.text.get(&(SERVER, 1)), Some(&32), "the number was sent");
}

#[test]
fn users_of_one_host_who_take_their_numbers_and_never_come_in_fill_no_house() {
    let mut net = net(Policy::default());
    net.puppet(1);
    net.wait(Span::from_secs(1));
    for number in 0..40 {
        let (receive, link) = (Socket::from(800 + 8 * number), Link::from(40));
        let rts = Command::Rts { receive, send: CONTACT, link };
        net.puppet_says(1, SERVER, &[rts, Command::All { link, messages: 1, bits: 32 }]);
        net.wait(Span::from_micros(200_000));
        net.puppet_says(1, SERVER, &[Command::Cls { mine: receive, yours: CONTACT }]);
        net.wait(Span::from_micros(200_000));
    }
    assert_eq!(net.host(SERVER).sockets_lent().len(), 24, "the others are refused at the door");
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
}

#[test]
fn two_users_at_once_are_both_served_by_a_host_that_refuses_what_nobody_waits_for() {
    let mut net = net(refusing());
    net.runs(8, user);
    net.runs(9, user);
    net.wait_for("both are served", Span::from_secs(5), |net| {
        [8, 9].iter().all(|host| net.paper(*host) == ["HELLOHELLO"])
    });
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
        net.puppet_writes(SERVER, 1, Link::from(2), bytes);
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
    net.puppet_writes(SERVER, 1, Link::from(2), &[0, 0, 1, 0]);
    net.wait(Span::from_secs(1));
    let said = net.said(1, SERVER).join("; ");
    assert!(said.contains(&format!("STR {} to 256 size 8", u.offset(3))), "{said}");
    assert!(said.contains(&format!("RTS {} from 257", u.offset(2))), "{said}");
}
