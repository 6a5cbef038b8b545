//! Two NCPs and whatever their programs do, in any order and with any delay: text arrives as it was sent, and
//! in the end nothing is left.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use imp1822::{FromImp, HostAddress, Incomplete, Leader, Link, ToImp};
use machine::{BitReader, BitWriter, Bits, Instant, Machine, Rounds, Span};
use ncp::{
    ByteSize, CloseReason, ConnectionId, Event, ForeignSocket, Input, Loss, Ncp, Output, Partner, Policy,
    Socket, Start, Tables,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Send socket, the side that it is on, receive socket, and byte size of the connections between the two.
const PAIRS: [(u32, usize, u32, u8); 3] = [(5, 0, 4, 8), (7, 0, 6, 36), (9, 1, 8, 7)];

const ADDRESSES: [u8; 2] = [22, 69];

/// How the wire behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Wire {
    /// Everything arrives, and is answered, at once.
    Ideal,
    /// Messages and RFNMs arrive when their turn comes.
    Delaying,
    /// The same, but now and then an IMP has no room for a message and says so; never twice for the same.
    Full,
    /// The same, and time passes now and then, so that patience with programs ends.
    Slow,
}

/// What one end of a connection has done: the bits that it has sent or read.
#[derive(Debug, Default)]
struct Log {
    pair: usize,
    sends: bool,
    bits: Vec<bool>,
    /// Its program did not let things end in their own time.
    broken: bool,
    /// The partner closed first.
    ended: bool,
    gone: Option<CloseReason>,
}

struct World {
    wire: Wire,
    now: Instant,
    sides: [Ncp; 2],
    /// Messages on their way to each side.
    messages: [VecDeque<Bits>; 2],
    /// The IMPs' answers on their way to each side.
    answers: [Vec<FromImp>; 2],
    /// On which links for which side the last message found no room.
    refused: BTreeSet<(usize, Link)>,
    logs: BTreeMap<(usize, ConnectionId), Log>,
    complaints: usize,
}

impl World {
    fn new(wire: Wire) -> Self {
        let policy = Policy { send_buffer_bits: 400, largest_text_bits: 120, ..Policy::default() };
        let policy = Policy { allocation: ncp::Allocation { messages: 3, bits: 300 }, ..policy };
        let side = |n: usize| {
            let mut ncp = Ncp::new(HostAddress::from(ADDRESSES[n]), policy.clone(), Start::Cold);
            ncp.handle(Instant::START, Input::Up);
            ncp
        };
        World {
            wire,
            now: Instant::START,
            sides: [side(0), side(1)],
            messages: Default::default(),
            answers: Default::default(),
            refused: BTreeSet::new(),
            logs: BTreeMap::new(),
            complaints: 0,
        }
    }

    /// The connection of a pair that a program on this side holds.
    fn find(&self, side: usize, pair: usize) -> Option<ConnectionId> {
        let live = |(at, id): &(usize, ConnectionId), log: &Log| {
            (*at == side && log.pair == pair && log.gone.is_none()).then_some(*id)
        };
        self.logs.iter().find_map(|(key, log)| live(key, log))
    }

    fn act(&mut self, (what, which, how): (u8, u8, u8)) {
        let (side, pair) = (usize::from(which & 1), usize::from(which >> 1) % 3);
        let found = self.find(side, pair);
        match (what % 16, found) {
            (0..=2, None) => self.open(side, pair, how),
            (0..=2, Some(_)) | (3..=9, None) => self.deliver(side),
            (3 | 4, Some(id)) => self.send(side, id, how),
            (5 | 6, Some(id)) => self.read(side, id, usize::from(how)),
            (7, Some(id)) => self.end(side, id, |ncp, now, id| ncp.close(now, id)),
            (8, Some(id)) if how < 64 => {
                self.logs.entry((side, id)).or_default().broken = true;
                self.end(side, id, |ncp, now, id| ncp.abort(now, id));
            }
            (8, Some(id)) => {
                self.sides[side].interrupt(self.now, id);
            }
            (9, Some(id)) => {
                self.sides[side].give_back(self.now, id, how, how.reverse_bits());
            }
            (10, _) => self.sides[side].echo(self.now, HostAddress::from(ADDRESSES[1 - side]), how),
            (11, _) if self.wire == Wire::Full && how < 64 => self.refuse(side),
            (11 | 12, _) => self.deliver(side),
            (13 | 14, _) => self.answer(side, how),
            _ if self.wire == Wire::Slow => {
                // What is on its way never takes minutes.
                self.settle();
                self.pass(Span::from_secs(u64::from(how)));
            }
            _ => self.deliver(side),
        }
        self.drain();
        if self.wire == Wire::Ideal {
            self.settle();
        }
    }

    fn open(&mut self, side: usize, pair: usize, how: u8) {
        let (send, at, receive, size) = PAIRS[pair];
        let sends = at == side;
        let (local, other) = if sends { (send, receive) } else { (receive, send) };
        let (local, host) = (Socket::from(local), HostAddress::from(ADDRESSES[1 - side]));
        let foreign = ForeignSocket { host, socket: Socket::from(other) };
        let size = ByteSize::new(size);
        let opened = match how % 4 {
            0 => self.sides[side].listen(self.now, local, Partner::Anyone, size),
            1 => self.sides[side].listen(self.now, local, Partner::Exactly(foreign), size),
            _ => self.sides[side].init(self.now, local, foreign, size),
        };
        let id = opened.expect("no program holds the socket");
        self.logs.insert((side, id), Log { pair, sends, ..Log::default() });
    }

    fn send(&mut self, side: usize, id: ConnectionId, how: u8) {
        let log = &self.logs[&(side, id)];
        let size = usize::from(PAIRS[log.pair].3);
        // No two connections send the same.
        let mut seed = format!("{side} {id}").bytes().fold(log.bits.len() as u64 + 1, |seed, byte| {
            (seed ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        });
        let mut writer = BitWriter::new(size * usize::from(how % 24));
        for _ in 0..size * usize::from(how % 24) {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            writer.put(seed >> 63, 1);
        }
        let text = writer.finish();
        if let Ok(taken) = self.sides[side].send(self.now, id, text.reader()) {
            let mut taken = text.reader().split(taken).expect("no more than there was");
            let bits = &mut self.logs.entry((side, id)).or_default().bits;
            bits.extend(std::iter::from_fn(|| taken.take(1).ok()).map(|bit| bit == 1));
        }
    }

    fn read(&mut self, side: usize, id: ConnectionId, most: usize) {
        let mut bytes = Vec::new();
        let read = self.sides[side].receive(self.now, id, most, &mut bytes);
        let mut reader = BitReader::new(&bytes);
        reader.limit(read);
        let bits = &mut self.logs.entry((side, id)).or_default().bits;
        bits.extend(std::iter::from_fn(|| reader.take(1).ok()).map(|bit| bit == 1));
    }

    /// A program closes. A receiver that does will miss what comes later.
    fn end(&mut self, side: usize, id: ConnectionId, how: fn(&mut Ncp, Instant, ConnectionId)) {
        let log = self.logs.entry((side, id)).or_default();
        log.broken |= !log.sends;
        how(&mut self.sides[side], self.now, id);
    }

    /// The IMP has no room for the next message for a side. A message of the same link that comes behind it is
    /// that message, sent again.
    fn refuse(&mut self, side: usize) {
        let Some(link) = self.messages[side].front().map(link_of) else { return };
        if self.refused.insert((side, link)) {
            self.messages[side].pop_front();
            let (to, why) = (HostAddress::from(ADDRESSES[side]), Incomplete::NoResources);
            self.answers[1 - side].push(FromImp::Incomplete { to, link, why });
        }
    }

    /// A message reaches a side, and an RFNM sets out.
    fn deliver(&mut self, side: usize) {
        let Some(bits) = self.messages[side].pop_front() else { return };
        let link = link_of(&bits);
        self.refused.remove(&(side, link));
        let mut reader = bits.reader();
        let leader = Leader::parse(&mut reader).expect("a leader");
        let mut writer = BitWriter::new(bits.len());
        Leader { address: HostAddress::from(ADDRESSES[1 - side]), ..leader }.emit(&mut writer);
        writer.put_bits(reader);
        let bits = writer.finish();
        let from = FromImp::parse(&bits).expect("a leader");
        self.answers[1 - side].push(FromImp::Rfnm { to: HostAddress::from(ADDRESSES[side]), link });
        self.sides[side].handle(self.now, Input::Message(from, bits));
        self.drain();
    }

    /// One of the answers for a side arrives: those of different links in any order.
    fn answer(&mut self, side: usize, how: u8) {
        if !self.answers[side].is_empty() {
            let answer = self.answers[side].remove(usize::from(how) % self.answers[side].len());
            self.sides[side].handle(self.now, Input::Message(answer, Bits::default()));
            self.drain();
        }
    }

    fn pass(&mut self, span: Span) {
        let end = self.now + span;
        let mut rounds = Rounds::until("no deadline is left in this time");
        while let Some(next) =
            self.sides.iter().filter_map(Machine::deadline).min().filter(|next| *next <= end)
        {
            rounds.count();
            self.now = self.now.max(next);
            self.sides.iter_mut().for_each(|ncp| ncp.alarm(next));
            self.settle();
        }
        self.now = end;
    }

    fn drain(&mut self) {
        for side in 0..2 {
            let mut rounds = Rounds::until("the NCP has nothing more to say");
            while let Some(output) = self.sides[side].poll() {
                rounds.count();
                match output {
                    Output::Send(bits) => self.messages[1 - side].push_back(bits),
                    Output::Event(event) => self.hear(side, event),
                }
            }
            let tables = self.sides[side].tables();
            assert!(tables.sockets <= 3 && tables.links <= 12 && tables.deadlines <= 12, "{tables:?}");
        }
    }

    fn hear(&mut self, side: usize, event: Event) {
        match event {
            Event::Ending { id } => self.logs.entry((side, id)).or_default().ended = true,
            Event::Closed { id, reason } => {
                self.read(side, id, usize::MAX);
                self.logs.entry((side, id)).or_default().gone = Some(reason);
                self.sides[side].release(self.now, id);
            }
            Event::ErrReceived { .. } => self.complaints += 1,
            Event::Opened { .. } | Event::Readable { .. } | Event::Writable { .. } => {}
            Event::Interrupted { .. } | Event::Echoed { .. } | Event::PartnerReset { .. } => {}
        }
    }

    /// Everything that is on its way arrives.
    fn settle(&mut self) {
        self.drain();
        let mut rounds = Rounds::until("everything has arrived");
        while self.messages.iter().any(|wire| !wire.is_empty())
            || self.answers.iter().any(|wire| !wire.is_empty())
        {
            rounds.count();
            for side in 0..2 {
                self.deliver(side);
                self.answer(side, 0);
            }
        }
    }

    /// Senders close, receivers read; then everybody lets go.
    fn finish(&mut self) {
        let of_gender = |world: &World, sends| -> Vec<(usize, ConnectionId)> {
            let live = world.logs.iter().filter(|(_, log)| log.gone.is_none() && log.sends == sends);
            live.map(|(key, _)| *key).collect()
        };
        self.settle();
        for (side, id) in of_gender(self, true) {
            self.sides[side].close(self.now, id);
        }
        for _ in 0..200 {
            self.settle();
            for (side, id) in of_gender(self, false) {
                self.read(side, id, usize::MAX);
            }
        }
        for (side, id) in of_gender(self, false) {
            self.end(side, id, |ncp, now, id| ncp.close(now, id));
        }
        self.settle();
        for _ in 0..4 {
            self.pass(Span::from_secs(121));
            self.settle();
        }
    }

    /// What must be true when all is over.
    fn check(&self) {
        for ncp in &self.sides {
            assert_eq!(ncp.tables(), Tables::default(), "something is left: {:?}", self.logs);
        }
        let of = |pair, sends| self.logs.values().filter(move |log| log.pair == pair && log.sends == sends);
        for pair in 0..PAIRS.len() {
            for read in of(pair, false).filter(|read| !read.bits.is_empty()) {
                assert!(of(pair, true).any(|sent| sent.bits.starts_with(&read.bits)), "never sent: {read:?}");
            }
            let all_patient = of(pair, false).all(|read| !read.broken || read.bits.is_empty());
            for sent in of(pair, true).filter(|sent| sent.gone == Some(CloseReason::Closed) && !sent.ended) {
                let arrived = of(pair, false).any(|read| read.bits == sent.bits);
                let excused = sent.broken || !all_patient || sent.bits.is_empty();
                assert!(arrived || excused, "closed, yet not all has arrived: {sent:?}");
            }
        }
        assert_eq!(self.complaints, 0, "two NCPs that keep the rules have nothing to complain of");
        for log in self.logs.values() {
            let expected = match log.gone {
                Some(CloseReason::Closed | CloseReason::Refused) => true,
                // Its own program or the partner's did not wait, or waited too long.
                Some(CloseReason::Lost) => log.broken || log.ended || self.wire == Wire::Slow,
                // Another answer than none is not given there.
                Some(CloseReason::Undelivered(loss)) => self.wire == Wire::Slow && loss == Loss::Unanswered,
                // Neither ever complains.
                Some(CloseReason::Forgotten | CloseReason::Illegal(_)) => false,
                Some(
                    CloseReason::Dead(_)
                    | CloseReason::Reset
                    | CloseReason::OutOfStep(_)
                    | CloseReason::Unanswered
                    | CloseReason::Silent
                    | CloseReason::ImpSilent
                    | CloseReason::Outage(_),
                )
                | None => false,
            };
            assert!(expected, "on a wire that loses nothing: {log:?}");
        }
    }
}

fn link_of(message: &Bits) -> Link {
    match ToImp::parse(message) {
        Ok(ToImp::Regular { link, .. }) => link,
        other => panic!("an NCP sends regular messages only: {other:?}"),
    }
}

fn any_interleaving_on(wire: Wire, cases: u32) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let actions = proptest::collection::vec(any::<(u8, u8, u8)>(), 0..400);
    let arrived = Cell::new(0);
    let outcome = TestRunner::new_with_rng(config, rng).run(&actions, |actions| {
        let mut world = World::new(wire);
        actions.into_iter().for_each(|action| world.act(action));
        world.finish();
        world.check();
        let read = world.logs.values().filter(|log| !log.sends).map(|log| log.bits.len());
        arrived.set(arrived.get() + read.sum::<usize>());
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let (arrived, least) = (arrived.get(), 100 * cases as usize);
    assert!(arrived >= least, "the runs are about something: {arrived} bits arrived, not {least}");
}

#[test]
fn any_interleaving_on_an_ideal_wire() {
    any_interleaving_on(Wire::Ideal, 150);
}

#[test]
fn any_interleaving_on_a_wire_that_delays() {
    any_interleaving_on(Wire::Delaying, 300);
}

#[test]
fn any_interleaving_on_a_wire_that_is_full_now_and_then() {
    any_interleaving_on(Wire::Full, 300);
}

#[test]
fn any_interleaving_while_patience_ends() {
    any_interleaving_on(Wire::Slow, 300);
}
