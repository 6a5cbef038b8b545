//! The tables of hosts, noted as they change, are what the hosts themselves would show at that moment.

use std::cell::Cell;
use std::rc::Rc;

use sim::host::Note;
use sim::scenario::library;
use sim::trace::{Record, What};
use sim::{HostTable, Options, Outcome, Prepared, Result, TableChange};

fn replayed(text: &str) -> Result<Outcome> {
    let prepared = Prepared::parse(text)?;
    let outcome = prepared.replay_with_tables(prepared.scenario().seed, Options::RECORDS);
    let plain = prepared.replay(Options::RECORDS);
    assert_eq!(outcome.digest, plain.digest, "who looks at tables changes nothing");
    assert!(plain.tables.is_empty(), "nobody has looked");
    Ok(outcome)
}

#[test]
fn who_watches_a_long_replay_with_tables_is_told_how_far_it_is_and_changes_nothing() -> Result {
    let prepared = Prepared::parse(library::scenario("measure-round-trip").expect("it is built in"))?;
    let (seed, told) = (prepared.scenario().seed, Rc::new(Cell::new(None)));
    let seen = Rc::clone(&told);
    let tell = Box::new(move |now| {
        assert!(seen.get() < Some(now), "time goes on");
        seen.set(Some(now));
    });
    let watched = prepared.replay_with_tables_and_progress(seed, Options::EVERYTHING, tell);
    assert!(told.get().is_some_and(|last| last <= watched.end), "something is told before the end");
    let plain = prepared.replay_with_tables(seed, Options::EVERYTHING);
    assert_eq!((watched.digest, watched.tables), (plain.digest, plain.tables));
    Ok(())
}

/// The tables of a host at the record of this number.
fn at<'a>(outcome: &'a Outcome, host: &str, number: u64) -> Option<&'a HostTable> {
    let host = outcome.names.hosts().address(host)?;
    let of_host = outcome.tables.iter().filter(|change| change.host == host);
    of_host.take_while(|change| change.since <= number).last().map(|TableChange { table, .. }| table)
}

#[test]
fn at_each_record_the_tables_are_those_that_a_step_of_the_scenario_prints_there() -> Result {
    let text = library::scenario("rfc438-append").expect("it is built in");
    let (heading, _) = text.split_once("SITE3 sees").expect("it waits for the end");
    // The same run, looked at by its operators while it goes on: at login, when a socket is promised, when data flow, at the end.
    for moment in ["200ms", "530ms", "600ms", "710ms", "800ms"] {
        let looked = format!(
            "{heading}at {moment} SITE3 netstat\nat {moment} SITE1 netstat\nat {moment} SITE2 netstat\n\
             within 10min SITE3 sees APPENDED\n"
        );
        let outcome = replayed(&looked)?;
        outcome.verdict.clone()?;
        for host in ["SITE1", "SITE2", "SITE3"] {
            let address = outcome.names.hosts().address(host);
            let looks = |record: &Record| match &record.what {
                What::Note { host, note: Note::Printed(line) } => {
                    Some(*host) == address && line.contains("FOREIGN HOST")
                }
                _ => false,
            };
            let number = outcome.records.iter().position(looks).expect("the operator has looked") as u64;
            let listing = at(&outcome, host, number).expect("the host is up").listing(outcome.names.hosts());
            let printed = outcome.printed(host)?;
            let begins = printed.iter().position(|line| line.contains("FOREIGN HOST")).unwrap_or_default();
            assert_eq!(printed[begins..begins + listing.len()], listing, "{host} at {moment}");
        }
    }
    Ok(())
}

#[test]
fn servers_users_and_the_coordinator_show_what_they_know_and_no_password() -> Result {
    let outcome = replayed(library::scenario("rfc438-append").expect("it is built in"))?;
    let shown = |host: &str| -> Vec<String> {
        let host = outcome.names.hosts().address(host).expect("it is in the net");
        let of_host = outcome.tables.iter().filter(|change| change.host == host);
        let programs = of_host.flat_map(|change| &change.table.programs);
        let rows = programs.flat_map(|shown| shown.rows.iter().map(move |row| (&shown.title, row)));
        rows.map(|(title, (name, value))| format!("{title}: {name}: {value}")).collect()
    };
    let says = |host: &str, what: &str| {
        let shown = shown(host);
        assert!(shown.iter().any(|row| row.contains(what)), "{host} shows {what}: {shown:#?}");
    };
    says("SITE1", "FTP server for SITE3: logged in: nobody yet");
    says("SITE1", "FTP server for SITE3: logged in: SMITH");
    says("SITE1", "to send: connect socket 8193 to 2,57144");
    says("SITE1", "transfer: retrieve: data flow");
    says("SITE2", "to receive: listen on socket 57144");
    says("SITE2", "to receive: listen on socket 57144 for 1,8193");
    says("SITE2", "transfer: append: waits for its connection");
    says("SITE3", "dialogue with SITE1: asked last: RETR PROG1.PL1");
    says("SITE3", "dialogue with SITE1: answered: nothing yet");
    says("SITE3", "dialogue with SITE1: answered: 250 transfer started");
    says("SITE3", "X, the data socket of the destination: 57144");
    says("SITE3", "Y, the data socket of the source: 8193");
    for host in ["SITE1", "SITE2", "SITE3"] {
        let of_host = outcome.names.hosts().address(host);
        let last = outcome.tables.iter().rfind(|change| Some(change.host) == of_host).expect("it has tables");
        assert_eq!(last.table.programs, [], "at the end nobody is at anything");
        for password in ["BLUE", "GREEN"] {
            assert!(!shown(host).iter().any(|row| row.contains(password)), "{host} shows a password");
        }
    }
    Ok(())
}
