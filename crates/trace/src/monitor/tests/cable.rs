//! What happens on a cable excuses what comes of it, once, and nothing else.

use super::super::Rule;
use super::dialogue::broken;

/// What is excused by what happened on a cable.
const EXCUSED: &[&str] = &[
    // What is lost on the way in is neither answered nor delivered, and the host takes it for lost in the end.
    "cable 1 loses to; 1 sends 2 200: raw 00; wait 200; end",
    "cable 1 loses to; 1 sends 2 200: raw 00; wait 3; 1>2 200: raw 01; quiet end",
    // On the way out it looks as if it had arrived; or it is the answer that is missing.
    "cable 2 loses from; 1>2 200: raw 00; quiet end",
    "cable 2 loses from; 1>2 200: 8x200; quiet end",
    "cable 1 loses from; 1>2 200: raw 00; wait 100; 1>2 200: raw 01; end",
    // Late is late.
    "cable 1 delays to; 1 sends 2 200: raw 00; wait 130; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; end",
    "cable 1 delays to; 1 sends 2 200: raw 00; wait 70; 1 sends 2 200: raw 01; 2 gets 1 200: raw 01; \
     1 gets rfnm 2 200; wait 30; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; end",
    // The answer to the late one is taken for that of the next, and the one after that is sent too early.
    "cable 1 delays to; 1 sends 2 200: raw 00; wait 70; 1 sends 2 200: raw 01; 2 gets 1 200: raw 00; \
     1 gets rfnm 2 200; 1 sends 2 200: raw 02; 2 gets 1 200: raw 01; 1 gets rfnm 2 200; 2 gets 1 200: raw 02; \
     1 gets rfnm 2 200; quiet end",
    "cable 2 delays from; 1>2 200: raw 00; 1>2 200: raw 01; wait 100; 2 gets 1 200: raw 00; end",
    // Of two with the same text, the late one comes last.
    "cable 1 delays to; 1 sends 2 200: raw 00; wait 70; 1>2 200: raw 00; 1>2 200: raw 01; wait 30; 2 gets 1 200: raw 00; \
     1 gets rfnm 2 200; quiet end",
    "cable 1 delays to; 1 sends 2 200: raw 00; wait 99; cable 1 hangs; 1 sends 2 200: raw 01; 1 sends 2 200: raw 00; \
     cable 1 goes on; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; 2 gets 1 200: raw 01; 1 gets rfnm 2 200; 2 gets 1 200: raw 00; \
     1 gets rfnm 2 200; quiet end",
    "cable 1 delays from; 1>2 200: raw 00; wait 70; 1 sends 2 200: raw 01; 2 gets 1 200: raw 01; wait 30; \
     1 gets rfnm 2 200; 1 gets rfnm 2 200; end",
    // Twice in is twice answered, and what comes after is taken for answered too early.
    "cable 1 repeats to; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; \
     1 sends 2 200: raw 01; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; 2 gets 1 200: raw 01; 1 gets rfnm 2 200; end",
    // The second one is not taken, and not the one that has only just been sent.
    "cable 1 repeats to; 1 sends 2 200: raw 00; cable 1 hangs; 2 gets 1 200: raw 00; wait 25; cable 1 goes on; 1 gets rfnm 2 200; \
     1 sends 2 200: raw 01; 1 gets incomplete 2 200 2; 1 sends 2 200: raw 01; 2 gets 1 200: raw 01; 1 gets rfnm 2 200; \
     2 gets 1 200: raw 01; 1 gets rfnm 2 200; quiet end",
    "cable 2 repeats from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 200",
    "cable 1 repeats from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; 1 gets rfnm 2 200",
    // Of several messages the one is damaged that a fault has struck; a message with the same text is not.
    "cable 1 hangs; 1 sends 2 200: raw 00; wait 63; cable 1 garbles to; 1 sends 2 200: raw 01; cable 1 goes on; \
     1 gets damaged 2 200; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; quiet end",
    "cable 1 hangs; cable 1 garbles to; 1 sends 2 200: raw 00; wait 63; 1 sends 2 200: raw 00; cable 1 goes on; \
     2 gets 1 200: raw 00; 1 gets damaged 2 200; 1 gets rfnm 2 200; quiet end",
    // Who is told twice that its message is damaged sends it again twice, a command or text.
    "cable 1 garbles to; cable 1 repeats from; 1 sends 2: STR 3 4 8; 1 gets damaged 2 0; 1 sends 2: STR 3 4 8; \
     1 gets damaged 2 0; 1>2: STR 3 4 8; 2 gets 1 0: STR 3 4 8; 1 gets rfnm 2 0; quiet end",
    "cable 1 garbles to; cable 1 repeats from; 1 sends 2: STR 3 4 8; 1 gets damaged 2 0; 1 gets damaged 2 0; \
     1>2: STR 3 4 8; quiet end",
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 1 8; cable 2 garbles to; cable 2 repeats from; 2 sends 1 2: 8x1; \
     2 gets damaged 1 2; 2 sends 1 2: 8x1; 2 gets damaged 1 2; 2>1 2: 8x1; 1 gets 2 2: 8x1; 2 gets rfnm 1 2; quiet end",
    // So does who is told of one that was late.
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 1 8; cable 2 delays to; 2 sends 1 2: 8x1; wait 100; \
     2 gets incomplete 1 2 4; 2>1 2: 8x1; quiet end",
    // A message whose leader is garbled goes nowhere, and the complaint does not say which it was: any may be lost.
    "1 sends 2 201: raw 00; cable 1 muddles to; 1 sends 2 200: raw 00; 1 gets error 0; wait 3; \
     1 sends 2 201: raw 01; 2 gets 1 201: raw 00; 1 gets rfnm 2 201; 2 gets 1 201: raw 01; 1 gets rfnm 2 201; end",
    "cable 1 garbles to; 1 sends 2 200: raw 00; 1 gets damaged 2 200; 1>2 200: raw 00; quiet end",
    // What is said before a reset, and the reset.
    "1 gets down; 1 gets up; cable 1 loses from; 1 gets nop; 1 gets nop; 1 gets nop; 1 gets reset; 1 sends nop; end",
    "1 gets down; 1 gets up; cable 1 repeats from; 1 gets nop; 1 gets nop; 1 gets nop; 1 gets nop; 1 gets reset; end",
    "1 gets down; 1 gets up; cable 1 delays from; 1 gets nop; 1 gets nop; 1 gets nop; 1 gets reset; \
     wait 100; 1 gets nop; end",
    "1 gets down; 1 gets up; 1 gets nop; 1 gets nop; 1 gets nop; 1 sends nop; cable 1 loses from; 1 gets reset; \
     1>2 200: raw 00; quiet end",
    // Who was not told that his message has arrived, or waits for the answer to one that was lost, cannot close.
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 9 999; cable 2 loses to; 2 sends 1 2: 8x1; 1>2: CLS 4 3; \
     wait 100; end",
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 9 999; cable 2 loses from; 2>1 2: 8x1; 1>2: CLS 4 3; \
     wait 100; end",
    // Commands that got lost or came late leave the two at odds.
    "cable 1 loses to; 1 sends 2: RTS 4 3 2; wait 70; 1>2: RTS 6 5 2; end",
    "cable 1 muddles to; 1 sends 2: RTS 4 3 2; 1 gets error 0; wait 70; 1>2: RTS 6 5 2; end",
    "cable 2 loses from; 1>2: RTS 4 3 2; 1>2: CLS 4 3; 2>1: CLS 3 4; wait 100; end",
    "cable 2 loses from; 1>2: ECO 1; wait 100; end",
    // Held up at both cables, it still completes the connection when it comes; or late at one, and twice at the other.
    "1>2: RTS 4 3 2; cable 2 delays to; 2 sends 1: STR 3 4 8; wait 100; cable 1 delays from; 1 gets 2 0: STR 3 4 8; \
     2 gets rfnm 1 0; wait 100; 1 gets 2 0: STR 3 4 8; 1>2: ALL 2 9 999; quiet end",
    "1>2: RTS 4 3 2; cable 2 delays to; 2 sends 1: STR 3 4 8; wait 100; cable 1 repeats from; 1 gets 2 0: STR 3 4 8; \
     1 gets 2 0: STR 3 4 8; 2 gets rfnm 1 0; 1>2: ALL 2 9 999; quiet end",
    // One that is sent again before it comes completes the connection once.
    "1>2: RTS 4 3 2; cable 1 delays from; 2>1: STR 3 4 8; 2>1: STR 3 4 8; 1>2: ALL 2 9 999; wait 100; \
     1 gets 2 0: STR 3 4 8; quiet end",
    // One that answers the second request for a connection, of whose end the first time a fault has left one in doubt.
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: CLS 4 3; cable 2 muddles to; 2 sends 1: CLS 3 4; 2 gets error 0; wait 120; \
     1>2: RTS 4 3 2; 1 sends 2: CLS 4 3; 2>1: STR 3 4 8; 2 gets 1: CLS 4 3; 1 gets rfnm 2 0; 2>1: CLS 3 4; quiet end",
    // One that comes twice may be refused twice, by a host that hears both before it speaks.
    "cable 2 repeats from; 1 sends 2: RTS 4 3 2; 2 gets 1: RTS 4 3 2; 2 gets 1: RTS 4 3 2; 1 gets rfnm 2 0; \
     2>1: CLS 3 4, CLS 3 4; 1>2: CLS 4 3, ERR 4 CLS 3 4; quiet end",
    // Who refuses it once is done with it, too: the next one has its own byte size.
    "cable 1 repeats from; 2 sends 1: STR 3 4 36; 1 gets 2: STR 3 4 36; 1 gets 2: STR 3 4 36; 2 gets rfnm 1 0; \
     1>2: CLS 4 3; 2>1: CLS 3 4, STR 3 4 8; 1>2: RTS 4 3 2, ALL 2 9 99; 2>1 2: 8x1; 2>1: CLS 3 4; 1>2: CLS 4 3; quiet end",
    // So may one that comes three times, each time behind the CLS that ends what came before.
    "1>2: RTS 4 3 2; 2>1: CLS 3 4; cable 1 repeats to; cable 2 repeats from; 1 sends 2: CLS 4 3, RTS 4 3 2; \
     2 gets 1: CLS 4 3, RTS 4 3 2; 2 gets 1: CLS 4 3, RTS 4 3 2; 1 gets rfnm 2 0; 2 gets 1: CLS 4 3, RTS 4 3 2; \
     1 gets rfnm 2 0; 2>1: CLS 3 4, CLS 3 4, CLS 3 4; quiet end",
    // A request that crosses the CLS of one that is at odds with its partner.
    "cable 2 loses from; 1>2: RTS 4 3 2; wait 61; 1>2: CLS 4 3; 2>1: STR 3 4 8; 2>1: CLS 3 4; wait 100; end",
    // A request that comes behind the CLS that withdraws it is granted in good faith; who has forgotten it may answer the CLS
    // that ends this.
    "cable 2 delays from; 1>2: RTS 4 3 2; wait 61; 1>2: CLS 4 3; 2>1: ERR 4 CLS 4 3; wait 39; 2 gets 1: RTS 4 3 2; \
     2>1: STR 3 4 8; 2>1: CLS 3 4; 1>2: CLS 4 3; quiet end",
    "cable 2 delays from; 1>2: RTS 4 3 2; wait 61; 1>2: CLS 4 3; 2>1: ERR 4 CLS 4 3; wait 39; 2 gets 1: RTS 4 3 2; \
     2>1: STR 3 4 8; 2>1: CLS 3 4; quiet end",
    // An RST that is lost is waited for: what the partner asks for meanwhile need not be answered.
    "cable 1 loses to; 1 sends 2: RST; wait 3; 2>1: RTS 4 3 2; 2>1: CLS 4 3; wait 100; end",
    // Nobody answers the CLS, since the partner never got it: who has waited for a minute goes on.
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; cable 2 loses from; 1>2: CLS 4 3; wait 130; 1>2: NOP; 1>2: RTS 6 5 2; end",
    "wait 5; 1>2: RTS 4 3 2; 2>1: STR 3 4 8; cable 2 loses from; 1>2: CLS 4 3; wait 60; 1>2: RTS 6 5 2; end",
    "wait 5; 1>2: RTS 4 3 2; 2>1: STR 3 4 8; 3>1: STR 5 6 8; 1>2: CLS 4 3; wait 59.9; 1>3: RTS 4 5 3",
    // A contact socket is wanted by others: it waits for the answer for some seconds only.
    "wait 5; 1>2: RTS 4 3 2; 3>2: RTS 6 3 3; 2>1: STR 3 4 32; 2>1: CLS 3 4; wait 5; 2>3: STR 3 6 32",
    // Its partner may still be sending.
    "wait 5; 1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 9 999; cable 1 loses from; 2>1 2: 8x1; 1>2: CLS 4 3; wait 60; \
     1>2: RTS 6 5 2; end",
    // A host that hangs cannot be answered until it goes on.
    "cable 1 hangs; 1 sends 2 200: raw 00; wait 300; 1 sends 3 200: raw 00; end",
    "cable 1 hangs; 1 sends 2 200: raw 00; wait 300; cable 1 goes on; wait 50; 1 gets dead 2 200; end",
    // Nor can it answer, whatever it is asked.
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: CLS 4 3; cable 2 hangs; wait 100; end",
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: CLS 4 3; cable 2 hangs; wait 100; cable 2 goes on; wait 30; 2>1: CLS 3 4; \
     quiet end",
    "1>2: ECO 1; cable 2 hangs; wait 100; cable 2 goes on; 2>1: ERP 1; quiet end",
    "1>2: RST; cable 2 hangs; wait 100; cable 2 goes on; 2>1: RRP; quiet end",
    "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 9 999, GVB 2 128 128; cable 2 hangs; wait 100; cable 2 goes on; \
     2>1: RET 2 9 999; quiet end",
];

/// What is not.
const TOLD: &[(&[Rule], &str)] = &[
    // It has heard nothing, and sends on at once.
    (&[Rule::LinkBusy], "cable 1 loses to; 1 sends 2 200: raw 00; 1>2 200: raw 01; quiet end"),
    (&[Rule::LinkBusy], "cable 1 loses from; 1>2 200: raw 00; 1>2 200: raw 01; quiet end"),
    (&[Rule::LinkBusy], "cable 1 delays to; 1 sends 2 200: raw 00; 1 sends 2 200: raw 01"),
    (
        &[Rule::Unanswered],
        "cable 1 loses to; 1 sends 2 200: raw 00; wait 3; 1 sends 2 200: raw 01; quiet end",
    ),
    (&[Rule::Unanswered], "cable 2 loses to; 1 sends 2 200: raw 00; wait 200; end"),
    (&[Rule::Unanswered], "cable 1 loses from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; wait 200; end"),
    (&[Rule::NotAsSent], "cable 1 loses to; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00"),
    (&[Rule::NotAsSent], "cable 1 muddles to; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00"),
    (&[Rule::NotAsSent], "cable 2 loses from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 01"),
    (&[Rule::Unasked], "cable 1 loses to; 1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::Unasked], "cable 1 loses from; 1>2 200: raw 00; 1 gets rfnm 2 200"),
    // A fault that was announced and has not struck yet excuses nothing.
    (&[Rule::RfnmTooEarly], "cable 2 loses from; 1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::RfnmTooEarly], "cable 1 loses from; 1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::Unanswered], "cable 1 delays to; 1 sends 2 200: raw 00; wait 200; end"),
    (&[Rule::DeliveredTwice], "cable 1 delays to; 1>2 200: raw 00; 2 gets 1 200: raw 00"),
    (
        &[Rule::DeliveredTwice],
        "cable 2 delays from; 1>2 200: raw 00; wait 100; 2 gets 1 200: raw 00; \
         2 gets 1 200: raw 00",
    ),
    // The late one comes when its time is over, and no sooner.
    (&[Rule::DeliveredTwice], "cable 2 delays from; 1>2 200: raw 00; wait 60; 2 gets 1 200: raw 00"),
    (
        &[Rule::DeliveredTwice],
        "cable 2 repeats from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 2 gets 1 200: raw 00; \
         2 gets 1 200: raw 00; 1 gets rfnm 2 200",
    ),
    // Not right behind the other.
    (&[Rule::DeliveredTwice], "cable 2 repeats from; 1>2 200: raw 00; wait 1; 2 gets 1 200: raw 00"),
    (&[Rule::Unasked], "cable 2 repeats from; 1>2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::RfnmTooEarly], "cable 1 garbles to; 1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    // The IMP delivers what it has called damaged; or says so of another.
    (
        &[Rule::DeliveredThoughRefused],
        "cable 1 hangs; 1 sends 2 200: raw 00; wait 63; cable 1 garbles to; 1 sends 2 200: raw 01; cable 1 goes on; \
         1 gets damaged 2 200; 2 gets 1 200: raw 01; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; quiet end",
    ),
    (
        &[Rule::DeliveredThoughRefused],
        "cable 1 hangs; 1 sends 2 200: raw 00; wait 63; 1 sends 2 200: raw 01; cable 1 goes on; \
         1 gets damaged 2 200; 2 gets 1 200: raw 00; 2 gets 1 200: raw 01; 1 gets rfnm 2 200; quiet end",
    ),
    // A late one excuses one with the same text, and no second.
    (
        &[Rule::LinkBusy, Rule::OutOfOrder],
        "cable 1 delays to; 1 sends 2 200: raw 00; wait 70; 1 sends 2 200: raw 00; 1 sends 2 200: raw 01; \
         2 gets 1 200: raw 01; 2 gets 1 200: raw 00; 2 gets 1 200: raw 00",
    ),
    // A request that comes twice is not refused three times.
    (
        &[Rule::CloseOfNothing],
        "cable 2 repeats from; 1 sends 2: RTS 4 3 2; 2 gets 1: RTS 4 3 2; 2 gets 1: RTS 4 3 2; 1 gets rfnm 2 0; \
         2>1: CLS 3 4, CLS 3 4, CLS 3 4; quiet end",
    ),
    // Text that was late takes its allocation, unless its sender is told that it has not arrived.
    (
        &[Rule::BeyondAllocation],
        "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 1 8; cable 2 delays to; 2 sends 1 2: 8x1; wait 100; \
         2 gets incomplete 1 2 3; 2>1 2: 8x1; quiet end",
    ),
    (
        &[Rule::BeyondAllocation],
        "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: ALL 2 1 8; cable 2 loses to; 2 sends 1 2: 8x1; wait 100; 2>1 2: 8x1; end",
    ),
    // A request that was held up at both cables completes its own connection and no other.
    (
        &[Rule::NotEstablished],
        "1>2: RTS 4 3 2; cable 2 delays to; 2 sends 1: STR 3 4 8; wait 100; cable 1 delays from; 1 gets 2 0: STR 3 4 8; \
         2 gets rfnm 1 0; wait 100; 1 gets 2 0: STR 3 4 8; 1>2: ALL 3 9 999; quiet end",
    ),
    (
        &[Rule::NotEstablished],
        "1>2: RTS 4 3 2; cable 1 delays from; 2>1: STR 3 4 8; 2>1: STR 3 4 8; 1>2: ALL 3 9 999; wait 100; \
         1 gets 2 0: STR 3 4 8; quiet end",
    ),
    // Told once, or having sent it again as often as it was told, it has no more to send again.
    (
        &[Rule::SocketInUse],
        "cable 1 garbles to; 1 sends 2: STR 3 4 8; 1 gets damaged 2 0; 1>2: STR 3 4 8; 1>2: STR 3 4 8; quiet end",
    ),
    (
        &[Rule::SocketInUse],
        "cable 1 garbles to; cable 1 repeats from; 1 sends 2: STR 3 4 8; 1 gets damaged 2 0; 1 sends 2: STR 3 4 8; \
         1 gets damaged 2 0; 1>2: STR 3 4 8; 2 gets 1 0: STR 3 4 8; 1 gets rfnm 2 0; 1>2: STR 3 4 8; quiet end",
    ),
    // That one leader was garbled does not let another message go without an answer.
    (
        &[Rule::Unanswered],
        "1 sends 2 201: raw 00; cable 1 muddles to; 1 sends 2 200: raw 00; 1 gets error 0; wait 100; end",
    ),
    // Three NOPs come before a reset, on the IMP's side of whatever happens.
    (
        &[Rule::UntimelyReset],
        "1 gets down; 1 gets up; cable 1 loses from; 1 gets nop; 1 gets nop; 1 gets reset; 1 sends nop",
    ),
    (
        &[Rule::UntimelyReset],
        "1 gets down; 1 gets up; cable 1 repeats from; 1 gets nop; 1 gets nop; 1 gets nop; 1 gets reset; 1 sends nop",
    ),
    (&[Rule::HostLength, Rule::UncalledError], "cable 1 loses to; 1 sends bits 16; 1 gets error 1"),
    (&[Rule::HostType, Rule::UncalledError], "cable 1 loses to; 1 sends type 5; 1 gets error 2"),
    // What is lost on one host's cable says nothing of what another does.
    (&[Rule::EchoUnasked], "cable 2 loses from; 1>2: ECO 1; 3>1: ERP 1"),
    (&[Rule::EchoMissing], "cable 2 loses from; 3>2: ECO 1; 1>2: ECO 1; wait 100; end"),
    (&[Rule::Unanswered], "cable 2 hangs; 1 sends 2 200: raw 00; wait 63; end"),
    (&[Rule::Unanswered], "cable 1 hangs; 1 sends 2 200: raw 00; cable 1 goes on; wait 100; end"),
    // Once it goes on, a host has no more time to answer than any other; and before, it had none to lose.
    (
        &[Rule::CloseUnanswered],
        "1>2: RTS 4 3 2; 2>1: STR 3 4 8; 1>2: CLS 4 3; cable 2 hangs; wait 100; cable 2 goes on; wait 61; end",
    ),
    (&[Rule::EchoMissing], "1>2: ECO 1; cable 2 hangs; wait 100; cable 2 goes on; quiet end"),
    (&[Rule::EchoMissing], "1>2: ECO 1; wait 100; cable 2 hangs; wait 1; end"),
    (&[Rule::EchoMissing], "1>2: ECO 1; cable 1 hangs; wait 100; end"),
    // What a host may have got wrong is over when nothing is unanswered any more.
    (
        &[Rule::LinkBusy],
        "cable 1 hangs; 1 sends 2 200: raw 00; wait 3; 1 sends 2 200: raw 01; cable 1 goes on; 2 gets 1 200: raw 00; \
         1 gets rfnm 2 200; 2 gets 1 200: raw 01; 1 gets rfnm 2 200; wait 10000; 1 sends 2 200: raw 02; \
         1 sends 2 200: raw 03",
    ),
    (
        &[Rule::LinkBusy],
        "cable 1 repeats from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; 1 gets rfnm 2 200; \
         wait 10000; 1 sends 2 200: raw 02; 1 sends 2 200: raw 03",
    ),
    // Who goes on without the answer to its CLS has waited for a minute.
    (
        &[Rule::SocketInUse],
        "wait 5; 1>2: RTS 4 3 2; 2>1: STR 3 4 8; 3>1: STR 5 6 8; 1>2: CLS 4 3; wait 59; 1>3: RTS 4 5 3",
    ),
    // At a contact socket it is some seconds, and at no other.
    (
        &[Rule::SocketInUse],
        "wait 5; 1>2: RTS 4 3 2; 3>2: RTS 6 3 3; 2>1: STR 3 4 32; 2>1: CLS 3 4; wait 4; 2>3: STR 3 6 32",
    ),
    (
        &[Rule::SocketInUse],
        "wait 5; 1>2: RTS 4 301 2; 3>2: RTS 6 301 3; 2>1: STR 301 4 8; 2>1: CLS 301 4; wait 30; 2>3: STR 301 6 8",
    ),
    // A message that is lost is forgotten with what it says, and nothing else is.
    (&[Rule::EchoMissing], "1>2: ECO 1; cable 2 loses to; 2 sends 1: NOP; wait 3; 2>1: NOP; wait 100; end"),
    (&[Rule::EchoMissing], "1>2: ECO 1; cable 1 loses from; 2>1: NOP; wait 100; end"),
    (&[Rule::EchoMissing], "1>2: ECO 1; cable 2 loses from; 2>1: NOP; wait 3; 2>1: NOP; wait 100; end"),
    (
        &[Rule::EchoMissing],
        "1>2: ECO 1; cable 1 delays from; 2>1: STR 3 4 8; wait 100; 1 gets 2: STR 3 4 8; end",
    ),
    (
        &[Rule::CloseUnanswered],
        "1>2: RTS 4 3 2; 2>1: STR 3 4 8; cable 1 loses from; 2>1: STR 5 6 8; 1>2: CLS 4 3; wait 100; end",
    ),
    (&[Rule::EchoTooEarly], "1>2: ECO 1; cable 2 loses from; 1>2: NOP; 1>2: ECO 2; 2>1: ERP 1, ERP 2"),
    (
        &[Rule::CloseOfNothing],
        "cable 2 delays from; 1>2: RTS 4 3 2; wait 61; 1>2: CLS 4 3; 2>1: ERR 4 CLS 4 3; wait 39; \
         2 gets 1: RTS 4 3 2; 2>1: STR 3 4 8; 2>1: CLS 3 4; 1>2: CLS 4 3; 1>2: CLS 4 3; quiet end",
    ),
    // An RST that is lost is waited for no longer than a minute.
    (&[Rule::EchoMissing], "cable 1 loses to; 1 sends 2: RST; wait 70; 1>2: NOP; 2>1: ECO 1; wait 100; end"),
    (
        &[Rule::CloseUnanswered],
        "cable 1 loses to; 1 sends 2: RST; wait 70; 1>2: NOP; 2>1: RTS 4 3 2; 2>1: CLS 4 3; wait 100; end",
    ),
];

#[test]
fn what_happens_on_a_cable_excuses_what_comes_of_it() {
    let told: Vec<_> = EXCUSED.iter().map(|dialogue| (broken(dialogue), dialogue)).collect();
    let wrong: Vec<_> = told.iter().filter(|(told, _)| !told.is_empty()).collect();
    assert!(wrong.is_empty(), "a fault explains all of this: {wrong:#?}");
}

#[test]
fn it_excuses_no_more_than_that() {
    let told: Vec<_> = TOLD.iter().map(|(rules, dialogue)| (broken(dialogue), rules, dialogue)).collect();
    let wrong: Vec<_> = told.iter().filter(|(told, rules, _)| told != *rules).collect();
    assert!(wrong.is_empty(), "no fault explains it: {wrong:#?}");
}
