//! The largest net that 1822 can address, and what happens when all of it is busy at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use host::Note;
use imp::Net;
use imp1822::HostAddress;
use scenario::ast::Scenario;
use sim::{Options, Outcome, replay};
use trace::{Keep, What};

mod full_net;

use full_net::{HOSTS, IMPS, crowd, full_net, server_of};

/// How many bytes the file of the pair with this number has: from none to 12,700, so that no two files are alike.
fn length(pair: usize) -> usize {
    pair * 100
}

/// A scenario in which each of the hosts 128 to 255 fetches a file from one of the hosts 0 to 127, or, every second
/// one, appends its file to one there that does not exist yet; all of them at once. No user's server is on the user's own IMP.
fn all_at_once() -> String {
    let pairs = || (0..128_usize).map(|pair| (pair, 128 + pair, (pair * 5 + 17) % 128));
    let mut text = "title All at once\nnet full\nlimit 60min\n".to_owned();
    for (pair, user, server) in pairs() {
        let length = length(pair);
        let (at_server, at_user) = match pair % 2 {
            0 => (format!("\n  file <S>DATA of {length} bytes"), String::new()),
            _ => (String::new(), format!("\n  file <S>DATA of {length} bytes")),
        };
        let _ = writeln!(text, "host H{server} serves ftp account S password P{at_server}");
        let _ = writeln!(text, "host H{user} runs ftp{at_user}");
    }
    pairs().for_each(|(_, user, server)| {
        let _ = writeln!(text, "H{user} types CONNECT H{server}");
    });
    pairs().for_each(|(_, user, _)| {
        let _ = writeln!(text, "H{user} types LOGIN S P");
    });
    for (pair, user, _) in pairs() {
        let command = if pair % 2 == 0 { "GET DATA <S>COPY" } else { "APPEND <S>DATA COPY" };
        let _ = writeln!(text, "H{user} types {command}");
    }
    for (pair, user, server) in pairs() {
        let (from, to) = if pair % 2 == 0 { (server, user) } else { (user, server) };
        let _ = writeln!(text, "expect H{to} file <S>COPY same as H{from} <S>DATA");
    }
    text
}

fn net() -> Net {
    scenario::parse_net("full.net", &full_net())
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

fn scenario(text: &str) -> Scenario {
    let nets = |name: &str| (name == "full").then(full_net);
    scenario::parse("all-at-once.scenario", text, &nets)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

#[test]
fn the_full_net_has_every_address_and_two_or_three_lines_at_each_imp() {
    let net = net();
    let addresses: BTreeSet<u8> = net.hosts.iter().map(|host| host.address.number()).collect();
    assert_eq!((net.imps.len(), net.hosts.len(), addresses.len()), (64, 256, 256));
    for imp in &net.imps {
        let lines = net.lines.iter().filter(|line| line.between.contains(&imp.number)).count();
        assert!((2..=3).contains(&lines), "IMP {} has {lines} lines", imp.number);
    }
    assert!(net.hops_to(0).iter().all(Option::is_some), "everybody can reach IMP 0");
}

#[test]
fn a_hundred_and_twenty_eight_transfers_at_once_all_arrive_whole() {
    let text = all_at_once();
    let scenario = scenario(&text);
    assert_eq!(scenario.hosts.len(), 256, "every host takes part");
    let Outcome { verdict, end, counts, held, .. } =
        replay(&scenario, Options { keep: Keep::Digest, watch: imp::Watch::Nothing });
    println!("{held} files whole at {end} s of virtual time: {counts:?}");
    if let Err(failure) = verdict {
        panic!("{failure:?}");
    }
    assert_eq!(held, 128, "each file is looked at");
    // One after the other, the bytes alone would keep a line busy for longer.
    let bits: usize = (0..128).map(|pair| length(pair) * 8).sum();
    let alone = machine::Rate::kilobits(50).time_for(bits as u64);
    assert!(end.as_micros() < alone.as_micros(), "{end} s is not all at once: {alone}");
}

#[test]
fn who_does_not_get_a_file_in_a_net_that_is_too_busy_is_told_so() {
    let scenario = scenario(&(crowd() + "at the end every user was told the truth\n"));
    let outcome = replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing });
    if let Err(failure) = &outcome.verdict {
        panic!("{failure:?}");
    }
    let mut told: BTreeMap<HostAddress, Vec<&str>> = BTreeMap::new();
    for record in &outcome.records {
        if let What::Note { host, note: Note::Printed(line) } = &record.what {
            told.entry(*host).or_default().push(line);
        }
    }
    let mut failed = 0;
    for user in 0..IMPS * HOSTS {
        let lines = &told[&HostAddress::from(user as u8)];
        let says = |words: &str| lines.iter().any(|line| line.contains(words));
        let copy = outcome.file(&format!("H{user}"), "<S>COPY").expect("there is such a host");
        let source = outcome.file(&format!("H{}", server_of(user)), "<S>DATA").expect("there is such a host");
        assert_eq!(copy == source, says("20000 BYTES RECEIVED"), "H{user} was told {lines:?}");
        if copy != source {
            failed += 1;
            assert_eq!(copy, None, "nothing is kept of half a file");
            // What the subnet has done to its own messages a host knows, and tells its user or the other's. Of a control
            // connection whose other end breaks it off, forgets it, or closes it because the one for the answers has broken, it
            // knows no more than that.
            let known = says("because a message was lost in the subnet")
                || says("because the net is too busy")
                || says("because the IMP did not say what became of a message");
            let known_there = says("the connection is broken: reset")
                || lines.contains(&"the connection is closed")
                || says("the connection is broken: broken off, text may be missing");
            assert!(known || known_there, "H{user} was told {lines:?}");
        }
    }
    assert!(
        (1..128).contains(&failed),
        "{failed} files did not arrive: the net is to be too busy, and to work"
    );
}
