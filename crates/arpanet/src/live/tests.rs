//! Live hosts on cables that lose, double and reorder datagrams, or bring garbage: in virtual time, so that every loss
//! is the same each time, and takes no real time.

mod judged;
mod leaving;
mod meanwhile;
mod silence;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use host::live::{FromHost, HostOnCable, Report, ToHost};
use host::{Accounts, Directory, Files, Host, Naming, Note, Program, Settings};
use imp1822::h316::{self, HostEnd, ImpEnd};
use imp1822::{HostAddress, Signal, ToImp};
use machine::{Instant, Machine, Rounds, Span};
use ncp::{Command, Commands, Inquiry, Policy};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trace::capture::EPOCH_MICROS;
use trace::{Lens, Monitor, Names, Paper, Record, TapPoint};

use super::cable_records::cable_records;
use super::capture::LiveCapture;
use super::output::LiveOutput;
use super::transcript::LiveTranscript;
use super::violations::LiveViolations;
use crate::library::Library;
use crate::terminal::Terminal;
use sim::{Advance, Driver, Wake, World};

const SITE1: u8 = 1;
const SITE2: u8 = 2;

/// What a cable does: loses one datagram in `loses`, and so on; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Rough {
    loses: u32,
    doubles: u32,
    /// Others overtake it, but it comes while it is waited for, unless `too_late`.
    delays: u32,
    too_late: bool,
    garbles: u32,
    /// When nothing gets through.
    quiet: Option<Quiet>,
}

/// For how long nothing gets through a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quiet {
    /// Between these two moments; what was sent meanwhile arrives then.
    Between(Instant, Instant),
    /// From this moment on.
    From(Instant),
}

/// Where a datagram goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toward {
    Imp,
    Host,
}

/// The one host elsewhere, and its cable.
struct Elsewhere {
    now: Instant,
    wired: HostOnCable,
    rough: Rough,
    random: ChaCha8Rng,
    under_way: BTreeMap<(Instant, u64), (Toward, Vec<u8>)>,
    sent: u64,
    lines: VecDeque<&'static str>,
    printed: Vec<String>,
    /// What is shown at the host.
    output: LiveOutput,
}

/// How long a datagram is under way.
const WAY: Span = Span::from_micros(200);
/// How long a late one is, and one that is too late to be waited for.
const LATE: Span = Span::from_millis(30);
const TOO_LATE: Span = Span::from_millis(100);
/// From then on lines are typed.
const TYPED_FROM: Instant = Instant::from_micros(2_000_000);
/// The run is over by then in any case.
const LIMIT: Instant = Instant::from_micros(3_600_000_000);

impl Elsewhere {
    fn one_in(&mut self, rate: u32) -> bool {
        rate > 0 && self.random.random_range(0..rate) == 0
    }

    fn put(&mut self, toward: Toward, mut datagram: Vec<u8>) {
        if self.one_in(self.rough.loses) {
            return;
        }
        let held = match self.rough.quiet {
            Some(Quiet::From(from)) if self.now >= from => return,
            Some(Quiet::Between(from, to)) if (from..to).contains(&self.now) => to.since(self.now),
            Some(_) | None => Span::ZERO,
        };
        if self.one_in(self.rough.garbles) {
            let at = self.random.random_range(0..datagram.len());
            datagram[at] ^= 0x55;
            datagram.truncate(self.random.random_range(0..=datagram.len()));
        }
        let copies = if self.one_in(self.rough.doubles) { 2 } else { 1 };
        let late = if self.rough.too_late { TOO_LATE } else { LATE };
        let way = if self.one_in(self.rough.delays) { late } else { WAY };
        for _ in 0..copies {
            self.sent += 1;
            self.under_way.insert((self.now + held + way, self.sent), (toward, datagram.clone()));
        }
    }

    fn handle(&mut self, input: ToHost) {
        self.wired.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        let mut rounds = Rounds::until("the host has nothing more to say");
        while let Some(output) = self.wired.poll() {
            rounds.count();
            match output {
                FromHost::Datagram(datagram) => self.put(Toward::Imp, datagram),
                FromHost::Report(report) => {
                    for what in cable_records(HostAddress::from(SITE2), &report) {
                        self.output.show(&Record { at: self.now, cause: None, what });
                    }
                    if let Report::Note(Note::Printed(line)) = report {
                        self.printed.push(line);
                    }
                }
            }
        }
    }

    fn is_done(&self) -> bool {
        self.lines.is_empty() && !self.wired.host().is_busy_with_a_line()
    }
}

#[derive(Clone)]
struct Shared(Rc<RefCell<Elsewhere>>);

impl Driver for Shared {
    fn wait(&mut self, until: Instant, _: &[HostAddress]) -> Wake {
        let elsewhere = &mut *self.0.borrow_mut();
        let mut rounds = Rounds::until("there is something to do elsewhere");
        loop {
            rounds.count();
            if elsewhere.is_done() || elsewhere.now > LIMIT {
                return Wake::Stopped;
            }
            // Lines are typed when two seconds have passed, each when the answer to the one before has come.
            let types = elsewhere.now >= TYPED_FROM && !elsewhere.wired.host().is_busy_with_a_line();
            if types
                && elsewhere.wired.is_imp_ready()
                && let Some(line) = elsewhere.lines.pop_front()
            {
                elsewhere.handle(ToHost::Line(line.to_owned()));
                continue;
            }
            let arrives = elsewhere.under_way.first_key_value().map(|((at, _), _)| *at);
            let typed = Some(if elsewhere.now < TYPED_FROM { TYPED_FROM } else { LIMIT + WAY });
            let next = [arrives, elsewhere.wired.deadline(), typed].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= until) else {
                elsewhere.now = elsewhere.now.max(until);
                return Wake::Due;
            };
            elsewhere.now = elsewhere.now.max(next);
            if arrives != Some(next) {
                elsewhere.wired.alarm(elsewhere.now);
                elsewhere.drain();
                continue;
            }
            match elsewhere.under_way.pop_first() {
                Some((_, (Toward::Imp, datagram))) => {
                    return Wake::Datagram(elsewhere.now, HostAddress::from(SITE2), datagram);
                }
                Some((_, (Toward::Host, datagram))) => elsewhere.handle(ToHost::Datagram(datagram)),
                None => {}
            }
        }
    }

    fn send(&mut self, _: HostAddress, datagram: Vec<u8>) {
        self.0.borrow_mut().put(Toward::Host, datagram);
    }
}

/// Bytes that can be read while they are written.
#[derive(Clone, Default)]
pub(super) struct SharedBytes(pub(super) Rc<RefCell<Vec<u8>>>);

impl Write for SharedBytes {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What an output has shown, and the capture that it has written.
#[derive(Clone, Default)]
struct Shown {
    out: SharedBytes,
    capture: SharedBytes,
}

impl Shown {
    /// An output that shows and captures what is heard at these cables.
    fn output(
        &self,
        names: &Arc<Directory>,
        all: TapPoint,
        cables: &[(HostAddress, TapPoint)],
        lenses: &[Lens],
    ) -> LiveOutput {
        let violations = LiveViolations::new(Monitor::new(all, cables.iter().copied()), Vec::new());
        let out = Box::new(self.out.clone());
        let transcript = LiveTranscript::new(out, names.clone().into(), lenses.to_vec(), Paper::default());
        let file = Box::new(self.capture.clone());
        let cables = cables.iter().copied();
        let capture = LiveCapture::write_to(file, "capture".to_owned(), EPOCH_MICROS, cables, names);
        let output =
            LiveOutput::new(transcript, Terminal::new(clap::ColorChoice::Never)).with_violations(violations);
        output.with_capture(capture.expect("a vector has room"))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.out.0.borrow()).into_owned()
    }

    /// The lines that report a violation for sure, each with the line below it.
    fn reported(&self) -> Vec<String> {
        let text = self.text();
        let lines: Vec<&str> = text.lines().collect();
        let reports = |line: &str| line.contains("BREAKS A RULE") || line.contains("LEAVES UNDONE");
        lines.windows(2).filter(|pair| reports(pair[0])).map(|pair| pair.join("\n")).collect()
    }
}

/// What is seen on cables.
const WIRE: [Lens; 6] = [Lens::Ftp, Lens::Ncp, Lens::Data, Lens::Trouble, Lens::Traffic, Lens::Imp];

/// What came of a transfer.
struct Aftermath {
    /// The file of SITE1, as the host elsewhere has it in the end.
    file: Option<Vec<u8>>,
    /// What its program has printed.
    printed: Vec<String>,
    /// When that was done that was typed.
    done: Instant,
    /// What was shown where the net lives, and where the host does.
    at_net: Shown,
    at_host: Shown,
    names: Arc<Directory>,
}

fn content() -> Vec<u8> {
    (0..100)
        .flat_map(|line| format!("LINE {line} OF A FILE THAT TAKES SEVERAL MESSAGES\r\n").into_bytes())
        .collect()
}

/// Has the host elsewhere get a file of SITE1.
fn transfer(rough: Rough, seed: u64) -> Aftermath {
    let source = Library::BuiltIn.net("three-imps").expect("it is built in");
    let net = scenario::parse_net(&source.name, &source.text)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let names = Names::of(&net).hosts().clone();
    let settings = |name: &str, address| Settings {
        name: name.to_owned(),
        address: HostAddress::from(address),
        directory: names.clone(),
        seed,
        ..Settings::default()
    };
    let mut files = Files::default();
    files.put(Naming::Tenex.parse("<SMITH>A.B", None).expect("a path name"), content());
    let mut accounts = Accounts::default();
    accounts.add("SMITH", "BLUE");
    let server = Program::new("FTP server", |host| ftp_server::serve(host, ftp::Edition::default()));
    let inside = Host::new(Settings { files, accounts, programs: vec![server], ..settings("SITE1", SITE1) });
    let outside = Host::new(Settings {
        programs: vec![Program::new("FTP user", |host| ftp_user::run(host, ftp_user::Typist::Script))],
        policy: Policy { inquiry: Some(Inquiry::default()), ..Policy::default() },
        ..settings("SITE2", SITE2)
    });
    // Troubles of the datagrams themselves are other ones when a capture is read: what was dropped is not in it.
    let lenses: Vec<Lens> =
        WIRE.into_iter().filter(|lens| rough == Rough::default() || *lens != Lens::Trouble).collect();
    let (at_net, at_host) = (Shown::default(), Shown::default());
    let mut elsewhere = Elsewhere {
        now: Instant::START,
        wired: HostOnCable::new(outside, HostEnd::default()),
        rough,
        random: ChaCha8Rng::seed_from_u64(seed),
        under_way: BTreeMap::new(),
        sent: 0,
        lines: VecDeque::from(["CONNECT SITE1", "LOGIN SMITH BLUE", "GET A.B C.D", "BYE"]),
        printed: Vec::new(),
        output: at_host.output(&names, TapPoint::Absent, &[(SITE2.into(), TapPoint::AtHost)], &lenses),
    };
    elsewhere.handle(ToHost::Boot);
    let elsewhere = Rc::new(RefCell::new(elsewhere));
    let hosts = [(HostAddress::from(SITE1), inside)];
    let cables = [(SITE1.into(), TapPoint::Lossless), (SITE2.into(), TapPoint::AtImp)];
    let output = at_net.output(&names, TapPoint::Lossless, &cables, &lenses);
    let mut world = World::new(&net, hosts, imp::Watch::Nothing, seed, output);
    world.attach_remote(Box::new(Shared(elsewhere.clone())), [HostAddress::from(SITE2)]);
    world.act(HostAddress::from(SITE1), |host, now| host.boot(now));
    while world.advance(Instant::from_micros(u64::MAX)) != Advance::Stopped {}
    world.log_mut().finish();
    let elsewhere = &mut *elsewhere.borrow_mut();
    elsewhere.output.finish();
    assert!(elsewhere.is_done(), "seed {seed}, {rough:?}: hangs; it has printed {:?}", elsewhere.printed);
    let file = elsewhere.wired.host().read_file("<SMITH>C.D").map(|file| file.to_vec());
    Aftermath { file, printed: elsewhere.printed.clone(), done: elsewhere.now, at_net, at_host, names }
}

#[test]
fn on_a_quiet_cable_the_file_arrives_whole() {
    let Aftermath { file, printed, .. } = transfer(Rough::default(), 1);
    assert_eq!(file, Some(content()), "{printed:?}");
    assert_eq!(printed.last().map(String::as_str), Some("CLOSED"));
}

#[test]
fn datagrams_that_come_twice_do_no_harm() {
    for seed in 0..20 {
        let Aftermath { file, printed, .. } = transfer(Rough { doubles: 2, ..Rough::default() }, seed);
        assert_eq!(file, Some(content()), "seed {seed}: {printed:?}");
    }
}

/// The beginnings of the lines that say why there is no file, or that there cannot be one any more.
const TROUBLES: [&str; 5] =
    ["no connection: ", "the connection is ", "data connection: ", "the server ", "no reply for "];

/// Tries many times; returns how often the file has arrived whole. Then the user was told so, with the number of its bytes.
/// Otherwise there must be no file, and the user must not have been told that it has come, but what is wrong.
fn whole_or_an_error(rough: Rough) -> usize {
    let mut whole = 0;
    for seed in 0..60 {
        let Aftermath { file, printed, .. } = transfer(rough, seed);
        let received = printed.iter().find(|line| line.ends_with("BYTES RECEIVED"));
        // What is wrong with the dialogue as a whole is said with the site's name in front.
        let said = |line: &str| line.strip_prefix("SITE1: ").unwrap_or(line).to_owned();
        let trouble =
            printed.iter().find(|line| TROUBLES.iter().any(|trouble| said(line).starts_with(trouble)));
        match file {
            Some(file) => {
                assert!(
                    file == content(),
                    "seed {seed}: {} bytes are taken for a file: {printed:?}",
                    file.len()
                );
                let told = Some(format!("{} BYTES RECEIVED", file.len()));
                assert_eq!(
                    received,
                    told.as_ref(),
                    "seed {seed}: the file is there, and nobody says so: {printed:?}"
                );
                whole += 1;
            }
            None => {
                assert_eq!(
                    received, None,
                    "seed {seed}: no file, and its user is told that it has come: {printed:?}"
                );
                assert!(trouble.is_some(), "seed {seed}: no file, and nobody says why: {printed:?}");
            }
        }
    }
    whole
}

#[test]
fn when_datagrams_are_lost_the_file_is_whole_or_there_is_an_error() {
    let some = whole_or_an_error(Rough { loses: 100, ..Rough::default() });
    assert!((1..60).contains(&some), "{some} of 60: the test shows both");
    whole_or_an_error(Rough { loses: 10, ..Rough::default() });
}

#[test]
fn when_datagrams_overtake_each_other_by_too_much_the_file_is_whole_or_there_is_an_error() {
    whole_or_an_error(Rough { delays: 50, doubles: 10, too_late: true, ..Rough::default() });
}

#[test]
fn a_cable_that_only_turns_the_order_round_or_repeats_loses_no_transfer() {
    for delays in [50, 20, 3] {
        let rough = Rough { delays, doubles: 100, ..Rough::default() };
        assert_eq!(whole_or_an_error(rough), 60, "one in {delays} is late");
    }
}

#[test]
fn when_datagrams_are_garbled_and_cut_off_nothing_hangs_or_panics() {
    for seed in 0..40 {
        transfer(
            Rough { garbles: 20, loses: 50, doubles: 20, delays: 50, too_late: true, quiet: None },
            seed,
        );
    }
}

/// What a live host tells others, and when: an IMP becomes ready after a second, just when it is called, and answers
/// nothing. A monitor at the host's end finds nothing wrong with that.
fn told(wired: HostOnCable) -> Vec<(Instant, HostAddress, Command)> {
    let (mut wired, mut imp, mut told) = (wired, ImpEnd::new(), Vec::new());
    let here = HostAddress::from(1);
    let mut monitor = Monitor::new(TapPoint::Absent, [(here, TapPoint::AtHost)]);
    let mut now = Instant::START;
    wired.handle(now, ToHost::Boot);
    for tenth in 1..50 {
        let mut rounds = Rounds::until("the host has nothing more to say");
        while let Some(output) = wired.poll() {
            rounds.count();
            match output {
                FromHost::Datagram(datagram) => imp.handle(now, h316::Input::Datagram(datagram)),
                FromHost::Report(report) => {
                    for what in cable_records(here, &report) {
                        assert_eq!(monitor.take(&Record { at: now, cause: None, what }), [], "at {now}");
                    }
                }
            }
        }
        let mut rounds = Rounds::until("the IMP has nothing more to say");
        while let Some(output) = imp.poll() {
            rounds.count();
            match output {
                h316::Output::Datagram(datagram) => wired.handle(now, ToHost::Datagram(datagram)),
                h316::Output::Signal(Signal::Message(bits)) => {
                    let Ok(ToImp::Regular { to, .. }) = ToImp::parse(&bits) else { continue };
                    let (_, text) = ncp::Header::split(&bits).expect("a header");
                    told.extend(Commands::new(text).map(|command| (now, to, command.expect("a command"))));
                }
                h316::Output::Signal(Signal::Ready(_)) | h316::Output::Called(_) => {}
                h316::Output::Trouble(_) => {}
            }
        }
        now = Instant::START + Span::from_millis(100 * tenth);
        if tenth == 10 {
            imp.handle(now, h316::Input::Signal(Signal::Ready(true)));
        }
        if wired.deadline().is_some_and(|deadline| deadline <= now) {
            wired.alarm(now);
        }
    }
    told
}

#[test]
fn a_host_that_announces_itself_resets_the_others_when_its_imp_has_been_ready_for_a_second() {
    let wired = || HostOnCable::new(Host::new(Settings::default()), HostEnd::default());
    let at = Instant::START + Span::from_secs(2);
    let rst = |host| (at, HostAddress::from(host), Command::Rst);
    assert_eq!(told(wired().announcing(vec![2.into(), 3.into()])), [rst(2), rst(3)]);
    assert_eq!(told(wired()), [], "otherwise it waits until it has something to say");
}
