//! One end of a bridge.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use machine::{Instant, Machine, Span};

use crate::call::Call;
use crate::connection::{Arrived, Connection, Stage};
use crate::frame::{Frame, MAX_DATAGRAM};
use crate::handed::{Counts, Input, Output};
use crate::news::{Failure, News};
use crate::origin::Origin;
use crate::outlet::Outlet;
use crate::session::Session;
use crate::{Id, Name, Role, Settings};

/// When the other end is told what has been taken: so much later at most, and after so many datagrams.
const TOLD_WITHIN: Span = Span::from_millis(50);
const TOLD_AFTER: u64 = 64;
/// At most this many connections may be open whose other ends have not shown that they have the key.
const MAX_STRANGERS: usize = 32;

/// One end of a bridge: a machine without I/O. See the [crate](crate).
pub struct End {
    settings: Settings,
    session: Session,
    /// The number of the session; 0 is none.
    number: u64,
    /// The number of the last session that this listening end has begun, or of the last connection that this calling end has.
    last: u64,
    /// Who calls in this session.
    caller: u64,
    connections: BTreeMap<Id, Connection>,
    live: Option<Id>,
    call: Call,
    /// The cut, if there is one and the ends were connected before.
    cut: Option<Instant>,
    /// Whether datagrams are kept: the ends are connected, or were not long ago.
    plugged: bool,
    is_full: bool,
    counts: Vec<Counts>,
    outlet: Outlet,
    /// How many datagrams were dropped since the ends were connected last.
    dropped: u64,
    /// When and how much the other end is to be told of what was taken.
    tell: Option<Instant>,
    told: u64,
    out: VecDeque<Output>,
}

impl End {
    /// An end that begins now. The cables are sorted by their names.
    pub fn new(now: Instant, mut settings: Settings) -> Self {
        settings.cables.sort();
        let call = match settings.role {
            Role::Calls => Call::first(now),
            Role::Listens => Call::None,
        };
        End {
            session: Session::default(),
            number: 0,
            last: settings.seed,
            caller: 0,
            connections: BTreeMap::new(),
            live: None,
            call,
            cut: None,
            plugged: false,
            is_full: false,
            counts: vec![Counts::default(); settings.cables.len()],
            outlet: Outlet::new(settings.cables.len()),
            dropped: 0,
            tell: None,
            told: 0,
            out: VecDeque::new(),
            settings,
        }
    }

    /// The cables, in the order in which they are numbered.
    pub fn cables(&self) -> &[Name] {
        &self.settings.cables
    }

    /// What was counted of each cable.
    pub fn counts(&self) -> &[Counts] {
        &self.counts
    }

    /// Whether the ends are connected.
    pub fn is_connected(&self) -> bool {
        self.live.is_some()
    }

    /// How many datagrams wait here to be taken by the other end.
    pub fn waiting(&self) -> usize {
        self.session.waiting()
    }

    /// Whether bytes that have arrived may be handed over: not while datagrams of earlier ones have not left.
    pub fn takes_more(&self) -> bool {
        self.outlet.is_empty()
    }

    fn news(&mut self, news: News) {
        self.out.push_back(Output::News(news));
    }

    fn send(&mut self, id: Id, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.out.push_back(Output::Send(id, bytes));
        }
    }

    fn say(&mut self, now: Instant, id: Id, frame: &Frame) {
        if let Some(connection) = self.connections.get_mut(&id) {
            let bytes = connection.say(now, frame);
            self.send(id, bytes);
        }
    }

    fn hello(&self) -> Frame {
        let caller = if self.settings.role == Role::Calls { self.settings.seed } else { self.caller };
        let (session, taken) = (self.number, self.session.taken());
        Frame::Hello { caller, session, taken, cables: self.settings.cables.clone() }
    }

    fn opened(&mut self, now: Instant, id: Id, origin: Option<IpAddr>) {
        match self.settings.role {
            Role::Listens => {
                self.make_room();
                let origin = origin.map(Origin::of);
                if let Some(connection) = Connection::awaits(now, origin, &self.settings.key) {
                    self.connections.insert(id, connection);
                }
            }
            Role::Calls if self.call.is(id) => {
                self.call.is_reached(now);
                if let Some((connection, greeting)) = Connection::calls(now, &self.settings.key) {
                    self.connections.insert(id, connection);
                    self.send(id, greeting);
                }
            }
            Role::Calls => self.out.push_back(Output::Close(id)),
        }
    }

    /// Where there are too many strangers, the one goes that has waited longest of those from where most come: who floods
    /// the door drives away himself, with all the addresses that he has got.
    fn make_room(&mut self) {
        let strangers = || self.connections.iter().filter(|(_, connection)| connection.stage != Stage::Live);
        if strangers().count() < MAX_STRANGERS {
            return;
        }
        let from = |origin: Option<Origin>| strangers().filter(|(_, other)| other.origin == origin).count();
        let victim =
            strangers().max_by_key(|(id, connection)| (from(connection.origin), std::cmp::Reverse(**id)));
        if let Some((id, _)) = victim {
            let id = *id;
            self.connections.remove(&id);
            self.out.push_back(Output::Close(id));
        }
    }

    fn bytes(&mut self, now: Instant, id: Id, bytes: &[u8]) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.take(now, bytes);
        }
        while let Some(connection) = self.connections.get_mut(&id) {
            let (arrived, answer) = match connection.next() {
                Ok(next) => next,
                Err((failure, answer)) => {
                    self.send(id, answer.unwrap_or_default());
                    // Who has another version is to learn of it: both begin with their versions.
                    if matches!(failure, Failure::OtherVersion(_)) && self.settings.role == Role::Listens {
                        self.say(now, id, &self.hello());
                    }
                    return self.close(now, id, failure);
                }
            };
            let stage = connection.stage;
            self.send(id, answer.unwrap_or_default());
            match arrived {
                Arrived::Nothing => return,
                // Who calls says first who it is: by that it shows that it has the key.
                Arrived::Secret if self.settings.role == Role::Calls => self.say(now, id, &self.hello()),
                Arrived::Secret => {}
                Arrived::Frame(frame) => {
                    if let Err(failure) = self.frame(now, id, stage, frame) {
                        return self.close(now, id, failure);
                    }
                }
            }
        }
    }

    fn frame(&mut self, now: Instant, id: Id, stage: Stage, frame: Frame) -> Result<(), Failure> {
        match (stage, frame) {
            (Stage::Introducing, Frame::Hello { caller, session, taken, cables }) => {
                self.introduced(now, id, (caller, session, taken), &cables)
            }
            (Stage::Introducing, Frame::Busy) if self.settings.role == Role::Calls => Err(Failure::Busy),
            (Stage::Live, Frame::Data { cable, number, datagram }) => {
                let counts = self.counts.get_mut(usize::from(cable)).ok_or(Failure::Garbled)?;
                if self.session.take(number).map_err(|_| Failure::Garbled)? {
                    counts.there += 1;
                    self.call.was_worth_it();
                    self.outlet.push(usize::from(cable), datagram);
                }
                self.tell.get_or_insert(now + TOLD_WITHIN);
                if self.session.taken() - self.told >= TOLD_AFTER {
                    self.tell_taken(now, id);
                }
                Ok(())
            }
            (Stage::Live, Frame::Taken(taken)) => {
                let waited = self.session.waiting();
                self.session.arrived(taken).map_err(|_| Failure::Garbled)?;
                if self.session.waiting() < waited {
                    self.call.was_worth_it();
                }
                // Told once, not at each datagram that comes in when another one has gone out.
                self.is_full &= !self.session.has_much_room();
                Ok(())
            }
            (_, Frame::Bye) => Err(Failure::TakenDown),
            _ => Err(Failure::Garbled),
        }
    }

    /// The other end has said who it is, in which session, and how much it has taken there.
    fn introduced(
        &mut self,
        now: Instant,
        id: Id,
        (caller, session, taken): (u64, u64, u64),
        cables: &[Name],
    ) -> Result<(), Failure> {
        let not_in = |these: &[Name], those: &[Name]| -> Vec<Name> {
            these.iter().filter(|name| !those.contains(name)).cloned().collect()
        };
        if cables != self.settings.cables {
            if self.settings.role == Role::Listens {
                self.say(now, id, &self.hello());
            }
            let (only_here, only_there) =
                (not_in(&self.settings.cables, cables), not_in(cables, &self.settings.cables));
            return Err(Failure::OtherCables { only_here, only_there });
        }
        let is_listening = self.settings.role == Role::Listens;
        if is_listening && let Some(live) = self.live {
            // Its connection may be dead without our having noticed; somebody else waits until it is.
            if caller != self.caller {
                self.say(now, id, &Frame::Busy);
                return Err(Failure::Busy);
            }
            self.close(now, live, Failure::Replaced);
        }
        let is_same = if is_listening {
            caller == self.caller
                && self.number != 0
                && (session == self.number || session == 0 && self.session.is_untouched())
        } else {
            session == self.number && session != 0
        };
        let mut uncertain = 0;
        let is_resumed = is_same && self.session.resume(taken).is_ok();
        if is_same && !is_resumed && !is_listening {
            // The listening end believes in this session: it has to begin another one.
            self.begin_anew();
            return Err(Failure::Garbled);
        }
        if !is_resumed {
            uncertain = self.session.renew();
            if is_listening {
                self.last = self.last.wrapping_add(1).max(1);
                self.number = self.last;
                self.caller = caller;
            } else {
                self.number = session;
            }
        }
        self.told = self.session.taken();
        self.tell = None;
        if is_listening {
            self.say(now, id, &self.hello());
        }
        self.live(now, id, uncertain);
        Ok(())
    }

    fn live(&mut self, now: Instant, id: Id, uncertain: u64) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.stage = Stage::Live;
        }
        self.live = Some(id);
        self.call.has_succeeded(now);
        self.plugged = true;
        self.is_full = false;
        let cut_for = self.cut.take().map(|cut| now.since(cut));
        let (waiting, dropped) = (self.session.waiting(), std::mem::take(&mut self.dropped));
        self.news(News::Connected { id, cut_for, waiting, dropped, uncertain });
    }

    /// A connection is over.
    fn close(&mut self, now: Instant, id: Id, failure: Failure) {
        let over = self.connections.remove(&id);
        if over.is_none() && !self.call.is(id) {
            return;
        }
        self.out.push_back(Output::Close(id));
        let is_unwanted = matches!(
            failure,
            Failure::OtherKey
                | Failure::NoBridge
                | Failure::OtherVersion(_)
                | Failure::Busy
                | Failure::OtherCables { .. }
        );
        if self.live == Some(id) {
            self.live = None;
            // Nobody knows since when it was good for nothing: for as long as nothing was heard.
            self.cut = over.map(|connection| connection.heard());
            self.dropped = 0;
            self.call.is_over(now, is_unwanted);
            self.news(News::Cut(failure));
        } else {
            if self.call.is(id) {
                self.call.is_over(now, is_unwanted);
            }
            self.news(News::Failed(id, failure));
        }
    }

    fn datagram(&mut self, cable: usize, datagram: Vec<u8>) {
        let (Some(counts), Ok(number)) = (self.counts.get_mut(cable), u8::try_from(cable)) else { return };
        counts.here += 1;
        // One that is too long for a record cannot be one of an IMP or a host: it is dropped, and the others pass.
        let is_too_long = datagram.len() > MAX_DATAGRAM;
        if !is_too_long && self.plugged && self.session.push(number, datagram) {
            return;
        }
        counts.dropped += 1;
        self.dropped += 1;
        if !is_too_long && self.plugged && !std::mem::replace(&mut self.is_full, true) {
            self.news(News::Full);
        }
    }

    /// Hands as much to the cables as may leave, and to the connection as it has room for.
    fn fill(&mut self, now: Instant) {
        while let Some((cable, datagram)) = self.outlet.next(now) {
            self.out.push_back(Output::Datagram(cable, datagram));
        }
        let Some(id) = self.live else { return };
        while let Some(connection) = self.connections.get_mut(&id)
            && connection.has_room()
            && let Some((cable, number, datagram)) = self.session.write()
        {
            let bytes = connection.say(now, &Frame::Data { cable, number, datagram: datagram.to_vec() });
            self.out.push_back(Output::Send(id, bytes));
        }
    }

    fn tell_taken(&mut self, now: Instant, id: Id) {
        // A partner that speaks and never listens is told no more than fits.
        if self.connections.get(&id).is_some_and(|connection| !connection.has_room_to_answer()) {
            return self.close(now, id, Failure::Silent);
        }
        self.told = self.session.taken();
        self.tell = None;
        self.say(now, id, &Frame::Taken(self.told));
    }

    fn down(&mut self, now: Instant) {
        self.call = Call::None;
        let last = self.outlet.take_all().into_iter();
        self.out.extend(last.map(|(cable, datagram)| Output::Datagram(cable, datagram)));
        if let Some(live) = self.live.take() {
            self.say(now, live, &Frame::Bye);
        }
        let all = std::mem::take(&mut self.connections);
        self.out.extend(all.into_keys().map(Output::Close));
    }

    /// Forgets the session, and all that waits. The other end will not take this one for the same. Returns how many waited.
    fn begin_anew(&mut self) -> u64 {
        (self.number, self.caller) = (0, 0);
        if self.settings.role == Role::Calls {
            self.settings.seed = self.settings.seed.wrapping_add(1);
        }
        self.session.forget()
    }

    /// When what waits has waited for too long.
    fn unplugs(&self) -> Option<Instant> {
        self.cut.filter(|_| self.plugged && self.live.is_none()).map(|cut| cut + self.settings.keep)
    }
}

impl Machine for End {
    type Input = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Opened(id, origin) => self.opened(now, id, origin),
            Input::Bytes(id, bytes) => self.bytes(now, id, &bytes),
            Input::Written(id, bytes) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.written(bytes);
                }
            }
            Input::Closed(id) => self.close(now, id, Failure::Closed),
            Input::Datagram(cable, datagram) => self.datagram(cable, datagram),
            Input::Down => self.down(now),
        }
        self.fill(now);
    }

    fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        let connections = self.connections.values().flat_map(|one| [Some(one.dies()), one.speaks()]);
        connections
            .chain([
                self.call.deadline(),
                self.outlet.deadline(),
                self.tell.filter(|_| self.live.is_some()),
                self.unplugs(),
            ])
            .flatten()
            .min()
    }

    fn alarm(&mut self, now: Instant) {
        let dead: Vec<Id> =
            self.connections.iter().filter(|(_, one)| one.dies() <= now).map(|(id, _)| *id).collect();
        dead.into_iter().for_each(|id| self.close(now, id, Failure::Silent));
        if let Some(id) = self.call.overdue(now) {
            self.close(now, id, Failure::Silent);
        }
        if self.call.is_due(now) {
            self.last = self.last.wrapping_add(1);
            let id = Id(self.last);
            self.call.begin(now, id);
            self.out.push_back(Output::Call(id));
        }
        if let Some(id) = self.live
            && let Some(connection) = self.connections.get(&id)
            && (self.tell.is_some_and(|at| at <= now) || connection.speaks().is_some_and(|at| at <= now))
        {
            self.tell_taken(now, id);
        }
        if self.unplugs().is_some_and(|at| at <= now) {
            self.plugged = false;
            let dropped = self.begin_anew();
            self.dropped += dropped;
            self.news(News::Unplugged(dropped));
        }
        self.fill(now);
    }
}
