//! Dialogues that keep to the rules and dialogues that break them.

mod cable;
mod dialogue;
mod level1;
mod level2;
mod tap;

use host::Directory;

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
