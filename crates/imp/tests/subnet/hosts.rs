//! Hosts that come and go, stand still, and get in each other's way.

use imp::{Fault, HostLine, MeetsNothing, Mishap, Toward};
use imp1822::{Dead, FromImp, HostAddress, Leader, Link, MAX_DATA_BITS, Signal, ToImp};
use machine::Span;

use crate::world::{World, net, priority, regular, regular_from, rfnm, since_epoch};

fn dead(to: u8, link: u8) -> FromImp {
    FromImp::DestinationDead { to: HostAddress::from(to), link: Link::from(link), why: Dead::Host }
}

/// Two IMPs; hosts 1 and 65 on the first, 2 and 66 on the second.
fn pair() -> World {
    World::new(&net(&[1, 2], &[[1, 2]], &[1, 65, 2, 66]))
}

#[test]
fn a_host_that_says_it_goes_down_is_dead_until_its_next_bit() {
    let mut world = pair();
    world.says(66, ToImp::GoingDown.bits());
    world.until(10_000);
    assert_eq!(world.subnet.host_line(HostAddress::from(66)), Some(HostLine::Silent));
    world.says(1, regular(66, 7, 8));
    world.says(1, regular(66, 8, 5000));
    world.pass(1_000_000);
    assert_eq!(world.told(1), [dead(66, 7), dead(66, 8)]);

    world.says(66, ToImp::Nop.bits());
    world.says(1, regular(66, 9, 8));
    world.pass(1_000_000);
    assert_eq!(world.told(1)[2..], [rfnm(66, 9)]);
    world.says(66, regular(1, 1, 8));
    world.pass(20_000_000);
    assert_eq!(world.told(66), [regular_from(1, 9)], "but it may not send for 30 seconds");
    world.rest();
    assert_eq!(world.told(66)[1..], [rfnm(1, 1)]);
}

#[test]
fn a_host_that_says_it_goes_down_gets_the_answers_to_what_it_had_sent() {
    let mut world = pair();
    world.says(1, regular(66, 7, 5000));
    (0..3).for_each(|link| world.says(66, regular(2, link, 8)));
    world.says(66, regular(1, 4, 8));
    world.says(66, ToImp::GoingDown.bits());
    world.rest();
    assert_eq!(world.told(1), [regular_from(66, 4), dead(66, 7)]);
    assert_eq!(world.told(66), [rfnm(2, 0), rfnm(2, 1), rfnm(2, 2), rfnm(1, 4)]);
}

#[test]
fn what_waits_for_a_host_dies_with_its_ready_line() {
    let mut world = pair();
    world.says(1, regular(66, 1, 900));
    world.says(1, regular(2, 2, 8));
    world.says(1, regular(66, 3, 5000));
    world.says(1, regular(2, 4, 8));
    world.until(100_000);
    assert_eq!(world.told(66), [regular_from(1, 1)]);
    world.ready(66, false);
    world.until(500_000);
    assert_eq!(
        world.told(1),
        [rfnm(66, 1), rfnm(2, 2), dead(66, 3), rfnm(2, 4)],
        "what is behind is delivered"
    );
    assert_eq!(world.told(2), [regular_from(1, 2), regular_from(1, 4)]);

    world.ready(66, true);
    world.says(1, regular(66, 5, 8));
    world.rest();
    assert_eq!(world.told(1)[4..], [rfnm(66, 5)], "a host that is up again is spoken to at once");
}

#[test]
fn a_message_on_the_cable_is_cut_off_by_the_ready_line_of_either_end() {
    let mut world = pair();
    world.says(1, regular(2, 1, 900));
    world.until(5_000);
    world.ready(1, false);
    world.ready(1, true);
    world.says(1, regular(2, 6, 900));
    world.until(500_000);
    // Cable 932 bits and 1 ms; line 168 + 912 bits, 5 ms, 1 ms; cable 944 bits: the new message takes its whole time.
    assert_eq!(world.told_when(2), [(5_000 + 10_320 + 27_600 + 9_440, regular_from(1, 6))]);

    let mut world = pair();
    world.says(1, regular(2, 2, 900));
    world.until(10_320 + 27_600 + 4_000);
    world.ready(2, false);
    world.rest();
    assert_eq!(world.told(2), []);
    assert_eq!(world.told(1), [dead(2, 2)]);
}

#[test]
fn a_ready_line_that_drops_in_the_middle_of_a_long_message_leaves_nothing_behind() {
    // Its first packets are at IMP 2 when the host is gone, and the rest will never come.
    for at in [5_000, 15_000, 25_000, 40_000, 60_000, 75_000] {
        let mut world = pair();
        world.says(1, regular(2, 1, MAX_DATA_BITS));
        world.says(65, regular(2, 2, 8));
        world.until(at);
        world.says(65, regular(2, 3, 8));
        world.ready(1, false);
        world.until(10_000_000);
        assert_eq!(world.told(2), [regular_from(65, 2), regular_from(65, 3)], "cut off at {at}");
        assert_eq!(world.told(65), [rfnm(2, 2), rfnm(2, 3)], "cut off at {at}");
        world.ready(1, true);
        world.rest();
        assert_eq!(world.told(1), [], "a host that was away is told nothing of before");
    }
}

#[test]
fn a_host_that_was_away_is_not_told_what_became_of_its_messages() {
    let mut world = pair();
    (0..6).for_each(|link| world.says(1, regular(2, link, 8)));
    world.until(5_000);
    world.ready(1, false);
    world.ready(1, true);
    world.says(1, regular(2, 9, 8));
    world.rest();
    assert_eq!(world.told(2).len(), 5, "four were on their way, and one is new");
    assert_eq!(world.told(1), [rfnm(2, 9)]);
}

#[test]
fn a_host_that_stands_still_holds_up_the_messages_for_its_neighbour() {
    let mut world = pair();
    world.fault(Fault::HostHangs { host: HostAddress::from(2) });
    world.says(1, regular(2, 1, 8));
    world.says(65, regular(66, 2, 8));
    world.says(65, priority(66, 3, 8));
    world.until(1_000_000);
    assert_eq!(world.told(66).len(), 1, "only priority goes by");
    world.until(29_000_000);
    assert_eq!(world.told(66).len(), 1);
    world.fault(Fault::HostGoesOn { host: HostAddress::from(2) });
    world.rest();
    let link = |told: &FromImp| match told {
        FromImp::Regular { link, .. } => link.number(),
        other => panic!("{other:?}"),
    };
    assert_eq!(world.told(66).iter().map(link).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(world.told(2), [regular_from(1, 1)]);
    assert_eq!(world.told(1), [rfnm(2, 1)]);
}

#[test]
fn only_the_first_message_is_lost_when_a_host_holds_up_others() {
    let mut world = pair();
    world.fault(Fault::HostHangs { host: HostAddress::from(2) });
    world.says(1, regular(2, 1, 8));
    world.says(65, regular(66, 2, 8));
    world.rest();
    assert!(matches!(world.told(1)[..], [FromImp::Incomplete { .. }]));
    assert_eq!(world.told(65), [rfnm(66, 2)], "RFC 442, page 4");
}

#[test]
fn the_fifth_message_waits_for_an_answer_and_stops_its_host() {
    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 2, 3]));
    (0..5).for_each(|link| world.says(1, regular(3, link, 8)));
    world.says(1, regular(2, 5, 8));
    world.rest();
    let left = |words: &str| {
        let found = world.crossings.iter().find(|(_, crossing)| crossing.to_string().starts_with(words));
        found.map(|(at, _)| since_epoch(*at)).expect("it is sent")
    };
    // The first RFNM is in IMP 1 just before it is on the cable to host 1 for 320 us.
    let first_answer = world.told_when(1)[0].0 - 320;
    assert!(left("1>2 message 3 packet 1 (last), host 1 to 3") < first_answer, "four may be outstanding");
    let fifth = left("1>2 message 4 packet 1 (last), host 1 to 3");
    assert!(
        (first_answer..first_answer + 3_361).contains(&fifth),
        "the fifth leaves when the first is answered"
    );
    assert!(
        left("1>2 message 0 packet 1 (last), host 1 to 2") > fifth,
        "what comes behind waits, for whomever"
    );
    assert_eq!(world.told(3), (0..5).map(|link| regular_from(1, link)).collect::<Vec<_>>());
    assert_eq!(world.told(1).len(), 6, "each has its RFNM");
}

#[test]
fn the_four_are_shared_by_all_hosts_of_an_imp_and_counted_for_each_destination() {
    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 65, 2, 3]));
    (0..4).for_each(|link| world.says(1, regular(3, link, 8)));
    // Host 65 speaks a little later, so that its first message is the fifth.
    world.until(3_000);
    world.says(65, regular(3, 10, 8));
    world.until(500_000);
    let (first, fifth) = (world.told_when(1)[0].0, world.told_when(65)[0].0);
    assert!(fifth > first + 30_000, "it had to wait: {first} {fifth}");

    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 65, 2, 3]));
    (0..4).for_each(|link| world.says(1, regular(3, link, 8)));
    world.says(65, regular(2, 10, 8));
    world.until(500_000);
    assert!(world.told_when(65)[0].0 < world.told_when(1)[0].0, "IMP 2 has four of its own");
}

/// Two messages to host 1: the first, of 900 bits, waits at IMP 3 for a line that errs, and the second overtakes it.
fn overtaken(second: machine::Bits) -> World {
    let mut world = World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [3, 4], [4, 1]], &[1, 3]));
    // The first is on the line 3-2, and lost; it will be sent again after 125 ms.
    world.says(3, regular(1, 0, 900));
    world.until(15_000);
    world.fault(Fault::LineFails { between: [2, 3] });
    world.fault(Fault::LineHeals { between: [2, 3] });
    world.says(3, second);
    world.until(1_000_000);
    world
}

#[test]
fn a_message_that_overtakes_another_waits_for_it() {
    let world = overtaken(regular(1, 1, 8));
    assert_eq!(world.told(1), [regular_from(3, 0), regular_from(3, 1)]);
    assert_eq!(world.told(3), [rfnm(1, 0), rfnm(1, 1)]);
    assert!(world.told_when(1)[0].0 > 125_000);
}

#[test]
fn a_priority_message_does_not_wait() {
    let world = overtaken(priority(1, 1, 8));
    let hurried = FromImp::Regular { from: HostAddress::from(3), link: Link::from(1), priority: true };
    assert_eq!(world.told(1), [hurried, regular_from(3, 0)]);
    assert_eq!(world.told(3), [rfnm(1, 1), rfnm(1, 0)]);
}

#[test]
fn messages_enter_a_host_one_after_the_other() {
    let mut world = pair();
    world.says(1, regular(65, 1, MAX_DATA_BITS));
    world.says(65, regular(65, 2, 8));
    world.until(1_000_000);
    let arrived: Vec<(u64, FromImp)> =
        world.told_when(65).into_iter().filter(|(_, told)| matches!(told, FromImp::Regular { .. })).collect();
    let [(short, _), (long, _)] = arrived[..] else { panic!("{arrived:?}") };
    // 40 bits, and 1 ms; then 48 bits.
    assert_eq!(short, 1_880);
    // The first 1040 bits of the long one are in the IMP after 10,400 us; the cable stands still for 1 ms, until there
    // is room for it. The rest takes 70,550 us, and 1 ms. Its 8096 bits need 80,960 us.
    assert_eq!(long, 10_400 + 1_000 + 70_550 + 1_000 + 80_960);
}

#[test]
fn mishaps_strike_one_message_each_in_either_direction() {
    let mut world = pair();
    world.mishap(1, Toward::Imp, Mishap::Lost);
    world.mishap(1, Toward::Imp, Mishap::Late(Span::from_millis(50)));
    world.mishap(1, Toward::Imp, Mishap::Twice);
    world.mishap(2, Toward::Host, Mishap::Twice);
    world.mishap(2, Toward::Host, Mishap::Late(Span::from_millis(700)));
    let nobody = HostAddress::from(200);
    let fault = Fault::Mishap { host: nobody, toward: Toward::Host, mishap: Mishap::Lost };
    assert_eq!(world.subnet.inject(world.now, fault), Err(MeetsNothing::NoHost(nobody)));
    for link in 1..5 {
        world.says(1, regular(2, link, 8));
    }
    world.rest();
    assert_eq!(world.told(1), [rfnm(2, 3), rfnm(2, 3), rfnm(2, 4), rfnm(2, 2)], "1 is lost, 2 is late");
    assert_eq!(world.told(2), [3, 3, 4, 2, 3].map(|link| regular_from(1, link)), "the second 3 is late");
    let struck = world.struck.iter().map(|(_, host, toward, mishap, message)| {
        let link = Leader::parse(&mut message.reader()).expect("it has one").link.number();
        (*host, *toward, *mishap, link)
    });
    let told: Vec<_> = struck.collect();
    let (ms50, ms700) = (Mishap::Late(Span::from_millis(50)), Mishap::Late(Span::from_millis(700)));
    let expected = [
        (1, Toward::Imp, Mishap::Lost, 1),
        (1, Toward::Imp, ms50, 2),
        (1, Toward::Imp, Mishap::Twice, 3),
        (2, Toward::Host, Mishap::Twice, 3),
        (2, Toward::Host, ms700, 3),
    ];
    assert_eq!(told, expected, "and it is told which message each of them has struck");
}

#[test]
fn what_is_late_on_a_cable_is_lost_when_the_cable_is_cleared() {
    let mut world = pair();
    for (host, toward) in [(1, Toward::Imp), (2, Toward::Host)] {
        let late = Mishap::Late(Span::from_secs(2));
        world.mishap(host, toward, late);
    }
    world.says(1, regular(2, 1, 8));
    world.says(65, regular(2, 2, 8));
    world.until(1_000_000);
    for host in [1, 2] {
        world.ready(host, false);
        world.ready(host, true);
    }
    world.rest();
    assert_eq!(world.told(2), [], "neither comes out of nowhere");
    assert_eq!((world.told(1), world.told(65)), (vec![], vec![rfnm(2, 2)]));
}

#[test]
fn a_host_sees_its_imp_answer_its_ready_line() {
    let mut world = pair();
    world.ready(1, true);
    assert_eq!(world.heard, [(world.now, 1, Signal::Ready(true))]);
}
