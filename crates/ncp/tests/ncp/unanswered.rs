//! Messages for which the IMP never answers, as when one dies on the way and the sender's own forgets what it owes.

use imp1822::{Dead, FromImp, HostAddress, Incomplete, Link};
use machine::{Instant, Machine, Span};
use ncp::{CloseReason, Command, ConnectionId, Event, Loss, Ncp, Policy, Start, State, Tables};

use crate::lone::{BBN, Lone, all, at, cls, rts};

const TEXT: &str = "TEXT link 20 size 8 count 4";

fn bbn() -> HostAddress {
    HostAddress::from(BBN)
}

/// A host on a cable to an IMP that is not one of ours, and whose partner knows that it begins anew.
fn on_a_cable() -> Lone {
    let mut here = Lone::with(Ncp::new(
        HostAddress::from(22),
        Policy::default(),
        Start::AmongStrangers { first_link: 0 },
    ));
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RRP"]);
    here.events();
    here
}

/// The same, whose four bytes are in transit, with allocation for more.
fn in_transit() -> (Lone, ConnectionId) {
    with_text_in_transit(on_a_cable())
}

fn with_text_in_transit(mut here: Lone) -> (Lone, ConnectionId) {
    let id = here.sender();
    here.hears(&[all(20, 9, 800)]);
    here.rfnms = false;
    here.send(id, b"TEXT");
    assert_eq!(here.says(), [TEXT]);
    (here, id)
}

#[test]
fn text_without_an_answer_is_lost_after_a_minute_though_nothing_else_happens() {
    let (mut here, id) = in_transit();
    // What the IMP says instead, of a host and a link to which nothing was sent.
    let (to, link) = (HostAddress::from(0), Link::from(128));
    here.imp_says(FromImp::DestinationDead { to, link, why: Dead::Imp });
    assert_eq!(here.says(), ["ECO 0"], "the partner may be meant, and is asked");
    here.rfnm(0);
    here.hears(&[Command::Erp { data: 0 }]);
    assert_eq!(here.ncp.deadline(), Some(Instant::START + Span::from_secs(60)));
    here.waits(Span::from_millis(59_999));
    assert!(here.says().is_empty(), "an answer may still come");
    here.waits(Span::from_millis(1));
    assert_eq!(
        here.says(),
        ["INS link 20", "CLS 5 8"],
        "it is broken off like any connection whose text is lost"
    );
    here.rfnm(0);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Undelivered(Loss::Unanswered) }]);
    here.waits(Span::from_secs(60));
    assert_eq!(here.left_when_released(id), Tables::default(), "and its link is free");
    assert_eq!(here.ncp.deadline(), None);
}

#[test]
fn beside_imps_of_ours_text_without_an_answer_is_lost_after_five_minutes() {
    let (mut here, id) = with_text_in_transit(Lone::tenex());
    here.waits(Span::from_secs(299));
    assert!(
        here.says().is_empty(),
        "such IMPs always answer, and a user who sees a fault has time to look at it"
    );
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
    here.rfnm(0);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Undelivered(Loss::Unanswered) }]);
}

#[test]
fn a_program_that_closed_and_a_partner_that_closed_wait_no_longer() {
    let (mut here, id) = in_transit();
    here.close(id);
    here.waits(Span::from_secs(60));
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
    let (mut here, id) = in_transit();
    here.hears(&[cls(8, 5)]);
    here.waits(Span::from_secs(60));
    assert_eq!(here.says(), ["CLS 5 8"]);
    assert_eq!(here.events(), [Event::Ending { id }, Event::Closed { id, reason: CloseReason::Lost }]);
}

#[test]
fn every_message_has_its_own_minute() {
    let (mut here, id) = in_transit();
    let other = here.init(7, at(BBN, 10));
    here.hears(&[rts(10, 7, 21), all(21, 9, 800)]);
    here.says();
    here.rfnm(0);
    let mut now = 0;
    // What is answered in between, on whatever link, does not put off what is not.
    for second in [5, 15, 25, 35, 45, 55] {
        here.waits(Span::from_secs(second - now));
        now = second;
        here.send(other, b"MORE");
        assert_eq!(here.says(), ["TEXT link 21 size 8 count 4"], "at {second}");
        if second < 55 {
            here.rfnm(21);
        }
    }
    here.waits(Span::from_secs(5));
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"], "the first is a minute old");
    here.rfnm(0);
    assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Closing));
    here.waits(Span::from_secs(54));
    assert!(here.says().is_empty(), "the last is not");
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["INS link 21", "CLS 7 10"]);
}

#[test]
fn the_minute_begins_anew_for_text_that_is_sent_again() {
    let (mut here, id) = in_transit();
    here.waits(Span::from_secs(40));
    let why = Incomplete::NoResources;
    here.imp_says(FromImp::Incomplete { to: bbn(), link: Link::from(20), why });
    here.waits(Span::from_secs(59));
    assert_eq!(here.says(), [TEXT]);
    here.rfnm(20);
    assert_eq!((here.ncp.unsent(id), here.ncp.deadline()), (0, None));
}

#[test]
fn there_is_a_deadline_while_something_is_in_transit_and_it_seldom_moves_and_never_rings_in_vain() {
    let (mut here, id) = in_transit();
    let mut deadlines = Vec::new();
    for _ in 0..3000 {
        here.now += Span::from_millis(100);
        // The next goes as soon as the one before is answered.
        here.send(id, b"TEXT");
        here.rfnm(20);
        here.hears(&[all(20, 1, 32)]);
        assert_eq!(here.says(), [TEXT]);
        let deadline = here.ncp.deadline().expect("it is in transit");
        assert!(deadline >= here.now + Span::from_secs(49), "{deadline} is not far from {}", here.now);
        deadlines.push(deadline);
    }
    deadlines.dedup();
    assert!(
        deadlines.len() <= 31,
        "one deadline in ten seconds, not one for each message: {}",
        deadlines.len()
    );
    here.rfnm(20);
    assert_eq!(here.ncp.deadline(), None, "nothing is in transit, and nobody waits");
}

#[test]
fn two_senders_who_are_never_both_answered_do_not_make_it_ring_in_vain() {
    let (mut here, first) = in_transit();
    let second = here.init(7, at(BBN, 10));
    here.hears(&[rts(10, 7, 21), all(21, 9000, 8_000_000), all(20, 9000, 8_000_000)]);
    here.says();
    here.rfnm(0);
    for turn in 0..3000 {
        here.now += Span::from_millis(100);
        let (id, other) = if turn % 2 == 0 { (second, 20) } else { (first, 21) };
        here.send(id, b"TEXT");
        assert_eq!(here.says().len(), 1);
        here.rfnm(other);
        let deadline = here.ncp.deadline().expect("one is in transit");
        assert!(deadline >= here.now + Span::from_secs(49), "{deadline} is not far from {}", here.now);
    }
}

#[test]
fn the_answer_for_a_message_that_was_given_up_is_not_that_for_a_younger_one() {
    let again = |here: &mut Lone| {
        here.waits(Span::from_secs(60));
        assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
        here.rfnm(0);
        here.hears(&[cls(8, 5)]);
        let id = here.init(5, at(BBN, 8));
        here.hears(&[rts(8, 5, 20), all(20, 9, 800)]);
        here.send(id, b"NEW");
        assert_eq!(here.says(), ["STR 5 to 8 size 8"], "the text is held up");
        here.rfnm(0);
        id
    };
    let new = "TEXT link 20 size 8 count 3";
    let (mut here, _) = in_transit();
    let id = again(&mut here);
    here.rfnm(20);
    assert_eq!((here.says(), here.ncp.unsent(id)), (vec![new.to_owned()], 24), "that was the old one");
    here.rfnm(20);
    assert_eq!(here.ncp.unsent(id), 0);

    let (mut here, _) = in_transit();
    let id = again(&mut here);
    here.waits(Span::from_secs(59));
    assert!(here.says().is_empty(), "it may still come");
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), [new], "no answer comes as late as that");
    here.rfnm(20);
    assert_eq!(here.ncp.unsent(id), 0);
}

#[test]
fn a_message_of_a_connection_that_was_reset_does_not_hold_its_link_for_ever() {
    let (mut here, _) = in_transit();
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RRP"]);
    here.rfnm(0);
    let id = here.init(7, at(BBN, 10));
    here.hears(&[rts(10, 7, 20), all(20, 1, 100)]);
    here.send(id, b"NEW");
    assert_eq!(here.says(), ["STR 7 to 10 size 8"], "the old message has no answer yet");
    here.rfnm(0);
    here.waits(Span::from_secs(60));
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    assert_eq!(here.ncp.unsent(id), 24, "it is not taken for lost with the old one");
}

#[test]
fn a_request_without_an_answer_ends_in_a_reset_though_nothing_waits_behind_it() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    let id = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.waits(Span::from_millis(59_999));
    assert!(here.says().is_empty(), "this is how long an answer may take");
    here.waits(Span::from_millis(1));
    assert_eq!(here.says(), ["RST"]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::OutOfStep(Loss::Unanswered) }]);
    // Nor is there an answer for that.
    here.waits(Span::from_secs(3600));
    assert!(here.says().is_empty(), "there is nothing to say");
    assert_eq!(here.ncp.deadline(), None);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"], "and a minute is all that an RST waits for");
}

#[test]
fn an_echo_without_an_answer_of_the_imp_does_not_keep_the_next_from_leaving() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.ncp.echo(here.now, bbn(), 1);
    assert_eq!(here.says(), ["ECO 1"]);
    here.waits(Span::from_secs(60));
    assert_eq!(here.says(), ["RST"]);
    here.rfnm(0);
    here.hears(&[Command::Rrp]);
    here.ncp.echo(here.now, bbn(), 2);
    assert_eq!(here.says(), ["ECO 2"]);
}

#[test]
fn commands_that_were_forgotten_meanwhile_are_no_loss() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.hears(&[Command::Rst]);
    assert!(here.says().is_empty(), "the RRP waits for the answer");
    here.waits(Span::from_secs(60));
    assert_eq!(here.says(), ["RRP"], "and for a minute at most");
}

/// The tables tell which links nobody uses and nobody can use yet: what is asked for whatever hosts still hold.
#[test]
fn a_link_that_only_a_given_up_message_holds_is_told_until_it_is_free() {
    let (mut here, id) = in_transit();
    assert_eq!(here.ncp.tables().links, 1, "a connection uses it, and it is told once");
    here.waits(Span::from_secs(60));
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
    here.rfnm(0);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.left_when_released(id), Tables { links: 1, deadlines: 1, ..Tables::default() });
    here.waits(Span::from_secs(61));
    assert_eq!(here.ncp.tables(), Tables::default(), "no answer comes that late");
}
