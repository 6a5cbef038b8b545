//! A server and a client of one's own. They are plain `async fn`s on a handle to their host, and talk over simulated
//! wires: initial connection protocol, NCP, IMPs.
//!
//! `cargo run -p sim --example own_programs`

use sim::host::{Duplex, Handle};
use sim::{Bits, ForeignSocket, Sim, Socket, Span};

/// Where the server is found. Contact sockets are odd, as all that send: they send the number of the sockets to go on
/// with.
const CONTACT: Socket = Socket::new(79);

/// Sends each caller's line back, with the time at this host.
async fn serve(host: Handle) {
    let mut contact = host.serve(CONTACT);
    loop {
        let caller = contact.accept().await;
        let Ok(Duplex { reader, mut writer, .. }) = caller.open().await else { continue };
        if let Ok(asked) = reader.receive_some(8 * 80).await {
            let asked = String::from_utf8_lossy(asked.bytes()).into_owned();
            let answer = format!("{asked}: IT IS {} S", host.now());
            // A caller that has gone away needs no answer.
            let _ = writer.send(&Bits::from_bytes(answer.as_bytes())).await;
        }
        writer.close().await;
    }
}

/// Asks the server for the time, and prints what it says.
async fn ask(host: Handle) {
    let server = host.host_named("SITE2").expect("it is in the host table");
    let contact = ForeignSocket { host: server, socket: CONTACT };
    match host.icp(contact).await {
        Ok(Duplex { reader, mut writer, .. }) => {
            let _ = writer.send(&Bits::from_bytes(b"WHAT TIME IS IT")).await;
            if let Ok(answer) = reader.receive_some(8 * 80).await {
                host.teletype().print(&String::from_utf8_lossy(answer.bytes()));
            }
        }
        Err(error) => host.teletype().print(&format!("NO CONNECTION: {error}")),
    }
}

fn main() -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE2")?.runs("time server", serve);
    sim.host("SITE3")?.runs("asker", ask);
    let answer = sim.wait_for("an answer", Span::from_secs(60), |now| {
        now.printed("SITE3").first().map(|line| (*line).to_owned())
    })?;
    println!("SITE3 was told: {answer}");
    assert!(answer.starts_with("WHAT TIME IS IT: IT IS "), "{answer}");
    sim.finish()?;
    Ok(())
}
