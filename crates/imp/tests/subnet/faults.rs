//! Lines that fail and IMPs that crash.

use imp1822::{Dead, FromImp, HostAddress, Incomplete, Link, Signal};

use machine::Rate;

use crate::world::{World, net, regular, regular_from, rfnm};

fn lost(to: u8, link: u8) -> FromImp {
    FromImp::Incomplete { to: HostAddress::from(to), link: Link::from(link), why: Incomplete::Lost }
}

fn imp_dead(to: u8, link: u8) -> FromImp {
    FromImp::DestinationDead { to: HostAddress::from(to), link: Link::from(link), why: Dead::Imp }
}

/// Four IMPs in a square, with a host each. From 1 to 3 the way leads by 2.
fn square() -> World {
    World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [3, 4], [4, 1]], &[1, 2, 3, 4]))
}

#[test]
fn packets_that_wait_for_a_line_that_fails_take_another_way() {
    let mut world = square();
    // Host 2's packet is on the line 2-3 from 9,320 us to 30,920 us. Host 1's message is in IMP 1 at 2,400 us
    // and at IMP 2, after 184 bits and 5 ms, at 11,080 us.
    world.says(2, regular(3, 0, 900));
    world.until(2_000);
    world.says(1, regular(3, 2, 8));
    world.until(15_000);
    world.fault(|subnet, now| subnet.line_fails(now, 2, 3));
    world.until(1_000_000);
    assert_eq!(world.told(1), [rfnm(3, 2)]);
    let its =
        world.crossings.iter().filter(|(_, crossing)| (crossing.source, crossing.destination) == (1, 3));
    let way: Vec<(u8, u8)> = its.map(|(_, crossing)| (crossing.from_imp, crossing.to_imp)).collect();
    assert_eq!(way, [(1, 2), (2, 1), (1, 4), (4, 3)], "it waited at IMP 2 and went back");
}

#[test]
fn a_message_on_a_line_that_fails_is_lost_after_30_seconds() {
    let mut world = square();
    world.says(1, regular(3, 7, 900));
    world.until(20_000);
    world.fault(|subnet, now| subnet.line_fails(now, 1, 2));
    world.says(1, regular(3, 8, 8));
    world.rest();
    // It set out at 9,320 us; the answer is on the cable for 320 us.
    assert_eq!(world.told_when(1)[0], (30_009_640, lost(3, 7)));
    // The other one had arrived over 4 and only waited for the lost one.
    assert_eq!(world.told(1), [lost(3, 7), rfnm(3, 8)]);
    assert_eq!(world.told(3), [regular_from(1, 8)]);

    world.heard.clear();
    world.says(1, regular(3, 9, 8));
    world.rest();
    assert_eq!(world.told(3), [regular_from(1, 9)], "what was lost holds nothing back");
    assert_eq!(world.told(1), [rfnm(3, 9)]);
}

#[test]
fn a_message_behind_a_lost_one_is_delivered_when_that_is_given_up() {
    let mut world = square();
    world.says(1, regular(3, 7, 900));
    world.until(20_000);
    world.fault(|subnet, now| subnet.line_fails(now, 1, 2));
    world.until(10_000_000);
    world.says(1, regular(3, 8, 8));
    world.rest();
    assert_eq!(world.told(1), [lost(3, 7), rfnm(3, 8)]);
    assert_eq!(world.told(3), [regular_from(1, 8)]);
    assert!(world.now.as_micros() < 31_000_000, "{}", world.now);
}

#[test]
fn of_four_outstanding_messages_only_the_lost_one_is_called_lost() {
    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3], [3, 1]], &[1, 2, 3]));
    (5..10).for_each(|link| world.says(1, regular(2, link, 8)));
    // The first is on the line 1-2 from 400 us on; the others go over 3.
    world.until(1_000);
    world.fault(|subnet, now| subnet.line_fails(now, 1, 2));
    world.until(29_000_000);
    assert_eq!(world.told(2), [], "three have arrived and wait for the first");
    assert_eq!(world.told(1), []);

    world.rest();
    assert_eq!(world.told_when(1)[0], (30_000_720, lost(2, 5)));
    assert_eq!(world.told(1)[1..], [6, 7, 8, 9].map(|link| rfnm(2, link)));
    assert_eq!(world.told(2), [6, 7, 8, 9].map(|link| regular_from(1, link)));
    assert!(world.now.as_micros() < 31_000_000, "nobody had to lose patience again: {}", world.now);
}

#[test]
fn the_next_oldest_has_30_seconds_of_its_own() {
    let mut world = World::new(&net(&[1, 2], &[[1, 2]], &[1, 2]));
    (0..4).for_each(|link| world.says(1, regular(2, link, 8)));
    world.until(5_000);
    world.fault(|subnet, now| subnet.line_fails(now, 1, 2));
    world.rest();
    let in_turn = (0..4).map(|link| (30_000_000 * (u64::from(link) + 1) + 720, lost(2, link)));
    assert_eq!(world.told_when(1), in_turn.collect::<Vec<_>>(), "all are lost, and none waits for ever");
}

#[test]
fn a_message_whose_answer_is_lost_is_answered_once_and_delivered_once() {
    let mut world = square();
    world.says(1, regular(3, 7, 8));
    // Host 3 has the message at 18,240 us. The RFNM is on the line 3-2 until 26,600 us.
    world.until(20_000);
    assert_eq!(world.told(3), [regular_from(1, 7)]);
    world.fault(|subnet, now| subnet.line_fails(now, 2, 3));
    world.says(1, regular(3, 8, 8));
    world.rest();
    assert_eq!(world.told(3), [regular_from(1, 7), regular_from(1, 8)]);
    assert_eq!(world.told_when(1)[1], (30_000_720, lost(3, 7)));
    assert_eq!(world.told(1), [rfnm(3, 8), lost(3, 7)], "the first was delivered, and held nothing back");
}

#[test]
fn a_message_that_arrives_after_it_was_given_up_is_not_delivered() {
    let mut net = net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 2, 3]);
    net.lines[1].rate = Rate::from_bits_per_second(100).expect("not zero");
    let mut world = World::new(&net);
    // These keep the line 2-3 busy for more than 40 s.
    (0..4).for_each(|link| world.says(2, regular(3, link, 900)));
    world.until(40_000);
    world.says(1, regular(3, 7, 8));
    world.rest();
    // What IMP 1 gives up it tells IMP 3 ahead of the message, and it is the first that IMP 3 hears from it.
    assert_eq!(world.told(1), [lost(3, 7)]);
    let its = world.crossings.iter().filter(|(_, crossing)| (crossing.source, crossing.to_imp) == (1, 3));
    assert_eq!(its.count(), 2, "the message did come");
    assert_eq!(world.told(3), (0..4).map(|link| regular_from(2, link)).collect::<Vec<_>>());

    world.heard.clear();
    world.says(1, regular(3, 8, 8));
    world.rest();
    assert_eq!(world.told(3), [regular_from(1, 8)]);
    assert_eq!(world.told(1), [rfnm(3, 8)]);
}

#[test]
fn held_messages_are_released_when_their_destination_is_cut_off() {
    let mut world = World::new(&net(&[1, 2], &[[1, 2]], &[1, 2]));
    world.says(1, regular(2, 7, 8));
    world.until(100_000);
    assert_eq!(world.told(1), [rfnm(2, 7)]);

    world.heard.clear();
    (0..6).for_each(|link| world.says(1, regular(2, link, 8)));
    world.until(105_000);
    world.fault(|subnet, now| subnet.line_fails(now, 1, 2));
    world.rest();
    let (at_once, late): (Vec<_>, Vec<_>) =
        world.told_when(1).into_iter().partition(|(at, _)| *at < 30_000_000);
    let told = |when: Vec<(u64, FromImp)>| when.into_iter().map(|(_, told)| told).collect::<Vec<_>>();
    assert_eq!(told(at_once), [imp_dead(2, 4), imp_dead(2, 5)]);
    assert_eq!(told(late), (0..4).map(|link| lost(2, link)).collect::<Vec<_>>());

    world.heard.clear();
    world.fault(|subnet, now| subnet.line_heals(now, 1, 2));
    world.says(1, regular(2, 9, 8));
    world.rest();
    assert_eq!(world.told(1), [rfnm(2, 9)], "the numbers go on, though IMP 2 was never told to give up");
}

#[test]
fn other_imps_route_around_a_crashed_one() {
    let mut world = square();
    world.fault(|subnet, now| subnet.imp_crashes(now, 2));
    assert!(!world.subnet.imp_is_up(2));
    world.says(1, regular(3, 1, 8));
    world.says(1, regular(2, 2, 8));
    world.rest();
    assert_eq!(world.told(3), [regular_from(1, 1)]);
    assert_eq!(world.told(1), [imp_dead(2, 2), rfnm(3, 1)]);
}

#[test]
fn a_host_sees_its_imp_crash_and_restart() {
    let mut world = square();
    world.ready(4, false);
    world.fault(|subnet, now| subnet.imp_crashes(now, 2));
    world.says(2, regular(3, 1, 8));
    world.fault(|subnet, now| subnet.imp_restarts(now, 2));
    world.fault(|subnet, now| subnet.imp_crashes(now, 4));
    world.fault(|subnet, now| subnet.imp_restarts(now, 4));
    world.rest();
    let ready = world.heard.iter().filter(|(_, _, signal)| matches!(signal, Signal::Ready(_)));
    let ready: Vec<(u8, Signal)> = ready.map(|(_, host, signal)| (*host, signal.clone())).collect();
    assert_eq!(ready, [(2, Signal::Ready(false)), (2, Signal::Ready(true))], "host 4 is not ready itself");
    assert_eq!(world.told(2), [FromImp::Nop, FromImp::Nop, FromImp::Nop, FromImp::InterfaceReset]);
    assert_eq!(world.told(3), [], "what a host says to a dead IMP is lost");
}

#[test]
fn message_numbers_begin_anew_with_an_imp_and_all_it_talks_to_keep_up() {
    let mut world = square();
    let both_ways = |world: &mut World, link: u8| {
        world.heard.clear();
        world.says(1, regular(3, link, 8));
        world.says(3, regular(1, link, 8));
        world.rest();
        let told = |host: u8| {
            let mut told = world.told(host);
            told.retain(|told| *told == rfnm(4 - host, link) || *told == regular_from(4 - host, link));
            told.len()
        };
        (told(1), told(3))
    };
    for link in 0..6 {
        assert_eq!(both_ways(&mut world, link), (2, 2), "message {link}");
    }
    for imp in [3, 1] {
        world.fault(|subnet, now| subnet.imp_crashes(now, imp));
        world.fault(|subnet, now| subnet.imp_restarts(now, imp));
        assert_eq!(both_ways(&mut world, 9), (2, 2), "after IMP {imp} was restarted");
    }
}

#[test]
fn an_answer_to_an_earlier_life_of_an_imp_says_nothing_about_this_one() {
    let mut world = square();
    world.says(1, regular(3, 7, 8));
    // Host 3 has the message after 400 us, two lines of 8,680 us each, and 480 us: at 18,240 us. The RFNM
    // is on the line 3-2 until 26,600 us.
    world.until(20_000);
    world.fault(|subnet, now| subnet.imp_crashes(now, 1));
    world.fault(|subnet, now| subnet.imp_restarts(now, 1));
    world.heard.clear();
    world.says(1, regular(3, 8, 900));
    world.rest();
    let (arrived, _) = world.told_when(3)[0];
    let answers = world.told_when(1).into_iter().filter(|(_, told)| matches!(told, FromImp::Rfnm { .. }));
    let answers: Vec<(u64, FromImp)> = answers.collect();
    // The RFNM needs two lines of 8,360 us each, and 320 us. Both messages had number 0.
    assert_eq!(answers, [(arrived + 17_040, rfnm(3, 8))]);
}

#[test]
fn a_message_whose_host_dies_before_it_is_whole_holds_up_no_other() {
    let mut world = World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [3, 4], [4, 1]], &[1, 3, 67]));
    // The first of its two packets is lost on the line 1-2, the second takes the other way.
    world.says(1, regular(67, 1, 1500));
    world.until(20_000);
    world.fault(|subnet, now| subnet.line_fails(now, 1, 2));
    world.says(1, regular(3, 2, 8));
    world.until(1_000_000);
    assert_eq!(world.told(3), [], "it waits for the one before it");

    world.ready(67, false);
    world.rest();
    assert_eq!(world.told(3), [regular_from(1, 2)]);
    let (to, link) = (HostAddress::from(67), Link::from(1));
    assert_eq!(world.told(1), [FromImp::DestinationDead { to, link, why: Dead::Host }, rfnm(3, 2)]);
    assert!(world.now.as_micros() < 2_000_000, "nobody had to lose patience");
}

#[test]
fn a_message_in_a_crashed_imp_is_lost_after_30_seconds() {
    let mut world = square();
    world.says(1, regular(3, 7, 8));
    // It is on the line 2-3: IMP 2 had it at 9,080 us.
    world.until(10_000);
    world.fault(|subnet, now| subnet.imp_crashes(now, 2));
    world.rest();
    assert_eq!(world.told_when(1), [(30_000_720, lost(3, 7))], "set out at 400 us, 320 us on the cable");
}

#[test]
fn an_answer_that_comes_after_30_seconds_is_not_told() {
    let mut net = net(&[1, 2], &[[1, 2]], &[1, 2]);
    net.lines[0].rate = Rate::from_bits_per_second(10).expect("not zero");
    let mut world = World::new(&net);
    world.says(1, regular(2, 7, 8));
    world.rest();
    // 184 bits take 18.4 s, and the 168 of the RFNM 16.8 s.
    assert_eq!(world.told(2), [regular_from(1, 7)]);
    assert_eq!(world.told_when(1), [(30_000_720, lost(2, 7))]);
    assert!(world.now.as_micros() > 35_000_000, "the RFNM did come");
}

#[test]
fn a_fault_that_meets_nothing_says_so() {
    let mut world = square();
    let now = world.now;
    let subnet = &mut world.subnet;
    assert!(!subnet.line_fails(now, 1, 3), "there is no such line");
    assert!(!subnet.imp_crashes(now, 40), "there is no such IMP");
    assert!(!subnet.imp_restarts(now, 1), "it is up");
    assert!(subnet.imp_crashes(now, 1));
    assert!(!subnet.imp_crashes(now, 1), "it is down");
}
