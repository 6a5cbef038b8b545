//! What the author of a scenario says stands in the transcript where it belongs.

use scenario::library::BuiltIn;
use sim::{Options, replay};
use trace::{Keep, Lens, Paper, View};
use view::comments::comments;

/// The transcript of a scenario with its comments, seen through a lens, and whether it held.
fn transcript(steps: &str, lens: Lens, width: usize) -> (String, bool) {
    let text = format!(
        "# What this\n# is about.\ntitle T # a title\nnet three-imps  # a small one\n\n# Two hosts.\nhost SITE1\nhost SITE2\n{steps}"
    );
    let scenario = scenario::parse("a.scenario", &text, &BuiltIn)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let outcome = replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing });
    let comments = comments(&scenario, &outcome.records);
    let paper = Paper { width: Some(width), color: false };
    let view = View { paper, comments: &comments, ..View::new(&outcome.names, &[]) };
    (View { lenses: &[lens], ..view }.transcript(&outcome.records), outcome.verdict.is_ok())
}

#[test]
fn each_paragraph_stands_before_its_step_and_is_filled_to_the_width() {
    let steps = "
# SITE2 waits for
# somebody
#   - from anywhere
#   - whoever it may be
#
# who comes.
SITE2 listens 400
# It is SITE1.

SITE1 inits 301 to SITE2 400
SITE1 sees OPEN
SITE1 closes 301  # at once
# That was all.
";
    let (text, held) = transcript(steps, Lens::Teletype, 40);
    assert!(held, "{text}");
    insta::assert_snapshot!(text, @r"
    # What this is about.

    # a title

    # a small one

    # Two hosts.

    # SITE2 waits for somebody
    #   - from anywhere
    #   - whoever it may be

    # who comes.
    #   SITE2 listens 400

    # It is SITE1.
    #   SITE1 inits 301 to SITE2 400
       0.015000  SITE2 sees
        SOCKET 400: OPEN TO SITE1 SOCKET 301
          SIZE 8
       0.056760  SITE1 sees
        SOCKET 301: OPEN TO SITE2 SOCKET 400
          SIZE 8

    # at once
       0.072760  SITE2 sees
        SOCKET 400: closed
       0.089400  SITE1 sees
        SOCKET 301: closed

    # That was all.
    ");
}

#[test]
fn above_expectations_it_stands_before_the_first_thing_since_the_last_deed_that_one_of_them_expects() {
    let steps = "
SITE1 echoes SITE2 1
SITE1 sees ECHO
SITE1 echoes SITE2 2
SITE1 sees ECHO
# The number comes back.
expect SITE2 -> SITE1 ERP
expect SITE1 -> SITE2 ECO
# It is told.
expect SITE1 saw ECHO 2
# Nothing else happens.
expect no SITE2 -> SITE1 RTS
";
    let (text, held) = transcript(steps, Lens::Ncp, 100);
    assert!(held, "{text}");
    insta::assert_snapshot!(text, @r"
    # What this is about.

    # a title

    # a small one

    # Two hosts.

       0.000000  SITE1 -> SITE2  ECO 1                               send this back
       0.012440  SITE2 -> SITE1  ERP 1                               sent back

    # The number comes back.
       0.027800  SITE1 -> SITE2  ECO 2                               send this back
       0.046160  SITE2 -> SITE1  ERP 2                               sent back

    # It is told.

    # Nothing else happens.
    ");
}

#[test]
fn what_is_said_of_steps_that_were_not_taken_is_not_said() {
    let (text, held) = transcript(
        "# A.\nexpect SITE1 no file <SMITH>X\nSITE1 restarts\n# B.\nSITE1 crashes\n# C.\n",
        Lens::Host,
        100,
    );
    assert!(!held);
    assert!(text.contains("# A.") && !text.contains("# B.") && !text.contains("# C."), "{text}");
}
