//! What a program can do with the NCP as a whole, and hear from it.

use host::Handle;
use imp1822::HostAddress;
use machine::Bits;
use ncp::{ForeignSocket, Partner, Socket};
use sim::{Sim, Span};

const ONE: HostAddress = match HostAddress::new(0, 1) {
    Some(address) => address,
    None => panic!("no such address"),
};
const TWO: HostAddress = match HostAddress::new(0, 2) {
    Some(address) => address,
    None => panic!("no such address"),
};

/// The sender's socket on host 1, and the receiver's on host 2.
const FROM: Socket = Socket::new(301);
const TO: Socket = Socket::new(400);

async fn tell_everything(host: Handle) {
    let mut events = host.watch();
    while let Some(event) = events.recv().await {
        host.teletype().print(&format!("{event:?}"));
    }
}

#[test]
fn a_watcher_hears_of_echoes_resets_and_complaints() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", tell_everything);
    sim.host("SITE1")?
        .runs("test", async |host| {
            host.spawn("watcher", tell_everything(host.clone()));
            // Behind the leader and a header of eight bytes of eight bits: an ALL for a link that is not used.
            host.inject(Bits::from_bytes(&[0, 2, 0, 0, 0, 8, 0, 8, 0, 4, 9, 0, 1, 0, 0, 0, 8]));
            host.sleep(Span::from_secs(1)).await;
            host.echo(TWO, 42);
            host.sleep(Span::from_secs(1)).await;
            host.reset(TWO);
        })
        .misbehaves();
    sim.run_for(Span::from_secs(5));
    assert_eq!(
        sim.now().printed("SITE1"),
        [
            "ErrReceived { host: HostAddress(2), code: NonexistentSocket, data: [4, 9, 0, 1, 0, 0, 0, 8, 0, 0] }",
            "Echoed { host: HostAddress(2), data: 42 }",
        ]
    );
    assert_eq!(sim.now().printed("SITE2"), ["PartnerReset { host: HostAddress(1) }"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_receiver_takes_back_what_it_allocated_and_hears_each_interrupt_once() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let connection =
            host.listen(TO, Partner::Host(ONE), None).expect("it is free").await.expect("1 asks");
        assert!(connection.take_back(128, 0), "the connection is open");
        connection.interrupted().await;
        connection.interrupted().await;
        let text = connection.receive_some(800).await.map(|text| text.len());
        host.teletype().print(&format!("{text:?}"));
        host.teletype().print(&format!("{:?}", connection.over().await));
        assert!(!connection.take_back(128, 0), "it is over");
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let to = ForeignSocket { host: TWO, socket: TO };
        let connection = host.init(FROM, to, None).expect("it is free").await.expect("2 listens");
        let text = Bits::from_bytes(b"HELLO");
        assert_eq!(connection.send_some(text.reader()).await, Ok(40));
        host.sleep(Span::from_secs(1)).await;
        connection.interrupt();
        connection.interrupt();
        host.teletype().print(&format!("{:?}", connection.closing().await));
    });
    sim.run_for(Span::from_secs(9));
    assert_eq!(sim.now().printed("SITE2"), ["Ok(40)", "Closed"], "what has arrived is taken as it is");
    assert_eq!(sim.now().printed("SITE1"), ["Closed"]);
    let said = sim.now().messages("SITE2", "SITE1");
    assert!(said.contains(&"GVB link 2 128/128 messages 0/128 bits"), "{said:?}");
    sim.finish()?;
    Ok(())
}
