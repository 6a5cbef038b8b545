//! The tables of commands and replies hold together.

use super::*;

/// Every command of every edition, and what may answer it.
fn rows() -> impl Iterator<Item = (CommandName, Edition, Answers)> {
    CommandName::ALL.iter().flat_map(|name| {
        Edition::ALL.into_iter().filter_map(move |edition| {
            let answers = name.answers(edition);
            assert_eq!(answers.is_some(), name.is_of(edition), "{name} in {edition} has its row");
            answers.map(|answers| (*name, edition, answers))
        })
    })
}

#[test]
fn every_code_of_a_row_is_one_of_its_edition_and_says_by_its_first_digit_what_the_row_says() {
    for (name, edition, answers) in rows() {
        let is_good = |code: ReplyCode| {
            matches!(code.class(), Class::News | Class::Status | Class::Positive | Class::Incomplete)
        };
        for (codes, good) in
            [(answers.first, true), (answers.then, true), (answers.refused, false), (answers.broken, false)]
        {
            for code in codes.iter() {
                assert!(code.is_of(edition), "{code} to {name} is no code of {edition}");
                assert_eq!(is_good(code), good, "{code} to {name} of {edition}");
                assert!(answers.have(code));
            }
        }
        assert!(answers.first.iter().count() > 0, "{name} of {edition} may succeed");
        for code in [ReplyCode::UNRECOGNIZED, ReplyCode::SYNTAX, ReplyCode::MISSING] {
            assert!(answers.refused.contains(code), "{name} of {edition} may be refused by {code}");
        }
    }
}

#[test]
fn what_begins_has_an_end_and_nothing_else_has() {
    for (name, edition, answers) in rows() {
        let begins =
            matches!(name.exchange(), Exchange::Transfer | Exchange::Mail) || name == CommandName::Rein;
        assert_eq!(answers.then.iter().count() > 0, begins, "{name} of {edition}");
        assert!(begins || answers.broken == Codes::NONE, "{name} of {edition}");
    }
}

#[test]
fn each_edition_has_the_table_of_its_document() {
    use CommandName::{Abor, Byte, Dele, Help, List, Lstn, Pass, Pasv, Rnto, Sock, Stor};
    use Edition::{Rfc354, Rfc438, Rfc454, Rfc478, Rfc542};
    let first = |name: CommandName, edition| -> Vec<u16> {
        name.answers(edition).into_iter().flat_map(|row| row.first.iter().map(ReplyCode::number)).collect()
    };
    let refused = |name: CommandName, edition, code: ReplyCode| {
        name.answers(edition).is_some_and(|row| row.refused.contains(code))
    };
    assert_eq!(
        Edition::ALL.map(|edition| first(Sock, edition)),
        [vec![200], vec![200, 255], vec![200, 331], vec![200, 331], vec![200, 331]],
        "in RFC 438 a 200 is for a SOCK without a socket alone"
    );
    assert_eq!((first(Lstn, Rfc354), first(Lstn, Rfc438), first(Lstn, Rfc478)), (vec![], vec![255], vec![]));
    assert_eq!(
        (first(Pasv, Rfc454), first(Pasv, Rfc478), first(Pasv, Rfc542)),
        (vec![], vec![200, 331], vec![200, 331])
    );
    assert_eq!((first(Dele, Rfc354), first(Dele, Rfc454)), (vec![254], vec![254, 331]));
    assert_eq!((first(Pass, Rfc454), first(Help, Rfc542)), (vec![230, 331], vec![30, 50]));
    let not = ReplyCode::NOT_IMPLEMENTED;
    assert_eq!(Edition::ALL.map(|edition| refused(Rnto, edition, not)), [false, false, false, false, true]);
    assert_eq!(Edition::ALL.map(|edition| refused(Abor, edition, not)), [false, false, true, true, true]);
    assert_eq!(Edition::ALL.map(|edition| refused(Byte, edition, not)), [true, true, true, true, false]);
    let path = ReplyCode::BAD_PATHNAME;
    assert_eq!(Edition::ALL.map(|edition| refused(List, edition, path)), [false, false, true, true, true]);
    assert!(!refused(Stor, Rfc354, ReplyCode::NOT_FOUND), "RFC 385, 1.v: 451 alone");
}
