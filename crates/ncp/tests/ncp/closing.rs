//! How connections end (NIC 8246, Connection Termination).

use machine::{Machine, Span};
use ncp::{CloseReason, Event, State};

use crate::lone::{BBN, Lone, all, at, cls, rts, socket, str};

fn gone(id: ncp::ConnectionId, reason: CloseReason) -> Event {
    Event::Closed { id, reason }
}

#[test]
fn a_sender_closes_when_everything_has_arrived_and_not_before() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.rfnms = false;
    here.send(id, b"BYE");
    here.close(id);
    assert!(here.says().is_empty(), "no allocation yet");
    here.hears(&[all(20, 1, 24)]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    here.rfnm(20);
    assert_eq!(here.says(), ["CLS 5 8"]);
    assert_eq!(here.events(), [Event::Writable { id }]);
    assert_eq!(here.ncp.init(here.now, socket(5), at(BBN, 8), None), Err(ncp::OpenError::SocketInUse));
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.events(), [gone(id, CloseReason::Closed)]);
    assert_eq!(here.ncp.connections().count(), 0);
}

#[test]
fn abort_drops_what_waits_but_not_what_is_in_transit() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.rfnms = false;
    here.hears(&[all(20, 1, 1000)]);
    here.send(id, b"GONE");
    here.send(id, b"NEVER");
    here.ncp.abort(here.now, id);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4", "INS link 20"]);
    here.rfnm(0);
    here.rfnm(20);
    assert_eq!(here.says(), ["CLS 5 8"]);
}

#[test]
fn a_receiver_closes_at_once_and_discards_what_still_comes() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.close(id);
    assert_eq!(here.says(), ["CLS 4 9"]);
    here.hears_text(BBN, 2, 8, b"LATE");
    here.hears(&[cls(9, 4)]);
    assert!(here.says().is_empty());
    assert_eq!(here.events(), [gone(id, CloseReason::Closed)]);
    assert_eq!(here.ncp.readable(id), 0);
}

#[test]
fn what_arrived_before_the_end_stays_readable_until_release() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.hears_text(BBN, 2, 8, b"LAST");
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["CLS 4 9"], "answered at once");
    let expected = [Event::Readable { id }, Event::Ending { id }, gone(id, CloseReason::Closed)];
    assert_eq!(here.events(), expected);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"], "socket and link are free");
    assert_eq!(here.read(id), b"LAST");
    here.ncp.release(here.now, id);
    assert_eq!(here.ncp.status(id), None);
}

#[test]
fn a_sender_told_to_stop_answers_when_nothing_is_in_transit() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.rfnms = false;
    here.hears(&[all(20, 9, 1000)]);
    here.send(id, b"ONE");
    here.send(id, b"TWO");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.events(), [Event::Ending { id }]);
    here.rfnm(20);
    assert_eq!(here.says(), ["CLS 5 8"], "the second text is dropped");
    assert_eq!(here.events(), [gone(id, CloseReason::Lost)], "and its writer hears of it");
}

#[test]
fn a_refused_request_is_acknowledged() {
    let mut here = Lone::tenex();
    let id = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["CLS 4 9"]);
    assert_eq!(here.events(), [gone(id, CloseReason::Refused)]);
}

#[test]
fn a_request_that_crosses_the_abort_of_its_match_is_discarded() {
    let mut here = Lone::tenex();
    let id = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.close(id);
    assert_eq!(here.says(), ["CLS 4 9"]);
    here.hears(&[str(9, 4, 8)]);
    assert!(here.events().is_empty() && here.says().is_empty(), "example 2 of NIC 8246");
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.events(), [gone(id, CloseReason::Closed)]);
}

#[test]
fn a_partner_that_tires_of_waiting_in_the_queue_is_answered() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20), cls(8, 5)]);
    assert_eq!(here.says(), ["CLS 5 8"]);
    assert_eq!(here.ncp.queued_requests().count(), 0);
}

#[test]
fn an_unanswered_cls_is_forgotten_after_two_minutes() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.close(id);
    assert_eq!(here.says(), ["CLS 4 9"]);
    here.waits(Span::from_secs(119));
    assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Closing));
    here.waits(Span::from_secs(1));
    assert_eq!(here.events(), [gone(id, CloseReason::Unanswered)]);
    assert_eq!(here.ncp.deadline(), None);
}

#[test]
fn text_that_gets_nowhere_is_given_up_two_minutes_after_closing() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.send(id, b"ANYONE?");
    here.close(id);
    here.waits(Span::from_secs(60));
    here.hears(&[all(20, 1, 8)]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 1"]);
    here.waits(Span::from_secs(119));
    assert!(here.says().is_empty(), "it had moved on, so that patience began anew");
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.events(), [gone(id, CloseReason::Lost)]);
}

#[test]
fn a_released_connection_flushes_in_silence_and_leaves_nothing() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.send(id, b"BYE");
    here.ncp.release(here.now, id);
    assert_eq!(here.ncp.status(id), None, "the id is worth nothing");
    assert_eq!(here.ncp.connections().count(), 1, "the wire side is not over");
    here.hears(&[all(20, 1, 24)]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3", "CLS 5 8"]);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.ncp.connections().count(), 0);
    assert!(here.events().is_empty());
}

#[test]
fn a_final_rfnm_that_never_comes_holds_the_answer_for_two_minutes() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.rfnms = false;
    here.hears(&[all(20, 1, 100)]);
    here.send(id, b"?");
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 1"]);
    here.waits(Span::from_secs(120));
    assert_eq!(here.says(), ["CLS 5 8"], "RFC 689, state RFN2");
    assert_eq!(
        here.events(),
        [Event::Ending { id }, gone(id, CloseReason::Lost)],
        "nobody has taken the text"
    );
}

#[test]
fn text_without_an_allocation_is_missed_when_the_receiver_closes() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.send(id, b"NEVER ALLOWED");
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.says(), ["CLS 5 8"], "nothing was in transit");
    assert_eq!(here.events(), [Event::Ending { id }, gone(id, CloseReason::Lost)]);
}

#[test]
fn a_receiver_that_closes_when_all_has_arrived_misses_nothing() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 1, 100)]);
    here.send(id, b"ALL");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.says(), ["CLS 5 8"]);
    let expected = [Event::Writable { id }, Event::Ending { id }, gone(id, CloseReason::Closed)];
    assert_eq!(here.events(), expected);
}

#[test]
fn a_cls_that_answers_a_refusal_too_late_is_unknown() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20)]);
    here.waits(Span::from_secs(120));
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.waits(Span::from_secs(120));
    assert_eq!(here.ncp.deadline(), None, "the refusal is forgotten");
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.says(), ["ERR 4 request on a nonexistent socket"]);
}

#[test]
fn a_command_that_crosses_our_cls_is_no_mistake() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.close(id);
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.hears(&[all(20, 1, 1000), cls(8, 5)]);
    assert!(here.says().is_empty(), "the receiver could not know");
}
