//! What the center makes of reports: whole lines, silent IMPs, alarms, and whatever hostile IMPs send.

use imp1822::HostAddress;
use machine::{Instant, Machine, Span};
use ncc::{
    Anomalies, Center, Change, Entry, Heard, ImpState, LineCount, LineEnd, LineState, Registers, Report,
    ReportError, Restart, STATISTICS, Subject, ThroughputReport, TroubleReport,
};
use proptest::prelude::*;

/// The time between two reports.
const PERIOD: Span = Span::from_secs(50);

/// A center, and what it has logged.
struct Room {
    center: Center,
    now: Instant,
}

fn at(imp: u8) -> HostAddress {
    HostAddress::new(STATISTICS, imp).expect("it fits")
}

/// A report of an IMP with these lines.
fn with_lines(lines: &[LineEnd]) -> TroubleReport {
    let mut report = TroubleReport::empty();
    report.lines[..lines.len()].copy_from_slice(lines);
    report
}

const fn alive(neighbour: u8) -> LineEnd {
    LineEnd { sent: 0, status: (neighbour as u16) << 8 }
}

const DEAD: LineEnd = LineEnd { sent: 0, status: LineEnd::DEAD };

/// A line that is looped: an IMP is its own neighbour then.
const fn looped(imp: u8) -> LineEnd {
    LineEnd { sent: 0, status: LineEnd::LOOPED | (imp as u16) << 8 }
}

impl Room {
    fn new() -> Self {
        Room { center: Center::default(), now: Instant::START + Span::from_secs(1) }
    }

    fn hears(&mut self, imp: u8, report: TroubleReport) -> Vec<String> {
        self.center.handle(self.now, Heard { from: at(imp), report: Ok(Report::Trouble(report)) });
        self.log()
    }

    fn counts(&mut self, imp: u8, report: ThroughputReport) {
        self.center.handle(self.now, Heard { from: at(imp), report: Ok(Report::Throughput(report)) });
    }

    fn log(&mut self) -> Vec<String> {
        self.center.drain().map(|entry| entry.change.to_string()).collect()
    }

    /// Time goes by; each deadline is kept.
    fn wait(&mut self, span: Span) -> Vec<String> {
        let end = self.now + span;
        let mut log = Vec::new();
        while let Some(deadline) = self.center.deadline().filter(|deadline| *deadline <= end) {
            self.center.alarm(deadline);
            log.extend(self.log());
            assert!(self.center.deadline().is_none_or(|next| next > deadline), "it does not spin");
        }
        self.now = end;
        log
    }

    fn line(&self) -> LineState {
        self.center.lines().next().expect("there is a line").state
    }

    fn state(&self, imp: u8) -> ImpState {
        self.center.imps().find(|view| view.number == imp).expect("it has reported").state
    }
}

#[test]
fn one_end_alone_cannot_tell_the_state_of_a_line() {
    let mut room = Room::new();
    assert_eq!(room.hears(2, with_lines(&[alive(3)])), ["IMP 2 UP"]);
    assert_eq!(room.line(), LineState::Unknown);
    assert_eq!(room.hears(3, with_lines(&[DEAD, alive(2)])), ["IMP 3 UP", "LINE 2-3 UP"]);
}

#[test]
fn ends_that_differ_are_believed_when_both_have_spoken_since() {
    let mut room = Room::new();
    room.hears(2, with_lines(&[alive(3)]));
    room.hears(3, with_lines(&[alive(2)]));
    room.wait(PERIOD);
    assert!(room.hears(2, with_lines(&[DEAD])).is_empty(), "IMP 3 spoke before it can have known");
    room.wait(Span::from_secs(1));
    assert_eq!(room.hears(3, with_lines(&[DEAD])), ["LINE 2-3 DOWN"]);
    room.wait(PERIOD);
    assert!(room.hears(3, with_lines(&[alive(2)])).is_empty());
    assert_eq!(room.hears(2, with_lines(&[DEAD])), ["LINE 2-3 DOWN TO MINUS END"]);
    room.hears(2, with_lines(&[alive(3)]));
    assert_eq!(room.hears(3, with_lines(&[looped(3)])), ["LINE 2-3 LOOPED AT PLUS END"]);
    assert_eq!(room.line().letter(), 'L');
}

#[test]
fn two_lines_between_the_same_imps_are_two_lines() {
    let mut room = Room::new();
    room.hears(2, with_lines(&[alive(3), alive(3)]));
    room.hears(3, with_lines(&[alive(2), DEAD]));
    let lines: Vec<String> = room.center.lines().map(|line| format!("{} {}", line.id, line.state)).collect();
    assert_eq!(lines, ["2-3 UP", "2-3/2 DOWN TO PLUS END"]);
}

#[test]
fn an_imp_is_down_when_all_of_its_neighbours_say_so() {
    let mut room = Room::new();
    let net = |room: &mut Room, without_3: bool| {
        let end = if without_3 { DEAD } else { alive(3) };
        room.hears(2, with_lines(&[end, alive(5)]));
        room.hears(5, with_lines(&[alive(2), end]));
        if !without_3 {
            room.hears(3, with_lines(&[alive(2), alive(5)]));
        }
        room.wait(PERIOD)
    };
    net(&mut room, false);
    net(&mut room, true);
    let log: Vec<String> = (0..3).flat_map(|_| net(&mut room, true)).collect();
    assert_eq!(log, ["IMP 3 DOWN", "LINE 2-3 DOWN", "LINE 3-5 DOWN"]);
    assert!(room.center.flashes(Subject::Imp(3)));
}

#[test]
fn an_imp_is_only_cut_off_for_all_one_knows_when_its_neighbours_are_silent_too() {
    let mut room = Room::new();
    // 5 - 2 - 3 in a row: behind 2 nobody can be heard.
    room.hears(5, with_lines(&[alive(2)]));
    room.hears(2, with_lines(&[alive(5), alive(3)]));
    room.hears(3, with_lines(&[alive(2)]));
    for _ in 0..4 {
        room.wait(PERIOD);
        room.hears(5, with_lines(&[DEAD]));
    }
    assert_eq!((room.state(2), room.state(3)), (ImpState::CutOff, ImpState::CutOff));
}

#[test]
fn reports_are_only_missing_while_a_neighbour_has_the_line_alive() {
    let mut room = Room::new();
    room.hears(2, with_lines(&[alive(3)]));
    room.hears(3, with_lines(&[alive(2)]));
    for _ in 0..4 {
        room.wait(PERIOD);
        room.hears(2, with_lines(&[alive(3)]));
    }
    assert_eq!(room.state(3), ImpState::Missing);
    assert_eq!(room.line(), LineState::Unknown, "one end alone");
    assert_eq!(room.hears(3, with_lines(&[alive(2)])), ["IMP 3 UP", "LINE 2-3 UP"]);
}

#[test]
fn the_map_tells_of_lines_that_no_report_has_named() {
    let mut center = Center::new([[3, 2], [2, 5], [70, 1], [4, 4]]);
    let lines: Vec<String> = center.lines().map(|line| line.id.to_string()).collect();
    assert_eq!(lines, ["2-3", "2-5"]);
    for imp in [2, 3] {
        let report = Ok(Report::Trouble(TroubleReport::empty()));
        center.handle(Instant::from_micros(1), Heard { from: at(imp), report });
    }
    let states: Vec<LineState> = center.lines().map(|line| line.state).collect();
    assert_eq!(states, [LineState::Down, LineState::Unknown], "5 has never been heard");
}

#[test]
fn hosts_restarts_halts_and_anomalies_are_logged_when_they_change() {
    let mut room = Room::new();
    let mut report = TroubleReport::empty();
    report.restart = Restart::RESTARTED;
    report.anomalies = Anomalies(0o100101);
    report.version = 0o3050;
    let log = room.hears(5, report);
    assert_eq!(
        log,
        [
            "IMP 5 RESTARTED",
            "IMP 5 VERSION 3050",
            "HOST 0 AT IMP 5 UP",
            "IMP 5 MEMORY PROTECT OFF",
            "IMP 5 SENSE SWITCH 4 ON",
            "IMP 5 UP"
        ]
    );
    report.restart = Restart::default();
    assert!(room.hears(5, report).is_empty());
    report.anomalies = Anomalies(0o40101);
    report.halt = Registers { p: 0o3263, a: 1, x: 0o177776 };
    let log = room.hears(5, report);
    assert_eq!(log, ["IMP 5 HALT P 003263 A 000001 X 177776", "HOST 0 AT IMP 5 DOWN", "HOST 1 AT IMP 5 UP"]);
}

#[test]
fn a_halt_that_stays_in_the_reports_is_told_once() {
    let mut room = Room::new();
    room.hears(5, TroubleReport::empty());
    let halted = TroubleReport { halt: Registers { p: 0, a: 0o14, x: 0o100000 }, ..TroubleReport::empty() };
    assert_eq!(room.hears(5, halted), ["IMP 5 HALT P 000000 A 000014 X 100000"]);
    for _ in 0..3 {
        room.wait(PERIOD);
        assert!(room.hears(5, halted).is_empty(), "emulated IMPs report it again and again");
    }
    // There again: whoever starts has come to a halt once more.
    let again = TroubleReport { restart: Restart::RESTARTED, ..halted };
    assert_eq!(room.hears(5, again), ["IMP 5 RESTARTED", "IMP 5 HALT P 000000 A 000014 X 100000"]);
}

#[test]
fn nobody_knows_what_a_silent_imp_carries() {
    let mut room = Room::new();
    let mut counted = ThroughputReport::default();
    counted.lines[0] = LineCount { packets: 20, words: 2000 };
    counted.hosts[0].messages_to_net = 3;
    for _ in 0..2 {
        for (imp, far) in [(2, 3), (3, 2)] {
            room.hears(imp, with_lines(&[alive(far)]));
            room.counts(imp, counted);
        }
        room.wait(PERIOD);
    }
    let host = HostAddress::new(0, 2).expect("it fits");
    assert!(room.center.sent_by(host).is_some() && room.center.received_by(host).is_some());
    room.wait(Span::from_secs(200));
    let line = room.center.lines().next().expect("one line");
    assert_eq!((line.to_plus, line.to_minus), (None, None));
    assert_eq!((room.center.sent_by(host), room.center.received_by(host)), (None, None));
}

#[test]
fn alarms_are_acknowledged_imps_first_then_lines_then_hosts() {
    let mut room = Room::new();
    let up = |hosts| TroubleReport { anomalies: Anomalies(hosts), ..with_lines(&[alive(3)]) };
    room.hears(2, up(0o100000));
    room.hears(3, with_lines(&[alive(2)]));
    while room.center.acknowledge().is_some() {}
    room.hears(2, TroubleReport { restart: Restart::RESTARTED, ..with_lines(&[DEAD]) });
    room.hears(3, with_lines(&[DEAD]));
    let seen: Vec<String> =
        std::iter::from_fn(|| room.center.acknowledge()).map(|entry| entry.change.to_string()).collect();
    assert_eq!(seen, ["IMP 2 RESTARTED", "LINE 2-3 DOWN", "HOST 0 AT IMP 2 DOWN"]);
    assert_eq!(room.center.alarms(), 0);
}

#[test]
fn traffic_is_what_was_counted_between_two_reports() {
    let mut room = Room::new();
    room.hears(2, with_lines(&[alive(3)]));
    let mut counted = ThroughputReport::default();
    counted.lines[0].packets = 20;
    counted.lines[0].words = 2000;
    room.counts(2, counted);
    let carried = |room: &Room| room.center.lines().next().expect("one line").to_plus;
    assert_eq!(carried(&room), None, "nobody knows since when it counted");
    room.wait(PERIOD);
    room.counts(2, counted);
    let traffic = carried(&room).expect("since the report before");
    assert_eq!((traffic.bits_per_second, traffic.packets, traffic.at_least), (640, 20, false));
    // After a restart it has counted from some moment on.
    room.wait(PERIOD);
    room.hears(2, TroubleReport { restart: Restart::RESTARTED, ..with_lines(&[alive(3)]) });
    room.counts(2, counted);
    assert_eq!(carried(&room), None);
    // A counter that ran over is marked.
    room.wait(PERIOD);
    counted.lines[0].words = 0o100000;
    room.counts(2, counted);
    assert!(carried(&room).expect("since the report before").at_least);
}

#[test]
fn who_reports_often_is_missed_soon_but_not_at_once() {
    let mut room = Room::new();
    for _ in 0..3 {
        room.hears(2, TroubleReport::empty());
        room.counts(2, ThroughputReport::default());
        room.wait(Span::from_secs(10));
    }
    assert!(room.wait(Span::from_secs(14)).is_empty());
    assert_eq!(room.wait(Span::from_secs(2)), ["IMP 2 DOWN OR CUT OFF"]);
}

#[test]
fn who_cannot_report_is_told_and_not_believed() {
    let mut room = Room::new();
    let report = Ok(Report::Trouble(TroubleReport::empty()));
    for from in [HostAddress::from(0), at(0), HostAddress::from(200), HostAddress::from(5)] {
        room.center.handle(room.now, Heard { from, report });
    }
    assert_eq!(
        room.log(),
        [
            "REPORT FROM HOST 0 OF IMP 0, WHERE NONE COMES FROM",
            "REPORT FROM HOST 3 OF IMP 0, WHERE NONE COMES FROM",
            "IMP 8 UP",
            "REPORT FROM HOST 0 OF IMP 5, WHERE NONE COMES FROM"
        ],
        "200 is program 3 of IMP 8"
    );
    let wrong = Err(ReportError::Checksum(0o17));
    room.center.handle(room.now, Heard { from: at(9), report: wrong });
    let log = room.log();
    assert_eq!(log, ["IMP 9: NO REPORT: ITS WORDS ADD UP TO 17, NOT TO ZERO: DAMAGED, OR FROM ELSEWHERE"]);
    assert!(room.center.imps().all(|imp| imp.number != 9), "it has not reported");
}

#[test]
fn an_imp_that_changes_with_each_report_does_not_flood_the_log() {
    let mut room = Room::new();
    let log: Vec<String> = (0..1000_u16)
        .flat_map(|turn| {
            let anomalies = Anomalies(turn.wrapping_mul(0o1357));
            room.hears(7, TroubleReport { anomalies, ..TroubleReport::empty() })
        })
        .collect();
    assert!(log.len() <= 41, "{}", log.len());
    assert_eq!(log.last().map(String::as_str), Some("IMP 7 CHANGES TOO FAST TO LOG"));
    assert_eq!(room.hears(8, TroubleReport::empty()), ["IMP 8 UP"], "another one is heard as ever");
}

#[test]
fn the_summary_has_one_letter_for_each() {
    let mut room = Room::new();
    room.hears(2, TroubleReport { anomalies: Anomalies(0o140000), ..with_lines(&[alive(3)]) });
    room.hears(3, with_lines(&[alive(2)]));
    let summary = room.center.summary();
    for row in ["   2 U     3 U", "  2-3 U", "  0/2 U   1/2 U"] {
        assert!(summary.contains(row), "{row:?} in\n{summary}");
    }
    assert!(summary.lines().all(|line| line.len() <= 72), "{summary}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn whatever_imps_report_the_center_stays_small_and_does_not_spin(
        reports in prop::collection::vec((any::<u8>(), prop::array::uniform10(any::<u16>()), any::<u16>(), 0_u64..200), 0..50)
    ) {
        let mut center = Center::default();
        let mut now = Instant::START;
        for (from, lines, anomalies, seconds) in reports {
            now += Span::from_secs(seconds);
            while let Some(deadline) = center.deadline().filter(|deadline| *deadline <= now) {
                center.alarm(deadline);
                prop_assert!(center.deadline().is_none_or(|next| next > deadline));
            }
            let mut report = TroubleReport::empty();
            report.anomalies = Anomalies(anomalies);
            for (at, end) in report.lines.iter_mut().enumerate() {
                *end = LineEnd { sent: lines[2 * at], status: lines[2 * at + 1] };
            }
            let from = HostAddress::from(from | 0o300);
            center.handle(now, Heard { from, report: Ok(Report::Trouble(report)) });
            for Entry { change, .. } in center.drain() {
                let said = change.to_string();
                prop_assert!(!matches!(change, Change::NoReport(..)) && said.is_ascii(), "{}", said);
            }
            prop_assert!(center.imps().count() <= 63 && center.lines().count() <= 5 * 64);
            prop_assert!(center.history().len() <= 500 && center.alarms() <= 63 + 5 * 64 + 4 * 64);
        }
        prop_assert!(center.summary().len() < 20_000);
    }
}
