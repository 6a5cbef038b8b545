//! What scripts get from hosts and nets on real cables: which line was not done, and how it ended.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::UdpSocket;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

/// A net in which SITE1 serves files and SITE3 is elsewhere. It is ended if the test is.
struct Net {
    child: Child,
    imp: u16,
    host: u16,
}

impl Net {
    fn start() -> Self {
        let [imp, host] = ports();
        let scenario = format!(
            "title T\nnet three-imps\nhost SITE1  serves ftp  account SMITH password BLUE\n  \
             file <SMITH>A.B\n    | TEXT\nhost SITE3  external port {imp} to 127.0.0.1:{host}\n"
        );
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("script-{imp}.scenario"));
        std::fs::write(&path, scenario).expect("there is room for tests");
        let mut command = arpanet(&["net", path.to_str().expect("it is text"), "--live"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Net { child: child.expect("the command is there"), imp, host }
    }

    /// What SITE3 ends with if a script types this to its program. The host waits until the net is there.
    fn types(&self, program: &str, script: &[u8], out: Stdio) -> (Option<i32>, String, String) {
        self.types_with(&["--run", program], script, out)
    }

    /// The same, with these options.
    fn types_with(&self, more: &[&str], script: &[u8], out: Stdio) -> (Option<i32>, String, String) {
        let (imp, listen) = (format!("127.0.0.1:{}", self.imp), self.host.to_string());
        let host = ["host", "--imp", &imp, "--listen", &listen, "--net", "three-imps", "--address", "SITE3"];
        let mut command = arpanet(&host);
        command.args(more).stdin(Stdio::piped()).stdout(out).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command is there");
        child.stdin.take().expect("it is piped").write_all(script).expect("it reads");
        ends(child.wait_with_output().expect("it ends"))
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn arpanet(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.args(arguments);
    command
}

fn ends(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Ports that are free.
fn ports() -> [u16; 2] {
    let sockets = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").expect("a free port"));
    sockets.map(|socket| socket.local_addr().expect("it is bound").port())
}

#[test]
fn each_line_that_was_not_done_is_told_with_its_number_and_the_status_says_that_there_was_one() {
    let net = Net::start();
    let script = b"CONNECT SITE1\nLOGIN SMITH BLUE\nGET A.B C.D\nBYE\n";
    let (status, out, error) = net.types("ftp", script, Stdio::piped());
    assert_eq!((status, out.contains("6 BYTES RECEIVED")), (Some(0), true), "{out}{error}");
    assert!(!error.contains("not done"), "{error}");

    let script = b"CONNECT SITE1\nLOGIN SMITH\nRED\nQUOTE caf\xe9\nQUOTE DELE X.Y\nGET X.Y Z.Z\nBYE\n";
    let (status, out, error) = net.types("ftp", script, Stdio::piped());
    assert_eq!(status, Some(1), "{out}{error}");
    for told in [
        "line 2 (LOGIN SMITH) was not done",
        "line 4, byte 10: 0xe9 is not in UTF-8: this line is not typed",
        "line 5 (QUOTE DELE X.Y) was not done",
        "line 6 (GET X.Y Z.Z) was not done",
        "3 lines were not done, the first is 2 (LOGIN SMITH)",
        "line 4 was not typed",
    ] {
        assert!(error.contains(told), "{told}: {error}");
    }
    assert!(out.ends_with("CLOSED\n"), "the lines behind it are typed all the same: {out}");

    let script = b"LOGIN SITE1 SMITH BLUE\nAPPEND (FILE) [SITE1]A.B (TO FILE) [SITE9]A.B\nHELP\n";
    let (status, out, error) = net.types("rsexec", script, Stdio::piped());
    assert_eq!(status, Some(1), "{out}{error}");
    assert!(error.contains("line 2 (APPEND (FILE) [SITE1]A.B (TO FILE) [SITE9]A.B) was not done"), "{error}");
}

#[test]
fn a_script_that_ends_at_a_question_has_failed() {
    let net = Net::start();
    let (status, out, error) = net.types("ftp", b"CONNECT SITE1\nLOGIN SMITH\n", Stdio::piped());
    assert_eq!(status, Some(1), "nobody is logged in: {out}{error}");
    assert!(error.contains(r#"line 2 (LOGIN SMITH) was not done: nothing answers "PASSWORD:""#), "{error}");
}

#[test]
fn behind_a_line_that_was_not_done_a_script_stops_if_it_is_to_and_else_shows_no_password() {
    let net = Net::start();
    let script = b"CONNECT SITE9\nLOGIN SMITH\nBLUE\nGET A.B C.D\n";
    let (status, out, error) = net.types("ftp", script, Stdio::piped());
    assert_eq!(status, Some(1), "{out}{error}");
    // The program has not asked for it, for it is not connected.
    assert!(out.contains("*XXXX\nXXXX? TYPE HELP\n") && !out.contains("BLUE"), "{out}");
    assert!(error.contains("line 3 (XXXX) was not done") && !error.contains("BLUE"), "{error}");
    assert!(error.contains("4 lines were not done"), "{error}");

    let (status, out, error) = net.types_with(&["--run", "ftp", "--stop-on-failure"], script, Stdio::piped());
    assert_eq!((status, out.contains("LOGIN")), (Some(1), false), "{out}{error}");
    for told in ["line 1 (CONNECT SITE9) was not done", "before line 2 was typed"] {
        assert!(error.contains(told), "{told}: {error}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_whose_paper_is_gone_is_not_typed_to_any_more() {
    let net = Net::start();
    let full = std::fs::File::options().write(true).open("/dev/full").expect("it is there");
    let (status, _, error) = net.types("ftp", b"HELP\nHELP\n", full.into());
    assert_eq!((status, error.contains("cannot print: there is no room left")), (Some(2), true), "{error}");
    assert!(error.contains("before line 2 was typed"), "{error}");
    let mut gone = Command::new("true").stdin(Stdio::piped()).spawn().expect("there is a true");
    let writer = gone.stdin.take().expect("it is piped");
    gone.wait().expect("it ends");
    let (status, _, error) = net.types("ftp", b"HELP\nHELP\n", writer.into());
    assert_eq!((status, error.contains("nobody reads it any more")), (Some(2), true), "{error}");
}

/// Runs a host whose IMP is not there until it ends by itself.
fn alone(more: &[&str], stdin: Stdio) -> (Option<i32>, String, String) {
    let [imp, listen] = ports().map(|port| port.to_string());
    let imp = format!("127.0.0.1:{imp}");
    let mut command = arpanet(&["host", "--imp", &imp, "--listen", &listen, "--address", "SITE1"]);
    command.args(["--net", "three-imps"]).args(more).stdin(stdin);
    ends(command.output().expect("the command is there"))
}

#[test]
fn an_imp_that_never_comes_is_not_waited_for_longer_than_is_said() {
    let script = || {
        let (reader, mut writer) = std::io::pipe().expect("there are pipes");
        writer.write_all(b"HELP\n").expect("there is room");
        Stdio::from(reader)
    };
    for (more, stdin) in [
        (&["--wait", "50ms"][..], Stdio::null()),
        (&["--wait", "50ms", "--serve-ftp"], Stdio::null()),
        (&["--wait", "50ms", "--run", "ftp"], script()),
    ] {
        let (status, _, error) = alone(more, stdin);
        let is_told = error.contains("was not ready for 50ms") && error.contains("--wait SPAN waits longer");
        assert_eq!((status, is_told), (Some(1), true), "{more:?}: {error}");
        assert_eq!(error.contains("before line 1 was typed"), more.contains(&"--run"), "{error}");
    }
    let (status, _, error) = alone(&["--wait", "50"], Stdio::null());
    assert_eq!((status, error.contains("without a unit; write `50s`")), (Some(2), true), "{error}");
}

#[test]
fn a_script_that_cannot_be_read_is_no_script_that_ends() {
    let folder = std::fs::File::open(env!("CARGO_TARGET_TMPDIR")).expect("it is there");
    let (status, _, error) = alone(&["--run", "ftp"], folder.into());
    assert_eq!((status, error.contains("standard input: that is a folder")), (Some(1), true), "{error}");
}

#[test]
fn a_cable_that_leads_back_to_itself_is_refused_by_whatever_name() {
    let [port, _] = ports();
    for (imp, listen) in [
        (format!("127.0.0.1:{port}"), format!("{port}")),
        (format!("localhost:{port}"), format!("127.0.0.1:{port}")),
        (format!("127.0.0.1:{port}"), format!("0.0.0.0:{port}")),
    ] {
        let host = ["host", "--imp", &imp, "--listen", &listen, "--address", "1"];
        let (status, _, error) = ends(arpanet(&host).output().expect("the command is there"));
        assert_eq!(
            (status, error.contains("leads back to itself")),
            (Some(2), true),
            "{imp} {listen}: {error}"
        );
    }
    let external = format!("SITE1={port}:127.0.0.1:{port}");
    let net = ["net", "three-imps", "--live", "--external", &external];
    let (status, _, error) = ends(arpanet(&net).output().expect("the command is there"));
    assert_eq!((status, error.contains("leads back to itself")), (Some(2), true), "{error}");
}

/// Sends a signal to a process once it has said this, and returns its exit status and the rest of what it says.
fn signalled(mut command: Command, signal: &str, once: &str) -> (Option<i32>, String) {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let (mut out, mut error) = (child.stdout.take(), child.stderr.take());
    let mut lines: Box<dyn BufRead> = match once.starts_with("IMP") {
        true => Box::new(BufReader::new(error.take().expect("it is piped"))),
        false => Box::new(BufReader::new(out.take().expect("it is piped"))),
    };
    let mut line = String::new();
    while !line.contains(once) {
        line.clear();
        assert!(lines.read_line(&mut line).is_ok_and(|length| length > 0), "{once:?} is not said");
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "there is a kill");
    let mut rest = String::new();
    lines.read_to_string(&mut rest).expect("it is text");
    (child.wait().expect("it ends").code(), rest)
}

/// Whether this process was started so that it outlives its terminal, as by `nohup`: what it starts does, too.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 != 0)
}

#[test]
fn the_end_of_the_terminal_takes_hosts_and_nets_down_as_other_requests_do() {
    for signal in ["-HUP", "-TERM", "-INT"] {
        if signal == "-HUP" && ignores_hangup() {
            continue;
        }
        let [imp, listen] = ports().map(|port| port.to_string());
        let imp = format!("127.0.0.1:{imp}");
        let host = arpanet(&["host", "--imp", &imp, "--listen", &listen, "--address", "1"]);
        let (status, rest) = signalled(host, signal, "IMP 127.0.0.1");
        assert_eq!((status, rest.contains("is down; ")), (Some(1), true), "{signal}: {rest}");
        assert!(rest.contains("was never heard"), "{signal}: {rest}");
        let scenario = "title T\nnet three-imps\n\
                        measure round trip from SITE1 to SITE2 sizes 8 bits 1000 messages each pauses 1us\n";
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("stopped{signal}.scenario"));
        std::fs::write(&path, scenario).expect("there is room for tests");
        let net = arpanet(&["net", path.to_str().expect("it is text"), "--live", "--show", "traffic"]);
        let (status, rest) = signalled(net, signal, "SITE1 -> SITE2");
        assert_eq!(status, Some(1), "{signal}: {rest}");
    }
}
