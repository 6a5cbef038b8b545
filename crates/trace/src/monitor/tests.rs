//! Dialogues that keep to the rules and dialogues that break them.

mod cable;
mod dialogue;
mod level1;
mod level2;
mod talks;
mod tap;

use std::collections::BTreeSet;

use host::Directory;

use super::Violation;
use super::rule::Rule;
use dialogue::{broken, violations};

#[test]
fn what_is_forbidden_is_told() {
    for (rules, dialogue) in level1::BROKEN.iter().chain(level2::BROKEN) {
        assert_eq!(broken(dialogue), *rules, "{dialogue}");
    }
}

#[test]
fn for_every_rule_there_is_a_dialogue_that_breaks_it() {
    let all = level1::BROKEN.iter().chain(level2::BROKEN).chain(level2::BROKEN_WHEN_OPEN);
    let all = all.chain(talks::STRAY);
    let broken: Vec<Rule> = all.flat_map(|(rules, _)| rules.iter().copied()).collect();
    for rule in Rule::ALL {
        assert!(broken.contains(rule), "{rule:?}: {rule} ({})", rule.source());
    }
}

#[test]
fn advice_says_which_document_asks_it_and_accuses_nobody() {
    for rule in Rule::ALL.iter().filter(|rule| rule.is_advice()) {
        let first = rule.to_string();
        assert!(
            first.starts_with("RFC ") || first.starts_with("NIC 8246 "),
            "{rule:?} names its document: {first}"
        );
    }
    let all = level1::BROKEN.iter().chain(level2::BROKEN);
    for violation in all.flat_map(|(_, dialogue)| violations(dialogue)) {
        let verb = violation.describe(&Directory::default()).verb;
        assert_eq!(violation.rule.is_advice(), verb == "against advice", "{violation:?}: {verb}");
        assert!(violation.is_certain() != violation.rule.is_advice(), "{violation:?}");
    }
}

/// What programs do that run today or ran then, and what they are right by.
const RIGHT_BY_ANOTHER_DOCUMENT: &[(&str, &str)] = &[
    (
        "linux-ncp sends one command after the other; RFC 533 leaves that to a host",
        "1 sends 2: NOP; 1 sends 2: ECO 1",
    ),
    ("ITS and gateways of today send IP on link 155, which later lists of numbers assign", "1>2 155: raw 45"),
    ("NIC 8246 lets more codes of ERR come", "1>2: ERR 6 0"),
    ("RFC 611 gives type 6 a meaning", "1 gets leader 06020000"),
    (
        "RFC 660 gives type 3 a meaning, on the way to the IMP and from it",
        "1 sends type 3; 1 gets leader 03020000",
    ),
    ("later editions of the interface have more subtypes", "1 sends 2 200: raw 00; 1 gets leader 0702c803"),
    (
        "linux-ncp does not greet again when its IMP was away; only RFC 394 asks that",
        "1 gets down; 1 gets up; 1 sends 2 200: raw 00",
    ),
    ("no document forbids a second CLS", "1>2: RTS 4 3 2; 1>2: CLS 4 3; 1>2: CLS 4 3"),
    (
        "only RFC 394 says how many NOPs come before a reset, and the IMP program drops some when its queue is full",
        "1 gets down; 1 gets up; 1 gets nop; 1 gets nop; 1 gets reset; 1 sends nop",
    ),
    (
        "RFC 414 ends a question with 200, and RFC 454 has the last line of the answer do it; some do both",
        talks::TWO_ENDS,
    ),
];

#[test]
fn who_is_right_by_another_document_is_not_accused() {
    for (why, dialogue) in RIGHT_BY_ANOTHER_DOCUMENT {
        let found = violations(dialogue);
        assert!(!found.is_empty() && !found.iter().any(Violation::is_certain), "{why}: {found:?}");
    }
    let seen = RIGHT_BY_ANOTHER_DOCUMENT.iter().flat_map(|(_, dialogue)| broken(dialogue));
    let seen: BTreeSet<Rule> = seen.collect();
    let advice: BTreeSet<Rule> = Rule::ALL.iter().copied().filter(|rule| rule.is_advice()).collect();
    assert_eq!(seen, advice, "each advice has somebody who could be wronged if it were a rule");
}

#[test]
fn the_table_of_all_rules_has_each_with_its_grade_and_source() {
    let table = Rule::table();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 2 * Rule::ALL.len());
    for (rule, row) in Rule::ALL.iter().zip(rows.chunks(2)) {
        assert_eq!(row[0].split_whitespace().next(), Some(rule.grade().name()), "{rule:?}");
        assert!(row[0].ends_with(&rule.to_string()) && row[1].contains(rule.source()), "{row:?}");
    }
}

#[test]
fn every_rule_cites_a_document() {
    let documents = ["RFC ", "NIC 8246, ", "BBN Report 1822"];
    for rule in Rule::ALL {
        let source = rule.source();
        assert!(documents.iter().any(|document| source.starts_with(document)), "{rule:?}: {source}");
    }
}
