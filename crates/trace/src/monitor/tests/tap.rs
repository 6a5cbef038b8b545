//! What is reported by a monitor that listens at the cable of host 1 only, and what it cannot know.

use super::super::{Rule, TapPoint, ViolationKind};
use super::dialogue::heard;
use super::level1;

/// Host 2 says that it has no connections, so that nothing is of before.
const ANEW: &str = "2>1: RST; 1>2: RRP; wait 31;";

/// Then host 1 receives at its socket 4 what host 2 sends from its socket 3, on link 2, up to ten messages of 800 bits
/// together.
const OPEN: &str = "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 10 800;";

/// What host 2 does that nothing that was said to it allows.
const BROKEN: &[(&[Rule], &str)] = &[
    (&[Rule::Header], "2>1: raw 0008000900ff"),
    (&[Rule::Filler], "2>1: raw 0108000000"),
    (&[Rule::ReservedLink], "2>1 158: 8x1"),
    (&[Rule::Opcode], "2>1: NOP, bytes 0e"),
    (&[Rule::Genders], "2>1: CLS 0 0"),
    (&[Rule::LinkNumber], "2>1: RTS 4 3 72"),
    (&[Rule::EchoUnasked], "2>1: ERP 1"),
    (&[Rule::EchoUnasked], "1>2: ECO 1; 2>1: ERP 2"),
    (&[Rule::ResetReplyUnasked], "2>1: RRP"),
    (&[Rule::ControlSize], "2>1: raw 000700000000"),
    (&[Rule::ControlLength], "2>1: 8x121"),
    (&[Rule::Parameters], "2>1: bytes 0402"),
    (&[Rule::ByteSize], "2>1: STR 7 8 0"),
    (&[Rule::ResetTwice], "2>1: RST, RST; 1>2: RRP"),
    (&[Rule::Complaint], "2>1: ERR 6 0"),
    (&[Rule::DataUnconnected], "2>1 3: 8x1"),
    (&[Rule::NotEstablished], "2>1: ALL 2 1 1"),
    (&[Rule::NotEstablished], "2>1: INR 2"),
    (&[Rule::NotEstablished], "2>1: INS 3"),
    (&[Rule::DataSize], "2>1 2: 7x1"),
    (&[Rule::BeyondAllocation], "2>1 2: 8x101"),
    (&[Rule::BeyondAllocation], "2>1 2: 8x50; 2>1 2: 8x51"),
    (&[Rule::DataUnconnected], "2>1: CLS 3 4; 2>1 2: 8x1"),
    (&[Rule::ReturnUnasked], "2>1: RET 2 1 1"),
    (&[Rule::ReturnTooMuch], "1>2: GVB 2 128 128; 2>1: RET 2 11 800"),
    // The IMP of host 1.
    (&[Rule::Unasked], "wait 200; 1 gets rfnm 2 0"),
    (&[Rule::Unasked], "wait 200; 1>2: NOP; 1 gets rfnm 2 0"),
    (&[Rule::ImpType], "1 gets leader 0b000000"),
    (&[Rule::LaterType], "1 gets leader 06000000"),
    (&[Rule::ImpSubtype], "1 gets error 3"),
    (&[Rule::UntimelyReset], "1 gets nop; 1 gets nop; 1 gets reset"),
    (&[Rule::UncalledError], "wait 200; 1 gets error 1"),
    // Host 1 itself, of which all is known.
    (&[Rule::EchoTooEarly], "1>2: ECO 1, ECO 2"),
    (&[Rule::LinkBusy], "1 sends 2: NOP; 1 sends 2: ECO 1"),
    (&[Rule::HostLength], "1 sends bits 16"),
    (&[Rule::HostType], "1 sends type 5"),
    (&[Rule::HostNotReady], "1 gets down; 1 sends 2: NOP"),
    (&[Rule::NopsFirst], "1 gets down; 1 gets up; 1 sends 2 200: raw 00"),
    (&[Rule::CloseTwice], "1>2: CLS 4 3; 1>2: CLS 4 3"),
    (&[Rule::CloseOfNothing], "1>2: CLS 6 3"),
    (&[Rule::LinkInUse], "1>2: RTS 6 5 2"),
    (&[Rule::SocketInUse], "1>2: RTS 4 5 5"),
    (&[Rule::CounterOverflow], "1>2: ALL 2 65526 0"),
    (&[Rule::CloseInTransit], "1>2: STR 7 8 8; 2>1: RTS 8 7 9, ALL 9 5 80; 1 sends 2 9: 8x1; 1>2: CLS 7 8"),
    (
        &[Rule::DataAfterDemand],
        "1>2: STR 7 8 8; 2>1: RTS 8 7 9, ALL 9 5 80; 2>1: CLS 8 7; wait 1; 1>2 9: 8x1",
    ),
    (&[Rule::ReturnTooLittle], "1>2: STR 7 8 8; 2>1: RTS 8 7 9, ALL 9 5 80, GVB 9 128 128; 1>2: RET 9 0 0"),
    (
        &[Rule::ReplyUnasked],
        "2>1: RTS 102 3 4; 1>2: STR 3 102 32; 2>1: ALL 4 1 32; 1>2 4: number 400; 1>2: CLS 3 102; 2>1: CLS 102 3; \
         1>2: STR 401 104 8, RTS 400 105 6; 2>1: RTS 104 401 5, STR 105 400 8, ALL 5 9 900; 1>2 5: says 200 FINE",
    ),
];

/// What was not done, or perhaps was lost.
const MISSING: &[(Rule, ViolationKind, &str)] = &[
    (Rule::ReturnMissing, ViolationKind::Unheard, "1>2: GVB 2 1 1; wait 80; 1>3: NOP; end"),
    (Rule::CloseUnanswered, ViolationKind::Unheard, "1>2: CLS 4 3; wait 80; 1>3: NOP"),
    (Rule::EchoMissing, ViolationKind::Unheard, "1>2: ECO 1; wait 80; 1>3: NOP; wait 80; 1>3: NOP; end"),
    (Rule::ResetReplyMissing, ViolationKind::Unheard, "1>2: RST; wait 80; end"),
    (Rule::EchoMissing, ViolationKind::Missing, "2>1: ECO 1; wait 80; 1>3: NOP; end"),
    (Rule::Unanswered, ViolationKind::Unheard, "1 sends 3 200: raw 00; wait 200; end"),
];

/// What is never told, and why.
const UNKNOWABLE: &[(&[Rule], &str)] = &[
    (
        &[
            Rule::NotAsSent,
            Rule::OutOfOrder,
            Rule::DeliveredTwice,
            Rule::DeliveredThoughRefused,
            Rule::RefusedThoughDelivered,
            Rule::RfnmTooEarly,
        ],
        "it takes both cables to see what becomes of a message between them",
    ),
    (
        &[Rule::NotTooLong],
        "the interface of an IMP of others may take less than the network, as those of emulated ones do",
    ),
    (&[Rule::ImpNotReady], "away from the IMP it is seen too late that a line has dropped"),
];

#[test]
fn what_nothing_allows_is_told() {
    for (rules, dialogue) in BROKEN {
        let done: Vec<_> = rules.iter().map(|rule| (*rule, ViolationKind::Done)).collect();
        assert_eq!(heard(TapPoint::AtHost, &format!("{ANEW}{OPEN}{dialogue}")), done, "{dialogue}");
    }
}

#[test]
fn what_is_missing_may_be_lost_but_not_what_host_1_itself_owes() {
    for (rule, kind, dialogue) in MISSING {
        assert_eq!(
            heard(TapPoint::AtHost, &format!("{ANEW}{OPEN}{dialogue}")),
            [(*rule, *kind)],
            "{dialogue}"
        );
    }
}

#[test]
fn every_rule_is_told_of_or_cannot_be_known() {
    let told = BROKEN.iter().flat_map(|(rules, _)| *rules).chain(MISSING.iter().map(|(rule, ..)| rule));
    let told: Vec<&Rule> = told.collect();
    for rule in Rule::ALL {
        let unknowable = UNKNOWABLE.iter().find(|(rules, _)| rules.contains(rule));
        assert_ne!(told.contains(&rule), unknowable.is_some(), "{rule:?}: {unknowable:?}");
    }
    for (rules, why) in UNKNOWABLE {
        let about_them =
            level1::BROKEN.iter().filter(|(broken, _)| rules.iter().any(|rule| broken.contains(rule)));
        for (_, dialogue) in about_them {
            let found = heard(TapPoint::AtHost, dialogue);
            assert!(
                !found.iter().any(|(rule, _)| rules.contains(rule)),
                "{dialogue}: {found:?}, though {why}"
            );
        }
    }
}

#[test]
fn what_cannot_be_known_is_not_told() {
    for dialogue in [
        // Host 2 may have begun anew, or been told that something got lost.
        "2>1: STR 3 4 8",
        "2>1: RTS 6 5 2, RTS 8 5 2",
        "2>1: ECO 1; 2>1: ECO 2",
        "1>2: ECO 1; 2>1: ERP 1; 2>1: ERP 1",
        "2>1: CLS 3 4; 2>1: CLS 3 4",
        // Something of it may have got lost before it came here.
        "2>1: CLS 77 78",
        "1>2: RTS 6 5 3; 2>1 3: 8x1; 2>1: INS 3",
        "1>2: STR 7 8 8; 2>1: ALL 9 1 1",
        // What was said to it may not have reached it yet.
        "1>2: CLS 4 3; 2>1 2: 8x1; 2>1: CLS 3 4",
        "1>2: GVB 2 128 128; 2>1: RET 2 1 1",
        "1>2: RST; 2>1 2: 8x1; 2>1: INS 2; 2>1: RRP",
        // What other hosts do to each other is not heard here.
        "2>3: ERP 1; 3>2 5: 8x9",
        // What it is told of a host far away cannot be checked.
        "1 sends 2 200: raw 00; 1 gets rfnm 2 200",
        "2 gets 1 200: raw 00; 1 gets 2 200: raw ff",
    ] {
        assert_eq!(heard(TapPoint::AtHost, &format!("{ANEW}{OPEN}{dialogue}")), [], "{dialogue}");
    }
}

#[test]
fn who_loses_another_imp_may_say_so_of_messages_that_its_host_has_not_sent() {
    // Of an IMP's own hosts, with their flag; of nobody's message; of one that was answered long ago.
    for news in ["leader 47c30000", "leader 07008000", "dead 2 0"] {
        let news = format!("{ANEW}{OPEN}wait 200; 2>1: CLS 3 4; 1 sends 2 200: raw 00; 1 gets {news};");
        // Neither need follow: the answer that is due, nor what host 1 would do if it had not taken its partners for dead.
        assert_eq!(heard(TapPoint::AtHost, &format!("{news} wait 300; 1>3: NOP; end")), [], "{news}");
        assert_eq!(heard(TapPoint::AtHost, &format!("{news} 1>2: RTS 4 5 2")), [], "{news}");
    }
    // An IMP that is seen knows what it says.
    let at_imp = "wait 200; 1>2: NOP; 1 gets leader 07008000";
    assert_eq!(heard(TapPoint::AtImp, at_imp), [(Rule::Unasked, ViolationKind::Done)]);
    // That a message has arrived is no news of this sort.
    let rfnm = "wait 200; 1>2: NOP; 1 gets leader 45c30000";
    assert_eq!(heard(TapPoint::AtHost, rfnm), [(Rule::Unasked, ViolationKind::Done)]);
}

#[test]
fn a_cable_of_datagrams_may_fill_the_last_word_with_anything() {
    for (told, message) in [
        (&[][..], "raw 0008000200000077"),
        (&[], "raw 000800020000007f"),
        (&[(Rule::Filler, ViolationKind::Done)], "raw 0008000000ff01ff"),
        (&[(Rule::Filler, ViolationKind::Done)], "raw 0108000000"),
    ] {
        assert_eq!(heard(TapPoint::AtHost, &format!("{ANEW}2>1: {message}")), told, "{message}");
    }
}

#[test]
fn what_was_before_is_not_held_against_a_host() {
    let of_before = "2>1 3: 8x1; 2>1: INS 2; 2>1: ALL 2 1 1; 2>1: CLS 3 4; 2>1: ERP 1; 2>1: RRP;";
    assert_eq!(heard(TapPoint::AtHost, of_before), [], "host 2 may have connections of before");
    // At host 1 its start is seen; on the way to it, it may have been there before.
    let own = "1 gets reset; 1>2: INS 2; 1 gets rfnm 3 0; 1>2: CLS 3 4";
    assert_eq!(heard(TapPoint::InTransit, own), []);
    assert_eq!(heard(TapPoint::AtHost, "1>2: INS 2"), [(Rule::NotEstablished, ViolationKind::Done)]);
    let anew = "1>2: RST; 2>1: RRP; 1>2: INS 2; 1>2: CLS 3 4";
    assert_eq!(heard(TapPoint::InTransit, anew).len(), 2, "it has said that it has none");
}

#[test]
fn what_may_have_been_in_a_missing_datagram_is_not_held_against_a_host() {
    let told = [(Rule::NotEstablished, ViolationKind::Done)];
    let after = "2>1: INS 3";
    assert_eq!(heard(TapPoint::AtHost, &format!("{ANEW}{OPEN}{after}")), told);
    assert_eq!(heard(TapPoint::AtHost, &format!("{ANEW}{OPEN}1 misses imp;{after}")), []);
    assert_eq!(
        heard(TapPoint::AtHost, &format!("{ANEW}{OPEN}1 misses imp;{ANEW}{after}")),
        told,
        "it is over"
    );
    let at_imp = "1>2: RST; 2>1: RRP;";
    assert_eq!(heard(TapPoint::AtImp, &format!("{at_imp} 1>2: INS 3")), told);
    assert_eq!(heard(TapPoint::AtImp, &format!("{at_imp} 1 misses host; 1>2: INS 3")), []);
    // A host that greets its IMP has begun anew.
    let again = "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1 sends nop; 1>2: RTS 4 3 2";
    assert_eq!(heard(TapPoint::AtImp, again), []);
    assert_eq!(
        heard(TapPoint::AtImp, &again.replace("1 sends nop;", "")),
        [(Rule::SocketInUse, ViolationKind::Done)]
    );
}
