//! Replies, written and read in the forms of the period.

use super::*;
use crate::Edition;

fn heard(code: ReplyCode, text: &str) -> Result<Option<Heard>, ReplyError> {
    Ok(Some(Heard::Reply(Reply::new(code, text))))
}

fn more(text: &str) -> Result<Option<Heard>, ReplyError> {
    Ok(Some(Heard::More(text.to_owned())))
}

#[test]
fn a_code_has_three_digits_whatever_its_number() {
    assert_eq!(Reply::new(ReplyCode::NEWS, "BBN-TENEX").to_string(), "000 BBN-TENEX");
    assert_eq!(ReplyCode::new(1000), None);
    assert_eq!(ReplyCode::new(930).map(ReplyCode::class), Some(Class::Reserved));
}

#[test]
fn every_code_has_its_own_number_a_meaning_and_a_source() {
    for pair in ReplyCode::ALL.windows(2) {
        assert!(pair[0] < pair[1], "{} stands before {}", pair[0], pair[1]);
    }
    for code in ReplyCode::ALL {
        assert_eq!(ReplyCode::new(code.number()), Some(*code));
        assert!(code.class() != Class::Reserved, "{code}");
        assert!(code.meaning().is_some_and(|meaning| !meaning.is_empty()), "{code}");
        assert!(code.source().is_some_and(|source| source.starts_with("RFC ")), "{code}");
    }
    let assigned = (0..1000).filter_map(ReplyCode::new).filter(|code| code.meaning().is_some()).count();
    assert_eq!(assigned, ReplyCode::ALL.len(), "a code that no document assigns has no meaning");
}

/// The codes that an edition has and the one before has not, and those that it has no more.
fn changes(edition: Edition, before: Edition) -> (Vec<u16>, Vec<u16>) {
    let of = |has: Edition, lacks: Edition| {
        ReplyCode::ALL
            .iter()
            .filter(|code| code.is_of(has) && !code.is_of(lacks))
            .map(|code| code.number())
            .collect()
    };
    (of(edition, before), of(before, edition))
}

#[test]
fn each_edition_has_the_codes_of_its_documents() {
    use Edition::{Rfc354, Rfc438, Rfc454, Rfc478, Rfc542};
    assert_eq!(
        ReplyCode::ALL.iter().filter(|code| code.is_of(Rfc354)).count(),
        45,
        "40, and those of RFC 385 and RFC 414"
    );
    assert_eq!(changes(Rfc438, Rfc354), (vec![], vec![]));
    assert_eq!(changes(Rfc454, Rfc438), (vec![10, 110, 233, 455, 456, 457, 507, 550], vec![]));
    assert_eq!(changes(Rfc478, Rfc454), (vec![], vec![]));
    assert_eq!(changes(Rfc542, Rfc478), (vec![20, 257, 332, 402], vec![256, 350]));
}

#[test]
fn what_a_code_says_and_where_is_told_by_edition() {
    let source = |code: ReplyCode, edition| code.row(edition).map(|row| row.source);
    assert_eq!(source(ReplyCode::CANNOT_CONNECT, Edition::Rfc354), Some("RFC 385, 12, p. 4"));
    assert_eq!(source(ReplyCode::CANNOT_CONNECT, Edition::Rfc454), Some("RFC 454, IV.B, pp. 26-28"));
    assert_eq!(source(ReplyCode::FILE_SYSTEM, Edition::Rfc354), None);
    assert_eq!(source(ReplyCode::DATA_SOCKET, Edition::Rfc354), Some("RFC 354, IV.B, pp. 19-20"));
    assert_eq!(
        ReplyCode::DATA_SOCKET.source(),
        Some("RFC 354, IV.B, p. 19; RFC 438, a and d, p. 2"),
        "of record"
    );
    let meaning = |edition| ReplyCode::NO_ACCOUNT.row(edition).map(|row| row.meaning);
    assert_ne!(meaning(Edition::Rfc438), meaning(Edition::Rfc454));
    assert_eq!(ReplyCode::new(999).and_then(|code| code.row(Edition::Rfc542)), None);
}

#[test]
fn the_data_socket_reply_carries_the_socket_in_decimal() {
    let reply = Reply::of_data_socket(Socket::from(1025));
    assert_eq!(reply.to_string(), "255 SOCK 1025");
    assert_eq!(reply.data_socket(), Some(Socket::from(1025)));
}

#[test]
fn only_a_255_reply_with_a_socket_names_one() {
    let of = |code, text: &str| Reply::new(code, text).data_socket();
    assert_eq!(of(ReplyCode::DATA_SOCKET, "sock  4294967295 at your service"), Some(Socket::from(u32::MAX)));
    for text in ["SOCK 4294967296", "SOCK +5", "SOCK -5", "SOCK", "5533", "SOCK 0x10", ""] {
        assert_eq!(of(ReplyCode::DATA_SOCKET, text), None, "{text:?}");
    }
    assert_eq!(of(ReplyCode::OK, "SOCK 5533"), None, "200 promises no socket");
}

#[test]
fn the_252_reply_says_how_many_bytes_passed_over_the_data_connection() {
    let reply = Reply::of_transfer(5000);
    assert_eq!(reply.to_string(), "252 transfer complete, 5000 bytes over the data connection");
    for bytes in [0, 1, 2, 5000, u64::MAX] {
        assert_eq!(Reply::of_transfer(bytes).bytes_transferred(), Some(bytes));
    }
}

#[test]
fn what_other_servers_say_at_the_end_is_no_count() {
    let of = |code, text: &str| Reply::new(code, text).bytes_transferred();
    for text in [
        "",
        "transfer complete",
        "File transfer completed",
        "5 bytes of X at 300 baud",
        "transfer complete, 5 bytes",
        "transfer complete, 5 bytes in 3 seconds",
        "transfer complete, +5 bytes over the data connection",
        "transfer complete, -5 bytes over the data connection",
        "transfer complete, 5 000 bytes over the data connection",
        "transfer complete, bytes over the data connection",
        "transfer complete,  bytes over the data connection",
        "transfer complete, 18446744073709551616 bytes over the data connection",
        "transfer complete, 5 bytes over the data connection were lost",
        "BYTES 5",
    ] {
        assert_eq!(of(ReplyCode::TRANSFER_DONE, text), None, "{text:?}");
    }
    assert_eq!(of(ReplyCode::OK, Reply::of_transfer(5).text()), None, "200 ends no transfer");
}

#[test]
fn a_count_that_has_not_come_in_one_piece_is_garbled_and_what_others_say_is_not() {
    let of = |text: &str| Reply::new(ReplyCode::TRANSFER_DONE, text).has_garbled_count();
    let line = Reply::of_transfer(5000).to_string();
    let whole = Reply::of_transfer(5000);
    assert!(!whole.has_garbled_count());
    // Whichever piece of it comes twice, from the first digit of the count on to the end.
    let first = line.find("5000").expect("it counts");
    for (from, to) in (first + 1..line.len()).flat_map(|to| (0..to).map(move |from| (from, to))) {
        let twice = format!("{}{}", &line[..to], &line[from..]);
        let text = twice.strip_prefix("252 ").expect("it begins as the line does");
        let is_other = Reply::new(ReplyCode::TRANSFER_DONE, text).bytes_transferred().is_some();
        assert!(is_other || of(text), "{text:?}");
    }
    let others = [
        "",
        "transfer complete",
        "transfer complete, 1 record",
        "File transfer completed",
        "5 bytes of X",
        "BYTES 5",
    ];
    for text in others {
        assert!(!of(text), "{text:?}");
    }
    assert!(
        !Reply::new(ReplyCode::OK, "1 over the data connection").has_garbled_count(),
        "200 ends no transfer"
    );
}

#[test]
fn lines_after_a_reply_belong_to_it_in_the_forms_of_rfc_354_and_414() {
    let mut reader = ReplyReader::default();
    assert_eq!(reader.line("100 TYPE A"), heard(ReplyCode::STATUS, "TYPE A"));
    assert_eq!(reader.line("   BYTE 8"), more("BYTE 8"));
    assert_eq!(reader.line("MODE S"), more("MODE S"));
    assert_eq!(reader.line("1000 BLOCKS"), more("1000 BLOCKS"), "four digits are no code");
    assert_eq!(reader.line("200 DONE"), heard(ReplyCode::OK, "DONE"));
}

#[test]
fn a_reply_in_the_form_of_rfc_454_comes_whole() {
    let mut reader = ReplyReader::default();
    assert_eq!(reader.line("100-First"), Ok(None));
    assert_eq!(reader.line("  Second"), Ok(None));
    assert_eq!(reader.line("200 Third"), Ok(None), "another code does not end it");
    let whole = Reply::new(ReplyCode::STATUS, "First").and("  Second").and("200 Third").and("Last");
    assert_eq!(reader.line("100 Last"), Ok(Some(Heard::Reply(whole))));
    assert_eq!(reader.line("252"), heard(ReplyCode::TRANSFER_DONE, ""));
}

#[test]
fn a_reply_without_end_is_given_up() {
    let mut reader = ReplyReader::new(3);
    assert_eq!(reader.line("100-First"), Ok(None));
    assert_eq!(reader.line("Second"), Ok(None));
    assert_eq!(reader.line("Third"), Err(ReplyError::TooManyLines(3)));
    assert_eq!(reader.line("200 on we go"), heard(ReplyCode::OK, "on we go"));
}

#[test]
fn what_comes_before_the_first_code_is_text_for_people() {
    let mut reader = ReplyReader::default();
    assert_eq!(reader.line("MULTICS 16.14: MIT, CAMBRIDGE"), more("MULTICS 16.14: MIT, CAMBRIDGE"));
    assert_eq!(reader.line(""), more(""));
    assert_eq!(reader.line("\u{e9}\u{e9}"), more("\u{e9}\u{e9}"));
    assert_eq!(reader.line("300 HELLO"), heard(ReplyCode::GREETING, "HELLO"));
}

#[test]
fn what_is_written_is_read() {
    let reply = Reply::new(ReplyCode::STATUS, "one").and("two").and("300 three");
    let mut reader = ReplyReader::default();
    let lines: Vec<String> = reply.wire_lines().collect();
    assert_eq!(lines.join("\n"), reply.to_string());
    let read: Vec<_> = lines.iter().map(|line| reader.line(line)).collect();
    assert_eq!(read, [heard(ReplyCode::STATUS, "one"), more("two"), more("300 three")]);
}
