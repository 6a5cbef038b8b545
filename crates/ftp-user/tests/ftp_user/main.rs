//! The program that a person types to, as it goes on after what went wrong.

mod control;
mod dialogue;
mod in_step;
mod odd_manners;
mod odd_server;
mod other_counts;
mod person;
mod typed;
mod while_it_runs;

use sim::{Sim, Span};

/// Where the person types. The files of a TENEX have the names of TENEX.
const USER: &str = "BBN-TENEX";

/// A server with such names, too.
const TENEX: &str = "SRI-ARC";

/// A server at which almost anything is a name.
const PLAIN: &str = "SU-AI";

/// The size of the server's disk, in bytes.
const DISK: usize = 10_000;

/// A net in which Smith has logged in to a server.
fn net(server: &str) -> sim::Result<Sim> {
    let mut sim = Sim::on("1973-01")?;
    let there = sim.host(server)?.serves_ftp().account("SMITH", "SESAME").disk(DISK);
    if server == PLAIN {
        there.file("<SMITH>my  data", "XXX")?;
    }
    let here = sim.host(USER)?.runs_ftp();
    here.file("<SMITH>BIG", [b'X'; 10 * DISK])?.file("<SMITH>SMALL", "XXXXX")?;
    assert_eq!(types(&mut sim, &format!("CONNECT {server}"))?, [format!("CONNECTED TO {server}")]);
    assert_eq!(types(&mut sim, "LOGIN SMITH SESAME")?.len(), 1);
    Ok(sim)
}

/// What the program prints to a line before it waits for the next.
fn types(sim: &mut Sim, line: &str) -> sim::Result<Vec<String>> {
    let seen = sim.now().printed(USER).len();
    sim.types(USER, line)?;
    sim.wait_until(line, Span::from_secs(60), |now| {
        now.host(USER).is_some_and(|host| !host.is_busy_with_a_line())
    })?;
    Ok(sim.now().printed(USER)[seen..].iter().map(|line| (*line).to_owned()).collect())
}

/// The same, but who is asked whether a file is to be replaced says yes.
fn types_and_replaces(sim: &mut Sim, line: &str) -> sim::Result<Vec<String>> {
    let mut said = types(sim, line)?;
    if sim.now().host(USER).and_then(|host| host.asks()).is_some_and(|asks| asks.text.contains("REPLACE")) {
        said.extend(types(sim, "YES")?);
    }
    Ok(said)
}

#[test]
fn a_transfer_follows_at_once_on_one_that_was_broken_off() -> sim::Result {
    let mut sim = net(TENEX)?;
    assert_eq!(types(&mut sim, "SEND BIG BIG")?, ["453 there is not enough room for the file (BIG)"]);
    assert_eq!(types(&mut sim, "SEND SMALL SMALL")?, ["5 BYTES SENT"]);
    assert!(sim.finish()?.file(TENEX, "<SMITH>SMALL.")?.is_some_and(|content| *content == b"XXXXX"));
    Ok(())
}

#[test]
fn what_was_said_of_a_transfer_is_no_part_of_the_next_answer() -> sim::Result {
    let mut sim = net(TENEX)?;
    for (transfer, came) in [
        ("SEND SMALL SMALL", "5 BYTES SENT"),
        ("GET SMALL COPY", "5 BYTES RECEIVED"),
        ("SEND BIG BIG", "453 there is not enough room for the file (BIG)"),
        ("GET NONE ANOTHER", "450 there is no such file (NONE)"),
        ("LIST", "<SMITH>SMALL.        5 BYTES ON DISK"),
    ] {
        assert_eq!(types(&mut sim, transfer)?, [came]);
        assert_eq!(types(&mut sim, "QUOTE NOOP")?, ["200 at your service"], "after {transfer}");
    }
    sim.finish()?;
    Ok(())
}

#[test]
fn a_name_that_ends_the_line_may_have_blanks_in_it() -> sim::Result {
    let mut sim = net(PLAIN)?;
    let listed = "<SMITH>my  data        3 BYTES ON DISK";
    for line in ["LIST", "LIST my  data", "  list   <SMITH>my  data  "] {
        assert_eq!(types(&mut sim, line)?, [listed], "{line}");
    }
    assert_eq!(types(&mut sim, "DELETE")?, ["DELETE WHAT? TYPE HELP"]);
    assert_eq!(types(&mut sim, "DELETE my  data")?, ["254 <SMITH>my  data is deleted"]);
    sim.finish()?;
    Ok(())
}
