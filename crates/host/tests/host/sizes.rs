//! Byte sizes other than eight.

use futures::TryStreamExt;
use host::Handle;
use imp1822::HostAddress;
use machine::{BitWriter, Bits};
use ncp::{ByteSize, ForeignSocket, Partner, Socket};
use sim::{Sim, Span};

/// Numbers that fill a byte of `size` bits, first and last bit included.
fn numbers(size: u8) -> Vec<u64> {
    let mask = if size < 64 { (1 << size) - 1 } else { u64::MAX };
    let edges = [0, mask, 1, 1 << (size - 1)];
    edges.into_iter().chain((0..300_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) & mask)).collect()
}

fn packed(size: u8) -> Bits {
    let numbers = numbers(size);
    let mut writer = BitWriter::new(numbers.len() * usize::from(size));
    numbers.into_iter().for_each(|number| writer.put(number, size.into()));
    writer.finish()
}

async fn send(host: Handle, size: u8) {
    let to = ForeignSocket { host: HostAddress::from(2), socket: Socket::from(400) };
    let opening = host.init(Socket::from(301), to, ByteSize::new(size)).expect("the socket is free");
    let mut connection = opening.await.expect("host 2 listens");
    connection.send(&packed(size)).await.expect("it is open");
    host.teletype().print(&connection.close().await.to_string());
}

async fn receive(host: Handle, size: u8) {
    let opening = host.listen(Socket::from(400), Partner::Anyone, None).expect("the socket is free");
    let connection = opening.await.expect("host 1 asks");
    assert_eq!(connection.size().bits(), size, "the sender chooses");
    let bytes: Vec<Bits> = connection.try_collect().await.expect("it is closed properly");
    assert!(bytes.iter().all(|byte| byte.len() == usize::from(size)), "one byte at a time");
    let read: Vec<u64> =
        bytes.iter().map(|byte| byte.reader().take(size.into()).expect("it is that long")).collect();
    assert_eq!(read, numbers(size), "bit for bit");
    host.teletype().print(&format!("{} bytes", read.len()));
}

#[test]
fn bytes_of_any_size_arrive_bit_for_bit() -> sim::Result {
    for size in [1, 7, 8, 32, 36, 63] {
        let mut sim = Sim::on("ring")?;
        sim.host("SITE2")?.runs("test", move |host| receive(host, size));
        sim.host("SITE1")?.runs("test", move |host| send(host, size));
        sim.run_for(Span::from_secs(60));
        assert_eq!(
            (sim.now().printed("SITE1"), sim.now().printed("SITE2")),
            (vec!["closed"], vec!["304 bytes"]),
            "size {size}"
        );
        sim.finish()?;
    }
    Ok(())
}

#[test]
fn whoever_asks_for_what_is_no_whole_number_of_bytes_reads_all_the_same_all_that_has_arrived() -> sim::Result
{
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        let opening = host.listen(Socket::from(400), Partner::Anyone, None).expect("the socket is free");
        let connection = opening.await.expect("host 1 asks");
        // Nothing happens any more that could tell of the rest.
        host.sleep(Span::from_secs(30)).await;
        let mut read = 0;
        loop {
            match connection.receive_some(100).await.expect("it is closed properly").len() {
                0 => break,
                some => read += some,
            }
        }
        host.teletype().print(&format!("{read} bits"));
    });
    sim.host("SITE1")?.runs("test", |host| send(host, 36));
    sim.run_for(Span::from_secs(60));
    assert_eq!(sim.now().printed("SITE2"), [format!("{} bits", packed(36).len())]);
    sim.finish()?;
    Ok(())
}
