//! Dialogues with servers that are worked by hand: the user's program prints what is said to it, takes for an answer only what is
//! one, and goes on.

use sim::{Options, Outcome, replay};
use trace::{Keep, Lens, View};

const NET: &str = include_str!("../../scenarios/nets/three-imps.net");

const OPTIONS: Options = Options { keep: Keep::Records, watch: imp::Watch::Nothing };

/// Replays these steps after SITE3's program has connected to SITE1, where a person says at 641 and hears at 640.
fn run(steps: &str) -> Outcome {
    let text = format!(
        "title T\nnet three-imps\nlimit 30min\nhost SITE1\nhost SITE3 runs ftp account SMITH password BLUE\n  file <SMITH>L.TXT\n    | LOCAL\n\
         SITE1 answers a call at 3, and goes on at 640\nSITE3 types CONNECT SITE1\nSITE1 says 641 300 HAND AT WORK\n\
         SITE3 sees CONNECTED\n{steps}\n"
    );
    let nets = |name: &str| (name == "three-imps").then(|| NET.to_owned());
    let scenario = scenario::parse("test.scenario", &text, &nets);
    let outcome = replay(&scenario.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100))), OPTIONS);
    if let Err(failure) = &outcome.verdict {
        panic!("{failure:?}\n{}", printed(&outcome).join("\n"));
    }
    outcome
}

/// What SITE3 printed.
fn printed(outcome: &Outcome) -> Vec<String> {
    let view = View::new(&outcome.names, &[Lens::Teletype]);
    view.lines(&outcome.records)
        .into_iter()
        .filter(|line| line.who == "SITE3 sees")
        .map(|line| line.what)
        .collect()
}

/// What the transcript says beside the lines of the server that are about this.
fn beside(outcome: &Outcome, text: &str) -> Vec<String> {
    let view = View::new(&outcome.names, &[Lens::Ftp]);
    let lines = view.lines(&outcome.records).into_iter();
    lines.filter(|line| line.what.contains(text)).map(|line| line.meaning).collect()
}

/// Logs in.
const LOGIN: &str = "SITE3 types LOGIN SMITH BLUE\nSITE1 hears 640 USER SMITH\nSITE1 says 641 330 PW\nSITE1 hears 640 PASS BLUE\n\
     SITE1 says 641 230 IN\nSITE3 sees 230 IN";

#[test]
fn an_unasked_200_shifts_no_answer_and_is_said_to_be_unasked() {
    let outcome = run(&format!(
        "{LOGIN}\nSITE1 says 641 200 BY THE WAY\nSITE3 types DELETE X\nSITE1 hears 640 DELE X\nSITE1 says 641 451 DENIED\n\
         SITE3 sees 451 DENIED\nSITE3 types QUOTE NOOP\nSITE1 hears 640 NOOP\nSITE1 says 641 200 OK\nSITE3 sees 200 OK"
    ));
    let told = printed(&outcome);
    let end = ["THE SERVER SAYS: 200 BY THE WAY", "451 DENIED (X)", "200 OK"];
    assert_eq!(told[told.len() - 3..], end, "{told:?}");
    assert_eq!(beside(&outcome, "200 BY THE WAY"), ["answers nothing that was asked"]);
    assert_eq!(beside(&outcome, "200 OK"), [""]);
}

#[test]
fn one_line_100_answers_stat_and_the_dialogue_goes_on() {
    let outcome = run(
        "SITE3 types QUOTE STAT\nSITE1 hears 640 STAT\nSITE1 says 641 100 ALL DRUMS TURN\nwithin 40s SITE3 sees ALL DRUMS TURN\n\
         SITE3 types QUOTE NOOP\nSITE1 hears 640 NOOP\nSITE1 says 641 200 AYE\nSITE3 sees 200 AYE",
    );
    assert_eq!(printed(&outcome).len(), 3, "nothing is complained of: {:?}", printed(&outcome));
}

#[test]
fn mail_can_be_typed() {
    let outcome = run(&format!(
        "{LOGIN}\nSITE3 types QUOTE MAIL JONES\nSITE1 hears 640 MAIL JONES\nSITE1 says 641 350 GO ON\nSITE3 sees 350 GO ON\n\
         SITE3 types QUOTE HELLO\nSITE1 hears 640 HELLO\nSITE3 types QUOTE .\nSITE1 hears 640 .\nSITE1 says 641 256 IT IS SENT\n\
         SITE3 sees 256 IT IS SENT\nSITE3 types QUOTE NOOP\nSITE1 hears 640 NOOP\nSITE1 says 641 200 OK\nSITE3 sees 200 OK"
    ));
    assert_eq!(beside(&outcome, "256"), [""], "it is the last word of MAIL");
}

#[test]
fn an_operators_news_is_printed_when_it_comes_and_so_is_why_the_server_closes() {
    let outcome = run(&format!(
        "{LOGIN}\n+10s SITE1 says 641 010 THE DISK IS FULL\nwithin 2s SITE3 sees THE DISK IS FULL\n\
         SITE1 says 641 436 SHUTTING DOWN IN A MINUTE\nwithin 2s SITE3 sees SHUTTING DOWN\n\
         SITE3 types DELETE X\nSITE1 hears 640 DELE X\nSITE1 says 641 254 GONE\nSITE3 sees 254 GONE\n\
         SITE3 types QUOTE NOOP\nSITE1 hears 640 NOOP\nSITE1 says 641 436 STOPS FOR THE NIGHT\nSITE1 closes 641\nSITE1 closes 640\n\
         within 20s SITE3 sees NOT CONNECTED"
    ));
    let told = printed(&outcome);
    let end = [
        "THE SERVER SAYS: 436 STOPS FOR THE NIGHT",
        "the connection is closed: 436 STOPS FOR THE NIGHT",
        "NOT CONNECTED ANY MORE",
    ];
    assert_eq!(told[told.len() - 3..], end, "{told:?}");
}

#[test]
fn the_last_word_of_a_transfer_that_was_quoted_is_printed_when_it_comes() {
    let outcome = run(&format!(
        "{LOGIN}\nSITE3 types QUOTE RETR A\nSITE1 hears 640 RETR A\nSITE1 says 641 255 SOCK 9\nSITE1 says 641 250 IT BEGINS\n\
         SITE3 sees 250 IT BEGINS\n+20s SITE1 says 641 252 THAT WAS ALL\nwithin 2s SITE3 sees 252 THAT WAS ALL"
    ));
    assert_eq!(beside(&outcome, "252"), [""], "it was asked for");
}

#[test]
fn who_is_asked_for_an_account_by_quote_or_by_login_goes_on_with_it() {
    let outcome = run(
        "SITE3 types LOGIN SMITH BLUE\nSITE1 hears 640 USER SMITH\nSITE1 says 641 330 PW\nSITE1 hears 640 PASS BLUE\n\
         SITE1 says 641 331 ACCOUNT PLEASE\nSITE3 types 5\nSITE1 hears 640 ACCT 5\nSITE1 says 641 230 IN\nSITE3 sees 230 IN\n\
         SITE3 types SEND L.TXT X\nSITE1 hears 640 STOR X\nSITE1 says 641 450 NO\nSITE3 sees 450 NO",
    );
    assert!(printed(&outcome).contains(&"331 ACCOUNT PLEASE".to_owned()));
}
