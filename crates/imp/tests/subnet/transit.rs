//! Messages that arrive: how long they take, whole, and in which packets.
//!
//! Cables bring 100 kb/s, 10 us a bit; lines 50 kb/s, 20 us a bit, and are 5 ms long. An IMP looks at each packet from
//! a line or a host for 1 ms before it passes it on; the cable goes on meanwhile. An IMP that has nothing else to send
//! acknowledges with 168 bits, which take 3,360 us: what comes next waits for that.

use imp::{Carried, Output, Settings, Subnet};
use imp1822::{HostAddress, MAX_DATA_BITS, Signal};
use machine::{Instant, Machine, Rounds};

use crate::world::{World, net, regular, regular_from, rfnm, since_epoch};

/// Three IMPs in a row, with a host each.
fn chain() -> World {
    World::new(&net(&[1, 2, 3], &[[1, 2], [2, 3]], &[1, 2, 3]))
}

#[test]
fn a_message_of_one_packet_takes_exactly_the_time_of_its_bits() {
    let mut world = chain();
    world.says(1, regular(3, 7, 40));
    world.until(500_000);

    // Cable: 32 + 40 bits at 10 us, and 1 ms                            1,720 us
    // Padding: 40 bits, a one, 7 zeros: 48 bits. On a line 168 + 48 = 216 bits at 20 us: 4,320 us.
    // Two lines, stored and forwarded: 2 * (4,320 + 5,000 + 1,000)     20,640 us: 22,360
    // Cable: 32 + 48 bits                                                 800 us
    assert_eq!(world.told_when(3), [(23_160, regular_from(1, 7))]);
    // IMP 3 acknowledges from 22,360 on, until                         25,720 us.
    // RFNM: 168 bits on each line: 2 * (3,360 + 5,000 + 1,000)         18,720 us: 44,440
    // Cable: 32 bits                                                      320 us
    assert_eq!(world.told_when(1), [(44_760, rfnm(3, 7))]);
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
    world.until(500_000);

    let packets: Vec<(u8, bool, usize)> = world
        .crossings
        .iter()
        .filter_map(|(_, crossing)| match crossing.what {
            Carried::Data { packet, last, .. } => Some((packet, last, crossing.bits)),
            _ => None,
        })
        .collect();
    assert_eq!(packets, (1..=8).map(|packet| (packet, packet == 8, 168 + 1008)).collect::<Vec<_>>());

    // The first packet, 32 + 1008 bits, is in IMP 1 after               10,400 us, looked at after 11,400.
    // REQ(8): 168 bits, 5 ms, 1 ms                                       9,360 us: 20,760
    // ALL(8), that says the acknowledgement too: the same              9,360 us: 30,120
    // The cable brings packets faster than the line takes them.
    // Line: 8 * 1176 bits at 20 us, 5 ms, 1 ms                         194,160 us: 224,280
    // Cable: 32 + 8064 bits                                             80,960 us: 305,240
    assert_eq!(world.told_when(2), [(305_240, regular_from(1, 7))]);
    // The first packet is in the host after 32 + 1008 bits, at         234,680 us.
    // There is room for another message: RFNM and ALL(8), 168 bits,
    // 5 ms, 1 ms, and 32 bits on the cable                               9,680 us: 244,360
    assert_eq!(world.told_when(1), [(244_360, rfnm(2, 7))]);
    let Some((_, _, Signal::Message(bits))) = world.heard.last() else { panic!("{:?}", world.heard) };
    assert_eq!(bits.len(), 32 + 8064);
    assert!(bits.bytes()[4..].iter().all(|byte| *byte == 0xff), "8063 ones, and the one of the padding");
}

#[test]
fn messages_on_one_cable_leave_one_after_the_other() {
    let mut world = chain();
    world.says(1, regular(2, 1, 968));
    world.says(1, regular(2, 2, 40));
    world.until(500_000);
    let begun = world.crossings.iter().filter(|(_, crossing)| crossing.from_imp == 1);
    let begun: Vec<u64> = begun.map(|(at, _)| since_epoch(*at)).collect();
    // 1000 bits, and 1 ms; a packet of 168 + 976 bits takes 22,880 us on the line, the other one waits for it.
    assert_eq!(begun, [11_000, 33_880]);
}

#[test]
fn the_imp_looks_at_a_message_while_the_next_one_comes() {
    let mut world = chain();
    world.says(1, regular(2, 1, 40));
    world.says(1, regular(2, 2, 1000));
    world.until(500_000);
    let begun = world.crossings.iter().filter(|(_, crossing)| crossing.from_imp == 1);
    let begun: Vec<u64> = begun.map(|(at, _)| since_epoch(*at)).collect();
    // 72 bits, then at once 1032 bits; each is looked at for 1 ms.
    assert_eq!(begun, [1_720, 720 + 10_320 + 1_000]);
}

#[test]
fn hosts_on_one_imp_talk_through_it_and_a_host_talks_to_itself() {
    let mut world = World::new(&net(&[1, 2], &[[1, 2]], &[1, 65, 2]));
    world.says(1, regular(65, 3, 40));
    world.until(500_000);
    // Cable in 720 us, 1 ms, cable out 800 us, RFNM 320 us.
    assert_eq!(world.told_when(65), [(2_520, regular_from(1, 3))]);
    assert_eq!(world.told_when(1), [(2_840, rfnm(65, 3))]);

    world.forget();
    world.says(1, regular(1, 4, 40));
    world.says(1, regular(1, 5, MAX_DATA_BITS));
    world.rest();
    let heard = [regular_from(1, 4), rfnm(1, 4), regular_from(1, 5), rfnm(1, 5)];
    assert_eq!(world.told(1), heard);
    assert!(world.crossings.is_empty(), "no line is needed, not even to ask for room");
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
    let mut rounds = Rounds::until("the subnet comes to rest");
    while let Some(due) = subnet.deadline() {
        rounds.count();
        subnet.alarm(due);
        seen.extend(std::iter::from_fn(|| subnet.poll()));
    }
    assert_eq!(seen.len(), 4, "two ready lines, a message and its RFNM: {seen:?}");
    assert!(seen.iter().all(|output| matches!(output, Output::Host(..))));
}
