//! Each kind of thing that can be left behind is left behind on purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use host::{Accounts, Handle, Host, Program, Settings, WriteMode};
use imp::{Fault, Net, Watch};
use imp1822::{Link, ToImp};
use machine::{BitWriter, Bits, Span};
use ncp::{ByteSize, Command, ForeignSocket, Header, Partner, Socket};
use scenario::library;
use trace::Record;

use super::*;
use crate::world::{Log, World};

/// A socket that receives, and one that sends.
const READS: u32 = 640;
const WRITES: u32 = 641;

/// Keeps nothing.
struct NoLog;

impl Log for NoLog {
    fn take(&mut self, _: u64, _: Record) {}
}

/// Three hosts on three IMPs, and what they held when they had come up.
struct Lab {
    world: World<NoLog>,
    names: Names,
    after_boot: AfterBoot,
}

fn site(number: u8) -> HostAddress {
    HostAddress::from(number)
}

fn net() -> Net {
    let text = library::net("three-imps").expect("it is built in");
    scenario::parse_net("three-imps", text).expect("it can be read")
}

impl Lab {
    /// With these programs at SITE1 and SITE2. SITE1 serves files too, SITE3 has a user of files.
    fn with(one: Option<Program>, two: Option<Program>) -> Self {
        let net = net();
        let names = Names::of(&net);
        let server = Program::new("FTP server", |host| ftp_server::serve(host, ftp::Edition::default()));
        let user = Program::new("FTP user", |host| ftp_user::run(host, ftp_user::Typist::Script));
        let programs = [one.into_iter().chain([server]).collect(), two.into_iter().collect(), vec![user]];
        let hosts = (1..).zip(programs).map(|(number, programs)| {
            let mut accounts = Accounts::default();
            accounts.add("SMITH", "SESAME");
            let (name, directory) = (names.host(site(number)), Arc::clone(names.hosts()));
            let settings = Settings {
                name,
                address: site(number),
                directory,
                accounts,
                programs,
                ..Settings::default()
            };
            (site(number), Host::new(settings))
        });
        let mut world = World::new(&net, hosts, Watch::Nothing, 0, NoLog);
        for number in 1..=3 {
            world.act(site(number), |host, now| host.boot(now));
        }
        let after_boot = AfterBoot::of(&world);
        Lab { world, names, after_boot }
    }

    fn run(&mut self, seconds: u64) -> &mut Self {
        let end = self.world.now() + Span::from_secs(seconds);
        self.world.run_until(end);
        self
    }

    fn left(&self) -> Vec<String> {
        self.told().into_iter().map(|(text, _)| text).collect()
    }

    /// What is left, and whether a loss explains it.
    fn told(&self) -> Vec<(String, bool)> {
        let left = left(&self.world, &self.names, &self.after_boot);
        left.into_iter().map(|left| (left.text, left.by_loss)).collect()
    }

    fn types(&mut self, line: &str) {
        self.world.act(site(3), |host, now| host.type_line(now, line));
        self.run(20);
    }

    /// A host sends commands that its NCP does not know of.
    fn forges(&mut self, from: u8, to: u8, commands: &[Command]) {
        let message = control_message(to, commands);
        self.world.act(site(from), |host, now| host.act(now, |handle| handle.inject(message)));
    }

    #[track_caller]
    fn has_left(&self, expected: &[&str]) {
        assert_eq!(self.left(), expected);
    }

    /// After hours nothing is left, whatever was left before.
    #[track_caller]
    fn is_clean_after_hours(&mut self) {
        self.run(3 * 3600).has_left(&[]);
    }
}

fn control_message(to: u8, commands: &[Command]) -> Bits {
    let count: usize = commands.iter().map(|command| command.len()).sum();
    let mut writer = BitWriter::new(32 + 40 + 8 * count);
    writer.put_bits(ToImp::Regular { to: site(to), link: Link::CONTROL, priority: false }.bits().reader());
    Header { size: 8, count: count as u16 }.emit(&mut writer);
    commands.iter().for_each(|command| command.emit(&mut writer));
    writer.finish()
}

fn program(name: &str, run: impl AsyncFn(Handle) + 'static) -> Option<Program> {
    let run = Rc::new(run);
    Some(Program::new(name, move |host| {
        let run = run.clone();
        async move { run(host).await }
    }))
}

/// Reads whatever comes to a socket, for ever.
fn reader() -> Option<Program> {
    program("reader", read)
}

/// The same by a program that another one has started, and that did not run when the host was up.
fn reading_child() -> Option<Program> {
    program("parent", async |host: Handle| {
        drop(host.spawn("child", read(host.clone())));
    })
}

async fn read(host: Handle) {
    loop {
        let Ok(listening) = host.listen(Socket::from(READS), Partner::Anyone, Some(ByteSize::EIGHT)) else {
            host.sleep(Span::from_secs(1)).await;
            continue;
        };
        let Ok(connection) = listening.await else { continue };
        while connection.receive_some(8000).await.is_ok_and(|bits| !bits.is_empty()) {}
    }
}

fn reader_at_site2() -> ForeignSocket {
    ForeignSocket { host: site(2), socket: Socket::from(READS) }
}

#[test]
fn hosts_that_have_just_come_up_have_nothing_left() {
    let mut lab = Lab::with(None, reader());
    lab.run(1).has_left(&[]);
    lab.run(3600).has_left(&[]);
}

#[test]
fn a_user_who_stays_connected_owns_all_that_is_held_for_him() {
    let mut lab = Lab::with(None, None);
    lab.types("CONNECT SITE1");
    lab.types("LOGIN SMITH SESAME");
    lab.types("QUOTE LSTN R");
    let server = lab.world.host(site(1)).expect("it is there").held();
    assert_eq!((server.programs.len(), server.leases.len(), server.logins.len()), (2, 2, 1));
    lab.has_left(&[]);
    // The server loses patience with a user who says nothing for half an hour.
    lab.is_clean_after_hours();
}

#[test]
fn a_connection_whose_program_is_gone_is_told() {
    let leaver = program("leaver", async |host: Handle| {
        let asked = host.init(Socket::from(WRITES), reader_at_site2(), None).expect("it is free");
        std::mem::forget(asked.await);
    });
    let mut lab = Lab::with(leaver, reader());
    lab.run(3600)
        .has_left(&["SITE1 still has socket 641 open to SITE2 640, which no program holds any more"]);
}

#[test]
fn a_connection_of_which_the_other_host_knows_nothing_is_told_and_then_refused() {
    let mut lab = Lab::with(None, reader());
    let [send, receive] = [WRITES, READS].map(Socket::from);
    lab.forges(1, 2, &[Command::Str { send, receive, size: 8 }]);
    lab.run(10).has_left(&[
        // The grant looks like a request there.
        "SITE1 still queues a request of SITE2 640 for socket 641 that nobody makes",
        "SITE2 still has socket 640 open to SITE1 641, which knows nothing of it",
    ]);
    lab.is_clean_after_hours();
}

#[test]
fn a_request_that_nobody_makes_is_told_until_patience_with_it_ends() {
    let mut lab = Lab::with(None, None);
    let [send, receive] = [WRITES, READS].map(Socket::from);
    lab.forges(1, 2, &[Command::Str { send, receive, size: 8 }]);
    lab.run(10).has_left(&["SITE2 still queues a request of SITE1 641 for socket 640 that nobody makes"]);
    // The refusal that follows waits for the CLS of a host that knows nothing of it.
    lab.run(115).has_left(&["SITE2 still has 1 refusal that SITE1 has not answered with a CLS"]);
    lab.is_clean_after_hours();
}

#[test]
fn a_request_that_somebody_makes_is_his() {
    let asker = program("asker", async |host: Handle| {
        let _ = host.init(Socket::from(WRITES), reader_at_site2(), None).expect("it is free").await;
    });
    let mut lab = Lab::with(asker, None);
    lab.run(10).has_left(&["SITE1 still has socket 641 requested, to SITE2 640"]);
    assert_eq!(lab.world.host(site(2)).expect("it is there").queued_requests().len(), 1);
    lab.is_clean_after_hours();
}

#[test]
fn what_is_asked_for_at_the_console_is_owned_as_long_as_it_takes() {
    let mut lab = Lab::with(None, reader());
    let opening = lab.world.act(site(1), |host, now| {
        host.act(now, |handle| {
            handle.init(Socket::from(WRITES), reader_at_site2(), None).expect("it is free")
        })
    });
    lab.run(3600).has_left(&[]);
    drop(opening);
}

#[test]
fn a_host_that_dies_leaves_nothing_with_those_who_answer_it_once_their_patience_ends() {
    let mut lab = Lab::with(None, None);
    lab.types("CONNECT SITE1");
    lab.types("LOGIN SMITH SESAME");
    lab.world.act(site(3), |host, now| host.crash(now));
    let told = lab.run(10).left();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(told[0].ends_with(", and SITE3 is down") && told[1].ends_with(", and SITE3 is down"));
    assert_eq!(told[2], "SITE1 still runs \"FTP server for SITE3\", which has no connection left");
    assert!(told[3].starts_with("SITE1 still has 8 sockets set aside from "));
    assert_eq!(told[4], "SITE1 still counts SMITH of SITE3 among its users, who has no connection");
    lab.is_clean_after_hours();
}

#[test]
fn who_is_between_two_commands_cannot_know_that_the_other_host_is_dead_or_has_begun_anew() {
    let mut lab = Lab::with(None, None);
    lab.types("CONNECT SITE1");
    lab.world.act(site(1), |host, now| host.crash(now));
    lab.run(3600).has_left(&[]);
    lab.world.act(site(1), |host, now| host.boot(now));
    lab.run(3600).has_left(&[]);
}

#[test]
fn a_host_that_hangs_is_not_asked_and_its_partners_are() {
    let mut lab = Lab::with(None, None);
    lab.types("CONNECT SITE1");
    lab.world.inject(Fault::HostHangs { host: site(3) }).expect("it is there");
    let told = lab.run(10).left();
    assert!(told[0].ends_with(", and SITE3 is cut off from the net"), "{told:#?}");
    assert!(told.iter().all(|told| told.starts_with("SITE1 ")), "{told:#?}");
    lab.is_clean_after_hours();
}

#[test]
fn a_lost_cls_explains_what_is_kept_where_nobody_has_a_reason_to_ask() {
    for (readers, is_explained) in [(reader(), true), (reading_child(), false)] {
        let mut lab = Lab::with(None, readers);
        let opening = lab.world.act(site(1), |host, now| {
            let asks = |handle: &Handle| handle.init(Socket::from(WRITES), reader_at_site2(), None);
            host.act(now, asks).expect("it is free")
        });
        lab.run(10).has_left(&[]);
        let mishap = imp::Mishap::Lost;
        lab.world
            .inject(Fault::Mishap { host: site(2), toward: imp::Toward::Host, mishap })
            .expect("it is there");
        drop(opening);
        lab.world.act(site(1), |_, _| ());
        lab.run(3600);
        let told = lab.told();
        let text = "SITE2 still has socket 640 open to SITE1 641, which knows nothing of it";
        assert_eq!(told[0], (text.to_owned(), is_explained), "{told:?}");
    }
}

#[test]
fn a_lost_answer_to_a_request_explains_what_is_open_where_nobody_has_a_reason_to_ask() {
    for (readers, is_explained) in [(reader(), true), (reading_child(), false)] {
        let mut lab = Lab::with(None, readers);
        lab.run(10);
        // The RFNM of the request comes, once too often, and what answers the request does not.
        for mishap in [imp::Mishap::Twice, imp::Mishap::Lost] {
            let fault = Fault::Mishap { host: site(1), toward: imp::Toward::Host, mishap };
            lab.world.inject(fault).expect("it is there");
        }
        let _opening = lab.world.act(site(1), |host, now| {
            let asks = |handle: &Handle| handle.init(Socket::from(WRITES), reader_at_site2(), None);
            host.act(now, asks).expect("it is free")
        });
        lab.run(3600);
        let told = lab.told();
        let text = "SITE2 still has socket 640 open to SITE1 641, where it is requested";
        assert_eq!(told[0], (text.to_owned(), is_explained), "{told:?}");
    }
}

#[test]
fn what_a_program_does_not_give_back_is_told() {
    let keeper = program("keeper", async |host: Handle| {
        std::mem::forget(host.sockets());
        std::mem::forget(host.log_in("JONES", HostAddress::from(3)));
        let path = host.files().naming().parse("<SMITH>A.B", None).expect("a path name");
        std::mem::forget(host.files().draft(path, WriteMode::Replace).expect("there is room"));
        // What runs and listens when the host is up is owned.
        host.sleep(Span::from_secs(1)).await;
        drop(host.spawn("child", std::future::pending::<()>()));
        std::mem::forget(host.listen(Socket::from(READS), Partner::Anyone, None).expect("it is free"));
    });
    let mut lab = Lab::with(None, keeper);
    let told = lab.run(3600).left();
    let base = lab.world.host(site(2)).expect("it is there").sockets_lent()[0];
    let lease = format!("SITE2 still has 8 sockets set aside from {base} on, for nobody");
    assert_eq!(
        told,
        [
            "SITE2 still runs \"child\", which has no connection left",
            "SITE2 still listens at socket 640, for nobody",
            &lease,
            "SITE2 still has 1 file open to be written",
            "SITE2 still counts JONES of SITE3 among its users, who has no connection",
        ]
    );
}

#[test]
fn ends_that_count_different_allocations_are_told_and_text_that_does_not_leave() {
    let writer = program("writer", async |host: Handle| {
        let asked = host.init(Socket::from(WRITES), reader_at_site2(), None).expect("it is free");
        let mut connection = asked.await.expect("somebody listens");
        host.sleep(Span::from_secs(20)).await;
        let _ = connection.send(&Bits::from_bytes(b"TEXT")).await;
        std::future::pending::<()>().await;
    });
    let mut lab = Lab::with(writer, reader());
    let status = lab.run(10).world.host(site(1)).expect("it is there").netstat();
    let open = status.iter().find(|status| status.local == Socket::from(WRITES)).expect("it is open");
    let link = open.link.expect("it is open");
    lab.has_left(&[]);
    // More than the reader has given.
    lab.forges(2, 1, &[Command::All { link, messages: 3, bits: 800 }]);
    lab.run(5).has_left(&[
        "SITE1 believes that socket 641 may send SITE2 640 19 messages and 32800 bits, and there it is 16 messages and 32000 bits",
    ]);
    // All of it is asked back, which the reader does not know: nothing can be sent any more.
    lab.forges(2, 1, &[Command::Gvb { link, messages: 128, bits: 128 }]);
    let told = lab.run(60).left();
    assert!(
        told.contains(
            &"SITE1 still has 32 bits to send from socket 641 to SITE2 640, and none leaves".to_owned()
        ),
        "{told:#?}"
    );
}

#[test]
fn an_imp_that_still_has_something_for_a_host_is_told_with_all_that_waits_for_it() {
    let mut lab = Lab::with(None, None);
    lab.run(1).world.inject(Fault::HostHangs { host: site(2) }).expect("it is there");
    lab.world.act(site(1), |host, now| host.act(now, |handle| handle.echo(site(2), 7)));
    lab.run(5).has_left(&[
        "SITE1 still waits for the answer for a control message to SITE2",
        "SITE1 still has 1 ECO to SITE2 without an answer",
        "IMP SITE1 still has 1 buffer for packets that are to leave",
        "IMP SITE1 still has 1 message number in use",
        "IMP SITE2 still has 1 buffer for messages to its hosts",
        "IMP SITE2 still has 1 message or promise to its hosts under way",
        "IMP SITE1 has not told SITE1 what became of 1 message",
        "IMP SITE2 still has 1 message for SITE2",
    ]);
    lab.is_clean_after_hours();
}

#[test]
fn what_no_run_can_show_has_its_sentence_too() {
    /// Tells what is left.
    type Teller<'a> = dyn Fn(&mut dyn FnMut(Kind, String)) + 'a;
    let said = |say: &Teller<'_>| {
        let mut said = Vec::new();
        say(&mut |_, text| said.push(text));
        said
    };
    let stray = ncp::Stray { deadlines: 1, requests: 2, links: 3, connections: 4 };
    assert_eq!(
        said(&|say| of_stray(stray, &mut |kind, text| say(kind, text))),
        [
            "still has 1 deadline that belongs to nothing",
            "still has 2 queued requests that belong to no deadline",
            "still has 3 links that belong to no connection",
            "still has 4 entries of connections that belong to no connection",
        ]
    );
    let imp =
        imp::Held { allocations: 2, waiting: 1, on_lines: 3, unsaid: 1, arriving: 2, ..imp::Held::default() };
    assert_eq!(
        said(&|say| of_imp(&imp, &mut |text| say(Kind::Imp, text))),
        [
            "still has 2 allocations of other IMPs in hand",
            "still has 2 messages or promises to its hosts under way",
            "still has 1 message waiting for room",
            "still has 3 packets waiting for a line, or for its acknowledgement",
            "still has 1 packet for which there is no room",
        ]
    );
    let of_host = imp::HeldOfHost { host: site(1), from_host: 2, blocked: true, to_host: 0, unanswered: 0 };
    assert_eq!(
        said(&|say| of_port(&of_host, "SITE1", &mut |text| say(Kind::Imp, text))),
        ["still lets SITE1 wait in the middle of a message", "has not taken 2 messages of SITE1"]
    );
    let lab = Lab::with(None, None);
    let Lab { world, names, after_boot } = &lab;
    let sight = Sight { world, names, held: BTreeMap::new(), after_boot };
    let partner = ncp::Held {
        host: site(2),
        in_step: false,
        commands: 2,
        control_in_transit: false,
        texts: vec![Link::from(9)],
        refusals: 0,
        echoes: 0,
        reset_unanswered: true,
    };
    assert_eq!(
        said(&|say| sight.of_partner(&partner, &mut |kind, text| say(kind, text))),
        [
            "still has 2 commands that have not left for SITE2",
            "still waits for the answer for text to SITE2 on link 9",
            "still waits for the RRP of SITE2",
        ]
    );
}

#[test]
fn each_kind_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
}

#[test]
fn what_belonged_to_nothing_at_a_glance_is_told_once_with_its_time() {
    let mut glances = Glances::new();
    let (at, stray) = (glances.next(), ncp::Stray { deadlines: 1, ..ncp::Stray::default() });
    for _ in 0..2 {
        glances.note(at, site(2), stray);
    }
    glances.note(at, site(1), ncp::Stray::default());
    let told = at_glances(&glances, &Names::of(&net()));
    let told: Vec<(Instant, &str)> = told.iter().map(|(at, left)| (*at, left.text.as_str())).collect();
    assert_eq!(told, [(at, "SITE2 still has 1 deadline that belongs to nothing")]);
}
