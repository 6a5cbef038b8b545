//! Patience: 15 seconds with a message that does not come in, 30 with a host that does not take its messages, and 30
//! of silence after a host has come up (RFC 381, RFC 394, RFC 271).

use imp::{Fault, HostLine, Mishap, Notice, Toward};
use imp1822::{Dead, FromImp, HostAddress, Incomplete, LeaderError, Link, MAX_DATA_BITS, Signal, ToImp};
use machine::Rounds;

use crate::world::{World, message, net, regular, regular_from, rfnm, since_epoch};

/// The slow clock ticks every 640 ms: patience ends with the first tick at or after its time.
const TICK: u64 = 640_000;

fn incomplete(to: u8, link: u8, why: Incomplete) -> FromImp {
    FromImp::Incomplete { to: HostAddress::from(to), link: Link::from(link), why }
}

fn dead(to: u8, link: u8) -> FromImp {
    FromImp::DestinationDead { to: HostAddress::from(to), link: Link::from(link), why: Dead::Host }
}

/// Hosts 1 and 65 on IMP 1, hosts 2 and 66 on IMP 2.
fn pair() -> World {
    World::new(&net(&[1, 2], &[[1, 2]], &[1, 65, 2, 66]))
}

/// After this many seconds and up to a tick, and what it takes to get there.
fn soon_after(at: u64, seconds: u64) -> bool {
    (seconds * 1_000_000..seconds * 1_000_000 + TICK + 100_000).contains(&at)
}

#[test]
fn a_message_that_the_imp_cannot_go_on_with_is_given_up_after_15_seconds() {
    let mut world = pair();
    world.fault(Fault::HostHangs { host: HostAddress::from(2) });
    (0..5).for_each(|link| world.says(1, regular(2, link, 8)));
    world.says(1, regular(65, 5, 8));
    world.until(20_000_000);
    let told = world.told_when(1);
    let [(given_up, _), (next, _)] = told[..] else { panic!("{told:?}") };
    // Four messages are outstanding; the fifth is in the IMP after five times 400 us, and 1 ms.
    assert!(soon_after(given_up, 15), "{given_up}");
    assert!(next < given_up + 10_000, "and what the host says next goes on: {next}");
    assert_eq!(world.told(1), [incomplete(2, 4, Incomplete::NoResources), rfnm(65, 5)]);
}

#[test]
fn a_long_message_for_which_there_is_no_room_is_given_up_and_its_number_goes_on() {
    let mut world = World::new(&net(&[1, 2], &[[1, 2]], &[1, 65, 129, 193, 2]));
    world.fault(Fault::HostHangs { host: HostAddress::from(2) });
    // Those of the first three hosts take 24 buffers; the fourth one's second message finds no number.
    for host in [1, 65, 129, 193] {
        world.says(host, regular(2, 1, 8000));
        world.says(host, regular(2, 2, 8000));
    }
    world.until(25_000_000);
    let told: Vec<FromImp> = [1, 65, 129, 193].into_iter().flat_map(|host| world.told(host)).collect();
    assert_eq!(told, [incomplete(2, 2, Incomplete::NoResources); 4]);
    world.fault(Fault::HostGoesOn { host: HostAddress::from(2) });
    world.rest();
    assert_eq!(world.told(2).len(), 4);
    for host in [1, 65, 129, 193] {
        assert_eq!(world.told(host)[1..], [rfnm(2, 1)]);
        world.says(host, regular(2, 3, 8000));
    }
    world.rest();
    assert_eq!(world.told(2).len(), 8, "and all is as it was");
}

#[test]
fn a_message_that_comes_in_too_slowly_is_thrown_away() {
    let mut world = pair();
    world.says(1, regular(2, 7, 5000));
    world.until(20_000);
    world.fault(Fault::HostHangs { host: HostAddress::from(1) });
    world.until(14_000_000);
    world.fault(Fault::HostGoesOn { host: HostAddress::from(1) });
    world.until(14_500_000);
    assert_eq!(world.told(1), [rfnm(2, 7)], "that was in time");

    world.forget();
    world.says(1, regular(2, 8, 5000));
    world.says(1, regular(2, 9, 8));
    world.pass(20_000);
    world.fault(Fault::HostHangs { host: HostAddress::from(1) });
    world.pass(16_000_000);
    assert_eq!(world.told(1), [], "it takes nothing, either");
    world.fault(Fault::HostGoesOn { host: HostAddress::from(1) });
    world.rest();
    assert_eq!(world.told(1), [incomplete(2, 8, Incomplete::TooSlow), rfnm(2, 9)]);
    assert_eq!(world.told(2), [regular_from(1, 9)]);
}

#[test]
fn whose_leader_was_garbled_is_not_named_however_slowly_it_comes_in() {
    let mut world = pair();
    world.mishap(1, Toward::Imp, Mishap::LeaderError);
    world.says(1, regular(2, 8, 5000));
    world.says(1, regular(2, 9, 8));
    // Not even the first packet is there after 15 seconds.
    world.pass(5_000);
    world.fault(Fault::HostHangs { host: HostAddress::from(1) });
    world.pass(16_000_000);
    world.fault(Fault::HostGoesOn { host: HostAddress::from(1) });
    world.rest();
    let garbled = FromImp::ErrorInLeader { why: LeaderError::Garbled, link: Link::CONTROL };
    assert_eq!(world.told(1), [garbled, rfnm(2, 9)], "it is answered once, and the next one as ever");
    assert_eq!(world.told(2), [regular_from(1, 9)]);
}

/// Host 2 takes nothing for 30 seconds. What is on its way for it: a message of two packets, and one more.
fn tardy() -> World {
    let mut world = pair();
    world.fault(Fault::HostHangs { host: HostAddress::from(2) });
    world.says(1, regular(2, 1, 1500));
    world.says(65, regular(2, 2, 8));
    world.until(32_000_000);
    world
}

#[test]
fn a_host_that_takes_nothing_for_30_seconds_is_dead_and_its_messages_go_back() {
    let world = tardy();
    assert_eq!(world.told(1), [incomplete(2, 1, Incomplete::HostTardy)]);
    assert_eq!(world.told(65), [incomplete(2, 2, Incomplete::HostTardy)]);
    assert!(soon_after(world.told_when(1)[0].0, 30), "{:?}", world.told_when(1));
    assert_eq!(world.subnet.host_line(HostAddress::from(2)), Some(HostLine::Silent));
    let told: Vec<(u8, Notice)> = world.notices.iter().map(|(_, imp, notice)| (*imp, *notice)).collect();
    assert_eq!(told, [(2, Notice::HostTardy(HostAddress::from(2)))]);
}

#[test]
fn its_interface_is_reset_and_when_it_goes_on_it_is_told_so() {
    let mut world = tardy();
    let ready: Vec<(u64, Signal)> = world
        .heard
        .iter()
        .filter(|(_, host, signal)| *host == 2 && matches!(signal, Signal::Ready(_)))
        .map(|(at, _, signal)| (since_epoch(*at), signal.clone()))
        .collect();
    let [(down, Signal::Ready(false)), (up, Signal::Ready(true))] = &ready[..] else { panic!("{ready:?}") };
    assert_eq!(up - down, 250_000, "the ready line drops for a quarter of a second");

    world.fault(Fault::HostGoesOn { host: HostAddress::from(2) });
    world.pass(10_000);
    assert_eq!(world.told(2), [FromImp::Nop, FromImp::Nop, FromImp::Nop, FromImp::InterfaceReset]);

    world.forget();
    world.says(1, regular(2, 3, 8));
    world.pass(1_000_000);
    assert_eq!(world.told(1), [dead(2, 3)], "it is dead to the network until its next bit");
    world.says(2, regular(1, 4, 8));
    world.pass(1_000_000);
    let garbled = FromImp::ErrorInLeader { why: LeaderError::Garbled, link: Link::CONTROL };
    assert_eq!(world.told(2), [garbled], "which is answered with an error");
    assert_eq!(world.subnet.host_line(HostAddress::from(2)), Some(HostLine::Up));

    world.forget();
    world.says(2, regular(1, 5, 8));
    world.says(1, regular(2, 6, 8));
    world.pass(20_000_000);
    assert_eq!(world.told(2), [regular_from(1, 6)], "it is given what comes, but must wait to send");
    assert_eq!(world.told(1), [rfnm(2, 6)]);
    world.pass(11_000_000);
    assert_eq!(world.told(2)[1..], [rfnm(1, 5)], "for 30 seconds after that bit");
}

#[test]
fn a_host_that_goes_on_while_its_ready_line_is_down_is_told_as_well() {
    let mut world = pair();
    world.fault(Fault::HostHangs { host: HostAddress::from(2) });
    world.says(1, regular(2, 1, 8));
    let mut rounds = Rounds::until("the IMP takes the host for dead");
    while world.subnet.host_line(HostAddress::from(2)) == Some(HostLine::Up) {
        rounds.count();
        world.pass(10_000);
    }
    assert_eq!(world.subnet.host_line(HostAddress::from(2)), Some(HostLine::Down));
    world.fault(Fault::HostGoesOn { host: HostAddress::from(2) });
    world.pass(500_000);
    assert_eq!(world.told(2), [FromImp::Nop, FromImp::Nop, FromImp::Nop, FromImp::InterfaceReset]);
}

#[test]
fn a_host_that_stands_still_for_less_loses_nothing() {
    let mut world = pair();
    world.says(1, regular(2, 1, 8));
    world.until(5_000);
    // Its message is on the way to host 2, and the RFNM will find it standing still.
    world.fault(Fault::HostHangs { host: HostAddress::from(1) });
    world.says(2, regular(1, 2, 5000));
    world.until(25_000_000);
    assert_eq!((world.told(1), world.told(2)), (vec![], vec![regular_from(1, 1)]));
    world.fault(Fault::HostGoesOn { host: HostAddress::from(1) });
    world.rest();
    assert_eq!(world.told(1), [rfnm(2, 1), regular_from(2, 2)]);
    assert_eq!(world.told(2)[1..], [rfnm(1, 2)]);
}

#[test]
fn a_message_is_given_30_seconds_for_each_packet() {
    let mut world = pair();
    world.says(1, regular(2, 1, MAX_DATA_BITS));
    let host = HostAddress::from(2);
    // The host stands still for 20 seconds in the middle of a packet, takes that, and does so again.
    world.until(235_000);
    world.fault(Fault::HostHangs { host });
    world.pass(20_000_000);
    world.fault(Fault::HostGoesOn { host });
    world.pass(15_000);
    world.fault(Fault::HostHangs { host });
    world.pass(20_000_000);
    world.fault(Fault::HostGoesOn { host });
    world.rest();
    assert_eq!(world.told(2), [regular_from(1, 1)]);
    assert_eq!(world.told(1), [rfnm(2, 1)]);
}

#[test]
fn a_host_that_comes_up_may_send_one_packet_and_then_none_for_30_seconds() {
    let mut world = pair();
    world.ready(1, false);
    world.until(10_000);
    world.ready(1, true);
    world.says(1, message(ToImp::Nop, 0));
    world.says(1, regular(2, 7, 8));
    world.says(2, regular(1, 8, 8));
    world.until(29_000_000);
    assert_eq!(world.told(1), [regular_from(2, 8)], "it must take what comes from the first moment on");
    world.until(31_000_000);
    let (at, told) = world.told_when(1)[1];
    assert_eq!(told, rfnm(2, 7));
    assert!(soon_after(at - 10_000, 30), "{at}");
}

#[test]
fn a_host_that_is_up_at_the_very_start_has_been_up_for_long() {
    let mut world = pair();
    world.says(1, message(ToImp::Nop, 0));
    world.says(1, regular(2, 7, 8));
    world.until(100_000);
    assert_eq!(world.told(1), [rfnm(2, 7)]);
}
