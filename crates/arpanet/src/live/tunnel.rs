//! The driver of one end of a bridge: it has the sockets and the time.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bridge::{Counts, End, Id, Input, Name, News, Output};
use host::live::Clock;
use machine::{Instant, Machine, Span};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::time::sleep_until;

use super::far_end::FarEnd;
use super::udp::{MAX_DATAGRAM, arrived};

/// Where the other end comes from.
pub(crate) enum Door {
    /// It is called there.
    To(FarEnd),
    /// It comes in here.
    Open(TcpListener),
}

/// What is to be told.
#[derive(Debug)]
pub(crate) enum TunnelReport {
    /// What the end says, and where the other side of a connection is.
    News(News, Option<SocketAddr>),
    /// The other end cannot be reached.
    Unreached(String, io::Error),
}

/// What becomes of an end after it was told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    GoesOn,
    IsTakenDown,
}

/// How long a connection that is closed may take to be rid of what was to be sent.
const LAST_WORDS: Span = Span::from_secs(1);

/// How long it is waited when the system takes no more connections.
const CLOSED_DOOR: Span = Span::from_secs(1);

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;

/// One connection.
struct Connection {
    id: Id,
    stream: TcpStream,
    from: Option<SocketAddr>,
    out: Vec<u8>,
    /// How many bytes of `out` are written.
    written: usize,
    /// It is closed by then.
    closes: Option<Instant>,
}

/// An end with its sockets.
pub(crate) struct Tunnel {
    end: End,
    /// Of each cable, in the order of the end.
    cables: Vec<UdpSocket>,
    door: Door,
    clock: Clock,
    connections: Vec<Connection>,
    /// The call that is under way.
    calling: Option<Id>,
    next_id: u64,
    /// Nobody is let in before.
    door_opens: Option<Instant>,
    /// Who is looked at first, so that none is starved.
    turn: usize,
    buffer: Vec<u8>,
}

/// What has happened.
enum Event {
    Down,
    Time,
    Datagram(usize, usize),
    Somebody(io::Result<(TcpStream, SocketAddr)>),
    Called(Id, io::Result<TcpStream>),
    Read(usize, usize),
    Written(usize, usize),
    /// The connection at this place is over.
    Over(usize),
}

impl Tunnel {
    /// An end whose sockets are open. They are those of its cables, in its order.
    pub(crate) fn new(end: End, cables: Vec<UdpSocket>, door: Door, clock: Clock) -> Self {
        Tunnel {
            end,
            cables,
            door,
            clock,
            connections: Vec::new(),
            calling: None,
            next_id: 0,
            door_opens: None,
            turn: 0,
            buffer: vec![0; MAX_DATAGRAM],
        }
    }

    /// Carries datagrams until `down`, or until `report` says so. Returns what was counted of each cable, and how many datagrams
    /// the other end has not said to have taken.
    pub(crate) async fn run(
        mut self,
        down: impl Future<Output = ()>,
        mut report: impl FnMut(Instant, TunnelReport) -> Then,
    ) -> (Vec<(Name, Counts)>, usize) {
        let mut down = pin!(down);
        let mut then = Then::GoesOn;
        while then == Then::GoesOn {
            then = self.settle(&mut report).await;
            if then == Then::IsTakenDown {
                break;
            }
            match self.next(down.as_mut()).await {
                Event::Down => then = Then::IsTakenDown,
                Event::Time => self.time(),
                Event::Datagram(cable, length) => {
                    let datagram = self.buffer[..length].to_vec();
                    self.handle(Input::Datagram(cable, datagram));
                }
                Event::Somebody(Ok((stream, from))) => {
                    self.next_id += 1;
                    let id = Id(self.next_id);
                    self.open(id, stream, Some(from));
                }
                Event::Somebody(Err(_)) => self.door_opens = Some(self.clock.now() + CLOSED_DOOR),
                Event::Called(id, Ok(stream)) => {
                    let at = stream.peer_addr().ok();
                    self.open(id, stream, at);
                }
                Event::Called(id, Err(error)) => {
                    if let Door::To(to) = &self.door {
                        then = report(self.clock.now(), TunnelReport::Unreached(to.name().to_owned(), error));
                    }
                    self.handle(Input::Closed(id));
                }
                Event::Read(place, length) => {
                    let (id, bytes) = (self.connections[place].id, self.buffer[..length].to_vec());
                    self.handle(Input::Bytes(id, bytes));
                }
                Event::Written(place, length) => {
                    let id = self.connections[place].id;
                    self.handle(Input::Written(id, length));
                }
                Event::Over(place) => {
                    let connection = self.connections.swap_remove(place);
                    self.handle(Input::Closed(connection.id));
                }
            }
        }
        let waiting = self.end.waiting();
        self.handle(Input::Down);
        self.settle(&mut |_, _| Then::GoesOn).await;
        while !self.connections.is_empty() {
            match self.next(pin!(std::future::pending())).await {
                Event::Over(place) => drop(self.connections.swap_remove(place)),
                Event::Time => self.time(),
                _ => {}
            }
        }
        (self.end.cables().iter().cloned().zip(self.end.counts().iter().copied()).collect(), waiting)
    }

    fn handle(&mut self, input: Input) {
        self.end.handle(self.clock.now(), input);
    }

    fn time(&mut self) {
        let now = self.clock.now();
        self.connections.retain(|connection| connection.closes.is_none_or(|closes| closes > now));
        self.door_opens = self.door_opens.filter(|opens| *opens > now);
        self.end.alarm(now);
    }

    fn open(&mut self, id: Id, stream: TcpStream, from: Option<SocketAddr>) {
        // What is typed on a cable is waited for: nothing is collected.
        let _ = stream.set_nodelay(true);
        self.connections.push(Connection { id, stream, from, out: Vec::new(), written: 0, closes: None });
        self.handle(Input::Opened(id, from.map(|from| from.ip())));
    }

    /// Does what the end says.
    async fn settle(&mut self, report: &mut impl FnMut(Instant, TunnelReport) -> Then) -> Then {
        let now = self.clock.now();
        let mut then = Then::GoesOn;
        while let Some(output) = self.end.poll() {
            match output {
                Output::Call(id) => {
                    if let Door::To(to) = &mut self.door {
                        to.call();
                        self.calling = Some(id);
                    }
                }
                Output::Send(id, bytes) => {
                    if let Some(connection) = self.connections.iter_mut().find(|one| one.id == id) {
                        connection.out.extend(bytes);
                    }
                }
                Output::Close(id) => {
                    if let Door::To(to) = &mut self.door
                        && self.calling.take_if(|calling| *calling == id).is_some()
                    {
                        to.hang_up();
                    }
                    if let Some(connection) = self.connections.iter_mut().find(|one| one.id == id) {
                        connection.closes = Some(now + LAST_WORDS);
                    }
                }
                Output::Datagram(cable, datagram) => {
                    let Some(socket) = self.cables.get(cable) else { continue };
                    // The first error is that of an earlier datagram. Who is not there misses what he is sent.
                    if socket.send(&datagram).await.is_err() {
                        let _ = socket.send(&datagram).await;
                    }
                }
                Output::News(news) => {
                    let id = match &news {
                        News::Connected { id, .. } | News::Failed(id, _) => Some(*id),
                        News::Cut(_) | News::Full | News::Unplugged(_) => None,
                    };
                    let place = self.connections.iter().find(|one| Some(one.id) == id);
                    let from = place.and_then(|one| one.from);
                    if report(now, TunnelReport::News(news, from)) == Then::IsTakenDown {
                        then = Then::IsTakenDown;
                    }
                }
            }
        }
        then
    }

    /// Waits for the next thing that happens.
    async fn next(&mut self, mut down: Pin<&mut impl Future<Output = ()>>) -> Event {
        let closes = self.connections.iter().filter_map(|connection| connection.closes);
        let deadline = closes.chain(self.end.deadline()).chain(self.door_opens).min();
        let mut timer = pin!(deadline.map(|deadline| sleep_until(self.clock.real(deadline))));
        self.turn = self.turn.wrapping_add(1);
        poll_fn(|cx| {
            if down.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Event::Down);
            }
            if timer.as_mut().as_pin_mut().is_some_and(|timer| timer.poll(cx).is_ready()) {
                return Poll::Ready(Event::Time);
            }
            let all = [Tunnel::cable, Tunnel::connection, Tunnel::door];
            let event = (0..all.len()).find_map(|step| all[(self.turn + step) % all.len()](self, cx));
            event.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    /// A datagram that has arrived at a cable.
    fn cable(&mut self, cx: &mut Context<'_>) -> Option<Event> {
        let Tunnel { cables, buffer, turn, .. } = self;
        let places = (0..cables.len()).map(|step| (*turn / 3 + step) % cables.len());
        let mut all = places.map(|place| (place, &cables[place]));
        all.find_map(|(place, socket)| Some(Event::Datagram(place, arrived(socket, buffer, cx)?)))
    }

    /// What a connection can do now.
    fn connection(&mut self, cx: &mut Context<'_>) -> Option<Event> {
        let Tunnel { end, connections, buffer, turn, .. } = self;
        let reads = end.takes_more();
        let count = connections.len();
        let mut places = (0..count).map(|step| (*turn / 3 + step) % count);
        places.find_map(|place| connections[place].next(place, reads, buffer, cx))
    }

    /// Who comes in, or is reached.
    fn door(&mut self, cx: &mut Context<'_>) -> Option<Event> {
        match &mut self.door {
            Door::Open(_) if self.door_opens.is_some() => None,
            Door::Open(listener) => match listener.poll_accept(cx) {
                Poll::Ready(somebody) => Some(Event::Somebody(somebody)),
                Poll::Pending => None,
            },
            Door::To(to) => {
                let calling = self.calling?;
                let Poll::Ready(called) = to.reached(cx) else { return None };
                self.calling = None;
                Some(Event::Called(calling, called))
            }
        }
    }
}

impl Connection {
    fn next(&mut self, place: usize, reads: bool, buffer: &mut [u8], cx: &mut Context<'_>) -> Option<Event> {
        if !self.out.is_empty() {
            match Pin::new(&mut self.stream).poll_write(cx, &self.out[self.written..]) {
                Poll::Ready(Ok(length)) if length > 0 => {
                    self.written += length;
                    if self.written == self.out.len() {
                        self.out.clear();
                        self.written = 0;
                    }
                    return Some(Event::Written(place, length));
                }
                Poll::Ready(_) => return Some(Event::Over(place)),
                Poll::Pending => {}
            }
        } else if self.closes.is_some() {
            // What has been sent is on its way; that the other side has it is not waited for.
            let _ = Pin::new(&mut self.stream).poll_shutdown(cx);
            return Some(Event::Over(place));
        }
        if self.closes.is_some() || !reads {
            return None;
        }
        let mut read = ReadBuf::new(&mut buffer[..CHUNK]);
        match Pin::new(&mut self.stream).poll_read(cx, &mut read) {
            Poll::Pending => None,
            Poll::Ready(Ok(())) if !read.filled().is_empty() => Some(Event::Read(place, read.filled().len())),
            Poll::Ready(_) => Some(Event::Over(place)),
        }
    }
}
