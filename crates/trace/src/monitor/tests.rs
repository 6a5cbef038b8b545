//! Dialogues that keep to the rules and dialogues that break them.

mod cable;
mod dialogue;
mod level1;
mod level2;
mod tap;

use super::rule::Rule;
use dialogue::broken;

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
fn every_rule_cites_a_document() {
    let documents = ["RFC ", "NIC 8246, ", "BBN Report 1822"];
    for rule in Rule::ALL {
        let source = rule.source();
        assert!(documents.iter().any(|document| source.starts_with(document)), "{rule:?}: {source}");
    }
}
