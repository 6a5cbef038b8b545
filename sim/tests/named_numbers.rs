//! Numbers that steps name: what messages and teletypes say serves in later steps, whatever the seed.

use scenario::library::BuiltIn;
use sim::{Failure, Failures, Options, Prepared, Sim, replay};

const HOSTS: &str = "title T\nnet three-imps\nhost SITE1\nhost SITE2 serves ftp account JONES password GREEN\n\
                     host SITE3 runs ftp\nhost INTRUDER\n";

/// What comes of these steps. SITE3 talks to SITE2's server.
fn run(steps: &str) -> Result<(), Failures> {
    let scenario = scenario::parse("a.scenario", &format!("{HOSTS}{steps}\n"), &BuiltIn);
    replay(&scenario.unwrap_or_else(|errors| panic!("{errors:?}")), Options::DIGEST).verdict
}

/// Once the socket that SITE2 has set aside is called `x`.
fn set_aside(steps: &str) -> Result<(), Failures> {
    run(&format!(
        "SITE3 types CONNECT SITE2\nSITE3 types LOGIN JONES GREEN\nSITE3 types QUOTE LSTN R\n\
         SITE3 sees 255 SOCK {{x}}\n{steps}"
    ))
}

#[track_caller]
fn wrong(verdict: Result<(), Failures>) -> Failure {
    verdict.expect_err("this must not hold").first().clone()
}

#[test]
fn a_scenario_that_names_its_sockets_holds_for_every_seed() {
    let steps = "SITE3 types CONNECT SITE2\nSITE3 types LOGIN JONES GREEN\nSITE3 types QUOTE LSTN R\n\
                 wait for SITE2 -> SITE3 255 SOCK {x}\nSITE3 sees 255 SOCK {x}\nINTRUDER inits 9 to SITE2 {x}\n\
                 +1s SITE3 types QUOTE SOCK 1,{x+1}\nSITE3 sees 255 SOCK {x}\nexpect SITE3 saw 255 SOCK {x}\n\
                 expect SITE3 -> SITE2 SOCK 1,{x+1}\nexpect SITE2 -> SITE3 255 SOCK {x}\n\
                 expect no SITE2 -> SITE3 255 SOCK {x+1}\nexpect SITE3 -> SITE2 RTS {u} from 3\n\
                 expect SITE3 -> SITE2 STR {u+3} to {s}\nexpect SITE3 -> SITE2 RTS {u+2} from {s+1}\n";
    let prepared = Prepared::parse(&format!("{HOSTS}{steps}")).expect("it is sound");
    for seed in 0..20 {
        let verdict = prepared.replay_with(seed, Options::DIGEST).verdict;
        assert_eq!(verdict, Ok(()), "with seed {seed}");
    }
}

#[test]
fn a_failure_tells_what_the_names_stand_for() {
    let failure = wrong(set_aside("expect SITE2 -> SITE3 SOCK {x+1}"));
    let tells = |failure: &Failure| failure.notes.iter().any(|note| note.about == "here {x} is 57144");
    assert!(tells(&failure), "{failure:?}");
    let failure = wrong(set_aside("within 1s SITE3 sees SOCK {y} TO {y+1}"));
    assert_eq!(failure.found, "SITE3 has not printed \"SOCK {y} TO {y+1}\"");
    assert!(tells(&failure), "{failure:?}");
}

#[test]
fn a_number_that_does_not_fit_says_what_it_was() {
    let found = |steps: &str| wrong(set_aside(steps)).found;
    assert_eq!(
        found("INTRUDER inits {x+1} to SITE2 {x-1}"),
        "INTRUDER cannot open socket 57145: both sockets have the same gender",
        "57145 and 57143 both send"
    );
    assert_eq!(
        found("INTRUDER sends {x} HELLO"),
        "socket {x}, 57144, is a receive socket, and a send socket belongs here"
    );
    assert_eq!(found("INTRUDER says {x} HELLO"), found("INTRUDER sends {x} HELLO"));
    assert_eq!(
        found("INTRUDER calls SITE2 at {x}, from 400"),
        "socket {x}, 57144, is a receive socket, and a send socket belongs here"
    );
    assert_eq!(
        found("INTRUDER answers a call at 3, and goes on at {x+1}"),
        "socket {x+1}, 57145, is a send socket, and a receive socket belongs here"
    );
    assert_eq!(found("INTRUDER listens {x} size {x}"), "{x} is 57144: a byte size cannot be 57144");
    assert_eq!(
        found("INTRUDER echoes SITE1 {x-56888}"),
        "{x-56888} is 256: what is to be sent back cannot be 256"
    );
    assert_eq!(found("INTRUDER injects to SITE1 link {x}"), "{x} is 57144: a link cannot be 57144");
    assert_eq!(found("INTRUDER closes {x-57145}"), "{x-57145} is below zero: {x} is 57144");
    assert_eq!(found("SITE3 types {x-57145}"), "{x-57145} is below zero: {x} is 57144");
    assert_eq!(found("INTRUDER listens {x+4294967295}"), {
        "{x+4294967295} is 4295024439: the number of a socket cannot be 4295024439"
    });
}

#[test]
fn bytes_and_other_numbers_may_be_named() {
    let verdict = set_aside(
        "SITE1 listens {x} size {x-57108}\nINTRUDER inits {x+1} to SITE1 {x} size 36\nINTRUDER sends {x+1} bytes {x} 1\n\
         SITE1 receives {x} bytes 57144 1\nINTRUDER sends {x+1} {x-57140} random bytes\nSITE1 receives {x} any {x-57140} bytes\n\
         INTRUDER echoes SITE1 {x-57100}\nINTRUDER sees ECHO 44\nSITE1 takes back {x} {x-57080}/128\n\
         INTRUDER interrupts {x+1}\nINTRUDER closes {x+1}\nSITE1 sees SOCKET {x}: closed\nexpect SITE1 socket {x} closed",
    );
    assert_eq!(verdict, Ok(()));
}

#[test]
fn names_last_from_one_text_of_a_simulation_to_the_next() -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE1")?;
    sim.host("SITE2")?;
    sim.play("SITE2 listens 400\nSITE1 inits 301 to SITE2 400\nSITE2 sees SOCKET {s}: OPEN")?;
    sim.play("SITE1 sends 301 TO {s}\nSITE2 receives {s} TO 400")?;
    let unknown = sim.play("SITE2 closes {t}").expect_err("nothing is called t");
    assert!(format!("{unknown:?}").contains("no number has been named `t`"), "{unknown:?}");
    sim.play("SITE2 closes {s}")?;
    sim.finish()?;
    Ok(())
}

#[test]
fn what_a_program_types_for_a_simulation_has_braces_that_are_braces() -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE1")?.runs("reader", |host| async move {
        let line = host.teletype().read(">").await;
        host.teletype().print(&line);
    });
    sim.types("SITE1", "{x} {")?;
    sim.play("SITE1 sees {123}x} {123}")?;
    sim.finish()?;
    Ok(())
}

#[test]
fn a_wait_right_behind_a_step_that_acts_sees_what_that_step_sends_at_once() {
    let named = |steps: &str| {
        let failure = wrong(run(&format!("{steps}\nexpect SITE3 saw NOTHING OF THE KIND")));
        let legend = failure.notes.iter().find(|note| note.about.starts_with("here "));
        legend.map_or_else(|| failure.found.clone(), |note| note.about.clone())
    };
    let connect = "SITE3 types CONNECT SITE2\n";
    let first = named(&format!("{connect}expect SITE3 -> SITE2 RTS {{x}} from 3"));
    assert_eq!(
        named(&format!("{connect}wait for SITE3 -> SITE2 RTS {{x}}")),
        first,
        "the request for the contact socket leaves in the moment in which the line is typed"
    );
    assert_eq!(
        named(&format!("at 2s {connect}wait for SITE3 -> SITE2 RTS {{x}}")).split(' ').nth(1),
        Some("{x}"),
        "also if the step that acts has a time of its own"
    );
    assert_ne!(
        named(&format!("{connect}wait for SITE3 -> SITE2 RTS {{u}}\nwait for SITE3 -> SITE2 RTS {{x}}")),
        first.replace("{x}", "{u}"),
        "what one wait has found the next does not find again"
    );
    assert_ne!(
        named(&format!("{connect}+0s wait for SITE3 -> SITE2 RTS {{x}}")),
        first,
        "a wait with a time of its own begins anew"
    );
    assert_ne!(
        named(&format!("{connect}SITE3 sees CONNECTED\nwithin 1s wait for SITE3 -> SITE2 RTS {{x}}")),
        first,
        "and so does one behind a step that waited"
    );
}

#[test]
fn what_is_sent_over_an_open_connection_is_news_to_a_wait_right_behind() {
    let open = "SITE1 listens 400\nINTRUDER inits 301 to SITE1 400\nINTRUDER sees OPEN\n";
    for (step, sent) in [
        ("INTRUDER sends 301 HELLO", "HELLO"),
        ("INTRUDER interrupts 301", "INS"),
        ("INTRUDER closes 301", "CLS 301 400"),
        ("INTRUDER echoes SITE1 7", "ECO 7"),
    ] {
        let steps = format!("{open}+1s {step}\nwithin 1s wait for INTRUDER -> SITE1 {sent}");
        assert_eq!(run(&steps), Ok(()), "{step}");
    }
    let waits = "SITE1 listens 400\nINTRUDER inits 301 to SITE1 400\nINTRUDER sends 301 HELLO\n\
                 within 1s wait for INTRUDER -> SITE1 HELLO";
    assert_eq!(run(waits), Ok(()), "also if the step waited until the connection was open");
}
