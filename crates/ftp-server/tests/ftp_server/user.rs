//! A user at SITE1 who talks to the server at SITE2 line by line, over the lines of a ring of eight sites.

use ftp::{Edition, Reply, ReplyCode};
use host::{Connection, Duplex, Handle, Opening};
use imp1822::HostAddress;
use ncp::{ByteSize, ForeignSocket, Partner, Policy, Socket, icp::FTP_CONTACT};
use sim::{Moment, Outcome, Sim, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The server's host.
pub(crate) const SERVER: HostAddress = match HostAddress::new(0, 2) {
    Some(address) => address,
    None => panic!("no such address"),
};

/// The size of the server's disk, in bytes.
pub(crate) const DISK: usize = 400_000;

/// A user with a pair of Telnet connections.
pub(crate) struct User {
    pub(crate) host: Handle,
    pub(crate) duplex: Duplex,
}

impl User {
    pub(crate) async fn calls(host: &Handle) -> User {
        let contact = ForeignSocket { host: SERVER, socket: FTP_CONTACT };
        User { host: host.clone(), duplex: host.icp(contact).await.expect("the server answers") }
    }

    /// Calls and logs in.
    pub(crate) async fn enters(host: &Handle) -> User {
        let mut user = User::calls(host).await;
        user.hears(300).await;
        user.asks("USER SMITH", 330).await;
        user.asks("PASS SESAME", 230).await;
        user
    }

    pub(crate) async fn types(&mut self, line: &str) {
        self.writes(format!("{line}\r\n").as_bytes()).await;
    }

    pub(crate) async fn writes(&mut self, bytes: &[u8]) {
        self.duplex.write_all(bytes).await.expect("the server listens");
    }

    /// The next line, or nothing if the server has closed.
    pub(crate) async fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            match self.duplex.read_u8().await {
                Ok(byte) => line.push(byte),
                Err(_) => return None,
            }
        }
        line.truncate(line.len() - 2);
        Some(String::from_utf8(line).expect("replies are ASCII"))
    }

    /// The next reply has this code. Returns its text.
    pub(crate) async fn hears(&mut self, code: u16) -> String {
        let line = self.line().await.unwrap_or_else(|| panic!("the server closed instead of saying {code}"));
        let text = line.strip_prefix(&format!("{code:03} "));
        text.unwrap_or_else(|| panic!("{code} was expected, not: {line}")).to_owned()
    }

    /// Types a line; the reply has this code.
    pub(crate) async fn asks(&mut self, line: &str, code: u16) -> String {
        self.types(line).await;
        let reply = self.line().await.unwrap_or_else(|| panic!("{line}: the server closed"));
        let text = reply.strip_prefix(&format!("{code:03} "));
        text.unwrap_or_else(|| panic!("{line}: {code} was expected, not: {reply}")).to_owned()
    }

    /// A command that is answered by 255 with a socket of the server.
    pub(crate) async fn socket(&mut self, command: &str) -> Socket {
        socket_in(&self.asks(command, 255).await)
    }

    /// Logs out, and hears that the connections close.
    pub(crate) async fn leaves(&mut self) {
        self.asks("BYE", 231).await;
        self.hears_the_end().await;
    }

    /// The server closes both connections.
    pub(crate) async fn hears_the_end(&mut self) {
        let more = self.line().await;
        assert_eq!(more, None, "the server closes");
    }

    /// Listens on one of the default data sockets: U+4 to receive, U+5 to send.
    pub(crate) fn listens(&self, distance: u32) -> Opening {
        let partner = Partner::Host(SERVER);
        let local = self.duplex.sockets.socket(distance);
        self.host.listen(local, partner, Some(ByteSize::EIGHT)).expect("the socket is free")
    }

    /// Has a file sent over the default data connection. Returns its content.
    pub(crate) async fn retrieves(&mut self, path: &str) -> Vec<u8> {
        self.receives(&format!("RETR {path}")).await
    }

    /// Has something sent over the default data connection. Returns it.
    pub(crate) async fn receives(&mut self, command: &str) -> Vec<u8> {
        let listening = self.listens(4);
        let told = socket_in(&self.asks(command, 255).await);
        let mut data = listening.await.expect("the server asks");
        assert_eq!(data.foreign().socket, told, "from the socket that it has told");
        self.hears(250).await;
        let mut content = Vec::new();
        data.read_to_end(&mut content).await.expect("it is closed properly");
        drop(data);
        self.hears_of_bytes(content.len()).await;
        content
    }

    /// Begins to send a file over the default data connection.
    pub(crate) async fn begins(&mut self, command: &str) -> Connection {
        let listening = self.listens(5);
        self.asks(command, 255).await;
        let data = listening.await.expect("the server asks");
        self.hears(250).await;
        data
    }

    /// Sends a file over the default data connection.
    pub(crate) async fn stores(&mut self, command: &str, content: &[u8]) {
        let mut data = self.begins(command).await;
        data.write_all(content).await.expect("the server reads");
        data.close().await;
        self.hears_of_bytes(content.len()).await;
    }

    /// The transfer is over, and the server has counted as many bytes as passed here.
    async fn hears_of_bytes(&mut self, bytes: usize) {
        let text = self.hears(252).await;
        let counted = Reply::new(ReplyCode::TRANSFER_DONE, text).bytes_transferred();
        assert_eq!(counted, Some(bytes as u64), "on the data connection, whatever there is on the disk");
    }
}

pub(crate) fn socket_in(reply: &str) -> Socket {
    let number = reply.strip_prefix("SOCK ").and_then(|number| number.parse::<u32>().ok());
    Socket::from(number.unwrap_or_else(|| panic!("no socket: {reply}")))
}

/// A net with the server, and with hosts at which nothing runs yet.
pub(crate) fn net() -> sim::Result<Sim> {
    net_with(Edition::Rfc438, Policy::default())
}

pub(crate) fn net_with(edition: Edition, policy: Policy) -> sim::Result<Sim> {
    let mut sim = Sim::on("ring")?;
    let mut server =
        sim.host("SITE2")?.serves_ftp_of(edition).account("SMITH", "SESAME").policy(policy).disk(DISK);
    for (name, length) in [("EMPTY.X", 0), ("ONE.X", 1), ("BIG.X", 100_000)] {
        server = server.file(&format!("<SMITH>{name}"), content(length))?;
    }
    for number in 0..300 {
        server = server.file(&format!("<MANY>FILE{number}"), "")?;
    }
    for name in ["SITE1", "SITE3", "SITE4", "SITE5", "SITE6", "SITE7", "SITE8"] {
        sim.host(name)?;
    }
    Ok(sim)
}

/// Bytes that differ wherever one is lost.
pub(crate) fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 256) as u8).collect()
}

/// A user's dialogue with the server, which takes `most` at the longest; nothing is left behind, and no rule is broken.
pub(crate) fn dialogue<F>(most: Span, program: impl Fn(Handle) -> F + 'static) -> sim::Result<Outcome>
where
    F: Future<Output = ()> + 'static,
{
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", program);
    finish(sim, most)
}

/// The programs of SITE1 end, and the server has nothing left of them.
pub(crate) fn finish(mut sim: Sim, most: Span) -> sim::Result<Outcome> {
    let ended = |now: &Moment<'_>| now.host("SITE1").is_some_and(|host| host.programs().is_empty());
    sim.wait_until("the dialogue ends", most, ended)?;
    sim.run_for(Span::from_secs(3));
    assert_alone(&sim.now());
    sim.finish()
}

/// The server serves no user, and holds nothing for any.
pub(crate) fn assert_alone(now: &Moment<'_>) {
    let server = now.host("SITE2").expect("it is declared");
    assert_eq!(server.programs(), ["FTP server"], "no session is left");
    assert_eq!(in_use(now), [FTP_CONTACT], "{:?}", server.netstat());
    assert!(server.sockets_lent().is_empty(), "{:?}", server.sockets_lent());
}

/// Which sockets of the server have connections that are not over.
pub(crate) fn in_use(now: &Moment<'_>) -> Vec<Socket> {
    let connections = now.host("SITE2").expect("it is declared").netstat();
    connections.iter().map(|status| status.local).collect()
}

/// What is on the server's disk under this name.
pub(crate) fn on_disk(outcome: &Outcome, name: &str) -> Option<Vec<u8>> {
    outcome.file("SITE2", &format!("<SMITH>{name}")).expect("it is declared").map(|content| content.to_vec())
}
