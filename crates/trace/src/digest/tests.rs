//! Records that differ in anything have different digests, and what is hashed is what is written down.

use std::collections::BTreeMap;

use imp1822::h316::Datagram;
use imp1822::{GoingDown, Reason};

use super::*;
use crate::figures::{RoundTripRow, ThroughputRow};

fn digest(records: &[What]) -> u64 {
    let mut digester = Digester::default();
    for what in records {
        digester.take(&Record { at: Instant::START, cause: None, what: what.clone() });
    }
    digester.digest().0
}

fn host(number: u8) -> HostAddress {
    HostAddress::from(number)
}

/// Records of every kind, each of which differs from one before it in a single thing.
fn records() -> Vec<What> {
    let (a, b) = (host(1), host(2));
    let note = |note| What::Note { host: a, note };
    let notice = |notice| What::Notice { imp: 1, notice };
    let going = |reason| GoingDown::new(reason, 1, 1).expect("both times fit");
    let mishap = |mishap| Fault::Mishap { host: a, toward: Toward::Imp, mishap };
    let trouble = |trouble| What::Cable { host: a, speaker: Speaker::Host, trouble };
    let bits = |bytes: &[u8]| Signal::Message(Bits::from_bytes(bytes));
    let mut all = vec![
        What::Sent { host: a, signal: Signal::Ready(true) },
        What::Sent { host: b, signal: Signal::Ready(true) },
        What::Sent { host: a, signal: Signal::Ready(false) },
        What::Sent { host: a, signal: bits(&[]) },
        What::Sent { host: a, signal: bits(&[0]) },
        What::Sent { host: a, signal: bits(&[0, 0]) },
        What::Received { host: a, signal: bits(&[0]) },
        What::Received { host: a, signal: Signal::Ready(true) },
        What::Step { line: 1, statement: String::new() },
        What::Step { line: 2, statement: String::new() },
        note(Note::Booted),
        note(Note::Crashed),
        note(Note::Printed("X".to_owned())),
        note(Note::Asked(Prompt { text: "X".to_owned(), hidden: false })),
        note(Note::Asked(Prompt { text: "X".to_owned(), hidden: true })),
        note(Note::Asked(Prompt { text: "XY".to_owned(), hidden: true })),
        note(Note::Typed { prompt: "P".to_owned(), line: Some("X".to_owned()) }),
        note(Note::Typed { prompt: "PX".to_owned(), line: Some(String::new()) }),
        note(Note::Typed { prompt: "P".to_owned(), line: None }),
        note(Note::Filed { path: "P".to_owned(), bytes: 1, kept: 0 }),
        note(Note::Filed { path: "P".to_owned(), bytes: 0, kept: 1 }),
        note(Note::Deleted { path: "P".to_owned() }),
        note(Note::Renamed { from: "P".to_owned(), to: "PX".to_owned() }),
        note(Note::Renamed { from: "PX".to_owned(), to: "P".to_owned() }),
        notice(Notice::LineDead(2)),
        notice(Notice::LineAlive(2)),
        notice(Notice::HostTardy(b)),
        trouble(Trouble::Malformed(DatagramError::NoFlags)),
        trouble(Trouble::Malformed(Datagram::parse(&[0]).expect_err("one byte is too short"))),
        trouble(Trouble::Malformed(Datagram::parse(&[0, 0]).expect_err("so are two"))),
        trouble(Trouble::Malformed(DatagramError::Magic { found: [0, 0, 0, 1] })),
        trouble(Trouble::Malformed(DatagramError::Length { count: 1, had: 2 })),
        trouble(Trouble::Old { sequence: 1, expected: 2 }),
        trouble(Trouble::Lost { from: 1, count: 2 }),
        trouble(Trouble::PeerRestarted),
        trouble(Trouble::Cut { words: 1 }),
        trouble(Trouble::TooLong),
        trouble(Trouble::NotReady { words: 1 }),
        trouble(Trouble::EmptyLast),
        trouble(Trouble::OverLimit { words: 1, limit: 2 }),
        trouble(Trouble::WithoutBits),
        trouble(Trouble::OwnLineDown),
        What::Cable { host: a, speaker: Speaker::Imp, trouble: Trouble::TooLong },
    ];
    let faults = [
        Fault::LineFails { between: [1, 2] },
        Fault::LineFails { between: [1, 3] },
        Fault::LineHeals { between: [1, 2] },
        Fault::LineErrs { between: [1, 2], one_in: None },
        Fault::LineErrs { between: [1, 2], one_in: Some(9) },
        Fault::ImpCrashes { imp: 1 },
        Fault::ImpRestarts { imp: 1 },
        Fault::ImpGoesDown { imp: 1, going: going(Reason::Unsaid) },
        Fault::ImpGoesDown { imp: 1, going: going(Reason::Reload) },
        Fault::CablePulled { host: a },
        Fault::CablePlugged { host: a },
        Fault::HostHangs { host: a },
        Fault::HostGoesOn { host: a },
        mishap(Mishap::Lost),
        mishap(Mishap::Late(Span::from_millis(1))),
        mishap(Mishap::Late(Span::from_millis(2))),
        mishap(Mishap::Twice),
        mishap(Mishap::LeaderError),
        mishap(Mishap::DataError),
        Fault::Mishap { host: a, toward: Toward::Host, mishap: Mishap::Lost },
    ];
    all.extend(faults.map(What::Fault));
    let struck = |host, toward, mishap, message: &[u8]| {
        let message = Bits::from_bytes(message);
        What::Struck { host, toward, mishap, message }
    };
    all.extend([
        struck(a, Toward::Imp, Mishap::Lost, b"ONE"),
        struck(b, Toward::Imp, Mishap::Lost, b"ONE"),
        struck(a, Toward::Host, Mishap::Lost, b"ONE"),
        struck(a, Toward::Imp, Mishap::Late(Span::from_millis(1)), b"ONE"),
        struck(a, Toward::Imp, Mishap::Twice, b"ONE"),
        struck(a, Toward::Imp, Mishap::Lost, b"TWO"),
    ]);
    all.extend(figures().into_iter().map(What::Measured));
    all
}

fn figures() -> Vec<Figures> {
    let (from, to) = (host(1), host(2));
    let time = Span::from_millis(1);
    let spread = Spread { least: time, mean: time, ninetieth: time, greatest: time };
    let row = RoundTripRow { to, hops: 1, bits: 8, spread: Some(spread), lost: 0 };
    let round_trip =
        |rows: &[RoundTripRow]| Figures::RoundTrip(RoundTrip { from, messages: 1, rows: rows.to_vec() });
    let throughput = |links| {
        let rows = vec![ThroughputRow { to, hops: 1, bits: 8, links, messages: 3 }];
        Figures::Throughput(Throughput { from, span: time, warm_up: time, rows })
    };
    let line = LineFigures {
        from: 1,
        to: 2,
        busy: time,
        packets: 1,
        bits: 2,
        again: 3,
        waited: Span::ZERO,
        longest: 4,
    };
    let lines = |line| Figures::Lines(Lines { span: time, busiest: 1, rows: vec![line] });
    let traffic = |tally| {
        let (begun, ended) = (Instant::START, Instant::START);
        Figures::Traffic(TrafficTotal { senders: 1, begun, ended, tally })
    };
    vec![
        round_trip(&[]),
        round_trip(std::slice::from_ref(&row)),
        round_trip(&[RoundTripRow { spread: None, ..row.clone() }]),
        round_trip(&[RoundTripRow { lost: 1, ..row.clone() }]),
        round_trip(&[RoundTripRow { to: from, ..row.clone() }]),
        round_trip(&[RoundTripRow { hops: 2, ..row.clone() }]),
        round_trip(&[RoundTripRow { bits: 9, ..row.clone() }]),
        round_trip(&[row.clone(), row]),
        throughput(1),
        throughput(2),
        lines(line),
        lines(LineFigures { from: 2, to: 1, ..line }),
        lines(LineFigures { busy: time + time, ..line }),
        lines(LineFigures { packets: 2, ..line }),
        lines(LineFigures { bits: 3, ..line }),
        lines(LineFigures { again: 4, ..line }),
        lines(LineFigures { waited: time, ..line }),
        lines(LineFigures { longest: 5, ..line }),
        traffic(Tally::default()),
        traffic(Tally { offered: 1, ..Tally::default() }),
        traffic(Tally { held_back: 1, ..Tally::default() }),
        traffic(Tally { sent: 1, ..Tally::default() }),
        traffic(Tally { rfnms: 1, ..Tally::default() }),
        traffic(Tally { dead: 1, ..Tally::default() }),
        traffic(Tally { incomplete: 1, ..Tally::default() }),
        traffic(Tally { round_trips: time, ..Tally::default() }),
        traffic(Tally { longest: time, ..Tally::default() }),
    ]
}

#[test]
fn records_that_differ_in_one_thing_have_different_digests() {
    let mut seen = BTreeMap::new();
    for record in records() {
        let digest = digest(std::slice::from_ref(&record));
        if let Some(other) = seen.insert(digest, record.clone()) {
            panic!("{record:?} has the digest of {other:?}");
        }
    }
}

#[test]
fn text_does_not_run_into_the_text_behind_it() {
    let printed = |lines: &[&str]| {
        let note = |line: &&str| What::Note { host: host(1), note: Note::Printed((*line).to_owned()) };
        digest(&lines.iter().map(note).collect::<Vec<_>>())
    };
    assert_ne!(printed(&["AB", "C"]), printed(&["A", "BC"]));
    assert_ne!(printed(&["AB"]), printed(&["A", "B"]));
}

#[test]
fn what_is_hashed_of_a_record_is_its_time_its_tag_and_its_bytes() {
    let at = Instant::from_micros(0x0102);
    let what = What::Note { host: host(9), note: Note::Printed("HI".to_owned()) };
    let mut digester = Digester::default();
    digester.take(&Record { at, cause: None, what });
    let bytes = [&[0, 0, 0, 0, 0, 0, 1, 2, 2, 9, 4][..], &[0, 0, 0, 0, 0, 0, 0, 2], b"HI"].concat();
    let mut expected = Xxh3::default();
    expected.update(&bytes);
    assert_eq!(digester.digest().0, expected.digest());
}

#[test]
fn many_records_are_hashed_as_one_string_of_bytes_and_so_is_one_that_is_longer_than_a_block() {
    let lengths = [1, 700, 1000, 1000, 1000, 1000, 300, 2 * BLOCK, 1, BLOCK, BLOCK + 1, 5];
    let (mut digester, mut bytes) = (Digester::default(), Vec::new());
    for length in lengths {
        let line = "X".repeat(length);
        bytes.extend([&[0; 8][..], &[2, 9, 4], &(length as u64).to_be_bytes(), line.as_bytes()].concat());
        let what = What::Note { host: host(9), note: Note::Printed(line) };
        digester.take(&Record { at: Instant::START, cause: None, what });
        let mut expected = Xxh3::default();
        expected.update(&bytes);
        assert_eq!(digester.digest().0, expected.digest(), "after a line of {length} bytes");
    }
}

#[test]
fn the_words_of_a_step_are_not_part_of_it() {
    let step = |statement: &str| digest(&[What::Step { line: 1, statement: statement.to_owned() }]);
    assert_eq!(step("SITE1 crashes"), step("SITE1  crashes  # at last"), "only what it does counts");
}
