//! In which order messages arrive.

use imp1822::HostAddress;

use super::super::ast::{Action, Crossing, Orders, Waiting};
use super::{read, sound, with_steps, wrong};

/// One order, said in full.
pub(super) const SOUND: &str = "title T\nnet 1973-01\nhost BBN-TENEX\nhost CASE-10\nthis order from here\n  \
                                CASE -> BBN message 2 waits for BBN -> CASE message 1\nBBN echoes CASE 1\n";

const BBN: HostAddress = host(1, 5);
const CASE: HostAddress = host(0, 13);
const USC: HostAddress = host(1, 22);

const fn host(host: u8, imp: u8) -> HostAddress {
    match HostAddress::new(host, imp) {
        Some(address) => address,
        None => panic!("no such address"),
    }
}

fn orders(steps: &str) -> Orders {
    let scenario = sound(with_steps(steps));
    let mut all = scenario.steps.into_iter().filter_map(|step| match step.action {
        Action::Orders(orders) => Some(orders),
        _ => None,
    });
    all.next().expect("one of the steps says it")
}

#[test]
fn a_step_says_that_every_order_may_come_or_which_messages_wait_for_which() {
    assert_eq!(orders("USC-ISI types HELP\n+2s ALL orders from here  # now"), Orders::All);
    assert_eq!(orders("this order from here"), Orders::This(Vec::new()), "as they come");
    let said = orders(
        "this order from here\n  CASE -> BBN message 1 waits for USC -> BBN message 0o12  # both to BBN\n\n  \
         # and another\n  BBN -> USC message 3 waits for CASE -> USC message 1\nUSC-ISI types HELP",
    );
    assert_eq!(sound(read(SOUND)).steps.len(), 2, "what waits is a part of its step");
    let crossing = |from, to, number| Crossing { from, to, number };
    let first = Waiting { message: crossing(CASE, BBN, 1), waits_for: crossing(USC, BBN, 10) };
    let second = Waiting { message: crossing(BBN, USC, 3), waits_for: crossing(CASE, USC, 1) };
    assert_eq!(said, Orders::This(vec![first, second]));
}

#[test]
fn no_message_waits_for_one_that_cannot_come_before_it() {
    let with = |lines: &str| with_steps(&format!("this order from here\n{lines}"));
    for (lines, is_sound) in [
        ("  CASE -> BBN message 2 waits for CASE -> BBN message 1", true),
        ("  CASE -> BBN message 1 waits for CASE -> BBN message 1", false),
        ("  CASE -> BBN message 1 waits for CASE -> BBN message 2", false),
        (
            "  CASE -> BBN message 1 waits for USC -> BBN message 1\n  USC -> BBN message 2 waits for CASE -> BBN message 1",
            true,
        ),
        (
            "  CASE -> BBN message 1 waits for USC -> BBN message 2\n  USC -> BBN message 1 waits for CASE -> BBN message 3",
            false,
        ),
        (
            "  CASE -> BBN message 1 waits for USC -> BBN message 1\n  USC -> BBN message 1 waits for BBN -> USC message 1\n  \
             BBN -> USC message 1 waits for CASE -> BBN message 1",
            false,
        ),
    ] {
        if is_sound {
            sound(with(lines));
        } else {
            assert_eq!(wrong(with(lines)), ["messages wait for each other"], "{lines}");
        }
    }
}
