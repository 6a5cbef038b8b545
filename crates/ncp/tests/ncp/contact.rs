//! A contact socket at which one user is served after the other.

use machine::Span;
use ncp::{ByteSize, CloseReason, Command, Event, Partner, Policy, QueuePolicy, Tables};

use crate::lone::{BBN, Lone, all, at, cls, rts, socket};

fn refusing() -> Lone {
    Lone::new(Policy { queue: QueuePolicy::Refuse, ..Policy::default() })
}

#[test]
fn requests_for_a_socket_whose_program_takes_them_in_turn_wait_even_where_others_are_refused() {
    let mut here = refusing();
    here.ncp.keep_requests(socket(3), true);
    here.hears(&[rts(800, 3, 40), rts(808, 3, 41), rts(816, 5, 42)]);
    assert_eq!(here.says(), ["CLS 5 816"], "nobody serves socket 5");
    assert_eq!(here.ncp.waiting(socket(3)).collect::<Vec<_>>(), [at(BBN, 800), at(BBN, 808)]);
    let size = ByteSize::new(32);
    here.ncp.init(here.now, socket(3), at(BBN, 808), size).expect("it is free");
    assert_eq!(here.says(), ["STR 3 to 808 size 32"], "the program chooses whose turn it is");
    here.ncp.refuse_waiting(here.now, socket(3), at(BBN, 800));
    assert_eq!(here.says(), ["CLS 3 800"]);
    here.ncp.keep_requests(socket(3), false);
    here.hears(&[rts(824, 3, 43)]);
    assert_eq!(here.says(), ["CLS 3 824"], "as before");
}

#[test]
fn whoever_fills_the_queue_with_other_requests_keeps_nobody_from_a_socket_that_is_served() {
    let queue = QueuePolicy::Queue { most: 4, for_each_partner: 2, patience: Span::from_secs(120) };
    let mut here = Lone::new(Policy { queue, ..Policy::default() });
    here.ncp.keep_requests(socket(3), true);
    for host in [70, 71] {
        here.hears_from(host, &[rts(800, 5, 40), rts(808, 7, 41)]);
    }
    here.hears(&[rts(800, 9, 40)]);
    assert_eq!(here.says(), ["CLS 9 800"], "the queue is full");
    here.hears(&[rts(808, 3, 41), rts(816, 3, 42), rts(824, 3, 43)]);
    assert_eq!(here.says(), ["CLS 3 824"], "but for this socket, where each host has its share");
    assert_eq!(here.ncp.waiting(socket(3)).count(), 2);
}

#[test]
fn a_socket_is_free_though_the_partner_owes_its_cls_which_is_known_when_it_comes() {
    for answers in [true, false] {
        let mut here = refusing();
        let size = ByteSize::new(32);
        let id = here.ncp.listen(here.now, socket(3), Partner::Anyone, size).expect("it is free");
        here.hears(&[rts(800, 3, 40)]);
        assert!(!here.ncp.vacate(here.now, socket(3)), "what is open is not over");
        here.ncp.close(here.now, id);
        assert_eq!(here.says(), ["STR 3 to 800 size 32", "CLS 3 800"]);
        here.events();
        assert!(here.ncp.vacate(here.now, socket(3)));
        assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Unanswered }]);
        here.ncp.release(here.now, id);

        let next = here.ncp.listen(here.now, socket(3), Partner::Anyone, size).expect("it is free");
        here.hears(&[rts(808, 3, 41)]);
        assert_eq!(here.says(), ["STR 3 to 808 size 32"]);
        if answers {
            here.hears(&[all(40, 1, 32), cls(800, 3)]);
            assert!(here.says().is_empty(), "an ALL that crossed our CLS, and its answer: nothing is wrong");
        } else {
            here.waits(Span::from_secs(121));
        }
        here.hears(&[Command::All { link: imp1822::Link::from(41), messages: 1, bits: 32 }, cls(808, 3)]);
        assert_eq!(here.says(), ["CLS 3 808"], "the next one is not taken for the one before");
        assert_eq!(here.left_when_released(next), Tables::default());
    }
}

#[test]
fn a_socket_stays_with_its_connection_until_our_own_cls_has_left() {
    let mut here = refusing();
    let size = ByteSize::new(32);
    let id = here.ncp.listen(here.now, socket(3), Partner::Anyone, size).expect("it is free");
    here.rfnms = false;
    here.hears(&[rts(800, 3, 40)]);
    assert_eq!(here.says(), ["STR 3 to 800 size 32"]);
    here.ncp.close(here.now, id);
    here.waits(Span::from_secs(10));
    assert!(here.says().is_empty(), "the STR has no answer yet, and nothing follows it");
    assert!(
        !here.ncp.awaits_cls(socket(3)) && !here.ncp.vacate(here.now, socket(3)),
        "nobody can have answered"
    );
    here.rfnm(0);
    assert_eq!(here.says(), ["CLS 3 800"]);
    assert!(
        here.ncp.awaits_cls(socket(3)) && here.ncp.vacate(here.now, socket(3)),
        "now it is the partner's turn"
    );
    assert!(!here.ncp.awaits_cls(socket(3)), "it is free");
}

#[test]
fn requests_for_a_socket_that_is_served_wait_for_their_turn_however_short_others_wait() {
    let queue = QueuePolicy::Queue { most: 8, for_each_partner: 8, patience: Span::from_secs(4) };
    let mut here = Lone::new(Policy { queue, ..Policy::default() });
    here.ncp.keep_requests(socket(3), true);
    here.hears(&[rts(800, 3, 40), rts(808, 5, 41)]);
    here.waits(Span::from_secs(5));
    assert_eq!(here.says(), ["CLS 5 808"], "no program has asked for this one");
    assert_eq!(here.ncp.waiting(socket(3)).collect::<Vec<_>>(), [at(BBN, 800)], "this one's turn comes");
    here.waits(Span::from_secs(120));
    assert_eq!(here.says(), ["CLS 3 800"], "but not after two minutes");
}

#[test]
fn whoever_asks_anew_from_where_he_owes_a_cls_is_served() {
    let mut here = refusing();
    let size = ByteSize::new(32);
    let id = here.ncp.listen(here.now, socket(3), Partner::Anyone, size).expect("it is free");
    here.hears(&[rts(800, 3, 40)]);
    here.ncp.close(here.now, id);
    here.says();
    here.ncp.vacate(here.now, socket(3));
    here.ncp.release(here.now, id);
    let next = here.ncp.listen(here.now, socket(3), Partner::Anyone, size).expect("it is free");
    here.events();
    here.hears(&[rts(800, 3, 44)]);
    assert_eq!(here.says(), ["STR 3 to 800 size 32"]);
    here.hears(&[all(44, 1, 32)]);
    assert!(here.says().is_empty(), "it speaks of the new connection");
    here.hears(&[cls(800, 3)]);
    assert_eq!(here.says(), ["CLS 3 800"]);
    assert_eq!(here.left_when_released(next), Tables::default());
}
