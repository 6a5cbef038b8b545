//! What a sheet says of a run.

use sim::host::Note;
use sim::scenario::library;
use sim::{Options, Outcome, Prepared};
use trace::{Lens, Party, What};
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

/// The messages between two hosts in the order in which they were sent: what each says, and whether it arrived and was answered.
fn fates(sheet: &Sheet<'_>, from: &str, to: &str) -> Vec<(String, bool, Option<String>)> {
    let host = |name| sheet.names().hosts().address(name).expect("it is in the net");
    let (from, to) = (host(from), host(to));
    let of_them = sheet.journeys.iter().filter(|journey| (journey.from, journey.to) == (from, to));
    let what = |record: u64| sheet.moments[record as usize].said[0].what.clone();
    let told = of_them.map(|journey| {
        let answer =
            journey.answered.map(|answer| what(answer).split(" host").next().unwrap_or_default().to_owned());
        (what(journey.sent), journey.arrived.is_some(), answer)
    });
    told.collect()
}

#[test]
fn what_is_garbled_on_its_way_into_an_imp_does_not_arrive_and_what_is_sent_again_does() {
    with_sheet("leader-garbled-on-cable", |sheet| {
        let fates = fates(sheet, "SITE1", "SITE2");
        let twos: Vec<_> = fates.iter().filter(|(what, ..)| what.contains("\"TWO\"")).collect();
        assert_eq!(
            twos.iter().map(|(_, arrives, answer)| (*arrives, answer.as_deref())).collect::<Vec<_>>(),
            [(false, Some("ERROR IN DATA")), (true, Some("RFNM"))]
        );
        let of = |begins: &str| fates.iter().find(|(what, ..)| what.starts_with(begins)).expect("it is sent");
        assert_eq!(
            of("STR 303 to 402"),
            &(of("STR 303 to 402").0.clone(), false, None),
            "no IMP knows of it"
        );
        for begins in ["RST", "STR 305 to 402"] {
            assert_eq!((of(begins).1, of(begins).2.as_deref()), (true, Some("RFNM")), "{begins}");
        }
    });
}

#[test]
fn in_no_scenario_does_a_message_arrive_that_its_imp_could_not_deliver_nor_one_that_was_delivered_not() {
    let names =
        library::scenarios().filter(|name| !name.starts_with("measure") && !name.contains("kilobytes"));
    for name in names {
        with_sheet(name, |sheet| {
            // A message of which a host has had the first packet when it fell has an RFNM all the same.
            let falls = sheet.records().iter().any(|record| {
                matches!(
                    &record.what,
                    What::Struck { .. } | What::Fault(_) | What::Note { note: Note::Crashed, .. }
                )
            });
            for journey in &sheet.journeys {
                let Some(answer) = journey.answered else { continue };
                let what = &sheet.moments[answer as usize].said[0].what;
                if what.starts_with("ERROR IN DATA") {
                    assert_eq!(journey.arrived, None, "{name}: {journey:?}");
                }
                if what.starts_with("RFNM") && !falls {
                    let moment = &sheet.moments[journey.sent as usize];
                    assert!(
                        journey.arrived.is_some(),
                        "{name}: {:?} has an RFNM and did not arrive",
                        moment.said
                    );
                }
            }
        });
    }
}
