//! Two processes on real cables: hosts of ours at the IMPs of a live net. Real time passes here, and nowhere else in
//! the tests: whatever is waited for must come within a minute.

mod processes;

use std::io::Write;
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::Command;

use imp1822::h316::{ImpEnd, Input, Output};
use imp1822::{FromImp, Incomplete, Signal, ToImp};
use machine::{Instant, Machine};
use processes::{Arpanet, at, in_background, ports};

/// A folder of a test's own, which goes away with it.
fn folder(name: &str) -> tempfile::TempDir {
    let made = tempfile::Builder::new().prefix(name).tempdir_in(env!("CARGO_TARGET_TMPDIR"));
    made.expect("there is room for tests")
}

/// A file of this content.
fn file(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("it can be written");
    path
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().expect("it is text")
}

#[test]
#[cfg(unix)]
fn rfc_438_appends_a_simulated_sites_file_to_one_of_a_site_in_another_process() {
    let [imp, site2] = ports();
    let scenario = format!(
        "\
title Append to a file that is elsewhere
net three-imps
host SITE1  serves ftp  account SMITH password BLUE
  file <SMITH>PROG1.PL1
    | SECOND
host SITE2  external port {imp} to 127.0.0.1:{site2}
host SITE3  runs rsexec
  knows SITE1 as SMITH password BLUE
  knows SITE2 as JONES password GREEN
at 2s SITE3 types APPEND (FILE) [SITE1]PROG1.PL1 (TO FILE) [SITE2]PROG2.PL1
within 40s SITE3 sees APPENDED
+1s expect SITE1 -> SITE2 data 8 x 8 bits
+1s expect SITE1 has no connections
expect SITE2 -> SITE3  RST
"
    );
    let scenario = file("append.scenario", &scenario);
    let folder = folder("append");
    let (disk, accounts) = (folder.path().join("disk"), folder.path().join("accounts"));
    std::fs::create_dir_all(disk.join("jones")).expect("it is new");
    std::fs::write(disk.join("jones/prog2.pl1"), "FIRST\n").expect("it can be written");
    let (mut account, mut keyboard) = Arpanet::typed_to(&["account", "jones", "--file", text(&accounts)]);
    keyboard.write_all(b"GREEN\n").expect("it reads");
    account.says("JONES can log in now");
    let imps_at = at(imp);
    let mut host = Arpanet::host(
        "SITE2",
        &imps_at,
        site2,
        &["--serve-ftp", "--accounts", text(&accounts), "--folder", text(&disk)],
    );
    host.says("Ctrl-C takes it down");
    let mut net = Arpanet::start(&["net", text(&scenario), "--live"]);
    host.says("is ready");
    net.says("SITE3 sees");
    host.says("<JONES>PROG2.PL1;1 of 15 bytes");
    // The host elsewhere does not know who was at its cable before.
    net.says("all 3 expectations hold");
    assert_eq!(net.ends(), Some(0), "{:?}", net.seen);
    host.interrupt();
    host.says("SITE2 is down");
    assert_eq!(host.ends(), Some(0));
    let appended = std::fs::read_to_string(disk.join("jones/prog2.pl1")).expect("it is there");
    assert_eq!(appended, "FIRST\nSECOND\n");
}

/// Carries datagrams between a host and its IMP: loses the first of each direction, and doubles all others.
fn rough_relay(imp: u16, host: u16) -> (u16, u16) {
    let (for_imp, for_host) = (UdpSocket::bind("127.0.0.1:0"), UdpSocket::bind("127.0.0.1:0"));
    let (for_imp, for_host) = (for_imp.expect("a free port"), for_host.expect("a free port"));
    let port = |socket: &UdpSocket| socket.local_addr().expect("it is bound").port();
    let places = (port(&for_imp), port(&for_host));
    let clone = |socket: &UdpSocket| socket.try_clone().expect("it can be cloned");
    let (back_imp, back_host) = (clone(&for_imp), clone(&for_host));
    in_background(move || carry(&for_host, &for_imp, imp));
    in_background(move || carry(&back_imp, &back_host, host));
    places
}

fn carry(from: &UdpSocket, to: &UdpSocket, port: u16) {
    let mut buffer = [0; 65_536];
    for number in 0.. {
        let Ok((length, _)) = from.recv_from(&mut buffer) else { continue };
        let copies = if number < 1 { 0 } else { 2 };
        for _ in 0..copies {
            let _ = to.send_to(&buffer[..length], ("127.0.0.1", port));
        }
    }
}

#[test]
#[cfg(unix)]
fn a_file_is_fetched_through_a_rough_relay_and_a_flood_of_garbage() {
    let [imp1, site1, imp3, site3] = ports();
    // The IMP and the host each take the relay for the other.
    let (relay_for_imp, relay_for_host) = rough_relay(imp3, site3);
    let content = file("notes.txt", "ONE\nTWO\n");
    let mut net = Arpanet::start(&[
        "net",
        "three-imps",
        "--live",
        "--external",
        &format!("SITE1={imp1}:127.0.0.1:{site1}"),
        "--external",
        &format!("SITE3={imp3}:127.0.0.1:{relay_for_imp}"),
    ]);
    net.says("SITE3 is awaited");
    let (imp_of_1, disk) = (at(imp1), format!("<SMITH>A.B={}", text(&content)));
    let mut server = Arpanet::host(
        "SITE1",
        &imp_of_1,
        site1,
        &["--serve-ftp", "--account", "SMITH:BLUE", "--file", &disk, "--policy", "plain"],
    );
    server.says("is ready");
    // Datagrams from elsewhere are not taken at these ports; not even by a port that is not connected yet.
    let stranger = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    for number in 0..2000_u32 {
        for port in [imp1, site1, imp3, relay_for_host] {
            let _ =
                stranger.send_to(&[b"H316".as_slice(), &number.to_be_bytes(), &[0, 9]].concat(), at(port));
        }
    }
    let (mut user, mut keyboard) =
        Arpanet::host_typed_to("SITE3", &at(relay_for_host), site3, &["--run", "ftp"]);
    keyboard.write_all(b"CONNECT SITE1\nLOGIN SMITH BLUE\nGET A.B C.D\nBYE\n").expect("it reads");
    drop(keyboard);
    user.says("10 BYTES RECEIVED");
    user.says("CLOSED");
    assert_eq!(user.ends(), Some(0), "{:?}", user.seen);
    for one in [&mut server, &mut net] {
        one.interrupt();
        assert_eq!(one.ends(), Some(0), "{:?}", one.seen);
    }
}

#[test]
#[cfg(unix)]
fn a_host_outlives_its_imp_and_meets_the_next_one() {
    let [imp, site] = ports();
    let mut host = Arpanet::host("SITE1", &at(imp), site, &["--serve-ftp"]);
    host.says("Ctrl-C takes it down");
    for _ in 0..2 {
        let mut net = Arpanet::start(&[
            "net",
            "three-imps",
            "--live",
            "--external",
            &format!("SITE1={imp}:127.0.0.1:{site}"),
        ]);
        host.says("is ready");
        net.child.kill().expect("it runs");
        let _ = net.ends();
    }
    host.interrupt();
    assert_eq!(host.ends(), Some(0), "{:?}", host.seen);
}

/// An IMP as the test plays it: it greets, and refuses every message for a reason.
fn refusing_imp(socket: UdpSocket, why: Incomplete) {
    let mut end = ImpEnd::new();
    let send = |end: &mut ImpEnd, signal: Signal, to: SocketAddr| {
        end.handle(Instant::START, Input::Signal(signal));
        while let Some(output) = end.poll() {
            if let Output::Datagram(datagram) = output {
                let _ = socket.send_to(&datagram, to);
            }
        }
    };
    let mut buffer = [0; 2048];
    while let Ok((length, host)) = socket.recv_from(&mut buffer) {
        end.handle(Instant::START, Input::Datagram(buffer[..length].to_vec()));
        let heard: Vec<Output> = std::iter::from_fn(|| end.poll()).collect();
        for output in heard {
            match output {
                Output::Signal(Signal::Ready(true)) => send(&mut end, Signal::Ready(true), host),
                Output::Signal(Signal::Message(bits)) => {
                    if let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(&bits) {
                        let answer = FromImp::Incomplete { to, link, why };
                        send(&mut end, Signal::Message(answer.bits()), host);
                    }
                }
                Output::Signal(Signal::Ready(false)) | Output::Datagram(_) => {}
                Output::Called(_) | Output::Trouble(_) => {}
            }
        }
    }
}

#[test]
fn who_runs_a_host_whose_messages_the_imp_refuses_is_told_which_and_why() {
    let [site] = ports();
    let imp = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let at_imp = imp.local_addr().expect("it is bound").to_string();
    in_background(move || refusing_imp(imp, Incomplete::TooLong));
    let mut host = Arpanet::host("SITE1", &at_imp, site, &["--serve-ftp"]);
    // It tells all others that it begins anew.
    host.says("words from SITE1 to SITE2 on link 0: type 9, subtype 1: the IMP takes none that long");
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_live_net_while_it_measures() {
    let scenario = "title T\nnet three-imps\n\
                    measure round trip from SITE1 to SITE2 sizes 8000 bits 1000 messages each pauses 1us\n";
    let scenario = file("measures.scenario", scenario);
    let mut net = Arpanet::start(&["net", text(&scenario), "--live", "--show", "traffic"]);
    net.says("SITE1 -> SITE2");
    net.interrupt();
    net.says("the run was stopped");
    assert_eq!(net.ends(), Some(1), "{:?}", net.seen);
}

/// What the command says to arguments that make no sense, and its exit status.
fn complaint(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_arpanet")).args(arguments).output().expect("it runs");
    (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
}

#[test]
fn whatever_keeps_a_host_off_its_cable_is_told_at_once() {
    let (text, status) = complaint(&[
        "host",
        "--imp",
        "127.0.0.1",
        "--listen",
        "22002",
        "--net",
        "1973-01",
        "--address",
        "250",
        "--account",
        "SMITH",
        "--file",
        "nothing",
        "--run",
        "fpt",
        "--policy",
        "plian",
    ]);
    assert_eq!(status, Some(2));
    insta::assert_snapshot!(text);
}

#[test]
fn without_a_terminal_there_is_no_board_and_the_log_is_named_instead() {
    let (text, status) = complaint(&["ncc", "--imp", "127.0.0.1:1", "--listen", "22002"]);
    assert_eq!(status, Some(2), "{text}");
    for told in ["needs a terminal", "host --run ncc"] {
        assert!(text.contains(told), "{told} in {text}");
    }
}

#[test]
fn what_is_wrong_with_a_folder_or_with_accounts_is_told() {
    let accounts = file("bad-accounts", "# all\nJONES:GREEN\n");
    let cable = ["host", "--imp", "127.0.0.1:1", "--listen", "1", "--address", "HARV-10"];
    let more = [
        "--folder",
        "no/such/folder",
        "--accounts",
        text(&accounts),
        "--run",
        "rsexec",
        "--knows",
        "HARF-10=A:B",
    ];
    let (text, status) = complaint(&[&cable[..], &more[..]].concat());
    assert_eq!(status, Some(2));
    for told in ["--folder no/such/folder: ", "bad-accounts:2: no hash of a password", "no host HARF-10"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let (text, status) = complaint(&[&cable[..], &["--read-only"]].concat());
    assert!(text.contains("--folder"), "{text}");
    assert_eq!(status, Some(2));
    let other = ["host", "--imp", "127.0.0.1:1", "--listen", "1", "--address", "UCLA-NMC"];
    let disk = folder("disk");
    let versions = ["--folder", self::text(disk.path()), "--versions", "2"];
    let (text, status) = complaint(&[&other[..], &versions[..]].concat());
    assert!(text.contains("--versions 2: the system of this host has no versions"), "{text}");
    assert!(text.contains("nobody can get at it\n  help: serve it with --serve-ftp"), "{text}");
    assert_eq!(status, Some(2));
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    let (text, status) =
        complaint(&["host", "--imp", "127.0.0.1:1", "--listen", &port, "--address", "HARV-10"]);
    assert!(text.contains("no cable at") && text.contains("take another port"), "{text}");
    assert_eq!(status, Some(2));
    let external = format!("SITE1={port}:127.0.0.1:1");
    let (text, status) = complaint(&["net", "three-imps", "--live", "--external", &external]);
    assert!(text.contains("no cable at") && text.contains("take another port"), "{text}");
    assert_eq!(status, Some(2));
}

#[test]
fn a_scenario_with_a_host_elsewhere_is_no_replay() {
    let scenario = "title T\nnet three-imps\nhost SITE1 external port 1 to 127.0.0.1:2\n";
    let (text, status) = complaint(&["scenario", text(&file("external.scenario", scenario))]);
    assert!(text.contains("play it in real time"), "{text}");
    assert_eq!(status, Some(2));
}

#[test]
#[cfg(unix)]
fn what_a_program_asks_is_printed_once_in_front_of_what_is_typed() {
    let [imp, site] = ports();
    let external = format!("SITE3={imp}:127.0.0.1:{site}");
    let mut net = Arpanet::start(&["net", "three-imps", "--live", "--external", &external]);
    net.says("Ctrl-C");
    let (imp, site) = (at(imp), site.to_string());
    let at_site3 = ["host", "--imp", &imp, "--listen", &site, "--net", "three-imps", "--address", "SITE3"];
    let (mut host, mut teletype) = Arpanet::typed_to(&[&at_site3[..], &["--run", "rsexec"]].concat());
    teletype.write_all(b"LOGIN SITE1 SMITH\nBLUE\nHELP\n").expect("somebody reads");
    host.says("_HELP");
    host.interrupt();
    host.ends();
    let asked = host.seen.iter().filter(|line| line.contains("PASSWORD:"));
    assert_eq!(asked.collect::<Vec<_>>(), ["PASSWORD: (hidden)"], "{:?}", host.seen);
}

#[test]
#[cfg(unix)]
fn what_an_operator_says_of_a_live_server_holds_and_whoever_is_served_reads_his_words_to_the_last() {
    let [imps_1, site1, imps_3, site3] = ports();
    let scenario = format!(
        "title T\nnet three-imps\nhost SITE1  external port {imps_1} to 127.0.0.1:{site1}\n\
         host SITE3  external port {imps_3} to 127.0.0.1:{site3}\n"
    );
    let mut net = Arpanet::start(&["net", text(&file("operated.scenario", &scenario)), "--live"]);
    let of_smith = format!("<SMITH>A.B={}", text(&file("operated.txt", "SECRET\n")));
    let serves = ["--serve-ftp", "--account", "JONES:RED", "--file", &of_smith, "--run", "operator"];
    let manner = ["--edition", "rfc354", "--rights", "<SMITH> read by nobody", "--data-sockets", "1"];
    let options = [&serves[..], &manner[..]].concat();
    let (mut server, mut operator) = Arpanet::host_typed_to("SITE1", &at(imps_1), site1, &options);
    let (mut host, mut user) = Arpanet::host_typed_to("SITE3", &at(imps_3), site3, &["--run", "ftp"]);
    server.says("is ready");
    host.says("is ready");
    user.write_all(b"CONNECT SITE1\nLOGIN JONES RED\nGET <SMITH>A.B C.D\nQUOTE LSTN R\n").expect("it reads");
    host.says("451 ");
    // An edition without LSTN does not know it.
    host.says("*QUOTE LSTN R");
    host.says("506 LSTN");
    operator.write_all(b"WHO\nANNOUNCE HELLO\n").expect("it reads");
    server.says("JONES FROM SITE3");
    host.says("HELLO");
    server.interrupt();
    host.says("436 ");
    host.says("NOT CONNECTED ANY MORE");
    assert_eq!(server.ends(), Some(0), "{:?}", server.seen);
    host.interrupt();
    // Two lines of the script were refused.
    assert_eq!(host.ends(), Some(1), "{:?}", host.seen);
    net.interrupt();
    net.ends();
}
