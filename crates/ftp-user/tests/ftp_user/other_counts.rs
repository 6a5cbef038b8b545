//! A server that has received or sent other bytes than the user has sent or received, and says so with 252.

use ftp::Reply;
use futures::{SinkExt, StreamExt};
use host::Handle;
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, ForeignSocket, Gender};
use sim::Sim;
use telnet::{Lines, Received};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::{PLAIN, USER, types};

/// Plays a server whose files are named by what it says at the end of a transfer: `COUNT-7` counts 7 bytes, and anything
/// else is said as another system would. It sends three bytes, and takes what comes.
async fn server(host: Handle) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let (site, mut replies) = (duplex.contact, FramedWrite::new(duplex.writer, Lines::default()));
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    replies.send("300 go ahead").await.expect("the user listens");
    while let Some(Ok(Received::Line(line))) = lines.next().await {
        let (verb, file) = line.split_once(' ').unwrap_or((&line, ""));
        let (gender, distance) = match verb {
            "RETR" => (Gender::Send, 4),
            "STOR" => (Gender::Receive, 5),
            _ => {
                replies.send("230 welcome").await.expect("the user listens");
                continue;
            }
        };
        let (lease, socket) = (host.sockets(), (site.socket.number() + distance).into());
        let local = lease.socket_for(gender);
        let opening = host.init(local, ForeignSocket { socket, ..site }, Some(ByteSize::EIGHT));
        let mut data = opening.expect("the socket is free").await.expect("the user takes it");
        replies.send(Reply::of_data_socket(local).to_string()).await.expect("the user listens");
        replies.send("250 begun").await.expect("the user listens");
        match gender {
            Gender::Send => data.write_all(b"XYZ").await.expect("the user takes it"),
            Gender::Receive => drop(data.read_to_end(&mut Vec::new()).await),
        }
        data.close().await;
        let counted = file.strip_prefix("COUNT-").and_then(|count| count.parse().ok());
        let last = counted.map_or_else(
            || format!("252 5 bytes of {file} at 300 baud"),
            |bytes| Reply::of_transfer(bytes).to_string(),
        );
        replies.send(last).await.expect("the user listens");
    }
}

#[test]
fn who_sends_a_file_of_which_the_server_counts_less_is_not_told_that_it_is_sent() -> sim::Result {
    let mut sim = Sim::on("1973-01")?;
    sim.host(PLAIN)?.runs("server", server);
    sim.host(USER)?.runs_ftp().file("<SMITH>SMALL", "XXXXX")?.file("<SMITH>OLD", "BEFORE")?;
    types(&mut sim, &format!("CONNECT {PLAIN}"))?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    for (line, told) in [
        ("SEND SMALL COUNT-5", "5 BYTES SENT"),
        (
            "SEND SMALL COUNT-0",
            "5 bytes were sent, and the server counted 0: what it has stored is not that file",
        ),
        ("SEND SMALL ELSE", "5 BYTES SENT"),
        ("GET COUNT-3 NEW", "3 BYTES RECEIVED"),
        ("GET COUNT-7 OLD", "the server counted 7 bytes, and 3 arrived: they are not kept"),
        ("GET ELSE NEWER", "3 BYTES RECEIVED"),
    ] {
        assert_eq!(types(&mut sim, line)?, [told], "{line}");
    }
    let outcome = sim.finish()?;
    let kept = |name: &str| outcome.file(USER, name).map(|content| content.map(|content| content.to_vec()));
    assert_eq!(kept("<SMITH>OLD.")?.as_deref(), Some(&b"BEFORE"[..]), "the file is what it was");
    assert_eq!(kept("<SMITH>NEW.")?.as_deref(), Some(&b"XYZ"[..]));
    Ok(())
}
