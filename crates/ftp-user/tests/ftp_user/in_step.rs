//! What the program knows of the server: who is logged in there, what is chosen, and what is under way.

use sim::{Sim, Span};

use crate::typed::net_with;
use crate::{PLAIN, TENEX, USER, net, types};

#[test]
fn what_is_typed_where_an_account_is_asked_for_and_is_none_is_sent_nowhere_and_obeyed() -> sim::Result {
    let mut sim = net_with(&["331 WHO PAYS?", "331 WHO PAYS?", "331 WHO PAYS?", "330 PASSWORD?", "230 IN"])?;
    for (line, told) in [
        ("", &["NO ACCOUNT IS NAMED"][..]),
        ("MY BLUE SKY", &["NO ACCOUNT IS NAMED", "MY? TYPE HELP"]),
        ("LOGIN SMITH BLUE", &["NO ACCOUNT IS NAMED", "230 IN"]),
    ] {
        types(&mut sim, "LOGIN SMITH SESAME")?;
        assert_eq!(types(&mut sim, line)?, told, "{line}");
    }
    let outcome = sim.finish()?;
    let sent = ["USER SMITH", "USER SMITH", "USER SMITH", "USER SMITH", "PASS BLUE"];
    assert_eq!(outcome.printed(PLAIN)?, sent, "no account");
    Ok(())
}

#[test]
fn status_tells_who_is_logged_in_at_this_server_and_nobody_else() -> sim::Result {
    let mut sim = net_with(&[
        "230 IN",
        "200 FINE",
        "431 NO",
        "200 FINE",
        "330 PASSWORD?",
        "230 IN",
        "200 FINE",
        "233 ANEW",
        "200 FINE",
    ])?;
    let nobody = format!("CONNECTED TO {PLAIN}");
    for (line, user) in [
        ("LOGIN SMITH SESAME", Some("SMITH")),
        ("LOGIN JONES GREEN", None),
        ("QUOTE USER JONES", None),
        ("QUOTE PASS GREEN", Some("JONES")),
        ("QUOTE REIN", None),
    ] {
        types(&mut sim, line)?;
        if line == "QUOTE USER JONES" {
            continue;
        }
        let expected = user.map_or(nobody.clone(), |user| format!("{nobody} AS {user}"));
        assert_eq!(types(&mut sim, "STATUS")?[0], expected, "after {line}");
    }
    sim.finish()?;
    Ok(())
}

#[test]
fn who_was_logged_in_elsewhere_is_not_logged_in_at_the_next_server() -> sim::Result {
    let mut sim = net(TENEX)?;
    assert_eq!(types(&mut sim, "STATUS")?[0], format!("CONNECTED TO {TENEX} AS SMITH"));
    types(&mut sim, "BYE")?;
    types(&mut sim, &format!("CONNECT {TENEX}"))?;
    assert_eq!(types(&mut sim, "STATUS")?[0], format!("CONNECTED TO {TENEX}"));
    sim.finish()?;
    Ok(())
}

#[test]
fn what_is_quoted_and_taken_is_chosen_as_if_it_was_typed() -> sim::Result {
    let mut sim = net_with(&[
        "200 I", "200 36", "506 NO", "200 FINE", "200 R", "200 B", "200 FINE", "233 ANEW", "200 FINE",
    ])?;
    let begin = "TYPE ASCII, BYTE 8, MODE STREAM, STRUCTURE FILE";
    for (lines, chosen) in [
        (
            &["QUOTE TYPE I", "QUOTE BYTE 36", "QUOTE MODE B"][..],
            "TYPE IMAGE, BYTE 36, MODE STREAM, STRUCTURE FILE",
        ),
        (&["quote stru r", "QUOTE MODE B"], "TYPE IMAGE, BYTE 36, MODE BLOCK, STRUCTURE RECORD"),
        (&["QUOTE REIN"], begin),
    ] {
        for line in lines {
            types(&mut sim, line)?;
        }
        assert_eq!(types(&mut sim, "STATUS")?[1], chosen, "after {lines:?}");
    }
    sim.finish()?;
    Ok(())
}

#[test]
fn a_transfer_that_was_begun_with_quote_is_stopped_by_abort() -> sim::Result {
    let mut sim = net_with(&["230 IN", "250 GO ON", "201 STOPPED", "250 GO ON", "202 WHAT?", "200 YES"])?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    assert_eq!(types(&mut sim, "ABORT")?, ["NO TRANSFER IS UNDER WAY"]);
    types(&mut sim, "QUOTE RETR X")?;
    assert_eq!(types(&mut sim, "ABORT")?, ["201 STOPPED"]);
    assert_eq!(types(&mut sim, "ABORT")?, ["NO TRANSFER IS UNDER WAY"]);
    types(&mut sim, "QUOTE RETR X")?;
    let unheard = "THE SERVER SAYS THAT THERE IS NOTHING TO STOP, AND NOT HOW IT ENDED";
    assert_eq!(types(&mut sim, "ABORT")?, ["202 WHAT?", unheard]);
    assert_eq!(types(&mut sim, "QUOTE NOOP")?, ["200 YES"], "the dialogue goes on");
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["USER SMITH", "RETR X", "ABOR", "RETR X", "ABOR", "NOOP"]);
    Ok(())
}

#[test]
fn who_asks_how_far_it_is_reads_an_answer_of_one_reply_and_none_that_he_has_not_asked_for() -> sim::Result {
    let mut sim = net_with(&["230 IN", "250 GO ON", "200 HALF OF IT", "200 YES", "201 STOPPED"])?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    let seen = sim.now().printed(USER).len();
    sim.types(USER, "SEND SMALL X")?;
    sim.run_for(Span::from_secs(5));
    sim.types(USER, "STATUS")?;
    // It is asked with a NOOP whether it is still there.
    sim.run_for(Span::from_secs(80));
    sim.types(USER, "ABORT")?;
    sim.run_for(Span::from_secs(5));
    let read = sim.now().printed(USER)[seen..].join("\n");
    assert!(read.contains("\n  200 HALF OF IT\n"), "{read}");
    assert!(!read.contains("200 YES"), "{read}");
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["USER SMITH", "STOR X", "STAT", "NOOP", "ABOR"]);
    Ok(())
}

#[test]
fn a_pattern_means_the_same_files_to_each_command_at_every_host() -> sim::Result {
    for server in [TENEX, PLAIN] {
        let mut sim = Sim::on("1973-01")?;
        let there = sim.host(server)?.serves_ftp().account("SMITH", "SESAME");
        there
            .file("<SMITH>NOTES.TXT", "XXX")?
            .file("<SMITH>NEW.DAT", "XXX")?
            .file("<SMITH>OLD.TXT", "XXX")?;
        sim.host(USER)?.runs_ftp();
        types(&mut sim, &format!("CONNECT {server}"))?;
        types(&mut sim, "LOGIN SMITH SESAME")?;
        for line in ["LIST N*", "LIST <SMITH>n*", "DIRECTORY N*"] {
            let told = types(&mut sim, line)?;
            let files: Vec<&str> = told.iter().filter_map(|line| line.split([' ', ';']).next()).collect();
            assert_eq!(files, ["<SMITH>NEW.DAT", "<SMITH>NOTES.TXT"], "{server}, {line}");
            assert_eq!(told.iter().all(|told| told.ends_with(" 3 BYTES ON DISK")), line.starts_with("LIST"));
        }
        assert_eq!(types(&mut sim, "LIST *")?.len(), 3);
        assert_eq!(types(&mut sim, "DIR *.TXT")?.len(), 2);
        assert_eq!(types(&mut sim, "MULTIPLE GET N*")?.last().map(String::as_str), Some("2 FILES"));
        assert_eq!(types(&mut sim, "LIST *.NONE")?, ["NO FILE IS LIKE *.NONE"]);
        sim.finish()?;
    }
    Ok(())
}
