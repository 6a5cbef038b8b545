//! A host on a real cable: the driver that gives it datagrams, and the time.
//!
//! The driver is one task. It has no opinion on what the datagrams say: that is the business of [`HostOnCable`], which has no
//! socket and no clock. A host that lives here runs the same programs as one in a simulation.

mod folder;
mod on_cable;
mod report;

use std::future::{Future as _, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use imp1822::h316::Statistics;
use machine::{Instant, Machine, Span};
use ncp::Socket;
use tokio::io::{Interest, ReadBuf};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant as RealInstant, Sleep, sleep_until};

use crate::Notice;
use crate::note::Prompt;
pub use crate::password::{BadHash, Hash};
use crate::teletype::INTERRUPT;
pub use folder::{Access, Folder};
pub use on_cable::{FromHost, HostOnCable, ToHost};
pub use report::{ImpState, Report};

use report::SETTLING_TIME;

/// The time since the process began, or since whatever else was called the start: it never goes back.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: RealInstant,
}

impl Clock {
    /// A clock that begins now.
    pub fn start() -> Self {
        Clock { start: RealInstant::now() }
    }

    /// What the clock shows.
    pub fn now(self) -> Instant {
        Instant::from_micros(u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    /// The moment at which it will show `at`. A time beyond all planning becomes a year from now.
    pub fn real(self, at: Instant) -> RealInstant {
        const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        let ahead = Duration::from_micros(at.since(self.now()).as_micros());
        let planned = self.start.checked_add(Duration::from_micros(at.as_micros())).filter(|_| ahead < YEAR);
        planned.unwrap_or_else(|| RealInstant::now() + YEAR)
    }
}

/// What becomes of the host when its lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnEof {
    /// It stays up.
    StayUp,
    /// It goes down as soon as its program has finished with what was typed.
    GoDown,
}

/// For how long a host that is down takes what its IMP still sends. An emulated IMP at the other end of the cable takes a
/// datagram that is refused for an error of its interface, and may detach it for good.
pub const LINGER: Span = Span::from_secs(3);

/// How long services have to take their leave of those whom they serve: a few times what a message and its answer take across
/// the net.
pub const LEAVE: Span = Span::from_secs(5);

/// What is asked of a host, or of who types to it, from outside of the net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A person strikes the key that interrupts. A program that listens while it works hears of it, and may stop what it is about;
    /// otherwise, or if it is still about it when the key is struck once more, the host goes down.
    Interrupt,
    /// The host is to go down.
    Down,
}

/// Why a host was taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was asked to go down.
    Asked,
    /// Its lines have ended, and its program has finished with them.
    LinesOver,
    /// Its IMP was not ready for this long.
    Absent(Span),
}

/// How the life of a host has ended.
#[derive(Debug, Clone)]
pub struct Ending {
    /// What was counted at the cable.
    pub counted: Statistics,
    /// Why it was taken down.
    pub why: Why,
    /// Whether its program had not finished with a line.
    pub is_unfinished: bool,
    /// What its program waited for to be typed, if it did.
    pub asks: Option<Prompt>,
}

/// A host on its cable, and the socket that is the cable.
pub struct Driver<R> {
    on_cable: HostOnCable,
    socket: UdpSocket,
    clock: Clock,
    report: R,
    /// When lines may be handed to the host, once the IMP is ready.
    settled: Option<Instant>,
    /// The state of the IMP, and since when it has not been ready.
    imp: Option<ImpState>,
    absent_since: Option<Instant>,
    /// For how long the IMP may be not ready.
    wait: Option<Span>,
    linger: Span,
    /// Whether a person types, who sees what the program is about and may speak meanwhile.
    typed_by_person: bool,
    /// The contact sockets of services that say a last word before the host goes down, and until when they may.
    services: Vec<Socket>,
    leaves_by: Option<Instant>,
}

/// The longest datagram there can be, in bytes.
const MAX_DATAGRAM: usize = 65_536;

/// What the driver waits for.
enum Event {
    /// Something is asked of the host.
    Stop(Stop),
    /// The deadline of the host, or the moment from which lines are taken.
    Time,
    /// A line was typed, or with `None`: the lines have ended.
    Line(Option<String>),
    /// A datagram of this many bytes has arrived.
    Datagram(usize),
    /// A datagram did not get through: an ICMP message said so.
    Refused,
}

impl<R: FnMut(Instant, Report)> Driver<R> {
    /// A host that is off, with its cable. The socket must be connected to the IMP. `report` is told what
    /// happens, and when by the `clock`.
    pub fn new(on_cable: HostOnCable, socket: UdpSocket, clock: Clock, report: R) -> Self {
        let (settled, imp, absent_since, wait, linger) = (None, None, None, None, LINGER);
        let (typed_by_person, services, leaves_by) = (false, Vec::new(), None);
        Driver {
            on_cable,
            socket,
            clock,
            report,
            settled,
            imp,
            absent_since,
            wait,
            linger,
            typed_by_person,
            services,
            leaves_by,
        }
    }

    /// The same, but before it is taken down the services at these contact sockets are told that they stop, and have [`LEAVE`] to
    /// take their leave.
    pub fn taking_leave(self, services: Vec<Socket>) -> Self {
        Driver { services, ..self }
    }

    /// The same, but a person types: while its program works on a line and [listens](crate::Teletype::overhear), it is handed
    /// the next. A script's lines wait, as they mean what comes after.
    pub fn typed_by_person(self, typed_by_person: bool) -> Self {
        Driver { typed_by_person, ..self }
    }

    /// The same, but it is taken down when its IMP has not been ready for that long.
    pub fn waiting(self, wait: Option<Span>) -> Self {
        Driver { wait, ..self }
    }

    /// The same, but when it is down it takes what its IMP still sends for that long, instead of [`LINGER`].
    pub fn lingering(self, linger: Span) -> Self {
        Driver { linger, ..self }
    }

    /// Switches the host on and lets it live until `stops` says so, or until `lines` ends if that is what `on_eof` says. Then
    /// its services [take their leave](Driver::taking_leave), it says that it goes down, drops its ready line, and takes for a
    /// while what its IMP still sends. Whatever `stops` says meanwhile ends that.
    ///
    /// Lines are taken one by one, when the IMP has been ready for a second and the host's program has finished with the
    /// one before (or [a person types](Driver::typed_by_person)). Those that were typed before are waited for, however long the IMP takes.
    pub async fn run(
        mut self,
        mut lines: mpsc::Receiver<String>,
        on_eof: OnEof,
        stops: impl Stream<Item = Stop>,
    ) -> Ending {
        let mut stops = pin!(stops);
        let mut typing = Typing::On;
        let mut ahead = None;
        let mut buffer = vec![0; MAX_DATAGRAM];
        self.absent_since = Some(self.clock.now());
        // Whether the program has been told to stop what it is about.
        let mut is_interrupted = false;
        self.handle(ToHost::Boot);
        let why = loop {
            if self.settle().await {
                self.handle(ToHost::Refused);
                continue;
            }
            if typing == Typing::Over
                && on_eof == OnEof::GoDown
                && !self.on_cable.host().is_busy_with_a_line()
            {
                break Why::LinesOver;
            }
            if let Some(wait) = self.wait
                && self.gives_up().is_some_and(|at| at <= self.clock.now())
            {
                break Why::Absent(wait);
            }
            let host = self.on_cable.host();
            is_interrupted &= host.is_busy_with_a_line();
            let may_interrupt = self.typed_by_person && !is_interrupted && host.is_overheard();
            match self.next(stops.as_mut(), (&mut lines, &mut ahead), typing, &mut buffer).await {
                Event::Stop(Stop::Interrupt) if may_interrupt => {
                    is_interrupted = true;
                    self.handle(ToHost::Line(INTERRUPT.to_owned()));
                }
                Event::Stop(_) => break Why::Asked,
                Event::Line(None) => typing = Typing::Over,
                Event::Line(Some(line)) => self.handle(ToHost::Line(line)),
                Event::Time => self.on_cable.alarm(self.clock.now()),
                Event::Datagram(length) => self.handle(ToHost::Datagram(buffer[..length].to_vec())),
                Event::Refused => self.handle(ToHost::Refused),
            }
        };
        let (is_unfinished, asks) = (self.on_cable.host().is_busy_with_a_line(), self.on_cable.host().asks());
        let is_pressed = self.take_leave(stops.as_mut(), &mut lines, &mut buffer).await;
        self.handle(ToHost::GoDown);
        let refused = self.settle().await;
        if !refused && !is_pressed && matches!(self.imp, Some(ImpState::Ready | ImpState::NotReady)) {
            self.take_what_comes(stops, &mut buffer).await;
        }
        Ending { counted: self.on_cable.statistics(), why, is_unfinished, asks }
    }

    /// Has the services take their leave of those whom they serve, and waits for that. Returns whether that was cut short.
    async fn take_leave(
        &mut self,
        mut stops: Pin<&mut impl Stream<Item = Stop>>,
        lines: &mut mpsc::Receiver<String>,
        buffer: &mut [u8],
    ) -> bool {
        let now = self.clock.now();
        let until = now + LEAVE;
        (self.leaves_by, self.wait) = (Some(until), None);
        for service in std::mem::take(&mut self.services) {
            self.handle(ToHost::Notice(Notice::Stops(service, now)));
        }
        while self.on_cable.host().is_operator_heard() && self.clock.now() < until {
            if self.settle().await {
                self.handle(ToHost::Refused);
                continue;
            }
            match self.next(stops.as_mut(), (lines, &mut None), Typing::Over, buffer).await {
                Event::Stop(_) => return true,
                Event::Line(_) => {}
                Event::Time => self.on_cable.alarm(self.clock.now()),
                Event::Datagram(length) => self.handle(ToHost::Datagram(buffer[..length].to_vec())),
                Event::Refused => self.handle(ToHost::Refused),
            }
        }
        false
    }

    /// Takes what an IMP sends that has not noticed yet that the host is down, and does nothing with it: the host's
    /// interface is off.
    async fn take_what_comes(&mut self, mut stops: Pin<&mut impl Stream<Item = Stop>>, buffer: &mut [u8]) {
        let until = self.clock.now() + self.linger;
        (self.report)(self.clock.now(), Report::Lingers(self.linger));
        let mut timer = pin!(sleep_until(self.clock.real(until)));
        poll_fn(|cx| {
            if stops.as_mut().poll_next(cx).is_ready() || timer.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            loop {
                match self.socket.poll_recv(cx, &mut ReadBuf::new(buffer)) {
                    Poll::Pending => return Poll::Pending,
                    // The IMP is gone: nobody is left who could send.
                    Poll::Ready(Err(error)) if !is_worth_nothing(&error) => return Poll::Ready(()),
                    Poll::Ready(Ok(()) | Err(_)) if self.clock.now() < until => {}
                    Poll::Ready(Ok(()) | Err(_)) => return Poll::Ready(()),
                }
            }
        })
        .await;
    }

    /// When the IMP has not been ready for as long as is waited.
    fn gives_up(&self) -> Option<Instant> {
        Some(self.absent_since? + self.wait?)
    }

    fn handle(&mut self, input: ToHost) {
        self.on_cable.handle(self.clock.now(), input);
    }

    /// Sends and reports what the host has to say. Returns whether a datagram was refused.
    async fn settle(&mut self) -> bool {
        let now = self.clock.now();
        let mut refused = false;
        while let Some(output) = self.on_cable.poll() {
            match output {
                FromHost::Report(report) => {
                    if let Report::Imp(state) = report {
                        let is_ready = state == ImpState::Ready;
                        self.settled = is_ready.then_some(now + SETTLING_TIME);
                        self.absent_since = (!is_ready).then(|| self.absent_since.unwrap_or(now));
                        self.imp = Some(state);
                    }
                    (self.report)(now, report);
                }
                FromHost::Datagram(datagram) => {
                    // An error is that of an earlier datagram, and this one has not been sent. What cannot be sent
                    // at all is lost, as datagrams are.
                    if let Err(error) = self.socket.send(&datagram).await {
                        refused |= error.kind() == io::ErrorKind::ConnectionRefused;
                        let _ = self.socket.send(&datagram).await;
                    }
                }
            }
        }
        refused
    }

    /// Whether the socket has an error that says that a datagram was refused.
    fn is_refused(&self) -> bool {
        let error: io::Result<()> =
            self.socket.try_io(Interest::ERROR, || match self.socket.take_error()? {
                Some(error) => Err(error),
                // It has been told already: there is nothing to wait for but the next one.
                None => Err(io::ErrorKind::WouldBlock.into()),
            });
        error.is_err_and(|error| !is_worth_nothing(&error))
    }

    /// Waits for the next thing that happens.
    async fn next(
        &mut self,
        mut stops: Pin<&mut impl Stream<Item = Stop>>,
        (lines, ahead): (&mut mpsc::Receiver<String>, &mut Option<String>),
        typing: Typing,
        buffer: &mut [u8],
    ) -> Event {
        let wants_lines = typing == Typing::On
            && self.on_cable.is_imp_ready()
            && (!self.on_cable.host().is_busy_with_a_line()
                || self.typed_by_person && self.on_cable.host().is_overheard());
        let settled = self.settled.filter(|_| wants_lines);
        let takes_lines = settled.is_some_and(|settled| settled <= self.clock.now());
        let settled = settled.filter(|_| !takes_lines);
        let deadline = [self.on_cable.deadline(), settled, self.gives_up(), self.leaves_by];
        let deadline = deadline.into_iter().flatten().min();
        let mut timer = pin!(deadline.map(|deadline| sleep_until(self.clock.real(deadline))));
        // An error alone makes no socket readable: it must be asked for.
        let mut error = pin!(self.socket.ready(Interest::ERROR));
        poll_fn(|cx| {
            if let Poll::Ready(stop) = stops.as_mut().poll_next(cx) {
                return Poll::Ready(Event::Stop(stop.unwrap_or(Stop::Down)));
            }
            // A flood of datagrams must not keep the clock from being looked at.
            if rings(timer.as_mut().as_pin_mut(), cx) {
                return Poll::Ready(Event::Time);
            }
            // One line is taken ahead, so that it is noticed that there are no more, also while no IMP takes them.
            if typing == Typing::On
                && ahead.is_none()
                && let Poll::Ready(line) = lines.poll_recv(cx)
            {
                *ahead = line;
                if ahead.is_none() {
                    return Poll::Ready(Event::Line(None));
                }
            }
            if takes_lines && let Some(line) = ahead.take() {
                return Poll::Ready(Event::Line(Some(line)));
            }
            while error.as_mut().poll(cx).is_ready() {
                if self.is_refused() {
                    return Poll::Ready(Event::Refused);
                }
                // A send has returned this error already: the next one is waited for.
                error.set(self.socket.ready(Interest::ERROR));
            }
            let mut read = ReadBuf::new(buffer);
            match self.socket.poll_recv(cx, &mut read) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Ok(())) => Poll::Ready(Event::Datagram(read.filled().len())),
                Poll::Ready(Err(error)) if is_worth_nothing(&error) => {
                    // It is over with the error; the next look may find a datagram.
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                Poll::Ready(Err(_)) => Poll::Ready(Event::Refused),
            }
        })
        .await
    }
}

/// Whether lines may still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Typing {
    On,
    Over,
}

fn rings(timer: Option<Pin<&mut Sleep>>, cx: &mut Context<'_>) -> bool {
    timer.is_some_and(|timer| timer.poll(cx).is_ready())
}

/// Errors of a socket that say nothing about the peer.
fn is_worth_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
}
