//! Text that did not arrive, and is sent again.

use imp1822::{Dead, FromImp, HostAddress, Incomplete, LeaderError, Link, Outage};
use machine::{Machine, Span};
use ncp::{Allocation, CloseReason, Command, ConnectionId, Event, Input, Loss, Policy, State};

use crate::lone::{BBN, Lone, all, at, cls, rts};

const TEXT: &str = "TEXT link 20 size 8 count 4";

fn incomplete(why: Incomplete) -> FromImp {
    FromImp::Incomplete { to: HostAddress::from(BBN), link: Link::from(20), why }
}

/// The IMP had no room for 15 seconds.
fn no_resources() -> FromImp {
    incomplete(Incomplete::NoResources)
}

/// Whose four bytes are in transit. There is allocation for two messages and six bytes.
fn in_transit() -> (Lone, ConnectionId) {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 2, 48)]);
    here.rfnms = false;
    here.send(id, b"TEXT");
    assert_eq!(here.says(), [TEXT]);
    (here, id)
}

#[test]
fn text_that_did_not_arrive_is_sent_again_on_the_allocation_that_it_has() {
    let damaged = FromImp::ErrorInData { to: HostAddress::from(BBN), link: Link::from(20) };
    for report in [no_resources(), incomplete(Incomplete::TooSlow), damaged] {
        let (mut here, id) = in_transit();
        here.imp_says(report);
        assert_eq!(here.says(), [TEXT], "{report:?}");
        let status = here.ncp.status(id).expect("it is held");
        assert_eq!(status.allocation, Allocation { messages: 1, bits: 16 }, "nothing is used twice");
        assert!(status.in_transit && status.unsent == 32, "it is still on its way: {status:?}");
        here.rfnm(20);
        assert_eq!((here.ncp.unsent(id), here.events()), (0, vec![Event::Writable { id }]));
    }
}

#[test]
fn the_same_bits_are_sent_and_what_was_written_since_waits() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 2, 100)]);
    here.rfnms = false;
    let sent = |here: &mut Lone| match here.ncp.poll() {
        Some(ncp::Output::Send(bits)) => bits,
        other => panic!("no text: {other:?}"),
    };
    here.send(id, b"FIRST");
    let first = sent(&mut here);
    here.send(id, b"SECOND");
    here.imp_says(no_resources());
    assert_eq!(sent(&mut here), first);
    assert!(here.says().is_empty(), "one message at a time");
    here.rfnm(20);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 6"]);
}

#[test]
fn text_that_never_gets_into_the_net_is_lost_after_three_tries() {
    let (mut here, id) = in_transit();
    for _ in 0..2 {
        here.imp_says(no_resources());
        assert_eq!(here.says(), [TEXT]);
    }
    here.imp_says(no_resources());
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
    here.imp_says(no_resources());
    assert!(here.says().is_empty(), "an IMP that goes on complaining is not heard");
    here.rfnm(0);
    here.hears(&[cls(8, 5)]);
    assert_eq!(
        here.events(),
        [Event::Closed { id, reason: CloseReason::Undelivered(Loss::Incomplete(Incomplete::NoResources)) }]
    );
    assert_eq!(here.left_when_released(id), ncp::Tables::default());
}

#[test]
fn every_message_has_its_own_three_tries() {
    let (mut here, id) = in_transit();
    here.hears(&[all(20, 9, 800)]);
    for _ in 0..5 {
        for _ in 0..2 {
            here.imp_says(no_resources());
            assert_eq!(here.says(), [TEXT]);
        }
        here.rfnm(20);
        here.send(id, b"MORE");
        assert_eq!(here.says(), [TEXT]);
    }
}

#[test]
fn a_program_that_closed_still_gets_its_text_through() {
    let (mut here, id) = in_transit();
    here.close(id);
    here.imp_says(no_resources());
    assert_eq!(here.says(), [TEXT], "and no CLS before it has arrived");
    here.rfnm(20);
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.events().last(), Some(&Event::Closed { id, reason: CloseReason::Closed }));
}

#[test]
fn a_closing_program_waits_for_text_that_is_sent_again_while_the_imp_may_answer_and_no_longer() {
    let mut here = Lone::new(Policy { close_patience: Span::from_secs(20), ..Policy::default() });
    let id = here.sender();
    here.hears(&[all(20, 2, 48)]);
    here.rfnms = false;
    here.send(id, b"TEXT");
    here.close(id);
    assert_eq!(here.says(), [TEXT]);
    here.waits(Span::from_secs(15));
    here.imp_says(no_resources());
    assert_eq!(here.says(), [TEXT]);
    here.waits(Span::from_secs(61));
    assert!(here.says().is_empty(), "the IMP may still answer for the second one");
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"], "a minute and a moment after it was sent again");
}

#[test]
fn text_that_the_partner_no_longer_wants_is_not_sent_again() {
    let (mut here, id) = in_transit();
    here.hears(&[cls(8, 5)]);
    here.imp_says(no_resources());
    assert_eq!(here.says(), ["CLS 5 8"]);
    assert_eq!(here.events(), [Event::Ending { id }, Event::Closed { id, reason: CloseReason::Lost }]);
}

#[test]
fn text_of_a_connection_that_is_over_is_not_sent_again_and_frees_the_link() {
    let (mut here, _) = in_transit();
    here.hears(&[Command::Rst]);
    let second = here.init(7, at(BBN, 10));
    here.hears(&[rts(10, 7, 20), all(20, 1, 100)]);
    here.send(second, b"NEW");
    assert_eq!(here.says(), ["RRP", "STR 7 to 10 size 8"], "the old message has no answer yet");
    here.imp_says(no_resources());
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    here.rfnm(20);
    assert_eq!(here.ncp.unsent(second), 0);
}

#[test]
fn text_that_is_sent_again_may_meet_any_other_fate() {
    let (mut here, id) = in_transit();
    here.imp_says(no_resources());
    here.imp_says(incomplete(Incomplete::Lost));
    assert_eq!(here.says(), [TEXT, "INS link 20", "CLS 5 8"], "now it may have arrived");
    assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Closing));

    let (mut here, id) = in_transit();
    here.imp_says(no_resources());
    assert_eq!(here.says(), [TEXT]);
    let (to, link) = (HostAddress::from(BBN), Link::from(20));
    here.imp_says(FromImp::DestinationDead { to, link, why: Dead::Host });
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Dead(Dead::Host) }]);

    let (mut here, id) = in_transit();
    here.imp_says(no_resources());
    here.ncp.handle(here.now, Input::Down(Outage::ImpDown));
    assert_eq!(
        here.events(),
        [Event::Closed { id, reason: CloseReason::Outage(Outage::ImpDown) }],
        "it has not left, and will not"
    );
}

#[test]
fn text_that_was_sent_again_since_is_not_the_one_with_the_bad_leader() {
    let (mut here, id) = in_transit();
    here.imp_says(FromImp::ErrorInLeader { why: LeaderError::Garbled, link: Link::CONTROL });
    here.waits(Span::from_secs(15));
    here.imp_says(no_resources());
    here.waits(Span::from_secs(45));
    assert_eq!(here.says(), [TEXT], "it is not given up");
    here.rfnm(20);
    assert_eq!(here.ncp.unsent(id), 0);
}

#[test]
fn a_give_back_leaves_the_text_its_allocation() {
    let (mut here, _) = in_transit();
    here.imp_says(no_resources());
    here.hears(&[Command::Gvb { link: Link::from(20), messages: 128, bits: 128 }]);
    assert_eq!(here.says(), [TEXT, "RET link 20 messages 1 bits 16"]);
}

#[test]
fn a_refusal_that_comes_twice_does_not_refuse_the_next_request_which_has_not_left() {
    let mut here = Lone::tenex();
    let first = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.rfnms = false;
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["CLS 4 9"]);
    assert_eq!(here.events(), [Event::Closed { id: first, reason: CloseReason::Refused }]);
    here.left_when_released(first);
    let second = here.init(4, at(BBN, 9));
    assert!(here.says().is_empty(), "the RFNM for the CLS is still due");
    here.hears(&[cls(9, 4)]);
    assert!(here.events().is_empty(), "nobody knows of the second");
    here.rfnm(0);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.rfnm(0);
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["CLS 4 9"]);
    assert_eq!(here.events(), [Event::Closed { id: second, reason: CloseReason::Refused }]);
}
