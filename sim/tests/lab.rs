//! Each law of the laboratory has a run here that breaks it, and is found; and what is found is shrunk to a scenario that
//! can be read, replayed, and fails.

use sim::imp::{Fault, Mishap};
use sim::lab::{DONE_WITHIN, Grade, Lab, Law, Shrunk, Trial};
use sim::scenario::ast::{Action, Meanwhile};
use sim::{Instant, Options, Prepared, Span, scenario};

/// A server worked by hand at SITE1, to which a user of SITE3 sends a file. What the server does with it follows.
const BY_HAND: &str = "\
SITE3 types  CONNECT SITE1
SITE1 answers a call at 3, and goes on at 640
SITE1 says 641  300 HAND AT WORK
SITE3 types  LOGIN SMITH BLUE
SITE1 hears 640  USER SMITH
SITE1 says 641  330 AND THE PASSWORD?
SITE1 hears 640  PASS BLUE
SITE1 says 641  230 WELCOME
SITE3 types  SEND DRAFT.TXT NOTES.TXT
SITE1 hears 640  STOR NOTES.TXT
+0s expect SITE3 -> SITE1  RTS {u} from 3
SITE1 inits 700 to SITE3 {u+5} size 8
SITE1 says 641  255 SOCK 700
SITE1 receives 700  THE NETWORK IS UP AGAIN.{CR}{LF}
SITE1 closes 700
SITE1 says 641  252 IT IS STORED
";

/// A scenario of this title's matter, in which nothing breaks, and only what is said varies.
fn lab(varies: &str, rest: &str) -> Lab {
    let head = format!("title  For a test\nnet    three-imps\nsweep\n  faults none\n  varies {varies}\n");
    Lab::parse(&format!("{head}{rest}")).expect("it can be read")
}

/// The same with a server by hand, who has a file of these words already.
fn lab_by_hand(there: &str, steps: &str, varies: &str) -> Lab {
    let hosts = format!(
        "host SITE1  account SMITH password BLUE\n  file <SMITH>NOTES.TXT\n    | {there}\n\
         host SITE3  runs ftp\n  file <SMITH>DRAFT.TXT\n    | THE NETWORK IS UP AGAIN.\n"
    );
    lab(varies, &format!("{hosts}{steps}"))
}

/// Whether this law is broken, in these words.
fn breaks(trial: &Trial, law: Law, words: &str) -> bool {
    trial.ending.grade == Grade::Wrong
        && trial.findings.iter().any(|found| found.law == law && found.sentence.contains(words))
}

#[track_caller]
fn found(trial: &Trial, law: Law, words: &str) {
    assert!(breaks(trial, law, words), "{law:?} {words:?}: {:?}", trial.findings);
}

/// What a shrunk scenario becomes as a text, which must be readable, and fail when it is replayed.
#[track_caller]
fn text_that_fails(shrunk: &Shrunk) -> String {
    let text = scenario::write(&shrunk.scenario);
    let read = Prepared::parse(&text).unwrap_or_else(|errors| panic!("{errors:?} of\n{text}"));
    let verdict = read.replay(Options::DIGEST).verdict;
    assert!(verdict.is_err(), "it does not fail:\n{text}");
    text
}

#[test]
fn who_is_told_that_a_file_is_stored_which_is_not_is_lied_to() {
    let trial = lab_by_hand("AS BEFORE.", BY_HAND, "nothing").trial(0);
    found(&trial, Law::Truth, "the file is as it was");
}

#[test]
fn who_is_told_the_same_of_a_file_that_was_so_before_is_told_the_truth() {
    let trial = lab_by_hand("THE NETWORK IS UP AGAIN.", BY_HAND, "nothing").trial(0);
    assert_eq!((trial.ending.grade, &*trial.findings), (Grade::Holds, &[][..]));
}

#[test]
fn what_a_server_by_hand_should_have_sent_nobody_knows_and_no_word_about_it_is_judged() {
    let lab = Lab::parse(include_str!("../../scenarios/half-a-file.scenario")).expect("it can be read");
    for seed in 0..20 {
        let trial = lab.trial(seed);
        assert!(!breaks(&trial, Law::Truth, ""), "{seed}: {:?}", trial.findings);
    }
}

/// What the server by hand does before a file is asked for, and then this.
fn logged_in_then(steps: &str) -> String {
    let (before, _) = BY_HAND.split_once("SITE3 types  SEND").expect("a file is sent");
    format!("{before}{steps}")
}

#[test]
fn a_part_of_a_file_that_is_filed_as_the_whole_is_found_whatever_its_user_is_told() {
    // The server closes before all is sent, and counts what it has sent.
    let get = |text: &str, bytes: usize| {
        logged_in_then(&format!(
            "\
SITE3 types  GET NOTES.TXT COPY.TXT
SITE1 hears 640  RETR NOTES.TXT
+0s expect SITE3 -> SITE1  RTS {{u}} from 3
SITE1 inits 701 to SITE3 {{u+4}} size 8
SITE1 says 641  255 SOCK 701
SITE1 sends 701  {text}
SITE1 closes 701
SITE1 says 641  252 {bytes} bytes
SITE3 sees  BYTES RECEIVED
"
        ))
    };
    let whole = lab_by_hand("AS BEFORE.", &get("AS BEFORE.{CR}{LF}", 12), "nothing").trial(0);
    assert_eq!((whole.ending.grade, &*whole.findings), (Grade::Holds, &[][..]));
    let part = lab_by_hand("AS BEFORE.", &get("AS BE", 5), "nothing").trial(0);
    found(
        &part,
        Law::Truth,
        "SITE3 has filed a part of COPY.TXT as the whole: it has 5 bytes, and should have 12",
    );
}

#[test]
fn who_is_told_to_look_for_his_file_at_another_host_is_lied_to() {
    let send = |site: &str| {
        let refused = format!(
            "SITE3 types  SEND DRAFT.TXT NOTES.TXT\nSITE1 hears 640  STOR NOTES.TXT\n\
             SITE1 says 641  452 LOOK AT [{site}]NOTES.TXT\nSITE3 sees  LOOK AT\n"
        );
        lab_by_hand("AS BEFORE.", &logged_in_then(&refused), "nothing").trial(0)
    };
    let there = send("SITE1");
    assert_eq!((there.ending.grade, &*there.findings), (Grade::Holds, &[][..]));
    found(&send("SITE2"), Law::Truth, "NOTES.TXT at SITE1: it is at another host");
}

#[test]
fn who_does_not_leave_a_server_although_nothing_broke_is_found() {
    // So slow a destination takes half a second for each letter: what stands behind a long password is not heard before the
    // patience of its user is over.
    let of = |letters: usize| {
        let password = "G".repeat(letters);
        let text = format!(
            "\
host SITE1  serves ftp  account SMITH password BLUE
  file <SMITH>A.TXT of 10 bytes
host SITE2  serves ftp  account JONES password {password}
  allocates 1 messages 8 bits
  answers within 1s
host SITE3  runs rsexec
  knows SITE1 as SMITH password BLUE
  knows SITE2 as JONES password {password}
SITE3 types  COPY [SITE1]A.TXT [SITE2]B.TXT
"
        );
        lab("nothing", &text).trial(0)
    };
    assert_eq!(of(5).ending.grade, Grade::Holds, "he says BYE");
    let words = "1 user of an FTP server was greeted, and left without BYE and its answer";
    found(&of(800), Law::NothingByItself, words);
}

#[test]
fn what_is_done_when_nothing_breaks_must_be_done_whatever_the_policies_if_nothing_breaks() {
    // SITE1 begins to listen late. Where it queues requests, the user waits.
    let late = BY_HAND.replacen("SITE1 answers", "+5s SITE1 answers", 1);
    let lab = lab_by_hand("THE NETWORK IS UP AGAIN.", &late, "queue policies");
    let trials: Vec<Trial> = (0..40).map(|seed| lab.trial(seed)).collect();
    let is_so =
        |trial: &&Trial| breaks(trial, Law::Undisturbed, "nothing has broken, and a command was not done");
    let undone = trials.iter().filter(is_so).count();
    let held = trials.iter().filter(|trial| trial.ending.grade == Grade::Holds).count();
    assert!(undone > 0 && held > 0 && undone + held == trials.len(), "{undone} undone, {held} held");
}

/// SITE1 queues requests for so long, and SITE3 sends it one that its own NCP knows nothing of.
fn with_a_foundling(queues: &str) -> Lab {
    let there = format!("host SITE1  queues requests for {queues}\nhost SITE3\n");
    lab("nothing", &format!("{there}SITE3 injects to SITE1 link 0  0100000200000000c904\n"))
}

#[test]
fn a_request_that_nobody_makes_and_nobody_drops_is_left_behind() {
    let lab = with_a_foundling("300min");
    found(&lab.trial(0), Law::NothingLeft, "nobody makes");
    let text = text_that_fails(&lab.shrink(0).expect("it can be shrunk"));
    assert!(!text.contains("seed"), "{text}");
}

#[test]
fn what_comes_to_light_after_the_last_step_is_shrunk_too() {
    // SITE3 does not answer when it is refused what it never asked for.
    let lab = with_a_foundling("30s");
    found(&lab.trial(0), Law::Monitor, "a host answers a CLS by a CLS");
    let text = text_that_fails(&lab.shrink(0).expect("it can be shrunk"));
    assert!(text.contains("at the end  nothing is left behind"), "only so it is seen to its end: {text}");
}

#[test]
fn a_program_that_is_at_work_long_after_the_last_fault_is_not_done() {
    // So slow a destination takes a message of 50 bytes in some ten seconds.
    let of = |bytes: usize| {
        let text = format!(
            "\
host SITE1  serves ftp  account SMITH password BLUE
  allocates 1 messages 400 bits
  answers within 9s
host SITE3  runs ftp
  file <SMITH>B.TXT of {bytes} bytes
SITE3 types  CONNECT SITE1
SITE3 types  LOGIN SMITH BLUE
SITE3 types  SEND <SMITH>B.TXT A.TXT
"
        );
        lab("nothing", &text)
    };
    let (quarter_of_an_hour, three_quarters) = (of(3000), of(15_000));
    assert_eq!(quarter_of_an_hour.trial(0).ending.grade, Grade::Holds, "it is patient");
    let trial = three_quarters.trial(0);
    found(&trial, Law::Done, "not within 1650s, in which nothing broke any more");
    assert_eq!(DONE_WITHIN, Span::from_secs(1650), "the help of `sweep` says it");
    // What would have done it is not taken away, nor what makes it slow.
    let text = text_that_fails(&three_quarters.shrink(0).expect("it can be shrunk"));
    assert!(text.contains("serves ftp") && text.contains("runs ftp") && text.contains("answers"), "{text}");
}

#[test]
fn a_mishap_of_a_message_that_never_comes_is_nothing_that_broke() {
    let text = |between: &str| {
        format!(
            "title  T\nnet    three-imps\nsweep\n  faults 2 of: any cable loses one message, any cable delays one message by 1s\n  \
             between {between}\n  varies nothing\nhost SITE1  serves ftp\nhost SITE3  runs ftp\nSITE3 types  CONNECT SITE1\n"
        )
    };
    let faults = |between| {
        let lab = Lab::parse(&text(between)).expect("it can be read");
        (0..10).map(|seed| lab.trial(seed).faults).collect::<Vec<_>>()
    };
    assert_eq!(faults("3000s and 3001s"), [0; 10], "all is quiet by then");
    let some = faults("0s and 100ms");
    assert!(some.contains(&2) && some.iter().all(|faults| *faults <= 2), "{some:?}");
}

#[test]
fn what_the_scenario_itself_demands_is_looked_at_in_each_run() {
    let text = "\
host SITE1  serves ftp  account SMITH password BLUE
  file <SMITH>A.TXT of 100 bytes
host SITE2  serves ftp  account JONES password GREEN
host SITE3  runs rsexec
  knows SITE1 as SMITH password BLUE
  knows SITE2 as JONES password GREEN
SITE3 types  COPY [SITE1]A.TXT [SITE2]B.TXT
SITE3 sees   COPIED
never  SITE2 file <JONES>B.TXT same as SITE1 <SMITH>A.TXT
";
    let lab = lab("file sizes 0 to 500 bytes", text);
    let trial = lab.trial(3);
    found(&trial, Law::Demand, "");
    let text = text_that_fails(&lab.shrink(3).expect("it can be shrunk"));
    assert!(text.contains("of 0 bytes") && text.contains("never"), "{text}");
}

#[test]
fn a_scenario_that_fails_as_it_is_proves_nothing_whatever_breaks() {
    let text = "\
host SITE1
host SITE3  runs ftp
SITE3 types  CONNECT SITE1
SITE3 sees   CONNECTED TO SITE1
";
    let lab = lab("nothing", text);
    found(&lab.trial(5), Law::Undisturbed, "the scenario fails as it is");
    text_that_fails(&lab.shrink(5).expect("it can be shown"));
}

#[test]
fn now_and_then_a_disk_has_too_little_room_and_who_is_told_so_is_told_the_truth() {
    let rest = "host SITE1  serves ftp  account SMITH password BLUE\nhost SITE3  runs ftp\n  file <SMITH>DRAFT.TXT\n    | X\n\
                SITE3 types  CONNECT SITE1\nSITE3 types  LOGIN SMITH BLUE\nSITE3 types  SEND DRAFT.TXT NOTES.TXT\n";
    let lab = lab("file sizes 1000 to 20000 bytes, room on disks", rest);
    let is_small = |seed: &u64| lab.case(*seed).hosts[0].room.is_some();
    let small: Vec<Trial> = (0..300).filter(is_small).map(|seed| lab.trial(seed)).collect();
    let ended = |words: &str| small.iter().filter(|trial| trial.ending.words == words).count();
    assert!(small.iter().all(|trial| trial.findings.is_empty()), "{small:?}");
    assert!(ended("not done, and users were told so") > 0, "some files do not fit");
    assert!(ended("done, and users were told so") > 0, "others do");
}

#[test]
fn a_case_can_be_read_though_something_heals_after_the_limit_of_its_scenario() {
    let lab = Lab::parse(
        "title  T\nnet    three-imps\nlimit  1min\nhost SITE1  serves ftp\nhost SITE3  runs ftp\n\
         SITE3 types  CONNECT SITE1\n",
    );
    let lab = lab.expect("it can be read");
    let minute = Instant::START + Span::from_secs(60);
    let heals_late =
        |case: &scenario::ast::Scenario| case.meanwhile.last().is_some_and(|last| last.at > minute);
    let late: Vec<_> = (0..50).map(|seed| lab.case(seed)).filter(heals_late).collect();
    assert!(!late.is_empty(), "some faults last longer");
    for case in late {
        let text = scenario::write(&case);
        let read = Prepared::parse(&text);
        assert!(read.is_ok(), "{:?} of\n{text}", read.err());
    }
}

#[test]
fn a_line_that_flips_bits_harms_nobody_and_stops_in_the_end() {
    let text = "title  T\nnet    three-imps\nsweep\n  faults 1 of: any line flips bits for 1s\n\
                host SITE1  serves ftp  account SMITH password BLUE\n  file <SMITH>A.TXT of 3000 bytes\n\
                host SITE3  runs ftp\nSITE3 types  CONNECT SITE1\nSITE3 types  LOGIN SMITH BLUE\n\
                SITE3 types  GET A.TXT B.TXT\nSITE3 sees   BYTES RECEIVED\n";
    let lab = Lab::parse(text).expect("it can be read");
    for seed in 0..20 {
        let case = scenario::write(&lab.case(seed));
        assert!(case.contains("flips one bit in") && case.contains("flips no bits"), "{case}");
        let trial = lab.trial(seed);
        assert_eq!((trial.ending.grade, trial.faults), (Grade::Holds, 1), "{:?}", trial.findings);
    }
}

#[test]
fn where_all_lines_flip_bits_they_heal_soon_after_the_last_of_what_is_done() {
    let text = scenario::library::scenario("rfc438-append").expect("the library has it");
    let lab = Lab::parse(text).expect("it can be read");
    let mut noisy = 0;
    for seed in 0..400 {
        let case = lab.case(seed);
        let flips = |one: &Meanwhile| matches!(one.action, Action::Fault(Fault::LineErrs { .. }));
        if case.meanwhile.len() == 2 * case.net.lines.len() && case.meanwhile.iter().all(flips) {
            noisy += 1;
            let healed = case.meanwhile.iter().map(|one| one.at).max().expect("there are lines");
            let soon = Instant::START + Span::from_secs(400);
            assert!(healed < soon, "seed {seed}: a net without work is noisy until {healed}");
        }
    }
    assert!((5..80).contains(&noisy), "{noisy} of 400: now and then");
}

#[test]
fn of_two_faults_one_comes_close_to_the_other_now_and_then() {
    let text = scenario::library::scenario("rfc438-append").expect("the library has it");
    let lab = Lab::parse(text).expect("it can be read");
    let mut close = 0;
    let cases: Vec<_> = (0..400).map(|seed| lab.case(seed).meanwhile).filter(|all| all.len() > 3).collect();
    for meanwhile in &cases {
        assert!(meanwhile.is_sorted_by_key(|one| one.at), "in the order of their times");
        close +=
            usize::from(meanwhile.windows(2).any(|two| two[1].at.since(two[0].at) < Span::from_millis(50)));
    }
    assert!(close * 5 > cases.len(), "{close} of {}", cases.len());
    assert!(close * 10 < cases.len() * 9, "{close} of {}: most go alone", cases.len());
}

#[test]
fn a_cable_that_loses_a_message_loses_those_behind_it_too_now_and_then() {
    let text = scenario::library::scenario("rfc438-append").expect("the library has it");
    let lab = Lab::parse(text).expect("it can be read");
    let losses = |seed| {
        let mut all = lab.case(seed).meanwhile;
        all.retain(|one| matches!(one.action, Action::Fault(Fault::Mishap { mishap: Mishap::Lost, .. })));
        all
    };
    let cases: Vec<_> = (0..1000).map(losses).filter(|all| !all.is_empty()).collect();
    let in_a_row = |all: &&Vec<Meanwhile>| {
        assert!(all.windows(2).all(|two| two[0] != two[1]), "it can be told which meets no message");
        all.windows(2)
            .any(|two| two[1].at.since(two[0].at) < Span::from_micros(3) && two[0].action == two[1].action)
    };
    let many = cases.iter().filter(in_a_row).count();
    assert!(many * 5 > cases.len(), "{many} of {}", cases.len());
    assert!(many * 2 < cases.len(), "{many} of {}: most lose one message only", cases.len());
}

#[test]
fn what_a_layer_mends_is_no_excuse_for_a_command_that_is_not_done() {
    // Before the server stops, in the end, there is time for the file, but not if a host has stood still.
    let head = "title  For a test\nnet    three-imps\nsweep\n  faults 1 of: SITE3 hangs for 5s to 10s\n  \
                between 0s and 1s\n  varies nothing\n";
    let lab = |end: &str| {
        let text = format!(
            "{head}host SITE1  serves ftp  account SMITH password BLUE\n  file <SMITH>A.TXT of 3000 bytes\n\
             host SITE3  runs ftp\nSITE3 types  CONNECT SITE1\nSITE3 types  LOGIN SMITH BLUE\n\
             SITE3 types  GET A.TXT B.TXT\n{end}"
        );
        Lab::parse(&text).expect("it can be read")
    };
    let undone = |lab: &Lab| -> Vec<u64> {
        let words = "nothing has broken that IMPs or NCPs do not mend, and a command was not done";
        (0..20).filter(|seed| breaks(&lab.trial(*seed), Law::Undisturbed, words)).collect()
    };
    assert_eq!(undone(&lab("")), []);
    let stops = lab("at 4s SITE1 crashes\n");
    let seeds = undone(&stops);
    assert!(!seeds.is_empty(), "there was no time for the file");
    // A host that hangs for ever would teach nothing.
    let text = text_that_fails(&stops.shrink(seeds[0]).expect("it can be shrunk"));
    assert!(text.contains("SITE3 hangs") && text.contains("SITE3 goes on"), "all is mended still: {text}");
}

#[test]
fn what_holds_of_a_whole_run_is_counted_with_what_was_expected() {
    let text = "title T\nnet three-imps\nhost SITE1 serves ftp\nhost SITE3 runs ftp\nSITE3 types  CONNECT SITE1\n\
                expect SITE3 saw CONNECTED\nnever SITE3 sees DEAD\nat the end every program is done\n";
    let held = |text: &str| Prepared::parse(text).expect("it can be read").replay(Options::DIGEST).held;
    assert_eq!(held(text), 3);
    assert_eq!(held(&text.replace("never SITE3 sees DEAD", "never SITE3 sees CONNECTED")), 2);
    assert_eq!(
        held(&text.replace("never SITE3 sees DEAD", "sometimes SITE3 sees DEAD")),
        2,
        "it is for sweeps"
    );
}

#[test]
fn now_and_then_all_lines_are_bad_and_nobody_but_imps_should_notice() {
    let lab = |faults: &str| {
        let text = scenario::library::scenario("rfc438-append").expect("the library has it");
        Lab::parse(&text.replacen("host SITE1", &format!("{faults}host SITE1"), 1)).expect("it can be read")
    };
    let bad_lines = |lab: &Lab| -> Vec<u64> {
        let all_are_bad = |seed: &u64| {
            let case = scenario::write(&lab.case(*seed));
            case.matches("flips one bit in").count() == 3 && !case.contains("cable of")
        };
        (0..100).filter(all_are_bad).collect()
    };
    let free = lab("");
    let bad = bad_lines(&free);
    assert!((2..20).contains(&bad.len()), "{bad:?}");
    for seed in bad {
        let trial = free.trial(seed);
        assert_eq!(trial.ending.words, "done, and users were told so", "{seed}: {:?}", trial.findings);
    }
    assert_eq!(bad_lines(&lab("sweep\n  faults none\n")), [], "it says what breaks");
}
