//! What a sheet says of a run.

use std::collections::BTreeSet;

use sim::host::Note;
use sim::scenario::library;
use sim::{Options, Outcome, Prepared};
use trace::{Lens, Party, Speaker, Topic, What};
use view::explain::Explainer;
use view::sheet::{Journey, Sheet};

fn with_sheet<T>(name: &str, look: impl FnOnce(&Sheet<'_>) -> T) -> T {
    with_sheet_of(library::scenario(name).expect("it is built in"), look)
}

fn with_sheet_of<T>(text: &str, look: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let prepared = Prepared::parse(text).expect("it can be read");
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
        "The beginning",
        "ICP: SITE3 reaches the FTP server of SITE1",
        "Login: SITE3 at SITE1",
        "ICP: SITE3 reaches the FTP server of SITE2",
        "Login: SITE3 at SITE2",
        "RFC 438, step 1: one server sets a socket aside, at which it will listen",
        "RFC 438, step 2: the other is told its partner, and promises a socket",
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
        "The beginning",
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
fn what_a_cable_loses_has_no_arrival_and_no_answer_and_all_else_has_both() {
    with_sheet("message-lost-on-cable", |sheet| {
        let what = |journey: &Journey| sheet.moments[journey.sent as usize].said[0].what.clone();
        let lost = sheet.journeys.iter().filter(|journey| journey.arrived.is_none());
        let lost: Vec<String> = lost.map(what).collect();
        assert!(matches!(lost.as_slice(), [two] if two.contains("\"TWO\"")), "TWO alone is lost: {lost:?}");
        let unanswered = sheet.journeys.iter().filter(|journey| journey.answered.is_none());
        assert_eq!(unanswered.map(what).collect::<Vec<_>>(), lost, "and has no RFNM");
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

/// A person with two sessions at one server: the first one is over, and something is asked in the second.
const TWO_SESSIONS: &str = include_str!("two-sessions.scenario");

/// A person with two sessions at one server and a transfer in each, who asks something else meanwhile.
const TWO_TRANSFERS: &str = include_str!("two-transfers.scenario");

/// What is said in the phases of this title, phase by phase: the lines of FTP alone.
fn lines_under(sheet: &Sheet<'_>, title: &str) -> Vec<Vec<String>> {
    let places = sheet.phases.iter().enumerate();
    let places = places.filter(|(_, phase)| phase.kind.title(sheet.names()) == title);
    let lines = places.map(|(place, _)| {
        let moments = sheet.moments.iter().filter(|moment| moment.phase == place);
        let said = moments.flat_map(|moment| &moment.said).filter(|said| said.lens == Lens::Ftp);
        said.map(|said| said.what.chars().take(4).collect::<String>().trim().to_owned()).collect()
    });
    lines.collect()
}

#[test]
fn two_sessions_of_one_pair_have_their_own_phases_one_after_the_other_and_at_once() {
    with_sheet_of(TWO_SESSIONS, |sheet| {
        let logins = lines_under(sheet, "Login: SITE3 at SITE1");
        assert_eq!(logins, [vec!["300", "USER", "330", "PASS", "230"], vec!["300"]]);
        let closes = lines_under(sheet, "Close: SITE3 logs out");
        assert_eq!(closes, [["BYE", "231"], ["BYE", "231"]], "each logs out for itself");
        assert_eq!(lines_under(sheet, "FTP: SITE3 and the server of SITE1"), [["NOOP", "200"]]);
    });
    for (name, login) in [
        ("append-wrong-password", "Login: SITE3 at SITE1"),
        ("cable-pulled", "Login: SITE3 at SITE1"),
        ("cable-pulled", "Login: SITE3 at SITE2"),
        ("append-same-site", "Login: SITE3 at SITE1"),
        ("ftp-user-complaints", "Login: SITE3 at SITE1"),
        ("slow-host", "Login: SITE1 at SLOW"),
    ] {
        let logins = with_sheet(name, |sheet| lines_under(sheet, login));
        let greetings: Vec<usize> =
            logins.iter().map(|lines| lines.iter().filter(|line| *line == "300").count()).collect();
        assert_eq!(greetings, [1, 1], "{name}: {login}: each session is greeted once: {logins:?}");
    }
}

#[test]
fn a_dialogue_of_one_session_is_in_no_phase_with_that_of_another_unless_one_errand_has_both() {
    with_sheet_of(TWO_SESSIONS, |sheet| {
        for place in 0..sheet.phases.len() {
            let moments = sheet.moments.iter().filter(|moment| moment.phase == place);
            let mut sessions: Vec<u64> = moments
                .filter_map(|moment| match moment.topic {
                    Topic::Dialogue { session, .. } | Topic::Contact { session, .. } => Some(session),
                    _ => None,
                })
                .collect();
            sessions.dedup();
            assert!(sessions.len() <= 1, "{:?}: {sessions:?}", sheet.phases[place]);
        }
    });
    // One who directs two servers logs out of both.
    with_sheet("rfc438-append", |sheet| {
        assert_eq!(lines_under(sheet, "Close: SITE3 logs out").len(), 1);
        assert_eq!(lines_under(sheet, "Outcome: what is said of the transfer").len(), 1);
    });
}

#[test]
fn two_transfers_of_one_pair_at_once_have_each_its_data_and_what_is_asked_beside_one_is_not_its_outcome() {
    with_sheet_of(TWO_TRANSFERS, |sheet| {
        let of = |title: &str| {
            let phases = sheet.phases.iter().filter(|phase| phase.kind.title(sheet.names()) == title);
            phases.count()
        };
        assert_eq!(of("Data: SITE1 to SITE3"), 2, "each of its own");
        for (place, phase) in sheet.phases.iter().enumerate() {
            let moments = sheet.moments.iter().filter(|moment| moment.phase == place);
            let ends = moments.filter_map(|moment| match moment.topic {
                Topic::Data { ends, .. } => ends,
                _ => None,
            });
            let ends: BTreeSet<_> = ends.collect();
            assert!(ends.len() <= 1, "{:?}: {ends:?}", phase.kind);
        }
        let outcomes = lines_under(sheet, "Outcome: what is said of the transfer");
        assert_eq!(
            outcomes,
            [["252"]],
            "neither the 200 to a NOOP nor the 504 to another RETR ends a transfer"
        );
        let beside = lines_under(sheet, "FTP: SITE3 and the server of SITE1");
        assert!(beside.iter().flatten().any(|line| line == "200"), "{beside:?}");
    });
}

#[test]
fn no_two_phases_of_a_run_have_the_same_heading() {
    let names = library::scenarios().filter(|name| !name.starts_with("measure"));
    for name in names {
        with_sheet(name, |sheet| {
            let mut met = BTreeSet::new();
            for place in 0..sheet.phases.len() {
                let heading = sheet.heading(place);
                assert!(met.insert(heading), "{name} has two phases that are headed {heading:?}");
            }
        });
    }
    with_sheet_of(TWO_TRANSFERS, |sheet| {
        let headings: Vec<&str> = (0..sheet.phases.len()).map(|place| sheet.heading(place)).collect();
        for session in ["Login: SITE3 at SITE1, session 1", "Login: SITE3 at SITE1, session 2"] {
            assert!(headings.contains(&session), "{headings:#?}");
        }
    });
}

/// The lines of FTP that a record says.
fn lines_of(sheet: &Sheet<'_>, record: u64) -> String {
    let said = sheet.moments[record as usize].said.iter().filter(|said| said.lens == Lens::Ftp);
    said.map(|said| said.what.as_str()).collect::<Vec<_>>().join("; ")
}

#[test]
fn of_two_dialogues_at_once_each_line_is_answered_in_its_own() {
    for text in [TWO_SESSIONS, TWO_TRANSFERS] {
        with_sheet_of(text, |sheet| {
            let mut answered = 0;
            for moment in &sheet.moments {
                let is_line = moment.said.iter().any(|said| said.lens == Lens::Ftp);
                if !is_line || moment.speaker != Some(Speaker::User) {
                    continue;
                }
                let asked = lines_of(sheet, moment.record);
                let answer = sheet.answer_to(moment.record).expect("the server answers everything");
                let reply = &sheet.moments[answer as usize];
                assert_eq!(reply.topic, moment.topic, "{asked} is answered in its own dialogue");
                assert_eq!(reply.speaker, Some(Speaker::Server), "{asked}: {reply:?}");
                let code = match asked.split(' ').next().unwrap_or_default() {
                    "USER" => "330",
                    "PASS" => "230",
                    "NOOP" => "200",
                    "BYE" => "231",
                    "ABOR" => "201",
                    "RETR" => "2504",
                    other => panic!("{other} is not said here"),
                };
                let begins = lines_of(sheet, answer);
                assert!(code.contains(&begins[..2]), "{asked}: {begins}");
                answered += 1;
            }
            assert!(answered >= 5, "{answered} lines are answered");
        });
    }
}

#[test]
fn what_is_asked_of_an_ncp_is_answered_by_what_it_asks_for() {
    let answers = |begins: &str, command: &str| match begins {
        "RTS" => command.starts_with("STR") || command.starts_with("CLS"),
        "STR" => command.starts_with("RTS") || command.starts_with("CLS"),
        "CLS" => command.starts_with("CLS"),
        "ECO" => command.starts_with("ERP"),
        "RST" => command.starts_with("RRP"),
        "GVB" => command.starts_with("RET"),
        _ => true,
    };
    let mut met = BTreeSet::new();
    for name in
        ["rfc438-append", "rfc354-retr", "two-users-at-once", "host-restarts", "host-comes-up", "give-back"]
    {
        with_sheet(name, |sheet| {
            let answers_another: BTreeSet<u64> =
                sheet.moments.iter().filter_map(|moment| sheet.answer_to(moment.record)).collect();
            for moment in &sheet.moments {
                let is_sent = matches!(sheet.records()[moment.record as usize].what, What::Sent { .. });
                // What comes of an answer is none.
                if !is_sent || answers_another.contains(&moment.record) {
                    continue;
                }
                let [said] = moment.said.as_slice() else { continue };
                let word = said.what.split(' ').next().unwrap_or_default().to_owned();
                let Some(answer) = sheet.answer_to(moment.record) else { continue };
                let told = &sheet.moments[answer as usize].said;
                let is_ncp = told.iter().any(|one| one.lens == Lens::Ncp && one.from == said.to);
                if said.lens == Lens::Ncp && is_ncp {
                    assert!(
                        told.iter().any(|one| answers(&word, &one.what)),
                        "{name}: {} is answered by {told:?}",
                        said.what
                    );
                    assert!(answer > moment.record, "{name}: an answer comes later");
                    met.insert(word);
                }
            }
        });
    }
    for word in ["RTS", "STR", "CLS", "RST", "ECO", "GVB"] {
        assert!(met.contains(word), "{word} is answered somewhere: {met:?}");
    }
}

#[test]
fn a_record_has_one_number_and_one_explanation_whatever_else_was_recorded() {
    for name in ["rfc438-append", "line-fails"] {
        let prepared =
            Prepared::parse(library::scenario(name).expect("it is built in")).expect("it can be read");
        let (scenario, seed) = (prepared.scenario(), prepared.scenario().seed);
        let plain = prepared.replay_with_tables(seed, Options::RECORDS);
        let whole = prepared.replay_with_tables(seed, Options::EVERYTHING);
        let (plain, whole) = (Sheet::new(scenario, &plain), Sheet::new(scenario, &whole));
        let (told, tells) = (Explainer::new(&plain), Explainer::new(&whole));
        assert!(whole.moments.len() > plain.moments.len(), "packets were recorded");
        let mut next = 0;
        for moment in &whole.moments {
            let Some(number) = whole.number(moment.record) else { continue };
            assert_eq!(number, next, "{name}: numbers follow each other");
            next += 1;
            let same = &plain.moments[number as usize];
            assert_eq!((same.at, &same.said), (moment.at, &moment.said), "{name}: record {number}");
            let (one, other) = (told.explain(number), tells.explain(moment.record));
            assert_eq!((one.said, one.why), (other.said, other.why), "{name}: record {number}");
            let answers = [
                plain.answer_to(number),
                whole.answer_to(moment.record).and_then(|answer| whole.number(answer)),
            ];
            assert_eq!(answers[0], answers[1], "{name}: the answer to record {number}");
        }
        assert_eq!(next as usize, plain.moments.len());
    }
}

#[test]
fn a_goodbye_that_comes_before_the_end_of_the_transfer_is_not_its_outcome() {
    with_sheet("third-party-by-hand", |sheet| {
        let outcomes = lines_under(sheet, "Outcome: what is said of the transfer");
        assert_eq!(outcomes, [["252"], ["252"]]);
        for host in ["SITE3", "INTRUDER"] {
            let close = lines_under(sheet, &format!("Close: {host} logs out"));
            assert_eq!(close, [["BYE", "232"]], "{host}");
        }
    });
}

#[test]
fn the_four_steps_are_found_if_both_servers_are_one_or_one_is_at_the_users_own_host() {
    for name in ["append-same-site", "append-at-home-destination"] {
        let headings = headings(name);
        let steps: Vec<&str> =
            headings.iter().filter_map(|heading| heading.strip_prefix("RFC 438, step ")?.get(..1)).collect();
        assert_eq!(steps, ["1", "2", "3", "4"], "{name}: {headings:#?}");
    }
}

#[test]
fn a_user_may_talk_to_the_server_of_his_own_host_and_each_line_has_its_speaker() {
    for name in ["append-at-home-destination", "append-at-home-source", "two-users-at-once", "rfc354-retr"] {
        with_sheet(name, |sheet| {
            let mut at_home = 0;
            for moment in &sheet.moments {
                let Topic::Dialogue { user, server, .. } = moment.topic else { continue };
                at_home += usize::from(user == server);
                for said in moment.said.iter().filter(|said| said.lens == Lens::Ftp) {
                    let is_reply = said.what.starts_with(|first: char| first.is_ascii_digit());
                    let speaker = if is_reply { Speaker::Server } else { Speaker::User };
                    assert_eq!(moment.speaker, Some(speaker), "{name}: {}", said.what);
                }
            }
            assert_eq!(at_home > 0, name != "rfc354-retr", "{name}");
        });
    }
}
