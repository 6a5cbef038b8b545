//! The network control program: its tables, its deadlines, and what leaves it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use imp1822::{FromImp, HostAddress, LEADER_BITS, Leader, Link, MAX_DATA_BITS, ToImp};
use machine::{BitWriter, Bits, Instant, Machine, Span};

use crate::company::Company;
use crate::complaint::complaint_of_ours;
use crate::connection::{Connection, Flow, Holder, Phase};
use crate::partner::{InTransit, MOST_COMMANDS, MOST_WITH_ANSWERS, PartnerEntry, Refusal, Standing};
use crate::patience::{IMP_PATIENCE, Patience};
use crate::{
    ByteSize, Command, ConnectionId, ErrorCode, ForeignSocket, Gone, HEADER_BITS, Header, Policy,
    QueuedRequest, Socket,
};

/// How long an RST may stay unanswered. NIC 8246 asks for a reasonable time before the next. A partner that has only
/// just come up cannot answer for 30 seconds, while its IMP takes no more than a packet (RFC 271).
pub(crate) const RESET_PATIENCE: Span = Span::from_secs(60);

/// How long an RST may stay unanswered among strangers, some of which know of no RST.
pub(crate) const STRANGERS_PATIENCE: Span = Span::from_secs(10);

/// What an NCP is handed: what its interface to the IMP hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The IMP takes messages.
    Up,
    /// The IMP no longer takes messages, or has thrown away what it held.
    Down,
    /// A message from the IMP; its leader has been read.
    Message(FromImp, Bits),
}

/// What an NCP hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A whole message for the IMP, leader included.
    Send(Bits),
    /// News for the local programs.
    Event(Event),
}

/// News for the local programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The connection is established.
    Opened {
        /// Which.
        id: ConnectionId,
        /// The partner's socket.
        foreign: ForeignSocket,
        /// The byte size that both agree on.
        size: ByteSize,
    },
    /// Text has arrived.
    Readable {
        /// Where.
        id: ConnectionId,
    },
    /// There is room again after a `send` that could not take all, or everything has arrived.
    Writable {
        /// Where.
        id: ConnectionId,
    },
    /// The partner sent INR or INS.
    Interrupted {
        /// On which connection.
        id: ConnectionId,
    },
    /// The partner has closed. To a receiver no more text will come; what a sender has not sent is dropped.
    Ending {
        /// Which.
        id: ConnectionId,
    },
    /// The connection is over and its socket free. No other event follows; text may be left to read.
    Gone {
        /// Which.
        id: ConnectionId,
        /// Why.
        why: Gone,
    },
    /// A partner answered an ECO.
    Echoed {
        /// Who.
        host: HostAddress,
        /// What it sent back.
        data: u8,
    },
    /// A partner asked to forget all connections with it.
    PartnerReset {
        /// Who.
        host: HostAddress,
    },
    /// A partner complains.
    ErrReceived {
        /// Who.
        host: HostAddress,
        /// About what.
        code: ErrorCode,
        /// The details.
        data: [u8; 10],
    },
}

/// What happens at a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Patience with a connection that flushes, answers or closes ends.
    Connection(ConnectionId),
    /// A queued request has waited long enough and is refused.
    Request(Socket, u64),
    /// The CLS that answers a refusal has not come; the refusal is forgotten.
    Refusal(HostAddress, Refusal),
    /// The RRP has not come; commands flow again.
    Reset(HostAddress),
}

/// Whether the IMP takes messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Up,
    Down,
}

/// The network control program of one host: NIC 8246.
///
/// Local programs call its methods (`init`, `listen`, `send`, ...); each counts as an input of the
/// [`Machine`], which is to be drained afterwards. Control commands leave when it is drained, so that
/// what is asked for together travels in one control message.
///
/// Until the first [`Input::Up`] commands wait.
#[derive(Debug)]
pub struct Ncp {
    pub(crate) address: HostAddress,
    pub(crate) policy: Policy,
    pub(crate) line: Line,
    /// How a partner stands that was not spoken to yet.
    pub(crate) newcomers: Standing,
    /// What this NCP knows of those around it.
    pub(crate) company: Company,
    pub(crate) connections: BTreeMap<ConnectionId, Connection>,
    /// The connection that holds a local socket: one at most (NIC 8246, Connection Establishment).
    pub(crate) sockets: BTreeMap<Socket, ConnectionId>,
    /// By host number.
    pub(crate) partners: Vec<Option<Box<PartnerEntry>>>,
    /// Queued requests, by local socket and order of arrival.
    pub(crate) requests: BTreeMap<(Socket, u64), QueuedRequest>,
    pub(crate) timers: BTreeSet<(Instant, Timer)>,
    pub(crate) out: VecDeque<Output>,
    /// Partners for whom there may be a control message to send, in the order in which they came about.
    pub(crate) waiting: VecDeque<HostAddress>,
    /// When somebody was last put into that line: the time at which the messages of those who stand in it leave.
    woken: Instant,
    /// With the IMP, which has messages in transit to answer for.
    pub(crate) patience: Patience,
    next_number: u64,
}

impl Ncp {
    /// The NCP of the host at `address` after a cold start: nobody remembers connections with it.
    pub fn new(address: HostAddress, policy: Policy) -> Self {
        Ncp {
            address,
            policy,
            line: Line::Down,
            newcomers: Standing::Ready,
            company: Company::Known,
            connections: BTreeMap::new(),
            sockets: BTreeMap::new(),
            partners: std::iter::repeat_with(|| None).take(256).collect(),
            requests: BTreeMap::new(),
            timers: BTreeSet::new(),
            out: VecDeque::new(),
            waiting: VecDeque::new(),
            woken: Instant::START,
            patience: Patience::default(),
            next_number: 1,
        }
    }

    /// The same NCP after a crash: others may remember connections that it has forgotten. It sends each
    /// partner an RST before its first other command and holds the commands until the partner has answered
    /// with an RRP, is dead, or has been silent for a minute (NIC 8246, Reinitialization).
    pub fn restarted(self) -> Self {
        Ncp { newcomers: Standing::ResetFirst, ..self }
    }

    /// The same NCP where nobody knows what others remember of this host, as on a cable at which another may have been
    /// before. It still sends an RST before its first command to each, but a request that comes before that is taken:
    /// to answer it with a reset would break what has only just begun, and some partners then wait for ever. Nor does it
    /// wait for an RRP for more than ten seconds, as there are partners that know of none. Links are assigned in turn,
    /// the first one some links after the lowest, so that the partner is not likely to remember one. The IMP may be a
    /// stranger, too, and forget to answer: text waits a minute for it, not five.
    pub fn among_strangers(self, first: u8) -> Self {
        Ncp { company: Company::Strangers { next_link: usize::from(first) }, ..self.restarted() }
    }

    /// The host's own address.
    pub fn address(&self) -> HostAddress {
        self.address
    }

    /// How this NCP does what is left to it.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The next number that was never used.
    pub(crate) fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number - 1
    }

    /// A connection whose id a program still holds.
    pub(crate) fn held(&self, id: ConnectionId) -> Option<&Connection> {
        self.connections.get(&id).filter(|connection| connection.holder == Holder::Program)
    }

    /// What is known of a host; nothing if there never was anything to know.
    pub(crate) fn known(&mut self, host: HostAddress) -> Option<&mut PartnerEntry> {
        self.partners[usize::from(host.number())].as_deref_mut()
    }

    /// The entry of a host, made if need be.
    pub(crate) fn partner(&mut self, host: HostAddress) -> &mut PartnerEntry {
        let newcomers = self.newcomers;
        self.partners[usize::from(host.number())]
            .get_or_insert_with(|| Box::new(PartnerEntry::new(newcomers)))
    }

    /// Tells the program that holds a connection; if none does, nobody wants to know.
    pub(crate) fn tell(&mut self, id: ConnectionId, event: Event) {
        if self.held(id).is_some() {
            self.out.push_back(Output::Event(event));
        }
    }

    /// Notes that there may be a control message for a host.
    pub(crate) fn wake(&mut self, now: Instant, host: HostAddress) {
        self.woken = now;
        let partner = self.partner(host);
        if !partner.waits {
            partner.waits = true;
            self.waiting.push_back(host);
        }
    }

    /// Queues a command that must not get lost.
    pub(crate) fn command(&mut self, now: Instant, host: HostAddress, command: Command) {
        if self.partner(host).standing == Standing::ResetFirst {
            self.ask_reset(now, host);
        }
        self.partner(host).queue.push_back(command);
        self.wake(now, host);
    }

    /// Whether there is room for an answer that a partner could ask for without end.
    pub(crate) fn has_room_for_answer(&mut self, host: HostAddress) -> bool {
        self.partner(host).queue.len() < MOST_WITH_ANSWERS
    }

    /// Queues an ERR, unless too much is queued already.
    pub(crate) fn complain(&mut self, now: Instant, host: HostAddress, code: ErrorCode, data: [u8; 10]) {
        if self.has_room_for_answer(host) {
            self.command(now, host, Command::Err { code, data });
        }
    }

    /// Moves a connection to another phase, deadline included.
    pub(crate) fn enter(&mut self, id: ConnectionId, phase: Phase) {
        if let Some(connection) = self.connections.get_mut(&id) {
            if let Some(at) = connection.phase.until() {
                self.timers.remove(&(at, Timer::Connection(id)));
            }
            if let Some(at) = phase.until() {
                self.timers.insert((at, Timer::Connection(id)));
            }
            connection.phase = phase;
        }
    }

    /// Tells the receiver that what it has is not the whole text. A CLS alone would say that nothing is missing:
    /// to a file in stream mode it is the end (RFC 385, 4). NIC 8246 leaves the meaning of an interrupt open;
    /// this one is ours, and a receiver that does not know it loses nothing.
    pub(crate) fn break_off(&mut self, now: Instant, id: ConnectionId) {
        let Some(connection) = self.connections.get(&id) else { return };
        if let (Flow::Send(_), Phase::Open { foreign, link } | Phase::Flushing { foreign, link, .. }) =
            (&connection.flow, connection.phase)
        {
            self.say(now, id, foreign.host, Command::Ins { link });
        }
    }

    /// Sends our CLS; the socket is free when the partner's has come.
    pub(crate) fn begin_closing(&mut self, now: Instant, id: ConnectionId, why: Gone) {
        if let Gone::Lost | Gone::Forgotten = why {
            self.break_off(now, id);
        }
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let (local, phase) = (connection.local, connection.phase);
        let Some(foreign) = phase.foreign() else { return };
        if let Flow::Send(sender) = &mut connection.flow {
            sender.unsent.clear();
        }
        let until = now + self.policy.close_patience;
        self.enter(id, Phase::Closing { foreign, link: phase.link(), why, until });
        self.command(now, foreign.host, Command::Cls { mine: local, yours: foreign.socket });
    }

    /// Answers the partner's CLS with ours: the connection is over.
    pub(crate) fn answer_close(&mut self, now: Instant, id: ConnectionId, why: Gone) {
        let Some(connection) = self.connections.get(&id) else { return };
        if let Some(foreign) = connection.phase.foreign() {
            let cls = Command::Cls { mine: connection.local, yours: foreign.socket };
            self.command(now, foreign.host, cls);
        }
        self.finish(id, why);
    }

    /// Nothing more concerns the wire: frees socket and link, and tells the program.
    pub(crate) fn finish(&mut self, id: ConnectionId, why: Gone) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let (local, phase) = (connection.local, connection.phase);
        if let Phase::Gone { .. } = phase {
            return;
        }
        if let Flow::Send(sender) = &mut connection.flow {
            sender.unsent.clear();
            sender.in_transit = None;
        }
        let foreign = phase.foreign();
        if let Some(partner) = foreign.and_then(|foreign| self.known(foreign.host)) {
            partner.connections.remove(&id);
            if let Some(link) = phase.link() {
                if partner.receiving.get(&link) == Some(&id) {
                    partner.receiving.remove(&link);
                }
                if partner.sender(link) == Some(id)
                    && let Some(entry) = partner.sending.get_mut(&link)
                {
                    entry.connection = None;
                    if entry.in_transit.is_none() {
                        partner.sending.remove(&link);
                    }
                }
            }
        }
        self.sockets.remove(&local);
        self.enter(id, Phase::Gone { foreign, why });
        self.tell(id, Event::Gone { id, why });
        if self.held(id).is_none() {
            self.connections.remove(&id);
        }
    }

    /// Sends the next message of a connection, if link and allocation permit; a connection that flushes
    /// sends its CLS when all has arrived.
    pub(crate) fn transmit(&mut self, now: Instant, id: ConnectionId) {
        let due = self.text_due(now);
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let (Phase::Open { foreign, link } | Phase::Flushing { foreign, link, .. }) = connection.phase else {
            return;
        };
        let flushing = matches!(connection.phase, Phase::Flushing { .. });
        let size = connection.byte_size();
        let Flow::Send(sender) = &mut connection.flow else { return };
        if flushing && sender.outstanding() == 0 {
            return self.begin_closing(now, id, Gone::Closed);
        }
        let entry = self.partners[usize::from(foreign.host.number())]
            .as_deref_mut()
            .and_then(|partner| partner.sending.get_mut(&link));
        let Some(entry) = entry.filter(|entry| entry.in_transit.is_none()) else { return };
        let largest = self.policy.largest_text_bits.min(MAX_DATA_BITS - HEADER_BITS);
        let Some(bits) = sender.begin_message(largest, size) else { return };
        let count = bits / usize::from(size.bits());
        let mut writer = begin(foreign.host, link, Header { size: size.bits(), count: count as u16 });
        sender.unsent.pop(bits, &mut writer);
        let message = writer.finish();
        sender.last = Some(complaint_of_ours(self.address, &message));
        entry.in_transit = Some(InTransit { owner: id, message: message.clone(), tries: 1, since: now, due });
        self.patience.sent(now, due);
        self.out.push_back(Output::Send(message));
        if sender.starved && sender.room(self.policy.send_buffer_bits, size) > 0 {
            sender.starved = false;
            self.tell(id, Event::Writable { id });
        }
    }

    /// The next control message, of the first partner for whom there is one.
    fn control_message(&mut self) -> Option<Bits> {
        while let Some(host) = self.waiting.pop_front() {
            let due = self.woken + IMP_PATIENCE;
            let Some(partner) = self.partners[usize::from(host.number())].as_deref_mut() else { continue };
            partner.waits = false;
            if let Some(commands) = partner.next_message(self.policy.plain, due) {
                self.patience.sent(self.woken, due);
                let count: usize = commands.iter().map(|command| command.len()).sum();
                let header = Header { size: ByteSize::EIGHT.bits(), count: count as u16 };
                let mut writer = begin(host, Link::CONTROL, header);
                commands.iter().for_each(|command| command.emit(&mut writer));
                return Some(writer.finish());
            }
        }
        None
    }

    /// A deadline has come.
    fn ring(&mut self, now: Instant, timer: Timer) {
        match timer {
            Timer::Connection(id) => {
                let Some(connection) = self.connections.get(&id) else { return };
                match connection.phase {
                    // The text got no further for too long: give it up, as TENEX does (RFC 689, DATW).
                    Phase::Flushing { foreign, link, .. } => {
                        self.begin_closing(now, id, Gone::Lost);
                        self.let_go(now, foreign.host, link);
                    }
                    // The last answer of the IMP never came: go on as if it had (RFC 689, RFN2).
                    Phase::Answering { foreign, link, .. } => {
                        self.answer_close(now, id, Gone::Lost);
                        self.let_go(now, foreign.host, link);
                    }
                    // The partner never answered our CLS: forget the connection (NIC 8246, Connection
                    // Termination).
                    Phase::Closing { why: Gone::Closed, .. } => self.finish(id, Gone::Unanswered),
                    // The same, but what went wrong before matters more.
                    Phase::Closing { why, .. } => self.finish(id, why),
                    // These have no deadline.
                    Phase::Listening { .. } | Phase::Requested { .. } => {}
                    Phase::Open { .. } | Phase::Gone { .. } => {}
                }
            }
            Timer::Request(local, number) => {
                if let Some(request) = self.take_request((local, number)) {
                    self.refuse(now, request);
                }
            }
            Timer::Refusal(host, refusal) => {
                if let Some(partner) = self.known(host) {
                    partner.refusals.remove(&refusal);
                }
            }
            Timer::Reset(host) => self.reset_unanswered(now, host),
        }
    }
}

/// A message for a host with room for the text that the header announces; the text is yet to be written.
fn begin(to: HostAddress, link: Link, header: Header) -> BitWriter {
    let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + header.text_bits());
    Leader::from(ToImp::Regular { to, link, priority: false }).emit(&mut writer);
    header.emit(&mut writer);
    writer
}

impl Machine for Ncp {
    type Input = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            // The IMP takes messages: whatever waited may go.
            Input::Up => {
                self.line = Line::Up;
                self.waiting.clear();
                self.partners.iter_mut().flatten().for_each(|partner| partner.waits = false);
                for host in (0..=u8::MAX).map(HostAddress::from) {
                    if self.known(host).is_some() {
                        self.wake(now, host);
                    }
                }
            }
            // The IMP forgot what it held: nothing outstanding will be answered.
            Input::Down => self.line_down(),
            Input::Message(message, bits) => match message {
                FromImp::Regular { from, link, .. } => {
                    if link == Link::CONTROL {
                        self.control_text(now, from, &bits);
                    } else {
                        self.connection_text(now, from, link, &bits);
                    }
                    // A partner that makes us say more than it will ever hear has lost its way.
                    if self.known(from).is_some_and(|partner| partner.queue.len() > MOST_COMMANDS) {
                        self.reset(now, from);
                    }
                }
                FromImp::Rfnm { to, link } => self.arrived(now, to, link),
                FromImp::DestinationDead { to, link, why } => self.partner_dead(to, link, why),
                FromImp::ErrorInData { to, link } => self.not_delivered(now, to, link),
                FromImp::Incomplete { to, link, why } => self.incomplete(now, to, link, why),
                FromImp::ErrorInLeader { .. } => self.leader_unread(now),
                // These name no message of ours, or concern the interface alone.
                FromImp::GoingDown(_) | FromImp::Nop => {}
                FromImp::InterfaceReset | FromImp::Unknown(_) => {}
            },
        }
        self.keep_patience(now);
    }

    fn poll(&mut self) -> Option<Output> {
        if let Some(output) = self.out.pop_front() {
            return Some(output);
        }
        match self.line {
            Line::Up => self.control_message().map(Output::Send),
            Line::Down => None,
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let timer = self.timers.first().map(|(at, _)| *at);
        timer.into_iter().chain(self.patience.deadline()).min()
    }

    fn alarm(&mut self, now: Instant) {
        while let Some((at, timer)) = self.timers.first().copied()
            && at <= now
        {
            self.timers.pop_first();
            self.ring(now, timer);
        }
        if self.patience.deadline().is_some_and(|at| at <= now) {
            self.look_for_unanswered(now);
        }
    }
}
