//! One NCP whose partners and IMP are played by the test.

use imp1822::{FromImp, HostAddress, Leader, Link, ToImp};
use machine::{BitReader, BitWriter, Bits, Instant, Machine, Rounds, Span};
use ncp::{
    ByteSize, CloseReason, Command, Commands, ConnectionId, Event, ForeignSocket, HEADER_BITS, Header, Input,
    Ncp, Output, Policy, Socket, Start, Tables,
};

/// The partner in most tests: host 1 on IMP 5.
pub(crate) const BBN: u8 = 69;

/// The NCP under test is that of host 0 on IMP 22.
const HERE: u8 = 22;

pub(crate) fn socket(number: u32) -> Socket {
    Socket::from(number)
}

pub(crate) fn at(host: u8, number: u32) -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(host), socket: socket(number) }
}

pub(crate) fn rts(receive: u32, send: u32, link: u8) -> Command {
    Command::Rts { receive: socket(receive), send: socket(send), link: Link::from(link) }
}

pub(crate) fn str(send: u32, receive: u32, size: u8) -> Command {
    Command::Str { send: socket(send), receive: socket(receive), size }
}

pub(crate) fn cls(mine: u32, yours: u32) -> Command {
    Command::Cls { mine: socket(mine), yours: socket(yours) }
}

pub(crate) fn all(link: u8, messages: u16, bits: u32) -> Command {
    Command::All { link: Link::from(link), messages, bits }
}

/// A message as the NCP hears it, from `host` on `link`.
pub(crate) fn message(host: u8, link: u8, size: u8, text: &[u8]) -> Bits {
    let mut writer = BitWriter::new(32 + HEADER_BITS + text.len() * 8);
    let from = FromImp::Regular { from: HostAddress::from(host), link: Link::from(link), priority: false };
    Leader::from(from).emit(&mut writer);
    let count = text.len() * 8 / usize::from(size.max(1));
    Header { size, count: count as u16 }.emit(&mut writer);
    writer.put_bytes(text);
    writer.finish()
}

pub(crate) struct Lone {
    pub(crate) ncp: Ncp,
    pub(crate) now: Instant,
    /// Whether each message is answered by an RFNM as soon as it is seen.
    pub(crate) rfnms: bool,
    events: Vec<Event>,
}

impl Lone {
    pub(crate) fn new(policy: Policy) -> Self {
        Lone::with(Ncp::new(HostAddress::from(HERE), policy, Start::Cold))
    }

    pub(crate) fn with(ncp: Ncp) -> Self {
        let mut lone = Lone { ncp, now: Instant::START, rfnms: true, events: Vec::new() };
        lone.ncp.handle(lone.now, Input::Up);
        lone
    }

    pub(crate) fn tenex() -> Self {
        Lone::new(Policy::default())
    }

    /// The partner at BBN sends one control message.
    pub(crate) fn hears(&mut self, commands: &[Command]) {
        self.hears_from(BBN, commands);
    }

    pub(crate) fn hears_from(&mut self, host: u8, commands: &[Command]) {
        let mut writer = BitWriter::new(commands.iter().map(|command| command.len() * 8).sum());
        commands.iter().for_each(|command| command.emit(&mut writer));
        self.hears_text(host, 0, 8, writer.finish().bytes());
    }

    pub(crate) fn hears_text(&mut self, host: u8, link: u8, size: u8, text: &[u8]) {
        let bits = message(host, link, size, text);
        let from = FromImp::parse(&bits).expect("it has a leader");
        self.ncp.handle(self.now, Input::Message(from, bits));
    }

    /// Zeros from BBN: so many bits, in bytes of a size that need not be whole octets.
    pub(crate) fn hears_bits(&mut self, link: u8, size: usize, bits: usize) {
        let mut writer = BitWriter::new(32 + HEADER_BITS + bits);
        let from = FromImp::Regular { from: HostAddress::from(BBN), link: Link::from(link), priority: false };
        Leader::from(from).emit(&mut writer);
        Header { size: size as u8, count: (bits / size) as u16 }.emit(&mut writer);
        (0..bits).for_each(|_| writer.put(0, 1));
        self.ncp.handle(self.now, Input::Message(from, writer.finish()));
    }

    pub(crate) fn imp_says(&mut self, message: FromImp) {
        self.ncp.handle(self.now, Input::Message(message, message.bits()));
    }

    /// An RFNM from BBN.
    pub(crate) fn rfnm(&mut self, link: u8) {
        self.imp_says(FromImp::Rfnm { to: HostAddress::from(BBN), link: Link::from(link) });
    }

    /// What the NCP sends until nothing is left: one line for each command or text.
    pub(crate) fn says(&mut self) -> Vec<String> {
        self.messages().concat()
    }

    /// The same, message by message.
    pub(crate) fn messages(&mut self) -> Vec<Vec<String>> {
        let mut messages = Vec::new();
        let mut rounds = Rounds::until("the NCP has nothing more to say");
        while let Some(output) = self.ncp.poll() {
            rounds.count();
            match output {
                Output::Event(event) => self.events.push(event),
                Output::Send(bits) => {
                    let ToImp::Regular { to, link, .. } = ToImp::parse(&bits).expect("a leader") else {
                        panic!("an NCP sends regular messages only");
                    };
                    messages.push(lines(link, &bits));
                    if self.rfnms {
                        self.ncp
                            .handle(self.now, Input::Message(FromImp::Rfnm { to, link }, Bits::default()));
                    }
                }
            }
        }
        messages
    }

    /// What the NCP told the local programs since this was last asked.
    pub(crate) fn events(&mut self) -> Vec<Event> {
        let mut rounds = Rounds::until("the NCP has nothing more to say");
        while let Some(output) = self.ncp.poll() {
            rounds.count();
            match output {
                Output::Event(event) => self.events.push(event),
                Output::Send(bits) => panic!("unexpected message: {bits:?}"),
            }
        }
        std::mem::take(&mut self.events)
    }

    /// The same, when the NCP has said all that it has to say.
    pub(crate) fn events_after_saying(&mut self) -> Vec<Event> {
        self.says();
        self.events()
    }

    pub(crate) fn waits(&mut self, span: Span) {
        let end = self.now + span;
        let mut rounds = Rounds::until("no deadline is left in this time");
        while let Some(due) = self.ncp.deadline().filter(|due| *due <= end) {
            rounds.count();
            self.now = due;
            self.ncp.alarm(due);
        }
        self.now = end;
    }

    pub(crate) fn init(&mut self, local: u32, foreign: ForeignSocket) -> ConnectionId {
        self.ncp.init(self.now, socket(local), foreign, None).expect("nothing is in the way")
    }

    pub(crate) fn send(&mut self, id: ConnectionId, text: &[u8]) -> usize {
        self.ncp.send(self.now, id, BitReader::new(text)).expect("it is open")
    }

    pub(crate) fn read(&mut self, id: ConnectionId) -> Vec<u8> {
        let mut into = Vec::new();
        self.ncp.receive(self.now, id, usize::MAX, &mut into);
        into
    }

    pub(crate) fn close(&mut self, id: ConnectionId) {
        self.ncp.close(self.now, id);
    }

    /// What an open connection with a partner that keeps the rules does must go on, whatever another does:
    /// opens one from socket 77 to that of host 13, if there is none, and sends and receives over it.
    pub(crate) fn another_goes_on(&mut self) {
        let good = 13;
        let open = |here: &Lone, local| {
            here.ncp.connections().find(|one| one.local == socket(local)).map(|one| one.id)
        };
        let sender = open(self, 77).unwrap_or_else(|| {
            let id = self.init(77, at(good, 88));
            self.init(66, at(good, 99));
            self.hears_from(good, &[rts(88, 77, 33), str(99, 66, 8)]);
            id
        });
        let receiver = open(self, 66).expect("it is opened with the other");
        self.hears_from(good, &[all(33, 1, 24)]);
        assert_eq!(self.send(sender, b"OUT"), 24);
        assert!(self.says().contains(&"TEXT link 33 size 8 count 3".to_owned()), "our text goes out");
        self.hears_text(good, 2, 8, b"IN");
        assert_eq!(self.read(receiver), b"IN", "theirs comes in");
        assert_eq!(self.ncp.unsent(sender), 0);
    }

    /// An open connection from local send socket 5 to socket 8 at BBN on link 20.
    pub(crate) fn sender(&mut self) -> ConnectionId {
        let id = self.init(5, at(BBN, 8));
        self.hears(&[rts(8, 5, 20)]);
        assert_eq!(self.says(), ["STR 5 to 8 size 8"]);
        assert_eq!(self.events(), [opened(id, at(BBN, 8))]);
        id
    }

    /// The same as [`receiver`](Self::receiver), whatever else goes on, from a host of one's choice.
    pub(crate) fn receiver_of(&mut self, host: u8) -> ConnectionId {
        let id = self.init(4, at(host, 9));
        self.hears_from(host, &[str(9, 4, 8)]);
        self.says();
        self.events();
        id
    }

    /// What is left in the tables when a program has let go of a connection.
    pub(crate) fn left_when_released(&mut self, id: ConnectionId) -> Tables {
        self.ncp.release(self.now, id);
        self.ncp.tables()
    }

    /// An open connection to local receive socket 4 from socket 9 at BBN, on link 2.
    pub(crate) fn receiver(&mut self) -> ConnectionId {
        let id = self.init(4, at(BBN, 9));
        assert_eq!(self.says(), ["RTS 4 from 9 link 2"]);
        self.hears(&[str(9, 4, 8)]);
        assert_eq!(self.says(), ["ALL link 2 messages 16 bits 32000"]);
        assert_eq!(self.events(), [opened(id, at(BBN, 9))]);
        id
    }
}

pub(crate) fn opened(id: ConnectionId, foreign: ForeignSocket) -> Event {
    Event::Opened { id, foreign, size: ByteSize::EIGHT }
}

fn lines(link: Link, bits: &Bits) -> Vec<String> {
    let (header, text) = Header::split(bits).expect("the NCP sends whole messages");
    if link != Link::CONTROL {
        return vec![format!("TEXT link {link} size {} count {}", header.size, header.count)];
    }
    assert!(header.size == 8 && header.count <= 120, "no control message is like this: {header:?}");
    Commands::new(text).map(|command| command.expect("whole commands").to_string()).collect()
}

impl Lone {
    /// Lets the NCP say what it likes and time pass.
    pub(crate) fn says_anything(&mut self) {
        let mut rounds = Rounds::until("the NCP has nothing more to say");
        while let Some(output) = self.ncp.poll() {
            rounds.count();
            if let Output::Send(bits) = output {
                let ToImp::Regular { to, link, .. } = ToImp::parse(&bits).expect("a leader") else {
                    panic!("an NCP sends regular messages only");
                };
                self.imp_says(FromImp::Rfnm { to, link });
            }
        }
        self.waits(Span::from_millis(100));
    }
}

/// Why connections have closed since this was last asked.
pub(crate) fn closed(here: &mut Lone) -> Vec<CloseReason> {
    let reason = |event| if let Event::Closed { reason, .. } = event { Some(reason) } else { None };
    here.events().into_iter().filter_map(reason).collect()
}
