//! What happens on a cable excuses what comes of it, once, and nothing else.

use super::super::Rule;
use super::dialogue::broken;

/// What is excused by what happened on a cable.
const EXCUSED: &[&str] = &[
    // What is lost on the way in is neither answered nor delivered, and the link is as good as free.
    "cable 1 loses to; 1 sends 2 200: raw 00; wait 200; end",
    "cable 1 loses to; 1 sends 2 200: raw 00; 1>2 200: raw 01; quiet end",
    // On the way out it looks as if it had arrived; or it is the answer that is missing.
    "cable 2 loses from; 1 sends 2 200: raw 00; 1 gets rfnm 2 200; quiet end",
    "cable 2 loses from; 1 sends 2 200: 8x200; 1 gets rfnm 2 200; quiet end",
    "cable 1 loses from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; quiet end",
    "cable 1 loses from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; wait 100; end",
    // Late is late.
    "cable 1 delays to; 1 sends 2 200: raw 00; wait 130; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; end",
    "cable 2 delays from; 1 sends 2 200: raw 00; 1 gets rfnm 2 200; 1>2 200: raw 01; 2 gets 1 200: raw 00; end",
    // Twice in is twice answered, and what comes after is taken for answered too early.
    "cable 1 repeats to; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; \
     1 sends 2 200: raw 01; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; 2 gets 1 200: raw 01; 1 gets rfnm 2 200; end",
    "cable 2 repeats from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 200",
    "cable 1 repeats from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 1 gets rfnm 2 200; 1 gets rfnm 2 200",
    // A host that hangs cannot be answered until it goes on.
    "cable 1 hangs; 1 sends 2 200: raw 00; wait 300; 1 sends 3 200: raw 00; end",
    "cable 1 hangs; 1 sends 2 200: raw 00; wait 300; cable 1 goes on; wait 50; 1 gets dead 2 200; end",
];

/// What is not.
const TOLD: &[(&[Rule], &str)] = &[
    (&[Rule::Unanswered], "cable 1 loses to; 1 sends 2 200: raw 00; 1 sends 2 200: raw 01; quiet end"),
    (&[Rule::Unanswered], "cable 2 loses to; 1 sends 2 200: raw 00; wait 200; end"),
    (&[Rule::NotAsSent], "cable 1 loses to; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00"),
    (&[Rule::Unasked], "cable 1 loses to; 1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    (
        &[Rule::RfnmTooEarly],
        "cable 2 loses from; 1 sends 2 200: raw 00; 1 gets rfnm 2 200; 3 sends 2 200: raw 00; 3 gets rfnm 2 200",
    ),
    (&[Rule::RfnmTooEarly], "cable 1 loses from; 1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::Unanswered], "cable 1 delays to; 1 sends 2 200: raw 00; wait 200; end"),
    (&[Rule::DeliveredTwice], "cable 1 delays to; 1>2 200: raw 00; 2 gets 1 200: raw 00"),
    (
        &[Rule::DeliveredTwice],
        "cable 2 repeats from; 1 sends 2 200: raw 00; 2 gets 1 200: raw 00; 2 gets 1 200: raw 00; \
         2 gets 1 200: raw 00; 1 gets rfnm 2 200",
    ),
    // Not right behind the other.
    (&[Rule::DeliveredTwice], "cable 2 repeats from; 1>2 200: raw 00; wait 1; 2 gets 1 200: raw 00"),
    (&[Rule::Unasked], "cable 2 repeats from; 1>2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::RfnmTooEarly], "cable 1 garbles to; 1 sends 2 200: raw 00; 1 gets rfnm 2 200"),
    (&[Rule::Unanswered], "cable 2 hangs; 1 sends 2 200: raw 00; wait 61; end"),
    (&[Rule::Unanswered], "cable 1 hangs; 1 sends 2 200: raw 00; cable 1 goes on; wait 100; end"),
];

#[test]
fn what_happens_on_a_cable_excuses_what_comes_of_it() {
    for dialogue in EXCUSED {
        assert_eq!(broken(dialogue), [], "{dialogue}");
    }
}

#[test]
fn it_excuses_no_more_than_that() {
    for (rules, dialogue) in TOLD {
        assert_eq!(broken(dialogue), *rules, "{dialogue}");
    }
}
