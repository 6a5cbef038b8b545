//! Waiting for time to pass.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use machine::{Instant, Span};

use crate::Handle;

/// The alarm clock of a host: who is to be woken when.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    waiting: BTreeMap<(Instant, u64), Option<Waker>>,
    next: u64,
}

impl Alarms {
    fn set(&mut self, at: Instant) -> (Instant, u64) {
        let key = (at, self.next);
        self.next += 1;
        self.waiting.insert(key, None);
        key
    }

    /// When the next alarm rings.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|((at, _), _)| *at)
    }

    /// Wakes everybody whose time has come; answers whether there was anybody.
    pub(crate) fn ring(&mut self, now: Instant) -> bool {
        let mut rang = false;
        while let Some(entry) = self.waiting.first_entry().filter(|entry| entry.key().0 <= now) {
            rang = true;
            if let Some(waker) = entry.remove() {
                waker.wake();
            }
        }
        rang
    }
}

/// Waits until a moment of the host's clock has come.
pub struct Sleep {
    host: Handle,
    key: (Instant, u64),
}

impl Sleep {
    pub(crate) fn until(host: Handle, at: Instant) -> Self {
        let key = host.kernel().alarms.set(at);
        Sleep { host, key }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut kernel = self.host.kernel();
        // An alarm that is not in the clock any more has rung.
        match kernel.alarms.waiting.get_mut(&self.key) {
            None => Poll::Ready(()),
            Some(waker) => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.host.kernel().alarms.waiting.remove(&self.key);
    }
}

/// What was waited for did not come about in the time that it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing happened for {0}")]
pub struct TimedOut(pub Span);
