//! Programs through which the steps of a scenario drive a host's sockets: one for each connection, and one that tells
//! what happens to the host's NCP as a whole.
//!
//! What happens to a connection is printed behind `SOCKET` and its number: `OPEN TO`, the partner and the byte
//! size; `INTERRUPTED`; `WITHDRAWN`, if it is given up before it is open; `ABORTED`, if it is broken off;
//! and why it is over in the words of [`CloseReason`]. What arrives stays with the NCP until a step receives it.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use futures::future::{Either, OptionFuture, select};
use host::{Connection, Handle, Opening};
use machine::{BitReader, BitWriter, Bits};
use ncp::{ByteSize, CloseReason, Event};
use tokio::sync::{mpsc, oneshot};

/// What a step does with a connection.
pub(crate) enum SocketCommand {
    /// Sends whole bytes.
    Send(Bits),
    /// Reads what arrives, as long as it is this, and says how that went.
    Receive(Bits, oneshot::Sender<Result<(), Arrived>>),
    /// Interrupts the other end.
    Interrupt,
    /// Asks for 128ths of the allocation back: messages, bits.
    TakeBack(u8, u8),
    /// Closes, or withdraws the request.
    Close,
    /// Breaks off.
    Abort,
}

/// What has arrived instead of what was expected, and whether more can come.
pub(crate) struct Arrived {
    pub(crate) text: Bits,
    pub(crate) over: Option<CloseReason>,
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
}

/// The replay's end of the program that drives a connection.
pub(crate) struct SocketHandle {
    commands: mpsc::UnboundedSender<SocketCommand>,
    state: Rc<Cell<SocketState>>,
    read: Rc<Cell<usize>>,
}

impl SocketHandle {
    /// Starts the program for a connection that has been asked for.
    pub(crate) fn start(host: &Handle, opening: Opening) -> Self {
        let (commands, inbox) = mpsc::unbounded_channel();
        let state = Rc::new(Cell::new(SocketState::Opening));
        let read = Rc::new(Cell::new(0));
        let name = format!("socket {}", opening.local());
        let driver = SocketDriver { host: host.clone(), inbox, state: state.clone(), read: read.clone() };
        host.spawn(name, driver.run(opening));
        SocketHandle { commands, state, read }
    }

    /// How far the connection has come.
    pub(crate) fn state(&self) -> SocketState {
        self.state.get()
    }

    /// How many bits of what is to be received have arrived.
    pub(crate) fn read(&self) -> usize {
        self.read.get()
    }

    /// Gives a command. It is carried out when the host next runs; without a connection it does nothing.
    pub(crate) fn command(&self, command: SocketCommand) {
        // The program has ended if the connection is over.
        let _ = self.commands.send(command);
    }
}

/// Prints what other hosts tell this one that concerns no connection.
pub(crate) async fn watch(host: Handle) {
    let mut events = host.watch();
    while let Some(event) = events.recv().await {
        let line = match event {
            Event::Echoed { host: by, data } => format!("ECHO {data} FROM {}", host.name_of(by)),
            Event::PartnerReset { host: by } => format!("RESET BY {}", host.name_of(by)),
            Event::ErrReceived { host: by, code, .. } => {
                format!("ERR {} FROM {}: {code}", u8::from(code), host.name_of(by))
            }
            // The program that has the connection is told these.
            Event::Opened { .. } | Event::Readable { .. } | Event::Writable { .. } => continue,
            Event::Interrupted { .. } | Event::Ending { .. } | Event::Closed { .. } => continue,
        };
        host.teletype().print(&line);
    }
}

/// What can happen to an open connection and its program.
enum SocketEvent {
    Interrupted,
    Received(Result<Bits, CloseReason>),
    Sent(Result<usize, CloseReason>),
    Over(CloseReason),
    Commanded(SocketCommand),
    /// The connection is over, and another has its socket; or the run is.
    Released,
}

/// What is to be received, how many bits of it have been, and where the answer goes.
struct Expected {
    text: Bits,
    read: usize,
    answer: oneshot::Sender<Result<(), Arrived>>,
}

struct SocketDriver {
    host: Handle,
    inbox: mpsc::UnboundedReceiver<SocketCommand>,
    state: Rc<Cell<SocketState>>,
    read: Rc<Cell<usize>>,
}

impl SocketDriver {
    async fn run(mut self, opening: Opening) {
        let teletype = self.host.teletype();
        let local = opening.local();
        let say = |what: String| teletype.print(&format!("SOCKET {local}: {what}"));
        let opened = {
            let gives_up = pin!(self.inbox.recv());
            match select(opening, gives_up).await {
                Either::Left((opened, _)) => Some(opened),
                Either::Right(_) => None,
            }
        };
        match opened {
            Some(Ok(connection)) => self.serve(connection, say).await,
            Some(Err(why)) => {
                self.state.set(SocketState::Over(Some(why)));
                say(why.to_string());
            }
            None => {
                self.state.set(SocketState::Over(None));
                say("WITHDRAWN".to_owned());
            }
        }
    }

    /// Carries out commands until the connection is over and has been read, or given up.
    async fn serve(mut self, connection: Connection, say: impl Fn(String)) {
        let (foreign, size) = (connection.foreign(), connection.size());
        self.state.set(SocketState::Open(size));
        let partner = self.host.name_of(foreign.host);
        say(format!("OPEN TO {partner} SOCKET {} SIZE {size}", foreign.socket));
        let mut unsent: VecDeque<(Bits, usize)> = VecDeque::new();
        let mut expected: Option<Expected> = None;
        loop {
            match self.next_event(&connection, unsent.front(), expected.as_ref()).await {
                SocketEvent::Interrupted => say("INTERRUPTED".to_owned()),
                SocketEvent::Received(result) => {
                    expected = expected.and_then(|expected| self.compare(expected, result));
                }
                SocketEvent::Sent(Ok(bits)) => {
                    if let Some((text, sent)) = unsent.front_mut() {
                        *sent += bits;
                        if *sent >= text.len() {
                            unsent.pop_front();
                        }
                    }
                }
                // That the connection is over comes next.
                SocketEvent::Sent(Err(_)) => unsent.clear(),
                SocketEvent::Over(why) => {
                    say(why.to_string());
                    if self.state.get() == SocketState::Closing {
                        return self.state.set(SocketState::Over(None));
                    }
                    self.state.set(SocketState::Ended(size, why));
                }
                SocketEvent::Commanded(SocketCommand::Send(text)) => unsent.push_back((text, 0)),
                SocketEvent::Commanded(SocketCommand::Receive(text, answer)) => {
                    self.read.set(0);
                    expected = Some(Expected { text, read: 0, answer });
                }
                SocketEvent::Commanded(SocketCommand::Interrupt) => connection.interrupt(),
                SocketEvent::Commanded(SocketCommand::TakeBack(messages, bits)) => {
                    connection.take_back(messages, bits);
                }
                SocketEvent::Commanded(SocketCommand::Close | SocketCommand::Abort) if self.has_ended() => {
                    return self.state.set(SocketState::Over(None));
                }
                SocketEvent::Commanded(SocketCommand::Close) => self.state.set(SocketState::Closing),
                SocketEvent::Commanded(SocketCommand::Abort) => {
                    connection.abort();
                    self.state.set(SocketState::Over(None));
                    return say("ABORTED".to_owned());
                }
                SocketEvent::Released => return,
            }
        }
    }

    fn has_ended(&self) -> bool {
        matches!(self.state.get(), SocketState::Ended(..))
    }

    /// Waits for the next thing to happen. What happens at the same time comes in the order below.
    async fn next_event(
        &mut self,
        connection: &Connection,
        unsent: Option<&(Bits, usize)>,
        expected: Option<&Expected>,
    ) -> SocketEvent {
        let (ended, closing) =
            (self.has_ended(), self.state.get() == SocketState::Closing && unsent.is_none());
        let mut interrupted = pin!(connection.interrupted());
        let mut received = pin!(OptionFuture::from(
            expected.map(|expected| connection.receive_some(expected.text.len() - expected.read))
        ));
        let mut sent = pin!(OptionFuture::from(unsent.map(|(text, sent)| {
            let mut rest = text.reader();
            // Never more than all of it has been sent.
            let _ = rest.split(*sent);
            connection.send_some(rest)
        })));
        let ending = async {
            // Closing begins when everything has been handed over.
            if closing { connection.closing().await } else { connection.over().await }
        };
        let mut over = pin!(OptionFuture::from((!ended).then_some(ending)));
        let mut order = pin!(self.inbox.recv());
        poll_fn(|cx| {
            if interrupted.as_mut().poll(cx).is_ready() {
                return Poll::Ready(SocketEvent::Interrupted);
            }
            if let Poll::Ready(Some(result)) = received.as_mut().poll(cx) {
                return Poll::Ready(SocketEvent::Received(result));
            }
            if let Poll::Ready(Some(result)) = sent.as_mut().poll(cx) {
                return Poll::Ready(SocketEvent::Sent(result));
            }
            if let Poll::Ready(Some(why)) = over.as_mut().poll(cx) {
                return Poll::Ready(SocketEvent::Over(why));
            }
            order.as_mut().poll(cx).map(|order| order.map_or(SocketEvent::Released, SocketEvent::Commanded))
        })
        .await
    }

    /// Compares what has arrived with what is expected; returns what is still expected.
    fn compare(&self, expected: Expected, arrived: Result<Bits, CloseReason>) -> Option<Expected> {
        let Expected { text, read, answer } = expected;
        let (more, over) = match arrived {
            Ok(more) if more.is_empty() => (more, Some(CloseReason::Closed)),
            Ok(more) => (more, None),
            Err(why) => (Bits::default(), Some(why)),
        };
        let mut expected = text.reader();
        // Never more than the rest of it is read.
        let _ = expected.split(read);
        let as_expected = expected.split(more.len()).is_ok_and(|expected| same(expected, more.reader()));
        let read = read + more.len();
        let outcome = match over {
            None if as_expected && read < text.len() => {
                self.read.set(read);
                return Some(Expected { text, read, answer });
            }
            None if as_expected => Ok(()),
            None | Some(_) => Err(Arrived { text: joined(&text, read - more.len(), &more), over }),
        };
        // The step that asked may have lost its patience.
        let _ = answer.send(outcome);
        None
    }
}

/// Whether the two have the same bits.
fn same(mut one: BitReader<'_>, mut other: BitReader<'_>) -> bool {
    loop {
        let some = one.left().min(64);
        if one.left() != other.left() || one.take(some) != other.take(some) {
            return false;
        }
        if some == 0 {
            return true;
        }
    }
}

/// The first bits of what was expected, which had arrived before, and what has arrived now.
fn joined(expected: &Bits, before: usize, now: &Bits) -> Bits {
    let mut writer = BitWriter::new(before + now.len());
    let mut first = expected.reader();
    first.limit(before);
    writer.put_bits(first);
    writer.put_bits(now.reader());
    writer.finish()
}
