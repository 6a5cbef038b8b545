//! The teletype: one person, one paper.

use host::{Note, Prompt};
use imp1822::{GoingDown, Reason};
use sim::imp::Fault;
use sim::{Sim, Span};

use crate::look;

#[test]
fn lines_typed_before_anybody_reads_are_read_in_order_and_a_hidden_one_is_not_shown() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        host.sleep(Span::from_secs(1)).await;
        let user = host.teletype().read("USER: ").await;
        let password = host.teletype().read_hidden("PASSWORD: ").await;
        host.teletype().print(&format!("{user} HAS {} LETTERS\nGO AHEAD", password.len()));
    });
    sim.types("SITE1", "SMITH")?;
    sim.types("SITE1", "SESAME")?;
    assert!(look(&sim, "SITE1").is_busy_with_a_line(), "nobody has read them");
    sim.run_for(Span::from_secs(2));
    let typed = |prompt: &str, line: Option<&str>| Note::Typed {
        prompt: prompt.to_owned(),
        line: line.map(str::to_owned),
    };
    let asked = |prompt: &str, hidden| Note::Asked(Prompt { text: prompt.to_owned(), hidden });
    let expected = [
        Note::Booted,
        asked("USER: ", false),
        typed("USER: ", Some("SMITH")),
        asked("PASSWORD: ", true),
        typed("PASSWORD: ", None),
        Note::Printed("SMITH HAS 6 LETTERS".to_owned()),
        Note::Printed("GO AHEAD".to_owned()),
    ];
    assert_eq!(sim.now().notes("SITE1"), expected.iter().collect::<Vec<_>>());
    sim.finish()?;
    Ok(())
}

#[test]
fn a_prompt_is_printed_once_when_the_program_asks_however_long_nobody_types() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        host.teletype().read("NAME\u{7}: ").await;
    });
    let asked = |sim: &Sim| {
        let notes = sim.now().notes("SITE1");
        notes.iter().filter(|note| matches!(note, Note::Asked(_))).count()
    };
    let prompt = Note::Asked(Prompt { text: "NAME·: ".to_owned(), hidden: false });
    sim.run_for(Span::from_secs(100));
    assert_eq!(sim.now().notes("SITE1"), [&Note::Booted, &prompt], "it does not ring the bell");
    sim.types("SITE1", "SMITH")?;
    assert_eq!(asked(&sim), 1, "what was typed does not have it printed again");
    assert_eq!(sim.now().printed("SITE1"), [""; 0], "it is no line of its own");
    sim.finish()?;
    Ok(())
}

#[test]
fn control_characters_do_not_reach_the_paper() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        host.teletype().print("\u{1b}[2JCLEAR\rOVER\u{7}\r\nTAB\tDEL\u{7f}CSI\u{9b}1m\u{202e}");
    });
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed("SITE1"), ["·[2JCLEAR·OVER·", "TAB·DEL·CSI·1m·"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_program_is_busy_with_a_line_until_it_asks_for_the_next_or_ends() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        for _ in 0..2 {
            let line = host.teletype().read("@").await;
            host.sleep(Span::from_secs(10)).await;
            host.teletype().print(&line);
        }
    });
    assert!(!look(&sim, "SITE1").is_busy_with_a_line(), "nothing was typed");
    sim.types("SITE1", "ONE")?;
    sim.run_for(Span::from_secs(9));
    assert!(look(&sim, "SITE1").is_busy_with_a_line(), "it works on ONE");
    sim.run_for(Span::from_secs(2));
    assert!(!look(&sim, "SITE1").is_busy_with_a_line(), "it asks for the next");
    sim.types("SITE1", "TWO")?;
    assert!(look(&sim, "SITE1").is_busy_with_a_line(), "it works on TWO");
    sim.run_for(Span::from_secs(20));
    assert_eq!(sim.now().printed("SITE1"), ["ONE", "TWO"]);
    assert!(!look(&sim, "SITE1").is_busy_with_a_line(), "it has ended, and nobody works on anything");
    sim.types("SITE1", "THREE")?;
    assert!(look(&sim, "SITE1").is_busy_with_a_line(), "a line that nobody will ever read");
    sim.finish()?;
    Ok(())
}

#[test]
fn a_read_that_is_given_up_takes_no_line_from_the_next_reader() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let teletype = host.teletype();
        let nothing = host.within(Span::from_secs(1), teletype.read("QUICK: ")).await;
        assert!(nothing.is_err(), "nobody types for a second");
        host.sleep(Span::from_secs(10)).await;
        let line = teletype.read("SLOW: ").await;
        teletype.print(&line);
    });
    sim.run_for(Span::from_secs(2));
    sim.types("SITE1", "LATE")?;
    assert!(look(&sim, "SITE1").is_busy_with_a_line(), "the reader has gone; the line waits");
    sim.run_for(Span::from_secs(20));
    assert_eq!(sim.now().printed("SITE1"), ["LATE"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn of_two_programs_that_read_the_one_that_gives_up_does_not_make_the_other_deaf() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let patient = host.clone();
        drop(host.spawn("patient", async move {
            let line = patient.teletype().read("PATIENT: ").await;
            patient.teletype().print(&line);
        }));
        host.sleep(Span::from_secs(1)).await;
        let nothing = host.within(Span::from_secs(1), host.teletype().read("HASTY: ")).await;
        assert!(nothing.is_err(), "nobody types for a second");
    });
    sim.run_for(Span::from_secs(5));
    sim.types("SITE1", "HELLO")?;
    assert_eq!(sim.now().printed("SITE1"), ["HELLO"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn users_are_reminded_that_the_imp_goes_down() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| host.sleep(Span::from_secs(1)).await);
    let going = GoingDown::new(Reason::Reload, 2, 1).expect("both times fit");
    sim.inject(Fault::ImpGoesDown { imp: 1, going })?;
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed("SITE1"), ["IMP GOING DOWN IN 10 MIN FOR 5 MIN: SCHEDULED SOFTWARE RELOAD"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_program_that_works_hears_only_what_is_meant_for_it_now_and_the_rest_waits() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let teletype = host.teletype();
        loop {
            let line = teletype.read("*").await;
            let stopped = host.within(Span::from_secs(10), teletype.overhear(|line| line == "STOP")).await;
            teletype.print(&format!("{line} {}", if stopped.is_ok() { "STOPPED" } else { "DONE" }));
        }
    });
    sim.types("SITE1", "STOP")?;
    assert!(look(&sim, "SITE1").is_overheard(), "it works on what was no command for it");
    sim.types("SITE1", "TWO")?;
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed("SITE1"), [""; 0], "TWO waits");
    sim.types("SITE1", "STOP")?;
    assert_eq!(sim.now().printed("SITE1"), ["STOP STOPPED"], "at once, and before TWO");
    assert!(look(&sim, "SITE1").is_busy_with_a_line(), "it works on TWO");
    sim.run_for(Span::from_secs(20));
    assert_eq!(sim.now().printed("SITE1"), ["STOP STOPPED", "TWO DONE"]);
    assert!(!look(&sim, "SITE1").is_overheard() && !look(&sim, "SITE1").is_busy_with_a_line());
    let typed: Vec<_> =
        sim.now().notes("SITE1").into_iter().filter(|note| matches!(note, Note::Typed { .. })).collect();
    assert_eq!(typed.len(), 3, "each is on the paper once: {typed:?}");
    sim.types("SITE1", "THREE")?;
    sim.crash("SITE1")?;
    assert!(!look(&sim, "SITE1").is_overheard(), "nobody listens at a dead teletype");
    sim.finish()?;
    Ok(())
}
