//! What may stand in the braces of a text, and where a number may stand by its name.

use super::super::ast::{
    Action, Data, Expectation, HostAction, Incoming, NcpAction, Number, Outgoing, Piece, Term, Text,
};
use super::super::{ast::Step, parse};
use super::{sound, with_steps, wrong};

fn steps(text: &str) -> Vec<Step> {
    sound(with_steps(text)).steps
}

/// The last step of a sound scenario.
fn last(text: &str) -> Action {
    steps(text).pop().expect("there is one").action
}

fn step(text: &str) -> Vec<String> {
    wrong(with_steps(text))
}

/// What stands below the message of the only mistake: its label and its help.
fn shown(text: &str) -> String {
    let shown = with_steps(text).expect_err("it is wrong").render(false, 200);
    assert!(shown.ends_with("1 error\n"), "{shown}");
    shown
}

fn literal(text: &str) -> Piece {
    Piece::Literal(text.to_owned())
}

fn new(name: &str) -> Piece {
    Piece::New(name.to_owned())
}

fn term(name: &str, offset: i64) -> Term {
    Term { name: name.to_owned(), offset }
}

const NAMES_X: &str = "wait for CASE -> BBN 255 SOCK {x}";

#[test]
fn the_first_braces_name_a_number_and_the_later_ones_use_it() {
    let steps = steps(&format!(
        "{NAMES_X}\nUSC types QUOTE SOCK 1,{{X}}\nUSC sees {{x-4}} TO {{y}}, {{y+1}}\nBBN inits {{y}} to CASE {{x+1}}"
    ));
    let Action::WaitFor { text, .. } = &steps[0].action else { panic!("{steps:?}") };
    assert_eq!(text.0, [literal("255 SOCK "), new("x")]);
    let Action::Host(_, HostAction::Types(text)) = &steps[1].action else { panic!("{steps:?}") };
    assert_eq!(text.0, [literal("QUOTE SOCK 1,"), Piece::Term(term("x", 0))], "in capitals or not");
    let Action::Host(_, HostAction::Sees(text)) = &steps[2].action else { panic!("{steps:?}") };
    let pieces =
        [Piece::Term(term("x", -4)), literal(" TO "), new("y"), literal(", "), Piece::Term(term("y", 1))];
    assert_eq!(text.0, pieces);
    assert_eq!(text.to_string(), "{x-4} TO {y}, {y+1}");
    let Action::Host(_, HostAction::Ncp(NcpAction::Inits { local, foreign, .. })) = &steps[3].action else {
        panic!("{steps:?}")
    };
    assert_eq!((local, foreign), (&Number::Named(term("y", 0)), &Number::Named(term("x", 1))));
}

#[test]
fn every_text_that_is_looked_for_can_name_a_number() {
    for gives in [
        "wait for CASE -> BBN SOCK {x}",
        "BBN sees SOCKET {x}",
        "BBN hears 640 SOCK {x}",
        "expect BBN saw SOCKET {x}",
        "expect CASE -> BBN SOCK {x}",
    ] {
        sound(with_steps(&format!("BBN listens 2\n{gives}\nBBN closes {{x}}")));
    }
    for cannot in
        ["USC types {x}", "BBN sends 3 {x}", "BBN says 3 {x}", "BBN receives 2 {x}", "BBN closes {x}"]
    {
        assert_eq!(step(cannot), ["no number has been named `x`"], "{cannot}");
    }
    assert_eq!(step("expect no CASE -> BBN SOCK {x}"), ["no number has been named `x`"], "none is found");
    sound(with_steps(&format!("{NAMES_X}\nexpect no CASE -> BBN SOCK {{x}}")));
}

#[test]
fn a_name_that_no_step_above_gives_is_told_with_what_was_meant() {
    assert_eq!(step(&format!("BBN closes {{x}}\n{NAMES_X}")), ["no number has been named `x`"], "only later");
    assert_eq!(
        step("wait for CASE -> BBN SOCK {x+1}"),
        ["no number has been named `x`"],
        "nothing to add to"
    );
    let near = shown("wait for CASE -> BBN SOCK {socket}\nBBN closes {sokcet}");
    assert!(near.contains("help: did you mean `{socket}`?"), "{near}");
    let how = shown("BBN sends 3 AT {there}");
    assert!(how.contains("`wait for HOST -> HOST`, `sees`, `hears` or `expect` with `{there}`"), "{how}");
    let missing = "wait for CASE -> BBM 255 SOCK {x}\nBBN closes {x}\nUSC types {x+1}";
    assert_eq!(step(missing), ["unknown host `BBM`"], "what a wrong line would name is not missed");
}

#[test]
fn what_braces_mean_is_clear_or_refused() {
    assert_eq!(step("USC types A { B"), ["`{` means nothing"]);
    assert_eq!(step("USC types {}"), ["`{}` means nothing"]);
    assert_eq!(step("USC types { x }"), ["`{ x }` means nothing"]);
    assert_eq!(step("USC types {x y}"), ["`{x y}` means nothing"]);
    assert_eq!(step("USC types {{x}}"), ["`{{x}` means nothing"]);
    assert_eq!(step("USC sees {x+}"), ["`{x+}` means nothing"]);
    assert_eq!(step("USC sees {x+y}"), ["`{x+y}` means nothing"]);
    assert_eq!(step("USC sees {x*2}"), ["`{x*2}` means nothing"]);
    assert_eq!(step("USC sees {x+4294967296}"), ["what is added cannot be 4294967296"]);
    assert_eq!(step("USC sees {cr+1}"), ["a number cannot be named `cr`"]);
    assert_eq!(step("BBN sends 3 {256}"), ["the code of a character cannot be 256"]);
    assert_eq!(step("BBN sends 3 {0o19}"), ["`0o19` is not a number"]);
    assert!(shown("USC types {").contains("a brace itself is `{123}`"));
    assert_eq!(step(&format!("{NAMES_X}\nBBN closes {{x}}+1")), ["unexpected `+1`"]);
    assert_eq!(step("BBN closes {13}"), ["`{13}` is the code of a character"]);
    assert_eq!(step("BBN closes {x"), ["`{` means nothing"]);
}

#[test]
fn a_number_is_looked_for_with_all_its_digits() {
    let beside = ["a digit or a number stands beside `{x}`"];
    assert_eq!(step("wait for CASE -> BBN SOCK 1{x}"), beside);
    assert_eq!(step("wait for CASE -> BBN SOCK {x}0"), beside);
    assert_eq!(step("wait for CASE -> BBN SOCK {y}{x}"), beside);
    assert_eq!(step("USC sees {49}{x}"), beside);
    sound(with_steps(&format!("{NAMES_X}\nUSC types 1{{x}}{{x}}0")));
}

#[test]
fn characters_may_be_given_by_their_codes_where_they_can_stand() {
    let sent = |text: &str| match last(&format!("BBN sends 3 {text}")) {
        Action::Host(_, HostAction::Ncp(NcpAction::Sends { data: Outgoing::Data(Data::Text(text)), .. })) => {
            text
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(sent("A{13}{0o12}{0x00}{bel}{ESC}{255}{123}B}").0, [literal("A\r\n\0\u{7}\u{1b}\u{ff}{B}")]);
    sound(with_steps(
        "BBN says 3 {CR}{LF}{255}\nUSC types {ESC}{123}x}\nBBN hears 2 {BEL}{CR}\nUSC sees {123}",
    ));
    assert_eq!(step("USC types {LF}"), ["`{LF}` cannot stand here"], "it would end the line");
    assert_eq!(step("USC sees {BEL}"), ["`{BEL}` cannot stand here"]);
    assert_eq!(step("BBN hears 2 {LF}"), ["`{LF}` cannot stand here"]);
    assert_eq!(step("wait for CASE -> BBN {CR}"), ["`{CR}` cannot stand here"], "a transcript has ␍");
}

#[test]
fn what_a_transcript_quotes_and_the_lines_of_files_have_braces_that_are_braces() {
    let text = "link 2 data 14 x 8 bits \"if {x} {\" 3 {123}";
    match last(&format!("expect CASE -> BBN {text}")) {
        Action::Expect(Expectation::Crossed { text, .. }) => {
            assert_eq!(text, Text::literal("link 2 data 14 x 8 bits \"if {x} {\" 3 {"));
        }
        other => panic!("{other:?}"),
    }
    sound(parse(
        "a.scenario",
        "title A {\ncites {\nfails {\nnet 1973-01\nhost BBN file <A>A\n  | {x}\nexpect BBN file <A>A\n  | {",
        &super::Beside,
    ));
}

#[test]
fn data_are_text_unless_they_are_said_to_be_something_else() {
    let sent = |text: &str| match last(&format!("{NAMES_X}\nBBN sends 3 {text}")) {
        Action::Host(_, HostAction::Ncp(NcpAction::Sends { data, .. })) => data,
        other => panic!("{other:?}"),
    };
    assert_eq!(sent("12 random bytes"), Outgoing::Random(Number::Known(12)));
    assert_eq!(sent("{x} random bytes # many"), Outgoing::Random(Number::Named(term("x", 0))));
    let text = |text: &str| Outgoing::Data(Data::Text(Text::literal(text)));
    assert_eq!(sent("random bytes"), text("random bytes"));
    assert_eq!(sent("some random bytes"), text("some random bytes"));
    assert_eq!(sent("{98}yte 5"), text("byte 5"), "a code begins a text");
    assert_eq!(sent("{49}2 random bytes"), text("12 random bytes"), "a code begins a text");
    assert_eq!(sent("12"), text("12"), "a number alone is no form");
    for begins in ["12 bytes", "12 random byte", "5 byte", "byte 5", "any 5 bytes", "what CASE sent from 5"] {
        let said = step(&format!("BBN sends 3 {begins}"));
        assert_eq!(said, [format!("`{begins}` begins like another form of data, and is none")]);
    }
    assert_eq!(step("BBN sends 3 0 random bytes"), ["the number of bytes cannot be 0"]);
    assert_eq!(step("BBN sends 3 1000001 random bytes"), ["the number of bytes cannot be 1000001"]);
    assert_eq!(step("BBN sends 3 5 random bytes 7"), ["unexpected `7`"]);
    let received = |text: &str| match last(&format!("BBN receives 2 {text}")) {
        Action::Host(_, HostAction::Ncp(NcpAction::Receives { data, .. })) => data,
        other => panic!("{other:?}"),
    };
    assert_eq!(received("any 5 bytes"), Incoming::Any(Number::Known(5)));
    let text = |text: &str| Incoming::Data(Data::Text(Text::literal(text)));
    assert_eq!(received("{97}ny of them"), text("any of them"));
    for begins in ["5 BYTES", "any of them", "any 5 byte", "what CASE said", "{x} random bytes"] {
        let said = step(&format!("{NAMES_X}\nBBN receives 2 {begins}"));
        assert_eq!(said, [format!("`{begins}` begins like another form of data, and is none")]);
    }
    assert_eq!(step("BBN receives 2 what CASE sent from 4"), ["socket 4 is a receive socket"]);
    assert_eq!(step("BBN receives 2 what HARV sent from 3"), ["host `HARV` is not declared"]);
    assert_eq!(step("BBN receives 2 what CASE sent"), ["expected `from`, but the line ends"]);
}

#[test]
fn a_time_at_the_end_of_a_step_is_no_part_of_its_text() {
    let behind = |text: &str, timing: &str| {
        assert_eq!(step(&format!("{text} {timing}")), [format!("`{timing}` stands behind the step")]);
    };
    behind("USC sees CONNECTED", "within 5s");
    behind("USC types CONNECT BBN", "at 1.5min");
    behind("BBN crashes", "+5s");
    behind("wait for CASE -> BBN 255", "within 100ms");
    behind("expect CASE -> BBN 255", "AT 5s");
    behind("USC types X", "AT 5S");
    for text in ["WITHIN 5", "LOOK AT 640", "+5", "{97}t 5s", "AT {53}s", "at 5s sharp"] {
        sound(with_steps(&format!("USC types {text}")));
    }
    sound(with_steps("expect CASE -> BBN data 9 x 8 bits \"go # at 5s\""));
    let help = shown("USC sees X within 5s");
    assert!(help.contains("write `within 5s USC sees X`; if it is text, give a character"), "{help}");
    assert!(help.contains("`{119}ithin 5s`"), "{help}");
    let help = shown("USC types X within 5s");
    assert!(
        help.contains("leave it out: `within` goes with"),
        "where it would be wrong in front, too: {help}"
    );
}

#[test]
fn no_text_has_control_characters_unless_by_their_codes() {
    for statement in
        ["USC types A\u{1b}B", "USC sees A\u{7f}B", "expect CASE -> BBN A\u{9b}B", "BBN\u{7} crashes"]
    {
        let code = statement.chars().find(|letter| letter.is_control()).map_or(0, u32::from);
        let said = step(statement);
        assert!(said.contains(&format!("the character U+{code:04X} cannot stand here")), "{said:?}");
    }
    assert_eq!(step("USC types A\tB"), ["the character U+0009 cannot stand here"], "no typist has tabs");
    let scenario =
        with_steps("USC types A  # \u{1b}[2J \u{9b}").map(|scenario| (scenario.comments, scenario.steps));
    let (comments, steps) = scenario.unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(
        comments[0].text, "\u{b7}[2J \u{b7}",
        "a comment is shown, so that nothing of it drives a terminal"
    );
    assert_eq!(steps[0].source, "USC types A  # \u{b7}[2J \u{b7}", "nor does the line");
    let shown = with_steps("USC typs A\u{1b}[2J").expect_err("it is wrong").render(false, 100);
    assert!(!shown.contains('\u{1b}'), "nor does a report of it: {shown}");
}

#[test]
fn a_call_has_sockets_that_can_be_those_of_a_call() {
    let answer = |rest: &str| step(&format!("BBN answers a call at {rest}"));
    assert_eq!(answer("2, and goes on at 640"), ["socket 2 is a receive socket"]);
    assert_eq!(answer("3, and goes on at 641"), ["socket 641 is a send socket"]);
    assert_eq!(answer("3, and goes on at 2"), ["the connection would be at socket 3 again"]);
    assert_eq!(answer("3, and goes on at 4294967296"), ["the number of a socket cannot be 4294967296"]);
    assert_eq!(answer("3"), ["expected `and`, but the line ends"]);
    assert_eq!(answer("3, and goes on at 640 size 8"), ["unexpected `size`"]);
    sound(with_steps("BBN answers a call at 3 and goes on at 4294967294"));
    let call = |rest: &str| step(&format!("BBN calls {rest}"));
    assert_eq!(call("CASE at 3, from 401"), ["socket 401 is a send socket"]);
    assert_eq!(call("CASE at 3, from 4294967294"), ["no socket lies 3 behind 4294967294"]);
    assert_eq!(call("NOWHERE at 3, from 400"), ["unknown host `NOWHERE`"]);
    assert_eq!(step("within 5s BBN calls CASE at 3, from 400"), ["this step does not wait"]);
    assert_eq!(step("within 5s BBN answers a call at 3, and goes on at 640"), ["this step does not wait"]);
    assert_eq!(step("BBN says 640 HELLO"), ["socket 640 is a receive socket"]);
    assert_eq!(step("BBN hears 641 HELLO"), ["socket 641 is a send socket"]);
    assert_eq!(step("BBN hears 640"), ["expected what is to be heard, but the line ends"]);
}
