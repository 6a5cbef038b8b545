//! Forty packet buffers in each IMP, and traffic that wants more of them: nothing is lost, and nothing stands still
//! (RFC 442, Buffer Allocation; RFC 626).

use imp1822::{FromImp, MAX_DATA_BITS};
use machine::Rounds;

use crate::world::{World, net, regular, rfnm};

/// The addresses of all four hosts on each of these IMPs.
fn four_on_each(imps: &[u8]) -> Vec<u8> {
    imps.iter().flat_map(|imp| [*imp, imp + 64, imp + 128, imp + 192]).collect()
}

/// How many of what a host was told are RFNMs, and how many are other answers.
fn answers(world: &World, host: u8) -> (usize, usize) {
    let told = world.told(host);
    let rfnms = told.iter().filter(|told| matches!(told, FromImp::Rfnm { .. })).count();
    let regular = told.iter().filter(|told| matches!(told, FromImp::Regular { .. })).count();
    (rfnms, told.len() - rfnms - regular)
}

#[test]
fn a_host_flooded_from_nine_imps_gets_all_of_it() {
    // IMPs 2 to 10 around IMP 1, on a line each.
    let around: Vec<u8> = (2..=10).collect();
    let imps: Vec<u8> = (1..=10).collect();
    let lines: Vec<[u8; 2]> = around.iter().map(|imp| [1, *imp]).collect();
    let hosts: Vec<u8> = imps.clone();
    let mut world = World::new(&net(&imps, &lines, &hosts));
    for from in &around {
        for link in 0..6 {
            let data = if link % 3 == 2 { 8 } else { MAX_DATA_BITS };
            world.says(*from, regular(1, link, data));
        }
    }
    world.rest();
    assert_eq!(world.told(1).len(), 54, "all arrive");
    for from in around {
        // The RFNM of a long message waits for room for the next one, that of a short one does not.
        let mut told = world.told(from);
        told.sort_by_key(|told| format!("{told:?}"));
        assert_eq!(told, (0..6).map(|link| rfnm(1, link)).collect::<Vec<_>>(), "from {from}");
    }
    // 36 messages of 8096 bits on the cable: 2.9 s are the least.
    let last = world.told_when(1).last().map_or(0, |(at, _)| *at);
    assert!(last < 4_000_000, "the cable of the host is never idle for long: {last}");
}

#[test]
fn imps_in_a_ring_that_are_full_of_packets_for_each_other_do_not_stand_still() {
    // From each IMP to the one after the next: the shorter way leads forward.
    let imps = [1, 2, 3, 4, 5];
    let hosts = four_on_each(&imps);
    let mut world = World::new(&net(&imps, &[[1, 2], [2, 3], [3, 4], [4, 5], [5, 1]], &hosts));
    for host in &hosts {
        let to = (host % 64 + 1) % 5 + 1;
        for link in 0..6 {
            world.says(*host, regular(to + host / 64 * 64, link, MAX_DATA_BITS));
        }
    }
    world.rest();
    let not_answered: Vec<u8> =
        hosts.iter().copied().filter(|host| answers(&world, *host) != (6, 0)).collect();
    assert!(not_answered.is_empty(), "all that is sent has its RFNM, but not at {not_answered:?}");
    println!("LAST {:?}", world.heard.last().map(|a| a.0));
    // 24 messages of eight packets leave each IMP, and as many pass: 48 * 8 * 1176 bits are 9.0 s of line time.
    let last = world.heard.last().map_or(0, |(at, ..)| at.as_micros());
    assert!(last < 30_000_000, "and in time: {last}");
}

#[test]
fn single_packets_get_through_to_an_imp_whose_buffers_are_wanted_by_many() {
    let around: Vec<u8> = (2..=10).collect();
    let imps: Vec<u8> = (1..=10).collect();
    let lines: Vec<[u8; 2]> = around.iter().map(|imp| [1, *imp]).collect();
    let mut hosts = imps.clone();
    hosts.push(65);
    let mut world = World::new(&net(&imps, &lines, &hosts));
    for from in 2..10 {
        (0..5).for_each(|link| world.says(from, regular(1, link, MAX_DATA_BITS)));
    }
    for link in 0..10 {
        world.pass(200_000);
        let (sent, before) = (world.micros(), world.told(10).len());
        world.says(10, regular(65, link, 8));
        let mut rounds = Rounds::until("the message has its answer");
        while world.told(10).len() == before {
            rounds.count();
            world.pass(10_000);
        }
        assert!(world.micros() - sent < 500_000, "message {link} took {}", world.micros() - sent);
    }
    assert_eq!(world.told(10), (0..10).map(|link| rfnm(65, link)).collect::<Vec<_>>());
}

#[test]
fn single_packets_between_long_messages_from_several_imps_do_not_lock_them_up() {
    // RFC 626: IMPs send long messages to one, and then each a single packet that comes when all buffers are promised.
    // Two hosts of each IMP take turns, so that a long message with room that came with a RFNM overtakes the single
    // packet that has none.
    let imps = [1, 2, 3, 4, 5];
    let hosts: Vec<u8> = four_on_each(&imps);
    for delay in [0, 20_000, 60_000, 90_000, 110_000, 130_000] {
        let mut world = World::new(&net(&imps, &[[1, 2], [1, 3], [1, 4], [1, 5]], &hosts));
        for round in 0..6 {
            for from in [2, 3, 4, 5] {
                world.says(from, regular(1, 2 * round, MAX_DATA_BITS));
                world.says(from + 64, regular(65, 2 * round, MAX_DATA_BITS));
                world.says(from, regular(1, 2 * round + 1, 8));
            }
            world.pass(delay);
        }
        world.rest();
        for from in [2, 3, 4, 5] {
            assert_eq!(answers(&world, from), (12, 0), "host {from}, rounds {delay} us apart");
            assert_eq!(answers(&world, from + 64), (6, 0), "host {}, rounds {delay} us apart", from + 64);
        }
        let last = world.heard.last().map_or(0, |(at, ..)| at.as_micros());
        assert!(last < 12_000_000, "nobody has to lose patience: {last}");
    }
}

#[test]
fn a_ring_of_nine_imps_whose_hosts_all_send_four_imps_on_does_not_stand_still() {
    let imps: Vec<u8> = (0..9).collect();
    let hosts = four_on_each(&imps);
    let lines: Vec<[u8; 2]> = imps.iter().map(|imp| [*imp, (imp + 1) % 9]).collect();
    let mut world = World::new(&net(&imps, &lines, &hosts));
    for host in &hosts {
        let to = (host % 64 + 4) % 9;
        for link in 0..16 {
            world.says(*host, regular(to + host / 64 * 64, link, MAX_DATA_BITS));
        }
    }
    world.rest();
    let rfnms: usize = hosts.iter().map(|host| answers(&world, *host).0).sum();
    println!("{rfnms} {:?}", world.now);
    assert_eq!(rfnms, 576, "all that is sent has its RFNM");
}
