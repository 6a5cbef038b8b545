//! A subnet at rest costs nothing, and nothing shows that it rested.

use imp::Fault;
use imp1822::{FromImp, HostAddress, Signal};
use machine::Machine;

use crate::world::{World, net, regular, rfnm, since_epoch};

const TICK: u64 = 640_000;

/// Three IMPs in a ring with a host each, and two more IMPs with a line between them that leads nowhere else.
fn world() -> World {
    World::new(&net(&[1, 2, 3, 60, 61], &[[1, 2], [2, 3], [3, 1], [60, 61]], &[1, 65, 2, 3]))
}

/// The same, kept awake by a line that could err, but does not in all the time there is.
fn awake() -> World {
    let mut world = world();
    world.fault(Fault::LineErrs { between: [60, 61], one_in: Some(u64::MAX) });
    world
}

#[test]
fn a_subnet_rests_two_ticks_after_the_last_stir() {
    let mut world = world();
    world.says(1, regular(2, 7, 8));
    world.until(5_000_000);
    assert_eq!(world.told(1), [rfnm(2, 7)]);
    assert_eq!(world.subnet.deadline(), None, "it rests");
    let (last, _) = world.told_when(1)[0];

    let mut world = self::world();
    world.says(1, regular(2, 7, 8));
    world.until(last + 2 * TICK - 100_000);
    assert!(world.subnet.deadline().is_some(), "it does not rest yet");
    // The acknowledgement of the RFNM ends later than the RFNM; and some IMP must tick.
    world.until(last + 2 * TICK + TICK);
    assert_eq!(world.subnet.deadline(), None, "it rests");
}

#[test]
fn rest_costs_no_event_at_all() {
    let mut world = world();
    world.rest();
    let stirs = world.subnet.stirs();
    let frames: u64 = world.subnet.line_figures().map(|line| line.packets).sum();
    world.pass(1_000_000_000);
    assert_eq!(world.subnet.deadline(), None);
    assert_eq!(world.subnet.stirs(), stirs);
    assert_eq!(world.subnet.line_figures().map(|line| line.packets).sum::<u64>(), frames);
}

#[test]
fn a_subnet_that_was_found_quiet_is_not_as_soon_as_something_goes_on() {
    let mut world = world();
    world.pass(1_000_000);
    assert!(world.subnet.find_quiet() && world.subnet.find_quiet(), "nobody speaks");
    world.says(1, regular(2, 7, 8));
    assert!(!world.subnet.find_quiet(), "a message waits for the cable");
    world.rest();
    assert!(world.subnet.find_quiet());
    world.fault(Fault::ImpCrashes { imp: 2 });
    world.says(1, regular(2, 7, 8));
    assert!(!world.subnet.is_quiet());
    world.until(world.now.as_micros() + 300_000_000);
    assert!(world.subnet.find_quiet(), "it is answered, if not by its host");
}

#[test]
fn a_host_that_stands_still_for_ever_keeps_nobody_awake() {
    let mut world = world();
    for host in [1, 2].map(HostAddress::from) {
        world.fault(Fault::HostHangs { host });
    }
    world.says(1, regular(2, 7, 5000));
    world.says(3, regular(2, 8, 5000));
    world.rest();
    assert!(world.micros() < 120_000_000, "{}", world.now);
}

type Heard = Vec<(u64, u8, Signal)>;

/// What hosts hear, and what IMPs find out, and when.
fn all(world: &World) -> (Heard, Vec<String>) {
    let heard =
        world.heard.iter().map(|(at, host, signal)| (since_epoch(*at), *host, signal.clone())).collect();
    let notices = world.notices.iter().map(|(at, imp, notice)| format!("{at} {imp} {notice:?}")).collect();
    (heard, notices)
}

/// Lets the same happen to a subnet that may rest and to one that may not, beginning at this moment.
fn the_same(at: u64, happens: impl Fn(&mut World)) {
    let [rested, kept] = [world(), awake()].map(|mut world| {
        world.until(at);
        happens(&mut world);
        world.until(at + 100_000_000);
        assert!(!world.heard.is_empty(), "something happens");
        all(&world)
    });
    assert_eq!(rested, kept, "from {at} us on");
}

#[test]
fn messages_cross_a_subnet_that_rested_as_one_that_was_awake() {
    // At all places of a tick.
    for at in (0..20).map(|step| 10_000_000 + step * 32_321) {
        the_same(at, |world| {
            for link in 0..6 {
                world.says(1, regular(2, link, 100 + usize::from(link) * 1000));
                world.says(3, regular(1, link, 8));
                world.pass(31_000);
            }
        });
    }
}

#[test]
fn a_line_that_fails_is_noticed_at_the_same_moment() {
    for at in (0..40).map(|step| 10_000_000 + step * 16_161) {
        the_same(at, |world| {
            world.fault(Fault::LineFails { between: [1, 2] });
            world.says(1, regular(2, 7, 8));
            world.pass(40_000_000);
            world.fault(Fault::LineHeals { between: [1, 2] });
        });
    }
}

#[test]
fn an_imp_that_was_restarted_keeps_its_own_time() {
    for at in (0..20).map(|step| 10_000_000 + step * 32_321) {
        the_same(at, |world| {
            world.fault(Fault::ImpCrashes { imp: 3 });
            world.pass(7_654_321);
            world.fault(Fault::ImpRestarts { imp: 3 });
            world.pass(12_345_678);
            world.fault(Fault::LineFails { between: [1, 3] });
            world.says(1, regular(3, 7, 8));
        });
    }
}

#[test]
fn a_host_that_came_up_may_send_after_30_seconds_of_rest_too() {
    for at in (0..10).map(|step| 10_000_000 + step * 64_321) {
        the_same(at, |world| {
            world.ready(1, false);
            world.ready(1, true);
            world.says(1, regular(2, 6, 8));
            world.pass(31_000_000);
            world.says(1, regular(2, 7, 8));
            world.pass(100_000);
            assert!(world.told(1).contains(&rfnm(2, 7)), "it may send: {:?}", world.told(1));
        });
    }
}

#[test]
fn a_long_transfer_takes_few_events_for_each_packet_and_line() {
    let mut world = World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [3, 4]], &[1, 4]));
    world.rest();
    let before = world.subnet.stirs();
    for link in 0..100 {
        world.says(1, regular(4, link, 8000));
    }
    world.rest();
    let answered = world.told(1).iter().filter(|told| matches!(told, FromImp::Rfnm { .. })).count();
    assert_eq!(answered, 100);
    let events = world.subnet.stirs() - before;
    // 100 messages of 8 packets over 3 lines.
    let hops = 100 * 8 * 3;
    assert!(events < 4 * hops, "{events} events for {hops} crossings");
}
