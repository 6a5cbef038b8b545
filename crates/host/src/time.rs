//! Waiting for time to pass.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use machine::{Instant, Span};

use crate::alarms::Key;
use crate::kernel::Shared;

/// Waits until a moment of the host's clock has come.
pub struct Sleep {
    kernel: Shared,
    at: Instant,
    /// Its alarm, which is set when something waits for it: most of what may take a while takes none.
    key: Option<Key>,
}

impl Sleep {
    pub(crate) fn until(kernel: Shared, at: Instant) -> Self {
        Sleep { kernel, at, key: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Sleep { kernel, at, key } = self.get_mut();
        let kernel = &mut *kernel.borrow_mut();
        let waits = match *key {
            Some(key) => kernel.alarms.is_waiting(key, cx.waker()),
            None => {
                *key = Some(kernel.alarms.set(*at, cx.waker()));
                true
            }
        };
        if waits { Poll::Pending } else { Poll::Ready(()) }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.kernel.borrow_mut().alarms.clear(key);
        }
    }
}

/// A future was not ready within the span that it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing happened for {0}")]
pub struct TimedOut(pub Span);
