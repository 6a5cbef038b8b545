//! Servers and users worked by hand: the initial connection protocol in one statement, lines of Telnet, and what goes
//! wrong with them.

use sim::{Options, Outcome, replay};
use trace::{Keep, Lens, View};

const NET: &str = include_str!("../../scenarios/nets/three-imps.net");

const OPTIONS: Options = Options { keep: Keep::Records, watch: imp::Watch::Nothing };

/// Replays these steps. SITE1 and SITE3 do everything by hand, SITE2 serves FTP.
fn run_with(heading: &str, steps: &str) -> Outcome {
    let text = format!(
        "title T\nnet three-imps\n{heading}\nhost SITE1\nhost SITE2 serves ftp account SMITH password BLUE\nhost SITE3\n\
         host INTRUDER runs ftp\n{steps}\n"
    );
    let nets = |name: &str| (name == "three-imps").then(|| NET.to_owned());
    let scenario = scenario::parse("test.scenario", &text, &nets);
    replay(&scenario.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100))), OPTIONS)
}

fn run(steps: &str) -> Outcome {
    run_with("limit 30min", steps)
}

/// Once SITE3 has called SITE1.
fn called(steps: &str) -> Outcome {
    run(&format!("SITE1 answers a call at 3, and goes on at 640\nSITE3 calls SITE1 at 3, from 400\n{steps}"))
}

#[track_caller]
fn holds(outcome: &Outcome) {
    if let Err(failure) = &outcome.verdict {
        panic!("{failure:?}\n{}", printed(outcome).join("\n"));
    }
}

/// What went wrong.
#[track_caller]
fn wrong(outcome: &Outcome) -> &str {
    &outcome.verdict.as_ref().expect_err("this must not hold").first().found
}

/// What was found instead, or why it was not waited for any longer.
#[track_caller]
fn label(outcome: &Outcome) -> &str {
    &outcome.verdict.as_ref().expect_err("this must not hold").first().label
}

/// What to do about it.
#[track_caller]
fn help(outcome: &Outcome) -> &str {
    outcome.verdict.as_ref().expect_err("this must not hold").first().help.as_deref().unwrap_or_default()
}

/// The first note on what went wrong.
#[track_caller]
fn first_note(outcome: &Outcome) -> &str {
    let failures = outcome.verdict.as_ref().expect_err("this must not hold");
    failures.first().notes.first().map_or("", |note| note.about.as_str())
}

/// What the teletypes printed, without times.
fn printed(outcome: &Outcome) -> Vec<String> {
    let view = View::new(&outcome.names, &[Lens::Teletype]);
    let lines = view.lines(&outcome.records).into_iter();
    lines.map(|line| format!("{} {}", line.who.replace(" sees", ""), line.what)).collect()
}

#[test]
fn a_server_and_a_user_by_hand_meet_as_programs_do() {
    let outcome = called(
        "SITE1 says 641 300 HAND AT WORK\nSITE3 hears 402 300\nSITE3 says 403 USER SMITH\n\
         SITE1 hears 640 USER SMITH\nexpect SITE1 socket 640 open\nexpect SITE3 socket 402 open\n\
         expect SITE1 -> SITE3 socket number 640\nexpect SITE3 -> SITE1 USER SMITH\n\
         SITE1 closes 640\nSITE1 closes 641\nexpect SITE1 has no connections\nexpect SITE3 has no connections",
    );
    holds(&outcome);
    let contact = [
        "SITE1 SOCKET 3: OPEN TO SITE3 SOCKET 400 SIZE 32",
        "SITE3 SOCKET 400: OPEN TO SITE1 SOCKET 3 SIZE 32",
        "SITE3 SOCKET 400: SITE1 GOES ON AT SOCKET 640",
    ];
    assert_eq!(printed(&outcome)[..3], contact);
    for line in ["SITE1 SOCKET 3: closed", "SITE1 SOCKET 640: OPEN TO SITE3 SOCKET 403 SIZE 8"] {
        assert!(printed(&outcome).iter().any(|printed| printed == line), "{:#?}", printed(&outcome));
    }
}

#[test]
fn a_user_by_hand_talks_to_a_real_server_and_a_program_to_a_server_by_hand() {
    holds(&run("SITE3 calls SITE2 at 3, from 400\nSITE3 hears 402 300\nSITE3 says 403 USER SMITH\n\
                SITE3 hears 402 330\nSITE3 says 403 PASS BLUE\nSITE3 hears 402 230\nSITE3 says 403 BYE\n\
                SITE3 hears 402 231"));
    holds(&run("SITE1 answers a call at 3, and goes on at 640\nINTRUDER types CONNECT SITE1\n\
                SITE1 says 641 300 WHO IS THERE?\nINTRUDER types QUOTE HELP\nSITE1 hears 640 HELP\n\
                SITE1 says 641 200 NOBODY HELPS\nINTRUDER sees 200 NOBODY HELPS"));
}

#[test]
fn a_call_comes_before_it_is_answered_and_waits_in_the_queue() {
    holds(&run("SITE3 calls SITE1 at 3, from 400\n+5s SITE1 answers a call at 3, and goes on at 640\n\
                SITE1 says 641 AT LAST\nSITE3 hears 402 AT LAST"));
}

#[test]
fn numbers_by_name_serve_as_sockets_of_a_call() {
    holds(&run("SITE1 listens 501\nSITE3 inits 500 to SITE1 501\nwait for SITE1 -> SITE3 STR {a}\n\
                SITE1 answers a call at {a+2}, and goes on at {a+3}\nSITE3 calls SITE1 at {a+2}, from {a+9}\n\
                SITE1 says {a+4} {a} AND {a+1}\nSITE3 hears {a+11} {a} AND 502\nexpect SITE1 socket {a+3} open"));
}

#[test]
fn a_caller_that_never_comes_is_waited_for_in_vain() {
    let outcome = run("SITE1 answers a call at 3, and goes on at 640\nwithin 1min SITE1 says 641 HELLO");
    assert!(wrong(&outcome).ends_with("socket 641 of SITE1 has not opened"), "{}", wrong(&outcome));
    let outcome = run("SITE1 answers a call at 3, and goes on at 640\nSITE1 closes 3\nSITE1 says 641 HELLO");
    assert_eq!(wrong(&outcome), "socket 641 of SITE1 has been closed by a step");
    assert_eq!(printed(&outcome), ["SITE1 SOCKET 3: WITHDRAWN"]);
}

#[test]
fn one_statement_answers_one_call() {
    let twice = "+1s INTRUDER calls SITE1 at 3, from 400\n+1s SITE1 says 641 ONE\nSITE3 hears 402 ONE";
    let outcome =
        called(&format!("{twice}\nSITE1 netstat\nexpect SITE1 socket 640 open\n+3min INTRUDER netstat"));
    holds(&outcome);
    let refused = "INTRUDER SOCKET 400: refused";
    assert!(printed(&outcome).iter().any(|line| line == refused), "{:#?}", printed(&outcome));
    let outcome = called(
        "+1s SITE1 answers a call at 3, and goes on at 650\nINTRUDER calls SITE1 at 3, from 400\n\
         SITE1 says 651 TWO\nINTRUDER hears 402 TWO\nSITE1 says 641 ONE\nSITE3 hears 402 ONE",
    );
    holds(&outcome);
}

#[test]
fn sockets_that_are_in_use_answer_no_call() {
    let twice =
        run("SITE1 answers a call at 3, and goes on at 640\nSITE1 answers a call at 3, and goes on at 650");
    assert_eq!(wrong(&twice), "SITE1 cannot open socket 3: the local socket is in use");
    assert_eq!(help(&twice), "a step above has opened it; `SITE1 closes 3` puts an end to that");
    let served = run("SITE2 answers a call at 3, and goes on at 640");
    assert_eq!(wrong(&served), "SITE2 cannot open socket 3: the local socket is in use");
    assert_eq!(
        help(&served),
        "the FTP server of SITE2 listens there: leave out `serves ftp`, or take another socket"
    );
    let same =
        run("SITE1 answers a call at 3, and goes on at 640\nSITE1 answers a call at 5, and goes on at 640");
    assert_eq!(wrong(&same), "SITE1 cannot open socket 640: the local socket is in use");
    let listens = run("SITE1 listens 641\nSITE1 answers a call at 3, and goes on at 640");
    assert_eq!(wrong(&listens), "SITE1 cannot open socket 641: the local socket is in use");
    let meanwhile = run("SITE1 answers a call at 3, and goes on at 640\nSITE1 inits 640 to SITE2 5");
    assert_eq!(wrong(&meanwhile), "SITE1 cannot open socket 640: the local socket is in use");
}

#[test]
fn a_partner_with_another_byte_size_is_not_connected() {
    let steps = "SITE1 answers a call at 3, and goes on at 640\nSITE3 inits 400 to SITE1 3\n\
                 SITE3 receives 400 bytes 640\nSITE3 inits 403 to SITE1 640 size 36\nSITE3 inits 402 to SITE1 641\n\
                 SITE3 sees SOCKET 403: refused\nSITE1 says 641 STILL HERE\nSITE3 hears 402 STILL HERE";
    holds(&run(steps));
    let outcome = run(&format!("{steps}\nSITE1 hears 640 X"));
    assert_eq!(wrong(&outcome), "socket 640 of SITE1 is not connected: refused");
    let small =
        run("SITE1 listens 3 size 8\nSITE3 calls SITE1 at 3, from 400\nSITE1 sends 3 AB\nSITE1 closes 3\n\
                     SITE3 hears 402 X");
    assert_eq!(
        wrong(&small),
        "socket 402 of SITE3 is not connected: a socket number has 32 bits, but only 16 arrived"
    );
    let odd = run(
        "SITE1 listens 3 size 32\nSITE3 calls SITE1 at 3, from 400\nSITE1 sends 3 bytes 641\nSITE3 says 403 X",
    );
    assert_eq!(wrong(&odd), "socket 403 of SITE3 is not connected: the server's socket 641 is a send socket");
}

#[test]
fn a_crash_puts_an_end_to_what_was_begun() {
    let outcome = run("SITE1 answers a call at 3, and goes on at 640\nSITE1 crashes\nSITE1 restarts\n\
                       +30s SITE3 calls SITE1 at 3, from 400\nSITE1 says 641 X");
    assert_eq!(wrong(&outcome), "no step has opened socket 641 of SITE1");
    let outcome =
        called("SITE3 sees GOES ON\nSITE3 crashes\nSITE1 says 641 X\nSITE1 sees SOCKET 641: host dead");
    assert_eq!(wrong(&outcome), "socket 641 of SITE1 is not connected: host dead");
    let outcome = run("SITE1 crashes\nSITE1 answers a call at 3, and goes on at 640");
    assert_eq!(wrong(&outcome), "SITE1 is down");
}

#[test]
fn what_is_heard_in_vain_is_told() {
    let outcome = called(
        "SITE3 says 403 USER SMITH\nSITE3 says 403 PASS BLUE\nSITE3 says 403\nSITE3 says 403 QUIT\n\
         within 5s SITE1 hears 640 NOOP",
    );
    assert_eq!(wrong(&outcome), "SITE1 has not heard \"NOOP\" at socket 640");
    assert_eq!(first_note(&outcome), "the last lines heard there are \"PASS BLUE\", \"\", \"QUIT\"");
    let outcome = called("within 5s SITE1 hears 640 NOOP");
    assert_eq!(first_note(&outcome), "no line has arrived");
    let outcome =
        called("SITE3 says 403 USER SMITH\nSITE3 sends 403 PASS\nSITE3 closes 403\nSITE1 hears 640 NOOP");
    assert_eq!(wrong(&outcome), "SITE1 has not heard \"NOOP\" at socket 640");
    assert_eq!(label(&outcome), "the connection is over: closed in the middle of the line \"PASS\"");
    assert_eq!(first_note(&outcome), "the last line heard there is \"USER SMITH\"");
}

#[test]
fn lines_are_told_from_telnet_controls_and_from_what_follows_them() {
    holds(&called(
        "SITE3 sends 403 NO{CR}{LF}US{129}ER SMITH{255}{253}{3}{CR}{LF}REST\nSITE1 hears 640 USER SMITH\n\
         SITE1 receives 640 REST\nSITE3 sends 403 {BEL}{0}{ESC}{0x1b}{200}\nSITE1 receives 640 bytes 7 0 27 27 200\n\
         SITE3 says 403 A{CR}B {123}C}\nSITE1 hears 640 A{CR}B {123}C}",
    ));
}

#[test]
fn what_is_heard_can_be_named() {
    holds(&called(
        "SITE3 says 403 SOCK {0x31}5276,400\nSITE1 hears 640 SOCK {u},{v}\nSITE1 says 641 {v} {u} {u+4}\n\
         SITE3 hears 402 400 15276 15280",
    ));
}

#[test]
fn random_bytes_of_any_size_arrive_as_they_were_sent_and_depend_on_the_seed() {
    let steps = |size: u8| {
        format!(
            "SITE3 listens 400\nSITE1 inits 301 to SITE3 400 size {size}\nSITE1 sends 301 1 random bytes\n\
             SITE1 sends 301 300 random bytes\nSITE3 receives 400 any 2 bytes\n\
             SITE3 receives 400 what SITE1 sent from 301\nSITE1 sends 301 bytes 1\nSITE1 sends 301 7 random bytes\n\
             SITE3 receives 400 what SITE1 sent from 301\nSITE1 closes 301"
        )
    };
    for size in [1, 7, 8, 31, 32, 36, 64, 65, 255] {
        holds(&run(&steps(size)));
    }
    let data = |seed: u8| run_with(&format!("seed {seed}"), &steps(36)).digest;
    assert_eq!(data(1), data(1));
    assert_ne!(data(1), data(2), "another seed, other bytes");
    let mut sent: Vec<String> = Vec::new();
    for (host, socket) in [("SITE1", 301), ("SITE1", 303), ("SITE2", 301)] {
        let outcome = run(&format!(
            "SITE3 listens 400\n{host} inits {socket} to SITE3 400\n{host} sends {socket} 8 random bytes\n\
             SITE3 receives 400 bytes 0 0 0 0 0 0 0 0"
        ));
        sent.push(label(&outcome).to_owned());
    }
    sent.dedup();
    assert_eq!(sent.len(), 3, "each socket has a stream of its own: {sent:#?}");
}

#[test]
fn what_was_sent_and_what_arrives_are_compared() {
    let begin = "SITE3 listens 400\nSITE1 inits 301 to SITE3 400 size 36\nSITE2 listens 402\n\
                 SITE1 inits 303 to SITE2 402 size 36\nSITE1 sends 301 bytes 1 2 3\nSITE1 sends 303 bytes 1 2 4";
    let other = run(&format!("{begin}\nSITE3 receives 400 what SITE1 sent from 303"));
    assert_eq!(wrong(&other), "SITE3 has not received what SITE1 sent from 303 at socket 400");
    assert_eq!(label(&other), "byte 3 of what has arrived is 3, and 4 was sent");
    let twice = "SITE3 receives 400 what SITE1 sent from 301";
    let nothing = run(&format!("{begin}\n{twice}\n{twice}"));
    assert_eq!(wrong(&nothing), "SITE1 has sent nothing from 301 that SITE3 has not received");
    let never = run(&format!("{begin}\nSITE3 receives 400 what SITE1 sent from 305"));
    assert_eq!(wrong(&never), "no step has opened socket 305 of SITE1");
    assert_eq!(help(&never), "steps have opened 301 and 303 at SITE1");
    let more = run(&format!("{begin}\nSITE1 closes 301\nSITE3 receives 400 any 4 bytes"));
    assert_eq!(wrong(&more), "SITE3 has not received any 4 bytes at socket 400");
    assert_eq!(label(&more), "only 3 of them have arrived, and the connection is over: closed");
    let waits = run(&format!("{begin}\nwithin 5s SITE3 receives 400 any 4 bytes"));
    assert_eq!(wrong(&waits), "SITE3 has not received any 4 bytes at socket 400");
    assert_eq!(first_note(&waits), "3 of 4 bytes have arrived");
    let telnet = run(&format!("{begin}\nSITE3 hears 400 X"));
    assert_eq!(wrong(&telnet), "a line of Telnet has bytes of 8 bits, this connection bytes of 36");
    let telnet = run(&format!("{begin}\nSITE1 says 301 X"));
    assert_eq!(wrong(&telnet), "a line of Telnet has bytes of 8 bits, this connection bytes of 36");
}
