//! A server, and a stranger who does anything on all connections that he can have with it.

use ftp::{Edition, ReplyCode};
use host::{Duplex, Handle};
use machine::{Bits, Span};
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, ForeignSocket, Gender, Partner, Socket};
use sim::Sim;

use crate::script::{DataConnections, SOON, Script};

/// What another user has, and the stranger no password for.
const PLAN: &str = "NOBODY ELSE IS TO CHANGE THIS.\r\n";

/// The stranger's lines.
const LINES: [&str; 40] = [
    "USER SMITH",
    "PASS SESAME",
    "PASS WRONG",
    "ACCT 1",
    "BYE",
    "REIN",
    "RETR ONE.X",
    "RETR BIG.X",
    "RETR NONE.X",
    "STOR NEW.X",
    "STOR ONE.X",
    "APPE ONE.X",
    "LIST",
    "LIST <MANY>",
    "NLST",
    "DELE NEW.X",
    "DELE <JONES>PLAN.X",
    "STOR <JONES>PLAN.X",
    "APPE <JONES>PLAN.X",
    "RNFR ONE.X",
    "RNTO TWO.X",
    "RNTO <JONES>PLAN.X",
    "RNFR <JONES>PLAN.X",
    "ALLO 100",
    "LSTN R",
    "LSTN S",
    "PASV",
    "SOCK 1,3",
    "SOCK 3,5001",
    "SOCK 5000",
    "TYPE I",
    "TYPE A",
    "BYTE 36",
    "MODE B",
    "STRU R",
    "ABOR",
    "STAT",
    "STAT ONE.X",
    "HELP",
    "MAIL SMITH",
];

/// How long a session may outlive its user: the server looks for a silent one, and for a transfer that stands still.
const AFTERWARDS: Span = Span::from_secs(45 * 60);

/// Runs the bytes as a script of what a stranger does. Afterwards the server has nothing left of him, and another user finds
/// his file as it was.
pub(crate) fn fuzz_server(bytes: &[u8]) {
    let (first, script) = bytes.split_first().unwrap_or((&0, &[]));
    let edition = Edition::ALL[usize::from(*first) % Edition::ALL.len()];
    play(edition, script.to_vec()).unwrap_or_else(|error| panic!("{error:?}"));
}

fn play(edition: Edition, script: Vec<u8>) -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    let mut server =
        sim.host("SITE2")?.serves_ftp_of(edition).account("SMITH", "SESAME").account("JONES", "PLUM");
    server = server.file("<JONES>PLAN.X", PLAN)?.file("<SMITH>ONE.X", "1\r\n")?.disk(50_000);
    server.file("<SMITH>BIG.X", vec![b'X'; 9000])?.file("<MANY>A.X", "")?.file("<MANY>B.X", "")?;
    sim.host("SITE1")?.runs_ftp();
    sim.host("SITE3")?.runs("stranger", move |host| stranger(host, edition, script.clone()));
    sim.wait_until("the script ends", Span::from_secs(20 * 24 * 3600), |now| {
        now.host("SITE3").is_some_and(|host| host.programs().is_empty())
    })?;
    sim.run_for(AFTERWARDS);
    assert_alone(&sim);
    for line in ["CONNECT SITE2", "LOGIN JONES PLUM", "GET PLAN.X COPY.X", "BYE"] {
        sim.types("SITE1", line)?;
    }
    sim.wait_until("another user is served", Span::from_secs(120), |now| {
        now.host("SITE1").is_some_and(|host| !host.is_busy_with_a_line())
            && now.printed("SITE1").contains(&"CLOSED")
    })?;
    let told = sim.now().printed("SITE1").join("; ");
    assert!(told.contains(&format!("{} BYTES RECEIVED", PLAN.len())), "another user was told: {told}");
    let outcome = sim.finish()?;
    let plan = outcome.file("SITE2", "<JONES>PLAN.X")?;
    assert!(plan.is_some_and(|plan| *plan == PLAN.as_bytes()), "what is another user's is as it was");
    Ok(())
}

/// The server serves nobody, and holds nothing for anybody.
fn assert_alone(sim: &Sim) {
    let now = sim.now();
    let server = now.host("SITE2").expect("it is declared");
    assert_eq!(server.programs(), ["FTP server"], "no session is left");
    let left: Vec<_> =
        server.netstat().iter().filter(|status| status.local != FTP_CONTACT).copied().collect();
    assert!(left.is_empty(), "connections are left: {left:?}");
    assert!(server.sockets_lent().is_empty(), "sockets are left: {:?}", server.sockets_lent());
}

/// One dialogue of the stranger.
struct Dialogue {
    duplex: Duplex,
    heard: Vec<u8>,
    told: Option<Socket>,
}

async fn stranger(host: Handle, edition: Edition, script: Vec<u8>) {
    let mut script = Script::new(&script);
    let (mut dialogues, mut data): (Vec<Dialogue>, DataConnections) = Default::default();
    let server = host.host_named("SITE2").expect("it is in the net");
    while let Some(letter) = script.letter() {
        let last = dialogues.last_mut();
        match (letter, last) {
            ('C', _) | (_, None) => {
                if dialogues.len() == 3 {
                    dialogues.remove(0);
                }
                let contact = ForeignSocket { host: server, socket: FTP_CONTACT };
                let called = host.icp(contact).await.ok();
                dialogues.extend(called.map(|duplex| Dialogue { duplex, heard: Vec::new(), told: None }));
            }
            ('L', Some(dialogue)) => {
                dialogue.says(&host, b"USER SMITH\r\nPASS SESAME\r\n").await;
            }
            ('W', Some(dialogue)) => dialogue.says(&host, &script.some()).await,
            ('I', Some(dialogue)) => dialogue.duplex.writer.interrupt(),
            ('J', Some(dialogue)) => dialogue.duplex.reader.interrupt(),
            ('M', Some(dialogue)) => dialogue.says(&host, &[128]).await,
            ('R', Some(dialogue)) => dialogue.hears(&host, edition).await,
            ('S', _) => host.sleep(Span::from_secs(u64::from(script.byte()))).await,
            ('Z', _) => host.sleep(Span::from_secs(60 * u64::from(script.byte() % 40))).await,
            ('P' | 'Q', Some(dialogue)) => {
                let distance = if letter == 'P' { 4 } else { 5 };
                let (local, size) = (dialogue.duplex.sockets.socket(distance), size(script.byte()));
                if let Ok(opening) = host.listen(local, Partner::Host(server), size) {
                    data.add(opening);
                }
            }
            ('O', Some(dialogue)) => {
                let Some(told) = dialogue.told else { continue };
                // It is asked from the user's own sockets, or from others.
                let to_send = told.gender() == Gender::Receive;
                let local = dialogue.duplex.sockets.socket(if to_send { 5 } else { 4 });
                let foreign = ForeignSocket { host: server, socket: told };
                if let Ok(opening) = host.init(local, foreign, size(script.byte())) {
                    data.add(opening);
                }
            }
            ('E', Some(_)) => drop(dialogues.pop()),
            ('N', Some(_)) => dialogues.rotate_left(1),
            ('T' | 'G' | 'K' | 'X' | 'Y', Some(_)) => data.act(&host, letter, &mut script).await,
            (_, Some(dialogue)) => {
                let line = [script.one_of(&LINES), "\r\n"].concat();
                dialogue.says(&host, line.as_bytes()).await;
            }
        }
    }
}

/// Mostly 8 bits, and others now and then.
fn size(byte: u8) -> Option<ByteSize> {
    if byte < 200 { Some(ByteSize::EIGHT) } else { ByteSize::new(byte) }
}

impl Dialogue {
    async fn says(&mut self, host: &Handle, bytes: &[u8]) {
        let _ = host.within(SOON, self.duplex.writer.send(&Bits::from_bytes(bytes))).await;
    }

    /// Hears what has come. Each line is ASCII and begins with a code that the documents have, or goes on.
    async fn hears(&mut self, host: &Handle, edition: Edition) {
        let Ok(Ok(some)) = host.within(SOON, self.duplex.reader.receive_some(16_000)).await else { return };
        self.heard.extend_from_slice(some.bytes());
        while let Some(end) = self.heard.windows(2).position(|two| two == b"\r\n") {
            let rest = self.heard.split_off(end + 2);
            let line = std::mem::replace(&mut self.heard, rest);
            let line = String::from_utf8(line).expect("replies are ASCII");
            let line = line.trim_end();
            let code = line.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
            if let Some(code) = code.and_then(|code| code.parse().ok()).and_then(ReplyCode::new) {
                assert!(code.is_of(edition), "{edition} has no such code: {line:?}");
            }
            if let Some(number) = line.strip_prefix("255 SOCK ") {
                self.told = number.parse::<u32>().ok().map(Socket::from);
            }
        }
    }
}
