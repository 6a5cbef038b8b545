//! Commands that cross on the wire (NIC 8246, Connection Termination, whose examples are tests here by name),
//! and commands that come too late.

use imp1822::{FromImp, HostAddress, Incomplete, Link};
use machine::Span;
use ncp::{CloseReason, Command, Event, Partner, Policy, QueuePolicy, State, Tables};

use crate::lone::{BBN, Lone, all, at, cls, opened, rts, socket, str};

/// This host as NIC 8246's host B, which refuses a request that no program waits for.
fn refusing() -> Lone {
    Lone::new(Policy { queue: QueuePolicy::Refuse, ..Policy::default() })
}

#[test]
fn example_1_an_abort_crosses_a_refusal() {
    // Host A: its CLS is on its way when B's arrives.
    let mut a = Lone::tenex();
    let id = a.init(4, at(BBN, 9));
    assert_eq!(a.says(), ["RTS 4 from 9 link 2"]);
    a.close(id);
    assert_eq!(a.says(), ["CLS 4 9"]);
    a.hears(&[cls(9, 4)]);
    assert!(a.says().is_empty(), "A believes that B acknowledges the abort");
    assert_eq!(a.events(), [Event::Closed { id, reason: CloseReason::Closed }]);
    assert_eq!(a.left_when_released(id), Tables::default());

    // Host B: the same from the other side.
    let mut b = refusing();
    b.hears(&[rts(8, 5, 20)]);
    assert_eq!(b.says(), ["CLS 5 8"]);
    b.hears(&[cls(8, 5)]);
    assert!(b.says().is_empty() && b.events().is_empty(), "B believes that A acknowledges the refusal");
    assert_eq!(b.ncp.tables(), Tables::default());
}

#[test]
fn example_2_an_abort_crosses_the_matching_request() {
    // Host A: B's request arrives after A's CLS has left, and is discarded.
    let mut a = Lone::tenex();
    let id = a.init(5, at(BBN, 8));
    assert_eq!(a.says(), ["STR 5 to 8 size 8"]);
    a.close(id);
    assert_eq!(a.says(), ["CLS 5 8"]);
    a.hears(&[rts(8, 5, 20), all(20, 1, 100)]);
    assert!(a.says().is_empty() && a.events().is_empty(), "B could not know, nor that nobody will send");
    a.hears(&[cls(8, 5)]);
    assert_eq!(a.events(), [Event::Closed { id, reason: CloseReason::Closed }]);
    assert_eq!(a.left_when_released(id), Tables::default());

    // Host B: the CLS seems to break an established connection, but of that A has not heard.
    let mut b = Lone::tenex();
    let id = b.ncp.listen(b.now, socket(4), Partner::Anyone, None).expect("it is free");
    b.hears(&[str(9, 4, 8)]);
    b.hears(&[cls(9, 4)]);
    let said = ["RTS 4 from 9 link 2", "ALL link 2 messages 16 bits 32000", "CLS 4 9"];
    assert_eq!(b.says(), said);
    let expected = [opened(id, at(BBN, 9)), Event::Closed { id, reason: CloseReason::Refused }];
    assert_eq!(b.events(), expected);
}

/// A reader that took it for the end of a text would put nothing in the place of its old file.
#[test]
fn a_sender_that_closes_before_it_can_know_that_it_may_send_has_not_sent_an_empty_text() {
    let closes = |has_heard: bool| {
        let mut here = Lone::tenex();
        here.rfnms = false;
        here.ncp.listen(here.now, socket(4), Partner::Anyone, None).expect("it is free");
        here.hears(&[str(9, 4, 8)]);
        assert_eq!(here.says(), ["RTS 4 from 9 link 2", "ALL link 2 messages 16 bits 32000"]);
        if has_heard {
            here.rfnm(0);
        }
        here.hears(&[cls(9, 4)]);
        here.rfnm(0);
        assert_eq!(here.says(), ["CLS 4 9"]);
        here.events().pop()
    };
    let reason = |event| if let Some(Event::Closed { reason, .. }) = event { Some(reason) } else { None };
    assert_eq!(reason(closes(false)), Some(CloseReason::Refused), "its request is withdrawn");
    assert_eq!(reason(closes(true)), Some(CloseReason::Closed), "its text is empty");
}

#[test]
fn the_link_of_a_request_that_crossed_the_abort_is_free_afterwards() {
    let mut here = Lone::tenex();
    let id = here.init(5, at(BBN, 8));
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    here.close(id);
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.hears(&[rts(8, 5, 20), cls(8, 5)]);
    here.events();
    let id = here.sender();
    assert_eq!(here.ncp.status(id).and_then(|status| status.link), Some(imp1822::Link::from(20)));
}

#[test]
fn closes_that_cross_answer_each_other() {
    for sends in [true, false] {
        let mut here = Lone::tenex();
        let id = if sends { here.sender() } else { here.receiver() };
        here.close(id);
        assert_eq!(here.says().len(), 1, "our CLS");
        here.hears(&[if sends { cls(8, 5) } else { cls(9, 4) }]);
        assert!(here.says().is_empty(), "one CLS from each side is all");
        assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Closed }]);
        assert_eq!(here.left_when_released(id), Tables::default());
    }
}

#[test]
fn a_receivers_demand_crosses_the_senders_last_text() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.close(id);
    assert_eq!(here.says(), ["CLS 4 9"]);
    for _ in 0..16 {
        here.hears_text(BBN, 2, 8, b"ON ITS WAY");
    }
    assert!(here.says().is_empty(), "more input is to be expected, and is discarded");
    here.hears(&[Command::Ins { link: imp1822::Link::from(2) }, cls(9, 4)]);
    assert!(here.says().is_empty());
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Closed }]);
}

#[test]
fn a_late_cls_for_a_forgotten_connection_closes_the_second_between_the_same_sockets() {
    let mut here = Lone::tenex();
    let first = here.receiver();
    here.close(first);
    assert_eq!(here.says(), ["CLS 4 9"]);
    here.waits(Span::from_secs(120));
    assert_eq!(here.events(), [Event::Closed { id: first, reason: CloseReason::Unanswered }]);

    // The partner breaks a second rule: it opens the sockets again while the first connection is not over.
    let second = here.receiver();
    // Now the answer for the first connection comes, and nothing tells it from a close of the second.
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["CLS 4 9"], "the danger of which NIC 8246 warns");
    let expected = [Event::Ending { id: second }, Event::Closed { id: second, reason: CloseReason::Closed }];
    assert_eq!(here.events(), expected);
}

#[test]
fn a_policy_with_more_patience_is_out_of_that_danger_for_longer() {
    let close_patience = Span::from_secs(300);
    let mut here = Lone::new(Policy { close_patience, ..Policy::default() });
    let id = here.receiver();
    here.close(id);
    here.waits(Span::from_secs(299));
    assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Closing));
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["CLS 4 9"]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Closed }], "late, but not too late");
}

#[test]
fn refusals_of_one_pair_of_sockets_are_answered_one_by_one() {
    let mut here = refusing();
    here.hears(&[rts(8, 5, 20), rts(8, 5, 20)]);
    assert_eq!(here.says(), ["CLS 5 8", "CLS 5 8"]);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.ncp.tables().refusals, 1);
    here.hears(&[cls(8, 5)]);
    assert!(here.says().is_empty());
    assert_eq!(here.ncp.tables(), Tables::default());
}

/// The answer to the refusal is lost on the way; but who asks anew has given it.
#[test]
fn who_asks_anew_closes_what_it_asks_for_and_not_what_was_refused_before() {
    for program_listens in [true, false] {
        let mut here = refusing();
        here.hears(&[rts(8, 5, 20)]);
        assert_eq!(here.says(), ["CLS 5 8"]);
        let id = if program_listens {
            here.ncp.listen(here.now, socket(5), Partner::Anyone, None).expect("it is free")
        } else {
            here.init(5, at(BBN, 8))
        };
        here.hears(&[rts(8, 5, 21)]);
        assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
        assert_eq!(here.events(), [opened(id, at(BBN, 8))]);
        here.hears(&[cls(8, 5)]);
        assert_eq!(here.says(), ["CLS 5 8"], "the connection is closed by both");
        let closed = Event::Closed { id, reason: CloseReason::Closed };
        assert_eq!(here.events(), [Event::Ending { id }, closed]);
        assert_eq!(here.left_when_released(id), Tables::default());
    }
}

#[test]
fn who_asks_anew_and_waits_withdraws_what_waits_and_not_what_was_refused_before() {
    let queue = QueuePolicy::Queue { most: 1, for_each_partner: 1, patience: Span::from_secs(120) };
    let mut here = Lone::new(Policy { queue, ..Policy::default() });
    here.hears(&[rts(10, 7, 21), rts(8, 5, 20)]);
    assert_eq!(here.says(), ["CLS 5 8"], "there is room for one");
    here.hears(&[cls(10, 7), rts(8, 5, 20)]);
    assert_eq!(here.says(), ["CLS 7 10"]);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.says(), ["CLS 5 8"]);
    assert_eq!(here.ncp.tables(), Tables::default(), "nobody waits any more");
}

/// A cable has doubled the first request: the second refusal would meet the next request.
#[test]
fn a_refusal_that_has_not_left_does_not_refuse_what_is_asked_for_since() {
    // It waits behind the first, or the IMP has given it back.
    for is_given_back in [false, true] {
        let mut here = refusing();
        here.rfnms = false;
        here.hears(&[rts(8, 5, 20)]);
        assert_eq!(here.says(), ["CLS 5 8"]);
        if is_given_back {
            here.hears(&[cls(8, 5)]);
            here.rfnm(0);
            here.hears(&[rts(8, 5, 20)]);
            assert_eq!(here.says(), ["CLS 5 8"]);
        } else {
            here.hears(&[rts(8, 5, 20), cls(8, 5)]);
            assert!(here.says().is_empty());
        }
        let id = here.ncp.listen(here.now, socket(5), Partner::Anyone, None).expect("it is free");
        if is_given_back {
            let (to, link) = (HostAddress::from(BBN), Link::CONTROL);
            here.imp_says(FromImp::Incomplete { to, link, why: Incomplete::NoResources });
        }
        here.hears(&[rts(8, 5, 21)]);
        here.rfnms = true;
        here.rfnm(0);
        assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
        assert_eq!(here.events(), [opened(id, at(BBN, 8))]);
        assert_eq!(here.ncp.tables().refusals, 0);
    }
}

/// It is our own CLS for the connection that has not left, and not that of a refusal.
#[test]
fn a_grant_that_crosses_our_close_takes_nothing_back() {
    let mut here = refusing();
    here.rfnms = false;
    here.hears(&[rts(8, 5, 20)]);
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.rfnm(0);
    let id = here.init(5, at(BBN, 8));
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    here.close(id);
    here.hears(&[rts(8, 5, 21)]);
    here.rfnm(0);
    assert_eq!(here.says(), ["CLS 5 8"]);
}

#[test]
fn requests_in_either_order_and_from_either_side_establish_one_connection() {
    // We ask first, or the partner does; by init or by listen; as sender or as receiver.
    for (ours_first, listens, sends) in (0..8).map(|n| (n & 1 == 1, n & 2 == 2, n & 4 == 4)) {
        let mut here = Lone::tenex();
        let (local, foreign) = if sends { (5, at(BBN, 8)) } else { (4, at(BBN, 9)) };
        let theirs = if sends { rts(8, 5, 20) } else { str(9, 4, 8) };
        let ask = |here: &mut Lone| match listens {
            true => here.ncp.listen(here.now, socket(local), Partner::Anyone, None).expect("it is free"),
            false => here.init(local, foreign),
        };
        let id = if ours_first {
            let id = ask(&mut here);
            here.hears(&[theirs]);
            id
        } else {
            here.hears(&[theirs]);
            ask(&mut here)
        };
        let said = here.says();
        let ours = if sends { "STR 5 to 8 size 8" } else { "RTS 4 from 9 link 2" };
        let case = format!("ours first {ours_first}, listens {listens}, sends {sends}");
        assert_eq!(said.iter().filter(|line| *line == ours).count(), 1, "{case}: one request from each side");
        assert!(
            !said.iter().any(|line| line.starts_with("CLS") || line.starts_with("ERR")),
            "{case}: {said:?}"
        );
        assert_eq!(here.events(), [opened(id, foreign)], "{case}");
    }
}
