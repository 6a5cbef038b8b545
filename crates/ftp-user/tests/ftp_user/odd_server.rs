//! Plays servers that do what a server should not, or what one of another system does.

use ftp::Reply;
use futures::{SinkExt, StreamExt};
use host::Handle;
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, ForeignSocket, Gender};
use telnet::{Lines, Received};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::{FramedRead, FramedWrite};

/// What the server sends of every file.
pub(crate) const CONTENT: &[u8] = b"XYZ";

/// Plays a server whose files are named by what becomes of them. It sends three bytes, or takes what comes, and prints each
/// line that it hears.
///
/// * `COUNT-7` counts 7 bytes;
/// * `ELSEWHERE` passes over another socket than the one that is told;
/// * `GARBLED` is counted in words of which a piece is missing;
/// * `REFUSED` is refused although the data connection is open, and what has come of it is printed;
/// * `BROKEN` is broken off by an interrupt, and yet called complete;
/// * anything else is said to be complete as another system would say it, without a number.
pub(crate) async fn odd_server(host: Handle) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let (site, mut replies) = (duplex.contact, FramedWrite::new(duplex.writer, Lines::default()));
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    replies.send("300 go ahead").await.expect("the user listens");
    while let Some(Ok(Received::Line(line))) = lines.next().await {
        host.teletype().print(&line);
        let (verb, file) = line.split_once(' ').unwrap_or((&line, ""));
        let (gender, distance) = match verb {
            "RETR" => (Gender::Send, 4),
            "STOR" => (Gender::Receive, 5),
            _ => {
                replies.send("230 welcome").await.expect("the user listens");
                continue;
            }
        };
        let (lease, other, socket) =
            (host.sockets(), host.sockets(), (site.socket.number() + distance).into());
        let told = lease.socket_for(gender);
        let local = if file == "ELSEWHERE" { other.socket_for(gender) } else { told };
        let opening = host.init(local, ForeignSocket { socket, ..site }, Some(ByteSize::EIGHT));
        let mut data = opening.expect("the socket is free").await.expect("the user takes it");
        replies.send(Reply::of_data_socket(told).to_string()).await.expect("the user listens");
        let begins = if file == "REFUSED" { "505 name a user first" } else { "250 begun" };
        replies.send(begins).await.expect("the user listens");
        let mut taken = Vec::new();
        match gender {
            // Who is refused need not take it.
            Gender::Send => drop(data.write_all(CONTENT).await),
            Gender::Receive => drop(data.read_to_end(&mut taken).await),
        }
        if file == "REFUSED" {
            let end = if data.take_interrupts() > 0 { "BROKEN OFF" } else { "THE END" };
            host.teletype().print(&format!("{} BYTES, {end}", taken.len()));
            data.close().await;
            continue;
        }
        if file == "BROKEN" {
            data.interrupt();
        }
        data.close().await;
        let counted = file.strip_prefix("COUNT-").and_then(|count| count.parse().ok());
        let last = if file == "GARBLED" { Some("252 transfer complete, 3 by".to_owned()) } else { None };
        let last = last.unwrap_or_else(|| {
            counted.map_or_else(
                || format!("252 5 bytes of {file} at 300 baud"),
                |bytes: u64| Reply::of_transfer(bytes).to_string(),
            )
        });
        replies.send(last).await.expect("the user listens");
    }
    host.teletype().print("CLOSED");
}
