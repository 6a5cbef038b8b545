//! Programs through which the steps of a scenario drive a host's sockets: one for each connection, and one that tells
//! what happens to the host's NCP as a whole.
//!
//! What happens to a connection is printed behind `SOCKET` and its number: `OPEN TO`, the partner and the byte
//! size; `INTERRUPTED`; `WITHDRAWN`, if it is given up before it is open; `ABORTED`, if it is broken off;
//! and why it is over in the words of [`CloseReason`]. What arrives stays with the NCP until a step receives it.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use futures::future::{Either, FutureExt, OptionFuture, select};
use host::{Connection, Handle, IcpError, Opening};
use machine::{BitReader, BitWriter, Bits};
use ncp::{ByteSize, CloseReason, Event, Socket};
use telnet::{Lines, Received};
use tokio::sync::oneshot;
use tokio_util::bytes::BytesMut;
use tokio_util::codec::Decoder;

use crate::socket_orders::{Arrived, Expected, NoLine, Orders, SocketCommand, SocketHandle, SocketState};

/// Why a connection that was to be opened is not.
enum Unopened {
    /// It was refused, or broke.
    Closed(CloseReason),
    /// The initial connection protocol failed. The program that followed it has told why.
    Unmet(IcpError),
    /// A step has put an end to that protocol.
    GivenUp,
}

/// Starts the program for a connection that has been asked for.
pub(crate) fn drive(host: &Handle, opening: Opening) -> SocketHandle {
    let local = opening.local();
    spawn(host, local, async { opening.await.map_err(Unopened::Closed) })
}

/// Starts the program for a connection that will be asked for when the initial connection protocol has come so far.
pub(crate) fn drive_later(
    host: &Handle,
    local: Socket,
    opening: oneshot::Receiver<Result<Opening, IcpError>>,
) -> SocketHandle {
    spawn(host, local, async {
        match opening.await {
            Ok(Ok(opening)) => opening.await.map_err(Unopened::Closed),
            Ok(Err(why)) => Err(Unopened::Unmet(why)),
            Err(_) => Err(Unopened::GivenUp),
        }
    })
}

fn spawn(
    host: &Handle,
    local: Socket,
    opening: impl Future<Output = Result<Connection, Unopened>> + 'static,
) -> SocketHandle {
    let (handle, orders) = SocketHandle::new();
    let driver = SocketDriver { host: host.clone(), orders, lines: Lines::new(usize::MAX) };
    host.spawn(format!("socket {local}"), driver.run(local, opening));
    handle
}

/// What is printed when a connection opens.
pub(crate) fn opened(host: &Handle, connection: &Connection) -> String {
    let (foreign, size) = (connection.foreign(), connection.size());
    format!("OPEN TO {} SOCKET {} SIZE {size}", host.name_of(foreign.host), foreign.socket)
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

/// What a step waits for at the connection.
enum Wanted {
    /// This, of which so many bits have arrived.
    Bits(Expected, usize, oneshot::Sender<Result<(), Arrived>>),
    /// The end of a line.
    Line(oneshot::Sender<Result<String, NoLine>>),
}

impl Wanted {
    /// How many bits are to be read at most. A line may end with any byte, and what follows it is not read.
    fn left(&self) -> usize {
        match self {
            Wanted::Bits(expected, read, _) => expected.bits() - read,
            Wanted::Line(_) => usize::from(ByteSize::EIGHT.bits()),
        }
    }
}

struct SocketDriver {
    host: Handle,
    orders: Orders,
    /// What has arrived of a line of Telnet.
    lines: Lines,
}

impl SocketDriver {
    async fn run(mut self, local: Socket, opening: impl Future<Output = Result<Connection, Unopened>>) {
        let teletype = self.host.teletype();
        let say = |what: String| teletype.print(&format!("SOCKET {local}: {what}"));
        let opened = {
            let (opening, gives_up) = (pin!(opening), pin!(self.orders.next()));
            match select(opening, gives_up).await {
                Either::Left((opened, _)) => Some(opened),
                Either::Right(_) => None,
            }
        };
        match opened {
            Some(Ok(connection)) => self.serve(connection, say).await,
            Some(Err(Unopened::Closed(why))) => {
                self.orders.set(SocketState::Over(Some(why)));
                say(why.to_string());
            }
            Some(Err(Unopened::Unmet(why))) => self.orders.set(SocketState::Unmet(why)),
            Some(Err(Unopened::GivenUp)) => self.orders.set(SocketState::Over(None)),
            None => {
                self.orders.set(SocketState::Over(None));
                say("WITHDRAWN".to_owned());
            }
        }
    }

    /// Carries out commands until the connection is over and has been read, or given up.
    async fn serve(mut self, connection: Connection, say: impl Fn(String)) {
        let size = connection.size();
        self.orders.set(SocketState::Open(size));
        say(opened(&self.host, &connection));
        let mut unsent: VecDeque<(Bits, usize)> = VecDeque::new();
        let mut wanted: Option<Wanted> = None;
        loop {
            match self.next_event(&connection, unsent.front(), wanted.as_ref()).await {
                SocketEvent::Interrupted => say("INTERRUPTED".to_owned()),
                SocketEvent::Received(result) => {
                    wanted = wanted.and_then(|wanted| self.take(wanted, result));
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
                    if self.orders.state() == SocketState::Closing {
                        return self.orders.set(SocketState::Over(None));
                    }
                    self.orders.set(SocketState::Ended(size, why));
                }
                SocketEvent::Commanded(SocketCommand::Send(text)) => unsent.push_back((text, 0)),
                SocketEvent::Commanded(SocketCommand::Receive(expected, answer)) => {
                    self.orders.set_read(0);
                    wanted = Some(Wanted::Bits(expected, 0, answer));
                }
                SocketEvent::Commanded(SocketCommand::TakeRest(most, answer)) => {
                    let rest = connection.receive_some(most).now_or_never();
                    // The step that asked waits for the answer.
                    let _ = answer.send(rest.and_then(Result::ok).unwrap_or_default());
                }
                SocketEvent::Commanded(SocketCommand::Hear(answer)) => wanted = Some(Wanted::Line(answer)),
                SocketEvent::Commanded(SocketCommand::Interrupt) => connection.interrupt(),
                SocketEvent::Commanded(SocketCommand::TakeBack(messages, bits)) => {
                    connection.take_back(messages, bits);
                }
                SocketEvent::Commanded(SocketCommand::Close | SocketCommand::Abort) if self.has_ended() => {
                    return self.orders.set(SocketState::Over(None));
                }
                SocketEvent::Commanded(SocketCommand::Close) => self.orders.set(SocketState::Closing),
                SocketEvent::Commanded(SocketCommand::Abort) => {
                    connection.abort();
                    self.orders.set(SocketState::Over(None));
                    return say("ABORTED".to_owned());
                }
                SocketEvent::Released => return,
            }
        }
    }

    fn has_ended(&self) -> bool {
        matches!(self.orders.state(), SocketState::Ended(..))
    }

    /// Waits for the next thing to happen. What happens at the same time comes in the order below.
    async fn next_event(
        &mut self,
        connection: &Connection,
        unsent: Option<&(Bits, usize)>,
        wanted: Option<&Wanted>,
    ) -> SocketEvent {
        let (ended, closing) =
            (self.has_ended(), self.orders.state() == SocketState::Closing && unsent.is_none());
        let mut interrupted = pin!(connection.interrupted());
        let mut received =
            pin!(OptionFuture::from(wanted.map(|wanted| connection.receive_some(wanted.left()))));
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
        let mut order = pin!(self.orders.next());
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

    /// Takes what has arrived; returns what is still wanted.
    fn take(&mut self, wanted: Wanted, arrived: Result<Bits, CloseReason>) -> Option<Wanted> {
        let (more, over) = match arrived {
            Ok(more) if more.is_empty() => (more, Some(CloseReason::Closed)),
            Ok(more) => (more, None),
            Err(why) => (Bits::default(), Some(why)),
        };
        self.orders.add_received(more.len());
        match wanted {
            Wanted::Bits(expected, read, answer) => self.compare(expected, read, more, over, answer),
            Wanted::Line(answer) => self.hear(&more, over, answer),
        }
    }

    /// Compares what has arrived with what is expected.
    fn compare(
        &self,
        expected: Expected,
        read: usize,
        more: Bits,
        over: Option<CloseReason>,
        answer: oneshot::Sender<Result<(), Arrived>>,
    ) -> Option<Wanted> {
        let as_expected = match &expected {
            Expected::Any(_) => true,
            Expected::Text(text) => {
                let mut expected = text.reader();
                // Never more than the rest of it is read.
                let _ = expected.split(read);
                expected.split(more.len()).is_ok_and(|expected| same(expected, more.reader()))
            }
        };
        let so_far = read + more.len();
        self.orders.set_read(so_far);
        let outcome = match over {
            None if as_expected && so_far < expected.bits() => {
                return Some(Wanted::Bits(expected, so_far, answer));
            }
            None if as_expected => Ok(()),
            None | Some(_) => Err(Arrived {
                text: match &expected {
                    Expected::Text(text) => joined(text, read, &more),
                    Expected::Any(_) => Bits::default(),
                },
                over,
            }),
        };
        // The step that asked may have lost its patience.
        let _ = answer.send(outcome);
        None
    }

    /// Adds a byte to the line. Telnet controls are not part of it.
    fn hear(
        &mut self,
        byte: &Bits,
        over: Option<CloseReason>,
        answer: oneshot::Sender<Result<String, NoLine>>,
    ) -> Option<Wanted> {
        let mut byte = BytesMut::from(byte.bytes());
        let received = match over {
            None => self.lines.decode(&mut byte),
            Some(_) => self.lines.decode_eof(&mut byte),
        };
        let outcome = match (received, over) {
            (Ok(Some(Received::Line(line))), _) => Ok(line),
            (Ok(Some(Received::CutShort(begun))), Some(over)) => Err(NoLine { over, begun }),
            (_, Some(over)) => Err(NoLine { over, begun: String::new() }),
            (_, None) => return Some(Wanted::Line(answer)),
        };
        // The step that asked may have lost its patience.
        let _ = answer.send(outcome);
        None
    }
}

/// Whether the two have the same bits.
pub(crate) fn same(mut one: BitReader<'_>, mut other: BitReader<'_>) -> bool {
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
pub(crate) fn joined(expected: &Bits, before: usize, now: &Bits) -> Bits {
    let mut writer = BitWriter::new(before + now.len());
    let mut first = expected.reader();
    first.limit(before);
    writer.put_bits(first);
    writer.put_bits(now.reader());
    writer.finish()
}
