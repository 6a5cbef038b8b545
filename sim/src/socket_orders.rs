//! What steps of the scenario have the programs at their sockets do, and what these tell of it.

use std::cell::Cell;
use std::rc::Rc;

use host::IcpError;
use machine::Bits;
use ncp::{ByteSize, CloseReason};
use tokio::sync::{mpsc, oneshot};

/// What a step does with a connection.
pub(crate) enum SocketCommand {
    /// Sends whole bytes.
    Send(Bits),
    /// Reads what arrives, as long as it is as expected, and says how that went.
    Receive(Expected, oneshot::Sender<Result<(), Arrived>>),
    /// Reads what has arrived by now, but not more than so many bits.
    TakeRest(usize, oneshot::Sender<Bits>),
    /// Reads the next line of Telnet.
    Hear(oneshot::Sender<Result<String, NoLine>>),
    /// Interrupts the other end.
    Interrupt,
    /// Asks for 128ths of the allocation back: messages, bits.
    TakeBack(u8, u8),
    /// Closes, or withdraws the request.
    Close,
    /// Breaks off.
    Abort,
}

/// What is to arrive next.
pub(crate) enum Expected {
    /// Exactly this.
    Text(Bits),
    /// So many bits, whichever they are.
    Any(usize),
}

/// What has arrived instead of what was expected, and whether more can come. Of bits of any kind it is not told which.
pub(crate) struct Arrived {
    pub(crate) text: Bits,
    pub(crate) over: Option<CloseReason>,
}

/// The connection is over before the end of a line: why, and what there is of the line.
pub(crate) struct NoLine {
    pub(crate) over: CloseReason,
    pub(crate) begun: String,
}

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SocketState {
    /// It is asked for, or listened for.
    Opening,
    /// It is open.
    Open(ByteSize),
    /// It is being closed, and what was sent is still on its way.
    Closing,
    /// It is over at both ends; what has arrived can be read.
    Ended(ByteSize, CloseReason),
    /// There is nothing left of it. It ended because of this, unless a step ended it.
    Over(Option<CloseReason>),
    /// The initial connection protocol, of which it was to come, failed before.
    Unmet(IcpError),
}

impl SocketState {
    /// Whether another connection can have the socket.
    pub(crate) fn is_final(self) -> bool {
        match self {
            SocketState::Opening | SocketState::Open(_) | SocketState::Closing => false,
            SocketState::Ended(..) | SocketState::Over(_) | SocketState::Unmet(_) => true,
        }
    }
}

/// The replay's end of the program that drives a connection.
pub(crate) struct SocketHandle {
    commands: mpsc::UnboundedSender<SocketCommand>,
    state: Rc<Cell<SocketState>>,
    read: Rc<Cell<usize>>,
    received: Rc<Cell<usize>>,
}

/// The program's end.
pub(crate) struct Orders {
    inbox: mpsc::UnboundedReceiver<SocketCommand>,
    state: Rc<Cell<SocketState>>,
    read: Rc<Cell<usize>>,
    received: Rc<Cell<usize>>,
}

impl Orders {
    /// Tells how far the connection has come.
    pub(crate) fn set(&self, state: SocketState) {
        self.state.set(state);
    }

    /// How far it has come.
    pub(crate) fn state(&self) -> SocketState {
        self.state.get()
    }

    /// Tells how many bits of what is to be received have arrived.
    pub(crate) fn set_read(&self, bits: usize) {
        self.read.set(bits);
    }

    /// Counts bits that steps have received.
    pub(crate) fn add_received(&self, bits: usize) {
        self.received.set(self.received.get() + bits);
    }

    /// The next command, or `None` if no step can give one any more.
    pub(crate) async fn next(&mut self) -> Option<SocketCommand> {
        self.inbox.recv().await
    }
}

impl SocketHandle {
    /// Both ends. The connection is not open yet.
    pub(crate) fn new() -> (Self, Orders) {
        let (commands, inbox) = mpsc::unbounded_channel();
        let state = Rc::new(Cell::new(SocketState::Opening));
        let (read, received) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let orders = Orders { inbox, state: state.clone(), read: read.clone(), received: received.clone() };
        (SocketHandle { commands, state, read, received }, orders)
    }

    /// How far the connection has come.
    pub(crate) fn state(&self) -> SocketState {
        self.state.get()
    }

    /// How many bits of what is to be received have arrived.
    pub(crate) fn read(&self) -> usize {
        self.read.get()
    }

    /// How many bits steps have received from the connection.
    pub(crate) fn received(&self) -> usize {
        self.received.get()
    }

    /// Gives a command. It is carried out when the host next runs; without a connection it does nothing.
    pub(crate) fn command(&self, command: SocketCommand) {
        // The program has ended if the connection is over.
        let _ = self.commands.send(command);
    }
}

impl Expected {
    /// How many bits it has.
    pub(crate) fn bits(&self) -> usize {
        match self {
            Expected::Text(text) => text.len(),
            Expected::Any(bits) => *bits,
        }
    }
}
