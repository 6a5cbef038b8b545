//! The steps that drive a host's sockets and its NCP.

use std::collections::BTreeMap;

use host::{Handle, Host, Opening};
use imp1822::HostAddress;
use machine::{BitWriter, Bits, Instant, Span};
use ncp::{ByteSize, CloseReason, ForeignSocket, Gender, OpenError, Partner, Socket, icp};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scenario::ast::{Data, Incoming, MOST_BYTES, NcpAction, Number, Outgoing, Requester, Text};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::check::quoted;
use super::data::{
    bits, characters, first_difference, injected, instead, is_over, random, shown, shown_line,
};
use super::evidence::LONGEST;
use super::numbers::NamedNumbers;
use super::run::Run;
use super::socket_problems::{
    User, cannot_open, last_heard, not_driven, not_received, over, require_characters,
};
use super::step_error::{Evidence, Problem, StepError};
use crate::host_table::HostTable;
use crate::icp_by_hand;
use crate::socket_driver::{drive, joined};
use crate::socket_orders::{Arrived, Expected, NoLine, SocketCommand, SocketHandle, SocketState};

/// The sockets that steps of the scenario drive.
pub(super) struct Sockets {
    driven: BTreeMap<(HostAddress, Socket), Driven>,
    /// Where bytes that are sent at random come from: for each socket a stream of its own.
    random: BTreeMap<(HostAddress, Socket), ChaCha8Rng>,
    seed: u64,
}

/// A socket, since it was last opened or asked for.
struct Driven {
    handle: SocketHandle,
    /// What steps have sent from it.
    sent: Vec<Bits>,
    /// The lines that have arrived, as far as steps have heard them.
    heard: Vec<String>,
}

/// Where and how long a step waits for what arrives.
#[derive(Clone, Copy)]
struct Ear {
    host: HostAddress,
    local: Socket,
    size: ByteSize,
    end: Instant,
}

impl Sockets {
    /// None yet. What is sent at random is drawn from `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Sockets { driven: BTreeMap::new(), random: BTreeMap::new(), seed }
    }

    /// Carries out what a step does with a host's NCP.
    pub(super) fn act(
        &mut self,
        run: &mut Run,
        numbers: &mut NamedNumbers,
        host: HostAddress,
        action: &NcpAction,
        within: Span,
    ) -> Result<(), StepError> {
        match action {
            NcpAction::Inits { local, to, foreign, size } => {
                let (local, foreign) = (numbers.socket(local)?, numbers.socket(foreign)?);
                let (to, size) = (ForeignSocket { host: *to, socket: foreign }, numbers.size(size)?);
                self.open(run, host, local, |handle| handle.init(local, to, size))
            }
            NcpAction::Listens { local, from, size } => {
                let (local, size) = (numbers.socket(local)?, numbers.size(size)?);
                let from = match from {
                    Requester::Anyone => Partner::Anyone,
                    Requester::Host(host) => Partner::Host(*host),
                    Requester::Socket(host, socket) => {
                        Partner::Exactly(ForeignSocket { host: *host, socket: numbers.socket(socket)? })
                    }
                };
                self.open(run, host, local, |handle| handle.listen(local, from, size))
            }
            NcpAction::Answers { contact, base } => {
                let contact = numbers.socket_for(contact, Gender::Send)?;
                let server = icp::Server::at(numbers.base(base, 1)?);
                let server = server.map_err(|error| StepError::Impossible(error.to_string()))?;
                self.require_free(run, host, &[server.receive, server.send])?;
                self.meet(run, host, contact, |handle| icp_by_hand::answer(handle, contact, server))
            }
            NcpAction::Calls { to, contact, base } => {
                let contact = numbers.socket_for(contact, Gender::Send)?;
                let base = numbers.base(base, 3)?;
                let user = icp::User::at(base).map_err(|error| StepError::Impossible(error.to_string()))?;
                self.require_free(run, host, &[user.receive, user.send])?;
                let contact = ForeignSocket { host: *to, socket: contact };
                self.meet(run, host, base, |handle| icp_by_hand::call(handle, contact, user))
            }
            NcpAction::Closes { local } => {
                self.command(run, host, numbers.socket(local)?, SocketCommand::Close)
            }
            NcpAction::Aborts { local } => {
                self.command(run, host, numbers.socket(local)?, SocketCommand::Abort)
            }
            NcpAction::Sends { local, data } => {
                let local = numbers.socket_for(local, Gender::Send)?;
                let size = self.opened(run, host, local, within)?;
                let text = match data {
                    Outgoing::Data(data) => bits(data, numbers, size)?,
                    Outgoing::Random(count) => {
                        let stream = self.random(run, host, local);
                        random(numbers.count(count, MOST_BYTES)?, size, stream)
                    }
                };
                self.send(run, host, local, text)
            }
            NcpAction::Says { local, line } => {
                let local = numbers.socket_for(local, Gender::Send)?;
                let size = self.opened(run, host, local, within)?;
                require_characters(size)?;
                self.send(run, host, local, characters(line, "\r\n", numbers)?)
            }
            NcpAction::Receives { local, data } => {
                let local = numbers.socket_for(local, Gender::Receive)?;
                let end = run.now() + within;
                let (size, _) = self.readable(run, host, local, within)?;
                let ear = Ear { host, local, size, end };
                match data {
                    Incoming::Data(data) => self.receive(run, numbers, ear, data),
                    Incoming::Any(count) => self.receive_any(run, ear, numbers.count(count, MOST_BYTES)?),
                    Incoming::SentBy(sender, socket) => {
                        let socket = numbers.socket_for(socket, Gender::Send)?;
                        self.receive_sent(run, ear, (*sender, socket))
                    }
                }
            }
            NcpAction::Hears { local, text } => {
                let local = numbers.socket_for(local, Gender::Receive)?;
                let end = run.now() + within;
                let (size, _) = self.readable(run, host, local, within)?;
                require_characters(size)?;
                self.hear(run, numbers, Ear { host, local, size, end }, text)
            }
            NcpAction::Interrupts { local } => {
                let local = numbers.socket(local)?;
                self.opened(run, host, local, within)?;
                self.command(run, host, local, SocketCommand::Interrupt)
            }
            NcpAction::TakesBack { local, messages, bits } => {
                let local = numbers.socket_for(local, Gender::Receive)?;
                let part = |number: &Number<u8>| numbers.byte(number, "the number of 128ths");
                let (messages, bits) = (part(messages)?, part(bits)?);
                self.opened(run, host, local, within)?;
                self.command(run, host, local, SocketCommand::TakeBack(messages, bits))
            }
            NcpAction::Echoes { to, data } => {
                let data = numbers.byte(data, "what is to be sent back")?;
                run.operate(host, |handle| handle.echo(*to, data))
            }
            NcpAction::Resets { partner } => run.operate(host, |handle| handle.reset(*partner)),
            NcpAction::Injects { to, link, text } => {
                let message = injected(*to, numbers.byte(link, "a link")?, text);
                run.operate(host, |handle| handle.inject(message))
            }
            NcpAction::InjectsRaw { message } => run.operate(host, |handle| handle.inject(message.clone())),
            NcpAction::Netstat => netstat_of(run, host),
        }
    }

    /// Forgets the connections of a host that has crashed.
    pub(super) fn forget(&mut self, host: HostAddress) {
        self.driven.retain(|(owner, _), _| *owner != host);
    }

    /// Asks for a connection, and holds it until a later step closes it.
    fn open(
        &mut self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        open: impl FnOnce(&Handle) -> Result<Opening, OpenError>,
    ) -> Result<(), StepError> {
        // Of a socket that waits for a call the NCP knows nothing yet.
        if self.is_awaited(host, local) {
            return Err(cannot_open(run, host, local, OpenError::SocketInUse, User::Step));
        }
        let started = run.operate(host, |handle| Ok(drive(handle, open(handle)?)))?;
        let socket =
            started.map_err(|error: OpenError| cannot_open(run, host, local, error, User::Program))?;
        self.hold(host, local, socket);
        Ok(())
    }

    /// Follows the initial connection protocol, which begins with the `first` socket, and holds the three connections that
    /// belong to it.
    fn meet(
        &mut self,
        run: &mut Run,
        host: HostAddress,
        first: Socket,
        begin: impl FnOnce(&Handle) -> Result<icp_by_hand::ByHand, OpenError>,
    ) -> Result<(), StepError> {
        let begun = run.operate(host, begin)?;
        let user = if self.is_awaited(host, first) { User::Step } else { User::Program };
        for (local, socket) in begun.map_err(|error| cannot_open(run, host, first, error, user))? {
            self.hold(host, local, socket);
        }
        Ok(())
    }

    fn hold(&mut self, host: HostAddress, local: Socket, handle: SocketHandle) {
        self.driven.insert((host, local), Driven { handle, sent: Vec::new(), heard: Vec::new() });
    }

    /// Whether a socket has a connection that a step has asked for, or waits for one.
    fn is_awaited(&self, host: HostAddress, local: Socket) -> bool {
        self.driven.get(&(host, local)).is_some_and(|driven| !driven.handle.state().is_final())
    }

    /// Refuses sockets that are in use.
    fn require_free(&self, run: &Run, host: HostAddress, sockets: &[Socket]) -> Result<(), StepError> {
        run.require_up(host)?;
        let used = run.world.host(host).map(Host::netstat).unwrap_or_default();
        for socket in sockets {
            let awaited = self.is_awaited(host, *socket);
            if awaited || used.iter().any(|status| status.local == *socket) {
                let user = if awaited { User::Step } else { User::Program };
                return Err(cannot_open(run, host, *socket, OpenError::SocketInUse, user));
            }
        }
        Ok(())
    }

    /// Sends, and keeps what was sent.
    fn send(&mut self, run: &mut Run, host: HostAddress, local: Socket, text: Bits) -> Result<(), StepError> {
        self.command(run, host, local, SocketCommand::Send(text.clone()))?;
        if let Some(driven) = self.driven.get_mut(&(host, local)) {
            driven.sent.push(text);
        }
        Ok(())
    }

    /// The stream of random numbers of a socket.
    fn random(&mut self, run: &Run, host: HostAddress, local: Socket) -> &mut ChaCha8Rng {
        self.random.entry((host, local)).or_insert_with(|| {
            let mut random = ChaCha8Rng::seed_from_u64(self.seed);
            random.set_stream(host::stream(&format!("data of {} {local}", run.names.host(host))));
            random
        })
    }

    /// Gives a command that needs no open connection. It does nothing to a connection that is over.
    fn command(
        &self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        command: SocketCommand,
    ) -> Result<(), StepError> {
        self.get(run, host, local)?.handle.command(command);
        run.operate(host, |_| ())
    }

    /// Waits until exactly this has arrived next.
    fn receive(&self, run: &mut Run, numbers: &NamedNumbers, ear: Ear, data: &Data) -> Result<(), StepError> {
        let expected = Expected::Text(bits(data, numbers, ear.size)?);
        match self.arrives(run, ear, expected, &shown(data))? {
            Ok(()) => Ok(()),
            Err(mut arrived) => {
                self.add_rest(run, ear, &mut arrived)?;
                let instead = instead(data, &arrived, ear.size);
                Err(Problem::new(not_received(run, ear.host, ear.local, &shown(data)), instead).into())
            }
        }
    }

    /// Waits until so many bytes have arrived.
    fn receive_any(&self, run: &mut Run, ear: Ear, count: u32) -> Result<(), StepError> {
        let byte = usize::from(ear.size.bits());
        let expected = Expected::Any(count as usize * byte);
        let Err(arrived) = self.arrives(run, ear, expected, &format!("any {count} bytes"))? else {
            return Ok(());
        };
        let read = self.get(run, ear.host, ear.local)?.handle.read() / byte;
        let over = arrived.over.map(is_over).unwrap_or_default();
        let not_so = not_received(run, ear.host, ear.local, &format!("any {count} bytes"));
        Err(Problem::new(not_so, format!("only {read} of them have arrived, and {over}")).into())
    }

    /// Waits until all has arrived that steps have sent from a socket, and that none has received at this one.
    fn receive_sent(
        &self,
        run: &mut Run,
        ear: Ear,
        (sender, socket): (HostAddress, Socket),
    ) -> Result<(), StepError> {
        let name = run.names.host(sender);
        let sent = self.driven.get(&(sender, socket)).ok_or_else(|| self.not_driven(run, sender, socket))?;
        let received = self.get(run, ear.host, ear.local)?.handle.received();
        let all: usize = sent.sent.iter().map(Bits::len).sum();
        let mut writer = BitWriter::new(all);
        sent.sent.iter().for_each(|text| writer.put_bits(text.reader()));
        let whole = writer.finish();
        let mut rest = whole.reader();
        if rest.split(received).is_err() || rest.left() == 0 {
            let found = format!(
                "{name} has sent nothing from {socket} that {} has not received",
                run.names.host(ear.host)
            );
            return Err(StepError::Impossible(found));
        }
        let mut writer = BitWriter::new(rest.left());
        writer.put_bits(rest);
        let expected = writer.finish();
        let what = format!("what {name} sent from {socket}");
        match self.arrives(run, ear, Expected::Text(expected.clone()), &what)? {
            Ok(()) => Ok(()),
            Err(arrived) => {
                let differs = first_difference(&expected, &arrived, ear.size);
                Err(Problem::new(not_received(run, ear.host, ear.local, &what), differs).into())
            }
        }
    }

    /// Waits until something has arrived, which is called `what`; says what has come instead.
    fn arrives(
        &self,
        run: &mut Run,
        ear: Ear,
        expected: Expected,
        what: &str,
    ) -> Result<Result<(), Arrived>, StepError> {
        let Ear { host, local, size, end } = ear;
        let whole = expected.bits();
        let (answer, mut answered) = oneshot::channel();
        self.command(run, host, local, SocketCommand::Receive(expected, answer))?;
        let not_so = |run: &Run| not_received(run, host, local, what);
        let result = run.wait(end.since(run.now()), not_so, |_| match answered.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Closed) => Some(Err(Arrived { text: Bits::default(), over: None })),
        });
        result.map_err(|error| {
            error.with_note(|| {
                let byte = usize::from(size.bits());
                let read = self.get(run, host, local).map_or(0, |driven| driven.handle.read());
                format!("{} of {} bytes have arrived", read / byte, whole / byte)
            })
        })
    }

    /// Adds to what has arrived instead of something else what stands there behind it, as much of it as is shown.
    fn add_rest(&self, run: &mut Run, ear: Ear, arrived: &mut Arrived) -> Result<(), StepError> {
        if arrived.over.is_none() {
            let (answer, mut answered) = oneshot::channel();
            // One more than is shown, so that what is cut is seen to be.
            let most = (LONGEST + 1) * usize::from(ear.size.bits());
            self.command(run, ear.host, ear.local, SocketCommand::TakeRest(most, answer))?;
            if let Ok(rest) = answered.try_recv() {
                arrived.text = joined(&arrived.text, arrived.text.len(), &rest);
            }
        }
        Ok(())
    }

    /// Waits until a line with the text in it has arrived. Lines above it are passed over.
    fn hear(
        &mut self,
        run: &mut Run,
        numbers: &mut NamedNumbers,
        ear: Ear,
        text: &Text,
    ) -> Result<(), StepError> {
        let Ear { host, local, end, .. } = ear;
        let pattern = numbers.pattern(text)?;
        let name = run.names.host(host);
        let not_so = format!("{name} has not heard {} at socket {local}", quoted(text));
        loop {
            let (answer, mut answered) = oneshot::channel();
            self.command(run, host, local, SocketCommand::Hear(answer))?;
            let heard = run.wait(
                end.since(run.now()),
                |_| not_so.clone(),
                |_| match answered.try_recv() {
                    Ok(result) => Some(Some(result)),
                    Err(TryRecvError::Empty) => None,
                    Err(TryRecvError::Closed) => Some(None),
                },
            );
            let lines = self.driven.get_mut(&(host, local)).map(|driven| &mut driven.heard);
            let lines = lines.ok_or_else(|| not_driven(run, host, local, &[]))?;
            match heard {
                Ok(Some(Ok(line))) => {
                    let found = pattern.find(&line);
                    lines.push(line);
                    if let Some(named) = found {
                        numbers.add(named);
                        return Ok(());
                    }
                }
                Ok(Some(Err(NoLine { over, begun }))) => {
                    let begun = if begun.is_empty() {
                        begun
                    } else {
                        format!(" in the middle of the line {}", shown_line(&begun))
                    };
                    let mut problem = Problem::new(not_so, format!("{}{begun}", is_over(over)));
                    problem.evidence = Evidence::note(last_heard(lines));
                    return Err(problem.into());
                }
                Ok(None) => return Err(over(run, host, local, None)),
                Err(error) => return Err(error.with_note(|| last_heard(lines))),
            }
        }
    }

    fn get(&self, run: &Run, host: HostAddress, local: Socket) -> Result<&Driven, StepError> {
        self.driven.get(&(host, local)).ok_or_else(|| self.not_driven(run, host, local))
    }

    /// That no step has opened a socket, and which ones steps have opened there.
    fn not_driven(&self, run: &Run, host: HostAddress, local: Socket) -> StepError {
        let here = self
            .driven
            .iter()
            .filter(|((owner, _), driven)| *owner == host && !driven.handle.state().is_final());
        let open: Vec<Socket> = here.map(|((_, socket), _)| *socket).collect();
        not_driven(run, host, local, &open)
    }

    /// Waits until a connection is open; returns its byte size.
    fn opened(
        &self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        within: Span,
    ) -> Result<ByteSize, StepError> {
        match self.readable(run, host, local, within)? {
            (size, None) => Ok(size),
            (_, Some(why)) => Err(over(run, host, local, Some(why.to_string()))),
        }
    }

    /// Waits until a connection has been opened; returns its byte size. It may be over, for this reason, and still have
    /// something to read.
    fn readable(
        &self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        within: Span,
    ) -> Result<(ByteSize, Option<CloseReason>), StepError> {
        match self.state(run, host, local, within)? {
            SocketState::Open(size) => Ok((size, None)),
            SocketState::Ended(size, why) => Ok((size, Some(why))),
            SocketState::Closing | SocketState::Opening => Err(over(run, host, local, None)),
            SocketState::Over(why) => Err(over(run, host, local, why.map(|why| why.to_string()))),
            SocketState::Unmet(why) => Err(over(run, host, local, Some(why.to_string()))),
        }
    }

    /// Waits until it is decided whether a connection opens.
    fn state(
        &self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        within: Span,
    ) -> Result<SocketState, StepError> {
        run.require_up(host)?;
        let driven = self.get(run, host, local)?;
        let not_so = |run: &Run| format!("socket {local} of {} has not opened", run.names.host(host));
        run.wait(within, not_so, |_| {
            let state = driven.handle.state();
            (state != SocketState::Opening).then_some(state)
        })
    }
}

/// Lists a host's connections on its teletype.
fn netstat_of(run: &mut Run, host: HostAddress) -> Result<(), StepError> {
    run.require_up(host)?;
    let listing = run.world.host(host).map(|host: &Host| HostTable::of(host).listing(run.names.hosts()));
    let listing = listing.unwrap_or_default().join("\n");
    run.operate(host, |handle| handle.teletype().print(&listing))
}
