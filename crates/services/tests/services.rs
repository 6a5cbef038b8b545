//! The services, with users on simulated wires; and users that mean ill.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use machine::{Bits, Span};
use ncp::{ByteSize, ForeignSocket};
use services::{MAX_USERS, Service, Wall};
use sim::Sim;
use sim::host::{Duplex, Handle};

const MINUTE: Span = Span::from_secs(60);

/// 1 January 1976, the example of RFC 738.
const LEAP_YEAR: u64 = 2_398_291_200;

/// A net whose SITE1 has all services, and an FTP server for SMITH.
fn net() -> sim::Result<Sim> {
    let mut sim = Sim::on("three-imps")?;
    let mut site = sim.host("SITE1")?.serves_ftp().account("SMITH", "BLUE");
    for service in Service::ALL {
        let wall = Wall::new(|| Some(LEAP_YEAR));
        site = site.runs(service.name(), move |host| service.run(host, wall.clone()));
    }
    Ok(sim)
}

/// Where a service is.
fn at(host: &Handle, service: Service) -> ForeignSocket {
    ForeignSocket { host: host.host_named("SITE1").expect("it is in the net"), socket: service.socket() }
}

fn text(bytes: &[u8]) -> Bits {
    Bits::from_bytes(bytes)
}

/// What a finger user with this line is told.
async fn finger(host: Handle, line: &'static str) -> String {
    let Duplex { reader, mut writer, sockets: _sockets, .. } =
        host.icp(at(&host, Service::Finger)).await.expect("it serves");
    writer.send(&text(line.as_bytes())).await.expect("it takes the line");
    let told = reader.receive(8 * 10_000).await.expect("it closes when it has told all");
    writer.close().await;
    reader.close().await;
    String::from_utf8_lossy(told.bytes()).into_owned()
}

/// Lets SITE3 run a program, and returns what comes of it.
fn comes_of<T: 'static, F: Future<Output = T> + 'static>(
    sim: &mut Sim,
    site: &str,
    program: impl FnOnce(Handle) -> F,
) -> sim::Result<T> {
    let result = Rc::new(RefCell::new(None));
    let kept = result.clone();
    sim.act(site, |host| {
        let running = program(host.clone());
        drop(host.spawn("test", async move { *kept.borrow_mut() = Some(running.await) }));
    })?;
    sim.wait_for("the program ends", Span::from_secs(3600), |_| result.borrow_mut().take())
}

#[test]
fn the_echo_is_bit_for_bit_what_was_sent_whatever_its_length() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE3")?;
    let sent: Vec<u8> = (0..5000u32).map(|n| (n * 7) as u8).collect();
    let expected = sent.clone();
    let echoed = comes_of(&mut sim, "SITE3", |host| async move {
        let Duplex { reader, mut writer, sockets: _sockets, .. } =
            host.icp(at(&host, Service::Echo)).await.expect("it serves");
        let (bits, length) = (text(&sent), sent.len() * 8);
        let (_, echoed) = futures::future::join(writer.send(&bits), reader.receive(length)).await;
        futures::future::join(writer.close(), reader.close()).await;
        echoed.expect("all of it comes back").bytes().to_vec()
    })?;
    assert_eq!(echoed, expected);
    sim.finish()?;
    Ok(())
}

#[test]
fn an_echo_that_nobody_takes_is_not_piled_up_and_a_user_who_goes_on_is_left() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE3")?;
    let sent = Rc::new(Cell::new(0));
    let counted = sent.clone();
    let left = comes_of(&mut sim, "SITE3", |host| async move {
        let sockets = host.sockets();
        let user = ncp::icp::User::at(sockets.base()).expect("a lease begins with a receive socket");
        let contact =
            host.call(at(&host, Service::Echo), user).expect("there is room").await.expect("it serves");
        let (_, reader, writer) = host.follow(contact, user).await.expect("it goes on");
        let (_reader, mut writer) = (reader.await.expect("it opens"), writer.await.expect("it opens"));
        while writer.send(&text(&[b'x'; 500])).await.is_ok() {
            counted.set(counted.get() + 500);
            // What comes back is never looked at.
            assert!(counted.get() < 100_000, "nobody keeps so much");
        }
        host.now()
    })?;
    assert!(left.as_micros() > 0 && sent.get() > 1000, "{} bytes", sent.get());
    Ok(())
}

#[test]
fn what_is_discarded_may_have_any_length() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE3")?;
    let closed = comes_of(&mut sim, "SITE3", |host| async move {
        let Duplex { reader, mut writer, sockets: _sockets, .. } =
            host.icp(at(&host, Service::Discard)).await.expect("it serves");
        for _ in 0..20 {
            writer.send(&text(&[0; 5000])).await.expect("it takes it");
        }
        futures::future::join(writer.close(), reader.close()).await
    })?;
    assert_eq!(closed, (ncp::CloseReason::Closed, ncp::CloseReason::Closed));
    sim.finish()?;
    Ok(())
}

#[test]
fn the_time_is_the_one_on_the_wall_and_comes_without_an_initial_connection() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE3")?;
    for _ in 0..3 {
        let told = comes_of(&mut sim, "SITE3", |host| async move {
            let sockets = host.sockets();
            let asked = host.init(sockets.base(), at(&host, Service::Time), Some(ByteSize::THIRTY_TWO));
            let time = asked.expect("there is room").await.expect("it serves");
            let told = time.receive(64).await.expect("it says it, and closes");
            time.close().await;
            told
        })?;
        assert_eq!(told.bytes(), (LEAP_YEAR as u32).to_be_bytes());
    }
    let outcome = sim.finish()?;
    let said = outcome.messages("SITE1", "SITE3")?;
    assert!(said.iter().any(|said| said.contains("data 1 x 32 bits")), "it is no socket number: {said:?}");
    Ok(())
}

#[test]
fn finger_says_who_is_logged_in_and_nothing_else() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE2")?.runs_ftp();
    sim.host("SITE3")?;
    let ask = |sim: &mut Sim, line| comes_of(sim, "SITE3", |host| finger(host, line));
    assert_eq!(ask(&mut sim, "\r\n")?, "SITE1, up for less than a minute\r\nnobody is logged in\r\n");
    sim.play("SITE2 types CONNECT SITE1\nSITE2 types LOGIN SMITH GREEN\nwithin 1min SITE2 sees 431")?;
    assert!(ask(&mut sim, "\r\n")?.ends_with("nobody is logged in\r\n"), "the password was wrong");
    sim.play("SITE2 types LOGIN SMITH BLUE\nwithin 1min SITE2 sees 230")?;
    let all = ask(&mut sim, "\r\n")?;
    assert!(all.contains("\r\nSMITH from SITE2, for "), "{all}");
    let some = ask(&mut sim, "/W smith, jones\r\n")?;
    assert!(some.contains("\r\nSMITH from SITE2, for "), "{some}");
    assert!(
        some.ends_with("\r\nJONES is not logged in\r\n"),
        "whether there is such a user is not told: {some}"
    );
    assert!(ask(&mut sim, "jones\r\n")?.lines().count() == 2);
    // A TIP's offers of options are no part of a name.
    let filtered = ask(&mut sim, "sm\u{0}\r\n")?;
    assert!(filtered.contains("SM"), "{filtered}");
    sim.play("SITE2 types BYE\nwithin 1min SITE2 sees CLOSED")?;
    assert!(ask(&mut sim, "\r\n")?.ends_with("nobody is logged in\r\n"));
    sim.finish()?;
    Ok(())
}

#[test]
fn neither_connection_is_closed_before_all_is_said_for_some_ncps_close_both_then() -> sim::Result {
    let mut sim = net()?;
    // Room for the first words only, and they are never read.
    let allocation = ncp::Allocation { messages: 1, bits: 80 };
    sim.host("SITE3")?.policy(ncp::Policy { allocation, ..ncp::Policy::default() });
    let is_open = comes_of(&mut sim, "SITE3", |host| async move {
        let Duplex { reader: _reader, mut writer, sockets: _sockets, .. } =
            host.icp(at(&host, Service::Finger)).await.expect("it serves");
        writer.send(&text(b"\r\n")).await.expect("it takes the line");
        host.within(Span::from_secs(10), writer.ended()).await.is_err()
    })?;
    assert!(is_open);
    Ok(())
}

#[test]
fn whoever_is_one_too_many_is_sent_away_at_once_and_served_when_others_have_gone() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE3")?;
    let (refused, served) = comes_of(&mut sim, "SITE3", |host| async move {
        let mut inside = Vec::new();
        for _ in 0..MAX_USERS {
            inside.push(host.icp(at(&host, Service::Discard)).await.expect("it serves so many"));
        }
        let before = host.now();
        let Duplex { reader, writer, sockets, .. } =
            host.icp(at(&host, Service::Discard)).await.expect("it is let in");
        let refused = reader.receive(8).await.is_ok_and(|told| told.is_empty());
        let at_once = host.now().since(before) < MINUTE;
        futures::future::join(writer.close(), reader.close()).await;
        drop(sockets);
        for Duplex { reader, writer, sockets, .. } in inside {
            futures::future::join(writer.close(), reader.close()).await;
            drop(sockets);
        }
        host.sleep(Span::from_secs(1)).await;
        (refused && at_once, host.icp(at(&host, Service::Discard)).await.is_ok())
    })?;
    assert!(refused && served);
    Ok(())
}

#[test]
fn users_that_never_go_on_with_what_they_have_begun_keep_nobody_out() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE2")?;
    sim.host("SITE3")?;
    for service in Service::ALL {
        let told = comes_of(&mut sim, "SITE2", |host| async move {
            // They ask, never take the number, and never close.
            let mut held = Vec::new();
            for _ in 0..3 {
                let sockets = host.sockets();
                let asked = host.init(sockets.base(), at(&host, *service), Some(ByteSize::THIRTY_TWO));
                held.push((asked.expect("there is room"), sockets));
            }
            std::mem::forget(held.pop());
            host.sleep(MINUTE).await;
            drop(held);
        });
        told?;
    }
    let time = comes_of(&mut sim, "SITE3", |host| finger(host, "\r\n"))?;
    assert!(time.starts_with("SITE1, up for "), "{time}");
    Ok(())
}
