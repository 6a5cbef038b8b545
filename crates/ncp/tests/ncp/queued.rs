//! Requests that wait for a program, or come while their socket closes: what becomes of them.

use machine::{Machine, Span};
use ncp::{ByteSize, CloseReason, Event, Input, Policy, Tables};

use crate::lone::{BBN, Lone, at, cls, opened, rts, socket, str};

/// The receiver of a connection that its program has closed and whose CLS has not been answered.
fn closing() -> (Lone, ncp::ConnectionId) {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.close(id);
    assert_eq!(here.says(), ["CLS 4 9"]);
    (here, id)
}

#[test]
fn a_program_that_asks_for_another_byte_size_than_the_waiting_request_offers_is_refused() {
    let mut here = Lone::tenex();
    here.hears(&[str(9, 4, 36)]);
    let id = here.ncp.init(here.now, socket(4), at(BBN, 9), ByteSize::new(8)).expect("it is free");
    assert_eq!(here.says(), ["CLS 4 9"], "the partner is told, and no RTS promises anything");
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Refused }]);
    assert_eq!(here.left_when_released(id), Tables::default());

    here.hears(&[str(9, 4, 36)]);
    let id = here.ncp.init(here.now, socket(4), at(BBN, 9), ByteSize::new(36)).expect("it is free");
    assert!(here.says().contains(&"RTS 4 from 9 link 2".to_owned()));
    let size = ByteSize::new(36).expect("not 0");
    assert_eq!(here.events(), [Event::Opened { id, foreign: at(BBN, 9), size }]);
}

/// The STR of a partner who had not heard of the close: the CLS that is on its way answers it.
#[test]
fn a_request_of_the_same_partner_that_crosses_a_close_does_not_wait_for_a_program() {
    let (mut here, id) = closing();
    here.hears(&[str(9, 4, 8)]);
    assert_eq!(here.ncp.tables().requests, 0, "nothing waits");
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.left_when_released(id), Tables::default());
    here.waits(Span::from_secs(1000));
    assert!(here.says().is_empty(), "nor is it answered later");
}

#[test]
fn a_request_of_another_partner_for_a_socket_that_closes_waits_and_is_served_after() {
    for other in [at(BBN, 11), at(13, 9)] {
        let (mut here, id) = closing();
        let request = str(other.socket.number(), 4, 8);
        here.hears_from(other.host.number(), &[request]);
        assert_eq!(here.ncp.tables().requests, 1, "it waits");
        here.hears(&[cls(9, 4)]);
        here.ncp.release(here.now, id);
        here.events();
        let id = here.ncp.listen(here.now, socket(4), ncp::Partner::Anyone, None).expect("it is free");
        assert_eq!(here.events_after_saying(), [opened(id, other)], "it is served");
    }
}

#[test]
fn a_waiting_request_that_assigns_a_link_holds_it_and_one_that_does_not_holds_none() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20)]);
    assert_eq!((here.ncp.tables().requests, here.ncp.tables().links), (1, 1));
    here.hears(&[rts(10, 7, 21), str(9, 4, 8)]);
    assert_eq!((here.ncp.tables().requests, here.ncp.tables().links), (3, 2));
    here.hears(&[cls(8, 5)]);
    assert_eq!((here.ncp.tables().requests, here.ncp.tables().links), (2, 1));
}

/// What the IMP had lost when it went down nobody may be answered for: a partner that is still there asks again.
#[test]
fn requests_that_waited_when_the_own_imp_went_down_are_forgotten() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20), str(9, 4, 8)]);
    here.ncp.handle(here.now, Input::Down(imp1822::Outage::ImpDown));
    assert_eq!(
        (here.ncp.tables().requests, here.ncp.tables().deadlines),
        (0, 0),
        "no patience with them either"
    );
    here.ncp.handle(here.now, Input::Up);
    let id = here.ncp.listen(here.now, socket(4), ncp::Partner::Anyone, None).expect("it is free");
    assert!(here.events().is_empty(), "nobody asks");
    here.ncp.release(here.now, id);
    here.waits(Span::from_secs(1000));
    assert_eq!((here.says(), here.ncp.tables()), (Vec::<String>::new(), Tables::default()));
}

/// The CLS that answers a refusal may be lost: the socket is not refused for ever after.
#[test]
fn a_refusal_that_is_not_answered_is_forgotten_when_the_patience_with_closes_ends_and_not_before() {
    let patience = Span::from_secs(40);
    let mut here =
        Lone::new(Policy { queue: ncp::QueuePolicy::Refuse, close_patience: patience, ..Policy::default() });
    here.waits(Span::from_secs(100));
    here.hears(&[rts(8, 5, 20)]);
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.waits(Span::from_secs(39));
    assert_eq!(here.ncp.tables().refusals, 1);
    here.waits(Span::from_secs(2));
    assert_eq!(here.ncp.tables(), Tables::default());
}
