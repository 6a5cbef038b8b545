//! The registry of clauses and the tables of commands and codes.

use std::collections::BTreeSet;

use ncp::clauses;

use crate::{CLAUSES, CommandName, Edition, ReplyCode};

#[test]
fn every_command_is_what_a_clause_is_about_and_no_clause_is_about_nothing() {
    let (all, misread) = clauses::read(CLAUSES);
    assert_eq!(misread, []);
    let about: BTreeSet<&str> = all.iter().flat_map(|one| one.about.unwrap_or_default().split(' ')).collect();
    // RFC 542 has no clauses: its editors came after what this registry is about.
    for name in CommandName::ALL.iter().filter(|name| name.editions() != [Edition::Rfc542]) {
        assert!(about.contains(name.as_str()), "no clause is about {name}");
    }
    let codes: BTreeSet<String> = ReplyCode::ALL.iter().map(ToString::to_string).collect();
    for word in about.into_iter().filter(|word| !word.is_empty()) {
        let is_known = CommandName::from_word(word).is_some() || codes.contains(word);
        assert!(is_known, "{word} is neither a command nor a code");
    }
}
