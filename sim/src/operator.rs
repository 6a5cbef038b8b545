//! What the steps of a scenario have a host's operator do: his program for one connection, and the one that tells
//! him what happens to the host's NCP as a whole.
//!
//! What happens to a connection is printed behind `SOCKET` and its number: `OPEN TO`, the partner and the byte
//! size; `INTERRUPTED`; `WITHDRAWN`, if the operator gives up before it is open; `ABORTED`, if he breaks it off;
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

/// What the operator does with a connection.
pub(crate) enum Order {
    /// He sends whole bytes.
    Send(Bits),
    /// He reads what arrives, as long as it is this, and says how that went.
    Receive(Bits, oneshot::Sender<Result<(), Arrived>>),
    /// He interrupts.
    Interrupt,
    /// He asks for 128ths of the allocation back: messages, bits.
    TakeBack(u8, u8),
    /// He closes, or withdraws his request.
    Close,
    /// He breaks off.
    Abort,
}

/// What has arrived instead of what was expected, and whether more can come.
pub(crate) struct Arrived {
    pub(crate) text: Bits,
    pub(crate) over: Option<CloseReason>,
}

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is asked for, or listened for.
    Opening,
    /// It is open.
    Open(ByteSize),
    /// The operator has closed it, and what was sent is still on its way.
    Closing,
    /// It is over at both ends; what has arrived can be read.
    Ended(ByteSize, CloseReason),
    /// There is nothing left of it. It ended because of this, unless the operator wanted it so.
    Over(Option<CloseReason>),
}

/// The replay's hold on the operator's program for a connection.
pub(crate) struct Circuit {
    orders: mpsc::UnboundedSender<Order>,
    stage: Rc<Cell<Stage>>,
    read: Rc<Cell<usize>>,
}

impl Circuit {
    /// Starts the operator's program for a connection that has been asked for.
    pub(crate) fn start(host: &Handle, opening: Opening) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        let stage = Rc::new(Cell::new(Stage::Opening));
        let read = Rc::new(Cell::new(0));
        let name = format!("socket {}", opening.local());
        let operator = Operator { host: host.clone(), inbox, stage: stage.clone(), read: read.clone() };
        host.spawn(name, operator.circuit(opening));
        Circuit { orders, stage, read }
    }

    /// How far the connection has come.
    pub(crate) fn stage(&self) -> Stage {
        self.stage.get()
    }

    /// How many bits of what is to be received have arrived.
    pub(crate) fn read(&self) -> usize {
        self.read.get()
    }

    /// Gives an order. The operator obeys when the host next runs; without a connection he does nothing.
    pub(crate) fn order(&self, order: Order) {
        // Nobody is left to obey if the connection is over.
        let _ = self.orders.send(order);
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
            // These are told to whoever has the connection.
            Event::Opened { .. } | Event::Readable { .. } | Event::Writable { .. } => continue,
            Event::Interrupted { .. } | Event::Ending { .. } | Event::Closed { .. } => continue,
        };
        host.teletype().print(&line);
    }
}

/// What can happen to the operator of an open connection.
enum News {
    Interrupted,
    Received(Result<Bits, CloseReason>),
    Sent(Result<usize, CloseReason>),
    Over(CloseReason),
    Ordered(Order),
    /// The connection is over, and another has its socket; or the run is.
    Dismissed,
}

/// What is to be received: what is still to come, and who wants to know.
struct Wanted {
    text: Bits,
    read: usize,
    answer: oneshot::Sender<Result<(), Arrived>>,
}

struct Operator {
    host: Handle,
    inbox: mpsc::UnboundedReceiver<Order>,
    stage: Rc<Cell<Stage>>,
    read: Rc<Cell<usize>>,
}

impl Operator {
    async fn circuit(mut self, opening: Opening) {
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
            Some(Ok(connection)) => self.hold(connection, say).await,
            Some(Err(why)) => {
                self.stage.set(Stage::Over(Some(why)));
                say(why.to_string());
            }
            None => {
                self.stage.set(Stage::Over(None));
                say("WITHDRAWN".to_owned());
            }
        }
    }

    /// Obeys until the connection is over and has been read, or given up.
    async fn hold(mut self, connection: Connection, say: impl Fn(String)) {
        let (foreign, size) = (connection.foreign(), connection.size());
        self.stage.set(Stage::Open(size));
        let partner = self.host.name_of(foreign.host);
        say(format!("OPEN TO {partner} SOCKET {} SIZE {size}", foreign.socket));
        let mut unsent: VecDeque<(Bits, usize)> = VecDeque::new();
        let mut wanted: Option<Wanted> = None;
        loop {
            match self.news(&connection, unsent.front(), wanted.as_ref()).await {
                News::Interrupted => say("INTERRUPTED".to_owned()),
                News::Received(result) => {
                    wanted = wanted.and_then(|wanted| self.compare(wanted, result));
                }
                News::Sent(Ok(bits)) => {
                    if let Some((text, sent)) = unsent.front_mut() {
                        *sent += bits;
                        if *sent >= text.len() {
                            unsent.pop_front();
                        }
                    }
                }
                // That the connection is over comes next.
                News::Sent(Err(_)) => unsent.clear(),
                News::Over(why) => {
                    say(why.to_string());
                    if self.stage.get() == Stage::Closing {
                        return self.stage.set(Stage::Over(None));
                    }
                    self.stage.set(Stage::Ended(size, why));
                }
                News::Ordered(Order::Send(text)) => unsent.push_back((text, 0)),
                News::Ordered(Order::Receive(text, answer)) => {
                    self.read.set(0);
                    wanted = Some(Wanted { text, read: 0, answer });
                }
                News::Ordered(Order::Interrupt) => connection.interrupt(),
                News::Ordered(Order::TakeBack(messages, bits)) => {
                    connection.take_back(messages, bits);
                }
                News::Ordered(Order::Close | Order::Abort) if self.has_ended() => {
                    return self.stage.set(Stage::Over(None));
                }
                News::Ordered(Order::Close) => self.stage.set(Stage::Closing),
                News::Ordered(Order::Abort) => {
                    connection.abort();
                    self.stage.set(Stage::Over(None));
                    return say("ABORTED".to_owned());
                }
                News::Dismissed => return,
            }
        }
    }

    fn has_ended(&self) -> bool {
        matches!(self.stage.get(), Stage::Ended(..))
    }

    /// Waits for the next thing to happen. What happens at the same time comes in the order below.
    async fn news(
        &mut self,
        connection: &Connection,
        unsent: Option<&(Bits, usize)>,
        wanted: Option<&Wanted>,
    ) -> News {
        let (ended, closing) = (self.has_ended(), self.stage.get() == Stage::Closing && unsent.is_none());
        let mut interrupted = pin!(connection.interrupted());
        let mut received = pin!(OptionFuture::from(
            wanted.map(|wanted| connection.receive_some(wanted.text.len() - wanted.read))
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
                return Poll::Ready(News::Interrupted);
            }
            if let Poll::Ready(Some(result)) = received.as_mut().poll(cx) {
                return Poll::Ready(News::Received(result));
            }
            if let Poll::Ready(Some(result)) = sent.as_mut().poll(cx) {
                return Poll::Ready(News::Sent(result));
            }
            if let Poll::Ready(Some(why)) = over.as_mut().poll(cx) {
                return Poll::Ready(News::Over(why));
            }
            order.as_mut().poll(cx).map(|order| order.map_or(News::Dismissed, News::Ordered))
        })
        .await
    }

    /// Compares what has arrived with what is wanted; answers what is still wanted.
    fn compare(&self, wanted: Wanted, arrived: Result<Bits, CloseReason>) -> Option<Wanted> {
        let Wanted { text, read, answer } = wanted;
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
                return Some(Wanted { text, read, answer });
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
