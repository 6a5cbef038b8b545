//! What is told by one who listens at the cable of host 1 only, and what he cannot know.

use super::super::{Kind, Rule, Sight};
use super::dialogue::heard;

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
    (&[Rule::ImpType], "1 gets leader 03000000"),
    (&[Rule::UntimelyReset], "1 gets nop; 1 gets nop; 1 gets reset"),
    // Host 1 itself, of which all is known.
    (&[Rule::EchoTooEarly], "1>2: ECO 1, ECO 2"),
    (&[Rule::LinkBusy], "1 sends 2: NOP; 1 sends 2: ECO 1"),
    (&[Rule::CloseTwice], "1>2: CLS 4 3; 1>2: CLS 4 3"),
];

#[test]
fn what_nothing_allows_is_told() {
    for (rules, dialogue) in BROKEN {
        let done: Vec<_> = rules.iter().map(|rule| (*rule, Kind::Done)).collect();
        assert_eq!(heard(Sight::AtHost, &format!("{ANEW}{OPEN}{dialogue}")), done, "{dialogue}");
    }
}

#[test]
fn what_is_missing_may_be_lost_but_not_what_host_1_itself_owes() {
    for (rule, kind, dialogue) in [
        (Rule::ReturnMissing, Kind::Unheard, "1>2: GVB 2 1 1; wait 80; 1>3: NOP; end"),
        (Rule::CloseUnanswered, Kind::Unheard, "1>2: CLS 4 3; wait 80; 1>3: NOP"),
        (Rule::EchoMissing, Kind::Unheard, "1>2: ECO 1; wait 80; 1>3: NOP; wait 80; 1>3: NOP; end"),
        (Rule::ResetReplyMissing, Kind::Unheard, "1>2: RST; wait 80; end"),
        (Rule::EchoMissing, Kind::Missing, "2>1: ECO 1; wait 80; 1>3: NOP; end"),
        (Rule::Unanswered, Kind::Unheard, "1 sends 3 200: raw 00; wait 200; end"),
    ] {
        assert_eq!(heard(Sight::AtHost, &format!("{ANEW}{OPEN}{dialogue}")), [(rule, kind)], "{dialogue}");
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
        // What it is told of a host far away, nobody can check.
        "1 sends 2 200: raw 00; 1 gets rfnm 2 200",
        "2 gets 1 200: raw 00; 1 gets 2 200: raw ff",
    ] {
        assert_eq!(heard(Sight::AtHost, &format!("{ANEW}{OPEN}{dialogue}")), [], "{dialogue}");
    }
}

#[test]
fn what_was_before_is_held_against_nobody() {
    let of_before = "2>1 3: 8x1; 2>1: INS 2; 2>1: ALL 2 1 1; 2>1: CLS 3 4; 2>1: ERP 1; 2>1: RRP;";
    assert_eq!(heard(Sight::AtHost, of_before), [], "host 2 may have connections of before");
    // Host 1 begins under the eyes of who listens at it; on its way, it may have been there before.
    let own = "1 gets reset; 1>2: INS 2; 1 gets rfnm 3 0; 1>2: CLS 3 4";
    assert_eq!(heard(Sight::Between, own), []);
    assert_eq!(heard(Sight::AtHost, "1>2: INS 2"), [(Rule::NotEstablished, Kind::Done)]);
    let anew = "1>2: RST; 2>1: RRP; 1>2: INS 2; 1>2: CLS 3 4";
    assert_eq!(heard(Sight::Between, anew).len(), 2, "it has said that it has none");
}

#[test]
fn what_may_have_been_in_a_missing_datagram_is_held_against_nobody() {
    let told = [(Rule::NotEstablished, Kind::Done)];
    let after = "2>1: INS 3";
    assert_eq!(heard(Sight::AtHost, &format!("{ANEW}{OPEN}{after}")), told);
    assert_eq!(heard(Sight::AtHost, &format!("{ANEW}{OPEN}1 misses imp;{after}")), []);
    assert_eq!(heard(Sight::AtHost, &format!("{ANEW}{OPEN}1 misses imp;{ANEW}{after}")), told, "it is over");
    let at_imp = "1>2: RST; 2>1: RRP;";
    assert_eq!(heard(Sight::AtImp, &format!("{at_imp} 1>2: INS 3")), told);
    assert_eq!(heard(Sight::AtImp, &format!("{at_imp} 1 misses host; 1>2: INS 3")), []);
    // A host that greets its IMP has begun anew.
    let again = "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1 sends nop; 1>2: RTS 4 3 2";
    assert_eq!(heard(Sight::AtImp, again), []);
    assert_eq!(heard(Sight::AtImp, &again.replace("1 sends nop;", "")), [(Rule::SocketInUse, Kind::Done)]);
}
