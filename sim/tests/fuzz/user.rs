//! A user's program, and a server who does anything.

use host::{Duplex, Handle};
use machine::{Bits, Span};
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, ForeignSocket, Gender};
use sim::Sim;

use crate::script::{DataConnections, SOON, Script};

/// What the user types before all else, some of it.
const TYPED: [&str; 24] = [
    "LOGIN SMITH SESAME",
    "LOGIN SMITH",
    "SESAME",
    "GET FAR.X NEAR.X",
    "SEND OWN.X FAR.X",
    "APPEND OWN.X FAR.X",
    "LIST",
    "LIST FAR.X",
    "DELETE FAR.X",
    "RENAME FAR.X NEW.X",
    "STATUS",
    "QUOTE NOOP",
    "QUOTE STAT",
    "QUOTE HELP",
    "QUOTE LSTN R",
    "QUOTE MAIL SMITH",
    "QUOTE",
    "TYPE I",
    "BYTE 36",
    "HELP",
    "?",
    "YES",
    "NO",
    "ABORT",
];

/// What the server says.
const LINES: [&str; 44] = [
    "300 HELLO",
    "HELLO",
    "331 WHO PAYS?",
    "330 PASSWORD",
    "230 COME IN",
    "430 GO AWAY",
    "431 NO",
    "200 YES",
    "201 STOPPED",
    "202 NOTHING TO STOP",
    "231 BYE",
    "232 LATER",
    "250 BEGUN",
    "252 DONE",
    "252 transfer complete, 3 bytes over the data connection",
    "252 transfer complete, 0 bytes over the data connection",
    "252 transfer complete, ",
    "253 RENAMED",
    "254 GONE",
    "255 SOCK 5",
    "255 SOCK 99999999999",
    "255 SOCK",
    "256 MAILED",
    "350 MAIL?",
    "401 FULL",
    "434 OUT",
    "435 TROUBLE",
    "436 CLOSING",
    "450 NO FILE",
    "451 NO ACCESS",
    "452 BROKEN",
    "453 FULL",
    "454 NO CONNECTION",
    "500 WHAT?",
    "504 NOT NOW",
    "506 NO",
    "550 BAD",
    "100-MANY",
    "100 STATUS",
    "   AND MORE",
    "000 NEWS",
    "050 TALK",
    "999 ODD",
    "",
];

/// The longest time that the user's program waits for what is under way: a transfer of a day.
const LONGEST: Span = Span::from_secs(8 * 24 * 3600);

/// Runs the bytes as a script of what a server does. The user's program comes to the end of each line that was typed, and then
/// is served by another server.
pub(crate) fn fuzz_user(bytes: &[u8]) {
    let (typed, script) = bytes.split_at(bytes.len().min(6));
    play(typed, script.to_vec()).unwrap_or_else(|error| panic!("{error:?}"));
}

fn play(typed: &[u8], script: Vec<u8>) -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE2")?.serves_ftp().account("JONES", "PLUM").file("<JONES>PLAN.X", "GO ON.\r\n")?;
    sim.host("SITE1")?.runs_ftp().disk(50_000).file("<SMITH>OWN.X", "1\r\n")?;
    sim.host("SITE3")?.runs("odd server", move |host| odd_server(host, script.clone()));
    sim.types("SITE1", "CONNECT SITE3")?;
    for byte in typed {
        sim.types("SITE1", TYPED[usize::from(*byte) % TYPED.len()])?;
    }
    let is_free = |now: &sim::Moment<'_>| now.host("SITE1").is_some_and(|host| !host.is_busy_with_a_line());
    sim.wait_until("every line that was typed is done with", LONGEST, is_free)?;
    // Whatever the program asks for last is answered by one of these.
    for line in ["NO", "BYE", "BYE"] {
        sim.types("SITE1", line)?;
        sim.wait_until("the program lets go of the odd server", LONGEST, is_free)?;
    }
    let before = sim.now().printed("SITE1").len();
    for line in ["CONNECT SITE2", "LOGIN JONES PLUM", "GET PLAN.X COPY.X", "BYE"] {
        sim.types("SITE1", line)?;
    }
    sim.wait_until("another server serves him", Span::from_secs(300), is_free)?;
    let told = sim.now().printed("SITE1")[before..].join("; ");
    assert!(told.contains("8 BYTES RECEIVED"), "the user was told: {told}");
    sim.finish()?;
    Ok(())
}

async fn odd_server(host: Handle, script: Vec<u8>) {
    let mut script = Script::new(&script);
    let (mut duplex, mut data): (Option<Duplex>, DataConnections) = Default::default();
    let mut contact = host.serve(FTP_CONTACT);
    while let Some(letter) = script.letter() {
        match (letter, &mut duplex) {
            ('C', _) | (_, None) => {
                let called = async { contact.accept().await.open().await.ok() };
                duplex = host.within(Span::from_secs(60), called).await.ok().flatten();
                if duplex.is_none() && letter != 'C' {
                    // Nobody comes any more.
                    return;
                }
            }
            ('W', Some(duplex)) => says(&host, duplex, &script.some()).await,
            ('I', Some(duplex)) => duplex.writer.interrupt(),
            ('M', Some(duplex)) => says(&host, duplex, &[128]).await,
            ('H', Some(duplex)) => {
                let _ = host.within(Span::from_secs(300), duplex.reader.receive_some(8000)).await;
            }
            ('S', _) => host.sleep(Span::from_secs(u64::from(script.byte()))).await,
            ('P' | 'Q', Some(duplex)) => {
                let (distance, gender) = if letter == 'P' { (4, Gender::Send) } else { (5, Gender::Receive) };
                let lease = host.sockets();
                let user = duplex.contact;
                let foreign = ForeignSocket { socket: user.socket.offset(distance), ..user };
                let size = if script.byte() < 200 { Some(ByteSize::EIGHT) } else { ByteSize::new(36) };
                let opening = host.init(lease.socket_for(gender), foreign, size);
                if let Ok(opening) = opening {
                    let told = format!("255 SOCK {}\r\n250 BEGUN\r\n", opening.local().number());
                    data.add(opening);
                    says(&host, duplex, told.as_bytes()).await;
                }
            }
            ('E', Some(_)) => duplex = None,
            ('T' | 'G' | 'K' | 'X' | 'Y', Some(_)) => data.act(&host, letter, &mut script).await,
            (_, Some(duplex)) => {
                let line = [script.one_of(&LINES), "\r\n"].concat();
                says(&host, duplex, line.as_bytes()).await;
            }
        }
    }
}

async fn says(host: &Handle, duplex: &mut Duplex, bytes: &[u8]) {
    let _ = host.within(SOON, duplex.writer.send(&Bits::from_bytes(bytes))).await;
}
