//! What a person has of the program that a script has not: questions before a file is lost, and words while nothing comes.

use ftp_user::Typist;
use host::{Handle, INTERRUPT};
use ncp::icp::FTP_CONTACT;
use sim::{Sim, Span};

use crate::{PLAIN, TENEX, USER, types};

/// A person at a plain host who is logged in at a server.
fn net(server: &str, typist: Typist) -> sim::Result<Sim> {
    let mut sim = Sim::on("1973-01")?;
    let there = sim.host(server)?.serves_ftp().account("SMITH", "SESAME");
    there.file("<SMITH>OLD", "OLD")?.file("<SMITH>LONG", vec![b'X'; 1_000_000])?;
    let here = sim.host(USER)?.runs("FTP user", move |host| ftp_user::run(host, typist));
    here.file("<SMITH>NEW", "THE NEW")?.file("<SMITH>OLD", "THE NEW")?;
    types(&mut sim, &format!("CONNECT {server}"))?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    Ok(sim)
}

#[test]
fn a_person_who_would_replace_a_file_there_is_asked_before_and_anything_but_yes_leaves_it() -> sim::Result {
    let mut sim = net(PLAIN, Typist::Person)?;
    let asks = |sim: &Sim| sim.now().host(USER).and_then(|host| host.asks()).map(|asks| asks.text);
    let content = |sim: &Sim| sim.now().host(PLAIN).and_then(|host| host.read_file("<SMITH>OLD"));
    for (answer, told) in
        [("NO", "OLD STAYS AS IT IS"), ("", "OLD STAYS AS IT IS"), ("QUOTE NOOP", "200 at your service")]
    {
        assert_eq!(types(&mut sim, "SEND NEW OLD")?, [""; 0], "it asks");
        assert_eq!(asks(&sim).as_deref(), Some("OLD IS THERE. REPLACE IT? (YES OR NO) "));
        assert_eq!(types(&mut sim, answer)?.last().map(String::as_str), Some(told), "{answer}");
        assert!(content(&sim).is_some_and(|content| *content == b"OLD"), "{answer}");
    }
    types(&mut sim, "SEND NEW OLD")?;
    assert_eq!(types(&mut sim, "YES")?, ["7 BYTES SENT"]);
    assert!(content(&sim).is_some_and(|content| *content == b"THE NEW"));
    // What loses nothing is not asked.
    assert_eq!(types(&mut sim, "APPEND NEW OLD")?, ["7 BYTES SENT"]);
    assert_eq!(types(&mut sim, "SEND NEW OTHER")?, ["7 BYTES SENT"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn of_many_files_a_person_is_asked_for_each_that_would_be_lost() -> sim::Result {
    let mut sim = net(PLAIN, Typist::Person)?;
    // The names of a TENEX have their dot.
    types(&mut sim, "SEND OLD OLD.")?;
    let asks = "SEND (FILE) <SMITH>OLD. (TO FILE) OLD.";
    assert_eq!(types(&mut sim, "MULTIPLE SEND <SMITH>")?.last().map(String::as_str), Some(asks), "it asks");
    let refused = types(&mut sim, "NO")?;
    assert_eq!(refused, ["OLD. STAYS AS IT IS", "1 OF 2 FILES; WHY NOT THE OTHERS IS SAID ABOVE"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_script_replaces_what_it_says() -> sim::Result {
    let mut sim = net(PLAIN, Typist::Script)?;
    assert_eq!(types(&mut sim, "SEND NEW OLD")?, ["7 BYTES SENT"]);
    assert!(sim.now().messages(USER, PLAIN).iter().all(|said| !said.starts_with("LIST")), "nobody looks");
    sim.finish()?;
    Ok(())
}

#[test]
fn the_key_that_interrupts_stops_a_transfer_and_nothing_else() -> sim::Result {
    let mut sim = net(TENEX, Typist::Person)?;
    let seen = sim.now().printed(USER).len();
    sim.types(USER, "GET LONG COPY")?;
    sim.run_for(Span::from_secs(20));
    let said = types(&mut sim, INTERRUPT)?;
    assert!(said.last().is_some_and(|last| last.starts_with("STOPPED AFTER ")), "{said:?}");
    assert!(sim.now().printed(USER)[seen..].len() < 4, "{said:?}");
    assert_eq!(types(&mut sim, INTERRUPT)?, ["NO TRANSFER IS UNDER WAY"]);
    assert_eq!(types(&mut sim, "QUOTE NOOP")?, ["200 at your service"]);
    assert_eq!(sim.finish()?.file(USER, "<SMITH>COPY.")?, None);
    Ok(())
}

/// Lets a user in and then does nothing.
async fn mute(host: Handle) {
    let _user = host.serve(FTP_CONTACT).accept().await.open().await;
    host.sleep(Span::from_secs(3600)).await;
}

#[test]
fn who_waits_for_more_than_a_few_seconds_is_told_for_what() -> sim::Result {
    let mut sim = Sim::on("1973-01")?;
    sim.host(PLAIN)?.runs("server", mute);
    sim.host(USER)?.runs("FTP user", |host| ftp_user::run(host, Typist::Person));
    let connected = types(&mut sim, "CONNECT MIT-AI")?;
    assert_eq!(connected, ["WAITING FOR MIT-AI, FOR 5 SECONDS SO FAR", "CONNECTED TO MIT-AI"]);
    sim.types(USER, "QUOTE NOOP")?;
    sim.run_for(Span::from_secs(40));
    let told = sim.now().printed(USER)[2..].to_vec();
    assert_eq!(
        told,
        [
            "WAITING FOR MIT-AI TO ANSWER, FOR 5 SECONDS SO FAR",
            "WAITING FOR MIT-AI TO ANSWER, FOR 35 SECONDS SO FAR"
        ]
    );
    sim.finish()?;
    Ok(())
}
