//! Programs: how they start, take turns, sleep and end, and what a crash leaves of them.

use std::cell::RefCell;
use std::rc::Rc;

use futures::FutureExt;
use host::{Files, Handle, Host, Naming, Note, Program, Settings, TimedOut, WriteMode};
use imp1822::{HostAddress, Link};
use machine::{Instant, Machine, Span};
use ncp::{CloseReason, Command, ForeignSocket, Partner, Socket};

use crate::net::Net;

fn second(n: u64) -> Span {
    Span::from_secs(n)
}

#[test]
fn programs_take_turns_in_the_order_in_which_they_were_woken() {
    let mut net = Net::new();
    net.runs(1, async |host| {
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
    net.wait(second(3));
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
    assert_eq!(net.paper(1), expected);
    assert!(net.host(1).programs().is_empty(), "all have ended: {:?}", net.host(1).programs());
    assert_eq!(net.host(1).deadline(), None, "and nothing is left to wait for");
}

#[test]
fn whoever_gives_up_waiting_leaves_no_alarm() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        let quick = host.within(second(60), host.sleep(second(1))).await;
        let slow = host.within(second(1), host.sleep(second(60))).await;
        host.teletype().print(&format!("{quick:?} {slow:?}"));
        drop(host.sleep(second(100)));
    });
    net.wait(second(2));
    assert_eq!(net.paper(1), [format!("Ok(()) {:?}", Err::<(), _>(TimedOut(second(1))))]);
    assert_eq!(net.host(1).deadline(), None, "no alarm is left");
}

#[test]
fn whoever_sleeps_for_no_time_lets_the_others_go_first_and_the_clock_stands_still() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        let other = host.clone();
        drop(host.spawn("other", async move { other.teletype().print("the other") }));
        host.sleep(Span::ZERO).await;
        host.teletype().print("the sleeper");
    });
    assert_eq!(net.paper(1), ["the other", "the sleeper"], "no time has passed");
    assert_eq!(net.host(1).deadline(), None);
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

/// The peer listens on 257 and says what becomes of the connection; the program of host 1 asks for it.
fn two_hosts() -> Net {
    let mut net = Net::new();
    net.runs(2, async |host| {
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
    net.runs(1, async |host| {
        let lease = host.sockets();
        let opening = host.init(lease.base(), to_peer(), None).expect("the tables are empty");
        let connection = opening.await.expect("the peer listens");
        host.teletype().print("open");
        let _ = connection.receive(8).await;
    });
    net
}

fn to_peer() -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(2), socket: Socket::from(257) }
}

/// A host whose earlier life, if it had one, is not known; hosts 2 and 3 write their messages themselves.
fn one_with_a_past() -> Net {
    let mut net = Net::new();
    net.puppet(2);
    net.puppet(3);
    net.put(
        1,
        Host::new(Settings { address: HostAddress::from(1), ..Settings::default() }).with_unknown_history(),
    );
    net
}

fn request(receive: u32) -> Command {
    Command::Rts { receive: Socket::from(receive), send: Socket::from(79), link: Link::from(42) }
}

#[test]
fn whoever_asks_first_is_heard_whatever_he_remembers_and_whoever_is_asked_first_is_reset() {
    let mut net = one_with_a_past();
    net.puppet_says(2, 1, &[request(1002)]);
    net.wait(second(1));
    assert_eq!(net.said(1, 2), Vec::<String>::new(), "a reset would break what has only just begun");
    assert_eq!(net.host(1).queued_requests().len(), 1);
    net.act(1, |handle| handle.echo(HostAddress::from(2), 7));
    net.act(1, |handle| handle.echo(HostAddress::from(3), 7));
    net.wait(second(2));
    assert_eq!(net.said(1, 2), ["ECO 7"]);
    assert_eq!(net.said(1, 3), ["RST"]);
    net.wait(second(15));
    assert_eq!(net.said(1, 3), ["RST", "ECO 7"], "some know of no RST");
}

#[test]
fn whoever_goes_on_with_what_this_host_has_forgotten_is_reset() {
    let mut net = one_with_a_past();
    net.puppet_says(2, 1, &[Command::Cls { mine: Socket::from(4), yours: Socket::from(9) }]);
    net.wait(second(1));
    assert_eq!(net.said(1, 2), ["RST"]);
}

#[test]
fn whoever_resets_a_host_himself_need_not_be_reset() {
    let mut net = one_with_a_past();
    net.puppet_says(3, 1, &[Command::Rst]);
    net.puppet_says(3, 1, &[Command::Eco { data: 7 }]);
    net.wait(second(1));
    assert_eq!(net.said(1, 3), ["RRP", "ERP 7"]);
}

#[test]
fn after_a_crash_programs_run_anew_with_empty_tables_and_the_former_partner_is_reset() {
    let mut net = two_hosts();
    net.wait(second(1));
    assert_eq!(net.paper(1), ["open"]);
    let before = net.host(1).sockets_lent();

    net.crash(1);
    assert!(net.host(1).programs().is_empty(), "the programs are gone");
    assert!(net.host(1).netstat().is_empty(), "a host that is off has no connections");
    assert!(net.host(1).sockets_lent().is_empty(), "nor does anybody hold sockets");
    assert_eq!(net.host(1).deadline(), None);
    net.wait(second(10));
    assert_eq!(net.in_use(2).len(), 1, "the peer has heard nothing of it yet");

    net.boot(1);
    net.wait(second(5));
    assert_eq!(net.notes(1).iter().filter(|note| **note == Note::Booted).count(), 2);
    assert_eq!(net.paper(1), ["open", "open"], "the program has run again");
    assert_ne!(net.host(1).sockets_lent(), before, "with sockets that the former life did not have");
    let said = net.said(1, 2);
    let reset = said.iter().position(|said| said == "RST").expect("an RST");
    assert!(
        said[reset + 1..].iter().any(|said| said.starts_with("RTS")),
        "asked for after the reset: {said:?}"
    );
    assert_eq!(net.paper(2)[1], "ended: reset");
    assert_eq!(net.in_use(2).len(), 1, "only the new connection is left");
}

#[test]
fn what_is_held_from_a_former_life_harms_nothing_in_the_next() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        let lease = host.sockets();
        let _listening =
            host.listen(lease.base(), Partner::Anyone, None).expect("the tables are empty").await;
    });
    let (lease, opening) = net.act(1, |handle| {
        let lease = handle.sockets();
        let opening = handle.init(lease.base(), to_peer(), None).expect("there is room");
        (lease, opening)
    });
    net.crash(1);
    net.boot(1);
    let (connections, lent) = (net.in_use(1), net.host(1).sockets_lent());
    assert_eq!((connections.len(), lent.len()), (1, 1), "what the program of the new life holds");
    net.act(1, |_| {
        assert_eq!(opening.now_or_never().map(|opened| opened.err()), Some(Some(CloseReason::Reset)));
        drop(lease);
    });
    assert_eq!((net.in_use(1), net.host(1).sockets_lent()), (connections, lent));
}

#[test]
fn nothing_runs_on_a_host_that_is_off() {
    let mut net = Net::new();
    net.runs(1, async |host| host.teletype().print("up"));
    net.crash(1);
    net.start(1, async |host| host.teletype().print("a ghost"));
    net.types(1, "HELLO");
    net.wait(second(1));
    assert_eq!(net.paper(1), ["up"]);
    assert!(!net.host(1).is_busy_with_a_line(), "what was typed at a dead teletype is not waited for");
    net.boot(1);
    net.wait(second(1));
    assert_eq!(net.paper(1), ["up", "up"], "and the ghost does not come back with the host");
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
fn a_program_that_starts_another_while_it_is_dropped_by_a_crash_starts_nothing() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        let _last = LastWord(host.clone());
        host.sleep(second(100)).await;
    });
    net.crash(1);
    net.wait(second(1));
    assert!(net.paper(1).is_empty() && net.host(1).programs().is_empty());
    assert!(net.host(1).sockets_lent().is_empty(), "what the heir held is given back");
}

#[test]
fn a_task_whose_host_crashes_has_no_result() {
    let mut net = Net::new();
    let kept = Rc::new(RefCell::new(None));
    let keep = kept.clone();
    net.runs(1, async |_| {});
    net.act(1, |handle| {
        let sleeper = handle.clone();
        *keep.borrow_mut() = Some(handle.spawn("sleeper", async move { sleeper.sleep(second(9)).await }));
    });
    net.crash(1);
    let task = kept.borrow_mut().take().expect("it was kept");
    assert_eq!(task.now_or_never(), Some(None));
}

#[test]
fn a_lease_is_given_back_and_not_lent_again_at_once() {
    let mut net = Net::new();
    net.runs(1, async |_| {});
    net.act(1, |handle| {
        let (one, two) = (handle.sockets(), handle.sockets());
        assert_eq!(two.base().number(), one.base().number() + 8, "eight sockets each");
        assert_eq!(one.base().number() % 8, 0);
        assert_eq!(one.socket(7).number(), one.base().number() + 7);
        let base = one.base();
        drop(one);
        let three = handle.sockets();
        assert!(three.base() != base && three.base() != two.base(), "the oldest numbers rest the longest");
    });
    assert!(net.host(1).sockets_lent().is_empty(), "everything was given back");
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
fn a_file_is_filed_whole_and_a_crash_leaves_the_disk() {
    let mut net = Net::new();
    net.runs(1, async |_| {});
    let path = |handle: &Handle| handle.files().naming().parse("<SMITH>A.B", None).expect("a path name");
    net.act(1, |handle| {
        let mut draft = handle.files().draft(path(handle), WriteMode::Replace).expect("it can be written");
        draft.write(b"whole").expect("there is room");
        assert_eq!(handle.file(draft), Ok(5));
        let mut half = handle.files().draft(path(handle), WriteMode::Append).expect("it can be written");
        half.write(b" and half").expect("there is room");
    });
    net.crash(1);
    net.boot(1);
    assert_eq!(net.host(1).read_file("<SMITH>A.B").as_deref().map(Vec::as_slice), Some(&b"whole"[..]));
    let filed = Note::Filed { path: "<SMITH>A.B".to_owned(), bytes: 5, kept: 0 };
    assert_eq!(net.notes(1).iter().filter(|note| **note == filed).count(), 1);
}
