//! What can be typed, and what a person reads who knows nothing of the protocol.

use futures::{SinkExt, StreamExt};
use host::Handle;
use ncp::icp::FTP_CONTACT;
use sim::{Sim, Span};
use telnet::{Lines, Received};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::{PLAIN, TENEX, USER, net, types};

/// Stands for the end of the dialogue among the answers of a server.
const CLOSE: &str = "(closes)";

/// Plays a server that answers each line with the next of these, wherever it fits. An answer of several lines is several
/// replies.
async fn scripted_server(host: Handle, answers: &'static [&'static str]) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let mut replies = FramedWrite::new(duplex.writer, Lines::default());
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    let _ = replies.send("300 go ahead").await;
    for answer in answers {
        let line = loop {
            match lines.next().await {
                Some(Ok(Received::Line(line))) => break line,
                Some(Ok(Received::Signal(_))) => {}
                _ => return,
            }
        };
        host.teletype().print(&line);
        for reply in answer.lines() {
            if reply == CLOSE {
                return;
            }
            if replies.send(reply).await.is_err() {
                return;
            }
        }
    } // It waits for lines to which it has no answer.
    while lines.next().await.is_some() {}
}

/// A user who is connected with such a server.
pub(crate) fn net_with(answers: &'static [&'static str]) -> sim::Result<Sim> {
    let mut sim = Sim::on("1973-01")?;
    sim.host(PLAIN)?.runs("server", move |host| scripted_server(host, answers));
    sim.host(USER)?.runs_ftp().file("<SMITH>SMALL", "XXXXX")?;
    types(&mut sim, &format!("CONNECT {PLAIN}"))?;
    Ok(sim)
}

#[test]
fn all_that_help_names_is_known_and_who_types_it_alone_is_told_what_to_do() -> sim::Result {
    let mut sim = Sim::on("1973-01")?;
    sim.host(USER)?.runs_ftp();
    let help = types(&mut sim, "?")?;
    assert_eq!(types(&mut sim, "HELP")?, help);
    let verbs: Vec<&str> =
        help.iter().filter_map(|line| line.split_once("  ")).map(|(form, _)| word(form)).collect();
    assert!(verbs.len() > 20, "{verbs:?}");
    for verb in verbs {
        let alone = types(&mut sim, verb)?;
        if verb == "HELP" {
            continue;
        }
        assert!(
            alone.iter().all(|line| !line.contains('?') || line.contains("TYPE HELP")),
            "{verb}: {alone:?}"
        );
        assert_eq!(types(&mut sim, &format!("{verb} ?"))?.len(), 1, "{verb} has one line of help");
    }
    sim.finish()?;
    Ok(())
}

fn word(form: &str) -> &str {
    form.split(' ').next().unwrap_or_default()
}

#[test]
fn whoever_asks_for_everything_with_a_question_mark_gets_a_file() -> sim::Result {
    let mut sim = Sim::on("1973-01")?;
    sim.host(TENEX)?.serves_ftp().account("SMITH", "SESAME").file("<SMITH>NOTES.TXT", "HELLO")?;
    sim.host(USER)?.runs_ftp();
    for (line, last) in [
        ("CO?", "CONNECT (TO) SITE                      BEGIN A DIALOGUE WITH THE SERVER AT A SITE"),
        ("CON SRI-ARC", "CONNECTED TO SRI-ARC"),
        ("LOGI ?", "LOGIN (USER) NAME                      SAY WHO YOU ARE THERE; THE PASSWORD IS ASKED FOR"),
        ("LOG SMITH", ""),
        ("SESAME", "230 SMITH is logged in"),
        ("DIR", "<SMITH>NOTES.TXT"),
        ("GE\u{1b}", "GET (FILE) THEIRS (TO FILE) MINE       BRING A FILE FROM THERE"),
        ("GET (FILE) NOTES.TXT (TO FILE) COPY.TXT", "5 BYTES RECEIVED"),
        ("FILES", "<SMITH>COPY.TXT             5 BYTES"),
        ("BYE", "CLOSED"),
    ] {
        let said = types(&mut sim, line)?;
        assert_eq!(said.last().map_or("", String::as_str), last, "{line}");
    }
    assert!(sim.finish()?.file(USER, "<SMITH>COPY.TXT")?.is_some_and(|content| *content == b"HELLO"));
    Ok(())
}

#[test]
fn who_would_replace_a_file_here_is_asked_before_and_anything_but_yes_leaves_it_as_it_is() -> sim::Result {
    // The plain host keeps one content of a file.
    let mut sim = Sim::on("1973-01")?;
    sim.host(TENEX)?.serves_ftp().account("SMITH", "SESAME").file("<SMITH>NEW", "NEW")?;
    sim.host(PLAIN)?.runs_ftp().file("<SMITH>old", "OLD")?;
    let types = |sim: &mut Sim, line: &str| -> sim::Result<Vec<String>> {
        let seen = sim.now().printed(PLAIN).len();
        sim.types(PLAIN, line)?;
        let is_done = |now: &sim::Moment<'_>| now.host(PLAIN).is_some_and(|host| !host.is_busy_with_a_line());
        sim.wait_until(line, Span::from_secs(60), is_done)?;
        Ok(sim.now().printed(PLAIN)[seen..].iter().map(|line| (*line).to_owned()).collect())
    };
    types(&mut sim, &format!("CONNECT {TENEX}"))?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    let content = |sim: &Sim| sim.now().host(PLAIN).and_then(|host| host.read_file("<SMITH>old"));
    for (answer, told) in [
        ("NO", "<SMITH>old STAYS AS IT IS"),
        ("", "<SMITH>old STAYS AS IT IS"),
        // That is no answer: nothing is replaced, and it is done next.
        ("QUOTE NOOP", "200 at your service"),
    ] {
        assert_eq!(types(&mut sim, "GET NEW old")?, [""; 0], "it asks");
        assert_eq!(types(&mut sim, answer)?.last().map(String::as_str), Some(told), "{answer}");
        assert!(content(&sim).is_some_and(|content| *content == b"OLD"), "{answer}");
    }
    types(&mut sim, "GET NEW old")?;
    assert_eq!(types(&mut sim, "y")?, ["3 BYTES RECEIVED"]);
    assert!(content(&sim).is_some_and(|content| *content == b"NEW"));
    sim.finish()?;
    Ok(())
}

#[test]
fn who_is_asked_for_an_account_goes_on_with_it_and_has_a_directory_here() -> sim::Result {
    let mut sim = net_with(&["330 PASSWORD?", "331 WHO PAYS?", "230 WELCOME", "450 NO"])?;
    assert_eq!(types(&mut sim, "LOGIN SMITH SESAME")?, ["331 WHO PAYS?"]);
    assert_eq!(types(&mut sim, "1973")?, ["230 WELCOME"]);
    assert_eq!(types(&mut sim, "SEND SMALL X")?, ["450 NO (X)"], "SMALL is looked for in his directory");
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["USER SMITH", "PASS SESAME", "ACCT 1973", "STOR X"]);
    Ok(())
}

#[test]
fn who_names_the_account_at_once_is_not_asked_and_one_that_a_transfer_needs_is_asked_for_once() -> sim::Result
{
    let mut sim =
        net_with(&["331 WHO PAYS?", "230 WELCOME", "433 WHO PAYS FOR THE DISK?", "230 SO BE IT", "450 NO"])?;
    assert_eq!(types(&mut sim, "LOGIN SMITH SESAME 1973")?, ["230 WELCOME"]);
    assert_eq!(types(&mut sim, "SEND SMALL X")?, ["433 WHO PAYS FOR THE DISK?"]);
    assert_eq!(types(&mut sim, "4711")?, ["230 SO BE IT", "450 NO (X)"]);
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["USER SMITH", "ACCT 1973", "STOR X", "ACCT 4711", "STOR X"]);
    Ok(())
}

#[test]
fn what_a_server_says_unasked_is_shown_when_it_comes_and_is_taken_for_no_answer() -> sim::Result {
    let mut sim =
        net_with(&["230 WELCOME\n010 THE DISK IS FULL", "254 GONE", "200 YES\n436 GOOD NIGHT\n(closes)"])?;
    let seen = |sim: &Sim| sim.now().printed(USER).iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    types(&mut sim, "LOGIN SMITH SESAME")?;
    sim.run_for(Span::from_secs(1));
    assert_eq!(seen(&sim).last().map(String::as_str), Some("THE SERVER SAYS: 010 THE DISK IS FULL"));
    assert_eq!(types(&mut sim, "DELETE X")?, ["254 GONE"]);
    types(&mut sim, "QUOTE NOOP")?;
    sim.run_for(Span::from_secs(10));
    let all = seen(&sim);
    let end = [
        "200 YES",
        "THE SERVER SAYS: 436 GOOD NIGHT",
        "the connection is closed: 436 GOOD NIGHT",
        "NOT CONNECTED ANY MORE",
    ];
    assert_eq!(all[all.len() - 4..], end, "who waits for nothing is told, too");
    sim.finish()?;
    Ok(())
}

#[test]
fn who_is_not_told_what_came_of_a_file_there_is_told_what_there_is_now() -> sim::Result {
    let mut sim = net_with(&["230 WELCOME", "250 GO ON", "202 WHAT?", "450 NONE"])?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    let seen = sim.now().printed(USER).len();
    sim.types(USER, "SEND SMALL X")?;
    sim.run_for(Span::from_secs(5));
    sim.types(USER, "ABORT")?;
    sim.run_for(Span::from_secs(5));
    let expected = [
        "202 WHAT?",
        "THE SERVER SAYS THAT THERE IS NOTHING TO STOP, AND NOT HOW IT ENDED",
        "THERE NOW: 450 NONE (X)",
    ];
    assert_eq!(sim.now().printed(USER)[seen..], expected);
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["USER SMITH", "STOR X", "ABOR", "LIST X"]);
    Ok(())
}

#[test]
fn the_last_word_of_a_transfer_that_was_quoted_is_read_when_it_comes() -> sim::Result {
    let mut sim = net_with(&["230 WELCOME", "250 GO ON", "200 YES\n252 THAT IS ALL", "200 YES"])?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    assert_eq!(types(&mut sim, "QUOTE RETR X")?, ["250 GO ON"]);
    assert_eq!(types(&mut sim, "QUOTE NOOP")?, ["200 YES"]);
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed(USER).last(), Some(&"252 THAT IS ALL"));
    assert_eq!(types(&mut sim, "QUOTE NOOP")?, ["200 YES"], "and it answers nothing");
    sim.finish()?;
    Ok(())
}

#[test]
fn many_files_are_got_sent_and_deleted_by_a_pattern() -> sim::Result {
    let mut sim = net(TENEX)?;
    for name in ["A.TXT", "B.TXT", "C.DAT"] {
        assert_eq!(types(&mut sim, &format!("SEND SMALL {name}"))?, ["5 BYTES SENT"]);
    }
    assert_eq!(
        types(&mut sim, "MULTIPLE (COMMAND) GET (FILES) *.TXT")?,
        [
            "GET (FILE) <SMITH>A.TXT (TO FILE) A.TXT",
            "5 BYTES RECEIVED",
            "GET (FILE) <SMITH>B.TXT (TO FILE) B.TXT",
            "5 BYTES RECEIVED",
            "2 FILES"
        ]
    );
    assert_eq!(types(&mut sim, "MULTIPLE GET *.NONE")?, ["NO FILE IS LIKE *.NONE"]);
    assert_eq!(types(&mut sim, "MULTIPLE DELETE <SMITH>")?, [""; 0], "it asks");
    assert_eq!(types(&mut sim, "NO")?, ["NOTHING IS DELETED"]);
    types(&mut sim, "MULTIPLE DELETE *")?;
    assert_eq!(types(&mut sim, "YES")?.last().map(String::as_str), Some("3 FILES"));
    assert_eq!(
        types(&mut sim, "MULTIPLE SEND *.*")?,
        [
            "SEND (FILE) <SMITH>A.TXT (TO FILE) A.TXT",
            "5 BYTES SENT",
            "SEND (FILE) <SMITH>B.TXT (TO FILE) B.TXT",
            "5 BYTES SENT",
            "SEND (FILE) <SMITH>BIG. (TO FILE) BIG.",
            "453 there is not enough room for the file (BIG.)",
            "SEND (FILE) <SMITH>SMALL. (TO FILE) SMALL.",
            "5 BYTES SENT",
            "3 OF 4 FILES; WHY NOT THE OTHERS IS SAID ABOVE"
        ]
    );
    sim.finish()?;
    Ok(())
}

#[test]
fn what_is_chosen_is_told_to_the_server_and_by_status_and_what_cannot_be_done_is_not_asked_for() -> sim::Result
{
    let mut sim = net_with(&["200 IMAGE IT IS", "200 EIGHT", "506 ALWAYS", "100 ALL IS WELL\n200 END"])?;
    for (line, told) in [
        ("TYPE (IS) IMAGE", "200 IMAGE IT IS"),
        ("BYTE (SIZE) 8", "200 EIGHT"),
        ("BYTE 36", "BYTE 36: THIS PROGRAM KNOWS BYTES OF 8 BITS ONLY"),
        ("TYPE EBCDIC", "TYPE EBCDIC: THIS PROGRAM KNOWS ASCII AND IMAGE ONLY"),
        ("MODE BLOCK", "MODE BLOCK: THIS PROGRAM KNOWS STREAM ONLY"),
        ("STRU RECORD", "STRUCTURE RECORD: THIS PROGRAM KNOWS FILE ONLY"),
        ("STRU FILE", "506 ALWAYS"),
    ] {
        assert_eq!(types(&mut sim, line)?, [told], "{line}");
    }
    assert_eq!(
        types(&mut sim, "STATUS")?,
        [
            &format!("CONNECTED TO {PLAIN}"),
            "TYPE IMAGE, BYTE 8, MODE STREAM, STRUCTURE FILE",
            "100 ALL IS WELL",
            "200 END"
        ]
    );
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["TYPE I", "BYTE 8", "STRU F", "STAT"]);
    Ok(())
}

#[test]
fn an_image_comes_back_byte_for_byte_whatever_the_bytes() -> sim::Result {
    let bytes: Vec<u8> = (0..=255).chain(*b"A\nB\rC\r\nD\0\r\0").collect();
    let mut sim = Sim::on("1973-01")?;
    sim.host(TENEX)?.serves_ftp().account("SMITH", "SESAME");
    sim.host(USER)?.runs_ftp().file("<SMITH>ANY.BIN", bytes.clone())?;
    types(&mut sim, &format!("CONNECT {TENEX}"))?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    for line in ["TYPE IMAGE", "BYTE 8"] {
        assert!(types(&mut sim, line)?[0].starts_with("200 "), "{line}");
    }
    let count = bytes.len();
    assert_eq!(types(&mut sim, "SEND ANY.BIN X")?, [format!("{count} BYTES SENT")]);
    assert_eq!(types(&mut sim, "GET X BACK.BIN")?, [format!("{count} BYTES RECEIVED")]);
    let outcome = sim.finish()?;
    for (host, file) in [(TENEX, "<SMITH>X."), (USER, "<SMITH>BACK.BIN")] {
        assert!(outcome.file(host, file)?.is_some_and(|content| *content == bytes), "{file}");
    }
    Ok(())
}

#[test]
fn a_file_that_is_renamed_is_asked_for_by_both_names() -> sim::Result {
    let mut sim = net_with(&["200 THAT ONE", "253 RENAMED", "450 WHICH?"])?;
    assert_eq!(types(&mut sim, "RENAME (FILE) A (TO BE) B")?, ["253 RENAMED"]);
    assert_eq!(types(&mut sim, "RENAME C D")?, ["450 WHICH? (C)"]);
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["RNFR A", "RNTO B", "RNFR C"]);
    Ok(())
}

#[test]
fn nothing_that_a_server_says_makes_the_program_say_more_than_it_knows() -> sim::Result {
    let mut sim = net_with(&["230 WELCOME\n5 BYTES SENT\n252 5 BYTES RECEIVED"])?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    sim.run_for(Span::from_secs(1));
    for said in ["5 BYTES SENT", "252 5 BYTES RECEIVED"] {
        assert!(!sim.now().printed(USER).contains(&said), "{said} is not the program's own word");
    }
    sim.finish()?;
    Ok(())
}
