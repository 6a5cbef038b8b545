//! How connections come about (NIC 8246, Connection Establishment).

use imp1822::HostAddress;
use machine::{Machine, Span};
use ncp::{ByteSize, CloseReason, Event, OpenError, Partner, Policy, QueuePolicy, State};

use crate::lone::{BBN, Lone, at, cls, opened, rts, socket, str};

#[test]
fn requests_that_cross_match() {
    let mut here = Lone::tenex();
    let id = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.hears(&[str(9, 4, 32)]);
    assert_eq!(here.says(), ["ALL link 2 messages 16 bits 32000"]);
    let size = ByteSize::THIRTY_TWO;
    assert_eq!(here.events(), [Event::Opened { id, foreign: at(BBN, 9), size }], "the sender chose 32");
}

#[test]
fn a_request_before_its_time_is_queued_and_taken_by_init_or_listen() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20), str(9, 4, 8)]);
    assert!(here.says().is_empty(), "nobody has asked yet");
    assert_eq!(here.ncp.queued_requests().count(), 2);

    let sender = here.ncp.listen(here.now, socket(5), Partner::Anyone, None).expect("socket 5 is free");
    let receiver = here.init(4, at(BBN, 9));
    let one_message = [["STR 5 to 8 size 8", "RTS 4 from 9 link 2", "ALL link 2 messages 16 bits 32000"]];
    assert_eq!(here.messages(), one_message, "commands travel together");
    assert_eq!(here.events(), [opened(sender, at(BBN, 8)), opened(receiver, at(BBN, 9))]);
    assert_eq!(here.ncp.queued_requests().count(), 0);
}

#[test]
fn whoever_has_only_listened_may_ask_and_keeps_the_connection() {
    let mut here = Lone::tenex();
    let id = here.ncp.listen(here.now, socket(4), Partner::Anyone, None).expect("socket 4 is free");
    assert_eq!(here.ncp.ask_partner(here.now, id, at(BBN, 8)), Err(OpenError::SameGender));
    assert!(here.says().is_empty(), "it still listens");
    for said in [vec!["RTS 4 from 9 link 2"], vec![]] {
        here.ncp.ask_partner(here.now, id, at(BBN, 9)).expect("there is a link");
        assert_eq!(here.says(), said, "it asks once");
    }
    here.hears(&[str(9, 4, 8)]);
    assert_eq!(here.says(), ["ALL link 2 messages 16 bits 32000"]);
    assert_eq!(here.events(), [opened(id, at(BBN, 9))]);

    let asked = here.ncp.listen(here.now, socket(5), Partner::Anyone, None).expect("socket 5 is free");
    here.hears(&[rts(10, 5, 20)]);
    assert_eq!(here.says(), ["STR 5 to 10 size 8"]);
    here.ncp.ask_partner(here.now, asked, at(BBN, 10)).expect("there is nothing to ask");
    assert!(here.says().is_empty(), "the partner has asked meanwhile");
}

#[test]
fn what_is_queued_too_long_is_refused_after_two_minutes() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20)]);
    here.waits(Span::from_secs(119));
    assert!(here.says().is_empty());
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["CLS 5 8"]);
}

#[test]
fn a_host_that_does_not_queue_refuses_at_once_and_its_socket_stays_free() {
    let mut here = Lone::new(Policy { queue: QueuePolicy::Refuse, ..Policy::default() });
    here.hears(&[rts(8, 5, 20)]);
    assert_eq!(here.says(), ["CLS 5 8"]);
    // The refusal is unanswered, yet the socket serves another.
    here.init(5, at(13, 2));
    assert_eq!(here.says(), ["STR 5 to 2 size 8"]);
    here.hears(&[cls(8, 5)]);
    assert!(here.says().is_empty(), "that was the answer to the refusal");
}

#[test]
fn the_queue_is_bounded_for_each_partner_and_altogether() {
    let queue = QueuePolicy::Queue { most: 3, for_each_partner: 2, patience: Span::from_secs(60) };
    let mut here = Lone::new(Policy { queue, ..Policy::default() });
    here.hears(&[rts(2, 1, 2), rts(4, 1, 3), rts(6, 1, 4)]);
    assert_eq!(here.says(), ["CLS 1 6"], "the third of one partner");
    here.hears_from(13, &[rts(2, 1, 2), rts(4, 1, 3)]);
    assert_eq!(here.says(), ["CLS 1 4"], "the fourth of all");
}

#[test]
fn who_listens_for_one_partner_refuses_all_others_and_goes_on_listening() {
    let mut here = Lone::tenex();
    here.hears_from(13, &[rts(2, 5, 2)]);
    let partner = Partner::Exactly(at(BBN, 8));
    let id = here.ncp.listen(here.now, socket(5), partner, None).expect("socket 5 is free");
    assert_eq!(here.says(), ["CLS 5 2"], "queued, but from elsewhere");
    here.hears(&[rts(10, 5, 20)]);
    assert_eq!(here.says(), ["CLS 5 10"], "the right host, but another socket (RFC 438)");
    here.hears(&[rts(8, 5, 21)]);
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    assert_eq!(here.events(), [opened(id, at(BBN, 8))]);
}

#[test]
fn while_a_socket_is_busy_others_wait_for_their_turn() {
    let mut here = Lone::tenex();
    let first = here.sender();
    here.hears_from(13, &[rts(2, 5, 2)]);
    assert!(here.says().is_empty());
    let again = here.ncp.listen(here.now, socket(5), Partner::Anyone, None);
    assert_eq!(again, Err(OpenError::SocketInUse), "one connection to a socket");
    here.close(first);
    here.hears(&[cls(8, 5)]);
    let from = Partner::Host(HostAddress::from(13));
    here.ncp.listen(here.now, socket(5), from, None).expect("the first is over");
    assert_eq!(here.says(), ["CLS 5 8", "STR 5 to 2 size 8"]);
}

#[test]
fn another_byte_size_than_the_program_wants_is_refused() {
    let mut here = Lone::tenex();
    let eight = Some(ByteSize::EIGHT);
    let id = here.ncp.init(here.now, socket(4), at(BBN, 9), eight).expect("it is free");
    let listening = here.ncp.listen(here.now, socket(6), Partner::Anyone, eight).expect("it is free");
    here.hears(&[str(9, 4, 36), str(11, 6, 36)]);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2", "CLS 4 9", "CLS 6 11"]);
    here.hears(&[cls(9, 4), cls(11, 6), str(11, 6, 8)]);
    assert_eq!(here.says(), ["RTS 6 from 11 link 2", "ALL link 2 messages 16 bits 32000"]);
    assert_eq!(
        here.events(),
        [Event::Closed { id, reason: CloseReason::Refused }, opened(listening, at(BBN, 11))]
    );
}

#[test]
fn links_are_unique_for_each_partner_and_used_again_only_when_free() {
    let mut here = Lone::new(Policy { links: 2..=3, ..Policy::default() });
    let first = here.init(2, at(BBN, 1));
    here.init(4, at(BBN, 1));
    here.init(6, at(13, 1));
    assert_eq!(here.says(), ["RTS 2 from 1 link 2", "RTS 4 from 1 link 3", "RTS 6 from 1 link 2"]);
    let third = here.ncp.init(here.now, socket(8), at(BBN, 3), None);
    assert_eq!(third, Err(OpenError::NoLinks));
    here.close(first);
    let third = here.ncp.init(here.now, socket(8), at(BBN, 3), None);
    assert_eq!(third, Err(OpenError::NoLinks), "the CLS is not answered");
    here.hears(&[cls(1, 2)]);
    here.init(8, at(BBN, 3));
    assert_eq!(here.says(), ["CLS 2 1", "RTS 8 from 3 link 2"]);
}

#[test]
fn sockets_of_one_gender_are_never_joined_and_the_table_ends_somewhere() {
    let mut here = Lone::new(Policy { connections: 1, ..Policy::default() });
    assert_eq!(here.ncp.init(here.now, socket(4), at(BBN, 8), None), Err(OpenError::SameGender));
    let listening = here.ncp.listen(here.now, socket(4), Partner::Anyone, None).expect("there is room");
    let full = here.ncp.listen(here.now, socket(6), Partner::Anyone, None);
    assert_eq!(full, Err(OpenError::TooManyConnections));
    let state = here.ncp.status(listening).map(|status| (status.state, status.foreign));
    assert_eq!(state, Some((State::Listening, None)));
}

#[test]
fn of_two_queued_requests_that_fit_the_older_is_taken_and_the_other_waits_on() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20)]);
    here.hears_from(13, &[rts(2, 5, 2)]);
    here.ncp.listen(here.now, socket(5), Partner::Anyone, None).expect("socket 5 is free");
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    let queued: Vec<_> = here.ncp.queued_requests().map(|request| request.foreign).collect();
    assert_eq!(queued, [at(13, 2)]);
}

#[test]
fn what_does_not_fit_is_refused_even_behind_a_request_that_is_taken() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20)]);
    here.hears_from(13, &[rts(2, 5, 2)]);
    let from = Partner::Host(HostAddress::from(BBN));
    here.ncp.listen(here.now, socket(5), from, None).expect("socket 5 is free");
    assert_eq!(here.says(), ["STR 5 to 8 size 8", "CLS 5 2"]);
    assert_eq!(here.ncp.queued_requests().count(), 0);
}

#[test]
fn a_partner_may_ask_and_give_up_as_often_as_it_likes() {
    let mut here = Lone::tenex();
    for round in 0..100 {
        here.hears(&[rts(8, 5, 20), cls(8, 5)]);
        assert_eq!(here.says(), ["CLS 5 8"], "round {round}");
    }
    here.hears(&[rts(8, 5, 20)]);
    assert!(here.says().is_empty(), "it is queued as the first was");
}

#[test]
fn links_for_private_experiments_are_for_hosts_whose_policy_has_them() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 200)]);
    assert_eq!(here.says(), ["ERR 3 bad parameters"], "an ordinary host");

    let mut here = Lone::new(Policy { links: 192..=255, ..Policy::default() });
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 192"]);
    here.hears(&[rts(8, 5, 200), rts(10, 7, 71)]);
    assert_eq!(here.ncp.queued_requests().count(), 2, "ordinary links are everybody's");
    for reserved in [0, 1, 72, 158, 159, 190, 191] {
        here.hears(&[rts(12, 11, reserved)]);
        assert_eq!(here.says(), ["ERR 3 bad parameters"], "{reserved} is reserved");
    }
}

#[test]
fn reserved_links_are_passed_over_whatever_the_policy_says() {
    let mut here = Lone::new(Policy { links: 0..=255, ..Policy::default() });
    let mut links = Vec::new();
    for n in 0..134 {
        let id = here.init(2 * n, at(BBN, 1));
        links.extend(here.ncp.status(id).and_then(|status| status.link).map(imp1822::Link::number));
    }
    assert_eq!(links, Vec::from_iter((2..=71).chain(192..=255)));
    let next = here.ncp.init(here.now, socket(1000), at(BBN, 1), None);
    assert_eq!(next, Err(OpenError::NoLinks));
}

#[test]
fn every_byte_size_from_1_to_255_may_be_asked_for() {
    for size in 1..=255 {
        let mut here = Lone::tenex();
        let id = here.ncp.init(here.now, socket(5), at(BBN, 8), ByteSize::new(size)).expect("it is free");
        let receiver = here.init(4, at(BBN, 9));
        assert_eq!(here.says()[0], format!("STR 5 to 8 size {size}"));
        here.hears(&[rts(8, 5, 20), str(9, 4, size)]);
        let sizes = [id, receiver].map(|id| here.ncp.status(id).and_then(|status| status.size));
        assert_eq!(sizes, [ByteSize::new(size); 2]);
    }
}

#[test]
fn a_request_has_no_lifetime_of_its_own() {
    let mut here = Lone::tenex();
    let id = here.init(4, at(BBN, 9));
    assert_eq!(here.ncp.deadline(), None, "only the program tires of waiting");
    here.waits(Span::from_secs(100_000));
    here.hears(&[str(9, 4, 8)]);
    here.says();
    assert_eq!(here.events(), [opened(id, at(BBN, 9))]);
}

#[test]
fn the_same_number_at_two_hosts_is_two_sockets() {
    let mut here = Lone::tenex();
    here.hears(&[str(9, 4, 8)]);
    here.hears_from(13, &[str(9, 4, 8)]);
    let foreign: Vec<_> = here.ncp.queued_requests().map(|request| request.foreign).collect();
    assert_eq!(foreign, [at(BBN, 9), at(13, 9)]);
    let id = here.init(4, at(13, 9));
    here.says();
    assert_eq!(here.events(), [opened(id, at(13, 9))], "the request of the other host does not match");
}
