//! What other people's programs said to our hosts, in captures of our own cables of November 2026: Network UNIX (PDP-11, the
//! NCP and FTP of 1975 to 1979) as host DELTA, behind emulated IMPs with the recovered program of 1973. The monitor accuses
//! none of them of what they rightly do.

use host::Directory;
use imp1822::Signal;
use machine::Span;
use trace::capture::{Cables, Reading};
use trace::{Lens, Monitor, Names, Record, TapPoint, View, ViolationCounts, What};

const LONE_IMP: &[u8] = include_bytes!("captures/lone-imp-greets.pcapng");
const IMP_DIES: &[u8] = include_bytes!("captures/imp-dies-beside-a-transfer.pcapng");
const PUT_EMPTY: &[u8] = include_bytes!("captures/network-unix-put-becomes-empty.pcapng");
const PUT_SMALL: &[u8] = include_bytes!("captures/network-unix-put-with-small-allocation.pcapng");
const GET: &[u8] = include_bytes!("captures/network-unix-serves-get.pcapng");

const ALL: [(&str, &[u8]); 5] = [
    ("an IMP without neighbours greets", LONE_IMP),
    ("the IMP of the partner is killed", IMP_DIES),
    ("more is allocated than the cable carries", PUT_EMPTY),
    ("a file goes from the UNIX to us", PUT_SMALL),
    ("files go from the UNIX to us, who ask for them", GET),
];

fn read(capture: &[u8]) -> Reading {
    Cables::find(capture).expect("a capture").read(&[], Directory::default())
}

/// The leaders of the messages without text that an IMP gives its host, in hexadecimal.
fn leaders(reading: &Reading) -> Vec<String> {
    let of_imp = reading.records.iter().filter_map(|record| match &record.what {
        What::Received { signal: Signal::Message(bits), .. } if bits.len() == 32 => Some(bits),
        _ => None,
    });
    of_imp.map(|bits| bits.bytes().iter().map(|byte| format!("{byte:02x}")).collect()).collect()
}

/// The lines of the transcript, usual lenses.
fn transcript(reading: &Reading) -> Vec<String> {
    let names = Names::from(reading.directory.clone());
    let text = View::new(&names, &Lens::USUAL).transcript(&reading.records);
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn says(lines: &[String], what: &str) -> usize {
    lines.iter().filter(|line| line.contains(what)).count()
}

#[test]
fn nobody_is_accused_and_nothing_is_missing() {
    for (what, capture) in ALL {
        let reading = read(capture);
        assert!(reading.records.len() > 5, "{what}: it has been read");
        let found = reading.violations();
        assert_eq!(found, [], "{what}: all of this is right, and nothing of it against advice");
        assert!(!ViolationCounts::of(&found).is_any_certain());
    }
}

#[test]
fn the_imp_program_of_1973_counts_in_the_low_bits_of_nop_and_reset() {
    let reading = read(LONE_IMP);
    assert_eq!(leaders(&reading), ["04000001", "04000001", "04000001", "0a000001"]);
}

#[test]
fn an_imp_that_loses_another_says_so_of_messages_that_its_host_has_not_sent() {
    let leaders = leaders(&read(IMP_DIES));
    let news: Vec<&String> = leaders.iter().filter(|leader| leader.as_bytes()[1] == b'7').collect();
    assert_eq!(news, ["07008000", "47c30000", "47c30000"]);
    // Long after the beginning, so that nothing of before can be the reason.
    let mut late = read(IMP_DIES);
    let is_rfnm = |record: &Record| matches!(&record.what, What::Received { signal: Signal::Message(bits), .. } if bits.bytes()[..2] == [5, 3]);
    // Between two messages.
    let rfnm = late.records.iter().rposition(is_rfnm).expect("messages have arrived");
    let rfnm = late.records[..rfnm].iter().rposition(is_rfnm).expect("more than one has");
    late.records.iter_mut().skip(rfnm + 1).for_each(|record| record.at += Span::from_secs(7200));
    let taps = late.cables.iter().map(|cable| (cable.address, cable.tap));
    let mut monitor = Monitor::new(TapPoint::Absent, taps);
    assert_eq!(late.records.iter().flat_map(|record| monitor.take(record)).collect::<Vec<_>>(), []);
}

#[test]
fn network_unix_puts_several_commands_into_a_message_and_allocates_little() {
    let lines = transcript(&read(PUT_EMPTY));
    let of_unix = |what: &str| says(&lines, &format!("DELTA -> CHARLY {what}"));
    assert_eq!(of_unix("STR 1051 to 2288 size 8"), 1);
    let at: Vec<&str> = lines
        .iter()
        .filter(|line| line.contains("DELTA -> CHARLY STR 1051") || line.contains("DELTA -> CHARLY RTS 1050"))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(at.len(), 2, "{lines:?}");
    assert_eq!(at[0], at[1], "both in one message");
    assert_eq!(of_unix("ALL link 5 messages 10 bits 512"), 1);
    assert_eq!(of_unix("stor PUT60.TXT"), 1, "it types in small letters");
}

#[test]
fn of_what_network_unix_sends_every_byte_is_read() {
    let sum = |capture, way: &str| -> usize {
        let lines = transcript(&read(capture));
        let data =
            lines.iter().filter(|line| line.contains(&format!("{way} link ")) && line.contains(" data "));
        let count = |line: &String| line.split(" data ").nth(1)?.split(' ').next()?.parse::<usize>().ok();
        data.filter_map(count).sum()
    };
    // A file of 20000 bytes: a line of it ends in two on the cable.
    assert_eq!(sum(PUT_SMALL, "DELTA -> CHARLY"), 20_448);
    // Two files, of 1000 and of 20000 bytes.
    assert_eq!(sum(GET, "DELTA -> ALPHA"), 21_504);
}
