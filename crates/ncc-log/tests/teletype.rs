//! The control center at the teletype of its host: what IMPs report becomes lines on paper.

use std::cell::RefCell;
use std::rc::Rc;

use host::{Host, Note, Output, Program, Settings};
use imp1822::{HostAddress, Leader, Signal};
use machine::{Bits, Instant, Machine, Rounds, Span};
use ncc::{Anomalies, Center, LineEnd, Report, STATISTICS, ThroughputReport, TroubleReport};

/// The host of the center, its paper, and the time.
struct Room {
    host: Host,
    paper: Vec<String>,
    now: Instant,
}

/// The message of an IMP's program.
fn message(imp: u8, program: u8, report: Report) -> Bits {
    let address = HostAddress::new(program, imp).expect("it fits");
    report.emit(Leader { for_imp: true, address, ..Leader::of_kind(0) })
}

impl Room {
    fn new(address: HostAddress) -> Self {
        let program = Program::new("NCC", |host| {
            ncc_log::run(host, Rc::new(RefCell::new(Center::new([[2, 3]]))), Span::from_secs(8 * 3600))
        });
        let settings = Settings { address, programs: vec![program], ..Settings::default() };
        let mut room = Room { host: Host::new(settings), paper: Vec::new(), now: Instant::START };
        room.host.boot(room.now);
        room.host.handle(room.now, Signal::Ready(true));
        room.look();
        room
    }

    fn look(&mut self) {
        for output in self.host.drain() {
            if let Output::Note(Note::Printed(line)) = output {
                self.paper.push(line);
            }
        }
    }

    fn hears(&mut self, message: Bits) {
        self.host.handle(self.now, Signal::Message(message));
        self.look();
    }

    fn types(&mut self, line: &str) -> Vec<String> {
        let before = self.paper.len();
        self.host.type_line(self.now, line);
        self.look();
        self.paper[before..].to_vec()
    }

    fn wait(&mut self, span: Span) {
        let end = self.now + span;
        let mut rounds = Rounds::until("no deadline is left in this time");
        while let Some(deadline) = self.host.deadline().filter(|deadline| *deadline <= end) {
            rounds.count();
            self.host.alarm(deadline);
            self.look();
        }
        self.now = end;
    }
}

/// An IMP with one line, to this one, and host 0 up.
fn trouble(neighbour: u8) -> Report {
    let mut report = TroubleReport::empty();
    report.lines[0] = LineEnd::alive(neighbour);
    report.anomalies = Anomalies::with_hosts([true, false, false, false]);
    Report::Trouble(report)
}

#[test]
fn what_changes_is_printed_with_the_time_of_day_and_what_is_typed_is_answered() {
    let mut room = Room::new(ncc::ADDRESS);
    room.wait(Span::from_secs(60));
    for (imp, neighbour) in [(2, 3), (3, 2)] {
        room.hears(message(imp, STATISTICS, trouble(neighbour)));
        room.hears(message(imp, STATISTICS, Report::Throughput(ThroughputReport::default())));
    }
    assert_eq!(
        room.paper,
        [
            "NETWORK CONTROL CENTER",
            "08:01:00  HOST 0 AT IMP 2 UP",
            "08:01:00  IMP 2 UP",
            "08:01:00  HOST 0 AT IMP 3 UP",
            "08:01:00  IMP 3 UP",
            "08:01:00  LINE 2-3 UP"
        ]
    );
    let summary = room.types("summary").join("\n");
    assert!(summary.contains("  2-3 U") && summary.contains("0/2 U"), "{summary}");
    assert_eq!(room.types("TRAFFIC"), ["NOTHING IS KNOWN YET: IT TAKES TWO REPORTS OF AN IMP"]);
    assert_eq!(room.types("ACK"), ["NO ALARM"]);
    assert_eq!(room.types("BOO"), ["NOT A COMMAND: SUMMARY, TRAFFIC, ACK, HELP"]);
    let before = room.paper.len();
    room.wait(Span::from_secs(200));
    let silent = &room.paper[before..];
    assert_eq!(
        silent,
        [
            "08:03:30  IMP 2 DOWN OR CUT OFF",
            "08:03:30  IMP 3 DOWN OR CUT OFF",
            "08:03:30  LINE 2-3 NOT KNOWN"
        ]
    );
    assert_eq!(room.types("ACK"), ["ACKNOWLEDGED: 08:03:30  IMP 2 DOWN OR CUT OFF", "1 MORE"]);
}

#[test]
fn what_was_carried_is_told_from_report_to_report() {
    let mut room = Room::new(ncc::ADDRESS);
    let mut counted = ThroughputReport::default();
    (counted.lines[0].packets, counted.lines[0].words) = (9, 2500);
    (counted.hosts[0].messages_to_net, counted.hosts[0].words_from_host) = (5, 250);
    for _ in 0..2 {
        room.hears(message(2, STATISTICS, trouble(3)));
        room.hears(message(2, STATISTICS, Report::Throughput(counted)));
        room.wait(Span::from_secs(50));
    }
    assert_eq!(
        room.types("TRAFFIC"),
        ["LINE  2 TO  3  800 BITS/S, 9 PACKETS", "HOST 0 AT IMP 2  SENT 80 BITS/S, 5 MESSAGES, RECEIVED 0"]
    );
}

#[test]
fn a_center_where_none_is_reported_to_says_so() {
    let room = Room::new(HostAddress::from(70));
    assert_eq!(room.paper, ["NETWORK CONTROL CENTER", "IMPS REPORT TO HOST 0 OF IMP 5, WHICH THIS IS NOT"]);
}

#[test]
fn what_is_no_report_is_printed_and_the_next_one_is_read() {
    let mut room = Room::new(ncc::ADDRESS);
    let mut bytes = message(2, STATISTICS, trouble(3)).bytes().to_vec();
    bytes[7] ^= 1;
    room.hears(Bits::from_bytes(&bytes));
    room.hears(Bits::from_bytes(&bytes[..4]));
    room.hears(message(2, 0, trouble(3)));
    room.hears(message(2, STATISTICS, trouble(3)));
    let printed: Vec<&str> = room.paper.iter().skip(1).map(|line| &line[10..]).collect();
    assert_eq!(
        printed,
        [
            "IMP 2: NO REPORT: ITS WORDS ADD UP TO 1, NOT TO ZERO: DAMAGED, OR FROM ELSEWHERE",
            "IMP 2: NO REPORT: IT HAS NO WORDS",
            "REPORT FROM HOST 0 OF IMP 2, WHERE NONE COMES FROM",
            "HOST 0 AT IMP 2 UP",
            "IMP 2 UP"
        ]
    );
}
