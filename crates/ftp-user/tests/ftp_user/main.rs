//! The program that a person types to, as it goes on after what went wrong.

#[expect(dead_code, reason = "the tests of the hosts need more of it")]
#[path = "../../../host/tests/host/net.rs"]
mod net;

use std::sync::Arc;

use ftp::Edition;
use host::{Accounts, Directory, Files, Naming, PathName, Program, Settings};
use imp1822::HostAddress;
use machine::Span;

use crate::net::Net;

const USER: u8 = 1;
const SERVER: u8 = 2;

/// The size of the server's disk, in bytes.
const DISK: usize = 10_000;

fn path(text: &str, naming: Naming) -> PathName {
    naming.parse(text, Some("SMITH")).expect("a path name")
}

/// A net in which Smith has logged in to a server whose files are named in this way.
fn net(naming: Naming) -> Net {
    let mut net = Net::new();
    let mut accounts = Accounts::default();
    accounts.add("SMITH", "SESAME");
    let programs = vec![Program::new("server", |host| ftp_server::serve(host, Edition::Rfc438))];
    let mut files = Files::new(naming, DISK);
    if naming == Naming::Plain {
        files.put(path("my  data", naming), b"XXX".to_vec());
    }
    net.add(SERVER, Settings { accounts, files, programs, ..Settings::default() });
    let mut directory = Directory::default();
    directory.add("SERVER", HostAddress::from(SERVER));
    let mut files = Files::default();
    for (name, length) in [("BIG", 10 * DISK), ("SMALL", 5)] {
        files.put(path(name, Naming::Tenex), vec![b'X'; length]);
    }
    let programs = vec![Program::new("FTP user", ftp_user::run)];
    net.add(USER, Settings { directory: Arc::new(directory), files, programs, ..Settings::default() });
    assert_eq!(types(&mut net, "CONNECT SERVER"), ["CONNECTED TO SERVER"]);
    assert_eq!(types(&mut net, "LOGIN SMITH SESAME").len(), 1);
    net
}

/// What the program prints to a line before it waits for the next.
fn types(net: &mut Net, line: &str) -> Vec<String> {
    let seen = net.paper(USER).len();
    net.types(USER, line);
    net.wait_for(line, Span::from_secs(60), |net| net.paper(USER).len() > seen);
    net.paper(USER)[seen..].iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn a_transfer_follows_at_once_on_one_that_was_broken_off() {
    let mut net = net(Naming::Tenex);
    assert_eq!(types(&mut net, "SEND BIG BIG"), ["453 there is not enough room for the file"]);
    assert_eq!(types(&mut net, "SEND SMALL SMALL"), ["5 BYTES SENT"]);
    assert!(net.host(SERVER).read_file("<SMITH>SMALL.").is_some_and(|content| *content == b"XXXXX"));
}

#[test]
fn what_was_said_of_a_transfer_is_no_part_of_the_next_answer() {
    let mut net = net(Naming::Tenex);
    for (transfer, came) in [
        ("SEND SMALL SMALL", "5 BYTES SENT"),
        ("GET SMALL COPY", "5 BYTES RECEIVED"),
        ("SEND BIG BIG", "453 there is not enough room for the file"),
        ("GET NONE COPY", "450 there is no such file"),
        ("LIST", "<SMITH>SMALL.        5 BYTES ON DISK"),
    ] {
        assert_eq!(types(&mut net, transfer), [came]);
        assert_eq!(types(&mut net, "QUOTE NOOP"), ["200 at your service"], "after {transfer}");
    }
}

#[test]
fn a_name_that_ends_the_line_may_have_blanks_in_it() {
    let mut net = net(Naming::Plain);
    let listed = "<SMITH>my  data        3 BYTES ON DISK";
    for line in ["LIST", "LIST my  data", "  list   <SMITH>my  data  "] {
        assert_eq!(types(&mut net, line), [listed], "{line}");
    }
    assert_eq!(types(&mut net, "DELETE"), ["DELETE WHAT? TYPE HELP"]);
    assert_eq!(types(&mut net, "DELETE my  data"), ["254 <SMITH>my  data is deleted"]);
}
