//! What the IMP says of destinations that are dead, though it names no message of ours, and of its own troubles.

use imp1822::{Dead, FromImp, HostAddress, Link, Outage};
use machine::Machine;
use ncp::{CloseReason, Command, Event, Input, State};

use crate::lone::{BBN, Lone, all, at, closed, rts};

/// Host 0 on the IMP of BBN, and a host on another IMP.
const NEIGHBOUR: u8 = 5;
const ELSEWHERE: u8 = 6;

fn gone(id: ncp::ConnectionId, reason: CloseReason) -> Event {
    Event::Closed { id, reason }
}

fn dead(leader: [u8; 4]) -> FromImp {
    FromImp::parse(&machine::Bits::from_bytes(&leader)).expect("32 bits")
}

/// What the IMP program of 1973 says when it loses IMP 5: of its own report to the third program of IMP 5, and of a message
/// of several packets.
const REPORT: [u8; 4] = [0x47, 0xc5, 0, 0];
const LONG_MESSAGE: [u8; 4] = [0x07, 0, 0x80, 0];

#[test]
fn when_the_imp_says_that_an_imp_is_dead_all_its_hosts_are() {
    let mut here = Lone::tenex();
    let receiver = here.receiver();
    here.init(7, at(NEIGHBOUR, 8));
    here.init(9, at(ELSEWHERE, 8));
    here.hears_from(NEIGHBOUR, &[rts(8, 7, 21)]);
    here.hears_from(ELSEWHERE, &[rts(8, 9, 22)]);
    here.says();
    here.events();
    let to = HostAddress::from(NEIGHBOUR);
    here.rfnms = false;
    here.ncp.echo(here.now, to, 1);
    here.says();
    here.imp_says(FromImp::DestinationDead { to, link: Link::CONTROL, why: Dead::Imp });
    let reasons = closed(&mut here);
    assert_eq!(reasons, [CloseReason::Dead(Dead::Imp); 2]);
    assert!(here.ncp.status(receiver).is_some_and(|status| status.state == State::Gone));
    let live: Vec<u32> = here.ncp.connections().map(|one| one.local.number()).collect();
    assert_eq!(live, [9], "that of a host on another IMP goes on");
}

#[test]
fn a_report_of_the_imp_that_met_a_dead_imp_tells_of_all_hosts_there_at_once() {
    let mut here = Lone::tenex();
    let receiver = here.receiver();
    here.imp_says(dead(REPORT));
    assert_eq!(here.events(), [gone(receiver, CloseReason::Dead(Dead::Imp))]);
}

#[test]
fn that_a_program_of_an_imp_is_dead_wrongs_no_host() {
    let mut here = Lone::tenex();
    // Host 3 of IMP 5 has the number that program 3 of IMP 5 has.
    let receiver = here.receiver_of(0xc5);
    let id = here.init(7, at(ELSEWHERE, 8));
    here.hears_from(ELSEWHERE, &[rts(8, 7, 21), all(21, 1, 100)]);
    here.rfnms = false;
    here.send(id, b"TEXT");
    here.says();
    here.events();
    here.imp_says(dead([0x47, 0xc5, 0, 1]));
    // Nor does what else is said of a program's messages, whatever their numbers.
    for kind in [0x45, 0x48, 0x49] {
        let leader = machine::Bits::from_bytes(&[kind, ELSEWHERE, 21, 3]);
        let message = FromImp::parse(&leader).expect("32 bits");
        here.ncp.handle(here.now, Input::Message(message, leader));
    }
    // Nor that the IMP itself is dead, which speaks.
    here.imp_says(dead([0x47, 0xc0 | 22, 0, 0]));
    assert!(here.says().is_empty() && closed(&mut here).is_empty());
    assert!(here.ncp.status(id).is_some_and(|status| status.in_transit), "it has no answer yet");
    assert_eq!(here.ncp.status(receiver).map(|status| status.state), Some(State::Open));
}

#[test]
fn where_the_imp_does_not_say_who_is_dead_all_are_asked_who_may_be() {
    let mut here = Lone::tenex();
    let sender = here.sender();
    here.hears(&[all(20, 9, 1000)]);
    let other = here.init(7, at(ELSEWHERE, 8));
    here.hears_from(ELSEWHERE, &[rts(8, 7, 21), all(21, 9, 1000)]);
    let idle = here.receiver_of(13);
    here.says();
    here.events();
    here.rfnms = false;
    here.send(sender, b"LONG");
    here.send(other, b"LONG");
    here.says();
    here.imp_says(dead(LONG_MESSAGE));
    assert_eq!(here.says(), ["ECO 0", "ECO 0"], "host 13 is owed no answer");
    // It says so twice: one question is enough.
    here.imp_says(dead(LONG_MESSAGE));
    assert!(here.says().is_empty());
    let to = HostAddress::from(BBN);
    here.imp_says(FromImp::DestinationDead { to, link: Link::CONTROL, why: Dead::Imp });
    assert_eq!(here.events(), [gone(sender, CloseReason::Dead(Dead::Imp))]);
    let to = HostAddress::from(ELSEWHERE);
    here.imp_says(FromImp::Rfnm { to, link: Link::CONTROL });
    here.hears_from(ELSEWHERE, &[Command::Erp { data: 0 }]);
    here.imp_says(FromImp::Rfnm { to, link: Link::from(21) });
    for id in [other, idle] {
        assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Open));
    }
}

#[test]
fn each_trouble_between_host_and_imp_has_its_own_words() {
    let words = [Outage::ImpDown, Outage::Reset, Outage::CableLoss].map(|outage| {
        let mut here = Lone::tenex();
        here.receiver();
        here.ncp.handle(here.now, Input::Down(outage));
        closed(&mut here).first().map(ToString::to_string).unwrap_or_default()
    });
    assert_eq!(
        words,
        ["own IMP down", "own IMP has reset the interface", "something was lost on the cable to the own IMP",]
    );
}
