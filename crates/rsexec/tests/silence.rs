//! Servers that fall silent for good, at each message of a dialogue, though the IMPs still deliver for them: a process that
//! was killed behind a cable of today. Whoever waits is told within half a minute.

use std::collections::BTreeMap;
use std::sync::Arc;

use ftp::Edition;
use host::{Accounts, Directory, Files, Host, Naming, Note, Output, Program, Settings};
use imp1822::{FromImp, HostAddress, LEADER_BITS, Leader, Signal, ToImp};
use machine::{BitWriter, Bits, Instant, Machine, Span};
use ncp::{Inquiry, Policy};
use rsexec::Profile;

const SITE1: u8 = 1;
const SITE2: u8 = 2;
const USER: u8 = 3;

/// How long a message is under way.
const WAY: Span = Span::from_millis(100);

/// Hosts that have come up long ago may be called silent (RFC 271).
const TYPED_FROM: Instant = Instant::from_micros(60_000_000);

/// Nobody waits for longer than this, nor would a test.
const HALF_A_MINUTE: Span = Span::from_secs(30);
const LIMIT: Span = Span::from_secs(900);

/// Three hosts, and IMPs that deliver everything and say so.
struct Net {
    now: Instant,
    hosts: BTreeMap<u8, Host>,
    under_way: BTreeMap<(Instant, u64), (u8, Bits)>,
    sent: u64,
    /// The host that hears and says nothing any more after so many messages of others and its own.
    victim: u8,
    left: usize,
    silent_since: Option<Instant>,
    printed: Vec<String>,
}

impl Net {
    fn new(program: Program, victim: u8, left: usize) -> Self {
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
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => self.silent_since = self.silent_since.or(Some(self.now)),
        }
        self.silent_since.is_some()
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
        self.put(from, WAY + WAY, FromImp::Rfnm { to, link }.bits());
        let mut delivered = BitWriter::new(message.len());
        Leader::from(FromImp::Regular { from: HostAddress::from(from), link, priority: false })
            .emit(&mut delivered);
        let mut reader = message.reader();
        reader.split(LEADER_BITS).expect("it has a leader");
        delivered.put_bits(reader);
        self.put(to.number(), WAY, delivered.finish());
    }

    fn drain(&mut self) {
        for number in [SITE1, SITE2, USER] {
            while let Some(output) = self.hosts.get_mut(&number).and_then(Machine::poll) {
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
        match due {
            Some((at, number)) if at <= next => {
                self.hosts.get_mut(&number).into_iter().for_each(|host| host.alarm(self.now));
            }
            _ => {
                let Some((_, (number, message))) = self.under_way.pop_first() else { return true };
                let is_regular = matches!(FromImp::parse(&message), Ok(FromImp::Regular { .. }));
                if !(is_regular && self.loses(number) || number == self.victim && self.silent_since.is_some())
                {
                    let host = self.hosts.get_mut(&number).expect("it is one of three");
                    host.handle(self.now, Signal::Message(message));
                }
            }
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
        while self.hosts[&USER].is_busy_with_a_line() && self.step(begun + LIMIT) {}
        self.drain();
        self.silent_since.map_or(Span::ZERO, |since| self.now.since(since.max(begun)))
    }
}

/// Has a server fall silent at each message in turn, until one is beyond the end. Returns the number of messages, the lines
/// after which the user waited for too long, and what was printed of each run.
fn walk(program: &Program, victim: u8, lines: &[&str]) -> (usize, Vec<String>, Vec<Vec<String>>) {
    let (mut slow, mut papers) = (Vec::new(), Vec::new());
    for left in 0.. {
        let mut net = Net::new(program.clone(), victim, left);
        while net.step(TYPED_FROM) {}
        net.now = TYPED_FROM;
        for line in lines {
            let waited = net.types(line);
            if waited > HALF_A_MINUTE {
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
    Program::new("FTP user", ftp_user::run)
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
    let ftp = |lines: &[&'static str]| [&log_in[..], lines, &["BYE"]].concat();
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
    for (what, program, victim, lines) in dialogues() {
        let (messages, slow, papers) = walk(&program, victim, &lines);
        assert!(messages > 20, "{what} has {messages} messages");
        let last = papers.last().map(|paper| paper.join("|")).unwrap_or_default();
        assert!(!last.contains("CLOSED,") && !last.is_empty(), "{what}: {last}");
        all.extend(slow.into_iter().map(|slow| format!("{what}: {slow}")));
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}
