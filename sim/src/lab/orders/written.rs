//! One order as a scenario of its own: the scenario, with its mark replaced by what waits for what.

use scenario::ast::{Action, MustFail, Orders, Scenario, Waiting};
use scenario::write_commented;
use trace::Names;

use super::one::{One, Said};
use super::variant::Variant;

/// A comment says no more of a message than this.
const MOST_OF_A_MESSAGE: usize = 40;

/// The text of a scenario in which messages arrive in this order, and hosts are set up so. What does not hold in this order
/// is announced in its heading, so that it holds as it is. `found_by` is the command that found it.
pub fn written(scenario: &Scenario, variant: &Variant, one: &One, found_by: &str) -> String {
    let mut written = variant.applied(scenario);
    let waitings: Vec<Waiting> = one.waitings.iter().map(|said| said.waiting).collect();
    for step in &mut written.steps {
        if step.action == Action::Orders(Orders::All) {
            step.action = Action::Orders(Orders::This(waitings.clone()));
        }
    }
    for failure in &one.failures {
        let fails = MustFail { text: failure.found.clone(), line: 0 };
        if !written.fails.contains(&fails) {
            written.fails.push(fails);
        }
    }
    let names = Names::of(&scenario.net);
    let mut comment = format!("{}: {}.\nFound by `{found_by}`.\n", one.ending, one.ending.sentence());
    for said in &one.waitings {
        comment.push_str(&format!("{}.\n", sentence(said, &names)));
    }
    write_commented(&written, &comment)
}

/// What the two messages are of which one waits for the other.
fn sentence(said: &Said, names: &Names) -> String {
    let what = |one: usize, from, to| {
        let what = cut(&said.what[one]);
        let way = format!("{} -> {}", names.host(from), names.host(to));
        if what.is_empty() { format!("a message {way}") } else { format!("{way}  {what}") }
    };
    let Waiting { message, waits_for } = said.waiting;
    format!("{}, waits for {}", what(0, message.from, message.to), what(1, waits_for.from, waits_for.to))
}

fn cut(what: &str) -> String {
    match what.char_indices().nth(MOST_OF_A_MESSAGE) {
        Some((at, _)) => format!("{} ...", what[..at].trim_end()),
        None => what.to_owned(),
    }
}
