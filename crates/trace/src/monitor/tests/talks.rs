//! What is reported of servers of files.

use imp1822::HostAddress;

use super::super::{Monitor, Rule, TapPoint};
use super::dialogue::{broken, heard, played};

/// Host 1 calls the server of files of host 2, which goes on at 400; it answers at link 5 and hears at link 6.
pub(super) const CALL: &str = "1>2: RTS 102 3 4; 2>1: STR 3 102 32; 1>2: ALL 4 1 32; 2>1 4: number 400; \
     2>1: CLS 3 102; 1>2: CLS 102 3; 2>1: STR 401 104 8, RTS 400 105 6; 1>2: RTS 104 401 5, STR 105 400 8; \
     1>2: ALL 5 90 9000; 2>1: ALL 6 90 9000; 2>1 5: says 300 GO AHEAD;";

/// What servers say that nobody has asked for, behind the [`CALL`].
pub(super) const STRAY: &[(&[Rule], &str)] = &[
    (&[Rule::ReplyUnasked], "2>1 5: says 200 FINE"),
    (&[Rule::ReplyUnasked], "2>1 5: says 450 NO SUCH FILE"),
    (&[Rule::ReplyUnasked], "1>2 6: says NOOP; 2>1 5: says 200 OK; 2>1 5: says 200 OK"),
    (
        &[Rule::ReplyUnasked],
        "1>2 6: says RETR A; 2>1 5: says 250 GO; 2>1 5: says 252 DONE; 2>1 5: says 252 DONE",
    ),
];

/// A question that is answered as two documents have it.
pub(super) const TWO_ENDS: &str = concat!(
    "1>2: RTS 102 3 4; 2>1: STR 3 102 32; 1>2: ALL 4 1 32; 2>1 4: number 400; ",
    "2>1: CLS 3 102; 1>2: CLS 102 3; 2>1: STR 401 104 8, RTS 400 105 6; 1>2: RTS 104 401 5, STR 105 400 8; ",
    "1>2: ALL 5 90 9000; 2>1: ALL 6 90 9000; 2>1 5: says 300 GO AHEAD; ",
    "1>2 6: says STAT; 2>1 5: says 100-STATUS; 2>1 5: says 100 END; 2>1 5: says 200 END",
);

#[test]
fn a_server_that_says_what_nobody_has_asked_for_is_named() {
    for (rules, dialogue) in STRAY {
        assert_eq!(broken(&format!("{CALL}{dialogue}")), *rules, "{dialogue}");
    }
    let shown = played(Monitor::default(), &format!("{CALL}2>1 5: says 200 FINE")).1;
    assert_eq!(shown.iter().map(|found| found.what.as_str()).collect::<Vec<_>>(), ["200 FINE"]);
}

/// Whoever keeps another count by another document, or does not know what got lost, is not named.
#[test]
fn a_server_that_may_have_a_reason_is_not_named() {
    for (why, dialogue) in [
        ("it may come at any time", "2>1 5: says 050 NEWS; 2>1 5: says 436 CLOSING"),
        (
            "it comes before or between",
            "1>2 6: says RETR A; 2>1 5: says 255 SOCK 7; 2>1 5: says 250 GO; 2>1 5: says 252 DONE",
        ),
        ("it is the second reply", "1>2 6: says STOR A; 2>1 5: says 250 GO; 2>1 5: says 452 CUT"),
        (
            "it was asked before",
            "1>2 6: says RETR A; 1>2 6: says NOOP; 2>1 5: says 250 GO; 2>1 5: says 200 OK; 2>1 5: says 252 DONE",
        ),
        (
            "of many lines the last is 200",
            "1>2 6: says STAT; 2>1 5: says 100 A; 2>1 5: says 150 B; 2>1 5: says 200 END",
        ),
        ("an experiment has what replies it likes", "1>2 6: says XTRA; 2>1 5: says 200 A; 2>1 5: says 200 B"),
        ("so has what is no command", "1>2 6: says HELLO; 2>1 5: says 500 WHAT; 2>1 5: says 500 WHAT"),
        ("codes of experiments", "2>1 5: says 951 TRY ME"),
        (
            "an abort may be told twice",
            "1>2 6: says RETR A; 2>1 5: says 250 GO; 1>2 6: says ABOR; 2>1 5: says 201 OK; 2>1 5: says 452 CUT",
        ),
        ("so may a goodbye", "1>2 6: says BYE; 2>1 5: says 232 SOON; 2>1 5: says 231 BYE"),
        ("an interrupt throws lines away", "1>2: INS 6; 2>1 5: says 200 OK"),
        (
            "mail is text",
            "1>2 6: says MAIL; 2>1 5: says 350 GO; 1>2 6: says HELLO; 1>2 6: says .; 2>1 5: says 256 DONE",
        ),
        ("it is no reply", "2>1 5: says WELCOME"),
        ("what was on the cable got lost", "cable 1 loses to; 1 sends 2 6: says NOOP; 2>1 5: says 200 OK"),
        ("it came twice", "cable 2 repeats from; 1>2 6: says NOOP; 2>1 5: says 200 OK; 2>1 5: says 200 OK"),
        (
            "it is sent again",
            "1>2 6: says NOOP; 2 sends 1 5: says 200 OK; 2 gets incomplete 1 5 1; 2>1 5: says 200 OK",
        ),
        ("the host has begun anew", "2 crashes; 2>1 5: says 200 OK"),
    ] {
        let found = broken(&format!("{CALL}{dialogue}"));
        assert!(!found.contains(&Rule::ReplyUnasked), "{why}: {found:?}");
    }
}

/// A dialogue is known by its initial connection protocol. From the user's cable alone nobody knows what the server was told of
/// its messages, and has said again.
#[test]
fn it_is_seen_from_where_the_server_is_heard_from_the_beginning() {
    let stray = format!("{CALL}2>1 5: says 200 FINE");
    let is_named = |monitor: Monitor, dialogue: &str| {
        played(monitor, dialogue).1.iter().any(|found| found.rule == Rule::ReplyUnasked)
    };
    for tap in [TapPoint::Lossless, TapPoint::AtImp, TapPoint::AtHost, TapPoint::InTransit] {
        let at_server = Monitor::new(TapPoint::Absent, [(HostAddress::from(2), tap)]);
        assert!(is_named(at_server, &stray), "{tap:?}");
        assert!(!heard(tap, &stray).iter().any(|(rule, _)| *rule == Rule::ReplyUnasked), "{tap:?}");
    }
    let (_, late) = CALL.split_once("2>1: CLS 3 102;").expect("the contact is closed");
    let late = format!("{late}2>1 5: says 200 FINE");
    assert!(!is_named(Monitor::new(TapPoint::InTransit, []), &late), "the beginning was not seen");
    let lost = format!("{CALL}1 misses host; 2>1 5: says 200 FINE");
    assert!(!is_named(Monitor::new(TapPoint::InTransit, []), &lost), "the question was not seen");
}
