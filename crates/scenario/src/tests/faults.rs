//! What breaks and heals, as it is read, and what is told of it that cannot be.

use imp::{Fault, Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::Span;

use super::super::ast::Action;
use super::{sound, with_steps, wrong};

const BBN: HostAddress = match HostAddress::new(1, 5) {
    Some(host) => host,
    None => panic!("both fit"),
};

fn fault(step: &str) -> Fault {
    match &sound(with_steps(step)).steps.as_slice() {
        [step] => match step.action {
            Action::Fault(fault) => fault,
            ref other => panic!("{other:?}"),
        },
        steps => panic!("one step: {steps:?}"),
    }
}

#[test]
fn lines_flip_bits_until_they_flip_none() {
    let errs = |one_in| Fault::LineErrs { between: [5, 9], one_in };
    assert_eq!(fault("line BBN to HARV flips one bit in 100000"), errs(Some(100_000)));
    assert_eq!(fault("line BBN to HARV flips no bits  # any more"), errs(None));
}

#[test]
fn an_imp_says_what_is_known_of_its_going_down_in_any_order() {
    let goes = |step: &str| match fault(step) {
        Fault::ImpGoesDown { imp: 5, going } => going,
        other => panic!("{other:?}"),
    };
    let going =
        |reason, how_soon, how_long| GoingDown::new(reason, how_soon, how_long).expect("both times fit");
    assert_eq!(goes("imp BBN goes down"), going(Reason::Unsaid, 0, 0));
    assert_eq!(goes("imp BBN goes down in 75min for 5115min"), going(Reason::Unsaid, 15, 1023));
    assert_eq!(goes("imp BBN goes down for reload for 5min in 300s"), going(Reason::Reload, 1, 1));
    assert_eq!(goes("imp 5 goes down for MAINTENANCE"), going(Reason::Maintenance, 0, 0));
    assert_eq!(goes("imp 5 goes down for emergency in 10min"), going(Reason::Emergency, 2, 0));
}

#[test]
fn hosts_hang_and_cables_are_pulled() {
    assert_eq!(fault("BBN hangs"), Fault::HostHangs { host: BBN });
    assert_eq!(fault("+1s BBN goes on"), Fault::HostGoesOn { host: BBN });
    assert_eq!(fault("cable of BBN is pulled"), Fault::CablePulled { host: BBN });
    assert_eq!(fault("CABLE OF BBN IS PLUGGED IN"), Fault::CablePlugged { host: BBN });
}

#[test]
fn something_happens_to_one_message_in_one_direction() {
    let to = |mishap| Fault::Mishap { host: BBN, toward: Toward::Imp, mishap };
    let from = |mishap| Fault::Mishap { host: BBN, toward: Toward::Host, mishap };
    assert_eq!(fault("cable of BBN loses the next message to the imp"), to(Mishap::Lost));
    assert_eq!(fault("cable of BBN repeats the next message from the imp"), from(Mishap::Twice));
    let late = Mishap::Late(Span::from_millis(1500));
    assert_eq!(fault("cable of BBN delays next message from imp by 1.5s"), from(late));
    assert_eq!(
        fault("cable of BBN garbles the leader of the next message to the imp"),
        to(Mishap::LeaderError)
    );
    assert_eq!(fault("cable of BBN garbles the data of the next message to the imp"), to(Mishap::DataError));
}

#[test]
fn mistakes_are_shown_with_a_suggestion() {
    let steps = "\
line BBN to HARV flops
line BBN to UCLA flips no bits
line BBN to HARV flips two bits
line BBN to HARV flips one bit in 1
line BBN to HARV flips one bit
imp BBN gose down
imp BBN goes
imp BBN goes down in 7min
imp BBN goes down in 80min
imp BBN goes down for 0min
imp BBN goes down for 90h
imp BBN goes down for maintainance
imp BBN goes down in 5min in 10min
imp BBN goes down soon
BBN goes
BBN hang
HARV hangs
cable BBN is pulled
cable of BBM is pulled
cable of UTAH is pulled
cable of BBN is cut
cable of BBN is plugged
cable of BBN eats the next message to the imp
cable of BBN loses the next message
cable of BBN loses the next message for the imp
cable of BBN delays the next message to the imp
cable of BBN garbles the next message to the imp
cable of BBN garbles the data of the next message from the imp
within 5s cable of BBN is pulled
cabel of BBN is pulled";
    let told = wrong(with_steps(steps));
    assert_eq!(told.len(), steps.lines().count(), "one mistake in each line: {told:#?}");
    insta::assert_snapshot!(with_steps(steps).expect_err("none of them is right").render(false, 100));
}
