//! A net for dialogues that cannot be had in a simulation: one partner has no NCP that would complain of what the other
//! says, and its messages, with protocol errors or breaking off where a test wants it, are written by the test to the
//! bit. There are no IMPs: every message takes [`DELAY`], none is lost, and each is answered by an RFNM. All other tests
//! of hosts and programs use a `sim::Sim`.

use std::collections::BTreeMap;

use host::{Handle, Host, Note, Output, Program, Settings};
use imp1822::{FromImp, HostAddress, LEADER_BITS, Leader, Link, Signal, ToImp};
use machine::{BitWriter, Bits, Instant, Machine, Rounds, Span};
use ncp::{Command, Commands, HEADER_BITS, Header, Socket};

/// How long a message is on its way.
pub(crate) const DELAY: Span = Span::from_millis(50);

/// Hosts, the messages between them, and what was seen.
pub(crate) struct Net {
    now: Instant,
    hosts: BTreeMap<u8, Site>,
    agenda: BTreeMap<(Instant, u64), (u8, Event)>,
    sequence: u64,
    /// Every control command, by sender and receiver.
    commands: Vec<(u8, u8, Command)>,
    /// How many bits of text were sent, by sender and receiver, control messages not counted.
    pub(crate) text: BTreeMap<(u8, u8), usize>,
}

enum Site {
    /// A host, and the lines that its teletype has printed.
    Host(Box<Host>, Vec<String>),
    /// Its messages are written by the test. It is sent RFNMs, and says nothing of its own.
    Puppet,
}

enum Event {
    /// A message arrives.
    Arrives { from: u8, link: Link, message: Bits },
    /// The IMP says something.
    Says(Signal),
}

impl Net {
    /// An empty net.
    pub(crate) fn new() -> Self {
        Net {
            now: Instant::START,
            hosts: BTreeMap::new(),
            agenda: BTreeMap::new(),
            sequence: 0,
            commands: Vec::new(),
            text: BTreeMap::new(),
        }
    }

    /// Adds a host named `HOST` and its address, and boots it.
    pub(crate) fn add(&mut self, address: u8, settings: Settings) {
        let name = format!("HOST{address}");
        self.put(address, Host::new(Settings { name, address: HostAddress::from(address), ..settings }));
    }

    /// Adds a host, and boots it.
    pub(crate) fn put(&mut self, address: u8, host: Host) {
        self.hosts.insert(address, Site::Host(Box::new(host), Vec::new()));
        self.with(address, |host, now| host.boot(now));
    }

    /// Adds a host on which one program runs.
    pub(crate) fn runs<F>(&mut self, address: u8, program: impl Fn(Handle) -> F + 'static)
    where
        F: Future<Output = ()> + 'static,
    {
        self.add(address, Settings { programs: vec![Program::new("test", program)], ..Settings::default() });
    }

    /// Adds an address whose messages the test writes itself.
    pub(crate) fn puppet(&mut self, address: u8) {
        self.hosts.insert(address, Site::Puppet);
    }

    /// A puppet sends control commands in one message.
    pub(crate) fn puppet_says(&mut self, from: u8, to: u8, commands: &[Command]) {
        let count: usize = commands.iter().map(|command| command.len()).sum();
        let mut writer = BitWriter::new(8 * count);
        commands.iter().for_each(|command| command.emit(&mut writer));
        self.puppet_writes(from, to, Link::CONTROL, writer.finish().bytes());
    }

    /// A puppet sends eight-bit bytes on a link.
    pub(crate) fn puppet_writes(&mut self, from: u8, to: u8, link: Link, bytes: &[u8]) {
        let header = Header { size: 8, count: bytes.len() as u16 };
        let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + header.text_bits());
        Leader::from(ToImp::Regular { to: HostAddress::from(to), link, priority: false }).emit(&mut writer);
        header.emit(&mut writer);
        writer.put_bytes(bytes);
        self.sends(from, writer.finish());
    }

    /// A host, to look at.
    pub(crate) fn host(&self, address: u8) -> &Host {
        match &self.hosts[&address] {
            Site::Host(host, _) => host,
            Site::Puppet => panic!("host {address} is a puppet"),
        }
    }

    /// What the teletype of a host shows.
    pub(crate) fn paper(&self, address: u8) -> &[String] {
        match &self.hosts[&address] {
            Site::Host(_, printed) => printed,
            Site::Puppet => &[],
        }
    }

    /// The control commands from one host to another, as a transcript shows them.
    pub(crate) fn said(&self, from: u8, to: u8) -> Vec<String> {
        let theirs = self.commands.iter().filter(|(a, b, _)| (*a, *b) == (from, to));
        theirs.map(|(_, _, command)| command.to_string()).collect()
    }

    /// Which sockets of a host have connections that are not over.
    pub(crate) fn in_use(&self, address: u8) -> Vec<Socket> {
        self.host(address).netstat().iter().map(|status| status.local).collect()
    }

    /// Does what a program of the host could do.
    pub(crate) fn act<T>(&mut self, address: u8, act: impl FnOnce(&Handle) -> T) -> T {
        self.with(address, |host, now| host.act(now, act))
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, span: Span) {
        let end = self.now + span;
        let mut rounds = Rounds::until("nothing is left to happen in this time");
        while let Some(next) = self.next().filter(|next| *next <= end) {
            rounds.count();
            self.step(next);
        }
        self.now = end;
    }

    /// Lets time pass until something is so, and returns how long that took.
    ///
    /// # Panics
    /// If it is not so after `most`.
    pub(crate) fn wait_for(&mut self, what: &str, most: Span, mut so: impl FnMut(&Net) -> bool) -> Span {
        let start = self.now;
        let mut rounds = Rounds::until("it is so");
        while !so(self) {
            rounds.count();
            match self.next() {
                Some(next) if next.since(start) <= most => self.step(next),
                Some(_) | None => panic!("{what}: not after {most}"),
            }
        }
        self.now.since(start)
    }

    fn next(&self) -> Option<Instant> {
        let deadlines = self.hosts.values().filter_map(|site| match site {
            Site::Host(host, _) => host.deadline(),
            Site::Puppet => None,
        });
        deadlines.chain(self.agenda.keys().map(|(at, _)| *at).next()).min()
    }

    fn step(&mut self, next: Instant) {
        assert!(next >= self.now, "time never goes back");
        self.now = next;
        if let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= next) {
            let (to, event) = entry.remove();
            return self.happen(to, event);
        }
        let due = self.hosts.iter().find_map(|(address, site)| match site {
            Site::Host(host, _) => (host.deadline() == Some(next)).then_some(*address),
            Site::Puppet => None,
        });
        let address = due.expect("somebody's deadline has come");
        self.with(address, |host, now| host.alarm(now));
        let later = self.host(address).deadline();
        assert!(later.is_none_or(|later| later > next), "a host is done with the moment of its alarm");
    }

    fn happen(&mut self, to: u8, event: Event) {
        match event {
            Event::Says(signal) => self.hears(to, signal),
            Event::Arrives { from, link, message } => {
                let answer = FromImp::Rfnm { to: HostAddress::from(to), link };
                self.later(from, Event::Says(Signal::Message(answer.bits())));
                self.hears(to, Signal::Message(message));
            }
        }
    }

    fn hears(&mut self, address: u8, signal: Signal) {
        if let Some(Site::Host(..)) = self.hosts.get(&address) {
            self.with(address, |host, now| host.handle(now, signal));
        }
    }

    fn with<T>(&mut self, address: u8, act: impl FnOnce(&mut Host, Instant) -> T) -> T {
        let now = self.now;
        let Some(Site::Host(host, printed)) = self.hosts.get_mut(&address) else {
            panic!("there is no host {address}");
        };
        let result = act(host, now);
        let mut signals = Vec::new();
        let mut rounds = Rounds::until("the host has nothing more to say");
        while let Some(output) = host.poll() {
            rounds.count();
            match output {
                Output::Note(Note::Printed(line)) => printed.push(line),
                Output::Note(_) => {}
                Output::ToImp(signal) => signals.push(signal),
            }
        }
        for signal in signals {
            match signal {
                Signal::Ready(true) => self.hears(address, Signal::Ready(true)),
                Signal::Ready(false) => {}
                Signal::Message(message) => self.sends(address, message),
            }
        }
        result
    }

    fn sends(&mut self, from: u8, message: Bits) {
        let ToImp::Regular { to, link, priority } = ToImp::parse(&message).expect("a leader") else { return };
        let (header, text) = ncp::Header::split(&message).expect("a message of the host-host protocol");
        if link == Link::CONTROL {
            let commands = Commands::new(text).map(|command| command.expect("a command"));
            self.commands.extend(commands.map(|command| (from, to.number(), command)));
        } else {
            *self.text.entry((from, to.number())).or_default() += header.text_bits();
        }
        let mut turned = BitWriter::new(message.len());
        let sender = HostAddress::from(from);
        // The leader says now where the message comes from; the rest stays.
        let mut rest = message.reader();
        rest.split(LEADER_BITS).expect("a leader");
        let leader = FromImp::Regular { from: sender, link, priority }.bits();
        turned.put_bits(leader.reader());
        turned.put_bits(rest);
        self.later(to.number(), Event::Arrives { from, link, message: turned.finish() });
    }

    fn later(&mut self, to: u8, event: Event) {
        self.sequence += 1;
        self.agenda.insert((self.now + DELAY, self.sequence), (to, event));
    }
}
