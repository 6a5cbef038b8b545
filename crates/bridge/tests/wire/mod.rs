//! A wire between two ends: connections as TCP makes them, in time that only passes when it is told to.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use bridge::{End, Id, Input, Key, News, Output, Role, Settings};
use machine::{Instant, Machine, Span};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How long bytes are under way.
const WAY: Span = Span::from_millis(5);

pub(crate) fn settings(role: Role, seed: u64) -> Settings {
    let cables = ["mi1", "UTAH-10"].map(|name| name.parse().expect("a name")).to_vec();
    Settings { role, key: Key::new([1; 32]), cables, seed, keep: Span::from_secs(120) }
}

pub(crate) fn end(role: Role, seed: u64) -> End {
    End::new(Instant::START, settings(role, seed))
}

/// One end, and what has come of it.
pub(crate) struct Side {
    pub(crate) end: End,
    pub(crate) got: Vec<(usize, Vec<u8>)>,
    pub(crate) news: Vec<News>,
    /// For the wire.
    out: Vec<Output>,
}

impl Side {
    fn new(end: End) -> Self {
        Side { end, got: Vec::new(), news: Vec::new(), out: Vec::new() }
    }

    fn handle(&mut self, now: Instant, input: Input) {
        self.end.handle(now, input);
        self.settle();
    }

    fn settle(&mut self) {
        for output in self.end.drain() {
            match output {
                Output::Datagram(cable, datagram) => self.got.push((cable, datagram)),
                Output::News(news) => self.news.push(news),
                Output::Call(_) | Output::Send(..) | Output::Close(_) => self.out.push(output),
            }
        }
    }

    pub(crate) fn put(&mut self, now: Instant, cable: usize, datagram: &[u8]) {
        self.handle(now, Input::Datagram(cable, datagram.to_vec()));
    }

    pub(crate) fn take_down(&mut self, now: Instant) {
        self.handle(now, Input::Down);
    }

    /// A stranger opens a connection that is not on the wire. Returns how many are closed for it.
    pub(crate) fn meets(&mut self, now: Instant, id: u64, from: IpAddr) -> usize {
        self.handle(now, Input::Opened(Id(id), Some(from)));
        self.out.iter().filter(|output| matches!(output, Output::Close(_))).count()
    }

    /// A stranger says something.
    pub(crate) fn hears(&mut self, now: Instant, id: u64, bytes: Vec<u8>) {
        self.handle(now, Input::Bytes(Id(id), bytes));
    }
}

/// What is under way to one side.
enum UnderWay {
    Opened,
    Bytes(Vec<u8>),
    Closed,
}

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum To {
    Caller,
    Listener,
}

/// The two ends, and the connections between them.
pub(crate) struct Wire {
    pub(crate) now: Instant,
    pub(crate) caller: Side,
    pub(crate) listener: Side,
    pub(crate) random: ChaCha8Rng,
    connections: BTreeMap<(Id, To), VecDeque<(Instant, UnderWay)>>,
    stalled_until: Instant,
    /// Whether the caller listens, so that what is sent to it can be written.
    pub(crate) caller_listens: bool,
}

impl Wire {
    pub(crate) fn new(caller: End, listener: End) -> Self {
        Wire::drawing(caller, listener, 0)
    }

    pub(crate) fn drawing(caller: End, listener: End, seed: u64) -> Self {
        Wire {
            now: Instant::START,
            caller: Side::new(caller),
            listener: Side::new(listener),
            random: ChaCha8Rng::seed_from_u64(seed),
            connections: BTreeMap::new(),
            stalled_until: Instant::START,
            caller_listens: true,
        }
    }

    /// Nothing crosses the wire for so long; then all does that was sent meanwhile.
    pub(crate) fn stall(&mut self, span: Span) {
        self.carry();
        self.stalled_until = self.stalled_until.max(self.now + span);
        let until = self.stalled_until + WAY;
        self.connections.values_mut().flatten().for_each(|(at, _)| *at = until);
    }

    /// All connections break, and what was under way is gone.
    pub(crate) fn break_off(&mut self) {
        self.carry();
        for ((id, to), _) in std::mem::take(&mut self.connections) {
            self.handle(to, Input::Closed(id));
        }
    }

    /// All connections break, each in the middle of what was under way.
    pub(crate) fn cut_short(&mut self) {
        self.carry();
        for ((id, to), under_way) in std::mem::take(&mut self.connections) {
            if let Some((_, UnderWay::Bytes(mut bytes))) = under_way.into_iter().next() {
                bytes.truncate(self.random.random_range(0..=bytes.len()));
                self.handle(to, Input::Bytes(id, bytes));
            }
            self.handle(to, Input::Closed(id));
        }
    }

    /// All connections break, but only one side is told.
    pub(crate) fn half_close(&mut self) {
        self.carry();
        let told = if self.random.random() { To::Caller } else { To::Listener };
        for ((id, to), _) in std::mem::take(&mut self.connections) {
            if to == told {
                self.handle(to, Input::Closed(id));
            }
        }
    }

    /// The calling end is ended and another one begins; its connections are closed by the system.
    pub(crate) fn restart_caller(&mut self, new: End) {
        self.carry();
        self.caller = Side::new(new);
        self.closed_by(To::Caller);
    }

    /// The same of the listening end.
    pub(crate) fn restart_listener(&mut self, new: End) {
        self.carry();
        self.listener = Side::new(new);
        self.closed_by(To::Listener);
    }

    fn closed_by(&mut self, by: To) {
        let at = self.now + WAY;
        self.connections.retain(|(_, to), under_way| {
            under_way.push_back((at, UnderWay::Closed));
            *to != by
        });
    }

    /// Another end calls from now on; the connections of the one before stay open, and nothing is said by them.
    pub(crate) fn replace_caller(&mut self, new: End) {
        self.carry();
        self.caller = Side::new(new);
        self.connections.clear();
    }

    /// How often the ends were cut off from each other.
    pub(crate) fn cuts(&self) -> usize {
        let all = self.caller.news.iter().chain(&self.listener.news);
        all.filter(|news| matches!(news, News::Cut(_))).count()
    }

    fn handle(&mut self, to: To, input: Input) {
        let now = self.now;
        self.side(to).handle(now, input);
    }

    fn side(&mut self, to: To) -> &mut Side {
        match to {
            To::Caller => &mut self.caller,
            To::Listener => &mut self.listener,
        }
    }

    /// Lets what has been said onto the wire.
    fn carry(&mut self) {
        loop {
            let mut said = Vec::new();
            for from in [To::Caller, To::Listener] {
                said.extend(
                    std::mem::take(&mut self.side(from).out).into_iter().map(|output| (from, output)),
                );
            }
            if said.is_empty() {
                return;
            }
            said.into_iter().for_each(|(from, output)| self.say(from, output));
        }
    }

    fn say(&mut self, from: To, output: Output) {
        let at = self.now.max(self.stalled_until) + WAY;
        let other = if from == To::Caller { To::Listener } else { To::Caller };
        match output {
            Output::Call(id) => {
                for to in [To::Caller, To::Listener] {
                    self.connections.insert((id, to), VecDeque::from([(at, UnderWay::Opened)]));
                }
            }
            Output::Send(id, bytes) => {
                if self.caller_listens || from == To::Caller {
                    self.handle(from, Input::Written(id, bytes.len()));
                }
                if let Some(under_way) = self.connections.get_mut(&(id, other)) {
                    under_way.push_back((at, UnderWay::Bytes(bytes)));
                }
            }
            Output::Close(id) => {
                self.connections.remove(&(id, from));
                if let Some(under_way) = self.connections.get_mut(&(id, other)) {
                    under_way.push_back((at, UnderWay::Closed));
                }
            }
            Output::Datagram(..) | Output::News(_) => {}
        }
    }

    /// Lets time pass, and all that happens in it.
    pub(crate) fn pass(&mut self, span: Span) {
        let end = self.now + span;
        loop {
            self.carry();
            let arrives =
                self.connections.iter().filter_map(|(key, under_way)| Some((under_way.front()?.0, *key)));
            let arrives = arrives.min();
            let alarms = [To::Caller, To::Listener].map(|to| (self.side(to).end.deadline(), to));
            let alarm = alarms.into_iter().filter_map(|(at, to)| Some((at?, to))).min();
            let next = [arrives.map(|(at, _)| at), alarm.map(|(at, _)| at)].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.now = self.now.max(next);
            match (arrives, alarm) {
                (Some((at, (id, to))), _) if at == next => self.arrive(id, to),
                (_, Some((_, to))) => {
                    let now = self.now;
                    let side = self.side(to);
                    side.end.alarm(now);
                    side.settle();
                    assert!(side.end.deadline().is_none_or(|at| at > now), "a driver would spin");
                }
                _ => break,
            }
        }
        self.now = end;
    }

    fn arrive(&mut self, id: Id, to: To) {
        let Some((_, what)) = self.connections.get_mut(&(id, to)).and_then(VecDeque::pop_front) else {
            return;
        };
        let now = self.now;
        let origin = (to == To::Listener).then(|| IpAddr::from([203, 0, 113, 5]));
        let input = match what {
            UnderWay::Opened => Input::Opened(id, origin),
            UnderWay::Bytes(bytes) => Input::Bytes(id, bytes),
            UnderWay::Closed => {
                self.connections.remove(&(id, to));
                Input::Closed(id)
            }
        };
        self.side(to).handle(now, input);
    }
}
