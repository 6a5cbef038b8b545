//! Programs: how they start, take turns, sleep and end, and what a crash leaves of them.

use std::cell::RefCell;
use std::rc::Rc;

use futures::FutureExt;
use host::{Files, Handle, Host, Naming, Note, Output, Program, Settings, TimedOut, WriteMode};
use imp1822::HostAddress;
use machine::{Instant, Machine};
use ncp::{CloseReason, ForeignSocket, Partner, Socket};
use sim::{Sim, Span};

use crate::{in_use, look};

fn second(n: u64) -> Span {
    Span::from_secs(n)
}

#[test]
fn programs_take_turns_in_the_order_in_which_they_were_woken() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let talk = |name: &'static str, wait| {
            let host = host.clone();
            async move {
                host.teletype().print(&format!("{name} starts"));
                host.sleep(wait).await;
                host.teletype().print(&format!("{name} wakes"));
                name
            }
        };
        let slow = host.spawn("slow", talk("slow", second(2)));
        let first = host.spawn("first", talk("first", second(1)));
        let other = host.spawn("other", talk("other", second(1)));
        host.teletype().print("the parent goes on first");
        for task in [slow, first, other] {
            let name = task.await.expect("nobody crashed");
            host.teletype().print(&format!("{name} is joined"));
        }
    });
    sim.run_for(second(3));
    let expected = [
        "the parent goes on first",
        "slow starts",
        "first starts",
        "other starts",
        "first wakes",
        "other wakes",
        "slow wakes",
        "slow is joined",
        "first is joined",
        "other is joined",
    ];
    assert_eq!(sim.now().printed("SITE1"), expected);
    assert!(
        look(&sim, "SITE1").programs().is_empty(),
        "all have ended: {:?}",
        look(&sim, "SITE1").programs()
    );
    assert_eq!(look(&sim, "SITE1").deadline(), None, "and nothing is left to wait for");
    sim.finish()?;
    Ok(())
}

#[test]
fn whoever_gives_up_waiting_leaves_no_alarm() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let quick = host.within(second(60), host.sleep(second(1))).await;
        let slow = host.within(second(1), host.sleep(second(60))).await;
        host.teletype().print(&format!("{quick:?} {slow:?}"));
        drop(host.sleep(second(100)));
    });
    sim.run_for(second(2));
    assert_eq!(sim.now().printed("SITE1"), [format!("Ok(()) {:?}", Err::<(), _>(TimedOut(second(1))))]);
    assert_eq!(look(&sim, "SITE1").deadline(), None, "no alarm is left");
    sim.finish()?;
    Ok(())
}

#[test]
fn a_sleep_lasts_from_when_it_is_asked_for_and_not_from_when_it_is_waited_for() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let (over, half) = (host.sleep(second(5)), host.sleep(second(20)));
        host.sleep(second(10)).await;
        over.await;
        host.teletype().print(&format!("{} s", host.now()));
        half.await;
        host.teletype().print(&format!("{} s", host.now()));
    });
    sim.run_for(second(60));
    assert_eq!(sim.now().printed("SITE1"), ["10.000000 s", "20.000000 s"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn whoever_sleeps_for_no_time_lets_the_others_go_first_and_the_clock_stands_still() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let other = host.clone();
        drop(host.spawn("other", async move { other.teletype().print("the other") }));
        host.sleep(Span::ZERO).await;
        host.teletype().print("the sleeper");
    });
    assert_eq!(sim.now().printed("SITE1"), ["the other", "the sleeper"], "no time has passed");
    assert_eq!(look(&sim, "SITE1").deadline(), None);
    sim.finish()?;
    Ok(())
}

fn alone<F: Future<Output = ()> + 'static>(program: impl Fn(Handle) -> F + 'static) -> Host {
    Host::new(Settings { programs: vec![Program::new("whirl", program)], ..Settings::default() })
}

#[test]
#[should_panic(expected = "\"whirl\" wakes itself for ever")]
fn a_program_that_spins_is_named() {
    alone(async |_| {
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            std::task::Poll::<()>::Pending
        })
        .await;
    })
    .boot(Instant::START);
}

#[test]
#[should_panic(expected = "\"whirl\" wakes itself for ever")]
fn a_program_that_spins_by_sleeping_for_no_time_is_named() {
    alone(async |host| {
        loop {
            host.sleep(Span::ZERO).await;
        }
    })
    .boot(Instant::START);
}

#[test]
#[should_panic(expected = "the program \"whirl\" of host HOST panicked at 0.000000 s: 7 is no bit")]
fn a_program_that_panics_is_named_with_its_host_and_the_time() {
    alone(async |_| panic!("{} is no bit", 7)).boot(Instant::START);
}

/// The peer listens on 257 and says what becomes of the connection; the program of host 1 asks for it.
fn two_hosts() -> sim::Result<Sim> {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE2")?.runs("test", async |host| {
        loop {
            let Ok(opening) = host.listen(Socket::from(257), Partner::Anyone, None) else { return };
            let Ok(connection) = opening.await else { continue };
            host.teletype().print(&format!("open to {}", connection.foreign().socket));
            let why = connection.ended().await;
            host.teletype()
                .print(&format!("ended: {}", why.map_or("asked to".to_owned(), |why| why.to_string())));
            drop(connection);
        }
    });
    sim.host("SITE1")?.runs("test", async |host| {
        let lease = host.sockets();
        let opening = host.init(lease.base(), to_peer(), None).expect("the tables are empty");
        let connection = opening.await.expect("the peer listens");
        host.teletype().print("open");
        let _ = connection.receive(8).await;
    });
    Ok(sim)
}

fn to_peer() -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(2), socket: Socket::from(257) }
}

#[test]
fn after_a_crash_programs_run_anew_with_empty_tables_and_the_former_partner_is_reset() -> sim::Result {
    let mut sim = two_hosts()?;
    sim.run_for(second(1));
    assert_eq!(sim.now().printed("SITE1"), ["open"]);
    let before = look(&sim, "SITE1").sockets_lent();

    sim.crash("SITE1")?;
    assert!(look(&sim, "SITE1").programs().is_empty(), "the programs are gone");
    assert!(look(&sim, "SITE1").netstat().is_empty(), "a host that is off has no connections");
    assert!(look(&sim, "SITE1").sockets_lent().is_empty(), "nor does anybody hold sockets");
    assert_eq!(look(&sim, "SITE1").deadline(), None);
    sim.run_for(second(10));
    assert_eq!(in_use(&sim, "SITE2").len(), 1, "the peer has heard nothing of it yet");

    sim.restart("SITE1")?;
    // What the new life sends first may wait for half a minute at its IMP.
    sim.run_for(second(60));
    assert_eq!(sim.now().notes("SITE1").iter().filter(|note| ***note == Note::Booted).count(), 2);
    assert_eq!(sim.now().printed("SITE1"), ["open", "open"], "the program has run again");
    assert_ne!(look(&sim, "SITE1").sockets_lent(), before, "with sockets that the former life did not have");
    let said = sim.now().messages("SITE1", "SITE2");
    let reset = said.iter().position(|said| *said == "RST").expect("an RST");
    assert!(
        said[reset + 1..].iter().any(|said| said.starts_with("RTS")),
        "asked for after the reset: {said:?}"
    );
    assert_eq!(sim.now().printed("SITE2")[1], "ended: reset");
    assert_eq!(in_use(&sim, "SITE2").len(), 1, "only the new connection is left");
    sim.finish()?;
    Ok(())
}

#[test]
fn what_is_held_from_a_former_life_harms_nothing_in_the_next() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let lease = host.sockets();
        let _listening =
            host.listen(lease.base(), Partner::Anyone, None).expect("the tables are empty").await;
    });
    let (lease, opening) = sim.act("SITE1", |handle| {
        let lease = handle.sockets();
        let opening = handle.init(lease.base(), to_peer(), None).expect("there is room");
        (lease, opening)
    })?;
    sim.crash("SITE1")?;
    sim.restart("SITE1")?;
    let (connections, lent) = (in_use(&sim, "SITE1"), look(&sim, "SITE1").sockets_lent());
    assert_eq!((connections.len(), lent.len()), (1, 1), "what the program of the new life holds");
    sim.act("SITE1", |_| {
        assert_eq!(opening.now_or_never().map(|opened| opened.err()), Some(Some(CloseReason::Reset)));
        drop(lease);
    })?;
    assert_eq!((in_use(&sim, "SITE1"), look(&sim, "SITE1").sockets_lent()), (connections, lent));
    sim.finish()?;
    Ok(())
}

#[test]
fn nothing_runs_on_a_host_that_is_off() {
    let now = Instant::START;
    let mut host = alone(async |host| host.teletype().print("up"));
    let printed = |host: &mut Host| -> Vec<String> {
        let outputs = std::iter::from_fn(|| host.poll());
        let lines = outputs.filter_map(|output| match output {
            Output::Note(Note::Printed(line)) => Some(line),
            Output::Note(_) | Output::ToImp(_) => None,
        });
        lines.collect()
    };
    host.boot(now);
    assert_eq!(printed(&mut host), ["up"]);
    host.crash(now);
    host.act(now, |handle| {
        let ghost = handle.clone();
        drop(handle.spawn("ghost", async move { ghost.teletype().print("a ghost") }));
    });
    host.type_line(now, "HELLO");
    assert_eq!(printed(&mut host), [""; 0]);
    assert!(!host.is_busy_with_a_line(), "what was typed at a dead teletype is not waited for");
    assert_eq!(host.deadline(), None);
    host.boot(now);
    assert_eq!(printed(&mut host), ["up"], "and the ghost does not come back with the host");
}

/// Starts another program when it is dropped.
struct LastWord(Handle);

impl Drop for LastWord {
    fn drop(&mut self) {
        let host = self.0.clone();
        let lease = host.sockets();
        drop(self.0.spawn("heir", async move {
            host.teletype().print("the heir runs");
            drop(lease);
        }));
    }
}

#[test]
fn a_program_that_starts_another_while_it_is_dropped_by_a_crash_starts_nothing() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?.runs("test", async |host| {
        let _last = LastWord(host.clone());
        host.sleep(second(100)).await;
    });
    sim.crash("SITE1")?;
    sim.run_for(second(1));
    assert!(sim.now().printed("SITE1").is_empty() && look(&sim, "SITE1").programs().is_empty());
    assert!(look(&sim, "SITE1").sockets_lent().is_empty(), "what the heir held is given back");
    sim.finish()?;
    Ok(())
}

#[test]
fn a_task_whose_host_crashes_has_no_result() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    let kept = Rc::new(RefCell::new(None));
    let keep = kept.clone();
    sim.host("SITE1")?;
    sim.act("SITE1", |handle| {
        let sleeper = handle.clone();
        *keep.borrow_mut() = Some(handle.spawn("sleeper", async move { sleeper.sleep(second(9)).await }));
    })?;
    sim.crash("SITE1")?;
    let task = kept.borrow_mut().take().expect("it was kept");
    assert_eq!(task.now_or_never(), Some(None));
    sim.finish()?;
    Ok(())
}

#[test]
fn a_lease_is_given_back_and_not_lent_again_at_once() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?;
    sim.act("SITE1", |handle| {
        let (one, two) = (handle.sockets(), handle.sockets());
        assert_eq!(two.base().number(), one.base().number() + 8, "eight sockets each");
        assert_eq!(one.base().number() % 8, 0);
        assert_eq!(one.socket(7).number(), one.base().number() + 7);
        let base = one.base();
        drop(one);
        let three = handle.sockets();
        assert!(three.base() != base && three.base() != two.base(), "the oldest numbers rest the longest");
    })?;
    assert!(look(&sim, "SITE1").sockets_lent().is_empty(), "everything was given back");
    sim.finish()?;
    Ok(())
}

#[test]
fn two_hosts_with_the_same_settings_have_a_disk_each() {
    let mut files = Files::new(Naming::Plain, 10);
    let name = |text| Naming::Plain.parse(text, Some("SMITH")).expect("a name");
    files.put(name("OLD"), b"1234".to_vec());
    let other = files.clone();
    let mut draft = files.draft(name("NEW"), WriteMode::Replace).expect("it can be written");
    draft.write(b"123456").expect("six bytes are left");
    let mut second_draft = other.draft(name("NEW"), WriteMode::Replace).expect("it can be written");
    assert_eq!(second_draft.write(b"123456"), Ok(()), "the other disk has six bytes left, too");
    assert!(second_draft.write(b"7").is_err(), "but not seven: the clone has the same files and size");
}

#[test]
fn a_file_is_filed_whole_and_a_crash_leaves_the_disk() -> sim::Result {
    let mut sim = Sim::on("ring")?;
    sim.host("SITE1")?;
    let path = |handle: &Handle| handle.files().naming().parse("<SMITH>A.B", None).expect("a path name");
    sim.act("SITE1", |handle| {
        let mut draft = handle.files().draft(path(handle), WriteMode::Replace).expect("it can be written");
        draft.write(b"whole").expect("there is room");
        assert_eq!(handle.file(draft), Ok(5));
        let mut half = handle.files().draft(path(handle), WriteMode::Append).expect("it can be written");
        half.write(b" and half").expect("there is room");
    })?;
    sim.crash("SITE1")?;
    sim.restart("SITE1")?;
    assert_eq!(
        look(&sim, "SITE1").read_file("<SMITH>A.B").as_deref().map(Vec::as_slice),
        Some(&b"whole"[..])
    );
    let filed = Note::Filed { path: "<SMITH>A.B".to_owned(), bytes: 5, kept: 0 };
    assert_eq!(sim.now().notes("SITE1").iter().filter(|note| ***note == filed).count(), 1);
    sim.finish()?;
    Ok(())
}
