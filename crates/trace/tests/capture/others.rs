//! What other people's tools capture: packets without times, clocks that are set, pipes, and what is not understood.

use host::Directory;
use imp1822::h316::Trouble;
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

/// The packets of our capture without the second of the text where it arrives, and how many microseconds after the first
/// packet the next one came.
fn with_a_loss() -> (Vec<(u64, Vec<u8>)>, u64) {
    let mut packets = raw(&captured(&records()));
    let second =
        packets.iter().rposition(|(_, data)| data.len() == 28 + 12 + 126).expect("there are several");
    packets.remove(second);
    let waits = packets[second].0 - packets[0].0;
    (packets, waits)
}

/// What was told, and when, in microseconds.
fn whats(all: &[Told]) -> Vec<(u64, &What)> {
    let happened = all.iter().filter_map(|told| match told {
        Told::Happened { record, .. } => Some((record.at.as_micros(), &record.what)),
        _ => None,
    });
    happened.collect()
}

fn is_loss(what: &What) -> bool {
    matches!(what, What::Cable { trouble: Trouble::Lost { .. }, .. })
}

#[test]
fn what_is_waited_for_in_vain_is_lost_at_that_time_and_before_anything_later_is_heard() {
    let (mut packets, waits) = with_a_loss();
    // The answer to the text comes a second later.
    packets.last_mut().expect("there are some").0 += 1_000_000;
    let all = told(&pcap(true, false, 101, &[], &packets));
    let whats = whats(&all);
    let lost = whats.iter().position(|(_, what)| is_loss(what)).expect("it is told");
    assert_eq!(whats[lost].0, waits + 50_000);
    assert!(matches!(whats[lost..].last(), Some((at, What::Received { .. })) if *at > 1_000_000));
    assert!(whats.is_sorted_by_key(|(at, _)| *at));
    // The same if the capture ends before that time.
    packets.pop();
    let all = told(&pcap(true, false, 101, &[], &packets));
    assert_eq!(self::whats(&all).iter().filter(|(_, what)| is_loss(what)).count(), 1);
}

#[test]
fn without_times_nothing_is_waited_for() {
    let mut packets = raw(&captured(&records()));
    let second =
        packets.iter().rposition(|(_, data)| data.len() == 28 + 12 + 126).expect("there are several");
    packets.swap(second, second + 1);
    let reading = read(&other_blocks(3, &packets), &[]);
    let all = reading.cables.iter().map(|cable| cable.from_host + cable.from_imp).reduce(|a, b| a + b);
    let all = all.expect("there are two");
    assert_eq!((all.early, all.lost, all.old), (0, 1, 1));
    let timed = read(&pcap(true, false, 101, &[], &packets), &[]);
    assert_eq!(timed.cables.iter().map(|cable| cable.from_imp.early).sum::<u64>(), 1, "with times it is");
}

#[test]
fn a_cable_of_which_it_is_clear_only_after_a_while_who_is_who_sets_no_clock() {
    let packets = raw(&captured(&records()));
    let first = packets[0].0;
    let (early, late): (Vec<_>, Vec<_>) =
        packets.into_iter().partition(|(_, data)| data[15] == super::USER.imp());
    assert!(!early.is_empty() && late.len() > 3);
    let (count, mut file) = (early.len(), early);
    // The beginning is over before the other cable is seen.
    file.last_mut().expect("there are some").0 = first + 15_000_000;
    file.extend((0..).zip(late).map(|(number, (_, data))| (first + 20_000_000 + number * 2_000_000, data)));
    let file = pcap(true, false, 101, &[], &file);
    let mut rest = &file[..];
    let survey = Survey::of_beginning(&mut rest, &[]).expect("it is a capture");
    assert_eq!(survey.counts().packets, count as u64);
    let beginning = &file[..file.len() - rest.len()];
    let introduced = survey.introduce(beginning, &[], Directory::default()).expect("it is one");
    let all: Vec<Told> = introduced.tell(&file[..]).expect("it is one").collect();
    assert_eq!(all.iter().filter(|told| matches!(told, Told::NewCable { .. })).count(), 1);
    assert_eq!(all.iter().filter(|told| matches!(told, Told::Clock { .. })).count(), 0);
    assert!(whats(&all).is_sorted_by_key(|(at, _)| *at));
}
