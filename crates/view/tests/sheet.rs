//! What a sheet says of a run.

use sim::scenario::library;
use sim::{Options, Outcome, Prepared};
use trace::{Lens, Party};
use view::sheet::Sheet;

fn with_sheet<T>(name: &str, look: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let prepared = Prepared::parse(library::scenario(name).expect("it is built in")).expect("it can be read");
    let outcome: Outcome = prepared.replay_with_tables(prepared.scenario().seed, Options::RECORDS);
    look(&Sheet::new(prepared.scenario(), &outcome))
}

/// The headings of a run in the order in which the usual lenses meet them, one behind a line that belongs to another phase.
fn headings(name: &str) -> Vec<String> {
    with_sheet(name, |sheet| {
        let seen = sheet.moments.iter().filter(|moment| moment.is_seen(&Lens::USUAL));
        let mut headings: Vec<String> =
            seen.map(|moment| sheet.phases[moment.phase].kind.title(sheet.names())).collect();
        headings.dedup();
        headings
    })
}

#[test]
fn the_four_steps_of_rfc_438_are_found_from_what_crosses_the_cables() {
    let expected = [
        "The hosts come up",
        "ICP: SITE3 reaches the FTP server of SITE1",
        "Login: SITE3 at SITE1",
        "ICP: SITE3 reaches the FTP server of SITE2",
        "Login: SITE3 at SITE2",
        "RFC 438, step 1: one server sets a socket aside, at which it will listen",
        "RFC 438, step 2: the other is told whom to connect with, and promises a socket",
        "RFC 438, step 3: the first is told from whom alone it takes a connection",
        "RFC 438, step 4: both servers are told to transfer",
        "Data: SITE1 to SITE2",
        "Outcome: what is said of the transfer",
        "Close: SITE3 logs out",
    ];
    assert_eq!(headings("rfc438-append"), expected);
    let by_hand = headings("third-party-by-hand");
    for step in &expected[5..10] {
        assert!(
            by_hand.contains(&(*step).to_owned()),
            "{step}: whoever types it, it is the same: {by_hand:#?}"
        );
    }
}

#[test]
fn an_ordinary_transfer_has_no_steps_of_rfc_438() {
    let expected = [
        "The hosts come up",
        "ICP: SITE3 reaches the FTP server of SITE1",
        "Login: SITE3 at SITE1",
        "Transfer: SITE3 gives the command",
        "Data: SITE1 to SITE3",
        "Outcome: what is said of the transfer",
        "Close: SITE3 logs out",
    ];
    assert_eq!(headings("rfc354-retr"), expected);
}

#[test]
fn every_message_that_no_fault_touches_arrives_and_is_answered_and_what_arrives_has_its_cause() {
    for name in
        ["rfc438-append", "rfc354-retr", "two-users-at-once", "thirty-six-bit-bytes", "append-100-kilobytes"]
    {
        with_sheet(name, |sheet| {
            assert!(!sheet.journeys.is_empty());
            for journey in &sheet.journeys {
                let (Some(arrived), Some(answered)) = (journey.arrived, journey.answered) else {
                    panic!("{name}: {journey:?} of {:?}", sheet.moments[journey.sent as usize].said);
                };
                let [sent, arrived, answered] =
                    [journey.sent, arrived, answered].map(|number| &sheet.moments[number as usize]);
                assert!(sent.at < arrived.at && sent.at < answered.at);
                assert_eq!((arrived.cause, answered.cause), (Some(journey.sent), Some(journey.sent)));
                assert_eq!(
                    (sent.host, arrived.host, answered.host),
                    (Some(journey.from), Some(journey.to), Some(journey.from))
                );
                assert!(answered.said[0].what.starts_with("RFNM"), "{:?}", answered.said);
            }
        });
    }
}

#[test]
fn what_a_cable_loses_has_no_arrival() {
    with_sheet("message-lost-on-cable", |sheet| {
        let lost: Vec<_> = sheet.journeys.iter().filter(|journey| journey.arrived.is_none()).collect();
        let what: Vec<&str> =
            lost.iter().map(|journey| sheet.moments[journey.sent as usize].said[0].what.as_str()).collect();
        assert!(!what.is_empty(), "a message is lost");
    });
}

#[test]
fn hosts_stand_in_the_order_of_the_scenario_and_those_that_do_nothing_are_left_out() {
    with_sheet("case-to-bbn-from-usc", |sheet| {
        let names: Vec<String> = sheet.hosts().into_iter().map(|host| sheet.names().host(host)).collect();
        let plans: Vec<String> = sheet.scenario.hosts.iter().map(|plan| plan.name.clone()).collect();
        assert_eq!(names, plans);
        let parties = sheet.moments.iter().flat_map(|moment| &moment.said).filter_map(|said| said.from);
        assert!(parties.into_iter().all(|party| !matches!(party, Party::Program(_))));
    });
}
