//! What is reached is counted, and what is not is not.

use std::collections::BTreeSet;

use super::*;
use crate::{Options, Prepared};

fn mark(text: &str) -> &'static Mark {
    Mark::all().find(|mark| mark.to_string() == text).unwrap_or_else(|| panic!("there is a mark {text}"))
}

/// What a scenario of the library reaches.
fn reached_by(name: &str) -> Reached {
    let text = scenario::library::scenario(name).expect("the library has it");
    let outcome = Prepared::parse(text).expect("it can be read").replay(Options::RECORDS);
    let mut collector = Collector::default();
    outcome.records.iter().for_each(|record| collector.take(record));
    collector.finish(outcome.hosts.iter().map(|(_, host)| host), [])
}

#[track_caller]
fn has(reached: &Reached, marks: &[&str]) {
    let missing: Vec<_> = marks.iter().filter(|text| !reached.has(mark(text))).collect();
    assert!(missing.is_empty(), "{missing:?} of {:?}", names(reached));
}

fn names(reached: &Reached) -> Vec<String> {
    reached.marks().map(ToString::to_string).collect()
}

#[test]
fn each_mark_has_a_name_and_a_bit_of_its_own() {
    let names: BTreeSet<String> = Mark::all().map(ToString::to_string).collect();
    assert_eq!(names.len(), Mark::all().count());
    assert!(names.len() <= 64 * WORDS, "there is room for {}", names.len());
    for mark in Mark::all() {
        let mut reached = Reached::default();
        reached.add(mark);
        assert_eq!(reached.marks().collect::<Vec<_>>(), [mark]);
        assert_eq!(Mark::named(mark.family, &mark.name), Some(mark));
        let is_plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "- ".contains(letter);
        assert!(mark.name.chars().all(is_plain), "{mark}");
    }
}

#[test]
fn who_comes_to_a_server_and_who_leaves_it_with_a_word_is_counted() {
    let text = scenario::library::scenario("rfc438-append").expect("the library has it");
    let outcome = Prepared::parse(text).expect("it can be read").replay(Options::RECORDS);
    let sessions = |until: usize| {
        let mut collector = Collector::default();
        outcome.records[..until].iter().for_each(|record| collector.take(record));
        collector.sessions()
    };
    assert_eq!(sessions(outcome.records.len()), Sessions { greeted: 2, left: 2 });
    assert_eq!(sessions(0), Sessions::default());
}

#[test]
fn codes_and_rules_are_found_by_their_place() {
    assert!(ReplyCode::ALL.is_sorted());
    for (place, rule) in Rule::ALL.iter().enumerate() {
        assert_eq!(*rule as usize, place);
    }
}

#[test]
fn each_answer_of_an_imp_has_its_name() {
    let named = |message| ANSWERS[answer(message)];
    let (to, link) = (imp1822::HostAddress::from(1), imp1822::Link::from(2));
    for (why, name) in (0..).zip(["host-tardy", "too-long", "too-slow", "lost", "no-resources", "unknown"]) {
        assert_eq!(named(FromImp::Incomplete { to, link, why: Incomplete::from(why) }), name);
    }
    for (why, name) in (0..).zip(["leader-garbled", "leader-too-short", "leader-illegal-type", "unknown"]) {
        assert_eq!(named(FromImp::ErrorInLeader { why: LeaderError::from(why), link }), name);
    }
    assert_eq!(named(FromImp::DestinationDead { to, link, why: Dead::Imp }), "imp-dead");
    assert_eq!(named(FromImp::DestinationDead { to, link, why: Dead::Host }), "host-dead");
    assert_eq!(named(FromImp::Rfnm { to, link }), "rfnm");
    assert_eq!(named(FromImp::ErrorInData { to, link }), "error-in-data");
    assert_eq!(named(FromImp::Nop), "nop");
    assert_eq!(named(FromImp::InterfaceReset), "interface-reset");
}

#[test]
fn a_transfer_that_goes_well_reaches_what_belongs_to_it_and_no_more() {
    let reached = reached_by("rfc438-append");
    has(
        &reached,
        &[
            "ncp listening-send request",
            "ncp requested-receive request",
            "ncp open-send rfnm",
            "ncp open-receive text-or-gvb",
            "ncp open-receive cls",
            "ncp closing-send cls",
            "reply 300",
            "reply 330",
            "reply 230",
            "reply 255",
            "reply 250",
            "reply 252",
            "rsexec appended",
            "imp regular",
            "imp rfnm",
        ],
    );
    for text in ["reply 451", "rsexec not-done", "ftp-user sent", "imp host-dead", "ncp open-send dead"] {
        assert!(!reached.has(mark(text)), "{text} is reached, and should not");
    }
    assert!(reached.marks().all(|mark| mark.family != Family::Rule));
}

#[test]
fn a_file_that_looks_like_replies_is_none() {
    let scenario = Prepared::parse(
        "title A file of codes\nnet three-imps\n\
         host SITE1  serves ftp  account SMITH password BLUE\n  file <SMITH>CODES.TXT\n    | 454 NO\n    | 507 NO\n\
         host SITE3  runs ftp\n\
         SITE3 types  CONNECT SITE1\nSITE3 types  LOGIN SMITH BLUE\nSITE3 types  GET CODES.TXT COPY.TXT\n\
         SITE3 sees  RECEIVED\n",
    );
    let outcome = scenario.expect("it can be read").replay(Options::RECORDS);
    let mut collector = Collector::default();
    outcome.records.iter().for_each(|record| collector.take(record));
    let reached = collector.finish(outcome.hosts.iter().map(|(_, host)| host), [Rule::DeliveredTwice]);
    has(&reached, &["reply 250", "reply 252", "ftp-user received", "rule delivered-twice"]);
    assert!(!reached.has(mark("reply 454")) && !reached.has(mark("reply 507")));
}

#[test]
fn tallies_count_runs_and_tell_what_none_of_them_has_reached() {
    let one = |texts: &[&str]| {
        let mut reached = Reached::default();
        texts.iter().for_each(|text| reached.add(mark(text)));
        reached
    };
    let (mut left, mut right) = (Tally::default(), Tally::default());
    left.add(&one(&["imp rfnm", "imp lost"]));
    left.add(&one(&["imp rfnm"]));
    right.add(&one(&["imp rfnm", "reply 252"]));
    left.merge(&right);
    let of = |text| left.of(mark(text));
    assert_eq!((left.runs, of("imp rfnm"), of("imp lost"), of("reply 252"), of("imp nop")), (3, 3, 1, 1, 0));
    assert_eq!(left.never().count(), Mark::all().count() - 3);
}

#[test]
fn who_is_out_of_reach_is_cut_off_and_who_is_slow_is_not() {
    let said = |name| {
        let mut reached = Reached::default();
        reached.add(Mark::named(Family::Imp, name).expect("an IMP can say it"));
        (was_cut_off(&reached), met_slowness(&reached))
    };
    assert_eq!((said("imp-dead"), said("host-tardy")), ((true, false), (false, true)));
    assert_eq!(
        (said("host-dead"), said("rfnm"), said("lost")),
        ((false, false), (false, false), (false, false))
    );
}
