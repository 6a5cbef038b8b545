//! Waiting for time to pass.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use machine::{Instant, Span};

use crate::kernel::Shared;

/// Waits until a moment of the host's clock has come.
pub struct Sleep {
    kernel: Shared,
    key: (Instant, u64),
}

impl Sleep {
    pub(crate) fn until(kernel: Shared, at: Instant) -> Self {
        let key = kernel.borrow_mut().alarms.set(at);
        Sleep { kernel, key }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waits = self.kernel.borrow_mut().alarms.is_waiting(self.key, cx.waker());
        if waits { Poll::Pending } else { Poll::Ready(()) }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.kernel.borrow_mut().alarms.clear(self.key);
    }
}

/// A future was not ready within the span that it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing happened for {0}")]
pub struct TimedOut(pub Span);
