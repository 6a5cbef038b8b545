//! Processes of the command, and what they say. Real time passes here: whatever is waited for must come within a minute.

use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// A test that waits for longer fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process of the command, and the lines that it prints on either output. It is ended if the test is.
pub(crate) struct Arpanet {
    pub(crate) child: Child,
    lines: Receiver<String>,
    pub(crate) seen: Vec<String>,
}

impl Arpanet {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Arpanet::typed_to(arguments).0
    }

    /// A site of the net three-imps, at an IMP that takes its datagrams at `imp`.
    pub(crate) fn host(site: &str, imp: &str, listen: u16, more: &[&str]) -> Self {
        Arpanet::host_typed_to(site, imp, listen, more).0
    }

    /// The same, and its standard input.
    pub(crate) fn host_typed_to(site: &str, imp: &str, listen: u16, more: &[&str]) -> (Self, ChildStdin) {
        let listen = listen.to_string();
        let cable = ["host", "--imp", imp, "--listen", &listen, "--net", "three-imps", "--address", site];
        Arpanet::typed_to(&[&cable[..], more].concat())
    }

    pub(crate) fn typed_to(arguments: &[&str]) -> (Self, ChildStdin) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_arpanet"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command is there");
        let (sender, lines) = channel();
        let errors = sender.clone();
        let (out, err) =
            (child.stdout.take().expect("it is piped"), child.stderr.take().expect("it is piped"));
        in_background(move || forward(BufReader::new(out), |line| sender.send(line).is_ok()));
        in_background(move || forward(BufReader::new(err), |line| errors.send(line).is_ok()));
        let stdin = child.stdin.take().expect("it is piped");
        (Arpanet { child, lines, seen: Vec::new() }, stdin)
    }

    /// Waits until a line with this text is printed.
    pub(crate) fn says(&mut self, text: &str) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    let found = line.contains(text);
                    self.seen.push(line);
                    if found {
                        return;
                    }
                }
                Err(error) => panic!("{text:?} was not said ({error}), but:\n{}", self.seen.join("\n")),
            }
        }
    }

    /// Waits until it has ended; returns its exit status.
    pub(crate) fn ends(&mut self) -> Option<i32> {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.seen.join("\n")),
            }
        }
        self.child.wait().expect("it can be waited for").code()
    }

    /// What Ctrl-C does.
    pub(crate) fn interrupt(&mut self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "there is a kill");
    }
}

impl Drop for Arpanet {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "other processes and sockets are waited for")]
pub(crate) fn in_background(work: impl FnOnce() + Send + 'static) {
    std::thread::spawn(work);
}

fn forward(lines: impl BufRead, mut take: impl FnMut(String) -> bool) {
    for line in lines.lines().map_while(Result::ok) {
        if !take(line) {
            return;
        }
    }
}

/// Ports that are free.
pub(crate) fn ports<const N: usize>() -> [u16; N] {
    let sockets: [UdpSocket; N] =
        std::array::from_fn(|_| UdpSocket::bind("127.0.0.1:0").expect("a free port"));
    sockets.map(|socket| socket.local_addr().expect("it is bound").port())
}

pub(crate) fn at(port: u16) -> String {
    format!("127.0.0.1:{port}")
}
