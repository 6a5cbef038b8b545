//! What the codec hears on literal bytes, however they are cut into messages.

use super::*;

const NOP: u8 = 130;
const MARK: u8 = 128;

fn line(text: &str) -> Received {
    Received::Line(text.to_owned())
}

/// Decodes the pieces one after the other, then the end of the connection.
fn hear(mut lines: Lines, pieces: &[&[u8]]) -> Vec<Received> {
    let (mut buffer, mut heard) = (BytesMut::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        while let Some(received) = lines.decode(&mut buffer).expect("nothing fails here") {
            heard.push(received);
        }
        assert!(buffer.is_empty(), "the codec keeps what it needs itself, within its limit");
    }
    while let Some(received) = lines.decode_eof(&mut buffer).expect("nothing fails here") {
        heard.push(received);
    }
    heard
}

/// The same bytes must mean the same wherever the network cuts them.
#[track_caller]
fn hears(limit: usize, bytes: &[u8], expected: &[Received]) {
    for at in 0..=bytes.len() {
        let (first, second) = bytes.split_at(at);
        assert_eq!(hear(Lines::new(limit), &[first, second]), expected, "cut after {at} bytes");
    }
    let each: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(hear(Lines::new(limit), &each), expected, "a byte at a time");
}

/// A signal that RFC 318 does not name.
fn unnamed(byte: u8) -> Received {
    Received::Signal(Signal::from_byte(byte).expect("its high bit is set"))
}

#[test]
fn a_line_ends_with_cr_lf() {
    hears(80, b"USER BOBT\r\nPASS MASS\r\n\r\n", &[line("USER BOBT"), line("PASS MASS"), line("")]);
}

#[test]
fn nop_may_stand_between_cr_and_lf() {
    hears(80, &[b'B', b'Y', NOP, b'E', CR, NOP, LF], &[line("BYE")]);
}

#[test]
fn other_signals_are_handed_out_and_leave_the_line_whole() {
    hears(80, &[b'A', 129, b'B', CR, 200, LF], &[Received::Signal(Signal::Break), unnamed(200), line("AB")]);
}

#[test]
fn the_option_of_a_request_of_newer_telnets_is_no_text() {
    // IAC DO ECHO, IAC WILL SUPPRESS GO AHEAD, in front of a command and within one.
    let bytes = [&[255, 253, 1, 255, 251, 3][..], b"US", &[255, 254, LF], b"ER\r\n"].concat();
    let heard = [[255, 253], [255, 251], [255, 254]].as_flattened().iter().map(|byte| unnamed(*byte));
    hears(80, &bytes, &heard.chain([line("USER")]).collect::<Vec<_>>());
    // Two escapes begin one command; what is no request has no option.
    hears(80, &[255, 255, 252, 6, LF], &[unnamed(255), unnamed(255), unnamed(252), line("")]);
    hears(80, &[255, 241, b'A', 253, b'B', LF], &[unnamed(255), unnamed(241), unnamed(253), line("AB")]);
}

#[test]
fn a_cr_that_ends_no_line_is_text() {
    hears(80, b"XXX\r\0MMM\r\0\r\n", &[line("XXX\rMMM\r")]);
    hears(80, b"A\rB\r\r\n", &[line("A\rB\r")]);
}

#[test]
fn a_lone_lf_ends_a_line() {
    hears(80, b"NOOP\nBYE\n", &[line("NOOP"), line("BYE")]);
}

#[test]
fn an_overlong_line_is_reported_once_and_the_next_one_heard() {
    hears(4, b"RETR\r\n", &[line("RETR")]);
    hears(4, b"RETRIEVE\r\0X\r\nBYE\r\n", &[Received::TooLong { length: 10 }, line("BYE")]);
    hears(4, b"RETRIEVE", &[Received::TooLong { length: 8 }]);
}

#[test]
fn a_line_without_its_end_is_cut_short() {
    hears(80, b"NOOP\r\nRETR FI", &[line("NOOP"), Received::CutShort("RETR FI".to_owned())]);
    hears(80, b"BYE\r", &[Received::CutShort("BYE\r".to_owned())]);
}

/// The commands before the mark are those that a SYNCH wants skipped.
const SYNCHED: &[u8] = &[b'S', b'T', b'O', CR, LF, b'R', 129, b'E', MARK, b'A', b'B', b'O', b'R', CR, LF];

#[test]
fn after_an_ins_text_is_discarded_up_to_the_data_mark_but_signals_are_not() {
    let mark = Received::Signal(Signal::DataMark);
    let expected = [Received::Signal(Signal::Break), mark, line("ABOR")];
    for at in 0..=SYNCHED.len() {
        let mut lines = Lines::default();
        lines.interrupted();
        let (first, second) = SYNCHED.split_at(at);
        assert_eq!(hear(lines, &[first, second]), expected, "cut after {at} bytes");
    }
}

#[test]
fn an_ins_throws_away_the_line_that_has_begun() {
    let mut lines = Lines::default();
    let mut buffer = BytesMut::from(&b"STOR <BOBT>DA"[..]);
    assert_eq!(lines.decode(&mut buffer).expect("no error"), None);
    lines.interrupted();
    assert_eq!(hear(lines, &[&[MARK], b"ABOR\r\n"]), [Received::Signal(Signal::DataMark), line("ABOR")]);
}

#[test]
fn an_ins_after_its_data_mark_discards_nothing() {
    let mut lines = Lines::default();
    let mut buffer = BytesMut::from(SYNCHED);
    let mut next = |lines: &mut Lines| lines.decode(&mut buffer).expect("no error");
    assert_eq!(next(&mut lines), Some(line("STO")), "the line was heard before anybody knew of a SYNCH");
    assert_eq!(next(&mut lines), Some(Received::Signal(Signal::Break)));
    assert_eq!(next(&mut lines), Some(Received::Signal(Signal::DataMark)));
    assert!(lines.awaits_interrupt(), "a strict program waits here");
    lines.interrupted();
    assert!(!lines.awaits_interrupt());
    assert_eq!(next(&mut lines), Some(line("ABOR")), "the unfinished line before the mark is gone");
}

#[test]
fn two_inss_want_two_marks() {
    let mut lines = Lines::default();
    lines.interrupted();
    lines.interrupted();
    let mark = || Received::Signal(Signal::DataMark);
    assert_eq!(hear(lines, &[b"A\r\n", &[MARK], b"B\r\n", &[MARK], b"C\r\n"]), [mark(), mark(), line("C")]);
}

#[test]
fn lines_are_sent_with_cr_lf_and_signals_as_their_byte() {
    let mut sent = BytesMut::new();
    let mut lines = Lines::default();
    lines.encode("A\rB", &mut sent).expect("it is ASCII");
    lines.encode(Signal::HideYourInput, &mut sent).expect("signals always go");
    lines.encode("BYE".to_owned(), &mut sent).expect("it is ASCII");
    assert_eq!(&sent[..], b"A\r\0B\r\n\x85BYE\r\n");
}

#[test]
fn what_is_no_line_of_ascii_is_not_sent_at_all() {
    let mut sent = BytesMut::new();
    let mut lines = Lines::default();
    assert!(matches!(lines.encode("USER X\nDELE Y", &mut sent), Err(LinesError::LineFeed)));
    assert!(matches!(lines.encode("caf\u{e9}", &mut sent), Err(LinesError::NotAscii('\u{e9}'))));
    assert!(sent.is_empty(), "not even half of it");
}

#[test]
fn nul_is_no_operation_but_after_a_cr() {
    hears(80, b"NOOP\r\n\0\0NOOP\r\n", &[line("NOOP"), line("NOOP")]);
    hears(80, b"\0N\0O\0OP\0\r\n\r\0\0\r\n", &[line("NOOP"), line("\r")]);
}

/// What stands in a line beside ASCII must not make another line of it, unseen.
#[test]
fn a_line_with_bytes_that_are_neither_text_nor_signals_is_known() {
    let had = |bytes: &[u8]| {
        let (mut lines, mut buffer) = (Lines::default(), BytesMut::from(bytes));
        let mut had = Vec::new();
        while let Some(received) = lines.decode(&mut buffer).expect("nothing fails here") {
            if matches!(received, Received::Line(_)) {
                had.push(lines.had_stray_bytes());
            }
        }
        had
    };
    assert_eq!(had(b"DELE A\xe9.TXT\r\nNOOP\r\n"), [true, false], "a letter with an accent");
    assert_eq!(had(b"DELE A\xfc.TXT\r\n"), [true], "one that is no request without its escape");
    assert_eq!(had(b"NO\x81OP\r\nNO\x85\x83OP\r\n\xa0NOOP\r\n"), [false; 3], "signals have names");
    assert_eq!(
        had(b"NO\xff\xfd\x01OP\r\nNO\xff\xf1OP\r\n"),
        [false; 2],
        "requests and commands of newer Telnets"
    );
    assert_eq!(had(b"\xe9NOOP\r\n"), [false], "before a line it is noise");
}

#[test]
fn an_ins_whose_mark_never_comes_can_be_given_up() {
    let (mut lines, mut buffer) = (Lines::default(), BytesMut::from(&b"LOST\r\n"[..]));
    lines.interrupted();
    assert_eq!(lines.decode(&mut buffer).expect("no error"), None);
    assert!(lines.awaits_mark());
    assert_eq!(lines.give_up_mark(), Discarded { lines: true, in_line: false });
    assert!(!lines.awaits_mark());
    let late = [line("NOOP"), Received::Signal(Signal::DataMark), line("BYE")];
    assert_eq!(hear(lines, &[b"NOOP\r\nX", &[MARK], b"BYE\r\n"]), late);
}

/// The rest of a line is no line: it may say something else than the whole.
#[test]
fn what_was_thrown_away_behind_an_ins_is_known_when_its_mark_is_given_up() {
    for (before, behind, lines, in_line) in [
        ("", "", false, false),
        ("", "STAT ", false, true),
        ("STAT ", "", false, true),
        ("STAT ", "A\r\n", true, false),
        ("", "A\r\nSTAT ", true, true),
        ("A\r\n", "\0\r", false, false),
    ] {
        let mut decoder = Lines::default();
        for (text, is_interrupted) in [(before, true), (behind, false)] {
            let mut buffer = BytesMut::from(text);
            while decoder.decode(&mut buffer).expect("no error").is_some() {}
            if is_interrupted {
                decoder.interrupted();
            }
        }
        let thrown = Discarded { lines, in_line };
        assert_eq!(decoder.give_up_mark(), thrown, "{before:?}, an INS, {behind:?}");
        assert_eq!(decoder.give_up_mark(), Discarded::default(), "it is told once");
    }
}

#[test]
fn whether_a_line_has_begun_is_known() {
    let mut lines = Lines::new(4);
    for (bytes, begun) in [("", false), ("US", true), ("ERS AND MORE", true), ("\r\n", false), ("\r", true)] {
        let mut buffer = BytesMut::from(bytes.as_bytes());
        while lines.decode(&mut buffer).expect("no error").is_some() {}
        assert_eq!(lines.is_in_line(), begun, "after {bytes:?}");
    }
}
