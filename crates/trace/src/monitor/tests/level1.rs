//! What is told of IMPs and of hosts at their cables.

use super::super::Rule;
use super::dialogue::broken;

/// What breaks which rules.
pub(super) const BROKEN: &[(&[Rule], &str)] = &[
    (&[Rule::Unasked], "1 gets rfnm 2 200"),
    (&[Rule::Unasked], "1>2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::Unasked], "1>2 200: raw 00; 1 gets dead 2 200"),
    (&[Rule::Unasked], "1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 201"),
    (&[Rule::Unanswered], "1 sends 2 200: raw 00; wait 63; end"),
    (&[Rule::Unanswered], "1 sends 2 200: raw 00; quiet end"),
    (&[Rule::Unanswered], "1>2 200: raw 00; 1>2 200: raw 00; 1 sends 2 200: raw 00; wait 63; end"),
    (&[Rule::Unanswered], "1 sends 2 200: raw 00; 2 gets 1 200: raw 00; wait 63; 1 gets rfnm 2 200"),
    // What waits between other IMPs is not before it.
    (&[Rule::Unanswered, Rule::Unanswered], "1 sends 1 200: raw 00; 3 sends 2 200: raw 00; wait 63; end"),
    // What broke before, or long before the answer came, or breaks when it is late already, is no excuse.
    (&[Rule::Unanswered], "fault; 1 sends 2 200: raw 00; wait 63; end"),
    (&[Rule::Unanswered], "1 sends 2 200: raw 00; wait 30; fault; wait 93; 1 gets dead 2 200"),
    (&[Rule::Unanswered], "1 sends 2 200: raw 00; wait 63; fault; wait 1; 1 gets dead 2 200"),
    (&[Rule::Unanswered], "fault; 1 sends 2 200: raw 00; wait 63; line dies"),
    (&[Rule::Unanswered], "fault; 1 sends 2 200: raw 00; wait 60; line dies; line lives; wait 93; end"),
    // Nor do lines excuse it for ever that come and go.
    (
        &[Rule::Unanswered],
        "fault; 1 sends 2 200: raw 00; wait 60; line dies; wait 60; line lives; wait 60; line dies; wait 60; line lives; \
         wait 60; line dies; wait 60; line lives; wait 60; line dies; wait 60; line lives; wait 60; line dies; wait 60; \
         line lives; wait 60; line dies; wait 60; line lives; wait 60; line dies; wait 60; line lives",
    ),
    // No line dies where nothing has broken.
    (&[Rule::Unanswered], "1 sends 2 200: raw 00; wait 60; line dies; wait 60; end"),
    // It is the IMP's fault if the host does not wait for ever.
    (&[Rule::Unanswered], "1 sends 2 200: raw 00; wait 63; 1 sends 2 200: raw 01; 1 gets dead 2 200"),
    (&[Rule::NotAsSent], "2 gets 1 200: raw 00"),
    (&[Rule::NotAsSent], "1 sends 2 200: raw 00; 2 gets 1 200: raw 01"),
    (&[Rule::NotAsSent], "1 sends 2 200: raw 00; 2 gets 1 200: raw 0000"),
    (&[Rule::NotAsSent], "1 sends 2 200: raw 00; 2 gets 3 200: raw 00"),
    (&[Rule::NotAsSent], "1 sends 2 200: raw 00; 2 gets 1 201: raw 00"),
    // The padding is wrong, or missing.
    (&[Rule::NotAsSent], "1 sends 2 200: raw 00; 2 gets leader 0001c8000081"),
    (&[Rule::NotAsSent], "1 sends 2 200: raw 00; 2 gets leader 0001c8000040"),
    (&[Rule::NotAsSent], "1 sends 2 200: raw 00; 2 gets leader 0001c80000"),
    (
        &[Rule::LinkBusy, Rule::OutOfOrder],
        "1 sends 2 200: raw 00; 1 sends 2 200: raw 01; 2 gets 1 200: raw 01; 2 gets 1 200: raw 00",
    ),
    (&[Rule::DeliveredTwice], "1>2 200: raw 00; 2 gets 1 200: raw 00"),
    (&[Rule::DeliveredTwice], "1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 2 gets 1 200: raw 00"),
    (
        &[Rule::DeliveredTwice],
        "1 sends 2 200: 8x200; 2 sends down; 2 sends up; 2 gets up; 2 sends nop; 1 gets rfnm 2 200; \
         2 gets 1 200: 8x200; 2 gets 1 200: 8x200",
    ),
    (&[Rule::DeliveredThoughRefused], "1 sends 2 200: raw 00; 1 gets dead 2 200; 2 gets 1 200: raw 00"),
    (&[Rule::DeliveredThoughRefused], "1 sends 2 200: raw 00; 1 gets damaged 2 200; 2 gets 1 200: raw 00"),
    (
        &[Rule::DeliveredThoughRefused],
        "1 sends 2 200: raw 00; 1 gets incomplete 2 200 4; 2 gets 1 200: raw 00",
    ),
    (&[Rule::RefusedThoughDelivered], "1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets dead 2 200"),
    (&[Rule::RfnmTooEarly], "1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    // 1000 bits behind the leader and the padding just fill a packet.
    (&[Rule::RfnmTooEarly], "1 sends 2 200: 8x120; 1 gets rfnm 2 200"),
    (&[Rule::RfnmTooEarly], "1 sends 2 200: 8x200; 1 gets rfnm 2 200; quiet end"),
    (
        &[Rule::RfnmTooEarly],
        "1 sends 2 200: 8x200; 1 gets rfnm 2 200; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00",
    ),
    // One of two has arrived, and there are two RFNMs.
    (
        &[Rule::RfnmTooEarly],
        "wait 200; 1 sends 2 200: raw 00; fault; 2 gets 1 200: raw 00; wait 60; 1 sends 2 200: raw 01; 1 gets rfnm 2 200; \
         1 gets rfnm 2 200; quiet end",
    ),
    (&[Rule::ImpType], "1 gets leader 0b000000"),
    (&[Rule::LaterType], "1 gets leader 03000000"),
    (&[Rule::LaterType], "1 gets leader 06000000"),
    (&[Rule::ImpType], "1 gets bits 16"),
    (&[Rule::ImpSubtype], "1 gets error 3"),
    (&[Rule::ImpSubtype], "1 sends 2 200: raw 00; 1 gets incomplete 2 200 5"),
    (&[Rule::ImpSubtype], "1 sends 2 200: raw 00; 1 gets leader 0702c802"),
    (&[Rule::ImpNotReady], "1 sends down; 1 gets nop"),
    (&[Rule::ImpNotReady], "1 gets down; 1 gets nop"),
    (&[Rule::UntimelyReset], "1 gets nop; 1 gets nop; 1 gets nop; 1 sends nop; 1 gets reset; 1 gets reset"),
    (&[Rule::UntimelyReset], "1 gets down; 1 gets up; 1 gets nop; 1 gets nop; 1 gets reset"),
    (&[Rule::UncalledError], "1 gets error 1"),
    (&[Rule::UncalledError], "1 gets error 2"),
    (&[Rule::NotTooLong], "1 sends 2 200: raw 00; 1 gets incomplete 2 200 1"),
    (&[Rule::HostLength], "1 sends bits 16; 1 gets error 1"),
    (&[Rule::HostLength], "1 sends 2 200: 8x1003; 1 gets incomplete 2 200 1; quiet end"),
    (&[Rule::HostType], "1 sends type 5; 1 gets error 2"),
    (&[Rule::HostType], "1 sends type 6; 1 gets error 2"),
    (&[Rule::LaterType], "1 sends type 3; 1 gets error 2"),
    (&[Rule::HostNotReady], "1 gets down; 1 sends 2: NOP"),
    (&[Rule::HostNotReady], "1 sends down; 1 sends nop"),
    (&[], "1 gets down; 1 sends nop"),
    (&[Rule::NopsFirst], "1 gets down; 1 gets up; 1 sends 2 200: raw 00"),
    (&[Rule::NopsFirst], "1 sends down; 1 sends up; 1 gets up; 1 sends 2 200: raw 00"),
    (&[Rule::LinkBusy], "1 sends 2 200: raw 00; 1 sends 2 200: raw 01"),
    // It has waited for less than a minute, or has heard nothing since, or one answer and not two.
    (&[Rule::LinkBusy], "fault; 1 sends 2 200: raw 00; wait 59; 1 sends 2 200: raw 01"),
    (
        &[Rule::LinkBusy],
        "fault; 1 sends 2 200: raw 00; wait 60; 1 sends 2 200: raw 01; 1 sends 2 200: raw 02",
    ),
    (
        &[Rule::LinkBusy],
        "fault; 1 sends 2 200: raw 00; wait 60; 1 sends 2 200: raw 01; 1 gets incomplete 2 200 3; \
         1 sends 2 200: raw 02; 1 sends 2 200: raw 03",
    ),
];

#[test]
fn what_is_allowed_is_not_told() {
    for dialogue in [
        "1>2 200: raw 00; 1>2 200: raw 00; 2>1 200: raw 0000; 1>1 200: raw 00; quiet end",
        // Other links, other hosts, and priority overtake.
        "1 sends 2 200: raw 00; 1 sends 2 201: raw 01; 1 sends 3 200: raw 02; 3 gets 1 200: raw 02; \
         2 gets 1 201: raw 01; 2 gets 1 200: raw 00",
        "1 sends 2 200: raw 00; 1 gets incomplete 2 200 3; 2 gets 1 200: raw 00; quiet end",
        "1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets incomplete 2 200 3; quiet end",
        // A message that certainly did not arrive is sent again.
        "1 sends 2 200: raw 00; 1 gets incomplete 2 200 4; 1>2 200: raw 00; quiet end",
        // The RFNM comes when the first packet is there.
        "1 sends 2 200: 8x200; 1 gets rfnm 2 200; 2 gets 1 200: 8x200; quiet end",
        "1 sends 2 200: 8x121; 1 gets rfnm 2 200; 2 gets 1 200: 8x121; quiet end",
        // The padding begins within a byte.
        "1>2 200: 7x1; 1>2 200: 3x5; 1>2 200: 8x1; 1>2 200: 8x2; quiet end",
        // The rest of it is lost with the receiver.
        "1 sends 2 200: 8x200; 1 gets rfnm 2 200; 2 sends down; 2 crashes; quiet end",
        "1 sends 2 200: raw 00; 2 sends down; 1 gets rfnm 2 200; quiet end",
        // The receiver was down while it was on its way, and up again when it came.
        "1 sends 2 200: 8x200; 2 sends down; 2 sends up; 2 gets up; 2 sends nop; 1 gets rfnm 2 200; \
         2 gets 1 200: 8x200; 1>2 200: 8x200; quiet end",
        // What is on its way when a ready line drops may end in any way.
        "1 sends 2 200: raw 00; 1 gets down; 1 gets up; 1 sends nop; quiet end",
        "1 sends 2 200: raw 00; 1 gets down; 1 gets up; 1 sends nop; 1>2 200: raw 00; 2 gets 1 200: raw 00; \
         1 gets rfnm 2 200; quiet end",
        "1 sends 2 200: raw 00; 1 gets error 0; 1>2 200: raw 01; quiet end",
        "1 gets down; 1 gets up; 1 gets nop; 1 gets nop; 1 gets nop; 1 gets reset; 1 sends nop; 1 gets error 0",
        // It cannot be known what became of it when something broke.
        "1 sends 2 200: raw 00; 2 gets 1 200: raw 00; fault; 1 gets dead 2 200; quiet end",
        // An IMP counts half a minute by a clock that ticks every 640 ms, and does so twice.
        "1 sends 2 200: raw 00; 2 gets 1 200: raw 00; wait 61; 1 gets rfnm 2 200; quiet end",
        // The source IMP asks again half a minute after its question or the answer to it has got lost.
        "1 sends 2 200: raw 00; wait 30; fault; wait 40; 1 gets dead 2 200; quiet end",
        // A line that gets bits wrong dies and comes back, and each time may take the question or its answer.
        "fault; 1 sends 2 200: raw 00; wait 60; line dies; wait 60; line lives; wait 60; line dies; wait 60; \
         1 gets dead 2 200; quiet end",
        // Who has waited for a minute takes the answer for that of the next message, and the one after that goes too early.
        "1 sends 2 200: raw 00; fault; wait 60; 1 sends 2 200: raw 01; 1 gets incomplete 2 200 3; 1 sends 2 200: raw 02; \
         1 gets incomplete 2 200 3; 1 sends 2 200: raw 03; 1 gets dead 2 200; 1 gets dead 2 200; quiet end",
        // Of two on one link the second gets lost, and its source IMP hears that first.
        "wait 200; 1 sends 2 200: raw 00; fault; 2 gets 1 200: raw 00; wait 60; 1 sends 2 200: raw 01; 1 gets incomplete 2 200 3; \
         1 gets rfnm 2 200; quiet end",
        // Who has waited for a minute sends another, which his IMP does not take before it has got rid of the one before.
        "wait 200; 1 sends 2 200: raw 00; 3 sends 2 200: raw 00; 3 sends 2 201: raw 00; fault; wait 60; 1 sends 2 200: raw 01; \
         wait 15; 1 gets incomplete 2 200 4; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; 2 gets 3 200: raw 00; \
         3 gets rfnm 2 200; 2 gets 3 201: raw 00; 3 gets rfnm 2 201; quiet end",
        // Two that wait at one IMP: the second may take half a minute longer.
        "1 sends 2 200: raw 00; 1 sends 2 201: raw 00; wait 50; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; \
         wait 30; 2 gets 1 201: raw 00; 1 gets rfnm 2 201",
        // So may the second of two that come from two IMPs, and wait at the one of their receiver.
        "1 sends 2 200: raw 00; 3 sends 2 200: raw 00; wait 50; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; \
         wait 30; 2 gets 3 200: raw 00; 3 gets rfnm 2 200",
        // A host greets an IMP that is down by a NOP, whatever its other bits are.
        "1 gets down; 1 sends leader 04c8170f",
        // Bits of a leader for which its type has no use are the IMP's own; and with an answer come the flags and the low
        // bits of the message that it is about.
        "1 gets leader 04000001; 1 gets leader 04000010; 1 gets leader 84000000; \
         1 gets down; 1 gets up; 1 gets nop; 1 gets nop; 1 gets nop; 1 gets leader 0a000001; 1 sends nop",
        "1 sends 2 urgent 200: raw 00; 2 gets 1 urgent 200: raw 00; 1 gets leader 8502c8f0; quiet end",
        "1 sends 2 200: raw 00; 1 gets leader 0702c8f1; 1 sends 2 200: raw 00; 1 gets leader 8902c8f4; quiet end",
        // What goes to an IMP's own host, and what comes from there, is no message of NCPs; its answer is due like others.
        "1 sends leader 4002000077; 1 gets leader 45020000; 1 sends leader 4002000077; 1 gets leader 05020000; quiet end",
        "1 gets leader 0200ffff; 1 sends type 2; 1 sends type 1; 1 sends type 8",
    ] {
        assert_eq!(broken(dialogue), [], "{dialogue}");
    }
}

#[test]
fn an_answer_about_an_imps_own_host_is_none_to_a_message_for_the_host_of_that_number() {
    let told = [Rule::Unasked, Rule::Unanswered];
    assert_eq!(broken("1 sends 2 200: raw 00; 1 gets leader 4702c800; quiet end"), told);
    assert_eq!(
        broken("1 sends leader 4002c80077; 1 gets leader 4502c900; quiet end"),
        told,
        "on another link"
    );
}

#[test]
fn messages_of_unknown_fate_are_forgotten_in_the_end() {
    let cut = "1 sends 2 200: raw 00; 1 gets down; 1 gets up; 1 sends nop;";
    let dialogue = format!("{} 1>2 200: raw 01; quiet end", cut.repeat(100));
    assert_eq!(broken(&dialogue), []);
}

#[test]
fn a_host_that_sends_without_waiting_is_told_each_time_and_its_messages_are_still_counted() {
    let dialogue = "1 sends 2 200: raw 00; 1 sends 2 200: raw 00; 1 sends 2 200: raw 00; \
                    2 gets 1 200: raw 00; 2 gets 1 200: raw 00; 2 gets 1 200: raw 00; \
                    1 gets rfnm 2 200; 1 gets rfnm 2 200; 1 gets rfnm 2 200; quiet end";
    assert_eq!(broken(dialogue), [Rule::LinkBusy, Rule::LinkBusy]);
}

#[test]
fn a_fault_in_the_net_lets_hosts_give_up_what_was_sent_at_that_time_and_nothing_else() {
    // Two wait at one IMP, which has more time for the second.
    let sent = "1 sends 3 200: raw 00; 1 sends 2 200: raw 00;";
    let given_up = "wait 63; 1 sends 2 200: raw 01";
    let told = [Rule::Unanswered];
    assert_eq!(
        broken(&format!("fault; wait 30; {sent} {given_up}")),
        told,
        "the net may not have got over it"
    );
    assert_eq!(
        broken(&format!("{sent} fault; {given_up}")),
        [],
        "it may have taken the message or its answer"
    );
    let told = [Rule::Unanswered, Rule::LinkBusy];
    assert_eq!(broken(&format!("fault; wait 10000; {sent} {given_up}")), told, "it was long before");
    assert_eq!(broken(&format!("{sent} {given_up}")), told, "there was none");
}
