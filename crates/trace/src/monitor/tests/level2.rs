//! What is reported of hosts that speak to each other.

use imp1822::HostAddress;

use super::super::{Monitor, Rule};
use super::dialogue::{broken, played, violations};

/// Host 1 receives at its socket 4 what host 2 sends from its socket 3, on link 2, up to ten messages of 800 bits
/// together.
const OPEN: &str = "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 10 800;";

/// What breaks which rules.
pub(super) const BROKEN: &[(&[Rule], &str)] = &[
    (&[Rule::Header], "1>2: raw 00080000"),
    (&[Rule::Header], "1>2: raw 0008000200ff"),
    (&[Rule::Filler], "1>2: raw 0108000000"),
    (&[Rule::Filler], "1>2: raw 0008000001"),
    (&[Rule::Filler], "1>2: raw 00080001000080"),
    (&[Rule::ReservedLink], "1>2 1: raw 00"),
    (&[Rule::ReservedLink], "1>2 158: 8x1"),
    (&[Rule::ControlSize], "1>2: raw 000700000000"),
    (&[Rule::ControlLength], "1>2: 8x121"),
    (&[Rule::Opcode], "1>2: NOP, bytes 0e"),
    (&[Rule::Parameters], "1>2: bytes 0402"),
    (&[Rule::Genders], "1>2: RTS 3 4 2"),
    (&[Rule::Genders], "1>2: STR 3 5 8"),
    (&[Rule::LinkNumber], "1>2: RTS 4 3 1"),
    (&[Rule::LinkNumber], "1>2: RTS 4 3 72"),
    (&[Rule::ByteSize], "1>2: STR 3 4 0"),
    (&[Rule::LinkInUse], "1>2: RTS 4 3 2, RTS 6 3 2"),
    (&[Rule::SocketInUse], "1>2: RTS 4 3 2, RTS 4 3 5"),
    (&[Rule::CloseOfNothing], "1>2: CLS 4 3"),
    (&[Rule::CloseOfNothing], "2>1: STR 3 4 8; 1>2: CLS 6 3"),
    (&[Rule::CloseTwice], "1>2: RTS 4 3 2, CLS 4 3, CLS 4 3"),
    (&[Rule::Genders], "1>2: CLS 4 6"),
    (&[Rule::EchoTooEarly], "1>2: ECO 1, ECO 2"),
    (&[Rule::EchoUnasked], "1>2: ERP 1"),
    (&[Rule::EchoUnasked], "1>2: ECO 1; 2>1: ERP 2"),
    (&[Rule::EchoUnasked], "1>2: ECO 1; 2>1: ERP 1; 2>1: ERP 1"),
    // It was sent but has not arrived.
    (&[Rule::EchoUnasked], "1 sends 2: ECO 1; 2>1: ERP 1"),
    (&[Rule::EchoMissing], "1>2: ECO 1; quiet end"),
    (&[Rule::EchoMissing], "1>2: ECO 1; wait 63; end"),
    (&[Rule::ResetTwice], "1>2: RST, RST; 2>1: RRP"),
    (&[Rule::ResetReplyUnasked], "1>2: RRP"),
    (&[Rule::ResetReplyMissing], "1>2: RST; quiet end"),
    (&[Rule::Complaint], "1>2: ERR 6 0"),
    (&[Rule::Complaint], "1>2: ERR 1 4"),
    (&[Rule::Complaint], "1>2: ERR 3 14"),
];

/// The same, once the connection is open.
pub(super) const BROKEN_WHEN_OPEN: &[(&[Rule], &str)] = &[
    (&[Rule::SocketInUse], "1>2: RTS 4 3 5"),
    (&[Rule::SocketInUse], "1>2: RTS 4 5 5"),
    (&[Rule::SocketInUse], "1>3: RTS 4 5 5"),
    (&[Rule::SocketInUse], "1>3: RTS 4 3 5"),
    (&[Rule::SocketInUse], "1>2: CLS 4 3; 1>2: RTS 4 3 3"),
    (&[Rule::LinkInUse], "1>2: CLS 4 3; 1>2: RTS 6 5 2"),
    (&[Rule::CloseInTransit], "2 sends 1 2: 8x1; 2>1: CLS 3 4"),
    (&[Rule::CloseUnanswered], "1>2: CLS 4 3; quiet end"),
    (&[Rule::CloseUnanswered], "2>1: CLS 3 4; wait 63; end"),
    // An ERR is no answer to the CLS of a connection that its sender must know.
    (&[Rule::CloseUnanswered], "1>2: CLS 4 3; 2>1: ERR 5 CLS 4 3; quiet end"),
    (&[Rule::CloseUnanswered], "2>1: STR 5 6 8; 2>1: CLS 5 6; 1>2: ERR 5 CLS 5 6; quiet end"),
    (&[Rule::CloseTwice], "2>1: CLS 3 4, CLS 3 4"),
    (&[Rule::NotEstablished], "1>2: CLS 4 3, ALL 2 1 1"),
    (&[Rule::NotEstablished], "1>2: ALL 3 1 1"),
    (&[Rule::NotEstablished], "2>1: ALL 2 1 1"),
    (&[Rule::NotEstablished], "2>1: GVB 2 1 1"),
    (&[Rule::NotEstablished], "2>1: INR 2"),
    (&[Rule::NotEstablished], "1>2: INS 2"),
    (&[Rule::NotEstablished], "1>2: RET 2 0 0"),
    (&[Rule::NotEstablished], "1>2: RTS 6 5 3, ALL 3 1 1"),
    (&[Rule::DataUnconnected], "2>1 3: 8x1"),
    (&[Rule::DataUnconnected], "1>2 2: 8x1"),
    (&[Rule::DataUnconnected], "2>1: CLS 3 4; 2>1 2: 8x1"),
    (&[Rule::DataSize], "2>1 2: 7x1"),
    (&[Rule::DataAfterDemand], "1>2: CLS 4 3; wait 1; 2>1 2: 8x1"),
    (&[Rule::BeyondAllocation], "2>1 2: 8x101"),
    (&[Rule::BeyondAllocation], "2>1 2: 8x50; 2>1 2: 8x51"),
    (
        &[Rule::BeyondAllocation],
        "2>1 2: 8x0; 2>1 2: 8x0; 2>1 2: 8x0; 2>1 2: 8x0; 2>1 2: 8x0; 2>1 2: 8x0; 2>1 2: 8x0; 2>1 2: 8x0; \
         2>1 2: 8x0; 2>1 2: 8x0; 2>1 2: 8x0",
    ),
    // What did not arrive may be sent again, once.
    (&[Rule::BeyondAllocation], "2 sends 1 2: 8x100; 2 gets incomplete 1 2 4; 2>1 2: 8x100; 2>1 2: 8x1"),
    (&[Rule::BeyondAllocation], "2 sends 1 2: 8x100; 2 gets incomplete 1 2 4; 2>1 2: 8x101"),
    (&[Rule::DataAfterDemand], "2 sends 1 2: 8x1; 2 gets incomplete 1 2 4; 1>2: CLS 4 3; wait 1; 2>1 2: 8x1"),
    // This may have arrived.
    (&[Rule::BeyondAllocation], "2 sends 1 2: 8x100; 2 gets incomplete 1 2 3; 2>1 2: 8x1"),
    // The ALL was sent but has not arrived.
    (&[Rule::BeyondAllocation], "1 sends 2: ALL 2 1 800; 2>1 2: 8x101"),
    (&[Rule::BeyondAllocation], "1>2: GVB 2 128 128; 2>1: RET 2 10 800; 2>1 2: 8x0"),
    (&[Rule::CounterOverflow], "1>2: ALL 2 65526 0"),
    (&[Rule::CounterOverflow], "1>2: ALL 2 0 4294966496"),
    (&[Rule::ReturnUnasked], "2>1: RET 2 1 1"),
    (&[Rule::ReturnUnasked], "1>2: GVB 2 0 0; 2>1: RET 2 1 1; 2>1: RET 2 1 1"),
    (&[Rule::ReturnTooMuch], "1>2: GVB 2 128 128; 2>1: RET 2 11 800"),
    (&[Rule::ReturnTooMuch], "2>1 2: 8x100; 1>2: GVB 2 128 128; 2>1: RET 2 10 800"),
    (
        &[Rule::BeyondAllocation],
        "2 sends 1 2: 8x100; 2 gets incomplete 1 2 4; 1>2: GVB 2 128 128; 2>1: RET 2 10 800; 2>1 2: 8x100",
    ),
    (&[Rule::ReturnTooLittle], "1>2: GVB 2 64 1; 2>1: RET 2 5 6"),
    (&[Rule::ReturnTooLittle], "1>2: GVB 2 1 0; 2>1: RET 2 0 0"),
    (&[Rule::ReturnMissing], "1>2: GVB 2 1 1; quiet end"),
];

#[test]
fn what_is_forbidden_on_an_open_connection_is_told() {
    for (rules, dialogue) in BROKEN_WHEN_OPEN {
        assert_eq!(broken(&format!("{OPEN}{dialogue}")), *rules, "{dialogue}");
    }
}

#[test]
fn what_is_allowed_is_not_told() {
    for dialogue in [
        // From the first request to the last CLS, twice.
        "2>1 2: 8x50; 2>1 2: 8x50; 1>2: ALL 2 2 800; 2>1 2: 8x100; 1>2: GVB 2 64 64; 2>1: RET 2 5 0; 1>2: INR 2; \
         2>1: INS 2; 2>1: CLS 3 4; 1>2: CLS 4 3; 2>1: STR 3 4 36; 1>2: RTS 4 3 2, ALL 2 1 72; 2>1 2: 36x2; \
         1>2: CLS 4 3; 2>1: CLS 3 4; quiet end",
        // The receiver closes while data are on their way.
        "2 sends 1 2: 8x1; 1 sends 2: CLS 4 3; 1 gets 2 2: 8x1; 2 gets 1: CLS 4 3; \
         1 gets rfnm 2 0; 2 gets rfnm 1 2",
        // All may be used to the last bit, and ALL may bring the counters to their ends.
        "2>1 2: 8x100; 1>2: ALL 2 65526 4294967295",
        // A sender may reckon with what it had when the GVB came, or with what it has when it answers.
        "1>2: GVB 2 128 128; 2>1 2: 8x10; 2>1: RET 2 9 720",
        "1>2: GVB 2 64 64; 1>2: ALL 2 10 800; 2>1: RET 2 5 400",
        // Text that did not arrive is sent again, as often as the IMP says so, and takes its allocation once.
        "2 sends 1 2: 8x100; 2 gets incomplete 1 2 4; 2 sends 1 2: 8x100; 2 gets damaged 1 2; 2 sends 1 2: 8x100; \
         2 gets incomplete 1 2 2; 2>1 2: 8x100; 1>2: ALL 2 1 800; 2>1 2: 8x100; quiet end",
        // Or other text is sent, or it is returned, or it keeps its allocation when the rest is.
        "2 sends 1 2: 8x90; 2 gets incomplete 1 2 4; 2>1 2: 8x10; 2>1 2: 8x90",
        "2 sends 1 2: 8x100; 2 gets incomplete 1 2 4; 1>2: GVB 2 128 128; 2>1: RET 2 10 800; quiet end",
        "2 sends 1 2: 8x100; 2 gets incomplete 1 2 4; 1>2: GVB 2 128 128; 2>1: RET 2 9 0; \
         1>2: GVB 2 128 128; 2>1: RET 2 0 0; 2>1 2: 8x100; quiet end",
        // Requests that cross a CLS (NIC 8246, III, Connection Termination, example 2).
        "1>3: RTS 6 3 2; 1 sends 3: CLS 6 3; 3 sends 1: STR 3 6 8; 1 gets 3: STR 3 6 8; 3 gets rfnm 1 0; \
         3 gets 1: CLS 6 3; 1 gets rfnm 3 0; 3>1: CLS 3 6; quiet end",
        // A refusal, and its acknowledgement; then the same request again.
        "1>3: RTS 6 3 2; 3>1: CLS 3 6; 1>3: CLS 6 3; 1>3: RTS 6 3 2; 3>1: STR 3 6 8; quiet end",
        // A host that has refused may itself ask for the same: the CLS that it waits for belongs to the refusal.
        "1>3: RTS 6 3 2; 3 sends 1: CLS 3 6, STR 3 6 8; 1 gets 3: CLS 3 6, STR 3 6 8; 3 gets rfnm 1 0; \
         1>3: CLS 6 3; 1>3: RTS 6 3 2, ALL 2 1 8; 3>1 2: 8x1; quiet end",
        // Both give up at once (example 1).
        "1>3: RTS 6 3 2; 1 sends 3: CLS 6 3; 3 sends 1: CLS 3 6; 3 gets 1: CLS 6 3; 1 gets 3: CLS 3 6; \
         1 gets rfnm 3 0; 3 gets rfnm 1 0; quiet end",
        // A reset; everything may begin anew.
        "1>2: RST; 2>1: RRP; 1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 1 8; 2>1 2: 8x1; quiet end",
        // Two resets that cross.
        "1 sends 2: RST; 2 sends 1: RST; 1 gets 2: RST; 2 gets 1: RST; 1 gets rfnm 2 0; 2 gets rfnm 1 0; \
         1>2: RRP; 2>1: RRP; quiet end",
        // A host that restarts knows nothing, and need not say so.
        "1 sends down; 1 crashes; 1 sends up; 1 gets up; 1 sends nop; 1>2: RTS 4 3 2; quiet end",
        // Whose ready line dropped may have forgotten everything or not.
        "1 gets down; 1 gets up; 1 sends nop; 1>2: RTS 4 3 2; quiet end",
        "1 gets down; 1 gets up; 1 sends nop; 1>2: ALL 2 1 1; quiet end",
        // A dead partner may be forgotten or not; what is new is new.
        "2 sends 1 2: 8x1; 2 gets dead 1 2; 2>1: STR 3 4 8; quiet end",
        "2 sends 1 2: 8x1; 2 gets dead 1 2; 2>1 2: 8x101; quiet end",
        // A control message that did not get into the net is sent once more.
        "2 sends 1: CLS 3 4; 2 gets incomplete 1 0 4; 2>1: CLS 3 4; 1>2: CLS 4 3; quiet end",
        // ECO again when the answer cannot come any more.
        "1 sends 2: ECO 1; 1 gets dead 2 0; 1>2: ECO 1; 2>1: ERP 1; 1>2: ECO 2; 2>1: RST; 1>2: RRP, ECO 3; \
         2>1: ERP 3",
        // An RST answers an ECO too, but the ERP may come all the same.
        "2>1: ECO 1; 1>2: RST; 2>1: RRP; quiet end",
        "2>1: ECO 1; 1>2: RST; 2>1: RRP; 1>2: ERP 1; quiet end",
        // What comes between RST and RRP need not be heeded.
        "1 sends 2: RST; 2 sends 1: ECO 1, STR 7 8 8; 1 gets 2: ECO 1, STR 7 8 8; 2 gets rfnm 1 0; \
         2 gets 1: RST; 1 gets rfnm 2 0; 2>1: RRP; quiet end",
        "1>2: RST; 2>1: STR 7 8 8, CLS 7 8; 1>2: RST; 2>1: RRP; quiet end",
        // Host 1 believed host 2 dead, and assigns a link that is still in use to host 2.
        "2 sends 1 2: 8x1; 1 sends 2: NOP; 1 gets dead 2 0; 1>2: RTS 8 7 2; 2>1: STR 7 8 8, CLS 7 8; 1>2: CLS 8 7",
        // Complaints, private experiments, links that two hosts have agreed on, a host with itself.
        "1>2: ERR 1 14, ERR 3 1, ERR 0 255, ERR 5 0; 1>2: bytes ff0102; 1>2 255: raw 77; 1>2: RTS 8 7 200",
        "3>3: RTS 4 3 2; 3>3: STR 3 4 8; 3>3: ALL 2 1 8; 3>3 2: 8x1; 3>3: CLS 3 4; 3>3: CLS 4 3; quiet end",
    ] {
        assert_eq!(broken(&format!("{OPEN}{dialogue}")), [], "{dialogue}");
    }
}

#[test]
fn a_reset_forgets_everything_on_both_sides() {
    for (reset, then) in [
        ("1>2: RST; 2>1: RRP;", "1>2: ALL 2 1 1"),
        ("1>2: RST; 2>1: RRP;", "2>1: INS 2"),
        ("1 sends down; 1 crashes; 1 sends up; 1 gets up; 1 sends nop;", "1>2: INR 2"),
    ] {
        assert_eq!(broken(&format!("{OPEN}{reset}{then}")), [Rule::NotEstablished], "{reset}{then}");
    }
}

#[test]
fn a_restart_that_the_other_host_has_not_heard_of_does_not_make_it_guilty() {
    let restart = "1 sends down; 1 crashes; 1 sends up; 1 gets up; 1 sends nop;";
    assert_eq!(broken(&format!("{OPEN}{restart} 2>1 2: 8x100; 2>1: INS 2, CLS 3 4; quiet end")), []);
}

#[test]
fn a_partner_that_asks_without_end_is_bounded() {
    let mut flood = String::new();
    for number in 0..600 {
        flood.push_str(&format!("2>1: STR {} 4 8, ECO {};", 2 * number + 1, number % 256));
    }
    let told = broken(&flood);
    assert_eq!(told.len(), 599, "each ECO but the first was too early");
    // Host 1 refuses them all; of those that are no longer known it is not said that they never were.
    for number in 0..600 {
        flood.push_str(&format!("1>2: CLS 4 {};", 2 * number + 1));
    }
    assert_eq!(broken(&flood).len(), 599);
}

#[test]
fn whatever_hosts_do_what_is_kept_of_it_is_bounded() {
    let mut flood = String::new();
    // Requests without end, links that are used once, refusals that are not answered, and a line that drops.
    for number in 0..6000 {
        let (to, socket) = (number % 3 + 1, 2 * number + 1);
        let (far, link) = (number % 250 + 4, number % 199 + 2);
        flood.push_str(&format!("2>{to}: STR {socket} 4 8; {to}>2: CLS 4 {socket};"));
        flood.push_str(&format!("2 sends {far} {link}: raw 00; 2 gets dead {far} {link};"));
        if number % 100 == 0 {
            flood.push_str("2 sends 3 250: raw 00; 2 sends down; 2 sends up; 2 gets up; 2 sends nop;");
        }
    }
    let (monitor, _) = played(Monitor::default(), &flood);
    let (messages, connections) = (monitor.level1.kept(), monitor.level2.kept());
    assert!(connections < 3500, "{connections} connections and refusals of 6000");
    assert!(messages < 4500, "{messages} messages of more than 18000");
}

#[test]
fn a_violation_names_the_command_who_sent_it_and_to_whom() {
    let told = violations("1>2: NOP, ERP 7");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].what.as_str(), told[0].record),
        ("ERP 7", 9),
        "nine records have brought the hosts up"
    );
    assert!(told[0].concerns(1.into()) && told[0].concerns(2.into()) && !told[0].concerns(3.into()));
    assert_eq!(violations("1>2 5: 8x2")[0].what, "link 5 data 2 x 8 bits \"··\"");
}

#[test]
fn who_is_told_by_an_err_that_a_request_has_come_to_nothing_may_use_its_link_and_socket_again() {
    let again = "1>2: RTS 4 5 2; quiet end";
    assert_eq!(
        broken("1>2: RTS 4 3 2; 2>1: ERR 3 RTS 4 3 2; 1>2: CLS 4 3; quiet end"),
        [],
        "nor is it answered"
    );
    assert_eq!(broken(&format!("1>2: RTS 4 3 2; 2>1: ERR 3 RTS 4 3 2; {again}")), []);
    let told = [Rule::LinkInUse];
    assert_eq!(broken(&format!("1>2: RTS 4 3 2; 2>1: ERR 3 RTS 8 9 3; {again}")), told, "of another request");
    assert_eq!(broken(&format!("1>2: RTS 4 3 2; 2>1: ERR 1 14; {again}")), told, "of no request");
}

/// Host 1 asks host 2 for a connection, host 2 answers by an RST, and host 1 has not looked at that if it is slow.
const SLOW: &str = "1>2: RTS 4 3 2; 1 looks; 2 sends 1: RST; 1 gets 2: RST;";

#[test]
fn a_slow_host_knows_nothing_of_what_has_reached_it_until_it_looks() {
    let of_slow = |dialogue: &str| {
        let monitor = Monitor::default().knowing_slow(HostAddress::from(1));
        let found = played(monitor, &format!("{SLOW}{dialogue}")).1;
        found.into_iter().map(|violation| violation.rule).collect::<Vec<Rule>>()
    };
    let closes = "1 sends 2: CLS 4 3";
    assert_eq!(broken(&format!("{SLOW}{closes}")), [Rule::CloseOfNothing], "it should have looked");
    assert_eq!(of_slow(closes), [], "for all that it knows there is a connection");
    assert_eq!(of_slow(&format!("1 looks; {closes}")), [Rule::CloseOfNothing], "now it knows");
}

#[test]
fn a_slow_host_that_looks_at_two_answers_one_by_one_takes_the_second_for_that_of_a_later_message() {
    let monitor = || Monitor::default().knowing_slow(HostAddress::from(1));
    let open = "1>2: STR 5 8 8; 1 looks; 2>1: RTS 8 5 2; 2>1: ALL 2 10 800; 1 looks; 1 looks;";
    // Text that came once, or was doubled on its cable, and is answered twice before it looks.
    let once = "1 sends 2 2: 8x1; 2 gets 1 2: 8x1; 1 gets rfnm 2 2; 1 looks;";
    let twice = "cable 1 repeats to; 1 sends 2 2: 8x1; 2 gets 1 2: 8x1; 1 gets rfnm 2 2; 2 gets 1 2: 8x1; 1 gets rfnm 2 2; 1 looks;";
    let then_closes = |text: &str| -> Vec<Rule> {
        let dialogue = format!("{open}{text} 1 sends 2 2: 8x2; 1 sends 2: CLS 5 8");
        played(monitor(), &dialogue).1.into_iter().map(|violation| violation.rule).collect()
    };
    assert_eq!(then_closes(once), [Rule::CloseInTransit]);
    assert_eq!(then_closes(twice), [], "it may take its second text for answered");
}

#[test]
fn who_has_waited_a_minute_for_the_answer_to_an_echo_may_ask_again() {
    let asks_again = |after: &str| broken(&format!("1>2: ECO 1; wait {after}; 1>2: ECO 2"));
    assert_eq!(asks_again("59"), [Rule::EchoTooEarly]);
    assert_eq!(asks_again("59.9"), [], "it has given the first to be sent before that left it");
    assert_eq!(asks_again("60"), []);
}

#[test]
fn an_answer_is_that_to_the_echo_that_wants_one() {
    // The first came while host 2 waited for an RRP, and needs none.
    let reset = "cable 2 loses to; 2 sends 1: RST; wait 30; 1>2: ECO 0; wait 100; 1>2: ECO 0; 2>1: ERP 0; wait 100; end";
    assert_eq!(broken(reset), []);
}

#[test]
fn text_that_an_allocation_lets_go_may_cross_the_close_in_the_same_message() {
    let text = "2 sends 1 2: 8x1";
    assert_eq!(broken(&format!("{OPEN}1>2: ALL 2 1 8, CLS 4 3; {text}")), []);
    let later = format!("{OPEN}1>2: ALL 2 1 8, CLS 4 3; wait 1; {text}");
    assert_eq!(broken(&later), [Rule::DataAfterDemand]);
}
