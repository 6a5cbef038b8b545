//! The executor: polls the programs of one host, in the order in which they were woken.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures::future::LocalBoxFuture;
use machine::Sorted;
use tokio::sync::oneshot;

/// How often programs may still be polled before the clock has to move. More means that one of them wakes
/// itself for ever, which is a bug of the program.
pub(crate) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Budget(1_000_000)
    }
}

/// The task of whoever acts from outside the host.
pub(crate) const OUTSIDE: u64 = u64::MAX;

/// Who has started a program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// The host, as it came up.
    Boot,
    /// Another program.
    #[default]
    Program,
    /// Somebody outside of the host, as an operator at the console would, or a program that was started so.
    Outside,
}

impl Origin {
    /// That of what such a program starts.
    pub(crate) fn of_started(self) -> Self {
        match self {
            Origin::Boot | Origin::Program => Origin::Program,
            Origin::Outside => Origin::Outside,
        }
    }
}

/// A program that waits to be taken over by the executor.
pub(crate) struct Spawned {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) future: LocalBoxFuture<'static, ()>,
}

/// The tasks of a host, and which of them have been woken.
#[derive(Default)]
pub(crate) struct Executor {
    tasks: Sorted<u64, Running>,
    next: u64,
    ready: Arc<Ready>,
}

struct Running {
    name: String,
    origin: Origin,
    future: LocalBoxFuture<'static, ()>,
    wake: Arc<WakeTask>,
    waker: Waker,
}

#[derive(Default)]
struct Ready {
    tasks: Mutex<VecDeque<u64>>,
    /// Whether there may be any: mostly there is none, and nothing need be locked to see that.
    are_any: AtomicBool,
}

impl Ready {
    fn push(&self, task: u64) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
        self.are_any.store(true, Ordering::Release);
    }

    fn pop(&self) -> Option<u64> {
        if !self.are_any.load(Ordering::Acquire) {
            return None;
        }
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let task = tasks.pop_front();
        self.are_any.store(!tasks.is_empty(), Ordering::Release);
        task
    }
}

/// Puts its task into the ready queue, once until the task is polled.
struct WakeTask {
    task: u64,
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl Wake for WakeTask {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.queued.swap(true, Ordering::Relaxed) {
            self.ready.push(self.task);
        }
    }
}

impl Executor {
    /// Takes over a program; it is polled when its turn comes.
    pub(crate) fn spawn(&mut self, program: Spawned) {
        let task = self.next;
        self.next += 1;
        let wake = Arc::new(WakeTask { task, queued: AtomicBool::new(false), ready: self.ready.clone() });
        wake.wake_by_ref();
        let waker = Waker::from(wake.clone());
        let Spawned { name, origin, future } = program;
        self.tasks.insert(task, Running { name, origin, future, wake, waker });
    }

    /// The task whose turn it is, and who has started it.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<(u64, Origin)> {
        while let Some(task) = self.ready.pop() {
            if let Some(running) = self.tasks.get(&task) {
                return Some((task, running.origin));
            }
        }
        None
    }

    /// Polls a task. Returns whether its program has ended.
    ///
    /// # Panics
    /// If there is no budget left: a program keeps waking itself and the clock stands still.
    pub(crate) fn poll(&mut self, task: u64, budget: &mut Budget) -> bool {
        let Some(running) = self.tasks.get_mut(&task) else { return false };
        assert!(budget.0 > 0, "the program {:?} wakes itself for ever", running.name);
        budget.0 -= 1;
        running.wake.queued.store(false, Ordering::Relaxed);
        let done = running.future.as_mut().poll(&mut Context::from_waker(&running.waker)).is_ready();
        if done {
            self.tasks.remove(&task);
        }
        done
    }

    /// The name of a program that has not ended.
    pub(crate) fn name(&self, task: u64) -> Option<&str> {
        self.tasks.get(&task).map(|running| running.name.as_str())
    }

    /// Who has started a program that has not ended; whatever acts meanwhile does so from outside.
    pub(crate) fn origin(&self, task: u64) -> Origin {
        self.tasks.get(&task).map_or(Origin::Outside, |running| running.origin)
    }

    /// Task, name and origin of the programs that have not ended, in the order in which they were started.
    pub(crate) fn running(&self) -> impl Iterator<Item = (u64, &str, Origin)> {
        self.tasks.iter().map(|(task, running)| (*task, running.name.as_str(), running.origin))
    }
}

/// The result of a program that was spawned. Dropping it lets the program run on.
#[derive(Debug)]
pub struct Task<T>(pub(crate) oneshot::Receiver<T>);

impl<T> Future for Task<T> {
    /// `None` if the program ended without a result, as it does when its host crashes.
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.0).poll(cx).map(Result::ok)
    }
}
