//! Room at the destination: who asks for it, who gets it, and who gives it back (RFC 442, pages 1 to 3).

use imp::{Carried, Fault};
use imp1822::HostAddress;

use crate::world::{World, net, regular, regular_from, rfnm, since_epoch};

/// Two IMPs; hosts 1 and 65 on the first.
fn pair() -> World {
    World::new(&net(&[1, 2], &[[1, 2]], &[1, 65, 2]))
}

/// When something of that kind began to cross a line.
fn when(world: &World, what: impl Fn(Carried) -> bool) -> Vec<u64> {
    let these = world.crossings.iter().filter(|(_, crossing)| what(crossing.what));
    these.map(|(at, _)| since_epoch(*at)).collect()
}

/// What was said between an IMP and the destination 2, in both directions.
fn between(world: &World, source: u8) -> Vec<String> {
    let end = [format!(", IMP {source} to 2"), format!(", IMP 2 to {source}")];
    let host = |words: &str| words.contains("message") && words.contains(&format!("{source}>2"));
    let words = world.crossed().into_iter().filter(|words| {
        let crosses = words.starts_with(&format!("{source}>2")) || words.starts_with(&format!("2>{source}"));
        crosses && (host(words) || end.iter().any(|end| words.contains(end)))
    });
    words.collect()
}

#[test]
fn a_single_packet_that_has_room_is_answered_at_once() {
    let mut world = pair();
    world.says(1, regular(2, 7, 8));
    world.rest();
    assert_eq!(world.crossed(), ["1>2 message 0 packet 1 (last), host 1 to 2", "2>1 RFNM 0, IMP 2 to 1"]);
}

/// Host 2 stands still, and all that can be put together at IMP 2 is: four long messages for it, from the four hosts
/// on IMP 1. IMPs 3 and 4 are neighbours, too, and IMP 2 has another host, 66, that stands still.
fn full() -> World {
    let hosts = [1, 65, 129, 193, 2, 66, 3, 4];
    let mut world = World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [2, 4]], &hosts));
    for host in [2, 66].map(HostAddress::from) {
        world.fault(Fault::HostHangs { host });
    }
    for host in [1, 65, 129, 193] {
        world.says(host, regular(2, host, 8000));
    }
    world.until(1_500_000);
    world.crossings.clear();
    world
}

#[test]
fn a_single_packet_without_room_is_called_for_when_there_is_some() {
    let mut world = full();
    world.says(3, regular(66, 7, 8));
    world.until(1_600_000);
    let first = [
        "3>2 message 0 packet 1 (last), host 3 to 66",
        "2>3 ALL(1) 0, IMP 2 to 3",
        "3>2 message 0 packet 1 (last), host 3 to 66",
    ];
    assert_eq!(between(&world, 3), first, "one buffer is set aside for a packet whose turn it is");

    world.says(4, regular(66, 8, 8));
    world.until(2_500_000);
    assert_eq!(between(&world, 4), ["4>2 message 0 packet 1 (last), host 4 to 66"], "no room, no answer");

    world.fault(Fault::HostGoesOn { host: HostAddress::from(66) });
    world.until(3_000_000);
    assert_eq!(between(&world, 3).last().map(String::as_str), Some("2>3 RFNM 0, IMP 2 to 3"));
    let second = [
        "4>2 message 0 packet 1 (last), host 4 to 66",
        "2>4 ALL(1) 0, IMP 2 to 4",
        "4>2 message 0 packet 1 (last), host 4 to 66",
        "2>4 RFNM 0, IMP 2 to 4",
    ];
    assert_eq!(between(&world, 4), second, "the source has kept a copy");
    assert_eq!(world.told(66), [regular_from(3, 7), regular_from(4, 8)]);
    assert_eq!((world.told(3), world.told(4)), (vec![rfnm(66, 7)], vec![rfnm(66, 8)]));
}

#[test]
fn a_long_message_asks_first_and_its_rfnm_brings_room_for_the_next_that_is_given_back_unused() {
    let mut world = pair();
    world.says(1, regular(2, 7, 1500));
    world.rest();
    let dialogue = [
        "1>2 REQ(8) 0, IMP 1 to 2",
        "2>1 ALL(8), IMP 2 to 1",
        "1>2 message 0 packet 1, host 1 to 2",
        "1>2 message 0 packet 2 (last), host 1 to 2",
        "2>1 RFNM 0 and ALL(8), IMP 2 to 1",
        "1>2 GVB(8), IMP 1 to 2",
    ];
    assert_eq!(world.crossed(), dialogue);
    // The RFNM and the ALL(8) are in IMP 1 just before the RFNM is on the cable to host 1 for 320 us.
    let arrived = world.told_when(1)[0].0 - 320;
    assert_eq!(when(&world, |what| what == Carried::GiveBack), [arrived + 125_000]);
}

#[test]
fn room_that_came_with_a_rfnm_serves_the_next_long_message_within_125_ms() {
    let mut world = pair();
    world.says(1, regular(2, 7, 1500));
    world.until(100_000);
    assert_eq!(world.told(1), [rfnm(2, 7)]);
    // 1040 bits, 10.4 ms, are in the IMP in time.
    let arrived = world.told_when(1)[0].0 - 320;
    world.until(arrived + 125_000 - 12_000);
    world.crossings.clear();
    world.says(1, regular(2, 8, 1500));
    world.rest();
    let dialogue = [
        "1>2 message 1 packet 1, host 1 to 2",
        "1>2 message 1 packet 2 (last), host 1 to 2",
        "2>1 RFNM 1 and ALL(8), IMP 2 to 1",
        "1>2 GVB(8), IMP 1 to 2",
    ];
    assert_eq!(world.crossed(), dialogue, "no request, and no room left over");
}

#[test]
fn a_long_message_that_comes_a_little_later_must_ask_again() {
    let mut world = pair();
    world.says(1, regular(2, 7, 1500));
    world.until(100_000);
    let arrived = world.told_when(1)[0].0 - 320;
    world.until(arrived + 125_000 - 11_000);
    world.crossings.clear();
    world.says(1, regular(2, 8, 1500));
    world.rest();
    let crossed = world.crossed();
    assert_eq!(crossed[..2], ["1>2 GVB(8), IMP 1 to 2", "1>2 REQ(8) 1, IMP 1 to 2"]);
    assert_eq!(world.told(1), [rfnm(2, 7), rfnm(2, 8)]);
}

#[test]
fn several_allocations_in_hand_are_given_back_one_after_the_other() {
    let mut world = pair();
    world.says(1, regular(2, 7, 1500));
    world.says(65, regular(2, 8, 1500));
    world.rest();
    let arrived = world.told_when(1)[0].0 - 320;
    let back = when(&world, |what| what == Carried::GiveBack);
    assert_eq!(back, [arrived + 125_000, arrived + 250_000], "the second one's time begins when it is first");
    assert_eq!(when(&world, |what| what == Carried::AllocateEight).len(), 2, "both had asked");
}

#[test]
fn a_rfnm_waits_for_room_for_the_next_message_but_not_longer_than_a_second() {
    let hosts = [1, 65, 129, 2, 66, 3, 4];
    let mut world = World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [2, 4]], &hosts));
    world.fault(Fault::HostHangs { host: HostAddress::from(2) });
    for host in [1, 65, 129] {
        world.says(host, regular(2, host, 8000));
    }
    world.until(1_200_000);
    // The last eight buffers are for IMP 3; IMP 4 asks next, and its host never takes its message.
    world.says(3, regular(66, 7, 8000));
    world.until(1_300_000);
    world.says(4, regular(2, 8, 8000));
    world.until(5_000_000);
    let whole = world.told_when(66)[0].0;
    // 8064 bits and the leader, less those of the first packet.
    let first_packet = whole - 70_560;
    let rfnms = when(&world, |what| matches!(what, Carried::Rfnm { allocate: false, .. }));
    let [at] = rfnms[..] else { panic!("one without room: {:?}", world.crossed()) };
    let waited = at - first_packet;
    assert!((1_000_000..1_640_000 + 30_000).contains(&waited), "a second, and up to a tick: {waited}");
    assert_eq!(world.told(3), [rfnm(66, 7)]);
}

#[test]
fn messages_within_an_imp_need_room_as_all_do_and_leave_none_behind() {
    let mut world = pair();
    for link in 0..10 {
        world.says(1, regular(65, link, 8000));
        world.says(65, regular(65, link, 8000));
    }
    world.rest();
    assert_eq!(world.told(1), (0..10).map(|link| rfnm(65, link)).collect::<Vec<_>>());
    assert_eq!(world.told(65).len(), 30, "ten from each, and ten RFNMs");
    assert!(world.crossings.is_empty());
}
