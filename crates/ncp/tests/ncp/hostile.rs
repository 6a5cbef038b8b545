//! Partners that mean harm: what they can make this host remember and say is bounded, and what other partners
//! do goes on.

use imp1822::{FromImp, HostAddress, Incomplete, Link};
use machine::Span;
use ncp::{CloseReason, Command, Event, Policy, QueuePolicy, Tables};

use crate::lone::{BBN, Lone, all, at, cls, rts, str};

/// What the two connections with the partner that keeps the rules need, and nothing else.
const PEACE: Tables =
    Tables { sockets: 2, connections: 2, requests: 0, refusals: 0, commands: 0, links: 2, deadlines: 0 };

/// A host that has its two connections with host 13.
fn with_another() -> Lone {
    let mut here = Lone::tenex();
    here.another_goes_on();
    here.events();
    assert_eq!(here.ncp.tables(), PEACE);
    here
}

/// After the storm: the other partner has noticed nothing, and in a while nothing is left of it.
fn blows_over(mut here: Lone) {
    here.another_goes_on();
    for _ in 0..3 {
        here.waits(Span::from_secs(120));
        here.says();
    }
    here.another_goes_on();
    here.events();
    assert_eq!(here.ncp.tables(), PEACE, "nothing is left behind");
}

#[test]
fn requests_to_ever_new_sockets_fill_sixteen_places_and_are_then_refused() {
    let mut here = with_another();
    for n in 0..10_000 {
        here.hears(&[str(2 * n + 1, 1000 + 2 * n, 8)]);
        here.says();
        let tables = here.ncp.tables();
        assert!(tables.requests <= 16 && tables.refusals <= 64 && tables.deadlines <= 80, "{n}: {tables:?}");
    }
    let Tables { requests, refusals, .. } = here.ncp.tables();
    assert_eq!((requests, refusals), (16, 64), "both bounds were reached");
    here.hears_from(13, &[str(21, 20, 8)]);
    assert_eq!(here.ncp.tables().requests, 17, "another partner still finds a place");
    blows_over(here);
}

#[test]
fn requests_to_one_socket_fill_sixteen_places_and_the_program_still_gets_its_partner() {
    let mut here = with_another();
    for n in 0..10_000 {
        here.hears(&[rts(2 * n, 5, 2 + (n % 70) as u8)]);
        here.says();
        let tables = here.ncp.tables();
        assert!(tables.requests <= 16 && tables.links <= 2 + 16 && tables.refusals <= 64, "{n}: {tables:?}");
    }
    let id = here.init(5, at(13, 8));
    here.hears_from(13, &[rts(8, 5, 40)]);
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    here.ncp.release(here.now, id);
    here.says();
    here.hears_from(13, &[cls(8, 5)]);
    blows_over(here);
}

#[test]
fn a_request_repeated_without_end_takes_one_place() {
    let mut here = with_another();
    for _ in 0..1000 {
        here.hears(&[str(9, 4, 8); 12]);
    }
    assert_eq!(here.ncp.tables(), Tables { requests: 1, deadlines: 1, ..PEACE });
    blows_over(here);
}

#[test]
fn allocations_for_links_without_a_connection_are_answered_up_to_sixty_four() {
    let mut here = with_another();
    here.rfnms = false;
    for link in (2..=71).cycle().take(5000) {
        here.hears(&[all(link, 1, 1); 15]);
        assert!(here.ncp.tables().commands <= 64, "{:?}", here.ncp.tables());
        here.says();
    }
    here.rfnms = true;
    here.rfnm(0);
    assert_eq!(here.says(), vec!["ERR 4 request on a nonexistent socket"; 64]);
    blows_over(here);
}

#[test]
fn a_storm_of_cls_closes_nothing_that_is_not_the_partners() {
    let mut here = with_another();
    here.rfnms = false;
    for n in 0..5000 {
        // The sockets of the good connections, but from another host.
        here.hears(&[cls(88, 77), cls(99, 66), cls(2 * n, 77), cls(2 * n + 1, 66)]);
        assert!(here.ncp.tables().commands <= 64);
    }
    here.rfnms = true;
    here.says();
    here.rfnm(0);
    assert!(here.says().iter().all(|line| line.starts_with("ERR 4")));
    blows_over(here);
}

#[test]
fn requests_withdrawn_as_fast_as_they_come_end_in_a_reset_of_that_partner() {
    let mut here = with_another();
    here.rfnms = false;
    for n in 0..5000 {
        here.hears(&[str(2 * n + 1, 4, 8), cls(2 * n + 1, 4)]);
        // An answer to each CLS is due, whatever it costs; but the partner takes nothing.
        let tables = here.ncp.tables();
        assert!(tables.commands <= 1024 + 12 && tables.requests == 0, "{tables:?}");
    }
    assert_eq!(here.ncp.tables().commands, 1, "an RST waits, the rest is forgotten");
    // The IMP tires of a host that takes nothing.
    let why = Incomplete::HostTardy;
    here.imp_says(FromImp::Incomplete { to: HostAddress::from(BBN), link: Link::CONTROL, why });
    here.rfnms = true;
    here.says();
    blows_over(here);
}

#[test]
fn a_storm_of_resets_is_answered_by_one_rrp_at_a_time() {
    let mut here = with_another();
    here.rfnms = false;
    for _ in 0..1000 {
        here.hears(&[Command::Rst; 120]);
        assert!(here.ncp.tables().commands <= 1, "{:?}", here.ncp.tables());
    }
    assert_eq!(here.says(), ["RRP"]);
    assert_eq!(here.events().len(), 1, "one event goes with one RRP");
    here.rfnms = true;
    here.rfnm(0);
    blows_over(here);
}

#[test]
fn a_storm_of_echoes_is_answered_up_to_sixty_four() {
    let mut here = with_another();
    here.rfnms = false;
    for _ in 0..1000 {
        here.hears(&[Command::Eco { data: 7 }; 60]);
        assert!(here.ncp.tables().commands <= 64);
    }
    here.rfnms = true;
    let said = here.says();
    here.rfnm(0);
    assert!(said.len() + here.says().len() <= 64 + 60, "what was dropped is not made up for");
    blows_over(here);
}

#[test]
fn junk_on_every_link_disturbs_no_other_partner() {
    let mut here = with_another();
    here.rfnms = false;
    let mut seed = 7_u32;
    for _ in 0..20 {
        for link in 0..=255 {
            let text: Vec<u8> = (0..40).map(|_| next(&mut seed)).collect();
            here.hears_text(BBN, link, next(&mut seed), &text);
            let tables = here.ncp.tables();
            assert!(tables.commands <= 64 + 40 && tables.connections == 2, "{tables:?}");
        }
    }
    here.rfnms = true;
    here.says();
    here.rfnm(0);
    here.says();
    blows_over(here);
}

#[test]
fn text_without_allocation_costs_no_memory_and_one_connection() {
    let mut here = with_another();
    let id = here.receiver_of(BBN);
    let long = [b'X'; 1000];
    for _ in 0..5000 {
        here.hears_text(BBN, 3, 8, &long);
        here.hears_text(BBN, 2, 8, &long);
        here.says();
        assert!(here.ncp.readable(id) <= 32_000, "no more than was allowed");
    }
    assert_eq!(here.ncp.readable(id), 32_000, "what was allowed is kept");
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.events().last(), Some(&Event::Closed { id, reason: CloseReason::Lost }));
    here.ncp.release(here.now, id);
    blows_over(here);
}

#[test]
fn empty_messages_without_end_use_up_the_message_counter() {
    let mut here = with_another();
    let id = here.receiver_of(BBN);
    let mut renewed = 0;
    for _ in 0..1000 {
        here.hears_text(BBN, 2, 8, b"");
        renewed += here.says().iter().filter(|line| line.starts_with("ALL")).count();
    }
    assert_eq!(renewed, 1000 / 8, "one ALL for eight messages");
    assert_eq!(here.ncp.readable(id), 0);
    here.ncp.release(here.now, id);
    here.says();
    here.hears(&[cls(9, 4)]);
    blows_over(here);
}

#[test]
fn a_partner_cannot_take_the_places_of_all_others() {
    let queue = QueuePolicy::Queue { most: 20, for_each_partner: 16, patience: Span::from_secs(120) };
    let mut here = Lone::new(Policy { queue, ..Policy::default() });
    for n in 0..100 {
        here.hears(&[str(2 * n + 1, 4 + 2 * n, 8)]);
    }
    here.hears_from(13, &[str(1, 4, 8), str(3, 6, 8), str(5, 8, 8), str(7, 10, 8)]);
    let theirs = here.ncp.queued_requests().filter(|request| request.foreign.host == HostAddress::from(13));
    assert_eq!(theirs.count(), 4);
}

fn next(seed: &mut u32) -> u8 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*seed >> 24) as u8
}
