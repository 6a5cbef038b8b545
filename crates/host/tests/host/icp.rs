//! The initial connection protocol, and users who vanish in the middle of it.

use host::Handle;
use imp1822::HostAddress;
use ncp::{ForeignSocket, Partner, Policy, QueuePolicy, Socket};
use sim::{Sim, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{in_use, look};

pub(crate) const CONTACT: Socket = Socket::new(1);
pub(crate) const SERVER: u8 = 2;

/// Sends each line of a user back twice.
pub(crate) async fn twice(host: Handle) {
    let mut contact = host.serve(CONTACT);
    loop {
        let user = contact.accept().await;
        let teletype = host.teletype();
        teletype.print(&format!("USER {}", user.user().socket.number()));
        drop(host.spawn("twice", async move {
            let mut duplex = match user.open().await {
                Ok(duplex) => duplex,
                Err(error) => return teletype.print(&format!("GONE: {error}")),
            };
            let mut text = [0; 5];
            if duplex.read_exact(&mut text).await.is_ok() {
                drop(duplex.write_all(&text).await);
                drop(duplex.write_all(&text).await);
            }
        }));
    }
}

fn contact() -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(SERVER), socket: CONTACT }
}

pub(crate) async fn user(host: Handle) {
    let mut duplex = match host.icp(contact()).await {
        Ok(duplex) => duplex,
        Err(error) => return host.teletype().print(&format!("NO: {error}")),
    };
    duplex.write_all(b"HELLO").await.expect("it is open");
    let mut text = String::new();
    duplex.read_to_string(&mut text).await.expect("it is closed properly");
    host.teletype().print(&text);
}

/// A net with the server at SITE2; nothing runs at the last site.
fn net(policy: Policy) -> sim::Result<Sim> {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("twice", twice).policy(policy);
    sim.host("SITE8")?;
    Ok(sim)
}

pub(crate) fn refusing() -> Policy {
    Policy { queue: QueuePolicy::Refuse, ..Policy::default() }
}

/// The next user, at SITE8, is served within three seconds.
fn serves_the_next(sim: &mut Sim) -> sim::Result {
    sim.spawn("SITE8", "user", user)?;
    let served = Span::from_secs(3);
    sim.wait_until("the next user is served", served, |now| !now.printed("SITE8").is_empty())?;
    assert_eq!(sim.now().printed("SITE8"), ["HELLOHELLO"]);
    sim.run_for(Span::from_secs(1));
    Ok(())
}

/// The server listens for the next user, and holds nothing for any.
fn assert_alone(sim: &Sim) {
    assert_eq!(in_use(sim, "SITE2"), [CONTACT], "{:?}", look(sim, "SITE2").netstat());
    assert!(look(sim, "SITE2").sockets_lent().is_empty());
}

/// Nothing is left of a user.
fn assert_gone(sim: &Sim, user: &str) {
    assert!(in_use(sim, user).is_empty() && look(sim, user).sockets_lent().is_empty());
}

#[test]
fn user_and_server_meet_and_leave_nothing_behind() -> sim::Result {
    for policy in [Policy::default(), refusing()] {
        for user_policy in [Policy::default(), refusing(), Policy { plain: true, ..Policy::default() }] {
            let mut sim = net(policy.clone())?;
            sim.host("SITE1")?.runs("user", user).policy(user_policy);
            sim.run_for(Span::from_secs(10));
            assert_eq!(sim.now().printed("SITE1"), ["HELLOHELLO"]);
            assert_gone(&sim, "SITE1");
            assert_alone(&sim);
            sim.finish()?;
        }
    }
    Ok(())
}

#[test]
fn a_user_whose_host_dies_before_he_allocates_holds_nobody_up() -> sim::Result {
    let mut sim = net(Policy::default())?;
    sim.host("SITE1")?.runs("test", async |host| {
        let lease = host.sockets();
        let _opening = host.init(lease.base(), contact(), None).expect("the tables are empty");
        host.sleep(Span::from_secs(1000)).await;
    });
    let asked = |now: &sim::Moment<'_>| !now.messages("SITE2", "SITE1").is_empty();
    sim.wait_until("the server has heard the user", Span::from_secs(1), asked)?;
    sim.crash("SITE1")?;
    let allocated = sim.now().messages("SITE1", "SITE2").iter().any(|said| said.starts_with("ALL"));
    assert!(!allocated, "it has not heard of the server yet");
    sim.run_for(Span::from_secs(1));
    serves_the_next(&mut sim)?;
    assert_alone(&sim);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_user_who_vanishes_after_the_number_holds_nobody_up_and_is_forgotten_after_a_minute() -> sim::Result {
    let mut sim = net(Policy::default())?;
    sim.host("SITE1")?.runs("test", async |host| {
        let lease = host.sockets();
        let opening = host.init(lease.base(), contact(), None).expect("the tables are empty");
        let number = opening.await.expect("the server listens").receive(32).await;
        host.teletype().print(&format!("{} BITS", number.expect("the number").len()));
    });
    sim.run_for(Span::from_secs(1));
    assert_eq!(sim.now().printed("SITE1"), ["32 BITS"]);
    serves_the_next(&mut sim)?;
    assert_eq!(in_use(&sim, "SITE2").len(), 3, "the contact, and two requests to the one who vanished");
    sim.run_for(Span::from_secs(61));
    assert_alone(&sim);
    let printed = sim.now().printed("SITE2");
    assert!(printed.contains(&"GONE: no answer for 1min"), "{printed:?}");
    sim.finish()?;
    Ok(())
}

/// A user that opens only one of its two connections, the one with this distance from U.
fn half_a_user(distance: u32) -> sim::Result {
    let mut sim = net(Policy::default())?;
    sim.host("SITE1")?.runs("test", move |host| async move {
        let lease = host.sockets();
        let opening = host.init(lease.base(), contact(), None).expect("the tables are empty");
        let number = opening.await.expect("the server listens").receive(32).await.expect("the number");
        drop(number);
        let listening = host.listen(lease.socket(distance), Partner::Host(contact().host), None);
        let _half = listening.expect("it is free").await.expect("the server asks");
        host.teletype().print("HALF");
        host.sleep(Span::from_secs(1000)).await;
    });
    sim.run_for(Span::from_secs(2));
    assert_eq!(sim.now().printed("SITE1"), ["HALF"]);
    serves_the_next(&mut sim)?;
    sim.run_for(Span::from_secs(61));
    assert_alone(&sim);
    sim.finish()?;
    Ok(())
}

#[test]
fn a_user_who_opens_only_one_connection_is_forgotten_after_a_minute() -> sim::Result {
    half_a_user(2)?;
    half_a_user(3)
}

#[test]
fn a_user_is_told_when_nobody_serves() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?;
    sim.host("SITE1")?.runs("test", user);
    sim.host("SITE3")?.runs("test", async |host| {
        let nobody = ForeignSocket { host: HostAddress::from(77), socket: CONTACT };
        let error = host.icp(nobody).await.err().expect("there is no host 77");
        host.teletype().print(&format!("NO: {error}"));
    });
    sim.run_for(Span::from_secs(61));
    assert_eq!(
        sim.now().printed("SITE1"),
        ["NO: no answer for 1min"],
        "the request waits in the queue of host 2"
    );
    assert_eq!(sim.now().printed("SITE3").len(), 1, "told by the IMP: {:?}", sim.now().printed("SITE3"));
    sim.run_for(Span::from_secs(1));
    assert_gone(&sim, "SITE1");
    sim.finish()?;
    Ok(())
}

#[test]
fn forty_users_at_once_are_all_served() -> sim::Result {
    let mut sim = net(Policy::default())?;
    let hosts = ["SITE4", "SITE5", "SITE6", "SITE7"];
    for name in hosts {
        sim.host(name)?.runs("users", async |host| {
            for n in 0..10 {
                drop(host.spawn(format!("user {n}"), user(host.clone())));
            }
        });
    }
    let all = |now: &sim::Moment<'_>| hosts.iter().all(|name| now.printed(name).len() == 10);
    sim.wait_until("forty users are served", Span::from_secs(60), all)?;
    for name in hosts {
        assert_eq!(sim.now().printed(name), ["HELLOHELLO"; 10]);
    }
    sim.run_for(Span::from_secs(1));
    assert_alone(&sim);
    sim.finish()?;
    Ok(())
}
