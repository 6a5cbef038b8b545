//! What is said of each step of a run: what, why now, what is believed then, and where it is written.

use sim::scenario::library;
use sim::{Options, Prepared};
use trace::{Lens, Topic, What};
use view::explain::{Explainer, Explanation};
use view::sheet::Sheet;

fn explained<T>(name: &str, look: impl FnOnce(&Sheet<'_>, &Explainer<'_>) -> T) -> T {
    explained_of(library::scenario(name).expect("it is built in"), look)
}

fn explained_of<T>(text: &str, look: impl FnOnce(&Sheet<'_>, &Explainer<'_>) -> T) -> T {
    let prepared = Prepared::parse(text).expect("it can be read");
    let outcome = prepared.replay_with_tables(prepared.scenario().seed, Options::EVERYTHING);
    let sheet = Sheet::new(prepared.scenario(), &outcome);
    look(&sheet, &Explainer::new(&sheet))
}

/// What is said of the first record of which a transcript says this.
fn of(sheet: &Sheet<'_>, explainer: &Explainer<'_>, what: &str) -> Explanation {
    let moment =
        sheet.moments.iter().find(|moment| moment.said.iter().any(|said| said.what.starts_with(what)));
    explainer.explain(moment.unwrap_or_else(|| panic!("somebody says {what}")).record)
}

/// Whether a text has all of this in it.
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` in: {text}");
    }
}

/// What a host believes then, line by line.
fn believed(sheet: &Sheet<'_>, explanation: &Explanation) -> Vec<String> {
    let after = explanation.after.iter();
    after.map(|belief| format!("{}: {}", sheet.names().host(belief.host), belief.what)).collect()
}

fn clauses(explanation: &Explanation) -> Vec<&str> {
    explanation.sources.iter().filter_map(|source| source.clause).map(|(name, _)| name).collect()
}

#[test]
fn a_request_says_who_is_to_send_where_and_the_matching_one_that_it_opens() {
    explained("rfc438-append", |sheet, explainer| {
        let request = of(sheet, explainer, "STR 8193 to 57144");
        says(
            &request.said[0],
            &["SITE1 asks SITE2", "8193 (odd: it sends)", "57144 (even: it receives)", "bytes of 8 bits"],
        );
        assert!(believed(sheet, &request)[0].contains("asked for, and not agreed to yet"), "{request:?}");
        let answer = of(sheet, explainer, "RTS 57144 from 8193");
        says(&answer.said[0], &["SITE2 agrees", "opens the connection"]);
        says(&answer.why, &["STR 8193 to 57144", "asked for it"]);
        assert!(clauses(&answer).contains(&"est-06"), "{answer:?}");
        let believed = believed(sheet, &answer);
        for side in
            ["SITE2: connection of socket 57144 from SITE1's 8193: open", "SITE1: connection of socket 8193"]
        {
            assert!(believed.iter().any(|belief| belief.starts_with(side)), "{side}: {believed:#?}");
        }
    });
}

#[test]
fn a_line_says_what_its_numbers_are_and_a_reply_what_its_code_is_and_what_it_answers() {
    explained("rfc438-append", |sheet, explainer| {
        let sock = of(sheet, explainer, "SOCK 2,57144");
        says(&sock.said[0], &["2 is the number of SITE2", "57144 is even, so a receive socket"]);
        says(&sock.why, &["255 SOCK 57144"]);
        says(&sock.said[0], &["SITE1 is to ask that socket for the data connection"]);
        let second = of(sheet, explainer, "SOCK 1,8193");
        says(&second.said[0], &["SITE2 has a socket set aside", "taken only if it comes from there"]);
        assert_eq!(sock.sources[0].at, "RFC 354, IV.A.2, p. 14; RFC 438, d, pp. 2-3");
        assert!(clauses(&sock).contains(&"r354-61"), "the clause that is about SOCK: {sock:?}");
        let reply = of(sheet, explainer, "255 SOCK 8193");
        says(&reply.said[0], &["my data socket", "2xx says that it worked", "8193 is odd"]);
        says(&reply.why, &["SOCK 2,57144"]);
        assert!(clauses(&reply).contains(&"r438-13"), "the clause that is about 255: {reply:?}");
        let number = of(sheet, explainer, "link 2 socket number 8184");
        says(&number.said[0], &["S = 8184", "U+3 = 15275", "U+2 = 15274"]);
    });
}

#[test]
fn who_waits_for_a_link_goes_on_because_of_the_rfnm_and_one_can_read_since_when_it_wanted_to() {
    explained("rfc438-append", |sheet, explainer| {
        let request = of(sheet, explainer, "STR 15275 to 8184");
        says(
            &request.why,
            &["has one message on a link at a time", "CLS 15272 3", "which it wanted to do since 0.086960"],
        );
        let rfnm = of(sheet, explainer, "RFNM host 1 link 0");
        says(
            &rfnm.said[0],
            &["RTS 15272 from 3 link 2", "has reached SITE1", "may send the next one on link"],
        );
    });
}

#[test]
fn both_close_commands_say_which_half_they_are_and_a_refusal_that_it_is_one() {
    explained("rfc438-append", |sheet, explainer| {
        says(&of(sheet, explainer, "CLS 8193 57144").said[0], &["will send nothing more", "first half"]);
        let second = of(sheet, explainer, "CLS 57144 8193");
        says(&second.said[0], &["answers with its own CLS", "second half", "free again"]);
        says(&of(sheet, explainer, "CLS 3 15272").said[0], &["second half", "when both CLS have arrived"]);
        assert!(
            believed(sheet, &second).iter().any(|belief| belief == "SITE1: socket 8193 is free"),
            "{second:?}"
        );
    });
    explained("request-refused-at-once", |sheet, explainer| {
        let refusal = of(sheet, explainer, "CLS 400 301");
        says(&refusal.said[0], &["refuses the request"]);
        says(&refusal.why, &["STR 301 to 400", "No program of"]);
    });
    explained("close-race-abort-and-refuse", |sheet, explainer| {
        let close = sheet.moments.iter().map(|moment| explainer.explain(moment.record).said.concat());
        assert!(
            close
                .into_iter()
                .any(|said| said.contains("withdraws its own request, which was not answered, for"))
        );
    });
    explained("close-race-match-and-abort", |sheet, explainer| {
        let close = sheet.moments.iter().map(|moment| explainer.explain(moment.record).said.concat());
        assert!(close.into_iter().any(|said| said.contains("`STR 301 to 400 size 8` is still on its way")));
    });
    explained("requests-cross", |sheet, explainer| {
        let crossing = sheet.moments.iter().map(|moment| explainer.explain(moment.record).why);
        assert!(crossing.into_iter().any(|why| why.contains("the two requests cross")));
    });
}

#[test]
fn an_allocation_that_is_used_up_makes_the_sender_wait_until_more_comes() {
    explained("allocation-step-by-step", |sheet, explainer| {
        let first = of(sheet, explainer, "link 2 data 5 x 8 bits \"HELLO\"");
        assert!(!first.said[0].contains("must wait"), "{first:?}");
        let second = of(sheet, explainer, "link 2 data 5 x 8 bits \"THERE\"");
        says(
            &second.said[0],
            &["uses the allocation up (0 messages and 0 bits are left)", "SITE1 must wait"],
        );
        let more = of(sheet, explainer, "ALL link 2 messages 1 bits 40");
        says(&more.said[0], &["on top of what is left"]);
        says(
            &more.why,
            &["has read something: of the 2 messages and 80 bits", "1 and 40 are free again", "half"],
        );
        says(&first.why, &["Line 21 of the scenario"]);
        let third = of(sheet, explainer, "link 2 data 5 x 8 bits \"AGAIN\"");
        says(&third.why, &["ALL link 2 messages 1 bits 40"]);
    });
}

#[test]
fn a_receiver_allocates_more_by_a_rule_which_is_said_with_what_is_free() {
    explained("rfc438-append", |sheet, explainer| {
        let more = of(sheet, explainer, "ALL link 3 messages 8 bits 1704");
        says(
            &more.why,
            &[
                "of the 16 messages and 32000 bits of the first ALL, 8 and 1704 are free again",
                "when half of the messages are free, as now",
                "`231 goodbye`",
            ],
        );
        says(&of(sheet, explainer, "ALL link 3 messages 16").why, &["it lets the sender begin"]);
    });
    let by_hand = "title An ALL that no program calls for\nnet three-imps\nmisbehaves SITE2\nhost SITE1\nhost SITE2\n\
                   SITE2 listens 400\nSITE1 inits 301 to SITE2 400\nwait for SITE2 -> SITE1  ALL\n\
                   SITE2 injects to SITE1 link 0  04 02 0001 00000008\nwait for SITE2 -> SITE1  ALL link 2 messages 1\n";
    explained_of(by_hand, |sheet, explainer| {
        let injected = of(sheet, explainer, "ALL link 2 messages 1 bits 8");
        assert!(!injected.why.contains("has read"), "the scenario has put it there: {injected:?}");
        says(&injected.why, &["of the scenario has it so"]);
    });
}

#[test]
fn who_comes_second_to_a_door_is_told_for_whose_turn_he_has_waited() {
    explained("two-users-at-once", |sheet, explainer| {
        let asked = of(sheet, explainer, "RTS 15288 from 3");
        let waits = "a request of SITE3's socket 15288 for socket 3 waits for its turn: that socket has its connection with SITE1";
        assert!(believed(sheet, &asked).iter().any(|belief| belief.ends_with(waits)), "{asked:#?}");
        let turn = of(sheet, explainer, "STR 3 to 15288");
        says(&turn.why, &["It has waited for its turn since", "that of SITE1 came first"]);
        assert!(turn.has_waited, "{turn:?}");
        assert!(!of(sheet, explainer, "STR 3 to 8200").has_waited, "whose turn it is has not waited");
    });
    explained("request-queued", |sheet, explainer| {
        let whys: Vec<String> =
            sheet.moments.iter().map(|moment| explainer.explain(moment.record).why).collect();
        for waited in ["It has waited since", "It was kept since"] {
            assert!(whys.iter().any(|why| why.contains(waited)), "{waited}: {whys:#?}");
        }
    });
}

#[test]
fn the_last_word_of_a_dialogue_is_why_its_connections_close() {
    explained("rfc438-append", |sheet, explainer| {
        says(
            &of(sheet, explainer, "CLS 57136 15283").why,
            &["`231 goodbye`", "ends the dialogue: the server closes both"],
        );
        assert!(!of(sheet, explainer, "CLS 15272 3").why.contains("dialogue"), "a contact is none");
    });
}

#[test]
fn of_what_breaks_it_is_said_who_is_told_and_of_what_comes_of_it_why() {
    explained("imp-goes-down", |sheet, explainer| {
        let said = of(sheet, explainer, "goes down in 10min").said.concat();
        assert!(said.contains("It tells its hosts beforehand") && !said.contains("Nobody"), "{said}");
    });
    explained("tardy-host", |sheet, explainer| {
        says(&of(sheet, explainer, "hangs").said[0], &["Nobody is told"]);
        says(&of(sheet, explainer, "goes on").said[0], &["finds out by what comes again"]);
        says(&of(sheet, explainer, "INS link 2").said[0], &["is not taken for the end of the text"]);
        says(
            &of(sheet, explainer, "ERROR IN LEADER").why,
            &["first message of SITE2 since the ready line fell"],
        );
        // What an operator does is believed from there on, and not from the next record on.
        let close = of(sheet, explainer, "CLS 305 402");
        assert!(
            !believed(sheet, &close).iter().any(|belief| belief.contains("its text is on its way")),
            "{close:?}"
        );
    });
    explained("leader-garbled-on-cable", |sheet, explainer| {
        let garbled = of(sheet, explainer, "ERROR IN LEADER");
        assert!(!garbled.why.contains("ready line"), "the cable has garbled it: {garbled:?}");
    });
    explained("an-interrupt", |sheet, explainer| {
        let alone = of(sheet, explainer, "INS link 2").said.concat();
        assert!(alone.contains("for the programs to know"), "{alone}");
    });
    explained("host-comes-up", |sheet, explainer| {
        says(
            &of(sheet, explainer, "ERP 1").said[0],
            &["It reaches SITE1 only at 40.372800", "SITE2 has just come up", "one packet"],
        );
        assert!(!of(sheet, explainer, "ECO 3").said[0].contains("only at"), "half a minute later");
    });
}

#[test]
fn between_the_imps_it_is_said_what_is_theirs_and_how_long_it_takes() {
    explained("append-100-kilobytes", |sheet, explainer| {
        let said = |what: &str| {
            let found =
                sheet.moments.iter().find(|moment| moment.said.iter().any(|said| said.what.contains(what)));
            explainer.explain(found.unwrap_or_else(|| panic!("{what}")).record).said.concat()
        };
        says(
            &said("REQ(8)"),
            &["asks", "room for a message of several packets", "168 bits of frame: 3.4 ms at 50 kb/s"],
        );
        says(&said("ALL(8)"), &["no ALL of the hosts"]);
        says(&said("GVB(8)"), &["no GVB of the hosts"]);
        says(&said("1176 bits"), &["1008 bits of text + 168 of frame: 23.5 ms at 50 kb/s"]);
        says(&said("routing"), &["every 640 ms", "1160 bits: 23.2 ms"]);
    });
}

#[test]
fn of_every_record_there_is_something_to_say_and_no_password_is_said() {
    for name in
        library::scenarios().filter(|name| !name.starts_with("measure") && *name != "append-100-kilobytes")
    {
        explained(name, |sheet, explainer| {
            for moment in &sheet.moments {
                let explanation = explainer.explain(moment.record);
                assert!(!explanation.said.is_empty(), "{name}: {moment:?}");
                if let [one, ..] = moment.said.as_slice()
                    && one.lens != Lens::Trouble
                {
                    assert_eq!(explanation.said.len(), moment.said.len(), "{name}: {moment:?}");
                }
                let words = format!("{explanation:?}");
                for password in ["BLUE", "GREEN", "YELLOW"] {
                    // A scenario's own statement says it: that is the text of the scenario, and no view of a run.
                    let is_said = moment.said.iter().any(|said| said.what.contains(password));
                    assert!(
                        is_said || !words.contains(password),
                        "{name}: record {}: {words}",
                        moment.record
                    );
                }
            }
            assert_eq!(explainer.explain(u64::MAX), Explanation::default(), "there is no such record");
        });
    }
}

#[test]
fn the_same_run_is_explained_in_the_same_words() {
    let words = || {
        explained("rfc438-append", |sheet, explainer| {
            let all: Vec<Explanation> =
                sheet.moments.iter().map(|moment| explainer.explain(moment.record)).collect();
            all
        })
    };
    assert_eq!(words(), words());
}

#[test]
fn a_transcript_says_of_each_frame_between_imps_whose_it_is_and_how_long_it_takes() {
    explained("append-100-kilobytes", |sheet, _| {
        let said = sheet.moments.iter().flat_map(|moment| &moment.said);
        let mut kinds = std::collections::BTreeSet::new();
        for said in said.filter(|said| matches!(said.lens, Lens::Packets | Lens::Lines)) {
            assert!(said.meaning.contains(" ms at 50 kb/s"), "{said:?}");
            kinds.insert(said.meaning.split([':', ';']).next().unwrap_or_default().to_owned());
        }
        for kind in
            ["between IMPs", "to the source's IMP", "to a neighbour", "1008 bits of text + 168 of frame"]
        {
            assert!(kinds.contains(kind), "{kind}: {kinds:?}");
        }
    });
}

/// The record of the number in `(record N)` behind these words of a text.
fn record_behind(sheet: &Sheet<'_>, why: &str, words: &str) -> Option<u64> {
    let behind = &why[why.find(words)? + words.len()..];
    let number = behind.split_once("(record ")?.1;
    let number = number.split_once(')')?.0.parse().ok()?;
    (0..sheet.moments.len() as u64).find(|record| sheet.number(*record) == Some(number))
}

#[test]
fn a_reply_answers_a_line_of_its_own_session_and_a_user_waits_for_what_has_set_him_going() {
    let texts = [
        "append-wrong-password",
        "cable-pulled",
        "append-same-site",
        "ftp-user-complaints",
        "slow-host",
        "third-party-by-hand",
        "append-at-home-destination",
        "two-users-at-once",
        "rfc438-append",
    ];
    let texts = texts.map(|name| library::scenario(name).expect("it is built in"));
    for text in texts.into_iter().chain([include_str!("two-sessions.scenario")]) {
        explained_of(text, |sheet, explainer| {
            let title = &sheet.scenario.title;
            for moment in &sheet.moments {
                let why = explainer.explain(moment.record).why;
                let says = |start: &str| moment.said.iter().any(|said| said.what.starts_with(start));
                let is_line = moment.said.iter().any(|said| said.lens == Lens::Ftp);
                if let Some(answered) = record_behind(sheet, &why, "It answers ").filter(|_| is_line) {
                    assert_eq!(sheet.moments[answered as usize].topic, moment.topic, "{title:?}: {why}");
                    assert!(!says("300"), "{title:?}: a greeting answers nothing: {why}");
                }
                if let Some(waited) = record_behind(sheet, &why, "The user waited for ") {
                    let cause = moment.cause.and_then(|cause| sheet.journey_at(cause));
                    assert_eq!(cause.map(|cause| cause.sent), Some(waited), "{title:?}: {why}");
                }
            }
        });
    }
}

#[test]
fn what_is_said_of_a_transfer_answers_the_command_to_transfer_and_not_the_goodbye_behind_it() {
    explained("third-party-by-hand", |sheet, explainer| {
        for moment in sheet.moments.iter().filter(|moment| moment.is_seen(&[Lens::Ftp])) {
            let why = explainer.explain(moment.record).why;
            if moment.said[0].what.starts_with("252") && why.contains("It answers") {
                assert!(why.contains("RETR") || why.contains("APPE"), "{why}");
            }
        }
        says(&of(sheet, explainer, "232").why, &["It answers `BYE`"]);
    });
}

#[test]
fn a_reply_and_a_command_are_explained_by_the_edition_that_their_server_speaks() {
    let sources_of = |edition: &str, begins: &str| {
        let text = format!(
            "title An edition\nnet three-imps\nhost SITE1 serves ftp edition {edition} account SMITH password BLUE\n  file <SMITH>NOTES.TXT\n    \
             | THE NETWORK WAS DOWN ON TUESDAY.\nhost SITE3 runs ftp\nSITE3 types CONNECT SITE1\nSITE3 types LOGIN SMITH \
             BLUE\nSITE3 types GET NOTES.TXT <SMITH>COPY.TXT\nSITE3 types BYE\nSITE3 sees CLOSED\n"
        );
        explained_of(&text, |sheet, explainer| {
            let moment = sheet.moments.iter().find(|moment| {
                moment.said.iter().any(|said| {
                    let is_line = said.lens == Lens::Ftp && moment.speaker.is_some();
                    said.what.starts_with(begins) && (is_line || said.lens == Lens::Data)
                })
            });
            let moment = moment.unwrap_or_else(|| panic!("{begins} is said in {edition}"));
            let sources = explainer.explain(moment.record).sources;
            // The rows of the registry name the documents in which a clause began.
            let own = sources.iter().filter(|source| source.clause.is_none());
            own.map(|source| source.at.to_owned()).collect::<Vec<_>>().join(" | ")
        })
    };
    for (edition, own, others) in [
        ("rfc354", "RFC 354, IV.B, pp. 19-20", "RFC 454"),
        ("rfc438", "RFC 354, IV.B, pp. 19-20", "RFC 454"),
        ("rfc454", "RFC 454, IV.B, pp. 26-28", "RFC 354"),
        ("rfc542", "RFC 542", "RFC 354"),
    ] {
        // There the close of the data connection is told with the end of the transfer.
        let done = if edition == "rfc542" { "257" } else { "252" };
        let sources = sources_of(edition, done);
        assert!(sources.contains(own) && !sources.contains(others), "a {done} of {edition}: {sources}");
    }
    for (edition, get, data) in [
        ("rfc354", "RFC 354, IV.A.3, p. 16", "RFC 354, III.A, pp. 6-7; III.C, p. 10"),
        ("rfc454", "RFC 454, IV.A.3, p. 21", "RFC 454, III.A, pp. 8-9; III.C, p. 12"),
        (
            "rfc542",
            "RFC 542, FTP Service Commands, p. 25",
            "RFC 542, Establishing Data Connections, pp. 14-15",
        ),
    ] {
        assert_eq!(sources_of(edition, "RETR"), get, "RETR of {edition}");
        let sources = sources_of(edition, "link 2 data");
        assert!(sources.starts_with(data), "data of {edition}: {sources}");
    }
    let socket = sources_of("rfc354", "255");
    assert!(
        socket.contains("RFC 354") && !socket.contains("RFC 438"),
        "RFC 354 knows nothing of RFC 438: {socket}"
    );
}

#[test]
fn that_a_sender_closes_is_the_end_of_a_file_unless_the_transfer_fails_or_there_is_none() {
    let closes = |name: &str| {
        explained(name, |sheet, explainer| {
            let of_data = sheet.moments.iter().filter(|moment| {
                matches!(moment.topic, Topic::Data { from, .. } if moment.host == Some(from))
                    && matches!(sheet.records()[moment.record as usize].what, What::Sent { .. })
                    && moment.said.iter().any(|said| said.what.starts_with("CLS"))
            });
            let whys = of_data.map(|moment| explainer.explain(moment.record).why);
            whys.filter(|why| why.contains("a file has no other end than this")).count()
        })
    };
    assert_eq!(closes("rfc438-append"), 1, "that of the only file");
    assert_eq!(closes("rfc354-retr"), 1, "that of the only file");
    assert_eq!(closes("abort-by-hand"), 0, "what is broken off has no end");
    assert_eq!(closes("echo"), 0, "there is no file");
}

#[test]
fn the_second_of_two_servers_is_told_to_transfer_when_the_first_has_its_command() {
    explained("rfc438-append", |sheet, explainer| {
        let why = of(sheet, explainer, "RETR").why;
        says(&why, &["The RFNM for `APPE", "the other server has its command and listens"]);
        let why = of(sheet, explainer, "LSTN").why;
        assert!(!why.contains("listens, before"), "nobody listens yet: {why}");
    });
}
