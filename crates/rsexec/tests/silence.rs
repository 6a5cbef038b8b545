//! Servers that fall silent for good, at each message of a dialogue: a process that was killed behind a cable of today, for
//! which its IMP still delivers, or a cable that was cut, for which it says nothing. Whoever waits is told within half a
//! minute. And servers with whom all stands still for a while: nobody is told anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use ftp::Edition;
use host::{Accounts, Directory, Files, Host, Naming, Note, Output, Program, Settings};
use imp1822::{FromImp, HostAddress, LEADER_BITS, Leader, Signal, ToImp};
use machine::{BitWriter, Bits, Instant, Machine, Rounds, Span};
use ncp::{Inquiry, Policy};
use rsexec::Profile;

const SITE1: u8 = 1;
const SITE2: u8 = 2;
const USER: u8 = 3;

/// How long a message is under way.
const WAY: Span = Span::from_millis(100);

/// Hosts that have come up long ago may be called silent (RFC 271).
const TYPED_FROM: Instant = Instant::from_micros(60_000_000);

/// How long a way may stand still.
const HELD: Span = Span::from_secs(20);

/// Nobody waits for longer than half a minute; a second more is what the other server may take meanwhile.
const MOST: Span = Span::from_secs(31);
/// A program that has not asked for the next line then never will.
const LIMIT: Span = Span::from_secs(900);

/// What IMPs say of messages to a host that hears nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Imps {
    /// That they have arrived.
    Deliver,
    /// Nothing.
    SayNothing,
    /// Nothing for [`HELD`]: messages to and from it stay where they are.
    Hold,
}

/// Three hosts, and IMPs that deliver everything and say so.
struct Net {
    now: Instant,
    hosts: BTreeMap<u8, Host>,
    under_way: BTreeMap<(Instant, u64), (u8, Bits)>,
    sent: u64,
    /// The host that hears and says nothing any more after so many messages of others and its own, one at least.
    victim: u8,
    left: usize,
    silent_since: Option<Instant>,
    /// What the IMPs say of messages to it then.
    imps: Imps,
    printed: Vec<String>,
}

impl Net {
    fn new(program: Program, victim: u8, left: usize, imps: Imps) -> Self {
        let mut names = Directory::default();
        [("SITE1", SITE1), ("SITE2", SITE2), ("SITE3", USER)]
            .into_iter()
            .for_each(|(name, number)| names.add(name, HostAddress::from(number)));
        let names = Arc::new(names);
        let server = Program::new("FTP server", |host| ftp_server::serve(host, Edition::default()));
        let hosts = [(SITE1, "SITE1", server.clone()), (SITE2, "SITE2", server), (USER, "SITE3", program)];
        let hosts = hosts.map(|(number, name, program)| {
            let mut files = Files::default();
            let path = Naming::Tenex.parse("<SMITH>A.B", None).expect("a path name");
            files.put(path, b"LINES OF A FILE THAT TAKES SEVERAL MESSAGES\r\n".repeat(60));
            let mut accounts = Accounts::default();
            accounts.add("SMITH", "BLUE");
            let settings = Settings {
                name: name.to_owned(),
                address: HostAddress::from(number),
                directory: names.clone(),
                policy: Policy {
                    inquiry: Some(Inquiry::default()),
                    message_limit_bits: Some(441 * 16),
                    ..Policy::default()
                },
                files,
                accounts,
                programs: vec![program],
                ..Settings::default()
            };
            (number, Host::new(settings))
        });
        let mut net = Net {
            now: Instant::START,
            hosts: BTreeMap::from(hosts),
            under_way: BTreeMap::new(),
            sent: 0,
            victim,
            left,
            silent_since: None,
            imps,
            printed: Vec::new(),
        };
        for host in net.hosts.values_mut() {
            host.boot(Instant::START);
            host.handle(Instant::START, Signal::Ready(true));
        }
        net
    }

    /// Whether a message from or to the victim is lost to it.
    fn loses(&mut self, host: u8) -> bool {
        if host != self.victim {
            return false;
        }
        if self.silent_since.is_none() {
            self.left -= 1;
            self.silent_since = (self.left == 0).then_some(self.now);
            return false;
        }
        self.imps != Imps::Hold
    }

    fn put(&mut self, host: u8, after: Span, message: Bits) {
        self.sent += 1;
        self.under_way.insert((self.now + after, self.sent), (host, message));
    }

    /// What an IMP makes of a message of one of its hosts.
    fn take(&mut self, from: u8, message: &Bits) {
        let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(message) else { return };
        if self.loses(from) {
            return;
        }
        let about_victim = self.silent_since.filter(|_| [from, to.number()].contains(&self.victim));
        let held = match (self.imps, about_victim) {
            (Imps::Hold, Some(since)) => (since + HELD).max(self.now).since(self.now),
            (Imps::Hold | Imps::Deliver | Imps::SayNothing, _) => Span::ZERO,
        };
        if about_victim.is_none() || self.imps != Imps::SayNothing {
            self.put(from, held + WAY + WAY, FromImp::Rfnm { to, link }.bits());
        }
        let mut delivered = BitWriter::new(message.len());
        Leader::from(FromImp::Regular { from: HostAddress::from(from), link, priority: false })
            .emit(&mut delivered);
        let mut reader = message.reader();
        reader.split(LEADER_BITS).expect("it has a leader");
        delivered.put_bits(reader);
        self.put(to.number(), held + WAY, delivered.finish());
    }

    fn drain(&mut self) {
        for number in [SITE1, SITE2, USER] {
            let mut rounds = Rounds::until("the host has nothing more to say");
            while let Some(output) = self.hosts.get_mut(&number).and_then(Machine::poll) {
                rounds.count();
                match output {
                    Output::ToImp(Signal::Message(message)) => self.take(number, &message),
                    Output::ToImp(Signal::Ready(_)) => {}
                    Output::Note(Note::Printed(line)) if number == USER => self.printed.push(line),
                    Output::Note(_) => {}
                }
            }
        }
    }

    /// Lets the next thing happen that is due before `end`. Returns whether there was one.
    fn step(&mut self, end: Instant) -> bool {
        self.drain();
        let arrives = self.under_way.first_key_value().map(|((at, _), _)| *at);
        let due = self.hosts.iter().filter_map(|(number, host)| Some((host.deadline()?, *number))).min();
        let next = [arrives, due.map(|(at, _)| at)].into_iter().flatten().min();
        let Some(next) = next.filter(|next| *next <= end) else { return false };
        self.now = self.now.max(next);
        if let Some((_, number)) = due.filter(|(at, _)| *at <= next) {
            self.hosts.get_mut(&number).into_iter().for_each(|host| host.alarm(self.now));
            return true;
        }
        let Some((_, (number, message))) = self.under_way.pop_first() else { return true };
        let is_regular = matches!(FromImp::parse(&message), Ok(FromImp::Regular { .. }));
        let is_deaf = number == self.victim && self.silent_since.is_some() && self.imps != Imps::Hold;
        if !(is_regular && self.loses(number) || is_deaf) {
            let host = self.hosts.get_mut(&number).expect("it is one of three");
            host.handle(self.now, Signal::Message(message));
        }
        true
    }

    /// Types a line, and lets time pass until the program asks for the next. Returns how long that took, without the time
    /// before the victim fell silent.
    fn types(&mut self, line: &str) -> Span {
        let begun = self.now;
        let user = |net: &mut Net| net.hosts.remove(&USER).expect("it is there");
        let mut host = user(self);
        host.type_line(self.now, line);
        self.hosts.insert(USER, host);
        let mut rounds = Rounds::until("the program asks for the next line");
        while self.hosts[&USER].is_busy_with_a_line() && self.step(begun + LIMIT) {
            rounds.count();
        }
        self.drain();
        self.silent_since.map_or(Span::ZERO, |since| self.now.since(since.max(begun)))
    }
}

/// Has a server fall silent at each message in turn, until one is beyond the end. Returns the number of messages, the lines
/// after which the user waited for too long, and what was printed of each run.
fn walk(program: &Program, victim: u8, imps: Imps, lines: &[&str]) -> (usize, Vec<String>, Vec<Vec<String>>) {
    let (mut slow, mut papers) = (Vec::new(), Vec::new());
    for left in 1.. {
        let mut net = Net::new(program.clone(), victim, left, imps);
        let mut rounds = Rounds::until("it is time to type");
        while net.step(TYPED_FROM) {
            rounds.count();
        }
        net.now = TYPED_FROM;
        for line in lines {
            let waited = net.types(line);
            if waited > MOST {
                slow.push(format!("silent after {left}: {line}: {waited}: {:?}", net.printed));
            }
        }
        if net.silent_since.is_none() {
            papers.push(net.printed);
            return (left, slow, papers);
        }
        papers.push(net.printed);
    }
    unreachable!("a dialogue has an end")
}

fn ftp_user() -> Program {
    Program::new("FTP user", |host| ftp_user::run(host, ftp_user::Typist::Script))
}

fn rsexec() -> Program {
    Program::new("RSEXEC", |host| {
        let entry = |site: &str| (site.to_owned(), "SMITH".to_owned(), "BLUE".to_owned());
        rsexec::run(host, [entry("SITE1"), entry("SITE2")].into_iter().collect::<Profile>())
    })
}

/// The dialogues with each server that falls silent.
fn dialogues() -> Vec<(&'static str, Program, u8, Vec<&'static str>)> {
    let log_in = ["CONNECT SITE1", "LOGIN SMITH BLUE"];
    let ftp = |lines: &[&'static str]| [&log_in[..], lines, &["BYE", "CONNECT SITE1"]].concat();
    let append = vec!["APPEND (FILE) [SITE1]A.B (TO FILE) [SITE2]C.D"];
    vec![
        ("GET", ftp_user(), SITE1, ftp(&["GET A.B C.D"])),
        ("SEND", ftp_user(), SITE1, ftp(&["SEND <SMITH>A.B C.D"])),
        ("LIST", ftp_user(), SITE1, ftp(&["LIST"])),
        ("QUOTE", ftp_user(), SITE1, ftp(&["QUOTE NOOP"])),
        ("APPEND, source", rsexec(), SITE1, append.clone()),
        ("APPEND, destination", rsexec(), SITE2, append),
    ]
}

#[test]
fn wherever_in_a_dialogue_a_server_dies_without_a_word_its_user_is_told_within_half_a_minute() {
    let mut all = Vec::new();
    for ((what, program, victim, lines), imps) in dialogues()
        .into_iter()
        .flat_map(|dialogue| [(dialogue.clone(), Imps::Deliver), (dialogue, Imps::SayNothing)])
    {
        let (messages, slow, papers) = walk(&program, victim, imps, &lines);
        assert!(messages > 20, "{what} has {messages} messages");
        // Who is told of no trouble has had none.
        let is_told = |paper: &Vec<String>| paper.join("\n").to_ascii_uppercase().contains("DOES NOT ANSWER");
        let untold = papers.iter().filter(|paper| !is_told(paper) && Some(*paper) != papers.last());
        all.extend(untold.map(|paper| format!("{what}, {imps:?}: {paper:?}")));
        all.extend(slow.into_iter().map(|slow| format!("{what}, {imps:?}: {slow}")));
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn a_way_that_stands_still_for_20_seconds_anywhere_in_a_dialogue_costs_nothing_but_time() {
    let mut all = Vec::new();
    for (what, program, victim, lines) in dialogues() {
        let (messages, slow, papers) = walk(&program, victim, Imps::Hold, &lines);
        assert!(messages > 20, "{what} has {messages} messages");
        let others = papers.iter().filter(|paper| Some(*paper) != papers.last());
        all.extend(others.map(|paper| format!("{what}: {paper:?}")));
        all.extend(slow);
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}
