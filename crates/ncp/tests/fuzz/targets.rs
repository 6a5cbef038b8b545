//! What is fuzzed: the parsers of messages, and an NCP driven by a script of bytes. Both panic if anything is
//! not as it must be, whatever the bytes.

use imp1822::{Dead, FromImp, HostAddress, Incomplete, Leader, LeaderError, Link, Outage, ToImp};
use machine::{BitReader, BitWriter, Bits, Instant, Machine, Rounds, Span};
use ncp::{
    ByteSize, Commands, ConnectionId, Event, ForeignSocket, HEADER_BITS, Header, Input, Ncp, Output, Partner,
    Policy, Socket, Start, filler,
};

/// Reads bytes as a whole message and as the text of a control message. What can be read is written as it was.
pub(crate) fn fuzz_control_message(bytes: &[u8]) {
    let message = Bits::from_bytes(bytes);
    filler(&message);
    if let Ok((header, text)) = Header::split(&message) {
        assert_eq!(text.left(), header.text_bits(), "exactly the text");
    }
    let mut written = Vec::new();
    for command in Commands::new(BitReader::new(bytes)) {
        match command {
            Ok(command) => {
                let mut writer = BitWriter::new(command.len() * 8);
                command.emit(&mut writer);
                written.extend_from_slice(writer.finish().bytes());
                assert!(!command.to_string().is_empty());
            }
            Err(error) => {
                let opcode = bytes[written.len()];
                assert_eq!(error.opcode(), opcode, "the error names the command");
                assert_eq!(error.complaint().len(), 12);
            }
        }
    }
    assert!(bytes.starts_with(&written), "a round trip changes nothing");
}

/// The partner that is played by the script, one that hardly speaks, and the host itself.
const HOSTS: [u8; 3] = [69, 13, 22];

/// An NCP that a script drives: each step is one byte and what it needs.
struct Script<'a> {
    bytes: &'a [u8],
    ncp: Ncp,
    now: Instant,
    ids: Vec<ConnectionId>,
    /// Links on which the IMP owes an answer, with their destination, and since when.
    owed: Vec<(HostAddress, Link, Instant)>,
    up: bool,
}

/// Runs the bytes as a script of what an NCP's programs, partners and IMP do. Afterwards all is closed, and when
/// patience is over nothing may be left.
pub(crate) fn fuzz_ncp(bytes: &[u8]) {
    let policy = Policy { send_buffer_bits: 2000, connections: 12, ..Policy::default() };
    let start = if bytes.len().is_multiple_of(5) { Start::AfterCrash } else { Start::Cold };
    let ncp = Ncp::new(HostAddress::from(22), policy, start);
    let mut script = Script { bytes, ncp, now: Instant::START, ids: Vec::new(), owed: Vec::new(), up: true };
    script.ncp.handle(script.now, Input::Up);
    while !script.bytes.is_empty() {
        script.step();
        script.drain();
    }
    script.finish();
}

impl Script<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    fn host(&mut self) -> HostAddress {
        HostAddress::from(HOSTS[usize::from(self.byte()) % HOSTS.len()])
    }

    fn socket(&mut self) -> Socket {
        Socket::from(u32::from(self.byte() % 16))
    }

    fn id(&mut self) -> Option<ConnectionId> {
        let n = usize::from(self.byte());
        self.ids.get(n % self.ids.len().max(1)).copied()
    }

    fn step(&mut self) {
        let now = self.now;
        match self.byte() % 20 {
            0 | 1 => {
                let (local, host, socket) = (self.socket(), self.host(), self.socket());
                let size = ByteSize::new(self.byte());
                let foreign = ForeignSocket { host, socket };
                self.ids.extend(self.ncp.init(now, local, foreign, size));
            }
            2 => {
                let (local, host) = (self.socket(), self.host());
                let from = if self.byte() < 128 { Partner::Anyone } else { Partner::Host(host) };
                self.ids.extend(self.ncp.listen(now, local, from, None));
            }
            3 | 4 => {
                let (id, bytes) = (self.id(), [self.byte(); 40]);
                if let Some(id) = id {
                    // It may not be open.
                    let _ = self.ncp.send(now, id, BitReader::new(&bytes));
                }
            }
            5 => {
                let (id, most) = (self.id(), usize::from(self.byte()) * 8);
                let mut into = Vec::new();
                let read = id.map_or(0, |id| self.ncp.receive(now, id, most, &mut into));
                assert_eq!(into.len(), read.div_ceil(8));
            }
            6 => self.with_id(|ncp, id| ncp.close(now, id)),
            7 => self.with_id(|ncp, id| ncp.abort(now, id)),
            8 => self.with_id(|ncp, id| ncp.release(now, id)),
            9 => self.with_id(|ncp, id| {
                ncp.interrupt(now, id);
                ncp.give_back(now, id, 64, 3);
            }),
            10 => {
                let (host, data) = (self.host(), self.byte());
                if data < 16 { self.ncp.reset(now, host) } else { self.ncp.echo(now, host, data) }
            }
            // Control messages: well-formed ones are rare enough by themselves.
            11..=14 => self.hears(Link::CONTROL),
            15 => {
                let link = Link::from(self.byte() % 80);
                self.hears(link);
            }
            16 | 17 => self.imp_answers(),
            18 => self.imp_speaks(),
            _ => {
                let span = Span::from_secs(u64::from(self.byte()));
                self.pass(span);
            }
        }
    }

    fn with_id(&mut self, act: impl FnOnce(&mut Ncp, ConnectionId)) {
        if let Some(id) = self.id() {
            act(&mut self.ncp, id);
        }
    }

    /// A message from a partner, with whatever text the script has.
    fn hears(&mut self, link: Link) {
        let (host, length) = (self.host(), usize::from(self.byte() % 128));
        let size = if link == Link::CONTROL { 8 } else { self.byte().max(1) };
        let (text, rest) = self.bytes.split_at(length.min(self.bytes.len()));
        self.bytes = rest;
        let mut writer = BitWriter::new(32 + HEADER_BITS + text.len() * 8);
        let from = FromImp::Regular { from: host, link, priority: false };
        Leader::from(from).emit(&mut writer);
        Header { size, count: (text.len() * 8 / usize::from(size)) as u16 }.emit(&mut writer);
        writer.put_bytes(text);
        self.ncp.handle(self.now, Input::Message(from, writer.finish()));
    }

    /// The IMP answers for one of the messages that it was given.
    fn imp_answers(&mut self) {
        let (which, how) = (usize::from(self.byte()), self.byte());
        if self.owed.is_empty() {
            return;
        }
        let (to, link, _) = self.owed.remove(which % self.owed.len());
        let answer = match how {
            0..8 => FromImp::DestinationDead { to, link, why: Dead::Host },
            8..16 => FromImp::ErrorInData { to, link },
            16..32 => FromImp::Incomplete { to, link, why: Incomplete::from(how % 6) },
            32.. => FromImp::Rfnm { to, link },
        };
        self.ncp.handle(self.now, Input::Message(answer, Bits::default()));
    }

    /// The IMP says what answers no message.
    fn imp_speaks(&mut self) {
        let (how, host, link) = (self.byte(), self.host(), Link::from(self.byte()));
        let is_owed = self.owed.iter().any(|(to, on, _)| (*to, *on) == (host, link));
        let input = match how % 5 {
            0 => {
                self.up = !self.up;
                self.owed.clear();
                if self.up { Input::Up } else { Input::Down(Outage::ImpDown) }
            }
            1 | 4 if is_owed => return,
            1 => Input::Message(FromImp::Rfnm { to: host, link }, Bits::default()),
            2 => {
                // It was one of those messages, which is never answered.
                self.owed.pop();
                let why = LeaderError::from(how % 4);
                Input::Message(FromImp::ErrorInLeader { why, link }, Bits::default())
            }
            3 => Input::Message(FromImp::Nop, Bits::default()),
            _ => {
                Input::Message(FromImp::Incomplete { to: host, link, why: Incomplete::Lost }, Bits::default())
            }
        };
        self.ncp.handle(self.now, input);
    }

    fn pass(&mut self, span: Span) {
        let end = self.now + span;
        while let Some(due) = self.ncp.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.ncp.alarm(self.now);
            assert!(self.ncp.deadline().is_none_or(|next| next > self.now), "no driver spins");
            self.drain();
        }
        self.now = end;
    }

    /// Takes what the NCP says. What it sends is well-formed, and what it remembers is bounded.
    fn drain(&mut self) {
        let mut rounds = Rounds::until("the NCP has nothing more to say");
        while let Some(output) = self.ncp.poll() {
            rounds.count();
            match output {
                Output::Send(bits) => {
                    assert!(self.up, "nobody takes it");
                    let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(&bits) else { panic!("{bits:?}") };
                    let (header, text) = Header::split(&bits).expect("a whole message");
                    let now = self.now;
                    match self.owed.iter_mut().find(|(other, on, _)| (*other, *on) == (to, link)) {
                        // An IMP that has not answered for too long is not waited for.
                        Some((_, _, since)) => {
                            let silent = now.since(std::mem::replace(since, now));
                            assert!(
                                silent >= Span::from_secs(if link == Link::CONTROL { 60 } else { 120 }),
                                "one message at a time on a link"
                            );
                        }
                        None => self.owed.push((to, link, now)),
                    }
                    if link == Link::CONTROL {
                        assert!(header.size == 8 && (1..=120).contains(&header.count), "{header:?}");
                        let commands = Commands::new(text).collect::<Result<Vec<_>, _>>();
                        let resets = commands.expect("whole commands");
                        let resets = resets.iter().filter(|one| **one == ncp::Command::Rst).count();
                        assert!(resets <= 1, "one RST in a control message");
                    } else {
                        assert!(header.count > 0 && bits.len() <= 8095, "{header:?}");
                    }
                }
                Output::Event(Event::Closed { id, .. }) => {
                    assert!(self.ids.contains(&id), "a connection that a program holds");
                }
                Output::Event(_) => {}
            }
        }
        let tables = self.ncp.tables();
        assert!(tables.sockets <= 12 && tables.requests <= 64 && tables.refusals <= 3 * 64, "{tables:?}");
        assert!(tables.commands <= 3 * 1100 && tables.links <= 3 * 210, "{tables:?}");
        // A reset and an ECO of each of the three partners may be waited for, and the IMP.
        assert!(tables.deadlines <= tables.sockets + tables.requests + tables.refusals + 7, "{tables:?}");
        assert_eq!(self.ncp.stray(), ncp::Stray::default(), "what belongs to nothing");
    }

    /// All programs let go, the IMP works, and no partner sends anything any more.
    fn finish(&mut self) {
        if !self.up {
            self.up = true;
            self.ncp.handle(self.now, Input::Up);
        }
        let ids = std::mem::take(&mut self.ids);
        ids.into_iter().for_each(|id| self.ncp.release(self.now, id));
        for _ in 0..40 {
            self.drain();
            let mut rounds = Rounds::until("the IMP owes no answer");
            while let Some((to, link, _)) = self.owed.pop() {
                rounds.count();
                self.ncp.handle(self.now, Input::Message(FromImp::Rfnm { to, link }, Bits::default()));
                self.drain();
            }
            self.pass(Span::from_secs(61));
        }
        // What this host asked of itself is never answered here, and so never settled.
        assert_eq!(self.ncp.tables(), ncp::Tables::default(), "something is left");
        assert_eq!(self.ncp.deadline(), None);
        let held = self.ncp.held();
        assert!(held.iter().all(ncp::Held::is_nothing), "something waits for a partner: {held:?}");
    }
}
