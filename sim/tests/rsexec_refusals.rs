//! What RSEXEC does about a source that says no: whether it tells it again, for how long, and what it says of a destination
//! that does not obey ABOR. The servers follow a script and move no data.

mod scripted;

use std::rc::Rc;

use ncp::icp::FTP_CONTACT;
use sim::host::Handle;
use sim::{Sim, Span};

use scripted::{Answer, answer_user};

/// What a server says to the transfer command that comes for the first time, for the second, and so on, and to those after
/// these; each reply comes so many seconds later. And what it says to ABOR.
#[derive(Clone, Default)]
struct Script {
    transfers: Vec<Vec<(u64, &'static str)>>,
    abor: &'static [&'static str],
}

/// Plays a server. It prints each transfer command, and what aborts one.
async fn server(host: Handle, script: Rc<Script>) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("the coordinator comes");
    let mut transfers = 0;
    answer_user(&host, duplex, |verb, line| match verb {
        "NOOP" => Answer::Now(&["200 here"]),
        "STAT" => Answer::Now(&["100 a transfer is in progress", "200 that is all"]),
        "ABOR" => {
            host.teletype().print(line);
            Answer::Instead(script.abor)
        }
        _ => {
            host.teletype().print(line);
            let script = script.transfers.get(transfers).or(script.transfers.last());
            transfers += 1;
            Answer::Later(script.cloned().unwrap_or_default())
        }
    })
    .await;
}

/// What came of it.
struct Told {
    /// What RSEXEC has told its user.
    user: Vec<String>,
    /// At which second it was ready for the next line.
    second: u64,
    /// What the servers were told, from the transfer command on.
    source: Vec<String>,
    destination: Vec<String>,
}

/// How long a user waits at the most; a program that goes on for longer never ends.
const LIMIT: Span = Span::from_secs(3600);

/// Has RSEXEC append a file at SITE1 to one at SITE2.
fn append(source: Script, destination: Script) -> sim::Result<Told> {
    let mut sim = Sim::on("three-imps")?;
    for (name, script) in [("SITE1", Rc::new(source)), ("SITE2", Rc::new(destination))] {
        sim.host(name)?.runs("server", move |host| server(host, script.clone()));
    }
    sim.host("SITE3")?.runs_rsexec().knows("SITE1", "SMITH", "BLUE").knows("SITE2", "JONES", "GREEN");
    sim.types("SITE3", "APPEND [SITE1]A.B [SITE2]C.D")?;
    sim.wait_until("RSEXEC is done", LIMIT, |now| {
        now.host("SITE3").is_some_and(|host| !host.is_busy_with_a_line())
    })?;
    let second = sim.now().time().as_micros() / 1_000_000;
    let outcome = sim.finish()?;
    let printed = |host: &str| -> sim::Result<Vec<String>> {
        Ok(outcome.printed(host)?.into_iter().map(str::to_owned).collect())
    };
    Ok(Told { user: printed("SITE3")?, second, source: printed("SITE1")?, destination: printed("SITE2")? })
}

/// A destination that stores what comes, and stops if it is told to.
fn willing() -> Script {
    Script { transfers: vec![vec![(0, "250 go"), (20, "252 stored")]], abor: &["201 stopped"] }
}

fn source(transfers: &[&[(u64, &'static str)]]) -> Script {
    Script { transfers: transfers.iter().map(|one| one.to_vec()).collect(), abor: &["201 stopped"] }
}

#[test]
fn a_source_whose_first_request_came_too_early_is_told_once_more() -> sim::Result {
    let told = append(source(&[&[(0, "454 refused")], &[(0, "250 go"), (3, "252 sent")]]), willing())?;
    assert_eq!(told.user, ["[SITE1] 252 sent", "[SITE2] 252 stored", "APPENDED"]);
    assert_eq!(told.source, ["RETR A.B", "RETR A.B"]);
    assert_eq!(told.destination, ["APPE C.D"], "it has not been disturbed");
    Ok(())
}

/// It is told again within a bound, and then its user is told: a destination does not wait for longer than two minutes.
#[test]
fn a_source_that_is_refused_again_and_again_is_not_told_for_ever() -> sim::Result {
    let patient = Script { transfers: vec![vec![(0, "250 go")]], ..willing() };
    let told = append(source(&[&[(0, "454 refused")]]), patient)?;
    assert_eq!(told.user.first().map(String::as_str), Some("[SITE1] RETR A.B: 454 refused"));
    assert!(told.second <= 130, "the user waits for {} s", told.second);
    let times = told.source.iter().filter(|line| *line == "RETR A.B").count();
    assert!((2..=20).contains(&times), "told {times} times");
    assert_eq!(told.destination, ["APPE C.D", "ABOR"], "and the destination is told that nothing comes");
    Ok(())
}

/// The destination has waited for as long as it waits: a request would come to nobody.
#[test]
fn a_source_that_is_refused_after_two_minutes_is_not_told_again() -> sim::Result {
    let patient = Script { transfers: vec![vec![(0, "250 go")]], ..willing() };
    let told = append(source(&[&[(125, "454 nobody there")], &[(0, "250 go"), (3, "252 sent")]]), patient)?;
    assert_eq!(told.user.first().map(String::as_str), Some("[SITE1] RETR A.B: 454 nobody there"));
    assert_eq!(told.source, ["RETR A.B"]);
    assert_eq!(told.destination, ["APPE C.D", "ABOR"]);
    Ok(())
}

#[test]
fn any_other_refusal_is_final() -> sim::Result {
    for no in ["450 no file", "451 no access", "452 cut off", "506 no RETR here"] {
        let told = append(source(&[&[(0, no)], &[(0, "250 go"), (3, "252 sent")]]), willing())?;
        assert_eq!(told.source, ["RETR A.B"], "{no}");
        assert_eq!(told.user, [&format!("[SITE1] RETR A.B: {no}"), "NOT DONE"]);
    }
    Ok(())
}

/// A source that has no file has sent nothing: whatever becomes of the ABOR, no file is changed.
#[test]
fn an_abort_that_fails_leaves_no_doubt_if_nothing_can_have_been_sent() -> sim::Result {
    for (abor, silence) in [
        (&["506 no ABOR here"][..], "[SITE2] ABOR: 506 no ABOR here"),
        (&[], "[SITE2] ABOR: NO REPLY FOR 150S"),
    ] {
        let destination = Script { transfers: vec![vec![(0, "250 go")]], abor };
        let told = append(source(&[&[(1, "450 no file")]]), destination)?;
        assert_eq!(told.user, [silence, "[SITE1] RETR A.B: 450 no file", "NOT DONE"]);
    }
    Ok(())
}

/// If something may have been sent, there is doubt.
#[test]
fn an_abort_that_fails_leaves_a_doubt_if_something_has_been_sent() -> sim::Result {
    for (abor, silence) in [
        (&["506 no ABOR here"][..], "[SITE2] ABOR: 506 no ABOR here"),
        (&[], "[SITE2] ABOR: NO REPLY FOR 150S"),
    ] {
        let destination = Script { transfers: vec![vec![(0, "250 go")]], abor };
        let told = append(source(&[&[(0, "250 go"), (1, "452 cut off")]]), destination)?;
        let doubt = "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D";
        assert_eq!(told.user, [silence, "[SITE1] RETR A.B: 452 cut off", doubt]);
    }
    Ok(())
}

/// What is typed where a name is asked for may be a command with a password in it, which no server is to read as a name.
#[test]
fn a_command_that_is_typed_where_a_name_is_asked_for_is_no_name_and_is_obeyed() -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    for site in ["SITE1", "SITE2"] {
        sim.host(site)?.serves_ftp().account("SMITH", "BLUE").file("<SMITH>A.B", "XXX")?;
    }
    sim.host("SITE3")?.runs_rsexec();
    let mut types = |line: &str| -> sim::Result<(String, Vec<String>)> {
        let seen = sim.now().printed("SITE3").len();
        sim.types("SITE3", line)?;
        sim.wait_until(line, LIMIT, |now| now.host("SITE3").is_some_and(|host| !host.is_busy_with_a_line()))?;
        let now = sim.now();
        let asks = now.host("SITE3").and_then(|host| host.asks()).map(|asks| asks.text.trim().to_owned());
        let printed = now.printed("SITE3");
        Ok((asks.unwrap_or_default(), printed[seen..].iter().map(|line| (*line).to_owned()).collect()))
    };
    let append = "APPEND [SITE1]A.B [SITE2]C.D";
    let (asks, _) = types(append)?;
    assert_eq!(asks, "USER NAME AT SITE1:");
    for (line, told) in [
        ("LOGIN SITE1 SMITH BLUE", &["NOT DONE"][..]),
        ("", &["NOT DONE"]),
        ("MY NAME IS SMITH", &["NOT DONE", "MY? TYPE HELP"]),
    ] {
        let (asks, printed) = types(line)?;
        assert_eq!(printed, told, "{line}");
        assert_eq!(asks, "_", "{line} ends the question");
        let (asks, _) = types(append)?;
        assert_eq!(
            asks, "USER NAME AT SITE2:",
            "what was typed for the name of SITE1 is its account now: {line}"
        );
    }
    let (asks, _) = types("SMITH")?;
    assert_eq!(asks, "PASSWORD:");
    let (_, printed) = types("BLUE")?;
    assert_eq!(printed.last().map(String::as_str), Some("APPENDED"));
    Ok(())
}
