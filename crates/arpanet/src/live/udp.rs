//! The clock of a live net, and the cables of its hosts elsewhere.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use host::live::Clock;
use imp1822::HostAddress;
use machine::{Instant, Span};
use sim::{Driver, Wake};
use tokio::io::ReadBuf;
use tokio::net::UdpSocket;
use tokio::runtime::Runtime;
use tokio::task::yield_now;
use tokio::time::sleep_until;

use super::cable::{self, CableError};
use super::stop::stopped;

/// The cable of a host elsewhere: which host, the address of its IMP here, and the address of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CableAddress {
    pub(crate) host: HostAddress,
    pub(crate) listen: SocketAddr,
    pub(crate) peer: SocketAddr,
}

/// A net that is late by more than this does not catch up: its clock skips the time.
const MAX_LATE: Span = Span::from_secs(1);

/// While catching up, poll the sockets after every 64 overdue events, so that a late net still receives.
const MAX_OVERDUE_RUN: u32 = 64;

/// The longest datagram there can be, in bytes.
pub(super) const MAX_DATAGRAM: usize = 65_536;

/// The real time and the real cables.
pub(crate) struct UdpDriver {
    runtime: Runtime,
    clock: Clock,
    /// How much real time the net's clock has skipped because the machine could not keep up.
    skipped: Span,
    cables: Vec<Cable>,
    /// The cable that is polled first, so that none is starved.
    next_cable: usize,
    /// How many events in a row were overdue.
    overdue_run: u32,
    buffer: Vec<u8>,
    stop: Pin<Box<dyn Future<Output = ()>>>,
    tell: Box<dyn FnMut(&str)>,
}

struct Cable {
    host: HostAddress,
    socket: UdpSocket,
}

impl UdpDriver {
    /// Opens the cables; the clock begins to run. `tell` is handed lines for the user.
    ///
    /// # Errors
    /// The first cable that cannot be opened, and why.
    pub(crate) fn open(addresses: &[CableAddress], tell: Box<dyn FnMut(&str)>) -> Result<Self, CableError> {
        let runtime = cable::runtime()?;
        let (cables, clock, stop) = runtime.block_on(async {
            let mut cables = Vec::new();
            for CableAddress { host, listen, peer } in addresses {
                cables.push(Cable { host: *host, socket: cable::open(*listen, *peer).await? });
            }
            Ok::<_, CableError>((cables, Clock::start(), stopped()))
        })?;
        Ok(UdpDriver {
            runtime,
            clock,
            skipped: Span::ZERO,
            cables,
            next_cable: 0,
            overdue_run: 0,
            buffer: vec![0; MAX_DATAGRAM],
            stop: Box::pin(stop),
            tell,
        })
    }

    fn now(&self) -> Instant {
        Instant::START + self.clock.now().since(Instant::START + self.skipped)
    }

    /// If the net is too late for what is due at `until`, because the machine was busy or is too slow, skips the time.
    fn keep_up(&mut self, until: Instant) {
        let late = self.now().since(until);
        if late > MAX_LATE {
            self.skipped += late;
            (self.tell)(&format!("this machine does not keep up: the net's clock was stopped for {late}"));
        }
    }
}

impl Driver for UdpDriver {
    fn wait(&mut self, until: Instant, paused: &[HostAddress]) -> Wake {
        self.keep_up(until);
        // What is due comes first, or a flood of datagrams would stop the clock; but only for a limited run of events,
        // or a net that is always late would receive nothing.
        let due = self.now() >= until;
        self.overdue_run = if due { (self.overdue_run + 1) % MAX_OVERDUE_RUN } else { 0 };
        if self.overdue_run > 0 {
            return Wake::Due;
        }
        let real = self.clock.real(until + self.skipped);
        let UdpDriver { runtime, cables, next_cable, buffer, stop, .. } = self;
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
                    let index = (*next_cable + step) % cables.len();
                    let Cable { host, socket } = &cables[index];
                    if !paused.contains(host)
                        && let Some(length) = arrived(socket, buffer, cx)
                    {
                        *next_cable = index + 1;
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

/// What ended the wait.
enum Found {
    Time,
    Stop,
    Datagram(HostAddress, usize),
}

/// The length of a datagram that has arrived. Errors only say that an earlier datagram of ours has not.
pub(super) fn arrived(socket: &UdpSocket, buffer: &mut [u8], cx: &mut Context<'_>) -> Option<usize> {
    // There is at most one error for each datagram sent; none of them may hide the datagram behind it.
    for _ in 0..MAX_OVERDUE_RUN {
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
