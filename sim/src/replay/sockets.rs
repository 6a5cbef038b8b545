//! The steps that drive a host's sockets and its NCP.

use std::collections::BTreeMap;

use host::{Handle, Host, Opening};
use imp1822::HostAddress;
use machine::{BitReader, BitWriter, Bits, Span};
use ncp::{ByteSize, CloseReason, OpenError, Socket};
use scenario::Note;
use scenario::ast::{Data, NcpAction};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::run::Run;
use super::step_error::{Evidence, StepError};
use crate::netstat;
use crate::socket_driver::{Arrived, SocketCommand, SocketHandle, SocketState};

/// The sockets that steps of the scenario drive.
#[derive(Default)]
pub(super) struct Sockets(BTreeMap<(HostAddress, Socket), SocketHandle>);

impl Sockets {
    /// Carries out what a step does with a host's NCP.
    pub(super) fn act(
        &mut self,
        run: &mut Run,
        host: HostAddress,
        action: &NcpAction,
        within: Span,
    ) -> Result<(), StepError> {
        match action {
            NcpAction::Inits { local, to, size } => {
                self.open(run, host, *local, |handle| handle.init(*local, *to, *size))
            }
            NcpAction::Listens { local, from, size } => {
                self.open(run, host, *local, |handle| handle.listen(*local, *from, *size))
            }
            NcpAction::Closes { local } => self.command(run, host, *local, SocketCommand::Close),
            NcpAction::Aborts { local } => self.command(run, host, *local, SocketCommand::Abort),
            NcpAction::Sends { local, data } => {
                let size = self.opened(run, host, *local, within)?;
                let text = bits(data, size).map_err(StepError::Mismatch)?;
                self.command(run, host, *local, SocketCommand::Send(text))
            }
            NcpAction::Receives { local, data } => self.receive(run, host, *local, data, within),
            NcpAction::Interrupts { local } => {
                self.opened(run, host, *local, within)?;
                self.command(run, host, *local, SocketCommand::Interrupt)
            }
            NcpAction::TakesBack { local, messages, bits } => {
                self.opened(run, host, *local, within)?;
                self.command(run, host, *local, SocketCommand::TakeBack(*messages, *bits))
            }
            NcpAction::Echoes { to, data } => run.operate(host, |handle| handle.echo(*to, *data)),
            NcpAction::Resets { partner } => run.operate(host, |handle| handle.reset(*partner)),
            NcpAction::Injects { message } => run.operate(host, |handle| handle.inject(message.clone())),
            NcpAction::Netstat => netstat_of(run, host),
        }
    }

    /// Forgets the connections of a host that has crashed.
    pub(super) fn forget(&mut self, host: HostAddress) {
        self.0.retain(|(owner, _), _| *owner != host);
    }

    /// Asks for a connection, and holds it until a later step closes it.
    fn open(
        &mut self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        open: impl FnOnce(&Handle) -> Result<Opening, OpenError>,
    ) -> Result<(), StepError> {
        let started = run.operate(host, |handle| Ok(SocketHandle::start(handle, open(handle)?)))?;
        let socket = started.map_err(|error: OpenError| {
            StepError::Mismatch(format!("{} cannot open socket {local}: {error}", run.names.host(host)))
        })?;
        self.0.insert((host, local), socket);
        Ok(())
    }

    /// Gives a command that needs no open connection. It does nothing to a connection that is over.
    fn command(
        &self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        command: SocketCommand,
    ) -> Result<(), StepError> {
        self.get(run, host, local)?.command(command);
        run.operate(host, |_| ())
    }

    /// Waits until exactly this has arrived next.
    fn receive(
        &self,
        run: &mut Run,
        host: HostAddress,
        local: Socket,
        data: &Data,
        within: Span,
    ) -> Result<(), StepError> {
        let end = run.now() + within;
        let (size, _) = self.readable(run, host, local, within)?;
        let text = bits(data, size).map_err(StepError::Mismatch)?;
        let whole = text.len();
        let (answer, mut answered) = oneshot::channel();
        self.command(run, host, local, SocketCommand::Receive(text, answer))?;
        let name = run.names.host(host);
        let not_so = format!("{name} has not received {} at socket {local}", shown(data));
        let result = run.wait(end.since(run.now()), &not_so, |_| match answered.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Closed) => Some(Err(Arrived { text: Bits::default(), over: None })),
        });
        match result {
            Ok(Ok(())) => Ok(()),
            Ok(Err(arrived)) => {
                let instead = instead(data, &arrived, size);
                Err(StepError::Mismatch(format!("{not_so}: {instead}")))
            }
            Err(error) => {
                let read = self.get(run, host, local)?.read();
                let byte = usize::from(size.bits());
                let so_far = format!("{} of {} bytes have arrived", read / byte, whole / byte);
                Err(error.with_evidence(|| Evidence { help: None, notes: vec![Note::new(so_far)] }))
            }
        }
    }

    fn get(&self, run: &Run, host: HostAddress, local: Socket) -> Result<&SocketHandle, StepError> {
        let socket = self.0.get(&(host, local));
        socket.ok_or_else(|| {
            let name = run.names.host(host);
            StepError::Mismatch(format!("no step has opened socket {local} of {name}"))
        })
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
            (_, Some(why)) => Err(over(run, host, local, Some(why))),
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
            SocketState::Over(why) => Err(over(run, host, local, why)),
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
        let socket = self.get(run, host, local)?;
        let not_so = format!("socket {local} of {} has not opened", run.names.host(host));
        run.wait(within, &not_so, |_| {
            let state = socket.state();
            (state != SocketState::Opening).then_some(state)
        })
    }
}

/// Lists a host's connections on its teletype.
fn netstat_of(run: &mut Run, host: HostAddress) -> Result<(), StepError> {
    run.require_up(host)?;
    let listing = run.world.host(host).map(|host: &Host| netstat::listing(host, run.names.hosts()));
    let listing = listing.unwrap_or_default().join("\n");
    run.operate(host, |handle| handle.teletype().print(&listing))
}

fn over(run: &Run, host: HostAddress, local: Socket, why: Option<CloseReason>) -> StepError {
    let name = run.names.host(host);
    StepError::Mismatch(match why {
        Some(why) => format!("socket {local} of {name} is not connected: {why}"),
        None => format!("socket {local} of {name} has been closed by a step"),
    })
}

/// The text of a connection in bytes of its size.
fn bits(data: &Data, size: ByteSize) -> Result<Bits, String> {
    let width = usize::from(size.bits());
    match data {
        Data::Text(text) if size == ByteSize::EIGHT => Ok(Bits::from_bytes(text.as_bytes())),
        Data::Text(_) => {
            Err(format!("text has bytes of 8 bits, this connection bytes of {size}: say `bytes`"))
        }
        Data::Bytes(bytes) => {
            let number = width.min(64);
            let mut writer = BitWriter::new(width * bytes.len());
            for byte in bytes {
                if number < 64 && byte >> number != 0 {
                    return Err(format!("{byte} does not fit in a byte of {size} bits"));
                }
                (number..width).for_each(|_| writer.put(0, 1));
                writer.put(*byte, number);
            }
            Ok(writer.finish())
        }
    }
}

/// Data as a scenario has them.
fn shown(data: &Data) -> String {
    match data {
        Data::Text(text) => format!("{text:?}"),
        Data::Bytes(bytes) => {
            format!("bytes {}", bytes.iter().map(u64::to_string).collect::<Vec<_>>().join(" "))
        }
    }
}

/// What has arrived instead of what was expected.
fn instead(expected: &Data, arrived: &Arrived, size: ByteSize) -> String {
    let text = match expected {
        Data::Text(_) => format!("{:?}", String::from_utf8_lossy(arrived.text.bytes())),
        Data::Bytes(_) => format!("bytes {}", numbers(arrived.text.reader(), size)),
    };
    match (arrived.over, arrived.text.is_empty()) {
        (None, _) => format!("{text} has arrived"),
        (Some(why), true) => format!("nothing has arrived, and the connection is over: {why}"),
        (Some(why), false) => format!("only {text} has arrived, and the connection is over: {why}"),
    }
}

fn numbers(mut text: BitReader<'_>, size: ByteSize) -> String {
    let width = usize::from(size.bits());
    let mut numbers = Vec::new();
    while let Ok(mut byte) = text.split(width) {
        // What does not fit in 64 bits are the leading ones.
        let _ = byte.split(width.saturating_sub(64));
        numbers.extend(byte.take(width.min(64)).map(|number| number.to_string()));
    }
    numbers.join(" ")
}
