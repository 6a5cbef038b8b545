//! What other people's tools capture: packets without times, clocks that are set, pipes, and what is not understood.

use host::Directory;
use trace::capture::{Cables, Survey, Told};
use trace::{Record, What};

use super::{captured, pcap, raw, read, records};

/// A pcapng file of this kind of packet blocks: simple ones, or the old form.
fn other_blocks(kind: u32, packets: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut block = |kind: u32, body: &[u8]| {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let length = (body.len() as u32 + 12).to_be_bytes();
        file.extend([&kind.to_be_bytes()[..], &length, &body, &length].concat());
    };
    block(0x0a0d_0d0a, &[&0x1a2b_3c4d_u32.to_be_bytes()[..], &[0, 1, 0, 0], &[0xff; 8]].concat());
    block(1, &[0, 101, 0, 0, 0, 0, 0, 0]);
    for (micros, data) in packets {
        let length = data.len() as u32;
        let head = match kind {
            3 => vec![length],
            _ => vec![7, (micros >> 32) as u32, *micros as u32, length, length],
        };
        block(kind, &[head.iter().flat_map(|n| n.to_be_bytes()).collect(), data.clone()].concat());
    }
    file
}

fn told(file: &[u8]) -> Vec<Told> {
    let survey = Survey::of(file).expect("it is a capture");
    let introduced = survey.introduce(file, &[], Directory::default()).expect("it is one");
    introduced.tell(file).expect("it is one").collect()
}

#[test]
fn packets_without_times_are_told_without_and_only_the_form_of_messages_is_judged() {
    let packets = raw(&captured(&records()));
    let file = other_blocks(3, &packets);
    let all = told(&file);
    assert!(!all.is_empty());
    assert!(all.iter().all(|told| matches!(told, Told::Happened { is_timed: false, .. })));
    let counts = Cables::find(&file).expect("it is a capture").counts().to_string();
    assert!(counts.contains("have no time, as in simple packet blocks"), "{counts}");
    let plain = read(&pcap(true, false, 101, &[], &packets), &[]);
    let old = read(&other_blocks(2, &packets), &[]);
    assert_eq!(old.records, plain.records, "the old form of packet blocks has times");
}

#[test]
fn a_clock_that_is_set_back_in_the_midst_is_told_and_nothing_is_told_out_of_order() {
    let packets = raw(&captured(&records()));
    let plain = read(&pcap(true, false, 101, &[], &packets), &[]);
    let hour = 3_600_000_000;
    let half = packets.len() / 2;
    for (back, ahead) in [(2 * hour, 0), (0, 3 * hour)] {
        let set = packets.iter().enumerate().map(|(number, (at, data))| {
            let at = if number < half { *at } else { at - back + ahead };
            (at, data.clone())
        });
        let set: Vec<_> = set.collect();
        let all = told(&pcap(true, false, 101, &[], &set));
        let jumps = all.iter().filter(|told| matches!(told, Told::Clock { .. })).count();
        assert_eq!(jumps, 1);
        let happened: Vec<&Record> = all
            .iter()
            .filter_map(|told| match told {
                Told::Happened { record, .. } => Some(record),
                _ => None,
            })
            .collect();
        assert!(happened.is_sorted_by_key(|record| record.at));
        let whats: Vec<&What> = happened.iter().map(|record| &record.what).collect();
        let expected: Vec<&What> = plain.records.iter().map(|record| &record.what).collect();
        assert_eq!(whats, expected, "the same, in the same order");
    }
}

#[test]
fn the_beginning_of_what_cannot_be_read_twice_tells_the_same() {
    let file = captured(&records());
    let mut rest = &file[..];
    let survey = Survey::of_beginning(&mut rest, &[]).expect("it is a capture");
    let beginning = &file[..file.len() - rest.len()];
    let introduced = survey.introduce(beginning, &[], Directory::default()).expect("it is one");
    let told: Vec<_> = introduced.tell(&file[..]).expect("it is one").collect();
    let records: Vec<_> = told
        .into_iter()
        .filter_map(|told| match told {
            Told::Happened { record, .. } => Some(record),
            _ => None,
        })
        .collect();
    assert_eq!(records, read(&file, &[]).records);
}

#[test]
fn what_is_not_understood_is_named() {
    let packets = raw(&captured(&records()));
    let said = |file: &[u8]| Cables::find(file).expect("it is a capture").counts().to_string();
    let user = said(&pcap(true, false, 147, &[], &packets[..2]));
    assert_eq!(user, "2 packets have link type 147 (user 0), which is not known here: left out\n");
    // As a line between two IMPs has it: a word of a packet where cables have flags.
    let mut line = packets[..3].to_vec();
    line.iter_mut().for_each(|(_, data)| data[28 + 10] = 0x40);
    let line = said(&pcap(true, false, 101, &[], &line));
    assert!(line.contains("3 packets are of lines between two IMPs"), "{line}");
    let mut tcp = packets[..4].to_vec();
    tcp.iter_mut().take(3).for_each(|(_, data)| data[9] = 6);
    assert_eq!(said(&pcap(true, false, 101, &[], &tcp)), "left out, as of no cable: 3 TCP\n");
}
