//! What has been decided and has not left yet: no request overtakes the CLS that frees its socket, nobody hears of what
//! was taken back before it left, and nobody is expected to answer what he cannot have heard.

use imp1822::{Dead, FromImp, HostAddress, Incomplete, Link, Outage};
use machine::{Machine, Span};
use ncp::{CloseReason, Command, Event, Input, Policy, QueuePolicy, Tables};

use crate::lone::{BBN, Lone, all, at, cls, opened, rts, str};

/// Another partner: host 0 on IMP 6.
const MIT: u8 = 6;

/// A host whose CLS to BBN, which ends the connection of socket 5, waits for an RFNM.
fn with_a_close_held_up() -> Lone {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.rfnms = false;
    here.ncp.echo(here.now, HostAddress::from(BBN), 1);
    assert_eq!(here.says(), ["ECO 1"]);
    here.hears(&[cls(8, 5)]);
    assert!(here.says().is_empty(), "the CLS waits for the RFNM");
    assert_eq!(here.events(), [Event::Ending { id }, Event::Closed { id, reason: CloseReason::Closed }]);
    here
}

#[test]
fn a_request_to_another_host_does_not_overtake_the_cls_that_frees_its_socket() {
    let mut here = with_a_close_held_up();
    here.init(5, at(MIT, 8));
    here.init(7, at(MIT, 10));
    assert!(
        here.says().is_empty(),
        "socket 5 is not free, and what waits behind its request keeps its order"
    );
    here.rfnm(0);
    assert_eq!(here.says(), ["CLS 5 8", "STR 5 to 8 size 8", "STR 7 to 10 size 8"]);
}

#[test]
fn a_request_of_another_socket_waits_for_no_cls() {
    let mut here = with_a_close_held_up();
    here.init(7, at(MIT, 10));
    assert_eq!(here.says(), ["STR 7 to 10 size 8"]);
}

#[test]
fn what_is_never_said_holds_nobody_up() {
    let mut here = with_a_close_held_up();
    here.init(5, at(MIT, 8));
    assert!(here.says().is_empty());
    here.imp_says(FromImp::DestinationDead {
        to: HostAddress::from(BBN),
        link: Link::CONTROL,
        why: Dead::Host,
    });
    assert_eq!(
        here.says(),
        ["STR 5 to 8 size 8"],
        "BBN is dead: its connections are over, and nothing is said"
    );
}

#[test]
fn a_refusal_that_cannot_leave_holds_nobody_up() {
    let mut here = Lone::new(Policy { queue: QueuePolicy::Refuse, ..Policy::default() });
    here.rfnms = false;
    here.ncp.echo(here.now, HostAddress::from(BBN), 1);
    assert_eq!(here.says(), ["ECO 1"]);
    here.hears(&[rts(8, 5, 20)]);
    here.init(5, at(MIT, 8));
    assert_eq!(here.says(), ["STR 5 to 8 size 8"], "socket 5 never had a connection with BBN");
}

#[test]
fn a_request_that_is_withdrawn_before_it_has_left_is_never_heard_of() {
    for local in [4, 5] {
        let mut here = Lone::tenex();
        here.rfnms = false;
        here.ncp.echo(here.now, HostAddress::from(BBN), 1);
        assert_eq!(here.says(), ["ECO 1"]);
        let id = here.init(local, at(BBN, 9 - local % 2));
        here.init(71, at(BBN, 70));
        here.close(id);
        assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Closed }]);
        here.rfnm(0);
        assert_eq!(here.says(), ["STR 71 to 70 size 8"]);
    }
}

#[test]
fn a_request_that_was_made_while_the_imp_was_down_and_given_up_does_not_leave_when_it_is_up() {
    let mut here = Lone::tenex();
    here.ncp.handle(here.now, Input::Down(Outage::ImpDown));
    let id = here.init(4, at(BBN, 9));
    here.waits(Span::from_secs(60));
    here.ncp.release(here.now, id);
    here.waits(Span::from_secs(600));
    here.ncp.handle(here.now, Input::Up);
    assert!(here.says().is_empty(), "nobody waits for an answer any more");
    assert_eq!(here.ncp.tables(), Tables::default());
}

#[test]
fn what_was_asked_for_while_the_own_interface_stood_still_and_was_given_up_is_never_said() {
    let mut here = Lone::tenex();
    here.ncp.handle(here.now, Input::Stuck);
    let given_up = [here.init(4, at(BBN, 9)), here.init(5, at(BBN, 8)), here.init(7, at(MIT, 10))];
    let wanted = here.init(71, at(MIT, 70));
    assert!(here.says().is_empty(), "the interface takes nothing");
    here.waits(Span::from_secs(60));
    given_up.into_iter().for_each(|id| here.ncp.release(here.now, id));
    here.waits(Span::from_secs(600));
    assert!(here.says().is_empty(), "it still takes nothing");
    here.ncp.handle(here.now, Input::GoesOn);
    assert_eq!(here.says(), ["STR 71 to 70 size 8"], "whose program still waits");
    here.close(wanted);
}

#[test]
fn text_waits_in_the_host_while_the_own_interface_stands_still() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 2, 4000)]);
    here.ncp.handle(here.now, Input::Stuck);
    here.send(id, b"TEXT");
    assert!(here.says().is_empty(), "the interface takes nothing");
    here.waits(Span::from_secs(600));
    assert!(here.says().is_empty(), "it still takes nothing");
    here.ncp.handle(here.now, Input::GoesOn);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
}

#[test]
fn a_request_that_has_not_arrived_and_is_given_up_is_not_sent_again() {
    for close in [false, true] {
        let mut here = Lone::tenex();
        here.rfnms = false;
        let id = here.init(4, at(BBN, 9));
        assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
        // The IMP has no room for it: it has not arrived, and is to be sent again.
        let (to, why) = (HostAddress::from(BBN), Incomplete::NoResources);
        here.imp_says(FromImp::Incomplete { to, link: Link::CONTROL, why });
        here.init(71, at(BBN, 70));
        if close {
            here.close(id);
        }
        let said: Vec<String> = (0..3)
            .flat_map(|_| {
                let said = here.says();
                here.rfnm(0);
                said
            })
            .collect();
        let next = "STR 71 to 70 size 8";
        let expected = if close { vec![next] } else { vec!["RTS 4 from 9 link 2", next] };
        assert_eq!(said, expected, "given up: {close}");
    }
}

/// NIC 8246, Connection Termination: the sending host sends no CLS while a message is in transit over the connection.
#[test]
fn no_cls_is_said_while_the_imp_may_still_answer_for_text_however_impatient_the_host_is() {
    for partner_closes in [false, true] {
        let mut here = Lone::new(Policy { close_patience: Span::from_secs(1), ..Policy::default() });
        let id = here.sender();
        here.hears(&[all(20, 2, 4000)]);
        here.rfnms = false;
        here.send(id, b"TEXT");
        assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
        if partner_closes {
            here.hears(&[cls(8, 5)]);
        } else {
            here.close(id);
        }
        here.waits(Span::from_secs(61));
        assert!(here.says().is_empty(), "the answer may come, closed by the partner: {partner_closes}");
        here.rfnm(20);
        assert_eq!(here.says(), ["CLS 5 8"]);
    }
}

#[test]
fn a_connection_waits_for_the_answer_to_its_cls_until_that_has_left_however_impatient_it_is() {
    let mut here = Lone::new(Policy { close_patience: Span::from_secs(5), ..Policy::default() });
    let id = here.receiver();
    here.rfnms = false;
    here.ncp.echo(here.now, HostAddress::from(BBN), 1);
    assert_eq!(here.says(), ["ECO 1"]);
    here.close(id);
    here.waits(Span::from_secs(30));
    assert!(here.events().is_empty(), "BBN cannot have answered what has not left");
    here.rfnm(0);
    assert_eq!(here.says(), ["CLS 4 9"]);
    here.hears(&[str(9, 4, 8)]);
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Closed }]);
}

#[test]
fn a_refusal_is_remembered_until_it_has_left_however_impatient_the_host_is() {
    let queue = QueuePolicy::Refuse;
    let mut here = Lone::new(Policy { queue, close_patience: Span::from_secs(5), ..Policy::default() });
    here.rfnms = false;
    here.ncp.echo(here.now, HostAddress::from(BBN), 1);
    here.says();
    here.hears(&[rts(8, 5, 20)]);
    here.waits(Span::from_secs(30));
    here.rfnm(0);
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.hears(&[cls(8, 5)]);
    here.rfnm(0);
    assert!(here.says().is_empty(), "the answer to the refusal is known for what it is");
}

#[test]
fn a_request_that_was_made_before_an_rrp_that_comes_late_is_forgotten_with_it() {
    let mut here = Lone::tenex();
    here.ncp.reset(here.now, HostAddress::from(BBN));
    assert_eq!(here.says(), ["RST"]);
    here.waits(Span::from_secs(61));
    // Nobody waits for the RRP any more. What came before it was said before BBN forgot everything.
    here.hears(&[rts(8, 5, 20)]);
    assert_eq!(here.ncp.queued_requests().count(), 1);
    here.hears(&[Command::Rrp]);
    assert_eq!(here.ncp.queued_requests().count(), 0);
    here.hears(&[rts(8, 5, 20), Command::Rrp]);
    assert_eq!(here.ncp.queued_requests().count(), 1, "an RRP that nobody asked for means nothing");
    here.waits(Span::from_secs(300));
    assert_eq!(here.says(), ["CLS 5 8"], "only the second request is refused in the end");
}

/// From now on, whatever is said to BBN and to MIT waits for an RFNM.
fn both_lines_are_busy(here: &mut Lone) {
    here.rfnms = false;
    for host in [BBN, MIT] {
        here.ncp.echo(here.now, HostAddress::from(host), 1);
    }
    assert_eq!(here.says(), ["ECO 1", "ECO 1"]);
}

/// The RFNMs of BBN and of MIT come; then each is answered at once.
fn both_lines_clear(here: &mut Lone) -> Vec<String> {
    here.rfnms = true;
    here.rfnm(0);
    here.imp_says(FromImp::Rfnm { to: HostAddress::from(MIT), link: Link::CONTROL });
    here.says()
}

#[test]
fn two_partners_do_not_wait_for_each_other_when_a_refusal_was_answered_before_it_left() {
    let mut here = Lone::new(Policy { queue: QueuePolicy::Refuse, ..Policy::default() });
    here.receiver();
    both_lines_are_busy(&mut here);
    here.init(5, at(BBN, 8));
    here.hears(&[cls(9, 4)]);
    here.init(4, at(MIT, 9));
    // MIT asks for socket 5, which asks for BBN's, and gives up before it can have heard that it is refused.
    here.hears_from(MIT, &[rts(10, 5, 20), cls(10, 5)]);
    assert_eq!(
        both_lines_clear(&mut here),
        ["STR 5 to 8 size 8", "CLS 4 9", "RTS 4 from 9 link 2", "CLS 5 10"],
        "the request to BBN waits for no CLS that was given after it"
    );
}

#[test]
fn two_partners_do_not_wait_for_each_other_when_queued_requests_were_withdrawn() {
    let mut here = Lone::tenex();
    both_lines_are_busy(&mut here);
    // Each asks for a socket, which is about to ask the other, and gives up.
    here.init(5, at(BBN, 8));
    here.init(7, at(MIT, 8));
    here.hears_from(MIT, &[rts(10, 5, 20), cls(10, 5)]);
    here.hears(&[rts(10, 7, 20), cls(10, 7)]);
    assert_eq!(
        both_lines_clear(&mut here),
        ["STR 5 to 8 size 8", "CLS 7 10", "STR 7 to 8 size 8", "CLS 5 10"],
        "neither request waits for a CLS that was given after it"
    );
}

#[test]
fn a_connection_that_was_opened_before_an_rrp_that_comes_late_is_closed_with_it() {
    let mut here = Lone::tenex();
    here.ncp.reset(here.now, HostAddress::from(BBN));
    assert_eq!(here.says(), ["RST"]);
    here.waits(Span::from_secs(61));
    here.events();
    // BBN has asked for both before it forgets everything, and hears our own requests after that.
    let (receiver, sender) = (here.receiver(), here.sender());
    let requested = here.init(6, at(BBN, 11));
    assert_eq!(here.says(), ["RTS 6 from 11 link 3"]);
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["CLS 4 9", "INS link 20", "CLS 5 8"], "what is only asked for here stands");
    here.hears(&[cls(9, 4), cls(8, 5), str(11, 6, 8)]);
    here.says();
    let reset = |id| Event::Closed { id, reason: CloseReason::Reset };
    assert_eq!(
        here.events().last_chunk(),
        Some(&[reset(receiver), reset(sender), opened(requested, at(BBN, 11))])
    );
}
