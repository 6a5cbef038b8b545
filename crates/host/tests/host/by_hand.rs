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

#[test]
fn a_user_who_vanishes_after_the_request_holds_the_server_up_for_half_a_minute() {
    let mut net = net(Policy::default());
    net.puppet(1);
    net.wait(Span::from_secs(1));
    let rts = Command::Rts { receive: Socket::from(800), send: CONTACT, link: Link::from(40) };
    net.puppet_says(1, SERVER, &[rts]);
    net.wait(Span::from_secs(25));
    assert_eq!(net.said(SERVER, 1), ["STR 1 to 800 size 32"], "it waits for the allocation");
    // The user's NCP lives, and answers the CLS.
    net.wait(Span::from_secs(6));
    assert_eq!(net.said(SERVER, 1).last().map(String::as_str), Some("CLS 1 800"));
    net.puppet_says(1, SERVER, &[closes_the_contact()]);
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
    // For a minute it may still come to the sockets whose number it was to be told.
    net.wait(Span::from_secs(60));
    assert_eq!(net.in_use(SERVER), [CONTACT]);
}

#[test]
fn a_user_whose_ncp_answers_nothing_holds_the_server_up_for_two_minutes_and_a_half() {
    let mut net = net(Policy::default());
    net.puppet(1);
    net.wait(Span::from_secs(1));
    let rts = Command::Rts { receive: Socket::from(800), send: CONTACT, link: Link::from(40) };
    net.puppet_says(1, SERVER, &[rts]);
    net.wait(Span::from_secs(152));
    assert!(serves_the_next(&mut net) <= Span::from_secs(3));
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
