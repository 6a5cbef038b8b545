//! What is outside of a live world: the clock, and the sockets of the cables.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use host::live::Clock;
use imp1822::HostAddress;
use machine::{Instant, Span};
use tokio::io::ReadBuf;
use tokio::net::UdpSocket;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::sleep_until;

use sim::{Driver, Wake};

/// Where a cable is moored: which host, at which address its IMP is, and where the host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mooring {
    pub(crate) host: HostAddress,
    pub(crate) listen: SocketAddr,
    pub(crate) peer: SocketAddr,
}

/// A world that is later than this gives up to catch up: the time is lost.
const LATE: Span = Span::from_secs(1);

/// After so many events in a row that were due already, the sockets are looked at all the same.
const ROW: u32 = 64;

/// The longest datagram there can be.
const LONGEST: usize = 65_536;

/// The real time and the real cables.
pub(crate) struct Ether {
    runtime: Runtime,
    clock: Clock,
    /// How much time was lost because the machine could not keep up.
    lost: Span,
    cables: Vec<Cable>,
    /// Whose turn it is to be heard first.
    turn: usize,
    row: u32,
    buffer: Vec<u8>,
    stop: Pin<Box<dyn Future<Output = ()>>>,
    tell: Box<dyn FnMut(&str)>,
}

struct Cable {
    host: HostAddress,
    socket: UdpSocket,
}

/// Ends when somebody wants the process to stop: an interrupt from the terminal, or a request to terminate.
pub(crate) async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        let terminated = terminated.recv();
        futures::future::select(Box::pin(interrupted), Box::pin(terminated)).await;
        return;
    }
    if interrupted.await.is_err() {
        // Where no such signal can be waited for, the process is ended by other means.
        std::future::pending::<()>().await;
    }
}

impl Ether {
    /// Opens the cables; the clock begins to run. `tell` gets to know what somebody at a terminal should.
    ///
    /// # Errors
    /// The cable that cannot be opened, and why.
    pub(crate) fn open(
        moorings: &[Mooring],
        tell: Box<dyn FnMut(&str)>,
    ) -> Result<Self, (Option<Mooring>, io::Error)> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| (None, error))?;
        let open = async {
            let mut cables = Vec::new();
            for mooring in moorings {
                let open = async {
                    let socket = UdpSocket::bind(mooring.listen).await?;
                    socket.connect(mooring.peer).await?;
                    Ok(Cable { host: mooring.host, socket })
                };
                cables.push(open.await.map_err(|error| (Some(*mooring), error))?);
            }
            Ok((cables, Clock::start()))
        };
        let (cables, clock) = runtime.block_on(open)?;
        Ok(Ether {
            runtime,
            clock,
            lost: Span::ZERO,
            cables,
            turn: 0,
            row: 0,
            buffer: vec![0; LONGEST],
            stop: Box::pin(stopped()),
            tell,
        })
    }

    fn now(&self) -> Instant {
        Instant::START + self.clock.now().since(Instant::START + self.lost)
    }

    /// The machine was busy with something else, or is too slow: the world's time is what it has come to.
    fn keep_up(&mut self, until: Instant) {
        let late = self.now().since(until);
        if late > LATE {
            self.lost += late;
            (self.tell)(&format!("this machine does not keep up: the net's clock was stopped for {late}"));
        }
    }
}

impl Driver for Ether {
    fn wait(&mut self, until: Instant, deaf: &[HostAddress]) -> Wake {
        self.keep_up(until);
        // What is due comes first, or a flood of datagrams would stop the clock; but not for ever, or a net that is
        // always late would hear nothing.
        let due = self.now() >= until;
        self.row = if due { (self.row + 1) % ROW } else { 0 };
        if self.row > 0 {
            return Wake::Due;
        }
        let real = self.clock.real(until + self.lost);
        let Ether { runtime, cables, turn, buffer, stop, .. } = self;
        let found = runtime.block_on(async {
            if due {
                // Only a runtime that has nothing to do finds out what has arrived.
                yield_now().await;
            }
            let mut timer = std::pin::pin!(sleep_until(real));
            poll_fn(|cx| {
                if stop.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Found::Stop);
                }
                for step in 0..cables.len() {
                    let index = (*turn + step) % cables.len();
                    let Cable { host, socket } = &cables[index];
                    if !deaf.contains(host)
                        && let Some(length) = arrived(socket, buffer, cx)
                    {
                        *turn = index + 1;
                        return Poll::Ready(Found::Datagram(*host, length));
                    }
                }
                timer.as_mut().poll(cx).map(|()| Found::Time)
            })
            .await
        });
        match found {
            Found::Time => Wake::Due,
            Found::Stop => Wake::Stopped,
            Found::Datagram(host, length) => Wake::Datagram(self.now(), host, self.buffer[..length].to_vec()),
        }
    }

    fn send(&mut self, host: HostAddress, datagram: Vec<u8>) {
        let Some(Cable { socket, .. }) = self.cables.iter().find(|cable| cable.host == host) else { return };
        self.runtime.block_on(async {
            // The first error is that of an earlier datagram. A host that is not there misses what it is sent.
            if socket.send(&datagram).await.is_err() {
                let _ = socket.send(&datagram).await;
            }
        });
    }
}

enum Found {
    Time,
    Stop,
    Datagram(HostAddress, usize),
}

/// The length of a datagram that has arrived. Errors only say that an earlier datagram of ours has not.
fn arrived(socket: &UdpSocket, buffer: &mut [u8], cx: &mut Context<'_>) -> Option<usize> {
    // Of errors there is at most one for each datagram sent; none of them may use up the datagram behind it.
    for _ in 0..ROW {
        let mut read = ReadBuf::new(buffer);
        match socket.poll_recv(cx, &mut read) {
            Poll::Pending => return None,
            Poll::Ready(Ok(())) => return Some(read.filled().len()),
            Poll::Ready(Err(_)) => {}
        }
    }
    cx.waker().wake_by_ref();
    None
}
