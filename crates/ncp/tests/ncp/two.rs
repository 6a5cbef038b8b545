//! Two NCPs on an ideal wire, and one with itself.

use std::collections::VecDeque;

use imp1822::{Dead, FromImp, HostAddress, Leader, Link, ToImp};
use machine::{BitReader, BitWriter, Bits, Carry, Instant, Machine, Pair, Rounds};
use ncp::{
    ByteSize, CloseReason, Event, ForeignSocket, Input, Ncp, Output, Partner, Policy, Socket, Start,
    icp::{self, FTP_CONTACT},
};

/// What an ideal pair of IMPs carries between two hosts.
#[derive(Debug, Clone)]
enum Wire {
    Message(Bits),
    Rfnm(Link),
}

#[derive(Debug)]
enum Said {
    Wire(Wire),
    Event(Event),
}

/// An NCP and its ideal IMP: addresses are turned round, and what arrives is answered by an RFNM.
struct Host {
    ncp: Ncp,
    partner: HostAddress,
    answers: VecDeque<Wire>,
}

impl Machine for Host {
    type Input = Wire;
    type Output = Said;

    fn handle(&mut self, now: Instant, wire: Wire) {
        let message = match wire {
            Wire::Rfnm(link) => Input::Message(FromImp::Rfnm { to: self.partner, link }, Bits::default()),
            Wire::Message(bits) => {
                let mut text = bits.reader();
                let leader = Leader::parse(&mut text).expect("a leader");
                let mut writer = BitWriter::new(bits.len());
                Leader { address: self.partner, ..leader }.emit(&mut writer);
                writer.put_bits(text);
                let bits = writer.finish();
                self.answers.push_back(Wire::Rfnm(leader.link));
                Input::Message(FromImp::parse(&bits).expect("a leader"), bits)
            }
        };
        self.ncp.handle(now, message);
    }

    fn poll(&mut self) -> Option<Said> {
        let answer = self.answers.pop_front().map(Said::Wire);
        answer.or_else(|| {
            self.ncp.poll().map(|output| match output {
                Output::Send(bits) => Said::Wire(Wire::Message(bits)),
                Output::Event(event) => Said::Event(event),
            })
        })
    }

    fn deadline(&self) -> Option<Instant> {
        self.ncp.deadline()
    }

    fn alarm(&mut self, now: Instant) {
        self.ncp.alarm(now);
    }
}

fn host(address: u8, partner: u8) -> Host {
    let mut ncp = Ncp::new(HostAddress::from(address), Policy::default(), Start::Cold);
    ncp.handle(Instant::START, Input::Up);
    Host { ncp, partner: HostAddress::from(partner), answers: VecDeque::new() }
}

fn carry(said: Said) -> Carry<Wire, Said> {
    match said {
        Said::Wire(wire) => Carry::Wire(wire),
        Said::Event(event) => Carry::Keep(Said::Event(event)),
    }
}

fn events(said: &mut Vec<Said>) -> Vec<Event> {
    let event = |said| match said {
        Said::Event(event) => event,
        Said::Wire(wire) => panic!("{wire:?} belongs on the wire"),
    };
    said.drain(..).map(event).collect()
}

fn foreign(host: u8, socket: Socket) -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(host), socket }
}

#[test]
fn the_initial_connection_protocol_then_a_long_text() {
    let mut pair = Pair::new(host(22, 69), carry, host(69, 22), carry);
    let now = pair.now;
    let (user, server) = (icp::User::at(Socket::from(65536)), icp::Server::at(Socket::from(200)));
    let (user, server) = (user.expect("even"), server.expect("even"));

    // The user makes contact, and the server sends its socket number and closes.
    let size = Some(ByteSize::THIRTY_TWO);
    let listening = pair.b.machine.ncp.listen(now, FTP_CONTACT, Partner::Anyone, size).expect("it is free");
    let contact = pair.a.machine.ncp.init(now, user.contact, foreign(69, FTP_CONTACT), size);
    let contact = contact.expect("it is free");
    pair.drive();
    assert!(matches!(events(&mut pair.b.said)[..], [Event::Opened { .. }]));
    let now = pair.now;
    let number = icp::send_number(server.receive);
    assert_eq!(pair.b.machine.ncp.send(now, listening, number.reader()), Ok(32));
    pair.b.machine.ncp.close(now, listening);
    // The user's side answers by itself.
    pair.drive();
    let said = events(&mut pair.a.said);
    assert_eq!(said.last(), Some(&Event::Closed { id: contact, reason: CloseReason::Closed }));
    let mut bytes = Vec::new();
    assert_eq!(pair.a.machine.ncp.receive(pair.now, contact, usize::MAX, &mut bytes), 32);
    let s = icp::read_number(&mut BitReader::new(&bytes)).expect("a receive socket");
    assert_eq!(s, server.receive);

    // Both sides ask for the pair of connections at once, as RFC 202 advises.
    let now = pair.now;
    let to_server = pair.a.machine.ncp.init(now, user.send, foreign(69, s), None).expect("free");
    pair.a.machine.ncp.init(now, user.receive, foreign(69, s.offset(1)), None).expect("free");
    let (for_receive, for_send) = server.partners(foreign(22, user.contact));
    let at_server = pair.b.machine.ncp.init(now, server.receive, for_receive, None).expect("free");
    pair.b.machine.ncp.init(now, server.send, for_send, None).expect("free");
    pair.drive();
    pair.b.said.clear();

    // A text of several allocations arrives as it was sent.
    let text: Vec<u8> = (0..10_000_u32).map(|n| (n * 7) as u8).collect();
    let (mut sent, mut read) = (0, Vec::new());
    while read.len() < text.len() {
        let rest = BitReader::new(&text[sent..]);
        sent += pair.a.machine.ncp.send(pair.now, to_server, rest).expect("it is open") / 8;
        pair.drive();
        let before = read.len();
        pair.b.machine.ncp.receive(pair.now, at_server, usize::MAX, &mut read);
        assert!(read.len() > before, "the text stands still at {before}");
    }
    assert_eq!(read, text);
    pair.drive();
    assert_eq!(pair.a.machine.ncp.unsent(to_server), 0);

    pair.a.machine.ncp.close(pair.now, to_server);
    pair.drive();
    let said = events(&mut pair.b.said);
    let end = [Event::Ending { id: at_server }, Event::Closed { id: at_server, reason: CloseReason::Closed }];
    assert!(said.ends_with(&end), "{said:?}");
    assert_eq!(pair.a.machine.ncp.connections().count(), 1, "the other direction is still open");
}

#[test]
fn requests_and_closes_that_cross_on_the_wire_leave_nothing_behind() {
    let mut pair = Pair::new(host(22, 69), carry, host(69, 22), carry);
    let now = pair.now;
    let (here, there) = (Socket::from(4), Socket::from(9));
    let a = pair.a.machine.ncp.init(now, here, foreign(69, there), None).expect("free");
    let b = pair.b.machine.ncp.init(now, there, foreign(22, here), None).expect("free");
    pair.drive();
    pair.a.machine.ncp.close(pair.now, a);
    pair.b.machine.ncp.close(pair.now, b);
    pair.drive();
    let gone = |id| Some(Event::Closed { id, reason: CloseReason::Closed });
    assert_eq!(events(&mut pair.a.said).last().copied(), gone(a));
    assert_eq!(events(&mut pair.b.said).last().copied(), gone(b));
    assert_eq!(pair.a.machine.ncp.connections().count() + pair.b.machine.ncp.connections().count(), 0);
}

#[test]
fn a_partner_that_was_out_of_reach_learns_that_its_connections_are_over_before_their_link_is_used_again() {
    let mut pair = Pair::new(host(22, 69), carry, host(69, 22), carry);
    let open = |pair: &mut Pair<Host, Host>, here: u32, there: u32| {
        let (here, there) = (Socket::from(here), Socket::from(there));
        let b = pair.b.machine.ncp.listen(pair.now, there, Partner::Anyone, None).expect("free");
        let a = pair.a.machine.ncp.init(pair.now, here, foreign(69, there), None).expect("free");
        pair.drive();
        (a, b)
    };
    let (a, b) = open(&mut pair, 4, 9);
    let message = FromImp::DestinationDead { to: HostAddress::from(69), link: Link::CONTROL, why: Dead::Imp };
    pair.a.machine.ncp.handle(pair.now, Input::Message(message, Bits::default()));
    pair.drive();
    assert_eq!(
        events(&mut pair.a.said).last(),
        Some(&Event::Closed { id: a, reason: CloseReason::Dead(Dead::Imp) }),
        "to this one it is dead"
    );
    events(&mut pair.b.said);
    assert!(
        pair.b.machine.ncp.status(b).is_some_and(|status| status.foreign.is_some()),
        "it knows nothing of it"
    );

    let (a_again, b_again) = open(&mut pair, 6, 11);
    let (at_a, at_b) = (events(&mut pair.a.said), events(&mut pair.b.said));
    let opened = |id, host, socket| {
        let foreign = foreign(host, Socket::from(socket));
        Event::Opened { id, foreign, size: ByteSize::EIGHT }
    };
    assert_eq!(at_a, [opened(a_again, 69, 11)], "nobody complains");
    let expected = [
        Event::Closed { id: b, reason: CloseReason::Reset },
        Event::PartnerReset { host: HostAddress::from(22) },
        opened(b_again, 22, 6),
    ];
    assert_eq!(at_b, expected);
}

#[test]
fn a_host_connects_to_itself() {
    let here = HostAddress::from(22);
    let mut ncp = Ncp::new(here, Policy::default(), Start::Cold);
    let mut now = Instant::START;
    let mut said = Vec::new();
    // What leaves comes back, and an RFNM with it.
    let mut drain = |ncp: &mut Ncp, said: &mut Vec<Event>| {
        let mut rounds = Rounds::until("the NCP has nothing more to say");
        while let Some(output) = ncp.poll() {
            rounds.count();
            now += machine::Span::from_millis(1);
            match output {
                Output::Event(event) => said.push(event),
                Output::Send(bits) => {
                    let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(&bits) else { panic!("{bits:?}") };
                    assert_eq!(to, here);
                    let from = FromImp::parse(&bits).expect("a leader");
                    ncp.handle(now, Input::Message(from, bits));
                    ncp.handle(now, Input::Message(FromImp::Rfnm { to, link }, Bits::default()));
                }
            }
        }
        now
    };
    ncp.handle(Instant::START, Input::Up);
    let (send, receive) = (Socket::from(5), Socket::from(4));
    let sender = ncp.init(Instant::START, send, foreign(22, receive), None).expect("free");
    let receiver = ncp.listen(Instant::START, receive, Partner::Anyone, None).expect("free");
    let now = drain(&mut ncp, &mut said);
    assert_eq!(ncp.send(now, sender, BitReader::new(b"ECHO")), Ok(32));
    ncp.close(now, sender);
    let now = drain(&mut ncp, &mut said);
    let mut into = Vec::new();
    ncp.receive(now, receiver, usize::MAX, &mut into);
    assert_eq!(into, b"ECHO");
    let gone = |id| Event::Closed { id, reason: CloseReason::Closed };
    assert!(said.contains(&gone(sender)) && said.contains(&gone(receiver)), "{said:?}");
    assert_eq!(ncp.connections().count(), 0);
}

#[test]
fn bytes_of_every_size_arrive_bit_for_bit_across_message_boundaries() {
    for bits in 1..=255_u8 {
        let mut pair = Pair::new(host(22, 69), carry, host(69, 22), carry);
        let (here, there, size) = (Socket::from(5), Socket::from(4), ByteSize::new(bits));
        let sender = pair.a.machine.ncp.init(pair.now, here, foreign(69, there), size).expect("free");
        let receiver = pair.b.machine.ncp.init(pair.now, there, foreign(22, here), None).expect("free");
        pair.drive();
        let width = usize::from(bits);
        let mut writer = BitWriter::new(width * 90);
        (0..width * 90).for_each(|n| writer.put((n * n / 7 % 3 % 2) as u64, 1));
        let text = writer.finish();

        // Written in pieces of many lengths, each of which leaves in messages of its own; read in others.
        let (mut left, mut read, mut packed) = (text.reader(), Vec::new(), BitWriter::new(text.len()));
        for piece in 1..=12 {
            let part = left.split(width * piece).expect("78 bytes in all");
            assert_eq!(pair.a.machine.ncp.send(pair.now, sender, part), Ok(width * piece));
            if piece % 3 == 0 {
                pair.drive();
            }
            read.clear();
            let most = width * 7 + width / 2;
            let taken = pair.b.machine.ncp.receive(pair.now, receiver, most, &mut read);
            assert!(taken.is_multiple_of(width) && taken <= most, "whole bytes");
            let mut taken_bits = BitReader::new(&read);
            taken_bits.limit(taken);
            packed.put_bits(taken_bits);
        }
        pair.a.machine.ncp.close(pair.now, sender);
        pair.drive();
        read.clear();
        let rest = pair.b.machine.ncp.receive(pair.now, receiver, usize::MAX, &mut read);
        let mut rest_bits = BitReader::new(&read);
        rest_bits.limit(rest);
        packed.put_bits(rest_bits);
        let mut whole = BitWriter::new(width * 78);
        whole.put_bits(text.reader().split(width * 78).expect("there are 90"));
        assert_eq!(packed.finish(), whole.finish(), "bytes of {bits} bits");
    }
}
