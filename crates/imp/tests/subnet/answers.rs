//! What an IMP answers when a message cannot be delivered, or is no good (RFC 381).

use imp::{HostLine, Mishap, Toward};
use imp1822::{Dead, FromImp, HostAddress, Incomplete, LeaderError, Link, MAX_DATA_BITS, Signal, ToImp};
use machine::Bits;

use crate::world::{World, message, net, regular, regular_from, rfnm};

fn dead(to: u8, link: u8, why: Dead) -> FromImp {
    FromImp::DestinationDead { to: HostAddress::from(to), link: Link::from(link), why }
}

/// Two IMPs; hosts 2 and 66 on the second.
fn world() -> World {
    World::new(&net(&[1, 2, 9], &[[1, 2]], &[1, 2, 66]))
}

#[test]
fn an_imp_that_is_ready_answers_a_ready_line() {
    let mut world = world();
    world.ready(1, true);
    assert_eq!(world.heard, [(world.now, 1, Signal::Ready(true))]);
    assert_eq!(world.subnet.host_line(HostAddress::from(1)), Some(HostLine::Up));
    assert_eq!(world.subnet.host_line(HostAddress::from(130)), None, "nobody is there");
}

#[test]
fn an_imp_that_does_not_exist_or_is_out_of_reach_is_dead_at_once() {
    let mut world = world();
    world.says(1, regular(63, 7, 8));
    world.says(1, regular(9, 8, 8));
    world.says(1, regular(0, 9, 8));
    world.rest();
    assert_eq!(world.told(1), [dead(63, 7, Dead::Imp), dead(9, 8, Dead::Imp), dead(0, 9, Dead::Imp)]);
    assert!(world.crossings.is_empty(), "the source IMP knows");
}

#[test]
fn a_host_that_is_not_attached_or_not_ready_is_dead_and_its_imp_says_so() {
    let mut world = world();
    world.ready(66, false);
    world.says(1, regular(66, 7, 8));
    world.says(1, regular(194, 8, 8));
    world.says(1, regular(2, 9, 8));
    world.rest();
    assert_eq!(world.told(1), [dead(66, 7, Dead::Host), dead(194, 8, Dead::Host), rfnm(2, 9)]);
    assert_eq!(world.told(2), [regular_from(1, 9)], "dead hosts do not hold up a live one");
    let (_, answer) = world.crossings.iter().find(|(_, c)| c.from_imp == 2).expect("IMP 2 answers");
    assert_eq!(answer.to_string(), "2>1 host dead 0, IMP 2 to 1, 168 bits");
}

#[test]
fn a_long_message_for_a_dead_host_is_answered_once() {
    let mut world = world();
    world.ready(66, false);
    world.says(1, regular(66, 7, MAX_DATA_BITS));
    world.rest();
    assert_eq!(world.told(1), [dead(66, 7, Dead::Host)]);
}

#[test]
fn a_message_of_more_than_8095_bits_is_incomplete() {
    let mut world = world();
    world.says(1, regular(2, 7, MAX_DATA_BITS + 1));
    world.rest();
    let (to, link) = (HostAddress::from(2), Link::from(7));
    assert_eq!(world.told(1), [FromImp::Incomplete { to, link, why: Incomplete::TooLong }]);
    assert_eq!(world.told(2), []);
}

#[test]
fn less_than_a_leader_is_an_error_without_a_link() {
    let mut world = world();
    world.says(1, Bits::from_bytes(&[0, 2, 7]));
    world.says(1, Bits::default());
    world.rest();
    let error = FromImp::ErrorInLeader { why: LeaderError::TooShort, link: Link::CONTROL };
    assert_eq!(world.told(1), [error; 2]);
}

#[test]
fn a_type_that_no_host_may_send_is_an_error_with_its_link() {
    let mut world = world();
    // Type 5, address 2, link 42.
    world.says(1, Bits::from_bytes(&[5, 2, 42, 0]));
    world.rest();
    let error = FromImp::ErrorInLeader { why: LeaderError::IllegalType, link: Link::from(42) };
    assert_eq!(world.told(1), [error]);
}

#[test]
fn messages_to_the_imp_itself_get_no_answer() {
    let mut world = world();
    let (from, link) = (HostAddress::from(2), Link::from(7));
    for kind in [ToImp::Nop, ToImp::ErrorWithoutId, ToImp::ErrorWithId { from, link }] {
        world.says(1, message(kind, 0));
    }
    world.rest();
    assert_eq!(world.heard, []);
}

#[test]
fn a_message_for_a_program_inside_an_imp_finds_none() {
    let mut world = world();
    // Bit 2: for the IMP. Address 2, link 7.
    world.says(1, Bits::from_bytes(&[0b0100_0000, 2, 7, 0]));
    world.rest();
    assert_eq!(world.told(1), [dead(2, 7, Dead::Host)]);
    assert_eq!(world.told(2), []);
}

#[test]
fn an_error_on_the_cable_is_told_and_the_message_goes_no_further() {
    let mut world = world();
    let (to, link) = (HostAddress::from(2), Link::from(7));
    for mishap in [Mishap::LeaderError, Mishap::DataError, Mishap::DataError] {
        world.mishap(1, Toward::Imp, mishap);
    }
    world.says(1, regular(2, 7, 8));
    world.says(1, regular(2, 7, 8));
    world.says(1, regular(2, 7, 5000));
    world.says(1, regular(2, 8, 8));
    world.rest();
    let garbled = FromImp::ErrorInLeader { why: LeaderError::Garbled, link: Link::CONTROL };
    let in_data = FromImp::ErrorInData { to, link };
    assert_eq!(world.told(1), [garbled, in_data, in_data, rfnm(2, 8)]);
    assert_eq!(world.told(2), [regular_from(1, 8)]);
}

#[test]
fn a_host_that_dies_with_room_kept_for_a_message_costs_none() {
    let mut world = world();
    world.says(1, regular(66, 1, 5000));
    world.until(220_000);
    assert_eq!(world.told(1), [rfnm(66, 1)]);
    // The next one finds the room that came with the RFNM, and a host that is down.
    world.says(1, regular(66, 2, 5000));
    world.until(232_000);
    assert!(
        world.crossed().iter().any(|words| words.starts_with("1>2 message 1 packet 1")),
        "it needs no REQ(8)"
    );
    world.ready(66, false);
    world.rest();
    assert_eq!(world.told(1), [rfnm(66, 1), dead(66, 2, Dead::Host)]);
    assert!(world.micros() < 5_000_000, "no buffer waits for two minutes: {}", world.micros());
}
