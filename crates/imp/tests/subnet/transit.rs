//! Messages that arrive: when, whole, in order, and no more than four at a time.

use imp::{Carried, Output, Settings, Subnet};
use imp1822::{FromImp, HostAddress, MAX_DATA_BITS, Signal};
use machine::{Instant, Machine};

use crate::world::{World, net, priority, regular, regular_from, rfnm};

/// Three IMPs in a row, with a host each.
fn chain() -> World {
    World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 2, 3]))
}

#[test]
fn a_message_of_one_packet_takes_exactly_the_time_of_its_bits() {
    let mut world = chain();
    world.says(1, regular(3, 7, 40));
    world.rest();

    // Cable, 100 kb/s: 32 + 40 bits at 10 us                              720 us
    // Padding: 40 bits, a one, 7 zeros: 48 bits. On a line 168 + 48 = 216 bits at 20 us: 4320 us.
    // Two lines, stored and forwarded: 2 * (4320 + 5000)               18,640 us
    // Cable: 32 + 48 bits                                                 800 us
    assert_eq!(world.told_when(3), [(20_160, regular_from(1, 7))]);
    // RFNM: 168 bits on each line: 2 * (3360 + 5000)                   16,720 us
    // Cable: 32 bits                                                      320 us
    assert_eq!(world.told_when(1), [(37_200, rfnm(3, 7))]);
    assert_eq!(world.now.as_micros(), 37_200, "a subnet at rest waits for nothing");
}

#[test]
fn the_text_arrives_with_the_source_in_its_leader_and_the_padding_behind() {
    let mut world = chain();
    world.says(1, regular(3, 7, 4));
    world.rest();
    let Some((_, 3, Signal::Message(bits))) = world.heard.first() else { panic!("{:?}", world.heard) };
    assert_eq!(bits.bytes(), [0, 1, 7, 0, 0b1111_1000, 0]);
    assert_eq!(bits.len(), 48);
}

#[test]
fn the_longest_message_crosses_in_eight_packets_and_its_rfnm_does_not_wait_for_the_last() {
    let mut world = chain();
    world.says(1, regular(2, 7, MAX_DATA_BITS));
    world.rest();

    let packets: Vec<(u8, bool, usize)> = world
        .crossings
        .iter()
        .filter_map(|(_, crossing)| match crossing.what {
            Carried::Data { packet, last, .. } => Some((packet, last, crossing.bits)),
            _ => None,
        })
        .collect();
    assert_eq!(packets, (1..=8).map(|packet| (packet, packet == 8, 168 + 1008)).collect::<Vec<_>>());

    // Cable: 8095 bits                                                 80,950 us
    // Line: 8 * 1176 bits at 20 us, and 5 ms                          193,160 us: 274,110
    // Cable: 32 + 8064 bits                                            80,960 us: 355,070
    assert_eq!(world.told_when(2), [(355_070, regular_from(1, 7))]);
    // The first packet is in the host after 32 + 1008 bits, at        284,510 us.
    // RFNM: 168 bits, 5 ms, and 32 bits on the cable                    8,680 us: 293,190
    assert_eq!(world.told_when(1), [(293_190, rfnm(2, 7))]);
    let Some((_, _, Signal::Message(bits))) = world.heard.last() else { panic!("{:?}", world.heard) };
    assert_eq!(bits.len(), 32 + 8064);
    assert!(bits.bytes()[4..].iter().all(|byte| *byte == 0xff), "8063 ones, and the one of the padding");
}

#[test]
fn messages_on_one_cable_leave_one_after_the_other() {
    let mut world = chain();
    world.says(1, regular(2, 1, 968));
    world.says(1, regular(2, 2, 968));
    world.until(100_000);
    let begun: Vec<u64> =
        world.crossings.iter().filter(|(_, c)| c.from_imp == 1).map(|(at, _)| at.as_micros()).collect();
    // 1000 bits each; a packet of 168 + 976 bits takes 22,880 us on the line, longer than the next one's cable.
    assert_eq!(begun, [10_000, 32_880]);
}

#[test]
fn the_fifth_message_waits_for_an_answer_and_stops_its_host() {
    let mut world = chain();
    (0..5).for_each(|link| world.says(1, regular(3, link, 8)));
    world.says(1, regular(2, 5, 8));
    world.rest();

    let leaves_imp_1 = |wanted: u8, to: u8| {
        let found = world.crossings.iter().find(|(_, crossing)| {
            crossing.from_imp == 1
                && crossing.destination == to
                && matches!(crossing.what, Carried::Data { number, .. } if number == wanted)
        });
        found.map(|(at, _)| *at).expect("it is sent")
    };
    // The first RFNM is in IMP 1 just before it is on the cable to host 1 for 320 us.
    let first_answer = Instant::from_micros(world.told_when(1)[0].0 - 320);
    assert!(leaves_imp_1(3, 3) < first_answer, "four may be outstanding");
    assert_eq!(leaves_imp_1(4, 3), first_answer, "the fifth leaves at once when the first is answered");
    assert!(leaves_imp_1(0, 2) > first_answer, "what the host says next waits behind it, for whomever it is");
    assert_eq!(world.told(3), (0..5).map(|link| regular_from(1, link)).collect::<Vec<_>>());
    assert_eq!(world.told(1).len(), 6, "each has its RFNM");
}

#[test]
fn the_four_are_shared_by_all_hosts_of_an_imp_and_counted_for_each_destination() {
    let mut world = World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 65, 2, 3]));
    (0..4).for_each(|link| world.says(1, regular(3, link, 8)));
    // Host 65 speaks a little later, so that its first message is the fifth.
    world.until(2_000);
    world.says(65, regular(3, 10, 8));
    world.rest();
    let first_answer = world.told_when(1)[0].0;
    let fifth_answer = world.told_when(65)[0].0;
    assert!(fifth_answer > first_answer + 30_000, "it had to wait: {first_answer} {fifth_answer}");

    world.heard.clear();
    (0..4).for_each(|link| world.says(1, regular(3, link, 8)));
    world.says(65, regular(2, 10, 8));
    world.rest();
    assert!(world.told_when(65)[0].0 < world.told_when(1)[0].0, "IMP 2 has four of its own");
}

/// Message 0 goes the long way round, 1-2-3-4; then the line 1-4 heals and message 1 overtakes it.
fn overtaken(second: machine::Bits) -> World {
    let mut world = World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [3, 4], [1, 4]], &[1, 4]));
    world.fault(|subnet, now| subnet.line_fails(now, 1, 4));
    world.says(1, regular(4, 0, 900));
    world.until(15_000);
    world.fault(|subnet, now| subnet.line_heals(now, 4, 1));
    world.says(1, second);
    world.rest();
    world
}

#[test]
fn a_message_that_overtakes_another_waits_for_it() {
    let world = overtaken(regular(4, 1, 8));
    assert_eq!(world.told(4), [regular_from(1, 0), regular_from(1, 1)]);
    assert_eq!(world.told(1), [rfnm(4, 0), rfnm(4, 1)]);
}

#[test]
fn a_priority_message_does_not_wait() {
    let world = overtaken(priority(4, 1, 8));
    let links: Vec<u8> = world
        .told(4)
        .iter()
        .map(|told| match told {
            FromImp::Regular { link, .. } => link.number(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(links, [1, 0]);
    assert_eq!(world.told(1), [rfnm(4, 1), rfnm(4, 0)]);
}

#[test]
fn priority_packets_leave_before_others_that_wait_for_the_line() {
    let mut world = chain();
    world.says(1, regular(3, 0, 2500));
    world.says(1, priority(3, 1, 8));
    world.rest();
    let order: Vec<u8> = world
        .crossings
        .iter()
        .filter(|(_, crossing)| crossing.from_imp == 1)
        .filter_map(|(_, crossing)| match crossing.what {
            Carried::Data { number, .. } => Some(number),
            _ => None,
        })
        .collect();
    assert_eq!(order, [0, 1, 0, 0], "after the packet that is on the line already");
}

#[test]
fn hosts_on_one_imp_talk_through_it_and_a_host_talks_to_itself() {
    let mut world = World::new(&net(&[1, 2], &[[1, 2]], &[1, 65, 2]));
    world.says(1, regular(65, 3, 40));
    world.rest();
    // Cable in 720 us, cable out 800 us, RFNM 320 us.
    assert_eq!(world.told_when(65), [(1_520, regular_from(1, 3))]);
    assert_eq!(world.told_when(1), [(1_840, rfnm(65, 3))]);

    world.heard.clear();
    world.says(1, regular(1, 4, 40));
    world.rest();
    assert_eq!(world.told(1), [regular_from(1, 4), rfnm(1, 4)]);
    assert!(world.crossings.is_empty(), "no line is needed");
}

#[test]
fn a_crossing_reads_well() {
    let mut world = chain();
    world.says(1, regular(3, 7, 40));
    world.rest();
    let lines: Vec<String> = world.crossings.iter().map(|(_, crossing)| crossing.to_string()).collect();
    assert_eq!(
        lines,
        [
            "1>2 message 0 packet 1 (last), host 1 to 3, 216 bits",
            "2>3 message 0 packet 1 (last), host 1 to 3, 216 bits",
            "3>2 RFNM 0, IMP 3 to 1, 168 bits",
            "2>1 RFNM 0, IMP 3 to 1, 168 bits",
        ]
    );
}

#[test]
fn packets_are_shown_only_to_a_watcher() {
    let mut subnet = Subnet::new(&net(&[1, 2], &[[1, 2]], &[1, 2]), Settings::default());
    let mut seen = Vec::new();
    for host in [1, 2].map(HostAddress::from) {
        subnet.handle(Instant::START, (host, Signal::Ready(true)));
    }
    subnet.handle(Instant::START, (HostAddress::from(1), Signal::Message(regular(2, 7, 8))));
    while let Some(due) = subnet.deadline() {
        subnet.alarm(due);
        seen.extend(std::iter::from_fn(|| subnet.poll()));
    }
    assert_eq!(seen.len(), 4, "two ready lines, a message and its RFNM: {seen:?}");
    assert!(seen.iter().all(|output| matches!(output, Output::Host(..))));
}
