//! A follower learns from the bits what each message is.

use host::{Directory, Note};
use imp::{Fault, Mishap, Toward};
use imp1822::{Dead, FromImp, HostAddress, LEADER_BITS, Leader, Link, Signal, ToImp};
use machine::{BitWriter, Bits, Instant, Span};
use ncc::{Anomalies, LineEnd, Report, Restart, STATISTICS, TroubleReport};
use ncp::{Command, ErrorCode, HEADER_BITS, Header, Socket};
use trace::figures::{Figures, Tally, TrafficTotal};
use trace::{Digest, Follower, Keep, Lens, Monitor, Names, Party, Record, Recorder, TapPoint, View, What};

const USER: u8 = 3;
const SERVER: u8 = 1;

/// A message from one host to another, as NIC 8246 lays it out.
fn message(to: u8, link: u8, size: u8, text: &[u8]) -> Signal {
    let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + text.len() * 8);
    let leader = ToImp::Regular { to: HostAddress::from(to), link: Link::from(link), priority: false };
    Leader::from(leader).emit(&mut writer);
    Header { size, count: (text.len() * 8 / usize::from(size)) as u16 }.emit(&mut writer);
    writer.put_bytes(text);
    Signal::Message(writer.finish())
}

fn control(to: u8, commands: &[Command]) -> Signal {
    let mut writer = BitWriter::new(commands.iter().map(|command| command.len() * 8).sum());
    commands.iter().for_each(|command| command.emit(&mut writer));
    message(to, 0, 8, writer.finish().bytes())
}

fn rts(receive: u32, send: u32, link: u8) -> Command {
    Command::Rts { receive: Socket::from(receive), send: Socket::from(send), link: Link::from(link) }
}

/// What the follower says, as `lens: what`.
fn said(follower: &mut Follower, from: u8, signal: &Signal) -> Vec<String> {
    let sayings = follower.sent(HostAddress::from(from), signal);
    sayings.into_iter().map(|saying| format!("{}: {}", saying.lens, saying.what)).collect()
}

/// Lets a user at socket 1024 follow the initial connection protocol to the FTP server, which says 2048.
fn introduced() -> Follower {
    let mut follower = Follower::default();
    said(&mut follower, USER, &control(SERVER, &[rts(1024, 3, 40)]));
    let number = said(&mut follower, SERVER, &message(USER, 40, 32, &[0, 0, 8, 0]));
    assert_eq!(number, ["ncp: link 40 socket number 2048"]);
    said(&mut follower, USER, &control(SERVER, &[rts(1026, 2049, 41)]));
    said(&mut follower, SERVER, &control(USER, &[rts(2048, 1027, 42)]));
    follower
}

/// A report of IMP 2 to the control center: leader, words, checksum.
fn report() -> Bits {
    let mut report = TroubleReport::empty();
    report.anomalies = Anomalies::with_hosts([true, false, false, false]);
    report.lines[1] = LineEnd::alive(5);
    report.restart = Restart::RESTARTED;
    let address = HostAddress::new(STATISTICS, 2).expect("it fits");
    Report::Trouble(report).emit(Leader { for_imp: true, address, ..Leader::of_kind(0) })
}

#[test]
fn a_report_of_an_imp_is_told_as_one_and_not_as_a_control_message() {
    let decoded = Follower::default().received(ncc::ADDRESS, &Signal::Message(report()));
    assert_eq!((decoded.from, decoded.lens), (Party::Program(2), Lens::Data));
    assert_eq!(decoded.what, "TROUBLE REPORT: hosts up: 0; line 2 to IMP 5; restarted");
    let mut bytes = report().bytes().to_vec();
    bytes[8] ^= 0x80;
    let decoded = Follower::default().received(ncc::ADDRESS, &Signal::Message(Bits::from_bytes(&bytes)));
    assert_eq!(decoded.what, "link 0, 528 bits of its program 3");
    assert!(decoded.meaning.contains("add up to 100000"), "{}", decoded.meaning);
}

#[test]
fn a_report_of_an_imp_breaks_no_rule() {
    let host = ncc::ADDRESS;
    let mut monitor = Monitor::new(TapPoint::Absent, [(host, TapPoint::AtHost)]);
    let heard = [Signal::Ready(true), Signal::Message(FromImp::Nop.bits()), Signal::Message(report())];
    for signal in heard {
        let record = Record { at: Instant::START, cause: None, what: What::Received { host, signal } };
        assert_eq!(monitor.take(&record), []);
    }
    assert_eq!(monitor.finish(Instant::START, false), []);
}

#[test]
fn the_commands_of_a_control_message_are_told_one_by_one() {
    let commands = [rts(1024, 3, 40), Command::Eco { data: 7 }];
    let told = said(&mut Follower::default(), USER, &control(SERVER, &commands));
    assert_eq!(told, ["ncp: RTS 1024 from 3 link 40", "ncp: ECO 7"]);
}

#[test]
fn a_complaint_is_told_with_the_bytes_that_it_is_about() {
    let err = Command::Err { code: ErrorCode::IllegalOpcode, data: [14, 1, 2, 3, 4, 5, 6, 7, 8, 255] };
    let told = said(&mut Follower::default(), USER, &control(SERVER, &[err]));
    assert_eq!(told, ["ncp: ERR 1 illegal opcode 0e0102030405060708ff"]);
}

#[test]
fn what_cannot_be_read_is_told_in_the_words_of_the_complaint_that_is_for_it() {
    let told = |text: &[u8]| {
        let sayings = Follower::default().sent(HostAddress::from(USER), &message(SERVER, 0, 8, text));
        sayings.into_iter().map(|one| (one.what, one.meaning)).collect::<Vec<_>>()
    };
    for (text, code) in [(&[14][..], ErrorCode::IllegalOpcode), (&[4, 2], ErrorCode::ShortParameters)] {
        let (what, meaning) = told(text).remove(0);
        assert!(what.starts_with(&code.to_string()), "{what}: {code}");
        assert_eq!(meaning, format!("ERR {} is for this", u8::from(code)));
    }
    assert_eq!(told(&[11, 1])[0].1, "no ERR answers an ERR");
    let experiment = "opcode 255 of a private experiment".to_owned();
    assert_eq!(told(&[255]), [(experiment, "ERR 1 if the receiver takes no part".to_owned())]);
}

#[test]
fn bytes_of_other_sizes_are_numbers_octal_where_the_digits_fit() {
    let data = |size, text: &[u8]| said(&mut Follower::default(), USER, &message(SERVER, 9, size, text));
    let words = [0xff, 0xff, 0xff, 0xff, 0xf0, 0, 0, 0, 0o17];
    assert_eq!(data(36, &words), ["data: link 9 data 2 x 36 bits 0o777777777777 0o17"]);
    assert_eq!(data(32, &[0, 1, 0, 0]), ["data: link 9 data 1 x 32 bits 0x10000"]);
    assert_eq!(data(4, &[0x12, 0x34, 0x56]), ["data: link 9 data 6 x 4 bits 0x1 0x2 0x3 0x4 …"]);
    assert_eq!(data(72, &words), ["data: link 9 data 1 x 72 bits"], "longer than any number of ours");
}

#[test]
fn text_is_a_dialogue_if_the_initial_connection_protocol_led_to_its_sockets() {
    let mut follower = introduced();
    assert_eq!(said(&mut follower, USER, &message(SERVER, 42, 8, b"USER SMITH\r\n")), ["ftp: USER SMITH"]);
    let replies = said(&mut follower, SERVER, &message(USER, 41, 8, b"330 password\r\n050 new"));
    assert_eq!(replies, ["ftp: 330 password", "ftp: 050 new…"], "the second goes on in the next message");
}

#[test]
fn a_line_ends_with_return_and_feed_together_and_is_the_same_whether_it_is_read_at_once_or_later() {
    let said_of = |text: &[u8]| {
        let (mut at_once, mut later) = (introduced(), introduced());
        let message = message(SERVER, 42, 8, text);
        let mut words = Vec::new();
        later.parts(HostAddress::from(USER), &message, &mut |part| words.push(part.said.words()));
        let told: Vec<String> =
            at_once.sent(HostAddress::from(USER), &message).into_iter().map(|one| one.what).collect();
        assert_eq!(words, told, "of {text:?}");
        told
    };
    assert_eq!(said_of(b"A\nB\r\r\nC\r\n\r\n"), ["A\nB\r", "C"], "and what is behind the last is no line");
    assert_eq!(said_of(b"A\r\n\r\nB"), ["A", "", "B…"]);
    assert_eq!(said_of(b"PASS BLUE\r\nNOOP\r"), ["PASS XXXX", "NOOP\r…"]);
    assert_eq!(said_of(b"\xff\x80\0A\r\n"), ["···A"], "what cannot be printed is a dot");
    assert_eq!(said_of(b""), ["…"]);
}

#[test]
fn a_number_that_is_said_again_does_not_undo_what_was_asked_for_meanwhile() {
    let mut follower = Follower::default();
    let number = message(USER, 40, 32, &[0, 0, 8, 0]);
    said(&mut follower, USER, &control(SERVER, &[rts(1024, 3, 40)]));
    said(&mut follower, SERVER, &number);
    let (send, receive) = (Socket::from(2049), Socket::from(1026));
    said(&mut follower, SERVER, &control(USER, &[Command::Str { send, receive, size: 8 }]));
    said(&mut follower, SERVER, &number);
    said(&mut follower, SERVER, &control(USER, &[Command::Cls { mine: send, yours: receive }]));
    said(&mut follower, USER, &control(SERVER, &[rts(1026, 2049, 41)]));
    let data = said(&mut follower, SERVER, &message(USER, 41, 8, b"250 no\r\n"));
    assert_eq!(data, ["data: link 41 data 8 x 8 bits \"250 no␍␊\""], "the dialogue was closed");
}

#[test]
fn text_on_other_connections_is_data() {
    let mut follower = introduced();
    said(&mut follower, SERVER, &control(USER, &[rts(4096, 1029, 43)]));
    let data = said(&mut follower, USER, &message(SERVER, 43, 8, b"ONE\r\n\x01"));
    assert_eq!(data, ["data: link 43 data 6 x 8 bits \"ONE␍␊·\""]);
}

#[test]
fn the_same_link_number_in_the_other_direction_is_another_link() {
    let mut follower = introduced();
    let stray = said(&mut follower, SERVER, &message(USER, 42, 8, b"250 no\r\n"));
    assert_eq!(stray, ["data: link 42 data 8 x 8 bits \"250 no␍␊\""], "42 goes from the user to the server");
}

#[test]
fn a_link_that_is_assigned_anew_is_followed_anew() {
    let mut follower = introduced();
    said(&mut follower, USER, &control(SERVER, &[rts(9000, 9001, 41)]));
    let data = said(&mut follower, SERVER, &message(USER, 41, 8, b"250 is data now\r\n"));
    assert_eq!(data, ["data: link 41 data 17 x 8 bits \"250 is data now␍␊\""]);
}

#[test]
fn what_is_no_message_is_told_and_does_no_harm() {
    let mut follower = Follower::default();
    let short = Signal::Message(Bits::from_bytes(&[0, 1]));
    assert_eq!(said(&mut follower, USER, &short), ["imp: 16 BITS"]);
    let headless = Signal::Message(Bits::from_bytes(&[0, 1, 0, 0, 0]));
    assert_eq!(said(&mut follower, USER, &headless).len(), 1, "a leader without the rest of the header");
    let garbage = said(&mut follower, USER, &message(SERVER, 0, 8, &[99, 1, 2]));
    assert_eq!(garbage, ["ncp: illegal opcode 99"]);
}

#[test]
fn trouble_is_seen_without_asking_for_the_cable() {
    let why = Dead::Host;
    let dead = FromImp::DestinationDead { to: HostAddress::from(SERVER), link: Link::CONTROL, why };
    let saying = Follower::default().received(HostAddress::from(USER), &Signal::Message(dead.bits()));
    assert_eq!((saying.lens, saying.meaning.as_str()), (Lens::Trouble, "host dead"));
    assert!(Lens::USUAL.contains(&Lens::Trouble));
}

fn records() -> Vec<Record> {
    let at = Instant::from_micros(1_500_000);
    let host = HostAddress::from(USER);
    let record = |what| Record { at, cause: None, what };
    vec![
        record(What::Note { host, note: Note::Typed { prompt: "_".to_owned(), line: None } }),
        record(What::Sent { host, signal: control(SERVER, &[rts(1024, 3, 40)]) }),
        record(What::Sent { host, signal: Signal::Message(ToImp::Nop.bits()) }),
    ]
}

#[test]
fn a_transcript_is_laid_out_in_columns_and_shows_only_what_is_asked_for() {
    let mut directory = Directory::default();
    directory.add("USER", HostAddress::from(USER));
    let names = Names::from(directory);
    let view = View::new(&names, &Lens::USUAL);
    insta::assert_snapshot!(view.transcript(&records()), @r"
       1.500000  USER types      (hidden)
       1.500000  USER -> host 1  RTS 1024 from 3 link 40             let me receive on link 40
    ");
    let view = View { lenses: &[Lens::Imp], ..view };
    insta::assert_snapshot!(view.transcript(&records()), @"   1.500000  USER -> IMP  NOP                                 to be ignored");
}

#[test]
fn the_bits_of_a_message_stand_below_it() {
    let names = Names::default();
    let view = View { bits: true, ..View::new(&names, &[Lens::Ncp]) };
    insta::assert_snapshot!(view.transcript(&records()), @r"
       1.500000  host 3 -> host 1  RTS 1024 from 3 link 40             let me receive on link 40
                                   152 bits: 00010000 0008000a00 01000004000000000328
    ");
}

#[test]
fn a_password_stands_neither_in_the_lines_nor_in_the_bits_nor_where_nothing_is_known_of_the_link() {
    let mut follower = introduced();
    assert_eq!(said(&mut follower, USER, &message(SERVER, 42, 8, b"PASS BL")), ["ftp: PASS XXXX…"]);
    assert_eq!(
        said(&mut follower, USER, &message(SERVER, 42, 8, b"UE\r\nNOOP\r\n")),
        ["ftp: XXXX", "ftp: NOOP"]
    );
    let signal = message(SERVER, 9, 8, b"pass BLUE\r\n");
    assert_eq!(said(&mut follower, USER, &signal), ["data: link 9 data 11 x 8 bits \"pass XXXX␍␊\""]);
    let names = Names::default();
    let view = View { bits: true, ..View::new(&names, Lens::ALL) };
    let what = What::Sent { host: HostAddress::from(USER), signal };
    let shown = view.transcript(&[Record { at: Instant::START, cause: None, what }]);
    assert!(shown.contains(" XXXX") && !shown.contains("BLUE") && !shown.contains("424c5545"), "{shown}");
}

#[test]
fn where_a_password_arrives_its_bits_are_not_shown_either_and_all_others_are() {
    let names = Names::default();
    let view = View { bits: true, ..View::new(&names, Lens::ALL) };
    let shown = |text: &[u8]| {
        let [sent, received] = [(USER, SERVER), (SERVER, USER)]
            .map(|(host, other)| (HostAddress::from(host), message(other, 9, 8, text)));
        let whats = [
            What::Sent { host: sent.0, signal: sent.1 },
            What::Received { host: received.0, signal: received.1 },
        ];
        view.transcript(&whats.map(|what| Record { at: Instant::START, cause: None, what }))
    };
    let secret = shown(b"PASS BLUE\r\n");
    assert_eq!((secret.matches(" XXXX").count(), secret.contains("424c5545")), (3, false), "{secret}");
    let open = shown(b"USER BLUE\r\n");
    assert_eq!(open.matches("424c5545").count(), 2, "{open}");
}

#[test]
fn what_is_on_a_link_for_measurement_is_no_business_of_any_ncp() {
    let mut follower = Follower::default();
    assert_eq!(
        said(&mut follower, USER, &message(SERVER, 159, 8, b"MESSAGE")),
        ["traffic: link 159, 96 bits"]
    );
    assert_eq!(said(&mut follower, USER, &message(SERVER, 191, 8, b"")), ["traffic: link 191, 40 bits"]);
    for link in [158, 192] {
        let told = said(&mut follower, USER, &message(SERVER, link, 8, b"MESSAGE"));
        assert!(told[0].starts_with("data: "), "{told:?}");
    }
    let lens =
        |message: FromImp| follower.received(HostAddress::from(USER), &Signal::Message(message.bits())).lens;
    let (to, link) = (HostAddress::from(SERVER), Link::from(159));
    assert_eq!(lens(FromImp::Rfnm { to, link }), Lens::Traffic);
    assert_eq!(lens(FromImp::DestinationDead { to, link, why: Dead::Host }), Lens::Traffic);
    assert_eq!(lens(FromImp::DestinationDead { to, link: Link::from(2), why: Dead::Host }), Lens::Trouble);
    assert!(!Lens::USUAL.contains(&Lens::Traffic), "traffic would hide all else");
}

#[test]
fn a_table_stands_below_its_title() {
    let tally = Tally { offered: 3, sent: 2, ..Tally::default() };
    let (begun, ended) = (Instant::START, Instant::from_micros(1_000_000));
    let what = What::Measured(Figures::Traffic(TrafficTotal { senders: 1, begun, ended, tally }));
    let record = Record { at: Instant::from_micros(1_500_000), cause: None, what };
    let names = Names::default();
    let view = View::new(&names, &Lens::USUAL);
    insta::assert_snapshot!(view.transcript([&record]), @r"
       1.500000  traffic  of one host, from 0.000000 to 1.000000 s
                          offered  held back  sent  RFNMs  dead  incomplete  unanswered  mean ms  longest ms
                                3          0     2      0     0           0           2        -        0.00
    ");
}

#[test]
fn a_fault_is_told_in_the_words_of_the_language() {
    let host = HostAddress::from(SERVER);
    let fault = Fault::Mishap { host, toward: Toward::Imp, mishap: Mishap::Late(Span::from_secs(2)) };
    let faults = [Fault::LineErrs { between: [1, 2], one_in: Some(1000) }, fault];
    let records = faults.map(|fault| Record { at: Instant::START, cause: None, what: What::Fault(fault) });
    let names = Names::default();
    let view = View::new(&names, &Lens::USUAL);
    insta::assert_snapshot!(view.transcript(&records), @r"
       0.000000  line 1 to 2      flips one bit in 1000
       0.000000  cable of host 1  delays the next message to the imp by 2s
    ");
}

#[test]
fn a_message_that_a_fault_strikes_is_told_as_it_was_when_it_was_sent() {
    let mut records = Vec::new();
    let mut record = |what| records.push(Record { at: Instant::START, cause: None, what });
    let mut sends = |host: u8, signal| record(What::Sent { host: HostAddress::from(host), signal });
    sends(USER, control(SERVER, &[rts(1024, 3, 40)]));
    sends(SERVER, message(USER, 40, 32, &[0, 0, 8, 0]));
    sends(SERVER, control(USER, &[rts(2048, 1027, 42)]));
    let signal = message(SERVER, 42, 8, b"USER SMITH\r\n");
    sends(USER, signal.clone());
    let Signal::Message(message) = signal else { panic!("it is one") };
    let (host, toward) = (HostAddress::from(USER), Toward::Imp);
    let mishap = Mishap::Late(Span::from_secs(2));
    record(What::Struck { host, toward, mishap, message });
    let names = Names::default();
    let lines = View::new(&names, &[Lens::Imp]).transcript(&records);
    assert!(lines.contains("delays USER SMITH by 2s"), "{lines}");
}

#[test]
fn the_digest_tells_runs_apart_and_does_not_depend_on_what_is_kept() {
    let digest = |keep, records: &[Record]| -> Digest {
        let mut recorder = Recorder::new(keep);
        for record in records {
            recorder.take(record.clone());
        }
        recorder.digest()
    };
    let all = records();
    assert_eq!(digest(Keep::Records, &all), digest(Keep::Digest, &all));
    let mut later = all.clone();
    later[1].at = Instant::from_micros(1_500_001);
    assert_ne!(digest(Keep::Digest, &all), digest(Keep::Digest, &later), "a microsecond makes a difference");
    assert_ne!(digest(Keep::Digest, &all), digest(Keep::Digest, &all[..2]));
}

#[test]
fn what_is_typed_does_not_steer_the_terminal_of_who_reads_it() {
    let host = HostAddress::from(USER);
    let note = Note::Typed { prompt: "_".to_owned(), line: Some("QUOTE \u{1b}[2J\u{7}".to_owned()) };
    let record = Record { at: Instant::START, cause: None, what: What::Note { host, note } };
    let names = Names::default();
    let view = View::new(&names, &Lens::USUAL);
    insta::assert_snapshot!(view.transcript(&[record]), @"   0.000000  host 3 types  QUOTE ·[2J·");
}

/// What the follower says that each part means.
fn meant(follower: &mut Follower, from: u8, signal: &Signal) -> Vec<String> {
    follower.sent(HostAddress::from(from), signal).into_iter().map(|saying| saying.meaning).collect()
}

#[test]
fn which_half_of_a_connection_a_command_is_and_when_the_sender_must_wait_is_said_beside_it() {
    let mut follower = Follower::default();
    let (send, receive, link) = (Socket::from(301), Socket::from(400), Link::from(2));
    let ask = control(SERVER, &[Command::Str { send, receive, size: 8 }]);
    assert_eq!(meant(&mut follower, USER, &ask), ["let me send 8-bit bytes"]);
    let room = Command::All { link, messages: 2, bits: 40 };
    let grant = control(USER, &[rts(400, 301, 2), room]);
    assert_eq!(meant(&mut follower, SERVER, &grant), ["open, on link 2", "you may send this much more"]);
    assert_eq!(meant(&mut follower, USER, &message(SERVER, 2, 8, b"HE")), ["16 bits"]);
    assert_eq!(
        meant(&mut follower, USER, &message(SERVER, 2, 8, b"LLO")),
        ["24 bits; used up, wait for ALL"]
    );
    let close = |mine, yours| Command::Cls { mine, yours };
    assert_eq!(meant(&mut follower, USER, &control(SERVER, &[close(send, receive)])), ["close, first half"]);
    assert_eq!(meant(&mut follower, SERVER, &control(USER, &[close(receive, send)])), ["close, second half"]);
    // Whoever comes later has seen nothing of it, and is told no half.
    assert_eq!(meant(&mut Follower::default(), SERVER, &control(USER, &[close(receive, send)])), ["close"]);
}

#[test]
fn a_line_that_uses_up_what_its_sender_may_send_says_so_behind_what_it_means() {
    let mut follower = introduced();
    let room = Command::All { link: Link::from(42), messages: 2, bits: 4000 };
    meant(&mut follower, SERVER, &control(USER, &[room]));
    assert_eq!(meant(&mut follower, USER, &message(SERVER, 42, 8, b"USER SMITH\r\n")), [""]);
    let lines = meant(&mut follower, USER, &message(SERVER, 42, 8, b"RETR A\r\nBYE\r\n"));
    assert_eq!(lines, ["send this file", "log out; used up, wait for ALL"]);
}

#[test]
fn the_end_of_a_line_in_the_middle_of_one_is_shown_as_a_sign_and_no_terminal_obeys_it() {
    let sent = |host: u8, signal| {
        let host = HostAddress::from(host);
        Record { at: Instant::START, cause: None, what: What::Sent { host, signal } }
    };
    let records = [
        sent(USER, control(SERVER, &[rts(1024, 3, 40)])),
        sent(SERVER, message(USER, 40, 32, &[0, 0, 8, 0])),
        sent(SERVER, control(USER, &[rts(2048, 1027, 42)])),
        sent(USER, message(SERVER, 42, 8, b"NOOP\r\r\nBYE\nBYE\r\n")),
    ];
    let names = Names::default();
    let lines = View::new(&names, &[Lens::Ftp]).lines(&records);
    let said: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(said, ["NOOP␍", "BYE␊BYE"]);
}
