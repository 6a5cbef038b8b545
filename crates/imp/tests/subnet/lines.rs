//! Between neighbours: acknowledgements, what is sent again, and what goes first (RFC 442, ACK Mechanism).

use imp::{Carried, Fault, Mishap, Notice, Toward};
use imp1822::{FromImp, MAX_DATA_BITS};
use machine::{Rate, Span};

use crate::world::{World, net, priority, regular, regular_from, rfnm, since_epoch};

fn pair() -> World {
    World::new(&net(&[1, 2], &[[1, 2]], &[1, 65, 2, 66]))
}

/// The packets of messages that left an IMP: when, message, packet, and whether it had been sent before.
fn left(world: &World, imp: u8) -> Vec<(u64, u8, u8, bool)> {
    let these = world.crossings.iter().filter(|(_, crossing)| crossing.from_imp == imp);
    let these = these.filter_map(|(at, crossing)| match crossing.what {
        Carried::Data { number, packet, .. } => Some((since_epoch(*at), number, packet, crossing.again)),
        _ => None,
    });
    these.collect()
}

fn sent_again(world: &World) -> usize {
    world.crossings.iter().filter(|(_, crossing)| crossing.again).count()
}

#[test]
fn a_packet_is_acknowledged_alone_if_nothing_else_goes_back() {
    let mut world = pair();
    world.says(1, regular(2, 7, 8));
    world.until(500_000);
    let acks: Vec<(u64, u8)> =
        world.of_the_line.iter().map(|(at, crossing)| (since_epoch(*at), crossing.from_imp)).collect();
    // Message: 400 us and 1 ms; 184 bits, 5 ms, 1 ms: 11,080. RFNM: 3,360 us later, and then 9,360 us: 23,800.
    assert_eq!(acks, [(11_080, 2), (23_800, 1)]);
    assert_eq!(sent_again(&world), 0);
}

#[test]
fn a_packet_that_is_not_acknowledged_is_sent_again_after_125_ms() {
    let mut world = pair();
    world.says(1, regular(2, 7, 8));
    // It is on the line from 1,400 to 5,080 us.
    world.until(3_000);
    world.fault(Fault::LineFails { between: [1, 2] });
    world.fault(Fault::LineHeals { between: [1, 2] });
    world.until(500_000);
    assert_eq!(left(&world, 1), [(1_400, 0, 1, false), (126_400, 0, 1, true)]);
    // As long as the first time: 3,680 us, 5 ms, 1 ms, and on the cable 480 us.
    assert_eq!(world.told_when(2), [(126_400 + 10_160, regular_from(1, 7))]);
    assert_eq!(world.told(1), [rfnm(2, 7)]);
    assert_eq!(world.notices, [], "nobody has noticed that the line had failed");
}

#[test]
fn a_packet_is_sent_again_every_125_ms_until_it_is_acknowledged_and_so_is_a_later_one() {
    let mut world = pair();
    world.says(1, regular(2, 7, 8));
    world.until(3_000);
    world.fault(Fault::LineFails { between: [1, 2] });
    world.until(400_000);
    world.fault(Fault::LineHeals { between: [1, 2] });
    world.until(600_000);
    let times = [1_400, 126_400, 251_400, 376_400, 501_400];
    let expected: Vec<_> = times.into_iter().map(|at| (at, 0, 1, at > 1_400)).collect();
    assert_eq!(left(&world, 1), expected, "three were lost like the first");
    assert_eq!((world.told(2), world.told(1)), (vec![regular_from(1, 7)], vec![rfnm(2, 7)]));

    // The next one on the same line has a clock of its own, whatever became of the other's.
    world.forget();
    world.until(700_000);
    world.says(1, regular(2, 8, 8));
    world.until(702_000);
    world.fault(Fault::LineFails { between: [1, 2] });
    world.until(800_000);
    world.fault(Fault::LineHeals { between: [1, 2] });
    world.until(1_200_000);
    assert_eq!(left(&world, 1), [(701_400, 1, 1, false), (826_400, 1, 1, true)]);
    assert_eq!((world.told(2), world.told(1)), (vec![regular_from(1, 8)], vec![rfnm(2, 8)]));
    assert_eq!(world.notices, [], "nobody has noticed that the line had failed");
}

#[test]
fn a_packet_whose_acknowledgement_is_lost_is_known_when_it_comes_again() {
    let mut world = pair();
    world.says(1, regular(2, 7, 8));
    // The acknowledgement is on the line at 12,000 us, the RFNM only later; this one is lost, too.
    world.until(16_000);
    world.fault(Fault::LineFails { between: [2, 1] });
    world.fault(Fault::LineHeals { between: [2, 1] });
    world.rest();
    assert_eq!(left(&world, 1), [(1_400, 0, 1, false), (126_400, 0, 1, true)]);
    assert_eq!(world.told(2), [regular_from(1, 7)], "it is delivered once");
    assert_eq!(world.told(1), [rfnm(2, 7)]);
    let rfnms: Vec<bool> = world
        .crossings
        .iter()
        .filter(|(_, crossing)| matches!(crossing.what, Carried::Rfnm { .. }))
        .map(|(_, crossing)| crossing.again)
        .collect();
    assert_eq!(rfnms, [false, true], "the answer was sent again, too");
}

#[test]
fn hosts_see_nothing_of_a_line_that_errs() {
    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 3]));
    for [a, b] in [[1, 2], [2, 3]] {
        world.fault(Fault::LineErrs { between: [a, b], one_in: Some(5_000) });
    }
    let size = |link: u8| if link.is_multiple_of(4) { 4_000 } else { 300 };
    for link in 0..40 {
        world.says(1, regular(3, link, size(link)));
        world.says(3, regular(1, link, size(link)));
        world.pass(200_000);
    }
    world.pass(20_000_000);
    for [a, b] in [[1, 2], [2, 3]] {
        world.fault(Fault::LineErrs { between: [a, b], one_in: None });
    }
    world.rest();
    for host in [1, 3] {
        let told = world.told(host);
        let arrived: Vec<FromImp> = (0..40).map(|link| regular_from(4 - host, link)).collect();
        let is_regular = |told: &&FromImp| matches!(told, FromImp::Regular { .. });
        let regular: Vec<FromImp> = told.iter().filter(is_regular).copied().collect();
        assert_eq!(regular, arrived, "all, once, and in order");
        let answered = (0..40).filter(|link| told.contains(&rfnm(4 - host, *link))).count();
        assert_eq!((answered, told.len()), (40, 80), "and each has its RFNM");
    }
    assert!(sent_again(&world) > 40, "though much was sent again: {}", sent_again(&world));
}

#[test]
fn priority_packets_leave_before_others_that_wait_for_the_line() {
    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 65, 2, 3]));
    world.says(1, regular(3, 0, 900));
    world.says(1, regular(3, 1, 900));
    world.says(1, regular(3, 2, 900));
    world.says(65, regular(3, 3, 1));
    world.until(30_500);
    // The first is on the line; two wait.
    world.says(65, priority(2, 4, 8));
    world.until(500_000);
    let order: Vec<String> = world.crossed().into_iter().filter(|words| words.starts_with("1>2")).collect();
    let last = |words: &String| words.rsplit(", ").next().map(str::to_owned);
    let order: Vec<String> = order.iter().filter_map(last).collect();
    assert_eq!(order, ["host 65 to 3", "host 1 to 3", "host 65 to 2", "host 1 to 3", "host 1 to 3"]);
}

#[test]
fn a_packet_that_must_be_sent_again_goes_before_new_ones() {
    let mut world = pair();
    // 184 bits on the line from 1,400 us to 5,080: lost.
    world.says(1, regular(2, 7, 8));
    world.until(3_000);
    world.fault(Fault::LineFails { between: [1, 2] });
    world.fault(Fault::LineHeals { between: [1, 2] });
    world.until(80_000);
    // Packets of this one keep the line busy from about 111 ms on; priority packets wait, too.
    world.says(65, regular(66, 1, 5_000));
    world.says(1, priority(2, 8, 900));
    world.says(1, priority(2, 9, 900));
    world.until(500_000);
    let left = left(&world, 1);
    let at = left.iter().position(|(.., again)| *again).expect("it is sent again");
    let (again, before) = (left[at].0, left[at - 1].0);
    assert!(before < 126_400 && again - before <= 23_520, "as soon as the line is free: {left:?}");
    assert!(left[at..].iter().any(|(_, number, ..)| *number == 3), "others waited for it");
}

#[test]
fn eight_packets_may_be_under_way_and_the_ninth_waits() {
    let mut net = net(&[1, 2], &[[1, 2]], &[1, 65, 2]);
    net.lines[0].delay = Span::from_millis(270);
    let mut world = World::new(&net);
    world.says(1, regular(2, 7, MAX_DATA_BITS));
    world.says(65, regular(2, 8, MAX_DATA_BITS));
    world.rest();
    let left = left(&world, 1);
    assert_eq!(left.len(), 16);
    let gaps: Vec<u64> = left.windows(2).map(|two| two[1].0 - two[0].0).collect();
    assert_eq!(gaps[..7], [23_520; 7], "eight leave one after the other");
    let ninth = left[8].0 - left[0].0;
    assert!(ninth > 540_000, "the ninth waits for the acknowledgement of the first: {ninth}");
}

/// Two hosts send each other what they can over a line of this rate and length; how often something was sent again.
fn both_ways(rate: Rate, delay: Span) -> usize {
    let mut net = net(&[1, 2], &[[1, 2]], &[1, 65, 2, 66]);
    net.lines[0].rate = rate;
    net.lines[0].delay = delay;
    let mut world = World::new(&net);
    for link in 0..8 {
        for (from, to) in [(1, 2), (2, 1), (65, 66), (66, 65)] {
            world.says(from, regular(to, link, MAX_DATA_BITS));
        }
        world.pass(1_000_000);
    }
    world.rest();
    for (from, to) in [(1, 2), (2, 1), (65, 66), (66, 65)] {
        let answered = (0..8).filter(|link| world.told(from).contains(&rfnm(to, *link))).count();
        assert_eq!(answered, 8, "all arrive");
    }
    sent_again(&world)
}

#[test]
fn nothing_is_sent_again_in_vain_on_a_long_or_slow_line() {
    assert_eq!(both_ways(Rate::kilobits(50), Span::from_millis(5)), 0, "in the country");
    assert_eq!(both_ways(Rate::kilobits(50), Span::from_millis(270)), 0, "by satellite");
    let slow = Rate::from_bits_per_second(9_600).expect("not zero");
    assert_eq!(both_ways(slow, Span::from_millis(5)), 0, "at 9.6 kb/s");
}

#[test]
fn a_line_is_dead_after_four_missed_routing_messages_and_alive_when_both_ends_hear() {
    let mut world = pair();
    world.fault(Fault::LineFails { between: [1, 2] });
    world.until(20_000_000);
    let dead: Vec<(u64, u8, Notice)> =
        world.notices.iter().map(|(at, imp, notice)| (since_epoch(*at), *imp, *notice)).collect();
    // IMP 1 ticks at 10 ms after the start and then every 640 ms, IMP 2 at 20 ms; the epoch is at 100 ms. Both have
    // heard one another just before the epoch. At the fifth tick after that four have been missed.
    assert_eq!(
        dead,
        [(5 * 640_000 - 90_000, 1, Notice::LineDead(2)), (5 * 640_000 - 80_000, 2, Notice::LineDead(1))]
    );
    world.notices.clear();
    world.fault(Fault::LineHeals { between: [1, 2] });
    world.pass(3_000_000);
    let alive: Vec<(u8, Notice)> = world.notices.iter().map(|(_, imp, notice)| (*imp, *notice)).collect();
    assert_eq!(alive.len(), 2);
    assert!(alive.contains(&(1, Notice::LineAlive(2))) && alive.contains(&(2, Notice::LineAlive(1))));
}

#[test]
fn a_line_that_fails_and_heals_before_that_loses_nothing_and_nobody_notices() {
    let mut world = pair();
    for link in 0..4 {
        world.says(1, regular(2, link, 900));
    }
    world.until(20_000);
    world.fault(Fault::LineFails { between: [1, 2] });
    world.until(2_000_000);
    world.fault(Fault::LineHeals { between: [1, 2] });
    world.until(3_000_000);
    assert_eq!(world.told(2), (0..4).map(|link| regular_from(1, link)).collect::<Vec<_>>());
    assert_eq!(world.told(1), (0..4).map(|link| rfnm(2, link)).collect::<Vec<_>>());
    assert_eq!(world.notices, []);
}

#[test]
fn a_mishap_on_a_host_cable_is_nothing_to_the_lines() {
    let mut world = pair();
    world.mishap(2, Toward::Host, Mishap::Lost);
    world.says(1, regular(2, 7, 8));
    world.says(1, regular(2, 8, 8));
    world.rest();
    assert_eq!(world.told(2), [regular_from(1, 8)]);
    assert_eq!(world.told(1), [rfnm(2, 7), rfnm(2, 8)], "what is lost behind its IMP has arrived");
    assert_eq!(sent_again(&world), 0);
}
