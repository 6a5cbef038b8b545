//! Steps that drive the sockets of a host: what its teletype tells, and what a scenario is told that is wrong.

use sim::{Failure, Options, Outcome, replay};
use trace::{Keep, Lens, View};

const NET: &str = include_str!("../../scenarios/nets/three-imps.net");

const OPTIONS: Options = Options { keep: Keep::Records, watch: imp::Watch::Nothing };

/// Replays these steps at SITE1 and SITE2, which has room for two messages of 80 bits.
fn run(steps: &str) -> Outcome {
    let text = format!(
        "title T\nnet three-imps\nlimit 20min\nhost SITE1\nhost SITE2 allocates 2 messages 80 bits\n{steps}\n"
    );
    let nets = |name: &str| (name == "three-imps").then(|| NET.to_owned());
    let scenario = scenario::parse("test.scenario", &text, &nets);
    replay(&scenario.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100))), OPTIONS)
}

/// The same, once 301 of SITE1 is open to 400 of SITE2.
fn connected(size: u8, steps: &str) -> Outcome {
    run(&format!("SITE2 listens 400\nSITE1 inits 301 to SITE2 400 size {size}\n{steps}"))
}

#[track_caller]
fn holds(outcome: &Outcome) {
    if let Err(failure) = &outcome.verdict {
        panic!("{failure:?}");
    }
}

/// What went wrong first.
#[track_caller]
fn wrong(outcome: &Outcome) -> &str {
    &failure(outcome).found
}

#[track_caller]
fn failure(outcome: &Outcome) -> &Failure {
    outcome.verdict.as_ref().expect_err("this must not hold").first()
}

/// What the teletypes printed, without times.
fn printed(outcome: &Outcome) -> Vec<String> {
    let view = View::new(&outcome.names, &[Lens::Teletype]);
    let lines = view.lines(&outcome.records).into_iter();
    lines.map(|line| format!("{} {}", line.who.replace(" sees", ""), line.what)).collect()
}

#[test]
fn a_socket_tells_when_it_opens_and_why_it_is_over() {
    let outcome = connected(8, "SITE1 sends 301 HELLO\nSITE2 receives 400 HELLO\nSITE1 closes 301");
    holds(&outcome);
    let expected = [
        "SITE2 SOCKET 400: OPEN TO SITE1 SOCKET 301 SIZE 8",
        "SITE1 SOCKET 301: OPEN TO SITE2 SOCKET 400 SIZE 8",
        "SITE2 SOCKET 400: closed",
        "SITE1 SOCKET 301: closed",
    ];
    assert_eq!(printed(&outcome), expected);
}

#[test]
fn what_arrives_instead_of_what_is_expected_is_told() {
    let instead = |outcome: &Outcome| failure(outcome).label.clone();
    let outcome = connected(8, "SITE1 sends 301 HELP!\nSITE2 receives 400 HELLO");
    assert_eq!(wrong(&outcome), "SITE2 has not received \"HELLO\" at socket 400");
    assert_eq!(instead(&outcome), "\"HELP!\" has arrived");
    let outcome = connected(8, "SITE1 sends 301 HELLO{1}{200}{0x9f}\nSITE2 receives 400 HEL{CR}");
    assert_eq!(wrong(&outcome), "SITE2 has not received \"HEL{13}\" at socket 400");
    let whole = "\"HELLO{1}È{159}\" has arrived";
    assert_eq!(instead(&outcome), whole, "all of it, also behind what was waited for, as one would write it");
    let outcome = connected(36, "SITE1 sends 301 bytes 1 2 3\nSITE2 receives 400 bytes 1 4");
    assert_eq!(wrong(&outcome), "SITE2 has not received bytes 1 4 at socket 400");
    assert_eq!(instead(&outcome), "bytes 1 2 has arrived");
    let long = format!("SITE2 sends 301 {}\nSITE1 receives 400 B", "A".repeat(130));
    let outcome = run(&format!("SITE1 listens 400\nSITE2 inits 301 to SITE1 400\n{long}"));
    assert_eq!(
        instead(&outcome),
        format!("\"{}…\" has arrived", "A".repeat(120)),
        "what is cut is seen to be"
    );
    let outcome = connected(8, "SITE1 sends 301 HEL\nSITE1 closes 301\n+1s SITE2 receives 400 HELLO");
    assert_eq!(instead(&outcome), "only \"HEL\" has arrived, and the connection is over: closed");
    // SITE1 has not heard yet that it may send: it withdraws its request.
    let outcome = connected(8, "SITE1 aborts 301\n+1s SITE2 receives 400 HELLO");
    assert_eq!(instead(&outcome), "nothing has arrived, and the connection is over: refused");
}

#[test]
fn a_step_that_waits_in_vain_says_for_what_and_how_far_it_has_come() {
    let outcome = connected(8, "SITE1 sends 301 HEL\nwithin 5s SITE2 receives 400 HELLO");
    assert_eq!(wrong(&outcome), "SITE2 has not received \"HELLO\" at socket 400");
    assert_eq!(failure(&outcome).label, "nothing more will happen");
    let notes: Vec<&str> = failure(&outcome).notes.iter().map(|note| note.about.as_str()).collect();
    assert_eq!(notes[0], "3 of 5 bytes have arrived");
    assert!(notes.iter().any(|note| note.starts_with("SITE2 runs ")), "{notes:?}");
    let outcome = run("SITE1 listens 400\nSITE1 receives 400 HELLO");
    assert_eq!(wrong(&outcome), "socket 400 of SITE1 has not opened");
}

#[test]
fn text_is_received_in_pieces_as_large_or_small_as_one_likes() {
    let steps = "SITE1 sends 301 ONE\n+1s SITE1 sends 301 TWO\nSITE2 receives 400 O\nSITE2 receives 400 NETW\n\
                 SITE1 closes 301\nSITE2 sees closed\nSITE2 receives 400 O\nexpect SITE2 has no connections";
    holds(&connected(8, steps));
}

#[test]
fn what_nobody_receives_keeps_the_sender_waiting() {
    let steps = "SITE1 sends 301 TEN BYTES!\n+1s SITE1 sends 301 MORE";
    let outcome = connected(8, &format!("{steps}\nSITE1 closes 301\nexpect SITE1 socket 301 flushing"));
    holds(&outcome);
    let outcome =
        connected(8, &format!("{steps}\nSITE1 closes 301\n+1s SITE1 aborts 301\nSITE2 sees closed"));
    holds(&outcome);
    let expected = ["SITE1 SOCKET 301: ABORTED", "SITE2 SOCKET 400: INTERRUPTED", "SITE2 SOCKET 400: closed"];
    assert_eq!(printed(&outcome)[2..], expected, "a sender who breaks off says so first");
}

#[test]
fn bytes_of_any_size_arrive_as_they_were_sent() {
    holds(&connected(1, "SITE1 sends 301 bytes 1 0 1\nSITE2 receives 400 bytes 1 0 1"));
    holds(&connected(36, "SITE1 sends 301 bytes 0o777777777777 0\nSITE2 receives 400 bytes 68719476735 0"));
    holds(&connected(
        70,
        "SITE1 sends 301 bytes 0xffffffffffffffff\nSITE2 receives 400 bytes 0xffffffffffffffff",
    ));
    let outcome = connected(36, "SITE1 sends 301 bytes 0o1000000000000");
    assert_eq!(wrong(&outcome), "68719476736 does not fit in a byte of 36 bits");
    assert_eq!(failure(&outcome).label, "this cannot be done");
    assert!(failure(&outcome).help.as_deref().is_some_and(|help| help.starts_with("`size N`")));
    let outcome = connected(36, "SITE1 sends 301 HELLO");
    assert_eq!(wrong(&outcome), "text has bytes of 8 bits, this connection bytes of 36");
    assert_eq!(failure(&outcome).help.as_deref(), Some("say `bytes`, and numbers"));
}

#[test]
fn orders_go_to_sockets_that_are_there() {
    assert_eq!(wrong(&run("SITE1 sends 301 HELLO")), "no step has opened socket 301 of SITE1");
    assert_eq!(wrong(&run("SITE1 aborts 301")), "no step has opened socket 301 of SITE1");
    let closed = connected(8, "SITE1 sees OPEN\nSITE1 closes 301\nSITE1 sees closed\nSITE1 sends 301 HELLO");
    assert_eq!(wrong(&closed), "socket 301 of SITE1 has been closed by a step");
    let refused = run("SITE1 inits 301 to SITE2 400 size 8\nSITE2 listens 400 size 32\nSITE1 sends 301 X");
    assert_eq!(wrong(&refused), "socket 301 of SITE1 is not connected: refused");
    let crashed = connected(8, "SITE1 interrupts 301\nSITE1 crashes\nSITE1 restarts\nSITE1 sends 301 X");
    assert_eq!(wrong(&crashed), "no step has opened socket 301 of SITE1", "it went with the crash");
    let down = connected(8, "SITE1 crashes\nSITE1 echoes SITE2 1");
    assert_eq!(wrong(&down), "SITE1 is down");
    let twice = connected(8, "SITE1 interrupts 301\nSITE1 inits 301 to SITE2 402");
    assert_eq!(wrong(&twice), "SITE1 cannot open socket 301: the local socket is in use");
}

#[test]
fn a_socket_can_be_closed_before_it_is_open_and_used_again() {
    let outcome = run("SITE1 listens 400\nSITE1 closes 400\nSITE1 closes 400\nSITE1 listens 400 for SITE2\n\
                       SITE2 inits 301 to SITE1 400\nSITE1 sees OPEN");
    holds(&outcome);
    assert_eq!(printed(&outcome)[0], "SITE1 SOCKET 400: WITHDRAWN");
}

#[test]
fn netstat_lists_connections_requests_and_nothing() {
    let outcome = connected(
        8,
        "SITE1 sends 301 HI\n+1s SITE1 inits 303 to SITE2 402\n+1s SITE2 netstat\nSITE2 netstat\n\
         SITE1 closes 301\nSITE1 closes 303\n+1s SITE1 netstat",
    );
    holds(&outcome);
    let printed = printed(&outcome);
    let expected = [
        "SITE2      LOCAL  FOREIGN HOST     SOCKET  STATE     BYTE LINK  MSGS       BITS   HELD",
        "SITE2        400  SITE1               301  open         8    2     1         64     16",
        "SITE2        402  SITE1               303  queued       8    -     -          -      -",
    ];
    assert_eq!(printed[2..5], expected);
    assert_eq!(printed.last().map(String::as_str), Some("SITE1 NO CONNECTIONS"));
}

#[test]
fn what_is_expected_of_a_socket_is_compared() {
    let outcome = connected(8, "expect SITE1 socket 301 listening");
    assert_eq!(wrong(&outcome), "socket 301 of SITE1 is not listening");
    assert_eq!(failure(&outcome).label, "it is open");
    let outcome = run("SITE1 listens 400\nexpect SITE1 socket 402 open");
    assert_eq!(wrong(&outcome), "socket 402 of SITE1 is not open");
    assert_eq!(failure(&outcome).label, "there is no connection at this socket");
}
