//! The steps that have a host's operator do something with its NCP.

use host::{Handle, Host, Opening};
use imp1822::HostAddress;
use machine::{BitReader, BitWriter, Bits, Span};
use ncp::{ByteSize, CloseReason, OpenError, Socket};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::{Replay, Trouble};
use crate::netstat;
use crate::operator::{Arrived, Circuit, Order, Stage};
use scenario::ast::Data;

impl Replay {
    /// Lets the operator ask for a connection and hold it until a later step closes it.
    pub(super) fn drive(
        &mut self,
        host: HostAddress,
        local: Socket,
        open: impl FnOnce(&Handle) -> Result<Opening, OpenError>,
    ) -> Result<(), Trouble> {
        let started = self.operate(host, |handle| Ok(Circuit::start(handle, open(handle)?)))?;
        let circuit = started.map_err(|error: OpenError| Trouble::Found(error.to_string()))?;
        self.circuits.insert((host, local), circuit);
        Ok(())
    }

    /// Does something at the console of a host that is up.
    pub(super) fn operate<T>(
        &mut self,
        host: HostAddress,
        act: impl FnOnce(&Handle) -> T,
    ) -> Result<T, Trouble> {
        self.up(host)?;
        let done = self.world.act(host, |host, now| host.act(now, act));
        done.ok_or_else(|| Trouble::Found("there is no such host".to_owned()))
    }

    /// Lists a host's connections on its teletype.
    pub(super) fn netstat(&mut self, host: HostAddress) -> Result<(), Trouble> {
        self.up(host)?;
        let listing = self.world.host(host).map(|host| netstat::listing(host, self.names.hosts()));
        let listing = listing.unwrap_or_default().join("\n");
        self.operate(host, |handle| handle.teletype().print(&listing))
    }

    /// Gives an order that needs no open connection. A connection that is over does not mind.
    pub(super) fn order(&mut self, host: HostAddress, local: Socket, order: Order) -> Result<(), Trouble> {
        self.circuit(host, local)?.order(order);
        self.operate(host, |_| ())
    }

    /// Waits until the connection is open, and gives an order that goes with it.
    pub(super) fn order_when_open(
        &mut self,
        host: HostAddress,
        local: Socket,
        order: Order,
        within: Span,
    ) -> Result<(), Trouble> {
        self.opened(host, local, within)?;
        self.order(host, local, order)
    }

    /// Sends as soon as the connection is open.
    pub(super) fn send(
        &mut self,
        host: HostAddress,
        local: Socket,
        data: &Data,
        within: Span,
    ) -> Result<(), Trouble> {
        let size = self.opened(host, local, within)?;
        let text = bits(data, size).map_err(Trouble::Found)?;
        self.order(host, local, Order::Send(text))
    }

    /// Waits until exactly this has arrived next.
    pub(super) fn receive(
        &mut self,
        host: HostAddress,
        local: Socket,
        data: &Data,
        within: Span,
    ) -> Result<(), Trouble> {
        let end = self.world.now() + within;
        let size = self.readable(host, local, within)?;
        let text = bits(data, size).map_err(Trouble::Found)?;
        let whole = text.len();
        let (answer, mut answered) = oneshot::channel();
        self.order(host, local, Order::Receive(text, answer))?;
        let waits = format!("{} receives {} at socket {local}", self.name(host), shown(data));
        let result = self.wait(end.since(self.world.now()), &waits, |_| match answered.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Closed) => Some(Err(Arrived { text: Bits::default(), over: None })),
        });
        match result {
            Ok(Ok(())) => Ok(()),
            Ok(Err(arrived)) => Err(Trouble::Found(instead(data, &arrived, size))),
            Err(Trouble::Stuck(why)) => {
                let read = self.circuit(host, local)?.read();
                let byte = usize::from(size.bits());
                let so_far = format!("{} of {} bytes have arrived", read / byte, whole / byte);
                Err(Trouble::Stuck(format!("{why}; {so_far}")))
            }
            Err(found @ Trouble::Found(_)) => Err(found),
        }
    }

    fn circuit(&self, host: HostAddress, local: Socket) -> Result<&Circuit, Trouble> {
        let circuit = self.circuits.get(&(host, local));
        circuit.ok_or_else(|| Trouble::Found(format!("no step has opened socket {local} there")))
    }

    /// Waits until a connection is open; answers its byte size.
    fn opened(&mut self, host: HostAddress, local: Socket, within: Span) -> Result<ByteSize, Trouble> {
        match self.stage(host, local, within)? {
            Stage::Open(size) => Ok(size),
            Stage::Ended(_, why) => Err(over(local, Some(why))),
            Stage::Closing | Stage::Opening => Err(over(local, None)),
            Stage::Over(why) => Err(over(local, why)),
        }
    }

    /// Waits until a connection has been opened; it may be over, and still have something to read.
    fn readable(&mut self, host: HostAddress, local: Socket, within: Span) -> Result<ByteSize, Trouble> {
        match self.stage(host, local, within)? {
            Stage::Open(size) | Stage::Ended(size, _) => Ok(size),
            Stage::Closing | Stage::Opening => Err(over(local, None)),
            Stage::Over(why) => Err(over(local, why)),
        }
    }

    /// Waits until it is decided whether a connection opens.
    fn stage(&mut self, host: HostAddress, local: Socket, within: Span) -> Result<Stage, Trouble> {
        self.up(host)?;
        self.circuit(host, local)?;
        let waits = format!("socket {local} of {} is open", self.name(host));
        self.wait(within, &waits, |replay| {
            let stage = replay.circuits.get(&(host, local)).map_or(Stage::Over(None), Circuit::stage);
            (stage != Stage::Opening).then_some(stage)
        })
    }

    /// Forgets the connections of a host that has crashed.
    pub(super) fn forget_circuits(&mut self, host: HostAddress) {
        if !self.world.host(host).is_some_and(Host::is_up) {
            self.circuits.retain(|(owner, _), _| *owner != host);
        }
    }
}

fn over(local: Socket, why: Option<CloseReason>) -> Trouble {
    Trouble::Found(match why {
        Some(why) => format!("socket {local} is not connected: {why}"),
        None => format!("socket {local} has been closed there"),
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
