//! Reports as they are on the wire. The words are those that emulated IMPs sent which run the recovered program.

use imp1822::{HostAddress, Leader, Link};
use machine::{BitWriter, Bits};
use ncc::{Anomalies, LineCount, LineEnd, Report, ReportError, Restart, ThroughputReport, TroubleReport};
use proptest::prelude::*;

/// What IMP 5 reported first after its start: leader, 31 words, and one of padding.
const TROUBLE: [u16; 34] = [
    0o040305, 0, 0o303, 0o100101, 1, 0, 0, 0, 0o111, 0, 1, 0, 0o3050, 0, 0, 0o177777, 0, 0, 0o16, 0o1400,
    0o20, 0o1001, 0o175, 0o100175, 0o175, 0o100175, 0o175, 0o100175, 0o55200, 0, 0, 0, 0o112775, 0o100000,
];

/// What it had carried a minute later: leader, 52 words, and one of padding.
fn throughput() -> Vec<u16> {
    let mut words = vec![0; 55];
    words[0] = 0o040305;
    words[2..7].copy_from_slice(&[0o302, 3, 0o17, 3, 0o17]);
    words[14] = 6;
    words[16] = 6;
    words[18] = 2;
    words[20] = 2;
    words[22] = 0o77701;
    words[53] = 0o077511;
    words[54] = 0o100000;
    words
}

fn message(words: &[u16]) -> Bits {
    let mut writer = BitWriter::new(16 * words.len());
    words.iter().for_each(|word| writer.put((*word).into(), 16));
    writer.finish()
}

#[test]
fn a_trouble_report_of_an_emulated_imp() {
    let Ok(Report::Trouble(report)) = Report::parse(&message(&TROUBLE)) else { panic!("it is one") };
    assert!(report.anomalies.host_is_up(0) && !report.anomalies.host_is_up(1));
    let anomalies: Vec<String> = Anomalies::named(report.anomalies.others()).collect();
    assert_eq!(anomalies, ["MEMORY PROTECT OFF", "SENSE SWITCH 4 ON"]);
    assert_eq!(report.restart, Restart::RESTARTED);
    assert_eq!(report.restart.to_string(), "RESTARTED");
    assert!(!report.halt.is_set() && !report.trap.is_set());
    let buffers = [report.free, report.store_and_forward, report.reassembly, report.allocated];
    assert_eq!(buffers, [0o111, 0, 1, 0]);
    assert_eq!((report.version, report.under_test), (0o3050, TroubleReport::NONE_UNDER_TEST));
    let [first, second, third, ..] = report.lines;
    assert_eq!((first.neighbour(), first.is_dead(), first.routing_sent()), (Some(3), false, 15));
    assert_eq!((second.neighbour(), second.routing_missed()), (Some(2), 1));
    assert_eq!((third.neighbour(), third.is_dead(), third.routing_missed()), (None, true, 125));
    let speeds: Vec<Option<u32>> = (0..6).map(|line| report.speed(line)).collect();
    assert_eq!(speeds, [Some(10_000), Some(10_000), Some(50_000), Some(50_000), Some(50_000), None]);
}

#[test]
fn a_throughput_report_of_an_emulated_imp() {
    let Ok(Report::Throughput(report)) = Report::parse(&message(&throughput())) else { panic!("it is one") };
    assert_eq!(report.lines[0], LineCount { packets: 3, words: 15 });
    assert_eq!(report.lines[2], LineCount::default());
    let [host, other, ..] = report.hosts;
    assert_eq!((host.messages_from_net, host.packets_from_net), (6, 6));
    assert_eq!((host.messages_from_local, host.packets_from_local), (2, 2));
    assert_eq!((host.words_from_host, host.words_to_host), (0, 0o77701));
    assert_eq!(other.words_to_host, 0);
}

#[test]
fn what_is_read_is_written_again_bit_for_bit() {
    for mut words in [TROUBLE.to_vec(), throughput()] {
        words.pop();
        let message = message(&words);
        let leader = Leader::parse(&mut message.reader()).expect("32 bits");
        let report = Report::parse(&message).expect("without padding, too");
        assert_eq!(report.emit(leader), message);
    }
}

#[test]
fn what_is_no_report_is_told_in_words() {
    let wrong = |words: &[u16]| Report::parse(&message(words)).expect_err("it is none").to_string();
    let with = |at: usize, word| {
        let mut words = TROUBLE;
        words[at] = word;
        wrong(&words)
    };
    assert_eq!(wrong(&[0o040305]), "it has no words");
    assert_eq!(wrong(&TROUBLE[..2]), "it has no words");
    assert_eq!(
        with(2, 0o304),
        "code 304 is not that of a trouble report (301, 303) or a throughput report (302)"
    );
    assert_eq!(wrong(&TROUBLE[..32]), "code 303 has 31 words, and 30 came");
    assert_eq!(with(3, 0o100102), "its words add up to 1, not to zero: damaged, or from elsewhere");
    let mut endless = TROUBLE.to_vec();
    endless.extend([0; 400]);
    assert_eq!(wrong(&endless), "code 303 has 31 words, and 6416 bits follow them");
    assert_eq!(wrong(&throughput()[..30]), "code 302 has 52 words, and 28 came");
}

#[test]
fn restarts_and_reloads_are_put_into_words() {
    let said = |digits| Restart(digits).to_string();
    assert_eq!(said(0o003), "RELOADED BY WATCHDOG");
    assert_eq!(said(0o600), "RELOAD ASKED FROM LINE 1");
    assert_eq!(said(0o274), "RELOAD ASKED FROM LINE 5, RESTART ASKED, RESTARTED AFTER POWER FAILURE");
    assert_eq!(said(0o177777), "RELOAD ASKED, RESTART ASKED, BEGUN 7, AND 177000");
}

proptest! {
    #[test]
    fn whatever_the_words_nothing_panics_and_what_is_read_can_be_written(
        words in prop::collection::vec(any::<u16>(), 0..60), code in 0_u16..8, cut in 0_usize..16, sums in any::<bool>()
    ) {
        let mut words = words;
        if let Some(first) = words.get_mut(2) {
            *first = 0o300 + code;
        }
        let wanted = if code == 2 { 54 } else { 33 };
        if sums && words.len() >= wanted {
            words.truncate(wanted);
            words[wanted - 1] = words[2..wanted - 1].iter().fold(0, |sum: u16, word| sum.wrapping_sub(*word));
        }
        let whole = message(&words);
        let mut writer = BitWriter::new(whole.len());
        let mut reader = whole.reader();
        reader.limit(whole.len().saturating_sub(cut));
        writer.put_bits(reader);
        let cut_short = writer.finish();
        for message in [&whole, &cut_short] {
            match Report::parse(message) {
                Ok(report) => {
                    let leader = Leader::parse(&mut message.reader()).expect("what has words has a leader");
                    let again = report.emit(leader);
                    prop_assert_eq!(Report::parse(&again), Ok(report));
                    prop_assert!(message.bytes().starts_with(again.bytes()));
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}

#[test]
fn a_report_is_made_for_tests_and_simulated_imps() {
    let leader = Leader {
        for_imp: true,
        address: HostAddress::new(ncc::STATISTICS, 7).expect("it fits"),
        link: Link::CONTROL,
        ..Leader::of_kind(0)
    };
    let mut report = TroubleReport::empty();
    report.lines[4] = LineEnd::alive(63).with_routing(15, 1000);
    assert_eq!((report.lines[4].routing_sent(), report.lines[4].routing_missed()), (15, 255));
    assert_eq!(LineEnd::dead().with_routing(0, 3).routing_sent(), 0);
    let kinds =
        [(0, 0, 5_000), (1, 9_600, 5_000), (2, 50_000, 50_000), (3, 230_400, 50_000), (4, 1 << 40, 250_000)];
    for (line, speed, kind) in kinds {
        report.set_speed(line, speed);
        assert_eq!(report.speed(line), Some(kind), "{speed}");
    }
    assert_eq!(Report::parse(&Report::Trouble(report).emit(leader)), Ok(Report::Trouble(report)));
    let nothing = Report::Throughput(ThroughputReport::default());
    assert_eq!(Report::parse(&nothing.emit(leader)), Ok(nothing));
    assert_eq!(Report::parse(&Bits::default()), Err(ReportError::Empty));
}
