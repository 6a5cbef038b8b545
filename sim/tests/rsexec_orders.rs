//! What RSEXEC tells its user, in whatever order the two servers say how it went. The servers follow a script
//! and move no data: RSEXEC has only their words anyway.

mod scripted;

use imp::{Fault, Mishap, Toward};
use ncp::icp::FTP_CONTACT;
use sim::host::{Handle, Note};
use sim::trace::What;
use sim::{Sim, Span};

use scripted::{Answer, answer_user};

/// What a server says and when, counted in seconds from the transfer command; and what it says to ABOR. To a
/// NOOP it says 200 unless it is `mute`, and to STAT that nothing is under way if it `is_done`. The first transfer commands it answers 454, as many as it `refuses`.
#[derive(Clone, Default)]
struct Script {
    transfer: &'static [(u64, &'static str)],
    abor: &'static [&'static str],
    mute: bool,
    is_done: bool,
    refuses: usize,
}

/// Plays a server of one user after the other.
async fn server(host: Handle, mut script: Script) {
    let mut contact = host.serve(FTP_CONTACT);
    loop {
        let Ok(duplex) = contact.accept().await.open().await else { continue };
        answer_user(&host, duplex, |verb, _| match verb {
            "NOOP" if script.mute => Answer::Now(&[]),
            "NOOP" => Answer::Now(&["200 here"]),
            "STAT" if script.is_done => Answer::Now(&[
                "100 status of this server",
                "   no transfer is in progress",
                "200 that is all",
            ]),
            "STAT" => Answer::Now(&["100 a transfer is in progress", "200 that is all"]),
            "ABOR" => Answer::Instead(script.abor),
            _ if script.refuses > 0 => {
                script.refuses -= 1;
                Answer::Now(&["454 there is no connection"])
            }
            _ => Answer::Later(script.transfer.to_vec()),
        })
        .await;
    }
}

/// Has RSEXEC append a file at SITE1 to one at SITE2, and returns what it prints and at which second it ends.
fn append(source: Script, destination: Script) -> sim::Result<(Vec<String>, u64)> {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE1")?.runs("source", move |host| server(host, source.clone()));
    sim.host("SITE2")?.runs("destination", move |host| server(host, destination.clone()));
    sim.host("SITE3")?.runs_rsexec().knows("SITE1", "SMITH", "BLUE").knows("SITE2", "JONES", "GREEN");
    sim.types("SITE3", "APPEND [SITE1]A.B [SITE2]C.D")?;
    sim.run_for(Span::from_secs(3600));
    let outcome = sim.finish()?;
    let home = outcome.names.hosts().address("SITE3");
    let told = outcome.records.iter().rev().find_map(|record| match &record.what {
        What::Note { host, note: Note::Printed(_) } if Some(*host) == home => Some(record.at),
        _ => None,
    });
    let printed = outcome.printed("SITE3")?.into_iter().map(str::to_owned).collect();
    Ok((printed, told.map_or(0, |at| at.as_micros() / 1_000_000)))
}

fn script(transfer: &'static [(u64, &'static str)]) -> Script {
    Script { transfer, abor: &["201 stopped"], ..Script::default() }
}

#[test]
fn appended_is_said_only_when_both_are_content_whoever_says_so_first() -> sim::Result {
    let both = ["[SITE1] 252 sent", "[SITE2] 252 stored", "APPENDED"];
    for (one, other) in [(1, 3), (3, 1), (2, 2)] {
        let source: &'static [_] = Box::leak(Box::new([(0, "250 go"), (one, "252 sent")]));
        let destination: &'static [_] = Box::leak(Box::new([(0, "250 go"), (other, "252 stored")]));
        assert_eq!(append(script(source), script(destination))?.0, both, "after {one} s and {other} s");
    }
    Ok(())
}

#[test]
fn servers_that_count_other_numbers_of_bytes_have_not_done_it_though_both_are_content() -> sim::Result {
    let source = script(&[(0, "250 go"), (1, "252 transfer complete, 5000 bytes over the data connection")]);
    let destination =
        script(&[(0, "250 go"), (2, "252 transfer complete, 0 bytes over the data connection")]);
    let told = [
        "[SITE1] 252 transfer complete, 5000 bytes over the data connection",
        "[SITE2] 252 transfer complete, 0 bytes over the data connection",
        "5000 BYTES WERE SENT AND 0 ARRIVED: LOOK AT [SITE2]C.D",
    ];
    assert_eq!(append(source.clone(), destination)?.0, told);
    let other = script(&[(0, "250 go"), (2, "252 3998 bytes of C.D at 300 baud")]);
    assert_eq!(append(source, other)?.0.last().map(String::as_str), Some("APPENDED"), "that is no count");
    Ok(())
}

#[test]
fn a_count_of_which_a_piece_came_twice_or_never_is_no_proof_that_all_has_arrived() -> sim::Result {
    let whole = &[(0, "250 go"), (1, "252 transfer complete, 1000 bytes over the data connection")];
    for said in [
        "252 transfer complete, 2000 bytes over the data connection252 transfer complete, 2000 bytes over the data connection",
        "252 transfer complete, 20252 transfer complete, 2000 bytes over the data connection",
        "252 transfer complete, 2000 by231 goodbye",
        "252 transfer 2000 bytes over the data connection",
    ] {
        let torn: &'static [_] = Box::leak(Box::new([(0, "250 go"), (1, said)]));
        for (source, destination) in [(script(whole), script(torn)), (script(torn), script(whole))] {
            let told = append(source, destination)?.0;
            let verdict = "PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]C.D";
            assert_eq!(told.last().map(String::as_str), Some(verdict), "{told:?}");
        }
    }
    Ok(())
}

/// A cable of 1822 loses nothing, and nothing in the protocols would notice a loss: the sender has its RFNM.
#[test]
fn whichever_message_a_cable_loses_a_file_of_which_a_part_is_missing_is_not_copied() -> sim::Result {
    let content: Vec<u8> = (0..5000_u32).map(|at| (at * 7 + at / 256) as u8).collect();
    let (mut copied, mut noticed) = (0, 0);
    for number in 0..80 {
        let mut sim = Sim::on("three-imps")?.without_monitor();
        sim.host("SITE1")?.serves_ftp().account("SMITH", "BLUE").file("<SMITH>A.B", content.clone())?;
        sim.host("SITE2")?.serves_ftp().account("JONES", "GREEN").file("<JONES>C.D", "BEFORE")?;
        sim.host("SITE3")?.runs_rsexec().knows("SITE1", "SMITH", "BLUE").knows("SITE2", "JONES", "GREEN");
        let host = sim.address("SITE2")?;
        sim.types("SITE3", "COPY [SITE1]A.B [SITE2]C.D")?;
        sim.run_for(Span::from_millis(400 + 10 * number));
        let lost = Fault::Mishap { host, toward: Toward::Host, mishap: Mishap::Lost };
        let _ = sim.inject(lost);
        sim.run_for(Span::from_secs(900));
        let outcome = sim.finish()?;
        let printed = outcome.printed("SITE3")?;
        if printed.contains(&"COPIED") {
            copied += 1;
            let there = outcome.file("SITE2", "<JONES>C.D")?;
            assert!(there.is_some_and(|there| **there == content), "{number}: {printed:?}");
        }
        noticed += usize::from(printed.iter().any(|line| line.contains("BYTES WERE SENT AND")));
    }
    assert!(copied > 0 && noticed > 0, "{copied} copied, {noticed} not whole");
    Ok(())
}

#[test]
fn a_transfer_of_an_hour_is_waited_for() -> sim::Result {
    let long = &[(0, "250 go"), (3000, "252 done")];
    assert_eq!(append(script(long), script(long))?.0.last().map(String::as_str), Some("APPENDED"));
    Ok(())
}

#[test]
fn a_source_that_failed_after_the_destination_was_content_is_told() -> sim::Result {
    let source = script(&[(0, "250 go"), (3, "452 cut off")]);
    let destination = script(&[(0, "250 go"), (1, "252 stored")]);
    let told = [
        "[SITE2] 252 stored",
        "[SITE1] RETR A.B: 452 cut off",
        "PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]C.D",
    ];
    assert_eq!(append(source, destination)?.0, told);
    Ok(())
}

#[test]
fn a_destination_that_was_content_before_it_heard_of_the_abort_is_told() -> sim::Result {
    let source = script(&[(0, "250 go"), (1, "452 cut off")]);
    let abor: &[&str] = &["250 go", "252 stored", "202 nothing to stop"];
    let destination = Script { transfer: &[], abor, ..Script::default() };
    let told = append(source, destination)?.0;
    assert_eq!(told[2], "PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]C.D");
    Ok(())
}

#[test]
fn both_refusals_are_told_in_either_order() -> sim::Result {
    let (no_file, no_access) = ("[SITE1] RETR A.B: 450 no file", "[SITE2] APPE C.D: 451 no access");
    let early = |text| Script { transfer: text, abor: &["202 nothing to stop"], ..Script::default() };
    let source = early(&[(1, "450 no file")]);
    let crossing =
        Script { transfer: &[], abor: &["451 no access", "202 nothing to stop"], ..Script::default() };
    assert_eq!(append(source, crossing)?.0, [no_access, no_file, "NOT DONE"]);
    let crossing =
        Script { transfer: &[], abor: &["450 no file", "202 nothing to stop"], ..Script::default() };
    assert_eq!(append(crossing, early(&[(1, "451 no access")]))?.0, [no_file, no_access, "NOT DONE"]);
    Ok(())
}

/// A cable may bring a command twice: the second one is refused, since the first is obeyed.
#[test]
fn a_destination_that_refuses_for_another_reason_than_the_file_is_stopped_before_it_is_believed()
-> sim::Result {
    let source = || script(&[(0, "250 go")]);
    let last = |transfer, abor| {
        let told = append(source(), Script { transfer, abor, ..Script::default() })?.0;
        sim::Result::Ok(told.last().cloned().unwrap_or_default())
    };
    let twice = &[(0, "504 a transfer is in progress"), (40, "250 go")];
    assert_eq!(last(twice, &["250 go", "201 stopped"])?, "NOT DONE");
    let done = last(twice, &["250 go", "252 stored", "202 nothing to stop"])?;
    assert_eq!(done, "PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]C.D");
    assert_eq!(last(&[(0, "506 no APPE here")], &["506 no ABOR here"])?, "NOT DONE");
    assert_eq!(last(twice, &[])?, "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D");
    Ok(())
}

#[test]
fn a_destination_that_does_not_know_abor_may_have_stored_something() -> sim::Result {
    let source = script(&[(0, "250 go"), (1, "452 cut off")]);
    let destination = Script { transfer: &[(0, "250 go")], abor: &["506 no ABOR here"], ..Script::default() };
    let told = append(source, destination)?.0;
    assert_eq!(told[0], "[SITE2] ABOR: 506 no ABOR here");
    assert_eq!(told[2], "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D");
    Ok(())
}

#[test]
fn that_there_is_nothing_to_stop_does_not_say_that_nothing_was_done() -> sim::Result {
    let last_word_is_lost =
        Script { transfer: &[(0, "250 go")], abor: &["202 nothing to stop"], ..Script::default() };
    for cause in ["452 cut off", "454 there is no connection", "455 the disk cannot be read"] {
        let failing: &'static [_] = Box::leak(Box::new([(130, cause)]));
        let told = append(script(failing), last_word_is_lost.clone())?.0;
        assert_eq!(
            told,
            [
                "[SITE2] ABOR: 202 nothing to stop",
                &format!("[SITE1] RETR A.B: {cause}"),
                "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D"
            ]
        );
    }
    // A source that has no such file has not even asked for a connection.
    let told = append(script(&[(1, "450 no file")]), last_word_is_lost)?.0;
    assert_eq!(told.last().map(String::as_str), Some("NOT DONE"), "{told:?}");
    Ok(())
}

#[test]
fn a_source_that_came_too_early_is_told_again_for_as_long_as_the_destination_waits() -> sim::Result {
    let (source, destination) = ([(0, "250 go"), (1, "252 sent")], [(0, "250 go"), (1, "252 stored")]);
    for refuses in [1, 2, 5, 9] {
        let slow: &'static [_] = Box::leak(Box::new(destination.map(|(_, said)| (110, said))));
        let source = Script { refuses, ..script(Box::leak(Box::new(source))) };
        let (told, second) = append(source, script(slow))?;
        assert_eq!(told.last().map(String::as_str), Some("APPENDED"), "after {refuses} refusals: {told:?}");
        assert!(second >= 110, "{refuses} refusals: {second} s");
    }
    // It is not told for ever.
    let never = Script { refuses: usize::MAX, ..script(&[]) };
    let (told, second) = append(never, script(&[(140, "454 nobody came")]))?;
    assert_eq!(
        told,
        ["[SITE1] RETR A.B: 454 there is no connection", "NOT DONE"],
        "the destination has stopped"
    );
    assert!((100..125).contains(&second), "{second} s");
    // Nor once the destination has given up.
    let never = Script { refuses: usize::MAX, ..script(&[]) };
    let (told, second) = append(never, script(&[(20, "454 nobody came")]))?;
    assert_eq!(told.last().map(String::as_str), Some("NOT DONE"), "{told:?}");
    assert!((20..25).contains(&second), "{second} s");
    Ok(())
}

/// No request is early where the source is told only when the destination has taken its command, however slowly that is
/// taken: a message of one byte at a time.
#[test]
fn the_source_is_told_when_the_destination_has_taken_its_command_and_never_before() -> sim::Result {
    for (way, allocation) in [
        ("GWC-TIP", "2 messages 9 bits"),
        ("GWC-TIP", "1 messages 8 bits"),
        ("CASE-10", "1 messages 40 bits"),
    ] {
        let text = format!(
            "title T\nnet 1973-01\n\
             host {way}  serves ftp  account SMITH password BLUE  refuses unmatched requests\n  file <SMITH>A.B of 70 bytes\n\
             host SU-AI  serves ftp  account JONES password GREEN  refuses unmatched requests  allocates {allocation}\n  \
               file <JONES>C.D of 10 bytes\n\
             host FNWC-TIP  runs rsexec\n  knows {way} as SMITH password BLUE\n  knows SU-AI as JONES password GREEN\n\
             FNWC-TIP types APPEND [{way}]A.B [SU-AI]C.D\n"
        );
        let outcome = sim::Prepared::parse(&text)?.replay(sim::Options::RECORDS);
        outcome.verdict.clone()?;
        let printed = outcome.printed("FNWC-TIP")?;
        assert_eq!(printed.last(), Some(&"APPENDED"), "{allocation}: {printed:?}");
        let said = outcome.messages(way, "FNWC-TIP")?;
        assert!(
            !said.iter().any(|said| said.starts_with("454")),
            "{allocation}: a request came too early: {said:?}"
        );
    }
    Ok(())
}

#[test]
fn a_server_that_never_answers_a_transfer_command_is_given_up_after_150_seconds() -> sim::Result {
    let (told, second) = append(script(&[]), script(&[]))?;
    assert_eq!(told.last().map(String::as_str), Some("NOT DONE: TRY AGAIN LATER"), "{told:?}");
    assert!((150..152).contains(&second), "{second} s");
    Ok(())
}

#[test]
fn a_server_that_falls_silent_in_a_transfer_is_asked_after_a_minute_and_given_up_after_150_seconds()
-> sim::Result {
    let mute = Script { transfer: &[(0, "250 go")], mute: true, ..Script::default() };
    let (told, second) = append(script(&[(0, "250 go"), (1, "252 sent")]), mute)?;
    let verdict =
        ["[SITE2] APPE C.D: NO REPLY FOR 150S", "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D"];
    assert_eq!(told[..1], verdict[..1]);
    assert_eq!(told.last().map(String::as_str), Some(verdict[1]));
    assert!((210..212).contains(&second), "{second} s");
    Ok(())
}

#[test]
fn a_last_word_that_was_lost_is_not_waited_for_though_the_server_is_there() -> sim::Result {
    let (no_word, has_spoken) = (script(&[(0, "250 go")]), script(&[(0, "250 go"), (1, "252 done")]));
    let (told, second) = append(has_spoken.clone(), no_word.clone())?;
    let verdict =
        ["[SITE2] APPE C.D: NO REPLY FOR 5MIN", "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D"];
    assert_eq!(
        (&told[..1], told.last().map(String::as_str)),
        (&[verdict[0].to_owned()][..], Some(verdict[1]))
    );
    assert!((301..303).contains(&second), "{second} s");
    let (told, _) = append(no_word, has_spoken)?;
    let verdict = [
        "[SITE2] 252 done",
        "[SITE1] RETR A.B: NO REPLY FOR 5MIN",
        "PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]C.D",
    ];
    assert_eq!(told, verdict);
    Ok(())
}

/// A server says its last word once, and then answers each NOOP: who asks nothing else waits for ever.
#[test]
fn last_words_that_were_lost_are_missed_after_two_minutes_though_both_servers_are_there() -> sim::Result {
    let done = Script {
        transfer: &[(0, "250 go")],
        abor: &["202 nothing to stop"],
        is_done: true,
        ..Script::default()
    };
    let (told, second) = append(done.clone(), done.clone())?;
    assert!(told.iter().any(|line| line.contains("LAST WORD WAS NOT HEARD")), "{told:?}");
    assert_eq!(
        told.last().map(String::as_str),
        Some("NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D"),
        "{told:?}"
    );
    assert!((120..130).contains(&second), "{second} s");
    // One whose transfer goes on is waited for, though the other has missed its own.
    let (told, _) = append(script(&[(0, "250 go"), (1, "252 sent")]), done)?;
    assert_eq!(told.last().map(String::as_str), Some("NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D"));
    Ok(())
}
