//! IMPs that crash, come back, or go down with notice; cables that are pulled.

use imp::{Fault, MeetsNothing, Mishap, Toward};
use imp1822::{Dead, FromImp, GoingDown, HostAddress, Incomplete, LeaderError, Link, Reason, Signal, ToImp};

use crate::world::{World, message, net, regular, regular_from, rfnm, since_epoch};

fn lost(to: u8, link: u8) -> FromImp {
    FromImp::Incomplete { to: HostAddress::from(to), link: Link::from(link), why: Incomplete::Lost }
}

fn dead(to: u8, link: u8, why: Dead) -> FromImp {
    FromImp::DestinationDead { to: HostAddress::from(to), link: Link::from(link), why }
}

/// Four IMPs in a square, with a host each. From 1 to 3 the way leads by 2.
fn square() -> World {
    World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [3, 4], [4, 1]], &[1, 2, 3, 4]))
}

fn ready_line(world: &World, host: u8) -> Vec<(u64, bool)> {
    let signals = world.heard.iter().filter_map(|(at, to, signal)| match signal {
        Signal::Ready(ready) if *to == host => Some((since_epoch(*at), *ready)),
        Signal::Ready(_) | Signal::Message(_) => None,
    });
    signals.collect()
}

#[test]
fn a_message_in_an_imp_that_crashes_is_asked_about_after_30_seconds_and_lost() {
    let mut world = square();
    world.says(1, regular(3, 7, 8));
    world.says(1, regular(3, 8, 8));
    // IMP 2 has the first, of 184 bits, at 1,400 + 9,680 us. IMP 1 has the acknowledgement, of 168, at 20,440, IMP 3 would
    // have the message at 20,760. The second is not acknowledged before 24,120 us.
    world.until(20_600);
    world.fault(Fault::ImpCrashes { imp: 2 });
    world.rest();
    assert_eq!(world.told(1), [lost(3, 7), rfnm(3, 8)]);
    let (at, _) = world.told_when(1)[0];
    assert!((30_000_000..30_800_000).contains(&at), "{at}");
    assert_eq!(world.told(3), [regular_from(1, 8)], "it took another way, and waited for the lost one");
    let asked: Vec<String> = world.crossed().into_iter().filter(|words| words.contains("INC")).collect();
    assert_eq!(asked[0], "1>4 INC? 0, IMP 1 to 3");
    assert!(asked.contains(&"4>1 INC! 0, IMP 3 to 1".to_owned()), "{asked:?}");
}

#[test]
fn messages_to_an_imp_that_crashes_are_lost_and_later_ones_not_taken() {
    let mut world = square();
    (0..6).for_each(|link| world.says(1, regular(3, link, 8)));
    world.until(15_000);
    world.fault(Fault::ImpCrashes { imp: 3 });
    world.rest();
    let mut told = world.told(1);
    told.sort_by_key(|told| format!("{told:?}"));
    let mut expected = vec![dead(3, 5, Dead::Imp)];
    expected.extend((0..4).map(|link| lost(3, link)));
    // The others believe each other's hearsay of IMP 3 for longer than 15 seconds.
    let (to, link) = (HostAddress::from(3), Link::from(4));
    expected.push(FromImp::Incomplete { to, link, why: Incomplete::NoResources });
    assert_eq!(told, expected, "nobody knows of the first four whether they have arrived");
    assert_eq!(ready_line(&world, 3), [(15_000, false)]);
    let last = world.told_when(1).last().map_or(0, |(at, _)| *at);
    assert!(last < 31_000_000, "all four together: {last}");
}

#[test]
fn a_destination_that_begins_anew_knows_nothing_of_what_it_had_promised() {
    let mut world = square();
    world.says(1, regular(3, 1, 5000));
    world.until(60_000);
    world.fault(Fault::ImpCrashes { imp: 3 });
    world.pass(1_000_000);
    world.fault(Fault::ImpRestarts { imp: 3 });
    world.says(3, message(ToImp::Nop, 0));
    world.rest();
    assert_eq!(world.told(1).len(), 1, "one answer: {:?}", world.told(1));
    world.forget();
    world.says(1, regular(3, 2, 5000));
    world.rest();
    assert_eq!(world.told(1), [rfnm(3, 2)]);
}

#[test]
fn a_source_that_begins_anew_leaves_no_room_taken_elsewhere() {
    for at in [25_000, 35_000, 45_000, 65_000, 85_000, 120_000, 160_000, 200_000, 260_000] {
        let mut world = square();
        world.says(1, regular(3, 1, 8000));
        world.until(at);
        world.fault(Fault::ImpCrashes { imp: 1 });
        world.fault(Fault::ImpRestarts { imp: 1 });
        // That it forgot two minutes later what it had promised is told by its rest, with all buffers free.
        world.rest();
        world.forget();
        world.says(1, message(ToImp::Nop, 0));
        world.says(1, regular(3, 2, 8000));
        world.rest();
        assert!(world.told(1).contains(&rfnm(3, 2)), "crashed at {at}: {:?}", world.told(1));
    }
}

#[test]
fn an_answer_to_an_earlier_life_of_an_imp_says_nothing_about_this_one() {
    let mut world = square();
    world.says(1, regular(3, 7, 8));
    // Host 3 has the message after 400 us and 1 ms, two lines of 9,680 us, and 480 us: at 21,240 us.
    world.until(22_000);
    assert_eq!(world.told(3), [regular_from(1, 7)]);
    world.fault(Fault::ImpCrashes { imp: 1 });
    world.fault(Fault::ImpRestarts { imp: 1 });
    // What it says before it learns of the reset is lost: the NOP takes the error behind it.
    world.pass(10_000);
    world.says(1, message(ToImp::Nop, 0));
    world.until(40_000_000);
    world.forget();
    world.says(1, regular(3, 8, 8));
    world.rest();
    // Both messages had number 0.
    assert_eq!(world.told(1), [rfnm(3, 8)]);
    assert_eq!(world.told(3), [regular_from(1, 8)]);
}

#[test]
fn a_host_sees_its_imp_crash_and_restart() {
    let mut world = square();
    world.ready(4, false);
    for _ in 0..2 {
        world.forget();
        world.fault(Fault::ImpCrashes { imp: 2 });
        world.says(2, regular(3, 1, 8));
        world.fault(Fault::ImpRestarts { imp: 2 });
        world.fault(Fault::ImpCrashes { imp: 4 });
        world.fault(Fault::ImpRestarts { imp: 4 });
        world.rest();
        let ready: Vec<bool> = ready_line(&world, 2).into_iter().map(|(_, ready)| ready).collect();
        assert_eq!(ready, [false, true]);
        assert_eq!(ready_line(&world, 4), [], "host 4 is not ready itself");
        assert_eq!(world.told(2), [FromImp::Nop, FromImp::Nop, FromImp::Nop, FromImp::InterfaceReset]);
        assert_eq!(world.told(3), [], "what a host says to a dead IMP is lost");
    }
}

#[test]
fn message_numbers_begin_anew_with_an_imp_and_all_it_talks_to_keep_up() {
    let mut world = square();
    for imp in [3, 1, 1, 3] {
        for link in 0..6 {
            world.forget();
            world.says(1, regular(3, link, 8));
            world.says(3, regular(1, link, 1200));
            world.rest();
            for host in [1, 3] {
                let told = world.told(host);
                assert!(told.contains(&rfnm(4 - host, link)), "host {host}, message {link}: {told:?}");
                assert!(
                    told.contains(&regular_from(4 - host, link)),
                    "host {host}, message {link}: {told:?}"
                );
            }
        }
        world.fault(Fault::ImpCrashes { imp });
        world.pass(10_000_000);
        world.fault(Fault::ImpRestarts { imp });
        world.says(imp, regular(4 - imp, 9, 8));
        world.pass(10_000);
        // What was said before the host learned of the reset is lost. The next message is answered with an error,
        // and then there is silence for 30 seconds.
        world.says(imp, message(ToImp::Nop, 0));
        world.pass(40_000_000);
        let error = FromImp::ErrorInLeader { why: LeaderError::Garbled, link: Link::CONTROL };
        assert!(world.told(imp).contains(&error));
    }
}

#[test]
fn an_imp_that_is_back_before_anybody_noticed_is_met_anew() {
    let mut world = square();
    (0..4).for_each(|link| world.says(1, regular(3, link, 900)));
    world.until(60_000);
    world.fault(Fault::ImpCrashes { imp: 2 });
    world.fault(Fault::ImpRestarts { imp: 2 });
    world.rest();
    assert_eq!(world.told(1).len(), 4, "each is answered once: {:?}", world.told(1));
    world.forget();
    world.says(1, regular(3, 9, 8));
    world.rest();
    assert_eq!(world.told(1), [rfnm(3, 9)]);
}

#[test]
fn an_imp_that_goes_down_with_notice_says_so_twice_and_comes_back() {
    let mut world = square();
    let going = GoingDown::new(Reason::Reload, 2, 1).expect("both times fit");
    world.fault(Fault::ImpGoesDown { imp: 2, going });
    world.rest();
    let minute = 60_000_000;
    let last = GoingDown::LAST_WARNING;
    let told = world.told_when(2);
    assert_eq!(told[0], (320, FromImp::GoingDown(going)), "32 bits on the cable");
    assert_eq!(told[1], (10 * minute - 30_000_000 + 320, FromImp::GoingDown(last)), "30 seconds before");
    assert_eq!(ready_line(&world, 2), [(10 * minute, false), (15 * minute, true)]);
    let told: Vec<FromImp> = told[2..].iter().map(|(_, told)| *told).collect();
    assert_eq!(told, [FromImp::Nop, FromImp::Nop, FromImp::Nop, FromImp::InterfaceReset]);
    assert_eq!(world.told(1), [], "other hosts learn nothing");
}

#[test]
fn an_imp_that_goes_down_at_once_does_so_after_30_seconds_and_may_stay_down() {
    let mut world = square();
    let going = GoingDown::new(Reason::Emergency, 0, 0).expect("both times fit");
    world.fault(Fault::ImpGoesDown { imp: 2, going });
    world.rest();
    assert_eq!(world.told(2), [FromImp::GoingDown(going)], "that is the last warning");
    assert_eq!(ready_line(&world, 2), [(30_000_000, false)]);
    assert!(!world.subnet.imp_is_up(2));
}

#[test]
fn an_imp_that_has_crashed_and_is_back_does_not_go_down_as_announced_before() {
    let mut world = square();
    let going = GoingDown::new(Reason::Maintenance, 1, 1).expect("both times fit");
    world.fault(Fault::ImpGoesDown { imp: 2, going });
    world.until(10_000_000);
    world.fault(Fault::ImpCrashes { imp: 2 });
    world.fault(Fault::ImpRestarts { imp: 2 });
    world.rest();
    assert_eq!(ready_line(&world, 2), [(10_000_000, false), (10_000_000, true)]);
}

#[test]
fn a_pulled_cable_hides_each_end_from_the_other() {
    let mut world = square();
    world.says(1, regular(3, 1, 900));
    world.until(5_000);
    world.fault(Fault::CablePulled { host: HostAddress::from(1) });
    world.fault_if_any(Fault::CablePulled { host: HostAddress::from(1) });
    world.says(3, regular(1, 2, 8));
    world.says(1, regular(3, 3, 8));
    world.until(1_000_000);
    assert_eq!(world.told(3), [dead(1, 2, Dead::Host)]);
    world.fault(Fault::CablePlugged { host: HostAddress::from(1) });
    assert_eq!(ready_line(&world, 1), [(5_000, false), (1_000_000, true)], "each once");
    world.says(1, regular(3, 4, 8));
    world.says(3, regular(1, 5, 8));
    world.rest();
    assert_eq!(world.told(3), [dead(1, 2, Dead::Host), regular_from(1, 4), rfnm(1, 5)]);
    assert_eq!(world.told(1), [regular_from(3, 5), rfnm(3, 4)], "what was said into the void is lost");
}

#[test]
fn a_host_or_an_imp_that_goes_down_behind_a_pulled_cable_is_seen_when_it_is_plugged() {
    let mut world = square();
    let host = HostAddress::from(1);
    world.fault(Fault::CablePulled { host });
    world.ready(1, false);
    world.fault(Fault::CablePlugged { host });
    assert_eq!(ready_line(&world, 1), [(0, false)], "a host that is not ready gets no answer");
    world.ready(1, true);
    world.fault(Fault::CablePulled { host });
    world.fault(Fault::ImpCrashes { imp: 1 });
    world.fault(Fault::CablePlugged { host });
    assert_eq!(ready_line(&world, 1), [(0, false), (0, true), (0, false)], "nor one whose IMP is down");
    world.fault(Fault::ImpRestarts { imp: 1 });
    world.rest();
    assert_eq!(world.told(1), [FromImp::Nop, FromImp::Nop, FromImp::Nop, FromImp::InterfaceReset]);
}

#[test]
fn the_answer_that_comes_after_a_message_was_given_up_is_not_told() {
    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 3]));
    world.says(1, regular(3, 7, 8));
    // It is in the host; the RFNM waits at IMP 2 when the line is dead and no other way is left.
    world.until(27_000);
    assert_eq!(world.told(3), [regular_from(1, 7)]);
    world.fault(Fault::LineFails { between: [1, 2] });
    world.rest();
    assert_eq!(world.told(1), [lost(3, 7)], "nobody knows");
    world.fault(Fault::LineHeals { between: [1, 2] });
    world.pass(5_000_000);
    world.says(3, regular(1, 8, 8));
    world.rest();
    world.says(1, regular(3, 9, 8));
    world.rest();
    assert_eq!(world.told(1), [lost(3, 7), regular_from(3, 8), rfnm(3, 9)]);
}

#[test]
fn a_fault_that_meets_nothing_says_so() {
    let mut world = square();
    let going = GoingDown::new(Reason::Emergency, 0, 0).expect("both times fit");
    let (between, host) = ([1, 3], HostAddress::from(200));
    let mut meets = |fault| world.subnet.inject(world.now, fault);
    let line = Err(MeetsNothing::NoLine(between));
    assert_eq!(meets(Fault::LineFails { between }), line);
    assert_eq!(meets(Fault::LineHeals { between }), line);
    assert_eq!(meets(Fault::LineErrs { between, one_in: Some(7) }), line);
    for imp in [40, 64, 255] {
        assert_eq!(meets(Fault::ImpCrashes { imp }), Err(MeetsNothing::ImpDown(imp)), "there is no such IMP");
        assert_eq!(meets(Fault::ImpGoesDown { imp, going }), Err(MeetsNothing::ImpDown(imp)));
        assert_eq!(meets(Fault::ImpRestarts { imp }), Err(MeetsNothing::ImpUp(imp)));
    }
    assert_eq!(meets(Fault::ImpRestarts { imp: 1 }), Err(MeetsNothing::ImpUp(1)), "it is up");
    for fault in [
        Fault::CablePulled { host },
        Fault::CablePlugged { host },
        Fault::HostHangs { host },
        Fault::HostGoesOn { host },
        Fault::Mishap { host, toward: Toward::Imp, mishap: Mishap::Lost },
    ] {
        assert_eq!(meets(fault), Err(MeetsNothing::NoHost(host)), "there is no such host");
    }
    let (between, host) = ([1, 2], HostAddress::from(1));
    let one_in = Some(7);
    for (fault, first, again) in [
        (Fault::LineHeals { between }, Err(MeetsNothing::LineUp(between)), MeetsNothing::LineUp(between)),
        (Fault::LineFails { between }, Ok(()), MeetsNothing::LineDown(between)),
        (Fault::LineErrs { between, one_in }, Ok(()), MeetsNothing::LineErrs(between)),
        (Fault::LineErrs { between, one_in: None }, Ok(()), MeetsNothing::LineErrs(between)),
        (
            Fault::CablePlugged { host },
            Err(MeetsNothing::CablePlugged(host)),
            MeetsNothing::CablePlugged(host),
        ),
        (Fault::CablePulled { host }, Ok(()), MeetsNothing::CablePulled(host)),
        (Fault::HostGoesOn { host }, Err(MeetsNothing::HostGoesOn(host)), MeetsNothing::HostGoesOn(host)),
        (Fault::HostHangs { host }, Ok(()), MeetsNothing::HostHangs(host)),
    ] {
        assert_eq!(meets(fault), first, "{fault:?}");
        assert_eq!(meets(fault), Err(again), "{fault:?} a second time: it is so already");
    }
    assert_eq!(meets(Fault::ImpCrashes { imp: 1 }), Ok(()));
    assert_eq!(meets(Fault::ImpCrashes { imp: 1 }), Err(MeetsNothing::ImpDown(1)), "it is down");
    assert_eq!(meets(Fault::ImpGoesDown { imp: 1, going }), Err(MeetsNothing::ImpDown(1)));
}

#[test]
fn what_was_numbered_before_its_imp_crashed_is_not_delivered_after_it_is_back() {
    // The lines are long: message 1 is in its host, and its acknowledgement is lost with the IMP.
    for at in (20_000..60_000).step_by(500) {
        let mut world = square();
        world.says(1, regular(2, 0, 8));
        world.pass(1_000_000);
        world.forget();
        let begun = world.micros();
        world.says(1, regular(2, 1, 900));
        world.until(begun + at);
        world.fault(Fault::ImpCrashes { imp: 2 });
        world.pass(8_000_000);
        world.fault(Fault::ImpRestarts { imp: 2 });
        world.pass(10_000);
        world.says(2, message(ToImp::Nop, 0));
        world.rest();
        let arrived = world.told(2).iter().filter(|told| **told == regular_from(1, 1)).count();
        assert!(arrived <= 1, "crashed {at} us after message 1 was sent: it arrived {arrived} times");
        let answers = world.told(1).len();
        assert_eq!(answers, 1, "crashed {at} us after: {:?}", world.told(1));
    }
}
