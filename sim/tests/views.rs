//! An observer that sees less reports no more violations: every scenario, heard at one host's cable alone, and read from its capture.

mod captured;

use std::collections::BTreeSet;

use captured::{capture, outcome};
use host::{Directory, Note};
use imp1822::HostAddress;
use libtest_mimic::{Arguments, Failed, Trial};
use trace::capture::{Cables, Captured, Hint, packets};
use trace::{
    Culprit, Lens, Line, Monitor, Names, Record, Rule, TapPoint, View, Violation, ViolationKind, What,
};

fn main() {
    let arguments = Arguments::from_args();
    let names: Vec<String> = scenario::library::scenarios().map(str::to_owned).collect();
    let trials = names.into_iter().flat_map(|name| {
        [
            promise(&name, "is fair to all at one cable", one_cable_accuses_nobody_else),
            promise(&name, "is fair to all in a capture", a_capture_accuses_nobody_else),
            promise(&name, "is fair to all in parts of a capture", parts_of_a_capture_accuse_nobody_else),
            promise(&name, "reads the same from its capture", a_capture_reads_as_the_run_did),
        ]
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn promise(name: &str, promise: &str, keep: fn(&str) -> Result<(), Failed>) -> Trial {
    let name = name.to_owned();
    Trial::test(format!("{name} {promise}"), move || keep(&name))
}

/// All that a monitor finds.
fn found<'r>(mut monitor: Monitor, records: impl IntoIterator<Item = &'r Record>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut now = machine::Instant::START;
    for record in records {
        now = record.at;
        found.extend(monitor.take(record));
    }
    found.extend(monitor.finish(now, false));
    found
}

/// Who is accused of what.
type Accusation = (Culprit, Option<HostAddress>, Rule);

fn accusations(found: &[Violation]) -> BTreeSet<Accusation> {
    found.iter().map(|violation| (violation.who, violation.with, violation.rule)).collect()
}

/// The violations that an observer of the whole net does not report. Advice accuses nobody.
fn falsely(found: Vec<Violation>, truly: &BTreeSet<Accusation>) -> Vec<Violation> {
    found
        .into_iter()
        .filter(|violation| {
            let lost = violation.kind == ViolationKind::Unheard;
            !lost
                && !violation.rule.is_advice()
                && !truly.contains(&(violation.who, violation.with, violation.rule))
        })
        .collect()
}

/// Whether a record is of the host's cable, or of what the host itself knows.
fn is_at(host: HostAddress, record: &Record) -> bool {
    match &record.what {
        What::Sent { host: at, .. } | What::Received { host: at, .. } => *at == host,
        What::Note { host: at, note } => *at == host && *note == Note::Crashed,
        _ => false,
    }
}

fn one_cable_accuses_nobody_else(name: &str) -> Result<(), Failed> {
    let outcome = outcome(name);
    let truly = accusations(&found(Monitor::default(), &outcome.records));
    let hosts: BTreeSet<HostAddress> = outcome
        .records
        .iter()
        .filter_map(|record| match record.what {
            What::Sent { host, .. } | What::Received { host, .. } => Some(host),
            _ => None,
        })
        .collect();
    for host in hosts {
        let monitor = Monitor::new(TapPoint::Absent, [(host, TapPoint::AtHost)]);
        let here = found(monitor, outcome.records.iter().filter(|record| is_at(host, record)));
        let falsely = falsely(here, &truly);
        if !falsely.is_empty() {
            return Err(format!("at the cable of {}: {falsely:#?}", outcome.names.host(host)).into());
        }
    }
    Ok(())
}

fn a_capture_accuses_nobody_else(name: &str) -> Result<(), Failed> {
    let outcome = outcome(name);
    let truly = accusations(&found(Monitor::default(), &outcome.records));
    let file = capture(&outcome);
    let reading = Cables::find(&file)?.read(&[], Directory::clone(outcome.names.hosts()));
    let falsely = falsely(reading.violations(), &truly);
    if falsely.is_empty() { Ok(()) } else { Err(format!("in the capture: {falsely:#?}").into()) }
}

/// A capture of another tool, which begins where ours has come to some part, and misses some packets.
fn part(file: &[u8], begin: (usize, usize), misses: Option<usize>) -> Result<Vec<u8>, Failed> {
    let packets: Vec<Captured> = packets(file)?.collect::<Result<_, _>>()?;
    let start = packets.len() * begin.0 / begin.1;
    let mut part = [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, u32::MAX, 101].map(u32::to_be_bytes).concat();
    for (number, packet) in packets.iter().enumerate().skip(start) {
        if misses.is_some_and(|one_in| number % one_in == one_in - 1) {
            continue;
        }
        let (seconds, micros) = (packet.micros / 1_000_000, packet.micros % 1_000_000);
        let length = packet.data.len() as u64;
        part.extend([seconds, micros, length, length].map(|field| (field as u32).to_be_bytes()).concat());
        part.extend(&packet.data);
    }
    Ok(part)
}

fn parts_of_a_capture_accuse_nobody_else(name: &str) -> Result<(), Failed> {
    let outcome = outcome(name);
    let truly = accusations(&found(Monitor::default(), &outcome.records));
    let file = capture(&outcome);
    let whole = Cables::find(&file)?.read(&[], Directory::default());
    let mut hints = Vec::new();
    for cable in &whole.cables {
        hints.push(Hint::Host(cable.host.to_string().parse()?, cable.address));
    }
    for begin in [(0, 1), (1, 4), (2, 3)] {
        for misses in [None, Some(3), Some(7)] {
            let part = part(&file, begin, misses)?;
            let reading = Cables::find(&part)?.read(&hints, Directory::default());
            let falsely = falsely(reading.violations(), &truly);
            if !falsely.is_empty() {
                return Err(format!("from {begin:?} on, one in {misses:?} missing: {falsely:#?}").into());
            }
        }
    }
    Ok(())
}

/// What is seen on cables.
const WIRE: [Lens; 6] = [Lens::Ftp, Lens::Ncp, Lens::Data, Lens::Trouble, Lens::Traffic, Lens::Imp];

/// A text without a header says nowhere how long it is, and datagrams carry whole words.
fn in_words(line: Line) -> Line {
    if line.lens != Lens::Traffic {
        return line;
    }
    let text = line.what.strip_suffix(" bits").and_then(|text| text.rsplit_once(' '));
    match text.and_then(|(text, bits)| Some((text, bits.parse::<usize>().ok()?))) {
        Some((text, bits)) => Line { what: format!("{text} {} bits", bits.next_multiple_of(16)), ..line },
        None => line,
    }
}

fn a_capture_reads_as_the_run_did(name: &str) -> Result<(), Failed> {
    let outcome = outcome(name);
    let file = capture(&outcome);
    let cables = Cables::find(&file)?;
    assert_eq!((cables.error(), cables.counts().packets), (None, cables.counts().of_cables));
    let reading = cables.read(&[], Directory::clone(outcome.names.hosts()));
    let lines = |names: &Names, records: &[&Record]| {
        let view = View::new(names, &WIRE);
        view.lines(records.iter().copied()).into_iter().map(in_words).collect::<Vec<_>>()
    };
    // What only the IMPs, the hosts and the operator knew is not on the cables.
    let on_cables = |record: &&Record| matches!(record.what, What::Sent { .. } | What::Received { .. });
    let shown = lines(&outcome.names, &outcome.records.iter().filter(on_cables).collect::<Vec<_>>());
    let read = lines(&Names::from(reading.directory), &reading.records.iter().collect::<Vec<_>>());
    if let Some((shown, read)) = shown.iter().zip(&read).find(|(shown, read)| shown != read) {
        return Err(format!("what was shown as\n{shown:?}\nis read as\n{read:?}").into());
    }
    if shown.len() != read.len() || shown.len() < 10 {
        return Err(format!("{} lines were shown, {} are read", shown.len(), read.len()).into());
    }
    for cable in &reading.cables {
        assert_eq!((cable.from_host + cable.from_imp).troubles(), "");
    }
    Ok(())
}
