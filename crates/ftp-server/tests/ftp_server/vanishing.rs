//! Users who go without a goodbye.

use host::Note;
use ncp::icp::FTP_CONTACT;
use sim::imp::Fault;
use sim::{Sim, Span};
use tokio::io::AsyncWriteExt;

use crate::user::{User, assert_alone, content, in_use, net, on_disk};

/// A user in the middle of a STOR, who stays there.
fn in_the_middle() -> sim::Result<Sim> {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        user.socket("SOCK 3,2048").await;
        let mut data = user.begins("STOR ONE.X").await;
        data.write_all(&content(3000)).await.expect("the server reads");
        host.teletype().print("HALF");
        let cue = host.teletype().read("CUE: ").await;
        match cue.as_str() {
            "END" => drop((user, data)),
            "CLOSE THE OTHER" => {
                drop(user.duplex.reader);
                host.sleep(Span::from_secs(1)).await;
                // As if the file ended here: nobody could be told that half of it is stored.
                drop(data);
                host.sleep(Span::from_secs(500)).await;
            }
            "CLOSE ONE" => {
                drop(user.duplex.writer);
                host.sleep(Span::from_secs(500)).await;
            }
            other => panic!("no such cue: {other}"),
        }
    });
    sim.wait_until("the transfer is on", Span::from_secs(60), |now| !now.printed("SITE1").is_empty())?;
    sim.run_for(Span::from_secs(2));
    assert_eq!(in_use(&sim.now()).len(), 4, "contact, two for Telnet, one for data");
    Ok(sim)
}

/// The server serves no user any more, the file is what it was, and no rule was broken.
fn assert_unharmed(sim: Sim) -> sim::Result {
    assert_alone(&sim.now());
    let filed = sim.now().notes("SITE2").iter().any(|note| matches!(note, Note::Filed { .. }));
    assert!(!filed, "nothing was filed");
    let outcome = sim.finish()?;
    assert_eq!(on_disk(&outcome, "ONE.X"), Some(content(1)), "the file is what it was");
    Ok(())
}

#[test]
fn a_user_whose_program_ends_in_the_middle_of_a_stor_leaves_the_file_and_no_socket() -> sim::Result {
    let mut sim = in_the_middle()?;
    sim.types("SITE1", "END")?;
    sim.run_for(Span::from_secs(10));
    assert_unharmed(sim)
}

#[test]
fn to_close_what_the_server_reads_is_enough() -> sim::Result {
    let mut sim = in_the_middle()?;
    sim.types("SITE1", "CLOSE ONE")?;
    sim.run_for(Span::from_secs(2));
    assert_unharmed(sim)
}

/// RFC 354, IV.A.3: the Telnet connections are a pair.
#[test]
fn to_close_what_the_server_writes_is_enough_too() -> sim::Result {
    let mut sim = in_the_middle()?;
    sim.types("SITE1", "CLOSE THE OTHER")?;
    sim.run_for(Span::from_secs(4));
    assert_unharmed(sim)
}

#[test]
fn a_user_who_hears_nothing_any_more_is_not_obeyed() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let User { duplex, .. } = User::enters(&host).await;
        drop(duplex.reader);
        host.sleep(Span::from_secs(1)).await;
        let mut writer = duplex.writer;
        drop(writer.write_all(b"DELE ONE.X\r\n").await);
        host.sleep(Span::from_secs(500)).await;
    });
    sim.run_for(Span::from_secs(10));
    assert_unharmed(sim)
}

#[test]
fn a_user_who_crashes_and_is_back_in_the_middle_of_a_stor_leaves_the_file_and_no_socket() -> sim::Result {
    let mut sim = in_the_middle()?;
    sim.crash("SITE1")?;
    sim.restart("SITE1")?;
    sim.run_for(Span::from_secs(60));
    // The new life of host 1 has said RST, and its program is half through again.
    assert_eq!(sim.now().printed("SITE1").len(), 2);
    sim.crash("SITE1")?;
    sim.run_for(Span::from_secs(900));
    assert_unharmed(sim)
}

#[test]
fn a_user_who_crashes_silently_in_the_middle_of_a_stor_is_given_up_after_ten_minutes_at_most() -> sim::Result
{
    let mut sim = in_the_middle()?;
    sim.crash("SITE1")?;
    sim.run_for(Span::from_secs(601));
    assert_unharmed(sim)
}

#[test]
fn a_user_who_vanishes_while_the_server_waits_for_the_data_connection_is_forgotten() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        user.socket("LSTN R").await;
        user.types("STOR ONE.X").await;
        host.sleep(Span::from_secs(10)).await;
    });
    sim.run_for(Span::from_secs(5));
    assert_eq!(in_use(&sim.now()).len(), 4, "it listens");
    sim.run_for(Span::from_secs(10));
    assert_unharmed(sim)
}

#[test]
fn a_line_that_is_cut_short_is_not_obeyed() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        let _listening = user.listens(5);
        user.writes(b"STOR ONE.X").await;
    });
    sim.run_for(Span::from_secs(10));
    assert_unharmed(sim)
}

#[test]
fn a_user_who_says_nothing_is_let_go_after_half_an_hour() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        host.sleep(Span::from_secs(25 * 60)).await;
        let start = host.now();
        user.asks("NOOP", 200).await;
        user.hears(435).await;
        user.hears_the_end().await;
        assert!(host.now().since(start) >= Span::from_secs(30 * 60), "the half hour begins anew");
        host.teletype().print("DONE");
    });
    sim.run_for(Span::from_secs(56 * 60));
    assert_eq!(sim.now().printed("SITE1"), ["DONE"]);
    assert_unharmed(sim)
}

/// A host that dies says no goodbye, and no IMP says so unasked. The server of 1973 can ask.
#[test]
fn a_silent_user_whose_host_is_gone_or_has_come_up_anew_or_is_out_of_reach_leaves_no_socket_for_long()
-> sim::Result {
    let idle = async |host: host::Handle| {
        if host.teletype().read("CUE: ").await == "GO" {
            let mut user = User::enters(&host).await;
            user.socket("LSTN R").await;
            host.teletype().read("CUE: ").await;
        }
    };
    let befall = |sim: &mut Sim, how: &str| {
        let host = sim.address("SITE1")?;
        match how {
            "dies" => sim.crash("SITE1"),
            "dies and is back" => sim.crash("SITE1").and_then(|()| sim.restart("SITE1")),
            "hangs" => sim.inject(Fault::HostHangs { host }),
            "has its cable pulled out" => sim.inject(Fault::CablePulled { host }),
            "loses its IMP" => sim.inject(Fault::ImpCrashes { imp: 1 }),
            other => panic!("{other}"),
        }
    };
    for how in ["dies", "dies and is back", "hangs", "has its cable pulled out", "loses its IMP"] {
        let mut sim = net()?;
        sim.host("SITE1")?.runs("user", idle);
        sim.types("SITE1", "GO")?;
        sim.run_for(Span::from_secs(10));
        assert_eq!(in_use(&sim.now()).len(), 3, "contact, and two for Telnet");
        befall(&mut sim, how)?;
        sim.run_for(Span::from_secs(4 * 60));
        assert_eq!(in_use(&sim.now()), [FTP_CONTACT], "the user's host {how}");
        assert_unharmed(sim)?;
    }
    // A user who is there and only silent stays.
    let mut sim = net()?;
    sim.host("SITE1")?.runs("user", idle);
    sim.types("SITE1", "GO")?;
    sim.run_for(Span::from_secs(25 * 60));
    assert_eq!(in_use(&sim.now()).len(), 3, "a user who thinks for 25 minutes is served still");
    Ok(())
}

#[test]
fn when_the_server_crashes_and_is_back_it_serves_again() -> sim::Result {
    let mut sim = in_the_middle()?;
    sim.crash("SITE2")?;
    sim.restart("SITE2")?;
    sim.run_for(Span::from_secs(1));
    assert_eq!(in_use(&sim.now()), [FTP_CONTACT]);
    sim.spawn("SITE3", "user", async |host| {
        let mut user = User::enters(&host).await;
        assert_eq!(user.retrieves("ONE.X").await, content(1), "what was there before");
        host.teletype().print("DONE");
    })?;
    sim.run_for(Span::from_secs(60));
    assert_eq!(sim.now().printed("SITE3"), ["DONE"]);
    assert_unharmed(sim)
}
