//! A simulation, a prepared scenario and an outcome, as an engineer uses and misuses them.

use std::cell::Cell;
use std::rc::Rc;

use sim::ftp::Edition;
use sim::host::{Handle, Note};
use sim::imp::Fault;
use sim::imp1822::{GoingDown, Reason};
use sim::machine::Bits;
use sim::ncp::{ForeignSocket, Partner, Policy, Socket};
use sim::scenario::{self, library};
use sim::{Instant, Options, Prepared, Sim, SimError, Span};

const SECOND: Span = Span::from_secs(1);
const MINUTE: Span = Span::from_secs(60);

const TEXT: &str = "title Get a file\nnet three-imps\nseed 7\n\
    host SITE1  serves ftp  account SMITH password BLUE\n  file <SMITH>NOTES.TXT\n    | FIRST LINE\n\
    host SITE3  runs ftp\n";

const STEPS: &str =
    "SITE3 types  CONNECT SITE1\nSITE3 types  LOGIN SMITH BLUE\nSITE3 types  GET NOTES.TXT COPY.TXT\n";

/// Hosts SITE1 and SITE2, at which nothing runs.
fn two_hosts() -> sim::Result<Sim> {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE1")?;
    sim.host("SITE2")?;
    Ok(sim)
}

/// What is said of a mistake.
fn message<T>(result: sim::Result<T>) -> String {
    result.err().map_or_else(|| panic!("it is a mistake"), |error| error.to_string())
}

/// A control message to SITE2 that no NCP sends: it allocates on a link on which there is no connection.
fn stray_allocation() -> Bits {
    Bits::from_bytes(&[0, 2, 0, 0, 0, 8, 0, 8, 0, 4, 9, 0, 1, 0, 0, 0, 8])
}

/// Prints each line that is typed.
async fn parrot(host: Handle) {
    loop {
        let line = host.teletype().read("SAY: ").await;
        host.teletype().print(&format!("YOU SAID {line}"));
    }
}

#[test]
fn a_net_that_is_unknown_or_not_sound_is_refused() {
    let unknown = message(Sim::on("four-imps"));
    assert!(unknown.starts_with("there is no net `four-imps`; there are: "), "{unknown}");
    assert!(unknown.contains("three-imps"), "{unknown}");
    let text = library::net("three-imps").expect("it is built in");
    let mut net = scenario::parse_net("three-imps", text).expect("it is right");
    net.imps.pop();
    let unsound = message(Sim::on_net(net));
    assert!(!unsound.is_empty() && unsound.contains('3'), "{unsound}");
}

#[test]
fn a_host_that_the_net_does_not_have_is_named_wherever_it_is_asked_for() -> sim::Result {
    let mut sim = two_hosts()?;
    let unknown = |text: String| assert!(text.contains("STIE1") && text.contains("SITE1"), "{text}");
    unknown(message(sim.host("STIE1").map(drop)));
    unknown(message(sim.address("STIE1")));
    unknown(message(sim.types("STIE1", "HELLO")));
    unknown(message(sim.crash("STIE1")));
    unknown(message(sim.act("STIE1", |_| ())));
    unknown(message(sim.play("STIE1 crashes")));
    unknown(message(sim.wait_until("it prints", MINUTE, |now| !now.printed("STIE1").is_empty())));
    assert_eq!(sim.now().time(), Instant::START, "not waited for");
    let now = sim.now();
    assert!(now.printed("STIE1").is_empty() && now.messages("STIE1", "SITE2").is_empty());
    assert!(now.file("STIE1", "A.B").is_none() && now.netstat("STIE1").is_empty());
    unknown(message(sim.finish()));
    Ok(())
}

#[test]
fn a_host_is_found_by_its_names_and_by_its_address() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("3")?.runs("parrot", parrot);
    sim.types("site3", "HELLO")?;
    for name in ["SITE3", "site3", "3", "0x3"] {
        assert_eq!(sim.now().printed(name), ["YOU SAID HELLO"], "{name}");
    }
    assert_eq!(sim.address("INTRUDER")?, sim.address("67")?);
    Ok(())
}

#[test]
fn a_host_that_is_not_declared_or_down_can_do_nothing() -> sim::Result {
    let mut sim = two_hosts()?;
    assert_eq!(message(sim.types("SITE3", "HELLO")), "host SITE3 is not declared");
    assert_eq!(message(sim.restart("SITE3")), "host SITE3 is not declared");
    assert_eq!(message(sim.restart("SITE1")), "host SITE1 is up already");
    sim.crash("SITE1")?;
    assert_eq!(message(sim.crash("SITE1")), "host SITE1 is down");
    assert_eq!(message(sim.types("SITE1", "HELLO")), "host SITE1 is down");
    assert_eq!(message(sim.act("SITE1", |_| ())), "host SITE1 is down");
    assert_eq!(message(sim.spawn("SITE1", "ghost", parrot)), "host SITE1 is down");
    sim.restart("SITE1")?;
    sim.spawn("SITE1", "parrot", parrot)?;
    sim.finish()?;
    Ok(())
}

#[test]
fn a_host_cannot_be_set_up_after_the_beginning() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("SITE1")?.runs("parrot", parrot);
    assert!(sim.now().printed("SITE1").is_empty(), "to look begins it, too");
    let late = message(sim.host("SITE3").map(drop));
    assert_eq!(late, "host SITE3 cannot be set up any more: the simulation has begun");
    sim.types("SITE1", "IT GOES ON")?;
    assert_eq!(sim.now().printed("SITE1"), ["YOU SAID IT GOES ON"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_path_name_that_is_none_is_shown_with_what_is_wrong() -> sim::Result {
    let mut sim = two_hosts()?;
    let wrong = message(sim.host("SITE1")?.file("<SMITH>A*B", "").map(drop));
    assert_eq!(wrong, "<SMITH>A*B: '*' cannot stand in a file name");
    let wrong = message(sim.host("SITE1")?.file("NOTES.TXT", "").map(drop));
    assert!(wrong.starts_with("NOTES.TXT: "), "{wrong}");
    sim.host("SITE1")?.file("<SMITH>RIGHT", "TEXT")?;
    assert!(sim.now().file("SITE1", "<SMITH>A*B").is_none(), "no file has such a name");
    assert_eq!(sim.now().file("SITE1", "<SMITH>RIGHT").as_deref(), Some(&b"TEXT".to_vec()));
    Ok(())
}

#[test]
fn steps_that_are_wrong_are_all_shown_with_their_lines_and_none_is_taken() -> sim::Result {
    let mut sim = two_hosts()?;
    let wrong = message(sim.play("SITE1 crashes\nSITE1 crushes\n+2parsec SITE2 crashes"));
    assert!(wrong.contains("steps:2") && wrong.contains("steps:3"), "{wrong}");
    assert!(sim.now().host("SITE1").is_some_and(|host| host.is_up()), "the first line was right");
    let no_program = message(sim.play("SITE1 types HELLO"));
    assert!(no_program.contains("runs no program"), "{no_program}");
    let missing = message(Prepared::parse("title No net\n").map(drop).map_err(SimError::from));
    assert!(missing.contains("net"), "{missing}");
    Ok(())
}

#[test]
fn a_step_that_does_not_hold_is_shown_with_what_was_found() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("SITE1")?.runs("parrot", parrot);
    sim.play("SITE1 types HELLO\nSITE1 sees YOU SAID HELLO")?;
    let failed = message(sim.play("within 1min SITE1 sees GOODBYE"));
    assert!(failed.contains("within 1min SITE1 sees GOODBYE"), "{failed}");
    assert!(
        failed.contains("what SITE1 printed last\n    0.000000  SAY:\n    0.000000  YOU SAID HELLO\n"),
        "{failed}"
    );
    assert!(failed.contains("SITE1 runs parrot"), "{failed}");
    sim.play("SITE1 types GOODBYE\nSITE1 sees GOODBYE")?;
    sim.finish()?;
    Ok(())
}

#[test]
fn a_wait_in_vain_lasts_as_long_as_it_says_and_tells_what_the_hosts_wait_for() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("SITE2")?.runs("listener", async |host| {
        let opening = host.listen(Socket::from(400), Partner::Anyone, None).expect("the socket is free");
        drop(opening.await);
    });
    let vain =
        message(sim.wait_until("SITE1 asks for 400", MINUTE, |now| !now.messages("1", "2").is_empty()));
    assert!(vain.starts_with("not after 1min: SITE1 asks for 400\n"), "{vain}");
    assert!(vain.contains("SITE2 runs listener\n"), "{vain}");
    assert!(vain.contains("SITE1 has printed nothing at all"), "{vain}");
    assert!(vain.contains("400") && vain.contains("listening"), "{vain}");
    assert_eq!(sim.now().time(), Instant::START + MINUTE);
    assert_eq!(
        message(sim.wait_for("a miracle", Span::ZERO, |_| None::<()>)).lines().next(),
        Some("not after 0us: a miracle")
    );
    sim.finish()?;
    Ok(())
}

#[test]
fn a_program_that_never_ends_does_not_keep_a_simulation_from_its_end() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("SITE1")?.runs("ticker", async |host| {
        loop {
            host.sleep(SECOND).await;
            host.echo(host.host_named("SITE2").expect("it is in the host table"), 42);
        }
    });
    sim.run_for(MINUTE);
    let outcome = sim.finish()?;
    assert!(outcome.end <= Instant::START + Span::from_secs(660), "ten minutes at most: {}", outcome.end);
    Ok(())
}

#[test]
fn steps_do_not_wait_for_ever_for_a_program_that_never_reads_its_next_line() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("SITE1")?.runs("ticker", async |host| {
        host.teletype().read("SAY: ").await;
        loop {
            host.sleep(SECOND).await;
        }
    });
    let vain = message(sim.play("SITE1 types HELLO\nSITE1 types AGAIN"));
    assert!(vain.contains("SITE1 types AGAIN") && vain.contains("has not asked for its next line"), "{vain}");
    assert!(vain.contains("the limit of 1440min, for the steps of one text"), "{vain}");
    let again = message(sim.play("SITE1 types AND AGAIN"));
    assert!(again.contains("has not asked for its next line"), "{again}");
    Ok(())
}

#[test]
fn what_comes_too_late_is_the_error_of_the_end() -> sim::Result {
    for (what, late) in [("the seed", 0), ("the options", 1), ("the monitor", 2)] {
        let mut sim = two_hosts()?;
        sim.run_for(MINUTE);
        let past = message(sim.play("at 10s SITE1 crashes"));
        assert!(past.contains("cannot begin"), "{past}");
        let sim = match late {
            0 => sim.with_seed(1),
            1 => sim.with_options(Options::DIGEST),
            _ => sim.without_monitor(),
        };
        assert_eq!(
            message(sim.finish()),
            format!("{what} cannot be set up any more: the simulation has begun")
        );
    }
    Ok(())
}

#[test]
#[should_panic(
    expected = "the program \"broken\" of host SITE1 panicked at 1.000000 s: the assertion of the program"
)]
fn a_program_that_panics_fails_the_test() {
    let mut sim = two_hosts().expect("it is right");
    sim.host("SITE1").expect("it is there").runs("broken", async |host| {
        host.sleep(SECOND).await;
        panic!("the assertion of the program");
    });
    sim.run_for(MINUTE);
}

#[test]
fn a_rule_that_a_program_breaks_is_the_error_of_the_end() -> sim::Result {
    let offends = |host: Handle| async move {
        host.sleep(SECOND).await;
        host.inject(stray_allocation());
    };
    let mut sim = two_hosts()?;
    sim.host("SITE1")?.runs("offender", offends);
    sim.run_for(SECOND);
    assert_eq!(sim.now().messages("SITE1", "SITE2"), ["ALL link 9 messages 1 bits 8"]);
    let vain = message(sim.wait_until("a miracle", SECOND, |_| false));
    assert!(vain.contains("before, in line ") && vain.contains("SITE1 -> SITE2 breaks a rule"), "{vain}");
    let failed = message(sim.play("expect SITE1 file <SMITH>A.B\n  | TEXT"));
    assert!(failed.contains("2 failures") && failed.contains("SITE1 -> SITE2 breaks a rule"), "{failed}");
    let broken = message(sim.finish());
    assert!(broken.contains("SITE1") && broken.contains("rule: "), "{broken}");
    assert!(broken.contains("misbehaves SITE1"), "how to allow it: {broken}");

    let mut sim = two_hosts()?;
    sim.host("SITE1")?.runs("offender", offends).misbehaves();
    sim.run_for(MINUTE);
    sim.finish()?;

    let mut sim = two_hosts()?.without_monitor();
    sim.host("SITE1")?.runs("offender", offends);
    sim.run_for(MINUTE);
    sim.finish()?;

    let mut sim = two_hosts()?;
    sim.host("SITE1")?.misbehaves();
    let lamb = message(sim.finish());
    assert!(lamb.contains("SITE1 has broken no rule"), "{lamb}");
    Ok(())
}

#[test]
fn a_raw_message_can_be_sent_from_any_host_and_what_is_answered_is_seen() -> sim::Result {
    let mut sim = two_hosts()?.without_monitor();
    sim.act("SITE1", |host| host.inject(stray_allocation()))?;
    sim.wait_until("SITE2 complains", SECOND, |now| {
        now.messages("SITE2", "SITE1").iter().any(|what| what.starts_with("ERR"))
    })?;
    Ok(())
}

#[test]
fn a_fault_that_meets_nothing_is_an_error_and_changes_nothing() -> sim::Result {
    let mut sim = two_hosts()?;
    let nothing = message(sim.inject(Fault::LineFails { between: [1, 9] }));
    assert_eq!(nothing, "no line between IMP 1 and IMP 9");
    assert_eq!(message(sim.inject(Fault::ImpRestarts { imp: 1 })), "no IMP 1 that is down");
    sim.inject(Fault::ImpCrashes { imp: 1 })?;
    assert_eq!(message(sim.inject(Fault::ImpCrashes { imp: 1 })), "no IMP 1 that is up");
    sim.finish()?;
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_digest_and_another_seed_another() -> sim::Result {
    let digest = |seed| -> sim::Result<_> {
        let mut sim = two_hosts()?.with_seed(seed).with_options(Options::DIGEST);
        sim.host("SITE3")?.runs_ftp();
        sim.host("SITE1")?.serves_ftp().account("SMITH", "BLUE").file("<SMITH>NOTES.TXT", "TEXT")?;
        sim.play(STEPS)?;
        let outcome = sim.finish()?;
        assert!(outcome.records.is_empty(), "only the digest is kept");
        let unkept = message(outcome.messages("SITE1", "SITE3"));
        assert!(unkept.contains("Options::RECORDS"), "{unkept}");
        assert_eq!(outcome.file("SITE3", "<SMITH>COPY.TXT")?.as_deref(), Some(&b"TEXT".to_vec()));
        Ok(outcome.digest)
    };
    assert_eq!(digest(1)?, digest(1)?);
    assert_ne!(digest(1)?, digest(2)?);
    Ok(())
}

#[test]
fn a_scenario_by_hand_and_the_same_one_replayed_are_one_run() -> sim::Result {
    let whole = format!("{TEXT}{STEPS}");
    let replayed = Prepared::parse(&whole)?.replay(Options::RECORDS);
    assert_eq!(replayed.verdict, Ok(()));
    let mut sim = Sim::of(scenario::parse("text.scenario", TEXT, &library::BuiltIn)?)?;
    assert_eq!(sim.now().file("SITE1", "<SMITH>NOTES.TXT").as_deref(), Some(&b"FIRST LINE\r\n".to_vec()));
    sim.play(STEPS)?;
    let outcome = sim.finish()?;
    assert_eq!((outcome.end, outcome.counts), (replayed.end, replayed.counts));
    assert_eq!(outcome.printed("SITE3")?, replayed.printed("SITE3")?);
    assert_eq!(outcome.messages("SITE1", "SITE3")?, replayed.messages("SITE1", "SITE3")?);
    Ok(())
}

#[test]
fn an_outcome_says_which_host_is_not_there_instead_of_nothing_at_all() -> sim::Result {
    let outcome = Prepared::parse(&format!("{TEXT}{STEPS}"))?.replay(Options::EVERYTHING);
    outcome.verdict.clone()?;
    assert!(!outcome.printed("SITE3")?.is_empty() && !outcome.messages("SITE1", "SITE3")?.is_empty());
    for unknown in ["STIE1", ""] {
        let told = "is not declared";
        assert!(message(outcome.printed(unknown)).contains(told), "{unknown}");
        assert!(message(outcome.messages(unknown, "SITE3")).contains(told), "{unknown}");
        assert!(message(outcome.messages("SITE3", unknown)).contains(told), "{unknown}");
        assert!(message(outcome.file(unknown, "<SMITH>NOTES.TXT")).contains(told), "{unknown}");
    }
    assert!(outcome.printed("SITE2")?.is_empty(), "it is in the net, and down");
    assert!(message(outcome.file("SITE2", "<SMITH>NOTES.TXT")).contains("is not declared"));
    for path in ["<SMITH>NONE.TXT", "NOTES.TXT", "<", "", "A*B"] {
        assert!(outcome.file("SITE1", path)?.is_none(), "{path}");
    }
    Ok(())
}

#[test]
fn a_prepared_scenario_that_fails_says_so_in_its_verdict_for_every_seed() -> sim::Result {
    let prepared = Prepared::parse(&format!("{TEXT}expect SITE3 file <SMITH>COPY.TXT\n  | FIRST LINE\n"))?;
    for seed in 0..3 {
        let failure = prepared.replay_with(seed, Options::DIGEST).verdict.expect_err("nothing was got");
        assert!(failure.to_string().contains("COPY.TXT"), "{failure}");
        assert_eq!(failure.first().line, 8);
    }
    Ok(())
}

#[test]
fn a_simulation_that_is_dropped_in_the_middle_drops_its_programs() -> sim::Result {
    struct Told(Rc<Cell<bool>>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let dropped = Rc::new(Cell::new(false));
    let told = dropped.clone();
    let mut sim = two_hosts()?;
    sim.host("SITE1")?.runs("holder", move |host| {
        let told = Told(told.clone());
        async move {
            let _told = told;
            let to = ForeignSocket {
                host: host.host_named("SITE2").expect("it is there"),
                socket: Socket::from(400),
            };
            let _opening = host.init(Socket::from(301), to, None);
            host.sleep(MINUTE).await;
        }
    });
    sim.run_for(SECOND);
    assert!(!dropped.get() && !sim.now().netstat("SITE1").is_empty());
    drop(sim);
    assert!(dropped.get());
    drop(two_hosts()?);
    Ok(())
}

#[test]
fn a_host_that_crashes_begins_its_programs_anew_and_keeps_its_files() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("SITE1")?
        .runs("greeter", async |host| host.teletype().print("HELLO"))
        .file("<SMITH>A.B", "TEXT")?;
    sim.host("SITE3")?.starts_down();
    assert!(!sim.now().host("SITE3").is_some_and(|host| host.is_up()));
    sim.restart("SITE3")?;
    sim.crash("SITE1")?;
    sim.run_for(SECOND);
    sim.restart("SITE1")?;
    assert_eq!(sim.now().printed("SITE1"), ["HELLO", "HELLO"]);
    let notes = sim.now().notes("SITE1");
    assert_eq!(notes.iter().filter(|note| ***note == Note::Booted).count(), 2);
    assert!(notes.contains(&&Note::Crashed));
    let outcome = sim.finish()?;
    assert_eq!(outcome.file("SITE1", "<SMITH>A.B")?.as_deref(), Some(&b"TEXT".to_vec()));
    Ok(())
}

#[test]
fn steps_of_the_language_drive_sockets_across_plays_and_restarts() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.play("SITE2 listens 400\nSITE1 inits 301 to SITE2 400 size 8\nSITE1 sends 301 HELLO")?;
    sim.play("SITE2 receives 400 HELLO")?;
    assert_eq!(sim.now().text_bits("SITE1", "SITE2"), 40);
    assert_eq!(sim.now().text_bits("SITE2", "SITE1"), 0);
    sim.play("SITE1 echoes SITE2 42\nSITE1 sees ECHO 42")?;
    sim.play(
        "SITE1 closes 301\n+1min SITE1 crashes\nSITE1 restarts\nSITE1 echoes SITE2 43\nSITE1 sees ECHO 43",
    )?;
    sim.finish()?;
    Ok(())
}

#[test]
fn a_host_is_what_it_was_said_to_be() -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    let server = sim.host("SITE1")?.serves_ftp_of(Edition::Rfc354).account("SMITH", "BLUE").disk(10);
    server.policy(Policy { plain: true, ..Policy::default() });
    sim.host("SITE3")?.runs_ftp().file("<SMITH>LONG.X", "ELEVEN BYTES")?;
    sim.play("SITE3 types CONNECT SITE1\nSITE3 types LOGIN SMITH BLUE\nSITE3 types SEND LONG.X LONG.X")?;
    sim.play(
        "SITE3 sees 453 there is not enough room for the file\nSITE3 types QUOTE LSTN R\nSITE3 sees 506",
    )?;
    sim.finish()?;
    Ok(())
}

#[test]
fn steps_may_have_hosts_that_are_not_declared_send_traffic() -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE1")?;
    sim.play("traffic 10 messages/s from SITE2 to SITE3 sizes 100 bits\n+2s traffic stops")?;
    let outcome = sim.finish()?;
    assert!(outcome.counts.sent > 10, "about twenty messages of SITE2 and some NOPs: {:?}", outcome.counts);
    Ok(())
}

/// That a program injects a fault, and no step does, makes no difference to how long there is something to wait for.
#[test]
fn what_an_injected_fault_announces_is_waited_for() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.host("SITE2")?.runs("parrot", parrot);
    let going = GoingDown::new(Reason::Unsaid, 2, 1).expect("both times fit");
    sim.inject(Fault::ImpGoesDown { imp: 2, going })?;
    sim.play("within 20min SITE2 sees IN 30 S")?;
    assert!(sim.now().time() > Instant::START + MINUTE * 9, "{}", sim.now().time());
    Ok(())
}
