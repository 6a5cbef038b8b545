//! How IMPs learn of ways by hearsay, at each tick of 640 ms, and what becomes of packets meanwhile.

use imp::{Carried, Fault};
use imp1822::{Dead, FromImp, HostAddress, Link};

use crate::world::{World, net, regular, regular_from, rfnm};

const TICK: u64 = 640_000;

fn imp_dead(to: u8, link: u8) -> FromImp {
    FromImp::DestinationDead { to: HostAddress::from(to), link: Link::from(link), why: Dead::Imp }
}

/// Five IMPs in a row, with a host each.
fn row() -> World {
    World::new(&net(&[1, 2, 3, 4, 5], &[[1, 2], [2, 3], [3, 4], [4, 5]], &[1, 2, 3, 4, 5]))
}

/// Four IMPs in a square, with a host each, and a second one on IMP 1. From 1 to 3 the way leads by 2.
fn square() -> World {
    World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [3, 4], [4, 1]], &[1, 65, 2, 3, 4]))
}

/// How long it takes, in steps of 10 ms, until something is so.
fn takes(world: &mut World, so: impl Fn(&World) -> bool) -> u64 {
    let start = world.micros();
    while !so(world) {
        world.pass(10_000);
        assert!(world.micros() - start < 60_000_000, "it never comes about");
    }
    world.micros() - start
}

/// The lines that packets of messages from one IMP to another crossed.
fn way(world: &World, from: u8, to: u8) -> Vec<(u8, u8)> {
    let data = world.crossings.iter().filter(|(_, crossing)| {
        (crossing.source, crossing.destination) == (from, to)
            && !crossing.again
            && matches!(crossing.what, Carried::Data { .. })
    });
    data.map(|(_, crossing)| (crossing.from_imp, crossing.to_imp)).collect()
}

#[test]
fn news_of_an_imp_travels_one_line_a_tick() {
    let mut world = row();
    world.fault(Fault::ImpCrashes { imp: 5 });
    takes(&mut world, |world| (1..5).all(|imp| !world.subnet.reaches(imp, 5)));
    world.fault(Fault::ImpRestarts { imp: 5 });
    takes(&mut world, |world| world.subnet.reaches(4, 5));
    let mut before = 0;
    for imp in [3, 2, 1] {
        assert!(!world.subnet.reaches(imp, 5), "IMP {imp} has not heard of it");
        before = takes(&mut world, |world| world.subnet.reaches(imp, 5));
        assert!(
            before <= TICK + 10_000,
            "IMP {imp} hears at the next tick of its neighbour and acts at its own"
        );
    }
    assert!(before > 0);
}

#[test]
fn hearsay_of_a_dead_imp_ends() {
    let mut world = row();
    world.fault(Fault::ImpCrashes { imp: 5 });
    let gone = takes(&mut world, |world| (1..5).all(|imp| !world.subnet.reaches(imp, 5)));
    // Five ticks until the line is dead. Then 3 and 4 each count on what the other one says: two lines a tick
    // and more, up to 22.
    assert!((5 * TICK - 100_000..5 * TICK + 22 * TICK).contains(&gone), "{gone}");
    world.says(1, regular(5, 7, 8));
    world.pass(5_000);
    assert_eq!(world.told(1), [imp_dead(5, 7)], "its source IMP knows");
}

#[test]
fn a_ring_in_which_an_imp_dies_forgets_it_too() {
    let lines = [[1, 2], [2, 3], [3, 4], [4, 5], [5, 1]];
    let mut world = World::new(&net(&[1, 2, 3, 4, 5], &lines, &[1, 2, 3, 4, 5]));
    world.fault(Fault::ImpCrashes { imp: 5 });
    let gone = takes(&mut world, |world| (1..5).all(|imp| !world.subnet.reaches(imp, 5)));
    assert!(gone < 5 * TICK + 22 * TICK, "{gone}");
    world.says(1, regular(4, 7, 8));
    world.rest();
    assert_eq!(world.told(1), [rfnm(4, 7)], "the others go on, the long way round");
    assert_eq!(way(&world, 1, 4), [(1, 2), (2, 3), (3, 4)]);
}

#[test]
fn a_net_that_is_cut_in_two_answers_and_when_it_heals_messages_pass() {
    let mut world = row();
    world.fault(Fault::LineFails { between: [2, 3] });
    takes(&mut world, |world| !world.subnet.reaches(1, 5) && !world.subnet.reaches(5, 1));
    world.says(1, regular(5, 1, 5000));
    world.says(5, regular(2, 2, 8));
    world.says(1, regular(2, 3, 8));
    world.rest();
    assert_eq!(world.told(5), [imp_dead(2, 2)]);
    assert_eq!(world.told(1), [imp_dead(5, 1), rfnm(2, 3)]);

    world.fault(Fault::LineHeals { between: [2, 3] });
    let healed = takes(&mut world, |world| world.subnet.reaches(1, 5) && world.subnet.reaches(5, 1));
    // Both ends hear each other within two ticks; then the news has three lines to go on the longer side.
    assert!(healed <= 5 * TICK, "{healed}");
    world.forget();
    world.says(1, regular(5, 4, 5000));
    world.rest();
    assert_eq!(world.told(1), [rfnm(5, 4)]);
}

#[test]
fn what_waits_for_a_line_that_dies_takes_another_way() {
    let mut world = square();
    world.says(1, regular(3, 7, 900));
    // It is on the line 1-2 from 10,320 us on.
    world.until(15_000);
    world.fault(Fault::LineFails { between: [1, 2] });
    world.says(1, regular(3, 8, 8));
    world.rest();
    assert_eq!(world.told(3), [regular_from(1, 7), regular_from(1, 8)], "late, and in order");
    let told = world.told(1);
    assert!(told.len() == 2 && told.contains(&rfnm(3, 7)) && told.contains(&rfnm(3, 8)), "{told:?}");
    let way = way(&world, 1, 3);
    assert_eq!(way[..2], [(1, 2), (1, 2)], "both were tried on the line");
    assert_eq!(
        way.iter().filter(|line| **line == (1, 4)).count(),
        2,
        "and went the other way round: {way:?}"
    );
    // Dead after the fifth tick, 3.1 s after the epoch.
    let (at, _) = world.told_when(3)[0];
    assert!((3_100_000..3_400_000).contains(&at), "{at}");
}

#[test]
fn traffic_goes_around_a_queue() {
    let mut world = square();
    for link in 0..20 {
        world.says(65, regular(2, link, 8000));
    }
    // What IMP 1 has for IMP 3 went by IMP 2, as long as no packets waited.
    for link in 0..20 {
        world.pass(150_000);
        world.says(1, regular(3, link, 900));
    }
    world.rest();
    let way = way(&world, 1, 3);
    let detours = way.iter().filter(|line| **line == (1, 4)).count();
    assert!(detours >= 10, "once there is a queue for the line to 2: {way:?}");
    assert_eq!(world.told(1), (0..20).map(|link| rfnm(3, link)).collect::<Vec<_>>());
    assert_eq!(world.told(3), (0..20).map(|link| regular_from(1, link)).collect::<Vec<_>>());
}

#[test]
fn a_ring_stands_the_loss_of_any_line() {
    let lines = [[1, 2], [2, 3], [3, 4], [4, 5], [5, 1]];
    for cut in lines {
        let mut world = World::new(&net(&[1, 2, 3, 4, 5], &lines, &[1, 2, 3, 4, 5]));
        world.fault(Fault::LineFails { between: cut });
        for from in 1..6 {
            for to in (1..6).filter(|to| *to != from) {
                world.says(from, regular(to, to, 8));
            }
        }
        world.rest();
        for from in 1..6 {
            let answered = (1..6).filter(|to| world.told(from).contains(&rfnm(*to, *to))).count();
            assert_eq!(answered, 4, "without {cut:?} IMP {from} reaches all others");
        }
        let mut crossed: Vec<(u8, u8)> = Vec::new();
        for (_, crossing) in world.crossings.iter().filter(|(_, crossing)| !crossing.again) {
            if matches!(crossing.what, Carried::Data { .. }) {
                crossed.push((crossing.source, crossing.destination));
            }
        }
        for pair in &crossed {
            let lines = crossed.iter().filter(|one| *one == pair).count();
            // Two IMPs that each take the other one for the way throw a packet back and forth, some 10 ms each time, until
            // both have ticked.
            assert!(lines <= 100, "without {cut:?} {pair:?} crossed {lines} lines");
        }
    }
}
